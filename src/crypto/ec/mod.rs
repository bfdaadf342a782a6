//! Keys on elliptic curves, SM2 among them: points, ECDSA, and the proof of a private key (SEC 1).

mod curve;
pub(crate) mod ecdsa;
mod field;
mod fixed_base;
mod point;
pub(crate) mod private;
pub(crate) mod public;
mod words;

pub(crate) use curve::Curve;
pub(crate) use curve::{SM2, name_of_other};

use super::spki::SpkiErrorKind;
use curve::PointFault;

/// A point on a curve, other than infinity.
#[derive(Clone, Debug)]
pub struct EcPublicKey {
    curve: Curve,
    point: Vec<u8>,
    compressed: bool,
}

impl EcPublicKey {
    /// The key of an encoded point (SEC 1, 2.3.4).
    pub(crate) fn decode(curve: Curve, point: &[u8]) -> Result<Self, SpkiErrorKind> {
        match curve.decode_point(point) {
            Ok(decoded) => Ok(Self { curve, point: decoded.uncompressed, compressed: decoded.compressed }),
            Err(PointFault::Encoding) => Err(SpkiErrorKind::PointEncoding(curve)),
            Err(PointFault::Infinity) => Err(SpkiErrorKind::PointAtInfinity),
            Err(PointFault::OffCurve) => Err(SpkiErrorKind::PointOffCurve(curve)),
        }
    }

    /// The curve.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The point, uncompressed (SEC 1, 2.3.3): 04, x, y.
    #[must_use]
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// Whether the point was encoded compressed.
    #[must_use]
    pub fn was_compressed(&self) -> bool {
        self.compressed
    }
}

impl Eq for EcPublicKey {}

impl PartialEq for EcPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.curve == other.curve && self.point == other.point
    }
}
