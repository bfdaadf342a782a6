//! Whether the certificates of a chain are the right ones, each once, and in order.

use super::graph::Graph;
use super::member::Member;
use crate::finding::{Finding, Findings};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

static CHAIN_TOO_LONG: Rule = Rule {
    code: "chain-too-long",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "More certificates than a chain may have",
    hint: "Upload the server certificate and its issuers only; a bundle of all trusted roots does not belong here.",
    why: "Chains in use have two to four certificates. A hundred are a bundle of trusted roots that was pasted by mistake, or an attempt to \
          keep the server busy. certgate follows the chain as far as the policy allows, 10 certificates by default, and no further.\n\n\
          Example: the system's `ca-certificates.crt` appended to a server certificate.",
    citations: &["RFC 8446, section 4.4.2", "the policy's chain_max_certificates"],
    ..Rule::BASE
};

static CHAIN_ORDER: Rule = Rule {
    code: "chain-order",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The certificates are not in order",
    hint: "Put the server certificate first, then the certificate of its issuer, and so on.",
    why: "The server certificate comes first, and each following certificate signs the one before. Gateways take the first certificate \
          for the server's and send the others as they are; many clients do not sort them.\n\n\
          Example: a bundle in the order root, intermediate, server, as some CAs deliver it.",
    citations: &["RFC 8446, section 4.4.2", "RFC 5246, section 7.4.2", "API page, cert_content"],
    ..Rule::BASE
};

static CHAIN_GAP: Rule = Rule {
    code: "chain-gap",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "A certificate is not an issuer of this chain: something is missing, or it does not belong here",
    hint: "Upload the server certificate and its own issuers, nothing else.",
    why: "Each certificate after the first must have issued the one before. Where one did not, an issuer between them is missing, or the \
          certificate comes from another chain. Clients that do not fetch what is missing refuse the connection.\n\n\
          Example: a server certificate and the root, without the intermediate that stands between them.",
    citations: &["RFC 5280, section 6.1.3 (a) (4)", "RFC 8446, section 4.4.2"],
    ..Rule::BASE
};

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

static CHAIN_DUPLICATE: Rule = Rule {
    code: "chain-duplicate",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "A certificate is in the chain twice",
    hint: "Remove the second copy.",
    why: "The same certificate twice costs every handshake its size, and strict clients, which want each certificate to sign the one \
          before, refuse the chain.\n\n\
          Example: a server certificate put before a full chain that holds it already.",
    citations: &["RFC 8446, section 4.4.2"],
    ..Rule::BASE
};

static CHAIN_CROSS_SIGN: Rule = Rule {
    code: "chain-cross-sign",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "Another certificate of the same CA is in the chain",
    hint: "Keep the one that your clients need; most need only one.",
    why: "A CA can have several certificates for one name and one key: a root of its own, and one signed by an older root for old devices. \
          Either leads a client up. With both in one list the chain is no line any more, which old clients do not understand.\n\n\
          Example: a new root's own certificate beside the one that an older root signed for it.",
    citations: &["RFC 8446, section 4.4.2", "RFC 4158, section 2.4"],
    ..Rule::BASE
};

