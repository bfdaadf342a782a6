//! What is in which field: certificates where certificates belong, one private key where a key belongs.

use std::collections::BTreeSet;

use crate::location::Field;
use crate::read::block::{Block, BlockKind};
use crate::read::key::Known;
use crate::read::pem::Reading;
use crate::read::upload::Upload;

/// The keys of a key field that those of another field are compared with, and the different keys of one field that are remembered, at
/// most: it bounds the cost.
const COMPARED: usize = 4;

/// The blocks of a certificate field and its key field, by what they are. Where the two fields are swapped, or one holds what belongs in
/// both, everything is as if each block were in its field; the location of a block says where it really is.
#[derive(Debug)]
pub(crate) struct PairFields<'u> {
    /// The field that certificates belong in.
    pub(crate) certificate_field: Field,
    /// The field that the key belongs in.
    pub(crate) key_field: Field,
    /// Whether each of the two fields holds only what belongs in the other.
    pub(crate) is_swapped: bool,
    /// Whether the certificate field holds nothing, and the key field both the certificates and the key.
    pub(crate) is_combined: bool,
    /// The certificates, in order.
    pub(crate) certificates: Vec<&'u Block>,
    /// The private keys beside them.
    pub(crate) exposed: Vec<Exposed<'u>>,
    /// What the key field holds.
    pub(crate) key: Key<'u>,
    /// The certificates beside the key.
    pub(crate) misplaced: Vec<Misplaced<'u>>,
    /// Whether the text with the certificates was understood to its end.
    pub(crate) is_certificates_whole: bool,
    /// Whether the text with the key was understood to its end.
    pub(crate) is_key_whole: bool,
}

/// A private key in a field for certificates, which are public.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exposed<'u> {
    pub(crate) block: &'u Block,
    /// Whether a key field holds the same key, so that nothing is lost without this one.
    pub(crate) is_copy: bool,
}

/// A certificate in a field for a private key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Misplaced<'u> {
    pub(crate) block: &'u Block,
    /// Whether the certificate field holds it too.
    pub(crate) is_copy: bool,
}

/// The private keys of a key field.
#[derive(Debug)]
pub(crate) enum Key<'u> {
    /// There is none.
    None,
    /// There is one; `copies` are the same key again.
    One { block: &'u Block, copies: Vec<&'u Block> },
    /// There are several that differ: none is chosen.
    Several(Vec<&'u Block>),
}

impl<'u> Key<'u> {
    fn new(keys: Vec<&'u Block>) -> Self {
        let mut rest = keys.iter().copied();
        let Some(block) = rest.next() else { return Self::None };
        let copies: Vec<_> = rest.collect();
        if copies.is_empty() {
            return Self::One { block, copies };
        }
        let known = Known::of(block);
        if copies.iter().all(|other| known.is_in(other)) {
            Self::One { block, copies }
        } else {
            Self::Several(keys)
        }
    }

    /// The key of the field, where it is known which one that is.
    pub(crate) fn only(&self) -> Option<&'u Block> {
        match self {
            Self::One { block, .. } => Some(block),
            Self::None | Self::Several(_) => None,
        }
    }

    /// The keys, where there are several that differ; of many, the first few.
    pub(crate) fn several(&self) -> &[&'u Block] {
        match self {
            Self::Several(keys) => keys.get(..COMPARED).unwrap_or(keys),
            Self::None | Self::One { .. } => &[],
        }
    }

    /// Whether the field holds a key.
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The keys that are an earlier one again, of the first few different ones.
    pub(crate) fn copies(&self) -> Vec<&'u Block> {
        match self {
            Self::None => Vec::new(),
            Self::One { copies, .. } => copies.clone(),
            Self::Several(keys) => {
                let mut known: Vec<Known<'_>> = Vec::new();
                let mut copies = Vec::new();
                for block in keys {
                    if known.iter().any(|key| key.is_in(block)) {
                        copies.push(*block);
                    } else if known.len() < COMPARED {
                        known.push(Known::of(block));
                    }
                }
                copies
            }
        }
    }
}

