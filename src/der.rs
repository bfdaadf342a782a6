//! Strict reading of DER (X.690) that does not stop at the first fault.
//!
//! A certificate is public and its faults are to be told all at once, so this reader goes on where it safely can: past a length
//! that is not minimal, into an element of indefinite length, over an INTEGER with padding. Each fault keeps the offset of its
//! element, and a [`Path`] names it. Keys are read by `tlv`, which stops at the first fault.

use std::fmt;

use crate::tlv::tag;

/// How deep elements may nest. Certificates in the wild stay below 16.
pub(crate) const MAX_DEPTH: usize = 32;

/// The bit of an identifier octet that says "constructed".
const CONSTRUCTED: u8 = 0x20;

/// What an encoding did wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("BIT STRING has set bits after its last one (X.690, 11.2.1)")]
    BitPadding,
    #[error("BIT STRING has no octet of unused bits, or more than 7 of them")]
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
    #[error("{0} octets follow the last element")]
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

/// One element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    /// Identifier octet.
    pub(crate) tag: u8,
    /// Offset of the identifier octet.
    pub(crate) offset: usize,
    /// Offset of the first content octet.
    pub(crate) value_offset: usize,
    /// Content octets, without the end-of-contents of an indefinite length.
    pub(crate) value: &'a [u8],
    /// The whole element.
    pub(crate) raw: &'a [u8],
    /// What is wrong with its length octets, although they could be understood.
    pub(crate) lapse: Option<Fault>,
}

impl<'a> Element<'a> {
    /// A reader over the elements inside.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader { rest: self.value, offset: self.value_offset }
    }

    /// Whether its form is constructed.
    pub(crate) fn is_constructed(&self) -> bool {
        self.tag & CONSTRUCTED != 0
    }
}

/// Reads elements one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// A reader over `input`, which starts at `offset` of the whole.
    pub(crate) fn new(input: &'a [u8], offset: usize) -> Self {
        Self { rest: input, offset }
    }

    /// Offset of the next element.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Octets that are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// The identifier octet of the next element; `None` at the end.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element; `None` at the end.
    ///
    /// # Errors
    /// A fault that leaves no way to know where the element ends. Nothing more is read then.
    pub(crate) fn next(&mut self) -> Option<Result<Element<'a>, Fault>> {
        if self.rest.is_empty() {
            return None;
        }
        let result = self.element();
        match &result {
            Ok(element) => {
                self.rest = self.rest.get(element.raw.len()..).unwrap_or_default();
                self.offset = self.offset.saturating_add(element.raw.len());
            }
            Err(_) => self.rest = &[],
        }
        Some(result)
    }

    fn element(&self) -> Result<Element<'a>, Fault> {
        let header = Header::read(self.rest)?;
        let after = self.rest.get(header.octets..).unwrap_or_default();
        let (length, end, lapse) = match header.length {
            Length::Definite { length, padded } => {
                let fits = usize::try_from(length).ok().filter(|length| *length <= after.len());
                let length = fits.ok_or(Fault::Cut { needed: length, left: after.len() })?;
                (length, length, padded.then_some(Fault::LengthPadded))
            }
            Length::Indefinite => {
                let length = until_end_of_contents(after)?;
                (length, length.saturating_add(2), Some(Fault::Indefinite))
            }
        };
        Ok(Element {
            tag: header.tag,
            offset: self.offset,
            value_offset: self.offset.saturating_add(header.octets),
            value: after.get(..length).unwrap_or_default(),
            raw: self.rest.get(..header.octets.saturating_add(end)).unwrap_or_default(),
            lapse,
        })
    }
}

/// Identifier and length octets.
struct Header {
    tag: u8,
    octets: usize,
    length: Length,
}

enum Length {
    Definite { length: u64, padded: bool },
    Indefinite,
}

impl Header {
    fn read(input: &[u8]) -> Result<Self, Fault> {
        let cut = Fault::Cut { needed: 2, left: input.len() };
        let (&tag, rest) = input.split_first().ok_or(cut)?;
        if tag & 0x1F == 0x1F {
            return Err(Fault::HighTag);
        }
        let (&first, rest) = rest.split_first().ok_or(cut)?;
        if first < 0x80 {
            let length = Length::Definite { length: u64::from(first), padded: false };
            return Ok(Self { tag, octets: 2, length });
        }
        let count = usize::from(first & 0x7F);
        if count == 0 {
            if tag & CONSTRUCTED == 0 {
                return Err(Fault::Indefinite);
            }
            return Ok(Self { tag, octets: 2, length: Length::Indefinite });
        }
        let octets =
            rest.get(..count).ok_or(Fault::Cut { needed: u64::from(first & 0x7F), left: rest.len() })?;
        let length = octets
            .iter()
            .try_fold(0_u64, |length, octet| Some(length.checked_mul(256)? | u64::from(*octet)))
            .unwrap_or(u64::MAX);
        let padded = octets.first() == Some(&0) || length < 0x80;
        Ok(Self { tag, octets: count.saturating_add(2), length: Length::Definite { length, padded } })
    }
}

