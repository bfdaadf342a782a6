//! Serial numbers in decimal, of any length and sign.

use std::fmt::{self, Write as _};

/// A certificate's serial number (RFC 5280, 4.1.2.2), also a negative or too long one as some CAs issue.
///
/// `Display` writes it in decimal; a number of more than 1,024 octets, which nobody reads, as its number of octets.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Serial<'a>(&'a [u8]);

impl<'a> Serial<'a> {
    pub(super) const fn new(content: &'a [u8]) -> Self {
        Self(content)
    }

    /// The content octets of the INTEGER: two's complement, big-endian.
    pub(crate) const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Whether it is below zero.
    pub(crate) fn is_negative(self) -> bool {
        self.0.first().is_some_and(|first| first & 0x80 != 0)
    }

    /// The number in decimal; `None` above 1,024 octets.
    pub(crate) fn to_decimal(self) -> Option<String> {
        (self.0.len() <= MAX_OCTETS).then(|| {
            // Not `to_string`, which grows as it goes: an octet is less than three digits.
            let mut decimal = String::with_capacity(self.0.len().saturating_mul(3).saturating_add(1));
            let _ = write!(decimal, "{self}");
            decimal
        })
    }

    /// Octets without leading zeros: 0 for zero.
    pub(super) fn magnitude_octets(self) -> usize {
        self.0.iter().skip_while(|octet| **octet == 0).count()
    }
}

/// The longest number that is turned into decimal: the cost grows with the square of the length.
const MAX_OCTETS: usize = 1024;

impl fmt::Display for Serial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BASE: u64 = 1_000_000_000;
        if self.0.len() > MAX_OCTETS {
            return write!(f, "({} octets)", self.0.len());
        }
        let negative = self.is_negative();
        // The magnitude of a negative number is its complement plus one; the one goes in as a carry below the last digit.
        let mut digits: Vec<u32> = Vec::with_capacity(self.0.len().div_ceil(3));
        let mut push = |multiplier: u64, addend: u64| {
            let mut carry = addend;
            for digit in &mut digits {
                carry = u64::from(*digit).wrapping_mul(multiplier).wrapping_add(carry);
                *digit = u32::try_from(carry % BASE).unwrap_or_default();
                carry /= BASE;
            }
            if carry > 0 {
                digits.push(u32::try_from(carry).unwrap_or_default());
            }
        };
        for octet in self.0 {
            push(256, u64::from(if negative { !octet } else { *octet }));
        }
        if negative {
            push(1, 1);
            f.write_str("-")?;
        }
        let mut digits = digits.iter().rev();
        write!(f, "{}", digits.next().unwrap_or(&0))?;
        digits.try_for_each(|digit| write!(f, "{digit:09}"))
    }
}

impl fmt::Debug for Serial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_of_any_length_and_sign() {
        for (content, want) in [
            (&[][..], "0"),
            (&[0], "0"),
            (&[0x32, 0xD2], "13010"),
            (&[0x3B, 0x9A, 0xCA, 0x00], "1000000000"),
            (&[0xFF], "-1"),
            (&[0x80], "-128"),
            (&[0xFF, 0x00], "-256"),
            (
                &[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                "-170141183460469231731687303715884105728",
            ),
            (
                &[
                    0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                    0xFF,
                ],
                "170141183460469231731687303715884105727",
            ),
            (&[0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "18446744073709551615"),
        ] {
            assert_eq!(Serial::new(content).to_string(), want);
        }
        assert_eq!(Serial::new(&[1; 1025]).to_string(), "(1025 octets)");
    }
}
