//! Private keys on elliptic curves: the range of the scalar, and d·G = Q in constant time.

use std::ops::{Add, Neg};

use p256::elliptic_curve::{
    CurveArithmetic, FieldBytes, PrimeField, group::ff::Field, subtle::ConstantTimeEq,
};
use zeroize::{Zeroize, Zeroizing};

use super::fixed_base::FixedBase;
use super::point::Affine;
use super::{Curve, EcPublicKey};
use crate::crypto::proof::{Mismatch, Relation, Secret};

/// The numbers of a private key on an elliptic curve.
#[derive(Clone)]
pub(crate) struct EcNumbers {
    /// `None`: the file names no curve, the certificate's counts.
    pub(crate) curve: Option<Curve>,
    /// The scalar d: of the curve's length and in its range if the curve is known, as found if not.
    pub(crate) scalar: Secret,
    /// The points that the file carries, encoded as found: the one of ECPrivateKey and the one of OneAsymmetricKey. They are wiped, since
    /// a damaged file can hold the scalar in their place.
    pub(crate) points: Vec<Zeroizing<Vec<u8>>>,
}

/// Proves that d·G is the point of `public`, and that the points which the file carries are the same.
pub(crate) fn prove(public: &EcPublicKey, numbers: &EcNumbers) -> Result<(), Mismatch> {
    let curve = public.curve();
    let resolved;
    let scalar = match numbers.curve {
        Some(key) if key != curve => return Err(Mismatch::OtherCurve { certificate: curve, key }),
        Some(_) => &numbers.scalar,
        None => {
            resolved = normalise_scalar(Some(curve), &numbers.scalar)
                .map_err(|problem| Mismatch::ScalarOutOfRange { curve, problem })?;
            &resolved
        }
    };
    let belongs = is_public_point(curve, scalar, public.point());
    for point in &numbers.points {
        // Mostly the very octets of the certificate's point.
        if point.as_slice() == public.point() && belongs {
            continue;
        }
        let is_own = match EcPublicKey::decode(curve, point) {
            Ok(carried) if carried.point() == public.point() => belongs,
            Ok(carried) => !belongs && is_public_point(curve, scalar, carried.point()),
            Err(_) => false,
        };
        if !is_own {
            // Without a curve of its own the key may simply be from another one.
            return Err(match numbers.curve {
                None if !belongs => Mismatch::OtherKey,
                _ => Mismatch::SelfContradiction(Relation::Point),
            });
        }
    }
    if belongs { Ok(()) } else { Err(Mismatch::OtherKey) }
}

/// The public key of `numbers`, if the points that the file carries are its own.
pub(crate) fn public_key(numbers: &EcNumbers) -> Result<EcPublicKey, Mismatch> {
    let curve = numbers.curve.ok_or(Mismatch::NoCurve)?;
    let contradiction = Mismatch::SelfContradiction(Relation::Point);
    let derived = public_point(curve, &numbers.scalar)
        .and_then(|point| EcPublicKey::decode(curve, &point).ok())
        .ok_or_else(|| contradiction.clone())?;
    let all_own =
        numbers.points.iter().all(|point| EcPublicKey::decode(curve, point).as_ref() == Ok(&derived));
    if all_own { Ok(derived) } else { Err(contradiction) }
}

/// Whether `other` is the same key as `key`, whose public key is `public`. No multiplication is needed: a scalar in its range has one
/// point.
pub(crate) fn is_same(key: &EcNumbers, public: &EcPublicKey, other: &EcNumbers) -> bool {
    let is_own =
        |point: &Zeroizing<Vec<u8>>| EcPublicKey::decode(public.curve(), point).as_ref() == Ok(public);
    other.curve == Some(public.curve())
        && bool::from(key.scalar.ct_eq(&other.scalar))
        && other.points.iter().all(is_own)
}

/// Octets of a scalar whose curve is not known: that of P-521 and room for padding.
const LONGEST_SCALAR: usize = 128;

/// The scalar of a key as the proof wants it: of the curve's length and in its range, 1 to n − 1 (n − 2 for SM2: GB/T 32918.1, 6.1); as
/// found if the curve is not known yet. RFC 5915 wants the full length; there are keys with fewer or more leading zeros, which mean the
/// same.
///
/// # Errors
/// What is wrong with the scalar, worded to follow "the scalar".
pub(crate) fn normalise_scalar(curve: Option<Curve>, octets: &[u8]) -> Result<Secret, &'static str> {
    if is_zero(octets) {
        return Err("is zero");
    }
    let Some(curve) = curve else {
        return if octets.len() <= LONGEST_SCALAR {
            Ok(Zeroizing::new(octets.to_vec()))
        } else {
            Err("is longer than that of any curve")
        };
    };
    let surplus = octets.len().saturating_sub(curve.octets());
    let (high, low) = octets.split_at_checked(surplus).unwrap_or((&[], octets));
    if !is_zero(high) {
        return Err("is not below the order of the base point");
    }
    let padding = curve.octets().saturating_sub(low.len());
    let mut padded = Zeroizing::new(vec![0; curve.octets()]);
    if let Some(end) = padded.get_mut(padding..) {
        end.copy_from_slice(low);
    }
    match curve {
        Curve::P256 => check_range::<p256::NistP256>(&padded, false),
        Curve::P384 => check_range::<p384::NistP384>(&padded, false),
        Curve::P521 => check_range::<p521::NistP521>(&padded, false),
        Curve::Sm2 => check_range::<sm2::Sm2>(&padded, true),
    }?;
    Ok(padded)
}

