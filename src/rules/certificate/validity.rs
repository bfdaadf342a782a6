//! The time of a server certificate.

use time::OffsetDateTime;

use crate::finding::{Finding, told};
use crate::read::certificate::outline::TBS;
use crate::read::certificate::{Certificate, format_time};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

use super::Judge;

static CERT_EXPIRES_AFTER_2038: Rule = Rule {
    code: "cert-expires-after-2038",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::ExpiresTooLate,
    summary: "The certificate expires after 2038-01-19T03:14:07Z",
    hint: "Request a certificate that ends before 2038-01-19.",
    why: "The API refuses certificates that end after the last second that a signed 32-bit clock can count. This rule judges the server \
          certificate only, because roots usually last longer. The limit is an option of the policy. A public CA cannot issue for so long: the \
          CA/Browser Forum allows 200 days from 2026-03-15, 100 days from 2027-03-15 and 47 days from 2029-03-15 (ballot SC-081).\n\n\
          Example: a self-signed certificate made with `-days 7300`.",
    citations: &["API family's error table, APIG.3148"],
    ..Rule::BASE
};

pub(super) fn check_last_day(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let latest = judge.policy().not_after_max;
    if let Some(end) = certificate.not_after().filter(|end| *end > latest) {
        let message = told!(
            "the certificate expires at {not_after}, after {latest}",
            not_after = format_time(end),
            latest = format_time(latest),
        );
        let hint = format!("Request a certificate that ends before {}.", latest.date());
        let place =
            judge.place(certificate.outline().not_after.offset, &TBS.field("validity").field("notAfter"));
        judge.add(Finding::new(&CERT_EXPIRES_AFTER_2038, place, message).hint(hint));
    }
}

/// The time of the check against notBefore and notAfter.
pub(super) fn check(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let Some(now) = judge.time() else {
        judge.not_evaluated(
            "validity",
            "no time was given, so whether certificates are valid now was not evaluated",
        );
        return;
    };
    let Some(end) = certificate.not_after() else { return };
    // Dates in the wrong order are reported elsewhere; nothing more can be said of them.
    if certificate.not_before().is_some_and(|begin| begin > end) {
        return;
    }
    if now > end {
        return judge.add(expired(certificate, now, end, judge));
    }
    let Some(begin) = certificate.not_before() else { return };
    if now < begin {
        return judge.add(not_yet_valid(certificate, now, begin, judge));
    }
    let left = seconds(end, now);
    let is_soon = match judge.policy().expiry_warning_days {
        Some(days) => left <= i64::from(days).saturating_mul(DAY),
        None => left <= 30 * DAY && left.saturating_mul(3) < seconds(end, begin),
    };
    if is_soon {
        judge.add(expires_soon(certificate, now, end, judge));
    }
}

static CERT_EXPIRED: Rule = Rule {
    code: "cert-expired",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::Expired,
    summary: "The certificate has expired",
    hint: "Upload the renewed certificate. If there is none, request one from the CA now.",
    why: "After notAfter every client refuses the certificate. The caller gives the time of the check; the library reads no clock.\n\n\
          Example: the file of last year's certificate was uploaded instead of the renewed one.",
    citations: &["RFC 5280, sections 4.1.2.5 and 6.1.3", "API family's error table, APIG.2102"],
    ..Rule::BASE
};

fn expired(
    certificate: &Certificate<'_>,
    now: OffsetDateTime,
    end: OffsetDateTime,
    judge: &Judge<'_, '_>,
) -> Finding {
    let message = told!(
        "the certificate expired at {not_after}, {ago} before the time of this check, {now}",
        not_after = format_time(end),
        ago = days(now, end),
        now = format_time(now),
    );
    let place = judge.place(certificate.outline().not_after.offset, &TBS.field("validity").field("notAfter"));
    Finding::new(&CERT_EXPIRED, place, message)
}

static CERT_NOT_YET_VALID: Rule = Rule {
    code: "cert-not-yet-valid",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is not valid yet",
    hint: "Use the certificate only after its notBefore. Also check the clock of this machine.",
    why: "Before notBefore clients refuse the certificate. It is sensible to upload before that time, so this is only a warning.\n\n\
          Example: a renewal that starts when the old certificate ends, uploaded a week before.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

fn not_yet_valid(
    certificate: &Certificate<'_>,
    now: OffsetDateTime,
    begin: OffsetDateTime,
    judge: &Judge<'_, '_>,
) -> Finding {
    let message = told!(
        "the certificate is valid from {not_before}, {left} after the time of this check, {now}",
        not_before = format_time(begin),
        left = days(begin, now),
        now = format_time(now),
    );
    let place =
        judge.place(certificate.outline().not_before.offset, &TBS.field("validity").field("notBefore"));
    Finding::new(&CERT_NOT_YET_VALID, place, message)
}

static CERT_EXPIRES_SOON: Rule = Rule {
    code: "cert-expires-soon",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Expired,
    summary: "The certificate will expire soon",
    hint: "Renew the certificate now and upload the new one.",
    why: "A certificate is due for renewal when less than a third of its lifetime is left, and 30 days or fewer. \
          A policy may name another number of days; then only that number counts. \
          Often the new one exists already, and the wrong file was uploaded.\n\n\
          Example: a certificate of 90 days with 12 days left.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

fn expires_soon(
    certificate: &Certificate<'_>,
    now: OffsetDateTime,
    end: OffsetDateTime,
    judge: &Judge<'_, '_>,
) -> Finding {
    let message = told!(
        "the certificate expires at {not_after}, {left} after the time of this check, {now}",
        not_after = format_time(end),
        left = days(end, now),
        now = format_time(now),
    );
    let place = judge.place(certificate.outline().not_after.offset, &TBS.field("validity").field("notAfter"));
    Finding::new(&CERT_EXPIRES_SOON, place, message)
}

const DAY: i64 = 86_400;

fn seconds(later: OffsetDateTime, earlier: OffsetDateTime) -> i64 {
    later.unix_timestamp().saturating_sub(earlier.unix_timestamp())
}

/// `3 days`; hours, minutes or seconds where that would say too little.
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

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&CERT_EXPIRES_AFTER_2038, &CERT_EXPIRED, &CERT_NOT_YET_VALID, &CERT_EXPIRES_SOON];
