//! Moduli that anyone can factor: with a small prime in them, or of ROCA's form. Public arithmetic, so it may take what time it likes.
//!
//! Written by hand. Source: remainder trees (Bernstein, "How to find small factors of integers", 2002) with Montgomery's reduction in each
//! node ("Modular multiplication without trial division", 1985). A node multiplies by a power of two, which no odd prime divides, so that
//! what is divisible stays so. Proof: `each_prime_is_found_alone` and `the_tree_finds_what_division_finds`.

use std::sync::LazyLock;

/// One above the largest prime that is tried.
const LIMIT: u32 = 1 << 16;

/// The smallest odd prime below 2^16 that divides an odd modulus, big-endian.
pub(crate) fn small_factor(modulus: &[u8]) -> Option<u32> {
    static TREE: LazyLock<Tree> = LazyLock::new(Tree::new);
    TREE.smallest(&words(modulus))
}

/// The words of a big-endian number, the lowest first.
fn words(number: &[u8]) -> Vec<u64> {
    let word = |octets: &[u8]| octets.iter().fold(0, |word, octet| (word << 8) | u64::from(*octet));
    number.rchunks(8).map(word).collect()
}

/// Products of the odd primes below [`LIMIT`]: each of a level is the product of two of the level below.
struct Tree {
    top: Vec<Node<16>>,
    eight: Vec<Node<8>>,
    four: Vec<Node<4>>,
    two: Vec<Node<2>>,
    one: Vec<Node<1>>,
    /// The primes in each node of the lowest level.
    primes: Vec<Vec<Prime>>,
}

impl Tree {
    fn new() -> Self {
        let mut primes: Vec<Vec<Prime>> = vec![Vec::new()];
        let mut product = 1_u64;
        for prime in odd_primes() {
            match product.checked_mul(prime.into()) {
                Some(more) => product = more,
                None => {
                    primes.push(Vec::new());
                    product = prime.into();
                }
            }
            if let Some(last) = primes.last_mut() {
                last.push(Prime::new(prime));
            }
        }
        // A node without primes is 1, so that the levels above are whole.
        primes.resize_with(primes.len().next_multiple_of(16), Vec::new);
        let product_of = |primes: &Vec<Prime>| {
            let primes = primes.iter().map(|prime| u64::from(prime.value));
            Node::new([primes.fold(1_u64, u64::wrapping_mul)])
        };
        let one: Vec<Node<1>> = primes.iter().map(product_of).collect();
        let two = pairs(&one);
        let four = pairs(&two);
        let eight = pairs(&four);
        Self { top: pairs(&eight), eight, four, two, one, primes }
    }

    fn smallest(&self, number: &[u64]) -> Option<u32> {
        let tops = self.top.iter().zip(self.eight.as_chunks::<2>().0).zip(self.four.as_chunks::<4>().0);
        let lower = self.two.as_chunks::<8>().0.iter().zip(self.one.as_chunks::<16>().0);
        let all = tops.zip(lower).zip(self.primes.as_chunks::<16>().0);
        let mut room = number.to_vec();
        for ((((top, eight), four), (two, one)), primes) in all {
            room.copy_from_slice(number);
            let eight = below(&[top.reduce(&mut room)], eight);
            let rests = below(&below(&below(&eight, four), two), one);
            let found = |(primes, [rest]): (&Vec<Prime>, &[u64; 1])| {
                primes.iter().copied().find(|prime| prime.divides(*rest))
            };
            if let Some(prime) = primes.iter().zip(&rests).find_map(found) {
                return Some(prime.value);
            }
        }
        None
    }
}

/// The products of each two neighbours.
fn pairs<const L: usize, const K: usize>(nodes: &[Node<L>]) -> Vec<Node<K>> {
    let (pairs, _) = nodes.as_chunks::<2>();
    pairs.iter().map(|[one, other]| Node::new(multiply(&one.product, &other.product))).collect()
}

/// What is left of each value, for the two nodes below its own.
fn below<const L: usize, const K: usize, const N: usize, const M: usize>(
    values: &[[u64; L]; N],
    nodes: &[Node<K>; M],
) -> [[u64; K]; M] {
    let mut left = [[0; K]; M];
    let of_each = values.iter().flat_map(|value| [value, value]);
    for ((to, value), node) in left.iter_mut().zip(of_each).zip(nodes) {
        *to = node.reduce(&mut { *value });
    }
    left
}

/// An odd number.
struct Node<const K: usize> {
    product: [u64; K],
    /// −1/product modulo 2^64.
    negated_inverse: u64,
}

