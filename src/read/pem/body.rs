//! The body of a block: base64 over lines, with whatever damage has one reading.

use zeroize::Zeroizing;

use super::base64::{CHUNK, Decoder, Flaw, sextet};
use super::damage::Damage;
use super::outline;
use super::text::{Token, token};

/// Where the body starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// Right after a BEGIN marker, on its line.
    Marker,
    /// Right after a BEGIN marker that is itself indented: the body's lines are indented alike.
    IndentedMarker,
    /// At the start of a line.
    Line,
}

/// What is on the current line so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Marker,
    MarkerSpace,
    /// Nothing, and a blank line would be no damage: after BEGIN, after headers, or after an escape before a line end.
    Fresh,
    FreshSpace,
    Nothing,
    Space,
    Data,
    DataSpace,
}

/// What a body was decoded to.
pub(super) struct Body {
    pub(super) der: Result<Zeroizing<Vec<u8>>, Flaw>,
    /// Whether there was any base64.
    pub(super) any: bool,
}

impl Body {
    /// The flaw that explains more than what was found, where `text`, the body, reads as if each `+` had become a space, as in a form that
    /// is decoded from URL encoding. Where four are lost, the rest still decodes, but to no whole object.
    pub(super) fn lost_plus(&self, text: &[u8], start: usize) -> Option<Flaw> {
        match &self.der {
            Ok(der) if outline::whole(der) == Some(der.len()) => return None,
            Err(Flaw::Character { .. }) => return None,
            _ => {}
        }
        let lines = text.iter().filter(|byte| **byte == b'\n').take(3).count();
        if lines < 3 || text.contains(&b'+') {
            return None;
        }
        let is_gap = |window: &[u8]| matches!(window, [before, b' ', after] if before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric());
        let first = text.windows(3).position(is_gap)?;
        let count = text.windows(3).filter(|window| is_gap(window)).count();
        Some(Flaw::LostPlus { at: start.saturating_add(first).saturating_add(1), count })
    }
}

/// Decodes `bytes[start..end]`, which a marker or the end of the text follows; `damage` is called for each damage with its offset.
pub(super) fn decode(
    bytes: &[u8],
    start: usize,
    end: usize,
    from: From,
    damage: &mut dyn FnMut(Damage, usize),
) -> Body {
    let bytes = bytes.get(..end).unwrap_or_default();
    let mut decoder = Decoder::new(end.saturating_sub(start));
    let mut line = if from == From::Line { Line::Fresh } else { Line::Marker };
    let mut any = false;
    let mut data_end = start;
    let mut at = start;
    // After a chunk that held something else, no other is tried on that line.
    let mut whole_lines = true;
    while at < end {
        if whole_lines
            && matches!(line, Line::Nothing | Line::Fresh | Line::Data)
            && decoder.is_aligned()
            && let Some(characters) = bytes.get(at..).and_then(|rest| rest.first_chunk::<CHUNK>())
            && let [first, .., last] = characters
            && sextet(*first) | sextet(*last) >= 0
        {
            if decoder.chunk(characters) {
                any = true;
                line = Line::Data;
                at = at.saturating_add(CHUNK);
                data_end = at;
                if bytes.get(at) == Some(&b'\n') {
                    line = Line::Nothing;
                    at = at.saturating_add(1);
                } else if bytes.get(at..at.saturating_add(2)) == Some(b"\r\n") {
                    line = Line::Nothing;
                    at = at.saturating_add(2);
                }
                continue;
            }
            whole_lines = false;
        }
        let Some(&byte) = bytes.get(at) else { break };
        let value = sextet(byte);
        if value >= 0 || byte == b'=' {
            line = data(line, from, at, damage);
            any = true;
            if value >= 0
                && decoder.is_aligned()
                && let Some(characters) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>())
                && decoder.chunk(characters)
            {
                at = at.saturating_add(8);
                data_end = at;
                continue;
            }
            if value >= 0 {
                decoder.push(value, at)
            } else {
                decoder.pad(at)
            }
            at = at.saturating_add(1);
            data_end = at;
            continue;
        }
        let (token, length) = token(bytes, at);
        match token {
            Token::Newline | Token::LoneCr | Token::EscapedNewline => {
                whole_lines = true;
                if token == Token::LoneCr {
                    damage(Damage::of_line_end(length), at);
                }
                if token == Token::EscapedNewline {
                    damage(Damage::EscapedNewlines, at);
                }
                match line {
                    Line::Nothing | Line::Space => damage(Damage::BlankLine, at),
                    Line::MarkerSpace | Line::FreshSpace => damage(Damage::BodySpace, at),
                    // Spaces at the end of a line are reported where they begin.
                    Line::DataSpace => damage(Damage::BodySpace, data_end),
                    Line::Marker | Line::Fresh | Line::Data => {}
                }
                // An escape and a real line end after it are one line end. Directly after BEGIN, readers take one blank line for the end
                // of the headers.
                let is_half = token == Token::EscapedNewline && next_is_newline(bytes, at, length);
                line = match line {
                    _ if is_half => Line::Fresh,
                    Line::Marker | Line::MarkerSpace => Line::Fresh,
                    _ => Line::Nothing,
                };
            }
            Token::Space => {
                line = match line {
                    Line::Marker | Line::MarkerSpace => Line::MarkerSpace,
                    Line::Fresh | Line::FreshSpace => Line::FreshSpace,
                    Line::Nothing | Line::Space => Line::Space,
                    Line::Data | Line::DataSpace => Line::DataSpace,
                };
            }
            Token::Escaped(character) => {
                line = data(line, from, at, damage);
                damage(Damage::EscapedNewlines, at);
                any = true;
                if character == b'=' {
                    decoder.pad(at)
                } else {
                    decoder.push(sextet(character), at)
                }
                data_end = at.saturating_add(length);
            }
            Token::WideSpace | Token::Bom | Token::Quote | Token::Other => {
                decoder.refuse(at);
                line = Line::Data;
            }
        }
        at = at.saturating_add(length);
    }
    match line {
        Line::Space | Line::FreshSpace if from == From::IndentedMarker => {}
        Line::Space | Line::FreshSpace => damage(Damage::MidLine, end),
        Line::Marker | Line::MarkerSpace | Line::Data | Line::DataSpace => damage(Damage::JoinedLines, end),
        Line::Fresh | Line::Nothing => {}
    }
    let trailing = decoder.trailing_bits();
    let der = decoder.finish(data_end);
    if let (Ok(_), Some(at)) = (&der, trailing) {
        damage(Damage::TrailingBits, at);
    }
    Body { der, any }
}

