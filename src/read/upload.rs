//! What the certificate and key fields of a form hold: each text is read once.

use zeroize::Zeroizing;

use super::block::{Block, BlockKind};
use super::form::CertificateForm;
use super::pem::fault::{Change, FaultKind, Secret};
use super::pem::{self, Fault, Reading};
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

    /// Notes that the text of a block was changed, as `fault` says. The block is what it was before, or is not there where that is not known.
    pub(crate) fn change(
        &mut self,
        field: Field,
        number: usize,
        der: Option<Zeroizing<Vec<u8>>>,
        change: Change,
        is_proven: bool,
    ) {
        let Some((_, text)) = self.0.iter_mut().find(|(given, _)| *given == field) else { return };
        let Some(at) = text.blocks.iter().position(|block| block.location.block == Some(number)) else {
            return;
        };
        let Some(block) = text.blocks.get_mut(at) else { return };
        let is_read = der.is_some();
        let is_key = matches!(block.kind, BlockKind::PrivateKey);
        let secret = match (is_key, is_read) {
            (false, _) => Secret::None,
            (true, true) => Secret::Read,
            (true, false) => Secret::Unread,
        };
        let place = block.location.clone();
        match der {
            Some(der) => block.der = der,
            None => drop(text.blocks.remove(at)),
        }
        text.faults.push(Fault { place, kind: FaultKind::Changed { change, is_read, is_proven }, secret });
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
