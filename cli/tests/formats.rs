//! `check --format sarif|junit|github|gitlab`: what each of these formats requires, and the place in the person's own file.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{codes, example, file, root, run};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];
const FORMATS: [&str; 4] = ["sarif", "junit", "github", "gitlab"];

/// A report in JSON, and the same in each format.
fn told(arguments: &[&str]) -> (Value, [String; 4]) {
    let run = |format: &str| run(&[&["check"], arguments, &AT, &["--format", format]].concat());
    let json = run("json");
    let texts = FORMATS.map(|format| {
        let got = run(format);
        assert_eq!((got.status, got.err.as_str()), (json.status, ""), "{format}");
        got.out
    });
    (json.lines().remove(0), texts)
}

/// What the schema of SARIF 2.1.0 requires of the objects that certgate writes, and the values that it allows.
fn sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("one run: {log}") };
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "certgate");
    assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&run["columnKind"].as_str().unwrap()));
    let rules = driver["rules"].as_array().unwrap();
    let ids: BTreeSet<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "rules are unique");
    let level =
        |value: &Value| assert!(["none", "note", "warning", "error"].contains(&value.as_str().unwrap()));
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
        level(&rule["defaultConfiguration"]["level"]);
    }
    let mut fingerprints = BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        level(&result["level"]);
        assert!(fingerprints.insert(result["partialFingerprints"]["certgate/v1"].as_str().unwrap()));
    }
    let [invocation] = run["invocations"].as_array().unwrap().as_slice() else { panic!("one: {run}") };
    assert!(invocation["executionSuccessful"].is_boolean());
    let none = Vec::new();
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap_or(&none);
    for note in notes {
        level(&note["level"]);
        assert!(!note["message"]["text"].as_str().unwrap().is_empty());
    }
    for owner in run["results"].as_array().unwrap().iter().chain(notes) {
        for location in owner["locations"].as_array().unwrap_or(&none) {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.is_empty() && uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
            if let Some(region) = place.get("region") {
                assert!(region["startLine"].as_u64().unwrap() > 0);
                assert!(region.get("startColumn").is_none_or(|column| column.as_u64().unwrap() > 0));
            }
        }
    }
    run.clone()
}

/// The elements of an XML text by name, with their attributes; the numbers of the suites are those of their cases.
fn junit(text: &str) -> Vec<(String, Value)> {
    let mut reader = Reader::from_str(text);
    let mut elements = Vec::new();
    let read = |element: &BytesStart<'_>| {
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let key = attribute.key.as_ref().to_owned();
            let value = attribute.value.to_string();
            (key, json!(quick_xml::escape::unescape(&value).unwrap()))
        });
        (element.name().as_ref().to_owned(), Value::Object(attributes.collect()))
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => elements.push(read(&element)),
            Event::Eof => break,
            _ => {}
        }
    }
    let of = |name: &str| {
        elements.iter().filter(|(other, _)| other == name).map(|(_, value)| value).collect::<Vec<_>>()
    };
    let sum = |name: &str| {
        of("testsuite")
            .iter()
            .map(|suite| suite[name].as_str().unwrap().parse::<usize>().unwrap())
            .sum::<usize>()
    };
    assert_eq!(of("testsuites").len(), 1);
    for (attribute, element) in
        [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
    {
        assert_eq!(sum(attribute), of(element).len(), "{element}: {text}");
    }
    assert_eq!(of("testsuites")[0]["failures"].as_str().unwrap(), sum("failures").to_string());
    for case in of("testcase") {
        assert!(case["name"].is_string() && case["classname"].is_string(), "{case}");
    }
    elements
}

/// The annotations: command, properties, message.
fn github(text: &str) -> Vec<(&str, &str, &str)> {
    text.lines()
        .map(|line| {
            let mut parts = line.strip_prefix("::").unwrap().splitn(2, "::");
            let (command, properties) = parts.next().unwrap().split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&command), "{line}");
            for property in properties.split(',') {
                let (name, value) = property.split_once('=').unwrap();
                assert!(["file", "line", "col", "title"].contains(&name) && !value.is_empty(), "{line}");
            }
            (command, properties, parts.next().unwrap())
        })
        .collect()
}

fn gitlab(text: &str) -> Vec<Value> {
    let issues: Vec<Value> = serde_json::from_str(text).unwrap();
    let mut fingerprints = BTreeSet::new();
    for issue in &issues {
        for key in ["description", "check_name", "fingerprint"] {
            assert!(!issue[key].as_str().unwrap().is_empty(), "{issue}");
        }
        assert!(
            ["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap())
        );
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.is_empty() && !path.starts_with("./"), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()), "{issue}");
    }
    issues
}

