//! Sentences by their English templates.
//!
//! A sentence is found by its [template](super::template): of those that it can be made of, by the one that knows most of it. Then its values, of which some are
//! sentences again, fill the template of the other language.

use std::collections::HashMap;

use super::template::{Part, Values, parts, values, with_grammar};
use crate::finding::Facts;

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
        let read = asked.filter_map(|entry| Some((entry, values(&entry.english, sentence, facts)?)));
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
