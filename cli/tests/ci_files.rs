//! `action.yml` and `.pre-commit-hooks.yaml`: what they say to run, run by a shell.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::path::Path;
use std::process::Command;

use common::{root, run};

/// Runs a script of the action or a hook, with this build of certgate on the PATH.
fn shell(script: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let folder = Path::new(env!("CARGO_BIN_EXE_certgate")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["-c", script]).current_dir(root()).env("PATH", path).env("CI", "true");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// The text behind `key:` on the last line that has it.
fn value<'t>(text: &'t str, key: &str) -> &'t str {
    text.lines()
        .rev()
        .find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(": "))
        .unwrap()
}

#[test]
fn the_action_annotates_what_is_wrong() {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let script = value(&text, "run");
    let arguments = ("ARGUMENTS", "--at 2026-06-01T00:00:00Z");
    let (status, out) = shell(script, &[("PATHS", "examples/broken.json"), arguments]);
    assert_eq!(status, 1);
    assert!(out.contains("::error file=examples/broken.json,line="), "{out}");
    let (status, out) = shell(script, &[("PATHS", "examples/rsa.json"), arguments]);
    assert_eq!((status, out.contains("::error")), (0, false), "{out}");
    // What is given is words for certgate, not a script.
    let (status, out) = shell(script, &[("PATHS", "examples/rsa.json; echo injected"), arguments]);
    assert!(status != 0 && !out.lines().any(|line| line == "injected"), "{out}");
}

#[test]
fn each_hook_refuses_what_is_broken() {
    let text = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<&str> = text.split("\n- ").skip(1).collect();
    assert_eq!(hooks.len(), 2);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key, broken) = (file("cert.pem"), file("key.pem"), file("broken.pem"));
    assert_eq!(
        run(&["fix", "examples/rsa.json", "--out-cert", &cert, "--out-key", &key, "--at", "2026-06-01"])
            .status,
        0
    );
    let text = std::fs::read_to_string(&cert).unwrap();
    std::fs::write(&broken, &text[..text.len() / 3]).unwrap();
    for hook in hooks {
        let entry = value(hook, "entry");
        let (good, bad) = match value(hook, "id") {
            "certgate-inspect" => (cert.as_str(), broken.as_str()),
            _ => ("examples/rsa.json", "examples/broken.json"),
        };
        assert_eq!(shell(&format!("{entry} {good} --at 2026-06-01"), &[]).0, 0, "{entry}");
        assert_eq!(shell(&format!("{entry} {bad} --at 2026-06-01"), &[]).0, 1, "{entry}");
    }
}
