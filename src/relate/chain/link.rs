//! Whether the signature of one certificate was made with the key of another (RFC 5280, 4.1.1.2 and 4.1.1.3).

use der_parser::oid;
use std::borrow::Cow;

use ring::{digest, signature};

use super::rsa;
use crate::crypto::spki::{Curve, EcPublicKey, PublicKey, oid as known};
use crate::der::tlv::{Reader, tag};
use crate::read::certificate::{self, RSA_PSS, SignatureScheme};

/// The signed parts of a certificate.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// Content octets of the identifier in `signatureAlgorithm`.
    pub(crate) algorithm: &'a [u8],
    /// DER of the parameters in `signatureAlgorithm`, header included.
    pub(crate) parameters: Option<&'a [u8]>,
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
    /// The SM2 signature fits under none of the known signer IDs: another ID, or another key. Nothing in the signature tells which,
    /// because the ID only enters through a hash.
    UnknownId,
    /// The algorithm, or its combination with the key, is not supported; the reason says which.
    NotSupported(String),
}

/// A hash function of signatures that can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// `None` for those whose signatures are not verified, and for SM3, which only SM2 uses.
    fn verified(hash: certificate::Hash) -> Option<Self> {
        match hash {
            certificate::Hash::Sha1 => Some(Self::Sha1),
            certificate::Hash::Sha256 => Some(Self::Sha256),
            certificate::Hash::Sha384 => Some(Self::Sha384),
            certificate::Hash::Sha512 => Some(Self::Sha512),
            certificate::Hash::Md2
            | certificate::Hash::Md5
            | certificate::Hash::Sha224
            | certificate::Hash::Sm3 => None,
        }
    }

    pub(crate) fn of(self, data: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, data)
    }

    /// Octets of a digest.
    pub(crate) fn octets(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Content octets of the identifier (RFC 8017, B.1).
    pub(crate) fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha1 => &oid!(raw 1.3.14.3.2.26),
            Self::Sha256 => &oid!(raw 2.16.840.1.101.3.4.2.1),
            Self::Sha384 => &oid!(raw 2.16.840.1.101.3.4.2.2),
            Self::Sha512 => &oid!(raw 2.16.840.1.101.3.4.2.3),
        }
    }

    pub(crate) fn from_oid(content: &[u8]) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|hash| hash.oid() == content)
    }
}

/// A signature algorithm that can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Pkcs1(Hash),
    Pss(rsa::Pss),
    Ecdsa(Hash),
    Ed25519,
    Sm2,
}

impl Scheme {
    /// Reads an AlgorithmIdentifier. Parameters play no part but for RSASSA-PSS: whether they are well formed is for the
    /// certificate's own rules.
    fn read(signed: Signed<'_>) -> Result<Self, String> {
        if signed.algorithm == RSA_PSS {
            return Ok(Self::Pss(rsa::Pss::read(signed.parameters)?));
        }
        let scheme = SignatureScheme::of(signed.algorithm);
        let hash = scheme.and_then(SignatureScheme::hash).and_then(Hash::verified);
        match (scheme, hash) {
            (Some(SignatureScheme::RsaPkcs1(_)), Some(hash)) => Ok(Self::Pkcs1(hash)),
            (Some(SignatureScheme::Ecdsa(_)), Some(hash)) => Ok(Self::Ecdsa(hash)),
            (Some(SignatureScheme::Ed25519), _) => Ok(Self::Ed25519),
            (Some(SignatureScheme::Sm2Sm3), _) => Ok(Self::Sm2),
            _ => {
                let dotted = known::dotted(signed.algorithm).ok_or("its signature algorithm is malformed")?;
                let name = scheme
                    .and_then(family)
                    .map(|(family, hash)| Cow::Owned(format!("{family} and {}", hash.name())))
                    .or_else(|| known::algorithm_name(&dotted).map(Cow::Borrowed))
                    .or_else(|| signature_name(&dotted).map(Cow::Borrowed));
                Err(format!("signatures with {} are not supported", name.unwrap_or(Cow::Owned(dotted))))
            }
        }
    }
}

/// The kind of key and the hash of a scheme, where it names both.
fn family(scheme: SignatureScheme) -> Option<(&'static str, certificate::Hash)> {
    match scheme {
        SignatureScheme::RsaPkcs1(hash) => Some(("RSA", hash)),
        SignatureScheme::Ecdsa(hash) => Some(("ECDSA", hash)),
        SignatureScheme::Dsa(hash) => Some(("DSA", hash)),
        SignatureScheme::RsaPss(_) | SignatureScheme::Ed25519 | SignatureScheme::Sm2Sm3 => None,
    }
}

