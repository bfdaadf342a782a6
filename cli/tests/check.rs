//! `certgate check`: exit status, the JSON of the report, what it takes, and usage errors.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use common::{codes, example, file, has, run, run_with};
use serde_json::json;

#[test]
fn the_exit_status_is_the_verdict() {
    for (form, status) in [("rsa", 0), ("ecc", 0), ("sm2", 0), ("broken", 1)] {
        for format in ["text", "json"] {
            let got = run(&[
                "check",
                &format!("examples/{form}.json"),
                "--format",
                format,
                "--at",
                "2026-06-01T00:00:00Z",
            ]);
            assert_eq!(got.status, status, "{form}: {}{}", got.out, got.err);
            assert_eq!(got.err, "");
        }
    }
}

#[test]
fn a_report_has_the_shape_of_the_contract() {
    let got = run(&["check", "examples/broken.json", "--format", "json", "--at", "2026-06-01T00:00:00Z"]);
    assert_eq!(got.out.lines().count(), 1);
    let report = got.json();
    assert_eq!(report["schema"], 1);
    assert_eq!(report["accepted"], false);
    assert_eq!(report["checked_at"], "2026-06-01T00:00:00Z");
    let api: Vec<_> = report["api"].as_object().unwrap().keys().collect();
    assert_eq!(api, ["error_code", "error_msg", "status"]);
    for finding in report["findings"].as_array().unwrap() {
        let finding = finding.as_object().unwrap();
        for key in ["code", "severity", "default_severity", "message", "hint", "api_code"] {
            assert!(finding[key].is_string(), "{key} of {finding:?}");
        }
        assert!(finding["fixable"].is_boolean());
        assert!(
            finding.get("facts").is_none_or(|facts| facts.as_object().is_some_and(|facts| !facts.is_empty()))
        );
        let known = [
            "api_code",
            "code",
            "default_severity",
            "error_since",
            "exception",
            "facts",
            "field",
            "fixable",
            "hint",
            "location",
            "message",
            "severity",
        ];
        assert!(finding.keys().all(|key| known.contains(&key.as_str())), "{finding:?}");
    }
    assert!(!got.out.contains("null"));
}

#[test]
fn an_accepted_report_has_the_metadata_and_no_api_answer() {
    let got = run(&["check", "examples/rsa.json", "--format", "json", "--at", "2026-06-01T00:00:00Z"]);
    let report = got.json();
    assert_eq!(report["accepted"], true);
    assert!(report.get("api").is_none());
    assert!(report["certificate"].is_object(), "{}", got.out);
    assert_eq!(report["not_evaluated"], json!([]));
}

#[test]
fn standard_input_is_called_dash() {
    let form = example("rsa.json").to_string();
    assert_eq!(run_with(&["check", "-", "--at", "none"], form.as_bytes()).status, 0);
    let with_mark = format!("\u{feff}{form}");
    assert_eq!(run_with(&["check", "-", "--at", "none"], with_mark.as_bytes()).status, 0);
}

#[test]
fn a_form_can_be_made_of_files() {
    let arguments = ["--name", "web_1", "--cert", "examples/pki/rsa.crt", "--key", "examples/pki/rsa.key"];
    let got = run(&[&["check"], &arguments[..], &["--at", "2026-06-01T00:00:00Z"]].concat());
    assert_eq!(got.status, 0, "{}{}", got.out, got.err);

    let wrong = ["--name", "web_1", "--cert", "examples/pki/rsa.crt", "--key", "Cargo.toml"];
    let got = run(&[&["check", "--format", "json"], &wrong[..]].concat());
    assert_eq!(got.status, 1, "{}", got.out);
    let report = got.json();
    let findings = report["findings"].as_array().unwrap();
    let of_key: Vec<_> = findings.iter().filter(|finding| finding["field"] == "private_key").collect();
    assert!(!of_key.is_empty());
    assert!(of_key.iter().all(|finding| finding["location"]["file"] == "Cargo.toml"), "{}", got.out);
}

#[test]
fn validity_is_left_out_on_request() {
    let report = run(&["check", "examples/rsa.json", "--format", "json", "--at", "none"]).json();
    assert!(report.get("checked_at").is_none());
    let left_out: Vec<_> =
        report["not_evaluated"].as_array().unwrap().iter().map(|entry| &entry["code"]).collect();
    assert!(left_out.contains(&&json!("validity")), "{left_out:?}");

    let report = run(&["check", "examples/rsa.json", "--format", "json"]).json();
    assert!(report["checked_at"].is_string());
}

