//! Lines that are meant to be BEGIN or END lines, however they are written.

use std::sync::LazyLock;

use zeroize::Zeroizing;

use crate::read::pem::marker::{self, Edge};
use crate::text::distance;

/// The labels that a line is held against.
const LABELS: &[&str] = &[
    "CERTIFICATE",
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "SM2 PRIVATE KEY",
    "X509 CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "EC PARAMETERS",
    "CERTIFICATE REQUEST",
    "PUBLIC KEY",
];

/// The characters of a line that are looked at: markers stand at its start, or behind a short decoration.
const LOOKED_AT: usize = 300;

/// A line that is meant to be a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) edge: Edge,
    pub(super) label: &'static str,
    /// Where it starts and ends in the line, hyphens included.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The hyphens before and after its words.
    pub(super) hyphens: [usize; 2],
    /// How many letters of its words are wrong; small ones are not.
    pub(super) wrong: usize,
    /// Where its words start and end in the line.
    words: (usize, usize),
}

impl Meant {
    /// The line as it has to be written.
    pub(super) fn right(&self) -> String {
        right(self.edge, self.label)
    }

    /// Whether `line` holds it exactly.
    pub(super) fn is_exact(&self, line: &[u8]) -> bool {
        line.get(self.start..self.end) == Some(self.right().as_bytes())
    }

    /// The words as they are in `line`.
    pub(super) fn words<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        line.get(self.words.0..self.words.1).unwrap_or_default()
    }

    /// The same line with the label that the other line of the block has, where it can be that one too.
    pub(super) fn with_label(self, line: &[u8], label: &'static str) -> Option<Self> {
        let wrong = distance(&letters(self.words(line)), &letters(words_of(self.edge, label).as_bytes()));
        (wrong <= MOST_WRONG).then_some(Self { label, wrong, ..self })
    }

    /// The same line as the other edge.
    pub(super) fn with_edge(self, edge: Edge) -> Self {
        Self { edge, ..self }
    }
}

const MOST_WRONG: usize = 2;

pub(super) fn right(edge: Edge, label: &str) -> String {
    format!("-----{}-----", words_of(edge, label))
}

fn words_of(edge: Edge, label: &str) -> String {
    match edge {
        Edge::Begin => format!("BEGIN {label}"),
        Edge::End => format!("END {label}"),
    }
}

/// The letters and digits of a text, as capitals. The text may be the end of a private key.
fn letters(text: &[u8]) -> Zeroizing<String> {
    let mut letters = Zeroizing::new(String::with_capacity(text.len()));
    let all = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.extend(all.map(|byte| char::from(byte.to_ascii_uppercase())));
    letters
}

/// Whether the letters of a text begin with these capitals.
fn begins_with(text: &[u8], capitals: &[u8]) -> bool {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(u8::to_ascii_uppercase).take(capitals.len()).eq(capitals.iter().copied())
}

/// How many more texts may be compared with the labels: it bounds the cost of a text that is full of words between hyphens.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(600)
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }

    fn take(&mut self) -> bool {
        let is_left = !self.is_spent();
        self.0 = self.0.saturating_sub(1);
        is_left
    }
}

/// An exact marker with a label that a line is held against.
fn exact(line: &[u8]) -> Option<Meant> {
    let found = marker::next(line, 0)?;
    let label = LABELS.iter().copied().find(|label| *label == found.label)?;
    let words = (found.start.saturating_add(5), found.end.saturating_sub(5));
    let (start, end) = (found.start, found.end);
    Some(Meant { edge: found.edge, label, start, end, hyphens: [5, 5], wrong: 0, words })
}

