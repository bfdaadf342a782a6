//! Octets as numbers: hexadecimal, as `xxd`, `hexdump`, `od` or program code show them, or decimal, as languages print lists of them.

use super::Decoded;
use super::decode::{hex_digit, hex_pair, room};

/// The fewest octets that are looked at: no certificate or key is shorter.
const FEWEST: usize = 32;

/// What is between the first `open` and the last `close`; all of it where these are not there.
fn between(bytes: &[u8], open: u8, close: u8) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte == open).map_or(0, |at| at.saturating_add(1));
    let end = bytes.iter().rposition(|byte| *byte == close).unwrap_or(bytes.len());
    bytes.get(start..end).unwrap_or(bytes)
}

/// Hexadecimal digits, with or without offsets, the same as text beside them, `0x`, `\x` and what separates them.
pub(super) fn hex(bytes: &[u8]) -> Option<Decoded> {
    let text = if is_array(bytes) { between(bytes, b'{', b'}') } else { bytes };
    let text = text.trim_ascii().strip_prefix(b"<Buffer").unwrap_or(text);
    let mut out = room(text.len().div_ceil(2));
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        hex_line(line, &mut out)?;
    }
    (out.len() >= FEWEST).then_some(out)
}

/// Whether a text starts like the array of a program: a brace first, or after `=` on the first line.
fn is_array(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let before = line.iter().position(|byte| *byte == b'{').and_then(|at| line.get(..at));
    before.is_some_and(|before| matches!(before.trim_ascii_end().last(), None | Some(b'=')))
}

/// Takes the octets of a line; `None` where it is not a line of hexadecimal digits.
fn hex_line(line: &[u8], out: &mut Decoded) -> Option<()> {
    let line = line.trim_ascii();
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let after = line.get(digits..).unwrap_or_default();
    let data = match after {
        // xxd: an offset with a colon, the digits, two spaces, the text.
        [b':', b' ', rest @ ..] if digits >= 4 => {
            let end = rest.trim_ascii_start().windows(2).position(|pair| pair == b"  ");
            let rest = rest.trim_ascii_start();
            rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
        }
        // hexdump and od: an offset, spaces, the digits in groups that are shorter, and the text between bars.
        [b' ' | b'\t', rest @ ..] if digits >= 6 => {
            let first = rest.trim_ascii_start().iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            let data = if (1..=4).contains(&first) { rest } else { line };
            data.split(|byte| *byte == b'|').next().unwrap_or_default()
        }
        // The last offset stands alone.
        [] if matches!(digits, 7 | 8) && !out.is_empty() => return Some(()),
        _ => line,
    };
    let mut rest = data;
    while let Some((&byte, more)) = rest.split_first() {
        rest = more;
        match (byte, more) {
            (b'0', [b'x' | b'X', more @ ..]) | (b'\\', [b'x' | b'X', more @ ..]) => rest = more,
            (b' ' | b'\t' | b',' | b':' | b';' | b'"' | b'\'' | b'>' | b'\\', _) => {}
            (high, [low, more @ ..]) if out.len() < out.capacity() => {
                out.push(hex_pair(high, *low)?);
                rest = more;
            }
            _ => return None,
        }
    }
    Some(())
}

/// Whether a text is a number of hexadecimal digits that can be a private key of an elliptic curve by itself: 256, 384 or 521 bits.
pub(in super::super) fn is_scalar(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    let digits = text.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b':').count();
    matches!(digits, 64 | 96 | 132)
        && text.iter().all(|byte| hex_digit(*byte).is_some() || byte.is_ascii_whitespace() || *byte == b':')
}

/// Decimal numbers of octets, from 0 to 255, or from −128 as Java has them.
pub(super) fn decimal(bytes: &[u8]) -> Option<Decoded> {
    let text = between(bytes, b'[', b']');
    let text = if text.len() == bytes.len() { between(bytes, b'{', b'}') } else { text };
    let mut out = room(text.len());
    for word in text.split(|byte| byte.is_ascii_whitespace() || *byte == b',') {
        if word.is_empty() {
            continue;
        }
        let number: i16 = std::str::from_utf8(word).ok()?.parse().ok()?;
        let octet = u8::try_from(number).or_else(|_| i8::try_from(number).map(|signed| signed as u8));
        out.push(octet.ok()?);
    }
    (out.len() >= FEWEST).then_some(out)
}
