//! What the certificate and key fields of a form hold: each text is read once.

use super::block::Block;
use super::form::CertificateForm;
use super::pem::{self, Reading};
use crate::location::{Field, Location};

/// The texts of a form's certificate and key fields, read.
#[derive(Debug)]
pub(crate) struct Upload(Vec<(Field, Reading)>);

impl Upload {
    /// Reads all content fields that are given and not blank; of a text with more than `max_bytes` only the size is reported.
    pub(crate) fn read(form: &CertificateForm, max_bytes: usize) -> Self {
        let read = |field| {
            let content = form.content(field).filter(|_| !form.is_blank(field))?;
            Some((field, pem::read(content, &Location::field(field), max_bytes)))
        };
        Self(Field::ALL.into_iter().filter_map(read).collect())
    }

    /// What a field holds; `None` where it is not given, or blank.
    pub(crate) fn text(&self, field: Field) -> Option<&Reading> {
        self.0.iter().find(|(given, _)| *given == field).map(|(_, text)| text)
    }

    /// The blocks of a field; none where it is not given.
    pub(crate) fn blocks(&self, field: Field) -> &[Block] {
        self.text(field).map_or(&[], |text| &text.blocks)
    }

    /// Whether all that a field holds was understood, so that it can be written again without loss.
    pub(crate) fn is_whole(&self, field: Field) -> bool {
        self.text(field).is_none_or(Reading::is_whole)
    }
}
