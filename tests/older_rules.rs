//! With `rules_as_of = "0.1.0"`, what 0.1.0 accepted is accepted. `tests/data/accepted-by-0.1.0.txt` has the rows of the forge that it
//! accepted, under the default policy at [`NOW`]; it stays as it is. Takes 5 seconds.
#![allow(clippy::restriction)]

mod support;

use std::collections::BTreeMap;

use certgate::{Policy, PolicySettings, Severity};
use certgate_forge::fault::{self, Fault};
use support::{Complaints, NOW, check, findings, read};

const ROWS: &str = include_str!("data/accepted-by-0.1.0.txt");

/// Rows that 0.1.0 accepted by mistake, with the reason why no policy accepts them now.
const NEVER: &[(&str, &str)] = &[];

/// The policy of an upgrade.
fn as_of(version: &str) -> Policy {
    let mut settings = PolicySettings::default();
    settings.rules_as_of = Some(version.to_owned());
    Policy::new(settings).unwrap()
}

#[test]
fn what_0_1_0_accepted_is_accepted_by_its_rules() {
    let forge: BTreeMap<&str, &Fault> = fault::all().map(|fault| (fault.row, fault)).collect();
    let (older, mut complaints, mut weakened) = (as_of("0.1.0"), Complaints::default(), 0);
    for row in ROWS.lines() {
        let Some(fault) = forge.get(row) else {
            complaints.add(format!("{row}: no such row in tests/forge/src/fault"));
            continue;
        };
        let report = check(&read(&fault.form()), &older, NOW);
        let is_never = NEVER.iter().any(|(never, _)| never == &row);
        if report.is_accepted() == is_never {
            complaints.add(format!("{row}: {:?}", findings(&report)));
        }
        for finding in report.findings.iter().filter(|finding| finding.error_since.is_some()) {
            weakened += 1;
            let severities = (finding.severity, finding.default_severity);
            assert_eq!(severities, (Severity::Warning, Severity::Error), "{row}: {finding}");
        }
    }
    complaints.done("rows that 0.1.0 accepted");
    assert!(weakened > 0, "no finding is weakened: does `rules_as_of` still do anything?");
}

/// As of the newest version nothing is weakened.
#[test]
fn the_newest_rules_are_the_rules() {
    let newest = as_of("0.2.0");
    for row in ["san-absent", "sha1-signature", "rsa", "lie-p256"] {
        let Some(fault) = fault::all().find(|fault| fault.row == row) else { panic!("no row {row}") };
        let form = read(&fault.form());
        assert_eq!(check(&form, &newest, NOW), check(&form, &Policy::default(), NOW), "{row}");
    }
}
