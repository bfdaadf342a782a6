//! The cases of `tests/cases`: each folder says what is expected of its form, and these tests hold the library to it.
//!
//! `tests/cases/make.sh` writes the forms. `CERTGATE_BLESS=1 cargo test -p certgate --test cases` writes the reports and the lists of the
//! table again; read the difference before you keep it. Takes 20 seconds.
#![allow(clippy::restriction)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use certgate::internals::prove;
use certgate::key::PrivateKey;
use certgate::pem::{self, Expected};
use certgate::repair::{Edit, Repaired, repair};
use certgate::{
    CertificateForm, Field, Finding, Mend, Policy, PolicySettings, Report, Rule, Severity, Status, catalogue,
};
use certgate_forge::fault::{self, Fault};
use certgate_forge::form::Form;
use support::table::{by_row, complain_about, readme, rows};
use support::{
    Case, Complaints, NOW, Place, bless, cases, check, difference, findings, folder, policy, read, rule,
};

/// A row of the forge, the form that it makes, and the fields in which it differs from a valid form.
struct Made {
    fault: &'static Fault,
    form: Form,
    fields: Vec<String>,
}

/// All rows of the forge by name, made once.
static MADE: LazyLock<BTreeMap<&'static str, Made>> = LazyLock::new(|| {
    let make = |fault: &'static Fault| {
        let form = fault.form();
        let fields = fault.fields(&form);
        (fault.row, Made { fault, form, fields })
    };
    fault::all().map(make).collect()
});

#[test]
fn each_case_has_the_findings_the_verdict_and_the_place_that_are_expected() {
    let mut complaints = Complaints::default();
    for case in cases() {
        let report = check(&case.form(), &case.policy(), case.at());
        let (path, expected, actual) = (&case.path, &case.expected, findings(&report));
        if actual != expected.findings {
            let difference = difference(&expected.findings.join("\n"), &actual.join("\n"));
            complaints.add(format!("{path}: findings differ {difference}"));
        }
        if report.is_accepted() != expected.accepted {
            complaints.add(format!("{path}: accepted is {}", report.is_accepted()));
        }
        let api = report.api.as_ref().map(|api| api.body.error_code.as_str());
        if api != expected.api.as_deref() {
            complaints.add(format!("{path}: api is {api:?}, expected {:?}", expected.api));
        }
        if let Err(complaint) = right_place(&case, &report) {
            complaints.add(complaint);
        }
    }
    complaints.done("complaints about expectations");
}

