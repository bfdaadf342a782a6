//! PEM that is inside something else: base64 of it, YAML, JSON, a mail, a web page, program code, hex digits.
//!
//! Looked for only where the text itself does not read as whole blocks. What a text might be is decoded and read; it counts only if
//! whole certificates or keys come out. Bounded in depth, in the size of the text, and in the octets that are decoded in all.

mod decode;
mod dump;
mod values;

pub(super) use dump::is_scalar;

use zeroize::Zeroizing;

use super::container::Container;
use super::damage::Damage;
use super::fault::{Beyond, Fault, FaultKind, Mark, Notation, Pasted, Secret, Undone};
use super::reader::Reader;
use super::text::{Cursor, Text};
use super::{LONGEST, Reading, marker, outline, unmarked, written};
use crate::location::Location;
use crate::read::block::{Block, BlockKind};

/// The levels that are looked through.
pub(crate) const DEPTH: usize = 3;
/// The blocks of a text that is looked into: more of them make no chain.
const MOST_BLOCKS: usize = 64;
/// The octets that are decoded in all, as a multiple of the text's: three levels of base64 come to less than two.
const WORK: usize = 4;

/// What PEM can be inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Colours of a terminal.
    Ansi,
    /// Base64.
    Base64,
    /// Octets as decimal numbers.
    Decimal,
    /// `_x000D_`, as spreadsheets write line ends.
    Spreadsheet,
    /// Octets as hexadecimal digits, with or without offsets.
    Hex,
    /// JSON.
    Json,
    /// A mail, or a part of one, in base64.
    Mail,
    /// HTML or XML.
    Markup,
    /// The body of another PEM block.
    Pem,
    /// Percent encoding, as in addresses.
    Percent,
    /// Quoted-printable, as in mails.
    QuotedPrintable,
    /// Rich text.
    Rtf,
    /// String literals of a program.
    Strings,
    /// UTF-16 whose octets were taken for characters.
    Utf16,
    /// YAML, or lines of `name=value`.
    Yaml,
}

/// What PEM is inside, from the outside in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nested {
    levels: [Option<Level>; DEPTH],
    /// Whether what is inside has no BEGIN and END lines.
    pub(crate) is_der: bool,
}

impl Nested {
    /// The levels, from the outside in.
    pub(crate) fn levels(&self) -> impl Iterator<Item = Level> {
        self.levels.into_iter().flatten()
    }
}

/// The octets that a level holds.
type Decoded = Zeroizing<Vec<u8>>;

/// What a level holds, where a text looks like its kind.
type Decode = fn(&[u8]) -> Option<Decoded>;

/// What a text may be, with octets of which one is in each text of that kind; none are named where any may do. In the order of trying:
/// what is plainest to tell comes first. Base64 ends in `=`, as the lines of quoted-printable do, so the notations that hold base64 come
/// before that.
static DECODERS: &[(Level, &[u8], Decode)] = &[
    (Level::Utf16, b"\0", written::mistaken_utf16),
    (Level::Ansi, b"[", decode::ansi),
    (Level::Spreadsheet, b"_", decode::spreadsheet),
    (Level::Percent, b"%", decode::percent),
    (Level::Mail, b":", decode::mail),
    (Level::Rtf, b"\\", decode::rtf),
    (Level::Hex, b"0123456789", dump::hex),
    (Level::Decimal, b"0123456789", dump::decimal),
    (Level::Json, b"\"'`", values::json),
    (Level::Markup, b"<&", values::markup),
    (Level::Yaml, b":=", values::yaml),
    (Level::QuotedPrintable, b"=", decode::quoted_printable),
    (Level::Strings, b"\"'`", values::strings),
    (Level::Base64, b"", decode::base64),
];

/// The octets that occur in a text.
struct Octets([bool; 256]);

impl Octets {
    fn of(bytes: &[u8]) -> Self {
        let mut occurs = [false; 256];
        for byte in bytes {
            if let Some(occurs) = occurs.get_mut(usize::from(*byte)) {
                *occurs = true;
            }
        }
        Self(occurs)
    }

