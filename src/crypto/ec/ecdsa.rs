//! Verification of ECDSA signatures (SEC 1, 4.1.4): `ring` has the two usual pairs of curve and hash, the crates of the curves the others.

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use super::{Curve, EcPublicKey};
use crate::crypto::hash::Hash;
use crate::crypto::signature::Signed;
use crate::der::{Reader, Sign, tag};

/// Whether `key`, which is not on the curve of SM2, made the signature.
pub(crate) fn fits(key: &EcPublicKey, hash: Hash, signed: Signed<'_>) -> bool {
    let usual: Option<&'static dyn VerificationAlgorithm> = match (key.curve(), hash) {
        (Curve::P256, Hash::Sha256) => Some(&signature::ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Hash::Sha384) => Some(&signature::ECDSA_P256_SHA384_ASN1),
        (Curve::P384, Hash::Sha256) => Some(&signature::ECDSA_P384_SHA256_ASN1),
        (Curve::P384, Hash::Sha384) => Some(&signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    };
    if let Some(algorithm) = usual {
        return UnparsedPublicKey::new(algorithm, key.point()).verify(signed.tbs, signed.signature).is_ok();
    }
    let Some(numbers) = two_numbers(signed.signature, key.curve().octets()) else { return false };
    let Some(digest) = hash.digest(signed.tbs) else { return false };
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

fn prehashed<K, S, E>(key: Result<K, E>, signature: Result<S, E>, digest: &[u8]) -> bool
where
    K: p256::ecdsa::signature::hazmat::PrehashVerifier<S>,
{
    match (key, signature) {
        (Ok(key), Ok(signature)) => key.verify_prehash(digest, &signature).is_ok(),
        _ => false,
    }
}

/// r and s of a DER `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3), each filled up to `octets`.
pub(crate) fn two_numbers(signature: &[u8], octets: usize) -> Option<Vec<u8>> {
    let mut outer = Reader::new(signature);
    let mut numbers = outer.expect(tag::SEQUENCE).ok()?.inside();
    outer.finish().ok()?;
    let mut out = Vec::with_capacity(octets.saturating_mul(2));
    for _ in 0..2 {
        let number = numbers.expect(tag::INTEGER).ok()?.integer().ok()?;
        if number.sign != Sign::Positive {
            return None;
        }
        let zeros = octets.checked_sub(number.magnitude.len())?;
        out.resize(out.len().saturating_add(zeros), 0);
        out.extend_from_slice(number.magnitude);
    }
    numbers.finish().ok()?;
    Some(out)
}
