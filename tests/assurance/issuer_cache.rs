//! Proves: with a cache of issuers each report is, byte for byte, the one without it: of all cases, and of random forms, however small
//! the cache is and whatever it saw before. Takes 20 seconds; `PROPTEST_CASES=10000 cargo test -p certgate --test issuer_cache` looks further.
#![allow(clippy::restriction)]

#[path = "../support/mod.rs"]
mod support;

use std::sync::LazyLock;

use certgate::{At, CertificateForm, Check, Content, Field, IssuerCache, Policy, validate};
use certgate_forge::{fault, form};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use support::{Complaints, NOW, cases, check, read};

fn with_cache(form: &CertificateForm, policy: &Policy, at: At, cache: &IssuerCache) -> String {
    serde_json::to_string(&match Check::new(form, policy, at).cache(cache).run() {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    })
    .unwrap()
}

fn without(form: &CertificateForm, policy: &Policy, at: At) -> String {
    serde_json::to_string(&check(form, policy, at)).unwrap()
}

#[test]
fn reports_of_all_cases_are_the_same() {
    // One that keeps all, and one in which each entry soon gives way.
    let caches = [IssuerCache::default(), IssuerCache::with_bytes(0)];
    let mut complaints = Complaints::default();
    for case in cases() {
        let (form, policy, at) = (case.form(), case.policy(), case.at());
        let want = without(&form, &policy, at);
        for cache in &caches {
            for turn in 1..=2 {
                if with_cache(&form, &policy, at, cache) != want {
                    complaints.add(format!("{}: differs in turn {turn}", case.path));
                }
            }
        }
    }
    complaints.done("reports that differ with a cache");
    let [all, few] = caches.map(|cache| cache.known());
    println!("{all} signatures known, {few} in the smallest cache");
    assert!(all > 100 && few > 0 && few < all, "the caches were not used");
}

/// What is accepted is accepted with the same report, and its signatures are known from then on.
#[test]
fn an_accepted_form_fills_it_once() {
    let policy = Policy::default();
    for form in [form::rsa(), form::ecc(), form::sm2()] {
        let (form, cache) = (read(&form), IssuerCache::default());
        let want = validate(&form, &policy, NOW).unwrap();
        assert_eq!(Check::new(&form, &policy, NOW).cache(&cache).run().unwrap(), want);
        let known = cache.known();
        assert!(known > 0);
        assert_eq!(Check::new(&form, &policy, NOW).cache(&cache).run().unwrap(), want);
        assert_eq!(cache.known(), known);
    }
}

static FORMS: LazyLock<Vec<CertificateForm>> = LazyLock::new(|| {
    let broken = fault::all().step_by(5).map(|fault| read(&fault.form()));
    [form::rsa(), form::ecc(), form::ecc_p384(), form::sm2()].iter().map(read).chain(broken).collect()
});

static CACHE: LazyLock<IssuerCache> = LazyLock::new(|| IssuerCache::with_bytes(8 << 10));

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(200, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        // The same each time, unless more is asked for.
        rng_seed: std::env::var("PROPTEST_CASES").map_or(RngSeed::Fixed(1), |_| RngSeed::Random),
        ..ProptestConfig::default()
    })]
    /// A form, one field of it from another, one character changed, and perhaps another SM2 ID.
    #[test]
    fn reports_of_random_forms_are_the_same(
        one in any::<Index>(),
        other in any::<Index>(),
        field in select(vec![Field::CertContent, Field::PrivateKey, Field::CertContentSign, Field::TrustedRootCa]),
        at in any::<Index>(),
        character in prop::option::of(select(b"AZaz09+/=\n-".to_vec())),
        has_other_id in any::<bool>(),
    ) {
        let mut form = one.get(&FORMS).clone();
        if let Some(content) = other.get(&FORMS).content(field) {
            *form.content_mut(field).unwrap() = Some(content.clone());
        }
        if let (Some(character), Some(content)) = (character, form.content(field).filter(|content| !content.as_bytes().is_empty())) {
            let mut bytes = content.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = character;
            *form.content_mut(field).unwrap() = Some(Content::from_bytes(bytes));
        }
        let mut settings = certgate::PolicySettings::default();
        if has_other_id {
            settings.sm2_ids = vec!["another".to_owned()];
        }
        let policy = Policy::new(settings).unwrap();
        let want = without(&form, &policy, NOW.into());
        for _ in 0..2 {
            prop_assert_eq!(&with_cache(&form, &policy, NOW.into(), &CACHE), &want);
        }
    }
}
