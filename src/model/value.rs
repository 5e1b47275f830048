//! A field's value, and what is typed into one.

use super::ids::Gid;

/// The value of one field of one record.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Not set.
    #[default]
    Null,
    /// Text, also of choices, partial dates and JSON.
    Text(String),
    /// Whole numbers, booleans (0, 1), instants (ms since 1970 UTC) and decimals (in 1/10,000).
    Int(i64),
    /// Fractional positions.
    Real(f64),
    /// Another record.
    Ref(Gid),
    /// Another record whose id is made from this name (`ids::named_v8`).
    Named(String),
    /// The child that the line's `n`-th Create makes, counted from its own record, which is 0.
    Own(i64),
}

impl Value {
    /// Text, or `Null` where there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Null } else { Self::Text(text) }
    }

    /// A boolean; false is `Null`, so that an unset flag and a cleared one are the same.
    pub const fn flag(on: bool) -> Self {
        if on { Self::Int(1) } else { Self::Null }
    }

    /// Whether there is none.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The record it points at, if it does.
    pub const fn as_ref(&self) -> Option<Gid> {
        if let Self::Ref(gid) = self { Some(*gid) } else { None }
    }
}

/// How many units a decimal has: `120.50` is stored as 1,205,000.
pub const DECIMAL_UNIT: i64 = 10_000;

/// Which of `.` and `,` stands before the decimals, by where they stand: the later one of both, or the only one that
/// doesn't part digits by threes.
fn decimal_point(digits: &str) -> Option<char> {
    let (dot, comma) = (digits.rfind('.'), digits.rfind(','));
    let (point, other) = if dot > comma { ('.', ',') } else { (',', '.') };
    let by_threes = |sign: char| digits.split(sign).skip(1).all(|group| group.len() == 3);
    match digits.matches(point).count() {
        0 => None,
        1 if digits.contains(other) => Some(point),
        // `1,234` is a thousand and more, `1.234` is not.
        1 if point == ',' && by_threes(',') => None,
        1 => Some(point),
        _ => None,
    }
}

/// Reads `1,234.50`, `1.234,50`, `12,5`, `1234.5`, `-3` into 1/10,000; `None` if it is no number or has more than four
/// decimals.
pub fn parse_decimal(text: &str) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '_' | '\u{a0}')).collect();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let point = decimal_point(digits);
    let (whole, fraction) = point.and_then(|point| digits.split_once(point)).unwrap_or((digits, ""));
    // Groups are of three digits; India's are of two, but for the last.
    let groups: Vec<usize> = whole.split(['.', ',']).map(str::len).collect();
    if let [first, middle @ .., last] = groups.as_slice()
        && (*first == 0 || *last != 3 || !middle.iter().all(|size| matches!(size, 2 | 3)))
    {
        return None;
    }
    let whole = whole.replace(['.', ','], "");
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !plain(&whole) || !plain(fraction) || fraction.len() > 4 {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: i64 = format!("{fraction:0<4}").parse().ok()?;
    let units = whole.checked_mul(DECIMAL_UNIT)?.checked_add(fraction)?;
    Some(if negative { -units } else { units })
}

/// Writes 1/10,000 as the shortest decimal: `120.5`, `3`.
pub fn format_decimal(units: i64) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let units = units.unsigned_abs();
    let unit = DECIMAL_UNIT.unsigned_abs();
    let (whole, fraction) = (units / unit, units % unit);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:04}");
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_survive_the_round_trip() {
        for (text, units, back) in [
            ("120.50", 1_205_000, "120.5"),
            ("-3", -30_000, "-3"),
            ("1,234.5", 12_345_000, "1234.5"),
            (".5", 5_000, "0.5"),
            ("0.0001", 1, "0.0001"),
        ] {
            assert_eq!(parse_decimal(text), Some(units), "{text}");
            assert_eq!(format_decimal(units), back, "{text}");
        }
        for (text, units) in [
            ("12,50", 125_000),
            ("12,5", 125_000),
            ("-0,75", -7_500),
            ("1.234,50", 12_345_000),
            ("1,234", 12_340_000),
            ("1,234,567.8", 12_345_678_000),
            ("1.234.567", 12_345_670_000),
            ("1,00,000", 1_000_000_000),
            ("1.234", 12_340),
            ("1 234,5", 12_345_000),
        ] {
            assert_eq!(parse_decimal(text), Some(units), "{text}");
        }
        for bad in ["", "-", "1.23456", "12a", "1.2.3", "1,2,3", ",", "1.2,3", "99999999999999999999"] {
            assert_eq!(parse_decimal(bad), None, "{bad}");
        }
    }
}