#[test]
fn a_form_is_told_in_all_formats_at_the_line_of_its_file() {
    // On lines of its own, so that each field has another one.
    let form = serde_json::to_string_pretty(&example("broken.json")).unwrap();
    let path = file("formats, 1%.json", &form);
    let line_of = |field: &str| {
        u64::try_from(form.lines().position(|line| line.contains(&format!("\"{field}\":"))).unwrap() + 1)
            .unwrap()
    };
    let (report, [sarif_text, junit_text, github_text, gitlab_text]) = told(&[&path]);
    let want = codes(&report);
    assert!(want.len() >= 6);
    let run = sarif(&sarif_text);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect::<Vec<_>>(), want);
    let of = |code: &str| results.iter().find(|result| result["ruleId"] == code).unwrap();
    let place = &of("name-start")["locations"][0]["physicalLocation"];
    assert!(
        place["artifactLocation"]["uri"].as_str().unwrap().ends_with("/formats%2C%201%25.json"),
        "{place}"
    );
    let column = form.lines().find(|line| line.contains("\"name\":")).unwrap().find(": ").unwrap() + 3;
    assert_eq!(place["region"], json!({"startLine": line_of("name"), "startColumn": column}));
    assert_eq!(of("name-start")["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "name");
    // A field that is not there has no line.
    assert!(of("field-missing")["locations"][0]["physicalLocation"].get("region").is_none());

    let elements = junit(&junit_text);
    let cases: Vec<_> =
        elements.iter().filter(|(name, _)| name == "testcase").map(|(_, case)| case).collect();
    assert_eq!(cases[0]["name"], "accepted");
    for (code, case) in want.iter().zip(&cases[1..]) {
        assert_eq!(case["name"], *code);
    }
    assert!(junit_text.contains(&format!("formats, 1%.json:{}: ", line_of("name"))), "{junit_text}");

    let annotations = github(&github_text);
    assert_eq!(annotations.len(), want.len());
    let (command, properties, message) =
        annotations.iter().find(|(_, properties, _)| properties.ends_with("name-start")).unwrap();
    assert_eq!(*command, "error");
    assert!(properties.contains("formats%2C 1%25.json,line="), "{properties}");
    assert!(message.contains("%0A"), "the hint follows: {message}");

    let issues = gitlab(&gitlab_text);
    assert_eq!(issues.iter().map(|issue| issue["check_name"].as_str().unwrap()).collect::<Vec<_>>(), want);
    let issue = issues.iter().find(|issue| issue["check_name"] == "name-start").unwrap();
    assert_eq!(issue["location"]["lines"]["begin"], line_of("name"));
    // Another time of the check changes sentences, not fingerprints.
    let later = common::run(&["check", &path, "--at", "2026-06-02", "--format", "gitlab"]);
    let prints =
        |issues: &[Value]| issues.iter().map(|issue| issue["fingerprint"].clone()).collect::<Vec<_>>();
    assert_eq!(prints(&gitlab(&later.out)), prints(&issues));
}

#[test]
fn files_are_told_by_their_own_names_and_lines() {
    let certificate = fs::read_to_string(root().join("examples/pki/rsa.crt")).unwrap();
    let key = fs::read_to_string(root().join("examples/pki/rsa.key")).unwrap();
    let damaged = file("formats.crt", format!("\n\n{}", certificate.replacen("-----BEGIN", "----BEGIN", 1)));
    let cut = file("formats-cut.crt", &certificate[..certificate.len() / 4]);
    let name = ["--name", "n", "--cert", &damaged, "--key", "examples/pki/rsa.key"];
    let (report, [sarif_text, junit_text, github_text, gitlab_text]) = told(&name);
    let run = sarif(&sarif_text);
    let first =
        report["findings"].as_array().unwrap().iter().position(|one| one["code"] == "pem-marker").unwrap();
    let place = &run["results"][first]["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("formats.crt"), "{place}");
    assert_eq!(place["region"]["startLine"], 3);
    junit(&junit_text);
    let annotations = github(&github_text);
    assert!(annotations[first].1.contains("formats.crt,line=3,"), "{}", annotations[first].1);
    // What is wrong with the name is in no file.
    assert!(annotations.iter().any(|one| one.1.starts_with("title=")), "{github_text}");
    gitlab(&gitlab_text);

    // A pair that is good, and a file that cannot be read: both are told, in one document.
    let both = file("formats-both.pem", format!("\n{certificate}{key}"));
    let (report, [sarif_text, junit_text, github_text, gitlab_text]) = told(&[&both, &cut]);
    assert_eq!(report["accepted"], true);
    let run = sarif(&sarif_text);
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let fault = notes.iter().find(|note| note["level"] == "error").unwrap();
    assert!(fault["message"]["text"].as_str().unwrap().contains("formats-cut.crt"), "{fault}");
    assert!(junit(&junit_text).iter().any(|(name, _)| name == "error"));
    assert!(github(&github_text).iter().any(|one| one.0 == "error" && one.1.contains("formats-cut.crt")));
    assert!(gitlab(&gitlab_text).iter().any(|issue| issue["check_name"] == "not-read"));
}

#[test]
fn a_target_that_refuses_is_told_in_all_formats() {
    // Go loses the first block behind a byte order mark.
    let mut form = example("rsa.json");
    let key = form["private_key"].as_str().unwrap().to_owned();
    form["private_key"] = json!(format!("\u{feff}{key}"));
    let path = file("formats-target.json", form.to_string());
    let (report, [sarif_text, junit_text, github_text, gitlab_text]) = told(&[&path, "--target", "go"]);
    assert_eq!(report["targets"]["go"]["verdict"], "refuses", "{report}");
    let notes = sarif(&sarif_text)["invocations"][0]["toolExecutionNotifications"].clone();
    assert!(notes.as_array().unwrap().iter().any(|note| note["level"] == "error"), "{notes}");
    let elements = junit(&junit_text);
    assert!(elements.iter().any(|(name, case)| name == "testcase" && case["name"] == "target go"));
    assert!(
        elements
            .iter()
            .any(|(name, one)| name == "failure"
                && one["message"].as_str().unwrap().starts_with("go refuses: "))
    );
    let annotations = github(&github_text);
    assert!(
        annotations
            .iter()
            .any(|(command, place, _)| *command == "error" && place.ends_with("title=certgate target go")),
        "{annotations:?}"
    );
    let issues = gitlab(&gitlab_text);
    assert!(issues.iter().any(|issue| issue["check_name"] == "target go" && issue["severity"] == "critical"));
}
