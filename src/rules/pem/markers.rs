//! The lines that begin and end a block: not exact, missing, or of two labels.

use std::collections::BTreeSet;

use super::{ERROR, Expected};
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::pem::fault::{Character, MarkerFault, MarkerFlaw, Next, WrongMarker};
use crate::rule::{Mend, Rule};
use crate::rules::pem::character::describe;
use crate::text::{self, count};

/// The finding on a BEGIN or END line.
pub(super) fn finding(fault: &MarkerFault, expected: Expected, place: Location) -> Finding {
    match fault {
        MarkerFault::Near { open } => near(open.as_deref(), expected, place),
        MarkerFault::OtherEnd { begin, begin_line, end } => other_end(begin, *begin_line, end, place),
        MarkerFault::NoBegin { label, is_read, misspelt } => no_begin(label, *is_read, *misspelt, place),
        MarkerFault::StrayBase64 => stray_base64(place),
        MarkerFault::NoEnd { label, next } => no_end(label, next, place),
        MarkerFault::CutObject => cut_object(place),
    }
}

static PEM_MARKER: Rule = Rule {
    code: "pem-marker",
    summary: "A BEGIN or END line is not written exactly",
    hint: "Write the line with five hyphens on each side and capital letters, such as `-----BEGIN CERTIFICATE-----`.",
    why: "A block starts with five hyphens, BEGIN, one space, the label and five hyphens, and ends with the same line with END. A line with \
          four or six hyphens, with dashes that a word processor put in their place, with small letters, or broken into two is not such a line. \
          Programs then skip the whole block without a message.\n\n\
          Example: `----BEGIN CERTIFICATE-----` lost its first hyphen when it was copied.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3", "UTS #39"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

/// BEGIN and END lines that are known for what they are meant to be.
pub(super) fn wrong(markers: &[WrongMarker], place: Location) -> Finding {
    let is_one_line = markers.len() > 1 && markers.iter().all(|marker| Some(marker.line) == place.line);
    // Lines that have the same flaws share their words.
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for marker in markers {
        let flaws = flaws(&marker.flaws);
        match told.iter_mut().find(|(other, _)| *other == flaws) {
            Some((_, lines)) => lines.push(marker.line.to_string()),
            None => told.push((flaws, vec![marker.line.to_string()])),
        }
    }
    let lines: Vec<_> = told
        .iter()
        .take(SHOWN)
        .map(|(flaws, lines)| {
            let noun = if lines.len() == 1 { "line" } else { "lines" };
            if is_one_line { flaws.clone() } else { format!("{noun} {}: {flaws}", text::list(lines)) }
        })
        .collect();
    let number = markers.len();
    let (subject, verb) = (count(number, "BEGIN or END line"), if number == 1 { "is" } else { "are" });
    let message =
        told!("{subject} {verb} not written exactly ({lines})", count = number, lines = lines.join("; "));
    let mut right: Vec<_> = markers
        .iter()
        .take(SHOWN)
        .map(|marker| match marker.flaws.as_slice() {
            [MarkerFlaw::Twice] => format!("Remove line {}.", marker.line),
            _ if is_one_line => format!("Write `{}`.", marker.right),
            _ => format!("Write line {} as `{}`.", marker.line, marker.right),
        })
        .collect();
    // On one line, what stands there several times is written alike.
    let mut written = BTreeSet::new();
    right.retain(|text| !is_one_line || written.insert(text.clone()));
    let more = if number > SHOWN { " Write the others likewise." } else { "" };
    Finding::new(&PEM_MARKER, place, message).hint(format!("{}{more}", right.join(" "))).repairable()
}

/// The lines that a message shows at most.
const SHOWN: usize = 8;

/// What is wrong with a marker, in words. A character that stands in several columns is named once.
fn flaws(flaws: &[MarkerFlaw]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut columns: Vec<(Character, Vec<String>)> = Vec::new();
    for flaw in flaws {
        match *flaw {
            MarkerFlaw::Character { character, column } => {
                match columns.iter_mut().find(|(other, _)| *other == character) {
                    Some((_, columns)) => columns.push(column.to_string()),
                    None => columns.push((character, vec![column.to_string()])),
                }
            }
            MarkerFlaw::Hyphens { before, after } => words.push(hyphens(before, after)),
            MarkerFlaw::SmallLetters => words.push("small letters".to_owned()),
            MarkerFlaw::Spaces => {
                words.push("a space or mark that does not belong there, or a missing space".to_owned());
            }
            MarkerFlaw::Twice => words.push("it stands twice".to_owned()),
            MarkerFlaw::Words => words.push("a word is misspelt".to_owned()),
        }
    }
    let characters = columns.iter().map(|(character, columns)| {
        let noun = if columns.len() == 1 { "column" } else { "columns" };
        format!("{} in {noun} {}", describe(*character), text::list(columns))
    });
    let all: Vec<_> = characters.chain(words).collect();
    all.join(", ")
}

fn hyphens(before: usize, after: usize) -> String {
    let wrong = |number: usize| match number {
        0 => "no hyphens".to_owned(),
        number => count(number, "hyphen"),
    };
    match (before, after) {
        _ if before == after => format!("{} on each side, not 5", wrong(before)),
        (_, 5) => format!("{} before its words, not 5", wrong(before)),
        (5, _) => format!("{} after its words, not 5", wrong(after)),
        _ => format!("{} before its words and {} after them, not 5", wrong(before), wrong(after)),
    }
}

fn near(open: Option<&str>, expected: Expected, place: Location) -> Finding {
    let message = "this looks like a BEGIN or END line, but it is not written exactly";
    let finding = Finding::new(&PEM_MARKER, place, message);
    match open {
        Some(label) => finding.hint(told!(
            "If the block ends there, write the line as `-----END {label}-----`.",
            label = label
        )),
        None if expected == Expected::PrivateKey => finding.hint(
            "Write the line with five hyphens on each side and capital letters, such as `-----BEGIN PRIVATE KEY-----`.",
        ),
        None => finding,
    }
}

static PEM_END_LABEL: Rule = Rule {
    code: "pem-end-label",
    summary: "A block ends with another label than it begins with",
    hint: "Copy the block again from the original file, with the BEGIN and END lines that belong together.",
    why: "The END line repeats the label of its BEGIN line. Where it does not, a piece between the two was lost and the two lines \
          belong to two blocks, or one of the lines was typed by hand. The block is not read, since either label may be the wrong one.\n\n\
          Example: BEGIN CERTIFICATE, and then END PRIVATE KEY.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

fn other_end(begin: &str, begin_line: usize, end: &str, place: Location) -> Finding {
    let message = told!(
        "-----BEGIN {label}----- on line {begin_line} ends with -----END {end_label}-----",
        label = begin,
        begin_line = begin_line,
        end_label = end
    );
    Finding::new(&PEM_END_LABEL, place, message)
}

static PEM_MISSING_BEGIN: Rule = Rule {
    code: "pem-missing-begin",
    summary: "An END line without its BEGIN line",
    hint: "Put the BEGIN line with the same label before the base64.",
    why: "A block starts with a BEGIN line. Without it, readers skip the base64 and may then report no certificate at all. Where the \
          base64 before the END line is exactly one object, certgate reads it and can put the line back.\n\n\
          Example: the first line was not selected when the text was copied.",
    citations: &["RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

fn no_begin(label: &str, is_read: bool, misspelt: Option<usize>, place: Location) -> Finding {
    if !is_read {
        let message = told!("-----END {label}----- has no BEGIN line", label = label);
        return Finding::new(&PEM_MISSING_BEGIN, place, message);
    }
    let message =
        told!("-----END {label}----- has no BEGIN line; the base64 before it is complete", label = label);
    let finding = Finding::new(&PEM_MISSING_BEGIN, place, message).repairable();
    match misspelt {
        Some(line) => {
            finding.hint(told!("Write line {line} as `-----BEGIN {label}-----`.", line = line, label = label))
        }
        None => finding,
    }
}

static PEM_STRAY_BASE64: Rule = Rule {
    code: "pem-stray-base64",
    summary: "Lines of base64 outside all blocks",
    hint: "Put the BEGIN and END lines around it, or remove it.",
    why: "Text outside the blocks is skipped. Lines of base64 there are likely a block that lost its BEGIN and END lines, so that a \
          certificate of the chain would silently be missing.\n\n\
          Example: an intermediate certificate pasted without its markers below the leaf.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    ..ERROR
};

fn stray_base64(place: Location) -> Finding {
    let message = "there is base64 outside the blocks; it may be a block without its BEGIN and END lines";
    Finding::new(&PEM_STRAY_BASE64, place, message)
}

static PEM_TRUNCATED: Rule = Rule {
    code: "pem-truncated",
    summary: "A block has no END line",
    hint: "Copy the block again from the original file, down to its END line.",
    why: "A block ends with an END line. Where the text or the next block comes first, the block was cut off, and certgate cannot know what is \
          missing. Some readers drop such a block without a message, so that one certificate of the chain is missing.\n\n\
          Example: the last line was not selected when the text was copied.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

fn no_end(label: &str, next: &Next, place: Location) -> Finding {
    let message = match next {
        Next::Begin { label: next, line } => told!(
            "-----BEGIN {label}----- has no END line: the next block, -----BEGIN {next_label}-----, begins on line {line}",
            label = label,
            next_label = next.as_str(),
            line = *line
        ),
        Next::Nothing { line } => told!(
            "-----BEGIN {label}----- has no END line: the text ends on line {line}",
            label = label,
            line = *line
        ),
    };
    Finding::new(&PEM_TRUNCATED, place, message)
}

/// Base64 without BEGIN and END lines that is cut off.
fn cut_object(place: Location) -> Finding {
    Finding::new(&PEM_TRUNCATED, place, "the base64 ends before the object that it holds")
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&PEM_MARKER, &PEM_END_LABEL, &PEM_MISSING_BEGIN, &PEM_STRAY_BASE64, &PEM_TRUNCATED];
