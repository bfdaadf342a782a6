//! Each module of the library imports only from lower layers (`ARCHITECTURE.md`), read from the paths in its code. And reading and relating do not
//! judge: they name no finding, rule, severity or policy. Runs less than a second.
#![allow(clippy::restriction)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A module may use those below its own, and itself. A name stands for the file or folder below `src` and for all in it
/// that has no line of its own; `x/*` for each file or folder in `x`, which must not use one another.
const LAYERS: &[&[&str]] = &[
    &["version"],
    &["algorithm", "location", "rule", "text"],
    &["policy", "der"],
    &["finding"],
    &["crypto"],
    &["read/form"],
    &["read/block"],
    &["read/key"],
    &["read/pem"],
    &["read/certificate"],
    &["read/upload"],
    &["relate/fields", "relate/pair"],
    &["relate/chain"],
    &["relate/roots"],
    &["relate/server"],
    &["relate/altered", "relate/public_key", "relate/sm2_set", "relate/trust"],
    &["relate/together"],
    &["relate"],
    &["relate/fleet"],
    &["rules/label"],
    &["rules/certificate", "rules/matching", "rules/pem"],
    &["rules/chain"],
    &["rules/*"],
    &["rules/catalogue"],
    &["rules"],
    &["target"],
    &["tell/language"],
    &["tell/metadata", "tell/trust"],
    &["tell/report", "tell/plan", "tell/inspect", "tell/difference"],
    &["containers"],
    &["validate"],
    &["repair"],
    &["convert", "json"],
];

/// What only names the modules in it.
const FOLDERS: &[&str] = &["read", "relate", "rules", "tell"];

/// A use of a higher or equal layer, with the reason why it is allowed.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// Files of `read` and `relate` that still judge. The list is to become empty.
const STILL_JUDGING: &[&str] = &[];

/// What belongs to judging.
const OF_JUDGING: &[&str] = &["Finding", "Findings", "Policy", "Rule", "Severity"];

#[test]
fn modules_import_only_from_lower_layers() {
    let (mut checked, mut faults, mut excused) = (0, BTreeSet::new(), BTreeSet::new());
    for File { name, code } in files() {
        let Some((own, layer)) = layer_of(&name) else {
            assert!(name == "lib" || FOLDERS.contains(&name.as_str()), "`{name}` is in no layer");
            continue;
        };
        for path in paths(&name, &code) {
            let Some((used, other)) = layer_of(&path) else {
                // A folder itself, or what lib.rs offers to others under a name of its own.
                if !path.is_empty() && !FOLDERS.contains(&path.as_str()) {
                    faults.insert(format!("{name} names {path} by the root of the crate"));
                }
                continue;
            };
            checked += 1;
            if used == own || other < layer {
                continue;
            }
            match EXCEPTIONS.iter().find(|(from, to, _)| *from == own && *to == used) {
                Some((from, to, _)) => _ = excused.insert((from, to)),
                None => _ = faults.insert(format!("{own} uses {used} ({name}: {path})")),
            }
        }
    }
    assert!(checked > 100, "only {checked} imports found: is the reader broken?");
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{} imports against the layers:\n{}", faults.len(), faults.join("\n"));
    for (from, to, _) in EXCEPTIONS {
        assert!(excused.contains(&(from, to)), "the exception of {from} that uses {to} is no longer needed");
    }
}

#[test]
fn reading_and_relating_do_not_judge() {
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for File { name, code } in files() {
        if !name.starts_with("read/") && !name.starts_with("relate/") {
            continue;
        }
        let words: BTreeSet<&str> = words(&code).filter(|word| OF_JUDGING.contains(word)).collect();
        match STILL_JUDGING.iter().find(|known| **known == name) {
            _ if words.is_empty() => {}
            Some(known) => {
                println!("{name} still names {words:?}");
                excused.insert(*known);
            }
            None => faults.push(format!("{name} names {words:?}")),
        }
    }
    assert!(faults.is_empty(), "{} files that judge:\n{}", faults.len(), faults.join("\n"));
    for known in STILL_JUDGING {
        assert!(excused.contains(known), "{known} judges no longer: take it from the list");
    }
}

