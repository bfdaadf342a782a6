//! Numbers of N words of 64 bits, lowest first, in constant time.
//!
//! Written by hand, as [`field`](super::field) is, which says the source and the proof.

#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "an index is below N or 2·N, which are parts of the type; nothing that is read decides it"
)]

/// `sum` + `left`·`right` + `carry`: the low word and the high one, which always suffice.
#[inline(always)]
#[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the low half is meant")]
pub(super) const fn multiply_add(sum: u64, left: u64, right: u64, carry: u64) -> (u64, u64) {
    let wide =
        (left as u128).wrapping_mul(right as u128).wrapping_add(sum as u128).wrapping_add(carry as u128);
    (wide as u64, (wide >> 64) as u64)
}

/// `left` + `right` + `carry`, and whether it carries.
#[inline(always)]
pub(super) const fn add(left: u64, right: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = left.overflowing_add(right);
    let (sum, second) = sum.overflowing_add(if carry { 1 } else { 0 });
    (sum, first | second)
}

/// `left` − `right` − `borrow`, and whether it borrows.
#[inline(always)]
pub(super) const fn subtract(left: u64, right: u64, borrow: bool) -> (u64, bool) {
    let (difference, first) = left.overflowing_sub(right);
    let (difference, second) = difference.overflowing_sub(if borrow { 1 } else { 0 });
    (difference, first | second)
}

#[inline(always)]
pub(super) const fn plus<const N: usize>(left: &[u64; N], right: &[u64; N]) -> ([u64; N], bool) {
    let (mut sum, mut carry, mut at) = ([0; N], false, 0);
    while at < N {
        (sum[at], carry) = add(left[at], right[at], carry);
        at = at.wrapping_add(1);
    }
    (sum, carry)
}

#[inline(always)]
pub(super) const fn minus<const N: usize>(left: &[u64; N], right: &[u64; N]) -> ([u64; N], bool) {
    let (mut difference, mut borrow, mut at) = ([0; N], false, 0);
    while at < N {
        (difference[at], borrow) = subtract(left[at], right[at], borrow);
        at = at.wrapping_add(1);
    }
    (difference, borrow)
}

/// `number` + 2^(64·N)·`carry`, which is below twice the prime, modulo the prime.
#[inline(always)]
pub(super) const fn less_once<const N: usize>(number: [u64; N], carry: bool, prime: &[u64; N]) -> [u64; N] {
    let (less, is_negative) = minus(&number, prime);
    // Picked word by word, without a branch.
    let (kept, mut picked, mut at) = (mask(is_negative & !carry), [0; N], 0);
    while at < N {
        picked[at] = (number[at] & kept) | (less[at] & !kept);
        at = at.wrapping_add(1);
    }
    picked
}

/// All bits, or none.
#[inline(always)]
#[allow(clippy::as_conversions, reason = "a conversion that may stand in a constant")]
pub(super) const fn mask(condition: bool) -> u64 {
    (condition as u64).wrapping_neg()
}

/// 2^`exponent` modulo the prime, by doubling.
pub(super) const fn power_of_two<const N: usize>(prime: &[u64; N], exponent: usize) -> [u64; N] {
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
pub(super) fn product<const N: usize>(left: &[u64; N], right: &[u64; N]) -> [[u64; N]; 2] {
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
pub(super) fn square<const N: usize>(number: &[u64; N]) -> [[u64; N]; 2] {
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
