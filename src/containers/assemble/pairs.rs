//! Pairs and their chains.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::super::{Reason, place};
use super::{Held, roles};
use crate::crypto::ec::public::PreparedKeys;
use crate::crypto::issuer_cache::Verifier;
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::read::key::PrivateKey;
use crate::relate::chain::{
    Chain, Issuer, Link, Needless, Removal, has_expired, has_signed, is_issuer_by_name,
};
use crate::relate::pair::proof;

/// A key, and the certificates of its field. All numbers are positions of objects.
pub(super) struct Pair {
    pub(super) key: usize,
    /// The server's certificate and its issuers, without a root that clients have.
    pub(super) chain: Vec<usize>,
    /// The position of the leaf among the certificates held.
    leaf: usize,
    /// The root that ends the chain, where it is here and was left out.
    pub(super) root: Option<usize>,
    is_sm2: bool,
}

impl Pair {
    /// Whether the chain ends at a certificate whose issuer is not here.
    pub(super) fn lacks_issuer(&self, held: &Held<'_>) -> bool {
        let last = held.certificates.iter().find(|(at, _)| self.chain.last() == Some(at));
        self.root.is_none() && last.is_some_and(|(_, certificate)| !certificate.is_self_issued())
    }
}

/// What belongs together.
pub(super) struct Pairing {
    pairs: Vec<Pair>,
    /// Each set: its pairs, by their positions. Two of a double set, else one.
    sets: Vec<Vec<usize>>,
    /// Objects that are not taken for a reason of their own.
    reasons: BTreeMap<usize, Reason>,
    /// Damaged copies of certificates: each with the position of the sound one.
    damaged: BTreeMap<usize, usize>,
}

impl Pairing {
    pub(super) fn new(held: &Held<'_>, policy: &Policy, time: Option<OffsetDateTime>) -> Self {
        let mut pairing = Self {
            pairs: Vec::new(),
            sets: Vec::new(),
            reasons: BTreeMap::new(),
            damaged: damaged_copies(held, Verifier::new(&policy.sm2_ids, &PreparedKeys::default())),
        };
        let mut by_key: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (position, (_, certificate)) in held.certificates.iter().enumerate() {
            by_key.entry(certificate.spki_der()).or_default().push(position);
        }
        for (at, key) in &held.keys {
            pairing.find(held, &by_key, *at, key, policy, time);
        }
        pairing.pairs.sort_by_key(|pair| pair.chain.first().copied());
        pairing.sets = pairing.double_sets(held);
        pairing
    }

    /// How many sets there are.
    pub(super) fn count(&self) -> usize {
        self.sets.len()
    }

    /// The pairs of each set: that of encryption before that of signature.
    pub(super) fn sets(&self) -> impl Iterator<Item = Vec<&Pair>> {
        self.sets.iter().map(|set| set.iter().filter_map(|pair| self.pairs.get(*pair)).collect())
    }

    /// Why each object that is in no form was left out.
    pub(super) fn reasons(&self, held: &Held<'_>, used: &[bool]) -> Vec<(usize, Reason)> {
        let is_free = |at: &usize| !used.get(*at).copied().unwrap_or_default();
        let own = |at: usize, other| {
            let sound = self.damaged.get(&at).and_then(|sound| held.objects.get(*sound));
            let reason = match sound {
                Some(sound) => Reason::DamagedCopy(place(&sound.inside, sound.block.location.block)),
                None => self.reasons.get(&at).cloned().unwrap_or(Reason::NotNeeded(other)),
            };
            (at, reason)
        };
        let mut reasons: Vec<_> = held
            .certificates
            .iter()
            .filter(|(at, _)| is_free(at))
            .map(|(at, certificate)| {
                let why = if certificate.is_ca() {
                    "an issuer of none of the certificates that are used"
                } else {
                    "a certificate whose private key is not here"
                };
                own(*at, why)
            })
            .collect();
        let keys = held.keys.iter().filter(|(at, _)| is_free(at));
        reasons
            .extend(keys.map(|(at, _)| own(*at, "a private key that belongs to none of the certificates")));
        reasons.sort_by_key(|(at, _)| *at);
        reasons
    }

