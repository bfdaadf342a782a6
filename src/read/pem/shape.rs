//! What some bytes are, by the outline of their DER or by their first bytes. This tells kinds apart; it checks nothing.

use super::block::BlockKind;
use der_parser::oid;

/// What bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An object that has a [`BlockKind`].
    Kind(BlockKind),
    /// PKCS#7 enveloped data: how some CAs deliver SM2 encryption keys.
    Enveloped,
    /// OpenSSH's own format of private keys.
    OpenSshKey,
    /// A Java keystore: JKS or JCEKS.
    Keystore,
    /// A ZIP archive.
    Zip,
}

const PKCS7: &[u8] = &oid!(raw 1.2.840.113549.1.7);
const GM_PKCS7: &[u8] = &oid!(raw 1.2.156.10197.6.1.4.2);

/// What `bytes` look like; `None` for nothing known.
pub(super) fn of(bytes: &[u8]) -> Option<Shape> {
    match bytes {
        [0xFE, 0xED, 0xFE, 0xED, ..] | [0xCE, 0xCE, 0xCE, 0xCE, ..] => return Some(Shape::Keystore),
        [b'P', b'K', 3, 4, ..] => return Some(Shape::Zip),
        _ if bytes.starts_with(b"openssh-key-v1\0") => return Some(Shape::OpenSshKey),
        // ENVELOPEDKEYBLOB (GM/T 0016, section 6.4.10), little-endian: version 1, an algorithm, 256 bits. A private key, in an envelope:
        // what is to be done is said where keys are read.
        [1, 0, 0, 0, _, _, _, _, 0, 1, 0, 0, ..] => return Some(Shape::Kind(BlockKind::PrivateKey)),
        _ => {}
    }
    let outer = element(bytes).filter(|outer| outer.tag == 0x30)?;
    let mut inside = outer.content;
    let mut elements = [None; 4];
    for slot in &mut elements {
        let Some(next) = element(inside) else { break };
        inside = next.rest;
        *slot = Some(next);
    }
    let tags = elements.map(|element| element.map_or(0, |element| element.tag));
    let first = elements.first().copied().flatten()?;
    let kind = match tags {
        // ContentInfo (RFC 5652, section 3; GM/T 0010).
        [0x06, ..] if first.content.starts_with(PKCS7) || first.content.starts_with(GM_PKCS7) => {
            // envelopedData or signedAndEnvelopedData, numbered alike by both.
            if matches!(first.content.last(), Some(3 | 4)) {
                return Some(Shape::Enveloped);
            }
            BlockKind::Pkcs7
        }
        // OneAsymmetricKey (RFC 5958, section 2): version, algorithm, OCTET STRING. PFX (RFC 7292, section 4): version 3, ContentInfo.
        [0x02, 0x30, third, _] => {
            if first.content == [3] && third != 0x04 {
                BlockKind::Pkcs12
            } else {
                BlockKind::PrivateKey
            }
        }
        // RSAPrivateKey (RFC 8017, A.1.2): version, n, e, d, …; RSAPublicKey has but n and e.
        [0x02, 0x02, 0x02, 0x02] => BlockKind::PrivateKey,
        [0x02, 0x02, 0, _] => BlockKind::PublicKey,
        // ECPrivateKey (RFC 5915, section 3).
        [0x02, 0x04, ..] => BlockKind::PrivateKey,
        // EncryptedPrivateKeyInfo (RFC 5958, section 3).
        [0x30, 0x04, 0, _] => BlockKind::EncryptedKey,
        // SubjectPublicKeyInfo (RFC 5280, section 4.1).
        [0x30, 0x03, 0, _] => BlockKind::PublicKey,
        // Certificate, request and revocation list: three times what is signed, algorithm, signature.
        [0x30, 0x30, 0x03, 0] => signed(first.content)?,
        // SM2EnvelopedKey (GM/T 0009, section 7.4): a private key, in an envelope.
        [0x30, 0x30, 0x03, 0x03] | [0x30, 0x30, 0x03, 0x30] => BlockKind::PrivateKey,
        _ => return None,
    };
    Some(Shape::Kind(kind))
}

/// TBSCertificate, CertificationRequestInfo or TBSCertList, by their first elements.
fn signed(mut inside: &[u8]) -> Option<BlockKind> {
    let mut tags = [0_u8; 4];
    for slot in &mut tags {
        let Some(next) = element(inside) else { break };
        inside = next.rest;
        *slot = next.tag;
    }
    Some(match tags {
        [0xA0, 0x02, 0x30, 0x30] | [0x02, 0x30, 0x30, 0x30] => BlockKind::Certificate,
        [0x02, 0x30, 0x30, 0x17 | 0x18] | [0x30, 0x30, 0x17 | 0x18, _] => BlockKind::Crl,
        [0x02, 0x30, 0x30, _] => BlockKind::Request,
        _ => return None,
    })
}

