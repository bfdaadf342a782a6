//! Tables: input → codes with line and column, and the blocks.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod beside;
mod characters;
mod clean;
mod damaged;
mod expected;
mod exposed;
mod pairs;
mod pasted;
mod rare;
mod real;

use super::*;
use crate::read::block::BlockKind;

const A: &str = "MAMCAQE=";

/// A DER element.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..0x80 => out.push(u8::try_from(length).unwrap()),
        length => {
            out.extend([0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 0xFF).unwrap()])
        }
    }
    out.extend(content);
    out
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// Bytes without any order, the same ones for a seed.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// The outline of a certificate, with `filler` bytes inside.
fn certificate(filler: usize) -> Vec<u8> {
    let algorithm = sequence(&[&[6, 3, 42, 3, 4]]);
    let name = sequence(&[]);
    let filler = element(0x04, &noise(filler as u64, filler));
    let tbs = sequence(&[&[0xA0, 3, 2, 1, 2], &[2, 1, 1], &algorithm, &name, &filler]);
    sequence(&[&tbs, &algorithm, &[3, 2, 0, 1]])
}

/// The outline of a PKCS#8 key.
fn key(filler: usize) -> Vec<u8> {
    let algorithm = sequence(&[&[6, 3, 42, 3, 4]]);
    sequence(&[&[2, 1, 0], &algorithm, &element(4, &noise(filler as u64, filler))])
}

/// Base64 by the pem crate, without line ends.
fn base64(der: &[u8]) -> String {
    let text = pem("X", der);
    text.lines().filter(|line| !line.starts_with('-')).collect()
}

/// PEM by the pem crate, with LF.
fn pem(label: &str, der: &[u8]) -> String {
    let config = ::pem::EncodeConfig::new().set_line_ending(::pem::LineEnding::LF);
    ::pem::encode_config(&::pem::Pem::new(label, der), config)
}

fn parse_text(text: &str) -> (Vec<Finding>, Vec<Block>) {
    let read = parse(&text.into(), Expected::Certificates, &Policy::default());
    (read.findings, read.value.unwrap_or_default())
}

fn parse_file(bytes: &[u8]) -> (Vec<Finding>, Vec<Block>) {
    let read = parse(&Content::from_bytes(bytes), Expected::Certificates, &Policy::default());
    (read.findings, read.value.unwrap_or_default())
}

/// The findings on a text in the field `cert_content`.
fn judged(text: &str, expected: Expected) -> Vec<Finding> {
    let policy = Policy::default();
    let mut findings = Findings::new(&policy);
    let place = Location::field(Field::CertContent);
    let reading = pem::read(&text.into(), &place, policy.content_max_bytes);
    judge(&reading, expected, &[], &place, &mut findings);
    findings.finish().0
}

/// `code@line:column` of each finding, a `~` after it where it is fixable.
fn codes(findings: &[Finding]) -> Vec<String> {
    let mut out = Vec::new();
    for finding in findings {
        let place = match (finding.location.line, finding.location.column) {
            (Some(line), Some(column)) => format!("@{line}:{column}"),
            (Some(line), None) => format!("@{line}"),
            _ => String::new(),
        };
        out.push(format!("{}{place}{}", finding.code(), if finding.is_fixable() { "~" } else { "" }));
    }
    out
}

/// `number kind label first-last` of each block.
fn outline(blocks: &[Block]) -> Vec<String> {
    blocks
        .iter()
        .map(|block| {
            format!(
                "{} {:?} {} {}-{}",
                block.location.block.unwrap(),
                block.kind,
                block.label,
                block.location.line.unwrap_or(0),
                block.last_line
            )
        })
        .collect()
}

/// Checks rows of text, codes and blocks.
fn check(rows: &[(&str, &[&str], &[&str])]) {
    for (text, want_codes, want_blocks) in rows {
        let (findings, blocks) = parse_text(text);
        assert_eq!(codes(&findings), *want_codes, "codes of {text:?}");
        assert_eq!(outline(&blocks), *want_blocks, "blocks of {text:?}");
        for finding in &findings {
            assert!(!finding.message.contains(A), "base64 is quoted: {}", finding.message);
        }
    }
}
