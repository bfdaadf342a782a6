//! Damage that is understood, and what is not.

use super::*;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

fn fill(text: &str) -> String {
    text.replace("<B>", BEGIN).replace("<E>", END)
}

/// Rows with `<B>` and `<E>` for the markers of a certificate.
pub(super) fn check_filled(rows: &[(&str, &[&str], &[&str])]) {
    for (text, want_codes, want_blocks) in rows {
        check(&[(&fill(text), want_codes, want_blocks)]);
    }
}

pub(super) const ONE: &str = "1 Certificate CERTIFICATE 1-1";
pub(super) const THREE: &str = "1 Certificate CERTIFICATE 1-3";

/// A form that is decoded from URL encoding has a space for each `+`. Of four, so many that the rest still decodes.
#[test]
fn a_lost_plus_is_named() {
    for lost in [4, 5] {
        let mut der = vec![0x30, 0x81, 0xD5];
        while der.len() < 0xD8 {
            // `A+AA` at the start, then `AAAA`.
            der.extend(if der.len() < 3 + 3 * lost { [0x03, 0xE0, 0x00] } else { [0; 3] });
        }
        let text = pem("CERTIFICATE", &der);
        assert_eq!(text.matches('+').count(), lost);
        assert_eq!(codes(&parse_text(&text).0), [""; 0]);
        let (findings, blocks) = parse_text(&text.replace('+', " "));
        assert!(blocks.is_empty());
        assert_eq!(codes(&findings), ["pem-bad-character@2:6"]);
        let places =
            format!("a space inside a line of base64, in {lost} places, and no `+` in the whole block");
        assert_eq!(findings[0].message, places);
        assert!(findings[0].hint.contains("`%2B`"), "{}", findings[0].hint);
    }
}

/// Spaces alone are no sign of it: not where all is there, where something else is wrong, or where the block has no lines.
#[test]
fn a_space_is_not_always_a_lost_plus() {
    let der = [&[0x30, 0x81, 0xD5][..], &[0; 0xD5]].concat();
    let whole = pem("CERTIFICATE", &der).replacen("AAAA", "AA AA", 4);
    let (findings, blocks) = parse_text(&whole);
    assert_eq!((codes(&findings), blocks.len()), (vec!["pem-joined-lines@2:8~".to_owned()], 1));
    let lacks = whole.replacen("AA AA", "AA A", 1);
    let (findings, _) = parse_text(&lacks);
    assert!(findings[0].message.contains("no `+` in the whole block"), "{}", findings[0].message);
    let (findings, _) = parse_text(&lacks.replacen("MIHV", "MI*V", 1));
    assert_eq!(findings[0].message, "the character `*` inside base64");
    let one_line =
        lacks.replace('\n', "").replace("----MIHV", "----\nMIHV").replace("==-----END", "==\n-----END");
    let (findings, _) = parse_text(&one_line);
    assert!(!findings[0].message.contains("no `+`"), "{}", findings[0].message);
}

