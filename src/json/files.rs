//! Files as JSON: what people hold becomes forms.

use serde::Serialize;

use super::{Answer, JsonError, Options, SCHEMA, report_of, room, secret_text, text};
use crate::containers::{
    Assembly, LeftOut, Limits, Opened, Part, Reason, assemble, is_form, open as open_file, put_texts,
};
use crate::finding::Facts;
use crate::location::Field;
use crate::read::form::CertificateForm;
use crate::tell::report::Report;

/// Makes forms of files, each given as its name and its bytes: keystores, archives, Secrets, chains, keys, PEM and DER, or the request body of the API.
///
/// The answer has `forms`: each with the `form` itself, with its private keys; `is_proven`, whether each key is proven to belong to the first
/// certificate of its field; and `parts`, where each block came from, and whether its text was `repaired` when it was read. A text that is damaged or encrypted
/// stands in its field as it is, and its part has no `block`: a check of the form says what is wrong. A request body is a form as it stands, with all that is wrong
/// in it; one that cannot be read has a `report` instead. `left_out` lists what no form needs or what could not be opened: a `reason` for programs, such as `copy`,
/// and `why` in words.
///
/// # Errors
/// As [`check`](super::check).
///
/// ```
/// use certgate::At;
/// use certgate::json::{self, Options};
///
/// let options = Options::new(At::NotEvaluated);
/// let opened = json::open(&[("form.json", br#"{"private_key": "x"}"#), ("a.txt", b"of no use")], None, &options)?;
/// assert!(opened.contains(r#""form":{"private_key":"x"}"#));
/// assert!(opened.contains(r#""inside":["a.txt"]"#));
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn open(
    files: &[(&str, &[u8])],
    passphrase: Option<&str>,
    options: &Options,
) -> Result<Answer, JsonError> {
    let (mut forms, mut opened) = (Vec::new(), Opened::default());
    for (name, bytes) in files {
        if is_form(bytes) {
            forms.push(ShownForm::given(bytes, options));
            continue;
        }
        let Opened { objects, left_out, texts, .. } = open_file(name, bytes, passphrase, &Limits::default());
        opened.objects.extend(objects);
        opened.left_out.extend(left_out);
        opened.texts.extend(texts);
    }
    let Assembly { mut sets, left_out } = assemble(&opened.objects, None, &options.policy, options.at);
    opened.left_out.extend(left_out);
    let is_told = put_texts(&opened.texts, &mut sets);
    opened.left_out.retain(|left| !is_told(&left.inside, &left.reason));
    forms.extend(sets.into_iter().map(|set| ShownForm {
        form: Some(set.form),
        is_proven: Some(set.is_proven),
        parts: set.parts.iter().map(ShownPart::of).collect(),
        report: None,
    }));
    let left_out = opened.left_out.iter().map(|left| ShownLeft::of(left, options)).collect();
    let mut shown = Shown { schema: SCHEMA, forms, left_out };
    // Room for all, so that no copy of a key stays behind where the text grew.
    let taken: Vec<_> = shown.forms.iter_mut().map(|shown| shown.form.take()).collect();
    let around = text(&shown)?.len();
    let room = taken.iter().flatten().map(room).fold(around, usize::saturating_add);
    for (shown, form) in shown.forms.iter_mut().zip(taken) {
        shown.form = form;
    }
    Ok(Answer { is_ok: !shown.forms.is_empty(), json: secret_text(&shown, room)? })
}

#[derive(Serialize)]
struct Shown {
    schema: u8,
    forms: Vec<ShownForm>,
    left_out: Vec<ShownLeft>,
}

#[derive(Serialize)]
struct ShownForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<CertificateForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_proven: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<ShownPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
}

impl ShownForm {
    /// A request body.
    fn given(bytes: &[u8], options: &Options) -> Self {
        let (form, report) = match CertificateForm::from_json(bytes) {
            Ok(form) => (Some(form), None),
            Err(unread) => (None, Some(report_of(Err(unread.reject(&options.policy, options.at)), options))),
        };
        Self { form, is_proven: None, parts: Vec::new(), report }
    }
}

