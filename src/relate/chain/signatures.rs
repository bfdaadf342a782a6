//! The signatures of a chain, each verified once and only so many of them.

use std::collections::BTreeMap;

use super::member::{KeyId, Member};
use crate::crypto::issuer_cache::Verifier;
use crate::crypto::signature::{NotSupported, Outcome};
use crate::crypto::spki::PublicKey;
use crate::read::certificate::{Certificate, SignatureScheme};

/// What is known of the link between two certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The issuer's key made the signature.
    Fits,
    /// It did, under an empty SM2 ID.
    FitsEmptyId,
    /// It did not.
    DoesNotFit,
    /// Its algorithm, or the algorithm together with the key, cannot be verified; the reason says which.
    NotSupported(NotSupported),
    /// The SM2 signature fits under none of the known IDs.
    UnknownId,
    /// It was not tried: too many others were.
    NotTried,
    /// The issuer's public key cannot be read, or is of an unknown algorithm although the signature is of a known one.
    UnreadableKey,
}

impl Link {
    /// Whether the issuer's key made the signature.
    pub(super) fn is_proven(&self) -> bool {
        matches!(self, Self::Fits | Self::FitsEmptyId)
    }
}

/// Verifies signatures, each pair of certificates once.
pub(super) struct Signatures<'p> {
    verifier: Verifier<'p>,
    /// How many links may still be verified.
    links_left: usize,
    /// How many self-signatures may still be verified.
    own_left: usize,
    known: BTreeMap<(usize, usize), Link>,
}

impl<'p> Signatures<'p> {
    /// For a chain of at most `max_certificates`: one link fewer, and the self-signatures of a root and of one more.
    pub(super) fn new(max_certificates: usize, verifier: Verifier<'p>) -> Self {
        Self { verifier, links_left: max_certificates.saturating_sub(1), own_left: 2, known: BTreeMap::new() }
    }

    /// Whether the key of `issuer` signed `member`.
    pub(super) fn link(&mut self, member: &Member<'_, '_>, issuer: &Member<'_, '_>) -> Link {
        let pair = (member.index, issuer.index);
        if let Some(known) = self.known.get(&pair) {
            return known.clone();
        }
        let left = if pair.0 == pair.1 { &mut self.own_left } else { &mut self.links_left };
        let Some(fewer) = left.checked_sub(1) else { return Link::NotTried };
        *left = fewer;
        let link = verify(member, issuer, self.verifier);
        self.known.insert(pair, link.clone());
        link
    }

    /// Whether a certificate is its own issuer: by name, and by signature as far as that can be verified.
    pub(super) fn is_self_signed(&mut self, member: &Member<'_, '_>) -> bool {
        member.is_self_issued()
            && match self.link(member, member) {
                Link::Fits | Link::FitsEmptyId => true,
                Link::DoesNotFit => false,
                Link::NotSupported(_) | Link::UnknownId | Link::NotTried | Link::UnreadableKey => {
                    member.calls_itself_issuer()
                }
            }
    }
}

/// Whether the key of `issuer` signed `member`.
pub(super) fn verify(member: &Member<'_, '_>, issuer: &Member<'_, '_>, verifier: Verifier<'_>) -> Link {
    let signer = issuer.certificate.signer();
    let Some(signer) = signer.filter(|_| !is_of_another_kind(member.certificate, issuer.certificate)) else {
        return Link::UnreadableKey;
    };
    match verifier.verify(member.certificate.signed(), signer) {
        Outcome::Fits => Link::Fits,
        Outcome::FitsEmptyId => Link::FitsEmptyId,
        Outcome::DoesNotFit => Link::DoesNotFit,
        // Where the certificate itself names another key, the ID is not the question.
        Outcome::UnknownId if member.key_id(issuer) == KeyId::Other => Link::DoesNotFit,
        Outcome::UnknownId => Link::UnknownId,
        Outcome::NotSupported(why) => Link::NotSupported(why),
    }
}

/// Whether the issuer's key is of an algorithm that nobody knows, and the signature one of RSA, ECDSA or Ed25519, whose keys are known: a damaged
/// identifier.
fn is_of_another_kind(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let Some(PublicKey::Unsupported(key)) = issuer.public_key() else { return false };
    let scheme = certificate.signature_algorithm().scheme();
    let is_known = matches!(
        scheme,
        Some(
            SignatureScheme::RsaPkcs1(_)
                | SignatureScheme::RsaPss(_)
                | SignatureScheme::Ecdsa(_)
                | SignatureScheme::Ed25519
        )
    );
    is_known && key.is_unknown()
}

/// Whether the key of `issuer` is proven to have signed `certificate`.
pub(crate) fn has_signed(
    issuer: &Certificate<'_>,
    certificate: &Certificate<'_>,
    verifier: Verifier<'_>,
) -> bool {
    verify(&Member::new(0, certificate), &Member::new(1, issuer), verifier).is_proven()
}
