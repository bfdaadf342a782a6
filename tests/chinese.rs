//! Reports in Chinese, over all cases: each sentence is Chinese, and nothing else differs. That no sentence of the code is without a Chinese one is tested beside the
//! table, in `src/tell/language/tests.rs`.
#![allow(clippy::restriction)]
#![cfg(feature = "chinese")]

mod support;

use std::fs;

use certgate::{Finding, Language, NotEvaluated, Report, catalogue};
use support::{Complaints, cases};

/// Words in small letters that a Chinese sentence may have outside of quotes: terms of the field, which Chinese texts write so too.
const TERMS: &[&str] = &[
    "base64", "base64url", "certgate", "quoted-printable", "poison", "critical", "zip", "gzip", "curl", "shell", "tag", "xn", "com", "example", "www", "global", "bad", "decrypt", "sm2_ids", "cert_content",
    "private_key", "section",
];

/// The text without what stands in quotes or backticks, and without names of commands and places.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (None, '`') => quote = Some('`'),
            (None, '“') => quote = Some('”'),
            (Some(end), character) if end == character => quote = None,
            (None, character) => out.push(character),
            (Some(_), _) => {}
        }
    }
    out
}

/// What is not Chinese about a sentence: it has no Chinese character, or English words stand in it.
fn fault(sentence: &str) -> Option<String> {
    let is_han = |character: char| matches!(character, '\u{4E00}'..='\u{9FFF}');
    if !sentence.chars().any(is_han) {
        return Some("no Chinese character".to_owned());
    }
    let text = unquoted(sentence);
    let is_word = |word: &&str| {
        word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !TERMS.contains(word)
    };
    let words: Vec<_> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_' && c != '.').filter(is_word).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn sentences(report: &Report) -> impl Iterator<Item = (&str, &str)> {
    let of_finding = |finding| {
        let Finding { message, hint, .. } = finding;
        [(finding.code(), message.as_ref()), (finding.code(), hint.as_ref())]
    };
    let of_entry = |entry: &'_ NotEvaluated| (entry.code.as_ref(), entry.why.as_ref());
    report.findings.iter().flat_map(of_finding).chain(report.not_evaluated.iter().map(of_entry))
}

#[test]
fn each_report_is_chinese_and_else_the_same() {
    let mut complaints = Complaints::default();
    let mut seen = 0;
    for case in cases() {
        let text = fs::read_to_string(case.folder.join("report.json")).unwrap();
        let english: Report = serde_json::from_str(&text).unwrap();
        let mut report = english.clone();
        report.tell_in(Language::Chinese);
        for (code, sentence) in sentences(&report) {
            seen += 1;
            if let Some(fault) = fault(sentence) {
                complaints.add(format!("{}: {code}: {fault}\n    {sentence}", case.path));
            }
        }
        let mut same = report;
        for (finding, english) in same.findings.iter_mut().zip(&english.findings) {
            (finding.message, finding.hint) = (english.message.clone(), english.hint.clone());
        }
        same.not_evaluated.clone_from(&english.not_evaluated);
        assert!(same == english, "{}: more than sentences differs", case.path);
    }
    assert!(seen > 2000, "only {seen} sentences");
    complaints.done("sentences that are not Chinese");
}

#[test]
fn each_rule_has_a_chinese_summary_and_hint() {
    let mut complaints = Complaints::default();
    for rule in catalogue::all() {
        for text in [rule.summary_in(Language::Chinese), rule.hint_in(Language::Chinese)] {
            if let Some(fault) = fault(&text) {
                complaints.add(format!("{}: {fault}\n    {text}", rule.code));
            }
        }
        assert_eq!(rule.summary_in(Language::English), rule.summary);
    }
    complaints.done("texts that are not Chinese");
}

#[test]
fn what_is_not_chinese_is_found() {
    for (text, is_fault) in [
        ("the private key is encrypted", true),
        ("私钥 is encrypted", true),
        ("私钥已加密（PKCS#8）：`openssl pkey -in a.pem`", false),
        ("“a word of the input”", true),
        ("块“a word of the input”", false),
    ] {
        assert_eq!(fault(text).is_some(), is_fault, "{text}");
    }
}
