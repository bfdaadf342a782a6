//! A text that should hold a form, and what is wrong where it does not. None of the text is in an answer: it may be a key.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::{CertificateForm, NotJson, json, plain, syntax};

/// A text that holds no form, by what is wrong with it. [`reject`](Self::reject) says it in words, with line and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread(pub(crate) Why);

/// Why a text holds no form. Lines and columns count from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// There is nothing but space.
    Empty,
    /// The text is UTF-16; JSON is UTF-8.
    Utf16,
    /// The text ends before the object does.
    Cut {
        /// The line where it ends.
        line: usize,
        /// The column where it ends.
        column: usize,
    },
    /// A line break or another control character is inside a string (RFC 8259, section 7).
    LineBreak {
        /// The line where reading stopped.
        line: usize,
        /// The column where reading stopped.
        column: usize,
    },
    /// The text is not JSON for another reason.
    Syntax {
        /// The line where reading stopped.
        line: usize,
        /// The column where reading stopped.
        column: usize,
        /// What is wrong there, or what the text is instead.
        cause: NotJson,
    },
    /// The text is JSON, but not an object.
    NotObject,
    /// The text is longer than the caller reads.
    TooLarge {
        /// What the caller reads, in bytes.
        limit: usize,
    },
}

/// The byte-order mark of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

impl Unread {
    /// A text that is longer than the caller reads, which is so many bytes.
    pub const fn too_large(limit: usize) -> Self {
        Self(Why::TooLarge { limit })
    }

    /// Whether a line break or another control character is inside a string of it (RFC 8259, section 7): PEM that was put into JSON as it is.
    pub const fn has_line_break(&self) -> bool {
        matches!(self.0, Why::LineBreak { .. })
    }
}

impl CertificateForm {
    /// Reads a form from JSON, the body of a request: UTF-8, with or without a byte-order mark.
    ///
    /// Only a text that is not a JSON object is refused. Whatever its fields hold is kept for [`validate`](crate::validate()) to judge.
    ///
    /// # Errors
    /// [`Unread`] says what is wrong and where, and never repeats the text. [`Unread::reject`] makes the rejection that answers it.
    ///
    /// ```
    /// use certgate::{At, CertificateForm, Policy};
    ///
    /// let form = CertificateForm::from_json(br#"{"name": "www_example"}"#).expect("an object");
    /// assert_eq!(form.name.as_deref(), Some("www_example"));
    ///
    /// let unread = CertificateForm::from_json(b"{\n  'name': 1}").expect_err("single quotes are not JSON");
    /// let rejected = unread.reject(&Policy::default(), At::NotEvaluated);
    /// let place = &rejected.report().findings[0].location;
    /// assert_eq!((place.line, place.column), (Some(2), Some(3)));
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Unread> {
        let text = text.strip_prefix(BOM).unwrap_or(text);
        match plain::read(text) {
            Some(form) => Ok(form),
            None => match serde_json::from_slice::<Self>(text) {
                Ok(form) if form.cert_content.is_some() && form.private_key.is_some() => Ok(form),
                Ok(form) => Ok(json::of_other_shape(text).unwrap_or(form)),
                Err(error) if error.is_data() => {
                    json::of_other_shape(text).ok_or_else(|| Unread(why(text, &error)))
                }
                Err(error) => Err(Unread(why(text, &error))),
            },
        }
    }
}

fn why(text: &[u8], error: &serde_json::Error) -> Why {
    let start = text.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let start = start.map(<[u8]>::len).fold(0, usize::saturating_add);
    let stopped = start.saturating_add(error.column().saturating_sub(1));
    let (line, column) = place(text, stopped);
    match text.trim_ascii() {
        [] => Why::Empty,
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'{', ..] | [b'{', 0, ..] => Why::Utf16,
        _ => match error.classify() {
            Category::Data => not_object(text),
            Category::Eof => Why::Cut { line, column },
            _ if syntax::notation(text).is_none() && has_line_break(text, error.line()) => {
                Why::LineBreak { line, column }
            }
            _ => Why::Syntax { line, column, cause: syntax::cause(text, stopped) },
        },
    }
}

/// A value that is not an object may itself be broken further on.
fn not_object(text: &[u8]) -> Why {
    match serde_json::from_slice::<IgnoredAny>(text) {
        Err(error) if error.classify() != Category::Data => why(text, &error),
        _ => Why::NotObject,
    }
}

/// Whether the first control character inside a string is near `stopped`, the line where reading stopped: quotes after an earlier fault
/// may pair otherwise.
fn has_line_break(text: &[u8], stopped: usize) -> bool {
    let (mut in_string, mut escaped, mut line) = (false, false, 1_usize);
    for &byte in text {
        if in_string && byte < 0x20 {
            return line.abs_diff(stopped) <= 1;
        }
        in_string ^= byte == b'"' && !escaped;
        escaped = in_string && byte == b'\\' && !escaped;
        line = line.saturating_add(usize::from(byte == b'\n'));
    }
    false
}

/// The line and the column of a byte, from 1, in characters.
fn place(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    (line, String::from_utf8_lossy(last).chars().count().saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_a_form_is_reported_by_what_is_wrong_and_where() {
        use Why::{Cut, Empty, LineBreak, NotObject, Syntax, Utf16};
        for (text, want) in [
            (&b"{\"name\": }"[..], Syntax { line: 1, column: 10, cause: NotJson::Other }),
            ("{\n  \"名\": x}".as_bytes(), Syntax { line: 2, column: 8, cause: NotJson::BareWord }),
            (b"{\"name\": a}", Syntax { line: 1, column: 10, cause: NotJson::BareWord }),
            (b"{'name': \"a\"}", Syntax { line: 1, column: 2, cause: NotJson::SingleQuotes }),
            (b"{\"name\": \"\xE9\"}", Syntax { line: 1, column: 11, cause: NotJson::NotUtf8 }),
            (b"", Empty),
            (b" \n", Empty),
            (b"\xFF\xFE{\0}\0", Utf16),
            (b"{\0\"\0", Utf16),
            (b"{\"name\": \"a", Cut { line: 1, column: 11 }),
            (b"{\"name\": 1,", Cut { line: 1, column: 11 }),
            (b"{\"name\": \"a\nb\"}", LineBreak { line: 2, column: 1 }),
            (b"{\"a\": \"\\\"x\", \"name\":\n \"a\tb\"}", LineBreak { line: 2, column: 4 }),
            (b"[1]", NotObject),
            (b"7", NotObject),
            (b"\"MIIEvQ\"", NotObject),
        ] {
            let read = CertificateForm::from_json(text).map(|_| ());
            assert_eq!(read, Err(Unread(want)), "{}", String::from_utf8_lossy(text));
        }
        assert!(CertificateForm::from_json("\u{feff}{}".as_bytes()).is_ok());
    }
}
