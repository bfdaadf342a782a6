//! Moduli that anyone can factor: with a small prime in them, or of ROCA's form. Public arithmetic, so it may take what time it likes.
//!
//! Written by hand. The odd primes below 752 are multiplied into groups, and a modulus is reduced by each group's product at once: its words times
//! what each is worth, which are products that do not wait for each other, and one reduction of their sum (Montgomery, "Modular
//! multiplication without trial division", 1985). Proof: `each_prime_is_found_alone` and `it_finds_what_division_finds`.

use std::iter::{Peekable, successors};
use std::sync::LazyLock;

use super::MAX_RSA_BITS;

/// One above the largest prime that is tried, as NIST SP 800-89 (5.3.3) and the CA/Browser BR (6.1.6) have it. Primes up to 2^16 would cost
/// more than the proof of the key; both primes of a private key are known, and looked at in `weak`.
const LIMIT: u32 = 752;

/// The largest prime that ROCA's form is about.
const ROCA_LIMIT: u32 = 167;

/// A modulus as it is divided here.
pub(crate) struct Modulus {
    /// The lowest first.
    words: Vec<u64>,
}

impl Modulus {
    /// An odd number, big-endian, of at most [`MAX_RSA_BITS`].
    pub(crate) fn new(octets: &[u8]) -> Self {
        let (highest, whole) = octets.as_rchunks();
        let whole = whole.iter().rev().map(|octets| u64::from_be_bytes(*octets));
        let highest = highest.iter().fold(0, |word, octet| (word << 8) | u64::from(*octet));
        Self { words: whole.chain([highest]).collect() }
    }

    /// The smallest odd prime below 752 that divides it.
    pub(crate) fn small_factor(&self) -> Option<u32> {
        let mut primes = self.negated().filter(|(prime, negated)| prime.divides(*negated));
        primes.next().map(|(prime, _)| prime.value)
    }

    /// Whether it has the form of the keys of ROCA (CVE-2017-15361): modulo each prime from 3 to 167 it is a power of 65537. A key made in
    /// another way has it once in 2^27 times.
    ///
    /// Source: Nemec, Sys, Svenda, Klinec, Matyas, "The Return of Coppersmith's Attack", CCS 2017, section 3.
    pub(crate) fn has_roca_form(&self) -> bool {
        let mut primes = self.negated().take_while(|(prime, _)| prime.value <= ROCA_LIMIT);
        primes.all(|(prime, negated)| prime.has_power(negated))
    }

    /// Each prime, and a word that is −modulus modulo it.
    fn negated(&self) -> impl Iterator<Item = (&'static Prime, u64)> {
        let groups = GROUPS.iter().flat_map(|groups| groups.iter().zip(reduce(groups, &self.words)));
        groups.flat_map(|(group, negated)| group.primes.iter().map(move |prime| (prime, negated)))
    }
}

static GROUPS: LazyLock<Vec<[Group; 4]>> = LazyLock::new(|| {
    let (mut primes, mut all) = (odd_primes().peekable(), Vec::new());
    while primes.peek().is_some() {
        all.push([(); 4].map(|()| Group::next(&mut primes)));
    }
    all
});

/// For each group a word that is −number modulo its product. Four at a time, so that each word of the number is read once for all.
fn reduce(groups: &[Group; 4], words: &[u64]) -> [u64; 4] {
    let [one, two, three, four] = groups;
    let worth = one.worth.iter().zip(&two.worth).zip(three.worth.iter().zip(&four.worth));
    let [mut first, mut second, mut third, mut fourth] = [0_u128; 4];
    for (word, ((one, two), (three, four))) in words.iter().zip(worth) {
        let times = |worth: &u64| u128::from(*word).wrapping_mul((*worth).into());
        first = first.wrapping_add(times(one));
        second = second.wrapping_add(times(two));
        third = third.wrapping_add(times(three));
        fourth = fourth.wrapping_add(times(four));
    }
    [one.finish(first), two.finish(second), three.finish(third), four.finish(fourth)]
}

/// As many primes as have a product below [`Group::LIMIT`].
struct Group {
    primes: Vec<Prime>,
    product: u64,
    /// 1/product modulo 2^64.
    inverse: u64,
    /// What each word of a number is worth, modulo the product, times the 2^128 by which [`Group::finish`] divides.
    worth: Vec<u64>,
}

