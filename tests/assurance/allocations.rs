//! Proves: a check takes little from the heap where a form is right, and a bounded amount whatever it is. Figures are exact, and pinned.
//! Takes 4 seconds.
#![allow(clippy::restriction)]

use certgate::{CertificateForm, Policy, validate};
use certgate_forge::{form, size};
use certgate_heap::{Counting, Heap, measure};
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

#[global_allocator]
static HEAP: Counting = Counting;

fn policy() -> Policy {
    Policy::default()
}

fn read(form: &form::Form) -> CertificateForm {
    serde_json::from_value(form.value()).unwrap()
}

/// The whole check and its report as JSON, tables and patterns built before.
fn check(form: &CertificateForm, policy: &Policy) -> (bool, Heap) {
    let once = || match validate(form, policy, NOW) {
        Ok(accepted) => (true, serde_json::to_string(accepted.report()).unwrap().len()),
        Err(rejected) => (false, serde_json::to_string(rejected.report()).unwrap().len()),
    };
    once();
    let ((accepted, _), heap) = measure(once);
    (accepted, heap)
}

#[test]
fn an_accepted_check_allocates_little() {
    // (form, the most allocations, the most bytes)
    let bounds = [
        ("RSA-2048", form::rsa(), 126, 24_000),
        ("P-256", form::ecc(), 88, 16_500),
        ("P-384", form::ecc_p384(), 88, 16_700),
        ("SM2", form::sm2(), 177, 33_000),
    ];
    for (name, form, allocations, bytes) in bounds {
        let (accepted, heap) = check(&read(&form), &policy());
        println!("{name}: {heap:?}");
        assert!(accepted, "{name} is rejected");
        assert!(
            heap.allocations <= allocations,
            "{name}: {} allocations, {allocations} allowed",
            heap.allocations
        );
        assert!(heap.bytes <= bytes, "{name}: {} bytes, {bytes} allowed", heap.bytes);
    }
}

#[test]
fn no_input_of_64_kib_takes_more_than_1_mib() {
    let mut over = Vec::new();
    for family in size::FAMILIES {
        let (_, heap) = check(&read(&(family.make)(64 << 10)), &policy());
        println!("{}: {heap:?}", family.name);
        if heap.peak > 1 << 20 {
            over.push(format!("{}: {} KiB", family.name, heap.peak >> 10));
        }
    }
    assert!(over.is_empty(), "over 1 MiB: {over:#?}");
}

/// What the patterns of the PEM reader learn of one text they keep for the next: never so much that a short text takes a lot.
#[test]
fn what_patterns_keep_is_little() {
    const WORDS: [&str; 16] = [
        "-",
        "--",
        "\u{2014}",
        "BEGIN",
        "END",
        " ",
        "\t",
        "#",
        "1",
        "CERTIFICATE",
        "KEY",
        "PKCS",
        "x",
        "\n",
        "private-key:",
        "0a:",
    ];
    let policy = policy();
    let (mut state, mut most) = (1_u64, 0);
    for at in 0..20_000 {
        let mut text = String::new();
        while text.len() < 600 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(WORDS[usize::try_from(state >> 60).unwrap()]);
        }
        let content = certgate::Content::from_text(text);
        let (_, heap) =
            measure(|| certgate::pem::parse(&content, certgate::pem::Expected::Certificates, &policy));
        // The first ones build the patterns.
        if at >= 100 {
            most = most.max(heap.peak);
        }
    }
    println!("at most {most} bytes for 600");
    assert!(most <= 128 << 10, "{most} bytes held for a text of 600");
}
