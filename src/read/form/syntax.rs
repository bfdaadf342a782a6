//! What a text is that is not JSON. Where several causes are possible, the one that people meet most comes first.

use serde::de::IgnoredAny;

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotJson {
    /// Names and texts are in single quotes, as Python and JavaScript print objects.
    SingleQuotes,
    /// A quote is one of those that text programs put in the place of `"`.
    CurlyQuote {
        /// Which.
        quote: char,
    },
    /// A quote is a backtick.
    Backtick,
    /// A comma stands before the closing bracket.
    TrailingComma,
    /// Two commas stand where one belongs.
    DoubleComma,
    /// Between two members there is no comma.
    MissingComma,
    /// A quote inside a text has no backslash before it.
    QuoteInText,
    /// A backslash is followed by a character that it may not be followed by.
    Escape,
    /// A word has no quotes: a name, a text, or `None`, `True`, `NaN`, `undefined`.
    BareWord,
    /// A name is followed by `=` or `=>`, not by a colon.
    EqualsSign,
    /// A space or an invisible character that JSON does not have is between the fields.
    StrangeSpace,
    /// There is a comment.
    Comment,
    /// The `{` at the start is missing.
    NoBrace,
    /// Something is before the object: a command, the head of a request, a line of program code, the marks of a code block.
    TextBefore,
    /// After the end of the object there is something else.
    MoreAfterEnd,
    /// The text is YAML.
    Yaml,
    /// The text is the body of a web form: `name=…&cert_content=…`.
    WebForm,
    /// The text is a body of several parts, `multipart/form-data`.
    Multipart,
    /// The text is HTML or XML.
    Markup,
    /// The text is PEM.
    Pem,
    /// The text is the name of a file.
    FileName,
    /// The file is compressed.
    Compressed,
    /// The text is not UTF-8.
    NotUtf8,
    /// Something else.
    Other,
}

/// The quotes that text programs put in the place of `"` and `'`.
const CURLY: [char; 11] = ['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '‛', '＂'];

/// Why `text` is not JSON, which a reader found at byte `stopped`.
pub(super) fn cause(text: &[u8], stopped: usize) -> NotJson {
    if let Some(notation) = notation(text) {
        return notation;
    }
    let (before, rest) = text.split_at_checked(stopped).unwrap_or((text, &[]));
    let last = before.trim_ascii_end().last().copied();
    let quote = std::str::from_utf8(rest.get(..3).unwrap_or(rest)).ok().and_then(|text| text.chars().next());
    let quote = quote.filter(|quote| CURLY.contains(quote));
    match rest.first() {
        _ if quote.is_some() => NotJson::CurlyQuote { quote: quote.unwrap_or_default() },
        _ if std::str::from_utf8(text).is_err() => NotJson::NotUtf8,
        Some(0x80..) if starts_with_space(rest) => NotJson::StrangeSpace,
        _ if serde_json::from_slice::<IgnoredAny>(before).is_ok() => {
            let is_name = before.trim_ascii_start().starts_with(b"\"") && rest.first() == Some(&b':');
            if is_name { NotJson::NoBrace } else { NotJson::MoreAfterEnd }
        }
        _ if before.last() == Some(&b'\\') || ends_in_code_point(before) => NotJson::Escape,
        Some(b'\'') => NotJson::SingleQuotes,
        Some(b'`') => NotJson::Backtick,
        Some(b',') if last == Some(b',') => NotJson::DoubleComma,
        Some(b'=') if last == Some(b'"') => NotJson::EqualsSign,
        Some(b'}' | b']') if last == Some(b',') => NotJson::TrailingComma,
        Some(b'/' | b'#') => NotJson::Comment,
        Some(b'"') if last.is_some_and(ends_a_value) => NotJson::MissingComma,
        Some(_) if last == Some(b'"') && is_member(before) => NotJson::QuoteInText,
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => NotJson::BareWord,
        _ => NotJson::Other,
    }
}

/// Whether text starts with a space of Unicode, or a character that cannot be seen.
fn starts_with_space(rest: &[u8]) -> bool {
    let head = String::from_utf8_lossy(rest.get(..rest.len().min(4)).unwrap_or_default());
    let is_invisible =
        |c: char| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}');
    head.chars().next().is_some_and(is_invisible)
}

