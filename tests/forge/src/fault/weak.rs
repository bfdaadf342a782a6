//! Keys that fit together and that anyone can compute or look up, and keys near them. The numbers that are added make primes.

use super::Base::{Ecc, Rsa};
use super::chains::intermediate;
use super::keys::{lambda, numbers};
use super::{Fault, put_chain, put_key, row};
use crate::cert::Cert;
use crate::chain;
use crate::curve::{Curve, P256, P384, P521, hex};
use crate::form::Form;
use crate::key::{self, Ec, Rsa as Parts};
use num_bigint::{BigInt, BigUint};

fn two_to(power: u32) -> BigInt {
    BigInt::from(1) << power
}

/// A key of these primes, with the usual exponent.
fn of_primes(p: BigInt, q: BigInt) -> Parts {
    Parts { e: BigInt::from(65537), p, q, ..key::rsa2048(0).rsa() }.complete()
}

/// p of a good key, and a prime at this distance.
fn apart(form: &mut Form, distance: BigInt) {
    let p = key::rsa2048(0).rsa().p;
    let q = &p + distance;
    put_key(form, of_primes(p, q));
}

/// A key whose private exponent is this one.
fn with_private_exponent(form: &mut Form, d: BigInt) {
    let parts = key::rsa2048(0).rsa();
    let phi: BigInt = (&parts.p - 1) * (&parts.q - 1);
    numbers(form, parts, d.modinv(&phi).unwrap());
}

/// A key of the primes 3·2^n + m.
fn of_lengths(p: (u32, u32), q: (u32, u32)) -> Parts {
    let prime = |(power, more): (u32, u32)| (BigInt::from(3) << power) + more;
    of_primes(prime(p), prime(q))
}

/// A key of 2048 bits with this prime in its modulus.
fn divisible_by(prime: u32) -> Parts {
    of_primes(BigInt::from(prime), (BigInt::from(3) << 2036) + 1 + 664)
}

/// A prime that is 65537^`exponent` modulo each prime up to 167.
fn of_the_faulty_chip(exponent: u32, more: u32) -> BigInt {
    let is_prime = |n: &u32| (2..*n).all(|by| !n.is_multiple_of(by));
    let primorial = (2_u32..=167).filter(is_prime).fold(BigInt::from(1), |all, prime| all * prime);
    let power = BigInt::from(65537).modpow(&exponent.into(), &primorial);
    let factor = ((BigInt::from(3) << 1022) + (BigInt::from(exponent) << 1000)) / &primorial + more;
    factor * primorial + power
}

fn roca() -> Parts {
    of_primes(of_the_faulty_chip(1, 3), of_the_faulty_chip(2, 59))
}

/// A leaf of the key with this scalar.
fn scalar(form: &mut Form, curve: &'static Curve, scalar: BigUint) {
    put_key(form, Ec::new(curve, scalar));
}

/// The key of the example in RFC 6979, A.2.5.
fn published() -> Ec {
    Ec::new(&P256, hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"))
}

pub(super) const ROWS: &[Fault] = &[
    row(Rsa, "primes-close", |f| apart(f, BigInt::from(68))),
    row(Rsa, "primes-far-enough", |f| apart(f, two_to(924) + 754)),
    row(Rsa, "private-exponent-small", |f| with_private_exponent(f, two_to(1000) + 1)),
    row(Rsa, "private-exponent-small-and-lambda", |f| {
        let parts = key::rsa2048(0).rsa();
        let (d, lambda): (BigInt, BigInt) = (two_to(1000) + 1, lambda(&parts));
        let parts = Parts { e: d.modinv(&lambda).unwrap(), ..parts }.complete();
        put_key(f, Parts { d: d + lambda, ..parts });
    }),
    row(Rsa, "private-exponent-large-enough", |f| with_private_exponent(f, two_to(1025) + 5)),
    row(Ecc, "scalar-of-128-bits", |f| scalar(f, &P256, (BigUint::from(1_u8) << 128) - 1_u8)),
    row(Ecc, "scalar-of-129-bits", |f| scalar(f, &P256, BigUint::from(1_u8) << 128)),
    row(Ecc, "scalar-near-order", |f| scalar(f, &P384, P384.n() - (BigUint::from(1_u8) << 127))),
    row(Ecc, "scalar-not-near-order", |f| scalar(f, &P384, P384.n() - (BigUint::from(1_u8) << 128))),
    row(Ecc, "scalar-2-on-p521", |f| scalar(f, &P521, BigUint::from(2_u8))),
    row(Rsa, "modulus-divisible-by-751", |f| put_key(f, divisible_by(751))),
    row(Rsa, "modulus-divisible-by-757", |f| put_key(f, divisible_by(757))),
    row(Rsa, "prime-of-384-bits", |f| put_key(f, of_lengths((382, 17), (1662, 77)))),
    row(Rsa, "prime-of-385-bits", |f| put_key(f, of_lengths((383, 19), (1661, 1153)))),
    row(Rsa, "issuer-divisible-by-751", |f| intermediate(f, |c| c.key(divisible_by(751)))),
    row(Rsa, "issuer-divisible-by-757", |f| intermediate(f, |c| c.key(divisible_by(757)))),
    row(Rsa, "roca", |f| put_key(f, roca())),
    row(Rsa, "roca-in-one-prime", |f| {
        put_key(f, of_primes(of_the_faulty_chip(1, 3), key::rsa2048(0).rsa().q));
    }),
    row(Rsa, "roca-issuer", |f| intermediate(f, |c| c.key(roca()))),
    row(Ecc, "published-in-a-standard", |f| put_key(f, published())),
    row(Ecc, "published-key-of-an-issuer", |f| {
        let ca = Cert::ca("Published CA").key(published()).issued_by(&chain::plain_issuers().1);
        put_chain(f, &[chain::plain_leaf(key::p256(0)).issued_by(&ca), ca]);
    }),
    row(Ecc, "key-that-the-policy-lists", |f| put_key(f, key::p384(1))),
    row(Ecc, "key-on-no-list", |f| put_key(f, key::p521(1))),
];
