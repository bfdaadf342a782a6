//! Writing DER, for public keys in their canonical form.

use super::tag;

/// `tag`, the shortest length of `value`, and `value`.
pub(crate) fn encode(tag: u8, value: &[u8]) -> Vec<u8> {
    // Tag and at most four octets of length, for what is below 16 MiB.
    let mut out = Vec::with_capacity(value.len().saturating_add(5));
    out.push(tag);
    let length = value.len().to_be_bytes();
    let significant = length.iter().position(|octet| *octet != 0);
    let octets = significant.and_then(|from| length.get(from..)).unwrap_or(&[]);
    match octets {
        [] => out.push(0),
        [single] if *single < 0x80 => out.push(*single),
        many => {
            // At most 8 length octets on any platform.
            out.push(0x80 | u8::try_from(many.len()).unwrap_or(8));
            out.extend_from_slice(many);
        }
    }
    out.extend_from_slice(value);
    out
}

/// The INTEGER of a big-endian magnitude without leading zeros.
pub(crate) fn encode_integer(magnitude: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(magnitude.len().saturating_add(1));
    if magnitude.first().is_none_or(|first| first & 0x80 != 0) {
        value.push(0);
    }
    value.extend_from_slice(magnitude);
    encode(tag::INTEGER, &value)
}
