//! Base64 (RFC 4648, section 4) to bytes, without a table and without a branch on a character's value: the text may be a
//! private key.

use std::mem;

use zeroize::Zeroizing;

/// The characters that [`Decoder::chunk`] takes at once: a full line of PEM.
pub(super) const CHUNK: usize = 64;

/// The six bits of a base64 character; negative for any other byte.
pub(crate) fn sextet(byte: u8) -> i8 {
    let byte = byte as i8;
    // Arithmetic over i8 is exact below 0x80; above, the sign is kept in the answer.
    let high = byte >> 7;
    let value = (-1_i8)
        .wrapping_add(between(byte, b'A', b'Z') & byte.wrapping_sub(64))
        .wrapping_add(between(byte, b'a', b'z') & byte.wrapping_sub(70))
        .wrapping_add(between(byte, b'0', b'9') & byte.wrapping_add(5))
        .wrapping_add(between(byte, b'+', b'+') & 63)
        .wrapping_add(between(byte, b'/', b'/') & 64);
    value | high
}

/// All ones where `low <= byte <= high`, else zero, for bytes below 0x80.
const fn between(byte: i8, low: u8, high: u8) -> i8 {
    let below = (low as i8).wrapping_sub(1).wrapping_sub(byte);
    let above = byte.wrapping_sub(high as i8).wrapping_sub(1);
    (below & above) >> 7
}

/// Eight sextets, one a byte, to six bytes.
fn pack(sextets: u64) -> [u8; 6] {
    let twelve = ((sextets & 0x3F00_3F00_3F00_3F00) >> 2) | (sextets & 0x003F_003F_003F_003F);
    let twenty_four = ((twelve & 0x0FFF_0000_0FFF_0000) >> 4) | (twelve & 0x0000_0FFF_0000_0FFF);
    let [_, a, b, c, _, d, e, f] = twenty_four.to_be_bytes();
    [a, b, c, d, e, f]
}

/// Why a text is not base64. Offsets are those that the caller gave with the characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Characters outside the alphabet: the first, and how many.
    Character { at: usize, count: usize },
    /// Spaces where each `+` was: the first, and how many.
    LostPlus { at: usize, count: usize },
    /// Characters after a `=`.
    DataAfterPadding { at: usize },
    /// A `=` where no padding belongs.
    TooMuchPadding { at: usize },
    /// The text ends within a group of four.
    Short { at: usize, characters: usize },
}

impl Flaw {
    /// Where it is.
    pub(super) fn offset(self) -> usize {
        match self {
            Self::Character { at, .. }
            | Self::LostPlus { at, .. }
            | Self::DataAfterPadding { at }
            | Self::TooMuchPadding { at }
            | Self::Short { at, .. } => at,
        }
    }
}

/// Decodes character by character.
pub(super) struct Decoder {
    /// Reserved up front, so that it never moves and leaves nothing behind.
    pub(super) out: Zeroizing<Vec<u8>>,
    sextets: Zeroizing<[u8; CHUNK]>,
    packed: Zeroizing<[u8; CHUNK / 4 * 3]>,
    bits: u32,
    pending: u8,
    padding: u8,
    last: usize,
    flaw: Option<Flaw>,
}

impl Decoder {
    /// A decoder for at most that many characters.
    pub(super) fn new(characters: usize) -> Self {
        let bytes = characters.div_ceil(4).saturating_mul(3);
        Self {
            out: Zeroizing::new(Vec::with_capacity(bytes)),
            sextets: Zeroizing::new([0; CHUNK]),
            packed: Zeroizing::new([0; CHUNK / 4 * 3]),
            bits: 0,
            pending: 0,
            padding: 0,
            last: 0,
            flaw: None,
        }
    }

    /// Whether a whole [`chunk`](Self::chunk) may follow.
    pub(super) fn is_aligned(&self) -> bool {
        self.pending == 0 && self.padding == 0
    }

    /// Takes `N` characters, a multiple of 8 and at most 64, where all of them are base64; else takes none and says so.
    pub(super) fn chunk<const N: usize>(&mut self, characters: &[u8; N]) -> bool {
        let mut all = 0_i8;
        for (slot, byte) in self.sextets.iter_mut().zip(characters) {
            let value = sextet(*byte);
            all |= value;
            *slot = value as u8;
        }
        if all < 0 {
            return false;
        }
        let (eights, sixes) = (self.sextets.as_chunks().0, self.packed.as_chunks_mut().0);
        for (six, eight) in sixes.iter_mut().zip(eights).take(const { N / 8 }) {
            *six = pack(u64::from_be_bytes(*eight));
        }
        self.out.extend_from_slice(self.packed.get(..const { N / 4 * 3 }).unwrap_or_default());
        true
    }

    /// Takes the six bits of the character at `at`.
    pub(super) fn push(&mut self, sextet: i8, at: usize) {
        if self.padding > 0 {
            self.fail(Flaw::DataAfterPadding { at });
            return;
        }
        self.bits = (self.bits << 6) | u32::from(sextet.unsigned_abs());
        self.last = at;
        self.pending = self.pending.wrapping_add(1);
        if self.pending == 4 {
            let [_, a, b, c] = self.bits.to_be_bytes();
            self.out.extend_from_slice(&[a, b, c]);
            self.bits = 0;
            self.pending = 0;
        }
    }

