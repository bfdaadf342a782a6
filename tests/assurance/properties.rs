//! Proves, on random input: names against a second writing of the rule; damaged PEM is fixed to the same DER or reported; a key fits its own
//! public key in every container and no other; chains in any order. Takes 4 seconds; `PROPTEST_CASES=10000 cargo test -p certgate --test
//! properties` looks further.
#![allow(clippy::restriction)]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use certgate::certificate::{self, Role};
use certgate::internals::PublicKey;
use certgate::pem::Expected;
use certgate::repair::repair;
use certgate::{
    At, CertificateForm, Content, Field, Finding, NameLetters, Policy, PolicySettings, Severity, chain, key,
    name, validate,
};
use certgate_forge::cert::{Cert, Issued, bundle};
use certgate_forge::curve::{self, Curve};
use certgate_forge::form::Form;
use certgate_forge::key::{Ec, Pkcs8, Sec1};
use certgate_forge::{BigUint, pem};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    // The same each time, unless more is asked for.
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        rng_seed,
        ..ProptestConfig::default()
    }
}

fn policy() -> Policy {
    Policy::default()
}

fn codes(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(Finding::code).collect()
}

// Names.

/// The rule of the reference page, written down once more.
fn model(name: &str, han: bool) -> BTreeSet<&'static str> {
    let is_letter = |c: char| c.is_ascii_alphabetic() || (han && ('\u{4e00}'..='\u{9fa5}').contains(&c));
    let mut codes = BTreeSet::new();
    match name.chars().count() {
        0..4 => codes.insert("name-too-short"),
        4..=50 => false,
        _ => codes.insert("name-too-long"),
    };
    let is_allowed = |c: char| is_letter(c) || c.is_ascii_digit() || c == '_';
    if name.chars().next().is_some_and(|first| is_allowed(first) && !is_letter(first)) {
        codes.insert("name-start");
    }
    if !name.chars().all(is_allowed) {
        codes.insert("name-character");
    }
    codes
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z_0-9]{0,60}",
        "[a-zA-Z][a-zA-Z_0-9]{2,50}",
        "[a-z][a-z0-9_ \\-.\n\u{4e00}-\u{9fa5}\u{ff41}-\u{ff5a}]{0,55}",
        // Letters and marks of any script, but the Han beyond the plain range, on which the model is silent.
        "[\\PC&&[^\\p{Han}]]{0,55}",
    ]
}

proptest! {
    #![proptest_config(config(500))]
    #[test]
    fn a_name_is_judged_as_the_model_says(name in any_name(), han: bool) {
        let mut settings = PolicySettings::default();
        settings.name_letters = if han { NameLetters::Han } else { NameLetters::Ascii };
        let policy = Policy::new(settings).expect("letters are free to choose");
        let checked = name::check(&name, &policy);
        let expected = model(&name, han);
        prop_assert_eq!(codes(&checked.findings), expected.clone());
        prop_assert_eq!(checked.value.is_some(), expected.is_empty());
    }
}

// Damage.

#[derive(Clone, Debug)]
enum Damage {
    Insert(Index, char),
    Delete(Index, usize),
    Transpose(Index),
    Rewrap(usize, &'static str),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let inserted = prop_oneof![
        select(vec![
            '\n', '\r', ' ', '\t', '-', '=', '\\', '"', '\u{feff}', '\u{3000}', '\u{200b}', 'A', '/', '+'
        ]),
        any::<char>(),
    ];
    prop_oneof![
        (any::<Index>(), inserted).prop_map(|(at, c)| Damage::Insert(at, c)),
        (any::<Index>(), 1..8_usize).prop_map(|(at, count)| Damage::Delete(at, count)),
        any::<Index>().prop_map(Damage::Transpose),
        (1..200_usize, select(vec!["\n", "\r\n", "\r", "\n\n", " \n"]))
            .prop_map(|(width, end)| Damage::Rewrap(width, end)),
    ]
}

impl Damage {
    fn apply(&self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let count = characters.len();
        match self {
            Self::Insert(at, c) => characters.insert(at.index(count + 1), *c),
            Self::Delete(at, length) => {
                let from = at.index(count);
                characters.drain(from..(from + length).min(count));
            }
            Self::Transpose(at) => {
                let from = at.index(count - 1);
                characters.swap(from, from + 1);
            }
            Self::Rewrap(width, end) => return rewrap(text, *width, end),
        }
        characters.into_iter().collect()
    }
}

