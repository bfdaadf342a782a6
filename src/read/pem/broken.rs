//! What is broken beyond the reach of one block: markers that lack their other half, lines that nearly are markers, and base64 outside
//! all blocks.

use super::body::{self, From};
use super::closed::understood;
use super::damage::Tally;
use super::fault::{FaultKind, MarkerFault, Next, Secret};
use super::label::{self, Meaning};
use super::marker::{self, Edge, Marker};
use super::scan::{Before, Scan};
use super::secret::{is_key_label, names_key, starts_key};
use super::text::{Token, token};
use super::{gap, outline};
use crate::location::Location;

/// A BEGIN whose END is not the next marker.
pub(super) fn unclosed(
    scan: &mut Scan<'_, '_, '_>,
    begin: &Marker<'_>,
    next: Option<Marker<'_>>,
    number: usize,
) -> (usize, Before) {
    let length = scan.text.bytes.len();
    let until = next.map_or(length, |next| next.start);
    let near = near_marker(scan, begin.end, until, Some(number));
    if let Some(resume) = near.or_else(|| dashed_line(scan, begin, until, number)) {
        return (resume, Before::Broken);
    }
    let is_key = is_key_label(begin.label) || starts_key(scan.text.slice(begin.end, until));
    let label = begin.label.to_owned();
    match next {
        Some(next) if next.edge == Edge::End => {
            let (begin_line, _) = scan.shown(begin.start);
            let is_key = is_key || (is_key_label(next.label) && !is_whole(scan, begin.end, next.start));
            let end = next.label.to_owned();
            let kind = FaultKind::Marker(MarkerFault::OtherEnd { begin: label, begin_line, end });
            scan.fault_in(number, next.start, Secret::unread(is_key), kind);
            (next.end, Before::Block)
        }
        Some(next) => {
            let (line, _) = scan.shown(next.start);
            let next_begin = Next::Begin { label: next.label.to_owned(), line };
            let kind = FaultKind::Marker(MarkerFault::NoEnd { label, next: next_begin });
            scan.fault_in(number, begin.start, Secret::unread(is_key), kind);
            (next.start, Before::Broken)
        }
        None => {
            let last = scan.text.bytes.trim_ascii_end().len();
            let (line, _) = scan.shown(last.max(begin.end));
            let kind = FaultKind::Marker(MarkerFault::NoEnd { label, next: Next::Nothing { line } });
            scan.fault_in(number, begin.start, Secret::unread(is_key), kind);
            (length, Before::Broken)
        }
    }
}

/// Whether the base64 between two places is one whole object.
fn is_whole(scan: &Scan<'_, '_, '_>, start: usize, end: usize) -> bool {
    let body = body::decode(scan.text.bytes, start, end, From::Marker, &mut |_, _| {});
    body.der.is_ok_and(|der| outline::whole(&der) == Some(der.len()))
}

/// An END without BEGIN, with what is before it from `start` on.
pub(super) fn orphan(scan: &mut Scan<'_, '_, '_>, start: usize, end: &Marker<'_>, before: Before) {
    // What follows a block that was not read to its end may still belong to it.
    if near_marker(scan, start, end.start, None).is_some() || before == Before::Broken {
        return;
    }
    let number = scan.reader.next_number();
    let bytes = scan.text.bytes;
    let first = skip_blank(bytes, start, end.start);
    let lines = body_lines(scan.text.slice(first, end.start)).saturating_add(first);
    let body_start = skip_blank(bytes, lines, end.start);
    let mut tally = Tally::default();
    let body =
        body::decode(bytes, body_start, end.start, From::Line, &mut |damage, at| tally.add(damage, at));
    let label = end.label.to_owned();
    let meaning = label::meaning(end.label);
    match body.der {
        Ok(der) if matches!(meaning, Meaning::Wanted(_)) && outline::whole(&der) == Some(der.len()) => {
            gap::gap(scan, start, body_start, before, true);
            for (damage, first, count) in tally.iter() {
                scan.damages(damage, first, count);
            }
            let misspelt = misspelt_begin(scan, start, body_start);
            let secret = if is_key_label(end.label) { Secret::Read } else { Secret::None };
            let kind = FaultKind::Marker(MarkerFault::NoBegin { label, is_read: true, misspelt });
            scan.fault_in(number, end.start, secret, kind);
            let begin = Marker { edge: Edge::Begin, label: end.label, start: body_start, end: body_start };
            understood(scan, &begin, end.start, number, meaning, der);
        }
        _ => {
            let is_key = is_key_label(end.label) || starts_key(scan.text.slice(body_start, end.start));
            let kind = FaultKind::Marker(MarkerFault::NoBegin { label, is_read: false, misspelt: None });
            scan.fault_in(number, end.start, Secret::unread(is_key), kind);
        }
    }
}

/// The line in hyphens that is before the body of an END without BEGIN.
fn misspelt_begin(scan: &Scan<'_, '_, '_>, start: usize, body_start: usize) -> Option<usize> {
    let (from, _) = marker::dashed(scan.text.slice(start, body_start))?;
    Some(scan.shown(start.saturating_add(from)).0)
}