#[test]
fn understood() {
    check_filled(&[
        // Escapes.
        (r"<B>\nMAMCAQE=\n<E>\n", &["pem-escaped-newlines@1:28~"], &[ONE]),
        (r"<B>\r\nMAMCAQE=\r\n<E>", &["pem-escaped-newlines@1:28~"], &[ONE]),
        (r"<B>\\nMAMCAQE=\\n<E>\\n", &["pem-escaped-newlines@1:28~"], &[ONE]),
        (r"<B>\u000aMAMCAQE\u003d\u000a<E>", &["pem-escaped-newlines@1:28~"], &[ONE]),
        ("<B>\\n\nMAMCAQE=\\n\n<E>\\n\n", &["pem-escaped-newlines@1:28~"], &[THREE]),
        // Together with markers that are written wrongly.
        (
            "\u{2014}\u{2014}-BEGIN CERTIFICATE\u{2014}\u{2014}-\\nMAMCAQE=\\n-----END CERTIFICATE----\\n",
            &["pem-marker@1~", "pem-escaped-newlines@1:1~"],
            &[ONE],
        ),
        ("<B>\\\nMAMCAQE=\\\n<E>", &["pem-escaped-newlines@1:28~"], &[THREE]),
        ("<B>\nMD\\/CAQE=\n<E>", &["pem-escaped-newlines@2:3~"], &[THREE]),
        // Quotes.
        ("'<B>\nMAMCAQE=\n<E>\n'", &["pem-quoted@1:1~"], &[THREE]),
        ("\"<B>\nMAMCAQE=\n<E>\"", &["pem-quoted@1:1~"], &[THREE]),
        ("`<B>\nMAMCAQE=\n<E>", &["pem-quoted@1:1~"], &[THREE]),
        ("<B>\nMAMCAQE=\n<E>'", &["pem-quoted@3:26~"], &[THREE]),
        ("\u{201c}<B>\nMAMCAQE=\n<E>\u{201d}", &["pem-quoted@1:1~"], &[THREE]),
        ("<B>\nMAMCAQE=\n<E>\n\n'", &["pem-quoted@5:1~"], &[THREE]),
        // Beside text, only those next to a marker, unless they are around it all.
        ("'x\n<B>\nMAMCAQE=\n<E>\n", &["pem-text-around@1:2"], &["1 Certificate CERTIFICATE 2-4"]),
        (
            "'x\n<B>\nMAMCAQE=\n<E>\n'",
            &["pem-quoted@1:1~", "pem-text-around@1:2"],
            &["1 Certificate CERTIFICATE 2-4"],
        ),
        (
            "x\n'<B>\nMAMCAQE=\n<E>\n",
            &["pem-text-around@1:1", "pem-quoted@2:1~"],
            &["1 Certificate CERTIFICATE 2-4"],
        ),
        ("<B>\nMAMCAQE=\n<E>'x\n", &["pem-quoted@3:26~", "pem-text-around@3:27"], &[THREE]),
        // Joined lines.
        ("<B>MAMCAQE=<E>", &["pem-joined-lines@1:28~"], &[ONE]),
        ("<B> MAMCAQE= <E>", &["pem-joined-lines@1:29~"], &[ONE]),
        ("<B> MAMC AQE= <E>", &["pem-joined-lines@1:29~"], &[ONE]),
        ("<B>\nMAMC AQE=\n<E>", &["pem-joined-lines@2:6~"], &[THREE]),
        ("<B>\nMAMCAQE=<E>", &["pem-joined-lines@2:9~"], &["1 Certificate CERTIFICATE 1-2"]),
        (
            "<B>\nMAMCAQE=\n<E><B>\nMAMCAQE=\n<E>",
            &["pem-joined-lines@3:26~"],
            &[THREE, "2 Certificate CERTIFICATE 3-5"],
        ),
        // The reference page's own example, with a body.
        (
            r"'<B>MAMCAQE=<E>\n'",
            &["pem-quoted@1:1~", "pem-joined-lines@1:29~", "pem-escaped-newlines@1:62~"],
            &[ONE],
        ),
        // Markers within lines.
        ("  <B>\n  MAMCAQE=\n  <E>", &["pem-mid-line@1:3~"], &[THREE]),
        ("x <B>\nMAMCAQE=\n<E>", &["pem-text-around@1:1", "pem-mid-line@1:3~"], &[THREE]),
        ("<B>\nMAMCAQE=\n <E>", &["pem-mid-line@3:2~"], &[THREE]),
        ("<B>\nMAMCAQE=\n<E>,\n", &["pem-mid-line@3:26~", "pem-text-around@3:26"], &[THREE]),
        ("\u{3000}<B>\nMAMCAQE=\n<E>", &["pem-mid-line@1:2~"], &[THREE]),
        ("\u{200b}<B>\nMAMCAQE=\n<E>", &["pem-mid-line@1:2~"], &[THREE]),
        ("<B>\nMAMCAQE=\n<E>\u{a0}\n", &["pem-mid-line@3:26~"], &[THREE]),
        // CR alone.
        ("<B>\rMAMCAQE=\r<E>\r", &["pem-cr-only@1:28~"], &[THREE]),
        ("<B>\nMAMCAQE=\n<E>\r", &["pem-cr-only@3:26~"], &[THREE]),
        ("\r<B>\nMAMCAQE=\n<E>", &["pem-cr-only@1:1~"], &["1 Certificate CERTIFICATE 2-4"]),
        (
            "<B>\nMAMCAQE=\n<E>\n\r<B>\nMAMCAQE=\n<E>",
            &["pem-cr-only@4:1~"],
            &[THREE, "2 Certificate CERTIFICATE 5-7"],
        ),
        ("<B>\nMAMCAQE=\n<E>\n\rx\n", &["pem-text-around@5:1"], &[THREE]),
        // Warnings.
        ("\u{feff}<B>\nMAMCAQE=\n<E>", &["pem-bom@1:1~"], &[THREE]),
        ("<B>\n \nMAMCAQE=\n<E>", &["pem-body-space@2:2~"], &["1 Certificate CERTIFICATE 1-4"]),
        ("<B>\nMAMC  \nAQE=\n<E>", &["pem-body-space@2:5~"], &["1 Certificate CERTIFICATE 1-4"]),
        ("<B>\nMAMCAQF=\n<E>", &["pem-trailing-bits@2:7~"], &[THREE]),
        ("<B> \nMAMCAQE=\n<E>", &["pem-body-space@1:29~"], &[THREE]),
        ("<B>\n MAMCAQE=\n<E> \n", &["pem-body-space@2:2~"], &[THREE]),
        ("<B>\nComment: x\n\nMAMCAQE=\n<E>", &["pem-headers@1:28~"], &["1 Certificate CERTIFICATE 1-5"]),
        // Blank lines: directly after BEGIN, one is taken for the end of the headers.
        ("<B>\n\nMAMCAQE=\n<E>", &[], &["1 Certificate CERTIFICATE 1-4"]),
        ("<B>\r\n\r\nMAMCAQE=\r\n<E>", &[], &["1 Certificate CERTIFICATE 1-4"]),
        ("<B>\n\n\nMAMCAQE=\n<E>", &["pem-blank-line@3:1~"], &["1 Certificate CERTIFICATE 1-5"]),
        ("<B>\nMAMC\n\nAQE=\n<E>", &["pem-blank-line@3:1~"], &["1 Certificate CERTIFICATE 1-5"]),
        ("<B>\nMAMC\n \t\nAQE=\n<E>", &["pem-blank-line@3:3~"], &["1 Certificate CERTIFICATE 1-5"]),
        ("<B>\nMAMCAQE=\n\n<E>", &["pem-blank-line@3:1~"], &["1 Certificate CERTIFICATE 1-4"]),
        (
            "<B>\nComment: x\n\n\nMAMCAQE=\n<E>",
            &["pem-headers@1:28~", "pem-blank-line@4:1~"],
            &["1 Certificate CERTIFICATE 1-6"],
        ),
        // Notes.
        (
            "Bag Attributes\n    x: y\n<B>\nMAMCAQE=\n<E>\n",
            &["pem-text-around@1:1"],
            &["1 Certificate CERTIFICATE 3-5"],
        ),
        (
            "<B>\nMAMCAQE=\n<E>\n# it's\n<B>\nMAMCAQE=\n<E>\nend\n",
            &["pem-text-around@4:1"],
            &[THREE, "2 Certificate CERTIFICATE 5-7"],
        ),
        // BEGIN lost.
        ("MAMCAQE=\n<E>\n", &["pem-missing-begin@2:1~"], &["1 Certificate CERTIFICATE 1-2"]),
        (
            "text:\nMAMC\nAQE=\n<E>\n",
            &["pem-text-around@1:1", "pem-missing-begin@4:1~"],
            &["1 Certificate CERTIFICATE 2-4"],
        ),
        (
            r#""MAMCAQE=\n<E>""#,
            &["pem-quoted@1:1~", "pem-escaped-newlines@1:10~", "pem-missing-begin@1:12~"],
            &[ONE],
        ),
    ]);
}

