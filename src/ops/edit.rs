//! Bringing an edit (a form, an edited text) into a contact by the fewest edits.

use super::change::{same_method, set_scalar};
use super::contacts::{check, contact, owned};
use super::three_way::{Merged, merge};
use super::{Book, Done, Label, OpError, Result, draft};
use crate::exchange::vcard;
use crate::model::draft::{ContactDraft, NAME_PARTS};
use crate::model::edit::New;
use crate::model::ids::{Gid, named_key};
use crate::model::phone;
use crate::model::schema::{Kind, Type};
use crate::model::value::Value;
use crate::store::{Place, Tx, derive, read, sql};
use crate::text;

/// What an edit began with and what it came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revision {
    /// The contact as it was when the edit began.
    pub base: ContactDraft,
    /// As it was left.
    pub edited: ContactDraft,
    /// Whether a contact that was deleted meanwhile comes out of the bin for it; else it is refused.
    pub restore: bool,
    /// Whether who typed it was warned of e-mails, phones and dates that don't read as such; else they are refused.
    pub warned: bool,
}

/// What an edit came to.
#[derive(Clone, Debug)]
pub struct Revised {
    /// What was written.
    pub done: Done,
    /// Fields that somebody else had changed meanwhile, too: the edit went over that. Custom fields by their keys.
    pub overridden: Vec<String>,
}

impl Book {
    /// A contact as a draft, to be edited and given to `revise`.
    pub fn draft(&self, id: i64) -> Result<ContactDraft> {
        Ok(self.contact(id)?.into())
    }

    /// Brings into a contact what an edit changed; what the edit left as it was stays as the book has it by now.
    pub fn revise(&mut self, id: i64, revision: &Revision) -> Result<Revised> {
        let name = self.rows(&[id])?.first().map(|row| row.title_name().to_owned()).unwrap_or_default();
        let label = Label::about("edit", name.clone(), None);
        let ((count, overridden), receipt) = self.write(label.clone(), |tx| {
            let before = tx.edits();
            let now: ContactDraft = super::view::contact_in(tx.conn(), id)?.into();
            if now.deleted {
                if !revision.restore {
                    return Err(OpError::InBin(name));
                }
                super::contacts::bring_back(tx, id)?;
            }
            let Merged { mut draft, overridden } = merge(&revision.base, &revision.edited, now.clone());
            draft.id = None;
            check(&mut draft, Some(&now), revision.warned)?;
            let meant = if revision.warned { super::meant::visible } else { super::meant::draft };
            meant(&draft, Some(&now))?;
            replace(tx, id, &draft)?;
            if tx.edits() > before {
                super::contacts::explicit(tx, id)?;
            }
            Ok((usize::from(tx.edits() > before), overridden))
        })?;
        Ok(Revised { done: Done { receipt, count, label }, overridden })
    }

    /// A contact as TOML text for an editor: every value, with a comment that says what can be added.
    pub fn to_toml(&self, id: i64) -> Result<String> {
        let out = self.contact(id)?;
        super::toml::write(&out)
    }

    /// What an edited text says; a mistake names its line.
    pub fn from_toml(&self, text: &str) -> Result<ContactDraft> {
        super::toml::read(text)
    }
}

fn uid(tx: &Tx<'_>, id: i64) -> Result<Gid> {
    let missing = || OpError::NotFound { who: id.to_string(), kind: "contact" };
    Ok(Gid::Uid(sql::uid_of(tx.conn(), Kind::Contact, id)?.ok_or_else(missing)?))
}

