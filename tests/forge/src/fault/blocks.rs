//! Blocks and lines beside the certificate or the key, and lines between those of a block.

use super::Base::Rsa;
use super::text::PRINTED_KEY;
use super::{Fault, on_cert, on_key, put_chain, row};
use crate::der::{int, seq, small};
use crate::form::Form;
use crate::key::Key;
use crate::{chain, foreign, key, pem};

/// Parameters of a server for Diffie-Hellman: a large number that is public, the modulus of a test key, and a generator.
fn dh_parameters(label: &str) -> String {
    pem::encode(label, &seq([int(&key::rsa2048(1).rsa().n), small(2)]).encode())
}

/// The public key as PKCS#1, under the label of OpenSSL's `-RSAPublicKey_out`.
fn rsa_public_key(key: &Key) -> String {
    pem::encode("RSA PUBLIC KEY", &key.rsa().public().encode())
}

/// A leaf whose PEM has padding bits, set to other than zero, and its issuer.
fn non_canonical(form: &mut Form) {
    let (intermediate, _) = chain::plain_issuers();
    let texts = (0..3).filter_map(|more| {
        let leaf = chain::plain_leaf(key::rsa2048(0)).serial(vec![1; 8 + more]).issued_by(&intermediate);
        Some((pem::non_canonical_bits("CERTIFICATE", &leaf.der)?, leaf))
    });
    let (text, leaf) = texts.into_iter().next().unwrap();
    put_chain(form, &[leaf, intermediate.clone()]);
    form.cert_content = Some(text + &intermediate.pem());
}

/// The certificates with `line` before each of them.
fn with_line(form: &mut Form, line: &str) {
    on_cert(form, |text| text.replace("-----BEGIN", &format!("{line}\n-----BEGIN")));
}

/// A blank line before each END.
fn blank_line_before_end(text: &str) -> String {
    text.replace("\n-----END", "\n\n-----END")
}

fn put_all_in_key(form: &mut Form) {
    let certificates = form.cert_content.replace(String::new()).unwrap_or_default();
    on_key(form, |key| key.to_owned() + &certificates);
}

pub(super) const ROWS: &[Fault] = &[
    // Lines inside a block.
    row(Rsa, "blank-line-after-begin", |f| {
        on_cert(f, |t| t.replace("CERTIFICATE-----\nMII", "CERTIFICATE-----\n\nMII"));
    }),
    row(Rsa, "key-blank-line-before-end", |f| on_key(f, blank_line_before_end)),
    row(Rsa, "key-headers-mic", |f| {
        on_key(f, |t| t.replacen('\n', "\nProc-Type: 4,MIC-CLEAR\nContent-Domain: RFC822\n\n", 1));
    }),
    row(Rsa, "non-canonical-bits", non_canonical),
    // Text beside the blocks.
    row(Rsa, "markdown-fences", |f| {
        on_cert(f, |t| format!("```pem\n{t}```\n"));
        on_key(f, |t| format!("```\n{t}```"));
    }),
    row(Rsa, "long-line-of-text", |f| with_line(f, &"CertificateOfTheWebServer".repeat(8))),
    row(Rsa, "quoted-text-line", |f| with_line(f, "\"the certificate of www.forge.example\"")),
    row(Rsa, "cert-with-printed-key-on-one-line", |f| {
        on_cert(f, |t| format!("Server:\n{PRINTED_KEY}{t}").replace('\n', "\\n"));
    }),
    // Blocks that are not needed.
    row(Rsa, "dh-parameters", |f| on_cert(f, |t| t.to_owned() + &dh_parameters("DH PARAMETERS"))),
    row(Rsa, "dh-parameters-x942", |f| on_cert(f, |t| dh_parameters("X9.42 DH PARAMETERS") + t)),
    row(Rsa, "key-dh-parameters", |f| on_key(f, |t| t.to_owned() + &dh_parameters("DH PARAMETERS"))),
    row(Rsa, "own-public-key", |f| on_cert(f, |t| t.to_owned() + &key::rsa2048(0).public_pem())),
    row(Rsa, "key-own-public-key", |f| on_key(f, |t| rsa_public_key(&key::rsa2048(0)) + t)),
    // Blocks that are something else.
    row(Rsa, "other-public-key", |f| on_cert(f, |t| t.to_owned() + &key::rsa2048(1).public_pem())),
    row(Rsa, "issuers-public-key", |f| {
        let issuer = chain::plain_issuers().0.cert.key.public_pem();
        on_cert(f, |t| t.to_owned() + &issuer);
    }),
    row(Rsa, "crl-beside", |f| on_cert(f, |t| t.to_owned() + foreign::CRL)),
    row(Rsa, "csr-beside", |f| on_cert(f, |t| t.to_owned() + foreign::CSR)),
    row(Rsa, "unknown-label", |f| on_cert(f, |t| t.to_owned() + &pem::encode("MESSAGE", b"hello"))),
    row(Rsa, "ca-certificate-label", |f| {
        let issuer = chain::plain_issuers().0.pem();
        on_cert(f, |t| t.replace(&issuer, &pem::relabelled(&issuer, "CA CERTIFICATE")));
    }),
    // All of a pair in the key field.
    row(Rsa, "combined-in-key", put_all_in_key),
    row(Rsa, "combined-in-key-space", |f| {
        put_all_in_key(f);
        f.cert_content = Some(" \n".to_owned());
    }),
    row(Rsa, "combined-in-key-damaged", |f| {
        put_all_in_key(f);
        on_key(f, pem::literal_n);
        f.cert_content = None;
    }),
    row(Rsa, "key-holds-the-leaf", |f| {
        let certificates = f.cert_content.clone().unwrap_or_default();
        let leaf: String = certificates.split_inclusive("-----END CERTIFICATE-----\n").take(1).collect();
        on_key(f, |t| t.to_owned() + &leaf);
    }),
];
