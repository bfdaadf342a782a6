//! Whether the files hold by themselves what a form takes that was put together from them.

use std::fmt;

use serde::Serialize;

use super::{Part, Set, Text};
use crate::finding::Finding;
use crate::location::Field;
use crate::read::form::{CertificateForm, Content};
use crate::rule::{Mend, Severity};
use crate::tell::report::Report;

/// A field of a form, where no file is what the field takes: the form must be written.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Unready {
    /// The field.
    pub field: Field,
    /// The files that its blocks came from.
    pub files: Vec<String>,
    /// Why they are not ready, in words.
    pub why: String,
    /// The errors of the file as it is. They were repaired when the form was put together. None where it is only another kind of file, or a part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl fmt::Display for Unready {
    /// `chat.pem: would be rejected as it is (pem-decorated), …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.files.join(", "), self.why)
    }
}

impl Set {
    /// The fields for which no file is ready as it is. `texts` are the [`sources`](super::Opened::sources) of what was opened; `check` judges a form:
    /// it is given this one with the texts of the files in it.
    ///
    /// ```
    /// use certgate::containers::{Limits, assemble, open};
    /// use certgate::{At, Check, Policy};
    ///
    /// let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/pki/rsa.crt"));
    /// let quoted = String::from_utf8_lossy(pem).lines().map(|line| format!("> {line}\n")).collect::<String>();
    /// let opened = open("chat.pem", quoted.as_bytes(), None, &Limits::default());
    /// let policy = Policy::default();
    /// let assembly = assemble(&opened.objects, None, &policy, At::NotEvaluated);
    /// let unready = assembly.sets[0].unready(&opened.sources, |form| {
    ///     match Check::new(form, &policy, At::NotEvaluated).run() {
    ///         Ok(accepted) => accepted.into_report(),
    ///         Err(rejected) => rejected.into_report(),
    ///     }
    /// });
    /// assert_eq!(unready[0].files, ["chat.pem"]);
    /// assert!(!unready[0].findings.is_empty());
    /// ```
    pub fn unready(&self, texts: &[Text], check: impl Fn(&CertificateForm) -> Report) -> Vec<Unready> {
        let (mut form, mut given, mut unready) = (self.form.clone(), Vec::new(), Vec::new());
        for field in Field::ALL {
            let parts = self.parts.iter().filter(|part| part.field == field && part.block.is_some());
            let parts: Vec<&Part> = parts.collect();
            let (false, Some(content)) = (parts.is_empty(), self.form.content(field)) else { continue };
            if texts.iter().any(|text| text.is_file() && is_same(&text.content, content)) {
                continue;
            }
            let mut files: Vec<String> = Vec::new();
            for file in parts.iter().filter_map(|part| part.inside.first()) {
                if !files.contains(file) {
                    files.push(file.clone());
                }
            }
            match (text_of(&parts, texts), form.content_mut(field)) {
                (Some(text), Some(slot)) => {
                    *slot = Some(text.content.clone());
                    given.push((field, files));
                }
                _ => {
                    let mut why = why(&parts, files.len());
                    let mut findings = Vec::new();
                    for text in texts_of(&parts, texts) {
                        let damages = self.damages(field, text, &check);
                        if !damages.is_empty() {
                            let name = text.inside.join(", ");
                            why.push_str(&format!("; {name} {}", repaired(&damages)));
                            findings.extend(damages);
                        }
                    }
                    unready.push(Unready { field, files, why, findings });
                }
            }
        }
        if given.is_empty() {
            return unready;
        }
        let errors: Vec<Finding> = check(&form).findings;
        for (field, files) in given {
            let is_own = |finding: &&Finding| {
                finding.severity == Severity::Error && finding.location.field == Some(field)
            };
            let mut findings: Vec<Finding> = errors.iter().filter(is_own).cloned().collect();
            for finding in &mut findings {
                finding.location.file = files.first().cloned();
            }
            if !findings.is_empty() {
                let why = repaired(&findings);
                unready.push(Unready { field, files, why, findings });
            }
        }
        unready.sort_by_key(|one| one.field);
        unready
    }

    /// The errors of the text of a file that is one of several for a field: of how it is written, since what it lacks is in the others.
    fn damages(
        &self,
        field: Field,
        text: &Text,
        check: &impl Fn(&CertificateForm) -> Report,
    ) -> Vec<Finding> {
        let mut form = self.form.clone();
        if let Some(slot) = form.content_mut(field) {
            *slot = Some(text.content.clone());
        }
        let mut findings = check(&form).findings;
        findings.retain(|finding| {
            let is_of_writing = matches!(finding.mend, Some(Mend::Rewrite | Mend::Relabel));
            finding.severity == Severity::Error && finding.location.field == Some(field) && is_of_writing
        });
        for finding in &mut findings {
            finding.location.file = text.inside.first().cloned();
        }
        findings
    }
}

/// Whether two texts are the same but for their line ends.
fn is_same(one: &Content, other: &Content) -> bool {
    match (one.as_text(), other.as_text()) {
        (Some(one), Some(other)) => one.trim_end().lines().eq(other.trim_end().lines()),
        _ => false,
    }
}

/// The text that all these blocks came from, where one file is that text.
fn text_of<'t>(parts: &[&Part], texts: &'t [Text]) -> Option<&'t Text> {
    let text = texts.iter().find(|text| parts.iter().all(|part| part.inside == text.inside))?;
    text.is_file().then_some(text)
}

/// The files, as texts, that these blocks came from, each once.
fn texts_of<'t>(parts: &[&Part], texts: &'t [Text]) -> impl Iterator<Item = &'t Text> {
    let is_part = |text: &&Text| text.is_file() && parts.iter().any(|part| part.inside == text.inside);
    texts.iter().filter(is_part)
}

/// That a text was taken although it is damaged.
fn repaired(errors: &[Finding]) -> String {
    let codes = codes(errors);
    format!("would be rejected as it is ({codes}), and was repaired when the form was put together")
}

/// Why no file is what the field takes.
fn why(parts: &[&Part], files: usize) -> String {
    let is_in_something = parts.iter().any(|part| part.inside.len() > 1);
    let is_of_text = parts.iter().all(|part| part.line.is_some());
    let has_blocks = parts.iter().any(|part| part.source_block.is_some());
    match (files, is_in_something, is_of_text, has_blocks) {
        (2.., ..) => format!("put together from {files} files"),
        (_, true, ..) => "taken from inside of it".to_owned(),
        (_, _, false, false) => "DER, and the API takes PEM".to_owned(),
        (_, _, false, true) => "taken from a keystore or bundle, which is not PEM".to_owned(),
        _ => "holds more than this field takes".to_owned(),
    }
}

/// Codes with the line of the first of each: `pem-decorated at line 1`.
fn codes(findings: &[Finding]) -> String {
    let mut told: Vec<(&str, String)> = Vec::new();
    for finding in findings {
        if told.iter().all(|(code, _)| *code != finding.code()) {
            let code = finding.code();
            let text = match finding.location.line {
                Some(line) => format!("{code} at line {line}"),
                None => code.to_owned(),
            };
            told.push((code, text));
        }
    }
    told.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}
