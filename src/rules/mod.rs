//! Judge: the rules, one file a subject.

pub mod catalogue;
pub mod name;
pub(crate) mod pem;