/// The length of the DER element that `bytes` start with, header included; `None` where it is cut off or has no definite length.
pub(super) fn whole(bytes: &[u8]) -> Option<usize> {
    if is_gmt_0016_blob(bytes) {
        return Some(bytes.len());
    }
    let element = element(bytes)?;
    let length = bytes.len().checked_sub(element.rest.len())?;
    (element.complete && bytes.get(1) != Some(&0x80)).then_some(length)
}

/// How much of an object is missing, if its outer length announces more octets than there are; worded to follow a colon.
pub(crate) fn lost(bytes: &[u8]) -> Option<String> {
    /// Octets in a line of base64 (RFC 7468, section 2: 64 characters).
    const LINE: usize = 48;
    let announced = announced(bytes)?;
    let missing = announced.checked_sub(bytes.len()).filter(|missing| *missing > 0)?;
    let lines = match missing.checked_div(LINE).unwrap_or_default() {
        _ if !missing.is_multiple_of(LINE) => String::new(),
        1 => ", as many as one line of base64 holds".to_owned(),
        lines => format!(", as many as {lines} lines of base64 hold"),
    };
    Some(format!("{missing} of {announced} octets are missing{lines}"))
}

/// The octets of the SEQUENCE that `bytes` begin with, header included, by what its header says.
fn announced(bytes: &[u8]) -> Option<usize> {
    const SEQUENCE: u8 = 0x30;
    /// Tag, and a length of at most three octets behind their number: more is no object that anybody sends.
    const LONGEST: usize = 5;
    let header = header(bytes).filter(|header| header.tag == SEQUENCE)?;
    let octets = bytes.len().checked_sub(header.rest.len()).filter(|octets| *octets <= LONGEST)?;
    octets.checked_add(header.length?)
}

/// ENVELOPEDKEYBLOB (GM/T 0016, 6.4.10): little-endian ULONGs version 1, cipher and 256 bits, then the encrypted key of 64 octets, the
/// public key of 132 and the SM2 cipher of at least 164.
pub(crate) fn is_gmt_0016_blob(octets: &[u8]) -> bool {
    const SHORTEST: usize = 12 + 64 + 132 + 164;
    octets.len() >= SHORTEST
        && octets.starts_with(&[1, 0, 0, 0])
        && octets.get(8..12) == Some([0, 1, 0, 0].as_slice())
}

#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    /// The content, as far as it goes.
    content: &'a [u8],
    rest: &'a [u8],
    complete: bool,
}

/// The first element; an indefinite length (BER, as in PKCS#12 files) or one beyond the end takes all that is left.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let Header { tag, length, rest } = header(bytes)?;
    Some(match rest.split_at_checked(length.unwrap_or(rest.len())) {
        Some((content, rest)) => Element { tag, content, rest, complete: true },
        None => Element { tag, content: rest, rest: &[], complete: false },
    })
}

struct Header<'a> {
    tag: u8,
    /// `None`: indefinite.
    length: Option<usize>,
    rest: &'a [u8],
}

