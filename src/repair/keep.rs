//! What a field is worth keeping of.

use std::collections::BTreeSet;

use crate::finding::Findings;
use crate::form::CertificateForm;
use crate::key::Known;
use crate::location::Field;
use crate::pem::{Block, Expected};
use crate::policy::Policy;
use crate::validate::{COMPARED, PairBlocks, Side, is_certificate, is_key, read_field, right_label};

/// What is worth keeping of a field: its blocks in the right order and under the right label, without copies and without what the
/// other field of its pair holds too. `None` where something would be lost.
pub(super) fn kept_blocks(form: &CertificateForm, field: Field, policy: &Policy) -> Option<Vec<Block>> {
    let findings = &mut Findings::new(policy);
    let other = match field {
        Field::CertContent => Some(Field::PrivateKey),
        Field::PrivateKey => Some(Field::CertContent),
        Field::CertContentSign => Some(Field::PrivateKeySign),
        Field::PrivateKeySign => Some(Field::CertContentSign),
        _ => None,
    };
    let is_key_field = matches!(field, Field::PrivateKey | Field::PrivateKeySign);
    let expected = if is_key_field { Expected::PrivateKey } else { Expected::Certificates };
    let (mut blocks, is_whole) = read_field(form, field, expected, findings);
    if !is_whole {
        return None;
    }
    let (others, _) = other.map_or((Vec::new(), true), |other| read_field(form, other, expected, findings));
    if is_key_field {
        let elsewhere: BTreeSet<&[u8]> = others.iter().map(|other| other.der.as_slice()).collect();
        blocks.retain(|block| !is_certificate(block) || !elsewhere.contains(block.der.as_slice()));
        let copies = key_copies(&blocks);
        let kept = blocks.into_iter().enumerate().filter(|(index, _)| !copies.contains(index));
        return Some(kept.map(|(_, block)| labelled(block)).collect());
    }
    let known: Vec<_> = others.iter().filter(|block| is_key(block)).take(COMPARED).map(Known::of).collect();
    blocks.retain(|block| !is_key(block) || !known.iter().any(|key| key.is_in(block)));
    drop(known);
    let certificates = blocks.extract_if(.., |block| is_certificate(block)).collect();
    let key = others.into_iter().find(is_key);
    let pair = PairBlocks { certificates, key, is_certificates_whole: true, is_key_whole: true };
    let order = match field {
        Field::TrustedRootCa => Some(first_copies(&pair.certificates)),
        // Certificates that cannot be read are in no chain, and stay where they are.
        _ => Side::read(&pair, findings)
            .check_chain(findings)
            .filter(|chain| chain.order.len() == pair.certificates.len())
            .map(|chain| chain.mended()),
    };
    let certificates: Vec<Block> = match order {
        Some(order) => order.into_iter().filter_map(|index| pair.certificates.get(index).cloned()).collect(),
        None => pair.certificates,
    };
    Some(certificates.into_iter().chain(blocks).map(labelled).collect())
}

/// The positions of the keys that are an earlier one again, of the first few different ones.
fn key_copies(blocks: &[Block]) -> BTreeSet<usize> {
    let mut known: Vec<Known<'_>> = Vec::new();
    let mut copies = BTreeSet::new();
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| is_key(block)) {
        if known.iter().any(|key| key.is_in(block)) {
            copies.insert(index);
        } else if known.len() < COMPARED {
            known.push(Known::of(block));
        }
    }
    copies
}

/// The positions of the blocks that are no copy of an earlier one.
fn first_copies(blocks: &[Block]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| seen.insert(block.der.as_slice()))
        .map(|(index, _)| index)
        .collect()
}

/// The block under the label that its body wants.
fn labelled(mut block: Block) -> Block {
    if let Some(label) = right_label(&block) {
        block.label = label.to_owned();
    }
    block
}
