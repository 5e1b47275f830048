//! Bytes to drafts and back: what files of other systems hold, and what rolo writes for them. Nothing here knows the
//! book.
//!
//! Spreadsheets come and go as tables, too: `sheet` reads their cells, `xlsx_out` and `template` write them.
//!
//! `open` finds out what a stream is (`detect`), brings it to UTF-8 (`decode`), cuts it into records (`scan`, `csv`,
//! `json`), finds a field for each column (`mapping`) and yields one `Row` a record (`table`). `csv_out` and
//! `json::ContactOut` go the other way, `rejects` hands refused rows back.

pub mod abook;
mod base64;
mod calls;
mod carried;
pub mod csv;
pub mod csv_out;
mod decode;
pub mod detect;
pub mod directory;
mod document;
mod error;
#[cfg(test)]
mod generated;
pub mod html;
pub mod ics;
pub mod jscontact;
pub mod json;
mod knotter;
pub mod ldif;
mod lines;
mod mailbox;
pub mod mapping;
pub mod markdown;
mod monica;
pub mod record_out;
pub mod rejects;
#[cfg(test)]
mod round;
pub mod scan;
pub mod sheet;
pub mod system_out;
mod table;
pub mod template;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod vcard;
pub mod xlsx_out;

use std::io::Read;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use crate::model::when::DateOrder;
pub use decode::Known;
pub use detect::Format;
pub use error::{ExchangeError, Reason, Warning, WarningKind};
pub use mapping::{ColumnPlan, Plan, Profiles, Shape, Split, Target, Transform, Why};
pub use sheet::SheetError;

use crate::model::draft::{ContactDraft, RecordDraft};

/// How many columns the warning on unmapped ones names.
const UNMAPPED_NAMED: usize = 50;

/// How to read a file. The default finds out everything by itself.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A label of the Encoding Standard (`utf-8`, `gbk`, `windows-1252`); found out if absent.
    pub encoding: Option<String>,
    /// The separator of cells; found out if absent.
    pub delimiter: Option<u8>,
    /// Which record holds the column names, from 1; 0 if none does; found out if absent.
    pub header_row: Option<usize>,
    /// A profile's name; found out if absent or `auto`.
    pub from: Option<String>,
    /// Column names (`First+Last` for several) and what they are: a target as `mapping::parse_target` reads it, or
    /// `split given, family`.
    pub map: Vec<(String, String)>,
    /// How to read `03/04/2025`; found out if absent.
    pub date_order: Option<DateOrder>,
    /// Which column is the system's own id.
    pub key: Option<String>,
    /// Fields and the values that all rows get.
    pub set: Vec<(String, String)>,
    /// Mappings that were saved for tables of a shape, oldest first; the one that fits is applied below the options.
    pub saved: Vec<Shape>,
    /// Which sheet of a spreadsheet, by its name or its number from 1; found out if absent.
    pub sheet: Option<String>,
    /// The systems that are known; those that come with rolo if absent.
    pub profiles: Option<Arc<Profiles>>,
}

impl Options {
    /// The systems that are known.
    pub fn profiles(&self) -> Arc<Profiles> {
        self.profiles.clone().unwrap_or_else(Profiles::built_in)
    }
}

/// One record of a file.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line that it begins at, from 1.
    pub line: u64,
    /// What it is.
    pub item: RowItem,
    /// What is to be said about it.
    pub warnings: Vec<Warning>,
    /// The record as it stands in the file, for `rejects`.
    pub raw: Raw,
}

/// What a record turned out to be.
#[derive(Clone, Debug)]
pub enum RowItem {
    /// A contact.
    Contact(Box<ContactDraft>),
    /// Another record of a whole book in JSONL; `record` names its type.
    Record(Map<String, Value>),
    /// Something of another system that is no contact: a deal, a call, a note. It says whom it is about.
    Other(Box<RecordDraft>),
    /// Nothing but empty cells.
    Blank,
    /// Refused.
    Bad(Reason),
}

