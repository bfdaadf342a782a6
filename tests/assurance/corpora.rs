//! Proves, on public collections that a person gives by path (nothing of them is in the project): certgate judges them as they expect.
//!
//! | variable | what it names | what is expected |
//! |---|---|---|
//! | `CERTGATE_LIMBO` | `limbo.json` of x509-limbo | its result; `limbo.toml` lists the differences with reasons |
//! | `CERTGATE_CORPUS` | a folder of PEM files: certificates and unencrypted keys | a key fits the certificates with its public half (OpenSSL says which), and no other; nothing panics |
//!
//! Skips with a printed line where a variable is not set.
#![allow(clippy::restriction)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use certgate::certificate::{self, Role};
use certgate::{At, CertificateForm, Content, Field, Policy, Severity};
use serde::Deserialize;
use support::check;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

fn given(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    if path.is_none() {
        println!("skipped: {variable} is not set");
    }
    path
}

#[derive(Deserialize)]
struct Limbo {
    testcases: Vec<Testcase>,
}

#[derive(Deserialize)]
struct Testcase {
    id: String,
    #[serde(default)]
    features: Vec<String>,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    peer_certificate_key: Option<String>,
    validation_time: Option<String>,
    expected_result: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    /// What limbo wants refused, and is accepted.
    accepted: Vec<Difference>,
    /// What limbo wants accepted, and is refused.
    refused: Vec<Difference>,
    policy: toml::Table,
    /// Codes that say nothing about what limbo asks.
    beside: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    /// Identifiers; one that ends with `*` stands for all that begin so.
    ids: Vec<String>,
    /// A feature instead.
    feature: Option<String>,
    reason: String,
}

fn listed<'d>(list: &'d [Difference], case: &Testcase) -> Option<&'d Difference> {
    let fits = |id: &String| id.strip_suffix('*').map_or(*id == case.id, |start| case.id.starts_with(start));
    list.iter().find(|entry| {
        entry.ids.iter().any(fits)
            || entry.feature.as_ref().is_some_and(|feature| case.features.contains(feature))
    })
}

/// The form of a case: the server's certificate, the issuers, and the root where there is one, so that its constraints count.
fn form(case: &Testcase) -> CertificateForm {
    let mut chain = vec![case.peer_certificate.as_str()];
    chain.extend(case.untrusted_intermediates.iter().map(String::as_str));
    if let [root] = case.trusted_certs.as_slice()
        && !chain.iter().any(|text| text.trim() == root.trim())
    {
        chain.push(root);
    }
    let mut form = CertificateForm::default();
    form.name = Some("limbo".to_owned());
    form.cert_content = Some(Content::from_text(chain.join("\n")));
    form.private_key = case.peer_certificate_key.as_deref().map(Content::from);
    form
}

/// The codes for which a case is refused, but for those that say nothing about what limbo asks.
fn refusals(case: &Testcase, policy: &Policy, beside: &BTreeMap<String, String>) -> Vec<&'static str> {
    let time =
        case.validation_time.as_deref().map(|text| OffsetDateTime::parse(text, &Rfc3339).expect("a time"));
    let report = check(&form(case), policy, time.map_or(At::NotEvaluated, At::Time));
    let codes: BTreeSet<&'static str> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && !beside.contains_key(finding.code()))
        // Some cases have no key; what is said of it is not about the certificates.
        .filter(|finding| {
            case.peer_certificate_key.is_some() || finding.location.field != Some(Field::PrivateKey)
        })
        .map(|finding| finding.code())
        .collect();
    codes.into_iter().collect()
}

#[test]
fn limbo_is_judged_as_it_expects_but_for_what_is_listed() {
    let differences: Differences = toml::from_str(include_str!("limbo.toml")).expect("limbo.toml");
    let Some(path) = given("CERTGATE_LIMBO") else { return };
    let limbo: Limbo =
        serde_json::from_str(&fs::read_to_string(path).expect("limbo.json")).expect("limbo.json");
    let policy: Policy = differences.policy.clone().try_into().expect("policy");
    let (mut alike, mut known, mut needless, mut wrong) = ([0; 2], [0; 2], Vec::new(), Vec::new());
    for case in limbo.testcases.iter().filter(|case| case.validation_kind == "SERVER") {
        let codes = refusals(case, &policy, &differences.beside);
        let is_good = case.expected_result == "SUCCESS";
        let list = if is_good { &differences.refused } else { &differences.accepted };
        match (codes.is_empty() == is_good, listed(list, case)) {
            (true, None) => alike[usize::from(is_good)] += 1,
            (true, Some(_)) => {
                alike[usize::from(is_good)] += 1;
                needless.push(case.id.as_str());
            }
            (false, Some(entry)) => {
                assert!(!entry.reason.trim().is_empty(), "{}: no reason", case.id);
                known[usize::from(is_good)] += 1;
            }
            (false, None) => wrong.push(format!("{} ({}): {codes:?}", case.id, case.expected_result)),
        }
    }
    println!(
        "limbo: alike {} good and {} bad; listed differences {} good and {} bad",
        alike[1], alike[0], known[1], known[0]
    );
    println!("limbo: listed by a pattern or a name, but judged as limbo expects: {}", needless.join(" "));
    assert!(alike[0] + alike[1] + known[0] + known[1] + wrong.len() > 100, "this is not limbo.json");
    assert!(wrong.is_empty(), "{} not as expected, and not listed:\n{}", wrong.len(), wrong.join("\n"));
}

