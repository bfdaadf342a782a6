//! `certgate inspect`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;
use std::process::Command;

use common::{codes, file, has, root, run, run_with};
use serde_json::Value;

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];

fn json(files: &[&str]) -> Vec<Value> {
    let got = run(&[&["inspect", "--format", "json"], &AT[..], files].concat());
    assert_eq!(got.err, "");
    got.lines()
}

/// What the OpenSSL command line says, without blanks and colons.
fn openssl(arguments: &[&str]) -> String {
    let output = Command::new("openssl").args(arguments).current_dir(root()).output().expect("openssl runs");
    assert!(output.status.success(), "openssl {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_file_is_one_line_in_order() {
    let lines = json(&["examples/pki/rsa.crt", "examples/pki/rsa.key", "examples/pki/ecc.crt"]);
    let files: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["examples/pki/rsa.crt", "examples/pki/rsa.key", "examples/pki/ecc.crt"]);
    for line in &lines {
        assert_eq!(line["schema"], 1);
        for finding in line["findings"].as_array().unwrap() {
            assert!(finding.get("field").is_none(), "{finding}");
        }
    }
    assert!(lines[0]["certificate"].is_object() && lines[0].get("keys").is_none());
    assert!(lines[1].get("certificate").is_none() && lines[1]["keys"].is_array());
}

#[test]
fn facts_of_a_certificate_agree_with_openssl() {
    if !has("openssl") {
        return;
    }
    for name in ["rsa", "ecc", "root", "tls"] {
        let path = format!("examples/pki/{name}.crt");
        let facts = json(&[&path])[0]["certificate"].clone();
        let print = openssl(&["x509", "-in", &path, "-noout", "-fingerprint", "-sha256", "-serial"]);
        let value = |key: &str| {
            let line = print.lines().find(|line| line.to_lowercase().starts_with(key)).unwrap();
            line.split_once('=').unwrap().1.replace(':', "").to_lowercase()
        };
        assert_eq!(facts["fingerprint_sha256"], value("sha256"), "{name}");
        let serial = facts["serial_number_hex"].as_str().unwrap();
        assert_eq!(serial.trim_start_matches('0'), value("serial").trim_start_matches('0'), "{name}");
        for key in
            ["subject", "issuer_name", "not_before", "not_after", "signature_algorithm", "serial_number"]
        {
            assert!(facts[key].is_string(), "{key} of {name}");
        }
        assert!(facts["days_left"].is_i64(), "{name}");
        assert!(facts["key"]["bits"].is_u64(), "{name}");
    }
}

#[test]
fn a_key_has_the_fingerprint_of_its_certificate() {
    for name in ["rsa", "ecc", "sm2-enc", "sm2-sign"] {
        let lines = json(&[&format!("examples/pki/{name}.crt"), &format!("examples/pki/{name}.key")]);
        let certificate = &lines[0]["certificate"]["key"];
        let key = &lines[1]["keys"][0];
        assert!(certificate["spki_sha256"].is_string());
        for fact in ["type", "bits", "spki_sha256"] {
            assert_eq!(certificate[fact], key[fact], "{fact} of {name}");
        }
        assert_eq!(
            lines[0]["certificate"].get("fingerprint_sm3").is_some(),
            name.starts_with("sm2"),
            "{name}"
        );
    }
}

#[test]
fn der_is_as_good_as_pem() {
    if !has("openssl") {
        return;
    }
    for name in ["rsa", "ecc"] {
        let path = format!("examples/pki/{name}.crt");
        let der = file(&format!("{name}.der"), "");
        openssl(&["x509", "-in", &path, "-outform", "DER", "-out", &der]);
        let lines = json(&[&path, &der]);
        let (pem, der) = (&lines[0]["certificate"], &lines[1]["certificate"]);
        assert_eq!(pem["fingerprint_sha256"], der["fingerprint_sha256"]);
        assert_eq!(pem["subject"], der["subject"]);

        let der = file(&format!("{name}-key.der"), "");
        openssl(&["pkey", "-in", &format!("examples/pki/{name}.key"), "-outform", "DER", "-out", &der]);
        let lines = json(&[&format!("examples/pki/{name}.key"), &der]);
        assert_eq!(lines[0]["keys"][0]["spki_sha256"], lines[1]["keys"][0]["spki_sha256"]);
    }
}

#[test]
fn a_chain_is_drawn_as_a_tree() {
    let read = |name: &str| fs::read_to_string(root().join("examples/pki").join(name)).unwrap();
    let chain = file("chain.pem", format!("{}{}{}", read("rsa.crt"), read("tls.crt"), read("root.crt")));
    let line = &json(&[&chain])[0];
    assert_eq!(line["chain"].as_array().unwrap().len(), 2);
    assert_eq!(line["certificate"]["issued_by"], 2);
    assert_eq!(line["chain"][0]["issued_by"], 3);
    assert_eq!(line["chain"][1]["issued_by"], 3);
    assert_eq!(line["certificate"]["issuer_signature"], "verified");
    let got = run(&[&["inspect"], &AT[..], &[&chain]].concat());
    let tree: Vec<_> = got.out.lines().skip_while(|line| !line.starts_with("Issued by")).take(4).collect();
    assert!(tree[1].starts_with("  3  ") && tree[1].ends_with("(self-issued)"), "{tree:?}");
    assert!(tree[2].starts_with("  └─ 2  ") && tree[3].starts_with("     └─ 1  "), "{tree:?}");
}

