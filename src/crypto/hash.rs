//! Hash functions: the one list of them.

use der_parser::oid;
use ring::digest;
use sm3::Digest as _;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum Hash {
    /// MD2 (RFC 1319).
    Md2,
    /// MD5 (RFC 1321).
    Md5,
    /// SHA-1 (FIPS 180-4).
    Sha1,
    /// SHA-224 (FIPS 180-4).
    Sha224,
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Hash {
    /// The usual name, `SHA-256` for example.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Md2 => "MD2",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sm3 => "SM3",
        }
    }

    /// Whether collisions are practical, so that a signature over it proves nothing: MD2, MD5, SHA-1.
    pub(crate) const fn is_weak(self) -> bool {
        matches!(self, Self::Md2 | Self::Md5 | Self::Sha1)
    }

    /// Octets of a digest.
    pub(crate) const fn octets(self) -> usize {
        match self {
            Self::Md2 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Sm3 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Content octets of the identifier (RFC 8017, B.1; GM/T 0006).
    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::Md2 => &oid!(raw 1.2.840.113549.2.2),
            Self::Md5 => &oid!(raw 1.2.840.113549.2.5),
            Self::Sha1 => &oid!(raw 1.3.14.3.2.26),
            Self::Sha224 => &oid!(raw 2.16.840.1.101.3.4.2.4),
            Self::Sha256 => &oid!(raw 2.16.840.1.101.3.4.2.1),
            Self::Sha384 => &oid!(raw 2.16.840.1.101.3.4.2.2),
            Self::Sha512 => &oid!(raw 2.16.840.1.101.3.4.2.3),
            Self::Sm3 => &oid!(raw 1.2.156.10197.1.401),
        }
    }

    /// The hash that parameters of RSASSA-PSS may name (RFC 8017, A.2.3), from the content octets of its identifier.
    pub(crate) fn of_pss(oid: &[u8]) -> Option<Self> {
        [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512]
            .into_iter()
            .find(|hash| hash.oid() == oid)
    }

    /// The digest of `data`; `None` for MD2, MD5 and SHA-224, which are not computed here.
    pub(crate) fn digest(self, data: &[u8]) -> Option<Vec<u8>> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
            Self::Sm3 => return Some(sm3::Sm3::digest(data).to_vec()),
            Self::Md2 | Self::Md5 | Self::Sha224 => return None,
        };
        Some(digest::digest(algorithm, data).as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::oid::dotted;

    #[test]
    fn every_hash_has_its_length_and_its_identifier() {
        use Hash::*;
        for (hash, octets, oid, is_computed) in [
            (Md2, 16, "1.2.840.113549.2.2", false),
            (Md5, 16, "1.2.840.113549.2.5", false),
            (Sha1, 20, "1.3.14.3.2.26", true),
            (Sha224, 28, "2.16.840.1.101.3.4.2.4", false),
            (Sha256, 32, "2.16.840.1.101.3.4.2.1", true),
            (Sha384, 48, "2.16.840.1.101.3.4.2.2", true),
            (Sha512, 64, "2.16.840.1.101.3.4.2.3", true),
            (Sm3, 32, "1.2.156.10197.1.401", true),
        ] {
            assert_eq!(hash.octets(), octets, "{hash:?}");
            assert_eq!(dotted(hash.oid()).as_deref(), Some(oid), "{hash:?}");
            assert_eq!(hash.digest(b"abc").map(|digest| digest.len()), is_computed.then_some(octets));
            let is_of_pss = !matches!(hash, Md2 | Md5 | Sm3);
            assert_eq!(Hash::of_pss(hash.oid()), is_of_pss.then_some(hash));
        }
    }
}