/// The name of a signature algorithm of which a certificate's own rules know nothing, and that shares its identifier with no kind of key.
fn signature_name(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "1.2.840.113549.1.1.15" => "RSA and SHA-512/224",
        "1.2.840.113549.1.1.16" => "RSA and SHA-512/256",
        "2.16.840.1.101.3.4.3.9" => "ECDSA and SHA3-224",
        "2.16.840.1.101.3.4.3.10" => "ECDSA and SHA3-256",
        "2.16.840.1.101.3.4.3.11" => "ECDSA and SHA3-384",
        "2.16.840.1.101.3.4.3.12" => "ECDSA and SHA3-512",
        "2.16.840.1.101.3.4.3.13" => "RSA and SHA3-224",
        "2.16.840.1.101.3.4.3.14" => "RSA and SHA3-256",
        "2.16.840.1.101.3.4.3.15" => "RSA and SHA3-384",
        "2.16.840.1.101.3.4.3.16" => "RSA and SHA3-512",
        "1.2.156.10197.1.502" => "SM2 and SHA-1",
        "1.2.156.10197.1.503" => "SM2 and SHA-256",
        "1.2.156.10197.1.504" => "RSA and SM3",
        _ => return None,
    })
}

/// Verifies a signature. `sm2_ids` are tried on an SM2 signature in order, then the empty ID.
///
/// Costs one verification, for SM2 one for each ID. Never panics, whatever the input.
pub(crate) fn verify(signed: Signed<'_>, signer: Signer<'_>, sm2_ids: &[String]) -> Outcome {
    let scheme = match Scheme::read(signed) {
        Ok(scheme) => scheme,
        Err(why) => return Outcome::NotSupported(why),
    };
    match (scheme, signer.key) {
        (Scheme::Pkcs1(hash), PublicKey::Rsa(key)) => rsa::verify_pkcs1(key, hash, signed),
        (Scheme::Pss(pss), PublicKey::Rsa(key)) => rsa::verify_pss(key, pss, signed),
        (Scheme::Pss(pss), PublicKey::Unsupported(_)) => match rsa::key_of_pss_spki(signer.spki) {
            Some((_, Some(restriction))) if !pss.keeps_to(restriction) => Outcome::DoesNotFit,
            Some((key, _)) => rsa::verify_pss(&key, pss, signed),
            None => key_not_supported(signer.key),
        },
        (Scheme::Ecdsa(hash), PublicKey::Ec(key)) => match key.curve() {
            Curve::P256 | Curve::P384 | Curve::P521 => verdict(ecdsa(key, hash, signed)),
            Curve::Sm2 => {
                Outcome::NotSupported("ECDSA with a key on the curve of SM2 is not supported".into())
            }
        },
        (Scheme::Sm2, PublicKey::Ec(key)) if key.curve() == Curve::Sm2 => sm2(key, sm2_ids, signed),
        (Scheme::Ed25519, PublicKey::Unsupported(_)) => match ed25519_key(signer.spki) {
            Some(key) => {
                let key = signature::UnparsedPublicKey::new(&signature::ED25519, key);
                verdict(key.verify(signed.tbs, signed.signature).is_ok())
            }
            None => key_not_supported(signer.key),
        },
        // Such a key makes signatures of PSS only (RFC 4055, 1.2).
        (Scheme::Pkcs1(_), PublicKey::Unsupported(_)) if rsa::key_of_pss_spki(signer.spki).is_some() => {
            Outcome::DoesNotFit
        }
        (Scheme::Pkcs1(_) | Scheme::Ecdsa(_) | Scheme::Sm2, PublicKey::Unsupported(_)) => {
            key_not_supported(signer.key)
        }
        // The algorithm asks for another kind of key: no such key made this signature.
        (Scheme::Pkcs1(_) | Scheme::Pss(_) | Scheme::Ed25519 | Scheme::Sm2, PublicKey::Ec(_))
        | (Scheme::Ecdsa(_) | Scheme::Ed25519 | Scheme::Sm2, PublicKey::Rsa(_)) => Outcome::DoesNotFit,
    }
}

pub(super) fn verdict(fits: bool) -> Outcome {
    if fits { Outcome::Fits } else { Outcome::DoesNotFit }
}

