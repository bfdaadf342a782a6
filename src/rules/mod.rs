//! Judge: the rules, one file a subject.

pub mod catalogue;
pub(crate) mod form;
pub(crate) mod key;
pub(crate) mod chain;
mod label;
pub(crate) mod matching;
pub mod name;
pub(crate) mod roots;
pub(crate) mod sm2;
pub(crate) mod pem;
