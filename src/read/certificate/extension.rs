//! Extensions: the list, the rules about it, and what the ones of RFC 5280 say.

use std::collections::BTreeSet;

use x509_parser::extensions as parsed;
use x509_parser::prelude::FromDer;

use crate::der::tag;
use crate::der::{Element, DerFault, Path, Reader};
use crate::rule::{ApiCode, Rule, Severity, Stage};

use super::constraints::{
    AuthorityKeyId, BasicConstraints, ExtKeyUsage, KeyUsage, NameConstraints, ca_issuers,
};
use super::general_name::{GeneralName, read_subject_alt_name};
use super::oid::Oid;
use super::walk::Walk;

pub(super) static CERT_DUPLICATE_EXTENSION: Rule = Rule {
    code: "cert-duplicate-extension",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate has the same extension twice",
    hint: "Ask the CA to issue the certificate again with each extension once.",
    why: "With two extensions of one kind, one program heeds the first and another the last, so the certificate means two things. \
          RFC 5280 forbids it, and OpenSSL, Go and Rustls refuse it.\n\n\
          Example: two subject alternative names, one from the request and one from the CA's template.",
    citations: &["RFC 5280, section 4.2"],
    ..Rule::BASE
};

pub(super) static CERT_CRITICAL_EXTENSION: Rule = Rule {
    code: "cert-critical-extension",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "An extension that clients do not know is marked critical",
    hint: "Ask the CA to issue the certificate again without the extension, or with it not critical.",
    why: "Critical means: whoever does not understand this extension must refuse the certificate. TLS clients understand those of RFC \
          5280 and hardly any other, so the certificate would load and then fail at every client. A site whose clients know the \
          extension may soften this rule.\n\n\
          Example: a private extension under 1.3.6.1.4.1 that a company CA marks critical.",
    citations: &["RFC 5280, section 4.2"],
    ..Rule::BASE
};