fn key_not_supported(key: &PublicKey) -> Outcome {
    Outcome::NotSupported(format!("signatures by a key of type {} are not supported", key.name()))
}

/// The 32 octets of an Ed25519 key (RFC 8410, 4: no parameters).
fn ed25519_key(spki: &[u8]) -> Option<&[u8]> {
    const PREFIX: &[u8] = &[0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];
    spki.strip_prefix(PREFIX).filter(|key| key.len() == 32)
}

/// ECDSA (SEC 1, 4.1.4). ring has the two usual pairs of curve and hash, the curves' crates the others.
fn ecdsa(key: &EcPublicKey, hash: Hash, signed: Signed<'_>) -> bool {
    let usual: Option<&'static dyn signature::VerificationAlgorithm> = match (key.curve(), hash) {
        (Curve::P256, Hash::Sha256) => Some(&signature::ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Hash::Sha384) => Some(&signature::ECDSA_P256_SHA384_ASN1),
        (Curve::P384, Hash::Sha256) => Some(&signature::ECDSA_P384_SHA256_ASN1),
        (Curve::P384, Hash::Sha384) => Some(&signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    };
    if let Some(algorithm) = usual {
        let key = signature::UnparsedPublicKey::new(algorithm, key.point());
        return key.verify(signed.tbs, signed.signature).is_ok();
    }
    let Some(numbers) = two_numbers(signed.signature, key.curve().octets()) else { return false };
    let digest = hash.of(signed.tbs);
    match key.curve() {
        Curve::P256 => {
            use p256::ecdsa::{Signature, VerifyingKey};
            prehashed(VerifyingKey::from_sec1_bytes(key.point()), Signature::from_slice(&numbers), &digest)
        }
        Curve::P384 => {
            use p384::ecdsa::{Signature, VerifyingKey};
            prehashed(VerifyingKey::from_sec1_bytes(key.point()), Signature::from_slice(&numbers), &digest)
        }
        Curve::P521 => {
            use p521::ecdsa::{Signature, VerifyingKey};
            prehashed(VerifyingKey::from_sec1_bytes(key.point()), Signature::from_slice(&numbers), &digest)
        }
        Curve::Sm2 => false,
    }
}

fn prehashed<K, S, E>(key: Result<K, E>, signature: Result<S, E>, digest: &digest::Digest) -> bool
where
    K: p256::ecdsa::signature::hazmat::PrehashVerifier<S>,
{
    match (key, signature) {
        (Ok(key), Ok(signature)) => key.verify_prehash(digest.as_ref(), &signature).is_ok(),
        _ => false,
    }
}

/// SM2 (GB/T 32918.2, 7) with SM3.
fn sm2(key: &EcPublicKey, ids: &[String], signed: Signed<'_>) -> Outcome {
    use sm2::dsa::{Signature, VerifyingKey, signature::Verifier as _};
    // A signature that is no pair of numbers in 1..n is nobody's, under no ID.
    let numbers = two_numbers(signed.signature, key.curve().octets());
    let Some(signature) = numbers.and_then(|numbers| Signature::from_slice(&numbers).ok()) else {
        return Outcome::DoesNotFit;
    };
    let fits = |id: &str| {
        let key = VerifyingKey::from_sec1_bytes(id, key.point());
        key.is_ok_and(|key| key.verify(signed.tbs, &signature).is_ok())
    };
    match ids.iter().map(String::as_str).chain([""]).find(|id| fits(id)) {
        Some("") => Outcome::FitsEmptyId,
        Some(_) => Outcome::Fits,
        None => Outcome::UnknownId,
    }
}

/// r and s of a DER `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3), each filled up to `octets`.
fn two_numbers(signature: &[u8], octets: usize) -> Option<Vec<u8>> {
    let mut outer = Reader::new(signature);
    let mut numbers = outer.expect(tag::SEQUENCE).ok()?.inside();
    outer.finish().ok()?;
    let mut out = Vec::with_capacity(octets.saturating_mul(2));
    for _ in 0..2 {
        let number = numbers.expect(tag::INTEGER).ok()?.integer().ok()?;
        if number.sign != crate::der::tlv::Sign::Positive {
            return None;
        }
        let zeros = octets.checked_sub(number.magnitude.len())?;
        out.resize(out.len().saturating_add(zeros), 0);
        out.extend_from_slice(number.magnitude);
    }
    numbers.finish().ok()?;
    Some(out)
}
