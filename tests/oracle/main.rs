//! certgate against Go, OpenSSL and real data: `tests/oracle/run.sh` fetches them; what is absent is skipped with a printed line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod data;
mod keys;
mod links;
mod metadata;
mod openssl;
mod roots;
