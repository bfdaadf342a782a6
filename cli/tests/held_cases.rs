//! The cases of `tests/held`: files that people hold, made by the tools that they use, each with the command that is run on it and what is expected of it.
//!
//! `tests/held/make.sh` makes the files. `CERTGATE_BLESS=1 cargo test -p certgate-cli --test held_cases` writes the reports and the table of
//! `tests/held/README.md` again; read the difference before you keep it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use common::{Run, certgate, root};
use serde::Deserialize;
use serde_json::Value;

/// What `case.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the person holds, in words.
    holds: String,
    /// The arguments of the command, which is run inside the folder `given`.
    run: String,
    /// The passphrase, where one is given.
    passphrase: Option<String>,
    /// The exit status.
    status: i32,
    /// Each finding: severity, code, and the place in the person's own file.
    #[serde(default)]
    findings: Vec<String>,
    /// Where each block of each form came from.
    #[serde(default)]
    sources: Vec<String>,
    /// What was left out, and why.
    #[serde(default)]
    left_out: Vec<String>,
    /// What is said in place of a report.
    #[serde(default)]
    said: Option<String>,
}

fn folder() -> PathBuf {
    root().join("tests/held")
}

fn is_blessed() -> bool {
    std::env::var_os("CERTGATE_BLESS").is_some()
}

fn cases() -> BTreeMap<String, Case> {
    let folders = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let text = fs::read_to_string(path.join("case.toml"))
            .unwrap_or_else(|error| panic!("{}: case.toml: {error}", path.display()));
        let case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_name().unwrap().to_str().unwrap().to_owned(), case)
    };
    folders.filter(|path| path.is_dir()).map(read).collect()
}

impl Case {
    fn run(&self, name: &str) -> Run {
        let mut command = certgate();
        command.args(self.run.split(' ')).args(["--format", "json", "--at", "2026-06-01T00:00:00Z"]);
        if let Some(passphrase) = &self.passphrase {
            command.args(["--passphrase-env", "PASSPHRASE"]).env("PASSPHRASE", passphrase);
        }
        Run::from(command.current_dir(folder().join(name).join("given")).output().unwrap())
    }
}

/// The words of a place in a file: `ca.crt, block 1, line 1`.
fn place(inside: &Value, file: &Value, block: &Value, line: &Value, column: &Value) -> String {
    let mut words: Vec<String> = match inside.as_array() {
        Some(inside) => inside.iter().map(|part| part.as_str().unwrap().to_owned()).collect(),
        None => file.as_str().map(str::to_owned).into_iter().collect(),
    };
    for (what, number) in [("block", block), ("line", line), ("column", column)] {
        words.extend(number.as_u64().map(|number| format!("{what} {number}")));
    }
    words.join(", ")
}

fn list<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

fn findings(reports: &[Value]) -> Vec<String> {
    let words = |finding: &Value| {
        let at = &finding["location"];
        let place = place(&at["inside"], &at["file"], &at["block"], &at["line"], &at["column"]);
        let place = if place.is_empty() { finding["field"].as_str().unwrap_or("the form") } else { &place };
        format!("{} {} at {place}", finding["severity"].as_str().unwrap(), finding["code"].as_str().unwrap())
    };
    reports.iter().flat_map(|report| list(report, "/findings")).map(words).collect()
}

fn sources(reports: &[Value]) -> Vec<String> {
    let words = |part: &Value| {
        let place = place(&part["inside"], &Value::Null, &part["source_block"], &part["line"], &Value::Null);
        let block = part["block"].as_u64().map_or_else(String::new, |block| format!(" {block}"));
        format!("{}{block}: {place}", part["field"].as_str().unwrap())
    };
    reports.iter().flat_map(|report| list(report, "/assembled/parts")).map(words).collect()
}

fn left_out(report: &Value) -> Vec<String> {
    let words = |left: &Value| {
        let place = place(&left["inside"], &Value::Null, &left["block"], &Value::Null, &Value::Null);
        format!("{place}: {}", left["why"].as_str().unwrap())
    };
    list(report, "/assembled/left_out").map(words).collect()
}

#[test]
fn what_people_hold_is_read_and_told_as_expected() {
    let cases = cases();
    assert!(cases.len() > 30, "only {} cases", cases.len());
    let mut complaints = String::new();
    for (name, case) in &cases {
        let got = case.run(name);
        let mut differ = |what: &str, expected: &dyn std::fmt::Debug, actual: &dyn std::fmt::Debug| {
            let (expected, actual) = (format!("{expected:#?}"), format!("{actual:#?}"));
            if expected != actual {
                writeln!(complaints, "{name}: {what}: expected {expected}, and it is {actual}").unwrap();
            }
        };
        differ("status", &case.status, &got.status);
        let reports = got.lines();
        differ("findings", &case.findings, &findings(&reports));
        differ("sources", &case.sources, &sources(&reports));
        differ("left_out", &case.left_out, &reports.first().map(left_out).unwrap_or_default());
        let said = reports.first().and_then(|report| report.pointer("/error/message")?.as_str());
        differ("said", &case.said.as_deref(), &said);

        let path = folder().join(name).join("report.json");
        let text: String =
            reports.iter().map(|report| serde_json::to_string_pretty(report).unwrap() + "\n").collect();
        if is_blessed() {
            fs::write(&path, &text).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            writeln!(complaints, "{name}: report.json differs: CERTGATE_BLESS=1 writes it again").unwrap();
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn no_report_holds_a_line_of_a_private_key_or_the_passphrase() {
    let pki = root().join("examples/pki");
    let keys = ["rsa.key", "ecc.key", "sm2-enc.key", "sm2-sign.key"]
        .map(|key| fs::read_to_string(pki.join(key)).unwrap());
    let secrets: Vec<&str> =
        keys.iter().flat_map(|key| key.lines()).filter(|line| !line.starts_with("-----")).collect();
    assert!(secrets.len() > 30);
    for (name, case) in cases() {
        let got = case.run(&name);
        for secret in secrets.iter().chain(&["throw-away"]) {
            assert!(!got.out.contains(secret) && !got.err.contains(secret), "{name} tells a secret");
        }
    }
}

#[test]
fn the_table_lists_all_cases() {
    let path = folder().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, _) = text.split_once("\n| you hold").unwrap_or((&text, ""));
    let mut table = String::from("| you hold | certgate | exit status | case |\n|---|---|---|---|\n");
    for (name, case) in cases() {
        writeln!(table, "| {} | `{}` | {} | [{name}]({name}) |", case.holds, case.run, case.status).unwrap();
    }
    let right = format!("{head}\n{table}");
    if is_blessed() {
        fs::write(&path, &right).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == right,
        "README.md differs: CERTGATE_BLESS=1 writes it again"
    );
}
