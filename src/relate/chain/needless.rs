//! What a chain does not need: second copies, a root above other issuers, and expired issuers beside or above the path.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::member::Member;
use super::{Alternative, Chain, Issuer, Link, has_expired};
use crate::read::certificate::Certificate;

/// A certificate that a chain does not need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Removal {
    /// Its position in the input, from 0.
    pub position: usize,
    /// Why it is not needed.
    pub reason: Needless,
}

/// Why a chain does not need a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Needless {
    /// It is an earlier one again.
    Copy,
    /// It has expired, and the path does not need it.
    Expired,
    /// It is a root: clients have their own copy or do not trust it.
    Root,
}

impl Chain {
    /// The certificates to keep, in the right order: [`order`](Self::order) without [`remove`](Self::remove).
    pub fn mended(&self) -> Vec<usize> {
        let removed: BTreeSet<usize> = self.remove.iter().map(|removal| removal.position).collect();
        self.order.iter().copied().filter(|position| !removed.contains(position)).collect()
    }

    /// What can be left out, and why.
    pub(super) fn removals(
        &self,
        certificates: &[Certificate<'_>],
        time: Option<OffsetDateTime>,
    ) -> Vec<Removal> {
        let mut remove = Vec::new();
        let mut add = |position, reason| remove.push(Removal { position, reason });
        self.copies.iter().for_each(|(copy, _)| add(*copy, Needless::Copy));
        if let Some(root) = self.path.last().filter(|_| self.can_root_go) {
            let has_expired = certificates.get(*root).is_some_and(|root| has_expired(root, time));
            // A server certificate alone would look as if an issuer were missing: its root may stay while it holds.
            if has_expired || self.path.len() > 2 {
                add(*root, Needless::Root);
            }
            if has_expired {
                add(*root, Needless::Expired);
            }
        } else if let [_, _, .., last] = self.path.as_slice()
            && self.key_fits != Some(*last)
            && !self.issuers.last().is_some_and(|issuer| issuer.is_root)
            && certificates.get(*last).is_some_and(|last| has_expired(last, time))
        {
            add(*last, Needless::Expired);
        }
        for Alternative { position, is_root, has_expired, .. } in &self.alternatives {
            if *is_root {
                add(*position, Needless::Root);
            }
            if *has_expired {
                add(*position, Needless::Expired);
            }
        }
        remove.sort_unstable();
        remove
    }
}

/// Whether a certificate stays, whatever else is wrong: the key belongs to it, or it is a server's own by its names. The key may not be
/// known, where its field holds two.
pub(super) fn must_stay(member: &Member<'_, '_>, key_fits: Option<usize>) -> bool {
    key_fits == Some(member.index) || member.certificate.is_self_issued_server()
}

/// A root whose key did not sign the certificate before it is not the root of this chain. One whose key cannot be read stays too: without it,
/// nothing would tell that one of the two is damaged.
pub(super) fn can_root_go(path: &[&Member<'_, '_>], issuers: &[Issuer], key_fits: Option<usize>) -> bool {
    match (path.last(), issuers.last()) {
        (Some(root), Some(issuer)) => {
            let can_be_its_root = !matches!(issuer.link, Link::DoesNotFit | Link::UnreadableKey);
            issuer.is_root && !must_stay(root, key_fits) && can_be_its_root
        }
        _ => false,
    }
}
