//! Extensions: the list, and what the ones of RFC 5280 say.

use std::collections::BTreeSet;

use x509_parser::extensions as parsed;
use x509_parser::prelude::FromDer;

use crate::der::{DerFault, Element, Path, Reader, tag};

use super::constraints::{
    AuthorityKeyId, BasicConstraints, ExtKeyUsage, KeyUsage, NameConstraints, ca_issuers,
};
use super::fault::{ExtensionFault, FaultKind};
use super::general_name::{GeneralName, read_subject_alt_name};
use super::oid::Oid;
use super::outline::TBS;
use super::walk::Walk;

/// An extension whose value is looked into, with the name that RFC 5280 gives it.
macro_rules! extensions {
    ($($name:ident = $octets:expr, $shown:literal;)*) => {
        /// Extension identifiers.
        mod id {
            use der_parser::oid;

            $(pub(super) const $name: &[u8] = $octets;)*
            pub(super) const CT_POISON: &[u8] = &oid!(raw 1.3.6.1.4.1.11129.2.4.3);
        }
        static NAMES: &[(&[u8], &str)] = &[$((id::$name, $shown)),*];
    };
}

extensions! {
    SUBJECT_KEY_ID = &oid!(raw 2.5.29.14), "subjectKeyIdentifier";
    KEY_USAGE = &oid!(raw 2.5.29.15), "keyUsage";
    SUBJECT_ALT_NAME = &oid!(raw 2.5.29.17), "subjectAltName";
    ISSUER_ALT_NAME = &oid!(raw 2.5.29.18), "issuerAltName";
    BASIC_CONSTRAINTS = &oid!(raw 2.5.29.19), "basicConstraints";
    NAME_CONSTRAINTS = &oid!(raw 2.5.29.30), "nameConstraints";
    CRL_DISTRIBUTION_POINTS = &oid!(raw 2.5.29.31), "cRLDistributionPoints";
    CERTIFICATE_POLICIES = &oid!(raw 2.5.29.32), "certificatePolicies";
    POLICY_MAPPINGS = &oid!(raw 2.5.29.33), "policyMappings";
    AUTHORITY_KEY_ID = &oid!(raw 2.5.29.35), "authorityKeyIdentifier";
    POLICY_CONSTRAINTS = &oid!(raw 2.5.29.36), "policyConstraints";
    EXT_KEY_USAGE = &oid!(raw 2.5.29.37), "extKeyUsage";
    INHIBIT_ANY_POLICY = &oid!(raw 2.5.29.54), "inhibitAnyPolicy";
    AUTHORITY_INFO_ACCESS = &oid!(raw 1.3.6.1.5.5.7.1.1), "authorityInfoAccess";
}

/// The name that RFC 5280 gives to an extension whose value is looked into.
pub(crate) fn name_of(oid: Oid<'_>) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == oid.as_bytes()).map(|(_, name)| *name)
}

/// The extensions that may be critical: those that every TLS client understands.
const UNDERSTOOD: [&[u8]; 10] = [
    id::BASIC_CONSTRAINTS,
    id::KEY_USAGE,
    id::EXT_KEY_USAGE,
    id::SUBJECT_ALT_NAME,
    id::NAME_CONSTRAINTS,
    id::CERTIFICATE_POLICIES,
    id::POLICY_MAPPINGS,
    id::POLICY_CONSTRAINTS,
    id::INHIBIT_ANY_POLICY,
    id::CRL_DISTRIBUTION_POINTS,
];

/// The extensions whose values both OpenSSL and Go read before they follow a chain. One that they cannot read ends the chain.
const READ_BY_ALL: [&[u8]; 8] = [
    id::SUBJECT_KEY_ID,
    id::KEY_USAGE,
    id::SUBJECT_ALT_NAME,
    id::BASIC_CONSTRAINTS,
    id::NAME_CONSTRAINTS,
    id::CRL_DISTRIBUTION_POINTS,
    id::AUTHORITY_KEY_ID,
    id::EXT_KEY_USAGE,
];

/// One extension (RFC 5280, 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extension<'a> {
    /// The identifier.
    pub(crate) oid: Oid<'a>,
    /// Whether it is critical.
    pub(crate) critical: bool,
    /// The content of extnValue.
    pub(crate) value: &'a [u8],
    /// The position in the list, from 0.
    pub(crate) index: usize,
    /// The offset of the extension in the certificate's DER.
    pub(crate) offset: usize,
}

impl Extension<'_> {
    /// Whether all programs read its value before they follow a chain.
    pub(super) fn is_read_by_all(&self) -> bool {
        READ_BY_ALL.contains(&self.oid.as_bytes())
    }

    /// Its name in RFC 5280, or its dotted identifier.
    pub(crate) fn shown(&self) -> String {
        name_of(self.oid).map_or_else(|| self.oid.to_string(), str::to_owned)
    }
}

