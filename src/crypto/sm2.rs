//! SM2 signatures with SM3 (GB/T 32918.2, 7). The curve and its keys are in `ec`.

use ::sm2::{AffinePoint, Sm2, elliptic_curve::sec1::ToSec1Point};
use sm3::{Digest as _, Sm3};

use super::ec::EcPublicKey;
use super::ec::public::{Numbers, PreparedKeys};
use super::signature::{Outcome, Signed};

/// a and b of the curve's equation (GB/T 32918.5, 2).
const EQUATION: [[u8; 32]; 2] = [
    *b"\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfc",
    *b"\x28\xe9\xfa\x9e\x9d\x9f\x5e\x34\x4d\x5a\x9e\x4b\xcf\x65\x09\xa7\xf3\x97\x89\xf5\x15\xab\x8f\x92\xdd\xbc\xbd\x41\x4d\x94\x0e\x93",
];

/// Verifies a signature under each ID in order, then under the empty one.
pub(super) fn verify(key: &EcPublicKey, ids: &[String], signed: Signed<'_>, keys: &PreparedKeys) -> Outcome {
    // What is not a pair of numbers in 1..n is not a signature of any key, under any ID.
    let Some(numbers) = Numbers::read(signed.signature, key.curve()) else {
        return Outcome::DoesNotFit;
    };
    let Some(prepared) = keys.get(key) else { return Outcome::DoesNotFit };
    let fits = |id: &str| {
        hash_of_signer(key, id).is_some_and(|signer| {
            let digest = Sm3::new().chain_update(signer).chain_update(signed.tbs).finalize();
            prepared.is_sm2(&numbers, &digest)
        })
    };
    match ids.iter().map(String::as_str).chain([""]).find(|id| fits(id)) {
        Some("") => Outcome::FitsEmptyId,
        Some(_) => Outcome::Fits,
        None => Outcome::UnknownId,
    }
}

/// Z, the hash of a signer's ID and key (GB/T 32918.2, 5.5); `None` for an ID whose bits cannot be counted in two octets.
fn hash_of_signer(key: &EcPublicKey, id: &str) -> Option<[u8; 32]> {
    let bits = u16::try_from(id.len().checked_mul(8)?).ok()?;
    let base = ToSec1Point::<Sm2>::to_sec1_point(&AffinePoint::GENERATOR, false);
    let coordinates = |point: &[u8]| point.iter().skip(1).copied().collect::<Vec<_>>();
    let hash = Sm3::new()
        .chain_update(bits.to_be_bytes())
        .chain_update(id)
        .chain_update(EQUATION.as_flattened())
        .chain_update(coordinates(base.as_bytes()))
        .chain_update(coordinates(key.point()));
    Some(hash.finalize().into())
}
