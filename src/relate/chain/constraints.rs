//! Name constraints (RFC 5280, 4.2.1.10 and 6.1.4 (g)): what a CA's certificate says of the names below it.

use super::member::{Member, join};
use super::name::Comparable;
use crate::finding::{Finding, Findings};
use crate::read::certificate::{GeneralName, NameConstraints};
use crate::rule::{ApiCode, Rule, Severity, Stage};

/// The comparisons of a name with a subtree that one chain may cost: 5,000 names below a CA with 50 subtrees. A subtree that is
/// longer than 64 octets counts for each 64 of them.
const MAX_COMPARISONS: usize = 250_000;

static CHAIN_NAME_CONSTRAINTS: Rule = Rule {
    code: "chain-name-constraints",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "A name lies outside of what an issuer's name constraints allow",
    hint: "Order a certificate whose names the issuing CA may certify, or have it issued by another CA.",
    why: "A CA certificate can say for which DNS names, IP addresses and directory names its holder may issue certificates. Clients refuse \
          a chain in which a name of a lower certificate is outside of the permitted subtrees or inside an excluded one, whatever the \
          signature says. A wildcard that only reaches into an excluded subtree is a warning, since few clients refuse it. Constraints on other kinds of names are not evaluated, and the report says so.\n\n\
          Example: an enterprise CA that is constrained to `corp.example` issues a certificate for `www.shop.example`.",
    citations: &[
        "RFC 5280, section 4.2.1.10",
        "RFC 5280, section 6.1.4 (g)",
        "RFC 5280, section 6.1.3 (b) and (c)",
    ],
    ..Rule::BASE
};

