//! The private key by itself: whether it could be read (`refusal`), its label, its encoding (`encoding`), its strength
//! (`strength`), and whether it is easy to find (`weak`).

pub(crate) mod encoding;
mod gmssl;
pub(crate) mod refusal;
pub(crate) mod strength;
#[cfg(test)]
mod tests;
pub(crate) mod weak;

use crate::algorithm::AlgorithmType;
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
    judge(block, &read, None, &mut findings);
    findings.checked(read.ok())
}

/// Judges what was read from `block`. `certificate`: the type of the key of the certificate beside it, where the API takes that.
pub(crate) fn judge(
    block: &Block,
    read: &Result<PrivateKey, KeyError>,
    certificate: Option<AlgorithmType>,
    findings: &mut Findings<'_>,
) {
    match read {
        Ok(key) => {
            check_label(block, key, findings);
            encoding::check(key, findings);
            strength::check(key, findings);
            weak::check(key, findings);
        }
        Err(error) => refusal::report(error, block, certificate, findings),
    }
}

static KEY_LABEL: Rule = Rule {
    code: "key-label",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key does not have the form that its PEM label says",
    hint: "Change the label in the BEGIN line and in the END line to the right one.",
    why: "The label tells a reader which structure to expect: `PRIVATE KEY` is PKCS#8, `RSA PRIVATE KEY` is PKCS#1, `EC PRIVATE KEY` is SEC1. \
          Most programs believe the label: of 13 servers and libraries, 9 to 10 refuse a PKCS#1 or SEC1 key under a wrong label, and any key \
          under `ANY PRIVATE KEY`. That is an error.\n\n\
          A PKCS#8 key under `RSA PRIVATE KEY` or `EC PRIVATE KEY` is a warning: only 2 of 13 refuse it. So is any key under `SM2 PRIVATE KEY`, \
          which is in no standard. certgate itself looks at the body, not at the label.\n\n\
          Example: a key that begins with `-----BEGIN PRIVATE KEY-----`, while its body is PKCS#1.",
    citations: &["RFC 7468, section 10", "RFC 5915, section 4", "RFC 8017, appendix A.1.2"],
    mend: Some(Mend::Relabel),
    // Version 0.1.0 had this rule as a warning.
    since: "0.2.0",
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
    let hint = told!("Write `{right_label}` in the BEGIN line and in the END line.", right_label = right);
    let finding = Finding::new(&KEY_LABEL, block.location.clone(), message).hint(hint).repairable();
    findings.add(match key.form().is_mostly_read_under(&block.label) {
        true => finding.at_most(Severity::Warning),
        false => finding,
    });
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&KEY_LABEL];