impl Group {
    /// So that 2^8 words, each times what it is worth, have a sum below 2^128.
    const LIMIT: u64 = 1 << 56;

    /// Words of the longest [`Modulus`], whose highest can be zero.
    const WORDS: usize = MAX_RSA_BITS / 64 + 1;

    /// Takes the next primes. A group without any has the product 1.
    fn next(all: &mut Peekable<impl Iterator<Item = u32>>) -> Self {
        let (mut primes, mut product) = (Vec::new(), 1_u64);
        while let Some(value) = all.next_if(|value| product.saturating_mul((*value).into()) < Self::LIMIT) {
            product = product.saturating_mul(value.into());
            primes.push(Prime::new(value));
        }
        let modulo = |number: u128| number.checked_rem(product.into()).unwrap_or(0);
        let powers = successors(Some(modulo(1 << 64)), |power| Some(modulo(power << 64)));
        // The first is 2^64, so the second is 2^128.
        let worth = powers.skip(1).take(Self::WORDS).map(low).collect();
        Self { primes, product, inverse: inverse(product), worth }
    }

    /// A word that is −`sum`/2^128 modulo the product.
    fn finish(&self, sum: u128) -> u64 {
        self.step(self.step(0, low(sum)), high(sum))
    }

    /// Montgomery's reduction of one word: the words so far are −carry · 2^(64·words) modulo the product.
    fn step(&self, carry: u64, word: u64) -> u64 {
        let (difference, borrow) = word.overflowing_sub(carry);
        let multiple = u128::from(difference.wrapping_mul(self.inverse)).wrapping_mul(self.product.into());
        // At most the product, since the high word is at most product − 1.
        high(multiple).wrapping_add(borrow.into())
    }
}

#[allow(clippy::as_conversions, clippy::cast_possible_truncation)]
fn low(wide: u128) -> u64 {
    wide as u64
}

fn high(wide: u128) -> u64 {
    low(wide >> 64)
}

/// 1/`odd` modulo 2^64, by Newton's iteration: each step doubles the bits that are right, of which there are three at the start.
fn inverse(odd: u64) -> u64 {
    (0..5).fold(odd, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse))))
}

/// An odd prime, and what tells its multiples: `n` is one where n/p modulo 2^64 is at most (2^64 − 1)/p ("Hacker's Delight", Warren 2012,
/// section 10-17).
struct Prime {
    value: u32,
    inverse: u64,
    most: u64,
    /// Which numbers are −65537^k modulo the prime, up to [`ROCA_LIMIT`].
    negated_powers: Vec<bool>,
}

impl Prime {
    fn new(value: u32) -> Self {
        let wide = u64::from(value);
        let negated_powers = if value <= ROCA_LIMIT { negated_powers(value) } else { Vec::new() };
        Self { value, inverse: inverse(wide), most: u64::MAX.checked_div(wide).unwrap_or(0), negated_powers }
    }

    fn divides(&self, number: u64) -> bool {
        number.wrapping_mul(self.inverse) <= self.most
    }

    /// Whether −`negated` is a power of 65537 modulo this prime.
    fn has_power(&self, negated: u64) -> bool {
        let rest = negated.checked_rem(self.value.into()).and_then(|rest| usize::try_from(rest).ok());
        rest.and_then(|rest| self.negated_powers.get(rest)).copied().unwrap_or(false)
    }
}

