//! Judge: the rules, one file a subject. Each takes facts, relations and the policy, and only ever adds findings.

pub(crate) mod algorithm;
pub(crate) mod catalogue;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod exception;
pub(crate) mod fields;
pub(crate) mod fleet;
pub(crate) mod form;
pub(crate) mod key;
mod label;
pub(crate) mod matching;
pub(crate) mod name;
pub(crate) mod pem;
pub(crate) mod roots;
pub(crate) mod sm2;
pub(crate) mod trust;
pub(crate) mod update;

use std::cell::LazyCell;
use std::collections::BTreeSet;

use crate::algorithm::AlgorithmType;
use crate::finding::Findings;
use crate::location::{Field, Location};
use crate::read::block::Block;
use crate::read::form::{CertificateForm, CertificateType};
use crate::read::upload::Upload;
use crate::relate::server::ServerPair;
use crate::relate::{Relations, UploadedPair, UploadedRoots, sm2_set};
use certificate::Role;
use pem::Expected;

/// Judges a whole upload, in the order of the form.
pub(crate) fn judge(
    form: &CertificateForm,
    upload: &Upload,
    relations: &Relations<'_>,
    findings: &mut Findings<'_>,
) {
    let Relations { base, sign, set, together, roots, algorithm } = relations;
    let is_sm2 = *algorithm == Some(AlgorithmType::Sm2) || together.is_some();
    form::judge(form, is_sm2, findings);
    if let Some(name) = form.name.as_ref().filter(|_| !form.is_blank(Field::Name)) {
        name::judge(name, findings);
    }
    judge_pair(base, upload, findings);
    algorithm::judge(form, &base.pair, findings);
    match together {
        Some(together) => sm2::report_together(together, findings),
        None => form::judge_sign_fields(form, *algorithm, findings),
    }
    if let Some(sign) = sign {
        judge_pair(sign, upload, findings);
    }
    match (sign, set) {
        (Some(sign), Some(set)) => {
            algorithm::judge_sign(&sign.pair, findings);
            let proofs = (base.pair.proof.as_ref(), sign.pair.proof.as_ref());
            sm2::judge(sm2_set(&base.pair, &sign.pair), *set, proofs.0, proofs.1, findings);
        }
        // Of several keys `fields` says that none was tried.
        _ if !base.fields.key.several().is_empty() => {}
        _ => matching::judge(&base.pair, findings),
    }
    for pair in std::iter::once(base).chain(sign) {
        chain::judge_pair(&pair.pair, findings);
    }
    if let Some(roots) = roots {
        judge_roots(form, upload, roots, findings);
    }
}

/// A certificate field and its key field: their texts, what is in which, the key, the certificates.
fn judge_pair(uploaded: &UploadedPair<'_>, upload: &Upload, findings: &mut Findings<'_>) {
    let UploadedPair { fields, pair, own_public_keys } = uploaded;
    judge_text(upload, fields.certificate_field, Expected::Certificates, own_public_keys, findings);
    judge_text(upload, fields.key_field, Expected::PrivateKey, own_public_keys, findings);
    fields::judge(fields, pair.own_of_several, upload, findings);
    if let Some((block, key)) = &pair.key {
        key::judge(block, key, pair.algorithm(), findings);
    }
    judge_certificates(pair, findings);
}

fn judge_text(
    upload: &Upload,
    field: Field,
    expected: Expected,
    own_public_keys: &[&Block],
    findings: &mut Findings<'_>,
) {
    if let Some(text) = upload.text(field) {
        pem::judge(text, expected, own_public_keys, &Location::field(field), findings);
    }
}

/// The certificates of a pair, in order: the server's as a leaf, all others as issuers. What cannot be read may be the server's, unless it
/// follows that.
fn judge_certificates(pair: &ServerPair<'_>, findings: &mut Findings<'_>) {
    let role_of_unreadable =
        |before: usize| if pair.leaf.is_some_and(|leaf| leaf < before) { Role::Issuer } else { Role::Leaf };
    let named: LazyCell<BTreeSet<_>, _> = LazyCell::new(|| {
        let names = pair.certificates.iter().map(|other| (other.issuer().der(), other.subject().der()));
        names.filter(|(issuer, subject)| issuer != subject).map(|(issuer, _)| issuer).collect()
    });
    let mut unreadable = pair.unreadable.iter().peekable();
    for (position, certificate) in pair.certificates.iter().enumerate() {
        while let Some((before, broken)) = unreadable.next_if(|(before, _)| *before <= position) {
            certificate::judge(Err(broken), role_of_unreadable(*before), findings);
        }
        let role = if pair.leaf == Some(position) { Role::Leaf } else { Role::Issuer };
        let is_name_told =
            certificate.has_faults() && role == Role::Issuer && named.contains(certificate.subject().der());
        certificate::judge_unless_told(Ok(certificate), role, is_name_told, findings);
    }
    unreadable.for_each(|(before, broken)| {
        certificate::judge(Err(broken), role_of_unreadable(*before), findings);
    });
}

fn judge_roots(
    form: &CertificateForm,
    upload: &Upload,
    uploaded: &UploadedRoots<'_>,
    findings: &mut Findings<'_>,
) {
    let field = Field::TrustedRootCa;
    judge_text(upload, field, Expected::Certificates, &[], findings);
    fields::judge_roots(&uploaded.blocks, &uploaded.exposed, upload, findings);
    for read in &uploaded.read {
        certificate::judge(read.as_ref().map_err(Box::as_ref), Role::Root, findings);
    }
    if !uploaded.blocks.is_empty() {
        roots::judge(&uploaded.roots, &uploaded.certificates, &Location::field(field), findings);
    }
    if form.certificate_type() == CertificateType::Global {
        roots::warn_of_global(Location::field(field), findings);
    }
}
