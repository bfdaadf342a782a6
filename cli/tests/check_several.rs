//! `certgate check FORM.json FORM.json…`: each form is checked by itself, in every format.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{codes, run};
use serde_json::{Value, json};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];
const BOTH: [&str; 2] = ["examples/rsa.json", "examples/broken.json"];

fn check(paths: &[&str], format: &str) -> common::Run {
    run(&[&["check", "--format", format], paths, &AT].concat())
}

#[test]
fn no_form_is_repaired_by_the_one_beside_it() {
    let got = check(&BOTH, "json");
    assert_eq!(got.status, 1, "{}", got.err);
    let lines = got.lines();
    assert_eq!(lines.len(), 2);
    for (line, path) in lines.iter().zip(BOTH) {
        assert_eq!(line["file"], path);
        // But for the file it is the report of that form alone.
        let mut alone: Value = check(&[path], "json").json();
        alone["file"] = json!(path);
        assert_eq!(*line, alone);
    }
    assert!(codes(&lines[1]).contains(&"match-other-key"));
    assert_eq!(check(&["examples/rsa.json", "examples/ecc.json"], "json").status, 0);
}

#[test]
fn each_format_says_which_form_it_is() {
    let text = check(&BOTH, "text").out;
    let at = |words: &str| text.find(words).unwrap();
    let verdict = at("examples/broken.json: rejected: 6 errors");
    assert!(at("examples/rsa.json: accepted") < verdict && verdict < at("error[match-other-key]"));
    for (format, words) in [
        ("github", "::error file=examples/broken.json,line="),
        ("gitlab", "\"path\":\"examples/broken.json\""),
        ("junit", "examples/broken.json"),
        ("sarif", "examples/broken.json"),
    ] {
        let got = check(&BOTH, format);
        let out = got.out.replace("\": \"", "\":\"");
        assert!(got.status == 1 && out.contains(words), "{format}: {out}");
    }
}

#[test]
fn forms_among_other_files_and_values_for_several_forms_are_refused() {
    check(&[BOTH[0], BOTH[1], "examples/pki/rsa.crt"], "text")
        .refused(&["each of which is checked by itself"]);
    check(&[BOTH[0], BOTH[1], "--name", "site"], "text").refused(&["leave out"]);
}
