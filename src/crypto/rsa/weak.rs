//! Private RSA keys whose numbers fit together and that anyone can compute from the public key. In constant time, like the proof: only the
//! verdict becomes known.

use crypto_bigint::{BoxedUint, Choice, CtEq, CtSelect, NonZero, Resize};
use zeroize::Zeroizing;

use super::bit_length;
use super::private::{Number, RsaNumbers, less_one, number, remainder};
use crate::crypto::stack;

/// Bits of the difference of two primes that is too small for a modulus of so many bits (FIPS 186-5, A.1.3).
pub(crate) fn prime_distance(modulus_bits: usize) -> usize {
    modulus_bits.checked_div(2).unwrap_or(0).saturating_sub(100)
}

/// Whether |p − q| ≤ 2^(nlen/2 − 100): Fermat's method then finds both from n.
pub(crate) fn are_primes_close(key: &RsaNumbers) -> bool {
    may_be_close(key) && stack::clean_after_proof(|| are_close(key))
}

/// Whether the first 64 bits of p and q differ by one at most, as those of close primes do: it saves nearly every key the arithmetic, for one
/// other key in 2^60 becomes known to be so.
fn may_be_close(key: &RsaNumbers) -> bool {
    let low = key.p.len().max(key.q.len()).saturating_sub(8);
    let first = |octets: &[u8]| {
        let high = octets.iter().take(octets.len().saturating_sub(low));
        high.fold(0_u64, |word, octet| (word << 8) | u64::from(*octet))
    };
    first(&key.p).wrapping_sub(first(&key.q)).wrapping_add(1) <= 2
}

fn are_close(key: &RsaNumbers) -> bool {
    let (p, q) = (number(&key.p), number(&key.q));
    let bits = p.bits_precision().max(q.bits_precision());
    let (p, q) = (Zeroizing::new(Resize::resize(&*p, bits)), Zeroizing::new(Resize::resize(&*q, bits)));
    let (less, is_negative) = p.underflowing_sub(&*q);
    let (less, more) = (Zeroizing::new(less), Zeroizing::new(q.wrapping_sub(&*p)));
    let distance = Zeroizing::new(BoxedUint::ct_select(&less, &more, is_negative));
    let distance_less_1 = Zeroizing::new(distance.wrapping_sub(BoxedUint::one()));
    let most = prime_distance(key.public.bits());
    // A power of two has one bit more than the number before it.
    has_at_most(&distance, most) | has_at_most(&distance_less_1, most)
}

/// Bits of a prime that the elliptic-curve method of factoring may find: the largest that it found until 2013 had 274, and each few more cost double.
pub(crate) const SHORT_PRIME: usize = 384;

/// Whether p or q has at most 384 bits: the modulus is then no harder to factor than the prime is to find, however long it is.
pub(crate) fn is_prime_short(key: &RsaNumbers) -> bool {
    // Whether all octets before those of a short prime are zero.
    let is_short = |octets: &[u8]| {
        let last = SHORT_PRIME.div_ceil(8);
        octets.iter().rev().skip(last).fold(0, |seen, octet| seen | octet) == 0
    };
    is_short(&key.p) | is_short(&key.q)
}

/// Whether d modulo lcm(p − 1, q − 1) is at most 2^(nlen/2) (FIPS 186-5, A.1.1): continued fractions or lattices then find it from n and e.
///
/// Such a d is dP or dP + p − 1 if p is the larger prime: p > 2^((nlen − 1)/2), so that 2·(p − 1) is above the limit. Which of the two primes
/// is the larger is secret, so both are taken for it; a number that leaves the right remainders is d in either case.
pub(crate) fn is_private_exponent_small(key: &RsaNumbers) -> bool {
    may_be_small(key) && stack::clean_after_proof(|| is_small(key))
}

