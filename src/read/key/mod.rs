//! Private keys: DER in, a key or the exact fault out; and the proof that a private key belongs to a public key.
//!
//! [`PrivateKey::from_der`] understands PKCS#8 (RFC 5208, RFC 5958), PKCS#1 (RFC 8017, A.1.2) and SEC1 (RFC 5915), for RSA, P-256,
//! P-384, P-521 and SM2. [`prove`] shows that such a key is the private half of a public key; comparing the public numbers that a
//! key file carries shows nothing, for a file can carry anybody's.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::crypto::spki::{Curve, PublicKey, RsaPublicKey};
use crate::location::Location;
use crate::read::pem::Block;

mod check;
mod container;
mod ec;
mod error;
mod proof;
mod refusal;
mod rsa;
mod stack;
mod table;
#[cfg(test)]
mod tests;

pub use check::check;
pub(crate) use check::{RULES, read};
pub use error::{Envelope, Foreign, KeyError, KeyFault};
pub use proof::{Mismatch, Relation, prove};
pub(crate) use refusal::RULES as REFUSAL_RULES;

/// A private key. Its numbers are wiped when it is dropped, and `Debug` does not show them.
#[derive(Clone)]
pub struct PrivateKey {
    form: KeyForm,
    numbers: Numbers,
    location: Location,
}

/// How the key was encoded.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyForm {
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
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Pkcs8 => "PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
        }
    }

    /// The usual name: `PKCS#1`, `PKCS#8` or `SEC1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pkcs1 => "PKCS#1",
            Self::Pkcs8 => "PKCS#8",
            Self::Sec1 => "SEC1",
        }
    }
}

#[derive(Clone)]
enum Numbers {
    Ec(EcNumbers),
    Rsa(Box<RsaNumbers>),
}

impl From<RsaNumbers> for Numbers {
    fn from(numbers: RsaNumbers) -> Self {
        Self::Rsa(Box::new(numbers))
    }
}

/// Big-endian octets that are wiped when dropped.
type Secret = Zeroizing<Vec<u8>>;

/// The numbers of an RSA key (RFC 8017, 3.2), big-endian without leading zeros, each at most as long as the modulus.
#[derive(Clone)]
struct RsaNumbers {
    /// n and e.
    public: RsaPublicKey,
    d: Secret,
    p: Secret,
    q: Secret,
    /// d mod p − 1, as the file has it.
    dp: Secret,
    /// d mod q − 1, as the file has it.
    dq: Secret,
    /// q⁻¹ mod p, as the file has it.
    qinv: Secret,
    /// The public key beside the private one (RFC 5958, publicKey).
    beside: Option<RsaPublicKey>,
}

impl Drop for RsaNumbers {
    fn drop(&mut self) {
        // What is cleared is still wiped, as spare capacity: at once, where elements are wiped one by one.
        for number in [&mut self.d, &mut self.p, &mut self.q, &mut self.dp, &mut self.dq, &mut self.qinv] {
            number.clear();
        }
    }
}

/// The numbers of an elliptic-curve key.
#[derive(Clone)]
struct EcNumbers {
    /// `None`: the file names no curve, the certificate's counts.
    curve: Option<Curve>,
    /// The scalar d: of the curve's length and in its range if the curve is known, as found if not.
    scalar: Secret,
    /// The points that the file carries, encoded as found: the one of ECPrivateKey and the one of OneAsymmetricKey.
    points: Vec<Vec<u8>>,
}

impl PrivateKey {
    /// How the key was encoded.
    #[must_use]
    pub fn form(&self) -> KeyForm {
        self.form
    }

    /// Where the key stands; nowhere in particular if it was read from bare DER.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The same key, standing at `location`.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// What the key is called: `RSA`, the curve's name, or `EC` if the file names no curve.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match &self.numbers {
            Numbers::Ec(ec) => ec.curve.map_or("EC", Curve::name),
            Numbers::Rsa(_) => "RSA",
        }
    }

    /// The curve; `None` for RSA and where the file names none.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
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
    pub fn public_key(&self) -> Result<PublicKey, Mismatch> {
        stack::clean_after_proof(|| proof::public_key(self))
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

    /// Whether `block` holds this key: the same bytes, or both are sound keys with one public half.
    pub(crate) fn is_in(&self, block: &Block) -> bool {
        let is_same = |(key, public): &(PrivateKey, PublicKey)| {
            PrivateKey::from_der(&block.der)
                .is_ok_and(|other| stack::clean_after_proof(|| proof::is_same(key, public, &other)))
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
