//! Both pairs of an SM2 set in the fields of one.

use super::chain::Chain;
use super::fields::{Key, PairFields};
use super::pair::proof;
use super::server::{Limits, ServerPair};
use super::sm2_set::Role;
use crate::location::Field;
use crate::read::block::Block;
use crate::read::certificate::Certificate;
use crate::read::key::{self, PrivateKey};
use crate::read::pem::Reading;
use crate::read::upload::Upload;

/// Both pairs of a set, which `cert_content` and `private_key` hold together while the fields of the signature pair are empty.
#[derive(Debug)]
pub(crate) struct Together<'u> {
    pub(crate) encryption: Half<'u>,
    pub(crate) signature: Half<'u>,
}

/// One pair of a set.
#[derive(Debug)]
pub(crate) struct Half<'u> {
    /// The server's certificate, and its issuers as far as they are here.
    pub(crate) chain: Vec<&'u Block>,
    /// The key that is proven to belong to it.
    pub(crate) key: &'u Block,
}

impl<'u> Together<'u> {
    /// Of the base pair: two keys, each proven to belong to another certificate, of which keyUsage lets one encrypt and the other sign.
    /// `None` where anything else is there, which would be lost.
    pub(crate) fn new(
        fields: &PairFields<'u>,
        pair: &ServerPair<'u>,
        upload: &Upload,
        limits: Limits<'_>,
    ) -> Option<Self> {
        let base = Base { fields, pair };
        let Key::Several(keys) = &fields.key else { return None };
        if fields.exposed.iter().any(|key| !key.is_copy) {
            return None;
        }
        let is_free = |field| upload.text(field).is_none_or(Reading::is_blank);
        if !base.pair.is_whole || !is_free(Field::CertContentSign) || !is_free(Field::PrivateKeySign) {
            return None;
        }
        let &[one, other] = keys.as_slice() else { return None };
        let (one, other) = (Found::new(one, base)?, Found::new(other, base)?);
        let (encryption, signature) = match (one.may(base), other.may(base)) {
            ((true, false), (_, true)) | ((true, true), (false, true)) => (one, other),
            ((false, true), (true, _)) | ((true, true), (true, false)) => (other, one),
            _ => return None,
        };
        let together = Self {
            encryption: encryption.half(&signature, base, limits)?,
            signature: signature.half(&encryption, base, limits)?,
        };
        let is_in_a_half = |block: &&Block| {
            let halves = [&together.encryption, &together.signature];
            halves.iter().any(|half| half.chain.iter().any(|other| std::ptr::eq(*other, *block)))
        };
        base.fields.certificates.iter().all(is_in_a_half).then_some(together)
    }
}

/// The two fields, and what they hold.
#[derive(Clone, Copy)]
struct Base<'b, 'u> {
    fields: &'b PairFields<'u>,
    pair: &'b ServerPair<'u>,
}

/// A key and the position of its certificate.
struct Found<'u> {
    key: &'u Block,
    position: usize,
}

impl<'u> Found<'u> {
    fn new(key: &'u Block, base: Base<'_, 'u>) -> Option<Self> {
        let private: PrivateKey = key::read(key).ok()?;
        let fits =
            |certificate: &Certificate<'_>| matches!(proof(Some(certificate), Some(&private)), Some(Ok(())));
        let position = base.pair.certificates.iter().position(fits)?;
        Some(Self { key, position })
    }

    /// Whether its certificate may encrypt, and whether it may sign.
    fn may(&self, base: Base<'_, 'u>) -> (bool, bool) {
        let certificate = base.pair.certificates.get(self.position);
        let allows = |role: Role| certificate.is_some_and(|certificate| role.is_allowed(certificate));
        (allows(Role::Encryption), allows(Role::Signature))
    }

    /// The pair, with the certificates of its chain: all but the other server's certificate, as far as they belong to it.
    fn half(&self, other: &Self, base: Base<'_, 'u>, limits: Limits<'_>) -> Option<Half<'u>> {
        let positions: Vec<usize> = std::iter::once(self.position)
            .chain(
                (0..base.pair.certificates.len()).filter(|at| *at != self.position && *at != other.position),
            )
            .collect();
        let certificates: Vec<_> =
            positions.iter().filter_map(|at| base.pair.certificates.get(*at).cloned()).collect();
        let Limits { max_certificates, verifier, time } = limits;
        let chain = Chain::new(&certificates, Some(0), true, time, max_certificates, verifier)?;
        let block = |at: &usize| base.fields.certificates.get(*positions.get(*at)?).copied();
        let chain: Vec<_> = chain.path.iter().filter_map(block).collect();
        (self.position != other.position).then_some(Half { chain, key: self.key })
    }
}
