//! Strict DER reading, one tag-length-value at a time, with the offset of every fault (X.690).
//!
//! Only what keys need: one-byte tags, definite and minimal lengths, minimal integers. The reader never recurses and never
//! allocates, so nesting and size are bounded by its caller and its input.

/// What a DER encoding did wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DerFault {
    /// BIT STRING without its leading octet, or whose last octet is not filled.
    #[error("BIT STRING is not a whole number of octets")]
    BitString,
    /// The value is longer than what is left of the input.
    #[error("the encoding ends too early")]
    Cut,
    /// Tag number of 31 or more, which no key uses.
    #[error("tag of more than one octet")]
    HighTag,
    /// Length octet 0x80: BER, not DER (X.690, 10.1).
    #[error("indefinite length, which DER forbids")]
    IndefiniteLength,
    /// An element is absent where one must be.
    #[error("an element is missing")]
    Missing,
    /// INTEGER without octets or with a redundant leading octet (X.690, 8.3.2).
    #[error("INTEGER is not in its shortest form")]
    NonMinimalInteger,
    /// Length not in its shortest form (X.690, 10.1).
    #[error("length is not in its shortest form")]
    NonMinimalLength,
    /// OBJECT IDENTIFIER that is empty, cut or padded (X.690, 8.19).
    #[error("OBJECT IDENTIFIER is malformed")]
    ObjectIdentifier,
    /// Octets after the last element.
    #[error("{} after the last element", crate::text::count(*.0, "octet"))]
    Trailing(usize),
    /// Another element than the structure has here.
    #[error("found tag 0x{found:02x}, not 0x{expected:02x}")]
    UnexpectedTag {
        /// The tag that the structure has here.
        expected: u8,
        /// The tag in the input.
        found: u8,
    },
}

/// A [`DerFault`] and the offset of the element that has it, in octets from the start of the input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct DerError {
    pub(crate) fault: DerFault,
    pub(crate) offset: usize,
}

/// Identifier octets that keys use.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    /// `[0]` constructed.
    pub(crate) const CONTEXT_0: u8 = 0xa0;
    /// `[1]` constructed.
    pub(crate) const CONTEXT_1: u8 = 0xa1;
    /// `[1]` primitive.
    pub(crate) const CONTEXT_1_PRIMITIVE: u8 = 0x81;
}

/// One element.
#[derive(Clone, Copy)]
pub(crate) struct Tlv<'a> {
    /// Identifier octet.
    pub(crate) tag: u8,
    /// Content octets.
    pub(crate) value: &'a [u8],
    /// Offset of the identifier octet.
    pub(crate) offset: usize,
    /// Offset of the first content octet.
    pub(crate) value_offset: usize,
}

impl<'a> Tlv<'a> {
    /// A reader over the elements inside.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader { rest: self.value, offset: self.value_offset }
    }

    /// A fault of this element.
    pub(crate) fn error(&self, fault: DerFault) -> DerError {
        DerError { fault, offset: self.offset }
    }

    /// Whether this is NULL.
    pub(crate) fn is_null(&self) -> bool {
        self.tag == tag::NULL && self.value.is_empty()
    }

    /// This element as an INTEGER.
    pub(crate) fn integer(&self) -> Result<Integer<'a>, DerError> {
        let (&first, rest) =
            self.value.split_first().ok_or_else(|| self.error(DerFault::NonMinimalInteger))?;
        let padded = match rest.first() {
            Some(second) => (first == 0 && second & 0x80 == 0) || (first == 0xff && second & 0x80 != 0),
            None => false,
        };
        if padded {
            return Err(self.error(DerFault::NonMinimalInteger));
        }
        let sign = if first & 0x80 != 0 {
            Sign::Negative
        } else if self.value == [0] {
            Sign::Zero
        } else {
            Sign::Positive
        };
        Ok(Integer { sign, magnitude: if first == 0 { rest } else { self.value }, offset: self.offset })
    }

    /// The octets of this BIT STRING, which must fill its last octet.
    pub(crate) fn bit_string(&self) -> Result<&'a [u8], DerError> {
        match self.value.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(self.error(DerFault::BitString)),
        }
    }
}

/// Sign of an INTEGER.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sign {
    Negative,
    Zero,
    Positive,
}

/// An INTEGER in its shortest form.
#[derive(Clone, Copy)]
pub(crate) struct Integer<'a> {
    pub(crate) sign: Sign,
    /// Big-endian without leading zero; the two's complement octets if negative, empty if zero.
    pub(crate) magnitude: &'a [u8],
    pub(crate) offset: usize,
}

/// Reads elements one after the other.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(input: &'a [u8]) -> Self {
        Self::at(input, 0)
    }

    /// A reader over octets that lie `offset` octets into a larger input.
    pub(crate) fn at(input: &'a [u8], offset: usize) -> Self {
        Self { rest: input, offset }
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Offset of the next element.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// The identifier octet of the next element.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Tlv<'a>, DerError> {
        let fail = |fault| DerError { fault, offset: self.offset };
        let (&tag, after_tag) = self.rest.split_first().ok_or_else(|| fail(DerFault::Missing))?;
        if tag & 0x1f == 0x1f {
            return Err(fail(DerFault::HighTag));
        }
        let (length, after_length) = read_length(after_tag).map_err(fail)?;
        let (value, rest) = after_length.split_at_checked(length).ok_or_else(|| fail(DerFault::Cut))?;
        let header = self.rest.len().saturating_sub(after_length.len());
        let tlv = Tlv { tag, value, offset: self.offset, value_offset: self.offset.saturating_add(header) };
        self.offset = tlv.value_offset.saturating_add(length);
        self.rest = rest;
        Ok(tlv)
    }

    /// The next element, which must have `tag`.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, DerError> {
        match self.peek() {
            Some(found) if found != tag => {
                Err(DerError { fault: DerFault::UnexpectedTag { expected: tag, found }, offset: self.offset })
            }
            _ => self.any(),
        }
    }

    /// The next element if it has `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, DerError> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// Succeeds if nothing is left.
    pub(crate) fn finish(&self) -> Result<(), DerError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(DerError { fault: DerFault::Trailing(self.rest.len()), offset: self.offset })
        }
    }
}

