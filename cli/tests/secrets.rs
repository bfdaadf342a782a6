//! No command says anything of a private key, wherever it was put.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::fs;

use common::{Run, example, file, pem_body, root, run, run_with};
use serde_json::{Value, json};

/// The bodies of the keys of the examples.
fn bodies() -> Vec<String> {
    ["rsa", "ecc", "sm2-enc", "sm2-sign"]
        .map(|name| {
            let path = root().join(format!("examples/pki/{name}.key"));
            pem_body(&fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display())))
        })
        .to_vec()
}

/// Asserts that no twelve characters of a key's body are in an output.
fn silent(got: &Run, what: &str) {
    for body in bodies() {
        // The first 40 characters are the same for all keys of a kind, so they are no secret, but must not be shown either.
        for window in body.as_bytes().windows(12) {
            let window = std::str::from_utf8(window).unwrap();
            for output in [&got.out, &got.err] {
                assert!(!output.contains(window), "{what} shows `{window}`: {output}");
            }
        }
    }
}

fn key(name: &str) -> String {
    fs::read_to_string(root().join(format!("examples/pki/{name}.key"))).unwrap()
}

/// Forms with a key where it does not belong, or damaged.
fn forms() -> Vec<(&'static str, Value)> {
    let mut forms = Vec::new();
    for name in ["rsa", "ecc", "sm2"] {
        let good = example(&format!("{name}.json"));
        let text = good["private_key"].as_str().unwrap().to_owned();
        let body = pem_body(&text);
        let with = |field: &str, value: Value| {
            let mut form = good.clone();
            form[field] = value;
            form
        };
        forms.push(("the good form", good.clone()));
        forms.push(("the key as name", with("name", json!(text))));
        forms.push(("the body as name", with("name", json!(body))));
        forms.push(("the key as type", with("type", json!(text))));
        forms.push(("the body as type", with("type", json!(body))));
        forms.push(("the body as algorithm", with("algorithm_type", json!(body))));
        forms.push(("the body as instance", with("instance_id", json!(body))));
        forms.push(("the key as certificate", with("cert_content", json!(text))));
        forms.push(("the key among the roots", with("trusted_root_ca", json!(text))));
        forms.push(("the key as an unknown field's name", with(&body, json!(1))));
        forms.push(("the key in a list", with("private_key", json!([text]))));
        forms.push(("the key in one line", with("private_key", json!(text.replace('\n', "")))));
        forms.push(("the key escaped twice", with("private_key", json!(text.replace('\n', "\\n")))));
        forms.push(("the key without markers", with("private_key", json!(body))));
        forms.push(("the key with spaces", with("private_key", json!(text.replace('\n', " ")))));
        forms.push(("the key without its end", with("private_key", json!(text.split("-----END").next()))));
        forms.push((
            "the key as label",
            with("private_key", json!(format!("-----BEGIN {body}-----\nAAAA\n-----END {body}-----\n"))),
        ));
        forms.push((
            "a character in the key",
            with("private_key", json!(text.replacen("\nM", "\nM\u{3000}", 1))),
        ));
        forms.push(("the key twice", with("private_key", json!(format!("{text}{text}")))));
        forms.push((
            "the key and the certificate",
            with("private_key", json!(format!("{text}{}", good["cert_content"].as_str().unwrap()))),
        ));
    }
    forms
}

#[test]
fn check_and_batch_say_nothing_of_a_key() {
    let mut lines = String::new();
    for (what, form) in forms() {
        let text = form.to_string();
        for format in ["text", "json", "sarif", "junit", "github", "gitlab"] {
            silent(&run_with(&["check", "-", "--format", format], text.as_bytes()), what);
        }
        lines.push_str(&text);
        lines.push('\n');
        // The form ends inside the key.
        let cut = text.find("PRIVATE KEY-----").map_or(text.len() / 2, |at| at + 60);
        let cut = text.get(..cut).unwrap_or(&text);
        silent(&run_with(&["check", "-"], cut.as_bytes()), "a form that ends inside the key");
        lines.push_str(cut);
        lines.push('\n');
    }
    silent(&run_with(&["batch"], lines.as_bytes()), "batch");
}

#[test]
fn a_key_in_place_of_another_file_is_not_quoted() {
    for name in ["rsa", "ecc", "sm2-enc"] {
        let path = format!("examples/pki/{name}.key");
        silent(&run(&["check", &path]), "a key as form");
        silent(&run(&["diff", &path, "examples/rsa.json"]), "diff");
        silent(&run(&["check", "examples/rsa.json", "--policy", &path]), "a key as policy");
        let body = file("body.toml", format!("{} = 1\n", pem_body(&key(name)).replace(['+', '/', '='], "")));
        silent(&run(&["check", "examples/rsa.json", "--policy", &body]), "a body as policy");
        let body = file("body.json", pem_body(&key(name)));
        silent(&run(&["check", &body]), "a body as form");
        silent(&run_with(&["batch"], key(name).as_bytes()), "a key as batch");
        for format in ["text", "json", "mermaid", "dot"] {
            silent(&run(&["inspect", "--format", format, &path]), "inspect");
            silent(&run(&["inspect", "--format", format, &body]), "inspect of a body");
        }
    }
}

