//! The subtrees of name constraints, kept so that a name is held against all of them at once.
//!
//! A DNS name and a directory name are inside a subtree where its base is where they begin, a DNS name read from its end. Of sorted bases of
//! which none begins with another one, only the last that is not behind the name can be the beginning of it. Addresses are numbers.

use super::name::Comparable;

/// Subtrees of DNS names.
#[derive(Default)]
pub(super) struct DnsTrees {
    bases: Vec<DnsBase>,
    /// The names right above each base, for wildcards.
    parents: Vec<Vec<u8>>,
}

/// `example.com` is `moc.elpmaxe.`, in lower case.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct DnsBase {
    reversed: Vec<u8>,
    /// Whether it had a dot before it, so that the name itself is not inside. Of two bases the one without sorts first.
    is_below: bool,
}

/// A DNS name, as it is compared.
pub(super) struct DnsName {
    /// From its end, in lower case, without the dot of the root, and with a dot behind it.
    reversed: Vec<u8>,
    /// For a wildcard `*.example.com`: `example.com`, in lower case.
    parent: Option<Vec<u8>>,
}

impl DnsName {
    pub(super) fn new(name: &str) -> Self {
        let name = absolute(name).to_ascii_lowercase().into_bytes();
        let parent = name.strip_prefix(b"*.").map(<[u8]>::to_vec);
        Self { reversed: reversed(name), parent }
    }
}

impl DnsTrees {
    pub(super) fn new<'c>(bases: impl Iterator<Item = &'c str>) -> Self {
        let mut trees = Self::default();
        for base in bases {
            let base = absolute(base).to_ascii_lowercase();
            if let Some((_, parent)) = base.split_once('.').filter(|(label, _)| !label.is_empty()) {
                trees.parents.push(parent.as_bytes().to_vec());
            }
            let is_below = base.starts_with('.');
            let reversed = match base.as_str() {
                // The root: everything is inside.
                "" => Vec::new(),
                _ if is_below => base.bytes().rev().collect(),
                _ => reversed(base.into_bytes()),
            };
            trees.bases.push(DnsBase { reversed, is_below });
        }
        trees.parents.sort_unstable();
        trees.bases.sort_unstable();
        trees.bases.dedup_by(|next, kept| next.reversed.starts_with(&kept.reversed));
        trees
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    /// Whether a name is inside one of them: a base with zero or more labels put before it. RFC 5280 knows no base with a leading dot for
    /// DNS names; where a CA writes one it means at least one label more, as for URIs.
    pub(super) fn hold(&self, name: &DnsName) -> bool {
        let behind = self.bases.partition_point(|base| base.reversed <= name.reversed);
        let Some(base) = behind.checked_sub(1).and_then(|last| self.bases.get(last)) else { return false };
        let least = base.reversed.len().saturating_add(if base.is_below { 2 } else { 0 });
        name.reversed.starts_with(&base.reversed) && name.reversed.len() >= least
    }

    /// Whether a wildcard stands for a name that is a base: `*.example.com` and `test.example.com`. RFC 5280 is silent on wildcards; Go
    /// refuses since CVE-2025-61727, because a CA that may not speak for a name could do so by an asterisk.
    pub(super) fn are_reached_by(&self, name: &DnsName) -> bool {
        name.parent.as_ref().is_some_and(|parent| self.parents.binary_search(parent).is_ok())
    }
}

/// The octets from the last to the first, and a dot behind them.
fn reversed(mut name: Vec<u8>) -> Vec<u8> {
    name.reverse();
    name.push(b'.');
    name
}

