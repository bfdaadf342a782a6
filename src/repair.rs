//! The repair of a form: every edit that invents nothing, made and checked.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::location::Field;
use crate::policy::{At, Policy};
use crate::read::form::CertificateForm;
pub use crate::tell::plan::Edit;
use crate::tell::report::{Accepted, Rejected};
use crate::validate::Check;

/// The rounds of check and repair. A round writes fields again or makes one exchange; a further one is needed where that uncovers more. At
/// most three exchanges follow one another (two pairs swapped, and then crossed), each perhaps with fields to write before and after, so
/// ten always suffice. The bound keeps a repair from running forever.
const ROUNDS: usize = 10;

/// A form after its repair.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Repaired {
    /// The repaired form. Where nothing was fixable, the form as it was.
    pub form: CertificateForm,
    /// What was changed, in the order in which it was. Each edit names the rules whose findings are gone by it.
    pub edits: Vec<Edit>,
    /// The check of the repaired form: no finding of it is fixable.
    pub result: Result<Accepted, Box<Rejected>>,
}

/// Changes everything in `form` that can be fixed without inventing anything, and checks the outcome.
///
/// The repaired form holds the same distinct DER objects, less copies, less what is in the wrong field although the right one has it too,
/// less a root at the end of a chain of three or more, less expired issuers that the chain does not need, and less blocks that are neither
/// a certificate nor a key (DH parameters, the own public key, an unknown label). The server's certificate is never left out, and nothing
/// moves into `trusted_root_ca`.
///
/// ```
/// use certgate::{At, CertificateForm, Policy, repair};
///
/// let form = CertificateForm::default();
/// let repaired = repair::repair(&form, &Policy::default(), At::NotEvaluated);
/// assert!(repaired.edits.is_empty());
/// assert!(repaired.result.is_err());
/// ```
pub fn repair(form: &CertificateForm, policy: &Policy, at: impl Into<At>) -> Repaired {
    run(form, None, policy, at.into())
}

/// As [`repair`], but changes only what fixes the findings of the rule `code` in `field`. Other findings of a text that is written again go
/// with them; each edit says which.
///
/// ```
/// use certgate::{At, CertificateForm, Field, Policy, repair};
///
/// let form = CertificateForm::from_json(br#"{"name": "www1", "cert_content": "x", "private_key": "y"}"#)?;
/// let repaired = repair::repair_only(&form, "chain-order", Field::CertContent, &Policy::default(), At::NotEvaluated);
/// assert!(repaired.edits.is_empty());
/// # Ok::<(), certgate::Unread>(())
/// ```
pub fn repair_only(
    form: &CertificateForm,
    code: &str,
    field: Field,
    policy: &Policy,
    at: impl Into<At>,
) -> Repaired {
    run(form, Some(Wanted { code, field }), policy, at.into())
}

/// The findings that a repair is asked to fix; without, all.
#[derive(Clone, Copy)]
struct Wanted<'w> {
    code: &'w str,
    field: Field,
}

impl Wanted<'_> {
    fn is_fixed_by(self, edit: &Edit) -> bool {
        edit.field == self.field && edit.mends.contains(&self.code)
    }
}

fn run(form: &CertificateForm, wanted: Option<Wanted<'_>>, policy: &Policy, at: At) -> Repaired {
    let is_wanted = |edit: &Edit| match wanted {
        Some(wanted) => wanted.is_fixed_by(edit),
        None => !edit.mends.is_empty(),
    };
    let mut form = form.clone();
    let mut edits = Vec::new();
    let (mut result, mut steps) = steps(&form, &is_wanted, policy, at);
    for _ in 0..ROUNDS {
        let before = findings(&result);
        let made = steps.into_iter().find_map(|(next, mut meant)| {
            let (after, further) = self::steps(&next, &is_wanted, policy, at);
            keep_what_is_gone(&mut meant, before, findings(&after));
            let is_of_use = meant.iter().any(&is_wanted);
            is_of_use.then_some((next, meant, after, further))
        });
        let Some((next, made, after, further)) = made else { break };
        edits.extend(made);
        (form, result, steps) = (next, after, further);
    }
    Repaired { form, edits, result }
}

/// A form after some edits, and these.
type Step = (CertificateForm, Vec<Edit>);

/// The check of a form, and the steps that its plan allows. Fields are written again first: where something is, and beside what, is known
/// for the form before an exchange.
fn steps(
    form: &CertificateForm,
    is_wanted: &dyn Fn(&Edit) -> bool,
    policy: &Policy,
    at: At,
) -> (Result<Accepted, Box<Rejected>>, Vec<Step>) {
    Check::new(form, policy, at).and_then(|_, plan| {
        let first =
            plan.reshaped(form).into_iter().chain(plan.rewritten(form, is_wanted)).chain(plan.moved(form));
        first.chain(plan.exchanged(form)).collect()
    })
}

fn findings(result: &Result<Accepted, Box<Rejected>>) -> &[Finding] {
    match result {
        Ok(accepted) => &accepted.report().findings,
        Err(rejected) => &rejected.report().findings,
    }
}

/// Leaves in each edit the rules of which there are fewer findings in the field than before.
fn keep_what_is_gone(edits: &mut [Edit], before: &[Finding], after: &[Finding]) {
    let mut fewer: BTreeMap<(&str, Option<Field>), usize> = BTreeMap::new();
    for finding in before {
        let count = fewer.entry((finding.code(), finding.location.field)).or_default();
        *count = count.saturating_add(1);
    }
    for finding in after {
        if let Some(count) = fewer.get_mut(&(finding.code(), finding.location.field)) {
            *count = count.saturating_sub(1);
        }
    }
    for edit in edits {
        let field = Some(edit.field);
        edit.mends.retain(|code| fewer.get(&(*code, field)).is_some_and(|count| *count > 0));
    }
}
