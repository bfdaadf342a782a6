//! What the keyUsage of the two certificates of an SM2 set says of their roles.

use crate::finding::{Finding, Findings, told};
use crate::location::{Field, Location};
use crate::read::certificate::Certificate;
use crate::relate::sm2_set::{Role, Sm2Set};
use crate::rule::{ApiCode, Rule, Severity, Stage};

/// Holds each certificate against the role of its field.
pub(super) fn check(set: Sm2Set<'_, '_>, findings: &mut Findings<'_>) {
    for (certificate, role) in [(set.encryption, Role::Encryption), (set.signature, Role::Signature)] {
        let Some(certificate) = certificate else { continue };
        if certificate.key_usage().is_none() {
            report_absent(certificate, role, findings);
        } else if !role.is_allowed(certificate) {
            report_forbidden(certificate, role, findings);
        }
    }
}

static SM2_USAGE: Rule = Rule {
    code: "sm2-usage",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "The certificate's keyUsage forbids its role in the SM2 set",
    hint: "Ask the CA for a certificate with the role's keyUsage.",
    why: "The encryption certificate needs keyEncipherment, dataEncipherment or keyAgreement; the signature certificate needs digitalSignature \
          or nonRepudiation. A client of the TLCP protocol refuses a certificate used against its keyUsage.\n\n\
          Example: the signature certificate in both pairs.",
    citations: &[
        "GB/T 38636-2020, Server Certificate message",
        "GM/T 0015 (certificate format): keyUsage",
        "RFC 5280, section 4.2.1.3",
        "APIG.3708",
    ],
    ..Rule::BASE
};

fn report_forbidden(certificate: &Certificate<'_>, role: Role, findings: &mut Findings<'_>) {
    let (needed, hint) = match role {
        Role::Encryption => (
            "keyEncipherment, dataEncipherment or keyAgreement",
            "Use the encryption certificate of the set here, or ask the CA for one with keyUsage keyEncipherment, dataEncipherment \
             and keyAgreement.",
        ),
        Role::Signature => (
            "digitalSignature or nonRepudiation",
            "Use the signature certificate of the set here, or ask the CA for one with keyUsage digitalSignature and nonRepudiation.",
        ),
    };
    let message = told!(
        "the keyUsage of the certificate does not allow the role of the {role} certificate: it needs {needed}",
        role = role.name(),
        needed = needed,
    );
    findings.add(Finding::new(&SM2_USAGE, certificate.location().clone(), message).hint(hint));
}

static SM2_USAGE_MIXED: Rule = Rule {
    code: "sm2-usage-mixed",
    severity: Severity::Warning,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "Both certificates of the SM2 set may both encrypt and sign",
    hint: "Ask the CA for one certificate that encrypts and one that signs. Check that each one is in the right field.",
    why: "The set has two pairs so that the encryption key can be escrowed and the signature key cannot. With both usages in both certificates, \
          nothing shows which is which, and nobody notices a swap.\n\n\
          Example: keyUsage digitalSignature and keyEncipherment in both certificates.",
    citations: &["GM/T 0015 (certificate format): keyUsage", "GB/T 38636-2020, Server Certificate message"],
    ..Rule::BASE
};

pub(super) fn report_indistinct(findings: &mut Findings<'_>) {
    let message = "both certificates may encrypt and sign: nothing shows which pair is for encryption and which for signatures";
    findings.add(Finding::new(&SM2_USAGE_MIXED, Location::field(Field::CertContent), message));
}

static SM2_USAGE_ABSENT: Rule = Rule {
    code: "sm2-usage-absent",
    severity: Severity::Warning,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "A certificate of the SM2 set has no keyUsage",
    hint: "Ask the CA for a certificate with the keyUsage of its role. Check that this one is in the right field.",
    why: "Without keyUsage, nothing shows which is the encryption certificate and which the signature certificate, and nobody notices a \
          swap.\n\n\
          Example: a certificate made with `openssl req -x509` without extensions.",
    citations: &["GM/T 0015 (certificate format): keyUsage", "RFC 5280, section 4.2.1.3"],
    ..Rule::BASE
};

fn report_absent(certificate: &Certificate<'_>, role: Role, findings: &mut Findings<'_>) {
    let message = told!("the {role} certificate has no keyUsage", role = role.name());
    findings.add(Finding::new(&SM2_USAGE_ABSENT, certificate.location().clone(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&SM2_USAGE, &SM2_USAGE_MIXED, &SM2_USAGE_ABSENT];
