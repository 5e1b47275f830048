//! Puts the words of a time together: a day, a time of day, a span from now.

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, Weekday};

use super::date::parse_date;
use super::lexer::{Token, Unit, plain, tokens};
use super::span::{Span, read_span};
use super::{When, WhenError, WhenHint, in_range};

/// Which of several days is meant where the year or the direction isn't given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bias {
    Nearest,
    Future,
}

pub(super) fn parse(text: &str, now: DateTime<FixedOffset>, bias: Bias) -> Result<When, WhenError> {
    let error = |hint| WhenError::new(text, hint);
    if text.trim().is_empty() {
        return Err(error(WhenHint::Empty));
    }
    if let Some(found) = iso(&plain(text), now) {
        return found.map_err(error);
    }
    let tokens = tokens(text);
    let mut reader =
        Reader { tokens: &tokens, now, bias, day: None, time: None, moment: None, half_day: None };
    reader.read_all().and_then(|()| reader.finish()).map_err(error)
}

/// ISO 8601 with a time: `2026-09-14T14:30:00.5+02:00`, `2026-09-14 14:30`, `20260914T143000Z`.
fn iso(text: &str, now: DateTime<FixedOffset>) -> Option<Result<When, WhenHint>> {
    let at = text.find('t').or_else(|| text.find(' '))?;
    let (day, time) = (&text[..at], text[at + 1..].trim());
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'/');
    if !day.starts_with(|c: char| c.is_ascii_digit()) || !numeric(day) || day.len() < 8 || !time.is_ascii() {
        return None;
    }
    let zone = time.find(['z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = (time[..zone].trim(), &time[zone..]);
    let compact: String = clock.chars().filter(|c| *c != ':').collect();
    let digits = compact.split(['.', ',']).next().unwrap_or_default();
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits.len(), 4 | 6) {
        return None;
    }
    let pair =
        |at: usize| digits.get(at..at + 2).and_then(|pair| pair.parse::<u32>().ok()).unwrap_or_default();
    let offset = match zone {
        "" => Some(*now.offset()),
        "z" => FixedOffset::east_opt(0),
        _ => zone_offset(zone),
    };
    let (Some(date), Some(offset)) = (parse_date(day, None), offset) else {
        return Some(Err(WhenHint::NoSuch));
    };
    let Ok(date) = date.parse::<NaiveDate>() else { return Some(Err(WhenHint::NoSuch)) };
    let at = NaiveTime::from_hms_opt(pair(0), pair(2), pair(4)).map(|time| date.and_time(time));
    let at = at.and_then(|at| at.and_local_timezone(offset).single());
    Some(at.map(When::Time).ok_or(WhenHint::NoSuch))
}

fn zone_offset(zone: &str) -> Option<FixedOffset> {
    let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = if digits.len() == 4 { digits[2..].parse().ok()? } else { 0 };
    let seconds = (hours * 60 + minutes) * 60;
    FixedOffset::east_opt(if zone.starts_with('-') { -seconds } else { seconds })
}

/// The first day of a calendar week, month or year and of the next one: `last week`, `本月`, `this year`.
pub(super) fn parse_period(
    text: &str,
    now: DateTime<FixedOffset>,
) -> Option<Result<(NaiveDate, NaiveDate), WhenHint>> {
    let today = now.date_naive();
    let (shift, unit) = match tokens(text)[..] {
        [Token::This, Token::Unit(unit)] => (0, unit),
        [Token::Next, Token::Unit(unit)] => (1, unit),
        [Token::Last | Token::Latest, Token::Unit(unit)] => (-1, unit),
        _ => return None,
    };
    let (start, length) = match unit {
        Unit::Week => (monday(today), Span { days: 7, ..Span::default() }),
        Unit::Month => (today.with_day(1)?, Span { months: 1, ..Span::default() }),
        Unit::Year => (today.with_day(1)?.with_month(1)?, Span { months: 12, ..Span::default() }),
        _ => return None,
    };
    let first = move_day(start, length, shift);
    let end = first.and_then(|first| move_day(first, length, 1));
    Some(first.zip(end).ok_or(WhenHint::OutOfRange))
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

fn move_day(day: NaiveDate, span: Span, times: i64) -> Option<NaiveDate> {
    let months = Months::new(span.months.checked_mul(u32::try_from(times.unsigned_abs()).ok()?)?);
    let moved = if times < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }?;
    let days = TimeDelta::try_days(i64::from(span.days).checked_mul(times)?)?;
    moved.checked_add_signed(days).filter(|day| in_range(*day))
}

