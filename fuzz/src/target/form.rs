use certgate::{At, CertificateForm, Policy, PolicySettings, Report, Severity, catalogue};

use crate::bounds::bounded;
use crate::secrets::{assert_untold, is_told_by_design};
use crate::{NOW, policy, subject, told};

/// A whole check.
///
/// # Panics
/// If a property is broken.
pub fn form(data: &[u8]) {
    let Ok(form) = serde_json::from_slice::<CertificateForm>(data) else { return };
    if is_told_by_design(&form) {
        return;
    }
    assert_untold(&format!("{form:?}"), "a form");
    let policy = policy();
    let report = check(&form, &policy, NOW.into(), data);
    assert_eq!(report, check(&form, &policy, NOW.into(), data), "two checks differ");
    let facts = subject::facts(&report, &policy);
    if report.findings.len() < policy.max_findings {
        for severity in [Severity::Note, Severity::Error] {
            let other = overridden(&policy, severity);
            let report = check(&form, &other, NOW.into(), data);
            assert_eq!(facts, subject::facts(&report, &other), "overrides to {severity} change the facts");
        }
    }
    let untimed = check(&form, &policy, At::NotEvaluated, data);
    assert!(untimed.checked_at.is_none());
    #[cfg(feature = "openssl")]
    if report.is_accepted() {
        pairs_match(&form, &report);
    }
}

fn check(form: &CertificateForm, policy: &Policy, at: At, data: &[u8]) -> Report {
    let report = bounded(data.len(), || match subject::validate(form, policy, at) {
        Ok(accepted) => {
            let shown = format!("{accepted:?}");
            assert_untold(&shown, "an accepted form");
            assert!(serde_json::to_string(accepted.certificate()).is_ok());
            accepted.into_report()
        }
        Err(rejected) => {
            assert_untold(&format!("{rejected} {rejected:?}"), "a rejected form");
            rejected.into_report()
        }
    });
    told::report(&report, form, policy.max_findings);
    report
}

/// The policy with every rule overridden that admits it.
fn overridden(policy: &Policy, severity: Severity) -> Policy {
    let mut settings = PolicySettings::from(policy.clone());
    let rules = catalogue::all().iter().filter(|rule| rule.admits(severity));
    settings.severity = rules.map(|rule| (rule.code.to_owned(), severity)).collect();
    Policy::new(settings).expect("only what the rules admit")
}

/// The first certificate and the key of each side of an accepted form match by OpenSSL.
#[cfg(feature = "openssl")]
fn pairs_match(form: &CertificateForm, report: &Report) {
    use certgate::certificate::{self, Role};
    use certgate::pem::{self, BlockKind, Expected};

    let first = |content: &Option<certgate::Content>, kind| {
        let blocks = pem::parse(content.as_ref()?, Expected::Certificates, &policy()).value?;
        blocks.into_iter().find(|block| block.kind == kind)
    };
    let base = (&form.cert_content, &form.private_key);
    let sign = report.sign_certificate.as_ref().map(|_| (&form.cert_content_sign, &form.private_key_sign));
    for (certificate, key) in [Some(base), sign].into_iter().flatten() {
        let Some(certificate) = first(certificate, BlockKind::Certificate) else { continue };
        let Some(key) = first(key, BlockKind::PrivateKey) else { continue };
        let read = certificate::check(&certificate.der, Role::Leaf, &policy(), NOW)
            .value
            .expect("an accepted certificate");
        let public = read.public_key().expect("an accepted key");
        assert_ne!(crate::oracle::is_pair(public, &key.der), Some(false), "no pair, says OpenSSL");
    }
}
