//! Algorithms: the one table of their identifiers, names, parameters and hashes.

use std::borrow::Cow;

use der_parser::oid;

use super::hash::Hash;
use super::rsa::pss::{Pss, PssParameters};
use super::signature::NotSupported;
use crate::der::oid::Oid;

/// rsaEncryption (RFC 8017, A.1): RSA keys.
pub(crate) const RSA_ENCRYPTION: &[u8] = &oid!(raw 1.2.840.113549.1.1.1);
/// RSASSA-PSS (RFC 8017, A.2.3): its signatures, and keys that sign in no other way.
pub(crate) const RSA_PSS: &[u8] = &oid!(raw 1.2.840.113549.1.1.10);
/// id-ecPublicKey (RFC 5480, 2.1.1).
pub(crate) const EC_PUBLIC_KEY: &[u8] = &oid!(raw 1.2.840.10045.2.1);

/// A signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum SignatureScheme {
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
    /// The hash that it signs; `None` for Ed25519, which has its own.
    pub(crate) const fn hash(self) -> Option<Hash> {
        match self {
            Self::Dsa(hash) | Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash) => Some(hash),
            Self::Sm2Sm3 => Some(Hash::Sm3),
            Self::Ed25519 => None,
        }
    }
}

/// What is known of an algorithm: a row of the table.
#[derive(Debug)]
struct Entry {
    /// Content octets of the identifier.
    oid: &'static [u8],
    /// What messages call it.
    name: &'static str,
    /// What Go's `x509.SignatureAlgorithm` prints for it; `SM2-SM3`, which Go does not know, for SM2.
    go_name: Option<&'static str>,
    /// Which parameters it has beside its identifier.
    parameters: Parameters,
    /// The scheme, with its hash; `None` for kinds of key, for RSASSA-PSS, whose parameters say it, and where certgate has only the name.
    scheme: Option<SignatureScheme>,
    /// Whether certgate verifies signatures with it.
    is_verified: bool,
}

/// The parameters in an AlgorithmIdentifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parameters {
    /// NULL (RFC 3279, 2.2.1; RFC 4055, 5).
    Null,
    /// RSASSA-PSS-params (RFC 4055, 3.1).
    Pss,
    /// Not looked at.
    Any,
}

impl Entry {
    /// An algorithm whose signatures are verified.
    const fn verified(
        oid: &'static [u8],
        name: &'static str,
        go_name: &'static str,
        scheme: SignatureScheme,
    ) -> Self {
        Self { is_verified: true, ..Self::signs(oid, name, Some(go_name), scheme) }
    }

    /// A signature algorithm that is known, but not verified.
    const fn signs(
        oid: &'static [u8],
        name: &'static str,
        go_name: Option<&'static str>,
        scheme: SignatureScheme,
    ) -> Self {
        let parameters = match scheme {
            RsaPkcs1(_) => Parameters::Null,
            _ => Parameters::Any,
        };
        Self { oid, name, go_name, parameters, scheme: Some(scheme), is_verified: false }
    }

    /// An algorithm of which only the name is known.
    const fn named(oid: &'static [u8], name: &'static str) -> Self {
        Self { oid, name, go_name: None, parameters: Parameters::Any, scheme: None, is_verified: false }
    }

    /// An algorithm of which only the name is known, which Go prints too.
    const fn shown(oid: &'static [u8], name: &'static str) -> Self {
        Self { go_name: Some(name), ..Self::named(oid, name) }
    }

    fn of(oid: &[u8]) -> Option<&'static Self> {
        TABLE.iter().find(|entry| entry.oid == oid)
    }
}

/// What an algorithm is called, from the content octets of its identifier.
pub(crate) fn name(oid: &[u8]) -> Option<&'static str> {
    Entry::of(oid).map(|entry| entry.name)
}

/// The algorithm that a certificate is signed with.
#[derive(Clone, Debug)]
pub(crate) struct SignatureAlgorithm<'a> {
    oid: Oid<'a>,
    parameters: Option<&'a [u8]>,
    entry: Option<&'static Entry>,
    /// The parameters of RSASSA-PSS, where it is that and they could be read.
    pss: Option<PssParameters>,
}

