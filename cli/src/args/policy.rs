//! The arguments that make a policy.

use std::path::PathBuf;
use std::time::SystemTime;

use certgate::{At, Severity};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// What may differ from the reference page.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// The time of the check: an RFC 3339 time or date, `now`, or `none` to skip the check of validity [default: now]
    #[arg(long, value_name = "TIME", value_parser = Clock::parse, help_heading = "Policy")]
    pub(crate) at: Option<Clock>,
    /// Limits and severities that differ from the reference page
    #[arg(long, value_name = "FILE.toml", help_heading = "Policy")]
    pub(crate) policy: Option<PathBuf>,
    /// A host that the certificate must serve: a DNS name or an address (repeatable)
    #[arg(long = "host", value_name = "NAME", value_parser = host, help_heading = "Policy")]
    pub(crate) hosts: Vec<String>,
    /// Warn where the certificate ends within this time, such as 30d or 6w
    #[arg(long, value_name = "TIME", value_parser = days, help_heading = "Policy")]
    pub(crate) expires_within: Option<u32>,
    /// Reject where there is a warning
    #[arg(long, help_heading = "Policy")]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) severities: Severities,
}

impl PolicyArgs {
    /// Whether a warning rejects: `--strict`, or `--deny warnings` as compilers call it.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict || self.severities.0.iter().any(is_all_warnings)
    }

    /// The severities by rule, the last one for a code wins.
    pub(crate) fn by_code(&self) -> impl Iterator<Item = &(String, Severity)> {
        self.severities.0.iter().filter(|entry| !is_all_warnings(entry))
    }
}

fn is_all_warnings((code, severity): &(String, Severity)) -> bool {
    code == "warnings" && *severity == Severity::Error
}

/// A host in ASCII: a name in another script is written as DNS has it (IDNA, UTS #46).
fn host(text: &str) -> Result<String, String> {
    let is_address = text.parse::<std::net::IpAddr>().is_ok();
    if is_address || text.is_ascii() {
        return Ok(text.to_owned());
    }
    idna::domain_to_ascii(text).map_err(|_| "it is not a host name".to_owned())
}

/// Days, as `30d` or `6w`.
fn days(text: &str) -> Result<u32, String> {
    let wrong = || "give days or weeks, such as 30d or 6w".to_owned();
    let (number, days) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        _ => return Err(wrong()),
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(days).ok_or_else(wrong)
}

/// A date alone: its first second in UTC.
const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Where the time of a check comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    Now,
    None,
    Time(OffsetDateTime),
}

impl Clock {
    /// The time of a check that begins now. The computer's time is in whole seconds.
    pub(crate) fn at(self) -> At {
        match self {
            Self::Now => SystemTime::now().into(),
            Self::None => At::NotEvaluated,
            Self::Time(time) => time.into(),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "now" => Ok(Self::Now),
            "none" => Ok(Self::None),
            _ => OffsetDateTime::parse(text, &Rfc3339)
                .or_else(|_| Date::parse(text, DATE).map(|date| date.midnight().assume_utc()))
                .ok()
                .and_then(|time| time.checked_to_offset(time::UtcOffset::UTC))
                .filter(|time| (0..=9999).contains(&time.year()))
                .map(Self::Time)
                .ok_or_else(|| {
                    "give an RFC 3339 time such as 2027-01-01T00:00:00Z, a date such as 2027-01-01, now, or none".to_owned()
                }),
        }
    }
}

/// `--deny`, `--warn` and `--allow`, in the order of the command line: the last one for a code wins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Severities(pub(crate) Vec<(String, Severity)>);

const SEVERITY_FLAGS: [(&str, Severity, &str); 3] = [
    (
        "deny",
        Severity::Error,
        "Make findings of these rules errors; the word `warnings` does the same as `--strict`",
    ),
    ("warn", Severity::Warning, "Make findings of these rules warnings"),
    ("allow", Severity::Note, "Make findings of these rules notes; like `--warn`, only if the rule is soft"),
];

impl Args for Severities {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.args(SEVERITY_FLAGS.map(|(flag, _, help)| {
            Arg::new(flag)
                .long(flag)
                .value_name("CODE,…")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help_heading("Policy")
                .help(help)
        }))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Severities {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Vec::new();
        for (flag, severity, _) in SEVERITY_FLAGS {
            if let (Some(indices), Some(codes)) = (matches.indices_of(flag), matches.get_many::<String>(flag))
            {
                given.extend(indices.zip(codes).map(|(index, code)| (index, code.clone(), severity)));
            }
        }
        given.sort_by_key(|(index, ..)| *index);
        Ok(Self(given.into_iter().map(|(_, code, severity)| (code, severity)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
