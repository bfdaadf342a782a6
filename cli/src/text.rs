//! A report for a person.

use std::cmp::Reverse;

use certgate::{CertificateForm, CertificateResponse, Content, Excepted, Field, Finding, Report, Severity};

use crate::input::Input;
use crate::style::{self, BAD, BOLD, GOOD, Look};
use crate::{advice, policy, quote, table, targets, trust};

/// The whole report: verdict, findings by field, what was not evaluated, metadata, next step.
pub(crate) fn report(look: Look, report: &Report, input: &Input) -> String {
    let mut out = verdict(look, report);
    out.push_str(&input.below_verdict);
    out.push_str(&match input.is_assembled {
        true => {
            findings(look, &report.findings, |finding| advice::hint(finding, &input.form, input), |_, _| None)
        }
        false => form_findings(look, report, &input.form, input),
    });
    if !report.hosts.is_empty() {
        out.push_str(&heading(look, "Hosts"));
        let by = |by: &Option<String>| by.clone().unwrap_or_else(|| "not served".to_owned());
        let rows: Vec<_> =
            report.hosts.iter().map(|host| vec![host.host.clone(), by(&host.served_by)]).collect();
        out.push_str(&table::table(look, 2, &rows));
    }
    out.push_str(&report.trust.as_ref().map(|trust| trust::in_words(look, trust)).unwrap_or_default());
    out.push_str(&targets::in_words(look, &report.targets));
    if input.is_assembled && !report.targets.is_empty() {
        let said = "This is said of the form as it was put together, not of the files as they are: `certgate convert` writes it for a target.";
        out.push_str(&paragraph(look, "  ", "  ", said));
    }
    if !report.not_evaluated.is_empty() {
        out.push_str(&heading(look, "Not evaluated"));
        let rows: Vec<_> = report
            .not_evaluated
            .iter()
            .map(|entry| vec![entry.code.to_string(), entry.why.to_string()])
            .collect();
        out.push_str(&table::table(look, 2, &rows));
    }
    out.push_str(&metadata(look, report.certificate.as_ref(), report.sign_certificate.as_ref()));
    out.push_str(&next_step(look, report, input));
    out
}

/// The findings of a form, with the marker lines of its fields.
pub(crate) fn form_findings(look: Look, report: &Report, form: &CertificateForm, input: &Input) -> String {
    findings(
        look,
        &report.findings,
        |finding| advice::hint(finding, form, input),
        |finding, paint| {
            // Of a field with several files the line is that of one of them.
            if finding.location.field == Some(Field::CertContent) && !input.pieces.is_empty() {
                return None;
            }
            let content = form.content(finding.location.field?).and_then(Content::as_text)?;
            quote::marker(look, content, finding.location.line?, finding.location.column, paint)
        },
    )
}

/// The library's own hint.
pub(crate) fn library_hint(finding: &Finding) -> String {
    finding.hint.to_string()
}

