//! Monica's JSON export: an account with collections of contacts, activities and relationships that refer to each other by
//! id. Its photos and documents are passed over.

mod records;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::vec::IntoIter;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::document::{self, record, text};
use super::scan::Scanner;
use super::{ExchangeError, Raw, Reason, Row, RowItem, Rows};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, LinkDraft, MethodDraft, Whom};
use crate::model::schema::Kind;
use crate::model::when::parse_date;

/// Whose ids and extras these are.
pub(crate) const SYSTEM: &str = "monica";

#[derive(Deserialize)]
struct Export {
    account: Account,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    data: Vec<Collection>,
    #[serde(default)]
    instance: Map<String, Value>,
}

/// `{"count", "type", "values"}`
struct Collection {
    kind: String,
    values: Vec<Value>,
}

impl<'de> Deserialize<'de> for Collection {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Collection;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a collection")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Collection, A::Error> {
                let mut found = Collection { kind: String::new(), values: Vec::new() };
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "type" => found.kind = map.next_value()?,
                        // They hold whole files.
                        "values" if !matches!(found.kind.as_str(), "photo" | "document") => {
                            found.values = map.next_value()?;
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(found)
            }
        }
        from.deserialize_map(Reading)
    }
}

/// Hands out what the document held.
pub(crate) struct Reader {
    scanner: Scanner,
    rows: IntoIter<Row>,
}

impl Reader {
    pub(crate) fn new(mut scanner: Scanner) -> Result<Self, ExchangeError> {
        let export: Export = document::read(&mut scanner)?;
        Ok(Self { scanner, rows: rows(export.account).into_iter() })
    }
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        Ok(self.rows.next())
    }

    fn bytes(&self) -> u64 {
        self.scanner.input().bytes()
    }
}

/// What contacts refer to.
#[derive(Default)]
struct Known {
    /// Kinds of fields: id -> name, protocol.
    fields: HashMap<String, (String, String)>,
    /// Kinds of activities and life events: id -> name.
    types: HashMap<String, String>,
    /// Contacts: id -> name.
    names: HashMap<String, String>,
    /// Who took part in an activity: id -> contacts.
    present: HashMap<String, Vec<String>>,
    /// id of a contact -> its links.
    links: HashMap<String, Vec<LinkDraft>>,
}

fn properties(value: &Value) -> &Value {
    value.get("properties").unwrap_or(&Value::Null)
}

/// A property's text.
fn of(value: &Value, name: &str) -> String {
    let own = text(properties(value).get(name));
    if own.is_empty() { text(value.get(name)) } else { own }
}

/// The values of a contact's collection.
fn owned<'a>(contact: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let collections = contact.get("data").and_then(Value::as_array).into_iter().flatten();
    let mine = collections.filter(move |found| found.get("type").and_then(Value::as_str) == Some(kind));
    mine.filter_map(|found| found.get("values")?.as_array()).flatten()
}

fn full_name(contact: &Value) -> String {
    let parts = ["first_name", "middle_name", "last_name"].map(|name| of(contact, name));
    crate::text::display_name("", &parts[0], &parts[1], &parts[2], "")
}

impl Known {
    fn new(account: &Account) -> Self {
        let mut known = Self::default();
        let list = |name: &str| account.instance.get(name).and_then(Value::as_array).into_iter().flatten();
        for kind in list("contact_field_types") {
            let said = (of(kind, "name"), of(kind, "protocol") + &of(kind, "type"));
            known.fields.insert(text(kind.get("uuid")), said);
        }
        for kind in list("activity_types").chain(list("life_event_types")) {
            let name = Some(of(kind, "name")).filter(|name| !name.is_empty());
            known.types.insert(text(kind.get("uuid")), name.unwrap_or_else(|| of(kind, "translation_key")));
        }
        let of_kind = |kind: &'static str| {
            account.data.iter().filter(move |found| found.kind == kind).flat_map(|found| &found.values)
        };
        for contact in of_kind("contact") {
            let id = text(contact.get("uuid"));
            for activity in owned(contact, "activity") {
                known.present.entry(text(Some(activity))).or_default().push(id.clone());
            }
            known.names.insert(id, full_name(contact));
        }
        for relation in of_kind("relationship") {
            let (who, to) = (of(relation, "contact_is"), of(relation, "of_contact"));
            let name = known.names.get(&who).cloned().unwrap_or_default();
            let link = LinkDraft { relation: of(relation, "type"), id: who, name };
            known.links.entry(to).or_default().push(link);
        }
        known
    }

    fn whom(&self, id: &str) -> Whom {
        let name = self.names.get(id).cloned().unwrap_or_default();
        Whom { external_id: id.to_owned(), name, ..Whom::default() }
    }
}

