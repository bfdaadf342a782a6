//! JSON in, JSON out: the calls of the library as texts, for programs in other languages.
//!
//! A face (a page, a binding) hands on texts and needs nothing else of the library; what it shows is what these functions say. Each answer is
//! one JSON object with `"schema":1`. A report is the one that `certgate check --format json` prints.
//!
//! ```
//! use certgate::At;
//! use certgate::json::{self, Options};
//!
//! let options = Options::from_json(br#"{"at": "2026-06-01T00:00:00Z", "policy": {"rsa_min_bits": 3072}}"#, At::NotEvaluated)?;
//! let report = json::check(br#"{"name": "1st"}"#, &options)?;
//! assert!(report.starts_with(r#"{"schema":1,"accepted":false,"checked_at":"2026-06-01T00:00:00Z""#));
//! # Ok::<(), json::JsonError>(())
//! ```

#[cfg(feature = "containers")]
mod files;
mod options;
mod pages;

use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::finding::{Finding, NotEvaluated};
use crate::location::Field;
use crate::policy::At;
use crate::read::form::{CertificateForm, Content};
use crate::repair::{Edit, Repaired, repair, repair_only};
use crate::rule::Stage;
use crate::tell::inspect::{self, Inspection};
use crate::tell::report::{Accepted, Rejected, Report};
use crate::validate::Check;
#[cfg(feature = "containers")]
pub use files::open;
pub use options::{JsonError, Options};
pub use pages::{explain, explain_in, rules};

/// The version of the shape of all answers.
const SCHEMA: u8 = 1;

/// What a call says: a JSON object, which it can be used as, and whether all is well. Wiped when dropped, since a repaired form holds its keys.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// For [`check`] and [`fix`] whether the form is accepted, for `open` whether there is a form, for [`inspect()`] whether something is there and nothing of it is an error, for
    /// [`prove`] whether the key belongs to the certificate.
    pub is_ok: bool,
    /// One JSON object, without a line end.
    pub json: Zeroizing<String>,
}

impl Answer {
    fn new(is_ok: bool, value: &impl Serialize) -> Result<Self, JsonError> {
        Ok(Self { is_ok, json: Zeroizing::new(text(value)?) })
    }
}

impl Deref for Answer {
    type Target = str;

    fn deref(&self) -> &str {
        &self.json
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.json.len();
        f.debug_struct("Answer")
            .field("is_ok", &self.is_ok)
            .field("json", &format_args!("{bytes} bytes, redacted"))
            .finish()
    }
}

/// Checks a form, given as the request body of the API: the report, accepted or not.
///
/// Whatever the text is, there is a report: a text that is not a form is rejected, with line and column.
///
/// # Errors
/// [`JsonError::Unwritten`], which nobody has seen yet.
///
/// ```
/// use certgate::At;
/// use certgate::json::{self, Options};
///
/// let report = json::check(b"{\"name\":", &Options::new(At::NotEvaluated))?;
/// assert!(!report.is_ok && report.contains("\"code\":\"form-not-json\""));
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn check(form: &[u8], options: &Options) -> Result<Answer, JsonError> {
    let Options { at, policy, targets, language: _ } = options;
    let checked = match CertificateForm::from_json(form) {
        Ok(form) => Check::new(&form, policy, *at).targeting(targets).run(),
        Err(unread) => Err(unread.reject(policy, *at)),
    };
    let report = report_of(checked, options);
    Answer::new(report.is_accepted(), &report)
}

/// What a file holds, in PEM or DER: [`inspect`](crate::inspect::inspect).
///
/// # Errors
/// As [`check`].
///
/// ```
/// use certgate::At;
/// use certgate::json::{self, Options};
///
/// let told = json::inspect(b"neither certificate nor key", &Options::new(At::NotEvaluated))?;
/// assert!(told.contains("\"code\":\"pem-not-pem\""));
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn inspect(bytes: &[u8], options: &Options) -> Result<Answer, JsonError> {
    #[derive(Serialize)]
    struct Shown {
        schema: u8,
        #[serde(flatten)]
        inspection: Inspection,
    }
    let mut inspection = inspect::inspect(bytes, &options.policy, options.at);
    inspection.tell_in(options.language);
    Answer::new(inspection.is_ok(), &Shown { schema: SCHEMA, inspection })
}

