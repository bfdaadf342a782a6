//! Proves: nothing that certgate hands out shows a private key: neither `Debug` nor `Display` nor JSON, of no type, wherever the key was put.
//! Takes 3 seconds.
#![allow(clippy::restriction)]

use std::collections::HashSet;
use std::fmt::Debug;

use certgate::certificate::{self, Role};
use certgate::internals::PublicKey;
use certgate::key::{self as check_key, PrivateKey};
use certgate::pem::{self, Block, BlockKind, Expected};
use certgate::{CertificateForm, Content, Field, Policy, inspect, repair, validate};
use certgate_forge::{cert::Issued, chain, form, key};
use serde::Serialize;
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

const WINDOW: usize = 12;

/// Every run of twelve characters of a key's text, and of its DER in hexadecimal; every six octets of it.
struct Silence {
    characters: HashSet<Vec<u8>>,
    octets: HashSet<Vec<u8>>,
}

impl Silence {
    fn of(key: &key::Key) -> Self {
        let mut silence = Self { characters: HashSet::new(), octets: HashSet::new() };
        let public = key.spki().encode();
        for text in [key.pem(), key.traditional_pem()] {
            let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            silence.add(&body);
            let der = certgate_forge::pem::decode(&text);
            // Past what all keys of a kind have in common.
            let secret = der.get(der.len() / 3..).unwrap();
            let hex: String = secret.iter().map(|octet| format!("{octet:02x}")).collect();
            silence.add(&hex);
            silence.add(&hex.to_uppercase());
            silence.octets.extend(secret.windows(6).map(<[u8]>::to_vec));
        }
        let hex: String = public.iter().map(|octet| format!("{octet:02x}")).collect();
        for text in [hex.to_uppercase(), hex] {
            text.as_bytes().windows(WINDOW).for_each(|window| {
                silence.characters.remove(window);
            });
        }
        public.windows(6).for_each(|window| {
            silence.octets.remove(window);
        });
        silence
    }

    fn add(&mut self, text: &str) {
        let windows = text.as_bytes().windows(WINDOW);
        let telling = windows.filter(|window| window.iter().collect::<HashSet<_>>().len() >= 6);
        self.characters.extend(telling.map(<[u8]>::to_vec));
    }

    fn assert(&self, output: &str, what: &str) {
        for window in output.as_bytes().windows(WINDOW) {
            assert!(
                !self.characters.contains(window),
                "{what} shows `{}`: {output}",
                String::from_utf8_lossy(window)
            );
        }
        let numbers =
            output.split(',').map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u8>());
        let mut run = Vec::new();
        for number in numbers {
            match number {
                Ok(octet) => run.push(octet),
                Err(_) => run.clear(),
            }
            let last = run.get(run.len().saturating_sub(6)..).unwrap_or_default();
            assert!(!self.octets.contains(last), "{what} lists octets: {output}");
        }
    }

    fn debug(&self, value: &impl Debug, what: &str) {
        self.assert(&format!("{value:?}"), what);
        self.assert(&format!("{value:#?}"), what);
    }

    fn json(&self, value: &impl Serialize, what: &str) {
        self.assert(&serde_json::to_string(value).unwrap(), what);
    }
}

fn policy() -> Policy {
    Policy::default()
}

/// The key in every field, alone and behind what belongs there, whole and damaged.
fn forms(key: &key::Key) -> Vec<CertificateForm> {
    let whole = key.pem();
    let texts = [
        whole.clone(),
        whole.replace('\n', "\\n"),
        whole.replace('\n', " "),
        whole.lines().filter(|line| !line.starts_with('-')).collect(),
        whole.get(..whole.len() / 2).unwrap().to_owned(),
        whole.replace("PRIVATE KEY", "CERTIFICATE"),
        whole.replacen("-----\n", "", 1),
        format!("{whole}x"),
    ];
    let mut forms = Vec::new();
    for text in texts {
        for field in Field::ALL {
            for behind in [false, true] {
                let mut object = form::rsa().value();
                let name = field.as_str();
                let before = object.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
                let value = if behind { before + &text } else { text.clone() };
                object.as_object_mut().unwrap().insert(name.to_owned(), value.into());
                forms.push(serde_json::from_value(object).unwrap());
            }
        }
    }
    forms
}

