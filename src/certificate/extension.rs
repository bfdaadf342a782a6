//! Extensions: the list, the rules about it, and what the ones of RFC 5280 say.

use std::collections::HashSet;

use x509_parser::extensions as parsed;
use x509_parser::prelude::FromDer;

use crate::der::{Element, Fault, Path, Reader, Tag};
use crate::rule::{ApiCode, Rule, Severity, Stage, Status};
use crate::tlv::tag;

use super::general_name::{GeneralName, read_subject_alt_name};
use super::oid::Oid;
use super::walk::Walk;

static DUPLICATE: Rule = Rule {
    code: "cert-duplicate-extension",
    severity: Severity::Error,
    soft: false,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate has the same extension twice",
    hint: "Ask the CA to issue the certificate again with each extension once.",
    why: "With two extensions of one kind, one program heeds the first and another the last, so the certificate means two things. \
          RFC 5280 forbids it, and OpenSSL, Go and Rustls refuse it.\n\n\
          Example: two subject alternative names, one from the request and one from the CA's template.",
    citations: &["RFC 5280, section 4.2"],
    since: "0.1.0",
    status: Status::Active,
};

static CRITICAL: Rule = Rule {
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
    since: "0.1.0",
    status: Status::Active,
};

static PRECERTIFICATE: Rule = Rule {
    code: "cert-precertificate",
    severity: Severity::Error,
    soft: false,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "This is a precertificate, not a certificate",
    hint: "Upload the certificate that the CA issued after this precertificate; it has the same serial number and key.",
    why: "A CA logs a precertificate before it issues the certificate. The poison extension makes sure that no client ever accepts it. \
          It is found in certificate transparency logs, not in what a CA delivers.\n\n\
          Example: a certificate that was downloaded from a log's web page under the heading Precertificate.",
    citations: &["RFC 6962, section 3.1"],
    since: "0.1.0",
    status: Status::Active,
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&DUPLICATE, &CRITICAL, &PRECERTIFICATE];

/// Extension identifiers: id-ce and the number, or written out.
mod id {
    pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1D, 14];
    pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
    pub(super) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 17];
    pub(super) const ISSUER_ALT_NAME: &[u8] = &[0x55, 0x1D, 18];
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
    pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 30];
    pub(super) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1D, 31];
    pub(super) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1D, 32];
    pub(super) const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1D, 33];
    pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1D, 35];
    pub(super) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 36];
    pub(super) const EXT_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];
    pub(super) const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1D, 54];
    pub(super) const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 1, 1];
    pub(super) const CT_POISON: &[u8] = &[0x2B, 6, 1, 4, 1, 0xD6, 0x79, 2, 4, 3];
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

/// basicConstraints (RFC 5280, 4.2.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// How many intermediate certificates may follow; a number above 2^32 - 1 is kept as that.
    pub path_len: Option<u32>,
}

/// keyUsage (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(parsed::KeyUsage);

impl KeyUsage {
    /// digitalSignature
    pub fn digital_signature(self) -> bool {
        self.0.digital_signature()
    }

    /// nonRepudiation, also called contentCommitment
    pub fn non_repudiation(self) -> bool {
        self.0.non_repudiation()
    }

    /// keyEncipherment
    pub fn key_encipherment(self) -> bool {
        self.0.key_encipherment()
    }

    /// dataEncipherment
    pub fn data_encipherment(self) -> bool {
        self.0.data_encipherment()
    }

    /// keyAgreement
    pub fn key_agreement(self) -> bool {
        self.0.key_agreement()
    }

    /// keyCertSign
    pub fn key_cert_sign(self) -> bool {
        self.0.key_cert_sign()
    }

    /// cRLSign
    pub fn crl_sign(self) -> bool {
        self.0.crl_sign()
    }

    /// encipherOnly
    pub fn encipher_only(self) -> bool {
        self.0.encipher_only()
    }

    /// decipherOnly
    pub fn decipher_only(self) -> bool {
        self.0.decipher_only()
    }

