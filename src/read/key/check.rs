//! The rules of a private key by itself: what makes it unfit, and what is only remarked.

use super::refusal;
use super::{KeyFault, Numbers, PrivateKey};
use crate::crypto::spki::{MAX_RSA_BITS, RsaPublicKey, bit_length};
use crate::finding::{Checked, Finding, Findings};
use crate::policy::Policy;
use crate::read::pem::{Block, BlockKind};
use crate::rule::{ApiCode, Rule, Severity, Stage};

/// Checks the private key in a PEM block: its container, its algorithm, its numbers one by one, and its strength under the policy.
///
/// The value is there whenever the key could be read, also where a rule of strength rejects it, so that it can still be compared
/// with a certificate. Whether its numbers fit together is the matter of [`prove`](super::prove).
///
/// ```
/// # fn f(block: &certgate::pem::Block) {
/// let checked = certgate::key::check(block, &certgate::Policy::default());
/// for finding in &checked.findings {
///     println!("{finding}");
/// }
/// # }
/// ```
pub fn check(block: &Block, policy: &Policy) -> Checked<PrivateKey> {
    let mut findings = Findings::new(policy);
    let key = read(block, &mut findings);
    findings.checked(key)
}

/// [`check`] for the whole check of a form.
pub(crate) fn read(block: &Block, findings: &mut Findings<'_>) -> Option<PrivateKey> {
    let key = match PrivateKey::from_der(&block.der) {
        Ok(key) => key.at(block.location.clone()),
        // What was encrypted as text (RFC 1421 headers) looks like nothing at all.
        Err(error) if block.kind == BlockKind::EncryptedKey => {
            let mut finding = refusal::finding(&KeyFault::Encrypted.at(0), block);
            if error.fault != KeyFault::Encrypted && !block.label.starts_with("ENCRYPTED") {
                finding.message = "the private key is encrypted (Proc-Type: 4,ENCRYPTED)".into();
            }
            findings.add(finding);
            return None;
        }
        Err(error) => {
            let too_large = match error.fault {
                KeyFault::ModulusTooLarge { bits } => Some(bits),
                _ => None,
            };
            match too_large {
                Some(bits) => report_too_large(bits, &block.location, findings),
                None => findings.add(refusal::finding(&error, block)),
            }
            return None;
        }
    };
    check_label(block, &key, findings);
    if let Numbers::Rsa(numbers) = &key.numbers {
        check_rsa_size(&numbers.public, &key, findings);
        check_rsa_exponent(&numbers.public, &key, findings);
    }
    Some(key)
}

static KEY_LABEL: Rule = Rule {
    code: "key-label",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key is of another form than its PEM label says",
    hint: "Write the key under its right label: `openssl pkey -in key.pem -out new-key.pem`",
    why: "The label tells a reader which structure to expect: `PRIVATE KEY` is PKCS#8, `RSA PRIVATE KEY` is PKCS#1, `EC PRIVATE KEY` is \
          SEC1. OpenSSL tries them all, but Go and many Java libraries believe the label and fail. certgate goes by the body.\n\n\
          Example: a PKCS#8 key under `-----BEGIN RSA PRIVATE KEY-----`, or anything under `-----BEGIN SM2 PRIVATE KEY-----`, which no \
          standard has.",
    citations: &["RFC 7468, section 10", "RFC 5915, section 4", "RFC 8017, appendix A.1.2"],
    ..Rule::BASE
};

fn check_label(block: &Block, key: &PrivateKey, findings: &mut Findings<'_>) {
    let right = key.form().label();
    if block.label.is_empty() || block.label == right {
        return;
    }
    let message = format!(
        "the label is `{}`, but the body is {}, which goes under `{right}`",
        block.label,
        key.form().name()
    );
    findings.add(Finding::new(&KEY_LABEL, block.location.clone(), message).fixable());
}