/// Whether the last 64 bits of dP or dP + p − 1 are those of dQ or dQ + q − 1. Where both primes have half of the modulus' bits, as in nearly every key, a
/// small d is one of the first two and one of the others: it saves such a key the arithmetic, for one other key in 2^62 becomes known to be so.
fn may_be_small(key: &RsaNumbers) -> bool {
    let half = key.public.bits().checked_div(2).unwrap_or(0);
    if [&key.p, &key.q].iter().any(|prime| bit_length(prime) != half) {
        return true;
    }
    let last = |octets: &[u8]| {
        let low = octets.iter().rev().take(8).rev();
        low.fold(0_u64, |word, octet| (word << 8) | u64::from(*octet))
    };
    let candidates = |rest: &[u8], prime: &[u8]| {
        let rest = last(rest);
        [rest, rest.wrapping_add(last(prime)).wrapping_sub(1)]
    };
    let [of_p, of_q] = [candidates(&key.dp, &key.p), candidates(&key.dq, &key.q)];
    let equal = of_p.iter().flat_map(|one| of_q.map(|other| one.ct_eq(&other)));
    equal.fold(Choice::FALSE, |any, is_equal| any | is_equal).to_bool()
}

fn is_small(key: &RsaNumbers) -> bool {
    let (dp, dq) = (number(&key.dp), number(&key.dq));
    let less_1 = (less_one(&number(&key.p)), less_one(&number(&key.q)));
    let (Some(p_less_1), Some(q_less_1)) = less_1 else { return false };
    let most = key.public.bits().checked_div(2).unwrap_or(0);
    let of_p = fits(&dp, &p_less_1, &dq, &q_less_1, most);
    let of_q = fits(&dq, &q_less_1, &dp, &p_less_1, most);
    of_p | of_q
}

/// Whether `rest`, or `rest` and `divisor`, has at most `most` bits and leaves `other_rest` when divided by `other`. d is odd, so it is never the power of two itself.
fn fits(
    rest: &Number,
    divisor: &NonZero<BoxedUint>,
    other_rest: &Number,
    other: &NonZero<BoxedUint>,
    most: usize,
) -> bool {
    let next = Zeroizing::new(rest.concatenating_add(divisor.as_ref()));
    let is_d = |d: &Number| has_at_most(d, most) & bool::from(remainder(d, other).ct_eq(&**other_rest));
    is_d(rest) | is_d(&next)
}

