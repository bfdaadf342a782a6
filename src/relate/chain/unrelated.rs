//! Certificates that belong to no way up from the server's, each with the lowest of its own chain.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::member::Member;

/// A certificate that belongs to no way up from the server certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unrelated {
    pub(crate) position: usize,
    /// The position of the lowest certificate of its own chain: that no other of them names as its issuer. Where they go round in a circle,
    /// the first counts as the lowest.
    pub(crate) lowest: usize,
    /// The issuer of the path that has the same name, but another key.
    pub(crate) same_name_as: Option<usize>,
}

/// The certificates of no way up.
pub(super) fn unrelated(graph: &Graph<'_, '_>, path: &[&Member<'_, '_>]) -> Vec<Unrelated> {
    let members = graph.at(&graph.unrelated);
    let lowest = lowest_of_each(&members);
    let same_name = |member: &Member<'_, '_>| {
        path.iter().skip(1).find(|issuer| issuer.subject == member.subject).map(|issuer| issuer.index)
    };
    let unrelated = members.iter().zip(lowest).map(|(member, lowest)| Unrelated {
        position: member.index,
        lowest,
        same_name_as: same_name(member),
    });
    unrelated.collect()
}

/// For each member the position of the lowest certificate of its chain, following names upwards from those that issued no other.
fn lowest_of_each(members: &[&Member<'_, '_>]) -> Vec<usize> {
    let named: BTreeSet<_> =
        members.iter().filter(|member| !member.is_self_issued()).map(|member| &member.issuer).collect();
    let mut by_subject: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, member) in members.iter().enumerate() {
        by_subject.entry(&member.subject).or_default().push(place);
    }
    let mut lowest: Vec<Option<usize>> = vec![None; members.len()];
    let starts = members.iter().enumerate().filter(|(_, member)| !named.contains(&member.subject));
    for (start, first) in starts {
        let mut next = vec![start];
        while let Some(place) = next.pop() {
            let Some(known) = lowest.get_mut(place).filter(|known| known.is_none()) else { continue };
            *known = Some(first.index);
            if let Some(issuers) = members.get(place).and_then(|member| by_subject.get(&member.issuer)) {
                next.extend(issuers);
            }
        }
    }
    // What is left goes round in a circle.
    let first = lowest.iter().flatten().next().copied().or(members.first().map(|member| member.index));
    lowest.into_iter().filter_map(|known| known.or(first)).collect()
}
