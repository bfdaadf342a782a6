//! What the profiles of `targets/` say of uploads that are made here: for each program a few that it loads and a few that it refuses, and one for each kind
//! of condition. `tests/assurance/targets/profiles.py` compares all of them with the programs themselves.
#![cfg(feature = "targets")]
#![allow(clippy::restriction)]

use std::collections::BTreeSet;

use certgate::targets::{Profile, TargetReport, Verdict, built_in, convert, find};
use certgate::time::macros::datetime;
use certgate::{At, CertificateForm, Check, Content, Policy, Report};
use certgate_forge::{form, key};

const AT: At = At::Time(datetime!(2026-06-01 00:00 UTC));

fn given(form: &form::Form) -> CertificateForm {
    CertificateForm::from_json(form.json().as_bytes()).unwrap()
}

fn report_at(form: &CertificateForm, names: &[&str], at: At) -> Report {
    let profiles: Vec<&Profile> = names.iter().map(|name| find(name).unwrap()).collect();
    match Check::new(form, &Policy::default(), at).targeting(&profiles).run() {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    }
}

fn ask(form: &CertificateForm, name: &str) -> TargetReport {
    report_at(form, &[name], AT).targets.remove(0)
}

/// The rules by which a target refuses.
fn refused_by(form: &CertificateForm, name: &str) -> BTreeSet<String> {
    let report = ask(form, name);
    report.findings.into_iter().filter(|f| f.verdict == Verdict::Refuses).map(|f| f.rule).collect()
}

#[track_caller]
fn refuses(form: &CertificateForm, name: &str, rule: &str) {
    let rules = refused_by(form, name);
    assert!(rules.contains(rule), "{name}: {rules:?}, and not {rule}");
}

#[track_caller]
fn does_not_refuse(form: &CertificateForm, names: &[&str]) {
    for name in names {
        assert_eq!(refused_by(form, name), BTreeSet::new(), "{name}");
    }
}

fn targets() -> impl Iterator<Item = &'static Profile> {
    built_in().iter().filter(|profile| !profile.is_library())
}

#[test]
fn every_target_takes_a_sound_rsa_upload() {
    let form = given(&form::rsa());
    for profile in targets() {
        assert_eq!(refused_by(&form, profile.name()), BTreeSet::new(), "{}", profile.name());
    }
}

#[test]
fn a_key_in_sec1_or_pkcs1_is_for_those_that_read_it() {
    let mut ec = form::ecc();
    ec.private_key = Some(key::p256(0).traditional_pem());
    let ec = given(&ec);
    refuses(&ec, "java", "key-not-pkcs8");
    refuses(&ec, "azure-keyvault", "key-not-pkcs8");
    does_not_refuse(&ec, &["nginx", "go", "envoy", "rustls"]);
}

#[test]
fn order_is_for_openssl_and_java() {
    let sound = form::rsa();
    let text = sound.cert_content.clone().unwrap();
    let (leaf, rest) = text.split_at(text.find("-----END CERTIFICATE-----").unwrap() + 26);
    let reversed = given(&form::Form { cert_content: Some(format!("{rest}{leaf}")), ..sound.clone() });
    refuses(&reversed, "nginx", "key-other");
    refuses(&reversed, "java", "chain-order");
    let twice = given(&form::Form { cert_content: Some(format!("{leaf}{leaf}{rest}")), ..sound });
    refuses(&twice, "java", "chain-order");
    does_not_refuse(&twice, &["nginx", "haproxy", "go"]);
}