/// Whether text ends in `\u` and four digits: half of a character that has no other half.
fn ends_in_code_point(before: &[u8]) -> bool {
    let start = before.len().saturating_sub(6);
    before.get(start..).is_some_and(|end| end.starts_with(b"\\u"))
}

/// Whether a byte can be the last of a value.
fn ends_a_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"\"}]".contains(&byte)
}

/// Whether the quote at the end of `before` closes a value, not a name: then a comma or the end of the object is expected.
fn is_member(before: &[u8]) -> bool {
    before.contains(&b':')
}

/// Another notation, by how the text begins.
pub(super) fn notation(text: &[u8]) -> Option<NotJson> {
    let text = text.trim_ascii_start();
    if text.starts_with(b"\x1F\x8B") || text.starts_with(b"PK\x03\x04") {
        return Some(NotJson::Compressed);
    }
    if is_file_name(text.trim_ascii_end()) {
        return Some(NotJson::FileName);
    }
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let name = line.iter().take_while(|byte| is_name(byte)).count();
    let after = line.get(name..).unwrap_or_default();
    let has = |needle: &[u8]| line.windows(needle.len()).any(|window| window == needle);
    match after.trim_ascii_start().first() {
        _ if line.starts_with(b"-----BEGIN") => Some(NotJson::Pem),
        _ if line.starts_with(b"<") => Some(NotJson::Markup),
        _ if is_before_object(text, line) => Some(NotJson::TextBefore),
        _ if line == b"---" || line.starts_with(b"- ") || line.starts_with(b"%YAML") => Some(NotJson::Yaml),
        _ if line.starts_with(b"--") && !has(b" ") && text.len() > line.len() => Some(NotJson::Multipart),
        Some(b':') if name > 0 && matches!(after, [b':'] | [b':', b' ', ..] | [b' ', ..]) => {
            Some(NotJson::Yaml)
        }
        Some(b'=') if name > 0 => Some(NotJson::WebForm),
        _ => None,
    }
}

/// Whether a text is the name of a JSON file, or one as `curl` takes it: `@form.json`.
fn is_file_name(text: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"@_-./\\:~ ".contains(byte);
    let has_end = text.starts_with(b"@") || text.to_ascii_lowercase().ends_with(b".json");
    text.len() <= 256 && has_end && text.iter().all(is_plain)
}

/// Whether something is before the object: a word that begins the first line, or marks, and an object in that line or after it.
fn is_before_object(text: &[u8], line: &[u8]) -> bool {
    let is_object = |text: &[u8]| {
        let starts = text.iter().enumerate().filter(|(_, byte)| **byte == b'{').map(|(at, _)| at);
        // More braces than that are program code.
        starts.take(8).any(|at| {
            let inside = text.get(at.saturating_add(1)..).unwrap_or_default();
            inside.trim_ascii_start().starts_with(b"\"")
        })
    };
    let first = line.first().copied().unwrap_or_default();
    let is_request = [&b"POST "[..], b"PUT ", b"PATCH ", b"curl ", b"http ", b"wget ", b"```"];
    let is_request = is_request.iter().any(|start| line.starts_with(start));
    (is_request && is_object(text)) || (first.is_ascii_alphabetic() && is_object(line))
}

#[cfg(test)]
mod tests {
    use super::super::{CertificateForm, Unread, Why};
    use super::NotJson::*;

