//! Whether the key of each issuer made the signature of the certificate below.

use super::View;
use super::fetch::hint_to_replace;
use super::issuers::can_go;
use crate::finding::{Finding, Findings, Told, told};
use crate::relate::chain::{Issuer, Link};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::label::Numbered;

/// The links of the path, and the signature of its end on itself.
pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    for issuer in &view.chain.issuers {
        if let (Some(issued), Some(by)) = (view.at(issuer.issued), view.at(issuer.position)) {
            if issuer.link == Link::UnreadableKey && !can_go(view, issuer.position) {
                // That no client accepts the issuer is told there.
                let (by, issued) = (by.number(), issued.number());
                let why = format!("whether block {by} signed block {issued}: its public key is not readable");
                findings.not_evaluated("link", why);
            } else {
                check_link(issuer, issued, by, findings);
            }
        }
    }
    if let Some(root) = view.top().filter(|_| view.chain.is_root_signature_wrong) {
        report_wrong_root(root, findings);
    }
}

fn check_link(issuer: &Issuer, issued: Numbered<'_, '_>, by: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    match &issuer.link {
        Link::Fits => {}
        Link::FitsEmptyId => report_empty_id(issued, by, findings),
        // Which of the two algorithms made the signature is not known; that it names two is a finding of its own.
        Link::DoesNotFit if issued.certificate.names_two_signature_algorithms() => {
            let (by, issued) = (by.number(), issued.number());
            let why = format!("whether block {by} signed block {issued}: it names two signature algorithms");
            findings.not_evaluated("link", why);
        }
        Link::DoesNotFit => report_wrong(issuer, issued, by, findings),
        unverified => report_unverified(unverified, issued, by, findings),
    }
}

/// A link whose signature could not be verified, and why.
pub(super) fn report_unverified(
    link: &Link,
    issued: Numbered<'_, '_>,
    by: Numbered<'_, '_>,
    findings: &mut Findings<'_>,
) {
    match link {
        Link::Fits | Link::FitsEmptyId | Link::DoesNotFit => {}
        Link::NotSupported(why) => report_not_verified(&why.to_string(), None, issued, by, findings),
        Link::UnreadableKey => {
            report_not_verified("the issuer's public key is not readable", None, issued, by, findings);
        }
        Link::UnknownId => {
            let why = "the SM2 signature does not fit any known signer ID";
            let hint =
                "If the CA signs with an ID of its own, add it to the policy's sm2_ids and check again.";
            report_not_verified(why, Some(hint), issued, by, findings);
        }
        Link::NotTried => {
            let (by, issued) = (by.number(), issued.number());
            let why = format!("whether block {by} signed block {issued}: too many signatures");
            findings.not_evaluated("link", why);
        }
    }
}

static CHAIN_SIGNATURE: Rule = Rule {
    code: "chain-signature",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer's name fits, but its key did not make the signature",
    hint: "Replace the issuer's certificate with the one that came with the server certificate.",
    why: "A certificate names its issuer, and the issuer's key signs it. Two CA certificates can have one name and different keys: a CA \
          that renewed its key, or an imitation. Clients find the name, verify the signature, and refuse. The same happens where a \
          certificate was changed after it was signed.\n\n\
          Example: a chain with the CA's certificate of 2015, although its key of 2023 signed the server certificate.",
    citations: &["RFC 5280, section 6.1.3 (a) (1)", "RFC 5280, section 4.1.1.3"],
    ..Rule::BASE
};

fn report_wrong(
    issuer: &Issuer,
    issued: Numbered<'_, '_>,
    by: Numbered<'_, '_>,
    findings: &mut Findings<'_>,
) {
    let named = if issuer.is_other_key_named { "; it names another key of that issuer" } else { "" };
    let message = told!(
        "block {block} names block {issuer_block} \"{issuer}\" as its issuer, but that key did not sign it (signature {signature}, \
         issuer's key {key}){named}",
        block = issued.number(),
        names_another_key = issuer.is_other_key_named,
        issuer_block = by.number(),
        issuer = by.name(),
        signature = issued.certificate.signature_algorithm().name(),
        key = by.certificate.public_key().map_or("not readable", |key| key.name()),
    );
    let hint = hint_to_replace(issued, by);
    findings.add(Finding::new(&CHAIN_SIGNATURE, issued.location(), message).hint(hint));
}

fn report_wrong_root(root: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = root.message("names itself as its issuer, but its key did not sign it");
    findings.add(Finding::new(&CHAIN_SIGNATURE, root.location(), message));
}

static CHAIN_LINK_NOT_VERIFIED: Rule = Rule {
    code: "chain-link-not-verified",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The signature of a link could not be verified",
    hint: "Verify this link with a tool that supports the algorithm, then upload. certgate does not know whether the signature is right.",
    why: "certgate verifies RSA (PKCS#1 v1.5 and PSS), ECDSA on P-256, P-384 and P-521, Ed25519, and SM2 under known signer IDs. With another \
          algorithm, certgate does not know whether the signature is right. The same is true for an SM2 signature that does not fit any known \
          ID: the signature covers a hash of the ID, so an unknown ID looks the same as a wrong key. Only where the same issuer signed another \
          certificate of the upload under a known ID, such a signature is called wrong.\n\n\
          Example: an issuer with an Ed448 key, or a CA that signs with an SM2 ID of its own. The policy's `sm2_ids` takes more IDs.",
    citations: &["RFC 5280, section 6.1.3 (a) (1)", "GB/T 32918.2", "GM/T 0009, section 10"],
    ..Rule::BASE
};

fn report_not_verified(
    why: &str,
    hint: Option<&'static str>,
    issued: Numbered<'_, '_>,
    by: Numbered<'_, '_>,
    findings: &mut Findings<'_>,
) {
    let message: Told = if issued.index == by.index {
        let message = told!(
            "names itself as its issuer, but certgate could not verify its signature: {reason}",
            reason = why
        );
        issued.message(message)
    } else {
        told!(
            "certgate could not verify that block {issuer_block} \"{issuer}\" signed block {block}: {reason}",
            block = issued.number(),
            issuer_block = by.number(),
            issuer = by.name(),
            reason = why,
        )
    };
    findings.not_evaluated("link", message.text.clone());
    let finding = Finding::new(&CHAIN_LINK_NOT_VERIFIED, issued.location(), message);
    findings.add(match hint {
        Some(hint) => finding.hint(hint),
        None => finding,
    });
}

static CHAIN_SM2_EMPTY_ID: Rule = Rule {
    code: "chain-sm2-empty-id",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An SM2 signature in the chain was made with an empty ID",
    hint: "Ask the CA to sign with the ID 1234567812345678. Clients that require this ID refuse the certificate.",
    why: "An SM2 signature covers an ID of its signer. For certificates it is 1234567812345678; some programs leave it empty by mistake. Both \
          signatures are valid, but a client that knows only the usual ID refuses this one.\n\n\
          Example: a test CA made with a library whose default ID is empty.",
    citations: &["GM/T 0009, section 10", "GM/T 0015", "GB/T 32918.2"],
    ..Rule::BASE
};

pub(super) fn report_empty_id(issued: Numbered<'_, '_>, by: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = told!(
        "block {issuer_block} \"{issuer}\" signed block {block} with an empty SM2 ID",
        block = issued.number(),
        issuer_block = by.number(),
        issuer = by.name(),
    );
    findings.add(Finding::new(&CHAIN_SM2_EMPTY_ID, issued.location(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_SIGNATURE, &CHAIN_LINK_NOT_VERIFIED, &CHAIN_SM2_EMPTY_ID];
