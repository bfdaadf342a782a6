//! The string types of names.

use std::borrow::Cow;

use crate::der::{Element, tag};

use super::fault::{NameFault, StringProblem};
use super::name::Short;
use super::oid::Oid;

/// What is wrong with the value of an attribute under its type. `decoded` is what [`decode`] made of it. T61String, which allows anything,
/// is a fault of a whole name.
pub(super) fn fault<'a>(
    value: &Element<'a>,
    decoded: Option<&str>,
    attribute: Oid<'a>,
) -> Option<NameFault<'a>> {
    let octets = value.value;
    if value.tag == tag::UTF8_STRING {
        return std::str::from_utf8(octets).is_err().then_some(NameFault::NotUtf8 { attribute });
    }
    // `*` and `&` are not part of PrintableString either, but nobody minds them.
    let is_printable = |octet: u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&octet);
    let other = |is_allowed: &dyn Fn(u8) -> bool| {
        octets.iter().find(|octet| !is_allowed(**octet)).map(|octet| StringProblem::Octet(*octet))
    };
    if Short(attribute).is_known() && !TYPES_OF_NAMES.contains(&value.tag) {
        return Some(NameFault::ValueType { attribute, tag: value.tag });
    }
    let problem = match value.tag {
        tag::NUMERIC_STRING => other(&|octet| octet.is_ascii_digit() || octet == b' '),
        tag::PRINTABLE_STRING => other(&is_printable),
        tag::IA5_STRING => other(&|octet| octet.is_ascii()),
        tag::VISIBLE_STRING => other(&|octet| (0x20..0x7F).contains(&octet)),
        tag::UNIVERSAL_STRING | tag::BMP_STRING => decoded
            .is_some_and(|decoded| decoded.contains(char::REPLACEMENT_CHARACTER))
            .then_some(StringProblem::NotACharacter),
        _ => None,
    };
    problem.map(|problem| NameFault::StringType { attribute, tag: value.tag, problem })
}

/// The types that programs take for the value of a known attribute: those of DirectoryString (RFC 5280, appendix A.1), and two that older
/// certificates have.
const TYPES_OF_NAMES: [u8; 7] = [
    tag::UTF8_STRING,
    tag::PRINTABLE_STRING,
    tag::T61_STRING,
    tag::BMP_STRING,
    tag::UNIVERSAL_STRING,
    tag::IA5_STRING,
    tag::NUMERIC_STRING,
];

/// The text of a string type (X.690, 8.23); `None` for another type. Octets that are not of the type's character set are
/// read as UTF-8 where they are that, else as Latin-1; only UTF8String gets replacement characters.
pub(super) fn decode(tag: u8, octets: &[u8]) -> Option<Cow<'_, str>> {
    match tag {
        tag::UTF8_STRING => Some(String::from_utf8_lossy(octets)),
        tag::T61_STRING if octets.is_ascii() => Some(String::from_utf8_lossy(octets)),
        tag::T61_STRING => Some(Cow::Owned(latin1(octets))),
        tag::NUMERIC_STRING
        | tag::PRINTABLE_STRING
        | tag::IA5_STRING
        | tag::VISIBLE_STRING
        | tag::GENERAL_STRING => Some(ascii(octets)),
        tag::UNIVERSAL_STRING => Some(Cow::Owned(
            octets
                .chunks_exact(4)
                .map(|unit| unit.iter().fold(0_u32, |code, octet| (code << 8) | u32::from(*octet)))
                .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )),
        // Pairs of surrogates are not part of it, but are what is meant.
        tag::BMP_STRING => {
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
pub(crate) fn ascii(octets: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(octets).map_or_else(|_| Cow::Owned(latin1(octets)), Cow::Borrowed)
}

fn latin1(octets: &[u8]) -> String {
    octets.iter().map(|octet| char::from(*octet)).collect()
}