/// A source file: its path below `src` without `.rs` and `/mod.rs`, and its code without comments, texts and tests.
struct File {
    name: String,
    code: String,
}

fn files() -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for path in rust_files(&source) {
        let inner = path.strip_prefix(&source).unwrap().with_extension("");
        let mut parts: Vec<&str> = inner.iter().map(|part| part.to_str().unwrap()).collect();
        if parts.contains(&"tests") {
            continue;
        }
        if parts.last() == Some(&"mod") {
            parts.pop();
        }
        files.push(File { name: parts.join("/"), code: code_of(&fs::read_to_string(&path).unwrap()) });
    }
    assert!(files.len() > 50, "only {} files found", files.len());
    files
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The code without comments, without what is between quotes on one line, and without the tests at the end of the file.
fn code_of(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut out = String::new();
    for line in code.lines() {
        let line = line.split("//").next().unwrap().replace("\\\"", "");
        out.extend(line.split('"').step_by(2));
        out.push('\n');
    }
    out
}

/// The layer of a path below `src`, by the longest name of [`LAYERS`] that fits: the name of the module, and its number.
fn layer_of(path: &str) -> Option<(String, usize)> {
    static NAMES: std::sync::LazyLock<BTreeMap<&str, usize>> = std::sync::LazyLock::new(|| {
        let names = |(layer, names): (usize, &&'static [&'static str])| {
            names.iter().map(move |name| (*name, layer)).collect::<Vec<_>>()
        };
        LAYERS.iter().enumerate().flat_map(names).collect()
    });
    let parts: Vec<&str> = path.split('/').collect();
    for length in (1..=parts.len()).rev() {
        let prefix = parts[..length].join("/");
        if let Some(layer) = NAMES.get(prefix.as_str()) {
            return Some((prefix, *layer));
        }
        let any = format!("{}/*", parts[..length - 1].join("/"));
        if let Some(layer) = NAMES.get(any.as_str()).filter(|_| length > 1) {
            return Some((prefix, *layer));
        }
    }
    None
}

/// The paths that the code names from `crate::` or `super::` on, as paths below `src`. Macros of the crate are left out.
fn paths(file: &str, code: &str) -> Vec<String> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let mut base: Vec<&str> = match tokens[at] {
            "crate" => Vec::new(),
            "super" if at < 2 || tokens[at - 2] != "super" => file.split('/').collect(),
            _ => continue,
        };
        let mut next = at;
        while tokens.get(next) == Some(&"super") && tokens.get(next + 1) == Some(&"::") {
            base.pop();
            next += 2;
        }
        if tokens[at] == "crate" && tokens.get(at + 1) == Some(&"::") {
            next += 2;
        }
        if next > at {
            tree(&tokens, &mut next, &base, &mut found);
        }
    }
    found
}

/// Reads one path or a group of paths in braces.
fn tree<'a>(tokens: &[&'a str], next: &mut usize, base: &[&'a str], found: &mut Vec<String>) {
    let mut path = base.to_vec();
    while let Some(token) = tokens.get(*next) {
        *next += 1;
        match *token {
            "{" => {
                while tokens.get(*next).is_some_and(|token| *token != "}") {
                    let before = *next;
                    tree(tokens, next, &path, found);
                    // Renamed, or a comma.
                    while tokens.get(*next).is_some_and(|token| !["}", ","].contains(token)) {
                        *next += 1;
                    }
                    *next += usize::from(tokens.get(*next) == Some(&","));
                    assert!(*next > before);
                }
                *next += 1;
                return;
            }
            name if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => path.push(name),
            _ => break,
        }
        match tokens.get(*next) {
            Some(&"::") => *next += 1,
            Some(&"!") => return,
            _ => break,
        }
    }
    found.push(path.join("/"));
}

/// Words, `::`, and all other characters one by one.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = match first {
            _ if word > 0 => word,
            _ if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}
