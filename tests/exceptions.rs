//! Exceptions of a policy: one certificate, one soft rule, a last day, a reason. Takes a second.
#![allow(clippy::restriction)]

mod support;

use certgate::{At, PolicyException, PolicySettings, Report};
use certgate_forge::form::Form;
use certgate_forge::{chain, ext, key};
use ring::digest::{SHA256, digest};
use support::{NOW, check, read};
use time::OffsetDateTime;
use time::macros::datetime;

const LATER: OffsetDateTime = datetime!(2026-12-31 23:59:59 UTC);

fn hash(der: &[u8]) -> String {
    digest(&SHA256, der).as_ref().iter().map(|octet| format!("{octet:02X}")).collect()
}

/// Under the exceptions, each for a certificate, a rule and a last second: severity and code of each finding, and what it says of an exception.
fn told(
    form: &Form,
    exceptions: &[(&str, &str, OffsetDateTime)],
    strict: bool,
    at: At,
) -> (Report, Vec<String>) {
    let mut settings = PolicySettings::default();
    settings.strict = strict;
    let made = exceptions
        .iter()
        .map(|(hash, rule, until)| PolicyException::new(*hash, *rule, *until, " the \u{7}proxy "));
    settings.exceptions = made.collect();
    let report = check(&read(form), &certgate::Policy::new(settings).unwrap(), at);
    let tell = |finding: &certgate::Finding| {
        let excepted = finding.exception.as_ref();
        let excepted = excepted.map(|it| format!("until {} ended {} {}", it.until, it.ended, it.reason));
        format!("{} {} {}", finding.severity, finding.code(), excepted.unwrap_or_default())
    };
    let findings = report.findings.iter().map(tell).collect();
    (report, findings)
}

#[test]
fn an_exception_makes_a_warning_of_the_one_rule_at_the_one_certificate_until_its_end() {
    let (issuer, _) = chain::plain_issuers();
    let leaf = chain::plain_leaf(key::rsa2048(0)).without(ext::SAN).issued_by(&issuer);
    let (own, other) = (hash(&leaf.der), hash(&issuer.der));
    let form = Form::of("RSA", &[leaf, issuer]);
    let now = At::Time(NOW);
    let error = vec!["error cert-san-missing ".to_owned()];
    let excepted = vec![format!("warning cert-san-missing until {LATER} ended false the \\u{{7}}proxy")];
    let san = "cert-san-missing";
    for (what, exceptions, at, want) in [
        ("none", &[][..], now, &error),
        ("in force", &[(&*own, san, LATER)], now, &excepted),
        ("in its last second", &[(&*own, san, LATER)], At::Time(LATER), &excepted),
        ("of another certificate", &[(&*other, san, LATER)], now, &error),
        ("of another rule", &[(&*own, "cert-expired", LATER)], now, &error),
        (
            "two, of which one ended",
            &[(&*own, san, LATER), (&*own, san, NOW - time::Duration::DAY)],
            now,
            &excepted,
        ),
        ("without a time", &[(&*own, san, LATER)], At::NotEvaluated, &error),
    ] {
        let (report, findings) = told(&form, exceptions, false, at);
        assert_eq!(&findings, want, "{what}");
        assert_eq!(report.is_accepted(), want == &excepted, "{what}");
        let is_told = report.not_evaluated.iter().any(|entry| entry.code == "exceptions");
        assert_eq!(is_told, what == "without a time", "{what}");
        // What was written is read again.
        let json = serde_json::to_string(&report).unwrap();
        let again: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(again.findings[0].exception, report.findings[0].exception, "{what}");
    }
    let yesterday = NOW - time::Duration::DAY;
    let (report, findings) = told(&form, &[(&own, san, yesterday)], false, now);
    assert_eq!(findings, [format!("error cert-san-missing until {yesterday} ended true the \\u{{7}}proxy")]);
    assert!(!report.is_accepted());
}

