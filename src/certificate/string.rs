//! Text in certificates: every string type decoded, and the rules about what it holds.

use std::borrow::Cow;

use crate::der::Path;
use crate::rule::{ApiCode, Rule, Severity, Stage, Status};
use crate::text;

use super::walk::Walk;

static NUL: Rule = Rule {
    code: "cert-name-nul",
    severity: Severity::Error,
    soft: false,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name in the certificate holds a NUL character",
    hint: "Do not use this certificate: ask the CA for one whose names hold no NUL character.",
    why: "A program written in C ends a text at the first NUL. A certificate for `bank.example\\0.attacker.example` then reads as one for \
          `bank.example`. Certificates like this were issued in 2009 to steal traffic, and no honest one has a NUL in a name.\n\n\
          Example: a commonName `www.example.com\\0.evil.example`.",
    citations: &["RFC 5280, section 7", "CVE-2009-2408"],
    since: "0.1.0",
    status: Status::Active,
};

static DECEPTIVE: Rule = Rule {
    code: "cert-name-deceptive",
    severity: Severity::Warning,
    soft: false,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name in the certificate holds control, invisible or direction-changing characters",
    hint: "Check with the CA that the name is what you ordered; certgate writes such characters as \\u{…}.",
    why: "Escape sequences can rewrite a terminal, and direction marks can make a name read as another one. The certificate works, but \
          whoever reads its names may be misled, so certgate escapes them in every output.\n\n\
          Example: an organization name that holds U+202E, which reverses the text after it.",
    citations: &["RFC 5280, section 8", "Unicode UTR #36"],
    since: "0.1.0",
    status: Status::Active,
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&NUL, &DECEPTIVE];

/// Tells of NUL and of characters that deceive, in any text of a certificate; `what` names the text.
pub(super) fn check_text(
    decoded: &str,
    path: &Path<'_>,
    offset: usize,
    what: impl Fn() -> String,
    walk: &mut Walk<'_, '_>,
) {
    // Most text is printable ASCII: one pass without decoding.
    if decoded.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return;
    }
    let shown = || text::escape(decoded);
    if decoded.contains('\0') {
        walk.report(&NUL, offset, path, || format!("{} \"{}\" holds a NUL character", what(), shown()));
    } else if decoded.chars().any(text::is_unprintable) {
        walk.report(&DECEPTIVE, offset, path, || {
            format!("{} \"{}\" holds control, invisible or direction-changing characters", what(), shown())
        });
    }
}

/// The identifier octet of UTF8String.
pub(super) const UTF8_STRING: u8 = 0x0C;
/// The identifier octet of T61String.
pub(super) const T61_STRING: u8 = 0x14;

/// The text of a string type (X.690, 8.23); `None` for another type. Octets that are not of the type's character set are
/// read as UTF-8 where they are that, else as Latin-1; only UTF8String gets replacement characters.
pub(super) fn decode(tag: u8, octets: &[u8]) -> Option<Cow<'_, str>> {
    match tag {
        UTF8_STRING => Some(String::from_utf8_lossy(octets)),
        T61_STRING if octets.is_ascii() => Some(String::from_utf8_lossy(octets)),
        T61_STRING => Some(Cow::Owned(latin1(octets))),
        // NumericString, PrintableString, IA5String, VisibleString, GeneralString
        0x12 | 0x13 | 0x16 | 0x1A | 0x1B => Some(ascii(octets)),
        // UniversalString
        0x1C => Some(Cow::Owned(
            octets
                .chunks(4)
                .map(|unit| unit.iter().fold(0_u32, |code, octet| (code << 8) | u32::from(*octet)))
                .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )),
        // BMPString; pairs of surrogates are no part of it, but are what is meant.
        0x1E => {
            let units = octets
                .chunks(2)
                .map(|unit| unit.iter().fold(0_u16, |code, octet| (code << 8) | u16::from(*octet)));
            let characters = char::decode_utf16(units);
            Some(Cow::Owned(characters.map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()))
        }
        _ => None,
    }
}

/// ASCII as it should be; else UTF-8 where it is that, else Latin-1.
pub(super) fn ascii(octets: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(octets).map_or_else(|_| Cow::Owned(latin1(octets)), Cow::Borrowed)
}

fn latin1(octets: &[u8]) -> String {
    octets.iter().map(|octet| char::from(*octet)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_type_is_decoded() {
        for (tag, octets, want) in [
            (UTF8_STRING, "é".as_bytes(), Some("é")),
            (UTF8_STRING, b"a\xFFb", Some("a\u{FFFD}b")),
            (0x12, b"123", Some("123")),
            (0x13, b"a*b", Some("a*b")),
            (0x13, b"\xFC", Some("ü")),
            (T61_STRING, b"Z\xFCrich", Some("Zürich")),
            // Octets that happen to be UTF-8 are Latin-1 all the same.
            (T61_STRING, b"\xC3\xBC", Some("Ã¼")),
            (0x16, b"a@b", Some("a@b")),
            (0x1C, &[0, 0, 0x95, 0xE8, 0, 0x11, 0, 0], Some("门\u{FFFD}")),
            (0x1E, &[0x95, 0xE8, 0xD8, 0x3D, 0xDE, 0x00], Some("门😀")),
            (0x1E, &[0xD8, 0x3D], Some("\u{FFFD}")),
            (0x03, &[0, 1], None),
        ] {
            assert_eq!(decode(tag, octets).as_deref(), want, "{tag:02X} {octets:02X?}");
        }
    }
}
