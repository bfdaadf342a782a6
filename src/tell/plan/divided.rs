//! A text that holds what belongs in two fields, divided between them.

use super::{Edit, NewText, encode, label, text};
use crate::location::Field;
use crate::read::block::Block;
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
use crate::relate::UploadedPair;
use crate::relate::fields::is_certificate;
use crate::rule::Mend;

/// The certificates and the key of a pair, all in the key field.
#[derive(Debug)]
pub(super) struct Divided<'u> {
    certificate_field: Field,
    /// The whole text, in the key field.
    pub(super) text: NewText<'u>,
}

impl<'u> Divided<'u> {
    /// `None` where the text was not understood to its end, so that something would be lost.
    pub(super) fn new(upload: &'u Upload, pair: &UploadedPair<'u>) -> Option<Self> {
        let fields = &pair.fields;
        let mut text = NewText::new(upload, fields.key_field)?;
        text.drop_own(&pair.own_public_keys);
        let certificate_field = fields.certificate_field;
        let moved = text::moved(&fields.certificates, certificate_field);
        text.edits.push(Edit::new(Mend::Move, certificate_field, None, moved));
        Some(Self { certificate_field, text })
    }

    /// The form with each block in its field.
    pub(super) fn form(&self, form: &CertificateForm) -> CertificateForm {
        let (certificates, others): (Vec<&Block>, Vec<&Block>) =
            self.text.kept.iter().partition(|block| is_certificate(block));
        let mut next = form.clone();
        for (field, blocks) in [(self.certificate_field, certificates), (self.text.field, others)] {
            if let Some(slot) = next.content_mut(field) {
                *slot = Some(encode::encode(blocks.iter().map(|block| (*block, label(block)))));
            }
        }
        next
    }
}
