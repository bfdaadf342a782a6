//! The rows of tricky input as changes to a valid form: what to do, and what the check has to say.
//!
//! The time of the check is 2026-06-01T00:00:00Z, the policy otherwise the default.

mod chains;
mod fields;
mod keys;
mod leaf;
mod pairs;
mod text;

use crate::cert::{Cert, Issued, bundle};
use crate::chain;
use crate::form::{self, Form};
use crate::key::Key;

/// What the check says of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Accepted without a finding.
    Accept,
    /// Accepted; the worst finding is a note.
    Note,
    /// Accepted; the worst finding is a warning.
    Warn,
    /// Rejected.
    Reject,
}

/// The valid form that a fault changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// [`form::rsa`]
    Rsa,
    /// [`form::ecc`]
    Ecc,
    /// [`form::sm2`]
    Sm2,
}

impl Base {
    /// The form.
    pub fn form(self) -> Form {
        match self {
            Base::Rsa => form::rsa(),
            Base::Ecc => form::ecc(),
            Base::Sm2 => form::sm2(),
        }
    }
}

/// One change to a valid form. Not always a fault: some rows must be accepted.
#[derive(Clone, Debug)]
pub struct Fault {
    /// A name for the row, unique.
    pub row: &'static str,
    /// The form to begin with.
    pub base: Base,
    /// The verdict of the whole form.
    pub verdict: Verdict,
    /// The API's error code of a rejection, where it is laid down: `2106` for `APIG.2106`.
    pub api: Option<&'static str>,
    /// Whether a policy may lower it.
    pub soft: bool,
    /// Whether the repair can mend it.
    pub fix: bool,
    /// The change.
    pub apply: fn(&mut Form),
}

impl Fault {
    const fn new(base: Base, row: &'static str, verdict: Verdict, apply: fn(&mut Form)) -> Fault {
        Fault { row, base, verdict, api: None, soft: false, fix: false, apply }
    }
    const fn accept(base: Base, row: &'static str, apply: fn(&mut Form)) -> Fault {
        Fault::new(base, row, Verdict::Accept, apply)
    }
    const fn note(base: Base, row: &'static str, apply: fn(&mut Form)) -> Fault {
        Fault::new(base, row, Verdict::Note, apply)
    }
    const fn warn(base: Base, row: &'static str, apply: fn(&mut Form)) -> Fault {
        Fault::new(base, row, Verdict::Warn, apply)
    }
    const fn reject(base: Base, row: &'static str, apply: fn(&mut Form)) -> Fault {
        Fault::new(base, row, Verdict::Reject, apply)
    }
    const fn api(mut self, code: &'static str) -> Fault {
        self.api = Some(code);
        self
    }
    const fn soft(mut self) -> Fault {
        self.soft = true;
        self
    }
    const fn fix(mut self) -> Fault {
        self.fix = true;
        self
    }

    /// The valid form, changed.
    pub fn form(&self) -> Form {
        let mut form = self.base.form();
        (self.apply)(&mut form);
        form
    }

    /// The files of the row: name and contents. `form.json`, and `<field>.der` for each field that is given as a file.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let form = self.form();
        let mut files = vec![("form.json".to_owned(), form.json().into_bytes())];
        files.extend(form.files.iter().map(|(field, bytes)| (format!("{field}.der"), bytes.clone())));
        files
    }

    /// The fields that the change touches.
    pub fn fields(&self) -> Vec<String> {
        let (before, form) = (self.base.form().value(), self.form());
        let after = form.value();
        let (before, after) = (before.as_object().unwrap(), after.as_object().unwrap());
        let again = form.again.iter().map(|(name, _)| (*name).to_owned());
        let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().chain(again).collect();
        names.sort();
        names.dedup();
        names.retain(|name| before.get(name) != after.get(name) || form.again.iter().any(|(n, _)| n == name));
        names
    }
}

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [text::ROWS, fields::ROWS, keys::ROWS, leaf::ROWS, chains::ROWS, pairs::ROWS].into_iter().flatten()
}

/// Puts this leaf under the plain sub CA into the form, with its key.
fn put(form: &mut Form, leaf: Cert) {
    let (intermediate, _) = chain::plain_issuers();
    put_chain(form, &[leaf.issued_by(&intermediate), intermediate]);
}

/// Puts these certificates into the form, with the first one's key.
fn put_chain(form: &mut Form, certificates: &[Issued]) {
    form.cert_content = Some(bundle(certificates));
    form.private_key = certificates.first().map(Issued::key_pem);
}

/// Puts a leaf of this key into the form, with that key, and declares no algorithm.
fn put_key(form: &mut Form, key: impl Into<Key>) {
    put(form, chain::plain_leaf(key.into()));
    form.algorithm_type = None;
}

/// Changes the text of `cert_content`.
fn on_cert(form: &mut Form, change: impl FnOnce(&str) -> String) {
    form.cert_content = form.cert_content.as_deref().map(change);
}

/// Changes the text of `private_key`.
fn on_key(form: &mut Form, change: impl FnOnce(&str) -> String) {
    form.private_key = form.private_key.as_deref().map(change);
}
