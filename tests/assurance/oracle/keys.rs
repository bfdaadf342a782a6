//! Every private key of `cryptography-vectors` is understood as OpenSSL understands it, or refused by its right name; and it fits exactly
//! the certificates that hold its public half.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use certgate::certificate::{self, Role};
use certgate::key::{self, PrivateKey};
use certgate::pem::{BlockKind, Expected};
use certgate::{At, Content, Finding, Policy, Severity};

use crate::data::{certificates, files, vectors};
use crate::openssl::OpenSsl;

#[test]
fn every_key_is_understood_or_refused_by_its_name() {
    let Some(vectors) = vectors() else { return };
    let openssl = OpenSsl::new("keys");
    let expected: BTreeMap<String, String> = toml::from_str(include_str!("keys.toml")).expect("keys.toml");
    let mut found = BTreeMap::new();
    let mut faults = String::new();
    let (mut understood, mut confirmed) = (0, 0);
    for file in files(&vectors) {
        if !holds_a_key(&file) {
            continue;
        }
        let name = file.strip_prefix(&vectors).unwrap().to_str().unwrap().to_owned();
        let (outcome, key) = read(&fs::read(&file).unwrap());
        if let Some(key) = key {
            understood += 1;
            if key.public_key() == Err(certgate::internals::Mismatch::NoCurve) {
                // OpenSSL cannot read it; it takes the curve of the certificate.
                found.insert(name, outcome);
                continue;
            }
            let theirs = openssl.as_ref().and_then(|openssl| openssl.public_half(&file));
            let ours = key.public_key().ok().and_then(|public| public.to_spki_der());
            if openssl.is_some() && theirs.is_some() && ours == theirs {
                confirmed += 1;
            } else if openssl.is_some() {
                writeln!(faults, "{name}: {outcome}, but OpenSSL reads another public half").unwrap();
            }
        }
        found.insert(name, outcome);
    }
    println!(
        "{} keys, {understood} understood, {confirmed} with the public half that OpenSSL says",
        found.len()
    );
    for name in expected.keys().filter(|name| !found.contains_key(*name)) {
        writeln!(faults, "{name}: not there").unwrap();
    }
    for (name, outcome) in &found {
        if expected.get(name) != Some(outcome) {
            writeln!(faults, "{name:?} = {outcome:?}").unwrap();
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn keys_fit_the_certificates_with_their_public_half_and_no_other() {
    let Some(vectors) = vectors() else { return };
    let Some(openssl) = OpenSsl::new("matches") else { return };
    let policy = Policy::default();
    let samples = certificates();
    let publics: Vec<_> = samples
        .iter()
        .filter_map(|sample| {
            let certificate = certificate::check(&sample.der, Role::Leaf, &policy, At::NotEvaluated).value?;
            Some((certificate.public_key()?.clone(), certificate.spki_der().to_vec(), &sample.name))
        })
        .collect();
    let (mut compared, mut matches) = (0, 0);
    for file in files(&vectors).iter().filter(|file| holds_a_key(file)) {
        let (_, Some(key)) = read(&fs::read(file).unwrap()) else { continue };
        let Some(half) = openssl.public_half(file) else { continue };
        for (public, spki, name) in &publics {
            let fits = certgate::internals::prove(public, &key).is_ok();
            assert_eq!(fits, *spki == half, "{} and {name}", file.display());
            compared += 1;
            matches += usize::from(fits);
        }
    }
    println!("{compared} pairs of key and certificate, {matches} matches");
    assert!(matches > 0);
}

/// Whether a file is of a private key, by its name or its marker line.
fn holds_a_key(file: &Path) -> bool {
    let path = file.to_string_lossy();
    if path.ends_with(".der") {
        let is_other =
            ["pub", "dhp.", "dhp_", "Serialization/dsa_public"].iter().any(|word| path.contains(word));
        return path.contains("/asymmetric/") && !is_other;
    }
    let bytes = fs::read(file).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let is_data = [".txt", ".py", ".pyc", ".eml"].iter().any(|end| path.ends_with(end));
    !is_data && text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----")
}

/// The key's kind and size, or the codes and the message of its refusal; and the key where it is understood.
fn read(bytes: &[u8]) -> (String, Option<PrivateKey>) {
    let policy = Policy::default();
    let content = Content::from_bytes(bytes);
    let parsed = certgate::pem::parse(&content, Expected::PrivateKey, &policy);
    let mut findings: Vec<Finding> = parsed.findings;
    let mut keys = Vec::new();
    for block in parsed.value.iter().flatten() {
        if matches!(block.kind, BlockKind::PrivateKey | BlockKind::EncryptedKey) {
            let checked = key::check(block, &policy);
            keys.extend(checked.value);
            findings.extend(checked.findings);
        }
    }
    findings.retain(|finding| finding.severity == Severity::Error);
    let key = keys.pop();
    if findings.is_empty() {
        let Some(key) = key else { return ("nothing".to_owned(), None) };
        let size = key.bits().map_or_else(String::new, |bits| format!(" {bits}"));
        return (format!("{}{size}", key.name()), Some(key));
    }
    let told: Vec<_> =
        findings.iter().map(|finding| format!("{}: {}", finding.code(), finding.message)).collect();
    (told.join("; "), None)
}
