//! Damage that is understood: the text is not as it should be, yet there is one reading of it. Each kind is told once a field.

use std::borrow::Cow;

use super::{ERROR, FIXED_WARNING, NOTE};
use crate::finding::Finding;
use crate::location::Location;
use crate::rule::Rule;
use crate::text::count;

static PEM_BARE_BASE64: Rule = Rule {
    code: "pem-bare-base64",
    summary: "Base64 of a DER file without BEGIN and END lines",
    hint: "Put the BEGIN line before it and the END line after it, or run `certgate fix`.",
    why: "The API takes PEM: base64 between a BEGIN and an END line whose label says what it is. Base64 alone, as some consoles \
          and Kubernetes secrets show it, is refused there. certgate reads it, so that everything else is checked in the same run.\n\n\
          Example: `base64 server.der` pasted into cert_content.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    ..ERROR
};

static PEM_BASE64_OF_PEM: Rule = Rule {
    code: "pem-base64-of-pem",
    summary: "A whole PEM text was encoded in base64 once more",
    hint: "Decode it once, `base64 -d FILE > decoded.pem`, or run `certgate fix`.",
    why: "Kubernetes secrets and many configuration tools store a PEM file in base64, although PEM is base64 already. The API wants \
          the PEM itself. Lines inside the decoded text are not told, because they are not what was sent.\n\n\
          Example: a value that starts with `LS0tLS1CRUdJTi`, which is base64 of `-----BEGIN`.",
    citations: &["RFC 7468, section 2"],
    ..ERROR
};

static PEM_BODY_SPACE: Rule = Rule {
    code: "pem-body-space",
    summary: "Blank lines or spaces inside a block",
    hint: "Remove the blank lines and the spaces at the ends of lines, or run `certgate fix`.",
    why: "Strict readers of PEM take neither a blank line inside a block nor spaces around its lines; many others skip them. \
          The upload may pass here and the same file fail in the next program.\n\n\
          Example: an e-mail client put a blank line after every line.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    ..FIXED_WARNING
};

static PEM_BOM: Rule = Rule {
    code: "pem-bom",
    summary: "The text starts with a byte-order mark",
    hint: "Save the file as UTF-8 without BOM, or run `certgate fix`.",
    why: "Windows editors put the character U+FEFF before the first BEGIN. It cannot be seen, and many readers then do not find \
          that BEGIN.\n\n\
          Example: a file saved by Notepad as \"UTF-8 with BOM\".",
    citations: &["RFC 7468, section 2", "RFC 3629, section 6"],
    ..FIXED_WARNING
};