/// Makes a contact equal to a checked draft by the fewest edits.
fn replace(tx: &mut Tx<'_>, id: i64, wanted: &ContactDraft) -> Result<()> {
    let now = read::tops(tx.conn(), Kind::Contact, &read::list([id]))?.pop();
    let now = now.ok_or_else(|| OpError::NotFound { who: id.to_string(), kind: "contact" })?;
    let renamed = wanted.get("name").unwrap_or_default() != now.text("name");
    for field in Kind::Contact.record().fields.iter().filter(|field| field.map) {
        let value = wanted.get(field.name).unwrap_or_default();
        match (field.name, field.ty) {
            ("kind" | "company" | "photo", _) => {}
            ("name", _) => {
                tx.set(contact(id), "name", Value::text(value))?;
            }
            (_, Type::Flag) => {
                let on = draft::yes_no(value).unwrap_or(false);
                tx.set(contact(id), field.name, Value::flag(on))?;
            }
            _ => {
                if value == now.text(field.name) {
                    continue;
                }
                if renamed {
                    tx.set(contact(id), field.name, Value::text(value))?;
                } else {
                    set_scalar(tx, id, field.name, Value::text(value))?;
                }
            }
        }
    }
    let company = match wanted.company.trim() {
        "" => Value::Null,
        name => draft::company(tx, name)?,
    };
    tx.set(contact(id), "company", company)?;
    let tags: Vec<String> = wanted.tags.clone();
    super::tags::set_tags(tx, id, &tags)?;
    let (children, preferred) = draft::children(wanted.clone());
    let mut places: Vec<Option<Place>> = vec![None; children.len()];
    for kind in [Kind::Method, Kind::Address, Kind::Date, Kind::FieldValue] {
        let these: Vec<(usize, &New)> =
            children.iter().enumerate().filter(|(_, new)| new.kind == kind).collect();
        for (at, place) in match_children(tx, id, kind, &these)? {
            places[at] = Some(place);
        }
    }
    for (field, at) in ["preferred_email", "preferred_phone"].into_iter().zip(preferred) {
        let place =
            at.and_then(|at| places.get(at as usize - 1).copied().flatten()).filter(|place| place.id == id);
        let value = match place {
            Some(place) => tx.at(place).map(|at| Value::Ref(at.id))?,
            None => Value::Null,
        };
        tx.set(contact(id), field, value)?;
    }
    Ok(())
}

/// Which field tells children of a kind apart, and whether two of its values are the same thing.
fn same(kind: Kind, old: &read::Raw, new: &New) -> bool {
    let text = |field: &str| new.get(field).and_then(Value::as_text).unwrap_or_default();
    match kind {
        Kind::Method => {
            old.text("type") == text("type")
                && same_method(old.text("type"), old.text("value"), text("value"))
        }
        Kind::Address => ["street", "city", "postcode"].iter().all(|field| old.text(field) == text(field)),
        Kind::Date => old.text("label") == text("label") && old.text("date") == text("date"),
        _ => false,
    }
}

/// The second choice: the same place in the order of its type.
fn alike(kind: Kind, old: &read::Raw, new: &New) -> bool {
    let text = |field: &str| new.get(field).and_then(Value::as_text).unwrap_or_default();
    match kind {
        Kind::Method => old.text("type") == text("type"),
        Kind::Date => old.text("label") == text("label"),
        Kind::Address => true,
        _ => false,
    }
}

fn match_children(
    tx: &mut Tx<'_>,
    id: i64,
    kind: Kind,
    wanted: &[(usize, &New)],
) -> Result<Vec<(usize, Place)>> {
    let old = owned(tx, id, kind)?;
    let mut free: Vec<Option<&read::Raw>> = old.iter().map(Some).collect();
    let mut chosen: Vec<Option<&read::Raw>> = vec![None; wanted.len()];
    let field_of = |tx: &Tx<'_>, new: &New| -> Result<Option<i64>> {
        match new.get("field") {
            Some(Value::Named(key)) => {
                Ok(draft::named(tx.conn(), Kind::Field, "key", key)?.map(|(id, _)| id))
            }
            _ => Ok(None),
        }
    };
    for first in [true, false] {
        for (slot, (_, new)) in wanted.iter().enumerate() {
            if chosen[slot].is_some() {
                continue;
            }
            let field = if kind == Kind::FieldValue { field_of(tx, new)? } else { None };
            let fits = |raw: &read::Raw| match (kind, first) {
                (Kind::FieldValue, true) => field.is_some() && raw.int("field") == field,
                (_, true) => same(kind, raw, new),
                (_, false) => alike(kind, raw, new),
            };
            // Of two values that devices gave a field at once the last is the one shown.
            let mut fitting = free.iter_mut().filter(|raw| raw.is_some_and(fits));
            let found = if kind == Kind::FieldValue { fitting.next_back() } else { fitting.next() };
            if let Some(found) = found {
                chosen[slot] = found.take();
            }
        }
    }
    for gone in free.into_iter().flatten() {
        tx.delete(gone.place)?;
    }
    let mut places = Vec::new();
    for ((at, new), old) in wanted.iter().zip(chosen) {
        let place = match old {
            Some(raw) => {
                update_child(tx, raw, new)?;
                raw.place
            }
            None => {
                let mut new = (*new).clone();
                if kind == Kind::FieldValue {
                    check_custom(tx, &mut new)?;
                }
                draft::settle(tx, &mut new)?;
                let owner = uid(tx, id)?;
                tx.create_under(owner, new)?
            }
        };
        places.push((*at, place));
    }
    reorder(tx, kind, &places)?;
    Ok(places)
}

