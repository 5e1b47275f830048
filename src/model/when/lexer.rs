//! Cuts times as typed, English and Chinese, into words of one small language.

use chrono::Weekday;
use unicode_normalization::UnicodeNormalization;

/// A unit of a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number with the count of its digits; `None` if it is beyond all use.
    Number(Option<u32>, usize),
    Symbol(char),
    Now,
    /// Days from today.
    Day(i64),
    Weekday(Weekday),
    This,
    Next,
    Last,
    /// English `last`: of weekdays the latest one.
    Latest,
    Unit(Unit),
    Ago,
    Later,
    In,
    Am,
    Pm,
    /// 晚上: its twelve o'clock ends the day.
    Night,
    Noon,
    Midnight,
    Month(u32),
    /// 月 of a date.
    MonthMark,
    /// 日 and 号 of a date.
    DayMark,
    /// 点.
    Hour,
    Half,
    /// 刻.
    Quarter,
    /// `1st`, `2nd`.
    Ordinal,
    /// ISO's T.
    T,
    Unknown,
}

use Token::{
    Ago, Am, Day, DayMark, Half, Hour, In, Last, Later, Midnight, Month, MonthMark, Next, Night, Noon, Now,
};
use Token::{Number, Ordinal, Pm, Quarter, Symbol, T, This, Unknown};

/// Longest first where one begins another.
const CHINESE: &[(&str, &[Token])] = &[
    ("大后天", &[Day(3)]),
    ("大後天", &[Day(3)]),
    ("大前天", &[Day(-3)]),
    ("后天", &[Day(2)]),
    ("後天", &[Day(2)]),
    ("前天", &[Day(-2)]),
    ("今天", &[Day(0)]),
    ("今日", &[Day(0)]),
    ("今晚", &[Day(0), Night]),
    ("今早", &[Day(0), Am]),
    ("明天", &[Day(1)]),
    ("明日", &[Day(1)]),
    ("明晚", &[Day(1), Night]),
    ("明早", &[Day(1), Am]),
    ("昨天", &[Day(-1)]),
    ("昨日", &[Day(-1)]),
    ("昨晚", &[Day(-1), Night]),
    ("现在", &[Now]),
    ("現在", &[Now]),
    ("刚才", &[Now]),
    ("去年", &[Last, Token::Unit(Unit::Year)]),
    ("明年", &[Next, Token::Unit(Unit::Year)]),
    ("今年", &[This, Token::Unit(Unit::Year)]),
    ("本月", &[This, Token::Unit(Unit::Month)]),
    ("上月", &[Last, Token::Unit(Unit::Month)]),
    ("下月", &[Next, Token::Unit(Unit::Month)]),
    ("上午", &[Am]),
    ("早上", &[Am]),
    ("凌晨", &[Am]),
    ("清晨", &[Am]),
    ("下午", &[Pm]),
    ("傍晚", &[Pm]),
    ("晚上", &[Night]),
    ("中午", &[Noon]),
    ("半夜", &[Midnight]),
    ("午夜", &[Midnight]),
    ("上个月", &[Last, Token::Unit(Unit::Month)]),
    ("上個月", &[Last, Token::Unit(Unit::Month)]),
    ("下个月", &[Next, Token::Unit(Unit::Month)]),
    ("下個月", &[Next, Token::Unit(Unit::Month)]),
    ("这个月", &[This, Token::Unit(Unit::Month)]),
    ("這個月", &[This, Token::Unit(Unit::Month)]),
    ("上个", &[Last]),
    ("上個", &[Last]),
    ("下个", &[Next]),
    ("下個", &[Next]),
    ("这个", &[This]),
    ("這個", &[This]),
    ("以后", &[Later]),
    ("之后", &[Later]),
    ("以後", &[Later]),
    ("之後", &[Later]),
    ("以前", &[Ago]),
    ("之前", &[Ago]),
    ("个月", &[Token::Unit(Unit::Month)]),
    ("個月", &[Token::Unit(Unit::Month)]),
    ("小时", &[Token::Unit(Unit::Hour)]),
    ("小時", &[Token::Unit(Unit::Hour)]),
    ("钟头", &[Token::Unit(Unit::Hour)]),
    ("分钟", &[Token::Unit(Unit::Minute)]),
    ("分鐘", &[Token::Unit(Unit::Minute)]),
    ("点钟", &[Hour]),
    ("周末", &[Token::Weekday(Weekday::Sat)]),
    ("上", &[Last]),
    ("下", &[Next]),
    ("这", &[This]),
    ("這", &[This]),
    ("本", &[This]),
    ("后", &[Later]),
    ("後", &[Later]),
    ("前", &[Ago]),
    ("内", &[]),
    ("年", &[Token::Unit(Unit::Year)]),
    ("月", &[MonthMark]),
    ("日", &[DayMark]),
    ("号", &[DayMark]),
    ("號", &[DayMark]),
    ("天", &[Token::Unit(Unit::Day)]),
    ("点", &[Hour]),
    ("點", &[Hour]),
    ("时", &[Hour]),
    ("時", &[Hour]),
    ("分", &[Token::Unit(Unit::Minute)]),
    ("半", &[Half]),
    ("刻", &[Quarter]),
    ("整", &[]),
    ("个", &[]),
    ("個", &[]),
    ("的", &[]),
    ("过", &[]),
];

const WEEK: &[&str] = &["星期", "礼拜", "禮拜", "周", "週"];
const NUMERALS: &str = "零一二三四五六七八九";

