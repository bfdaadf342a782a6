//! Whether the time of a proof tells anything of the private key: dudect's test (Reparaz, Balasch, Verbauwhede: "Dude, is my code
//! constant time?", 2017) on the match of each algorithm.
//!
//! Each test proves keys of two classes against one public key that none of them fits, so that all take the same path: class "left"
//! holds keys of a special shape, class "right" random ones. |t| below 5 after many samples is no evidence of a difference.
//!
//! `cargo run --release -p certgate-benches --example timing`; `-- --continuous rsa_d` goes on.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::expect_used
)]

use certgate::key::{Mismatch, PrivateKey, prove};
use certgate::spki::PublicKey;
use certgate_forge::key::{self, Ec, Key, Rsa};
use certgate_forge::{BigInt, BigUint};
use dudect_bencher::{BenchRng, Class, CtRunner, ctbench_main};

const KEYS: usize = 64;

/// Numbers of so many octets, the first of them 0x5a.
struct Numbers(u64);

impl Numbers {
    fn octets(&mut self, length: usize) -> Vec<u8> {
        let mut octets: Vec<u8> = (0..length).map(|_| self.octet()).collect();
        octets[0] = 0x5a;
        octets
    }

    fn octet(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as u8
    }
}

/// Proves keys of both classes in random order, and counts as the reference for the verdict the first.
fn run(runner: &mut CtRunner, public: &Key, samples: usize, left: &[Key], right: &[Key]) {
    let public = PublicKey::from_spki_der(&public.spki().encode()).unwrap();
    let written = |keys: &[Key]| keys.iter().map(Key::pkcs8).collect::<Vec<_>>();
    let classes = [written(left), written(right)];
    let read = |der: &[u8]| PrivateKey::from_der(der).unwrap();
    let verdict = prove(&public, &read(&classes[0][0])).expect_err("no key of the test fits");
    let same_path = |der: &Vec<u8>| prove(&public, &read(der)) == Err(verdict.clone());
    assert!(classes.iter().flatten().all(same_path), "not all take the path to {verdict}");

    let mut numbers = Numbers(7);
    for _ in 0..samples {
        let (class, keys) =
            if numbers.octet() & 1 == 0 { (Class::Left, &classes[0]) } else { (Class::Right, &classes[1]) };
        // Read anew each time, so that the numbers of both classes lie in the same memory: where they lie shows in the time.
        let key = read(&keys[usize::from(numbers.octet()) % keys.len()]);
        runner.run_one(class, || -> Result<(), Mismatch> { prove(&public, &key) });
    }
}

/// Scalars with most bits zero, some very short, against random ones.
fn curve(runner: &mut CtRunner, key: Key, samples: usize) {
    let ec = key.ec();
    let (size, order) = (ec.curve.size, ec.curve.n());
    let mut numbers = Numbers(1);
    let with = |scalar: BigUint| Key::from(Ec { scalar, ..ec.clone() });
    // The point beside each is that of the public key: a lie, found out by the same multiplication.
    let left: Vec<Key> =
        (0..KEYS).map(|at| with(BigUint::from(1u8) << (at * (size * 8 - 8) / KEYS))).collect();
    let right: Vec<Key> =
        (0..KEYS).map(|_| with(BigUint::from_bytes_be(&numbers.octets(size)) % &order)).collect();
    run(runner, &key, samples, &left, &right);
}

fn p256(runner: &mut CtRunner, _: &mut BenchRng) {
    curve(runner, key::p256(0), 100_000);
}

fn p384(runner: &mut CtRunner, _: &mut BenchRng) {
    curve(runner, key::p384(0), 50_000);
}

fn p521(runner: &mut CtRunner, _: &mut BenchRng) {
    curve(runner, key::p521(0), 30_000);
}

fn sm2(runner: &mut CtRunner, _: &mut BenchRng) {
    curve(runner, key::sm2_enc(), 100_000);
}

/// One number of the key sparse against random, of the same length: the lengths are public.
fn rsa(runner: &mut CtRunner, samples: usize, length: fn(&Rsa) -> usize, with: fn(&Rsa, BigInt) -> Rsa) {
    classes(runner, samples, length, with, true);
}

/// The keys of class "left" sparse, or as random as those of the other.
fn classes(
    runner: &mut CtRunner,
    samples: usize,
    length: fn(&Rsa) -> usize,
    with: fn(&Rsa, BigInt) -> Rsa,
    sparse: bool,
) {
    let key = key::rsa2048(0).rsa();
    let mut numbers = Numbers(2);
    let length = length(&key);
    let mut make = |sparse: bool| -> Vec<Key> {
        let one = |_| {
            let mut octets = numbers.octets(length);
            if sparse {
                octets[1..].fill(0);
                octets[length - 1] = numbers.octet() | 1;
            }
            with(&key, BigInt::from(BigUint::from_bytes_be(&octets))).into()
        };
        (0..KEYS).map(one).collect()
    };
    let (left, right) = (make(sparse), make(false));
    run(runner, &key.clone().into(), samples, &left, &right);
}

fn rsa_d(runner: &mut CtRunner, _: &mut BenchRng) {
    rsa(runner, 30_000, |_| 256, |key, d| Rsa { d, ..key.clone() });
}

fn rsa_dp(runner: &mut CtRunner, _: &mut BenchRng) {
    rsa(runner, 30_000, |_| 128, |key, dp| Rsa { dp, ..key.clone() });
}

fn rsa_dq(runner: &mut CtRunner, _: &mut BenchRng) {
    rsa(runner, 30_000, |_| 128, |key, dq| Rsa { dq, ..key.clone() });
}

fn rsa_qinv(runner: &mut CtRunner, _: &mut BenchRng) {
    rsa(runner, 30_000, |_| 128, |key, qinv| Rsa { qinv, ..key.clone() });
}

fn rsa_p(runner: &mut CtRunner, _: &mut BenchRng) {
    rsa(runner, 100_000, |_| 128, |key, p| Rsa { p, ..key.clone() });
}

/// The check of the check: both classes hold random keys, so what differs is where in memory they lie.
fn same(runner: &mut CtRunner, _: &mut BenchRng) {
    classes(runner, 100_000, |_| 128, |key, p| Rsa { p, ..key.clone() }, false);
}

/// The check of the check: a comparison that stops at the first difference must be found out.
fn leaky(runner: &mut CtRunner, _: &mut BenchRng) {
    let mut numbers = Numbers(3);
    let secret = numbers.octets(4096);
    let mut late = secret.clone();
    *late.last_mut().unwrap() ^= 1;
    let mut early = secret.clone();
    early[0] ^= 1;
    for _ in 0..100_000 {
        let (class, guess) =
            if numbers.octet() & 1 == 0 { (Class::Left, &late) } else { (Class::Right, &early) };
        runner.run_one(class, || secret.iter().zip(guess).all(|(one, other)| one == other));
    }
}

ctbench_main!(leaky, same, p256, p384, p521, sm2, rsa_d, rsa_dp, rsa_dq, rsa_qinv, rsa_p);