/// Where a block of a form came from.
#[derive(Serialize)]
struct ShownPart {
    field: Field,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
    inside: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_block: Option<usize>,
    repaired: bool,
}

impl ShownPart {
    fn of(part: &Part) -> Self {
        let Part { field, block, source_block, repaired, .. } = *part;
        Self { field, block, inside: part.inside.clone(), source_block, repaired }
    }
}

#[derive(Serialize)]
struct ShownLeft {
    inside: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
    reason: &'static str,
    why: String,
    /// Whether a passphrase would open it.
    needs_passphrase: bool,
}

impl ShownLeft {
    fn of(left: &LeftOut, options: &Options) -> Self {
        let needs_passphrase = matches!(left.reason, Reason::NeedsPassphrase | Reason::WrongPassphrase);
        let LeftOut { inside, block, reason } = left;
        let why = reason.to_string();
        let why = options.language.say(&why, &Facts::none()).unwrap_or(why);
        Self { inside: inside.clone(), block: *block, reason: reason.code(), why, needs_passphrase }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use certgate_forge::{chain, key};
    use serde_json::{Value, json};

    use super::*;
    use crate::policy::At;

    #[test]
    fn programs_are_told_what_was_repaired_and_why_something_was_left_out() {
        let chain = chain::plain(key::p256(0));
        let (leaf, key) = (chain.leaf.pem(), chain.leaf.key_pem());
        let quoted: String = leaf.lines().map(|line| format!("> {line}\n")).collect();
        let old_label = chain.intermediate.pem().replace("CERTIFICATE", "X509 CERTIFICATE");
        let files: [(&str, &[u8]); 7] = [
            ("quoted.pem", quoted.as_bytes()),
            ("ca.pem", old_label.as_bytes()),
            ("key.pem", key.as_bytes()),
            ("leaf.pem", leaf.as_bytes()),
            ("key-again.pem", key.as_bytes()),
            ("notes.txt", b"bread, milk"),
            ("empty.txt", b" "),
        ];
        let opened = open(&files, None, &Options::new(At::NotEvaluated)).unwrap();
        let told: Value = serde_json::from_str(&opened).unwrap();
        let of = |list: &Value, name: &str| -> Vec<Value> {
            let entries = list.as_array().unwrap();
            entries.iter().map(|entry| json!([entry["inside"][0], entry[name]])).collect()
        };
        assert_eq!(
            of(&told["forms"][0]["parts"], "repaired"),
            [json!(["quoted.pem", true]), json!(["ca.pem", true]), json!(["key.pem", false])]
        );
        assert_eq!(
            of(&told["left_out"], "reason"),
            [
                json!(["notes.txt", "unknown"]),
                json!(["empty.txt", "empty"]),
                json!(["leaf.pem", "copy"]),
                json!(["key-again.pem", "copy"]),
            ]
        );
    }

    #[test]
    fn the_schema_knows_each_reason() {
        let schema: Value = serde_json::from_str(include_str!("../../docs/schema.json")).unwrap();
        let known =
            &schema["$defs"]["Opened"]["properties"]["left_out"]["items"]["properties"]["reason"]["enum"];
        let text = String::new;
        let codes = [
            Reason::NeedsPassphrase,
            Reason::WrongPassphrase,
            Reason::NotSupported { what: "", instead: "" },
            Reason::Damaged(""),
            Reason::TooMuch(text()),
            Reason::Unknown,
            Reason::Copy(text()),
            Reason::DamagedCopy(text()),
            Reason::Empty,
            Reason::OldEncryption,
            Reason::NotNeeded(""),
        ]
        .map(|reason| reason.code());
        assert_eq!(*known, json!(codes));
        assert_eq!(Reason::CopiedKey.code(), "copy");
    }
}
