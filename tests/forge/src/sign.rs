//! Hashes and deterministic signatures. ECDSA and SM2 nonces are derived from key and message, so equal input gives equal
//! bytes; these keys protect nothing.

use crate::curve::octets;
use crate::der::{Node, ctx, int, null, oid, seq, small};
use crate::key::{Ec, Key, Rsa};
use num_bigint::{BigInt, BigUint};
use ring::digest;
use ring::signature::Ed25519KeyPair;
use sm3::{Digest, Sm3};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1
    Sha1,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// The digest of `data`.
    pub fn of(self, data: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, data).as_ref().to_vec()
    }
    /// The object identifier of the hash.
    pub fn oid(self) -> Node {
        oid(match self {
            Hash::Sha1 => "1.3.14.3.2.26",
            Hash::Sha256 => "2.16.840.1.101.3.4.2.1",
            Hash::Sha384 => "2.16.840.1.101.3.4.2.2",
            Hash::Sha512 => "2.16.840.1.101.3.4.2.3",
        })
    }
    fn size(self) -> usize {
        self.of(b"").len()
    }
}

/// How a certificate is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2)
    Rsa(Hash),
    /// RSASSA-PSS, MGF1 with the same hash, salt as long as the hash (RFC 8017, section 8.1); the salt is zero
    Pss(Hash),
    /// ECDSA (SEC 1)
    Ecdsa(Hash),
    /// Ed25519 (RFC 8032)
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2) under this signer ID
    Sm2(Vec<u8>),
    /// No signature: 64 octets of A5 under this AlgorithmIdentifier
    Garbage(Node),
}

/// The signer ID that certificates use (GM/T 0009, section 10).
pub const SM2_ID: &[u8] = b"1234567812345678";

impl Scheme {
    /// SM2 with SM3 under the usual ID.
    pub fn sm2() -> Scheme {
        Scheme::Sm2(SM2_ID.to_vec())
    }

    /// The usual scheme for a signer's key; garbage for keys that cannot sign here.
    pub fn of(key: &Key) -> Scheme {
        match key {
            Key::Rsa(_) => Scheme::Rsa(Hash::Sha256),
            Key::Ec(ec) => match ec.curve.name {
                "SM2" => Scheme::sm2(),
                "secp384r1" => Scheme::Ecdsa(Hash::Sha384),
                "secp521r1" => Scheme::Ecdsa(Hash::Sha512),
                _ => Scheme::Ecdsa(Hash::Sha256),
            },
            Key::Other(other) if other.name == "ed25519" => Scheme::Ed25519,
            Key::Other(other) if other.name == "rsapss" => Scheme::Pss(Hash::Sha256),
            Key::Other(other) if other.name == "ed448" => Scheme::Garbage(seq([oid("1.3.101.113")])),
            Key::Other(_) => Scheme::Garbage(rsa_algorithm(Hash::Sha256)),
        }
    }

    /// The AlgorithmIdentifier that goes with the scheme.
    pub fn algorithm(&self) -> Node {
        match self {
            Scheme::Rsa(hash) => rsa_algorithm(*hash),
            Scheme::Pss(hash) => {
                let hash_algorithm = seq([hash.oid(), null()]);
                let parameters = seq([
                    ctx(0, [hash_algorithm.clone()]),
                    ctx(1, [seq([oid("1.2.840.113549.1.1.8"), hash_algorithm])]),
                    ctx(2, [small(hash.size() as i64)]),
                ]);
                seq([oid("1.2.840.113549.1.1.10"), parameters])
            }
            Scheme::Ecdsa(hash) => seq([oid(match hash {
                Hash::Sha1 => "1.2.840.10045.4.1",
                Hash::Sha256 => "1.2.840.10045.4.3.2",
                Hash::Sha384 => "1.2.840.10045.4.3.3",
                Hash::Sha512 => "1.2.840.10045.4.3.4",
            })]),
            Scheme::Ed25519 => seq([oid("1.3.101.112")]),
            Scheme::Sm2(_) => seq([oid("1.2.156.10197.1.501")]),
            Scheme::Garbage(algorithm) => algorithm.clone(),
        }
    }

    /// The signature of `message`, as the contents of the certificate's BIT STRING.
    ///
    /// # Panics
    /// If the key does not fit the scheme.
    pub fn sign(&self, key: &Key, message: &[u8]) -> Vec<u8> {
        match (self, key) {
            (Scheme::Garbage(_), _) => vec![0xa5; 64],
            (Scheme::Rsa(hash), Key::Rsa(rsa)) => rsa_pkcs1(rsa, *hash, message),
            (Scheme::Pss(hash), Key::Rsa(rsa)) => rsa_pss(rsa, *hash, message),
            (Scheme::Pss(hash), Key::Other(other)) => {
                rsa_pss(other.rsa.as_ref().expect("an RSA key"), *hash, message)
            }
            (Scheme::Ecdsa(hash), Key::Ec(ec)) => ecdsa(ec, *hash, message),
            (Scheme::Sm2(id), Key::Ec(ec)) => sm2(ec, id, message),
            (Scheme::Ed25519, Key::Other(other)) => {
                let seed = &other.pkcs8[other.pkcs8.len() - 32..];
                Ed25519KeyPair::from_seed_unchecked(seed).unwrap().sign(message).as_ref().to_vec()
            }
            _ => panic!("{self:?} cannot sign with this key"),
        }
    }
}

