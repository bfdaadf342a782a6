//! One element after the other.

use super::CONSTRUCTED;
use super::fault::{DerError, DerFault};
use super::integer::Integer;
use super::tag;

/// One element.
#[derive(Clone, Copy)]
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
    /// What is wrong with its length octets, although they could be understood; never anything in strict reading.
    pub(crate) lapse: Option<DerFault>,
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

    /// Whether this is NULL.
    pub(crate) fn is_null(&self) -> bool {
        self.tag == tag::NULL && self.value.is_empty()
    }

    /// A fault of this element.
    pub(crate) fn error(&self, fault: DerFault) -> DerError {
        DerError { fault, offset: self.offset }
    }

    /// This element as an INTEGER.
    pub(crate) fn integer(&self) -> Result<Integer<'a>, DerError> {
        Integer::read(self.value, self.offset).map_err(|fault| self.error(fault))
    }

    /// The octets of this BIT STRING, which must fill its last octet.
    pub(crate) fn bit_string(&self) -> Result<&'a [u8], DerError> {
        self.value.strip_prefix(&[0]).ok_or_else(|| self.error(DerFault::BitString))
    }
}

/// Reads elements one after the other, and never recurses or allocates: nesting and size are bounded by its caller and its input.
///
/// [`any`](Self::any), [`expect`](Self::expect), [`optional`](Self::optional) and [`finish`](Self::finish) are strict and stop at the
/// first fault; [`next`](Self::next) is patient and goes on where it can.
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

    /// Offset of the next element.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Octets that are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The identifier octet of the next element; `None` at the end.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, patiently; `None` at the end.
    ///
    /// # Errors
    /// A fault that leaves no way to know where the element ends. Nothing more is read then.
    pub(crate) fn next(&mut self) -> Option<Result<Element<'a>, DerFault>> {
        if self.rest.is_empty() {
            return None;
        }
        let element = Header::read(self.rest).and_then(|header| self.element(&header));
        if element.is_err() {
            self.rest = &[];
        }
        Some(element)
    }

    /// The next element, strictly, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, DerError> {
        let offset = self.offset;
        if self.rest.is_empty() {
            return Err(DerError { fault: DerFault::Missing, offset });
        }
        Header::read(self.rest)
            .and_then(|header| header.strict())
            .and_then(|header| self.element(&header))
            .map_err(|fault| DerError { fault: fault.without_lengths(), offset })
    }

    /// The next element, strictly, which must have `tag`.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        match self.peek() {
            Some(found) if found != tag => {
                Err(DerError { fault: DerFault::UnexpectedTag { expected: tag, found }, offset: self.offset })
            }
            _ => self.any(),
        }
    }

    /// The next element, strictly, if it has `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
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

    /// Takes the element of that header.
    fn element(&mut self, header: &Header) -> Result<Element<'a>, DerFault> {
        let after = self.rest.get(header.octets..).unwrap_or_default();
        let (length, end, lapse) = match header.length {
            Length::Definite { length, padded } => {
                let length = fit(length, after.len())?;
                (length, length, padded.then_some(DerFault::NonMinimalLength))
            }
            Length::Indefinite if header.tag & CONSTRUCTED == 0 => return Err(DerFault::IndefiniteLength),
            Length::Indefinite => {
                let length = until_end_of_contents(after)?;
                (length, length.saturating_add(2), Some(DerFault::IndefiniteLength))
            }
        };
        let (raw, rest) =
            self.rest.split_at_checked(header.octets.saturating_add(end)).unwrap_or((self.rest, &[]));
        let element = Element {
            tag: header.tag,
            offset: self.offset,
            value_offset: self.offset.saturating_add(header.octets),
            value: after.get(..length).unwrap_or_default(),
            raw,
            lapse,
        };
        self.rest = rest;
        self.offset = self.offset.saturating_add(raw.len());
        Ok(element)
    }
}

/// The octets of the SEQUENCE that `input` begins with, header included, by what its header says. `None` where there is no such header,
/// or one of an object larger than anybody sends.
pub(crate) fn announced(input: &[u8]) -> Option<usize> {
    /// Tag, and a length of at most three octets behind their number.
    const LONGEST: usize = 5;
    let header = Header::read(input).ok()?;
    match header.length {
        Length::Definite { length, .. } if header.tag == tag::SEQUENCE && header.octets <= LONGEST => {
            header.octets.checked_add(usize::try_from(length).ok()?)
        }
        _ => None,
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
    fn read(input: &[u8]) -> Result<Self, DerFault> {
        let cut = DerFault::CutShort { announced: 2, left: input.len() };
        let (&tag, rest) = input.split_first().ok_or(cut)?;
        if tag & 0x1F == 0x1F {
            return Err(DerFault::HighTag);
        }
        let (&first, rest) = rest.split_first().ok_or(cut)?;
        if first < 0x80 {
            let length = Length::Definite { length: u64::from(first), padded: false };
            return Ok(Self { tag, octets: 2, length });
        }
        let count = usize::from(first & 0x7F);
        if count == 0 {
            return Ok(Self { tag, octets: 2, length: Length::Indefinite });
        }
        let announced = u64::from(first & 0x7F);
        let octets = rest.get(..count).ok_or(DerFault::CutShort { announced, left: rest.len() })?;
        let length = octets
            .iter()
            .try_fold(0_u64, |length, octet| Some(length.checked_mul(256)? | u64::from(*octet)))
            .unwrap_or(u64::MAX);
        let padded = octets.first() == Some(&0) || length < 0x80;
        Ok(Self { tag, octets: count.saturating_add(2), length: Length::Definite { length, padded } })
    }

    /// This header, if DER allows its length.
    fn strict(self) -> Result<Self, DerFault> {
        match self.length {
            Length::Indefinite => Err(DerFault::IndefiniteLength),
            Length::Definite { padded: true, .. } => Err(DerFault::NonMinimalLength),
            Length::Definite { .. } => Ok(self),
        }
    }
}

/// The announced length, if so many octets are left.
fn fit(announced: u64, left: usize) -> Result<usize, DerFault> {
    let fits = usize::try_from(announced).ok().filter(|length| *length <= left);
    fits.ok_or(DerFault::CutShort { announced, left })
}

/// How many octets come before the end-of-contents that closes an element of indefinite length. Linear, without recursion.
fn until_end_of_contents(input: &[u8]) -> Result<usize, DerFault> {
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
        let skip = match header.length {
            Length::Indefinite if header.tag & CONSTRUCTED == 0 => return Err(DerFault::IndefiniteLength),
            Length::Indefinite => {
                open = open.saturating_add(1);
                0
            }
            Length::Definite { length, .. } => fit(length, rest.len().saturating_sub(header.octets))?,
        };
        at = at.saturating_add(header.octets).saturating_add(skip);
    }
}
