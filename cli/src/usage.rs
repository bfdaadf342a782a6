//! What clap has to say, in one line, and what of the arguments may be repeated: any of them may be a key that was pasted.
//!
//! An argument that is not a path is repeated where it has at most 40 characters, and what is in it of base64 and base64url, read without
//! what is between, gives no 12 characters that may be of a key: upper case, lower case and digits together, or 12 hexadecimal digits
//! in a row, letters and digits among them. The name of a file that is there is repeated; one that is not is repeated unless it holds a
//! run of 32 such characters, blanks and line ends left out. No text with a PEM marker is repeated. The code of a rule in a policy file is
//! an argument too.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::{About, Failure};
use crate::{Outcome, print, style};

/// Help and version go to standard output; a usage error is one line.
pub(crate) fn answer(error: &clap::Error, arguments: &[OsString]) -> Result<Outcome, Failure> {
    let rendered = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text =
                if style::colour_stdout() { rendered.ansi().to_string() } else { rendered.to_string() };
            print(&text)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(std::io::stderr(), "{rendered}");
            Err(Failure::new(About::Usage, "give a command, such as `certgate check FORM.json`"))
        }
        _ => {
            let line = if may_be_said(error) { one_line(&rendered.to_string()) } else { unsaid(error) };
            Err(Failure::new(About::Usage, format!("{line}; see `{} --help`", command_of(arguments))))
        }
    }
}

/// Whether all that clap repeats of the arguments may be repeated.
fn may_be_said(error: &clap::Error) -> bool {
    let given = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand, ContextKind::InvalidValue];
    given.into_iter().filter_map(|kind| error.get(kind)).all(|value| match value {
        ContextValue::String(text) => may_be_repeated(text),
        ContextValue::Strings(texts) => texts.iter().all(|text| may_be_repeated(text)),
        _ => true,
    })
}

/// A usage error without what was given. The option is named where it is one of ours.
fn unsaid(error: &clap::Error) -> String {
    match (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue)) {
        (Some(ContextValue::String(option)), Some(_)) if may_be_repeated(option) => {
            format!("the value given for '{option}' is wrong, and {UNSAID}")
        }
        _ => format!("an argument is wrong, and {UNSAID}: give file names and short values"),
    }
}

/// Said instead of repeating an argument.
pub(crate) const UNSAID: &str = "not shown here, because it may be part of a key";

/// Whether an argument that is not a path may be repeated.
pub(crate) fn may_be_repeated(text: &str) -> bool {
    const LONGEST: usize = 40;
    let pieces: String = text.chars().filter(|&character| is_base64(character)).collect();
    text.chars().count() <= LONGEST && !has_marker(text) && !may_be_of_a_key(&pieces)
}

/// Whether the name of a file that is not there may be repeated.
fn path_may_be_repeated(path: &str) -> bool {
    const RUN: usize = 32;
    // A slash is base64 too, and parts names that are harmless by themselves.
    let is_harmless = |run: &str| run.len() < RUN || !run.split('/').any(may_be_of_a_key);
    let joined: String = path.split_whitespace().collect();
    !has_marker(path) && joined.split(|character| !is_base64(character)).all(is_harmless)
}

/// A file's name for a message: never a key that was pasted in its place.
pub(crate) fn name_of(path: &Path) -> String {
    let name = path.display().to_string();
    match name.as_str() {
        "-" => "standard input".to_owned(),
        _ if !path.exists() && !path_may_be_repeated(&name) => format!("a file (its name is {UNSAID})"),
        _ => style::escape(&name),
    }
}

fn has_marker(text: &str) -> bool {
    text.contains("-----")
}

/// The letters of base64 and of base64url, and the padding (RFC 4648, sections 4 and 5).
fn is_base64(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/=-_".contains(character)
}

/// Whether a run of base64 is long and mixed enough to be a piece of a key, as base64 or as hexadecimal digits.
fn may_be_of_a_key(run: &str) -> bool {
    const SHORTEST: usize = 12;
    let has = |text: &str, class: fn(&char) -> bool| text.chars().any(|character| class(&character));
    let is_mixed = has(run, char::is_ascii_uppercase)
        && has(run, char::is_ascii_lowercase)
        && has(run, char::is_ascii_digit);
    let is_hex = |part: &str| {
        part.len() >= SHORTEST && has(part, char::is_ascii_digit) && has(part, char::is_ascii_alphabetic)
    };
    let mut hex = run.split(|character: char| !character.is_ascii_hexdigit());
    run.len() >= SHORTEST && (is_mixed || hex.any(is_hex))
}

