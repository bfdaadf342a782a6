//! The proof that a private key is the private half of a public key.

use subtle::ConstantTimeEq;

use super::{EcNumbers, Numbers, PrivateKey, RsaNumbers, ec, rsa, stack};
use crate::crypto::spki::{Curve, EcPublicKey, PublicKey};

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
    /// d fits neither dP nor dQ, or is not below n.
    #[error("d does not fit the primes and the public exponent")]
    PrivateExponent,
    /// The public key beside the private one (RFC 5958) is another.
    #[error("the public key it carries beside the private one is another")]
    PublicKey,
    /// qInv is not the inverse of q mod p.
    #[error("qInv does not fit the primes")]
    QInv,
}

/// Proves that `key` is the private half of `public`.
///
/// RSA: n = p·q with 1 < p, q < n; d·e ≡ 1 mod p − 1 and mod q − 1; dP = d mod p − 1; dQ = d mod q − 1; qInv·q ≡ 1 mod p. Elliptic
/// curves: d·G = Q. Public numbers that the key carries are compared too. The time taken does not depend on the secret numbers.
///
/// # Errors
/// [`Mismatch`], exactly why not. A key that contradicts itself is told before one that belongs elsewhere.
///
/// ```no_run
/// # fn f(spki: &[u8], der: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// use certgate::{key::{PrivateKey, prove}, spki::PublicKey};
/// prove(&PublicKey::from_spki_der(spki)?, &PrivateKey::from_der(der)?)?;
/// # Ok(()) }
/// ```
pub fn prove(public: &PublicKey, key: &PrivateKey) -> Result<(), Mismatch> {
    stack::clean_after_proof(|| check_pair(public, key))
}

fn check_pair(public: &PublicKey, key: &PrivateKey) -> Result<(), Mismatch> {
    match (public, &key.numbers) {
        (PublicKey::Rsa(public), Numbers::Rsa(numbers)) => {
            check_rsa(numbers)?;
            if public.modulus() != numbers.public.modulus() {
                Err(Mismatch::OtherKey)
            } else if public.exponent() != numbers.public.exponent() {
                Err(Mismatch::SameModulusOtherExponent)
            } else {
                Ok(())
            }
        }
        (PublicKey::Ec(public), Numbers::Ec(numbers)) => prove_ec(public, numbers),
        _ => Err(Mismatch::OtherType { certificate: public.name().to_owned(), key: key.name() }),
    }
}

fn check_rsa(numbers: &RsaNumbers) -> Result<(), Mismatch> {
    rsa::check_relations(numbers).map_err(Mismatch::SelfContradiction)?;
    match &numbers.beside {
        Some(beside) if *beside != numbers.public => Err(Mismatch::SelfContradiction(Relation::PublicKey)),
        _ => Ok(()),
    }
}

fn prove_ec(public: &EcPublicKey, numbers: &EcNumbers) -> Result<(), Mismatch> {
    let curve = public.curve();
    let resolved;
    let scalar = match numbers.curve {
        Some(key) if key != curve => return Err(Mismatch::OtherCurve { certificate: curve, key }),
        Some(_) => &numbers.scalar,
        None => {
            resolved = ec::normalise_scalar(Some(curve), &numbers.scalar)
                .map_err(|problem| Mismatch::ScalarOutOfRange { curve, problem })?;
            &resolved
        }
    };
    let belongs = ec::is_public_point(curve, scalar, public.point());
    for point in &numbers.points {
        // Mostly the very octets of the certificate's point.
        if point.as_slice() == public.point() && belongs {
            continue;
        }
        let is_own = match EcPublicKey::decode(curve, point) {
            Ok(carried) if carried.point() == public.point() => belongs,
            Ok(carried) => !belongs && ec::is_public_point(curve, scalar, carried.point()),
            Err(_) => false,
        };
        if !is_own {
            // Without a curve of its own the key may simply be from another one.
            return Err(match numbers.curve {
                None if !belongs => Mismatch::OtherKey,
                _ => Mismatch::SelfContradiction(Relation::Point),
            });
        }
    }
    if belongs { Ok(()) } else { Err(Mismatch::OtherKey) }
}

/// The public key of a private key whose numbers fit together.
pub(super) fn public_key(key: &PrivateKey) -> Result<PublicKey, Mismatch> {
    match &key.numbers {
        Numbers::Rsa(numbers) => {
            check_rsa(numbers)?;
            Ok(PublicKey::Rsa(numbers.public.clone()))
        }
        Numbers::Ec(numbers) => {
            let curve = numbers.curve.ok_or(Mismatch::NoCurve)?;
            let contradiction = Mismatch::SelfContradiction(Relation::Point);
            let derived = ec::public_point(curve, &numbers.scalar)
                .and_then(|point| EcPublicKey::decode(curve, &point).ok())
                .ok_or_else(|| contradiction.clone())?;
            let all_own =
                numbers.points.iter().all(|point| EcPublicKey::decode(curve, point).as_ref() == Ok(&derived));
            if all_own { Ok(PublicKey::Ec(derived)) } else { Err(contradiction) }
        }
    }
}

/// Whether `other` is `key`, whose public key is `public`, in another encoding: it would give the same public key, and is sound. On
/// curves that is known without a multiplication, since a scalar in its range has one point.
pub(super) fn is_same(key: &PrivateKey, public: &PublicKey, other: &PrivateKey) -> bool {
    match (&key.numbers, &other.numbers, public) {
        (Numbers::Ec(key), Numbers::Ec(other), PublicKey::Ec(public)) => {
            let is_own = |point: &Vec<u8>| EcPublicKey::decode(public.curve(), point).as_ref() == Ok(public);
            other.curve == Some(public.curve())
                && bool::from(key.scalar.ct_eq(&other.scalar))
                && other.points.iter().all(is_own)
        }
        _ => public_key(other).as_ref() == Ok(public),
    }
}
