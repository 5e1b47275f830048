//! What goes wrong between bytes and drafts: kinds with their arguments; the faces turn them into words.

use super::detect::Format;

/// Why a file can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[source] std::io::Error),
    /// There is not one byte, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// The path is a folder.
    #[error("this is a folder")]
    Directory,
    /// A folder without cards.
    #[error("the folder holds no .vcf files")]
    NoCards,
    /// A line of text that is neither a table nor anything else.
    #[error("a line of text, no contacts")]
    NoTable,
    /// Neither text nor a format that rolo knows.
    #[error("this is a binary file of no known format")]
    Binary,
    /// A format that is recognised but can't be read.
    #[error("{} files can't be read yet", .format.name())]
    NotYet {
        /// Which.
        format: Format,
    },
    /// A spreadsheet that can't be read, or has no such sheet.
    #[error(transparent)]
    Sheet(#[from] super::sheet::SheetError),
    /// `--encoding` names none of the Encoding Standard's labels.
    #[error("unknown encoding: {name}")]
    UnknownEncoding {
        /// What was asked for.
        name: String,
    },
    /// `--from` names no profile.
    #[error("unknown system: {name} (known: {})", .known.join(", "))]
    UnknownProfile {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A profile file is wrong; `line` counts from 1, 0 if unknown.
    #[error("profile {name}, line {line}: {message}")]
    BadProfile {
        /// Its name.
        name: String,
        /// Where.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// `--map` names a column that the file doesn't have.
    #[error("the file has no column {name}{}", hint(.nearest))]
    UnknownColumn {
        /// What was asked for.
        name: String,
        /// The column that reads most like it.
        nearest: Option<String>,
        /// The columns that there are.
        known: Vec<String>,
    },
    /// `--map` names no field.
    #[error("unknown field: {name}{}", hint(.nearest))]
    UnknownTarget {
        /// What was asked for.
        name: String,
        /// The target that reads most like it.
        nearest: Option<String>,
        /// The targets that there are.
        known: Vec<String>,
    },
    /// A saved mapping is wrong; `line` counts from 1, 0 if unknown.
    #[error("line {line}: {message}")]
    BadMapping {
        /// Where.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// What is wrong with what was said about a column.
    #[error("{column}: {source}")]
    BadRule {
        /// The left side of the rule, as written.
        column: String,
        /// What is wrong with the right side.
        source: Box<ExchangeError>,
    },
    /// `split` with a single target that isn't `name`.
    #[error("{rule}: a column is split into two fields or more")]
    OneTarget {
        /// The right side, as written.
        rule: String,
    },
    /// `split` for several columns at once.
    #[error("several columns can be joined, but not split")]
    SplitsSeveral,
    /// `--header-row` lies beyond the end, or beyond the first 1,000 rows.
    #[error("there is no row {row} to take the column names from")]
    NoHeaderRow {
        /// The row asked for, from 1.
        row: usize,
    },
    /// A JSON document that is broken as a whole; nothing of it may be taken in.
    #[error("line {line}, column {column}: {message}")]
    BrokenJson {
        /// From 1.
        line: u64,
        /// In bytes, from 1.
        column: u64,
        /// What the parser says.
        message: String,
    },
    /// XML that is broken; nothing of it may be taken in.
    #[error("line {line}: broken XML: {message}")]
    BrokenXml {
        /// From 1.
        line: u64,
        /// What the parser says.
        message: String,
    },
    /// XML of another kind.
    #[error("XML that begins with <{root}> is of no known kind")]
    ForeignXml {
        /// The name of its first element.
        root: String,
    },
    /// XML that declares entities or refers to other documents, which an export never does.
    #[error("line {line}: XML with a document type is refused")]
    XmlDocType {
        /// From 1.
        line: u64,
    },
    /// A document that has to be held as a whole, of more than `limit` bytes.
    #[error("longer than {limit} bytes")]
    TooBig {
        /// In bytes.
        limit: u64,
    },
}

impl From<std::io::Error> for ExchangeError {
    /// What is wrong with an archive comes out of the reading error that carried it.
    fn from(error: std::io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<super::sheet::SheetError>()) {
            Some(own) => own.clone().into(),
            None => Self::Io(error),
        }
    }
}

fn hint(name: &Option<String>) -> String {
    name.as_ref().map(|name| format!(" (nearest: {name})")).unwrap_or_default()
}

/// Why one row is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// There is text in cells beyond the last column.
    #[error("{got} cells where there are {expected} columns")]
    TooManyCells {
        /// How many the row has.
        got: usize,
        /// How many columns there are.
        expected: usize,
    },
    /// A quote that is opened and never closed.
    #[error("unclosed quote, opened at line {line}, column {column}")]
    UnclosedQuote {
        /// From 1.
        line: u64,
        /// Of cells, from 1.
        column: usize,
    },
    /// A record longer than `limit` bytes.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// No name, company or way to reach anyone.
    #[error("no name, company, e-mail or phone")]
    NoName,
    /// A card that another one, or the end of the file, follows before its `END:VCARD`.
    #[error("the card has no END:VCARD")]
    UnclosedCard,
    /// A file of a folder that can't be read at all.
    #[error("{0}")]
    Unreadable(String),
    /// Text that stands in no card.
    #[error("text outside of a card")]
    NoCard,
    /// A line that is no JSON.
    #[error("no JSON: column {column}: {message}")]
    NoJson {
        /// In bytes, from 1.
        column: u64,
        /// What the parser says.
        message: String,
    },
    /// A JSON value of another type than its key takes.
    #[error("{key}: expected {expected}")]
    WrongType {
        /// The key, as a path: `emails[1].value`.
        key: String,
        /// What belongs there: `text`, `a list`, `an object`, `yes or no`.
        expected: &'static str,
    },
    /// A line of LDIF or abook that is no attribute with a value.
    #[error("no attribute and value in line {line}: {text}")]
    NoAttribute {
        /// From 1.
        line: u64,
        /// Its beginning.
        text: String,
    },
    /// An LDIF entry that doesn't begin with its name.
    #[error("the entry has no dn (line {line})")]
    NoDn {
        /// From 1.
        line: u64,
    },
    /// A value that says it is base64 and isn't.
    #[error("{attribute} in line {line} is no base64")]
    BadBase64 {
        /// From 1.
        line: u64,
        /// Whose value it is.
        attribute: String,
    },
    /// LDIF that changes or deletes an entry: only entries to add can be taken in.
    #[error("changetype {change} in line {line}")]
    ChangeType {
        /// From 1.
        line: u64,
        /// `modify`, `delete`, `modrdn`, ...
        change: String,
    },
}

/// Something that was read otherwise than it stands there, or not understood, but is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where, from 1; 0 if it concerns the whole file.
    pub line: u64,
    /// The column's name, or empty.
    pub column: String,
    /// The value as it stands there, or empty.
    pub value: String,
    /// What about it.
    pub kind: WarningKind,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WarningKind {
    /// Bytes that are none of the encoding's stand as U+FFFD; value: their number.
    Malformed,
    /// NUL characters were taken out; value: their number.
    Nul,
    /// A quote inside a quoted cell was not doubled, and read as text.
    StrayQuote,
    /// A date that wasn't understood, kept as it was typed.
    NoDate,
    /// A date whose day and month can't be told apart (`--date-order` decides), kept as it was typed.
    AmbiguousDate,
    /// A column's name stands more than once; `value` is the name it goes by.
    DuplicateColumn,
    /// Columns that no field was found for; kept as extras. `column` lists them, joined by `, `.
    Unmapped,
    /// The encoding was guessed; `value` is its name.
    GuessedEncoding,
    /// No row of column names was found.
    NoHeader,
    /// Lines before the row of column names were passed over; value: their number.
    Preamble,
    /// The source and the book changed the field since the last import; the book's value stays, this is the source's.
    Conflict,
    /// Another source than the contact came from says otherwise: the book's values stay. `value` is the name, `column` what it says.
    Kept,
    /// A new contact that may be one that is there, or one of the same file: it shares an address or number with it.
    /// `column` is not a column but names it: `Ann Lee`, or `#12` for the row at line 12.
    Doubtful,
    /// A new contact that may be any of several that are there; `column` names them.
    Several,
    /// The contact lies in the bin and was left there.
    InBin,
    /// A contact of the last import that is not in this one; value: its name.
    Missing,
    /// Someone whom an earlier export lacked and this one has again.
    Returned,
    /// Nobody was taken as missing, because refused rows may be theirs; value: the number of these rows.
    NotMissing,
    /// A value that the custom field does not allow, kept as it was typed.
    BadValue,
    /// A record that refers to something that is not there; value: its id.
    Dangling,
    /// A cell of a spreadsheet that holds an error, read as empty; value: the cell and the error.
    CellError,
    /// A cell that holds a formula without its result: it was left empty.
    CellFormula,
    /// Sheets of a workbook that weren't read; value: the one that was, column: the others.
    OtherSheets,
    /// A row that stands for many like it and was read once; value: their number.
    Repeated,
    /// A line of a card that is no property, kept as it is.
    StrayLine,
    /// A value that is an address elsewhere, which is never fetched; value: the address.
    NotFetched,
    /// A call or message of a hidden number, left out because it is about nobody; value: when it was.
    Hidden,
    /// An appointment that names nobody, left out; value: its title.
    Nobody,
    /// An earlier row of the file was this contact, so what this one says otherwise is left out; value: its id or name,
    /// column: the fields.
    Again,
    /// What stands for no e-mail address, kept as it is; said once a column.
    NoEmail,
    /// What stands for no number, kept as it is; said once a column.
    NoPhone,
    /// A name of characters that nobody sees, kept as it is.
    Unseen,
    /// A field that all contacts of such a table get although no column says it; value: what it is.
    Fixed,
    /// Lines behind a property that are none, kept as they are; value: their number, column: the property.
    StrayLines,
    /// Nobody in the book has the number that a record is about; value: the number.
    NoNumber,
    /// An appointment that comes again, taken in once; value: its title, column: the rule.
    Recurs,
    /// A line that a report has below its rows, left out; value: the line.
    Footer,
}
