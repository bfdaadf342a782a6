//! The lines of a text, with what only looks like ASCII written in ASCII.

use zeroize::Zeroizing;

use super::alike::{Alike, alike};
use crate::read::pem::text::character;

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
    pub(super) character: char,
    /// Whether it is taken for a hyphen, which no body has.
    pub(super) is_hyphen: bool,
    /// Its column in the line as given, in characters.
    pub(super) column: usize,
    /// Where its ASCII is, or would be, in the line as a marker and as a line of a body.
    pub(super) at: [usize; 2],
}

impl<'t> Line<'t> {
    fn new(given: &'t [u8], end: &'t [u8]) -> Self {
        let mut line = Self { given, end, folded: None, strange: Vec::new(), colours: 0 };
        if !given.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
            line.fold();
        }
        line
    }

    /// How many characters it has.
    pub(super) fn characters(&self) -> usize {
        self.given.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
    }

    /// What it says in ASCII, as a marker.
    pub(super) fn ascii(&self) -> &[u8] {
        self.folded.as_ref().map_or(self.given, |[ascii, _]| ascii.as_slice())
    }

    /// What it says in ASCII, as a line of a body: without the spaces of Unicode, and with each hyphen that is none as it is.
    pub(super) fn body(&self) -> &[u8] {
        self.folded.as_ref().map_or(self.given, |[_, body]| body.as_slice())
    }

    fn fold(&mut self) {
        // Nothing gets longer, so it is never moved.
        let new = || Zeroizing::new(Vec::with_capacity(self.given.len()));
        let (mut ascii, mut body) = (new(), new());
        let mut at = 0_usize;
        let mut column = 1_usize;
        while let Some(rest) = self.given.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = escape_sequence(rest) {
                self.colours = self.colours.saturating_add(1);
                at = at.saturating_add(length);
                column = column.saturating_add(length);
                continue;
            }
            let (character, length) = character(rest).unwrap_or(('\u{FFFD}', 1));
            let as_given = rest.get(..length).unwrap_or_default();
            let meant = if character.is_ascii() { None } else { alike(character) };
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

/// The length of the escape sequence of a terminal (ECMA-48, 5.4) that `bytes` start with: `ESC [`, parameters, a letter.
fn escape_sequence(bytes: &[u8]) -> Option<usize> {
    const LONGEST: usize = 32;
    let inside = bytes.strip_prefix(b"\x1B[")?;
    let parameters = inside.iter().take(LONGEST).take_while(|byte| matches!(byte, b' '..=b'?')).count();
    matches!(inside.get(parameters), Some(b'@'..=b'~')).then_some(parameters.saturating_add(3))
}

/// The lines of `bytes`. LF, CRLF and the line ends of Unicode end one; a CR alone only where there is no LF at all.
pub(super) fn lines(bytes: &[u8]) -> Vec<Line<'_>> {
    let has_lf = bytes.contains(&b'\n');
    let mut lines = Vec::new();
    let mut start = 0_usize;
    let mut at = 0_usize;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match rest {
            [b'\n', ..] => 1,
            [b'\r', b'\r', b'\n', ..] => 3,
            [b'\r', b'\n', ..] => 2,
            [b'\r', ..] if !has_lf => 1,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => {
                at = at.saturating_add(1);
                continue;
            }
        };
        let end = at.saturating_add(length);
        lines.push(Line::new(slice(bytes, start, at), slice(bytes, at, end)));
        (start, at) = (end, end);
    }
    if start < bytes.len() {
        lines.push(Line::new(slice(bytes, start, bytes.len()), &[]));
    }
    lines
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
            ("\u{410}\u{4E2D}", "A\u{4E2D}"),
            ("plain", "plain"),
        ] {
            let lines = lines(text.as_bytes());
            assert_eq!(std::str::from_utf8(lines.first().unwrap().ascii()).unwrap(), want);
        }
        let text = lines("a\u{2028}b\r\nc\r\r\nd".as_bytes());
        assert_eq!(text.iter().map(|line| line.given).collect::<Vec<_>>(), [b"a", b"b", b"c", b"d"]);
        assert_eq!(lines(b"a\rb").len(), 2);
    }
}
