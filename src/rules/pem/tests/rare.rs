//! Texts that are seldom met.

use super::*;

/// Code, message and hint of each finding.
fn told(findings: &[Finding]) -> Vec<(&str, &str, &str)> {
    findings.iter().map(|finding| (finding.code(), finding.message.as_ref(), &*finding.hint)).collect()
}

#[test]
fn der_pasted_as_text_is_not_pem() {
    // Every octet of it is a character of ASCII.
    let der = sequence(&[&[2, 1, 0], &sequence(&[&[6, 1, 42]]), &[4, 1, 0]]);
    let (findings, blocks) = parse_text(std::str::from_utf8(&der).unwrap());
    assert_eq!(codes(&findings), ["pem-not-pem"]);
    assert_eq!(findings[0].message, "this is DER, which is not text");
    assert_eq!(outline(&blocks), ["1 PrivateKey  0-1"]);
    assert_eq!(codes(&parse_file(&der).0), ["pem-der-file~"]);
    // A digit 0 and what might be a short element, but more after it: a text.
    let longer = [der.as_slice(), b"\n"].concat();
    let (findings, blocks) = parse_file(&longer);
    assert_eq!((codes(&findings), blocks.len()), (vec!["pem-not-pem@1:1".to_owned()], 0));
}

#[test]
fn url_encoded_text_is_named() {
    let hint = "Decode the URL encoding first; `%0A` is a line end.";
    for text in ["AAAA%0AAAAA", "AAAA%2BAAAA", "AAAA%20AAAA"] {
        let (findings, _) = parse_text(text);
        assert_eq!(told(&findings), [("pem-not-pem", "this is URL-encoded", hint)]);
    }
    // Another percent sign says nothing.
    let (findings, _) = parse_text("AAAA%AAAA");
    assert_eq!(findings[0].message, "a certificate is expected, but there is no BEGIN line");
    let key = parse(&"AAAA%AAAA".into(), Expected::PrivateKey, &Policy::default()).findings;
    assert_eq!(key[0].message, "a private key is expected, but there is no BEGIN line");
}

#[test]
fn bare_base64_that_cannot_be_decoded_is_reported_with_its_flaw() {
    let body = base64(&certificate(300));
    let (findings, blocks) = parse_text(&body.replacen(&body[40..41], "?", 1));
    assert!(blocks.is_empty());
    let place = body.find(&body[40..41]).unwrap() + 1;
    assert_eq!(codes(&findings), ["pem-bare-base64@1:1~".to_owned(), format!("pem-bad-character@1:{place}")]);
    // Too short to be distinguished from a word.
    assert_eq!(codes(&parse_text("MII?").0), ["pem-not-pem@1:1"]);
}

#[test]
fn a_broken_marker_inside_a_body_is_what_is_wrong_with_it() {
    check(&[
        (
            "-----BEGIN CERTIFICATE-----\nMAMC\n----BEGIN CERTIFICATE----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
            &["pem-marker@3:1"],
            &[],
        ),
        (
            "-----BEGIN CERTIFICATE-----\nMAMC\n---END CERTIFICATE---\n-----END CERTIFICATE-----\n\
             -----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
            &["pem-marker@3:1"],
            &["2 Certificate CERTIFICATE 5-7"],
        ),
    ]);
}

#[test]
fn keys_under_other_labels_are_handed_on_as_keys() {
    for (label, want) in [
        ("CERTIFICATE", "pem-wrong-label@1:1"),
        ("X509 CERTIFICATE", "pem-wrong-label@1:1"),
        ("TRUSTED CERTIFICATE", "pem-wrong-label@1:1"),
        ("MY FILE", "pem-unknown-label@1:1"),
    ] {
        let der = key(40);
        let (findings, blocks) = parse_text(&pem(label, &der));
        assert_eq!(codes(&findings), [want], "{label}");
        let [block] = blocks.as_slice() else { panic!("{blocks:?}") };
        assert_eq!((block.kind, block.der.as_slice()), (BlockKind::PrivateKey, der.as_slice()), "{label}");
    }
    // In a public field nothing else is advised than to take it out.
    let findings = judged(&pem("MY FILE", &key(40)), Expected::Certificates);
    let hint = KEY_EXPOSED.hint;
    let message = "-----BEGIN MY FILE----- is neither a certificate nor a key";
    assert_eq!(told(&findings), [("pem-unknown-label", message, hint)]);
}

