//! Multiples of base points, and with them d·G in constant time at about a tenth of the cost of the crates' own multiplication.
//!
//! Written by hand. Source: fixed-base windows ("Guide to Elliptic Curve Cryptography", Hankerson, Menezes, Vanstone 2004, section 3.3.2)
//! with signed digits (Booth's recoding). Proof: the test `products_are_those_of_the_crates` compares it with the multiplication of
//! `p256`, `p384`, `p521` and `sm2`; `benches/instructions.sh` counts that the same instructions run for every scalar.
//!
//! A scalar of k bits is written with digits of w bits, −2^(w − 1) + 1 to 2^(w − 1), so that d·G is a sum of one point a digit from a
//! table: window i of the table has 1·2^(i·w)·G to 2^(w − 1)·2^(i·w)·G. Each window is read whole and the wanted point picked by masks.
//! No doubling is left to do.
//!
//! The additions know no special case but zero, for which the result is picked by a mask: of 0 < d < n, no window adds a point to itself
//! or to its opposite. The sum S of the windows before is below 0.52·2^(i·w) in magnitude, and what is added, D, is 2^(i·w) or more. So
//! S ± D is not zero, and it can be a multiple of the order n only in the last window, since before it both together are below n. There
//! S + D = d, which is not a multiple of n, and D − S = n would mean S = D − n with d = 2·D − n below n: D is a multiple of 2^(i·w) below
//! n, so S is −2^(i·w) + 2^k − n or below, which is further from zero than S can be.
//!
//! A table is built at its curve's first use and kept: 88 KiB and 0.7 ms for SM2, 52 KiB and 0.5 ms for P-256, 192 KiB and 2.7 ms for P-384,
//! 237 KiB and 2.6 ms for P-521. A bit more saves little, because each window is read whole, and doubles the memory.

use std::ops::Add;
use std::sync::LazyLock;

use p256::elliptic_curve::{
    CurveGroup, FieldBytesSize, Group,
    sec1::{ModulusSize, ToSec1Point},
    subtle::{Choice, ConditionallySelectable, ConstantTimeEq},
};
use zeroize::Zeroizing;

use super::curve::Named;
use super::field::Prime;
use super::point::{Affine, Point};

/// A curve with a table of its base point's multiples, whose field has N words.
pub(super) trait FixedBase<const N: usize>: Named + Prime<N> {
    /// Bits of a digit, below 8.
    const DIGIT: usize;

    /// The table, built at the first call.
    fn table() -> &'static Table<Self, N>;
}

/// Implements [`FixedBase`]: a static cannot be generic.
macro_rules! fixed_base {
    ($($curve:ty, $words:literal, $digit:expr;)*) => {$(
        impl FixedBase<$words> for $curve {
            const DIGIT: usize = $digit;

            fn table() -> &'static Table<Self, $words> {
                static TABLE: LazyLock<Table<$curve, $words>> = LazyLock::new(Table::new);
                &TABLE
            }
        }
    )*};
}

fixed_base!(
    p256::NistP256, 4, 5;
    p384::NistP384, 6, 6;
    p521::NistP521, 9, 5;
    sm2::Sm2, 4, 6;
);

/// Multiples of a base point, window by window; the last has only the points that its digit can need.
pub(super) struct Table<C, const N: usize> {
    points: Vec<Affine<C, N>>,
}

impl<const N: usize, C: FixedBase<N>> Table<C, N> {
    /// Points of a window.
    const WINDOW: usize = 1 << (C::DIGIT.saturating_sub(1));

