//! An accepted form that was put together is not the files that were given: every format says so, and the command that writes the form works.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Run, certgate, empty_folder, root};
use serde_json::{Value, json};

fn folder_of(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = empty_folder(&format!("ready/{name}"));
    for (from, to) in files {
        fs::copy(root().join("examples/pki").join(from), folder.join(to)).unwrap();
    }
    folder
}

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let at = ["--at", "2026-06-01T00:00:00Z"];
    Run::from(certgate().args(arguments).args(at).current_dir(folder).output().unwrap())
}

/// The part of the JSON that says where an accepted form came from.
fn assembled(folder: &Path, arguments: &[&str]) -> Value {
    let got = run_in(folder, &[&["check", "--format", "json"], arguments].concat());
    assert_eq!((got.status, &got.json()["accepted"]), (0, &json!(true)), "{}{}", got.out, got.err);
    got.json()["assembled"].clone()
}

fn changed(folder: &Path, from: &str, to: &str, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(folder.join(from)).unwrap();
    fs::write(folder.join(to), change(&text)).unwrap();
}

#[test]
fn files_that_were_repaired_are_not_ready_in_any_format() {
    let folder = folder_of("mended", &[("rsa.crt", "www.pem"), ("rsa.key", "www.key")]);
    let quoted = |text: &str| text.lines().map(|line| format!("> {line}\n")).collect::<String>();
    changed(&folder, "www.pem", "chat.pem", quoted);
    changed(&folder, "www.pem", "nl.pem", |text| text.trim_end().replace('\n', "\\n"));
    changed(&folder, "www.key", "chat.key", quoted);
    for (certificate, key) in [("chat.pem", "chat.key"), ("nl.pem", "www.key")] {
        // The same files by field are rejected, with the codes that are told here.
        let by_field =
            ["check", "--name", "www_example", "--format", "json", "--cert", certificate, "--key", key];
        let rejected = run_in(&folder, &by_field);
        assert_eq!(rejected.status, 1);
        let assembled = assembled(&folder, &[certificate, key]);
        assert_eq!(assembled["is_ready"], json!(false));
        let told = assembled["unready"].as_array().unwrap();
        let of_form: Vec<_> = common::codes(&rejected.json()).iter().map(|code| (*code).to_owned()).collect();
        for one in told {
            let why = one["why"].as_str().unwrap();
            let findings = one["findings"].as_array().unwrap();
            assert!(!findings.is_empty() && why.contains("repaired"), "{one}");
            for finding in findings {
                let code = finding["code"].as_str().unwrap();
                assert!(why.contains(code) && of_form.iter().any(|other| other == code), "{one} {of_form:?}");
                assert_eq!(finding["location"]["file"], one["files"][0]);
            }
        }
        let files: Vec<_> = told.iter().map(|one| one["files"][0].as_str().unwrap()).collect();
        let want: Vec<_> = [certificate, key].into_iter().filter(|file| *file != "www.key").collect();
        assert_eq!(files, want);
    }
    let text = run_in(&folder, &["check", "chat.pem", "chat.key"]);
    let verdict = text.out.find("accepted:").unwrap();
    let said = text.out.find("not ready as they are").unwrap();
    assert!(verdict < said && said < text.out.find("Assembled from").unwrap(), "{}", text.out);
    assert!(text.out.contains("`certgate assemble chat.pem chat.key -o DIR`"), "{}", text.out);
    for (format, words) in [
        ("github", &["::warning file=chat.pem,title=certgate not ready%3A cert_content::", "assemble"][..]),
        ("gitlab", &["not ready: cert_content", "chat.key", "minor"]),
        ("junit", &["not ready: private_key", "<system-out>chat.key"]),
        ("sarif", &["\"warning\"", "chat.pem: would be rejected as it is"]),
    ] {
        let got = run_in(&folder, &["check", "chat.pem", "chat.key", "--format", format]);
        assert_eq!(got.status, 0, "{format}: {}", got.err);
        assert!(words.iter().all(|word| got.out.contains(word)), "{format}: {}", got.out);
    }
}

#[test]
fn what_was_only_put_together_must_still_be_written_and_the_command_for_it_works() {
    let folder =
        folder_of("together", &[("rsa.crt", "www.pem"), ("tls.crt", "issuer.pem"), ("rsa.key", "www.key")]);
    // The files as they are: nothing to say.
    assert_eq!(assembled(&folder, &["www.pem", "www.key"])["is_ready"], json!(true));
    let text = run_in(&folder, &["check", "www.pem", "www.key"]);
    assert!(!text.out.contains("assemble"), "{}", text.out);
    // A chain, in one file or in two, and in the wrong order; all in one file; the certificate as DER.
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (leaf, issuer, key) = (&read("www.pem"), &read("issuer.pem"), &read("www.key"));
    for (name, content) in
        [("turned.pem", format!("{issuer}{leaf}")), ("all.pem", format!("{leaf}{issuer}{key}"))]
    {
        fs::write(folder.join(name), content).unwrap();
    }
    let encode = |text: &str| {
        let base64: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        fs::write(folder.join("body"), base64).unwrap();
        let decoded = std::process::Command::new("base64").args(["-d", "body"]).current_dir(&folder).output();
        fs::remove_file(folder.join("body")).unwrap();
        decoded.unwrap().stdout
    };
    fs::write(folder.join("www.der"), encode(leaf)).unwrap();
    for (paths, why) in [
        (&["www.pem", "issuer.pem", "www.key"][..], "put together from 2 files"),
        (&["turned.pem", "www.key"], "would be rejected as it is"),
        (&["all.pem"], "holds more than this field takes"),
        (&["www.der", "issuer.pem", "www.key"], "put together from 2 files"),
        (&["www.der", "www.key"], "DER, and the API takes PEM"),
    ] {
        let assembled = assembled(&folder, paths);
        assert_eq!(assembled["is_ready"], json!(false), "{paths:?}");
        let told = assembled["unready"][0]["why"].as_str().unwrap();
        assert!(told.contains(why), "{paths:?}: {told}");
        // The command as it stands.
        let command = assembled["write_with"].as_str().unwrap();
        let words: Vec<_> =
            command.split(' ').skip(1).map(|word| if word == "DIR" { "out" } else { word }).collect();
        assert_eq!(run_in(&folder, &words).status, 0, "{command}");
        assert_eq!(run_in(&folder, &["check", "out/form.json"]).status, 0);
        fs::remove_dir_all(folder.join("out")).unwrap();
        let text = run_in(&folder, &[&["check"], paths].concat());
        assert!(text.out.contains(command), "{}", text.out);
    }
}

#[test]
fn a_damaged_file_among_several_is_named() {
    let folder =
        folder_of("several", &[("rsa.crt", "www.pem"), ("tls.crt", "issuer.pem"), ("rsa.key", "www.key")]);
    changed(&folder, "issuer.pem", "bad.pem", |text| text.replacen("-----BEGIN", "----BEGIN", 1));
    let sound = assembled(&folder, &["www.pem", "issuer.pem", "www.key"]);
    assert_eq!(sound["unready"][0].get("findings"), None, "{sound}");
    let told = &assembled(&folder, &["www.pem", "bad.pem", "www.key"])["unready"][0];
    let why = told["why"].as_str().unwrap();
    assert!(why.contains("bad.pem would be rejected as it is (pem-marker at line 1)"), "{why}");
    let findings = told["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{told}");
    assert_eq!(findings[0]["location"]["file"], "bad.pem");
}