impl<const K: usize> Node<K> {
    fn new(product: [u64; K]) -> Self {
        let lowest = product.first().copied().unwrap_or(1);
        Self { product, negated_inverse: inverse(lowest).wrapping_neg() }
    }

    /// A number that is zero modulo a divisor of the product exactly where `number` is: Montgomery's reduction, one word at a time. It is
    /// below 2^(64·K), not always below the product.
    fn reduce(&self, number: &mut [u64]) -> [u64; K] {
        let mut over = 0;
        for start in 0..number.len().saturating_sub(K) {
            let rest = number.get_mut(start..).and_then(|rest| rest.split_first_chunk_mut::<K>());
            let Some((low, [top, ..])) = rest else { break };
            let factor = low.first().map_or(0, |lowest| lowest.wrapping_mul(self.negated_inverse));
            let carry = add_multiple(low, &self.product, factor);
            (*top, over) = add_three(*top, carry, over);
        }
        let mut left = [0; K];
        let kept = number.get(number.len().saturating_sub(K)..).unwrap_or(&[]);
        left.iter_mut().zip(kept).for_each(|(to, from)| *to = *from);
        if over != 0 {
            subtract(&mut left, &self.product);
        }
        left
    }
}

/// `sum` + `factor`·`number`, and what is carried beyond.
fn add_multiple<const K: usize>(sum: &mut [u64; K], number: &[u64; K], factor: u64) -> u64 {
    let mut carry = 0;
    for (digit, other) in sum.iter_mut().zip(number) {
        // Below 2^128: (2^64 − 1)² + 2·(2^64 − 1).
        let wide = u128::from(factor)
            .wrapping_mul(u128::from(*other))
            .wrapping_add(u128::from(*digit))
            .wrapping_add(u128::from(carry));
        (*digit, carry) = halves(wide);
    }
    carry
}

fn add_three(one: u64, two: u64, three: u64) -> (u64, u64) {
    halves(u128::from(one).wrapping_add(u128::from(two)).wrapping_add(u128::from(three)))
}

/// The low and the high word.
fn halves(wide: u128) -> (u64, u64) {
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation)]
    (wide as u64, (wide >> 64) as u64)
}

fn subtract<const K: usize>(from: &mut [u64; K], number: &[u64; K]) {
    let mut borrow = false;
    for (digit, other) in from.iter_mut().zip(number) {
        let (once, first) = digit.overflowing_sub(*other);
        let (twice, second) = once.overflowing_sub(borrow.into());
        (*digit, borrow) = (twice, first || second);
    }
}

/// The product, of twice as many words.
fn multiply<const L: usize, const K: usize>(one: &[u64; L], other: &[u64; L]) -> [u64; K] {
    let mut product = [0; K];
    for (start, factor) in one.iter().enumerate() {
        if let Some((low, high)) = product.get_mut(start..).and_then(|rest| rest.split_first_chunk_mut::<L>())
        {
            let carry = add_multiple(low, other, *factor);
            high.iter_mut().take(1).for_each(|next| *next = carry);
        }
    }
    product
}

/// 1/`odd` modulo 2^64, by Newton's iteration: each step doubles the bits that are right, of which there are three at the start.
fn inverse(odd: u64) -> u64 {
    (0..5).fold(odd, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse))))
}

/// An odd prime, and what tells its multiples: `n` is one where n/p modulo 2^64 is at most (2^64 − 1)/p ("Hacker's Delight", Warren 2012,
/// section 10-17).
#[derive(Clone, Copy)]
struct Prime {
    value: u32,
    inverse: u64,
    most: u64,
}

impl Prime {
    fn new(value: u32) -> Self {
        let wide = u64::from(value);
        Self { value, inverse: inverse(wide), most: u64::MAX.checked_div(wide).unwrap_or(0) }
    }

    fn divides(self, number: u64) -> bool {
        number.wrapping_mul(self.inverse) <= self.most
    }
}

/// The odd primes below [`LIMIT`], by Eratosthenes' sieve.
fn odd_primes() -> impl Iterator<Item = u32> {
    let mut is_prime = vec![true; usize::try_from(LIMIT).unwrap_or(0)];
    (3..LIMIT).step_by(2).filter(move |value| {
        let at = usize::try_from(*value).unwrap_or(0);
        let is_this = is_prime.get(at).copied().unwrap_or(false);
        if is_this {
            is_prime.iter_mut().skip(at).step_by(at).for_each(|multiple| *multiple = false);
        }
        is_this
    })
}

