//! A contact's JSON object as a draft: wrong types are refused by name, unknown keys are kept.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::out::{ConsentOut, plain};
use crate::exchange::mailbox;
use crate::exchange::mapping::{REASON_COLUMN, field, is_ambiguous};
use crate::exchange::table::is_someone;
use crate::exchange::{Reason, RowItem, UNMAPPED_NAMED, Warning, WarningKind};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, LinkDraft, MethodDraft};
use crate::model::schema::{Kind, Type};
use crate::model::when::parse_date;

/// Keys that no field was found for, over all of a file.
#[derive(Default)]
pub(super) struct Unknown {
    seen: HashSet<String>,
    /// The first of them, in their order.
    named: Vec<String>,
}

/// More of them than this are not told apart.
const UNKNOWN_MAX: usize = 1000;

impl Unknown {
    /// Takes note of a key; the place in a list that it stands at makes no other one of it.
    fn add(&mut self, path: &str) {
        let mut key = String::with_capacity(path.len());
        for part in path.split_inclusive('[') {
            let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            key.push_str(&part[if part[digits..].starts_with(']') { digits } else { 0 }..]);
        }
        if self.seen.len() < UNKNOWN_MAX && self.seen.insert(key.clone()) && self.named.len() < UNMAPPED_NAMED
        {
            self.named.push(key);
        }
    }

    /// The one warning that names them.
    pub(super) fn warning(&mut self) -> Option<Warning> {
        let Self { seen, mut named } = std::mem::take(self);
        if seen.len() > named.len() {
            named.push("…".to_owned());
        }
        let (column, value) = (named.join(", "), seen.len().to_string());
        (!seen.is_empty()).then_some(Warning { line: 0, column, value, kind: WarningKind::Unmapped })
    }
}

/// Dates as they are stored; one that doesn't read is kept as it is, and named. What a book has written comes back as it stood there.
fn dates(draft: &mut ContactDraft, line: u64, warnings: &mut Vec<Warning>) {
    if draft.id.is_some() {
        return;
    }
    for date in &mut draft.dates {
        if date.date.trim().is_empty() || !matches!(date.calendar.as_str(), "" | "gregorian") {
            continue;
        }
        match parse_date(&date.date, None) {
            Some(read) => date.date = read,
            None => {
                let kind =
                    if is_ambiguous(&date.date) { WarningKind::AmbiguousDate } else { WarningKind::NoDate };
                let column = if date.label == "birthday" { "birthday" } else { "dates" }.to_owned();
                warnings.push(Warning { line, column, value: date.date.clone(), kind });
            }
        }
    }
}

/// Reads an object: a contact, or, where `record` says so, another record of a whole book.
pub(super) fn item(value: Value, line: u64, unknown: &mut Unknown, warnings: &mut Vec<Warning>) -> RowItem {
    let Value::Object(mut map) = value else {
        return RowItem::Bad(wrong("", "an object"));
    };
    match map.get("record") {
        None => {}
        Some(Value::String(kind)) if kind == "contact" => {
            map.shift_remove("record");
        }
        Some(Value::String(_)) => return RowItem::Record(map),
        Some(_) => return RowItem::Bad(wrong("record", "text")),
    }
    match read(map) {
        Ok((mut draft, keys)) if is_someone(&draft) => {
            keys.iter().for_each(|key| unknown.add(key));
            dates(&mut draft, line, warnings);
            RowItem::Contact(Box::new(draft))
        }
        Ok(_) => RowItem::Bad(Reason::NoName),
        Err(reason) => RowItem::Bad(reason),
    }
}

fn wrong(key: impl Into<String>, expected: &'static str) -> Reason {
    Reason::WrongType { key: key.into(), expected }
}

/// Reads a contact as `list --format json` writes it and people type it.
pub fn contact(map: Map<String, Value>) -> Result<ContactDraft, Reason> {
    read(map).map(|(draft, _)| draft)
}

