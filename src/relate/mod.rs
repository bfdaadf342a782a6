//! Relate: what belongs to what. The proof that a key belongs to a certificate, the order of a chain, the roles of a double set.
//!
//! Values only: what they mean is for the rules to say.

pub(crate) mod chain;
pub(crate) mod pair;
pub(crate) mod roots;
pub(crate) mod sm2_set;
