//! What clap has to say, in one line, and never with key material that was pasted as an argument.

use std::ffi::OsString;
use std::io::Write;

use clap::error::ErrorKind;

use crate::failure::Failure;
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
            Err(Failure::new("give a command, such as `certgate check FORM.json`"))
        }
        _ => {
            let line = one_line(&rendered.to_string());
            if looks_like_key_material(&line) {
                return Err(Failure::new(PASTED));
            }
            Err(Failure::new(format!("{line}; see `{} --help`", command_of(arguments))))
        }
    }
}

/// Said instead of repeating an argument that may be a key.
pub(crate) const PASTED: &str = "an argument looks like PEM or base64 text where a file name or a short value is wanted: \
                                 write the text to a file and give the file's name";

/// Whether a text may be key material rather than a name: a PEM marker, or a long run of base64.
pub(crate) fn looks_like_key_material(text: &str) -> bool {
    const SHORTEST: usize = 40;
    let mut run = 0_usize;
    text.contains("-----")
        || text.chars().any(|character| {
            let base64 = character.is_ascii_alphanumeric() || matches!(character, '+' | '=' | '/');
            run = if base64 { run.saturating_add(1) } else { 0 };
            run >= SHORTEST
        })
}

fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
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
    fn key_material_is_told_from_names() {
        for (text, want) in [
            ("/etc/ssl/private/www.example.com.key", false),
            ("a27be832f2e9441c8127fe48e3b5ac67", false),
            ("-----BEGIN PRIVATE KEY-----", true),
            ("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", true),
        ] {
            assert_eq!(looks_like_key_material(text), want, "{text}");
        }
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
