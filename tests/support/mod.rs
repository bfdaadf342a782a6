//! What several tests need: the cases of `tests/cases`, read from disk; forms of the forge; the policy and its time.
#![allow(dead_code, unreachable_pub)]

pub mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use certgate::{At, CertificateForm, Content, Field, Policy, Report, Rule, Severity, catalogue};
use certgate_forge::form::Form;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

/// The time of the check where a case says none.
pub const TIME: &str = "2026-06-01T00:00:00Z";

/// [`TIME`].
pub const NOW: OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

/// What `case.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The row of the table of verdicts, as it is written there.
    pub row: Option<String>,
    /// The part of the row that this case covers, where the row lists several inputs.
    pub part: Option<String>,
    /// Whether the form is accepted.
    pub accepted: bool,
    /// The error code of the API; only where the form is rejected.
    pub api: Option<String>,
    /// Whether a policy may lower every error, so that the form is accepted.
    #[serde(default)]
    pub soft: bool,
    /// All findings in order, each `severity code`.
    pub findings: Vec<String>,
    /// The place of the first finding of the case's rule, as far as it matters.
    #[serde(default)]
    pub place: Place,
    /// The time of the check in RFC 3339, or `none`.
    pub at: Option<String>,
    /// What differs from the default policy.
    pub policy: Option<toml::Table>,
    /// Whether the repair gives a form that is accepted.
    #[serde(default)]
    pub fix: bool,
}

/// A place, as far as it matters.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub field: Option<String>,
    pub block: Option<usize>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub der_path: Option<String>,
}

/// One case.
#[derive(Debug)]
pub struct Case {
    /// `<code>/bad-<slug>` or `<code>/ok-<slug>`.
    pub path: String,
    /// The folder.
    pub folder: PathBuf,
    /// The rule that the case is about.
    pub code: String,
    /// Whether it breaks that rule.
    pub bad: bool,
    /// The row of the forge that makes the form.
    pub slug: String,
    /// What `case.toml` says.
    pub expected: Expectation,
}

impl Case {
    /// The form, from the files of the case.
    pub fn form(&self) -> CertificateForm {
        let text = fs::read_to_string(self.folder.join("form.json"))
            .unwrap_or_else(|error| panic!("{}: form.json: {error}; run tests/cases/make.sh", self.path));
        let mut form = CertificateForm::from_json(text.as_bytes())
            .unwrap_or_else(|error| panic!("{}: form.json: {error:?}", self.path));
        for field in Field::ALL {
            if let Ok(bytes) = fs::read(self.folder.join(format!("{field}.der")))
                && let Some(slot) = form.content_mut(field)
            {
                *slot = Some(Content::from_bytes(bytes));
            }
        }
        form
    }

    /// The policy of the check.
    pub fn policy(&self) -> Policy {
        let table = self.expected.policy.clone().unwrap_or_default();
        table.try_into().unwrap_or_else(|error| panic!("{}: [policy]: {error}", self.path))
    }

    /// The time of the check.
    pub fn at(&self) -> At {
        match self.expected.at.as_deref() {
            None => NOW.into(),
            Some("none") => At::NotEvaluated,
            Some(text) => OffsetDateTime::parse(text, &Rfc3339)
                .unwrap_or_else(|error| panic!("{}: at: {error}", self.path))
                .into(),
        }
    }

    /// Whether the check takes place at [`TIME`] under the default policy.
    pub fn is_plain(&self) -> bool {
        self.expected.policy.is_none() && self.expected.at.is_none()
    }

    /// The files of the form: names and contents, by name.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(&self.folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
            .filter(|(name, _)| name != "case.toml" && name != "report.json")
            .map(|(name, path)| (name, fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }

    /// The codes of the expected findings, without their severities.
    pub fn codes(&self) -> BTreeSet<&str> {
        self.expected.findings.iter().map(|finding| finding.split(' ').nth(1).unwrap_or_default()).collect()
    }
}

/// The folder of the cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(of)
        .unwrap_or_else(|error| panic!("{}: {error}", of.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{} holds no folder", of.display());
    found
}

/// All cases, in the order of their paths.
///
/// # Panics
/// If there is none, if a folder is empty, or if one cannot be read.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in folders(&folder()) {
        for folder in folders(&rule) {
            let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
            let (code, kind) = (name(&rule), name(&folder));
            let path = format!("{code}/{kind}");
            let (bad, slug) = match kind.split_once('-') {
                Some(("bad", slug)) => (true, slug.to_owned()),
                Some(("ok", slug)) => (false, slug.to_owned()),
                _ => panic!("{path}: a case is named bad-… or ok-…"),
            };
            let text = fs::read_to_string(folder.join("case.toml"))
                .unwrap_or_else(|error| panic!("{path}: case.toml: {error}"));
            let expected = toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: case.toml: {error}"));
            cases.push(Case { path, folder, code, bad, slug, expected });
        }
    }
    cases
}

/// The findings of a report as `case.toml` writes them.
pub fn findings(report: &Report) -> Vec<String> {
    report.findings.iter().map(|finding| format!("{} {}", finding.severity, finding.code())).collect()
}

/// The default policy.
pub fn policy() -> Policy {
    Policy::default()
}

/// The form that the library reads from the JSON and the files of one of the forge.
pub fn read(form: &Form) -> CertificateForm {
    let mut read = CertificateForm::from_json(form.json().as_bytes()).unwrap();
    for (name, bytes) in &form.files {
        let field = Field::from_name(name).unwrap();
        *read.content_mut(field).unwrap() = Some(Content::from_bytes(bytes.clone()));
    }
    read
}

/// The report of a check, accepted or rejected.
pub fn check(form: &CertificateForm, policy: &Policy, at: impl Into<At>) -> Report {
    match certgate::validate(form, policy, at) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    }
}

/// The lines of two texts that differ, `-` expected and `+` actual.
pub fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let start = expected.iter().zip(&actual).take_while(|(one, other)| one == other).count();
    let (expected, actual) = (&expected[start..], &actual[start..]);
    let end = expected.iter().rev().zip(actual.iter().rev()).take_while(|(one, other)| one == other).count();
    let minus = expected[..expected.len() - end].iter().map(|line| format!("    - {line}\n"));
    let plus = actual[..actual.len() - end].iter().map(|line| format!("    + {line}\n"));
    format!("from line {}:\n{}", start + 1, minus.chain(plus).collect::<String>())
}

/// Collects what is wrong with each case, and panics with all of it.
#[derive(Default)]
pub struct Complaints(Vec<String>);

impl Complaints {
    pub fn add(&mut self, text: impl Into<String>) {
        self.0.push(text.into());
    }
    pub fn done(self, what: &str) {
        assert!(self.0.is_empty(), "{} {what}:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// Whether files are to be written again instead of compared.
pub fn bless() -> bool {
    std::env::var_os("CERTGATE_BLESS").is_some()
}

/// The rule of that code.
pub fn rule(code: &str) -> &'static Rule {
    catalogue::find(code).unwrap_or_else(|| panic!("no rule `{code}`"))
}

/// The letter of the verdict: rejected, or the worst finding is a warning or a note, or there is none.
pub fn class(report: &Report) -> char {
    match report.findings.iter().map(|finding| finding.severity).max() {
        _ if !report.is_accepted() => 'R',
        Some(Severity::Error) => 'R',
        Some(Severity::Warning) => 'W',
        Some(Severity::Note) => 'N',
        None => 'A',
    }
}
