//! What stands before and after the base64 on each line of a block, and lines of other text between them.

use std::ops::Range;

use crate::read::pem::base64::sextet;
use crate::read::pem::fault::Mark;

/// The lines of a body without what decorates them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cores {
    /// Where the base64 of each line is; empty for a blank line.
    pub(super) cores: Vec<Range<usize>>,
    /// What each line begins with.
    pub(super) start: Option<Mark>,
    /// What each line ends with.
    pub(super) end: Option<Mark>,
}

/// What stands on one side of the base64; `None` for nothing, or spaces.
fn mark(side: &[u8]) -> Option<Mark> {
    const LONGEST: usize = 8;
    let side = side.trim_ascii();
    if side.is_empty() {
        return None;
    }
    let text = std::str::from_utf8(side).ok().filter(|text| text.chars().count() <= LONGEST);
    // The letter of a written-out line end is a mark.
    let is_escape = [&b"\\n"[..], b"\\r", b"^M"].iter().any(|end| side.starts_with(end));
    Some(match text {
        Some(text) if is_escape || !side.iter().any(u8::is_ascii_alphanumeric) => {
            Mark::Marks(text.to_owned())
        }
        _ if side.iter().any(u8::is_ascii_digit) && !side.iter().any(u8::is_ascii_alphabetic) => Mark::Number,
        _ => Mark::Text,
    })
}

fn is_base64(byte: u8) -> bool {
    sextet(byte) >= 0 || byte == b'='
}

/// The base64 of the lines of a body, where all of them are decorated alike. `around` is what stands before and after BEGIN on its line.
pub(super) fn cores(body: &[&[u8]], around: [&[u8]; 2]) -> Option<Cores> {
    /// So many lines alike are no accident; where there are fewer, BEGIN must be decorated like them.
    const ENOUGH: usize = 3;
    let [opening, closing] = around;
    // Marks that are base64 characters themselves, as `+` and `//`, show only beside BEGIN.
    let opening = opening.trim_ascii_end();
    let is_opening = !opening.is_empty() && opening.iter().all(|byte| matches!(byte, b'+' | b'/'));
    let skipped = |line: &[u8]| {
        if is_opening && line.starts_with(opening) { opening.len() } else { 0 }
    };
    if is_opening && body.iter().any(|line| skipped(line) == 0 && !line.trim_ascii().is_empty()) {
        return None;
    }
    let first = body.iter().position(|line| line.len() > skipped(line) && !line.trim_ascii().is_empty())?;
    let sample = body.get(first)?;
    let sample_core = longest_run(sample, skipped(sample));
    let suffix = sample.get(sample_core.end..)?.trim_ascii();
    let prefix = sample.get(skipped(sample)..sample_core.start)?;
    let last = body.iter().rposition(|line| !line.trim_ascii().is_empty())?;
    let mut cores = Vec::with_capacity(body.len());
    for (number, line) in body.iter().enumerate() {
        let from = skipped(line);
        let core = core_of(line, from, suffix);
        let before = line.get(from..core.start)?;
        let is_alike = before.is_empty() == prefix.is_empty() && before.last() == prefix.last();
        let has_suffix = line.get(core.end..)?.trim_ascii() == suffix;
        if core.is_empty() || !is_alike {
            // A line that holds the decoration alone.
            let is_bare = !line.get(from..)?.iter().any(u8::is_ascii_alphabetic);
            if !is_bare || (number == last && core.is_empty() && last == first) {
                return None;
            }
            cores.push(0..0);
            continue;
        }
        let is_last = number >= last;
        let is_long = core.len() == sample_core.len();
        if !(is_long || (is_last && core.len() < sample_core.len())) || !(has_suffix || is_last) {
            return None;
        }
        cores.push(core);
    }
    let start = if is_opening {
        Some(Mark::Marks(String::from_utf8_lossy(opening).into_owned()))
    } else {
        mark(prefix)
    };
    let end = mark(suffix);
    let is_like_begin = start == mark(around[0]) && end == mark(closing);
    let count = cores.iter().filter(|core| !core.is_empty()).count();
    (count >= ENOUGH || is_like_begin).then_some(Cores { cores, start, end })
}