static KEY_RSA_TOO_SMALL: Rule = Rule {
    code: "key-rsa-too-small",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA key is too short",
    hint: "Make a new key and request a new certificate with it: `openssl req -new -newkey rsa:2048 -nodes -keyout new-key.pem -out new.csr`",
    why: "An RSA modulus below 2048 bits is no longer thought safe against factoring; no public CA has certified one since 2014, and \
          current TLS clients refuse it. The minimum is the policy's `rsa_min_bits`.\n\n\
          Example: a 1024-bit key from an old appliance.",
    citations: &["CA/Browser Forum BR, section 6.1.5", "NIST SP 800-57 part 1, table 2"],
    ..Rule::BASE
};

static KEY_RSA_TOO_LARGE: Rule = Rule {
    code: "key-rsa-too-large",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA key is too long",
    hint: "Make a new key of 2048 to 4096 bits: `openssl req -new -newkey rsa:3072 -nodes -keyout new-key.pem -out new.csr`",
    why: "The cost of RSA grows with the cube of its length: every TLS handshake with a 16384-bit key takes over a hundred times as long as \
          one with 3072 bits, and many clients refuse it. certgate refuses the key before it computes with it. The maximum is the policy's \
          `rsa_max_bits`, never above 8192.\n\n\
          Example: `openssl genrsa 16384`",
    citations: &["CVE-2023-29409: large RSA keys exhaust a TLS client"],
    ..Rule::BASE
};

fn check_rsa_size(public: &RsaPublicKey, key: &PrivateKey, findings: &mut Findings<'_>) {
    let (bits, policy) = (public.bits(), findings.policy());
    if bits > policy.rsa_max_bits {
        report_too_large(bits, key.location(), findings);
    } else if bits < policy.rsa_min_bits {
        let message =
            format!("the RSA modulus has {bits} bits; at least {} are required", policy.rsa_min_bits);
        let hint = format!(
            "Make a new key and request a new certificate with it: \
             `openssl req -new -newkey rsa:{} -nodes -keyout new-key.pem -out new.csr`",
            policy.rsa_min_bits
        );
        findings.add(Finding::new(&KEY_RSA_TOO_SMALL, key.location().clone(), message).hint(hint));
    }
}

fn report_too_large(bits: usize, location: &crate::location::Location, findings: &mut Findings<'_>) {
    let most = findings.policy().rsa_max_bits.min(MAX_RSA_BITS);
    let message = format!("the RSA modulus has {bits} bits; at most {most} are allowed");
    let (least, good) = (findings.policy().rsa_min_bits, most.min(3072));
    let hint = format!(
        "Make a new key of {least} to {} bits: \
         `openssl req -new -newkey rsa:{good} -nodes -keyout new-key.pem -out new.csr`",
        most.min(4096)
    );
    findings.add(Finding::new(&KEY_RSA_TOO_LARGE, location.clone(), message).hint(hint));
}

static KEY_RSA_EXPONENT_SMALL: Rule = Rule {
    code: "key-rsa-exponent-small",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA public exponent is below 65537",
    hint: "Make the next key with the usual exponent 65537: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new-key.pem`",
    why: "A small exponent such as 3 is not wrong, but it has made faults in padding checks exploitable more than once; the Baseline \
          Requirements advise against it, and not every CA certifies it.\n\n\
          Example: `openssl genrsa -3 2048`",
    citations: &["CA/Browser Forum BR, section 6.1.6", "FIPS 186-5, appendix A.1.1", "CVE-2006-4339"],
    ..Rule::BASE
};

fn check_rsa_exponent(public: &RsaPublicKey, key: &PrivateKey, findings: &mut Findings<'_>) {
    if bit_length(public.exponent()) > 16 {
        return;
    }
    let exponent = public.exponent().iter().fold(0u32, |value, octet| (value << 8) | u32::from(*octet));
    let message = format!("the RSA public exponent is {exponent}, below 65537");
    findings.add(Finding::new(&KEY_RSA_EXPONENT_SMALL, key.location().clone(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&KEY_LABEL, &KEY_RSA_TOO_SMALL, &KEY_RSA_TOO_LARGE, &KEY_RSA_EXPONENT_SMALL];