fn check_custom(tx: &Tx<'_>, new: &mut New) -> Result<()> {
    if let (Some(Value::Named(key)), Some(Value::Text(value))) = (new.get("field"), new.get("value")) {
        let checked = super::fields::check_value(tx.conn(), key, value)?;
        new.put("value", Value::text(checked));
    }
    Ok(())
}

fn update_child(tx: &mut Tx<'_>, old: &read::Raw, new: &New) -> Result<()> {
    let mut new = new.clone();
    if new.kind == Kind::FieldValue {
        check_custom(tx, &mut new)?;
    }
    for field in new.kind.record().fields {
        if matches!(field.name, "position" | "field") {
            continue;
        }
        let value = new.get(field.name).cloned().unwrap_or_default();
        if value.as_text().unwrap_or_default() != old.text(field.name) {
            tx.set(old.place, field.name, value)?;
        }
    }
    Ok(())
}

/// Gives children the order that they have in the draft, where they don't stand in it already.
fn reorder(tx: &mut Tx<'_>, kind: Kind, places: &[(usize, Place)]) -> Result<()> {
    if !matches!(kind, Kind::Method | Kind::Address) {
        return Ok(());
    }
    let Some((_, first)) = places.first() else { return Ok(()) };
    let shown: Vec<Place> = owned(tx, first.id, kind)?.iter().map(|raw| raw.place).collect();
    let of_type = |tx: &Tx<'_>, place: Place| -> Result<String> {
        let value = sql::value_at(tx.conn(), place, 0)?;
        Ok(if kind == Kind::Method { value.as_text().unwrap_or_default().to_owned() } else { String::new() })
    };
    let (mut now, mut wanted) = (Vec::new(), Vec::new());
    for place in &shown {
        now.push((of_type(tx, *place)?, *place));
    }
    for (_, place) in places {
        wanted.push((of_type(tx, *place)?, *place));
    }
    now.sort_by(|a, b| a.0.cmp(&b.0));
    wanted.sort_by(|a, b| a.0.cmp(&b.0));
    if now == wanted {
        return Ok(());
    }
    for (at, (_, place)) in wanted.iter().enumerate() {
        tx.set(*place, "position", Value::Real((at + 1) as f64))?;
    }
    Ok(())
}

/// Adds what a draft has and the contact lacks; nothing that is there changes. Returns whether anything was added.
pub(super) fn fill(tx: &mut Tx<'_>, id: i64, wanted: &ContactDraft) -> Result<bool> {
    let before = tx.edits();
    let now = read::tops(tx.conn(), Kind::Contact, &read::list([id]))?.pop();
    let now = now.ok_or_else(|| OpError::NotFound { who: id.to_string(), kind: "contact" })?;
    // Parts of another name, or of the same one that somebody else takes apart otherwise, would only be mixed with those there.
    let whole = [now.text("given"), now.text("family")];
    let is_named = whole.iter().any(|part| !part.is_empty());
    let agrees = ["given", "family"].iter().zip(whole).all(|(field, part)| {
        part.is_empty() || wanted.get(field).is_none_or(|wanted| text::fold(wanted) == text::fold(part))
    });
    for (field, value) in &wanted.fields {
        let record = Kind::Contact.record();
        let Some(at) = record.field(field) else { continue };
        if NAME_PARTS.contains(field) && is_named && (!agrees || wanted.split.contains(field)) {
            continue;
        }
        match record.fields[at].ty {
            Type::Flag => {
                if *field != "implied" && now.int(field).is_none() && draft::yes_no(value) == Some(true) {
                    tx.set(contact(id), field, Value::flag(true))?;
                }
            }
            Type::Ref(_) => {}
            _ => {
                if now.text(field).is_empty() && *field != "kind" {
                    tx.set(contact(id), field, Value::text(value.as_str()))?;
                }
            }
        }
    }
    if now.int("company").is_none() && !wanted.company.trim().is_empty() {
        let company = draft::company(tx, &wanted.company)?;
        tx.set(contact(id), "company", company)?;
    }
    add_children(tx, id, wanted)?;
    Ok(tx.edits() > before)
}

/// Adds the methods, addresses, dates, tags, custom values, links and extras that a contact has not got yet.
pub(super) fn add_children(tx: &mut Tx<'_>, id: i64, wanted: &ContactDraft) -> Result<()> {
    let (children, _) = draft::children(wanted.clone());
    for kind in [Kind::Method, Kind::Address, Kind::Date, Kind::FieldValue, Kind::Link, Kind::Extra] {
        if !children.iter().any(|new| new.kind == kind) {
            continue;
        }
        let old = owned(tx, id, kind)?;
        for new in children.iter().filter(|new| new.kind == kind) {
            if there(tx, kind, &old, new)? {
                continue;
            }
            let mut new = new.clone();
            draft::settle(tx, &mut new)?;
            let owner = uid(tx, id)?;
            tx.create_under(owner, new)?;
        }
    }
    for tag in &wanted.tags {
        super::tags::add_tag(tx, id, tag)?;
    }
    Ok(())
}

