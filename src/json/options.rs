//! What a call may be told, and why there is no answer.

use serde::{Deserialize, Deserializer};
use thiserror::Error;
use time::OffsetDateTime;

use crate::policy::{At, Policy, PolicySettings};
use crate::rules::catalogue::PolicyError;
use crate::target::Profile;
use crate::tell::language::Language;

/// What a call may be told beside its input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The time of the check.
    pub at: At,
    /// The limits and severities.
    pub policy: Policy,
    /// The targets whose answer [`check`](super::check) foretells.
    pub targets: Vec<&'static Profile>,
    /// What the sentences of an answer are told in.
    pub language: Language,
}

impl Options {
    /// The default policy, at that time.
    pub fn new(at: impl Into<At>) -> Self {
        Self { at: at.into(), policy: Policy::default(), targets: Vec::new(), language: Language::default() }
    }

    /// Reads `{"at": …, "policy": {…}, "targets": […], "language": …}`, where each may be left out; an empty text is `{}`. `at` is a time in RFC 3339, or `null`:
    /// whether certificates are valid is then not evaluated. Without `at` the time is `now`. The policy has the names of [`PolicySettings`]. The
    /// targets are names of those that are built in, which needs the feature `targets`; `all` means all of them. The
    /// language is the code of one that is built in: `en`, or with the feature `chinese` also `zh`.
    ///
    /// # Errors
    /// Where the text is something else. The error quotes no value: it may be a key, given by mistake.
    pub fn from_json(json: &[u8], now: impl Into<At>) -> Result<Self, JsonError> {
        if json.trim_ascii().is_empty() {
            return Ok(Self::new(now));
        }
        let given: Given = serde_json::from_slice(json).map_err(|error| JsonError::of_options(&error))?;
        let policy = Policy::new(given.policy).map_err(|error| match error {
            PolicyError::UnknownRule { .. } => JsonError::UnknownRule,
            error => JsonError::Policy(error),
        })?;
        let named = given.targets.iter().map(|name| named(name).ok_or(JsonError::UnknownTarget));
        let targets = named.collect::<Result<Vec<_>, _>>()?.concat();
        let named =
            given.language.as_deref().map(|code| Language::find(code).ok_or(JsonError::UnknownLanguage));
        let language = named.transpose()?.unwrap_or_default();
        Ok(Self { at: given.at.unwrap_or(now.into()), policy, targets, language })
    }
}

/// The options as they are given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Given {
    #[serde(default, deserialize_with = "given_time")]
    at: Option<At>,
    #[serde(default)]
    policy: PolicySettings,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    language: Option<String>,
}

/// The built-in target of that name, or all of them; `None` where there is none.
#[cfg(feature = "targets")]
fn named(name: &str) -> Option<Vec<&'static Profile>> {
    match name {
        "all" => Some(crate::target::built_in().iter().filter(|profile| !profile.is_library()).collect()),
        name => crate::target::find(name).map(|profile| vec![profile]),
    }
}

#[cfg(not(feature = "targets"))]
fn named(_name: &str) -> Option<Vec<&'static Profile>> {
    None
}

fn given_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<At>, D::Error> {
    let time: Option<OffsetDateTime> = time::serde::rfc3339::option::deserialize(deserializer)?;
    Ok(Some(time.map_or(At::NotEvaluated, At::Time)))
}

/// Why there is no answer. No error quotes what was given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The options are not `{"at": …, "policy": {…}}`.
    #[error(r#"the options are not {{"at": "2026-06-01T00:00:00Z", "policy": {{…}}}}: line {line}, column {column}{wanted}"#)]
    Options {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What can stand there, where that is known.
        wanted: String,
    },
    /// The settings of the policy contradict each other, or cannot be.
    #[error("the policy of the options: {0}")]
    Policy(PolicyError),
    /// No rule has that code.
    #[error("no rule has that code; `rules` lists all of them")]
    UnknownRule,
    /// No target of that name is built in.
    #[error("no target of that name is built in")]
    UnknownTarget,
    /// No language of that code is built in.
    #[error("no language of that code is built in")]
    UnknownLanguage,
    /// The API has no field of that name.
    #[error("the API has no field of that name")]
    UnknownField,
    /// An answer could not be written: a fault of certgate.
    #[error("the answer could not be written as JSON: please report this as a bug")]
    Unwritten,
}

