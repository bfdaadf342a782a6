//! The exceptions of a policy: which places of an upload belong to the certificate of each.

use crate::crypto::hash::Hash;
use crate::finding::exception::{Exceptions, Near};
use crate::location::Field;
use crate::policy::Policy;
use crate::read::block::BlockKind;
use crate::read::upload::Upload;
use crate::relate::Relations;
use crate::text;

/// The exceptions that concern certificates of this upload. To each certificate belongs its block, in whichever field it is; to the server's also
/// what concerns its whole field, and its key field.
pub(crate) fn of_upload<'p>(
    upload: &Upload,
    relations: &Relations<'_>,
    policy: &'p Policy,
) -> Exceptions<'p> {
    if policy.exceptions.is_empty() {
        return Exceptions::default();
    }
    let leaves = std::iter::once(&relations.base).chain(&relations.sign).filter_map(|uploaded| {
        let place = uploaded.pair.leaf()?.location();
        Some((place.field?, place.block?))
    });
    let leaves: Vec<_> = leaves.collect();
    let mut places = Vec::new();
    for field in Field::ALL.into_iter().filter(|field| field.is_public()) {
        let certificates = upload.blocks(field).iter().filter(|block| block.kind == BlockKind::Certificate);
        for block in certificates {
            let (Some(number), Some(hash)) = (block.location.block, Hash::Sha256.digest(&block.der)) else {
                continue;
            };
            let hash = text::hex(&hash);
            for exception in policy.exceptions.iter().filter(|it| it.certificate.eq_ignore_ascii_case(&hash))
            {
                places.push((Near::Block(field, number), exception));
                if leaves.contains(&(field, number)) {
                    places.push((Near::Whole(field), exception));
                    let keys = Field::ALL.into_iter().filter(|key| *key != field && key.of_pair() == field);
                    places.extend(keys.map(|key| (Near::All(key), exception)));
                }
            }
        }
    }
    Exceptions::new(places)
}