#[test]
fn not_understood() {
    check_filled(&[
        ("", &["pem-empty"], &[]),
        (" \n\t\r\n", &["pem-empty"], &[]),
        ("\u{feff}\u{3000}", &["pem-empty"], &[]),
        ("my certificate", &["pem-not-pem@1:1"], &[]),
        ("<B>\n<E>", &["pem-empty@1:1"], &[]),
        ("<B>\nMAMCAQE=\n", &["pem-truncated@1:1"], &[]),
        ("<B>\nMAMCAQE=\n<E>\n<B>\nMAMC", &["pem-truncated@4:1"], &[THREE]),
        ("<B>\nMAMCAQE=\n-----END CERTIF", &["pem-truncated@1:1"], &[]),
        ("<B>\nMAMC\n<B>\nMAMCAQE=\n<E>", &["pem-truncated@1:1"], &["2 Certificate CERTIFICATE 3-5"]),
        (
            "<B>\nMAMC\n-----END PRIVATE KEY-----\n<B>\nMAMCAQE=\n<E>",
            &["pem-end-label@3:1"],
            &["2 Certificate CERTIFICATE 4-6"],
        ),
        ("-----BEGIN PGP MESSAGE-----\nAAAA\n<E>", &["pem-end-label@3:1"], &[]),
        ("<E>\n<B>\nMAMCAQE=\n<E>", &["pem-missing-begin@1:1"], &["2 Certificate CERTIFICATE 2-4"]),
        ("MAMC\n<E>\n", &["pem-missing-begin@2:1"], &[]),
        // Base64.
        (
            "<B>\nMAMC\u{3000}AQE=\n<E>\n<B>\nMAMCAQE=\n<E>",
            &["pem-bad-character@2:5~"],
            &[THREE, "2 Certificate CERTIFICATE 4-6"],
        ),
        ("<B>\nMAMC\nA\u{a0}QE=\n<E>", &["pem-bad-character@3:2~"], &["1 Certificate CERTIFICATE 1-4"]),
        ("<B>\nMAMC\u{200b}AQE=\n<E>", &["pem-bad-character@2:5~"], &[THREE]),
        ("<B>\nMAMC\u{feff}AQE=\n<E>", &["pem-bad-character@2:5~"], &[THREE]),
        ("<B>\nMAMC...AQE=\n<E>", &["pem-bad-character@2:5"], &[]),
        ("<B>\nMA-CAQE_\n<E>", &["pem-bad-character@2:3"], &[]),
        ("<B>\n\"MAMCAQE=\"\n<E>", &["pem-bad-character@2:1"], &[]),
        ("<B>\nMAMCAQE\n<E>", &["pem-padding@2:8"], &[]),
        ("<B>\nMAMCAQE==\n<E>", &["pem-padding@2:9"], &[]),
        ("<B>\nMAMCAQE=\nMAMCAQE=\n<E>", &["pem-padding@3:1"], &[]),
        // Markers that are nearly right.
        ("----BEGIN CERTIFICATE-----\nMAMCAQE=\n<E>", &["pem-marker@1~"], &[THREE]),
        ("-----begin certificate-----\nMAMCAQE=\n-----end certificate-----", &["pem-marker@1~"], &[THREE]),
        (
            "\u{2013}BEGIN CERTIFICATE\u{2013}\nMAMCAQE=\n\u{2013}END CERTIFICATE\u{2013}",
            &["pem-marker@1~"],
            &[THREE],
        ),
        (
            "<B>\nMAMCAQE=\n-----END CERTIFICATE----\n<B>\nMAMCAQE=\n<E>",
            &["pem-marker@3~"],
            &[THREE, "2 Certificate CERTIFICATE 4-6"],
        ),
        ("<B>\n<B>\nMAMCAQE=\n<E>", &["pem-marker@1~"], &["1 Certificate CERTIFICATE 2-4"]),
        ("<B>\nMAMCAQE=\n<B>\n", &["pem-marker@3~"], &[THREE]),
        ("-----BEGIN\nCERTIFICATE-----\nMAMCAQE=\n-----END\nCERTIFICATE-----", &["pem-marker@1:1"], &[]),
        // Labels.
        (
            "-----BEGIN X509 CERTIFICATE-----\nMAMCAQE=\n-----END X509 CERTIFICATE-----",
            &["pem-label@1:1~"],
            &["1 Certificate X509 CERTIFICATE 1-3"],
        ),
        (
            "-----BEGIN CERTFICATE-----\nMAMCAQE=\n-----END CERTFICATE-----",
            &["pem-unknown-label@1:1"],
            &["1 Other CERTFICATE 1-3"],
        ),
        (
            "-----BEGIN certificate-----\nMAMCAQE=\n-----END certificate-----",
            &["pem-unknown-label@1:1"],
            &["1 Other certificate 1-3"],
        ),
        (
            "-----BEGIN MESSAGE-----\nMAMCAQE=\n-----END MESSAGE-----",
            &["pem-unknown-label@1:1~"],
            &["1 Other MESSAGE 1-3"],
        ),
        // A version is not the prime of such parameters: the body is something else.
        (
            "-----BEGIN DH PARAMETERS-----\nMAMCAQE=\n-----END DH PARAMETERS-----",
            &["pem-unknown-label@1:1~"],
            &["1 Other DH PARAMETERS 1-3"],
        ),
    ]);
}

