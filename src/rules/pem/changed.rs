//! What happened to the text of a block where it was copied.

use super::ERROR;
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::pem::fault::{Change, LineLength};
use crate::rule::{Hides, Mend, Rule, Scope};
use crate::text::count;

static PEM_ALTERED: Rule = Rule {
    code: "pem-altered",
    summary: "The text of a block was changed where it was copied",
    hint: "Copy the block again from the original file.",
    why: "A line that stands twice, is missing or is in another place, and a character that was typed over, leave base64 that can be decoded, \
          but not what was signed or what the key was. Programs then report a wrong signature, a key of another certificate or an unknown tag, \
          although neither another key nor another certificate is needed. certgate undoes each such change in turn. Where the result fits \
          the signature of the certificate's issuer, or certificate and key fit each other, that is the proof, and the text can be fixed.\n\n\
          Example: a certificate of which one line was pasted twice.",
    citations: &["RFC 7468, section 3", "RFC 4648, section 4"],
    mend: Some(Mend::Rewrite),
    hides: &[Hides { code: "pem-marker", scope: Scope::Field }],
    since: "0.2.0",
    refused_before: true,
    ..ERROR
};

pub(super) fn finding(change: Change, is_read: bool, is_proven: bool, place: Location) -> Finding {
    let at = |line: usize| place.clone().line(line);
    let new = |place, message| Finding::new(&PEM_ALTERED, place, message);
    let finding = match change {
        Change::DoubledLine { line } => {
            new(at(line), told!("line {line} repeats a line before it: it stands twice", line = line))
                .hint(told!("Remove line {line}.", line = line))
        }
        Change::ExchangedLines { one, other } => {
            let message =
                told!("lines {line} and {other_line} are in each other's place", line = one, other_line = other);
            new(at(one), message).hint(told!("Exchange lines {line} and {other_line}.", line = one, other_line = other))
        }
        Change::LostCase => new(
            place,
            "the letters of the base64 are all lower-case, or all upper-case: somebody or something changed their case, and nobody can tell what it was".into(),
        )
        .hint("Copy the whole text again from the original file, through nothing that changes the case of letters."),
        Change::LostCharacter { lost, alike } => new(
            place,
            told!(
                "the base64 has no `{lost}` at all, but many `{alike}`: it was typed, or read from a picture, and the two look alike",
                lost = lost.to_string(),
                alike = alike.to_string()
            ),
        )
        .hint("Copy the block as text, from the original file."),
        Change::LostLines { count: number } => {
            let (lines, verb) = (count(number, "whole line"), if number == 1 { "is" } else { "are" });
            new(place, told!("{lines} of the block {verb} missing", count = number))
        }
        Change::OtherCharacter { line } => {
            let message = told!("a character in line {line} was changed", line = line);
            let hint = match is_proven {
                true => told!(
                    "Copy the block again from the original file; it differs in line {line}. The right character is known, because the signature or the key fits then.",
                    line = line
                ),
                false => told!(
                    "Copy the block again from the original file; it differs in line {line}.",
                    line = line
                ),
            };
            new(at(line), message).hint(hint)
        }
        Change::UnequalLine(LineLength { length, usual }) => {
            let message = told!(
                "this line has {line_length} characters, the others {usual_length}: some were lost or added",
                line_length = length,
                usual_length = usual
            );
            new(place, message)
        }
    };
    if is_read && is_proven { finding.repairable() } else { finding }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_ALTERED];
