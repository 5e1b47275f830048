//! Times as people type them, in English and Chinese, relative to a `now` that is handed in.
//!
//! Local times use the offset of `now`; a day without a time begins at 00:00.

mod date;
mod lexer;
mod parser;
mod span;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

pub use date::{DateOrder, parse_date};
pub use span::{Span, SpanUnit, ago, parse_span};

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenHint {
    /// There is nothing.
    Empty,
    /// It isn't understood.
    Unknown,
    /// A day or hour that doesn't exist: 30 February, 25:00.
    NoSuch,
    /// Outside of the years 1 to 9999.
    OutOfRange,
    /// `03/04/2026` may be March or April.
    Ambiguous,
}

/// A text that isn't a time, a date or a span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time: {text:?} ({hint:?})")]
pub struct WhenError {
    /// What was typed.
    pub text: String,
    /// What is wrong with it.
    pub hint: WhenHint,
}

impl WhenError {
    fn new(text: &str, hint: WhenHint) -> Self {
        Self { text: text.to_owned(), hint }
    }
}

/// A day, or a point in time, as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day without a time.
    Date(NaiveDate),
    /// A point in time.
    Time(DateTime<FixedOffset>),
}

/// Reads a point in time: ISO 8601, `yesterday 9am`, `3 days ago`, `昨天下午3点`, `14 Sep` (of the nearest year).
///
/// A day alone is its 00:00; `friday` is the coming one; a time alone is today's.
pub fn parse_instant(text: &str, now: DateTime<FixedOffset>) -> Result<DateTime<FixedOffset>, WhenError> {
    match parser::parse(text, now, parser::Bias::Nearest)? {
        When::Time(at) => Ok(at),
        When::Date(day) => midnight(day, now).ok_or_else(|| WhenError::new(text, WhenHint::OutOfRange)),
    }
}

/// The end of what a text names: of a day or month the first moment after it, of a point in time that itself.
pub fn parse_end(text: &str, now: DateTime<FixedOffset>) -> Result<i64, WhenError> {
    match parser::parse(text, now, parser::Bias::Nearest) {
        Ok(When::Time(at)) => Ok(at.timestamp_millis()),
        Ok(When::Date(_)) | Err(_) => Ok(day_range(text, now)?.1),
    }
}

/// Reads when something is due: as [`parse_instant`], but days without a year and times that have passed today are the
/// next ones, a bare span (`2w`) lies ahead, and a day stays a day.
pub fn parse_when(text: &str, now: DateTime<FixedOffset>) -> Result<When, WhenError> {
    parser::parse(text, now, parser::Bias::Future)
}

/// The half-open range of milliseconds since 1970 that a day, month or year spans: `today`, `2026-01`, `last week`, `去年`.
pub fn day_range(text: &str, now: DateTime<FixedOffset>) -> Result<(i64, i64), WhenError> {
    let error = |hint| WhenError::new(text, hint);
    let (first, end) = match parser::parse_period(text, now) {
        Some(range) => range.map_err(error)?,
        None => days_of(text, now)?,
    };
    match (midnight(first, now), midnight(end, now)) {
        (Some(first), Some(end)) => Ok((first.timestamp_millis(), end.timestamp_millis())),
        _ => Err(error(WhenHint::OutOfRange)),
    }
}

fn days_of(text: &str, now: DateTime<FixedOffset>) -> Result<(NaiveDate, NaiveDate), WhenError> {
    let error = |hint| WhenError::new(text, hint);
    let partial = parse_date(text, None).filter(|date| !date.starts_with('-'));
    let numbers: Vec<i32> =
        partial.iter().flat_map(|date| date.split('-')).filter_map(|part| part.parse().ok()).collect();
    let month = |year: i32, month: i32| {
        u32::try_from(month).ok().and_then(|month| NaiveDate::from_ymd_opt(year, month, 1))
    };
    let range = match numbers[..] {
        [year] => month(year, 1).zip(month(year + 1, 1)),
        [year, 12] => month(year, 12).zip(month(year + 1, 1)),
        [year, number] => month(year, number).zip(month(year, number + 1)),
        _ => {
            let day = parse_instant(text, now)?.with_timezone(now.offset()).date_naive();
            Some(day).zip(day.succ_opt())
        }
    };
    range.ok_or_else(|| error(WhenHint::OutOfRange))
}

fn midnight(day: NaiveDate, now: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    day.and_time(chrono::NaiveTime::MIN).and_local_timezone(*now.offset()).single()
}

/// Years that are written with four digits; the end of the last is allowed as a bound.
fn in_range(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}
