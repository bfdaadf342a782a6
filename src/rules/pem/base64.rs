//! Base64 that cannot be decoded.

use super::ERROR;
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::pem::fault::{Base64Fault, LineLength};
use crate::rule::Rule;
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
          spaces, some of them invisible, and web pages cut long text with dots. certgate cannot know what was there before, so it does not \
          read the block.\n\n\
          Example: U+3000, the wide space of Chinese input methods, in the middle of a line.",
    citations: &["RFC 7468, section 3", "RFC 4648, section 4", "RFC 4648, section 3.3"],
    ..ERROR
};

fn bad_character(character: Option<char>, number: usize, place: Location) -> Finding {
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
    match character.map_or(Some("Save the file as UTF-8 or ASCII, or copy the block again."), advice) {
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
    let Told { text, facts } = told!(
        "{message}; this line has {line_length}, the others {usual_length}",
        line_length = length,
        usual_length = usual
    );
    let mut finding = Finding { message: text, ..finding };
    finding.facts.extend(facts);
    finding.hint("Copy the block again from the original file: characters of this line were lost or added.")
}

/// A character that base64 does not have, in words.
fn describe(character: char) -> String {
    let name = name(character);
    if name.is_empty() && character.is_ascii_graphic() {
        format!("the character `{character}`")
    } else if name.is_empty() {
        format!("the character U+{:04X}", u32::from(character))
    } else {
        format!("the character U+{:04X} {name}", u32::from(character))
    }
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
        character if character.is_whitespace() || is_unprintable(character) => {
            "Delete this character, or replace it with a plain line end where the line should end."
        }
        _ => return None,
    })
}

/// The Unicode name of what is often met in copied text; empty for all else.
fn name(character: char) -> &'static str {
    match character {
        '\u{0}' => "NULL",
        '\u{1B}' => "ESCAPE",
        '\u{7F}' => "DELETE",
        '\u{85}' => "NEXT LINE",
        '\u{A0}' => "NO-BREAK SPACE",
        '\u{AD}' => "SOFT HYPHEN",
        '\u{1680}' => "OGHAM SPACE MARK",
        '\u{2002}' => "EN SPACE",
        '\u{2003}' => "EM SPACE",
        '\u{2007}' => "FIGURE SPACE",
        '\u{2009}' => "THIN SPACE",
        '\u{200A}' => "HAIR SPACE",
        '\u{200B}' => "ZERO WIDTH SPACE",
        '\u{200C}' => "ZERO WIDTH NON-JOINER",
        '\u{200D}' => "ZERO WIDTH JOINER",
        '\u{200E}' => "LEFT-TO-RIGHT MARK",
        '\u{200F}' => "RIGHT-TO-LEFT MARK",
        '\u{2010}' => "HYPHEN",
        '\u{2011}' => "NON-BREAKING HYPHEN",
        '\u{2013}' => "EN DASH",
        '\u{2014}' => "EM DASH",
        '\u{2018}' => "LEFT SINGLE QUOTATION MARK",
        '\u{2019}' => "RIGHT SINGLE QUOTATION MARK",
        '\u{201C}' => "LEFT DOUBLE QUOTATION MARK",
        '\u{201D}' => "RIGHT DOUBLE QUOTATION MARK",
        '\u{2026}' => "HORIZONTAL ELLIPSIS",
        '\u{2028}' => "LINE SEPARATOR",
        '\u{2029}' => "PARAGRAPH SEPARATOR",
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => "(a bidirectional control)",
        '\u{202F}' => "NARROW NO-BREAK SPACE",
        '\u{205F}' => "MEDIUM MATHEMATICAL SPACE",
        '\u{2060}' => "WORD JOINER",
        '\u{2212}' => "MINUS SIGN",
        '\u{3000}' => "IDEOGRAPHIC SPACE",
        '\u{3001}' => "IDEOGRAPHIC COMMA",
        '\u{3002}' => "IDEOGRAPHIC FULL STOP",
        '\u{FEFF}' => "ZERO WIDTH NO-BREAK SPACE (byte-order mark)",
        '\u{FF01}'..='\u{FF5E}' => "(a full-width form)",
        '\u{FFFD}' => "REPLACEMENT CHARACTER",
        _ => "",
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_BAD_CHARACTER, &PEM_PADDING];
