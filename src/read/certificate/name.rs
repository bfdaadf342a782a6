//! Distinguished names: attributes in order, text of every string type decoded, and the rules about that text.

use std::borrow::Cow;
use std::fmt;

use crate::der::tag;
use crate::der::{DerFault, Element, Path};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

use super::oid::Oid;
use super::string;
use super::walk::Walk;

static CERT_NAME_NUL: Rule = Rule {
    code: "cert-name-nul",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name in the certificate holds a NUL character",
    hint: "Do not use this certificate: ask the CA for one whose names hold no NUL character.",
    why: "A program written in C ends a text at the first NUL. A certificate for `bank.example\\0.attacker.example` then reads as one for \
          `bank.example`. Certificates like this were issued in 2009 to steal traffic, and no honest one has a NUL in a name.\n\n\
          Example: a commonName `www.example.com\\0.evil.example`.",
    citations: &["RFC 5280, section 7", "CVE-2009-2408"],
    ..Rule::BASE
};

static CERT_NAME_DECEPTIVE: Rule = Rule {
    code: "cert-name-deceptive",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name in the certificate holds control, invisible or direction-changing characters",
    hint: "Check with the CA that the name is what you ordered; certgate writes such characters as \\u{…}.",
    why: "Escape sequences can rewrite a terminal, and direction marks can make a name read as another one. The certificate works, but \
          whoever reads its names may be misled, so certgate escapes them in every output.\n\n\
          Example: an organization name that holds U+202E, which reverses the text after it.",
    citations: &["RFC 5280, section 8", "Unicode UTR #36"],
    ..Rule::BASE
};

