//! SM2 signatures that fit under no known signer ID, where another certificate shows which ID the issuer's key signs with.
//!
//! Such a signature may be of an ID that is not known, or of a certificate that was changed. An issuer signs with one ID (GM/T 0009, 10):
//! where the same key signed another certificate of the upload under a known ID, the ID is not the question.

use super::chain::{has_signed, is_issuer_by_name};
use super::server::{Limits, ServerPair};
use super::{UploadedPair, UploadedRoots};
use crate::read::certificate::Certificate;

/// The certificates that are tried in all: the cost of a hostile form stays bounded.
const TRIED: usize = 8;

/// Says of such a link that the signature does not fit.
pub(super) fn settle<'u>(
    base: &mut UploadedPair<'u>,
    sign: Option<&mut UploadedPair<'u>>,
    roots: Option<&UploadedRoots<'u>>,
    limits: Limits<'_>,
) {
    let unknown = |pair: &UploadedPair<'_>| {
        let links = pair.pair.chain.iter().flat_map(|chain| chain.links_under_unknown_ids());
        links.collect::<Vec<_>>()
    };
    let of_base = unknown(base);
    let of_sign = sign.as_deref().map(unknown).unwrap_or_default();
    if of_base.is_empty() && of_sign.is_empty() {
        return;
    }
    let pairs = std::iter::once(&*base).chain(sign.as_deref());
    let in_pairs = pairs.flat_map(|pair| &pair.pair.certificates);
    let in_roots = roots.into_iter().flat_map(|roots| &roots.certificates);
    let mut search = Search { all: in_pairs.chain(in_roots).cloned().collect(), left: TRIED, limits };
    search.settle(&mut base.pair, &of_base);
    if let Some(sign) = sign {
        search.settle(&mut sign.pair, &of_sign);
    }
}

struct Search<'u, 'l> {
    all: Vec<Certificate<'u>>,
    left: usize,
    limits: Limits<'l>,
}

impl Search<'_, '_> {
    fn settle(&mut self, pair: &mut ServerPair<'_>, links: &[(usize, usize)]) {
        for (issued, by) in links {
            let at = |position: &usize| pair.certificates.get(*position);
            let (Some(issued), Some(issuer)) = (at(issued), at(by)) else { continue };
            if self.is_id_known(issued, issuer)
                && let Some(chain) = &mut pair.chain
            {
                chain.refuse_link(*by, &pair.certificates, self.limits.time);
            }
        }
    }

    /// Whether the key of `issuer` signed another certificate than `issued` under a known ID.
    fn is_id_known(&mut self, issued: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
        let is_other =
            |other: &&Certificate<'_>| other.der() != issued.der() && is_issuer_by_name(other, issuer);
        let others: Vec<_> = self.all.iter().filter(is_other).take(self.left).collect();
        self.left = self.left.saturating_sub(others.len());
        others.into_iter().any(|other| has_signed(issuer, other, self.limits.verifier))
    }
}
