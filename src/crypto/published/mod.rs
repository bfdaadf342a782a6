//! Public keys whose private half stands open in a public source: a standard, a test suite, an example.
//!
//! Each line of `keys.txt` has the last four octets of a modulus or point, the SHA-256 of the canonical SubjectPublicKeyInfo, and where the private key is;
//! `collect.py` beside it made it. No key is in it. The four octets save nearly every other key the hash.

use std::sync::LazyLock;

use super::hash::Hash;
use super::spki::PublicKey;

/// The SHA-256 of the key's canonical SubjectPublicKeyInfo; `None` for a key of a kind that certgate does not read.
pub(crate) fn hash(key: &PublicKey) -> Option<Vec<u8>> {
    Hash::Sha256.digest(&key.to_spki_der()?)
}

/// Where the private half of the key is published.
pub(crate) fn source(key: &PublicKey) -> Option<&'static str> {
    static KEYS: LazyLock<Vec<Published>> =
        LazyLock::new(|| include_str!("keys.txt").lines().filter_map(Published::read).collect());
    find(&KEYS, key)
}

/// `keys` are in order.
fn find(keys: &[Published], key: &PublicKey) -> Option<&'static str> {
    let end = end(key)?;
    let from = keys.partition_point(|known| known.end < end);
    let mut alike = keys.iter().skip(from).take_while(|known| known.end == end).peekable();
    alike.peek()?;
    let hash = hash(key)?;
    alike.find(|known| known.hash.as_slice() == hash).map(|known| known.source)
}

/// The last four octets of the modulus or point.
fn end(key: &PublicKey) -> Option<[u8; 4]> {
    match key {
        PublicKey::Rsa(key) => key.modulus().last_chunk().copied(),
        PublicKey::Ec(key) => key.point().last_chunk().copied(),
        PublicKey::Unsupported(_) => None,
    }
}

/// A line of `keys.txt`.
struct Published {
    end: [u8; 4],
    hash: [u8; 32],
    source: &'static str,
}

impl Published {
    fn read(line: &'static str) -> Option<Self> {
        let (end, rest) = line.split_once(' ')?;
        let (hash, source) = rest.split_once(' ')?;
        Some(Self { end: octets(end)?, hash: octets(hash)?, source })
    }
}

/// In hexadecimal, as a policy lists it.
pub(crate) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn octets<const COUNT: usize>(hex: &str) -> Option<[u8; COUNT]> {
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return None };
    let mut octets = [0; COUNT];
    if pairs.len() != octets.len() {
        return None;
    }
    for (octet, pair) in octets.iter_mut().zip(pairs) {
        *octet = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::curve::{Curve, P256, P384, P521, SM2};
    use certgate_forge::key::{self, Ec};

    use super::*;

    #[test]
    fn each_line_is_read_and_they_are_in_order() {
        let lines: Vec<_> = include_str!("keys.txt").lines().collect();
        assert!(lines.len() > 1000 && lines.is_sorted(), "{} lines", lines.len());
        for line in lines {
            let known = Published::read(line).unwrap();
            assert_eq!(format!("{} {} {}", hex(&known.end), hex(&known.hash), known.source), line);
            assert!(!known.source.is_empty());
        }
    }

    /// The scalar of an example in a standard, and the key that follows from it.
    #[test]
    fn keys_of_standards_are_known_by_their_scalars() {
        let keys: [(&'static Curve, &str, &str); 4] = [
            (&P256, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "RFC 6979, A.2.5"),
            (
                &P384,
                "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8\
                 96D5724E4C70A825F872C9EA60D2EDF5",
                "RFC 6979, A.2.6",
            ),
            (
                &P521,
                "0FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA\
                 896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
                "RFC 6979, A.2.7",
            ),
            (&SM2, "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8", "GB/T 32918.5, A.2"),
        ];
        for (curve, scalar, want) in keys {
            let spki = Ec::new(curve, certgate_forge::curve::hex(scalar)).spki().encode();
            let key = PublicKey::from_spki_der(&spki).unwrap();
            assert_eq!(source(&key), Some(want));
        }
    }

    #[test]
    fn the_end_alone_is_not_the_key() {
        for key in [key::rsa2048(0), key::p256(0)] {
            let key = PublicKey::from_spki_der(&key.spki().encode()).unwrap();
            let end = end(&key).unwrap();
            let own = Published { end, hash: hash(&key).unwrap().try_into().unwrap(), source: "own" };
            let keys = [own, Published { end, hash: [0xff; 32], source: "other" }];
            let [own, other] = &keys;
            assert_eq!(find(&keys, &key), Some("own"));
            assert_eq!(find(std::slice::from_ref(own), &key), Some("own"));
            assert_eq!(find(std::slice::from_ref(other), &key), None);
            assert_eq!(find(&[], &key), None);
        }
    }
}
