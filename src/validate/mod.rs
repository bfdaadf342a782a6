//! The whole check of a form: the only owner of stage order and field names.

pub(crate) mod contents;
pub(crate) mod fields;
mod side;
#[cfg(test)]
mod tests;

pub use fields::CertificateType;

use crate::algorithm::AlgorithmType;
use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, Findings};
use crate::location::{Field, Location};
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::read::form::CertificateForm;
use crate::relate::chain::roots;
use crate::relate::sm2_set::{self, Sm2Set};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::certificate::{self, Role};
use crate::rules::name;
use crate::tell::metadata::{CertificateMetadata, CertificateResponse};
use crate::tell::report::{Accepted, ApiError, Rejected, Report};

pub(crate) use contents::{
    COMPARED, PairBlocks, is_certificate, is_key, key_copies, only_key, read_field, right_label,
};
use contents::{read_pair, read_roots};
pub(crate) use side::Side;
/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&ALGORITHM_CONTRADICTS, &SIGN_NOT_SM2];

/// Checks a whole form: fields, name, PEM, keys, matches, chains, validity; everything that is wrong is found in one pass.
///
/// Pure: the time comes from the policy. Fields that do not depend on each other are all checked; a stage that cannot go on stops
/// only itself, and what was therefore not evaluated is listed.
///
/// # Errors
/// [`Rejected`] where any finding is an error. Both results carry all findings.
///
/// ```
/// use certgate::{CertificateForm, Policy, validate};
///
/// let mut form = CertificateForm::default();
/// form.name = Some("1st".to_owned());
/// let rejected = validate(&form, &Policy::default()).expect_err("nothing in this form is right");
/// let codes: Vec<_> = rejected.report().findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["field-missing", "field-missing", "name-too-short", "name-start"]);
/// assert_eq!(rejected.api().body.error_code.as_str(), "APIG.2001");
/// ```
pub fn validate(form: &CertificateForm, policy: &Policy) -> Result<Accepted, Box<Rejected>> {
    let mut findings = Findings::new(policy);
    let fields = fields::check(form, &mut findings);
    let name = form.name.as_deref().and_then(|name| name::read(name, &mut findings));

    let base_blocks = read_pair(form, Field::CertContent, Field::PrivateKey, &mut findings);
    let base = Side::read(&base_blocks, &mut findings);
    let inferred = base.leaf().and_then(|leaf| leaf.public_key()?.algorithm_type());
    check_algorithm(fields.algorithm, &base, &mut findings);
    // What the certificate is counts before what the form says it is: the contradiction is told.
    let algorithm = inferred.or(fields.algorithm);
    fields::check_sign_fields(form, algorithm, &mut findings);

    let is_sm2 = algorithm == Some(AlgorithmType::Sm2);
    let sign_blocks =
        is_sm2.then(|| read_pair(form, Field::CertContentSign, Field::PrivateKeySign, &mut findings));
    let sign = sign_blocks.as_ref().map(|blocks| Side::read(blocks, &mut findings));
    match &sign {
        Some(sign) => check_sm2(&base, sign, &mut findings),
        None => base.check_match(&mut findings),
    }
    base.check_chain(&mut findings);
    if let Some(sign) = &sign {
        sign.check_chain(&mut findings);
    }

    if form.trusted_root_ca.is_some() {
        check_roots(form, fields.certificate_type, &mut findings);
    }

    let response = |side: &Side<'_>| {
        let metadata = CertificateMetadata::of(side.leaf()?);
        let algorithm = side.leaf()?.public_key().and_then(|key| key.algorithm_type());
        let mut response = CertificateResponse::new(metadata);
        response.algorithm_type = algorithm;
        Some(response)
    };
    let certificate = response(&base).map(|mut response| {
        // What is no name may be a key in the wrong field: it is not repeated.
        response.name = name.map(|name| name.as_str().to_owned());
        response.is_has_trusted_root_ca = Some(form.trusted_root_ca.is_some());
        match fields.certificate_type {
            CertificateType::Global => response.global(),
            CertificateType::Instance => {
                let id = form.instance_id.as_deref().filter(|id| fields::is_identifier(id));
                let mut response = response.instance(id.unwrap_or_default());
                response.instance_id = response.instance_id.filter(|id| !id.is_empty());
                response
            }
        }
    });
    let is_proven = base.is_proven() && sign.as_ref().is_none_or(Side::is_proven);
    let sign_certificate = sign.as_ref().and_then(response);
    finish(policy, findings, certificate, sign_certificate, is_proven)
}

static ALGORITHM_CONTRADICTS: Rule = Rule {
    code: "algorithm-contradicts",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Algorithm,
    summary: "`algorithm_type` is not that of the certificate's key",
    hint: "Correct `algorithm_type`, or leave it out: it follows from the certificate's key.",
    why: "`algorithm_type` names the algorithm of the certificate's public key: `RSA`, `ECC` (P-256, P-384, P-521) or `SM2`. The algorithm of \
          the signature plays no part: an ECC certificate may be signed by an RSA issuer.\n\n\
          Example: `\"algorithm_type\": \"RSA\"` with a P-256 certificate under an RSA issuer.",
    citations: &["API page, table 3: algorithm_type", "RFC 5280, section 4.1.2.7", "APIG.3709"],
    ..Rule::BASE
};

