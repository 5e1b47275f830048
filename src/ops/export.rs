//! Exporting: contacts, or the whole book.

use super::{Book, Find, Label, OpError, Result};
use crate::exchange::ContactWriter;
use crate::exchange::csv_out::{Shape, Style, Writer};
use crate::exchange::json::ContactOut;
use crate::model::edit::{New, NewId, write_new};
use crate::model::ids::Gid;
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use crate::search::query::Query;
use crate::store::sql::{self, Place};
use rusqlite::Connection;
use std::collections::HashSet;
use std::io::{self, Write};

/// A format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// rolo's own columns.
    Csv,
    /// The same, separated by tabs.
    Tsv,
    /// Google Contacts.
    Google,
    /// An array of contacts.
    Json,
    /// An object a line; without a query every record of the book.
    Jsonl,
}

/// How to export.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// The format.
    pub format: ExportFormat,
    /// For tables of rolo's own: which columns.
    pub columns: Option<Vec<String>>,
    /// A byte-order mark first, so that spreadsheets read Chinese.
    pub bom: bool,
}

fn io_error(source: io::Error) -> OpError {
    OpError::Io { path: "-".into(), source }
}

impl Book {
    /// Writes the contacts that a query finds, or the whole book, and notes in the log that it was done. Returns how many
    /// records were written.
    pub fn export(
        &mut self,
        query: Option<(&Query, &str)>,
        options: &ExportOptions,
        out: &mut dyn Write,
    ) -> Result<usize> {
        let ids = match query {
            Some((query, _)) => self.find(query, &Find::default())?.ids,
            None => self.all_contacts(options.format == ExportFormat::Jsonl)?,
        };
        let mut count = ids.len();
        match options.format {
            ExportFormat::Csv | ExportFormat::Tsv | ExportFormat::Google => self.table(&ids, options, out)?,
            ExportFormat::Json => self.json(&ids, out)?,
            ExportFormat::Jsonl if query.is_none() => count = self.whole(&ids, out)?,
            ExportFormat::Jsonl => self.contacts(&ids, &mut |contact| {
                serde_json::to_writer(&mut *out, &contact).map_err(|error| io_error(error.into()))?;
                out.write_all(b"\n").map_err(io_error)
            })?,
        }
        out.flush().map_err(io_error)?;
        if self.exists() {
            self.note_export(query.map(|(_, text)| text).unwrap_or_default(), options.format, count)?;
        }
        Ok(count)
    }

    /// An export changes nothing, but who took what out is a part of the history.
    fn note_export(&mut self, query: &str, format: ExportFormat, count: usize) -> Result<()> {
        let format = format!("{format:?}").to_lowercase();
        let meta = self.meta(Label::new("export", [count.to_string(), format, query.to_owned()]));
        let store = self.store()?;
        store.note(&meta)?;
        Ok(())
    }