fn rows(account: Account) -> Vec<Row> {
    let known = Known::new(&account);
    let mut rows = Vec::new();
    let row =
        |item, value: &Value| Row { line: 0, item, warnings: Vec::new(), raw: Raw::Text(value.to_string()) };
    for value in account.data.iter().filter(|found| found.kind == "contact").flat_map(|found| &found.values) {
        rows.push(row(contact(value, &known), value));
    }
    for value in account.data.iter().filter(|found| found.kind == "activity").flat_map(|found| &found.values)
    {
        let id = text(value.get("uuid"));
        let whom = known.present.get(&id).into_iter().flatten().map(|id| known.whom(id)).collect();
        let fields = vec![
            ("kind", "meeting".to_owned()),
            ("at", of(value, "happened_at")),
            ("subject", of(value, "summary")),
            ("body", of(value, "description")),
        ];
        let mut found = record(Kind::Interaction, id, fields, whom);
        found
            .extras
            .extend(known.types.get(&of(value, "type")).map(|kind| ("type".to_owned(), kind.clone())));
        rows.push(row(RowItem::Other(Box::new(found)), value));
    }
    rows
}

/// Properties of a contact that are something else here, or of no use outside Monica.
const READ: &[&str] = &[
    "first_name",
    "middle_name",
    "last_name",
    "nickname",
    "description",
    "is_starred",
    "is_active",
    "is_partial",
    "job",
    "company",
    "food_preferences",
    "stay_in_touch_frequency",
    "tags",
    "gender",
    "birthdate",
    "deceased_date",
    "first_met_date",
    "first_met_through",
    "avatar",
    "last_talked_to",
    "last_consulted_at",
    "number_of_views",
    "stay_in_touch_trigger_date",
    "distant_etag",
    "vcard",
    "deceased_reminder",
    "first_met_reminder",
];

fn contact(value: &Value, known: &Known) -> RowItem {
    let id = text(value.get("uuid"));
    let mut draft = ContactDraft::default();
    for (field, name) in [
        ("given", "first_name"),
        ("middle", "middle_name"),
        ("family", "last_name"),
        ("nickname", "nickname"),
        ("note", "description"),
        ("title", "job"),
        ("gender", "gender"),
    ] {
        draft.set(field, of(value, name));
    }
    draft.set("name", full_name(value));
    draft.company = of(value, "company");
    let truth = |name: &str| match properties(value).get(name) {
        Some(Value::Bool(on)) => Some(*on),
        Some(Value::Number(number)) => number.as_i64().map(|number| number != 0),
        _ => None,
    };
    if truth("is_starred") == Some(true) {
        draft.set("starred", "true");
    }
    if truth("is_active") == Some(false) {
        draft.set("archived", "true");
    }
    if let Some(days) = of(value, "stay_in_touch_frequency").parse::<u32>().ok().filter(|days| *days > 0) {
        draft.set("keep_in_touch", format!("{days} days"));
    }
    let food = of(value, "food_preferences");
    if !food.is_empty() {
        draft.values.push(("food_preferences".to_owned(), food));
    }
    for (label, name) in
        [("birthday", "birthdate"), ("first met", "first_met_date"), ("deceased", "deceased_date")]
    {
        draft.dates.extend(properties(value).get(name).and_then(|date| special_date(label, date)));
    }
    if let Some(Value::Array(tags)) = properties(value).get("tags") {
        draft.tags = tags.iter().map(|tag| text(Some(tag))).filter(|tag| !tag.is_empty()).collect();
    }
    for field in owned(value, "contact_field") {
        draft.methods.extend(method(field, known));
    }
    draft.addresses.extend(owned(value, "address").map(address).filter(|address| !address.is_empty()));
    let through = of(value, "first_met_through");
    if !through.is_empty() {
        let name = known.names.get(&through).cloned().unwrap_or_default();
        draft.links.push(LinkDraft { relation: "introduced by".into(), id: through, name });
    }
    draft.links.extend(known.links.get(&id).into_iter().flatten().cloned());
    draft.records = records::of_contact(value, known);
    draft.extras = extras(value);
    (draft.created, draft.updated) = (text(value.get("created_at")), text(value.get("updated_at")));
    draft.external_id = (!id.is_empty()).then_some(id);
    let nobody = draft.get("name").is_none() && draft.get("nickname").is_none() && draft.methods.is_empty();
    if nobody && draft.company.is_empty() {
        return RowItem::Bad(Reason::NoName);
    }
    super::mailbox::settle(&mut draft, SYSTEM);
    RowItem::Contact(Box::new(draft))
}

