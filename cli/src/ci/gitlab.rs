//! A code quality report of GitLab (docs.gitlab.com, "Code Quality", "Code Quality report format").

use std::collections::BTreeMap;

use certgate::{Finding, Severity};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Checks, Place, path_of, words};
use crate::failure::Failure;
use crate::json;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn text(checks: &Checks<'_>) -> Result<String, Failure> {
    let mut issues = Vec::new();
    let mut seen = BTreeMap::new();
    for form in &checks.forms {
        for (finding, place) in form.findings() {
            let path = path_of(place.file.as_deref().unwrap_or(&form.source));
            issues.push(Issue {
                description: words(finding),
                check_name: finding.code().to_owned(),
                fingerprint: fingerprint(finding, &path, &mut seen),
                severity: severity(finding.severity),
                location: location(path, place),
            });
        }
        for told in form.told() {
            let path = path_of(&told.file);
            issues.push(Issue {
                fingerprint: digest(&["target", &path, &told.title]),
                description: told.text,
                check_name: told.title,
                severity: severity(told.severity),
                location: location(path, &Place::default()),
            });
        }
    }
    for left in checks.left_out.iter().filter(|left| left.is_fault()) {
        let path = left.file().map(path_of).unwrap_or_default();
        let description = left.to_string();
        issues.push(Issue {
            fingerprint: digest(&["left-out", &description]),
            description,
            check_name: "not-read".to_owned(),
            severity: severity(Severity::Error),
            location: location(path, &Place::default()),
        });
    }
    json::line(&issues)
}

fn location(path: String, place: &Place) -> Location {
    Location { path, lines: Lines { begin: place.line.unwrap_or(1) } }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

/// What stays the same from run to run: the rule and the place, not the numbers of the sentence and not the line. A second finding of the same rule
/// at the same place has another.
pub(super) fn fingerprint(finding: &Finding, path: &str, seen: &mut BTreeMap<String, usize>) -> String {
    let location = &finding.location;
    let field = location.field.map_or("", certgate::Field::as_str);
    let block = location.block.map_or_else(String::new, |block| block.to_string());
    let inside = location.inside.join("\n");
    let der_path = location.der_path.as_deref().unwrap_or_default();
    let first = digest(&[finding.code(), path, field, &inside, &block, der_path]);
    let count = seen.entry(first.clone()).or_default();
    *count = count.saturating_add(1);
    match *count {
        1 => first,
        number => digest(&[&first, &number.to_string()]),
    }
}

/// SHA-256 of texts, each with its length before it.
fn digest(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(format!("{}:{text}", text.len()));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
