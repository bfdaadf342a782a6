//! `explain`, `rules`, `completions` and `man`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::run;

#[test]
fn every_rule_is_explained() {
    let rules = run(&["rules", "--format", "json"]).json();
    assert_eq!(rules["schema"], 1);
    let rules = rules["rules"].as_array().unwrap();
    assert!(!rules.is_empty());
    let text = run(&["rules"]).out;
    let pages = run(&["rules", "--format", "markdown"]).out;
    for rule in rules {
        let code = rule["code"].as_str().unwrap();
        assert!(text.contains(code) && pages.contains(&format!("\n## {code}\n")), "{code}");
        for key in ["severity", "stage", "api_code", "api_msg", "summary", "hint", "why", "since", "status"] {
            assert!(rule[key].is_string(), "{key} of {code}");
        }
        let line = text.lines().find(|line| line.starts_with(&format!("{code} "))).unwrap();
        assert!(line.ends_with(rule["summary"].as_str().unwrap()), "{line}");
        assert!(rule["soft"].is_boolean() && rule["citations"].is_array());
    }
    for rule in rules.iter().take(5) {
        let got = run(&["explain", rule["code"].as_str().unwrap()]);
        assert_eq!(got.status, 0);
        for key in ["code", "summary", "api_code"] {
            assert!(got.out.contains(rule[key].as_str().unwrap()), "{key}: {}", got.out);
        }
        assert!(got.out.lines().all(|line| line.chars().count() <= 110), "{}", got.out);
    }
}

#[test]
fn each_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let got = run(&["completions", shell]);
        assert_eq!(got.status, 0);
        assert!(got.out.contains("certgate") && got.out.contains("check"), "{shell}");
    }
    run(&["completions", "tcsh"]).refused(&["bash"]);
}

#[test]
fn each_command_gets_its_man_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let pages = pages.to_str().unwrap();
    assert_eq!(run(&["man", "-o", pages]).status, 0);
    let page = |name: &str| std::fs::read_to_string(format!("{pages}/{name}.1")).unwrap_or_default();
    assert!(page("certgate").contains("certgate\\-check(1)"), "{}", page("certgate"));
    let check = page("certgate-check");
    for word in ["certgate\\-check", "\\-\\-expires\\-within", "Exit status"] {
        assert!(check.contains(word), "{word}: {check}");
    }
    run(&["man", "-o", "Cargo.toml"]).refused(&["Cargo.toml", "could not be written"]);
}

#[test]
fn the_rule_pages_are_those_of_the_catalogue() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    let pages = run(&["rules", "--format", "markdown"]).out;
    assert!(
        std::fs::read_to_string(file).unwrap_or_default() == pages,
        "docs/rules.md is stale: cargo run -- rules --format markdown > docs/rules.md"
    );
}
