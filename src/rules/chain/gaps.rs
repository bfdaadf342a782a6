//! Whether an issuer is missing, and what does not belong to the chain.

use super::fetch::{hint_to_add_issuer, hint_to_put_issuer_in_place, with_address};
use super::{View, issuers};
use crate::finding::{Finding, Findings, Told, told};
use crate::relate::chain::{Unrelated, is_self_issued};
use crate::relate::server::ServerPair;
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};
use crate::rules::label::{Blocks, Numbered};

/// One finding for each chain that no path leads to. But one alone, where the server certificate's own issuer is missing, or where it is
/// itself what does not belong there.
pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    let Some(top) = view.top() else { return };
    let chain = view.chain;
    if chain.is_cut {
        return;
    }
    if let Some(by) = chain.circle.and_then(|by| view.at(by)) {
        report_circle(top, by, findings);
    }
    let unrelated: Vec<_> =
        chain.unrelated.iter().filter_map(|one| Some((one, view.at(one.position)?))).collect();
    let all: Vec<_> = unrelated.iter().map(|(_, found)| *found).collect();
    let is_alone = chain.path.len() == 1;
    let Some((first, found)) = unrelated.first() else {
        // A damaged name is not that of an issuer.
        if is_alone && !chain.is_complete && top.certificate.has_damaged_issuer() {
            let why = format!("the signature of block {}: the name of its issuer is damaged", top.number());
            findings.not_evaluated("link", why);
        } else if is_alone && !chain.is_complete {
            report_leaf_alone(view, top, findings);
        }
        return;
    };
    if is_alone && !chain.is_complete {
        return report_issuer_missing(view, first, *found, &all, findings);
    }
    let is_lowest = |(one, _): &&(&Unrelated, Numbered<'_, '_>)| one.position == one.lowest;
    let is_placeholder =
        is_alone && chain.key_fits == Some(chain.leaf) && all.iter().all(|found| found.certificate.is_ca());
    let is_below_a_root = |(_, found): &&(&Unrelated, Numbered<'_, '_>)| !is_self_issued(found.certificate);
    let mut lowest = unrelated.iter().filter(is_lowest);
    let of_the_ca = lowest.find(is_below_a_root).or(unrelated.first()).filter(|_| is_placeholder);
    if let Some((_, ca)) = of_the_ca {
        report_placeholder(top, *ca, findings);
    }
    for (lowest, found) in unrelated.iter().filter(is_lowest) {
        let members = unrelated.iter().filter(|(one, _)| one.lowest == lowest.position);
        let members: Vec<_> = members.map(|(_, found)| *found).collect();
        if of_the_ca.is_some_and(|(ca, _)| ca.position == lowest.position) {
            members.iter().for_each(|issuer| issuers::check_validity(*issuer, false, false, findings));
        } else {
            report_other_chain(view, lowest, *found, &members, findings);
        }
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
    // That nothing need be done about a self-signed certificate would contradict it.
    hides: &[Hides { code: "cert-self-signed", scope: Scope::Field }],
    ..Rule::BASE
};

/// The server certificate's own issuer is missing, and other certificates are in its place.
fn report_issuer_missing(
    view: View<'_, '_>,
    first: &Unrelated,
    found: Numbered<'_, '_>,
    all: &[Numbered<'_, '_>],
    findings: &mut Findings<'_>,
) {
    let Some(top) = view.top() else { return };
    let message = with_address(why_unrelated(view, first, found, top), top);
    let hint = hint_to_put_issuer_in_place(top, &Blocks::of(all), view.chain.issuer_among_roots);
    findings.add(Finding::new(&CHAIN_GAP, found.location(), message).hint(hint));
}

/// The server certificate is self-signed, and what follows are the certificates of a CA.
fn report_placeholder(leaf: Numbered<'_, '_>, ca: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = leaf.message(told!(
        "is self-signed, but block {ca_block} \"{ca}\" and what follows are certificates of a CA that did not issue it",
        ca_block = ca.number(),
        ca = ca.name(),
    ));
    let hint = told!(
        "Replace block {replace} with the server certificate that the CA sent you for this key. A keystore makes a self-signed certificate \
         together with the key; it is only there until the CA's answer comes.",
        replace = leaf.number(),
    );
    findings.add(Finding::new(&CHAIN_GAP, ca.location(), message).hint(hint));
}

