//! The octets of a block as the lines of its text hold them, and what they were before a change that happens to lines.

use zeroize::Zeroizing;

use crate::der;
use crate::read::block::Block;
use crate::read::pem::base64::sextet;
use crate::read::pem::fault::Change;

/// The octets of a line of 64 characters, and of one of 76.
const WIDTHS: [usize; 2] = [48, 57];

/// Longer bodies are no certificates of a server: not every change of theirs is tried.
const MOST_LINES: usize = 64;

/// A block's DER in lines.
pub(super) struct Lines<'b> {
    der: &'b [u8],
    width: usize,
    /// The line of BEGIN.
    begin: usize,
    /// How long the DER says that it is.
    announced: usize,
}

type Try = (Change, Zeroizing<Vec<u8>>);

impl<'b> Lines<'b> {
    /// Of a block whose lines are all of one usual width, but for the last.
    pub(super) fn of(block: &'b Block) -> Option<Self> {
        let begin = block.location.line?;
        let lines = block.last_line.checked_sub(begin)?.checked_sub(1)?;
        let width = WIDTHS.into_iter().find(|width| block.der.len().div_ceil(*width) == lines)?;
        let announced = der::announced(&block.der)?;
        (2..=MOST_LINES).contains(&lines).then_some(Self { der: &block.der, width, begin, announced })
    }

    pub(super) fn is_whole(&self) -> bool {
        self.der.len() == self.announced
    }

    /// Whether it is longer than it says by one line.
    pub(super) fn has_one_more(&self) -> bool {
        self.der.len().checked_sub(self.announced) == Some(self.width)
    }

    /// Whether it is shorter than it says by whole lines.
    pub(super) fn lost(&self) -> Option<Change> {
        let missing = self.announced.checked_sub(self.der.len()).filter(|missing| *missing > 0)?;
        let lines = missing.checked_div(self.width)?;
        let is_some = missing.checked_rem(self.width) == Some(0) && lines <= MOST_LINES;
        is_some.then_some(Change::LostLines { count: lines })
    }

    /// The line of the text that holds the octet at `offset`.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.begin.saturating_add(1).saturating_add(offset.checked_div(self.width).unwrap_or(0))
    }

    fn line(&self, number: usize) -> Option<&'b [u8]> {
        let start = number.checked_mul(self.width)?;
        self.der.get(start..start.checked_add(self.width)?)
    }

    fn full_lines(&self) -> usize {
        self.der.len().checked_div(self.width).unwrap_or(0)
    }

    /// The DER without a line that stands twice: each such line, the ones that follow each other first.
    pub(super) fn without_a_double(&self) -> impl Iterator<Item = Try> {
        let lines = 0..self.full_lines();
        let doubles = lines
            .clone()
            .flat_map(move |one| lines.clone().skip(one.saturating_add(1)).map(move |other| (one, other)));
        let mut doubles: Vec<_> =
            doubles.filter(|(one, other)| self.line(*one) == self.line(*other)).take(MOST_LINES).collect();
        doubles.sort_by_key(|(one, other)| other.saturating_sub(*one));
        doubles.into_iter().flat_map(|(one, other)| [other, one]).filter_map(|number| {
            let start = number.checked_mul(self.width)?;
            let mut der = Zeroizing::new(Vec::with_capacity(self.der.len()));
            der.extend_from_slice(self.der.get(..start)?);
            der.extend_from_slice(self.der.get(start.checked_add(self.width)?..)?);
            Some((Change::DoubledLine { line: self.line_of(start) }, der))
        })
    }

    /// The DER with two of its lines in each other's place: neighbours first.
    pub(super) fn exchanged(&self) -> impl Iterator<Item = Try> {
        let count = self.full_lines();
        let pairs = (1..count).flat_map(move |apart| {
            (0..count.saturating_sub(apart)).map(move |one| (one, one.saturating_add(apart)))
        });
        pairs.filter_map(|(one, other)| {
            let mut der = Zeroizing::new(self.der.to_vec());
            let (first, second) = (self.line(one)?, self.line(other)?);
            let (start, end) = (one.checked_mul(self.width)?, other.checked_mul(self.width)?);
            der.get_mut(start..start.checked_add(self.width)?)?.copy_from_slice(second);
            der.get_mut(end..end.checked_add(self.width)?)?.copy_from_slice(first);
            let change = Change::ExchangedLines { one: self.line_of(start), other: self.line_of(end) };
            (first != second).then_some((change, der))
        })
    }

    /// The DER with one character of base64 changed, near `offset`.
    pub(super) fn with_another_character(&self, offset: usize) -> impl Iterator<Item = Try> {
        // The group of three octets that holds it, the two behind, where its contents are, and the one before.
        let group = offset.checked_div(3).unwrap_or(0);
        let before = group.checked_sub(1).into_iter();
        let groups = (group..=group.saturating_add(2)).chain(before).map(|group| group.saturating_mul(3));
        groups
            .flat_map(move |start| {
                (0..4_u32).flat_map(move |place| (1..64_u32).map(move |change| (start, place, change)))
            })
            .filter_map(|(start, place, change)| {
                let mut der = Zeroizing::new(self.der.to_vec());
                let bits = change << 18_u32.saturating_sub(place.saturating_mul(6));
                let [_, changes @ ..] = bits.to_be_bytes();
                let group = der.get_mut(start..start.checked_add(3)?)?;
                group.iter_mut().zip(changes).for_each(|(octet, change)| *octet ^= change);
                Some((Change::OtherCharacter { line: self.line_of(start) }, der))
            })
    }
}

/// A character that the base64 of so many octets has, but this one has not, while one that looks like it stands there too often: the
/// text was read from a picture, or typed.
pub(super) fn lost_character(der: &[u8]) -> Option<Change> {
    /// How often each character of random base64 must be expected, so that none is missing by chance.
    const EXPECTED: usize = 9;
    /// How many are missing at most: each pair that looks alike, and one more.
    const MISSING: usize = 4;
    const ALIKE: [[u8; 2]; 8] = [*b"0O", *b"O0", *b"l1", *b"lI", *b"1l", *b"1I", *b"Il", *b"I1"];
    let sextets = der.chunks_exact(3).flat_map(|octets| match octets {
        &[a, b, c] => [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63],
        _ => [0; 4],
    });
    // Each is looked at for each character: in a key, where they are does not show.
    let times =
        |value: u8| sextets.clone().fold(0_usize, |sum, sextet| sum.saturating_add((sextet == value).into()));
    let count = |character: u8| times(sextet(character).cast_unsigned());
    let expected = sextets.clone().count().div_euclid(64);
    let is_lost = |[lost, alike]: &[u8; 2]| {
        count(*lost) == 0 && count(*alike) > expected.saturating_add(expected.div_euclid(4))
    };
    let [lost, alike] = ALIKE.into_iter().filter(|_| expected >= EXPECTED).find(is_lost)?;
    // Where many are missing, it is the same over and over, and not what anybody typed.
    let missing = (0..64).filter(|value| times(*value) == 0).count();
    (missing <= MISSING).then_some(Change::LostCharacter { lost: lost.into(), alike: alike.into() })
}
