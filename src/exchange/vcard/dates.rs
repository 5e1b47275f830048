//! Days as vCard writes them: RFC 6350 section 4.3, the ISO 8601 of RFC 2426, and what address books make of them.

use chrono::NaiveDate;

/// A vCard date as `YYYY-MM-DD`, `--MM-DD`, `YYYY-MM` or `YYYY`; a time of day is left out. `omit` is the year that
/// stands for none. `None` if it is nothing of the kind.
pub(crate) fn read(text: &str, omit: Option<&str>) -> Option<String> {
    let text = text.trim();
    let day = text.split(['T', 't', ' ']).next().unwrap_or(text);
    if day.len() < text.len() && !text[day.len() + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let bytes = day.as_bytes();
    let number = |from: usize, to: usize| -> Option<u32> {
        let part = day.get(from..to)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
    };
    match bytes {
        [b'-', b'-', _, _, b'-', _, _] => yearless(number(2, 4)?, number(5, 7)?),
        [b'-', b'-', _, _, _, _] => yearless(number(2, 4)?, number(4, 6)?),
        [_, _, _, _, b'-', _, _, b'-', _, _] => full(number(0, 4)?, number(5, 7)?, number(8, 10)?, omit),
        [_, _, _, _, b'-', _, _] => {
            let (year, month) = (number(0, 4)?, number(5, 7)?);
            (year > 0 && (1..=12).contains(&month)).then(|| format!("{year:04}-{month:02}"))
        }
        [_, _, _, _, _, _, _, _] => full(number(0, 4)?, number(4, 6)?, number(6, 8)?, omit),
        [_, _, _, _] => number(0, 4).filter(|year| *year > 0).map(|year| format!("{year:04}")),
        _ => None,
    }
}

fn full(year: u32, month: u32, day: u32, omit: Option<&str>) -> Option<String> {
    if year == 0 || omit.and_then(|omit| omit.trim().parse().ok()) == Some(year) {
        return yearless(month, day);
    }
    NaiveDate::from_ymd_opt(year as i32, month, day).map(|date| date.format("%Y-%m-%d").to_string())
}

fn yearless(month: u32, day: u32) -> Option<String> {
    NaiveDate::from_ymd_opt(2000, month, day).map(|_| format!("--{month:02}-{day:02}"))
}

/// How a vCard of this version writes a day; `None` where it can only be text.
pub(crate) fn write(date: &str, v4: bool) -> Option<String> {
    if read(date, None).as_deref() != Some(date) {
        return None;
    }
    Some(match (v4, date.len()) {
        // vCard 4 has no hyphens but where the day is missing.
        (true, 10) => date.replace('-', ""),
        (true, 7) if date.starts_with("--") => format!("--{}{}", &date[2..4], &date[5..]),
        (false, 4) => return None,
        (false, 7) if !date.starts_with("--") => return None,
        _ => date.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_every_spelling() {
        for (text, omit, day) in [
            ("19850412", None, Some("1985-04-12")),
            ("1985-04-12", None, Some("1985-04-12")),
            ("1985-04-12T00:00:00Z", None, Some("1985-04-12")),
            ("19850412T102200", None, Some("1985-04-12")),
            ("--0412", None, Some("--04-12")),
            ("--04-12", None, Some("--04-12")),
            ("--0229", None, Some("--02-29")),
            ("1604-05-17", Some("1604"), Some("--05-17")),
            ("1604-05-17", None, Some("1604-05-17")),
            ("0000-05-17", None, Some("--05-17")),
            ("1985-04", None, Some("1985-04")),
            ("1985", None, Some("1985")),
            ("---12", None, None),
            ("1985-02-30", None, None),
            ("--1332", None, None),
            ("circa 1800", None, None),
            ("1985 or so", None, None),
            ("0000", None, None),
            ("ab-cdefg", None, None),
            ("é85-04-1", None, None),
            ("", None, None),
        ] {
            assert_eq!(read(text, omit).as_deref(), day, "{text}");
        }
        for (date, v4, text) in [
            ("1985-04-12", true, Some("19850412")),
            ("1985-04-12", false, Some("1985-04-12")),
            ("--04-12", true, Some("--0412")),
            ("--04-12", false, Some("--04-12")),
            ("1985-04", true, Some("1985-04")),
            ("1985", true, Some("1985")),
            ("1985", false, None),
            ("spring", true, None),
            ("19850412", true, None),
        ] {
            assert_eq!(write(date, v4).as_deref(), text, "{date}");
        }
    }
}
