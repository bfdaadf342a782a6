//! Whether an issuer is missing, and what does not belong to the chain.

use super::View;
use super::fetch::{hint_to_add_issuer, with_address};
use crate::finding::{Finding, Findings, Told, told};
use crate::relate::chain::Unrelated;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::label::Numbered;

/// One finding for each chain that no path leads to, or one for a server certificate that is alone.
pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    let Some(top) = view.top() else { return };
    if view.chain.is_cut {
        return;
    }
    if view.chain.unrelated.is_empty() && view.chain.path.len() == 1 && !view.chain.is_complete {
        report_leaf_alone(top, findings);
    }
    for unrelated in view.chain.unrelated.iter().filter(|unrelated| unrelated.is_lowest) {
        report_gap(view, unrelated, top, findings);
    }
}

static CHAIN_GAP: Rule = Rule {
    code: "chain-gap",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer is missing in the chain, or a certificate belongs to another chain",
    hint: "Upload the server certificate and its own issuers, nothing else.",
    why: "Each certificate after the first must have issued the one before. Where one did not, an issuer between them is missing, or the \
          certificate comes from another chain. Clients that do not fetch what is missing refuse the connection.\n\n\
          Example: a server certificate and the root, without the intermediate that belongs between them.",
    citations: &["RFC 5280, section 6.1.3 (a) (4)", "RFC 8446, section 4.4.2"],
    ..Rule::BASE
};

fn report_gap(view: View<'_, '_>, unrelated: &Unrelated, top: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let Some(found) = view.at(unrelated.position) else { return };
    let is_ca = found.certificate.is_ca();
    // Above an issuer the chain may end; only a server certificate needs one more.
    let is_link_missing = !view.chain.is_complete && view.chain.path.len() == 1 && is_ca;
    let message = why_unrelated(view, unrelated, found, top);
    let (message, hint) = if is_link_missing {
        (with_address(message, top), hint_to_add_issuer(top))
    } else {
        let hint = told!("Remove block {block}: it belongs to another chain.", block = found.number());
        (message, hint)
    };
    findings.add(Finding::new(&CHAIN_GAP, found.location(), message).hint(hint));
}

fn why_unrelated(
    view: View<'_, '_>,
    unrelated: &Unrelated,
    found: Numbered<'_, '_>,
    top: Numbered<'_, '_>,
) -> Told {
    if let Some(same) = unrelated.same_name_as.and_then(|position| view.at(position)) {
        found.message(told!(
            "has the name of block {same_name_as}, but another key; it issued no other certificate of this chain",
            same_name_as = same.number(),
        ))
    } else if !found.certificate.is_ca() {
        found.message("issued no other certificate of this chain; it is another server certificate")
    } else if !view.chain.is_complete {
        found.message(told!(
            "did not issue block {last} \"{last_name}\", which names \"{issuer}\" as its issuer",
            last = top.number(),
            last_name = top.name(),
            issuer = top.certificate.issuer().to_string(),
        ))
    } else {
        found.message("issued no other certificate of this chain")
    }
}

static CHAIN_LEAF_ALONE: Rule = Rule {
    code: "chain-leaf-alone",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The server certificate comes without its issuer's certificate",
    hint: "Put the issuer's certificate after the server certificate.",
    why: "Clients know roots, but not the intermediate CAs that issue server certificates; the server has to send those. Browsers fetch \
          or remember them, so the site seems to work, while command line tools, phones and other servers fail. If the issuer is a root \
          that all your clients trust, nothing is missing.\n\n\
          Example: `server.crt` uploaded without the `ca-bundle.crt` that came with it.",
    citations: &["RFC 8446, section 4.4.2", "RFC 5280, section 4.2.2.1"],
    ..Rule::BASE
};

fn report_leaf_alone(leaf: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = leaf.message(told!(
        "was issued by \"{issuer}\", whose certificate is not included",
        issuer = leaf.certificate.issuer().to_string(),
    ));
    let finding = Finding::new(&CHAIN_LEAF_ALONE, leaf.location(), with_address(message, leaf));
    findings.add(finding.hint(hint_to_add_issuer(leaf)));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_GAP, &CHAIN_LEAF_ALONE];
