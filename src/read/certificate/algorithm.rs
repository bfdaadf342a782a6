//! Signature algorithms: what an AlgorithmIdentifier means, and what Go calls it.

use der_parser::oid;
use std::borrow::Cow;

use x509_parser::prelude::{AlgorithmIdentifier, FromDer};
use x509_parser::signature_algorithm::SignatureAlgorithm as Parsed;

use super::oid::Oid;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hash {
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
    pub const fn name(self) -> &'static str {
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

    /// Whether collisions are practical, so that no signature over it proves anything: MD2, MD5, SHA-1.
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Md2 | Self::Md5 | Self::Sha1)
    }

    /// Octets of the digest.
    const fn octets(self) -> u32 {
        match self {
            Self::Md2 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Sm3 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// DSA (RFC 3279, 2.2.2; RFC 5758, 3.1).
    Dsa(Hash),
    /// ECDSA (RFC 5758, 3.2).
    Ecdsa(Hash),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 4055, 5).
    RsaPkcs1(Hash),
    /// RSASSA-PSS (RFC 4055, 3.1) with one hash for message and mask, and a salt as long as its digest.
    RsaPss(Hash),
    /// SM2 with SM3 (GM/T 0006, GB/T 32918.2).
    Sm2Sm3,
}

impl SignatureScheme {
    /// Of the content octets of an identifier. RSASSA-PSS is none: it depends on the parameters.
    pub(crate) fn of(oid: &[u8]) -> Option<Self> {
        SCHEMES.iter().find(|(known, _)| *known == oid).map(|(_, scheme)| *scheme)
    }

    /// The hash that it signs; `None` for Ed25519, which has its own.
    pub const fn hash(self) -> Option<Hash> {
        match self {
            Self::Dsa(hash) | Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash) => Some(hash),
            Self::Sm2Sm3 => Some(Hash::Sm3),
            Self::Ed25519 => None,
        }
    }

    /// The name as Go's `x509.SignatureAlgorithm` prints it, where Go knows the algorithm, and `SM2-SM3`.
    const fn go_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Dsa(Hash::Sha1) => "DSA-SHA1",
            Self::Dsa(Hash::Sha256) => "DSA-SHA256",
            Self::Ecdsa(Hash::Sha1) => "ECDSA-SHA1",
            Self::Ecdsa(Hash::Sha256) => "ECDSA-SHA256",
            Self::Ecdsa(Hash::Sha384) => "ECDSA-SHA384",
            Self::Ecdsa(Hash::Sha512) => "ECDSA-SHA512",
            Self::Ed25519 => "Ed25519",
            Self::RsaPkcs1(Hash::Md5) => "MD5-RSA",
            Self::RsaPkcs1(Hash::Sha1) => "SHA1-RSA",
            Self::RsaPkcs1(Hash::Sha256) => "SHA256-RSA",
            Self::RsaPkcs1(Hash::Sha384) => "SHA384-RSA",
            Self::RsaPkcs1(Hash::Sha512) => "SHA512-RSA",
            Self::RsaPss(Hash::Sha256) => "SHA256-RSAPSS",
            Self::RsaPss(Hash::Sha384) => "SHA384-RSAPSS",
            Self::RsaPss(Hash::Sha512) => "SHA512-RSAPSS",
            Self::Sm2Sm3 => "SM2-SM3",
            Self::Dsa(_) | Self::Ecdsa(_) | Self::RsaPkcs1(_) | Self::RsaPss(_) => return None,
        })
    }
}

/// The algorithm that a certificate is signed with.
#[derive(Clone, Debug)]
pub struct SignatureAlgorithm<'a> {
    oid: Oid<'a>,
    parameters: Option<&'a [u8]>,
    scheme: Option<SignatureScheme>,
    hash: Option<Hash>,
}

impl<'a> SignatureAlgorithm<'a> {
    /// From an AlgorithmIdentifier (RFC 5280, 4.1.1.2): the whole, its identifier, and its parameters with their header.
    pub(super) fn new(raw: &'a [u8], oid: Oid<'a>, parameters: Option<&'a [u8]>) -> Self {
        let (scheme, hash) = match oid.as_bytes() {
            RSA_PSS => pss(raw),
            other => {
                let scheme = SignatureScheme::of(other);
                (scheme, scheme.and_then(SignatureScheme::hash))
            }
        };
        Self { oid, parameters, scheme, hash }
    }

