//! Relate: what belongs to what. The proof that a key belongs to a certificate, the order of a chain, the roles of a double set.

pub mod chain;
pub mod pair;
pub mod sm2_set;
