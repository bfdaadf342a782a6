//! Sentences by their English templates.
//!
//! A sentence is found by its template, and read backwards: what stands where the template has a name is a value. A value that is a fact of the finding has to be that fact,
//! so that text from the input, which can hold anything, does not decide what is read.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::finding::{Fact, Facts};

/// How many pieces of one sentence are looked up at most. The longest sentence of the tests needs fewer than 60.
const PIECES: usize = 200;

/// The name of what follows in a list: a template with it joins sentences, and fits wherever its joint stands.
const REST: &str = "rest";

/// English sentences, and what each is in the other language.
pub(super) struct Table(Vec<Entry>);

struct Entry {
    english: Vec<Part>,
    other: Vec<Part>,
    /// How much of the English sentence is fixed.
    weight: usize,
}

/// What a sentence, or a piece of one, is in the other language.
#[derive(Clone)]
struct Told {
    text: String,
    rank: Rank,
}

/// Of several templates that fit, the right one knows most of the sentence, with all its pieces; then the one that begins with fixed text; then the one that fixes most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    known: usize,
    begins_fixed: bool,
    weight: usize,
}

/// What is kept while a sentence is told.
struct Telling<'t> {
    facts: &'t Facts,
    /// The pieces that were looked up, with what came of it.
    pieces: HashMap<&'t str, Option<Told>>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
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
type Values<'t> = Vec<(&'t str, &'t str)>;

impl Table {
    /// Reads the files of a language; `grammar` names what has no counterpart there, and all that it can be.
    pub(super) fn read(files: &[&'static str], grammar: &[(&str, &[&'static str])]) -> Self {
        let mut entries = Vec::new();
        for file in files {
            let mut lines = file.lines().filter(|line| !line.starts_with("# "));
            while let (Some(english), Some(other)) = (lines.next(), lines.next()) {
                let other = parts(other.trim_start_matches('\t'));
                for english in with_grammar(parts(english), grammar) {
                    let fixed = english.iter().map(|part| match part {
                        Part::Text(text) => text.len(),
                        Part::Hole { .. } => 0,
                    });
                    let weight = fixed.sum();
                    entries.push(Entry { english, other: other.clone(), weight });
                }
            }
        }
        entries.retain(|entry| entry.weight > 0);
        Self(entries)
    }

    /// A sentence in the other language; `None` where no template fits.
    pub(super) fn tell(&self, sentence: &str, facts: &Facts) -> Option<String> {
        self.piece(sentence, &mut Telling { facts, pieces: HashMap::new() }).map(|told| told.text)
    }

    fn piece<'t>(&'t self, sentence: &'t str, telling: &mut Telling<'t>) -> Option<Told> {
        if let Some(told) = telling.pieces.get(sentence) {
            return told.clone();
        }
        if telling.pieces.len() >= PIECES {
            return None;
        }
        telling.pieces.insert(sentence, None);
        let facts = Some(telling.facts);
        let mut told = self.best(sentence, facts, |entry| !entry.is_joint(), telling);
        if told.is_none() {
            // A hint may use the name of a fact of the message for something else.
            let joined = self.best(sentence, facts, Entry::is_joint, telling);
            let loose = self.best(sentence, None, |entry| !entry.is_joint(), telling);
            told = [joined, loose].into_iter().flatten().max_by_key(|told| told.rank);
        }
        telling.pieces.insert(sentence, told.clone());
        told
    }

    fn best<'t>(
        &'t self,
        sentence: &'t str,
        facts: Option<&Facts>,
        is_asked: impl Fn(&Entry) -> bool,
        telling: &mut Telling<'t>,
    ) -> Option<Told> {
        let asked = self.0.iter().filter(|entry| is_asked(entry));
        let read = asked.filter_map(|entry| Some((entry, entry.values(sentence, facts)?)));
        read.map(|(entry, values)| self.fill(entry, sentence, &values, telling)).max_by_key(|told| told.rank)
    }

    fn fill<'t>(
        &'t self,
        entry: &'t Entry,
        sentence: &'t str,
        values: &Values<'t>,
        telling: &mut Telling<'t>,
    ) -> Told {
        let begins_fixed = matches!(entry.english.first(), Some(Part::Text(_)));
        let mut rank = Rank { known: entry.weight, begins_fixed, weight: entry.weight };
        let mut text = String::new();
        for part in &entry.other {
            match part {
                Part::Text(fixed) => push(&mut text, fixed),
                Part::Hole { name, is_piece, .. } => {
                    let value =
                        values.iter().find(|(other, _)| other == name).map_or("", |(_, value)| *value);
                    let is_shorter = value.len() < sentence.len();
                    let piece = if *is_piece && is_shorter { self.piece(value, telling) } else { None };
                    match piece {
                        Some(piece) => {
                            rank.known = rank.known.saturating_add(piece.rank.known);
                            push(&mut text, &piece.text);
                        }
                        None => push(&mut text, value),
                    }
                }
            }
        }
        Told { text, rank }
    }
}

