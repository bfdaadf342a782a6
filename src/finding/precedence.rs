//! Findings that another finding explains away.
//!
//! Which rule hides which is in the rules themselves ([`Rule::hides`](crate::Rule::hides)); this is the one place that applies it.

use std::collections::BTreeMap;

use super::Finding;
use crate::location::{Field, Location};
use crate::rule::{Scope, Severity};

/// Drops each finding that another one explains away. A finding never hides a heavier one, so no verdict changes.
pub(super) fn apply(findings: &mut Vec<Finding>) {
    let mut weight: BTreeMap<_, Severity> = BTreeMap::new();
    for finding in &*findings {
        for hidden in finding.rule.hides {
            let heaviest = weight.entry((hidden.code, Near::of(hidden.scope, &finding.location)));
            let heaviest = heaviest.or_insert(Severity::Note);
            *heaviest = weight_of(finding).max(*heaviest);
        }
    }
    if weight.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let by = |scope| weight.get(&(finding.code(), Near::of(scope, &finding.location)));
        !Scope::ALL.into_iter().filter_map(by).any(|weight| *weight >= weight_of(finding))
    });
}

/// What a finding weighs against others. What `rules_as_of` makes a warning must not hide an error that the version of that name reported.
fn weight_of(finding: &Finding) -> Severity {
    match finding.error_since {
        Some(_) => finding.severity,
        None => finding.default_severity,
    }
}

/// What two places share that are near enough to each other.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Near {
    Place(Option<Field>, Option<usize>, Option<usize>),
    Block(Option<Field>, Option<usize>),
    Field(Option<Field>),
    Pair(Option<Field>),
    Form,
}

impl Near {
    fn of(scope: Scope, place: &Location) -> Self {
        match scope {
            Scope::Place => Self::Place(place.field, place.block, place.line),
            Scope::Block => Self::Block(place.field, place.block),
            Scope::Field => Self::Field(place.field),
            Scope::Pair => Self::Pair(place.field.map(Field::of_pair)),
            Scope::Form => Self::Form,
        }
    }
}
