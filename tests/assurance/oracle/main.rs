//! certgate against Go, OpenSSL and real data: `tests/assurance/oracle/run.sh` fetches them; what is absent is skipped with a printed line.
#![allow(clippy::restriction)]

mod data;
mod keys;
mod links;
mod metadata;
mod openssl;
mod roots;