/// The text with the bodies of its blocks in lines of `width` characters, its line ends `end`.
fn rewrap(text: &str, width: usize, end: &str) -> String {
    let (mut out, mut body) = (String::new(), String::new());
    for line in text.lines() {
        if line.starts_with("-----") {
            let characters: Vec<char> = std::mem::take(&mut body).chars().collect();
            for piece in characters.chunks(width) {
                out.extend(piece);
                out += end;
            }
            out += line;
            out += end;
        } else {
            body += line;
        }
    }
    out + &body
}

/// Forms with the whole chain, so that a signature covers every octet of every certificate.
static FORMS: LazyLock<Vec<CertificateForm>> = LazyLock::new(|| {
    [certgate_forge::key::rsa2048(0), certgate_forge::key::p256(0), certgate_forge::key::p384(0)]
        .map(|key| {
            let plain = certgate_forge::chain::plain(key.clone());
            let algorithm = if matches!(key, certgate_forge::key::Key::Rsa(_)) { "RSA" } else { "ECC" };
            let form = Form::of(algorithm, &[plain.leaf, plain.intermediate, plain.root]);
            serde_json::from_str(&form.json()).unwrap()
        })
        .to_vec()
});

/// The DER of every block of a field.
fn ders(form: &CertificateForm, field: Field) -> Vec<Vec<u8>> {
    let expected = if field == Field::PrivateKey { Expected::PrivateKey } else { Expected::Certificates };
    let parsed = certgate::pem::parse(form.content(field).unwrap(), expected, &policy());
    parsed.value.unwrap_or_default().iter().map(|block| block.der.to_vec()).collect()
}

proptest! {
    #![proptest_config(config(300))]
    #[test]
    fn damage_is_fixed_to_the_same_der_or_reported(
        form in 0..3_usize,
        of_key: bool,
        damages in prop::collection::vec(any_damage(), 1..4),
    ) {
        let whole = &FORMS[form];
        let field = if of_key { Field::PrivateKey } else { Field::CertContent };
        let mut text = whole.content(field).unwrap().as_text().unwrap().to_owned();
        for damage in &damages {
            text = damage.apply(&text);
        }
        let mut damaged = whole.clone();
        *damaged.content_mut(field).unwrap() = Some(Content::from_text(text));
        let before = ders(whole, field);
        let now = ders(&damaged, field);
        if let Ok(accepted) = validate(&damaged, &policy(), NOW) {
            let found = &accepted.report().findings;
            prop_assert!(now == before || is_reported(&now, &before, found), "accepted in silence: {found:?}");
        }
        let repaired = repair(&damaged, &policy(), NOW);
        if let Ok(accepted) = &repaired.result {
            // The repair takes the root out of the chain.
            let now = ders(&repaired.form, field);
            let is_same = now == before || (!of_key && now == before[..2]);
            let found = &accepted.report().findings;
            prop_assert!(is_same || is_reported(&now, &before, found), "mended to another content: {found:?} {:?}", repaired.edits.iter().map(|edit| edit.text.as_str()).collect::<Vec<_>>());
        }
    }
}

/// Whether a warning tells of the certificate that is not as it was: faults in the encoding of an issuer are no more than that. A last
/// certificate that no longer names itself as its issuer is signed by a key that is not here, so nothing can be told of it.
fn is_reported(now: &[Vec<u8>], before: &[Vec<u8>], findings: &[Finding]) -> bool {
    let is_warned = findings
        .iter()
        .any(|finding| finding.severity >= Severity::Warning && finding.code() != "chain-root-included");
    let is_open = |place: usize| {
        let certificate =
            certificate::check(&now[place], Role::Issuer, &Policy::default(), At::NotEvaluated).value;
        place == 2 && certificate.is_some_and(|certificate| !certificate.is_self_issued())
    };
    (now.len() == before.len() || now.len() + 1 == before.len())
        && now[0] == before[0]
        && (0..now.len()).all(|place| now[place] == before[place] || is_warned || is_open(place))
}

// Keys.

fn any_ec() -> impl Strategy<Value = Ec> {
    let curves: Vec<&'static Curve> = vec![&curve::P256, &curve::P384, &curve::P521, &curve::SM2];
    (select(curves), prop::collection::vec(any::<u8>(), 66)).prop_map(|(curve, octets)| {
        // n − 1 is not a private key of SM2: 1 to n − 2.
        let scalar =
            BigUint::from_bytes_be(&octets) % (curve.n() - BigUint::from(2_u8)) + BigUint::from(1_u8);
        Ec::new(curve, scalar)
    })
}

