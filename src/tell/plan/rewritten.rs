//! The text of a field, written again: each block once, in order, under its label.

use std::collections::{BTreeMap, BTreeSet};

use super::encode::Piece;
use super::{Edit, recode, text};
use crate::crypto::proof::Secret;
use crate::location::Field;
use crate::read::block::{Block, BlockKind};
use crate::read::key::{KeyForm, PrivateKey};
use crate::read::pem::fault::FaultKind;
use crate::read::upload::Upload;
use crate::relate::chain::Needless;
use crate::relate::fields::{Exposed, Key, is_certificate};
use crate::relate::server::ServerPair;
use crate::relate::{UploadedPair, UploadedRoots};
use crate::rule::Mend;

/// A field's text, written again.
pub(super) struct NewText<'u> {
    pub(super) field: Field,
    pub(super) edits: Vec<Edit>,
    /// What is kept, in order.
    pub(super) kept: Vec<&'u Block>,
    /// The private key that is encoded once more, and its DER.
    recoded: Option<(&'u Block, Secret)>,
}

impl<'u> NewText<'u> {
    /// The text that holds the certificates of a pair: in the order of the chain, without what it does not need and without keys that a key
    /// field holds too; then what is beside them.
    pub(super) fn of_certificates(upload: &'u Upload, pair: &UploadedPair<'u>) -> Option<Self> {
        let fields = &pair.fields;
        let mut new = Self::new(upload, fields.certificate_text())?;
        // Where a certificate could not be read, it may be any of the chain's: all stay as they are.
        if let Some(chain) = pair.pair.chain.as_ref().filter(|_| pair.pair.is_whole) {
            let at = |position: usize| fields.certificates.get(position).copied();
            // Where it is open which key counts, each certificate may be the one that belongs to it.
            let is_key_open = matches!(fields.key, Key::Several(_));
            let removed =
                chain.remove.iter().filter(|removal| removal.reason == Needless::Copy || !is_key_open);
            let positions: BTreeSet<usize> = removed.clone().map(|removal| removal.position).collect();
            let given = chain.order.iter().filter(|position| !positions.contains(position));
            let given: Vec<_> = given.filter_map(|position| at(*position)).collect();
            for removal in removed {
                let Some(block) = at(removal.position) else { continue };
                let first = chain
                    .copies
                    .iter()
                    .find(|(copy, _)| *copy == removal.position)
                    .and_then(|(_, first)| at(*first));
                new.drop(
                    block,
                    match removal.reason {
                        Needless::Copy => text::copy(block, first),
                        Needless::Expired => text::expired(block),
                        Needless::Root => text::root(block),
                    },
                );
            }
            let is_in_order = chain.order_without_copies().is_sorted();
            new.order(given, is_in_order);
        }
        new.drop_exposed(&fields.exposed);
        new.drop_own(&pair.own_public_keys);
        new.certificates_first();
        new.finish()
    }

    /// The text that holds the key of a pair: the key once, and of the certificates beside it those that the certificate field lacks.
    pub(super) fn of_key(upload: &'u Upload, pair: &UploadedPair<'u>) -> Option<Self> {
        let fields = &pair.fields;
        let mut new = Self::new(upload, fields.key_text())?;
        // Without a key the certificates are all that the field holds.
        if fields.key.is_there() {
            for certificate in fields.misplaced.iter().filter(|certificate| certificate.is_copy) {
                new.drop(certificate.block, text::misplaced(certificate.block, fields.certificate_text()));
            }
        }
        for copy in fields.key.copies() {
            new.drop(copy, text::copied_key(copy));
        }
        if let Some((block, Ok(key))) = &pair.pair.key
            && (key.names_no_curve() || key.is_version_2() || !key.form().is_mostly_read_under(&block.label))
        {
            new.recode(block, key, &pair.pair);
        }
        new.drop_own(&pair.own_public_keys);
        new.finish()
    }

    /// The text of the trusted roots: each once.
    pub(super) fn of_roots(upload: &'u Upload, uploaded: &UploadedRoots<'u>) -> Option<Self> {
        let mut new = Self::new(upload, Field::TrustedRootCa)?;
        let mut first_of: BTreeMap<&[u8], &Block> = BTreeMap::new();
        for block in &uploaded.blocks {
            match first_of.get(block.der.as_slice()) {
                Some(first) => new.drop(block, text::copy(block, Some(first))),
                None => {
                    first_of.insert(&block.der, block);
                }
            }
        }
        new.drop_exposed(&uploaded.exposed);
        new.certificates_first();
        new.finish()
    }

