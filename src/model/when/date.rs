//! Dates that may lack the year or the day, in the shapes that address books hold.

use chrono::NaiveDate;

use super::WhenHint;
use super::lexer::{Token, Unit, plain, tokens};

/// In which order the parts of `03/04/1980` stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// Normalises a date to `YYYY-MM-DD`, `--MM-DD`, `YYYY-MM` or `YYYY`; `None` if it isn't one or doesn't exist.
///
/// Without an order, `03/04/1980` is `None` (`17/04/1980` is clear; with dots the day is first).
pub fn parse_date(text: &str, order: Option<DateOrder>) -> Option<String> {
    let text = plain(text);
    let text = without_time(&text);
    read(&tokens(text), order)
}

/// `1980-05-17T00:00:00Z` and `1980-05-17 00:00` are the day.
fn without_time(text: &str) -> &str {
    let shape = |sample: &str| {
        text.len() > sample.len()
            && text
                .bytes()
                .zip(sample.bytes())
                .all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s })
    };
    let after = |at: usize| matches!(text.as_bytes().get(at), Some(b't' | b' '));
    match text {
        _ if shape("0000-00-00") && after(10) && text[11..].contains(':') => &text[..10],
        _ if shape("00000000") && after(8) => &text[..8],
        _ => text,
    }
}

pub(super) fn read(tokens: &[Token], order: Option<DateOrder>) -> Option<String> {
    use Token::{DayMark, Month, MonthMark, Number, Ordinal, Symbol};
    const YEAR: Token = Token::Unit(Unit::Year);
    match tokens {
        [Number(Some(ymd), 8)] => full(ymd / 10_000, ymd / 100 % 100, ymd % 100),
        [Number(Some(y), 4)] | [Number(Some(y), 4), YEAR] => (*y > 0).then(|| format!("{y:04}")),
        [Symbol('-'), Symbol('-'), Number(Some(md), 4)] => yearless(md / 100, md % 100),
        [Symbol('-'), Symbol('-'), Number(Some(m), 2), Symbol('-'), Number(Some(d), 2)] => yearless(*m, *d),
        [Number(Some(y), 4), Symbol('-' | '/' | '.'), Number(Some(m), 1 | 2)]
        | [Number(Some(y), 4), YEAR, Number(Some(m), 1 | 2), MonthMark]
        | [Month(m), Number(Some(y), 4)] => year_month(*y, *m),
        [Number(Some(y), 4), YEAR, Number(Some(m), 1 | 2), MonthMark, Number(Some(d), 1..=3), DayMark]
        | [Number(Some(y), 4), YEAR, Number(Some(m), 1 | 2), MonthMark, Number(Some(d), 1..=3)]
        | [Number(Some(d), 1 | 2), Month(m), Number(Some(y), 4)]
        | [Number(Some(d), 1 | 2), Symbol('.'), Month(m), Number(Some(y), 4)]
        | [Number(Some(d), 1 | 2), Symbol('-'), Month(m), Symbol('-'), Number(Some(y), 4)]
        | [Number(Some(d), 1 | 2), Ordinal, Month(m), Number(Some(y), 4)]
        | [Month(m), Number(Some(d), 1 | 2), Number(Some(y), 4)]
        | [Month(m), Number(Some(d), 1 | 2), Ordinal, Number(Some(y), 4)] => full(*y, *m, *d),
        [Number(Some(m), 1 | 2), MonthMark, Number(Some(d), 1..=3), DayMark]
        | [Number(Some(m), 1 | 2), MonthMark, Number(Some(d), 1..=3)]
        | [Number(Some(d), 1 | 2), Month(m)]
        | [Number(Some(d), 1 | 2), Symbol('.'), Month(m)]
        | [Number(Some(d), 1 | 2), Ordinal, Month(m)]
        | [Month(m), Number(Some(d), 1 | 2)]
        | [Month(m), Number(Some(d), 1 | 2), Ordinal] => yearless(*m, *d),
        [Number(Some(d), 1 | 2), Symbol('.'), Number(Some(m), 1 | 2), Symbol('.')] => yearless(*m, *d),
        [Number(Some(a), x), Symbol(s), Number(Some(b), 1 | 2), Symbol(t), Number(Some(c), y)]
            if s == t && matches!(s, '-' | '/' | '.') =>
        {
            numeric([*a, *b, *c], *x, *y, *s, order)
        }
        [Number(Some(a), 1 | 2), Symbol('/'), Number(Some(b), 1 | 2)]
        | [Number(Some(a), 2), Symbol('-'), Number(Some(b), 2)] => {
            let (month, day) = month_and_day(*a, *b, order)?;
            yearless(month, day)
        }
        _ => None,
    }
}

/// Whether these words have the shape of a whole date, though they may be none.
pub(super) fn looks_whole(tokens: &[Token]) -> bool {
    use Token::{DayMark, Month, Number, Symbol};
    matches!(
        tokens,
        [Number(..), Symbol('-' | '/' | '.'), Number(..), Symbol('-' | '/' | '.'), Number(..)]
            | [Number(_, 1 | 2), Month(_)]
            | [Month(_), Number(_, 1 | 2)]
            | [Number(_, 1 | 2), Month(_), Number(_, 4)]
            | [Month(_), Number(_, 1 | 2), Number(_, 4)]
            | [Number(..), .., DayMark]
            | [Number(_, 8)]
    )
}

/// Whether such a date is ambiguous or doesn't exist.
pub(super) fn why_not(tokens: &[Token]) -> WhenHint {
    if read(tokens, Some(DateOrder::Dmy)).is_some() { WhenHint::Ambiguous } else { WhenHint::NoSuch }
}

fn numeric(
    [a, b, c]: [u32; 3],
    first: usize,
    last: usize,
    mark: char,
    order: Option<DateOrder>,
) -> Option<String> {
    match (first, last) {
        (4, 1 | 2) => full(a, b, c),
        (1 | 2, 4) => {
            let order = if mark == '.' { Some(DateOrder::Dmy) } else { order };
            let (month, day) = month_and_day(a, b, order)?;
            full(c, month, day)
        }
        _ => None,
    }
}

/// Which of two numbers is the month: the order's, unless that can't be; without an order only what is clear.
fn month_and_day(a: u32, b: u32, order: Option<DateOrder>) -> Option<(u32, u32)> {
    match (a > 12, b > 12, order) {
        (true, true, _) => None,
        (true, false, _) | (false, false, Some(DateOrder::Dmy)) => Some((b, a)),
        (false, true, _) | (false, false, Some(DateOrder::Mdy | DateOrder::Ymd)) => Some((a, b)),
        (false, false, None) => (a == b).then_some((a, b)),
    }
}

fn full(year: u32, month: u32, day: u32) -> Option<String> {
    let number = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(number, month, day)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn yearless(month: u32, day: u32) -> Option<String> {
    // A leap year, so that 29 February is a birthday.
    NaiveDate::from_ymd_opt(2000, month, day)?;
    Some(format!("--{month:02}-{day:02}"))
}

fn year_month(year: u32, month: u32) -> Option<String> {
    full(year, month, 1).map(|date| date[..7].to_owned())
}
