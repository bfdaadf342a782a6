//! Damage that is understood. Each kind is reported once a field.

use super::{ERROR, FIXED_WARNING, NOTE};
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::pem::damage::{Damage, Extent};
use crate::rule::{Hides, Mend, Rule, Scope};
use crate::text::count;
use crate::version::Raised;

static PEM_BARE_BASE64: Rule = Rule {
    code: "pem-bare-base64",
    summary: "Base64 of a DER file without BEGIN and END lines",
    hint: "Put the BEGIN line before it and the END line after it.",
    why: "The API accepts PEM: base64 between a BEGIN and an END line whose label says what it is. The API refuses base64 alone, as some \
          consoles and Kubernetes secrets show it. certgate reads it and checks everything else in the same run.\n\n\
          Example: `base64 server.der` pasted into cert_content.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

pub(super) static PEM_BASE64_OF_PEM: Rule = Rule {
    code: "pem-base64-of-pem",
    summary: "A whole PEM text was encoded in base64 once more",
    hint: "Decode it once: `base64 -d FILE > decoded.pem`",
    why: "Kubernetes secrets and many configuration tools store a PEM file in base64, although PEM is base64 already. The API wants the PEM \
          itself. Findings inside the decoded text have no line, because its lines were not sent.\n\n\
          Example: a value that starts with `LS0tLS1CRUdJTi`, which is base64 of `-----BEGIN`.",
    citations: &["RFC 7468, section 2"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_BLANK_LINE: Rule = Rule {
    code: "pem-blank-line",
    soft: true,
    summary: "Blank lines inside a block",
    hint: "Remove the blank lines between the BEGIN line and the END line.",
    why: "Most programs refuse a block that has a blank line between its lines or before its END: of thirteen that were tried, nine to \
          eleven. OpenSSL says `bad end line`. Only directly after the BEGIN line they all allow one.\n\n\
          Example: an e-mail client put a blank line after every line.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    since: "0.2.0",
    ..ERROR
};

static PEM_BODY_SPACE: Rule = Rule {
    code: "pem-body-space",
    summary: "Spaces or tabs around the lines of a block",
    hint: "Remove the spaces and tabs at the start and at the end of each line.",
    why: "Strict readers of PEM accept no spaces around the lines of a block; many others skip them. The same file may work here and fail in \
          another program.\n\n\
          Example: a text that was copied from a terminal, which fills each line with spaces.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..FIXED_WARNING
};

static PEM_BOM: Rule = Rule {
    code: "pem-bom",
    summary: "The text starts with a byte-order mark",
    hint: "Save the file as UTF-8 without BOM.",
    why: "Windows editors put the character U+FEFF before the first BEGIN. It cannot be seen, and many readers then do not find \
          that BEGIN.\n\n\
          Example: a file saved by Notepad as \"UTF-8 with BOM\".",
    citations: &["RFC 7468, section 2", "RFC 3629, section 6"],
    mend: Some(Mend::Rewrite),
    ..FIXED_WARNING
};

static PEM_CR_ONLY: Rule = Rule {
    code: "pem-cr-only",
    summary: "Lines end in CR without LF, or in two CRs",
    hint: "Convert the line ends: `tr -s '\\r' '\\n' < FILE > fixed.pem`",
    why: "For most programs, only LF and CRLF end a line. If each line ends in CR alone, they see the whole PEM as one line; if it ends in CR CR LF, \
          some see a blank line after each.\n\n\
          Example: a text copied through an old Macintosh editor or a spreadsheet, or sent twice by FTP in text mode.",
    citations: &["RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_DER_FILE: Rule = Rule {
    code: "pem-der-file",
    summary: "The file is DER, and the API accepts PEM",
    hint: "For the API, convert it: `openssl x509 -inform DER -in FILE -out FILE.pem` for a certificate, \
           `openssl pkey -inform DER -in FILE -out FILE.pem` for a key.",
    why: "DER is the binary form of the same object. certgate reads it from a file; a request body can only carry PEM.\n\n\
          Example: `server.cer` as Windows exports it by default.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    mend: Some(Mend::Rewrite),
    ..NOTE
};

static PEM_ESCAPED_NEWLINES: Rule = Rule {
    code: "pem-escaped-newlines",
    summary: "The text contains escapes such as \\n instead of line ends",
    hint: "Write plain line ends, without backslashes: `awk '{gsub(/(\\\\r)?\\\\n/, \"\\n\")} 1' FILE > fixed.pem`. In JSON escape the text once only.",
    why: "In JSON a line end is written `\\n`. If the text was escaped twice, or was copied from an escaped text, each line end arrives as a \
          backslash and the letter n. No PEM reader accepts that. The example on the reference page has this mistake.\n\n\
          Example: `-----BEGIN CERTIFICATE-----\\nMIIB…` on a single line.",
    citations: &["RFC 8259, section 7", "RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_HEADERS: Rule = Rule {
    code: "pem-headers",
    soft: true,
    summary: "A block has headers, as in old PEM",
    hint: "Remove the lines with colons after BEGIN.",
    raised: Some(Raised { since: "0.2.0", cases: None }),
    why: "RFC 1421 put headers between BEGIN and the base64. Today PEM has no headers, and most programs refuse them: of thirteen that were \
          tried, nine to eleven. Another rule reports the headers of encrypted keys.\n\n\
          Example: `Comment: web server` after the BEGIN line.",
    citations: &["RFC 7468, section 2", "RFC 1421, section 4.6"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_JOINED_LINES: Rule = Rule {
    code: "pem-joined-lines",
    summary: "The lines of a block are joined",
    hint: "Put each BEGIN and END line on a line of its own.",
    why: "BEGIN and END must each be a line. A form field of one line, an environment variable or `echo $VAR` without quotes joins \
          the lines with spaces or with nothing, and readers then find no block.\n\n\
          Example: `-----BEGIN CERTIFICATE----- MIIB… -----END CERTIFICATE-----` on one line.",
    citations: &["RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_MID_LINE: Rule = Rule {
    code: "pem-mid-line",
    summary: "A BEGIN or END line is indented or shares its line with other text",
    hint: "Remove the spaces and the text before and after the BEGIN or END line.",
    why: "Readers look for BEGIN and END at the start of a line. If the indentation of a YAML file or a word before them was copied too, \
          readers do not find the block.\n\n\
          Example: a certificate copied from an indented YAML block.",
    citations: &["RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_QUOTED: Rule = Rule {
    code: "pem-quoted",
    summary: "There are quotes around the PEM",
    hint: "Remove the quotes before BEGIN and after END.",
    why: "Quotes belong to the shell, to JSON or to a programming language, not to the PEM. Where they are sent as part of the value, BEGIN \
          does not start a line. The example on the reference page has this mistake.\n\n\
          Example: `'-----BEGIN CERTIFICATE-----` with a quote first.",
    // A quote before BEGIN is what shares the line with it.
    hides: &[Hides { code: "pem-mid-line", scope: Scope::Place }],
    citations: &["RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_TRAILING_BITS: Rule = Rule {
    code: "pem-trailing-bits",
    summary: "The last base64 character of a block has bits that must be zero",
    hint: "Copy the block again from the original file: its last characters may have been changed.",
    why: "Where the data end within a group of four characters, some bits of the last one are unused and must be zero. Otherwise many texts \
          mean the same bytes, and nobody notices a last character that was changed. Go and OpenSSL do not look at these bits, strict readers \
          refuse the block. certgate leaves them out and checks what the block holds.\n\n\
          Example: `MAB=`, where only `MAA=` is right.",
    citations: &["RFC 4648, section 3.5"],
    mend: Some(Mend::Rewrite),
    ..FIXED_WARNING
};

static PEM_UTF16: Rule = Rule {
    code: "pem-utf16",
    summary: "The file is UTF-16",
    hint: "Convert it: `iconv -f UTF-16 -t UTF-8 FILE > fixed.pem`",
    why: "PEM is ASCII. PowerShell's `>` and Notepad's \"Unicode\" write two bytes for each character, which no PEM reader accepts.\n\n\
          Example: `openssl x509 … > cert.pem` in Windows PowerShell 5.",
    citations: &["RFC 7468, section 2"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

/// Lines that are joined by something that stands for each line end.
pub(super) fn joined_by(separator: &str, number: usize, place: Location) -> Finding {
    let places = count(number, "place");
    let message = told!(
        "`{separator}` stands where each line should end, in {places}",
        separator = crate::text::escape(separator),
        count = number
    );
    let hint = told!(
        "Replace each `{separator}` in it with a line end.",
        separator = crate::text::escape(separator)
    );
    Finding::new(&PEM_JOINED_LINES, place, message).hint(hint).repairable()
}

/// The finding on damage in all its places; text outside the blocks has its own ([`super::around`]).
pub(super) fn finding(damage: Damage, extent: Extent, place: Location) -> Option<Finding> {
    let number = extent.count;
    let places = count(number, "place");
    let (rule, message): (_, Told) = match damage {
        Damage::BareBase64 => {
            (&PEM_BARE_BASE64, "this is base64 of a DER object, without BEGIN and END lines".into())
        }
        Damage::Base64OfPem => (
            &PEM_BASE64_OF_PEM,
            "this is base64 of a whole PEM text; certgate decoded it and checked the result".into(),
        ),
        Damage::BlankLine => {
            let lines = count(number, "blank line");
            (&PEM_BLANK_LINE, told!("{lines} inside the blocks", count = number))
        }
        Damage::BodySpace => (
            &PEM_BODY_SPACE,
            told!("spaces or tabs around the lines of the blocks, in {places}", count = number),
        ),
        Damage::Bom => (&PEM_BOM, "a byte-order mark (U+FEFF) is before the PEM".into()),
        Damage::CrOnly => {
            let line_ends = if number == 1 { "line ends" } else { "lines end" };
            (&PEM_CR_ONLY, told!("{count} {line_ends} in CR without LF", count = number))
        }
        Damage::CrTwice => {
            let line_ends = if number == 1 { "line ends" } else { "lines end" };
            let message = told!(
                "{count} {line_ends} in CR CR LF: the line ends were converted to those of Windows twice",
                count = number
            );
            (&PEM_CR_ONLY, message)
        }
        Damage::DerFile => {
            (&PEM_DER_FILE, "the file is DER; it is read, but the API accepts PEM only".into())
        }
        Damage::EscapedNewlines => {
            let message = told!(
                "the text contains escapes such as \\n instead of line ends, in {places}",
                count = number
            );
            (&PEM_ESCAPED_NEWLINES, message)
        }
        Damage::Headers => {
            let blocks = count(number, "block");
            (&PEM_HEADERS, told!("headers after BEGIN, in {blocks}", count = number))
        }
        Damage::JoinedLines => {
            (&PEM_JOINED_LINES, told!("lines that must be separate are joined, in {places}", count = number))
        }
        Damage::MidLine => {
            let message = told!(
                "BEGIN or END is indented or shares its line with other text, in {places}",
                count = number
            );
            (&PEM_MID_LINE, message)
        }
        Damage::Quoted => {
            let quotes = count(number, "quote");
            (&PEM_QUOTED, told!("{quotes} around the PEM", count = number))
        }
        Damage::TrailingBits => {
            let blocks = count(number, "block");
            let message = told!(
                "the unused bits of the last base64 character are not zero, in {blocks}",
                count = number
            );
            (&PEM_TRAILING_BITS, message)
        }
        Damage::Utf16 => (&PEM_UTF16, "the file is UTF-16, and PEM is ASCII".into()),
        Damage::PrintedKey | Damage::TextAround => return None,
    };
    Some(Finding::new(rule, place, message).repairable())
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &PEM_BARE_BASE64,
    &PEM_BASE64_OF_PEM,
    &PEM_BLANK_LINE,
    &PEM_BODY_SPACE,
    &PEM_BOM,
    &PEM_CR_ONLY,
    &PEM_DER_FILE,
    &PEM_ESCAPED_NEWLINES,
    &PEM_HEADERS,
    &PEM_JOINED_LINES,
    &PEM_MID_LINE,
    &PEM_QUOTED,
    &PEM_TRAILING_BITS,
    &PEM_UTF16,
];