/// Every container that a key on a curve may come in.
fn containers(ec: &Ec) -> Vec<(&'static str, String)> {
    let sec1 = |sec1: Sec1| pem::encode("EC PRIVATE KEY", &sec1.node().encode());
    let whole = ec.sec1();
    let compressed = Sec1 { public: Some(ec.compressed()), ..whole.clone() };
    vec![
        ("PKCS#8", ec.pkcs8().pem()),
        ("PKCS#8 version 2", Pkcs8 { version: 1, public: Some(ec.uncompressed()), ..ec.pkcs8() }.pem()),
        ("PKCS#8 without the point", {
            let bare = Sec1 { parameters: None, public: None, ..whole.clone() };
            Pkcs8::new(ec.algorithm(), bare.node()).pem()
        }),
        ("SEC1", sec1(whole.clone())),
        ("SEC1 compressed", sec1(compressed)),
        ("SEC1 without the point", sec1(Sec1 { public: None, ..whole.clone() })),
        ("SEC1 without the curve", sec1(Sec1 { parameters: None, ..whole })),
        ("SEC1 under PRIVATE KEY", pem::relabelled(&sec1(ec.sec1()), "PRIVATE KEY")),
        ("CRLF", pem::crlf(&ec.pkcs8().pem())),
        ("one line", rewrap(&ec.pkcs8().pem(), 1000, "\n")),
    ]
}

fn read_key(text: &str) -> key::PrivateKey {
    let parsed = certgate::pem::parse(&Content::from_text(text), Expected::PrivateKey, &policy());
    let blocks = parsed.value.expect("a block");
    let checked = key::check(&blocks[0], &policy());
    // What most programs refuse is refused, and understood all the same.
    let is_understood = |finding: &Finding| finding.severity < Severity::Error || finding.is_fixable();
    assert!(checked.findings.iter().all(is_understood), "{:?}", checked.findings);
    checked.value.expect("a key")
}

proptest! {
    #![proptest_config(config(24))]
    #[test]
    fn a_key_fits_its_own_certificate_in_every_container_and_no_other(ec in any_ec(), other in any_ec()) {
        let public = |spki: &[u8]| PublicKey::from_spki_der(spki).unwrap();
        let own = [public(&ec.spki().encode()), public(&ec.spki_compressed().encode())];
        let foreign = public(&other.spki().encode());
        // The same point with the other sign: the key of n − scalar.
        let mirrored = Ec::new(ec.curve, ec.curve.n() - &ec.scalar);
        let mirrored = public(&mirrored.spki().encode());
        for (container, text) in containers(&ec) {
            let private = read_key(&text);
            for own in &own {
                prop_assert_eq!(certgate::internals::prove(own, &private), Ok(()), "{}", container);
            }
            prop_assert!(certgate::internals::prove(&foreign, &private).is_err() || foreign == own[0], "{}", container);
            prop_assert!(certgate::internals::prove(&mirrored, &private).is_err(), "{}: mirrored", container);
        }
    }
}

#[test]
fn an_rsa_key_fits_its_own_certificate_in_every_container_and_no_other() {
    let keys = [0, 1, 2].map(certgate_forge::key::rsa2048).into_iter().chain([
        certgate_forge::key::rsa3072(),
        certgate_forge::key::rsa4096(),
        certgate_forge::key::rsa2048e3(),
    ]);
    let keys: Vec<_> = keys.collect();
    for (number, one) in keys.iter().enumerate() {
        let rsa = one.rsa();
        let without_null = Pkcs8::new(certgate_forge::key::Rsa::algorithm_without_null(), rsa.pkcs1());
        for text in [
            one.pem(),
            one.traditional_pem(),
            without_null.pem(),
            pem::relabelled(&one.pem(), "RSA PRIVATE KEY"),
        ] {
            let private = read_key(&text);
            for (place, other) in keys.iter().enumerate() {
                let public = PublicKey::from_spki_der(&other.spki().encode()).unwrap();
                assert_eq!(
                    certgate::internals::prove(&public, &private).is_ok(),
                    place == number,
                    "{number} and {place}"
                );
            }
        }
    }
}

// Chains.

