//! What certgate accepts, Go's `tls.X509KeyPair` takes: the key is that of the first certificate.

use std::io::Write as _;
use std::process::{Command, Stdio};

use certgate::validate;
use serde_json::json;

use crate::data::program;
use crate::owners::{Owned, owned, policies};

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

/// Go's word on each form: empty where it takes the pair, else its error.
fn ask(go: &std::path::Path, forms: &[Owned]) -> Vec<String> {
    let mut child =
        Command::new(go).arg("pairs").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Go");
    let mut stdin = child.stdin.take().expect("stdin");
    let lines: String = forms
        .iter()
        .map(|form| format!("{}\n", json!({ "certificates": form.certificates, "key": form.key })))
        .collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).expect("write to Go"));
    let output = child.wait_with_output().expect("Go");
    writer.join().expect("the writer");
    let answers: Vec<String> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON string"))
        .collect();
    assert_eq!(answers.len(), forms.len());
    answers
}

#[test]
fn what_is_accepted_is_a_pair_for_go() {
    let Some(go) = program("go-oracle") else { return };
    let forms = owned();
    let answers = ask(&go, &forms);
    let taken = answers.iter().filter(|answer| answer.is_empty()).count();
    // Go can refuse: it takes the forms whose key the forge knows to be the first certificate's, and no other.
    for (form, answer) in forms.iter().zip(&answers) {
        assert_eq!(answer.is_empty(), form.is_of_the_first(), "{}: Go says {answer:?}", form.name);
    }
    let mut breaches = Vec::new();
    for (which, policy) in policies() {
        let mut accepted = 0;
        for (form, answer) in forms.iter().zip(&answers) {
            if validate(&form.form, &policy, NOW).is_ok() {
                accepted += 1;
                if !answer.is_empty() {
                    breaches.push(format!("{which}: {}: Go says: {answer}", form.name));
                }
            }
        }
        println!("{which}: {} forms tried, Go takes {taken}, certgate accepts {accepted}", forms.len());
        assert!(accepted >= 30, "{which}: only {accepted} forms are accepted");
    }
    assert!(
        breaches.is_empty(),
        "{} accepted, and Go refuses the pair:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}
