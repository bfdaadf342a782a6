//! `--trust` and `--intermediates`: whether a chain ends at a trusted root, and what completes it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::path::Path;

use common::{Run, certgate, codes, root, run};
use serde_json::{Value, json};

const ROOT: &str = "examples/pki/root.crt";
const PAIR: [&str; 2] = ["examples/pki/rsa.crt", "examples/pki/rsa.key"];

fn check(arguments: &[&str]) -> Run {
    run(&[&["check", "--at", "2026-06-01"], arguments].concat())
}

fn json(arguments: &[&str], status: i32) -> Value {
    let got = check(&[arguments, &["--format", "json"]].concat());
    assert_eq!(got.status, status, "{}{}", got.out, got.err);
    got.json()
}

/// Where the certificates of the way come from.
fn way(report: &Value) -> Vec<&str> {
    report["trust"]["path"].as_array().unwrap().iter().map(|step| step["from"].as_str().unwrap()).collect()
}

/// A folder of the test's own with the intermediate, and a certificate that nothing needs.
fn pool(test: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust_pool").join(test);
    fs::create_dir_all(&folder).unwrap();
    for name in ["tls.crt", "sm2-ca.crt"] {
        fs::copy(root().join("examples/pki").join(name), folder.join(name)).unwrap();
    }
    folder.display().to_string()
}

#[test]
fn the_issuer_that_lacks_is_named_and_a_pool_completes_the_chain() {
    let lacking = [PAIR[0], PAIR[1], "--trust", ROOT];
    let report = json(&lacking, 1);
    assert!(codes(&report).contains(&"chain-not-trusted"), "{report}");
    let trust = &report["trust"];
    assert_eq!((&trust["trusted"], way(&report)), (&json!(false), vec!["upload"]));
    let missing = &trust["missing"];
    assert_eq!(missing["subject"], "C=CN, O=Example Trust, CN=Example Trust TLS CA 1");
    assert_eq!(missing["published_at"], json!(["http://crt.ca.example/tls.crt"]));
    assert_eq!(missing["key_id"].as_str().unwrap().len(), 40);
    assert!(trust["not_covered"].as_array().unwrap().contains(&json!("revocation")));
    let text = check(&lacking);
    for words in ["not trusted", "published at  http://crt.ca.example/tls.crt", "not covered   revocation"] {
        assert!(text.out.contains(words), "{words}: {}", text.out);
    }

    let pool = pool("completes");
    let report = json(&[&lacking[..], &["--intermediates", &pool]].concat(), 0);
    assert_eq!(way(&report), ["upload", "upload", "roots"]);
    let parts = report["assembled"]["parts"].as_array().unwrap();
    assert!(parts[1]["inside"][0].as_str().unwrap().ends_with("tls.crt"), "{report}");
    assert_eq!(report["assembled"]["left_out"], json!([]), "what the pool has beyond that is not told");
    // Without roots the chain is completed all the same, and written so.
    let report = json(&[PAIR[0], PAIR[1], "--intermediates", &pool], 0);
    assert!(report.get("trust").is_none() && !codes(&report).contains(&"chain-leaf-alone"), "{report}");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust_out");
    let _ = fs::remove_dir_all(&out);
    let out = out.display().to_string();
    let got = run(&["assemble", PAIR[0], PAIR[1], "--intermediates", &pool, "-o", &out]);
    assert_eq!(got.status, 0, "{}", got.err);
    let chain = fs::read_to_string(Path::new(&out).join("chain.pem")).unwrap();
    assert_eq!(chain.matches("BEGIN CERTIFICATE").count(), 2);
}

#[test]
fn a_form_is_held_against_the_roots_of_a_file_of_browsers_and_of_the_computer() {
    let form = "examples/rsa.json";
    let report = json(&[form, "--trust", ROOT], 0);
    assert_eq!(way(&report), ["upload", "upload", "roots"]);
    assert!(check(&[form, "--trust", ROOT]).out.contains("  trusted\n"));
    let report = json(&[form, "--trust", "webpki"], 1);
    assert_eq!(report["trust"]["missing"]["subject"], "C=CN, O=Example Trust, CN=Example Trust Root CA");
    // A policy may let it pass.
    let report = json(&[form, "--trust", "webpki", "--warn", "chain-not-trusted"], 0);
    assert_eq!((&report["accepted"], &report["trust"]["trusted"]), (&json!(true), &json!(false)));
    // The roots of the computer, here those of a file.
    let mut command = certgate();
    command.args(["check", form, "--at", "2026-06-01", "--trust", "system", "-q"]).current_dir(root());
    command.env("SSL_CERT_FILE", root().join(ROOT)).env("SSL_CERT_DIR", "/nowhere");
    assert_eq!(Run::from(command.output().unwrap()).status, 0);
    check(&[form, "--trust", "nowhere.pem"]).refused(&["nowhere.pem"]);
    check(&[form, "--trust", PAIR[1]]).refused(&["no certificate", "rsa.key"]);
    check(&[form, "--trust", PAIR[0]]).refused(&["server certificate, which is not a root"]);
    check(&[form, "--intermediates", &pool("refused")]).refused(&["--intermediates", "--trust"]);
    // Both pairs of a set.
    let report = json(&["examples/sm2.json", "--trust", "examples/pki/sm2-root.crt"], 0);
    assert_eq!(report["trust"]["trusted"], true);
    let report = json(&["examples/sm2.json", "--trust", ROOT], 1);
    assert_eq!(codes(&report).iter().filter(|code| **code == "chain-not-trusted").count(), 2);
}

#[test]
fn a_root_that_was_left_out_of_the_form_is_known_to_the_advice() {
    let files = [PAIR[0], PAIR[1], "examples/pki/tls.crt", "--trust", "webpki"];
    let with = |root: &[&str]| check(&[&files[..], root].concat());
    let got = with(&[ROOT]);
    assert_eq!(got.status, 1);
    let said = got.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("the chain ends at the root \"C=CN, O=Example Trust, CN=Example Trust Root CA\""),
        "{said}"
    );
    assert!(said.contains("`--trust FILE`") && !said.contains("Ask your CA"), "{said}");
    assert!(said.contains("root.crt, block 1: a root: clients have their own copy"), "{said}");
    // Without it, it is asked for.
    let said = with(&[]).out;
    assert!(!said.contains("ends at the root") && !said.contains("--trust FILE"), "{said}");
}
