//! Damage that is understood, and text outside the blocks. Each kind is reported once a field.

use super::{ERROR, FIXED_WARNING, NOTE};
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::pem::Fault;
use crate::read::pem::damage::{Damage, Extent};
use crate::read::pem::fault::FaultKind;
use crate::rule::{Mend, Rule};
use crate::text::count;

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

static PEM_BASE64_OF_PEM: Rule = Rule {
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

static PEM_BODY_SPACE: Rule = Rule {
    code: "pem-body-space",
    summary: "Blank lines or spaces inside a block",
    hint: "Remove the blank lines and the spaces at the ends of lines.",
    why: "Strict readers of PEM accept neither a blank line inside a block nor spaces around its lines; many others skip them. The same file \
          may work here and fail in another program.\n\n\
          Example: an e-mail client put a blank line after every line.",
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
    summary: "Lines end in CR without LF",
    hint: "Convert the line ends: `tr '\\r' '\\n' < FILE > fixed.pem`",
    why: "For most programs, only LF and CRLF end a line. If each line ends in CR alone, they see the whole PEM as one line.\n\n\
          Example: a text copied through an old Macintosh editor or a spreadsheet.",
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
    hint: "Escape the text once only, for example with `jq -Rs . FILE`.",
    why: "In JSON a line end is written `\\n`. If the text was escaped twice, or was copied from an escaped text, each line end arrives as a \
          backslash and the letter n. No PEM reader accepts that. The example on the reference page has this mistake.\n\n\
          Example: `-----BEGIN CERTIFICATE-----\\nMIIB…` on a single line.",
    citations: &["RFC 8259, section 7", "RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
};

static PEM_HEADERS: Rule = Rule {
    code: "pem-headers",
    summary: "A block has headers, as in old PEM",
    hint: "Remove the lines with colons after BEGIN.",
    why: "RFC 1421 put headers between BEGIN and the base64. Today PEM has no headers, and strict readers refuse them. \
          Another rule reports the headers of encrypted keys.\n\n\
          Example: `Comment: web server` after the BEGIN line.",
    citations: &["RFC 7468, section 2", "RFC 1421, section 4.6"],
    mend: Some(Mend::Rewrite),
    ..FIXED_WARNING
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
    citations: &["RFC 7468, section 3"],
    mend: Some(Mend::Rewrite),
    ..ERROR
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

/// The finding on damage in all its places; text outside the blocks has its own ([`TextAround`]).
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
        Damage::BodySpace => {
            (&PEM_BODY_SPACE, told!("blank lines or spaces inside the blocks, in {places}", count = number))
        }
        Damage::Bom => (&PEM_BOM, "a byte-order mark (U+FEFF) is before the PEM".into()),
        Damage::CrOnly => {
            let end = if number == 1 { "line ends" } else { "lines end" };
            (&PEM_CR_ONLY, told!("{count} {end} in CR without LF", count = number))
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
        Damage::Utf16 => (&PEM_UTF16, "the file is UTF-16, and PEM is ASCII".into()),
        Damage::PrintedKey | Damage::TextAround => return None,
    };
    Some(Finding::new(rule, place, message).mendable())
}

static PEM_TEXT_AROUND: Rule = Rule {
    code: "pem-text-around",
    summary: "There is text before, between or after the blocks",
    hint: "You do not need to do anything. The API skips it.",
    why: "Text outside the blocks is allowed and means nothing. OpenSSL writes `Bag Attributes` and the certificate in words there.\n\n\
          Example: the output of `openssl pkcs12 -in FILE.p12 -nokeys`.",
    citations: &["RFC 7468, section 2"],
    ..NOTE
};

/// All text outside the blocks that is harmless where it is.
pub(super) struct TextAround<'r> {
    /// The first of the faults that say so.
    first: &'r Fault,
    extent: Extent,
}

impl<'r> TextAround<'r> {
    /// Of the faults of a field. A key that is printed in words is mere text, unless the field is public.
    pub(super) fn of(faults: &'r [Fault], is_public: bool) -> Option<Self> {
        let extents = faults.iter().filter_map(|fault| match fault.kind {
            FaultKind::Damage(Damage::TextAround, extent) => Some((fault, extent)),
            FaultKind::Damage(Damage::PrintedKey, extent) if !is_public => Some((fault, extent)),
            _ => None,
        });
        extents.map(|(first, extent)| Self { first, extent }).reduce(|one, other| {
            let count = one.extent.count.saturating_add(other.extent.count);
            let last_line = one.extent.last_line.max(other.extent.last_line);
            Self { first: one.first, extent: Extent { count, last_line } }
        })
    }

    /// The finding, where `fault` is the first that says so.
    pub(super) fn finding_at(&self, fault: &Fault) -> Option<Finding> {
        if !std::ptr::eq(self.first, fault) {
            return None;
        }
        let place = fault.place.clone();
        let Extent { count: number, last_line } = self.extent;
        let places = count(number, "place");
        let message = told!(
            "text outside the blocks, in {places}, from line {first_line} to line {last_line}",
            count = number,
            first_line = place.line.unwrap_or(last_line),
            last_line = last_line
        );
        Some(Finding::new(&PEM_TEXT_AROUND, place, message))
    }
}

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
