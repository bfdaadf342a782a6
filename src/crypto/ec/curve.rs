//! The four curves, and the decoding of their points.

use der_parser::oid;
use p256::elliptic_curve::{
    CurveArithmetic, FieldBytesSize,
    sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point},
};
use std::fmt;

/// The curve of SM2, and in some certificates the algorithm itself (GM/T 0006).
pub(crate) const SM2: &[u8] = &oid!(raw 1.2.156.10197.1.301);

/// An elliptic curve whose keys the API takes.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Curve {
    /// P-256, secp256r1, prime256v1 (SP 800-186, 3.2.1.3).
    P256,
    /// P-384, secp384r1 (SP 800-186, 3.2.1.4).
    P384,
    /// P-521, secp521r1 (SP 800-186, 3.2.1.5).
    P521,
    /// The curve of SM2 (GB/T 32918.5).
    Sm2,
}

impl Curve {
    /// The usual name: `P-256`, `P-384`, `P-521`, `SM2`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Sm2 => "SM2",
        }
    }

    /// Bits of the field: 256, 384 or 521.
    #[must_use]
    pub fn bits(self) -> usize {
        match self {
            Self::P256 | Self::Sm2 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// Octets of a coordinate, and of a scalar: 32, 48 or 66.
    #[must_use]
    pub fn octets(self) -> usize {
        self.bits().div_ceil(8)
    }

    /// Content octets of the curve's identifier.
    pub(crate) fn oid(self) -> &'static [u8] {
        match self {
            Self::P256 => &oid!(raw 1.2.840.10045.3.1.7),
            Self::P384 => &oid!(raw 1.3.132.0.34),
            Self::P521 => &oid!(raw 1.3.132.0.35),
            Self::Sm2 => SM2,
        }
    }

    /// The curve of an identifier's content octets.
    pub(crate) fn from_oid(content: &[u8]) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521, Self::Sm2].into_iter().find(|curve| curve.oid() == content)
    }

    /// Decodes an uncompressed or compressed point (SEC 1, 2.3.4) and checks that it is on this curve.
    pub(crate) fn decode_point(self, encoded: &[u8]) -> Result<Point, PointFault> {
        let compressed = match encoded.first() {
            None => return Err(PointFault::Encoding),
            Some(0x00) if encoded.len() == 1 => return Err(PointFault::Infinity),
            Some(0x02 | 0x03) if encoded.len() == self.octets().saturating_add(1) => true,
            Some(0x04) if encoded.len() == self.octets().saturating_mul(2).saturating_add(1) => false,
            Some(_) => return Err(PointFault::Encoding),
        };
        let uncompressed = match self {
            Self::P256 => decode::<p256::NistP256, p256::AffinePoint>(encoded),
            Self::P384 => decode::<p384::NistP384, p384::AffinePoint>(encoded),
            Self::P521 => decode::<p521::NistP521, p521::AffinePoint>(encoded),
            Self::Sm2 => decode::<sm2::Sm2, sm2::AffinePoint>(encoded),
        };
        Ok(Point { uncompressed: uncompressed.ok_or(PointFault::OffCurve)?, compressed })
    }
}

/// A curve of the crates, and which one it is.
pub(super) trait Named: CurveArithmetic {
    const CURVE: Curve;
}

impl Named for p256::NistP256 {
    const CURVE: Curve = Curve::P256;
}

impl Named for p384::NistP384 {
    const CURVE: Curve = Curve::P384;
}

impl Named for p521::NistP521 {
    const CURVE: Curve = Curve::P521;
}

impl Named for sm2::Sm2 {
    const CURVE: Curve = Curve::Sm2;
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name of an elliptic curve that the API does not take, from the content octets of its identifier.
pub(crate) fn name_of_other(oid: &[u8]) -> Option<&'static str> {
    OTHERS.iter().find(|(known, _)| *known == oid).map(|(_, name)| *name)
}

/// Curves of which only the name is known (SEC 2, RFC 5639, ANSSI).
static OTHERS: &[(&[u8], &str)] = &[
    (&oid!(raw 1.2.840.10045.3.1.1), "EC P-192"),
    (&oid!(raw 1.3.132.0.10), "EC secp256k1"),
    (&oid!(raw 1.3.132.0.31), "EC secp192k1"),
    (&oid!(raw 1.3.132.0.32), "EC secp224k1"),
    (&oid!(raw 1.3.132.0.33), "EC P-224"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.1), "EC brainpoolP160r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.3), "EC brainpoolP192r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.5), "EC brainpoolP224r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.7), "EC brainpoolP256r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.8), "EC brainpoolP256t1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.9), "EC brainpoolP320r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.10), "EC brainpoolP320t1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.11), "EC brainpoolP384r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.12), "EC brainpoolP384t1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.13), "EC brainpoolP512r1"),
    (&oid!(raw 1.3.36.3.3.2.8.1.1.14), "EC brainpoolP512t1"),
    (&oid!(raw 1.3.132.0.1), "EC sect163k1"),
    (&oid!(raw 1.3.132.0.15), "EC sect163r2"),
    (&oid!(raw 1.3.132.0.26), "EC sect233k1"),
    (&oid!(raw 1.3.132.0.27), "EC sect233r1"),
    (&oid!(raw 1.3.132.0.16), "EC sect283k1"),
    (&oid!(raw 1.3.132.0.17), "EC sect283r1"),
    (&oid!(raw 1.3.132.0.36), "EC sect409k1"),
    (&oid!(raw 1.3.132.0.37), "EC sect409r1"),
    (&oid!(raw 1.3.132.0.38), "EC sect571k1"),
    (&oid!(raw 1.3.132.0.39), "EC sect571r1"),
    (&oid!(raw 1.2.250.1.223.101.256.1), "EC FRP256v1"),
];

/// A point on a curve.
pub(crate) struct Point {
    /// SEC 1 uncompressed: 04, x, y.
    pub(crate) uncompressed: Vec<u8>,
    /// Whether it was encoded as 02 or 03, x.
    pub(crate) compressed: bool,
}

/// Why octets are not a usable point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PointFault {
    /// Neither compressed nor uncompressed, or not as long as the curve's coordinates.
    Encoding,
    /// The point at infinity.
    Infinity,
    /// The coordinates do not fulfil the curve's equation.
    OffCurve,
}

/// The uncompressed form of a point on `C`; the crates check the equation, and that the coordinates are below the field's prime.
fn decode<C, P>(encoded: &[u8]) -> Option<Vec<u8>>
where
    C: p256::elliptic_curve::Curve,
    FieldBytesSize<C>: ModulusSize,
    P: FromSec1Point<C> + ToSec1Point<C>,
{
    let encoded = Sec1Point::<C>::from_bytes(encoded).ok()?;
    let point = P::from_sec1_point(&encoded).into_option()?;
    if encoded.is_compressed() {
        Some(point.to_sec1_point(false).as_bytes().to_vec())
    } else {
        Some(encoded.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::oid::dotted;

    #[test]
    fn identifiers_of_curves_are_what_their_names_say() {
        for (curve, want) in [
            (Curve::P256, "1.2.840.10045.3.1.7"),
            (Curve::P384, "1.3.132.0.34"),
            (Curve::P521, "1.3.132.0.35"),
            (Curve::Sm2, "1.2.156.10197.1.301"),
        ] {
            assert_eq!(dotted(curve.oid()).as_deref(), Some(want));
            assert_eq!(Curve::from_oid(curve.oid()), Some(curve));
            assert_eq!(name_of_other(curve.oid()), None);
        }
    }
}