/// `accepted` or `rejected`, the number of findings, the time.
pub(crate) fn verdict(look: Look, report: &Report) -> String {
    let word = match report.is_accepted() {
        true => look.paint(GOOD, "accepted"),
        false => look.paint(BAD, "rejected"),
    };
    let counts: Vec<_> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (report.count(severity), severity.as_str()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    let counts = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    let time = match report.checked_at {
        Some(time) => format!("validity at {}", policy::format_time(time)),
        None => "validity not evaluated".to_owned(),
    };
    format!("{word}: {counts}; {time}\n")
}

/// The findings, grouped by field in the order of the reference, the worst of each field first.
///
/// `quote` gives the marker line of a finding, if it has one; `hint` what to do about it.
pub(crate) fn findings(
    look: Look,
    findings: &[Finding],
    hint: impl Fn(&Finding) -> String,
    quote: impl Fn(&Finding, &dyn Fn(&str) -> String) -> Option<String>,
) -> String {
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.sort_by_key(|finding| (finding.location.field, Reverse(finding.severity)));
    let mut out = String::new();
    let mut quoted = None;
    for finding in ordered {
        let severity = finding.severity;
        let head = look.severity(severity, &format!("{severity}[{}]", finding.code()));
        let place = place(finding);
        let gap = if place.is_empty() { "" } else { " " };
        out.push_str(&format!("\n{head}{gap}{}\n", look.paint(BOLD, &place)));

        // Several findings of one block would quote the same line again and again.
        let here = (finding.location.field, finding.location.line, finding.location.column);
        if quoted != Some(here) {
            let lines = quote(finding, &|caret| look.severity(severity, caret));
            if let Some(lines) = lines {
                out.push_str(&lines);
                quoted = Some(here);
            }
        }
        out.push_str(&paragraph(look, "  ", "  ", &finding.message));
        if !finding.hint.is_empty() {
            let label = format!("  {} ", look.paint(BOLD, "= help:"));
            out.push_str(&paragraph(look, &label, "          ", &hint(finding)));
        }
        if let Some(version) = finding.error_since {
            let label = format!("  {} ", look.paint(BOLD, "= note:"));
            let note = format!("An error since {version}. The policy's `rules_as_of` makes it a warning.");
            out.push_str(&paragraph(look, &label, "          ", &note));
        }
        if let Some(excepted) = &finding.exception {
            let label = format!("  {} ", look.paint(BOLD, "= note:"));
            out.push_str(&paragraph(look, &label, "          ", &exception(excepted)));
        }
    }
    out
}

/// What the policy's exception for a finding does, or did.
fn exception(excepted: &Excepted) -> String {
    let Excepted { until, reason, ended, .. } = excepted;
    let until = policy::format_time(*until);
    match ended {
        false => format!("An exception of the policy makes it a warning until {until}: {reason}"),
        true => format!("The exception of the policy for it ended at {until}: {reason}"),
    }
}

fn place(finding: &Finding) -> String {
    let place = style::escape(&finding.location.to_string());
    if finding.location.inside.len() > 1 {
        return format!("{place} ({})", style::escape(&finding.location.inside.join(", ")));
    }
    match &finding.location.file {
        Some(file) if place.is_empty() => style::escape(file),
        Some(file) => format!("{place} ({})", style::escape(file)),
        None => place,
    }
}

/// `text` wrapped; `first` is put before the first line, `rest` before the others. Both take the columns of `rest`.
pub(crate) fn paragraph(look: Look, first: &str, rest: &str, text: &str) -> String {
    let columns = look.width.saturating_sub(rest.len());
    let mut out = String::new();
    for (number, line) in style::wrap(&lines_escaped(text), columns).iter().enumerate() {
        out.push_str(if number == 0 { first } else { rest });
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Escapes all but line feeds.
fn lines_escaped(text: &str) -> String {
    text.split('\n').map(style::escape).collect::<Vec<_>>().join("\n")
}

/// A title above a part of the report.
pub(crate) fn heading(look: Look, title: &str) -> String {
    format!("\n{}\n", look.paint(BOLD, title))
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The order of the metadata: what identifies the certificate first. Keys that are not listed follow.
const KEYS: [&str; 22] = [
    "id",
    "project_id",
    "name",
    "type",
    "instance_id",
    "algorithm_type",
    "common_name",
    "san",
    "not_before",
    "not_after",
    "serial_number",
    "version",
    "signature_algorithm",
    "organization",
    "organizational_unit",
    "locality",
    "state",
    "country",
    "issuer",
    "is_has_trusted_root_ca",
    "create_time",
    "update_time",
];

fn metadata(look: Look, base: Option<&CertificateResponse>, sign: Option<&CertificateResponse>) -> String {
    let columns: Vec<serde_json::Value> =
        [base, sign].into_iter().flatten().filter_map(|one| serde_json::to_value(one).ok()).collect();
    let mut rows = Vec::new();
    if base.is_some() && sign.is_some() {
        rows.push(vec![String::new(), "encryption".to_owned(), "signature".to_owned()]);
    }
    let others = columns.iter().filter_map(serde_json::Value::as_object).flat_map(|object| object.keys());
    let mut keys: Vec<&str> = KEYS.to_vec();
    for key in others {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    for key in keys {
        let cells: Vec<_> =
            columns.iter().map(|column| column.get(key).map_or_else(String::new, cell)).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(std::iter::once(key.to_owned()).chain(cells).collect());
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let title = if base.is_none() { "Metadata of the signature certificate" } else { "Metadata" };
    format!("{}{}", heading(look, title), table::table(look, 2, &rows))
}

/// A value of the metadata in a cell. A long list is cut with a count.
pub(crate) fn cell(value: &serde_json::Value) -> String {
    const LISTED: usize = 20;
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => style::escape(text),
        serde_json::Value::Array(items) => {
            let mut out = items.iter().take(LISTED).map(cell).collect::<Vec<_>>().join(", ");
            if items.len() > LISTED {
                out.push_str(&format!(" and {} more", items.len().saturating_sub(LISTED)));
            }
            out
        }
        other => style::escape(&other.to_string()),
    }
}

fn next_step(look: Look, report: &Report, input: &Input) -> String {
    let mut out = String::new();
    let fixable = report.findings.iter().filter(|finding| finding.is_fixable()).count();
    if fixable > 0 {
        let all = count(report.findings.len(), "finding");
        // The form that was given stays as it is.
        let target = if input.arguments.contains("fixed.json") { "fixed-again.json" } else { "fixed.json" };
        let by_hand = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error && !finding.is_fixable());
        let by_hand = match by_hand.count() {
            0 => String::new(),
            number => format!("; you must correct {} yourself", count(number, "error")),
        };
        let fix = match input.is_assembled {
            true => format!(
                "`certgate assemble {} -o DIR`, then `certgate fix DIR/form.json -o {target}`",
                input.arguments
            ),
            false => format!("`certgate fix {} -o {target}`", input.arguments),
        };
        let can = format!("{fixable} of {all} can be fixed with {fix}{by_hand}\n");
        out.push_str(&can);
    }
    let is_pasted = |finding: &&Finding| finding.code().starts_with("pasted-") && !finding.is_fixable();
    let pasted = report.findings.iter().filter(is_pasted).find_map(|finding| finding.location.field);
    if let Some(field) = pasted.filter(|_| !input.json.is_empty()) {
        out.push_str(&format!(
            "To put the text of a file into a form: `jq --rawfile text FILE '.{field} = $text' FORM.json > new-form.json`\n"
        ));
    }
    if let Some(api) = &report.api {
        let answer = format!(
            "The API would answer {} {}: {}",
            api.status,
            api.body.error_code,
            style::escape(&api.body.error_msg)
        );
        out.push_str(&paragraph(look, "", "", &answer));
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}
