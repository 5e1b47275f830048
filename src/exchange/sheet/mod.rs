//! Spreadsheets as tables: XLSX, ODS and XLS, whose cells are read as they unpack, so that neither a large sheet nor one
//! that claims to be needs more than some megabytes.
//!
//! calamine was weighed and is used in the tests only: it builds the whole range of an XLS or ODS sheet (a cell in the last
//! row and column takes gigabytes), holds all shared strings, and follows chains of sectors in circles.

mod archive;
mod cfb;
mod error;
mod ods;
mod package;
mod row;
mod strings;
#[cfg(test)]
mod tests;
mod value;
mod xls;
mod xlsx;
mod xml;

use std::collections::VecDeque;
use std::io::{Cursor, Read};

pub use error::SheetError;
use package::Package;
pub(crate) use package::Shared;
use row::{Note, RowCells};
pub(crate) use xml::lift;

use super::csv::{self, Layout};
use super::detect::Format;
use super::scan::{Found, MAX_RECORD, Record};
use super::{ExchangeError, Reason, Warning, WarningKind};

const ZIP: [u8; 4] = *b"PK\x03\x04";
const OLE: [u8; 8] = *b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How much of a sheet is unpacked to see whether there is anything on it.
const PEEK: u64 = 1 << 20;
/// How many further sheets are looked at, and named.
const PEEKED: usize = 50;

/// A sheet as its workbook lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Info {
    pub(crate) name: String,
    pub(crate) hidden: bool,
}

/// A workbook of any format.
pub(crate) trait Workbook {
    /// Its sheets with cells, in order.
    fn sheets(&self) -> &[Info];
    /// The cells of one of them.
    fn cells(&mut self, index: usize) -> Result<Box<dyn Cells>, ExchangeError>;
    /// Whether nothing stands in the first `within` bytes of a sheet.
    fn is_empty(&mut self, index: usize, within: u64) -> Result<bool, ExchangeError>;
}

/// The cells of a sheet, row by row.
pub(crate) trait Cells: Send {
    /// Reads the next row with something in it; `false` at the end.
    fn read(&mut self, row: &mut RowCells) -> Result<bool, ExchangeError>;
    /// How much of the sheet was read, of how much.
    fn progress(&self) -> (u64, u64);
}

/// What a stream is, by its first bytes.
pub(crate) enum Input {
    /// Probably a workbook, in a file of its own.
    Book(Format, Shared),
    /// Anything else; also the one table of an archive, as it unpacks.
    Other(Box<dyn Read + Send>),
}

impl Input {
    /// Looks at the first bytes.
    pub(crate) fn of(mut input: Box<dyn Read + Send>) -> Result<Self, ExchangeError> {
        let mut head = Vec::with_capacity(8);
        input.by_ref().take(8).read_to_end(&mut head).map_err(|error| match error.kind() {
            std::io::ErrorKind::IsADirectory => ExchangeError::Directory,
            _ => error.into(),
        })?;
        let format = match &head {
            head if head.starts_with(&ZIP) => Some(Format::Xlsx),
            head if head.starts_with(&OLE) => Some(Format::Xls),
            _ => None,
        };
        let input = Cursor::new(head).chain(input);
        let Some(format) = format else { return Ok(Self::Other(Box::new(input))) };
        let file = Shared::spool(input)?;
        let inside = if format == Format::Xlsx { archive::only(&file)? } else { None };
        Ok(match inside {
            Some(part) => Self::Other(Box::new(part)),
            None => Self::Book(format, file),
        })
    }
}

/// A workbook that was opened at one of its sheets.
pub(crate) struct Opened {
    pub(crate) format: Format,
    pub(crate) reader: csv::Reader,
    /// The warning that names other sheets with something on them, if nobody said which one is wanted.
    pub(crate) others: Option<Warning>,
    /// The sheets that people see, and the one that is read.
    pub(crate) names: Vec<String>,
    pub(crate) read: usize,
}

