//! Whether the Chinese table is complete, by the sources themselves: each sentence that the code has is in it, with the same names.
#![allow(clippy::restriction)]

mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::chinese::{self, GRAMMAR, TEXTS};
use super::template::names;
use crate::finding::Facts;

/// Where sentences of findings, of edits and of files come from, and the errors that they quote.
const SOURCES: &[&str] = &[
    "finding/mod.rs",
    "rules",
    "tell/plan",
    "tell/inspect",
    "validate",
    "containers",
    "read/key",
    "crypto",
    "der",
];

/// Texts of these files that no report shows, by what they have in common.
const ELSEWHERE: &[(&str, &str)] = &[
    // Errors of a caller who sets a policy.
    ("rules/catalogue.rs", ""),
    // The error type of `from_der`; findings say it in their own words.
    ("read/key/error.rs", "{fault} (at octet {offset} of the private key)"),
    ("read/key/error.rs", "unsupported algorithm {}"),
    ("read/key/error.rs", "two curves, {outer} outside and {inner} inside"),
    ("read/key/error.rs", "explicit curve parameters"),
    ("read/key/error.rs", "not a private key but {0}"),
    ("read/key/error.rs", "RSA modulus of {bits} bits"),
    ("read/key/error.rs", "more than two primes"),
    ("read/key/error.rs", "{} after its end"),
    // What a newer version rejects, on the page of the rule.
    (
        "rules/chain/broken.rs",
        "an issuer with empty nameConstraints, an unreadable key, or DER or text that programs cannot read",
    ),
    // Kinds of blocks, as data.
    ("tell/inspect/mod.rs", "certificate request"),
    ("tell/inspect/mod.rs", "certificate revocation list"),
    // The piece before a mark, which `phrases.txt` has with the mark.
    ("rules/pem/undone.rs", "begins with"),
    ("rules/pem/undone.rs", "ends with"),
];

/// English and Chinese of each entry.
fn entries() -> Vec<(&'static str, &'static str)> {
    let mut entries = Vec::new();
    for text in TEXTS {
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with("# ")).collect();
        for pair in lines.chunks(2) {
            let [english, other] = pair else { panic!("{pair:?} is half an entry") };
            assert!(!english.starts_with('\t'), "{english}: two Chinese lines");
            entries.push((*english, other.strip_prefix('\t').unwrap_or_else(|| panic!("{other}: no tab"))));
        }
    }
    entries
}

#[test]
fn each_sentence_of_the_code_is_in_the_table() {
    let known: BTreeSet<&str> = entries().iter().map(|(english, _)| *english).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut missing, mut found, mut unused) = (Vec::new(), 0, ELSEWHERE.to_vec());
    for file in SOURCES.iter().flat_map(|source| files(&root.join(source))) {
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        for sentence in sentences(&fs::read_to_string(&file).unwrap()) {
            found += 1;
            let elsewhere =
                |(file, text): &(&str, &str)| *file == name && (text.is_empty() || *text == sentence);
            unused.retain(|known| !elsewhere(known));
            let is_grammar = GRAMMAR.iter().any(|(_, words)| words.contains(&sentence.as_str()));
            if !known.contains(sentence.as_str()) && !is_grammar && !ELSEWHERE.iter().any(elsewhere) {
                missing.push(format!("{name}: {sentence}"));
            }
        }
    }
    assert!(found > 900, "only {found} sentences found: is the reader broken?");
    assert!(missing.is_empty(), "{} sentences have no Chinese:\n{}", missing.len(), missing.join("\n"));
    assert!(unused.is_empty(), "these are no longer in the code: {unused:?}");
}

