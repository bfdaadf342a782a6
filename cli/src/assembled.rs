//! A check of what files hold: the form is put together, checked, and each finding gets its place in the person's own file.

use std::path::PathBuf;

use certgate::containers::{self, Part, Set, Unready, assemble};
use certgate::targets::Profile;
use certgate::{At, Content, Finding, Location, Policy, Report};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::{Check, CheckFormat, PassphraseArgs};
use crate::ci::{self, CheckedForm, Checks, Place};
use crate::failure::Failure;
use crate::held::{self, Held, Left};
use crate::input::{self, Input};
use crate::style::{self, Look};
use crate::trust::Trusted;
use crate::{Outcome, check, json, policy, print, table, targets, text};

/// A report with where the form came from.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    report: &'a Report,
    assembled: Assembled<'a>,
}

#[derive(Serialize)]
struct Assembled<'a> {
    is_proven: bool,
    parts: Vec<Source<'a>>,
    /// Of an accepted form: whether the files can be uploaded as they are, and everything could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_ready: Option<bool>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unready: &'a [Unready],
    /// The command that writes the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    write_with: Option<&'a str>,
    left_out: &'a [Left],
}

#[derive(Serialize)]
struct Source<'a> {
    field: certgate::Field,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
    inside: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    source_block: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

impl<'a> Source<'a> {
    fn new(part: &'a Part) -> Self {
        let Part { field, block, source_block, line, .. } = *part;
        Self { field, block, inside: &part.inside, source_block, line }
    }
}

/// Checks what the paths hold: one report for each form that they make.
pub(crate) fn check(
    command: &Check,
    read: Vec<(PathBuf, Zeroizing<Vec<u8>>)>,
    trusted: &Trusted,
    targets: &[&Profile],
    policy: &Policy,
    at: At,
    quiet: bool,
) -> Result<Outcome, Failure> {
    let mut held = held::gather_some(&command.paths, read, &command.passphrase)?;
    trusted.complete(&mut held);
    let mut sets = sets(&mut held, command.parts.name.as_deref(), policy, at);
    put_texts(&mut held, &mut sets);
    if sets.is_empty() {
        return Err(held.nothing(&command.paths));
    }
    trusted.forget_unused(&mut held);
    let roots = command.parts.root_ca.as_deref().map(|path| input::read(path, input::MOST)).transpose()?;
    let mut words: Vec<_> = command.paths.iter().map(|path| input::path_word(path, "FILE")).collect();
    let write_with = format!("certgate assemble {}", assemble_words(command, &words).join(" "));
    words.extend(policy::words(&command.policy));
    let arguments = words.join(" ");
    let (look, count) = (Look::of_stdout(), sets.len());
    let mut forms = Vec::new();
    let has_fault = held.left_out.iter().any(Left::is_fault);
    let mut outcome = if has_fault { Outcome::Rejected } else { Outcome::Accepted };
    for (number, mut set) in sets.into_iter().enumerate() {
        let name = set.form.name.take();
        input::set_values(&mut set.form, &command.parts);
        // One name for several forms would make a conflict of all but one.
        set.form.name = if count == 1 { set.form.name.take().or(name) } else { name };
        set.form.trusted_root_ca = roots.as_ref().map(|bytes| Content::from_bytes(bytes.to_vec()));
        let mut report = trusted.report(&set.form, &set.roots, policy, at, targets);
        place_all(&mut report.findings, &set);
        let unready = match report.is_accepted() {
            true => set.unready(&held.sources, |form| {
                check::report_of(certgate::Check::new(form, policy, at).run())
            }),
            false => Vec::new(),
        };
        if targets::outcome(&report) == Outcome::Rejected {
            outcome = Outcome::Rejected;
        }
        if quiet {
            continue;
        }
        let is_last = number.saturating_add(1) == count;
        print(&match command.format {
            CheckFormat::Json => {
                let parts = set.parts.iter().map(Source::new).collect();
                let assembled = Assembled {
                    is_proven: set.is_proven,
                    parts,
                    is_ready: report.is_accepted().then_some(unready.is_empty() && !has_fault),
                    unready: &unready,
                    write_with: (!unready.is_empty()).then_some(&write_with),
                    left_out: &held.left_out,
                };
                json::line(&Line { report: &report, assembled })?
            }
            CheckFormat::Text => {
                let input = Input {
                    form: set.form.clone(),
                    arguments: arguments.clone(),
                    is_assembled: true,
                    below_verdict: format!(
                        "{}{}",
                        faults_in_words(look, &report, &held.left_out),
                        unready_in_words(look, &unready, &write_with)
                    ),
                    ..Input::default()
                };
                let gap = if number > 0 { "\n" } else { "" };
                let mut out = format!("{gap}{}", text::report(look, &report, &input));
                out.push_str(&sources(look, &set));
                if is_last {
                    out.push_str(&left_out(look, &held.left_out));
                }
                out
            }
            // All forms are told together.
            _ => {
                let places = report.findings.iter().map(Place::in_file).collect();
                let source = set.parts.first().and_then(|part| part.inside.first()).cloned();
                forms.push(CheckedForm {
                    source: source.unwrap_or_default(),
                    report,
                    places,
                    unready,
                    write_with: write_with.clone(),
                });
                String::new()
            }
        })?;
    }
    if !quiet {
        print(&ci::text(command.format, &Checks { forms, left_out: &held.left_out })?)?;
    }
    Ok(outcome)
}

