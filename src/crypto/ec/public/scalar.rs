//! Numbers modulo the order of a base point that everybody may know: those of signatures, and what is computed from them.

use std::marker::PhantomData;
use std::ops::{Add, Mul, Neg, Sub};

use p256::elliptic_curve::{
    CurveArithmetic, FieldBytes, PrimeField,
    group::ff::Field,
    ops::{Invert, Reduce},
};

use super::super::Curve;
use super::super::curve::Named;
use super::super::fixed_base::bits;
use crate::der::{Reader, Sign, tag};

/// r and s of a signature, as read.
pub(crate) struct Numbers {
    r: Vec<u8>,
    s: Vec<u8>,
}

impl Numbers {
    /// Those of a DER `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3; GM/T 0009), each positive and no longer than those
    /// of the curve.
    pub(crate) fn read(signature: &[u8], curve: Curve) -> Option<Self> {
        let mut outer = Reader::new(signature);
        let mut numbers = outer.expect(tag::SEQUENCE).ok()?.inside();
        outer.finish().ok()?;
        let mut next = || {
            let number = numbers.expect(tag::INTEGER).ok()?.integer().ok()?;
            let is_short = number.magnitude.len() <= curve.octets();
            (is_short && number.sign == Sign::Positive).then(|| number.magnitude.to_vec())
        };
        let (r, s) = (next()?, next()?);
        numbers.finish().ok()?;
        Some(Self { r, s })
    }
}

/// A number modulo the order of the base point of `C`, as many octets as the curve has, big-endian. Its field is private and it is made
/// here only, of the [`Numbers`] of a signature and of a digest: no secret can become one.
#[derive(Debug)]
pub(super) struct PublicScalar<C>(Vec<u8>, PhantomData<C>);

impl<C: Named> PublicScalar<C> {
    pub(super) fn new(scalar: &C::Scalar) -> Self {
        Self(scalar.to_repr().to_vec(), PhantomData)
    }

    pub(super) fn octets(&self) -> &[u8] {
        &self.0
    }

    /// The number and the order, if they do not need more octets than the curve has.
    pub(super) fn plus_order(&self) -> Option<Vec<u8>> {
        let mut sum = C::Scalar::ONE.neg().to_repr().to_vec();
        let mut carry = 1_u16;
        for (octet, other) in sum.iter_mut().zip(&self.0).rev() {
            let [high, low] =
                u16::from(*octet).wrapping_add((*other).into()).wrapping_add(carry).to_be_bytes();
            *octet = low;
            carry = high.into();
        }
        (carry == 0).then_some(sum)
    }

    /// Digits of the non-adjacent form of this width, at most 8, the lowest first: each is zero or odd and below 2^(width − 1) in magnitude, and of
    /// `width` digits that follow each other at most one is not zero.
    pub(super) fn digits(&self, width: usize) -> Vec<i8> {
        let mut digits = vec![0; C::CURVE.bits().saturating_add(1)];
        let above = 8_usize.saturating_sub(width);
        let (mut place, mut carry) = (0_usize, 0_u8);
        while let Some(digit) = digits.get_mut(place) {
            let window = bits(&self.0, place);
            if window & 1 == carry {
                place = place.saturating_add(1);
                continue;
            }
            // Odd, and the top bit of the window is its sign: what is negative is made good by a carry.
            *digit = (window.wrapping_add(carry) << above).cast_signed() >> above;
            carry = u8::from(*digit < 0);
            place = place.saturating_add(width);
        }
        digits
    }
}

/// u and v, the factors of G and of Q.
type Factors<C> = [PublicScalar<C>; 2];

/// Of an ECDSA signature u = e/s and v = r/s, and the x that the sum must have, r (SEC 1, 4.1.4). `None` where r or s is not in 1..n.
pub(super) fn of_ecdsa<C: Named>(numbers: &Numbers, digest: &[u8]) -> Option<(Factors<C>, PublicScalar<C>)> {
    let (r, s) = (in_range::<C>(&numbers.r)?, in_range::<C>(&numbers.s)?);
    let inverse = s.invert_vartime().into_option()?;
    let e = reduced::<C>(digest);
    let factors = [PublicScalar::new(&e.mul(inverse)), PublicScalar::new(&r.mul(inverse))];
    Some((factors, PublicScalar::new(&r)))
}

/// Of an SM2 signature u = s and v = r + s, and the x that the sum must have, r − e (GB/T 32918.2, 7.1). `None` where r or s is not in
/// 1..n, or r + s is zero.
pub(super) fn of_sm2(
    numbers: &Numbers,
    digest: &[u8],
) -> Option<(Factors<sm2::Sm2>, PublicScalar<sm2::Sm2>)> {
    let (r, s) = (in_range::<sm2::Sm2>(&numbers.r)?, in_range::<sm2::Sm2>(&numbers.s)?);
    let t = r.add(s);
    let x = r.sub(reduced::<sm2::Sm2>(digest));
    (!bool::from(t.is_zero()))
        .then(|| ([PublicScalar::new(&s), PublicScalar::new(&t)], PublicScalar::new(&x)))
}

/// A number of 1 to n − 1.
fn in_range<C: CurveArithmetic>(number: &[u8]) -> Option<C::Scalar> {
    let scalar = C::Scalar::from_repr(filled::<C>(number)).into_option()?;
    (!bool::from(scalar.is_zero())).then_some(scalar)
}

/// The leftmost octets of a digest, as many as the curve has, modulo the order: no curve here has an order of a length between octets that
/// is shorter than a hash.
pub(super) fn reduced<C: CurveArithmetic>(digest: &[u8]) -> C::Scalar {
    let most = digest.len().min(FieldBytes::<C>::default().len());
    C::Scalar::reduce(&filled::<C>(digest.get(..most).unwrap_or(digest)))
}

/// A big-endian number of at most the octets of the curve, with zeros before it.
fn filled<C: CurveArithmetic>(number: &[u8]) -> FieldBytes<C> {
    let mut octets = FieldBytes::<C>::default();
    for (octet, value) in octets.iter_mut().rev().zip(number.iter().rev()) {
        *octet = *value;
    }
    octets
}