#[test]
fn no_report_shows_a_key() {
    for name in ["rsa2048a", "p256b", "sm2enc"] {
        let key = key::named(name);
        let silence = Silence::of(&key);
        assert!(silence.characters.len() > 100 && silence.octets.len() > 20);
        for form in forms(&key) {
            silence.debug(&form, "a form");
            let result = validate(&form, &policy(), NOW);
            silence.debug(&result, "a result");
            match &result {
                Ok(accepted) => {
                    silence.json(accepted.report(), "a report");
                    silence.json(accepted.certificate(), "a response");
                }
                Err(rejected) => {
                    silence.assert(&rejected.to_string(), "a rejection");
                    silence.json(rejected.report(), "a report");
                    silence.json(&rejected.api().body, "an answer");
                }
            }
            let repaired = repair::repair(&form, &policy(), NOW);
            silence.debug(&repaired, "a repair");
        }
    }
}

#[test]
fn no_piece_shows_a_key() {
    for name in key::names() {
        let key = key::named(name);
        let silence = Silence::of(&key);
        for text in [key.pem(), key.traditional_pem()] {
            for content in
                [Content::from_text(text.as_str()), Content::from_bytes(certgate_forge::pem::decode(&text))]
            {
                silence.debug(&content, "content");
                for expected in [Expected::Certificates, Expected::PrivateKey] {
                    silence.debug(&pem::parse(&content, expected, &policy()), "blocks");
                }
                let inspection = inspect::inspect(content.as_bytes(), &policy(), NOW);
                silence.debug(&inspection, "an inspection");
                silence.json(&inspection, "an inspection");
            }
            pieces(&certgate_forge::pem::decode(&text), &silence);
        }
    }
}

/// One DER as a key, and as whatever else may be tried.
fn pieces(der: &[u8], silence: &Silence) {
    let mut block = Block {
        kind: BlockKind::PrivateKey,
        label: "PRIVATE KEY".to_owned(),
        location: certgate::Location::default(),
        last_line: 1,
        der: der.to_vec().into(),
    };
    silence.debug(&block, "a block");
    silence.debug(&check_key::check(&block, &policy()), "a checked key");
    let Issued { der: other, .. } = chain::plain(key::p384(1)).leaf;
    let certificate = certificate::check(&other, Role::Leaf, &policy(), NOW).value.unwrap();
    match PrivateKey::from_der(der) {
        Ok(read) => {
            silence.debug(&read, "a key");
            let mismatch = certgate::internals::prove(certificate.public_key().unwrap(), &read);
            silence.debug(&mismatch, "a proof");
            silence.assert(&mismatch.err().map(|error| error.to_string()).unwrap_or_default(), "a mismatch");
            silence.debug(&certgate::pair::check(&certificate, &read, &policy()), "a pair");
        }
        Err(error) => {
            silence.debug(&error, "an error");
            silence.assert(&error.to_string(), "an error");
        }
    }
    let (_, cut) = der.split_last().unwrap();
    let error = PrivateKey::from_der(cut).err().unwrap();
    silence.assert(&format!("{error} {error:?}"), "an error");
    let error = PublicKey::from_spki_der(der).err();
    silence.debug(&error, "a public key's error");
    block.kind = BlockKind::Certificate;
    for role in [Role::Leaf, Role::Issuer, Role::Root] {
        silence.debug(&certificate::check(&block.der, role, &policy(), NOW), "a certificate");
    }
}

#[test]
fn no_error_of_json_shows_a_key() {
    let key = key::p256(0);
    let silence = Silence::of(&key);
    let text = serde_json::to_string(&key.pem()).unwrap();
    let inputs = [
        text.clone(),
        format!("[{text}]"),
        format!("{{{text}:1}}"),
        format!("{{{text}:{text}}}"),
        format!(r#"{{"private_key":{text}"#),
        format!(r#"{{"private_key":{text}{text}}}"#),
        format!(r#"{{"private_key":{{{text}:[{text}]}}}}"#),
        key.pem(),
    ];
    for input in inputs {
        let read = serde_json::from_str::<CertificateForm>(&input);
        silence.debug(&read, "a form");
        silence.assert(&read.err().map(|error| error.to_string()).unwrap_or_default(), "an error");
    }
}
