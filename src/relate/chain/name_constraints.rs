//! Name constraints (RFC 5280, 4.2.1.10 and 6.1.4 (g)): what a CA's certificate says of the names below it.

use std::collections::BTreeSet;

use super::member::Member;
use super::name::Comparable;
use super::subtrees::{DirectoryTrees, DnsName, DnsTrees, IpTrees};
use crate::read::certificate::{GeneralName, NameConstraints};

/// How often a name may be held against a subtree of its kind in one chain: BoringSSL's limit. Few of these comparisons are really made
/// ([`subtrees`](super::subtrees)); all of them together take less than 5 ms.
pub(crate) const MAX_COMPARISONS: usize = 1 << 20;

/// How many names of one kind a relation keeps; of the others it keeps how many there are.
const KEPT: usize = 5;

/// What the name constraints of one issuer say of the certificates below it. All numbers are positions in the input, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constrained {
    pub(crate) issuer: usize,
    /// The kinds of constrained names that are not compared.
    pub(crate) other_kinds: Vec<&'static str>,
    /// Whether hosts are constrained and the server certificate has no subject alternative name: some clients take its common name for
    /// a host, and hold it against the constraints.
    pub(crate) is_common_name_open: bool,
    /// The certificates below, each with its names that are not allowed.
    pub(crate) outside: Vec<Outside>,
    /// Whether the comparisons that one chain may cost did not suffice. Nothing was compared from there on.
    pub(crate) is_too_costly: bool,
}

/// Names of one certificate that an issuer above it does not allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) certificate: usize,
    pub(crate) names: Names,
    /// Wildcards that RFC 5280 allows and some clients do not.
    pub(crate) doubtful: Names,
}

/// The first few of some names, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) first: Vec<(NamePlace, Verdict)>,
    pub(crate) count: usize,
}

/// Where a name is in its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamePlace {
    Subject,
    /// The subject alternative name at this position, from 0.
    San(usize),
}

/// What name constraints say of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// It lies in an excluded subtree.
    Excluded,
    /// There are permitted subtrees of its kind, and it lies in none.
    NotPermitted,
    /// It is a wildcard that stands for an excluded name too.
    Reaches,
}

/// Holds every certificate of `path`, server certificate first, against the constraints of those above it.
pub(super) fn compare(path: &[&Member<'_, '_>]) -> Vec<Constrained> {
    let mut left = MAX_COMPARISONS;
    let mut all = Vec::new();
    for (above, issuer) in path.iter().enumerate().skip(1) {
        let Some(constraints) = issuer.certificate.name_constraints() else { continue };
        let mut constrained = Constrained {
            issuer: issuer.index,
            other_kinds: other_kinds(constraints),
            is_common_name_open: is_common_name_open(constraints, path),
            outside: Vec::new(),
            is_too_costly: false,
        };
        let cost = Counts::of(constraints.permitted.iter().chain(&constraints.excluded));
        let mut subtrees = None;
        for (position, member) in path.iter().enumerate().take(above) {
            // A CA that renews its own key is not bound by itself, but the server certificate always is.
            if position > 0 && member.is_self_issued() {
                continue;
            }
            let Some(fewer) = left.checked_sub(cost.times(Counts::of_names(member))) else {
                constrained.is_too_costly = true;
                all.push(constrained);
                return all;
            };
            left = fewer;
            let subtrees = subtrees.get_or_insert_with(|| Subtrees::new(constraints));
            let outside = subtrees.not_allowed(member);
            if !outside.is_empty() {
                constrained.outside.push(outside);
            }
        }
        all.push(constrained);
    }
    all
}

fn is_common_name_open(constraints: &NameConstraints<'_>, path: &[&Member<'_, '_>]) -> bool {
    let is_of_hosts = |base: &GeneralName<'_>| matches!(base, GeneralName::Dns(_));
    path.first().is_some_and(|leaf| !leaf.certificate.has_san())
        && constraints.permitted.iter().chain(&constraints.excluded).any(is_of_hosts)
}

fn other_kinds(constraints: &NameConstraints<'_>) -> Vec<&'static str> {
    let is_other = |base: &&GeneralName<'_>| match base {
        GeneralName::Dns(_) | GeneralName::Directory(_) => false,
        GeneralName::Ip(base) => !matches!(base.len(), 8 | 32),
        _ => true,
    };
    let bases = constraints.permitted.iter().chain(&constraints.excluded);
    let kinds: BTreeSet<&str> = bases.filter(is_other).map(GeneralName::kind).collect();
    kinds.into_iter().collect()
}

impl Outside {
    fn is_empty(&self) -> bool {
        self.names.count == 0 && self.doubtful.count == 0
    }

    fn add(&mut self, name: NamePlace, verdict: Verdict) {
        let names = match verdict {
            Verdict::Allowed => return,
            Verdict::Excluded | Verdict::NotPermitted => &mut self.names,
            Verdict::Reaches => &mut self.doubtful,
        };
        names.count = names.count.saturating_add(1);
        if names.first.len() < KEPT {
            names.first.push((name, verdict));
        }
    }
}

/// The subtrees of one CA, by kind of name.
struct Subtrees {
    permitted: Bases,
    excluded: Bases,
}

