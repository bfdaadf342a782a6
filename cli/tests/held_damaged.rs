//! Files that cannot be read whole: the report says what is wrong with them, at their own lines.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Run, certgate, codes, empty_folder, has, root, run};
use serde_json::{Value, json};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];

/// A folder with a pair, and with damaged copies of both.
fn folder(name: &str) -> PathBuf {
    let folder = empty_folder(&format!("held_damaged/{name}"));
    for name in ["rsa.crt", "rsa.key", "tls.crt"] {
        let text = fs::read_to_string(root().join("examples/pki").join(name)).unwrap();
        fs::write(folder.join(name), &text).unwrap();
        fs::write(folder.join(format!("bad-{name}")), starred(&text)).unwrap();
    }
    folder
}

/// The text with a star in line 5, at column 10.
fn starred(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[4].replace_range(9..10, "*");
    lines.join("\n") + "\n"
}

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = certgate();
    command.args(arguments).args(AT).current_dir(folder).stdin(Stdio::null());
    Run::from(command.output().unwrap())
}

fn rejected(folder: &Path, paths: &[&str]) -> Value {
    let got = run_in(folder, &[&["check", "--format", "json"], paths].concat());
    assert_eq!(got.status, 1, "{paths:?}: {}{}", got.out, got.err);
    got.json()
}

#[test]
fn a_damaged_file_is_told_at_its_own_line_and_not_as_a_missing_field() {
    let folder = folder("damaged");
    for (paths, files) in [
        (&["bad-rsa.crt", "rsa.key"][..], &["bad-rsa.crt"][..]),
        (&["rsa.crt", "tls.crt", "bad-rsa.key"], &["bad-rsa.key"]),
        (&["bad-rsa.crt", "bad-rsa.key"], &["bad-rsa.crt", "bad-rsa.key"]),
    ] {
        let report = rejected(&folder, paths);
        assert_eq!(codes(&report), vec!["pem-bad-character"; files.len()], "{report}");
        for (finding, file) in report["findings"].as_array().unwrap().iter().zip(files) {
            let place = &finding["location"];
            let found = [&place["file"], &place["line"], &place["column"]];
            assert_eq!(found, [&json!(file), &json!(5), &json!(10)], "{report}");
        }
        assert_eq!(report["assembled"]["left_out"], json!([]), "{report}");
    }
}

#[test]
fn a_damaged_issuer_in_the_file_of_a_sound_certificate_is_told_too() {
    let folder = folder("issuer");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    fs::write(folder.join("full.crt"), read("rsa.crt") + &read("bad-tls.crt")).unwrap();
    let report = rejected(&folder, &["full.crt", "rsa.key"]);
    assert_eq!(codes(&report), ["pem-bad-character"], "{report}");
    assert_eq!(report["findings"][0]["location"]["block"], json!(2));
    assert_eq!(report["assembled"]["is_proven"], json!(true));
}

#[test]
fn of_two_copies_of_a_certificate_the_sound_one_is_taken() {
    let folder = folder("copies");
    for name in ["bad-rsa.crt", "bad-rsa.key", "bad-tls.crt"] {
        fs::remove_file(folder.join(name)).unwrap();
    }
    // A character in the signature is another one: the copy decodes, and sorts first.
    for (name, copy) in [("rsa.crt", "a-rsa.crt"), ("tls.crt", "a-tls.crt")] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let third = lines.len() - 4;
        let changed = if lines[third].starts_with('A') { "B" } else { "A" };
        lines[third].replace_range(..1, changed);
        fs::write(folder.join(copy), lines.join("\n") + "\n").unwrap();
    }
    fs::copy(root().join("examples/pki/root.crt"), folder.join("root.crt")).unwrap();
    let got = run_in(&folder, &["check", ".", "--format", "json"]);
    assert_eq!(got.status, 0, "{}{}", got.out, got.err);
    let report = got.json();
    let list = |name: &str| report["assembled"][name].as_array().unwrap().clone();
    let files: Vec<_> = list("parts").iter().map(|part| part["inside"][0].clone()).collect();
    assert_eq!(files, ["./rsa.crt", "./tls.crt", "./rsa.key"]);
    let left: Vec<_> = list("left_out").iter().map(|left| left["why"].clone()).collect();
    for sound in ["a damaged copy of ./rsa.crt, block 1", "a damaged copy of ./tls.crt, block 1"] {
        assert!(left.iter().any(|why| why == sound), "{left:?}");
    }
}

