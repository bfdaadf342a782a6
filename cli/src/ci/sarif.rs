//! SARIF 2.1.0 (OASIS): one run, with the rules that it names.

use std::collections::BTreeMap;

use certgate::{Finding, Rule, Severity};
use serde::Serialize;

use super::{Checks, Place, gitlab, not_evaluated, path_of, uri, words};
use crate::failure::Failure;
use crate::json;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    invocations: [Invocation<'a>; 1],
    results: Vec<ResultOf>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    descriptor: Option<Reference<'a>>,
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Reference<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOf {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

pub(super) fn text(checks: &Checks<'_>) -> Result<String, Failure> {
    let (mut rules, mut results): (Vec<&'static Rule>, _) = (Vec::new(), Vec::new());
    let mut seen = BTreeMap::new();
    for form in &checks.forms {
        for (finding, place) in form.findings() {
            let known = rules.iter().position(|rule| rule.code == finding.code());
            let rule_index = known.unwrap_or_else(|| {
                rules.push(finding.rule);
                rules.len().saturating_sub(1)
            });
            let path = path_of(place.file.as_deref().unwrap_or(&form.source));
            let fingerprint = gitlab::fingerprint(finding, &path, &mut seen);
            results.push(ResultOf {
                rule_id: finding.code(),
                rule_index,
                level: finding.severity.as_str(),
                message: Text { text: words(finding) },
                locations: place.file.iter().map(|file| location(file, place, finding)).collect(),
                partial_fingerprints: BTreeMap::from([("certgate/v1", fingerprint)]),
            });
        }
    }
    let mut notifications: Vec<_> = not_evaluated(checks)
        .into_iter()
        .map(|entry| Notification {
            descriptor: Some(Reference { id: &entry.code }),
            level: Severity::Note.as_str(),
            message: Text { text: entry.why.to_string() },
            locations: Vec::new(),
        })
        .collect();
    notifications.extend(checks.forms.iter().flat_map(|form| {
        form.told().map(|told| Notification {
            descriptor: None,
            level: told.severity.as_str(),
            message: Text { text: told.text },
            locations: vec![bare(&told.file, None)],
        })
    }));
    notifications.extend(checks.left_out.iter().map(|left| {
        let level = if left.is_fault() { Severity::Error } else { Severity::Note };
        let locations = left.file().map(|file| bare(file, None)).into_iter().collect();
        let message = Text { text: left.to_string() };
        Notification { descriptor: None, level: level.as_str(), message, locations }
    }));
    json::line(&Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "certgate",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.into_iter().map(descriptor).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications,
            }],
            results,
        }],
    })
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    let text = |text: &str| Text { text: text.to_owned() };
    Descriptor {
        id: rule.code,
        short_description: text(rule.summary),
        full_description: text(rule.why),
        help: text(rule.hint),
        default_configuration: Configuration { level: rule.severity.as_str() },
    }
}

fn location(file: &str, place: &Place, finding: &Finding) -> Location {
    let region = place.line.map(|line| Region { start_line: line, start_column: place.column });
    let field = finding
        .location
        .field
        .map(|field| Logical { fully_qualified_name: field.to_string(), kind: "member" });
    Location { logical_locations: field.into_iter().collect(), ..bare(file, region) }
}

fn bare(file: &str, region: Option<Region>) -> Location {
    let physical_location = Physical { artifact_location: Artifact { uri: uri::reference(file) }, region };
    Location { physical_location, logical_locations: Vec::new() }
}
