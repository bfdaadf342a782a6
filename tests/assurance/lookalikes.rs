//! Proves: chains that look like those of real CAs, made by the forge, are accepted with exactly the listed findings. Takes 1 second.
#![allow(clippy::restriction)]

use certgate::{CertificateForm, Finding, Policy, validate};
use certgate_forge::cert::{Issued, bundle};
use certgate_forge::form::Form;
use certgate_forge::{chain, key};

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

fn codes(form: &Form) -> Vec<&'static str> {
    let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
    let policy = Policy::default();
    match validate(&form, &policy, NOW) {
        Ok(accepted) => accepted.report().findings.iter().map(Finding::code).collect(),
        Err(rejected) => panic!("{rejected}: {:?}", rejected.report().findings),
    }
}

fn chained(algorithm: &str, chain: &[&Issued]) -> Form {
    let mut form = Form::of(algorithm, &[]);
    form.cert_content = Some(bundle(chain.iter().copied()));
    form.private_key = Some(chain.first().expect("a leaf").key_pem());
    form
}

#[test]
fn lets_encrypt() {
    let rsa = chain::lets_encrypt(key::rsa2048(0));
    assert_eq!(codes(&chained("RSA", &[&rsa.leaf, &rsa.intermediate])), [""; 0]);
    assert_eq!(codes(&chained("RSA", &[&rsa.leaf, &rsa.intermediate, &rsa.root])), ["chain-root-included"]);
    assert_eq!(codes(&chained("RSA", &[&rsa.leaf, &rsa.intermediate, &rsa.cross])), [""; 0]);
    // An ECC leaf under RSA issuers.
    let ecc = chain::lets_encrypt(key::p256(0));
    assert_eq!(codes(&chained("ECC", &[&ecc.leaf, &ecc.intermediate])), [""; 0]);
    assert_eq!(codes(&chained("ECC", &[&ecc.leaf, &ecc.intermediate, &ecc.cross])), [""; 0]);
}

#[test]
fn google() {
    let google = chain::google();
    assert_eq!(codes(&chained("ECC", &[&google.leaf, &google.intermediate, &google.cross])), [""; 0]);
    assert_eq!(
        codes(&chained("ECC", &[&google.leaf, &google.intermediate, &google.cross, &google.root])),
        ["chain-cross-sign", "chain-root-included"]
    );
}

#[test]
fn amazon() {
    let amazon = chain::amazon();
    assert_eq!(codes(&chained("RSA", &[&amazon.leaf, &amazon.intermediate, &amazon.cross])), [""; 0]);
    assert_eq!(
        codes(&chained("RSA", &[&amazon.leaf, &amazon.intermediate, &amazon.cross, &amazon.old_root])),
        ["chain-root-included"]
    );
}

#[test]
fn an_enterprise_ca_with_critical_name_constraints() {
    let enterprise = chain::enterprise(|leaf| leaf);
    assert_eq!(codes(&chained("RSA", &[&enterprise.leaf, &enterprise.intermediate])), [""; 0]);
}

#[test]
fn a_chinese_sm2_set_under_a_sub_ca() {
    let set = chain::sm2();
    let form = chained("SM2", &[&set.enc, &set.ca]).signed_with(&[set.sign, set.ca]);
    assert_eq!(codes(&form), [""; 0]);
}

#[test]
fn a_leaf_alone_names_the_issuer_that_is_missing() {
    let plain = chain::lets_encrypt(key::p256(0));
    assert_eq!(codes(&chained("ECC", &[&plain.leaf])), ["chain-leaf-alone"]);
}
