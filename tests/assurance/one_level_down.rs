//! Proves: a sound form of which one field is inside other notations, up to three levels deep, gets one error on that field, with the right
//! code, and the repair gives back the same certificates and the same key. The levels are drawn from a fixed seed. Takes some seconds.
#![allow(clippy::restriction)]

use certgate::pem::{self, Expected};
use certgate::{CertificateForm, Content, Field, Policy, Severity, repair, validate};
use certgate_forge::form::{self, Form};
use certgate_forge::pem::base64_of_text;

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);
const ROUNDS: usize = 400;

type Wrap = fn(&str) -> String;

/// All that a text can be put in, whatever it is.
const LEVELS: &[(&str, Wrap)] = &[
    ("base64", |text| base64_of_text(text)),
    ("base64 on one line", |text| base64_of_text(text).replace('\n', "")),
    ("data URL", |text| {
        format!("data:application/x-pem-file;base64,{}", base64_of_text(text).replace('\n', ""))
    }),
    ("PEM", |text| certgate_forge::pem::encode("CERTIFICATE", text.as_bytes())),
    ("percent", |text| {
        let escape = |byte: u8| match byte {
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(escape).collect()
    }),
    ("quoted-printable", |text| {
        let line = |line: &str| {
            line.as_bytes()
                .chunks(70)
                .map(|part| String::from_utf8_lossy(part).replace('=', "=3D"))
                .collect::<Vec<_>>()
                .join("=\n")
                + "\n"
        };
        text.lines().map(line).collect()
    }),
    ("secret in YAML", |text| {
        format!(
            "apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {}\ntype: Opaque\n",
            base64_of_text(text).replace('\n', "")
        )
    }),
    ("secret in JSON", |text| {
        let data = base64_of_text(text).replace('\n', "");
        format!("{{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {{\"tls.crt\": \"{data}\"}}}}")
    }),
    ("UTF-16", |text| text.chars().fold("\u{FF}\u{FE}".to_owned(), |all, c| all + &format!("{c}\0"))),
    ("hexadecimal", |text| text.bytes().map(|byte| format!("{byte:02x}")).collect()),
    ("mail", |text| {
        format!(
            "--b1\nContent-Type: application/x-pem-file; name=\"a.pem\"\nContent-Transfer-Encoding: base64\n\n{}\n--b1--\n",
            base64_of_text(text)
        )
    }),
    ("LDIF", |text| {
        let lines = base64_of_text(text).trim_end().replace('\n', "\n ");
        format!("dn: cn=www\nuserCertificate;binary:: {lines}\n")
    }),
    ("web page", |text| {
        let escaped =
            text.replace('&', "&amp;").replace('<', "&lt;").replace('+', "&#43;").replace('=', "&#x3D;");
        format!("<html><body><p>{}</p></body></html>\n", escaped.trim_end().replace('\n', "<br>\n"))
    }),
    ("rich text", |text| {
        let escaped = text.replace('\\', "\\\\").replace('{', "\\{").replace('}', "\\}");
        format!("{{\\rtf1\\ansi\\f0 {}}}", escaped.replace('\n', "\\par\n"))
    }),
    ("spreadsheet", |text| text.replace('\n', "_x000D_\n")),
    ("program code", |text| {
        let escaped = text.trim_end().replace('\\', "\\\\").replace('"', "\\\"");
        format!("text = \"{}\\n\";\n", escaped.replace('\n', "\\n"))
    }),
    ("decimal", |text| {
        format!("[{}]", text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", "))
    }),
];

fn form_of(form: &Form) -> CertificateForm {
    CertificateForm::from_json(form.value().to_string().as_bytes()).expect("an object")
}

/// The next number of a fixed sequence (Knuth's MMIX constants).
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).expect("31 bits")
}

fn ders(content: Option<&Content>, expected: Expected) -> Vec<Vec<u8>> {
    let blocks = pem::parse(content.expect("given"), expected, &Policy::default()).value.unwrap_or_default();
    blocks.iter().map(|block| block.der.to_vec()).collect()
}

#[test]
fn what_is_inside_other_notations_is_named_once_and_given_back() {
    let (mut state, mut failures, mut tried) = (15, Vec::new(), 0);
    for round in 0..ROUNDS {
        let sound = form_of(&if round % 2 == 0 { form::rsa() } else { form::ecc() });
        let (field, expected) = match next(&mut state) % 2 {
            0 => (Field::CertContent, Expected::Certificates),
            _ => (Field::PrivateKey, Expected::PrivateKey),
        };
        let mut text = sound.content(field).and_then(Content::as_text).expect("text").to_owned();
        let mut names = Vec::new();
        for _ in 0..=next(&mut state) % 3 {
            let (name, wrap) = LEVELS[next(&mut state) % LEVELS.len()];
            let wrapped = wrap(&text);
            // Longer texts are not looked into; what holds nothing to encode stays as it is; and UTF-16 of UTF-16 has zeros in fours.
            if wrapped.len() > 150_000
                || wrapped.trim() == text.trim()
                || (name == "UTF-16" && names.contains(&name))
                // A web page has no zeros; and line ends that a spreadsheet wrote, once escaped, are marks between lines.
                || (name == "web page" && text.contains('\0'))
                || (name == "program code" && names.contains(&"spreadsheet"))
            {
                break;
            }
            names.push(name);
            text = wrapped;
        }
        if names.is_empty() {
            continue;
        }
        tried += 1;
        let mut form = sound.clone();
        *form.content_mut(field).expect("a content field") = Some(text.as_str().into());
        let Err(rejected) = validate(&form, &Policy::default(), NOW) else {
            failures.push(format!("{field} in {names:?}: accepted"));
            continue;
        };
        let errors: Vec<_> =
            rejected.report().findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        let codes: Vec<_> = errors.iter().map(|finding| finding.code()).collect();
        if !matches!(codes.as_slice(), ["pem-nested" | "pem-base64-of-pem"])
            || errors[0].location.field != Some(field)
        {
            failures.push(format!("{field} in {names:?}: {codes:?}"));
            continue;
        }
        let repaired = repair::repair(&form, &Policy::default(), NOW);
        if repaired.result.is_err()
            || ders(repaired.form.content(field), expected) != ders(sound.content(field), expected)
        {
            failures.push(format!("{field} in {names:?}: not given back"));
        }
    }
    assert!(tried > ROUNDS / 2, "{tried} tried");
    assert!(failures.is_empty(), "{} of {tried} failed:\n{}", failures.len(), failures.join("\n"));
}
