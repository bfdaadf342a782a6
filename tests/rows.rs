//! Every row of tricky input gets its verdict, alone and beside another, and no key is ever quoted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use certgate::repair::repair;
use certgate::{Finding, Policy, Report, Severity};
use certgate_forge::fault::{self, Fault, Verdict};
use certgate_forge::form::Form;
use std::fmt::Write;
use support::{policy, read};

fn check(form: &Form, policy: &Policy) -> Report {
    support::check(&read(form), policy)
}

fn verdict(report: &Report) -> Verdict {
    match report.findings.iter().map(|f| f.severity).max() {
        Some(Severity::Error) => Verdict::Reject,
        Some(Severity::Warning) => Verdict::Warn,
        Some(Severity::Note) => Verdict::Note,
        None => Verdict::Accept,
    }
}

fn codes(report: &Report) -> String {
    report.findings.iter().map(|f| format!("{}[{}] ", f.severity, f.code())).collect()
}

#[test]
fn every_row_gets_its_verdict() {
    let mut wrong = String::new();
    for row in fault::all() {
        let report = check(&row.form(), &policy());
        let api = report.api.as_ref().map(|api| api.body.error_code.as_str());
        let expected = row.api.map(|code| format!("APIG.{code}"));
        let api_fits = expected.is_none() || api == expected.as_deref();
        let fixable = report.findings.iter().any(Finding::is_fixable);
        if verdict(&report) != row.verdict || !api_fits || (row.fix && !fixable) {
            let fix = if row.fix && !fixable { ", not fixable" } else { "" };
            let expected = expected.unwrap_or_default();
            let got = (verdict(&report), api.unwrap_or_default());
            writeln!(wrong, "{}: {:?} {expected}, got {got:?}{fix} {}", row.row, row.verdict, codes(&report))
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{wrong}", wrong.lines().count());
}

/// What a repair leaves: nothing fixable; an accepted form where the only errors were fixable; and a second repair changes nothing.
#[test]
fn what_can_be_mended_is() {
    let mut wrong = String::new();
    for row in fault::all() {
        let before = check(&row.form(), &policy());
        let repaired = repair(&read(&row.form()), &policy());
        let after = match &repaired.result {
            Ok(accepted) => accepted.report(),
            Err(rejected) => rejected.report(),
        };
        let errors_fixable =
            before.findings.iter().all(|finding| finding.severity < Severity::Error || finding.is_fixable());
        let again = repair(&repaired.form, &policy());
        if after.findings.iter().any(Finding::is_fixable)
            || (errors_fixable && !after.is_accepted())
            || (repaired.mended.is_empty() && repaired.form != read(&row.form()))
            || again.form != repaired.form
        {
            writeln!(wrong, "{}: {} left {}", row.row, codes(&before), codes(after)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{wrong}", wrong.lines().count());
}

#[test]
fn a_policy_can_lower_soft_rows_and_no_others() {
    let mut wrong = String::new();
    for row in fault::all().filter(|row| row.verdict == Verdict::Reject) {
        let form = row.form();
        let mut lenient = policy();
        for finding in check(&form, &policy()).findings {
            lenient.severity.insert(finding.code().to_owned(), Severity::Warning);
        }
        let accepted = check(&form, &lenient).is_accepted();
        if accepted != row.soft {
            writeln!(wrong, "{}: {}", row.row, if accepted { "soft" } else { "not soft" }).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{wrong}", wrong.lines().count());
}

/// The lines of base64 in the fields that hold keys.
fn secrets(form: &Form) -> Vec<String> {
    let fields = [&form.private_key, &form.private_key_sign, &form.cert_content, &form.trusted_root_ca];
    let mut out = Vec::new();
    for text in fields.into_iter().flatten() {
        let lines = text.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c));
        out.extend(lines.filter(|l| l.len() >= 32).map(|l| l[8..28].to_owned()));
    }
    out
}

#[test]
fn no_base64_of_a_form_is_quoted() {
    for row in fault::all() {
        let form = row.form();
        let report = check(&form, &policy());
        let told = format!("{report:?}{}", serde_json::to_string(&report).unwrap());
        for secret in secrets(&form) {
            assert!(!told.contains(&secret), "{}: {told}", row.row);
        }
    }
}

/// Two rows of one base that touch different fields, by a fixed sequence of choices.
fn pairs() -> Vec<(&'static Fault, &'static Fault)> {
    let rows: Vec<_> = fault::all().map(|row| (row, row.fields())).collect();
    let mut state = 1u64;
    let mut choice = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        &rows[(state >> 33) as usize % rows.len()]
    };
    let mut out = Vec::new();
    while out.len() < 300 {
        let (first, second) = (choice(), choice());
        if first.0.base == second.0.base && !first.1.iter().any(|field| second.1.contains(field)) {
            out.push((first.0, second.0));
        }
    }
    out
}

/// Whether a later change wrote over one of these fields, even with what stood there before.
fn undone(wanted: &Form, form: &Form, fields: &[String]) -> bool {
    let (wanted, form) = (wanted.value(), form.value());
    fields.iter().any(|field| wanted.get(field) != form.get(field))
}

#[test]
fn two_faults_are_no_better_than_one() {
    for (first, second) in pairs() {
        let mut form = first.form();
        (second.apply)(&mut form);
        if undone(&first.form(), &form, &first.fields()) {
            continue;
        }
        let both = check(&form, &policy());
        let worst = first.verdict.max(second.verdict);
        let rejected = worst == Verdict::Reject;
        assert_eq!(!both.is_accepted(), rejected, "{} and {}: {}", first.row, second.row, codes(&both));
        // The name does not depend on anything: what is wrong with it is told beside all else.
        for row in [first, second] {
            if row.row.starts_with("name-") {
                for finding in check(&row.form(), &policy()).findings {
                    let told = both.findings.iter().any(|other| other.rule == finding.rule);
                    assert!(told, "{} and {}: {finding}", first.row, second.row);
                }
            }
        }
    }
}
