//! UTCTime and GeneralizedTime, read in full and judged.

use time::macros::datetime;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::der::{Element, Path};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

use super::string::ascii;
use super::walk::Walk;

pub(super) static CERT_TIME_INVALID: Rule = Rule {
    code: "cert-time-invalid",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A date of the certificate is no date in UTC",
    hint: "Ask the CA to issue the certificate again with valid dates; `openssl x509 -in FILE -noout -dates` shows them.",
    why: "notBefore and notAfter decide whether a certificate is valid, so they must be one exact second in UTC. A day that is not in the \
          calendar, a second 60 or a time without a zone means different moments to different programs, or none.\n\n\
          Example: notAfter 250230120000Z, the 30th of February.",
    citations: &["RFC 5280, section 4.1.2.5", "X.680, sections 46 and 47"],
    ..Rule::BASE
};

static CERT_TIME_LAX: Rule = Rule {
    code: "cert-time-lax",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A date is written in a form that RFC 5280 forbids",
    hint: "Nothing to do for the upload; tell the CA, because strict clients may refuse the certificate.",
    why: "RFC 5280 allows two forms: UTCTime YYMMDDHHMMSSZ to 2049, GeneralizedTime YYYYMMDDHHMMSSZ from 2050. Times without seconds, with \
          fractions or an offset, and the long form for early years are understood, and certgate turns them into UTC, but Go and \
          Rustls refuse some of them.\n\n\
          Example: notBefore 2501010000Z, without seconds.",
    citations: &["RFC 5280, section 4.1.2.5", "X.690, sections 11.7 and 11.8"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_TIME_INVALID, &CERT_TIME_LAX];

const UTC_TIME: u8 = 0x17;

/// Reads a UTCTime or GeneralizedTime, normalised to UTC; `None` where it is no moment, which the walk is told.
pub(super) fn read(
    element: &Element<'_>,
    path: &Path<'_>,
    walk: &mut Walk<'_, '_>,
) -> Option<OffsetDateTime> {
    match parse(element.tag == UTC_TIME, element.value) {
        Ok((moment, lapses)) => {
            if lapses != Lapses::default() {
                walk.report(&CERT_TIME_LAX, element.offset, path, || {
                    let lapses: Vec<_> = lapses.iter().collect();
                    format!("\"{}\" {}", text::escape(&ascii(element.value)), lapses.join(" and "))
                });
            }
            Some(moment)
        }
        Err(fault) => {
            walk.report(&CERT_TIME_INVALID, element.offset, path, || {
                format!("\"{}\" {fault}", text::escape(&ascii(element.value)))
            });
            None
        }
    }
}

/// The moment in UTC. One that no calendar year of four digits holds there becomes the nearest that one does.
fn utc(moment: OffsetDateTime) -> OffsetDateTime {
    const FIRST: OffsetDateTime = datetime!(0000-01-01 00:00:00 UTC);
    const LAST: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);
    if moment < FIRST {
        return FIRST;
    }
    // `time` knows later years where a program asks it for them.
    moment.checked_to_offset(UtcOffset::UTC).map_or(LAST, |moment| moment.min(LAST))
}

/// `2025-06-01T12:00:00Z`: the form of the API's metadata, in UTC to the second.
pub fn show(moment: OffsetDateTime) -> String {
    let moment = utc(moment);
    let (date, (hour, minute, second)) = (moment.date(), moment.to_hms());
    let (year, month, day) = (date.year().unsigned_abs(), u8::from(date.month()), date.day());
    // The formatting machinery takes longer than all else that is done with a date.
    let mut out = String::with_capacity(20);
    for (number, end) in [
        (year.div_euclid(100), None),
        (year.rem_euclid(100), Some('-')),
        (month.into(), Some('-')),
        (day.into(), Some('T')),
        (hour.into(), Some(':')),
        (minute.into(), Some(':')),
        (second.into(), Some('Z')),
    ] {
        out.push(digit(number.div_euclid(10)));
        out.push(digit(number));
        out.extend(end);
    }
    out
}

fn digit(number: u32) -> char {
    char::from_digit(number.rem_euclid(10), 10).unwrap_or_default()
}

/// What RFC 5280 forbids but is understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lapses {
    no_seconds: bool,
    fraction: bool,
    offset: bool,
    early: bool,
}

impl Lapses {
    fn iter(self) -> impl Iterator<Item = &'static str> {
        [
            (self.no_seconds, "has no seconds"),
            (self.fraction, "has a fraction of a second"),
            (self.offset, "has an offset instead of Z"),
            (self.early, "is a GeneralizedTime before 2050, which must be a UTCTime"),
        ]
        .into_iter()
        .filter_map(|(is, text)| is.then_some(text))
    }
}

