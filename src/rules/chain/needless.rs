//! What a chain does not need: roots, and other certificates of its issuers.

use super::View;
use super::issuers::report_expired_needless;
use crate::finding::{Finding, Findings, told};
use crate::relate::chain::has_expired;
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};
use crate::rules::label::Numbered;

/// The root of the path, then the other ways up.
pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    let time = findings.time();
    if let Some(root) = view.top().filter(|_| view.chain.can_root_go) {
        // A server certificate alone would look as if an issuer were missing: its root may stay while it holds.
        if view.chain.path.len() == 2 && !has_expired(root.certificate, time) {
            report_root_of_leaf(root, findings);
        } else {
            report_root(root, findings);
        }
    }
    for alternative in &view.chain.alternatives {
        let Some(other) = view.at(alternative.position) else { continue };
        if alternative.has_expired {
            report_expired_needless(other, true, findings);
        } else if let Some(same) = alternative.same_ca_as.and_then(|position| view.at(position)) {
            report_cross_sign(other, same, alternative.has_same_issuer, findings);
        }
        if alternative.is_root {
            report_root(other, findings);
        }
    }
}

static CHAIN_CROSS_SIGN: Rule = Rule {
    code: "chain-cross-sign",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "Another certificate of the same CA is in the chain",
    hint: "Keep the certificate that your clients need. Most clients need only one.",
    why: "A CA can have several certificates for one name and one key: a root of its own, and one signed by an older root for old devices. Each \
          of them leads a client to a root that it trusts. With both in one list, the certificates are no longer one line of issuers, and old \
          clients do not understand such a list.\n\n\
          Example: a new root's own certificate beside the one that an older root signed for it.",
    citations: &["RFC 8446, section 4.4.2", "RFC 4158, section 2.4"],
    ..Rule::BASE
};

fn report_cross_sign(
    other: Numbered<'_, '_>,
    same: Numbered<'_, '_>,
    has_same_issuer: bool,
    findings: &mut Findings<'_>,
) {
    let issuer = other.certificate.issuer().to_string();
    let difference = if has_same_issuer {
        "it is another certificate of the same issuer".to_owned()
    } else {
        format!("its issuer is \"{issuer}\"")
    };
    let message = other.message(told!(
        "has the same name and key as block {same_as}, but {difference}",
        same_as = same.number(),
        issuer = issuer,
    ));
    findings.add(Finding::new(&CHAIN_CROSS_SIGN, other.location(), message));
}

static CHAIN_ROOT_INCLUDED: Rule = Rule {
    code: "chain-root-included",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The root certificate is in the chain",
    hint: "Remove it: clients have their own copy or do not trust it.",
    why: "A client trusts a root because it holds it already; one that comes with the chain is ignored. Sending it costs a kilobyte in every \
          handshake. It is allowed there, so this is a warning. If the root issued the server certificate itself, a repair does not remove it: \
          a server certificate alone looks as if its issuer were missing.\n\n\
          Example: server certificate, intermediate, root.",
    citations: &["RFC 8446, section 4.4.2", "RFC 5280, section 6.1"],
    mend: Some(Mend::Drop),
    ..Rule::BASE
};

/// A root above other issuers, or one that can stay no longer.
fn report_root(root: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = root.message("is a root: it is its own issuer");
    let hint = root.hint_to_remove();
    findings.add(Finding::new(&CHAIN_ROOT_INCLUDED, root.location(), message).hint(hint).repairable());
}

/// A root that is the server certificate's own issuer. It is not fixable: without it, nothing would tell that the issuer is a root, and
/// it would be asked for.
fn report_root_of_leaf(root: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = root.message("is a root: it is its own issuer. It issued the server certificate itself, so no other certificate is missing");
    let hint = told!(
        "Leave block {block} where it is, or remove it: clients that trust this root have it. If you remove it, ignore the finding \
         `chain-leaf-alone`.",
        block = root.number(),
    );
    findings.add(Finding::new(&CHAIN_ROOT_INCLUDED, root.location(), message).hint(hint));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_CROSS_SIGN, &CHAIN_ROOT_INCLUDED];
