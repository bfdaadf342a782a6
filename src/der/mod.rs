//! Strict reading of DER (X.690) that does not stop at the first fault.
//!
//! A certificate is public and its faults are to be told all at once, so this reader goes on where it safely can: past a length
//! that is not minimal, into an element of indefinite length, over an INTEGER with padding. Each fault keeps the offset of its
//! element, and a [`Path`] names it. Keys are read by `tlv`, which stops at the first fault.

mod check;
pub(crate) mod oid;
mod reader;
#[cfg(test)]
mod tests;
pub(crate) mod tlv;

use std::fmt;

use crate::der::tlv::tag;
pub(crate) use check::{check, is_object_identifier, primitive_fault};
pub(crate) use reader::{Element, Reader};

/// How deep elements may nest. Certificates in the wild stay below 16.
pub(crate) const MAX_DEPTH: usize = 32;

/// The bit of an identifier octet that says "constructed".
const CONSTRUCTED: u8 = 0x20;

/// What an encoding did wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("BIT STRING has set bits after its last one (X.690, 11.2.1)")]
    BitPadding,
    #[error("BIT STRING does not end where its octet of unused bits says")]
    BitString,
    #[error("BOOLEAN of {0} octets, not 1")]
    BooleanLength(usize),
    #[error("BOOLEAN TRUE is encoded as 0x{0:02X}, not 0xFF (X.690, 11.1)")]
    BooleanValue(u8),
    #[error("element is cut short: {needed} octets announced, {left} left")]
    Cut { needed: u64, left: usize },
    #[error("default value is encoded, which DER leaves out (X.690, 11.5)")]
    DefaultEncoded,
    #[error("elements nest deeper than {MAX_DEPTH} levels")]
    Depth,
    #[error("tag number above 30, which no certificate uses")]
    HighTag,
    #[error("indefinite length, which DER forbids (X.690, 10.1)")]
    Indefinite,
    #[error("INTEGER of 0 octets (X.690, 8.3.1)")]
    IntegerEmpty,
    #[error("INTEGER is padded, not in its shortest form (X.690, 8.3.2)")]
    IntegerPadded,
    #[error("length is not in its shortest form (X.690, 10.1)")]
    LengthPadded,
    #[error("{0} is missing")]
    Missing(Tag),
    #[error("NULL with content")]
    Null,
    #[error("OBJECT IDENTIFIER is empty, cut or padded (X.690, 8.19)")]
    ObjectIdentifier,
    #[error("value is not of the form that RFC 5280 gives it")]
    Schema,
    #[error("{0} in constructed form, which DER forbids (X.690, 10.2)")]
    Segmented(Tag),
    #[error("{0} octets of text, which is no whole number of characters")]
    TextLength(usize),
    #[error("{} after the last element", crate::text::count(*.0, "octet"))]
    Trailing(usize),
    #[error("{found} where {expected} belongs")]
    Unexpected { expected: Tag, found: Tag },
}

/// An identifier octet, shown by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) u8);

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            0x01 => "BOOLEAN",
            tag::INTEGER => "INTEGER",
            tag::BIT_STRING => "BIT STRING",
            tag::OCTET_STRING => "OCTET STRING",
            tag::NULL => "NULL",
            tag::OID => "OBJECT IDENTIFIER",
            0x0A => "ENUMERATED",
            0x0C => "UTF8String",
            0x12 => "NumericString",
            0x13 => "PrintableString",
            0x14 => "T61String",
            0x16 => "IA5String",
            0x17 => "UTCTime",
            0x18 => "GeneralizedTime",
            0x1A => "VisibleString",
            0x1B => "GeneralString",
            0x1C => "UniversalString",
            0x1E => "BMPString",
            tag::SEQUENCE => "SEQUENCE",
            tag::SET => "SET",
            other if other & 0xC0 == 0x80 => return write!(f, "[{}]", other & 0x1F),
            other => return write!(f, "tag 0x{other:02X}"),
        })
    }
}

/// The name of an element, built from its parents' when someone asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Field(&'static str),
    Index(usize),
}

impl<'p> Path<'p> {
    /// The outermost element.
    pub(crate) const fn root(name: &'static str) -> Self {
        Path { parent: None, step: Step::Field(name) }
    }

    /// A named component of this element.
    pub(crate) const fn field(&'p self, name: &'static str) -> Self {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// A component of this element by position, from 0.
    pub(crate) const fn index(&'p self, index: usize) -> Self {
        Path { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match (self.step, self.parent) {
            (Step::Index(index), _) => write!(f, "[{index}]"),
            (Step::Field(name), None) => f.write_str(name),
            (Step::Field(name), Some(_)) => write!(f, ".{name}"),
        }
    }
}
