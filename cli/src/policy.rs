//! The policy of a command: the reference page, then `--policy`, then `--at` and the severity flags.

use std::path::Path;

use certgate::{Policy, catalogue};
use time::OffsetDateTime;

use crate::args::{At, PolicyArgs};
use crate::failure::Failure;
use crate::{input, usage};

/// The largest policy file, in bytes.
const MOST: usize = 1 << 20;

/// Builds the policy that the arguments ask for.
pub(crate) fn read(arguments: &PolicyArgs) -> Result<Policy, Failure> {
    let mut policy = match &arguments.policy {
        Some(path) => read_file(path)?,
        None => Policy::default(),
    };
    match arguments.at {
        Some(At::None) => policy.time = None,
        Some(At::Time(time)) => policy.time = Some(time),
        Some(At::Now) => policy.time = Some(now()),
        // A policy file may carry a time of its own.
        None => policy.time = policy.time.or_else(|| Some(now())),
    }
    for (code, severity) in &arguments.severities.0 {
        policy.severity.insert(code.clone(), *severity);
    }
    catalogue::check_policy(&policy).map_err(|error| match error {
        catalogue::PolicyError::UnknownRule { code } if usage::looks_like_key_material(&code) => {
            Failure::new("no rule has a code as long as that: `certgate rules` lists them all")
        }
        catalogue::PolicyError::UnknownRule { code } => {
            Failure::new(format!("no rule has the code `{code}`{}", crate::explain::suggestion(&code)))
        }
        error => Failure::new(format!("{error}; `certgate rules` lists which rules are soft")),
    })?;
    Ok(policy)
}

/// The time of the computer, in whole seconds.
fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

fn read_file(path: &Path) -> Result<Policy, Failure> {
    let name = path.display();
    let bytes = input::read(path, MOST)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::new(format!("{name} is no TOML text: give a policy file in UTF-8")))?;
    parse(text).map_err(|(what, place)| Failure::new(format!("{name}: {what}{place}")))
}

/// Reads a policy. What is wrong is told by place: the text of the parser's error may quote a key that was given by mistake.
fn parse(text: &str) -> Result<Policy, (&'static str, String)> {
    let told = |what, error: &toml::de::Error| {
        let place = error.span().map_or_else(String::new, |span| {
            let (line, column) = input::line_and_column(text.as_bytes(), span.start);
            format!(" (line {line}, column {column})")
        });
        (what, place)
    };
    text.parse::<toml::Table>().map_err(|error| {
        let twice = error.message().starts_with("duplicate key");
        told(if twice { "an option is given twice" } else { "the text is no TOML" }, &error)
    })?;
    toml::from_str(text).map_err(|error| {
        let unknown = error.message().starts_with("unknown field");
        told(
            if unknown {
                "the policy has no option of this name"
            } else {
                "the option cannot have this value"
            },
            &error,
        )
    })
}

/// A time as the reports write it.
pub(crate) fn format_time(time: OffsetDateTime) -> String {
    certgate::certificate::format_time(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use certgate::Severity;

    #[test]
    fn a_policy_file_sets_what_it_names() {
        let policy =
            parse("rsa_min_bits = 3072\nname_letters = \"han\"\n[severity]\nsan-missing = \"error\"\n");
        let policy = policy.unwrap_or_default();
        assert_eq!(policy.rsa_min_bits, 3072);
        assert_eq!(policy.severity.get("san-missing"), Some(&Severity::Error));
        assert_eq!(policy.name_max_characters, 50);
    }

    #[test]
    fn what_is_wrong_with_a_policy_file_is_told_by_place() {
        for (text, what, place) in [
            ("a = 1", "the policy has no option of this name", " (line 1, column 1)"),
            ("\nrsa_min_bits = \"x\"", "the option cannot have this value", " (line 2, column 16)"),
            ("name_letters = \"x\"", "the option cannot have this value", " (line 1, column 16)"),
            ("[severity]\na = \"fatal\"", "the option cannot have this value", " (line 2, column 5)"),
            ("time = \"x\"", "the option cannot have this value", " (line 1, column 8)"),
            ("rsa_min_bits = 1\nrsa_min_bits = 2", "an option is given twice", " (line 2, column 1)"),
            ("-----BEGIN PRIVATE KEY-----", "the text is no TOML", " (line 1, column 12)"),
        ] {
            let (got, at) = parse(text).err().unwrap_or_default();
            assert_eq!((got, at.as_str()), (what, place), "{text}");
        }
    }
}
