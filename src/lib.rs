//! certgate
#![forbid(unsafe_code)]