/// Length octets, definite and shortest (X.690, 8.1.3 and 10.1); lengths of 2^32 and more are longer than any input.
fn read_length(input: &[u8]) -> Result<(usize, &[u8]), DerFault> {
    let (&first, rest) = input.split_first().ok_or(DerFault::Cut)?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 {
        return Err(DerFault::IndefiniteLength);
    }
    let (octets, rest) = rest.split_at_checked(count).ok_or(DerFault::Cut)?;
    if octets.first() == Some(&0) {
        return Err(DerFault::NonMinimalLength);
    }
    if count > 4 {
        return Err(DerFault::Cut);
    }
    let length = octets.iter().fold(0u64, |length, octet| (length << 8) | u64::from(*octet));
    if length < 0x80 {
        return Err(DerFault::NonMinimalLength);
    }
    Ok((usize::try_from(length).map_err(|_| DerFault::Cut)?, rest))
}

/// `tag`, the shortest length of `value`, and `value`.
pub(crate) fn encode(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = value.len().to_be_bytes();
    let significant = length.iter().position(|octet| *octet != 0);
    let octets = significant.and_then(|from| length.get(from..)).unwrap_or(&[]);
    match octets {
        [] => out.push(0),
        [single] if *single < 0x80 => out.push(*single),
        many => {
            // At most 8 length octets on any platform.
            out.push(0x80 | u8::try_from(many.len()).unwrap_or(8));
            out.extend_from_slice(many);
        }
    }
    out.extend_from_slice(value);
    out
}

/// The INTEGER of a big-endian magnitude without leading zeros.
pub(crate) fn encode_integer(magnitude: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(magnitude.len().saturating_add(1));
    if magnitude.first().is_none_or(|first| first & 0x80 != 0) {
        value.push(0);
    }
    value.extend_from_slice(magnitude);
    encode(tag::INTEGER, &value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::type_complexity, clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lengths_are_strict() {
        let cases: [(&[u8], Result<usize, DerFault>); 9] = [
            (&[0x02, 0x01, 0x05], Ok(1)),
            (&[0x02, 0x81, 0x01, 0x05], Err(DerFault::NonMinimalLength)),
            (&[0x02, 0x82, 0x00, 0x80], Err(DerFault::NonMinimalLength)),
            (&[0x30, 0x80, 0x00, 0x00], Err(DerFault::IndefiniteLength)),
            (&[0x02, 0x02, 0x05], Err(DerFault::Cut)),
            (&[0x02], Err(DerFault::Cut)),
            (&[], Err(DerFault::Missing)),
            (&[0x1f, 0x01, 0x00], Err(DerFault::HighTag)),
            (&[0x02, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00], Err(DerFault::Cut)),
        ];
        for (input, expected) in cases {
            let actual = Reader::new(input).any().map(|tlv| tlv.value.len()).map_err(|error| error.fault);
            assert_eq!(actual, expected, "{input:02x?}");
        }
    }

    #[test]
    fn integers_are_minimal() {
        let cases: [(&[u8], Option<(Sign, &[u8])>); 8] = [
            (&[0x02, 0x01, 0x00], Some((Sign::Zero, &[]))),
            (&[0x02, 0x01, 0x7f], Some((Sign::Positive, &[0x7f]))),
            (&[0x02, 0x02, 0x00, 0x80], Some((Sign::Positive, &[0x80]))),
            (&[0x02, 0x01, 0x80], Some((Sign::Negative, &[0x80]))),
            (&[0x02, 0x02, 0xff, 0x7f], Some((Sign::Negative, &[0xff, 0x7f]))),
            (&[0x02, 0x02, 0x00, 0x7f], None),
            (&[0x02, 0x02, 0xff, 0x80], None),
            (&[0x02, 0x00], None),
        ];
        for (input, expected) in cases {
            let integer = Reader::new(input).any().unwrap().integer();
            assert_eq!(
                integer.ok().map(|integer| (integer.sign, integer.magnitude)),
                expected,
                "{input:02x?}"
            );
        }
    }

    #[test]
    fn offsets_count_from_the_outermost_element() {
        let input = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x80];
        let mut inside = Reader::new(&input).any().unwrap().inside();
        inside.any().unwrap();
        assert_eq!(inside.offset(), 5);
        assert_eq!(
            inside.expect(tag::OID).err().unwrap(),
            DerError {
                fault: DerFault::UnexpectedTag { expected: tag::OID, found: tag::INTEGER },
                offset: 5
            }
        );
        assert_eq!(inside.finish().err().unwrap().fault, DerFault::Trailing(3));
    }

    #[test]
    fn what_is_encoded_reads_back() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let value = vec![0x5a; length];
            let der = encode(tag::OCTET_STRING, &value);
            let mut reader = Reader::new(&der);
            assert_eq!(reader.any().unwrap().value, value);
            assert!(reader.is_empty());
        }
        assert_eq!(encode_integer(&[]), [2, 1, 0]);
        assert_eq!(encode_integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(encode_integer(&[0x7f]), [2, 1, 0x7f]);
    }
}
