//! What stands in two places: where one of them was changed, the other tells how it was.

use zeroize::Zeroizing;

use super::Search;
use super::lines::Lines;
use super::witnesses::Verdict;
use crate::der::{Element, Reader};
use crate::read::block::Block;
use crate::read::certificate::{Certificate, Name, algorithm};
use crate::read::pem::fault::Change;

/// A certificate as it was, and what proves it.
pub(super) type Found = (Change, Zeroizing<Vec<u8>>, Verdict);

fn is_proven((_, _, verdict): &Found) -> bool {
    *verdict == Verdict::Proven
}

/// A part of a certificate, and where it is.
struct Part<'a> {
    offset: usize,
    der: &'a [u8],
}

impl<'a> Part<'a> {
    fn of_name(name: &Name<'a>) -> Self {
        Self { offset: name.offset(), der: name.der() }
    }
}

impl Search<'_, '_, '_> {
    /// The certificate with the name of another one as that of its issuer, where the two differ in a few octets, and that one signed it; or with
    /// one of its two names in the place of the other, where its own key signed it.
    pub(super) fn with_the_name(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
    ) -> Option<Found> {
        let certificate = Certificate::read(&block.der, &block.location).ok()?;
        if self.witnesses.have_issuer(&certificate, position) {
            return None;
        }
        let (issuer, subject) = (Part::of_name(certificate.issuer()), Part::of_name(certificate.subject()));
        let fields = self.fields;
        let mut with = |given: &Part<'_>, right: &[u8]| {
            self.with(position, block, lines, given, right).filter(is_proven)
        };
        for (_, other) in fields.certificates.iter().enumerate().filter(|(other, _)| *other != position) {
            let Ok(other) = Certificate::read(&other.der, &other.location) else { continue };
            let found = with(&issuer, other.subject().der());
            if found.is_some() {
                return found;
            }
        }
        with(&issuer, subject.der).or_else(|| with(&subject, issuer.der))
    }

    /// The certificate with the same signature algorithm in the signed part as beside the signature, where the two differ in a few octets and
    /// the one that is replaced is unknown: where both are known, a CA made it so.
    pub(super) fn with_the_algorithm(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
    ) -> Option<Found> {
        let [inside, beside] = signature_algorithms(&block.der)?;
        let mut with = |given: &Element<'_>, right: &Element<'_>| {
            let is_known = algorithm(given).is_some_and(|given| given.scheme().is_some());
            let given = Part { offset: given.offset, der: given.raw };
            let found = if is_known { None } else { self.with(position, block, lines, &given, right.raw) };
            found.filter(is_proven)
        };
        with(&inside, &beside).or_else(|| with(&beside, &inside))
    }

    /// The server's certificate with the public key of the private key, where the two differ in a few octets.
    pub(super) fn with_the_key(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
    ) -> Option<Found> {
        let key = self.pair.private_key().filter(|_| position == 0)?;
        let own = key.public_key().ok()?.to_spki_der()?;
        let certificate = Certificate::read(&block.der, &block.location).ok()?;
        let given = Part { offset: certificate.outline().spki_offset, der: certificate.spki_der() };
        let (change, der, verdict) = self.with(position, block, lines, &given, &own)?;
        match verdict {
            Verdict::Wrong => None,
            // The key itself would be the only witness for what was taken from it.
            Verdict::Proven if !self.witnesses.have_issuer(&certificate, position) => {
                Some((change, der, Verdict::Possible))
            }
            verdict => Some((change, der, verdict)),
        }
    }

    /// The certificate with `right` in the place of `given`, where the two differ in a few octets.
    fn with(
        &mut self,
        position: usize,
        block: &Block,
        lines: &Lines<'_>,
        given: &Part<'_>,
        right: &[u8],
    ) -> Option<Found> {
        let (first, _) = few_differ(given.der, right)?;
        let mut der = Zeroizing::new(block.der.to_vec());
        let place = der.get_mut(given.offset..given.offset.checked_add(right.len())?)?;
        if *place != *given.der {
            return None;
        }
        place.copy_from_slice(right);
        let line = lines.line_of(given.offset.checked_add(first)?);
        let verdict = self.witnesses.of_certificate(position, &der);
        Some((Change::OtherCharacter { line }, der, verdict))
    }
}

/// The signature algorithm in the signed part of a certificate, and the one beside the signature (RFC 5280, 4.1.1.2).
fn signature_algorithms(der: &[u8]) -> Option<[Element<'_>; 2]> {
    let mut certificate = Reader::new(der).any().ok()?.inside();
    let mut signed = certificate.any().ok()?.inside();
    let beside = certificate.any().ok()?;
    // In version 1, the serial number is the first.
    let first = signed.any().ok()?;
    if first.is_constructed() {
        signed.any().ok()?;
    }
    let inside = signed.any().ok()?;
    Some([inside, beside])
}

/// The first and the last place in which two texts of one length differ, where these are no farther apart than one change of a character
/// makes them: that is part of two octets at most; of two exchanged ones there are three.
pub(super) fn few_differ(one: &[u8], other: &[u8]) -> Option<(usize, usize)> {
    const MOST: usize = 3;
    let mut differ = (0..one.len()).filter(|at| one.get(*at) != other.get(*at));
    let first = differ.next()?;
    let last = differ.next_back().unwrap_or(first);
    (one.len() == other.len() && last.saturating_sub(first) < MOST).then_some((first, last))
}
