//! What happened to a text on its way, and what of it was undone. No sentence and no rule.

use super::text::Character;

/// A change of a text that happens where it is copied. Lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The line stands twice.
    DoubledLine { line: usize },
    /// The two lines are in each other's place.
    ExchangedLines { one: usize, other: usize },
    /// All letters are small, or all are capitals.
    LostCase,
    /// A character that looks like another one stands in the place of it, everywhere.
    LostCharacter { lost: char, alike: char },
    /// So many whole lines are missing.
    LostLines { count: usize },
    /// A character of the line is another one.
    OtherCharacter { line: usize },
    /// A line has characters that do not belong there, or lacks some: always a multiple of four.
    UnequalLine(LineLength),
}

/// What had to be undone before the rest of a text could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Undone {
    /// A character that does not belong in a block, taken away or written in ASCII: in how many places.
    Characters { character: Character, count: usize },
    /// The escape sequences by which terminals show colours.
    Colours { count: usize },
    /// Something before or after the text of each line of a block; how many lines there are.
    Decoration { start: Option<Mark>, end: Option<Mark>, lines: usize },
    /// BEGIN and END lines that are not written exactly.
    Markers(Vec<WrongMarker>),
    /// Lines of other text between those of base64.
    OtherLines { count: usize },
    /// Something stands for each line end.
    Separator { separator: String, count: usize },
}

impl Undone {
    /// Whether it is of a block that is a private key by its label.
    pub(super) fn is_of_key(&self) -> bool {
        matches!(self, Self::Markers(markers) if markers.iter().any(|marker| marker.right.ends_with("PRIVATE KEY-----")))
    }
}

/// What stands before or after the text of each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The same marks, without letters and digits but for those of a written-out line end.
    Marks(String),
    /// A number, perhaps with marks.
    Number,
    /// Other text.
    Text,
}

/// A line that is meant to be a marker, and is not written as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrongMarker {
    /// From 1.
    pub(crate) line: usize,
    /// The line as it has to be.
    pub(crate) right: String,
    pub(crate) flaws: Vec<MarkerFlaw>,
}

impl WrongMarker {
    /// Of the line `number`, which counts from 0.
    pub(super) fn new(number: usize, right: String, flaws: Vec<MarkerFlaw>) -> Self {
        Self { line: number.saturating_add(1), right, flaws }
    }
}

/// What is wrong with a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkerFlaw {
    /// A character that is not what it looks like.
    Character { character: Character, column: usize },
    /// There are not five hyphens before its words and five after them.
    Hyphens { before: usize, after: usize },
    /// Its words are not in capitals.
    SmallLetters,
    /// There are spaces or other marks too many, or too few.
    Spaces,
    /// It stands twice.
    Twice,
    /// Letters of its words are wrong.
    Words,
}

/// A line that is longer or shorter than the others, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineLength {
    pub(crate) length: usize,
    pub(crate) usual: usize,
}
