//! An SM2 set: the encryption pair and the signature pair of one server (GB/T 38636, GM/T 0015).
//!
//! In this API the base fields hold the encryption pair and the `*_sign` fields the signature pair; other services have it the
//! other way round, so a swap is the likeliest mistake.

pub(crate) mod roles;
#[cfg(test)]
mod tests;

use crate::finding::{Checked, Finding, Findings, Mend};
use crate::location::{Field, Location};
use crate::policy::Policy;
use crate::read::certificate::{Certificate, Name};
use crate::read::key::{Mismatch, PrivateKey};
use crate::relate::pair;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use roles::{Role, check_roles};

/// The two certificates and keys of an SM2 set; what could not be read is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Sm2Set<'s, 'a> {
    /// `cert_content`: the encryption certificate.
    pub encryption: Option<&'s Certificate<'a>>,
    /// `private_key`: the encryption key.
    pub encryption_key: Option<&'s PrivateKey>,
    /// `cert_content_sign`: the signature certificate.
    pub signature: Option<&'s Certificate<'a>>,
    /// `private_key_sign`: the signature key.
    pub signature_key: Option<&'s PrivateKey>,
}

/// Which pairs of a set are proven to match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sm2Match {
    /// The encryption key belongs to the encryption certificate.
    pub encryption: bool,
    /// The signature key belongs to the signature certificate.
    pub signature: bool,
}

/// Checks an SM2 set: each key against its certificate, the roles of the two pairs, and that the pairs are two of one server.
///
/// Swapped pairs, swapped certificates and crossed keys are told apart, each as one finding.
pub fn check(set: Sm2Set<'_, '_>, policy: &Policy) -> Checked<Sm2Match> {
    let mut findings = Findings::new(policy);
    let encryption = proof(set.encryption, set.encryption_key);
    let signature = proof(set.signature, set.signature_key);
    let matched = read(set, encryption.as_ref(), signature.as_ref(), &mut findings);
    findings.checked(Some(matched))
}

/// As [`check`], with the proofs of the two pairs; `None` where one of a pair could not be read.
pub(crate) fn read(
    set: Sm2Set<'_, '_>,
    encryption: Option<&Proof>,
    signature: Option<&Proof>,
    findings: &mut Findings<'_>,
) -> Sm2Match {
    if let (Some(encryption), Some(signature)) = (set.encryption, set.signature) {
        check_distinct(encryption, signature, findings);
        check_same_owner(encryption, signature, findings);
    }
    for (role, proof, certificate, key) in [
        (Role::Encryption, encryption, set.encryption, set.encryption_key),
        (Role::Signature, signature, set.signature, set.signature_key),
    ] {
        if proof.is_none() {
            let lacks = pair::what_lacks(certificate.is_some(), key.is_some());
            findings.not_evaluated("match", format!("in the {} pair there is {lacks}", role.name()));
        }
    }
    check_match(set, encryption, signature, findings)
}

/// What came of the proof that a key belongs to a certificate.
pub(crate) type Proof = Result<(), Mismatch>;

const EXCHANGE_CERTIFICATES: Mend = Mend::Exchange(&[(Field::CertContent, Field::CertContentSign)]);
const EXCHANGE_KEYS: Mend = Mend::Exchange(&[(Field::PrivateKey, Field::PrivateKeySign)]);
const EXCHANGE_PAIRS: Mend = Mend::Exchange(&[
    (Field::CertContent, Field::CertContentSign),
    (Field::PrivateKey, Field::PrivateKeySign),
]);

static SM2_PAIRS_SWAPPED: Rule = Rule {
    code: "sm2-pairs-swapped",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "The encryption pair and the signature pair are swapped",
    hint: "Exchange `cert_content` with `cert_content_sign`, and `private_key` with `private_key_sign`.",
    why: "`cert_content` and `private_key` hold the encryption pair, the `*_sign` fields the signature pair. Other services take them the \
          other way round. The certificates' keyUsage tells which is which, and each key belongs to the certificate beside it.\n\n\
          Example: `server_sign.crt` in `cert_content` and `server_enc.crt` in `cert_content_sign`.",
    citations: &["API page, table 3", "GM/T 0015 (certificate format): keyUsage", "APIG.3708"],
    ..Rule::BASE
};

static SM2_CERTIFICATES_SWAPPED: Rule = Rule {
    code: "sm2-certificates-swapped",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The two certificates are swapped, the keys are not",
    hint: "Exchange `cert_content` and `cert_content_sign`; leave the keys where they are.",
    why: "Each key belongs to the certificate of the other pair, and the certificates' keyUsage shows that it is the certificates that \
          stand in the wrong fields.\n\n\
          Example: `cert_content` holds `server_sign.crt`, but `private_key` rightly holds `server_enc.key`.",
    citations: &["API page, table 3", "GM/T 0015 (certificate format): keyUsage", "APIG.2101"],
    ..Rule::BASE
};

static SM2_KEYS_CROSSED: Rule = Rule {
    code: "sm2-keys-crossed",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The two private keys are crossed",
    hint: "Exchange `private_key` and `private_key_sign`; leave the certificates where they are.",
    why: "Each key belongs to the certificate of the other pair.\n\n\
          Example: `private_key` holds `server_sign.key` beside `server_enc.crt` in `cert_content`.",
    citations: &["API page, table 3", "APIG.2101"],
    ..Rule::BASE
};