    /// Finds the certificate of a key. Of several, the one that is valid longest.
    fn find(
        &mut self,
        held: &Held<'_>,
        by_key: &BTreeMap<&[u8], Vec<usize>>,
        at: usize,
        key: &PrivateKey,
        policy: &Policy,
        time: Option<OffsetDateTime>,
    ) {
        /// A key that names no curve is tried on so many certificates.
        const TRIED: usize = 64;
        let public = key.public_key().ok().and_then(|public| public.to_spki_der());
        let named: Vec<usize> = match public.as_deref().and_then(|public| by_key.get(public)) {
            Some(positions) => positions.clone(),
            None => (0..held.certificates.len()).take(TRIED).collect(),
        };
        let certificate =
            |position: &usize| held.certificates.get(*position).map(|(_, certificate)| certificate);
        let mut fits: Vec<usize> = named
            .into_iter()
            .filter(|position| matches!(proof(certificate(position), Some(key)), Some(Ok(()))))
            .collect();
        fits.sort_by_key(|position| {
            let certificate = certificate(position);
            let is_over = certificate.is_some_and(|certificate| has_expired(certificate, time));
            let end = certificate.and_then(Certificate::not_after).map(OffsetDateTime::unix_timestamp);
            let is_damaged =
                held.certificates.get(*position).is_some_and(|(at, _)| self.damaged.contains_key(at));
            (is_damaged, is_over, certificate.is_some_and(Certificate::is_ca), std::cmp::Reverse(end))
        });
        let mut fits = fits.into_iter();
        let Some(leaf) = fits.next() else { return };
        if self.pairs.iter().any(|pair| pair.leaf == leaf) {
            self.reasons.insert(at, Reason::CopiedKey);
            return;
        }
        let end = certificate(&leaf).and_then(Certificate::not_after);
        for (other, certificate) in fits.filter_map(|position| held.certificates.get(position)) {
            let reason = match certificate.not_after() < end {
                true => "a certificate for the same key that ends earlier than the one used",
                false => "another certificate for the same key",
            };
            self.reasons.insert(*other, Reason::NotNeeded(reason));
        }
        let (chain, root) = self.chain(held, leaf, policy, time);
        self.pairs.push(Pair { key: at, chain, leaf, root, is_sm2: key.is_sm2() });
    }

    /// The leaf and its issuers, as far as a signature proves each. One whose signature does not fit stays where it is meant for this chain, so
    /// that a check can say so: without it, a changed certificate would only lack its issuer. And the root, where it is left out.
    fn chain(
        &mut self,
        held: &Held<'_>,
        leaf: usize,
        policy: &Policy,
        time: Option<OffsetDateTime>,
    ) -> (Vec<usize>, Option<usize>) {
        let issuers = held.certificates.iter().enumerate();
        let issuers = issuers.filter(|(position, (at, certificate))| {
            *position != leaf && certificate.is_ca() && !self.damaged.contains_key(at)
        });
        let positions: Vec<usize> =
            std::iter::once(leaf).chain(issuers.map(|(position, _)| position)).collect();
        let certificates: Vec<Certificate<'_>> = positions
            .iter()
            .filter_map(|position| Some(held.certificates.get(*position)?.1.clone()))
            .collect();
        let object = |position: usize| Some(held.certificates.get(*positions.get(position)?)?.0);
        let most = policy.chain_max_certificates;
        let keys = PreparedKeys::default();
        let verifier = Verifier::new(&policy.sm2_ids, &keys);
        // The key's certificate stays first, even where the others do not lead up from it.
        let chain = Chain::new(&certificates, Some(0), true, time, most, verifier);
        let Some(chain) = chain.filter(|chain| chain.leaf == 0) else {
            return (object(0).into_iter().collect(), None);
        };
        let is_meant = |issuer: &Issuer| match (positions.get(issuer.issued), positions.get(issuer.position))
        {
            (Some(lower), Some(upper)) => held.is_meant(*lower, *upper),
            _ => false,
        };
        let issuers = chain.issuers.iter();
        let issuers = issuers.take_while(|issuer| issuer.link != Link::DoesNotFit || is_meant(issuer));
        let mut path: Vec<usize> =
            std::iter::once(chain.leaf).chain(issuers.map(|issuer| issuer.position)).collect();
        let mut left_out = None;
        let is_root =
            |removal: &Removal| removal.reason == Needless::Root && path.last() == Some(&removal.position);
        if path.len() == chain.path.len() && chain.remove.iter().any(is_root) {
            left_out = path.pop().and_then(object);
            let reason = Reason::NotNeeded("a root: clients have their own copy or do not trust it");
            self.reasons.extend(left_out.map(|root| (root, reason)));
        }
        (path.into_iter().filter_map(object).collect(), left_out)
    }

