//! From marker to marker through a text.

use std::mem;

use zeroize::Zeroizing;

use super::body::{self, Body, From};
use super::damage::{Damage, Damages, Tally};
use super::exposed;
use super::foreign::Foreign;
use super::label::{self, Meaning};
use super::marker::{self, Edge, Marker};
use super::shape::{self, Shape};
use super::text::{Cursor, Text};
use super::{Block, BlockKind, ERROR, Expected};
use crate::finding::{Finding, Findings};
use crate::location::Location;
use crate::rule::Rule;

pub(super) static PEM_EMPTY: Rule = Rule {
    code: "pem-empty",
    summary: "Nothing where a certificate or key should be",
    hint: "Paste the PEM text, from -----BEGIN to -----END, both lines included.",
    why: "The field, or a block in it, holds nothing but spaces and line ends. Mostly a variable was empty or a file was not found \
          when the request was put together.\n\n\
          Example: `\"private_key\": \"\"`",
    citations: &["API page, table 3", "RFC 7468, section 3"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_EMPTY];

/// The findings that wait for their place in the order of the input.
const WAITING: usize = 1024;

/// Reads the texts of one field.
pub(super) struct Reader<'r, 'p> {
    pub(super) expected: Expected,
    pub(super) place: &'r Location,
    findings: &'r mut Findings<'p>,
    waiting: Vec<Finding>,
    damages: Damages,
    blocks: Vec<Block>,
    number: usize,
}

impl<'r, 'p> Reader<'r, 'p> {
    pub(super) fn new(expected: Expected, place: &'r Location, findings: &'r mut Findings<'p>) -> Self {
        let damages = Damages::default();
        Self { expected, place, findings, waiting: Vec::new(), damages, blocks: Vec::new(), number: 0 }
    }

    /// All findings to the caller's list, in the order of the input, and the blocks.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.waiting.extend(mem::take(&mut self.damages).into_findings());
        self.waiting.sort_by_key(|finding| (finding.location.line, finding.location.column));
        self.flush();
        self.blocks
    }

    pub(super) fn tell(&mut self, finding: Finding) {
        self.waiting.push(finding);
        if self.waiting.len() >= WAITING {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for finding in self.waiting.drain(..) {
            self.findings.add(finding);
        }
    }

    pub(super) fn damage(&mut self, damage: Damage, count: usize, place: impl FnOnce() -> Location) {
        self.damages.add(damage, count, place);
    }

    /// Text outside the blocks goes on until `line`.
    pub(super) fn text_until(&mut self, line: usize) {
        self.damages.until(Damage::TextAround, line);
    }

    pub(super) fn next_number(&mut self) -> usize {
        self.number = self.number.saturating_add(1);
        self.number
    }

    pub(super) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

/// What stands before a stretch between blocks.
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
pub(super) struct Scan<'s, 'r, 'p, 't> {
    pub(super) reader: &'s mut Reader<'r, 'p>,
    pub(super) text: Text<'t>,
    /// Where the last marker was; everything told from here on stands after it.
    pub(super) cursor: Cursor,
    /// Whether the whole text is between two quotes of the same kind.
    pub(super) is_quoted: bool,
}

impl<'s, 'r, 'p, 't> Scan<'s, 'r, 'p, 't> {
    pub(super) fn new(reader: &'s mut Reader<'r, 'p>, text: Text<'t>) -> Self {
        let is_quoted = match text.bytes.trim_ascii() {
            [first @ (b'"' | b'\'' | b'`'), .., last] => first == last,
            _ => false,
        };
        Self { reader, text, cursor: Cursor::START, is_quoted }
    }

    /// Reads all blocks; false where the text has no marker at all.
    pub(super) fn run(&mut self) -> bool {
        self.printed();
        let length = self.text.bytes.len();
        let mut at = 0;
        let mut before = Before::Nothing;
        let mut any = false;
        while let Some(marker) = marker::next(self.text.bytes, at) {
            any = true;
            match marker.edge {
                Edge::Begin => {
                    let indented = self.gap(at, marker.start, before, true);
                    self.cursor = self.cursor.advance(&self.text, marker.start);
                    (at, before) = self.block(&marker, indented);
                }
                Edge::End => {
                    self.orphan(at, &marker, before);
                    (at, before) = (marker.end, Before::Block);
                }
            }
            self.cursor = self.cursor.advance(&self.text, at);
        }
        if any {
            self.gap(at, length, before, false);
        }
        any
    }

    /// The place of the byte at `offset`, which is not before the last marker.
    pub(super) fn place(&self, offset: usize) -> Location {
        let (line, column) = self.cursor.advance(&self.text, offset).shown(&self.text);
        self.reader.place.clone().line(line).column(column)
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

    /// Reads the block of `begin`: where to go on, and what stands before that place.
    fn block(&mut self, begin: &Marker<'_>, indented: bool) -> (usize, Before) {
        let number = self.reader.next_number();
        let bytes = self.text.bytes;
        let next = marker::next(bytes, begin.end);
        let end = match next {
            Some(end) if end.edge == Edge::End && belongs(begin.label, end.label) => end,
            _ => return self.unclosed(begin, next, number),
        };
        let meaning = label::meaning(begin.label);
        let after = (end.end, Before::Block);
        if let Meaning::Foreign(foreign) = meaning
            && foreign.kind() == BlockKind::Other
        {
            self.foreign(foreign, begin.start, number);
            self.push(begin, end.start, number, BlockKind::Other, Zeroizing::default());
            return after;
        }
        let from = if indented { From::IndentedMarker } else { From::Marker };
        let (start, from, encrypted) = match body::headers(bytes, begin.end, end.start) {
            Some((start, encrypted)) => (start, From::Line, encrypted),
            None => (begin.end, from, false),
        };
        // Only keys are encrypted that way; what is said of a certificate is no more than a header.
        let is_certificate =
            matches!(meaning, Meaning::Wanted(BlockKind::Certificate) | Meaning::OtherCertificate);
        let encrypted = encrypted && !is_certificate;
        if from == From::Line && !encrypted {
            self.damage(Damage::Headers, begin.end);
        }
        let mut tally = Tally::default();
        let body = body::decode(bytes, start, end.start, from, &mut |damage, at| tally.add(damage, at));
        // The words of what is nearly a marker are no damaged body.
        if !encrypted
            && body.der.is_err()
            && let Some(resume) = self.near_marker(begin.end, end.start, Some(number))
        {
            return (resume.max(end.end), Before::Block);
        }
        let Body { der, any } = self.settle(body, &tally, start, end.start);
        let der = match der {
            // What is encrypted is not read, not even where it is no such thing: the headers alone make readers refuse it.
            _ if encrypted => Zeroizing::default(),
            Ok(_) if !any => {
                let message = format!("the block {} is empty", quoted(begin));
                let place = self.place(begin.start).block(number);
                self.reader.tell(Finding::new(&PEM_EMPTY, place, message));
                return after;
            }
            Ok(der) => der,
            Err(flaw) => {
                let body = self.text.slice(start, end.start);
                let odd = flaw.odd_line(body);
                let at = odd.map_or(flaw.offset(), |odd| start.saturating_add(odd.start));
                let place = self.place(at).block(number);
                let is_key = exposed::is_key_label(begin.label) || exposed::starts_key(body);
                let finding = flaw.finding(&self.text, place, odd);
                self.reader.tell_of(is_key, finding);
                return after;
            }
        };
        if encrypted {
            self.push(begin, end.start, number, BlockKind::EncryptedKey, der);
        } else {
            self.understood(begin, end.start, number, meaning, der);
        }
        after
    }

    /// Counts the damage of a decoded body, which stands from `start` to `end`.
    fn settle(&mut self, mut body: Body, tally: &Tally, start: usize, end: usize) -> Body {
        let lost = body.lost_plus(self.text.slice(start, end), start);
        for (damage, first, count) in tally.iter() {
            // These are the spaces that are told as what they were.
            if lost.is_none() || damage != Damage::JoinedLines {
                self.damages(damage, first, count);
            }
        }
        if let Some(flaw) = lost {
            body.der = Err(flaw);
        }
        body
    }

    /// A block whose body is decoded: what it is, by label and shape.
    pub(super) fn understood(
        &mut self,
        begin: &Marker<'_>,
        end: usize,
        number: usize,
        meaning: Meaning,
        mut der: Zeroizing<Vec<u8>>,
    ) {
        let shape = shape::of(&der);
        let shaped = match shape {
            Some(Shape::Kind(kind)) => Some(kind),
            _ => None,
        };
        let is_key = |kind| matches!(kind, BlockKind::PrivateKey | BlockKind::EncryptedKey);
        let kind = match meaning {
            Meaning::Wanted(BlockKind::EcParameters) => BlockKind::EcParameters,
            Meaning::Wanted(BlockKind::Certificate) if shaped.is_some_and(is_key) => {
                self.wrong_label(begin, number, "a private key");
                shaped.unwrap_or(BlockKind::PrivateKey)
            }
            Meaning::Wanted(kind) if is_key(kind) && shaped == Some(BlockKind::Certificate) => {
                self.wrong_label(begin, number, "a certificate");
                BlockKind::Certificate
            }
            Meaning::Wanted(kind) if is_key(kind) && shaped.is_some_and(is_key) => shaped.unwrap_or(kind),
            // Keys in envelopes are the business of the check of keys.
            Meaning::Wanted(kind) if is_key(kind) && shape == Some(Shape::Enveloped) => kind,
            Meaning::Wanted(kind) => match shape.and_then(Foreign::of) {
                Some(foreign) => {
                    self.foreign(foreign, begin.start, number);
                    foreign.kind()
                }
                None => kind,
            },
            Meaning::OtherCertificate if shaped.is_some_and(is_key) => {
                self.wrong_label(begin, number, "a private key");
                shaped.unwrap_or(BlockKind::PrivateKey)
            }
            Meaning::OtherCertificate => {
                let message =
                    format!("{} is not the label of a certificate, which is CERTIFICATE", quoted(begin));
                let place = self.place(begin.start).block(number);
                let finding = Finding::new(&label::PEM_LABEL, place, message);
                self.reader.tell(if begin.label == "X509 CERTIFICATE" {
                    finding.hint("Write CERTIFICATE for the label in each BEGIN and END line; the lines between stay as they are.")
                } else {
                    finding
                });
                // Trust settings follow the certificate, in the same body.
                if let Some(length) = shape::whole(&der) {
                    der.truncate(length);
                }
                BlockKind::Certificate
            }
            Meaning::Foreign(foreign) => {
                let foreign = if shape == Some(Shape::Enveloped) { Foreign::Enveloped } else { foreign };
                self.foreign(foreign, begin.start, number);
                foreign.kind()
            }
            Meaning::Unknown => {
                let finding = Finding::new(
                    &label::PEM_UNKNOWN_LABEL,
                    self.place(begin.start).block(number),
                    format!("{} is neither a certificate nor a key", quoted(begin)),
                );
                let finding = match label::meant(begin.label) {
                    Some(meant) => finding.hint(format!("Write {meant} for the label, in BEGIN and in END.")),
                    None => finding,
                };
                if shaped.is_some_and(is_key) {
                    self.reader.tell_of_block(true, finding);
                } else {
                    self.reader.tell_of(exposed::is_key_label(begin.label), finding);
                }
                shaped.unwrap_or(BlockKind::Other)
            }
        };
        self.push(begin, end, number, kind, der);
    }

    fn wrong_label(&mut self, begin: &Marker<'_>, number: usize, what: &str) {
        let place = self.place(begin.start).block(number);
        let message = format!("the body of {} is {what}", quoted(begin));
        self.reader
            .tell_of_block(what == "a private key", Finding::new(&label::PEM_WRONG_LABEL, place, message));
    }

    pub(super) fn foreign(&mut self, foreign: Foreign, offset: usize, number: usize) {
        let place = self.place(offset).block(number);
        let finding = foreign.finding(self.reader.expected, place);
        self.reader.tell_of(exposed::is_key_file(foreign), finding);
    }

    fn push(
        &mut self,
        begin: &Marker<'_>,
        end: usize,
        number: usize,
        kind: BlockKind,
        der: Zeroizing<Vec<u8>>,
    ) {
        let first = self.cursor.advance(&self.text, begin.start);
        let (line, _) = first.shown(&self.text);
        let (last_line, _) = first.advance(&self.text, end).shown(&self.text);
        let location = self.reader.place.clone().block(number).line(line);
        self.reader.push(Block { kind, label: begin.label.to_owned(), location, last_line, der });
    }
}

/// Whether END's label closes BEGIN's. PGP messages end with a signature.
fn belongs(begin: &str, end: &str) -> bool {
    begin == end || (begin.starts_with("PGP ") && end.starts_with("PGP "))
}

/// The marker as it must stand in the text: its label holds nothing but words.
pub(super) fn quoted(marker: &Marker<'_>) -> String {
    let edge = if marker.edge == Edge::Begin { "BEGIN" } else { "END" };
    format!("-----{edge} {}-----", marker.label)
}
