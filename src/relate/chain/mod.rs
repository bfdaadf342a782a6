//! A chain of certificates: which is the server's, which issued which, what can be left out.
//!
//! Nothing here says that a chain can be trusted: no root is trusted by certgate, and revocation is not looked at.

mod graph;
mod member;
pub(crate) mod name;
pub(crate) mod name_constraints;
mod needless;
mod order;
mod own;
mod signatures;
mod subtrees;
#[cfg(test)]
mod tests;
mod unrelated;

use time::OffsetDateTime;

use crate::crypto::issuer_cache::Verifier;
use crate::read::certificate::Certificate;
use graph::Graph;
use member::{KeyId, Member};
pub(crate) use member::{has_expired, is_issuer_by_name, is_self_issued};
use name_constraints::Constrained;
pub use needless::{Needless, Removal};
use needless::{can_root_go, must_stay};
pub(crate) use own::OwnSignature;
use signatures::Signatures;
pub(crate) use signatures::{Link, has_signed};
pub(crate) use unrelated::Unrelated;
use unrelated::unrelated;

/// What is known of the certificates of a chain and of how they belong together. All numbers are positions in the input, from 0.
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
    /// server certificate. In rising order of the positions; one that has two reasons is there twice.
    pub remove: Vec<Removal>,
    /// Whether all certificates of the field could be read, so that no issuer is among those that could not.
    pub(crate) is_whole: bool,
    /// The position of a certificate that the private key fits, where one is known.
    pub(crate) key_fits: Option<usize>,
    /// Each copy of an earlier certificate, with the position of the first.
    pub(crate) copies: Vec<(usize, usize)>,
    /// What is known of the server certificate's signature where it names itself as its issuer; `None` where it names another.
    pub(crate) own_signature: Option<OwnSignature>,
    /// Whether the path was not followed to its end because no more certificates are allowed.
    pub(crate) is_cut: bool,
    /// The position of a certificate below the end of the path whose key signed the end: the issuers certify each other in a circle.
    pub(crate) circle: Option<usize>,
    /// The block of `trusted_root_ca` that issued the server certificate, where no issuer is in this chain.
    pub(crate) issuer_among_roots: Option<usize>,
    /// The certificates of the path above the server certificate, each with its link to the one below.
    pub(crate) issuers: Vec<Issuer>,
    /// Whether the path ends in a certificate that is its own issuer.
    pub(crate) is_complete: bool,
    /// Whether the last certificate of the path is a root that clients need not be sent.
    pub(crate) can_root_go: bool,
    /// Whether the last issuer of the path names itself as its issuer, although its key did not sign it.
    pub(crate) is_root_signature_wrong: bool,
    /// Other ways up: the same CA as one of the path, certified by another, and its issuers. A server's own certificate is never one.
    pub(crate) alternatives: Vec<Alternative>,
    /// What belongs to none of these, in rising order.
    pub(crate) unrelated: Vec<Unrelated>,
    /// What the name constraints of the issuers say of the names below them, for each issuer that has some.
    pub(crate) constrained: Vec<Constrained>,
}

/// A certificate of the path above the server certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issuer {
    pub(crate) position: usize,
    /// The position of the certificate that it issued.
    pub(crate) issued: usize,
    /// Whether its key signed that certificate.
    pub(crate) link: Link,
    /// Whether that certificate names another key of this issuer as its signer's.
    pub(crate) is_other_key_named: bool,
    /// Whether it is the last of a complete path.
    pub(crate) is_root: bool,
    /// CA certificates between it and the server certificate, but self-issued ones (RFC 5280, 6.1.4 (l)).
    pub(crate) cas_below: usize,
}

/// A certificate of another way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alternative {
    pub(crate) position: usize,
    /// The issuer of the path that has the same name and the same key.
    pub(crate) same_ca_as: Option<usize>,
    /// Whether that one has the same issuer too.
    pub(crate) has_same_issuer: bool,
    /// Whether it is self-signed.
    pub(crate) is_root: bool,
    /// Whether it has expired.
    pub(crate) has_expired: bool,
}

