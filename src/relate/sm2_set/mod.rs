//! An SM2 set: the encryption pair and the signature pair of one server (GB/T 38636, GM/T 0015).
//!
//! In this API the base fields hold the encryption pair and the `*_sign` fields the signature pair; other services have it the
//! other way round, so a swap is the likeliest mistake.

mod roles;

use super::pair::{Proof, proof};
use crate::read::certificate::Certificate;
use crate::read::key::PrivateKey;
pub(crate) use roles::Role;

/// The two certificates and keys of an SM2 set; what could not be read is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Sm2Set<'s, 'a> {
    /// `cert_content`: the encryption certificate.
    pub encryption: Option<&'s Certificate<'a>>,
    /// `private_key`: the encryption key.
    pub encryption_key: Option<&'s PrivateKey>,
    /// `cert_content_sign`: the signature certificate.
    pub signature: Option<&'s Certificate<'a>>,
    /// `private_key_sign`: the signature key.
    pub signature_key: Option<&'s PrivateKey>,
}

/// Which pairs of a set are proven to match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sm2Match {
    /// The encryption key belongs to the encryption certificate.
    pub encryption: bool,
    /// The signature key belongs to the signature certificate.
    pub signature: bool,
}

/// How the certificates and keys of a set belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relation {
    /// Which keys belong to the certificates beside them.
    pub(crate) matched: Sm2Match,
    /// Which keys belong to the certificates of the other pair instead.
    pub(crate) crossed: Sm2Match,
    /// What the two pairs have in common, although they must be two.
    pub(crate) same: Option<Same>,
    pub(crate) arrangement: Arrangement,
}

/// What two pairs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Same {
    Certificate,
    PublicKey,
}

/// Whether each part of a set is in the field of its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrangement {
    /// Each key belongs to the other certificate, and by keyUsage the certificates are in the wrong fields.
    CertificatesSwapped,
    /// As far as is known: nothing speaks for another arrangement.
    InPlace,
    /// The keyUsage of both certificates allows both roles: nothing shows which is which.
    Indistinct,
    /// Each key belongs to the other certificate.
    KeysCrossed,
    /// One certificate is in both places.
    OneCertificate,
    /// By keyUsage each certificate is in the field of the other.
    PairsSwapped,
}

impl Relation {
    /// Relates a set, with the proofs of its two pairs; a proof is `None` where one of a pair could not be read.
    pub(crate) fn new(set: Sm2Set<'_, '_>, encryption: Option<&Proof>, signature: Option<&Proof>) -> Self {
        let fits = |proof: Option<&Proof>| matches!(proof, Some(Ok(())));
        let fails = |proof: Option<&Proof>| matches!(proof, Some(Err(_)));
        let crossed = Sm2Match {
            encryption: fails(encryption) && fits(proof(set.signature, set.encryption_key).as_ref()),
            signature: fails(signature) && fits(proof(set.encryption, set.signature_key).as_ref()),
        };
        Self {
            matched: Sm2Match { encryption: fits(encryption), signature: fits(signature) },
            crossed,
            same: same(set),
            arrangement: arrangement(set, crossed),
        }
    }
}

fn same(set: Sm2Set<'_, '_>) -> Option<Same> {
    let (encryption, signature) = (set.encryption?, set.signature?);
    if encryption.der() == signature.der() {
        return Some(Same::Certificate);
    }
    let has_same_key = encryption.public_key().is_some() && encryption.public_key() == signature.public_key();
    has_same_key.then_some(Same::PublicKey)
}

fn arrangement(set: Sm2Set<'_, '_>, crossed: Sm2Match) -> Arrangement {
    let allows = |role: Role, certificate: Option<&Certificate<'_>>| {
        certificate.is_none_or(|certificate| role.is_allowed(certificate))
    };
    let in_place = allows(Role::Encryption, set.encryption) && allows(Role::Signature, set.signature);
    if crossed.encryption && crossed.signature {
        return if in_place { Arrangement::KeysCrossed } else { Arrangement::CertificatesSwapped };
    }
    let (Some(encryption), Some(signature)) = (set.encryption, set.signature) else {
        return Arrangement::InPlace;
    };
    let swapped = Role::Signature.is_allowed(encryption) && Role::Encryption.is_allowed(signature);
    if encryption.der() == signature.der() {
        Arrangement::OneCertificate
    } else if !in_place && swapped {
        Arrangement::PairsSwapped
    } else if roles::has_both(encryption) && roles::has_both(signature) {
        Arrangement::Indistinct
    } else {
        Arrangement::InPlace
    }
}