fn check_match(
    set: Sm2Set<'_, '_>,
    encryption: Option<&Proof>,
    signature: Option<&Proof>,
    findings: &mut Findings<'_>,
) -> Sm2Match {
    let matched = Sm2Match {
        encryption: matches!(encryption, Some(Ok(()))),
        signature: matches!(signature, Some(Ok(()))),
    };
    let fits_other = (
        matches!(encryption, Some(Err(_))) && proof(set.signature, set.encryption_key) == Some(Ok(())),
        matches!(signature, Some(Err(_))) && proof(set.encryption, set.signature_key) == Some(Ok(())),
    );
    if fits_other == (true, true) {
        report_crossed(set, findings);
        return matched;
    }
    if let (Some(certificate), Some(key), Some(Err(mismatch))) =
        (set.encryption, set.encryption_key, encryption)
    {
        let owner = fits_other.0.then_some("the signature certificate in `cert_content_sign`");
        pair::report(certificate, key, mismatch, owner, findings);
    }
    if let (Some(certificate), Some(key), Some(Err(mismatch))) = (set.signature, set.signature_key, signature)
    {
        let owner = fits_other.1.then_some("the encryption certificate in `cert_content`");
        pair::report(certificate, key, mismatch, owner, findings);
    }
    check_roles(set, matched, findings);
    matched
}

/// `None` where one of the two could not be read.
fn proof(certificate: Option<&Certificate<'_>>, key: Option<&PrivateKey>) -> Option<Proof> {
    Some(pair::prove(certificate?, key?)?.map(|_| ()))
}

fn report_crossed(set: Sm2Set<'_, '_>, findings: &mut Findings<'_>) {
    let keeps_role =
        |certificate: Option<&Certificate<'_>>, role: Role| certificate.is_none_or(|c| role.is_allowed(c));
    let roles_kept =
        keeps_role(set.encryption, Role::Encryption) && keeps_role(set.signature, Role::Signature);
    findings.add(if roles_kept {
        let message = "each of the two keys belongs to the certificate of the other pair: the keys are crossed";
        Finding::new(&SM2_KEYS_CROSSED, Location::field(Field::PrivateKey), message).mend(EXCHANGE_KEYS)
    } else {
        let message = "each of the two keys belongs to the certificate of the other pair, and the keyUsage of the certificates \
                       is that of the other role: the certificates are swapped";
        Finding::new(&SM2_CERTIFICATES_SWAPPED, Location::field(Field::CertContent), message).mend(EXCHANGE_CERTIFICATES)
    });
}

static SM2_SAME_PAIR: Rule = Rule {
    code: "sm2-same-pair",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Invalid,
    summary: "Both pairs of the SM2 set hold the same certificate or the same key",
    hint: "Put the other certificate of the set, with its own key, into the `*_sign` fields.",
    why: "The encryption key of a set is usually escrowed with a key management centre; a signature by that key would prove nothing. So \
          the two pairs must have two keys.\n\n\
          Example: one self-made SM2 certificate in both `cert_content` and `cert_content_sign`.",
    citations: &["GB/T 38636-2020, Server Certificate message", "GM/T 0015 (certificate format)"],
    ..Rule::BASE
};

fn check_distinct(encryption: &Certificate<'_>, signature: &Certificate<'_>, findings: &mut Findings<'_>) {
    let message = if encryption.der() == signature.der() {
        "`cert_content` and `cert_content_sign` hold the same certificate"
    } else if encryption.public_key().is_some() && encryption.public_key() == signature.public_key() {
        "the certificates in `cert_content` and `cert_content_sign` have the same public key"
    } else {
        return;
    };
    findings.add(Finding::new(&SM2_SAME_PAIR, signature.location().clone(), message));
}

static SM2_OWNERS_DIFFER: Rule = Rule {
    code: "sm2-owners-differ",
    severity: Severity::Warning,
    stage: Stage::Match,
    api: ApiCode::Invalid,
    summary: "The two certificates of the SM2 set have different subjects or issuers",
    hint: "Check that both certificates are of one set; CAs issue them together.",
    why: "The two certificates of a set are issued together, for one subject, by one CA. Different names usually mean that files of two \
          servers, or of two years, were mixed.\n\nExample: `CN=server sign` and `CN=client enc`.",
    citations: &["GM/T 0015 (certificate format)", "GB/T 38636-2020, Server Certificate message"],
    ..Rule::BASE
};

fn check_same_owner(encryption: &Certificate<'_>, signature: &Certificate<'_>, findings: &mut Findings<'_>) {
    let differ = |what: &str, one: &Name<'_>, other: &Name<'_>| {
        (one != other).then(|| {
            format!("different {what}: \"{one}\" in `cert_content` and \"{other}\" in `cert_content_sign`")
        })
    };
    let differences: Vec<_> = [
        differ("subjects", encryption.subject(), signature.subject()),
        differ("issuers", encryption.issuer(), signature.issuer()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if differences.is_empty() {
        return;
    }
    let message = format!("the two certificates have {}", differences.join(", and "));
    findings.add(Finding::new(&SM2_OWNERS_DIFFER, signature.location().clone(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&SM2_PAIRS_SWAPPED, &SM2_CERTIFICATES_SWAPPED, &SM2_KEYS_CROSSED, &SM2_SAME_PAIR, &SM2_OWNERS_DIFFER];
