//! X.509 certificates: DER to facts, and everything that is wrong with it (RFC 5280).
//!
//! A walk of our own goes over the DER, strict and with the offset and name of every element, because general parsers pass in
//! silence much that must be told. What the extensions say is read by `x509-parser`, whose types stay inside this module.

mod constraints;
pub(crate) mod extension;
pub(crate) mod general_name;
pub(crate) mod key;
pub(crate) mod leaf;
pub(crate) mod name;
mod serial;
pub(crate) mod string;
pub(crate) mod tbs;
#[cfg(test)]
mod tests;
pub(crate) mod time;
pub(crate) mod walk;

use std::fmt;

use ::time::OffsetDateTime;

use crate::crypto::algorithm;
pub use crate::crypto::algorithm::{SignatureAlgorithm, SignatureScheme};
pub use crate::crypto::hash::Hash;
use crate::der::oid;
pub use crate::der::oid::Oid;
pub use constraints::{AuthorityKeyId, BasicConstraints, ExtKeyUsage, KeyUsage, NameConstraints};
pub use extension::Extension;
pub use general_name::GeneralName;
pub use name::{Attribute, Name, attribute};
pub use serial::Serial;
pub use time::show as format_time;

use crate::crypto::signature::{Signed, Signer};
use crate::crypto::spki::{Curve, PublicKey};
use crate::finding::{Checked, Findings};
use crate::location::Location;
use crate::policy::Policy;
use crate::rule::Rule;
use tbs::Outline;
use walk::Walk;

/// What a certificate is for, which decides how it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The server's certificate: all rules.
    Leaf,
    /// An issuer in the chain: what is wrong with its encoding and its key's size is a warning, since a site cannot re-encode the
    /// certificates of its CA. Time and purpose are the chain's to judge.
    Issuer,
    /// A trusted root: as an issuer.
    Root,
}

/// A certificate that was read. Its facts stand whatever findings there were.
///
/// `Debug` shows subject and serial number only.
#[derive(Clone)]
pub struct Certificate<'a> {
    location: Location,
    role: Role,
    der: &'a [u8],
    facts: Outline<'a>,
    public_key: Option<PublicKey>,
    path_breakers: Vec<&'static Rule>,
}

impl<'a> Certificate<'a> {
    /// Reads and judges a certificate by itself, in DER, as if it came alone: no chain, no key.
    ///
    /// The value is `None` only where the outline is broken, so that nothing can be told of the certificate.
    ///
    /// ```
    /// use certgate::certificate::{Certificate, Role, attribute};
    /// use certgate::Policy;
    ///
    /// # let ca = certgate_forge::cert::Cert::ca("Test CA").self_signed();
    /// # let der = certgate_forge::cert::Cert::leaf("www.example.com").issued_by(&ca).der;
    /// // `der`: a certificate for www.example.com, read from somewhere.
    /// let checked = Certificate::check(&der, Role::Leaf, &Policy::default());
    /// assert!(checked.is_ok());
    /// let certificate = checked.value.unwrap();
    /// assert_eq!(certificate.subject().values(attribute::COMMON_NAME).next(), Some("www.example.com"));
    ///
    /// // Cut short, it is no certificate.
    /// let checked = Certificate::check(&der[..100], Role::Leaf, &Policy::default());
    /// assert!(checked.value.is_none());
    /// assert_eq!(checked.findings[0].code(), "cert-unreadable");
    /// ```
    pub fn check(der: &'a [u8], role: Role, policy: &Policy) -> Checked<Self> {
        let mut findings = Findings::new(policy);
        let certificate = Self::read(der, role, &Location::none(), &mut findings);
        findings.checked(certificate)
    }

    /// Reads a certificate that stands at `place`; all faults are told to `findings`. `Some` whenever the outline is whole.
    pub(crate) fn read(
        der: &'a [u8],
        role: Role,
        place: &Location,
        findings: &mut Findings<'_>,
    ) -> Option<Self> {
        let mut walk = Walk::new(role, place, findings);
        let certificate = tbs::read(der, &mut walk).map(|facts| {
            let public_key = key::read(facts.spki, facts.spki_offset, &mut walk);
            let path_breakers = walk.path_breakers();
            Self { location: place.clone(), role, der, facts, public_key, path_breakers }
        });
        if let Some(certificate) = certificate.as_ref().filter(|_| role == Role::Leaf) {
            leaf::judge(certificate, &mut walk);
        }
        walk.finish();
        certificate
    }

