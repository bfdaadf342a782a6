//! `certgate diff`: what a new certificate changes about the one that it replaces.

use std::path::{Path, PathBuf};

use certgate::certificate::{self, Certificate, Role};
use certgate::containers::{Limits, Object, open};
use certgate::pem::BlockKind;
use certgate::update::{Difference, compare};
use certgate::{At, CertificateForm, Checked, Field, Finding, Policy, Severity, chain};
use serde::Serialize;

use crate::args::{Diff, Format};
use crate::failure::{About, Failure};
use crate::style::{self, BOLD, Look};
use crate::{Outcome, held, input, json, policy, print, table, text, usage};

/// The fields of a form that have a server's certificate.
const FIELDS: [Field; 2] = [Field::CertContent, Field::CertContentSign];

/// What is compared with what, and how they differ.
#[derive(Serialize)]
struct Compared<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
    old: Source<'a>,
    new: Source<'a>,
    #[serde(flatten)]
    difference: Difference,
}

/// Where a certificate is.
#[derive(Serialize)]
struct Source<'a> {
    inside: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: u8,
    compared: &'a [Compared<'a>],
    findings: &'a [Finding],
}

/// The objects of OLD or NEW: those of a form by their fields, those of anything else in the place of the first field.
struct Side {
    path: PathBuf,
    is_form: bool,
    objects: [Vec<Object>; 2],
}

pub(crate) fn run(command: &Diff, quiet: bool) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let [old, new] = [&command.old, &command.new].map(|path| side(command, path));
    let (old, new, at) = (old?, new?, clock.at());
    let (mut compared, mut findings) = (Vec::new(), Vec::new());
    for (number, field) in FIELDS.into_iter().enumerate() {
        let Some(pair) = old.leaf(number, &policy, at).zip(new.leaf(number, &policy, at)) else { continue };
        let ((old_at, old_leaf), (new_at, new_leaf)) = pair;
        let Checked { value, findings: told, .. } = compare(&old_leaf, &new_leaf, &policy);
        let field = Some(field).filter(|_| old.is_form && new.is_form);
        findings.extend(told.into_iter().map(|mut finding| {
            finding.location.field = field;
            finding.location.file = new_at.inside.first().cloned();
            finding.location.block = new_at.block;
            finding
        }));
        compared.extend(value.map(|difference| Compared { field, old: old_at, new: new_at, difference }));
    }
    if compared.is_empty() {
        let without = [&old, &new].into_iter().find(|side| side.leaf(0, &policy, at).is_none());
        let name = usage::name_of(&without.unwrap_or(&new).path);
        return Err(Failure::new(
            About::Input,
            format!("no certificate that can be read was found in {name}"),
        ));
    }
    if !quiet {
        print(&match command.format {
            Format::Json => json::line(&Line { schema: 1, compared: &compared, findings: &findings })?,
            Format::Text => in_words(Look::of_stdout(), &compared, &findings),
        })?;
    }
    let is_bad = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if is_bad { Outcome::Rejected } else { Outcome::Accepted })
}

/// Opens OLD or NEW.
fn side(command: &Diff, path: &Path) -> Result<Side, Failure> {
    let mut side = Side { path: path.to_owned(), is_form: false, objects: Default::default() };
    let mut read = Vec::new();
    if !path.is_dir() {
        let bytes = input::read(path, input::MOST)?;
        if held::is_json(path, &bytes) {
            let form = input::from_json(path, bytes)?.form;
            side.is_form = true;
            side.objects = FIELDS.map(|field| of_field(&form, field, path));
            return Ok(side);
        }
        read.push((path.to_owned(), bytes));
    }
    let held = held::gather_all(&[path.to_owned()], read, &command.passphrase)?;
    side.objects = [held.objects, Vec::new()];
    Ok(side)
}

fn of_field(form: &CertificateForm, field: Field, path: &Path) -> Vec<Object> {
    let bytes = form.content(field).map(certgate::Content::as_bytes).unwrap_or_default();
    open(&usage::name_of(path), bytes, None, &Limits::default()).objects
}

impl Side {
    /// The server's certificate among those of a field, and where it is.
    fn leaf(&self, field: usize, policy: &Policy, at: At) -> Option<(Source<'_>, Certificate<'_>)> {
        let objects = self.objects.get(field)?;
        let certificates = objects.iter().filter(|object| object.block.kind == BlockKind::Certificate);
        let read = certificates.filter_map(|object| {
            let certificate = certificate::check(&object.block.der, Role::Leaf, policy, at).value?;
            Some((Source { inside: &object.inside, block: object.block.location.block }, certificate))
        });
        let (mut sources, mut certificates): (Vec<_>, Vec<_>) = read.unzip();
        let leaf = chain::check(&certificates, policy, at).value?.leaf;
        let is_there = leaf < certificates.len();
        is_there.then(|| (sources.swap_remove(leaf), certificates.swap_remove(leaf)))
    }
}

fn in_words(look: Look, compared: &[Compared<'_>], findings: &[Finding]) -> String {
    let mut out = String::new();
    for Compared { field, old, new, difference } in compared {
        if let Some(field) = field.filter(|_| compared.len() > 1) {
            out.push_str(&format!(
                "{}{}\n",
                if out.is_empty() { "" } else { "\n" },
                look.paint(BOLD, field.as_str())
            ));
        }
        let mut rows = vec![vec![String::new(), old.name(), new.name()]];
        if difference.is_same {
            rows.push(vec!["the same certificate".to_owned()]);
        }
        for value in &difference.values {
            rows.push(vec![
                value.what.replace('_', " "),
                style::escape(&value.old),
                style::escape(&value.new),
            ]);
        }
        if difference.is_key_reused && !difference.is_same {
            rows.push(vec!["key".to_owned(), "the same key".to_owned(), "the same key".to_owned()]);
        }
        for name in &difference.names_lost {
            rows.push(vec!["name lost".to_owned(), style::escape(name)]);
        }
        for name in &difference.names_gained {
            rows.push(vec!["name gained".to_owned(), String::new(), style::escape(name)]);
        }
        out.push_str(&table::table(look, 0, &rows));
        if let Some(days) = difference.expiry_days.filter(|days| *days != 0) {
            let count = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
            let way = if days < 0 { "earlier" } else { "later" };
            out.push_str(&format!("expires {} {way}\n", text::count(count, "day")));
        }
    }
    out.push_str(&text::findings(look, findings, text::library_hint, |_, _| None));
    out
}

impl Source<'_> {
    fn name(&self) -> String {
        let block = self.block.map_or_else(String::new, |block| format!(", block {block}"));
        format!("{}{block}", style::escape(&self.inside.join(", ")))
    }
}
