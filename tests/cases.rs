//! Runs the cases of `tests/cases`: what is expected by hand, and the snapshot of the whole report.
//!
//! `CERTGATE_BLESS=1 cargo test --test cases` writes the snapshots and the table of the README anew; read the difference before
//! you keep it. `tests/cases/make.sh` writes the forms.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use certgate::pem::{self, Expected};
use certgate::repair::repair;
use certgate::{CertificateForm, Field, Finding, Policy, Severity, catalogue};
use support::{Case, Complaints, bless, cases, check, difference, findings, rule};

#[test]
fn each_case_has_the_findings_and_the_verdict_that_are_expected() {
    let mut complaints = Complaints::default();
    for case in cases() {
        let report = check(&case.form(), &case.policy());
        let actual = findings(&report);
        if actual != case.expected.findings {
            let difference = difference(&case.expected.findings.join("\n"), &actual.join("\n"));
            complaints.add(format!("{}: findings differ {difference}", case.path));
        }
        if report.is_accepted() != case.expected.accepted {
            complaints.add(format!("{}: accepted is {}", case.path, report.is_accepted()));
        }
        if let Err(complaint) = right_place(&case, &report) {
            complaints.add(complaint);
        }
        if case.bad != actual.iter().any(|finding| finding.ends_with(&format!(" {}", case.code))) {
            complaints.add(format!(
                "{}: a bad case breaks the rule of its folder, an ok one does not: {actual:?}",
                case.path
            ));
        }
    }
    complaints.done("complaints about expectations");
}

fn right_place(case: &Case, report: &certgate::Report) -> Result<(), String> {
    let Some(finding) = report.findings.iter().find(|finding| finding.code() == case.code) else {
        return Ok(());
    };
    let (place, expected) = (&finding.location, &case.expected.place);
    let actual = support::Place {
        field: expected.field.as_ref().and(place.field.map(|field| field.to_string())),
        block: expected.block.and(place.block),
        line: expected.line.and(place.line),
        column: expected.column.and(place.column),
        der_path: expected.der_path.as_ref().and(place.der_path.as_ref().map(|path| path.to_string())),
    };
    if actual == *expected {
        return Ok(());
    }
    Err(format!("{}: the place is {place}, expected {expected:?}", case.path))
}

