//! Flags that all or several commands have.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;
use std::process::Stdio;

use common::{certgate, codes, example, file, root, run, run_with};
use serde_json::{Value, json};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];

/// A form that is accepted with one warning.
fn with_a_warning() -> String {
    let mut form = example("rsa.json");
    form["unknown_field"] = json!("x");
    form.to_string()
}

fn check(form: &str, flags: &[&str]) -> common::Run {
    run_with(&[&["check", "-", "--format", "json"], &AT[..], flags].concat(), form.as_bytes())
}

#[test]
fn a_warning_rejects_where_it_is_asked_to() {
    let form = with_a_warning();
    let lax = check(&form, &[]);
    assert_eq!((lax.status, codes(&lax.json())), (0, vec!["field-unknown"]));
    let policy = file("strict.toml", "strict = true\n");
    for flags in [&["--strict"][..], &["--deny", "warnings"], &["--policy", &policy]] {
        let strict = check(&form, flags);
        let report = strict.json();
        assert_eq!((strict.status, codes(&report)), (1, vec!["field-unknown"]), "{flags:?}");
        let finding = &report["findings"][0];
        assert_eq!(finding["severity"], "error");
        assert_eq!(finding["default_severity"], "warning");
        assert!(report["api"]["error_code"].is_string());
    }
    let note = check(&form, &["--strict", "--allow", "field-unknown"]);
    assert_eq!(note.status, 2, "{}", note.err);
    assert_eq!(check(&example("rsa.json").to_string(), &["--strict"]).status, 0);
}

#[test]
fn several_rules_stand_after_one_flag() {
    let got = check(&with_a_warning(), &["--deny", "cert-expired,field-unknown"]);
    assert_eq!(got.status, 1, "{}", got.err);
    assert_eq!(got.json()["findings"][0]["severity"], "error");
    check(&with_a_warning(), &["--deny", "field-unknown,cert-expird"]);
    let unknown = run_with(&["check", "-", "--deny", "field-unknown,cert-expird"], b"{}");
    unknown.refused(&["cert-expird"]);
}

#[test]
fn a_date_is_its_first_second() {
    let report = run_with(
        &["check", "-", "--format", "json", "--at", "2026-06-01"],
        example("rsa.json").to_string().as_bytes(),
    );
    assert_eq!(report.json()["checked_at"], "2026-06-01T00:00:00Z");
}

#[test]
fn quiet_leaves_the_exit_status() {
    let good = example("rsa.json").to_string();
    for (form, status) in [(good.as_str(), 0), ("{}", 1)] {
        let got = run_with(&[&["check", "-", "-q"], &AT[..]].concat(), form.as_bytes());
        assert_eq!((got.status, got.out.as_str(), got.err.as_str()), (status, "", ""));
    }
    let got = run(&["inspect", "-q", "examples/pki/rsa.crt"]);
    assert_eq!((got.out.as_str(), got.err.as_str()), ("", ""));
    let got = run_with(&[&["fix", "-", "--quiet"], &AT[..]].concat(), good.as_bytes());
    assert_eq!((got.status, got.err.as_str()), (0, ""));
    assert_eq!(serde_json::from_str::<Value>(&got.out).unwrap(), example("rsa.json"));
}

#[test]
fn what_could_not_run_says_so_in_json_too() {
    for (arguments, code) in [
        (&["check", "no-such-file.json"][..], "input"),
        (&["check", "Cargo.toml"], "input"),
        (&["check", "a.json", "--at", "yesterday"], "usage"),
        (&["check", "examples/rsa.json", "--deny", "no-such-rule"], "policy"),
        (&["inspect", "no-such-file.pem"], "input"),
    ] {
        let got = run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(got.status, 2, "{arguments:?}");
        let line = got.json();
        assert_eq!(line["schema"], 1);
        assert_eq!(line["error"]["code"], code, "{arguments:?}");
        let message = line["error"]["message"].as_str().unwrap();
        assert!(!message.is_empty() && got.err == format!("certgate: {message}\n"), "{}", got.err);
    }
}

#[test]
fn colour_where_it_is_asked_for() {
    let colour = |flags: &[&str], variable: Option<(&str, &str)>| {
        let mut command = certgate();
        command.args(["check", "examples/broken.json"]).args(flags).current_dir(root());
        command.envs(variable).output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!colour(&[], None));
    assert!(colour(&["--color", "always"], None));
    assert!(colour(&[], Some(("FORCE_COLOR", "1"))));
    assert!(!colour(&["--color", "never"], Some(("FORCE_COLOR", "1"))));
    assert!(colour(&["--color", "always"], Some(("NO_COLOR", "1"))));
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let mut child = certgate()
        .args(["rules", "--format", "markdown"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn a_host_is_served_or_not() {
    let good = example("rsa.json").to_string();
    let names = check(&good, &[]).json()["certificate"]["san"].as_array().unwrap().clone();
    let name = names[0].as_str().unwrap().trim_start_matches("DNS:").to_owned();
    let served = check(&good, &["--host", &name.to_uppercase()]);
    assert_eq!(served.status, 0, "{}", served.out);
    assert_eq!(served.json()["hosts"], json!([{"host": name, "served_by": format!("DNS:{name}")}]));
    let report = check(&good, &["--host", &name, "--host", "例子.example"]);
    assert_eq!((report.status, codes(&report.json())), (1, vec!["cert-host-not-served"]));
    assert_eq!(report.json()["hosts"][1], json!({"host": "xn--fsqu00a.example"}));
    let text = run_with(&[&["check", "-", "--host", &name], &AT[..]].concat(), good.as_bytes()).out;
    assert!(text.contains("Hosts"), "{text}");
    for none in ["https://www.example.com", "www.example.com:443", "*.example.com"] {
        run_with(&["check", "-", "--host", none], good.as_bytes()).refused(&["--host takes a"]);
    }
}

#[test]
fn a_host_that_is_an_address_of_a_page_is_told_as_the_host_in_it() {
    for (given, meant) in [
        ("https://www.example.com/", "`--host www.example.com`"),
        ("www.example.com:443", "`--host www.example.com`"),
        ("http://[2001:db8::1]:8443/x", "a DNS name, such as"),
        ("https://", "a DNS name, such as"),
    ] {
        run(&["check", "examples/rsa.json", "--host", given]).refused(&["--host takes", meant]);
    }
}

#[test]
fn files_given_as_a_form_and_folders_that_are_not_there_are_told_as_that() {
    let pem = fs::read_to_string(root().join("examples/pki/rsa.crt")).unwrap();
    for (name, text) in
        [("whole.pem", pem.clone()), ("damaged.pem", pem.replacen("-----BEGIN", "----BEGIN", 1))]
    {
        let path = file(name, text);
        run(&["fix", &path]).refused(&["is not a JSON form", "--cert FILE --key FILE", "certgate assemble"]);
    }
    run(&["fix", "examples/rsa.json", "-o", "not-there/x.json"])
        .refused(&["the folder not-there is missing"]);
}
