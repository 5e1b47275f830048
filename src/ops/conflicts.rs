//! What people changed at the same time: both values, and choosing one.

use super::history::Names;
use super::view::instant;
use super::{Book, Candidate, Done, OpError, Result};
use crate::model::edit::{Edit, read_field};
use crate::model::ids::Gid;
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use crate::store::log::{self, Label};
use crate::store::sql::{self, Place};
use crate::store::{Tx, commit};
use rusqlite::Connection;
use serde::Serialize;

/// A value that somebody gave a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claimed {
    /// As people read it.
    pub value: String,
    /// Who.
    pub author: String,
    /// When.
    pub at: String,
}

/// A field with more than one value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// The contact (or other record) that it is about.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Which field: `title`, `method.value`; `deleted` where a delete was overruled.
    pub field: String,
    /// What is shown.
    pub shown: Claimed,
    /// What else was said.
    pub others: Vec<Claimed>,
    /// What tells it from all others, the same on every device.
    pub key: String,
    /// What people call the field: `email` for the value of an e-mail address.
    #[serde(skip)]
    pub called: String,
    /// Where it lies.
    #[serde(skip)]
    pub place: Place,
    /// Which field of it; `None` for the bin.
    #[serde(skip)]
    pub at: Option<usize>,
    #[serde(skip)]
    values: Vec<Value>,
}

/// Which value is to stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The one that is shown.
    Shown,
    /// This one, of those that are there.
    Value(String),
}

impl Book {
    /// Every field of which somebody should choose a value.
    pub fn conflicts(&self) -> Result<Vec<Conflict>> {
        all(self.reader()?, None)
    }

    /// The same of one contact.
    pub fn conflicts_of(&self, contact: i64) -> Result<Vec<Conflict>> {
        all(self.reader()?, Some(contact))
    }

    /// The conflict that is meant by its key, or by the id or the name of what it is about; several of them are told apart by the field, and
    /// by the value that is to stay.
    pub fn conflict_called(
        &self,
        who: &str,
        field: Option<&str>,
        choice: &Choice,
    ) -> Result<Option<Conflict>> {
        let is_meant = |one: &Conflict| {
            let about = [&one.key, &one.id, &one.name].into_iter().any(|text| text == who);
            about && field.is_none_or(|field| one.field == field || one.called == field)
        };
        let mut found: Vec<Conflict> = self.conflicts()?.into_iter().filter(is_meant).collect();
        if let (2.., Choice::Value(value)) = (found.len(), choice) {
            found.retain(|one| one.claims().any(|claimed| claimed.value == *value));
        }
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => {
                let candidates = found.into_iter().map(Conflict::candidate).collect();
                Err(OpError::Ambiguous { who: who.to_owned(), candidates })
            }
        }
    }

    /// Chooses.
    pub fn resolve_conflict(&mut self, conflict: &Conflict, choice: &Choice) -> Result<Done> {
        let label = Label::new("resolve", [conflict.name.clone()]);
        let ((), receipt) = self.write(label.clone(), |tx| settle(tx, conflict, choice))?;
        Ok(Done { receipt, count: 1, label })
    }
}

impl Conflict {
    fn claims(&self) -> impl Iterator<Item = &Claimed> {
        std::iter::once(&self.shown).chain(&self.others)
    }

    fn candidate(self) -> Candidate {
        let values: Vec<&str> = self.claims().map(|claimed| claimed.value.as_str()).collect();
        let about = format!("{}: {}", self.called, values.join(" | "));
        Candidate { handle: self.key, name: self.name, about }
    }

    /// What is said of a value that is none of those that there are.
    fn unclaimed(&self, value: &str) -> OpError {
        OpError::Unclaimed {
            field: self.called.clone(),
            value: value.to_owned(),
            claimed: self.claims().map(|claimed| claimed.value.clone()).collect(),
        }
    }
}

fn settle(tx: &mut Tx<'_>, conflict: &Conflict, choice: &Choice) -> Result<()> {
    let at = tx.at(conflict.place)?;
    let Some(field) = conflict.at else {
        let keep = match choice {
            Choice::Shown => true,
            Choice::Value(value) => match value.as_str() {
                "no" => true,
                "yes" => false,
                _ => return Err(conflict.unclaimed(value)),
            },
        };
        tx.push(if keep { Edit::Restore(at) } else { Edit::Delete(at) })?;
        return Ok(());
    };
    let before = sql::value_at(tx.conn(), conflict.place, field)?;
    let after = match choice {
        // Said once more, by someone who has seen all of them.
        Choice::Shown => before.clone(),
        Choice::Value(text) => {
            let at = conflict.others.iter().position(|other| other.value == *text);
            let value = at.and_then(|at| conflict.values.get(at));
            if *text == conflict.shown.value {
                before.clone()
            } else {
                value.ok_or_else(|| conflict.unclaimed(text))?.clone()
            }
        }
    };
    tx.push(Edit::Set { at, field, before, after })?;
    Ok(())
}

