//! What is wrong with base64 that cannot be decoded, for the reader.

use super::ERROR;
use super::base64::Flaw;
use super::text::{Text, character};
use crate::finding::Finding;
use crate::location::Location;
use crate::rule::Rule;
use crate::text::{count, is_unprintable};

static PEM_BAD_CHARACTER: Rule = Rule {
    code: "pem-bad-character",
    summary: "A character that base64 does not have, inside a block",
    hint: "Copy the block again from the original file, as plain text.",
    why: "The body of a block holds A to Z, a to z, 0 to 9, `+`, `/` and at most two `=` at the end. Chat programs and word processors \
          put in spaces of their own, some without width, and web pages cut long text with dots. What was there before cannot be \
          known, so the block is not read.\n\n\
          Example: U+3000, the wide space of Chinese input methods, in the middle of a line.",
    citations: &["RFC 7468, section 3", "RFC 4648, section 4", "RFC 4648, section 3.3"],
    ..ERROR
};

static PEM_PADDING: Rule = Rule {
    code: "pem-padding",
    summary: "The base64 of a block has wrong padding",
    hint: "Copy the block again from the original file: characters of it were lost or added, mostly at its end.",
    why: "Base64 comes in groups of four characters, and only the last group may end in one or two `=`. A body that does not is \
          cut off, has something joined to it, or lost or won a character within. Some readers guess; then two programs may read two \
          different certificates. Where one line is longer or shorter than the others, that is the place.\n\n\
          Example: the last line of the body without its `==`.",
    citations: &["RFC 4648, section 4", "RFC 7468, section 3"],
    ..ERROR
};

static PEM_TRAILING_BITS: Rule = Rule {
    code: "pem-trailing-bits",
    summary: "The last base64 character of a block has bits that must be zero",
    hint: "Copy the block again from the original file: its last characters were changed or cut.",
    why: "Where the data end within a group of four characters, some bits of the last one are unused and must be zero. Otherwise many \
          texts mean the same bytes, and a last character that was changed or lost goes unnoticed.\n\n\
          Example: `MAB=`, where only `MAA=` is right.",
    citations: &["RFC 4648, section 3.5"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_BAD_CHARACTER, &PEM_PADDING, &PEM_TRAILING_BITS];

/// A line of a body that has another length than the others, the last one aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OddLine {
    /// Where it starts in the body.
    pub(super) start: usize,
    length: usize,
    usual: usize,
}

impl OddLine {
    /// The first one, where the first lines tell how long lines are.
    fn find(body: &[u8]) -> Option<Self> {
        let mut at = 0_usize;
        let lines = body.split(|byte| *byte == b'\n').map(|line| {
            let start = at;
            at = at.saturating_add(line.len()).saturating_add(1);
            (start, line.trim_ascii_end().len())
        });
        let mut lines = lines.filter(|(_, length)| *length > 0).peekable();
        let first = [lines.next()?, lines.next()?, lines.next()?];
        lines.peek()?;
        let usual = match first.map(|(_, length)| length) {
            [one, other, _] if one == other => one,
            [one, _, third] if one == third => one,
            [_, other, third] if other == third => other,
            _ => return None,
        };
        let is_odd = |(_, length): &(usize, usize)| *length != usual;
        if let Some((start, length)) = first.into_iter().find(is_odd) {
            return Some(Self { start, length, usual });
        }
        loop {
            let (start, length) = lines.next()?;
            // The last line is as long as it must be.
            lines.peek()?;
            if length != usual {
                return Some(Self { start, length, usual });
            }
        }
    }

    fn told(self, finding: Finding) -> Finding {
        let Self { length, usual, .. } = self;
        let message = format!("{}; this line has {length}, the others {usual}", finding.message);
        let hint = "Copy the block again from the original file: characters of this line were lost or added.";
        Finding { message: message.into(), ..finding }.hint(hint)
    }
}

