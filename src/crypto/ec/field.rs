//! Fields of a prime order, in words of 64 bits, in constant time: no branch and no place in memory depends on a number. What reads a number,
//! or compares with `==`, does not keep to that, and is for public ones.
//!
//! Written by hand: with the crates' fields the proof of an SM2 key takes about twice as long. Source: Montgomery, "Modular multiplication without
//! trial division" (1985), in the order of product first, then reduction ("SOS" in Koç, Acar, Kaliski, "Analyzing and comparing Montgomery
//! multiplication algorithms", 1996); for P-521, SP 800-186, G.1.4. Proof: the tests of `public` hold it against big numbers, on edges and on
//! random numbers, and whole multiplications against the crates; `benches/instructions.sh` counts that the same instructions run for every scalar.

#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "an index is below N or 2·N, which are parts of the type; nothing that is read decides it"
)]

use std::marker::PhantomData;

use p256::elliptic_curve::subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::DefaultIsZeroes;

use super::words::{add, less_once, mask, minus, plus, power_of_two, product, square, subtract};

/// A prime of N words, lowest first, and how to divide by it.
pub(super) trait Prime<const N: usize>: Copy {
    /// The prime (SP 800-186, 3.2.1; GB/T 32918.5).
    const PRIME: [u64; N];

    /// A number x stands as x·R modulo the prime. This is R modulo the prime, the number one.
    const R: [u64; N] = power_of_two(&Self::PRIME, 64_usize.saturating_mul(N));

    /// R² modulo the prime, which brings a number into that form.
    const R_SQUARED: [u64; N] = power_of_two(&Self::PRIME, 128_usize.saturating_mul(N));

    /// `wide`/R modulo the prime, for `wide` below the square of the prime.
    fn reduce(wide: [[u64; N]; 2]) -> [u64; N];
}

impl Prime<4> for p256::NistP256 {
    const PRIME: [u64; 4] = [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0, 0xffff_ffff_0000_0001];

    /// The prime is 2^256 − 2^224 + 2^192 + 2^96 − 1.
    #[inline(always)]
    fn reduce(wide: [[u64; 4]; 2]) -> [u64; 4] {
        montgomery_by_shifts(wide, &Self::PRIME, |word| {
            let (low, high) = (word << 32, word >> 32);
            let (third, borrow) = subtract(word, low, false);
            [low, high, third, subtract(word, high, borrow).0]
        })
    }
}

impl Prime<6> for p384::NistP384 {
    const PRIME: [u64; 6] = [
        0x0000_0000_ffff_ffff,
        0xffff_ffff_0000_0000,
        0xffff_ffff_ffff_fffe,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
    ];

    /// The prime is 2^384 − 2^128 − 2^96 + 2^32 − 1, and −1/prime modulo 2^64 is 2^32 + 1.
    #[inline(always)]
    fn reduce(wide: [[u64; 6]; 2]) -> [u64; 6] {
        montgomery_by_shifts(wide, &Self::PRIME, |word| {
            let multiple = word.wrapping_add(word << 32);
            let (low, high) = (multiple << 32, multiple >> 32);
            // What multiple·(2^32 − 1) and the word have above 64 bits; below, they are zero.
            let (difference, borrow) = subtract(low, multiple, false);
            let (_, carry) = add(difference, word, false);
            let (above, _) = subtract(high.wrapping_add(carry.into()), 0, borrow);
            let (both, carry) = add(multiple, high, false);
            let (first, borrow) = subtract(above, low, false);
            let (second, borrow) = subtract(0, both, borrow);
            let (third, borrow) = subtract(0, carry.into(), borrow);
            let (rest, borrow) = subtract(0, 0, borrow);
            [first, second, third, rest, rest, subtract(multiple, 0, borrow).0]
        })
    }
}

/// 2^521 − 1: a number is divided without a multiplication, and R is 1.
impl Prime<9> for p521::NistP521 {
    const PRIME: [u64; 9] = {
        let mut words = [u64::MAX; 9];
        words[8] = 0x1ff;
        words
    };

    const R: [u64; 9] = [1, 0, 0, 0, 0, 0, 0, 0, 0];

    const R_SQUARED: [u64; 9] = Self::R;

    #[inline(always)]
    fn reduce(wide: [[u64; 9]; 2]) -> [u64; 9] {
        fold_521(wide)
    }
}

impl Prime<4> for sm2::Sm2 {
    const PRIME: [u64; 4] =
        [0xffff_ffff_ffff_ffff, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_ffff, 0xffff_fffe_ffff_ffff];

    /// The prime is 2^256 − 2^224 − 2^96 + 2^64 − 1.
    #[inline(always)]
    fn reduce(wide: [[u64; 4]; 2]) -> [u64; 4] {
        montgomery_by_shifts(wide, &Self::PRIME, |word| {
            let (low, high) = (word << 32, word >> 32);
            let (first, borrow) = subtract(word, low, false);
            let (second, borrow) = subtract(0, high, borrow);
            let (third, borrow) = subtract(0, low, borrow);
            [first, second, third, subtract(word, high, borrow).0]
        })
    }
}

/// An element of the field of `P`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<P, const N: usize>([u64; N], PhantomData<P>);

impl<const N: usize, P: Prime<N>> PartialEq for Element<P, N> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<const N: usize, P: Prime<N>> Element<P, N> {
    pub(super) const ZERO: Self = Self([0; N], PhantomData);