/// The marker that an ASCII line is meant to be.
pub(super) fn meant(line: &[u8], budget: &mut Budget) -> Option<Meant> {
    if let Some(exact) = exact(line) {
        return Some(exact);
    }
    let line = line.get(..line.len().min(LOOKED_AT)).unwrap_or_default();
    let mut best: Option<Meant> = None;
    // Without hyphens, the words have to be all that the line holds.
    let has_dash = line.iter().any(|byte| is_dash(*byte));
    let starts = if has_dash {
        line.len()
    } else {
        line.len().saturating_sub(line.trim_ascii_start().len()).saturating_add(1)
    };
    let mut before = b' ';
    for (at, &byte) in line.iter().enumerate().take(starts) {
        let is_start = byte.is_ascii_alphabetic() && !before.is_ascii_alphanumeric();
        before = byte;
        if !is_start {
            continue;
        }
        if let Some(found) = meant_at(line, at, budget)
            && best.is_none_or(|best| found.wrong < best.wrong)
        {
            best = Some(found);
        }
    }
    best
}

/// The marker whose words start at `at`.
fn meant_at(line: &[u8], at: usize, budget: &mut Budget) -> Option<Meant> {
    // The longest words with two characters more, and spaces.
    const LONGEST: usize = 48;
    let rest = line.get(at..)?;
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'\t' | b'\0' | b'#');
    let mut length = rest.iter().take(LONGEST).take_while(|byte| is_word(byte)).count();
    // One hyphen or underscore between two words is not the end.
    while let Some([b'-' | b'_', next, ..]) = rest.get(length..)
        && next.is_ascii_alphabetic()
        && length < LONGEST
    {
        let more = rest.iter().skip(length.saturating_add(1)).take_while(|byte| is_word(byte)).count();
        length = length.saturating_add(more).saturating_add(1);
    }
    let words = rest.get(..length)?.trim_ascii_end();
    let end = at.saturating_add(words.len());
    let count = words.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    if !(8..=LONGEST).contains(&count) {
        return None;
    }
    let (start, before) = hyphens_before(line, at);
    let (end_of_all, after) = hyphens_after(line, end);
    let is_named = || begins_with(words, b"BEGIN") || begins_with(words, b"END");
    if (before.max(after) == 0 && !is_named()) || !budget.take() {
        return None;
    }
    let best = nearest(&letters(words)).map(|(Words { edge, label, .. }, wrong)| {
        let (edge, label, hyphens) = (*edge, *label, [before, after]);
        Meant { edge, label, start, end: end_of_all, hyphens, wrong, words: (at, end) }
    });
    // Words without any hyphens are a marker only where they are right, in capitals and all that the line holds.
    let is_alone = line.trim_ascii() == words && line.get(at..end)?.iter().all(|b| !b.is_ascii_lowercase());
    best.filter(|meant| before.max(after) >= 1 || (meant.wrong == 0 && is_alone))
}

/// The words of a marker.
struct Words {
    edge: Edge,
    label: &'static str,
    letters: Zeroizing<String>,
}

/// The words that these letters are meant to be, and how many of the letters are wrong.
fn nearest(given: &str) -> Option<(&'static Words, usize)> {
    static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
        let both = [Edge::Begin, Edge::End].into_iter();
        let all = both.flat_map(|edge| LABELS.iter().map(move |label| (edge, *label)));
        all.map(|(edge, label)| Words { edge, label, letters: letters(words_of(edge, label).as_bytes()) })
            .collect()
    });
    let near = || ALL.iter().filter(|words| words.letters.len().abs_diff(given.len()) <= MOST_WRONG);
    // Mostly it is the case, the spaces or the hyphens that are wrong.
    if let Some(same) = near().find(|words| words.letters.as_str() == given) {
        return Some((same, 0));
    }
    let near = near().map(|words| (words, distance(given, &words.letters)));
    near.filter(|(_, wrong)| *wrong <= MOST_WRONG).min_by_key(|(_, wrong)| *wrong)
}

fn is_dash(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'=' | b'~')
}

/// The most spaces between the hyphens and the words of a marker.
const SPACES: usize = 3;