    /// As they were made, so that a file comes back in its order; for the whole book companies that exist only because someone works there, and the bin, too.
    fn all_contacts(&self, everything: bool) -> Result<Vec<i64>> {
        let hidden = if everything { "hidden not in (4, 5)" } else { "hidden in (0, 2)" };
        let sql = format!("select id from contact where {hidden} order by id");
        let mut statement = self.reader()?.prepare_cached(&sql)?;
        let found = statement.query_map([], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn table(&self, ids: &[i64], options: &ExportOptions, out: &mut dyn Write) -> Result<()> {
        let google = options.format == ExportFormat::Google;
        let style = if google { Style::Google } else { Style::Csv };
        let mut shape = Shape::new(style, options.columns.clone());
        self.contacts(ids, &mut |contact| {
            shape.see(&contact);
            Ok(())
        })?;
        let delimiter = if options.format == ExportFormat::Tsv { b'\t' } else { b',' };
        let mut writer = Writer::new(out, &shape, delimiter, options.bom).map_err(io_error)?;
        self.contacts(ids, &mut |contact| writer.write(&contact).map_err(io_error))?;
        writer.finish().map_err(io_error)
    }

    /// Writes one contact after the other. A format that needs nothing but the contacts is one arm of `writer`.
    #[allow(dead_code)]
    fn stream(&self, ids: &[i64], writer: &mut dyn ContactWriter) -> Result<()> {
        self.contacts(ids, &mut |contact| writer.write(&contact).map_err(io_error))?;
        writer.finish().map_err(io_error)
    }

    fn json(&self, ids: &[i64], out: &mut dyn Write) -> Result<()> {
        let mut first = true;
        out.write_all(b"[").map_err(io_error)?;
        self.contacts(ids, &mut |contact| {
            out.write_all(if first { b"\n" } else { b",\n" }).map_err(io_error)?;
            first = false;
            serde_json::to_writer(&mut *out, &contact).map_err(|error| io_error(error.into()))
        })?;
        out.write_all(if first { b"]\n" } else { b"\n]\n" }).map_err(io_error)
    }

    /// Every record: settings, fields and tags, then contacts with what they own, then all that refers to them.
    fn whole(&self, ids: &[i64], out: &mut dyn Write) -> Result<usize> {
        let conn = self.reader()?;
        let mut count = 0;
        for kind in [Kind::Setting, Kind::Field, Kind::Tag, Kind::Template] {
            count += records(conn, kind, out)?;
        }
        // People name their companies, so companies come first.
        let mut statement = conn.prepare_cached("select id from contact where kind='company'")?;
        let companies = statement.query_map([], |row| row.get(0))?;
        let companies: HashSet<i64> = companies.collect::<rusqlite::Result<_>>()?;
        let (companies, people): (Vec<i64>, Vec<i64>) = ids.iter().partition(|id| companies.contains(id));
        self.contacts(&companies, &mut |contact| contact_record(&contact, out))?;
        self.contacts(&people, &mut |contact| contact_record(&contact, out))?;
        count += ids.len();
        let done = [
            Kind::Contact,
            Kind::Method,
            Kind::Address,
            Kind::Date,
            Kind::Tagging,
            Kind::FieldValue,
            Kind::Link,
            Kind::Extra,
            Kind::Setting,
            Kind::Field,
            Kind::Tag,
            Kind::Template,
            Kind::Participant,
        ];
        for record in RECORDS.iter().filter(|record| !done.contains(&record.kind)) {
            count += records(conn, record.kind, out)?;
        }
        Ok(count)
    }
}

fn contact_record(contact: &ContactOut, out: &mut dyn Write) -> Result<()> {
    let text = serde_json::to_string(contact).map_err(|error| io_error(error.into()))?;
    let rest = text.strip_prefix('{').unwrap_or(&text);
    writeln!(out, "{{\"record\":\"contact\",{rest}").map_err(io_error)
}

/// The live records of a kind, with their children, as `read_new` takes them.
fn records(conn: &Connection, kind: Kind, out: &mut dyn Write) -> Result<usize> {
    let record = kind.record();
    let (key, of) = match record.key {
        Key::Top => ("id, 0".to_owned(), None),
        Key::Child(owner, column) => (format!("\"{column}\", n"), Some(owner)),
    };
    let mut statement =
        conn.prepare(&format!("select {key} from \"{}\" where deleted is null order by 1, 2", record.name))?;
    let places = statement.query_map([], |row| Ok(Place { kind, id: row.get(0)?, n: row.get(1)? }))?;
    let places: Vec<Place> = places.collect::<rusqlite::Result<_>>()?;
    let mut line = String::new();
    for place in &places {
        let new = record_at(conn, *place)?;
        let mut first = format!("\"record\":\"{}\"", record.name);
        if let Some(owner) = of {
            let uid = sql::uid_of(conn, owner, place.id)?.unwrap_or_default();
            first.push_str(&format!(",\"of\":\"{}\"", Gid::Uid(uid)));
        }
        line.clear();
        write_new(&mut line, &first, &new);
        line.push('\n');
        out.write_all(line.as_bytes()).map_err(io_error)?;
    }
    Ok(places.len())
}

fn record_at(conn: &Connection, place: Place) -> Result<New> {
    let record = place.kind.record();
    let mut new = New::of(place.kind);
    if let (Some(gid), Key::Top) = (sql::gid_of(conn, place)?, record.key) {
        new.id = NewId::Given(gid);
        let created = format!("select created from \"{}\" where id=?1", record.name);
        new.created = conn.prepare_cached(&created)?.query_row([place.id], |row| row.get(0))?;
    }
    for (at, field) in record.fields.iter().enumerate() {
        let value = sql::value_at(conn, place, at)?;
        if !value.is_null() && !matches!((field.ty, &value), (Type::Ref(_), Value::Null)) {
            new.fields.push((at, value));
        }
    }
    for child in place.kind.children() {
        let Key::Child(_, column) = child.key else { continue };
        let sql =
            format!("select n from \"{}\" where \"{column}\"=?1 and deleted is null order by n", child.name);
        let mut statement = conn.prepare_cached(&sql)?;
        let numbers = statement.query_map([place.id], |row| row.get(0))?;
        for n in numbers.collect::<rusqlite::Result<Vec<i64>>>()? {
            new.children.push(record_at(conn, Place { kind: child.kind, id: place.id, n })?);
        }
    }
    Ok(new)
}
