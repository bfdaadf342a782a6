//! `certgate check`, and what all commands have in common: exit status, policy, colour, usage errors.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;

use common::{certgate, codes, example, file, has, root, run, run_with};
use serde_json::{Value, json};

/// The text without its line breaks.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const FORM: &str = r#"{"name":"1abc","cert_content":"x","private_key":"y"}"#;

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
fn the_severity_flags_apply_in_order() {
    let severity = |arguments: &[&str]| {
        let got = run_with(&[&["check", "-", "--format", "json"], arguments].concat(), b"{\"unknown\":1}");
        let report = got.json();
        let findings = report["findings"].as_array().unwrap().clone();
        let found = findings.iter().find(|finding| finding["code"] == "field-unknown").unwrap();
        found["severity"].as_str().unwrap().to_owned()
    };
    assert_eq!(severity(&[]), "warning");
    assert_eq!(severity(&["--deny", "field-unknown"]), "error");
    assert_eq!(severity(&["--deny", "field-unknown", "--warn", "field-unknown"]), "warning");
    assert_eq!(severity(&["--warn", "field-unknown", "--deny", "field-unknown"]), "error");
    // A hard rule may be named with a softer severity as long as the last word is not softer.
    assert_eq!(severity(&["--allow", "field-unknown", "--deny", "field-unknown"]), "error");
}

#[test]
fn a_policy_file_changes_limits_and_flags_have_the_last_word() {
    let policy = file(
        "policy.toml",
        "name_max_characters = 3\nname_min_characters = 1\n[severity]\nfield-unknown = \"error\"\n",
    );
    let form = br#"{"name":"abcd","unknown":1}"#;
    let got = run_with(&["check", "-", "--format", "json", "--policy", &policy], form);
    let report = got.json();
    assert!(codes(&report).contains(&"name-too-long"), "{}", got.out);
    let unknown = |report: &Value| {
        let findings = report["findings"].as_array().unwrap().clone();
        findings.iter().find(|finding| finding["code"] == "field-unknown").unwrap()["severity"].clone()
    };
    assert_eq!(unknown(&report), "error");
    let report =
        run_with(&["check", "-", "--format", "json", "--policy", &policy, "--warn", "field-unknown"], form)
            .json();
    assert_eq!(unknown(&report), "warning");

    for (text, words) in [
        ("nmae_max = 3", &["no option of this name", "line 1, column 1"][..]),
        ("a = ", &["not TOML", "line 1"]),
        (
            "[severity]\ncert-expired = \"note\"\nname-too-short = \"note\"",
            &["bad-policy.toml: the severity of `name-too-short` cannot be lowered", "(line 3)"],
        ),
        (
            "[severity]\nnope-nope = \"note\"",
            &["bad-policy.toml: no rule has the code `nope-nope`", "(line 2)"],
        ),
        (
            "name_min_characters = 60",
            &["bad-policy.toml: `name_min_characters` is 60", "`name_max_characters`, which is 50"],
        ),
        (
            "rsa_min_bits = 4096\nrsa_max_bits = 3072",
            &["bad-policy.toml: `rsa_min_bits` is 4096", "`rsa_max_bits`, which is 3072"],
        ),
        ("rsa_max_bits = 16384", &["bad-policy.toml: `rsa_max_bits` is 16384; 1 to 8192 is allowed"]),
        ("rules_as_of = \"0.3\"", &["bad-policy.toml: `rules_as_of` is \"0.3\"", "versions 0.1.0, 0.2.0"]),
        ("rules_as_of = 1", &["bad-policy.toml: the value is wrong: the option takes a text in quotes"]),
    ] {
        let policy = file("bad-policy.toml", text);
        run_with(&["check", "-", "--policy", &policy], form).refused(words);
    }
    // What a flag got wrong is not put down to the file.
    let got = run_with(&["check", "-", "--policy", &policy, "--allow", "name-too-short"], form);
    got.refused(&["cannot be lowered"]);
    assert!(!got.err.contains("policy.toml") && !got.err.contains("(line"), "{}", got.err);
}

