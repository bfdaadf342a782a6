//! Proves: certgate agrees with Go, OpenSSL and real data: metadata of public certificates, keys, pairs, links and chains, public CAs. Each known
//! difference is in a list with its reason, and fails the test where it no longer holds. Takes 20 seconds.
//!
//! `tests/assurance/oracle/run.sh` fetches the data and runs this; what is absent is skipped with a printed line.
#![allow(clippy::restriction, unreachable_pub)]

mod data;
mod keys;
mod links;
mod metadata;
mod openssl;
#[path = "../../support/owners.rs"]
mod owners;
mod pairs;
mod roots;
