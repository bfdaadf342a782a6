//! What a field is worth keeping of.

use std::collections::BTreeSet;

use crate::finding::Findings;
use crate::location::Field;
use crate::policy::Policy;
use crate::read::form::CertificateForm;
use crate::read::key::Known;
use crate::read::pem::Block;
use crate::rules::pem::Expected;
use crate::validate::{
    COMPARED, PairBlocks, Side, is_certificate, is_key, key_copies, only_key, read_field, right_label,
};

/// What is worth keeping of a field: its blocks in the right order and under the right label, without copies and without what the
/// other field of its pair holds too. `None` where something would be lost.
pub(super) fn kept_blocks(form: &CertificateForm, field: Field, policy: &Policy) -> Option<Vec<Block>> {
    let kept = match field {
        Field::PrivateKey => of_key_field(form, field, Field::CertContent, policy),
        Field::PrivateKeySign => of_key_field(form, field, Field::CertContentSign, policy),
        Field::CertContent => of_certificate_field(form, field, Some(Field::PrivateKey), policy),
        Field::CertContentSign => of_certificate_field(form, field, Some(Field::PrivateKeySign), policy),
        Field::TrustedRootCa => of_certificate_field(form, field, None, policy),
        Field::Name | Field::Type | Field::InstanceId | Field::AlgorithmType => None,
    };
    Some(kept?.into_iter().map(labelled).collect())
}

/// The key once, and of the certificates beside it those that the certificate field lacks.
fn of_key_field(
    form: &CertificateForm,
    field: Field,
    certificate_field: Field,
    policy: &Policy,
) -> Option<Vec<Block>> {
    let findings = &mut Findings::new(policy);
    let (mut blocks, is_whole) = read_field(form, field, Expected::PrivateKey, findings);
    if !is_whole {
        return None;
    }
    // Without a key the certificates are all that the field holds.
    if blocks.iter().any(is_key) {
        let (others, _) = read_field(form, certificate_field, Expected::Certificates, findings);
        let elsewhere: BTreeSet<&[u8]> = others.iter().map(|other| other.der.as_slice()).collect();
        blocks.retain(|block| !is_certificate(block) || !elsewhere.contains(block.der.as_slice()));
    }
    let repeated = repeated_keys(&blocks);
    Some(without(blocks, &repeated))
}

/// The certificates, those of a chain in order, and then what stands beside them, without the keys that a key field holds too.
fn of_certificate_field(
    form: &CertificateForm,
    field: Field,
    key_field: Option<Field>,
    policy: &Policy,
) -> Option<Vec<Block>> {
    let (blocks, is_whole) = read_field(form, field, Expected::Certificates, &mut Findings::new(policy));
    if !is_whole {
        return None;
    }
    let copies = key_copies(form, &blocks, policy);
    let mut others = without(blocks, &copies);
    let certificates: Vec<Block> = others.extract_if(.., |block| is_certificate(block)).collect();
    let mut kept = match key_field {
        Some(key_field) => in_order(form, key_field, certificates, policy),
        None => first_copies(certificates),
    };
    kept.append(&mut others);
    Some(kept)
}

/// The certificates of a chain in the right order, without those that are not needed. Where one of them cannot be read, all of them
/// as given: it may be any of the chain's.
fn in_order(
    form: &CertificateForm,
    key_field: Field,
    certificates: Vec<Block>,
    policy: &Policy,
) -> Vec<Block> {
    let findings = &mut Findings::new(policy);
    let (mut keys, is_key_whole) = read_field(form, key_field, Expected::PrivateKey, findings);
    keys.retain(is_key);
    let key = only_key(keys, key_field, findings);
    let pair = PairBlocks { certificates, key, is_certificates_whole: true, is_key_whole };
    let side = Side::read(&pair, findings);
    let chain = if side.is_whole() { side.check_chain(findings) } else { None };
    drop(side);
    match chain {
        Some(chain) => {
            chain.mended().into_iter().filter_map(|index| pair.certificates.get(index).cloned()).collect()
        }
        None => pair.certificates,
    }
}

fn without(blocks: Vec<Block>, positions: &BTreeSet<usize>) -> Vec<Block> {
    let kept = blocks.into_iter().enumerate().filter(|(index, _)| !positions.contains(index));
    kept.map(|(_, block)| block).collect()
}

/// The positions of the keys that are an earlier one again, of the first few different ones.
fn repeated_keys(blocks: &[Block]) -> BTreeSet<usize> {
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

/// The blocks that are no copy of an earlier one.
fn first_copies(blocks: Vec<Block>) -> Vec<Block> {
    let mut seen = BTreeSet::new();
    let copies: BTreeSet<usize> = blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| !seen.insert(block.der.as_slice()))
        .map(|(index, _)| index)
        .collect();
    drop(seen);
    without(blocks, &copies)
}

/// The block under the label that its body wants.
fn labelled(mut block: Block) -> Block {
    if let Some(label) = right_label(&block) {
        block.label = label.to_owned();
    }
    block
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::{form, key, pem};

    use super::*;

    fn kept(form: &form::Form, field: Field) -> Option<usize> {
        let form: CertificateForm = serde_json::from_str(&form.json()).unwrap();
        kept_blocks(&form, field, &Policy::default()).map(|blocks| blocks.len())
    }

    /// A field that was not understood to its end is never written anew: something would be lost.
    #[test]
    fn nothing_is_kept_of_a_field_that_is_not_understood() {
        let whole = form::ecc();
        assert_eq!(kept(&whole, Field::CertContent), Some(2));
        assert_eq!(kept(&whole, Field::PrivateKey), Some(1));
        let encrypted = form::Form { private_key: Some(key::P256_ENCRYPTED.to_owned()), ..form::ecc() };
        assert_eq!(kept(&encrypted, Field::PrivateKey), None);
        assert_eq!(kept(&encrypted, Field::CertContent), Some(2));
        let cut = form::ecc().cert_content.map(|text| pem::truncated(&text));
        let cut = form::Form { cert_content: cut, ..form::ecc() };
        assert_eq!(kept(&cut, Field::CertContent), None);
        assert_eq!(kept(&cut, Field::PrivateKey), Some(1));
        for field in [Field::Name, Field::Type, Field::InstanceId, Field::AlgorithmType] {
            assert_eq!(kept(&whole, field), None, "{field}");
        }
    }
}
