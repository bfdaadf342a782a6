//! The JSON text of a form after its repair: what was fixed is written again, all else stays as it was given.

use std::collections::BTreeSet;
use std::fmt;

use certgate::{CertificateForm, Field, FormRemark};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The members of a JSON object in their order, with the text of each value.
pub(crate) struct Members<'t>(pub(crate) Vec<(Zeroizing<String>, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((Zeroizing::new(name), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The object `given`, which holds the form `before`, with the certificate and key fields of `after`. Fields that the reference does not
/// know, that are given twice or that hold no text stay: what they mean is not for a repair to say. A form that was inside something is written
/// alone. `None` where `given` is not an object.
pub(crate) fn text(
    given: &[u8],
    before: &CertificateForm,
    after: &CertificateForm,
) -> Option<Zeroizing<String>> {
    let is_taken_out = before.remarks.iter().any(|remark| matches!(remark, FormRemark::Nested { .. }));
    // What is around the form is not of the form.
    let Members(given) =
        if is_taken_out { Members(Vec::new()) } else { serde_json::from_slice(given).ok()? };
    let mut members = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, (name, value)) in given.iter().enumerate() {
        let value = value.get();
        if let Some(field) = renamed(before, index.saturating_add(1)) {
            seen.insert(field);
            members.push((quoted(field.as_str())?, value_of(after, field)??));
            continue;
        }
        // The first text of a field is the one that counts.
        let field = Field::from_name(name)
            .filter(|field| value.starts_with('"') && seen.insert(*field))
            .filter(|field| before.content(*field) != after.content(*field));
        let name = quoted(name)?;
        match field.map(|field| after.content(field)) {
            None => members.push((name, Zeroizing::new(value.to_owned()))),
            Some(None) => {}
            Some(Some(content)) => members.push((name, quoted(content.as_text()?)?)),
        }
    }
    for field in Field::ALL.into_iter().filter(|field| !seen.contains(field)) {
        if let Some(value) =
            value_of(after, field).filter(|_| is_taken_out || before.content(field).is_none())
        {
            members.push((quoted(field.as_str())?, value?));
        }
    }
    let length = members.iter().map(|(name, value)| name.len().saturating_add(value.len()).saturating_add(8));
    let mut out = Zeroizing::new(String::with_capacity(length.fold(8, usize::saturating_add)));
    for (index, (name, value)) in members.iter().enumerate() {
        out.push_str(if index == 0 { "{\n  " } else { ",\n  " });
        out.push_str(name);
        out.push_str(": ");
        out.push_str(value);
    }
    out.push_str(if members.is_empty() { "{}\n" } else { "\n}\n" });
    Some(out)
}

/// The field that the one at this position was read as, where its name is not the API's.
fn renamed(form: &CertificateForm, at: usize) -> Option<Field> {
    form.remarks.iter().find_map(|remark| match remark {
        FormRemark::Misnamed { field, position } if *position == at => Some(*field),
        _ => None,
    })
}

/// What a form has in a field, as JSON; `None` where the field is not given, and `None` inside where it holds no text.
fn value_of(form: &CertificateForm, field: Field) -> Option<Option<Zeroizing<String>>> {
    match (form.text(field), form.content(field)) {
        (Some(text), _) => Some(quoted(text)),
        (None, Some(content)) => Some(content.as_text().and_then(quoted)),
        (None, None) => None,
    }
}

/// A text as JSON. The buffer never grows, which would leave a copy behind: a character takes six at most.
fn quoted(text: &str) -> Option<Zeroizing<String>> {
    let mut out = Vec::with_capacity(text.len().saturating_mul(6).saturating_add(2));
    serde_json::to_writer(&mut out, text).ok()?;
    String::from_utf8(out).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_was_fixed_is_written_again() {
        let given = r#"{ "x\u002f": {"b":1e400, "a":[ ]}, "cert_content":null,
            "cert_content":"old","cert_content" : "other", "private_key":7, "type" :"\u0067lobal" }"#;
        let before: CertificateForm = serde_json::from_str(given).unwrap();
        let mut after = before.clone();
        after.cert_content = Some("new\n".into());
        after.cert_content_sign = Some("more".into());
        assert_eq!(
            text(given.as_bytes(), &before, &after).unwrap().as_str(),
            r#"{
  "x/": {"b":1e400, "a":[ ]},
  "cert_content": null,
  "cert_content": "new\n",
  "cert_content": "other",
  "private_key": 7,
  "type": "\u0067lobal",
  "cert_content_sign": "more"
}
"#
        );
        after = before.clone();
        after.cert_content = None;
        let repaired = text(given.as_bytes(), &before, &after).unwrap();
        assert!(!repaired.contains("old") && repaired.contains("other"), "{}", repaired.as_str());
    }
}