    /// The names of the bits that are set, as RFC 5280 writes them, in its order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.digital_signature(), "digitalSignature"),
            (self.non_repudiation(), "nonRepudiation"),
            (self.key_encipherment(), "keyEncipherment"),
            (self.data_encipherment(), "dataEncipherment"),
            (self.key_agreement(), "keyAgreement"),
            (self.key_cert_sign(), "keyCertSign"),
            (self.crl_sign(), "cRLSign"),
            (self.encipher_only(), "encipherOnly"),
            (self.decipher_only(), "decipherOnly"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
    }
}

/// extKeyUsage (RFC 5280, 4.2.1.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtKeyUsage<'a>(parsed::ExtendedKeyUsage<'a>);

impl ExtKeyUsage<'_> {
    /// Whether it allows a TLS server: serverAuth, or any purpose.
    pub fn allows_server(&self) -> bool {
        self.0.server_auth || self.0.any
    }

    /// Whether it names serverAuth.
    pub fn server_auth(&self) -> bool {
        self.0.server_auth
    }

    /// Whether it names anyExtendedKeyUsage.
    pub fn any(&self) -> bool {
        self.0.any
    }

    /// Whether it names clientAuth.
    pub fn client_auth(&self) -> bool {
        self.0.client_auth
    }

    /// The names of the purposes as RFC 5280 writes them, and the dotted identifiers of the others.
    pub fn names(&self) -> impl Iterator<Item = String> {
        [
            (self.0.any, "anyExtendedKeyUsage"),
            (self.0.server_auth, "serverAuth"),
            (self.0.client_auth, "clientAuth"),
            (self.0.code_signing, "codeSigning"),
            (self.0.email_protection, "emailProtection"),
            (self.0.time_stamping, "timeStamping"),
            (self.0.ocsp_signing, "OCSPSigning"),
        ]
        .into_iter()
        .filter_map(|(named, name)| named.then(|| name.to_owned()))
        .chain(self.0.other.iter().map(|oid| Oid::new(oid.as_bytes()).to_string()))
    }
}

/// nameConstraints (RFC 5280, 4.2.1.10). Minimum and maximum, which no profile uses, are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints<'a> {
    /// Names must lie in one of these subtrees of their kind.
    pub permitted: Vec<GeneralName<'a>>,
    /// Names must lie in none of these.
    pub excluded: Vec<GeneralName<'a>>,
}