/// How many octets come before the end-of-contents that closes an element of indefinite length. Linear, without recursion.
fn until_end_of_contents(input: &[u8]) -> Result<usize, Fault> {
    let mut at = 0_usize;
    let mut open = 1_usize;
    loop {
        let rest = input.get(at..).unwrap_or_default();
        if rest.starts_with(&[0, 0]) {
            open = open.saturating_sub(1);
            if open == 0 {
                return Ok(at);
            }
            at = at.saturating_add(2);
            continue;
        }
        let header = Header::read(rest)?;
        let left = rest.len().saturating_sub(header.octets);
        let skip = match header.length {
            Length::Indefinite => {
                open = open.saturating_add(1);
                0
            }
            Length::Definite { length, .. } => usize::try_from(length)
                .ok()
                .filter(|length| *length <= left)
                .ok_or(Fault::Cut { needed: length, left })?,
        };
        at = at.saturating_add(header.octets).saturating_add(skip);
    }
}

/// Where faults go: offset, name and kind.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(usize, &Path<'_>, Fault);

/// Checks an element and everything in it, whatever it is, against the rules of DER that need no schema.
pub(crate) fn check(element: &Element<'_>, path: &Path<'_>, sink: Sink<'_>) {
    check_at(element, path, 0, sink);
}

fn check_at(element: &Element<'_>, path: &Path<'_>, depth: usize, sink: Sink<'_>) {
    if let Some(lapse) = element.lapse {
        sink(element.offset, path, lapse);
    }
    if !element.is_constructed() {
        if let Some(fault) = primitive_fault(element) {
            sink(element.offset, path, fault);
        }
        return;
    }
    if element.tag & 0xC0 == 0 && !matches!(element.tag, tag::SEQUENCE | tag::SET) {
        sink(element.offset, path, Fault::Segmented(Tag(element.tag & !CONSTRUCTED)));
        return;
    }
    if depth >= MAX_DEPTH {
        sink(element.offset, path, Fault::Depth);
        return;
    }
    let mut inside = element.inside();
    let mut index = 0_usize;
    while let (offset, Some(child)) = (inside.offset(), inside.next()) {
        let path = path.index(index);
        match child {
            Ok(child) => check_at(&child, &path, depth.saturating_add(1), sink),
            Err(fault) => sink(offset, &path, fault),
        }
        index = index.saturating_add(1);
    }
}

/// What is wrong with the content of a primitive element of a universal type.
pub(crate) fn primitive_fault(element: &Element<'_>) -> Option<Fault> {
    let value = element.value;
    match element.tag {
        0x01 => match value {
            [0 | 0xFF] => None,
            [other] => Some(Fault::BooleanValue(*other)),
            _ => Some(Fault::BooleanLength(value.len())),
        },
        tag::INTEGER | 0x0A => integer_fault(value),
        tag::BIT_STRING => bit_string_fault(value),
        tag::NULL => (!value.is_empty()).then_some(Fault::Null),
        tag::OID => (!is_object_identifier(value)).then_some(Fault::ObjectIdentifier),
        0x1C if !value.len().is_multiple_of(4) => Some(Fault::TextLength(value.len())),
        0x1E if !value.len().is_multiple_of(2) => Some(Fault::TextLength(value.len())),
        tag::SEQUENCE | tag::SET => None,
        _ => None,
    }
}

fn integer_fault(value: &[u8]) -> Option<Fault> {
    match value {
        [] => Some(Fault::IntegerEmpty),
        [0, second, ..] if second & 0x80 == 0 => Some(Fault::IntegerPadded),
        [0xFF, second, ..] if second & 0x80 != 0 => Some(Fault::IntegerPadded),
        _ => None,
    }
}

fn bit_string_fault(value: &[u8]) -> Option<Fault> {
    match value {
        [] => Some(Fault::BitString),
        [unused, rest @ ..] if *unused > 7 || (*unused > 0 && rest.is_empty()) => Some(Fault::BitString),
        [unused, .., last] if last.trailing_zeros() < u32::from(*unused) => Some(Fault::BitPadding),
        _ => None,
    }
}

