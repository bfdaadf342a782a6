//! Damage that is understood: the text is not as it should be, yet there is one reading of it. Each kind is one fault a field.

use super::fault::{Fault, FaultKind, Secret};
use crate::location::Location;

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// Base64 of DER without BEGIN and END lines.
    BareBase64,
    /// Base64 of a whole PEM text.
    Base64OfPem,
    /// Blank lines inside a block, but for one directly after BEGIN.
    BlankLine,
    /// Spaces around the lines of a block.
    BodySpace,
    /// A byte-order mark.
    Bom,
    /// Lines that end in CR without LF.
    CrOnly,
    /// Lines that end in two CRs before LF.
    CrTwice,
    /// A file in DER.
    DerFile,
    /// Escapes such as `\n`, as text, where line ends should be.
    EscapedNewlines,
    /// Headers after BEGIN.
    Headers,
    /// Lines that are joined.
    JoinedLines,
    /// BEGIN or END that shares its line with other text.
    MidLine,
    /// Text outside the blocks with a private key printed in words.
    PrintedKey,
    /// Quotes around the PEM.
    Quoted,
    /// Other text outside the blocks.
    TextAround,
    /// Bits of the last base64 character that must be zero and are not.
    TrailingBits,
    /// UTF-16.
    Utf16,
}

impl Damage {
    /// Of a line that ends in so many octets, of which the first is a CR.
    pub(super) fn of_line_end(octets: usize) -> Self {
        if octets == 1 { Self::CrOnly } else { Self::CrTwice }
    }

    const COUNT: usize = 17;

    /// All kinds, in the order of the declaration, which is their index too.
    const ALL: [Self; Self::COUNT] = [
        Self::BareBase64,
        Self::Base64OfPem,
        Self::BlankLine,
        Self::BodySpace,
        Self::Bom,
        Self::CrOnly,
        Self::CrTwice,
        Self::DerFile,
        Self::EscapedNewlines,
        Self::Headers,
        Self::JoinedLines,
        Self::MidLine,
        Self::PrintedKey,
        Self::Quoted,
        Self::TextAround,
        Self::TrailingBits,
        Self::Utf16,
    ];
}

/// How much of one damage there is: in how many places, and the line of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) count: usize,
    pub(crate) last_line: usize,
}

/// The damage of one field: for each kind, the first place and how many.
#[derive(Default)]
pub(super) struct Damages([Option<(Location, Extent)>; Damage::COUNT]);

impl Damages {
    /// Counts `count` more places; `place` is asked for the first one only.
    pub(super) fn add(&mut self, damage: Damage, count: usize, place: impl FnOnce() -> Location) {
        match self.0.get_mut(damage as usize) {
            Some(Some((_, extent))) => extent.count = extent.count.saturating_add(count),
            Some(slot) => {
                let place = place();
                let last_line = place.line.unwrap_or(1);
                *slot = Some((place, Extent { count, last_line }));
            }
            None => {}
        }
    }

    /// Stretches the kind's places to `line`.
    pub(super) fn until(&mut self, damage: Damage, line: usize) {
        if let Some(Some((_, extent))) = self.0.get_mut(damage as usize) {
            extent.last_line = line;
        }
    }

    /// The fault of each kind that was seen.
    pub(super) fn into_faults(self) -> impl Iterator<Item = Fault> {
        Damage::ALL.into_iter().zip(self.0).filter_map(|(damage, seen)| {
            let (place, extent) = seen?;
            Some(Fault { place, kind: FaultKind::Damage(damage, extent), secret: Secret::None })
        })
    }
}

/// The damage of one body: for each kind, the offset of the first place and how many.
#[derive(Default)]
pub(super) struct Tally([(usize, usize); Damage::COUNT]);

impl Tally {
    pub(super) fn add(&mut self, damage: Damage, offset: usize) {
        match self.0.get_mut(damage as usize) {
            Some((first, count @ 0)) => (*first, *count) = (offset, 1),
            Some((_, count)) => *count = count.saturating_add(1),
            None => {}
        }
    }

    /// Each kind that was seen, with the offset of its first place and how many.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Damage, usize, usize)> {
        let seen = Damage::ALL.into_iter().zip(self.0);
        seen.filter(|(_, (_, count))| *count > 0).map(|(damage, (first, count))| (damage, first, count))
    }
}
