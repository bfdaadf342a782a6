//! The lines that begin and end a block, and lines that nearly do.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::pattern;
use super::text::find;

/// Which end of a block a marker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Begin,
    End,
}

/// An exact marker: five hyphens, `BEGIN` or `END`, a space, the label, five hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker<'a> {
    pub(super) edge: Edge,
    /// The label: words of at most 11 ASCII letters, digits or `#`, or of 16 capitals, 48 characters in all, so that no piece of base64 that
    /// could show something of a key is taken for a label.
    pub(super) label: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

const LABEL_MAX: usize = 48;
const WORD_MAX: usize = 11;
const CAPITALS_MAX: usize = 16;

/// The next exact marker that starts at or after `from`.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<Marker<'_>> {
    let mut at = from;
    while let Some(start) = find(bytes, at, b'-') {
        let hyphens = hyphens(bytes, start);
        let after = start.saturating_add(hyphens);
        if hyphens == 5
            && let Some(marker) = read(bytes, start, after)
        {
            return Some(marker);
        }
        at = after;
    }
    None
}

fn hyphens(bytes: &[u8], start: usize) -> usize {
    bytes.get(start..).unwrap_or_default().iter().take_while(|byte| **byte == b'-').count()
}

fn read(bytes: &[u8], start: usize, after: usize) -> Option<Marker<'_>> {
    let (edge, label_start) = edge(bytes, after)?;
    let rest = bytes.get(label_start..)?;
    let length = rest.iter().take(LABEL_MAX.saturating_add(1)).position(|byte| *byte == b'-')?;
    let label = std::str::from_utf8(rest.get(..length)?).ok()?;
    let label_end = label_start.saturating_add(length);
    let end = label_end.saturating_add(5);
    let closed = match hyphens(bytes, label_end) {
        5 => true,
        // Two markers without anything between them.
        10 => edge_of(bytes, end.saturating_add(5)).is_some(),
        _ => false,
    };
    (closed && is_label(label)).then_some(Marker { edge, label, start, end })
}

fn edge(bytes: &[u8], at: usize) -> Option<(Edge, usize)> {
    let rest = bytes.get(at..)?;
    if rest.starts_with(b"BEGIN ") {
        Some((Edge::Begin, at.saturating_add(6)))
    } else if rest.starts_with(b"END ") {
        Some((Edge::End, at.saturating_add(4)))
    } else {
        None
    }
}

fn edge_of(bytes: &[u8], at: usize) -> Option<Edge> {
    edge(bytes, at).map(|(edge, _)| edge)
}

fn is_label(label: &str) -> bool {
    label.split(' ').all(|word| {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'.');
        match word.len() {
            1..=WORD_MAX => word.bytes().all(is_word),
            ..=CAPITALS_MAX => !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase()),
            _ => false,
        }
    })
}

/// An exact line but for its label, which other readers take as it is; or hyphens, or what word processors make of them (in UTF-8, or
/// Windows-1252), BEGIN or END, and
/// the words of a label that is known to mean something here.
static NEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let dash = r"(?:(?u-i:[-\x{2010}-\x{2015}\x{2212}\x{2500}\x{FE58}\x{FE63}\x{FF0D}])|[\x96\x97])";
    let object = "(?:CERTIFICATE|REQUEST|CRL|KEY|PARAMETERS|PKCS ?#?7|PKCS ?#?12|CMS)";
    pattern(&format!(
        r"(?-u)-----(?:BEGIN|END) [^\r\n]*?-----|(?i-u){dash}{{1,20}}\s{{0,3}}(?:BEGIN|END)\s{{0,3}}[A-Z0-9 #.]{{0,30}}{object}(?:[ \t]{{0,3}}{dash}{{1,20}})?|\b(?:BEGIN|END)\s[A-Z0-9 #.]{{0,30}}{object}\s{{0,3}}{dash}{{1,20}}"
    ))
});

/// Where in `bytes` something reads like a marker, an exact one included: its start and end.
pub(super) fn near(bytes: &[u8]) -> Option<(usize, usize)> {
    NEAR.as_ref()?.find(bytes).map(|found| (found.start(), found.end()))
}