    /// Takes a `=` at `at`.
    pub(super) fn pad(&mut self, at: usize) {
        self.padding = self.padding.saturating_add(1);
        if self.pending < 2 || self.padding.saturating_add(self.pending) > 4 {
            self.fail(Flaw::TooMuchPadding { at });
        }
    }

    /// Takes a character outside the alphabet at `at`.
    pub(super) fn refuse(&mut self, at: usize) {
        match &mut self.flaw {
            Some(Flaw::Character { count, .. }) => *count = count.saturating_add(1),
            // Another character explains wrong padding, not the other way round.
            flaw => *flaw = Some(Flaw::Character { at, count: 1 }),
        }
    }

    fn fail(&mut self, flaw: Flaw) {
        self.flaw.get_or_insert(flaw);
    }

    /// Where the last character is, if it has bits beyond the last byte that are not zero (RFC 4648, section 3.5). They are left out.
    pub(super) fn trailing_bits(&self) -> Option<usize> {
        let unused = match self.pending {
            2 => self.bits & 0xF,
            3 => self.bits & 0x3,
            _ => 0,
        };
        (unused != 0).then_some(self.last)
    }

    /// The bytes, or the first flaw. `end` is where the last character ends.
    pub(super) fn finish(&mut self, end: usize) -> Result<Zeroizing<Vec<u8>>, Flaw> {
        if let Some(flaw) = self.flaw {
            return Err(flaw);
        }
        let whole = self.out.len().div_euclid(3).saturating_mul(4);
        if self.pending > 0 && self.pending.saturating_add(self.padding) != 4 {
            let characters = whole.saturating_add(self.pending.into()).saturating_add(self.padding.into());
            return Err(Flaw::Short { at: end, characters });
        }
        match self.pending {
            // Two characters: 12 bits, one byte and four bits over. Three: 18 bits, two bytes and two bits over.
            2 => self.out.push((self.bits >> 4) as u8),
            3 => {
                let [.., a, b] = (self.bits >> 2).to_be_bytes();
                self.out.extend_from_slice(&[a, b]);
            }
            _ => {}
        }
        Ok(mem::take(&mut self.out))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]
    use super::*;

    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    fn decode(text: &str) -> Result<Vec<u8>, Flaw> {
        let mut decoder = Decoder::new(text.len());
        for (at, byte) in text.bytes().enumerate() {
            match sextet(byte) {
                value if value >= 0 => decoder.push(value, at),
                _ if byte == b'=' => decoder.pad(at),
                _ => decoder.refuse(at),
            }
        }
        decoder.finish(text.len()).map(|out| out.to_vec())
    }

    #[test]
    fn every_byte_has_its_value() {
        for byte in 0..=255 {
            let want = ALPHABET.iter().position(|other| *other == byte);
            assert_eq!(usize::try_from(sextet(byte)).ok(), want, "{byte:#x}");
        }
    }

    #[test]
    fn chunks_decode_as_single_characters_do() {
        for turn in 0..64 {
            let mut text = *ALPHABET;
            text.rotate_left(turn);
            let mut decoder = Decoder::new(64);
            assert!(decoder.chunk(&text));
            let single = decode(std::str::from_utf8(&text).unwrap()).unwrap();
            assert_eq!(decoder.finish(64).unwrap().as_slice(), single);
            text[turn] = b'\n';
            let mut decoder = Decoder::new(64);
            assert!(!decoder.chunk(&text));
            assert!(decoder.out.is_empty());
        }
    }

    #[test]
    fn padding_and_trailing_bits_are_exact() {
        for (text, want) in [
            ("", Ok("")),
            ("Zg==", Ok("f")),
            ("Zm8=", Ok("fo")),
            ("Zm9v", Ok("foo")),
            ("Zm9vYg==", Ok("foob")),
            ("Zm9vYmE=", Ok("fooba")),
            ("Z", Err(Flaw::Short { at: 1, characters: 1 })),
            ("Zg", Err(Flaw::Short { at: 2, characters: 2 })),
            ("Zg=", Err(Flaw::Short { at: 3, characters: 3 })),
            ("Zm9vYmE", Err(Flaw::Short { at: 7, characters: 7 })),
            ("Zm9v=", Err(Flaw::TooMuchPadding { at: 4 })),
            ("Zg===", Err(Flaw::TooMuchPadding { at: 4 })),
            ("Zm8==", Err(Flaw::TooMuchPadding { at: 4 })),
            ("Zg==Zg==", Err(Flaw::DataAfterPadding { at: 4 })),
            ("Zh==", Ok("f")),
            ("Zm9=", Ok("fo")),
            ("Z*m!", Err(Flaw::Character { at: 1, count: 2 })),
            ("Zg==Z*", Err(Flaw::Character { at: 5, count: 1 })),
        ] {
            assert_eq!(decode(text), want.map(|out| out.as_bytes().to_vec()), "{text}");
        }
    }
}
