//! The whole check of a form: the only owner of stage order and field names.

mod fields;

pub use fields::CertificateType;

use crate::finding::Findings;
use crate::form::CertificateForm;
use crate::metadata::CertificateResponse;
use crate::name;
use crate::policy::Policy;
use crate::report::{Accepted, ApiError, Rejected, Report};

pub(crate) use fields::RULES as FIELD_RULES;

/// Checks a whole form.
///
/// # Errors
/// [`Rejected`] where any finding is an error. Both results carry all findings.
pub fn validate(form: &CertificateForm, policy: &Policy) -> Result<Accepted, Box<Rejected>> {
    let mut findings = Findings::new(policy);
    let fields = fields::check(form, &mut findings);
    if let Some(name) = &form.name {
        name::read(name, &mut findings);
    }
    fields::check_sign_fields(form, fields.algorithm, &mut findings);
    let (findings, not_evaluated) = findings.finish();
    let api = ApiError::of(&findings, policy);
    let report = Report {
        checked_at: policy.time,
        api: api.clone(),
        certificate: None,
        sign_certificate: None,
        not_evaluated,
        findings,
    };
    match api {
        Some(api) => Err(Box::new(Rejected { report, api })),
        None => Ok(Accepted { report, certificate: CertificateResponse::default() }),
    }
}
