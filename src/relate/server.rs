//! The certificates and the private key of a pair of fields: which certificate is the server's, and whether the key belongs to it.

use time::OffsetDateTime;

use super::chain::Chain;
use super::fields::PairFields;
use super::pair::{Proof, proof};
use crate::algorithm::AlgorithmType;
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
    /// The position of the server's certificate: where the private key fits, or else where it should be. `None` where that one could not
    /// be read.
    pub(crate) leaf: Option<usize>,
    /// The position of the certificate that the private key is proven to belong to.
    pub(crate) key_fits: Option<usize>,
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
    /// The signer IDs to try on an SM2 signature.
    pub(crate) sm2_ids: &'l [String],
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
        let leaf = find_leaf(&certificates, key_fits, is_whole);
        let proof = match leaf {
            Some(0) => first_proof,
            Some(leaf) if Some(leaf) == key_fits => Some(Ok(())),
            leaf => proof(leaf.and_then(|leaf| certificates.get(leaf)), private),
        };
        let Limits { max_certificates, sm2_ids, time } = limits;
        let chain = Chain::new(&certificates, key_fits, is_whole, time, max_certificates, sm2_ids);
        Self { certificates, unreadable, key, leaf, key_fits, proof, chain, is_whole }
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

    /// Whether the private key is proven to belong to the leaf.
    pub(crate) fn is_proven(&self) -> bool {
        matches!(self.proof, Some(Ok(())))
    }
}

/// The position of the server's certificate: the first, where it names itself as its issuer, and hosts, and the private key fits it. Else
/// of those that are not CAs, the one that the private key fits, or else the first. Where all are CAs, likewise among all; but where some
/// could not be read, the server's is likely among those, and none is guessed.
fn find_leaf(certificates: &[Certificate<'_>], key_fits: Option<usize>, is_whole: bool) -> Option<usize> {
    let is_server = |index: &usize| certificates.get(*index).is_some_and(|certificate| !certificate.is_ca());
    let is_own = |certificate: &Certificate<'_>| certificate.is_self_issued_server();
    key_fits
        .filter(|index| (*index == 0 && certificates.first().is_some_and(is_own)) || is_server(index))
        .or_else(|| (0..certificates.len()).find(is_server))
        .or(key_fits)
        .or_else(|| (is_whole && !certificates.is_empty()).then_some(0))
}
