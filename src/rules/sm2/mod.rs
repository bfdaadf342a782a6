//! The two pairs of an SM2 set: each key beside its own certificate, each pair in the fields of its role, both of one server.

pub(crate) mod roles;
#[cfg(test)]
mod tests;

use crate::finding::{Checked, Finding, Findings, told};
use crate::location::{Field, Location};
use crate::policy::Policy;
use crate::read::certificate::{Certificate, Name};
use crate::relate::chain::name::Comparable;
use crate::relate::pair::{Proof, proof};
use crate::relate::sm2_set::{Arrangement, Relation, Role, Same, Sm2Match, Sm2Set};
use crate::relate::together::{Half, Together};
use crate::rule::{ApiCode, Hides, Mend, Rule, Scope, Severity, Stage};
use crate::rules::matching;

/// Checks an SM2 set: each key against its certificate, the roles of the two pairs, and that the pairs are two of one server.
///
/// Swapped pairs, swapped certificates and crossed keys are distinguished, each as one finding.
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
    let relation = Relation::new(set, encryption, signature);
    judge(set, relation, encryption, signature, findings);
    relation.matched
}

/// Says what is wrong with a set that is related already.
pub(crate) fn judge(
    set: Sm2Set<'_, '_>,
    relation: Relation,
    encryption: Option<&Proof>,
    signature: Option<&Proof>,
    findings: &mut Findings<'_>,
) {
    if let (Some(encryption), Some(signature)) = (set.encryption, set.signature) {
        check_distinct(signature, relation.same, findings);
        check_same_owner(encryption, signature, findings);
    }
    for (role, proof, certificate, key) in [
        (Role::Encryption, encryption, set.encryption, set.encryption_key),
        (Role::Signature, signature, set.signature, set.signature_key),
    ] {
        if proof.is_none() {
            let lacks = matching::what_lacks(certificate.is_some(), key.is_some());
            findings.not_evaluated("match", format!("in the {} pair there is {lacks}", role.name()));
        }
    }
    match relation.arrangement {
        Arrangement::KeysCrossed => return report_keys_crossed(findings),
        Arrangement::CertificatesSwapped => return report_certificates_swapped(findings),
        _ => {}
    }
    check_match(set, relation.crossed, encryption, signature, findings);
    match relation.arrangement {
        Arrangement::PairsSwapped => report_pairs_swapped(relation.matched, findings),
        Arrangement::Indistinct => roles::report_indistinct(findings),
        // One certificate in both places: that is a finding already, and says all.
        Arrangement::OneCertificate => {}
        _ => roles::check(set, findings),
    }
}

fn check_match(
    set: Sm2Set<'_, '_>,
    crossed: Sm2Match,
    encryption: Option<&Proof>,
    signature: Option<&Proof>,
    findings: &mut Findings<'_>,
) {
    for (certificate, key, proof, owner) in [
        (
            set.encryption,
            set.encryption_key,
            encryption,
            crossed.encryption.then_some("the signature certificate in `cert_content_sign`"),
        ),
        (
            set.signature,
            set.signature_key,
            signature,
            crossed.signature.then_some("the encryption certificate in `cert_content`"),
        ),
    ] {
        if let (Some(certificate), Some(key), Some(Err(mismatch))) = (certificate, key, proof) {
            matching::report(certificate, key, mismatch, owner, findings);
        }
    }
}

static SM2_PAIRS_SWAPPED: Rule = Rule {
    code: "sm2-pairs-swapped",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::KeyUsage,
    summary: "The encryption pair and the signature pair are swapped",
    hint: "Exchange `cert_content` with `cert_content_sign`, and `private_key` with `private_key_sign`.",
    why: "`cert_content` and `private_key` hold the encryption pair, the `*_sign` fields the signature pair. Other services take them the other \
          way round. The certificates' keyUsage shows which is which, and each key belongs to the certificate beside it.\n\n\
          Example: `server_sign.crt` in `cert_content` and `server_enc.crt` in `cert_content_sign`.",
    citations: &["API page, table 3", "GM/T 0015 (certificate format): keyUsage", "APIG.3708"],
    mend: Some(Mend::Exchange),
    ..Rule::BASE
};

