//! Name constraints (RFC 5280, 4.2.1.10 and 6.1.4 (g)): what a CA's certificate says of the names below it.

use std::collections::BTreeSet;

use super::member::Member;
use super::name::Comparable;
use crate::read::certificate::{GeneralName, NameConstraints};

/// The comparisons of a name with a subtree that one chain may cost: 5,000 names below a CA with 50 subtrees. A subtree that is
/// longer than 64 octets counts for each 64 of them.
pub(crate) const MAX_COMPARISONS: usize = 250_000;

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
        let subtrees = Subtrees::new(constraints);
        for (position, member) in path.iter().enumerate().take(above) {
            // A CA that renews its own key is not bound by itself, but the server certificate always is.
            if position > 0 && member.is_self_issued() {
                continue;
            }
            match subtrees.not_allowed(member, &mut left) {
                Some(outside) if outside.is_empty() => {}
                Some(outside) => constrained.outside.push(outside),
                None => {
                    constrained.is_too_costly = true;
                    all.push(constrained);
                    return all;
                }
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
struct Subtrees<'c> {
    permitted: Bases<'c>,
    excluded: Bases<'c>,
}

#[derive(Default)]
struct Bases<'c> {
    dns: List<&'c str>,
    ip: List<&'c [u8]>,
    directory: List<Comparable>,
}

/// Subtrees of one kind, and what it costs to compare a name with all of them.
struct List<T> {
    bases: Vec<T>,
    cost: usize,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { bases: Vec::new(), cost: 0 }
    }
}

impl<T> List<T> {
    fn push(&mut self, base: T, octets: usize) {
        self.bases.push(base);
        self.cost = self.cost.saturating_add(1).saturating_add(octets / 64);
    }
}

impl<'c> Bases<'c> {
    fn new(names: &'c [GeneralName<'_>]) -> Self {
        let mut bases = Self::default();
        for name in names {
            match name {
                GeneralName::Dns(base) => bases.dns.push(base, base.len()),
                GeneralName::Ip(base) => bases.ip.push(base, base.len()),
                GeneralName::Directory(base) => {
                    bases.directory.push(Comparable::new(base), base.der().len());
                }
                _ => {}
            }
        }
        bases
    }
}

impl<'c> Subtrees<'c> {
    fn new(constraints: &'c NameConstraints<'_>) -> Self {
        Self { permitted: Bases::new(&constraints.permitted), excluded: Bases::new(&constraints.excluded) }
    }

    /// The names of `member` that are not allowed; `None` if `left` comparisons are too few.
    fn not_allowed(&self, member: &Member<'_, '_>, left: &mut usize) -> Option<Outside> {
        let mut outside = Outside { certificate: member.index, ..Outside::default() };
        let subject = &member.subject;
        // An empty subject is not a name (RFC 5280, 6.1.3 (b): a name of the certificate's SAN takes its place).
        if !subject.is_empty() {
            outside.add(NamePlace::Subject, self.directory(subject, left)?);
        }
        for (position, name) in member.certificate.san().iter().enumerate() {
            let verdict = match name {
                GeneralName::Dns(dns) => self.dns(dns, left)?,
                GeneralName::Ip(octets) => self.ip(octets, left)?,
                GeneralName::Directory(directory) => self.directory(&Comparable::new(directory), left)?,
                _ => continue,
            };
            outside.add(NamePlace::San(position), verdict);
        }
        Some(outside)
    }

    fn dns(&self, name: &str, left: &mut usize) -> Option<Verdict> {
        let verdict =
            verdict(&self.permitted.dns, &self.excluded.dns, |base| dns_is_within(name, base), left)?;
        let reaches =
            name.starts_with("*.") && self.excluded.dns.bases.iter().any(|base| wildcard_reaches(name, base));
        Some(if verdict == Verdict::Allowed && reaches { Verdict::Reaches } else { verdict })
    }

    fn ip(&self, name: &[u8], left: &mut usize) -> Option<Verdict> {
        verdict(&self.permitted.ip, &self.excluded.ip, |base| ip_is_within(name, base), left)
    }

    fn directory(&self, name: &Comparable, left: &mut usize) -> Option<Verdict> {
        verdict(&self.permitted.directory, &self.excluded.directory, |base| name.is_within(base), left)
    }
}

/// A name is allowed unless it lies in an excluded subtree, or in none of the permitted where there are any of its kind.
fn verdict<T>(
    permitted: &List<T>,
    excluded: &List<T>,
    within: impl Fn(&T) -> bool,
    left: &mut usize,
) -> Option<Verdict> {
    *left = left.checked_sub(permitted.cost)?.checked_sub(excluded.cost)?;
    Some(if excluded.bases.iter().any(&within) {
        Verdict::Excluded
    } else if !permitted.bases.is_empty() && !permitted.bases.iter().any(&within) {
        Verdict::NotPermitted
    } else {
        Verdict::Allowed
    })
}

