//! The whole check of a form, in four steps: read, relate, judge, tell.

#[cfg(test)]
mod tests;

use crate::finding::Findings;
use crate::policy::{At, Policy};
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
use crate::relate::fleet::Member;
use crate::relate::server::Limits;
use crate::relate::{Proven, Relations};
use crate::rule::ApiCode;
use crate::rules;
use crate::tell::metadata::response;
use crate::tell::plan::Plan;
use crate::tell::report::{Accepted, ApiError, HostServed, Rejected, Report};

/// Checks a whole form: fields, name, PEM, keys, matches, chains, validity; everything that is wrong is found in one pass.
///
/// Pure: the time is an argument, [`At::NotEvaluated`] where there is none. Fields that do not depend on each other are all checked; a step
/// that cannot go on stops only itself, and what was therefore not evaluated is listed. A check takes 0.1 to 1 ms of one thread and does not wait for anything.
///
/// # Errors
/// [`Rejected`] where any finding is an error. Both results carry all findings.
///
/// ```
/// use certgate::{At, CertificateForm, Policy, validate};
///
/// let mut form = CertificateForm::default();
/// form.name = Some("1st".to_owned());
/// let rejected = validate(&form, &Policy::default(), At::NotEvaluated).expect_err("nothing in this form is right");
/// let codes: Vec<_> = rejected.report().findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["field-missing", "field-missing", "name-too-short", "name-start"]);
/// assert_eq!(rejected.api().body.error_code.as_str(), "APIG.2001");
/// ```
pub fn validate(
    form: &CertificateForm,
    policy: &Policy,
    at: impl Into<At>,
) -> Result<Accepted, Box<Rejected>> {
    check(form, policy, at.into(), |_, _| ()).0
}

/// [`validate`], and what a [`Fleet`](crate::fleet::Fleet) has to know of the form, accepted or not.
///
/// # Errors
/// As [`validate`], in the first of the two.
pub fn validate_member(
    form: &CertificateForm,
    policy: &Policy,
    at: impl Into<At>,
) -> (Result<Accepted, Box<Rejected>>, Member) {
    check(form, policy, at.into(), |relations, _| Member::of(relations))
}

/// [`validate`], and what `then` makes of the relations and of the plan of a repair.
pub(crate) fn check<T>(
    form: &CertificateForm,
    policy: &Policy,
    at: At,
    then: impl FnOnce(&Relations<'_>, &Plan<'_>) -> T,
) -> (Result<Accepted, Box<Rejected>>, T) {
    // Read.
    let upload = Upload::read(form, policy.content_max_bytes);
    // Relate.
    let limits =
        Limits { max_certificates: policy.chain_max_certificates, sm2_ids: &policy.sm2_ids, time: at.time() };
    let relations = Relations::new(form, &upload, limits);
    // Judge.
    let findings = Findings::at(policy, at);
    let mut findings = if relations.proven().is_some() { findings } else { findings.with_all_rules() };
    rules::judge(form, &upload, &relations, &mut findings);
    let (mut findings, not_evaluated) = findings.finish();
    // Tell.
    let is_mendable = findings.iter().any(|finding| finding.mend.is_some());
    let mut plan = if is_mendable { Plan::new(&upload, &relations) } else { Plan::default() };
    plan.name(&mut findings);
    let report = Report {
        checked_at: at.time(),
        api: ApiError::of(&findings, policy),
        certificate: response::of_form(form, &relations, policy),
        sign_certificate: relations.sign.as_ref().and_then(|sign| response::of_pair(&sign.pair)),
        hosts: HostServed::all(relations.base.pair.leaf(), policy),
        not_evaluated,
        findings,
    };
    (verdict(report, relations.proven(), policy), then(&relations, &plan))
}

/// Accepts what has no error and whose keys are proven. A form without a proof is rejected even where no finding says so: what was not
/// evaluated is never "ok".
fn verdict(report: Report, proven: Option<Proven>, policy: &Policy) -> Result<Accepted, Box<Rejected>> {
    Accepted::new(report, proven)
        .map_err(|report| Box::new(Rejected::new(*report, || ApiError::new(ApiCode::Mismatch, None, policy))))
}
