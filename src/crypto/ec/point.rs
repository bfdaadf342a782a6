//! Points in Jacobian coordinates: X/Z² and Y/Z³, on curves with a = −3, as all four are. Only what is said to be so is in constant time.
//!
//! Source: Explicit-Formulas Database (hyperelliptic.org/EFD, "shortw", "jacobian-3"): doubling `dbl-2001-b` (Bernstein), with 2·Y in the
//! place of Y where that saves additions; addition `add-1998-cmo-2` (Cohen, Miyaji, Ono), and the same for a second point with Z = 1.

use p256::elliptic_curve::subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::DefaultIsZeroes;

use super::field::{Element, Prime};

/// A point with Z = 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine<C, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
}

impl<const N: usize, C: Prime<N>> Affine<C, N> {
    /// Of a point in its uncompressed form, 04, x, y, which is known to be on the curve.
    pub(super) fn read(point: &[u8]) -> Option<Self> {
        let [4, coordinates @ ..] = point else { return None };
        let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
        Some(Self { x: Element::read(x)?, y: Element::read(y)? })
    }

    pub(super) fn negated(&self) -> Self {
        Self { x: self.x, y: Element::ZERO.minus(&self.y) }
    }
}

/// The x and y of a point whose Z stands elsewhere.
type Coordinates<C, const N: usize> = (Element<C, N>, Element<C, N>);

impl<const N: usize, C: Prime<N>> ConditionallySelectable for Affine<C, N> {
    fn conditional_select(no: &Self, yes: &Self, choice: Choice) -> Self {
        let select = Element::conditional_select;
        Self { x: select(&no.x, &yes.x, choice), y: select(&no.y, &yes.y, choice) }
    }
}

/// Zeros, which are not a point of the curve.
impl<const N: usize, C: Prime<N>> Default for Affine<C, N> {
    fn default() -> Self {
        Self { x: Element::ZERO, y: Element::ZERO }
    }
}

impl<const N: usize, C: Prime<N>> DefaultIsZeroes for Affine<C, N> {}

/// Any point; Z is zero at infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point<C, const N: usize> {
    x: Element<C, N>,
    y: Element<C, N>,
    z: Element<C, N>,
}

impl<const N: usize, C: Prime<N>> Point<C, N> {
    pub(super) const INFINITY: Self = Self { x: Element::ZERO, y: Element::ZERO, z: Element::ZERO };

    /// Infinity gives infinity, since Z is then zero again. No point of these curves has Y = 0: their orders are odd.
    pub(super) fn doubled(&self) -> Self {
        let delta = self.z.squared();
        let y2 = self.y.doubled();
        let gamma4 = y2.squared();
        let beta4 = self.x.times(&gamma4);
        let alpha = self.x.minus(&delta).times(&self.x.plus(&delta));
        let alpha = alpha.doubled().plus(&alpha);
        let x = alpha.squared().minus(&beta4).minus(&beta4);
        let y = alpha.times(&beta4.minus(&x)).minus(&gamma4.squared().halved());
        Self { x, y, z: y2.times(&self.z) }
    }

    pub(super) fn plus(&self, other: &Multiple<C, N>) -> Self {
        if self.z.is_zero() {
            return other.point;
        }
        if other.point.z.is_zero() {
            return *self;
        }
        let z_squared = self.z.squared();
        let Multiple { point, z_squared: other_z_squared, z_cubed: other_z_cubed } = other;
        let left = (self.x.times(other_z_squared), self.y.times(other_z_cubed));
        let right = (point.x.times(&z_squared), point.y.times(&z_squared).times(&self.z));
        self.sum(left, right, self.z.times(&point.z))
    }

    pub(super) fn plus_affine(&self, other: &Affine<C, N>) -> Self {
        if self.z.is_zero() {
            return (*other).into();
        }
        let (left, right) = self.beside(other);
        self.sum(left, right, self.z)
    }

    /// The same in constant time, for points that are not infinity and whose x differ. Else the result has no meaning.
    pub(super) fn plus_different(&self, other: &Affine<C, N>) -> Self {
        let ((x1, y1), (x2, y2)) = self.beside(other);
        Self::chord((x1, y1), (x2.minus(&x1), y2.minus(&y1)), self.z)
    }

