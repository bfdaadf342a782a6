//! The rules that only a server certificate has: its time, and what clients will say of it.

use time::OffsetDateTime;

use crate::algorithm::AlgorithmType;
use crate::crypto::spki::PublicKey;
use crate::finding::Finding;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

use super::Certificate;
use super::tbs::{SIGNATURE_ALGORITHM, TBS};
use super::time::show;
use super::walk::Walk;

/// Judges a leaf. Its faults of encoding are told before.
pub(super) fn judge(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    judge_last_day(certificate, walk);
    judge_time(certificate, walk);
    judge_names(certificate, walk);
    judge_purpose(certificate, walk);
    judge_usage(certificate, walk);
    if certificate.looks_self_signed() {
        let path = TBS.field("issuer");
        walk.report(&CERT_SELF_SIGNED, certificate.issuer().offset(), &path, || {
            format!("issuer and subject are both {}: it is taken for self-signed", certificate.subject())
        });
        return;
    }
    judge_signature(certificate, walk);
    judge_ca(certificate, walk);
}

static CERT_EXPIRES_AFTER_2038: Rule = Rule {
    code: "cert-expires-after-2038",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::ExpiresTooLate,
    summary: "The certificate expires after 2038-01-19T03:14:07Z",
    hint: "Request a certificate that ends before 2038-01-19; public CAs issue for 200 days at most anyway.",
    why: "The API refuses certificates that end after the last second that a signed 32-bit clock can count. Only the server certificate \
          is judged, because roots usually last longer. The limit is an option of the policy.\n\n\
          Example: a self-signed certificate made with `-days 7300`.",
    citations: &["API family's error table, APIG.3148"],
    ..Rule::BASE
};

fn judge_last_day(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    let limit = walk.policy().not_after_max;
    if let Some(end) = certificate.not_after().filter(|end| *end > limit) {
        let validity = TBS.field("validity");
        let path = validity.field("notAfter");
        walk.report_as(&CERT_EXPIRES_AFTER_2038, certificate.not_after_offset(), &path, |place| {
            let message = format!("the certificate expires at {}, after {}", show(end), show(limit));
            let date = limit.date();
            Finding::new(&CERT_EXPIRES_AFTER_2038, place, message).hint(format!(
                "Request a certificate that ends before {date}; public CAs issue for 200 days at most anyway."
            ))
        });
    }
}

static CERT_EXPIRED: Rule = Rule {
    code: "cert-expired",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::Expired,
    summary: "The certificate has expired",
    hint: "Upload the renewed certificate; if there is none, request one from the CA now.",
    why: "After notAfter every client refuses the certificate. The time is the caller's: the library reads no clock.\n\n\
          Example: the file of last year's certificate was uploaded instead of the renewed one.",
    citations: &["RFC 5280, sections 4.1.2.5 and 6.1.3", "API family's error table, APIG.2102"],
    ..Rule::BASE
};

static CERT_NOT_YET_VALID: Rule = Rule {
    code: "cert-not-yet-valid",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is not valid yet",
    hint: "Put the certificate into use only after its notBefore, and check the clock of this machine.",
    why: "Before notBefore clients refuse the certificate. Uploading ahead of time is sensible, so it is only a warning.\n\n\
          Example: a renewal that starts when the old certificate ends, uploaded a week before.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

static CERT_EXPIRES_SOON: Rule = Rule {
    code: "cert-expires-soon",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Expired,
    summary: "The certificate will expire soon",
    hint: "Renew the certificate now and upload the new one.",
    why: "A certificate with less than a third of its lifetime left, and no more than 30 days (an option of the policy), is due for \
          renewal. Who uploads one usually has the new one already, or took the wrong file.\n\n\
          Example: a certificate of 90 days with 12 days left.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

fn judge_time(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    let Some(now) = walk.policy().time else {
        walk.not_evaluated(
            "validity",
            "the policy names no time, so whether certificates are valid now was not evaluated",
        );
        return;
    };
    let validity = TBS.field("validity");
    let Some(end) = certificate.not_after() else { return };
    // Dates in the wrong order were told; nothing more can be said of them.
    if certificate.not_before().is_some_and(|begin| begin > end) {
        return;
    }
    if now > end {
        walk.report(&CERT_EXPIRED, certificate.not_after_offset(), &validity.field("notAfter"), || {
            format!("the certificate expired at {}, {} before {}", show(end), days(now, end), show(now))
        });
        return;
    }
    let Some(begin) = certificate.not_before() else { return };
    if now < begin {
        walk.report(
            &CERT_NOT_YET_VALID,
            certificate.not_before_offset(),
            &validity.field("notBefore"),
            || {
                format!(
                    "the certificate is valid from {}, {} after {}",
                    show(begin),
                    days(begin, now),
                    show(now)
                )
            },
        );
        return;
    }
    let left = seconds(end, now);
    let limit = i64::from(walk.policy().expiry_warning_days).saturating_mul(DAY);
    if left <= limit && left.saturating_mul(3) < seconds(end, begin) {
        walk.report(&CERT_EXPIRES_SOON, certificate.not_after_offset(), &validity.field("notAfter"), || {
            format!("the certificate expires at {}, {} after {}", show(end), days(end, now), show(now))
        });
    }
}

const DAY: i64 = 86_400;

fn seconds(later: OffsetDateTime, earlier: OffsetDateTime) -> i64 {
    later.unix_timestamp().saturating_sub(earlier.unix_timestamp())
}

/// `3 days`; hours or minutes where that would say too little.
fn days(later: OffsetDateTime, earlier: OffsetDateTime) -> String {
    let seconds = seconds(later, earlier);
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / DAY, "day"),
    };
    text::count(usize::try_from(number).unwrap_or_default(), unit)
}

