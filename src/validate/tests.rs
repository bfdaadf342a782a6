//! Whole forms that no case shows.
#![allow(clippy::panic, clippy::unwrap_used)]

use certgate_forge::form::Form;
use certgate_forge::{chain, form, key, pem as text_of};

use super::*;
use crate::finding::Finding;
use crate::location::Field;
use crate::rule::Severity;
use crate::rule::Stage;

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

fn rejected(form: &Form) -> Report {
    let policy = Policy::default();
    let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
    validate(&form, &policy, NOW).unwrap_err().into_report()
}

/// `error match-other-key private_key: message`
fn told(report: &Report) -> Vec<String> {
    let field = |finding: &Finding| finding.location.field.map_or("-", Field::as_str);
    report
        .findings
        .iter()
        .map(|finding| {
            format!("{} {} {}: {}", finding.severity, finding.code(), field(finding), finding.message)
        })
        .collect()
}

/// Where all are CAs and the key fits none, the first stands for the server's certificate.
#[test]
fn a_key_is_held_against_a_lone_ca_with_hosts() {
    let ca = certgate_forge::cert::Cert::ca("Lone CA").key(key::p256(1));
    let ca = ca.with(certgate_forge::ext::san_dns(&["a.example"])).self_signed();
    let mut form = form::single("ECC", &ca);
    form.private_key = Some(form::ecc().private_key.unwrap());
    let report = rejected(&form);
    let codes: Vec<_> = report.findings.iter().map(Finding::code).collect();
    assert!(codes.contains(&"match-other-key"), "{codes:?}");
    let response = report.certificate.unwrap();
    let response = serde_json::to_value(response).unwrap();
    assert_eq!(response.get("common_name").unwrap(), "Lone CA");
}

#[test]
fn a_key_of_the_issuer_is_reported_with_the_certificate_that_it_belongs_to() {
    let plain = chain::plain(key::p256(0));
    let mut form = form::ecc();
    form.private_key = Some(plain.intermediate.key_pem());
    form.algorithm_type = None;
    let other = told(&rejected(&form));
    assert_eq!(
        other,
        [
            "error match-other-type private_key: the certificate's key is P-256, the private key RSA; it belongs to block 2 \
             \"C=CN, O=Forge CA, CN=Forge TLS CA 1\""
        ]
    );
}

#[test]
fn roots_that_are_not_certificates_are_reported() {
    let parameters =
        text_of::encode("EC PARAMETERS", &certgate_forge::der::oid("1.2.840.10045.3.1.7").encode());
    let mut form = form::ecc().instance("0123456789abcdef0123456789abcdef");
    form.trusted_root_ca = Some(parameters);
    let report = rejected(&form);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", told(&report)) };
    assert_eq!((finding.code(), finding.severity), ("certificate-absent", Severity::Error));
    assert_eq!(finding.location.field, Some(Field::TrustedRootCa));
    assert_eq!(finding.message, "`trusted_root_ca` does not hold a certificate");
}

/// The codes and fields of what is found, in their order.
fn codes(form: &Form) -> Vec<String> {
    let report = rejected(form);
    let field = |finding: &Finding| finding.location.field.map_or("-", Field::as_str);
    report.findings.iter().map(|finding| format!("{} {}", finding.code(), field(finding))).collect()
}

/// What is in the first field of a form, and what in the second.
fn with(certificates: &str, keys: &str) -> Form {
    let mut form = form::rsa();
    form.cert_content = Some(certificates.to_owned());
    form.private_key = Some(keys.to_owned());
    form
}

