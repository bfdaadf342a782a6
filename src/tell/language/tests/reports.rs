//! Reports in Chinese, over all cases: each sentence is Chinese, and nothing else differs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rules::catalogue;
use crate::tell::language::Language;
use crate::tell::report::Report;

/// Words in small letters that a Chinese sentence may have outside of quotes: terms of the field, which Chinese texts write so too.
const TERMS: &[&str] = &[
    "base64",
    "base64url",
    "certgate",
    "curl",
    "global",
    "gzip",
    "lcm",
    "poison",
    "quoted-printable",
    "sm2_ids",
    "shell",
    "xn",
    "zip",
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
    let text: String = text.split(' ').filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ");
    let is_word = |word: &&str| {
        word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !TERMS.contains(word)
    };
    let words: Vec<_> = text
        .split(|c: char| !(matches!(c, '-' | '_' | '.') || c.is_alphanumeric() && !is_han(c)))
        .filter(is_word)
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn sentences(report: &Report) -> Vec<(&str, &str)> {
    let mut sentences = Vec::new();
    for finding in &report.findings {
        sentences
            .extend([(finding.code(), finding.message.as_ref()), (finding.code(), finding.hint.as_ref())]);
    }
    sentences.extend(report.not_evaluated.iter().map(|entry| (entry.code.as_ref(), entry.why.as_ref())));
    sentences
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

#[test]
fn each_report_is_chinese_and_else_the_same() {
    let (mut faults, mut seen) = (Vec::new(), 0);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    for case in folders(&cases).iter().flat_map(|rule| folders(rule)) {
        let text = fs::read_to_string(case.join("report.json")).unwrap();
        let english: Report = serde_json::from_str(&text).unwrap();
        let mut report = english.clone();
        report.tell_in(Language::Chinese);
        for (code, sentence) in sentences(&report) {
            seen += 1;
            if let Some(fault) = fault(sentence) {
                faults.push(format!("{}: {code}: {fault}\n    {sentence}", case.display()));
            }
        }
        for (finding, english) in report.findings.iter_mut().zip(&english.findings) {
            (finding.message, finding.hint) = (english.message.clone(), english.hint.clone());
        }
        report.not_evaluated.clone_from(&english.not_evaluated);
        assert!(report == english, "{}: more than sentences differs", case.display());
    }
    assert!(seen > 1500, "only {seen} sentences");
    assert!(faults.is_empty(), "{} sentences are not Chinese:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn each_rule_has_a_chinese_summary_and_hint() {
    let mut faults = Vec::new();
    for rule in catalogue::all() {
        for text in [rule.summary_in(Language::Chinese), rule.hint_in(Language::Chinese)] {
            faults.extend(fault(&text).map(|fault| format!("{}: {fault}\n    {text}", rule.code)));
        }
        assert_eq!(rule.summary_in(Language::English), rule.summary);
    }
    assert!(faults.is_empty(), "{} texts are not Chinese:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_not_chinese_is_found() {
    for (text, is_fault) in [
        ("the private key is encrypted", true),
        ("私钥 is encrypted", true),
        ("私钥已加密（PKCS#8）：`openssl pkey -in a.pem`", false),
        ("“a word of the input”", true),
        ("块“a word of the input”，见 https://a.example/of", false),
    ] {
        assert_eq!(fault(text).is_some(), is_fault, "{text}");
    }
}
