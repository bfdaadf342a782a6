//! RSA: public keys, signatures, and the proof of a private key (RFC 8017).

pub(crate) mod factors;
pub(crate) mod private;
pub(crate) mod pss;
pub(crate) mod shared;
pub(crate) mod verify;
pub(crate) mod weak;

use zeroize::Zeroizing;

use super::spki::{SpkiError, SpkiErrorKind};
use crate::der::{Element, Reader, Sign, tag};

/// Bits of the largest RSA modulus that certgate computes with. Larger ones are refused before any arithmetic.
pub(crate) const MAX_RSA_BITS: usize = 8192;

/// An RSA public key (RFC 8017, 3.1): the modulus is odd, the exponent odd and at least 3. It is wiped, since a damaged private key can hold
/// its secret numbers in the place of these.
#[derive(Clone, Debug)]
pub struct RsaPublicKey {
    modulus: Zeroizing<Vec<u8>>,
    exponent: Zeroizing<Vec<u8>>,
    /// Whether the NULL beside the identifier was left out.
    pub(super) missing_null: bool,
}

impl RsaPublicKey {
    /// Reads an RSAPublicKey (RFC 8017, A.1.1) from a BIT STRING.
    pub(crate) fn from_bit_string(bits: &Element<'_>) -> Result<Self, SpkiError> {
        let mut outer = Reader::at(bits.bit_string()?, bits.value_offset.saturating_add(1));
        let mut numbers = outer.expect(tag::SEQUENCE)?.inside();
        outer.finish()?;
        let modulus = numbers.expect(tag::INTEGER)?.integer()?;
        let exponent = numbers.expect(tag::INTEGER)?.integer()?;
        numbers.finish()?;
        let fail = |offset| move |kind| SpkiError { kind, offset };
        match modulus.sign {
            Sign::Negative => Err(SpkiErrorKind::ModulusNegative),
            Sign::Zero => Err(SpkiErrorKind::ModulusZero),
            Sign::Positive => Ok(()),
        }
        .map_err(fail(modulus.offset))?;
        match exponent.sign {
            Sign::Negative => Err(SpkiErrorKind::ExponentNegative),
            Sign::Zero => Err(SpkiErrorKind::ExponentTrivial(0)),
            Sign::Positive => Ok(()),
        }
        .map_err(fail(exponent.offset))?;
        Self::new(modulus.magnitude, exponent.magnitude).map_err(|kind| {
            let offset = match kind {
                SpkiErrorKind::ModulusEven | SpkiErrorKind::ModulusTooLarge { .. } => modulus.offset,
                _ => exponent.offset,
            };
            SpkiError { kind, offset }
        })
    }

    /// The key of a modulus and an exponent, big-endian without leading zeros.
    pub(crate) fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, SpkiErrorKind> {
        let bits = bit_length(modulus);
        if bits > MAX_RSA_BITS {
            return Err(SpkiErrorKind::ModulusTooLarge { bits });
        }
        if !is_odd(modulus) {
            return Err(SpkiErrorKind::ModulusEven);
        }
        if !is_odd(exponent) {
            return Err(SpkiErrorKind::ExponentEven);
        }
        if exponent == [1] {
            return Err(SpkiErrorKind::ExponentTrivial(1));
        }
        if (exponent.len(), exponent) >= (modulus.len(), modulus) {
            return Err(SpkiErrorKind::ExponentTooLarge);
        }
        let owned = |number: &[u8]| Zeroizing::new(number.to_vec());
        Ok(Self { modulus: owned(modulus), exponent: owned(exponent), missing_null: false })
    }

    /// The modulus n, big-endian without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The exponent e, big-endian without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// Bits of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        bit_length(&self.modulus)
    }

    /// Whether the NULL that rsaEncryption has for parameters (RFC 3279, 2.3.1) was left out.
    #[must_use]
    pub fn is_missing_null(&self) -> bool {
        self.missing_null
    }
}

impl Eq for RsaPublicKey {}

impl PartialEq for RsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus == other.modulus && self.exponent == other.exponent
    }
}

/// Bits of a big-endian number.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    match number.get(zeros..) {
        Some([first, rest @ ..]) => {
            let top = 8usize.saturating_sub(usize::try_from(first.leading_zeros()).unwrap_or(0));
            rest.len().saturating_mul(8).saturating_add(top)
        }
        _ => 0,
    }
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}