fn right_place(case: &Case, report: &Report) -> Result<(), String> {
    let Some(finding) = report.findings.iter().find(|finding| finding.code() == case.code) else {
        return Ok(());
    };
    let (place, expected) = (&finding.location, &case.expected.place);
    let actual = Place {
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
        let report = check(&case.form(), &case.policy(), case.at());
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
    complaints.done("reports that differ; CERTGATE_BLESS=1 writes them again");
}

#[test]
fn each_report_can_be_read_back() {
    let mut complaints = Complaints::default();
    for case in cases() {
        let text = serde_json::to_string(&check(&case.form(), &case.policy(), case.at())).unwrap();
        match serde_json::from_str::<Report>(&text) {
            Ok(report) if serde_json::to_string(&report).unwrap() == text => {}
            Ok(_) => complaints.add(format!("{}: the report that is read back is another one", case.path)),
            Err(error) => complaints.add(format!("{}: {error}", case.path)),
        }
    }
    complaints.done("reports that cannot be read back");
}

#[test]
fn each_form_is_what_the_forge_makes_and_each_row_of_the_forge_has_a_case() {
    let mut complaints = Complaints::default();
    let cases = cases();
    for case in &cases {
        let Some(Made { form, .. }) = MADE.get(case.slug.as_str()) else {
            complaints.add(format!("{}: no row `{}` in tests/forge/src/fault", case.path, case.slug));
            continue;
        };
        let made = form.case_files();
        if case.files() != made {
            let names: Vec<&String> = made.iter().map(|(name, _)| name).collect();
            complaints.add(format!("{}: {names:?} are not what the forge makes", case.path));
        }
    }
    for row in MADE.keys().filter(|row| !cases.iter().any(|case| case.slug == **row)) {
        complaints.add(format!("{row}: the forge makes it, but no folder says what is expected"));
    }
    complaints.done("forms that differ; tests/cases/make.sh writes them again");
}

/// What is soft can be lowered, and the form is then accepted if every error is soft. What is not soft cannot be lowered.
#[test]
fn a_policy_lowers_what_is_soft_and_nothing_else() {
    let mut complaints = Complaints::default();
    for case in cases().iter().filter(|case| !case.expected.accepted) {
        let (path, mut settings) = (&case.path, PolicySettings::from(case.policy()));
        let errors = case.expected.findings.iter().filter_map(|finding| finding.strip_prefix("error "));
        let (soft, hard): (Vec<&str>, Vec<&str>) = errors.partition(|code| rule(code).soft);
        if hard.is_empty() != case.expected.soft {
            complaints.add(format!("{path}: soft is {}, hard are {hard:?}", case.expected.soft));
        }
        settings.severity.extend(soft.iter().map(|code| ((*code).to_owned(), Severity::Warning)));
        let Ok(policy) = Policy::new(settings.clone()) else {
            complaints.add(format!("{path}: a soft rule cannot be lowered: {soft:?}"));
            continue;
        };
        settings.severity.extend(hard.iter().map(|code| ((*code).to_owned(), Severity::Warning)));
        if Policy::new(settings).is_ok() != hard.is_empty() {
            complaints.add(format!("{path}: a hard rule can be lowered: {hard:?}"));
        }
        let report = check(&case.form(), &policy, case.at());
        if report.is_accepted() != case.expected.soft {
            complaints.add(format!("{path}: everything soft lowered gives {:?}", findings(&report)));
        }
    }
    complaints.done("complaints about lowered rules");
}

/// Each case is fixed as far as it can be: nothing fixable is left, a second repair changes nothing, no object is invented, and where the
/// case says so, or where every error is fixable, the fixed form is accepted.
#[test]
fn a_repair_fixes_what_is_fixable_and_invents_nothing() {
    let mut complaints = Complaints::default();
    let mut mended = 0_usize;
    let mut seen = BTreeSet::new();
    for case in cases() {
        // The same form is in several folders.
        if case.is_plain() && !seen.insert(case.slug.clone()) {
            continue;
        }
        let (form, policy) = (case.form(), case.policy());
        let before = check(&form, &policy, case.at()).findings;
        let is_fixable = before.iter().any(Finding::is_fixable);
        let repaired = repair(&form, &policy, case.at());
        let report = match &repaired.result {
            Ok(accepted) => accepted.report(),
            Err(rejected) => rejected.report(),
        };
        mended += usize::from(is_fixable);
        let mut complain = |what: &str| {
            complaints.add(format!("{}: {what}: {:?}", case.path, findings(report)));
        };
        if (!is_fixable || repaired.edits.is_empty()) && repaired.form != form {
            complain("changed, although nothing was fixable or fixed");
        }
        if case.expected.fix && !is_fixable {
            complain("fix = true, but no finding is fixable");
        }
        let errors_go = before.iter().all(|one| one.severity < Severity::Error || one.is_fixable());
        if (case.expected.fix || errors_go) && !report.is_accepted() {
            complain("not accepted after the repair");
        }
        if report.findings.iter().any(Finding::is_fixable) {
            complain("something fixable is left");
        }
        if repair(&repaired.form, &policy, case.at()).form != repaired.form {
            complain("a second repair changes the form again");
        }
        if check(&repaired.form, &policy, case.at()) != *report {
            complain("the result is not that of a new check");
        }
        let (had, has) = (objects(&form), objects(&repaired.form));
        // What was changed in its text is as it was before: as many objects, of which the proof is that the form is accepted.
        let is_restored = repaired.edits.iter().any(|edit| edit.mends.contains(&"pem-altered"))
            && had.len() == has.len()
            && report.is_accepted();
        if !has.is_subset(&had) && !is_restored && !is_recoded(&form, &repaired) {
            complain("the repair invented an object");
        }
        if form.trusted_root_ca.is_none() && repaired.form.trusted_root_ca.is_some() {
            complain("trusted_root_ca appeared");
        }
    }
    complaints.done("complaints about repairs");
    assert!(mended > 0, "no case has anything to fix");
}

/// Whether the repair wrote private keys in another encoding, and all else is as it was: the field has one key as before, and the old key is
/// proven to be the private half of the new one's public key.
fn is_recoded(form: &CertificateForm, repaired: &Repaired) -> bool {
    let keys = |form: &CertificateForm, field| -> Vec<PrivateKey> {
        let blocks = form.content(field).map(|content| {
            pem::parse(content, Expected::PrivateKey, &Policy::default()).value.unwrap_or_default()
        });
        let blocks = blocks.unwrap_or_default();
        blocks.iter().filter_map(|block| PrivateKey::from_der(&block.der).ok()).collect()
    };
    let is_recoded = |edit: &&Edit| {
        let is_key = matches!(edit.field, Field::PrivateKey | Field::PrivateKeySign);
        edit.kind == Mend::Recode || (edit.kind == Mend::Relabel && is_key)
    };
    let recoded: BTreeSet<Field> = repaired.edits.iter().filter(is_recoded).map(|edit| edit.field).collect();
    let mut rest = (form.clone(), repaired.form.clone());
    for field in &recoded {
        let (before, after) = (keys(form, *field), keys(&repaired.form, *field));
        let ([before], [after]) = (before.as_slice(), after.as_slice()) else { return false };
        let Ok(public) = after.public_key() else { return false };
        if prove(&public, before).is_err() {
            return false;
        }
        for form in [&mut rest.0, &mut rest.1] {
            *form.content_mut(*field).unwrap() = None;
        }
    }
    !recoded.is_empty() && objects(&rest.1).is_subset(&objects(&rest.0))
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

#[test]
fn no_base64_of_a_form_is_quoted() {
    let mut complaints = Complaints::default();
    for (row, Made { form, .. }) in MADE.iter() {
        let report = check(&read(form), &policy(), NOW);
        let output = format!("{report:?}{}", serde_json::to_string(&report).unwrap());
        if secrets(form).iter().any(|secret| output.contains(secret)) {
            complaints.add(format!("{row}: {output}"));
        }
    }
    complaints.done("reports that quote base64");
}

/// A piece of each line of base64 in the fields that hold keys.
fn secrets(form: &Form) -> Vec<String> {
    let fields = [&form.private_key, &form.private_key_sign, &form.cert_content, &form.trusted_root_ca];
    let mut out = Vec::new();
    for text in fields.into_iter().flatten() {
        let lines = text.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c));
        out.extend(lines.filter(|line| line.len() >= 32).map(|line| line[8..28].to_owned()));
    }
    out
}