    /// The text of a field as it is; `None` where it is not given or was not understood to its end, so that something would be lost.
    pub(super) fn new(upload: &'u Upload, field: Field) -> Option<Self> {
        let read = upload.text(field).filter(|text| text.is_whole())?;
        let mut new = Self { field, edits: Vec::new(), kept: read.blocks.iter().collect(), recoded: None };
        if read.faults.iter().any(|fault| fault.is_repaired_by_rewriting()) {
            new.edits.push(Edit::new(Mend::Rewrite, field, None, text::rewrite(&read.faults)));
        }
        for block in &read.blocks {
            if let Some(label) =
                right_label(block).filter(|label| *label != block.label && !block.label.is_empty())
            {
                new.edits.push(Edit::new(Mend::Relabel, field, Some(block), text::relabel(block, label)));
            }
        }
        for fault in &read.faults {
            let FaultKind::Label(label) = &fault.kind else { continue };
            let found = read.blocks.iter().find(|block| block.location.block == fault.place.block);
            if let Some(block) = found.filter(|_| label.is_needless()) {
                new.drop(block, text::needless(block));
            }
        }
        Some(new)
    }

    fn drop(&mut self, dropped: &'u Block, text: String) {
        self.kept.retain(|block| !std::ptr::eq(*block, dropped));
        self.edits.push(Edit::new(Mend::Drop, self.field, Some(dropped), text));
    }

    /// Encodes the key once more, where its public half is known: the certificate's, or else its own.
    fn recode(&mut self, block: &'u Block, key: &PrivateKey, pair: &ServerPair<'_>) {
        let certificate = pair.key_fits.and_then(|position| pair.certificates.get(position));
        let public = match certificate.and_then(|certificate| certificate.public_key()) {
            Some(public) => Some(public.clone()),
            None => key.public_key().ok(),
        };
        if let Some(der) = public.and_then(|public| recode::recode(key, &block.der, &public)) {
            if key.names_no_curve() {
                self.edits.push(Edit::new(Mend::Recode, self.field, Some(block), text::with_curve(block)));
            } else if key.is_version_2() {
                self.edits.push(Edit::new(Mend::Recode, self.field, Some(block), text::as_version_1(block)));
            }
            self.edits
                .iter_mut()
                .filter(|edit| edit.kind == Mend::Relabel && edit.block == block.location.block)
                .for_each(|edit| edit.text = text::as_pkcs8(block));
            self.recoded = Some((block, der));
        }
    }

    pub(super) fn piece<'t>(&'t self, block: &'t Block) -> Piece<'t> {
        match &self.recoded {
            Some((of, der)) if std::ptr::eq(*of, block) => {
                Piece { is_certificate: false, label: KeyForm::Pkcs8.label(), der: der.as_slice() }
            }
            _ => Piece::of(block),
        }
    }

    fn drop_exposed(&mut self, exposed: &[Exposed<'u>]) {
        for key in exposed.iter().filter(|key| key.is_copy) {
            self.drop(key.block, text::exposed(key.block));
        }
    }

    pub(super) fn drop_own(&mut self, public_keys: &[&'u Block]) {
        let field = Some(self.field);
        for block in public_keys.iter().filter(|block| block.location.field == field) {
            self.drop(block, text::own_public_key(block));
        }
    }

    fn certificates_first(&mut self) {
        self.kept.sort_by_key(|block| !is_certificate(block));
    }

    /// Puts the certificates in that order, which leaves none out that was not dropped.
    fn order(&mut self, right: Vec<&'u Block>, is_in_order: bool) {
        if !is_in_order {
            self.edits.push(Edit::new(Mend::Reorder, self.field, None, text::reorder(&right)));
        }
        let others: Vec<_> = self.kept.iter().copied().filter(|block| !is_certificate(block)).collect();
        self.kept = right;
        self.kept.extend(others);
    }

    /// `None` where nothing would be left, or nothing is to be done.
    fn finish(self) -> Option<Self> {
        (!self.kept.is_empty() && !self.edits.is_empty()).then_some(self)
    }
}

impl<'b> Piece<'b> {
    /// The block under the right label for its body, else its own.
    pub(super) fn of(block: &'b Block) -> Self {
        let label = right_label(block).unwrap_or(&block.label);
        Self { is_certificate: is_certificate(block), label, der: &block.der }
    }
}

/// The label that the body of a certificate or of a readable private key wants.
fn right_label(block: &Block) -> Option<&'static str> {
    match block.kind {
        BlockKind::Certificate => Some("CERTIFICATE"),
        BlockKind::PrivateKey => PrivateKey::from_der(&block.der).ok().map(|key| key.form().label()),
        _ => None,
    }
}
