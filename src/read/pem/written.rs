//! How programs write a text that PEM has plainly: the recognisers that [`restore`](super::restore) and [`nested`](super::nested) share.

use zeroize::Zeroizing;

/// The length of the escape sequence of a terminal (ECMA-48, 5.4) that `bytes` start with: `ESC [`, parameters, a letter. ESC may be
/// written `^[`, as `cat -v` shows it; or be lost, where there are only numbers before the letter of a colour.
pub(super) fn escape_sequence(bytes: &[u8]) -> Option<usize> {
    const LONGEST: usize = 32;
    let (start, is_lost) = match bytes {
        [0x1B, b'[', ..] => (2_usize, false),
        [b'^', b'[', b'[', ..] => (3, false),
        [b'[', ..] => (1, true),
        _ => return None,
    };
    let inside = bytes.get(start..)?;
    let is_parameter = |byte: &&u8| match is_lost {
        true => byte.is_ascii_digit() || **byte == b';',
        false => matches!(byte, b' '..=b'?'),
    };
    let parameters = inside.iter().take(LONGEST).take_while(is_parameter).count();
    let is_end = match inside.get(parameters)? {
        letter if is_lost => matches!(letter, b'm' | b'K'),
        letter => matches!(letter, b'@'..=b'~'),
    };
    is_end.then_some(start.saturating_add(parameters).saturating_add(1))
}

/// UTF-16 as UTF-8, where the bytes are UTF-16: by the byte-order mark, or by hyphens with a zero beside each.
pub(super) fn utf16(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let (big, rest) = match bytes {
        [0xFE, 0xFF, rest @ ..] => (true, rest),
        [0xFF, 0xFE, rest @ ..] => (false, rest),
        [0, b'-', 0, b'-', ..] => (true, bytes),
        [b'-', 0, b'-', 0, ..] => (false, bytes),
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| match pair {
        [high, low] if big => u16::from_be_bytes([*high, *low]),
        [low, high] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    // Reserved up front, so that it never moves: a unit is at most three bytes.
    let mut text = Zeroizing::new(String::with_capacity(rest.len().div_ceil(2).saturating_mul(3)));
    text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Some(text)
}

/// UTF-16 that was read as UTF-8 or Latin-1: a zero beside each character, and what became of the byte-order mark.
pub(super) fn mistaken_utf16(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    if zeros < bytes.len().div_euclid(3) {
        return None;
    }
    const LOST: &[u8] = "\u{FFFD}".as_bytes();
    let mut rest = bytes.trim_ascii_start();
    for mark in [LOST, LOST, "\u{FF}\u{FE}".as_bytes(), "\u{FE}\u{FF}".as_bytes(), "\u{FEFF}".as_bytes()] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(rest.len()));
    out.extend(rest.iter().filter(|byte| **byte != 0));
    out.is_ascii().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_terminals_are_known_however_they_arrive() {
        for (text, length) in [
            ("\u{1b}[33mMII", Some(5)),
            ("\u{1b}[01;31m\u{1b}[K", Some(8)),
            ("^[[0m-----", Some(5)),
            ("[0m-----", Some(3)),
            ("[01;31mX", Some(7)),
            ("[mX", Some(2)),
            ("[Kx", Some(2)),
            ("[33x", None),
            ("[48, 49]", None),
            ("[name]", None),
            ("\u{1b}[", None),
            ("^[x", None),
            ("m", None),
        ] {
            assert_eq!(escape_sequence(text.as_bytes()), length, "{text:?}");
        }
    }
}
