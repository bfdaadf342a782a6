//! What had to be undone before a text could be read: the rest was read all the same.

use super::{ERROR, base64, damage, markers};
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::pem::fault::{Mark, Undone};
use crate::rule::{Mend, Rule};
use crate::text::{self, count};

/// The finding on what was undone.
pub(super) fn finding(undone: &Undone, place: Location) -> Finding {
    match undone {
        Undone::Characters { character, count } => base64::undone(*character, *count, place),
        Undone::Colours { count } => colours(*count, place),
        Undone::Decoration { start, end, lines } => decorated(start.as_ref(), end.as_ref(), *lines, place),
        Undone::Markers(markers) => markers::wrong(markers, place),
        Undone::OtherLines { count } => other_lines(*count, place),
        Undone::Separator { separator, count } => damage::joined_by(separator, *count, place),
    }
}

static PEM_DECORATED: Rule = Rule {
    code: "pem-decorated",
    summary: "Something was added to each line of a block",
    hint: "Remove what was added, so that each line begins and ends with the text of the block.",
    why: "Programs show a file with line numbers, quote it with `>`, mark it with `+` or `#`, put it into a table, or write it as strings of a \
          programming language. Where the text is copied from there, each line brings its mark along, and no reader of PEM finds the block. \
          certgate takes the same thing away from each line, and reads the rest.\n\n\
          Example: the output of `cat -n` or `grep -n`, a mail that was quoted, or the output of `diff`.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    since: "0.2.0",
    refused_before: true,
    ..ERROR
};

fn decorated(start: Option<&Mark>, end: Option<&Mark>, lines: usize, place: Location) -> Finding {
    let sides = [("begins with", start), ("ends with", end)];
    let sides: Vec<_> =
        sides.iter().filter_map(|(verb, mark)| Some(format!("{verb} {}", name((*mark)?)))).collect();
    let message = told!(
        "each of {lines} lines {marks}, which is not part of the block",
        lines = lines,
        marks = sides.join(" and ")
    );
    Finding::new(&PEM_DECORATED, place, message).repairable()
}

fn name(mark: &Mark) -> String {
    match mark {
        Mark::Marks(marks) => format!("`{}`", text::escape(marks)),
        Mark::Number => "a number".to_owned(),
        Mark::Text => "other text".to_owned(),
    }
}

fn colours(number: usize, place: Location) -> Finding {
    let places = count(number, "place");
    let message =
        told!("codes for the colours of a terminal (ANSI escape sequences), in {places}", count = number);
    let hint = "Print the file without colours, for example with `cat FILE`, and copy it again.";
    Finding::new(&PEM_DECORATED, place, message).hint(hint).repairable()
}

static PEM_OTHER_TEXT: Rule = Rule {
    code: "pem-other-text",
    summary: "Other text between the lines of a block",
    hint: "Remove each line that is not part of the base64.",
    why: "Between BEGIN and END there is base64 and nothing else. A page number, a header of a chat or a prompt of a terminal that was copied \
          along makes the block unreadable. Where the block is whole without such lines, certgate reads it without them.\n\n\
          Example: `Page 3 of 7` in the middle of a certificate that was copied from a PDF file.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    since: "0.2.0",
    refused_before: true,
    ..ERROR
};

fn other_lines(number: usize, place: Location) -> Finding {
    let lines = count(number, "line");
    let message = told!("{lines} of other text inside the blocks", count = number);
    let line = place.line.unwrap_or(1);
    let finding = Finding::new(&PEM_OTHER_TEXT, place, message).repairable();
    match number {
        1 => finding.hint(told!("Remove line {line}: it is not part of the base64.", line = line)),
        _ => finding,
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_DECORATED, &PEM_OTHER_TEXT];
