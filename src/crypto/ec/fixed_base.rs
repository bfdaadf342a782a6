//! Multiples of base points, and with them d·G in constant time at about a fifth of the cost of the crates' own multiplication.
//!
//! Written by hand. Source: fixed-base windows ("Guide to Elliptic Curve Cryptography", Hankerson, Menezes, Vanstone 2004, section 3.3.2)
//! with signed digits (Booth's recoding). Proof: the test `products_are_those_of_the_crates` compares it with the multiplication of
//! `p256`, `p384`, `p521` and `sm2`; `benches/instructions.sh` counts that the same instructions run for every scalar.
//!
//! A scalar of k bits is written with digits of w bits, −2^(w − 1) + 1 to 2^(w − 1), so that d·G is a sum of one point a digit from a
//! table: window i of the table has 1·2^(i·w)·G to 2^(w − 1)·2^(i·w)·G. Each window is read whole and the wanted point picked by masks;
//! the additions are the crates' own complete ones. No doubling is left to do.
//!
//! A table is built at its curve's first use and kept: 58 KiB and 0.5 ms for P-256 and SM2, 208 KiB and 2.7 ms for P-384, 249 KiB and
//! 2.6 ms for P-521. A bit more saves little, because each window is read whole, and doubles the memory.

use std::ops::{Add, AddAssign, Neg};
use std::sync::LazyLock;

use p256::elliptic_curve::{
    CurveArithmetic, CurveGroup, Group,
    subtle::{Choice, ConditionallySelectable, ConstantTimeEq},
};
use zeroize::Zeroizing;

use super::Curve;

/// A curve with a table of its base point's multiples.
pub(super) trait FixedBase:
    CurveArithmetic<
        AffinePoint: Neg<Output = Self::AffinePoint>,
        ProjectivePoint: for<'a> AddAssign<&'a Self::AffinePoint>,
    >
{
    const CURVE: Curve;

    /// Bits of a digit, below 8.
    const DIGIT: usize;

    /// The table, built at the first call.
    fn table() -> &'static Table<Self>;
}

/// Implements [`FixedBase`]: a static cannot be generic.
macro_rules! fixed_base {
    ($($curve:ty => $name:expr, $digit:expr;)*) => {$(
        impl FixedBase for $curve {
            const CURVE: Curve = $name;
            const DIGIT: usize = $digit;

            fn table() -> &'static Table<Self> {
                static TABLE: LazyLock<Table<$curve>> = LazyLock::new(Table::new);
                &TABLE
            }
        }
    )*};
}

fixed_base!(
    p256::NistP256 => Curve::P256, 5;
    p384::NistP384 => Curve::P384, 6;
    p521::NistP521 => Curve::P521, 5;
    sm2::Sm2 => Curve::Sm2, 5;
);

/// Points of a window.
const fn points<C: FixedBase>() -> usize {
    1 << (C::DIGIT.saturating_sub(1))
}

/// Multiples of a base point, window by window; the last has only the points that its digit can need.
pub(super) struct Table<C: CurveArithmetic> {
    points: Vec<C::AffinePoint>,
}

impl<C: FixedBase> Table<C> {
    fn new() -> Self {
        let windows = C::CURVE.bits().div_euclid(C::DIGIT);
        // What the bits that are left can hold, and the carry.
        let last = 1_usize << C::CURVE.bits().rem_euclid(C::DIGIT);
        let mut multiples = Vec::with_capacity(windows.saturating_mul(points::<C>()).saturating_add(last));
        let mut base = C::ProjectivePoint::generator();
        for number in std::iter::repeat_n(points::<C>(), windows).chain([last]) {
            let mut multiple = base;
            for _ in 1..number {
                multiples.push(multiple);
                multiple = multiple.add(base);
            }
            multiples.push(multiple);
            base = multiple.double();
        }
        let mut affine = vec![C::AffinePoint::default(); multiples.len()];
        C::ProjectivePoint::batch_normalize(&multiples, &mut affine);
        Self { points: affine }
    }

    /// `scalar`·G. The scalar is big-endian and of the curve's length; its value does not show in time or memory access.
    pub(super) fn multiply(&self, scalar: &[u8]) -> Zeroizing<C::ProjectivePoint> {
        let mut sum = Zeroizing::new(C::ProjectivePoint::identity());
        let mut carry = 0;
        for (index, window) in self.points.chunks(points::<C>()).enumerate() {
            let digit = Digit::new::<C>(bits(scalar, index.saturating_mul(C::DIGIT)), &mut carry);
            let point = digit.pick(window);
            if index == 0 {
                // Nothing to add it to.
                *sum = C::ProjectivePoint::from(*point);
            } else {
                add::<C>(&mut sum, &point);
            }
        }
        sum
    }
}

/// Not inlined, as [`Digit::pick`] is not: in one loop the two take a tenth longer, for want of registers.
#[inline(never)]
fn add<C: FixedBase>(sum: &mut C::ProjectivePoint, point: &C::AffinePoint) {
    sum.add_assign(point);
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
    /// The digit of the lowest bits of `bits` and the carry from the digit before; leaves the carry to the next.
    fn new<C: FixedBase>(bits: u8, carry: &mut u8) -> Self {
        let modulus = 1_u8 << C::DIGIT;
        let value = (bits & modulus.wrapping_sub(1)).wrapping_add(*carry);
        // With w = 4, 9 to 16 become −7 to 0: the top bit of 8 − value is set.
        let is_negative = (modulus >> 1).wrapping_sub(value) >> 7;
        *carry = is_negative;
        let negated = modulus.wrapping_sub(value);
        let is_negative = Choice::from(is_negative);
        Self { magnitude: u8::conditional_select(&value, &negated, is_negative), is_negative }
    }

    /// The point of `window` that this digit says; the whole window is read.
    #[inline(never)]
    fn pick<P>(&self, window: &[P]) -> Zeroizing<P>
    where
        P: ConditionallySelectable + Default + Neg<Output = P> + zeroize::DefaultIsZeroes,
    {
        let mut point = Zeroizing::new(P::default());
        for (magnitude, candidate) in (1u8..).zip(window) {
            point.conditional_assign(candidate, magnitude.ct_eq(&self.magnitude));
        }
        let negative = Zeroizing::new(point.neg());
        point.conditional_assign(&negative, self.is_negative);
        point
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

    use p256::elliptic_curve::{FieldBytes, PrimeField};

    use super::*;

    #[test]
    fn digits_are_what_the_bits_say() {
        digits::<p256::NistP256>(32);
        digits::<p384::NistP384>(64);
    }

    fn digits<C: FixedBase>(modulus: u8) {
        for bits in 0..=255 {
            for carry_in in 0..2u8 {
                let mut carry = carry_in;
                let digit = Digit::new::<C>(bits, &mut carry);
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
        check::<p256::NistP256>();
        check::<p384::NistP384>();
        check::<p521::NistP521>();
        check::<sm2::Sm2>();
    }

    fn check<C: FixedBase>() {
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
            // The highest values are not below the order of every curve.
            let Some(value) = C::Scalar::from_repr(repr).into_option() else { continue };
            assert_eq!(
                *C::table().multiply(&scalar),
                C::ProjectivePoint::generator() * value,
                "{scalar:02x?}"
            );
        }
    }
}
