//! Writing DER, for public keys in their canonical form.

use super::tag;

/// `tag`, the shortest length of `value`, and `value`.
pub(crate) fn encode(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len().saturating_add(MAX_HEADER));
    append(&mut out, tag, |out| out.extend_from_slice(value));
    out
}

/// Appends `tag`, the shortest length of what `inside` appends, and that.
pub(crate) fn append(out: &mut Vec<u8>, tag: u8, inside: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    inside(out);
    let length = out.len().saturating_sub(start).to_be_bytes();
    let significant = length.iter().position(|octet| *octet != 0);
    let length = significant.and_then(|from| length.get(from..)).unwrap_or(&[0]);
    let long = match length {
        [0..0x80] => None,
        // At most 8 length octets on any platform.
        long => Some(0x80 | u8::try_from(long.len()).unwrap_or(8)),
    };
    let end = out.len();
    out.push(tag);
    out.extend(long);
    out.extend_from_slice(length);
    let header = out.len().saturating_sub(end);
    if let Some(element) = out.get_mut(start..) {
        element.rotate_right(header);
    }
}

/// Appends the INTEGER of a big-endian magnitude without leading zeros.
pub(crate) fn append_integer(out: &mut Vec<u8>, magnitude: &[u8]) {
    append(out, tag::INTEGER, |out| {
        if magnitude.first().is_none_or(|first| first & 0x80 != 0) {
            out.push(0);
        }
        out.extend_from_slice(magnitude);
    });
}

/// An INTEGER by itself.
#[cfg(test)]
pub(crate) fn encode_integer(magnitude: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    append_integer(&mut out, magnitude);
    out
}

/// Tag and at most four octets of length with their count, for what is below 4 GiB.
pub(crate) const MAX_HEADER: usize = 6;
