//! Private keys: DER in, a key or the exact fault out; and the proof that a private key belongs to a public key.
//!
//! [`PrivateKey::from_der`] understands PKCS#8 (RFC 5208, RFC 5958), PKCS#1 (RFC 8017, A.1.2) and SEC1 (RFC 5915), for RSA, P-256,
//! P-384, P-521 and SM2. [`prove`] shows that such a key is the private half of a public key; comparing the public numbers that a
//! key file carries shows nothing, for a file can carry anybody's.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::crypto::proof::{self, Numbers};
use crate::crypto::spki::{Curve, PublicKey, RsaPublicKey};
use crate::crypto::weak;
use crate::location::Location;
use crate::read::block::Block;

mod container;
mod error;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::crypto::proof::Mismatch;
pub(crate) use crate::crypto::proof::Relation;
pub(crate) use crate::crypto::weak::Weakness;
pub(crate) use container::is_gmt_0016_blob;
pub(crate) use error::{Foreign, KeyError, KeyFault};

/// Reads the key in a block.
pub(crate) fn read(block: &Block) -> Result<PrivateKey, KeyError> {
    PrivateKey::from_der(&block.der).map(|key| key.at(block.location.clone()))
}

/// Proves that `key` is the private half of `public`.
///
/// RSA: n = p·q with 1 < p, q < n; d·e ≡ 1 mod p − 1 and mod q − 1; dP = d mod p − 1; dQ = d mod q − 1; qInv·q ≡ 1 mod p. Elliptic
/// curves: d·G = Q. Public numbers that the key carries are compared too. The time taken does not depend on the secret numbers.
///
/// # Errors
/// [`Mismatch`], exactly why not. That a key contradicts itself comes before that it belongs elsewhere.
///
/// ```no_run
/// # fn f(spki: &[u8], der: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// use certgate::{internals::{PublicKey, prove}, key::PrivateKey};
/// prove(&PublicKey::from_spki_der(spki)?, &PrivateKey::from_der(der)?)?;
/// # Ok(()) }
/// ```
pub fn prove(public: &PublicKey, key: &PrivateKey) -> Result<(), Mismatch> {
    proof::prove(public, &key.numbers)
}

/// A private key. Its numbers are wiped when it is dropped, and `Debug` does not show them.
#[derive(Clone)]
pub struct PrivateKey {
    form: KeyForm,
    /// Whether it is PKCS#8 version 2 (RFC 5958), or has what only that may have.
    is_version_2: bool,
    numbers: Numbers,
    location: Location,
}

/// How the key was encoded.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub(crate) enum KeyForm {
    /// RSAPrivateKey (RFC 8017, A.1.2).
    Pkcs1,
    /// PrivateKeyInfo or OneAsymmetricKey (RFC 5208, RFC 5958).
    Pkcs8,
    /// ECPrivateKey (RFC 5915).
    Sec1,
}

impl KeyForm {
    /// The PEM label of the form: `RSA PRIVATE KEY`, `PRIVATE KEY` or `EC PRIVATE KEY`.
    #[must_use]
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Pkcs8 => "PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
        }
    }

    /// Whether most programs read a key of this form under that label: its own, or one of those that they look behind.
    pub(crate) fn is_mostly_read_under(self, label: &str) -> bool {
        match label {
            "RSA PRIVATE KEY" | "EC PRIVATE KEY" if self == Self::Pkcs8 => true,
            "SM2 PRIVATE KEY" | "" => true,
            label => label == self.label(),
        }
    }

    /// The usual name: `PKCS#1`, `PKCS#8` or `SEC1`.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pkcs1 => "PKCS#1",
            Self::Pkcs8 => "PKCS#8",
            Self::Sec1 => "SEC1",
        }
    }
}

impl PrivateKey {
    /// How the key was encoded.
    #[must_use]
    pub(crate) fn form(&self) -> KeyForm {
        self.form
    }

