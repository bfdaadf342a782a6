//! Whether a certificate or a private key was changed where it was copied: a line that stands twice, that is lost or in another place, a
//! character that is another one.
//!
//! Only what does not fit together comes here: DER of a wrong length, a signature or a key that does not match. Changes that happen to
//! texts are undone one by one, and the proof is the same as for any upload: the issuer's key signed the certificate, or the private key
//! belongs to it. The number of tries is bounded.

mod lines;

use zeroize::Zeroizing;

use super::chain::{self, Link, OwnSignature};
use super::fields::PairFields;
use super::pair::proof;
use super::server::{Limits, ServerPair};
use crate::crypto::rsa::RsaPublicKey;
use crate::crypto::spki::PublicKey;
use crate::der;
use crate::location::Field;
use crate::read::block::Block;
use crate::read::certificate::{Certificate, Name};
use crate::read::key::PrivateKey;
use crate::read::pem::fault::Change;
use lines::Lines;

/// A block whose text was changed.
#[derive(Debug)]
pub(crate) struct Altered {
    pub(crate) field: Field,
    /// The block's number.
    pub(crate) block: usize,
    pub(crate) change: Change,
    /// Its DER before the change, where that could be found.
    pub(crate) der: Option<Zeroizing<Vec<u8>>>,
    /// Whether a signature or the match of key and certificate proves that this is how it was.
    pub(crate) is_proven: bool,
}

/// The signatures and keys that are tried for one upload's pair.
const PROOFS: usize = 48;

/// The certificates that are read for it.
const READS: usize = 2500;

/// The blocks of a pair that were changed. The search stops at the first few.
pub(crate) fn find(fields: &PairFields<'_>, pair: &ServerPair<'_>, limits: Limits<'_>) -> Vec<Altered> {
    if !is_doubtful(fields, pair) || fields.certificates.len() > limits.max_certificates {
        return Vec::new();
    }
    let mut search = Search { fields, pair, limits, proofs_left: PROOFS, reads_left: READS };
    let certificates = (0..fields.certificates.len()).filter_map(|position| search.certificate(position));
    let mut found: Vec<_> = certificates.collect();
    found.extend(search.key());
    found
}

/// Whether something does not fit together.
fn is_doubtful(fields: &PairFields<'_>, pair: &ServerPair<'_>) -> bool {
    let is_key_wrong = pair.key.as_ref().is_some_and(|(_, key)| key.is_err());
    let is_link_wrong = pair.chain.as_ref().is_some_and(|chain| {
        chain.own_signature == Some(OwnSignature::Wrong)
            || chain.is_root_signature_wrong
            || chain.issuers.iter().any(|issuer| issuer.link == Link::DoesNotFit)
    });
    // An SM2 signature that does not fit may be under an ID that is not known; in DER that is wrong it is not.
    let has_faults = |certificate: &Certificate<'_>| certificate.faults().iter().next().is_some();
    let is_unknown = pair.chain.as_ref().is_some_and(|chain| {
        chain.own_signature == Some(OwnSignature::NotVerified(Link::UnknownId))
            || chain.issuers.iter().any(|issuer| issuer.link == Link::UnknownId)
    });
    let is_link_wrong = is_link_wrong || is_unknown && pair.certificates.iter().any(has_faults);
    let is_length_wrong = |block: &&Block| der::announced(&block.der) != Some(block.der.len());
    is_key_wrong
        || is_link_wrong
        || is_name_near(&pair.certificates)
        || !pair.unreadable.is_empty()
        || matches!(pair.proof, Some(Err(_)))
        || fields.certificates.iter().any(is_length_wrong)
}

/// Whether the server's certificate names an issuer that is not there, but almost: another certificate, or itself.
fn is_name_near(certificates: &[Certificate<'_>]) -> bool {
    let [server, others @ ..] = certificates else { return false };
    let name = server.issuer().der();
    // Among them its own: it may be self-signed.
    let is = |wanted: &dyn Fn(&[u8]) -> bool| certificates.iter().any(|other| wanted(other.subject().der()));
    let is_here = others.iter().any(|other| other.subject().der() == name);
    !is_here && is(&|subject| few_differ(name, subject).is_some())
}

struct Search<'s, 'u, 'l> {
    fields: &'s PairFields<'u>,
    pair: &'s ServerPair<'u>,
    limits: Limits<'l>,
    proofs_left: usize,
    reads_left: usize,
}

