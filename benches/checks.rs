//! Whole checks, accepted and rejected, and inputs at the limits. `cargo bench -p certgate-benches --bench checks`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;

use certgate::{CertificateForm, Policy, validate};
use certgate_forge::cert::Cert;
use certgate_forge::form::{self, Form};
use certgate_forge::{chain, foreign, key, pem, size};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

fn policy() -> Policy {
    Policy::default()
}

/// Form to report as JSON; a form that does not end as said would measure something else.
fn bench(criterion: &mut Criterion, group: &str, name: &str, form: &Form, accepted: bool) {
    let form: CertificateForm = serde_json::from_value(form.value()).expect("a form");
    let policy = policy();
    let report = |form: &CertificateForm| match validate(form, &policy, NOW) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    };
    let first = report(&form);
    assert_eq!(first.is_accepted(), accepted, "{group} {name}: {:#?}", first.findings);
    criterion.bench_function(&format!("{group}/{name}"), |bencher| {
        bencher.iter(|| serde_json::to_string(&report(black_box(&form))).expect("JSON"));
    });
}

fn accepted(criterion: &mut Criterion) {
    let plain = |key| chain::plain(key).leaf;
    let rsa4096 = Cert::leaf("www.forge.example")
        .key(key::rsa4096())
        .issued_by(&chain::plain(key::rsa2048(0)).intermediate);
    let forms = [
        ("RSA-2048", form::single("RSA", &plain(key::rsa2048(0)))),
        ("RSA-4096", form::single("RSA", &rsa4096)),
        ("P-256", form::single("ECC", &plain(key::p256(0)))),
        ("P-384", form::single("ECC", &plain(key::p384(0)))),
        ("P-521", form::single("ECC", &plain(key::p521(0)))),
        ("SM2-double", form::sm2()),
        ("chain-of-2", form::rsa()),
        ("chain-of-4", size::chain_of(4)),
    ];
    for (name, form) in forms {
        bench(criterion, "accepted", name, &form, true);
    }
}

fn rejected(criterion: &mut Criterion) {
    let with_key = |key: String| Form { private_key: Some(key), ..form::ecc() };
    let with_text = |text: String| Form { cert_content: Some(text), ..form::rsa() };
    let lying = key::Ec { scalar: key::p256(1).ec().scalar, ..key::p256(0).ec() };
    let rsa = form::rsa();
    let content = rsa.cert_content.clone().unwrap();
    let swapped =
        Form { cert_content: rsa.private_key.clone(), private_key: rsa.cert_content.clone(), ..rsa.clone() };
    let forms = [
        ("other-key", with_key(key::p256(1).pem())),
        ("lying-key", with_key(key::Key::from(lying).pem())),
        ("other-type", with_key(key::rsa2048(0).pem())),
        ("swapped", swapped),
        ("literal-n", with_text(pem::literal_n(&content))),
        ("truncated", with_text(pem::truncated(&content))),
        ("pkcs7", with_text(foreign::PKCS7.to_owned())),
        ("empty-form", Form::default()),
    ];
    for (name, form) in forms {
        bench(criterion, "rejected", name, &form, false);
    }
}

fn limits(criterion: &mut Criterion) {
    bench(criterion, "limits", "8092-characters", &size::sm2_padded(8092), true);
    bench(criterion, "limits", "5000-sans", &size::named(5000), true);
    bench(criterion, "limits", "10-certificates", &size::chain_of(10), true);
    let policy = policy();
    for (size, bytes) in [("64-KiB", 64 << 10), ("1-MiB", 1 << 20)] {
        let mut group = criterion.benchmark_group(size);
        group.sample_size(10);
        for family in size::FAMILIES {
            let form: CertificateForm = serde_json::from_value((family.make)(bytes).value()).expect("a form");
            group.bench_with_input(BenchmarkId::from_parameter(family.name), &form, |bencher, form| {
                bencher.iter(|| validate(black_box(form), &policy, NOW).is_ok());
            });
        }
    }
}

criterion_group!(benches, accepted, rejected, limits);
criterion_main!(benches);