    fn has_any(&self, signs: &[u8]) -> bool {
        signs.is_empty() || signs.iter().any(|sign| self.0.get(usize::from(*sign)) == Some(&true))
    }
}

/// `reading`, or what is inside `bytes`, where that reads as more whole certificates and keys.
pub(super) fn look(bytes: &[u8], place: &Location, reading: Reading) -> Reading {
    let is_guess = is_guess(&reading);
    if bytes.len() > LONGEST
        || reading.blocks.len() > MOST_BLOCKS
        || (is_clear(&reading) && !is_guess)
        || reading.faults.iter().any(is_notation)
    {
        return reading;
    }
    let text = Text::new(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let at = Cursor::START.advance(&text, start).shown(&text);
    let mut search = Search { place, at, work: bytes.len().saturating_mul(WORK) };
    let Some((levels, inner)) = search.inside(bytes, &reading, DEPTH, is_guess) else { return reading };
    let is_der =
        |fault: &Fault| matches!(fault.kind, FaultKind::Damage(Damage::BareBase64 | Damage::DerFile, _));
    let nested = Nested { levels, is_der: inner.faults.iter().any(is_der) };
    let place = place.clone().line(at.0).column(at.1);
    let mut faults = vec![Fault { place, kind: FaultKind::Nested(nested), secret: Secret::None }];
    // What is fixed by writing the blocks plainly needs no word of its own, and what is around them is not the author's.
    faults.extend(inner.faults.into_iter().filter(|fault| {
        !fault.is_repaired_by_rewriting() && !matches!(fault.kind, FaultKind::Damage(Damage::TextAround, _))
    }));
    Reading { faults, ..inner }
}

/// Whether all that a text holds was read: whole certificates and keys, and nothing that was not understood.
fn is_clear(reading: &Reading) -> bool {
    !reading.blocks.is_empty()
        && reading.beyond == Beyond::default()
        && reading.faults.iter().all(Fault::is_understood)
        && reading.blocks.iter().all(|block| !is_wanted(block) || is_whole(block))
}

/// Whether a text was read although it is not plain what is around its lines: it may be a notation that says so better.
fn is_guess(reading: &Reading) -> bool {
    let has = |wanted: &dyn Fn(&FaultKind) -> bool| reading.faults.iter().any(|fault| wanted(&fault.kind));
    let has_damage =
        |wanted: Damage| has(&|kind| matches!(kind, FaultKind::Damage(damage, _) if *damage == wanted));
    let is_around = |kind: &FaultKind| match kind {
        FaultKind::Undone(Undone::Decoration { start, end, .. }) => {
            [start, end].iter().any(|mark| **mark == Some(Mark::Text)) || *end == Some(Mark::Number)
        }
        _ => false,
    };
    // Escapes with more than quotes before BEGIN are a value in the source of a program, or in a file of settings.
    let is_value = has_damage(Damage::EscapedNewlines) && has_damage(Damage::MidLine);
    !has_damage(Damage::PrintedKey) && (is_value || has(&is_around))
}

/// Whether a text is a key in a notation that may hold certificates beside it, which are not what was meant.
fn is_notation(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Pasted(Pasted::Notation(Notation::Jwk(_) | Notation::RsaKeyValue(_))))
}

fn is_wanted(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Certificate | BlockKind::PrivateKey | BlockKind::EncryptedKey)
}

/// Whether a block holds one certificate or key, from the first octet to the last; one that is encrypted under headers holds nothing.
fn is_whole(block: &Block) -> bool {
    (block.kind == BlockKind::EncryptedKey && block.der.is_empty())
        || (Container::of(&block.der).is_some_and(Container::is_wanted)
            && outline::whole(&block.der) == Some(block.der.len()))
}