#[test]
fn two_faults_together_are_rejected_if_one_of_them_is() {
    let cases: BTreeMap<String, Case> =
        cases().into_iter().filter(Case::is_plain).map(|case| (case.slug.clone(), case)).collect();
    let mut complaints = Complaints::default();
    for (first, second) in pairs(&cases) {
        let mut form = first.form.clone();
        (second.fault.apply)(&mut form);
        if undone(first, &form) {
            continue;
        }
        let both = check(&read(&form), &policy(), NOW);
        let rows = [first.fault.row, second.fault.row];
        let expected = rows.map(|row| &cases[row].expected);
        if both.is_accepted() != expected.iter().all(|expected| expected.accepted) {
            complaints.add(format!("{rows:?}: {:?}", findings(&both)));
        }
        // The name does not depend on anything: what is wrong with it is said beside all else.
        for (row, expected) in rows.into_iter().zip(expected) {
            let is_missing = |finding: &String| !findings(&both).contains(finding);
            if row.starts_with("name-") && expected.findings.iter().any(is_missing) {
                complaints.add(format!("{rows:?}: {:?}", findings(&both)));
            }
        }
    }
    complaints.done("pairs of faults");
}

/// Two rows of one base that touch different fields, by a fixed sequence of choices.
fn pairs(cases: &BTreeMap<String, Case>) -> Vec<(&'static Made, &'static Made)> {
    let rows: Vec<&Made> = MADE.values().filter(|made| cases.contains_key(made.fault.row)).collect();
    let mut state = 1_u64;
    let mut choice = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows[(state >> 33) as usize % rows.len()]
    };
    let mut out = Vec::new();
    while out.len() < 300 {
        let (first, second) = (choice(), choice());
        if first.fault.base == second.fault.base
            && !first.fields.iter().any(|field| second.fields.contains(field))
        {
            out.push((first, second));
        }
    }
    out
}

/// Whether a later change wrote over a field of the first, even with what stood there before.
fn undone(first: &Made, form: &Form) -> bool {
    let (wanted, form) = (first.form.value(), form.value());
    first.fields.iter().any(|field| wanted.get(field) != form.get(field))
}

