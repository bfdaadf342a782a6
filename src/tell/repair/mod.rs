//! The machine-applicable mend of a form.
//!
//! A repair never invents: the mended form holds the same distinct DER objects, less duplicates and what stands in the wrong field
//! although the right one has it too, less a self-issued last certificate of a chain of two or more, and less expired issuers that the
//! chain does not need. The leaf is never removed, and nothing moves into `trusted_root_ca`.

mod encode;
mod keep;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Mend};
use crate::location::Field;
use crate::policy::Policy;
use crate::read::form::CertificateForm;
use crate::tell::report::{Accepted, Rejected};
use crate::validate::validate;
use encode::encode;
use keep::kept_blocks;

/// The rounds of check and mend. A round writes fields anew or makes one exchange; a further one is needed where that uncovers more.
/// At most three exchanges follow one another (two pairs swapped, and then crossed), each perhaps with fields to write before and after,
/// so a handful always suffices. The bound keeps a repair from running forever.
const ROUNDS: usize = 10;

/// A form after its repair.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Repaired {
    /// The mended form. Where nothing was fixable, the form as it was.
    pub form: CertificateForm,
    /// The findings that were mended, in the order in which they were; each of them is gone.
    pub mended: Vec<Finding>,
    /// The check of the mended form: no finding of it is fixable.
    pub result: Result<Accepted, Box<Rejected>>,
}

/// Mends everything in `form` that can be mended without inventing anything, and checks the outcome.
///
/// ```
/// use certgate::{CertificateForm, Policy, repair};
///
/// let form = CertificateForm::default();
/// let repaired = repair::repair(&form, &Policy::default());
/// assert!(repaired.mended.is_empty());
/// assert!(repaired.result.is_err());
/// ```
pub fn repair(form: &CertificateForm, policy: &Policy) -> Repaired {
    let mut form = form.clone();
    let mut mended = Vec::new();
    let mut result = validate(&form, policy);
    for _ in 0..ROUNDS {
        let before = findings(&result);
        // Fields are written anew first: where something stands, and beside what, is told for the form before an exchange.
        let step = rewritten(&form, before, policy).into_iter().chain(exchanged(&form, before)).find_map(
            |(next, meant)| {
                let after = validate(&next, policy);
                let gone = gone(meant, before, findings(&after));
                (!gone.is_empty()).then_some((next, after, gone))
            },
        );
        let Some((next, after, gone)) = step else { break };
        mended.extend(gone);
        (form, result) = (next, after);
    }
    Repaired { form, mended, result }
}

fn findings(result: &Result<Accepted, Box<Rejected>>) -> &[Finding] {
    match result {
        Ok(accepted) => &accepted.report().findings,
        Err(rejected) => &rejected.report().findings,
    }
}

/// The form with every field written anew that has a finding to be mended so, and those findings. `None` where that changes nothing.
fn rewritten(
    form: &CertificateForm,
    findings: &[Finding],
    policy: &Policy,
) -> Option<(CertificateForm, Vec<Finding>)> {
    let meant: Vec<Finding> =
        findings.iter().filter(|finding| finding.mend == Some(Mend::Rewrite)).cloned().collect();
    let fields: BTreeSet<Field> = meant.iter().filter_map(|finding| finding.location.field).collect();
    let mut next = form.clone();
    for field in fields {
        rewrite(&mut next, field, policy);
    }
    (next != *form).then_some((next, meant))
}

/// For each exchange that a finding asks for, the form after it alone, and that finding. A second exchange of the same fields would undo
/// the first.
fn exchanged<'f>(
    form: &'f CertificateForm,
    findings: &'f [Finding],
) -> impl Iterator<Item = (CertificateForm, Vec<Finding>)> + 'f {
    findings.iter().filter_map(|finding| {
        let Some(Mend::Exchange(pairs)) = finding.mend else { return None };
        let mut next = form.clone();
        for &(one, other) in pairs {
            exchange(&mut next, one, other);
        }
        Some((next, vec![finding.clone()]))
    })
}

/// Those of the findings `meant` to be mended that are gone: of each rule and field as many as there are fewer than before.
fn gone(meant: Vec<Finding>, before: &[Finding], after: &[Finding]) -> Vec<Finding> {
    let kind = |finding: &Finding| (finding.code(), finding.location.field);
    let mut fewer: BTreeMap<_, usize> = BTreeMap::new();
    for finding in before {
        let count = fewer.entry(kind(finding)).or_default();
        *count = count.saturating_add(1);
    }
    for finding in after {
        if let Some(count) = fewer.get_mut(&kind(finding)) {
            *count = count.saturating_sub(1);
        }
    }
    let mut is_gone = |finding: &Finding| match fewer.get_mut(&kind(finding)) {
        Some(count @ 1..) => {
            *count = count.saturating_sub(1);
            true
        }
        _ => false,
    };
    meant.into_iter().filter(|finding| is_gone(finding)).collect()
}

fn exchange(form: &mut CertificateForm, one: Field, other: Field) {
    let first = form.content_mut(one).and_then(Option::take);
    let second = form.content_mut(other).and_then(Option::take);
    if let Some(slot) = form.content_mut(one) {
        *slot = second;
    }
    if let Some(slot) = form.content_mut(other) {
        *slot = first;
    }
}

fn rewrite(form: &mut CertificateForm, field: Field, policy: &Policy) {
    let Some(blocks) = kept_blocks(form, field, policy).filter(|blocks| !blocks.is_empty()) else { return };
    if let Some(slot) = form.content_mut(field) {
        *slot = Some(encode(&blocks));
    }
}
