//! The policy of a command: the reference page, then `--policy`, then `--at` and the severity flags.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use certgate::{Policy, PolicyError, PolicySettings, Severity, catalogue};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::{Clock, PolicyArgs};
use crate::failure::{About, Failure};
use crate::{explain, input, usage};

/// The largest policy file, in bytes.
const MOST: usize = 1 << 20;

/// Builds the policy that the arguments ask for.
pub(crate) fn read(arguments: &PolicyArgs) -> Result<(Policy, Clock), Failure> {
    let (mut settings, time, lines) = match &arguments.policy {
        Some(path) => read_file(path)?,
        None => Default::default(),
    };
    // A policy file may carry a time of its own.
    let clock = arguments.at.or(time.map(Clock::Time)).unwrap_or(Clock::Now);
    arguments.hosts.iter().try_for_each(|host| is_host(host))?;
    settings.hosts.extend(arguments.hosts.iter().cloned());
    settings.expiry_warning_days = arguments.expires_within.or(settings.expiry_warning_days);
    settings.strict |= arguments.is_strict();
    for (code, severity) in arguments.by_code() {
        settings.severity.insert(code.clone(), *severity);
    }
    match Policy::new(settings.clone()) {
        Ok(policy) => Ok((policy, clock)),
        Err(error) => {
            let (code, what) = fault(error, &settings);
            let is_flag = arguments.by_code().any(|(flag, _)| Some(flag) == code.as_ref());
            let file = arguments.policy.as_deref().filter(|_| !is_flag).map(usage::name_of);
            let file = file.map_or_else(String::new, |file| format!("{file}: "));
            let line = code.filter(|_| !is_flag).and_then(|code| lines.get(&code).copied());
            let line = line.map_or_else(String::new, |line| format!(" (line {line})"));
            Err(Failure::new(About::Policy, format!("{file}{what}{line}")))
        }
    }
}

/// # Errors
/// The value of `--host` is not a host, with the one that is meant where that is seen.
fn is_host(host: &str) -> Result<(), Failure> {
    let is = |host: &str| {
        let mut settings = PolicySettings::default();
        settings.hosts.push(host.to_owned());
        Policy::new(settings).is_ok()
    };
    if is(host) {
        return Ok(());
    }
    let rest = host.split_once("://").map_or(host, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let alone = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    let meant = [rest, alone].into_iter().find(|meant| is(meant) && usage::may_be_repeated(meant));
    let text = match meant {
        Some(meant) => format!("--host takes a name alone, without scheme, port or path: `--host {meant}`"),
        None => "--host takes a DNS name, such as www.example.com, or an address".to_owned(),
    };
    Err(Failure::new(About::Usage, text))
}

/// What makes no sense in the settings, and the rule's code where it is a severity.
fn fault(error: PolicyError, settings: &PolicySettings) -> (Option<String>, String) {
    match error {
        PolicyError::UnknownRule { code } => {
            // As it was given: the error has it escaped.
            let excepted = settings.exceptions.iter().map(|exception| &exception.rule);
            let given = settings.severity.keys().chain(excepted).find(|code| catalogue::find(code).is_none());
            let code = given.unwrap_or(&code);
            (Some(code.clone()), explain::unknown(code))
        }
        error @ PolicyError::NotSoft { code, .. } => (
            Some(code.to_owned()),
            format!("{error}; `certgate rules` marks as soft the rules whose severity can be lowered"),
        ),
        error => (None, error.to_string()),
    }
}

/// The options that made a policy, for a command to paste.
pub(crate) fn words(arguments: &PolicyArgs) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(arguments.at.map(|at| match at {
        Clock::Now => "--at now".to_owned(),
        Clock::None => "--at none".to_owned(),
        Clock::Time(time) => format!("--at {}", format_time(time)),
    }));
    let file = arguments.policy.as_deref().map(|path| input::path_word(path, "POLICY.toml"));
    words.extend(file.map(|file| format!("--policy {file}")));
    words.extend(arguments.hosts.iter().map(|host| input::value_words("--host", host, "HOST")));
    words.extend(arguments.expires_within.map(|days| format!("--expires-within {days}d")));
    if arguments.is_strict() {
        words.push("--strict".to_owned());
    }
    for (code, severity) in arguments.by_code() {
        let flag = match severity {
            Severity::Error => "--deny",
            Severity::Warning => "--warn",
            Severity::Note => "--allow",
        };
        words.push(format!("{flag} {code}"));
    }
    words
}

