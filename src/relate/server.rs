//! The certificates and the private key of a pair of fields: which certificate is the server's, and whether the key belongs to it.

use time::OffsetDateTime;

use super::chain::{Chain, has_expired};
use super::fields::PairFields;
use super::pair::{Proof, proof};
use crate::algorithm::AlgorithmType;
use crate::crypto::issuer_cache::Verifier;
use crate::read::block::Block;
use crate::read::certificate::{self, Certificate};
use crate::read::key::{self, KeyError, PrivateKey};

/// What a certificate field and its key field hold, and how it belongs together.
#[derive(Debug)]
pub(crate) struct ServerPair<'u> {
    /// Every certificate block, in order. Where all could be read, their positions are those of the chain.
    pub(crate) certificates: Vec<Certificate<'u>>,
    /// Those blocks that are not certificates after all, each with the number of certificates before it.
    pub(crate) unreadable: Vec<(usize, Box<certificate::Unreadable<'u>>)>,
    /// The private key's block, and what was read of it; `None` where there is none, or several that differ.
    pub(crate) key: Option<(&'u Block, Result<PrivateKey, KeyError>)>,
    /// Of several keys that differ, the one that is proven to belong to the server's certificate. It is not used.
    pub(crate) own_of_several: Option<&'u Block>,
    /// The position of the server's certificate: that of the chain. `None` where that one could not be read.
    pub(crate) leaf: Option<usize>,
    /// The position of the certificate that the private key is proven to belong to.
    pub(crate) key_fits: Option<usize>,
    /// Whether the server's certificate is missing: all are CAs, and the private key belongs to none of them.
    pub(crate) is_server_missing: bool,
    /// The private key against the leaf; `None` where one of the two could not be read.
    pub(crate) proof: Option<Proof>,
    /// The chain; `None` where there is no certificate.
    pub(crate) chain: Option<Chain>,
    /// Whether every certificate of the field was understood.
    pub(crate) is_whole: bool,
}

/// The limits of relating certificates: they bound its cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits<'l> {
    /// The most certificates of a chain.
    pub(crate) max_certificates: usize,
    /// How signatures are verified.
    pub(crate) verifier: Verifier<'l>,
    /// The time of the check, where there is one.
    pub(crate) time: Option<OffsetDateTime>,
}

impl<'u> ServerPair<'u> {
    /// Reads the DER of the blocks, each once, and relates what they hold.
    pub(crate) fn new(fields: &PairFields<'u>, limits: Limits<'_>) -> Self {
        let (mut certificates, mut unreadable) = (Vec::new(), Vec::new());
        for block in &fields.certificates {
            match Certificate::read(&block.der, &block.location) {
                Ok(certificate) => certificates.push(certificate),
                Err(broken) => unreadable.push((certificates.len(), broken)),
            }
        }
        let key = fields.key.only().map(|block| (block, key::read(block)));
        let private = key.as_ref().and_then(|(_, key)| key.as_ref().ok());
        let is_whole = fields.is_certificates_whole && unreadable.is_empty();
        let first_proof = proof(certificates.first(), private);
        let key_fits = match &first_proof {
            Some(Ok(())) => Some(0),
            _ => certificates
                .iter()
                .take(limits.max_certificates)
                .skip(1)
                .position(|certificate| matches!(proof(Some(certificate), private), Some(Ok(()))))
                .map(|position| position.saturating_add(1)),
        };
        let key_fits = key_fits.map(|first| best_of_one_key(&certificates, first, limits));
        let Limits { max_certificates, verifier, time } = limits;
        let chain = Chain::new(&certificates, key_fits, is_whole, time, max_certificates, verifier);
        let is_server_missing = is_whole
            && key_fits.is_none()
            && matches!(first_proof, Some(Err(_)))
            && certificates.len() <= max_certificates
            && certificates
                .iter()
                .all(|certificate| certificate.is_ca() && !certificate.is_self_issued_server());
        let leaf = if is_server_missing {
            None
        } else if is_whole {
            chain.as_ref().map(|chain| chain.leaf)
        } else {
            guess_leaf(&certificates, key_fits)
        };
        let proof = match leaf {
            Some(0) => first_proof,
            Some(leaf) if Some(leaf) == key_fits => Some(Ok(())),
            leaf => proof(leaf.and_then(|leaf| certificates.get(leaf)), private),
        };
        let is_own = |block: &&Block| {
            let leaf = leaf.and_then(|leaf| certificates.get(leaf));
            key::read(block).is_ok_and(|key| matches!(self::proof(leaf, Some(&key)), Some(Ok(()))))
        };
        let own_of_several = fields.key.several().iter().copied().find(is_own);
        Self {
            certificates,
            unreadable,
            key,
            own_of_several,
            leaf,
            key_fits,
            is_server_missing,
            proof,
            chain,
            is_whole,
        }
    }

