//! Each stage by itself. `cargo bench -p certgate-benches --bench stages`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::hint::black_box;

use certgate::key::{PrivateKey, prove};
use certgate::spki::PublicKey;
use certgate::{Policy, name};
use certgate_forge::key;
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

criterion_group!(benches, names, keys);
criterion_main!(benches);
