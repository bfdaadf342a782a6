//! The lines from one that is meant to be BEGIN to one that is meant to be END.

use std::ops::Range;

use super::decoration::{self, Cores};
use super::line::Line;
use super::marker::{Budget, Meant, meant};
use super::plain_end;
use crate::read::pem::fault::{Character, Mark, MarkerFlaw, WrongMarker};
use crate::read::pem::label::{self, Meaning};
use crate::read::pem::marker::{self, Edge};

/// A block, by its lines, each counted from 0.
pub(super) struct Region {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) begin: Marked,
    end: Marked,
    body: Body,
    /// The lines of a BEGIN or END that stands twice.
    copies: Vec<usize>,
}

/// What is between the two markers.
enum Body {
    /// Base64, as far as the lines show.
    Plain,
    /// Base64 with the same thing before or after it on each line.
    Decorated(Cores),
    /// Lines of other text between those of base64.
    Mixed(Vec<bool>),
}

/// A line that is meant to be a marker.
#[derive(Clone, Copy)]
pub(super) struct Marked {
    pub(super) line: usize,
    meant: Meant,
}

/// The blocks of a text; those that have no BEGIN or no END are left to other checks.
pub(super) fn regions(lines: &[Line<'_>]) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut marked = markers(lines).into_iter().peekable();
    while let Some(mut begin) = marked.next() {
        if begin.meant.edge == Edge::End {
            continue;
        }
        let mut copies = Vec::new();
        while let Some(next) = marked.peek()
            && next.meant.edge == Edge::Begin
            && is_blank(lines, begin.line, next.line)
        {
            copies.push(begin.line);
            let Some(next) = marked.next() else { break };
            begin = next;
        }
        let Some(next) = marked.peek() else { break };
        let is_end = next.meant.edge == Edge::End || is_end_as_begin(lines, next.line);
        if !is_end {
            continue;
        }
        let Some(mut end) = marked.next() else { break };
        end.meant = end.meant.with_edge(Edge::End);
        while let Some(next) = marked.peek()
            && next.meant.edge == Edge::End
            && is_blank(lines, end.line, next.line)
        {
            copies.push(next.line);
            marked.next();
        }
        if let Some(region) = Region::new(lines, begin, end, copies) {
            regions.push(region);
        }
    }
    regions
}

/// All lines that are meant to be markers. A line with two of them, or with one of another kind, ends the search: it is read as it is.
fn markers(lines: &[Line<'_>]) -> Vec<Marked> {
    let mut found = Vec::new();
    let mut budget = Budget::new();
    for (number, line) in lines.iter().enumerate() {
        if let Some(meant) = meant(line.ascii(), &mut budget) {
            let exact = marker::next(line.given, 0);
            let is_other = exact.is_some_and(|exact| {
                let is_known = label::meaning(exact.label) != Meaning::Unknown;
                is_known && exact.label != meant.label || marker::next(line.given, exact.end).is_some()
            });
            if !is_other {
                found.push(Marked { line: number, meant });
            }
        }
    }
    if budget.is_spent() { Vec::new() } else { found }
}

fn is_blank(lines: &[Line<'_>], first: usize, last: usize) -> bool {
    let between = lines.get(first.saturating_add(1)..last).unwrap_or_default();
    between.iter().all(|line| line.ascii().trim_ascii().is_empty())
}

/// Whether a BEGIN stands where END belongs: no base64 follows it.
fn is_end_as_begin(lines: &[Line<'_>], number: usize) -> bool {
    let rest = lines.get(number.saturating_add(1)..).unwrap_or_default();
    let next = rest.iter().map(|line| line.ascii().trim_ascii()).find(|line| !line.is_empty());
    next.is_none_or(|line| meant(line, &mut Budget::new()).is_some())
}

/// The label of an exact marker, where it means nothing that is known.
fn unknown_label(line: &[u8]) -> Option<&str> {
    let exact = marker::next(line, 0)?;
    (label::meaning(exact.label) == Meaning::Unknown).then_some(exact.label)
}

/// How many bytes the markers of `regions` can take more than what was there.
pub(super) fn added(regions: &[Region]) -> usize {
    const LONGEST_MARKER: usize = 64;
    regions.len().saturating_mul(2).saturating_mul(LONGEST_MARKER)
}

impl Region {
    fn new(lines: &[Line<'_>], mut begin: Marked, mut end: Marked, copies: Vec<usize>) -> Option<Self> {
        let (begin_line, end_line) = (lines.get(begin.line)?.ascii(), lines.get(end.line)?.ascii());
        // The line with fewer wrong letters says which label it is.
        if begin.meant.label == end.meant.label {
        } else if begin.meant.wrong <= end.meant.wrong {
            end.meant = end.meant.with_label(end_line, begin.meant.label)?;
        } else {
            begin.meant = begin.meant.with_label(begin_line, end.meant.label)?;
        }
        // A certificate whose label is wrong on both lines alike is read, and has a finding of its own.
        if begin.meant.label.ends_with("CERTIFICATE")
            && let (Some(one), Some(other)) = (unknown_label(begin_line), unknown_label(end_line))
            && one == other
        {
            return None;
        }
        let body: Vec<&[u8]> =
            lines.get(begin.line.saturating_add(1)..end.line)?.iter().map(Line::body).collect();
        let around = [
            begin_line.get(..begin.meant.start).unwrap_or_default(),
            begin_line.get(begin.meant.end..).unwrap_or_default(),
        ];
        let body = match decoration::cores(&body, around) {
            Some(cores) => Body::Decorated(cores),
            None => decoration::other_lines(&body).map_or(Body::Plain, Body::Mixed),
        };
        let first = copies.iter().copied().fold(begin.line, usize::min);
        let last = copies.iter().copied().fold(end.line, usize::max);
        Some(Self { first, last, begin, end, body, copies })
    }

    /// Whether the line is between the two markers.
    pub(super) fn is_body(&self, line: usize) -> bool {
        line > self.begin.line && line < self.end.line
    }

    /// Whether marks are on its lines that are to go.
    pub(super) fn is_decorated(&self) -> bool {
        self.sides().is_some()
    }

    pub(super) fn sides(&self) -> Option<(&Option<Mark>, &Option<Mark>)> {
        match &self.body {
            Body::Decorated(Cores { start, end, .. }) if start.is_some() || end.is_some() => {
                Some((start, end))
            }
            _ => None,
        }
    }

    /// Where what is kept of a line of the body is in its ASCII.
    pub(super) fn kept(&self, line: usize, ascii: &[u8]) -> Range<usize> {
        let index = line.saturating_sub(self.begin.line).saturating_sub(1);
        match &self.body {
            Body::Plain => 0..ascii.len(),
            Body::Decorated(cores) => cores.cores.get(index).cloned().unwrap_or(0..ascii.len()),
            Body::Mixed(other) if other.get(index) == Some(&true) => 0..0,
            Body::Mixed(_) => 0..ascii.len(),
        }
    }

    /// Writes its lines, as many as there are.
    pub(super) fn write<'l>(&self, lines: &'l [Line<'_>], text: &mut Vec<u8>) {
        for number in self.first..=self.last {
            let Some(line) = lines.get(number) else { break };
            match [self.begin, self.end].iter().find(|marked| marked.line == number) {
                Some(Marked { meant, .. }) => {
                    let ascii = line.ascii();
                    let around = |range: Option<&'l [u8]>| match range {
                        Some(around) if !self.is_decorated() => around.trim_ascii(),
                        _ => &[],
                    };
                    text.extend_from_slice(around(ascii.get(..meant.start)));
                    text.extend_from_slice(meant.right().as_bytes());
                    text.extend_from_slice(around(ascii.get(meant.end..)));
                }
                None if self.is_body(number) => {
                    let body = line.body();
                    text.extend_from_slice(body.get(self.kept(number, body)).unwrap_or_default());
                }
                // A copy of a marker, or a blank line beside it.
                None => {}
            }
            text.extend_from_slice(plain_end(line.end));
        }
    }

    /// What is wrong with its markers.
    pub(super) fn wrong_markers(&self, lines: &[Line<'_>], named: &[Character]) -> Vec<WrongMarker> {
        // Where a hyphen is the mark of each line, it seems to be one of the marker's.
        let more = match self.sides() {
            Some((Some(Mark::Marks(marks)), _)) if marks.bytes().all(|byte| byte == b'-') => marks.len(),
            _ => 0,
        };
        let markers = [self.begin, self.end].into_iter();
        let mut wrong: Vec<_> =
            markers.filter_map(|marked| wrong_marker(lines.get(marked.line)?, marked, named, more)).collect();
        wrong.extend(self.copies.iter().map(|line| {
            let meant = if *line < self.end.line { self.begin.meant } else { self.end.meant };
            WrongMarker::new(*line, meant.right(), vec![MarkerFlaw::Twice])
        }));
        wrong.sort_by_key(|marker| marker.line);
        wrong
    }
}

/// What is wrong with a line that is meant to be a marker; characters that are `named` elsewhere are not repeated.
fn wrong_marker(
    line: &Line<'_>,
    Marked { line: number, meant }: Marked,
    named: &[Character],
    more: usize,
) -> Option<WrongMarker> {
    let ascii = line.ascii();
    let inside = meant.start..=meant.end;
    let strange = line.strange.iter().filter(|strange| inside.contains(&strange.at[0]));
    let strange = strange.filter(|strange| !named.contains(&strange.character));
    let mut flaws: Vec<_> = strange
        .map(|strange| MarkerFlaw::Character { character: strange.character, column: strange.column })
        .collect();
    let (words, right) = (meant.words(ascii), meant.right());
    let right_words = right.trim_matches('-').as_bytes();
    if words != right_words {
        flaws.push(match () {
            () if words.eq_ignore_ascii_case(right_words) => MarkerFlaw::SmallLetters,
            () if meant.wrong == 0 => MarkerFlaw::Spaces,
            () => MarkerFlaw::Words,
        });
    }
    // Of look-alikes the number says nothing: a word processor makes one dash of two hyphens.
    let [before, after] = meant.hyphens;
    if more > 0 && (before, after) == (more.saturating_add(5), 5) && flaws.is_empty() {
        return None;
    }
    if (before, after) != (5, 5) && !flaws.iter().any(|flaw| matches!(flaw, MarkerFlaw::Character { .. })) {
        flaws.push(MarkerFlaw::Hyphens { before, after });
    }
    if flaws.is_empty() && !meant.is_exact(ascii) {
        flaws.push(MarkerFlaw::Spaces);
    }
    (!flaws.is_empty()).then(|| WrongMarker::new(number, right, flaws))
}

impl Region {
    pub(super) fn number_of_lines(&self) -> usize {
        self.end.line.saturating_sub(self.begin.line).saturating_add(1)
    }

    /// The lines of other text, from 0.
    pub(super) fn other_lines(&self) -> Vec<usize> {
        let Body::Mixed(other) = &self.body else { return Vec::new() };
        let first = self.begin.line.saturating_add(1);
        let others = other.iter().enumerate().filter(|(_, other)| **other);
        others.map(|(index, _)| first.saturating_add(index)).collect()
    }
}
