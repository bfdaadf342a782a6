//! The facts of a finding: what its sentences are made of, as data.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The facts of a finding by name, in the order in which its sentences use them. Serialises to an object.
///
/// Text from the input is escaped and cut. No fact holds key material.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(Cow<'static, str>, Fact)>);

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A number: a count, a length, a position from 1.
    Number(u64),
    /// A text; a time is written as in RFC 3339, in UTC.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl Facts {
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn add(&mut self, name: impl Into<Cow<'static, str>>, fact: impl IntoFact) {
        let name = name.into();
        if self.get(&name).is_none() {
            self.0.push((name, fact.into_fact()));
        }
    }

    /// Takes over the facts of other sentences about the same thing.
    pub(crate) fn extend(&mut self, others: Self) {
        for (name, fact) in others.0 {
            self.add(name, fact);
        }
    }

    /// The fact of that name.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.iter().find(|(other, _)| *other == name).map(|(_, fact)| fact)
    }

    /// All facts, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.0.iter().map(|(name, fact)| (name.as_ref(), fact))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, fact) in self.iter() {
            map.serialize_entry(name, fact)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FactsVisitor;
        impl<'de> Visitor<'de> for FactsVisitor {
            type Value = Facts;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of facts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Facts, A::Error> {
                let mut facts = Facts::none();
                while let Some((name, fact)) = map.next_entry::<String, Fact>()? {
                    facts.add(name, fact);
                }
                Ok(facts)
            }
        }
        deserializer.deserialize_map(FactsVisitor)
    }
}

/// What a fact is made of.
pub(crate) trait IntoFact {
    fn into_fact(self) -> Fact;
}

impl IntoFact for Fact {
    fn into_fact(self) -> Fact {
        self
    }
}

impl IntoFact for bool {
    fn into_fact(self) -> Fact {
        Fact::Flag(self)
    }
}

impl IntoFact for u64 {
    fn into_fact(self) -> Fact {
        Fact::Number(self)
    }
}

impl IntoFact for u32 {
    fn into_fact(self) -> Fact {
        Fact::Number(self.into())
    }
}

impl IntoFact for usize {
    fn into_fact(self) -> Fact {
        Fact::Number(u64::try_from(self).unwrap_or(u64::MAX))
    }
}

impl IntoFact for String {
    fn into_fact(self) -> Fact {
        Fact::Text(self)
    }
}

impl IntoFact for &str {
    fn into_fact(self) -> Fact {
        Fact::Text(self.to_owned())
    }
}

impl IntoFact for Cow<'_, str> {
    fn into_fact(self) -> Fact {
        Fact::Text(self.into_owned())
    }
}

impl IntoFact for Vec<String> {
    fn into_fact(self) -> Fact {
        Fact::List(self)
    }
}

impl IntoFact for crate::location::Field {
    fn into_fact(self) -> Fact {
        self.as_str().into_fact()
    }
}

impl IntoFact for crate::algorithm::AlgorithmType {
    fn into_fact(self) -> Fact {
        self.as_str().into_fact()
    }
}

/// A sentence, and the facts that it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) text: Cow<'static, str>,
    pub(crate) facts: Facts,
}

impl From<&'static str> for Told {
    fn from(text: &'static str) -> Self {
        Self { text: text.into(), facts: Facts::none() }
    }
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self { text: text.into(), facts: Facts::none() }
    }
}

impl From<Cow<'static, str>> for Told {
    fn from(text: Cow<'static, str>) -> Self {
        Self { text, facts: Facts::none() }
    }
}

/// A sentence made of facts, each by its name: `told!("{bits} bits; at least {least} are required", bits = n, least = 2048)`.
/// A fact that the text does not use is kept all the same.
macro_rules! told {
    ($text:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(
            #[allow(clippy::redundant_locals, reason = "a fact may be at hand under its name")]
            let $name = $value;
        )*
        let text = format!($text);
        #[allow(unused_mut, reason = "a sentence may have no facts")]
        let mut facts = $crate::finding::Facts::none();
        $(facts.add(stringify!($name), $name);)*
        $crate::finding::Told { text: text.into(), facts }
    }};
}
pub(crate) use told;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_sentence_keeps_its_facts() {
        let told: Told =
            told!("{bits} bits in {field}", bits = 1024_usize, field = "private_key", soft = true);
        assert_eq!(told.text, "1024 bits in private_key");
        assert_eq!(
            serde_json::to_string(&told.facts).unwrap(),
            r#"{"bits":1024,"field":"private_key","soft":true}"#
        );
        assert_eq!(told.facts.get("soft"), Some(&Fact::Flag(true)));
        assert_eq!(told.facts.get("hard"), None);
    }
}
