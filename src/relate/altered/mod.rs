//! Whether a certificate or a private key was changed where it was copied: a line that stands twice, that is lost or in another place, a
//! character that is another one.
//!
//! Only what does not fit together comes here: DER of a wrong length, a signature or a key that does not match. Changes that happen to
//! texts are undone one by one, and the proof is the same as for any upload: the issuer's key signed the certificate, or the private key
//! belongs to it. The number of tries is bounded.

mod copies;
mod lines;
mod witnesses;

use zeroize::Zeroizing;

use super::chain::{Link, OwnSignature};
use super::fields::PairFields;
use super::server::{Limits, ServerPair};
use crate::der;
use crate::location::Field;
use crate::read::block::Block;
use crate::read::certificate::Certificate;
use crate::read::pem::fault::Change;
use copies::few_differ;
use lines::Lines;
use witnesses::{Verdict, Witnesses};

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

impl Altered {
    fn new(block: &Block, change: Change, der: Option<Zeroizing<Vec<u8>>>, is_proven: bool) -> Option<Self> {
        let (field, block) = (block.location.field?, block.location.block?);
        Some(Self { field, block, change, der, is_proven })
    }
}

/// The blocks of a pair that were changed. The search stops at the first few.
pub(crate) fn find(fields: &PairFields<'_>, pair: &ServerPair<'_>, limits: Limits<'_>) -> Vec<Altered> {
    let is_doubtful = is_doubtful(fields, pair);
    if !is_doubtful && !pair.certificates.iter().any(Certificate::has_faults)
        || fields.certificates.len() > limits.max_certificates
    {
        return Vec::new();
    }
    let mut search = Search { fields, pair, witnesses: Witnesses::new(fields, pair, limits) };
    let positions = 0..fields.certificates.len();
    if !is_doubtful {
        return positions.filter_map(|at| search.with_lost_character(at)).collect();
    }
    let certificates =
        positions.filter_map(|at| search.certificate(at).or_else(|| search.with_lost_character(at)));
    let mut found: Vec<_> = certificates.collect();
    found.extend(search.key().or_else(|| search.key_with_lost_character()));
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
    let is_unknown = pair.chain.as_ref().is_some_and(|chain| {
        chain.own_signature == Some(OwnSignature::NotVerified(Link::UnknownId))
            || chain.issuers.iter().any(|issuer| issuer.link == Link::UnknownId)
    });
    let is_link_wrong = is_link_wrong || is_unknown && pair.certificates.iter().any(Certificate::has_faults);
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
    witnesses: Witnesses<'s, 'u, 'l>,
}

impl Search<'_, '_, '_> {
    fn certificate(&mut self, position: usize) -> Option<Altered> {
        let block = *self.fields.certificates.get(position)?;
        let lines = Lines::of(block)?;
        let found = |change, der, is_proven| Altered::new(block, change, der, is_proven);
        if let Some(change) = lines.lost() {
            return found(change, None, false);
        }
        if lines.has_one_more() {
            let mut possible = None;
            for (change, der) in lines.without_a_double() {
                match self.witnesses.of_certificate(position, &der) {
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
        let copy = self.with_the_name(position, block, &lines);
        if let Some((change, der, _)) = copy.or_else(|| self.with_the_algorithm(position, block, &lines)) {
            return found(change, Some(der), true);
        }
        if self.witnesses.fit(position, block) {
            return None;
        }
        if let Some((change, der, verdict)) = self.with_the_key(position, block, &lines) {
            return found(change, Some(der), verdict == Verdict::Proven);
        }
        // Half of the proofs are kept for what comes after.
        let kept = self.witnesses.proofs_left.div_euclid(2);
        for (change, der) in lines.exchanged() {
            if self.witnesses.are_spent() || self.witnesses.proofs_left <= kept {
                break;
            }
            if self.witnesses.of_certificate(position, &der) == Verdict::Proven {
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
            if self.witnesses.are_spent() {
                break;
            }
            if self.witnesses.of_certificate(position, &der) == Verdict::Proven {
                return found(change, Some(der), true);
            }
        }
        None
    }

    /// A certificate that does not fit, and lacks a character of base64.
    fn with_lost_character(&self, position: usize) -> Option<Altered> {
        let block = *self.fields.certificates.get(position)?;
        let change = lines::lost_character(&block.der).filter(|_| !self.witnesses.fit(position, block))?;
        Altered::new(block, change, None, false)
    }

    /// A private key that does not fit, and lacks a character of base64.
    fn key_with_lost_character(&self) -> Option<Altered> {
        let (block, read) = self.pair.key.as_ref()?;
        let is_sound = read.as_ref().is_ok_and(|key| key.public_key().is_ok());
        let change = lines::lost_character(&block.der).filter(|_| !is_sound)?;
        Altered::new(block, change, None, false)
    }

    /// The private key.
    fn key(&mut self) -> Option<Altered> {
        let (block, read) = self.pair.key.as_ref()?;
        let lines = Lines::of(block)?;
        let found = |change, der, is_proven| Altered::new(block, change, der, is_proven);
        if matches!(self.pair.proof, Some(Ok(()))) {
            return None;
        }
        if let Some(change) = lines.lost() {
            return found(change, None, false);
        }
        if lines.has_one_more() {
            let mut possible = None;
            for (change, der) in lines.without_a_double() {
                match self.witnesses.of_key(&der) {
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
            if self.witnesses.are_spent() {
                break;
            }
            if self.witnesses.of_key(&der) == Verdict::Proven {
                return found(change, Some(der), true);
            }
        }
        None
    }
}