/// Server certificate, three issuers, and a self-signed root.
static CHAIN: LazyLock<Vec<Issued>> = LazyLock::new(|| {
    let root = Cert::ca("Root").key(certgate_forge::key::p256(1)).self_signed();
    let high = Cert::ca("High").key(certgate_forge::key::p384(0)).issued_by(&root);
    let middle = Cert::ca("Middle").key(certgate_forge::key::rsa2048(1)).issued_by(&high);
    let low = Cert::ca("Low").key(certgate_forge::key::p256(2)).issued_by(&middle);
    vec![Cert::leaf("a.example").key(certgate_forge::key::p256(0)).issued_by(&low), low, middle, high, root]
});

proptest! {
    #![proptest_config(config(300))]
    #[test]
    fn a_chain_is_judged_by_what_is_there_whatever_its_order(given in prop::collection::vec(0..5_usize, 0..8), at: Index) {
        // The server certificate is somewhere; of the others any, in any order, any number of times.
        let mut given = given;
        given.insert(at.index(given.len() + 1), 0);
        let mut firsts: Vec<usize> = Vec::new();
        for place in &given {
            if !firsts.contains(place) {
                firsts.push(*place);
            }
        }
        let there: BTreeSet<usize> = firsts.iter().copied().collect();
        let path: Vec<usize> = (0..5).take_while(|place| there.contains(place)).collect();
        let has_gap = path.len() < there.len();

        let policy = policy();
        let certificates: Vec<_> = given
            .iter()
            .map(|place| certificate::check(&CHAIN[*place].der, Role::Issuer, &policy, NOW).value.unwrap())
            .collect();
        let checked = chain::check(&certificates, &policy, NOW);
        let found = codes(&checked.findings);
        prop_assert_eq!(found.contains("chain-gap"), has_gap, "{:?}: {:?}", given, found);
        prop_assert_eq!(found.contains("chain-duplicate"), firsts.len() < given.len(), "{:?}: {:?}", given, found);
        let is_refused = checked.findings.iter().any(|finding| finding.severity == Severity::Error);
        if !has_gap {
            let is_leaf_first = firsts.first() == Some(&0);
            prop_assert_eq!(found.contains("chain-leaf-not-first"), !is_leaf_first, "{:?}: {:?}", given, found);
            prop_assert_eq!(found.contains("chain-order"), is_leaf_first && firsts != path, "{:?}: {:?}", given, found);
            prop_assert_eq!(is_refused, firsts != path, "{:?}: {:?}", given, found);
            let mended: Vec<usize> = checked.value.unwrap().mended().into_iter().map(|place| given[place]).collect();
            let wanted: Vec<usize> = path.iter().copied().filter(|place| *place < 4).collect();
            prop_assert_eq!(mended, wanted, "{:?}", given);
        } else {
            prop_assert!(is_refused);
        }
    }

    #[test]
    fn a_shuffled_form_is_fixed_to_the_right_order(order in Just(vec![0, 1, 2, 3, 4]).prop_shuffle()) {
        let mut form = Form::of("ECC", &[]);
        form.cert_content = Some(bundle(order.iter().map(|place| &CHAIN[*place])));
        form.private_key = Some(CHAIN[0].key_pem());
        let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
        let in_order = order.is_sorted();
        prop_assert_eq!(validate(&form, &policy(), NOW).is_ok(), in_order);
        let repaired = repair(&form, &policy(), NOW);
        prop_assert!(repaired.result.is_ok(), "{:?}", repaired.edits);
        let wanted: Vec<_> = CHAIN[..4].iter().map(|issued| issued.der.clone()).collect();
        prop_assert_eq!(ders(&repaired.form, Field::CertContent), wanted);
    }
}

#[test]
fn a_repair_drops_no_certificate_that_cannot_be_read() {
    for block in [1, 2] {
        let mut form = FORMS[0].clone();
        let text = form.content(Field::CertContent).unwrap().as_text().unwrap().replace('\n', "\r");
        let (before, rest) =
            text.match_indices("CERTIFICATE-----\rMI").nth(block).map(|(at, _)| text.split_at(at)).unwrap();
        // Four characters of base64 fewer: the rest is still base64, but no longer a certificate.
        let (marker, body) = rest.split_at("CERTIFICATE-----\r".len());
        let cut = format!("{marker}{}", &body[4..]);
        form.cert_content = Some(Content::from_text(format!("{before}{cut}")));
        let repaired = repair(&form, &policy(), NOW);
        assert_eq!(ders(&repaired.form, Field::CertContent).len(), 3, "{block}");
        let codes = codes(&repaired.result.unwrap_err().report().findings);
        assert!(codes.contains("cert-unreadable"), "{codes:?}");
    }
}
