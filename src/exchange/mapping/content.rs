//! What columns are by what stands in them: for tables without column names, and for the order of dates.

use super::{ColumnPlan, Target, Why};
use crate::exchange::DateOrder;
use crate::exchange::scan::Record;
use crate::model::schema::Type;

/// Finds e-mails, phones, addresses of the web, and takes the first column of words for the name.
pub(super) fn guess(columns: &mut [ColumnPlan], sample: &[&Record]) {
    let mut named = false;
    for (index, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.why == Why::Unmapped) {
        let cells: Vec<&str> =
            sample.iter().map(|record| record.get(index).trim()).filter(|cell| !cell.is_empty()).collect();
        let most = |test: fn(&str) -> bool| {
            !cells.is_empty() && cells.iter().filter(|cell| test(cell)).count() * 4 >= cells.len() * 3
        };
        let method = |kind| Target::Method { kind, service: String::new(), label: String::new(), group: 0 };
        let target = if most(is_email) {
            method("email")
        } else if most(is_url) {
            method("url")
        } else if most(is_phone) {
            method("phone")
        } else if !named && most(is_words) {
            named = true;
            Target::Field("name")
        } else {
            continue;
        };
        column.target = target;
        column.why = Why::Content;
    }
}

fn is_email(cell: &str) -> bool {
    cell.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
        && !cell.contains("://")
}

fn is_url(cell: &str) -> bool {
    cell.starts_with("http://") || cell.starts_with("https://") || cell.starts_with("www.")
}

fn is_phone(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && cell.chars().all(|c| c.is_ascii_digit() || "+-. ()/".contains(c))
        && three_numbers(cell).is_none_or(|[year, month, day]| year < 1000 || month > 12 || day > 31)
}

fn is_words(cell: &str) -> bool {
    cell.chars().any(char::is_alphabetic) && !cell.contains(|c: char| c.is_ascii_digit() || c == '@')
}

/// `03/04/2025` as its numbers.
fn three_numbers(cell: &str) -> Option<[u32; 3]> {
    let mut parts = cell.trim().split(['/', '.', '-']).map(|part| part.trim().parse::<u32>().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Whether day and month of a date could change places.
pub(crate) fn is_ambiguous(cell: &str) -> bool {
    three_numbers(cell)
        .is_some_and(|[first, second, _]| (1..=12).contains(&first) && (1..=12).contains(&second))
}

fn is_day(target: &Target) -> bool {
    match target {
        Target::Date { .. } | Target::Consent { .. } | Target::Created => true,
        Target::Record { kind, field } => {
            let ty = kind.record().field(field).map(|at| kind.record().fields[at].ty);
            matches!(ty, Some(Type::Date | Type::When | Type::Instant))
        }
        _ => false,
    }
}

/// The order in which all sampled dates make sense, if some of them can be read in one order only.
pub(super) fn date_order(columns: &[ColumnPlan], sample: &[&Record]) -> Option<DateOrder> {
    let (mut day_first, mut month_first) = (false, false);
    for (index, _) in columns.iter().enumerate().filter(|(_, column)| is_day(&column.target)) {
        for record in sample {
            let cell = record.get(index);
            if let Some([first, second, _]) = three_numbers(cell.split_whitespace().next().unwrap_or("")) {
                day_first |= (13..=31).contains(&first) && (1..=12).contains(&second);
                month_first |= (1..=12).contains(&first) && (13..=31).contains(&second);
            }
        }
    }
    match (day_first, month_first) {
        (true, false) => Some(DateOrder::Dmy),
        (false, true) => Some(DateOrder::Mdy),
        _ => None,
    }
}