/// Opens a workbook at its sheet `wanted`, or the one that looks most like a table.
pub(crate) fn open(
    format: Format,
    file: Shared,
    layout: &Layout<'_>,
    wanted: Option<&str>,
) -> Result<Opened, ExchangeError> {
    let size = file.len();
    let (format, mut book): (Format, Box<dyn Workbook>) = match format {
        Format::Xls => (format, Box::new(xls::Xls::open(file)?)),
        _ => zipped(Package::open(file)?)?,
    };
    let infos = book.sheets().to_vec();
    if infos.is_empty() {
        return Err(SheetError::NoSheets.into());
    }
    let (index, reader, others) = match wanted {
        Some(wanted) => {
            let index = find(&infos, wanted)?;
            let sheet = Sheet::new(book.cells(index)?, size);
            let reader = csv::Reader::of_sheet(sheet, layout).map_err(|error| match error {
                ExchangeError::Empty => SheetError::EmptySheet { name: infos[index].name.clone() }.into(),
                other => other,
            })?;
            (index, reader, None)
        }
        None => {
            let (index, reader) = pick(book.as_mut(), &infos, layout, size)?;
            let others = others(book.as_mut(), &infos, index)?;
            (index, reader, others)
        }
    };
    let seen = || infos.iter().enumerate().filter(|(at, info)| *at == index || !info.hidden);
    let read = seen().position(|(at, _)| at == index).unwrap_or_default();
    let names = seen().map(|(_, info)| info.name.clone()).collect();
    Ok(Opened { format, reader, others, names, read })
}

fn is_workbook(package: &Package) -> bool {
    ["content.xml", "xl/", "[Content_Types].xml"].iter().any(|start| package.holds(start))
}

fn zipped(package: Package) -> Result<(Format, Box<dyn Workbook>), ExchangeError> {
    if package.holds("content.xml") {
        return Ok((Format::Ods, Box::new(ods::Ods::open(package)?)));
    }
    if package.holds("xl/") || package.holds("[Content_Types].xml") {
        return Ok((Format::Xlsx, Box::new(xlsx::Xlsx::open(package)?)));
    }
    Err(SheetError::NoWorkbook.into())
}

/// A sheet by its name, or else by its number.
fn find(infos: &[Info], wanted: &str) -> Result<usize, ExchangeError> {
    let name = wanted.trim();
    let exact = infos.iter().position(|info| info.name == wanted || info.name.trim() == name);
    let loose = || infos.iter().position(|info| info.name.trim().to_lowercase() == name.to_lowercase());
    let number = || name.parse::<usize>().ok()?.checked_sub(1).filter(|index| *index < infos.len());
    exact.or_else(loose).or_else(number).ok_or_else(|| {
        let known = infos.iter().map(|info| info.name.clone()).collect();
        SheetError::UnknownSheet { name: wanted.to_owned(), known }.into()
    })
}

/// How much a sheet looks like a table of contacts, from nothing but text to columns of known names. A cover or a page
/// of notes has lines of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Looks {
    /// No row of column names.
    Text,
    /// One column, of which the first cell could be a name.
    List,
    /// Several columns, or one whose name is known.
    Table,
    /// Several columns whose names are known.
    Known,
}

fn looks(reader: &csv::Reader, known: &dyn Fn(&str) -> bool) -> Looks {
    let header = reader.header();
    let names = header.iter().filter(|name| known(name)).count();
    match (reader.header_line(), names) {
        (0, _) => Looks::Text,
        (_, 2..) => Looks::Known,
        (_, names) if names > 0 || header.len() > 1 => Looks::Table,
        _ => Looks::List,
    }
}