#[test]
fn the_text_matters_where_a_program_is_strict() {
    let sound = form::rsa();
    let text = sound.cert_content.clone().unwrap();
    let with = |text: String| given(&form::Form { cert_content: Some(text), ..form::rsa() });
    let marked = with(format!("\u{feff}{text}"));
    refuses(&marked, "go", "file-damaged");
    does_not_refuse(&marked, &["nginx", "apache"]);
    let cut = with(text.trim_end().to_owned());
    refuses(&cut, "haproxy", "no-final-newline");
    does_not_refuse(&cut, &["haproxy-split", "nginx"]);
    let blank = with(text.replace("-----END", "\n-----END"));
    refuses(&blank, "nginx", "file-damaged");
    does_not_refuse(&blank, &["go", "java"]);
    let old = with(text.replacen("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE", 1).replacen(
        "END CERTIFICATE",
        "END X509 CERTIFICATE",
        1,
    ));
    refuses(&old, "rustls", "first-label");
    does_not_refuse(&old, &["nginx"]);
    refuses(&with(String::new()), "nginx", "no-certificate");
    let swapped = form::Form {
        cert_content: sound.private_key.clone(),
        private_key: sound.cert_content,
        ..form::rsa()
    };
    refuses(&given(&swapped), "go", "fields-swapped");
    does_not_refuse(&given(&swapped), &["haproxy"]);
}

#[test]
fn another_key_is_refused_but_by_those_that_do_not_compare() {
    let other = given(&form::Form { private_key: form::ecc().private_key, ..form::rsa() });
    refuses(&other, "apache", "key-other-type");
    refuses(&other, "go", "key-other");
    for name in ["nginx", "java", "apisix"] {
        let report = ask(&other, name);
        assert_eq!(report.verdict, Verdict::Warns, "{name}: every handshake fails");
    }
}

#[test]
fn what_was_not_evaluated_is_not_called_loaded() {
    let form = given(&form::rsa());
    for name in ["nginx", "go", "huawei-apig", "aws-acm"] {
        let report = report_at(&form, &[name], At::NotEvaluated).targets.remove(0);
        assert_eq!(report.verdict, Verdict::Warns, "{name}");
    }
    let expired = At::Time(datetime!(2099-01-01 00:00 UTC));
    assert_eq!(report_at(&form, &["nginx"], expired).targets[0].verdict, Verdict::Warns);
    assert_eq!(report_at(&form, &["aws-acm"], expired).targets[0].verdict, Verdict::Refuses);
}