fn report_pairs_swapped(matched: Sm2Match, findings: &mut Findings<'_>) {
    let message = "`cert_content` holds the signature certificate and `cert_content_sign` the encryption certificate, by their keyUsage: \
                   the two pairs are swapped";
    let finding = Finding::new(&SM2_PAIRS_SWAPPED, Location::field(Field::CertContent), message);
    // The exchange fixes it only where each key moves along with its certificate.
    findings.add(if matched.encryption && matched.signature { finding.repairable() } else { finding });
}

static SM2_CERTIFICATES_SWAPPED: Rule = Rule {
    code: "sm2-certificates-swapped",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The two certificates are swapped, the keys are not",
    hint: "Exchange `cert_content` and `cert_content_sign`. Leave the keys where they are.",
    why: "Each key belongs to the certificate of the other pair, and the certificates' keyUsage shows that the certificates are in the wrong \
          fields.\n\n\
          Example: `cert_content` holds `server_sign.crt`, but `private_key` rightly holds `server_enc.key`.",
    citations: &["API page, table 3", "GM/T 0015 (certificate format): keyUsage", "APIG.2101"],
    mend: Some(Mend::Exchange),
    ..Rule::BASE
};

fn report_certificates_swapped(findings: &mut Findings<'_>) {
    let message = "each of the two keys belongs to the certificate of the other pair, and the keyUsage of each certificate is for the other \
                   role: the certificates are swapped";
    let place = Location::field(Field::CertContent);
    findings.add(Finding::new(&SM2_CERTIFICATES_SWAPPED, place, message).repairable());
}

static SM2_KEYS_CROSSED: Rule = Rule {
    code: "sm2-keys-crossed",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The two private keys are crossed",
    hint: "Exchange `private_key` and `private_key_sign`. Leave the certificates where they are.",
    why: "Each key belongs to the certificate of the other pair.\n\n\
          Example: `private_key` holds `server_sign.key` beside `server_enc.crt` in `cert_content`.",
    citations: &["API page, table 3", "APIG.2101"],
    mend: Some(Mend::Exchange),
    ..Rule::BASE
};

fn report_keys_crossed(findings: &mut Findings<'_>) {
    let message = "each of the two keys belongs to the certificate of the other pair: the keys are crossed";
    let place = Location::field(Field::PrivateKey);
    findings.add(Finding::new(&SM2_KEYS_CROSSED, place, message).repairable());
}

static SM2_SAME_PAIR: Rule = Rule {
    code: "sm2-same-pair",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Invalid,
    summary: "Both pairs of the SM2 set hold the same certificate or the same key",
    hint: "Put the other certificate of the set, with its own key, into the `*_sign` fields.",
    why: "The encryption key of a set is usually escrowed with a key management centre; a signature by that key would prove nothing. So each \
          pair must have its own key.\n\n\
          Example: one self-made SM2 certificate in both `cert_content` and `cert_content_sign`.",
    citations: &["GB/T 38636-2020, Server Certificate message", "GM/T 0015 (certificate format)"],
    ..Rule::BASE
};

fn check_distinct(signature: &Certificate<'_>, same: Option<Same>, findings: &mut Findings<'_>) {
    let message = match same {
        Some(Same::Certificate) => "`cert_content` and `cert_content_sign` hold the same certificate",
        Some(Same::PublicKey) => {
            "the certificates in `cert_content` and `cert_content_sign` have the same public key"
        }
        None => return,
    };
    findings.add(Finding::new(&SM2_SAME_PAIR, signature.location().clone(), message));
}

