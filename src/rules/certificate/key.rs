//! The public key of a certificate: impossible, of a kind that the API does not take, or of a size that it does not take.

use crate::crypto::rsa::bit_length;
use crate::crypto::spki::{Curve, MAX_RSA_BITS, PublicKey, RsaPublicKey, SpkiErrorKind};
use crate::der::Path;
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::read::certificate::fault::KeyFault;
use crate::read::certificate::outline::TBS;
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};
use crate::text;

use super::{Judge, Role};

/// The finding on a fault of the key.
pub(super) fn judge_fault(fault: &KeyFault, place: Location, policy: &Policy) -> Finding {
    match fault {
        KeyFault::Impossible(kind) => impossible(kind, place),
        KeyFault::ModulusTooLarge { bits } => too_long(*bits, policy, place),
    }
}

/// Judges the key of a certificate, if it could be read.
pub(super) fn judge(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let offset = certificate.outline().spki_offset;
    match certificate.public_key() {
        Some(PublicKey::Rsa(rsa)) => {
            check_size(certificate, rsa, judge);
            if judge.role == Role::Leaf {
                check_exponent(rsa, offset, judge);
            }
            if rsa.is_missing_null() {
                let place = judge.place(offset, &SPKI.field("algorithm"));
                judge.add(super::encoding::missing_null("rsaEncryption", place));
            }
        }
        Some(PublicKey::Unsupported(other)) if judge.role == Role::Leaf => {
            judge.add(unsupported(other.name(), judge.place(offset, &SPKI)));
        }
        Some(PublicKey::Ec(ec)) if judge.role == Role::Leaf && ec.was_compressed() => {
            judge.add(point_compressed(ec.curve(), judge.place(offset, &SPKI)));
        }
        Some(PublicKey::Ec(_) | PublicKey::Unsupported(_)) | None => {}
    }
}

pub(crate) const SPKI: Path<'static> = TBS.field("subjectPublicKeyInfo");

static CERT_KEY_INVALID: Rule = Rule {
    code: "cert-key-invalid",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate's public key is not a valid key",
    hint: "Make a new private key and a new request, and ask the CA to issue a certificate for it.",
    why: "A point must lie on its curve, a modulus must be odd and positive, an exponent odd and above 1. Otherwise no private key can belong \
          to the key, or anyone can compute the private key.\n\n\
          Example: an EC point whose last octet was changed, so that the point is not on the curve.",
    citations: &[
        "RFC 8017, section 3.1",
        "RFC 5480, section 2",
        "SEC 1, section 3.2.2",
        "GB/T 32918.1, section 6.2",
    ],
    // The certificate has to be replaced, and the key is written again for that.
    hides: &[Hides { code: "key-explicit-curve", scope: Scope::Pair }],
    ..Rule::BASE
};

fn impossible(kind: &SpkiErrorKind, place: Location) -> Finding {
    let finding = Finding::new(&CERT_KEY_INVALID, place, kind.to_string());
    match kind {
        SpkiErrorKind::ExplicitCurve => finding.hint(
            "Write the private key with the curve's name, `openssl ec -in key.pem -param_enc named_curve -out new-key.pem`, and request a new \
             certificate for it.",
        ),
        _ => finding,
    }
}

static CERT_KEY_UNSUPPORTED: Rule = Rule {
    code: "cert-key-unsupported",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Algorithm,
    summary: "The certificate's key is of a type that the API does not accept",
    hint: "Request a certificate for an RSA key (2048 bits or more), an ECDSA key on P-256, P-384 or P-521, or an SM2 key.",
    why: "The API knows the algorithm types RSA, ECC and SM2. Keys of other algorithms or curves may be fine elsewhere, but the gateway \
          cannot serve them.\n\n\
          Example: a certificate with an Ed25519 key, or with an RSA key that is restricted to PSS.",
    citations: &["API page, table 3: algorithm_type"],
    // The certificate has to be replaced, and a new key comes with it.
    hides: &[Hides { code: "key-algorithm", scope: Scope::Pair }],
    ..Rule::BASE
};

fn unsupported(algorithm: &str, place: Location) -> Finding {
    let message = told!(
        "the key is {algorithm}; the API accepts RSA, ECDSA on P-256, P-384 or P-521, and SM2",
        algorithm = algorithm
    );
    Finding::new(&CERT_KEY_UNSUPPORTED, place, message)
}