/// The identifier and length octets of the first element.
fn header(bytes: &[u8]) -> Option<Header<'_>> {
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
    Some(Header { tag, length, rest })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// A SEQUENCE of the given elements.
    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let mut out = vec![0x30, u8::try_from(content.len()).unwrap()];
        out.extend(content);
        out
    }

    #[test]
    fn outlines_tell_kinds_apart() {
        let int: &[u8] = &[2, 1, 1];
        let three: &[u8] = &[2, 1, 3];
        let octets: &[u8] = &[4, 1, 0];
        let bits: &[u8] = &[3, 1, 0];
        let time: &[u8] = &[0x17, 0];
        let oid: &[u8] = &[6, 1, 42];
        let alg = &sequence(&[oid]);
        let name = &sequence(&[]);
        let version: &[u8] = &[0xA0, 3, 2, 1, 2];
        let data = [&[6, 9][..], PKCS7, &[2]].concat();
        let enveloped = [&[6, 9][..], PKCS7, &[3]].concat();
        let gm = [&[6, 10][..], GM_PKCS7, &[2]].concat();
        let info = &sequence(&[&data, &[0xA0, 0]]);
        let tbs = &sequence(&[version, int, alg, name, name]);
        let tbs1 = &sequence(&[int, alg, name, name, name]);
        let request = &sequence(&[int, name, alg, &[0xA0, 0]]);
        let list = &sequence(&[int, alg, name, time]);
        let list1 = &sequence(&[alg, name, time]);
        for (der, want) in [
            (sequence(&[tbs, alg, bits]), Shape::Kind(BlockKind::Certificate)),
            (sequence(&[tbs1, alg, bits]), Shape::Kind(BlockKind::Certificate)),
            (sequence(&[request, alg, bits]), Shape::Kind(BlockKind::Request)),
            (sequence(&[list, alg, bits]), Shape::Kind(BlockKind::Crl)),
            (sequence(&[list1, alg, bits]), Shape::Kind(BlockKind::Crl)),
            (sequence(&[int, alg, octets]), Shape::Kind(BlockKind::PrivateKey)),
            (sequence(&[int, int, int, int, int]), Shape::Kind(BlockKind::PrivateKey)),
            (sequence(&[int, octets]), Shape::Kind(BlockKind::PrivateKey)),
            (sequence(&[alg, octets]), Shape::Kind(BlockKind::EncryptedKey)),
            (sequence(&[alg, bits]), Shape::Kind(BlockKind::PublicKey)),
            (sequence(&[int, int]), Shape::Kind(BlockKind::PublicKey)),
            (sequence(&[three, info, name]), Shape::Kind(BlockKind::Pkcs12)),
            (sequence(&[three, alg, octets]), Shape::Kind(BlockKind::PrivateKey)),
            (sequence(&[int, alg, bits]), Shape::Kind(BlockKind::PrivateKey)),
            (sequence(&[alg, alg, bits, bits]), Shape::Kind(BlockKind::PrivateKey)),
            (sequence(&[alg, alg, bits, alg]), Shape::Kind(BlockKind::PrivateKey)),
            (info.clone(), Shape::Kind(BlockKind::Pkcs7)),
            (sequence(&[&gm, &[0xA0, 0]]), Shape::Kind(BlockKind::Pkcs7)),
            (sequence(&[&enveloped, &[0xA0, 0]]), Shape::Enveloped),
            (b"openssh-key-v1\0".to_vec(), Shape::OpenSshKey),
            (vec![0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2], Shape::Keystore),
            (vec![0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 1, 42], Shape::Kind(BlockKind::Pkcs12)),
        ] {
            assert_eq!(of(&der), Some(want), "{der:02x?}");
        }
        for der in [&b""[..], b"0", b"hello", &[0x30, 0x00], &[0x30, 0x05, 0x0C, 1, 65, 5, 0]] {
            assert_eq!(of(der), None, "{der:02x?}");
        }
        assert_eq!(of(&sequence(&[oid, &[0xA0, 0]])), None, "of no PKCS#7 type");
        // Signed, but nothing of X.509.
        let other = &sequence(&[octets, alg, name]);
        assert_eq!(of(&sequence(&[other, alg, bits])), None);
    }

    #[test]
    fn a_whole_element_is_told_from_a_cut_one() {
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
        assert_eq!(of(&blob(1, 1, 12)), Some(Shape::Kind(BlockKind::PrivateKey)));
        assert_eq!(of(&blob(1, 2, 372)), None);
    }

    #[test]
    fn what_is_lost_is_counted_in_lines() {
        let told = |announced: &[u8], left: usize| lost(&[announced, &vec![7; left]].concat());
        assert_eq!(told(&[0x30, 10], 10), None, "whole");
        assert_eq!(told(&[0x30, 10], 11), None, "more than whole");
        assert_eq!(told(&[0x30, 10], 9).unwrap(), "1 of 12 octets are missing");
        assert_eq!(
            told(&[0x30, 0x7F], 79).unwrap(),
            "48 of 129 octets are missing, as many as one line of base64 holds"
        );
        assert_eq!(
            told(&[0x30, 0x81, 0xC8], 56).unwrap(),
            "144 of 203 octets are missing, as many as 3 lines of base64 hold"
        );
        assert_eq!(told(&[0x30, 0x83, 1, 0, 0], 65_535).unwrap(), "1 of 65541 octets are missing");
        // No length that could be right, or none at all.
        assert_eq!(told(&[0x30, 0x80], 9), None);
        assert_eq!(told(&[0x30, 0x84, 0, 0, 1, 0], 9), None);
        assert_eq!(told(&[0x30, 0x82, 1], 0), None);
        assert_eq!(told(&[0x04, 10], 9), None, "no SEQUENCE");
        assert_eq!(told(&[0x30], 0), None);
    }
}
