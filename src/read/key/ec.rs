//! Scalars and points of elliptic-curve keys: d·G = Q in constant time.

use std::ops::Add;

use p256::elliptic_curve::{
    CurveArithmetic, CurveGroup, FieldBytes, FieldBytesSize, PrimeField,
    group::ff::Field,
    sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point},
    subtle::ConstantTimeEq,
};
use ring::signature::EcdsaKeyPair;
use zeroize::{Zeroize, Zeroizing};

use super::Secret;
use super::table::FixedBase;
use crate::crypto::spki::Curve;

/// Octets of a scalar whose curve is not known: that of P-521 and room for padding.
const LONGEST_SCALAR: usize = 128;

/// The scalar of a key as the proof wants it: of the curve's length and in its range, 1 to n − 1 (n − 2 for SM2: GB/T 32918.1, 6.1); as
/// found if the curve is not known yet. RFC 5915 wants the full length; keys with fewer or more leading zeros are about and mean the
/// same.
///
/// # Errors
/// What is wrong with the scalar, worded to follow "the scalar".
pub(super) fn normalise_scalar(curve: Option<Curve>, octets: &[u8]) -> Result<Secret, &'static str> {
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

/// Whether `scalar`·G is `point`, which is uncompressed.
pub(super) fn is_public_point(curve: Curve, scalar: &[u8], point: &[u8]) -> bool {
    match curve {
        Curve::P256 => is_p256_pair(scalar, point) || multiplies_to::<p256::NistP256>(scalar, point),
        Curve::P384 => multiplies_to::<p384::NistP384>(scalar, point),
        Curve::P521 => multiplies_to::<p521::NistP521>(scalar, point),
        Curve::Sm2 => multiplies_to::<sm2::Sm2>(scalar, point),
    }
}

/// `scalar`·G, uncompressed. `None` if the scalar is not in the curve's range, which [`normalise_scalar`] has excluded.
pub(super) fn public_point(curve: Curve, scalar: &[u8]) -> Option<Vec<u8>> {
    match curve {
        Curve::P256 => multiply_base::<p256::NistP256>(scalar),
        Curve::P384 => multiply_base::<p384::NistP384>(scalar),
        Curve::P521 => multiply_base::<p521::NistP521>(scalar),
        Curve::Sm2 => multiply_base::<sm2::Sm2>(scalar),
    }
}

/// ring's own comparison of a scalar and a point, the fastest there is. It also draws a random number for a signature that is never
/// made; if that fails, or the pair is none, the answer is no and the slower multiplication decides. ring does not wipe its copy of
/// the scalar.
fn is_p256_pair(scalar: &[u8], point: &[u8]) -> bool {
    let algorithm = &ring::signature::ECDSA_P256_SHA256_ASN1_SIGNING;
    let random = ring::rand::SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, point, &random).is_ok()
}

fn multiplies_to<C>(scalar: &[u8], point: &[u8]) -> bool
where
    C: FixedBase,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: FromSec1Point<C>,
{
    let expected = Sec1Point::<C>::from_bytes(point)
        .ok()
        .and_then(|encoded| C::AffinePoint::from_sec1_point(&encoded).into_option());
    match expected {
        // Compared as projective points: no inversion.
        Some(expected) if scalar.len() == C::CURVE.octets() => {
            let derived = C::table().multiply(scalar);
            bool::from(ConstantTimeEq::ct_eq(&*derived, &C::ProjectivePoint::from(expected)))
        }
        _ => false,
    }
}

fn multiply_base<C>(scalar: &[u8]) -> Option<Vec<u8>>
where
    C: FixedBase,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    read_scalar::<C>(scalar)?;
    let point = C::table().multiply(scalar).to_affine();
    Some(point.to_sec1_point(false).as_bytes().to_vec())
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