    fn new() -> Self
    where
        FieldBytesSize<C>: ModulusSize,
        C::AffinePoint: ToSec1Point<C>,
    {
        let windows = C::CURVE.bits().div_euclid(C::DIGIT);
        // What the bits that are left can hold, and the carry.
        let last = 1_usize << C::CURVE.bits().rem_euclid(C::DIGIT);
        let mut multiples = Vec::with_capacity(windows.saturating_mul(Self::WINDOW).saturating_add(last));
        let mut base = C::ProjectivePoint::generator();
        for number in std::iter::repeat_n(Self::WINDOW, windows).chain([last]) {
            let mut multiple = base;
            for _ in 1..number {
                multiples.push(multiple);
                multiple = multiple.add(base);
            }
            multiples.push(multiple);
            base = multiple.double();
        }
        Self { points: normalised::<C, N>(&multiples) }
    }

    /// `scalar`·G. The scalar is big-endian, of the curve's length and from 1 to n − 1; its value does not show in time or memory access.
    pub(super) fn multiply(&self, scalar: &[u8]) -> Zeroizing<Point<C, N>> {
        let mut sum = Sum { point: Zeroizing::default(), is_infinity: Choice::from(1) };
        let mut carry = 0;
        for (index, window) in self.points.chunks(Self::WINDOW).enumerate() {
            let digit = Digit::new(C::DIGIT, bits(scalar, index.saturating_mul(C::DIGIT)), &mut carry);
            sum.add(&digit.pick(window), digit.magnitude.ct_eq(&0));
        }
        sum.point
    }
}

/// The points with Z = 1, by the arithmetic of the crates.
pub(super) fn normalised<C, const N: usize>(points: &[C::ProjectivePoint]) -> Vec<Affine<C, N>>
where
    C: Named + Prime<N>,
    FieldBytesSize<C>: ModulusSize,
    C::AffinePoint: ToSec1Point<C>,
{
    let mut affine = vec![C::AffinePoint::default(); points.len()];
    C::ProjectivePoint::batch_normalize(points, &mut affine);
    affine.iter().filter_map(|point| Affine::read(point.to_sec1_point(false).as_bytes())).collect()
}

/// What the windows so far add up to.
struct Sum<C: Prime<N>, const N: usize> {
    point: Zeroizing<Point<C, N>>,
    is_infinity: Choice,
}

impl<const N: usize, C: Prime<N>> Sum<C, N> {
    /// Not inlined, as [`Digit::pick`] is not: in one loop the two take longer, for want of registers.
    #[inline(never)]
    fn add(&mut self, point: &Affine<C, N>, is_zero: Choice) {
        let mut sum = Zeroizing::new(self.point.plus_different(point));
        sum.conditional_assign(&Zeroizing::new(Point::from(*point)), self.is_infinity);
        sum.conditional_assign(&self.point, is_zero);
        self.point = sum;
        self.is_infinity &= is_zero;
    }
}

/// Eight bits of a big-endian number, from the bit at `place` on, which is not secret.
pub(super) fn bits(number: &[u8], place: usize) -> u8 {
    let octet = |index: usize| number.iter().nth_back(index).map_or(0, |octet| u16::from(*octet));
    let index = place.div_euclid(8);
    let [low, _] =
        ((octet(index) | octet(index.saturating_add(1)) << 8) >> place.rem_euclid(8)).to_le_bytes();
    low
}

/// A digit of −2^(w − 1) + 1 to 2^(w − 1).
struct Digit {
    magnitude: u8,
    is_negative: Choice,
}

impl Digit {
    /// The digit of the lowest `width` bits of `bits` and the carry from the digit before; leaves the carry to the next.
    fn new(width: usize, bits: u8, carry: &mut u8) -> Self {
        let modulus = 1_u8 << width;
        let value = (bits & modulus.wrapping_sub(1)).wrapping_add(*carry);
        // With w = 4, 9 to 16 become −7 to 0: the top bit of 8 − value is set.
        let is_negative = (modulus >> 1).wrapping_sub(value) >> 7;
        *carry = is_negative;
        let negated = modulus.wrapping_sub(value);
        let is_negative = Choice::from(is_negative);
        Self { magnitude: u8::conditional_select(&value, &negated, is_negative), is_negative }
    }

