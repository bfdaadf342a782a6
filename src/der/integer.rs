//! INTEGER (X.690, 8.3).

use super::fault::DerFault;

/// Sign of an INTEGER.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sign {
    Negative,
    Zero,
    Positive,
}

/// An INTEGER in its shortest form.
#[derive(Clone, Copy)]
pub(crate) struct Integer<'a> {
    pub(crate) sign: Sign,
    /// Big-endian without leading zero; the two's complement octets if negative, empty if zero.
    pub(crate) magnitude: &'a [u8],
    pub(crate) offset: usize,
}

impl<'a> Integer<'a> {
    /// From the content octets of an element at `offset`.
    pub(super) fn read(value: &'a [u8], offset: usize) -> Result<Self, DerFault> {
        let (&first, rest) = value.split_first().ok_or(DerFault::IntegerEmpty)?;
        let padded = rest.first().is_some_and(|second| {
            (first == 0 && second & 0x80 == 0) || (first == 0xFF && second & 0x80 != 0)
        });
        if padded {
            return Err(DerFault::NonMinimalInteger);
        }
        let sign = match value {
            [0] => Sign::Zero,
            _ if first & 0x80 != 0 => Sign::Negative,
            _ => Sign::Positive,
        };
        Ok(Self { sign, magnitude: if first == 0 { rest } else { value }, offset })
    }
}
