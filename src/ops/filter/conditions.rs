//! Parts of conditions: what a comparison asks, and which record of a contact it asks it of.

use crate::model::schema::{Key, Kind};
use crate::search::query::{Arg, Order, Test};

pub(super) fn args(test: &Test) -> impl Iterator<Item = &Arg> {
    match test {
        Test::Contains(arg) | Test::Equals(arg) | Test::Order(_, arg) => [Some(arg), None],
        Test::Range(low, high) => [low.as_ref(), high.as_ref()],
    }
    .into_iter()
    .flatten()
}

pub(super) const fn sign(order: Order) -> &'static str {
    match order {
        Order::Less => "<",
        Order::LessOrEqual => "<=",
        Order::Greater => ">",
        Order::GreaterOrEqual => ">=",
    }
}

pub(super) fn both(low: Option<String>, high: Option<String>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("({low} and {high})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "1".to_owned(),
    }
}

/// A condition on a child of the contact, or of one merged into it.
pub(super) fn of_child(table: &str, test: &str) -> String {
    format!(
        "c.id in (select k.root from \"{table}\" x join contact k on k.id=x.contact where x.deleted is null and ({test}))"
    )
}

pub(super) fn of_interaction(test: &str) -> String {
    format!(
        "c.id in (select k.root from interaction x join participant p on p.interaction=x.id join contact k on k.id=p.contact \
         where x.deleted is null and p.deleted is null and ({test}))"
    )
}

pub(super) fn of_task(test: &str) -> String {
    format!(
        "c.id in (select k.root from task x join contact k on k.id=x.contact where x.deleted is null and x.done is null and ({test}))"
    )
}

/// A condition on the record `x` of a kind that belongs to the contact.
pub(super) fn wrap(record: Kind, test: &str) -> String {
    match (record, record.record().key) {
        (Kind::Contact, _) => test.replace("x.\"", "c.\""),
        (Kind::Interaction, _) => of_interaction(test),
        (Kind::Task, _) => of_task(test),
        (Kind::Deal | Kind::Project, _) => {
            let table = record.record().name;
            format!(
                "c.id in (select k.root from \"{table}\" x join member m on m.\"{table}\"=x.id join contact k on k.id=m.contact \
                 where x.deleted is null and m.deleted is null and ({test}))"
            )
        }
        (_, Key::Child(Kind::Contact, _)) => of_child(record.record().name, test),
        _ => "0".to_owned(),
    }
}
