//! A certificate of a chain with what the search for its issuer asks again and again.

use time::OffsetDateTime;

use super::name::Comparable;
use crate::crypto::spki::PublicKey;
use crate::read::certificate::Certificate;

/// A certificate of the chain.
pub(super) struct Member<'c, 'a> {
    pub(super) certificate: &'c Certificate<'a>,
    /// Its position in the input, from 0.
    pub(super) index: usize,
    pub(super) subject: Comparable,
    pub(super) issuer: Comparable,
}

/// What the key identifiers of two certificates say of their link (RFC 5280, 4.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyId {
    /// The lower one names the upper one's key.
    Same,
    /// One of them names no key.
    Silent,
    /// The lower one names another key.
    Other,
}

impl<'c, 'a> Member<'c, 'a> {
    pub(super) fn new(index: usize, certificate: &'c Certificate<'a>) -> Self {
        let subject = Comparable::new(certificate.subject());
        let issuer = Comparable::new(certificate.issuer());
        Self { certificate, index, subject, issuer }
    }

    /// Whether subject and issuer are the same name (RFC 5280, 6.1).
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether it is its own issuer by name, and neither its key identifiers nor the algorithm of its signature contradict that.
    pub(super) fn calls_itself_issuer(&self) -> bool {
        self.is_self_issued() && self.certificate.may_have_signed_itself()
    }

    /// What the key identifiers say of `issuer` having issued this certificate.
    pub(super) fn key_id(&self, issuer: &Self) -> KeyId {
        let wanted = self.certificate.authority_key_id().and_then(|id| id.key_id);
        match (wanted, issuer.certificate.subject_key_id()) {
            (Some(wanted), Some(found)) if wanted == found => KeyId::Same,
            (Some(_), Some(_)) => KeyId::Other,
            _ => KeyId::Silent,
        }
    }

    /// Whether both have the same subject and the same key: one CA, certified twice.
    pub(super) fn is_same_ca_as(&self, other: &Self) -> bool {
        self.subject == other.subject && self.has_key_of(other)
    }

    fn has_key_of(&self, other: &Self) -> bool {
        match (self.certificate.public_key(), other.certificate.public_key()) {
            // Keys that are known by name only are equal if their encoding is.
            (Some(PublicKey::Unsupported(_)) | None, _) | (_, Some(PublicKey::Unsupported(_)) | None) => {
                self.certificate.spki_der() == other.certificate.spki_der()
            }
            (Some(mine), Some(others)) => mine == others,
        }
    }

    /// Whether it has expired at that time; not where there is no time.
    pub(super) fn has_expired(&self, time: Option<OffsetDateTime>) -> bool {
        has_expired(self.certificate, time)
    }
}

/// Whether a certificate has expired at that time; not where there is no time.
pub(crate) fn has_expired(certificate: &Certificate<'_>, time: Option<OffsetDateTime>) -> bool {
    matches!((certificate.not_after(), time), (Some(end), Some(time)) if end < time)
}

/// Whether subject and issuer are the same name, as names are compared in chains (RFC 5280, 7.1).
pub(crate) fn is_self_issued(certificate: &Certificate<'_>) -> bool {
    Comparable::new(certificate.subject()) == Comparable::new(certificate.issuer())
}

/// Whether the issuer of `certificate` has the name of `issuer`, and no key identifier contradicts that.
pub(crate) fn is_issuer_by_name(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let (lower, upper) = (Member::new(0, certificate), Member::new(1, issuer));
    lower.issuer == upper.subject && lower.key_id(&upper) != KeyId::Other
}
