//! What the name constraints of the issuers say of the names below them (RFC 5280, 4.2.1.10 and 6.1.4 (g)).

use super::View;
use crate::finding::{Finding, Findings, told};
use crate::read::certificate::Certificate;
use crate::relate::chain::name_constraints::{MAX_COMPARISONS, NamePlace, Names, Verdict};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::label::{Numbered, join};

pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    for constrained in &view.chain.constrained {
        let Some(issuer) = view.at(constrained.issuer) else { continue };
        let (block, name) = (issuer.number(), issuer.name());
        if !constrained.other_kinds.is_empty() {
            let kinds = constrained.other_kinds.join(", ");
            let why = format!("block {block} \"{name}\" constrains names of type {kinds}");
            findings.not_evaluated("name-constraints", why);
        }
        if constrained.is_common_name_open {
            let why = format!("the common name against the constraints of block {block} \"{name}\"");
            findings.not_evaluated("name-constraints", why);
        }
        for outside in &constrained.outside {
            let Some(below) = view.at(outside.certificate) else { continue };
            report_outside(issuer, below, &outside.names, Severity::Error, findings);
            report_outside(issuer, below, &outside.doubtful, Severity::Warning, findings);
        }
        if constrained.is_too_costly {
            report_cost(issuer, findings);
        }
    }
}

static CHAIN_NAME_CONSTRAINTS: Rule = Rule {
    code: "chain-name-constraints",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer's name constraints do not allow a name",
    hint: "Order a certificate with names that the issuing CA may certify, or order it from another CA.",
    why: "A CA certificate can say for which DNS names, IP addresses and directory names its holder may issue certificates. Clients refuse a \
          chain in which a name of a lower certificate is outside of the permitted subtrees or inside an excluded one, even if all signatures \
          are right. A wildcard that also matches names in an excluded subtree is a warning, because few clients refuse it. certgate does not \
          evaluate constraints on other kinds of names, and the report says so.\n\n\
          Example: an enterprise CA that is constrained to `corp.example` issues a certificate for `www.shop.example`.",
    citations: &[
        "RFC 5280, section 4.2.1.10",
        "RFC 5280, section 6.1.4 (g)",
        "RFC 5280, section 6.1.3 (b) and (c)",
    ],
    ..Rule::BASE
};

fn report_outside(
    issuer: Numbered<'_, '_>,
    below: Numbered<'_, '_>,
    names: &Names,
    severity: Severity,
    findings: &mut Findings<'_>,
) {
    if names.count == 0 {
        return;
    }
    let first: Vec<String> =
        names.first.iter().map(|(place, verdict)| describe(below.certificate, *place, *verdict)).collect();
    let message = told!(
        "block {issuer_block} \"{issuer}\" may not certify {names}",
        issuer_block = issuer.number(),
        issuer = issuer.name(),
        names = join(&first, names.count),
    );
    findings.add(Finding::new(&CHAIN_NAME_CONSTRAINTS, below.location(), message).at_most(severity));
}

/// A name with its kind, and why it is not allowed.
fn describe(certificate: &Certificate<'_>, place: NamePlace, verdict: Verdict) -> String {
    let name = match place {
        NamePlace::Subject => format!("its subject \"{}\"", certificate.subject()),
        NamePlace::San(position) => {
            certificate.san().get(position).map(ToString::to_string).unwrap_or_default()
        }
    };
    match verdict {
        Verdict::Allowed => name,
        Verdict::Excluded => format!("{name} (excluded)"),
        Verdict::NotPermitted => format!("{name} (not permitted)"),
        Verdict::Reaches => format!("{name} for some clients (it also matches an excluded name)"),
    }
}

static CHAIN_NAME_CONSTRAINTS_COST: Rule = Rule {
    code: "chain-name-constraints-cost",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "There are too many names and name constraints to compare",
    hint: "Order certificates with fewer names. No CA in use has so many constraints for so many names.",
    why: "Each name below a CA has to be compared with each of its constraints, so two lists of ten thousand entries cost a hundred million \
          comparisons. That is a known way to keep a server busy. After 1,048,576 comparisons in one chain, certgate stops and refuses \
          the chain; BoringSSL has the same limit.\n\n\
          Example: 2,000 excluded subtrees above a certificate with 2,000 DNS names.",
    citations: &["RFC 5280, section 4.2.1.10", "CVE-2023-0464: cost of checking a chain must be bounded"],
    ..Rule::BASE
};

fn report_cost(issuer: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = told!(
        "the name constraints of block {block} \"{name}\" and the names below need more than {allowed} comparisons",
        block = issuer.number(),
        name = issuer.name(),
        allowed = MAX_COMPARISONS,
    );
    findings.add(Finding::new(&CHAIN_NAME_CONSTRAINTS_COST, issuer.location(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_NAME_CONSTRAINTS, &CHAIN_NAME_CONSTRAINTS_COST];
