//! What a policy's exceptions make of findings.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Finding;
use crate::location::{Field, Location};
use crate::policy::{At, PolicyException};
use crate::rule::Severity;
use crate::text;

/// That the policy has an exception for a finding, which is therefore a warning; or had one, which ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Excepted {
    /// The last second that the exception counts.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// Why the site made it, escaped.
    pub reason: String,
    /// Whether it ended before the time of the check, so that the finding is an error.
    pub ended: bool,
}

/// The exceptions of a policy, each with the places that belong to its certificate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exceptions<'p>(Vec<(Near, &'p PolicyException)>);

/// What belongs to a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Near {
    /// A block, and all that is in it.
    Block(Field, usize),
    /// What concerns the whole of a field.
    Whole(Field),
    /// All of a field.
    All(Field),
}

impl Near {
    fn holds(self, place: &Location) -> bool {
        match self {
            Self::Block(field, block) => place.field == Some(field) && place.block == Some(block),
            Self::Whole(field) => place.field == Some(field) && place.block.is_none() && place.line.is_none(),
            Self::All(field) => place.field == Some(field),
        }
    }
}

/// What becomes of an error.
pub(super) enum Outcome {
    /// The policy does not have an exception for it.
    Stays,
    /// There is one, but no time to compare its end with.
    NoTime,
    /// There is one.
    Excepted(Excepted),
}

impl<'p> Exceptions<'p> {
    /// Each exception with a place that belongs to its certificate.
    pub(crate) fn new(places: Vec<(Near, &'p PolicyException)>) -> Self {
        Self(places)
    }

    /// What the exceptions say of an error at that time: the one that lasts longest counts.
    pub(super) fn of(&self, finding: &Finding, at: At) -> Outcome {
        let of_it = self
            .0
            .iter()
            .filter(|(near, exception)| exception.rule == finding.rule.code && near.holds(&finding.location));
        let longest = of_it.map(|(_, exception)| exception).max_by_key(|exception| exception.until);
        match (longest.filter(|_| finding.severity == Severity::Error), at.time()) {
            (None, _) => Outcome::Stays,
            (Some(_), None) => Outcome::NoTime,
            (Some(exception), Some(now)) => Outcome::Excepted(Excepted {
                until: exception.until,
                reason: text::escape(exception.reason.trim()),
                ended: now > exception.until,
            }),
        }
    }
}
