//! The proof that a private key is the private half of a public key.

use zeroize::Zeroizing;

use super::ec::Curve;
use super::ec::private::{self as ec, EcNumbers};
use super::rsa::private::{self as rsa, RsaNumbers};
use super::spki::PublicKey;
use super::stack;

/// Big-endian octets that are wiped when dropped.
pub(crate) type Secret = Zeroizing<Vec<u8>>;

/// The numbers of a private key.
#[derive(Clone)]
pub(crate) enum Numbers {
    Ec(EcNumbers),
    Rsa(Box<RsaNumbers>),
}

impl Numbers {
    /// What the key is called: `RSA`, the curve's name, or `EC` if no curve is known.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Ec(ec) => ec.curve.map_or("EC", Curve::name),
            Self::Rsa(_) => "RSA",
        }
    }
}

impl From<EcNumbers> for Numbers {
    fn from(numbers: EcNumbers) -> Self {
        Self::Ec(numbers)
    }
}

impl From<RsaNumbers> for Numbers {
    fn from(numbers: RsaNumbers) -> Self {
        Self::Rsa(Box::new(numbers))
    }
}

/// Why a private key is not the private half of a public key.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// The private key's file names no curve and there is no certificate to take it from.
    #[error("the private key names no curve")]
    NoCurve,
    /// Both are on elliptic curves, but on different ones.
    #[error("the certificate's key is on {certificate}, the private key on {key}")]
    OtherCurve {
        /// The certificate's.
        certificate: Curve,
        /// The private key's.
        key: Curve,
    },
    /// Same algorithm, but the key of another certificate.
    #[error("the private key is sound, but belongs to another public key than the certificate's")]
    OtherKey,
    /// One is RSA, the other is on an elliptic curve, or the certificate's is unsupported.
    #[error("the certificate's key is {certificate}, the private key {key}")]
    OtherType {
        /// What the certificate's is called.
        certificate: String,
        /// What the private key is called.
        key: &'static str,
    },
    /// The modulus is the certificate's, the public exponent is not.
    #[error("the private key has the certificate's modulus, but another public exponent")]
    SameModulusOtherExponent,
    /// The scalar of a key that names no curve is not in the range of the certificate's curve.
    #[error("the private key's scalar {problem} of {curve}, the certificate's curve")]
    ScalarOutOfRange {
        /// The certificate's curve.
        curve: Curve,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The numbers in the private key do not fit together. Such a key may show anybody's public numbers, and a wrong CRT number
    /// gives the private key away with the first signature.
    #[error("the private key contradicts itself: {0}")]
    SelfContradiction(Relation),
}

/// A relation between the numbers of a private key that does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Relation {
    /// dP is not d mod p − 1, or not the inverse of e mod p − 1.
    #[error("dP does not fit p and the exponents")]
    Dp,
    /// dQ is not d mod q − 1, or not the inverse of e mod q − 1.
    #[error("dQ does not fit q and the exponents")]
    Dq,
    /// n is not p·q.
    #[error("the modulus is not the product of the primes")]
    Modulus,
    /// The public point in the file is not d·G.
    #[error("the public point it carries is not that of its scalar")]
    Point,
    /// d fits neither dP nor dQ.
    #[error("d does not fit the primes and the public exponent")]
    PrivateExponent,
    /// d fits, but is not below n (RFC 8017, 3.2).
    #[error(
        "the private exponent d fits the primes and the public exponent, but it is not below the modulus"
    )]
    PrivateExponentTooLarge,
    /// The public key beside the private one (RFC 5958) is another.
    #[error("the public key it carries beside the private one is another")]
    PublicKey,
    /// qInv is not the inverse of q mod p.
    #[error("qInv does not fit the primes")]
    QInv,
}

/// Proves that `numbers` are the private half of `public`.
///
/// # Errors
/// [`Mismatch`], exactly why not. That a key contradicts itself comes before that it belongs elsewhere.
pub(crate) fn prove(public: &PublicKey, numbers: &Numbers) -> Result<(), Mismatch> {
    stack::clean_after_proof(|| match (public, numbers) {
        (PublicKey::Rsa(public), Numbers::Rsa(numbers)) => rsa::prove(public, numbers),
        (PublicKey::Ec(public), Numbers::Ec(numbers)) => ec::prove(public, numbers),
        _ => Err(Mismatch::OtherType { certificate: public.name().to_owned(), key: numbers.name() }),
    })
}

/// The public key of a private key whose numbers fit together.
pub(crate) fn public_key(numbers: &Numbers) -> Result<PublicKey, Mismatch> {
    stack::clean_after_proof(|| derive(numbers))
}

fn derive(numbers: &Numbers) -> Result<PublicKey, Mismatch> {
    match numbers {
        Numbers::Rsa(numbers) => rsa::public_key(numbers).cloned().map(PublicKey::Rsa),
        Numbers::Ec(numbers) => ec::public_key(numbers).map(PublicKey::Ec),
    }
}

/// Whether `other` is `key`, whose public key is `public`, in another encoding: it would give the same public key, and its numbers fit
/// together.
pub(crate) fn is_same(key: &Numbers, public: &PublicKey, other: &Numbers) -> bool {
    stack::clean_after_proof(|| match (key, other, public) {
        (Numbers::Ec(key), Numbers::Ec(other), PublicKey::Ec(public)) => ec::is_same(key, public, other),
        _ => derive(other).as_ref() == Ok(public),
    })
}