/// Headers whose lines were joined: the last value is one word (RFC 1421, section 4.6).
#[test]
fn joined_headers_end_with_one_word() {
    let body = base64(&key(40));
    let block = |headers: &str| {
        format!("-----BEGIN RSA PRIVATE KEY----- {headers} {body} -----END RSA PRIVATE KEY-----")
    };
    let read = |text: &str| {
        let read = parse(&text.into(), Expected::PrivateKey, &Policy::default());
        (read.findings, read.value.unwrap_or_default())
    };
    let (findings, blocks) =
        read(&block("Proc-Type: 4,ENCRYPTED DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF"));
    let codes_of: Vec<_> = findings.iter().map(Finding::code).collect();
    assert_eq!(codes_of, ["pem-joined-lines"]);
    assert_eq!(outline(&blocks), ["1 EncryptedKey RSA PRIVATE KEY 1-1"]);
    assert!(blocks[0].der.is_empty());
    // Other headers are passed over, and the body is read.
    let (findings, blocks) = read(&block("Comment: x"));
    let codes_of: Vec<_> = findings.iter().map(Finding::code).collect();
    assert_eq!(codes_of, ["pem-headers", "pem-joined-lines"]);
    assert_eq!(outline(&blocks), ["1 PrivateKey RSA PRIVATE KEY 1-1"]);
    assert_eq!(blocks[0].der.as_slice(), key(40));
    // Without any space there is no telling where the value ends.
    let text = format!("-----BEGIN RSA PRIVATE KEY-----Comment:{body}-----END RSA PRIVATE KEY-----");
    let (findings, blocks) = read(&text);
    let codes_of: Vec<_> = findings.iter().map(Finding::code).collect();
    assert_eq!(codes_of, ["pem-headers", "pem-joined-lines"]);
    assert_eq!(blocks[0].der.as_slice(), key(40));
}

#[test]
fn what_does_not_belong_in_a_key_field_has_its_own_advice() {
    let objects = |label: &str, der: &[u8]| pem(label, der);
    for (text, code, what, hint) in [
        (
            objects("PKCS12", &[0x30, 0]),
            "pasted-pkcs12",
            "a PKCS#12 file",
            "Convert it: `openssl pkcs12 -in FILE.p12 -nocerts -nodes -out new-key.pem` (for an old file, OpenSSL 3 also needs `-legacy`).",
        ),
        (
            objects("PKCS7", &[0x30, 0]),
            "pasted-pkcs7",
            "PKCS#7 data",
            "Paste the private key itself. PKCS#7 of this form holds certificates, not the key.",
        ),
        (
            objects("CERTIFICATE REQUEST", &[0x30, 0]),
            "pasted-request",
            "a certificate request",
            "Paste the private key that was written when this request was made (`openssl req -keyout`).",
        ),
        (
            objects("PUBLIC KEY", &[0x30, 0]),
            "pasted-public-key",
            "a public key",
            "Paste the private key. This is only the public half.",
        ),
        (
            "ssh-ed25519 AAAA me".to_owned(),
            "pasted-public-key",
            "a public key in OpenSSH's format",
            "Paste the private key. This is only the public half.",
        ),
    ] {
        let findings = parse(&text.as_str().into(), Expected::PrivateKey, &Policy::default()).findings;
        let message = format!("this is {what}, but a private key in PEM is expected");
        assert_eq!(told(&findings), [(code, message.as_str(), hint)]);
    }
}

/// A certificate under another of its names is not a key, also where its END line is lost.
#[test]
fn a_cut_certificate_under_another_name_exposes_no_key() {
    for label in ["X509 CERTIFICATE", "TRUSTED CERTIFICATE"] {
        let (findings, blocks) = parse_text(&format!("-----BEGIN {label}-----\n{A}\n"));
        assert_eq!((codes(&findings), blocks.len()), (vec!["pem-truncated@1:1".to_owned()], 0), "{label}");
    }
}

/// Headers are at the start of a body: a colon in the middle of it is damage, and nothing before it is passed over.
#[test]
fn a_colon_late_in_a_body_is_not_a_header() {
    let text = pem("CERTIFICATE", &certificate(200));
    let at = text.find("-----END").unwrap() - 10;
    let damaged = format!("{}:{}", &text[..at], &text[at + 1..]);
    let (findings, blocks) = parse_text(&damaged);
    let line = damaged[..at].lines().count();
    assert_eq!(
        codes(&findings),
        [format!("pem-bad-character@{line}:{}", at - damaged[..at].rfind('\n').unwrap())]
    );
    assert_eq!(findings[0].message, "the character `:` inside base64");
    assert!(blocks.is_empty());
}