/// The DER of the certificates of a text, read by the crate `pem`.
fn certificates(text: &[u8]) -> Vec<Vec<u8>> {
    let blocks = pem::parse_many(text).unwrap_or_default();
    blocks.into_iter().filter(|block| block.tag() == "CERTIFICATE").map(pem::Pem::into_contents).collect()
}

/// The public half of the key in a text, in DER, as OpenSSL says it; `None` where it reads no key.
fn public_half(text: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(["pkey", "-pubout", "-outform", "DER", "-passin", "pass:"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let _ = child.stdin.take()?.write_all(text);
    let output = child.wait_with_output().ok()?;
    output.status.success().then_some(output.stdout)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A file with certificates: its name, its certificates alone as PEM, and the SPKI of the first.
struct Chain {
    name: String,
    pem: String,
    spki: Vec<u8>,
}

#[test]
fn a_key_of_a_corpus_fits_the_certificates_with_its_public_half_and_no_other() {
    let Some(folder) = given("CERTGATE_CORPUS") else { return };
    let policy = Policy::default();
    let (mut chains, mut keys, mut read) = (Vec::new(), Vec::new(), 0);
    for path in files(&folder) {
        let bytes = fs::read(&path).expect("a file");
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        read += 1;
        // Any file in both fields: nothing may panic.
        let mut both = CertificateForm::default();
        both.cert_content = Some(Content::from_bytes(bytes.clone()));
        both.private_key = both.cert_content.clone();
        let _ = check(&both, &policy, At::NotEvaluated);
        let ders = certificates(&bytes);
        if let Some(first) = ders.first()
            && let Some(read) = certificate::check(first, Role::Leaf, &policy, At::NotEvaluated).value
        {
            let blocks: Vec<_> =
                ders.iter().map(|der| pem::Pem::new("CERTIFICATE", der.as_slice())).collect();
            chains.push(Chain {
                name: name.clone(),
                pem: pem::encode_many(&blocks),
                spki: read.spki_der().to_vec(),
            });
        }
        let text = String::from_utf8_lossy(&bytes);
        if text.contains("PRIVATE KEY-----")
            && !text.contains("ENCRYPTED")
            && let Some(public) = public_half(&bytes)
        {
            keys.push((name, text.into_owned(), public));
        }
    }
    let (mut pairs, mut accepted, mut crossed, mut wrong) = (0, 0, 0, Vec::new());
    let mut reasons: BTreeMap<Vec<&'static str>, usize> = BTreeMap::new();
    for (place, (name, key, public)) in keys.iter().enumerate() {
        let own = chains.iter().filter(|chain| chain.spki == *public);
        let others =
            chains.iter().cycle().skip(place).take(chains.len()).filter(|chain| chain.spki != *public);
        for (chain, fits) in own.map(|chain| (chain, true)).chain(others.take(8).map(|chain| (chain, false)))
        {
            let mut form = CertificateForm::default();
            form.name = Some("corpus".to_owned());
            form.cert_content = Some(Content::from(chain.pem.as_str()));
            form.private_key = Some(Content::from(key.as_str()));
            let report = check(&form, &policy, At::NotEvaluated);
            if !fits {
                crossed += 1;
                if report.is_accepted() {
                    wrong.push(format!("{name} with {}: accepted, and the key is another's", chain.name));
                }
                continue;
            }
            pairs += 1;
            accepted += usize::from(report.is_accepted());
            let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
            *reasons.entry(errors.map(|finding| finding.code()).collect()).or_default() += 1;
            let refused = report.findings.iter().find(|finding| finding.code().starts_with("match-"));
            if let Some(finding) = refused {
                wrong.push(format!("{name} with {}: the key is its own: {finding}", chain.name));
            }
        }
    }
    println!(
        "corpus: {read} files, {} with certificates, {} keys; {pairs} pairs, {accepted} accepted; {crossed} crossed pairs",
        chains.len(),
        keys.len()
    );
    for (codes, count) in reasons.iter().filter(|(codes, _)| !codes.is_empty()) {
        println!("corpus: {count} pairs rejected: {}", codes.join(" "));
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