/// Which half of the day an hour on the twelve-hour clock is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HalfDay {
    Am,
    Pm,
    Night,
    Noon,
}

struct Reader<'a> {
    tokens: &'a [Token],
    now: DateTime<FixedOffset>,
    bias: Bias,
    day: Option<NaiveDate>,
    /// Days to add (24:00 is the next day's 0:00), and the time.
    time: Option<(i64, NaiveTime)>,
    /// `now`, or a span from it.
    moment: Option<Moment>,
    half_day: Option<HalfDay>,
}

#[derive(Clone, Copy)]
struct Moment {
    at: DateTime<FixedOffset>,
    /// Given in days or longer, so that a time of day may follow.
    days: bool,
}

type Step = Result<(), WhenHint>;

impl Reader<'_> {
    fn read_all(&mut self) -> Step {
        while !self.tokens.is_empty() {
            self.read_one()?;
        }
        Ok(())
    }

    fn take(&mut self, count: usize) {
        self.tokens = &self.tokens[count.min(self.tokens.len())..];
    }

    fn read_one(&mut self) -> Step {
        use Token::{Am, Day, Last, Midnight, Next, Night, Noon, Now, Pm, This, Unit, Weekday};
        match self.tokens {
            [Now, ..] => self.set_moment(Moment { at: self.now, days: false }, 1),
            [Day(days), ..] => {
                let day = TimeDelta::try_days(*days).and_then(|days| self.today().checked_add_signed(days));
                self.set_day(day, 1)
            }
            [Token::Latest, Weekday(day), ..] => self.latest(*day),
            [Last, Weekday(day), ..] => self.weekday(-1, *day),
            [Next, Weekday(day), ..] => self.weekday(1, *day),
            [This, Weekday(day), ..] => self.weekday(0, *day),
            [Weekday(day), ..] => {
                let day = *day;
                self.take(1);
                self.coming(day)
            }
            [which @ (Last | Token::Latest | Next), Unit(unit), ..] => {
                let mut span = Span::default();
                span.add(1, false, *unit).ok_or(WhenHint::OutOfRange)?;
                let forward = *which == Next;
                self.take(2);
                self.shift(span, if forward { 1 } else { -1 })
            }
            [Am, ..] => self.set_half(HalfDay::Am),
            [Pm, ..] => self.set_half(HalfDay::Pm),
            [Night, ..] => self.set_half(HalfDay::Night),
            [Noon, ..] => self.set_half(HalfDay::Noon),
            [Midnight, ..] => {
                self.take(1);
                self.set_time(0, 0, 0)
            }
            _ => self.read_numbers(),
        }
    }

    /// Spans, clock times and dates begin with numbers and names of months.
    fn read_numbers(&mut self) -> Step {
        if self.read_span()? || self.read_clock()? {
            return Ok(());
        }
        for length in (1..=self.tokens.len().min(7)).rev() {
            if let Some(day) = self.date_of(&self.tokens[..length])? {
                return self.set_day(Some(day), length);
            }
        }
        Err(WhenHint::Unknown)
    }

    fn read_span(&mut self) -> Result<bool, WhenHint> {
        use Token::{Ago, In, Later, Symbol};
        let (sign, before) = match self.tokens {
            [In | Symbol('+'), ..] => (Some(1), 1),
            [Symbol('-'), ..] => (Some(-1), 1),
            _ => (None, 0),
        };
        let Some((span, used)) = read_span(&self.tokens[before..]) else {
            return Ok(false);
        };
        let (sign, after) = match (sign, self.tokens.get(before + used)) {
            (Some(sign), _) => (sign, 0),
            (None, Some(Ago)) => (-1, 1),
            (None, Some(Later)) => (1, 1),
            (None, None) if self.bias == Bias::Future && self.day.is_none() => (1, 0),
            _ => return Ok(false),
        };
        self.take(before + used + after);
        self.shift(span.ok_or(WhenHint::OutOfRange)?, sign)?;
        Ok(true)
    }

    fn read_clock(&mut self) -> Result<bool, WhenHint> {
        use Token::{Am, Half, Hour, Midnight, Noon, Number, Pm, Quarter, Symbol, Unit};
        const MINUTE: Token = Unit(super::lexer::Unit::Minute);
        let (hour, minute, used) = match *self.tokens {
            [
                Number(Some(h), 1 | 2),
                Symbol(':'),
                Number(Some(m), 2),
                Symbol(':'),
                Number(Some(0..=59), 2),
                ..,
            ] => (h, m, 5),
            [Number(Some(h), 1 | 2), Symbol(':'), Number(Some(m), 2), ..] => (h, m, 3),
            [Number(Some(h), _), Hour, Half, ..] => (h, 30, 3),
            [Number(Some(h), _), Hour, Number(Some(q @ 1..=3), _), Quarter, ..] => (h, q * 15, 4),
            [Number(Some(h), _), Hour, Number(Some(m), _), MINUTE, ..] => (h, m, 4),
            [Number(Some(h), _), Hour, Number(Some(m), 2 | 3), ..] => (h, m, 3),
            [Number(Some(h), _), Hour, ..] => (h, 0, 2),
            [Number(Some(h), 1 | 2), Am | Pm, ..] => (h, 0, 1),
            [Number(Some(12), 2), Noon | Midnight, ..] => {
                self.take(1);
                return Ok(true);
            }
            _ => return Ok(false),
        };
        self.take(used);
        let mut half = self.half_day.take();
        if let Some(Am | Pm) = self.tokens.first() {
            half = half.or(Some(if self.tokens[0] == Am { HalfDay::Am } else { HalfDay::Pm }));
            if !(1..=12).contains(&hour) {
                return Err(WhenHint::NoSuch);
            }
            self.take(1);
        }
        let hour = match (half, hour) {
            (Some(HalfDay::Am), 12) => 0,
            (Some(HalfDay::Night), 12) => 24,
            (Some(HalfDay::Pm | HalfDay::Night), 1..=11) | (Some(HalfDay::Noon), 1..=3) => hour + 12,
            _ => hour,
        };
        self.set_time(i64::from(hour == 24), if hour == 24 { 0 } else { hour }, minute)?;
        Ok(true)
    }

    /// The day that these words are as a whole.
    fn date_of(&self, tokens: &[Token]) -> Result<Option<NaiveDate>, WhenHint> {
        if let [Token::Number(Some(day), 1..=3), Token::DayMark] = tokens {
            return self.today().with_day(*day).map(Some).ok_or(WhenHint::NoSuch);
        }
        let Some(date) = super::date::read(tokens, None) else {
            return if super::date::looks_whole(tokens) {
                Err(super::date::why_not(tokens))
            } else {
                Ok(None)
            };
        };
        if let Some(month_and_day) = date.strip_prefix("--") {
            return self.year_for(month_and_day).map(Some).ok_or(WhenHint::NoSuch);
        }
        Ok(date.parse().ok())
    }

    /// Sets the year that a month and day lack.
    fn year_for(&self, month_and_day: &str) -> Option<NaiveDate> {
        let today = self.today();
        // 29 February may need eight years to come again, when a century is no leap year.
        let years = today.year() - 8..=today.year() + 8;
        let days = years.filter_map(|year| format!("{year:04}-{month_and_day}").parse::<NaiveDate>().ok());
        match self.bias {
            Bias::Future => days.into_iter().find(|day| *day >= today),
            Bias::Nearest => days.into_iter().min_by_key(|day| (*day - today).num_days().abs()),
        }
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The weekday of this, the next or the previous calendar week: 上周一, `next friday`.
    fn weekday(&mut self, week: i64, day: Weekday) -> Step {
        let days = TimeDelta::days(week * 7 + i64::from(day.num_days_from_monday()));
        self.set_day(monday(self.today()).checked_add_signed(days), 2)
    }

    /// The latest such weekday before today: `last friday`.
    fn latest(&mut self, day: Weekday) -> Step {
        let today = self.today();
        let back = (6 + today.weekday().num_days_from_monday() - day.num_days_from_monday()) % 7 + 1;
        self.set_day(today.checked_sub_signed(TimeDelta::days(i64::from(back))), 2)
    }

    /// The next such weekday; today only with a time that is still to come.
    fn coming(&mut self, day: Weekday) -> Step {
        let today = self.today();
        let ahead = (7 + day.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
        let target = today.checked_add_signed(TimeDelta::days(i64::from(ahead)));
        self.set_day(target, 0)?;
        if ahead == 0 {
            self.read_all()?;
            let later =
                self.time.or_else(|| self.time_of_day()).is_some_and(|(_, time)| time > self.now.time());
            if !later {
                self.day = target.and_then(|day| day.checked_add_signed(TimeDelta::days(7)));
            }
        }
        Ok(())
    }

    fn shift(&mut self, span: Span, sign: i32) -> Step {
        let at = span.shift(self.now, sign).ok_or(WhenHint::OutOfRange)?;
        self.set_moment(Moment { at, days: span.minutes == 0 }, 0)
    }

    fn set_moment(&mut self, moment: Moment, used: usize) -> Step {
        if self.moment.is_some() || self.day.is_some() {
            return Err(WhenHint::Unknown);
        }
        self.moment = Some(moment);
        self.take(used);
        Ok(())
    }

    fn set_day(&mut self, day: Option<NaiveDate>, used: usize) -> Step {
        if self.moment.is_some() || self.day.is_some() {
            return Err(WhenHint::Unknown);
        }
        self.day = Some(day.filter(|day| in_range(*day)).ok_or(WhenHint::OutOfRange)?);
        self.take(used);
        Ok(())
    }

    fn set_half(&mut self, half: HalfDay) -> Step {
        if self.half_day.is_some() {
            return Err(WhenHint::Unknown);
        }
        self.half_day = Some(half);
        self.take(1);
        Ok(())
    }

    fn set_time(&mut self, days: i64, hour: u32, minute: u32) -> Step {
        if self.time.is_some() {
            return Err(WhenHint::Unknown);
        }
        self.time = Some((days, NaiveTime::from_hms_opt(hour, minute, 0).ok_or(WhenHint::NoSuch)?));
        Ok(())
    }

    /// The time that was given, or the hour that `morning`, `noon`, 晚上 alone stand for.
    fn time_of_day(&self) -> Option<(i64, NaiveTime)> {
        let hour = match self.half_day? {
            HalfDay::Am => 9,
            HalfDay::Noon => 12,
            HalfDay::Pm => 15,
            HalfDay::Night => 20,
        };
        NaiveTime::from_hms_opt(hour, 0, 0).map(|time| (0, time))
    }

    fn finish(&self) -> Result<When, WhenHint> {
        // `3pm today` left its half of the day unused; `tomorrow afternoon` names an hour by it.
        let time = self.time.or_else(|| self.time_of_day());
        let day = match (self.moment, self.day) {
            (Some(moment), _) => match time {
                None if self.bias == Bias::Future && moment.days => {
                    return Ok(When::Date(moment.at.date_naive()));
                }
                None => return Ok(When::Time(moment.at)),
                Some(_) if moment.days => moment.at.date_naive(),
                Some(_) => return Err(WhenHint::Unknown),
            },
            (None, Some(day)) => day,
            (None, None) => self.day_of_time(time),
        };
        let Some((days, time)) = time else { return Ok(When::Date(day)) };
        let day = TimeDelta::try_days(days)
            .and_then(|days| day.checked_add_signed(days))
            .filter(|day| in_range(*day));
        let at = day.and_then(|day| day.and_time(time).and_local_timezone(*self.now.offset()).single());
        at.map(When::Time).ok_or(WhenHint::OutOfRange)
    }

    /// Today; what is due at a time that has passed is due tomorrow.
    fn day_of_time(&self, time: Option<(i64, NaiveTime)>) -> NaiveDate {
        let passed = time.is_some_and(|(days, time)| days == 0 && time <= self.now.time());
        let today = self.today();
        if passed && self.bias == Bias::Future { today.succ_opt().unwrap_or(today) } else { today }
    }
}
