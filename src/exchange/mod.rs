//! Bytes to drafts and back: what files of other systems hold, and what rolo writes for them. Nothing here knows the
//! book.
//!
//! `open` finds out what a stream is (`detect`), brings it to UTF-8 (`decode`), cuts it into records (`scan`, `csv`,
//! `json`), finds a field for each column (`mapping`) and yields one `Row` a record (`table`). `csv_out` and
//! `json::ContactOut` go the other way, `rejects` hands refused rows back.

pub mod csv;
mod decode;
pub mod detect;
mod error;
pub mod json;
pub mod mapping;
pub mod scan;
mod standin;
mod table;

use serde_json::{Map, Value};

pub use error::{ExchangeError, Reason, Warning, WarningKind};
pub use mapping::{ColumnPlan, Plan, Target, Why};
pub use standin::DateOrder;

use crate::model::draft::ContactDraft;

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
    /// Column names and what they are, as `mapping::parse_target` reads them.
    pub map: Vec<(String, String)>,
    /// How to read `03/04/2025`; found out if absent.
    pub date_order: Option<DateOrder>,
    /// Which column is the system's own id.
    pub key: Option<String>,
}

/// What kind of file a `Source` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Rows and columns.
    Table,
    /// A JSON array or objects.
    Json,
    /// A JSON object a line.
    Jsonl,
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

/// A file that is being read: an iterator of rows. An error ends it, and nothing of the file may be kept then.
pub struct Source {
    _private: (),
}

/// Finds out what `input` is and makes it ready to be read. `name` is the file's, without folder; it decides nothing.
pub fn open(
    _input: Box<dyn std::io::Read + Send>,
    _name: &str,
    _options: &Options,
) -> Result<Source, ExchangeError> {
    Err(ExchangeError::Empty)
}

impl Source {
    /// Table or JSON.
    pub fn kind(&self) -> SourceKind {
        SourceKind::Table
    }

    /// Whose ids and extras these are: `google`, `csv`, `json`, ...
    pub fn system(&self) -> &str {
        "csv"
    }

    /// How the columns are read, if there are any.
    pub fn plan(&self) -> Option<&Plan> {
        None
    }

    /// What is to be said about the file as a whole.
    pub fn warnings(&self) -> &[Warning] {
        &[]
    }

    /// How much of the input was read so far.
    pub fn bytes_read(&self) -> u64 {
        0
    }
}

impl Iterator for Source {
    type Item = Result<Row, ExchangeError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
