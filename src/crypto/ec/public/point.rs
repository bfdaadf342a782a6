//! Points in Jacobian coordinates: X/Z² and Y/Z³, on curves with a = −3, as all four are.
//!
//! Source: Explicit-Formulas Database (hyperelliptic.org/EFD, "shortw", "jacobian-3"): doubling `dbl-2001-b` (Bernstein), with 2·Y in the
//! place of Y where that saves additions; addition `add-1998-cmo-2` (Cohen, Miyaji, Ono), and the same for a second point with Z = 1.

use super::PublicCurve;
use super::field::Element;

/// A point with Z = 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine<C, const N: usize> {
    pub(super) x: Element<C, N>,
    pub(super) y: Element<C, N>,
}

impl<const N: usize, C: PublicCurve<N>> Affine<C, N> {
    /// Of a point in its uncompressed form, 04, x, y, which is known to be on the curve.
    pub(super) fn read(point: &[u8]) -> Option<Self> {
        let (x, y) = point.get(1..)?.split_at_checked(C::CURVE.octets())?;
        Some(Self { x: Element::read(x)?, y: Element::read(y)? })
    }

    pub(super) fn negated(&self) -> Self {
        Self { x: self.x, y: Element::ZERO.minus(&self.y) }
    }
}

/// Any point; Z is zero at infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point<C, const N: usize> {
    x: Element<C, N>,
    y: Element<C, N>,
    z: Element<C, N>,
}

impl<const N: usize, C: PublicCurve<N>> Point<C, N> {
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
        let z_squared = self.z.squared();
        let right = (other.x.times(&z_squared), other.y.times(&z_squared).times(&self.z));
        self.sum((self.x, self.y), right, self.z)
    }

    /// The sum of two points, whose coordinates were brought to the same Z, the product of theirs; `self` is the first.
    #[inline(always)]
    fn sum(
        &self,
        (x1, y1): (Element<C, N>, Element<C, N>),
        (x2, y2): (Element<C, N>, Element<C, N>),
        z: Element<C, N>,
    ) -> Self {
        let (h, r) = (x2.minus(&x1), y2.minus(&y1));
        if h.is_zero() {
            // The same point, or the other with its x.
            return if r.is_zero() { self.doubled() } else { Self::INFINITY };
        }
        let h_squared = h.squared();
        let h_cubed = h_squared.times(&h);
        let v = x1.times(&h_squared);
        let x = r.squared().minus(&h_cubed).minus(&v.doubled());
        let y = r.times(&v.minus(&x)).minus(&y1.times(&h_cubed));
        Self { x, y, z: z.times(&h) }
    }

    #[cfg(test)]
    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Whether this is the point of these coordinates.
    #[cfg(test)]
    pub(super) fn is(&self, other: &Affine<C, N>) -> bool {
        let z_squared = self.z.squared();
        !self.z.is_zero()
            && self.x == other.x.times(&z_squared)
            && self.y == other.y.times(&z_squared).times(&self.z)
    }

    /// Whether `x`, a big-endian number below the prime, is the affine x of this point. Infinity has none.
    pub(super) fn has_x(&self, x: &[u8]) -> bool {
        !self.z.is_zero()
            && Element::read(x).is_some_and(|x: Element<C, N>| self.x == x.times(&self.z.squared()))
    }
}

impl<const N: usize, C: PublicCurve<N>> From<Affine<C, N>> for Point<C, N> {
    fn from(Affine { x, y }: Affine<C, N>) -> Self {
        Self { x, y, z: Element::one() }
    }
}

/// A point that is added more than once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Multiple<C, const N: usize> {
    point: Point<C, N>,
    z_squared: Element<C, N>,
    z_cubed: Element<C, N>,
}

impl<const N: usize, C: PublicCurve<N>> Multiple<C, N> {
    pub(super) fn negated(&self) -> Self {
        let y = Element::ZERO.minus(&self.point.y);
        Self { point: Point { y, ..self.point }, ..*self }
    }
}

impl<const N: usize, C: PublicCurve<N>> From<Point<C, N>> for Multiple<C, N> {
    fn from(point: Point<C, N>) -> Self {
        let z_squared = point.z.squared();
        Self { point, z_squared, z_cubed: z_squared.times(&point.z) }
    }
}
