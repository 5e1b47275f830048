use chrono::{DateTime, FixedOffset};
use proptest::prelude::*;

use super::*;

/// A Sunday, in a zone east of Greenwich.
fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-22T10:30:00+08:00").unwrap()
}

fn shown(when: When) -> String {
    match when {
        When::Date(day) => day.to_string(),
        When::Time(at) => at.format("%Y-%m-%dT%H:%M%:z").to_string(),
    }
}

#[test]
fn instants() {
    for (text, at) in [
        ("now", "2026-11-22T10:30"),
        ("today", "2026-11-22T00:00"),
        ("Yesterday 9am", "2026-11-21T09:00"),
        ("tomorrow at 14:30", "2026-11-23T14:30"),
        ("friday 9am", "2026-11-27T09:00"),
        ("last friday", "2026-11-20T00:00"),
        ("last sunday", "2026-11-15T00:00"),
        ("next friday", "2026-11-27T00:00"),
        ("monday 14:30", "2026-11-23T14:30"),
        ("sunday 9am", "2026-11-29T09:00"),
        ("sunday 11am", "2026-11-22T11:00"),
        ("in 2 weeks", "2026-12-06T10:30"),
        ("in a week", "2026-11-29T10:30"),
        ("3 days ago", "2026-11-19T10:30"),
        ("2h ago", "2026-11-22T08:30"),
        ("1h30m ago", "2026-11-22T09:00"),
        ("3 days ago 9am", "2026-11-19T09:00"),
        ("last month", "2026-10-22T10:30"),
        ("a year from now", "2027-11-22T10:30"),
        ("14 Sep", "2026-09-14T00:00"),
        ("Sep 14 2026", "2026-09-14T00:00"),
        ("Sept 14th, 2026 3pm", "2026-09-14T15:00"),
        ("3 Jan", "2027-01-03T00:00"),
        ("2026-09-14", "2026-09-14T00:00"),
        ("2026-09-14 14:30", "2026-09-14T14:30"),
        ("2026-09-14T14:30:59.5", "2026-09-14T14:30"),
        ("20260914T143000", "2026-09-14T14:30"),
        ("2026/9/14 3pm", "2026-09-14T15:00"),
        ("12am", "2026-11-22T00:00"),
        ("12pm", "2026-11-22T12:00"),
        ("tomorrow noon", "2026-11-23T12:00"),
        ("day after tomorrow", "2026-11-24T00:00"),
        ("今天", "2026-11-22T00:00"),
        ("明天下午3点", "2026-11-23T15:00"),
        ("昨天", "2026-11-21T00:00"),
        ("后天", "2026-11-24T00:00"),
        ("前天", "2026-11-20T00:00"),
        ("下周五下午3点", "2026-11-27T15:00"),
        ("上周一", "2026-11-09T00:00"),
        ("本周五", "2026-11-20T00:00"),
        ("3天后", "2026-11-25T10:30"),
        ("两周前", "2026-11-08T10:30"),
        ("十五分钟前", "2026-11-22T10:15"),
        ("9月14日", "2026-09-14T00:00"),
        ("九月十四号", "2026-09-14T00:00"),
        ("2026年9月14日 14:30", "2026-09-14T14:30"),
        ("２０２６年９月１４日　１４：３０", "2026-09-14T14:30"),
        ("下午3点半", "2026-11-22T15:30"),
        ("下午三点一刻", "2026-11-22T15:15"),
        ("早上9点05分", "2026-11-22T09:05"),
        ("晚上12点", "2026-11-23T00:00"),
        ("中午12点半", "2026-11-22T12:30"),
        ("昨晚8点", "2026-11-21T20:00"),
        ("半小时前", "2026-11-22T10:00"),
        ("上个月", "2026-10-22T10:30"),
    ] {
        let got = parse_instant(text, now()).map(|at| at.format("%Y-%m-%dT%H:%M").to_string());
        assert_eq!(got.as_deref(), Ok(at), "{text}");
    }
    let other = parse_instant("2026-09-14T14:30:00Z", now()).unwrap();
    assert_eq!(other.timestamp_millis(), 1_789_396_200_000);
    assert_eq!(parse_instant("2026-09-14T16:30+02:00", now()), Ok(other));
}

#[test]
fn what_is_no_time() {
    use WhenHint::{Ambiguous, Empty, NoSuch, OutOfRange, Unknown};
    for (text, hint) in [
        ("", Empty),
        ("soon", Unknown),
        ("friday monday", Unknown),
        ("9am 10am", Unknown),
        ("30 Feb 2026", NoSuch),
        ("2026-02-30", NoSuch),
        ("25:00", NoSuch),
        ("13pm", NoSuch),
        ("2026-09-14T25:00", NoSuch),
        ("03/04/2026", Ambiguous),
        ("in 99999999999 years", OutOfRange),
        ("in 20000 years", OutOfRange),
        ("99999999 weeks ago", OutOfRange),
        ("2w", Unknown),
        ("王伟", Unknown),
    ] {
        assert_eq!(parse_instant(text, now()).map_err(|error| error.hint), Err(hint), "{text}");
    }
}

