//! Exporting: contacts, or the whole book.

use super::{Book, Find, Label, OpError, Result, Sort};
use crate::exchange::csv_out::{self, Shape, Style, Writer};
use crate::exchange::json::ContactOut;
use crate::exchange::xlsx_out::XlsxWriter;
use crate::exchange::{
    self, ContactWriter, ExchangeError, abook, directory, html, ics, jscontact, ldif, markdown, vcard,
};
use crate::model::edit::{New, NewId, write_new};
use crate::model::ids::Gid;
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use crate::search::query::Query;
use crate::store::sql::{self, Place};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

/// A format to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// rolo's own columns.
    #[default]
    Csv,
    /// The same, separated by tabs.
    Tsv,
    /// Google Contacts, in the format in which its table came in last.
    Google,
    /// Google Contacts, the format before 2024.
    GoogleOld,
    /// rolo's own columns as a spreadsheet of Excel since 2007.
    Xlsx,
    /// An array of contacts.
    Json,
    /// An object a line; without a query every record of the book.
    Jsonl,
    /// vCard 4.0.
    Vcard,
    /// vCard 3.0.
    Vcard3,
    /// An array of jCards.
    Jcard,
    /// An array of JSContact cards.
    Jscontact,
    /// Entries of a directory.
    Ldif,
    /// abook's file.
    Abook,
    /// Birthdays, other yearly days and tasks.
    Ics,
    /// A page to read and print.
    Html,
    /// The same as Markdown.
    Markdown,
}

/// How to export.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// The format.
    pub format: ExportFormat,
    /// For tables of rolo's own: which columns.
    pub columns: Option<Vec<String>>,
    /// A byte-order mark first, so that spreadsheets read Chinese.
    pub bom: bool,
    /// The words of a calendar.
    pub calendar: ics::Words,
    /// The words of a directory.
    pub directory: directory::Words,
}

pub(super) fn io_error(source: io::Error) -> OpError {
    OpError::Io { path: "-".into(), source }
}

