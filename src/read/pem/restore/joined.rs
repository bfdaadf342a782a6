//! A block on one line, with something else where each line end was: `|`, `;`, a comma.

use zeroize::Zeroizing;

use super::Restored;
use crate::read::pem::base64::sextet;
use crate::read::pem::fault::Undone;
use crate::read::pem::marker::{self, Edge};

/// The usual widths of a line of base64.
const WIDTHS: [usize; 3] = [64, 76, 72];

/// The most bytes that stand for a line end.
const LONGEST: usize = 12;

/// The text with line ends, where each block has the same thing in their place.
pub(super) fn restore(bytes: &[u8]) -> Option<Restored> {
    // Text with line ends has them in its blocks too.
    if bytes.iter().filter(|byte| **byte == b'\n').count() > 2 {
        return None;
    }
    let first = marker::next(bytes, 0).filter(|marker| marker.edge == Edge::Begin)?;
    let separator = separator(bytes, first.end)?;
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut count = 0_usize;
    let mut at = 0_usize;
    while let Some(begin) = marker::next(bytes, at) {
        let end = marker::next(bytes, begin.end).filter(|end| end.edge == Edge::End)?;
        if begin.edge != Edge::Begin {
            return None;
        }
        // What is between two blocks is their separator, spaces, or nothing.
        let mut between = bytes.get(at..begin.start)?;
        while let Some(rest) = between.strip_prefix(separator) {
            between = rest;
        }
        if between.iter().any(|byte| byte.is_ascii_alphanumeric()) {
            text.extend_from_slice(between);
        }
        if !text.is_empty() {
            text.push(b'\n');
        }
        text.extend_from_slice(bytes.get(begin.start..begin.end)?);
        count = count.saturating_add(write_body(bytes.get(begin.end..end.start)?, separator, &mut text)?);
        text.extend_from_slice(bytes.get(end.start..end.end)?);
        at = end.end;
    }
    text.push(b'\n');
    let mut rest = bytes.get(at..)?;
    while let Some(more) = rest.strip_prefix(separator) {
        rest = more;
    }
    text.extend_from_slice(rest);
    let separator = std::str::from_utf8(separator).ok()?.trim().to_owned();
    let column = bytes.get(..first.end)?.len().saturating_add(1);
    let undone = vec![(1, Some(column), Undone::Separator { separator, count })];
    Some(Restored { text, undone, has_new_lines: true })
}

/// What stands after BEGIN, and after a full line of base64 again.
fn separator(bytes: &[u8], after: usize) -> Option<&[u8]> {
    (1..=LONGEST).find_map(|length| {
        let start = after.saturating_add(length);
        let separator = bytes.get(after..start)?;
        // Spaces, written-out line ends and characters that cannot be seen have findings of their own.
        let is_mark = separator.iter().any(u8::is_ascii_graphic) && !separator.starts_with(b"\\");
        let is_again = |width: &usize| {
            let line = start.saturating_add(*width);
            let is_full =
                bytes.get(start..line).is_some_and(|line| line.iter().all(|byte| sextet(*byte) >= 0));
            is_full && bytes.get(line..line.saturating_add(length)) == Some(separator)
        };
        (is_mark && WIDTHS.iter().any(is_again)).then_some(separator)
    })
}

/// The lines of a body that starts and ends with `separator`: how many there are.
fn write_body(body: &[u8], separator: &[u8], text: &mut Vec<u8>) -> Option<usize> {
    let inside = body.strip_prefix(separator)?;
    let inside = inside.strip_suffix(separator).unwrap_or(inside);
    let width = WIDTHS.into_iter().find(|width| {
        let end = width.saturating_add(separator.len());
        inside.get(*width..end) == Some(separator)
    });
    let width = width.unwrap_or(inside.len());
    text.push(b'\n');
    let mut at = 0_usize;
    let mut count = 1_usize;
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..rest.len().min(width))?;
        if !line.iter().all(|byte| sextet(*byte) >= 0 || *byte == b'=') {
            return None;
        }
        text.extend_from_slice(line);
        text.push(b'\n');
        count = count.saturating_add(1);
        at = at.saturating_add(width);
        if let Some(more) = inside.get(at..).filter(|more| !more.is_empty()) {
            more.strip_prefix(separator)?;
            at = at.saturating_add(separator.len());
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn any_separator_is_found() {
        let line = "MIIDsTCCApmgAwIBAgIIHh8zQD1O96owDQYJKoZIhvcNAQELBQAwPTELMAkGA1UE";
        let lines = ["-----BEGIN CERTIFICATE-----", line, line, "AA==", "-----END CERTIFICATE-----"];
        for separator in ["|", ";", ",", "/", "<br>", "%0A", " | "] {
            let text = lines.join(separator) + separator;
            let restored = restore(text.as_bytes()).unwrap();
            assert_eq!(std::str::from_utf8(&restored.text).unwrap(), lines.join("\n") + "\n", "{separator}");
        }
        assert!(restore(lines.join("\n").as_bytes()).is_none());
        assert!(restore(lines.join(" ").as_bytes()).is_none());
    }
}