/// `trusted_root_ca`: at least one usable CA certificate, and a type with which it counts.
fn check_roots(form: &CertificateForm, certificate_type: CertificateType, findings: &mut Findings<'_>) {
    let place = Location::field(Field::TrustedRootCa);
    let (blocks, is_whole) = read_roots(form, findings);
    let before = findings.mark();
    if !blocks.is_empty() {
        let certificates: Vec<_> = blocks
            .iter()
            .filter_map(|block| {
                let reading = Certificate::read(&block.der, &block.location);
                certificate::judge(&reading, Role::Root, findings);
                reading.ok()
            })
            .collect();
        roots::read(&certificates, &place, findings);
    }
    if !is_whole {
        findings.keep_text_since(before);
    }
    if certificate_type == CertificateType::Global {
        roots::warn_of_global(place, findings);
    }
}

/// The declared algorithm against that of the leaf's key, and the signing pair of an SM2 set against SM2. A key that the API does not take
/// at all is told where the certificate is read.
fn check_algorithm(declared: Option<AlgorithmType>, base: &Side<'_>, findings: &mut Findings<'_>) {
    let actual =
        base.leaf().and_then(|leaf| leaf.public_key()).and_then(|key| Some((key, key.algorithm_type()?)));
    let Some(declared) = declared else { return };
    let Some((key, actual)) = actual else {
        let why = match base.leaf().and_then(|leaf| leaf.public_key()) {
            Some(key) => format!("the certificate's key is of type {}", key.name()),
            None => "there is no certificate whose key could be read".to_owned(),
        };
        findings.not_evaluated("algorithm", format!("`algorithm_type` was not compared: {why}"));
        return;
    };
    if declared != actual {
        let message = format!(
            "`algorithm_type` is `{declared}`, but the certificate's key is {}",
            describe(actual, key)
        );
        let hint = format!(
            "Set `algorithm_type` to `{actual}`, or leave it out: it follows from the certificate's key."
        );
        let place = Location::field(Field::AlgorithmType);
        findings.add(Finding::new(&ALGORITHM_CONTRADICTS, place, message).hint(hint));
    }
}

/// The family of a key and, where that says more, its curve: `RSA`, `ECC (P-256)`.
fn describe(algorithm: AlgorithmType, key: &PublicKey) -> String {
    match algorithm {
        AlgorithmType::Ecc => format!("{algorithm} ({})", key.name()),
        AlgorithmType::Rsa | AlgorithmType::Sm2 => algorithm.to_string(),
    }
}

static SIGN_NOT_SM2: Rule = Rule {
    code: "sign-not-sm2",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Algorithm,
    summary: "The signature certificate of an SM2 set is not SM2",
    hint: "Put the set's own signature certificate and its key into the `*_sign` fields.",
    why: "The two pairs of an SM2 set serve one protocol (TLCP), which signs with SM2 and SM3. A certificate with an RSA or NIST-curve key \
          cannot stand in for the signature certificate.\n\n\
          Example: an SM2 encryption certificate in `cert_content` and the old RSA certificate in `cert_content_sign`.",
    citations: &["API page, table 3: cert_content_sign", "GB/T 38636-2020", "APIG.3709"],
    ..Rule::BASE
};

fn check_sm2(base: &Side<'_>, sign: &Side<'_>, findings: &mut Findings<'_>) {
    check_sign_algorithm(sign, findings);
    let set = Sm2Set {
        encryption: base.leaf(),
        encryption_key: base.key(),
        signature: sign.leaf(),
        signature_key: sign.key(),
    };
    sm2_set::read(set, base.proof(), sign.proof(), findings);
}

fn check_sign_algorithm(sign: &Side<'_>, findings: &mut Findings<'_>) {
    let Some(leaf) = sign.leaf() else { return };
    if let Some(key) = leaf.public_key()
        && let Some(actual @ (AlgorithmType::Rsa | AlgorithmType::Ecc)) = key.algorithm_type()
    {
        let message = format!("the signature certificate's key is {}; it must be SM2", describe(actual, key));
        findings.add(Finding::new(&SIGN_NOT_SM2, leaf.location().clone(), message));
    }
}

/// Accepts what has no error and whose keys are proven. A form without a proof is rejected even where no finding says so: what was not
/// evaluated is never "ok".
fn finish(
    policy: &Policy,
    findings: Findings<'_>,
    certificate: Option<CertificateResponse>,
    sign_certificate: Option<CertificateResponse>,
    is_proven: bool,
) -> Result<Accepted, Box<Rejected>> {
    let (findings, not_evaluated) = findings.finish();
    let error = ApiError::of(&findings, policy);
    let mut report =
        Report { checked_at: policy.time, api: None, certificate, sign_certificate, not_evaluated, findings };
    match (error, report.certificate.clone(), is_proven) {
        (None, Some(certificate), true) => Ok(Accepted { report, certificate }),
        (error, ..) => {
            let api = error.unwrap_or_else(|| ApiError::new(ApiCode::Mismatch, None, policy));
            report.api = Some(api.clone());
            Err(Box::new(Rejected { report, api }))
        }
    }
}