/// The same with the keys that no field was found for.
fn read(map: Map<String, Value>) -> Result<(ContactDraft, Vec<String>), Reason> {
    let mut draft = ContactDraft::default();
    let mut extras = Vec::new();
    let mut birthday = None;
    for (key, value) in map {
        if value.is_null() {
            continue;
        }
        match key.as_str() {
            "id" => draft.id = Some(text(value, &key)?).filter(|id| !id.is_empty()),
            "external_id" => draft.external_id = Some(text(value, &key)?).filter(|id| !id.is_empty()),
            "kind" => match text(value, &key)?.as_str() {
                "" | "person" => {}
                "company" => "company".clone_into(&mut draft.kind),
                _ => return Err(wrong(key, "person or company")),
            },
            "company" => draft.company = named(value, "company")?,
            "starred" | "archived" => {
                if flag(&value, &key)?
                    && let Some(name) = field(&key)
                {
                    draft.set(name, "true");
                }
            }
            "implied" => {
                if flag(&value, &key)? {
                    draft.set("implied", "true");
                }
            }
            "deleted" => draft.deleted = flag(&value, &key)?,
            "emails" | "phones" | "urls" | "ims" | "socials" => {
                methods(&mut draft, &key[..key.len() - 1], &key, value)?;
            }
            "email" | "phone" | "url" => methods(&mut draft, &key, &key, value)?,
            "addresses" => each(value, &key, |value, path| {
                let address = address(&mut draft, value, path)?;
                draft.addresses.push(address);
                Ok(())
            })?,
            "dates" => each(value, &key, |value, path| {
                let mut map = object(value, path)?;
                let date = DateDraft {
                    label: take(&mut map, "label", path)?,
                    date: take(&mut map, "date", path)?,
                    calendar: take(&mut map, "calendar", path)?,
                };
                leftover(&mut draft, map, path);
                draft.dates.push(date);
                Ok(())
            })?,
            "birthday" => birthday = Some(text(value, &key)?).filter(|date| !date.is_empty()),
            "tags" => {
                let mut seen = HashSet::new();
                each(value, &key, |value, path| {
                    let tag = text(value, path)?;
                    if !tag.is_empty() && seen.insert(tag.clone()) {
                        draft.tags.push(tag);
                    }
                    Ok(())
                })?;
            }
            "fields" => {
                for (name, value) in object(value, &key)? {
                    if !value.is_null() {
                        draft.values.push((name, plain(&value)));
                    }
                }
            }
            "links" => each(value, &key, |value, path| {
                let mut map = object(value, path)?;
                let link = LinkDraft {
                    relation: take(&mut map, "relation", path)?,
                    id: take(&mut map, "id", path)?,
                    name: take(&mut map, "name", path)?,
                };
                leftover(&mut draft, map, path);
                draft.links.push(link);
                Ok(())
            })?,
            "consents" => each(value, &key, |value, path| {
                let (consent, rest) = consent(object(value, path)?, path)?;
                leftover(&mut draft, rest, path);
                draft.records.push(consent.into());
                Ok(())
            })?,
            "extras" => each(value, &key, |value, path| {
                let mut map = object(value, path)?;
                let extra = ExtraDraft {
                    source: take(&mut map, "source", path)?,
                    name: take(&mut map, "name", path)?,
                    params: take(&mut map, "params", path)?,
                    value: take(&mut map, "value", path)?,
                };
                extras.push(extra);
                Ok(())
            })?,
            "created" => draft.created = text(value, &key)?,
            "updated" => draft.updated = text(value, &key)?,
            // Derived from what else the book holds.
            "last" | "next" | REASON_COLUMN => {}
            _ => match field(&key) {
                Some(name) => draft.set(name, text(value, &key)?),
                None => keep(&mut draft, &key, &value),
            },
        }
    }
    if let Some(date) = birthday {
        draft.dates.insert(0, DateDraft { label: "birthday".into(), date, calendar: String::new() });
    }
    let unknown = draft.extras.iter().map(|extra| extra.name.clone()).collect();
    draft.extras.append(&mut extras);
    mailbox::settle(&mut draft, super::SYSTEM);
    Ok((draft, unknown))
}

/// What someone has agreed to, and the keys that say nothing of it.
pub(in crate::exchange) fn consent(
    mut map: Map<String, Value>,
    path: &str,
) -> Result<(ConsentOut, Map<String, Value>), Reason> {
    let mut consent = ConsentOut::default();
    for (name, slot) in consent.fields_mut() {
        *slot = take(&mut map, name, path)?;
    }
    if !is_status(&consent.status) {
        return Err(wrong(format!("{path}.status"), "granted, denied, withdrawn or pending"));
    }
    Ok((consent, map))
}

