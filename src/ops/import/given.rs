//! What a source has given of what a contact owns: phones, addresses, tags and the like. What the book's user has taken away since isn't
//! brought back by the source's next export, and what the source has taken away itself can be.

use super::super::draft;
use super::matching::short_hash;
use crate::model::draft::ContactDraft;
use crate::model::edit::New;
use crate::model::ids::named_key;
use crate::model::phone::Normaliser;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::model::{email, phone};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Where the source's last values have it: a mark for each, sorted. A space keeps it apart from fields.
pub(super) const GIVEN: &str = "given children";

/// Where the source's last values have the fingerprints of the rows that they came in.
pub(super) const ROWS: &str = "given rows";

/// Where the source's last values have the labels of these: a mark and a hash of the label for each.
pub(super) const LABELS: &str = "given labels";

/// By what a number is the same one, however it is written.
#[derive(Default)]
pub(super) struct Numbers {
    country: Option<String>,
    phones: Normaliser,
}

impl Numbers {
    /// In a book of this country.
    pub(super) fn of(country: Option<String>) -> Self {
        Self { country, phones: Normaliser::default() }
    }

    fn says(&mut self, value: &str) -> String {
        let international =
            if phone::is_rounded(value) { None } else { self.phones.e164(value, self.country.as_deref()) };
        international.unwrap_or_else(|| plain_number(value))
    }
}

fn plain_number(value: &str) -> String {
    let digits = phone::digits(value);
    if digits.is_empty() { value.trim().to_owned() } else { digits }
}

/// The mark of something that a contact owns: a letter for what it is and a hash of what it says, however it is spelled. `text` gives
/// its fields; of a tag, its name. Without `numbers`, as it was made before numbers were known by their normal form.
pub(super) fn mark<'a>(
    kind: Kind,
    text: impl Fn(&str) -> &'a str,
    numbers: Option<&mut Numbers>,
) -> Option<String> {
    let (letter, says) = match kind {
        Kind::Method => {
            let value = text("value");
            let says = match text("type") {
                "email" => email::email_key(value),
                "phone" => numbers.map_or_else(|| plain_number(value), |numbers| numbers.says(value)),
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

fn text<'a>(new: &'a New, field: &str) -> &'a str {
    match new.get(field) {
        Some(Value::Text(text) | Value::Named(text)) => text,
        _ => "",
    }
}

fn mark_of(new: &New, numbers: Option<&mut Numbers>) -> Option<String> {
    mark(new.kind, |field| text(new, field), numbers)
}

/// Puts down what a record is made with.
pub(super) fn insert(base: &mut Map<String, Json>, children: &[New], numbers: &mut Numbers) {
    let mut all: Vec<String> = children.iter().filter_map(|new| mark_of(new, Some(numbers))).collect();
    all.sort_unstable();
    all.dedup();
    let labels: Vec<String> = labelled(children, numbers)
        .into_iter()
        .map(|one| format!("{}:{:08x}", one.mark, label_hash(one.label)))
        .collect();
    for (key, marks) in [(GIVEN, all), (LABELS, labels)] {
        if !marks.is_empty() {
            base.insert(key.to_owned(), marks.join(" ").into());
        }
    }
}

/// Something with a label that the source gives.
pub(super) struct Labelled<'a> {
    pub(super) kind: Kind,
    pub(super) mark: String,
    pub(super) label: &'a str,
}

/// What has a label that isn't a part of what it says; of the same thing twice the first.
pub(super) fn labelled<'a>(children: &'a [New], numbers: &mut Numbers) -> Vec<Labelled<'a>> {
    let mut all: Vec<Labelled<'a>> = Vec::new();
    for new in children.iter().filter(|new| matches!(new.kind, Kind::Method | Kind::Address)) {
        if let Some(mark) = mark_of(new, Some(numbers))
            && !all.iter().any(|known| known.mark == mark)
        {
            all.push(Labelled { kind: new.kind, mark, label: text(new, "label") });
        }
    }
    all
}

pub(super) fn label_hash(label: &str) -> u32 {
    short_hash(&[label]) as u32
}

/// The hashes of the labels that the source gave before, by the marks of what has them.
pub(super) fn labels(base: &Map<String, Json>) -> HashMap<&str, u32> {
    let all = base.get(LABELS).and_then(Json::as_str).unwrap_or_default();
    let pairs = all.split(' ').filter_map(|one| one.split_once(':'));
    pairs.filter_map(|(mark, hash)| Some((mark, u32::from_str_radix(hash, 16).ok()?))).collect()
}

/// The fingerprints of the rows that a source's last values came in.
pub(super) fn rows(base: &str) -> Vec<i64> {
    if !base.contains(ROWS) {
        return Vec::new();
    }
    let base: Map<String, Json> = serde_json::from_str(base).unwrap_or_default();
    let rows = base.get(ROWS).and_then(Json::as_str).unwrap_or_default();
    rows.split(' ').filter_map(|row| u64::from_str_radix(row, 16).ok()).map(|row| row as i64).collect()
}

fn given_by(base: &Map<String, Json>) -> Vec<&str> {
    base.get(GIVEN).and_then(Json::as_str).unwrap_or_default().split(' ').collect()
}

/// A row without what its source has given before: either it is still there, or somebody took it away.
pub(super) fn fresh(draft: &ContactDraft, base: &Map<String, Json>, numbers: &mut Numbers) -> ContactDraft {
    let given = given_by(base);
    let mut is_new = |part: ContactDraft| {
        let (children, _) = draft::children(part);
        let Some(new) = children.first() else { return true };
        let marks = [mark_of(new, Some(numbers)), mark_of(new, None)];
        !marks.into_iter().flatten().any(|mark| given.binary_search(&mark.as_str()).is_ok())
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
