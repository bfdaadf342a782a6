//! Keys on curves by their parts.

use super::{Pkcs8, spki};
use crate::curve::{Curve, Point, octets};
use crate::der::{self, Node, bits, ctx, int, oid, seq, small};
use num_bigint::{BigInt, BigUint};

const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";

/// The parts of a key on a curve; `point` need not belong to `scalar`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ec {
    /// The curve.
    pub curve: &'static Curve,
    /// The private key.
    pub scalar: BigUint,
    /// The public key.
    pub point: Point,
}

/// ECPrivateKey (RFC 5915), every field open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sec1 {
    /// 1
    pub version: i64,
    /// The scalar's octets.
    pub scalar: Vec<u8>,
    /// What `parameters [0]` holds.
    pub parameters: Option<Node>,
    /// The octets of `publicKey [1]`.
    pub public: Option<Vec<u8>>,
}

impl Sec1 {
    /// The structure.
    pub fn node(&self) -> Node {
        let mut node = seq([small(self.version), der::octets(self.scalar.as_slice())]);
        if let Some(parameters) = &self.parameters {
            node.push(ctx(0, [parameters.clone()]));
        }
        if let Some(public) = &self.public {
            node.push(ctx(1, [bits(public)]));
        }
        node
    }
}

impl Ec {
    /// The key of this scalar, its point computed.
    pub fn new(curve: &'static Curve, scalar: BigUint) -> Ec {
        let point = curve.base(&scalar);
        Ec { curve, scalar, point }
    }

    /// The AlgorithmIdentifier `id-ecPublicKey` with the curve's name.
    pub fn algorithm(&self) -> Node {
        seq([oid(EC_PUBLIC_KEY), oid(self.curve.oid)])
    }
    /// The AlgorithmIdentifier `id-ecPublicKey` with explicit curve parameters.
    pub fn algorithm_explicit(&self) -> Node {
        seq([oid(EC_PUBLIC_KEY), explicit(self.curve)])
    }
    /// The AlgorithmIdentifier `id-ecPublicKey` without parameters.
    pub fn algorithm_without_curve(&self) -> Node {
        seq([oid(EC_PUBLIC_KEY)])
    }
    /// The AlgorithmIdentifier with the curve's own OID in the place of `id-ecPublicKey` (SM2: 1.2.156.10197.1.301).
    pub fn algorithm_by_curve(&self, parameters: Option<Node>) -> Node {
        seq(std::iter::once(oid(self.curve.oid)).chain(parameters))
    }

    /// The octets of the uncompressed point.
    pub fn uncompressed(&self) -> Vec<u8> {
        self.curve.uncompressed(&self.point)
    }
    /// The octets of the compressed point.
    pub fn compressed(&self) -> Vec<u8> {
        self.curve.compressed(&self.point)
    }

    /// SubjectPublicKeyInfo, named curve, uncompressed.
    pub fn spki(&self) -> Node {
        spki(self.algorithm(), &self.uncompressed())
    }
    /// SubjectPublicKeyInfo with a compressed point.
    pub fn spki_compressed(&self) -> Node {
        spki(self.algorithm(), &self.compressed())
    }

    /// ECPrivateKey with named curve and point.
    pub fn sec1(&self) -> Sec1 {
        Sec1 {
            version: 1,
            scalar: octets(&self.scalar, self.curve.size),
            parameters: Some(oid(self.curve.oid)),
            public: Some(self.uncompressed()),
        }
    }

    /// PKCS#8 around [`Ec::sec1`] without its parameters, as OpenSSL writes it.
    pub fn pkcs8(&self) -> Pkcs8 {
        Pkcs8::new(self.algorithm(), Sec1 { parameters: None, ..self.sec1() }.node())
    }

    /// Reads ECPrivateKey with its point.
    pub fn parse(curve: &'static Curve, der: &[u8]) -> Ec {
        let mut node = Node::parse(der).expect("SEC1");
        let scalar = BigUint::from_bytes_be(&node.at(&[1]).content());
        let public = node.children().last_mut().unwrap().at(&[0]).content();
        let (x, y) = public[2..].split_at(curve.size);
        let point = Some((BigUint::from_bytes_be(x), BigUint::from_bytes_be(y)));
        Ec { curve, scalar, point }
    }
}

/// ECParameters written out (RFC 3279, section 2.3.5).
pub fn explicit(curve: &Curve) -> Node {
    let number = |value: BigUint| int(&BigInt::from(value));
    seq([
        small(1),
        seq([oid("1.2.840.10045.1.1"), number(curve.p())]),
        seq([der::octets(octets(&curve.a(), curve.size)), der::octets(octets(&curve.b(), curve.size))]),
        der::octets(curve.uncompressed(&curve.g())),
        number(curve.n()),
        small(1),
    ])
}