/// A record as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// The cells of a table's row.
    Cells(scan::Record),
    /// The text of a JSON value.
    Text(String),
}

/// What a format other than separated values has to give: rows, one by one, in memory that doesn't grow with the file.
pub(crate) trait Rows: Send {
    /// The next row; `None` at the end. An error ends the file, and nothing of it may be kept.
    fn read(&mut self) -> Result<Option<Row>, ExchangeError>;
    /// How much of the input was read so far.
    fn bytes(&self) -> u64;
    /// The encoding, if it had to be guessed.
    fn guessed(&self) -> Option<&'static str> {
        None
    }
    /// How columns are read, where there are any.
    fn plan(&self) -> Option<&Plan> {
        None
    }
    /// What is to be said about the file as a whole; taken once, after the last row.
    fn warnings(&mut self) -> Vec<Warning> {
        Vec::new()
    }
}

/// Writes contacts in a format that needs to see each only once.
pub trait ContactWriter {
    /// Writes one contact.
    fn write(&mut self, contact: &json::ContactOut) -> std::io::Result<()>;
    /// Writes what is still to come after the last.
    fn finish(&mut self) -> std::io::Result<()>;
}

/// A file that is being read: an iterator of rows. An error ends it, and nothing of the file may be kept then.
pub struct Source {
    format: Format,
    /// Whose ids and extras these are.
    system: String,
    content: Content,
    warnings: Vec<Warning>,
    /// The sheets of a workbook that people see, and the one that is read.
    sheets: Option<(Vec<String>, usize)>,
    /// Whether the guessed encoding was spoken of.
    told: bool,
    done: bool,
}

enum Content {
    Table { reader: Box<csv::Reader>, plan: Box<Plan>, table: Box<table::Table>, record: scan::Record },
    Rows(Box<dyn Rows>),
}

/// Finds out what `input` is and makes it ready to be read. `_name` is the file's, without folder: it decides nothing
/// as long as the content speaks for itself.
pub fn open(input: Box<dyn Read + Send>, _name: &str, options: &Options) -> Result<Source, ExchangeError> {
    let input = match sheet::Input::of(input)? {
        sheet::Input::Book(format, file) => return spreadsheet(format, file, options),
        sheet::Input::Other(input) => input,
    };
    if options.sheet.is_some() {
        return Err(sheet::SheetError::NoSpreadsheet.into());
    }
    let decoded = decode::Decoded::new(input, options.encoding.as_deref())?;
    let card = detect::is_vcard(decoded.head());
    let text = decoded.is_certain() || card || csv::own_separator(decoded.head()).is_some();
    detect::by_bytes(decoded.head(), text)?;
    // A card may say property by property what its bytes are: nothing may be decoded before that is known.
    if card && decoded.is_plain() {
        return Ok(Source::of(
            Format::Vcard,
            vcard::SYSTEM,
            Box::new(vcard::Reader::new(decoded.into_bytes())),
        ));
    }
    let mut scanner = scan::Scanner::new(decoded);
    match detect::by_text(scanner.peek(1)?)? {
        Format::Vcard => {
            let reader = vcard::Reader::new(Box::new(scanner));
            Ok(Source::of(Format::Vcard, vcard::SYSTEM, Box::new(reader)))
        }
        Format::Json | Format::Jsonl => {
            let cards = vcard::is_json(scanner.peek(8 << 10)?);
            let reader = json::Reader::new(scanner)?;
            if cards {
                return Ok(Source::of(Format::JsonCard, vcard::SYSTEM, Box::new(reader)));
            }
            let format = if reader.is_lines() { Format::Jsonl } else { Format::Json };
            Ok(Source::of(format, json::SYSTEM, Box::new(reader)))
        }
        Format::Ldif => Ok(Source::of(Format::Ldif, ldif::SYSTEM, Box::new(ldif::Reader::new(scanner)))),
        Format::Abook => Ok(Source::of(Format::Abook, abook::SYSTEM, Box::new(abook::Reader::new(scanner)))),
        Format::Xml => Ok(Source::of(Format::Xml, calls::SYSTEM, Box::new(calls::Reader::new(scanner)?))),
        Format::ICalendar => {
            Ok(Source::of(Format::ICalendar, ics::SYSTEM, Box::new(ics::Reader::new(scanner))))
        }
        Format::Monica => {
            Ok(Source::of(Format::Monica, monica::SYSTEM, Box::new(monica::Reader::new(scanner)?)))
        }
        Format::Knotter => {
            Ok(Source::of(Format::Knotter, knotter::SYSTEM, Box::new(knotter::Reader::new(scanner)?)))
        }
        _ => table(scanner, options),
    }
}

