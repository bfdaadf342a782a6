//! Moduli that anyone can factor: with a small prime in them, or of ROCA's form. Public arithmetic, so it may take what time it likes.
//!
//! Written by hand. Source: Montgomery, "Modular multiplication without trial division" (1985). Its reduction multiplies by a power of two,
//! which no odd prime divides, so that what is divisible stays so. Proof: `each_prime_is_found_alone` and `it_finds_what_division_finds`.

use std::sync::LazyLock;

/// One above the largest prime that is tried, as NIST SP 800-89 (5.3.3) and the CA/Browser BR (6.1.6) have it. Primes up to 2^16 would cost
/// more than the proof of the key; both primes of a private key are known, and looked at in `weak`.
const LIMIT: u32 = 752;

/// The smallest odd prime below 752 that divides an odd modulus, big-endian.
pub(crate) fn small_factor(modulus: &[u8]) -> Option<u32> {
    static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| Group::all(odd_primes()));
    let words = words(modulus);
    // Four at a time: each step of one waits for the step before.
    GROUPS.chunks(4).find_map(|groups| {
        let rests = match groups {
            [one, two, three, four] => reduce_four([one, two, three, four], &words),
            fewer => {
                let mut rests = [1; 4];
                rests.iter_mut().zip(fewer).for_each(|(rest, group)| *rest = group.reduce(&words));
                rests
            }
        };
        let mut primes = groups
            .iter()
            .zip(rests)
            .flat_map(|(group, rest)| group.primes.iter().filter(move |prime| prime.divides(rest)));
        primes.next().map(|prime| prime.value)
    })
}

/// The words of a big-endian number, the lowest first.
fn words(number: &[u8]) -> Vec<u64> {
    let (highest, whole) = number.as_rchunks();
    let whole = whole.iter().rev().map(|octets| u64::from_be_bytes(*octets));
    let highest = highest.iter().fold(0, |word, octet| (word << 8) | u64::from(*octet));
    whole.chain([highest]).collect()
}

/// As many primes as have a product of one word.
struct Group {
    primes: Vec<Prime>,
    product: u64,
    /// 1/product modulo 2^64.
    inverse: u64,
}

impl Group {
    fn all(primes: impl Iterator<Item = u32>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for value in primes {
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

    /// A word that a prime of the group divides exactly where it divides the number: Montgomery's reduction, one word at a time. Modulo the
    /// product it is −number/2^(64·words).
    fn reduce(&self, words: &[u64]) -> u64 {
        words.iter().fold(0, |carry, word| self.step(carry, *word))
    }

    fn step(&self, carry: u64, word: u64) -> u64 {
        let (low, borrow) = word.overflowing_sub(carry);
        let multiple = u128::from(low.wrapping_mul(self.inverse)).wrapping_mul(self.product.into());
        // At most the product, since the high word is at most product − 1.
        high(multiple).wrapping_add(borrow.into())
    }
}

fn reduce_four(groups: [&Group; 4], words: &[u64]) -> [u64; 4] {
    let [one, two, three, four] = groups;
    words.iter().fold([0; 4], |[first, second, third, fourth], word| {
        [one.step(first, *word), two.step(second, *word), three.step(third, *word), four.step(fourth, *word)]
    })
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
    // Those first of which the fewest numbers are powers: most moduli fail in the first group.
    static GROUPS: LazyLock<Vec<(Group, Vec<Powers>)>> = LazyLock::new(|| {
        let mut primes: Vec<_> = odd_primes().take_while(|prime| *prime <= 167).map(Powers::new).collect();
        primes.sort_by_key(Powers::per_mille);
        let (mut primes, mut groups) = (primes.into_iter().peekable(), Vec::new());
        while primes.peek().is_some() {
            // Eight primes below 168 have a product of at most 60 bits.
            let powers: Vec<_> = primes.by_ref().take(8).collect();
            let group = Group::all(powers.iter().map(|powers| powers.prime)).pop();
            groups.extend(group.map(|group| (group, powers)));
        }
        groups
    });
    let words = words(modulus);
    GROUPS.iter().all(|(group, powers)| {
        let rest = group.reduce(&words);
        powers.iter().all(|powers| powers.has(rest, words.len()))
    })
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

    /// Whether a number of so many words is a power, of which [`Group::reduce`] made `rest`.
    fn has(&self, rest: u64, words: usize) -> bool {
        let modulo = |number: u64| number.checked_rem(self.prime.into()).unwrap_or(0);
        // What a word is worth: 2^64. Each product is below 168 · 168.
        let (mut worth, mut negative, mut words) =
            (modulo(modulo(u64::MAX).wrapping_add(1)), modulo(rest), words);
        while words > 0 {
            if words & 1 == 1 {
                negative = modulo(negative.wrapping_mul(worth));
            }
            worth = modulo(worth.wrapping_mul(worth));
            words >>= 1;
        }
        let number = modulo(u64::from(self.prime).wrapping_sub(negative));
        usize::try_from(number).ok().and_then(|number| self.is_power.get(number)).copied().unwrap_or(false)
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

    #[test]
    fn one_prime_without_a_power_is_not_rocas_form() {
        let primes: Vec<u32> = odd_primes().take_while(|prime| *prime <= 167).collect();
        let primorial = primes.iter().fold(BigUint::from(2_u32), |all, prime| all * prime);
        for large in large_primes() {
            let power = &large * &primorial + BigUint::from(65537_u32).modpow(&77_u32.into(), &primorial);
            for prime in &primes {
                let powers: Vec<u64> =
                    std::iter::successors(Some(1), |last| Some(last * 65537 % u64::from(*prime)))
                        .take(168)
                        .collect();
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
