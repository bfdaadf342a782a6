//! The lines of a text, with what only looks like ASCII written in ASCII.

use zeroize::Zeroizing;

use super::alike::{Alike, alike};
use crate::read::pem::text::{Character, character, characters};
use crate::read::pem::written::escape_sequence;

/// U+FEFF in UTF-8.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The most characters of a line, and of a text, that are taken for others.
const MOST_STRANGE: usize = 4096;

/// A line of a text.
pub(super) struct Line<'t> {
    /// As it is, without its end.
    pub(super) given: &'t [u8],
    /// Its end.
    pub(super) end: &'t [u8],
    /// What it says in ASCII, as a marker and as a line of a body, where that is something else.
    folded: Option<[Zeroizing<Vec<u8>>; 2]>,
    /// The characters that were changed for that.
    pub(super) strange: Vec<Strange>,
    /// How many escape sequences of a terminal were left out.
    pub(super) colours: usize,
}

/// A character that is not what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strange {
    pub(super) character: Character,
    /// Whether it is taken for a hyphen, which no body has.
    pub(super) is_hyphen: bool,
    /// Its column in the line as given, in characters.
    pub(super) column: usize,
    /// Where its ASCII is, or would be, in the line as a marker and as a line of a body.
    pub(super) at: [usize; 2],
}

impl<'t> Line<'t> {
    /// `column`: where it starts.
    fn new(given: &'t [u8], end: &'t [u8], column: usize) -> Self {
        let mut line = Self { given, end, folded: None, strange: Vec::new(), colours: 0 };
        // A bracket may begin a colour whose ESC was lost.
        if !given.iter().all(|byte| matches!(byte, b' '..=b'Z' | b'\\'..=b'~' | b'\t')) {
            line.fold(column);
        }
        line
    }

    /// How many characters it has.
    pub(super) fn characters(&self) -> usize {
        characters(self.given)
    }

    /// What it says in ASCII, as a marker.
    pub(super) fn ascii(&self) -> &[u8] {
        self.folded.as_ref().map_or(self.given, |[ascii, _]| ascii.as_slice())
    }

    /// What it says in ASCII, as a line of a body: without the spaces of Unicode, and with each hyphen that is none as it is.
    pub(super) fn body(&self) -> &[u8] {
        self.folded.as_ref().map_or(self.given, |[_, body]| body.as_slice())
    }

    fn fold(&mut self, mut column: usize) {
        // Nothing gets longer, so it is never moved.
        let new = || Zeroizing::new(Vec::with_capacity(self.given.len()));
        let (mut ascii, mut body) = (new(), new());
        let mut at = 0_usize;
        while let Some(rest) = self.given.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = escape_sequence(rest) {
                self.colours = self.colours.saturating_add(1);
                at = at.saturating_add(length);
                column = column.saturating_add(length);
                continue;
            }
            let (character, length) = character(rest).unwrap_or((char::REPLACEMENT_CHARACTER.into(), 1));
            let as_given = rest.get(..length).unwrap_or_default();
            if self.strange.len() >= MOST_STRANGE {
                // So long a line of them is not a line of PEM.
                self.strange = Vec::new();
                return;
            }
            let meant = if character.meaning.is_ascii() { None } else { alike(character.meaning) };
            if let Some(meant) = meant {
                let at = [ascii.len(), body.len()];
                self.strange.push(Strange { character, is_hyphen: meant == Alike::Hyphen, column, at });
            }
            match meant {
                Some(Alike::Ascii(byte)) => {
                    ascii.push(byte);
                    body.push(byte);
                }
                Some(Alike::Hyphen) => {
                    ascii.push(b'-');
                    body.extend_from_slice(as_given);
                }
                Some(Alike::Space) => ascii.push(b' '),
                Some(Alike::Nothing | Alike::LineEnd) => {}
                None => {
                    ascii.extend_from_slice(as_given);
                    body.extend_from_slice(as_given);
                }
            }
            at = at.saturating_add(length);
            column = column.saturating_add(1);
        }
        self.folded = Some([ascii, body]);
    }
}

/// The lines of `bytes`. LF, CRLF and the line ends of Unicode end one; a CR alone only where there is no LF at all, and written-out line
/// ends only where all is on one line. `None` where there are more than `most`, or too many look-alikes.
pub(super) fn lines(bytes: &[u8], most: usize) -> Option<Vec<Line<'_>>> {
    let has_lf = bytes.contains(&b'\n');
    let is_one_line = is_one_line(bytes);
    let mut lines = Vec::new();
    let mut strange = 0_usize;
    let mut start = 0_usize;
    let mut column = 1_usize;
    let mut at = 0_usize;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match rest {
            [b'\n', ..] => 1,
            [b'\r', b'\r', b'\n', ..] => 3,
            [b'\r', b'\n', ..] => 2,
            [b'\r', ..] if !has_lf => 1,
            [b'\\', b'n', ..] if is_one_line => 2,
            [b'\\', b'\\', b'n', ..] if is_one_line => 3,
            [b'\\', b'r', b'\\', b'n', ..] if is_one_line => 4,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => {
                at = at.saturating_add(1);
                continue;
            }
        };
        let end = at.saturating_add(length);
        let line = Line::new(slice(bytes, start, at), slice(bytes, at, end), column);
        column = if is_one_line { column.saturating_add(characters(slice(bytes, start, end))) } else { 1 };
        strange = strange.saturating_add(line.strange.len());
        if lines.len() >= most || strange > MOST_STRANGE {
            return None;
        }
        lines.push(line);
        (start, at) = (end, end);
    }
    if start < bytes.len() {
        lines.push(Line::new(slice(bytes, start, bytes.len()), &[], column));
    }
    // A byte-order mark is a damage of its own.
    if let Some(first) = lines.first_mut().filter(|first| first.given.starts_with(BOM)) {
        first.strange.retain(|strange| strange.column > 1);
    }
    Some(lines)
}

/// Whether a text is one line, but for what stands after it.
pub(super) fn is_one_line(bytes: &[u8]) -> bool {
    !bytes.trim_ascii_end().iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

fn slice(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    bytes.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_say_in_ascii_what_they_look_like() {
        for (text, want) in [
            ("\u{2014}\u{2014}BEGIN", "--BEGIN"),
            ("\u{A0}MII\u{200B}A", " MIIA"),
            ("\u{1B}[33m-----\u{1B}[0m", "-----"),
            ("[33m-----[0m", "-----"),
            ("[x]", "[x]"),
            ("\u{410}\u{4E2D}", "A\u{4E2D}"),
            ("plain", "plain"),
        ] {
            let lines = lines(text.as_bytes(), 9).unwrap();
            assert_eq!(std::str::from_utf8(lines.first().unwrap().ascii()).unwrap(), want);
        }
        let text = lines("a\u{2028}b\r\nc\r\r\nd".as_bytes(), 9).unwrap();
        assert_eq!(text.iter().map(|line| line.given).collect::<Vec<_>>(), [b"a", b"b", b"c", b"d"]);
        assert_eq!(lines(b"a\rb", 9).unwrap().len(), 2);
        // Written-out line ends count on one line alone; columns go on over them.
        let text = lines("a\\n\u{2014}b\\r\\nc\n".as_bytes(), 9).unwrap();
        assert_eq!(text.iter().map(Line::ascii).collect::<Vec<_>>(), [&b"a"[..], b"-b", b"c"]);
        assert_eq!(text.get(1).unwrap().strange.first().unwrap().column, 4);
        assert_eq!(lines(b"a\\nb\nc", 9).unwrap().len(), 2);
        assert!(lines(b"a\nb\nc\n", 2).is_none());
    }
}
