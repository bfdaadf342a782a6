//! X.509 certificates: DER to facts and faults (RFC 5280).
//!
//! One [`Walk`] goes over the DER, past every fault that leaves the rest readable, and keeps each with the offset and name of its element.
//! [`Certificate::read`] returns what it found: a [`Certificate`], which holds facts and faults, or, where the outline is broken, the
//! faults alone. What a fault means, and as what a certificate is judged, is for `rules::certificate` to say. What some extensions say is
//! read by `x509-parser`, whose types stay inside this module.

mod constraints;
pub(crate) mod extension;
pub(crate) mod fault;
mod general_name;
mod key;
pub(crate) mod name;
pub(crate) mod outline;
pub(crate) mod request;
mod self_issued;
mod serial;
pub(crate) mod string;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod time;
mod walk;

use std::fmt;

use ::time::OffsetDateTime;

use crate::crypto::algorithm;
pub(crate) use crate::crypto::algorithm::{SignatureAlgorithm, SignatureScheme};
use crate::der;
use crate::der::oid;
pub(crate) use crate::der::oid::Oid;
pub(crate) use constraints::{AuthorityKeyId, BasicConstraints, ExtKeyUsage, KeyUsage, NameConstraints};
pub(crate) use extension::Extension;
pub(crate) use general_name::GeneralName;
pub use name::Name;
pub(crate) use name::attribute;
pub(crate) use serial::Serial;
pub use time::show as format_time;

use crate::crypto::signature::{Signed, Signer};
use crate::crypto::spki::PublicKey;
use crate::location::Location;
use extension::Extensions;
use fault::{EncodingFault, Fault, FaultKind, Faults, OutlineFault};
pub(crate) use outline::algorithm;
use outline::{Outline, TBS};
use walk::Walk;

/// What came of reading a certificate.
pub(crate) type Reading<'a> = Result<Certificate<'a>, Box<Unreadable<'a>>>;

/// A certificate whose outline is broken, so that nothing can be said of it.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable<'a> {
    location: Location,
    faults: Faults<'a>,
}

impl<'a> Unreadable<'a> {
    /// Where it is in the form or file.
    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    /// What was found up to where the outline is broken.
    pub(crate) fn faults(&self) -> &Faults<'a> {
        &self.faults
    }
}