#[test]
fn a_certificate_with_trust_settings_is_read_without_them() {
    let der = certificate(30);
    let mut with_settings = der.clone();
    with_settings.extend([0x30, 0]);
    let (findings, blocks) = parse_text(&pem("TRUSTED CERTIFICATE", &with_settings));
    assert_eq!(codes(&findings), ["pem-label@1:1"]);
    assert_eq!(blocks[0].der.as_slice(), der);
}

#[test]
fn labels_that_lie_are_reported() {
    for (label, der, want, kind) in [
        ("CERTIFICATE", key(40), "pem-wrong-label@1:1", BlockKind::PrivateKey),
        ("PRIVATE KEY", certificate(40), "pem-wrong-label@1:1", BlockKind::Certificate),
        ("PRIVATE KEY", request(), "pasted-request@1:1", BlockKind::Request),
    ] {
        let (findings, blocks) = parse_text(&pem(label, &der));
        assert_eq!(codes(&findings), [want]);
        assert_eq!(blocks[0].kind, kind);
    }
}

fn request() -> Vec<u8> {
    let algorithm = sequence(&[&[6, 1, 42]]);
    let info = sequence(&[&[2, 1, 0], &sequence(&[]), &algorithm, &[0xA0, 0]]);
    sequence(&[&info, &algorithm, &[3, 1, 0]])
}

