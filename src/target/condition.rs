//! Conditions over facts: the whole vocabulary of a profile.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Fact, Facts};

/// Conditions by the name of the fact; all must hold.
pub(super) type Conditions = BTreeMap<String, Condition>;

/// What a fact must be. A fact that is absent fulfils no condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Condition {
    /// Yes or no.
    Flag(bool),
    /// This number.
    Number(u64),
    /// This text; of several texts, that one is it.
    Text(String),
    /// One of these.
    AnyOf(Vec<Value>),
    /// Between limits, or none of these.
    Other(Limits),
}

/// A value in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    Number(u64),
    Text(String),
}

/// Limits of a number, and what a fact must not be. All that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    /// A number below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) below: Option<u64>,
    /// A number above this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) above: Option<u64>,
    /// None of these; of several texts, none is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) not: Vec<Value>,
}

/// Whether all conditions hold.
pub(super) fn hold(conditions: &Conditions, facts: &Facts) -> bool {
    conditions.iter().all(|(name, condition)| facts.get(name).is_some_and(|fact| condition.holds(fact)))
}

impl Condition {
    fn holds(&self, fact: &Fact) -> bool {
        match self {
            Self::Flag(flag) => matches!(fact, Fact::Flag(is) if is == flag),
            Self::Number(number) => matches!(fact, Fact::Number(is) if is == number),
            Self::Text(text) => is(fact, text),
            Self::AnyOf(values) => values.iter().any(|value| value.is(fact)),
            Self::Other(Limits { below, above, not }) => {
                let number = match fact {
                    Fact::Number(number) => Some(*number),
                    _ => None,
                };
                below.is_none_or(|below| number.is_some_and(|number| number < below))
                    && above.is_none_or(|above| number.is_some_and(|number| number > above))
                    && !not.iter().any(|value| value.is(fact))
            }
        }
    }

    /// The texts that it names.
    #[cfg(feature = "targets")]
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Flag(_) | Self::Number(_) => Vec::new(),
            Self::Text(text) => vec![text],
            Self::AnyOf(values) | Self::Other(Limits { not: values, .. }) => {
                values.iter().filter_map(Value::text).collect()
            }
        }
    }
}

impl Value {
    fn is(&self, fact: &Fact) -> bool {
        match self {
            Self::Number(number) => matches!(fact, Fact::Number(is) if is == number),
            Self::Text(text) => is(fact, text),
        }
    }

    #[cfg(feature = "targets")]
    fn text(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

fn is(fact: &Fact, text: &str) -> bool {
    match fact {
        Fact::Text(is) => is == text,
        Fact::List(list) => list.iter().any(|is| is == text),
        Fact::Flag(_) | Fact::Number(_) => false,
    }
}