/// Full-width to plain, lower case.
pub(super) fn plain(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).collect()
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text = plain(text)
        .replace("the day after tomorrow", "overmorrow")
        .replace("day after tomorrow", "overmorrow");
    let text = text.replace("day before yesterday", "ereyesterday").replace("from now", "later");
    let mut out = Vec::new();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let used = if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            out.push(Number(rest[..end].parse().ok(), end));
            end
        } else if c.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            word(&rest[..end], &mut out);
            end
        } else if c.is_whitespace() || matches!(c, ',' | '、' | '。') {
            c.len_utf8()
        } else if c.is_ascii() {
            out.push(Symbol(c));
            1
        } else {
            chinese(rest, &mut out).unwrap_or_else(|| {
                out.push(Unknown);
                c.len_utf8()
            })
        };
        rest = &rest[used..];
    }
    out
}

/// Reads what the Chinese text begins with; how many bytes it was.
fn chinese(rest: &str, out: &mut Vec<Token>) -> Option<usize> {
    if let Some(week) = WEEK.iter().find(|week| rest.starts_with(**week)) {
        let after = rest[week.len()..].chars().next();
        let counted = matches!(out.last(), Some(Number(..) | Half));
        if let Some((day, c)) = after.and_then(|c| weekday(c).map(|day| (day, c)))
            && !counted
        {
            out.push(Token::Weekday(day));
            return Some(week.len() + c.len_utf8());
        }
        if !rest.starts_with("周末") {
            out.push(Token::Unit(Unit::Week));
            return Some(week.len());
        }
    }
    let numeral = |c: char| NUMERALS.contains(c) || matches!(c, '〇' | '两' | '兩' | '十' | '百');
    let end = rest.find(|c: char| !numeral(c)).unwrap_or(rest.len());
    if end > 0 {
        let digits = &rest[..end];
        out.push(Number(number(digits), digits.chars().count()));
        return Some(end);
    }
    let (word, tokens) = CHINESE.iter().find(|(word, _)| rest.starts_with(word))?;
    out.extend_from_slice(tokens);
    Some(word.len())
}

fn weekday(c: char) -> Option<Weekday> {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat];
    match c {
        '日' | '天' => Some(Weekday::Sun),
        _ => "一二三四五六".chars().zip(days).find(|(name, _)| *name == c).map(|(_, day)| day),
    }
}

/// `二十三`, `一百零五`, or digit by digit: `二〇二六`.
fn number(numerals: &str) -> Option<u32> {
    let digit = |c: char| match c {
        '〇' => Some(0),
        '两' | '兩' => Some(2),
        _ => NUMERALS.chars().position(|n| n == c).and_then(|n| u32::try_from(n).ok()),
    };
    if !numerals.contains(['十', '百']) {
        return numerals.chars().try_fold(0u32, |sum, c| sum.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (mut sum, mut last) = (0u32, None);
    for c in numerals.chars() {
        let times = match c {
            '百' => 100,
            '十' => 10,
            _ => {
                last = digit(c).filter(|n| *n > 0);
                continue;
            }
        };
        sum = sum.checked_add(last.take().unwrap_or(1) * times)?;
    }
    sum.checked_add(last.unwrap_or_default())
}

fn word(word: &str, out: &mut Vec<Token>) {
    // `1h30m` comes apart by itself; `t` and `z` are ISO's.
    out.push(match word {
        "now" => Now,
        "today" => Day(0),
        "tonight" => return out.extend([Day(0), Night]),
        "yesterday" => Day(-1),
        "tomorrow" | "tmr" | "tmrw" => Day(1),
        "overmorrow" => Day(2),
        "ereyesterday" => Day(-2),
        "this" => This,
        "next" => Next,
        "last" | "past" => Token::Latest,
        "ago" | "before" | "earlier" => Ago,
        "later" | "hence" | "after" => Later,
        "in" => In,
        "am" | "a" if matches!(out.last(), Some(Number(..))) => Am,
        "pm" | "p" if matches!(out.last(), Some(Number(..))) => Pm,
        "a" | "an" if matches!(out.last(), Some(Half)) => return,
        "a" | "an" | "one" => Number(Some(1), 1),
        "morning" => Am,
        "afternoon" => Pm,
        "evening" | "night" => Night,
        "noon" => Noon,
        "midnight" => Midnight,
        "half" => Half,
        "oclock" | "at" | "on" | "the" | "of" | "and" | "for" => return,
        "st" | "nd" | "rd" | "th" => Ordinal,
        "t" => T,
        "fortnight" => return out.extend([Number(Some(2), 1), Token::Unit(Unit::Week)]),
        _ => named(word).unwrap_or(Unknown),
    });
}

fn named(word: &str) -> Option<Token> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];
    let unit = match word {
        "m" | "min" | "mins" | "minute" | "minutes" => Some(Unit::Minute),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(Unit::Hour),
        "d" | "day" | "days" => Some(Unit::Day),
        "w" | "wk" | "wks" | "week" | "weeks" => Some(Unit::Week),
        "mo" | "mos" | "mth" | "month" | "months" => Some(Unit::Month),
        "y" | "yr" | "yrs" | "year" | "years" => Some(Unit::Year),
        _ => None,
    };
    if unit.is_some() {
        return unit.map(Token::Unit);
    }
    if word.len() < 3 {
        return None;
    }
    let month = MONTHS
        .iter()
        .position(|name| name.starts_with(word) && (word.len() == 3 || word == *name || word == "sept"));
    if let Some(month) = month {
        return u32::try_from(month + 1).ok().map(Month);
    }
    let short = ["tues", "weds", "thur", "thurs"].contains(&word);
    let prefix = if word == "weds" { "wed" } else { word };
    DAYS.iter()
        .find(|(name, _)| name.starts_with(prefix) && (prefix.len() == 3 || prefix == *name || short))
        .map(|(_, day)| Token::Weekday(*day))
}
