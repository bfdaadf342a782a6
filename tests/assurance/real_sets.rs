//! Proves: real SM2 double sets, as two public projects test with them, are accepted as they are, and refused with their pairs swapped or their
//! keys crossed. Takes 1 second. The sets are beside the checkout, in `../shared/corpus`; skips with a printed line where they are absent.
#![allow(clippy::restriction)]

use std::fs;
use std::path::{Path, PathBuf};

use certgate::repair::repair;
use certgate::{At, CertificateForm, Content, Finding, Policy, Report, validate};

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no real SM2 sets at {}", folder.display());
    None
}

/// The sets: the folder, the names of server and client, and the certificates above them.
const SETS: &[(&str, &str, &[&str])] = &[
    ("tlcp-tongsuo", "server", &["sub_ca.crt", "ca.crt"]),
    ("tlcp-tongsuo", "client", &["sub_ca.crt", "ca.crt"]),
    ("tlcp-tongsuo", "server", &["sub_ca.crt"]),
    ("tlcp-apisix", "server", &[]),
    ("tlcp-apisix", "client", &[]),
];

fn form(corpus: &Path, (set, owner, issuers): (&str, &str, &[&str])) -> CertificateForm {
    let read = |file: String| fs::read_to_string(corpus.join(set).join(file)).expect("a file of the set");
    let chain = |role: &str| {
        let mut text = read(format!("{owner}_{role}.crt"));
        for issuer in issuers {
            text.push_str(&read((*issuer).to_owned()));
        }
        Some(Content::from_text(text))
    };
    let key = |role: &str| Some(Content::from_text(read(format!("{owner}_{role}.key"))));
    let mut form = CertificateForm::default();
    form.name = Some("real_set".to_owned());
    form.cert_content = chain("enc");
    form.private_key = key("enc");
    form.cert_content_sign = chain("sign");
    form.private_key_sign = key("sign");
    form
}

fn report(form: &CertificateForm) -> Report {
    match validate(form, &Policy::default(), At::NotEvaluated) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    }
}

fn errors(report: &Report) -> Vec<&'static str> {
    report
        .findings
        .iter()
        .filter(|finding| finding.severity == certgate::Severity::Error)
        .map(Finding::code)
        .collect()
}

#[test]
fn the_sets_are_accepted() {
    let Some(corpus) = corpus() else { return };
    for &set in SETS {
        let report = report(&form(&corpus, set));
        assert!(report.is_accepted(), "{set:?}: {:?}", report.findings);
        let encryption = report.certificate.expect("metadata");
        let signature = report.sign_certificate.expect("metadata");
        assert_eq!(encryption.certificate.common_name, Some(format!("{} enc", set.1)));
        assert_eq!(signature.certificate.common_name, Some(format!("{} sign", set.1)));
        assert_eq!(encryption.certificate.signature_algorithm.as_deref(), Some("SM2-SM3"));
        assert_eq!(encryption.algorithm_type.map(|algorithm| algorithm.as_str()), Some("SM2"));
        assert!(report.not_evaluated.iter().any(|entry| entry.code == "validity"));
    }
}

#[test]
fn swapped_pairs_and_crossed_keys_are_refused_each_by_its_own_rule() {
    let Some(corpus) = corpus() else { return };
    type Damage = fn(&mut CertificateForm);
    let damages: [(&str, Damage); 3] = [
        ("sm2-pairs-swapped", |form| {
            std::mem::swap(&mut form.cert_content, &mut form.cert_content_sign);
            std::mem::swap(&mut form.private_key, &mut form.private_key_sign);
        }),
        ("sm2-keys-crossed", |form| std::mem::swap(&mut form.private_key, &mut form.private_key_sign)),
        ("sm2-certificates-swapped", |form| {
            std::mem::swap(&mut form.cert_content, &mut form.cert_content_sign);
        }),
    ];
    for &set in SETS {
        for (code, damage) in damages {
            let mut form = form(&corpus, set);
            damage(&mut form);
            let rejected = report(&form);
            assert_eq!(errors(&rejected), [code], "{set:?}: {:?}", rejected.findings);
            let repaired = repair(&form, &Policy::default(), At::NotEvaluated);
            assert!(repaired.result.is_ok(), "{set:?} {code}");
        }
    }
}

#[test]
fn the_pairs_of_two_servers_do_not_make_a_set() {
    let Some(corpus) = corpus() else { return };
    let mut server = form(&corpus, ("tlcp-tongsuo", "server", &["sub_ca.crt"]));
    let client = form(&corpus, ("tlcp-tongsuo", "client", &["sub_ca.crt"]));
    server.private_key_sign = client.private_key_sign;
    assert_eq!(errors(&report(&server)), ["match-other-key"]);
}
