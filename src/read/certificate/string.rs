//! The string types of names, and the rules about them.

use std::borrow::Cow;

use crate::der::{Element, Path, Tag};
use crate::rule::{ApiCode, Rule, Severity, Stage};

use super::name::Short;
use super::oid::Oid;
use super::walk::Walk;

static CERT_NAME_NOT_UTF8: Rule = Rule {
    code: "cert-name-not-utf8",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A UTF8String in a name is not UTF-8",
    hint: "Ask the CA to issue the certificate again with its names in UTF-8.",
    why: "The type says UTF-8, the octets are something else, most often GB2312 or GBK as old Chinese CAs wrote it. Strict libraries \
          refuse the certificate, others show replacement characters. A site that knows its clients may soften this rule.\n\n\
          Example: organizationName with the octets B1 B1 BE A9, which is a city's name in GB2312.",
    citations: &["RFC 5280, section 4.1.2.4", "RFC 3629", "X.690, section 8.23"],
    ..Rule::BASE
};

static CERT_NAME_STRING_TYPE: Rule = Rule {
    code: "cert-name-string-type",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A value in a name is not what its type allows",
    hint: "Ask the CA to issue the certificate again with its names as UTF8String.",
    why: "PrintableString has letters, digits, spaces and '()+,-./:=?, IA5String has ASCII, NumericString digits and spaces, BMPString and \
          UniversalString whole characters; and an attribute such as commonName has one of these types. Go refuses such a certificate, others \
          guess at the text, and certgate then tells in the metadata what it could make of it.\n\n\
          Example: the common name `my_host` as PrintableString, which has no underscore.",
    citations: &["X.680, section 41", "RFC 5280, section 4.1.2.4 and appendix A.1"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_NAME_NOT_UTF8, &CERT_NAME_STRING_TYPE];

/// Tells where the value of an attribute is not what its type allows. `decoded` is what [`decode`] made of it. T61String, which
/// allows anything, is told once for a whole name.
pub(super) fn judge(
    value: &Element<'_>,
    decoded: Option<&str>,
    kind: Oid<'_>,
    path: &Path<'_>,
    walk: &mut Walk<'_, '_>,
) {
    let octets = value.value;
    if value.tag == UTF8 && std::str::from_utf8(octets).is_err() {
        walk.report(&CERT_NAME_NOT_UTF8, value.offset, path, || {
            format!("{} is a UTF8String, but its octets are no UTF-8", Short(kind))
        });
        return;
    }
    // `*` and `&` are no part of PrintableString either, but nobody minds them.
    let is_printable = |octet: u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&octet);
    let first = |allowed: &dyn Fn(u8) -> bool| octets.iter().find(|octet| !allowed(**octet));
    let (name, wrong) = match value.tag {
        0x12 => ("a NumericString", first(&|octet| octet.is_ascii_digit() || octet == b' ')),
        0x13 => ("a PrintableString", first(&is_printable)),
        0x16 => ("an IA5String", first(&|octet| octet.is_ascii())),
        0x1A => ("a VisibleString", first(&|octet| (0x20..0x7F).contains(&octet))),
        0x1C | 0x1E => {
            if decoded.is_some_and(|decoded| decoded.contains(char::REPLACEMENT_CHARACTER)) {
                let name = if value.tag == 0x1E { "a BMPString" } else { "a UniversalString" };
                walk.report(&CERT_NAME_STRING_TYPE, value.offset, path, || {
                    format!("{} is {name}, but holds what is no character", Short(kind))
                });
            }
            return;
        }
        _ => {
            if decoded.is_none() && Short(kind).is_known() {
                walk.report(&CERT_NAME_STRING_TYPE, value.offset, path, || {
                    format!("{} is of type {}, not a string", Short(kind), Tag(value.tag))
                });
            }
            return;
        }
    };
    let Some(&octet) = wrong else { return };
    walk.report(&CERT_NAME_STRING_TYPE, value.offset, path, || match octet {
        0x21..0x7F => format!("{} is {name}, but holds `{}`", Short(kind), char::from(octet)),
        _ => format!("{} is {name}, but holds the octet 0x{octet:02X}", Short(kind)),
    });
}

const UTF8: u8 = 0x0C;
pub(super) const T61: u8 = 0x14;

/// The text of a string type (X.690, 8.23); `None` for another type. Octets that are not of the type's character set are
/// read as UTF-8 where they are that, else as Latin-1; only UTF8String gets replacement characters.
pub(super) fn decode(tag: u8, octets: &[u8]) -> Option<Cow<'_, str>> {
    match tag {
        UTF8 => Some(String::from_utf8_lossy(octets)),
        T61 if octets.is_ascii() => Some(String::from_utf8_lossy(octets)),
        T61 => Some(Cow::Owned(latin1(octets))),
        // NumericString, PrintableString, IA5String, VisibleString, GeneralString
        0x12 | 0x13 | 0x16 | 0x1A | 0x1B => Some(ascii(octets)),
        // UniversalString
        0x1C => Some(Cow::Owned(
            octets
                .chunks_exact(4)
                .map(|unit| unit.iter().fold(0_u32, |code, octet| (code << 8) | u32::from(*octet)))
                .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )),
        // BMPString; pairs of surrogates are no part of it, but are what is meant.
        0x1E => {
            let units = octets
                .chunks_exact(2)
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
