//! Proves: what the common tools make when they are used as their manuals say is accepted, with no warning but those that are listed with a
//! reason. `good/make.py` made the forms and says how; `good/manifest.json` has the commands. Takes 1 second.
#![allow(clippy::restriction)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use certgate::{At, CertificateForm, Policy, Severity};
use serde::Deserialize;
use support::{Complaints, check};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    tools: BTreeMap<String, Tool>,
    forms: BTreeMap<String, Made>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    version: String,
    commands: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    tool: String,
    /// The time of the check: one day after the latest notBefore.
    at: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    warning: Vec<Warning>,
    policy: Vec<Settings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Warning {
    code: String,
    forms: BTreeSet<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    forms: BTreeSet<String>,
    reason: String,
    settings: toml::Table,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assurance/good")
}

fn read(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn manifest() -> Manifest {
    serde_json::from_str(&read("manifest.json")).expect("manifest.json")
}

fn expected() -> Expected {
    toml::from_str(&read("expected.toml")).expect("expected.toml")
}

fn policy(expected: &Expected, name: &str) -> Policy {
    let own = expected.policy.iter().find(|entry| entry.forms.contains(name));
    own.map_or_else(Policy::default, |entry| entry.settings.clone().try_into().expect("settings"))
}

#[test]
fn each_good_form_is_accepted_with_the_warnings_that_are_listed() {
    let (manifest, expected) = (manifest(), expected());
    let mut complaints = Complaints::default();
    let mut needed: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, made) in &manifest.forms {
        let form: CertificateForm =
            serde_json::from_str(&read(&format!("forms/{name}.json"))).expect("a form");
        let at = OffsetDateTime::parse(&made.at, &Rfc3339).expect("a time");
        let report = check(&form, &policy(&expected, name), at);
        if !report.is_accepted() {
            complaints.add(format!("{name}: rejected: {:?}", support::findings(&report)));
        }
        for finding in report.findings.iter().filter(|finding| finding.severity == Severity::Warning) {
            let is_listed = expected
                .warning
                .iter()
                .any(|entry| entry.code == finding.code() && entry.forms.contains(name));
            if !is_listed {
                complaints.add(format!("{name}: not listed: {finding}"));
            }
            needed.insert((finding.code().to_owned(), name.clone()));
        }
        let certificate = report.certificate.expect("metadata").certificate;
        if !certificate.san.iter().any(|host| host == "www.example.com") {
            complaints.add(format!("{name}: the SAN that was asked for is not read: {:?}", certificate.san));
        }
    }
    for entry in &expected.warning {
        for name in &entry.forms {
            if !needed.contains(&(entry.code.clone(), name.clone())) {
                complaints.add(format!("{name}: {} is listed, but not told", entry.code));
            }
        }
    }
    complaints.done("good forms");
    println!("{} forms of {} tools are accepted", manifest.forms.len(), manifest.tools.len());
}

#[test]
fn a_policy_is_only_given_where_the_form_needs_it() {
    let (manifest, expected) = (manifest(), expected());
    for name in expected.policy.iter().flat_map(|entry| &entry.forms) {
        let form: CertificateForm =
            serde_json::from_str(&read(&format!("forms/{name}.json"))).expect("a form");
        let at = OffsetDateTime::parse(&manifest.forms[name].at, &Rfc3339).expect("a time");
        assert!(!check(&form, &Policy::default(), at).is_accepted(), "{name} needs no policy");
    }
}

#[test]
fn the_manifest_and_the_files_are_the_same_and_every_reason_is_given() {
    let (manifest, expected) = (manifest(), expected());
    let files: BTreeSet<String> = fs::read_dir(folder().join("forms"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let named: BTreeSet<String> = manifest.forms.keys().map(|name| format!("{name}.json")).collect();
    assert_eq!(files, named);
    let tools: BTreeSet<&str> = manifest.forms.values().map(|made| &*made.tool).collect();
    assert_eq!(tools, manifest.tools.keys().map(|tool| &**tool).collect());
    for tool in ["certtool", "cfssl", "cryptography", "easyrsa", "keytool", "mkcert", "openssl", "rcgen"] {
        assert!(tools.contains(tool), "no form of {tool}");
    }
    for (name, tool) in &manifest.tools {
        assert!(tool.version.bytes().any(|byte| byte.is_ascii_digit()), "{name}: no version");
        assert!(!tool.commands.is_empty(), "{name}: no commands");
    }
    let reasons = expected
        .warning
        .iter()
        .map(|entry| &entry.reason)
        .chain(expected.policy.iter().map(|entry| &entry.reason));
    assert!(reasons.into_iter().all(|reason| !reason.trim().is_empty()), "a reason is empty");
}

/// A key of another form in the place of the own one is refused: the forms are judged, not waved through.
#[test]
fn a_good_certificate_with_the_key_of_another_form_is_rejected() {
    let manifest = manifest();
    let forms: Vec<(&String, CertificateForm)> = manifest
        .forms
        .keys()
        .map(|name| (name, serde_json::from_str(&read(&format!("forms/{name}.json"))).expect("a form")))
        .collect();
    let mut crossed = 0;
    for (place, (name, form)) in forms.iter().enumerate() {
        let (other_name, other) = &forms[(place + 1) % forms.len()];
        if form.private_key == other.private_key {
            continue;
        }
        let mut form = form.clone();
        form.private_key.clone_from(&other.private_key);
        let report = check(&form, &Policy::default(), At::NotEvaluated);
        assert!(!report.is_accepted(), "{name} with the key of {other_name}");
        crossed += 1;
    }
    assert!(crossed > manifest.forms.len() / 3, "{crossed} forms are crossed");
}
