//! Encodings of a whole text. Each decoder answers `None` where the text does not look like its kind; what it makes of one that does is
//! looked at afterwards.

use zeroize::Zeroizing;

use super::super::base64::{Decoder, sextet};
use super::super::text::{Token, token};
use super::super::written::escape_sequence;
use super::Decoded;

/// An empty buffer for so many octets. It never grows, for growing would leave a copy of what is there.
pub(super) fn room(octets: usize) -> Decoded {
    Zeroizing::new(Vec::with_capacity(octets))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The octet that two digits mean.
pub(super) fn hex_pair(high: u8, low: u8) -> Option<u8> {
    Some(hex_digit(high)? << 4 | hex_digit(low)?)
}

/// Without the escape sequences that colour a terminal.
pub(super) fn ansi(bytes: &[u8]) -> Option<Decoded> {
    let mut out = room(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        match escape_sequence(rest).and_then(|length| rest.get(length..)) {
            Some(more) => rest = more,
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    (out.len() < bytes.len()).then_some(out)
}

/// Without `_x000D_`, and with a line end for `_x000A_`.
pub(super) fn spreadsheet(bytes: &[u8]) -> Option<Decoded> {
    if !contains(bytes, b"_x000") {
        return None;
    }
    let mut out = room(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        match rest {
            [b'_', b'x', b'0', b'0', b'0', kind, b'_', after @ ..] => {
                // A CR is followed by its LF, or stands for the line end alone.
                let is_end = matches!(kind, b'A' | b'a')
                    || (matches!(kind, b'D' | b'd') && !matches!(after, [b'\n' | b'\r' | b'_', ..]));
                if is_end {
                    out.push(b'\n');
                }
                rest = after;
            }
            _ => {
                out.push(byte);
                rest = after;
            }
        }
    }
    Some(out)
}

/// The octet of two hexadecimal digits at the start, and what is after them.
fn escaped(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], more) = bytes.split_first_chunk()?;
    Some((hex_pair(*high, *low)?, more))
}

/// Percent encoding; where it is that of a form, `+` is a space.
pub(super) fn percent(bytes: &[u8]) -> Option<Decoded> {
    let is_escape = |window: &[u8]| matches!(window, [b'%', high, low] if hex_pair(*high, *low).is_some());
    if !bytes.windows(3).any(is_escape) {
        return None;
    }
    let is_form = contains(bytes, b"BEGIN+");
    let mut out = room(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, escaped(after)) {
            (b'%', Some((octet, more))) => {
                out.push(octet);
                rest = more;
            }
            (b'+', _) if is_form => out.push(b' '),
            _ => out.push(byte),
        }
    }
    Some(out)
}

/// Quoted-printable (RFC 2045, section 6.7).
pub(super) fn quoted_printable(bytes: &[u8]) -> Option<Decoded> {
    // The longest line of this encoding, its CR counted.
    const LONGEST: usize = 77;
    let is_sign = |window: &[u8]| matches!(window, b"=3D" | b"=3d" | b"=0A" | b"=0D" | b"=2D" | b"=20");
    let lines = bytes.trim_ascii_end().split(|byte| *byte == b'\n');
    // The last line has no line end that could be written so, and before an END line `=` is the end of base64.
    let mut lines = lines.clone().zip(lines.skip(1));
    let goes_on = |(line, next): (&[u8], &[u8])| {
        line.len() <= LONGEST && line.trim_ascii_end().ends_with(b"=") && !next.starts_with(b"-----END")
    };
    if !bytes.windows(3).any(is_sign) && !lines.any(goes_on) {
        return None;
    }
    let mut out = room(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after, escaped(after)) {
            (b'=', [b'\r', b'\n', more @ ..] | [b'\n', more @ ..], _) => rest = more,
            (b'=', _, Some((octet, more))) => {
                out.push(octet);
                rest = more;
            }
            _ => out.push(byte),
        }
    }
    Some(out)
}

