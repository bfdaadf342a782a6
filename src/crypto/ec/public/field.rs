//! Fields of a prime order, in words of 64 bits. Its time depends on the numbers: for public ones only.
//!
//! Written by hand, because the crates' fields keep constant time, which a signature does not need. Source: Montgomery, "Modular
//! multiplication without trial division" (1985), in the order of product first, then reduction ("SOS" in Koç, Acar, Kaliski, "Analyzing and
//! comparing Montgomery multiplication algorithms", 1996); for P-521, SP 800-186, G.1.4. Proof: `tests` holds it against big numbers, on
//! edges and on random numbers, and the tests of `public` do so for whole multiplications.

#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "an index is below N or 2·N, which are parts of the type; nothing that is read decides it"
)]

use std::marker::PhantomData;

/// A prime of N words, lowest first, and how to divide by it.
pub(super) trait Prime<const N: usize>: Copy {
    /// The prime (SP 800-186, 3.2.1; GB/T 32918.5).
    const PRIME: [u64; N];

    /// A number x stands as x·R modulo the prime. This is R² modulo the prime, which brings a number into that form.
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

    const R_SQUARED: [u64; 9] = [1, 0, 0, 0, 0, 0, 0, 0, 0];

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

    /// Of a big-endian number; `None` where it is not below the prime.
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

    /// One.
    pub(super) fn one() -> Self {
        let mut words = [0; N];
        words[0] = 1;
        Self(words, PhantomData).times(&Self(P::R_SQUARED, PhantomData))
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
        let again = if is_negative { u64::MAX } else { 0 };
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

/// `sum` + `left`·`right` + `carry`: the low word and the high one, which always suffice.
#[inline(always)]
#[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the low half is meant")]
const fn multiply_add(sum: u64, left: u64, right: u64, carry: u64) -> (u64, u64) {
    let wide =
        (left as u128).wrapping_mul(right as u128).wrapping_add(sum as u128).wrapping_add(carry as u128);
    (wide as u64, (wide >> 64) as u64)
}

/// `left` + `right` + `carry`, and whether it carries.
#[inline(always)]
const fn add(left: u64, right: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = left.overflowing_add(right);
    let (sum, second) = sum.overflowing_add(if carry { 1 } else { 0 });
    (sum, first | second)
}

/// `left` − `right` − `borrow`, and whether it borrows.
#[inline(always)]
const fn subtract(left: u64, right: u64, borrow: bool) -> (u64, bool) {
    let (difference, first) = left.overflowing_sub(right);
    let (difference, second) = difference.overflowing_sub(if borrow { 1 } else { 0 });
    (difference, first | second)
}

#[inline(always)]
const fn plus<const N: usize>(left: &[u64; N], right: &[u64; N]) -> ([u64; N], bool) {
    let (mut sum, mut carry, mut at) = ([0; N], false, 0);
    while at < N {
        (sum[at], carry) = add(left[at], right[at], carry);
        at = at.wrapping_add(1);
    }
    (sum, carry)
}

#[inline(always)]
const fn minus<const N: usize>(left: &[u64; N], right: &[u64; N]) -> ([u64; N], bool) {
    let (mut difference, mut borrow, mut at) = ([0; N], false, 0);
    while at < N {
        (difference[at], borrow) = subtract(left[at], right[at], borrow);
        at = at.wrapping_add(1);
    }
    (difference, borrow)
}

/// `number` + 2^(64·N)·`carry`, which is below twice the prime, modulo the prime.
#[inline(always)]
const fn less_once<const N: usize>(number: [u64; N], carry: bool, prime: &[u64; N]) -> [u64; N] {
    let (less, is_negative) = minus(&number, prime);
    // Picked word by word, since which of the two it is cannot be foretold.
    let (kept, mut picked, mut at) = (if is_negative && !carry { u64::MAX } else { 0 }, [0; N], 0);
    while at < N {
        picked[at] = (number[at] & kept) | (less[at] & !kept);
        at = at.wrapping_add(1);
    }
    picked
}

/// 2^`exponent` modulo the prime, by doubling.
const fn power_of_two<const N: usize>(prime: &[u64; N], exponent: usize) -> [u64; N] {
    let (mut power, mut at) = ([0; N], 0);
    power[0] = 1;
    while at < exponent {
        let (sum, carry) = plus(&power, &power);
        power = less_once(sum, carry, prime);
        at = at.wrapping_add(1);
    }
    power
}

/// Row by row: the low words of a row's products are added, then the high ones, each sum with one chain of carries.
#[inline(always)]
fn product<const N: usize>(left: &[u64; N], right: &[u64; N]) -> [[u64; N]; 2] {
    let mut wide = [[0; N]; 2];
    let words = wide.as_flattened_mut();
    for row in 0..N {
        let products = right.map(|word| multiply_add(0, left[row], word, 0));
        let mut carry = false;
        for column in 0..N {
            let at = row.wrapping_add(column);
            (words[at], carry) = add(words[at], products[column].0, carry);
        }
        words[row.wrapping_add(N)] = carry.into();
        carry = false;
        for column in 0..N {
            let at = row.wrapping_add(column).wrapping_add(1);
            (words[at], carry) = add(words[at], products[column].1, carry);
        }
    }
    wide
}

/// Each product of two different words once, doubled, and the squares of the words.
#[inline(always)]
fn square<const N: usize>(number: &[u64; N]) -> [[u64; N]; 2] {
    let mut wide = [[0; N]; 2];
    let words = wide.as_flattened_mut();
    for row in 0..N {
        let mut carry = 0;
        for column in row.wrapping_add(1)..N {
            let at = row.wrapping_add(column);
            (words[at], carry) = multiply_add(words[at], number[row], number[column], carry);
        }
        words[row.wrapping_add(N)] = carry;
    }
    let (mut top, mut carry) = (0, false);
    for at in 0..N {
        let (even, odd) = (at.wrapping_mul(2), at.wrapping_mul(2).wrapping_add(1));
        let doubled = [words[even] << 1 | top, words[odd] << 1 | words[even] >> 63];
        top = words[odd] >> 63;
        let (low, high) = multiply_add(0, number[at], number[at], 0);
        (words[even], carry) = add(doubled[0], low, carry);
        (words[odd], carry) = add(doubled[1], high, carry);
    }
    wide
}

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
