//! What is said of the rules themselves.

use serde::{Serialize, Serializer};

use super::{JsonError, SCHEMA, text};
use crate::rule::{ApiCode, Hides, Mend, Rule, Severity, Stage, Status};
use crate::rules::catalogue;
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
    #[derive(Serialize)]
    struct Shown<'r> {
        schema: u8,
        #[serde(flatten)]
        rule: &'r Rule,
    }
    let rule = catalogue::find(code).ok_or(JsonError::UnknownRule)?;
    text(&Shown { schema: SCHEMA, rule })
}

/// All rules, in the order of the stages that check them: what `certgate rules --format json` prints.
///
/// # Errors
/// As [`check`].
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
        #[derive(Serialize)]
        struct Shown {
            code: &'static str,
            severity: Severity,
            soft: bool,
            stage: Stage,
            api_code: ApiCode,
            api_msg: &'static str,
            summary: &'static str,
            hint: &'static str,
            why: &'static str,
            citations: &'static [&'static str],
            hides: &'static [Hides],
            mend: Option<Mend>,
            since: &'static str,
            raised: Option<Raised>,
            refused_before: bool,
            status: Status,
        }
        Shown {
            code: self.code,
            severity: self.severity,
            soft: self.soft,
            stage: self.stage,
            api_code: self.api,
            api_msg: self.api.message(),
            summary: self.summary,
            hint: self.hint,
            why: self.why,
            citations: self.citations,
            hides: self.hides,
            mend: self.mend,
            since: self.since,
            raised: self.raised,
            refused_before: self.refused_before,
            status: self.status,
        }
        .serialize(serializer)
    }
}
