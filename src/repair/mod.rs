//! The machine-applicable mend of a form.
//!
//! A repair never invents: the mended form holds the same distinct DER objects, less duplicates and what stands in the wrong field
//! although the right one has it too, and less a self-issued last certificate of a chain of two or more. The leaf is never removed, and
//! nothing moves into `trusted_root_ca`.

mod encode;
mod keep;

use std::collections::BTreeSet;

use crate::finding::{Finding, Mend};
use crate::form::CertificateForm;
use crate::location::Field;
use crate::policy::Policy;
use crate::report::{Accepted, Rejected};
use crate::validate::validate;
use encode::encode;
use keep::kept_blocks;

/// The rounds of check and mend. Each round mends every fixable finding; a second one is needed where the first uncovers more (fields
/// swapped, and damaged as well), so a handful always suffices. The bound keeps a repair from running forever.
const ROUNDS: usize = 6;

/// A form after its repair.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Repaired {
    /// The mended form. Where nothing was fixable, the form as it was.
    pub form: CertificateForm,
    /// The findings that were mended, in the order in which they were.
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
        let fixable: Vec<Finding> =
            findings(&result).iter().filter(|finding| finding.is_fixable()).cloned().collect();
        if fixable.is_empty() {
            break;
        }
        let before = form.clone();
        apply(&fixable, &mut form, policy);
        if form == before {
            break;
        }
        mended.extend(fixable);
        result = validate(&form, policy);
    }
    Repaired { form, mended, result }
}

fn findings(result: &Result<Accepted, Box<Rejected>>) -> &[Finding] {
    match result {
        Ok(accepted) => &accepted.report().findings,
        Err(rejected) => &rejected.report().findings,
    }
}

fn apply(fixable: &[Finding], form: &mut CertificateForm, policy: &Policy) {
    let mut fields = BTreeSet::new();
    let mut exchanged = false;
    for finding in fixable {
        match finding.mend {
            // One exchange a round: a second one of the same fields would undo the first.
            Some(Mend::Exchange(pairs)) if !exchanged => {
                exchanged = true;
                for &(one, other) in pairs {
                    exchange(form, one, other);
                }
            }
            Some(Mend::Rewrite) => fields.extend(finding.location.field),
            Some(Mend::Exchange(_)) | None => {}
        }
    }
    // Locations are those before the exchange; what is damaged is rewritten in the next round.
    if !exchanged {
        for field in fields {
            rewrite(form, field, policy);
        }
    }
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
