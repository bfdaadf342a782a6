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
mod rewritten;
mod text;

use serde::Serialize;

use crate::finding::{Facts, Finding};
use crate::location::Field;
use crate::read::block::Block;
use crate::read::form::{CertificateForm, Content};
use crate::read::upload::Upload;
use crate::relate::Relations;
use crate::relate::sm2_set::Arrangement;
use crate::rule::Mend;
use crate::tell::language::Language;
use moved::Move;
use rewritten::NewText;

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
            plan.texts.extend(NewText::of_certificates(upload, pair));
            plan.texts.extend(NewText::of_key(upload, pair));
            if pair.fields.is_swapped {
                plan.exchange(match pair.fields.certificate_field {
                    Field::CertContentSign => &[(Field::CertContentSign, Field::PrivateKeySign)],
                    _ => &[(Field::CertContent, Field::PrivateKey)],
                });
            }
        }
        plan.moves.extend(relations.together.as_ref().and_then(|together| Move::of_a_pair(upload, together)));
        plan.texts.extend(relations.roots.as_ref().and_then(|roots| NewText::of_roots(upload, roots)));
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