static CERT_NAME_T61: Rule = Rule {
    code: "cert-name-t61",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A name is a T61String, whose character set nobody agrees on",
    hint: "Nothing to do for the upload; with the next renewal ask the CA for UTF8String.",
    why: "T61String (TeletexString) has a character set of its own that almost no program implements. CAs put Latin-1 into it, and so \
          certgate reads it as Latin-1; another program may show other letters.\n\n\
          Example: an organization with ü, encoded as FC in a T61String.",
    citations: &["RFC 5280, section 4.1.2.4", "X.690, section 8.23"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_NAME_NUL, &CERT_NAME_DECEPTIVE, &CERT_NAME_T61];

/// An attribute type that certgate knows, with its short name (RFC 4514, section 3; RFC 4519).
macro_rules! attribute_types {
    ($($(#[$doc:meta])* $name:ident = $octets:expr, $short:literal;)*) => {
        /// Attribute types of names.
        pub mod attribute {
            use der_parser::oid;

            use super::Oid;
            $($(#[$doc])* pub const $name: Oid<'static> = Oid::new($octets);)*
        }
        static SHORT_NAMES: &[(Oid<'static>, &str)] = &[$((attribute::$name, $short)),*];
    };
}

attribute_types! {
    /// commonName
    COMMON_NAME = &oid!(raw 2.5.4.3), "CN";
    /// surname
    SURNAME = &oid!(raw 2.5.4.4), "SN";
    /// serialNumber
    SERIAL_NUMBER = &oid!(raw 2.5.4.5), "serialNumber";
    /// countryName
    COUNTRY = &oid!(raw 2.5.4.6), "C";
    /// localityName
    LOCALITY = &oid!(raw 2.5.4.7), "L";
    /// stateOrProvinceName
    STATE = &oid!(raw 2.5.4.8), "ST";
    /// streetAddress
    STREET = &oid!(raw 2.5.4.9), "street";
    /// organizationName
    ORGANIZATION = &oid!(raw 2.5.4.10), "O";
    /// organizationalUnitName
    ORGANIZATIONAL_UNIT = &oid!(raw 2.5.4.11), "OU";
    /// title
    TITLE = &oid!(raw 2.5.4.12), "title";
    /// businessCategory
    BUSINESS_CATEGORY = &oid!(raw 2.5.4.15), "businessCategory";
    /// postalCode
    POSTAL_CODE = &oid!(raw 2.5.4.17), "postalCode";
    /// givenName
    GIVEN_NAME = &oid!(raw 2.5.4.42), "GN";
    /// organizationIdentifier
    ORGANIZATION_IDENTIFIER = &oid!(raw 2.5.4.97), "organizationIdentifier";
    /// domainComponent
    DOMAIN_COMPONENT = &oid!(raw 0.9.2342.19200300.100.1.25), "DC";
    /// userId
    USER_ID = &oid!(raw 0.9.2342.19200300.100.1.1), "UID";
    /// emailAddress (PKCS#9)
    EMAIL_ADDRESS = &oid!(raw 1.2.840.113549.1.9.1), "emailAddress";
}

/// A distinguished name (RFC 5280, 4.1.2.4).
///
/// `Display` writes one line in the order of the certificate, `C=CN, O=Example, CN=www.example.com`; whatever could deceive a reader
/// is escaped. Two names are equal if their DER is.
#[derive(Clone, Debug)]
pub struct Name<'a> {
    der: &'a [u8],
    offset: usize,
    attributes: Vec<Attribute<'a>>,
}

/// An attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    kind: Oid<'a>,
    value: Option<Cow<'a, str>>,
    raw: &'a [u8],
    rdn: usize,
}

impl<'a> Attribute<'a> {
    /// The attribute's type.
    pub fn kind(&self) -> Oid<'a> {
        self.kind
    }

    /// The value as text; `None` where it is of no string type. Nothing is escaped: use it for comparing, not for printing.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// The value as DER, header included.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Which RelativeDistinguishedName holds it, from 0: attributes with the same number belong together.
    pub fn rdn(&self) -> usize {
        self.rdn
    }
}

impl<'a> Name<'a> {
    /// The DER of the name, header included.
    pub fn der(&self) -> &'a [u8] {
        self.der
    }

    /// All attributes, in order.
    pub fn attributes(&self) -> &[Attribute<'a>] {
        &self.attributes
    }

    /// The texts of one attribute type (see [`attribute`]), in order, not escaped.
    pub fn values(&self, kind: Oid<'_>) -> impl DoubleEndedIterator<Item = &str> {
        let kind = kind.as_bytes();
        self.attributes
            .iter()
            .filter(move |attribute| attribute.kind.as_bytes() == kind)
            .filter_map(Attribute::value)
    }

    /// Whether it has no attribute.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// Its place in the certificate.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Reads a Name; what is wrong with it is told to the walk. What can be read is handed on.
    pub(super) fn read(element: &Element<'a>, path: &Path<'_>, walk: &mut Walk<'_, '_>) -> Self {
        let mut name = Self { der: element.raw, offset: element.offset, attributes: Vec::new() };
        let mut rdns = element.inside();
        let mut rdn = 0_usize;
        let mut t61 = None;
        while rdns.left() > 0 {
            let path = path.index(rdn);
            let Some(set) = walk.take(&mut rdns, tag::SET, &path) else { break };
            let mut attributes = set.inside();
            if attributes.left() == 0 {
                walk.fault(set.offset, &path, DerFault::Absent { expected: tag::SEQUENCE });
            }
            let mut index = 0_usize;
            while attributes.left() > 0 {
                let path = path.index(index);
                let Some(pair) = walk.take(&mut attributes, tag::SEQUENCE, &path) else { break };
                if let Some(attribute) = Attribute::read(&pair, rdn, &path, &mut t61, walk) {
                    name.attributes.push(attribute);
                }
                index = index.saturating_add(1);
            }
            rdn = rdn.saturating_add(1);
        }
        if let Some((offset, count)) = t61 {
            let values = text::count(count, "value");
            walk.report(&CERT_NAME_T61, offset, path, || {
                format!("{values} of the name encoded as T61String, read as Latin-1")
            });
        }
        name
    }
}

impl<'a> Attribute<'a> {
    fn read(
        pair: &Element<'a>,
        rdn: usize,
        path: &Path<'_>,
        t61: &mut Option<(usize, usize)>,
        walk: &mut Walk<'_, '_>,
    ) -> Option<Self> {
        let mut fields = pair.inside();
        let type_path = path.field("type");
        let kind = walk.take(&mut fields, tag::OID, &type_path)?;
        walk.check_primitive(&kind, &type_path);
        let kind = Oid::new(kind.value);
        let value_path = path.field("value");
        let offset = fields.offset();
        let value = match fields.next() {
            Some(Ok(value)) => value,
            Some(Err(fault)) => {
                walk.fault(offset, &value_path, fault);
                return None;
            }
            None => {
                walk.fault(offset, &value_path, DerFault::Absent { expected: 0x0C });
                return None;
            }
        };
        walk.check(&value, &value_path);
        walk.finish_reader(&fields, path);
        if value.tag == string::T61 {
            let count = t61.map_or(0, |(_, count)| count);
            *t61 = Some((t61.map_or(value.offset, |(offset, _)| offset), count.saturating_add(1)));
        }
        let decoded = string::decode(value.tag, value.value);
        string::judge(&value, decoded.as_deref(), kind, &value_path, walk);
        if let Some(decoded) = &decoded {
            check_text(decoded, &value_path, value.offset, || Short(kind).to_string(), walk);
        }
        Some(Self { kind, value: decoded, raw: value.raw, rdn })
    }
}

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
        walk.report(&CERT_NAME_NUL, offset, path, || {
            format!("{} \"{}\" holds a NUL character", what(), shown())
        });
    } else if decoded.chars().any(text::is_unprintable) {
        walk.report(&CERT_NAME_DECEPTIVE, offset, path, || {
            format!("{} \"{}\" holds control, invisible or direction-changing characters", what(), shown())
        });
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name<'_> {}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("(empty name)");
        }
        let mut before: Option<&Attribute<'_>> = None;
        for (index, attribute) in self.attributes.iter().enumerate() {
            if index == SHOWN {
                return f.write_str(", …");
            }
            if let Some(before) = before {
                f.write_str(if attribute.rdn == before.rdn { " + " } else { ", " })?;
            }
            attribute.fmt(f)?;
            before = Some(attribute);
        }
        Ok(())
    }
}

/// The attributes of a name that are shown at most.
const SHOWN: usize = 16;

impl fmt::Display for Attribute<'_> {
    /// `O=Example`: the short name or dotted identifier, and the value escaped and cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", Short(self.kind))?;
        match &self.value {
            Some(value) => f.write_str(&text::escape(value)),
            None => write!(f, "({} octets)", self.raw.len()),
        }
    }
}

/// An attribute type shown by its short name.
pub(super) struct Short<'a>(pub(super) Oid<'a>);

impl Short<'_> {
    /// Whether certgate knows the type; the values of all that it knows are strings.
    pub(super) fn is_known(&self) -> bool {
        SHORT_NAMES.iter().any(|(oid, _)| oid.as_bytes() == self.0.as_bytes())
    }
}

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SHORT_NAMES.iter().find(|(oid, _)| oid.as_bytes() == self.0.as_bytes()) {
            Some((_, short)) => f.write_str(short),
            None => self.0.fmt(f),
        }
    }
}
