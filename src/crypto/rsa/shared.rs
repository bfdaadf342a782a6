//! Moduli that share a prime, among many at once. Public arithmetic, so it may take what time it likes; the primes that it finds are private
//! keys, and stay here.
//!
//! With P the product of all moduli n, and D the sum of all P/n: each P/n but the own one is a multiple of n, so that D modulo n is P/n modulo n.
//! Its greatest common divisor with n is greater than one where n shares a prime with another. A tree of products makes P and D, and brings D
//! modulo each n, which costs far less than a comparison of each with each. Source: Bernstein, "How to find smooth parts of integers" (2004),
//! and Heninger, Durumeric, Wustrow, Halderman, "Mining Your Ps and Qs" (2012), section 3.3. Proof: `it_finds_what_each_pair_shows`.

use std::collections::BTreeMap;

use dashu_int::UBig;
use dashu_int::ops::Gcd;

/// The most pairs that are compared to find out who shares with whom, once it is known that each shares with somebody.
const COMPARED: usize = 200_000;

/// The positions of moduli that share a prime with another, those that share with one another together. The moduli are different ones.
pub(crate) fn groups(moduli: &[&[u8]]) -> Vec<Vec<usize>> {
    let moduli: Vec<UBig> = moduli.iter().map(|modulus| UBig::from_be_bytes(modulus)).collect();
    let factors = shared_factors(&moduli);
    let sharing: Vec<usize> =
        (0..moduli.len()).filter(|at| factors.get(*at).is_some_and(|factor| *factor > UBig::ONE)).collect();
    // Of each its group, named by the first of it. Where a modulus shares one prime only, all with that factor belong together.
    let mut first_with: BTreeMap<&UBig, usize> = BTreeMap::new();
    let mut group_of: BTreeMap<usize, usize> = BTreeMap::new();
    for at in &sharing {
        let Some(factor) = factors.get(*at) else { continue };
        group_of.insert(*at, *first_with.entry(factor).or_insert(*at));
    }
    join_alone(&moduli, &mut group_of);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    group_of.iter().for_each(|(at, group)| groups.entry(*group).or_default().push(*at));
    let (mut groups, alone): (Vec<_>, Vec<_>) = groups.into_values().partition(|group| group.len() > 1);
    // Of these it is not known with whom they share.
    groups.extend(Some(alone.concat()).filter(|alone| !alone.is_empty()));
    groups
}

/// Joins those that are alone, since they share both of their primes, with the groups that they share with.
fn join_alone(moduli: &[UBig], group_of: &mut BTreeMap<usize, usize>) {
    let mut size: BTreeMap<usize, usize> = BTreeMap::new();
    group_of.values().for_each(|group| {
        let size = size.entry(*group).or_default();
        *size = size.saturating_add(1);
    });
    let all: Vec<usize> = group_of.keys().copied().collect();
    let alone: Vec<usize> = all
        .iter()
        .copied()
        .filter(|at| group_of.get(at).and_then(|group| size.get(group)) == Some(&1))
        .collect();
    let pairs = alone.iter().flat_map(|one| all.iter().map(move |other| (*one, *other)));
    for (one, other) in pairs.take(COMPARED) {
        let groups = (group_of.get(&one).copied(), group_of.get(&other).copied());
        let (Some(from), Some(to)) = groups else { continue };
        let (Some(n), Some(m)) = (moduli.get(one), moduli.get(other)) else { continue };
        if from != to && n.gcd(m) > UBig::ONE {
            let (from, to) = (from.max(to), from.min(to));
            group_of.values_mut().filter(|group| **group == from).for_each(|group| *group = to);
        }
    }
}

