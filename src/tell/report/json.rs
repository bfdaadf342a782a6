//! A report as JSON, and read back from it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

use super::{ApiError, HostServed, Report};
use crate::finding::{Excepted, Facts, Finding, NotEvaluated};
use crate::location::{Field, Location};
use crate::rule::{ApiCode, Severity};
use crate::rules::catalogue;
use crate::target::TargetReport;
use crate::tell::metadata::response::CertificateResponse;
use crate::tell::metadata::utc;
use crate::tell::trust::Trust;
use crate::version;

/// What the JSON shows of a report.
#[derive(Serialize)]
struct Shown<'r> {
    schema: u8,
    accepted: bool,
    #[serde(with = "utc", skip_serializing_if = "Option::is_none")]
    checked_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<&'r ApiError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'r CertificateResponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_certificate: Option<&'r CertificateResponse>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    hosts: &'r [HostServed],
    #[serde(skip_serializing_if = "Option::is_none")]
    trust: Option<&'r Trust>,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "by_name::write")]
    targets: &'r [TargetReport],
    not_evaluated: &'r [NotEvaluated],
    findings: &'r [Finding],
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { checked_at, api, certificate, sign_certificate, hosts, trust, targets, .. } = self;
        let Self { not_evaluated, findings, .. } = self;
        Shown {
            schema: 1,
            accepted: self.is_accepted(),
            checked_at: *checked_at,
            api: api.as_ref(),
            certificate: certificate.as_ref(),
            sign_certificate: sign_certificate.as_ref(),
            hosts,
            trust: trust.as_ref(),
            targets,
            not_evaluated,
            findings,
        }
        .serialize(serializer)
    }
}

/// Targets as an object: the name of each, and what it does.
pub(super) mod by_name {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::target::{TargetFinding, TargetReport, Verdict};

    #[derive(Serialize)]
    struct Shown<'r> {
        verdict: Verdict,
        known: &'r str,
        findings: &'r [TargetFinding],
    }

    #[derive(Deserialize)]
    struct Given {
        verdict: Verdict,
        known: String,
        findings: Vec<TargetFinding>,
    }

    pub(super) fn write<S: Serializer>(targets: &[TargetReport], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(targets.iter().map(|target| {
            let TargetReport { name, verdict, known, findings } = target;
            (name, Shown { verdict: *verdict, known, findings })
        }))
    }

    pub(in crate::tell::report) fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<TargetReport>, D::Error> {
        let given = BTreeMap::<String, Given>::deserialize(deserializer)?;
        let of = |(name, Given { verdict, known, findings })| TargetReport { name, verdict, known, findings };
        Ok(given.into_iter().map(of).collect())
    }
}

/// What is read back of a finding; the rule is known by its code.
#[derive(Deserialize)]
struct Given {
    code: String,
    severity: Severity,
    default_severity: Severity,
    field: Option<Field>,
    #[serde(default)]
    location: Location,
    message: String,
    hint: String,
    api_code: Option<ApiCode>,
    fixable: bool,
    error_since: Option<String>,
    exception: Option<Excepted>,
    #[serde(default)]
    facts: Facts,
}

impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Given::deserialize(deserializer)?;
        let Given { code, severity, default_severity, field, location, message, hint, fixable, .. } = given;
        let rule = catalogue::find(&code).ok_or_else(|| {
            serde::de::Error::custom("a finding of a rule that this certgate does not have")
        })?;
        let error_since = given.error_since.as_deref().map(|name| {
            version::find(name)
                .ok_or_else(|| serde::de::Error::custom("a version that this certgate does not know"))
        });
        Ok(Self {
            rule,
            severity,
            default_severity,
            location: Location { field, ..location },
            facts: given.facts,
            message: message.into(),
            hint: hint.into(),
            fixable,
            error_since: error_since.transpose()?,
            exception: given.exception,
            api: given.api_code.filter(|code| *code != rule.api),
            is_raised: false,
            mend: None,
        })
    }
}