/// As YAML has it: all lines of a block are indented alike, the END line too.
#[test]
fn a_block_that_is_indented_as_a_whole_is_reported_once() {
    let text = pem("CERTIFICATE", &certificate(100));
    let indented: String = text.lines().map(|line| format!("    {line}\n")).collect();
    let (findings, blocks) = parse_text(&indented);
    assert_eq!((codes(&findings), blocks.len()), (vec!["pem-mid-line@1:5~".to_owned()], 1));
    assert!(findings[0].message.ends_with("in 1 place"), "{}", findings[0].message);
}

/// How many lines, and from where to where.
#[test]
fn damage_is_reported_with_its_extent() {
    let block = pem("CERTIFICATE", &certificate(100));
    let message = |text: &str| parse_text(text).0.remove(0).message;
    let begin_alone = block.replacen('\n', "\r", 1);
    assert_eq!(message(&begin_alone), "1 line ends in CR without LF");
    // The line of an END is reported once, also where a BEGIN follows.
    let after_end = format!("{}\r{block}", block.trim_end());
    assert_eq!(message(&after_end), "1 line ends in CR without LF");
    assert_eq!(message(&format!("'{block}x'")), "2 quotes around the PEM");
    let lines = block.lines().count();
    assert_eq!(message(&block.replace('\n', "\r")), format!("{lines} lines end in CR without LF"));
    let twice = "end in CR CR LF: the line ends were converted to those of Windows twice";
    assert_eq!(message(&block.replace('\n', "\r\r\n")), format!("{lines} lines {twice}"));
    assert_eq!(
        message(&format!("{}\r\r\n{block}", block.trim_end())),
        format!("1 line {}", twice.replacen("end", "ends", 1))
    );
    let text = format!("subject\nissuer\n{block}\nsubject\nissuer\n");
    assert_eq!(
        message(&text),
        format!("text outside the blocks, in 2 places, from line 1 to line {}", lines + 5)
    );
}

/// What nearly is a marker inside a block is reported with the block's number.
#[test]
fn a_near_marker_has_the_number_of_its_block() {
    let block = pem("CERTIFICATE", &certificate(100));
    let text = format!("{block}{}", block.replace("-----END CERTIFICATE", "----END LICENCE CRL"));
    let (findings, blocks) = parse_text(&text);
    assert_eq!((codes(&findings).len(), blocks.len()), (1, 1));
    assert_eq!((findings[0].code(), findings[0].location.block), ("pem-marker", Some(2)));
}

#[test]
fn a_misspelt_begin_is_pointed_at() {
    let block = pem("CERTIFICATE", &certificate(100));
    let (findings, blocks) = parse_text(&format!("{block}{}", block.replace("BEGIN", "BEGN")));
    let line = block.lines().count() + 1;
    assert_eq!((codes(&findings), blocks.len()), (vec![format!("pem-marker@{line}~")], 2));
    assert_eq!(findings[0].hint, format!("Write line {line} as `-----BEGIN CERTIFICATE-----`."));
    // A line that cannot be known for what it is meant to be is only pointed at.
    let (findings, _) = parse_text(&format!("{block}{}", block.replace("BEGIN", "START")));
    let finding = findings.iter().find(|finding| finding.code() == "pem-missing-begin").unwrap();
    assert_eq!(finding.hint, format!("Write line {line} as `-----BEGIN CERTIFICATE-----`."));
}

/// A misspelt END is reported itself, and what follows is read.
#[test]
fn a_misspelt_end_is_reported() {
    let block = pem("CERTIFICATE", &certificate(100));
    let lines = block.lines().count();
    let wrong = block.replace("END", "EDN");
    let (findings, blocks) = parse_text(&format!("{wrong}{block}"));
    assert_eq!((codes(&findings), blocks.len()), (vec![format!("pem-marker@{lines}~")], 2));
    let wrong = block.replace("END", "FINIS");
    let (findings, blocks) = parse_text(&format!("{wrong}{block}"));
    assert_eq!((codes(&findings), blocks.len()), (vec![format!("pem-marker@{lines}:1")], 1));
    assert_eq!(findings[0].hint, "If the block ends there, write the line as `-----END CERTIFICATE-----`.");
    // Without any, the block was cut off.
    let cut: String = block.lines().take(lines - 1).flat_map(|line| [line, "\n"]).collect();
    assert_eq!(codes(&parse_text(&cut).0), ["pem-truncated@1:1"]);
}