/// A certificate that was read. Its facts stand whatever its faults are.
///
/// `Debug` shows subject and serial number only.
#[derive(Clone)]
pub struct Certificate<'a> {
    location: Location,
    der: &'a [u8],
    facts: Outline<'a>,
    public_key: Option<PublicKey>,
    faults: Faults<'a>,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate in DER that is at `place`.
    ///
    /// # Errors
    /// The faults alone, where the outline is broken.
    pub(crate) fn read(der: &'a [u8], place: &Location) -> Reading<'a> {
        let mut walk = Walk::default();
        let location = place.clone();
        let Some(facts) = outline::read(der, &mut walk) else {
            return Err(Box::new(Unreadable { location, faults: walk.faults }));
        };
        let public_key = key::read(facts.spki, facts.spki_offset, &mut walk);
        Ok(Self { location, der, facts, public_key, faults: walk.faults })
    }

    /// Where it is in the form or file.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// What is wrong with it.
    pub(crate) fn faults(&self) -> &Faults<'a> {
        &self.faults
    }

    /// Whether anything is wrong with it.
    pub(crate) fn has_faults(&self) -> bool {
        self.faults.iter().next().is_some()
    }

    /// Whether its DER is broken in a way that no encoder breaks it: a character of the text was probably changed.
    pub(crate) fn is_damaged(&self) -> bool {
        self.faults.iter().any(is_damage)
    }

    /// Whether the name of its issuer is not DER, so that it is not the name that was signed.
    pub(crate) fn has_damaged_issuer(&self) -> bool {
        let issuer = self.issuer();
        let end = issuer.offset().saturating_add(issuer.der().len());
        let is_inside = |offset: usize| (issuer.offset()..end).contains(&offset);
        self.faults.iter().any(|fault| is_damage(fault) && is_inside(fault.offset))
    }

    /// Whether the signature algorithm in the signed part is not the one beside the signature.
    pub(crate) fn names_two_signature_algorithms(&self) -> bool {
        let is =
            |kind: &FaultKind<'_>| matches!(kind, FaultKind::Outline(OutlineFault::AlgorithmsDiffer { .. }));
        self.faults.iter().any(|fault| is(&fault.kind))
    }

    /// Whether programs cannot read this certificate because of that fault of it: OpenSSL and Go refuse to.
    pub(crate) fn is_unparsable_for(&self, fault: &Fault<'_>) -> bool {
        // What follows the certificate, OpenSSL does not look at; nor at what follows the value of an extension.
        let is_inside = der::announced(self.der).is_none_or(|end| fault.offset < end);
        let is_trailing = matches!(fault.kind, FaultKind::Encoding(EncodingFault::Trailing(_)));
        let is_passed_over = |extension: &Extension<'_>| {
            !extension.is_read_by_all() || is_trailing && fault.path.ends_with(".extnValue")
        };
        is_inside
            && fault.kind.is_unparsable()
            && !self.facts.extensions.holding(&fault.path).is_some_and(is_passed_over)
    }

    /// Whether a fault is one of the certificate's own name, and not of its issuer's alone.
    pub(crate) fn is_of_its_name(&self, fault: &Fault<'_>) -> bool {
        let is_of = |name: &'static str| {
            let rest = fault.path.strip_prefix(&TBS.field(name).to_string());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        is_of("subject") || self.subject().der() == self.issuer().der() && is_of("issuer")
    }

    /// The DER that was given. Octets after the certificate are included.
    pub fn der(&self) -> &'a [u8] {
        self.der
    }

    /// The TBSCertificate, header included: what the signature covers.
    // For the tests and fuzz targets that compare it with other readers.
    #[doc(hidden)]
    pub fn tbs(&self) -> &'a [u8] {
        self.facts.tbs
    }

    /// The octets of the signature, without the octet of unused bits.
    // For the tests and fuzz targets that compare it with other readers.
    #[doc(hidden)]
    pub fn signature(&self) -> &'a [u8] {
        self.facts.signature
    }

    /// The algorithm of the signature.
    pub(crate) fn signature_algorithm(&self) -> &SignatureAlgorithm<'a> {
        &self.facts.signature_algorithm
    }

    /// The signature, and what it covers.
    pub(crate) fn signed(&self) -> Signed<'_> {
        Signed { algorithm: self.signature_algorithm(), signature: self.signature(), tbs: self.tbs() }
    }

    /// The key, as one that signs other certificates; `None` where it cannot be read.
    pub(crate) fn signer(&self) -> Option<Signer<'_>> {
        Some(Signer { key: self.public_key()?, spki: self.spki_der() })
    }

    /// The version as people say it, 1 to 3; other numbers as they are, and 0 for what is not a number.
    pub(crate) fn version(&self) -> u32 {
        self.facts.version
    }

    /// The serial number.
    pub(crate) fn serial(&self) -> Serial<'a> {
        self.facts.serial
    }

    /// The subject.
    pub fn subject(&self) -> &Name<'a> {
        &self.facts.subject
    }

    /// The issuer.
    pub fn issuer(&self) -> &Name<'a> {
        &self.facts.issuer
    }

    /// The first moment of validity, in UTC; `None` where it is not a moment.
    pub fn not_before(&self) -> Option<OffsetDateTime> {
        self.facts.not_before.time
    }

    /// As [`not_before`](Self::not_before); `None` too where the end comes before it, so that it never begins.
    pub(crate) fn begins(&self) -> Option<OffsetDateTime> {
        self.not_before().filter(|begin| self.not_after().is_none_or(|end| *begin <= end))
    }

    /// The last moment of validity, in UTC; `None` where it is not a moment.
    pub fn not_after(&self) -> Option<OffsetDateTime> {
        self.facts.not_after.time
    }

    /// The public key; `None` where it cannot be a key.
    // For the tests and fuzz targets that compare it with other readers.
    #[doc(hidden)]
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public_key.as_ref()
    }

    /// The SubjectPublicKeyInfo as DER.
    pub fn spki_der(&self) -> &'a [u8] {
        self.facts.spki
    }

    /// Whether subject and issuer are the same name, octet for octet.
    pub fn is_self_issued(&self) -> bool {
        self.facts.subject == self.facts.issuer
    }

    /// All extensions, in order.
    #[cfg(test)]
    pub(crate) fn extensions(&self) -> &[Extension<'a>] {
        &self.facts.extensions.list
    }

    /// basicConstraints.
    pub(crate) fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.facts.extensions.basic_constraints
    }

    /// Whether basicConstraints says that the subject is a CA.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints().is_some_and(|constraints| constraints.ca)
    }

    /// keyUsage.
    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        self.facts.extensions.key_usage
    }

    /// extKeyUsage.
    pub(crate) fn ext_key_usage(&self) -> Option<&ExtKeyUsage<'a>> {
        self.facts.extensions.ext_key_usage.as_ref()
    }

    /// The names of the subject alternative name, in order; none where there is no such extension.
    pub(crate) fn san(&self) -> &[GeneralName<'a>] {
        self.facts.extensions.san.as_deref().unwrap_or_default()
    }

    /// Whether there is a subject alternative name.
    pub(crate) fn has_san(&self) -> bool {
        self.facts.extensions.san.is_some()
    }

    /// Whether there can be one: it is there, or a part of the extensions cannot be read.
    pub(crate) fn may_have_san(&self) -> bool {
        self.has_san() || self.facts.extensions.is_cut
    }

    /// nameConstraints.
    pub(crate) fn name_constraints(&self) -> Option<&NameConstraints<'a>> {
        self.facts.extensions.name_constraints.as_ref()
    }

    /// subjectKeyIdentifier.
    pub(crate) fn subject_key_id(&self) -> Option<&'a [u8]> {
        self.facts.extensions.subject_key_id
    }

    /// authorityKeyIdentifier.
    pub(crate) fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.facts.extensions.authority_key_id
    }

    /// Where the issuer's certificate can be fetched, from authorityInformationAccess. The texts are not escaped.
    pub(crate) fn ca_issuers_urls(&self) -> &[&'a str] {
        &self.facts.extensions.ca_issuers
    }

    /// Where its parts are in the DER.
    pub(crate) fn outline(&self) -> &Outline<'a> {
        &self.facts
    }

    /// The extensions with their places.
    pub(crate) fn extension_list(&self) -> &Extensions<'a> {
        &self.facts.extensions
    }
}

impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &format_args!("{}", self.subject()))
            .field("serial", &self.serial())
            .finish_non_exhaustive()
    }
}

/// Whether a fault is one that no encoder makes.
fn is_damage(fault: &Fault<'_>) -> bool {
    match &fault.kind {
        FaultKind::Encoding(EncodingFault::NotDer(fault)) => !fault.is_of_ber(),
        _ => false,
    }
}
