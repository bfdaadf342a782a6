//! `certgate batch`: order, limits, garbage, failures to write.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use common::{certgate, codes, example, root, run_with};
use serde_json::{Value, json};

const LIMIT: usize = 4 << 20;

fn form(name: &str) -> String {
    format!(r#"{{"name":"{name}"}}"#)
}

fn numbers(lines: &[Value]) -> Vec<u64> {
    lines.iter().map(|line| line["line"].as_u64().unwrap()).collect()
}

#[test]
fn reports_keep_the_order_of_the_input() {
    let good = example("rsa.json").to_string();
    let mut input = String::new();
    for number in 0..600 {
        // Cheap and costly lines alternate, so that threads overtake each other.
        let line = if number % 7 == 0 { good.clone() } else { form("abcd") };
        writeln!(input, "{line}").unwrap();
    }
    for threads in ["1", "2", "7"] {
        let got =
            run_with(&["batch", "--threads", threads, "--at", "2026-06-01T00:00:00Z"], input.as_bytes());
        assert_eq!((got.status, got.err.as_str()), (1, ""));
        let lines = got.lines();
        assert_eq!(numbers(&lines), (1..=600).collect::<Vec<_>>());
        for (index, line) in lines.iter().enumerate() {
            assert_eq!(line["accepted"], index % 7 == 0, "line {}", index + 1);
            assert_eq!(line["schema"], 1);
        }
    }
}

#[test]
fn the_exit_status_is_that_of_the_worst_form() {
    let good = example("ecc.json").to_string();
    let at = ["batch", "--at", "2026-06-01T00:00:00Z"];
    assert_eq!(run_with(&at, format!("{good}\n{good}\n").as_bytes()).status, 0);
    assert_eq!(run_with(&at, format!("{good}\n{{}}\n{good}\n").as_bytes()).status, 1);
    let nothing = run_with(&at, b"");
    assert_eq!((nothing.status, nothing.out.as_str(), nothing.err.as_str()), (0, "", ""));
}

#[test]
fn a_batch_report_is_the_report_of_check() {
    let form = example("broken.json").to_string();
    let at = ["--at", "2026-06-01T00:00:00Z"];
    let mut line = run_with(&[&["batch"], &at[..]].concat(), form.as_bytes()).json();
    line.as_object_mut().unwrap().remove("line");
    let report = run_with(&[&["check", "-", "--format", "json"], &at[..]].concat(), form.as_bytes()).json();
    assert_eq!(line, report);
}

#[test]
fn the_id_of_a_line_is_in_its_report_unless_it_could_be_a_piece_of_a_key() {
    let key = example("ecc.json")["private_key"].as_str().unwrap().lines().nth(1).unwrap().to_owned();
    for (id, want) in [
        (json!("row 7"), json!("row 7")),
        (json!(-7), json!(-7)),
        (json!("0b0e8f3c-7f6e-4b43-9c29-8f7a1c2d3e4f"), json!("0b0e8f3c-7f6e-4b43-9c29-8f7a1c2d3e4f")),
        (json!(key), Value::Null),
        (json!(key[..30]), Value::Null),
        (json!(["a"]), Value::Null),
        (Value::Null, Value::Null),
    ] {
        let mut form = example("rsa.json");
        form["id"] = id.clone();
        let got = run_with(&["batch", "--at", "2026-06-01T00:00:00Z"], form.to_string().as_bytes());
        assert_eq!((got.status, &got.json()["id"]), (0, &want), "{id}");
        assert!(!got.out.contains(&key[..16]), "{}", got.out);
    }
    let line = run_with(&["batch"], b"{\"id\": \"a\"").json();
    assert_eq!((&line["id"], &line["accepted"]), (&Value::Null, &json!(false)));
}

#[test]
fn blank_lines_are_skipped_and_counted() {
    for end in ["", "\n", "\r\n"] {
        let input = format!("{}\r\n\n   \n\t\r\n{}{end}", form("abcd"), form("efgh"));
        let lines = run_with(&["batch"], input.as_bytes()).lines();
        assert_eq!(numbers(&lines), [1, 5], "{end:?}");
    }
}

#[test]
fn garbage_is_one_report_and_not_the_end() {
    let mut input = Vec::new();
    for line in [&b"garbage"[..], b"[1,2]", b"7", b"{\"name\":", b"\xff\xfe\x00", b"{} {}", b"{}"] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    let got = run_with(&["batch"], &input);
    assert_eq!(got.status, 1);
    let lines = got.lines();
    assert_eq!(numbers(&lines), (1..=7).collect::<Vec<_>>());
    for line in &lines[..6] {
        assert_eq!(codes(line), ["form-not-json"], "{line}");
        assert_eq!(line["api"]["error_code"], "APIG.2000");
    }
    assert_eq!(lines[0]["findings"][0]["location"]["column"], 1);
    assert!(codes(&lines[6]).contains(&"field-missing"));
}

#[test]
fn a_line_over_the_limit_is_reported_and_passed_over() {
    let wrap = |length: usize| {
        let frame = r#"{"x":""}"#.len();
        format!(r#"{{"x":"{}"}}"#, "y".repeat(length - frame))
    };
    let input = [wrap(LIMIT), wrap(LIMIT + 1), form("abcd"), "z".repeat(3 * LIMIT)].join("\n");
    let lines = run_with(&["batch"], input.as_bytes()).lines();
    assert_eq!(numbers(&lines), [1, 2, 3, 4]);
    assert!(codes(&lines[0]).contains(&"field-unknown"));
    assert_eq!(codes(&lines[1]), ["form-too-large"]);
    assert!(codes(&lines[2]).contains(&"field-missing"));
    assert_eq!(codes(&lines[3]), ["form-too-large"]);
}

#[test]
fn a_report_comes_before_the_next_form_is_sent() {
    let mut child = certgate().arg("batch").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(stdin, "{}", form("abcd")).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let report: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(report["line"], number);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_broken_pipe_ends_it_with_a_message() {
    let mut child = certgate()
        .arg("batch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    drop(child.stdout.take());
    // Standard input stays open: the command must not wait for its end.
    let line = form("abcd") + "\n";
    for _ in 0..5000 {
        if stdin.write_all(line.as_bytes()).is_err() {
            break;
        }
    }
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("broken pipe") && said.lines().count() == 1, "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_it_with_a_message() {
    let input = common::file("full.ndjson", (form("abcd") + "\n").repeat(1000));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = certgate().arg("batch").stdin(fs::File::open(input).unwrap()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no space is left") && said.lines().count() == 1, "{said}");
}

/// Each line of `output` that ends is a whole report, numbered from 1; how many there are. What does not end is not a line.
#[cfg(unix)]
fn whole_reports(output: &[u8]) -> u64 {
    let end = output.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let text = std::str::from_utf8(&output[..end]).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = lines.len() as u64;
    assert_eq!(numbers(&lines), (1..=count).collect::<Vec<_>>());
    count
}

/// A file may grow to a block and no further: the disk is full in the middle of a line.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_within_a_line_ends_it_with_a_message() {
    let input = common::file("fills.ndjson", (form("abcd") + "\n").repeat(200));
    let result = common::file("fills.out", "");
    // The signal of the limit is ignored, so that the write itself fails, as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" batch < \"$1\" > \"$2\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_certgate")])
        .args([&input, &result])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("standard output") && said.lines().count() == 1, "{said}");
    let written = fs::read(&result).unwrap();
    let whole = whole_reports(&written);
    assert!((1..200).contains(&whole), "{whole} of 200, {} bytes", written.len());
}

#[cfg(unix)]
#[test]
fn killed_it_has_written_whole_lines_but_for_the_last() {
    use std::os::unix::process::ExitStatusExt;
    let mut child = certgate().arg("batch").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let lines = (form("abcd") + "\n").repeat(100);
        let mut sent = 0_u64;
        while stdin.write_all(lines.as_bytes()).is_ok() {
            sent += 100;
        }
        sent
    });
    let mut stdout = child.stdout.take().unwrap();
    let mut written = vec![0; 300_000];
    stdout.read_exact(&mut written).unwrap();
    child.kill().unwrap();
    stdout.read_to_end(&mut written).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let whole = whole_reports(&written);
    assert!(whole > 100 && whole <= writer.join().unwrap() + 100, "{whole}");
}

#[test]
fn an_input_that_cannot_be_read_is_reported() {
    let folder = fs::File::open(root()).unwrap();
    let output = certgate().arg("batch").stdin(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("standard input cannot be read"));
}

#[test]
fn no_progress_where_no_terminal_is() {
    let got = run_with(&["batch"], (form("abcd") + "\n").repeat(100).as_bytes());
    assert_eq!(got.err, "");
}

/// The resident set must not grow with the input: 100 MB of forms, a long line and garbage among them.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    let mut child = certgate()
        .args(["batch", "--at", "none"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let reader = {
        let mut stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap())
    };
    // The certificate field is filled with what costs little to check, so that this takes seconds without optimisation.
    let line = format!("{{\"name\":\"abcd\",\"cert_content\":\"{}\"}}\n", "A".repeat(8 << 10));
    let long = "x".repeat(10 << 20) + "\n";
    let full = format!("{{\"cert_content\":\"{}\"}}\n", "A".repeat(LIMIT - 100));
    let mut peak = 0;
    for round in 0..12 {
        for _ in 0..1024 {
            stdin.write_all(line.as_bytes()).unwrap();
        }
        if round % 4 == 1 {
            stdin.write_all(long.as_bytes()).unwrap();
            stdin.write_all(b"garbage\n").unwrap();
            for _ in 0..3 {
                stdin.write_all(full.as_bytes()).unwrap();
            }
        }
        peak = peak.max(high_water(&status));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(reader.join().unwrap() > 0);
    assert!(peak > 0 && peak < 64 << 10, "{peak} KiB");
}

#[cfg(target_os = "linux")]
fn high_water(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// One object behind all reports says what the forms share; what is an error there counts.
#[test]
fn a_fleet_is_one_more_object_at_the_end() {
    let form = example("ecc.json");
    let shared = |deny: &[&str]| {
        let input = format!("{form}\n\n{{}}\n{form}\n");
        run_with(&[&["batch", "--fleet", "--at", "2026-06-01T00:00:00Z"], deny].concat(), input.as_bytes())
    };
    let got = shared(&[]);
    let lines = got.lines();
    assert_eq!((got.status, lines.len()), (1, 4), "{}", got.err);
    assert_eq!(numbers(&lines[..3]), [1, 3, 4]);
    let counts = serde_json::json!({"forms": 3, "keys": 1, "moduli": 0, "weak_keys": 0});
    let wanted = serde_json::json!({"schema": 1, "fleet": counts, "not_evaluated": [], "findings": []});
    assert_eq!(lines[3], wanted);

    // One key under two names is a note, which a policy can make an error.
    let case = |path: &str| {
        let text = fs::read_to_string(root().join("tests/cases").join(path).join("form.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let (one, other) =
        (case("algorithm-contradicts/ok-ecc"), case("chain-leaf-not-first/ok-lets-encrypt-ecc"));
    let input = format!("{one}\n{other}\n");
    for (flags, status, severity) in [(&[][..], 0, "note"), (&["--deny", "fleet-key-shared"][..], 1, "error")]
    {
        let at = &["batch", "--fleet", "--at", "2026-06-01T00:00:00Z"][..];
        let got = run_with(&[at, flags].concat(), input.as_bytes());
        let lines = got.lines();
        assert_eq!((got.status, lines.len()), (status, 3), "{}", got.out);
        let finding = &lines[2]["findings"][0];
        assert_eq!((&finding["code"], &finding["severity"]), (&"fleet-key-shared".into(), &severity.into()));
        assert_eq!(finding["facts"]["forms"], serde_json::json!(["line 1", "line 2"]));
    }
}
