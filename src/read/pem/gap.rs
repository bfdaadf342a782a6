//! What is between the blocks: nothing, mostly; else text, quotes, escapes, or something that should have been a block.

use super::broken::{near_marker, stray};
use super::damage::Damage;
use super::scan::{Before, Scan};
use super::secret::printed_key;
use super::text::{Token, token};

/// Quotes and escapes next to a marker: how many, and the first.
#[derive(Clone, Copy, Default)]
pub(super) struct Wrapping {
    quotes: (usize, usize),
    escapes: (usize, usize),
}

impl Wrapping {
    pub(super) fn quote(&mut self, at: usize) {
        note(&mut self.quotes, at);
    }

    pub(super) fn escape(&mut self, at: usize) {
        note(&mut self.escapes, at);
    }
}

fn note((count, first): &mut (usize, usize), at: usize) {
    if *count == 0 {
        *first = at;
    }
    *count = count.saturating_add(1);
}

/// What is on the current line so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Nothing,
    Space,
    Text,
}

/// Reports what is from `start` to `end`, which a BEGIN follows where `begin`. True where that BEGIN is indented.
pub(super) fn gap(
    scan: &mut Scan<'_, '_, '_>,
    start: usize,
    end: usize,
    before: Before,
    begin: bool,
) -> bool {
    let bytes = scan.text.bytes.get(..end).unwrap_or_default();
    let after_block = before == Before::Block;
    if after_block && matches!(bytes.get(start..), Some(b"\n" | b"\r\n")) {
        return false;
    }
    let mut text: Option<(usize, usize)> = None;
    let mut lead = Wrapping::default();
    let mut tail = Wrapping::default();
    // What was in `tail` where the current line began.
    let mut above = Wrapping::default();
    let mut line = Line::Nothing;
    let opens = before == Before::Nothing && scan.is_quoted;
    // Whether this is still the line of the END before.
    let mut end_line = after_block;
    // Where the line began with a CR that no LF follows: other readers do not see a marker after it.
    let mut lone_cr = None;
    let mut at = start;
    while at < end {
        let (token, mut length) = token(bytes, at);
        match token {
            Token::Newline | Token::LoneCr | Token::EscapedNewline => {
                if token == Token::EscapedNewline {
                    tail.escape(at);
                } else {
                    // Quotes on a line of text belong to that text.
                    if line == Line::Text {
                        tail.quotes = (0, 0);
                    }
                    above = tail;
                }
                if end_line && line == Line::Space {
                    scan.damage(Damage::BodySpace, at);
                }
                lone_cr = (token == Token::LoneCr).then_some((at, Damage::of_line_end(length)));
                if let Some((at, damage)) = lone_cr.filter(|_| end_line && line != Line::Text) {
                    scan.damage(damage, at);
                }
                (line, end_line) = (Line::Nothing, false);
            }
            Token::Space | Token::WideSpace => {
                if end_line && token == Token::WideSpace && line != Line::Text {
                    scan.damage(Damage::MidLine, at);
                    line = Line::Text;
                }
                if line == Line::Nothing {
                    line = Line::Space;
                }
            }
            Token::Bom => scan.damage(Damage::Bom, at),
            Token::Quote => match fence(bytes, at, begin).filter(|_| !end_line && line != Line::Text) {
                Some(last) => {
                    text = Some((text.map_or(at, |(first, _)| first), last));
                    line = Line::Text;
                    length = last.saturating_sub(at);
                }
                None => tail.quote(at),
            },
            Token::Other | Token::Escaped(_) => {
                if end_line && line != Line::Text {
                    scan.damage(Damage::MidLine, at);
                }
                line = Line::Text;
                // The rest of a word needs no second look.
                let word = bytes.get(at.saturating_add(length)..).unwrap_or_default();
                length = length.saturating_add(word.iter().take_while(|byte| is_word(**byte)).count());
                let first = match text {
                    Some((first, _)) => first,
                    None => {
                        lead = tail;
                        if !end_line && !opens {
                            lead.quotes = above.quotes;
                        }
                        at
                    }
                };
                text = Some((first, at.saturating_add(length)));
                tail = Wrapping::default();
            }
        }
        at = at.saturating_add(length);
    }
    if text.is_none() {
        if after_block || begin {
            wrapped(scan, tail);
        }
    } else {
        // A quote next to text and not to a marker belongs to the text, unless quotes are around it all.
        if after_block || opens {
            wrapped(scan, lead);
        }
        if begin || scan.is_quoted {
            wrapped(scan, tail);
        }
    }
    if let Some((first, last)) = text {
        text_around(scan, first, last);
    }
    if !begin {
        return false;
    }
    if let Some((at, damage)) = lone_cr.filter(|(at, _)| !after_block || *at != start) {
        scan.damage(damage, at);
    }
    if end_line {
        scan.damage(Damage::JoinedLines, end);
    } else if line != Line::Nothing {
        scan.damage(Damage::MidLine, end);
        return true;
    }
    false
}

/// Where the line ends that the backticks at `at` begin, where it is a fence of Markdown: three backticks or more, on a line without a
/// marker. `bytes` ends where a BEGIN follows, if `begin`.
fn fence(bytes: &[u8], at: usize, begin: bool) -> Option<usize> {
    let line = bytes.get(at..).filter(|rest| rest.starts_with(b"```"))?;
    match line.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(length) => Some(at.saturating_add(length)),
        None => (!begin).then_some(bytes.len()),
    }
}

/// Counts the quotes and escapes next to a marker.
pub(super) fn wrapped(scan: &mut Scan<'_, '_, '_>, wrapping: Wrapping) {
    for (damage, (count, first)) in
        [(Damage::Quoted, wrapping.quotes), (Damage::EscapedNewlines, wrapping.escapes)]
    {
        if count > 0 {
            scan.damages(damage, first, count);
        }
    }
}

/// Reports text that is outside the blocks.
fn text_around(scan: &mut Scan<'_, '_, '_>, first: usize, last: usize) {
    if near_marker(scan, first, last, None).is_some() || stray(scan, first, last) {
        return;
    }
    let is_key = printed_key(scan.text.slice(first, last)).is_some();
    let damage = if is_key { Damage::PrintedKey } else { Damage::TextAround };
    scan.damage(damage, first);
    if let Some(line) = scan.place(last).line {
        scan.reader.damage_until(damage, line);
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'.' | b',' | b'=' | b'/')
}
