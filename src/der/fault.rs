//! What an encoding did wrong.

use super::tag::Tag;

/// What a DER encoding did wrong (X.690).
///
/// What reading a key returns holds no octet of the input but an identifier octet.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DerFault {
    /// An element is absent where one must be.
    #[error("{} is missing", Tag(*expected))]
    Absent {
        /// The tag that the structure has here.
        expected: u8,
    },
    /// BIT STRING with bits set after its last one.
    #[error("BIT STRING has set bits after its last one (X.690, 11.2.1)")]
    BitPadding,
    /// BIT STRING without its leading octet, or whose last octet is not filled.
    #[error("BIT STRING is not a whole number of octets")]
    BitString,
    /// BOOLEAN of more or less than one octet.
    #[error("BOOLEAN of {0} octets, not 1")]
    BooleanLength(usize),
    /// BOOLEAN that is neither 0x00 nor 0xFF.
    #[error("BOOLEAN TRUE is encoded as 0x{0:02X}, not 0xFF (X.690, 11.1)")]
    BooleanValue(u8),
    /// The encoding ends before an element does. A strict reader says no more, because lengths may be octets of a key.
    #[error("the encoding ends too early")]
    Cut,
    /// The encoding ends before an element does.
    #[error("element is cut short: {announced} octets announced, {left} left")]
    CutShort {
        /// The octets that the element announces.
        announced: u64,
        /// The octets that there are.
        left: usize,
    },
    /// A default value that is written out.
    #[error("default value is encoded, which DER leaves out (X.690, 11.5)")]
    DefaultEncoded,
    /// Elements within elements, without end.
    #[error("elements nest deeper than {} levels", super::MAX_DEPTH)]
    Depth,
    /// Tag number of 31 or more.
    #[error("tag number above 30, which neither certificates nor keys use")]
    HighTag,
    /// Length octet 0x80: BER, not DER (X.690, 10.1).
    #[error("indefinite length, which DER forbids (X.690, 10.1)")]
    IndefiniteLength,
    /// INTEGER without octets.
    #[error("INTEGER of 0 octets (X.690, 8.3.1)")]
    IntegerEmpty,
    /// An element is absent where some element must be.
    #[error("an element is missing")]
    Missing,
    /// INTEGER with a redundant leading octet (X.690, 8.3.2).
    #[error("INTEGER is not in its shortest form (X.690, 8.3.2)")]
    NonMinimalInteger,
    /// Length not in its shortest form (X.690, 10.1).
    #[error("length is not in its shortest form (X.690, 10.1)")]
    NonMinimalLength,
    /// NULL with octets.
    #[error("NULL with content")]
    Null,
    /// OBJECT IDENTIFIER that is empty, cut or padded (X.690, 8.19).
    #[error("OBJECT IDENTIFIER is empty, cut or padded (X.690, 8.19)")]
    ObjectIdentifier,
    /// A value outside its type.
    #[error("value is not of the form that RFC 5280 gives it")]
    Schema,
    /// A string in pieces.
    #[error("{} in constructed form, which DER forbids (X.690, 10.2)", Tag(*.0))]
    Segmented(u8),
    /// A text whose characters have several octets each, and the last one too few.
    #[error("{0} octets of text, which is not a whole number of characters")]
    TextLength(usize),
    /// Octets after the last element.
    #[error("{} after the last element", crate::text::count(*.0, "octet"))]
    Trailing(usize),
    /// Another element than the structure has here.
    #[error("{} where {} belongs", Tag(*found), Tag(*expected))]
    UnexpectedTag {
        /// The tag that the structure has here.
        expected: u8,
        /// The tag in the input.
        found: u8,
    },
    /// BIT STRING whose first octet does not fit the others (X.690, 8.6.2).
    #[error("BIT STRING does not end where its octet of unused bits says")]
    UnusedBits,
}

impl DerFault {
    /// Whether an encoder wrote it so: in BER, of which DER is a part. Other faults mostly are a character that was changed.
    pub(crate) fn is_of_ber(self) -> bool {
        matches!(
            self,
            Self::IndefiniteLength | Self::NonMinimalInteger | Self::NonMinimalLength | Self::Segmented(_)
        )
    }

    /// The same fault without octets of the input.
    pub(super) fn without_lengths(self) -> Self {
        match self {
            Self::CutShort { .. } => Self::Cut,
            other => other,
        }
    }
}

/// A [`DerFault`] and the offset of the element that has it, in octets from the start of the input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct DerError {
    pub(crate) fault: DerFault,
    pub(crate) offset: usize,
}
