//! The seeds of every target, and mutations of them, keep the properties: the fuzzer's short form for every run of the tests.
//!
//! `MUTATIONS=100 cargo test --release` makes more of each seed than the usual few.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use certgate_fuzz::{TARGETS, mutate::Dice, seeds};

fn replay(name: &str) {
    let (_, run, mutator) =
        TARGETS.into_iter().find(|target| target.0 == name).expect("a target of this name");
    let mutations =
        std::env::var("MUTATIONS").map_or(3, |count| count.parse().expect("MUTATIONS is a number"));
    let mut failures = Vec::new();
    let mut runs = 0;
    for (number, seed) in seeds::of(name).into_iter().enumerate() {
        let mut inputs = vec![seed.clone()];
        for round in 0..mutations {
            let mut dice = Dice::new(u32::try_from(number * 7919 + round).expect("a small number"));
            inputs.extend(mutator.and_then(|mutate| mutate(&seed, &mut dice)));
        }
        for input in inputs {
            runs += 1;
            if catch_unwind(AssertUnwindSafe(|| run(&input))).is_err() {
                failures.push(keep(name, failures.len(), &input));
            }
        }
    }
    println!("{name}: {runs} runs");
    assert!(failures.is_empty(), "{} of {runs} inputs fail: {failures:#?}", failures.len());
}

/// Keeps an input that fails, to be looked at and made a seed.
fn keep(name: &str, number: usize, input: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/failed");
    std::fs::create_dir_all(&folder).expect("a folder for what failed");
    let path = folder.join(format!("{name}-{number}"));
    std::fs::write(&path, input).expect("a file for what failed");
    path.display().to_string()
}

#[test]
fn name() {
    replay("name");
}

#[test]
fn pem() {
    replay("pem");
}

#[test]
fn certificate() {
    replay("certificate");
}

#[test]
fn key() {
    replay("key");
}

#[test]
fn pair() {
    replay("pair");
}

#[test]
fn form() {
    replay("form");
}

#[test]
fn repair() {
    replay("repair");
}

#[test]
fn json() {
    replay("json");
}

#[test]
fn containers() {
    replay("containers");
}

#[test]
fn border() {
    replay("border");
}

#[test]
fn every_target_is_replayed() {
    let this = include_str!("replay.rs");
    for (name, ..) in TARGETS {
        assert!(this.contains(&format!("replay(\"{name}\")")), "{name}");
    }
}
