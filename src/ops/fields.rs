//! Custom fields.

use super::{Book, Done, Label, OpError, Result, draft};
use crate::model::edit::{New, NewId};
use crate::model::ids::named_v8;
use crate::model::schema::{FIELD_TYPES, Kind};
use crate::model::value::{Value, parse_decimal};
use crate::model::when;
use crate::search::query::{CustomType, Known};
use crate::store::{Place, read, sql};
use crate::text;
use rusqlite::Connection;
use serde::Serialize;

/// A custom field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldDef {
    /// What it is called in queries, JSON and CSV.
    pub key: String,
    /// What people read.
    pub name: String,
    /// One of `schema::FIELD_TYPES`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What can be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Whether forms ask for it.
    pub required: bool,
    /// A regular expression that values match; empty for any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pattern: String,
    /// How many contacts have a value.
    pub used: usize,
}

fn definition(raw: &read::Raw) -> FieldDef {
    FieldDef {
        key: raw.text("key").to_owned(),
        name: raw.text("name").to_owned(),
        kind: if raw.text("type").is_empty() { "text" } else { raw.text("type") }.to_owned(),
        choices: serde_json::from_str(raw.text("choices")).unwrap_or_default(),
        required: raw.int("required").is_some_and(|on| on != 0),
        pattern: raw.text("pattern").to_owned(),
        used: 0,
    }
}

/// Checks a value against its field and gives it the stored form; fields that aren't there take any text.
pub(super) fn check_value(conn: &Connection, key: &str, value: &str) -> Result<String> {
    let Some((id, false)) = draft::named(conn, Kind::Field, "key", key)? else { return Ok(value.to_owned()) };
    let Some(raw) = read::tops(conn, Kind::Field, &read::list([id]))?.pop() else {
        return Ok(value.to_owned());
    };
    stored(&definition(&raw), value)
}

