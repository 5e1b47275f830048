//! A contact as TOML text for an editor, and back.

use super::{OpError, Result};
use crate::exchange::json::ContactOut;
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft};
use crate::model::schema::{Kind, Type};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Method {
    value: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    service: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    preferred: bool,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Address {
    label: String,
    street: String,
    extended: String,
    po_box: String,
    city: String,
    region: String,
    postcode: String,
    country: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Day {
    #[serde(default)]
    label: String,
    date: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    calendar: String,
}

/// The lists of methods by the name that the text gives them.
const METHODS: [(&str, &str); 5] =
    [("emails", "email"), ("phones", "phone"), ("urls", "url"), ("ims", "im"), ("socials", "social")];

/// Scalar fields that always stand there, so that they can be filled in.
const ALWAYS: [&str; 6] = ["name", "given", "family", "title", "stage", "note"];

fn bug(error: impl std::fmt::Display) -> OpError {
    OpError::Text { line: 0, message: error.to_string() }
}

/// The text of a contact.
pub(super) fn write(out: &ContactOut) -> Result<String> {
    let mut text = String::new();
    let mut put = |key: &str, value: Value| {
        let key = if key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)) && !key.is_empty() {
            key.to_owned()
        } else {
            Value::from(key).to_string()
        };
        text.push_str(&format!("{key} = {value}\n"));
    };
    for (field, value) in out.texts() {
        if field != "kind" && (ALWAYS.contains(&field) || !value.is_empty()) {
            put(field, Value::from(value));
        }
        if field == "title" {
            put("company", Value::from(out.company.as_ref().map_or("", |company| &company.name)));
        }
    }
    put("starred", Value::from(out.starred));
    put("archived", Value::from(out.archived));
    put("birthday", Value::from(out.birthday.as_str()));
    put("tags", Value::from(out.tags.clone()));
    for (list, kind) in METHODS {
        let methods: Vec<Value> = out
            .methods()
            .filter(|(of, _)| *of == kind)
            .map(|(_, method)| {
                Value::try_from(Method {
                    value: method.value.clone(),
                    label: method.label.clone(),
                    service: method.service.clone(),
                    preferred: method.preferred,
                })
            })
            .collect::<std::result::Result<_, _>>()
            .map_err(bug)?;
        text.push_str(&list_of(list, &methods));
    }
    let addresses: Vec<Value> = out
        .addresses
        .iter()
        .map(|address| {
            let mut table = Table::new();
            for (key, value) in [
                ("label", &address.label),
                ("street", &address.street),
                ("extended", &address.extended),
                ("po_box", &address.po_box),
                ("city", &address.city),
                ("region", &address.region),
                ("postcode", &address.postcode),
                ("country", &address.country),
            ] {
                if !value.is_empty() || matches!(key, "street" | "city") {
                    table.insert(key.to_owned(), Value::from(value.as_str()));
                }
            }
            Value::Table(table)
        })
        .collect();
    text.push_str(&list_of("addresses", &addresses));
    let dates: Vec<Value> = out
        .dates
        .iter()
        .map(|date| {
            Value::try_from(Day {
                label: date.label.clone(),
                date: date.date.clone(),
                calendar: date.calendar.clone(),
            })
        })
        .collect::<std::result::Result<_, _>>()
        .map_err(bug)?;
    text.push_str(&list_of("dates", &dates));
    text.push_str("\n# Custom fields.\n[fields]\n");
    for (key, value) in &out.fields {
        let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.push_str(&format!("{} = {}\n", Value::from(key.as_str()), Value::from(plain)));
    }
    Ok(text)
}

fn list_of(name: &str, values: &[Value]) -> String {
    if values.is_empty() {
        return format!("{name} = []\n");
    }
    let lines: String = values.iter().map(|value| format!("  {value},\n")).collect();
    format!("{name} = [\n{lines}]\n")
}

/// What an edited text says.
pub(super) fn read(text: &str) -> Result<ContactDraft> {
    let table: Table = toml::from_str(text).map_err(|error: toml::de::Error| OpError::Text {
        line: error.span().map_or(1, |span| line_at(text, span.start)),
        message: error.message().to_owned(),
    })?;
    let mut draft = ContactDraft::default();
    for (key, value) in table {
        let wrong = |message: String| OpError::Text {
            line: line_of(text, &key),
            message: format!("{key}: {message}"),
        };
        match key.as_str() {
            "company" => draft.company = string(&value).ok_or_else(|| wrong("text is expected".into()))?,
            "birthday" => {
                let date = string(&value).ok_or_else(|| wrong("a date is expected".into()))?;
                if !date.is_empty() {
                    draft
                        .dates
                        .insert(0, DateDraft { label: "birthday".into(), date, calendar: String::new() });
                }
            }
            "tags" => draft.tags = value.try_into().map_err(|error| wrong(message(&error)))?,
            "addresses" => {
                let list: Vec<Address> = value.try_into().map_err(|error| wrong(message(&error)))?;
                draft.addresses = list.into_iter().map(address).collect();
            }
            "dates" => {
                let list: Vec<Day> = value.try_into().map_err(|error| wrong(message(&error)))?;
                let day = |day: Day| DateDraft { label: day.label, date: day.date, calendar: day.calendar };
                draft.dates.extend(list.into_iter().map(day));
            }
            "fields" => {
                let fields: Table = value.try_into().map_err(|error| wrong(message(&error)))?;
                for (key, value) in fields {
                    let value = string(&value).ok_or_else(|| wrong(format!("{key}: text is expected")))?;
                    draft.values.push((key, value));
                }
            }
            _ => {
                if let Some((_, kind)) = METHODS.iter().find(|(list, _)| *list == key) {
                    let list: Vec<Method> = value.try_into().map_err(|error| wrong(message(&error)))?;
                    draft.methods.extend(list.into_iter().map(|found| method(kind, found)));
                    continue;
                }
                let record = Kind::Contact.record();
                let at = record.field(&key).filter(|at| record.fields[*at].map);
                let field =
                    at.map(|at| &record.fields[at]).ok_or_else(|| wrong("there is no such field".into()))?;
                if matches!(field.ty, Type::Ref(_)) {
                    return Err(wrong("there is no such field".into()));
                }
                draft.set(field.name, string(&value).ok_or_else(|| wrong("text is expected".into()))?);
            }
        }
    }
    Ok(draft)
}

fn message(error: &toml::de::Error) -> String {
    error.message().to_owned()
}

/// A scalar as text; dates, numbers and flags that were typed without quotes, too.
fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Boolean(false) => Some(String::new()),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            Some(value.to_string())
        }
        _ => None,
    }
}

fn method(kind: &str, found: Method) -> MethodDraft {
    MethodDraft {
        kind: kind.to_owned(),
        service: found.service,
        label: found.label,
        value: found.value.trim().to_owned(),
        preferred: found.preferred,
    }
}

fn address(found: Address) -> AddressDraft {
    AddressDraft {
        label: found.label,
        street: found.street,
        extended: found.extended,
        po_box: found.po_box,
        city: found.city,
        region: found.region,
        postcode: found.postcode,
        country: found.country,
    }
}

fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn line_of(text: &str, key: &str) -> usize {
    let quoted = format!("\"{key}\"");
    let found = text.lines().position(|line| {
        let line = line.trim_start().trim_start_matches('[');
        let rest = line.strip_prefix(key).or_else(|| line.strip_prefix(quoted.as_str()));
        rest.is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.']))
    });
    found.map_or(1, |line| line + 1)
}
