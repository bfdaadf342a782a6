//! The plan of a repair: what would be changed in a form, and why nothing is lost by it.
//!
//! A plan never invents: the repaired form holds the same distinct DER objects, less copies, less what is in the wrong field although the
//! right one has it too, less a root at the end of a chain of three or more, less expired issuers that the chain does not need, and less
//! blocks that are neither a certificate nor a key (DH parameters, the own public key, an unknown label). A private key in an encoding that
//! most programs refuse is written in another one, with the same numbers. The server's certificate is never left out, and nothing moves
//! into `trusted_root_ca`.

pub(crate) mod encode;
mod moved;
pub(crate) mod recode;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::crypto::proof::Secret;
use crate::finding::{Facts, Finding};
use crate::location::Field;
use crate::read::block::{Block, BlockKind};
use crate::read::form::{CertificateForm, Content};
use crate::read::key::{KeyForm, PrivateKey};
use crate::read::pem::fault::FaultKind;
use crate::read::upload::Upload;
use crate::relate::chain::Needless;
use crate::relate::fields::{Exposed, Key, is_certificate};
use crate::relate::server::ServerPair;
use crate::relate::sm2_set::Arrangement;
use crate::relate::{Relations, UploadedPair, UploadedRoots};
use crate::rule::Mend;
use crate::tell::language::Language;
use encode::Piece;
use moved::Move;

/// One change of a form that loses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Edit {
    /// What kind of change it is.
    pub kind: Mend,
    /// The field that is changed; of an exchange, the first.
    pub field: Field,
    /// The block that is changed or left out, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// The codes of the rules whose findings it fixes.
    pub mends: Vec<&'static str>,
    /// What is changed, and why nothing is lost: one sentence.
    pub text: String,
}

impl Edit {
    fn new(kind: Mend, field: Field, block: Option<&Block>, text: String) -> Self {
        Self { kind, field, block: block.and_then(|block| block.location.block), mends: Vec::new(), text }
    }

    /// Puts the sentence, which is English, into another language.
    pub fn tell_in(&mut self, language: Language) {
        if let Some(text) = language.say(&self.text, &Facts::none()) {
            self.text = text;
        }
    }

    /// Whether it fixes that finding.
    fn is_for(&self, finding: &Finding) -> bool {
        finding.mend == Some(self.kind)
            && finding.location.field == Some(self.field)
            && self.block.is_none_or(|block| finding.location.block == Some(block))
    }
}

/// All edits of a form.
#[derive(Default)]
pub(crate) struct Plan<'u> {
    /// Each text that would be written again.
    texts: Vec<NewText<'u>>,
    /// Each exchange of fields; one alone is made at a time.
    exchanges: Vec<(&'static [(Field, Field)], Edit)>,
    /// Each move of blocks to the fields that they belong in; one alone is made at a time.
    moves: Vec<Move<'u>>,
    /// The fields written as the API wants them, where they were inside something or had other names.
    shape: Option<Edit>,
}

/// A field's text, written again.
struct NewText<'u> {
    field: Field,
    edits: Vec<Edit>,
    /// What is kept, in order.
    kept: Vec<&'u Block>,
    /// The private key that is encoded once more, and its DER.
    recoded: Option<(&'u Block, Secret)>,
}

impl<'u> Plan<'u> {
    /// What can be done for an upload.
    pub(crate) fn new(form: &CertificateForm, upload: &'u Upload, relations: &Relations<'u>) -> Self {
        let mut plan = Self {
            shape: form.other_shape().map(|field| Edit::new(Mend::Rename, field, None, text::rename())),
            ..Self::default()
        };
        for pair in std::iter::once(&relations.base).chain(&relations.sign) {
            if pair.fields.is_combined {
                plan.moves.extend(Move::of_certificates(upload, pair));
                continue;
            }
            plan.texts.extend(certificate_text(upload, pair));
            plan.texts.extend(key_text(upload, pair));
            if pair.fields.is_swapped {
                plan.exchange(match pair.fields.certificate_field {
                    Field::CertContentSign => &[(Field::CertContentSign, Field::PrivateKeySign)],
                    _ => &[(Field::CertContent, Field::PrivateKey)],
                });
            }
        }
        plan.moves.extend(relations.together.as_ref().and_then(|together| Move::of_a_pair(upload, together)));
        plan.texts.extend(relations.roots.as_ref().and_then(|roots| roots_text(upload, roots)));
        match relations.set.map(|set| (set.arrangement, set.matched)) {
            Some((Arrangement::KeysCrossed, _)) => {
                plan.exchange(&[(Field::PrivateKey, Field::PrivateKeySign)])
            }
            Some((Arrangement::CertificatesSwapped, _)) => {
                plan.exchange(&[(Field::CertContent, Field::CertContentSign)]);
            }
            // The exchange fixes it only where each key moves along with its certificate.
            Some((Arrangement::PairsSwapped, matched)) if matched.encryption && matched.signature => {
                plan.exchange(&[
                    (Field::CertContent, Field::CertContentSign),
                    (Field::PrivateKey, Field::PrivateKeySign),
                ]);
            }
            _ => {}
        }
        plan
    }