/// What the extensions of a certificate say; `None` where one is absent or cannot be read. Of duplicates the first counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions<'a> {
    /// The offset of the list, or where it would be.
    pub(crate) offset: usize,
    pub(super) list: Vec<Extension<'a>>,
    /// Whether a part of the list cannot be read: any extension may be in it.
    pub(super) is_cut: bool,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) ext_key_usage: Option<ExtKeyUsage<'a>>,
    pub(super) san: Option<Vec<GeneralName<'a>>>,
    pub(super) name_constraints: Option<NameConstraints<'a>>,
    pub(super) subject_key_id: Option<&'a [u8]>,
    pub(super) authority_key_id: Option<AuthorityKeyId<'a>>,
    pub(super) ca_issuers: Vec<&'a str>,
}

impl<'a> Extensions<'a> {
    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Extension<'a>> {
        self.list.iter()
    }

    /// The extension with that identifier.
    fn find(&self, oid: &[u8]) -> Option<&Extension<'a>> {
        self.list.iter().find(|extension| extension.oid.as_bytes() == oid)
    }

    /// The extension whose value holds the element with that path.
    pub(super) fn holding(&self, path: &str) -> Option<&Extension<'a>> {
        let list = TBS.field("extensions").to_string();
        if !path.starts_with(&list) {
            return None;
        }
        self.list.iter().find(|extension| {
            path.strip_prefix(&list)
                .and_then(|rest| rest.strip_prefix(&format!("[{}].extnValue", extension.index)))
                .is_some()
        })
    }

    /// The position of keyUsage.
    pub(crate) fn key_usage_place(&self) -> Option<&Extension<'a>> {
        self.find(id::KEY_USAGE)
    }

    /// The position of extKeyUsage.
    pub(crate) fn ext_key_usage_place(&self) -> Option<&Extension<'a>> {
        self.find(id::EXT_KEY_USAGE)
    }

    /// The position of basicConstraints.
    pub(crate) fn basic_constraints_place(&self) -> Option<&Extension<'a>> {
        self.find(id::BASIC_CONSTRAINTS)
    }

    /// Reads the `[3]` of a TBSCertificate; what the extensions say is read on the way.
    pub(super) fn read(explicit: &Element<'a>, path: &Path<'_>, walk: &mut Walk<'a>) -> Self {
        let mut all = Self { offset: explicit.offset, ..Self::default() };
        let mut outer = explicit.inside();
        let Some(list) = walk.take(&mut outer, tag::SEQUENCE, path) else {
            all.is_cut = true;
            return all;
        };
        walk.finish_reader(&outer, path);
        let mut inside = list.inside();
        if inside.left() == 0 {
            walk.fault(list.offset, path, DerFault::Absent { expected: tag::SEQUENCE });
        }
        let mut seen = BTreeSet::new();
        let mut index = 0_usize;
        while inside.left() > 0 {
            let path = path.index(index);
            let Some(element) = walk.take(&mut inside, tag::SEQUENCE, &path) else {
                all.is_cut = true;
                break;
            };
            let read = read_one(&element, index, &path, walk);
            all.is_cut |= read.is_none();
            if let Some((extension, value)) = read {
                let first = seen.insert(extension.oid);
                let duplicate = (!first).then_some(ExtensionFault::Duplicate(extension.oid));
                for fault in duplicate.into_iter().chain(fault_of(&extension)) {
                    walk.report(element.offset, &path, FaultKind::Extension(fault));
                }
                all.read_value(&extension, &value, first, &path.field("extnValue"), walk);
                all.list.push(extension);
            }
            index = index.saturating_add(1);
        }
        all
    }

    /// Reads what the value of a known extension says.
    fn read_value(
        &mut self,
        extension: &Extension<'a>,
        octets: &Element<'a>,
        first: bool,
        path: &Path<'_>,
        walk: &mut Walk<'a>,
    ) {
        let oid = extension.oid.as_bytes();
        if name_of(extension.oid).is_none() {
            return;
        }
        if first && oid == id::SUBJECT_ALT_NAME {
            // It is there, whatever it holds.
            self.san = Some(Vec::new());
        }
        let mut reader = octets.inside();
        let offset = reader.offset();
        let value = match reader.next() {
            Some(Ok(value)) => value,
            Some(Err(fault)) => return walk.fault(offset, path, fault),
            None => return walk.fault(offset, path, DerFault::Absent { expected: tag::SEQUENCE }),
        };
        walk.finish_reader(&reader, path);
        let expected = match oid {
            id::SUBJECT_KEY_ID => tag::OCTET_STRING,
            id::KEY_USAGE => tag::BIT_STRING,
            id::INHIBIT_ANY_POLICY => tag::INTEGER,
            _ => tag::SEQUENCE,
        };
        if value.tag != expected {
            let fault = DerFault::UnexpectedTag { expected, found: value.tag };
            return walk.fault(value.offset, path, fault);
        }
        if oid == id::SUBJECT_ALT_NAME {
            if let Some(lapse) = value.lapse {
                walk.fault(value.offset, path, lapse);
            }
            let names = read_subject_alt_name(&value, path, walk);
            if first {
                self.san = Some(names);
            }
            return;
        }
        let clean = walk.check(&value, path);
        let understood = match oid {
            _ if !first => true,
            id::BASIC_CONSTRAINTS => {
                // A damaged one does not say that the subject is no CA.
                let read = BasicConstraints::read(&value, path, walk);
                self.basic_constraints = Some(read).filter(|read| clean || read.ca);
                true
            }
            id::NAME_CONSTRAINTS => {
                self.name_constraints = Some(NameConstraints::read(&value, path, walk));
                true
            }
            id::KEY_USAGE => {
                self.key_usage = parse::<parsed::KeyUsage>(&value).map(KeyUsage::new);
                self.key_usage.is_some()
            }
            id::EXT_KEY_USAGE => {
                // x509-parser takes elements of any kind for identifiers.
                self.ext_key_usage = parse::<parsed::ExtendedKeyUsage<'a>>(&value)
                    .filter(|_| holds_only(&value, tag::OID))
                    .map(ExtKeyUsage::new);
                self.ext_key_usage.is_some()
            }
            id::SUBJECT_KEY_ID => {
                self.subject_key_id = Some(value.value);
                true
            }
            id::AUTHORITY_KEY_ID => {
                self.authority_key_id =
                    parse::<parsed::AuthorityKeyIdentifier<'a>>(&value).map(|id| AuthorityKeyId {
                        key_id: id.key_identifier.map(|id| id.0),
                        serial: id.authority_cert_serial,
                    });
                self.authority_key_id.is_some()
            }
            id::AUTHORITY_INFO_ACCESS => {
                let access = parse::<parsed::AuthorityInfoAccess<'a>>(&value);
                let understood = access.is_some();
                self.ca_issuers = access.map(ca_issuers).unwrap_or_default();
                understood
            }
            _ => true,
        };
        if clean && !understood {
            walk.fault(value.offset, path, DerFault::Schema);
        }
    }
}