/// A list of consents, if a text is one and says nothing else.
pub(in crate::exchange) fn consents(text: &str) -> Option<Vec<ConsentOut>> {
    let list: Vec<Map<String, Value>> = serde_json::from_str(text).ok()?;
    list.into_iter()
        .map(|map| consent(map, "").ok().filter(|(_, rest)| rest.is_empty()).map(|(consent, _)| consent))
        .collect()
}

/// Whether a consent may have this status.
fn is_status(text: &str) -> bool {
    let field = Kind::Consent.record().fields.iter().find(|field| field.name == "status");
    text.is_empty()
        || matches!(field.map(|field| field.ty), Some(Type::Choice(words)) if words.contains(&text))
}

fn keep(draft: &mut ContactDraft, name: &str, value: &Value) {
    draft.extras.push(ExtraDraft {
        source: super::SYSTEM.to_owned(),
        name: name.to_owned(),
        params: String::new(),
        value: plain(value),
    });
}

/// Keeps what an object within a contact has beside the known keys.
fn leftover(draft: &mut ContactDraft, map: Map<String, Value>, path: &str) {
    for (key, value) in map {
        if !value.is_null() {
            keep(draft, &format!("{path}.{key}"), &value);
        }
    }
}

fn text(value: Value, path: &str) -> Result<String, Reason> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null => Ok(String::new()),
        _ => Err(wrong(path, "text")),
    }
}

fn flag(value: &Value, path: &str) -> Result<bool, Reason> {
    value.as_bool().ok_or_else(|| wrong(path, "true or false"))
}

fn object(value: Value, path: &str) -> Result<Map<String, Value>, Reason> {
    if let Value::Object(map) = value { Ok(map) } else { Err(wrong(path, "an object")) }
}

fn take(map: &mut Map<String, Value>, key: &str, path: &str) -> Result<String, Reason> {
    match map.shift_remove(key) {
        None => Ok(String::new()),
        Some(value) => text(value, &format!("{path}.{key}")),
    }
}

/// A name, or an object with one.
fn named(value: Value, path: &str) -> Result<String, Reason> {
    match value {
        Value::String(name) => Ok(name),
        Value::Object(mut map) => take(&mut map, "name", path),
        _ => Err(wrong(path, "text or an object")),
    }
}

fn each(
    value: Value,
    key: &str,
    mut visit: impl FnMut(Value, &str) -> Result<(), Reason>,
) -> Result<(), Reason> {
    let Value::Array(list) = value else { return Err(wrong(key, "a list")) };
    list.into_iter()
        .enumerate()
        .filter(|(_, value)| !value.is_null())
        .try_for_each(|(index, value)| visit(value, &format!("{key}[{index}]")))
}

fn methods(draft: &mut ContactDraft, kind: &str, key: &str, value: Value) -> Result<(), Reason> {
    let list = if value.is_string() { Value::Array(vec![value]) } else { value };
    each(list, key, |value, path| {
        let mut method = MethodDraft { kind: kind.to_owned(), ..MethodDraft::default() };
        match value {
            Value::String(text) => method.value = text,
            Value::Object(mut map) => {
                method.value = take(&mut map, "value", path)?;
                method.label = take(&mut map, "label", path)?;
                method.service = take(&mut map, "service", path)?;
                if let Some(value) = map.shift_remove("preferred") {
                    method.preferred = flag(&value, &format!("{path}.preferred"))?;
                }
                map.shift_remove("normal");
                leftover(draft, map, path);
            }
            _ => return Err(wrong(path, "text or an object")),
        }
        if !method.value.trim().is_empty() {
            draft.methods.push(method);
        }
        Ok(())
    })
}

fn address(draft: &mut ContactDraft, value: Value, path: &str) -> Result<AddressDraft, Reason> {
    if let Value::String(street) = value {
        return Ok(AddressDraft { street, ..AddressDraft::default() });
    }
    let mut map = object(value, path)?;
    let address = AddressDraft {
        label: take(&mut map, "label", path)?,
        street: take(&mut map, "street", path)?,
        extended: take(&mut map, "extended", path)?,
        po_box: take(&mut map, "po_box", path)?,
        city: take(&mut map, "city", path)?,
        region: take(&mut map, "region", path)?,
        postcode: take(&mut map, "postcode", path)?,
        country: take(&mut map, "country", path)?,
    };
    leftover(draft, map, path);
    Ok(address)
}
