//! What a person sees of `certgate`: the report in words, colours, columns, escapes, a command to paste, help.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;

use std::fs;

use common::{certgate, example, has, root, run, run_with};
use serde_json::json;

const FORM: &str = r#"{"name":"1abc","cert_content":"x","private_key":"y"}"#;

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
