//! The dispatch: what the bytes are, and who reads them.

use zeroize::Zeroizing;

use super::{
    LeftOut, Limits, Object, Opened, Reason, Text, archive, encrypted, jks, manifest, pkcs7, pkcs12,
};
use crate::location::Location;
use crate::read::block::{Block, BlockKind};
use crate::read::certificate::Certificate;
use crate::read::form::Content;
use crate::read::key;
use crate::read::pem::container::Container;
use crate::read::pem::fault::FaultKind;
use crate::read::pem::{self, Fault};

/// One call of `open`: what is found, and what may still be spent.
pub(super) struct Opening<'o> {
    pub(super) passphrase: Option<&'o str>,
    pub(super) limits: &'o Limits,
    entries: usize,
    expanded: usize,
    derivations: usize,
    opened: Opened,
}

impl<'o> Opening<'o> {
    pub(super) fn new(passphrase: Option<&'o str>, limits: &'o Limits) -> Self {
        let Limits { entries, expanded_bytes: expanded, derivations, .. } = *limits;
        Self { passphrase, limits, entries, expanded, derivations, opened: Opened::default() }
    }

    pub(super) fn finish(self) -> Opened {
        self.opened
    }

    /// Opens bytes, of which `inside` says where they are.
    pub(super) fn open(&mut self, inside: &[String], bytes: &[u8]) {
        if inside.len() > self.limits.depth.saturating_add(1) {
            let limit = format!("at most {} containers may be within one another", self.limits.depth);
            return self.leave(inside, None, Reason::TooMuch(limit));
        }
        if let Some(container) = Container::of(bytes) {
            return self.container(inside, None, container, bytes);
        }
        if archive::is_tar(bytes) {
            let before = self.told();
            archive::tar(self, inside, bytes);
            return self.never_silent(before, inside, None);
        }
        if let Ok(text) = std::str::from_utf8(bytes)
            && manifest::read(self, inside, text)
        {
            return;
        }
        self.text(inside, bytes);
    }

    /// A container whose kind is known: a file, or the body of a block.
    fn container(&mut self, inside: &[String], block: Option<Block>, container: Container, bytes: &[u8]) {
        let place = block.as_ref().and_then(|block| block.location.block);
        let before = self.told();
        match container {
            Container::Pkcs12 => pkcs12::read(self, inside, place, bytes),
            Container::Pkcs7 => pkcs7::read(self, inside, place, bytes),
            Container::EncryptedKey => encrypted::read(self, inside, place, bytes),
            Container::Keystore => jks::read(self, inside, bytes),
            Container::Zip => archive::zip(self, inside, bytes),
            Container::Gzip => archive::gzip(self, inside, bytes),
            Container::EnvelopedData | Container::EnvelopedKey => self.leave(
                inside,
                place,
                Reason::NotSupported {
                    what: "an SM2 key in an envelope",
                    instead: "open it with the signature key in the tool of the CA, and give the key as PKCS#8",
                },
            ),
            Container::OpenSshKey | Container::PuttyKey | Container::Pgp | Container::SshPublicKey => self
                .leave(
                    inside,
                    place,
                    Reason::NotSupported {
                        what: "a key of SSH or PGP",
                        instead: "give the private key that the certificate request was made with",
                    },
                ),
            _ => {
                let block = block.unwrap_or_else(|| whole(container, bytes));
                self.object(inside, block);
            }
        }
        self.never_silent(before, inside, place);
    }

    /// How much was found or left out so far.
    fn told(&self) -> usize {
        self.opened.objects.len().saturating_add(self.opened.left_out.len())
    }

    /// A container that held nothing, not even something to leave out, is told too.
    fn never_silent(&mut self, before: usize, inside: &[String], block: Option<usize>) {
        if self.told() == before {
            self.leave(inside, block, Reason::Unknown);
        }
    }

