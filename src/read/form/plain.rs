//! Forms as nearly all are written: one object of known fields, each once and a text, with the short escapes at most. Such a text is read in
//! one pass, and no copy of a key is left behind.

use memchr::{memchr, memchr_iter};

use super::CertificateForm;
use crate::location::Field;

/// Reads such a form; `None` for any other text, right or wrong, which is for `serde_json` to read.
pub(super) fn read(text: &[u8]) -> Option<CertificateForm> {
    let mut rest = std::str::from_utf8(text).ok()?;
    let mut form = CertificateForm::default();
    let mut before = "{";
    loop {
        rest = after(rest, before)?;
        let (name, after_name) = string(rest)?;
        let field = Field::from_name(name).filter(|field| !form.is_given(*field))?;
        let (value, after_value) = string(after(after_name, ":")?)?;
        form.set(field, unescaped(value)?);
        if let Some(end) = after(after_value, "}") {
            return space_trimmed(end).is_empty().then_some(form);
        }
        (rest, before) = (after_value, ",");
    }
}

/// What comes after `token`, which may have space before it.
fn after<'t>(text: &'t str, token: &str) -> Option<&'t str> {
    space_trimmed(text).strip_prefix(token)
}

/// A string without its quotes, escapes as they are, and what comes after it.
fn string(text: &str) -> Option<(&str, &str)> {
    let inside = after(text, "\"")?;
    let end = memchr_iter(b'"', inside.as_bytes()).find(|end| {
        let before = inside.as_bytes().get(..*end).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count().is_multiple_of(2)
    })?;
    let (string, rest) = inside.split_at_checked(end)?;
    // Compiles to vector instructions.
    let has_control = string.bytes().fold(false, |has, byte| has | (byte < 0x20));
    (!has_control).then_some((string, rest.get(1..)?))
}

/// The text of a string; `None` where an escape is wrong or written with digits.
fn unescaped(string: &str) -> Option<String> {
    // Never moved, so that nothing of it is left elsewhere.
    let mut text = String::with_capacity(string.len());
    let mut rest = string;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        text.push_str(rest.get(..at)?);
        let escape = rest.get(at.checked_add(1)?..)?;
        text.push(match escape.as_bytes().first()? {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            _ => return None,
        });
        rest = escape.get(1..)?;
    }
    text.push_str(rest);
    Some(text)
}

/// The space of JSON (RFC 8259, section 2).
fn space_trimmed(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn what_is_plain_is_read_as_serde_json_reads_it() {
        for (text, is_plain) in [
            (r#"{"name":"abcd"}"#, true),
            (" {\t\"name\" :\r\n\"abcd\" , \"type\":\"\"}\n ", true),
            (r#"{"private_key":"a\nb\r\tc\"\\\/","cert_content":"é\u007f"}"#, false),
            (r#"{"private_key":"a\nb\r\tc\"\\\/","cert_content":"é 证"}"#, true),
            (r#"{"name":"\\"}"#, true),
            (r#"{"name":"\\\""}"#, true),
            (r#"{"name":"\u0041"}"#, false),
            (r#"{"name":"\b"}"#, false),
            (r#"{"name":"\x"}"#, false),
            (r#"{"name":"\"}"#, false),
            (r#"{"na\u006de":"abcd"}"#, false),
            (r#"{"name":"a","name":"b"}"#, false),
            (r#"{"name":null}"#, false),
            (r#"{"name":"a",}"#, false),
            (r#"{"name":"a"}}"#, false),
            (r#"{"name":"a"},"#, false),
            (r#"{"name":"a" "type":"b"}"#, false),
            (r#"{"name" "a"}"#, false),
            (r#"{"id":"a"}"#, false),
            (r#"["name"]"#, false),
            ("{\"name\":\"a\nb\"}", false),
            ("{\"name\":\"a\u{1}b\"}", false),
            ("\u{a0}{\"name\":\"a\"}", false),
            ("\u{b}{\"name\":\"a\"}", false),
            ("{\"name\":\"a", false),
            ("{", false),
            ("{}", false),
            ("", false),
        ] {
            let plain = read(text.as_bytes());
            assert_eq!(plain.is_some(), is_plain, "{text}");
            if let Some(form) = plain {
                assert_eq!(form, serde_json::from_str(text).unwrap(), "{text}");
            }
        }
        assert!(read(b"{\"name\":\"\xFF\"}").is_none());
    }

    /// Each octet of a form replaced by each of those that mean something: never another form than that of `serde_json`.
    #[test]
    fn whatever_is_wrong_with_a_form_it_is_never_another_one() {
        let text = br#" {"name" : "a\n\\b", "type":"c\"","private_key" :"MII=\r\n"}"#;
        let mut read_plainly = 0;
        for at in 0..text.len() {
            for octet in *b"\"\\{}:,/nrtux0a \n\t\x00\x1F\x7F\x80\xC3\xFF" {
                let mut changed = text.to_vec();
                changed[at] = octet;
                if let Some(form) = read(&changed) {
                    assert_eq!(form, serde_json::from_slice(&changed).unwrap());
                    read_plainly += 1;
                }
            }
        }
        assert!(read_plainly > 100, "{read_plainly}");
    }
}