    /// The object identifier.
    pub fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// The parameters as DER, header included; `None` where there are none.
    pub fn parameters(&self) -> Option<&'a [u8]> {
        self.parameters
    }

    /// The scheme; `None` where certgate knows none of that identifier and those parameters.
    pub fn scheme(&self) -> Option<SignatureScheme> {
        self.scheme
    }

    /// The hash, also that of RSASSA-PSS with parameters that [`scheme`](Self::scheme) does not cover.
    pub fn hash(&self) -> Option<Hash> {
        self.hash
    }

    /// The name in the API's metadata: as Go's `x509.SignatureAlgorithm` prints it (`SHA256-RSA`, `ECDSA-SHA384`), `SM2-SM3`,
    /// else the dotted object identifier.
    pub fn name(&self) -> Cow<'static, str> {
        match self.scheme.and_then(SignatureScheme::go_name) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(self.oid.to_string()),
        }
    }

    /// Whether the identifier is one of PKCS#1 whose parameters must be NULL (RFC 3279, 2.2.1; RFC 4055, 5).
    pub(super) fn wants_null(&self) -> bool {
        matches!(self.scheme, Some(SignatureScheme::RsaPkcs1(_))) && self.oid.as_bytes() != ISO_SHA1_RSA
    }
}

/// RSASSA-PSS (RFC 8017, A.2.3); also the algorithm of keys that sign in no other way.
pub(crate) const RSA_PSS: &[u8] = &oid!(raw 1.2.840.113549.1.1.10);
/// 1.3.14.3.2.29, an old name for SHA-1 with RSA that Microsoft tools wrote.
const ISO_SHA1_RSA: &[u8] = &oid!(raw 1.3.14.3.2.29);

static SCHEMES: &[(&[u8], SignatureScheme)] = &[
    (&oid!(raw 1.2.840.113549.1.1.11), SignatureScheme::RsaPkcs1(Hash::Sha256)),
    (&oid!(raw 1.2.840.113549.1.1.12), SignatureScheme::RsaPkcs1(Hash::Sha384)),
    (&oid!(raw 1.2.840.113549.1.1.13), SignatureScheme::RsaPkcs1(Hash::Sha512)),
    (&oid!(raw 1.2.840.113549.1.1.14), SignatureScheme::RsaPkcs1(Hash::Sha224)),
    (&oid!(raw 1.2.840.113549.1.1.5), SignatureScheme::RsaPkcs1(Hash::Sha1)),
    (&oid!(raw 1.2.840.113549.1.1.4), SignatureScheme::RsaPkcs1(Hash::Md5)),
    (&oid!(raw 1.2.840.113549.1.1.2), SignatureScheme::RsaPkcs1(Hash::Md2)),
    (ISO_SHA1_RSA, SignatureScheme::RsaPkcs1(Hash::Sha1)),
    (&oid!(raw 1.2.840.10045.4.1), SignatureScheme::Ecdsa(Hash::Sha1)),
    (&oid!(raw 1.2.840.10045.4.3.1), SignatureScheme::Ecdsa(Hash::Sha224)),
    (&oid!(raw 1.2.840.10045.4.3.2), SignatureScheme::Ecdsa(Hash::Sha256)),
    (&oid!(raw 1.2.840.10045.4.3.3), SignatureScheme::Ecdsa(Hash::Sha384)),
    (&oid!(raw 1.2.840.10045.4.3.4), SignatureScheme::Ecdsa(Hash::Sha512)),
    (&oid!(raw 1.3.101.112), SignatureScheme::Ed25519),
    (&oid!(raw 1.2.156.10197.1.501), SignatureScheme::Sm2Sm3),
    (&oid!(raw 1.2.840.10040.4.3), SignatureScheme::Dsa(Hash::Sha1)),
    (&oid!(raw 2.16.840.1.101.3.4.3.1), SignatureScheme::Dsa(Hash::Sha224)),
    (&oid!(raw 2.16.840.1.101.3.4.3.2), SignatureScheme::Dsa(Hash::Sha256)),
];

/// The hash functions that RSASSA-PSS parameters may name.
static HASHES: &[(&[u8], Hash)] = &[
    (&oid!(raw 1.3.14.3.2.26), Hash::Sha1),
    (&oid!(raw 2.16.840.1.101.3.4.2.4), Hash::Sha224),
    (&oid!(raw 2.16.840.1.101.3.4.2.1), Hash::Sha256),
    (&oid!(raw 2.16.840.1.101.3.4.2.2), Hash::Sha384),
    (&oid!(raw 2.16.840.1.101.3.4.2.3), Hash::Sha512),
];

fn pss(raw: &[u8]) -> (Option<SignatureScheme>, Option<Hash>) {
    let Ok((_, identifier)) = AlgorithmIdentifier::from_der(raw) else {
        return (None, None);
    };
    let Ok(Parsed::RSASSA_PSS(parameters)) = Parsed::try_from(&identifier) else {
        return (None, None);
    };
    let named = |oid: &[u8]| HASHES.iter().find(|(known, _)| *known == oid).map(|(_, hash)| *hash);
    let hash = named(parameters.hash_algorithm_oid().as_bytes());
    let mask = parameters.mask_gen_algorithm().ok().and_then(|mask| named(mask.hash.as_bytes()));
    let scheme = hash.filter(|hash| {
        mask == Some(*hash) && parameters.salt_length() == hash.octets() && parameters.trailer_field() == 1
    });
    (scheme.map(SignatureScheme::RsaPss), hash)
}
