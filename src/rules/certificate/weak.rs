//! Public keys whose private half anyone can compute or look up.

use crate::crypto::published;
use crate::crypto::rsa::factors::Modulus;
use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, told};
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};

use super::key::{HINT_FOR_CA, SPKI};
use super::{Judge, Role};

/// Judges whether the key of a certificate is known or easy to find.
pub(super) fn judge(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let offset = certificate.outline().spki_offset;
    let Some(key) = certificate.public_key() else { return };
    check_published(key, offset, judge);
    if let PublicKey::Rsa(rsa) = key {
        let modulus = Modulus::new(rsa.modulus());
        check_small_factor(&modulus, offset, judge);
        check_roca(&modulus, offset, judge);
    }
}

static CERT_KEY_PUBLISHED: Rule = Rule {
    code: "cert-key-published",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The private key of this certificate is published",
    hint: "Make a key of your own, for example `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new-key.pem`, and request a \
           new certificate for it.",
    why: "The private key stands in the source of a program, in a test suite or in a standard, so anyone can use it to pose as the server. \
          certgate knows hashes of such keys, and the policy's `published_keys` can add more.\n\n\
          The weak keys that Debian's OpenSSL made from 2006 to 2008 are not on the list, so they are not evaluated: there are some hundred \
          thousand. A site that wants them refused can put the hashes of its old keys into the policy.\n\n\
          Example: a certificate for the key of a tutorial, which was meant for `localhost` only.",
    citations: &[
        "CA/Browser BR, section 6.1.1.3",
        "CWE-321: use of a hard-coded key",
        "CVE-2008-0166: Debian's weak keys",
    ],
    since: "0.2.0",
    ..Rule::BASE
};

fn check_published(key: &PublicKey, offset: usize, judge: &mut Judge<'_, '_>) {
    let message = match published::source(key) {
        Some(source) => told!("the private half of this key is published in {source}", source = source),
        None if is_listed(key, judge.policy()) => {
            "the policy lists this key among those whose private half is published".into()
        }
        None => return,
    };
    // Whoever knows an issuer's key can make certificates.
    let finding = Finding::new(&CERT_KEY_PUBLISHED, judge.place(offset, &SPKI), message);
    judge.findings.add(for_role(finding, judge.role));
}

/// The same finding, with what to do about a CA's key where it is one.
fn for_role(finding: Finding, role: Role) -> Finding {
    match role {
        Role::Leaf => finding,
        Role::Issuer | Role::Root => finding.hint(HINT_FOR_CA),
    }
}

/// Whether the policy lists the hash of this key.
fn is_listed(key: &PublicKey, policy: &Policy) -> bool {
    let is_listed = |hash: Vec<u8>| policy.published_keys.contains(&published::hex(&hash));
    !policy.published_keys.is_empty() && published::hash(key).is_some_and(is_listed)
}

static CERT_RSA_SMALL_FACTOR: Rule = Rule {
    code: "cert-rsa-small-factor",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA modulus is divisible by a small prime",
    hint: "Copy the certificate again from the place where it was issued. If it is the same, make a new key and request a new certificate for it.",
    why: "The modulus of an RSA key is the product of two large primes. One with a small factor is damaged, or was made by a faulty program, and \
          others can often factor it completely. certgate tries all primes below 752, as the two sources below have it; of the server's own key both primes are known (`key-rsa-prime-short`).\n\n\
          Example: a certificate in which one octet of the modulus was changed.",
    citations: &["CA/Browser BR, section 6.1.6", "NIST SP 800-89, section 5.3.3"],
    // The same prime, seen from the key.
    hides: &[Hides { code: "key-rsa-prime-short", scope: Scope::Pair }],
    since: "0.2.0",
    ..Rule::BASE
};

fn check_small_factor(modulus: &Modulus, offset: usize, judge: &mut Judge<'_, '_>) {
    // There may be thousands of roots, for none of which the server vouches.
    if judge.role == Role::Root {
        return;
    }
    if let Some(factor) = modulus.small_factor() {
        let message = told!("the RSA modulus is divisible by {factor}", factor = factor);
        // A path through this key is worth nothing.
        let finding = Finding::new(&CERT_RSA_SMALL_FACTOR, judge.place(offset, &SPKI), message);
        judge.findings.add(match judge.role {
            Role::Leaf => finding,
            Role::Issuer | Role::Root => finding.hint(
                "Copy the issuer's certificate again from the place where it was published. If it is the same, ask the CA for a certificate under \
                 another issuer.",
            ),
        });
    }
}

static CERT_RSA_ROCA: Rule = Rule {
    code: "cert-rsa-roca",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The RSA key was made by a faulty chip, and its private half can be computed (ROCA)",
    hint: "Make a new key outside the chip, `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new-key.pem`, and request a new \
           certificate for it.",
    why: "Chips of one maker built primes of a special form until 2017. Their moduli are powers of 65537 modulo each of the primes 3 to 167, which a random \
          modulus is once in 2^27 times. Keys of 512 to 2048 bits of this form can be factored at a cost that is known. In an issuer it is \
          a warning: a site cannot replace the key of its CA.\n\n\
          Example: a key from a smart card or a TPM of 2012 to 2017.",
    citations: &[
        "CVE-2017-15361",
        "CA/Browser BR, section 6.1.1.3",
        "Nemec, Sys, Svenda, Klinec, Matyas 2017, section 3",
    ],
    since: "0.2.0",
    ..Rule::BASE
};

fn check_roca(modulus: &Modulus, offset: usize, judge: &mut Judge<'_, '_>) {
    if modulus.has_roca_form() {
        let message = "the RSA modulus is a power of 65537 modulo each of the primes 3 to 167";
        let finding = Finding::new(&CERT_RSA_ROCA, judge.place(offset, &SPKI), message);
        judge.add(for_role(finding, judge.role));
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_KEY_PUBLISHED, &CERT_RSA_SMALL_FACTOR, &CERT_RSA_ROCA];
