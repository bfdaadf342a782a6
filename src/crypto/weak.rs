//! Private keys whose numbers fit together and that are easy to find all the same.

use super::ec::private as ec;
use super::proof::Numbers;
use super::rsa::weak as rsa;
use super::stack;

/// Why a private key is easy to find.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Weakness {
    /// |p − q| is at most 2^`bits`.
    PrimesClose {
        /// For a modulus of this length.
        bits: usize,
    },
    /// p or q has at most `bits` bits.
    PrimeShort {
        /// The most that the elliptic-curve method may find.
        bits: usize,
    },
    /// d modulo lcm(p − 1, q − 1) is at most 2^`bits`.
    PrivateExponentSmall {
        /// Half of the modulus' length.
        bits: usize,
    },
    /// The scalar, or its distance to the order of the base point, is below 2^128.
    ScalarSmall,
}

/// What makes `numbers` easy to find. They are taken for those of one key: whether they are is for the proof to say.
pub(crate) fn weaknesses(numbers: &Numbers) -> Vec<Weakness> {
    stack::clean_after_reading(|| match numbers {
        Numbers::Rsa(numbers) => {
            let bits = numbers.public.bits();
            let close = Weakness::PrimesClose { bits: rsa::prime_distance(bits) };
            let short = Weakness::PrimeShort { bits: rsa::SHORT_PRIME };
            let small = Weakness::PrivateExponentSmall { bits: bits.checked_div(2).unwrap_or(0) };
            let is_close = rsa::are_primes_close(numbers);
            let is_short = rsa::is_prime_short(numbers);
            let is_small = rsa::is_private_exponent_small(numbers);
            let found = [is_close.then_some(close), is_short.then_some(short), is_small.then_some(small)];
            found.into_iter().flatten().collect()
        }
        Numbers::Ec(numbers) if ec::is_scalar_small(numbers) => vec![Weakness::ScalarSmall],
        Numbers::Ec(_) => Vec::new(),
    })
}
