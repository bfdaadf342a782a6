//! Text from the input made safe to print: escaped, cut, listed with a count. And octets as text.

use std::fmt::Write as _;

/// The characters of one quoted text that a message shows at most.
const SHOWN: usize = 80;

/// The items of a list that a message shows at most.
const LISTED: usize = 5;

/// `text` with every control, format, bidi, zero-width and unassigned-looking character written `\u{…}`, cut after 80 characters
/// with an ellipsis. Cost is bounded by what is shown, not by what is given.
pub(crate) fn escape(text: &str) -> String {
    if text.len() <= SHOWN && is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::new();
    for (shown, character) in text.chars().enumerate() {
        if shown == SHOWN {
            out.push('…');
            break;
        }
        push_escaped(&mut out, character);
    }
    out
}

/// `text` in backticks where it is at most 11 characters long, else its length only: for a field that holds a short word, so that a
/// longer text is in the wrong place and may be a key.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 11;
    match text.chars().nth(LONGEST) {
        None => format!("`{}`", escape(text)),
        Some(_) => format!("a text of {} characters", text.chars().count()),
    }
}

/// The whole of `text`, escaped as by [`escape`] but never cut: for values that are data, not part of a sentence.
pub(crate) fn escape_all(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| push_escaped(&mut out, character));
    out
}

/// Whether it is printable ASCII, as most names are.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

fn push_escaped(out: &mut String, character: char) {
    if is_unprintable(character) {
        let _ = write!(out, "\\u{{{:X}}}", u32::from(character));
    } else {
        out.push(character);
    }
}

/// Whether a terminal or a reader could be deceived by the character: controls, line separators, zero-width and
/// bidirectional marks (Unicode UAX #9, UTR #36), byte-order mark, tags, private use and noncharacters.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164
            | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0x10FFFF)
        || u32::from(character) & 0xFFFE == 0xFFFE
}

/// `items` joined with commas, the first five; how many more there are is said.
pub(crate) fn list<I>(items: I) -> String
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut out = String::new();
    let mut count = 0_usize;
    for item in items {
        if count < LISTED {
            if count > 0 {
                out.push_str(", ");
            }
            out.push_str(&escape(item.as_ref()));
        }
        count = count.saturating_add(1);
    }
    if count > LISTED {
        let _ = write!(out, " and {} more", count.saturating_sub(LISTED));
    }
    out
}

/// `1 block`, `3 blocks`: a count with its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The edit distance (Levenshtein), for labels and names: both are short.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (slot, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let replaced = diagonal.saturating_add(usize::from(x != y));
            diagonal = *slot;
            left = replaced.min(left.saturating_add(1)).min(diagonal.saturating_add(1));
            *slot = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Octets as hexadecimal digits in lower case.
pub(crate) fn hex(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len().saturating_mul(2));
    for octet in octets {
        let _ = write!(out, "{octet:02x}");
    }
    out
}

/// Up to three octets as four characters (RFC 4648, section 4).
pub(crate) fn push_base64(text: &mut String, octets: &[u8]) {
    let octet = |at: usize| u32::from(octets.get(at).copied().unwrap_or(0));
    let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
    for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
        text.push(if at <= octets.len() { character(bits >> shift & 63) } else { '=' });
    }
}

fn character(value: u32) -> char {
    let (first, from) = match value {
        0..26 => ('A', 0),
        26..52 => ('a', 26),
        52..62 => ('0', 52),
        62 => ('+', 62),
        _ => ('/', 63),
    };
    char::from_u32(u32::from(first).saturating_add(value.saturating_sub(from))).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_escaped() {
        for (input, want) in [
            ("plain é 汉", "plain é 汉"),
            ("a\u{1b}[31mred", "a\\u{1B}[31mred"),
            ("a\u{202e}b", "a\\u{202E}b"),
            ("a\u{200b}b\n", "a\\u{200B}b\\u{A}"),
            ("\u{feff}x\u{fffe}", "\\u{FEFF}x\\u{FFFE}"),
        ] {
            assert_eq!(escape(input), want);
        }
    }

    #[test]
    fn only_a_short_word_is_repeated() {
        assert_eq!(short("RSA4096\n"), "`RSA4096\\u{A}`");
        assert_eq!(short("elevenchars"), "`elevenchars`");
        assert_eq!(short("MIIEvQIBADAN"), "a text of 12 characters");
    }

    #[test]
    fn long_text_and_long_lists_are_cut() {
        assert_eq!(escape(&"x".repeat(80)).chars().count(), 80);
        assert_eq!(escape(&"x".repeat(81)), format!("{}…", "x".repeat(80)));
        assert_eq!(list(["a", "b"]), "a, b");
        assert_eq!(list(["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
    }
}