static CHAIN_ROOT_INCLUDED: Rule = Rule {
    code: "chain-root-included",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The root certificate is in the chain",
    hint: "Remove it: clients have their own copy or do not trust it.",
    why: "A client trusts a root because it holds it already; one that comes with the chain is ignored. Sending it costs a kilobyte in \
          every handshake. It may stand there, so this is a warning. Where it is the server certificate's own issuer, a repair leaves it: a \
          server certificate alone looks as if its issuer were missing.\n\n\
          Example: server certificate, intermediate, root.",
    citations: &["RFC 8446, section 4.4.2", "RFC 5280, section 6.1"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CHAIN_TOO_LONG,
    &CHAIN_ORDER,
    &CHAIN_GAP,
    &CHAIN_LEAF_ALONE,
    &CHAIN_DUPLICATE,
    &CHAIN_CROSS_SIGN,
    &CHAIN_ROOT_INCLUDED,
];

/// The longest list of blocks that a message writes out.
const LISTED: usize = 12;

/// Tells of more certificates than the policy allows.
pub(super) fn check_length(graph: &Graph<'_, '_>, findings: &mut Findings<'_>) {
    let allowed = findings.policy().chain_max_certificates;
    let Some(first_beyond) = graph.members.get(allowed) else { return };
    let found = text::count(graph.members.len(), "certificate");
    findings.add(Finding::new(
        &CHAIN_TOO_LONG,
        first_beyond.location(),
        format!("{found} in the chain, {allowed} allowed"),
    ));
    findings.not_evaluated("link", format!("links beyond the first {allowed} certificates of the chain"));
}

/// Tells of second copies.
pub(super) fn check_copies(graph: &Graph<'_, '_>, findings: &mut Findings<'_>) {
    for (copy, first) in &graph.copies {
        if let (Some(copy), Some(first)) = (graph.members.get(*copy), graph.members.get(*first)) {
            let message = format!("{} is the same certificate as {}", copy.label(), first.block());
            let hint = format!("Remove {}.", copy.block());
            findings.add(Finding::new(&CHAIN_DUPLICATE, copy.location(), message).hint(hint).fixable());
        }
    }
}

/// Tells that the certificates are not in the order `right`, which holds each position once, copies aside.
pub(super) fn check_order(
    graph: &Graph<'_, '_>,
    right: &[usize],
    key_fits: Option<usize>,
    findings: &mut Findings<'_>,
) {
    let given = {
        let mut given = right.to_vec();
        given.sort_unstable();
        given
    };
    let Some((misplaced, _)) = given.iter().zip(right).find(|(given, right)| given != right) else { return };
    let (Some(misplaced), Some(leaf)) = (graph.members.get(*misplaced), graph.members.get(graph.leaf)) else {
        return;
    };
    let right = graph.at(right);
    let reason =
        if key_fits == Some(leaf.index) { "the private key fits" } else { "the server certificate is" };
    let message = format!("{reason} {}; the right order of the blocks is {}", leaf.label(), numbers(&right));
    let hint = one_move(&graph.at(&given), &right)
        .unwrap_or_else(|| format!("Put the blocks in the order {}.", numbers(&right)));
    findings.add(Finding::new(&CHAIN_ORDER, misplaced.location(), message).hint(hint).fixable());
}

fn numbers(members: &[&Member<'_, '_>]) -> String {
    let mut shown: Vec<String> =
        members.iter().take(LISTED).map(|member| member.number().to_string()).collect();
    if members.len() > LISTED {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// The one move that makes `given` equal to `right`, where one does.
fn one_move(given: &[&Member<'_, '_>], right: &[&Member<'_, '_>]) -> Option<String> {
    let index = |member: &&Member<'_, '_>| member.index;
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
        let target = |position: &usize| given.iter().find(|member| member.index == *position);
        return Some(match after.next().and_then(target) {
            Some(next) => format!("Move {} before {}.", moved.block(), next.block()),
            None => format!("Move {} to the end.", moved.block()),
        });
    }
    None
}

/// Tells of certificates that no path leads to, one finding for each fragment, and of a server certificate that is alone.
/// `is_complete`: the path ends in a self-signed certificate.
pub(super) fn check_gaps(graph: &Graph<'_, '_>, is_complete: bool, findings: &mut Findings<'_>) {
    let path = graph.at(&graph.path);
    let Some(top) = path.last() else { return };
    let strangers = graph.at(&graph.strangers);
    if strangers.is_empty() {
        let is_alone = path.len() == 1 && !is_complete && !graph.is_cut;
        if is_alone {
            let issuer = top.certificate.issuer();
            let message = format!(
                "{} was issued by \"{issuer}\", whose certificate is not here{}",
                top.label(),
                top.published()
            );
            let finding = Finding::new(&CHAIN_LEAF_ALONE, top.location(), message);
            findings.add(finding.hint(top.hint_to_add_issuer()));
        }
        return;
    }
    if graph.is_cut {
        return;
    }
    // What another stranger names as its issuer is told with that one, unless they go round in a circle.
    let named: std::collections::BTreeSet<_> =
        strangers.iter().filter(|member| !member.is_self_issued()).map(|member| &member.issuer).collect();
    let mut heads: Vec<_> = strangers.iter().filter(|member| !named.contains(&member.subject)).collect();
    if heads.is_empty() {
        heads.extend(strangers.first());
    }
    for stranger in heads {
        let mut message = format!("{} issued no other certificate of this chain", stranger.label());
        if !stranger.is_ca() {
            message = format!(
                "{} issued no other certificate here; it is another server certificate",
                stranger.label()
            );
        } else if !is_complete {
            let issuer = top.certificate.issuer();
            message = format!(
                "{} did not issue {}, which names \"{issuer}\" as its issuer",
                stranger.label(),
                top.label()
            );
        }
        if let Some(namesake) = path.iter().skip(1).find(|issuer| issuer.subject == stranger.subject) {
            message = format!(
                "{} has the name of {}, but another key; it issued no other certificate of this chain",
                stranger.label(),
                namesake.block()
            );
        }
        // Above an issuer the chain may end; only a server certificate needs one more.
        let is_missing_link = !is_complete && path.len() == 1 && stranger.is_ca();
        if is_missing_link {
            message.push_str(&top.published());
        }
        let hint = if is_missing_link {
            top.hint_to_add_issuer()
        } else {
            format!("Remove {}: it belongs to another chain.", stranger.block())
        };
        findings.add(Finding::new(&CHAIN_GAP, stranger.location(), message).hint(hint));
    }
}

/// Tells of a second certificate for a CA of the path.
pub(super) fn cross_sign(alternative: &Member<'_, '_>, twin: &Member<'_, '_>) -> Finding {
    let difference = if alternative.issuer == twin.issuer {
        "it is another certificate of the same issuer".to_owned()
    } else {
        format!("its issuer is \"{}\"", alternative.certificate.issuer())
    };
    let message =
        format!("{} has the same name and key as {}, but {difference}", alternative.label(), twin.block());
    Finding::new(&CHAIN_CROSS_SIGN, alternative.location(), message)
}

/// Tells of a root that is the server certificate's own issuer. It is not fixable: without it, nothing would tell that the issuer is a
/// root, and it would be asked for.
pub(super) fn root_of_leaf(root: &Member<'_, '_>) -> Finding {
    let message = format!(
        "{} is a root: its own issuer. The server certificate comes right from it, so no other certificate is missing",
        root.label()
    );
    let hint = format!(
        "Leave {} where it is, or remove it: clients that trust this root have it. Without it `chain-leaf-alone` asks for it, which you can \
         ignore then.",
        root.block()
    );
    Finding::new(&CHAIN_ROOT_INCLUDED, root.location(), message).hint(hint)
}

/// Tells of a root above other issuers, or of one that can stay no longer.
pub(super) fn root(root: &Member<'_, '_>) -> Finding {
    let message = format!("{} is a root: its own issuer", root.label());
    Finding::new(&CHAIN_ROOT_INCLUDED, root.location(), message)
        .hint(format!("Remove {}.", root.block()))
        .fixable()
}