#[test]
fn a_key_in_place_of_an_argument_is_not_quoted() {
    for name in ["rsa", "ecc"] {
        let text = key(name);
        let body = pem_body(&text);
        for argument in [&text, &body] {
            for arguments in [
                &["check", argument][..],
                &["check", "--name", "n", "--cert", "examples/pki/rsa.crt", "--key", argument],
                &["check", "examples/rsa.json", "--at", argument],
                &["check", "examples/rsa.json", "--policy", argument],
                &["check", "examples/rsa.json", "--deny", argument],
                &["check", "examples/rsa.json", "--format", argument],
                &["inspect", argument],
                &["explain", argument],
                &["completions", argument],
                &["batch", argument],
                &[argument],
            ] {
                let got = run(arguments);
                silent(&got, "an argument");
                assert_eq!(got.status, 2, "{arguments:?}");
            }
        }
    }
}

/// A scalar as it may be pasted. `PIECE` characters of it in a row must not be shown.
const SCALAR: &str = "rMfinUqPTKqR-DMK3bqAJ4K3c44dYM9m4_Xy01abcd";
const PIECE: usize = 8;

/// The scalar in forms that are shorter than a file's body, or cut into short runs.
fn scalars() -> Vec<String> {
    let plain = SCALAR.replace(['-', '_'], "");
    let cut = |gap: &str| {
        let runs: Vec<_> =
            plain.as_bytes().chunks(PIECE).map(|run| std::str::from_utf8(run).unwrap()).collect();
        runs.join(gap)
    };
    vec![
        SCALAR.to_owned(),
        plain[..24].to_owned(),
        SCALAR[..20].to_owned(),
        format!("{{\"kty\":\"EC\",\"d\":\"{SCALAR}\"}}"),
        cut(" "),
        cut("."),
        cut("\n"),
        cut("\u{1b}[1m"),
        format!("-----BEGIN PRIVATE KEY-----\n{}", cut("\n")),
    ]
}

fn says_no_piece(got: &Run, what: &str) {
    let plain = SCALAR.replace(['-', '_'], "");
    let said = format!("{}{}", got.out, got.err);
    for body in [SCALAR, &plain] {
        for window in body.as_bytes().windows(PIECE) {
            let window = std::str::from_utf8(window).unwrap();
            assert!(!said.contains(window), "{what} shows `{window}`: {said}");
        }
    }
}

#[test]
fn no_argument_repeats_a_short_or_cut_key() {
    for key in scalars() {
        let form = "examples/rsa.json";
        let (unknown, at) = (format!("--{key}"), format!("--at={key}"));
        for arguments in [
            &["check", form, "--deny", &key][..],
            &["check", form, "--warn", &key],
            &["check", form, "--allow", &key],
            &["check", form, "--at", &key],
            &["check", form, &at],
            &["check", form, "--format", &key],
            &["check", form, &unknown],
            &["check", form, &key],
            &["batch", "--threads", &key],
            &["batch", "--format", &key],
            &["batch", &key],
            &["inspect", "examples/pki/rsa.crt", "--deny", &key],
            &["fix", form, "--deny", &key],
            &["explain", &key],
            &["rules", "--format", &key],
            &["completions", &key],
            &[&key],
        ] {
            let got = run(arguments);
            assert_eq!(got.status, 2, "{arguments:?}: {}", got.err);
            assert_eq!(got.err.lines().count(), 1, "{}", got.err);
            says_no_piece(&got, &format!("{arguments:?}"));
        }
        let quoted = serde_json::to_string(&key).unwrap();
        let policy = file("pasted.toml", format!("[severity]\n{quoted} = \"note\"\n"));
        let got = run(&["check", form, "--policy", &policy]);
        says_no_piece(&got, "a policy");
        if !key.contains('\u{1b}') {
            got.refused(&["pasted.toml: no rule has the code", "not shown", "(line 2)"]);
        }
    }
}

#[test]
fn no_path_repeats_a_whole_key() {
    let hex = "a27be832f2e9441c8127fe48e3b5ac67a27be832f2e9441c8127fe48e3b5ac67";
    let json = format!("{{\"d\":\"{SCALAR}\"}}");
    for (key, secret) in [(SCALAR, SCALAR), (&json, SCALAR), (hex, hex)] {
        for arguments in [
            &["check", key][..],
            &["fix", key],
            &["inspect", key],
            &["check", "examples/rsa.json", "--policy", key],
            &["check", "--name", "abcd", "--cert", "examples/pki/rsa.crt", "--key", key],
        ] {
            let got = run(arguments);
            got.refused(&["not shown"]);
            assert!(!got.err.contains(&secret[..PIECE]), "{}", got.err);
        }
    }
    run(&["check", "Some-Form_2026.json"]).refused(&["Some-Form_2026.json"]);
}

#[test]
fn a_suggested_command_repeats_no_key() {
    let cert = fs::read_to_string(root().join("examples/pki/rsa.crt")).unwrap();
    let cert = file("suggested.crt", cert.replace('\n', "\\n"));
    let got = run(&[
        "check",
        "--name",
        SCALAR,
        "--instance-id",
        SCALAR,
        "--cert",
        &cert,
        "--key",
        "examples/pki/rsa.key",
    ]);
    assert!(got.out.contains("certgate fix --name NAME --instance-id ID --cert "), "{}", got.out);
}
