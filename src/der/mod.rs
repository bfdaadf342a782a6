//! Reading DER (X.690): one reader for certificates and keys, with the offset of every element.
//!
//! It reads in two ways. *Strictly*, it stops at the first fault: so keys are read, of which nothing is used that is not right.
//! *Patiently*, it goes on where it safely can, past a length that is not minimal, into an element of indefinite length, over an INTEGER
//! with padding: so certificates are read, which are public, and whose faults are to be found all at once. Each fault keeps the offset of
//! its element, and a [`Path`] names it.
//!
//! Why not `der-parser` or `x509-parser`: their parsers return values and the rest of the input, not where a value stood; they stop at the
//! first fault, with an error that names no element; and they accept silently much of what must be found here (padded lengths and
//! numbers, a BOOLEAN of 0x01, set bits after the end of a BIT STRING, defaults that are written out, octets after the content of an
//! extension: a test in `rules::certificate` shows it). Offsets could be computed from slices, but strictness cannot be added from outside:
//! a reader of this size, some 250 lines, would remain beside them. `der-parser` also builds a tree by recursion, with a vector for each
//! SEQUENCE, where this reader allocates nothing. Speed is not a reason either way. Both keep the work that they do well: `der-parser`
//! turns dotted object identifiers into octets at compile time, and `x509-parser` says what the bits of keyUsage, the purposes of
//! extKeyUsage, key identifiers and access descriptions mean, after this reader has found them to be DER.

mod check;
mod encode;
mod fault;
mod integer;
pub(crate) mod oid;
mod path;
mod reader;
pub(crate) mod tag;
#[cfg(test)]
mod tests;

pub(crate) use check::{check, is_object_identifier, primitive_fault};
#[cfg(test)]
pub(crate) use encode::encode_integer;
pub(crate) use encode::{MAX_HEADER, append, append_integer, encode};
pub(crate) use fault::DerError;
pub(crate) use fault::DerFault;
pub(crate) use integer::{Integer, Sign};
pub(crate) use path::Path;
pub(crate) use reader::{Element, Reader, announced};
pub(crate) use tag::Tag;

/// How deep elements may nest. Certificates in the wild stay below 16.
pub(crate) const MAX_DEPTH: usize = 32;

/// The bit of an identifier octet that says "constructed".
const CONSTRUCTED: u8 = 0x20;
