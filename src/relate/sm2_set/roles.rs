//! Which certificate of an SM2 set encrypts and which signs, by keyUsage.

use super::{EXCHANGE_PAIRS, SM2_PAIRS_SWAPPED, Sm2Match, Sm2Set};
use crate::finding::{Finding, Findings};
use crate::location::{Field, Location};
use crate::read::certificate::Certificate;
use crate::rule::{ApiCode, Rule, Severity, Stage};

/// What a certificate's keyUsage lets its key do (RFC 5280, section 4.2.1.3; GM/T 0015).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) encrypts: bool,
    pub(super) signs: bool,
}

impl Use {
    /// `None` where the certificate does not say.
    pub(super) fn of(certificate: &Certificate<'_>) -> Option<Self> {
        let usage = certificate.key_usage()?;
        Some(Self {
            encrypts: usage.key_encipherment() || usage.data_encipherment() || usage.key_agreement(),
            signs: usage.digital_signature() || usage.non_repudiation(),
        })
    }
}

/// The role a pair has in a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Encryption,
    Signature,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Encryption => "encryption",
            Self::Signature => "signature",
        }
    }

    pub(super) fn is_allowed(self, certificate: &Certificate<'_>) -> bool {
        Use::of(certificate).is_none_or(|usage| match self {
            Self::Encryption => usage.encrypts,
            Self::Signature => usage.signs,
        })
    }
}

static SM2_USAGE: Rule = Rule {
    code: "sm2-usage",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "The certificate's keyUsage forbids its role in the SM2 set",
    hint: "Ask the CA for a certificate with the role's keyUsage.",
    why: "The encryption certificate needs keyEncipherment, dataEncipherment or keyAgreement; the signature certificate needs \
          digitalSignature or nonRepudiation. A client of the TLCP protocol refuses a certificate used against its keyUsage.\n\n\
          Example: a signature certificate in both pairs' place.",
    citations: &[
        "GB/T 38636-2020, Server Certificate message",
        "GM/T 0015 (certificate format): keyUsage",
        "RFC 5280, section 4.2.1.3",
        "APIG.3708",
    ],
    ..Rule::BASE
};

static SM2_USAGE_MIXED: Rule = Rule {
    code: "sm2-usage-mixed",
    severity: Severity::Warning,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "Both certificates of the SM2 set may both encrypt and sign",
    hint: "Ask the CA for one certificate that encrypts and one that signs; check that this one is in the right field.",
    why: "The set has two pairs so that the encryption key can be escrowed and the signature key cannot. With both usages in both \
          certificates nothing tells which is which, and a swap goes unnoticed.\n\n\
          Example: keyUsage digitalSignature and keyEncipherment in both certificates.",
    citations: &["GM/T 0015 (certificate format): keyUsage", "GB/T 38636-2020, Server Certificate message"],
    ..Rule::BASE
};

static SM2_USAGE_ABSENT: Rule = Rule {
    code: "sm2-usage-absent",
    severity: Severity::Warning,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "A certificate of the SM2 set has no keyUsage",
    hint: "Ask the CA for a certificate with the keyUsage of its role; check that this one is in the right field.",
    why: "Without keyUsage nothing tells the encryption certificate from the signature certificate, and a swap goes unnoticed.\n\n\
          Example: a certificate made with `openssl req -x509` without extensions.",
    citations: &["GM/T 0015 (certificate format): keyUsage", "RFC 5280, section 4.2.1.3"],
    ..Rule::BASE
};

pub(super) fn check_roles(set: Sm2Set<'_, '_>, matched: Sm2Match, findings: &mut Findings<'_>) {
    let (encryption, signature) = (set.encryption, set.signature);
    if let (Some(encryption), Some(signature)) = (encryption, signature) {
        // One certificate in both places: that is told, and says all.
        if encryption.der() == signature.der() {
            return;
        }
        let keep = Role::Encryption.is_allowed(encryption) && Role::Signature.is_allowed(signature);
        let would_keep = Role::Signature.is_allowed(encryption) && Role::Encryption.is_allowed(signature);
        if !keep && would_keep {
            report_swapped(matched, findings);
            return;
        }
    }
    let uses = (encryption.and_then(Use::of), signature.and_then(Use::of));
    if let (Some(Use { encrypts: true, signs: true }), Some(Use { encrypts: true, signs: true })) = uses {
        let message = "both certificates may encrypt and sign: nothing tells the encryption pair from the signature pair";
        findings.add(Finding::new(&SM2_USAGE_MIXED, Location::field(Field::CertContent), message));
        return;
    }
    for (certificate, role) in [(encryption, Role::Encryption), (signature, Role::Signature)] {
        if let Some(certificate) = certificate {
            check_role(certificate, role, findings);
        }
    }
}

fn report_swapped(matched: Sm2Match, findings: &mut Findings<'_>) {
    let message = "`cert_content` holds the signature certificate and `cert_content_sign` the encryption certificate, by their keyUsage: \
                   the two pairs are swapped";
    let finding = Finding::new(&SM2_PAIRS_SWAPPED, Location::field(Field::CertContent), message);
    // The exchange mends it only where each key moves along with its certificate.
    findings.add(if matched.encryption && matched.signature {
        finding.mend(EXCHANGE_PAIRS)
    } else {
        finding
    });
}

fn check_role(certificate: &Certificate<'_>, role: Role, findings: &mut Findings<'_>) {
    let place = certificate.location().clone();
    if certificate.key_usage().is_none() {
        let message = format!("the {} certificate has no keyUsage", role.name());
        findings.add(Finding::new(&SM2_USAGE_ABSENT, place, message));
    } else if !role.is_allowed(certificate) {
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
        let message = format!(
            "the keyUsage of the certificate forbids the role of the {} certificate: it lacks {needed}",
            role.name()
        );
        findings.add(Finding::new(&SM2_USAGE, place, message).hint(hint));
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&SM2_USAGE, &SM2_USAGE_MIXED, &SM2_USAGE_ABSENT];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::{chain, ext, key};

    use super::*;
    use crate::policy::Policy;

    #[test]
    fn each_usage_alone_says_a_role() {
        for (usage, encrypts, signs) in [
            (ext::KEY_ENCIPHERMENT, true, false),
            (ext::DATA_ENCIPHERMENT, true, false),
            (ext::KEY_AGREEMENT, true, false),
            (ext::DIGITAL_SIGNATURE, false, true),
            (ext::NON_REPUDIATION, false, true),
            (ext::KEY_CERT_SIGN, false, false),
        ] {
            let issued = chain::sm2_leaf(key::sm2_sign(), usage).self_signed();
            let policy = Policy::default();
            let certificate =
                crate::rules::certificate::check(&issued.der, crate::rules::certificate::Role::Leaf, &policy)
                    .value
                    .unwrap();
            let told = Use::of(&certificate).unwrap();
            assert_eq!((told.encrypts, told.signs), (encrypts, signs), "{usage:04x}");
        }
    }
}