pub(super) static CERT_PRECERTIFICATE: Rule = Rule {
    code: "cert-precertificate",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "This is a precertificate, not a certificate",
    hint: "Upload the certificate that the CA issued after this precertificate; it has the same serial number and key.",
    why: "A CA logs a precertificate before it issues the certificate. The poison extension makes sure that no client ever accepts it. \
          It is found in certificate transparency logs, not in what a CA delivers.\n\n\
          Example: a certificate that was downloaded from a log's web page under the heading Precertificate.",
    citations: &["RFC 6962, section 3.1"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&CERT_DUPLICATE_EXTENSION, &CERT_CRITICAL_EXTENSION, &CERT_PRECERTIFICATE];

/// Extension identifiers: id-ce and the number, or written out.
mod id {
    use der_parser::oid;

    pub(super) const SUBJECT_KEY_ID: &[u8] = &oid!(raw 2.5.29.14);
    pub(super) const KEY_USAGE: &[u8] = &oid!(raw 2.5.29.15);
    pub(super) const SUBJECT_ALT_NAME: &[u8] = &oid!(raw 2.5.29.17);
    pub(super) const ISSUER_ALT_NAME: &[u8] = &oid!(raw 2.5.29.18);
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &oid!(raw 2.5.29.19);
    pub(super) const NAME_CONSTRAINTS: &[u8] = &oid!(raw 2.5.29.30);
    pub(super) const CRL_DISTRIBUTION_POINTS: &[u8] = &oid!(raw 2.5.29.31);
    pub(super) const CERTIFICATE_POLICIES: &[u8] = &oid!(raw 2.5.29.32);
    pub(super) const POLICY_MAPPINGS: &[u8] = &oid!(raw 2.5.29.33);
    pub(super) const AUTHORITY_KEY_ID: &[u8] = &oid!(raw 2.5.29.35);
    pub(super) const POLICY_CONSTRAINTS: &[u8] = &oid!(raw 2.5.29.36);
    pub(super) const EXT_KEY_USAGE: &[u8] = &oid!(raw 2.5.29.37);
    pub(super) const INHIBIT_ANY_POLICY: &[u8] = &oid!(raw 2.5.29.54);
    pub(super) const AUTHORITY_INFO_ACCESS: &[u8] = &oid!(raw 1.3.6.1.5.5.7.1.1);
    pub(super) const CT_POISON: &[u8] = &oid!(raw 1.3.6.1.4.1.11129.2.4.3);
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

/// One extension (RFC 5280, 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension<'a> {
    /// The identifier.
    pub oid: Oid<'a>,
    /// Whether it is critical.
    pub critical: bool,
    /// The content of extnValue.
    pub value: &'a [u8],
    /// The position in the list, from 0.
    pub index: usize,
    /// The offset of the extension in the certificate's DER.
    pub offset: usize,
}

/// What the extensions of a certificate say; `None` where one is absent or cannot be read. Of duplicates the first counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions<'a> {
    /// The offset of the list, or where it would stand.
    pub(super) offset: usize,
    pub(super) list: Vec<Extension<'a>>,
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
    /// The extension with that identifier.
    pub(super) fn find(&self, oid: &[u8]) -> Option<&Extension<'a>> {
        self.list.iter().find(|extension| extension.oid.as_bytes() == oid)
    }

    /// The position of keyUsage, for findings about it.
    pub(super) fn key_usage_place(&self) -> Option<&Extension<'a>> {
        self.find(id::KEY_USAGE)
    }

    /// The position of extKeyUsage, for findings about it.
    pub(super) fn ext_key_usage_place(&self) -> Option<&Extension<'a>> {
        self.find(id::EXT_KEY_USAGE)
    }

    /// The position of basicConstraints, for findings about it.
    pub(super) fn basic_constraints_place(&self) -> Option<&Extension<'a>> {
        self.find(id::BASIC_CONSTRAINTS)
    }

    /// Reads the `[3]` of a TBSCertificate and judges the list; what the extensions say is read on the way.
    pub(super) fn read(explicit: &Element<'a>, path: &Path<'_>, walk: &mut Walk<'_, '_>) -> Self {
        let mut all = Self { offset: explicit.offset, ..Self::default() };
        let mut outer = explicit.inside();
        let Some(list) = walk.take(&mut outer, tag::SEQUENCE, path) else { return all };
        walk.finish_reader(&outer, path);
        let mut inside = list.inside();
        if inside.left() == 0 {
            walk.fault(list.offset, path, DerFault::Absent { expected: tag::SEQUENCE });
        }
        let mut seen = BTreeSet::new();
        let mut index = 0_usize;
        while inside.left() > 0 {
            let path = path.index(index);
            let Some(element) = walk.take(&mut inside, tag::SEQUENCE, &path) else { break };
            if let Some((extension, value)) = read_one(&element, index, &path, walk) {
                let first = seen.insert(extension.oid);
                if !first {
                    walk.report(&CERT_DUPLICATE_EXTENSION, element.offset, &path, || {
                        format!("extension {} occurs more than once", describe(extension.oid))
                    });
                }
                judge_critical(&extension, &path, walk);
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
        walk: &mut Walk<'_, '_>,
    ) {
        let oid = extension.oid.as_bytes();
        if !KNOWN.contains(&oid) {
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
                self.basic_constraints = Some(BasicConstraints::read(&value, path, walk));
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

/// The extensions whose values are looked into.
const KNOWN: [&[u8]; 14] = [
    id::SUBJECT_KEY_ID,
    id::KEY_USAGE,
    id::SUBJECT_ALT_NAME,
    id::ISSUER_ALT_NAME,
    id::BASIC_CONSTRAINTS,
    id::NAME_CONSTRAINTS,
    id::CRL_DISTRIBUTION_POINTS,
    id::CERTIFICATE_POLICIES,
    id::POLICY_MAPPINGS,
    id::AUTHORITY_KEY_ID,
    id::POLICY_CONSTRAINTS,
    id::EXT_KEY_USAGE,
    id::INHIBIT_ANY_POLICY,
    id::AUTHORITY_INFO_ACCESS,
];

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
    walk: &mut Walk<'_, '_>,
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

/// Reads a BOOLEAN DEFAULT FALSE where one stands.
fn read_boolean(reader: &mut Reader<'_>, path: &Path<'_>, walk: &mut Walk<'_, '_>) -> bool {
    if reader.peek() != Some(BOOLEAN) {
        return false;
    }
    let Some(boolean) = walk.take(reader, BOOLEAN, path) else { return false };
    walk.check_primitive(&boolean, path);
    let value = boolean.value.iter().any(|octet| *octet != 0);
    if !value && boolean.value.len() == 1 {
        walk.fault(boolean.offset, path, DerFault::DefaultEncoded);
    }
    value
}

/// The identifier octet of BOOLEAN.
pub(super) const BOOLEAN: u8 = 0x01;

fn judge_critical(extension: &Extension<'_>, path: &Path<'_>, walk: &mut Walk<'_, '_>) {
    let oid = extension.oid.as_bytes();
    if oid == id::CT_POISON {
        walk.report(&CERT_PRECERTIFICATE, extension.offset, path, || {
            "the certificate has the poison extension of a precertificate".to_owned()
        });
    } else if extension.critical && !UNDERSTOOD.contains(&oid) {
        walk.report(&CERT_CRITICAL_EXTENSION, extension.offset, path, || {
            format!("extension {} is critical, and TLS clients do not know it", describe(extension.oid))
        });
    }
}

/// The name of an extension with its identifier, or the identifier alone.
fn describe(oid: Oid<'_>) -> String {
    let name = match oid.as_bytes() {
        id::SUBJECT_KEY_ID => "subjectKeyIdentifier",
        id::KEY_USAGE => "keyUsage",
        id::SUBJECT_ALT_NAME => "subjectAltName",
        id::ISSUER_ALT_NAME => "issuerAltName",
        id::BASIC_CONSTRAINTS => "basicConstraints",
        id::NAME_CONSTRAINTS => "nameConstraints",
        id::CRL_DISTRIBUTION_POINTS => "cRLDistributionPoints",
        id::CERTIFICATE_POLICIES => "certificatePolicies",
        id::POLICY_MAPPINGS => "policyMappings",
        id::AUTHORITY_KEY_ID => "authorityKeyIdentifier",
        id::POLICY_CONSTRAINTS => "policyConstraints",
        id::EXT_KEY_USAGE => "extKeyUsage",
        id::INHIBIT_ANY_POLICY => "inhibitAnyPolicy",
        id::AUTHORITY_INFO_ACCESS => "authorityInfoAccess",
        _ => return oid.to_string(),
    };
    format!("{name} ({oid})")
}
