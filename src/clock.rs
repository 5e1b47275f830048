//! The only place that reads the wall clock and the local time zone.

use chrono::{DateTime, FixedOffset, Local, Offset, TimeZone, Utc};

/// What time it is, as a value that is handed down, so that tests and scripts can set it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    fixed: Option<DateTime<FixedOffset>>,
}

impl Clock {
    /// The machine's own clock.
    pub const fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that always shows `at`.
    pub const fn fixed(at: DateTime<FixedOffset>) -> Self {
        Self { fixed: Some(at) }
    }

    /// The system clock, or the one that `ROLO_NOW` (RFC 3339) sets.
    pub fn from_setting(text: Option<&str>) -> Result<Self, chrono::ParseError> {
        text.map_or(Ok(Self::system()), |text| DateTime::parse_from_rfc3339(text).map(Self::fixed))
    }

    /// Now, in the local time zone.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> DateTime<FixedOffset> {
        self.fixed.unwrap_or_else(|| Local::now().fixed_offset())
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn millis(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// A stored instant in the zone that the user lives in.
    pub fn local(&self, millis: i64) -> DateTime<FixedOffset> {
        let utc = DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default();
        match self.fixed {
            Some(at) => utc.with_timezone(at.offset()),
            None => utc.with_timezone(&Local.offset_from_utc_datetime(&utc.naive_utc()).fix()),
        }
    }
}
