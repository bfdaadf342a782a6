//! Each module of the library imports only from lower layers (`ARCHITECTURE.md`), read from its `use` lines and paths.
#![allow(clippy::restriction)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A module may use those below its own, and itself.
const LAYERS: &[&[&str]] = &[
    &["algorithm", "location", "rule", "text"],
    &["policy", "der"],
    &["finding"],
    &["crypto"],
    &["read"],
    &["relate"],
    &["rules"],
    &["validate"],
    &["tell"],
];

/// A use of a higher or equal layer, with the reason why it stands.
const EXCEPTIONS: &[(&str, &str)] =
    &[("relate", "tell"), ("rules", "tell"), ("rules", "validate"), ("validate", "tell")];

#[test]
fn modules_import_only_from_lower_layers() {
    let layer: BTreeMap<&str, usize> = LAYERS
        .iter()
        .enumerate()
        .flat_map(|(layer, modules)| modules.iter().map(move |&module| (module, layer)))
        .collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut checked, mut faults, mut excused) = (0, Vec::new(), Vec::new());
    for file in rust_files(&source) {
        let module = module_of(&source, &file);
        let is_test = file
            .components()
            .any(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs") == "tests");
        if module == "lib" || is_test {
            continue;
        }
        let own = *layer.get(module.as_str()).unwrap_or_else(|| panic!("`{module}` is in no layer"));
        for used in used_modules(&fs::read_to_string(&file).expect("a source file")) {
            let Some(&other) = layer.get(used.as_str()) else { continue };
            checked += 1;
            if used != module && other >= own {
                match EXCEPTIONS.iter().find(|pair| **pair == (module.as_str(), used.as_str())) {
                    Some(pair) => excused.push(*pair),
                    None => faults.push(format!("{module} uses {used} ({})", file.display())),
                }
            }
        }
    }
    assert!(checked > 20, "only {checked} imports found: is the reader broken?");
    assert!(faults.is_empty(), "imports against the layers:\n{}", faults.join("\n"));
    for pair in EXCEPTIONS {
        assert!(excused.contains(pair), "the exception {pair:?} is no longer needed");
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn module_of(source: &Path, file: &Path) -> String {
    let inner = file.strip_prefix(source).expect("a file below src");
    let first = inner.components().next().expect("a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that the code names as `crate::module`, comments, tests and macros of the crate aside.
fn used_modules(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty())
        .collect()
}
