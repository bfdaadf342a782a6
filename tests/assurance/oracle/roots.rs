//! Every public CA as a trusted root of an upload, as an issuer, and as a root of a chain: none is refused.

use std::collections::{BTreeMap, BTreeSet};

use certgate::certificate::{self, Role};
use certgate::{CertificateForm, Content, Field, Policy, Severity, validate};
use certgate_forge::form;

use crate::data::certificates;

/// The day of the pinned bundle.
const TIME: time::OffsetDateTime = time::macros::datetime!(2026-10-18 0:00 UTC);

/// What is said of public CAs, and why that is right.
const RIGHT: &[(&str, &str)] = &[
    ("warning cert-name-t61", "names in TeletexString, as CAs wrote them before 2003"),
    ("warning cert-rsa-exponent", "exponent 3"),
    ("warning cert-serial-number", "serial number 0, or of 21 octets"),
    ("warning cert-time-lax", "a GeneralizedTime before 2050"),
    ("error root-none-usable", "Debian keeps roots that have expired; the test holds them against notAfter"),
];

#[test]
fn no_public_ca_is_refused() {
    let mut seen = BTreeSet::new();
    let mut samples = certificates();
    samples.retain(|sample| sample.source != "vectors" && seen.insert(sample.der.clone()));
    let policy = Policy::default();
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for sample in &samples {
        let mut add = |what: &str, severity: Severity, code: &str| {
            found.entry(format!("{what}: {severity} {code}")).or_default().push(&sample.name);
        };
        for role in [Role::Issuer, Role::Root] {
            for finding in certificate::check(&sample.der, role, &policy, TIME).findings {
                add("as an issuer or root", finding.severity, finding.code());
            }
        }
        let mut form: CertificateForm = serde_json::from_str(&form::rsa().json()).unwrap();
        form.trusted_root_ca =
            Some(Content::from_text(pem::encode(&pem::Pem::new("CERTIFICATE", &*sample.der))));
        form.r#type = Some("instance".to_owned());
        form.instance_id = Some("0123456789abcdef0123456789abcdef".to_owned());
        let report = match validate(&form, &policy, TIME) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        for finding in report.findings {
            if finding.code() == "root-none-usable" {
                let end = certificate::check(&sample.der, Role::Root, &policy, TIME)
                    .value
                    .and_then(|root| root.not_after());
                assert!(end.unwrap() < TIME, "{}: {finding}", sample.name);
                assert_ne!(sample.source, "certifi", "{}: {finding}", sample.name);
            }
            if finding.location.field == Some(Field::TrustedRootCa) {
                add("as trusted_root_ca", finding.severity, finding.code());
            }
        }
    }
    println!("{} public CAs", samples.len());
    let mut wrong = Vec::new();
    for (what, names) in &found {
        println!("{what}: {} times", names.len());
        if !RIGHT.iter().any(|(code, _)| what.ends_with(code)) {
            wrong.push(format!("{what}: {}", names.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