fn all(conn: &Connection, of: Option<i64>) -> Result<Vec<Conflict>> {
    let any: bool = conn.query_row(
        "select exists (select 1 from sibling) or exists (select 1 from review)",
        [],
        |row| row.get(0),
    )?;
    if !any {
        return Ok(Vec::new());
    }
    let book: [u8; 16] = conn.query_row("select value from meta where key='book'", [], |row| row.get(0))?;
    let mut names = Names::new(book);
    let mut found: Vec<Conflict> = Vec::new();
    let mut statement = conn.prepare(
        "select kind, id, n, field, tx, value from sibling where field>=0 and (?1 is null or id=?1) \
         order by kind, id, n, field, tx",
    )?;
    let mut rows = statement.query([of])?;
    while let Some(row) = rows.next()? {
        let record = &RECORDS[row.get::<_, u8>(0)? as usize];
        let place = Place { kind: record.kind, id: row.get(1)?, n: row.get(2)? };
        if of.is_some() && !is_of_contact(place.kind) {
            continue;
        }
        let at = row.get::<_, u32>(3)? as usize;
        let Some(field) = record.fields.get(at) else { continue };
        let text: String = row.get(5)?;
        let value = read_field(field.ty, &text).unwrap_or(Value::Null);
        let shown = sql::value_at(conn, place, at)?;
        if value == shown {
            continue;
        }
        let claimed = claim(conn, &mut names, field.ty, &value, row.get(4)?)?;
        if let Some(last) = found.last_mut().filter(|last| last.place == place && last.at == Some(at)) {
            last.others.push(claimed);
            last.values.push(value);
            continue;
        }
        let Some((id, name)) = whose(conn, &mut names, place)? else { continue };
        let by: Option<i64> = {
            let sql = "select tx from stamp where kind=?1 and id=?2 and n=?3 and field=?4";
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query((place.kind as i64, place.id, place.n, at as i64))?;
            rows.next()?.map(|row| row.get(0)).transpose()?
        };
        let shown = match by {
            Some(by) => claim(conn, &mut names, field.ty, &shown, by)?,
            None => Claimed {
                value: names.show(conn, field.ty, &shown)?,
                author: String::new(),
                at: String::new(),
            },
        };
        let label = if place.n > 0 || place.kind != Kind::Contact {
            format!("{}.{}", record.name, field.name)
        } else {
            field.name.to_owned()
        };
        let method =
            if (place.kind, field.name) == (Kind::Method, "value") { method_of(conn, place)? } else { None };
        found.push(Conflict {
            key: key(conn, place, field.name)?,
            called: method.unwrap_or_else(|| label.clone()),
            id,
            name,
            field: label,
            shown,
            others: vec![claimed],
            place,
            at: Some(at),
            values: vec![value],
        });
    }
    found.extend(deletes(conn, &mut names, of)?);
    // In the same order on every device, whatever came first.
    for conflict in &mut found {
        let others =
            std::mem::take(&mut conflict.others).into_iter().zip(std::mem::take(&mut conflict.values));
        let mut others: Vec<(Claimed, Value)> = others.collect();
        others.sort_by(|(a, _), (b, _)| (&b.at, &a.author, &a.value).cmp(&(&a.at, &b.author, &b.value)));
        (conflict.others, conflict.values) = others.into_iter().unzip();
    }
    found.sort_by(|a, b| (&a.name, &a.id, &a.field, &a.key).cmp(&(&b.name, &b.id, &b.field, &b.key)));
    Ok(found)
}

/// Letters of a conflict's key: enough for all that a book ever has at once.
const KEY_LETTERS: usize = 8;

/// What tells a field of a record from all others.
fn key(conn: &Connection, place: Place, field: &str) -> Result<String> {
    let at = commit::at(conn, place)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(place.kind.record().name.as_bytes()).update(&sql::gid_blob(&at.id));
    hasher.update(field.as_bytes());
    Ok(hasher.finalize().to_hex()[..KEY_LETTERS].to_owned())
}

/// What kind of way to reach somebody it is: `email`, `phone`.
fn method_of(conn: &Connection, place: Place) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("select type from method where contact=?1 and n=?2")?;
    let mut rows = statement.query((place.id, place.n))?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?.flatten())
}

/// Deletes that a change has overruled.
fn deletes(conn: &Connection, names: &mut Names, of: Option<i64>) -> Result<Vec<Conflict>> {
    let mut statement = conn.prepare(
        "select kind, id, n, tx from review where what='delete' and n=0 and (?1 is null or id=?1) \
         order by kind, id, tx",
    )?;
    let mut rows = statement.query([of])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let record = &RECORDS[row.get::<_, u8>(0)? as usize];
        let place = Place { kind: record.kind, id: row.get(1)?, n: 0 };
        if of.is_some() && place.kind != Kind::Contact {
            continue;
        }
        let Some((id, name)) = whose(conn, names, place)? else { continue };
        let deleted = claim(conn, names, Type::Flag, &Value::Int(1), row.get(3)?)?;
        let shown = Claimed { value: "no".to_owned(), author: String::new(), at: String::new() };
        found.push(Conflict {
            key: key(conn, place, "deleted")?,
            called: "deleted".to_owned(),
            id,
            name,
            field: "deleted".to_owned(),
            shown,
            others: vec![deleted],
            place,
            at: None,
            values: vec![Value::Int(1)],
        });
    }
    Ok(found)
}

fn claim(conn: &Connection, names: &mut Names, ty: Type, value: &Value, row: i64) -> Result<Claimed> {
    let head = log::row(conn, row)?;
    Ok(Claimed {
        value: names.show(conn, ty, value)?,
        author: head.author.clone(),
        at: instant(head.millis()),
    })
}

/// Whether the id in a place of this kind is that of a contact: it is one, or belongs to one.
fn is_of_contact(kind: Kind) -> bool {
    matches!(kind, Kind::Contact) || matches!(kind.record().key, Key::Child(Kind::Contact, _))
}

/// The record that people know it by: the contact for what belongs to one.
fn whose(conn: &Connection, names: &mut Names, place: Place) -> Result<Option<(String, String)>> {
    let at = match commit::at(conn, place) {
        Ok(at) => at,
        Err(crate::store::StoreError::NoRecord(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (kind, gid): (Kind, Gid) = match (place.kind.record().key, at.owner) {
        (Key::Child(kind, _), Some(owner)) => (kind, owner),
        _ => (place.kind, at.id),
    };
    Ok(Some((gid.to_string(), names.of(conn, kind, gid)?)))
}