static CERT_SAN_MISSING: Rule = Rule {
    code: "cert-san-missing",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::SanMissing,
    summary: "The certificate has no subject alternative name",
    hint: "With the next renewal put every host into the request's subject alternative name: `openssl req -addext subjectAltName=DNS:…`",
    why: "Browsers and most TLS libraries look for the host only in the subject alternative name, and no longer in the common name. The \
          reference page does not demand one, and most SM2 certificates have none, so it is a warning.\n\n\
          Example: a certificate made with `openssl req -x509` without -addext.",
    citations: &[
        "RFC 9525, section 6.3",
        "CA/Browser BR, section 7.1.2.7.12",
        "API family's error table, APIG.2109",
    ],
    ..Rule::BASE
};

fn judge_names(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    if !certificate.has_san() {
        walk.report(&CERT_SAN_MISSING, certificate.extensions_offset(), &TBS.field("extensions"), || {
            match certificate.subject().values(super::attribute::COMMON_NAME).next_back() {
                Some(name) => format!(
                    "no subject alternative name; clients do not look at the common name \"{}\"",
                    text::escape(name)
                ),
                None => "no subject alternative name".to_owned(),
            }
        });
    }
}

static CERT_NOT_FOR_SERVERS: Rule = Rule {
    code: "cert-not-for-servers",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is not meant for TLS servers",
    hint: "Ask the CA for a server certificate: extended key usage serverAuth.",
    why: "extKeyUsage limits what a certificate is for. Without serverAuth clients refuse it as a server's, whatever else is right. \
          anyExtendedKeyUsage does not stand for it everywhere: Go and browsers take it, OpenSSL does not.\n\n\
          Example: a certificate for a client or for signing code was uploaded.",
    citations: &["RFC 5280, section 4.2.1.12", "CA/Browser BR, section 7.1.2.7.10"],
    ..Rule::BASE
};

fn judge_purpose(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    let Some(usage) = certificate.ext_key_usage().filter(|usage| !usage.server_auth()) else { return };
    let Some(place) = certificate.facts.extensions.ext_key_usage_place() else { return };
    walk.report(&CERT_NOT_FOR_SERVERS, place.offset, &TBS.field("extensions").index(place.index), || {
        let names = text::list(usage.names());
        if names.is_empty() {
            "extended key usage is empty, without serverAuth".to_owned()
        } else {
            format!("extended key usage is {names}, without serverAuth")
        }
    });
}

static CERT_USAGE_NOT_FOR_TLS: Rule = Rule {
    code: "cert-usage-not-for-tls",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "keyUsage allows the key nothing that a TLS server does with it",
    hint: "Ask the CA for a server certificate: key usage digitalSignature, with RSA also keyEncipherment.",
    why: "In a handshake the server signs with its key, or, in TLS 1.2 with RSA, decrypts with it. Where keyUsage is there and allows \
          neither, clients that look at it end the handshake. The certificates of an SM2 set have rules of their own.\n\n\
          Example: a certificate for signing documents, with nonRepudiation alone, or a self-signed CA with keyCertSign and cRLSign. (Of a \
          CA below another, cert-ca-as-leaf is told instead.)",
    citations: &["RFC 5280, section 4.2.1.3", "RFC 8446, section 4.4.2.2", "RFC 8422, section 5.3"],
    ..Rule::BASE
};