/// How many bytes the hyphens take, and how many they are: all together, or each with a space before the next.
fn dashes<'b>(bytes: impl Iterator<Item = &'b u8> + Clone) -> (usize, usize) {
    let together = bytes.clone().take_while(|byte| is_dash(**byte)).count();
    if together != 1 {
        return (together, together);
    }
    let is_spaced = |(index, byte): &(usize, &u8)| match index % 2 {
        0 => is_dash(**byte),
        _ => **byte == b' ',
    };
    let length = bytes.enumerate().take_while(is_spaced).count();
    let count = length.div_ceil(2);
    // A space that no hyphen follows is not theirs.
    (count.saturating_mul(2).saturating_sub(1), count)
}

/// Where the hyphens before `at` start, and how many there are; spaces may be between them and `at`.
fn hyphens_before(line: &[u8], at: usize) -> (usize, usize) {
    let before = line.get(..at).unwrap_or_default();
    let spaces = before.iter().rev().take(SPACES).take_while(|byte| **byte == b' ').count();
    let (length, count) = dashes(before.iter().rev().skip(spaces));
    let start = if count == 0 { at } else { at.saturating_sub(spaces).saturating_sub(length) };
    (start, count)
}

/// Where the hyphens after `at` end, and how many there are.
fn hyphens_after(line: &[u8], at: usize) -> (usize, usize) {
    let after = line.get(at..).unwrap_or_default();
    let spaces = after.iter().take(SPACES).take_while(|byte| **byte == b' ').count();
    let (length, count) = dashes(after.iter().skip(spaces));
    let end = if count == 0 { at } else { at.saturating_add(spaces).saturating_add(length) };
    (end, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_meant_however_they_are_written() {
        use Edge::{Begin, End};
        for (text, want) in [
            ("-----BEGIN CERTIFICATE-----", Some((Begin, "CERTIFICATE", 0, 27))),
            ("----BEGIN CERTIFICATE-----", Some((Begin, "CERTIFICATE", 0, 26))),
            ("BEGIN RSA PRIVATE KEY-----", Some((Begin, "RSA PRIVATE KEY", 0, 26))),
            ("----- BEGIN PRIVATE KEY -----", Some((Begin, "PRIVATE KEY", 0, 29))),
            ("- - - - -BEGIN PRIVATE KEY- - - - -", Some((Begin, "PRIVATE KEY", 0, 35))),
            ("- -----BEGIN PRIVATE KEY-----", Some((Begin, "PRIVATE KEY", 2, 29))),
            ("-----END CERTFICATE-----", Some((End, "CERTIFICATE", 0, 24))),
            ("-----EDN PRIVATE KEY-----", Some((End, "PRIVATE KEY", 0, 25))),
            ("-----begin certificate-----", Some((Begin, "CERTIFICATE", 0, 27))),
            ("-----BEGINCERTIFICATE-----", Some((Begin, "CERTIFICATE", 0, 26))),
            ("-----BEGIN EC PRIVATE KEY-----", Some((Begin, "EC PRIVATE KEY", 0, 30))),
            ("12: -----END CERTIFICATE----- ;", Some((End, "CERTIFICATE", 4, 29))),
            ("> ----BEGIN_CERTIFICATE----", Some((Begin, "CERTIFICATE", 2, 27))),
            ("BEGIN CERTIFICATE", Some((Begin, "CERTIFICATE", 0, 17))),
            ("begin certificate", None),
            ("the key - begin with this", None),
            ("MIIDsTCCApmgAwIBAgIIHh8zQD1O96owDQYJKoZIhvcNAQELBQAwPTELMAkGA1UE", None),
            ("-----BEGIN MESSAGE-----", None),
            ("", None),
        ] {
            let found = meant(text.as_bytes(), &mut Budget::new())
                .map(|meant| (meant.edge, meant.label, meant.start, meant.end));
            assert_eq!(found, want, "{text}");
        }
    }
}