/// Whether all octets are zero; does not show which are not.
fn is_zero(octets: &[u8]) -> bool {
    octets.iter().fold(0, |seen, octet| seen | octet) == 0
}

fn check_range<C: CurveArithmetic>(octets: &[u8], is_sm2: bool) -> Result<(), &'static str> {
    let scalar = read_scalar::<C>(octets).ok_or("is not below the order of the base point")?;
    // With d = n − 1 there is no inverse of 1 + d, which every SM2 signature needs.
    if is_sm2 && bool::from(C::Scalar::ONE.add(*scalar).is_zero()) {
        return Err("is the order of the base point less one, with which SM2 cannot sign");
    }
    Ok(())
}

/// Whether the scalar d or n − d, n the order of the base point, is below 2^128: a search with 2^64 steps finds it from the point. Of a key
/// that names no curve, only d is looked at.
pub(crate) fn is_scalar_small(numbers: &EcNumbers) -> bool {
    let is_low = |octets: &[u8]| {
        let high = octets.len().saturating_sub(16);
        is_zero(octets.get(..high).unwrap_or(&[]))
    };
    let negated = match numbers.curve {
        Some(Curve::P256) => negate::<p256::NistP256>(&numbers.scalar),
        Some(Curve::P384) => negate::<p384::NistP384>(&numbers.scalar),
        Some(Curve::P521) => negate::<p521::NistP521>(&numbers.scalar),
        Some(Curve::Sm2) => negate::<sm2::Sm2>(&numbers.scalar),
        None => None,
    };
    is_low(&numbers.scalar) | negated.is_some_and(|negated| is_low(&negated))
}

/// n − d, in as many octets as d.
fn negate<C: CurveArithmetic>(octets: &[u8]) -> Option<Secret> {
    let negated = Zeroizing::new(read_scalar::<C>(octets)?.neg());
    let mut repr = negated.to_repr();
    let octets = Zeroizing::new(repr.to_vec());
    repr.zeroize();
    Some(octets)
}

/// Whether `scalar`·G is `point`, which is uncompressed.
pub(crate) fn is_public_point(curve: Curve, scalar: &[u8], point: &[u8]) -> bool {
    match curve {
        Curve::P256 => is_p256_pair(scalar, point) || multiplies_to::<p256::NistP256, 4>(scalar, point),
        Curve::P384 => multiplies_to::<p384::NistP384, 6>(scalar, point),
        Curve::P521 => multiplies_to::<p521::NistP521, 9>(scalar, point),
        Curve::Sm2 => multiplies_to::<sm2::Sm2, 4>(scalar, point),
    }
}

/// `scalar`·G, uncompressed. `None` if the scalar is not in the curve's range, which [`normalise_scalar`] has excluded.
pub(crate) fn public_point(curve: Curve, scalar: &[u8]) -> Option<Vec<u8>> {
    match curve {
        Curve::P256 => multiply_base::<p256::NistP256, 4>(scalar),
        Curve::P384 => multiply_base::<p384::NistP384, 6>(scalar),
        Curve::P521 => multiply_base::<p521::NistP521, 9>(scalar),
        Curve::Sm2 => multiply_base::<sm2::Sm2, 4>(scalar),
    }
}

/// ring's own comparison of a scalar and a point, the fastest there is. It also draws a random number for a signature that is never
/// made; if that fails, or the two are not a pair, the answer is no and the slower multiplication decides. ring does not wipe its copy of
/// the scalar.
#[cfg(not(target_family = "wasm"))]
fn is_p256_pair(scalar: &[u8], point: &[u8]) -> bool {
    let algorithm = &ring::signature::ECDSA_P256_SHA256_ASN1_SIGNING;
    let random = ring::rand::SystemRandom::new();
    ring::signature::EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, point, &random).is_ok()
}

/// WebAssembly has no source of random numbers that every host offers, and ring no assembly for it: the multiplication decides alone.
#[cfg(target_family = "wasm")]
fn is_p256_pair(_scalar: &[u8], _point: &[u8]) -> bool {
    false
}

fn multiplies_to<C: FixedBase<N>, const N: usize>(scalar: &[u8], point: &[u8]) -> bool {
    // Compared as projective points: no inversion.
    read_scalar::<C>(scalar).is_some()
        && Affine::read(point).is_some_and(|point| C::table().multiply(scalar).is(&point).into())
}

fn multiply_base<C: FixedBase<N>, const N: usize>(scalar: &[u8]) -> Option<Vec<u8>> {
    read_scalar::<C>(scalar)?;
    let point = C::table().multiply(scalar).to_affine();
    let mut octets = vec![4];
    for coordinate in [point.x, point.y] {
        let words = coordinate.to_octets();
        octets.extend(words.get(words.len().saturating_sub(C::CURVE.octets())..).unwrap_or(&words));
    }
    Some(octets)
}

/// The scalar of `octets`, which are as many as the curve's scalars have; `None` if it is not below the order.
fn read_scalar<C: CurveArithmetic>(octets: &[u8]) -> Option<Zeroizing<C::Scalar>> {
    let mut repr = FieldBytes::<C>::default();
    if repr.len() != octets.len() {
        return None;
    }
    repr.copy_from_slice(octets);
    let scalar = C::Scalar::from_repr(repr).into_option().map(Zeroizing::new);
    repr.zeroize();
    scalar
}
