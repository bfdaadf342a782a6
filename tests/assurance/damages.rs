//! Proves: a certificate that was changed in one place of its base64 is not accepted, unless its DER stayed the same: a self-signed one, and one
//! with its issuer, and the encryption certificate of an SM2 set. Each kind of damage (a character flipped, doubled, lost, exchanged with the next; a line doubled, lost, exchanged with another)
//! at each place. Takes 3 seconds for every 7th place; `CERTGATE_DAMAGES=all` tries them all, in 30.
//!
//! A certificate alone, signed by another key, is tried too and only counted: nothing in the upload can show its damage.
#![allow(clippy::restriction)]

use std::collections::BTreeMap;

use certgate::{CertificateForm, Content, Finding, Policy, validate};
use certgate_forge::cert::{Issued, bundle};
use certgate_forge::form::{self, Form};
use certgate_forge::{chain, ext, key};

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A body with one damage, in lines as they were.
struct Damaged {
    kind: &'static str,
    lines: Vec<String>,
}

fn step() -> usize {
    if std::env::var("CERTGATE_DAMAGES").is_ok_and(|value| value == "all") { 1 } else { 7 }
}

/// The damages of characters: at each `step`th place of the body, but for padding, which is no part of the octets.
fn of_characters(lines: &[String], step: usize) -> Vec<Damaged> {
    let mut all = Vec::new();
    let places: Vec<(usize, usize)> = lines
        .iter()
        .enumerate()
        .flat_map(|(line, text)| (0..text.trim_end_matches('=').len()).map(move |column| (line, column)))
        .collect();
    for (count, (line, column)) in places.into_iter().enumerate().filter(|(count, _)| count % step == 0) {
        let text = lines[line].as_bytes();
        let mut add = |kind: &'static str, changed: Vec<u8>| {
            let mut lines = lines.to_vec();
            lines[line] = String::from_utf8(changed).unwrap();
            all.push(Damaged { kind, lines });
        };
        let value = ALPHABET.iter().position(|letter| *letter == text[column]).expect("base64");
        // One bit of the six, each in turn; all of them where each place is tried.
        for bit in (0..6).filter(|bit| step == 1 || *bit == count / step % 6) {
            let mut flipped = text.to_vec();
            flipped[column] = ALPHABET[value ^ 1 << bit];
            add("flip", flipped);
        }
        add("double", [&text[..=column], &text[column..]].concat());
        add("lose", [&text[..column], &text[column + 1..]].concat());
        if column + 1 < text.len() {
            let mut exchanged = text.to_vec();
            exchanged.swap(column, column + 1);
            add("exchange", exchanged);
        }
    }
    all
}

/// The damages of whole lines, each.
fn of_lines(lines: &[String]) -> Vec<Damaged> {
    let mut all = Vec::new();
    for line in 0..lines.len() {
        let mut doubled = lines.to_vec();
        doubled.insert(line, lines[line].clone());
        all.push(Damaged { kind: "double a line", lines: doubled });
        let mut lost = lines.to_vec();
        lost.remove(line);
        all.push(Damaged { kind: "lose a line", lines: lost });
        for other in line + 1..lines.len() {
            let mut exchanged = lines.to_vec();
            exchanged.swap(line, other);
            all.push(Damaged { kind: "exchange lines", lines: exchanged });
        }
    }
    all
}

/// The whole octets that a body holds, read without any rule but the alphabet.
fn octets(lines: &[String]) -> Vec<u8> {
    let (mut bits, mut count, mut octets) = (0_u32, 0, Vec::new());
    for letter in lines.iter().flat_map(|line| line.bytes()) {
        let Some(value) = ALPHABET.iter().position(|known| *known == letter) else { continue };
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count & 0xff) as u8);
        }
    }
    octets
}

#[derive(Default)]
struct Count {
    tried: usize,
    accepted: usize,
    /// The DER is the same.
    same: usize,
    /// Nothing in the upload can show it.
    open: usize,
}

enum Subject {
    /// The key that signed it is in the upload: its own, or that of its issuer.
    WithIssuer,
    Alone,
}

