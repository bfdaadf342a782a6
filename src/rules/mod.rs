//! Judge: the rules, one file a subject.

pub mod catalogue;
pub(crate) mod form;
pub(crate) mod key;
pub mod name;