/// The sheet that looks most like a table, the first of several. Hidden ones hold lists for menus and the like: they count
/// only where nothing else is there.
fn pick(
    book: &mut dyn Workbook,
    infos: &[Info],
    layout: &Layout<'_>,
    size: u64,
) -> Result<(usize, csv::Reader), ExchangeError> {
    let mut best: Option<(Looks, usize, csv::Reader)> = None;
    let visible = (0..infos.len()).filter(|index| !infos[*index].hidden);
    let hidden = (0..infos.len()).filter(|index| infos[*index].hidden);
    for (seen, index) in visible.chain(hidden).enumerate() {
        // Each look unpacks a part of the file: not for ever.
        if best.is_some() && (infos[index].hidden || seen > PEEKED) {
            break;
        }
        let reader =
            book.cells(index).and_then(|cells| csv::Reader::of_sheet(Sheet::new(cells, size), layout));
        let reader = match reader {
            Ok(reader) => reader,
            Err(ExchangeError::Empty | ExchangeError::NoHeaderRow { .. }) => continue,
            // A sheet that nobody asked for may be as it likes.
            Err(_) if best.is_some() => continue,
            Err(error) => return Err(error),
        };
        let looks = looks(&reader, layout.known);
        if best.as_ref().is_none_or(|(most, ..)| looks > *most) {
            best = Some((looks, index, reader));
        }
        if looks == Looks::Known {
            break;
        }
    }
    best.map(|(_, index, reader)| (index, reader)).ok_or(ExchangeError::Empty)
}

/// The warning that names the other sheets with something on them.
fn others(book: &mut dyn Workbook, infos: &[Info], read: usize) -> Result<Option<Warning>, ExchangeError> {
    let mut names = Vec::new();
    for index in (0..infos.len()).filter(|index| *index != read && !infos[*index].hidden).take(PEEKED) {
        let guide = super::template::GUIDES.contains(&infos[index].name.as_str());
        if !guide && !book.is_empty(index, PEEK)? {
            names.push(infos[index].name.as_str());
        }
    }
    let value = infos[read].name.clone();
    let warning = Warning { line: 0, column: names.join(", "), value, kind: WarningKind::OtherSheets };
    Ok((!names.is_empty()).then_some(warning))
}

/// A sheet as records.
pub struct Sheet {
    cells: Box<dyn Cells>,
    row: RowCells,
    /// What is to be said about rows that were read, by their numbers.
    remarks: VecDeque<(u64, Note)>,
    /// The size of the file.
    size: u64,
}

impl Sheet {
    fn new(cells: Box<dyn Cells>, size: u64) -> Self {
        Self { cells, row: RowCells::default(), remarks: VecDeque::new(), size }
    }

    pub(crate) fn read(
        &mut self,
        record: &mut Record,
        width: Option<usize>,
    ) -> Result<Option<Found>, ExchangeError> {
        if !self.cells.read(&mut self.row)? {
            return Ok(None);
        }
        self.row.fill(record, width);
        let line = self.row.number;
        self.remarks.extend(self.row.notes.drain(..).map(|note| (line, note)));
        let bad = self.row.too_long.then_some(Reason::TooLong { limit: MAX_RECORD });
        Ok(Some(Found { line, bad, stray: false, breaks: false, nul: 0, malformed: 0 }))
    }

    pub(crate) fn bytes(&self) -> u64 {
        let (done, of) = self.cells.progress();
        if of == 0 { self.size } else { (self.size as u128 * u128::from(done) / u128::from(of)) as u64 }
    }

    /// What is to be said about the cells of a row; `header` are the names of the columns.
    pub(crate) fn remarks(&mut self, line: u64, header: &[String]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        // Rows above the table are passed over, and so is what is to be said about them.
        while self.remarks.front().is_some_and(|(of, _)| *of <= line)
            && let Some((of, note)) = self.remarks.pop_front()
        {
            if of < line {
                continue;
            }
            let place = |column: u32| {
                let name = header.get(column as usize).cloned().unwrap_or_default();
                (name, format!("{}{line}", value::letters(column as usize)))
            };
            let (column, value, kind) = match note {
                Note::Error { column, text } => {
                    let (name, cell) = place(column);
                    (name, format!("{cell} ({text})"), WarningKind::CellError)
                }
                Note::Formula { column } => {
                    let (name, cell) = place(column);
                    (name, cell, WarningKind::CellFormula)
                }
                Note::Repeated { count } => (String::new(), count.to_string(), WarningKind::Repeated),
            };
            warnings.push(Warning { line, column, value, kind });
        }
        warnings
    }
}
