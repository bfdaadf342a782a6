//! What a body is, by the outline of its DER or by its first bytes. This only distinguishes kinds; it checks nothing.

use super::outline::Element;
use crate::read::block::BlockKind;
use der_parser::oid;

/// What a body or a file is: the one list of the containers that are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// A certificate (RFC 5280, section 4.1).
    Certificate,
    /// A certificate revocation list (RFC 5280, section 5.1).
    Crl,
    /// An encrypted private key: EncryptedPrivateKeyInfo (RFC 5958, section 3).
    EncryptedKey,
    /// PKCS#7 enveloped data: how some CAs deliver SM2 encryption keys.
    EnvelopedData,
    /// A private key in an envelope of GM/T 0009 or GM/T 0016.
    EnvelopedKey,
    /// A Java keystore: JKS or JCEKS.
    Keystore,
    /// A private key in the format of OpenSSH.
    OpenSshKey,
    /// A PGP message or key.
    Pgp,
    /// RSAPrivateKey (RFC 8017, A.1.2).
    Pkcs1,
    /// PKCS#12 (RFC 7292, section 4).
    Pkcs12,
    /// PKCS#7 or CMS of any other type (RFC 5652, section 3; GM/T 0010).
    Pkcs7,
    /// OneAsymmetricKey (RFC 5958, section 2).
    Pkcs8,
    /// A public key: SubjectPublicKeyInfo or RSAPublicKey.
    PublicKey,
    /// A private key in the format of PuTTY.
    PuttyKey,
    /// A certificate request (RFC 2986).
    Request,
    /// ECPrivateKey (RFC 5915, section 3).
    Sec1,
    /// What gzip compressed, most often an archive of tar.
    Gzip,
    /// A public key in the format of OpenSSH.
    SshPublicKey,
    /// A ZIP archive.
    Zip,
}

const PKCS7: &[u8] = &oid!(raw 1.2.840.113549.1.7);
const GM_PKCS7: &[u8] = &oid!(raw 1.2.156.10197.6.1.4.2);

impl Container {
    /// What `bytes` are; `None` for nothing known.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFE, 0xED, 0xFE, 0xED, ..] | [0xCE, 0xCE, 0xCE, 0xCE, ..] => return Some(Self::Keystore),
            [b'P', b'K', 3, 4, ..] => return Some(Self::Zip),
            [0x1F, 0x8B, 8, ..] => return Some(Self::Gzip),
            _ if bytes.starts_with(OPENSSH) => return Some(Self::OpenSshKey),
            // ENVELOPEDKEYBLOB (GM/T 0016, section 6.4.10), little-endian: version 1, an algorithm, 256 bits.
            [1, 0, 0, 0, _, _, _, _, 0, 1, 0, 0, ..] => return Some(Self::EnvelopedKey),
            _ => {}
        }
        let outer = Element::first(bytes).filter(|outer| outer.tag == 0x30)?;
        let elements = outer.elements();
        let tags = elements.map(|element| element.map_or(0, |element| element.tag));
        let first = elements.first().copied().flatten()?;
        Some(match tags {
            // ContentInfo. The types envelopedData and signedAndEnvelopedData have the same numbers in both standards.
            [0x06, ..] if first.content.starts_with(PKCS7) || first.content.starts_with(GM_PKCS7) => {
                if matches!(first.content.last(), Some(3 | 4)) { Self::EnvelopedData } else { Self::Pkcs7 }
            }
            // OneAsymmetricKey: version, algorithm, OCTET STRING. PFX: version 3, ContentInfo.
            [0x02, 0x30, third, _] if first.content == [3] && third != 0x04 => Self::Pkcs12,
            [0x02, 0x30, ..] => Self::Pkcs8,
            // RSAPrivateKey: version, n, e, d, …; RSAPublicKey has only n and e.
            [0x02, 0x02, 0x02, 0x02] => Self::Pkcs1,
            [0x02, 0x02, 0, _] => Self::PublicKey,
            [0x02, 0x04, ..] => Self::Sec1,
            [0x30, 0x04, 0, _] => Self::EncryptedKey,
            [0x30, 0x03, 0, _] => Self::PublicKey,
            // Certificate, request and revocation list: what is signed, algorithm, signature.
            [0x30, 0x30, 0x03, 0] => Self::signed(first)?,
            // SM2EnvelopedKey (GM/T 0009, section 7.4).
            [0x30, 0x30, 0x03, 0x03] | [0x30, 0x30, 0x03, 0x30] => Self::EnvelopedKey,
            _ => return None,
        })
    }

    /// TBSCertificate, CertificationRequestInfo or TBSCertList, by their first elements.
    fn signed(signed: Element<'_>) -> Option<Self> {
        Some(match signed.elements().map(|element| element.map_or(0, |element| element.tag)) {
            [0xA0, 0x02, 0x30, 0x30] | [0x02, 0x30, 0x30, 0x30] => Self::Certificate,
            [0x02, 0x30, 0x30, 0x17 | 0x18] | [0x30, 0x30, 0x17 | 0x18, _] => Self::Crl,
            [0x02, 0x30, 0x30, _] => Self::Request,
            _ => return None,
        })
    }

    /// The kind of a block that holds it.
    pub(crate) fn kind(self) -> BlockKind {
        match self {
            Self::Certificate => BlockKind::Certificate,
            Self::Crl => BlockKind::Crl,
            Self::EncryptedKey => BlockKind::EncryptedKey,
            Self::EnvelopedKey | Self::Pkcs1 | Self::Pkcs8 | Self::Sec1 => BlockKind::PrivateKey,
            Self::Pkcs12 => BlockKind::Pkcs12,
            Self::Pkcs7 | Self::EnvelopedData => BlockKind::Pkcs7,
            Self::PublicKey => BlockKind::PublicKey,
            Self::Request => BlockKind::Request,
            Self::Gzip
            | Self::Keystore
            | Self::OpenSshKey
            | Self::Pgp
            | Self::PuttyKey
            | Self::SshPublicKey
            | Self::Zip => BlockKind::Other,
        }
    }

    /// Whether it is a private key of the kind that TLS software uses, be it encrypted.
    pub(crate) fn is_key(self) -> bool {
        matches!(self.kind(), BlockKind::PrivateKey | BlockKind::EncryptedKey)
    }

    /// Whether it is what an upload is made of: a certificate or a private key.
    pub(crate) fn is_wanted(self) -> bool {
        self == Self::Certificate || self.is_key()
    }

    /// Whether it is a private key in a format of another program.
    pub(crate) fn is_key_file(self) -> bool {
        matches!(self, Self::OpenSshKey | Self::PuttyKey)
    }
}

