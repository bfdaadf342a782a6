//! Which certificate issued which, by names, key identifiers and signatures.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::member::{KeyId, Member};
use super::name::Comparable;
use super::signatures::{Link, Signatures};

/// The certificates of a chain, and what became of each.
pub(super) struct Graph<'m, 'a> {
    pub(super) members: &'m [Member<'m, 'a>],
    /// Of each copy of an earlier certificate: its position, and that of the first.
    pub(super) copies: Vec<(usize, usize)>,
    /// The server certificate's position.
    pub(super) leaf: usize,
    /// Positions from the server certificate upwards, as far as the issuers are here.
    pub(super) path: Vec<usize>,
    /// Whether the path was not followed to its end because the policy allows no more certificates.
    pub(super) is_cut: bool,
    /// Positions of other ways up: the same CA as one of the path, certified by another, and its issuers.
    pub(super) alternatives: Vec<usize>,
    /// Positions of what belongs to none of these, in rising order.
    pub(super) unrelated: Vec<usize>,
}

/// Certificates by their subjects, those of one subject in the order of the input.
struct BySubject<'m, 'a>(Vec<&'m Member<'m, 'a>>);

impl<'m, 'a> BySubject<'m, 'a> {
    fn new(mut members: Vec<&'m Member<'m, 'a>>) -> Self {
        members.sort_unstable_by_key(|member| (&member.subject, member.index));
        Self(members)
    }

    /// The certificates with that subject.
    fn of(&self, name: &Comparable) -> &[&'m Member<'m, 'a>] {
        let start = self.0.partition_point(|member| member.subject < *name);
        let end = self.0.partition_point(|member| member.subject <= *name);
        self.0.get(start..end).unwrap_or_default()
    }
}

impl<'m, 'a> Graph<'m, 'a> {
    /// Finds the server certificate and its path. Costs a sort of all names, and the signatures that `signatures` allows.
    pub(super) fn new(
        members: &'m [Member<'m, 'a>],
        key_fits: Option<usize>,
        max_certificates: usize,
        time: Option<OffsetDateTime>,
        signatures: &mut Signatures<'_>,
    ) -> Self {
        let mut graph = Self {
            members,
            copies: Vec::new(),
            leaf: 0,
            path: Vec::new(),
            is_cut: false,
            alternatives: Vec::new(),
            unrelated: Vec::new(),
        };
        let distinct = graph.set_copies_aside();
        let by_subject = BySubject::new(graph.at(&distinct));
        graph.leaf = graph.find_leaf(&distinct, key_fits);
        graph.follow(&by_subject, max_certificates, time, signatures);
        graph.sort_the_rest(&distinct, &by_subject, signatures);
        graph
    }

    /// The members at these positions.
    pub(super) fn at(&self, positions: &[usize]) -> Vec<&'m Member<'m, 'a>> {
        positions.iter().filter_map(|position| self.members.get(*position)).collect()
    }

    /// Notes the copies; what is left, in the order of the input.
    fn set_copies_aside(&mut self) -> Vec<usize> {
        let mut first_of: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut distinct = Vec::new();
        for member in self.members {
            match first_of.get(member.certificate.der()) {
                Some(first) => self.copies.push((member.index, *first)),
                None => {
                    first_of.insert(member.certificate.der(), member.index);
                    distinct.push(member.index);
                }
            }
        }
        distinct
    }

    /// The first certificate, where it is a server's own by its names and the private key fits it. Else one that issues no other; of
    /// several: the one that the private key fits, else the first that is not a CA, else the first that is not its own issuer, else the first.
    fn find_leaf(&self, distinct: &[usize], key_fits: Option<usize>) -> usize {
        // The key, the order of the input and the certificate itself say the same, even if it issued others.
        let is_first = |first: &Member<'_, '_>| first.certificate.is_self_issued_server();
        if key_fits == Some(0) && self.members.first().is_some_and(is_first) {
            return 0;
        }
        let mut issuers: BTreeMap<&Comparable, usize> = BTreeMap::new();
        for member in self.at(distinct) {
            if !member.is_self_issued() {
                *issuers.entry(&member.issuer).or_default() = 1;
            }
        }
        let issues_none = |member: &&&Member<'_, '_>| !issuers.contains_key(&member.subject);
        let distinct = self.at(distinct);
        let key_fits = key_fits
            .map(|fits| self.copies.iter().find(|(copy, _)| *copy == fits).map_or(fits, |(_, first)| *first));
        distinct
            .iter()
            .filter(issues_none)
            .find(|member| Some(member.index) == key_fits)
            .or_else(|| distinct.iter().filter(issues_none).find(|member| !member.certificate.is_ca()))
            .or_else(|| distinct.iter().filter(issues_none).find(|member| !member.calls_itself_issuer()))
            .or_else(|| distinct.iter().find(issues_none))
            .map_or(0, |member| member.index)
    }

    /// Follows the issuers from the server certificate to a self-signed one, to one whose issuer is not here, or to the limit.
    fn follow(
        &mut self,
        by_subject: &BySubject<'m, 'a>,
        max_certificates: usize,
        time: Option<OffsetDateTime>,
        signatures: &mut Signatures<'_>,
    ) {
        self.path.push(self.leaf);
        while let Some(member) = self.path.last().and_then(|last| self.members.get(*last)) {
            let candidates = by_subject.of(&member.issuer).iter().copied();
            let candidates: Vec<_> =
                candidates.filter(|candidate| !self.path.contains(&candidate.index)).collect();
            if candidates.is_empty() || signatures.is_self_signed(member) {
                return;
            }
            if self.path.len() >= max_certificates.max(1) {
                self.is_cut = true;
                return;
            }
            let Some(issuer) = choose(member, candidates, time, signatures) else { return };
            self.path.push(issuer);
        }
    }

    /// Separates other ways up from certificates that have nothing to do with this chain.
    fn sort_the_rest(
        &mut self,
        distinct: &[usize],
        by_subject: &BySubject<'m, 'a>,
        signatures: &mut Signatures<'_>,
    ) {
        let mut seen = vec![false; self.members.len()];
        let mut mark =
            |position: usize| seen.get_mut(position).is_some_and(|seen| !std::mem::replace(seen, true));
        for position in &self.path {
            mark(*position);
        }
        let mut found = Vec::new();
        for issuer in self.at(self.path.get(1..).unwrap_or_default()) {
            for other in by_subject.of(&issuer.subject).iter().copied() {
                if other.is_same_ca_as(issuer) && mark(other.index) {
                    found.push(other);
                }
            }
        }
        let mut next = 0_usize;
        while let Some(member) = found.get(next).copied() {
            next = next.saturating_add(1);
            for issuer in by_subject.of(&member.issuer).iter().copied() {
                if member.key_id(issuer) != KeyId::Other
                    && mark(issuer.index)
                    && signatures.link(member, issuer) != Link::DoesNotFit
                {
                    found.push(issuer);
                }
            }
        }
        let mut alternatives: Vec<usize> = found.iter().map(|member| member.index).collect();
        alternatives.sort_unstable();
        let is_unrelated =
            |position: &usize| !self.path.contains(position) && alternatives.binary_search(position).is_err();
        self.unrelated = distinct.iter().copied().filter(is_unrelated).collect();
        self.alternatives = alternatives;
    }
}

/// The issuer of `member` among certificates of the right name: by key identifier, one that has not expired, one that leads
/// further up, the next in the input; and of these the first whose key made the signature. Where none did, the first that may have.
fn choose(
    member: &Member<'_, '_>,
    mut candidates: Vec<&Member<'_, '_>>,
    time: Option<OffsetDateTime>,
    signatures: &mut Signatures<'_>,
) -> Option<usize> {
    candidates.sort_by_key(|candidate| {
        (
            member.key_id(candidate) == KeyId::Other,
            candidate.has_expired(time),
            member.key_id(candidate),
            candidate.is_self_issued(),
            candidate.index < member.index,
            candidate.index,
        )
    });
    let mut open = None;
    for candidate in &candidates {
        match signatures.link(member, candidate) {
            Link::Fits | Link::FitsEmptyId => return Some(candidate.index),
            Link::NotSupported(_) | Link::UnknownId | Link::NotTried | Link::UnreadableKey => {
                open = open.or(Some(candidate.index));
            }
            Link::DoesNotFit => {}
        }
    }
    open.or_else(|| candidates.first().map(|candidate| candidate.index))
}
