//! Proves: no memory that certgate gives back still holds a private key, neither its numbers nor its text; nor does the stack below a call.
//! Takes 30 seconds.
//!
//! What a caller keeps is not looked at: the JSON text of a form, and the buffer in which `serde_json` undoes its escapes.
#![allow(clippy::restriction)]

use certgate::certificate::{self, Role};
use certgate::key::{self as check_key, PrivateKey};
use certgate::pem::{self, Block, BlockKind, Expected};
use certgate::{CertificateForm, Content, Field, Policy, repair, validate};
use certgate_forge::form::Form;
use certgate_forge::key::{self, Key};
use certgate_forge::{curve, fault, pem as forge_pem};
use certgate_heap::{Leak, Needles, Residue, Watching, residue, watch};
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

#[global_allocator]
static HEAP: Watching = Watching;

fn policy() -> Policy {
    Policy::default()
}

/// The numbers of every key of the forge, and the texts of its PEM.
fn needles() -> Needles {
    let mut needles = Needles::new();
    for name in key::names() {
        let key = key::named(name);
        match &key {
            Key::Rsa(rsa) => {
                let numbers = [
                    ("d", &rsa.d),
                    ("p", &rsa.p),
                    ("q", &rsa.q),
                    ("dP", &rsa.dp),
                    ("dQ", &rsa.dq),
                    ("qInv", &rsa.qinv),
                ];
                numbers
                    .iter()
                    .for_each(|(name, number)| needles.add_number(name, &number.magnitude().to_bytes_be()));
            }
            Key::Ec(ec) => needles.add_number("scalar", &curve::octets(&ec.scalar, ec.curve.size)),
            Key::Other(_) => continue,
        }
        for text in [key.pem(), key.traditional_pem()] {
            text.lines()
                .filter(|line| !line.starts_with('-'))
                .for_each(|line| needles.add("text", line.as_bytes()));
        }
    }
    // The public half, which a certificate has too, at each of the places where base64 may cut it.
    for name in key::names() {
        let spki = key::named(name).spki().encode();
        for at in 0..3 {
            needles.forget(forge_pem::base64(&spki[at..]).trim_end_matches('=').as_bytes());
        }
    }
    // What every key of a kind begins with.
    needles.forget(b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ");
    needles
}

/// The form as a caller builds it: by fields, not by JSON.
fn build(form: &Form) -> CertificateForm {
    let mut out = CertificateForm::default();
    out.name = form.name.clone();
    out.r#type = form.kind.clone();
    out.instance_id = form.instance_id.clone();
    out.algorithm_type = form.algorithm_type.clone();
    let fields = [
        (Field::CertContent, &form.cert_content),
        (Field::PrivateKey, &form.private_key),
        (Field::TrustedRootCa, &form.trusted_root_ca),
        (Field::CertContentSign, &form.cert_content_sign),
        (Field::PrivateKeySign, &form.private_key_sign),
    ];
    for (field, text) in fields {
        if let (Some(slot), Some(text)) = (out.content_mut(field), text) {
            *slot = Some(Content::from_text(text.as_str()));
        }
    }
    out
}

fn forms() -> impl Iterator<Item = (&'static str, Form)> {
    fault::all().map(|row| (row.row, row.form()))
}

/// Fails with each place once.
fn none(leaks: Vec<(String, Leak)>) {
    let mut places: Vec<String> = Vec::new();
    let mut told = String::new();
    for (what, leak) in &leaks {
        if !places.contains(&leak.trace) {
            places.push(leak.trace.clone());
            told.push_str(&format!("\n{what}: {} in {} bytes\n    {}\n", leak.secret, leak.size, leak.trace));
        }
    }
    assert!(leaks.is_empty(), "{} blocks, {} places{told}", leaks.len(), places.len());
}

#[test]
fn the_watch_sees_what_is_left() {
    let text = key::rsa2048(0).pem();
    let needles = needles();
    assert!(needles.len() > 10_000);
    assert!(!watch(&needles, || text.clone()).is_empty(), "a text");
    let scalar = curve::octets(&key::p256(0).ec().scalar, 32);
    assert_eq!(watch(&needles, || scalar.clone()).len(), 1, "a number");
    let reversed: Vec<u8> = scalar.iter().rev().copied().collect();
    assert_eq!(watch(&needles, || reversed.clone()).len(), 1, "a number in words");
    assert!(watch(&needles, || Content::from_text(text.as_str())).is_empty(), "wiped content");
}

#[test]
fn a_check_leaves_nothing() {
    let (needles, policy) = (needles(), policy());
    let mut leaks = Vec::new();
    for (row, form) in forms() {
        let found = watch(&needles, || {
            let form = build(&form);
            let copy = form.clone();
            let result = validate(&form, &policy, NOW);
            let shown = format!("{form:?} {result:?}");
            let json = match &result {
                Ok(accepted) => serde_json::to_string(accepted.report()).unwrap(),
                Err(rejected) => serde_json::to_string(rejected.report()).unwrap(),
            };
            (form, copy, result, shown, json)
        });
        leaks.extend(found.into_iter().map(|leak| (row.to_owned(), leak)));
    }
    none(leaks);
}

#[test]
fn a_repair_leaves_nothing() {
    let (needles, policy) = (needles(), policy());
    let mut leaks = Vec::new();
    for (row, form) in forms() {
        let found = watch(&needles, || {
            let repaired = repair::repair(&build(&form), &policy, NOW);
            let shown = format!("{repaired:?}");
            (repaired, shown)
        });
        leaks.extend(found.into_iter().map(|leak| (row.to_owned(), leak)));
    }
    none(leaks);
}

#[test]
fn a_key_by_itself_leaves_nothing() {
    let (needles, policy) = (needles(), policy());
    let mut leaks = Vec::new();
    for name in key::names() {
        let key = key::named(name);
        for text in [key.pem(), key.traditional_pem()] {
            let found = watch(&needles, || {
                let content = Content::from_text(text.as_str());
                let blocks = pem::parse(&content, Expected::PrivateKey, &policy).value.unwrap_or_default();
                let mut kept = Vec::new();
                for block in blocks {
                    let checked = check_key::check(&block, &policy);
                    let read = PrivateKey::from_der(&block.der);
                    let public = read.as_ref().ok().map(|key| key.public_key());
                    let proof = public
                        .as_ref()
                        .and_then(|public| public.as_ref().ok())
                        .map(|public| certgate::internals::prove(public, read.as_ref().unwrap()));
                    let shown = format!("{block:?} {checked:?} {read:?} {public:?} {proof:?}");
                    kept.push((block.clone(), block, checked, read, public, shown));
                }
                (content, kept)
            });
            leaks.extend(found.into_iter().map(|leak| (name.to_owned(), leak)));
        }
    }
    none(leaks);
}

#[test]
fn a_file_in_der_leaves_nothing() {
    let (needles, policy) = (needles(), policy());
    let mut leaks = Vec::new();
    for name in key::names() {
        let der = key::named(name).pkcs8();
        let text = forge_pem::base64(&der);
        let found = watch(&needles, || {
            let file = Content::from_bytes(der.as_slice());
            let bare = Content::from_text(text.as_str());
            let read = [&file, &bare].map(|content| pem::parse(content, Expected::PrivateKey, &policy));
            (file, bare, read)
        });
        leaks.extend(found.into_iter().map(|leak| (name.to_owned(), leak)));
    }
    none(leaks);
}

/// Nor does the stack below a call, where the numbers of keys are read and proven.
#[test]
fn the_stack_is_left_clean() {
    let (needles, policy) = (needles(), policy());
    let mut told = Vec::new();
    let mut tell = |what: &str, row: &str, left: Vec<Residue>| {
        told.extend(
            left.iter().map(|left| format!("{what}, {row}: {} at {} bytes", left.secret, left.depth)),
        );
    };
    for (row, form) in forms() {
        let form = build(&form);
        let (_, left) = residue(&needles, || Box::new(validate(&form, &policy, NOW)));
        tell("validate", row, left);
        let (_, left) = residue(&needles, || Box::new(repair::repair(&form, &policy, NOW)));
        tell("repair", row, left);
    }
    for name in key::names() {
        let key = key::named(name);
        for text in [key.pem(), key.traditional_pem()] {
            let content = Content::from_text(text.as_str());
            let (blocks, left) =
                residue(&needles, || Box::new(pem::parse(&content, Expected::PrivateKey, &policy)));
            tell("parse", name, left);
            let der = &blocks.value.unwrap()[0].der;
            let (read, left) = residue(&needles, || Box::new(PrivateKey::from_der(der)));
            tell("from_der", name, left);
            let Ok(read) = *read else { continue };
            let (public, left) = residue(&needles, || Box::new(read.public_key()));
            tell("public_key", name, left);
            let Ok(public) = *public else { continue };
            let (_, left) = residue(&needles, || Box::new(certgate::internals::prove(&public, &read)));
            tell("prove", name, left);
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// A key where a certificate is wanted.
#[test]
fn a_key_read_as_a_certificate_leaves_nothing() {
    let (needles, policy) = (needles(), policy());
    let mut leaks = Vec::new();
    for name in key::names() {
        let block = Block {
            kind: BlockKind::Certificate,
            label: "CERTIFICATE".to_owned(),
            location: certgate::Location::default(),
            last_line: 1,
            der: key::named(name).pkcs8().into(),
        };
        let found = watch(&needles, || {
            let read = certificate::check(&block.der, Role::Leaf, &policy, NOW);
            format!("{read:?}")
        });
        leaks.extend(found.into_iter().map(|leak| (name.to_owned(), leak)));
    }
    none(leaks);
}
