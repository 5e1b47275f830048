//! Comparisons of numbers, instants, days and birthdays as SQL.

use super::Maker;
use super::conditions::{args, both, of_task, sign};
use crate::model::value::parse_decimal;
use crate::model::when;
use crate::ops::Result;
use crate::search::query::{Arg, Compare, Order, Test};
use crate::store::read;
use crate::text;
use chrono::{Datelike, NaiveDate};

/// Whether a stored date is one of those that are meant.
type Wanted = Box<dyn Fn(&str) -> bool>;

/// What a comparison asks, once the values are read: half-open ranges of ms, or closed ones of units.
#[derive(Clone, Copy)]
struct Bounds {
    low: Option<i64>,
    high: Option<i64>,
}

impl Maker<'_> {
    /// Numbers, in 1/10,000.
    pub(super) fn number(&mut self, column: &str, compare: &Compare) -> Result<String> {
        let read = |arg: &Arg| parse_decimal(&arg.text).ok_or_else(|| self.bad(compare, &arg.text, "number"));
        let bounds = match &compare.test {
            Test::Contains(arg) | Test::Equals(arg) => {
                Bounds { low: Some(read(arg)?), high: Some(read(arg)?) }
            }
            Test::Range(low, high) => Bounds {
                low: low.as_ref().map(read).transpose()?,
                high: high.as_ref().map(read).transpose()?,
            },
            Test::Order(order, arg) => {
                let value = read(arg)?;
                return Ok(format!("{column}{}{value}", sign(*order)));
            }
        };
        Ok(both(
            bounds.low.map(|low| format!("{column}>={low}")),
            bounds.high.map(|high| format!("{column}<={high}")),
        ))
    }

    /// The half-open range of ms that a day word, a partial date or a span stands for.
    fn range_of(&self, compare: &Compare, arg: &Arg, ahead: bool) -> Result<(i64, i64)> {
        if let Ok(span) = when::parse_span(&arg.text) {
            let at = if ahead { span.after(self.now) } else { span.before(self.now) }.timestamp_millis();
            return Ok((at, at + 1));
        }
        when::day_range(&arg.text, self.now).map_err(|_| self.bad(compare, &arg.text, "date"))
    }

    fn bounds(&self, compare: &Compare, ahead: bool) -> Result<Bounds> {
        let now = self.now.timestamp_millis();
        Ok(match &compare.test {
            // `last:30d` is what lies within the span, `last:today` what lies within the day.
            Test::Contains(arg) if when::parse_span(&arg.text).is_ok() => {
                let (at, _) = self.range_of(compare, arg, ahead)?;
                Bounds { low: Some(at.min(now)), high: Some(at.max(now)) }
            }
            Test::Contains(arg) | Test::Equals(arg) => {
                let (low, high) = self.range_of(compare, arg, ahead)?;
                Bounds { low: Some(low), high: Some(high - 1) }
            }
            Test::Range(low, high) => Bounds {
                low: low
                    .as_ref()
                    .map(|arg| self.range_of(compare, arg, ahead))
                    .transpose()?
                    .map(|range| range.0),
                high: high
                    .as_ref()
                    .map(|arg| self.range_of(compare, arg, ahead))
                    .transpose()?
                    .map(|range| range.1 - 1),
            },
            Test::Order(order, arg) => {
                let (low, high) = self.range_of(compare, arg, ahead)?;
                match order {
                    Order::Less => Bounds { low: None, high: Some(low - 1) },
                    Order::LessOrEqual => Bounds { low: None, high: Some(high - 1) },
                    Order::Greater => Bounds { low: Some(high), high: None },
                    Order::GreaterOrEqual => Bounds { low: Some(low), high: None },
                }
            }
        })
    }

    pub(super) fn instant(&mut self, column: &str, compare: &Compare, ahead: bool) -> Result<String> {
        let bounds = self.bounds(compare, ahead)?;
        Ok(both(
            bounds.low.map(|low| format!("{column}>={low}")),
            bounds.high.map(|high| format!("{column}<={high}")),
        ))
    }

    pub(super) fn quiet(&mut self, compare: &Compare) -> Result<String> {
        let arg = args(&compare.test).next().map(|arg| arg.text.clone()).unwrap_or_default();
        let span = when::parse_span(&arg).map_err(|_| self.bad(compare, &arg, "span"))?;
        let since = span.before(self.now).timestamp_millis();
        Ok(match &compare.test {
            Test::Order(Order::Less | Order::LessOrEqual, _) | Test::Range(None, _) => {
                format!("c.last>={since}")
            }
            _ => format!("(c.last is null or c.last<{since})"),
        })
    }

    /// Dates as text, years perhaps missing: a partial date contains all that it is the start of.
    pub(super) fn day_text(&mut self, column: &str, compare: &Compare) -> Result<String> {
        let written = |arg: &Arg| when::parse_date(&arg.text, None);
        if let Test::Contains(arg) | Test::Equals(arg) = &compare.test
            && let Some(date) = written(arg)
        {
            let date = self.param(date);
            return Ok(format!("ifnull(instr({column}, {date}), 0)=1"));
        }
        let bounds = self.bounds(compare, true)?;
        let day = |millis: i64| self.book.session().clock.local(millis).date_naive().to_string();
        let (low, high) = (bounds.low.map(day), bounds.high.map(day));
        let low = low.map(|low| format!("{column}>={}", self.param(low)));
        let high = high.map(|high| format!("substr({column}, 1, 10)<={}", self.param(high)));
        Ok(format!("({} and substr({column}, 1, 1)<>'-')", both(low, high)))
    }

    pub(super) fn due(&mut self, compare: &Compare) -> Result<String> {
        let overdue = args(&compare.test)
            .any(|arg| matches!(text::fold(&arg.text).as_str(), "overdue" | "逾期" | "过期"));
        if overdue {
            let (today, now) = (self.now.date_naive().to_string(), self.now.to_rfc3339());
            let (today, now) = (self.param(today), self.param(now));
            let late = format!(
                "case length(x.due) when 10 then x.due<{today} else datetime(x.due)<datetime({now}) end"
            );
            return Ok(of_task(&late));
        }
        let test = self.day_text("x.due", compare)?;
        Ok(of_task(&test))
    }

    pub(super) fn birthday(&mut self, compare: &Compare) -> Result<String> {
        let wanted = self.birthdays(compare)?;
        let conn = self.book.reader()?;
        let mut statement = conn.prepare_cached(
            "select k.root, x.date from date x join contact k on k.id=x.contact \
             where x.deleted is null and x.label='birthday' and x.date is not null",
        )?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            if row.get_ref(1)?.as_str().is_ok_and(&wanted) {
                ids.push(row.get(0)?);
            }
        }
        let ids = self.param(read::list(ids));
        Ok(format!("c.id in (select value from json_each({ids}))"))
    }

    /// Which birthdays are meant: `today`, the next `7d`, a date, a month and day, a year, a range of dates.
    fn birthdays(&self, compare: &Compare) -> Result<Wanted> {
        let today = self.now.date_naive();
        if let Test::Contains(arg) | Test::Equals(arg) = &compare.test {
            if let Ok(span) = when::parse_span(&arg.text) {
                let until = span.after(self.now).date_naive();
                return Ok(Box::new(move |date| {
                    month_day(date)
                        .and_then(|(month, day)| next_on(today, month, day))
                        .is_some_and(|next| next <= until)
                }));
            }
            if let Some(wanted) = when::parse_date(&arg.text, None) {
                let anniversary = wanted.strip_prefix("--").map(str::to_owned);
                return Ok(Box::new(move |date| match &anniversary {
                    Some(day) => date.ends_with(day.as_str()),
                    None => date.starts_with(wanted.as_str()),
                }));
            }
            let (low, _) = self.range_of(compare, arg, true)?;
            let day = self.book.session().clock.local(low).date_naive();
            return Ok(Box::new(move |date| {
                month_day(date).and_then(|(month, of)| next_on(day, month, of)) == Some(day)
            }));
        }
        let bounds = self.bounds(compare, false)?;
        let clock = self.book.session().clock;
        let day = move |millis: i64| clock.local(millis).date_naive().to_string();
        let (low, high) = (bounds.low.map(day), bounds.high.map(day));
        Ok(Box::new(move |date| {
            !date.starts_with('-')
                && low.as_deref().is_none_or(|low| date >= low)
                && high.as_deref().is_none_or(|high| date <= high)
        }))
    }
}

fn month_day(date: &str) -> Option<(u32, u32)> {
    let rest = date.strip_prefix("--").or_else(|| date.get(5..)).filter(|rest| rest.len() == 5)?;
    Some((rest.get(..2)?.parse().ok()?, rest.get(3..)?.parse().ok()?))
}

/// The next time that a month and day come round, from `today` on; 29 February falls on 28 in common years.
fn next_on(today: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    let on = |year: i32| {
        NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, month, day - 1))
    };
    on(today.year()).filter(|date| *date >= today).or_else(|| on(today.year() + 1))
}
