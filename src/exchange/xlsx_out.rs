//! Contacts as a spreadsheet: the columns of rolo's own CSV, with dates as dates and numbers as numbers, and all else as
//! text, so that no phone number turns into 1.38E+10 and nothing is run as a formula.

use std::io::{self, Seek, SeekFrom, Write};

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Color, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::ContactWriter;
use super::csv_out::{Holds, Shape, TypedCells};
use super::json::ContactOut;
use super::sheet::SheetError;
use super::table::restored;
use crate::model::guard::guarded;
use crate::text::width;

/// What a sheet can hold (ECMA-376 leaves it open; these are Excel's limits).
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: usize = 16_384;
const MAX_TEXT: usize = 32_767;
/// How many rows the widths of columns are taken from.
const MEASURED: u32 = 1000;
const NARROW: usize = 8;
const WIDE: usize = 48;

/// Writes contacts as rows of a sheet, which stays on disk until it is complete.
pub struct XlsxWriter<'a> {
    workbook: Workbook,
    cells: TypedCells,
    names: Vec<String>,
    widths: Vec<usize>,
    row: u32,
    date: Format,
    moment: Format,
    out: &'a mut dyn Write,
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

fn refused(error: SheetError) -> io::Error {
    io::Error::other(error)
}

impl<'a> XlsxWriter<'a> {
    /// Writes the names of the columns. `count`: how many contacts follow.
    pub fn new(shape: &Shape, count: usize, out: &'a mut dyn Write) -> io::Result<Self> {
        let (names, cells) = TypedCells::new(shape);
        if count as u64 >= MAX_ROWS || names.len() > MAX_COLUMNS {
            return Err(refused(SheetError::TooMany { rows: MAX_ROWS, columns: MAX_COLUMNS as u32 }));
        }
        let mut workbook = Workbook::new();
        workbook.set_tempdir(std::env::temp_dir()).map_err(failed)?;
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name("Contacts").map_err(failed)?;
        header(sheet, &names, count as u32)?;
        let widths = names.iter().map(|name| width(name) + 2).collect();
        let left = Format::new().set_align(FormatAlign::Left);
        Ok(Self {
            workbook,
            cells,
            names,
            widths,
            row: 0,
            date: left.clone().set_num_format("yyyy-mm-dd"),
            // The literal Z says on the way back that it is UTC.
            moment: left.set_num_format("yyyy-mm-dd\"T\"hh:mm:ss\"Z\""),
            out,
        })
    }
}

/// A bold first row that stays in view, with filters.
pub(super) fn header(sheet: &mut Worksheet, names: &[String], rows: u32) -> io::Result<()> {
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0xE7_E6_E6));
    let last = u16::try_from(names.len().saturating_sub(1)).unwrap_or_default();
    if !names.is_empty() {
        sheet.autofilter(0, 0, rows, last).map_err(failed)?;
        // Phones and ids are text on purpose.
        sheet.ignore_error_range(0, 0, rows.max(1), last, IgnoreError::NumberStoredAsText).map_err(failed)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    for (column, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, column, text(name), &bold).map_err(failed)?;
    }
    Ok(())
}

/// Text that an import would take a quotation mark off is given one more.
fn text(cell: &str) -> String {
    if restored(cell) == cell { cell.to_owned() } else { format!("'{cell}") }
}

/// The library writes rows to a temporary file and panics where that fails: on a full disk.
fn unless_full<T>(write: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    guarded(write).unwrap_or_else(|| {
        Err(io::Error::new(io::ErrorKind::StorageFull, "no room for the temporary file of a spreadsheet"))
    })
}

impl ContactWriter for XlsxWriter<'_> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        unless_full(|| self.contact(contact))
    }

    fn finish(&mut self) -> io::Result<()> {
        unless_full(|| {
            let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
            for (column, width) in (0..).zip(&self.widths) {
                sheet.set_column_width(column, (*width).clamp(NARROW, WIDE) as f64).map_err(failed)?;
            }
            save(&mut self.workbook, self.out)
        })
    }
}

impl XlsxWriter<'_> {
    fn contact(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.row += 1;
        let Self { workbook, cells, names, widths, row, date, moment, .. } = self;
        let (row, sheet) = (*row, workbook.worksheet_from_index(0).map_err(failed)?);
        cells.each(contact, |index, cell, holds, value| {
            if cell.is_empty() {
                return Ok(());
            }
            if row <= MEASURED {
                let longest = cell.lines().map(width).max().unwrap_or_default();
                widths[index] = widths[index].max(longest + 1);
            }
            let column = index as u16;
            let written = match typed(cell, holds, value) {
                Typed::Date(day) => sheet.write_number_with_format(row, column, day, date),
                Typed::Moment(at) => sheet.write_number_with_format(row, column, at, moment),
                Typed::Number(number) => sheet.write_number(row, column, number),
                Typed::Flag(flag) => sheet.write_boolean(row, column, flag),
                Typed::Text => sheet.write_string(row, column, text(cell)),
            };
            match written {
                Ok(_) => Ok(()),
                Err(XlsxError::MaxStringLengthExceeded) => {
                    let (name, column) = (contact.name.clone(), names[index].clone());
                    Err(refused(SheetError::LongText { name, column, limit: MAX_TEXT }))
                }
                Err(error) => Err(failed(error)),
            }
        })
    }
}

/// Writes a workbook where one can't go back.
pub(super) fn save(workbook: &mut Workbook, out: &mut dyn Write) -> io::Result<()> {
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(io::BufWriter::new(&mut file)).map_err(failed)?;
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, out)?;
    out.flush()
}

enum Typed {
    Text,
    /// Days since the beginning of 1900, as spreadsheets count them.
    Date(f64),
    Moment(f64),
    Number(f64),
    Flag(bool),
}

/// What a cell is written as: a type only where reading it gives back the same text.
fn typed(cell: &str, holds: Holds, value: Option<&Value>) -> Typed {
    match (holds, value) {
        (Holds::Text, _) => Typed::Text,
        (Holds::Flag, _) | (Holds::Value, Some(Value::Bool(_))) => match cell {
            "true" => Typed::Flag(true),
            "false" => Typed::Flag(false),
            _ => Typed::Text,
        },
        (Holds::Value, Some(Value::Number(number))) => match number.as_f64() {
            Some(number) if number.abs() < 1e15 && number.to_string() == cell && digits(cell) <= 15 => {
                Typed::Number(number)
            }
            _ => Typed::Text,
        },
        (Holds::Date | Holds::Value, _) => day(cell).map_or(Typed::Text, Typed::Date),
        (Holds::Moment, _) => moment(cell).or_else(|| day(cell).map(Typed::Date)).unwrap_or(Typed::Text),
    }
}

fn digits(cell: &str) -> usize {
    cell.bytes().filter(u8::is_ascii_digit).count()
}

/// `2024-03-15` as days; what Excel counts otherwise, or not at all, stays text.
fn day(cell: &str) -> Option<f64> {
    if cell.len() != 10 {
        return None;
    }
    let date = NaiveDate::parse_from_str(cell, "%Y-%m-%d").ok()?;
    let days = date.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    // From 1900-03-01, the first day that all programs agree on, to the end of 9999.
    (61..=2_958_465).contains(&days).then_some(days as f64)
}

fn moment(cell: &str) -> Option<Typed> {
    if cell.len() != 20 {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(cell, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    let seconds = at.signed_duration_since(at.date().and_hms_opt(0, 0, 0)?).num_seconds();
    Some(Typed::Moment(day(&cell[..10])? + seconds as f64 / 86_400.0))
}