/// Counts by kind; the false accepts.
fn run(
    form: &Form,
    certificates: &[Issued],
    subject: &Subject,
) -> (BTreeMap<&'static str, Count>, Vec<String>) {
    let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
    let policy = Policy::default();
    assert!(validate(&form, &policy, NOW).is_ok(), "the form is not accepted before the damage");
    let pem = certificates[0].pem();
    let lines: Vec<String> =
        pem.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned).collect();
    assert_eq!(octets(&lines), certificates[0].der);
    let issuers = bundle(&certificates[1..]);

    let (mut counts, mut breaches): (BTreeMap<_, Count>, _) = (BTreeMap::new(), Vec::new());
    let damaged = of_characters(&lines, step()).into_iter().chain(of_lines(&lines));
    for Damaged { kind, lines } in damaged {
        let count = counts.entry(kind).or_default();
        count.tried += 1;
        let mut form = form.clone();
        form.cert_content = Some(Content::from_text(format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n{issuers}",
            lines.join("\n")
        )));
        let Ok(accepted) = validate(&form, &policy, NOW) else { continue };
        count.accepted += 1;
        let der = octets(&lines);
        let codes: Vec<_> = accepted.report().findings.iter().map(Finding::code).collect();
        if der == certificates[0].der {
            count.same += 1;
        } else if matches!(subject, Subject::Alone) {
            count.open += 1;
        } else {
            let place = certificates[0].der.iter().zip(&der).position(|(one, other)| one != other);
            breaches.push(format!("{kind}: first octet that differs: {place:?}; {codes:?}"));
        }
    }
    (counts, breaches)
}

fn judge(what: &str, form: &Form, certificates: &[Issued], subject: &Subject) -> Vec<String> {
    let (counts, breaches) = run(form, certificates, subject);
    for kind in ["flip", "double", "lose", "exchange", "double a line", "lose a line", "exchange lines"] {
        let Count { tried, accepted, same, open } = &counts[kind];
        assert!(*tried > 0, "{what}: {kind} is not tried");
        println!(
            "{what}, {kind}: {tried} tried, {accepted} accepted: {same} with the same DER, {open} where nothing can tell, {} false",
            accepted - same - open
        );
    }
    breaches.into_iter().map(|breach| format!("{what}: {breach}")).collect()
}

fn assert_none(breaches: &[String]) {
    let shown = breaches.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(breaches.is_empty(), "{} false accepts, among them:\n{shown}", breaches.len());
}

/// The server's certificate of the plain chain, signed by its own key; as OpenSSL makes it, with an authority key identifier, or without.
fn self_signed(key: key::Key, with_aki: bool) -> [Issued; 1] {
    let certificate = chain::plain_leaf(key);
    let id = certificate.key_id();
    [if with_aki { certificate.with(ext::aki(&id)) } else { certificate }.self_signed()]
}

#[test]
fn a_damaged_certificate_with_its_issuer_is_not_accepted() {
    let mut breaches = Vec::new();
    for (what, algorithm, key) in
        [("issued P-256", "ECC", key::p256(0)), ("issued RSA", "RSA", key::rsa2048(0))]
    {
        let plain = chain::plain(key);
        let certificates = [plain.leaf, plain.intermediate];
        let form = Form::of(algorithm, &certificates);
        breaches.extend(judge(what, &form, &certificates, &Subject::WithIssuer));
    }
    assert_none(&breaches);
}

/// An SM2 signature that does not fit may be under an unknown ID: here the signature pair shows which ID the CA's key signs with.
#[test]
fn a_damaged_certificate_of_a_double_set_is_not_accepted() {
    let set = chain::sm2();
    assert_none(&judge("SM2 encryption", &form::sm2(), &[set.enc, set.ca], &Subject::WithIssuer));
}

#[test]
fn a_damaged_self_signed_certificate_is_not_accepted() {
    let mut breaches = Vec::new();
    for (what, algorithm, key, with_aki) in [
        ("self-signed P-256", "ECC", key::p256(0), false),
        ("self-signed P-256 with AKI", "ECC", key::p256(0), true),
        ("self-signed RSA", "RSA", key::rsa2048(0), false),
    ] {
        let certificates = self_signed(key, with_aki);
        let form = Form::of(algorithm, &certificates);
        breaches.extend(judge(what, &form, &certificates, &Subject::WithIssuer));
    }
    assert_none(&breaches);
}

/// For comparison: without its issuer, a certificate shows only the damages of its form and of its key.
#[test]
fn a_damaged_certificate_alone_is_counted() {
    let plain = chain::plain(key::p256(0));
    let certificates = [plain.leaf];
    let (counts, breaches) = run(&Form::of("ECC", &certificates), &certificates, &Subject::Alone);
    let tried: usize = counts.values().map(|count| count.tried).sum();
    let accepted: usize = counts.values().map(|count| count.accepted).sum();
    println!("P-256 without its issuer: {accepted} of {tried} accepted");
    assert!(breaches.is_empty());
    assert!(0 < accepted && accepted < tried / 2, "{accepted} of {tried}");
}
