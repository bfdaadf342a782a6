//! `certgate check` under a policy: its file, the flags beside it, and the time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;

use common::{codes, example, file, root, run, run_with};
use serde_json::{Value, json};

/// The text without its line breaks.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