#[test]
fn each_entry_has_the_same_names_in_both_languages_and_is_there_once() {
    let mut faults = Vec::new();
    let mut seen = BTreeMap::new();
    for (english, chinese) in entries() {
        let is_word = |name: &String| !GRAMMAR.iter().any(|(word, _)| word == name);
        let (mut one, mut other) = (names(english), names(chinese));
        one.retain(is_word);
        one.sort();
        other.sort();
        // A command can hold the same value twice.
        other.dedup();
        one.dedup();
        if one != other {
            faults.push(format!("{english}\n\t{chinese}: {one:?} and {other:?}"));
        }
        if seen.insert(english, chinese).is_some() {
            faults.push(format!("{english}: twice"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_command_is_the_same_in_both_languages() {
    let mut faults = Vec::new();
    for (english, chinese) in entries() {
        let quoted = |text: &'static str| {
            let mut quoted: Vec<_> = text.split('`').skip(1).step_by(2).collect();
            quoted.sort_unstable();
            quoted
        };
        if quoted(english) != quoted(chinese) {
            faults.push(format!("{english}\n\t{chinese}"));
        }
    }
    assert!(faults.is_empty(), "{} with other texts in backticks:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_sentence_is_read_by_the_template_of_another() {
    let mut faults = Vec::new();
    for (english, chinese) in entries() {
        if names(english).iter().any(|name| name == "rest") {
            // A joint: it takes what nothing else takes.
            continue;
        }
        let fill = |text: &str| {
            let mut filled = text.to_owned();
            let mut unnamed = 0;
            while let Some((start, end, name)) = first_hole(&filled) {
                if name.is_empty() {
                    unnamed += 1;
                }
                let value = match GRAMMAR.iter().find(|(word, _)| *word == name) {
                    Some((_, words)) => words[0].to_owned(),
                    None if name.is_empty() => format!("<{unnamed}>"),
                    None => format!("<{name}>"),
                };
                filled.replace_range(start..end, &value);
            }
            filled
        };
        let told = chinese::table().tell(&fill(english), &Facts::none());
        if told.as_deref() != Some(&fill(chinese)) {
            faults.push(format!("{english}\n\t{chinese}\n\t{}", told.unwrap_or_default()));
        }
    }
    assert!(faults.is_empty(), "{} read otherwise:\n{}", faults.len(), faults.join("\n"));
}

/// The first hole of a template: where it is, and its name.
fn first_hole(text: &str) -> Option<(usize, usize, String)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('{').map(|at| from + at) {
        let inside = text[at + 1..].split_once('}')?.0;
        let name = inside.split(':').next().unwrap_or_default().trim_end_matches('!');
        let is_hole = names(&format!("{{{inside}}}")).len() == 1;
        if is_hole {
            return Some((at, at + inside.len() + 2, name.to_owned()));
        }
        from = at + 1;
    }
    None
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            _ if name == "tests" || name == "tests.rs" => {}
            true => files.extend(self::files(&path)),
            false if name.ends_with(".rs") => files.push(path),
            false => {}
        }
    }
    files
}

/// The texts of a source that are English: those with two words in small letters or more, and the nouns that are counted. Comments, tests, reasons for the compiler, and
/// what stands only on the page of a rule are left out.
fn sentences(source: &str) -> Vec<String> {
    let source = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let mut sentences = Vec::new();
    let mut rest = source;
    let mut before = String::new();
    let mut is_citation = false;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        if let Some(after) = character_literal(rest) {
            rest = after;
            continue;
        }
        let raw = rest.strip_prefix("r\"").map(|rest| rest.split_once('"').unwrap());
        let text = match raw {
            Some((text, after)) => {
                rest = after;
                text.to_owned()
            }
            None if character == '"' => {
                let (text, after) = literal(&rest[1..]);
                rest = after;
                text
            }
            None => {
                is_citation &= character != ']';
                before.push(character);
                rest = &rest[character.len_utf8()..];
                is_citation |= before.ends_with("citations: &[");
                continue;
            }
        };
        let key = before.trim_end();
        let is_left_out =
            ["why:", "since:", "code:", "reason =", "expect("].iter().any(|end| key.ends_with(end));
        let call = key.rsplit_once("count(").map(|(_, call)| call);
        if call.is_some_and(|call| call.ends_with(',') && !call.contains(';')) {
            sentences.extend([format!("{{n}} {text}"), format!("{{n}} {text}s")]);
        } else if !is_left_out && !is_citation && is_english(&text) {
            sentences.push(text);
        }
        before.push('"');
    }
    sentences
}

fn is_english(text: &str) -> bool {
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_command = ["openssl ", "curl "].iter().any(|command| text.starts_with(command));
    !is_command && !text.contains("\n\n") && text.split([' ', ',', ':', ';']).filter(is_word).count() >= 2
}

/// What follows a character or lifetime at the start.
fn character_literal(rest: &str) -> Option<&str> {
    let inside = rest.strip_prefix('\'')?;
    let end = match inside.strip_prefix('\\') {
        Some(escaped) => escaped.get(1..)?.find('\'')? + 2,
        None => inside.chars().next()?.len_utf8(),
    };
    inside.get(end..)?.strip_prefix('\'')
}

/// A text up to its closing quote, without its escapes; and what follows.
fn literal(rest: &str) -> (String, &str) {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, &rest[at + 1..]),
            '\\' => match characters.next().unwrap().1 {
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                '0' => text.push('\0'),
                '\n' => {
                    let left = rest.len() - characters.as_str().trim_start().len();
                    while characters.clone().next().is_some_and(|(at, _)| at < left) {
                        characters.next();
                    }
                }
                'u' => {
                    let hex = characters.as_str().split(['{', '}']).nth(1).unwrap();
                    text.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
                    for _ in 0..hex.len() + 2 {
                        characters.next();
                    }
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    panic!("a text without an end")
}

#[test]
fn sentences_are_read_from_the_code() {
    let source = r#"// "not this one"
        why: "an example of a reason", citations: &["RFC 1, section of it"],
        count(n, "grain of salt"); 'a' '"' '\'' <'a> "is at home \
        to\u{2019}day" r"raw [a-z] text here"
#[cfg(test)]
mod tests {"nor this one"}"#;
    let want = ["{n} grain of salt", "{n} grain of salts", "is at home to’day", "raw [a-z] text here"];
    assert_eq!(sentences(source), want);
}
