//! The rules in the source, the catalogue, the documentation and the cases belong together; so do the table of verdicts and the cases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use certgate::{Rule, Severity, Status, catalogue};
use certgate_forge::fault::Verdict;
use support::{Case, Complaints, Row, bless, by_row, cases, check, class, difference, rows};

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

/// What rejects may be lowered where it is marked so, which the rows tell of each; what does not reject is not marked.
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

/// The forge states the verdict of each row beside the change, the case states it once more with codes.
#[test]
fn the_forge_and_the_cases_agree() {
    let mut complaints = Complaints::default();
    for case in cases() {
        let (fault, expected) = (case.fault(), &case.expected);
        // Another policy or time may change the verdict.
        let is_plain = expected.policy.is_none() && expected.at.is_none();
        if is_plain && expected.accepted != (fault.verdict != Verdict::Reject) {
            complaints.add(format!(
                "{}: accepted is {} where the forge says {:?}",
                case.path, expected.accepted, fault.verdict
            ));
        }
        if is_plain && fault.fix != expected.fix {
            complaints
                .add(format!("{}: fix is {} where the forge says {}", case.path, expected.fix, fault.fix));
        }
    }
    complaints.done("verdicts of the forge that the cases contradict");
}

/// Rules about a text that holds no form, so that no case can show them; the command line's tests do.
const WITHOUT_FORM: &[&str] = &["form-not-json", "form-too-large"];

#[test]
fn every_active_rule_has_a_case_that_breaks_it_and_one_that_does_not() {
    let mut complaints = Complaints::default();
    let cases = cases();
    for case in &cases {
        if catalogue::find(&case.code).is_none() {
            complaints.add(format!("{}: no rule has the code of the folder", case.path));
        }
        if case.bad != case.codes().contains(case.code.as_str()) {
            complaints
                .add(format!("{}: bad means that the rule of the folder is among the findings", case.path));
        }
        if case.bad && case.expected.findings.is_empty() {
            complaints.add(format!("{}: a bad case without a finding", case.path));
        }
        if case.bad
            && case.expected.accepted == case.expected.findings.iter().any(|f| f.starts_with("error "))
        {
            complaints.add(format!("{}: rejected means that a finding is an error", case.path));
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

#[test]
fn every_row_of_the_table_has_its_cases() {
    let file = root().join("tests/cases/README.md");
    let binding = root().join("../shared/verdicts.md");
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let table = match fs::read_to_string(&binding) {
        Ok(text) => rows(&text),
        Err(_) => {
            println!(
                "the table of verdicts is not beside the checkout; the rows are those of tests/cases/README.md"
            );
            rows(&committed)
        }
    };
    let table: Vec<Row> = table.into_iter().map(|(row, _)| row).collect();
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
    }
    assert!(
        committed == readme || bless(),
        "tests/cases/README.md is stale: CERTGATE_BLESS=1 cargo test --test tidy writes it anew\n{}",
        difference(&committed, &readme)
    );
}

/// What of a row no case covers, and what a case says against it.
fn complain_about(row: &Row, cases: &[&Case], complaints: &mut Complaints) {
    let name = &row.input;
    if cases.is_empty() {
        complaints.add(format!("`{name}`: no case"));
        return;
    }
    let parts = parts(name);
    for part in &parts {
        let covers = |case: &&&Case| match &case.expected.part {
            Some(text) => part.contains(text.as_str()) || text.contains(part),
            None => parts.len() == 1,
        };
        if !cases.iter().any(|case| covers(&case)) {
            complaints.add(format!("`{name}`: no case for `{part}`"));
        }
    }
    for case in cases {
        if let Some(part) = case.expected.part.as_ref().filter(|part| !name.contains(part.as_str())) {
            complaints.add(format!("{}: `{part}` is not in the row `{name}`", case.path));
        }
        let report = check(&case.form(), &case.policy());
        let class = class(&report);
        let is_letter = |word: &&str| word.len() == 1;
        let letters: Vec<&str> =
            row.verdict.split(|c: char| !c.is_alphanumeric()).filter(is_letter).collect();
        let is_neighbour = !case.bad && class == 'A';
        if !is_neighbour && !letters.is_empty() && !letters.contains(&class.to_string().as_str()) {
            complaints.add(format!("{}: {class}, but the row `{name}` says {}", case.path, row.verdict));
        }
        let codes: Vec<&str> = row.verdict.split('[').skip(1).filter_map(|rest| rest.get(..4)).collect();
        let api: Vec<&str> = match &report.api {
            Some(api) => vec![api.body.error_code.as_str()],
            None => report.findings.iter().map(|finding| finding.rule.api.as_str()).collect(),
        };
        let answers = |code: &&str| api.iter().any(|api| api.ends_with(*code));
        if (class == 'R' || case.bad && class == 'W') && !codes.is_empty() && !codes.iter().any(answers) {
            complaints.add(format!("{}: {api:?}, but the row `{name}` says {}", case.path, row.verdict));
        }
    }
    let has_fix = cases.iter().any(|case| case.expected.fix);
    let says_fix = row.verdict.split(|c: char| !c.is_alphanumeric()).any(|word| word == "fix");
    if has_fix != says_fix {
        complaints.add(format!("`{name}`: {} but has a case that is mended: {has_fix}", row.verdict));
    }
}

/// The inputs that a row lists, separated by semicolons outside parentheses.
fn parts(row: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let at_top = move |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ';' && depth == 0
    };
    row.split(at_top).map(str::trim).collect()
}

fn readme(table: &[Row], cases: &[Case]) -> String {
    let covered = by_row(cases);
    let mut out = format!(
        "# Cases\n\n\
         One folder a case: `<code of the rule>/bad-<row>` breaks the rule, `ok-<row>` is a neighbour that does not.\n\n\
         | file | what it is |\n|---|---|\n\
         | form.json | the form; `make.sh` writes it, from the row of `tests/forge/src/fault` that the folder names |\n\
         | `<field>`.der | a field that is given as a file |\n\
         | case.toml | by hand: the row of the table below, codes and severities in order, verdict, and where it matters place, time and policy |\n\
         | report.json | a snapshot of the whole report; `CERTGATE_BLESS=1 cargo test --test cases` writes it |\n\n\
         A new case: a row in `tests/forge/src/fault`, a folder with `case.toml`, `make.sh`, then the two tests `cases` and `tidy` with \
         `CERTGATE_BLESS=1`. Read what they wrote before you keep it.\n\n\
         {} cases for {} rules. The time of the check is {} unless a case says otherwise. `CERTGATE_BLESS=1 cargo test --test tidy` writes \
         this file.\n",
        cases.len(),
        cases.iter().map(|case| &case.code).collect::<BTreeSet<_>>().len(),
        support::TIME,
    );
    let mut section = "";
    for row in table {
        if row.section != section {
            section = &row.section;
            out += &format!("\n## {section}\n\n| input | verdict | cases |\n|---|---|---|\n");
        }
        let of_row = covered.get(row.input.as_str()).map(Vec::as_slice).unwrap_or_default();
        let links: Vec<String> = of_row.iter().map(|case| format!("[{0}]({0})", case.path)).collect();
        out += &format!("| {} | {} | {} |\n", row.input, row.verdict, links.join(", "));
    }
    out += "\n## Beside the table\n\n";
    for case in cases.iter().filter(|case| case.expected.row.is_none()) {
        out += &format!("- [{0}]({0})\n", case.path);
    }
    out
}