fn extras(value: &Value) -> Vec<ExtraDraft> {
    let extra = |name: &str, value: String| ExtraDraft {
        source: SYSTEM.to_owned(),
        name: name.to_owned(),
        params: String::new(),
        value,
    };
    let mut extras = Vec::new();
    for (name, found) in properties(value).as_object().into_iter().flatten() {
        let says = !matches!(found, Value::Null | Value::Bool(false)) && !READ.contains(&name.as_str());
        if says {
            extras.push(extra(name, found.as_str().map_or_else(|| found.to_string(), str::to_owned)));
        }
    }
    for pet in owned(value, "pet") {
        let (name, kind) = (of(pet, "name"), of(pet, "category"));
        extras.push(extra("pet", if name.is_empty() { kind } else { format!("{name} ({kind})") }));
    }
    extras
}

/// A day of which the year, or all but the year, may be unknown.
fn special_date(label: &str, value: &Value) -> Option<DateDraft> {
    let truth =
        |name: &str| matches!(value.get(name), Some(Value::Bool(true))) || text(value.get(name)) == "1";
    let day = text(value.get("date"));
    let day = day.get(..10)?;
    let date = if truth("is_age_based") {
        day[..4].to_owned()
    } else if truth("is_year_unknown") {
        format!("-{}", day.get(4..)?)
    } else {
        day.to_owned()
    };
    Some(DateDraft { label: label.to_owned(), date: parse_date(&date, None)?, calendar: String::new() })
}

fn method(value: &Value, known: &Known) -> Option<MethodDraft> {
    let data = of(value, "data");
    let (name, protocol) = known.fields.get(&of(value, "type")).cloned().unwrap_or_default();
    let lower = format!("{} {}", name, protocol).to_lowercase();
    let has = |word: &str| lower.contains(word);
    let (kind, service) = if has("mailto") || has("email") {
        ("email", "")
    } else if has("whatsapp") || has("telegram") || has("hangouts") || has("skype") || has("signal") {
        ("im", name.as_str())
    } else if has("tel:") || has("phone") {
        ("phone", "")
    } else if has("website") || has("url") || data.starts_with("https://") || data.starts_with("http://") {
        ("url", "")
    } else {
        ("social", name.as_str())
    };
    let (kind, service) = (kind.to_owned(), service.to_owned());
    (!data.is_empty()).then_some(MethodDraft { kind, service, value: data, ..MethodDraft::default() })
}

fn address(value: &Value) -> AddressDraft {
    AddressDraft {
        label: of(value, "name"),
        street: of(value, "street"),
        city: of(value, "city"),
        region: of(value, "province"),
        postcode: of(value, "postal_code"),
        country: of(value, "country"),
        ..AddressDraft::default()
    }
}

/// The first of these properties that there is.
fn first(value: &Value, names: &[&str]) -> String {
    names.iter().map(|name| of(value, name)).find(|found| !found.is_empty()).unwrap_or_default()
}
