//! Notations with several values in one text: JSON, YAML, markup, string literals. The values that hold a certificate or key are
//! taken, in their order; else all are put together, as the lines of one text that was cut into pieces.

use zeroize::Zeroizing;

use super::super::container::Container;
use super::super::outline;
use super::decode::{base64_body, hex_pair, room};
use super::{Decoded, has_begin};

/// A value, decoded from its notation, and whether its name begins with `ca`: issuers go last.
struct Value {
    text: Decoded,
    is_ca: bool,
}

impl Value {
    fn new(name: &[u8], text: Decoded) -> Self {
        let name = name.trim_ascii_start();
        Self { text, is_ca: name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"ca")) }
    }
}

/// The fewest characters of a value that may hold something.
const SHORTEST: usize = 64;

/// What the values are together; `None` where no certificate or key may be in them.
fn together(mut values: Vec<Value>) -> Option<Decoded> {
    values.sort_by_key(|value| value.is_ca);
    // Lines of one text: the BEGIN line is one value, the END line another one.
    let holds = |value: &Value, word: &[u8]| value.text.windows(word.len()).any(|window| window == word);
    let is_cut = values.iter().any(|value| holds(value, b"-----BEGIN ") != holds(value, b"-----END "));
    let pieces: Vec<Decoded> = if is_cut { Vec::new() } else { values.iter().filter_map(piece).collect() };
    let parts: Vec<&[u8]> = match pieces.is_empty() {
        false => pieces.iter().map(|piece| piece.as_slice()).collect(),
        true => values.iter().map(|value| value.text.as_slice()).collect(),
    };
    if let [only] = parts.as_slice()
        && Container::of(only).is_some()
    {
        return Some(Zeroizing::new(only.to_vec()));
    }
    let length = |part: &&[u8]| part.len().saturating_add(1);
    let mut out = room(parts.iter().map(length).fold(0, usize::saturating_add));
    for part in parts {
        out.extend_from_slice(part);
        if !part.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    (!pieces.is_empty() || has_begin(&out)).then_some(out)
}

/// What the values are together; a single long one is a text, which is looked into afterwards.
fn one_text(mut values: Vec<Value>) -> Option<Decoded> {
    match values.as_mut_slice() {
        [only] if only.text.len() >= SHORTEST => Some(std::mem::take(&mut only.text)),
        _ => together(values),
    }
}

/// A value that is a certificate or key by itself: PEM, base64 of a text, or base64 of DER, which gets its BEGIN and END lines.
fn piece(value: &Value) -> Option<Decoded> {
    let text = value.text.trim_ascii();
    if has_begin(text) {
        // A value that holds one line of a block is a piece of it only.
        let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
        let is_whole = has(b"-----BEGIN ") && has(b"-----END ");
        return is_whole.then(|| Zeroizing::new(text.to_vec()));
    }
    if text.len() < SHORTEST {
        return None;
    }
    let decoded = base64_body(text)?;
    if has_begin(&decoded) {
        return Some(decoded);
    }
    let Some(container) = Container::of(&decoded) else {
        // Base64 once more, or another text, which is looked into afterwards.
        let again = base64_body(&decoded).filter(|again| has_begin(again));
        // A line of a body is not a text, even where its octets are ASCII: tags and lengths are control characters.
        let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x1B);
        let is_text = std::str::from_utf8(&decoded).is_ok() && !decoded.iter().any(is_control);
        return again.or_else(|| is_text.then_some(decoded));
    };
    // The first line of a body starts like its object.
    let is_whole = outline::whole(&decoded) == Some(decoded.len());
    let label: &[u8] = match container {
        _ if !is_whole => return None,
        Container::Certificate => b"CERTIFICATE",
        Container::EncryptedKey => b"ENCRYPTED PRIVATE KEY",
        Container::Pkcs1 => b"RSA PRIVATE KEY",
        Container::Pkcs8 => b"PRIVATE KEY",
        Container::Sec1 => b"EC PRIVATE KEY",
        _ => return None,
    };
    let mut out = room(text.len().saturating_add(96));
    for part in [b"-----BEGIN ", label, b"-----\n", text, b"\n-----END ", label, b"-----\n"] {
        out.extend_from_slice(part);
    }
    Some(out)
}

/// The string literals of a program, put together.
pub(super) fn strings(bytes: &[u8]) -> Option<Decoded> {
    one_text(literals(bytes)?)
}

/// The strings of JSON.
pub(super) fn json(bytes: &[u8]) -> Option<Decoded> {
    match bytes.trim_ascii() {
        [b'{', .., b'}'] | [b'[', .., b']'] => together(literals(bytes)?),
        _ => None,
    }
}

/// The texts between quotes, with their escapes decoded; `None` where there are none.
fn literals(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut values: Vec<Value> = Vec::new();
    let mut name: &[u8] = b"";
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'`')) {
        let quote = rest.get(at).copied()?;
        let inside = rest.get(at.saturating_add(1)..)?;
        let mut is_escaped = false;
        let end = inside.iter().position(|byte| {
            let ends = *byte == quote && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            ends
        })?;
        let (text, after) = inside.split_at_checked(end)?;
        rest = after.get(1..).unwrap_or_default();
        if rest.trim_ascii_start().starts_with(b":") {
            name = text;
        } else if !text.is_empty() {
            values.push(Value::new(name, unescaped(text)));
        }
    }
    (!values.is_empty()).then_some(values)
}

