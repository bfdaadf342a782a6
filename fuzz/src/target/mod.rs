//! The targets.

pub(crate) mod border;
pub(crate) mod certificate;
pub(crate) mod containers;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod key;
pub(crate) mod name;
pub(crate) mod pair;
pub(crate) mod pem;
pub(crate) mod repair;