/// Whether `name` is `base` with zero or more labels put before it. RFC 5280 knows no `base` with a leading dot for DNS names;
/// where a CA writes one it means at least one label more, as for URIs.
fn dns_is_within(name: &str, base: &str) -> bool {
    let name = absolute(name);
    let base = absolute(base);
    let Some(front) = name.len().checked_sub(base.len()) else { return false };
    let Some((front, rest)) = name.as_bytes().split_at_checked(front) else { return false };
    if !rest.eq_ignore_ascii_case(base.as_bytes()) {
        return false;
    }
    if base.starts_with('.') {
        !front.is_empty()
    } else {
        front.is_empty() || base.is_empty() || front.ends_with(b".")
    }
}

/// Whether the wildcard `name` stands for a name inside the subtree of `base`: `*.example.com` and `test.example.com`. RFC 5280 is
/// silent on wildcards; Go refuses since CVE-2025-61727, because a CA that may not speak for a name could do so by an asterisk.
fn wildcard_reaches(name: &str, base: &str) -> bool {
    let Some(parent) = absolute(name).strip_prefix("*.") else { return false };
    let base = absolute(base);
    base.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(parent))
}

/// A DNS name without the dot of the root at its end.
fn absolute(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether an address of 4 or 16 octets is in the range of a base of 8 or 32 octets: an address, then a mask.
fn ip_is_within(name: &[u8], base: &[u8]) -> bool {
    let Some((address, mask)) = base.split_at_checked(base.len() / 2) else { return false };
    matches!(name.len(), 4 | 16)
        && name.len().checked_mul(2) == Some(base.len())
        && name.iter().zip(address).zip(mask).all(|((name, address), mask)| name & mask == address & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_subtrees() {
        for (name, base, within) in [
            ("host.example.com", "host.example.com", true),
            ("www.host.example.com", "host.example.com", true),
            ("host1.example.com", "host.example.com", false),
            ("1host.example.com", "host.example.com", false),
            ("example.com", "host.example.com", false),
            ("WWW.Example.COM", "example.com", true),
            ("www.example.com.", "example.com", true),
            ("www.example.com", "example.com.", true),
            ("anything.example", "", true),
            ("example.com", ".example.com", false),
            ("www.example.com", ".example.com", true),
            ("a.b.example.com", ".example.com", true),
            ("wwwexample.com", ".example.com", false),
            ("*.example.com", "example.com", true),
            ("*.example.com", "test.example.com", false),
            ("", "example.com", false),
            ("", "", true),
            ("é.example", ".example", true),
            ("é", "a", false),
        ] {
            assert_eq!(dns_is_within(name, base), within, "{name} within {base}");
        }
    }

    #[test]
    fn a_wildcard_reaches_the_names_it_stands_for() {
        for (name, base, reaches) in [
            ("*.example.com", "test.example.com", true),
            ("*.EXAMPLE.com", "Test.example.com.", true),
            ("*.example.com", "a.test.example.com", false),
            ("*.example.com", ".example.com", false),
            ("*.example.com", "example.com", false),
            ("www.example.com", "test.example.com", false),
            ("*.com", "example.com", true),
        ] {
            assert_eq!(wildcard_reaches(name, base), reaches, "{name} and {base}");
        }
    }

    #[test]
    fn ip_ranges() {
        let wide = [[0x20; 16], [0xFF; 16]].concat();
        for (name, base, within) in [
            (&[10, 1, 2, 3][..], &[10, 0, 0, 0, 255, 0, 0, 0][..], true),
            (&[11, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0], false),
            (&[10, 1, 2, 3], &[10, 9, 9, 9, 255, 0, 0, 0], true),
            (&[1, 2, 3, 4], &[0; 8], true),
            (&[0x20; 16], &wide, true),
            (&[0x21; 16], &wide, false),
            (&[0x20; 16], &[0; 8], false),
            (&[1, 2, 3, 4], &[0; 32], false),
            (&[1, 2, 3, 4], &[0; 4], false),
            (&[1, 2, 3], &[0; 6], false),
            (&[], &[], false),
        ] {
            assert_eq!(ip_is_within(name, base), within, "{name:?} within {base:?}");
        }
    }

    #[test]
    fn comparisons_are_counted() {
        let mut bases = List::default();
        (0..10).for_each(|_| bases.push("a", 1));
        assert_eq!(bases.cost, 10);
        let never = |_: &&str| false;
        let mut left = 25;
        assert_eq!(verdict(&bases, &bases, never, &mut left), Some(Verdict::NotPermitted));
        assert_eq!(verdict(&bases, &bases, never, &mut left), None);
    }
}
