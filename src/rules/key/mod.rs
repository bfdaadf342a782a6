//! The private key by itself: whether it could be read (`refusal`), its label, and its strength (`strength`).

pub(crate) mod refusal;
pub(crate) mod strength;
#[cfg(test)]
mod tests;

use crate::finding::{Checked, Finding, Findings, told};
use crate::policy::Policy;
use crate::read::block::Block;
use crate::read::key::{self, KeyError, PrivateKey};
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};

/// Checks the private key in a PEM block: its container, its algorithm, its numbers one by one, and its strength under the policy.
///
/// The value is there whenever the key could be read, also where a rule of strength rejects it, so that it can still be compared
/// with a certificate. Whether its numbers fit together is the matter of [`pair::check`](crate::pair::check).
///
/// ```
/// # fn f(block: &certgate::pem::Block) {
/// let checked = certgate::key::check(block, &certgate::Policy::default());
/// for finding in &checked.findings {
///     println!("{finding}");
/// }
/// # }
/// ```
pub fn check(block: &Block, policy: &Policy) -> Checked<PrivateKey> {
    let mut findings = Findings::new(policy);
    let read = key::read(block);
    judge(block, &read, &mut findings);
    findings.checked(read.ok())
}

/// Judges what was read from `block`.
pub(crate) fn judge(block: &Block, read: &Result<PrivateKey, KeyError>, findings: &mut Findings<'_>) {
    match read {
        Ok(key) => {
            check_label(block, key, findings);
            strength::check(key, findings);
        }
        Err(error) => refusal::report(error, block, findings),
    }
}

static KEY_LABEL: Rule = Rule {
    code: "key-label",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key does not have the form that its PEM label says",
    hint: "Write the key with the right label: `openssl pkey -in key.pem -out new-key.pem`",
    why: "The label tells a reader which structure to expect: `PRIVATE KEY` is PKCS#8, `RSA PRIVATE KEY` is PKCS#1, `EC PRIVATE KEY` is SEC1. \
          OpenSSL tries them all, but Go and many Java libraries believe the label and fail. certgate looks at the body, not at the label.\n\n\
          Example: a PKCS#8 key under `-----BEGIN RSA PRIVATE KEY-----`, or anything under `-----BEGIN SM2 PRIVATE KEY-----`, which is in no \
          standard.",
    citations: &["RFC 7468, section 10", "RFC 5915, section 4", "RFC 8017, appendix A.1.2"],
    mend: Some(Mend::Relabel),
    ..Rule::BASE
};

fn check_label(block: &Block, key: &PrivateKey, findings: &mut Findings<'_>) {
    let right = key.form().label();
    if block.label.is_empty() || block.label == right {
        return;
    }
    let message = told!(
        "the label is `{label}`, but the body is {form}, which has the label `{right_label}`",
        label = block.label.as_str(),
        form = key.form().name(),
        right_label = right,
    );
    findings.add(Finding::new(&KEY_LABEL, block.location.clone(), message).mendable());
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&KEY_LABEL];
