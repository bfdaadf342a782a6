//! Whether a key made a signature (RFC 5280, 4.1.1.2 and 4.1.1.3). Only public values: nothing here is secret.

use std::borrow::Cow;

use super::algorithm::{SignatureAlgorithm, SignatureScheme, Verification};
use super::ec::public::PreparedKeys;
use super::ec::{self, Curve};
use super::rsa::{pss, verify as rsa};
use super::spki::PublicKey;
use super::{ed25519, sm2};

/// The signed parts of a certificate.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// `signatureAlgorithm`.
    pub(crate) algorithm: &'a SignatureAlgorithm<'a>,
    /// The octets of `signatureValue`, without the one that counts unused bits.
    pub(crate) signature: &'a [u8],
    /// DER of `tbsCertificate`.
    pub(crate) tbs: &'a [u8],
}

/// The key that is said to have signed.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    /// The key as read.
    pub(crate) key: &'a PublicKey,
    /// DER of the SubjectPublicKeyInfo, for keys that `key` knows by name only.
    pub(crate) spki: &'a [u8],
}

/// What the verification of a signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The key made the signature.
    Fits,
    /// The key made the SM2 signature, but under an empty signer ID.
    FitsEmptyId,
    /// The key did not make the signature.
    DoesNotFit,
    /// The SM2 signature does not fit any known signer ID: another ID, or another key. Nothing in the signature shows which,
    /// because the ID only enters through a hash.
    UnknownId,
    /// The algorithm, or its combination with the key, is not supported.
    NotSupported(NotSupported),
}

/// Why a signature cannot be verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSupported {
    /// The algorithm, by name or dotted identifier.
    #[error("signatures with {0} are not supported")]
    Algorithm(Cow<'static, str>),
    #[error("ECDSA with a key on the curve of SM2 is not supported")]
    EcdsaOnSm2,
    /// The kind of key, by name or dotted identifier.
    #[error("signatures by a key of type {0} are not supported")]
    Key(String),
    #[error("its signature algorithm is malformed")]
    MalformedAlgorithm,
    #[error("RSASSA-PSS with another hash in its mask is not supported")]
    PssMask,
    #[error("these parameters of RSASSA-PSS are not supported")]
    PssParameters,
    #[error("RSASSA-PSS without parameters is not supported")]
    PssWithoutParameters,
    #[error("RSA with a modulus of {bits} bits and an exponent of {exponent_octets} octets is not supported")]
    RsaSize { bits: usize, exponent_octets: usize },
}

impl From<bool> for Outcome {
    fn from(fits: bool) -> Self {
        if fits { Self::Fits } else { Self::DoesNotFit }
    }
}

impl From<NotSupported> for Outcome {
    fn from(reason: NotSupported) -> Self {
        Self::NotSupported(reason)
    }
}

/// Verifies a signature. `sm2_ids` are tried on an SM2 signature in order, then the empty ID. `keys` are those that are prepared, and
/// this one's is among them thereafter, if it is on an elliptic curve.
///
/// Parameters of the algorithm play no part but for RSASSA-PSS: whether they are well formed is for the rules of the certificate. Costs
/// one verification, for SM2 one for each ID. Never panics, whatever the input.
pub(crate) fn verify(
    signed: Signed<'_>,
    signer: Signer<'_>,
    sm2_ids: &[String],
    keys: &PreparedKeys,
) -> Outcome {
    let key_not_supported = || NotSupported::Key(signer.key.name().to_owned()).into();
    let scheme = match signed.algorithm.verification() {
        Ok(Verification::Scheme(scheme)) => scheme,
        Ok(Verification::Pss(pss)) => {
            return match signer.key {
                PublicKey::Rsa(key) => rsa::pss(key, pss, signed),
                PublicKey::Unsupported(_) => match pss::key_of_spki(signer.spki) {
                    Some((_, Some(restriction))) if !pss.keeps_to(restriction) => Outcome::DoesNotFit,
                    Some((key, _)) => rsa::pss(&key, pss, signed),
                    None => key_not_supported(),
                },
                PublicKey::Ec(_) => Outcome::DoesNotFit,
            };
        }
        Err(reason) => return reason.into(),
    };
    match (scheme, signer.key) {
        (SignatureScheme::RsaPkcs1(hash), PublicKey::Rsa(key)) => rsa::pkcs1(key, hash, signed),
        (SignatureScheme::Ecdsa(_), PublicKey::Ec(key)) if key.curve() == Curve::Sm2 => {
            NotSupported::EcdsaOnSm2.into()
        }
        (SignatureScheme::Ecdsa(hash), PublicKey::Ec(key)) => ec::ecdsa::fits(key, hash, signed, keys).into(),
        (SignatureScheme::Sm2Sm3, PublicKey::Ec(key)) if key.curve() == Curve::Sm2 => {
            sm2::verify(key, sm2_ids, signed, keys)
        }
        (SignatureScheme::Ed25519, PublicKey::Unsupported(_)) => match ed25519::key_of_spki(signer.spki) {
            Some(key) => ed25519::fits(key, signed).into(),
            None => key_not_supported(),
        },
        // Such a key makes signatures of PSS only (RFC 4055, 1.2).
        (SignatureScheme::RsaPkcs1(_), PublicKey::Unsupported(_))
            if pss::key_of_spki(signer.spki).is_some() =>
        {
            Outcome::DoesNotFit
        }
        (_, PublicKey::Unsupported(_)) => key_not_supported(),
        // The algorithm asks for another kind of key: no such key made this signature.
        (_, PublicKey::Ec(_) | PublicKey::Rsa(_)) => Outcome::DoesNotFit,
    }
}
