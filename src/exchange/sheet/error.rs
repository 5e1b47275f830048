//! What goes wrong with spreadsheets.

/// Why a spreadsheet can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// A ZIP archive or an OLE document of something else.
    #[error("this is no spreadsheet")]
    NoWorkbook,
    /// A ZIP archive of other files, or of several tables.
    #[error("this is a ZIP archive of: {}", .files.join(", "))]
    Archive {
        /// The names of what is inside, the first of them.
        files: Vec<String>,
    },
    /// `--sheet` for a file that has none.
    #[error("this file has no sheets")]
    NoSpreadsheet,
    /// XLSX in its binary form.
    #[error("XLSB files can't be read")]
    Xlsb,
    /// It is protected by a password.
    #[error("the spreadsheet is encrypted")]
    Encrypted,
    /// The directory of the ZIP archive is broken: mostly a file that was cut off.
    #[error("the ZIP archive is damaged or incomplete")]
    DamagedZip,
    /// A part that isn't what the format says.
    #[error("{part}: {why}")]
    Damaged {
        /// The part of the package, or the cell.
        part: String,
        /// What was found.
        why: String,
    },
    /// A part that unpacks to far more than a part of its size does.
    #[error("{part} unpacks to more than {limit} MB")]
    Unpacks {
        /// The part of the package.
        part: String,
        /// In MiB.
        limit: u64,
    },
    /// A text or tag that is longer than a cell can be.
    #[error("{part}: a cell of more than {limit} bytes")]
    LongCell {
        /// The part of the package.
        part: String,
        /// In bytes.
        limit: usize,
    },
    /// A cell beyond the last row or column that a sheet can have.
    #[error("row {row}: a cell beyond the last row or column")]
    Beyond {
        /// From 1.
        row: u64,
    },
    /// A workbook of charts only, or of nothing.
    #[error("there is no sheet")]
    NoSheets,
    /// `--sheet` names one with nothing on it.
    #[error("the sheet {name} is empty")]
    EmptySheet {
        /// Its name.
        name: String,
    },
    /// `--sheet` names none.
    #[error("there is no sheet {name} (there are: {})", .known.join(", "))]
    UnknownSheet {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A text to be written that no cell can hold.
    #[error("{column} of {name} is longer than the {limit} characters of a cell")]
    LongText {
        /// The contact's.
        name: String,
        /// The column's name.
        column: String,
        /// In UTF-16 units.
        limit: usize,
    },
    /// More contacts than a sheet has rows, or more columns than it has.
    #[error("a sheet holds at most {rows} rows and {columns} columns")]
    TooMany {
        /// The last row.
        rows: u64,
        /// The last column.
        columns: u32,
    },
}