/// The text that escapes of C, JavaScript, Python and JSON stand for.
fn unescaped(text: &[u8]) -> Decoded {
    let mut out = room(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let (octet, more) = match after {
            [b'n', more @ ..] => (Some(b'\n'), more),
            [b'r', more @ ..] => (Some(b'\r'), more),
            [b't', more @ ..] => (Some(b'\t'), more),
            [b'\r', b'\n', more @ ..] | [b'\n', more @ ..] => (None, more),
            [b'x', high, low, more @ ..] | [b'u', b'0', b'0', high, low, more @ ..] => {
                (hex_pair(*high, *low), more)
            }
            [other, more @ ..] => (Some(*other), more),
            [] => (None, after),
        };
        out.extend(octet);
        rest = more;
    }
    out
}

/// The values of YAML, or of lines of `name=value`.
pub(super) fn yaml(bytes: &[u8]) -> Option<Decoded> {
    let mut values: Vec<Value> = Vec::new();
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let Some((indent, name, value)) = entry(line) else { continue };
        let mut parts: Vec<&[u8]> = Vec::new();
        if !matches!(value.first(), None | Some(b'|' | b'>')) {
            parts.push(value);
        }
        // What is indented more goes on with the value, if it is not an entry itself.
        while let Some(next) = lines.next_if(|next| {
            next.trim_ascii().is_empty() || (indent_of(next) > indent && entry(next).is_none())
        }) {
            parts.push(next.trim_ascii());
        }
        let length = |part: &&[u8]| part.len().saturating_add(1);
        let mut text = room(parts.iter().map(length).fold(0, usize::saturating_add));
        for part in parts {
            text.extend_from_slice(part);
            text.push(b'\n');
        }
        if text.len() > 24 {
            values.push(Value::new(name, text));
        }
    }
    if values.is_empty() { None } else { together(values) }
}

fn indent_of(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
}

/// The indentation, the name and the value of a line `name: value` or `name=value`.
fn entry(line: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let indent = indent_of(line);
    let text = line.trim_ascii();
    let text = text.strip_prefix(b"- ").or_else(|| text.strip_prefix(b"export ")).unwrap_or(text);
    let end = text.iter().position(|byte| matches!(byte, b':' | b'='))?;
    let (name, rest) = text.split_at_checked(end)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-/;\"' ".contains(byte);
    if name.is_empty() || name.len() > 64 || name.starts_with(b"-----") || !name.iter().all(is_name) {
        return None;
    }
    match rest {
        [b':'] => Some((indent, name, b"")),
        // Two colons are before base64 in LDIF (RFC 2849).
        [b':', b' ' | b'\t' | b'\r', value @ ..] | [b':', b':', b' ', value @ ..] => {
            Some((indent, name, value.trim_ascii()))
        }
        // Base64 ends in one or two of these.
        [b'=', value @ ..] if !matches!(value, [] | [b'=', ..]) => Some((indent, name, value.trim_ascii())),
        _ => None,
    }
}

/// The texts between the tags of HTML or XML, with their entities decoded.
pub(super) fn markup(bytes: &[u8]) -> Option<Decoded> {
    let has_tag = bytes
        .windows(2)
        .any(|pair| matches!(pair, [b'<', next] if next.is_ascii_alphabetic() || *next == b'/'));
    let has_entity = bytes
        .windows(2)
        .any(|pair| matches!(pair, [b'&', next] if next.is_ascii_alphabetic() || *next == b'#'));
    if !has_tag && !has_entity {
        return None;
    }
    let mut values = Vec::new();
    let mut rest = bytes;
    loop {
        let end = if has_tag { rest.iter().position(|byte| *byte == b'<') } else { None };
        let (text, tag) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        if !text.trim_ascii().is_empty() {
            values.push(Value::new(b"", without_entities(text)));
        }
        let Some(close) = tag.iter().position(|byte| *byte == b'>') else { break };
        rest = tag.get(close.saturating_add(1)..).unwrap_or_default();
    }
    one_text(values)
}

/// The entities that occur where PEM is shown in a page, and all numeric ones.
fn without_entities(text: &[u8]) -> Decoded {
    const NAMED: &[(&[u8], u8)] = &[
        (b"nbsp", b' '),
        (b"plus", b'+'),
        (b"sol", b'/'),
        (b"equals", b'='),
        (b"hyphen", b'-'),
        (b"dash", b'-'),
        (b"quot", b'"'),
        (b"apos", b'\''),
        (b"amp", b'&'),
        (b"lt", b'<'),
        (b"gt", b'>'),
        (b"NewLine", b'\n'),
        (b"Tab", b'\t'),
    ];
    let mut out = room(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let name = if byte == b'&' { after.iter().take(10).position(|byte| *byte == b';') } else { None };
        let Some((name, more)) = name.and_then(|end| after.split_at_checked(end)) else {
            out.push(byte);
            continue;
        };
        let number = match name {
            [b'#', b'x' | b'X', digits @ ..] => {
                digits.iter().try_fold(0_u32, |sum, digit| Some(sum << 4 | char::from(*digit).to_digit(16)?))
            }
            [b'#', digits @ ..] => std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()),
            _ => NAMED.iter().find(|(known, _)| *known == name).map(|(_, octet)| u32::from(*octet)),
        };
        match number.and_then(char::from_u32) {
            // A space that does not break is a space here.
            Some('\u{A0}') => out.push(b' '),
            Some(character) => {
                let mut buffer = [0; 4];
                out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
            }
            None => {
                out.push(byte);
                continue;
            }
        }
        rest = more.get(1..).unwrap_or_default();
    }
    out
}
