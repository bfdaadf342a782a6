//! Verification of ECDSA signatures (SEC 1, 4.1.4). On P-256 `ring` is the fastest for one signature, and [`public`](super::public) for the second
//! of a key: `ring` has what a single check meets with the usual hashes, `public` the rest.

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use super::public::{Numbers, PreparedKeys};
use super::{Curve, EcPublicKey};
use crate::crypto::hash::Hash;
use crate::crypto::signature::Signed;

/// Whether `key`, which is not on the curve of SM2, made the signature.
pub(crate) fn fits(key: &EcPublicKey, hash: Hash, signed: Signed<'_>, keys: &PreparedKeys) -> bool {
    let usual: Option<&'static dyn VerificationAlgorithm> = match (key.curve(), hash) {
        _ if keys.are_kept => None,
        (Curve::P256, Hash::Sha256) => Some(&signature::ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Hash::Sha384) => Some(&signature::ECDSA_P256_SHA384_ASN1),
        _ => None,
    };
    if let Some(algorithm) = usual {
        return UnparsedPublicKey::new(algorithm, key.point()).verify(signed.tbs, signed.signature).is_ok();
    }
    let Some(numbers) = Numbers::read(signed.signature, key.curve()) else { return false };
    let Some(key) = keys.get(key) else { return false };
    hash.digest(signed.tbs).is_some_and(|digest| key.is_ecdsa(&numbers, &digest))
}