/// Whether all elements inside are of this kind.
fn holds_only(element: &Element<'_>, tag: u8) -> bool {
    let mut inside = element.inside();
    std::iter::from_fn(|| inside.next()).all(|inner| inner.is_ok_and(|inner| inner.tag == tag))
}

/// What x509-parser reads in an element, if it is content with it.
fn parse<'a, T: FromDer<'a, x509_parser::error::X509Error>>(element: &Element<'a>) -> Option<T> {
    T::from_der(element.raw).ok().map(|(_, parsed)| parsed)
}

/// Reads one Extension: identifier, critical, value.
fn read_one<'a>(
    element: &Element<'a>,
    index: usize,
    path: &Path<'_>,
    walk: &mut Walk<'a>,
) -> Option<(Extension<'a>, Element<'a>)> {
    let mut fields = element.inside();
    let oid_path = path.field("extnID");
    let oid = walk.take(&mut fields, tag::OID, &oid_path)?;
    walk.check_primitive(&oid, &oid_path);
    let critical = read_boolean(&mut fields, &path.field("critical"), walk);
    let value = walk.take(&mut fields, tag::OCTET_STRING, &path.field("extnValue"))?;
    walk.finish_reader(&fields, path);
    let oid = Oid::new(oid.value);
    Some((Extension { oid, critical, value: value.value, index, offset: element.offset }, value))
}

/// Reads a BOOLEAN DEFAULT FALSE where there is one.
fn read_boolean<'a>(reader: &mut Reader<'a>, path: &Path<'_>, walk: &mut Walk<'a>) -> bool {
    if reader.peek() != Some(tag::BOOLEAN) {
        return false;
    }
    let Some(boolean) = walk.take(reader, tag::BOOLEAN, path) else { return false };
    walk.check_primitive(&boolean, path);
    let value = boolean.value.iter().any(|octet| *octet != 0);
    if !value && boolean.value.len() == 1 {
        walk.fault(boolean.offset, path, DerFault::DefaultEncoded);
    }
    value
}

/// What is wrong with an extension whatever its value: it is a precertificate's, or critical and not understood.
fn fault_of<'a>(extension: &Extension<'a>) -> Option<ExtensionFault<'a>> {
    let oid = extension.oid.as_bytes();
    if oid == id::CT_POISON {
        Some(ExtensionFault::Precertificate)
    } else {
        (extension.critical && !UNDERSTOOD.contains(&oid)).then_some(ExtensionFault::Critical(extension.oid))
    }
}
