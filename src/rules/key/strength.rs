//! The strength of an RSA key, under the policy. The curves that the API takes are all strong enough.

use crate::crypto::rsa::{MAX_RSA_BITS, RsaPublicKey, bit_length};
use crate::finding::{Finding, Findings, told};
use crate::location::Location;
use crate::read::key::PrivateKey;
use crate::rule::{ApiCode, Rule, Severity, Stage};

pub(super) fn check(key: &PrivateKey, findings: &mut Findings<'_>) {
    if let Some(public) = key.claimed_rsa() {
        check_rsa_size(public, key, findings);
        check_rsa_exponent(public, key, findings);
    }
}

static KEY_RSA_TOO_SMALL: Rule = Rule {
    code: "key-rsa-too-small",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA key is too short",
    hint: "Make a new key and request a new certificate with it: `openssl req -new -newkey rsa:2048 -nodes -keyout new-key.pem -out new.csr`",
    why: "An RSA modulus below 2048 bits is no longer safe against factoring; no public CA has certified one since 2014, and \
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
    let (bits, least) = (public.bits(), findings.policy().rsa_min_bits);
    if bits > findings.policy().rsa_max_bits {
        report_too_large(bits, key.location(), findings);
    } else if bits < least {
        let message = told!(
            "the RSA modulus has {bits} bits; at least {least} are required",
            bits = bits,
            least = least
        );
        let hint = told!(
            "Make a new key and request a new certificate with it: \
             `openssl req -new -newkey rsa:{least} -nodes -keyout new-key.pem -out new.csr`",
            least = least
        );
        findings.add(Finding::new(&KEY_RSA_TOO_SMALL, key.location().clone(), message).hint(hint));
    }
}

/// The modulus of `bits` bits is longer than the policy allows, or than what certgate computes with.
pub(super) fn report_too_large(bits: usize, location: &Location, findings: &mut Findings<'_>) {
    let most = findings.policy().rsa_max_bits.min(MAX_RSA_BITS);
    let message =
        told!("the RSA modulus has {bits} bits; at most {most} are allowed", bits = bits, most = most);
    let least = findings.policy().rsa_min_bits;
    let hint = told!(
        "Make a new key of {least} to {longest_useful} bits: \
         `openssl req -new -newkey rsa:{advised} -nodes -keyout new-key.pem -out new.csr`",
        least = least,
        longest_useful = most.min(4096),
        advised = most.min(3072),
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
    let message = told!("the RSA public exponent is {exponent}, below 65537", exponent = exponent);
    findings.add(Finding::new(&KEY_RSA_EXPONENT_SMALL, key.location().clone(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&KEY_RSA_TOO_SMALL, &KEY_RSA_TOO_LARGE, &KEY_RSA_EXPONENT_SMALL];