/// Rules that no case can show: those about a text that holds no form, which the command line's tests show, and those about two forms, which the
/// tests in `src/rules/update.rs` show, that about roots that the caller brings, and those about many, which the test `fleet` shows.
const WITHOUT_FORM: &[&str] = &[
    "form-not-json",
    "form-too-large",
    "chain-not-trusted",
    "fleet-prime-shared",
    "fleet-key-shared",
    "update-expires-earlier",
    "update-names-lost",
    "update-roots-dropped",
    "update-same-key",
];

#[test]
fn every_active_rule_has_a_case_that_breaks_it_and_one_that_does_not() {
    let mut complaints = Complaints::default();
    let cases = cases();
    for Case { path, code, bad, expected, .. } in &cases {
        if catalogue::find(code).is_none() {
            complaints.add(format!("{path}: no rule has the code of the folder"));
        }
        let says = |wanted: &str| {
            expected.findings.iter().any(|finding| finding.split_once(' ').unwrap().1 == wanted)
        };
        if *bad != says(code) {
            complaints.add(format!("{path}: bad means that the rule of the folder is among the findings"));
        }
        if expected.accepted == expected.findings.iter().any(|finding| finding.starts_with("error ")) {
            complaints.add(format!("{path}: rejected means that a finding is an error"));
        }
    }
    let has_cases = |rule: &&&Rule| rule.status == Status::Active && !WITHOUT_FORM.contains(&rule.code);
    for rule in catalogue::all().iter().filter(has_cases) {
        for (bad, kind) in [(true, "bad"), (false, "ok")] {
            if !cases.iter().any(|case| case.code == rule.code && case.bad == bad) {
                complaints.add(format!("{}: no {kind}- case", rule.code));
            }
        }
    }
    complaints.done("complaints about rules and cases");
}

/// Forms that are the neighbour of several rules: the name after `ok-`, the rules, and the reason.
const SHARED_NEIGHBOURS: &[(&str, &[&str], &str)] = &[];

/// A neighbour shows where its own rule ends, so it is seldom the neighbour of another.
#[test]
fn no_two_rules_share_a_neighbour() {
    let mut complaints = Complaints::default();
    let cases = cases();
    let mut by_form: BTreeMap<_, Vec<&Case>> = BTreeMap::new();
    for case in cases.iter().filter(|case| !case.bad) {
        by_form.entry(case.files()).or_default().push(case);
    }
    let mut excused = BTreeSet::new();
    for of_form in by_form.values().filter(|of_form| of_form.len() > 1) {
        let codes: Vec<&str> = of_form.iter().map(|case| case.code.as_str()).collect();
        let slug = of_form[0].slug.as_str();
        if SHARED_NEIGHBOURS.iter().any(|(name, rules, _)| *name == slug && *rules == codes) {
            excused.insert(slug);
        } else {
            complaints.add(format!("`{slug}` is the neighbour of {codes:?}"));
        }
    }
    for (slug, ..) in SHARED_NEIGHBOURS.iter().filter(|(slug, ..)| !excused.contains(slug)) {
        complaints.add(format!("`{slug}`: the exception is no longer needed"));
    }
    complaints.done("neighbours that are shared");
}

#[test]
fn every_row_of_the_table_has_its_cases_and_they_say_the_same() {
    let file = folder().join("README.md");
    let committed = fs::read_to_string(&file).unwrap();
    let table = rows(&committed);
    assert!(!table.is_empty(), "no row found");
    let cases = cases();
    let covered = by_row(&cases);
    let mut complaints = Complaints::default();
    for row in &table {
        let of_row = covered.get(row.input.as_str()).map(Vec::as_slice).unwrap_or_default();
        complain_about(row, of_row, &mut complaints);
    }
    for (row, of_row) in &covered {
        if !table.iter().any(|known| known.input == *row) {
            complaints.add(format!("{}: no row `{row}` in the table", of_row[0].path));
        }
    }
    complaints.done("complaints about the table of verdicts");
    let readme = readme(&table, &cases);
    if bless() {
        fs::write(&file, &readme).unwrap();
    } else {
        assert!(
            committed == readme,
            "the lists of tests/cases/README.md are stale: CERTGATE_BLESS=1 writes them again"
        );
    }
}