    /// Where it stands in the form or file.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// As what it was read.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The DER that was given. Octets after the certificate, of which a finding tells, are included.
    pub fn der(&self) -> &'a [u8] {
        self.der
    }

    /// The TBSCertificate, header included: what the signature covers.
    pub fn tbs(&self) -> &'a [u8] {
        self.facts.tbs
    }

    /// The octets of the signature, without the octet of unused bits.
    pub fn signature(&self) -> &'a [u8] {
        self.facts.signature
    }

    /// The algorithm of the signature.
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm<'a> {
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

    /// The version as people say it, 1 to 3; other numbers as they are, and 0 for what is no number.
    pub fn version(&self) -> u32 {
        self.facts.version
    }

    /// The serial number.
    pub fn serial(&self) -> Serial<'a> {
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

    /// The first moment of validity, in UTC; `None` where it is no moment, of which a finding tells.
    pub fn not_before(&self) -> Option<OffsetDateTime> {
        self.facts.not_before.time
    }

    /// As [`not_before`](Self::not_before); `None` too where the end comes before it, so that it never begins.
    pub(crate) fn begins(&self) -> Option<OffsetDateTime> {
        self.not_before().filter(|begin| self.not_after().is_none_or(|end| *begin <= end))
    }

    /// The last moment of validity, in UTC; `None` where it is no moment, of which a finding tells.
    pub fn not_after(&self) -> Option<OffsetDateTime> {
        self.facts.not_after.time
    }

    /// The public key; `None` where it is no possible key, of which a finding tells.
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public_key.as_ref()
    }

    /// The SubjectPublicKeyInfo as DER.
    pub fn spki_der(&self) -> &'a [u8] {
        self.facts.spki
    }

    /// Whether the certificate calls itself its issuer: one name, and neither key identifiers nor a signature algorithm that
    /// contradict it. That it is signed with its own key is not verified here.
    pub fn looks_self_signed(&self) -> bool {
        self.is_self_issued() && self.may_have_signed_itself()
    }

    /// Whether neither key identifiers nor the algorithm of the signature tell that another key signed it.
    pub(crate) fn may_have_signed_itself(&self) -> bool {
        let authority = self.authority_key_id().and_then(|authority| authority.key_id);
        let same_key = match (authority, self.subject_key_id()) {
            (Some(authority), Some(subject)) => authority == subject,
            _ => true,
        };
        same_key && self.has_key_of_its_signature()
    }

    /// Whether the certificate's own key is of a kind that can have made its signature; true where one of them is not known.
    fn has_key_of_its_signature(&self) -> bool {
        match (self.signature_algorithm().scheme(), self.public_key()) {
            (_, Some(PublicKey::Unsupported(key))) => !key.is_for_agreement(),
            (None, _) | (_, None) => true,
            (Some(SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_)), Some(PublicKey::Rsa(_))) => {
                true
            }
            (Some(SignatureScheme::Sm2Sm3), Some(PublicKey::Ec(key))) => key.curve() == Curve::Sm2,
            (Some(SignatureScheme::Ecdsa(_)), Some(PublicKey::Ec(key))) => key.curve() != Curve::Sm2,
            (Some(_), Some(PublicKey::Rsa(_) | PublicKey::Ec(_))) => false,
        }
    }

    /// Whether subject and issuer are the same name, octet for octet.
    pub fn is_self_issued(&self) -> bool {
        self.facts.subject == self.facts.issuer
    }

    /// Whether it is a server's own although it may have issued others: it names itself as its issuer, and hosts.
    pub(crate) fn is_self_issued_server(&self) -> bool {
        self.is_self_issued() && self.has_san()
    }

    /// All extensions, in order.
    pub fn extensions(&self) -> &[Extension<'a>] {
        &self.facts.extensions.list
    }

    /// basicConstraints.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.facts.extensions.basic_constraints
    }

    /// Whether basicConstraints says that the subject is a CA.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints().is_some_and(|constraints| constraints.ca)
    }

    /// keyUsage.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.facts.extensions.key_usage
    }

    /// extKeyUsage.
    pub fn ext_key_usage(&self) -> Option<&ExtKeyUsage<'a>> {
        self.facts.extensions.ext_key_usage.as_ref()
    }

    /// The names of the subject alternative name, in order; none where there is no such extension.
    pub fn san(&self) -> &[GeneralName<'a>] {
        self.facts.extensions.san.as_deref().unwrap_or_default()
    }

    /// Whether there is a subject alternative name.
    pub fn has_san(&self) -> bool {
        self.facts.extensions.san.is_some()
    }

    /// nameConstraints.
    pub fn name_constraints(&self) -> Option<&NameConstraints<'a>> {
        self.facts.extensions.name_constraints.as_ref()
    }

    /// subjectKeyIdentifier.
    pub fn subject_key_id(&self) -> Option<&'a [u8]> {
        self.facts.extensions.subject_key_id
    }

    /// authorityKeyIdentifier.
    pub fn authority_key_id(&self) -> Option<AuthorityKeyId<'a>> {
        self.facts.extensions.authority_key_id
    }

    /// Where the issuer's certificate can be fetched, from authorityInformationAccess. The texts are not escaped.
    pub fn ca_issuers_urls(&self) -> &[&'a str] {
        &self.facts.extensions.ca_issuers
    }

    /// The rules that this certificate breaks and no client passes over on a path; they are told where they stand.
    pub(crate) fn path_breakers(&self) -> &[&'static Rule] {
        &self.path_breakers
    }

    /// The place of notBefore.
    pub(crate) fn not_before_offset(&self) -> usize {
        self.facts.not_before.offset
    }

    /// The place of notAfter.
    pub(crate) fn not_after_offset(&self) -> usize {
        self.facts.not_after.offset
    }

    /// The place of the extensions, or of the TBSCertificate where there are none.
    pub(crate) fn extensions_offset(&self) -> usize {
        self.facts.extensions.offset
    }
}

impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("role", &self.role)
            .field("subject", &format_args!("{}", self.subject()))
            .field("serial", &self.serial())
            .finish_non_exhaustive()
    }
}
