//! Values of cells as text: numbers by their digits, dates as ISO 8601.

use chrono::{Days, NaiveDate};

/// What a number is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Any number.
    #[default]
    Number,
    /// At least so many digits before the point: `00000` of postcodes.
    Padded(u8),
    Date,
    /// A date with the time of day.
    DateTime,
    /// A date-time whose format ends in a literal Z.
    Utc,
    Time,
    /// A number of days shown in hours: `[h]:mm`.
    Elapsed,
}

/// What the built-in number formats show (ECMA-376, 18.8.30, with those of East Asian locales).
pub(crate) fn built_in(id: u32) -> Shown {
    match id {
        14..=17 | 27..=31 | 36 | 50..=54 | 57..=58 => Shown::Date,
        18..=21 | 32..=35 | 45 | 47 | 55..=56 => Shown::Time,
        22 => Shown::DateTime,
        46 => Shown::Elapsed,
        _ => Shown::Number,
    }
}

/// What a format code shows, by its first section.
pub(crate) fn shown(code: &str) -> Shown {
    let (mut date, mut time, mut zeros, mut other) = (false, false, 0_usize, false);
    let mut literal = String::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => literal.extend(chars.by_ref().take_while(|c| *c != '"')),
            '\\' | '_' | '*' => {
                literal.extend(chars.next().filter(|_| c == '\\'));
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return Shown::Elapsed;
                }
            }
            // `General`, `Standard` and the like hold letters that stand for parts of dates.
            'G' if code.starts_with("General") => return Shown::Number,
            'y' | 'Y' | 'd' | 'D' | 'e' | '年' | '月' | '日' => date = true,
            'E' => other = true,
            'h' | 'H' | 's' | 'S' | '时' | '時' => time = true,
            'm' | 'M' => {}
            '0' => zeros += 1,
            '#' | '?' | '.' | ',' | '%' | '@' => other = true,
            _ => {}
        }
    }
    let months = code.contains(['m', 'M']) && zeros == 0 && !other;
    match (date || (months && !time), time) {
        (true, true) if literal.ends_with('Z') => Shown::Utc,
        (true, true) => Shown::DateTime,
        (true, false) => Shown::Date,
        (false, true) => Shown::Time,
        (false, false) if zeros > 1 && !other => Shown::Padded(zeros.min(32) as u8),
        (false, false) => Shown::Number,
    }
}

/// A number as a cell shows it; `raw` is how it is written in the file. `mac`: day 0 is 1904-01-01.
pub(crate) fn render(raw: &str, shown: Shown, mac: bool) -> String {
    let raw = raw.trim();
    let Ok(number) = raw.parse::<f64>() else { return raw.to_owned() };
    if !number.is_finite() {
        return raw.to_owned();
    }
    match shown {
        Shown::Date | Shown::DateTime | Shown::Utc => {
            date(number, shown, mac).unwrap_or_else(|| plain(raw, number))
        }
        Shown::Time if (0.0..1.0).contains(&number) => clock((number * 86_400.0).round() as u64 % 86_400),
        // A time of a day that has a date: what the format hides is still a part of the value.
        Shown::Time => date(number, Shown::DateTime, mac).unwrap_or_else(|| plain(raw, number)),
        Shown::Elapsed if (0.0..1e6).contains(&number) => clock((number * 86_400.0).round() as u64),
        Shown::Padded(width) if number >= 0.0 && number.fract() == 0.0 => {
            format!("{:0>width$}", plain(raw, number), width = usize::from(width))
        }
        Shown::Number | Shown::Padded(_) | Shown::Elapsed => plain(raw, number),
    }
}

