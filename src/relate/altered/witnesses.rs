//! What proves or disproves how a certificate or a private key was before a change.

use super::super::chain;
use super::super::fields::PairFields;
use super::super::pair::proof;
use super::super::server::{Limits, ServerPair};
use crate::crypto::rsa::RsaPublicKey;
use crate::crypto::spki::PublicKey;
use crate::der::{self, DerFault, Path, Reader};
use crate::read::block::Block;
use crate::read::certificate::Certificate;
use crate::read::key::PrivateKey;

/// The signatures and keys that are tried for one upload's pair.
const PROOFS: usize = 24;

/// The certificates that are looked at for it: whether they are DER at all.
const LOOKS: usize = 1500;

/// Those of them that are read.
const READS: usize = 300;

/// What is known of a certificate as it would have been.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A signature or a match proves it.
    Proven,
    /// It can be read, and nothing speaks against it.
    Possible,
    Wrong,
}

/// The issuers' keys and the private key of a pair, which are asked only so many times.
pub(super) struct Witnesses<'s, 'u, 'l> {
    fields: &'s PairFields<'u>,
    pair: &'s ServerPair<'u>,
    limits: Limits<'l>,
    pub(super) proofs_left: usize,
    looks_left: usize,
    reads_left: usize,
    given: Option<Given>,
}

/// How many faults the certificate at `position` has as it was given.
#[derive(Clone, Copy)]
struct Given {
    position: usize,
    /// Against the rules of DER.
    of_der: usize,
    /// All; `None` where it cannot be read.
    all: Option<usize>,
}

impl<'s, 'u, 'l> Witnesses<'s, 'u, 'l> {
    pub(super) fn new(fields: &'s PairFields<'u>, pair: &'s ServerPair<'u>, limits: Limits<'l>) -> Self {
        Self { fields, pair, limits, proofs_left: PROOFS, looks_left: LOOKS, reads_left: READS, given: None }
    }

    pub(super) fn are_spent(&self) -> bool {
        self.proofs_left.min(self.looks_left).min(self.reads_left) == 0
    }

    /// What proves or disproves that the certificate at `position` is `der`.
    pub(super) fn of_certificate(&mut self, position: usize, der: &[u8]) -> Verdict {
        let Some(block) = self.fields.certificates.get(position) else { return Verdict::Wrong };
        if !take_one(&mut self.looks_left) {
            return Verdict::Wrong;
        }
        // What was damaged in its structure is not less damaged before a signature is verified.
        let given = self.given(position, block);
        let is_better =
            |faults: usize, given: Option<usize>| faults == 0 || given.is_none_or(|given| faults < given);
        if !is_better(faults_of_der(der), Some(given.of_der)) || !take_one(&mut self.reads_left) {
            return Verdict::Wrong;
        }
        let Ok(certificate) = Certificate::read(der, &block.location) else { return Verdict::Wrong };
        if !is_better(certificate.faults().iter().count(), given.all) || !take_one(&mut self.proofs_left) {
            return Verdict::Wrong;
        }
        self.say(position, &certificate)
    }

    fn given(&mut self, position: usize, block: &Block) -> Given {
        if let Some(known) = self.given.filter(|known| known.position == position) {
            return known;
        }
        let all = Certificate::read(&block.der, &block.location).ok();
        let all = all.map(|given| given.faults().iter().count());
        let given = Given { position, of_der: faults_of_der(&block.der), all };
        self.given = Some(given);
        given
    }

    /// What the issuer's key, or else the private key, says of a certificate at `position`.
    fn say(&self, position: usize, certificate: &Certificate<'_>) -> Verdict {
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
        let is_issuer_here = given.as_ref().is_some_and(|given| self.have_issuer(given, position));
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
    pub(super) fn fit(&self, position: usize, block: &Block) -> bool {
        let Ok(certificate) = Certificate::read(&block.der, &block.location) else { return false };
        let key = self.pair.private_key().filter(|_| position == 0);
        if key.is_some_and(|key| matches!(proof(Some(&certificate), Some(key)), Some(Err(_)))) {
            return false;
        }
        match self.say(position, &certificate) {
            Verdict::Proven => true,
            Verdict::Possible => !certificate.has_faults(),
            Verdict::Wrong => false,
        }
    }

    /// Whether a certificate that it names as its issuer is here.
    pub(super) fn have_issuer(&self, certificate: &Certificate<'_>, position: usize) -> bool {
        let others = self.fields.certificates.iter().enumerate().filter(|(other, _)| *other != position);
        let mut others = others.filter_map(|(_, block)| Certificate::read(&block.der, &block.location).ok());
        chain::is_self_issued(certificate)
            || others.any(|other| chain::is_issuer_by_name(certificate, &other))
    }

    /// What proves or disproves that the private key is `der`.
    pub(super) fn of_key(&mut self, der: &[u8]) -> Verdict {
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
        if !take_one(&mut self.proofs_left) {
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

/// Whether one was left.
fn take_one(left: &mut usize) -> bool {
    let fewer = left.checked_sub(1);
    *left = fewer.unwrap_or(0);
    fewer.is_some()
}

/// The faults of a text against those rules of DER that need no schema, from the outside to the inside.
fn faults_of_der(der: &[u8]) -> usize {
    let mut count = 0_usize;
    let mut more = |_: usize, _: &Path<'_>, _: DerFault| count = count.saturating_add(1);
    match Reader::new(der).next() {
        Some(Ok(element)) => der::check(&element, &Path::root("certificate"), &mut more),
        _ => return usize::MAX,
    }
    count
}
