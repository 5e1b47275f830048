//! Days of the Chinese calendar on ours: calendars repeat a day by our months, so each year's day is written out.

use icu_calendar::types::Month;
use icu_calendar::{Date, Iso};

/// For how many years the days are written.
pub(super) const YEARS: usize = 10;

/// The days on which a lunar date (`1990-08-15` or `--08-15`) falls from the year `from` on, as `YYYYMMDD`. A thirtieth day
/// that a year's month does not have is its twenty-ninth.
pub(super) fn days(date: &str, from: i32) -> Vec<String> {
    let (born, rest) = match date.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => match (date.get(..4).and_then(|year| year.parse::<i32>().ok()), date.get(5..)) {
            (Some(year), Some(rest)) => (Some(year), rest),
            _ => return Vec::new(),
        },
    };
    let parts = rest.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    let Some((month @ 1..=12, day @ 1..=30)) = parts else { return Vec::new() };
    // A lunar year begins in January or February: its last months lie in the next of ours.
    let years = from.saturating_sub(1).max(born.unwrap_or(i32::MIN))..;
    let day_of = |year: i32| {
        let found = Date::try_new_chinese_traditional(year, Month::new(month), day);
        let found = found.or_else(|error| {
            if day == 30 {
                Date::try_new_chinese_traditional(year, Month::new(month), 29)
            } else {
                Err(error)
            }
        });
        let ours = found.ok()?.to_calendar(Iso);
        (ours.year().extended_year() >= from).then(|| {
            format!(
                "{:04}{:02}{:02}",
                ours.year().extended_year(),
                ours.month().number(),
                ours.day_of_month().0
            )
        })
    };
    years.take(YEARS + 1).filter_map(day_of).take(YEARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn festivals_fall_on_their_days() {
        // New year, mid-autumn and the last day of the year, as the Hong Kong Observatory gives them.
        for (date, from, first) in [
            ("--01-01", 2026, "20260217"),
            ("--08-15", 2026, "20260925"),
            ("1990-08-15", 2025, "20251006"),
            ("--12-30", 2025, "20250128"),
            ("2030-01-01", 2026, "20300203"),
        ] {
            let days = days(date, from);
            assert_eq!((days[0].as_str(), days.len()), (first, YEARS), "{date}");
            assert!(days.windows(2).all(|pair| pair[0] < pair[1]), "{days:?}");
        }
        for none in ["1990", "1990-08", "--13-01", "--01-31", "spring", ""] {
            assert!(days(none, 2026).is_empty(), "{none}");
        }
    }
}