/// The line of each rule of `[severity]`, and of those that only `[[exceptions]]` names.
type Lines = BTreeMap<String, usize>;

fn read_file(path: &Path) -> Result<(PolicySettings, Option<OffsetDateTime>, Lines), Failure> {
    let name = usage::name_of(path);
    let bytes = input::read(path, MOST)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Failure::new(About::Policy, format!("{name} is not TOML text: give a policy file in UTF-8"))
    })?;
    let (settings, time) =
        parse(text).map_err(|(what, place)| Failure::new(About::Policy, format!("{name}: {what}{place}")))?;
    Ok((settings, time, lines(text)))
}

fn lines(text: &str) -> Lines {
    #[derive(Default, Deserialize)]
    struct Spans {
        #[serde(default)]
        severity: BTreeMap<String, toml::Spanned<Severity>>,
        #[serde(default)]
        exceptions: Vec<Exception>,
    }
    #[derive(Deserialize)]
    struct Exception {
        rule: toml::Spanned<String>,
    }
    let Spans { severity, exceptions } = toml::from_str(text).unwrap_or_default();
    let line = |at: usize| input::line_and_column(text.as_bytes(), at).0;
    let mut lines: Lines =
        severity.into_iter().map(|(code, severity)| (code, line(severity.span().start))).collect();
    for Exception { rule } in exceptions {
        let at = line(rule.span().start);
        lines.entry(rule.into_inner()).or_insert(at);
    }
    lines
}

/// Reads the settings of a policy and the time of the check, where the file has one. An error
/// gives only the place: the text of the parser's error may quote a key that was given by mistake.
fn parse(text: &str) -> Result<(PolicySettings, Option<OffsetDateTime>), (String, String)> {
    let placed = |what: String, span: Option<Range<usize>>| {
        let place = span.map_or_else(String::new, |span| {
            let (line, column) = input::line_and_column(text.as_bytes(), span.start);
            format!(" (line {line}, column {column})")
        });
        (what, place)
    };
    text.parse::<toml::Table>().map_err(|error| {
        let twice = error.message().starts_with("duplicate key");
        let what = if twice { "an option is given twice" } else { "the text is not TOML" };
        placed(what.to_owned(), error.span())
    })?;
    let Timed { time } = toml::from_str(text).unwrap_or_default();
    let (mut rest, mut at) = (text.to_owned(), None);
    if let Some(time) = time {
        let given = time.as_ref().as_str().and_then(|time| OffsetDateTime::parse(time, &Rfc3339).ok());
        let no_time = || placed(mismatch("no time"), Some(time.span()));
        at = Some(given.ok_or_else(no_time)?);
        rest = blank_line(text, &time.span());
    }
    let settings = toml::from_str(&rest).map_err(|error| placed(mismatch(error.message()), error.span()))?;
    Ok((settings, at))
}

/// The one option of a file that is no part of the policy.
#[derive(Default, Deserialize)]
struct Timed {
    #[serde(default)]
    time: Option<toml::Spanned<toml::Value>>,
}