/// Adds a text, with a space between Chinese and other letters, digits and code, and none between Chinese and Chinese.
fn push(text: &mut String, mut more: &str) {
    let is_han = |character: char| matches!(character, '\u{4E00}'..='\u{9FFF}');
    let is_code = |character: char| character == '`' || character.is_ascii_alphanumeric();
    let ends_han = |text: &str| text.chars().next_back().is_some_and(is_han);
    let begins_han = |text: &str| text.chars().next().is_some_and(is_han);
    if let Some(rest) = more.strip_prefix(' ').filter(|rest| ends_han(text) && begins_han(rest)) {
        more = rest;
    }
    if text.strip_suffix(' ').is_some_and(|start| ends_han(start) && begins_han(more)) {
        text.pop();
    }
    let ends_code = text.chars().next_back().is_some_and(is_code);
    let begins_code = more.chars().next().is_some_and(is_code);
    if ends_han(text) && begins_code || ends_code && begins_han(more) {
        text.push(' ');
    }
    text.push_str(more);
}

impl Entry {
    fn is_joint(&self) -> bool {
        self.english.iter().any(|part| matches!(part, Part::Hole { name, .. } if name == REST))
    }

    /// The values of a sentence that is made of this template. With `facts`, what is a fact is that fact, and a value in quotes has no such quote in it.
    fn values<'t>(&'t self, sentence: &'t str, facts: Option<&Facts>) -> Option<Values<'t>> {
        let mut values = Vec::new();
        let mut rest = sentence;
        let mut quote = None;
        for (at, part) in self.english.iter().enumerate() {
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
                                    || quote
                                        .map_or_else(|| is_balanced(value), |quote| !value.contains(quote))
                            };
                            to_next_text(self.english.get(at.saturating_add(1)..)?, rest, is_well_quoted)?
                        }
                    };
                    values.push((name.as_ref(), value));
                    rest = rest.get(value.len()..)?;
                }
            }
        }
        rest.is_empty().then_some(values)
    }
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
fn with_grammar(template: Vec<Part>, grammar: &[(&str, &[&'static str])]) -> Vec<Vec<Part>> {
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
fn parts(template: &'static str) -> Vec<Part> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &'static str) -> Table {
        Table::read(&[text], &[("verb", &["is", "are"])])
    }

    fn told(text: &'static str, sentence: &str, facts: &[(&'static str, &str)]) -> Option<String> {
        let mut known = Facts::none();
        facts.iter().for_each(|(name, value)| known.add(*name, *value));
        table(text).tell(sentence, &known)
    }

    #[test]
    fn a_sentence_is_read_by_its_template() {
        let text = "# A file.\n{n} line\n\t{n} 行\n`{}` {verb} {}\n\t{2!}是`{1}`\nUse `{\"name\": …}`.\n\t用 `{\"name\": …}`。\n";
        for (sentence, want) in [
            ("1 line", Some("1 行")),
            ("`a b` is c", Some("c 是`a b`")),
            ("`a` are 2 line", Some("2 行是`a`")),
            ("Use `{\"name\": …}`.", Some("用 `{\"name\": …}`。")),
            ("1 lines", None),
            ("", None),
        ] {
            assert_eq!(told(text, sentence, &[]).as_deref(), want, "{sentence}");
        }
    }

    #[test]
    fn text_from_the_input_does_not_decide_how_a_sentence_is_read() {
        let text = "\"{name}\" is {what}\n\t“{name}”是{what!}\nbad\n\t坏的\n\"{name}\" is {what}, but {more}\n\t“{name}”是{what!}，但{more!}\n";
        let name = "x\" is bad, but bad";
        let sentence = format!("\"{name}\" is bad");
        assert_eq!(told(text, &sentence, &[("name", name)]).as_deref(), Some("“x\" is bad, but bad”是坏的"));
    }

    #[test]
    fn what_knows_most_of_a_sentence_counts() {
        let text =
            "{a}, {rest}\n\t{a!}、{rest!}\nsalt, {b}\n\t盐及{b!}\n0x{n:02X} {}\n\t{1}/{n}\noil\n\t油\n";
        assert_eq!(told(text, "salt, oil", &[]).as_deref(), Some("盐及油"));
        assert_eq!(told(text, "oil, oil, salt", &[]).as_deref(), Some("油、油、salt"));
        // Written with other digits than the fact.
        assert_eq!(told(text, "0x0F x", &[("n", "15")]).as_deref(), Some("x/0F"));
    }

    #[test]
    fn a_sentence_with_very_many_pieces_is_told_as_far_as_it_is_bounded() {
        let list = vec!["oil"; 5000].join(", ");
        let told = told("{a}, {rest}\n\t{a!}、{rest!}\noil\n\t油\n", &list, &[]).unwrap();
        assert!(told.starts_with("油、油、") && told.ends_with(", oil"));
    }

    #[test]
    fn spaces_stand_between_chinese_and_code() {
        for (parts, want) in [
            (&["这是", "PEM"][..], "这是 PEM"),
            (&["有 ", "空", " 个"], "有空个"),
            (&["有 ", "2", " 个"], "有 2 个"),
            (&["`a`", "是", "“b”"], "`a` 是“b”"),
        ] {
            let mut text = String::new();
            parts.iter().for_each(|part| push(&mut text, part));
            assert_eq!(text, want);
        }
    }
}
