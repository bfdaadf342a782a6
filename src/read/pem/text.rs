//! The text of a field: its bytes, where a byte is in lines and columns, and the tokens between base64 characters.

use memchr::memchr;

/// The bytes of one field, with what is needed to count lines.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether a CR without LF ends lines.
    lone_cr: bool,
    /// Where the whole text is, when it was itself decoded from base64: lines inside it mean nothing to its author.
    wrapped_at: Option<(usize, usize)>,
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let lone_cr = bytes.contains(&b'\r')
            && (bytes.last() == Some(&b'\r')
                || bytes.windows(2).any(|pair| matches!(pair, [b'\r', next] if *next != b'\n')));
        Self { bytes, lone_cr, wrapped_at: None }
    }

    /// A text that was decoded from base64 which is at that line and column.
    pub(super) fn wrapped(bytes: &'a [u8], line: usize, column: usize) -> Self {
        Self { wrapped_at: Some((line, column)), ..Self::new(bytes) }
    }

    /// The text, with all of its lines on one of the text that was given.
    pub(super) fn on_one_line(self) -> Self {
        Self { wrapped_at: Some((1, 1)), ..self }
    }

    /// The bytes from `start` to before `end`; empty where there are none.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }
}

/// A place in a text. Lines and columns count from 1, columns in characters; CRLF, LF and a CR alone end a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    offset: usize,
    line: usize,
    column: usize,
}

impl Cursor {
    pub(super) const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place at `offset`, which is not before this one. Costs the distance.
    pub(super) fn advance(self, text: &Text<'_>, offset: usize) -> Self {
        let passed = text.slice(self.offset, offset);
        let lines = if text.lone_cr {
            (0..passed.len())
                .filter(|&index| ends_line(text.bytes, self.offset.saturating_add(index)))
                .count()
        } else {
            line_feeds(passed)
        };
        let last_line = if lines == 0 {
            passed
        } else {
            let start = (0..passed.len())
                .rev()
                .find(|&index| ends_line(text.bytes, self.offset.saturating_add(index)))
                .map_or(0, |index| index.saturating_add(1));
            passed.get(start..).unwrap_or_default()
        };
        let characters = characters(last_line);
        let from = if lines == 0 { self.column } else { 1 };
        Self { offset, line: self.line.saturating_add(lines), column: from.saturating_add(characters) }
    }

    /// The line and column as the report gives them.
    pub(super) fn shown(self, text: &Text<'_>) -> (usize, usize) {
        text.wrapped_at.unwrap_or((self.line, self.column))
    }
}

/// How many LF there are. Counted in chunks that a byte can count, which compiles to vector instructions.
fn line_feeds(bytes: &[u8]) -> usize {
    let count =
        |chunk: &[u8]| chunk.iter().fold(0_u8, |count, byte| count.wrapping_add(u8::from(*byte == b'\n')));
    bytes.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(count(chunk))).sum()
}

fn ends_line(bytes: &[u8], offset: usize) -> bool {
    match bytes.get(offset) {
        Some(b'\n') => true,
        Some(b'\r') => {
            let rest = bytes.get(offset.saturating_add(1)..).unwrap_or_default();
            !rest.starts_with(b"\n") && !rest.starts_with(b"\r\n")
        }
        _ => false,
    }
}

/// The first `byte` at or after `from`.
pub(super) fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    Some(from.saturating_add(memchr(byte, bytes.get(from..)?)?))
}

/// What is at a place that is not a base64 character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// LF or CRLF.
    Newline,
    /// CR without LF.
    LoneCr,
    /// An escape written out that means the end of a line: `\n`, `\r\n`, `\\n`, `\u000a`, `\x0a`, a backslash before a line end.
    EscapedNewline,
    /// An escape written out that means an ASCII character: `\/`, `\u002b`.
    Escaped(u8),
    /// A space or tab.
    Space,
    /// A space of Unicode, or a character of no width.
    WideSpace,
    /// U+FEFF.
    Bom,
    /// A quote, straight or curly, or an escaped one.
    Quote,
    /// Anything else.
    Other,
}