fn negated_powers(prime: u32) -> Vec<bool> {
    let mut are_powers = vec![false; usize::try_from(prime).unwrap_or(0)];
    let mut power = 1_u32;
    while let Some(seen @ false) =
        are_powers.get_mut(usize::try_from(prime.saturating_sub(power)).unwrap_or(0))
    {
        *seen = true;
        power = power.wrapping_mul(65537).checked_rem(prime).unwrap_or(0);
    }
    are_powers
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

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects)]
    use certgate_forge::{BigUint, key};

    use super::*;

    fn small_factor(modulus: &[u8]) -> Option<u32> {
        Modulus::new(modulus).small_factor()
    }

    fn has_roca_form(modulus: &[u8]) -> bool {
        Modulus::new(modulus).has_roca_form()
    }

    #[test]
    fn the_primes_are_those_below_the_limit() {
        let primes: Vec<u32> = odd_primes().collect();
        assert_eq!((primes.len(), primes.first(), primes.last()), (132, Some(&3), Some(&751)));
        assert!(primes.iter().all(|prime| (3..256).step_by(2).all(|by| by >= *prime || prime % by != 0)));
    }

    /// Moduli, so that the small primes that go into their multiples are known.
    fn large() -> Vec<BigUint> {
        let keys = [key::rsa1024(), key::rsa2048(0), key::rsa3072(), key::rsa4096()];
        keys.iter().map(|key| key.rsa().n.magnitude().clone()).collect()
    }

    #[test]
    fn each_prime_is_found_alone() {
        let [small, large] = [&large()[0], &large()[1]];
        for prime in odd_primes() {
            assert_eq!(small_factor(&(large * prime).to_bytes_be()), Some(prime));
        }
        for prime in odd_primes().step_by(7) {
            assert_eq!(small_factor(&(small * prime).to_bytes_be()), Some(prime));
            assert_eq!(small_factor(&prime.to_be_bytes()), Some(prime));
            assert_eq!(small_factor(&(large * prime * 751_u32).to_bytes_be()), Some(prime));
        }
    }

    #[test]
    fn it_finds_what_division_finds() {
        let mut seed = BigUint::from(12345_u32);
        for large in large() {
            assert_eq!(small_factor(&large.to_bytes_be()), None);
            assert_eq!(small_factor(&(&large * 757_u32).to_bytes_be()), None, "757 is not below the limit");
            for _ in 0..40 {
                seed = (&seed * &seed + 7_u32) % &large;
                let odd: BigUint = &seed * 2_u32 + 1_u32;
                let wanted = odd_primes().find(|prime| &odd % prime == BigUint::ZERO);
                assert_eq!(small_factor(&odd.to_bytes_be()), wanted);
            }
        }
    }

    #[test]
    fn the_longest_modulus_is_read_to_its_last_word() {
        let longest = (BigUint::from(1_u32) << MAX_RSA_BITS) - 1_u32;
        for from in [0_u32, 1_000_000] {
            let odd = &longest - 2 * from;
            let wanted = odd_primes().find(|prime| &odd % prime == BigUint::ZERO);
            assert_eq!(small_factor(&odd.to_bytes_be()), wanted);
        }
        assert_eq!(small_factor(&key::rsa8192().rsa().n.magnitude().to_bytes_be()), None);
        assert!(!has_roca_form(&key::rsa8192().rsa().n.magnitude().to_bytes_be()));
    }

    #[test]
    fn rocas_form_is_that_of_powers_of_65537() {
        let primorial = odd_primes()
            .take_while(|prime| *prime <= 167)
            .fold(BigUint::from(2_u32), |all, prime| all * prime);
        let multiple = &large()[1] * &primorial;
        for exponent in [0_u32, 1, 2, 1000, 123_456_789] {
            let power = BigUint::from(65537_u32).modpow(&exponent.into(), &primorial);
            assert!(has_roca_form(&(&multiple + &power).to_bytes_be()), "{exponent}");
            // 3 is a power of 65537 modulo 3, as zero is not, and is none modulo 11, where they are 1 and 10.
            assert!(!has_roca_form(&(&multiple + power * 3_u32).to_bytes_be()), "{exponent}");
        }
        for large in large() {
            assert!(!has_roca_form(&large.to_bytes_be()));
        }
    }

    #[test]
    fn one_prime_without_a_power_is_not_rocas_form() {
        let primes: Vec<u32> = odd_primes().take_while(|prime| *prime <= 167).collect();
        let primorial = primes.iter().fold(BigUint::from(2_u32), |all, prime| all * prime);
        for large in large() {
            let power = &large * &primorial + BigUint::from(65537_u32).modpow(&77_u32.into(), &primorial);
            for prime in &primes {
                let powers: Vec<u64> =
                    successors(Some(1), |last| Some(last * 65537 % u64::from(*prime))).take(168).collect();
                // Modulo the other primes it stays what it is.
                let mut others = (1..=*prime).map(|times| &power + &primorial / prime * times);
                let is_none =
                    |number: &BigUint| powers.iter().all(|power| number % prime != BigUint::from(*power));
                let changed = others.find(is_none).expect("zero is not a power");
                assert!(!has_roca_form(&changed.to_bytes_be()), "{prime}");
            }
            assert!(has_roca_form(&power.to_bytes_be()));
        }
    }
}
