//! The facts of one place in words.

use certgate::Finding;
use certgate::inspect::{CertificateFacts, Inspection, KeyFacts, LinkSignature};

use crate::style::{self, BAD, BOLD, DIM, Look};
use crate::{policy, quote, table, text};

/// The text on a file; `out` is its first line.
pub(super) fn report(look: Look, mut out: String, inspection: &Inspection, content: Option<&str>) -> String {
    for facts in inspection.certificates() {
        out.push_str(&title(look, "certificate", facts.block, facts.line));
        out.push_str(&table::table(look, 2, &certificate(facts)));
    }
    for facts in &inspection.keys {
        out.push_str(&title(look, "private key", facts.block, facts.line));
        let mut rows = Vec::new();
        row(&mut rows, "form", facts.form.unwrap_or_default());
        if facts.key.kind.is_some() {
            rows.extend(key(&facts.key));
        }
        out.push_str(&table::table(look, 2, &rows));
    }
    for facts in &inspection.others {
        out.push_str(&title(look, facts.kind, facts.block, facts.line));
        let mut rows = Vec::new();
        row(&mut rows, "subject", facts.subject.as_deref().unwrap_or_default());
        row(&mut rows, "names", &list(&facts.subject_alternative_names));
        rows.extend(facts.key.as_ref().map(key).unwrap_or_default());
        out.push_str(&table::table(look, 2, &rows));
    }
    out.push_str(&tree(look, inspection));
    if !inspection.not_evaluated.is_empty() {
        out.push_str(&text::heading(look, "Not evaluated"));
        let rows: Vec<_> = inspection
            .not_evaluated
            .iter()
            .map(|entry| vec![entry.code.to_string(), entry.why.to_string()])
            .collect();
        out.push_str(&table::table(look, 2, &rows));
    }
    // The file's name is at the top.
    let mut findings: Vec<Finding> = inspection.findings.clone();
    for finding in &mut findings {
        finding.location.file = None;
    }
    out.push_str(&text::findings(look, &findings, text::library_hint, |finding, paint| {
        quote::marker(look, content?, finding.location.line?, finding.location.column, paint)
    }));
    out
}

/// `2 certificates, 1 private key`.
pub(super) fn contents(look: Look, inspection: &Inspection) -> String {
    let mut parts: Vec<String> =
        [(inspection.certificates().count(), "certificate"), (inspection.keys.len(), "private key")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| text::count(number, noun))
            .collect();
    parts.extend(inspection.others.iter().map(|facts| format!("1 {}", facts.kind)));
    if parts.is_empty() {
        look.paint(BAD, "no readable certificate, key or request")
    } else {
        parts.join(", ")
    }
}

fn title(look: Look, kind: &str, block: Option<usize>, line: Option<usize>) -> String {
    let place: Vec<_> = [(block, "block"), (line, "line")]
        .into_iter()
        .filter_map(|(number, noun)| number.map(|number| format!("{noun} {number}")))
        .collect();
    let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(", ")) };
    format!("\n{}{}\n", look.paint(BOLD, kind), look.paint(DIM, &place))
}

fn certificate(facts: &CertificateFacts) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let metadata = &facts.metadata;
    row(&mut rows, "subject", if facts.subject.is_empty() { "(empty)" } else { &facts.subject });
    row(&mut rows, "issuer", if facts.issuer_name.is_empty() { "(empty)" } else { &facts.issuer_name });
    if let (Some(start), Some(end)) = (metadata.not_before, metadata.not_after) {
        let left = facts.days_left.map_or_else(String::new, |days| format!(", {}", days_left(days)));
        let (start, end) = (policy::format_time(start), policy::format_time(end));
        row(&mut rows, "validity", &format!("{start} to {end}{left}"));
    }
    if let Some(serial) = &metadata.serial_number {
        row(&mut rows, "serial", &format!("{serial} (0x{})", facts.serial_number_hex));
    }
    row(&mut rows, "names", &list(&facts.subject_alternative_names));
    rows.extend(key(&facts.key));
    row(&mut rows, "signature", metadata.signature_algorithm.as_deref().unwrap_or_default());
    row(&mut rows, "version", &metadata.version.map_or_else(String::new, |version| version.to_string()));
    row(&mut rows, "key usage", &facts.key_usage.join(", "));
    row(&mut rows, "purposes", &facts.ext_key_usage.join(", "));
    let path = facts.path_len.map_or_else(String::new, |length| format!(", path length {length}"));
    row(&mut rows, "CA", &if facts.is_ca { format!("yes{path}") } else { "no".to_owned() });
    row(&mut rows, "subject key ID", facts.subject_key_id.as_deref().unwrap_or_default());
    row(&mut rows, "issuer key ID", facts.authority_key_id.as_deref().unwrap_or_default());
    row(&mut rows, "issuer at", &list(&facts.ca_issuers));
    row(&mut rows, "SHA-256", &facts.fingerprint_sha256);
    row(&mut rows, "SM3", facts.fingerprint_sm3.as_deref().unwrap_or_default());
    rows
}

