//! What single extensions of RFC 5280 say.

use der_parser::oid;
use x509_parser::extensions as parsed;

use crate::der::{DerFault, Element, Path, tag};

use super::fault::{ExtensionFault, FaultKind};
use super::general_name::GeneralName;
use super::oid::Oid;
use super::walk::Walk;

/// basicConstraints (RFC 5280, 4.2.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BasicConstraints {
    /// Whether the subject is a CA.
    pub(crate) ca: bool,
    /// How many intermediate certificates may follow; a number above 2^32 - 1 is kept as that.
    pub(crate) path_len: Option<u32>,
}

/// keyUsage (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyUsage(parsed::KeyUsage);

impl KeyUsage {
    pub(super) const fn new(usage: parsed::KeyUsage) -> Self {
        Self(usage)
    }

    /// digitalSignature
    pub(crate) fn digital_signature(self) -> bool {
        self.0.digital_signature()
    }

    /// nonRepudiation, also called contentCommitment
    pub(crate) fn non_repudiation(self) -> bool {
        self.0.non_repudiation()
    }

    /// keyEncipherment
    pub(crate) fn key_encipherment(self) -> bool {
        self.0.key_encipherment()
    }

    /// dataEncipherment
    pub(crate) fn data_encipherment(self) -> bool {
        self.0.data_encipherment()
    }

    /// keyAgreement
    pub(crate) fn key_agreement(self) -> bool {
        self.0.key_agreement()
    }

    /// keyCertSign
    pub(crate) fn key_cert_sign(self) -> bool {
        self.0.key_cert_sign()
    }

    /// cRLSign
    pub(crate) fn crl_sign(self) -> bool {
        self.0.crl_sign()
    }

    /// encipherOnly
    pub(crate) fn encipher_only(self) -> bool {
        self.0.encipher_only()
    }

    /// decipherOnly
    pub(crate) fn decipher_only(self) -> bool {
        self.0.decipher_only()
    }

    /// The names of the bits that are set, as RFC 5280 writes them, in its order.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
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
pub(crate) struct ExtKeyUsage<'a>(parsed::ExtendedKeyUsage<'a>);

impl<'a> ExtKeyUsage<'a> {
    pub(super) const fn new(usage: parsed::ExtendedKeyUsage<'a>) -> Self {
        Self(usage)
    }

    /// Whether it names serverAuth.
    pub(crate) fn server_auth(&self) -> bool {
        self.0.server_auth
    }

    /// The names of the purposes as RFC 5280 writes them, and the dotted identifiers of the others.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
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
        .filter(|(named, _)| *named)
        .map(|(_, name)| name.to_owned())
        .chain(self.0.other.iter().map(|oid| Oid::new(oid.as_bytes()).to_string()))
    }
}

/// nameConstraints (RFC 5280, 4.2.1.10). Minimum and maximum, which no profile uses, are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameConstraints<'a> {
    /// Names must lie in one of these subtrees of their kind.
    pub(crate) permitted: Vec<GeneralName<'a>>,
    /// Names must lie in none of these.
    pub(crate) excluded: Vec<GeneralName<'a>>,
    /// Whether a minimum or maximum is there.
    pub(crate) has_distances: bool,
}

/// authorityKeyIdentifier (RFC 5280, 4.2.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthorityKeyId<'a> {
    /// keyIdentifier
    pub(crate) key_id: Option<&'a [u8]>,
    /// authorityCertSerialNumber, the INTEGER's content octets
    pub(crate) serial: Option<&'a [u8]>,
}

impl BasicConstraints {
    /// Reads BasicConstraints, already checked for DER.
    pub(super) fn read(value: &Element<'_>, path: &Path<'_>, walk: &mut Walk<'_>) -> BasicConstraints {
        let mut fields = value.inside();
        let mut constraints = BasicConstraints::default();
        let offset = fields.offset();
        if fields.peek() == Some(tag::BOOLEAN)
            && let Some(Ok(boolean)) = fields.next()
        {
            constraints.ca = boolean.value.iter().any(|octet| *octet != 0);
            if boolean.value == [0] {
                walk.fault(offset, &path.field("cA"), DerFault::DefaultEncoded);
            }
        }
        let offset = fields.offset();
        if fields.peek() == Some(tag::INTEGER)
            && let Some(Ok(integer)) = fields.next()
        {
            if integer.value.first().is_some_and(|octet| octet & 0x80 != 0) {
                walk.fault(offset, &path.field("pathLenConstraint"), DerFault::Schema);
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
}

impl<'a> NameConstraints<'a> {
    /// Reads NameConstraints, already checked for DER.
    pub(super) fn read(value: &Element<'a>, path: &Path<'_>, walk: &mut Walk<'a>) -> NameConstraints<'a> {
        let mut constraints = NameConstraints::default();
        let mut fields = value.inside();
        let mut subtrees_seen = false;
        for (kind, name) in [(0xA0, "permittedSubtrees"), (0xA1, "excludedSubtrees")] {
            if fields.peek() != Some(kind) {
                continue;
            }
            let path = path.field(name);
            let Some(Ok(subtrees)) = fields.next() else { continue };
            let mut inside = subtrees.inside();
            let mut index = 0_usize;
            // What is not DER was found in the whole value.
            while let (offset, Some(Ok(subtree))) = (inside.offset(), inside.next()) {
                let path = path.index(index);
                subtrees_seen = true;
                if subtree.tag != tag::SEQUENCE {
                    let (expected, found) = (tag::SEQUENCE, subtree.tag);
                    walk.fault(offset, &path, DerFault::UnexpectedTag { expected, found });
                    break;
                }
                let mut base = subtree.inside();
                let offset = base.offset();
                match base.next() {
                    Some(Ok(element)) => {
                        constraints.has_distances |= base.left() > 0;
                        if let Some(name) = GeneralName::read(&element, &path, walk) {
                            if kind == 0xA0 { &mut constraints.permitted } else { &mut constraints.excluded }
                                .push(name);
                        }
                    }
                    Some(Err(_)) => {}
                    None => {
                        walk.fault(offset, &path, DerFault::Absent { expected: tag::CONTEXT_2_PRIMITIVE })
                    }
                }
                index = index.saturating_add(1);
            }
        }
        walk.finish_reader(&fields, path);
        if !subtrees_seen {
            walk.report(value.offset, path, FaultKind::Extension(ExtensionFault::NoConstraints));
        }
        constraints
    }
}

/// The URLs of caIssuers.
pub(super) fn ca_issuers<'a>(access: parsed::AuthorityInfoAccess<'a>) -> Vec<&'a str> {
    const CA_ISSUERS: &[u8] = &oid!(raw 1.3.6.1.5.5.7.48.2);
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
