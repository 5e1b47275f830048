//! Days, spans, amounts and counts as each language writes them.

use super::Lang;
use crate::config::{Dates, Language};
use chrono::{DateTime, FixedOffset};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a consent says and for how long: `withdrawn, 14 Sep 2026`; `at` and `expires` may be empty.
pub fn consent(lang: &Lang, status: &str, at: &str, expires: &str) -> String {
    let said = lang.maybe(&format!("consent-{status}"), &[]).unwrap_or_else(|| status.to_owned());
    let since = day(lang, at.get(..10).unwrap_or_default());
    let until = match expires {
        "" => String::new(),
        expires => lang.t("consent-until", &[("day", day(lang, expires).as_str().into())]),
    };
    [said, since, until].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A day as stored (`YYYY-MM-DD`, `--MM-DD`, `YYYY-MM`, `YYYY`, or whatever was typed): `14 Sep 2026`, `2026年9月14日`.
pub fn day(lang: &Lang, stored: &str) -> String {
    if lang.dates == Dates::Iso {
        return stored.to_owned();
    }
    let (year, rest) = match stored.strip_prefix("--") {
        Some(rest) => ("", Some(rest)),
        None => match stored.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => return stored.to_owned(),
        },
    };
    let mut parts = rest.unwrap_or_default().splitn(2, '-');
    let month: Option<usize> = parts.next().and_then(|month| month.parse().ok());
    let date: Option<u32> = parts.next().and_then(|day| day.parse().ok());
    let whole = rest.is_some_and(|rest| matches!(rest.len(), 2 | 5));
    let (Some(month), true) = (month.filter(|month| (1..=12).contains(month)), whole) else {
        return stored.to_owned();
    };
    match lang.language {
        Language::En => {
            let date = date.map(|date| format!("{date} ")).unwrap_or_default();
            let year = if year.is_empty() { String::new() } else { format!(" {year}") };
            format!("{date}{}{year}", MONTHS[month - 1])
        }
        Language::ZhCn => {
            let year = if year.is_empty() { String::new() } else { format!("{year}年") };
            let date = date.map(|date| format!("{date}日")).unwrap_or_default();
            format!("{year}{month}月{date}")
        }
    }
}

/// A day and its time: `14 Sep 2026 09:30`.
pub fn instant(lang: &Lang, at: &DateTime<FixedOffset>) -> String {
    format!("{} {}", day(lang, &at.format("%Y-%m-%d").to_string()), at.format("%H:%M"))
}

/// How long ago something was, coarsely: `12d`, `3mo`, `1y` / `12天`, `3个月`, `1年`. Takes milliseconds; what lies
/// ahead counts as now.
pub fn span(lang: &Lang, millis: i64) -> String {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let millis = millis.max(0);
    let (n, unit) = match millis {
        ..MINUTE => return lang.t("span-now", &[]),
        MINUTE..HOUR => (millis / MINUTE, "span-minutes"),
        HOUR..DAY => (millis / HOUR, "span-hours"),
        _ => match millis / DAY {
            days @ ..60 => (days, "span-days"),
            days @ 60..365 => (days / 30, "span-months"),
            days => (days / 365, "span-years"),
        },
    };
    lang.t(unit, &[("n", n.into())])
}

/// A span as stored (`3 months`, `1 year 6 months`), in the language; anything else as it is.
pub fn stored_span(lang: &Lang, stored: &str) -> String {
    let words: Vec<&str> = stored.split_whitespace().collect();
    let part = |pair: &[&str]| {
        let [count, unit] = pair else { return None };
        let n: i64 = count.parse().ok()?;
        lang.maybe(&format!("span-whole-{}", unit.strip_suffix('s').unwrap_or(unit)), &[("n", n.into())])
    };
    let parts: Option<Vec<String>> = words.chunks(2).map(part).collect();
    parts.map_or_else(|| stored.to_owned(), |parts| parts.join(" "))
}

/// What a number, an address, ... is for (`work`), in the language; a label of one's own as it is.
pub fn purpose(lang: &Lang, label: &str) -> String {
    let key = format!("screen-label-{}", label.replace(['_', ' '], "-").to_lowercase());
    lang.maybe(&key, &[]).unwrap_or_else(|| label.to_owned())
}

/// A length of time in minutes: `12 min`, `1 h 30 min`.
pub fn duration(lang: &Lang, minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, _) => lang.t("duration-minutes", &[("n", rest.into())]),
        (_, 0) => lang.t("duration-hours", &[("n", hours.into())]),
        _ => lang.t("duration-both", &[("hours", hours.into()), ("minutes", rest.into())]),
    }
}

/// A whole number with its thousands set apart: `100,000`.
pub fn decimal(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount with its currency behind it.
pub fn amount(amount: &str, currency: &str) -> String {
    if currency.is_empty() { amount.to_owned() } else { format!("{amount} {currency}") }
}

/// A size of a file: `12.3 MB`.
pub fn bytes(size: u64) -> String {
    let mut value = size as f64;
    for unit in ["B", "kB", "MB"] {
        if value < 1000.0 {
            return if unit == "B" { format!("{size} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1000.0;
    }
    format!("{value:.1} GB")
}
