//! The texts of names: characters that deceive, and string types that are not kept.

use crate::der::{Tag, tag};
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::certificate::Oid;
use crate::read::certificate::fault::{NameFault, NamedText, StringProblem, TextKind};
use crate::read::certificate::name::Short;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// The finding on a fault of a text.
pub(super) fn judge(fault: &NameFault<'_>, place: Location) -> Finding {
    match fault {
        NameFault::Nul(named) => nul(named, place),
        NameFault::Deceptive(named) => deceptive(named, place),
        NameFault::T61 { values } => t61(*values, place),
        NameFault::NotUtf8 { attribute } => not_utf8(*attribute, place),
        NameFault::StringType { attribute, tag, problem } => {
            Finding::new(&CERT_NAME_STRING_TYPE, place, string_type(*attribute, *tag, *problem))
        }
        NameFault::ValueType { attribute, tag } => value_type(*attribute, *tag, place),
    }
}

/// What a text is, as RFC 5280 or RFC 4514 names it.
fn name_of(kind: TextKind<'_>) -> String {
    match kind {
        TextKind::Attribute(attribute) => Short(attribute).to_string(),
        TextKind::DnsName => "dNSName".to_owned(),
        TextKind::Rfc822Name => "rfc822Name".to_owned(),
        TextKind::Uri => "URI".to_owned(),
    }
}

static CERT_NAME_NUL: Rule = Rule {
    code: "cert-name-nul",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name in the certificate holds a NUL character",
    hint: "Do not use this certificate. Ask the CA for a certificate without NUL characters in its names.",
    why: "A program written in C ends a text at the first NUL. A certificate for `bank.example\\0.attacker.example` then reads as one for \
          `bank.example`. Certificates like this were issued in 2009 to steal traffic, and no honest certificate has a NUL in a name.\n\n\
          Example: a commonName `www.example.com\\0.evil.example`.",
    citations: &["RFC 5280, section 7", "CVE-2009-2408"],
    ..Rule::BASE
};

fn nul(named: &NamedText<'_>, place: Location) -> Finding {
    let (name, value) = (name_of(named.kind), text::escape(&named.text));
    let message = told!("{name} \"{value}\" holds a NUL character", name = name, value = value);
    Finding::new(&CERT_NAME_NUL, place, message)
}

static CERT_NAME_DECEPTIVE: Rule = Rule {
    code: "cert-name-deceptive",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name in the certificate holds control, invisible or direction-changing characters",
    hint: "Check with the CA that the name is the one you ordered. certgate writes such characters as \\u{…}.",
    why: "Escape sequences can rewrite a terminal, and direction marks can make a name look like another name. The certificate works, but \
          people who read its names may be misled, so certgate escapes them in every output.\n\n\
          Example: an organization name that holds U+202E, which reverses the text after it.",
    citations: &["RFC 5280, section 8", "Unicode UTR #36"],
    ..Rule::BASE
};

fn deceptive(named: &NamedText<'_>, place: Location) -> Finding {
    let message = told!(
        "{name} \"{value}\" holds control, invisible or direction-changing characters",
        name = name_of(named.kind),
        value = text::escape(&named.text),
    );
    Finding::new(&CERT_NAME_DECEPTIVE, place, message)
}

static CERT_NAME_T61: Rule = Rule {
    code: "cert-name-t61",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name is a T61String, and programs do not agree on its characters",
    hint: "You do not need to do anything for this upload. At the next renewal, ask the CA for UTF8String.",
    why: "T61String (TeletexString) has its own character set, which almost no program implements. CAs put Latin-1 into it, so certgate reads \
          it as Latin-1. Another program may show other letters.\n\n\
          Example: an organization with ü, encoded as FC in a T61String.",
    citations: &["RFC 5280, section 4.1.2.4", "X.690, section 8.23"],
    ..Rule::BASE
};

/// T61String allows any octet, so it is reported once for a whole name.
fn t61(values: usize, place: Location) -> Finding {
    let shown = text::count(values, "value");
    let message =
        told!("the name has {shown} encoded as T61String, which certgate reads as Latin-1", values = values);
    Finding::new(&CERT_NAME_T61, place, message)
}

