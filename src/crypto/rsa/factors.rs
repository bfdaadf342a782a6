//! Moduli that anyone can factor: with a small prime in them, or of ROCA's form. Public arithmetic, so it may take what time it likes.
//!
//! Written by hand. Source: Montgomery, "Modular multiplication without trial division" (1985). Its reduction multiplies by a power of two,
//! which no odd prime divides, so that what is divisible stays so. Proof: `each_prime_is_found_alone` and `it_finds_what_division_finds`.

use std::sync::LazyLock;

/// One above the largest prime that is tried, as NIST SP 800-89 (5.3.3) and the CA/Browser BR (6.1.6) have it. Primes up to 2^16 would cost
/// more than the proof of the key.
const LIMIT: u32 = 752;

/// The smallest odd prime below 752 that divides an odd modulus, big-endian.
pub(crate) fn small_factor(modulus: &[u8]) -> Option<u32> {
    static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(Group::all);
    let words = words(modulus);
    GROUPS.iter().find_map(|group| {
        let rest = group.reduce(&words);
        group.primes.iter().find(|prime| prime.divides(rest)).map(|prime| prime.value)
    })
}

/// The words of a big-endian number, the lowest first.
fn words(number: &[u8]) -> Vec<u64> {
    let word = |octets: &[u8]| octets.iter().fold(0, |word, octet| (word << 8) | u64::from(*octet));
    number.rchunks(8).map(word).collect()
}

/// As many primes as have a product of one word.
struct Group {
    primes: Vec<Prime>,
    product: u64,
    /// 1/product modulo 2^64.
    inverse: u64,
}

impl Group {
    fn all() -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for value in odd_primes() {
            let prime = Prime::new(value);
            let last = groups.last_mut();
            match last.and_then(|last| Some((last.product.checked_mul(value.into())?, last))) {
                Some((product, last)) => {
                    last.primes.push(prime);
                    last.product = product;
                }
                None => groups.push(Self { primes: vec![prime], product: value.into(), inverse: 0 }),
            }
        }
        groups.iter_mut().for_each(|group| group.inverse = inverse(group.product));
        groups
    }

    /// A word that a prime of the group divides exactly where it divides the number: Montgomery's reduction, one word at a time.
    fn reduce(&self, words: &[u64]) -> u64 {
        words.iter().fold(0, |carry, word| {
            let (low, borrow) = word.overflowing_sub(carry);
            let multiple = u128::from(low.wrapping_mul(self.inverse)).wrapping_mul(self.product.into());
            // At most the product, since the high word is at most product − 1.
            high(multiple).wrapping_add(borrow.into())
        })
    }
}

#[allow(clippy::as_conversions, clippy::cast_possible_truncation)]
fn high(wide: u128) -> u64 {
    (wide >> 64) as u64
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
        assert_eq!((primes.len(), primes.first(), primes.last()), (132, Some(&3), Some(&751)));
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
        for prime in odd_primes().step_by(7) {
            assert_eq!(small_factor(&(small * prime).to_bytes_be()), Some(prime));
            assert_eq!(small_factor(&prime.to_be_bytes()), Some(prime));
            assert_eq!(small_factor(&(large * prime * 751_u32).to_bytes_be()), Some(prime));
        }
    }

    #[test]
    fn it_finds_what_division_finds() {
        let mut seed = BigUint::from(12345_u32);
        for large in large_primes() {
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
