//! Texts that carry certificates as values: Kubernetes manifests, Helm values and other YAML or JSON, `.env` files and Terraform variables.

use serde::Deserialize;
use serde_norway::Value;
use zeroize::Zeroizing;

use super::Reason;
use super::archive::step;
use super::opening::Opening;
use crate::read::pem::base64;

/// Reads a YAML or JSON text. `false` where it is none, or has no value that could hold an object.
pub(super) fn read(opening: &mut Opening<'_>, inside: &[String], text: &str) -> bool {
    if text.len() > opening.limits.expanded_bytes || !looks_like_yaml(text) {
        return false;
    }
    let mut documents = Vec::new();
    for document in serde_norway::Deserializer::from_str(text) {
        match Value::deserialize(document) {
            Ok(value) => documents.push(value),
            // The text of the error may quote what is in the file.
            Err(_) if documents.is_empty() => return false,
            Err(_) => {
                let damaged = Reason::Damaged("a document of the file is no YAML; those before it were read");
                opening.leave(inside, None, damaged);
                break;
            }
        }
    }
    let several = documents.len() > 1;
    let before = opening.found();
    for (at, document) in documents.iter().enumerate() {
        let prefix = if several { format!("document {}/", at.saturating_add(1)) } else { String::new() };
        one(opening, inside, &prefix, document);
    }
    opening.found() > before
}

/// A mapping at the start of a line, as all these files have it, and no PEM before the first.
fn looks_like_yaml(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['#', '%']));
    first.is_some_and(|line| {
        line.starts_with(['{', '['])
            || line == "---"
            || line.starts_with("- ")
            || line.split_once(':').is_some_and(|(key, rest)| {
                !key.is_empty()
                    && !key.contains("-----")
                    && !key.contains('=')
                    && (rest.is_empty() || rest.starts_with(' '))
            })
    })
}

/// A document: a Secret's `data` is base64, all other values are as they are.
fn one(opening: &mut Opening<'_>, inside: &[String], prefix: &str, document: &Value) {
    let kind = document.get("kind").and_then(Value::as_str).unwrap_or_default();
    if let ("List" | "SecretList" | "ConfigMapList", Some(items)) =
        (kind, document.get("items").and_then(Value::as_sequence))
    {
        for (at, item) in items.iter().enumerate() {
            one(opening, inside, &format!("{prefix}items/{at}/"), item);
        }
        return;
    }
    if kind == "Secret" {
        for (key, value) in members(document.get("data")) {
            let way = step(inside, &format!("{prefix}data/{key}"));
            if !opening.may_enter(inside) {
                return;
            }
            match value.as_str().map(decode) {
                Some(Some(bytes)) => opening.open(&way, &bytes),
                _ => opening.leave(&way, None, Reason::Damaged("the value is not base64")),
            }
        }
        for (key, value) in members(document.get("stringData")) {
            if let Some(text) = value.as_str() {
                open(opening, inside, &format!("{prefix}stringData/{key}"), text);
            }
        }
        return;
    }
    values(opening, inside, prefix, document, 0);
}

/// All strings with a PEM marker, wherever they are.
fn values(opening: &mut Opening<'_>, inside: &[String], path: &str, value: &Value, depth: usize) {
    const DEEPEST: usize = 32;
    if depth > DEEPEST {
        return;
    }
    let deeper = depth.saturating_add(1);
    match value {
        Value::String(text) if text.contains("-----BEGIN") => {
            open(opening, inside, path.trim_end_matches('/'), text);
        }
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                values(opening, inside, &format!("{path}{at}/"), item, deeper);
            }
        }
        Value::Mapping(_) => {
            for (key, item) in members(Some(value)) {
                values(opening, inside, &format!("{path}{key}/"), item, deeper);
            }
        }
        _ => {}
    }
}

fn open(opening: &mut Opening<'_>, inside: &[String], path: &str, text: &str) {
    if opening.may_enter(inside) {
        opening.open(&step(inside, path), text.as_bytes());
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
}

/// Lines `NAME=value` whose value is base64 of an object, as an `.env` may have it. `false` where there is none. A value that is PEM is found as
/// PEM, with or without line ends that are written out.
pub(super) fn assignments(opening: &mut Opening<'_>, inside: &[String], text: &str) -> bool {
    let before = opening.found();
    for line in text.lines() {
        let line = line.trim().trim_start_matches("export ");
        let Some((name, value)) = line.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim().trim_matches(['"', '\'']));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        // Shorter than any certificate or key.
        if !is_name || value.len() < 40 {
            continue;
        }
        if let Some(bytes) = decode(value)
            && opening.may_enter(inside)
        {
            opening.open(&step(inside, name), &bytes);
        }
    }
    opening.found() > before
}

/// Base64, with spaces and line ends between its characters; `None` for anything else.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len().div_ceil(4).saturating_mul(3)));
    let mut quad = Zeroizing::new([0_u8; 4]);
    let (mut filled, mut padding) = (0_usize, 0_usize);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if byte == b'=' {
            padding = padding.saturating_add(1);
        } else if padding > 0 {
            return None;
        } else {
            *quad.get_mut(filled)? = u8::try_from(base64::sextet(byte)).ok()?;
            filled = filled.saturating_add(1);
        }
        if filled == 4 {
            push(&mut out, &quad, 3);
            filled = 0;
        }
    }
    match (filled, padding) {
        (0, 0) => {}
        (2, 2) | (3, 1) => {
            quad.iter_mut().skip(filled).for_each(|sextet| *sextet = 0);
            push(&mut out, &quad, filled.saturating_sub(1));
        }
        _ => return None,
    }
    Some(out)
}

fn push(out: &mut Vec<u8>, quad: &[u8; 4], count: usize) {
    let bits = quad.iter().fold(0_u32, |bits, sextet| bits << 6 | u32::from(*sextet));
    let [_, octets @ ..] = bits.to_be_bytes();
    out.extend_from_slice(octets.get(..count).unwrap_or_default());
}
