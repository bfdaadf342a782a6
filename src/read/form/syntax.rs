//! What a text is that is not JSON. Where several causes are possible, the one that people meet most comes first.

use serde::de::IgnoredAny;

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotJson {
    /// Names and texts are in single quotes, as Python and JavaScript print objects.
    SingleQuotes,
    /// A quote is one of those that text programs put in the place of `"`.
    CurlyQuote {
        /// Which.
        quote: char,
    },
    /// A comma stands before the closing bracket.
    TrailingComma,
    /// Between two members there is no comma.
    MissingComma,
    /// A quote inside a text has no backslash before it.
    QuoteInText,
    /// A backslash is followed by a character that it may not be followed by.
    Escape,
    /// A word has no quotes: a name, a text, or `None`, `True`, `NaN`, `undefined`.
    BareWord,
    /// There is a comment.
    Comment,
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
    /// Something else.
    Other,
}

/// The quotes that text programs put in the place of `"` and `'`.
const CURLY: [char; 11] = ['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '‛', '＂'];

/// Why `text` is not JSON, which a reader found at byte `stopped`.
pub(super) fn cause(text: &[u8], stopped: usize) -> NotJson {
    if let Some(notation) = notation(text.trim_ascii_start()) {
        return notation;
    }
    let (before, rest) = text.split_at_checked(stopped).unwrap_or((text, &[]));
    let last = before.trim_ascii_end().last().copied();
    let quote = std::str::from_utf8(rest.get(..3).unwrap_or(rest)).ok().and_then(|text| text.chars().next());
    let quote = quote.filter(|quote| CURLY.contains(quote));
    match rest.first() {
        _ if quote.is_some() => NotJson::CurlyQuote { quote: quote.unwrap_or_default() },
        _ if serde_json::from_slice::<IgnoredAny>(before).is_ok() => NotJson::MoreAfterEnd,
        _ if before.last() == Some(&b'\\') => NotJson::Escape,
        Some(b'\'' | b'`') => NotJson::SingleQuotes,
        Some(b'}' | b']') if last == Some(b',') => NotJson::TrailingComma,
        Some(b'/' | b'#') => NotJson::Comment,
        Some(b'"') if last.is_some_and(ends_a_value) => NotJson::MissingComma,
        Some(_) if last == Some(b'"') && is_member(before) => NotJson::QuoteInText,
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => NotJson::BareWord,
        _ => NotJson::Other,
    }
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
fn notation(text: &[u8]) -> Option<NotJson> {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let name = line.iter().take_while(|byte| is_name(byte)).count();
    let after = line.get(name..).unwrap_or_default();
    let has = |needle: &[u8]| line.windows(needle.len()).any(|window| window == needle);
    match after.trim_ascii_start().first() {
        _ if line.starts_with(b"-----BEGIN") => Some(NotJson::Pem),
        _ if line.starts_with(b"<") => Some(NotJson::Markup),
        _ if line == b"---" || line.starts_with(b"- ") || line.starts_with(b"%YAML") => Some(NotJson::Yaml),
        _ if line.starts_with(b"--") && !has(b" ") && text.len() > line.len() => Some(NotJson::Multipart),
        Some(b':') if name > 0 && matches!(after, [b':'] | [b':', b' ', ..] | [b' ', ..]) => {
            Some(NotJson::Yaml)
        }
        Some(b'=') if name > 0 => Some(NotJson::WebForm),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CertificateForm, Unread};
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
            ("{\"name\": }", Other),
            ("@form.json", Other),
            ("%", Other),
        ] {
            let unread = CertificateForm::from_json(text.as_bytes()).expect_err(text);
            let Unread::Syntax { cause, .. } = unread else { panic!("{text}: {unread:?}") };
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
                if let Err(Unread::Syntax { cause, .. }) = CertificateForm::from_json(&changed) {
                    let is_notation = matches!(cause, Yaml | WebForm | Multipart | Markup | Pem);
                    assert!(at == 0 || !is_notation, "{}: {cause:?}", String::from_utf8_lossy(&changed));
                }
            }
        }
    }
}
