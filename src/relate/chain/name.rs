//! Comparison of distinguished names (RFC 5280, 7.1).

use crate::read::certificate::Name;

/// A name in the form in which names are compared: letters in lower case, runs of space as one, the string types alike.
///
/// That is the part of RFC 4518's preparation that differs in practice: CAs change case, spacing and string type when they write
/// their own name as an issuer. Unicode normalisation is not done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Comparable {
    rdns: Vec<Vec<(Vec<u8>, Value)>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    Der(Vec<u8>),
}

impl Comparable {
    pub(crate) fn new(name: &Name<'_>) -> Self {
        let mut rdns: Vec<Vec<(Vec<u8>, Value)>> = Vec::new();
        let mut number = None;
        for attribute in name.attributes() {
            let value = match attribute.value() {
                Some(text) => Value::Text(fold(text)),
                None => Value::Der(attribute.raw().to_vec()),
            };
            let pair = (attribute.kind().as_bytes().to_vec(), value);
            match rdns.last_mut() {
                Some(rdn) if number == Some(attribute.rdn()) => rdn.push(pair),
                _ => rdns.push(vec![pair]),
            }
            number = Some(attribute.rdn());
        }
        // The attributes of one RDN are a set.
        rdns.iter_mut().for_each(|rdn| rdn.sort());
        Self { rdns }
    }

    /// Whether it has no RDN.
    pub(crate) fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether `self` lies in the subtree of `base`: `base` is where it begins (RFC 5280, 4.2.1.10; X.501).
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.rdns.starts_with(&base.rdns)
    }
}

fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}
