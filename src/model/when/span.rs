//! Spans of time: `90d`, `3 months`, `1h30m`, `半年`, and how long ago something was.

use std::fmt;

use chrono::{DateTime, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta};

use super::lexer::{Token, Unit, tokens};
use super::{WhenError, WhenHint, in_range};

/// A span of time in calendar units, which aren't all of one length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Calendar months; a year is twelve.
    pub months: u32,
    /// Days; a week is seven.
    pub days: u32,
    /// Minutes; an hour is sixty.
    pub minutes: i64,
}

/// The unit that [`ago`] counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanUnit {
    /// Less than an hour.
    Minutes,
    /// Less than a day.
    Hours,
    /// Less than 60 days.
    Days,
    /// Less than a year, each of 365.25/12 days.
    Months,
    /// Of 365.25 days.
    Years,
}

/// No span is longer than the years that dates can have.
const MAX_MONTHS: u32 = 12 * 9999;

impl Span {
    /// The same time of day that much earlier; the last day of a month that is too short; not before the year 1.
    pub fn before(&self, now: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        self.shift(now, -1).unwrap_or_else(|| limit(now, NaiveDate::from_ymd_opt(1, 1, 1)))
    }

    /// The same time of day that much later; the last day of a month that is too short; not after the year 9999.
    pub fn after(&self, now: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        self.shift(now, 1).unwrap_or_else(|| limit(now, NaiveDate::from_ymd_opt(9999, 12, 31)))
    }

    /// Forwards (1) or backwards (-1); `None` beyond the years 1 to 9999.
    pub(super) fn shift(&self, now: DateTime<FixedOffset>, sign: i32) -> Option<DateTime<FixedOffset>> {
        let months = Months::new(self.months);
        let moved = if sign < 0 { now.checked_sub_months(months) } else { now.checked_add_months(months) }?;
        let rest =
            TimeDelta::try_days(i64::from(self.days))?.checked_add(&TimeDelta::try_minutes(self.minutes)?)?;
        let moved = if sign < 0 { moved.checked_sub_signed(rest) } else { moved.checked_add_signed(rest) }?;
        in_range(moved.naive_local().date()).then_some(moved)
    }

    /// Adds `count` of a unit, and half of one.
    pub(super) fn add(&mut self, count: u32, half: bool, unit: Unit) -> Option<()> {
        let half = u32::from(half);
        let minutes = |each: i64| Some(i64::from(count).checked_mul(each)? + i64::from(half) * each / 2);
        match unit {
            Unit::Minute => self.minutes = self.minutes.checked_add(i64::from(count))?,
            Unit::Hour => self.minutes = self.minutes.checked_add(minutes(60)?)?,
            Unit::Day => {
                self.days = self.days.checked_add(count)?;
                self.minutes = self.minutes.checked_add(i64::from(half) * 720)?;
            }
            Unit::Week => self.days = self.days.checked_add(count.checked_mul(7)?)?,
            Unit::Month => {
                self.months = self.months.checked_add(count)?;
                self.days = self.days.checked_add(half * 15)?;
            }
            Unit::Year => {
                self.months = self.months.checked_add(count.checked_mul(12)?.checked_add(half * 6)?)?
            }
        }
        let small =
            self.months <= MAX_MONTHS && self.days <= MAX_MONTHS * 31 && self.minutes <= i64::from(u32::MAX);
        small.then_some(())
    }
}

fn limit(now: DateTime<FixedOffset>, day: Option<NaiveDate>) -> DateTime<FixedOffset> {
    let local = day.map(|day| day.and_time(NaiveTime::MIN).and_local_timezone(*now.offset()));
    local.and_then(|at| at.single()).unwrap_or(now)
}

/// Reads `90d`, `3 months`, `2w`, `1h30m`, `15m` (minutes), `3mo` (months), `半年`, `两周`, `一个半小时`.
pub fn parse_span(text: &str) -> Result<Span, WhenError> {
    let error = |hint| WhenError::new(text, hint);
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Err(error(WhenHint::Empty));
    }
    match read_span(&tokens) {
        Some((span, used)) if used == tokens.len() => span.ok_or_else(|| error(WhenHint::OutOfRange)),
        _ => Err(error(WhenHint::Unknown)),
    }
}

/// Reads as many counts with units as follow each other. The span is `None` if it is too long.
pub(super) fn read_span(tokens: &[Token]) -> Option<(Option<Span>, usize)> {
    let mut span = Some(Span::default());
    let mut used = 0;
    let mut hours = false;
    loop {
        let (count, half, unit, length) = match tokens[used..] {
            [Token::Number(count, _), Token::Unit(unit), Token::Half, ..] => (count, true, unit, 3),
            [Token::Number(count, _), Token::Unit(unit), ..] => (count, false, unit, 2),
            [Token::Number(count, _), Token::Half, Token::Unit(unit), ..] => (count, true, unit, 3),
            [Token::Half, Token::Unit(unit), ..] => (Some(0), true, unit, 2),
            [Token::Half, Token::MonthMark, ..] => (Some(0), true, Unit::Month, 2),
            // 1h30
            [Token::Number(count, 2)] if hours => (count, false, Unit::Minute, 1),
            _ => break,
        };
        hours = unit == Unit::Hour;
        span = span.zip(count).and_then(|(mut span, count)| span.add(count, half, unit).map(|()| span));
        used += length;
    }
    (used > 0).then_some((span, used))
}

impl fmt::Display for Span {
    /// English, as [`parse_span`] reads it: `3 months`, `1 hour 30 minutes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (i64::from(self.months / 12), "year"),
            (i64::from(self.months % 12), "month"),
            (i64::from(self.days), "day"),
            (self.minutes / 60, "hour"),
            (self.minutes % 60, "minute"),
        ];
        let mut gap = "";
        for (count, unit) in counts.into_iter().filter(|(count, _)| *count != 0) {
            write!(f, "{gap}{count} {unit}{}", if count == 1 { "" } else { "s" })?;
            gap = " ";
        }
        if gap.is_empty() { f.write_str("0 minutes") } else { Ok(()) }
    }
}

/// How far apart two instants are (ms), in the largest unit that fits, rounded down; the order doesn't matter.
pub fn ago(millis_then: i64, now_millis: i64) -> (u32, SpanUnit) {
    let minutes = now_millis.abs_diff(millis_then) / 60_000;
    let (count, unit) = match minutes {
        0..60 => (minutes, SpanUnit::Minutes),
        60..1_440 => (minutes / 60, SpanUnit::Hours),
        1_440..86_400 => (minutes / 1_440, SpanUnit::Days),
        86_400..525_960 => (minutes / 43_830, SpanUnit::Months),
        _ => (minutes / 525_960, SpanUnit::Years),
    };
    (u32::try_from(count).unwrap_or(u32::MAX), unit)
}