#[test]
fn fields_are_swapped_only_where_each_holds_what_the_other_wants() {
    let (certificate, key) = (form::rsa().cert_content.unwrap(), key::rsa2048(0).pem());
    let other = key::rsa2048(1).pem();
    assert_eq!(codes(&with(&key, &certificate)), ["fields-swapped cert_content"]);
    // Each of these lacks one of the three signs of a swap.
    let swapped = |form: &Form| codes(form).iter().any(|told| told.starts_with("fields-swapped"));
    assert!(!swapped(&with(&key, &(key.clone() + &certificate))), "the key is in its own field too");
    assert!(
        !swapped(&with(&(certificate.clone() + &other), &certificate)),
        "the certificate is in its own field too"
    );
    assert!(!swapped(&with(&key, &key)), "no certificate at all");
    let parameters =
        text_of::encode("EC PARAMETERS", &certgate_forge::der::oid("1.2.840.10045.3.1.7").encode());
    let ecc = form::ecc().cert_content.unwrap();
    let mut form = with(&(parameters + &key::p256(0).traditional_pem()), &ecc);
    form.algorithm_type = None;
    assert!(swapped(&form), "EC parameters stand before many keys");
}

/// A damaged key and a certificate in each other's fields, and a key in another field for certificates: only the pair is called swapped.
#[test]
fn a_swap_is_hinted_at_where_the_key_is() {
    let set = form::sm2();
    let mut form = set.clone();
    form.cert_content_sign = Some(set.cert_content_sign.unwrap() + &key::p256(1).pem());
    let mut der = text_of::decode(set.private_key.as_deref().unwrap());
    der.truncate(40);
    let damaged = text_of::encode("PRIVATE KEY", &der);
    form.private_key = set.cert_content;
    form.cert_content = Some(damaged);
    let report = rejected(&form);
    let swapped: Vec<_> = report.findings.iter().filter(|f| f.code() == "fields-swapped").collect();
    let [finding] = swapped.as_slice() else { panic!("{:?}", told(&report)) };
    assert_eq!(finding.location.field, Some(Field::CertContent));
    // With nothing in the certificate's own field there is no key that could be swapped.
    let mut form = form::sm2();
    form.private_key = form.cert_content.take();
    form.cert_content = Some(String::from(" "));
    form.cert_content_sign = Some(form.cert_content_sign.unwrap() + &key::p256(1).pem());
    assert!(!codes(&form).iter().any(|told| told.starts_with("fields-swapped")), "{:?}", codes(&form));
}

/// A field that held copies of the key alone would be empty without them: that is for the user to fix.
#[test]
fn a_copy_of_the_key_goes_only_if_something_is_left() {
    let key = key::rsa2048(0).pem();
    let fixable = |form: &Form| {
        let report = rejected(form);
        let mut exposed = report.findings.iter().filter(|finding| finding.code() == "key-exposed");
        exposed.next().unwrap().is_fixable()
    };
    assert!(!fixable(&with(&key, &key)));
    assert!(fixable(&with(&(form::rsa().cert_content.unwrap() + &key), &key)));
}

/// As of 0.1.0, what 0.1.0 accepted is accepted, and what it rejected is rejected with all of its errors.
#[test]
fn older_rules_accept_what_an_older_version_accepted() {
    let policy = Policy::with(|policy| policy.rules_as_of = Some("0.1.0".to_owned()));
    let told = |form: &Form| {
        let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
        let report = match validate(&form, &policy, NOW) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        let errors = report
            .findings
            .iter()
            .map(|finding| format!("{} {} {:?}", finding.severity, finding.code(), finding.error_since));
        (report.is_accepted(), errors.collect::<Vec<_>>())
    };
    let (issuer, _) = chain::plain_issuers();
    let leaf = chain::plain_leaf(key::rsa2048(0)).without(certgate_forge::ext::SAN).issued_by(&issuer);
    let mut form = Form::of("RSA", &[leaf, issuer]);
    assert_eq!(told(&form), (true, vec!["warning cert-san-missing Some(\"0.2.0\")".to_owned()]));
    // No version accepts a key that belongs to another certificate.
    form.private_key = Some(key::rsa2048(1).pem());
    let errors = ["error cert-san-missing None", "error match-other-key None"].map(str::to_owned);
    assert_eq!(told(&form), (false, errors.to_vec()));
}