/// authorityKeyIdentifier (RFC 5280, 4.2.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyId<'a> {
    /// keyIdentifier
    pub key_id: Option<&'a [u8]>,
    /// authorityCertSerialNumber, the INTEGER's content octets
    pub serial: Option<&'a [u8]>,
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
            walk.fault(list.offset, path, Fault::Missing(Tag(tag::SEQUENCE)));
        }
        let mut seen = HashSet::new();
        let mut index = 0_usize;
        while inside.left() > 0 {
            let path = path.index(index);
            let Some(element) = walk.take(&mut inside, tag::SEQUENCE, &path) else { break };
            if let Some((extension, value)) = read_one(&element, index, &path, walk) {
                let first = seen.insert(extension.oid);
                if !first {
                    walk.report(&DUPLICATE, element.offset, &path, || {
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
        let mut reader = octets.inside();
        let offset = reader.offset();
        let value = match reader.next() {
            Some(Ok(value)) => value,
            Some(Err(fault)) => return walk.fault(offset, path, fault),
            None => return walk.fault(offset, path, Fault::Missing(Tag(tag::SEQUENCE))),
        };
        walk.finish_reader(&reader, path);
        let expected = match oid {
            id::SUBJECT_KEY_ID => tag::OCTET_STRING,
            id::KEY_USAGE => tag::BIT_STRING,
            id::INHIBIT_ANY_POLICY => tag::INTEGER,
            _ => tag::SEQUENCE,
        };
        if value.tag != expected {
            let fault = Fault::Unexpected { expected: Tag(expected), found: Tag(value.tag) };
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
                self.basic_constraints = Some(read_basic_constraints(&value, path, walk));
                true
            }
            id::NAME_CONSTRAINTS => {
                self.name_constraints = Some(read_name_constraints(&value, path, walk));
                true
            }
            id::KEY_USAGE => {
                self.key_usage = parse::<parsed::KeyUsage>(&value).map(KeyUsage);
                self.key_usage.is_some()
            }
            id::EXT_KEY_USAGE => {
                self.ext_key_usage = parse::<parsed::ExtendedKeyUsage<'a>>(&value).map(ExtKeyUsage);
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
            id::CRL_DISTRIBUTION_POINTS => parse::<parsed::CRLDistributionPoints<'a>>(&value).is_some(),
            id::POLICY_CONSTRAINTS => parse::<parsed::PolicyConstraints>(&value).is_some(),
            id::INHIBIT_ANY_POLICY => parse::<parsed::InhibitAnyPolicy>(&value).is_some(),
            _ => true,
        };
        if clean && !understood {
            walk.fault(value.offset, path, Fault::Schema);
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
        walk.fault(boolean.offset, path, Fault::DefaultEncoded);
    }
    value
}

const BOOLEAN: u8 = 0x01;

/// Reads BasicConstraints, already checked for DER.
fn read_basic_constraints(value: &Element<'_>, path: &Path<'_>, walk: &mut Walk<'_, '_>) -> BasicConstraints {
    let mut fields = value.inside();
    let mut constraints = BasicConstraints::default();
    let offset = fields.offset();
    if fields.peek() == Some(BOOLEAN)
        && let Some(Ok(boolean)) = fields.next()
    {
        constraints.ca = boolean.value.iter().any(|octet| *octet != 0);
        if boolean.value == [0] {
            walk.fault(offset, &path.field("cA"), Fault::DefaultEncoded);
        }
    }
    let offset = fields.offset();
    if fields.peek() == Some(tag::INTEGER)
        && let Some(Ok(integer)) = fields.next()
    {
        if integer.value.first().is_some_and(|octet| octet & 0x80 != 0) {
            walk.fault(offset, &path.field("pathLenConstraint"), Fault::Schema);
        } else {
            let length = integer
                .value
                .iter()
                .try_fold(0_u32, |n, octet| n.checked_mul(256)?.checked_add((*octet).into()));
            constraints.path_len = Some(length.unwrap_or(u32::MAX));
        }
    }
    walk.finish_reader(&fields, path);
    constraints
}

/// Reads NameConstraints, already checked for DER.
fn read_name_constraints<'a>(
    value: &Element<'a>,
    path: &Path<'_>,
    walk: &mut Walk<'_, '_>,
) -> NameConstraints<'a> {
    let mut constraints = NameConstraints::default();
    let mut fields = value.inside();
    for (kind, name) in [(0xA0, "permittedSubtrees"), (0xA1, "excludedSubtrees")] {
        if fields.peek() != Some(kind) {
            continue;
        }
        let path = path.field(name);
        let Some(Ok(subtrees)) = fields.next() else { continue };
        let mut inside = subtrees.inside();
        let mut index = 0_usize;
        while inside.left() > 0 {
            let path = path.index(index);
            let Some(subtree) = walk.take(&mut inside, tag::SEQUENCE, &path) else { break };
            let mut base = subtree.inside();
            let offset = base.offset();
            match base.next() {
                Some(Ok(element)) => {
                    if let Some(name) = GeneralName::read(&element, &path, walk) {
                        if kind == 0xA0 { &mut constraints.permitted } else { &mut constraints.excluded }
                            .push(name);
                    }
                }
                Some(Err(fault)) => walk.fault(offset, &path, fault),
                None => walk.fault(offset, &path, Fault::Missing(Tag(0x82))),
            }
            index = index.saturating_add(1);
        }
    }
    walk.finish_reader(&fields, path);
    constraints
}

fn ca_issuers<'a>(access: parsed::AuthorityInfoAccess<'a>) -> Vec<&'a str> {
    const CA_ISSUERS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 0x30, 2];
    access
        .accessdescs
        .into_iter()
        .filter(|description| description.access_method.as_bytes() == CA_ISSUERS)
        .filter_map(|description| match description.access_location {
            parsed::GeneralName::URI(url) => Some(url),
            _ => None,
        })
        .collect()
}

fn judge_critical(extension: &Extension<'_>, path: &Path<'_>, walk: &mut Walk<'_, '_>) {
    let oid = extension.oid.as_bytes();
    if oid == id::CT_POISON {
        walk.report(&PRECERTIFICATE, extension.offset, path, || {
            "the certificate has the poison extension of a precertificate".to_owned()
        });
    } else if extension.critical && !UNDERSTOOD.contains(&oid) {
        walk.report(&CRITICAL, extension.offset, path, || {
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
