//! One element after the other.

use super::{CONSTRUCTED, Fault};

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