    /// The certificate that is or should be the first.
    pub(crate) fn leaf(&self) -> Option<&Certificate<'u>> {
        self.certificates.get(self.leaf?)
    }

    /// The private key, where it could be read.
    pub(crate) fn private_key(&self) -> Option<&PrivateKey> {
        self.key.as_ref()?.1.as_ref().ok()
    }

    /// The algorithm of the leaf's key; `None` where there is none, or it is one that the API does not take.
    pub(crate) fn algorithm(&self) -> Option<AlgorithmType> {
        self.leaf()?.public_key()?.algorithm_type()
    }

    /// See [`Chain::consider_signature_certificate`].
    pub(super) fn consider_signature_certificate(
        &mut self,
        signature: &Certificate<'_>,
        verifier: Verifier<'_>,
    ) {
        let leaf = self.leaf.and_then(|leaf| self.certificates.get(leaf));
        if let (Some(leaf), Some(chain)) = (leaf, &mut self.chain) {
            chain.consider_signature_certificate(leaf, signature, verifier);
        }
    }

    /// See [`Chain::find_issuer_among`].
    pub(super) fn find_issuer_among(&mut self, roots: &[Certificate<'_>], verifier: Verifier<'_>) {
        let leaf = self.leaf.and_then(|leaf| self.certificates.get(leaf));
        if let (Some(leaf), Some(chain)) = (leaf, &mut self.chain) {
            chain.find_issuer_among(leaf, roots, verifier);
        }
    }

    /// Whether the private key is proven to belong to the first certificate of the field: the one that a server presents.
    pub(crate) fn is_proven(&self) -> bool {
        self.is_whole && self.leaf == Some(0) && matches!(self.proof, Some(Ok(())))
    }
}

/// Of the certificates with the key of the one at `first`: one that has not expired, and that another issued; the first of these. A keystore
/// has a self-signed certificate for the key before the CA's comes, and a renewal may keep the key.
fn best_of_one_key(certificates: &[Certificate<'_>], first: usize, limits: Limits<'_>) -> usize {
    let key = certificates.get(first).and_then(Certificate::public_key);
    let same = certificates.iter().enumerate().take(limits.max_certificates).skip(first);
    let best = same.filter(|(_, certificate)| certificate.public_key() == key).min_by_key(
        |(position, certificate)| {
            (has_expired(certificate, limits.time), certificate.is_self_issued(), *position)
        },
    );
    best.map_or(first, |(position, _)| position)
}

/// The position of the server's certificate where some could not be read: the first, where it names itself as its issuer, and hosts, and
/// the private key fits it. Else of those that are not CAs, the one that the private key fits, or else the first. Where all are CAs, the server's is likely among those that could not be read, and only the key tells.
fn guess_leaf(certificates: &[Certificate<'_>], key_fits: Option<usize>) -> Option<usize> {
    let is_server = |index: &usize| certificates.get(*index).is_some_and(|certificate| !certificate.is_ca());
    let is_own = |index: &usize| {
        *index == 0 && certificates.first().is_some_and(|certificate| certificate.is_self_issued_server())
    };
    key_fits
        .filter(|index| is_own(index) || is_server(index))
        .or_else(|| (0..certificates.len()).find(is_server))
        .or(key_fits)
}
