//! Whether the certificates of a chain are as many as they may be, each once, and in order.

use super::View;
use crate::finding::{Finding, Findings, Told, told};
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};
use crate::rules::label::Numbered;
use crate::text;

static CHAIN_TOO_LONG: Rule = Rule {
    code: "chain-too-long",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The chain has too many certificates",
    hint: "Upload the server certificate and its issuers only. A bundle of all trusted roots does not belong here.",
    why: "Chains in use have two to four certificates. A hundred are a bundle of trusted roots that was pasted by mistake, or an attempt to \
          keep the server busy. certgate follows the chain as far as the policy allows, 10 certificates by default, and no further.\n\n\
          Example: the system's `ca-certificates.crt` appended to a server certificate.",
    citations: &["RFC 8446, section 4.4.2", "the policy's chain_max_certificates"],
    ..Rule::BASE
};

pub(super) fn check_length(view: View<'_, '_>, findings: &mut Findings<'_>) {
    let allowed = findings.policy().chain_max_certificates;
    let Some(first_beyond) = view.at(allowed) else { return };
    let found = view.certificates.len();
    let certificates = text::count(found, "certificate");
    let message = told!(
        "the chain has {certificates}; at most {allowed} are allowed",
        found = found,
        allowed = allowed
    );
    findings.add(Finding::new(&CHAIN_TOO_LONG, first_beyond.location(), message));
    findings.not_evaluated("link", format!("links beyond the first {allowed} certificates of the chain"));
}

static CHAIN_DUPLICATE: Rule = Rule {
    code: "chain-duplicate",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "A certificate is in the chain twice",
    hint: "Remove the second copy.",
    why: "A second copy makes every handshake larger. Strict clients require that each certificate signs the one before, and refuse the \
          chain.\n\n\
          Example: a server certificate put before a full chain that holds it already.",
    citations: &["RFC 8446, section 4.4.2"],
    mend: Some(Mend::Drop),
    ..Rule::BASE
};

pub(super) fn check_copies(view: View<'_, '_>, findings: &mut Findings<'_>) {
    for (copy, first) in &view.chain.copies {
        let (Some(copy), Some(first)) = (view.at(*copy), view.at(*first)) else { continue };
        let message = copy.message(told!("is the same certificate as block {first}", first = first.number()));
        let hint = copy.hint_to_remove();
        findings.add(Finding::new(&CHAIN_DUPLICATE, copy.location(), message).hint(hint).repairable());
    }
}

static CHAIN_LEAF_NOT_FIRST: Rule = Rule {
    code: "chain-leaf-not-first",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The server certificate is not the first",
    hint: "Put the server certificate first, then the certificate of its issuer, and so on.",
    why: "A server presents the first certificate of the list as its own, with the private key. Where that one is a CA's, the key does not \
          belong to it, and each handshake fails. So no policy can allow it.\n\n\
          Example: a bundle in the order root, intermediate, server, as some CAs deliver it.",
    citations: &["RFC 8446, section 4.4.2", "RFC 5246, section 7.4.2", "API page, cert_content"],
    mend: Some(Mend::Reorder),
    since: "0.2.0",
    refused_before: true,
    ..Rule::BASE
};

static CHAIN_ORDER: Rule = Rule {
    code: "chain-order",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The issuers are not in order",
    hint: "Put the server certificate first, then the certificate of its issuer, and so on.",
    why: "After the server certificate, each certificate signs the one before. Servers send the list as it is. Most clients sort it, but many \
          do not, and refuse.\n\n\
          Example: server certificate, root, intermediate.",
    citations: &["RFC 8446, section 4.4.2", "RFC 5246, section 7.4.2", "API page, cert_content"],
    mend: Some(Mend::Reorder),
    ..Rule::BASE
};

pub(super) fn check_order(view: View<'_, '_>, findings: &mut Findings<'_>) {
    let right = view.chain.order_without_copies();
    let given = {
        let mut given = right.to_vec();
        given.sort_unstable();
        given
    };
    // What belongs to another chain has to go, which may be all that is wrong with the order.
    let is_told_to_go = |position: &&usize| {
        view.chain.is_whole
            && !view.chain.is_cut
            && view.chain.unrelated.iter().any(|one| one.position == **position)
    };
    if given.iter().filter(|one| !is_told_to_go(one)).eq(right.iter().filter(|one| !is_told_to_go(one))) {
        return;
    }
    let Some((misplaced, _)) = given.iter().zip(right).find(|(given, right)| given != right) else { return };
    let (Some(misplaced), Some(leaf)) = (view.at(*misplaced), view.at(view.chain.leaf)) else { return };
    let is_proven = view.chain.key_fits == Some(leaf.index);
    let reason = if is_proven { "the private key belongs to" } else { "the server certificate is" };
    let (given, right) = (view.all(&given), view.all(right));
    let rule = if given.first().is_some_and(|first| first.index == leaf.index) {
        &CHAIN_ORDER
    } else {
        &CHAIN_LEAF_NOT_FIRST
    };
    let message = told!(
        "{reason} block {leaf} \"{name}\"; the right order of the blocks is {order}",
        name = leaf.name(),
        leaf = leaf.number(),
        order = numbers(&right),
    );
    let hint = one_move(&given, &right)
        .unwrap_or_else(|| told!("Put the blocks in the order {order}.", order = numbers(&right)));
    findings.add(Finding::new(rule, misplaced.location(), message).hint(hint).repairable());
}

/// The longest list of blocks that a message writes out.
const LISTED: usize = 12;

fn numbers(certificates: &[Numbered<'_, '_>]) -> String {
    let mut shown: Vec<String> =
        certificates.iter().take(LISTED).map(|certificate| certificate.number().to_string()).collect();
    if certificates.len() > LISTED {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// The one move that makes `given` equal to `right`, where one does.
fn one_move(given: &[Numbered<'_, '_>], right: &[Numbered<'_, '_>]) -> Option<Told> {
    let index = |one: &Numbered<'_, '_>| one.index;
    let right: Vec<usize> = right.iter().map(index).collect();
    if right.len() > LISTED {
        return None;
    }
    for moved in given.iter().rev() {
        let rest: Vec<usize> = given.iter().map(index).filter(|other| *other != moved.index).collect();
        if !right.iter().filter(|other| **other != moved.index).eq(&rest) {
            continue;
        }
        let mut after = right.iter().skip_while(|other| **other != moved.index).skip(1);
        let target = |position: &usize| given.iter().find(|one| one.index == *position);
        return Some(match after.next().and_then(target) {
            Some(next) => {
                told!("Move block {moved} before block {next}.", moved = moved.number(), next = next.number())
            }
            None => told!("Move block {moved} to the end.", moved = moved.number()),
        });
    }
    None
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_TOO_LONG, &CHAIN_LEAF_NOT_FIRST, &CHAIN_ORDER, &CHAIN_DUPLICATE];