    /// A text with PEM blocks, or one that is base64.
    fn text(&mut self, inside: &[String], bytes: &[u8]) {
        let place = Location::none();
        let content = Content::from_bytes(bytes);
        let reading = pem::read(&content, &place, self.limits.expanded_bytes);
        let before = self.opened.left_out.len();
        let source = Text::new(inside, bytes, &reading);
        let is_unread = reading.blocks.iter().any(|block| match block.kind {
            BlockKind::Certificate => Certificate::read(&block.der, &block.location).is_err(),
            BlockKind::PrivateKey => key::read(block).is_err(),
            _ => false,
        });
        // What is said of a block that was read is about its kind, and the kind is dealt with below.
        let is_read = |number: Option<usize>| {
            number.is_some() && reading.blocks.iter().any(|block| block.location.block == number)
        };
        let is_damaged = reading.beyond.not_understood > 0
            || reading.faults.iter().any(|fault| !fault.is_understood() && !is_read(fault.place.block));
        let is_empty = reading.blocks.is_empty();
        // What the PEM reader finds inside another notation has a better place as the value of a name.
        let is_nested = reading.faults.iter().any(|fault| matches!(fault.kind, FaultKind::Nested(_)));
        if (is_empty || is_nested)
            && std::str::from_utf8(bytes).is_ok_and(|text| manifest::assignments(self, inside, text))
        {
            return;
        }
        let first = self.opened.objects.len();
        for block in reading.blocks {
            let number = block.location.block;
            match (block.kind, Container::of(&block.der)) {
                (BlockKind::EncryptedKey, None) => self.leave(inside, number, Reason::OldEncryption),
                (BlockKind::EcParameters | BlockKind::DhParameters, _) => {
                    self.leave(inside, number, Reason::NotNeeded("parameters, which a form does not need"));
                }
                (BlockKind::EncryptedKey, Some(container)) if container != Container::EncryptedKey => {
                    self.leave(inside, number, Reason::OldEncryption);
                }
                (_, Some(container)) => {
                    let der = Zeroizing::new(block.der.to_vec());
                    self.container(inside, Some(block), container, &der);
                }
                (BlockKind::Other, None) => self.leave(inside, number, Reason::Unknown),
                (_, None) => self.object(inside, block),
            }
        }
        let is_repaired = reading.faults.iter().any(Fault::is_repaired_by_rewriting);
        self.opened.objects.iter_mut().skip(first).for_each(|object| object.repaired = is_repaired);
        if is_damaged || is_empty {
            let has_marker = bytes.windows(10).any(|window| window == b"-----BEGIN");
            let is_text = has_marker || !is_empty;
            let reason = if is_text {
                Reason::Damaged("a part of the text cannot be read; `certgate inspect` on it says why")
            } else if bytes.iter().all(u8::is_ascii_whitespace) {
                Reason::Empty
            } else {
                Reason::Unknown
            };
            self.leave(inside, None, reason);
        }
        if is_unread || self.opened.left_out.iter().skip(before).any(|left| left.reason.is_fault()) {
            self.opened.texts.extend(source.clone());
        }
        self.opened.sources.extend(source);
    }

    pub(super) fn object(&mut self, inside: &[String], block: Block) {
        self.opened.objects.push(Object { inside: inside.to_vec(), block, repaired: false });
    }

    /// An object in DER that came out of a container, as its `number`th. It is not opened further.
    pub(super) fn der(&mut self, inside: &[String], number: usize, der: Zeroizing<Vec<u8>>) {
        let Some(container) = Container::of(&der) else {
            return self.leave(inside, Some(number), Reason::Unknown);
        };
        let (Container::Certificate
        | Container::Crl
        | Container::Pkcs1
        | Container::Pkcs8
        | Container::PublicKey
        | Container::Request
        | Container::Sec1) = container
        else {
            let reason = Reason::NotSupported {
                what: "a file or an encrypted key within an encrypted key or the entry of a keystore",
                instead: "take it out with the tool that wrote it, and give it by itself",
            };
            return self.leave(inside, Some(number), reason);
        };
        let mut block = whole(container, &der);
        block.location = Location::none().block(number);
        self.object(inside, block);
    }

    pub(super) fn leave(&mut self, inside: &[String], block: Option<usize>, reason: Reason) {
        self.opened.left_out.push(LeftOut { inside: inside.to_vec(), block, reason });
    }

    /// Counts an entry; `false`, once and for all, where there are too many.
    pub(super) fn may_enter(&mut self, inside: &[String]) -> bool {
        if self.entries == 0 {
            let limit =
                format!("at most {} entries are looked at; the rest was left out", self.limits.entries);
            self.leave(inside, None, Reason::TooMuch(limit));
            return false;
        }
        self.entries = self.entries.saturating_sub(1);
        true
    }

    /// Counts a derivation of a key; `false` where there were too many.
    pub(super) fn may_derive(&mut self, inside: &[String], block: Option<usize>) -> bool {
        if self.derivations == 0 {
            let limit =
                format!("at most {} encrypted objects are opened in one file", self.limits.derivations);
            self.leave(inside, block, Reason::TooMuch(limit));
            return false;
        }
        self.derivations = self.derivations.saturating_sub(1);
        true
    }

    /// How many bytes may still be expanded.
    pub(super) fn room(&self) -> usize {
        self.expanded
    }

    pub(super) fn expanded(&mut self, bytes: usize) {
        self.expanded = self.expanded.saturating_sub(bytes);
    }

    pub(super) fn too_large(&mut self, inside: &[String]) {
        let limit =
            format!("archives may expand to {} MiB, and this is more", self.limits.expanded_bytes >> 20);
        self.leave(inside, None, Reason::TooMuch(limit));
    }

    /// How much was found or left out until now.
    pub(super) fn found(&self) -> usize {
        self.opened.objects.len().saturating_add(self.opened.left_out.len())
    }
}

/// The label that a body has in PEM.
pub(super) fn label(container: Container) -> &'static str {
    match container {
        Container::Pkcs1 => "RSA PRIVATE KEY",
        Container::Pkcs8 => "PRIVATE KEY",
        Container::Sec1 => "EC PRIVATE KEY",
        Container::Certificate => "CERTIFICATE",
        Container::Request => "CERTIFICATE REQUEST",
        Container::Crl => "X509 CRL",
        _ => "",
    }
}

/// A block for DER without a text.
fn whole(container: Container, der: &[u8]) -> Block {
    Block {
        kind: container.kind(),
        label: label(container).to_owned(),
        location: Location::none(),
        last_line: 0,
        der: Zeroizing::new(der.to_vec()),
    }
}
