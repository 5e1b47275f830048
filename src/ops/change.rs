//! One change to a contact: what the name that people type for a field means, and what becomes of its value.

use super::contacts::{contact, owned, parse_date, uid};
use super::{OpError, Result, draft, meant};
use crate::model::draft::{MethodDraft, NAME_PARTS};
use crate::model::schema::{Kind, METHOD_TYPES, Type};
use crate::model::value::Value;
use crate::model::when;
use crate::store::{Place, Tx, read, sql};
use crate::text;

/// One change to a contact, fields by the names that people type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Gives the field this value; for what there can be several of, the first one. An empty value clears it.
    Set {
        /// Which field.
        field: String,
        /// The value as text.
        value: String,
    },
    /// Adds a value to what there can be several of.
    Add {
        /// Which field.
        field: String,
        /// The value as text.
        value: String,
    },
    /// Takes one of several values away.
    Remove {
        /// Which field.
        field: String,
        /// The value as text; empty for all.
        value: String,
    },
}

/// What a field's name means for a contact.
enum Slot {
    Scalar(&'static str, Type),
    Company,
    Tag,
    Method { kind: &'static str, qualifier: String },
    Date(String),
    Address { label: String, part: &'static str },
    Custom(Place),
}

/// What a field's name means.
fn slot(tx: &Tx<'_>, name: &str) -> Result<Slot> {
    let lower = text::fold(name.trim()).replace('-', "_");
    if let Some(key) = lower.strip_prefix("field:").or_else(|| lower.strip_prefix("field.")) {
        return custom(tx, key)?
            .ok_or_else(|| OpError::UnknownField { name: name.to_owned(), nearest: None });
    }
    let mut parts = lower.splitn(3, ['.', ':']);
    let head = parts.next().unwrap_or_default();
    let second = name.split(['.', ':']).nth(1).unwrap_or_default().trim().to_owned();
    let third = parts.nth(1).unwrap_or_default();
    if let Some(kind) =
        METHOD_TYPES.iter().find(|kind| **kind == head || head.strip_suffix('s') == Some(**kind))
    {
        return Ok(Slot::Method { kind, qualifier: second });
    }
    match head {
        "company" | "org" => return Ok(Slot::Company),
        "tag" | "tags" => return Ok(Slot::Tag),
        "birthday" | "anniversary" => return Ok(Slot::Date(head.to_owned())),
        "date" if !second.is_empty() => return Ok(Slot::Date(second)),
        "mobile" => return Ok(Slot::Method { kind: "phone", qualifier: "mobile".to_owned() }),
        "website" => return Ok(Slot::Method { kind: "url", qualifier: String::new() }),
        _ => {}
    }
    if let Some((label, part)) = address_part(head, &second, third) {
        return Ok(Slot::Address { label, part });
    }
    let record = Kind::Contact.record();
    let alias = match lower.as_str() {
        "notes" => "note",
        "first_name" => "given",
        "last_name" | "surname" => "family",
        "star" => "starred",
        other => other,
    };
    if let Some(at) = record.field(alias).filter(|at| record.fields[*at].map) {
        return Ok(Slot::Scalar(record.fields[at].name, record.fields[at].ty));
    }
    match custom(tx, &lower)? {
        Some(slot) => Ok(slot),
        None => Err(OpError::UnknownField { name: name.to_owned(), nearest: nearest(tx, &lower)? }),
    }
}

fn address_part(head: &str, second: &str, third: &str) -> Option<(String, &'static str)> {
    const PARTS: [&str; 7] = ["street", "extended", "po_box", "city", "region", "postcode", "country"];
    let part = |name: &str| PARTS.iter().find(|part| **part == name).copied();
    match (head, third) {
        ("address", "") => Some(match part(second) {
            Some(part) => (String::new(), part),
            None => (second.to_owned(), "street"),
        }),
        ("address", third) => Some((second.to_owned(), part(third)?)),
        (head, _) => Some((second.to_owned(), part(head)?)),
    }
}

fn custom(tx: &Tx<'_>, key: &str) -> Result<Option<Slot>> {
    Ok(match draft::named(tx.conn(), Kind::Field, "key", key)? {
        Some((id, false)) => Some(Slot::Custom(Place { kind: Kind::Field, id, n: 0 })),
        _ => None,
    })
}

fn nearest(tx: &Tx<'_>, name: &str) -> Result<Option<String>> {
    let mut names: Vec<String> =
        Kind::Contact.record().fields.iter().map(|field| field.name.to_owned()).collect();
    names.extend(["email", "phone", "url", "im", "social", "tag", "birthday", "address"].map(str::to_owned));
    let sql = format!("select key from field where {} and key is not null", draft::is_there(Kind::Field));
    let mut statement = tx.conn().prepare_cached(&sql)?;
    let keys = statement.query_map([], |row| row.get::<_, String>(0))?;
    names.extend(keys.collect::<rusqlite::Result<Vec<_>>>()?);
    let best = names.into_iter().min_by_key(|known| text::edit_distance(known, name));
    Ok(best.filter(|best| text::edit_distance(best, name) <= 2))
}

/// Carries a change out.
pub(super) fn apply(tx: &mut Tx<'_>, id: i64, change: &Change) -> Result<()> {
    let (field, value) = match change {
        Change::Set { field, value } | Change::Add { field, value } | Change::Remove { field, value } => {
            (field.as_str(), value.trim())
        }
    };
    match slot(tx, field)? {
        Slot::Scalar(name, ty) => {
            let value = match change {
                Change::Remove { .. } => Value::Null,
                _ => {
                    meant::scalar(name, value)?;
                    let value = draft::scalar(field, ty, value)?;
                    if matches!(change, Change::Add { .. }) { beside(tx, id, name, value)? } else { value }
                }
            };
            set_scalar(tx, id, name, value)
        }
        Slot::Company => {
            let value = match change {
                Change::Remove { .. } => Value::Null,
                _ if value.is_empty() => Value::Null,
                _ => {
                    meant::scalar("company", value)?;
                    let company = draft::company(tx, value)?;
                    if matches!(change, Change::Add { .. }) {
                        beside(tx, id, "company", company)?
                    } else {
                        company
                    }
                }
            };
            Ok(tx.set(contact(id), "company", value).map(drop)?)
        }
        Slot::Tag => match change {
            Change::Set { .. } => {
                let wanted: Vec<String> = value
                    .split([',', ';', '，', '；'])
                    .map(|tag| tag.trim().to_owned())
                    .filter(|tag| !tag.is_empty())
                    .collect();
                wanted.iter().try_for_each(|tag| meant::tag(tag))?;
                super::tags::set_tags(tx, id, &wanted)
            }
            Change::Add { .. } => {
                meant::tag(value)?;
                super::tags::add_tag(tx, id, value).map(drop)
            }
            Change::Remove { .. } => super::tags::remove_tag(tx, id, value).map(drop),
        },
        Slot::Method { kind, qualifier } => {
            if !matches!(change, Change::Remove { .. }) {
                meant::method(kind, value)?;
            }
            change_method(tx, id, kind, &qualifier, change, value)
        }
        Slot::Date(label) => change_date(tx, id, &label, change, value),
        Slot::Address { label, part } => change_address(tx, id, &label, part, change, value),
        Slot::Custom(field) => change_custom(tx, id, field, change, value),
    }
}

/// What is added to a field that holds one value: a note goes on; anything else there is has to be replaced in so many words.
fn beside(tx: &Tx<'_>, id: i64, name: &'static str, value: Value) -> Result<Value> {
    let record = Kind::Contact.record();
    let Some(at) = record.field(name) else { return Ok(value) };
    match (sql::value_at(tx.conn(), contact(id), at)?, value) {
        (Value::Null, value) => Ok(value),
        (old, value) if old == value => Ok(value),
        (Value::Text(old), Value::Text(new)) if record.fields[at].ty == Type::Long => {
            Ok(Value::text(format!("{old}\n{new}")))
        }
        (_, value) => Err(one_value(name, value.as_text().unwrap_or_default())),
    }
}

fn one_value(field: &str, value: &str) -> OpError {
    OpError::BadValue { field: field.to_owned(), value: value.to_owned(), expected: "one-value".to_owned() }
}

/// Sets a scalar; the whole name and its parts follow each other as long as they agreed.
pub(super) fn set_scalar(tx: &mut Tx<'_>, id: i64, field: &str, value: Value) -> Result<()> {
    let now = read::tops(tx.conn(), Kind::Contact, &read::list([id]))?;
    let old = now
        .first()
        .map(|raw| (NAME_PARTS.map(|part| raw.text(part).to_owned()), raw.text("name").to_owned()));
    let person = now.first().is_none_or(|raw| raw.text("kind") != "company");
    if !tx.set(contact(id), field, value.clone())? || !person {
        return Ok(());
    }
    let Some((mut parts, name)) = old else { return Ok(()) };
    let whole =
        |parts: &[String; 5]| text::display_name(&parts[0], &parts[1], &parts[2], &parts[3], &parts[4]);
    let agreed = name == whole(&parts) || name.is_empty();
    if let Some(at) = NAME_PARTS.iter().position(|part| *part == field) {
        value.as_text().unwrap_or_default().clone_into(&mut parts[at]);
        if agreed {
            tx.set(contact(id), "name", Value::text(whole(&parts)))?;
        }
    } else if field == "name" && agreed {
        let split = text::split_name(value.as_text().unwrap_or_default());
        for (part, text) in
            NAME_PARTS.iter().zip([split.prefix, split.given, split.middle, split.family, split.suffix])
        {
            tx.set(contact(id), part, Value::text(text))?;
        }
    }
    Ok(())
}

fn change_method(
    tx: &mut Tx<'_>,
    id: i64,
    kind: &str,
    qualifier: &str,
    change: &Change,
    value: &str,
) -> Result<()> {
    let service = matches!(kind, "im" | "social");
    let qualified = |raw: &read::Raw| {
        let text = raw.text(if service { "service" } else { "label" });
        qualifier.is_empty() || text::fold(text) == text::fold(qualifier)
    };
    let found: Vec<read::Raw> = owned(tx, id, Kind::Method)?
        .into_iter()
        .filter(|raw| raw.text("type") == kind && qualified(raw))
        .collect();
    let same = |raw: &&read::Raw| same_method(kind, raw.text("value"), value);
    let new = |tx: &mut Tx<'_>| -> Result<()> {
        let (service, label) = if service { (qualifier, "") } else { ("", qualifier) };
        let draft = MethodDraft {
            kind: kind.to_owned(),
            service: service.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
            preferred: false,
        };
        let owner = uid(tx, id)?;
        Ok(tx.create_under(owner, draft::method(draft)).map(drop)?)
    };
    match change {
        Change::Set { .. } if value.is_empty() => {
            found.iter().try_for_each(|raw| Ok(tx.delete(raw.place).map(drop)?))
        }
        Change::Set { .. } => match found.first() {
            Some(raw) => Ok(tx.set(raw.place, "value", Value::text(value)).map(drop)?),
            None => new(tx),
        },
        Change::Add { .. } if value.is_empty() => Ok(()),
        Change::Add { .. } => {
            if found.iter().any(|raw| same(&raw)) {
                Ok(())
            } else {
                new(tx)
            }
        }
        Change::Remove { .. } => {
            let gone: Vec<_> =
                found.iter().filter(|raw| value.is_empty() || same(raw)).map(|raw| raw.place).collect();
            gone.into_iter().try_for_each(|place| Ok(tx.delete(place).map(drop)?))
        }
    }
}

/// Whether two ways to reach someone are the same one, however they were typed.
pub(super) fn same_method(kind: &str, a: &str, b: &str) -> bool {
    use crate::model::{email, phone};
    match kind {
        "email" => email::email_key(a) == email::email_key(b),
        "phone" => {
            let (x, y) = (phone::digits(a), phone::digits(b));
            // The same number as it is dialled from abroad: +45 and 0045.
            let abroad = || phone::e164(a, None).is_some_and(|a| phone::e164(b, None) == Some(a));
            if x.is_empty() { a == b } else { x == y || abroad() }
        }
        _ => a.trim() == b.trim(),
    }
}

fn change_date(tx: &mut Tx<'_>, id: i64, label: &str, change: &Change, value: &str) -> Result<()> {
    let mut found: Vec<read::Raw> = owned(tx, id, Kind::Date)?
        .into_iter()
        .filter(|raw| text::fold(raw.text("label")) == text::fold(label))
        .collect();
    if matches!(change, Change::Remove { .. }) || value.is_empty() {
        let read = when::parse_date(value, None);
        let is_meant = |raw: &&read::Raw| {
            let date = raw.text("date");
            value.is_empty() || date == value.trim() || read.as_deref() == Some(date)
        };
        return found.iter().filter(is_meant).try_for_each(|raw| Ok(tx.delete(raw.place).map(drop)?));
    }
    let date = parse_date(label, value)?;
    if label == "birthday" && matches!(change, Change::Set { .. }) {
        // Of other days there may be several; two birthdays in one calendar come from two devices that set it at once.
        found.retain(|raw| raw.text("calendar").is_empty());
        found.iter().skip(1).try_for_each(|other| tx.delete(other.place).map(drop))?;
    }
    match found.first() {
        Some(raw) if matches!(change, Change::Set { .. }) || raw.text("date") == date => {
            Ok(tx.set(raw.place, "date", Value::text(date)).map(drop)?)
        }
        _ => {
            let owner = uid(tx, id)?;
            let new = crate::model::edit::New::of(Kind::Date).with("label", Value::text(label));
            Ok(tx.create_under(owner, new.with("date", Value::text(date))).map(drop)?)
        }
    }
}

fn change_address(
    tx: &mut Tx<'_>,
    id: i64,
    label: &str,
    part: &str,
    change: &Change,
    value: &str,
) -> Result<()> {
    let found: Vec<read::Raw> = owned(tx, id, Kind::Address)?
        .into_iter()
        .filter(|raw| label.is_empty() || text::fold(raw.text("label")) == text::fold(label))
        .collect();
    match (change, found.first()) {
        (Change::Remove { .. }, _) if part == "street" && value.is_empty() => {
            found.iter().try_for_each(|raw| Ok(tx.delete(raw.place).map(drop)?))
        }
        (Change::Remove { .. }, Some(raw)) => Ok(tx.set(raw.place, part, Value::Null).map(drop)?),
        (Change::Remove { .. }, None) => Ok(()),
        (Change::Set { .. }, Some(raw)) => Ok(tx.set(raw.place, part, Value::text(value)).map(drop)?),
        (_, _) if value.is_empty() => Ok(()),
        _ => {
            let owner = uid(tx, id)?;
            let new = crate::model::edit::New::of(Kind::Address).with("label", Value::text(label));
            Ok(tx.create_under(owner, new.with(part, Value::text(value))).map(drop)?)
        }
    }
}

fn change_custom(tx: &mut Tx<'_>, id: i64, field: Place, change: &Change, value: &str) -> Result<()> {
    let found: Vec<read::Raw> = owned(tx, id, Kind::FieldValue)?
        .into_iter()
        .filter(|raw| raw.int("field") == Some(field.id))
        .collect();
    if matches!(change, Change::Remove { .. }) || value.is_empty() {
        return found.iter().try_for_each(|raw| Ok(tx.delete(raw.place).map(drop)?));
    }
    let key = sql::value_at(tx.conn(), field, Kind::Field.record().field("key").unwrap_or_default())?;
    let key = key.as_text().unwrap_or_default().to_owned();
    let value = super::fields::check_value(tx.conn(), &key, value)?;
    if let (Change::Add { .. }, Some(raw)) = (change, found.last())
        && raw.text("value") != value
    {
        return Err(one_value(&key, &value));
    }
    // Of two values that devices gave it at once the last is the one shown; whoever sets it decides.
    match found.split_last() {
        Some((raw, others)) => {
            others.iter().try_for_each(|other| tx.delete(other.place).map(drop))?;
            Ok(tx.set(raw.place, "value", Value::text(value)).map(drop)?)
        }
        None => {
            let owner = uid(tx, id)?;
            let reference = draft::field(tx, &key)?;
            let new = crate::model::edit::New::of(Kind::FieldValue).with("field", reference);
            Ok(tx.create_under(owner, new.with("value", Value::text(value))).map(drop)?)
        }
    }
}