static CERT_RSA_SHORT: Rule = Rule {
    code: "cert-rsa-short",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA modulus is too short",
    hint: "Make a key of 2048 bits or more: `openssl genrsa -out new-key.pem 2048`. Then request a new certificate for it.",
    why: "Well-equipped attackers can break RSA of 1024 bits, and browsers refuse certificates with less than 2048 bits. The minimum is an \
          option of the policy.\n\n\
          Example: a certificate from 2012 for a 1024-bit key.",
    citations: &["CA/Browser BR, section 6.1.5", "NIST SP 800-131A"],
    // The certificate has to be replaced, and a new key comes with it.
    hides: &[Hides { code: "key-rsa-too-small", scope: Scope::Pair }],
    ..Rule::BASE
};

fn check_size(certificate: &Certificate<'_>, rsa: &RsaPublicKey, judge: &mut Judge<'_, '_>) {
    let offset = certificate.outline().spki_offset;
    let (bits, policy) = (rsa.bits(), judge.policy());
    let least = policy.rsa_min_bits;
    if bits < least {
        let shown = text::count(bits, "bit");
        let message = told!("the RSA modulus has {shown}, fewer than {least}", bits = bits, least = least);
        let hint = format!(
            "Make a key of {least} bits or more: `openssl genrsa -out new-key.pem {least}`. Then request a new certificate for it."
        );
        let place = judge.place(offset, &SPKI);
        // What a policy asks of the site's own keys beyond that is not asked of CAs.
        if judge.role == Role::Issuer && bits < SECURE_BITS && !certificate.looks_self_signed() {
            judge.add_for_every_role(Finding::new(&CERT_ISSUER_RSA_SHORT, place, message));
        } else {
            let finding = Finding::new(&CERT_RSA_SHORT, place, message);
            judge.add(match judge.role {
                Role::Leaf => finding.hint(hint),
                Role::Issuer | Role::Root => finding.hint(HINT_FOR_CA),
            });
        }
    }
    if bits > policy.rsa_max_bits {
        let finding = too_long(bits, policy, judge.place(offset, &SPKI));
        judge.add(match judge.role {
            Role::Leaf => finding,
            Role::Issuer | Role::Root => finding.hint(HINT_FOR_CA),
        });
    }
}

/// What to do about the key of a CA: the site cannot replace it.
pub(super) const HINT_FOR_CA: &str = "Ask the CA for a new server certificate from an issuer with a stronger key. Upload it, and that issuer's certificate in the place of this issuer's.";

static CERT_ISSUER_RSA_SHORT: Rule = Rule {
    code: "cert-issuer-rsa-short",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "An issuer has an RSA modulus that is too short",
    hint: "Ask the CA for a server certificate under an issuer with a key of 2048 bits or more, and upload it with that issuer's certificate.",
    why: "Who breaks the key of an issuer can issue certificates for any name. nginx, HAProxy, Apache and others do not start with an issuer below \
          2048 bits in their chain: OpenSSL says \"ca key too small\". A self-signed root is not refused; for a root with a short key certgate \
          reports cert-rsa-short as a warning.\n\n\
          Example: an intermediate of a company CA, made in 2009 with 1024 bits.",
    citations: &["CA/Browser BR, section 6.1.5", "NIST SP 800-131A"],
    since: "0.2.0",
    ..Rule::BASE
};

/// Below this, servers refuse the key of an issuer.
const SECURE_BITS: usize = 2048;

static CERT_RSA_LONG: Rule = Rule {
    code: "cert-rsa-long",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA modulus is too long",
    hint: "Make a key of 4096 bits or less: `openssl genrsa -out new-key.pem 3072`. Then request a new certificate for it.",
    why: "The cost of RSA grows with the cube of its size, and every handshake pays it. A modulus above 8192 bits is refused before any \
          arithmetic is done with it.\n\n\
          Example: a modulus of 16,384 bits.",
    citations: &["API page", "CVE-2020-28362 and others: cost of unbounded key sizes"],
    // The certificate has to be replaced, and a new key comes with it.
    hides: &[Hides { code: "key-rsa-too-large", scope: Scope::Pair }],
    ..Rule::BASE
};

fn too_long(bits: usize, policy: &Policy, place: Location) -> Finding {
    let most = policy.rsa_max_bits.min(MAX_RSA_BITS);
    let shown = text::count(bits, "bit");
    let message = told!("the RSA modulus has {shown}, more than {most}", bits = bits, most = most);
    Finding::new(&CERT_RSA_LONG, place, message).hint(format!(
        "Make a key of {} bits or less: `openssl genrsa -out new-key.pem {}`. Then request a new certificate for it.",
        most.min(4096),
        most.min(3072)
    ))
}