#[test]
fn each_report_is_that_of_the_snapshot() {
    let mut complaints = Complaints::default();
    for case in cases() {
        let report = check(&case.form(), &case.policy());
        let actual = serde_json::to_string_pretty(&report).unwrap() + "\n";
        let file = case.folder.join("report.json");
        if bless() {
            fs::write(&file, &actual).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if expected != actual {
            complaints.add(format!("{}: report.json differs {}", case.path, difference(&expected, &actual)));
        }
    }
    complaints.done("reports that differ; CERTGATE_BLESS=1 writes them anew");
}

#[test]
fn each_form_is_what_the_forge_makes() {
    let mut complaints = Complaints::default();
    let mut made = BTreeMap::new();
    for case in cases() {
        let mut on_disk: Vec<String> = fs::read_dir(&case.folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "case.toml" && name != "report.json")
            .collect();
        on_disk.sort();
        let made = made.entry(case.slug.clone()).or_insert_with(|| case.fault().files());
        made.sort();
        let names: Vec<&String> = made.iter().map(|(name, _)| name).collect();
        if on_disk.iter().collect::<Vec<_>>() != names {
            complaints.add(format!("{}: holds {on_disk:?}, not {names:?}", case.path));
        }
        for (name, contents) in made.iter() {
            if fs::read(case.folder.join(name)).ok().as_ref() != Some(contents) {
                complaints.add(format!("{}: {name} is not what the forge makes", case.path));
            }
        }
    }
    complaints.done("files that differ; tests/cases/make.sh writes them anew");
}

/// What is soft can be softened, and the form is then accepted unless something hard is wrong with it; what is not soft cannot.
#[test]
fn a_policy_softens_what_is_soft_and_nothing_else() {
    let mut complaints = Complaints::default();
    for case in cases().iter().filter(|case| !case.expected.accepted) {
        let mut policy = case.policy();
        let (soft, hard): (Vec<&str>, Vec<&str>) = case
            .expected
            .findings
            .iter()
            .filter_map(|finding| finding.strip_prefix("error "))
            .partition(|code| rule(code).soft);
        policy.severity.extend(soft.iter().map(|code| ((*code).to_owned(), Severity::Warning)));
        if catalogue::check_policy(&policy).is_err() {
            complaints.add(format!("{}: a soft rule cannot be softened: {soft:?}", case.path));
        }
        policy.severity.extend(hard.iter().map(|code| ((*code).to_owned(), Severity::Warning)));
        if catalogue::check_policy(&policy).is_ok() != hard.is_empty() {
            complaints.add(format!("{}: a hard rule can be softened: {hard:?}", case.path));
        }
        let report = check(&case.form(), &policy);
        if report.is_accepted() != hard.is_empty() {
            complaints.add(format!(
                "{}: accepted is {} with {soft:?} softened and {hard:?} not: {:?}",
                case.path,
                report.is_accepted(),
                findings(&report)
            ));
        }
    }
    complaints.done("complaints about softening");
}

/// Every case is mended as far as it can be: nothing fixable is left, a second repair changes nothing, no object is invented, and where the
/// case says so the mended form is accepted.
#[test]
fn a_repair_mends_what_is_fixable_and_invents_nothing() {
    let mut complaints = Complaints::default();
    let mut mended = 0_usize;
    let mut seen = BTreeSet::new();
    for case in cases() {
        // The same form stands in several folders.
        let is_plain = case.expected.policy.is_none() && case.expected.at.is_none();
        if is_plain && !seen.insert(case.slug.clone()) {
            continue;
        }
        let (form, policy) = (case.form(), case.policy());
        let is_fixable = check(&form, &policy).findings.iter().any(Finding::is_fixable);
        let repaired = repair(&form, &policy);
        let report = match &repaired.result {
            Ok(accepted) => accepted.report(),
            Err(rejected) => rejected.report(),
        };
        if is_fixable {
            mended += 1;
        } else if repaired.form != form {
            complaints.add(format!("{}: changed, although nothing was fixable", case.path));
        }
        if case.expected.fix && !is_fixable {
            complaints.add(format!("{}: fix = true, but no finding is fixable", case.path));
        }
        if case.expected.fix && !report.is_accepted() {
            complaints.add(format!("{}: not accepted after the repair: {:?}", case.path, findings(report)));
        }
        if report.findings.iter().any(Finding::is_fixable) {
            complaints.add(format!("{}: something fixable is left: {:?}", case.path, findings(report)));
        }
        if repair(&repaired.form, &policy).form != repaired.form {
            complaints.add(format!("{}: a second repair changes the form again", case.path));
        }
        if check(&repaired.form, &policy) != *report {
            complaints.add(format!("{}: the result is not that of a new check", case.path));
        }
        let (before, after) = (objects(&form), objects(&repaired.form));
        if !after.is_subset(&before) {
            complaints.add(format!("{}: the repair invented an object", case.path));
        }
        if form.trusted_root_ca.is_none() && repaired.form.trusted_root_ca.is_some() {
            complaints.add(format!("{}: trusted_root_ca appeared", case.path));
        }
    }
    complaints.done("complaints about repairs");
    assert!(mended > 0, "no case has anything to mend");
}

/// The DER objects in all fields of a form.
fn objects(form: &CertificateForm) -> BTreeSet<Vec<u8>> {
    Field::ALL
        .into_iter()
        .filter_map(|field| form.content(field))
        .flat_map(|content| {
            pem::parse(content, Expected::Certificates, &Policy::default()).value.unwrap_or_default()
        })
        .map(|block| block.der.to_vec())
        .collect()
}