/// The moment in UTC and what is lax about its form; or why it is none.
fn parse(utc: bool, octets: &[u8]) -> Result<(OffsetDateTime, Lapses), &'static str> {
    const FORM: &str = "is not in the form of its type";
    let mut lapses = Lapses::default();
    let mut rest = octets;
    let year = match utc {
        true => {
            let short = digits(&mut rest, 2).ok_or(FORM)?;
            short.saturating_add(if short < 50 { 2000 } else { 1900 })
        }
        false => digits(&mut rest, 4).ok_or(FORM)?,
    };
    lapses.early = !utc && year < 2050;
    let mut pair = || digits(&mut rest, 2).and_then(|number| u8::try_from(number).ok()).ok_or(FORM);
    let (month, day, hour, minute) = (pair()?, pair()?, pair()?, pair()?);
    let second = match rest.first() {
        Some(b'0'..=b'9') => digits(&mut rest, 2).and_then(|number| u8::try_from(number).ok()).ok_or(FORM)?,
        _ => {
            lapses.no_seconds = true;
            0
        }
    };
    if let Some((b'.' | b',', after)) = rest.split_first() {
        let length = after.iter().take_while(|octet| octet.is_ascii_digit()).count();
        if length == 0 || utc {
            return Err(FORM);
        }
        lapses.fraction = true;
        rest = after.get(length..).unwrap_or_default();
    }
    let offset = match rest {
        [] => return Err("has no zone: Z is missing"),
        [b'Z'] => UtcOffset::UTC,
        [sign @ (b'+' | b'-'), zone @ ..] if zone.len() == 4 => {
            lapses.offset = true;
            let mut zone = zone;
            let hours = digits(&mut zone, 2).filter(|hours| *hours < 24).ok_or(FORM)?;
            let minutes = digits(&mut zone, 2).filter(|minutes| *minutes < 60).ok_or(FORM)?;
            let seconds = hours.saturating_mul(60).saturating_add(minutes).saturating_mul(60);
            let seconds = if *sign == b'-' { seconds.saturating_neg() } else { seconds };
            UtcOffset::from_whole_seconds(seconds).map_err(|_| FORM)?
        }
        _ => return Err(FORM),
    };
    let day = Month::try_from(month).ok().and_then(|month| Date::from_calendar_date(year, month, day).ok());
    let date = day.ok_or("is no day of the calendar")?;
    let time = Time::from_hms(hour, minute, second).map_err(|_| "is no time of the day")?;
    PrimitiveDateTime::new(date, time)
        .assume_offset(offset)
        .checked_to_offset(UtcOffset::UTC)
        .map(|moment| (moment, lapses))
        .ok_or("is beyond the years 0 to 9999")
}

/// Takes `count` decimal digits off the front.
fn digits(rest: &mut &[u8], count: usize) -> Option<i32> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    taken.iter().try_fold(0_i32, |number, octet| {
        let digit = char::from(*octet).to_digit(10)?;
        number.checked_mul(10)?.checked_add(i32::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_moment_is_shown_in_utc() {
        for (moment, want) in [
            (datetime!(2026-06-01 08:00 +8), "2026-06-01T00:00:00Z"),
            (datetime!(9999-12-31 23:59:59 -23:59), "9999-12-31T23:59:59Z"),
            (datetime!(0000-01-01 00:00 +23:59), "0000-01-01T00:00:00Z"),
            (datetime!(-0001-01-01 00:00 UTC), "0000-01-01T00:00:00Z"),
            (datetime!(1985-10-26 01:21:09 UTC), "1985-10-26T01:21:09Z"),
        ] {
            assert_eq!(show(moment), want);
        }
    }

    #[test]
    fn times_are_read_in_full() {
        let plain = Lapses::default();
        let no_seconds = Lapses { no_seconds: true, ..plain };
        let early = Lapses { early: true, ..plain };
        for (utc, input, want) in [
            (true, "250101000000Z", Ok((datetime!(2025-01-01 0:00 UTC), plain))),
            (true, "491231235959Z", Ok((datetime!(2049-12-31 23:59:59 UTC), plain))),
            (true, "500101000000Z", Ok((datetime!(1950-01-01 0:00 UTC), plain))),
            (false, "99991231235959Z", Ok((datetime!(9999-12-31 23:59:59 UTC), plain))),
            (true, "2501010000Z", Ok((datetime!(2025-01-01 0:00 UTC), no_seconds))),
            (
                true,
                "250101000000+0800",
                Ok((datetime!(2024-12-31 16:00 UTC), Lapses { offset: true, ..plain })),
            ),
            (false, "20250101000000Z", Ok((datetime!(2025-01-01 0:00 UTC), early))),
            (
                false,
                "20500101000000.5Z",
                Ok((datetime!(2050-01-01 0:00 UTC), Lapses { fraction: true, ..plain })),
            ),
            (true, "250230000000Z", Err("is no day of the calendar")),
            (true, "251301000000Z", Err("is no day of the calendar")),
            (true, "250101000060Z", Err("is no time of the day")),
            (true, "250101240000Z", Err("is no time of the day")),
            (true, "250101000000", Err("has no zone: Z is missing")),
            (false, "99991231235959-0100", Err("is beyond the years 0 to 9999")),
            (true, "250101000000z", Err("is not in the form of its type")),
            (true, "250101000000.5Z", Err("is not in the form of its type")),
            (true, "250101 00000Z", Err("is not in the form of its type")),
            (true, "", Err("is not in the form of its type")),
            (true, "250101000000+2400", Err("is not in the form of its type")),
            (true, "250101000000ZZ", Err("is not in the form of its type")),
        ] {
            assert_eq!(parse(utc, input.as_bytes()), want, "{input}");
        }
    }
}