fn whole_blocks(reading: &Reading) -> usize {
    reading.blocks.iter().filter(|block| is_wanted(block) && is_whole(block)).count()
}

/// The search through the levels of one text.
struct Search<'p> {
    place: &'p Location,
    /// The line and the column where the text starts: those inside mean nothing to its author.
    at: (usize, usize),
    /// The octets that may still be decoded.
    work: usize,
}

impl Search<'_> {
    /// What is inside `bytes`, of which `outer` was read, within so many levels.
    fn inside(
        &mut self,
        bytes: &[u8],
        outer: &Reading,
        depth: usize,
        is_guess: bool,
    ) -> Option<([Option<Level>; DEPTH], Reading)> {
        let next = depth.checked_sub(1)?;
        let slot = DEPTH.saturating_sub(depth);
        let bodies = || bodies(outer);
        let octets = Octets::of(bytes);
        let candidates = DECODERS.iter().filter(|(_, signs, _)| octets.has_any(signs));
        let candidates = candidates.map(|(level, _, decode)| (*level, decode(bytes)));
        let candidates = std::iter::once_with(|| (Level::Pem, bodies())).chain(candidates);
        for (level, decoded) in candidates {
            let Some(decoded) = decoded.filter(|decoded| !decoded.is_empty() && decoded.as_slice() != bytes)
            else {
                continue;
            };
            self.work = self.work.checked_sub(decoded.len())?;
            if is_garbage(&decoded) {
                continue;
            }
            let reading = self.read(&decoded);
            // What is clear is not looked into further; else more whole blocks may be inside.
            let deeper = if is_clear(&reading) { None } else { self.inside(&decoded, &reading, next, false) };
            let is_same = is_guess && is_clear(&reading) && reading.blocks.len() == outer.blocks.len();
            let is_more = whole_blocks(&reading) > whole_blocks(outer) || is_same;
            let found = deeper.or_else(|| is_more.then_some(([None; DEPTH], reading)));
            if let Some((mut levels, reading)) = found {
                if let Some(place) = levels.get_mut(slot) {
                    *place = Some(level);
                }
                return Some((levels, reading));
            }
        }
        None
    }

    fn read(&self, bytes: &[u8]) -> Reading {
        let mut reader = Reader::new(self.place);
        // Base64 inside is a level of its own.
        if let Some(text) = written::utf16(bytes) {
            reader.text(Text::wrapped(text.as_bytes(), self.at.0, self.at.1), false);
        } else if !unmarked::binary(&mut reader, bytes, true) {
            reader.text(Text::wrapped(bytes, self.at.0, self.at.1), false);
        }
        reader.finish()
    }
}

/// Whether octets are neither a text nor an object: base64 of anything decodes to something. The zeros of UTF-16 count for nothing.
fn is_garbage(bytes: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, 0 | b'\t' | b'\n' | b'\r' | 0x1B);
    let controls = bytes.iter().filter(is_control).count();
    controls > bytes.len().div_euclid(16) && Container::of(bytes).is_none()
}

/// The bodies of blocks, where each of them starts like a text, be it UTF-16; a broken object does not.
fn bodies(reading: &Reading) -> Option<Decoded> {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r');
    let is_text = |block: &Block| {
        let is_object = matches!(block.der.as_slice(), [0x30, 0x80..=0xFF, ..]);
        !is_object && block.der.get(..24).is_some_and(|start| !start.iter().any(is_control))
    };
    if reading.blocks.is_empty() || !reading.blocks.iter().all(is_text) {
        return None;
    }
    let length = |block: &Block| block.der.len().saturating_add(1);
    let mut out = decode::room(reading.blocks.iter().map(length).fold(0, usize::saturating_add));
    for block in &reading.blocks {
        out.extend_from_slice(&block.der);
        out.push(b'\n');
    }
    Some(out)
}

/// Whether there is a line that begins a block.
fn has_begin(bytes: &[u8]) -> bool {
    marker::near(bytes).is_some()
}

#[cfg(test)]
mod tests;
