//! The dates of a certificate, whatever the time is.

use time::OffsetDateTime;

use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::certificate::fault::TimeFault;
use crate::read::certificate::format_time;
use crate::read::certificate::string::ascii;
use crate::read::certificate::time::{InvalidTime, TimeLapses};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// The finding on a fault of the dates.
pub(super) fn judge(fault: &TimeFault<'_>, place: Location) -> Finding {
    match fault {
        TimeFault::Reversed { begin, end } => reversed(*begin, *end, place),
        TimeFault::Invalid { octets, why } => invalid(octets, *why, place),
        TimeFault::Lax { octets, lapses } => lax(octets, *lapses, place),
    }
}

static CERT_VALIDITY_REVERSED: Rule = Rule {
    code: "cert-validity-reversed",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate ends before it begins",
    hint: "Ask the CA to issue the certificate again with notBefore before notAfter.",
    why: "With notBefore after notAfter, the certificate is never valid.\n\n\
          Example: dates of a hand-made certificate in the wrong order.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

fn reversed(begin: OffsetDateTime, end: OffsetDateTime, place: Location) -> Finding {
    let message = told!(
        "notBefore {not_before} is after notAfter {not_after}",
        not_before = format_time(begin),
        not_after = format_time(end),
    );
    Finding::new(&CERT_VALIDITY_REVERSED, place, message)
}

static CERT_TIME_INVALID: Rule = Rule {
    code: "cert-time-invalid",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A date of the certificate is not a date in UTC",
    hint: "Ask the CA to issue the certificate again with valid dates; `openssl x509 -in FILE -noout -dates` shows them.",
    why: "notBefore and notAfter decide whether a certificate is valid, so they must be one exact second in UTC. A day that is not in the \
          calendar, a second 60 or a time without a zone means different moments to different programs, or none.\n\n\
          Example: notAfter 250230120000Z, the 30th of February.",
    citations: &["RFC 5280, section 4.1.2.5", "X.680, sections 46 and 47"],
    ..Rule::BASE
};

fn invalid(octets: &[u8], why: InvalidTime, place: Location) -> Finding {
    let why = match why {
        InvalidTime::BeyondYears => "is beyond the years 0 to 9999",
        InvalidTime::Day => "is not a day in the calendar",
        InvalidTime::Form => "is not in the form of its type",
        InvalidTime::NoZone => "has no time zone: Z is missing",
        InvalidTime::TimeOfDay => "is not a time of the day",
    };
    Finding::new(&CERT_TIME_INVALID, place, told!("\"{time}\" {why}", time = text::escape(&ascii(octets))))
}

static CERT_TIME_LAX: Rule = Rule {
    code: "cert-time-lax",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A date is written in a form that RFC 5280 forbids",
    hint: "You do not need to do anything for this upload. Report it to the CA, because strict clients may refuse the certificate.",
    why: "RFC 5280 allows two forms: UTCTime YYMMDDHHMMSSZ to 2049, GeneralizedTime YYYYMMDDHHMMSSZ from 2050. certgate also understands times \
          without seconds, with a fraction or with an offset, and the long form before 2050. It converts them to UTC. Go and Rustls refuse some \
          of them.\n\n\
          Example: notBefore 2501010000Z, without seconds.",
    citations: &["RFC 5280, section 4.1.2.5", "X.690, sections 11.7 and 11.8"],
    ..Rule::BASE
};

fn lax(octets: &[u8], lapses: TimeLapses, place: Location) -> Finding {
    let why = [
        (lapses.no_seconds, "has no seconds"),
        (lapses.fraction, "has a fraction of a second"),
        (lapses.offset, "has an offset instead of Z"),
        (lapses.early, "is a GeneralizedTime before 2050, which must be a UTCTime"),
    ];
    let why: Vec<_> = why.into_iter().filter_map(|(is, why)| is.then_some(why)).collect();
    let why = why.join(" and ");
    Finding::new(&CERT_TIME_LAX, place, told!("\"{time}\" {why}", time = text::escape(&ascii(octets))))
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_VALIDITY_REVERSED, &CERT_TIME_INVALID, &CERT_TIME_LAX];
