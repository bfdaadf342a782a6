//! Public keys whose private half stands open in a public source: a standard, a test suite, an example.
//!
//! `keys.txt` has the SHA-256 of each canonical SubjectPublicKeyInfo and where the private key is; `collect.py` beside it made it. No key is in it.

use std::sync::LazyLock;

use super::hash::Hash;
use super::spki::PublicKey;

/// The SHA-256 of the key's canonical SubjectPublicKeyInfo; `None` for a key of a kind that certgate does not read.
pub(crate) fn hash(key: &PublicKey) -> Option<Vec<u8>> {
    Hash::Sha256.digest(&key.to_spki_der()?)
}

/// Where the private half of the key with that hash is published.
pub(crate) fn source(hash: &[u8]) -> Option<&'static str> {
    static KEYS: LazyLock<Vec<([u8; 32], &str)>> = LazyLock::new(|| {
        let lines = include_str!("keys.txt").lines().filter_map(|line| line.split_once(' '));
        lines.filter_map(|(hash, source)| Some((octets(hash)?, source))).collect()
    });
    let at = KEYS.binary_search_by(|(known, _)| known.as_slice().cmp(hash)).ok()?;
    KEYS.get(at).map(|(_, source)| *source)
}

/// In hexadecimal, as a policy lists it.
pub(crate) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn octets(hex: &str) -> Option<[u8; 32]> {
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return None };
    let mut octets = [0; 32];
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
    use certgate_forge::key::Ec;

    use super::*;

    #[test]
    fn each_line_is_a_hash_and_its_source_in_order() {
        let lines: Vec<_> = include_str!("keys.txt").lines().collect();
        assert!(lines.len() > 100 && lines.is_sorted(), "{} lines", lines.len());
        for line in lines {
            let (hash, source) = line.split_once(' ').unwrap_or_default();
            let octets = octets(hash).unwrap_or_default();
            assert_eq!(hex(&octets), hash);
            assert!(!source.is_empty());
            assert_eq!(super::source(&octets), Some(source));
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
            assert_eq!(source(&hash(&key).unwrap()), Some(want));
        }
    }
}
