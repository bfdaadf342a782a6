//! A chain of certificates: its order, its signatures, and whether its issuers may issue (RFC 5280, 6.1).
//!
//! Nothing here says that a chain can be trusted: no root is trusted by certgate, and revocation is not looked at.

mod constraints;
mod graph;
mod issuer;
pub(crate) mod link;
mod member;
mod name;
mod order;
pub(crate) mod roots;
mod rsa;
mod signatures;
#[cfg(test)]
mod tests;

pub use roots::{Roots, check as check_roots};

use crate::finding::{Checked, Findings};
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::rule::Rule;
use graph::Graph;
use member::Member;
use signatures::{Link, Signatures};

/// The rules of this module, file by file.
pub(crate) static RULES: &[&[&Rule]] =
    &[order::RULES, signatures::RULES, issuer::RULES, constraints::RULES, roots::RULES];

/// What became of the certificates of a chain. All numbers are positions in the input, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chain {
    /// The server certificate: first in a chain that is in order.
    pub leaf: usize,
    /// The server certificate, its issuer, that one's issuer, and so on, as far as they are here.
    pub path: Vec<usize>,
    /// All certificates in the right order: those of the path in the places that they share, the server certificate first; where that
    /// changes anything, those of other chains behind them; second copies last.
    pub order: Vec<usize>,
    /// What is better left out: second copies, a root above other issuers, and expired issuers that the path does not need. Never the
    /// server certificate. In rising order.
    pub remove: Vec<usize>,
}

impl Chain {
    /// The certificates to keep, in the right order: [`order`](Self::order) without [`remove`](Self::remove).
    pub fn mended(&self) -> Vec<usize> {
        self.order.iter().copied().filter(|position| self.remove.binary_search(position).is_err()).collect()
    }
}