/// The arguments with which `assemble` makes the same form.
fn assemble_words(command: &Check, paths: &[String]) -> Vec<String> {
    let mut words = paths.to_vec();
    let PassphraseArgs { passphrase_file, passphrase_fd, passphrase_env } = &command.passphrase;
    let file =
        passphrase_file.as_deref().map(|path| format!("--passphrase-file {}", input::path_word(path, "F")));
    let env = passphrase_env.as_deref().map(|name| input::value_words("--passphrase-env", name, "V"));
    let name = command.parts.name.as_deref().map(|name| input::value_words("--name", name, "NAME"));
    let pool = command.trust.pool.intermediates.as_deref();
    words.extend(file);
    words.extend(passphrase_fd.map(|number| format!("--passphrase-fd {number}")));
    words.extend(env);
    words.extend(pool.map(|path| format!("--intermediates {}", input::path_word(path, "DIR"))));
    words.extend(name);
    words.push("-o DIR".to_owned());
    words
}

/// That not everything was read, where what was read is accepted.
fn faults_in_words(look: Look, report: &Report, left_out: &[Left]) -> String {
    let faults: Vec<_> = left_out.iter().filter(|left| left.is_fault()).map(ToString::to_string).collect();
    if faults.is_empty() || !report.is_accepted() {
        return String::new();
    }
    let mut out = text::paragraph(
        look,
        "  ",
        "  ",
        "The form is accepted, but not everything could be read, so the exit status is 1:",
    );
    faults.iter().for_each(|fault| out.push_str(&text::paragraph(look, "  - ", "    ", fault)));
    out
}

/// What must still be done where the form was accepted, and the files are not that form.
fn unready_in_words(look: Look, unready: &[Unready], write_with: &str) -> String {
    if unready.is_empty() {
        return String::new();
    }
    if unready.iter().all(|one| one.findings.is_empty()) {
        let why: Vec<_> = unready.iter().map(|one| format!("{} ({one})", one.field)).collect();
        let said = format!(
            "Your files are good, but not yet the form that the gateway takes: {}. Write it with `{write_with}`.",
            why.join("; ")
        );
        return text::paragraph(look, "  ", "  ", &said);
    }
    let mut out = text::paragraph(
        look,
        "  ",
        "  ",
        "The form is accepted as it was put together. The files are not ready as they are:",
    );
    for one in unready {
        out.push_str(&text::paragraph(look, "  - ", "    ", &one.to_string()));
    }
    out.push_str(&text::paragraph(
        look,
        "  ",
        "  ",
        &format!("Write what was accepted with `{write_with}`."),
    ));
    out
}

/// The forms of what is held. What they do not need goes to the rest that is left out.
pub(crate) fn sets(held: &mut Held, name: Option<&str>, policy: &Policy, at: At) -> Vec<Set> {
    let assembly = assemble(&held.objects, name, policy, at);
    held.left_out.extend(assembly.left_out.into_iter().map(Left::from));
    assembly.sets
}

/// Puts each text of which a part cannot be read into its form as it is, so that a check of the form says what is wrong with it.
pub(crate) fn put_texts(held: &mut Held, sets: &mut Vec<Set>) {
    let is_told = containers::put_texts(&held.texts, sets);
    held.left_out.retain(|left| left.reason.as_ref().is_none_or(|reason| !is_told(&left.inside, reason)));
}

/// Gives each finding its place in the file that its block came from.
pub(crate) fn place_all(findings: &mut [Finding], set: &Set) {
    for finding in findings {
        place(&mut finding.location, set);
    }
}

fn place(location: &mut Location, set: &Set) {
    let Some(field) = location.field else { return };
    let mut of_field = set.parts.iter().filter(|part| part.field == field);
    let part = match location.block {
        Some(block) => set.part(field, block),
        // A finding of the whole field has a file where all its blocks come from there.
        None => of_field.next().filter(|first| of_field.all(|part| part.inside == first.inside)),
    };
    let is_block = location.block.is_some();
    // In a text that stands in its field as it is, the places are the file's own.
    if part.is_none_or(|part| part.block.is_some()) {
        location.block = part.filter(|_| is_block).and_then(|part| part.source_block);
        location.line = part.filter(|_| is_block).and_then(|part| part.line);
        location.column = None;
    }
    if let Some(part) = part {
        location.file = part.inside.first().cloned();
        location.inside = if part.inside.len() > 1 { part.inside.clone() } else { Vec::new() };
    }
}

/// Where each block of the form came from.
pub(crate) fn sources(look: Look, set: &Set) -> String {
    let row = |part: &Part| {
        let block = |block: Option<usize>| block.map_or_else(String::new, |block| format!(", block {block}"));
        let source = style::escape(&part.inside.join(", "));
        vec![format!("{}{}", part.field, block(part.block)), format!("{source}{}", block(part.source_block))]
    };
    let rows: Vec<_> = set.parts.iter().map(row).collect();
    format!("{}{}", text::heading(look, "Assembled from"), table::table(look, 2, &rows))
}

/// What no form needs, and what could not be read.
pub(crate) fn left_out(look: Look, left_out: &[Left]) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let mut out = text::heading(look, "Left out");
    for left in left_out {
        out.push_str(&left_line(look, left));
    }
    if left_out.iter().any(Left::needs_passphrase) {
        out.push_str(&text::paragraph(look, "  ", "  ", &format!("{}.", held::GIVE_PASSPHRASE)));
    }
    out
}

/// What was left out, and why.
pub(crate) fn left_line(look: Look, left: &Left) -> String {
    let lines = style::wrap(&left.to_string(), look.width.saturating_sub(4));
    let lines = lines.iter().enumerate();
    lines.map(|(number, line)| format!("{}{line}\n", if number == 0 { "  " } else { "    " })).collect()
}