static SM2_OWNERS_DIFFER: Rule = Rule {
    code: "sm2-owners-differ",
    severity: Severity::Warning,
    stage: Stage::Match,
    api: ApiCode::Invalid,
    summary: "The two certificates of the SM2 set have different subjects or issuers",
    hint: "Check that both certificates belong to one set. A CA issues both together.",
    why: "The two certificates of a set are issued together, for one subject, by one CA. Different names usually mean that files of two \
          servers, or of two years, were mixed. Names are compared without case, spacing and string type, in which CAs vary.\n\n\
          Example: `CN=server sign` and `CN=client enc`.",
    citations: &[
        "RFC 5280, section 7.1",
        "GM/T 0015 (certificate format)",
        "GB/T 38636-2020, Server Certificate message",
    ],
    ..Rule::BASE
};

fn check_same_owner(encryption: &Certificate<'_>, signature: &Certificate<'_>, findings: &mut Findings<'_>) {
    let differ = |what: &str, one: &Name<'_>, other: &Name<'_>| {
        // Most names of a set are the same octets.
        (one != other && Comparable::new(one) != Comparable::new(other)).then(|| {
            format!("different {what}: \"{one}\" in `cert_content` and \"{other}\" in `cert_content_sign`")
        })
    };
    let differences: Vec<String> = [
        differ("subjects", encryption.subject(), signature.subject()),
        differ("issuers", encryption.issuer(), signature.issuer()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if differences.is_empty() {
        return;
    }
    let differences = differences.join(", and ");
    let message = told!("the two certificates have {differences}", differences = differences);
    findings.add(Finding::new(&SM2_OWNERS_DIFFER, signature.location().clone(), message));
}

static SM2_PAIRS_TOGETHER: Rule = Rule {
    code: "sm2-pairs-together",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::ParameterMissing,
    summary: "Both pairs of an SM2 set are in the fields of the encryption pair",
    hint: "Put the signature certificate with its issuers into `cert_content_sign`, and its key into `private_key_sign`. Leave the encryption \
           pair where it is.",
    why: "An SM2 server has two certificates with a key each. Some servers read all of them from one file; this API wants each pair in its own \
          two fields. The keyUsage of the certificates shows which is which, and each key is proven to belong to one of them.\n\n\
          Example: `cat server_enc.crt server_sign.crt ca.crt` pasted into `cert_content`, and both keys into `private_key`.",
    citations: &["API page, table 3", "GM/T 0015 (certificate format): keyUsage", "APIG.2001"],
    hides: &[
        Hides { code: "keys-differ", scope: Scope::Pair },
        Hides { code: "chain-gap", scope: Scope::Field },
        Hides { code: "chain-leaf-alone", scope: Scope::Field },
        Hides { code: "sm2-usage", scope: Scope::Field },
    ],
    mend: Some(Mend::Move),
    since: "0.2.0",
    refused_before: true,
    ..Rule::BASE
};

/// Says that both pairs are in the fields of the first.
pub(crate) fn report_together(together: &Together<'_>, findings: &mut Findings<'_>) {
    let number = |half: &Half<'_>| half.chain.first().and_then(|block| block.location.block).unwrap_or(1);
    let key = |half: &Half<'_>| half.key.location.block.unwrap_or(1);
    let (encryption, signature) = (&together.encryption, &together.signature);
    let message = told!(
        "`cert_content` and `private_key` hold both pairs of the SM2 set: the encryption certificate is block {encryption_certificate}, its key \
         block {encryption_key}; the signature certificate is block {signature_certificate}, its key block {signature_key}",
        encryption_certificate = number(encryption),
        encryption_key = key(encryption),
        signature_certificate = number(signature),
        signature_key = key(signature),
    );
    findings
        .add(Finding::new(&SM2_PAIRS_TOGETHER, Location::field(Field::CertContent), message).repairable());
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &SM2_PAIRS_TOGETHER,
    &SM2_PAIRS_SWAPPED,
    &SM2_CERTIFICATES_SWAPPED,
    &SM2_KEYS_CROSSED,
    &SM2_SAME_PAIR,
    &SM2_OWNERS_DIFFER,
];
