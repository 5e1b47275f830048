//! What a source has given of what a contact owns: phones, addresses, tags and the like. What the book's user has taken away since isn't
//! brought back by the source's next export, and what the source has taken away itself can be.

use super::super::draft;
use super::matching::short_hash;
use crate::model::draft::ContactDraft;
use crate::model::edit::New;
use crate::model::ids::named_key;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::model::{email, phone};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Where the source's last values have it: a mark for each, sorted. A space keeps it apart from fields.
pub(super) const GIVEN: &str = "given children";

/// The mark of something that a contact owns: a letter for what it is and a hash of what it says, however it is spelled. `text` gives
/// its fields; of a tag, its name.
pub(super) fn mark<'a>(kind: Kind, text: impl Fn(&str) -> &'a str) -> Option<String> {
    let (letter, says) = match kind {
        Kind::Method => {
            let value = text("value");
            let says = match text("type") {
                "email" => email::email_key(value),
                "phone" if !phone::digits(value).is_empty() => phone::digits(value),
                _ => value.trim().to_owned(),
            };
            (text("type").chars().next()?, says)
        }
        Kind::Address => {
            let parts = ["street", "extended", "po_box", "city", "region", "postcode", "country"];
            ('a', parts.map(&text).join("\n"))
        }
        // A birthday is a field of the row.
        Kind::Date if text("label") != "birthday" => ('d', [text("label"), text("date")].join("\n")),
        Kind::Tagging => ('t', named_key(text("tag"))),
        Kind::Link => ('l', [text("relation"), text("name")].join("\n")),
        _ => return None,
    };
    Some(format!("{letter}{:08x}", short_hash(&[&says]) as u32))
}

fn mark_of(new: &New) -> Option<String> {
    mark(new.kind, |field| match new.get(field) {
        Some(Value::Text(text) | Value::Named(text)) => text.as_str(),
        _ => "",
    })
}

/// The marks of what a record is made with.
pub(super) fn marks(children: &[New]) -> String {
    let mut all: Vec<String> = children.iter().filter_map(mark_of).collect();
    all.sort_unstable();
    all.dedup();
    all.join(" ")
}

/// The same of a row.
pub(super) fn marks_of(draft: &ContactDraft) -> String {
    marks(&draft::children(draft.clone()).0)
}

fn given_by(base: &Map<String, Json>) -> Vec<&str> {
    base.get(GIVEN).and_then(Json::as_str).unwrap_or_default().split(' ').collect()
}

/// A row without what its source has given before: either it is still there, or somebody took it away.
pub(super) fn fresh(draft: &ContactDraft, base: &Map<String, Json>) -> ContactDraft {
    let given = given_by(base);
    let is_new = |part: ContactDraft| {
        let mark = draft::children(part).0.first().and_then(mark_of);
        mark.is_none_or(|mark| given.binary_search(&mark.as_str()).is_err())
    };
    let empty = ContactDraft::default;
    let mut fresh = draft.clone();
    fresh.methods.retain(|one| is_new(ContactDraft { methods: vec![one.clone()], ..empty() }));
    fresh.addresses.retain(|one| is_new(ContactDraft { addresses: vec![one.clone()], ..empty() }));
    fresh.dates.retain(|one| match one.label.as_str() {
        "birthday" => !base.contains_key("birthday"),
        _ => is_new(ContactDraft { dates: vec![one.clone()], ..empty() }),
    });
    fresh.tags.retain(|one| is_new(ContactDraft { tags: vec![one.clone()], ..empty() }));
    fresh.links.retain(|one| is_new(ContactDraft { links: vec![one.clone()], ..empty() }));
    fresh.values.retain(|(key, _)| !base.contains_key(&format!("field:{key}")));
    fresh
}

/// The marks of what the source has no longer, where it has fewer of that kind than before: a number that is another now is added
/// beside the old one, as ever.
pub(super) fn emptied(base: &Map<String, Json>, now: &Map<String, Json>) -> Vec<String> {
    let (old, new) = (given_by(base), given_by(now));
    let mut fewer: HashMap<Option<char>, i64> = HashMap::new();
    old.iter().for_each(|mark| *fewer.entry(mark.chars().next()).or_default() += 1);
    new.iter().for_each(|mark| *fewer.entry(mark.chars().next()).or_default() -= 1);
    let gone = old.into_iter().filter(|mark| !mark.is_empty() && new.binary_search(mark).is_err());
    gone.filter(|mark| fewer.get(&mark.chars().next()).is_some_and(|count| *count > 0))
        .map(str::to_owned)
        .collect()
}