/// What a private key of OpenSSH starts with.
pub(super) const OPENSSH: &[u8] = b"openssh-key-v1\0";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A SEQUENCE of the given elements.
    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let mut out = vec![0x30, u8::try_from(content.len()).unwrap()];
        out.extend(content);
        out
    }

    #[test]
    fn outlines_distinguish_containers() {
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
            (sequence(&[tbs, alg, bits]), Container::Certificate),
            (sequence(&[tbs1, alg, bits]), Container::Certificate),
            (sequence(&[request, alg, bits]), Container::Request),
            (sequence(&[list, alg, bits]), Container::Crl),
            (sequence(&[list1, alg, bits]), Container::Crl),
            (sequence(&[int, alg, octets]), Container::Pkcs8),
            (sequence(&[int, int, int, int, int]), Container::Pkcs1),
            (sequence(&[int, octets]), Container::Sec1),
            (sequence(&[alg, octets]), Container::EncryptedKey),
            (sequence(&[alg, bits]), Container::PublicKey),
            (sequence(&[int, int]), Container::PublicKey),
            (sequence(&[three, info, name]), Container::Pkcs12),
            (sequence(&[three, alg, octets]), Container::Pkcs8),
            (sequence(&[int, alg, bits]), Container::Pkcs8),
            (sequence(&[alg, alg, bits, bits]), Container::EnvelopedKey),
            (sequence(&[alg, alg, bits, alg]), Container::EnvelopedKey),
            (info.clone(), Container::Pkcs7),
            (sequence(&[&gm, &[0xA0, 0]]), Container::Pkcs7),
            (sequence(&[&enveloped, &[0xA0, 0]]), Container::EnvelopedData),
            (b"openssh-key-v1\0".to_vec(), Container::OpenSshKey),
            (vec![0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2], Container::Keystore),
            (vec![0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 1, 42], Container::Pkcs12),
        ] {
            assert_eq!(Container::of(&der), Some(want), "{der:02x?}");
        }
        for der in [&b""[..], b"0", b"hello", &[0x30, 0x00], &[0x30, 0x05, 0x0C, 1, 65, 5, 0]] {
            assert_eq!(Container::of(der), None, "{der:02x?}");
        }
        assert_eq!(Container::of(&sequence(&[oid, &[0xA0, 0]])), None, "of no PKCS#7 type");
        // Signed, but nothing of X.509.
        let other = &sequence(&[octets, alg, name]);
        assert_eq!(Container::of(&sequence(&[other, alg, bits])), None);
    }
}