/// Separated values.
fn table(scanner: scan::Scanner, options: &Options) -> Result<Source, ExchangeError> {
    let profiles = options.profiles();
    let known = |cell: &str| profiles.is_known(cell) || cell == mapping::REASON_COLUMN;
    let layout = csv::Layout { delimiter: options.delimiter, header_row: options.header_row, known: &known };
    mapped(Format::Csv, csv::Reader::new(scanner, &layout)?, options)
}

/// A sheet of a workbook.
fn spreadsheet(format: Format, file: sheet::Shared, options: &Options) -> Result<Source, ExchangeError> {
    let profiles = options.profiles();
    let known = |cell: &str| profiles.is_known(cell) || cell == mapping::REASON_COLUMN;
    let layout = csv::Layout { delimiter: None, header_row: options.header_row, known: &known };
    let opened = sheet::open(format, file, &layout, options.sheet.as_deref())?;
    let mut source = mapped(opened.format, opened.reader, options)?;
    source.warnings.extend(opened.others);
    source.sheets = Some((opened.names, opened.read));
    Ok(source)
}

/// Finds a field for each column of a table.
fn mapped(format: Format, reader: csv::Reader, options: &Options) -> Result<Source, ExchangeError> {
    let reader = Box::new(reader);
    let sample: Vec<&scan::Record> = reader.sample().collect();
    let named = reader.header_line() > 0 && !reader.header().iter().all(|name| name.starts_with("Column "));
    let (plan, profile) = Plan::new(reader.header(), named, &sample, options)?;
    // One cell that means nothing is no table but what a server says instead of one.
    let lines = sample.len() + usize::from(reader.header_line() > 0);
    if format == Format::Csv && lines == 1 && reader.header().len() == 1 && plan.unmapped().count() == 1 {
        return Err(ExchangeError::NoTable);
    }
    drop(sample);
    let mut warnings = reader.warnings().to_vec();
    warnings.extend(profile.fixed.iter().map(|(field, value)| {
        let (column, value) = ((*field).to_owned(), value.clone());
        Warning { line: 0, column, value, kind: WarningKind::Fixed }
    }));
    let table = Box::new(table::Table::new(&plan, profile));
    warnings.extend(unmapped(&plan, reader.header_line()));
    let system = plan.system.clone();
    let content = Content::Table { reader, plan: Box::new(plan), table, record: scan::Record::default() };
    Ok(Source { format, system, content, warnings, sheets: None, told: false, done: false })
}

/// The one warning that names the columns kept as extras.
fn unmapped(plan: &Plan, line: u64) -> Option<Warning> {
    let mut names: Vec<&str> = plan.unmapped().take(UNMAPPED_NAMED + 1).collect();
    if names.is_empty() {
        return None;
    }
    let count = plan.unmapped().count();
    if count > UNMAPPED_NAMED {
        names.truncate(UNMAPPED_NAMED);
        names.push("…");
    }
    Some(Warning { line, column: names.join(", "), value: count.to_string(), kind: WarningKind::Unmapped })
}

impl Source {
    fn of(format: Format, system: &str, rows: Box<dyn Rows>) -> Self {
        let content = Content::Rows(rows);
        let system = system.to_owned();
        Self { format, system, content, warnings: Vec::new(), sheets: None, told: false, done: false }
    }

