//! A key that could not be read: one rule for each thing that the user would do next.

use super::gmssl;
use super::strength::report_too_large;
use crate::algorithm::AlgorithmType;
use crate::der::{DerFault, announced, tag};
use crate::finding::{Finding, Findings, Told, told};
use crate::read::block::{Block, BlockKind};
use crate::read::key::{Foreign, KeyError, KeyFault, PrivateKey};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::certificate::encoding::cut_short;
use crate::text;

/// Reports why the key in `block` could not be read.
pub(super) fn report(
    error: &KeyError,
    block: &Block,
    certificate: Option<AlgorithmType>,
    findings: &mut Findings<'_>,
) {
    let fault = &error.fault;
    // What was encrypted as text (RFC 1421 headers) looks like nothing at all.
    if block.kind == BlockKind::EncryptedKey {
        let is_pkcs8 = *fault == KeyFault::Encrypted || block.label.starts_with("ENCRYPTED");
        let message = match is_pkcs8 {
            true => told(&KeyFault::Encrypted),
            false => "the private key is encrypted (Proc-Type: 4,ENCRYPTED)".into(),
        };
        let finding = Finding::new(&KEY_ENCRYPTED, block.location.clone(), message);
        findings.add(match gmssl::command(&block.der) {
            Some(command) => finding.hint(command),
            None => finding,
        });
        return;
    }
    if let KeyFault::ModulusTooLarge { bits } = fault {
        report_too_large(*bits, &block.location, findings);
        return;
    }
    let (rule, mut hint) = rule_of(fault);
    let mut place = block.location.clone();
    if !is_about_the_whole(fault) {
        place.der_offset = Some(error.offset);
    }
    let mut message = told(fault);
    let given = block.der.len();
    if let (KeyFault::Der(DerFault::Cut), Some(announced)) = (fault, announced(&block.der))
        && announced > given
    {
        message = cut_short("the private key", announced, given);
    }
    if matches!(fault, KeyFault::TrailingBytes(_)) && !is_sound_inside(&block.der) {
        hint = Some(
            "Copy the key again from its file: a line stands twice, or characters were added. Without them it is not a sound key, so do not cut \
             them off.",
        );
    }
    if *fault == KeyFault::Foreign(Foreign::Unknown) && block.der.first() != Some(&tag::SEQUENCE) {
        message = "the block does not begin like a private key".into();
        hint = Some("Copy the key again from its file: the first line of its base64 may be missing.");
    }
    let finding = Finding::new(rule, place, message);
    findings.add(match (hint, fault, certificate) {
        (_, KeyFault::Algorithm(_), Some(certificate)) => finding.hint(told!(
            "Find the private key that the certificate was requested with. The certificate has a key of type {certificate_key}, so this one does \
             not belong to it.",
            certificate_key = certificate.as_str(),
        )),
        (Some(hint), ..) => finding.hint(hint),
        (None, ..) => finding,
    });
}

/// Whether the key is sound without the octets after its end.
fn is_sound_inside(der: &[u8]) -> bool {
    let inside = announced(der).and_then(|announced| der.get(..announced));
    let key = inside.and_then(|inside| PrivateKey::from_der(inside).ok());
    // One without a curve says nothing of itself.
    key.is_some_and(|key| key.names_no_curve() || key.public_key().is_ok())
}

/// The sentence for a fault.
pub(super) fn told(fault: &KeyFault) -> Told {
    match fault {
        KeyFault::Algorithm(key) => {
            told!("the private key is of type {kind}, which the API does not accept", kind = key.name())
        }
        KeyFault::CurveContradiction { outer, inner } => told!(
            "the private key names two curves, {outer} outside and {inner} inside",
            outer = outer.name(),
            inner = inner.as_str()
        ),
        KeyFault::Der(fault) => told!("the private key is not DER: {fault}", fault = fault.to_string()),
        KeyFault::Encrypted => "the private key is encrypted (PKCS#8 EncryptedPrivateKeyInfo)".into(),
        KeyFault::Enveloped(envelope) => {
            told!("the private key is still in its envelope ({envelope})", envelope = envelope.to_string())
        }
        KeyFault::ExplicitCurve => {
            "the private key describes its curve by explicit parameters instead of naming it".into()
        }
        KeyFault::Foreign(Foreign::Unknown) => {
            "the block does not hold a private key in a form that certgate knows".into()
        }
        KeyFault::Foreign(foreign) => {
            told!("the block holds {found}, not a private key", found = foreign.to_string())
        }
        KeyFault::ModulusTooLarge { bits } => told!("the RSA modulus has {bits} bits", bits = *bits),
        KeyFault::MultiPrime => "the RSA key has more than two primes".into(),
        KeyFault::Structure(fault) => told!("the private key is malformed: {fault}", fault = *fault),
        KeyFault::TrailingBytes(octets) => {
            let Told { facts, .. } = told!("{octets}", octets = *octets);
            let text = format!("{} after the end of the private key", text::count(*octets, "octet"));
            Told { text: text.into(), facts }
        }
        KeyFault::Value { number, problem } => {
            told!("the private key's {number} {problem}", number = *number, problem = *problem)
        }
    }
}

