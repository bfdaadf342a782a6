//! Tricky input as changes to a valid form. What the check has to say of each is in `tests/cases`, in the folders that end in its name.
//!
//! The times are made for a check at 2026-06-01T00:00:00Z.

mod blocks;
mod chains;
mod fields;
mod issuers;
mod keys;
mod leaf;
mod near;
mod nested;
mod own;
mod pairs;
mod text;
mod weak;

use crate::cert::{Cert, Issued, bundle};
use crate::chain;
use crate::form::{self, Form};
use crate::key::Key;
use std::sync::OnceLock;

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
        static FORMS: [OnceLock<Form>; 3] = [const { OnceLock::new() }; 3];
        let (index, make): (usize, fn() -> Form) = match self {
            Base::Rsa => (0, form::rsa),
            Base::Ecc => (1, form::ecc),
            Base::Sm2 => (2, form::sm2),
        };
        FORMS[index].get_or_init(make).clone()
    }
}

/// One change to a valid form. Not always a fault: many rows are right, or nearly wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The name of the row, which no other has.
    pub row: &'static str,
    /// The form to begin with.
    pub base: Base,
    /// The change.
    pub apply: fn(&mut Form),
}

const fn row(base: Base, row: &'static str, apply: fn(&mut Form)) -> Fault {
    Fault { row, base, apply }
}

impl Fault {
    /// The valid form, changed.
    pub fn form(&self) -> Form {
        let mut form = self.base.form();
        (self.apply)(&mut form);
        form
    }

    /// The fields in which the changed form differs from the valid one.
    pub fn fields(&self, form: &Form) -> Vec<String> {
        let before = self.base.form().value();
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
    [
        text::ROWS,
        blocks::ROWS,
        fields::ROWS,
        keys::ROWS,
        leaf::ROWS,
        chains::ROWS,
        issuers::ROWS,
        own::ROWS,
        pairs::ROWS,
        near::ROWS,
        nested::ROWS,
        weak::ROWS,
    ]
    .into_iter()
    .flatten()
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
