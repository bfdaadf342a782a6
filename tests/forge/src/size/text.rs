//! Text that grows around and inside blocks.

use super::{count, issuer, leaf, leaf_with, sans};
use crate::form::{self, Form};
use crate::pem;

pub(super) const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
pub(super) const END: &str = "-----END CERTIFICATE-----\n";

pub(super) fn with_text(change: impl FnOnce(String) -> String) -> Form {
    let mut form = form::ecc();
    form.cert_content = form.cert_content.map(change);
    form
}

pub(super) fn cert_text(bytes: usize, piece: &str) -> Form {
    with_text(|_| piece.repeat(count(bytes, piece.len())))
}

pub(super) fn text(bytes: usize) -> Form {
    let line = "    Subject: C = CN, O = Forge Ltd, CN = www.forge.example\n";
    with_text(|text| line.repeat(count(bytes, line.len())) + &text)
}

pub(super) fn short_lines(bytes: usize) -> Form {
    with_text(|text| "x\n".repeat(count(bytes, 2)) + &text)
}

pub(super) fn blank_lines(bytes: usize) -> Form {
    with_text(|text| pem::inside(&text, &"\n".repeat(bytes)))
}

pub(super) fn spaces(bytes: usize) -> Form {
    with_text(|text| text.replacen("\n", &format!("\n{}", " ".repeat(bytes / 2)), 2))
}

pub(super) fn narrow_lines(bytes: usize) -> Form {
    let issuer = issuer();
    let leaf = leaf().with(sans(bytes / 5 * 4)).issued_by(&issuer);
    let mut form = Form::of("ECC", &[leaf.clone(), issuer.clone()]);
    form.cert_content = Some(pem::encode_with("CERTIFICATE", &leaf.der, 4, "\n") + &issuer.pem());
    form
}

pub(super) fn mapped(bytes: usize, change: fn(&str) -> String) -> Form {
    let mut form = leaf_with(sans(bytes));
    form.cert_content = form.cert_content.map(|text| change(&text));
    form
}

pub(super) fn bad_lines(bytes: usize) -> Form {
    let line = "MIIB*IIB\n";
    with_text(|text| pem::inside(&text, &line.repeat(count(bytes, line.len()))))
}

pub(super) fn empty_blocks(bytes: usize) -> Form {
    let block = [BEGIN, END].concat();
    with_text(|text| text + &block.repeat(count(bytes, block.len())))
}

pub(super) fn name_field(bytes: usize) -> Form {
    Form { name: Some("\u{ff41}".repeat(count(bytes, 3))), ..form::ecc() }
}