    pub(super) const ONE: Self = Self(P::R, PhantomData);

    /// Of a public, big-endian number; `None` where it is not below the prime.
    pub(super) fn read(octets: &[u8]) -> Option<Self> {
        let mut words = [0; N];
        for (at, chunk) in octets.rchunks(8).enumerate() {
            let value = chunk.iter().fold(0, |word, octet| (word << 8) | u64::from(*octet));
            match words.get_mut(at) {
                Some(word) => *word = value,
                None if value == 0 => {}
                None => return None,
            }
        }
        let (_, is_less) = minus(&words, &P::PRIME);
        is_less.then(|| Self(words, PhantomData).times(&Self(P::R_SQUARED, PhantomData)))
    }

    /// The number, big-endian, in so many octets as the words have.
    pub(super) fn to_octets(self) -> Vec<u8> {
        let words = P::reduce([self.0, [0; N]]);
        words.iter().rev().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// Its inverse: it to the power of the prime less two (Fermat). That of zero is zero.
    pub(super) fn inverted(&self) -> Self {
        let (exponent, _) = minus(&P::PRIME, &std::array::from_fn(|word| if word == 0 { 2 } else { 0 }));
        let mut power = Self::ONE;
        for word in exponent.iter().rev() {
            for bit in (0..64).rev() {
                power = power.squared();
                // The exponent is that of the field, and known to all.
                if word >> bit & 1 == 1 {
                    power = power.times(self);
                }
            }
        }
        power
    }

    pub(super) fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    #[inline]
    pub(super) fn plus(&self, other: &Self) -> Self {
        let (sum, carry) = plus(&self.0, &other.0);
        Self(less_once(sum, carry, &P::PRIME), PhantomData)
    }

    #[inline]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let (difference, is_negative) = minus(&self.0, &other.0);
        let again = mask(is_negative);
        Self(plus(&difference, &P::PRIME.map(|word| word & again)).0, PhantomData)
    }

    #[inline]
    pub(super) fn doubled(&self) -> Self {
        self.plus(self)
    }

    /// Half of it: of an odd number, half of its sum with the prime.
    #[inline]
    pub(super) fn halved(&self) -> Self {
        let odd = 0_u64.wrapping_sub(self.0[0] & 1);
        let (sum, carry) = plus(&self.0, &P::PRIME.map(|word| word & odd));
        let mut half = [0; N];
        for at in 0..N {
            let next = at.wrapping_add(1);
            let above = if next < N { sum[next] } else { carry.into() };
            half[at] = sum[at] >> 1 | above << 63;
        }
        Self(half, PhantomData)
    }

    #[inline]
    pub(super) fn times(&self, other: &Self) -> Self {
        Self(P::reduce(product(&self.0, &other.0)), PhantomData)
    }

    #[inline]
    pub(super) fn squared(&self) -> Self {
        Self(P::reduce(square(&self.0)), PhantomData)
    }
}

impl<const N: usize, P: Prime<N>> ConditionallySelectable for Element<P, N> {
    fn conditional_select(no: &Self, yes: &Self, choice: Choice) -> Self {
        Self(<[u64; N]>::conditional_select(&no.0, &yes.0, choice), PhantomData)
    }
}

impl<const N: usize, P: Prime<N>> ConstantTimeEq for Element<P, N> {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl<const N: usize, P: Prime<N>> Default for Element<P, N> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const N: usize, P: Prime<N>> DefaultIsZeroes for Element<P, N> {}

/// `wide`/2^(64·N) modulo a prime whose multiples are sums of shifted words. `above` gives the lowest word and the multiple of the prime that
/// makes it zero, together, without that zero.
#[inline(always)]
fn montgomery_by_shifts<const N: usize>(
    wide: [[u64; N]; 2],
    prime: &[u64; N],
    above: impl Fn(u64) -> [u64; N],
) -> [u64; N] {
    let [mut low, high] = wide;
    for _ in 0..N {
        let multiple = above(low[0]);
        let mut carry = false;
        for at in 0..N {
            let next = at.wrapping_add(1);
            let word = if next < N { low[next] } else { 0 };
            // The last does not carry: the sum is below the prime and 2^128.
            (low[at], carry) = add(word, multiple[at], carry);
        }
    }
    let (sum, carry) = plus(&low, &high);
    less_once(sum, carry, prime)
}

/// `wide` modulo 2^521 − 1, whose words are nine: 2^521 is one, so what is above bit 521 is added to what is below.
#[inline(always)]
fn fold_521(wide: [[u64; 9]; 2]) -> [u64; 9] {
    let [mut low, high] = wide;
    // What is above bit 576 is short of bit 1042 of the whole, and stands 55 bits too low.
    let mut above = [0; 9];
    let mut before = low[8];
    for at in 0..9 {
        above[at] = before >> 9 | high[at] << 55;
        before = high[at];
    }
    low[8] &= 0x1ff;
    let (mut sum, _) = plus(&low, &above);
    // Both are below 2^521, so one bit is above.
    let carry = sum[8] >> 9;
    sum[8] &= 0x1ff;
    let (sum, _) = plus(&sum, &[carry, 0, 0, 0, 0, 0, 0, 0, 0]);
    // The prime itself is zero.
    less_once(sum, false, &p521::NistP521::PRIME)
}
