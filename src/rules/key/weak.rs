//! Private keys that are easy to find from their public half, though their numbers fit together.

use crate::finding::{Finding, Findings, Told, told};
use crate::read::key::{PrivateKey, Weakness};
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};

pub(super) fn check(key: &PrivateKey, findings: &mut Findings<'_>) {
    for weakness in key.weaknesses() {
        let (rule, message) = told(weakness);
        findings.add(Finding::new(rule, key.location().clone(), message));
    }
}

fn told(weakness: Weakness) -> (&'static Rule, Told) {
    match weakness {
        Weakness::PrimesClose { bits } => {
            (&KEY_RSA_PRIMES_CLOSE, told!("the primes p and q differ by 2^{bits} or less", bits = bits))
        }
        Weakness::PrimeShort { bits } => (
            &KEY_RSA_PRIME_SHORT,
            told!("one of the two primes has {bits} bits or fewer, so that others can find it", bits = bits),
        ),
        Weakness::PrivateExponentSmall { bits } => (
            &KEY_RSA_PRIVATE_EXPONENT_SMALL,
            told!("the private exponent d, modulo lcm(p − 1, q − 1), is 2^{bits} or less", bits = bits),
        ),
        Weakness::ScalarSmall => {
            (&KEY_SCALAR_SMALL, "the secret scalar is too small, below 2^128, or too near to the order of the curve: others can compute it".into())
        }
    }
}

static KEY_RSA_PRIMES_CLOSE: Rule = Rule {
    code: "key-rsa-primes-close",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The primes of the RSA key are so close that anyone can compute them",
    hint: "Make a new key with another program, `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new-key.pem`, and request a \
           new certificate for it.",
    why: "If p and q differ little, both are near the square root of the modulus, and Fermat's method finds them from the certificate alone. \
          The limit of FIPS 186-5 is a difference of 2^(nlen/2 − 100), where nlen is the length of the modulus in bits.\n\n\
          Example: a printer or a smart card whose program takes the next prime after p for q.",
    citations: &["FIPS 186-5, appendix A.1.3", "CVE-2022-26320: Fermat attack on keys of printers"],
    since: "0.2.0",
    ..Rule::BASE
};

static KEY_RSA_PRIME_SHORT: Rule = Rule {
    code: "key-rsa-prime-short",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "A prime of the RSA key is so short that others can find it",
    hint: "Make a new key with another program, `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new-key.pem`, and request a \
           new certificate for it.",
    why: "FIPS 186-5 asks for two primes of half the modulus' length each. The elliptic-curve method finds a short prime however long the \
          modulus is: the largest that it found until 2013 had 274 bits. certgate refuses a prime of 384 bits or fewer.\n\n\
          Example: a modulus of 2048 bits that a faulty program made of a prime of 256 bits and one of 1792.",
    citations: &["FIPS 186-5, appendix A.1.3", "Lenstra 1987: factoring integers with elliptic curves"],
    since: "0.2.0",
    ..Rule::BASE
};

static KEY_RSA_PRIVATE_EXPONENT_SMALL: Rule = Rule {
    code: "key-rsa-private-exponent-small",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private exponent of the RSA key is so small that anyone can compute it",
    hint: "Make a new key with the usual exponent 65537, `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new-key.pem`, and \
           request a new certificate for it.",
    why: "A small d makes decryption fast, but it can be computed from the certificate alone: below about a quarter of the modulus' length \
          with continued fractions, below 0.292 of it with lattices. FIPS 186-5 asks for more than half. A multiple of lcm(p − 1, q − 1) that is added to d \
          changes nothing, so certgate looks at d without it.\n\n\
          Example: a program that chooses a short d and computes a long e from it.",
    citations: &[
        "FIPS 186-5, appendix A.1.1",
        "Wiener 1990: cryptanalysis of short RSA secret exponents",
        "Boneh, Durfee 1999: RSA with private key d less than N^0.292",
    ],
    // A small d makes a large e, and a new key has the usual one.
    hides: &[Hides { code: "cert-rsa-exponent-large", scope: Scope::Pair }],
    since: "0.2.0",
    ..Rule::BASE
};

static KEY_SCALAR_SMALL: Rule = Rule {
    code: "key-scalar-small",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key on an elliptic curve is a small number",
    hint: "Make a new key, for example `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new-key.pem`, and request a new \
           certificate for it.",
    why: "The scalar d has to be random in the whole range. A d below 2^128 can be found from the certificate with 2^64 steps or fewer, and \
          so can one whose distance n − d to the order of the base point is below 2^128. A random key is never like that.\n\n\
          Example: the scalar 1 from a test, or a scalar that is a counter or a time.",
    citations: &["SEC 1, section 3.2.1", "FIPS 186-5, appendix A.2", "GB/T 32918.1, section 6.1"],
    since: "0.2.0",
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&KEY_RSA_PRIMES_CLOSE, &KEY_RSA_PRIME_SHORT, &KEY_RSA_PRIVATE_EXPONENT_SMALL, &KEY_SCALAR_SMALL];