/// The form in which a field's value is stored; an error if it does not fit.
fn stored(field: &FieldDef, value: &str) -> Result<String> {
    let bad = |expected: &str| OpError::BadValue {
        field: field.key.clone(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    };
    let value = match field.kind.as_str() {
        "number" => {
            parse_decimal(value).ok_or_else(|| bad("number"))?;
            value.trim().to_owned()
        }
        "date" => when::parse_date(value, None).ok_or_else(|| bad("date"))?,
        "yes/no" => draft::yes_no(value).ok_or_else(|| bad("yes-no"))?.to_string(),
        "choice" => {
            let found = field.choices.iter().find(|choice| text::fold(choice) == text::fold(value.trim()));
            found.cloned().ok_or_else(|| bad(&field.choices.join(", ")))?
        }
        _ => value.to_owned(),
    };
    if !field.pattern.is_empty() {
        let pattern = regex::Regex::new(&format!("^(?:{})$", field.pattern)).map_err(|_| bad("pattern"))?;
        if !pattern.is_match(&value) {
            return Err(bad(&field.pattern));
        }
    }
    Ok(value)
}

/// The custom fields for the parser of queries.
pub(super) fn known(conn: &Connection) -> Result<Known> {
    let sql = format!(
        "select key, ifnull(type, 'text') from field where {} and key is not null",
        draft::is_there(Kind::Field)
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let custom = found.map(|found| found.map(|(key, kind)| (key, CustomType::named(&kind))));
    Ok(Known { custom: custom.collect::<rusqlite::Result<_>>()? })
}

fn valid(field: &FieldDef) -> Result<()> {
    let bad = |name: &str, value: &str, expected: &str| OpError::BadValue {
        field: name.to_owned(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    };
    if field.key.trim().is_empty() || field.key.contains(['=', ':', '"', '(', ')']) {
        return Err(bad("key", &field.key, "key"));
    }
    if !FIELD_TYPES.contains(&field.kind.as_str()) {
        return Err(bad("type", &field.kind, &FIELD_TYPES.join(", ")));
    }
    if field.kind == "choice" && field.choices.is_empty() {
        return Err(bad("choices", "", "choices"));
    }
    if regex::Regex::new(&field.pattern).is_err() {
        return Err(bad("pattern", &field.pattern, "regular-expression"));
    }
    Ok(())
}

impl Book {
    /// All custom fields by key.
    pub fn fields(&self) -> Result<Vec<FieldDef>> {
        let conn = self.reader()?;
        let sql = format!(
            "select id, (select count(distinct v.contact) from value v join contact c on c.id=v.contact \
             where v.field=field.id and v.deleted is null and c.hidden<3) from field where {}",
            draft::is_there(Kind::Field)
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let counts: std::collections::HashMap<i64, i64> = found.collect::<rusqlite::Result<_>>()?;
        let mut fields: Vec<FieldDef> = read::tops(conn, Kind::Field, &read::list(counts.keys().copied()))?
            .iter()
            .map(|raw| FieldDef { used: counts[&raw.place.id].max(0) as usize, ..definition(raw) })
            .collect();
        fields.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(fields)
    }

    fn field_place(&self, key: &str) -> Result<Place> {
        match draft::named(self.reader()?, Kind::Field, "key", key)? {
            Some((id, false)) => Ok(Place { kind: Kind::Field, id, n: 0 }),
            _ => Err(OpError::NotFound { who: key.to_owned(), kind: "field" }),
        }
    }

    /// Adds a custom field.
    pub fn add_field(&mut self, field: &FieldDef) -> Result<Done> {
        valid(field)?;
        let key = field.key.trim();
        if self.field_place(key).is_ok() || known_name(key) {
            return Err(OpError::Exists { kind: "field", name: key.to_owned() });
        }
        let label = Label::new("field-add", [key]);
        let (_, receipt) = self.write(label.clone(), |tx| {
            let place = match draft::named(tx.conn(), Kind::Field, "key", key)? {
                Some((id, _)) => {
                    let place = Place { kind: Kind::Field, id, n: 0 };
                    tx.restore(place)?;
                    place
                }
                None => {
                    let mut new = New::of(Kind::Field).with("key", Value::text(key));
                    if sql::id_of(tx.conn(), Kind::Field, &named_v8(&tx.book(), "field", key))?.is_none() {
                        new.id = NewId::Named(key.to_owned());
                    }
                    tx.create(new)?
                }
            };
            write_definition(tx, place, field)
        })?;
        Ok(Done { receipt, count: 1, label })
    }

    /// Changes a custom field; values that it has stay as they are.
    pub fn edit_field(&mut self, key: &str, field: &FieldDef) -> Result<Done> {
        valid(field)?;
        let place = self.field_place(key)?;
        if text::fold(key) != text::fold(&field.key)
            && (self.field_place(&field.key).is_ok() || known_name(&field.key))
        {
            return Err(OpError::Exists { kind: "field", name: field.key.clone() });
        }
        let label = Label::new("field-edit", [key]);
        let (_, receipt) = self.write(label.clone(), |tx| {
            tx.restore(place)?;
            tx.set(place, "key", Value::text(field.key.trim()))?;
            write_definition(tx, place, field)
        })?;
        Ok(Done { receipt, count: 1, label })
    }

    /// How many of a custom field's values do not fit it: they were there before it got its type, choices or pattern.
    pub fn misfits(&self, key: &str) -> Result<usize> {
        let conn = self.reader()?;
        let place = self.field_place(key)?;
        let Some(raw) = read::tops(conn, Kind::Field, &read::list([place.id]))?.pop() else { return Ok(0) };
        let field = definition(&raw);
        let mut statement = conn.prepare_cached(
            "select v.value, count(*) from value v join contact c on c.id=v.contact \
             where v.field=?1 and v.deleted is null and v.value is not null and c.hidden<3 group by v.value",
        )?;
        let found = statement.query_map([place.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let values: Vec<(String, i64)> = found.collect::<rusqlite::Result<_>>()?;
        let misfit = values.iter().filter(|(value, _)| stored(&field, value).is_err());
        Ok(misfit.map(|(_, count)| (*count).max(0) as usize).sum())
    }

    /// Deletes a custom field and its values (an undo brings both back).
    pub fn delete_field(&mut self, key: &str) -> Result<Done> {
        let place = self.field_place(key)?;
        let label = Label::new("field-delete", [key]);
        let (count, receipt) = self.write(label.clone(), |tx| {
            let values: Vec<Place> = {
                let mut statement = tx
                    .conn()
                    .prepare_cached("select contact, n from value where field=?1 and deleted is null")?;
                let found = statement.query_map([place.id], |row| {
                    Ok(Place { kind: Kind::FieldValue, id: row.get(0)?, n: row.get(1)? })
                })?;
                found.collect::<rusqlite::Result<_>>()?
            };
            for value in &values {
                tx.delete(*value)?;
            }
            tx.delete(place)?;
            Ok(values.len())
        })?;
        Ok(Done { receipt, count, label })
    }
}

/// Whether a key would hide behind a field that every book has.
fn known_name(key: &str) -> bool {
    use crate::search::query::Fields;
    Known::default().lookup(key).is_some()
}

fn write_definition(tx: &mut crate::store::Tx<'_>, place: Place, field: &FieldDef) -> Result<()> {
    let name = if field.name.trim().is_empty() { &field.key } else { &field.name };
    tx.set(place, "name", Value::text(name.trim()))?;
    tx.set(place, "type", Value::text(&field.kind))?;
    let choices = if field.choices.is_empty() {
        Value::Null
    } else {
        Value::text(serde_json::Value::from(field.choices.clone()).to_string())
    };
    tx.set(place, "choices", choices)?;
    tx.set(place, "required", Value::flag(field.required))?;
    tx.set(place, "pattern", Value::text(&field.pattern))?;
    Ok(())
}
