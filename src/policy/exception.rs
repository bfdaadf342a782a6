//! What a policy lets pass for one certificate, for a while.

use std::fmt;

use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, time};
use time::{Date, OffsetDateTime};

/// That one certificate may break one soft rule until a day: what would be an error is a warning, which says why and until when.
///
/// ```
/// use certgate::{Policy, PolicyException, PolicySettings, time::macros::datetime};
///
/// let mut settings = PolicySettings::default();
/// let until = datetime!(2026-12-31 23:59:59 UTC);
/// settings.exceptions.push(PolicyException::new("0f".repeat(32), "cert-san-missing", until, "replaced with the new proxy"));
/// assert!(Policy::new(settings.clone()).is_ok());
/// settings.exceptions.push(PolicyException::new("0f".repeat(32), "cert-san-missing", until, ""));
/// let refused = Policy::new(settings).unwrap_err();
/// assert_eq!(refused.to_string(), "entry 2 of `exceptions`: `reason` is empty; say in a few words why the exception is needed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `certificate`, `rule`, `until` and `reason`")]
#[non_exhaustive]
pub struct PolicyException {
    /// The SHA-256 of the certificate's DER, 64 hexadecimal digits, as `certgate inspect` shows it.
    pub certificate: String,
    /// The code of the rule.
    pub rule: String,
    /// The last second that it counts. Where it is read, a day is enough, `2026-12-31` for example: the exception counts until that day ends in UTC.
    #[serde(serialize_with = "time::serde::rfc3339::serialize", deserialize_with = "until")]
    pub until: OffsetDateTime,
    /// Why it is needed. The report repeats it.
    pub reason: String,
}

impl PolicyException {
    /// An exception; whether it makes sense is for [`Policy::new`](crate::Policy::new) to say.
    pub fn new(
        certificate: impl Into<String>,
        rule: impl Into<String>,
        until: OffsetDateTime,
        reason: impl Into<String>,
    ) -> Self {
        Self { certificate: certificate.into(), rule: rule.into(), until, reason: reason.into() }
    }

    /// What is wrong with its texts, where something is.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let is_hash = self.certificate.len() == 64 && self.certificate.bytes().all(|c| c.is_ascii_hexdigit());
        match (is_hash, self.reason.trim().is_empty()) {
            (false, _) => Some(
                "`certificate` is not the SHA-256 of a certificate: 64 hexadecimal digits, as `certgate inspect` shows it",
            ),
            (true, true) => Some("`reason` is empty; say in a few words why the exception is needed"),
            (true, false) => None,
        }
    }
}

/// A time in RFC 3339, or a day: its last second in UTC.
fn until<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
    struct Until;

    impl Visitor<'_> for Until {
        type Value = OffsetDateTime;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a day or a time in quotes, such as \"2026-12-31\" or \"2026-12-31T12:00:00Z\"")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OffsetDateTime, E> {
            let day = || Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
            let last_second = || day().map(|day| day.with_time(time!(23:59:59)).assume_utc());
            let time = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(last_second);
            time.ok_or_else(|| E::invalid_value(Unexpected::Other("another text"), &self))
        }
    }

    deserializer.deserialize_str(Until)
}