/// Whether a modulus has the form of the keys of ROCA (CVE-2017-15361): modulo each prime from 3 to 167 it is a power of 65537. A key made in
/// another way has it once in 2^27 times.
///
/// Source: Nemec, Sys, Svenda, Klinec, Matyas, "The Return of Coppersmith's Attack", CCS 2017, section 3.
pub(crate) fn has_roca_form(modulus: &[u8]) -> bool {
    // Those first of which the fewest numbers are powers: most moduli fail there.
    static PRIMES: LazyLock<Vec<Powers>> = LazyLock::new(|| {
        let mut primes: Vec<_> = odd_primes().take_while(|prime| *prime <= 167).map(Powers::new).collect();
        primes.sort_by_key(Powers::per_mille);
        primes
    });
    let words = words(modulus);
    PRIMES.iter().all(|powers| powers.has(&words))
}

/// The powers of 65537 modulo a prime.
struct Powers {
    prime: u32,
    is_power: Vec<bool>,
}

impl Powers {
    fn new(prime: u32) -> Self {
        let mut is_power = vec![false; usize::try_from(prime).unwrap_or(0)];
        let mut power = 1_u32;
        while let Some(seen @ false) = is_power.get_mut(usize::try_from(power).unwrap_or(0)) {
            *seen = true;
            power = power.wrapping_mul(65537).checked_rem(prime).unwrap_or(0);
        }
        Self { prime, is_power }
    }

    /// How many numbers are powers.
    fn per_mille(&self) -> usize {
        let powers = self.is_power.iter().filter(|is_power| **is_power).count();
        powers.saturating_mul(1000).checked_div(self.is_power.len()).unwrap_or(0)
    }

    fn has(&self, words: &[u64]) -> bool {
        let rest = words.iter().rev().fold(0_u128, |rest, word| {
            ((rest << 64) | u128::from(*word)).checked_rem(self.prime.into()).unwrap_or(0)
        });
        usize::try_from(rest).ok().and_then(|rest| self.is_power.get(rest)).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects)]
    use certgate_forge::{BigUint, key};

    use super::*;

    #[test]
    fn the_primes_are_those_below_the_limit() {
        let primes: Vec<u32> = odd_primes().collect();
        assert_eq!((primes.len(), primes.first(), primes.last()), (6541, Some(&3), Some(&65521)));
        assert!(primes.iter().all(|prime| (3..256).step_by(2).all(|by| by >= *prime || prime % by != 0)));
    }

    fn large_primes() -> Vec<BigUint> {
        let keys = [key::rsa1024(), key::rsa2048(0), key::rsa3072(), key::rsa4096(), key::rsa8192()];
        keys.iter().map(|key| key.rsa().n.magnitude().clone()).collect()
    }

    #[test]
    fn each_prime_is_found_alone() {
        let [small, large] = [&large_primes()[0], &large_primes()[1]];
        for prime in odd_primes() {
            assert_eq!(small_factor(&(large * prime).to_bytes_be()), Some(prime));
        }
        for prime in odd_primes().step_by(97) {
            assert_eq!(small_factor(&(small * prime).to_bytes_be()), Some(prime));
            assert_eq!(small_factor(&prime.to_be_bytes()), Some(prime));
            assert_eq!(small_factor(&(large * prime * 65521_u32).to_bytes_be()), Some(prime));
        }
    }

    #[test]
    fn the_tree_finds_what_division_finds() {
        let mut seed = BigUint::from(12345_u32);
        for large in large_primes() {
            assert_eq!(small_factor(&large.to_bytes_be()), None);
            assert_eq!(
                small_factor(&(&large * 65537_u32).to_bytes_be()),
                None,
                "65537 is not below the limit"
            );
            for _ in 0..40 {
                seed = (&seed * &seed + 7_u32) % &large;
                let odd: BigUint = &seed * 2_u32 + 1_u32;
                let wanted = odd_primes().find(|prime| &odd % prime == BigUint::ZERO);
                assert_eq!(small_factor(&odd.to_bytes_be()), wanted);
            }
        }
    }

    #[test]
    fn rocas_form_is_that_of_powers_of_65537() {
        let primorial = odd_primes()
            .take_while(|prime| *prime <= 167)
            .fold(BigUint::from(2_u32), |all, prime| all * prime);
        let multiple = &large_primes()[1] * &primorial;
        for exponent in [0_u32, 1, 2, 1000, 123_456_789] {
            let power = BigUint::from(65537_u32).modpow(&exponent.into(), &primorial);
            assert!(has_roca_form(&(&multiple + &power).to_bytes_be()), "{exponent}");
            // 3 is a power of 65537 modulo 3, as zero is not, and is none modulo 11, where they are 1 and 10.
            assert!(!has_roca_form(&(&multiple + power * 3_u32).to_bytes_be()), "{exponent}");
        }
        for large in large_primes() {
            assert!(!has_roca_form(&large.to_bytes_be()));
        }
    }
}
