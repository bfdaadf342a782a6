//! What is another signature, and what is kept.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

use super::*;
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::spki::PublicKey;
use crate::crypto::tests::signatures::{Parts, load};
use crate::der::oid::Oid;

const SM2_ID: &str = "1234567812345678";

/// A signature and the IDs to try on it.
#[derive(Clone)]
struct Input {
    parts: Parts,
    ids: Vec<String>,
}

impl Input {
    fn new(name: &str) -> Self {
        Self { parts: load(name), ids: vec![SM2_ID.to_owned()] }
    }

    fn with<T>(&self, work: impl FnOnce(Signed<'_>, Signer<'_>) -> T) -> T {
        let Parts { tbs, algorithm, parameters, signature, spki } = &self.parts;
        let algorithm = SignatureAlgorithm::new(Oid::new(algorithm), parameters.as_deref());
        let key = PublicKey::from_spki_der(spki).unwrap();
        work(Signed { algorithm: &algorithm, signature, tbs }, Signer { key: &key, spki })
    }

    fn verify(&self, cache: Option<&IssuerCache>) -> Outcome {
        let keys = PreparedKeys::default();
        let verifier = Verifier::new(&self.ids, &keys);
        let verifier = cache.map_or(verifier, |cache| verifier.with_cache(cache));
        self.with(|signed, signer| verifier.verify(signed, signer))
    }

    fn key(&self) -> Key {
        self.with(|signed, signer| key(signed, signer, &self.ids))
    }
}

/// The same signature with one part changed, for each part.
fn changed(input: &Input, other_key: &str) -> Vec<(&'static str, Input)> {
    let flip = |octets: &mut Vec<u8>| *octets.last_mut().unwrap() ^= 1;
    let change = |what, by: &dyn Fn(&mut Input)| {
        let mut changed = input.clone();
        by(&mut changed);
        (what, changed)
    };
    vec![
        change("TBS", &|input| flip(&mut input.parts.tbs)),
        change("one octet more of the TBS", &|input| {
            let first = input.parts.spki[0];
            input.parts.tbs.push(first);
        }),
        change("SPKI", &|input| input.parts.spki = load(other_key).spki),
        change("algorithm", &|input| flip(&mut input.parts.algorithm)),
        change("parameters", &|input| match &mut input.parts.parameters {
            Some(parameters) => flip(parameters),
            parameters => *parameters = Some(vec![5, 0]),
        }),
        change("no or empty parameters", &|input| {
            input.parts.parameters = input.parts.parameters.is_none().then(Vec::new);
        }),
        change("signature", &|input| flip(&mut input.parts.signature)),
        change("another SM2 ID", &|input| flip_text(&mut input.ids[0])),
        change("one SM2 ID more", &|input| input.ids.insert(0, "another".to_owned())),
        change("an empty SM2 ID more", &|input| input.ids.push(String::new())),
        change("no SM2 ID", &|input| input.ids.clear()),
    ]
}

fn flip_text(text: &mut String) {
    text.pop();
    text.push('9');
}

const SIGNATURES: [(&str, &str); 4] = [
    ("rsa2048-sha256", "rsa2048e3-sha256"),
    ("rsa2048-pss-sha256-sha256-32", "rsa2048e3-sha256"),
    ("P-256-sha256", "P-384-sha384"),
    ("sm2-default", "P-256-sha256"),
];

#[test]
fn a_signature_that_differs_in_one_part_is_another_one() {
    for (name, other_key) in SIGNATURES {
        let cache = IssuerCache::default();
        let input = Input::new(name);
        for _ in 0..3 {
            assert_eq!(input.verify(Some(&cache)), Outcome::Fits, "{name}");
            assert_eq!(cache.known(), 1, "{name}");
        }
        for (what, changed) in changed(&input, other_key) {
            assert!(!cache.has(&changed.key()), "{name}: {what}");
            // Some changes do not matter to the verification: then it fits, and is one more.
            let known = cache.known();
            let outcome = changed.verify(Some(&cache));
            assert_eq!(outcome, changed.verify(None), "{name}: {what}");
            assert_eq!(cache.known(), known + usize::from(outcome == Outcome::Fits), "{name}: {what}");
        }
    }
}

/// The check of the check: what the cache says counts. A signature that does not fit is put in, and with any part changed it does not fit
/// again.
#[test]
fn only_what_is_in_it_is_taken_for_verified() {
    for (name, other_key) in SIGNATURES {
        let cache = IssuerCache::default();
        let mut wrong = Input::new(name);
        *wrong.parts.tbs.last_mut().unwrap() ^= 1;
        let outcome = wrong.verify(Some(&cache));
        assert!(matches!(outcome, Outcome::DoesNotFit | Outcome::UnknownId), "{name}: {outcome:?}");
        assert_eq!(cache.known(), 0, "{name}: only what fits is kept");
        cache.insert(wrong.key());
        assert_eq!(wrong.verify(Some(&cache)), Outcome::Fits, "{name}");
        for (what, changed) in changed(&wrong, other_key).into_iter().filter(|(what, _)| *what != "TBS") {
            assert_ne!(changed.verify(Some(&cache)), Outcome::Fits, "{name}: {what}");
        }
    }
}

#[test]
fn what_fits_under_an_empty_id_is_not_kept() {
    let cache = IssuerCache::default();
    let input = Input::new("sm2-empty");
    for _ in 0..2 {
        assert_eq!(input.verify(Some(&cache)), Outcome::FitsEmptyId);
        assert_eq!(cache.known(), 0);
    }
}

/// However much is put in, the memory is that of the start, and what came last is there.
#[test]
fn it_does_not_grow() {
    for bytes in [0, 8 << 10, 1 << 17] {
        let cache = IssuerCache::with_bytes(bytes);
        let before = cache.bytes();
        assert!((1..=bytes.max(8 << 10)).contains(&before));
        let keys: Vec<Key> = (0..20_000_u32)
            .map(|number| array::from_fn(|at| number.wrapping_mul(0x9E37_79B1).to_be_bytes()[at % 4]))
            .collect();
        for key in &keys {
            cache.insert(*key);
            cache.insert(*key);
            assert!(cache.has(key));
        }
        assert_eq!(cache.bytes(), before);
        assert!(cache.known() * size_of::<Key>() < before, "{} known", cache.known());
        assert!(cache.known() >= cache.rows.len().min(2) * WIDTH, "each key once");
        assert!(!cache.has(&keys[0]) || bytes > 8 << 10);
    }
}
