//! Why a SubjectPublicKeyInfo is not a usable key.

use crate::crypto::ec::Curve;
use crate::crypto::rsa::MAX_RSA_BITS;
use crate::der::{DerError, DerFault};

/// Why a SubjectPublicKeyInfo is not a usable key, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind} (at octet {offset} of the public key)")]
pub struct SpkiError {
    /// What is wrong.
    pub kind: SpkiErrorKind,
    /// Octets from the start of the SubjectPublicKeyInfo to the element with the fault.
    pub offset: usize,
}

/// The kinds of [`SpkiError`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpkiErrorKind {
    /// The encoding is not DER.
    #[error(transparent)]
    Der(DerFault),
    /// The curve is described by its numbers instead of its name (RFC 5480, 2.1.1 forbids it).
    #[error("the curve is given by explicit parameters, not by name")]
    ExplicitCurve,
    /// The RSA exponent is even.
    #[error("the RSA exponent is even")]
    ExponentEven,
    /// The RSA exponent is negative.
    #[error("the RSA exponent is negative")]
    ExponentNegative,
    /// The RSA exponent is 0 or 1.
    #[error("the RSA exponent is {0}")]
    ExponentTrivial(u8),
    /// The RSA exponent is not below the modulus.
    #[error("the RSA exponent is not below the modulus")]
    ExponentTooLarge,
    /// The RSA modulus is even.
    #[error("the RSA modulus is even")]
    ModulusEven,
    /// The RSA modulus is negative.
    #[error("the RSA modulus is negative")]
    ModulusNegative,
    /// The RSA modulus has more than [`MAX_RSA_BITS`] bits; no arithmetic was done with it.
    #[error("the RSA modulus has {bits} bits, more than {MAX_RSA_BITS}")]
    ModulusTooLarge {
        /// Bits of the modulus.
        bits: usize,
    },
    /// The RSA modulus is zero.
    #[error("the RSA modulus is zero")]
    ModulusZero,
    /// The algorithm parameters are not what the algorithm has.
    #[error("the algorithm parameters are not those of the algorithm")]
    Parameters,
    /// The point is the point at infinity.
    #[error("the point is the point at infinity")]
    PointAtInfinity,
    /// The point is neither an uncompressed nor a compressed point of its curve.
    #[error("the point is not encoded as a point of {0}")]
    PointEncoding(Curve),
    /// The point's coordinates do not fulfil the curve's equation.
    #[error("the point is not on {0}")]
    PointOffCurve(Curve),
}

impl From<DerError> for SpkiError {
    fn from(error: DerError) -> Self {
        Self { kind: SpkiErrorKind::Der(error.fault), offset: error.offset }
    }
}
