//! The metadata of every certificate equals what Go's `crypto/x509` says, field by field, but for the divergences that are known and explained.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use certgate::certificate::{self, Role};
use certgate::{At, CertificateMetadata, Policy, Severity, Stage};
use serde::Deserialize;
use serde_json::Value;

use crate::data::{Sample, certificates, program};

const FIELDS: [&str; 13] = [
    "common_name",
    "san",
    "version",
    "organization",
    "organizational_unit",
    "locality",
    "state",
    "country",
    "not_before",
    "not_after",
    "serial_number",
    "issuer",
    "signature_algorithm",
];

/// A difference that is known, with what each says and why certgate is right to differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Divergence {
    certificate: String,
    /// A field of the metadata, or `refusal`: whether the certificate is refused at all.
    field: String,
    certgate: String,
    go: String,
    #[allow(dead_code)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Divergences {
    divergence: Vec<Divergence>,
}

#[test]
fn metadata_is_what_go_says() {
    let Some(go) = program("go-oracle") else { return };
    let samples = certificates();
    let known: Divergences = toml::from_str(include_str!("divergences.toml")).expect("divergences.toml");
    let mut known: BTreeMap<(String, String), Divergence> = known
        .divergence
        .into_iter()
        .map(|entry| ((entry.certificate.clone(), entry.field.clone()), entry))
        .collect();
    let mut faults = String::new();
    let mut table: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for (sample, theirs) in samples.iter().zip(ask(&go, &samples)) {
        let row = table.entry(sample.source).or_default();
        row[0] += 1;
        let (ours, refusal) = read(&sample.der);
        let mut compare = |field: &str, ours: String, theirs: String, equal: bool| {
            let entry = known.remove(&(sample.name.clone(), field.to_owned()));
            let as_told = entry.as_ref().is_some_and(|entry| entry.certgate == ours && entry.go == theirs);
            match entry {
                None if equal => return true,
                Some(_) if as_told => {}
                Some(_) if equal => writeln!(faults, "{} {field}: agrees now: {ours}", sample.name).unwrap(),
                _ => writeln!(
                    faults,
                    "[[divergence]]\ncertificate = {:?}\nfield = {field:?}\ncertgate = {ours:?}\ngo = {theirs:?}\nreason = \"\"\n",
                    sample.name
                )
                .unwrap(),
            }
            false
        };
        let error = theirs.get("error").and_then(Value::as_str);
        let equal = refusal.is_empty() == error.is_none();
        let told = |text: &str| if text.is_empty() { "accepted".to_owned() } else { text.to_owned() };
        if !compare("refusal", told(&refusal), told(error.unwrap_or("")), equal) {
            row[3] += 1;
        }
        if error.is_some() {
            row[4] += 1;
            continue;
        }
        for field in FIELDS {
            let value = |of: &Value| of.get(field).map_or_else(|| "absent".to_owned(), Value::to_string);
            let (ours, theirs) = (value(&ours), value(&theirs));
            let equal = ours == theirs;
            row[if compare(field, ours, theirs, equal) { 1 } else { 2 }] += 1;
        }
    }
    println!("source: certificates, fields equal, fields divergent, refusals divergent, refused by Go");
    for (source, row) in &table {
        println!("{source}: {row:?}");
    }
    // The vectors are pinned: a divergence that names none of them is a slip.
    let gone: Vec<_> = known.keys().collect();
    if table.contains_key("vectors") && table.contains_key("certifi") && !gone.is_empty() {
        writeln!(faults, "no such certificate or field: {gone:?}").unwrap();
    }
    assert!(faults.is_empty(), "{faults}");
}

/// What certgate reads, and the codes of the faults in the encoding for which it refuses a leaf.
fn read(der: &[u8]) -> (Value, String) {
    let policy = Policy::default();
    let checked = certificate::check(der, Role::Leaf, &policy, At::NotEvaluated);
    let metadata = checked
        .value
        .as_ref()
        .map(|certificate| serde_json::to_value(CertificateMetadata::of(certificate)).expect("metadata"));
    let mut codes: Vec<_> = checked
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.rule.stage == Stage::Pem)
        .map(|finding| finding.code())
        .collect();
    codes.dedup();
    (metadata.unwrap_or(Value::Null), codes.join(" "))
}

/// Go's answers, in order.
fn ask(go: &std::path::Path, samples: &[Sample]) -> Vec<Value> {
    let mut child = Command::new(go).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Go");
    let mut stdin = child.stdin.take().expect("stdin");
    let lines: String = samples.iter().map(|sample| hex(&sample.der) + "\n").collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).expect("write to Go"));
    let output = child.wait_with_output().expect("Go");
    writer.join().expect("the writer");
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), samples.len());
    answers
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|octet| format!("{octet:02x}")).collect()
}
