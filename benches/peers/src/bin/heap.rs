//! What checks take from the heap, as Markdown: apart from the measurements of time, which a counting allocator would disturb.

use std::time::Instant;

use certgate::{CertificateForm, Policy, validate};
use certgate_forge::form::{self, Form};
use certgate_forge::size;
use certgate_heap::{Counting, Heap, measure};
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

#[global_allocator]
static HEAP: Counting = Counting;

/// The whole check and its report as JSON, tables and patterns built before.
fn check(form: &Form) -> Heap {
    let form: CertificateForm = serde_json::from_value(form.value()).expect("a form");
    let policy = Policy::default();
    let once = || match validate(&form, &policy, NOW) {
        Ok(accepted) => serde_json::to_string(accepted.report()),
        Err(rejected) => serde_json::to_string(rejected.report()),
    };
    once().expect("a report is JSON");
    measure(once).1
}

/// What the first check of a kind costs in a process more than the second: tables and patterns are built when they are first needed.
fn tables(forms: &[(&str, Form)]) {
    println!(
        "## Tables\n\nWhat is built at its first use and kept, by the first check of a process less the second, in this order:\n"
    );
    println!("| form | milliseconds | KiB asked for |\n|---|---:|---:|");
    let policy = Policy::default();
    for (name, form) in forms {
        let form: CertificateForm = serde_json::from_value(form.value()).expect("a form");
        let once = || {
            let start = Instant::now();
            let (accepted, heap) = measure(|| validate(&form, &policy, NOW).is_ok());
            assert!(accepted, "{name} is not accepted");
            (start.elapsed().as_secs_f64() * 1e3, heap.bytes)
        };
        let (first, second) = (once(), once());
        println!("| {name} | {:.2} | {} |", first.0 - second.0, first.1.saturating_sub(second.1) >> 10);
    }
    println!();
}

fn main() {
    let forms = [
        ("RSA-2048, chain of two", form::rsa()),
        ("P-256, chain of two", form::ecc()),
        ("P-384, chain of two", form::ecc_p384()),
        ("P-521, chain of two", form::ecc_p521()),
        ("SM2, two chains of two", form::sm2()),
    ];
    tables(&forms);
    println!("## Heap\n\nWhole check and report as JSON (`tests/assurance/allocations.rs` pins both):\n");
    println!("| form | allocations | bytes in all | bytes at once |\n|---|---:|---:|---:|");
    for (name, form) in forms {
        let heap = check(&form);
        println!("| {name} | {} | {} | {} |", heap.allocations, heap.bytes, heap.peak);
    }
    let peak = |bytes| {
        size::FAMILIES.iter().map(move |family| (check(&(family.make)(bytes)).peak >> 10, family.grows)).max()
    };
    for (bytes, goal) in [(64 << 10, Some(1024)), (1 << 20, None)] {
        if let Some((most, grows)) = peak(bytes) {
            let verdict =
                goal.map_or(
                    "",
                    |goal| if most <= goal { " (goal: 1,024; met)" } else { " (goal: 1,024; not met)" },
                );
            println!(
                "\nThe most that any input of {} KiB takes at once: {most} KiB{verdict}, with {grows}.",
                bytes >> 10
            );
        }
    }
}