/// Whether these are the content octets of an OBJECT IDENTIFIER (X.690, 8.19).
pub(crate) fn is_object_identifier(value: &[u8]) -> bool {
    let ends = value.last().is_some_and(|last| last & 0x80 == 0);
    let mut starts = true;
    ends && value.iter().all(|octet| {
        let padded = starts && *octet == 0x80;
        starts = octet & 0x80 == 0;
        !padded
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn faults(input: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        let root = Path::root("x");
        let mut reader = Reader::new(input, 0);
        while let (offset, Some(element)) = (reader.offset(), reader.next()) {
            match element {
                Ok(element) => {
                    check(&element, &root, &mut |offset, path, fault| {
                        out.push(format!("{path}@{offset}: {fault}"));
                    });
                }
                Err(fault) => out.push(format!("x@{offset}: {fault}")),
            }
        }
        out
    }

    #[test]
    fn every_fault_is_told_with_its_path_and_offset() {
        let cases: [(&[u8], &[&str]); 20] = [
            (&[0x30, 0x03, 0x02, 0x01, 0x05], &[]),
            (
                &[0x30, 0x81, 0x03, 0x02, 0x01, 0x05],
                &["x@0: length is not in its shortest form (X.690, 10.1)"],
            ),
            (
                &[0x30, 0x80, 0x02, 0x01, 0x05, 0, 0],
                &["x@0: indefinite length, which DER forbids (X.690, 10.1)"],
            ),
            (
                &[0x30, 0x80, 0x30, 0x80, 0, 0, 0x01, 0x01, 0x01, 0, 0],
                &[
                    "x@0: indefinite length, which DER forbids (X.690, 10.1)",
                    "x[0]@2: indefinite length, which DER forbids (X.690, 10.1)",
                    "x[1]@6: BOOLEAN TRUE is encoded as 0x01, not 0xFF (X.690, 11.1)",
                ],
            ),
            (&[0x30, 0x80, 0x02, 0x01, 0x05], &["x@0: element is cut short: 2 octets announced, 0 left"]),
            (&[0x04, 0x80, 0, 0], &["x@0: indefinite length, which DER forbids (X.690, 10.1)"]),
            (&[0x30, 0x02, 0x02, 0x01], &["x[0]@2: element is cut short: 1 octets announced, 0 left"]),
            (
                &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
                &["x@0: element is cut short: 18446744073709551615 octets announced, 0 left"],
            ),
            (&[0x30], &["x@0: element is cut short: 2 octets announced, 1 left"]),
            (&[0x1F, 0x01, 0x00], &["x@0: tag number above 30, which no certificate uses"]),
            (&[0x02, 0x00], &["x@0: INTEGER of 0 octets (X.690, 8.3.1)"]),
            (&[0x02, 0x02, 0x00, 0x7F], &["x@0: INTEGER is padded, not in its shortest form (X.690, 8.3.2)"]),
            (&[0x02, 0x02, 0xFF, 0x80], &["x@0: INTEGER is padded, not in its shortest form (X.690, 8.3.2)"]),
            (&[0x02, 0x02, 0x00, 0x80], &[]),
            (&[0x01, 0x02, 0, 0], &["x@0: BOOLEAN of 2 octets, not 1"]),
            (&[0x03, 0x01, 0x00], &[]),
            (&[0x03, 0x02, 0x03, 0x0F], &["x@0: BIT STRING has set bits after its last one (X.690, 11.2.1)"]),
            (
                &[0x24, 0x03, 0x04, 0x01, 0x00],
                &["x@0: OCTET STRING in constructed form, which DER forbids (X.690, 10.2)"],
            ),
            (
                &[0x06, 0x03, 0x2A, 0x80, 0x01],
                &["x@0: OBJECT IDENTIFIER is empty, cut or padded (X.690, 8.19)"],
            ),
            (&[0x1E, 0x03, 0, 0x41, 0], &["x@0: 3 octets of text, which is no whole number of characters"]),
        ];
        for (input, want) in cases {
            assert_eq!(faults(input), want, "{input:02X?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let mut deep = vec![0x30, 0x80].repeat(5_000);
        deep.extend([0, 0].repeat(5_000));
        let told = faults(&deep);
        assert_eq!(told.len(), MAX_DEPTH.checked_add(2).unwrap());
        assert!(told.last().unwrap().ends_with("elements nest deeper than 32 levels"));
    }

    #[test]
    fn a_path_reads_from_the_outside_in() {
        let root = Path::root("tbsCertificate");
        let list = root.field("extensions");
        let third = list.index(3);
        assert_eq!(third.field("extnValue").to_string(), "tbsCertificate.extensions[3].extnValue");
    }
}
