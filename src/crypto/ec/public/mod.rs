//! Signatures on the four curves, verified in variable time: u·G + v·Q, with all of it public.
//!
//! Nothing secret enters: a factor is a [`PublicScalar`], which is made of the numbers of a signature and of a digest, and of nothing else.
//!
//! Written by hand. Source: interleaved non-adjacent forms ("Guide to Elliptic Curve Cryptography", Hankerson, Menezes, Vanstone 2004,
//! algorithms 3.35 and 3.51). The doublings serve both factors; for G there is a table of 1·G, 3·G to 127·G, built at a curve's first
//! use and kept (4 KiB for P-256 and SM2, 6 KiB for P-384, 9 KiB for P-521). The end is compared without an inversion. Proof: `tests`
//! hold it against the crates, on random numbers and where additions meet the same point, its opposite or infinity.

mod field;
mod point;
mod scalar;
#[cfg(test)]
mod tests;

use std::ops::Add;
use std::sync::LazyLock;

use p256::elliptic_curve::{
    CurveGroup, FieldBytesSize, Group,
    sec1::{ModulusSize, ToSec1Point},
};

use super::fixed_base::FixedBase;
use super::{Curve, EcPublicKey};
use field::Prime;
use point::{Affine, Point};
pub(crate) use scalar::Numbers;
use scalar::PublicScalar;

/// A curve whose field has N words.
trait PublicCurve<const N: usize>: FixedBase + Prime<N> {
    /// 1·G, 3·G, 5·G and so on, built at the first call.
    fn odd_multiples() -> &'static [Affine<Self, N>];
}

/// Implements [`PublicCurve`]: a static cannot be generic.
macro_rules! public_curve {
    ($($curve:ty, $words:literal;)*) => {$(
        impl PublicCurve<$words> for $curve {
            fn odd_multiples() -> &'static [Affine<Self, $words>] {
                static TABLE: LazyLock<Vec<Affine<$curve, $words>>> = LazyLock::new(odd_multiples_of_base);
                &TABLE
            }
        }
    )*};
}

public_curve!(
    p256::NistP256, 4;
    p384::NistP384, 6;
    p521::NistP521, 9;
    sm2::Sm2, 4;
);

/// Bits of a digit of u and of v: a digit is odd and below half of 2^bits.
const BASE_DIGIT: usize = 8;
const KEY_DIGIT: usize = 5;

/// The multiples of G that a digit of u may ask for, by the arithmetic of the crates.
fn odd_multiples_of_base<C, const N: usize>() -> Vec<Affine<C, N>>
where
    C: PublicCurve<N>,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    let base = C::ProjectivePoint::generator();
    let twice = base.double();
    let multiples: Vec<_> =
        std::iter::successors(Some(base), |last| Some(last.add(twice))).take(1 << (BASE_DIGIT - 2)).collect();
    let mut affine = vec![C::AffinePoint::default(); multiples.len()];
    C::ProjectivePoint::batch_normalize(&multiples, &mut affine);
    affine.iter().filter_map(|point| Affine::read(point.to_sec1_point(false).as_bytes())).collect()
}

/// u·G + v·Q.
fn combine<C: PublicCurve<N>, const N: usize>(
    u: &PublicScalar<C>,
    v: &PublicScalar<C>,
    key: &Affine<C, N>,
) -> Point<C, N> {
    let of_base = C::odd_multiples();
    let key = Point::from(*key);
    let twice = key.doubled();
    let mut of_key = [key; 1 << (KEY_DIGIT - 2)];
    let mut last = key;
    for multiple in of_key.iter_mut().skip(1) {
        last = last.plus(&twice);
        *multiple = last;
    }
    let (u, v) = (u.digits(BASE_DIGIT), v.digits(KEY_DIGIT));
    let mut sum = Point::INFINITY;
    for (u, v) in u.iter().zip(&v).rev() {
        sum = sum.doubled();
        if let Some(multiple) = of_base.get(place(*u)).filter(|_| *u != 0) {
            sum = if *u < 0 { sum.plus_affine(&multiple.negated()) } else { sum.plus_affine(multiple) };
        }
        if let Some(multiple) = of_key.get(place(*v)).filter(|_| *v != 0) {
            sum = if *v < 0 { sum.plus(&multiple.negated()) } else { sum.plus(multiple) };
        }
    }
    sum
}

/// Where the multiple of an odd digit stands in its table.
fn place(digit: i8) -> usize {
    usize::from(digit.unsigned_abs() / 2)
}

/// Whether the ECDSA signature is one of `digest` by `key` (SEC 1, 4.1.4).
pub(crate) fn is_ecdsa(key: &EcPublicKey, numbers: &Numbers, digest: &[u8]) -> bool {
    match key.curve() {
        Curve::P256 => ecdsa::<p256::NistP256, 4>(key, numbers, digest),
        Curve::P384 => ecdsa::<p384::NistP384, 6>(key, numbers, digest),
        Curve::P521 => ecdsa::<p521::NistP521, 9>(key, numbers, digest),
        Curve::Sm2 => None,
    }
    .unwrap_or(false)
}

fn ecdsa<C: PublicCurve<N>, const N: usize>(
    key: &EcPublicKey,
    numbers: &Numbers,
    digest: &[u8],
) -> Option<bool> {
    let ([u, v], x) = scalar::of_ecdsa::<C>(numbers, digest)?;
    Some(ends_at(&u, &v, key, &x))
}

/// Whether the SM2 signature is one of `digest`, the hash of Z and of the message, by `key` (GB/T 32918.2, 7.1).
pub(crate) fn is_sm2(key: &EcPublicKey, numbers: &Numbers, digest: &[u8]) -> bool {
    scalar::of_sm2(numbers, digest).is_some_and(|([u, v], x)| ends_at::<sm2::Sm2, 4>(&u, &v, key, &x))
}

/// Whether u·G + v·Q has an affine x that is `x` modulo the order.
fn ends_at<C: PublicCurve<N>, const N: usize>(
    u: &PublicScalar<C>,
    v: &PublicScalar<C>,
    key: &EcPublicKey,
    x: &PublicScalar<C>,
) -> bool {
    let Some(affine) = Affine::read(key.point()) else { return false };
    let point = combine::<C, N>(u, v, &affine);
    // The prime is above the order, and below twice the order.
    point.has_x(x.octets()) || x.plus_order().is_some_and(|x| point.has_x(&x))
}