/// The text with blanks for a value and its key before it on the line: all else stays in its place.
fn blank_line(text: &str, value: &Range<usize>) -> String {
    let start =
        text.get(..value.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let blank = |(at, character): (usize, char)| match character {
        '\n' | '\r' => character,
        _ if (start..value.end).contains(&at) => ' ',
        _ => character,
    };
    text.char_indices().map(blank).collect()
}

/// What serde's message says of the policy's types; what it says of the text before that is left out.
fn mismatch(message: &str) -> String {
    // The last one: the text of the file comes before.
    let wanted = message.rsplit_once(", expected ").map(|(_, wanted)| wanted.trim_start_matches("one of "));
    match wanted {
        Some(options) if options.contains("`reason`") => {
            format!("an exception has no option of this name; there are {options}")
        }
        Some(options) if message.starts_with("unknown field") => {
            format!("the policy has no option of this name; there are `time`, {options}")
        }
        Some("a sequence") if message.starts_with("invalid type: map") => {
            "exceptions are a list: write [[exceptions]] above each of them".to_owned()
        }
        Some(wanted) => format!("the value is wrong: the option takes {}", in_words(wanted)),
        // The names are ours.
        None if message.starts_with("missing field") => {
            "an exception lacks one of `certificate`, `rule`, `until` and `reason`".to_owned()
        }
        // Only times are read further than by their type.
        None => format!("the value is wrong: the option takes {}", in_words("an RFC3339")),
    }
}

/// A type as serde names it, in words.
fn in_words(wanted: &str) -> &str {
    match wanted {
        "usize" | "u32" => "a whole number, 0 or more",
        "a boolean" => "true or false",
        "a sequence" => "a list of texts in quotes, such as [\"1234567812345678\"]",
        "a string" => "a text in quotes",
        "a map" => "a table: write [severity], and below it lines such as \"chain-leaf-alone\" = \"error\"",
        time if time.starts_with("an RFC3339") => "a time in quotes, such as \"2026-06-01T00:00:00Z\"",
        variants => variants,
    }
}

/// A time as the reports write it.
pub(crate) fn format_time(time: OffsetDateTime) -> String {
    certgate::certificate::format_time(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_file_sets_what_it_names() {
        let policy =
            parse("rsa_min_bits = 3072\nname_letters = \"han\"\n[severity]\nsan-missing = \"error\"\n");
        let (policy, time) = policy.unwrap_or_default();
        assert_eq!(time, None);
        assert_eq!(policy.rsa_min_bits, 3072);
        assert_eq!(policy.severity.get("san-missing"), Some(&Severity::Error));
        assert_eq!(policy.name_max_characters, 50);
    }

    #[test]
    fn a_policy_file_may_have_a_time() {
        let text = "rsa_min_bits = 3072\ntime = \"2026-06-01T00:00:00Z\" # then\nrsa_max_bits = 4096\n";
        let (policy, time) = parse(text).unwrap_or_default();
        assert_eq!((policy.rsa_min_bits, policy.rsa_max_bits), (3072, 4096));
        assert_eq!(time.map(OffsetDateTime::unix_timestamp), Some(1_780_272_000));
    }

    #[test]
    fn entries_are_found_by_line() {
        let lines = lines("name_min_characters = 3\n[severity]\n\na = \"note\"\n\"b c\" = \"error\"\n");
        assert_eq!(lines, Lines::from([("a".to_owned(), 4), ("b c".to_owned(), 5)]));
    }

    #[test]
    fn what_is_wrong_with_a_policy_file_is_reported_by_place() {
        let no_value = "the value is wrong: the option takes ";
        for (text, what, place) in [
            ("\nrsa_min_bits = \"x\"", "a whole number, 0 or more", " (line 2, column 16)"),
            ("rsa_min_bits = -1", "a whole number, 0 or more", " (line 1, column 16)"),
            ("name_letters = \"x, expected y\"", "`ascii` or `han`", " (line 1, column 16)"),
            ("[severity]\na = \"fatal\"", "`note`, `warning`, `error`", " (line 2, column 5)"),
            ("time = \"x\"", "a time in quotes, such as \"2026-06-01T00:00:00Z\"", " (line 1, column 8)"),
            (
                "time = 2026-06-01",
                "a time in quotes, such as \"2026-06-01T00:00:00Z\"",
                " (line 1, column 8)",
            ),
            ("conflict_is_409 = 1", "true or false", " (line 1, column 19)"),
            ("sm2_ids = [1]", "a text in quotes", " (line 1, column 12)"),
        ] {
            let (got, at) = parse(text).err().unwrap_or_default();
            assert_eq!((got, at.as_str()), (format!("{no_value}{what}"), place), "{text}");
        }
        for (text, what, place) in [
            ("rsa_min_bits = 1\nrsa_min_bits = 2", "an option is given twice", " (line 2, column 1)"),
            ("-----BEGIN PRIVATE KEY-----", "the text is not TOML", " (line 1, column 12)"),
        ] {
            let (got, at) = parse(text).err().unwrap_or_default();
            assert_eq!((got.as_str(), at.as_str()), (what, place), "{text}");
        }
        let (got, at) = parse("a = 1").err().unwrap_or_default();
        let start = "the policy has no option of this name; there are `time`, `name_min_characters`, ";
        assert!(
            got.starts_with(start) && got.ends_with("`rules_as_of`, `strict`, `severity`, `exceptions`"),
            "{got}"
        );
        assert_eq!(at, " (line 1, column 1)");
    }
}
