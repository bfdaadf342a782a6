//! Proves: the cost of a check grows with its input and no faster, whatever it is that grows. Takes 6 seconds.
#![allow(clippy::restriction)]

use std::time::Duration;

use certgate::{CertificateForm, Policy, validate};
use certgate_forge::size::{self, Family};
use certgate_heap::{Counting, measure};
use cpu_time::ThreadTime;
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

#[global_allocator]
static HEAP: Counting = Counting;

fn check(form: &CertificateForm) {
    let policy = Policy::default();
    let report = match validate(form, &policy, NOW) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    };
    serde_json::to_string(&report).unwrap();
}

fn make(family: &Family, bytes: usize) -> CertificateForm {
    serde_json::from_value((family.make)(bytes).value()).unwrap()
}

/// Doubling the input at most doubles what is allocated: exact, for allocations do not depend on the machine.
#[test]
fn memory_doubles_with_the_input() {
    let mut faster = Vec::new();
    for family in size::FAMILIES {
        let [once, twice] = [48 << 10, 96 << 10].map(|bytes| {
            let form = make(family, bytes);
            check(&form);
            measure(|| check(&form)).1
        });
        // What grows by steps (a vector's capacity, the cut of a list) may lie on either side of one.
        let double = |bytes: u64| bytes * 5 / 2 + (16 << 10);
        if twice.bytes > double(once.bytes) || twice.allocations > once.allocations * 5 / 2 + 64 {
            faster.push(format!("{}: {once:?}, then {twice:?}", family.name));
        }
    }
    assert!(faster.is_empty(), "faster than the input: {faster:#?}");
}

/// Four times the input takes about four times as long, in processor time. A square would take sixteen; only ten and more fail, three
/// times running, so that a busy machine does not.
#[test]
fn time_grows_with_the_input() {
    let mut faster = Vec::new();
    for family in size::FAMILIES {
        let small = make(family, 64 << 10);
        let large = make(family, 256 << 10);
        let mut ratio = f64::MAX;
        for _ in 0..3 {
            let (small, large) = (time(&small), time(&large));
            // Below a millisecond the machine is measured, not the check.
            ratio = ratio.min(large.as_secs_f64() / small.as_secs_f64().max(1e-3));
            if ratio < 10.0 {
                break;
            }
        }
        if ratio >= 10.0 {
            faster.push(format!("{}: {ratio:.1} times as long for four times the input", family.name));
        }
    }
    assert!(faster.is_empty(), "faster than the input: {faster:#?}");
}

fn time(form: &CertificateForm) -> Duration {
    let once = || {
        let start = ThreadTime::now();
        check(form);
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap()
}
