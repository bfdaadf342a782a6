//! Where a finding is in the person's own file.

use std::path::Path;

use certgate::{Field, Finding};

use crate::input::{self, Input};
use crate::repaired::Members;
use crate::usage;

/// A file, a line and a column, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: Option<String>,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
}

impl Place {
    /// The place of a finding whose location names the file and counts in it, as it is, or in something inside of it, which has no lines there.
    pub(crate) fn in_file(finding: &Finding) -> Self {
        let location = &finding.location;
        let is_of_the_file = location.file.is_some() && location.inside.len() < 2;
        Self {
            file: location.file.clone(),
            line: location.line.filter(|_| is_of_the_file),
            column: location.column.filter(|_| is_of_the_file),
        }
    }

    /// The place of each finding in a JSON form: in the text of its field, escapes counted as they are written.
    pub(crate) fn in_form(findings: &[Finding], path: &Path, form: &Input) -> Vec<Self> {
        let json: &[u8] = &form.json;
        let file = usage::name_of(path);
        let fields = fields(json);
        let place = |finding: &Finding| {
            let location = &finding.location;
            let start = fields.iter().find(|(field, _, _)| Some(*field) == location.field);
            let offset = start.map(|(_, start, value)| {
                start.saturating_add(written(value, location.line.unwrap_or(1), location.column.unwrap_or(1)))
            });
            let (line, column) = offset.map(|offset| input::line_and_column(json, offset)).unzip();
            Self { file: Some(file.clone()), line, column }
        };
        findings.iter().map(place).collect()
    }
}

/// The text of each field as it is written in a JSON object, and where it begins.
fn fields(json: &[u8]) -> Vec<(Field, usize, &str)> {
    let Ok(Members(members)) = serde_json::from_slice(json) else { return Vec::new() };
    let start = json.as_ptr().addr();
    let of_field = members.into_iter().filter_map(|(name, value)| {
        let value = value.get();
        Some((Field::from_name(&name)?, value.as_ptr().addr().checked_sub(start)?, value))
    });
    of_field.collect()
}

/// How many bytes into a JSON string its text has a line and a column; 0 where it has not.
fn written(json: &str, line: usize, column: usize) -> usize {
    let (mut at_line, mut at_column, mut after_return) = (1_usize, 1_usize, false);
    let mut characters = json.char_indices().skip_while(|(_, character)| *character == '"');
    while let Some((at, character)) = characters.next() {
        // The line feed of a line end that began before is on no line.
        let is_rest = after_return && json.get(at..).is_some_and(|rest| rest.starts_with(r"\n"));
        if (at_line, at_column) == (line, column) && !is_rest {
            // The opening quote is where the text begins.
            return if (line, column) == (1, 1) { 0 } else { at };
        }
        let decoded = if character == '\\' { characters.next().map(|(_, next)| next) } else { None };
        if decoded == Some('u') {
            let _ = characters.nth(3);
        }
        match decoded {
            Some('n') if is_rest => {}
            Some('n' | 'r') => (at_line, at_column) = (at_line.saturating_add(1), 1),
            _ => at_column = at_column.saturating_add(1),
        }
        after_return = decoded == Some('r');
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_text_is_found_in_its_json() {
        let json = r#""ab\ncd\r\n\u4e2d\"x\ry""#;
        for (line, column, rest) in [
            (1, 1, json),
            (1, 2, r"b\n"),
            (2, 1, "cd"),
            (3, 1, r"\u4e2d"),
            (3, 2, r#"\"x"#),
            (4, 1, "y"),
            (9, 9, json),
        ] {
            let got = json.get(written(json, line, column)..).unwrap_or_default();
            assert!(got.starts_with(rest), "{line}, {column}: {got}");
        }
    }

    #[test]
    fn the_fields_of_a_form_are_found() {
        let json = br#"{"x":1, "name" : "a", "private_key":"b"}"#;
        let found = fields(json);
        assert_eq!(found, [(Field::Name, 17, "\"a\""), (Field::PrivateKey, 36, "\"b\"")]);
        assert_eq!(fields(b"[]"), []);
    }
}
