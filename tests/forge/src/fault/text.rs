//! Text and PEM.

use super::Base::{Ecc, Rsa, Sm2};
use super::{Fault, on_cert, on_key, row};
use crate::cert::Issued;
use crate::der::oid;
use crate::form::Form;
use crate::{chain, foreign, form, key, pem};

fn cert(form: &mut Form, text: impl Into<String>) {
    form.cert_content = Some(text.into());
}
fn key(form: &mut Form, text: impl Into<String>) {
    form.private_key = Some(text.into());
}

/// The sign field lengthened by `end` to `characters`, as counted by the API.
fn lengthen(form: &mut Form, characters: usize, filler: &str) {
    let text = form.cert_content_sign.take().unwrap();
    let missing = characters - text.chars().count() - 1;
    form.cert_content_sign = Some(text + &filler.repeat(missing) + "\n");
}

/// A text with each line changed, by its number from 1.
fn each_line(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    text.lines().enumerate().map(|(index, line)| change(index + 1, line) + "\n").collect()
}

/// A text with another one after that many lines.
fn after_line(text: &str, lines: usize, other: &str) -> String {
    let mut all: Vec<_> = text.lines().collect();
    all.insert(lines.min(all.len()), other);
    all.join("\n") + "\n"
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A text with the line at `index`, from 0, twice; the text as it is where another row has left fewer lines.
fn doubled_line(text: &str, index: usize) -> String {
    match lines_of(text).get(index) {
        Some(line) => after_line(text, index, line),
        None => text.to_owned(),
    }
}

fn exchanged_lines(text: &str, one: usize, other: usize) -> String {
    let mut lines = lines_of(text);
    if one.max(other) < lines.len() {
        lines.swap(one, other);
    }
    lines.join("\n") + "\n"
}

/// A text with other characters put into the line at `index`, before that column, both from 0.
fn after_character(text: &str, index: usize, column: usize, other: &str) -> String {
    let mut lines = lines_of(text);
    lines[index].insert_str(column, other);
    lines.join("\n") + "\n"
}

/// As from a picture: each `0` of base64 became the letter that looks like it.
fn zero_as_letter(text: &str) -> String {
    let line = |line: &str| if line.starts_with("--") { line.to_owned() } else { line.replace('0', "O") };
    text.lines().map(|text| line(text) + "\n").collect()
}

/// A chain whose first certificate names "Forge TLS CA 5" as its issuer: one character of its text is another one.
fn changed_issuer(text: &str) -> String {
    changed_octet(text, b"Forge TLS CA ", b'5')
}

/// A chain whose first certificate has an unknown signature algorithm in its signed part: one character of its text is another one.
fn changed_algorithm(text: &str) -> String {
    // The identifiers of PKCS#1: sha256WithRSAEncryption is the eleventh.
    changed_octet(text, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1], 0x1B)
}

/// A chain whose first certificate has `octet` behind the first of these octets.
fn changed_octet(text: &str, before: &[u8], octet: u8) -> String {
    let mut der = pem::decode(text);
    let start = der.windows(before.len()).position(|window| window == before).unwrap();
    der[start + before.len()] = octet;
    let end = "-----END CERTIFICATE-----\n";
    let others = text.split_once(end).unwrap().1;
    pem::encode("CERTIFICATE", &der) + others
}

fn changed_character(text: &str, index: usize, column: usize) -> String {
    let mut lines = lines_of(text);
    let other = if lines[index].as_bytes()[column] == b'A' { "B" } else { "A" };
    lines[index].replace_range(column..=column, other);
    lines.join("\n") + "\n"
}

/// What OpenSSL writes before a SEC1 key.
pub(super) fn ec_parameters() -> String {
    pem::encode("EC PARAMETERS", &oid(key::p256(0).ec().curve.oid).encode())
}

