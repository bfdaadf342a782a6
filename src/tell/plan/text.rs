//! What an edit says of itself: one sentence, with the reason why nothing is lost.

use crate::location::Field;
use crate::read::block::Block;
use crate::read::pem::fault::{Change, Fault, FaultKind};
use crate::text;

pub(super) fn rewrite(faults: &[Fault]) -> String {
    let mut changes: Vec<String> = faults.iter().filter_map(put_right).collect();
    let is_change = |fault: &Fault| matches!(fault.kind, FaultKind::Changed { .. });
    if faults.iter().any(|fault| fault.is_repaired_by_rewriting() && !is_change(fault)) {
        changes.push(
            "written again as plain PEM: the same blocks, without the damage in and around them".to_owned(),
        );
    }
    changes.join("; ")
}

/// How a text that was changed is put right, where it is proven what it was.
fn put_right(fault: &Fault) -> Option<String> {
    let FaultKind::Changed { change, is_proven: true, .. } = fault.kind else { return None };
    let what = match change {
        Change::DoubledLine { line } => format!("line {line}, which stood twice, is there once"),
        Change::ExchangedLines { one, other } => format!("lines {one} and {other} have changed places"),
        Change::OtherCharacter { line } => format!("one character in line {line} is what it was before"),
        Change::LostCase
        | Change::LostCharacter { .. }
        | Change::LostLines { .. }
        | Change::UnequalLine(_) => "the lines are what they were before".to_owned(),
    };
    Some(format!("{what}, as a signature or the key itself proves"))
}

pub(super) fn rename() -> String {
    "the fields are written at the top of the form, under the API's names: the same values".to_owned()
}

pub(super) fn relabel(block: &Block, label: &str) -> String {
    format!("{} gets the label `{label}`, which is the right one for its body", name(block))
}

pub(super) fn with_curve(block: &Block) -> String {
    format!(
        "{} is written as PKCS#8, with its curve and its public point, which are the certificate's",
        name(block)
    )
}

pub(super) fn as_pkcs8(block: &Block) -> String {
    format!(
        "{} is written as PKCS#8 under the label `PRIVATE KEY`, which every program loads: the same key",
        name(block)
    )
}

pub(super) fn as_version_1(block: &Block) -> String {
    format!(
        "{} is written as PKCS#8 version 1: the same key, and its public part follows from it",
        name(block)
    )
}

pub(super) fn reorder(right: &[&Block]) -> String {
    let numbers: Vec<_> =
        right.iter().filter_map(|block| block.location.block).map(|number| number.to_string()).collect();
    format!(
        "the certificates are put in the order {}: the server's first, then each one's issuer",
        numbers.join(", ")
    )
}

pub(super) fn copy(block: &Block, first: Option<&Block>) -> String {
    let first = first.map_or_else(|| "an earlier block".to_owned(), name);
    format!("{} is left out: it is the same certificate as {first}", name(block))
}

pub(super) fn expired(block: &Block) -> String {
    format!("{} is left out: it has expired, and the chain does not need it", name(block))
}

pub(super) fn root(block: &Block) -> String {
    format!("{} is left out: it is a root, which clients have already or do not trust", name(block))
}

pub(super) fn misplaced(block: &Block, field: Field) -> String {
    format!("{} is left out: `{field}` holds the same certificate", name(block))
}

pub(super) fn copied_key(block: &Block) -> String {
    format!("{} is left out: it is the same private key as an earlier block", name(block))
}

pub(super) fn exposed(block: &Block) -> String {
    format!("{} is left out: it is a private key, and a key field holds the same one", name(block))
}

pub(super) fn moved(certificates: &[&Block], field: Field) -> String {
    let what = text::count(certificates.len(), "certificate");
    format!("{what} moved to `{field}`, which held nothing; the key stays where it is")
}

pub(super) fn separated() -> String {
    "the two pairs of the SM2 set go to their fields: the encryption pair to `cert_content` and `private_key`, the signature pair to \
     `cert_content_sign` and `private_key_sign`; an issuer of both goes along with both"
        .to_owned()
}

pub(super) fn needless(block: &Block) -> String {
    format!("{} is left out: it is neither a certificate nor a key", name(block))
}

pub(super) fn own_public_key(block: &Block) -> String {
    format!("{} is left out: it is the public key of the certificate or private key beside it", name(block))
}

pub(super) fn exchange(fields: &[(Field, Field)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(one, other)| format!("`{one}` with `{other}`")).collect();
    format!("exchanged: {}", pairs.join(", and "))
}

fn name(block: &Block) -> String {
    format!("block {}", block.location.block.unwrap_or(1))
}