impl Flaw {
    /// The odd line of `body`, where a character too few or too many can be the cause.
    pub(super) fn odd_line(self, body: &[u8]) -> Option<OddLine> {
        match self {
            Self::Short { .. } | Self::TooMuchPadding { .. } => OddLine::find(body),
            _ => None,
        }
    }

    /// Where it is.
    pub(super) fn offset(self) -> usize {
        match self {
            Self::Character { at, .. }
            | Self::LostPlus { at, .. }
            | Self::DataAfterPadding { at }
            | Self::TooMuchPadding { at }
            | Self::Short { at, .. }
            | Self::TrailingBits { at } => at,
        }
    }

    /// The finding, at `place`, which is that of the odd line where there is one.
    pub(super) fn finding(self, text: &Text<'_>, place: Location, odd: Option<OddLine>) -> Finding {
        let finding = match self {
            Self::Character { at, count: number } => {
                let (what, hint) = describe(text.slice(at, text.bytes.len()));
                let more = match number.saturating_sub(1) {
                    0 => String::new(),
                    more => format!("; {} of this kind follow in the block", count(more, "more character")),
                };
                let finding = Finding::new(&PEM_BAD_CHARACTER, place, format!("{what} inside base64{more}"));
                if let Some(hint) = hint { finding.hint(hint) } else { finding }
            }
            Self::LostPlus { count: number, .. } => {
                let places = count(number, "place");
                Finding::new(&PEM_BAD_CHARACTER, place, format!("a space inside a line of base64, in {places}, and no `+` in the whole block"))
                    .hint(
                        "Copy the block again from the original file: where a text is sent in a URL-encoded form, each `+` must be written \
                         `%2B`, or it becomes a space.",
                    )
            }
            Self::DataAfterPadding { .. } => {
                Finding::new(&PEM_PADDING, place, "base64 goes on after the `=` that ends it")
                    .hint("Give each block its own BEGIN and END lines, or copy the block again from the original file.")
            }
            Self::TooMuchPadding { .. } => Finding::new(&PEM_PADDING, place, "a `=` where base64 needs none"),
            Self::Short { characters, .. } => Finding::new(
                &PEM_PADDING,
                place,
                format!("{} of base64, which is no multiple of 4", count(characters, "character")),
            ),
            Self::TrailingBits { .. } => {
                Finding::new(&PEM_TRAILING_BITS, place, "the unused bits of the last base64 character are not zero")
            }
        };
        match odd {
            Some(odd) => odd.told(finding),
            None => finding,
        }
    }
}

/// The character that `bytes` start with, which base64 does not have, in words; and a hint where it is well known.
fn describe(bytes: &[u8]) -> (String, Option<&'static str>) {
    let Some((character, _)) = character(bytes) else {
        return (
            "a byte that is not UTF-8".to_owned(),
            Some("Save the file as UTF-8 or ASCII, or copy the block again."),
        );
    };
    let name = name(character);
    let what = if name.is_empty() && character.is_ascii_graphic() {
        format!("the character `{character}`")
    } else if name.is_empty() {
        format!("the character U+{:04X}", u32::from(character))
    } else {
        format!("the character U+{:04X} {name}", u32::from(character))
    };
    let hint = match character {
        '.' | '\u{2026}' => "Copy the whole text: the dots show that it was cut for display.",
        '_' | '-' => {
            "Convert it from base64url: write `+` for `-` and `/` for `_`, or copy the block again from the original file."
        }
        '*' => "Copy the original file: a star mostly stands where a text was masked for display.",
        '%' => "Decode the text from URL encoding first; `%0A` stands for a line end.",
        '"' | '\'' | '`' => "Remove the quotes inside the block.",
        '>' | '|' => "Remove the marks at the starts of lines, as e-mail and terminals put them there.",
        '<' | '&' | ';' => "Copy the text from the page as plain text, not its HTML source.",
        character if character.is_whitespace() || is_unprintable(character) => {
            "Delete this character; type a plain line end where one is meant."
        }
        _ => return (what, None),
    };
    (what, Some(hint))
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
