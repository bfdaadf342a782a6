//! What is said of the rules themselves.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::{JsonError, SCHEMA, text};
use crate::rule::{ApiCode, Hides, Mend, Rule, Severity, Stage, Status};
use crate::rules::catalogue;
use crate::tell::language::Language;
use crate::version::Raised;

/// The page of one rule: what is wrong, why the rule exists, what to do, and where it is written.
///
/// # Errors
/// [`JsonError::UnknownRule`].
///
/// ```
/// let page = certgate::json::explain("match-other-key")?;
/// assert!(page.starts_with(r#"{"schema":1,"code":"match-other-key","severity":"error","#));
/// # Ok::<(), certgate::json::JsonError>(())
/// ```
pub fn explain(code: &str) -> Result<String, JsonError> {
    explain_in(code, Language::English)
}

/// As [`explain`], with summary and hint in that language. Why the rule exists is told in English.
///
/// # Errors
/// As [`explain`].
///
/// ```
/// use certgate::{Language, json};
///
/// assert_eq!(json::explain_in("match-other-key", Language::English)?, json::explain("match-other-key")?);
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn explain_in(code: &str, language: Language) -> Result<String, JsonError> {
    #[derive(Serialize)]
    struct Page {
        schema: u8,
        #[serde(flatten)]
        rule: Shown,
    }
    let rule = catalogue::find(code).ok_or(JsonError::UnknownRule)?;
    text(&Page { schema: SCHEMA, rule: Shown::of(rule, language) })
}

/// All rules, in the order of the stages that check them: what `certgate rules --format json` prints.
///
/// # Errors
/// As [`check`](super::check).
///
/// ```
/// let rules = certgate::json::rules()?;
/// assert!(rules.starts_with(r#"{"schema":1,"rules":[{"code":"#));
/// # Ok::<(), certgate::json::JsonError>(())
/// ```
pub fn rules() -> Result<String, JsonError> {
    #[derive(Serialize)]
    struct Shown {
        schema: u8,
        rules: &'static [&'static Rule],
    }
    text(&Shown { schema: SCHEMA, rules: catalogue::all() })
}

/// An object with all of it; `api_code` and `api_msg` are what the API answers.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown::of(self, Language::English).serialize(serializer)
    }
}

/// What the JSON shows of a rule.
#[derive(Serialize)]
struct Shown {
    code: &'static str,
    severity: Severity,
    soft: bool,
    stage: Stage,
    api_code: ApiCode,
    api_msg: &'static str,
    summary: Cow<'static, str>,
    hint: Cow<'static, str>,
    why: &'static str,
    citations: &'static [&'static str],
    hides: &'static [Hides],
    mend: Option<Mend>,
    since: &'static str,
    raised: Option<Raised>,
    refused_before: bool,
    status: Status,
}

impl Shown {
    fn of(rule: &Rule, language: Language) -> Self {
        Self {
            code: rule.code,
            severity: rule.severity,
            soft: rule.soft,
            stage: rule.stage,
            api_code: rule.api,
            api_msg: rule.api.message(),
            summary: rule.summary_in(language),
            hint: rule.hint_in(language),
            why: rule.why,
            citations: rule.citations,
            hides: rule.hides,
            mend: rule.mend,
            since: rule.since,
            raised: rule.raised,
            refused_before: rule.refused_before,
            status: rule.status,
        }
    }
}
