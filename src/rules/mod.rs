//! Judge: the rules, one file a subject.

pub mod catalogue;
pub(crate) mod certificate;
pub mod name;