impl<'u> PairFields<'u> {
    /// Sorts the blocks of two fields.
    pub(crate) fn new(upload: &'u Upload, certificate_field: Field, key_field: Field) -> Self {
        let is_swapped = is_only(upload.blocks(certificate_field), is_key)
            && is_only(upload.blocks(key_field), is_certificate);
        let is_combined = is_nothing(upload, certificate_field) && {
            let blocks = upload.blocks(key_field);
            blocks.iter().any(is_key) && blocks.iter().any(is_certificate)
        };
        let (certificate_text, key_text) = match (is_swapped, is_combined) {
            (true, _) => (key_field, certificate_field),
            (false, true) => (key_field, key_field),
            (false, false) => (certificate_field, key_field),
        };
        let of = |field, wanted: fn(&Block) -> bool| {
            upload.blocks(field).iter().filter(move |block| wanted(block))
        };
        let certificates: Vec<_> = of(certificate_text, is_certificate).collect();
        let known: BTreeSet<&[u8]> = certificates.iter().map(|block| block.der.as_slice()).collect();
        let misplaced = of(key_text, is_certificate)
            .filter(|_| !is_combined)
            .map(|block| Misplaced { block, is_copy: known.contains(block.der.as_slice()) })
            .collect();
        Self {
            certificate_field,
            key_field,
            is_swapped,
            is_combined,
            exposed: if is_combined { Vec::new() } else { exposed(upload, certificate_text) },
            key: Key::new(of(key_text, is_key).collect()),
            misplaced,
            certificates,
            is_certificates_whole: upload.is_whole(certificate_text),
            is_key_whole: upload.is_whole(key_text),
        }
    }

    /// The field whose text holds the certificates.
    pub(crate) fn certificate_text(&self) -> Field {
        if self.is_swapped || self.is_combined { self.key_field } else { self.certificate_field }
    }

    /// The field whose text holds the key.
    pub(crate) fn key_text(&self) -> Field {
        if self.is_swapped { self.certificate_field } else { self.key_field }
    }
}

/// The private keys in a field for certificates.
pub(crate) fn exposed(upload: &Upload, field: Field) -> Vec<Exposed<'_>> {
    let blocks = upload.blocks(field);
    if !blocks.iter().any(is_key) {
        return Vec::new();
    }
    let keys = |field| upload.blocks(field).iter().filter(|block| is_key(block)).take(COMPARED);
    let known: Vec<_> =
        [Field::PrivateKey, Field::PrivateKeySign].into_iter().flat_map(keys).map(Known::of).collect();
    let is_copy = |block: &Block| upload.is_whole(field) && known.iter().any(|key| key.is_in(block));
    let mut exposed: Vec<_> = blocks
        .iter()
        .filter(|block| is_key(block))
        .map(|block| Exposed { block, is_copy: is_copy(block) })
        .collect();
    // Something has to be left of the field.
    if exposed.len() == blocks.len() && exposed.iter().all(|key| key.is_copy) {
        exposed.iter_mut().for_each(|key| key.is_copy = false);
    }
    exposed
}

pub(crate) fn is_key(block: &Block) -> bool {
    matches!(block.kind, BlockKind::PrivateKey | BlockKind::EncryptedKey)
}

pub(crate) fn is_certificate(block: &Block) -> bool {
    block.kind == BlockKind::Certificate
}

/// Whether a field is not given, or holds nothing but space.
fn is_nothing(upload: &Upload, field: Field) -> bool {
    upload.text(field).is_none_or(Reading::is_blank)
}

/// Whether some block is wanted and every other holds parameters at most.
fn is_only(blocks: &[Block], wanted: fn(&Block) -> bool) -> bool {
    blocks.iter().any(wanted)
        && blocks.iter().all(|block| {
            wanted(block) || matches!(block.kind, BlockKind::EcParameters | BlockKind::DhParameters)
        })
}