/// The rule that a fault breaks, and a hint for it where it knows a better one than the rule.
fn rule_of(fault: &KeyFault) -> (&'static Rule, Option<&'static str>) {
    match fault {
        KeyFault::Algorithm(_) => (&KEY_ALGORITHM, None),
        KeyFault::CurveContradiction { .. }
        | KeyFault::Structure(_)
        | KeyFault::Der(DerFault::Trailing(_) | DerFault::UnexpectedTag { .. }) => (&KEY_MALFORMED, None),
        KeyFault::Der(DerFault::Cut | DerFault::Missing) => (
            &KEY_MALFORMED,
            Some(
                "Copy the key again from its file, from the BEGIN line to the END line: part of it is missing.",
            ),
        ),
        KeyFault::Der(_) => (&KEY_NOT_DER, None),
        KeyFault::Encrypted => (&KEY_ENCRYPTED, None),
        KeyFault::Enveloped(_) => (&KEY_ENVELOPED, None),
        KeyFault::ExplicitCurve => (&KEY_EXPLICIT_CURVE, None),
        KeyFault::Foreign(foreign) => (&KEY_FOREIGN, hint_for(*foreign)),
        KeyFault::ModulusTooLarge { .. } | KeyFault::Value { .. } => (&KEY_IMPOSSIBLE_NUMBER, None),
        KeyFault::MultiPrime => (&KEY_MULTI_PRIME, None),
        KeyFault::TrailingBytes(_) => (&KEY_TRAILING_BYTES, None),
    }
}

fn is_about_the_whole(fault: &KeyFault) -> bool {
    matches!(fault, KeyFault::Encrypted | KeyFault::Enveloped(_) | KeyFault::Foreign(_))
}

static KEY_ENCRYPTED: Rule = Rule {
    code: "key-encrypted",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Encrypted,
    summary: "The private key is encrypted",
    hint: "Save the key as `encrypted.pem`, with plain line ends, decrypt it (the command asks for the passphrase): `openssl pkey -in encrypted.pem -out new-key.pem`, and give \
           what is in `new-key.pem`.",
    why: "The API does not accept a passphrase, so it cannot use an encrypted key. The upload itself is protected by TLS. Delete the decrypted \
          copy afterwards.\n\n\
          Example: what `openssl pkcs12 -nocerts` writes without `-nodes`: `-----BEGIN ENCRYPTED PRIVATE KEY-----`",
    citations: &["APIG.2105", "RFC 5958, section 3", "RFC 1421, section 4.6.1.1: Proc-Type"],
    ..Rule::BASE
};

static KEY_ENVELOPED: Rule = Rule {
    code: "key-enveloped",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The encryption key is still in the envelope that the CA delivered it in",
    hint: "Open the envelope with the signature private key, in the CA's tool or cryptographic module. Then upload the plain SM2 key.",
    why: "With SM2 the CA's key centre makes the encryption key and sends it encrypted to the signature key, as SM2EnvelopedKey (GM/T 0009), \
          ENVELOPEDKEYBLOB (GM/T 0016) or PKCS#7. The gateway needs the key itself, in PKCS#8 or SEC1.\n\n\
          Example: the `encryptedPrivateKey` field of a Chinese CA's answer, pasted without a change.",
    citations: &["GM/T 0009-2012, section 7.4", "GM/T 0016-2012, section 6.4.10", "GM/T 0010-2012"],
    ..Rule::BASE
};

