//! Whether the time of a proof tells anything of the private key: dudect's test (Reparaz, Balasch, Verbauwhede: "Dude, is my code
//! constant time?", 2017) on the match of each algorithm.
//!
//! |t| below 5 after many samples is no evidence of a difference between the classes (`classes.rs`).
//!
//! `cargo run --release -p certgate-benches --example timing`; `-- --continuous rsa_d` goes on.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::expect_used
)]

mod classes;

use certgate::internals::PublicKey;
use certgate::internals::{Mismatch, prove};
use certgate::key::PrivateKey;
use certgate_forge::key::Key;
use classes::{Classes, Numbers};
use dudect_bencher::{BenchRng, Class, CtRunner, ctbench_main};

/// Proves keys of both classes in random order, and counts as the reference for the verdict the first.
fn run(runner: &mut CtRunner, samples: usize, classes: &Classes) {
    let public = PublicKey::from_spki_der(&classes.public.spki().encode()).unwrap();
    let written = |keys: &[Key]| keys.iter().map(Key::pkcs8).collect::<Vec<_>>();
    let classes = [written(&classes.left), written(&classes.right)];
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

fn p256(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 100_000, &classes::p256());
}

fn p384(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 50_000, &classes::p384());
}

fn p521(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 30_000, &classes::p521());
}

fn sm2(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 100_000, &classes::sm2());
}

fn rsa_d(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 30_000, &classes::rsa_d());
}

fn rsa_dp(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 30_000, &classes::rsa_dp());
}

fn rsa_dp_ones(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 30_000, &classes::rsa_dp_ones());
}

fn rsa_dq(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 30_000, &classes::rsa_dq());
}

fn rsa_qinv(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 30_000, &classes::rsa_qinv());
}

fn rsa_p(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 100_000, &classes::rsa_p());
}

/// The check of the check: nothing to be found.
fn same(runner: &mut CtRunner, _: &mut BenchRng) {
    run(runner, 100_000, &classes::same());
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

ctbench_main!(leaky, same, p256, p384, p521, sm2, rsa_d, rsa_dp, rsa_dp_ones, rsa_dq, rsa_qinv, rsa_p);