    /// The point of `window` that this digit says; the whole window is read. Zeros for a digit of zero.
    #[inline(never)]
    fn pick<C: Prime<N>, const N: usize>(&self, window: &[Affine<C, N>]) -> Zeroizing<Affine<C, N>> {
        let mut point = Zeroizing::new(Affine::default());
        for (magnitude, candidate) in (1u8..).zip(window) {
            point.conditional_assign(candidate, magnitude.ct_eq(&self.magnitude));
        }
        let negative = Zeroizing::new(point.negated());
        point.conditional_assign(&negative, self.is_negative);
        point
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

    use p256::elliptic_curve::{FieldBytes, PrimeField, group::ff::Field};

    use super::*;

    #[test]
    fn digits_are_what_the_bits_say() {
        digits(5);
        digits(6);
    }

    fn digits(width: usize) {
        let modulus = 1_u8 << width;
        for bits in 0..=255 {
            for carry_in in 0..2u8 {
                let mut carry = carry_in;
                let digit = Digit::new(width, bits, &mut carry);
                let sign = if bool::from(digit.is_negative) { -1 } else { 1 };
                let value = sign * i32::from(digit.magnitude);
                assert!((1 - i32::from(modulus / 2)..=i32::from(modulus / 2)).contains(&value));
                assert_eq!(
                    value + i32::from(modulus) * i32::from(carry),
                    i32::from(bits % modulus + carry_in)
                );
            }
        }
    }

    #[test]
    fn bits_are_counted_from_the_end() {
        let number = [0x12, 0x34, 0x56];
        for place in 0..30 {
            assert_eq!(u32::from(bits(&number, place)), 0x12_3456 >> place & 0xff, "{place}");
        }
    }

    #[test]
    fn products_are_those_of_the_crates() {
        check::<p256::NistP256, 4>();
        check::<p384::NistP384, 6>();
        check::<p521::NistP521, 9>();
        check::<sm2::Sm2, 4>();
    }

    fn check<C: FixedBase<N>, const N: usize>()
    where
        FieldBytesSize<C>: ModulusSize,
        C::AffinePoint: ToSec1Point<C>,
    {
        let length = C::CURVE.octets();
        let mut scalars: Vec<Vec<u8>> = Vec::new();
        for filler in [0x00, 0x07, 0x08, 0x09, 0x77, 0x78, 0x80, 0x87, 0x88, 0x89, 0x8f, 0xf0, 0x99, 0xff] {
            let mut scalar = vec![filler; length];
            scalar[0] = 0;
            scalars.push(scalar);
        }
        for position in (0..length * 2).step_by(7) {
            let mut scalar = vec![0; length];
            scalar[length - 1 - position / 2] = if position % 2 == 0 { 0x09 } else { 0xf0 };
            scalars.push(scalar);
        }
        let mut last: Vec<u8> = (-C::Scalar::from(1u64)).to_repr().to_vec();
        for _ in 0..6 {
            scalars.push(last.clone());
            *last.last_mut().unwrap() = last[length - 1].wrapping_sub(1);
        }
        for small in 1..20 {
            let mut scalar = vec![0; length];
            scalar[length - 1] = small;
            scalars.push(scalar);
        }
        for scalar in scalars {
            let mut repr = FieldBytes::<C>::default();
            repr.copy_from_slice(&scalar);
            // Zero and the highest values are not scalars of a key.
            let Some(value) =
                C::Scalar::from_repr(repr).into_option().filter(|value| !bool::from(value.is_zero()))
            else {
                continue;
            };
            let product = C::table().multiply(&scalar);
            let wanted = normalised::<C, N>(&[C::ProjectivePoint::generator() * value])[0];
            assert!(bool::from(product.is(&wanted)), "{scalar:02x?}");
            let affine = product.to_affine();
            assert_eq!((affine.x, affine.y), (wanted.x, wanted.y), "{scalar:02x?}");
            assert!(!bool::from(product.is(&wanted.negated())));
        }
    }
}
