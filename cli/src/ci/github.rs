//! Annotations of GitHub: commands that a workflow prints (docs.github.com, "Workflow commands for GitHub Actions").

use certgate::Severity;

use super::{Checks, path_of, words};

pub(super) fn text(checks: &Checks<'_>) -> String {
    let mut out = String::new();
    for (finding, place) in checks.forms.iter().flat_map(|form| form.findings()) {
        let mut properties = Vec::new();
        properties.extend(place.file.as_deref().map(|file| format!("file={}", property(&path_of(file)))));
        properties.extend(place.line.map(|line| format!("line={line}")));
        properties.extend(place.column.map(|column| format!("col={column}")));
        properties.push(format!("title={}", property(&format!("certgate {}", finding.code()))));
        out.push_str(&line(command(finding.severity), &properties.join(","), &words(finding)));
    }
    for form in &checks.forms {
        for told in form.told() {
            let title = property(&format!("certgate {}", told.title));
            let properties = format!("file={},title={title}", property(&path_of(&told.file)));
            out.push_str(&line(command(told.severity), &properties, &told.text));
        }
    }
    for left in checks.left_out.iter().filter(|left| left.is_fault()) {
        let file = left.file().map(|file| format!("file={},", property(&path_of(file)))).unwrap_or_default();
        out.push_str(&line("error", &format!("{file}title=certgate"), &left.to_string()));
    }
    out
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

fn line(command: &str, properties: &str, message: &str) -> String {
    format!("::{command} {properties}::{}\n", data(message))
}

/// A message as a command takes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property as a command takes it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(line("error", &property("a:b,c%"), "1%\r\n::2"), "::error a%3Ab%2Cc%25::1%25%0D%0A::2\n");
    }
}
