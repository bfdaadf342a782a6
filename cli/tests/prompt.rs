//! The passphrase prompt, on a pseudo-terminal that `script` of util-linux makes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod common;

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use common::{certgate, root};

/// Of `tests/forge/keys/make.sh`.
const FILE: &str = "tests/forge/keys/foreign.p12";

/// What the terminal shows where this is typed at the prompt, and the exit status.
fn typed(passphrase: &str) -> (String, i32) {
    let program = certgate().get_program().to_str().unwrap().to_owned();
    let command = format!("'{program}' inspect {FILE} --at none --color never");
    let mut child = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut shown, mut octet) = (Vec::new(), [0]);
    while !shown.ends_with(b"foreign.p12: ") && stdout.read(&mut octet).unwrap() > 0 {
        shown.extend(octet);
    }
    // The prompt is there a moment before the terminal stops to show what is typed.
    thread::sleep(Duration::from_millis(300));
    stdin.write_all(format!("{passphrase}\n").as_bytes()).unwrap();
    // At the end of its input `script` ends too, whatever its command does.
    stdout.read_to_end(&mut shown).unwrap();
    drop(stdin);
    (String::from_utf8_lossy(&shown).into_owned(), child.wait().unwrap().code().unwrap_or(-1))
}

#[test]
fn a_passphrase_is_asked_for_on_a_terminal_and_not_shown() {
    let version = Command::new("script").arg("--version").output();
    if !version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("util-linux")) {
        return println!("skipped: no `script` of util-linux on this machine");
    }
    // On a very busy machine the terminal may not be ready yet: then it shows the passphrase, and that counts for nothing.
    let told = (0..3).map(|_| typed("forge")).find(|(shown, _)| !shown.contains("foreign.p12: forge"));
    let Some((shown, status)) = told else { panic!("the passphrase is shown") };
    assert!(shown.starts_with("passphrase of tests/forge/keys/foreign.p12: "), "{shown}");
    assert!(shown.contains("1 certificate") && shown.contains("1 private key"), "{shown}");
    assert!(!shown.contains("left out"), "{shown}");
    let (wrong, other) = typed("another");
    assert!(status != 2 && other != 0 && !wrong.contains("private key (block"), "{other}: {wrong}");
}