/// A chain that the server certificate does not lead to.
fn report_other_chain(
    view: View<'_, '_>,
    lowest: &Unrelated,
    found: Numbered<'_, '_>,
    members: &[Numbered<'_, '_>],
    findings: &mut Findings<'_>,
) {
    let Some(top) = view.top() else { return };
    let message = why_unrelated(view, lowest, found, top);
    let blocks = Blocks::of(members);
    let reason = if members.len() == 1 { "it belongs" } else { "they belong" };
    let hint = told!("Remove {blocks}: {reason} to another chain.", remove = blocks.numbers());
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

fn report_leaf_alone(view: View<'_, '_>, leaf: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = leaf.message(told!(
        "was issued by \"{issuer}\", whose certificate is not included",
        issuer = leaf.certificate.issuer().to_string(),
    ));
    let finding = Finding::new(&CHAIN_LEAF_ALONE, leaf.location(), with_address(message, leaf));
    findings.add(finding.hint(hint_to_add_issuer(leaf, view.chain.issuer_among_roots)));
    let why = format!("the signature of block {}: its issuer's certificate is not included", leaf.number());
    findings.not_evaluated("link", why);
}

static CHAIN_CIRCLE: Rule = Rule {
    code: "chain-circle",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The issuers of the chain certify each other",
    hint: "Ask your CA for the chain of this server certificate: each issuer in it leads to a root.",
    why: "Each certificate after the server's is certified by the next one, up to a root. Where the last one is certified by one that is below \
          it, the list leads nowhere: a client that follows it comes back to where it was.\n\n\
          Example: two CAs that have certified each other, and neither of them comes with the certificate that its root signed.",
    citations: &["RFC 5280, section 6.1", "RFC 4158, section 2.4.2"],
    since: "0.2.0",
    ..Rule::BASE
};

fn report_circle(top: Numbered<'_, '_>, by: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = top.message(told!(
        "was signed by block {issuer_block} \"{issuer}\", which is below it in the same chain",
        issuer_block = by.number(),
        issuer = by.name(),
    ));
    findings.add(Finding::new(&CHAIN_CIRCLE, top.location(), message));
}

static CHAIN_SERVER_MISSING: Rule = Rule {
    code: "chain-server-missing",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The server's own certificate is missing: all certificates are those of CAs",
    hint: "Put the server certificate that was issued for this private key before the first block.",
    why: "CAs send two files: the server certificate, and a bundle with the certificates of the CA. Both go into `cert_content`, the server \
          certificate first. Where all certificates are CAs' and the private key belongs to none of them, the server certificate was left out. \
          The private key may well be the right one.\n\n\
          Example: `ca-bundle.crt` uploaded in place of `server.crt`.",
    citations: &["RFC 8446, section 4.4.2", "API page, cert_content"],
    hides: &[
        Hides { code: "cert-self-signed", scope: Scope::Field },
        Hides { code: "chain-leaf-alone", scope: Scope::Field },
        Hides { code: "chain-leaf-not-first", scope: Scope::Field },
        // Which certificates are needed depends on the missing one.
        Hides { code: "chain-root-included", scope: Scope::Field },
    ],
    since: "0.2.0",
    refused_before: true,
    ..Rule::BASE
};

/// Says that the server's certificate is missing, where it is.
pub(super) fn check_server(pair: &ServerPair<'_>, findings: &mut Findings<'_>) {
    let Some(first) = pair.certificates.first().filter(|_| pair.is_server_missing) else { return };
    let first = Numbered { certificate: first, index: 0 };
    let message = match pair.certificates.len() {
        1 => first.message("is the certificate of a CA, and the private key does not belong to it: the server's own certificate is missing"),
        found => told!(
            "all {found} certificates are those of CAs, and the private key belongs to none of them: the server's own certificate is missing",
            found = found,
        ),
    };
    let hint = told!(
        "Put the server certificate that was issued for this private key before block {put_before}.",
        put_before = first.number(),
    );
    findings.add(Finding::new(&CHAIN_SERVER_MISSING, first.location(), message).hint(hint));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_GAP, &CHAIN_LEAF_ALONE, &CHAIN_CIRCLE, &CHAIN_SERVER_MISSING];