    /// The sheets of a workbook that people see, and the place of the one that is read.
    pub fn sheets(&self) -> Option<(&[String], usize)> {
        self.sheets.as_ref().map(|(names, read)| (names.as_slice(), *read))
    }

    /// What kind of file it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether it is rolo's own JSON: contacts that carry their ids are known by them.
    pub fn is_native(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl) && self.system == json::SYSTEM
    }

    /// Whose ids and extras these are: `google`, `csv`, `json`, ...
    pub fn system(&self) -> &str {
        &self.system
    }

    /// How the columns are read, if there are any.
    pub fn plan(&self) -> Option<&Plan> {
        match &self.content {
            Content::Table { plan, .. } => Some(plan),
            Content::Rows(rows) => rows.plan(),
        }
    }

    /// What separates the cells of a table.
    pub fn delimiter(&self) -> Option<u8> {
        match &self.content {
            Content::Table { reader, .. } => reader.delimiter(),
            Content::Rows(_) => None,
        }
    }

    /// The line of the column names; 0 if there are none.
    pub fn header_line(&self) -> u64 {
        match &self.content {
            Content::Table { reader, .. } => reader.header_line(),
            Content::Rows(_) => 0,
        }
    }

    /// The encoding of a table, and how it is known.
    pub fn encoding(&self) -> Option<(&'static str, Known)> {
        match &self.content {
            Content::Table { reader, .. } => reader.encoding(),
            Content::Rows(rows) => rows.guessed().map(|name| (name, Known::Guessed)),
        }
    }

    /// What is to be said about the file as a whole; complete after the last row.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// How much of the input was read so far.
    pub fn bytes_read(&self) -> u64 {
        match &self.content {
            Content::Table { reader, .. } => reader.bytes(),
            Content::Rows(rows) => rows.bytes(),
        }
    }

    fn guessed(&self) -> Option<&'static str> {
        match &self.content {
            Content::Table { reader, .. } => reader.guessed(),
            Content::Rows(rows) => rows.guessed(),
        }
    }

    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        let row = match &mut self.content {
            Content::Table { reader, table, record, .. } => {
                let found = reader.read(record)?;
                found.map(|found| {
                    let mut row = table_row(table, record, found);
                    row.warnings.extend(reader.remarks(row.line));
                    row
                })
            }
            Content::Rows(rows) => rows.read()?,
        };
        if let (None, Content::Rows(rows)) = (&row, &mut self.content) {
            self.warnings.append(&mut rows.warnings());
        }
        if !self.told
            && let Some(name) = self.guessed()
        {
            self.told = true;
            let (column, value) = (String::new(), name.to_owned());
            self.warnings.push(Warning { line: 0, column, value, kind: WarningKind::GuessedEncoding });
        }
        Ok(row)
    }
}

fn table_row(table: &table::Table, record: &scan::Record, found: scan::Found) -> Row {
    let mut warnings = notes(&found);
    let item = match found.bad {
        Some(reason) => RowItem::Bad(reason),
        None => table.row(record, found.line, &mut warnings),
    };
    Row { line: found.line, item, warnings, raw: Raw::Cells(record.clone()) }
}

/// What was done to the text of a record.
fn notes(found: &scan::Found) -> Vec<Warning> {
    let note = |count: usize, kind| {
        let value = if kind == WarningKind::StrayQuote { String::new() } else { count.to_string() };
        (count > 0).then(|| Warning { line: found.line, column: String::new(), value, kind })
    };
    [
        note(found.malformed, WarningKind::Malformed),
        note(found.nul, WarningKind::Nul),
        note(usize::from(found.stray), WarningKind::StrayQuote),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Iterator for Source {
    type Item = Result<Row, ExchangeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.read().transpose();
        self.done = !matches!(row, Some(Ok(_)));
        row
    }
}
