//! `certgate scan`: all pairs of certificate and key in files and folders, one line each, the worst first.

use std::collections::BTreeSet;

use certgate::containers::{Object, Set};
use certgate::fleet::{self, Fleet};
use certgate::pem::{self, BlockKind, Expected};
use certgate::{At, CertificateForm, Check, Content, Finding, IssuerCache, Policy, Report, Severity};
use serde::Serialize;
use time::OffsetDateTime;

use crate::args::{Scan, ScanFormat};
use crate::failure::Failure;
use crate::held::{self, Left};
use crate::style::{self, Look};
use crate::{Outcome, assembled, check, json, policy, print, table, text};

/// The verdict on a pair, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Rejected,
    Warned,
    Accepted,
}

impl Verdict {
    fn of(report: &Report) -> Self {
        match report.is_accepted() {
            false => Self::Rejected,
            true if report.count(Severity::Warning) > 0 => Self::Warned,
            true => Self::Accepted,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Warned => "warned",
            Self::Accepted => "accepted",
        }
    }
}

/// One pair. What is not known is an empty text in CSV and no key in JSON.
#[derive(Serialize)]
struct Row {
    schema: u8,
    path: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    algorithm: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    not_after: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    verdict: Verdict,
    /// Of errors and warnings, each once.
    codes: Vec<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    spki_sha256: String,
}

/// The line after the pairs.
#[derive(Serialize)]
struct Sums<'a> {
    schema: u8,
    scan: Counts,
    findings: &'a [Finding],
    left_out: &'a [Left],
}

#[derive(Default, Serialize)]
struct Counts {
    pairs: usize,
    rejected: usize,
    warned: usize,
    expired: usize,
    within_30_days: usize,
    within_90_days: usize,
    later: usize,
    weak_keys: usize,
}

pub(crate) fn run(command: &Scan, quiet: bool) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let at = clock.at();
    let mut held = held::gather(&command.paths, Vec::new(), &command.passphrase)?;
    let sets = assembled::sets(&mut held, None, &policy, at);
    let (mut fleet, cache) = (Fleet::new(), IssuerCache::default());
    let mut rows = Vec::new();
    for set in &sets {
        let (checked, member) = Check::new(&set.form, &policy, at).cache(&cache).run_with_member();
        let row = row(set, &check::report_of(checked), at);
        fleet.add(&row.path, member);
        rows.push(row);
    }
    for (label, form) in alone(&held.objects, &sets, &policy) {
        fleet.add(&label, Check::new(&form, &policy, at).cache(&cache).run_with_member().1);
    }
    rows.sort_by(|a, b| {
        (a.verdict, a.days.unwrap_or(i64::MAX), &a.path).cmp(&(
            b.verdict,
            b.days.unwrap_or(i64::MAX),
            &b.path,
        ))
    });
    let shared = fleet::check(&fleet, &policy);
    if !quiet {
        let sums = Sums {
            schema: 1,
            scan: counts(&rows, &fleet),
            findings: &shared.findings,
            left_out: &held.left_out,
        };
        print(&match command.format {
            ScanFormat::Text => in_words(Look::of_stdout().unwrapped_in_a_pipe(), &rows, &sums),
            ScanFormat::Json => {
                let lines: Result<Vec<_>, _> = rows.iter().map(json::line).collect();
                lines?.concat() + &json::line(&sums)?
            }
            ScanFormat::Csv => csv(&rows),
        })?;
        // A table has no room for them.
        if command.format == ScanFormat::Csv {
            let told = assembled::left_out(Look::of_stderr(), &held.left_out);
            let _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
        }
    }
    if let Some(failure) = held.failure {
        return Err(failure);
    }
    let is_bad = rows.iter().any(|row| row.verdict == Verdict::Rejected)
        || shared.findings.iter().any(|finding| finding.severity == Severity::Error)
        || held.left_out.iter().any(|left| left.is_fault());
    Ok(if is_bad { Outcome::Rejected } else { Outcome::Accepted })
}

/// The certificates that are in no pair, such as another one for the same key: each by itself, with what it is called.
fn alone(objects: &[Object], sets: &[Set], policy: &Policy) -> Vec<(String, CertificateForm)> {
    let of_form = |content: &Content| pem::parse(content, Expected::Certificates, policy).value;
    let contents = sets.iter().flat_map(|set| [&set.form.cert_content, &set.form.cert_content_sign]);
    let blocks = contents.flatten().filter_map(of_form).flatten();
    let mut seen: BTreeSet<Vec<u8>> = blocks.map(|block| block.der.to_vec()).collect();
    let certificates = objects.iter().filter(|object| object.block.kind == BlockKind::Certificate);
    let alone = certificates.filter_map(|object| {
        let der = object.block.der.to_vec();
        if !seen.insert(der.clone()) {
            return None;
        }
        let mut form = CertificateForm::default();
        form.cert_content = Some(Content::from_bytes(der));
        Some((object.inside.join(", "), form))
    });
    alone.collect()
}

