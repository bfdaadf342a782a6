//! Lines of a stream in bounded memory. Every buffer is wiped: a line holds a key.

use std::io::{self, Read};

use memchr::memchr;
use zeroize::{Zeroize, Zeroizing};

use crate::input;

/// The longest line that is read, in bytes.
pub(crate) const LONGEST: usize = 4 << 20;

/// What was read of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// All of it, without the line feed.
    Whole,
    /// It is longer than [`LONGEST`]; none of it is kept.
    TooLong,
}

/// Splits a stream at line feeds.
pub(crate) struct Lines<R> {
    source: R,
    buffer: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
    longest: usize,
    /// The bytes of the stream that were read, lines that are too long included.
    pub(crate) consumed: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self::with_limit(source, LONGEST)
    }

    fn with_limit(source: R, longest: usize) -> Self {
        Self { source, buffer: Zeroizing::new(vec![0; 1 << 16]), start: 0, end: 0, longest, consumed: 0 }
    }

    /// Whether another line can be read without waiting for the stream.
    pub(crate) fn has_more(&self) -> bool {
        memchr(b'\n', self.rest()).is_some()
    }

    /// Appends the next line to `text`. `None` at the end of the stream; a last line needs no line feed.
    pub(crate) fn next(&mut self, text: &mut Zeroizing<Vec<u8>>) -> io::Result<Option<Line>> {
        let before = text.len();
        let mut any = false;
        let mut too_long = false;
        loop {
            if self.start >= self.end && !self.fill()? {
                break;
            }
            any = true;
            let rest = self.rest();
            let feed = memchr(b'\n', rest);
            let part = feed.and_then(|feed| rest.get(..feed)).unwrap_or(rest);
            let length = text.len().saturating_sub(before).saturating_add(part.len());
            let used = part.len().saturating_add(usize::from(feed.is_some()));
            if !too_long && length <= self.longest {
                input::append(text, part);
            } else if !too_long {
                too_long = true;
                text.get_mut(before..).unwrap_or_default().zeroize();
                text.truncate(before);
            }
            self.start = self.start.saturating_add(used);
            self.consumed = self.consumed.saturating_add(used as u64);
            if feed.is_some() {
                break;
            }
        }
        Ok(any.then_some(if too_long { Line::TooLong } else { Line::Whole }))
    }

    /// What was read of the stream and is not handed out yet.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads more; false at the end of the stream.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            match self.source.read(&mut self.buffer) {
                Ok(count) => {
                    (self.start, self.end) = (0, count);
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// Gives a few bytes at a time, so that lines span reads.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(out.len());
            let (now, later) = self.0.split_at(count);
            out[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn read(text: &str, step: usize, longest: usize) -> Vec<Option<String>> {
        let mut lines = Lines::with_limit(Slow(text.as_bytes(), step), longest);
        let mut all = Vec::new();
        let mut text = Zeroizing::new(Vec::new());
        let mut before = 0;
        while let Some(what) = lines.next(&mut text).unwrap() {
            all.push((what == Line::Whole).then(|| String::from_utf8(text[before..].to_vec()).unwrap()));
            assert!(what == Line::Whole || text.len() == before, "nothing of a long line is kept");
            before = text.len();
        }
        all
    }

    #[test]
    fn lines_are_split_however_they_arrive() {
        for step in [1, 2, 3, 100] {
            for (text, want) in [
                ("", &[][..]),
                ("\n", &[Some("")]),
                ("a\n\nbc", &[Some("a"), Some(""), Some("bc")]),
                ("abcd\nx\n", &[Some("abcd"), Some("x")]),
                ("abcde\nx\n", &[None, Some("x")]),
                ("x\nabcdefghij", &[Some("x"), None]),
            ] {
                let want: Vec<_> = want.iter().map(|line| line.map(str::to_owned)).collect();
                assert_eq!(read(text, step, 4), want, "{text:?} by {step}");
            }
        }
    }
}