/// Where in `bytes` a line is between hyphens and holds capitals between them: its start and end.
pub(super) fn dashed(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut from = 0_usize;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let to = from.saturating_add(line.len());
        let line = line.trim_ascii();
        if line.starts_with(b"--") && line.ends_with(b"--") && line.iter().any(u8::is_ascii_uppercase) {
            return Some((from, to));
        }
        from = to.saturating_add(1);
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn exact_markers_are_found() {
        for (text, want) in [
            ("-----BEGIN CERTIFICATE-----", Some((Edge::Begin, "CERTIFICATE", 0, 27))),
            ("x -----END RSA PRIVATE KEY-----", Some((Edge::End, "RSA PRIVATE KEY", 2, 31))),
            ("- -- ------ -----END X509 CRL-----", Some((Edge::End, "X509 CRL", 12, 34))),
            ("-----BEGIN A----------END A-----", Some((Edge::Begin, "A", 0, 17))),
            ("-----BEGIN PKCS #7 SIGNED DATA-----", Some((Edge::Begin, "PKCS #7 SIGNED DATA", 0, 35))),
            ("-----BEGIN X9.42 DH PARAMETERS-----", Some((Edge::Begin, "X9.42 DH PARAMETERS", 0, 35))),
            ("-----BEGIN ABCDEFGHIJKLMNOP-----", Some((Edge::Begin, "ABCDEFGHIJKLMNOP", 0, 32))),
            ("-----BEGIN ABCDEFGHIJKLMNOPQ-----", None),
            ("-----BEGIN ABCDEFGHIJK1-----", None),
            ("----BEGIN A-----", None),
            ("------BEGIN A-----", None),
            ("-----BEGIN A----", None),
            ("-----BEGIN A------", None),
            ("-----BEGIN A----------", None),
            ("-----begin A-----", None),
            ("-----BEGIN-----", None),
            ("-----BEGIN  A-----", None),
            ("-----BEGIN PRIVATE KEY MIIEvQIBADANBgkqhkiG9w0-----END PRIVATE KEY-----", None),
            ("-----BEGIN A B-----", Some((Edge::Begin, "A B", 0, 19))),
        ] {
            let found =
                next(text.as_bytes(), 0).map(|marker| (marker.edge, marker.label, marker.start, marker.end));
            if text.contains("MIIE") {
                assert!(found.is_none_or(|(edge, ..)| edge == Edge::End), "{text}");
            } else {
                assert_eq!(found, want, "{text}");
            }
        }
    }

    #[test]
    fn lines_in_hyphens_are_found() {
        for (text, want) in [
            ("MIIB\n-----EDN CERTIFICATE-----\nMIIB", Some((5, 30))),
            ("--FIN-- ", Some((0, 8))),
            ("\r\n  ----X--", Some((2, 11))),
            ("MIIB\n-----\n", None),
            ("--END", None),
            ("END--", None),
            ("-----end-----", None),
            ("", None),
        ] {
            assert_eq!(dashed(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn near_misses_are_recognised() {
        for text in [
            "----BEGIN CERTIFICATE-----",
            "------BEGIN CERTIFICATE------",
            "-----begin certificate-----",
            "----- BEGIN CERTIFICATE -----",
            "-----BEGINCERTIFICATE-----",
            "-----BEGIN\nCERTIFICATE-----",
            "\u{2013}\u{2013}BEGIN PRIVATE KEY\u{2013}\u{2013}",
            "\u{2014}END RSA PRIVATE KEY\u{2014}",
            "BEGIN CERTIFICATE-----",
            "-BEGIN PRIVATE KEY-",
            "-----BEGIN P\0RIVATE THING-----",
            "-----BEGIN SOME-THING-----",
            "-----BEGIN A-----",
            "-----END RSA PRIVATE KEY-----",
        ] {
            assert!(near(text.as_bytes()).is_some(), "{text}");
        }
        for text in
            ["BEGIN of the certificate", "the key - begin with this", "", "-- end --", "subject=CN=begin"]
        {
            assert!(near(text.as_bytes()).is_none(), "{text}");
        }
    }
}