impl<'a> SignatureAlgorithm<'a> {
    /// From the identifier of an AlgorithmIdentifier (RFC 5280, 4.1.1.2), and its parameters with their header.
    pub(crate) fn new(oid: Oid<'a>, parameters: Option<&'a [u8]>) -> Self {
        let entry = Entry::of(oid.as_bytes());
        let has_pss = entry.is_some_and(|entry| entry.parameters == Parameters::Pss);
        let pss = parameters.filter(|_| has_pss).and_then(PssParameters::from_der);
        Self { oid, parameters, entry, pss }
    }

    /// The object identifier.
    pub(crate) fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// The parameters as DER, header included; `None` where there are none.
    pub(crate) fn parameters(&self) -> Option<&'a [u8]> {
        self.parameters
    }

    /// The scheme; `None` where certgate knows none of that identifier and those parameters.
    pub(crate) fn scheme(&self) -> Option<SignatureScheme> {
        match self.pss {
            Some(pss) => pss.known().and_then(Pss::scheme),
            None => self.entry?.scheme,
        }
    }

    /// The hash, also that of RSASSA-PSS with parameters that [`scheme`](Self::scheme) does not cover.
    pub(crate) fn hash(&self) -> Option<Hash> {
        match self.pss {
            Some(pss) => pss.hash,
            None => self.scheme()?.hash(),
        }
    }

    /// The name in the API's metadata: as Go's `x509.SignatureAlgorithm` prints it (`SHA256-RSA`, `ECDSA-SHA384`), `SM2-SM3`,
    /// else the dotted object identifier.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        let go_name = match self.scheme() {
            Some(SignatureScheme::RsaPss(Hash::Sha256)) => Some("SHA256-RSAPSS"),
            Some(SignatureScheme::RsaPss(Hash::Sha384)) => Some("SHA384-RSAPSS"),
            Some(SignatureScheme::RsaPss(Hash::Sha512)) => Some("SHA512-RSAPSS"),
            _ => self.entry.and_then(|entry| entry.go_name),
        };
        go_name.map_or_else(|| Cow::Owned(self.oid.to_string()), Cow::Borrowed)
    }

    /// Whether the identifier is one whose parameters must be NULL.
    pub(crate) fn wants_null(&self) -> bool {
        self.entry.is_some_and(|entry| entry.parameters == Parameters::Null)
    }

    /// How to verify a signature with it.
    pub(crate) fn verification(&self) -> Result<Verification, NotSupported> {
        match self.entry {
            Some(entry) if entry.parameters == Parameters::Pss => {
                if self.parameters.is_none() {
                    return Err(NotSupported::PssWithoutParameters);
                }
                let pss = self.pss.and_then(PssParameters::known).filter(|pss| pss.is_verified());
                pss.map(Verification::Pss).ok_or(NotSupported::PssParameters)
            }
            Some(Entry { is_verified: true, scheme: Some(scheme), .. }) => Ok(Verification::Scheme(*scheme)),
            Some(entry) => Err(NotSupported::Algorithm(Cow::Borrowed(entry.name))),
            None => match crate::der::oid::dotted(self.oid.as_bytes()) {
                Some(dotted) => Err(NotSupported::Algorithm(Cow::Owned(dotted))),
                None => Err(NotSupported::MalformedAlgorithm),
            },
        }
    }
}

/// How a signature is verified.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Verification {
    /// By RSASSA-PSS, whatever the length of its salt.
    Pss(Pss),
    /// By another scheme.
    Scheme(SignatureScheme),
}

use SignatureScheme::{Dsa, Ecdsa, Ed25519, RsaPkcs1, Sm2Sm3};

