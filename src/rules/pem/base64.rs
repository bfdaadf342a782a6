//! Base64 that cannot be decoded.

use super::ERROR;
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::pem::fault::{Base64Fault, Character, LineLength};
use crate::rule::{Mend, Rule};
use crate::rules::pem::character::describe;
use crate::text::{count, is_unprintable};

/// The finding on a body that cannot be decoded.
pub(super) fn finding(fault: Base64Fault, place: Location) -> Finding {
    match fault {
        Base64Fault::Character { character, count } => bad_character(character, count, place),
        Base64Fault::LostPlus { count } => lost_plus(count, place),
        Base64Fault::DataAfterPadding => padding("base64 goes on after the `=` that ends it", None, place)
            .hint("Give each block its own BEGIN and END lines, or copy the block again from the original file."),
        Base64Fault::TooMuchPadding { line } => padding("there is a `=` where base64 needs none", line, place),
        Base64Fault::Short { characters, line } => {
            let number = count(characters, "character");
            let message = told!(
                "the base64 has {number}, which is not a multiple of 4",
                characters = characters
            );
            padding(message, line, place)
        }
    }
}

static PEM_BAD_CHARACTER: Rule = Rule {
    code: "pem-bad-character",
    summary: "A character that base64 does not have, inside a block",
    hint: "Copy the block again from the original file, as plain text.",
    why: "The body of a block holds A to Z, a to z, 0 to 9, `+`, `/` and at most two `=` at the end. Chat programs and word processors add \
          spaces, some of them invisible, and web pages cut long text with dots. A character that cannot be seen, or that is a look-alike of \
          an ASCII character, can be fixed where the rest is a whole object. Of any other one certgate cannot know what was there before.\n\n\
          Example: U+3000, the wide space of Chinese input methods, in the middle of a line.",
    citations: &["RFC 7468, section 3", "RFC 4648, section 4", "RFC 4648, section 3.3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

/// A character that was taken away or written in ASCII, so that the block could be read.
pub(super) fn undone(character: Character, number: usize, place: Location) -> Finding {
    let what = describe(character);
    let message = match number {
        1 => told!("{character} inside base64", character = what.as_str(), count = number),
        _ => told!("{character} in the blocks, in {count} places", character = what.as_str(), count = number),
    };
    let finding = Finding::new(&PEM_BAD_CHARACTER, place, message).repairable();
    finding
        .hint(unseen(character.meaning).unwrap_or("Replace it with the ASCII character that it looks like."))
}

fn bad_character(character: Option<Character>, number: usize, place: Location) -> Finding {
    let what = character.map_or_else(|| "a byte that is not UTF-8".to_owned(), describe);
    let message = match number.saturating_sub(1) {
        0 => told!("{character} inside base64", character = what.as_str(), count = number),
        more => {
            let more = count(more, "more character");
            told!(
                "{character} inside base64; {more} of this kind follow in the block",
                character = what.as_str(),
                count = number
            )
        }
    };
    let finding = Finding::new(&PEM_BAD_CHARACTER, place, message);
    match character.map_or(Some("Save the file as UTF-8 or ASCII, or copy the block again."), |character| {
        advice(character.meaning)
    }) {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}

fn lost_plus(number: usize, place: Location) -> Finding {
    let places = count(number, "place");
    let message =
        told!("a space inside a line of base64, in {places}, and no `+` in the whole block", count = number);
    Finding::new(&PEM_BAD_CHARACTER, place, message).hint(
        "Copy the block again from the original file. If you send it URL-encoded, write each `+` as `%2B`: a plain `+` becomes a space.",
    )
}

static PEM_PADDING: Rule = Rule {
    code: "pem-padding",
    summary: "The base64 of a block has wrong padding",
    hint: "Copy the block again from the original file: some of its characters were lost or added, usually at the end.",
    why: "Base64 comes in groups of four characters, and only the last group may end in one or two `=`. Any other body was cut off, was joined \
          to something else, or lost or gained a character in the middle. Some readers guess, and then two programs may read two different \
          certificates. If one line is longer or shorter than the others, the fault is there.\n\n\
          Example: the last line of the body without its `==`.",
    citations: &["RFC 4648, section 4", "RFC 7468, section 3"],
    ..ERROR
};

/// Wrong padding, with the line that explains it, where there is one.
fn padding(message: impl Into<Told>, line: Option<LineLength>, place: Location) -> Finding {
    let finding = Finding::new(&PEM_PADDING, place, message);
    let Some(LineLength { length, usual }) = line else { return finding };
    let message = &finding.message;
    let Told { text, facts } = match length.checked_add(1) {
        Some(one_more) if one_more == usual => told!(
            "one character of this line was probably lost: it has {line_length}, the others {usual_length}",
            line_length = length,
            usual_length = usual
        ),
        _ => told!(
            "{message}; this line has {line_length}, the others {usual_length}",
            line_length = length,
            usual_length = usual
        ),
    };
    let mut finding = Finding { message: text, ..finding };
    finding.facts.extend(facts);
    finding.hint("Copy the block again from the original file: characters of this line were lost or added.")
}

/// What to do about a character that is well known.
fn advice(character: char) -> Option<&'static str> {
    Some(match character {
        '.' | '\u{2026}' => "Copy the whole text: the dots show that it was cut for display.",
        '_' | '-' => {
            "Convert it from base64url: write `+` for `-` and `/` for `_`, or copy the block again from the original file."
        }
        '*' => {
            "Copy the text from the original file: a star usually means that the text was masked for display."
        }
        '%' => "Decode the text from URL encoding first; `%0A` is a line end.",
        '"' | '\'' | '`' => "Remove the quotes inside the block.",
        '>' | '|' => "Remove the marks at the start of each line, which e-mail programs and terminals add.",
        '<' | '&' | ';' => "Copy the text from the page as plain text, not its HTML source.",
        character => return unseen(character),
    })
}

/// What to do about a character that cannot be seen.
fn unseen(character: char) -> Option<&'static str> {
    match character {
        // The line ends of Unicode (UAX #14).
        '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some("Replace it with a plain line end."),
        character if character.is_whitespace() || is_unprintable(character) => Some("Delete this character."),
        _ => None,
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_BAD_CHARACTER, &PEM_PADDING];
