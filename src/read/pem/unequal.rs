//! The line of a body that is longer or shorter than the others: where a character was lost or added.

use super::base64::Flaw;
use super::fault::{Base64Fault, LineLength};
use super::text::{Text, character};

/// A line of a body that has another length than the others, the last one aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnequalLine {
    /// Where it starts in the body.
    pub(super) start: usize,
    pub(super) line: LineLength,
}

impl UnequalLine {
    /// The line of `body` that explains `flaw`, where a character too few or too many can be the cause.
    pub(super) fn of(flaw: Flaw, body: &[u8]) -> Option<Self> {
        match flaw {
            Flaw::Short { .. } | Flaw::TooMuchPadding { .. } => Self::find(body),
            _ => None,
        }
    }

    /// The first one, where the first lines show how long lines are.
    pub(super) fn find(body: &[u8]) -> Option<Self> {
        let mut at = 0_usize;
        let lines = body.split(|byte| *byte == b'\n').map(|line| {
            let start = at;
            at = at.saturating_add(line.len()).saturating_add(1);
            (start, line.trim_ascii_end().len())
        });
        let mut lines = lines.filter(|(_, length)| *length > 0).peekable();
        let first = [lines.next()?, lines.next()?, lines.next()?];
        lines.peek()?;
        let usual = match first.map(|(_, length)| length) {
            [one, other, _] if one == other => one,
            [one, _, third] if one == third => one,
            [_, other, third] if other == third => other,
            _ => return None,
        };
        let is_unequal = |(_, length): &(usize, usize)| *length != usual;
        if let Some((start, length)) = first.into_iter().find(is_unequal) {
            return Some(Self { start, line: LineLength { length, usual } });
        }
        loop {
            let (start, length) = lines.next()?;
            // The last line is as long as it must be.
            lines.peek()?;
            if length != usual {
                return Some(Self { start, line: LineLength { length, usual } });
            }
        }
    }
}

impl UnequalLine {
    /// The line of `body` that is not as long as it should be, also where there are few lines: most programs write 64 characters a line,
    /// and the last line is not longer than the others.
    pub(super) fn find_in_short(body: &[u8]) -> Option<Self> {
        const USUAL: usize = 64;
        let mut at = 0_usize;
        let lines: Vec<_> = body
            .split(|byte| *byte == b'\n')
            .map(|line| {
                let start = at;
                at = at.saturating_add(line.len()).saturating_add(1);
                (start, line.trim_ascii_end().len())
            })
            .filter(|(_, length)| *length > 0)
            .collect();
        let (last, others) = lines.split_last()?;
        let is_usual = |(_, length): &(usize, usize)| *length == USUAL;
        if !others.iter().any(is_usual) {
            return None;
        }
        let unequal = others.iter().find(|line| !is_usual(line)).or((last.1 > USUAL).then_some(last));
        unequal
            .map(|(start, length)| Self { start: *start, line: LineLength { length: *length, usual: USUAL } })
    }
}

/// The fault of a body of `text` that has `flaw`.
pub(super) fn fault(flaw: Flaw, text: &Text<'_>, unequal: Option<UnequalLine>) -> Base64Fault {
    let line = unequal.map(|unequal| unequal.line);
    match flaw {
        Flaw::Character { at, count } => {
            let character = character(text.slice(at, text.bytes.len())).map(|(character, _)| character);
            Base64Fault::Character { character, count }
        }
        Flaw::LostPlus { count, .. } => Base64Fault::LostPlus { count },
        Flaw::DataAfterPadding { .. } => Base64Fault::DataAfterPadding,
        Flaw::TooMuchPadding { .. } => Base64Fault::TooMuchPadding { line },
        Flaw::Short { characters, .. } => Base64Fault::Short { characters, line },
    }
}