/// All algorithms that have a name here; signature algorithms first, the frequent ones before the others.
static TABLE: &[Entry] = &[
    Entry::verified(
        &oid!(raw 1.2.840.113549.1.1.11),
        "RSA and SHA-256",
        "SHA256-RSA",
        RsaPkcs1(Hash::Sha256),
    ),
    Entry::verified(&oid!(raw 1.2.840.10045.4.3.2), "ECDSA and SHA-256", "ECDSA-SHA256", Ecdsa(Hash::Sha256)),
    Entry::verified(&oid!(raw 1.2.840.10045.4.3.3), "ECDSA and SHA-384", "ECDSA-SHA384", Ecdsa(Hash::Sha384)),
    Entry::verified(
        &oid!(raw 1.2.840.113549.1.1.12),
        "RSA and SHA-384",
        "SHA384-RSA",
        RsaPkcs1(Hash::Sha384),
    ),
    Entry::verified(
        &oid!(raw 1.2.840.113549.1.1.13),
        "RSA and SHA-512",
        "SHA512-RSA",
        RsaPkcs1(Hash::Sha512),
    ),
    Entry::verified(&oid!(raw 1.2.156.10197.1.501), "SM2 and SM3", "SM2-SM3", Sm2Sm3),
    Entry { parameters: Parameters::Pss, ..Entry::named(RSA_PSS, "RSA-PSS") },
    Entry::verified(&oid!(raw 1.2.840.10045.4.3.4), "ECDSA and SHA-512", "ECDSA-SHA512", Ecdsa(Hash::Sha512)),
    Entry::verified(&oid!(raw 1.3.101.112), "Ed25519", "Ed25519", Ed25519),
    Entry::verified(&oid!(raw 1.2.840.113549.1.1.5), "RSA and SHA-1", "SHA1-RSA", RsaPkcs1(Hash::Sha1)),
    Entry::verified(&oid!(raw 1.2.840.10045.4.1), "ECDSA and SHA-1", "ECDSA-SHA1", Ecdsa(Hash::Sha1)),
    // An old name that Microsoft's tools wrote, without parameters.
    Entry {
        parameters: Parameters::Any,
        ..Entry::verified(&oid!(raw 1.3.14.3.2.29), "RSA and SHA-1", "SHA1-RSA", RsaPkcs1(Hash::Sha1))
    },
    Entry::signs(&oid!(raw 1.2.840.113549.1.1.2), "RSA and MD2", None, RsaPkcs1(Hash::Md2)),
    Entry::signs(&oid!(raw 1.2.840.113549.1.1.4), "RSA and MD5", Some("MD5-RSA"), RsaPkcs1(Hash::Md5)),
    Entry::signs(&oid!(raw 1.2.840.113549.1.1.14), "RSA and SHA-224", None, RsaPkcs1(Hash::Sha224)),
    Entry::signs(&oid!(raw 1.2.840.10045.4.3.1), "ECDSA and SHA-224", None, Ecdsa(Hash::Sha224)),
    Entry::signs(&oid!(raw 1.2.840.10040.4.3), "DSA and SHA-1", Some("DSA-SHA1"), Dsa(Hash::Sha1)),
    Entry::signs(&oid!(raw 2.16.840.1.101.3.4.3.1), "DSA and SHA-224", None, Dsa(Hash::Sha224)),
    Entry::signs(&oid!(raw 2.16.840.1.101.3.4.3.2), "DSA and SHA-256", Some("DSA-SHA256"), Dsa(Hash::Sha256)),
    Entry::named(&oid!(raw 1.2.840.113549.1.1.15), "RSA and SHA-512/224"),
    Entry::named(&oid!(raw 1.2.840.113549.1.1.16), "RSA and SHA-512/256"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.9), "ECDSA and SHA3-224"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.10), "ECDSA and SHA3-256"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.11), "ECDSA and SHA3-384"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.12), "ECDSA and SHA3-512"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.13), "RSA and SHA3-224"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.14), "RSA and SHA3-256"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.15), "RSA and SHA3-384"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.16), "RSA and SHA3-512"),
    Entry::named(&oid!(raw 1.2.156.10197.1.502), "SM2 and SHA-1"),
    Entry::named(&oid!(raw 1.2.156.10197.1.503), "SM2 and SHA-256"),
    Entry::named(&oid!(raw 1.2.156.10197.1.504), "RSA and SM3"),
    // Kinds of key; where a kind signs in one way only, the signature has its identifier.
    Entry::named(&oid!(raw 1.2.840.113549.1.1.7), "RSAES-OAEP"),
    Entry::named(&oid!(raw 1.2.840.113549.1.3.1), "Diffie-Hellman"),
    Entry::named(&oid!(raw 1.2.840.10040.4.1), "DSA"),
    Entry::named(&oid!(raw 1.2.840.10046.2.1), "Diffie-Hellman"),
    Entry::named(&oid!(raw 1.3.14.3.2.12), "DSA"),
    Entry::named(&oid!(raw 1.3.101.110), "X25519"),
    Entry::named(&oid!(raw 1.3.101.111), "X448"),
    Entry::named(&oid!(raw 1.3.101.113), "Ed448"),
    Entry::named(&oid!(raw 1.3.132.1.12), "ECDH"),
    Entry::named(&oid!(raw 1.3.132.1.13), "ECMQV"),
    Entry::named(&oid!(raw 1.2.643.2.2.19), "GOST R 34.10-2001"),
    Entry::named(&oid!(raw 1.2.643.7.1.1.1.1), "GOST R 34.10-2012 (256)"),
    Entry::named(&oid!(raw 1.2.643.7.1.1.1.2), "GOST R 34.10-2012 (512)"),
    Entry::named(&oid!(raw 1.2.156.10197.1.302), "SM9"),
    Entry::shown(&oid!(raw 2.16.840.1.101.3.4.3.17), "ML-DSA-44"),
    Entry::shown(&oid!(raw 2.16.840.1.101.3.4.3.18), "ML-DSA-65"),
    Entry::shown(&oid!(raw 2.16.840.1.101.3.4.3.19), "ML-DSA-87"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.20), "SLH-DSA-SHA2-128s"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.21), "SLH-DSA-SHA2-128f"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.22), "SLH-DSA-SHA2-192s"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.23), "SLH-DSA-SHA2-192f"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.24), "SLH-DSA-SHA2-256s"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.25), "SLH-DSA-SHA2-256f"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.26), "SLH-DSA-SHAKE-128s"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.27), "SLH-DSA-SHAKE-128f"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.28), "SLH-DSA-SHAKE-192s"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.29), "SLH-DSA-SHAKE-192f"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.30), "SLH-DSA-SHAKE-256s"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.3.31), "SLH-DSA-SHAKE-256f"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.4.1), "ML-KEM-512"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.4.2), "ML-KEM-768"),
    Entry::named(&oid!(raw 2.16.840.1.101.3.4.4.3), "ML-KEM-1024"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::oid::dotted;

    #[test]
    fn no_identifier_is_listed_twice() {
        for (index, entry) in TABLE.iter().enumerate() {
            assert!(dotted(entry.oid).is_some(), "{entry:?}");
            assert!(TABLE.iter().skip(index + 1).all(|other| other.oid != entry.oid), "{entry:?}");
        }
    }

    #[test]
    fn what_is_verified_has_a_scheme_whose_hash_can_be_computed() {
        for entry in TABLE.iter().filter(|entry| entry.scheme.is_some()) {
            let hash = entry.scheme.and_then(SignatureScheme::hash);
            let is_dsa = matches!(entry.scheme, Some(Dsa(_)));
            let is_computed = hash.is_none_or(|hash| hash.digest(b"").is_some());
            assert_eq!(entry.is_verified, is_computed && !is_dsa, "{entry:?}");
        }
    }

    #[test]
    fn identifiers_of_keys_are_what_their_names_say() {
        for (oid, want) in [
            (RSA_ENCRYPTION, "1.2.840.113549.1.1.1"),
            (RSA_PSS, "1.2.840.113549.1.1.10"),
            (EC_PUBLIC_KEY, "1.2.840.10045.2.1"),
        ] {
            assert_eq!(dotted(oid).as_deref(), Some(want));
        }
    }
}
