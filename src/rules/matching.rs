//! A private key against its certificate: why it does not belong to it.

use crate::finding::{Checked, Finding, Findings, Told, told};
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::read::key::{KeyFault, Mismatch, PrivateKey, Relation};
use crate::relate::pair::{Pair, prove};
use crate::relate::server::ServerPair;
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};
use crate::text;

/// Proves that `key` belongs to `certificate`: not that their public numbers look alike, but that the key is the private half:
/// for RSA n = p·q with all exponents and CRT values right, d·G = Q on a curve. The value is there only where the proof holds; otherwise one finding says exactly why not.
pub fn check<'c, 'a>(
    certificate: &'c Certificate<'a>,
    key: &PrivateKey,
    policy: &Policy,
) -> Checked<Pair<'c, 'a>> {
    let mut findings = Findings::new(policy);
    let pair = match prove(certificate, key) {
        Some(Ok(pair)) => Some(pair),
        Some(Err(mismatch)) => {
            report(certificate, key, &mismatch, None, &mut findings);
            None
        }
        None => {
            findings.not_evaluated("match", "the certificate's public key could not be read");
            None
        }
    };
    findings.checked(pair)
}

/// What a proof lacks, in words: `no private key that could be read`.
pub(crate) fn what_lacks(has_certificate: bool, has_key: bool) -> &'static str {
    match (has_certificate, has_key) {
        (false, false) => "neither a certificate nor a private key that could be read",
        (false, true) => "no certificate that could be read",
        (true, false) => "no private key that could be read",
        (true, true) => "no public key in the certificate that could be read",
    }
}

static MATCH_OTHER_TYPE: Rule = Rule {
    code: "match-other-type",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The private key has another type or curve than the certificate's key",
    hint: "Find the private key that the certificate was requested with: `openssl pkey -in FILE -noout -text_pub` shows the type of a \
           private key, and `openssl x509 -in FILE -noout -text` the type of the certificate's key.",
    why: "An RSA key cannot belong to a certificate for an elliptic-curve key, and a P-384 key cannot belong to a certificate for P-256. The \
          key belongs to another certificate.\n\n\
          Example: the certificate was renewed with an ECC key, and the old RSA key is uploaded with it.",
    citations: &["RFC 5280, section 4.1.2.7", "APIG.2101"],
    ..Rule::BASE
};

static MATCH_OTHER_KEY: Rule = Rule {
    code: "match-other-key",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The private key is valid, but belongs to a different certificate",
    hint: "Find the private key that the certificate was requested with: `openssl pkey -in FILE -pubout` must print the same for the key as \
           `openssl x509 -in FILE -noout -pubkey` prints for the certificate.",
    why: "The key is a complete key of the right type, but its public half is not the one that the certificate certifies. Each request \
          with `openssl req -newkey` makes a new key; only that key fits the certificate that comes back.\n\n\
          Example: the certificate of this year with the key of last year.",
    citations: &["RFC 5280, section 4.1.2.7", "APIG.2101"],
    ..Rule::BASE
};

static MATCH_OTHER_EXPONENT: Rule = Rule {
    code: "match-other-exponent",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The private key has the certificate's modulus, but another public exponent",
    hint: "Export the key again from the place where it was made; a tool has changed its exponents.",
    why: "The same two primes can serve with several exponents, but the certificate names one. A comparison of the moduli (`openssl rsa \
          -modulus`) shows no difference, but signatures by this key do not verify.\n\n\
          Example: e = 3 in the key, e = 65537 in the certificate.",
    citations: &["RFC 8017, section 3.1", "APIG.2101"],
    ..Rule::BASE
};