/// The form's private key, or that of a valid form where another change took it.
fn own_key(form: &Form) -> String {
    form.private_key.clone().unwrap_or_else(|| key::rsa2048(0).pem())
}

/// The certificates, with what comes of the private key before them.
fn key_before(form: &mut Form, damage: fn(&str) -> String) {
    let damaged = damage(&own_key(form));
    on_cert(form, |text| damaged + text);
}

/// What `openssl rsa -text -noout` prints before the key itself, with numbers that are nobody's.
pub(super) const PRINTED_KEY: &str = "Private-Key: (2048 bit, 2 primes)\nmodulus:\n    00:b3:1f:0c\npublicExponent: 65537 (0x10001)\n\
    privateExponent:\n    00:9a:41:7e\nprime1:\n    00:d9:10:3f\nprime2:\n    00:c1:22:05\n";

pub(super) const ROWS: &[Fault] = &[
    // A key in a public field that is not a block of its own.
    row(Rsa, "cert-with-printed-key", |f| on_cert(f, |t| PRINTED_KEY.to_owned() + t)),
    row(Rsa, "cert-with-truncated-key", |f| key_before(f, pem::without_end)),
    row(Rsa, "cert-with-four-dash-key", |f| key_before(f, |t| t.replace("-----", "----"))),
    row(Rsa, "cert-with-bare-key", |f| {
        key_before(f, |t| {
            t.lines().filter(|line| !line.starts_with('-')).map(|line| format!("{line}\n")).collect()
        });
    }),
    row(Rsa, "cert-is-truncated-key", |f| {
        let key = pem::without_end(&own_key(f));
        f.private_key = f.cert_content.replace(key);
    }),
    row(Rsa, "truncated-last-block", |f| on_cert(f, pem::truncated)),
    row(Rsa, "begin-without-end", |f| on_cert(f, pem::without_end)),
    row(Rsa, "end-of-other-label", |f| on_cert(f, |t| pem::end_of_other_label(t, "PRIVATE KEY"))),
    row(Rsa, "begin-inside-body", |f| on_cert(f, pem::begin_inside_body)),
    row(Rsa, "cert-line-missing", |f| on_cert(f, |t| pem::without_line(t, 5))),
    row(Rsa, "cert-first-line-missing", |f| on_cert(f, |t| pem::without_line(t, 1))),
    row(Rsa, "key-line-missing", |f| on_key(f, |t| pem::without_line(t, 5))),
    row(Rsa, "key-first-line-missing", |f| on_key(f, |t| pem::without_line(t, 1))),
    row(Rsa, "truncated-key", |f| on_key(f, pem::truncated)),
    row(Rsa, "key-without-end", |f| on_key(f, pem::without_end)),
    row(Rsa, "empty-certificate", |f| cert(f, "")),
    row(Rsa, "empty-key", |f| key(f, "")),
    row(Rsa, "whitespace-only", |f| cert(f, " \n\t\n")),
    row(Rsa, "key-whitespace-only", |f| f.private_key = Some(" \n\t\n".to_owned())),
    row(Rsa, "no-pem", |f| cert(f, "please see the attachment")),
    row(Rsa, "missing-begin", |f| on_key(f, pem::without_begin)),
    // Damage that the repair fixes.
    row(Rsa, "base64-of-der", |f| on_cert(f, pem::base64_of_der)),
    row(Rsa, "base64-of-pem", |f| on_cert(f, pem::base64_of_text)),
    row(Rsa, "quoted", |f| on_cert(f, pem::quoted)),
    row(Rsa, "literal-n", |f| on_cert(f, pem::literal_n)),
    row(Rsa, "literal-rn", |f| on_cert(f, pem::literal_rn)),
    row(Rsa, "quoted-literal-n", |f| on_cert(f, |t| pem::quoted(&pem::literal_n(t)))),
    row(Rsa, "one-line", |f| on_cert(f, pem::one_line)),
    row(Rsa, "space-joined", |f| on_cert(f, pem::space_joined)),
    row(Rsa, "indented", |f| on_cert(f, pem::indented)),
    row(Rsa, "begin-mid-line", |f| on_cert(f, pem::begin_mid_line)),
    row(Rsa, "cr-only", |f| on_cert(f, pem::cr_only)),
    row(Rsa, "key-base64-of-der", |f| on_key(f, pem::base64_of_der)),
    row(Rsa, "key-base64-of-pem", |f| on_key(f, pem::base64_of_text)),
    row(Rsa, "key-literal-n", |f| on_key(f, pem::literal_n)),
    row(Rsa, "key-quoted", |f| on_key(f, pem::quoted)),
    row(Rsa, "key-one-line", |f| on_key(f, pem::one_line)),
    row(Rsa, "key-space-joined", |f| on_key(f, pem::space_joined)),
    row(Rsa, "key-indented", |f| on_key(f, pem::indented)),
    row(Rsa, "key-cr-only", |f| on_key(f, pem::cr_only)),
    // Other things than PEM certificates and keys.
    row(Rsa, "pkcs12", |f| cert(f, pem::base64(foreign::PKCS12))),
    row(Rsa, "pkcs7", |f| cert(f, foreign::PKCS7)),
    row(Rsa, "jks", |f| cert(f, pem::base64(&foreign::jks()))),
    row(Rsa, "openssh-key", |f| key(f, foreign::OPENSSH)),
    row(Rsa, "openssh-public-key", |f| key(f, foreign::OPENSSH_PUBLIC)),
    row(Rsa, "putty-key", |f| key(f, foreign::PUTTY)),
    row(Rsa, "pgp-key", |f| key(f, foreign::PGP)),
    row(Rsa, "csr", |f| cert(f, foreign::CSR)),
    row(Rsa, "crl", |f| cert(f, foreign::CRL)),
    row(Rsa, "public-key", |f| key(f, key::rsa2048(0).public_pem())),
    row(Rsa, "file-path", |f| cert(f, foreign::PATHS[0])),
    row(Rsa, "file-path-windows", |f| key(f, foreign::PATHS[1])),
    // Shapes that are fine.
    row(Rsa, "crlf", |f| on_cert(f, pem::crlf)),
    row(Rsa, "key-crlf", |f| on_key(f, pem::crlf)),
    row(Rsa, "no-final-newline", |f| on_cert(f, pem::without_final_newline)),
    row(Rsa, "lines-of-76", |f| on_cert(f, |t| pem::rewrapped(t, 76))),
    row(Rsa, "lines-of-40", |f| on_cert(f, |t| pem::rewrapped(t, 40))),
    row(Rsa, "one-line-body", |f| on_cert(f, |t| pem::rewrapped(t, 1 << 20))),
    row(Rsa, "bag-attributes", |f| on_cert(f, pem::bag_attributes)),
    row(Rsa, "key-bag-attributes", |f| on_key(f, pem::bag_attributes)),
    row(Rsa, "text-between-and-after", |f| {
        let plain = chain::plain(key::rsa2048(0));
        cert(f, format!("{}sub CA:\n{}end\n", plain.leaf.pem(), plain.intermediate.pem()));
    }),
    row(Rsa, "x509-text", |f| {
        let words = foreign::X509_TEXT.split("-----BEGIN").next().unwrap();
        on_cert(f, |t| words.to_owned() + t);
    }),
    row(Rsa, "stray-base64", |f| {
        let root = chain::plain_issuers().1;
        on_cert(f, |t| t.to_owned() + &pem::base64_lines(&root.der));
    }),
    row(Rsa, "bom", |f| on_cert(f, pem::bom)),
    row(Rsa, "key-bom", |f| on_key(f, pem::bom)),
    row(Rsa, "blank-line-inside", |f| on_cert(f, pem::blank_line_inside)),
    row(Rsa, "double-spaced", |f| on_cert(f, pem::double_spaced)),
    row(Rsa, "trailing-spaces", |f| on_cert(f, pem::trailing_spaces)),
    row(Rsa, "ideographic-space-inside", |f| on_cert(f, |t| pem::inside(t, "\u{3000}"))),
    row(Rsa, "nbsp-inside", |f| on_cert(f, |t| pem::inside(t, "\u{a0}"))),
    row(Rsa, "zero-width-space-inside", |f| on_cert(f, |t| pem::inside(t, "\u{200b}"))),
    row(Rsa, "key-nbsp-inside", |f| on_key(f, |t| pem::inside(t, "\u{a0}"))),
    row(Rsa, "asterisk-inside", |f| on_cert(f, |t| pem::inside(t, "*"))),
    row(Rsa, "key-plus-became-space", |f| on_key(f, |t| t.replace('+', " "))),
    row(Rsa, "wrong-padding", |f| on_cert(f, pem::wrong_padding)),
    row(Rsa, "key-wrong-padding", |f| on_key(f, pem::wrong_padding)),
    row(Rsa, "trusted-label", |f| {
        cert(f, foreign::TRUSTED);
        key(f, key::rsa2048(0).pem());
    }),
    row(Rsa, "x509-label", |f| on_cert(f, |t| pem::relabelled(t, "X509 CERTIFICATE"))),
    // Secrets and fields mixed up.
    row(Rsa, "cert-holds-the-key", |f| on_cert(f, |t| t.to_owned() + &key::rsa2048(0).pem())),
    row(Rsa, "cert-holds-another-key", |f| on_cert(f, |t| t.to_owned() + &key::rsa2048(1).pem())),
    row(Rsa, "key-holds-the-certificates", |f| {
        let certificates = f.cert_content.clone().or_else(|| form::rsa().cert_content).unwrap_or_default();
        on_key(f, |t| t.to_owned() + &certificates);
    }),
    row(Rsa, "key-holds-another-certificate", |f| {
        let other = Issued::pem(&chain::plain_issuers().1);
        on_key(f, |t| t.to_owned() + &other);
    }),
    row(Rsa, "fields-swapped", |f| std::mem::swap(&mut f.cert_content, &mut f.private_key)),
    row(Rsa, "trusted-root-holds-a-key", |f| {
        let root = chain::plain_issuers().1;
        *f = f.clone().instance("gw-1");
        f.trusted_root_ca = Some(root.pem() + &root.key_pem());
    }),
    // A body that is another thing than its label says.
    row(Rsa, "pkcs8-under-rsa", |f| on_key(f, |t| pem::relabelled(t, "RSA PRIVATE KEY"))),
    row(Rsa, "pkcs1-under-private-key", |f| {
        key(f, pem::relabelled(&key::rsa2048(0).traditional_pem(), "PRIVATE KEY"));
    }),
    row(Ecc, "sec1-under-private-key", |f| {
        key(f, pem::relabelled(&key::p256(0).traditional_pem(), "PRIVATE KEY"));
    }),
    row(Rsa, "pkcs1-under-ec", |f| {
        key(f, pem::relabelled(&key::rsa2048(0).traditional_pem(), "EC PRIVATE KEY"));
    }),
    row(Ecc, "sec1-under-rsa", |f| {
        key(f, pem::relabelled(&key::p256(0).traditional_pem(), "RSA PRIVATE KEY"));
    }),
    row(Rsa, "pkcs1-under-openssh", |f| {
        key(f, pem::relabelled(&key::rsa2048(0).traditional_pem(), "OPENSSH PRIVATE KEY"));
    }),
    row(Rsa, "pkcs8-under-any", |f| on_key(f, |t| pem::relabelled(t, "ANY PRIVATE KEY"))),
    row(Ecc, "pkcs8-under-ec", |f| on_key(f, |t| pem::relabelled(t, "EC PRIVATE KEY"))),
    row(Sm2, "pkcs8-under-sm2", |f| on_key(f, |t| pem::relabelled(t, "SM2 PRIVATE KEY"))),
    row(Sm2, "sec1-under-sm2", |f| {
        key(f, pem::relabelled(&key::sm2_enc().traditional_pem(), "SM2 PRIVATE KEY"));
    }),
    row(Rsa, "two-keys", |f| on_key(f, |t| t.to_owned() + &key::rsa2048(1).pem())),
    row(Rsa, "pkcs1", |f| key(f, key::rsa2048(0).traditional_pem())),
    row(Ecc, "sec1", |f| key(f, key::p256(0).traditional_pem())),
    row(Ecc, "ec-parameters-before-key", |f| {
        key(f, ec_parameters() + &key::p256(0).traditional_pem());
    }),
    row(Rsa, "encrypted-pkcs8", |f| key(f, key::RSA_ENCRYPTED)),
    row(Rsa, "encrypted-pkcs1", |f| key(f, key::RSA_PROC_TYPE)),
    row(Ecc, "encrypted-ec-pkcs8", |f| key(f, key::P256_ENCRYPTED)),
    row(Ecc, "encrypted-sec1", |f| key(f, key::P256_PROC_TYPE)),
    // Labels and markers.
    row(Rsa, "label-misspelt", |f| on_cert(f, |t| pem::relabelled(t, "CERTFICATE"))),
    row(Rsa, "certificate-under-key-label", |f| on_cert(f, |t| pem::relabelled(t, "PRIVATE KEY"))),
    row(Rsa, "marker-of-four-hyphens", |f| on_cert(f, |t| t.replacen('-', "", 1))),
    row(Rsa, "em-dashes", |f| on_cert(f, |t| t.replace("-----", "\u{2014}\u{2014}-"))),
    row(Rsa, "key-full-width-markers", |f| on_key(f, |t| t.replace("-----", "\u{ff0d}\u{ff0d}\u{ff0d}"))),
    row(Rsa, "cyrillic-letter-in-begin", |f| {
        on_cert(f, |t| t.replacen("CERTIFICATE", "CERTIFIC\u{410}TE", 1))
    }),
    row(Rsa, "begin-twice", |f| on_cert(f, |t| t.replacen('-', "-----BEGIN CERTIFICATE-----\n-", 1))),
    row(Rsa, "end-misspelt", |f| on_cert(f, |t| t.replacen("-----END CERT", "-----EDN CERT", 1))),
    row(Ecc, "key-markers-in-small-letters", |f| {
        on_key(f, |t| {
            t.replace("BEGIN PRIVATE KEY", "begin private key").replace("END PRIVATE KEY", "end private key")
        });
    }),
    row(Rsa, "line-separators", |f| on_cert(f, |t| t.replace('\n', "\u{2028}"))),
    row(Rsa, "pipes-for-line-ends", |f| on_cert(f, |t| t.replace('\n', "|"))),
    // Decorations.
    row(Rsa, "numbered-lines", |f| {
        on_cert(f, |t| each_line(t, |number, line| format!("{number:6}\t{line}")))
    }),
    row(Rsa, "found-lines", |f| {
        on_cert(f, |t| each_line(t, |number, line| format!("server.pem:{number}:{line}")));
    }),
    row(Rsa, "key-added-lines", |f| on_key(f, |t| each_line(t, |_, line| format!("+{line}")))),
    row(Sm2, "commented-lines", |f| on_cert(f, |t| each_line(t, |_, line| format!("# {line}")))),
    row(Rsa, "table-of-lines", |f| on_cert(f, |t| each_line(t, |_, line| format!("| {line:64} |")))),
    row(Ecc, "strings-of-lines", |f| on_cert(f, |t| each_line(t, |_, line| format!("    '{line}\\n' +")))),
    row(Rsa, "coloured-markers", |f| {
        on_cert(f, |t| {
            t.replace("-----BEGIN", "\x1b[33m-----BEGIN").replace("TE-----\n", "TE-----\x1b[0m\n")
        });
    }),
    row(Rsa, "page-break", |f| on_cert(f, |t| after_line(t, 8, "Page 3 of 7"))),
    row(Rsa, "key-page-break", |f| on_key(f, |t| after_line(t, 5, "\x0cPage 3 of 7\n\ninternal use only"))),
    // Text that was changed where it was copied.
    row(Rsa, "line-doubled", |f| on_cert(f, |t| doubled_line(t, 9))),
    row(Rsa, "lines-exchanged", |f| on_cert(f, |t| exchanged_lines(t, 8, 9))),
    row(Rsa, "character-of-the-key-changed", |f| on_cert(f, |t| changed_character(t, 9, 20))),
    row(Rsa, "character-of-the-issuer-changed", |f| on_cert(f, changed_issuer)),
    row(Rsa, "character-of-the-algorithm-changed", |f| on_cert(f, changed_algorithm)),
    row(Rsa, "four-characters-more", |f| on_cert(f, |t| after_character(t, 9, 20, "ABCD"))),
    row(Rsa, "small-letters-only", |f| on_cert(f, str::to_lowercase)),
    row(Rsa, "zero-read-as-letter", |f| on_cert(f, zero_as_letter)),
    row(Rsa, "key-zero-read-as-letter", |f| on_key(f, zero_as_letter)),
    row(Rsa, "key-line-doubled", |f| on_key(f, |t| doubled_line(t, 11))),
    row(Rsa, "key-lines-exchanged", |f| on_key(f, |t| exchanged_lines(t, 4, 5))),
    row(Rsa, "headers", |f| on_cert(f, |t| t.replacen("\n", "\nComment: web server\n\n", 1))),
    row(Rsa, "ec-parameters-alone", |f| cert(f, ec_parameters())),
    row(Ecc, "key-field-of-parameters", |f| key(f, ec_parameters())),
    row(Ecc, "same-key-twice", |f| on_key(f, |t| t.to_owned() + t)),
    row(Ecc, "same-key-in-two-forms", |f| on_key(f, |t| t.to_owned() + &key::p256(0).traditional_pem())),
    // More of what was pasted instead.
    row(Rsa, "url", |f| cert(f, "https://ca.forge.example/tls1.crt")),
    row(Rsa, "json-pasted", |f| cert(f, "{\"certificate\": 1}")),
    // Files.
    row(Rsa, "certificate-file-in-der", |f| {
        let leaf = chain::plain_leaf(key::rsa2048(0)).self_signed();
        f.cert_content = None;
        f.files.insert("cert_content", leaf.der);
    }),
    row(Rsa, "key-file-in-der", |f| {
        f.private_key = None;
        f.files.insert("private_key", key::rsa2048(0).pkcs8());
    }),
    row(Rsa, "pkcs12-file", |f| {
        f.cert_content = None;
        f.files.insert("cert_content", foreign::PKCS12.to_vec());
    }),
    row(Rsa, "jks-file", |f| {
        f.cert_content = None;
        f.files.insert("cert_content", foreign::jks());
    }),
    row(Rsa, "utf16-file", |f| {
        let text = f.cert_content.take().unwrap();
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        f.files.insert("cert_content", units.flat_map(u16::to_le_bytes).collect());
    }),
    // Lengths of the sign fields, in characters.
    row(Sm2, "sign-8092", |f| lengthen(f, 8092, "\n")),
    row(Sm2, "sign-8093", |f| lengthen(f, 8093, "\n")),
    row(Sm2, "sign-8092-multi-byte", |f| lengthen(f, 8092, "签")),
    row(Sm2, "sign-8093-multi-byte", |f| lengthen(f, 8093, "签")),
];