#[test]
fn a_target_changes_nothing_in_the_verdict_of_the_gate() {
    let form = given(&form::rsa());
    let mut with = report_at(&form, &["java", "gcp"], AT);
    assert!(with.is_accepted());
    let json = serde_json::to_string(&with).unwrap();
    assert!(json.contains(r#""targets":{"java":{"verdict":"#), "{json}");
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap().targets.len(), 2);
    with.targets.clear();
    assert_eq!(with, report_at(&form, &[], AT));
}

#[test]
fn every_profile_says_how_it_knows_and_what_it_reads() {
    for profile in targets() {
        let known = profile.known();
        assert!(known.starts_with("tried: ") || known.starts_with("from documents, not tried: "), "{known}");
        assert!(known.contains(char::is_numeric) || known.starts_with("from documents"), "{known}");
        assert!(!profile.sources().is_empty() && !profile.takes().is_empty(), "{}", profile.name());
        assert!(!profile.rules().is_empty(), "{}", profile.name());
        for rule in profile.rules() {
            assert!(rule.says().ends_with('.'), "{}: {}", profile.name(), rule.says());
        }
    }
}

#[test]
fn what_is_converted_is_loaded_with_the_same_chain_and_key() {
    let mut ec = form::ecc();
    ec.private_key = Some(key::p256(0).traditional_pem());
    let sound = form::rsa();
    let text = sound.cert_content.clone().unwrap();
    let (leaf, rest) = text.split_at(text.find("-----END CERTIFICATE-----").unwrap() + 26);
    let damaged = form::Form { cert_content: Some(format!("\u{feff}{rest}{leaf}{leaf}")), ..sound };
    for (what, form) in [("SEC1", given(&ec)), ("damaged", given(&damaged))] {
        for profile in targets() {
            let name = profile.name();
            if (what, name) == ("SEC1", "gcp") {
                continue;
            }
            let done = convert(&form, profile, &Policy::default(), AT).unwrap();
            assert_ne!(done.target.verdict, Verdict::Refuses, "{name}: {:?}", done.target);
            assert!(!done.changes.is_empty(), "{name}: nothing is changed silently");
            if let [chain, key] = done.files.as_slice() {
                let mut again = form.clone();
                again.cert_content = Some(chain.content.clone());
                again.private_key = Some(key.content.clone());
                let report = report_at(&again, &[], AT);
                assert!(report.is_accepted(), "{name}: {:?}", report.findings);
                assert!(key.content.as_text().unwrap().starts_with("-----BEGIN PRIVATE KEY-----\n"));
            }
        }
    }
    let mut nothing = CertificateForm::default();
    nothing.private_key = Some(Content::from_text("x"));
    assert!(convert(&nothing, find("nginx").unwrap(), &Policy::default(), AT).is_err());
}

#[test]
fn a_key_is_written_as_pkcs1_or_sec1_where_the_profile_asks_for_it() {
    let text = "name = \"box\"\ntitle = \"t\"\nknown = { tried = \"box 1\" }\nsources = [\"s\"]\ntakes = \"x\"\nkey = \"traditional\"\n";
    let profile = Profile::from_toml(text, built_in()).unwrap();
    for (form, label) in [(form::rsa(), "RSA PRIVATE KEY"), (form::ecc(), "EC PRIVATE KEY")] {
        let mut again = given(&form);
        let done = convert(&again, &profile, &Policy::default(), AT).unwrap();
        let [_, key] = done.files.as_slice() else { panic!("{} files", done.files.len()) };
        assert!(key.content.as_text().unwrap().starts_with(&format!("-----BEGIN {label}-----\n")));
        again.private_key = Some(key.content.clone());
        // The same key, and nothing to say of its encoding: SEC1 names its curve.
        assert_eq!(report_at(&again, &[], AT).findings, report_at(&given(&form), &[], AT).findings);
    }
}

#[test]
fn clouds_with_fields_for_a_double_set_want_both_pairs() {
    let set = given(&form::sm2());
    let mut alone = set.clone();
    (alone.cert_content_sign, alone.private_key_sign) = (None, None);
    refuses(&alone, "aliyun-cas", "sm2-alone");
    does_not_refuse(&set, &["aliyun-cas", "huawei-scm"]);
    let sound = form::rsa();
    let text = sound.cert_content.clone().unwrap();
    let leaf = text.split_at(text.find("-----END CERTIFICATE-----").unwrap() + 26).0.to_owned();
    refuses(&given(&form::Form { cert_content: Some(leaf), ..sound }), "huawei-scm", "no-chain");
}

#[test]
fn a_profile_with_a_mistake_is_refused_and_says_which() {
    let head =
        "name = \"box\"\ntitle = \"t\"\nknown = { tried = \"box 1\" }\nsources = [\"s\"]\ntakes = \"x\"\n";
    let rule = |when: &str| {
        format!("{head}\n[[rule]]\nname = \"r\"\non = [\"leaf\"]\nwhen = {{ {when} }}\nsays = \"No.\"\n")
    };
    let read = |text: &str| Profile::from_toml(text, built_in()).map_err(|error| error.to_string());
    assert!(read(&rule("bits = { below = 2048 }")).is_ok());
    for (text, wanted) in [
        (rule("bit = 1"), "no fact `bit` of `leaf`"),
        (rule("finding = \"cert-exploded\""), "no rule `cert-exploded`"),
        (rule(""), "rule `r`"),
        (rule("bits = { under = 1 }"), "not a profile in TOML"),
        (format!("{head}like = [\"ngnix\"]"), "`ngnix`"),
        (format!("{head}like = [\"nginx\"]\nexcept = [\"nothing\"]"), "`nothing`"),
        (format!("{head}colour = 1"), "not a profile in TOML"),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
}