fn row(set: &Set, report: &Report, at: At) -> Row {
    let response = report.certificate.as_ref();
    let not_after = response.and_then(|response| response.certificate.not_after);
    let left = |end: OffsetDateTime, now: OffsetDateTime| {
        end.unix_timestamp().saturating_sub(now.unix_timestamp()).div_euclid(86_400)
    };
    let now = match at {
        At::NotEvaluated => None,
        _ => report.checked_at,
    };
    let mut codes: Vec<&'static str> = Vec::new();
    for finding in report.findings.iter().filter(|finding| finding.severity >= Severity::Warning) {
        if !codes.contains(&finding.code()) {
            codes.push(finding.code());
        }
    }
    Row {
        schema: 1,
        path: set.parts.first().map(|part| part.inside.join(", ")).unwrap_or_default(),
        name: set.form.name.clone().unwrap_or_default(),
        algorithm: response
            .and_then(|response| response.algorithm_type)
            .map_or("", certgate::AlgorithmType::as_str)
            .to_owned(),
        not_after: not_after.map(policy::format_time).unwrap_or_default(),
        days: not_after.zip(now).map(|(end, now)| left(end, now)),
        verdict: Verdict::of(report),
        codes,
        spki_sha256: set.spki_sha256.clone().unwrap_or_default(),
    }
}

fn counts(rows: &[Row], fleet: &Fleet) -> Counts {
    let mut counts = Counts { pairs: rows.len(), weak_keys: fleet.weak_keys(), ..Counts::default() };
    for row in rows {
        let of_verdict = match row.verdict {
            Verdict::Rejected => Some(&mut counts.rejected),
            Verdict::Warned => Some(&mut counts.warned),
            Verdict::Accepted => None,
        };
        let of_time = row.days.map(|days| match days {
            ..0 => &mut counts.expired,
            0..30 => &mut counts.within_30_days,
            30..90 => &mut counts.within_90_days,
            _ => &mut counts.later,
        });
        for count in of_verdict.into_iter().chain(of_time) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

fn in_words(look: Look, rows: &[Row], sums: &Sums<'_>) -> String {
    let mut out = String::new();
    let head =
        ["verdict", "days", "name", "algorithm", "not after", "path", "codes"].map(str::to_owned).to_vec();
    let line = |row: &Row| {
        let days = row.days.map_or_else(|| "-".to_owned(), |days| days.to_string());
        let verdict = row.verdict.as_str().to_owned();
        let (name, path) = (style::escape(&row.name), style::escape(&row.path));
        vec![verdict, days, name, row.algorithm.clone(), row.not_after.clone(), path, row.codes.join(" ")]
    };
    if !rows.is_empty() {
        let rows: Vec<_> = std::iter::once(head).chain(rows.iter().map(line)).collect();
        out.push_str(&table::table(look, 0, &rows));
        out.push('\n');
    }
    let Counts { pairs, rejected, warned, expired, within_30_days, within_90_days, later, weak_keys } =
        sums.scan;
    out.push_str(&format!("{}: {rejected} rejected, {warned} with warnings\n", text::count(pairs, "pair")));
    if pairs > 0 {
        out.push_str(&format!(
            "expired {expired}, within 30 days {within_30_days}, within 90 days {within_90_days}, later {later}; weak keys {weak_keys}\n"
        ));
    }
    out.push_str(&text::findings(look, sums.findings, text::library_hint, |_, _| None));
    out.push_str(&assembled::left_out(look, sums.left_out));
    out
}

/// RFC 4180, with line feeds alone.
fn csv(rows: &[Row]) -> String {
    let mut out = "path,name,algorithm,not_after,days,verdict,codes,spki_sha256\n".to_owned();
    for row in rows {
        let days = row.days.map_or_else(String::new, |days| days.to_string());
        let cells = [
            row.path.as_str(),
            &row.name,
            &row.algorithm,
            &row.not_after,
            &days,
            row.verdict.as_str(),
            &row.codes.join(" "),
            &row.spki_sha256,
        ];
        out.push_str(&cells.map(cell).join(","));
        out.push('\n');
    }
    out
}

fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