    /// The x and y of both, brought to the Z of this one.
    #[inline(always)]
    fn beside(&self, other: &Affine<C, N>) -> (Coordinates<C, N>, Coordinates<C, N>) {
        let z_squared = self.z.squared();
        ((self.x, self.y), (other.x.times(&z_squared), other.y.times(&z_squared).times(&self.z)))
    }

    /// The sum of two points, whose coordinates were brought to the same Z, the product of theirs; `self` is the first.
    #[inline(always)]
    fn sum(&self, (x1, y1): Coordinates<C, N>, (x2, y2): Coordinates<C, N>, z: Element<C, N>) -> Self {
        let (h, r) = (x2.minus(&x1), y2.minus(&y1));
        if h.is_zero() {
            // The same point, or the other with its x.
            return if r.is_zero() { self.doubled() } else { Self::INFINITY };
        }
        Self::chord((x1, y1), (h, r), z)
    }

    /// The sum of two points by the first and what the coordinates of the second are more, all for the same Z.
    #[inline(always)]
    fn chord((x1, y1): Coordinates<C, N>, (h, r): Coordinates<C, N>, z: Element<C, N>) -> Self {
        let h_squared = h.squared();
        let h_cubed = h_squared.times(&h);
        let v = x1.times(&h_squared);
        let x = r.squared().minus(&h_cubed).minus(&v.doubled());
        let y = r.times(&v.minus(&x)).minus(&y1.times(&h_cubed));
        Self { x, y, z: z.times(&h) }
    }

    /// With Z = 1. Infinity has no such form, and gives zeros.
    pub(super) fn to_affine(self) -> Affine<C, N> {
        let inverse = self.z.inverted();
        let inverse_squared = inverse.squared();
        Affine { x: self.x.times(&inverse_squared), y: self.y.times(&inverse_squared).times(&inverse) }
    }

    /// Whether this is the point of these coordinates, in constant time.
    pub(super) fn is(&self, other: &Affine<C, N>) -> Choice {
        let (left, right) = self.beside(other);
        left.0.ct_eq(&right.0) & left.1.ct_eq(&right.1) & !self.z.ct_eq(&Element::ZERO)
    }

    #[cfg(test)]
    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Whether `x`, a big-endian number below the prime, is the affine x of this point. Infinity has none.
    pub(super) fn has_x(&self, x: &[u8]) -> bool {
        !self.z.is_zero()
            && Element::read(x).is_some_and(|x: Element<C, N>| self.x == x.times(&self.z.squared()))
    }
}

impl<const N: usize, C: Prime<N>> From<Affine<C, N>> for Point<C, N> {
    fn from(Affine { x, y }: Affine<C, N>) -> Self {
        Self { x, y, z: Element::ONE }
    }
}

impl<const N: usize, C: Prime<N>> ConditionallySelectable for Point<C, N> {
    fn conditional_select(no: &Self, yes: &Self, choice: Choice) -> Self {
        let select = Element::conditional_select;
        Self {
            x: select(&no.x, &yes.x, choice),
            y: select(&no.y, &yes.y, choice),
            z: select(&no.z, &yes.z, choice),
        }
    }
}

/// Infinity.
impl<const N: usize, C: Prime<N>> Default for Point<C, N> {
    fn default() -> Self {
        Self::INFINITY
    }
}

impl<const N: usize, C: Prime<N>> DefaultIsZeroes for Point<C, N> {}

/// A point that is added more than once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Multiple<C, const N: usize> {
    point: Point<C, N>,
    z_squared: Element<C, N>,
    z_cubed: Element<C, N>,
}

impl<const N: usize, C: Prime<N>> Multiple<C, N> {
    pub(super) fn negated(&self) -> Self {
        let y = Element::ZERO.minus(&self.point.y);
        Self { point: Point { y, ..self.point }, ..*self }
    }
}

impl<const N: usize, C: Prime<N>> From<Point<C, N>> for Multiple<C, N> {
    fn from(point: Point<C, N>) -> Self {
        let z_squared = point.z.squared();
        Self { point, z_squared, z_cubed: z_squared.times(&point.z) }
    }
}
