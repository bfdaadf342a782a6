//! The whole check of a form, in four steps: read, relate, judge, tell.

#[cfg(test)]
mod tests;

use crate::crypto::issuer_cache::{IssuerCache, Verifier};
use crate::finding::Findings;
use crate::policy::{At, Policy};
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
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
    check(form, policy, at.into(), Beside::default(), |_| ()).0
}

/// [`validate`], with what earlier checks found out about issuers: the report is the same, and comes sooner where a certificate of the chain
/// was seen before.
///
/// # Errors
/// As [`validate`].
pub fn validate_with(
    form: &CertificateForm,
    policy: &Policy,
    at: impl Into<At>,
    cache: &IssuerCache,
) -> Result<Accepted, Box<Rejected>> {
    check(form, policy, at.into(), Beside { cache: Some(cache), ..Beside::default() }, |_| ()).0
}

/// [`validate`] for a form that replaces a stored one. It also says what the update takes away: names, days, trusted roots; and whether the
/// key is the same again.
///
/// `stored` is a form that was accepted. Only its certificate fields and `trusted_root_ca` are read, so that its private keys may be absent.
///
/// # Errors
/// As [`validate`]. What an update takes away is never an error, unless the policy makes it one.
///
/// ```
/// use certgate::{At, CertificateForm, Policy, validate_update};
///
/// let mut stored = CertificateForm::default();
/// stored.trusted_root_ca = Some("-----BEGIN CERTIFICATE-----…".into());
/// let form = CertificateForm::default();
/// let rejected = validate_update(&form, &stored, &Policy::default(), At::NotEvaluated, None).expect_err("an empty form");
/// let last = rejected.report().findings.last().map(|finding| finding.code());
/// assert_eq!(last, Some("update-roots-dropped"));
/// ```
pub fn validate_update(
    form: &CertificateForm,
    stored: &CertificateForm,
    policy: &Policy,
    at: impl Into<At>,
    cache: Option<&IssuerCache>,
) -> Result<Accepted, Box<Rejected>> {
    check(form, policy, at.into(), Beside { stored: Some(stored), cache }, |_| ()).0
}

/// What a check may have beside the form.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beside<'b> {
    /// The form that it replaces.
    pub(crate) stored: Option<&'b CertificateForm>,
    /// What earlier checks found out about issuers.
    pub(crate) cache: Option<&'b IssuerCache>,
}

/// [`validate`], and what `then` makes of the plan of a repair.
pub(crate) fn check<T>(
    form: &CertificateForm,
    policy: &Policy,
    at: At,
    beside: Beside<'_>,
    then: impl FnOnce(&Plan<'_>) -> T,
) -> (Result<Accepted, Box<Rejected>>, T) {
    // Read.
    let upload = Upload::read(form, policy.content_max_bytes);
    // Relate.
    let limits = Limits {
        max_certificates: policy.chain_max_certificates,
        verifier: Verifier { sm2_ids: &policy.sm2_ids, cache: beside.cache },
        time: at.time(),
    };
    let relations = Relations::new(form, &upload, limits);
    // Judge.
    let findings = Findings::at(policy, at);
    let mut findings = if relations.proven().is_some() { findings } else { findings.with_all_rules() };
    rules::judge(form, &upload, &relations, &mut findings);
    if let Some(stored) = beside.stored {
        rules::update::judge(stored, form, &relations, &mut findings);
    }
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
    (verdict(report, relations.proven(), policy), then(&plan))
}

/// Accepts what has no error and whose keys are proven. A form without a proof is rejected even where no finding says so: what was not
/// evaluated is never "ok".
fn verdict(report: Report, proven: Option<Proven>, policy: &Policy) -> Result<Accepted, Box<Rejected>> {
    Accepted::new(report, proven)
        .map_err(|report| Box::new(Rejected::new(*report, || ApiError::new(ApiCode::Mismatch, None, policy))))
}
