//! Proves: certgate agrees with Go, OpenSSL and real data: metadata of public certificates, keys, links and chains, public CAs. Each known
//! difference is in a list with its reason, and fails the test where it no longer holds. Takes 5 seconds.
//!
//! `tests/assurance/oracle/run.sh` fetches the data and runs this; what is absent is skipped with a printed line.
#![allow(clippy::restriction)]

mod data;
mod keys;
mod links;
mod metadata;
mod openssl;
mod roots;