static MATCH_KEY_CONTRADICTS_ITSELF: Rule = Rule {
    code: "match-key-contradicts-itself",
    severity: Severity::Error,
    stage: Stage::Match,
    api: ApiCode::Mismatch,
    summary: "The numbers in the private key do not fit together",
    hint: "Do not use this file: it is damaged or forged. Export the key again from the place where it was made, and check it with `openssl \
           pkey -in FILE -check -noout`.",
    why: "A key file carries the public numbers beside the secret ones, and anybody can write a certificate's modulus or point beside the \
          exponent or scalar of another key. Checks that compare public numbers accept such a file. certgate proves the relations: n = p·q, d·e \
          ≡ 1 modulo p − 1 and q − 1, dP, dQ and qInv for RSA, d·G = Q for curves. A key with a wrong dP, dQ or qInv reveals the whole key with \
          its first signature. And d has to be below n, although a larger d can fit: some programs refuse it.\n\n\
          Example: `private_key` with the modulus of `cert_content` and the primes of another key.",
    citations: &[
        "RFC 8017, section 3.2",
        "SEC 1, section 3.2",
        "Boneh, DeMillo, Lipton 1997: a faulty CRT value reveals the primes",
        "APIG.2101",
    ],
    // What the numbers of different keys have in common says nothing of any of them.
    hides: &[
        Hides { code: "key-rsa-primes-close", scope: Scope::Block },
        Hides { code: "key-rsa-prime-short", scope: Scope::Block },
        Hides { code: "key-rsa-private-exponent-small", scope: Scope::Block },
        Hides { code: "key-scalar-small", scope: Scope::Block },
    ],
    ..Rule::BASE
};

/// Says why `key` does not belong to `certificate`, and to whom it does where that is known.
pub(crate) fn report(
    certificate: &Certificate<'_>,
    key: &PrivateKey,
    mismatch: &Mismatch,
    owner: Option<&str>,
    findings: &mut Findings<'_>,
) {
    let rule = match mismatch {
        Mismatch::OtherType { .. } | Mismatch::OtherCurve { .. } => &MATCH_OTHER_TYPE,
        Mismatch::SameModulusOtherExponent => &MATCH_OTHER_EXPONENT,
        Mismatch::SelfContradiction(_) | Mismatch::ScalarOutOfRange { .. } => &MATCH_KEY_CONTRADICTS_ITSELF,
        _ => &MATCH_OTHER_KEY,
    };
    let why = match (mismatch, certificate.location().field) {
        (Mismatch::OtherKey, None) => {
            "the private key is valid, but it does not belong to the certificate".into()
        }
        (Mismatch::OtherKey, Some(field)) => told!(
            "the private key is valid, but it does not belong to the certificate in `{certificate_field}`",
            certificate_field = field,
        ),
        _ => describe(mismatch),
    };
    let message = match owner {
        Some(owner) => {
            let Told { text, mut facts } = why;
            let message = told!("{text}; it belongs to {owner}", owner = owner);
            facts.extend(message.facts);
            Told { text: message.text, facts }
        }
        None => why,
    };
    let finding = hinted(Finding::new(rule, key.location().clone(), message), mismatch);
    let is_of_key_alone = rule.code == MATCH_KEY_CONTRADICTS_ITSELF.code;
    findings.add(if certificate.is_damaged() && !is_of_key_alone {
        finding.hint(
            "Copy the certificate again from its original file first: its text is damaged, so perhaps its public key is too. The private key may be \
             the right one.",
        )
    } else {
        finding
    });
}

/// The finding with a hint for this mismatch, where that of the rule is not the right one.
fn hinted(finding: Finding, mismatch: &Mismatch) -> Finding {
    match mismatch {
        Mismatch::SelfContradiction(Relation::PrivateExponentTooLarge) => finding
            .hint("Export the key again from the place where it was made: d has to be below the modulus."),
        _ => finding,
    }
}

/// Says what came of the proof, for a pair that stands alone.
pub(crate) fn judge(pair: &ServerPair<'_>, findings: &mut Findings<'_>) {
    let (leaf, key) = (pair.leaf(), pair.private_key());
    match (leaf, key, &pair.proof) {
        (Some(leaf), Some(key), Some(Err(mismatch))) => {
            let owner = pair.key_fits.and_then(|position| pair.certificates.get(position)).map(name);
            report(leaf, key, mismatch, owner.as_deref(), findings);
        }
        (_, _, Some(_)) => {}
        (_, Some(_), None) if pair.is_server_missing => {
            findings.not_evaluated("match", "the certificate of the server is missing");
        }
        (Some(_), None, None) if has_other_type(pair) => {
            findings.not_evaluated("match", "the API does not accept a private key of this type");
        }
        (leaf, key, None) => {
            let lacks = what_lacks(leaf.is_some(), key.is_some());
            findings.not_evaluated("match", format!("there is {lacks}"));
        }
    }
}

