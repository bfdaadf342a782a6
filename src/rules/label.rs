//! How messages name a certificate.

use std::fmt;

use crate::finding::{Told, told};
use crate::location::Location;
use crate::read::certificate::{Certificate, attribute};
use crate::text;

/// A certificate with its position in the input, from 0.
#[derive(Clone, Copy)]
pub(super) struct Numbered<'c, 'a> {
    pub(super) certificate: &'c Certificate<'a>,
    pub(super) index: usize,
}

impl Numbered<'_, '_> {
    /// The number that people see: of its block, else of its position from 1.
    pub(super) fn number(self) -> usize {
        self.certificate.location().block.unwrap_or(self.index.saturating_add(1))
    }

    /// `CN=Example CA`: the common name where there is one, else the whole subject; safe to print.
    pub(super) fn name(self) -> String {
        let subject = self.certificate.subject();
        let common_name = subject.values(attribute::COMMON_NAME).next_back();
        match common_name.filter(|name| !name.is_empty()) {
            Some(name) => format!("CN={}", text::escape(name)),
            None => subject.to_string(),
        }
    }

    /// `block 2 "CN=Example CA"`, and what is said of it.
    pub(super) fn message(self, rest: impl Into<Told>) -> Told {
        let Told { text, facts } = rest.into();
        let mut message = told!("block {block} \"{name}\" {text}", block = self.number(), name = self.name());
        message.facts.extend(facts);
        message
    }

    pub(super) fn hint_to_remove(self) -> Told {
        told!("Remove block {block}.", block = self.number())
    }

    /// The place of the whole certificate.
    pub(super) fn location(self) -> Location {
        self.certificate.location().clone()
    }
}

/// Several certificates by their numbers: `block 2`, `blocks 2, 3 and 4`.
pub(super) struct Blocks(Vec<usize>);

impl Blocks {
    /// The longest list that a sentence writes out.
    const LISTED: usize = 12;

    pub(super) fn of(certificates: &[Numbered<'_, '_>]) -> Self {
        Self(certificates.iter().map(|certificate| certificate.number()).collect())
    }

    /// All numbers, as a fact.
    pub(super) fn numbers(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<_> = self.0.iter().take(Self::LISTED).map(ToString::to_string).collect();
        match shown.split_last() {
            None => Ok(()),
            Some((only, [])) => write!(f, "block {only}"),
            Some(_) if self.0.len() > Self::LISTED => {
                let more = self.0.len().saturating_sub(Self::LISTED);
                write!(f, "blocks {} and {more} more", shown.join(", "))
            }
            Some((last, others)) => write!(f, "blocks {} and {last}", others.join(", ")),
        }
    }
}

/// Texts that are safe to print, joined with commas: the first five of `count`, and how many more there are.
pub(super) fn join(texts: &[String], count: usize) -> String {
    const LISTED: usize = 5;
    let shown = texts.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match count.checked_sub(LISTED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}
