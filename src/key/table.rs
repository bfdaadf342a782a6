//! Multiples of base points, and with them d·G in constant time at about a quarter of the cost of the crates' own multiplication.
//!
//! A scalar of k nibbles is written with k + 1 digits of −7 to 8, so that d·G is a sum of k + 1 points from a table: window i of the
//! table has 1·16^i·G to 8·16^i·G. Each window is read whole and the wanted point picked by masks; the additions are the crates' own
//! complete ones. No doubling is left to do.
//!
//! A table is built at its curve's first use and kept: 37 KiB and 0.4 ms for P-256 and SM2, 79 KiB and 1.2 ms for P-384, 158 KiB and
//! 2 ms for P-521. Windows of 5 or 6 bits would take more memory and save next to nothing, because each is read whole.

use std::ops::{Add, AddAssign, Neg};
use std::sync::LazyLock;

use p256::elliptic_curve::{
    CurveArithmetic, CurveGroup, Group,
    subtle::{Choice, ConditionallySelectable, ConstantTimeEq},
};
use zeroize::Zeroizing;

use crate::spki::Curve;

/// Points of a window: the digits 1 to 8.
const POINTS: usize = 8;

/// A curve with a table of its base point's multiples.
pub(super) trait FixedBase:
    CurveArithmetic<
        AffinePoint: Neg<Output = Self::AffinePoint>,
        ProjectivePoint: for<'a> AddAssign<&'a Self::AffinePoint>,
    >
{
    const CURVE: Curve;

    /// The table, built at the first call.
    fn table() -> &'static Table<Self>;
}

/// Implements [`FixedBase`]: a static cannot be generic.
macro_rules! fixed_base {
    ($($curve:ty => $name:expr),*) => {$(
        impl FixedBase for $curve {
            const CURVE: Curve = $name;

            fn table() -> &'static Table<Self> {
                static TABLE: LazyLock<Table<$curve>> = LazyLock::new(Table::new);
                &TABLE
            }
        }
    )*};
}

fixed_base!(
    p256::NistP256 => Curve::P256,
    p384::NistP384 => Curve::P384,
    p521::NistP521 => Curve::P521,
    sm2::Sm2 => Curve::Sm2
);

/// Multiples of a base point, in windows of [`POINTS`].
pub(super) struct Table<C: CurveArithmetic> {
    points: Vec<C::AffinePoint>,
}

impl<C: FixedBase> Table<C> {
    fn new() -> Self {
        let windows = C::CURVE.octets().saturating_mul(2).saturating_add(1);
        let mut points = Vec::with_capacity(windows.saturating_mul(POINTS));
        let mut base = C::ProjectivePoint::generator();
        for _ in 0..windows {
            let mut multiple = base;
            for _ in 1..POINTS {
                points.push(multiple);
                multiple = multiple.add(base);
            }
            points.push(multiple);
            base = multiple.double();
        }
        let mut affine = vec![C::AffinePoint::default(); points.len()];
        C::ProjectivePoint::batch_normalize(&points, &mut affine);
        Self { points: affine }
    }

    /// `scalar`·G. The scalar is big-endian and of the curve's length; its value does not show in time or memory access.
    pub(super) fn multiply(&self, scalar: &[u8]) -> Zeroizing<C::ProjectivePoint> {
        let mut sum = Zeroizing::new(C::ProjectivePoint::identity());
        let mut carry = 0;
        let nibbles = scalar.iter().rev().flat_map(|octet| [octet & 0x0f, octet >> 4]);
        for (nibble, window) in nibbles.chain([0]).zip(self.points.chunks_exact(POINTS)) {
            let digit = Digit::new(nibble, &mut carry);
            sum.add_assign(&*digit.pick(window));
        }
        sum
    }
}

/// A digit of −7 to 8.
struct Digit {
    magnitude: u8,
    is_negative: Choice,
}

impl Digit {
    /// The digit of a nibble and the carry from the one before; leaves the carry to the next.
    fn new(nibble: u8, carry: &mut u8) -> Self {
        let value = nibble.wrapping_add(*carry);
        // 9 to 16 become −7 to 0: the top bit of 8 − value is set.
        let is_negative = 8u8.wrapping_sub(value) >> 7;
        *carry = is_negative;
        let negated = 16u8.wrapping_sub(value);
        let is_negative = Choice::from(is_negative);
        Self { magnitude: u8::conditional_select(&value, &negated, is_negative), is_negative }
    }

    /// The point of `window` that this digit says; the whole window is read.
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
    fn digits_are_what_the_nibbles_say() {
        for nibble in 0..16u8 {
            for carry_in in 0..2u8 {
                let mut carry = carry_in;
                let digit = Digit::new(nibble, &mut carry);
                let sign = if bool::from(digit.is_negative) { -1 } else { 1 };
                let value = sign * i32::from(digit.magnitude);
                assert!((-7..=8).contains(&value));
                assert_eq!(value + 16 * i32::from(carry), i32::from(nibble + carry_in));
            }
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
