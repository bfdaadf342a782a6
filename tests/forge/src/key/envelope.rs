//! The envelopes in which Chinese CAs deliver encryption keys. Shapes only: what is inside is not encrypted.

use super::Ec;
use crate::curve::octets;
use crate::der::{self, Node, bits, ctx, ctx_prim, int, null, oid, seq, set, small};
use num_bigint::{BigInt, BigUint};

/// SM2EnvelopedKey (GM/T 0009, section 7.4), DER.
pub fn sm2_enveloped_key(key: &Ec) -> Node {
    let (x, y) = key.point.clone().unwrap();
    let number = |value: BigUint| int(&BigInt::from(value));
    seq([
        seq([oid("1.2.156.10197.1.104.1"), null()]),
        seq([number(x), number(y), der::octets([0xa5; 32]), der::octets([0x5a; 16])]),
        bits(&key.uncompressed()),
        bits(&[0xc3; 32]),
    ])
}

/// ENVELOPEDKEYBLOB (GM/T 0016, section 6.4.10): a C structure, little-endian, not DER.
pub fn enveloped_key_blob(key: &Ec) -> Vec<u8> {
    let (x, y) = key.point.clone().unwrap();
    let mut out = Vec::new();
    for word in [1u32, 0x0000_0401, 256] {
        out.extend(word.to_le_bytes());
    }
    out.extend([0xc3; 64]);
    out.extend(256u32.to_le_bytes());
    for value in [&x, &y, &x, &y] {
        out.extend(octets(value, 64));
    }
    out.extend([0xa5; 32]);
    out.extend(16u32.to_le_bytes());
    out.extend([0x5a; 16]);
    out
}

/// ContentInfo of EnvelopedData (RFC 5652) under this content type: `1.2.840.113549.1.7.3`, or GM/T 0010's
/// `1.2.156.10197.6.1.4.2.3`.
pub fn enveloped_data(content_type: &str) -> Node {
    let recipient = seq([
        small(0),
        ctx_prim(0, [1, 2, 3, 4]),
        seq([oid("1.2.156.10197.1.301.3")]),
        der::octets([0xa5; 96]),
    ]);
    let content =
        seq([oid("1.2.840.113549.1.7.1"), seq([oid("1.2.156.10197.1.104.2")]), ctx_prim(0, [0x5a; 64])]);
    seq([oid(content_type), ctx(0, [seq([small(2), set([recipient]), content])])])
}
