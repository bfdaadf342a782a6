//! UTCTime and GeneralizedTime, read in full.

use time::macros::datetime;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::der::{Element, Path, tag};

use super::fault::{FaultKind, TimeFault};
use super::walk::Walk;

/// Reads a UTCTime or GeneralizedTime, normalised to UTC; `None` where it is not a moment, which is a fault.
pub(super) fn read<'a>(
    element: &Element<'a>,
    path: &Path<'_>,
    walk: &mut Walk<'a>,
) -> Option<OffsetDateTime> {
    let octets = element.value;
    let (moment, fault) = match parse(element.tag == tag::UTC_TIME, octets) {
        Ok((moment, lapses)) if lapses == TimeLapses::default() => return Some(moment),
        Ok((moment, lapses)) => (Some(moment), TimeFault::Lax { octets, lapses }),
        Err(why) => (None, TimeFault::Invalid { octets, why }),
    };
    walk.report(element.offset, path, FaultKind::Time(fault));
    moment
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
pub(crate) struct TimeLapses {
    pub(crate) no_seconds: bool,
    pub(crate) fraction: bool,
    pub(crate) offset: bool,
    /// A GeneralizedTime before 2050.
    pub(crate) early: bool,
}

/// Why a time is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvalidTime {
    BeyondYears,
    Day,
    Form,
    NoZone,
    TimeOfDay,
}

/// The moment in UTC and what is lax about its form; or why it is not a moment.
fn parse(utc: bool, octets: &[u8]) -> Result<(OffsetDateTime, TimeLapses), InvalidTime> {
    const FORM: InvalidTime = InvalidTime::Form;
    let mut lapses = TimeLapses::default();
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
        [] => return Err(InvalidTime::NoZone),
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
    let date = day.ok_or(InvalidTime::Day)?;
    let time = Time::from_hms(hour, minute, second).map_err(|_| InvalidTime::TimeOfDay)?;
    PrimitiveDateTime::new(date, time)
        .assume_offset(offset)
        .checked_to_offset(UtcOffset::UTC)
        .map(|moment| (moment, lapses))
        .ok_or(InvalidTime::BeyondYears)
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
        let plain = TimeLapses::default();
        let no_seconds = TimeLapses { no_seconds: true, ..plain };
        let early = TimeLapses { early: true, ..plain };
        for (utc, input, want) in [
            (true, "250101000000Z", Ok((datetime!(2025-01-01 0:00 UTC), plain))),
            (true, "491231235959Z", Ok((datetime!(2049-12-31 23:59:59 UTC), plain))),
            (true, "500101000000Z", Ok((datetime!(1950-01-01 0:00 UTC), plain))),
            (false, "99991231235959Z", Ok((datetime!(9999-12-31 23:59:59 UTC), plain))),
            (true, "2501010000Z", Ok((datetime!(2025-01-01 0:00 UTC), no_seconds))),
            (
                true,
                "250101000000+0800",
                Ok((datetime!(2024-12-31 16:00 UTC), TimeLapses { offset: true, ..plain })),
            ),
            (false, "20250101000000Z", Ok((datetime!(2025-01-01 0:00 UTC), early))),
            (
                false,
                "20500101000000.5Z",
                Ok((datetime!(2050-01-01 0:00 UTC), TimeLapses { fraction: true, ..plain })),
            ),
            (true, "250230000000Z", Err(InvalidTime::Day)),
            (true, "251301000000Z", Err(InvalidTime::Day)),
            (true, "250101000060Z", Err(InvalidTime::TimeOfDay)),
            (true, "250101240000Z", Err(InvalidTime::TimeOfDay)),
            (true, "250101000000", Err(InvalidTime::NoZone)),
            (false, "99991231235959-0100", Err(InvalidTime::BeyondYears)),
            (true, "250101000000z", Err(InvalidTime::Form)),
            (true, "250101000000.5Z", Err(InvalidTime::Form)),
            (true, "250101 00000Z", Err(InvalidTime::Form)),
            (true, "", Err(InvalidTime::Form)),
            (true, "250101000000+2400", Err(InvalidTime::Form)),
            (true, "250101000000ZZ", Err(InvalidTime::Form)),
        ] {
            assert_eq!(parse(utc, input.as_bytes()), want, "{input}");
        }
    }
}
