//! The rules in the source and in the catalogue are the same, and each has all its texts.
#![allow(clippy::restriction)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use certgate::{Rule, Severity, catalogue};
use support::Complaints;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn codes_are_unique_and_no_text_is_empty() {
    let mut complaints = Complaints::default();
    let mut seen = BTreeSet::new();
    for Rule { code, summary, hint, why, citations, since, .. } in catalogue::all() {
        if !seen.insert(*code) {
            complaints.add(format!("{code}: twice in the catalogue"));
        }
        if code.is_empty()
            || !code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            complaints.add(format!("{code}: a code is lower case letters, digits and hyphens"));
        }
        for (what, text) in [("summary", summary), ("hint", hint), ("why", why), ("since", since)] {
            if text.trim().is_empty() {
                complaints.add(format!("{code}: {what} is empty"));
            }
        }
        if !why.contains("Example: ") {
            complaints.add(format!("{code}: why has no example"));
        }
        if citations.is_empty() || citations.iter().any(|citation| citation.trim().is_empty()) {
            complaints.add(format!("{code}: a citation is missing or empty"));
        }
        if summary.ends_with('.') || summary.contains('\n') {
            complaints.add(format!("{code}: the summary is one line without a full stop"));
        }
    }
    complaints.done("complaints about texts");
}

#[test]
fn every_rule_of_the_source_is_in_the_catalogue() {
    let mut complaints = Complaints::default();
    let mut in_source = BTreeMap::new();
    for file in sources(&root().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let mut name = None;
        for line in text.lines() {
            if let Some(start) = line.find("static ").filter(|_| line.contains(": Rule =")) {
                name = line[start + 7..].split(':').next();
            } else if let Some(code) =
                line.trim().strip_prefix("code: \"").and_then(|rest| rest.strip_suffix("\","))
                && let Some(name) = name.take()
            {
                in_source.insert(code.to_owned(), format!("{name} in {}", file.display()));
            }
        }
    }
    assert!(!in_source.is_empty(), "no rule found in src: has the way they are written changed?");
    for (code, place) in &in_source {
        if catalogue::find(code).is_none() {
            complaints.add(format!("{code}: {place} is not in the catalogue"));
        }
    }
    for rule in catalogue::all() {
        if !in_source.contains_key(rule.code) {
            complaints.add(format!("{}: in the catalogue, but no static in src has this code", rule.code));
        }
    }
    complaints.done("rules that the source and the catalogue do not share");
}

/// What rejects may be lowered where it is marked so, and the cases say which; what does not reject is not marked.
#[test]
fn only_errors_are_soft() {
    let wrong = catalogue::all().iter().filter(|rule| rule.soft && rule.severity != Severity::Error);
    assert_eq!(wrong.map(|rule| rule.code).collect::<Vec<_>>(), [""; 0]);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
