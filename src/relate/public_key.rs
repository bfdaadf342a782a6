//! Public keys beside a certificate or a private key: whether they are its own.

use super::fields::PairFields;
use super::server::ServerPair;
use crate::crypto::spki::PublicKey;
use crate::location::Field;
use crate::read::block::{Block, BlockKind};
use crate::read::key;
use crate::read::upload::Upload;

/// The public keys of a pair of fields that are compared, at most: it bounds the cost.
const COMPARED: usize = 4;

/// The blocks that hold the public key of the server's certificate or of the private key, in a field that holds a certificate or the key
/// itself too.
pub(crate) fn own<'u>(upload: &'u Upload, fields: &PairFields<'u>, pair: &ServerPair<'u>) -> Vec<&'u Block> {
    let texts: [(Field, bool); 2] = [
        (fields.certificate_text(), !fields.certificates.is_empty()),
        (fields.key_text(), fields.key.is_there()),
    ];
    let is_public = |block: &&Block| block.kind == BlockKind::PublicKey && !block.label.is_empty();
    let blocks = texts.into_iter().filter(|(_, is_beside)| *is_beside);
    let blocks = blocks.flat_map(|(field, _)| upload.blocks(field)).filter(is_public).take(COMPARED);
    blocks.filter(|block| is_own(block, pair)).collect()
}

fn is_own(block: &Block, pair: &ServerPair<'_>) -> bool {
    let der = block.der.as_slice();
    let Some(public) = PublicKey::from_spki_der(der).or_else(|_| PublicKey::from_pkcs1_der(der)).ok() else {
        return false;
    };
    // Of a key that is known by name only, nothing was compared.
    if matches!(public, PublicKey::Unsupported(_)) {
        return false;
    }
    pair.leaf().and_then(|leaf| leaf.public_key()) == Some(&public)
        || pair.private_key().is_some_and(|key| key::prove(&public, key).is_ok())
}
