//! From marker to marker through a text.

use super::damage::Damage;
use super::fault::{FaultKind, Secret, TextFault};
use super::marker::{self, Edge};
use super::reader::Reader;
use super::secret::printed_key;
use super::text::{Cursor, Text};
use super::{broken, closed, gap};
use crate::location::Location;

/// What is before a stretch between blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// The start of the text.
    Nothing,
    /// The END of a block, on the same line.
    Block,
    /// A block that was not read to its end.
    Broken,
}

/// The walk through one text.
pub(super) struct Scan<'s, 'r, 't> {
    pub(super) reader: &'s mut Reader<'r>,
    pub(super) text: Text<'t>,
    /// Where the last marker was; everything that is found from here on is after it.
    pub(super) cursor: Cursor,
    /// Whether the whole text is between two quotes of the same kind. A fence of Markdown is not a quote.
    pub(super) is_quoted: bool,
}

impl<'s, 'r, 't> Scan<'s, 'r, 't> {
    pub(super) fn new(reader: &'s mut Reader<'r>, text: Text<'t>) -> Self {
        let is_quoted = match text.bytes.trim_ascii() {
            [b'`', b'`', b'`', ..] => false,
            all @ [first @ (b'"' | b'\'' | b'`'), .., last] => {
                // Where the first line ends its quotes, they are around a text on that line.
                let line = all.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r'));
                first == last && line.filter(|byte| *byte == first).count() % 2 == 1
            }
            _ => false,
        };
        Self { reader, text, cursor: Cursor::START, is_quoted }
    }

    /// Reads all blocks; false where the text has no marker at all.
    pub(super) fn run(&mut self) -> bool {
        if let Some(at) = printed_key(self.text.bytes) {
            let place = self.place(at);
            self.reader.fault(place, Secret::None, FaultKind::Text(TextFault::PrintedKey));
        }
        let length = self.text.bytes.len();
        let mut at = 0;
        let mut before = Before::Nothing;
        let mut any = false;
        while let Some(marker) = marker::next(self.text.bytes, at) {
            any = true;
            match marker.edge {
                Edge::Begin => {
                    let indented = gap::gap(self, at, marker.start, before, true);
                    self.cursor = self.cursor.advance(&self.text, marker.start);
                    (at, before) = closed::block(self, &marker, indented);
                }
                Edge::End => {
                    broken::orphan(self, at, &marker, before);
                    (at, before) = (marker.end, Before::Block);
                }
            }
            self.cursor = self.cursor.advance(&self.text, at);
        }
        if any {
            gap::gap(self, at, length, before, false);
        }
        any
    }

    /// The place of the byte at `offset`, which is not before the last marker.
    pub(super) fn place(&self, offset: usize) -> Location {
        let (line, column) = self.shown(offset);
        self.reader.place.clone().line(line).column(column)
    }

    /// The line and column of the byte at `offset`, which is not before the last marker.
    pub(super) fn shown(&self, offset: usize) -> (usize, usize) {
        self.cursor.advance(&self.text, offset).shown(&self.text)
    }

    /// A fault of the block with that number, at `offset`.
    pub(super) fn fault_in(&mut self, number: usize, offset: usize, secret: Secret, kind: FaultKind) {
        let place = self.place(offset).block(number);
        self.reader.fault(place, secret, kind);
    }

    pub(super) fn damage(&mut self, damage: Damage, offset: usize) {
        self.damages(damage, offset, 1);
    }

    /// Counts `count` more places of a damage, the first at `offset`.
    pub(super) fn damages(&mut self, damage: Damage, offset: usize, count: usize) {
        let Self { reader, text, cursor, .. } = self;
        let place = reader.place;
        reader.damage(damage, count, || {
            let (line, column) = cursor.advance(text, offset).shown(text);
            place.clone().line(line).column(column)
        });
    }
}
