//! The outline of DER or BER that may be cut off: identifier and length octets, and no more.
//!
//! The readers in `der` are for whole objects, and stop where one is cut off or its length is indefinite. To say what a damaged text holds,
//! the first octets must be enough.

use super::container::OPENSSH;
use crate::read::key::is_gmt_0016_blob;
use der_parser::oid;

/// One element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    /// The content, as far as it goes.
    pub(super) content: &'a [u8],
    /// What follows.
    pub(super) rest: &'a [u8],
    /// Whether it is not cut off.
    is_complete: bool,
}

impl<'a> Element<'a> {
    /// The first element; an indefinite length (BER, as in PKCS#12 files) or one beyond the end takes all that is left.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let Header { tag, length, rest } = Header::first(bytes)?;
        Some(match rest.split_at_checked(length.unwrap_or(rest.len())) {
            Some((content, rest)) => Self { tag, content, rest, is_complete: true },
            None => Self { tag, content: rest, rest: &[], is_complete: false },
        })
    }

    /// The first elements inside, as many as there are.
    pub(super) fn elements(&self) -> [Option<Self>; 4] {
        let mut inside = self.content;
        let mut elements = [None; 4];
        for slot in &mut elements {
            let Some(next) = Self::first(inside) else { break };
            inside = next.rest;
            *slot = Some(next);
        }
        elements
    }
}

struct Header<'a> {
    tag: u8,
    /// `None`: indefinite.
    length: Option<usize>,
    rest: &'a [u8],
}

impl<'a> Header<'a> {
    /// The identifier and length octets of the first element.
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..0x80 => (Some(usize::from(first)), rest),
            0x80 => (None, rest),
            0x81..=0x84 => {
                let (octets, rest) = rest.split_at_checked(usize::from(first & 0x0F))?;
                (Some(octets.iter().fold(0_usize, |length, octet| (length << 8) | usize::from(*octet))), rest)
            }
            _ => return None,
        };
        Some(Self { tag, length, rest })
    }
}

/// The length of the DER element that `bytes` start with, header included; `None` where it is cut off or has no definite length.
pub(super) fn whole(bytes: &[u8]) -> Option<usize> {
    if is_gmt_0016_blob(bytes) {
        return Some(bytes.len());
    }
    let element = Element::first(bytes)?;
    let length = bytes.len().checked_sub(element.rest.len())?;
    (element.is_complete && bytes.get(1) != Some(&0x80)).then_some(length)
}

/// Whether `bytes` are a SEQUENCE whose first element is an INTEGER that is too large to be a version: the prime of DHParameter (PKCS#3,
/// section 9) or DomainParameters (RFC 3279, section 2.3.3).
pub(super) fn starts_with_a_large_number(bytes: &[u8]) -> bool {
    const INTEGER: u8 = 2;
    let first = Element::first(bytes).and_then(|outer| outer.elements().first().copied().flatten());
    first.is_some_and(|first| first.tag == INTEGER && first.content.len() > 16)
}

/// The length of the SEQUENCE that `bytes` begin with, by what its header says, and what follows that header.
fn inside(bytes: &[u8]) -> Option<(usize, &[u8])> {
    const SEQUENCE: u8 = 0x30;
    /// Tag, and a length of at most three octets behind their number: nobody sends a longer object.
    const LONGEST: usize = 5;
    let header = Header::first(bytes).filter(|header| header.tag == SEQUENCE)?;
    bytes.len().checked_sub(header.rest.len()).filter(|octets| *octets <= LONGEST)?;
    Some((header.length?, header.rest))
}

/// Whether `bytes` are the start of a private key. PKCS#8 (RFC 5958, section 2), PKCS#1 (RFC 8017, A.1.2) and SEC1 (RFC 5915, section 3)
/// start with the version; an EncryptedPrivateKeyInfo with an algorithm of PKCS#5; keys of OpenSSH with their name.
pub(super) fn is_key_start(bytes: &[u8]) -> bool {
    const PKCS5: &[u8] = &oid!(raw 1.2.840.113549.1.5);
    if bytes.starts_with(OPENSSH) {
        return true;
    }
    match inside(bytes) {
        Some((_, [2, 1, 0 | 1, 0x02 | 0x04 | 0x30, ..])) => true,
        Some((_, algorithm)) => {
            inside(algorithm).is_some_and(|(_, id)| matches!(id, [6, 9, id @ ..] if id.starts_with(PKCS5)))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::super::container::Container;
    use super::*;

    #[test]
    fn a_whole_element_is_distinguished_from_a_cut_one() {
        assert_eq!(whole(&[0x30, 2, 5, 0]), Some(4));
        assert_eq!(whole(&[0x30, 2, 5, 0, 9]), Some(4));
        assert_eq!(whole(&[0x30, 3, 5, 0]), None);
        assert_eq!(whole(&[0x30, 0x80, 0, 0]), None);
    }

    #[test]
    fn an_enveloped_key_blob_is_known_by_its_header_and_its_length() {
        let blob = |version: u8, bits: u8, length: usize| {
            let mut blob = vec![0; length];
            (blob[0], blob[9]) = (version, bits);
            blob
        };
        for (blob, want) in [
            (blob(1, 1, 372), true),
            (blob(1, 1, 371), false),
            (blob(2, 1, 372), false),
            (blob(1, 2, 372), false),
        ] {
            assert_eq!(is_gmt_0016_blob(&blob), want);
            assert_eq!(whole(&blob), want.then_some(blob.len()).or(Some(2)));
        }
        // Cut short, it is still none of the other kinds.
        assert_eq!(Container::of(&blob(1, 1, 12)), Some(Container::EnvelopedKey));
        assert_eq!(Container::of(&blob(1, 2, 372)), None);
    }
}
