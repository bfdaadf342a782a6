//! RSA keys by their parts.

use super::{Pkcs8, spki};
use crate::der::{Node, int, null, oid, seq, small};
use num_bigint::{BigInt, BigUint};

/// The parts of an RSA key, as PKCS#1 (RFC 8017, A.1.2) has them. Signed, so that they can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rsa {
    /// 0, or 1 for a key of more than two primes.
    pub version: i64,
    /// modulus
    pub n: BigInt,
    /// public exponent
    pub e: BigInt,
    /// private exponent
    pub d: BigInt,
    /// first prime
    pub p: BigInt,
    /// second prime
    pub q: BigInt,
    /// d mod p − 1
    pub dp: BigInt,
    /// d mod q − 1
    pub dq: BigInt,
    /// q⁻¹ mod p
    pub qinv: BigInt,
    /// prime, exponent, coefficient of each further prime
    pub others: Vec<[BigInt; 3]>,
}

impl Rsa {
    /// The AlgorithmIdentifier `rsaEncryption` with NULL.
    pub fn algorithm() -> Node {
        seq([oid("1.2.840.113549.1.1.1"), null()])
    }
    /// The AlgorithmIdentifier without parameters, against RFC 3279.
    pub fn algorithm_without_null() -> Node {
        seq([oid("1.2.840.113549.1.1.1")])
    }

    /// RSAPrivateKey.
    pub fn pkcs1(&self) -> Node {
        let parts = [&self.n, &self.e, &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qinv];
        let mut node = seq(std::iter::once(small(self.version)).chain(parts.map(int)));
        if !self.others.is_empty() {
            node.push(seq(self.others.iter().map(|o| seq(o.iter().map(int)))));
        }
        node
    }

    /// RSAPublicKey.
    pub fn public(&self) -> Node {
        seq([int(&self.n), int(&self.e)])
    }

    /// SubjectPublicKeyInfo.
    pub fn spki(&self) -> Node {
        spki(Rsa::algorithm(), &self.public().encode())
    }

    /// PKCS#8, fields open.
    pub fn pkcs8(&self) -> Pkcs8 {
        Pkcs8::new(Rsa::algorithm(), self.pkcs1())
    }

    /// Reads RSAPrivateKey.
    pub fn parse(der: &[u8]) -> Rsa {
        let mut node = Node::parse(der).expect("PKCS#1");
        let part = |node: &mut Node, i: usize| BigInt::from_signed_bytes_be(&node.at(&[i]).content());
        let version = u32::try_from(part(&mut node, 0)).unwrap();
        let mut parts = (1..9).map(|i| part(&mut node, i)).collect::<Vec<_>>().into_iter();
        let mut next = || parts.next().unwrap();
        let (n, e, d, p, q, dp, dq, qinv) = (next(), next(), next(), next(), next(), next(), next(), next());
        let mut others = Vec::new();
        if version == 1 {
            for other in node.at(&[9]).children() {
                others.push([0, 1, 2].map(|i| part(other, i)));
            }
        }
        Rsa { version: version.into(), n, e, d, p, q, dp, dq, qinv, others }
    }

    /// `d`, `dp`, `dq` and `qinv` made to fit `p`, `q` and `e`; `n` as well.
    pub fn complete(mut self) -> Rsa {
        let one = BigInt::from(1);
        let (p1, q1) = (&self.p - &one, &self.q - &one);
        self.n = &self.p * &self.q;
        self.d = self.e.modinv(&(&p1 * &q1)).expect("e has an inverse");
        self.dp = &self.d % &p1;
        self.dq = &self.d % &q1;
        self.qinv = self.q.modinv(&self.p).expect("q has an inverse");
        self
    }

    /// Octets of the modulus.
    pub(crate) fn size(&self) -> usize {
        (self.n.bits() as usize).div_ceil(8)
    }

    /// `base` to the power `d`, by the primes where they fit.
    pub(crate) fn raise(&self, base: &BigUint) -> BigUint {
        let [n, d, p, q, dp, dq, qinv] =
            [&self.n, &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qinv].map(BigInt::magnitude);
        if &(p * q) != n {
            return base.modpow(d, n);
        }
        let (a, b) = (base.modpow(dp, p), base.modpow(dq, q));
        let h = (a + p - &b % p) * qinv % p;
        b + h * q
    }
}