    /// The pairs in sets: two SM2 pairs of one subject, of which one may encrypt and the other sign, make one.
    fn double_sets(&self, held: &Held<'_>) -> Vec<Vec<usize>> {
        let facts: Vec<_> = self
            .pairs
            .iter()
            .map(|pair| {
                let (_, leaf) = held.certificates.get(pair.leaf).filter(|_| pair.is_sm2)?;
                Some((leaf.subject().to_string(), roles(leaf)))
            })
            .collect();
        let mut taken = vec![false; self.pairs.len()];
        let mut sets = Vec::new();
        for (one, facts_of_one) in facts.iter().enumerate() {
            if taken.get(one).copied().unwrap_or_default() {
                continue;
            }
            let other = facts.iter().enumerate().skip(one.saturating_add(1)).find_map(|(other, facts)| {
                let ((subject, roles), (other_subject, other_roles)) =
                    (facts_of_one.as_ref()?, facts.as_ref()?);
                let is_free = !taken.get(other).copied().unwrap_or_default();
                let order = order(one, *roles, other, *other_roles)?;
                (is_free && subject == other_subject).then_some((other, order))
            });
            if let Some((other, order)) = other {
                if let Some(taken) = taken.get_mut(other) {
                    *taken = true;
                }
                sets.push(order);
            } else {
                sets.push(vec![one]);
            }
        }
        sets
    }
}

/// Certificates that are another one again, with an error in them: of one issuer and one serial number there is one certificate. The sound one
/// decodes whole, or an issuer that is here has signed it. Both are positions of objects.
fn damaged_copies(held: &Held<'_>, verifier: Verifier<'_>) -> BTreeMap<usize, usize> {
    let mut by_number: BTreeMap<(&[u8], &[u8]), Vec<usize>> = BTreeMap::new();
    for (position, (_, certificate)) in held.certificates.iter().enumerate() {
        let number = (certificate.issuer().der(), certificate.serial().as_bytes());
        by_number.entry(number).or_default().push(position);
    }
    let is_signed = |certificate: &Certificate<'_>| {
        let issuers = held.certificates.iter().map(|(_, issuer)| issuer);
        let mut issuers = issuers.filter(|issuer| is_issuer_by_name(certificate, issuer)).take(MOST_COPIES);
        issuers.any(|issuer| has_signed(issuer, certificate, verifier))
    };
    let mut damaged = BTreeMap::new();
    for positions in by_number.into_values().filter(|positions| positions.len() > 1) {
        let copies =
            positions.into_iter().take(MOST_COPIES).filter_map(|position| held.certificates.get(position));
        let mut copies: Vec<_> = copies
            .map(|(at, certificate)| ((certificate.has_faults(), !is_signed(certificate)), *at, certificate))
            .collect();
        copies.sort_by_key(|(fault, at, _)| (*fault, *at));
        let Some((best, sound, original)) = copies.first().cloned() else { continue };
        // What changed one place left either the key or the signature as it was.
        let is_copy = |other: &Certificate<'_>| {
            other.spki_der() == original.spki_der() || other.signature() == original.signature()
        };
        let worse = copies.into_iter().filter(|(fault, _, other)| *fault > best && is_copy(other));
        damaged.extend(worse.map(|(_, at, _)| (at, sound)));
    }
    damaged
}

/// How many copies of a certificate are compared, and how many issuers of one name.
const MOST_COPIES: usize = 8;

/// Encryption before signature; `None` where the two are no set.
fn order(one: usize, roles: (bool, bool), other: usize, other_roles: (bool, bool)) -> Option<Vec<usize>> {
    match (roles, other_roles) {
        ((true, false), (_, true)) | ((true, true), (false, true)) => Some(vec![one, other]),
        ((false, true), (true, _)) | ((true, true), (true, false)) => Some(vec![other, one]),
        _ => None,
    }
}