/// The certificate of a finding is that of its block; the server's is also that of its field and of the key.
#[test]
fn an_exception_counts_for_issuers_and_for_the_server_certificates_key() {
    let (issuer, root) = chain::plain_issuers();
    let leaf = chain::plain_leaf(key::rsa2048(0)).issued_by(&issuer);
    let (own, of_issuer, of_root) = (hash(&leaf.der), hash(&issuer.der), hash(&root.der));
    let now = At::Time(NOW);
    // A label on the key that does not say what it is: a warning, and an error under `strict`.
    let mut form = Form::of("RSA", &[leaf.clone(), issuer.clone()]);
    let key = form.private_key.take().unwrap();
    form.private_key = Some(key.replace("PRIVATE KEY", "RSA PRIVATE KEY"));
    let first = |exceptions: &[_]| told(&form, exceptions, true, now).1;
    assert_eq!(first(&[])[0].split(' ').take(2).collect::<Vec<_>>(), ["error", "key-label"]);
    assert!(first(&[(&*own, "key-label", LATER)])[0].starts_with("warning key-label until"));
    assert_eq!(first(&[(&*of_issuer, "key-label", LATER)]), first(&[]));
    // A root that is sent in vain.
    let form = Form::of("RSA", &[leaf, issuer, root]);
    let strict = |exceptions: &[_]| told(&form, exceptions, true, now);
    let (report, before) = strict(&[]);
    let code = report.findings[0].code();
    assert!(!report.is_accepted() && report.findings[0].location.block == Some(3), "{before:?}");
    assert!(strict(&[(&*of_root, code, LATER)]).0.is_accepted());
    assert!(!strict(&[(&*own, code, LATER)]).0.is_accepted());
}

/// Warnings are left as they are, and a key that does not match stays an error.
#[test]
fn an_exception_raises_nothing_and_admits_no_hard_rule() {
    let refused = |hash: &str, rule: &str, reason: &str| {
        let mut settings = PolicySettings::default();
        settings.exceptions.push(PolicyException::new(
            "0a".repeat(32),
            "cert-expired",
            LATER,
            "one that is good",
        ));
        settings.exceptions.push(PolicyException::new(hash, rule, LATER, reason));
        certgate::Policy::new(settings).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let good = "0A".repeat(32);
    assert_eq!(refused(&good, "cert-san-missing", "why"), "");
    for (hash, rule, reason, want) in [
        (&*good, "match-other-key", "why", "the severity of `match-other-key` cannot be lowered"),
        (&good, "cert-nope", "why", "no rule has the code `cert-nope`"),
        (&good, "cert-san-missing", " ", "entry 2 of `exceptions`: `reason` is empty"),
        (&good[1..], "cert-san-missing", "why", "entry 2 of `exceptions`: `certificate` is not the SHA-256"),
        (&"0g".repeat(32), "cert-san-missing", "why", "entry 2 of `exceptions`: `certificate` is not"),
    ] {
        assert!(refused(hash, rule, reason).starts_with(want), "{}", refused(hash, rule, reason));
    }
    for (until, want) in [
        ("2026-12-31", Some(LATER)),
        ("2026-12-31T12:00:00+08:00", Some(datetime!(2026-12-31 04:00 UTC))),
        ("2026-02-30", None),
        ("soon", None),
    ] {
        let text = format!(
            r#"{{"exceptions": [{{"certificate": "{good}", "rule": "cert-expired", "until": "{until}", "reason": "why"}}]}}"#
        );
        let read = serde_json::from_str::<PolicySettings>(&text);
        assert_eq!(
            read.as_ref().ok().map(|settings| settings.exceptions[0].until),
            want,
            "{until}: {read:?}"
        );
    }
    let soft = PolicyException::new(&*good, "chain-leaf-alone", LATER, "why");
    let mut settings = PolicySettings::default();
    settings.exceptions.push(soft);
    assert_eq!(
        serde_json::from_str::<PolicySettings>(&serde_json::to_string(&settings).unwrap()).unwrap(),
        settings
    );
}
