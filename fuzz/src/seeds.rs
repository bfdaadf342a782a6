//! Inputs to begin with: the forge's forms, right and wrong, taken apart as each target wants them, and the cases of the project's tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use certgate_forge::form::Form;
use certgate_forge::{fault, foreign, form, key};

use crate::packed;

/// The largest seed. A larger one only slows the fuzzer.
const LARGEST: usize = 32 << 10;

/// The seeds of a target, without copies: those made here, and the files of `seeds/` and `tests/cases/`.
///
/// # Panics
/// If there is no such target, or a file cannot be read.
pub fn of(target: &str) -> BTreeSet<Vec<u8>> {
    let mut seeds: BTreeSet<Vec<u8>> = match target {
        "name" => forms().iter().filter_map(|form| form.name.clone()).map(String::into_bytes).collect(),
        "pem" => contents().into_iter().map(String::into_bytes).collect(),
        "certificate" => bodies(&["CERTIFICATE"]),
        "key" => bodies(&["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "SM2 PRIVATE KEY"])
            .into_iter()
            .chain(key::names().map(|name| key::named(name).pkcs8()))
            .collect(),
        "pair" => forms().iter().flat_map(pairs).map(String::into_bytes).collect(),
        "form" | "repair" => forms().iter().map(compact).chain(cases()).collect(),
        "containers" => containers(),
        "border" => calls(),
        "json" => odd_json().chain(forms().iter().step_by(16).map(compact)).collect(),
        _ => panic!("no target {target}"),
    };
    seeds.retain(|seed| seed.len() <= LARGEST);
    let found = read_all(&root().join("fuzz/seeds").join(target), &|_| true);
    seeds.extend(found);
    assert!(!seeds.is_empty(), "no seed for {target}");
    seeds
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the fuzz crate has a parent").to_owned()
}

fn forms() -> Vec<Form> {
    let bases = [form::rsa(), form::ecc(), form::ecc_p384(), form::ecc_p521(), form::sm2()];
    bases.into_iter().chain(fault::all().map(fault::Fault::form)).collect()
}

fn compact(form: &Form) -> Vec<u8> {
    serde_json::to_vec(&form.value()).expect("a form is JSON")
}

fn contents() -> BTreeSet<String> {
    let fields = forms().into_iter().flat_map(|form| {
        [
            form.cert_content,
            form.private_key,
            form.trusted_root_ca,
            form.cert_content_sign,
            form.private_key_sign,
        ]
    });
    fields.flatten().collect()
}

/// The certificates and the key of each side, one after the other.
fn pairs(form: &Form) -> Vec<String> {
    let sides = [(&form.cert_content, &form.private_key), (&form.cert_content_sign, &form.private_key_sign)];
    sides.iter().filter_map(|(chain, key)| Some(format!("{}{}", key.as_ref()?, chain.as_ref()?))).collect()
}

/// A few pairs in every notation and container that can be written without a cipher, some within others, and those of other programs.
fn containers() -> BTreeSet<Vec<u8>> {
    let mut seeds = BTreeSet::new();
    for form in [form::ecc(), form::rsa(), form::sm2()] {
        let (chain, key) =
            (form.cert_content.clone().unwrap_or_default(), form.private_key.clone().unwrap_or_default());
        let both = format!("{key}{chain}");
        let files: [(&str, &[u8]); 3] =
            [("live/chain.pem", chain.as_bytes()), ("live/key.pem", key.as_bytes()), ("README", b"none")];
        let blocks = x509_parser::pem::Pem::iter_from_buffer(chain.as_bytes()).flatten();
        let certificates: Vec<Vec<u8>> = blocks.map(|block| block.contents).collect();
        let (tar, zip) = (packed::tar(&files), packed::zip(&files));
        let base64 = certgate_forge::pem::base64_of_text;
        let secret = format!(
            "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {}\n  tls.key: {}\n---\n\
             kind: Secret\nstringData:\n  tls.key: {}\n",
            base64(&chain),
            base64(&key),
            serde_json::Value::from(key.as_str())
        );
        seeds.extend([
            packed::gzip(&tar),
            packed::zip(&[("inner.zip", &zip), ("inner.tar", &tar)]),
            packed::pkcs7(&certificates),
            packed::jks(&certificates),
            format!("TLS_KEY=\"{}\"\nTLS_CERT='{chain}'\n", key.replace('\n', "\\n")).into_bytes(),
            format!("key = <<EOT\n{both}EOT\n").into_bytes(),
            compact(&form),
        ]);
        seeds.extend([tar, zip, secret.into_bytes(), both.into_bytes()]);
        seeds.extend(certificates);
    }
    // A key of another certificate.
    let (ecc, rsa) = (form::ecc(), form::rsa());
    seeds.extend(ecc.private_key.zip(rsa.cert_content).map(|(key, chain)| (key + &chain).into_bytes()));
    seeds.extend([
        foreign::PKCS12.to_vec(),
        foreign::PKCS7.into(),
        foreign::X509_TEXT.into(),
        foreign::jks(),
    ]);
    seeds.extend([foreign::OPENSSH, foreign::PUTTY, foreign::PGP].map(|text| text.as_bytes().to_vec()));
    seeds
}

/// Calls by C: each function with forms, files and options, right and wrong.
fn calls() -> BTreeSet<Vec<u8>> {
    const AT: &str = r#"{"at": "2026-06-01T00:00:00Z"}"#;
    let call = |function: u8, options: &str, input: &[u8]| {
        [&[function, 0], options.as_bytes(), &[0], input].concat()
    };
    let mut calls = BTreeSet::new();
    for form in forms().iter().step_by(8) {
        let (json, file) = (compact(form), form.cert_content.clone().unwrap_or_default());
        let key = form.private_key.clone().unwrap_or_default();
        calls.extend([call(0, AT, &json), call(1, AT, file.as_bytes()), call(2, AT, &json)]);
        calls.insert(call(3, AT, format!("{file}\0{key}").as_bytes()));
    }
    let form = compact(&form::ecc());
    for options in
        ["", r#"{"at": 1}"#, r#"{"at": null, "policy": {"strict": true}}"#, r#"{"policy": {"no_such": 1}}"#]
    {
        calls.extend((0..4).map(|function| call(function, options, &form)));
    }
    calls.extend(["match-other-key", "match", ""].map(|code| call(4, code, b"")));
    calls
}

/// The DER of every block that `x509-parser` reads under one of these labels.
fn bodies(labels: &[&str]) -> BTreeSet<Vec<u8>> {
    let mut bodies = BTreeSet::new();
    for text in contents() {
        let blocks = x509_parser::pem::Pem::iter_from_buffer(text.as_bytes()).flatten();
        bodies.extend(
            blocks.filter(|block| labels.contains(&block.label.as_str())).map(|block| block.contents),
        );
    }
    bodies
}

fn cases() -> Vec<Vec<u8>> {
    read_all(&root().join("tests/cases"), &|path| path.file_name().is_some_and(|name| name == "form.json"))
}

fn odd_json() -> impl Iterator<Item = Vec<u8>> {
    let key = key::p256(0).pem();
    let policy = serde_json::to_string(&certgate::Policy::default()).expect("a policy is JSON");
    [
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        serde_json::to_string(&key).expect("a text is JSON"),
        format!("[{}]", serde_json::to_string(&key).expect("a text is JSON")),
        r#"{"name":7,"cert_content":[1],"private_key":{"a":null},"type":true,"instance_id":1e400}"#
            .to_owned(),
        r#"{"name":"abcd","name":"efgh","\u006eame":"x","private_key":null}"#.to_owned(),
        r#"{"private_key":"\ud83d\ude00 \u0000 \ud800"}"#.to_owned(),
        "[".repeat(200),
        policy,
    ]
    .into_iter()
    .map(String::into_bytes)
}

fn read_all(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder's entry").path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(read_all(&path, wanted));
        } else if wanted(&path) {
            files.push(fs::read(&path).expect("a seed"));
        }
    }
    files
}
