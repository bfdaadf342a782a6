//! Proves: eight threads over one shared policy find what one finds. Takes 3 seconds.
//!
//! `LOAD_SECONDS=60 cargo test -p certgate --test threads -- --nocapture` goes on for a minute; without it each thread checks every form once.
#![allow(clippy::restriction)]

use std::thread;
use std::time::{Duration, Instant};

use certgate::{CertificateForm, Policy, repair, validate};
use certgate_forge::fault;
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

const THREADS: usize = 8;

fn check(form: &CertificateForm, policy: &Policy) -> String {
    match validate(form, policy, NOW) {
        Ok(accepted) => serde_json::to_string(accepted.report()).unwrap(),
        Err(rejected) => serde_json::to_string(rejected.report()).unwrap(),
    }
}

#[test]
fn threads_do_not_disturb_each_other() {
    let seconds = std::env::var("LOAD_SECONDS").map_or(0, |seconds| seconds.parse().unwrap());
    let policy = Policy::default();
    let forms: Vec<CertificateForm> =
        fault::all().step_by(3).map(|row| serde_json::from_value(row.form().value()).unwrap()).collect();
    let alone: Vec<String> = forms.iter().map(|form| check(form, &policy)).collect();
    let mended = repair::repair(&forms[0], &policy, NOW).form;

    let end = Instant::now() + Duration::from_secs(seconds);
    let work = &|first: usize| {
        let mut checks = 0;
        loop {
            for number in 0..forms.len() {
                // Each thread begins elsewhere, so that all are at different forms.
                let number = (number + first * forms.len() / THREADS) % forms.len();
                assert_eq!(check(&forms[number], &policy), alone[number]);
                checks += 1;
            }
            assert_eq!(repair::repair(&forms[0], &policy, NOW).form, mended);
            if Instant::now() >= end {
                return checks;
            }
        }
    };
    let checks: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || work(first))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    println!("{checks} checks on {THREADS} threads");
    assert!(checks >= THREADS * forms.len());
}