/// Keys are what they are, whatever key their label names; those in envelopes are for the check of keys.
#[test]
fn the_shape_of_a_key_counts_before_its_label() {
    let encrypted = sequence(&[&sequence(&[&[6, 1, 42]]), &[4, 1, 0]]);
    let enveloped = sequence(&[&[6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2, 3], &[0xA0, 0]]);
    for (label, der, kind) in [
        ("PRIVATE KEY", encrypted, BlockKind::EncryptedKey),
        ("ENCRYPTED PRIVATE KEY", key(40), BlockKind::PrivateKey),
        ("PRIVATE KEY", enveloped, BlockKind::PrivateKey),
    ] {
        let (findings, blocks) = parse_text(&pem(label, &der));
        assert_eq!(codes(&findings), [""; 0]);
        assert_eq!(blocks[0].kind, kind);
    }
}

/// Where one line of many is longer or shorter, there a character was lost or added.
#[test]
fn a_line_of_another_length_is_reported() {
    let text = pem("CERTIFICATE", &certificate(300));
    let lines: Vec<&str> = text.lines().collect();
    let with = |number: usize, line: &str| {
        let mut lines = lines.clone();
        lines[number - 1] = line;
        let (findings, _) = parse_text(&lines.join("\n"));
        (codes(&findings), findings[0].message.clone())
    };
    for number in [2, 3, 4, 5, lines.len() - 2] {
        let (told, message) = with(number, &lines[number - 1][1..]);
        assert_eq!(told, [format!("pem-padding@{number}:1")]);
        assert_eq!(message, "one character of this line was probably lost: it has 63, the others 64");
        let (told, message) = with(number, &format!("{}A", lines[number - 1]));
        assert_eq!(told, [format!("pem-padding@{number}:1")]);
        assert!(message.ends_with("; this line has 65, the others 64"), "{message}");
    }
    // The last line is as long as it must be; nothing shows it.
    let last = lines.len() - 1;
    let (_, message) = with(last, &lines[last - 1][1..]);
    assert!(!message.contains("this line"), "{message}");
    // Of few lines, or of ones that are all different, nobody can tell.
    for body in ["MAMCAQ\nAAAAA\nAAAA", "MAMCAQ\nAAAAA\nAAAA\nAAAAAA", "MAMC\nAAA"] {
        let (findings, _) = parse_text(&fill(&format!("<B>\n{body}\n<E>")));
        assert_eq!(findings[0].code(), "pem-padding", "{body}");
        assert!(!findings[0].message.contains("this line"), "{findings:?}");
    }
}