static CERT_NAME_NOT_UTF8: Rule = Rule {
    code: "cert-name-not-utf8",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A UTF8String in a name is not UTF-8",
    hint: "Ask the CA to issue the certificate again with its names in UTF-8.",
    why: "The type says UTF-8, but the octets are in another encoding, most often GB2312 or GBK from an old Chinese CA. Strict libraries refuse \
          the certificate, others show replacement characters. A site that knows its clients may lower the severity of this rule.\n\n\
          Example: organizationName with the octets B1 B1 BE A9, which is a city's name in GB2312.",
    citations: &["RFC 5280, section 4.1.2.4", "RFC 3629", "X.690, section 8.23"],
    ..Rule::BASE
};

fn not_utf8(attribute: Oid<'_>, place: Location) -> Finding {
    let message = told!(
        "{attribute} is a UTF8String, but its octets are not UTF-8",
        attribute = Short(attribute).to_string()
    );
    Finding::new(&CERT_NAME_NOT_UTF8, place, message)
}

static CERT_NAME_STRING_TYPE: Rule = Rule {
    code: "cert-name-string-type",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A value in a name contains what its type does not allow",
    hint: "Ask the CA to issue the certificate again with its names as UTF8String.",
    why: "PrintableString has letters, digits, spaces and '()+,-./:=?, IA5String has ASCII, NumericString digits and spaces, BMPString and \
          UniversalString whole characters. Go refuses a certificate with another character, and other programs guess the text. certgate shows in the metadata what it could read.\n\n\
          Example: the common name `my_host` as PrintableString, which has no underscore.",
    citations: &["X.680, section 41", "RFC 5280, section 4.1.2.4 and appendix A.1"],
    ..Rule::BASE
};

fn string_type(attribute: Oid<'_>, tag: u8, problem: StringProblem) -> Told {
    let attribute = Short(attribute).to_string();
    let article = if tag == tag::IA5_STRING { "an" } else { "a" };
    let kind = Tag(tag).to_string();
    match problem {
        StringProblem::Octet(octet @ 0x21..0x7F) => told!(
            "{attribute} is {article} {string_type}, but holds `{character}`",
            attribute = attribute,
            string_type = kind,
            character = char::from(octet).to_string(),
        ),
        StringProblem::Octet(octet) => told!(
            "{attribute} is {article} {string_type}, but holds the octet 0x{octet:02X}",
            attribute = attribute,
            string_type = kind,
            octet = u32::from(octet),
        ),
        StringProblem::NotACharacter => told!(
            "{attribute} is {article} {string_type}, but holds a number that is not a character",
            attribute = attribute,
            string_type = kind,
        ),
    }
}

static CERT_NAME_VALUE_TYPE: Rule = Rule {
    code: "cert-name-value-type",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A value in a name is of a type that its attribute does not allow",
    hint: "Ask the CA to issue the certificate again with its names as UTF8String.",
    why: "An attribute such as commonName is a UTF8String, PrintableString, BMPString, UniversalString or T61String; programs also read \
          IA5String and NumericString. With any other type, OpenSSL refuses the whole certificate, and with it nginx, HAProxy, Apache, Node and \
          others. Go, Rustls and Java load it. certgate shows in the metadata what it could read.\n\n\
          Example: a common name as VisibleString, or as INTEGER.",
    citations: &["RFC 5280, section 4.1.2.4 and appendix A.1", "X.520, section 2.5 (DirectoryString)"],
    since: "0.2.0",
    ..Rule::BASE
};

fn value_type(attribute: Oid<'_>, tag: u8, place: Location) -> Finding {
    let message = told!(
        "{attribute} is of type {value_type}, which this attribute does not allow",
        attribute = Short(attribute).to_string(),
        value_type = Tag(tag).to_string(),
    );
    Finding::new(&CERT_NAME_VALUE_TYPE, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CERT_NAME_NUL,
    &CERT_NAME_DECEPTIVE,
    &CERT_NAME_T61,
    &CERT_NAME_NOT_UTF8,
    &CERT_NAME_STRING_TYPE,
    &CERT_NAME_VALUE_TYPE,
];
