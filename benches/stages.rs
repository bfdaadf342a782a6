//! Each stage by itself. `cargo bench -p certgate-benches --bench stages`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;

use certgate::certificate::{self, Role};
use certgate::internals::PublicKey;
use certgate::internals::prove;
use certgate::key::PrivateKey;
use certgate::pem::{self, Expected};
use certgate::{At, CertificateMetadata, Content, Policy, name};
use certgate_forge::{chain, key};
use criterion::{Criterion, criterion_group, criterion_main};

const KEYS: [(&str, &str); 6] = [
    ("RSA-2048", "rsa2048a"),
    ("RSA-4096", "rsa4096"),
    ("P-256", "p256a"),
    ("P-384", "p384a"),
    ("P-521", "p521a"),
    ("SM2", "sm2enc"),
];

fn keys(criterion: &mut Criterion) {
    for (name, key) in KEYS {
        let key = key::named(key);
        let (der, spki) = (key.pkcs8(), key.spki().encode());
        criterion.bench_function(&format!("key from DER/{name}"), |bencher| {
            bencher.iter(|| PrivateKey::from_der(black_box(&der)));
        });
        criterion.bench_function(&format!("public key from DER/{name}"), |bencher| {
            bencher.iter(|| PublicKey::from_spki_der(black_box(&spki)));
        });
        let (public, private) =
            (PublicKey::from_spki_der(&spki).unwrap(), PrivateKey::from_der(&der).unwrap());
        prove(&public, &private).expect("a pair");
        criterion.bench_function(&format!("proof/{name}"), |bencher| {
            bencher.iter(|| prove(black_box(&public), black_box(&private)));
        });
    }
}

fn names(criterion: &mut Criterion) {
    let policy = Policy::default();
    for text in ["forge_test", "1abc"] {
        criterion.bench_function(&format!("name/{text}"), |bencher| {
            bencher.iter(|| name::check(black_box(text), &policy));
        });
    }
}

fn certificates(criterion: &mut Criterion) {
    let policy = Policy::default();
    for (name, key) in [("RSA-2048", key::rsa2048(0)), ("P-256", key::p256(0)), ("SM2", key::sm2_enc())] {
        let leaf = chain::plain(key).leaf;
        let text = Content::from_text(leaf.pem());
        criterion.bench_function(&format!("PEM/certificate {name}"), |bencher| {
            bencher.iter(|| pem::parse(black_box(&text), Expected::Certificates, &policy));
        });
        let text = Content::from_text(leaf.key_pem());
        criterion.bench_function(&format!("PEM/key {name}"), |bencher| {
            bencher.iter(|| pem::parse(black_box(&text), Expected::PrivateKey, &policy));
        });
        criterion.bench_function(&format!("certificate from DER/{name}"), |bencher| {
            bencher.iter(|| certificate::check(black_box(&leaf.der), Role::Leaf, &policy, At::NotEvaluated));
        });
        let certificate = certificate::check(&leaf.der, Role::Leaf, &policy, At::NotEvaluated)
            .value
            .expect("a certificate");
        criterion.bench_function(&format!("metadata/{name}"), |bencher| {
            bencher.iter(|| CertificateMetadata::of(black_box(&certificate)));
        });
        let metadata = CertificateMetadata::of(&certificate);
        criterion.bench_function(&format!("metadata as JSON/{name}"), |bencher| {
            bencher.iter(|| serde_json::to_string(black_box(&metadata)));
        });
    }
}

criterion_group!(benches, names, keys, certificates);
criterion_main!(benches);