/// `shaNWithRSAEncryption` with NULL parameters.
pub fn rsa_algorithm(hash: Hash) -> Node {
    seq([
        oid(match hash {
            Hash::Sha1 => "1.2.840.113549.1.1.5",
            Hash::Sha256 => "1.2.840.113549.1.1.11",
            Hash::Sha384 => "1.2.840.113549.1.1.12",
            Hash::Sha512 => "1.2.840.113549.1.1.13",
        }),
        null(),
    ])
}

/// `md5WithRSAEncryption` with NULL parameters; only for [`Scheme::Garbage`].
pub fn md5_algorithm() -> Node {
    seq([oid("1.2.840.113549.1.1.4"), null()])
}

fn rsa_pkcs1(key: &Rsa, hash: Hash, message: &[u8]) -> Vec<u8> {
    let info = seq([seq([hash.oid(), null()]), crate::der::octets(hash.of(message))]).encode();
    let size = key.size();
    let mut block = vec![0, 1];
    block.resize(size - info.len() - 1, 0xff);
    block.push(0);
    block.extend(info);
    octets(&key.raise(&BigUint::from_bytes_be(&block)), size)
}

fn rsa_pss(key: &Rsa, hash: Hash, message: &[u8]) -> Vec<u8> {
    let bits = key.n.bits() as usize - 1;
    let size = bits.div_ceil(8);
    let salt = vec![0; hash.size()];
    let mut seed = vec![0; 8];
    seed.extend(hash.of(message));
    seed.extend(&salt);
    let digest = hash.of(&seed);
    let mut block = vec![0; size - digest.len() * 2 - 2];
    block.push(1);
    block.extend(salt);
    for (counter, chunk) in block.chunks_mut(digest.len()).enumerate() {
        let mask = hash.of(&[digest.as_slice(), &(counter as u32).to_be_bytes()].concat());
        chunk.iter_mut().zip(mask).for_each(|(b, m)| *b ^= m);
    }
    block[0] &= 0xff >> (size * 8 - bits);
    block.extend(digest);
    block.push(0xbc);
    octets(&key.raise(&BigUint::from_bytes_be(&block)), key.size())
}

/// A number in 1..n from the scalar, the message digest and a counter.
fn nonce(key: &Ec, digest: &[u8], counter: u8) -> BigUint {
    let seed = [key.scalar.to_bytes_be().as_slice(), digest, &[counter]].concat();
    let wide = [Hash::Sha512.of(&seed), Hash::Sha512.of(&[seed.as_slice(), b"more"].concat())].concat();
    BigUint::from_bytes_be(&wide) % (key.curve.n() - 1u8) + 1u8
}

fn pair(r: BigUint, s: BigUint) -> Vec<u8> {
    seq([int(&BigInt::from(r)), int(&BigInt::from(s))]).encode()
}

fn ecdsa(key: &Ec, hash: Hash, message: &[u8]) -> Vec<u8> {
    let n = key.curve.n();
    let digest = hash.of(message);
    let mut z = BigUint::from_bytes_be(&digest);
    z >>= (digest.len() as u64 * 8).saturating_sub(n.bits());
    for counter in 0.. {
        let k = nonce(key, &digest, counter);
        let Some((x, _)) = key.curve.base(&k) else { continue };
        let r = x % &n;
        let s = k.modinv(&n).unwrap() * (&z + &r * &key.scalar) % &n;
        if r != BigUint::ZERO && s != BigUint::ZERO {
            return pair(r, s);
        }
    }
    panic!("no nonce fits")
}

fn sm2(key: &Ec, id: &[u8], message: &[u8]) -> Vec<u8> {
    let curve = key.curve;
    let n = curve.n();
    let mut z = Sm3::new();
    z.update(((id.len() * 8) as u16).to_be_bytes());
    z.update(id);
    for value in [&curve.a(), &curve.b()] {
        z.update(octets(value, curve.size));
    }
    z.update(&curve.uncompressed(&curve.g())[1..]);
    z.update(&curve.uncompressed(&key.point)[1..]);
    let digest = Sm3::new().chain_update(z.finalize()).chain_update(message).finalize();
    let e = BigUint::from_bytes_be(&digest);
    for counter in 0.. {
        let k = nonce(key, &digest, counter);
        let Some((x, _)) = curve.base(&k) else { continue };
        let r = (&e + x) % &n;
        let inverse = (&key.scalar + 1u8).modinv(&n).unwrap();
        let s = inverse * (&k + (&n - &r) * &key.scalar) % &n;
        if r != BigUint::ZERO && &r + &k != n && s != BigUint::ZERO {
            return pair(r, s);
        }
    }
    panic!("no nonce fits")
}
