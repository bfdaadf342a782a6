//! Distinguished names: attributes in order, text of every string type decoded.

use std::borrow::Cow;
use std::fmt;

use crate::der::{DerFault, Element, Path, tag};
use crate::text;

use super::fault::{FaultKind, NameFault, NamedText, TextKind};
use super::oid::Oid;
use super::string;
use super::walk::Walk;

/// An attribute type that certgate knows, with its short name (RFC 4514, section 3; RFC 4519).
macro_rules! attribute_types {
    ($($(#[$doc:meta])* $name:ident = $octets:expr, $short:literal;)*) => {
        /// Attribute types of names.
        pub(crate) mod attribute {
            use der_parser::oid;

            use super::Oid;
            $($(#[$doc])* pub(crate) const $name: Oid<'static> = Oid::new($octets);)*
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
pub(crate) struct Attribute<'a> {
    kind: Oid<'a>,
    value: Option<Cow<'a, str>>,
    raw: &'a [u8],
    rdn: usize,
}

impl<'a> Attribute<'a> {
    /// The attribute's type.
    pub(crate) fn kind(&self) -> Oid<'a> {
        self.kind
    }

    /// The value as text; `None` where it is of no string type. Nothing is escaped: use it for comparing, not for printing.
    pub(crate) fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// The value as DER, header included.
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Which RelativeDistinguishedName holds it, from 0: attributes with the same number belong together.
    pub(crate) fn rdn(&self) -> usize {
        self.rdn
    }
}

impl<'a> Name<'a> {
    /// The DER of the name, header included.
    pub fn der(&self) -> &'a [u8] {
        self.der
    }

    /// All attributes, in order.
    pub(crate) fn attributes(&self) -> &[Attribute<'a>] {
        &self.attributes
    }

    /// The texts of one attribute type (see [`attribute`]), in order, not escaped.
    pub(crate) fn values(&self, kind: Oid<'_>) -> impl DoubleEndedIterator<Item = &str> {
        let kind = kind.as_bytes();
        self.attributes
            .iter()
            .filter(move |attribute| attribute.kind.as_bytes() == kind)
            .filter_map(Attribute::value)
    }

    /// Whether it has no attribute.
    pub(crate) fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// Its place in the certificate.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Reads a Name; what is wrong with it goes to the walk. What can be read is handed on.
    pub(super) fn read(element: &Element<'a>, path: &Path<'_>, walk: &mut Walk<'a>) -> Self {
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
        if let Some((offset, values)) = t61 {
            walk.report(offset, path, FaultKind::Name(NameFault::T61 { values }));
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
        walk: &mut Walk<'a>,
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
                walk.fault(offset, &value_path, DerFault::Absent { expected: tag::UTF8_STRING });
                return None;
            }
        };
        walk.check(&value, &value_path);
        walk.finish_reader(&fields, path);
        if value.tag == tag::T61_STRING {
            let count = t61.map_or(0, |(_, count)| count);
            *t61 = Some((t61.map_or(value.offset, |(offset, _)| offset), count.saturating_add(1)));
        }
        let decoded = string::decode(value.tag, value.value);
        if let Some(fault) = string::fault(&value, decoded.as_deref(), kind) {
            walk.report(value.offset, &value_path, FaultKind::Name(fault));
        }
        if let Some(decoded) = &decoded {
            check_text(decoded, TextKind::Attribute(kind), &value_path, value.offset, walk);
        }
        Some(Self { kind, value: decoded, raw: value.raw, rdn })
    }
}

/// Looks for NUL and for characters that deceive, in any text of a certificate.
#[allow(clippy::ptr_arg, reason = "a clone of the text borrows from the certificate")]
pub(super) fn check_text<'a>(
    decoded: &Cow<'a, str>,
    kind: TextKind<'a>,
    path: &Path<'_>,
    offset: usize,
    walk: &mut Walk<'a>,
) {
    // Most text is printable ASCII: one pass without decoding.
    if decoded.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return;
    }
    let text = || NamedText { kind, text: decoded.clone() };
    let fault = if decoded.contains('\0') {
        NameFault::Nul(text())
    } else if decoded.chars().any(text::is_unprintable) {
        NameFault::Deceptive(text())
    } else {
        return;
    };
    walk.report(offset, path, FaultKind::Name(fault));
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
pub(crate) struct Short<'a>(pub(crate) Oid<'a>);

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