impl Book {
    /// Writes the contacts that a query finds, or the whole book, and notes in the log that it was done. Returns how many
    /// contacts these are.
    pub fn export(
        &mut self,
        query: Option<(&Query, &str)>,
        options: &ExportOptions,
        out: &mut dyn Write,
    ) -> Result<usize> {
        options.columns.iter().flatten().try_for_each(|name| self.check_column(name))?;
        let ids = match query {
            // A directory goes by initials.
            Some((query, _)) if matches!(options.format, ExportFormat::Html | ExportFormat::Markdown) => {
                let sort = Some(Sort { field: "name".to_owned(), descending: false });
                self.find(query, &Find { sort, ..Find::default() })?.ids
            }
            Some((query, _)) => self.find(query, &Find::default())?.ids,
            None => self.all_contacts(options.format == ExportFormat::Jsonl)?,
        };
        let mut count = ids.len();
        match options.format {
            ExportFormat::Csv | ExportFormat::Tsv | ExportFormat::Google | ExportFormat::GoogleOld => {
                self.table(&ids, options, out)?;
            }
            ExportFormat::Xlsx => self.xlsx(&ids, options, out)?,
            ExportFormat::Json => self.json(&ids, out)?,
            ExportFormat::Vcard | ExportFormat::Vcard3 => {
                let v4 = options.format == ExportFormat::Vcard;
                self.stream(&ids, &mut vcard::Writer::new(&mut *out, v4))?;
            }
            ExportFormat::Jcard => self.stream(&ids, &mut vcard::jcard::Writer::new(&mut *out))?,
            ExportFormat::Jscontact => self.stream(&ids, &mut jscontact::Writer::new(&mut *out))?,
            ExportFormat::Ldif => self.stream(&ids, &mut ldif::Writer::new(&mut *out))?,
            ExportFormat::Abook => self.stream(&ids, &mut abook::Writer::new(&mut *out))?,
            ExportFormat::Ics => self.calendar(&ids, query.is_none(), options, out)?,
            ExportFormat::Html => {
                self.stream(&ids, &mut html::Writer::new(&mut *out, options.directory.clone()))?;
            }
            ExportFormat::Markdown => {
                self.stream(&ids, &mut markdown::Writer::new(&mut *out, options.directory.clone()))?;
            }
            ExportFormat::Jsonl if query.is_none() => {
                self.whole(&ids, out)?;
                // What lies in the bin, and companies that only exist because of who works there, are none to people.
                count = self.all_contacts(false)?.len();
            }
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

    /// Refuses a column that no contact can have.
    fn check_column(&self, name: &str) -> Result<()> {
        let key = name.trim().trim_start_matches("field:");
        if csv_out::is_column(name) || self.fields()?.iter().any(|field| field.key == key) {
            return Ok(());
        }
        Err(OpError::UnknownField { name: name.to_owned(), nearest: csv_out::nearest_column(name) })
    }

    /// An export changes nothing, but who took what out is a part of the history.
    fn note_export(&mut self, query: &str, format: ExportFormat, count: usize) -> Result<()> {
        let format = format!("{format:?}").to_lowercase();
        let meta = self.meta(Label::new("export", [count.to_string(), format, query.to_owned()]));
        let store = self.store()?;
        store.note(&meta)?;
        Ok(())
    }

    /// As they were made, so that a file comes back in its order; for the whole book companies that exist only because
    /// someone works there, and the bin, too.
    pub(super) fn all_contacts(&self, everything: bool) -> Result<Vec<i64>> {
        let hidden = if everything { "hidden not in (4, 5)" } else { "hidden in (0, 2)" };
        let sql = format!("select id from contact where {hidden} order by id");
        let mut statement = self.reader()?.prepare_cached(&sql)?;
        let found = statement.query_map([], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn table(&self, ids: &[i64], options: &ExportOptions, out: &mut dyn Write) -> Result<()> {
        let old = options.format == ExportFormat::GoogleOld;
        let google = old || options.format == ExportFormat::Google;
        let mut shape = match options.format {
            ExportFormat::Google | ExportFormat::GoogleOld if options.columns.is_none() => {
                let seen = super::export_system::seen_columns(self.reader()?, "google")?;
                Shape::google(old.then_some(Style::GoogleOld), seen)
            }
            ExportFormat::Google => Shape::new(Style::Google, options.columns.clone()),
            ExportFormat::GoogleOld => Shape::new(Style::GoogleOld, options.columns.clone()),
            _ => Shape::new(Style::Csv, options.columns.clone()),
        };
        // People look into what goes to Google with Excel, which garbles Chinese without the mark.
        let mut bom = options.bom;
        self.contacts(ids, &mut |contact| {
            shape.see(&contact);
            bom = bom || (google && !contact.is_ascii());
            Ok(())
        })?;
        let delimiter = if options.format == ExportFormat::Tsv { b'\t' } else { b',' };
        let mut writer = Writer::new(out, &shape, delimiter, bom).map_err(io_error)?;
        self.contacts(ids, &mut |contact| writer.write(&contact).map_err(io_error))?;
        writer.finish().map_err(io_error)
    }

    fn xlsx(&self, ids: &[i64], options: &ExportOptions, out: &mut dyn Write) -> Result<()> {
        let mut shape = Shape::new(Style::Csv, options.columns.clone());
        self.contacts(ids, &mut |contact| {
            shape.see(&contact);
            Ok(())
        })?;
        let failed = |error| match exchange::sheet::lift(&error) {
            ExchangeError::Io(source) => io_error(source),
            source => OpError::Exchange { path: "-".to_owned(), source },
        };
        let mut writer = XlsxWriter::new(&shape, ids.len(), out).map_err(failed)?;
        self.contacts(ids, &mut |contact| writer.write(&contact).map_err(failed))?;
        writer.finish().map_err(failed)
    }

    /// The days of contacts, then their tasks; with the whole book also tasks that are about nobody.
    fn calendar(&self, ids: &[i64], whole: bool, options: &ExportOptions, out: &mut dyn Write) -> Result<()> {
        let now = super::view::instant(self.session.clock.now().timestamp_millis());
        let mut writer = ics::Writer::new(out, options.calendar.clone(), &now);
        let mut known: HashMap<String, (String, String)> = HashMap::new();
        self.contacts(ids, &mut |contact| {
            let mail = contact.emails.first().map(|mail| mail.value.clone()).unwrap_or_default();
            known.insert(contact.id.clone(), (contact.name.clone(), mail));
            writer.write(&contact).map_err(io_error)
        })?;
        let conn = self.reader()?;
        let mut statement = conn.prepare(
            "select t.uid, ifnull(t.title, ''), ifnull(t.note, ''), ifnull(t.due, ''), ifnull(t.repeat, ''), t.done, t.created, r.uid \
             from task t left join contact k on k.id=t.contact left join contact r on r.id=k.root \
             where t.deleted is null order by t.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let about = row.get::<_, Option<[u8; 16]>>(7)?.map(|uid| Gid::Uid(uid).to_string());
            let nobody = about.is_none();
            let contact = about.and_then(|id| known.get(&id).cloned().map(|(name, mail)| (id, name, mail)));
            if contact.is_none() && !(whole && nobody) {
                continue;
            }
            let done: Option<i64> = row.get(5)?;
            let created: Option<i64> = row.get(6)?;
            let task = ics::TaskOut {
                id: Gid::Uid(row.get(0)?).to_string(),
                title: row.get(1)?,
                note: row.get(2)?,
                due: row.get(3)?,
                repeat: row.get(4)?,
                done: done.map(super::view::instant).unwrap_or_default(),
                created: created.map(super::view::instant).unwrap_or_default(),
                contact,
            };
            writer.task(&task).map_err(io_error)?;
        }
        writer.finish().map_err(io_error)
    }

    /// Writes one contact after the other. A format that needs nothing but the contacts is one arm of `writer`.
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
    fn whole(&self, ids: &[i64], out: &mut dyn Write) -> Result<()> {
        let conn = self.reader()?;
        for kind in [Kind::Setting, Kind::Field, Kind::Tag, Kind::Template] {
            records(conn, kind, out)?;
        }
        // People name their companies, so companies come first.
        let mut statement = conn.prepare_cached("select id from contact where kind='company'")?;
        let companies = statement.query_map([], |row| row.get(0))?;
        let companies: HashSet<i64> = companies.collect::<rusqlite::Result<_>>()?;
        let (companies, people): (Vec<i64>, Vec<i64>) = ids.iter().partition(|id| companies.contains(id));
        self.contacts(&companies, &mut |contact| contact_record(contact, out))?;
        self.contacts(&people, &mut |contact| contact_record(contact, out))?;
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
            records(conn, record.kind, out)?;
        }
        Ok(())
    }
}

fn contact_record(mut contact: ContactOut, out: &mut dyn Write) -> Result<()> {
    // They follow as records of their own.
    contact.consents.clear();
    let text = serde_json::to_string(&contact).map_err(|error| io_error(error.into()))?;
    let rest = text.strip_prefix('{').unwrap_or(&text);
    writeln!(out, "{{\"record\":\"contact\",{rest}").map_err(io_error)
}

/// The live records of a kind, with their children, as `read_new` takes them.
fn records(conn: &Connection, kind: Kind, out: &mut dyn Write) -> Result<()> {
    let record = kind.record();
    let (key, of) = match record.key {
        Key::Top => ("id, 0".to_owned(), None),
        Key::Child(owner, column) => (format!("\"{column}\", n"), Some(owner)),
    };
    let mut statement = conn.prepare(&format!(
        "select {key} from \"{}\" where {} order by 1, 2",
        record.name,
        super::draft::is_there(kind)
    ))?;
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
    Ok(())
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
