//! A text that cannot be read as it is: what it says without the marks, look-alike characters and other text that were added to it.
//!
//! Only a text in which reading found something wrong comes here. What is taken away or written right is an [`Undone`] with its place; the
//! rest of the text keeps its lines. Whether the result can be read is for the caller to see, who takes it only then.

mod alike;
mod decoration;
mod joined;
mod line;
mod marker;
mod region;
mod tell;

use zeroize::Zeroizing;

use super::LONGEST;
use super::fault::Undone;
use line::Line;
use region::Region;

/// A text with what was undone in it.
pub(super) struct Restored {
    /// The text.
    pub(super) text: Zeroizing<Vec<u8>>,
    /// What was undone, each with its line and column in the text as given.
    pub(super) undone: Vec<(usize, Option<usize>, Undone)>,
    /// Whether the text has other lines than the one that was given.
    pub(super) has_new_lines: bool,
}

/// The most lines of a text that is looked at: several times those of the longest chain. A longer one is read as it is.
const MOST_LINES: usize = 1500;

/// What `bytes` say; `None` where nothing could be undone.
pub(super) fn restore(bytes: &[u8]) -> Option<Restored> {
    if bytes.len() > LONGEST {
        return None;
    }
    if let Some(restored) = joined::restore(bytes) {
        return Some(restored);
    }
    let lines = line::lines(bytes, MOST_LINES)?;
    let regions = region::regions(&lines);
    if regions.is_empty() {
        return None;
    }
    let mut undone = Vec::new();
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len().saturating_add(region::added(&regions))));
    let starts_inside = regions.first().is_some_and(|region| region.first == 0);
    if starts_inside && bytes.starts_with(line::BOM) {
        text.extend_from_slice(line::BOM);
    }
    let mut next = 0_usize;
    let is_decorated = regions.iter().any(Region::is_decorated);
    for region in &regions {
        for line in lines.get(next..region.first).unwrap_or_default() {
            push_outside(&mut text, line, is_decorated);
        }
        region.write(&lines, &mut text);
        next = region.last.saturating_add(1);
    }
    for line in lines.get(next..).unwrap_or_default() {
        push_outside(&mut text, line, is_decorated);
    }
    tell::tell(&regions, &lines, &mut undone);
    let has_new_lines = lines.len() > 1 && line::is_one_line(bytes);
    for (.., undone) in undone.iter_mut().filter(|_| has_new_lines) {
        if let Undone::Markers(markers) = undone {
            markers.iter_mut().for_each(|marker| marker.line = 1);
        }
    }
    (!undone.is_empty()).then_some(Restored { text, undone, has_new_lines })
}

/// A line outside the blocks: as it is, but for one that holds marks alone between decorated lines.
fn push_outside(text: &mut Vec<u8>, line: &Line<'_>, is_decorated: bool) {
    let is_bare = is_decorated && !line.ascii().iter().any(u8::is_ascii_alphabetic);
    if !is_bare {
        text.extend_from_slice(line.given);
    }
    text.extend_from_slice(plain_end(line.end));
}

/// The end of a line as PEM has it; written-out ends have a finding of their own.
fn plain_end(end: &[u8]) -> &[u8] {
    if end.is_empty() || end.starts_with(b"\\") { end } else { b"\n" }
}