/// The line once it holds a base64 character at `at`.
fn data(line: Line, from: From, at: usize, damage: &mut dyn FnMut(Damage, usize)) -> Line {
    match line {
        Line::Space | Line::FreshSpace if from == From::IndentedMarker => {}
        Line::Space | Line::FreshSpace => damage(Damage::BodySpace, at),
        Line::Marker | Line::MarkerSpace | Line::DataSpace => damage(Damage::JoinedLines, at),
        Line::Fresh | Line::Nothing | Line::Data => {}
    }
    Line::Data
}

fn next_is_newline(bytes: &[u8], at: usize, length: usize) -> bool {
    matches!(bytes.get(at.saturating_add(length)), Some(b'\n' | b'\r'))
}

/// Where headers end that are at the start of a body (RFC 1421, section 4.6), and whether they say that it is encrypted.
pub(super) fn headers(bytes: &[u8], start: usize, end: usize) -> Option<(usize, bool)> {
    let body = bytes.get(start..end)?;
    // Base64 has no colon, and a header has one early, after a name.
    let is_named = body.trim_ascii_start().first().is_some_and(u8::is_ascii_alphanumeric);
    if !is_named || !body.iter().take(100).any(|byte| *byte == b':') {
        return None;
    }
    let colon = body.iter().rposition(|byte| *byte == b':')?;
    let mut at = start.saturating_add(colon).saturating_add(1);
    while matches!(token(bytes, at).0, Token::Space) && at < end {
        at = at.saturating_add(1);
    }
    let value = at;
    while at < end {
        match token(bytes, at) {
            (Token::Newline | Token::LoneCr | Token::EscapedNewline, length) => {
                return Some((at.saturating_add(length).min(end), says_encrypted(bytes.get(start..at)?)));
            }
            (_, length) => at = at.saturating_add(length),
        }
    }
    // The lines are joined: the value is one word, up to the space that stands for its line end.
    let at = match bytes.get(value..end)?.iter().position(|byte| *byte == b' ') {
        Some(word) => value.saturating_add(word).saturating_add(1),
        None => value,
    };
    Some((at, says_encrypted(bytes.get(start..at)?)))
}

fn says_encrypted(headers: &[u8]) -> bool {
    headers.windows(9).any(|window| window == b"ENCRYPTED")
}