fn key(facts: &KeyFacts) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let kind = facts.kind.as_deref().unwrap_or("not readable");
    let bits = facts.bits.map_or_else(String::new, |bits| format!(", {bits} bits"));
    row(&mut rows, "key", &format!("{kind}{bits}"));
    row(&mut rows, "key SHA-256", facts.spki_sha256.as_deref().unwrap_or_default());
    row(&mut rows, "key pin", facts.pin_sha256.as_deref().unwrap_or_default());
    row(&mut rows, "TLSA", facts.tlsa.as_deref().unwrap_or_default());
    rows
}

fn days_left(days: i64) -> String {
    let number = plural(days.unsigned_abs());
    if days < 0 { format!("over since {number}") } else { format!("{number} left") }
}

fn plural(days: u64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// The first items of a list, and how many more there are.
fn list(items: &[String]) -> String {
    const LISTED: usize = 20;
    let mut out = items.iter().take(LISTED).map(|item| style::escape(item)).collect::<Vec<_>>().join(", ");
    if items.len() > LISTED {
        out.push_str(&format!(" and {} more", items.len().saturating_sub(LISTED)));
    }
    out
}

/// Adds a row, unless it has no value.
fn row(rows: &mut Vec<Vec<String>>, label: &str, value: &str) {
    if !value.is_empty() {
        rows.push(vec![label.to_owned(), style::escape(value)]);
    }
}

/// The certificates under their issuers, where there are several.
fn tree(look: Look, inspection: &Inspection) -> String {
    let all: Vec<&CertificateFacts> = inspection.certificates().collect();
    if all.len() < 2 {
        return String::new();
    }
    let mut out = text::heading(look, "Issued by");
    // From the top down; a certificate that was shown is not shown again, so that a circle ends.
    let mut shown = vec![false; all.len()];
    let tops = all
        .iter()
        .enumerate()
        .filter(|(_, facts)| facts.issued_by.is_none() || facts.issued_by == facts.block);
    let mut open: Vec<(usize, usize)> = tops.map(|(index, _)| (index, 0)).collect();
    open.reverse();
    let mut start = 0_usize;
    loop {
        while let Some((index, depth)) = open.pop() {
            let (Some(facts), Some(seen)) = (all.get(index), shown.get_mut(index)) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            out.push_str(&branch(look, facts, depth));
            let below = all.iter().enumerate().rev().filter(|(_, below)| below.issued_by == facts.block);
            open.extend(below.map(|(index, _)| (index, depth.saturating_add(1))));
        }
        // What issues each other in a circle has no top.
        match shown.iter().skip(start).position(|seen| !seen) {
            Some(ahead) => start = start.saturating_add(ahead),
            None => return out,
        }
        open.push((start, 0));
    }
}

fn branch(look: Look, facts: &CertificateFacts, depth: usize) -> String {
    const DEEPEST: usize = 20;
    let lead = match depth.min(DEEPEST) {
        0 => String::new(),
        depth => format!("{}└─ ", "   ".repeat(depth.saturating_sub(1))),
    };
    let number = facts.block.map_or_else(String::new, |block| format!("{block}  "));
    let kind =
        if facts.issued_by.is_some() && facts.issued_by == facts.block { " (self-issued)" } else { "" };
    let name = facts.metadata.common_name.as_deref().unwrap_or(&facts.subject);
    let missing = match facts.issued_by {
        None => format!(" (its issuer is not in the file: {})", style::escape(&facts.issuer_name)),
        Some(_) => String::new(),
    };
    let signature = match facts.issuer_signature {
        Some(LinkSignature::Wrong) => look.paint(BAD, " (its signature was not made by this issuer's key)"),
        Some(LinkSignature::NotVerified) => look.paint(DIM, " (signature not verified)"),
        Some(LinkSignature::Verified) | None => String::new(),
    };
    let name = style::escape(name);
    format!("  {}{number}{name}{kind}{signature}{}\n", look.paint(DIM, &lead), look.paint(DIM, &missing))
}
