//! Many forms together: which of their keys share a prime, and which stand in certificates with different names.

use std::collections::{BTreeMap, BTreeSet};

use super::{Relations, UploadedPair};
use crate::crypto::hash::Hash;
use crate::crypto::published;
use crate::crypto::rsa::factors::Modulus;
use crate::crypto::rsa::shared;
use crate::crypto::spki::PublicKey;
use crate::read::certificate::Certificate;

/// The certificates of one form whose keys a [`Fleet`] compares: the server's, and with SM2 that of the signature pair. Nothing in it is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    leaves: Vec<Leaf>,
    has_weak_key: bool,
}

/// What is compared of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Leaf {
    /// The SHA-256 of the key.
    key: Vec<u8>,
    /// The modulus of an RSA key, big-endian. Not of one with a small factor: such a key is damaged, and a rule of its own says so.
    modulus: Option<Vec<u8>>,
    /// The SHA-256 of the subject and of the subject alternative names, whatever their order.
    names: Vec<u8>,
    /// The subject, or else the first subject alternative name; safe to print.
    name: String,
}

impl Member {
    /// The server certificates of a form, as far as they could be read.
    pub(crate) fn of(relations: &Relations<'_>) -> Self {
        let pairs = std::iter::once(&relations.base).chain(&relations.sign);
        let leaves = pairs.filter_map(|UploadedPair { pair, .. }| pair.leaf().and_then(Leaf::of));
        Self { leaves: leaves.collect(), has_weak_key: false }
    }

    /// The same, with what the rules say of its keys.
    #[must_use]
    pub(crate) fn with_weak_key(self, has_weak_key: bool) -> Self {
        Self { has_weak_key, ..self }
    }
}

impl Leaf {
    fn of(certificate: &Certificate<'_>) -> Option<Self> {
        let key = certificate.public_key()?;
        let subject = certificate.subject().to_string();
        let san: BTreeSet<String> = certificate.san().iter().map(|name| format!("{name:?}")).collect();
        let name = match certificate.san().first() {
            Some(first) if subject.is_empty() => first.to_string(),
            _ => subject,
        };
        let mut names = certificate.subject().der().to_vec();
        san.iter().for_each(|name| names.extend(Hash::Sha256.digest(name.as_bytes()).unwrap_or_default()));
        let modulus = match key {
            PublicKey::Rsa(rsa) if Modulus::new(rsa.modulus()).small_factor().is_none() => {
                Some(rsa.modulus().to_vec())
            }
            _ => None,
        };
        Some(Self {
            key: published::hash(key).or_else(|| Hash::Sha256.digest(certificate.spki_der()))?,
            modulus,
            names: Hash::Sha256.digest(&names)?,
            name,
        })
    }
}

/// Forms whose certificates are compared with one another.
///
/// It holds 100,000 different keys and 4 MiB of different RSA moduli (16,384 of 2048 bits) at most, and 20 forms of each key by name; what goes
/// beyond is counted, and told as not evaluated.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    forms: usize,
    weak: usize,
    keys: Vec<Shared>,
    by_hash: BTreeMap<Vec<u8>, usize>,
    moduli: BTreeMap<Vec<u8>, Vec<usize>>,
    octets: usize,
    left_out: usize,
}

/// A key, and the forms that have it.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    /// The first forms: what the caller calls them, and the name in their certificate.
    pub(crate) holders: Vec<(String, String)>,
    /// How many forms there are.
    pub(crate) count: usize,
    /// Whether two certificates with this key have different names.
    pub(crate) has_other_names: bool,
    /// The names in the first certificate.
    names: Vec<u8>,
}

impl Fleet {
    /// The most different keys.
    const KEYS: usize = 100_000;
    /// The most octets of different moduli.
    const OCTETS: usize = 4 << 20;
    /// The most forms that are remembered of a key.
    const HOLDERS: usize = 20;

    /// A fleet without forms.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a form. `label` is what findings call it: `line 3`, or a file.
    pub fn add(&mut self, label: &str, member: Member) {
        self.forms = self.forms.saturating_add(1);
        self.weak = self.weak.saturating_add(member.has_weak_key.into());
        for leaf in member.leaves {
            if !self.add_leaf(label, leaf) {
                self.left_out = self.left_out.saturating_add(1);
            }
        }
    }

    /// The forms that were added.
    pub fn forms(&self) -> usize {
        self.forms
    }

    /// The forms with a key that is published or easy to find, be it that of an issuer: the rules of certgate say so of each.
    pub fn weak_keys(&self) -> usize {
        self.weak
    }

    /// The different keys of their certificates.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// The different RSA moduli among these.
    pub fn moduli(&self) -> usize {
        self.moduli.len()
    }

