//! All kinds of damage, two at a time and three at a time: the same DER as from the clean text, and each kind told.

use super::*;

type Damaging = fn(&str) -> String;

/// Name, the code that must be reported, and the damage. In the order in which they can be put on a text.
const DAMAGES: &[(&str, &str, Damaging)] = &[
    ("blank lines", "pem-blank-line", |text| text.replace("\n-----END", "\n\n-----END")),
    ("trailing spaces", "pem-body-space", |text| {
        text.replacen("==\n", "== \n", 1).replacen("\n-----END", " \n-----END", 1)
    }),
    ("text before", "pem-text-around", |text| format!("Bag Attributes: <none>\n{text}")),
    ("text after", "pem-text-around", |text| format!("{text}\nsubject=/CN=x\n")),
    ("indented", "pem-mid-line", |text| text.lines().map(|line| format!("    {line}\n")).collect()),
    ("quotes", "pem-quoted", |text| format!("'{}'", text)),
    ("a quote before", "pem-quoted", |text| format!("\"{text}")),
    ("a quote after", "pem-quoted", |text| format!("{text}`")),
    ("CRLF", "", |text| text.replace('\n', "\r\n")),
    ("BOM", "pem-bom", |text| format!("\u{feff}{text}")),
    ("CR only", "pem-cr-only", |text| text.replace("\r\n", "\n").replace('\n', "\r")),
    ("escaped", "pem-escaped-newlines", |text| {
        text.replace("\r\n", "\\r\\n").replace('\n', "\\n").replace('\r', "\\r")
    }),
    ("escaped twice", "pem-escaped-newlines", |text| {
        text.replace('\\', "\\\\").replace("\r\n", "\\\\r\\\\n").replace('\n', "\\\\n").replace('\r', "\\\\r")
    }),
    ("joined by spaces", "pem-joined-lines", |text| text.replace("\r\n", " ").replace(['\n', '\r'], " ")),
    ("joined", "pem-joined-lines", |text| text.replace(['\n', '\r'], "")),
    ("base64", "pem-base64-of-pem", |text| base64(text.as_bytes())),
    ("UTF-16", "pem-utf16", |text| text.to_owned()),
];

/// What one damage leaves no trace of in another.
fn hides(names: &[&str], hidden: &str) -> bool {
    let has = |name: &str| names.contains(&name);
    match hidden {
        // Without line ends there are no blank lines, no ends of lines, and nothing is indented.
        "blank lines" | "trailing spaces" => {
            let is_end = hidden == "trailing spaces" && (has("indented") || has("blank lines"));
            has("joined") || has("joined by spaces") || is_end
        }
        // The quote shares the line of a marker.
        "indented" => has("quotes") || has("a quote before") || has("a quote after"),
        "CR only" => has("escaped") || has("escaped twice") || has("joined") || has("joined by spaces"),
        "joined" | "joined by spaces" => {
            has("escaped") || has("escaped twice") || (hidden == "joined" && has("joined by spaces"))
        }
        // A quote away from the markers belongs to the text there.
        "a quote before" => has("text before"),
        "a quote after" => has("text after"),
        _ => false,
    }
}

fn der_of(damages: &[&(&str, &str, Damaging)]) -> (Vec<Finding>, Vec<Block>) {
    let mut text = pem("CERTIFICATE", &certificate(200)) + &pem("CERTIFICATE", &certificate(131));
    for (_, _, damage) in damages {
        text = damage(&text);
    }
    if damages.iter().any(|(name, ..)| *name == "UTF-16") {
        let bytes: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        return parse_file(&bytes);
    }
    parse_text(&text)
}

fn check_combination(damages: &[&(&str, &str, Damaging)]) {
    let names: Vec<_> = damages.iter().map(|(name, ..)| *name).collect();
    let (findings, blocks) = der_of(damages);
    let codes = codes(&findings);
    let ders: Vec<_> = blocks.iter().map(|block| block.der.as_slice()).collect();
    assert_eq!(ders, [certificate(200), certificate(131)], "{names:?}: {codes:?}");
    // What is taken for a value in another text, or in base64, is named by that alone.
    let is_nested = ["pem-nested", "pem-base64-of-pem"]
        .iter()
        .any(|code| findings.iter().any(|finding| finding.code() == *code));
    for (name, code, _) in damages {
        let told = code.is_empty() || findings.iter().any(|finding| finding.code() == *code);
        assert!(told || is_nested || hides(&names, name), "{names:?} does not tell {name}: {codes:?}");
    }
    for finding in &findings {
        let note = finding.severity == Severity::Note;
        assert!(finding.is_fixable() || note, "{names:?}: {} cannot be repaired", finding.code());
    }
}

#[test]
fn single_damages_are_reported_alone() {
    for damage in DAMAGES {
        let (findings, blocks) = der_of(&[damage]);
        assert_eq!(blocks.len(), 2, "{}", damage.0);
        let want: Vec<_> = if damage.1.is_empty() { vec![] } else { vec![damage.1] };
        assert_eq!(findings.iter().map(Finding::code).collect::<Vec<_>>(), want, "{}", damage.0);
    }
}

#[test]
fn two_damages_at_once() {
    for (index, one) in DAMAGES.iter().enumerate() {
        for two in &DAMAGES[index + 1..] {
            check_combination(&[one, two]);
        }
    }
}

#[test]
fn three_damages_at_once() {
    for (i, one) in DAMAGES.iter().enumerate() {
        for (j, two) in DAMAGES.iter().enumerate().skip(i + 1) {
            for three in &DAMAGES[j + 1..] {
                check_combination(&[one, two, three]);
            }
        }
    }
}
