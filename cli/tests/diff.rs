//! `certgate diff`: a certificate beside the one that it replaces.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{has, root, run};
use serde_json::json;

const RSA: &str = "examples/pki/rsa.crt";

#[test]
fn what_a_new_certificate_changes_is_told_and_a_policy_may_refuse_it() {
    let got = run(&["diff", RSA, "examples/pki/ecc.crt", "--format", "json"]);
    assert_eq!((got.status, got.err.as_str()), (0, ""));
    let told = got.json();
    let compared = &told["compared"][0];
    assert_eq!(compared["old"], json!({"inside": [RSA], "block": 1}));
    assert_eq!(
        compared["names_lost"],
        json!(["DNS:www.example.com", "DNS:example.com", "DNS:*.api.example.com"])
    );
    assert_eq!(compared["names_gained"][2], "IP:192.0.2.10");
    assert_eq!((&compared["is_key_reused"], &compared["expiry"]), (&json!(false), &json!("same")));
    let key = compared["values"].as_array().unwrap().iter().find(|value| value["what"] == "key").unwrap();
    assert_eq!(key, &json!({"what": "key", "old": "RSA, 2048 bits", "new": "P-256, 256 bits"}));
    assert_eq!(common::codes(&told), ["update-names-lost"]);
    assert_eq!(told["findings"][0]["location"]["file"], "examples/pki/ecc.crt");
    let text = run(&["diff", RSA, "examples/pki/ecc.crt", "--deny", "update-names-lost"]);
    assert_eq!(text.status, 1);
    for words in ["name lost", "DNS:www.example.com", "name gained", "error[update-names-lost]"] {
        assert!(text.out.contains(words), "{words}: {}", text.out);
    }
}

#[test]
fn forms_are_compared_field_by_field_and_files_of_any_kind_by_their_certificate() {
    let got = run(&["diff", "examples/sm2.json", "examples/sm2.json", "--format", "json"]);
    let told = got.json();
    let fields: Vec<_> =
        told["compared"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["cert_content", "cert_content_sign"]);
    assert!(told["compared"][1]["is_same"].as_bool().unwrap() && told["findings"] == json!([]));
    let got = run(&["diff", "examples/rsa.json", RSA]);
    assert!(got.out.contains("the same certificate"), "{}", got.out);
    run(&["diff", RSA, "examples/pki/rsa.key"]).refused(&["no certificate that can be read", "rsa.key"]);
    run(&["diff", "Cargo.toml", RSA]).refused(&["Cargo.toml"]);
    if has("openssl") {
        // A renewal with the same key, as DER.
        let out = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("renewed.der");
        let made = std::process::Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-key",
                "examples/pki/rsa.key",
                "-days",
                "1",
                "-subj",
                "/CN=www.example.com",
            ])
            .args(["-addext", "subjectAltName=DNS:www.example.com,DNS:example.com,DNS:*.api.example.com"])
            .args(["-outform", "DER", "-out"])
            .arg(&out)
            .current_dir(root())
            .output()
            .unwrap();
        assert!(made.status.success());
        let told = run(&["diff", RSA, out.to_str().unwrap(), "--format", "json"]).json();
        let compared = &told["compared"][0];
        assert_eq!((&compared["is_key_reused"], &compared["expiry"]), (&json!(true), &json!("earlier")));
        assert_eq!(compared["names_lost"], json!([]));
        assert_eq!(common::codes(&told), ["update-expires-earlier", "update-same-key"]);
    }
}
