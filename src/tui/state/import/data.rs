//! What the wizard shows and what is chosen in it, in the screen's own plain types.

use crate::tui::state::data::Notice;
use std::path::PathBuf;

/// What counts as the same contact, in the order in which it is asked.
pub const MATCHES: [&str; 4] = ["id", "email", "phone", "name"];
/// What happens to a contact that is there.
pub const ON_MATCH: [&str; 4] = ["update", "fill", "skip", "add"];
/// How ambiguous dates are read; the first finds out.
pub const DATE_ORDERS: [&str; 4] = ["", "dmy", "mdy", "ymd"];

/// Encodings that are offered; the first finds out.
pub const ENCODINGS: [&str; 11] = [
    "auto",
    "utf-8",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-kr",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "utf-16le",
    "utf-16be",
];
/// Separators that are offered; the first finds out.
pub const SEPARATORS: [&str; 5] = ["auto", ",", ";", "tab", "|"];

/// What was chosen, in the words of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// What columns are: `--map`.
    pub map: Vec<(String, String)>,
    /// What all rows get: `--set`.
    pub set: Vec<(String, String)>,
    /// One of `DATE_ORDERS`.
    pub date_order: String,
    /// Some of `MATCHES`.
    pub match_by: Vec<String>,
    /// One of `ON_MATCH`.
    pub on_match: String,
    /// An empty cell clears what the source gave before.
    pub empty_clears: bool,
    /// Tags for every contact.
    pub tags: Vec<String>,
    /// Whose file it is, where a saved mapping says so.
    pub from: Option<String>,
    /// The column with the system's own id, where a saved mapping says so.
    pub key: Option<String>,
    /// What kind of file it was said to be: a saved mapping, a system, or `auto`.
    pub kind: Option<String>,
    /// Its encoding, if that was said.
    pub encoding: Option<String>,
    /// What separates its cells, if that was said.
    pub delimiter: Option<u8>,
    /// Which row has the names of its columns, from 1, if that was said; 0 is none.
    pub header_row: Option<usize>,
    /// Which sheet of a workbook is read, if that was said.
    pub sheet: Option<String>,
    /// What a saved mapping says is in here already.
    pub settled: bool,
}

impl Choices {
    /// Says what a column is, or several joined; what was said about them before is forgotten.
    pub fn say(&mut self, names: &[String], right: &str) {
        names.iter().for_each(|name| self.unsay(name));
        self.map.push((names.join("+"), right.to_owned()));
    }

    /// Forgets what was said about a column.
    pub fn unsay(&mut self, name: &str) {
        self.map.retain(|(left, _)| left != name && !left.split('+').any(|part| part == name));
    }
}

/// A column of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Some of its values.
    pub samples: Vec<String>,
    /// Where it goes.
    pub target: String,
    /// It is kept as it stands.
    pub kept: bool,
    /// It is not read.
    pub left_out: bool,
    /// Who says so: the end of a message's key.
    pub why: &'static str,
    /// How sure that is, in percent.
    pub confidence: u8,
}

/// What a file is and how it would be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What there is to say about it as a whole.
    pub lines: Vec<Notice>,
    /// Remarks on it.
    pub remarks: Vec<Notice>,
    /// Empty if it is no table.
    pub columns: Vec<Column>,
    /// What all rows get.
    pub set: Vec<(String, String)>,
    /// The choices that it was made by, those of a saved mapping included.
    pub choices: Choices,
    /// Whether there are dates whose order is a question.
    pub dates: bool,
    /// Targets to choose from.
    pub targets: Vec<String>,
    /// Saved mappings and known systems to choose from, each with what it is.
    pub kinds: Vec<(String, String)>,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Whether it is text with separators, whose encoding is a question.
    pub is_text: bool,
}

impl Plan {
    /// Whether it has columns.
    pub fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }
}

/// An import of the past.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// Its number.
    pub batch: i64,
    /// ms since 1970.
    pub at: i64,
    /// What it was called.
    pub what: Notice,
    /// Whether it was taken back.
    pub undone: bool,
}

/// A contact that would be new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// The line of its row.
    pub line: u64,
    /// What it would be called.
    pub name: String,
    /// Whom it may be, or `#12` for the row at line 12.
    pub doubtful: Option<String>,
    /// Whether these are several that it may be.
    pub several: bool,
}

/// A field that would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub contact: String,
    /// Which.
    pub field: String,
    /// From.
    pub before: String,
    /// To.
    pub after: String,
}

/// What an import did or would do, row by row as far as there is room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Particulars {
    /// New contacts.
    pub fresh: Vec<Fresh>,
    /// Changes.
    pub changes: Vec<Change>,
    /// How many there are in all.
    pub changes_total: u64,
    /// Line and reason.
    pub refused: Vec<(u64, Notice)>,
    /// The number of the batch; 0 if there is none.
    pub batch: i64,
    /// Where the refused rows lie until someone wants them.
    pub rejects: Option<PathBuf>,
}
