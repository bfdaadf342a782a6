//! PEM text to blocks (RFC 7468): strict in what it accepts, patient in what it understands.
//!
//! A text is read in three steps. [`scan`] walks from marker to marker and looks at what is between them ([`marker`], [`gap`], [`broken`]).
//! [`closed`] decodes the body between a BEGIN and its END ([`body`], [`base64`]). [`container`] says what the decoded bytes are, whatever
//! the label says ([`label`]). A text without any marker is read by [`unmarked`].
//!
//! What is wrong is a [`Fault`] with its place. Text that is damaged but has one reading is read as if it were clean, so that the checks
//! after this one find what is wrong in its blocks in the same run, and a repair needs only to encode the blocks again. What has no such
//! reading leaves no block; the rest of the text is read all the same. Which rule a fault breaks is decided in `rules::pem`.

pub(crate) mod base64;
mod body;
mod broken;
mod closed;
pub(crate) mod container;
pub(crate) mod damage;
pub(crate) mod fault;
mod gap;
mod label;
mod marker;
pub(crate) mod nested;
mod outline;
mod pasted;
mod reader;
mod restore;
mod scan;
mod secret;
mod text;
mod undone;
mod unequal;
mod unmarked;
mod written;

pub(crate) use fault::Fault;

use crate::location::Location;
use crate::read::block::{Block, BlockKind};
use crate::read::form::Content;
use crate::read::key::PrivateKey;
use fault::{Beyond, FaultKind, Secret, TextFault};
use regex::bytes::{Regex, RegexBuilder};

/// The longest text of which more is understood than plain PEM: without what was added to its lines, and inside of other notations. It bounds the
/// cost; a chain of ten certificates of 2 KB each, in base64 twice, has 36 KB.
const LONGEST: usize = 48 << 10;

/// What the text of a field holds.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The blocks, in order, whatever they are.
    pub(crate) blocks: Vec<Block>,
    /// What is wrong with the text, in the order of the text. Bounded.
    pub(crate) faults: Vec<Fault>,
    /// The faults beyond that bound, which are only counted.
    pub(crate) beyond: Beyond,
}

impl Reading {
    /// Whether the text was understood to its end, so that its blocks can be written again without loss: no fault beyond repair, no
    /// encrypted block, and no block without a label that is neither a certificate nor a key that can be read.
    pub(crate) fn is_whole(&self) -> bool {
        self.beyond.not_understood == 0
            && self.faults.iter().all(Fault::is_understood)
            && !self.blocks.iter().any(is_lost)
    }

    /// Whether there is nothing but space.
    pub(crate) fn is_blank(&self) -> bool {
        let is_space =
            |fault: &Fault| matches!(fault.kind, FaultKind::Text(TextFault::Empty | TextFault::OnlySpaces));
        self.blocks.is_empty() && self.faults.iter().all(is_space)
    }

    /// Where the first private key is that could not be read.
    pub(crate) fn first_unread_key(&self) -> Option<&Location> {
        self.faults.iter().find(|fault| fault.is_unread_key()).map(|fault| &fault.place)
    }
}

/// Base64 alone comes without a label: what is neither certificate nor key could not be written as PEM.
fn is_lost(block: &Block) -> bool {
    match block.kind {
        BlockKind::Certificate => false,
        BlockKind::EncryptedKey => block.label.is_empty() || block.der.is_empty(),
        BlockKind::PrivateKey => block.label.is_empty() && PrivateKey::from_der(&block.der).is_err(),
        _ => block.label.is_empty(),
    }
}

/// Reads `content`, which is at `place`. More than `max_bytes` are not looked at.
pub(crate) fn read(content: &Content, place: &Location, max_bytes: usize) -> Reading {
    let mut reader = reader::Reader::new(place);
    let bytes = content.as_bytes().len();
    if bytes > max_bytes {
        let kind = FaultKind::Text(TextFault::TooLarge { bytes, allowed: max_bytes });
        reader.fault(place.clone(), Secret::None, kind);
    } else {
        reader.content(content);
        return nested::look(content.as_bytes(), place, reader.finish());
    }
    reader.finish()
}

/// A pattern over bytes. What it learns of a text is kept for the next ones, in a cache that this keeps small: the bound on the memory of a
/// check counts it. `None` for a wrong pattern.
fn pattern(text: &str) -> Option<Regex> {
    const CACHE: usize = 128 * 1024;
    RegexBuilder::new(text).dfa_size_limit(CACHE).build().ok()
}

#[cfg(test)]
mod tests;