#[test]
fn a_key_that_is_encrypted_or_of_another_kind_is_told_as_that() {
    if !has("openssl") {
        return;
    }
    let folder = folder("keys");
    for arguments in [
        "pkey -in rsa.key -aes256 -passout pass:throw-away -out encrypted.key",
        "genpkey -algorithm ed25519 -out ed25519.key",
    ] {
        let arguments = arguments.split(' ');
        assert!(
            Command::new("openssl").args(arguments).current_dir(&folder).output().unwrap().status.success()
        );
    }
    let got = run_in(&folder, &["check", "rsa.crt", "encrypted.key"]);
    assert_eq!(got.status, 1);
    assert!(got.out.contains("error[key-encrypted]") && got.out.contains("--passphrase-file"), "{}", got.out);
    assert!(codes(&rejected(&folder, &["rsa.crt", "ed25519.key"])).contains(&"key-algorithm"));

    // The wrong passphrase is said, the right one opens it, and no passphrase is ignored.
    fs::write(folder.join("wrong"), "not it").unwrap();
    fs::write(folder.join("right"), "throw-away\n").unwrap();
    let with = |file| run_in(&folder, &["check", "rsa.crt", "encrypted.key", "--passphrase-file", file]);
    assert!(with("wrong").out.contains("the passphrase does not open it"));
    assert_eq!(with("right").status, 0);
    let parts = ["check", "--name", "site", "--cert", "rsa.crt", "--key", "encrypted.key"];
    let said = run_in(&folder, &parts).out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("`certgate check rsa.crt encrypted.key --passphrase-file F`"), "{said}");
    // No passphrase opens the old encryption here, and that is said.
    let old = "rsa -in rsa.key -traditional -aes128 -passout pass:throw-away -out old.key";
    let made = Command::new("openssl").args(old.split(' ')).current_dir(&folder).output().unwrap();
    assert!(made.status.success());
    let said = run_in(&folder, &["check", "rsa.crt", "old.key", "--passphrase-file", "right"]).out;
    assert!(said.contains("old.key, block 1: a key with the old encryption of OpenSSL"), "{said}");
    let by_field = ["check", "--name", "site", "--cert", "rsa.crt", "--key", "old.key"];
    assert!(!run_in(&folder, &by_field).out.contains("--passphrase-file"));
    run_in(&folder, &[&parts[..], &["--passphrase-file", "right"]].concat()).refused(&["given as PATH"]);

    let convert = ["convert", "rsa.crt", "encrypted.key", "--target", "nginx", "-o", "out"];
    let got = run_in(&folder, &convert);
    assert_eq!((got.status, folder.join("out").exists()), (1, false));
    assert!(got.err.contains("nothing was written") && got.err.contains("key-encrypted"), "{}", got.err);
    let got = run_in(&folder, &[&convert[..], &["--passphrase-file", "right"]].concat());
    assert_eq!(got.status, 0, "{}", got.err);
    assert!(got.err.contains("written without a passphrase"), "{}", got.err);
}

#[test]
fn what_looks_like_a_form_is_never_taken_for_a_file_with_pem() {
    let form = fs::read_to_string(root().join("examples/rsa.json")).unwrap();
    let single = common::file("single-quotes.json", form.replace('"', "'"));
    let bare = common::file("no-quotes.json", form.replace("\"cert_content\"", "cert_content"));
    for path in [single, bare] {
        run(&[&["check", path.as_str()][..], &AT].concat()).refused(&["not JSON"]);
    }
}
