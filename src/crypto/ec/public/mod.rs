//! Signatures on the four curves, verified in variable time: u·G + v·Q, with all of it public.
//!
//! Nothing secret enters: a factor is a [`PublicScalar`], which is made of the numbers of a signature and of a digest, and of nothing else.
//!
//! Written by hand. Source: interleaved non-adjacent forms ("Guide to Elliptic Curve Cryptography", Hankerson, Menezes, Vanstone 2004,
//! algorithms 3.35 and 3.51). Each factor is cut into four parts, so that a quarter of the doublings is left: G has a table for each part,
//! built at a curve's first use and kept (8 KiB for P-256 and SM2, 12 KiB for P-384, 18 KiB for P-521); a key gets its own when it is
//! [prepared](PreparedKey), which takes the other doublings once, for all signatures of that key. The end is compared without an
//! inversion. Proof: `tests` hold it against the crates, on random numbers and where additions meet the same point, its opposite or infinity.

mod prepared;
mod scalar;
#[cfg(test)]
mod tests;

use std::ops::Add;
use std::sync::LazyLock;

use p256::elliptic_curve::{
    FieldBytesSize, Group,
    sec1::{ModulusSize, ToSec1Point},
};

use super::curve::Named;
use super::field::Prime;
use super::fixed_base::normalised;
use super::point::{Affine, Multiple, Point};
pub(crate) use prepared::{PreparedKey, PreparedKeys};
pub(crate) use scalar::Numbers;
use scalar::PublicScalar;

/// A curve whose field has N words.
trait PublicCurve<const N: usize>: Named + Prime<N> {
    /// 1·G, 3·G, 5·G and so on, and the same of each part's 2^k·G, built at the first call.
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

/// A factor of k bits is cut into this many parts of `part_length` digits. The doublings of one part serve all.
const PARTS: usize = 4;

/// Digits of a part: a non-adjacent form has a digit more than the number has bits.
fn part_length<C: Named>() -> usize {
    C::CURVE.bits().saturating_add(1).div_ceil(PARTS)
}

/// Bits of a digit of u, the factor of G: a digit is odd and below half of 2^bits.
const BASE_DIGIT: usize = 7;

/// The multiples of G that a digit of u may ask for, those of each part after those of the one before, by the arithmetic of the crates.
fn odd_multiples_of_base<C, const N: usize>() -> Vec<Affine<C, N>>
where
    C: PublicCurve<N>,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    let mut base = C::ProjectivePoint::generator();
    let mut multiples = Vec::new();
    for _ in 0..PARTS {
        let twice = base.double();
        let odd = std::iter::successors(Some(base), |last| Some(last.add(twice)));
        multiples.extend(odd.take(1 << (BASE_DIGIT - 2)));
        (0..part_length::<C>()).for_each(|_| base = base.double());
    }
    normalised(&multiples)
}

/// u·G + v·Q, by the digits of v and the multiples of Q.
fn sum_of_multiples<C: PublicCurve<N>, const N: usize, const KEY: usize>(
    u: &PublicScalar<C>,
    v: &[i8],
    of_key: &[[Multiple<C, N>; KEY]],
) -> Point<C, N> {
    let (length, of_base) = (part_length::<C>(), C::odd_multiples());
    let u = u.digits(BASE_DIGIT);
    let mut sum = Point::INFINITY;
    for place in (0..length).rev() {
        sum = sum.doubled();
        for (digits, multiples) in u.chunks(length).zip(of_base.chunks(1 << (BASE_DIGIT - 2))) {
            if let Some((multiple, is_negative)) = pick(digits.get(place), multiples) {
                sum = sum.plus_affine(&if is_negative { multiple.negated() } else { *multiple });
            }
        }
        for (digits, multiples) in v.chunks(length).zip(of_key) {
            if let Some((multiple, is_negative)) = pick(digits.get(place), multiples) {
                sum = sum.plus(&if is_negative { multiple.negated() } else { *multiple });
            }
        }
    }
    sum
}

/// The odd multiple of a digit's magnitude, and whether the digit is negative; `None` for zero.
fn pick<'m, T>(digit: Option<&i8>, multiples: &'m [T]) -> Option<(&'m T, bool)> {
    let digit = digit.copied().filter(|digit| *digit != 0)?;
    Some((multiples.get(usize::from(digit.unsigned_abs() / 2))?, digit < 0))
}
