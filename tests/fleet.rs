//! What only many forms show: RSA keys that share a prime, and one key under different names. Takes some seconds.
#![allow(clippy::restriction)]

mod support;

use certgate::fleet::{self, Fleet};
use certgate::{Check, Checked, Fact, Policy, PolicySettings, Severity};
use certgate_forge::BigInt;
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::form::{self, Form};
use certgate_forge::key::{self, Key};
use support::{NOW, read};

/// The modulus of one prime of each of two keys, as the key of a certificate.
fn mixed(one: &Key, other: &Key) -> key::Rsa {
    key::Rsa { p: one.rsa().p, q: other.rsa().q, ..one.rsa() }.complete()
}

fn leaf(host: &str, key: impl Into<Key>) -> Cert {
    Cert::leaf(host).key(key)
}

fn ca() -> Issued {
    Cert::ca("Fleet CA").key(key::p256(2)).self_signed()
}

fn form(algorithm: &str, leaf: Cert) -> Form {
    form::single(algorithm, &leaf.issued_by(&ca()))
}

/// The comparison of these forms, called `a`, `b` and so on.
fn compare(forms: &[Form]) -> (Fleet, Checked<()>) {
    compare_under(forms, &Policy::default())
}

fn compare_under(forms: &[Form], policy: &Policy) -> (Fleet, Checked<()>) {
    let mut fleet = Fleet::new();
    for (label, form) in ('a'..).zip(forms) {
        let (_, member) = Check::new(&read(form), policy, NOW).run_with_member();
        fleet.add(&label.to_string(), member);
    }
    let checked = fleet::check(&fleet, policy);
    (fleet, checked)
}

/// Severity, code and forms of each finding.
fn told(checked: &Checked<()>) -> Vec<(Severity, &str, Vec<String>)> {
    let findings = checked.findings.iter().map(|finding| {
        let Some(Fact::List(forms)) = finding.facts.get("forms") else { panic!("{finding}: no forms") };
        (finding.severity, finding.code(), forms.clone())
    });
    findings.collect()
}

fn labels(labels: &str) -> Vec<String> {
    labels.chars().map(String::from).collect()
}

#[test]
fn keys_with_a_common_prime_are_told_with_their_forms() {
    let (one, other) = (key::rsa2048(0), key::rsa2048(1));
    let shared = mixed(&one, &other);
    let forms = [
        form("RSA", leaf("one.example.com", one.clone())),
        form("RSA", leaf("two.example.com", key::rsa2048(2))),
        form("ECC", leaf("three.example.com", key::p256(0))),
        form("RSA", leaf("four.example.com", shared)),
    ];
    let (fleet, checked) = compare(&forms);
    assert_eq!((fleet.forms(), fleet.keys(), fleet.moduli()), (4, 4, 3));
    assert_eq!(told(&checked), [(Severity::Error, "fleet-prime-shared", labels("ad"))]);
    let output = format!("{checked:?}{}", serde_json::to_string(&checked.findings).unwrap());
    for prime in [one.rsa().p, other.rsa().q] {
        assert!(!output.contains(&prime.to_string()) && !output.contains(&format!("{prime:x}")));
    }

    let mut settings = PolicySettings::default();
    settings.severity.insert("fleet-prime-shared".to_owned(), Severity::Warning);
    let (_, checked) = compare_under(&forms, &Policy::new(settings).unwrap());
    assert_eq!(told(&checked), [(Severity::Warning, "fleet-prime-shared", labels("ad"))]);
}

#[test]
fn different_keys_of_one_bit_length_share_nothing() {
    let forms: Vec<Form> =
        (0..3).map(|number| form("RSA", leaf("www.example.com", key::rsa2048(number)))).collect();
    let (fleet, checked) = compare(&forms);
    assert_eq!((fleet.moduli(), told(&checked)), (3, vec![]));
    assert!(checked.not_evaluated.is_empty());
}

#[test]
fn one_modulus_with_two_exponents_shares_both_primes() {
    let one = key::rsa2048(0);
    let other = key::Rsa { e: BigInt::from(257), ..one.rsa() }.complete();
    let (_, checked) =
        compare(&[form("RSA", leaf("www.example.com", one)), form("RSA", leaf("www.example.com", other))]);
    assert_eq!(told(&checked), [(Severity::Error, "fleet-prime-shared", labels("ab"))]);
}

/// A damaged modulus has a small prime in common with every other damaged one. That is no secret of anybody.
#[test]
fn a_small_factor_is_not_a_common_prime() {
    let times_three = |number: usize| {
        let n = key::rsa2048(number).rsa().n * 3;
        Cert::leaf("www.example.com").spki(key::Rsa { n, ..key::rsa2048(number).rsa() }.spki())
    };
    let (fleet, checked) = compare(&[form("RSA", times_three(0)), form("RSA", times_three(1))]);
    assert_eq!((fleet.keys(), fleet.moduli(), told(&checked)), (2, 0, vec![]));
}

#[test]
fn one_key_under_different_names_is_noted_and_a_renewal_is_not() {
    let names = |host: &str, key: Key| form("ECC", leaf(host, key));
    let (_, checked) = compare(&[
        names("a.example.com", key::p256(0)),
        names("b.example.com", key::p256(1)),
        names("b.example.com", key::p256(1)),
        names("c.example.com", key::p256(0)),
    ]);
    assert_eq!(told(&checked), [(Severity::Note, "fleet-key-shared", labels("ad"))]);

    // The renewal of a certificate: other dates, other serial number, same names and same key.
    let renewed = Cert::leaf("b.example.com").key(key::p256(1)).serial([7]).not_after("270101000000Z");
    let (fleet, checked) = compare(&[names("b.example.com", key::p256(1)), form("ECC", renewed)]);
    assert_eq!((fleet.forms(), fleet.keys(), told(&checked)), (2, 1, vec![]));
}

/// A form that is rejected counts as far as its certificate can be read; one that holds none does not.
#[test]
fn rejected_forms_count_too() {
    let mut rejected = form("ECC", leaf("a.example.com", key::p256(0)));
    rejected.private_key = Some(key::p384(0).pem());
    let empty = Form { cert_content: Some(String::new()), ..rejected.clone() };
    let (fleet, checked) = compare(&[rejected, empty, form("ECC", leaf("b.example.com", key::p256(0)))]);
    assert_eq!((fleet.forms(), fleet.keys()), (3, 1));
    assert_eq!(told(&checked), [(Severity::Note, "fleet-key-shared", labels("ac"))]);
}

/// Both certificates of a double set are compared.
#[test]
fn both_keys_of_a_double_set_count() {
    let (fleet, _) = compare(&[form::sm2(), form::rsa()]);
    assert_eq!((fleet.forms(), fleet.keys(), fleet.moduli()), (2, 3, 1));
}

#[test]
fn forms_with_a_weak_key_are_counted() {
    let row = |name: &str| certgate_forge::fault::all().find(|row| row.row == name).unwrap().form();
    let sound = form("ECC", leaf("a.example.com", key::p256(0)));
    let forms =
        [row("primes-close"), sound.clone(), row("published-in-a-standard"), row("modulus-divisible-by-751")];
    assert_eq!(compare(&forms).0.weak_keys(), 3);
    assert_eq!(compare(&[sound]).0.weak_keys(), 0);
}
