//! A server certificate that names itself as its issuer: whether its own key signed it.

use super::member::{KeyId, Member};
use super::signatures::{Link, Signatures};
use crate::read::certificate::{Certificate, Name};

/// What is known of the signature of a server certificate whose subject and issuer are one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OwnSignature {
    /// Its own key made it.
    Fits,
    /// Its own key made it, under an empty SM2 ID.
    FitsEmptyId,
    /// Another key made it: that of a CA with the same name. `is_named`: its authorityKeyIdentifier names the key of a CA that is here.
    OfNamesake { is_named: bool },
    /// The signature key of its SM2 set made it.
    OfItsSet,
    /// Its own key did not make it, and nothing points to another key.
    Wrong,
    /// It could not be verified; the link says why.
    NotVerified(Link),
}

impl OwnSignature {
    /// Of `leaf`, with the member above it in the path, if any; `None` where it names another issuer.
    ///
    /// Where its two names differ, though they are of one length, and the identifier of its signer's key is that of its own, a changed character
    /// is nearer than a CA that does not know its key.
    pub(super) fn new(
        leaf: &Member<'_, '_>,
        above: Option<&Member<'_, '_>>,
        signatures: &mut Signatures<'_>,
    ) -> Option<Self> {
        if !leaf.is_self_issued() {
            let length = |name: &Name<'_>| name.der().len();
            let certificate = leaf.certificate;
            let is_own_key_named = above.is_none()
                && leaf.key_id(leaf) == KeyId::Same
                && length(certificate.subject()) == length(certificate.issuer());
            let is_wrong = is_own_key_named && signatures.link(leaf, leaf) == Link::DoesNotFit;
            return is_wrong.then_some(Self::Wrong);
        }
        let own = signatures.link(leaf, leaf);
        let by_above = above.map(|above| signatures.link(leaf, above));
        let is_of_namesake = match by_above {
            Some(by_above) if by_above.is_proven() => !own.is_proven(),
            Some(by_above) if by_above != Link::DoesNotFit => own == Link::DoesNotFit,
            _ => !own.is_proven() && names_another_key(leaf.certificate),
        };
        Some(match own {
            _ if is_of_namesake => {
                let is_named = above.is_some_and(|above| leaf.key_id(above) == KeyId::Same);
                Self::OfNamesake { is_named }
            }
            Link::Fits => Self::Fits,
            Link::FitsEmptyId => Self::FitsEmptyId,
            Link::DoesNotFit => Self::Wrong,
            unverified => Self::NotVerified(unverified),
        })
    }

    /// Whether it is known who made it.
    pub(super) fn is_proven(&self) -> bool {
        matches!(self, Self::Fits | Self::FitsEmptyId | Self::OfItsSet)
    }

    /// Whether the certificate is taken for its own issuer, so that no other is missing.
    pub(super) fn is_own_issuer(&self) -> bool {
        !matches!(self, Self::OfNamesake { .. } | Self::OfItsSet)
    }
}

/// Whether a certificate says itself that another key signed it: by the identifier of that key, or by the algorithm of the signature.
fn names_another_key(certificate: &Certificate<'_>) -> bool {
    let signer = certificate.authority_key_id().and_then(|id| id.key_id);
    let is_signer_other = signer.is_some_and(|signer| certificate.subject_key_id() != Some(signer));
    is_signer_other || !certificate.may_have_signed_itself()
}
