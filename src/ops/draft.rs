//! From what was typed or imported to records: a draft becomes a `New` with its children, and the records that it names
//! (company, tags, custom fields) are made where they are missing.

use super::{OpError, Result};
use crate::model::draft::{ContactDraft, MethodDraft, NAME_PARTS};
use crate::model::edit::{New, NewId};
use crate::model::ids::{Gid, named_v8};
use crate::model::schema::{Kind, Type};
use crate::model::value::Value;
use crate::model::when;
use crate::store::{Place, Tx, sql};
use crate::text;
use rusqlite::Connection;

/// Fills in what follows from the rest: the parts of a name from the whole, or the whole from the parts.
pub(super) fn complete(draft: &mut ContactDraft) {
    if draft.kind == "company" {
        return;
    }
    let part = |draft: &ContactDraft, field: &str| draft.get(field).unwrap_or_default().to_owned();
    let parts = NAME_PARTS.map(|field| part(draft, field));
    match draft.get("name") {
        Some(name) if parts[1].is_empty() && parts[3].is_empty() => {
            let split = text::split_name(name);
            draft.split_into([split.prefix, split.given, split.middle, split.family, split.suffix]);
        }
        None => {
            let [prefix, given, middle, family, suffix] = &parts;
            draft.set("name", text::display_name(prefix, given, middle, family, suffix));
        }
        Some(_) => {}
    }
}

/// A scalar field's text as its value.
pub(super) fn scalar(field: &str, ty: Type, text: &str) -> Result<Value> {
    let bad = |expected: &str| OpError::BadValue {
        field: field.to_owned(),
        value: text.to_owned(),
        expected: expected.to_owned(),
    };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    Ok(match ty {
        Type::Flag => Value::flag(yes_no(text).ok_or_else(|| bad("yes-no"))?),
        Type::Int => Value::Int(text.trim().parse().map_err(|_| bad("number"))?),
        Type::Decimal => Value::Int(crate::model::value::parse_decimal(text).ok_or_else(|| bad("number"))?),
        Type::Span => Value::text(when::parse_span(text).map_err(|_| bad("span"))?.to_string()),
        Type::Date => Value::text(when::parse_date(text, None).ok_or_else(|| bad("date"))?),
        Type::Choice(choices) => {
            let folded = text::fold(text.trim());
            let choice =
                choices.iter().find(|choice| **choice == folded).ok_or_else(|| bad(&choices.join(", ")))?;
            Value::text(*choice)
        }
        Type::Long => Value::text(text),
        _ => Value::text(text.trim()),
    })
}

/// Reads a flag in either language.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text::fold(text.trim()).as_str() {
        "yes" | "y" | "true" | "1" | "on" | "是" | "有" => Some(true),
        "no" | "n" | "false" | "0" | "off" | "否" | "无" => Some(false),
        _ => None,
    }
}

/// A method as a record.
pub(super) fn method(draft: MethodDraft) -> New {
    let mut new = New::of(Kind::Method);
    new.fields.reserve(4);
    new.with("type", Value::text(draft.kind))
        .with("service", Value::text(draft.service))
        .with("label", Value::text(draft.label))
        .with("value", Value::text(draft.value))
}

/// The children that a draft brings, kinds together; and the position (from 1) of the preferred e-mail and phone.
pub(super) fn children(draft: ContactDraft) -> (Vec<New>, [Option<i64>; 2]) {
    let mut all = Vec::with_capacity(
        1 + draft.methods.len()
            + draft.addresses.len()
            + draft.dates.len()
            + draft.tags.len()
            + draft.values.len()
            + draft.extras.len(),
    );
    let mut preferred = [None, None];
    for found in draft.methods.into_iter().filter(|method| !method.value.is_empty()) {
        let slot = match found.kind.as_str() {
            "email" => Some(0),
            "phone" => Some(1),
            _ => None,
        };
        if let Some(slot) = slot.filter(|slot| found.preferred && preferred[*slot].is_none()) {
            preferred[slot] = Some(all.len() as i64 + 1);
        }
        all.push(method(found));
    }
    for address in draft.addresses.into_iter().filter(|address| !address.is_empty()) {
        let mut new = New::of(Kind::Address);
        for (field, value) in [
            ("label", address.label),
            ("street", address.street),
            ("extended", address.extended),
            ("po_box", address.po_box),
            ("city", address.city),
            ("region", address.region),
            ("postcode", address.postcode),
            ("country", address.country),
        ] {
            new.put(field, Value::text(value));
        }
        all.push(new);
    }
    for date in draft.dates.into_iter().filter(|date| !date.date.is_empty()) {
        let calendar = if date.calendar == "gregorian" { String::new() } else { date.calendar };
        all.push(
            New::of(Kind::Date)
                .with("label", Value::text(date.label))
                .with("date", Value::text(date.date))
                .with("calendar", Value::text(calendar)),
        );
    }
    let mut seen: Vec<String> = Vec::new();
    let one = draft.tags.len() == 1;
    for tag in draft.tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if !one {
            let key = crate::model::ids::named_key(tag);
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
        }
        all.push(New::of(Kind::Tagging).with("tag", Value::Named(tag.to_owned())));
    }
    for (key, value) in draft.values.into_iter().filter(|(_, value)| !value.is_empty()) {
        let new = New::of(Kind::FieldValue).with("field", Value::Named(key));
        all.push(new.with("value", Value::text(value)));
    }
    for link in draft.links {
        let new = New::of(Kind::Link).with("relation", Value::text(link.relation));
        all.push(new.with("name", Value::text(link.name)));
    }
    for extra in draft.extras {
        all.push(
            New::of(Kind::Extra)
                .with("source", Value::text(extra.source))
                .with("name", Value::text(extra.name))
                .with("params", Value::text(extra.params))
                .with("value", Value::text(extra.value)),
        );
    }
    (all, preferred)
}

