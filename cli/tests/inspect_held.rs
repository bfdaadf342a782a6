//! `certgate inspect` over folders and archives, requests, and drawings.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Run, certgate, empty_folder, has, root};
use serde_json::{Value, json};

/// A folder with a chain, its key and what the tools make of them.
fn folder(name: &str) -> PathBuf {
    let folder = empty_folder(&format!("inspect_held/{name}"));
    fs::create_dir(folder.join("live")).unwrap();
    let pki = |name: &str| fs::read_to_string(root().join("examples/pki").join(name)).unwrap();
    fs::write(folder.join("live/fullchain.pem"), pki("rsa.crt") + &pki("tls.crt")).unwrap();
    fs::write(folder.join("live/privkey.pem"), pki("rsa.key")).unwrap();
    folder
}

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = certgate();
    command.args(arguments).args(["--at", "2026-06-01"]).current_dir(folder).stdin(Stdio::null());
    Run::from(command.output().unwrap())
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_folder_and_a_keystore_are_looked_into_and_keys_are_given_their_certificates() {
    let folder = folder("pairs");
    fs::write(folder.join("live/README"), "see the wiki").unwrap();
    let got = run_in(&folder, &["inspect", "live"]);
    assert_eq!(got.status, 0, "{}{}", got.out, got.err);
    let whose = "live/privkey.pem is the key of live/fullchain.pem, block 1\n";
    assert!(got.out.contains(whose), "{}", got.out);
    assert!(got.out.contains("README: holds no certificate"), "{}", got.out);
    let got = run_in(&folder, &["inspect", "live", "--format", "json"]);
    let lines = got.lines();
    let of = |file: &str| lines.iter().find(|line| line["file"] == file).unwrap();
    assert_eq!(of("live/fullchain.pem")["chain"].as_array().unwrap().len(), 1);
    let whose = json!([{"kind": "private key", "block": 1,
        "certificates": [{"inside": ["live/fullchain.pem"], "block": 1}]}]);
    assert_eq!(of("live/privkey.pem")["belongs"], whose);
    assert!(of("live/README")["left_out"]["why"].is_string());
    if !has("openssl") {
        return;
    }
    // The pin, computed another way.
    openssl(&folder, "x509 -in live/fullchain.pem -noout -pubkey -out pub.pem");
    openssl(&folder, "pkey -pubin -in pub.pem -outform DER -out pub.der");
    openssl(&folder, "dgst -sha256 -binary -out digest pub.der");
    openssl(&folder, "base64 -in digest -out pin");
    let key = &of("live/fullchain.pem")["certificate"]["key"];
    assert_eq!(key["pin_sha256"], fs::read_to_string(folder.join("pin")).unwrap().trim());
    let hex: String =
        fs::read(folder.join("digest")).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(key["tlsa"], format!("3 1 1 {hex}"));
    // A keystore, with and without its passphrase.
    fs::write(folder.join("pass"), "correct horse").unwrap();
    let make = "pkcs12 -export -in live/fullchain.pem -inkey live/privkey.pem -passout file:pass -out a.p12";
    openssl(&folder, make);
    let closed = run_in(&folder, &["inspect", "a.p12", "--format", "json"]);
    assert_eq!((closed.status, &closed.json()["others"][0]["kind"]), (1, &json!("PKCS#12")));
    let opened = run_in(&folder, &["inspect", "a.p12", "--passphrase-file", "pass", "--format", "json"]);
    assert_eq!(opened.status, 0, "{}{}", opened.out, opened.err);
    let line: Value = opened.lines().remove(0);
    assert!(line["certificate"].is_object() && line["keys"][0]["form"].is_string(), "{line}");
    let wrong = run_in(&folder, &["inspect", "a.p12", "--passphrase-file", "digest"]);
    assert!(wrong.status > 0 && !wrong.out.contains("private key (block"), "{}", wrong.out);
}

#[test]
fn a_request_says_what_it_belongs_to() {
    if !has("openssl") {
        return;
    }
    let folder = folder("request");
    openssl(&folder, "req -new -key live/privkey.pem -subj /CN=x -out www.csr");
    let told = |arguments: &[&str]| run_in(&folder, &[&["inspect"], arguments].concat()).out;
    let both = told(&["www.csr", "live/privkey.pem", "live/fullchain.pem"]);
    let want =
        "www.csr is a request with the key live/privkey.pem, which is that of live/fullchain.pem, block 1\n";
    assert!(both.contains(want), "{both}");
    let key = told(&["www.csr", "live/privkey.pem"]);
    assert!(key.contains("www.csr is a request with the key live/privkey.pem\n"), "{key}");
    let certificate = told(&["www.csr", "live/fullchain.pem"]);
    assert!(certificate.contains("www.csr is a request with the key of live/fullchain.pem, block 1\n"));
    let other = root().join("examples/pki/ecc.key").display().to_string();
    let none = told(&["www.csr", &other]);
    assert!(
        none.contains("www.csr is a request for none of the keys and certificates that could be read\n"),
        "{none}"
    );
}

#[test]
fn a_chain_and_its_key_are_drawn() {
    let folder = folder("drawn");
    let mermaid = run_in(&folder, &["inspect", "live", "--format", "mermaid"]);
    assert_eq!(mermaid.status, 0, "{}", mermaid.err);
    assert!(
        mermaid.out.starts_with("flowchart TD\n  c1[\"www.example.com<br/>until 2037"),
        "{}",
        mermaid.out
    );
    for line in ["  c2 -->|signed| c1\n", "  a1 -.->|issued| c2\n", "  k1 -->|is the key of| c1\n"] {
        assert!(mermaid.out.contains(line), "{line}: {}", mermaid.out);
    }
    let dot = run_in(&folder, &["inspect", "live", "--format", "dot"]);
    assert!(dot.out.starts_with("digraph certificates {\n") && dot.out.ends_with("}\n"), "{}", dot.out);
    assert!(dot.out.contains("  c2 -> c1 [label=\"signed\"];\n"), "{}", dot.out);
    run_in(&folder, &["inspect", "nowhere", "--format", "dot"]).refused(&["nowhere"]);
}