#[test]
fn what_cannot_run_says_what_to_do_in_one_line() {
    for (arguments, words) in [
        (&["check"][..], &["PATH", "certgate check --help"][..]),
        (&["check", "--fomat", "json", "f"], &["--format"]),
        (&["check", "nowhere.json"], &["nowhere.json", "no such file"]),
        (&["fix", "examples"], &["examples", "directory"]),
        (&["check", "Cargo.toml"], &["Cargo.toml", "no certificate and no private key"]),
        (&["fix", "Cargo.toml"], &["Cargo.toml", "not JSON", "line 1"]),
        (&["check", "README-not-there.json", "--at", "tomorrow"], &["RFC 3339"]),
        (&["check", "examples/rsa.json", "--at", "2026-02-30T00:00:00Z"], &["RFC 3339"]),
        (&["fix", "examples/pki/rsa.crt"], &["certificates or keys", "--cert"]),
        (&["check", "examples/rsa.json", "--policy", "nowhere.toml"], &["nowhere.toml"]),
        (&["check", "examples/rsa.json", "--deny", "no-such"], &["no-such", "certgate rules"]),
        (&["check", "examples/rsa.json", "--allow", "name-to-short"], &["did you mean", "name-too-short"]),
        (
            &["check", "examples/rsa.json", "--allow", "name-too-short"],
            &["name-too-short", "cannot be lowered"],
        ),
        (&["chek"], &["chek", "check"]),
        (&["explain", "cert-expird"], &["`cert-expird`", "did you mean"]),
        (&["check", "examples/rsa.json", "--deny", "cert-expird"], &["`cert-expird`", "did you mean"]),
        (&["check", "f", "--format", "jsn"], &["'jsn'", "text, json"]),
        (&["check", "f", "--format", "AbCdEf123456"], &["'--format <FORMAT>'", "not shown"]),
        (&["check", "f", "--AbCdEf123456"], &["an argument is wrong", "not shown"]),
        (&["check", "--name", "n", "--cert", "-", "--key", "-"], &["standard input"]),
        (&["explain", "name-to-short"], &["did you mean", "name-too-short"]),
    ] {
        run(arguments).refused(words);
    }
    for (form, words) in [
        ("", &["is empty"][..]),
        ("{\"name\": \"a\nb\"}", &["line 2, column 1", "inside a string"]),
        ("{\n \"name\": oops}", &["line 2, column 10"]),
        ("[1]", &["not an object"]),
        ("\"text\"", &["not an object"]),
    ] {
        run_with(&["check", "-"], form.as_bytes()).refused(words);
    }
}

#[test]
fn a_certificate_and_its_issuers_may_be_several_files() {
    let form = example("ecc.json");
    let text = form["cert_content"].as_str().unwrap();
    let end = text.find("-----END CERTIFICATE-----").unwrap() + "-----END CERTIFICATE-----".len();
    // Without a line end behind the first file.
    let leaf = file("several-leaf.pem", &text[..end]);
    let issuers = text[end..].trim_start();
    assert!(issuers.contains("BEGIN"));
    let (good, bad) = (
        file("several-issuers.pem", issuers),
        file("several-bad.pem", format!("\n\n{}", issuers.replacen("-----BEGIN", "----BEGIN", 1))),
    );
    let key = file("several.key", form["private_key"].as_str().unwrap());
    let check = |flag: &str, issuers: &str, format: &str| {
        let name = form["name"].as_str().unwrap();
        let form = ["check", "--name", name, "--cert", &leaf, flag, issuers, "--key", &key];
        run(&[&form[..], &["--at", "2026-06-01T00:00:00Z", "--format", format]].concat())
    };
    for flag in ["--cert", "--chain"] {
        let got = check(flag, &good, "json");
        assert_eq!((got.status, codes(&got.json()).len()), (0, 0), "{flag}: {}{}", got.out, got.err);
        let report = check(flag, &bad, "json").json();
        let place = &report["findings"][0]["location"];
        assert_eq!((report["findings"][0]["code"].as_str(), &place["line"]), (Some("pem-marker"), &json!(3)));
        assert_eq!(place["file"], bad, "{flag}");
        // The line is another one in the text of the field: none is quoted.
        let text = check(flag, &bad, "text").out;
        assert!(text.contains("several-bad.pem)") && !text.contains("^^^"), "{text}");
    }
    let der = file("several.der", [0x30, 0x82, 1, 0]);
    check("--chain", &der, "text").refused(&["is DER", "openssl x509 -inform DER"]);
    // Beside a PATH they have no meaning.
    run(&["check", &leaf, "--chain", &good]).refused(&["cannot be used with"]);
}

#[test]
fn a_form_with_a_path_in_it_says_how_the_text_of_the_file_gets_there() {
    let mut form = example("rsa.json");
    let key = file("whole.key", form["private_key"].as_str().unwrap());
    form["private_key"] = "/etc/nginx/ssl/server.key".into();
    let path = file("path-in-it.json", form.to_string());
    let got = run(&["check", &path, "--at", "2026-06-01"]);
    let command = got.out.split("into a form: `").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    assert!(!run(&["check", "examples/rsa.json"]).out.contains("into a form"));
    if has("jq") {
        let command =
            command.replace("FILE", &key).replace("FORM.json", &path).replace("new-form.json", "/dev/stdout");
        let output = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
        let repaired = file("path-repaired.json", &output.stdout);
        assert_eq!(run(&["check", &repaired, "--at", "2026-06-01"]).status, 0, "{command}");
    }
}