    fn exchange(&mut self, fields: &'static [(Field, Field)]) {
        if let Some((first, _)) = fields.first() {
            let text = text::exchange(fields);
            self.exchanges.push((fields, Edit::new(Mend::Exchange, *first, None, text)));
        }
    }

    /// Says of each edit which findings it fixes, and of each finding whether an edit names it.
    pub(crate) fn name(&mut self, findings: &mut [Finding]) {
        let texts = self.texts.iter_mut().flat_map(|text| &mut text.edits);
        let moves = self.moves.iter_mut().flat_map(|one| &mut one.edits);
        let exchanges = self.exchanges.iter_mut().map(|(_, edit)| edit);
        for edit in texts.chain(moves).chain(exchanges).chain(&mut self.shape) {
            for finding in &mut *findings {
                if edit.is_for(finding) {
                    finding.fixable = true;
                    edit.mends.push(finding.code());
                }
            }
            edit.mends.dedup();
        }
    }

    /// The form with its fields at the top and under the API's names.
    pub(crate) fn reshaped(&self, form: &CertificateForm) -> Option<(CertificateForm, Vec<Edit>)> {
        let edit = self.shape.clone()?;
        let mut next = form.clone();
        next.remarks.retain(|remark| !remark.is_of_shape());
        Some((next, vec![edit]))
    }

    /// The form with every text written again that has an edit which is wanted, and those edits; `None` where that changes nothing.
    pub(crate) fn rewritten(
        &self,
        form: &CertificateForm,
        is_wanted: &dyn Fn(&Edit) -> bool,
    ) -> Option<(CertificateForm, Vec<Edit>)> {
        let mut next = form.clone();
        let mut edits = Vec::new();
        for text in self.texts.iter().filter(|text| text.edits.iter().any(is_wanted)) {
            if let Some(slot) = next.content_mut(text.field) {
                *slot = Some(encode::encode(text.kept.iter().map(|block| text.piece(block))));
                edits.extend(text.edits.iter().cloned());
            }
        }
        (next != *form).then_some((next, edits))
    }

    /// For each move of blocks, the form after that alone, and its edits.
    pub(crate) fn moved(&self, form: &CertificateForm) -> impl Iterator<Item = (CertificateForm, Vec<Edit>)> {
        self.moves.iter().map(|one| (one.form(form), one.edits.clone()))
    }

    /// For each exchange, the form after it alone, and its edit.
    pub(crate) fn exchanged(
        &self,
        form: &CertificateForm,
    ) -> impl Iterator<Item = (CertificateForm, Vec<Edit>)> {
        self.exchanges.iter().filter(|(_, edit)| !edit.mends.is_empty()).map(|(fields, edit)| {
            let mut next = form.clone();
            for (one, other) in *fields {
                exchange(&mut next, *one, *other);
            }
            (next, vec![edit.clone()])
        })
    }
}

fn exchange(form: &mut CertificateForm, one: Field, other: Field) {
    let mut take = |field| form.content_mut(field).and_then(Option::take);
    let (first, second): (Option<Content>, Option<Content>) = (take(one), take(other));
    for (field, content) in [(one, second), (other, first)] {
        if let Some(slot) = form.content_mut(field) {
            *slot = content;
        }
    }
}

/// The text that holds the certificates of a pair: in the order of the chain, without what it does not need and without keys that a key
/// field holds too; then what is beside them.
fn certificate_text<'u>(upload: &'u Upload, pair: &UploadedPair<'u>) -> Option<NewText<'u>> {
    let fields = &pair.fields;
    let mut new = NewText::new(upload, fields.certificate_text())?;
    // Where a certificate could not be read, it may be any of the chain's: all stay as they are.
    if let Some(chain) = pair.pair.chain.as_ref().filter(|_| pair.pair.is_whole) {
        let at = |position: usize| fields.certificates.get(position).copied();
        // Where it is open which key counts, each certificate may be the one that belongs to it.
        let is_key_open = matches!(fields.key, Key::Several(_));
        let removed = chain.remove.iter().filter(|removal| removal.reason == Needless::Copy || !is_key_open);
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
fn key_text<'u>(upload: &'u Upload, pair: &UploadedPair<'u>) -> Option<NewText<'u>> {
    let fields = &pair.fields;
    let mut new = NewText::new(upload, fields.key_text())?;
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
fn roots_text<'u>(upload: &'u Upload, uploaded: &UploadedRoots<'u>) -> Option<NewText<'u>> {
    let mut new = NewText::new(upload, Field::TrustedRootCa)?;
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

impl<'u> NewText<'u> {
    /// The text of a field as it is; `None` where it is not given or was not understood to its end, so that something would be lost.
    fn new(upload: &'u Upload, field: Field) -> Option<Self> {
        let read = upload.text(field).filter(|text| text.is_whole())?;
        let mut new = Self { field, edits: Vec::new(), kept: read.blocks.iter().collect(), recoded: None };
        if read.faults.iter().any(|fault| fault.is_mended_by_rewriting()) {
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

    fn piece<'t>(&'t self, block: &'t Block) -> Piece<'t> {
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

    fn drop_own(&mut self, public_keys: &[&'u Block]) {
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
    fn of(block: &'b Block) -> Self {
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