fn judge_usage(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    // Of a CA below another, cert-ca-as-leaf says what to do.
    if certificate.is_ca() && !certificate.looks_self_signed() {
        return;
    }
    let Some(usage) = certificate.key_usage() else { return };
    let (fits, wanted) = match certificate.public_key().and_then(PublicKey::algorithm_type) {
        Some(AlgorithmType::Rsa) => (
            usage.digital_signature() || usage.key_encipherment(),
            "neither digitalSignature nor keyEncipherment",
        ),
        Some(AlgorithmType::Ecc) => (usage.digital_signature(), "no digitalSignature"),
        Some(AlgorithmType::Sm2) | None => return,
    };
    let Some(place) = certificate.facts.extensions.key_usage_place().filter(|_| !fits) else { return };
    walk.report(&CERT_USAGE_NOT_FOR_TLS, place.offset, &TBS.field("extensions").index(place.index), || {
        let names = text::list(usage.names());
        if names.is_empty() {
            format!("keyUsage is empty: {wanted}")
        } else {
            format!("keyUsage is {names}: {wanted}")
        }
    });
}

static CERT_SELF_SIGNED: Rule = Rule {
    code: "cert-self-signed",
    severity: Severity::Note,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is self-signed",
    hint: "Nothing to do where clients have this certificate in their trust store; else request one from a CA.",
    why: "The issuer is the subject itself, so no CA vouches for the key. Clients accept it only if it was given to them. The API takes \
          it.\n\n\
          Example: a certificate for a test gateway, made with `openssl req -x509`.",
    citations: &["RFC 5280, section 3.2"],
    ..Rule::BASE
};

static CERT_WEAK_SIGNATURE: Rule = Rule {
    code: "cert-weak-signature",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is signed with a hash function that is broken",
    hint: "Ask the CA to issue the certificate again, signed with SHA-256 or better.",
    why: "For MD5 and SHA-1 two texts with one hash can be made, so a signature over one of them proves nothing. Browsers refuse such \
          certificates. A self-signed one is trusted for itself, not for its signature, and is not judged.\n\n\
          Example: sha1WithRSAEncryption by a company CA set up in 2010.",
    citations: &["CA/Browser BR, section 7.1.3.2", "RFC 9155"],
    ..Rule::BASE
};

fn judge_signature(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    let algorithm = certificate.signature_algorithm();
    if let Some(hash) = algorithm.hash().filter(|hash| hash.is_weak()) {
        let offset = certificate.facts.signature_algorithm_offset;
        walk.report(&CERT_WEAK_SIGNATURE, offset, &SIGNATURE_ALGORITHM, || {
            // Of RSASSA-PSS only the combinations that are in use have a name.
            let name = algorithm.name();
            let name =
                if name.starts_with(|first: char| first.is_ascii_digit()) { "RSA-PSS" } else { &*name };
            format!("signed with {name}: {} is broken", hash.name())
        });
    }
}

static CERT_CA_AS_LEAF: Rule = Rule {
    code: "cert-ca-as-leaf",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The first certificate is a CA certificate",
    hint: "Upload the server's own certificate first, and this one after it.",
    why: "basicConstraints says that the subject is a CA. A gateway does not need a certificate that can issue others, and a leaked key \
          would be worth far more. Usually the chain is in the wrong order, or the server's certificate is missing.\n\n\
          Example: a file that holds only the intermediate certificate.",
    citations: &["RFC 5280, section 4.2.1.9", "CA/Browser BR, section 7.1.2.7.6"],
    ..Rule::BASE
};

fn judge_ca(certificate: &Certificate<'_>, walk: &mut Walk<'_, '_>) {
    let is_ca = certificate.basic_constraints().is_some_and(|constraints| constraints.ca);
    if let Some(place) = certificate.facts.extensions.basic_constraints_place().filter(|_| is_ca) {
        walk.report(&CERT_CA_AS_LEAF, place.offset, &TBS.field("extensions").index(place.index), || {
            format!("\"{}\" is a CA certificate (basicConstraints CA:TRUE)", certificate.subject())
        });
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CERT_EXPIRES_AFTER_2038,
    &CERT_EXPIRED,
    &CERT_NOT_YET_VALID,
    &CERT_EXPIRES_SOON,
    &CERT_SAN_MISSING,
    &CERT_NOT_FOR_SERVERS,
    &CERT_USAGE_NOT_FOR_TLS,
    &CERT_SELF_SIGNED,
    &CERT_WEAK_SIGNATURE,
    &CERT_CA_AS_LEAF,
];