/// What is known of a certificate as it would have been.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// A signature or a match proves it.
    Proven,
    /// It can be read, and nothing speaks against it.
    Possible,
    Wrong,
}

impl Search<'_, '_, '_> {
    fn is_spent(&self) -> bool {
        self.proofs_left.min(self.reads_left) == 0
    }

    fn try_one_more(&mut self) -> bool {
        match self.proofs_left.checked_sub(1) {
            Some(fewer) => {
                self.proofs_left = fewer;
                true
            }
            None => false,
        }
    }

    /// What proves or disproves that the certificate at `position` is `der`.
    fn judge(&mut self, position: usize, der: &[u8]) -> Verdict {
        let Some(block) = self.fields.certificates.get(position) else { return Verdict::Wrong };
        let Some(fewer) = self.reads_left.checked_sub(1) else { return Verdict::Wrong };
        self.reads_left = fewer;
        let Ok(certificate) = Certificate::read(der, &block.location) else { return Verdict::Wrong };
        // What was damaged in its structure is not less damaged before a signature is verified.
        let count = certificate.faults().iter().count();
        let given = || Certificate::read(&block.der, &block.location);
        let is_better = || given().map_or(true, |given| count < given.faults().iter().count());
        if (count > 0 && !is_better()) || !self.try_one_more() {
            return Verdict::Wrong;
        }
        self.witnesses(position, &certificate)
    }

    /// What the issuer's key, or else the private key, says of a certificate at `position`.
    fn witnesses(&self, position: usize, certificate: &Certificate<'_>) -> Verdict {
        let others = self.fields.certificates.iter().enumerate().filter(|(other, _)| *other != position);
        let others = others.filter_map(|(_, block)| Certificate::read(&block.der, &block.location).ok());
        let is_own = chain::is_self_issued(certificate);
        let mut issuers: Vec<_> =
            others.filter(|other| chain::is_issuer_by_name(certificate, other)).collect();
        if is_own {
            issuers.push((*certificate).clone());
        }
        let verifier = self.limits.verifier;
        if issuers.iter().any(|issuer| chain::has_signed(issuer, certificate, verifier)) {
            return Verdict::Proven;
        }
        let block = self.fields.certificates.get(position);
        let given = block.and_then(|block| Certificate::read(&block.der, &block.location).ok());
        let is_issuer_here = given.as_ref().is_some_and(|given| self.has_named_issuer(given, position));
        let is_signature_known = !issuers.is_empty() || is_issuer_here;
        // Without its issuer, the private key is the only witness: of what it did not match before.
        let is_server = position == 0;
        let is_match =
            |certificate: &Certificate<'_>, key| matches!(proof(Some(certificate), Some(key)), Some(Ok(())));
        match self.pair.private_key().filter(|_| is_server) {
            Some(key)
                if !is_signature_known
                    && is_match(certificate, key)
                    && !given.as_ref().is_some_and(|given| is_match(given, key)) =>
            {
                Verdict::Proven
            }
            _ if is_signature_known => Verdict::Wrong,
            _ => Verdict::Possible,
        }
    }

    /// Whether the certificate at `position` fits its issuer and its key as it is.
    fn fits(&self, position: usize, block: &Block) -> bool {
        let Ok(certificate) = Certificate::read(&block.der, &block.location) else { return false };
        let key = self.pair.private_key().filter(|_| position == 0);
        if key.is_some_and(|key| matches!(proof(Some(&certificate), Some(key)), Some(Err(_)))) {
            return false;
        }
        match self.witnesses(position, &certificate) {
            Verdict::Proven => true,
            Verdict::Possible => certificate.faults().iter().next().is_none(),
            Verdict::Wrong => false,
        }
    }

    fn has_named_issuer(&self, certificate: &Certificate<'_>, position: usize) -> bool {
        let others = self.fields.certificates.iter().enumerate().filter(|(other, _)| *other != position);
        let mut others = others.filter_map(|(_, block)| Certificate::read(&block.der, &block.location).ok());
        chain::is_self_issued(certificate)
            || others.any(|other| chain::is_issuer_by_name(certificate, &other))
    }

    fn certificate(&mut self, position: usize) -> Option<Altered> {
        let block = *self.fields.certificates.get(position)?;
        let lines = Lines::of(block)?;
        let found = |change, der: Option<Zeroizing<Vec<u8>>>, is_proven| {
            let (field, block) = (block.location.field?, block.location.block?);
            Some(Altered { field, block, change, der, is_proven })
        };
        if let Some(change) = lines.lost() {
            return found(change, None, false);
        }
        if lines.has_one_more() {
            let mut possible = None;
            for (change, der) in lines.without_a_double() {
                match self.judge(position, &der) {
                    Verdict::Proven => return found(change, Some(der), true),
                    Verdict::Possible => possible = possible.or(Some((change, der))),
                    Verdict::Wrong => {}
                }
            }
            let (change, der) = possible?;
            return found(change, Some(der), false);
        }
        if !lines.is_whole() {
            return None;
        }
        if let Some((change, der)) = self.with_the_name(position, block, &lines) {
            return found(change, Some(der), true);
        }
        if self.fits(position, block) {
            return None;
        }
        if let Some((change, der, verdict)) = self.with_the_key(position, block, &lines) {
            return found(change, Some(der), verdict == Verdict::Proven);
        }
        // Half of the proofs are kept for what comes after.
        let kept = self.proofs_left.div_euclid(2);
        for (change, der) in lines.exchanged() {
            if self.is_spent() || self.proofs_left <= kept {
                break;
            }
            if self.judge(position, &der) == Verdict::Proven {
                return found(change, Some(der), true);
            }
        }
        let faults = Certificate::read(&block.der, &block.location);
        let places: Vec<usize> = match &faults {
            Ok(certificate) => certificate.faults().iter().map(|fault| fault.offset).collect(),
            Err(unreadable) => unreadable.faults().iter().map(|fault| fault.offset).collect(),
        };
        for (change, der) in places.into_iter().take(2).flat_map(|place| lines.with_another_character(place))
        {
            if self.is_spent() {
                break;
            }
            if self.judge(position, &der) == Verdict::Proven {
                return found(change, Some(der), true);
            }
        }
        None
    }

    /// The certificate with the name of another one as that of its issuer, where the two differ in a few octets, and that one signed it; or with
    /// one of its two names in the place of the other, where its own key signed it.
    fn with_the_name(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
    ) -> Option<(Change, Zeroizing<Vec<u8>>)> {
        let certificate = Certificate::read(&block.der, &block.location).ok()?;
        if self.has_named_issuer(&certificate, position) {
            return None;
        }
        let (issuer, subject) = (certificate.issuer(), certificate.subject());
        for other in (0..self.fields.certificates.len()).filter(|other| *other != position) {
            let Some(other) = self.fields.certificates.get(other) else { continue };
            let Ok(other) = Certificate::read(&other.der, &other.location) else { continue };
            let found = self.with_this_name(position, block, lines, issuer, other.subject());
            if found.is_some() {
                return found;
            }
        }
        let own = self.with_this_name(position, block, lines, issuer, subject);
        own.or_else(|| self.with_this_name(position, block, lines, subject, issuer))
    }

    /// The certificate with the name `right` in the place of `given`, where the two differ in a few octets and a signature proves it.
    fn with_this_name(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
        given: &Name<'_>,
        right: &Name<'_>,
    ) -> Option<(Change, Zeroizing<Vec<u8>>)> {
        let (offset, right) = (given.offset(), right.der());
        let (first, _) = few_differ(given.der(), right)?;
        let mut der = Zeroizing::new(block.der.to_vec());
        let place = der.get_mut(offset..offset.checked_add(right.len())?)?;
        if *place != *given.der() {
            return None;
        }
        place.copy_from_slice(right);
        let line = lines.line_of(offset.checked_add(first)?);
        (self.judge(position, &der) == Verdict::Proven).then_some((Change::OtherCharacter { line }, der))
    }

    /// The server's certificate with the public key of the private key, where the two differ in a few octets.
    fn with_the_key(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
    ) -> Option<(Change, Zeroizing<Vec<u8>>, Verdict)> {
        let key = self.pair.private_key().filter(|_| position == 0)?;
        let own = key.public_key().ok()?.to_spki_der()?;
        let certificate = Certificate::read(&block.der, &block.location).ok()?;
        let offset = certificate.outline().spki_offset;
        let given = certificate.spki_der();
        let (first, _) = few_differ(given, &own)?;
        let mut der = Zeroizing::new(block.der.to_vec());
        der.get_mut(offset..offset.saturating_add(own.len()))?.copy_from_slice(&own);
        let verdict = match self.judge(position, &der) {
            Verdict::Wrong => return None,
            // The key itself would be the only witness for what was taken from it.
            Verdict::Proven if !self.has_named_issuer(&certificate, position) => Verdict::Possible,
            verdict => verdict,
        };
        let line = lines.line_of(offset.saturating_add(first));
        Some((Change::OtherCharacter { line }, der, verdict))
    }

    /// The private key.
    fn key(&mut self) -> Option<Altered> {
        let (block, read) = self.pair.key.as_ref()?;
        let lines = Lines::of(block)?;
        let found = |change, der: Option<Zeroizing<Vec<u8>>>, is_proven| {
            let (field, block) = (block.location.field?, block.location.block?);
            Some(Altered { field, block, change, der, is_proven })
        };
        if matches!(self.pair.proof, Some(Ok(()))) {
            return None;
        }
        if let Some(change) = lines.lost() {
            return found(change, None, false);
        }
        if lines.has_one_more() {
            let mut possible = None;
            for (change, der) in lines.without_a_double() {
                match self.judge_key(&der) {
                    Verdict::Proven => return found(change, Some(der), true),
                    Verdict::Possible => possible = possible.or(Some((change, der))),
                    Verdict::Wrong => {}
                }
            }
            let (change, der) = possible?;
            return found(change, Some(der), false);
        }
        // A key that is sound in itself was not changed.
        if !lines.is_whole() || read.as_ref().is_ok_and(|key| key.public_key().is_ok()) {
            return None;
        }
        for (change, der) in lines.exchanged() {
            if self.is_spent() {
                break;
            }
            if self.judge_key(&der) == Verdict::Proven {
                return found(change, Some(der), true);
            }
        }
        None
    }

    fn judge_key(&mut self, der: &[u8]) -> Verdict {
        let Ok(key) = PrivateKey::from_der(der) else { return Verdict::Wrong };
        let leaf = self.pair.certificates.first();
        // Compared as it is: a copy of what claims to be public could be a secret exponent.
        let is_of_leaf = |claimed: &RsaPublicKey, leaf: &Certificate<'_>| match leaf.public_key() {
            Some(PublicKey::Rsa(own)) => own == claimed,
            _ => false,
        };
        let claim = key.claimed_rsa().zip(leaf);
        if claim.is_some_and(|(claimed, leaf)| !is_of_leaf(claimed, leaf)) {
            return Verdict::Wrong;
        }
        if !self.try_one_more() {
            return Verdict::Wrong;
        }
        match proof(leaf, Some(&key)) {
            Some(Ok(())) => Verdict::Proven,
            Some(Err(_)) => Verdict::Wrong,
            None if key.public_key().is_ok() => Verdict::Possible,
            None => Verdict::Wrong,
        }
    }
}

/// The first and the last place in which two texts of one length differ, where these are no farther apart than one change of a character
/// makes them: that is part of two octets at most; of two exchanged ones there are three.
fn few_differ(one: &[u8], other: &[u8]) -> Option<(usize, usize)> {
    const MOST: usize = 3;
    let mut differ = (0..one.len()).filter(|at| one.get(*at) != other.get(*at));
    let first = differ.next()?;
    let last = differ.next_back().unwrap_or(first);
    (one.len() == other.len() && last.saturating_sub(first) < MOST).then_some((first, last))
}
