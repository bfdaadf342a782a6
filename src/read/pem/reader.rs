//! What is found while the texts of one field are read.

use std::mem;

use super::damage::{Damage, Damages};
use super::fault::{Change, Fault, FaultKind, Faults, Secret, TextFault, Undone};
use super::scan::Scan;
use super::text::Text;
use super::{Reading, outline, restore, unmarked, written};
use crate::location::Location;
use crate::read::block::Block;
use crate::read::form::Content;

/// Reads the texts of one field: its own and, where that is base64 of a whole PEM, the decoded one.
pub(super) struct Reader<'r> {
    pub(super) place: &'r Location,
    faults: Faults,
    damages: Damages,
    blocks: Vec<Block>,
    number: usize,
    /// Whether blank lines are what is left of lines that were taken away.
    has_emptied_lines: bool,
    /// Whether a block was found that has letters of one case only.
    has_lost_case: bool,
}

impl<'r> Reader<'r> {
    pub(super) fn new(place: &'r Location) -> Self {
        Self {
            place,
            faults: Faults::default(),
            damages: Damages::default(),
            blocks: Vec::new(),
            number: 0,
            has_emptied_lines: false,
            has_lost_case: false,
        }
    }

    /// Reads the content of a field or file.
    pub(super) fn content(&mut self, content: &Content) {
        let bytes = content.as_bytes();
        if bytes.is_empty() {
            self.fault(self.place.clone(), Secret::None, FaultKind::Text(TextFault::Empty));
        } else if let Some(text) = written::utf16(bytes) {
            let place = self.place.clone().line(1);
            self.damage(Damage::Utf16, 1, || place);
            self.text(Text::new(text.as_bytes()), true);
        } else if !unmarked::binary(self, bytes, content.is_file()) {
            self.text(Text::new(bytes), true);
            self.restore(bytes);
        }
    }

    /// Where the text could not be read as it is: reads what it says without what was added to it, if more can be read then.
    fn restore(&mut self, bytes: &[u8]) {
        let faulty = self.faulty();
        let Some(restored) = (faulty > 0).then(|| restore::restore(bytes)).flatten() else { return };
        let empties =
            |undone: &Undone| matches!(undone, Undone::Decoration { .. } | Undone::OtherLines { .. });
        let has_emptied_lines = restored.undone.iter().any(|(.., undone)| empties(undone));
        let mut reader = Self { has_emptied_lines, ..Self::new(self.place) };
        let text = Text::new(&restored.text);
        reader.text(if restored.has_new_lines { text.on_one_line() } else { text }, true);
        // Where the case of all letters is lost, that is what is wrong with the markers too.
        if reader.faulty() >= faulty && !reader.has_lost_case {
            return;
        }
        for (line, column, undone) in restored.undone {
            let place = self.place.clone().line(if restored.has_new_lines { 1 } else { line });
            let place = match column {
                Some(column) => place.column(column),
                None => place,
            };
            let secret = if undone.is_of_key() { Secret::Read } else { Secret::None };
            reader.fault(place, secret, FaultKind::Undone(undone));
        }
        *self = reader;
    }

    /// How many faults leave no reading, and how many blocks are not one whole object.
    fn faulty(&self) -> usize {
        let is_broken =
            |block: &&Block| !block.der.is_empty() && outline::whole(&block.der) != Some(block.der.len());
        let broken = self.blocks.iter().filter(is_broken).count();
        self.faults.not_understood().saturating_add(broken)
    }

    /// Reads a text; `outer` where it is the field's own, not one that was decoded from base64.
    pub(super) fn text(&mut self, text: Text<'_>, outer: bool) {
        let mut scan = Scan::new(self, text);
        if !scan.run() {
            unmarked::text(&mut scan, outer);
        }
    }

    pub(super) fn fault(&mut self, place: Location, secret: Secret, kind: FaultKind) {
        self.faults.add(Fault { place, kind, secret });
    }

    /// The text of a block was changed. That the case of letters was lost is said once.
    pub(super) fn changed(&mut self, place: Location, change: Change, secret: Secret) {
        if change == Change::LostCase && mem::replace(&mut self.has_lost_case, true) {
            return;
        }
        self.fault(place, secret, FaultKind::Changed { change, is_read: false, is_proven: false });
    }

    pub(super) fn damage(&mut self, damage: Damage, count: usize, place: impl FnOnce() -> Location) {
        if self.has_emptied_lines && damage == Damage::BlankLine {
            return;
        }
        self.damages.add(damage, count, place);
    }

    /// The last place of that damage goes on until `line`.
    pub(super) fn damage_until(&mut self, damage: Damage, line: usize) {
        self.damages.until(damage, line);
    }

    /// The number of the next block.
    pub(super) fn next_number(&mut self) -> usize {
        self.number = self.number.saturating_add(1);
        self.number
    }

    pub(super) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    pub(super) fn finish(mut self) -> Reading {
        let damage = mem::take(&mut self.damages).into_faults();
        let (faults, beyond) = self.faults.finish(damage);
        Reading { blocks: self.blocks, faults, beyond }
    }
}
