//! The columns of a list of contacts.

use super::context::{Ctx, Format};
use super::fail::Result;
use super::table::Table;
use crate::i18n;
use crate::model::schema::Kind;
use crate::ops::{Book, OpError, Row};
use crate::text::edit_distance;
use chrono::SecondsFormat;
use serde_json::{Map, Value};

/// What a list shows unless asked otherwise.
pub const DEFAULT: &[&str] = &["id", "name", "company", "email", "phone", "last"];
/// Columns that a list's row has without looking up the whole contact.
const QUICK: &[&str] = &[
    "id",
    "handle",
    "kind",
    "name",
    "company",
    "title",
    "email",
    "phone",
    "last",
    "created",
    "updated",
    "starred",
    "archived",
    "keep_in_touch",
];
/// Columns that gather several records.
const GATHERED: &[&str] = &[
    "tags", "birthday", "emails", "phones", "urls", "ims", "socials", "address", "street", "city", "region",
    "postcode", "country", "dates", "links", "next",
];

/// The columns that a text such as `name,email,city` names.
pub fn parse(book: &Book, text: &str) -> Result<Vec<String>> {
    let custom: Vec<String> = book.fields()?.into_iter().map(|field| field.key).collect();
    let scalar = Kind::Contact.record().fields.iter().filter(|field| field.column).map(|field| field.name);
    let known: Vec<&str> = QUICK
        .iter()
        .chain(GATHERED)
        .copied()
        .chain(scalar)
        .chain(custom.iter().map(String::as_str))
        .collect();
    let mut columns = Vec::new();
    for name in text.split([',', '，']).map(str::trim).filter(|name| !name.is_empty()) {
        let name = name.strip_prefix("field:").unwrap_or(name);
        let plain = match name.to_lowercase().replace('-', "_").as_str() {
            "tag" => "tags".to_owned(),
            "e_mail" | "mail" => "email".to_owned(),
            other => other.to_owned(),
        };
        let found = known.iter().find(|known| **known == name || **known == plain);
        let found = found.ok_or_else(|| {
            let nearest = known.iter().map(|known| (edit_distance(known, &plain), *known)).min();
            let nearest = nearest.filter(|(distance, _)| *distance <= 2).map(|(_, known)| known.to_owned());
            OpError::UnknownField { name: name.to_owned(), nearest }
        })?;
        columns.push((*found).to_owned());
    }
    Ok(columns)
}

/// Puts contacts into a table.
pub fn table(ctx: &Ctx, book: &Book, ids: &[i64], columns: &[String]) -> Result<Table> {
    let mut table = Table::new(ctx, columns);
    let rows = book.rows(ids)?;
    if columns.iter().all(|column| QUICK.contains(&column.as_str())) {
        for row in &rows {
            table.row(columns.iter().map(|column| quick(ctx, row, column).unwrap_or_default()).collect());
        }
        return Ok(table);
    }
    let mut rows = rows.into_iter();
    book.contacts(ids, &mut |contact| {
        let Some(row) = rows.next() else { return Ok(()) };
        let whole = serde_json::to_value(&contact).unwrap_or_default();
        let cell =
            |column: &String| quick(ctx, &row, column).unwrap_or_else(|| gathered(ctx, &whole, column));
        table.row(columns.iter().map(cell).collect());
        Ok(())
    })?;
    Ok(table)
}

/// Contacts as objects with these keys, each value of the type that it has in a whole contact; what is empty is left out.
pub fn objects(ctx: &Ctx, book: &Book, ids: &[i64], columns: &[String]) -> Result<Vec<Map<String, Value>>> {
    let mut rows = book.rows(ids)?.into_iter();
    let mut all = Vec::with_capacity(ids.len());
    book.contacts(ids, &mut |contact| {
        let Some(row) = rows.next() else { return Ok(()) };
        let whole = serde_json::to_value(&contact).unwrap_or_default();
        let value = |column: &String| match column.as_str() {
            // A list has its name alone.
            "company" => Value::from(row.company.as_str()),
            key => match whole.get(key).or_else(|| whole["fields"].get(key)) {
                Some(value) => value.clone(),
                None => Value::from(quick(ctx, &row, key).unwrap_or_else(|| gathered(ctx, &whole, key))),
            },
        };
        let pairs = columns.iter().map(|column| (column.clone(), value(column)));
        all.push(pairs.filter(|(_, value)| value.as_str() != Some("")).collect());
        Ok(())
    })?;
    Ok(all)
}

/// An instant for people or for programs.
pub fn instant(ctx: &Ctx, millis: i64) -> String {
    let at = ctx.settings.clock.local(millis);
    match ctx.format {
        Format::Table => i18n::instant(&ctx.lang, &at),
        _ => at.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true),
    }
}

fn quick(ctx: &Ctx, row: &Row, column: &str) -> Option<String> {
    let people = ctx.format == Format::Table;
    let flag = |on: bool| match (on, people) {
        (true, true) => "★".to_owned(),
        (true, false) => "true".to_owned(),
        _ => String::new(),
    };
    Some(match column {
        "id" if people => row.handle.clone(),
        "id" => row.uid.clone(),
        "handle" => row.handle.clone(),
        "kind" => row.kind.clone(),
        "name" if people => row.title_name().to_owned(),
        "name" => row.name.clone(),
        "company" => row.company.clone(),
        "title" => row.title.clone(),
        "email" => row.email.clone(),
        "phone" => row.phone.clone(),
        "last" => match row.last {
            Some(last) if people => i18n::span(&ctx.lang, ctx.settings.clock.millis() - last),
            Some(last) => instant(ctx, last),
            None if people => "—".to_owned(),
            None => String::new(),
        },
        "created" => instant(ctx, row.created),
        "updated" => instant(ctx, row.updated),
        "starred" => flag(row.starred),
        "archived" if people && row.archived => "✓".to_owned(),
        "archived" => flag(row.archived),
        "keep_in_touch" => row.keep_in_touch.clone(),
        _ => return None,
    })
}

fn gathered(ctx: &Ctx, contact: &Value, column: &str) -> String {
    let found = match column {
        "street" | "city" | "region" | "postcode" | "country" => &contact["addresses"][0][column],
        "address" => &contact["addresses"][0],
        _ if contact["fields"].get(column).is_some() => &contact["fields"][column],
        _ => &contact[column],
    };
    match (column, found) {
        ("birthday", Value::String(date)) if ctx.format == Format::Table => i18n::day(&ctx.lang, date),
        _ => text(found),
    }
}

/// A JSON value as one cell.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join("; "),
        Value::Object(map) => {
            match map.get("value").or_else(|| map.get("date")).or_else(|| map.get("name")) {
                Some(value) => text(value),
                None => {
                    let parts =
                        map.iter().filter(|(key, _)| key.as_str() != "label").map(|(_, value)| text(value));
                    parts.collect::<Vec<_>>().join(", ")
                }
            }
        }
        other => other.to_string(),
    }
}