fn has_at_most(number: &BoxedUint, bits: usize) -> bool {
    usize::try_from(number.bit_width()).is_ok_and(|have| have <= bits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]
    use certgate_forge::BigInt;
    use certgate_forge::key::{self, Rsa};

    use super::*;
    use crate::crypto::proof::Numbers;
    use crate::read::key::PrivateKey;

    fn numbers(key: &Rsa) -> RsaNumbers {
        match PrivateKey::from_der(&key.pkcs1().encode()).unwrap().numbers() {
            Numbers::Rsa(rsa) => (**rsa).clone(),
            Numbers::Ec(_) => panic!("not an RSA key"),
        }
    }

    /// The numbers of a key with these factors, which for these tests need not be prime.
    fn with_factors(p: &BigInt, q: &BigInt) -> RsaNumbers {
        numbers(&Rsa { n: p * q, p: p.clone(), q: q.clone(), ..key::rsa2048(0).rsa() })
    }

    #[test]
    fn primes_are_close_up_to_the_limit() {
        let p = key::rsa2048(0).rsa().p;
        let limit: BigInt = BigInt::from(1) << 924;
        for (distance, is_close) in [
            (BigInt::from(0), true),
            (BigInt::from(2), true),
            (&limit - 2, true),
            (limit.clone(), true),
            (&limit + 2, false),
            (&limit << 1, false),
        ] {
            let q = &p - &distance;
            assert_eq!((&p * &q).bits(), 2048);
            assert_eq!(are_primes_close(&with_factors(&p, &q)), is_close, "{distance}");
            assert_eq!(are_primes_close(&with_factors(&q, &p)), is_close, "{distance}");
        }
        for key in [key::rsa1024(), key::rsa2048(1), key::rsa3072(), key::rsa8192()] {
            assert!(!are_primes_close(&numbers(&key.rsa())));
        }
    }

    #[test]
    fn primes_are_short_up_to_the_limit() {
        let long = key::rsa2048(0).rsa().p;
        let one = BigInt::from(1);
        for (bits, is_short) in [(17_u32, true), (384, true), (385, false), (900, false)] {
            let short: BigInt = (&one << bits) - 1;
            for (p, q) in [(&short, &long), (&long, &short)] {
                let [d, dp, dq, qinv] = std::array::from_fn(|_| one.clone());
                let (n, p, q) = (p * q, p.clone(), q.clone());
                let key = Rsa { n, d, p, q, dp, dq, qinv, ..key::rsa2048(0).rsa() };
                assert_eq!(is_prime_short(&numbers(&key)), is_short, "{bits} bits");
            }
        }
        for key in [key::rsa1024(), key::rsa2048(1), key::rsa3072(), key::rsa8192()] {
            assert!(!is_prime_short(&numbers(&key.rsa())));
        }
    }

    /// A key with a private exponent of its own choice.
    fn with_exponent(key: &Rsa, d: &BigInt) -> Option<Rsa> {
        let (p1, q1): (BigInt, BigInt) = (&key.p - 1, &key.q - 1);
        let e = d.modinv(&(&p1 * &q1))?;
        Some(Rsa { e, d: d.clone(), dp: d % &p1, dq: d % &q1, ..key.clone() })
    }

    #[test]
    fn private_exponents_are_small_up_to_the_limit() {
        for key in [key::rsa2048(0).rsa(), key::rsa3072().rsa()] {
            let exchanged = Rsa { p: key.q.clone(), q: key.p.clone(), ..key.clone() };
            let half = key.n.bits() / 2;
            for (from, is_small) in [
                (BigInt::from(3), true),
                (BigInt::from(1) << 300, true),
                ((BigInt::from(1) << half) - 400, true),
                (BigInt::from(1) << half, false),
                (BigInt::from(1) << (half + 40), false),
            ] {
                let step = |d: BigInt| (0..200).map(move |more| &d + 1 - (&d % 2) + 2 * more);
                for key in [&key, &exchanged] {
                    let weak = step(from.clone()).find_map(|d| with_exponent(key, &d)).unwrap();
                    let bits = weak.d.bits();
                    assert_eq!(is_private_exponent_small(&numbers(&weak)), is_small, "{bits} bits");
                    // A multiple of lcm(p − 1, q − 1) more hides nothing.
                    let phi = (&key.p - 1) * (&key.q - 1);
                    let more = numbers(&Rsa { d: &weak.d + phi / 2, ..weak });
                    assert_eq!(is_private_exponent_small(&more), is_small, "{bits} bits");
                }
            }
        }
        for key in [key::rsa1024(), key::rsa2048(1), key::rsa2048e3(), key::rsa8192()] {
            assert!(!is_private_exponent_small(&numbers(&key.rsa())));
        }
    }

    /// The larger prime may be far larger than half of the modulus.
    #[test]
    fn unequal_primes_hide_no_small_private_exponent() {
        let p = key::rsa1024().rsa().p;
        let q = key::rsa3072().rsa().p;
        let key = Rsa { n: &p * &q, p, q, ..key::rsa1024().rsa() };
        let exchanged = Rsa { p: key.q.clone(), q: key.p.clone(), ..key.clone() };
        let small = (0..200).map(|more| (BigInt::from(1) << 900) + 1 + 2 * more);
        let large = (0..200).map(|more| (BigInt::from(1) << 1100) + 1 + 2 * more);
        for key in [&key, &exchanged] {
            let weak = small.clone().find_map(|d| with_exponent(key, &d)).unwrap();
            assert!(is_private_exponent_small(&numbers(&weak)));
            let sound = large.clone().find_map(|d| with_exponent(key, &d)).unwrap();
            assert!(!is_private_exponent_small(&numbers(&sound)));
        }
    }
}