/// Of each modulus its greatest common divisor with the product of all others.
#[allow(clippy::arithmetic_side_effects, reason = "these numbers are of any size, and no divisor is zero")]
fn shared_factors(moduli: &[UBig]) -> Vec<UBig> {
    let mut products = vec![moduli.to_vec()];
    let mut sums = vec![UBig::ONE; moduli.len()];
    while let Some(level) = products.last().filter(|level| level.len() > 1) {
        let pairs = level.chunks(2).zip(sums.chunks(2));
        let above: (Vec<UBig>, Vec<UBig>) = pairs
            .filter_map(|(products, sums)| match (products, sums) {
                ([n, m], [of_n, of_m]) => Some((n * m, of_n * m + of_m * n)),
                ([n], [of_n]) => Some((n.clone(), of_n.clone())),
                _ => None,
            })
            .unzip();
        products.push(above.0);
        sums = above.1;
    }
    let mut rests = sums;
    for level in products.iter().rev() {
        let above = |at: usize| if level.len() == rests.len() { rests.get(at) } else { rests.get(at / 2) };
        // No modulus is zero: a reader of keys refuses that.
        rests = level
            .iter()
            .enumerate()
            .filter_map(|(at, product)| Some((above(at)?, product)))
            .map(|(rest, product)| if product.is_zero() { UBig::ONE } else { rest % product })
            .collect();
    }
    moduli
        .iter()
        .zip(&rests)
        .map(|(modulus, rest)| if modulus.is_zero() { UBig::ONE } else { modulus.gcd(rest) })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects)]
    use std::collections::BTreeSet;

    use certgate_forge::key;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn groups_of(moduli: &[UBig]) -> Vec<Vec<usize>> {
        let octets: Vec<_> = moduli.iter().map(UBig::to_be_bytes).collect();
        groups(&octets.iter().map(AsRef::as_ref).collect::<Vec<_>>())
    }

    /// Both primes of the forge's keys: none of them twice.
    fn primes() -> Vec<UBig> {
        let keys = [key::rsa1024(), key::rsa2048(0), key::rsa2048(1), key::rsa3072(), key::rsa4096()];
        let number = |number: &certgate_forge::BigInt| UBig::from_be_bytes(&number.to_bytes_be().1);
        keys.iter().flat_map(|key| [number(&key.rsa().p), number(&key.rsa().q)]).collect()
    }

    #[test]
    fn moduli_with_a_common_prime_are_together() {
        let p = primes();
        let of =
            |pairs: &[(usize, usize)]| -> Vec<UBig> { pairs.iter().map(|(a, b)| &p[*a] * &p[*b]).collect() };
        for (moduli, wanted) in [
            (vec![], vec![]),
            (of(&[(0, 1)]), vec![]),
            (of(&[(0, 1), (2, 3), (4, 5)]), vec![]),
            (of(&[(0, 1), (2, 3), (4, 0)]), vec![vec![0, 2]]),
            (of(&[(0, 1), (2, 3), (4, 0), (5, 2), (6, 2)]), vec![vec![0, 2], vec![1, 3, 4]]),
            // The one in the middle shares both of its primes.
            (of(&[(0, 1), (1, 2), (2, 3), (4, 5)]), vec![vec![0, 1, 2]]),
            // All share both.
            (of(&[(0, 1), (1, 2), (2, 0), (4, 5)]), vec![vec![0, 1, 2]]),
        ] {
            assert_eq!(groups_of(&moduli), wanted);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_each_pair_shows(pairs in proptest::collection::btree_set((0_usize..10, 0_usize..10), 0..14)) {
            let p = primes();
            let distinct: BTreeSet<_> = pairs.iter().filter(|(a, b)| a < b).collect();
            let moduli: Vec<UBig> = distinct.iter().map(|(a, b)| &p[*a] * &p[*b]).collect();
            // Each with each, and then all that a step leads to.
            let mut group: Vec<usize> = (0..moduli.len()).collect();
            for one in 0..moduli.len() {
                for other in 0..one {
                    if (&moduli[one]).gcd(&moduli[other]) > UBig::ONE {
                        let (from, to) = (group[one].max(group[other]), group[one].min(group[other]));
                        group.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
                    }
                }
            }
            let of = |wanted| (0..moduli.len()).filter(|at| group[*at] == wanted).collect::<Vec<_>>();
            let wanted: Vec<_> = (0..moduli.len()).map(of).filter(|group| group.len() > 1).collect();
            prop_assert_eq!(groups_of(&moduli), wanted);
        }
    }

    /// Numbers of 2048 bits without a prime below 752, from a fixed start.
    fn many(count: usize) -> Vec<Vec<u8>> {
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        let mut number = || (0..32).flat_map(|_| next().to_be_bytes()).collect::<Vec<u8>>();
        let mut many = Vec::new();
        while many.len() < count {
            let mut number = number();
            (number[0], number[255]) = (number[0] | 0x80, number[255] | 1);
            if crate::crypto::rsa::factors::Modulus::new(&number).small_factor().is_none() {
                many.push(number);
            }
        }
        many
    }

    /// The time of the own thread that a comparison takes.
    fn seconds(count: usize) -> f64 {
        let many = many(count);
        let start = cpu_time::ThreadTime::now();
        let found = groups(&many.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let seconds = start.elapsed().as_secs_f64();
        println!("{count} moduli of 2048 bits: {seconds:.1} s, {} groups", found.len());
        seconds
    }

    /// Each with each would be 500,000 pairs.
    #[test]
    fn a_thousand_moduli_take_less_than_each_with_each() {
        let many = many(100);
        let start = cpu_time::ThreadTime::now();
        let numbers: Vec<UBig> = many.iter().map(|octets| UBig::from_be_bytes(octets)).collect();
        for one in &numbers {
            for other in &numbers {
                std::hint::black_box(one.gcd(other));
            }
        }
        let of_each_pair = start.elapsed().as_secs_f64() / 10_000.0;
        let seconds = seconds(1000);
        assert!(seconds < of_each_pair * 500_000.0, "{seconds} s, {of_each_pair} s for each pair");
    }

    /// `cargo test -p certgate --lib --release ten_thousand -- --ignored --nocapture`
    #[test]
    #[ignore = "half a minute"]
    fn ten_thousand_moduli_take_at_most_two_minutes() {
        assert!(seconds(10_000) < 120.0);
    }
}
