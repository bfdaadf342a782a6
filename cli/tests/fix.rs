//! `certgate fix`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;

use common::{certgate, codes, example, file, has, root, run, run_with};
use serde_json::{Value, json};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];

fn fix(form: &Value) -> common::Run {
    run_with(&[&["fix", "-"], &AT[..]].concat(), form.to_string().as_bytes())
}

/// The form of the reference page's example: quotes, and line feeds that were escaped once too often.
fn quoted(name: &str) -> Value {
    let mut form = example(name);
    for field in ["cert_content", "private_key"] {
        let text = form[field].as_str().unwrap().replace('\n', "\\n");
        form[field] = json!(format!("'{text}'"));
    }
    form
}

#[test]
fn a_fixed_form_is_accepted_and_needs_no_more_fixes() {
    for name in ["rsa.json", "ecc.json", "sm2.json"] {
        let broken = quoted(name);
        let check = run_with(&[&["check", "-"], &AT[..]].concat(), broken.to_string().as_bytes());
        assert_eq!(check.status, 1, "{name}");
        assert!(
            check.out.contains(
                "can be fixed with `certgate fix FORM.json --at 2026-06-01T00:00:00Z -o fixed.json`"
            ),
            "{}",
            check.out
        );

        let got = fix(&broken);
        assert_eq!(got.status, 0, "{name}: {}", got.err);
        let fixed = got.json();
        assert!(got.err.contains("fixed["), "{}", got.err);
        let check = run_with(&[&["check", "-", "--format", "json"], &AT[..]].concat(), got.out.as_bytes());
        assert_eq!(check.status, 0, "{name}: {}", check.out);

        let again = fix(&fixed);
        assert_eq!(again.json(), fixed, "{name} is fixed twice");
        assert!(again.err.contains("nothing to fix"), "{}", again.err);
    }
}

/// Only the form is written, or the same fields under the API's names; what else the object had stays.
#[test]
fn a_form_of_another_shape_is_written_as_the_api_wants_it() {
    let form = example("rsa.json");
    let mut renamed = form.clone();
    let members = renamed.as_object_mut().unwrap();
    for (right, other) in [("cert_content", "tls.crt"), ("private_key", "PrivateKey")] {
        let value = members.remove(right).unwrap();
        members.insert(other.to_owned(), value);
    }
    let mut with_more = renamed.clone();
    with_more["snis"] = json!(["a"]);
    let mut fixed_with_more = form.clone();
    fixed_with_more["snis"] = json!(["a"]);
    for (given, want) in [
        (json!({ "certificate": form }), &form),
        (json!([form]), &form),
        (json!(form.to_string()), &form),
        (json!({ "kind": "x", "data": renamed }), &form),
        (renamed, &form),
        (with_more, &fixed_with_more),
    ] {
        let got = fix(&given);
        assert_eq!((got.status, &got.json()), (0, want), "{}", got.err);
        assert!(got.err.contains("fixed[form-other-shape]"), "{}", got.err);
    }
}

#[test]
fn a_good_form_stays_as_it_is() {
    for name in ["rsa.json", "ecc.json", "sm2.json"] {
        let form = example(name);
        let got = fix(&form);
        assert_eq!((got.status, got.json()), (0, form), "{name}: {}", got.err);
    }
}

#[test]
fn what_cannot_be_fixed_is_printed_too() {
    let mut form = quoted("rsa.json");
    form["name"] = json!("1abc");
    let got = fix(&form);
    assert_eq!(got.status, 1);
    let fixed = got.json();
    assert_eq!(fixed["name"], "1abc");
    assert!(fixed["cert_content"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert!(got.err.contains("error[name-start]"), "{}", got.err);
}

#[test]
fn a_fixable_finding_says_so() {
    let got = run_with(
        &[&["check", "-", "--format", "json"], &AT[..]].concat(),
        quoted("rsa.json").to_string().as_bytes(),
    );
    let report = got.json();
    assert!(!codes(&report).is_empty());
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["fixable"], true, "{finding}");
    }
}

#[test]
fn nothing_of_the_key_is_said_beside_the_form() {
    let form = quoted("rsa.json");
    let body = common::pem_body(&fs::read_to_string(root().join("examples/pki/rsa.key")).unwrap());
    let got = fix(&form);
    for window in body.as_bytes().windows(12) {
        assert!(!got.err.contains(std::str::from_utf8(window).unwrap()), "{}", got.err);
    }
}

