//! SM2 signatures with SM3 (GB/T 32918.2, 7), by the crate `sm2`. Its curve and its keys are in `ec`.

use ::sm2::dsa::{Signature, VerifyingKey, signature::Verifier as _};

use super::ec::{EcPublicKey, ecdsa};
use super::signature::{Outcome, Signed};

/// Verifies a signature under each ID in order, then under the empty one.
pub(super) fn verify(key: &EcPublicKey, ids: &[String], signed: Signed<'_>) -> Outcome {
    // What is not a pair of numbers in 1..n is not a signature of any key, under any ID.
    let numbers = ecdsa::two_numbers(signed.signature, key.curve().octets());
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