/// A draft as one record with its children; company, tags and custom fields by name. Values are taken as they are.
pub(super) fn record(mut draft: ContactDraft) -> New {
    let mut new = New::of(Kind::Contact);
    new.fields.reserve(draft.fields.len() + 4);
    let record = Kind::Contact.record();
    if draft.kind == "company" {
        new.put("kind", Value::text("company"));
    }
    for (field, value) in std::mem::take(&mut draft.fields) {
        let Some(at) = record.field(field) else { continue };
        let value = match record.fields[at].ty {
            Type::Flag => Value::flag(yes_no(&value).unwrap_or(false)),
            Type::Ref(_) => continue,
            _ => Value::text(value),
        };
        new.put(field, value);
    }
    let company = draft.company.trim();
    if !company.is_empty() {
        new.put("company", Value::Named(company.to_owned()));
    }
    new.created = chrono::DateTime::parse_from_rfc3339(&draft.created).ok().map(|at| at.timestamp_millis());
    if let Some(Gid::Uid(uid)) = draft.id.as_deref().and_then(Gid::parse) {
        new.id = NewId::Given(Gid::Uid(uid));
    }
    let (children, preferred) = children(draft);
    new.children = children;
    for (field, at) in [("preferred_email", preferred[0]), ("preferred_phone", preferred[1])] {
        if let Some(at) = at {
            new.put(field, Value::Own(at));
        }
    }
    new
}

/// The company with this name as a reference: one that is called so now, else the one whose id is made from the name,
/// which is made (as an implied one) if it isn't there.
pub(super) fn company(tx: &mut Tx<'_>, name: &str) -> Result<Value> {
    let name = name.trim();
    if let Some(id) = company_named(tx.conn(), name)? {
        return reference(tx, Kind::Contact, id, name);
    }
    let id = NewId::Named(name.to_owned());
    match sql::id_of(tx.conn(), Kind::Contact, &named_v8(&tx.book(), "contact", name))? {
        // Its id is taken by one that was renamed since; a new one must get an id of its own.
        Some(_) => {
            let place = tx.create(implied(name))?;
            reference(tx, Kind::Contact, place.id, name)
        }
        None => {
            tx.create(implied(name).with_id(id))?;
            Ok(Value::Named(name.to_owned()))
        }
    }
}

fn implied(name: &str) -> New {
    New::of(Kind::Contact)
        .with("kind", Value::text("company"))
        .with("name", Value::text(name))
        .with("implied", Value::flag(true))
}

fn reference(tx: &Tx<'_>, kind: Kind, id: i64, name: &str) -> Result<Value> {
    let uid = sql::uid_of(tx.conn(), kind, id)?.unwrap_or_default();
    Ok(if uid == named_v8(&tx.book(), kind.record().name, name) {
        Value::Named(name.to_owned())
    } else {
        Value::Ref(Gid::Uid(uid))
    })
}

/// The company that is called so now, whatever its id.
pub(super) fn company_named(conn: &Connection, name: &str) -> Result<Option<i64>> {
    let (sort, folded) = (text::sort_key(name), text::fold(name));
    let mut statement = conn.prepare_cached(
        "select root, name from contact where hidden in (0, 1, 2, 4) and sort=?1 and kind='company' order by hidden, id",
    )?;
    let mut rows = statement.query([sort])?;
    while let Some(row) = rows.next()? {
        if text::fold(row.get_ref(1)?.as_str_or_null().ok().flatten().unwrap_or_default()) == folded {
            return Ok(Some(row.get(0)?));
        }
    }
    Ok(None)
}

