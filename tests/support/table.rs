//! The table of verdicts: `tests/cases/README.md`. Its rows are written by hand, its lists of cases are not.
use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Complaints, TIME, check, class};

/// A row of the table of verdicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub section: String,
    pub input: String,
    pub verdict: String,
}

/// The rows of the tables below the second-level headings of a Markdown text.
pub fn rows(markdown: &str) -> Vec<Row> {
    let mut section = String::new();
    let mut rows = Vec::new();
    for line in markdown.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.to_owned();
        }
        let Some(cells) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else { continue };
        let cells: Vec<String> = cells.split(" | ").map(str::to_owned).collect();
        if section.is_empty() || cells.len() < 2 || cells[0] == "input" {
            continue;
        }
        rows.push(Row { section: section.clone(), input: cells[0].clone(), verdict: cells[1].clone() });
    }
    rows
}

/// The cases by the row that they cover.
pub fn by_row(cases: &[Case]) -> BTreeMap<&str, Vec<&Case>> {
    let mut rows: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        if let Some(row) = &case.expected.row {
            rows.entry(row).or_default().push(case);
        }
    }
    rows
}

/// What of a row no case covers, and what a case says against it.
pub fn complain_about(row: &Row, cases: &[&Case], complaints: &mut Complaints) {
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
        let report = check(&case.form(), &case.policy(), case.at());
        let class = class(&report);
        let is_letter = |word: &&str| word.len() == 1;
        let words = || row.verdict.split(|c: char| !c.is_alphanumeric());
        // "With a note" is the verdict N in words.
        let note = words().any(|word| word == "note").then_some("N");
        let letters: Vec<&str> = words().filter(is_letter).chain(note).collect();
        let is_neighbour = !case.bad && class == 'A';
        if !is_neighbour && !letters.is_empty() && !letters.contains(&class.to_string().as_str()) {
            complaints.add(format!("{}: {class}, but the row `{name}` says {}", case.path, row.verdict));
        }
        let codes: Vec<&str> = row.verdict.split('[').skip(1).filter_map(|rest| rest.get(..4)).collect();
        let api: Vec<&str> = match &report.api {
            Some(api) => vec![api.body.error_code.as_str()],
            None => report.findings.iter().map(|finding| finding.api_code().as_str()).collect(),
        };
        let answers = |code: &&str| api.iter().any(|api| api.ends_with(*code));
        if (class == 'R' || case.bad && class == 'W') && !codes.is_empty() && !codes.iter().any(answers) {
            complaints.add(format!("{}: {api:?}, but the row `{name}` says {}", case.path, row.verdict));
        }
    }
    let has_fix = cases.iter().any(|case| case.expected.fix);
    let says_fix = row.verdict.split(|c: char| !c.is_alphanumeric()).any(|word| word == "fix");
    if has_fix != says_fix {
        complaints.add(format!("`{name}`: {} but has a case that is fixed: {has_fix}", row.verdict));
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

pub fn readme(table: &[Row], cases: &[Case]) -> String {
    let covered = by_row(cases);
    let mut out = format!(
        "# Cases\n\n\
         One folder a case: `<code of the rule>/bad-<row>` breaks the rule. `ok-<row>` is a neighbour that does not break it: the same form with \
         the one thing right, or with something that looks alike and is right.\n\n\
         | file | what it is |\n|---|---|\n\
         | form.json | the form; `make.sh` writes it, from the row of `tests/forge/src/fault` that the folder names |\n\
         | `<field>`.der | a field that is given as a file |\n\
         | case.toml | by hand: the row of the table below, verdict, codes and severities in order, the API's code, and where it matters place, \
         time, policy, whether a policy may lower it (`soft`) and whether the repair fixes it (`fix`) |\n\
         | report.json | a snapshot of the whole report; `CERTGATE_BLESS=1 cargo test -p certgate --test cases` writes it |\n\n\
         A new case: a row in `tests/forge/src/fault`, a folder with `case.toml`, `make.sh`, then the test `cases` with `CERTGATE_BLESS=1`. Read \
         what it wrote before you keep it. The inputs and verdicts of the table are written by hand; the test writes the rest of this file.\n\n\
         {} cases for {} rules. The time of the check is {} unless a case says otherwise.\n\n\
         Verdicts: R reject, W accept with a warning, N accept with a note, A accept without a finding. Soft: a policy may lower the severity. \
         Fix: the repair can fix it. In brackets the code of the API.\n",
        cases.len(),
        cases.iter().map(|case| &case.code).collect::<BTreeSet<_>>().len(),
        TIME,
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