static KEY_ALGORITHM: Rule = Rule {
    code: "key-algorithm",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Algorithm,
    summary: "The private key has an algorithm or a curve that the API does not accept",
    hint: "Make a key that the API accepts, and request a certificate for it: `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
           -nodes -keyout new-key.pem -out new.csr`",
    why: "The API accepts RSA (rsaEncryption), ECC (P-256, P-384, P-521) and SM2 keys. A key that is restricted to RSA-PSS does not count as \
          RSA. secp256k1 is another curve than P-256. Ed25519 is another algorithm.\n\n\
          Example: `openssl genpkey -algorithm ed25519`",
    citations: &[
        "API page, table 3: algorithm_type",
        "APIG.3709",
        "RFC 5480",
        "RFC 8410",
        "RFC 4055, section 1.2",
    ],
    ..Rule::BASE
};

static KEY_FOREIGN: Rule = Rule {
    code: "key-foreign",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The block holds something that is not a private key",
    hint: "Find the file with the private key that the certificate was requested with.",
    why: "The label says private key, but the body is another structure, so there is nothing to use.\n\n\
          Example: a public key (`openssl pkey -pubout`) under `-----BEGIN PRIVATE KEY-----`.",
    citations: &["RFC 5958, section 2", "RFC 8017, appendix A.1.2", "RFC 5915, section 3"],
    ..Rule::BASE
};

fn hint_for(foreign: Foreign) -> Option<&'static str> {
    match foreign {
        Foreign::Pkcs12 => Some(
            "Take the private key out of the file: `openssl pkcs12 -in file.p12 -nocerts -nodes -out new-key.pem` (for an old file, OpenSSL 3 \
             also needs `-legacy`)",
        ),
        Foreign::Certificate | Foreign::Pkcs7 | Foreign::PublicKey | Foreign::Unknown => None,
    }
}

static KEY_TRAILING_BYTES: Rule = Rule {
    code: "key-trailing-bytes",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "Bytes follow the end of the private key",
    hint: "Write the key again without them: `openssl pkey -in key.pem -out new-key.pem`",
    why: "Strict readers refuse what follows the structure, others ignore it. So the same file works in one program and fails in another. The \
          bytes are often the rest of a longer key that was overwritten by a shorter one, or a second key.\n\n\
          Example: a DER key with padding from a hardware module.",
    citations: &["X.690, section 8.1", "RFC 7468, section 3"],
    ..Rule::BASE
};

static KEY_NOT_DER: Rule = Rule {
    code: "key-not-der",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key is not encoded in strict DER",
    hint: "Copy the key again from its original file: a character of it may have been changed. If the original has the same error, encode it again and see whether \
           it is sound: `openssl pkey -in key.pem -out new-key.pem && openssl pkey -in new-key.pem -check -noout`",
    why: "DER has exactly one encoding of a value: definite lengths and numbers in their shortest form. BER lengths and padded numbers are \
          read by OpenSSL but refused by strict readers.\n\n\
          Example: a length written `82 00 87` instead of `81 87`.",
    citations: &["X.690, sections 8.3.2 and 10.1", "RFC 5958, section 2"],
    ..Rule::BASE
};

static KEY_MALFORMED: Rule = Rule {
    code: "key-malformed",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key's structure is damaged",
    hint: "Export the key again from the place where it was made. This file cannot be used.",
    why: "An element is missing, cut short, or not the one that PKCS#8, PKCS#1 or SEC1 has at that place, or the key names two different \
          curves. The location gives the offset in the DER.\n\n\
          Example: a key whose last lines were lost in copying.",
    citations: &["RFC 5958, section 2", "RFC 8017, appendix A.1.2", "RFC 5915, section 3"],
    ..Rule::BASE
};

static KEY_IMPOSSIBLE_NUMBER: Rule = Rule {
    code: "key-impossible-number",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key holds a number that no such key can have",
    hint: "Do not use this key: make a new one and request a new certificate with it.",
    why: "Negative and zero numbers, an even modulus, a prime of 1, or a scalar outside 1 to n − 1 (n − 2 for SM2) cannot come from a correct \
          key generation: the key is damaged, forged, or not secret at all.\n\n\
          Example: an EC key with the scalar 0, whose public point is infinity.",
    citations: &["RFC 8017, section 3", "SEC 1, section 3.2.1", "GB/T 32918.1-2016, section 6.1"],
    ..Rule::BASE
};

static KEY_EXPLICIT_CURVE: Rule = Rule {
    code: "key-explicit-curve",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key describes its curve by numbers instead of naming it",
    hint: "Write the key with the curve's name: `openssl ec -in key.pem -param_enc named_curve -out new-key.pem`",
    why: "With a curve given by its numbers, a forger can choose a base point whose scalar the forger knows. So RFC 5480 forbids such curves, \
          and readers refuse them. certgate does not compute with them.\n\n\
          Example: `openssl ecparam -param_enc explicit -genkey`",
    citations: &["RFC 5480, section 2.1.1", "CVE-2020-0601"],
    ..Rule::BASE
};

static KEY_MULTI_PRIME: Rule = Rule {
    code: "key-multi-prime",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA key has more than two primes",
    hint: "Make a new key, which has two primes by default: `openssl req -new -newkey rsa:2048 -nodes -keyout new-key.pem -out new.csr`",
    why: "PKCS#1 allows RSA keys of three or more primes. But few libraries support them, and they are weaker at the same length.\n\n\
          Example: `openssl genrsa -primes 3 3072`",
    citations: &["RFC 8017, section 3.2 and appendix A.1.2"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &KEY_ENCRYPTED,
    &KEY_ENVELOPED,
    &KEY_ALGORITHM,
    &KEY_FOREIGN,
    &KEY_TRAILING_BYTES,
    &KEY_NOT_DER,
    &KEY_MALFORMED,
    &KEY_IMPOSSIBLE_NUMBER,
    &KEY_EXPLICIT_CURVE,
    &KEY_MULTI_PRIME,
];