    #[test]
    fn the_cause_is_told_from_the_text() {
        for (text, want) in [
            ("{'name': 'abcd'}", SingleQuotes),
            ("{\"name\": 'abcd'}", SingleQuotes),
            ("{“name”: “abcd”}", CurlyQuote { quote: '“' }),
            ("{\"name\": “abcd”}", CurlyQuote { quote: '“' }),
            ("{\"name\": ‘abcd’}", CurlyQuote { quote: '‘' }),
            ("{\"name\": \"abcd\",}", TrailingComma),
            ("{\"name\": [1, 2,]}", TrailingComma),
            ("{\"name\": \"abcd\" \"type\": \"global\"}", MissingComma),
            ("{\"name\": \"abcd\"\n\"type\": \"global\"}", MissingComma),
            ("{\"name\": 7 \"type\": \"global\"}", MissingComma),
            ("{\"name\": \"say \"hi\" there\"}", QuoteInText),
            ("{\"name\": \"a\\qb\"}", Escape),
            ("{\"name\": \"C:\\certs\"}", Escape),
            ("{name: \"abcd\"}", BareWord),
            ("{\"name\": None}", BareWord),
            ("{\"name\": True}", BareWord),
            ("{\"name\": NaN}", BareWord),
            ("{\"name\": undefined}", BareWord),
            ("{\"name\": abcd}", BareWord),
            ("// the form\n{\"name\": \"abcd\"}", Comment),
            ("{\n  # the form\n  \"name\": \"abcd\"}", Comment),
            ("{\"name\": \"abcd\"}\n{\"name\": \"efgh\"}", MoreAfterEnd),
            ("{\"name\": \"abcd\"};", MoreAfterEnd),
            ("{\"name\": \"abcd\"},", MoreAfterEnd),
            ("name: abcd\ncert_content: |\n  x\n", Yaml),
            ("---\nname: abcd\n", Yaml),
            ("- name: abcd\n", Yaml),
            ("name=abcd&cert_content=x", WebForm),
            ("NAME=abcd\n", WebForm),
            ("--X123\r\nContent-Disposition: form-data; name=\"name\"\r\n", Multipart),
            ("<!DOCTYPE html>\n<html>", Markup),
            ("-----BEGIN CERTIFICATE-----\nMII\n", Pem),
            ("{`name`: `abcd`}", Backtick),
            ("{\"name\": \"abcd\",, \"type\": \"global\"}", DoubleComma),
            ("{\"name\" = \"abcd\"}", EqualsSign),
            ("{\"name\" => \"abcd\"}", EqualsSign),
            ("{\"name\": \"abcd\",\u{a0}\"type\": \"global\"}", StrangeSpace),
            ("{\"name\": \"\\ud800\"}", Escape),
            ("\"name\": \"abcd\"}", NoBrace),
            ("const form = {\"name\": \"abcd\"};", TextBefore),
            ("curl -d '{\"name\": \"abcd\"}' https://api.example", TextBefore),
            ("POST /v2/certificates HTTP/1.1\nHost: a\n\n{\"name\": \"abcd\"}", TextBefore),
            ("```json\n{\"name\": \"abcd\"}\n```\n", TextBefore),
            ("data: {\"name\": \"abcd\"}", TextBefore),
            ("cert_content = \"\"\"\n-----BEGIN\n\"\"\"\n", WebForm),
            ("{\"name\": }", Other),
            ("@form.json", FileName),
            ("/srv/certs/form.json\n", FileName),
            ("PK\u{3}\u{4}\u{14}", Compressed),
            ("%", Other),
        ] {
            let unread = CertificateForm::from_json(text.as_bytes()).expect_err(text);
            let Unread(Why::Syntax { cause, .. }) = unread else { panic!("{text}: {unread:?}") };
            assert_eq!(cause, want, "{text}");
        }
    }

    /// Whatever octet takes the place of another: the answer is never wrong about what the text begins with, and nothing panics.
    #[test]
    fn any_octet_anywhere_has_a_cause() {
        let text = br#"{"name": "abcd", "type": "global", "x": [1, {"y": null}]}"#;
        for at in 0..text.len() {
            for octet in 0..=255 {
                let mut changed = text.to_vec();
                changed[at] = octet;
                if let Err(Unread(Why::Syntax { cause, .. })) = CertificateForm::from_json(&changed) {
                    let is_notation = matches!(
                        cause,
                        Yaml | WebForm | Multipart | Markup | Pem | TextBefore | FileName | Compressed
                    );
                    assert!(at == 0 || !is_notation, "{}: {cause:?}", String::from_utf8_lossy(&changed));
                }
            }
        }
    }
}