#[test]
fn parts_can_be_fixed_too() {
    let key = fs::read_to_string(root().join("examples/pki/rsa.key")).unwrap();
    let key = file("quoted.key", format!("\"{}\"", key.replace('\n', "\\n")));
    let arguments = ["fix", "--name", "web_1", "--cert", "examples/pki/rsa.crt", "--key", &key];
    let got = run(&[&arguments[..], &AT[..]].concat());
    assert_eq!(got.status, 0, "{}", got.err);
    let form = got.json();
    assert_eq!(form["name"], "web_1");
    assert!(form["private_key"].as_str().unwrap().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(got.err.contains("quoted.key"), "{}", got.err);
}

/// A file is named where the finding is in it: not after its field has another's content, and not for lines of a fixed text.
#[test]
fn a_file_is_named_only_where_the_finding_is_in_it() {
    let read = |name: &str| fs::read_to_string(root().join("examples/pki").join(name)).unwrap();
    let key = file("swapped.key", read("rsa.key"));
    let twice = file("swapped.crt", [read("rsa.crt"), read("rsa.crt")].concat());
    let told = |cert: &str, key: &str| {
        run(&[&["fix", "--name", "web_1", "--cert", cert, "--key", key][..], &AT].concat()).err
    };
    // Of each message the first line is looked at: wrapped, it holds the place.
    let swapped = told(&key, &twice);
    let line = |code: &str| swapped.lines().find(|line| line.contains(code)).unwrap_or_default();
    assert!(line("fixed[fields-swapped]").contains("swapped.key"), "{swapped}");
    // Each text is written again where it was given; after the exchange a field holds another file's content.
    assert!(line("fixed[chain-duplicate]").contains("private_key"), "{swapped}");
    assert!(line("fixed[chain-duplicate]").contains("swapped.crt): block 2 is left out"), "{swapped}");
    assert!(line("warning[chain-leaf-alone]").contains("cert_content"), "{swapped}");
    assert!(!line("warning[chain-leaf-alone]").contains("swapped."), "{swapped}");
    // What stays as it is in its file is reported with the file.
    let foreign = told(&twice, &file("other.key", read("ecc.key")));
    let line = foreign.lines().find(|line| line.starts_with("error[match-other-type]")).unwrap_or_default();
    assert!(line.contains("other.key"), "{foreign}");
}

/// What a repair does not understand it prints as it was given, and says what is wrong with it.
#[test]
fn what_is_not_content_stays_as_it_is() {
    let mut form = quoted("rsa.json");
    form.as_object_mut().unwrap().retain(|name, _| !["type", "algorithm_type"].contains(&name.as_str()));
    let form = form.to_string();
    let more =
        ["\"private_key\":\"another\"", "\"type\":5", "\"algorithm_type\":1", "\"note\":{\"b\":[1, 2]}"];
    let form = format!("{},{}}}", form.strip_suffix('}').unwrap(), more.join(","));
    let got = run_with(&[&["fix", "-"], &AT[..]].concat(), form.as_bytes());
    assert_eq!(got.status, 1, "{}", got.err);
    for member in
        ["\"private_key\": \"another\"", "\"type\": 5", "\"algorithm_type\": 1", "\"note\": {\"b\":[1, 2]}"]
    {
        assert!(got.out.contains(member), "{member} is lost");
    }
    assert!(!got.out.contains("\\\\n"), "not fixed");
    for code in ["error[field-duplicate]", "error[field-not-text]", "warning[field-unknown]"] {
        assert!(got.err.contains(code), "{}", got.err);
    }
    let again = run_with(&[&["fix", "-"], &AT[..]].concat(), got.out.as_bytes());
    assert_eq!((again.status, again.out), (1, got.out), "{}", again.err);
}

#[test]
fn a_file_in_der_becomes_pem() {
    let der = |name: &str| {
        let text = fs::read(root().join("examples/pki").join(name)).unwrap();
        let read = certgate::pem::parse(
            &certgate::Content::from_bytes(text),
            certgate::pem::Expected::Certificates,
            &certgate::Policy::default(),
        );
        read.value.unwrap()[0].der.to_vec()
    };
    let (cert, key) = (file("fix.crt", der("rsa.crt")), file("fix.key", der("rsa.key")));
    let arguments = ["fix", "--name", "web_1", "--cert", &cert, "--key", &key];
    let got = run(&[&arguments[..], &AT[..]].concat());
    assert_eq!(got.status, 0, "{}", got.err);
    let form = got.json();
    assert!(form["cert_content"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert!(form["private_key"].as_str().unwrap().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(got.err.contains("fixed[pem-der-file]"), "{}", got.err);
}

#[test]
fn a_json_form_cannot_hold_der() {
    let der = file("fix.der", b"\x30\x82\x04\xff");
    let arguments = ["fix", "--name", "web_1", "--cert", &der, "--key", "examples/pki/rsa.key"];
    run(&arguments).refused(&["cert_content", "openssl x509 -inform DER"]);
}

#[test]
fn a_file_that_must_be_converted_is_reported_as_check_reports_it() {
    // The start of a PKCS#12 file: version 3, then the contents (RFC 7292, section 4).
    let p12 = b"\x30\x12\x02\x01\x03\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x00";
    for (name, bytes, command) in [
        ("a.p12", &p12[..], "`openssl pkcs12 -in FILE.p12"),
        ("a.jks", b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\0", "`keytool -importkeystore"),
        ("a.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "gzip compressed"),
    ] {
        let path = file(name, bytes);
        let got = run(&["fix", "--name", "web_1", "--cert", &path, "--key", "examples/pki/rsa.key"]);
        got.refused(&["cert_content (", name, command]);
        assert!(!got.err.contains("x509 -inform"), "{}", got.err);
    }
}

/// `script` (util-linux) gives the command a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_refused_without_show_secrets() {
    if !has("script") {
        return;
    }
    let on_terminal = |more: &str| {
        let line = format!("{} fix examples/rsa.json {more}", env!("CARGO_BIN_EXE_certgate"));
        let output = std::process::Command::new("script")
            .args(["-qefc", &line, "/dev/null"])
            .current_dir(root())
            .stdin(std::process::Stdio::null())
            .output()
            .expect("util-linux's `script` runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, text) = on_terminal("");
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("--show-secrets") && !text.contains("BEGIN"), "{text}");
    let (status, text) = on_terminal("--show-secrets");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("BEGIN PRIVATE KEY"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output =
        certgate().args(["fix", "examples/rsa.json"]).current_dir(root()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no space is left"));
}

#[test]
fn the_plan_shows_the_form_each_edit_and_the_report() {
    let form = quoted("rsa.json").to_string();
    let got = run_with(&[&["fix", "-", "--format", "json"], &AT[..]].concat(), form.as_bytes());
    assert_eq!(got.status, 0, "{}", got.err);
    let plan = got.json();
    assert_eq!(plan["schema"], 1);
    assert_eq!(plan["form"], fix(&quoted("rsa.json")).json());
    assert_eq!(plan["report"]["accepted"], true);
    let edits = plan["edits"].as_array().unwrap();
    assert_eq!(edits.len(), 2, "{edits:?}");
    for (edit, field) in edits.iter().zip(["cert_content", "private_key"]) {
        assert_eq!((&edit["kind"], &edit["field"]), (&json!("rewrite"), &json!(field)));
        assert_eq!(edit["mends"], json!(["pem-quoted", "pem-escaped-newlines"]));
        assert!(edit["text"].as_str().unwrap().starts_with("written again as plain PEM"), "{edit}");
    }
}

/// The mode of a file, in octal.
#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn files_hold_the_fixed_form_and_nobody_else_may_read_them() {
    let folder = common::empty_folder("fixed");
    let whole = folder.join("form.json");
    fs::write(&whole, "what stood there before").unwrap();
    let broken = quoted("sm2.json").to_string();
    let run = |flags: &[&str]| run_with(&[&["fix", "-"], &AT[..], flags].concat(), broken.as_bytes());

    let output = ["-o", whole.to_str().unwrap()];
    run(&output).refused(&["is there already", "--force"]);
    assert_eq!(fs::read_to_string(&whole).unwrap(), "what stood there before");
    let got = run(&[&output[..], &["--force"]].concat());
    assert_eq!((got.status, got.out.as_str()), (0, ""), "{}", got.err);
    assert!(got.err.contains("wrote ") && got.err.contains("form.json"), "{}", got.err);
    let fixed: Value = serde_json::from_str(&fs::read_to_string(&whole).unwrap()).unwrap();
    assert_eq!(mode(&whole), 0o600);

    let parts = ["out-cert", "out-key", "out-sign-cert", "out-sign-key"];
    let paths = parts.map(|part| folder.join(part));
    let flags = parts.map(|part| format!("--{part}={}", folder.join(part).display()));
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let got = run(&flags);
    assert_eq!((got.status, got.out.as_str()), (0, ""), "{}", got.err);
    let fields = ["cert_content", "private_key", "cert_content_sign", "private_key_sign"];
    for (path, field) in paths.iter().zip(fields) {
        assert_eq!(fs::read_to_string(path).unwrap(), fixed[field].as_str().unwrap(), "{field}");
        assert_eq!(mode(path), 0o600, "{field}");
    }
    run(&flags).refused(&["is there already", "--force"]);
    run(&[&flags[..2], &["--force"]].concat()).refused(&["cert_content_sign", "--out-sign-cert"]);
    run(&["-o", "no such folder/form.json"]).refused(&["the folder no such folder is missing"]);
}

#[test]
fn a_job_is_refused_without_show_secrets() {
    let on_job = |flags: &[&str]| {
        let output = certgate()
            .args(["fix", "examples/rsa.json"])
            .args(AT)
            .args(flags)
            .env("CI", "true")
            .current_dir(root())
            .output()
            .unwrap();
        common::Run::from(output)
    };
    on_job(&[]).refused(&["CI is set", "-o fixed.json", "--show-secrets"]);
    assert_eq!(on_job(&["--show-secrets"]).status, 0);
    assert_eq!(on_job(&["-o", "/dev/null"]).status, 0);
}