/// The longest run of base64 characters at or after `from`.
fn longest_run(line: &[u8], from: usize) -> Range<usize> {
    let mut best = from..from;
    let mut start = from;
    for at in from..=line.len() {
        if line.get(at).is_some_and(|byte| is_base64(*byte)) {
            continue;
        }
        if at.saturating_sub(start) > best.len() {
            best = start..at;
        }
        start = at.saturating_add(1);
    }
    best
}

/// The base64 before `suffix`, or at the end of the line.
fn core_of(line: &[u8], from: usize, suffix: &[u8]) -> Range<usize> {
    let trimmed = line.trim_ascii_end();
    let end = trimmed.strip_suffix(suffix).unwrap_or(trimmed).trim_ascii_end().len().max(from);
    let run = line.get(from..end).unwrap_or_default();
    let length = run.iter().rev().take_while(|byte| is_base64(**byte)).count();
    end.saturating_sub(length)..end
}

/// Of the lines of a body those that are something else than base64 of the usual width, where there are few.
pub(super) fn other_lines(body: &[&[u8]]) -> Option<Vec<bool>> {
    const MOST: usize = 12;
    const SHORTEST: usize = 40;
    let length = |line: &[u8]| {
        let line = line.trim_ascii();
        line.iter().all(|byte| is_base64(*byte)).then_some(line.len())
    };
    let usual = body.iter().filter_map(|line| length(line)).find(|length| *length >= SHORTEST)?;
    // Behind the last full line, one shorter line ends the body.
    let last = body.iter().rposition(|line| length(line) == Some(usual))?;
    let rest = body.iter().enumerate().skip(last.saturating_add(1));
    let tail = rest
        .filter(|(_, line)| {
            length(line).is_some_and(|length| (1..usual).contains(&length) && length % 4 == 0)
        })
        .map(|(number, _)| number)
        .next_back();
    let is_other: Vec<bool> = body
        .iter()
        .enumerate()
        .map(|(number, line)| {
            !line.trim_ascii().is_empty() && Some(number) != tail && length(line) != Some(usual)
        })
        .collect();
    let count = is_other.iter().filter(|other| **other).count();
    (1..=MOST).contains(&count).then_some(is_other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const LONG: &str = "MIIDsTCCApmgAwIBAgIIHh8zQD1O96owDQYJKoZIhvcNAQELBQAwPTELMAkGA1UE";

    #[test]
    fn decorations_are_found_on_both_sides() {
        let marks = |marks: &str| Some(Mark::Marks(marks.to_owned()));
        for (first, last, opening, closing, start, end) in [
            ("  2\tX", "  3\tAA==", "  1\t", "", Some(Mark::Number), None),
            ("9:X", "10:AA==", "8:", "", Some(Mark::Number), None),
            ("> X", "> AA==", "> ", "", marks(">"), None),
            ("+X", "+AA==", "+", "", marks("+"), None),
            ("//X", "//AA==", "//", "", marks("//"), None),
            ("| X |", "| AA==     |", "| ", " |", marks("|"), marks("|")),
            (r"'X\n' +", r"'AA==\n' +", "'", r"\n' +", marks("'"), marks(r"\n' +")),
            ("X,", "AA==", "", ",", None, marks(",")),
            ("X \\", "AA== \\", "", " \\", None, marks("\\")),
            ("a.pem:2:X", "a.pem:3:AA==", "a.pem:1:", "", Some(Mark::Text), None),
        ] {
            let (first, last) = (first.replace('X', LONG), last.to_owned());
            let lines = [first.as_bytes(), last.as_bytes()];
            let found = cores(&lines, [opening.as_bytes(), closing.as_bytes()]).unwrap();
            let text = |line: usize| std::str::from_utf8(&lines[line][found.cores[line].clone()]).unwrap();
            assert_eq!((text(0), text(1)), (LONG, "AA=="), "{first}");
            assert_eq!((&found.start, &found.end), (&start, &end), "{first}");
        }
        let lines = [LONG.as_bytes(), b"Page 3 of 7", b"AA=="];
        assert_eq!(cores(&lines, [b"", b""]), None);
    }

    #[test]
    fn lines_of_other_text_are_found() {
        let lines = [LONG.as_bytes(), b"Page 3 of 7", LONG.as_bytes(), b"AA=="];
        assert_eq!(other_lines(&lines).unwrap(), [false, true, false, false]);
        assert_eq!(other_lines(&[LONG.as_bytes(), b"AA=="]), None);
    }
}
