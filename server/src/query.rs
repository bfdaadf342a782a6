//! The list: what its query may ask for, and what it shows of a certificate.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::answer::Refusal;
use crate::store::certificates::Filter;

/// Which page of which certificates.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) offset: i64,
    pub(crate) limit: i64,
    pub(crate) filter: Filter,
}

/// Reads a query. Names that the list does not know are left alone, as the family's servers do.
pub(crate) fn read(query: &str) -> Result<List, Refusal> {
    let mut list = List { offset: 0, limit: 20, filter: Filter::default() };
    for (name, value) in pairs(query)? {
        let filter = &mut list.filter;
        match name.as_str() {
            "offset" => {
                list.offset =
                    number(&value).filter(|offset| *offset >= 0).ok_or(Refusal::invalid("offset"))?
            }
            "limit" => {
                list.limit = match number(&value).ok_or(Refusal::invalid("limit"))? {
                    ..=0 => 20,
                    limit => limit.min(500),
                }
            }
            "name" => filter.name = value,
            "common_name" => filter.common_name = value,
            "signature_algorithm" => filter.signature_algorithm = value,
            "type" if ["global", "instance"].contains(&value.as_str()) => filter.kind = value,
            "type" => return Err(Refusal::invalid("type")),
            "instance_id" => filter.instance_id = value,
            "algorithm_type" if filter.algorithm_types.contains(&value) => {}
            "algorithm_type" if ["RSA", "ECC", "SM2"].contains(&value.as_str()) => {
                filter.algorithm_types.push(value)
            }
            "algorithm_type" => return Err(Refusal::invalid("algorithm_type")),
            "expires_before" => {
                filter.expires_before = Some(time(&value).ok_or(Refusal::invalid("expires_before"))?)
            }
            _ => {}
        }
    }
    Ok(list)
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// A time as RFC 3339 writes it, or a day, which begins at midnight in UTC.
fn time(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| {
        let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        Some(day.midnight().assume_utc())
    });
    time.map(OffsetDateTime::unix_timestamp)
}

/// The pairs of a query, decoded.
fn pairs(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let uri = format!("/?{query}").parse().map_err(|_| Refusal::invalid("query"))?;
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
    let pairs = pairs.map_err(|_| Refusal::invalid("query"))?.0;
    // PostgreSQL takes no zero octet in a text.
    let is_bad = pairs.iter().any(|(_, value)| value.contains('\0'));
    if is_bad {
        return Err(Refusal::invalid("query"));
    }
    Ok(pairs)
}

/// The answer of the list.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    pub(crate) size: usize,
    pub(crate) total: i64,
    pub(crate) certs: Vec<Listed<'a>>,
}

/// What the list shows of a certificate, and nothing else.
#[derive(Serialize, Deserialize)]
pub(crate) struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    r#type: &'a str,
    instance_id: &'a str,
    project_id: &'a str,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    common_name: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    san: Vec<Cow<'a, str>>,
    not_after: &'a str,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    signature_algorithm: Option<Cow<'a, str>>,
    create_time: &'a str,
    update_time: &'a str,
    is_has_trusted_root_ca: bool,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    algorithm_type: Option<Cow<'a, str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_20_certificates_and_never_more_than_500() {
        for (query, want) in [
            ("", 20),
            ("limit=0", 20),
            ("limit=-3", 20),
            ("limit=7", 7),
            ("limit=500", 500),
            ("limit=501", 500),
        ] {
            assert_eq!(read(query).unwrap().limit, want, "{query}");
        }
    }

    #[test]
    fn what_a_query_cannot_mean_is_refused() {
        for query in [
            "limit=a",
            "limit=",
            "offset=-1",
            "offset=1.5",
            "type=x",
            "algorithm_type=DSA",
            "expires_before=soon",
            "name=%00",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
        let list = read("algorithm_type=RSA&algorithm_type=SM2&algorithm_type=RSA&expires_before=2026-06-02&x=y&name=a%20b").unwrap();
        assert_eq!(list.filter.algorithm_types, ["RSA", "SM2"]);
        assert_eq!(list.filter.expires_before, Some(1_780_358_400));
        assert_eq!(list.filter.name, "a b");
    }
}