impl Chain {
    /// Relates the certificates of one field; `None` where there is none.
    ///
    /// `key_fits` is the position of a certificate that the private key fits, where one is known: among certificates that issue no other
    /// it decides which is the server's. `is_whole`: all certificates of the field could be read. Each signature is verified once, and
    /// at most one fewer than `max_certificates` of links and two of certificates on themselves.
    pub(crate) fn new(
        certificates: &[Certificate<'_>],
        key_fits: Option<usize>,
        is_whole: bool,
        time: Option<OffsetDateTime>,
        max_certificates: usize,
        verifier: Verifier<'_>,
    ) -> Option<Self> {
        if certificates.is_empty() {
            return None;
        }
        let members = certificates.iter().enumerate();
        let members: Vec<_> = members.map(|(index, certificate)| Member::new(index, certificate)).collect();
        let mut signatures = Signatures::new(max_certificates, verifier);
        let graph = Graph::new(&members, key_fits, max_certificates, time, &mut signatures);
        let path = graph.at(&graph.path);
        let own_signature =
            path.first().and_then(|leaf| OwnSignature::new(leaf, path.get(1).copied(), &mut signatures));
        let is_complete = match path.as_slice() {
            [_] => own_signature.as_ref().is_some_and(OwnSignature::is_own_issuer),
            path => path.last().is_some_and(|top| signatures.is_self_signed(top)),
        };
        let issuers = issuers(&path, is_complete, &mut signatures);
        let mut chain = Self {
            leaf: graph.leaf,
            order: order::right_order(&graph),
            remove: Vec::new(),
            is_whole,
            key_fits,
            own_signature,
            is_cut: graph.is_cut,
            circle: circle(&path, &mut signatures),
            issuer_among_roots: None,
            is_complete,
            can_root_go: can_root_go(&path, &issuers, key_fits),
            is_root_signature_wrong: is_root_signature_wrong(&path, &mut signatures),
            alternatives: alternatives(&graph, &path, key_fits, time, &mut signatures),
            unrelated: unrelated(&graph, &path),
            constrained: name_constraints::compare(&path),
            issuers,
            path: graph.path,
            copies: graph.copies,
        };
        chain.remove = chain.removals(certificates, time);
        Some(chain)
    }

    /// Looks among trusted roots for the issuer of a server certificate that stands without one.
    pub(super) fn find_issuer_among(
        &mut self,
        leaf: &Certificate<'_>,
        roots: &[Certificate<'_>],
        verifier: Verifier<'_>,
    ) {
        /// Roots of the right name beyond this number are not tried: the cost of a hostile file stays bounded.
        const TRIED: usize = 4;
        if self.path.len() > 1 || self.is_complete {
            return;
        }
        let leaf = Member::new(self.leaf, leaf);
        let roots = roots.iter().enumerate().map(|(number, root)| Member::new(number, root));
        self.issuer_among_roots = roots
            .filter(|root| root.subject == leaf.issuer && leaf.key_id(root) != KeyId::Other)
            .take(TRIED)
            .find(|root| signatures::verify(&leaf, root, verifier).is_proven())
            .and_then(|root| root.certificate.location().block);
    }

    /// Takes the certificate with the signature key of an SM2 set into account: it may have signed the encryption certificate, which then
    /// names itself as its issuer.
    pub(super) fn consider_signature_certificate(
        &mut self,
        encryption: &Certificate<'_>,
        signature: &Certificate<'_>,
        verifier: Verifier<'_>,
    ) {
        let is_open = self.own_signature.as_ref().is_some_and(|own| !own.is_proven());
        if !is_open || self.path.len() > 1 {
            return;
        }
        let (encryption, signature) = (Member::new(self.leaf, encryption), Member::new(self.leaf, signature));
        if signatures::verify(&encryption, &signature, verifier).is_proven() {
            self.own_signature = Some(OwnSignature::OfItsSet);
            self.is_complete = true;
        }
    }

    /// The links whose SM2 signature fits under no known ID: the position of the certificate below, and of its issuer.
    pub(super) fn links_under_unknown_ids(&self) -> impl Iterator<Item = (usize, usize)> {
        let unknown = self.issuers.iter().filter(|issuer| issuer.link == Link::UnknownId);
        unknown.map(|issuer| (issuer.issued, issuer.position))
    }

    /// Says of the link to the issuer at `position` that the signature does not fit.
    pub(super) fn refuse_link(
        &mut self,
        position: usize,
        certificates: &[Certificate<'_>],
        time: Option<OffsetDateTime>,
    ) {
        for issuer in self.issuers.iter_mut().filter(|issuer| issuer.position == position) {
            issuer.link = Link::DoesNotFit;
            self.can_root_go &= !issuer.is_root;
        }
        self.remove = self.removals(certificates, time);
    }

    /// [`order`](Self::order) without the second copies.
    pub(crate) fn order_without_copies(&self) -> &[usize] {
        let count = self.order.len().saturating_sub(self.copies.len());
        self.order.get(..count).unwrap_or_default()
    }
}

fn issuers(path: &[&Member<'_, '_>], is_complete: bool, signatures: &mut Signatures<'_>) -> Vec<Issuer> {
    let mut cas_below = 0_usize;
    let links = path.iter().zip(path.iter().skip(1)).enumerate();
    links
        .map(|(below, (member, issuer))| {
            let related = Issuer {
                position: issuer.index,
                issued: member.index,
                link: signatures.link(member, issuer),
                is_other_key_named: member.key_id(issuer) == KeyId::Other,
                is_root: is_complete && below.saturating_add(2) == path.len(),
                cas_below,
            };
            cas_below = cas_below.saturating_add(usize::from(!issuer.is_self_issued()));
            related
        })
        .collect()
}

/// Whether the name constraints of the certificates of a way, the server's first, allow the names below each.
pub(crate) fn keeps_name_constraints(path: &[&Certificate<'_>]) -> bool {
    let members = path.iter().enumerate().map(|(index, certificate)| Member::new(index, certificate));
    let members: Vec<_> = members.collect();
    let told = name_constraints::compare(&members.iter().collect::<Vec<_>>());
    told.iter().all(|one| !one.is_too_costly && one.outside.iter().all(|outside| outside.names.count == 0))
}

/// The signature of a lone certificate on itself is not a link.
fn is_root_signature_wrong(path: &[&Member<'_, '_>], signatures: &mut Signatures<'_>) -> bool {
    match path {
        [_, .., last] => {
            last.is_self_issued()
                && last.key_id(last) != KeyId::Other
                && signatures.link(last, last) == Link::DoesNotFit
        }
        _ => false,
    }
}

fn alternatives(
    graph: &Graph<'_, '_>,
    path: &[&Member<'_, '_>],
    key_fits: Option<usize>,
    time: Option<OffsetDateTime>,
    signatures: &mut Signatures<'_>,
) -> Vec<Alternative> {
    let others = graph.at(&graph.alternatives).into_iter().filter(|other| !must_stay(other, key_fits));
    others
        .map(|other| {
            let same_ca = path.iter().skip(1).find(|issuer| other.is_same_ca_as(issuer));
            Alternative {
                position: other.index,
                same_ca_as: same_ca.map(|same| same.index),
                has_same_issuer: same_ca.is_some_and(|same| other.issuer == same.issuer),
                is_root: signatures.is_self_signed(other),
                has_expired: other.has_expired(time),
            }
        })
        .collect()
}

/// The position of a member below the end of the path whose key signed the end.
fn circle(path: &[&Member<'_, '_>], signatures: &mut Signatures<'_>) -> Option<usize> {
    let (top, below) = path.split_last()?;
    let signed_it = |member: &&&Member<'_, '_>| {
        top.issuer == member.subject
            && !top.is_self_issued()
            && top.key_id(member) != KeyId::Other
            && signatures.link(top, member).is_proven()
    };
    below.iter().skip(1).find(signed_it).map(|member| member.index)
}