#[test]
fn what_is_due() {
    for (text, at) in [
        ("tomorrow", "2026-11-23"),
        ("2w", "2026-12-06"),
        ("in 3 days", "2026-11-25"),
        ("in 2 hours", "2026-11-22T12:30+08:00"),
        ("9am", "2026-11-23T09:00+08:00"),
        ("11am", "2026-11-22T11:00+08:00"),
        ("14 Sep", "2027-09-14"),
        ("22 Nov", "2026-11-22"),
        ("29 Feb", "2028-02-29"),
        ("friday", "2026-11-27"),
        ("下周五", "2026-11-27"),
        ("明天下午", "2026-11-23T15:00+08:00"),
        ("3天后下午3点", "2026-11-25T15:00+08:00"),
        ("2026-12-01", "2026-12-01"),
        ("next month", "2026-12-22"),
        ("三个月后", "2027-02-22"),
    ] {
        assert_eq!(parse_when(text, now()).map(shown).as_deref(), Ok(at), "{text}");
    }
}

#[test]
fn spans() {
    for (text, months, days, minutes, display) in [
        ("90d", 0, 90, 0, "90 days"),
        ("3 months", 3, 0, 0, "3 months"),
        ("3mo", 3, 0, 0, "3 months"),
        ("2w", 0, 14, 0, "14 days"),
        ("1y", 12, 0, 0, "1 year"),
        ("15m", 0, 0, 15, "15 minutes"),
        ("15 min", 0, 0, 15, "15 minutes"),
        ("1h30m", 0, 0, 90, "1 hour 30 minutes"),
        ("1h30", 0, 0, 90, "1 hour 30 minutes"),
        ("3个月", 3, 0, 0, "3 months"),
        ("两周", 0, 14, 0, "14 days"),
        ("半年", 6, 0, 0, "6 months"),
        ("15分钟", 0, 0, 15, "15 minutes"),
        ("一个半小时", 0, 0, 90, "1 hour 30 minutes"),
        ("half an hour", 0, 0, 30, "30 minutes"),
        ("1 year 2 months", 14, 0, 0, "1 year 2 months"),
        ("十二天", 0, 12, 0, "12 days"),
    ] {
        let span = Span { months, days, minutes };
        assert_eq!(parse_span(text), Ok(span), "{text}");
        assert_eq!(span.to_string(), display);
        assert_eq!(parse_span(display), Ok(span), "{display}");
    }
    for bad in ["", "3", "d", "3 x", "99999999999y", "3d ago", "-3d"] {
        assert!(parse_span(bad).is_err(), "{bad}");
    }
}

#[test]
fn months_are_clamped_to_their_last_day() {
    let day = DateTime::parse_from_rfc3339("2026-03-31T09:00:00+01:00").unwrap();
    let month = Span { months: 1, ..Span::default() };
    assert_eq!(month.before(day).to_rfc3339(), "2026-02-28T09:00:00+01:00");
    assert_eq!(month.after(day).to_rfc3339(), "2026-04-30T09:00:00+01:00");
    let long = Span { months: 12 * 9000, ..Span::default() };
    assert_eq!(long.before(day).to_rfc3339(), "0001-01-01T00:00:00+01:00");
    assert_eq!(long.after(day).to_rfc3339(), "9999-12-31T00:00:00+01:00");
}

#[test]
fn dates() {
    use DateOrder::{Dmy, Mdy};
    for (text, order, date) in [
        ("1980-05-17", None, Some("1980-05-17")),
        ("19800517", None, Some("1980-05-17")),
        ("--05-17", None, Some("--05-17")),
        ("--0517", None, Some("--05-17")),
        ("--02-29", None, Some("--02-29")),
        ("17 May 1980", None, Some("1980-05-17")),
        ("17th of May, 1980", None, Some("1980-05-17")),
        ("17-May-1980", None, Some("1980-05-17")),
        ("May 17", None, Some("--05-17")),
        ("May 1980", None, Some("1980-05")),
        ("5月17日", None, Some("--05-17")),
        ("1980年5月17日", None, Some("1980-05-17")),
        ("一九八〇年五月十七日", None, Some("1980-05-17")),
        ("1980年5月", None, Some("1980-05")),
        ("1980/5/17", None, Some("1980-05-17")),
        ("17.05.1980", None, Some("1980-05-17")),
        ("03.04.1980", None, Some("1980-04-03")),
        ("17/05/1980", None, Some("1980-05-17")),
        ("05/17/1980", None, Some("1980-05-17")),
        ("03/04/1980", None, None),
        ("03/04/1980", Some(Dmy), Some("1980-04-03")),
        ("03/04/1980", Some(Mdy), Some("1980-03-04")),
        ("17/05/1980", Some(Mdy), Some("1980-05-17")),
        ("1980-05", None, Some("1980-05")),
        ("1980", None, Some("1980")),
        ("1980-05-17T00:00:00Z", None, Some("1980-05-17")),
        ("1980-05-17 00:00:00", None, Some("1980-05-17")),
        ("1980-02-30", None, None),
        ("1979-02-29", None, None),
        ("--02-30", None, None),
        ("0000-05-17", None, None),
        ("0000", None, None),
        ("1980-13", None, None),
        ("12345-01-01", None, None),
        ("today", None, None),
        ("", None, None),
    ] {
        assert_eq!(parse_date(text, order).as_deref(), date, "{text} {order:?}");
    }
}