#[test]
fn a_signature_by_another_key_is_reported() {
    let read = |name: &str| fs::read_to_string(root().join("examples/pki").join(name)).unwrap();
    // The last octet of the signature is changed; base64 keeps its length.
    let leaf = read("ecc.crt");
    let end = leaf.find("-----END").unwrap();
    let body = leaf[..end].trim_end().trim_end_matches('=');
    let at = body.len() - 2;
    let other = if body.as_bytes()[at] == b'A' { "B" } else { "A" };
    let mut changed = leaf.clone();
    changed.replace_range(at..=at, other);
    for (text, want) in [(leaf, "verified"), (changed, "wrong")] {
        let path = file("link.pem", format!("{text}{}", read("tls.crt")));
        let line = &json(&[&path])[0];
        assert_eq!(line["certificate"]["issuer_signature"], want, "{line}");
    }
}

#[test]
fn requests_and_public_keys_are_known() {
    if !has("openssl") {
        return;
    }
    let request = file("request.pem", "");
    openssl(&["req", "-new", "-key", "examples/pki/ecc.key", "-subj", "/CN=request", "-out", &request]);
    let public = file("public.pem", "");
    openssl(&["pkey", "-in", "examples/pki/ecc.key", "-pubout", "-out", &public]);
    let key = json(&["examples/pki/ecc.key"])[0]["keys"][0]["spki_sha256"].clone();
    for (path, kind) in [(&request, "certificate request"), (&public, "public key")] {
        let got = run(&["inspect", "--format", "json", path]);
        assert_eq!(got.status, 0, "{}", got.out);
        let line = got.json();
        assert_eq!(line["others"][0]["kind"], kind);
        assert_eq!(line["others"][0]["key"]["spki_sha256"], key, "{kind}");
    }
}

#[test]
fn the_exit_status_shows_what_is_wrong() {
    let status = |files: &[&str]| run(&[&["inspect"], &AT[..], files].concat()).status;
    assert_eq!(status(&["examples/pki/rsa.crt", "examples/pki/root.crt"]), 0);
    assert_eq!(status(&["examples/pki/rsa.crt", "Cargo.toml"]), 1);
    assert_eq!(status(&["examples/pki/rsa.crt", "nowhere.pem"]), 2);
    // A file that cannot be read does not hide the others.
    let got = run(&["inspect", "nowhere.pem", "examples/pki/rsa.crt", "--format", "json"]);
    let lines = got.lines();
    assert_eq!((got.status, lines.len()), (2, 2));
    assert_eq!((&lines[0]["file"], &lines[0]["error"]["code"]), (&"nowhere.pem".into(), &"input".into()));
    assert!(lines[1]["certificate"].is_object());
    assert!(got.err.contains("nowhere.pem"));
    // Time decides too.
    let got = run(&["inspect", "examples/pki/rsa.crt", "--at", "2050-01-01T00:00:00Z", "--format", "json"]);
    assert_eq!(got.status, 1);
    let line = got.json();
    assert!(codes(&line).iter().any(|code| code.contains("expired")), "{line}");
    assert!(line["certificate"]["days_left"].as_i64().unwrap() < 0);
    // A policy decides as well.
    run(&["inspect", "examples/pki/rsa.crt", "--deny", "no-such-rule"]).refused(&["no-such-rule"]);
    run(&["inspect"]).refused(&["PATH"]);
}

#[test]
fn standard_input_can_be_inspected() {
    let pem = fs::read(root().join("examples/pki/ecc.crt")).unwrap();
    let line = run_with(&["inspect", "--format", "json", "--at", "none", "-"], &pem).json();
    assert_eq!(line["file"], "-");
    assert!(line["certificate"].get("days_left").is_none());
}

#[test]
fn a_form_is_called_a_form() {
    for name in ["rsa", "sm2", "broken"] {
        let path = format!("examples/{name}.json");
        let got = run(&["inspect", "--format", "json", &path]);
        assert_eq!(got.status, 1);
        let line = got.json();
        assert_eq!(codes(&line), ["pasted-other"]);
        let finding = &line["findings"][0];
        assert!(
            finding["message"].as_str().unwrap().starts_with("this is a form (a JSON object)"),
            "{finding}"
        );
        assert_eq!(finding["hint"], format!("Check it: `certgate check {path}`"));
        let got = run(&["inspect", &path]);
        assert!(got.out.starts_with(&format!("{path}: a form\n")), "{}", got.out);
    }
    let form = fs::read(root().join("examples/rsa.json")).unwrap();
    let line = run_with(&["inspect", "--format", "json", "-"], &form).json();
    assert_eq!(line["findings"][0]["hint"], "Check it: `certgate check FORM.json`");
    // JSON that is not a form is not called one.
    let got = run_with(&["inspect", "-"], b"{\"error\": \"not found\"}");
    assert!(got.out.contains("this is JSON") && !got.out.contains("certgate check"), "{}", got.out);
}

#[test]
fn an_empty_file_is_called_a_file() {
    let got = run_with(&["inspect", "-"], b"");
    assert_eq!(got.status, 1);
    assert!(got.out.contains("the file is empty") && !got.out.contains("field"), "{}", got.out);
}

#[test]
fn several_files_say_which_key_is_whose() {
    let files =
        ["examples/pki/rsa.crt", "examples/pki/ecc.crt", "examples/pki/rsa.key", "examples/pki/sm2-enc.key"];
    let got = run(&[&["inspect"], &AT[..], &files].concat());
    assert!(got.out.contains("\n  examples/pki/rsa.key is the key of examples/pki/rsa.crt\n"), "{}", got.out);
    assert!(
        got.out.contains(
            "\n  examples/pki/sm2-enc.key is the key of none of the certificates that could be read\n"
        ),
        "{}",
        got.out
    );
    let alone = run(&[&["inspect"], &AT[..], &["examples/pki/rsa.key"]].concat());
    assert!(!alone.out.contains("is the key of"), "{}", alone.out);
}