struct Bases {
    dns: DnsTrees,
    ip: IpTrees,
    directory: DirectoryTrees,
}

impl Bases {
    fn new(names: &[GeneralName<'_>]) -> Self {
        let dns = names.iter().filter_map(|name| match name {
            GeneralName::Dns(base) => Some(&**base),
            _ => None,
        });
        let ip = names.iter().filter_map(|name| match name {
            GeneralName::Ip(base) => Some(*base),
            _ => None,
        });
        let directory = names.iter().filter_map(|name| match name {
            GeneralName::Directory(base) => Some(Comparable::new(base)),
            _ => None,
        });
        Self { dns: DnsTrees::new(dns), ip: IpTrees::new(ip), directory: DirectoryTrees::new(directory) }
    }
}

impl Subtrees {
    fn new(constraints: &NameConstraints<'_>) -> Self {
        Self { permitted: Bases::new(&constraints.permitted), excluded: Bases::new(&constraints.excluded) }
    }

    /// The names of `member` that are not allowed.
    fn not_allowed(&self, member: &Member<'_, '_>) -> Outside {
        let mut outside = Outside { certificate: member.index, ..Outside::default() };
        let subject = &member.subject;
        // An empty subject is not a name (RFC 5280, 6.1.3 (b): a name of the certificate's SAN takes its place).
        if !subject.is_empty() {
            outside.add(NamePlace::Subject, self.directory(subject));
        }
        for (position, name) in member.certificate.san().iter().enumerate() {
            let verdict = match name {
                GeneralName::Dns(dns) => self.dns(dns),
                GeneralName::Ip(octets) => self.ip(octets),
                GeneralName::Directory(directory) => self.directory(&Comparable::new(directory)),
                _ => continue,
            };
            outside.add(NamePlace::San(position), verdict);
        }
        outside
    }

    fn dns(&self, name: &str) -> Verdict {
        let (permitted, excluded) = (&self.permitted.dns, &self.excluded.dns);
        if permitted.is_empty() && excluded.is_empty() {
            return Verdict::Allowed;
        }
        let name = DnsName::new(name);
        match verdict(permitted.is_empty(), || permitted.hold(&name), || excluded.hold(&name)) {
            Verdict::Allowed if excluded.are_reached_by(&name) => Verdict::Reaches,
            verdict => verdict,
        }
    }

    fn ip(&self, name: &[u8]) -> Verdict {
        let (permitted, excluded) = (&self.permitted.ip, &self.excluded.ip);
        verdict(permitted.is_empty(), || permitted.hold(name), || excluded.hold(name))
    }

    fn directory(&self, name: &Comparable) -> Verdict {
        let (permitted, excluded) = (&self.permitted.directory, &self.excluded.directory);
        verdict(permitted.is_empty(), || permitted.hold(name), || excluded.hold(name))
    }
}

/// A name is allowed unless it lies in an excluded subtree, or in none of the permitted where there are any of its kind.
/// `is_nothing_permitted`: there are none.
fn verdict(
    is_nothing_permitted: bool,
    is_permitted: impl Fn() -> bool,
    is_excluded: impl Fn() -> bool,
) -> Verdict {
    if is_excluded() {
        Verdict::Excluded
    } else if !is_nothing_permitted && !is_permitted() {
        Verdict::NotPermitted
    } else {
        Verdict::Allowed
    }
}

/// How many names there are of each kind that is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    dns: usize,
    ip: usize,
    directory: usize,
}

impl Counts {
    fn of<'n, 'a: 'n>(names: impl Iterator<Item = &'n GeneralName<'a>>) -> Self {
        let mut counts = Self::default();
        for name in names {
            let count = match name {
                GeneralName::Dns(_) => &mut counts.dns,
                GeneralName::Ip(_) => &mut counts.ip,
                GeneralName::Directory(_) => &mut counts.directory,
                _ => continue,
            };
            *count = count.saturating_add(1);
        }
        counts
    }

    /// The names of a certificate, with its subject.
    fn of_names(member: &Member<'_, '_>) -> Self {
        let mut counts = Self::of(member.certificate.san().iter());
        counts.directory = counts.directory.saturating_add(usize::from(!member.subject.is_empty()));
        counts
    }

    /// How many pairs of one kind can be made of the two.
    fn times(self, other: Self) -> usize {
        let products = [(self.dns, other.dns), (self.ip, other.ip), (self.directory, other.directory)];
        products.into_iter().fold(0, |sum, (one, two)| sum.saturating_add(one.saturating_mul(two)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_one_kind_are_compared() {
        let counts = |dns, ip, directory| Counts { dns, ip, directory };
        assert_eq!(counts(10, 0, 1).times(counts(5, 7, 1)), 51);
        assert_eq!(counts(0, 3, 0).times(counts(9, 0, 9)), 0);
        assert_eq!(counts(usize::MAX, 1, 1).times(counts(2, 1, 1)), usize::MAX);
        let names = [GeneralName::Dns("a.example".into()), GeneralName::Ip(&[0; 8]), GeneralName::X400];
        assert_eq!(Counts::of(names.iter()), counts(1, 1, 0));
    }
}
