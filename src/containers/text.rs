//! A text that could not be read whole, put into a form as it is, so that a check says what is wrong with it.

use std::fmt;

use super::Reason;
use super::assemble::{NAMELESS, Part, Set};
use crate::location::Field;
use crate::read::block::BlockKind;
use crate::read::form::{CertificateForm, Content};
use crate::read::pem::Reading;

/// A text with PEM.
#[derive(Clone)]
#[non_exhaustive]
pub struct Text {
    /// How to get to it.
    pub inside: Vec<String>,
    /// All of it.
    pub content: Content,
    kind: Kind,
    /// How many blocks it has, read or not.
    blocks: usize,
}

/// What the markers of a text speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificates,
    Key,
}

impl Text {
    /// A text that holds, or whose markers speak of, certificates alone or a private key alone: no other has one field that it belongs to.
    pub(super) fn new(inside: &[String], bytes: &[u8], reading: &Reading) -> Option<Self> {
        let blocks = &reading.blocks;
        let has = |word: &str, kinds: &[BlockKind]| {
            blocks.iter().any(|block| kinds.contains(&block.kind))
                || memchr::memmem::find(bytes, word.as_bytes()).is_some()
        };
        let has_key = has("PRIVATE KEY", &[BlockKind::PrivateKey, BlockKind::EncryptedKey]);
        let kind = match (has("CERTIFICATE", &[BlockKind::Certificate]), has_key) {
            (true, false) => Kind::Certificates,
            (false, true) => Kind::Key,
            _ => return None,
        };
        let places = blocks.iter().map(|block| &block.location);
        let places = places.chain(reading.faults.iter().map(|fault| &fault.place));
        let blocks = places.filter_map(|place| place.block).max().unwrap_or_default();
        Some(Self { inside: inside.to_vec(), content: Content::from_bytes(bytes), kind, blocks })
    }

    /// Whether it is a whole file, not a value inside of one.
    pub(super) fn is_file(&self) -> bool {
        self.inside.len() == 1
    }

    /// Puts the text into the first form that it belongs to: where all blocks of a field come from it, which it replaces, or where its field is
    /// empty. Where the key belongs to none of the certificates, the server's may be in this text: it goes before the others. Without any form, it
    /// makes one. `false` where it belongs to none.
    pub fn put_into(&self, sets: &mut Vec<Set>) -> bool {
        if sets.is_empty() {
            let form = CertificateForm { name: Some(NAMELESS.to_owned()), ..CertificateForm::default() };
            sets.push(Set { form, ..Set::default() });
        }
        sets.iter_mut().any(|set| set.take_text(self))
    }

    /// The part of a form that the text is, as it stands in a field.
    fn part(&self, field: Field) -> Part {
        Part {
            field,
            block: None,
            inside: self.inside.clone(),
            source_block: None,
            line: None,
            repaired: false,
        }
    }

    fn fields(&self) -> [Field; 2] {
        match self.kind {
            Kind::Certificates => [Field::CertContent, Field::CertContentSign],
            Kind::Key => [Field::PrivateKey, Field::PrivateKeySign],
        }
    }
}

/// Puts each text into the form that it belongs to ([`Text::put_into`]), so that a check of the form says what is wrong with it. The answer says of a
/// place and a reason whether what was left out there for that reason need not be told, since the check says more.
pub fn put_texts<'t>(
    texts: &'t [Text],
    sets: &mut Vec<Set>,
) -> impl Fn(&[String], &Reason) -> bool + use<'t> {
    let put: Vec<&'t Text> = texts.iter().filter(|text| text.put_into(sets)).collect();
    move |inside, reason| reason.is_told_by_check() && put.iter().any(|text| text.inside == inside)
}

/// Without the content, which may be a key.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("inside", &self.inside).finish_non_exhaustive()
    }
}

impl Set {
    fn take_text(&mut self, text: &Text) -> bool {
        let is_own = |field: &Field| {
            let mut parts = self.parts.iter().filter(|part| part.field == *field).peekable();
            parts.peek().is_some() && parts.all(|part| part.inside == text.inside)
        };
        let [first, second] = text.fields();
        let is_empty = |field: &Field| self.form.content(*field).is_none();
        let field = [first, second].into_iter().find(is_own).or_else(|| Some(first).filter(is_empty));
        let Some((field, slot)) = field.and_then(|field| Some((field, self.form.content_mut(field)?))) else {
            return text.kind == Kind::Certificates && !self.is_proven && self.begin_with(text);
        };
        *slot = Some(text.content.clone());
        self.parts.retain(|part| part.field != field);
        self.parts.push(text.part(field));
        true
    }

    /// Puts the text before the certificates of `cert_content`, once.
    fn begin_with(&mut self, text: &Text) -> bool {
        let field = Field::CertContent;
        let has_text = self.parts.iter().any(|part| part.field == field && part.block.is_none());
        let Some(slot) = self.form.content_mut(field).filter(|_| !has_text) else { return false };
        let others = slot.as_ref().map(Content::as_bytes).unwrap_or_default();
        *slot = Some(Content::from_bytes([text.content.as_bytes(), b"\n", others].concat()));
        for part in self.parts.iter_mut().filter(|part| part.field == field) {
            part.block = part.block.map(|block| block.saturating_add(text.blocks));
        }
        // Behind the others, which have numbers: what has none of theirs is in the text.
        self.parts.push(text.part(field));
        true
    }
}