#[test]
fn ranges() {
    for (text, from, to) in [
        ("today", "2026-11-22", "2026-11-23"),
        ("昨天", "2026-11-21", "2026-11-22"),
        ("2026-01-31", "2026-01-31", "2026-02-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-01", "2026-01-01", "2026-02-01"),
        ("2025", "2025-01-01", "2026-01-01"),
        ("9999", "9999-01-01", "+10000-01-01"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("本周", "2026-11-16", "2026-11-23"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("上个月", "2026-10-01", "2026-11-01"),
        ("去年", "2025-01-01", "2026-01-01"),
        ("14 Sep 2024", "2024-09-14", "2024-09-15"),
        ("last friday", "2026-11-20", "2026-11-21"),
        ("14 Sep", "2026-09-14", "2026-09-15"),
        ("3 days ago", "2026-11-19", "2026-11-20"),
    ] {
        let ms = |day: &str| midnight(day.parse().unwrap(), now()).unwrap().timestamp_millis();
        assert_eq!(day_range(text, now()), Ok((ms(from), ms(to))), "{text}");
    }
    assert!(day_range("whenever", now()).is_err());
}

#[test]
fn how_long_ago() {
    const MINUTE: i64 = 60_000;
    const DAY: i64 = 1_440 * MINUTE;
    for (difference, shown) in [
        (0, (0, SpanUnit::Minutes)),
        (59 * MINUTE, (59, SpanUnit::Minutes)),
        (60 * MINUTE, (1, SpanUnit::Hours)),
        (12 * DAY, (12, SpanUnit::Days)),
        (59 * DAY, (59, SpanUnit::Days)),
        (92 * DAY, (3, SpanUnit::Months)),
        (365 * DAY, (11, SpanUnit::Months)),
        (366 * DAY, (1, SpanUnit::Years)),
        (-12 * DAY, (12, SpanUnit::Days)),
    ] {
        assert_eq!(ago(1_000_000 - difference, 1_000_000), shown);
    }
    ago(i64::MIN, i64::MAX);
}

fn typed() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "in",
        "ago",
        "next",
        "last",
        "friday",
        "may",
        "99999999999",
        "3",
        "14",
        "2026",
        "年",
        "月",
        "日",
        "周",
        "五",
        "半",
        "点",
        "下午",
        "上",
        "下",
        "个",
        "后",
        "前",
        "天",
        ":",
        "-",
        "/",
        "--",
        "+",
        "w",
        "y",
        "mo",
        "am",
        "pm",
        "T",
        "Z",
        "30",
        " ",
        "noon",
        "9999",
        "12",
        "31",
        "分",
        "星期",
        "晚上",
        "10000",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(words, 0..9).prop_map(|words| words.concat()),
        "[0-9]{1,8}[-/.: tT+]?[0-9:.]{0,12}[Z+-]?[0-9:]{0,5}"
    ]
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in typed()) {
        let first = parse_instant(&text, now());
        prop_assert_eq!(first.clone(), parse_instant(&text, now()));
        let _ = (parse_when(&text, now()), day_range(&text, now()));
        for order in [None, Some(DateOrder::Dmy), Some(DateOrder::Ymd)] {
            if let Some(date) = parse_date(&text, order) {
                prop_assert_eq!(parse_date(&date, order), Some(date.clone()), "normal forms are stable");
            }
        }
        if let Ok(span) = parse_span(&text) {
            prop_assert_eq!(parse_span(&span.to_string()), Ok(span));
            let _ = (span.before(now()), span.after(now()));
        }
        for edge in ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"] {
            let edge = DateTime::parse_from_rfc3339(edge).unwrap();
            let _ = (parse_instant(&text, edge), parse_when(&text, edge), day_range(&text, edge));
        }
    }
}