    /// Whether it is PKCS#8 version 2, OneAsymmetricKey (RFC 5958, section 2), or has the public key that only version 2 may have.
    #[must_use]
    pub(crate) fn is_version_2(&self) -> bool {
        self.is_version_2
    }

    /// Whether it is known to be on the curve of SM2.
    #[must_use]
    pub(crate) fn is_sm2(&self) -> bool {
        matches!(&self.numbers, Numbers::Ec(ec) if ec.curve == Some(Curve::Sm2))
    }

    /// Whether it is on an elliptic curve that its file does not name.
    #[must_use]
    pub(crate) fn names_no_curve(&self) -> bool {
        matches!(&self.numbers, Numbers::Ec(ec) if ec.curve.is_none())
    }

    /// What makes the key easy to find, if its numbers are those of one key.
    pub(crate) fn weaknesses(&self) -> Vec<Weakness> {
        weak::weaknesses(&self.numbers)
    }

    /// The numbers, for those who write the key again.
    pub(crate) fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// Where the key is; nowhere in particular if it was read from bare DER.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The same key, standing at `location`.
    #[must_use]
    pub(crate) fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// What the key is called: `RSA`, the curve's name, or `EC` if the file names no curve.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.numbers.name()
    }

    /// The curve; `None` for RSA and where the file names none.
    #[cfg(test)]
    pub(crate) fn curve(&self) -> Option<Curve> {
        match &self.numbers {
            Numbers::Ec(ec) => ec.curve,
            Numbers::Rsa(_) => None,
        }
    }

    /// Bits of the modulus or of the curve's field; `None` where the file names no curve.
    #[must_use]
    pub fn bits(&self) -> Option<usize> {
        match &self.numbers {
            Numbers::Ec(ec) => ec.curve.map(Curve::bits),
            Numbers::Rsa(rsa) => Some(rsa.public.bits()),
        }
    }

    /// The public key of this private key: the point d·G, or the modulus and exponent once they are proven to be its own.
    ///
    /// # Errors
    /// [`Mismatch::SelfContradiction`] if the key's own numbers do not fit together, [`Mismatch::NoCurve`] if the file names no curve.
    ///
    /// ```no_run
    /// # fn f(der: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = certgate::key::PrivateKey::from_der(der)?;
    /// let spki = key.public_key()?.to_spki_der();
    /// # Ok(()) }
    /// ```
    // For the tests and fuzz targets that compare it with other readers.
    #[doc(hidden)]
    pub fn public_key(&self) -> Result<PublicKey, Mismatch> {
        proof::public_key(&self.numbers)
    }

    /// The modulus and the exponent that an RSA key carries; nothing proves yet that they are its own.
    pub(crate) fn claimed_rsa(&self) -> Option<&RsaPublicKey> {
        match &self.numbers {
            Numbers::Ec(_) => None,
            Numbers::Rsa(rsa) => Some(&rsa.public),
        }
    }
}

/// A key's block, to compare others with: derived once, however many they are.
pub(crate) struct Known<'b> {
    block: &'b Block,
    halves: Option<(PrivateKey, PublicKey)>,
}

impl<'b> Known<'b> {
    pub(crate) fn of(block: &'b Block) -> Self {
        let halves = PrivateKey::from_der(&block.der).ok().and_then(|key| {
            let public = key.public_key().ok()?;
            Some((key, public))
        });
        Self { block, halves }
    }

    /// Whether `block` holds this key: the same bytes, or both are valid keys with one public half.
    pub(crate) fn is_in(&self, block: &Block) -> bool {
        let is_same = |(key, public): &(PrivateKey, PublicKey)| {
            PrivateKey::from_der(&block.der)
                .is_ok_and(|other| proof::is_same(&key.numbers, public, &other.numbers))
        };
        bool::from(self.block.der.ct_eq(&block.der)) || self.halves.as_ref().is_some_and(is_same)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("form", &self.form)
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