    /// The certificates that were not compared, because there are too many.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Adds a certificate; `false` where its key would be too much.
    fn add_leaf(&mut self, label: &str, leaf: Leaf) -> bool {
        let Leaf { key, modulus, names, name } = leaf;
        let label = crate::text::escape(label);
        if let Some(known) = self.by_hash.get(&key).and_then(|at| self.keys.get_mut(*at)) {
            known.has_other_names |= known.names != names;
            known.count = known.count.saturating_add(1);
            if known.holders.len() < Self::HOLDERS {
                known.holders.push((label, name));
            }
            return true;
        }
        let is_new = modulus.as_ref().is_some_and(|modulus| !self.moduli.contains_key(modulus));
        let octets = modulus.as_ref().filter(|_| is_new).map_or(0, Vec::len).saturating_add(self.octets);
        if self.keys.len() >= Self::KEYS || octets > Self::OCTETS {
            return false;
        }
        self.octets = octets;
        let at = self.keys.len();
        if let Some(modulus) = modulus {
            self.moduli.entry(modulus).or_default().push(at);
        }
        self.by_hash.insert(key, at);
        self.keys.push(Shared { holders: vec![(label, name)], count: 1, has_other_names: false, names });
        true
    }

    /// The RSA keys that share a prime with another, those that share with one another together. Takes some 30 seconds for 10,000 moduli of
    /// 2048 bits, and about three times as long for twice as many.
    pub(crate) fn with_shared_primes(&self) -> Vec<Vec<&Shared>> {
        let moduli: Vec<(&[u8], &Vec<usize>)> =
            self.moduli.iter().map(|(n, keys)| (n.as_slice(), keys)).collect();
        let mut groups = shared::groups(&moduli.iter().map(|(modulus, _)| *modulus).collect::<Vec<_>>());
        // Two keys with one modulus and different exponents share both primes.
        let is_in_none =
            |at: &usize, groups: &[Vec<usize>]| !groups.iter().flatten().any(|other| other == at);
        let doubled = moduli.iter().enumerate().filter(|(_, (_, keys))| keys.len() > 1).map(|(at, _)| at);
        let doubled: Vec<_> = doubled.filter(|at| is_in_none(at, &groups)).map(|at| vec![at]).collect();
        groups.extend(doubled);
        let keys_of = |group: Vec<usize>| {
            let mut keys: Vec<usize> = group
                .iter()
                .filter_map(|at| moduli.get(*at))
                .flat_map(|(_, keys)| keys.iter().copied())
                .collect();
            keys.sort_unstable();
            keys
        };
        let mut groups: Vec<Vec<usize>> = groups.into_iter().map(keys_of).collect();
        groups.sort_unstable();
        groups.iter().map(|group| group.iter().filter_map(|at| self.keys.get(*at)).collect()).collect()
    }

    /// The keys that stand in certificates with different names.
    pub(crate) fn with_other_names(&self) -> impl Iterator<Item = &Shared> {
        self.keys.iter().filter(|key| key.has_other_names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate whose modulus has 1,024 octets: 4,096 of them are the limit.
    fn leaf(number: u32) -> Leaf {
        let number = number.to_be_bytes();
        let modulus = [[1].as_slice(), &[0; 1018], &number, &[1]].concat();
        Leaf { key: number.to_vec(), modulus: Some(modulus), names: Vec::new(), name: String::new() }
    }

    fn add(fleet: &mut Fleet, leaf: Leaf) {
        fleet.add("form", Member { leaves: vec![leaf], has_weak_key: false });
    }

    #[test]
    fn what_is_beyond_the_limits_is_counted() {
        let mut fleet = Fleet::new();
        (0..4096).for_each(|number| add(&mut fleet, leaf(number)));
        assert_eq!((fleet.moduli(), fleet.left_out()), (4096, 0));
        // The same modulus again, and a key without one, cost nothing.
        add(&mut fleet, leaf(7));
        add(&mut fleet, Leaf { key: vec![1], modulus: None, ..leaf(5000) });
        assert_eq!((fleet.moduli(), fleet.keys(), fleet.left_out()), (4096, 4097, 0));
        add(&mut fleet, leaf(5000));
        assert_eq!((fleet.moduli(), fleet.keys(), fleet.left_out()), (4096, 4097, 1));

        let mut fleet = Fleet::new();
        (0..100_002).for_each(|number| add(&mut fleet, Leaf { modulus: None, ..leaf(number) }));
        assert_eq!((fleet.forms(), fleet.keys(), fleet.left_out()), (100_002, 100_000, 2));
    }

    #[test]
    fn of_one_key_the_first_forms_are_remembered_and_all_are_counted() {
        let mut fleet = Fleet::new();
        (0..30).for_each(|_| add(&mut fleet, leaf(1)));
        assert_eq!(fleet.with_other_names().count(), 0);
        add(&mut fleet, Leaf { names: vec![1], ..leaf(1) });
        let found: Vec<_> = fleet.with_other_names().map(|key| (key.holders.len(), key.count)).collect();
        assert_eq!(found, [(20, 31)]);
    }
}