static CERT_RSA_EXPONENT: Rule = Rule {
    code: "cert-rsa-exponent",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA exponent is smaller than 65537",
    hint: "At the next renewal, make a new key. `openssl genrsa` uses the exponent 65537 by default.",
    why: "Small exponents such as 3 are valid, but they have made faulty implementations exploitable more than once. Public CAs \
          recommend 65537 or more. Only the server's certificate is looked at: old roots have the exponent 3.\n\n\
          Example: a key with exponent 3 from an old generator.",
    citations: &["CA/Browser BR, section 6.1.6", "FIPS 186-5, section 5.4"],
    // The certificate has to be replaced, and a new key comes with it.
    hides: &[Hides { code: "key-rsa-exponent-small", scope: Scope::Pair }],
    ..Rule::BASE
};

fn check_exponent(rsa: &RsaPublicKey, offset: usize, judge: &mut Judge<'_, '_>) {
    const LEAST: u32 = 65_537;
    let exponent =
        rsa.exponent().iter().try_fold(0_u32, |n, octet| n.checked_mul(256)?.checked_add((*octet).into()));
    if let Some(exponent) = exponent.filter(|exponent| *exponent < LEAST) {
        let message =
            told!("the RSA exponent is {exponent}, smaller than {least}", exponent = exponent, least = LEAST);
        judge.add(Finding::new(&CERT_RSA_EXPONENT, judge.place(offset, &SPKI), message));
    }
    let bits = bit_length(rsa.exponent());
    if bits > MOST_EXPONENT_BITS {
        let message = told!(
            "the RSA exponent has {bits} bits, more than {most}",
            bits = bits,
            most = MOST_EXPONENT_BITS
        );
        judge.add(Finding::new(&CERT_RSA_EXPONENT_LARGE, judge.place(offset, &SPKI), message));
    }
}

/// Bits of the largest exponent that all programs take: 2^31 − 1.
const MOST_EXPONENT_BITS: usize = 31;

static CERT_RSA_EXPONENT_LARGE: Rule = Rule {
    code: "cert-rsa-exponent-large",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA exponent is too large for some programs",
    hint: "Make a new key with the usual exponent 65537, `openssl genrsa -out new-key.pem 2048`, and request a new certificate for it.",
    why: "A large exponent is valid and makes nothing safer, and programs have limits for it: Go refuses an exponent above 2^31 − 1, and \
          4 of 13 servers and libraries refuse one above 64 bits. A client that refuses it cannot connect.\n\n\
          Example: a key whose exponent was drawn at random.",
    citations: &[
        "RFC 8017, section 3.1",
        "FIPS 186-5, appendix A.1.1",
        "Go: crypto/rsa takes exponents up to 2^31 − 1",
    ],
    since: "0.2.0",
    ..Rule::BASE
};

static CERT_POINT_COMPRESSED: Rule = Rule {
    code: "cert-point-compressed",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The certificate's public point is compressed",
    hint: "Write the key again with its point uncompressed, `openssl ec -in key.pem -conv_form uncompressed -out new-key.pem`, and \
           request a new certificate with it: `openssl req -new -key new-key.pem -out new.csr`.",
    why: "A point on a curve can be written with one coordinate and a sign. Standards allow it, but 4 of 13 servers and libraries, Go among \
          them, cannot read such a certificate. A client that cannot read it cannot connect.\n\n\
          Example: a request that was made with `-pkeyopt ec_point_format:compressed` or by a smart card.",
    citations: &["RFC 5480, section 2.2", "SEC 1, section 2.3.3"],
    since: "0.2.0",
    ..Rule::BASE
};

fn point_compressed(curve: Curve, place: Location) -> Finding {
    let message = told!("the public point on {curve} is compressed", curve = curve.name());
    Finding::new(&CERT_POINT_COMPRESSED, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CERT_KEY_INVALID,
    &CERT_KEY_UNSUPPORTED,
    &CERT_RSA_SHORT,
    &CERT_ISSUER_RSA_SHORT,
    &CERT_RSA_LONG,
    &CERT_RSA_EXPONENT,
    &CERT_RSA_EXPONENT_LARGE,
    &CERT_POINT_COMPRESSED,
];
