//! The names under which readers of keys know this module.

pub(crate) use super::fault::DerFault;
pub(crate) use super::{DerError, Element as Tlv, Integer, Reader, Sign, encode, encode_integer, tag};
