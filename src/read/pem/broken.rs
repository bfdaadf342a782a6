//! What is broken beyond the reach of one block: markers that lack their other half, lines that nearly are markers, and base64 outside
//! all blocks.

use super::ERROR;
use super::body::{self, From};
use super::damage::Tally;
use super::exposed::{is_key_label, names_key, starts_key};
use super::label::{self, Meaning};
use super::marker::{self, Edge, Marker, PEM_MARKER};
use super::scan::{Before, Scan, quoted};
use super::shape;
use super::text::{Token, token};
use crate::finding::Finding;
use crate::location::Location;
use crate::rule::Rule;

static PEM_END_LABEL: Rule = Rule {
    code: "pem-end-label",
    summary: "A block ends with another label than it begins with",
    hint: "Copy the block again from the original file, with the BEGIN and END lines that belong together.",
    why: "The END line repeats the label of its BEGIN line. Where it does not, a piece between the two was lost and the two lines \
          belong to two blocks, or one of the lines was typed by hand. The block is not read, since either label may be the wrong one.\n\n\
          Example: BEGIN CERTIFICATE, and then END PRIVATE KEY.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

static PEM_MISSING_BEGIN: Rule = Rule {
    code: "pem-missing-begin",
    summary: "An END line without its BEGIN line",
    hint: "Put the BEGIN line with the same label before the base64, or run `certgate fix`.",
    why: "A block starts with a BEGIN line. Without it, readers skip the base64 and may then report no certificate at all. Where the \
          base64 before the END line is exactly one object, certgate reads it and can put the line back.\n\n\
          Example: the first line was not selected when the text was copied.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

static PEM_STRAY_BASE64: Rule = Rule {
    code: "pem-stray-base64",
    summary: "Lines of base64 outside all blocks",
    hint: "Put the BEGIN and END lines around it, or remove it.",
    why: "Text outside the blocks is skipped. Lines of base64 there are likely a block that lost its BEGIN and END lines, so that a \
          certificate of the chain would silently be missing.\n\n\
          Example: an intermediate certificate pasted without its markers below the leaf.",
    citations: &["RFC 7468, section 2", "RFC 7468, section 3"],
    ..ERROR
};

pub(super) static PEM_TRUNCATED: Rule = Rule {
    code: "pem-truncated",
    summary: "A block has no END line",
    hint: "Copy the block again from the original file, down to its END line.",
    why: "A block ends with an END line. Where the text or the next block comes first, the block was cut off, and what is missing cannot \
          be known. Some readers drop such a block without a word, so that the chain is one certificate short.\n\n\
          Example: the last line was not selected when the text was copied.",
    citations: &["RFC 7468, section 3"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_END_LABEL, &PEM_MISSING_BEGIN, &PEM_STRAY_BASE64, &PEM_TRUNCATED];

impl Scan<'_, '_, '_, '_> {
    /// A BEGIN whose END is not the next marker.
    pub(super) fn unclosed(
        &mut self,
        begin: &Marker<'_>,
        next: Option<Marker<'_>>,
        number: usize,
    ) -> (usize, Before) {
        let length = self.text.bytes.len();
        let until = next.map_or(length, |next| next.start);
        let near = self.near_marker(begin.end, until, Some(number));
        if let Some(resume) = near.or_else(|| self.dashed_line(begin, until, number)) {
            return (resume, Before::Broken);
        }
        let place = self.place(begin.start).block(number);
        let other = next.map(|next| (next, self.cursor.advance(&self.text, next.start).shown(&self.text)));
        let begun = quoted(begin);
        let is_key = is_key_label(begin.label) || starts_key(self.text.slice(begin.end, until));
        match other {
            Some((next, (line, column))) if next.edge == Edge::End => {
                let begin_line = place.line.unwrap_or_default();
                let message = format!("{begun} on line {begin_line} ends with {}", quoted(&next));
                let place = self.reader.place.clone().block(number).line(line).column(column);
                let is_key = is_key || (is_key_label(next.label) && !self.is_whole(begin.end, next.start));
                self.reader.tell_of(is_key, Finding::new(&PEM_END_LABEL, place, message));
                (next.end, Before::Block)
            }
            Some((next, (line, _))) => {
                let message = format!(
                    "{begun} has no END line: the next block, {}, begins on line {line}",
                    quoted(&next)
                );
                self.reader.tell_of(is_key, Finding::new(&PEM_TRUNCATED, place, message));
                (next.start, Before::Broken)
            }
            None => {
                let last = self.text.bytes.trim_ascii_end().len();
                let (line, _) = self.cursor.advance(&self.text, last.max(begin.end)).shown(&self.text);
                let message = format!("{begun} has no END line: the text ends on line {line}");
                self.reader.tell_of(is_key, Finding::new(&PEM_TRUNCATED, place, message));
                (length, Before::Broken)
            }
        }
    }

    /// Whether the base64 between two places is one whole object.
    fn is_whole(&self, start: usize, end: usize) -> bool {
        let body = body::decode(self.text.bytes, start, end, From::Marker, &mut |_, _| {});
        body.der.is_ok_and(|der| shape::whole(&der) == Some(der.len()))
    }

    /// An END without BEGIN, with what stands before it from `start` on.
    pub(super) fn orphan(&mut self, start: usize, end: &Marker<'_>, before: Before) {
        // What follows a block that was not read to its end may still belong to it.
        if self.near_marker(start, end.start, None).is_some() || before == Before::Broken {
            return;
        }
        let number = self.reader.next_number();
        let bytes = self.text.bytes;
        let first = skip_blank(bytes, start, end.start);
        let lines = body_lines(self.text.slice(first, end.start)).saturating_add(first);
        let body_start = skip_blank(bytes, lines, end.start);
        let mut tally = Tally::default();
        let body =
            body::decode(bytes, body_start, end.start, From::Line, &mut |damage, at| tally.add(damage, at));
        let place = self.place(end.start).block(number);
        let quoted = quoted(end);
        let meaning = label::meaning(end.label);
        match body.der {
            Ok(der) if matches!(meaning, Meaning::Wanted(_)) && shape::whole(&der) == Some(der.len()) => {
                self.gap(start, body_start, before, true);
                for (damage, first, count) in tally.iter() {
                    self.damages(damage, first, count);
                }
                let message = format!("{quoted} has no BEGIN line; the base64 before it is one whole object");
                let finding = Finding::new(&PEM_MISSING_BEGIN, place, message).fixable();
                let finding = match self.misspelt_begin(start, body_start, end) {
                    Some(hint) => finding.hint(hint),
                    None => finding,
                };
                self.reader.tell_of_block(is_key_label(end.label), finding);
                let begin =
                    Marker { edge: Edge::Begin, label: end.label, start: body_start, end: body_start };
                self.understood(&begin, end.start, number, meaning, der);
            }
            _ => {
                let message = format!("{quoted} has no BEGIN line");
                let is_key = is_key_label(end.label) || starts_key(self.text.slice(body_start, end.start));
                self.reader.tell_of(is_key, Finding::new(&PEM_MISSING_BEGIN, place, message));
            }
        }
    }

    /// What to do where a line in hyphens stands before the body of an END without BEGIN.
    fn misspelt_begin(&self, start: usize, body_start: usize, end: &Marker<'_>) -> Option<String> {
        let (from, _) = marker::dashed(self.text.slice(start, body_start))?;
        let line = self.place(start.saturating_add(from)).line?;
        Some(format!("Write line {line} as `-----BEGIN {}-----`, or run `certgate fix`.", end.label))
    }

    /// Tells a line between `start` and `end` that nearly is a marker: where it ends.
    pub(super) fn near_marker(&mut self, start: usize, end: usize, number: Option<usize>) -> Option<usize> {
        let (from, to) = marker::near(self.text.slice(start, end))?;
        let (from, to) = (start.saturating_add(from), start.saturating_add(to));
        let (is_key, finding) = self.like_marker(from, to, end, number);
        self.reader.tell_of(is_key, finding);
        Some(to)
    }

    /// Tells a line in hyphens in a block without END, up to `end`: a misspelt END, for base64 has no hyphens. Where it ends.
    fn dashed_line(&mut self, begin: &Marker<'_>, end: usize, number: usize) -> Option<usize> {
        let (from, to) = marker::dashed(self.text.slice(begin.end, end))?;
        let (from, to) = (begin.end.saturating_add(from), begin.end.saturating_add(to));
        let (is_key, finding) = self.like_marker(from, to, end, Some(number));
        let hint = format!("If the block ends there, write the line as `-----END {}-----`.", begin.label);
        self.reader.tell_of(is_key, finding.hint(hint));
        Some(to)
    }

    /// The finding on a line that is like a marker, and whether a private key is in or after it.
    fn like_marker(&self, from: usize, to: usize, end: usize, number: Option<usize>) -> (bool, Finding) {
        let place = Location { block: number, ..self.place(from) };
        let message = "this reads like a BEGIN or END line, but is not one exactly";
        let is_key = names_key(self.text.slice(from, to)) || starts_key(self.text.slice(to, end));
        (is_key, Finding::new(&PEM_MARKER, place, message))
    }

    /// Tells base64 that stands between blocks, from `start` to `end`; false where there is none.
    pub(super) fn stray(&mut self, start: usize, end: usize) -> bool {
        let mut at = start;
        for line in self.text.slice(start, end).split(|byte| matches!(byte, b'\n' | b'\r')) {
            if is_base64_line(line) {
                let place = self.place(at);
                let message = "base64 outside all blocks: a block without its BEGIN and END lines?";
                let is_key = starts_key(self.text.slice(at, end));
                self.reader.tell_of(is_key, Finding::new(&PEM_STRAY_BASE64, place, message));
                return true;
            }
            at = at.saturating_add(line.len()).saturating_add(1);
        }
        false
    }
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

/// Whether a line is a full one of base64: words are shorter, and fingerprints are hexadecimal.
fn is_base64_line(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() >= 60
        && line.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
        && !line.iter().all(u8::is_ascii_hexdigit)
}