/// Checks the certificates of one field, in the order given, as a chain: the server certificate first, each following one the issuer
/// of the one before.
///
/// Signatures are verified, at most one fewer than the policy's `chain_max_certificates`. Where the order is wrong, the right one is
/// found and the rest is checked on it, so that all findings come at once. `value` is `None` only where there is no certificate.
/// Expiry of issuers needs the policy's time.
///
/// ```
/// use certgate::certificate::{self, Role};
/// use certgate::{Policy, chain};
///
/// let der = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/links/ed25519.der"));
/// let policy = Policy::default();
/// let certificate = certificate::check(der, Role::Issuer, &policy).value.expect("readable");
/// // The same certificate twice: the second copy can go.
/// let checked = chain::check(&[certificate.clone(), certificate], &policy);
/// assert_eq!(checked.findings[0].code(), "chain-duplicate");
/// assert_eq!(checked.value.expect("not empty").mended(), [0]);
/// ```
pub fn check(certificates: &[Certificate<'_>], policy: &Policy) -> Checked<Chain> {
    let mut findings = Findings::new(policy);
    let chain = read(certificates, None, &mut findings);
    findings.checked(chain)
}

/// As [`check`]; `key_fits` is the position of a certificate that the private key fits, where one is known. Among certificates that
/// issue no other it decides which is the server's.
pub(crate) fn read(
    certificates: &[Certificate<'_>],
    key_fits: Option<usize>,
    findings: &mut Findings<'_>,
) -> Option<Chain> {
    judge(certificates, key_fits, true, findings)
}

/// As [`read`], where other certificates of the field could not be read: what is missing may be among them, so nothing is said of
/// gaps.
pub(crate) fn read_rest(
    certificates: &[Certificate<'_>],
    key_fits: Option<usize>,
    findings: &mut Findings<'_>,
) -> Option<Chain> {
    findings
        .not_evaluated("chain", "whether all issuers are there, since not every certificate could be read");
    judge(certificates, key_fits, false, findings)
}

fn judge(
    certificates: &[Certificate<'_>],
    key_fits: Option<usize>,
    is_whole: bool,
    findings: &mut Findings<'_>,
) -> Option<Chain> {
    if certificates.is_empty() {
        return None;
    }
    let policy = findings.policy();
    let members = certificates.iter().enumerate().map(|(index, certificate)| Member::new(index, certificate));
    let mut signatures = Signatures::new(policy.chain_max_certificates, &policy.sm2_ids);
    let graph =
        Graph::new(members.collect(), key_fits, policy.chain_max_certificates, policy.time, &mut signatures);
    let path = graph.at(&graph.path);
    // A lone server certificate that is its own issuer by name is taken for self-signed: its signature is no link.
    let is_complete = path
        .last()
        .is_some_and(|top| signatures.is_self_signed(top) || (path.len() == 1 && top.calls_itself_issuer()));
    let right = right_order(&graph);

    if policy.time.is_none() {
        note_no_time(findings);
    }
    order::check_length(&graph, findings);
    order::check_copies(&graph, findings);
    order::check_order(&graph, &right, key_fits, findings);
    if is_whole {
        order::check_gaps(&graph, is_complete, findings);
    }
    signatures.judge(&path, findings);
    // A root whose key did not sign the one before is not the root of this chain, and that finding says enough.
    let can_root_go = match path.as_slice() {
        [.., member, root] => {
            is_complete && !must_stay(root, key_fits) && signatures.link(member, root) != Link::DoesNotFit
        }
        _ => false,
    };
    issuer::check(&path, is_complete, can_root_go, findings);
    constraints::check(&path, findings);
    let mut remove = judge_needless(&graph, &path, can_root_go, key_fits, &mut signatures, findings);

    let copies = graph.copies.iter().map(|(copy, _)| *copy);
    remove.extend(copies.clone());
    remove.sort_unstable();
    remove.dedup();
    let order = right.into_iter().chain(copies).collect();
    Some(Chain { leaf: graph.leaf, path: graph.path.clone(), order, remove })
}

/// Whether a certificate stays, whatever else is wrong: the key belongs to it, or it is a server's own by its names. The key may not be
/// known, where its field holds two.
fn must_stay(member: &Member<'_, '_>, key_fits: Option<usize>) -> bool {
    key_fits == Some(member.index) || member.certificate.is_self_issued_server()
}

/// Says that there is no time to hold validity against.
fn note_no_time(findings: &mut Findings<'_>) {
    findings.not_evaluated(
        "validity",
        "the policy names no time, so whether certificates are valid now was not evaluated",
    );
}

/// All positions but copies: the path's members in order in the places that they have together, the server certificate first. Where
/// that is not the order given, what belongs to another chain goes last, so that it does not come between.
fn right_order(graph: &Graph<'_, '_>) -> Vec<usize> {
    let copies: std::collections::BTreeSet<usize> = graph.copies.iter().map(|(copy, _)| *copy).collect();
    let on_path: std::collections::BTreeSet<usize> = graph.path.iter().copied().collect();
    let mut in_order = graph.path.iter().copied();
    let mut right: Vec<usize> = graph
        .members
        .iter()
        .map(|member| member.index)
        .filter(|position| !copies.contains(position))
        .map(
            |position| {
                if on_path.contains(&position) { in_order.next().unwrap_or(position) } else { position }
            },
        )
        .collect();
    if let Some(place) = right.iter().position(|position| *position == graph.leaf) {
        right.get_mut(..=place).unwrap_or_default().rotate_right(1);
    }
    if !right.is_sorted() {
        let (strangers, mut rest): (Vec<usize>, Vec<usize>) =
            right.iter().partition(|position| graph.strangers.binary_search(position).is_ok());
        rest.extend(strangers);
        right = rest;
    }
    right
}

/// Tells of what the path does not need: the root, and alternatives. What of that can go is returned.
fn judge_needless(
    graph: &Graph<'_, '_>,
    path: &[&Member<'_, '_>],
    can_root_go: bool,
    key_fits: Option<usize>,
    signatures: &mut Signatures<'_>,
    findings: &mut Findings<'_>,
) -> Vec<usize> {
    let mut remove = Vec::new();
    let time = findings.policy().time;
    match path {
        // A server certificate alone would look as if an issuer were missing: its root may stay while it holds.
        [_, root] if can_root_go && !root.has_expired(time) => findings.add(order::root_of_leaf(root)),
        [.., root] if can_root_go => {
            findings.add(order::root(root));
            remove.push(root.index);
        }
        _ => {}
    }
    for alternative in graph.at(&graph.alternatives) {
        if must_stay(alternative, key_fits) {
            continue;
        }
        let expired = time.filter(|_| alternative.has_expired(time));
        if let Some(time) = expired {
            findings.add(issuer::not_needed(alternative, time).fixable());
        } else if let Some(twin) = path.iter().skip(1).find(|issuer| alternative.is_twin_of(issuer)) {
            findings.add(order::cross_sign(alternative, twin));
        }
        let is_root = signatures.is_self_signed(alternative);
        if is_root {
            findings.add(order::root(alternative));
        }
        if is_root || expired.is_some() {
            remove.push(alternative.index);
        }
    }
    remove
}