/// The condition in SQL under which a record that has a name is there. A tag or custom field that was deleted still is as long
/// as somebody has it: whoever gave it to them at the same time did not know of the deletion, and adding wins.
pub(super) const fn is_there(kind: Kind) -> &'static str {
    match kind {
        Kind::Tag => {
            "(tag.deleted is null or exists (select 1 from tagging g where g.tag=tag.id and g.deleted is null))"
        }
        Kind::Field => {
            "(field.deleted is null or exists (select 1 from value v where v.field=field.id and v.deleted is null))"
        }
        _ => "deleted is null",
    }
}

/// The record of a kind that is named by `column` (a tag's name, a field's key), and whether it is there no more.
pub(super) fn named(conn: &Connection, kind: Kind, column: &str, name: &str) -> Result<Option<(i64, bool)>> {
    // Spelt as it is, it is found without folding what all others are called.
    let sql = format!(
        "select id from \"{}\" where \"{column}\"=?1 and deleted is null limit 1",
        kind.record().name
    );
    if let Some(row) = conn.prepare_cached(&sql)?.query([name])?.next()? {
        return Ok(Some((row.get(0)?, false)));
    }
    let sql = format!(
        "select id, not {} gone from \"{}\" where fold(\"{column}\")=fold(?1) order by gone, deleted is not null, id limit 1",
        is_there(kind),
        kind.record().name
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([name])?;
    Ok(match rows.next()? {
        Some(row) => Some((row.get(0)?, row.get(1)?)),
        None => None,
    })
}

/// A tag as a reference, made or taken out of the bin where needed.
pub(super) fn tag(tx: &mut Tx<'_>, name: &str) -> Result<Value> {
    let name = name.trim();
    thing(tx, Kind::Tag, "name", name, |new| new)
}

/// A custom field as a reference; made as a text field if it isn't there.
pub(super) fn field(tx: &mut Tx<'_>, key: &str) -> Result<Value> {
    let key = key.trim();
    thing(tx, Kind::Field, "key", key, |new| {
        new.with("name", Value::text(key)).with("type", Value::text("text"))
    })
}

/// Makes what somebody else has made once more, once a batch: whoever made it may be taking that back just now, and what is given
/// here would be gone with it.
fn make_too(tx: &mut Tx<'_>, place: Place, column: &str, name: &str) -> Result<()> {
    let sql = format!(
        "select (select count(*) from device)>1 \
         and not exists (select 1 from birth where kind=?1 and id=?2 and tx>=?3) \
         and not exists (select 1 from \"{}\" where id=?2 and tx>=?3)",
        place.kind.record().name
    );
    let key = (place.kind as i64, place.id, tx.batch());
    if tx.conn().prepare_cached(&sql)?.query_row(key, |row| row.get(0))? {
        let new = New::of(place.kind).with(column, Value::text(name));
        tx.create(new.with_id(NewId::Named(name.to_owned())))?;
    }
    Ok(())
}

fn thing(
    tx: &mut Tx<'_>,
    kind: Kind,
    column: &str,
    name: &str,
    fill: impl FnOnce(New) -> New,
) -> Result<Value> {
    if let Some((id, _)) = named(tx.conn(), kind, column, name)? {
        tx.restore(Place { kind, id, n: 0 })?;
        let reference = reference(tx, kind, id, name)?;
        if let Value::Named(_) = reference {
            make_too(tx, Place { kind, id, n: 0 }, column, name)?;
        }
        return Ok(reference);
    }
    let new = New::of(kind).with(column, Value::text(name));
    let uid = named_v8(&tx.book(), kind.record().name, name);
    if sql::id_of(tx.conn(), kind, &uid)?.is_some() {
        let place = tx.create(fill(new))?;
        return reference(tx, kind, place.id, name);
    }
    tx.create(fill(new).with_id(NewId::Named(name.to_owned())))?;
    Ok(Value::Named(name.to_owned()))
}

/// Turns the names in a record into references to what is there, making what is missing.
pub(super) fn settle(tx: &mut Tx<'_>, new: &mut New) -> Result<()> {
    let record = new.kind.record();
    for (at, value) in &mut new.fields {
        if let (Type::Ref(kind), Value::Named(name)) = (record.fields[*at].ty, &*value) {
            let name = name.clone();
            *value = match kind {
                Kind::Tag => tag(tx, &name)?,
                Kind::Field => field(tx, &name)?,
                _ => company(tx, &name)?,
            };
        }
    }
    for child in &mut new.children {
        settle(tx, child)?;
    }
    Ok(())
}