/// The base64 of each part of a mail that says so (RFC 2045, section 6.1).
pub(super) fn mail(bytes: &[u8]) -> Option<Decoded> {
    const HEADER: &[u8] = b"content-transfer-encoding:";
    let mut out = room(bytes.len());
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    while let Some(line) = lines.next() {
        let head = line.get(..HEADER.len()).filter(|head| head.eq_ignore_ascii_case(HEADER));
        let value = head.and_then(|_| line.get(HEADER.len()..)).unwrap_or_default();
        if !value.trim_ascii().eq_ignore_ascii_case(b"base64") {
            continue;
        }
        // The other headers of the part.
        lines.by_ref().find(|line| line.is_empty());
        let is_body = |line: &&[u8]| !line.starts_with(b"--") && !line.is_empty();
        let mut text =
            room(lines.clone().take_while(is_body).map(<[u8]>::len).fold(0, usize::saturating_add));
        for line in lines.by_ref().take_while(is_body) {
            text.extend_from_slice(line);
        }
        if let Some(part) = base64_body(&text) {
            if !out.is_empty() {
                out.push(b'\n');
            }
            out.extend_from_slice(&part);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Rich text: `\par` and `\line` end lines, other control words and braces are left out.
pub(super) fn rtf(bytes: &[u8]) -> Option<Decoded> {
    if !bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return None;
    }
    let mut out = room(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'{' | b'}' | b'\r' | b'\n', _) => {}
            (b'\\', [b'\'', high, low, more @ ..]) => {
                out.extend(hex_pair(*high, *low));
                rest = more;
            }
            (b'\\', [b'\\' | b'{' | b'}', more @ ..]) => {
                out.extend(after.first());
                rest = more;
            }
            // These stand for a line end, a space that does not break and a hyphen that does not.
            (b'\\', [sign @ (b'\n' | b'\r' | b'~' | b'_' | b'-'), more @ ..]) => {
                match sign {
                    b'~' => out.push(b' '),
                    b'_' => out.push(b'-'),
                    b'-' => {}
                    _ => out.push(b'\n'),
                }
                rest = more;
            }
            (b'\\', _) => {
                let letters = after.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let (word, more) = after.split_at_checked(letters).unwrap_or_default();
                if matches!(word, b"par" | b"line" | b"pard") {
                    out.push(b'\n');
                }
                let digits = more.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
                let more = more.get(digits..).unwrap_or_default();
                rest = more.strip_prefix(b" ").unwrap_or(more);
            }
            _ => out.push(byte),
        }
    }
    Some(out)
}

/// Base64 of a whole text or object, after what says so: `data:…;base64,`, or a name with `:` or `=`.
pub(super) fn base64(bytes: &[u8]) -> Option<Decoded> {
    let text = bytes.trim_ascii();
    // `-` is a character of one alphabet, but five of them begin a BEGIN line.
    (!text.starts_with(b"-----")).then(|| base64_body(without_prefix(text)))?
}

fn without_prefix(text: &[u8]) -> &[u8] {
    const MARK: &[u8] = b"base64,";
    let head = text.get(..text.len().min(96)).unwrap_or_default();
    if let Some(at) = head.windows(MARK.len()).position(|window| window.eq_ignore_ascii_case(MARK)) {
        return text.get(at.saturating_add(MARK.len())..).unwrap_or_default();
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-;\"' ".contains(byte);
    let name = head.iter().take_while(|byte| is_name(byte)).count();
    match text.get(name..) {
        Some([b':', b':', rest @ ..] | [b':' | b'=', rest @ ..]) if name > 0 && rest.len() > 40 => {
            rest.trim_ascii_start()
        }
        _ => text,
    }
}

/// Base64 (RFC 4648, sections 4 and 5), with line ends, spaces, quotes and escapes between its characters.
pub(super) fn base64_body(text: &[u8]) -> Option<Decoded> {
    let mut decoder = Decoder::new(text.len());
    let mut at = 0_usize;
    while let Some(&byte) = text.get(at) {
        let plain = match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let value = sextet(plain);
        let mut step = 1;
        if value >= 0 {
            decoder.push(value, at);
        } else if byte == b'=' {
            decoder.pad(at);
        } else {
            let (token, length) = token(text, at);
            if matches!(token, Token::Other) {
                return None;
            }
            step = length;
        }
        at = at.saturating_add(step);
    }
    decoder.finish_unpadded(at)
}
