//! Light checks of values: the one door to what reads times.

use chrono::DateTime;

use crate::model::value::parse_decimal;
use crate::model::when;
use crate::text::fold;

use super::QueryErrorKind;
use super::fields::ValueType;

/// Whether a value fits its field; what exactly it means is found out when the query runs.
pub(super) fn check(value: &str, ty: ValueType) -> Result<(), QueryErrorKind> {
    let text = || value.to_string();
    match ty {
        ValueType::Text => Ok(()),
        ValueType::Number if parse_decimal(value).is_none() => Err(QueryErrorKind::BadNumber(text())),
        ValueType::Flag if flag(value).is_none() => Err(QueryErrorKind::BadFlag(text())),
        ValueType::Span if !is_span(value) => Err(QueryErrorKind::BadSpan(text())),
        ValueType::Kind if !KINDS.iter().any(|names| names.contains(&fold(value))) => {
            Err(QueryErrorKind::BadKind(text()))
        }
        ValueType::Day if !is_day(value) => Err(QueryErrorKind::BadDate(text())),
        _ => Ok(()),
    }
}

/// What kinds of contacts are called in either language, in folded text.
pub const KINDS: [&str; 2] = ["person 个人 联系人", "company 公司 企业"];

/// What a yes-or-no value says, in either language.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "1" | "是" | "有" | "真" => Some(true),
        "no" | "n" | "false" | "off" | "0" | "否" | "无" | "假" => Some(false),
        _ => None,
    }
}

fn is_span(text: &str) -> bool {
    when::parse_span(text).is_ok()
}

/// Whether it is a day, a part of a date, or a span, whatever day it is now.
fn is_day(text: &str) -> bool {
    is_span(text)
        || when::parse_date(text, None).is_some()
        || when::day_range(text, DateTime::UNIX_EPOCH.fixed_offset()).is_ok()
}
