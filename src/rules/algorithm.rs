//! Whether the algorithm of a certificate's key is the one that the form says, and that a double set needs.

use crate::algorithm::AlgorithmType;
use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, Findings, told};
use crate::location::{Field, Location};
use crate::read::form::CertificateForm;
use crate::relate::server::ServerPair;
use crate::rule::{ApiCode, Rule, Severity, Stage};

static ALGORITHM_CONTRADICTS: Rule = Rule {
    code: "algorithm-contradicts",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Algorithm,
    summary: "`algorithm_type` does not match the certificate's key",
    hint: "Correct `algorithm_type`, or leave it out: without it, the certificate's key decides.",
    why: "`algorithm_type` names the algorithm of the certificate's public key: `RSA`, `ECC` (P-256, P-384, P-521) or `SM2`. The algorithm of \
          the signature does not matter: an ECC certificate may be signed by an RSA issuer.\n\n\
          Example: `\"algorithm_type\": \"RSA\"` with a P-256 certificate under an RSA issuer.",
    citations: &["API page, table 3: algorithm_type", "RFC 5280, section 4.1.2.7", "APIG.3709"],
    ..Rule::BASE
};

/// Judges `algorithm_type` against the leaf's key. A key that the API does not take at all is reported with the certificate.
pub(crate) fn judge(form: &CertificateForm, pair: &ServerPair<'_>, findings: &mut Findings<'_>) {
    let Some(declared) = form.algorithm() else { return };
    let key = pair.leaf().and_then(|leaf| leaf.public_key());
    match (key, pair.algorithm()) {
        (Some(key), Some(actual)) if declared != actual => {
            let message = told!(
                "`algorithm_type` is `{declared}`, but the certificate's key is {actual}",
                declared = declared,
                actual = describe(actual, key)
            );
            let hint = told!(
                "Set `algorithm_type` to `{right}`, or leave it out: without it, the certificate's key decides.",
                right = actual
            );
            let place = Location::field(Field::AlgorithmType);
            findings.add(Finding::new(&ALGORITHM_CONTRADICTS, place, message).hint(hint));
        }
        (Some(_), Some(_)) => {}
        (key, _) => {
            let why = match key {
                Some(key) => format!("the certificate's key is of type {}", key.name()),
                None => "there is no certificate whose key could be read".to_owned(),
            };
            findings.not_evaluated("algorithm", format!("`algorithm_type` was not compared: {why}"));
        }
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
          cannot serve as the signature certificate.\n\n\
          Example: an SM2 encryption certificate in `cert_content` and the old RSA certificate in `cert_content_sign`.",
    citations: &["API page, table 3: cert_content_sign", "GB/T 38636-2020", "APIG.3709"],
    ..Rule::BASE
};

/// Judges the signing pair of a double set.
pub(crate) fn judge_sign(sign: &ServerPair<'_>, findings: &mut Findings<'_>) {
    let Some(leaf) = sign.leaf() else { return };
    if let Some(key) = leaf.public_key()
        && let Some(actual @ (AlgorithmType::Rsa | AlgorithmType::Ecc)) = sign.algorithm()
    {
        let message = told!(
            "the signature certificate's key is {actual}; it must be SM2",
            actual = describe(actual, key)
        );
        findings.add(Finding::new(&SIGN_NOT_SM2, leaf.location().clone(), message));
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&ALGORITHM_CONTRADICTS, &SIGN_NOT_SM2];
