//! Whether a certificate is its own issuer, by what it says itself. No signature is verified here.

use super::Certificate;
use crate::crypto::algorithm::SignatureScheme;
use crate::crypto::hash::Hash;
use crate::crypto::spki::{Curve, PublicKey};
use crate::der::{Reader, tag};

impl Certificate<'_> {
    /// Whether its subjectKeyIdentifier is a hash of its key, as RFC 5280, 4.2.1.2 (1) and RFC 7093, section 2 (1) have it: a key that was
    /// changed where the certificate was copied has not.
    pub(crate) fn key_id_is_of_its_key(&self) -> bool {
        let bits = || {
            let mut spki = Reader::new(self.spki_der()).expect(tag::SEQUENCE).ok()?.inside();
            spki.expect(tag::SEQUENCE).ok()?;
            spki.expect(tag::BIT_STRING).ok()?.bit_string().ok()
        };
        let (Some(id), Some(bits)) = (self.subject_key_id(), bits()) else { return false };
        let is = |hash: Hash| hash.digest(bits).is_some_and(|digest| digest.get(..20) == Some(id));
        is(Hash::Sha1) || is(Hash::Sha256)
    }

    /// Whether the certificate calls itself its issuer: one name, and neither key identifiers nor a signature algorithm that
    /// contradict it. That it is signed with its own key is not verified here.
    pub(crate) fn looks_self_signed(&self) -> bool {
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

    /// Whether it is a server's own although it may have issued others: it names itself as its issuer, and hosts.
    pub(crate) fn is_self_issued_server(&self) -> bool {
        self.is_self_issued() && self.has_san()
    }
}
