//! Throw-away keys, whole or taken apart.
//!
//! The keys are fixed ([`crate::key::named`]); their parts are public fields, so a key that lies is composed by changing
//! one: `Rsa { d: other.d, ..victim }`, `Ec { scalar: other.scalar, ..victim }`. Encodings are made from the parts.

mod ec;
mod envelope;
mod rsa;
mod store;

pub use ec::{Ec, Sec1, explicit};
pub use envelope::{enveloped_data, enveloped_key_blob, sm2_enveloped_key};
pub use rsa::Rsa;
pub use store::*;

use crate::der::{Node, bits, ctx_prim, int, octets, seq};
use crate::pem;
use num_bigint::BigInt;

/// A key pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA under `rsaEncryption`.
    Rsa(Rsa),
    /// On a short Weierstrass curve, SM2 included.
    Ec(Ec),
    /// Of a kind that only its encodings are known of.
    Other(Other),
}

/// A key of another kind: its encodings as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The name in [`named`].
    pub name: &'static str,
    /// SubjectPublicKeyInfo
    pub spki: Vec<u8>,
    /// PKCS#8
    pub pkcs8: Vec<u8>,
    /// The RSA parts of an RSA-PSS key.
    pub rsa: Option<Rsa>,
}

/// OneAsymmetricKey (RFC 5958), every field open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs8 {
    /// 0 for PKCS#8 v1, 1 for v2.
    pub version: i64,
    /// The AlgorithmIdentifier.
    pub algorithm: Node,
    /// The contents of the privateKey OCTET STRING.
    pub key: Vec<u8>,
    /// `attributes [0]`, encoded with its tag.
    pub attributes: Option<Node>,
    /// The octets of `publicKey [1]`.
    pub public: Option<Vec<u8>>,
}

impl Pkcs8 {
    /// Version 1 without attributes.
    pub fn new(algorithm: Node, key: Node) -> Pkcs8 {
        Pkcs8 { version: 0, algorithm, key: key.encode(), attributes: None, public: None }
    }

    /// The structure.
    pub fn node(&self) -> Node {
        let mut node =
            seq([int(&BigInt::from(self.version)), self.algorithm.clone(), octets(self.key.as_slice())]);
        if let Some(attributes) = &self.attributes {
            node.push(attributes.clone());
        }
        if let Some(public) = &self.public {
            node.push(ctx_prim(1, [&[0], public.as_slice()].concat()));
        }
        node
    }

    /// As PEM, label `PRIVATE KEY`.
    pub fn pem(&self) -> String {
        pem::encode("PRIVATE KEY", &self.node().encode())
    }
}

impl Key {
    /// SubjectPublicKeyInfo in its usual form.
    pub fn spki(&self) -> Node {
        match self {
            Key::Rsa(rsa) => rsa.spki(),
            Key::Ec(ec) => ec.spki(),
            Key::Other(other) => Node::raw(other.spki.as_slice()),
        }
    }

    /// PKCS#8 in its usual form, DER.
    pub fn pkcs8(&self) -> Vec<u8> {
        match self {
            Key::Rsa(rsa) => rsa.pkcs8().node().encode(),
            Key::Ec(ec) => ec.pkcs8().node().encode(),
            Key::Other(other) => other.pkcs8.clone(),
        }
    }

    /// PKCS#8 as PEM.
    pub fn pem(&self) -> String {
        pem::encode("PRIVATE KEY", &self.pkcs8())
    }

    /// The traditional form as PEM: PKCS#1 under `RSA PRIVATE KEY`, SEC1 under `EC PRIVATE KEY`, else PKCS#8.
    pub fn traditional_pem(&self) -> String {
        match self {
            Key::Rsa(rsa) => pem::encode("RSA PRIVATE KEY", &rsa.pkcs1().encode()),
            Key::Ec(ec) => pem::encode("EC PRIVATE KEY", &ec.sec1().node().encode()),
            Key::Other(_) => self.pem(),
        }
    }

    /// The public key as PEM.
    pub fn public_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.spki().encode())
    }

    /// The RSA parts.
    ///
    /// # Panics
    /// If the key has none.
    pub fn rsa(&self) -> Rsa {
        match self {
            Key::Rsa(rsa) => rsa.clone(),
            Key::Other(Other { rsa: Some(rsa), .. }) => rsa.clone(),
            _ => panic!("not an RSA key"),
        }
    }

    /// The parts of a key on a curve.
    ///
    /// # Panics
    /// If it is not one.
    pub fn ec(&self) -> Ec {
        match self {
            Key::Ec(ec) => ec.clone(),
            _ => panic!("not a key on a curve"),
        }
    }
}

impl From<Rsa> for Key {
    fn from(rsa: Rsa) -> Key {
        Key::Rsa(rsa)
    }
}

impl From<Ec> for Key {
    fn from(ec: Ec) -> Key {
        Key::Ec(ec)
    }
}

/// A SubjectPublicKeyInfo of any parts.
pub fn spki(algorithm: Node, public: &[u8]) -> Node {
    seq([algorithm, bits(public)])
}