/// A number by its digits, never with an exponent: whole ones as they are written, others to the 15 digits that
/// spreadsheets keep.
fn plain(raw: &str, number: f64) -> String {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return format!("{}", number as i64);
    }
    // 1E+300 is a typing error or a joke, and of no use as 301 digits.
    if number.abs() >= 1e21 {
        return raw.to_owned();
    }
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// Days since the beginning of 1900, where 1900-02-29 counts, or since 1904-01-01.
fn date(number: f64, shown: Shown, mac: bool) -> Option<String> {
    let seconds = (number * 86_400.0).round();
    if !(0.0..=2_958_466.0 * 86_400.0).contains(&seconds) {
        return None;
    }
    let (days, seconds) = ((seconds / 86_400.0).floor() as u64, seconds as u64 % 86_400);
    let first = match (mac, days) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        // Excel writes 0 and 60 for days that never were.
        (false, 0 | 60) => return None,
        (false, 1..60) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let day = first.checked_add_days(Days::new(days))?;
    Some(match shown {
        Shown::Utc => format!("{day}T{}Z", full_clock(seconds)),
        _ if seconds == 0 => day.to_string(),
        _ => format!("{day} {}", full_clock(seconds)),
    })
}

fn full_clock(seconds: u64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn clock(seconds: u64) -> String {
    let text = full_clock(seconds);
    text.strip_suffix(":00").map_or(text.clone(), str::to_owned)
}

/// A date or date-time that is text already: without the time where it is midnight, and with a blank before it.
pub(crate) fn iso(text: &str) -> String {
    let text = text.trim();
    if let Some((day, time)) = text.split_once('T')
        && !time.ends_with('Z')
        && !time.contains('+')
    {
        let seconds = time.split('.').next().unwrap_or(time);
        return if seconds.trim_matches(['0', ':']).is_empty() {
            day.to_owned()
        } else {
            format!("{day} {seconds}")
        };
    }
    text.to_owned()
}

/// `PT12H30M00S` as `12:30`.
pub(crate) fn duration(text: &str) -> Option<String> {
    let (mut seconds, mut digits) = (0_u64, String::new());
    for c in text.strip_prefix("PT")?.chars() {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            // Fractions of a second.
            '.' | ',' => break,
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(digits.parse::<u64>().ok()?.checked_mul(unit)?)?;
        digits.clear();
    }
    Some(clock(seconds.checked_add(digits.parse().unwrap_or(0))?))
}

/// Takes `_x000D_` and the like for the characters that XML can't hold (ECMA-376, 22.9.2.19).
pub(crate) fn unescaped(text: &str) -> Option<String> {
    let mut at = text.find("_x")?;
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut units: Vec<u16> = Vec::new();
    loop {
        let code = text.get(at + 2..at + 6).filter(|_| text.as_bytes().get(at + 6) == Some(&b'_'));
        match code.and_then(|code| u16::from_str_radix(code, 16).ok()) {
            Some(unit) => {
                // Two in a row can be halves of one character.
                if at > from {
                    flush(&mut units, &mut out);
                    out.push_str(&text[from..at]);
                }
                units.push(unit);
                from = at + 7;
                at = from;
            }
            None => at += 1,
        }
        match text.get(at..).and_then(|rest| rest.find("_x")) {
            Some(next) => at += next,
            None => break,
        }
    }
    flush(&mut units, &mut out);
    out.push_str(&text[from..]);
    Some(out)
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.push_str(&String::from_utf16_lossy(units));
    units.clear();
}

/// The column of `AB12`, from 0, and its row, from 1; each `None` if it is missing.
pub(crate) fn place(reference: &str) -> (Option<u32>, Option<u64>) {
    let reference = reference.trim_start_matches('$');
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = reference.bytes().take(letters.min(7)).fold(0_u32, |column, letter| {
        column.saturating_mul(26).saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    let row = reference[letters..].trim_start_matches('$').parse().ok().filter(|row| *row > 0);
    (column.checked_sub(1), row)
}

/// `AB` for 27.
pub(crate) fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_their_digits() {
        for (raw, text) in [
            ("13800138000", "13800138000"),
            ("1.3800138E10", "13800138000"),
            ("8.6138001380001E+12", "8613800138000.1"),
            ("8613800138000", "8613800138000"),
            ("13800138000.0", "13800138000"),
            ("110101199003070134567", "110101199003070134567"),
            ("0.30000000000000004", "0.3"),
            ("1.1000000000000001", "1.1"),
            ("-0.5", "-0.5"),
            ("-12", "-12"),
            ("0", "0"),
            ("1E-7", "0.0000001"),
            ("1E300", "1E300"),
            ("not", "not"),
        ] {
            assert_eq!(render(raw, Shown::Number, false), text, "{raw}");
        }
        assert_eq!(render("2139", Shown::Padded(5), false), "02139");
        assert_eq!(render("-2139", Shown::Padded(5), false), "-2139");
    }

    #[test]
    fn formats_tell_dates_from_numbers() {
        for (code, kind) in [
            ("General", Shown::Number),
            ("0.00", Shown::Number),
            ("0%", Shown::Number),
            ("00000", Shown::Padded(5)),
            ("0", Shown::Number),
            ("\"day\" 0", Shown::Number),
            ("#,##0.00\\ [$€-407]", Shown::Number),
            ("[Red]#,##0;[Blue]-#,##0", Shown::Number),
            ("0.00E+00", Shown::Number),
            ("@", Shown::Number),
            ("_-* #,##0.00_-;-* #,##0.00_-", Shown::Number),
            ("yyyy-mm-dd", Shown::Date),
            ("yyyy\"年\"m\"月\"d\"日\"", Shown::Date),
            ("[$-804]yyyy年m月d日", Shown::Date),
            ("mmm", Shown::Date),
            ("d/m", Shown::Date),
            ("m/d/yy h:mm", Shown::DateTime),
            ("yyyy-mm-dd\"T\"hh:mm:ss\"Z\"", Shown::Utc),
            ("h:mm AM/PM", Shown::Time),
            ("mm:ss", Shown::Time),
            ("[h]:mm:ss", Shown::Elapsed),
        ] {
            assert_eq!(shown(code), kind, "{code}");
        }
        assert_eq!((built_in(14), built_in(31), built_in(0), built_in(49)), {
            (Shown::Date, Shown::Date, Shown::Number, Shown::Number)
        });
    }

    #[test]
    fn dates_of_both_systems_are_iso() {
        for (raw, kind, mac, text) in [
            ("45366", Shown::Date, false, "2024-03-15"),
            ("45366.5", Shown::DateTime, false, "2024-03-15 12:00:00"),
            ("45366.5", Shown::Utc, false, "2024-03-15T12:00:00Z"),
            ("45366", Shown::Utc, false, "2024-03-15T00:00:00Z"),
            ("43904", Shown::Date, true, "2024-03-15"),
            ("1", Shown::Date, false, "1900-01-01"),
            ("59", Shown::Date, false, "1900-02-28"),
            ("60", Shown::Date, false, "60"),
            ("61", Shown::Date, false, "1900-03-01"),
            ("0", Shown::Date, true, "1904-01-01"),
            ("0.99999999", Shown::DateTime, false, "1900-01-01"),
            ("0.5", Shown::Time, false, "12:00"),
            ("1.5", Shown::Elapsed, false, "36:00"),
            ("-3", Shown::Date, false, "-3"),
            ("99999999", Shown::Date, false, "99999999"),
        ] {
            assert_eq!(render(raw, kind, mac), text, "{raw} {kind:?}");
        }
        assert_eq!(iso("2024-03-15T00:00:00"), "2024-03-15");
        assert_eq!(iso("2024-03-15T08:30:00.000"), "2024-03-15 08:30:00");
        assert_eq!(duration("PT12H30M00S").as_deref(), Some("12:30"));
        assert_eq!(duration("PT99999999999999999999H"), None);
    }

    #[test]
    fn references_and_escapes_are_read() {
        assert_eq!(place("A1"), (Some(0), Some(1)));
        assert_eq!(place("$XFD$1048576"), (Some(16_383), Some(1_048_576)));
        assert_eq!(place("12"), (None, Some(12)));
        assert_eq!(place("ZZZZZZZZZZZZ0").1, None);
        for column in [0, 25, 26, 701, 702, 16_383] {
            assert_eq!(place(&format!("{}1", letters(column))).0, Some(column as u32));
        }
        assert_eq!(unescaped("a_x000D_b").as_deref(), Some("a\rb"));
        assert_eq!(unescaped("_x005F_x0041_").as_deref(), Some("_x0041_"));
        assert_eq!(unescaped("_xD83D__xDE00_!").as_deref(), Some("😀!"));
        assert_eq!(unescaped("snake_xyz_").as_deref(), Some("snake_xyz_"));
        assert_eq!(unescaped("_x000D").as_deref(), Some("_x000D"));
        assert_eq!(unescaped("plain"), None);
    }
}