impl JsonError {
    fn of_options(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let told = error.to_string();
        // Only what serde says of our own names and types is repeated. It stands last: the text that was given comes before.
        let wanted = told.rsplit_once(", expected ").map(|(_, wanted)| wanted);
        let wanted =
            wanted.map(|wanted| wanted.rsplit_once(" at line ").map_or(wanted, |(wanted, _)| wanted));
        let wanted = wanted.map_or_else(String::new, |wanted| match wanted {
            time if time.starts_with("an RFC3339") => "; it can be a time in quotes, or null".to_owned(),
            wanted => format!("; it can be {wanted}"),
        });
        Self::Options { line, column, wanted }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;

    #[test]
    fn options_are_a_time_and_a_policy() {
        let now = datetime!(2026-06-01 0:00 UTC);
        let read = |json: &str| Options::from_json(json.as_bytes(), now);
        for json in ["", " \n", "{}", r#"{"policy": {}}"#, r#"{"at": "2026-06-01T02:00:00+02:00"}"#] {
            assert_eq!(read(json), Ok(Options::new(now)), "{json}");
        }
        assert_eq!(read(r#"{"at": null}"#), Ok(Options::new(At::NotEvaluated)));
        let strict = read(r#"{"policy": {"strict": true}, "at": "2027-01-01T00:00:00Z"}"#).unwrap();
        assert!(strict.policy.strict && strict.at == At::Time(datetime!(2027-01-01 0:00 UTC)));
    }

    #[test]
    fn what_is_wrong_with_options_is_told_without_what_was_given() {
        let begin =
            "the options are not {\"at\": \"2026-06-01T00:00:00Z\", \"policy\": {…}}: line 1, column ";
        let (mut told, mut wanted) = (Vec::new(), Vec::new());
        for (json, want) in [
            ("SECRET", format!("{begin}1")),
            (r#"["SECRET"]"#, format!("{begin}9")),
            (r#""SECRET""#, format!("{begin}8; it can be an object")),
            (
                r#"{"SECRET, expected SECRET": 1}"#,
                format!("{begin}26; it can be one of `at`, `policy`, `targets`, `language`"),
            ),
            (r#"{"at": "SECRET"}"#, format!("{begin}15")),
            (r#"{"at": 1}"#, format!("{begin}8; it can be a time in quotes, or null")),
            (r#"{"language": "SECRET"}"#, "no language of that code is built in".to_owned()),
            (r#"{"targets": ["SECRET"]}"#, "no target of that name is built in".to_owned()),
            (r#"{"policy": {"strict": "SECRET"}}"#, format!("{begin}30; it can be a boolean")),
            (
                r#"{"policy": {"severity": {"a": "SECRET"}}}"#,
                format!("{begin}38; it can be one of `note`, `warning`, `error`"),
            ),
            (
                r#"{"policy": {"severity": {"SECRET": "note"}}}"#,
                "no rule has that code; `rules` lists all of them".to_owned(),
            ),
            (
                r#"{"policy": {"rsa_max_bits": 0}}"#,
                "the policy of the options: `rsa_max_bits` is 0; 1 to 8192 is allowed".to_owned(),
            ),
        ] {
            let error = Options::from_json(json.as_bytes(), At::NotEvaluated).unwrap_err();
            assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
            told.push((json, error.to_string()));
            wanted.push((json, want));
        }
        assert_eq!(told, wanted);
    }
}