/// Whether the private key was read as far as its type, which the API does not take.
fn has_other_type(pair: &ServerPair<'_>) -> bool {
    let error = pair.key.as_ref().and_then(|(_, key)| key.as_ref().err());
    error.is_some_and(|error| matches!(error.fault, KeyFault::Algorithm(_)))
}

/// `block 2 "CN=Example CA"`.
fn name(certificate: &Certificate<'_>) -> String {
    let block = certificate.location().block.unwrap_or(1);
    format!("block {block} \"{}\"", text::escape(&certificate.subject().to_string()))
}

/// A key whose own numbers contradict each other, where there is no certificate to hold it against.
pub(crate) fn report_contradiction(key: &PrivateKey, mismatch: &Mismatch, findings: &mut Findings<'_>) {
    let finding = Finding::new(&MATCH_KEY_CONTRADICTS_ITSELF, key.location().clone(), describe(mismatch));
    findings.add(hinted(finding, mismatch));
}

/// A mismatch in words, with the names of the types and curves. No number of the key is among them.
fn describe(mismatch: &Mismatch) -> Told {
    let text = mismatch;
    match mismatch {
        Mismatch::OtherCurve { certificate, key } => {
            told!("{text}", certificate_key = certificate.name(), private_key = key.name())
        }
        Mismatch::OtherType { certificate, key } => {
            told!("{text}", certificate_key = certificate.as_str(), private_key = *key)
        }
        Mismatch::ScalarOutOfRange { curve, .. } => told!("{text}", curve = curve.name()),
        // The key contradicts nothing: its numbers fit.
        Mismatch::SelfContradiction(relation @ Relation::PrivateExponentTooLarge) => {
            told!("{relation}", relation = relation.to_string())
        }
        Mismatch::SelfContradiction(relation) => told!("{text}", relation = relation.to_string()),
        _ => told!("{text}"),
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&MATCH_OTHER_TYPE, &MATCH_OTHER_KEY, &MATCH_OTHER_EXPONENT, &MATCH_KEY_CONTRADICTS_ITSELF];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::{cert::Cert, key as keys};

    use super::*;
    use crate::rules::certificate::Role;

    #[test]
    fn without_a_public_key_nothing_is_proven() {
        let policy = Policy::default();
        let spki = keys::spki(keys::p256(0).ec().algorithm(), &[0]);
        let issued = Cert::leaf("a.example").key(keys::p256(0)).spki(spki).self_signed();
        let certificate =
            crate::rules::certificate::check(&issued.der, Role::Leaf, &policy, crate::At::NotEvaluated)
                .value
                .unwrap();
        let key = PrivateKey::from_der(&keys::p256(0).pkcs8()).unwrap();
        let checked = check(&certificate, &key, &policy);
        assert!(checked.value.is_none());
        assert_eq!(checked.findings, []);
        let not_evaluated: Vec<_> =
            checked.not_evaluated.iter().map(|entry| (&*entry.code, &*entry.why)).collect();
        assert_eq!(not_evaluated, [("match", "the certificate's public key could not be read")]);
    }

    #[test]
    fn a_pair_holds_its_certificate_and_a_mismatch_names_the_owner() {
        let policy = Policy::default();
        let issued = Cert::leaf("a.example").key(keys::p256(0)).self_signed();
        let certificate =
            crate::rules::certificate::check(&issued.der, Role::Leaf, &policy, crate::At::NotEvaluated)
                .value
                .unwrap();
        let key = |number| PrivateKey::from_der(&keys::p256(number).pkcs8()).unwrap();
        let pair = check(&certificate, &key(0), &policy).value.unwrap();
        assert_eq!(pair.certificate().der(), certificate.der());

        for (owner, want) in [
            (None, "the private key is valid, but it does not belong to the certificate"),
            (
                Some("block 2"),
                "the private key is valid, but it does not belong to the certificate; it belongs to block 2",
            ),
        ] {
            let mut findings = Findings::new(&policy);
            report(&certificate, &key(1), &Mismatch::OtherKey, owner, &mut findings);
            let (findings, _) = findings.finish();
            let found: Vec<_> = findings.iter().map(|f| (f.code(), f.message.as_ref())).collect();
            assert_eq!(found, [("match-other-key", want)]);
        }
    }
}