/// Finds a line between `start` and `end` that nearly is a marker: where it ends.
pub(super) fn near_marker(
    scan: &mut Scan<'_, '_, '_>,
    start: usize,
    end: usize,
    number: Option<usize>,
) -> Option<usize> {
    let (from, to) = marker::near(scan.text.slice(start, end))?;
    let (from, to) = (start.saturating_add(from), start.saturating_add(to));
    like_marker(scan, (from, to), end, number, None);
    Some(to)
}

/// Finds a line in hyphens in a block without END, up to `end`: a misspelt END, for base64 has no hyphens. Where it ends.
fn dashed_line(scan: &mut Scan<'_, '_, '_>, begin: &Marker<'_>, end: usize, number: usize) -> Option<usize> {
    let (from, to) = marker::dashed(scan.text.slice(begin.end, end))?;
    let (from, to) = (begin.end.saturating_add(from), begin.end.saturating_add(to));
    like_marker(scan, (from, to), end, Some(number), Some(begin.label));
    Some(to)
}

/// The fault of a line that is like a marker, in the block `open` or outside all. A private key may be in it, or after it up to `end`.
fn like_marker(
    scan: &mut Scan<'_, '_, '_>,
    (from, to): (usize, usize),
    end: usize,
    number: Option<usize>,
    open: Option<&str>,
) {
    let place = Location { block: number, ..scan.place(from) };
    let is_key = names_key(scan.text.slice(from, to)) || starts_key(scan.text.slice(to, end));
    let kind = FaultKind::Marker(MarkerFault::Near { open: open.map(str::to_owned) });
    scan.reader.fault(place, Secret::unread(is_key), kind);
}

/// Finds base64 that is between blocks, from `start` to `end`; false where there is none.
pub(super) fn stray(scan: &mut Scan<'_, '_, '_>, start: usize, end: usize) -> bool {
    let mut at = start;
    let mut lines = scan.text.slice(start, end).split(|byte| matches!(byte, b'\n' | b'\r'));
    while let Some(line) = lines.next() {
        // Between CR and LF there is an empty one.
        let next = || lines.clone().take(2).find(|next| !next.is_empty()).unwrap_or_default();
        if is_base64_line(line) && (is_of_body(line) || goes_on(line, next())) {
            let place = scan.place(at);
            let is_key = starts_key(scan.text.slice(at, end));
            scan.reader.fault(place, Secret::unread(is_key), FaultKind::Marker(MarkerFault::StrayBase64));
            return true;
        }
        at = at.saturating_add(line.len()).saturating_add(1);
    }
    false
}

/// The first place from `start` on that is neither space nor quote nor an escape for a line end.
fn skip_blank(bytes: &[u8], start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end {
        match token(bytes, at) {
            (Token::Other | Token::Escaped(_), _) => break,
            (_, length) => at = at.saturating_add(length),
        }
    }
    at.min(end)
}

/// Where the last run of lines begins that hold nothing but base64, escapes and spaces.
fn body_lines(text: &[u8]) -> usize {
    let mut run = 0;
    let mut at = 0_usize;
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        at = at.saturating_add(line.len()).saturating_add(1);
        if !line.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/= \t\\\"'`".contains(byte)) {
            run = at;
        }
    }
    run.min(text.len())
}

/// Whether a line is a full one of base64: words are shorter, and fingerprints are hexadecimal. So many characters of encrypted or signed
/// data hold capitals, small letters and digits; a long word or a rule of one letter does not.
fn is_base64_line(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let has = |kind: fn(&u8) -> bool| line.iter().any(kind);
    line.len() >= 60
        && is_base64(line)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && !line.iter().all(u8::is_ascii_hexdigit)
}

/// Whether such a line is part of a body although it stands alone: it has the width of the lines of PEM, it is a whole body on one line,
/// or a DER SEQUENCE starts there.
fn is_of_body(line: &[u8]) -> bool {
    const WHOLE: usize = 200;
    let line = line.trim_ascii();
    matches!(line.len(), 64 | 76 | WHOLE..) || matches!(line, [b'M', b'A'..=b'P', ..])
}

/// Whether two lines can follow each other in a body: they are of one length, or the second is the shorter end of it.
fn goes_on(line: &[u8], next: &[u8]) -> bool {
    let (line, next) = (line.trim_ascii(), next.trim_ascii());
    let is_end = next.len() < line.len() && line.len() % 4 == 0 && next.len() % 4 == 0;
    is_base64(next) && (next.len() == line.len() || is_end)
}

/// Whether there is base64 and nothing else: `=` only at the end.
fn is_base64(line: &[u8]) -> bool {
    let digits =
        line.len().saturating_sub(line.iter().rev().take(2).take_while(|byte| **byte == b'=').count());
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    digits > 0 && line.iter().take(digits).all(is_digit)
}