/// Repairs a form, given as [`check`] takes it: `form`, with the private keys; `edits`, each with its reason; and the `report` on the repaired form.
///
/// A text that is not a form has no `form` and no edits.
///
/// # Errors
/// As [`check`].
///
/// ```
/// use certgate::At;
/// use certgate::json::{self, Options};
///
/// let fixed = json::fix(br#"{"form": {"name": "www", "cert_content": "x", "private_key": "y"}}"#, &Options::new(At::NotEvaluated))?;
/// assert!(fixed.starts_with(r#"{"schema":1,"form":{"name":"www","#));
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn fix(form: &[u8], options: &Options) -> Result<Answer, JsonError> {
    fixed(form, options, |form| repair(form, &options.policy, options.at))
}

/// As [`fix`], but changes only what fixes the findings of the rule `code` in the field of that name.
///
/// # Errors
/// As [`check`]; [`JsonError::UnknownField`].
///
/// ```
/// use certgate::At;
/// use certgate::json::{self, Options};
///
/// let form = br#"{"name": "www1", "cert_content": "x", "private_key": "y"}"#;
/// let fixed = json::fix_only(form, "pem-quoted", "cert_content", &Options::new(At::NotEvaluated))?;
/// assert!(fixed.contains(r#""edits":[]"#));
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn fix_only(form: &[u8], code: &str, field: &str, options: &Options) -> Result<Answer, JsonError> {
    let field = Field::from_name(field).ok_or(JsonError::UnknownField)?;
    fixed(form, options, |form| repair_only(form, code, field, &options.policy, options.at))
}

fn fixed(
    form: &[u8],
    options: &Options,
    repair: impl FnOnce(&CertificateForm) -> Repaired,
) -> Result<Answer, JsonError> {
    #[derive(Serialize)]
    struct Shown<'a> {
        schema: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        form: Option<&'a CertificateForm>,
        edits: &'a [Edit],
        report: &'a Report,
    }
    let (form, mut edits, checked) = match CertificateForm::from_json(form) {
        Ok(form) => {
            let repaired = repair(&form);
            (Some(repaired.form), repaired.edits, repaired.result)
        }
        Err(unread) => (None, Vec::new(), Err(unread.reject(&options.policy, options.at))),
    };
    edits.iter_mut().for_each(|edit| edit.tell_in(options.language));
    let report = report_of(checked, options);
    let shown = |form| Shown { schema: SCHEMA, form, edits: &edits, report: &report };
    let around = text(&shown(None))?.len();
    let json = secret_text(&shown(form.as_ref()), around.saturating_add(form.as_ref().map_or(0, room)))?;
    Ok(Answer { is_ok: report.is_accepted(), json })
}

