//! What is found while the texts of one field are read.

use std::mem;

use super::damage::{Damage, Damages};
use super::fault::{Fault, FaultKind, Faults, Secret, TextFault};
use super::scan::Scan;
use super::text::Text;
use super::{Reading, unmarked};
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
}

impl<'r> Reader<'r> {
    pub(super) fn new(place: &'r Location) -> Self {
        let (faults, damages) = (Faults::default(), Damages::default());
        Self { place, faults, damages, blocks: Vec::new(), number: 0 }
    }

    /// Reads the content of a field or file.
    pub(super) fn content(&mut self, content: &Content) {
        let bytes = content.as_bytes();
        if bytes.is_empty() {
            self.fault(self.place.clone(), Secret::None, FaultKind::Text(TextFault::Empty));
        } else if let Some(text) = unmarked::utf16(bytes) {
            let place = self.place.clone().line(1);
            self.damage(Damage::Utf16, 1, || place);
            self.text(Text::new(text.as_bytes()), true);
        } else if !unmarked::binary(self, bytes, content.is_file()) {
            self.text(Text::new(bytes), true);
        }
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

    pub(super) fn damage(&mut self, damage: Damage, count: usize, place: impl FnOnce() -> Location) {
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
