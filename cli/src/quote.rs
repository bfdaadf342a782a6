//! The marker line that a finding is about, with a caret under it.
//!
//! Only `-----BEGIN …-----` and `-----END …-----` are ever shown, and only labels that can hold no base64: any other text of a
//! certificate or key field may be a secret.

use crate::style::{self, DIM, Look};

/// The most letters of a label's word: `CERTIFICATE`, and fewer than the twelve that could give a key away.
const WORD: usize = 11;
/// The most words of a label.
const WORDS: usize = 5;

/// The marker on a line of a text, and where it is.
#[derive(Debug, PartialEq, Eq)]
struct Marker<'a> {
    text: &'a str,
    /// The characters before it, where they are blanks only.
    column: usize,
    /// Whether more text follows on the line.
    followed: bool,
}

/// The lines that quote line `line` of `content`, where that line is a marker; the caret is at `column`, or under the whole marker.
pub(crate) fn marker(
    look: Look,
    content: &str,
    line: usize,
    column: Option<usize>,
    paint: impl Fn(&str) -> String,
) -> Option<String> {
    let found = find(nth_line(content, line)?)?;
    let length = found.text.len();
    let caret = match column.and_then(|column| column.checked_sub(found.column)) {
        Some(0) | None => "^".repeat(length),
        Some(at) if at <= length => format!("{}^", " ".repeat(at.saturating_sub(1))),
        // The place is in the text after the marker, which is not shown.
        Some(_) => return None,
    };
    let number = line.to_string();
    let gutter = " ".repeat(number.len());
    let bar = look.paint(DIM, "|");
    let rest = if found.followed { "…" } else { "" };
    Some(format!(
        "   {} {bar} {}{rest}\n   {gutter} {bar} {}\n",
        look.paint(DIM, &number),
        style::escape(found.text),
        paint(&caret)
    ))
}

/// Line `line` of a text, from 1. Lines end with LF, CRLF or CR.
fn nth_line(content: &str, line: usize) -> Option<&str> {
    let mut rest = content;
    for _ in 1..line {
        let (_, after) = split_line(rest)?;
        rest = after;
    }
    Some(split_line(rest).map_or(rest, |(first, _)| first))
}

fn split_line(text: &str) -> Option<(&str, &str)> {
    let end = text.find(['\n', '\r'])?;
    let (line, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']))?;
    Some((line, rest))
}

/// The marker that a line starts with, if it does. Blanks, quotes and a byte-order mark may be before it.
fn find(line: &str) -> Option<Marker<'_>> {
    let start = line.trim_start_matches([' ', '\t', '\'', '"', '\u{feff}']);
    let column = line.chars().count().saturating_sub(start.chars().count());
    let opening = dashes(start)?;
    let rest = start.get(opening..)?;
    let keyword = ["BEGIN ", "END "].into_iter().find(|keyword| rest.starts_with(keyword))?;
    let rest = rest.get(keyword.len()..)?;
    let label = rest.split('-').next()?;
    let closing = dashes(rest.get(label.len()..)?)?;
    if !is_plain_label(label) {
        return None;
    }
    let length = opening.saturating_add(keyword.len()).saturating_add(label.len()).saturating_add(closing);
    let (text, after) = start.split_at_checked(length)?;
    Some(Marker { text, column, followed: !after.trim().is_empty() })
}

/// How many hyphens a text starts with: a marker has five, a damaged one a few less or more.
fn dashes(text: &str) -> Option<usize> {
    let count = text.bytes().take_while(|&byte| byte == b'-').count();
    (1..=10).contains(&count).then_some(count)
}

/// Whether a label is a few words of capitals and digits, each too short to be a piece of a key.
fn is_plain_label(label: &str) -> bool {
    label.split(' ').count() <= WORDS
        && label.split(' ').all(|word| {
            word.len() <= WORD && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(content: &str, line: usize, column: Option<usize>) -> Option<String> {
        marker(Look::plain(), content, line, column, str::to_owned)
    }

    #[test]
    fn a_marker_is_quoted_with_a_caret() {
        let text = "x\r\n-----BEGIN CERTIFICATE-----\nMIIB\n";
        assert_eq!(
            quoted(text, 2, None).as_deref(),
            Some("   2 | -----BEGIN CERTIFICATE-----\n     | ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n")
        );
        assert_eq!(
            quoted(text, 2, Some(12)).as_deref(),
            Some("   2 | -----BEGIN CERTIFICATE-----\n     |            ^\n")
        );
    }

    #[test]
    fn nothing_but_markers_is_quoted() {
        for text in [
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
            "-----BEGIN MIIEVQIBADANBGKQHKIG9W0BAQ-----",
            "-----BEGIN PRIVATE KEY MIIEvQ-----",
            "-----BEGIN PRIVATE KEY",
            "see -----BEGIN CERTIFICATE-----",
            "",
        ] {
            assert_eq!(quoted(text, 1, None), None, "{text}");
        }
        assert_eq!(quoted("-----BEGIN CERTIFICATE-----", 9, None), None);
    }

    #[test]
    fn what_follows_a_marker_is_hidden() {
        let one_line = " '-----BEGIN PRIVATE KEY-----MIIEvQIBADANBg-----END PRIVATE KEY-----\\n'";
        let got = quoted(one_line, 1, None).unwrap_or_default();
        assert!(got.starts_with("   1 | -----BEGIN PRIVATE KEY-----…\n"), "{got}");
        assert!(!got.contains("MIIE"));
        assert_eq!(quoted(one_line, 1, Some(3)).unwrap_or_default().lines().nth(1), Some("     | ^"));
        assert_eq!(quoted(one_line, 1, Some(40)), None);
    }

    #[test]
    fn a_damaged_marker_is_still_one() {
        assert!(quoted("----BEGIN CERTIFICATE----", 1, None).is_some());
    }
}