/// A short issuer does not hide that the private key, another one than the leaf's, is short.
#[test]
fn a_fault_of_an_issuer_does_not_hide_that_of_the_key() {
    let (_, root) = chain::plain_issuers();
    let issuer = certgate_forge::cert::Cert::ca("Short CA").key(key::rsa1024()).issued_by(&root);
    let leaf = chain::plain_leaf(key::rsa2048(0)).issued_by(&issuer);
    let mut form = Form::of("RSA", &[leaf, issuer]);
    form.private_key = Some(key::rsa1024().pem());
    let told = codes(&form);
    assert!(told.contains(&"key-rsa-too-small private_key".to_owned()), "{told:?}");
}

#[test]
fn an_algorithm_is_not_compared_with_a_key_that_the_api_does_not_take() {
    let leaf = chain::plain_leaf(key::ed25519()).self_signed();
    let report = rejected(&form::single("ECC", &leaf));
    let why = report.not_evaluated.iter().find(|entry| entry.code == "algorithm").map(|entry| &*entry.why);
    assert_eq!(why, Some("`algorithm_type` was not compared: the certificate's key is of type Ed25519"));
}

/// What is too large is refused before the name is looked at, so that is what the API would answer.
#[test]
fn a_field_that_is_too_large_is_the_first_error() {
    let policy = Policy::with(|settings| settings.content_max_bytes = 100);
    let mut form = form::rsa();
    form.name = Some("1st".to_owned());
    let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
    let report = validate(&form, &policy, NOW).unwrap_err().into_report();
    let stages: Vec<_> = report.findings.iter().map(|finding| (finding.code(), finding.rule.stage)).collect();
    assert!(stages.contains(&("content-too-large", Stage::Form)), "{stages:?}");
    let first = report.findings.iter().min_by_key(|finding| finding.rule.stage).unwrap();
    assert_eq!(first.code(), "content-too-large", "{stages:?}");
    assert_eq!(report.api.map(|api| api.body.error_code.as_str()), Some("APIG.2006"));
}

/// Where the server's certificate cannot be read, its key is not held against another.
#[test]
fn an_unreadable_leaf_is_not_a_mismatch() {
    let chain = chain::lets_encrypt(key::p256(0));
    let mut form = form::ecc();
    let cut = certgate_forge::pem::truncated(&chain.leaf.pem());
    let changed = chain.leaf.trailing(&[]).pem().replacen("MII", "AII", 1);
    for leaf in [cut, changed] {
        form.cert_content = Some(leaf + &chain.intermediate.pem());
        form.private_key = Some(chain.leaf.key_pem());
        let read: CertificateForm = serde_json::from_str(&form.json()).unwrap();
        let rejected = validate(&read, &Policy::default(), At::NotEvaluated).unwrap_err();
        let findings = &rejected.report().findings;
        assert!(findings.iter().all(|finding| !finding.code().starts_with("match-")), "{findings:?}");
        assert!(rejected.report().not_evaluated.iter().any(|entry| entry.code == "match"));
        assert!(rejected.report().certificate.is_none());
    }
}

#[test]
fn a_fault_that_certificate_and_key_share_is_reported_once() {
    let policy = Policy::default();
    let rows = [
        ("rsa1024", "cert-rsa-short"),
        ("rsa8200", "cert-rsa-long"),
        ("rsa-e-3", "cert-rsa-exponent"),
        ("kind-ed25519", "cert-key-unsupported"),
    ];
    for (row, want) in rows {
        let fault = certgate_forge::fault::all().find(|fault| fault.row == row).unwrap();
        let form: CertificateForm = serde_json::from_str(&fault.form().json()).unwrap();
        let report = match validate(&form, &policy, NOW) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        let codes: Vec<_> = report.findings.iter().map(Finding::code).collect();
        assert_eq!(codes, [want], "{row}");
    }
}