static CHAIN_NAME_CONSTRAINTS_COST: Rule = Rule {
    code: "chain-name-constraints-cost",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "Names and name constraints are too many to be compared",
    hint: "Order certificates with fewer names; no CA in use has this many constraints over this many names.",
    why: "Each name below a CA has to be compared with each of its constraints, so two lists of ten thousand entries cost a hundred million \
          comparisons. That is a known way to keep a server busy. Past 250,000 comparisons in one chain certgate stops and refuses.\n\n\
          Example: 1,000 excluded subtrees above a certificate with 1,000 DNS names.",
    citations: &["RFC 5280, section 4.2.1.10", "CVE-2023-0464: cost of checking a chain must be bounded"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_NAME_CONSTRAINTS, &CHAIN_NAME_CONSTRAINTS_COST];

/// Holds every certificate of `path`, server certificate first, against the constraints of those above it.
pub(super) fn check(path: &[&Member<'_, '_>], findings: &mut Findings<'_>) {
    let mut left = MAX_COMPARISONS;
    for (above, issuer) in path.iter().enumerate().skip(1) {
        let Some(constraints) = issuer.certificate.name_constraints() else { continue };
        note_other_kinds(constraints, issuer, findings);
        note_common_name(constraints, issuer, path, findings);
        let subtrees = Subtrees::new(constraints);
        for (position, member) in path.iter().enumerate().take(above) {
            // A CA that renews its own key is not bound by itself, but the server certificate always is.
            if position > 0 && member.is_self_issued() {
                continue;
            }
            let Some(broken) = subtrees.broken_by(member, &mut left) else {
                let message = format!(
                    "the name constraints of {} and the names below need more than {MAX_COMPARISONS} comparisons",
                    issuer.label()
                );
                findings.add(Finding::new(&CHAIN_NAME_CONSTRAINTS_COST, issuer.location(), message));
                return;
            };
            for (names, severity) in [(&broken.names, Severity::Error), (&broken.doubtful, Severity::Warning)]
            {
                if !names.is_empty() {
                    let message = format!("{} may not certify {}", issuer.label(), join(names));
                    findings.add(
                        Finding::new(&CHAIN_NAME_CONSTRAINTS, member.location(), message).at_most(severity),
                    );
                }
            }
        }
    }
}

/// Some clients take the common name for a host where there is no subject alternative name, and hold it against the constraints.
fn note_common_name(
    constraints: &NameConstraints<'_>,
    issuer: &Member<'_, '_>,
    path: &[&Member<'_, '_>],
    findings: &mut Findings<'_>,
) {
    let is_of_hosts = |base: &GeneralName<'_>| matches!(base, GeneralName::Dns(_));
    let has_host = path.first().is_some_and(|leaf| !leaf.certificate.has_san());
    if has_host && constraints.permitted.iter().chain(&constraints.excluded).any(is_of_hosts) {
        let why = format!("the common name against the constraints of {}", issuer.label());
        findings.not_evaluated("name-constraints", why);
    }
}

fn note_other_kinds(constraints: &NameConstraints<'_>, issuer: &Member<'_, '_>, findings: &mut Findings<'_>) {
    let mut kinds: Vec<&str> = constraints
        .permitted
        .iter()
        .chain(&constraints.excluded)
        .filter(|base| match base {
            GeneralName::Dns(_) | GeneralName::Directory(_) => false,
            GeneralName::Ip(base) => !matches!(base.len(), 8 | 32),
            _ => true,
        })
        .map(GeneralName::kind)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    if !kinds.is_empty() {
        let why = format!("{} constrains names of type {}", issuer.label(), kinds.join(", "));
        findings.not_evaluated("name-constraints", why);
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
    fn broken_by(&self, member: &Member<'_, '_>, left: &mut usize) -> Option<Broken> {
        let mut broken = Broken::default();
        let subject = &member.subject;
        // An empty subject is no name (RFC 5280, 6.1.3 (b): a name of the certificate's SAN stands in its place).
        if !subject.is_empty() {
            let verdict = self.directory(subject, left)?;
            broken.add(verdict, || format!("its subject \"{}\"", member.certificate.subject()));
        }
        for name in member.certificate.san() {
            let verdict = match name {
                GeneralName::Dns(dns) => self.dns(dns, left)?,
                GeneralName::Ip(octets) => self.ip(octets, left)?,
                GeneralName::Directory(directory) => self.directory(&Comparable::new(directory), left)?,
                _ => continue,
            };
            broken.add(verdict, || name.to_string());
        }
        Some(broken)
    }

    fn dns(&self, name: &str, left: &mut usize) -> Option<Verdict> {
        let verdict = judge(&self.permitted.dns, &self.excluded.dns, |base| dns_is_within(name, base), left)?;
        let reaches =
            name.starts_with("*.") && self.excluded.dns.bases.iter().any(|base| wildcard_reaches(name, base));
        Some(if verdict == Verdict::Allowed && reaches { Verdict::Reaches } else { verdict })
    }

    fn ip(&self, name: &[u8], left: &mut usize) -> Option<Verdict> {
        judge(&self.permitted.ip, &self.excluded.ip, |base| ip_is_within(name, base), left)
    }

    fn directory(&self, name: &Comparable, left: &mut usize) -> Option<Verdict> {
        judge(&self.permitted.directory, &self.excluded.directory, |base| name.is_within(base), left)
    }
}

/// Names of one certificate that are not allowed, each with its kind and why.
#[derive(Default)]
struct Broken {
    names: Vec<String>,
    /// Wildcards that RFC 5280 allows and some clients do not.
    doubtful: Vec<String>,
}

impl Broken {
    fn add(&mut self, verdict: Verdict, name: impl Fn() -> String) {
        match verdict {
            Verdict::Allowed => {}
            Verdict::Excluded => self.names.push(format!("{} (excluded)", name())),
            Verdict::NotPermitted => self.names.push(format!("{} (not among the permitted)", name())),
            Verdict::Reaches => {
                self.doubtful
                    .push(format!("{} for some clients (it stands for an excluded name too)", name()));
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Allowed,
    Excluded,
    NotPermitted,
    Reaches,
}

/// A name is allowed unless it lies in an excluded subtree, or in none of the permitted where there are any of its kind.
fn judge<T>(
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
        assert_eq!(judge(&bases, &bases, never, &mut left), Some(Verdict::NotPermitted));
        assert_eq!(judge(&bases, &bases, never, &mut left), None);
    }
}
