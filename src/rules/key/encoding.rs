//! Encodings of a private key that certgate understands and most programs refuse.

use crate::finding::{Finding, Findings, told};
use crate::read::key::PrivateKey;
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};

pub(super) fn check(key: &PrivateKey, findings: &mut Findings<'_>) {
    check_curve(key, findings);
    check_version(key, findings);
}

static KEY_WITHOUT_CURVE: Rule = Rule {
    code: "key-without-curve",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key does not name its curve",
    hint: "Export the key again from the place where it was made, as PKCS#8 or with its curve. Or write it with the curve of the certificate; for \
           P-256: `openssl asn1parse -in key.pem -noout -out sec1.der && printf 'asn1=SEQUENCE:p\\n[p]\\nv=INTEGER:0\\na=SEQUENCE:a\\n\
           k=FORMAT:HEX,OCT:%s\\n[a]\\no=OID:id-ecPublicKey\\nc=OID:prime256v1\\n' $(xxd -p sec1.der | tr -d '\\n') > key.conf && openssl \
           asn1parse -genconf key.conf -noout -out key.der && openssl pkey -inform DER -in key.der -out new-key.pem`. Then delete `sec1.der`, \
           `key.conf` and `key.der`.",
    why: "A SEC1 key holds a number, and should say on which curve. Without the curve, 12 of 13 servers and libraries refuse the key; an \
          `EC PARAMETERS` block before it does not help them. certgate takes the curve from the certificate and tries the key on it. Where \
          the key belongs to the certificate, the repair can write it with that curve and its public point.\n\n\
          Example: a key that a library wrote as it stands inside PKCS#8, where the curve is named outside.",
    citations: &["RFC 5915, section 3: parameters MUST be there", "SEC 1, appendix C.4"],
    mend: Some(Mend::Recode),
    since: "0.2.0",
    ..Rule::BASE
};

fn check_curve(key: &PrivateKey, findings: &mut Findings<'_>) {
    if key.names_no_curve() {
        let message = "the private key is SEC1 without parameters, so that it does not name its curve";
        findings.add(Finding::new(&KEY_WITHOUT_CURVE, key.location().clone(), message).repairable());
    }
}

static KEY_PKCS8_VERSION: Rule = Rule {
    code: "key-pkcs8-version",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key is PKCS#8 version 2, which most programs refuse",
    hint: "Export the key again as PKCS#8 version 1, or in the traditional form PKCS#1 or SEC1.",
    why: "Version 2 of PKCS#8 can carry the public key behind the private one. 10 of 13 servers and libraries, OpenSSL 3.0 among them, refuse \
          such an RSA or EC key. For SM2 keys this is a warning: other programs read them. The repair writes the key as version 1, once the \
          public part is compared with the private one.\n\n\
          Example: a key from a Java or Rust library that writes OneAsymmetricKey.",
    citations: &["RFC 5958, section 2", "RFC 5208, section 5"],
    mend: Some(Mend::Recode),
    since: "0.2.0",
    ..Rule::BASE
};

fn check_version(key: &PrivateKey, findings: &mut Findings<'_>) {
    if !key.is_version_2() {
        return;
    }
    let message = told!("the private key is {key_type} in PKCS#8 version 2", key_type = key.name());
    let finding = Finding::new(&KEY_PKCS8_VERSION, key.location().clone(), message).repairable();
    findings.add(match key.is_sm2() {
        true => finding.at_most(Severity::Warning),
        // What is inside is a whole key. Of an EC key it is not: the curve stands outside.
        false if key.claimed_rsa().is_some() => finding.hint(
            "Take the PKCS#1 key out of it: `openssl asn1parse -in key.pem -strparse 22 -noout -out pkcs1.der && openssl rsa -inform DER -in \
             pkcs1.der -out new-key.pem`",
        ),
        false => finding,
    });
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&KEY_WITHOUT_CURVE, &KEY_PKCS8_VERSION];