/// Brings the extras that this source gave before to what it gives now. Nobody else edits them.
pub(super) fn update_extras(tx: &mut Tx<'_>, id: i64, wanted: &ContactDraft, system: &str) -> Result<()> {
    // What the book itself wrote says the same in other words.
    if wanted.id.is_some() || !wanted.extras.iter().any(|extra| extra.source == system) {
        return Ok(());
    }
    let old: Vec<read::Raw> =
        owned(tx, id, Kind::Extra)?.into_iter().filter(|raw| raw.text("source") == system).collect();
    let mut done: Vec<&str> = Vec::new();
    for extra in wanted.extras.iter().filter(|extra| extra.source == system) {
        let name = extra.name.as_str();
        if done.contains(&name) {
            continue;
        }
        done.push(name);
        let now: Vec<_> = wanted.extras.iter().filter(|e| e.source == system && e.name == name).collect();
        let before: Vec<_> = old.iter().filter(|raw| raw.text("name") == name).collect();
        // Where their number has changed nothing says which is which.
        if now.len() != before.len() {
            continue;
        }
        for (raw, extra) in before.into_iter().zip(now) {
            if name == vcard::LAYOUT && vcard::same_layout(raw.text("value"), &extra.value) {
                continue;
            }
            for (field, value) in [("params", &extra.params), ("value", &extra.value)] {
                if raw.text(field) != value {
                    tx.set(raw.place, field, Value::text(value.as_str()))?;
                }
            }
        }
    }
    Ok(())
}

/// Whether a contact has this child already; a birthday or a custom field that has another value counts, too.
fn there(tx: &Tx<'_>, kind: Kind, old: &[read::Raw], new: &New) -> Result<bool> {
    let value = |field: &str| new.get(field).and_then(Value::as_text).unwrap_or_default().to_owned();
    Ok(match kind {
        Kind::FieldValue => {
            let Some(Value::Named(key)) = new.get("field") else { return Ok(false) };
            let field = draft::named(tx.conn(), Kind::Field, "key", key)?.map(|(id, _)| id);
            field.is_some() && old.iter().any(|raw| raw.int("field") == field)
        }
        Kind::Date => old.iter().any(|raw| {
            raw.text("label") == value("label")
                && (value("label") == "birthday" || raw.text("date") == value("date"))
        }),
        Kind::Address => {
            let whole = address_words(&value);
            old.iter().any(|raw| {
                let alike = |field: &&str| text::fold(raw.text(field)) == text::fold(&value(field));
                ["street", "city", "postcode", "region", "country"].iter().all(alike)
                    || !whole.is_empty() && address_words(&|field| raw.text(field).to_owned()) == whole
            })
        }
        Kind::Link => old
            .iter()
            .any(|raw| raw.text("relation") == value("relation") && raw.text("name") == value("name")),
        Kind::Extra => {
            old.iter().any(|raw| raw.text("source") == value("source") && raw.text("name") == value("name"))
        }
        _ => old.iter().any(|raw| same(kind, raw, new)) || same_number(tx, old, new)?,
    })
}

/// Whether one of these is the phone number that a new method is, written another way.
fn same_number(tx: &Tx<'_>, old: &[read::Raw], new: &New) -> Result<bool> {
    let text = |field: &str| new.get(field).and_then(Value::as_text).unwrap_or_default();
    if new.kind != Kind::Method || text("type") != "phone" || phone::is_rounded(text("value")) {
        return Ok(false);
    }
    let country = derive::country(tx.conn())?;
    let number = |value: &str| phone::e164(value, country.as_deref());
    let Some(wanted) = number(text("value")) else { return Ok(false) };
    let phones = old.iter().filter(|raw| raw.text("type") == "phone");
    Ok(phones.map(|raw| raw.text("value")).any(|value| number(value).is_some_and(|there| there == wanted)))
}

/// The words of an address in no order: a system without a place for one of its parts has that with the street.
fn address_words(part: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut words = Vec::new();
    for field in ["street", "extended", "po_box", "city", "region", "postcode", "country"] {
        let folded = text::fold(&part(field));
        let parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.extend(parts.map(str::to_owned));
    }
    words.sort_unstable();
    words
}

/// Whether two names of companies or tags mean the same.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    named_key(a) == named_key(b)
}
