//! Whole forms that no case shows.
#![allow(clippy::panic, clippy::unwrap_used)]

use certgate_forge::form::Form;
use certgate_forge::{chain, form, key, pem as text_of};

use super::*;
use crate::rule::Severity;

fn rejected(form: &Form) -> Report {
    let policy = Policy::default().at(time::macros::datetime!(2026-06-01 0:00 UTC));
    let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
    validate(&form, &policy).unwrap_err().into_report()
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

#[test]
fn a_key_of_the_issuer_is_told_with_the_certificate_that_it_belongs_to() {
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
fn roots_that_are_no_certificates_are_told() {
    let parameters =
        text_of::encode("EC PARAMETERS", &certgate_forge::der::oid("1.2.840.10045.3.1.7").encode());
    let mut form = form::ecc().instance("0123456789abcdef0123456789abcdef");
    form.trusted_root_ca = Some(parameters);
    let report = rejected(&form);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", told(&report)) };
    assert_eq!((finding.code(), finding.severity), ("certificate-absent", Severity::Error));
    assert_eq!(finding.location.field, Some(Field::TrustedRootCa));
    assert_eq!(finding.message, "`trusted_root_ca` holds no certificate");
}