/// A DNS name without the dot of the root at its end.
fn absolute(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Ranges of addresses.
pub(super) struct IpTrees {
    /// Mask and masked address, of 4 octets each.
    v4: Vec<(u32, u32)>,
    /// The same of 16 octets each.
    v6: Vec<(u128, u128)>,
    /// Whether there are none, not even of another length.
    is_empty: bool,
}

impl IpTrees {
    /// Each base is an address, then a mask. A base of another length than 8 or 32 octets holds nothing.
    pub(super) fn new<'c>(bases: impl Iterator<Item = &'c [u8]>) -> Self {
        let mut trees = Self { v4: Vec::new(), v6: Vec::new(), is_empty: true };
        for base in bases {
            trees.is_empty = false;
            let (address, mask) = base.split_at(base.len() / 2);
            if let (Ok(address), Ok(mask)) = (address.try_into(), mask.try_into()) {
                let mask = u32::from_be_bytes(mask);
                trees.v4.push((mask, u32::from_be_bytes(address) & mask));
            } else if let (Ok(address), Ok(mask)) = (address.try_into(), mask.try_into()) {
                let mask = u128::from_be_bytes(mask);
                trees.v6.push((mask, u128::from_be_bytes(address) & mask));
            }
        }
        trees
    }

    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether an address of 4 or 16 octets is in one of the ranges of its length.
    pub(super) fn hold(&self, address: &[u8]) -> bool {
        if let Ok(address) = address.try_into() {
            let address = u32::from_be_bytes(address);
            self.v4.iter().any(|(mask, masked)| address & mask == *masked)
        } else if let Ok(address) = address.try_into() {
            let address = u128::from_be_bytes(address);
            self.v6.iter().any(|(mask, masked)| address & mask == *masked)
        } else {
            false
        }
    }
}

/// Subtrees of directory names.
pub(super) struct DirectoryTrees {
    bases: Vec<Comparable>,
}

impl DirectoryTrees {
    pub(super) fn new(bases: impl Iterator<Item = Comparable>) -> Self {
        let mut bases: Vec<_> = bases.collect();
        bases.sort_unstable();
        bases.dedup_by(|next, kept| next.is_within(kept));
        Self { bases }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    pub(super) fn hold(&self, name: &Comparable) -> bool {
        let behind = self.bases.partition_point(|base| base <= name);
        let last = behind.checked_sub(1).and_then(|last| self.bases.get(last));
        last.is_some_and(|base| name.is_within(base))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees(bases: &[&'static str]) -> DnsTrees {
        DnsTrees::new(bases.iter().copied())
    }

    #[test]
    fn dns_subtrees() {
        for (name, base, within) in [
            ("host.example.com", "host.example.com", true),
            ("www.host.example.com", "host.example.com", true),
            ("host1.example.com", "host.example.com", false),
            ("1host.example.com", "host.example.com", false),
            ("example.com", "host.example.com", false),
            ("WWW.Example.COM", "example.com", true),
            ("www.example.com", "EXAMPLE.com", true),
            ("www.example.com.", "example.com", true),
            ("www.example.com", "example.com.", true),
            ("anything.example", "", true),
            ("anything.example", ".", true),
            ("example.com", ".example.com", false),
            (".example.com", ".example.com", false),
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
            assert_eq!(trees(&[base]).hold(&DnsName::new(name)), within, "{name} within {base}");
        }
    }

    /// Many subtrees at once say the same as each by itself.
    #[test]
    fn subtrees_together_hold_what_one_of_them_holds() {
        let labels = ["a", "b", "ab", "", "A"];
        let mut names = vec![String::new(), ".".to_owned()];
        for one in labels {
            for two in labels {
                names.push(format!("{one}.{two}"));
                names.extend(labels.map(|three| format!("{one}.{two}.{three}")));
            }
            names.push(one.to_owned());
        }
        let mut held = 0;
        for first in &names {
            for second in &names {
                let both = trees_of([first, second]);
                for name in &names {
                    let name = DnsName::new(name);
                    let each = [first, second].map(|base| trees_of([base]).hold(&name));
                    assert_eq!(both.hold(&name), each.contains(&true), "{first} {second}");
                    held += usize::from(both.hold(&name));
                }
            }
        }
        assert!(held > 1_000);
    }

    fn trees_of<const N: usize>(bases: [&String; N]) -> DnsTrees {
        DnsTrees::new(bases.iter().map(|base| base.as_str()))
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
            assert_eq!(trees(&["x", base]).are_reached_by(&DnsName::new(name)), reaches, "{name} and {base}");
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
            assert_eq!(IpTrees::new([base].into_iter()).hold(name), within, "{name:?} within {base:?}");
        }
    }
}
