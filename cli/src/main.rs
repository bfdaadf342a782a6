//! The command line of certgate.
#![forbid(unsafe_code)]
fn main() {}
