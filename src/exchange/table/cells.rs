//! What stands in one cell: lists, labels, dates, numbers, words for yes and no.

use crate::exchange::DateOrder;
use crate::model::value;
use crate::model::when::parse_date;

pub(super) fn pick<'a>(given: &'a str, own: &'a str) -> &'a str {
    if given.is_empty() { own } else { given }
}

/// Takes off the quote that an export put before what a spreadsheet would take for a formula.
pub(crate) fn restored(cell: &str) -> &str {
    if !cell.starts_with('\'') {
        return cell;
    }
    let rest = cell.trim_start_matches('\'');
    if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) { &cell[1..] } else { cell }
}

/// Labels that mean the same in any case.
const LABELS: [&str; 12] = [
    "work",
    "home",
    "mobile",
    "other",
    "main",
    "fax",
    "work fax",
    "home fax",
    "pager",
    "birthday",
    "anniversary",
    "spouse",
];

pub(super) fn canonical(label: &str) -> String {
    LABELS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(label))
        .map_or_else(|| label.to_owned(), |l| (*l).to_owned())
}

/// `* Work` is the preferred one at work.
pub(super) fn split_label(label: &str) -> (bool, String) {
    match label.strip_prefix('*') {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => (true, canonical(rest.trim())),
        _ => (false, canonical(label)),
    }
}

/// Tags as their system lists them, which may be quoted words; where it isn't known, `:::` wins over `;`, and `;` over `,`.
pub(super) fn split_tags(text: &str, list: &str) -> Vec<String> {
    if text.starts_with('"')
        && let Some(words) = quoted(text)
    {
        return words;
    }
    let parts: Vec<&str> = if text.contains(" :::") {
        text.split(":::").collect()
    } else if !list.trim().is_empty() {
        text.split(list.trim()).collect()
    } else if text.contains([';', '；']) {
        text.split([';', '；']).collect()
    } else {
        text.split([',', '，', '、', '\n']).collect()
    };
    parts.into_iter().map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// `"VIP","Café, north"` as its words; `None` if it is something else.
fn quoted(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        rest = rest.strip_prefix('"')?;
        let mut word = String::new();
        loop {
            let end = rest.find('"')?;
            word.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('"') {
                Some(more) => {
                    word.push('"');
                    rest = more;
                }
                None => break,
            }
        }
        let word = word.trim().to_owned();
        if !word.is_empty() {
            words.push(word);
        }
        rest = rest.trim_start();
        if let Some(more) = rest.strip_prefix(',') {
            rest = more.trim_start();
        } else if !rest.is_empty() {
            return None;
        }
    }
    Some(words)
}

/// A date as `model::when` reads it, and `7-Feb-22` with a year of this century.
pub(super) fn day(text: &str, order: Option<DateOrder>) -> Option<String> {
    if let Some(date) = parse_date(text, order) {
        return Some(date);
    }
    let mut parts = text.split(['-', ' ']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
    let named = month.len() >= 3 && month.chars().all(char::is_alphabetic);
    if parts.next().is_some() || !short(day) || !named || year.len() != 2 || !short(year) {
        return None;
    }
    parse_date(&format!("{day} {month} 20{year}"), order)
}

/// An instant as RFC 3339, or as `YYYY-MM-DDTHH:MM:SS` where no zone is given, or a date.
pub(super) fn moment(text: &str, order: Option<DateOrder>) -> Option<String> {
    let text = text.trim();
    if chrono::DateTime::parse_from_rfc3339(text).is_ok() {
        return Some(text.to_owned());
    }
    // Salesforce: `2024-05-01T14:30:00.000+0000`.
    if let Ok(at) = chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(at.to_rfc3339());
    }
    let Some((date, time)) = clock(text) else { return day(text, order) };
    let date = day(date, order).filter(|date| date.len() == 10)?;
    Some(format!("{date}T{}", time.format("%H:%M:%S")))
}

/// Whether a day is told with a time, other than the midnight that some systems put behind each day.
pub(super) fn has_time(text: &str, order: Option<DateOrder>) -> bool {
    moment(text, order).is_some_and(|at| at.get(10..19).is_some_and(|time| time != "T00:00:00"))
}

/// Cuts `3/14/2024 2:30 PM` into the day and the time.
fn clock(text: &str) -> Option<(&str, chrono::NaiveTime)> {
    let (start, _) = text.char_indices().find(|(at, c)| {
        matches!(c, ' ' | 'T')
            && text[at + 1..].split(':').next().is_some_and(|hour| {
                matches!(hour.len(), 1 | 2)
                    && hour.bytes().all(|b| b.is_ascii_digit())
                    && text[at + 1..].contains(':')
            })
    })?;
    let time = text[start + 1..].trim().trim_end_matches('Z');
    let formats = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f", "%I:%M %p", "%I:%M:%S %p"];
    let time = formats.iter().find_map(|format| chrono::NaiveTime::parse_from_str(time, format).ok())?;
    Some((text[..start].trim_end_matches(','), time))
}

/// An amount with a point, and the currency that stands with it: `$12,400.00`, `1.234,56 €`, `CNY 5万` (no: `None`).
pub(super) fn amount(text: &str) -> Option<(String, &'static str)> {
    const SIGNS: [(&str, &str); 10] = [
        ("US$", "USD"),
        ("CN¥", "CNY"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("￥", "CNY"),
        ("₹", "INR"),
        ("₩", "KRW"),
        ("元", "CNY"),
        ("$", ""),
        ("¥", ""),
    ];
    const CODES: [&str; 16] = [
        "USD", "EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "CAD", "AUD", "HKD", "TWD", "SGD", "INR", "SEK",
        "NOK", "DKK",
    ];
    let mut rest = text.trim();
    let mut currency = "";
    for (sign, code) in SIGNS {
        if let Some(bare) = rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign)) {
            (rest, currency) = (bare.trim(), code);
            break;
        }
    }
    for code in CODES {
        if let Some(bare) = rest.strip_prefix(code).or_else(|| rest.strip_suffix(code)) {
            (rest, currency) = (bare.trim(), if code == "RMB" { "CNY" } else { code });
            break;
        }
    }
    let number = rest.replace([' ', '\u{a0}', '\''], "");
    // The last of point and comma parts the decimals, unless it only groups thousands.
    let number = match (number.rfind('.'), number.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => number.replace('.', "").replace(',', "."),
        (None, Some(comma)) if number.len() - comma <= 3 && number.matches(',').count() == 1 => {
            number.replace(',', ".")
        }
        (Some(_), None) if number.matches('.').count() > 1 => number.replace('.', ""),
        _ => number.replace(',', ""),
    };
    value::parse_decimal(&number).map(|units| (value::format_decimal(units), currency))
}

/// Whether it is `YYYY-MM-DD` of a day that every month has, so that most dates need no parsing.
pub(super) fn is_plain_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() == 10
        && (bytes[4], bytes[7]) == (b'-', b'-')
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && bytes[0] != b'0'
        && (b"01".as_slice()..=b"12".as_slice()).contains(&&bytes[5..7])
        && (b"01".as_slice()..=b"28".as_slice()).contains(&&bytes[8..10])
}

pub(super) fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" | "是" | "有" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" => Some(false),
        _ => None,
    }
}