/// `\\r` is a line end, and an `n` after it belongs to the body.
#[test]
fn an_escape_ends_where_it_ends() {
    let (findings, blocks) = parse_text(&fill(r"<B>\rMAMC\rnAAA\r<E>"));
    assert_eq!(codes(&findings), ["pem-escaped-newlines@1:28~"]);
    assert_eq!(blocks[0].der.as_slice(), [0x30, 0x03, 0x02, 0x9C, 0, 0]);
}

#[test]
fn the_old_label_of_a_certificate_is_easily_written_again() {
    for (label, want) in [("X509 CERTIFICATE", true), ("TRUSTED CERTIFICATE", false)] {
        let (findings, _) = parse_text(&pem(label, &certificate(30)));
        assert_eq!(findings[0].hint.starts_with("Write CERTIFICATE as the label"), want, "{findings:?}");
    }
}

#[test]
fn the_character_is_named_and_the_rest_counted() {
    let (findings, _) = parse_text(&fill("<B>\nMA\u{3000}MCA\u{3000}\u{3000}QE=\n<E>"));
    assert_eq!(findings[0].message, "the character U+3000 IDEOGRAPHIC SPACE in the blocks, in 3 places");
    let (findings, _) = parse_text(&fill("<B>\nMA*MCA**QE=\n<E>"));
    assert_eq!(
        findings[0].message,
        "the character `*` inside base64; 2 more characters of this kind follow in the block"
    );
    let (findings, _) = parse_text(&fill("<B>\nMA*MCAQE=\n<E>"));
    assert_eq!(findings[0].message, "the character `*` inside base64");
}

#[test]
fn base64_outside_the_blocks_is_not_mere_text() {
    let text = pem("CERTIFICATE", &certificate(90)) + &base64(&certificate(40)) + "\n";
    let (findings, blocks) = parse_text(&text);
    assert_eq!(codes(&findings), [format!("pem-stray-base64@{}:1", text.lines().count())]);
    assert_eq!(blocks.len(), 1);
    let text = pem("CERTIFICATE", &certificate(90)) + &"0f".repeat(32);
    assert_eq!(parse_text(&text).0[0].code(), "pem-text-around", "a fingerprint");
}

/// What word processors write in Windows-1252 is named by its byte, once, and read.
#[test]
fn bytes_of_windows_1252_are_named_and_the_block_is_read() {
    let text = pem("CERTIFICATE", &certificate(300));
    // Each sign stands for a byte that is not UTF-8.
    let bytes = |text: String| -> Vec<u8> {
        let byte = |sign: char| match sign {
            '~' => 0xA0,
            '*' => 0x97,
            '_' => 0x96,
            '<' => 0x93,
            '>' => 0x94,
            ascii => ascii as u8,
        };
        text.chars().map(byte).collect()
    };
    let lines = text.lines().count();
    let begin = |character: &str| format!("1 BEGIN or END line is not written exactly (line 1: {character})");
    for (file, code, message) in [
        (
            bytes(text.replace('\n', "~\n")),
            "pem-bad-character",
            format!(
                "the byte 0xA0 (not UTF-8; NO-BREAK SPACE in Windows-1252) in the blocks, in {lines} places"
            ),
        ),
        (
            bytes(text.replace(BEGIN, "**-BEGIN CERTIFICATE**-")),
            "pem-marker",
            begin("the byte 0x97 (not UTF-8; EM DASH in Windows-1252) in columns 1, 2, 21, 22"),
        ),
        (
            bytes(text.replace(BEGIN, "_____BEGIN CERTIFICATE-----")),
            "pem-marker",
            begin("the byte 0x96 (not UTF-8; EN DASH in Windows-1252) in columns 1, 2, 3, 4, 5"),
        ),
        (bytes(format!("<{}>\n", text.trim_end())), "pem-quoted", "2 quotes around the PEM".to_owned()),
    ] {
        let (findings, blocks) = parse_file(&file);
        let [finding] = findings.as_slice() else { panic!("{:?}", codes(&findings)) };
        assert_eq!((finding.code(), finding.message.as_ref()), (code, message.as_str()));
        assert_eq!(blocks.len(), 1, "{message}");
    }
}
