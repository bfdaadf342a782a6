//! Issuers that no client accepts, whatever they signed: damaged, or of a kind that clients do not know.

use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, Findings, Told, told};
use crate::relate::chain::Link;
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};
use crate::rules::certificate::key::SPKI;
use crate::rules::certificate::{PathBreaker, path_breakers};
use crate::rules::label::Numbered;
use crate::text;
use crate::version::Raised;

static CHAIN_ISSUER_BROKEN: Rule = Rule {
    code: "chain-issuer-broken",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "No client accepts the certificate of an issuer",
    hint: "Ask the CA for another certificate of this issuer, or for a server certificate from another CA.",
    why: "Most clients accept an issuer whose encoding or size is only unusual, so that is a warning. With other faults, clients refuse \
          every chain that needs the issuer: a critical extension that clients do not know, the same extension twice, name constraints without \
          any name, the poison of a precertificate, a public key that cannot be read, two signature algorithms that contradict each other, dates \
          that are in the wrong order or are not dates, and DER or UTF-8 that OpenSSL and Go cannot read. The last is mostly one character \
          that was changed when the certificate was copied.\n\n\
          Example: a company CA whose own certificate has a private extension marked critical.",
    citations: &["RFC 5280, section 6.1.4 (o)", "RFC 5280, section 4.1.1.2", "RFC 6962, section 3.1"],
    hides: &[
        Hides { code: "cert-critical-extension", scope: Scope::Block },
        Hides { code: "cert-der", scope: Scope::Block },
        Hides { code: "cert-duplicate-extension", scope: Scope::Block },
        Hides { code: "cert-key-invalid", scope: Scope::Block },
        Hides { code: "cert-name-constraints-empty", scope: Scope::Block },
        Hides { code: "cert-name-not-utf8", scope: Scope::Block },
        Hides { code: "cert-precertificate", scope: Scope::Block },
        Hides { code: "cert-signature-algorithms-differ", scope: Scope::Block },
        Hides { code: "cert-time-invalid", scope: Scope::Block },
        Hides { code: "cert-trailing-data", scope: Scope::Block },
        Hides { code: "cert-validity-reversed", scope: Scope::Block },
    ],
    raised: Some(Raised {
        since: "0.2.0",
        cases: Some(
            "an issuer with empty nameConstraints, an unreadable key, or DER or text that programs cannot read",
        ),
    }),
    ..Rule::BASE
};

/// `issued`: the certificate below it, whose signature its key should have made by `link`.
pub(super) fn check(
    issuer: Numbered<'_, '_>,
    link: &Link,
    issued: Numbered<'_, '_>,
    findings: &mut Findings<'_>,
) {
    let is_name_told = issued.certificate.issuer().der() == issuer.certificate.subject().der();
    let broken = path_breakers(issuer.certificate, is_name_told);
    let Some(first) = broken.first() else {
        if let (Link::UnreadableKey, Some(key)) = (link, issuer.certificate.public_key()) {
            report_other_kind_of_key(issuer, key, issued, findings);
        }
        return;
    };
    let more = match broken.len().saturating_sub(1) {
        0 => String::new(),
        more => format!("; and {}", text::count(more, "more fault")),
    };
    let message = told!(
        "the chain needs block {block} \"{name}\", but no client accepts it as an issuer: {fault}{more}",
        block = issuer.number(),
        name = issuer.name(),
        rules = text::list(broken.iter().map(|breaker| breaker.finding.code())),
        fault = first.finding.message.as_ref(),
    );
    let mut finding = Finding::new(&CHAIN_ISSUER_BROKEN, first.finding.location.clone(), message);
    if broken.iter().all(|breaker| breaker.is_new) {
        finding = finding.raised();
    }
    if broken.iter().all(|breaker| breaker.is_damage) {
        finding = finding.hint(hint_to_copy_again(issuer));
    }
    // A site that takes such names of its own certificate takes them of its CA.
    let policy = findings.policy();
    let is_taken = |breaker: &PathBreaker| {
        let rule = breaker.finding.rule;
        rule.soft && policy.severity_of(rule, Severity::Error) < Severity::Error
    };
    if broken.iter().all(is_taken) {
        finding = finding.at_most(Severity::Warning);
    }
    findings.add(finding);
}

/// An issuer whose key is of a kind that makes no such signature as that of the certificate below it.
fn report_other_kind_of_key(
    issuer: Numbered<'_, '_>,
    key: &PublicKey,
    issued: Numbered<'_, '_>,
    findings: &mut Findings<'_>,
) {
    let message = told!(
        "the chain needs block {block} \"{name}\", but no client accepts it as an issuer: its public key has the unknown algorithm \
         {key_algorithm}, but block {issued_block} is signed with {signature}",
        block = issuer.number(),
        name = issuer.name(),
        key_algorithm = key.name(),
        issued_block = issued.number(),
        signature = issued.certificate.signature_algorithm().name(),
    );
    let place = issuer.certificate.outline().spki_offset;
    let place = issuer.location().der(place, SPKI.field("algorithm").to_string());
    let finding = Finding::new(&CHAIN_ISSUER_BROKEN, place, message).raised();
    findings.add(finding.hint(hint_to_copy_again(issuer)));
}

fn hint_to_copy_again(issuer: Numbered<'_, '_>) -> Told {
    told!(
        "Copy block {damaged} again from its original file: a character of it was probably changed. If the original has the same error, ask the CA for \
         another certificate of this issuer.",
        damaged = issuer.number(),
    )
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_ISSUER_BROKEN];
