//! Text and PEM.

use super::Base::{Ecc, Rsa, Sm2};
use super::{Fault, on_cert, on_key};
use crate::cert::{Cert, Issued};
use crate::der::oid;
use crate::form::Form;
use crate::{chain, foreign, form, key, pem};

fn cert(form: &mut Form, text: impl Into<String>) {
    form.cert_content = Some(text.into());
}
fn key(form: &mut Form, text: impl Into<String>) {
    form.private_key = Some(text.into());
}

/// A sub CA whose PEM has padding bits, set to other than zero.
fn non_canonical() -> String {
    let (_, root) = chain::plain_issuers();
    let texts = (0..3).map(|more| {
        let ca = Cert::ca(&format!("Padding CA{}", "A".repeat(more))).key(key::p256(2)).issued_by(&root);
        pem::non_canonical_bits("CERTIFICATE", &ca.der)
    });
    texts.flatten().next().unwrap()
}

/// The sign field lengthened by `end` to `characters`, as counted by the API.
fn lengthen(form: &mut Form, characters: usize, filler: &str) {
    let text = form.cert_content_sign.take().unwrap();
    let missing = characters - text.chars().count() - 1;
    form.cert_content_sign = Some(text + &filler.repeat(missing) + "\n");
}

/// What OpenSSL writes before a SEC1 key.
fn ec_parameters() -> String {
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
const PRINTED_KEY: &str = "Private-Key: (2048 bit, 2 primes)\nmodulus:\n    00:b3:1f:0c\npublicExponent: 65537 (0x10001)\n\
    privateExponent:\n    00:9a:41:7e\nprime1:\n    00:d9:10:3f\nprime2:\n    00:c1:22:05\n";

pub(super) const ROWS: &[Fault] = &[
    // A key in a public field that is no block of its own.
    Fault::reject(Rsa, "cert-with-printed-key", |f| on_cert(f, |t| PRINTED_KEY.to_owned() + t)).api("2106"),
    Fault::reject(Rsa, "cert-with-truncated-key", |f| key_before(f, pem::without_end)).api("2106"),
    Fault::reject(Rsa, "cert-with-four-dash-key", |f| key_before(f, |t| t.replace("-----", "----")))
        .api("2106"),
    Fault::reject(Rsa, "cert-with-bare-key", |f| {
        key_before(f, |t| {
            t.lines().filter(|line| !line.starts_with('-')).map(|line| format!("{line}\n")).collect()
        });
    })
    .api("2106"),
    Fault::reject(Rsa, "cert-is-truncated-key", |f| {
        let key = pem::without_end(&own_key(f));
        f.private_key = f.cert_content.replace(key);
    })
    .api("2106"),
    Fault::reject(Rsa, "truncated-last-block", |f| on_cert(f, pem::truncated)).api("2106"),
    Fault::reject(Rsa, "begin-without-end", |f| on_cert(f, pem::without_end)).api("2106"),
    Fault::reject(Rsa, "end-of-other-label", |f| on_cert(f, |t| pem::end_of_other_label(t, "PRIVATE KEY")))
        .api("2106"),
    Fault::reject(Rsa, "begin-inside-body", |f| on_cert(f, pem::begin_inside_body)).api("2106"),
    Fault::reject(Rsa, "cert-line-missing", |f| on_cert(f, |t| pem::without_line(t, 5))).api("2106"),
    Fault::reject(Rsa, "cert-first-line-missing", |f| on_cert(f, |t| pem::without_line(t, 1))).api("2106"),
    Fault::reject(Rsa, "key-line-missing", |f| on_key(f, |t| pem::without_line(t, 5))).api("2106"),
    Fault::reject(Rsa, "key-first-line-missing", |f| on_key(f, |t| pem::without_line(t, 1))).api("2106"),
    Fault::reject(Rsa, "truncated-key", |f| on_key(f, pem::truncated)).api("2106"),
    Fault::reject(Rsa, "key-without-end", |f| on_key(f, pem::without_end)).api("2106"),
    Fault::reject(Rsa, "empty-certificate", |f| cert(f, "")).api("2106"),
    Fault::reject(Rsa, "empty-key", |f| key(f, "")).api("2106"),
    Fault::reject(Rsa, "whitespace-only", |f| cert(f, " \n\t\n")).api("2106"),
    Fault::reject(Rsa, "no-pem", |f| cert(f, "please see the attachment")).api("2106"),
    Fault::reject(Rsa, "missing-begin", |f| on_key(f, pem::without_begin)).api("2106").fix(),
    // Damage that the repair mends.
    Fault::reject(Rsa, "base64-of-der", |f| on_cert(f, pem::base64_of_der)).api("2106").fix(),
    Fault::reject(Rsa, "base64-of-pem", |f| on_cert(f, pem::base64_of_text)).api("2106").fix(),
    Fault::reject(Rsa, "quoted", |f| on_cert(f, pem::quoted)).api("2106").fix(),
    Fault::reject(Rsa, "literal-n", |f| on_cert(f, pem::literal_n)).api("2106").fix(),
    Fault::reject(Rsa, "literal-rn", |f| on_cert(f, pem::literal_rn)).api("2106").fix(),
    Fault::reject(Rsa, "quoted-literal-n", |f| on_cert(f, |t| pem::quoted(&pem::literal_n(t))))
        .api("2106")
        .fix(),
    Fault::reject(Rsa, "one-line", |f| on_cert(f, pem::one_line)).api("2106").fix(),
    Fault::reject(Rsa, "space-joined", |f| on_cert(f, pem::space_joined)).api("2106").fix(),
    Fault::reject(Rsa, "indented", |f| on_cert(f, pem::indented)).api("2106").fix(),
    Fault::reject(Rsa, "begin-mid-line", |f| on_cert(f, pem::begin_mid_line)).api("2106").fix(),
    Fault::reject(Rsa, "cr-only", |f| on_cert(f, pem::cr_only)).api("2106").fix(),
    Fault::reject(Rsa, "key-base64-of-der", |f| on_key(f, pem::base64_of_der)).api("2106").fix(),
    Fault::reject(Rsa, "key-base64-of-pem", |f| on_key(f, pem::base64_of_text)).api("2106").fix(),
    Fault::reject(Rsa, "key-literal-n", |f| on_key(f, pem::literal_n)).api("2106").fix(),
    Fault::reject(Rsa, "key-quoted", |f| on_key(f, pem::quoted)).api("2106").fix(),
    Fault::reject(Rsa, "key-one-line", |f| on_key(f, pem::one_line)).api("2106").fix(),
    Fault::reject(Rsa, "key-space-joined", |f| on_key(f, pem::space_joined)).api("2106").fix(),
    Fault::reject(Rsa, "key-indented", |f| on_key(f, pem::indented)).api("2106").fix(),
    Fault::reject(Rsa, "key-cr-only", |f| on_key(f, pem::cr_only)).api("2106").fix(),
    // Other things than PEM certificates and keys.
    Fault::reject(Rsa, "pkcs12", |f| cert(f, pem::base64(foreign::PKCS12))).api("2106"),
    Fault::reject(Rsa, "pkcs7", |f| cert(f, foreign::PKCS7)).api("2106"),
    Fault::reject(Rsa, "jks", |f| cert(f, pem::base64(&foreign::jks()))).api("2106"),
    Fault::reject(Rsa, "openssh-key", |f| key(f, foreign::OPENSSH)).api("2106"),
    Fault::reject(Rsa, "openssh-public-key", |f| key(f, foreign::OPENSSH_PUBLIC)).api("2106"),
    Fault::reject(Rsa, "putty-key", |f| key(f, foreign::PUTTY)).api("2106"),
    Fault::reject(Rsa, "pgp-key", |f| key(f, foreign::PGP)).api("2106"),
    Fault::reject(Rsa, "csr", |f| cert(f, foreign::CSR)).api("2106"),
    Fault::reject(Rsa, "crl", |f| cert(f, foreign::CRL)).api("2106"),
    Fault::reject(Rsa, "public-key", |f| key(f, key::rsa2048(0).public_pem())).api("2106"),
    Fault::reject(Rsa, "file-path", |f| cert(f, foreign::PATHS[0])).api("2106"),
    Fault::reject(Rsa, "file-path-windows", |f| key(f, foreign::PATHS[1])).api("2106"),
    // Shapes that are fine.
    Fault::accept(Rsa, "crlf", |f| on_cert(f, pem::crlf)),
    Fault::accept(Rsa, "key-crlf", |f| on_key(f, pem::crlf)),
    Fault::accept(Rsa, "no-final-newline", |f| on_cert(f, pem::without_final_newline)),
    Fault::accept(Rsa, "lines-of-76", |f| on_cert(f, |t| pem::rewrapped(t, 76))),
    Fault::accept(Rsa, "lines-of-40", |f| on_cert(f, |t| pem::rewrapped(t, 40))),
    Fault::accept(Rsa, "one-line-body", |f| on_cert(f, |t| pem::rewrapped(t, 1 << 20))),
    Fault::note(Rsa, "bag-attributes", |f| on_cert(f, pem::bag_attributes)),
    Fault::note(Rsa, "key-bag-attributes", |f| on_key(f, pem::bag_attributes)),
    Fault::note(Rsa, "text-between-and-after", |f| {
        let plain = chain::plain(key::rsa2048(0));
        cert(f, format!("{}sub CA:\n{}end\n", plain.leaf.pem(), plain.intermediate.pem()));
    }),
    Fault::note(Rsa, "x509-text", |f| {
        let words = foreign::X509_TEXT.split("-----BEGIN").next().unwrap();
        on_cert(f, |t| words.to_owned() + t);
    }),
    Fault::reject(Rsa, "stray-base64", |f| {
        let root = chain::plain_issuers().1;
        on_cert(f, |t| t.to_owned() + &pem::base64_lines(&root.der));
    })
    .api("2106"),
    Fault::warn(Rsa, "bom", |f| on_cert(f, pem::bom)).fix(),
    Fault::warn(Rsa, "key-bom", |f| on_key(f, pem::bom)).fix(),
    Fault::warn(Rsa, "blank-line-inside", |f| on_cert(f, pem::blank_line_inside)).fix(),
    Fault::warn(Rsa, "double-spaced", |f| on_cert(f, pem::double_spaced)).fix(),
    Fault::warn(Rsa, "trailing-spaces", |f| on_cert(f, pem::trailing_spaces)).fix(),
    Fault::reject(Rsa, "ideographic-space-inside", |f| on_cert(f, |t| pem::inside(t, "\u{3000}")))
        .api("2106"),
    Fault::reject(Rsa, "nbsp-inside", |f| on_cert(f, |t| pem::inside(t, "\u{a0}"))).api("2106"),
    Fault::reject(Rsa, "zero-width-space-inside", |f| on_cert(f, |t| pem::inside(t, "\u{200b}"))).api("2106"),
    Fault::reject(Rsa, "key-nbsp-inside", |f| on_key(f, |t| pem::inside(t, "\u{a0}"))).api("2106"),
    Fault::reject(Rsa, "asterisk-inside", |f| on_cert(f, |t| pem::inside(t, "*"))).api("2106"),
    Fault::reject(Rsa, "key-plus-became-space", |f| on_key(f, |t| t.replace('+', " "))).api("2106"),
    Fault::reject(Rsa, "wrong-padding", |f| on_cert(f, pem::wrong_padding)).api("2106"),
    Fault::reject(Rsa, "key-wrong-padding", |f| on_key(f, pem::wrong_padding)).api("2106"),
    Fault::reject(Rsa, "non-canonical-bits", |f| on_cert(f, |t| t.to_owned() + &non_canonical())).api("2106"),
    Fault::reject(Rsa, "trusted-label", |f| {
        cert(f, foreign::TRUSTED);
        key(f, key::rsa2048(0).pem());
    })
    .api("2106"),
    Fault::reject(Rsa, "x509-label", |f| on_cert(f, |t| pem::relabelled(t, "X509 CERTIFICATE"))).api("2106"),
    // Secrets and fields mixed up.
    Fault::reject(Rsa, "cert-holds-the-key", |f| on_cert(f, |t| t.to_owned() + &key::rsa2048(0).pem())).fix(),
    Fault::reject(Rsa, "cert-holds-another-key", |f| on_cert(f, |t| t.to_owned() + &key::rsa2048(1).pem())),
    Fault::warn(Rsa, "key-holds-the-certificates", |f| {
        let certificates = f.cert_content.clone().or_else(|| form::rsa().cert_content).unwrap_or_default();
        on_key(f, |t| t.to_owned() + &certificates);
    })
    .fix(),
    Fault::reject(Rsa, "key-holds-another-certificate", |f| {
        let other = Issued::pem(&chain::plain_issuers().1);
        on_key(f, |t| t.to_owned() + &other);
    }),
    Fault::reject(Rsa, "fields-swapped", |f| std::mem::swap(&mut f.cert_content, &mut f.private_key)).fix(),
    Fault::reject(Rsa, "trusted-root-holds-a-key", |f| {
        let root = chain::plain_issuers().1;
        *f = f.clone().instance("gw-1");
        f.trusted_root_ca = Some(root.pem() + &root.key_pem());
    }),
    // A body that is another thing than its label says.
    Fault::warn(Rsa, "pkcs8-under-rsa", |f| on_key(f, |t| pem::relabelled(t, "RSA PRIVATE KEY"))).fix(),
    Fault::warn(Rsa, "pkcs1-under-private-key", |f| {
        key(f, pem::relabelled(&key::rsa2048(0).traditional_pem(), "PRIVATE KEY"));
    })
    .fix(),
    Fault::warn(Ecc, "sec1-under-private-key", |f| {
        key(f, pem::relabelled(&key::p256(0).traditional_pem(), "PRIVATE KEY"));
    })
    .fix(),
    Fault::warn(Ecc, "pkcs8-under-ec", |f| on_key(f, |t| pem::relabelled(t, "EC PRIVATE KEY"))).fix(),
    Fault::warn(Sm2, "pkcs8-under-sm2", |f| on_key(f, |t| pem::relabelled(t, "SM2 PRIVATE KEY"))).fix(),
    Fault::warn(Sm2, "sec1-under-sm2", |f| {
        key(f, pem::relabelled(&key::sm2_enc().traditional_pem(), "SM2 PRIVATE KEY"));
    })
    .fix(),
    Fault::reject(Rsa, "two-keys", |f| on_key(f, |t| t.to_owned() + &key::rsa2048(1).pem())),
    Fault::accept(Rsa, "pkcs1", |f| key(f, key::rsa2048(0).traditional_pem())),
    Fault::accept(Ecc, "sec1", |f| key(f, key::p256(0).traditional_pem())),
    Fault::accept(Ecc, "ec-parameters-before-key", |f| {
        key(f, ec_parameters() + &key::p256(0).traditional_pem());
    }),
    Fault::reject(Rsa, "encrypted-pkcs8", |f| key(f, key::RSA_ENCRYPTED)).api("2105"),
    Fault::reject(Rsa, "encrypted-pkcs1", |f| key(f, key::RSA_PROC_TYPE)).api("2105"),
    Fault::reject(Ecc, "encrypted-ec-pkcs8", |f| key(f, key::P256_ENCRYPTED)).api("2105"),
    Fault::reject(Ecc, "encrypted-sec1", |f| key(f, key::P256_PROC_TYPE)).api("2105"),
    // Labels and markers.
    Fault::reject(Rsa, "label-misspelt", |f| on_cert(f, |t| pem::relabelled(t, "CERTFICATE"))).api("2106"),
    Fault::reject(Rsa, "certificate-under-key-label", |f| on_cert(f, |t| pem::relabelled(t, "PRIVATE KEY")))
        .api("2106"),
    Fault::reject(Rsa, "marker-of-four-hyphens", |f| on_cert(f, |t| t.replacen('-', "", 1))).api("2106"),
    Fault::warn(Rsa, "headers", |f| on_cert(f, |t| t.replacen("\n", "\nComment: web server\n\n", 1))).fix(),
    Fault::reject(Rsa, "ec-parameters-alone", |f| cert(f, ec_parameters())).api("2106"),
    Fault::reject(Ecc, "key-field-of-parameters", |f| key(f, ec_parameters())).api("2106"),
    Fault::warn(Ecc, "same-key-twice", |f| on_key(f, |t| t.to_owned() + t)).fix(),
    Fault::warn(Ecc, "same-key-in-two-forms", |f| {
        on_key(f, |t| t.to_owned() + &key::p256(0).traditional_pem())
    })
    .fix(),
    // More of what was pasted instead.
    Fault::reject(Rsa, "url", |f| cert(f, "https://ca.forge.example/tls1.crt")).api("2106"),
    Fault::reject(Rsa, "json-pasted", |f| cert(f, "{\"certificate\": 1}")).api("2106"),
    // Files.
    Fault::note(Rsa, "certificate-file-in-der", |f| {
        let leaf = chain::plain_leaf(key::rsa2048(0)).self_signed();
        f.cert_content = None;
        f.files.insert("cert_content", leaf.der);
    }),
    Fault::note(Rsa, "key-file-in-der", |f| {
        f.private_key = None;
        f.files.insert("private_key", key::rsa2048(0).pkcs8());
    }),
    Fault::reject(Rsa, "pkcs12-file", |f| {
        f.cert_content = None;
        f.files.insert("cert_content", foreign::PKCS12.to_vec());
    })
    .api("2106"),
    Fault::reject(Rsa, "jks-file", |f| {
        f.cert_content = None;
        f.files.insert("cert_content", foreign::jks());
    })
    .api("2106"),
    Fault::reject(Rsa, "utf16-file", |f| {
        let text = f.cert_content.take().unwrap();
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        f.files.insert("cert_content", units.flat_map(u16::to_le_bytes).collect());
    })
    .api("2106")
    .fix(),
    // Lengths of the sign fields, in characters.
    Fault::accept(Sm2, "sign-8092", |f| lengthen(f, 8092, "\n")),
    Fault::reject(Sm2, "sign-8093", |f| lengthen(f, 8093, "\n")).api("2006"),
    Fault::note(Sm2, "sign-8092-multi-byte", |f| lengthen(f, 8092, "签")),
    Fault::reject(Sm2, "sign-8093-multi-byte", |f| lengthen(f, 8093, "签")).api("2006"),
];