#[test]
fn a_policy_can_ask_for_the_rules_of_an_older_version() {
    let form = "tests/cases/cert-san-missing/bad-san-absent/form.json";
    let policy = file("as-of.toml", "rules_as_of = \"0.1.0\"\n");
    let at = ["--at", "2026-06-01T00:00:00Z"];
    assert_eq!(run(&[&["check", form], &at[..]].concat()).status, 1);
    let asked = [&["check", form, "--policy", &policy], &at[..]].concat();
    let text = run(&asked);
    assert_eq!(text.status, 0, "{}", text.out);
    let note = "An error since 0.2.0. The policy's `rules_as_of` makes it a warning.";
    assert!(text.out.contains("warning[cert-san-missing]") && text.out.contains(note), "{}", text.out);
    let report = run(&[&asked[..], &["--format", "json"]].concat()).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["error_since"], "0.2.0");
    assert_eq!((&finding["severity"], &finding["default_severity"]), (&json!("warning"), &json!("error")));
    // A severity that is named counts before it.
    let denied = run(&[&asked[..], &["--deny", "cert-san-missing"]].concat());
    assert!(denied.status == 1 && !denied.out.contains("An error since"), "{}", denied.out);
}

#[test]
fn a_policy_may_hold_an_exception_for_one_certificate() {
    let form = "tests/cases/cert-san-missing/bad-san-absent/form.json";
    let value: Value = serde_json::from_slice(&fs::read(root().join(form)).unwrap()).unwrap();
    let chain = file("excepted.pem", value["cert_content"].as_str().unwrap());
    let inspected = run(&["inspect", &chain, "--format", "json"]).json();
    let hash = inspected["certificate"]["fingerprint_sha256"].as_str().unwrap();
    let exception = |until: &str| {
        let text = format!(
            "strict = true\n[[exceptions]]\ncertificate = \"{hash}\"\nrule = \"cert-san-missing\"\nuntil = \"{until}\"\nreason = \"new proxy in autumn\"\n"
        );
        file(&format!("exception-{until}.toml"), &text)
    };
    let check = |policy: &str, more: &[&str]| run(&[&["check", form, "--policy", policy], more].concat());
    let at = ["--at", "2026-06-01T00:00:00Z"];
    let policy = exception("2026-12-31");
    let text = check(&policy, &at);
    let note =
        "An exception of the policy makes it a warning until 2026-12-31T23:59:59Z: new proxy in autumn";
    assert!(text.status == 0 && words(&text.out).contains(note), "{}", text.out);
    let report = check(&policy, &[&at[..], &["--format", "json"]].concat()).json();
    let want = json!({"until": "2026-12-31T23:59:59Z", "reason": "new proxy in autumn", "ended": false});
    assert_eq!(report["findings"][0]["exception"], want);
    let ended = check(&exception("2026-05-31"), &at);
    let note = "The exception of the policy for it ended at 2026-05-31T23:59:59Z: new proxy in autumn";
    assert!(ended.status == 1 && words(&ended.out).contains(note), "{}", ended.out);
    let timeless = check(&policy, &["--at", "none", "--format", "json"]);
    let report = timeless.json();
    let codes: Vec<_> =
        report["not_evaluated"].as_array().unwrap().iter().map(|entry| &entry["code"]).collect();
    assert!(timeless.status == 1 && codes.contains(&&json!("exceptions")), "{codes:?}");

    let entry = |rule: &str, until: &str, rest: &str| {
        format!("[[exceptions]]\ncertificate = \"{hash}\"\nrule = \"{rule}\"\n{until}\n{rest}\n")
    };
    let (until, reason) = ("until = \"2026-12-31\"", "reason = \"x\"");
    for (text, words) in [
        (
            entry("match-other-key", until, reason),
            &["severity of `match-other-key` cannot be lowered", "(line 3)"][..],
        ),
        (entry("cert-san-mising", until, reason), &["did you mean `cert-san-missing`", "(line 3)"]),
        (entry("cert-expired", until, "reason = \"\""), &["entry 1 of `exceptions`: `reason` is empty"]),
        (entry("cert-expired", until, ""), &["lacks one of `certificate`, `rule`, `until` and `reason`"]),
        (
            entry("cert-expired", "until = \"soon\"", reason),
            &["a day or a time in quotes", "(line 4, column 9)"],
        ),
        (
            entry("cert-expired", until, "reasons = \"x\""),
            &["an exception has no option of this name", "`reason`"],
        ),
        (
            entry("cert-expired", until, reason).replace("[[exceptions]]", "[exceptions]"),
            &["write [[exceptions]] above"],
        ),
    ] {
        let policy = file("bad-exception.toml", &text);
        run(&["check", form, "--policy", &policy]).refused(words);
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
fn a_policy_file_may_carry_the_time() {
    let policy = file("time.toml", "time = \"2027-01-02T03:04:05Z\"\n");
    let time = |more: &[&str]| {
        let arguments =
            [&["check", "examples/rsa.json", "--format", "json", "--policy", &policy], more].concat();
        run(&arguments).json()["checked_at"].clone()
    };
    assert_eq!(time(&[]), "2027-01-02T03:04:05Z");
    assert_eq!(time(&["--at", "2028-01-01T00:00:00+08:00"]), "2027-12-31T16:00:00Z");
    assert_eq!(time(&["--at", "none"]), Value::Null);
}

#[test]
fn no_time_is_put_down_to_the_command_line() {
    let policy = file("with-time.toml", "time = \"2027-01-02T03:04:05Z\"\n");
    let form = example("rsa.json").to_string();
    for arguments in [&["check", "-"][..], &["check", "-", "--format", "json"], &["batch"]] {
        let more = ["--policy", &policy, "--at", "none"];
        let got = run_with(&[arguments, &more[..]].concat(), form.as_bytes());
        let text = got.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("no time was given, so whether"), "{arguments:?}: {}", got.out);
        assert!(!text.contains("the policy names"), "{arguments:?}: {}", got.out);
    }
    let got = run(&["inspect", "examples/pki/rsa.crt", "--policy", &policy, "--at", "none"]);
    assert!(!got.out.contains("the policy names"), "{}", got.out);
}

/// The command that is suggested judges and fixes as the check did.
#[test]
fn the_suggested_command_can_be_pasted() {
    let folder = common::empty_folder("paste it");
    let mut form = example("rsa.json");
    let text = form["cert_content"].as_str().unwrap().replace('\n', "\\n");
    form["cert_content"] = json!(text);
    for name in ["-x.json", "fixed.json"] {
        fs::write(folder.join(name), form.to_string()).unwrap();
    }
    fs::write(folder.join("my policy.toml"), "name_letters = \"han\"\n").unwrap();
    let check = |arguments: &[&str]| {
        let output = certgate().arg("check").args(arguments).current_dir(&folder).output().unwrap();
        common::Run::from(output).out
    };
    let got = check(&[
        "--policy",
        "my policy.toml",
        "--at",
        "2026-06-01T08:00:00+08:00",
        "--deny",
        "field-unknown",
        "--allow",
        "cert-expired",
        "--warn",
        "field-unknown",
        "--",
        "-x.json",
    ]);
    let want = "`certgate fix ./-x.json --at 2026-06-01T00:00:00Z --policy 'my policy.toml' --deny field-unknown \
                --allow cert-expired --warn field-unknown -o fixed.json`";
    assert!(got.contains(want), "{got}");
    assert!(
        check(&["fixed.json", "--at", "none"])
            .contains("`certgate fix fixed.json --at none -o fixed-again.json`")
    );
    assert!(check(&["./-x.json"]).contains("`certgate fix ./-x.json -o fixed.json`"));

    let line =
        want.trim_matches('`').replacen("certgate", &format!("'{}'", env!("CARGO_BIN_EXE_certgate")), 1);
    let line = line.replace("fixed.json", "pasted.json");
    let status = std::process::Command::new("sh").args(["-c", &line]).current_dir(&folder).status().unwrap();
    assert!(status.success(), "{line}");
}

/// As `docs/guide.md` says of `max_findings`.
#[test]
fn the_first_error_and_a_count_come_on_top_of_the_findings_kept() {
    let form = br#"{"name":"1-","cert_content":"x","private_key":"y","type":"z","a":1,"b":2}"#;
    let all = run_with(&["check", "-", "--format", "json"], form).json();
    let all = codes(&all).len();
    let policy = file("few.toml", "max_findings = 2\n");
    let report = run_with(&["check", "-", "--format", "json", "--policy", &policy], form).json();
    let kept = codes(&report);
    assert!(all > 4, "{all}");
    assert_eq!((kept.len(), kept.last()), (4, Some(&"too-many-findings")));
    assert_eq!(report["findings"][2]["severity"], "error");
    assert_eq!(report["findings"][3]["severity"], "note");
    let count = format!("{} more findings", all - 2);
    assert!(report["findings"][3]["message"].as_str().unwrap().starts_with(&count), "{report}");
}

#[test]
fn the_text_report_reads_from_the_verdict_down() {
    let got = run_with(&["check", "-", "--at", "none"], FORM.as_bytes());
    let first = got.out.lines().next().unwrap();
    assert!(first.starts_with("rejected: ") && first.ends_with("; validity not evaluated"), "{first}");
    assert!(got.out.contains("\nerror[name-start] name, line 1, column 1\n"), "{}", got.out);
    assert!(got.out.contains("\n  = help: "), "{}", got.out);
    assert!(got.out.contains("\nThe API would answer 400 APIG."), "{}", got.out);
    let place = |word: &str| got.out.find(word).unwrap_or_else(|| panic!("{word} is missing: {}", got.out));
    assert!(place(" name,") < place(" cert_content") && place(" cert_content") < place(" private_key"));
}

#[test]
fn text_from_the_input_is_escaped() {
    let form = "{\"name\":\"a\\u001b[31mb\\u202e\",\"type\":\"\\u001b]0;x\\u0007\"}";
    for format in ["text", "json"] {
        let got = run_with(&["check", "-", "--format", format], form.as_bytes());
        assert_eq!(got.status, 1);
        assert!(!got.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{}", got.out);
    }
    let got = run(&["check", "no\u{1b}[31m.json"]);
    got.refused(&["no\\u{1B}[31m.json"]);
}

#[test]
fn no_colour_without_a_terminal() {
    let output = certgate().args(["check", "examples/broken.json"]).current_dir(root()).output().unwrap();
    assert!(!output.stdout.contains(&0x1b));
    let output = certgate()
        .env("CLICOLOR_FORCE", "1")
        .args(["check", "examples/broken.json"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(!output.stdout.contains(&0x1b));
}

/// `script` (util-linux) gives the command a terminal.
#[cfg(target_os = "linux")]
#[test]
fn colour_on_a_terminal_unless_no_color() {
    if !has("script") {
        return;
    }
    let on_terminal = |no_color: Option<&str>| {
        let mut command = std::process::Command::new("script");
        let line = format!("{} check examples/broken.json", env!("CARGO_BIN_EXE_certgate"));
        command
            .args(["-qefc", &line, "/dev/null"])
            .current_dir(root())
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .env_remove("FORCE_COLOR");
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        command.stdin(std::process::Stdio::null()).output().expect("util-linux's `script` runs").stdout
    };
    assert!(on_terminal(None).contains(&0x1b));
    assert!(on_terminal(Some("")).contains(&0x1b), "an empty NO_COLOR is none (no-color.org)");
    let plain = on_terminal(Some("1"));
    assert!(!plain.is_empty() && !plain.contains(&0x1b));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_not_a_verdict() {
    for arguments in
        [&["check", "examples/rsa.json"][..], &["rules"], &["--help"], &["explain", "name-too-short"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = certgate().args(arguments).current_dir(root()).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("no space is left") && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    for arguments in [&["--help"][..], &["-h"], &["help"], &["check", "--help"], &["--version"]] {
        let got = run(arguments);
        assert_eq!((got.status, got.err.as_str()), (0, ""), "{arguments:?}");
        assert!(got.out.contains("certgate"));
    }
    let got = run(&[]);
    assert_eq!(got.status, 2);
    assert!(got.err.contains("Usage: certgate"));
    assert_eq!(run(&["--version"]).out, format!("certgate {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wide_characters_keep_the_columns() {
    use unicode_width::UnicodeWidthStr;
    let got = run(&["check", "examples/sm2.json", "--at", "2026-06-01T00:00:00Z"]);
    let column = |line: &str, word: &str| line.rfind(word).map(|at| line[..at].width());
    let header = got.out.lines().find(|line| line.trim_start().starts_with("encryption")).unwrap();
    let wide = got.out.lines().find(|line| line.contains("示例科技有限公司")).unwrap();
    assert_eq!(column(header, "signature"), column(wide, "示例科技有限公司"), "{}", got.out);
}

#[test]
fn only_markers_are_quoted() {
    let got = run(&["check", "examples/broken.json", "--at", "2026-06-01T00:00:00Z"]);
    for line in got.out.lines().filter(|line| line.contains("-----BEGIN")) {
        assert!(line.trim_start().starts_with(|first: char| first.is_ascii_digit()), "{line}");
        assert!(line.trim_end_matches('…').ends_with("-----"), "{line}");
    }
    assert!(
        got.out.contains(
            "can be fixed with `certgate fix examples/broken.json --at 2026-06-01T00:00:00Z -o fixed.json`"
        ),
        "{}",
        got.out
    );
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
        let mended = file("path-mended.json", &output.stdout);
        assert_eq!(run(&["check", &mended, "--at", "2026-06-01"]).status, 0, "{command}");
    }
}
