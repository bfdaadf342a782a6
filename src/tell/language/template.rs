//! The template of a sentence: fixed text, and a name where a value stands. It is read from a line of a language's file, and a sentence that is made of it is
//! read backwards: into its values. A value that is a fact of the finding has to be that fact, so that text from the input, which can hold anything, does not
//! decide what is read.

use std::borrow::Cow;

use crate::finding::{Fact, Facts};

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(Cow<'static, str>),
    Hole {
        name: Cow<'static, str>,
        /// Whether what stands there is a piece of a sentence.
        is_piece: bool,
        /// Whether it is written as it is: a number may be written with other digits.
        is_plain: bool,
    },
}

/// The values of a sentence, by the names of its template.
pub(super) type Values<'t> = Vec<(&'t str, &'t str)>;

/// The values of a sentence that is made of this template. With `facts`, what is a fact is that fact, and a value in quotes has no such quote in it.
pub(super) fn values<'t>(
    template: &'t [Part],
    sentence: &'t str,
    facts: Option<&Facts>,
) -> Option<Values<'t>> {
    let mut values = Vec::new();
    let mut rest = sentence;
    let mut quote = None;
    for (at, part) in template.iter().enumerate() {
        match part {
            Part::Text(text) => {
                rest = rest.strip_prefix(text.as_ref())?;
                quote = text.chars().next_back().filter(|last| matches!(last, '"' | '`'));
            }
            Part::Hole { name, is_plain, .. } => {
                let fact = facts.filter(|_| *is_plain).and_then(|facts| written(facts.get(name)?));
                let value = match fact {
                    Some(fact) if rest.starts_with(fact.as_ref()) => rest.get(..fact.len())?,
                    Some(_) => return None,
                    None => {
                        let is_well_quoted = |value: &str| {
                            facts.is_none()
                                || quote.map_or_else(|| is_balanced(value), |quote| !value.contains(quote))
                        };
                        to_next_text(template.get(at.saturating_add(1)..)?, rest, is_well_quoted)?
                    }
                };
                values.push((name.as_ref(), value));
                rest = rest.get(value.len()..)?;
            }
        }
    }
    rest.is_empty().then_some(values)
}

/// What stands before the next fixed text of the template: up to the first place where that is, of the last one up to its only possible place.
/// Of two values without anything between them, the first takes all.
fn to_next_text<'t>(parts: &[Part], rest: &'t str, is_value: impl Fn(&str) -> bool) -> Option<&'t str> {
    let next = parts.iter().enumerate().find_map(|(at, part)| match part {
        Part::Text(text) => Some((at, text)),
        Part::Hole { .. } => None,
    });
    let value = match next {
        None => Some(rest),
        Some((at, text)) if at.saturating_add(1) == parts.len() => rest.strip_suffix(text.as_ref()),
        Some((_, text)) => {
            let places = rest.match_indices(text.as_ref());
            return places.filter_map(|(at, _)| rest.get(..at)).find(|value| is_value(value));
        }
    };
    value.filter(|value| is_value(value))
}

/// Whether each quote in it is closed.
fn is_balanced(value: &str) -> bool {
    ['"', '`'].iter().all(|quote| value.matches(*quote).count() % 2 == 0)
}

/// A fact as sentences write it; `None` for those that are written in several ways.
fn written(fact: &Fact) -> Option<Cow<'_, str>> {
    match fact {
        Fact::Text(text) => Some(text.into()),
        Fact::Number(number) => Some(number.to_string().into()),
        Fact::Flag(_) | Fact::List(_) => None,
    }
}

/// The template, once for each way that the words of grammar in it can be.
pub(super) fn with_grammar(template: Vec<Part>, grammar: &[(&str, &[&'static str])]) -> Vec<Vec<Part>> {
    let found = template.iter().enumerate().find_map(|(at, part)| match part {
        Part::Hole { name, .. } => {
            grammar.iter().find(|(known, _)| known == name).map(|(_, words)| (at, *words))
        }
        Part::Text(_) => None,
    });
    let Some((at, words)) = found else { return vec![template] };
    let with = |word: &&'static str| {
        let mut written = template.clone();
        if let Some(part) = written.get_mut(at) {
            *part = Part::Text(Cow::Borrowed(*word));
        }
        with_grammar(joined(written), grammar)
    };
    words.iter().flat_map(with).collect()
}

/// The same parts, with no two texts beside each other.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Text(text)), Part::Text(more)) => text.to_mut().push_str(&more),
            (_, part) => joined.push(part),
        }
    }
    joined
}

/// The parts of a template.
pub(super) fn parts(template: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut start, mut from, mut unnamed) = (0_usize, 0_usize, 0_usize);
    let push_text = |parts: &mut Vec<Part>, start: usize, end: usize| match template.get(start..end) {
        None | Some("") => {}
        Some(text) => parts.push(Part::Text(Cow::Borrowed(text))),
    };
    while let Some(at) =
        template.get(from..).and_then(|rest| rest.find('{')).map(|at| from.saturating_add(at))
    {
        from = at.saturating_add(1);
        let Some(inside) = template.get(from..).and_then(|rest| Some(rest.split_once('}')?.0)) else { break };
        let Some(hole) = hole(inside, &mut unnamed) else { continue };
        push_text(&mut parts, start, at);
        parts.push(hole);
        start = from.saturating_add(inside.len()).saturating_add(1);
        from = start;
    }
    push_text(&mut parts, start, template.len());
    parts
}

/// What stands between braces, where it is a name; `None` for other text. `unnamed` counts those without a name.
fn hole(inside: &'static str, unnamed: &mut usize) -> Option<Part> {
    let (name, form) = inside.split_once(':').unwrap_or((inside, ""));
    let (name, is_piece) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_word(name) || !is_word(form) || form.len() > 3 {
        return None;
    }
    let name = if name.is_empty() {
        *unnamed = unnamed.saturating_add(1);
        Cow::Owned(unnamed.to_string())
    } else {
        Cow::Borrowed(name)
    };
    Some(Part::Hole { name, is_piece, is_plain: form.is_empty() })
}

/// The names of a template.
#[cfg(test)]
pub(super) fn names(template: &str) -> Vec<String> {
    let parts = parts(String::from(template).leak());
    let name = |part| match part {
        Part::Hole { name, .. } => Some(name.into_owned()),
        Part::Text(_) => None,
    };
    parts.into_iter().filter_map(name).collect()
}