static PEM_CR_ONLY: Rule = Rule {
    code: "pem-cr-only",
    summary: "Lines end in CR without LF",
    hint: "Convert the line ends, `tr '\\r' '\\n' < FILE > fixed.pem`, or run `certgate fix`.",
    why: "Only LF and CRLF end a line for most programs; where each line ends in CR alone the whole PEM is one line to them.\n\n\
          Example: a text copied through an old Macintosh editor or a spreadsheet.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

static PEM_DER_FILE: Rule = Rule {
    code: "pem-der-file",
    summary: "The file is DER, and the API takes PEM",
    hint: "For the API, convert it: `openssl x509 -inform DER -in FILE -out FILE.pem` for a certificate, \
           `openssl pkey -inform DER -in FILE -out FILE.pem` for a key.",
    why: "DER is the binary form of the same object. certgate reads it from a file; a request body can only carry PEM.\n\n\
          Example: `server.cer` as Windows exports it by default.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    ..NOTE
};

static PEM_ESCAPED_NEWLINES: Rule = Rule {
    code: "pem-escaped-newlines",
    summary: "Escapes such as \\n stand as text where line ends should be",
    hint: "Escape the text once only, for example with `jq -Rs . FILE`, or run `certgate fix`.",
    why: "In JSON a line end is written `\\n`. Where the text was escaped twice, or was copied from an escaped one, a backslash \
          and the letter n arrive in the place of each line end, and no PEM reader takes them. The reference page's own example has one.\n\n\
          Example: `-----BEGIN CERTIFICATE-----\\nMIIB…` on a single line.",
    citations: &["RFC 8259, section 7", "RFC 7468, section 3"],
    ..ERROR
};

static PEM_HEADERS: Rule = Rule {
    code: "pem-headers",
    summary: "A block carries headers, as old PEM had",
    hint: "Remove the lines with colons after BEGIN, or run `certgate fix`.",
    why: "RFC 1421 put headers between BEGIN and the base64. The PEM of today has none, and strict readers refuse them. \
          The headers of encrypted keys are told by another rule.\n\n\
          Example: `Comment: web server` after the BEGIN line.",
    citations: &["RFC 7468, section 2", "RFC 1421, section 4.6"],
    ..FIXED_WARNING
};

static PEM_JOINED_LINES: Rule = Rule {
    code: "pem-joined-lines",
    summary: "The lines of a block are joined",
    hint: "Put the BEGIN and END lines on lines of their own again, or run `certgate fix`.",
    why: "BEGIN and END must each be a line. A form field of one line, an environment variable or `echo $VAR` without quotes joins \
          the lines with spaces or with nothing, and readers then find no block.\n\n\
          Example: `-----BEGIN CERTIFICATE----- MIIB… -----END CERTIFICATE-----` on one line.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

static PEM_MID_LINE: Rule = Rule {
    code: "pem-mid-line",
    summary: "A BEGIN or END line is indented or shares its line with other text",
    hint: "Start the line with the hyphens and end it with them, or run `certgate fix`.",
    why: "Readers look for BEGIN and END at the start of a line. Where a YAML file's indentation or a word before them was copied \
          too, the block is not found.\n\n\
          Example: a certificate copied from an indented YAML block.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

static PEM_QUOTED: Rule = Rule {
    code: "pem-quoted",
    summary: "Quotes stand around the PEM",
    hint: "Remove the quotes before BEGIN and after END, or run `certgate fix`.",
    why: "Quotes belong to the shell, to JSON or to a programming language, not to the PEM. Where they are sent as part of the value, \
          BEGIN no longer starts a line. The reference page's own example has them.\n\n\
          Example: `'-----BEGIN CERTIFICATE-----` with a quote first.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

static PEM_TEXT_AROUND: Rule = Rule {
    code: "pem-text-around",
    summary: "Text stands before, between or after the blocks",
    hint: "Nothing to do; the API skips it. `certgate fix` leaves it out where it mends something else.",
    why: "Text outside the blocks is allowed and means nothing. OpenSSL writes `Bag Attributes` and the certificate in words there.\n\n\
          Example: the output of `openssl pkcs12 -in FILE.p12 -nodes`.",
    citations: &["RFC 7468, section 2"],
    ..NOTE
};

static PEM_UTF16: Rule = Rule {
    code: "pem-utf16",
    summary: "The file is UTF-16",
    hint: "Convert it, `iconv -f UTF-16 -t UTF-8 FILE > fixed.pem`, or run `certgate fix`.",
    why: "PEM is ASCII. PowerShell's `>` and Notepad's \"Unicode\" write two bytes for each character, which no PEM reader takes.\n\n\
          Example: `openssl x509 … > cert.pem` in Windows PowerShell 5.",
    citations: &["RFC 7468, section 2"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &PEM_BARE_BASE64,
    &PEM_BASE64_OF_PEM,
    &PEM_BODY_SPACE,
    &PEM_BOM,
    &PEM_CR_ONLY,
    &PEM_DER_FILE,
    &PEM_ESCAPED_NEWLINES,
    &PEM_HEADERS,
    &PEM_JOINED_LINES,
    &PEM_MID_LINE,
    &PEM_QUOTED,
    &PEM_TEXT_AROUND,
    &PEM_UTF16,
];

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    BareBase64,
    Base64OfPem,
    BodySpace,
    Bom,
    CrOnly,
    DerFile,
    EscapedNewlines,
    Headers,
    JoinedLines,
    MidLine,
    Quoted,
    TextAround,
    Utf16,
}

impl Damage {
    const COUNT: usize = 13;

    /// All kinds, in the order of the declaration, which is their index too.
    const ALL: [Self; Self::COUNT] = [
        Self::BareBase64,
        Self::Base64OfPem,
        Self::BodySpace,
        Self::Bom,
        Self::CrOnly,
        Self::DerFile,
        Self::EscapedNewlines,
        Self::Headers,
        Self::JoinedLines,
        Self::MidLine,
        Self::Quoted,
        Self::TextAround,
        Self::Utf16,
    ];

    fn finding(self, seen: &Seen) -> Finding {
        let places = |noun: &str| count(seen.count, noun);
        let (rule, message): (_, Cow<'static, str>) = match self {
            Self::BareBase64 => {
                (&PEM_BARE_BASE64, "this is base64 of a DER object, without BEGIN and END lines".into())
            }
            Self::Base64OfPem => (
                &PEM_BASE64_OF_PEM,
                "this is base64 of a whole PEM text; what it holds is checked as decoded".into(),
            ),
            Self::BodySpace => (
                &PEM_BODY_SPACE,
                format!("blank lines or spaces inside the blocks, in {}", places("place")).into(),
            ),
            Self::Bom => (&PEM_BOM, "a byte-order mark (U+FEFF) stands before the PEM".into()),
            Self::CrOnly => (&PEM_CR_ONLY, format!("{} in CR without LF", ends(seen.count)).into()),
            Self::DerFile => {
                (&PEM_DER_FILE, "the file is DER; it is read, but the API takes PEM only".into())
            }
            Self::EscapedNewlines => {
                let message =
                    format!("escapes such as \\n stand as text instead of line ends, in {}", places("place"));
                (&PEM_ESCAPED_NEWLINES, message.into())
            }
            Self::Headers => (&PEM_HEADERS, format!("headers after BEGIN, in {}", places("block")).into()),
            Self::JoinedLines => {
                let message = format!("lines that must stand alone are joined, in {}", places("place"));
                (&PEM_JOINED_LINES, message.into())
            }
            Self::MidLine => {
                let message = format!(
                    "BEGIN or END is indented or shares its line with other text, in {}",
                    places("place")
                );
                (&PEM_MID_LINE, message.into())
            }
            Self::Quoted => (&PEM_QUOTED, format!("{} around the PEM", places("quote")).into()),
            Self::TextAround => {
                let last = seen.last_line;
                let first = seen.place.line.unwrap_or(last);
                let message = format!(
                    "text outside the blocks, in {}, from line {first} to line {last}",
                    places("place")
                );
                (&PEM_TEXT_AROUND, message.into())
            }
            Self::Utf16 => (&PEM_UTF16, "the file is UTF-16, and PEM is ASCII".into()),
        };
        let finding = Finding::new(rule, seen.place.clone(), message);
        match self {
            Self::TextAround => finding,
            _ => finding.fixable(),
        }
    }
}

fn ends(lines: usize) -> String {
    if lines == 1 { "1 line ends".to_owned() } else { format!("{lines} lines end") }
}

struct Seen {
    place: Location,
    last_line: usize,
    count: usize,
}

/// The damage of one field: for each kind, the first place and how many.
#[derive(Default)]
pub(super) struct Damages([Option<Seen>; Damage::COUNT]);

impl Damages {
    /// Counts `count` more places; `place` is asked for the first one only.
    pub(super) fn add(&mut self, damage: Damage, count: usize, place: impl FnOnce() -> Location) {
        match self.0.get_mut(damage as usize) {
            Some(Some(seen)) => seen.count = seen.count.saturating_add(count),
            Some(slot) => {
                let place = place();
                *slot = Some(Seen { last_line: place.line.unwrap_or(1), place, count });
            }
            None => {}
        }
    }

    /// Stretches the kind's places to `line`.
    pub(super) fn until(&mut self, damage: Damage, line: usize) {
        if let Some(Some(seen)) = self.0.get_mut(damage as usize) {
            seen.last_line = line;
        }
    }

    /// The finding of each kind that was seen.
    pub(super) fn into_findings(self) -> impl Iterator<Item = Finding> {
        Damage::ALL.into_iter().zip(self.0).filter_map(|(damage, seen)| Some(damage.finding(&seen?)))
    }
}

/// The damage of one body: for each kind, the offset of the first place and how many.
#[derive(Default)]
pub(super) struct Tally([(usize, usize); Damage::COUNT]);

impl Tally {
    pub(super) fn add(&mut self, damage: Damage, offset: usize) {
        match self.0.get_mut(damage as usize) {
            Some((first, count @ 0)) => (*first, *count) = (offset, 1),
            Some((_, count)) => *count = count.saturating_add(1),
            None => {}
        }
    }

    /// Each kind that was seen, with the offset of its first place and how many.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Damage, usize, usize)> {
        let seen = Damage::ALL.into_iter().zip(self.0);
        seen.filter(|(_, (_, count))| *count > 0).map(|(damage, (first, count))| (damage, first, count))
    }
}