/// The token at `at` and its length in bytes, at least 1.
pub(super) fn token(bytes: &[u8], at: usize) -> (Token, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest {
        [b'\n', ..] => (Token::Newline, 1),
        [b'\r', b'\n', ..] => (Token::Newline, 2),
        // CRLF that was written as text once more: one line end.
        [b'\r', b'\r', b'\n', ..] => (Token::LoneCr, 3),
        // CRLF of which the LF was written out.
        [b'\r', b'\\', ..] => match escape(rest.get(1..).unwrap_or_default()) {
            (Token::EscapedNewline, length) => (Token::EscapedNewline, length.saturating_add(1)),
            _ => (Token::LoneCr, 1),
        },
        [b'\r', ..] => (Token::LoneCr, 1),
        [b' ' | b'\t' | 0x0B | 0x0C, ..] => (Token::Space, 1),
        [b'"' | b'\'' | b'`', ..] => (Token::Quote, 1),
        [b'\\', ..] => escape(rest),
        [0x80..=0xFF, ..] => {
            let Some((character, length)) = character(rest) else { return (Token::Other, 1) };
            let token = match character.meaning {
                '\u{FEFF}' => Token::Bom,
                '\u{2018}'..='\u{201F}' | '\u{300C}'..='\u{300F}' | '\u{FF02}' | '\u{FF07}' => Token::Quote,
                '\u{200B}'..='\u{200F}' | '\u{2060}' => Token::WideSpace,
                other if other.is_whitespace() => Token::WideSpace,
                _ => Token::Other,
            };
            (token, length)
        }
        _ => (Token::Other, 1),
    }
}

/// A character of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Character {
    /// What it is.
    pub(crate) meaning: char,
    /// The byte that it is written as, where that is not UTF-8 but Windows-1252.
    pub(crate) byte: Option<u8>,
}

impl From<char> for Character {
    fn from(meaning: char) -> Self {
        Self { meaning, byte: None }
    }
}

/// The character that `bytes` start with, and its length; `None` where they are neither UTF-8 nor what word processors write in Windows-1252.
pub(super) fn character(bytes: &[u8]) -> Option<(Character, usize)> {
    let first = *bytes.first()?;
    if first.is_ascii() {
        return Some((char::from(first).into(), 1));
    }
    let head = bytes.get(..bytes.len().min(4))?;
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    match valid.chars().next() {
        Some(character) => Some((character.into(), character.len_utf8())),
        None => windows(first).map(|meaning| (Character { meaning, byte: Some(first) }, 1)),
    }
}

/// What a byte that is not UTF-8 is in Windows-1252, where word processors put that in place of ASCII.
fn windows(byte: u8) -> Option<char> {
    Some(match byte {
        0x85 => '\u{2026}',
        0x91 => '\u{2018}',
        0x92 => '\u{2019}',
        0x93 => '\u{201C}',
        0x94 => '\u{201D}',
        0x96 => '\u{2013}',
        0x97 => '\u{2014}',
        0xA0 => '\u{A0}',
        0xAD => '\u{AD}',
        _ => return None,
    })
}

/// How many characters a text has; a byte that is not UTF-8 is one.
pub(super) fn characters(text: &[u8]) -> usize {
    let chunks = text.utf8_chunks();
    chunks.fold(0, |count, chunk| {
        count.saturating_add(chunk.valid().chars().count()).saturating_add(chunk.invalid().len())
    })
}