fn one_line(text: &str) -> String {
    // That an option could be meant as a value is no tip for anybody.
    let is_tip_on_values = |line: &str| line.starts_with("tip: to pass ");
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:"))
        .filter(|line| !is_tip_on_values(line));
    let mut out = String::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")) {
        match line {
            _ if out.is_empty() => {}
            _ if line.starts_with("tip:") => out.push_str("; "),
            _ => out.push(' '),
        }
        out.push_str(line.strip_prefix("error: ").unwrap_or(line));
    }
    out
}

/// Whether the arguments ask for JSON. They may be wrong, so that no parser has read them.
pub(crate) fn asks_for_json(arguments: &[OsString]) -> bool {
    let is = |argument: &OsString, word: &str| argument.to_str() == Some(word);
    let pair = |pair: &[OsString]| matches!(pair, [flag, value] if is(flag, "--format") && is(value, "json"));
    arguments.iter().any(|argument| is(argument, "--format=json")) || arguments.windows(2).any(pair)
}

fn command_of(arguments: &[OsString]) -> String {
    let known = <crate::args::Cli as clap::CommandFactory>::command();
    let name = arguments.get(1).and_then(|argument| argument.to_str());
    match name.filter(|name| known.find_subcommand(name).is_some()) {
        Some(name) => format!("certgate {name}"),
        None => "certgate".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_of_a_key_is_not_repeated() {
        for (text, want) in [
            ("cert-expird", true),
            ("match-key-contradicts-itselv", true),
            ("2026-13-01T00:00:00Z", true),
            ("--sign-cert <FILE>", true),
            ("MIGHAgEAMBM", true),
            ("MIGHAgEAMBM1", false),
            ("rMfinUqP-TKq_R1", false),
            ("rMfinUqP.TKqR1DMK", false),
            ("rMfinUqP TKqR1DMK\nbqAJ4K3c", false),
            ("{\"d\":\"rMfinUqPTKqR-DMK3bq\"}", false),
            ("a27be832f2e", true),
            ("a27be832f2e9", false),
            ("a2:7b:e8:32:f2:e9", false),
            ("123456789012", true),
            ("abcdefabcdef", true),
            ("-----BEGIN PRIVATE", false),
            (&"a".repeat(40), true),
            (&"a".repeat(41), false),
            (&"\u{4e2d}".repeat(40), true),
        ] {
            assert_eq!(may_be_repeated(text), want, "{text}");
        }
    }

    #[test]
    fn file_names_are_repeated_unless_a_key_was_pasted() {
        for (path, want) in [
            ("/etc/ssl/private/www.example.com.key", true),
            ("/home/Alice/projects/2026/certificates/renewed/form.json", true),
            ("Certificate-2026-renewed.pem", true),
            ("rMfinUqPTKqR-DMK3bqAJ4K3c44dYM9", true),
            ("rMfinUqPTKqR-DMK3bqAJ4K3c44dYM9m", false),
            ("rMfinUqPTKqR_DMK3bq/J4K3c44dYM9m4", false),
            ("x y:rMfinUqPTKqR-DMK3bqAJ4K3c44dYM9m4_Xy01abcd.json", false),
            ("3f1c9a27be832f2e9441c8127fe48e3b5ac67d", false),
            ("rMfinUqP TKqR1DMK\nbqAJ4K3c 44dYM9m4", false),
            ("-----BEGIN PRIVATE KEY-----", false),
        ] {
            assert_eq!(path_may_be_repeated(path), want, "{path}");
        }
        let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert_eq!(name_of(&there), there.display().to_string());
        assert_eq!(name_of(Path::new("-")), "standard input");
    }

    #[test]
    fn usage_errors_fit_on_one_line() {
        let text = "error: unexpected argument '--fomat' found\n\n  tip: a similar argument exists: '--format'\n\nUsage: x\n\nFor more information, try '--help'.\n";
        assert_eq!(
            one_line(text),
            "unexpected argument '--fomat' found; tip: a similar argument exists: '--format'"
        );
    }
}
