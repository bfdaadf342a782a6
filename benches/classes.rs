//! Keys of two classes, proven against one public key that none of them fits, so that all take the same path: "left" holds keys with a
//! number of a special shape, "right" random ones. What a proof costs must not tell them apart.

use certgate_forge::key::{self, Ec, Key, Rsa};
use certgate_forge::{BigInt, BigUint};

const KEYS: usize = 64;

/// The public key, and the keys of both classes.
pub struct Classes {
    pub public: Key,
    pub left: Vec<Key>,
    pub right: Vec<Key>,
}

/// Numbers of so many octets, the first of them 0x5a.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn octets(&mut self, length: usize) -> Vec<u8> {
        let mut octets: Vec<u8> = (0..length).map(|_| self.octet()).collect();
        octets[0] = 0x5a;
        octets
    }

    pub fn octet(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as u8
    }
}

/// Scalars with most bits zero, some very short, against random ones.
fn curve(public: Key) -> Classes {
    let ec = public.ec();
    let (size, order) = (ec.curve.size, ec.curve.n());
    let mut numbers = Numbers(1);
    let with = |scalar: BigUint| Key::from(Ec { scalar, ..ec.clone() });
    // The point beside each is that of the public key: a lie, found out by the same multiplication.
    let left = (0..KEYS).map(|at| with(BigUint::from(1u8) << (at * (size * 8 - 8) / KEYS))).collect();
    let right = (0..KEYS).map(|_| with(BigUint::from_bytes_be(&numbers.octets(size)) % &order)).collect();
    Classes { public, left, right }
}

pub fn p256() -> Classes {
    curve(key::p256(0))
}

pub fn p384() -> Classes {
    curve(key::p384(0))
}

pub fn p521() -> Classes {
    curve(key::p521(0))
}

pub fn sm2() -> Classes {
    curve(key::sm2_enc())
}

/// One number of the key filled with one octet against random ones of the same length: the lengths are public.
fn rsa(length: usize, with: fn(&Rsa, BigInt) -> Rsa, special: Option<u8>) -> Classes {
    let key = key::rsa2048(0).rsa();
    let mut numbers = Numbers(2);
    let mut make = |special: Option<u8>| -> Vec<Key> {
        let one = |_| {
            let mut octets = numbers.octets(length);
            if let Some(octet) = special {
                octets[1..].fill(octet);
                octets[length - 1] = numbers.octet() | 1;
            }
            with(&key, BigInt::from(BigUint::from_bytes_be(&octets))).into()
        };
        (0..KEYS).map(one).collect()
    };
    let (left, right) = (make(special), make(None));
    Classes { public: key.clone().into(), left, right }
}

pub fn rsa_d() -> Classes {
    rsa(256, |key, d| Rsa { d, ..key.clone() }, Some(0))
}

pub fn rsa_p() -> Classes {
    rsa(128, |key, p| Rsa { p, ..key.clone() }, Some(0))
}

pub fn rsa_dp() -> Classes {
    rsa(128, |key, dp| Rsa { dp, ..key.clone() }, Some(0))
}

pub fn rsa_dp_ones() -> Classes {
    rsa(128, |key, dp| Rsa { dp, ..key.clone() }, Some(0xff))
}

pub fn rsa_dq() -> Classes {
    rsa(128, |key, dq| Rsa { dq, ..key.clone() }, Some(0))
}

pub fn rsa_qinv() -> Classes {
    rsa(128, |key, qinv| Rsa { qinv, ..key.clone() }, Some(0))
}

#[allow(dead_code, reason = "only the test of time has a use for it")]
/// The check of the check: both classes hold random keys, so what differs is where in memory they lie.
pub fn same() -> Classes {
    rsa(128, |key, p| Rsa { p, ..key.clone() }, None)
}