fn escape(rest: &[u8]) -> (Token, usize) {
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let after = rest.get(slashes..).unwrap_or_default();
    let length = slashes.saturating_add(1);
    match after {
        [b'n', ..] => (Token::EscapedNewline, length),
        [b'r', more @ ..] => {
            let second = more.iter().take(8).take_while(|byte| **byte == b'\\').count();
            let both = second > 0 && more.get(second) == Some(&b'n');
            let more = if both { second.saturating_add(1) } else { 0 };
            (Token::EscapedNewline, length.saturating_add(more))
        }
        [b'\r', b'\n', ..] => (Token::EscapedNewline, length.saturating_add(1)),
        [b'\n' | b'\r', ..] => (Token::EscapedNewline, length),
        [b'"' | b'\'' | b'`', ..] => (Token::Quote, length),
        [b'/', ..] => (Token::Escaped(b'/'), length),
        [b'u', b'0', b'0', high, low, ..] | [b'x', high, low, ..] => {
            let token = match (high, low) {
                (b'0', b'a' | b'A' | b'd' | b'D') => Token::EscapedNewline,
                (b'2', b'2' | b'7') => Token::Quote,
                (b'2', b'b' | b'B') => Token::Escaped(b'+'),
                (b'2', b'f' | b'F') => Token::Escaped(b'/'),
                (b'3', b'd' | b'D') => Token::Escaped(b'='),
                _ => return (Token::Other, slashes),
            };
            let digits = if after.starts_with(b"u") { 4 } else { 2 };
            (token, length.saturating_add(digits))
        }
        _ => (Token::Other, slashes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_of_every_kind_and_characters() {
        for (text, offset, line, column) in [
            ("ab", 1, 1, 2),
            ("a\nb", 2, 2, 1),
            ("a\r\nb", 3, 2, 1),
            ("a\rb\rc", 4, 3, 1),
            ("a\r\nb\rc", 5, 3, 1),
            ("é\u{3000}x", 5, 1, 3),
            ("a\n\u{3000}x", 5, 2, 2),
        ] {
            let first = text.chars().next().map_or(0, char::len_utf8);
            let text = Text::new(text.as_bytes());
            assert_eq!(Cursor::START.advance(&text, offset).shown(&text), (line, column));
            let half = Cursor::START.advance(&text, first).advance(&text, offset);
            assert_eq!(half, Cursor::START.advance(&text, offset), "in two steps");
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_one_character() {
        let text = Text::new(b"a\n\xA0\xA0x\xE9y");
        assert_eq!(Cursor::START.advance(&text, 4).shown(&text), (2, 3));
        assert_eq!(Cursor::START.advance(&text, 6).shown(&text), (2, 5));
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..100 {
            let mut bytes = vec![b'a'; length];
            assert_eq!(find(&bytes, 0, b'-'), None);
            bytes.push(b'-');
            assert_eq!(find(&bytes, 0, b'-'), Some(length));
            assert_eq!(find(&bytes, length / 2, b'-'), Some(length));
        }
        assert_eq!(find(&[b'-'; 70], 0, b'-'), Some(0));
    }

    #[test]
    fn escapes_are_read() {
        for (input, token_wanted, length) in [
            (r"\n", Token::EscapedNewline, 2),
            (r"\\n", Token::EscapedNewline, 3),
            (r"\r\n", Token::EscapedNewline, 4),
            (r"\\r\\nA", Token::EscapedNewline, 6),
            ("\\\r\nA", Token::EscapedNewline, 3),
            ("\r\\nA", Token::EscapedNewline, 3),
            ("\r\\A", Token::LoneCr, 1),
            (r"\/", Token::Escaped(b'/'), 2),
            (r"\u002B", Token::Escaped(b'+'), 6),
            (r"\u002f", Token::Escaped(b'/'), 6),
            (r"\u003D", Token::Escaped(b'='), 6),
            (r"\\u0022", Token::Quote, 7),
            (r"\u0027", Token::Quote, 6),
            (r"\u0041", Token::Other, 1),
            (r"\u00", Token::Other, 1),
            (r"\u000aA", Token::EscapedNewline, 6),
            (r"\x0AA", Token::EscapedNewline, 4),
            (r"\x2b", Token::Escaped(b'+'), 4),
            (r"\x41", Token::Other, 1),
            (r#"\""#, Token::Quote, 2),
            (r"\x", Token::Other, 1),
            ("\u{3000}", Token::WideSpace, 3),
            ("\u{201c}", Token::Quote, 3),
            ("\u{feff}", Token::Bom, 3),
            ("\u{4e2d}", Token::Other, 3),
        ] {
            assert_eq!(token(input.as_bytes(), 0), (token_wanted, length), "{input}");
        }
        assert_eq!(token(&[0xE3, 0x80], 0), (Token::Other, 1));
        // Windows-1252.
        assert_eq!(token(b"\xA0A", 0), (Token::WideSpace, 1));
        assert_eq!(token(b"\x93-----", 0), (Token::Quote, 1));
        assert_eq!(token(b"\x97-----", 0), (Token::Other, 1));
    }
}