/// Whether a private key is proven to belong to a certificate: `matches`, and the findings on the two texts and on their match. Both are PEM or DER.
///
/// Of several certificates the first counts, as in a form. What else a check would say of the two (validity, names, the chain) is left out.
///
/// # Errors
/// As [`check`].
///
/// ```
/// use certgate::At;
/// use certgate::json::{self, Options};
///
/// let told = json::prove(b"not a certificate", b"not a key", &Options::new(At::NotEvaluated))?;
/// assert!(told.starts_with(r#"{"schema":1,"matches":false,"#));
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn prove(certificate: &[u8], key: &[u8], options: &Options) -> Result<Answer, JsonError> {
    #[derive(Serialize)]
    struct Shown {
        schema: u8,
        matches: bool,
        not_evaluated: Vec<NotEvaluated>,
        findings: Vec<Finding>,
    }
    let (certificate, key) = (Content::from_bytes(certificate), Content::from_bytes(key));
    let form = CertificateForm {
        cert_content: Some(certificate),
        private_key: Some(key),
        ..CertificateForm::default()
    };
    let check = Check::new(&form, &options.policy, At::NotEvaluated);
    let (checked, matches) = check.and_then(|relations, _| relations.base.pair.is_proven());
    let Report { mut findings, mut not_evaluated, .. } = report_of(checked, options);
    findings.retain(|finding| {
        let is_given = matches!(finding.location.field, Some(Field::CertContent | Field::PrivateKey));
        is_given && matches!(finding.rule.stage, Stage::Pem | Stage::Key | Stage::Match)
    });
    not_evaluated.retain(|entry| entry.code == "match");
    Answer::new(matches, &Shown { schema: SCHEMA, matches, not_evaluated, findings })
}

/// The octets that a form takes in JSON, at most: a character takes six, the names and all around them 512.
fn room(form: &CertificateForm) -> usize {
    let length = |field| {
        let content = || Some(form.content(field)?.as_bytes().len());
        form.text(field).map(str::len).or_else(content)
    };
    let lengths = Field::ALL.into_iter().filter_map(length).map(|length| length.saturating_mul(6));
    lengths.fold(512, usize::saturating_add)
}

fn report_of(checked: Result<Accepted, Box<Rejected>>, options: &Options) -> Report {
    let mut report = match checked {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    };
    report.tell_in(options.language);
    report
}

/// The text of a value that holds private keys and needs at most that many octets: the buffer never grows, which would leave a copy behind.
fn secret_text(value: &impl Serialize, room: usize) -> Result<Zeroizing<String>, JsonError> {
    let mut out = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *out, value).map_err(|_| JsonError::Unwritten)?;
    String::from_utf8(std::mem::take(&mut *out)).map(Zeroizing::new).map_err(|_| JsonError::Unwritten)
}

fn text(value: &impl Serialize) -> Result<String, JsonError> {
    serde_json::to_string(value).map_err(|_| JsonError::Unwritten)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_call_answers_in_the_language_of_the_options() {
        let options = Options::from_json(br#"{"language": "zh"}"#, At::NotEvaluated).unwrap();
        let form = br#"{"form": {"name": "1st", "cert_content": "x", "private_key": "y"}}"#;
        for (answer, want) in [
            (check(b"", &options).unwrap(), "文本为空"),
            (inspect(b"", &options).unwrap(), "文件为空"),
            (check(form, &options).unwrap(), "字段直接写在一个对象的最外层"),
            (fix(form, &options).unwrap(), "字段写到请求体的最外层"),
            (prove(b"", b"", &options).unwrap(), "没有能读取的证书，也没有能读取的私钥"),
        ] {
            assert!(answer.contains(want), "{want}: {}", answer.json.as_str());
        }
        assert!(explain_in("name-start", options.language).unwrap().contains("名称不是以字母开头"));
        let english = Options::from_json(br#"{"language": "en"}"#, At::NotEvaluated).unwrap();
        assert_eq!(english, Options::new(At::NotEvaluated));
    }

    #[test]
    fn a_fixed_form_has_room_in_its_text() {
        let text = "\u{1}".repeat(1000);
        for field in Field::ALL {
            let mut form = CertificateForm::default();
            match form.content_mut(field) {
                Some(slot) => *slot = Some(Content::from_text(text.clone())),
                None => form.name = Some(text.clone()),
            }
            assert!(serde_json::to_string(&form).unwrap().len() <= room(&form), "{field}");
        }
        let all = format!("{{{}}}", Field::ALL.map(|field| format!("\"{field}\":\"x\"")).join(","));
        let form = CertificateForm::from_json(all.as_bytes()).unwrap();
        assert!(serde_json::to_string(&form).unwrap().len() <= room(&form));
    }
}
