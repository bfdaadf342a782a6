//! PEM that is inside something else.

use super::ERROR;
use super::damage::PEM_BASE64_OF_PEM;
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::pem::nested::{Level, Nested};
use crate::rule::{Mend, Rule};

static PEM_NESTED: Rule = Rule {
    code: "pem-nested",
    summary: "The PEM is inside another notation",
    hint: "Paste only the text from -----BEGIN to -----END, as plain lines.",
    why: "The API takes the PEM text itself. Here it is inside something else: a YAML or JSON file, a mail, a web page, the source of a program, \
          a list of numbers. certgate decodes it, up to three levels deep, and checks everything else in the same run. Findings about what is \
          inside give the place where the outer text starts, because the inner lines were not sent.\n\n\
          Example: the output of `kubectl get secret -o yaml` in cert_content.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    mend: Some(Mend::Rewrite),
    since: "0.2.0",
    refused_before: true,
    ..ERROR
};

/// The finding on PEM that is inside something else.
pub(super) fn finding(nested: Nested, place: Location) -> Finding {
    let levels: Vec<Level> = nested.levels().collect();
    let inside = if nested.is_der { "DER" } else { "PEM" };
    let names: Vec<&str> = levels.iter().map(|level| name(*level)).collect();
    let is_base64 = levels.iter().all(|level| *level == Level::Base64);
    let rule = if is_base64 { &PEM_BASE64_OF_PEM } else { &PEM_NESTED };
    let found = match (names.as_slice(), is_base64) {
        (_, true) => format!("this is {} of {inside}", names.join(" of ")),
        ([only], false) => format!("the {inside} is inside {only}"),
        (many, false) => format!("the {inside} is inside {} (from the outside in)", many.join(", then ")),
    };
    let message = told!("{found}; certgate decoded it and checked what is there", found = found);
    let finding = Finding::new(rule, place, message).repairable();
    match levels.as_slice() {
        _ if is_base64 => match (levels.len(), nested.is_der) {
            (1, false) => finding,
            (2, false) => finding.hint("Decode it twice: `base64 -d FILE | base64 -d > decoded.pem`"),
            (3, false) => {
                finding.hint("Decode it three times: `base64 -d FILE | base64 -d | base64 -d > decoded.pem`")
            }
            _ => finding
                .hint("Decode it until the certificate or key itself is there, and convert that to PEM."),
        },
        [only] => match hint(*only, nested.is_der) {
            Some(hint) => finding.hint(hint),
            None => finding,
        },
        _ => finding,
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Ansi => "terminal output with colours",
        Level::Base64 => "base64",
        Level::Decimal => "a list of decimal numbers",
        Level::Spreadsheet => "text of a spreadsheet (with `_x000D_`)",
        Level::Hex => "hexadecimal digits",
        Level::Json => "JSON",
        Level::Mail => "a mail, or a part of one",
        Level::Markup => "HTML or XML",
        Level::Pem => "another PEM block",
        Level::Percent => "URL encoding (with `%0A` or the like)",
        Level::QuotedPrintable => "quoted-printable text, as mails have it (with `=3D` or the like)",
        Level::Rtf => "RTF, the text of a word processor",
        Level::Strings => "strings of program code",
        Level::Utf16 => "UTF-16 that was read as other text",
        Level::Yaml => "YAML or lines of names and values",
    }
}

/// What to do about one level, where that is not to paste less.
fn hint(level: Level, is_der: bool) -> Option<&'static str> {
    Some(match level {
        Level::Pem => {
            "Remove the outer BEGIN and END lines and decode the rest once: `grep -v -e ----- FILE | base64 -d > decoded.pem`"
        }
        Level::Json | Level::Yaml => {
            "For a Kubernetes Secret take one value and decode it: `kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d` (for \
             the key, `tls\\.key`). Else paste only the text from -----BEGIN to -----END."
        }
        Level::Hex if is_der => {
            "Turn the digits into a file: `xxd -r -p FILE > FILE.der` (a dump with offsets: `xxd -r`), and convert that to PEM."
        }
        Level::Decimal | Level::Hex => "Export the certificate or key as PEM, and paste that.",
        Level::Utf16 => {
            "Convert the original file: `iconv -f UTF-16 -t UTF-8 FILE > fixed.pem`, and read it in again."
        }
        Level::Markup if is_der => {
            "Put a BEGIN line before the base64 and an END line after it, without the tags."
        }
        Level::Mail | Level::QuotedPrintable => {
            "Save the attachment from the mail program, not the source of the mail."
        }
        Level::Rtf => "Save the file as plain text.",
        _ => return None,
    })
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_NESTED];
