//! Why DER is not a private key that the API takes.

use crate::crypto::spki::{Curve, SpkiError, SpkiErrorKind, UnsupportedKey};
use crate::der::{DerError, DerFault};

/// Why DER is not a private key that the API takes, and where. No octet of the input is in it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{fault} (at octet {offset} of the private key)")]
pub struct KeyError {
    /// What is wrong.
    pub fault: KeyFault,
    /// Octets from the start of the DER to the element with the fault.
    pub offset: usize,
}

/// The kinds of [`KeyError`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// The algorithm or curve is known, but not taken.
    #[error("unsupported algorithm {}", .0.name())]
    Algorithm(UnsupportedKey),
    /// The outer algorithm and the key inside name different curves.
    #[error("two curves, {outer} outside and {inner} inside")]
    CurveContradiction {
        /// The curve of PrivateKeyInfo.
        outer: Curve,
        /// What ECPrivateKey names.
        inner: String,
    },
    /// The encoding is not DER.
    #[error("not DER: {0}")]
    Der(DerFault),
    /// EncryptedPrivateKeyInfo (RFC 5958, 3).
    #[error("encrypted")]
    Encrypted,
    /// An encryption key as a Chinese CA delivers it, still wrapped.
    #[error("enveloped: {0}")]
    Enveloped(Envelope),
    /// The curve is described by its numbers instead of its name.
    #[error("explicit curve parameters")]
    ExplicitCurve,
    /// The block holds another thing.
    #[error("not a private key but {0}")]
    Foreign(Foreign),
    /// The RSA modulus is longer than what certgate computes with.
    #[error("RSA modulus of {bits} bits")]
    ModulusTooLarge {
        /// Bits of the modulus.
        bits: usize,
    },
    /// An RSA key of more than two primes (RFC 8017, 3.2).
    #[error("more than two primes")]
    MultiPrime,
    /// An element is not what the structure has there.
    #[error("malformed: {0}")]
    Structure(&'static str),
    /// Octets after the end of the key.
    #[error("{} after its end", crate::text::count(*.0, "octet"))]
    TrailingBytes(usize),
    /// A number that no such key can have.
    #[error("{number} {problem}")]
    Value {
        /// Which number.
        number: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// How an encryption key is wrapped.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Envelope {
    /// SM2EnvelopedKey (GM/T 0009, 7.4).
    #[error("SM2EnvelopedKey of GM/T 0009")]
    Gmt0009,
    /// ENVELOPEDKEYBLOB (GM/T 0016, 6.4.10).
    #[error("ENVELOPEDKEYBLOB of GM/T 0016")]
    Gmt0016,
    /// PKCS#7 envelopedData or signedAndEnvelopedData, also under the identifiers of GM/T 0010.
    #[error("PKCS#7 enveloped data")]
    Pkcs7,
}

/// What a block holds instead of a private key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Foreign {
    /// A certificate, a certificate request or a revocation list.
    #[error("a certificate, a request or a revocation list")]
    Certificate,
    /// PKCS#7 or CMS that is not an envelope.
    #[error("a PKCS#7 structure")]
    Pkcs7,
    /// PKCS#12.
    #[error("a PKCS#12 file")]
    Pkcs12,
    /// SubjectPublicKeyInfo.
    #[error("a public key")]
    PublicKey,
    /// A structure that certgate does not know.
    #[error("an unknown structure")]
    Unknown,
}

impl KeyFault {
    pub(super) fn at(self, offset: usize) -> KeyError {
        KeyError { fault: self, offset }
    }
}

impl From<DerError> for KeyError {
    fn from(error: DerError) -> Self {
        KeyFault::Der(error.fault).at(error.offset)
    }
}

impl From<SpkiError> for KeyError {
    fn from(error: SpkiError) -> Self {
        value(error.kind).at(error.offset)
    }
}

/// The fault of a private key whose public numbers or algorithm have the given one.
pub(super) fn value(kind: SpkiErrorKind) -> KeyFault {
    let value = |number, problem| KeyFault::Value { number, problem };
    match kind {
        SpkiErrorKind::Der(fault) => KeyFault::Der(fault),
        SpkiErrorKind::ExplicitCurve => KeyFault::ExplicitCurve,
        SpkiErrorKind::ExponentEven => value("public exponent", "is even"),
        SpkiErrorKind::ExponentNegative => value("public exponent", "is negative"),
        SpkiErrorKind::ExponentTooLarge => value("public exponent", "is not below the modulus"),
        SpkiErrorKind::ExponentTrivial(0) => value("public exponent", "is zero"),
        SpkiErrorKind::ExponentTrivial(_) => value("public exponent", "is one"),
        SpkiErrorKind::ModulusEven => value("modulus", "is even"),
        SpkiErrorKind::ModulusNegative => value("modulus", "is negative"),
        SpkiErrorKind::ModulusTooLarge { bits } => KeyFault::ModulusTooLarge { bits },
        SpkiErrorKind::ModulusZero => value("modulus", "is zero"),
        SpkiErrorKind::Parameters => {
            KeyFault::Structure("the algorithm parameters are not those of the algorithm")
        }
        SpkiErrorKind::PointAtInfinity => value("public point", "is the point at infinity"),
        SpkiErrorKind::PointEncoding(_) => value("public point", "is not encoded as a point of its curve"),
        SpkiErrorKind::PointOffCurve(_) => value("public point", "is not on its curve"),
    }
}
