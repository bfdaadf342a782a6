//! Blocks that move to the fields that they belong in.

use super::encode::{self, Piece};
use super::rewritten::NewText;
use super::{Edit, text};
use crate::location::Field;
use crate::read::block::{Block, BlockKind};
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
use crate::relate::UploadedPair;
use crate::relate::fields::is_certificate;
use crate::relate::together::Together;
use crate::rule::Mend;

/// What each field holds after the move, and the edits.
pub(super) struct Move<'u> {
    texts: Vec<(Field, Vec<&'u Block>)>,
    pub(super) edits: Vec<Edit>,
}

impl<'u> Move<'u> {
    /// The certificates of a pair, which its key field holds beside the key. `None` where the text was not understood to its end, so that
    /// something would be lost.
    pub(super) fn of_certificates(upload: &'u Upload, pair: &UploadedPair<'u>) -> Option<Self> {
        let fields = &pair.fields;
        let mut text = NewText::new(upload, fields.key_field)?;
        text.drop_own(&pair.own_public_keys);
        let (certificates, others): (Vec<&Block>, Vec<&Block>) =
            text.kept.iter().partition(|block| is_certificate(block));
        let moved = text::moved(&fields.certificates, fields.certificate_field);
        text.edits.push(Edit::new(Mend::Move, fields.certificate_field, None, moved));
        let texts = vec![(fields.certificate_field, certificates), (fields.key_field, others)];
        Some(Self { texts, edits: text.edits })
    }

    /// The signature pair of a double set, which the fields of the encryption pair hold too. An issuer of both goes along with both.
    pub(super) fn of_a_pair(upload: &'u Upload, together: &Together<'u>) -> Option<Self> {
        let holds_only_pairs = |field| {
            let is_part = |block: &Block| is_certificate(block) || block.kind == BlockKind::PrivateKey;
            upload.is_whole(field) && upload.blocks(field).iter().all(is_part)
        };
        if ![Field::CertContent, Field::PrivateKey].into_iter().all(holds_only_pairs) {
            return None;
        }
        let Together { encryption, signature } = together;
        let texts = vec![
            (Field::CertContent, encryption.chain.clone()),
            (Field::PrivateKey, vec![encryption.key]),
            (Field::CertContentSign, signature.chain.clone()),
            (Field::PrivateKeySign, vec![signature.key]),
        ];
        let edits = vec![Edit::new(Mend::Move, Field::CertContent, None, text::separated())];
        Some(Self { texts, edits })
    }

    /// The form with each block in its field.
    pub(super) fn form(&self, form: &CertificateForm) -> CertificateForm {
        let mut next = form.clone();
        for (field, blocks) in &self.texts {
            if let Some(slot) = next.content_mut(*field) {
                *slot = Some(encode::encode(blocks.iter().map(|block| Piece::of(block))));
            }
        }
        next
    }
}
