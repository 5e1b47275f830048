//! One row of a sheet: the cells that hold something, in any order, and what is to be said about them.

use super::SheetError;
use crate::exchange::ExchangeError;
use crate::exchange::scan::{MAX_RECORD, Record};

/// How many columns a sheet can have (XFD).
pub(crate) const MAX_COLUMNS: u32 = 16_384;
/// How many rows a sheet can have.
pub(crate) const MAX_ROWS: u64 = 1_048_576;

/// What is to be said about a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// It holds an error such as `#N/A`.
    Error { column: u32, text: String },
    /// It holds a formula whose result no program has put there.
    Formula { column: u32 },
    /// The row stands for so many like it and is read once.
    Repeated { count: u64 },
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    column: u32,
    start: usize,
    end: usize,
}

/// The cells of a row.
#[derive(Debug, Default)]
pub(crate) struct RowCells {
    /// From 1.
    pub(crate) number: u64,
    text: String,
    cells: Vec<Cell>,
    pub(crate) notes: Vec<Note>,
    /// There was more text than a record may have.
    pub(crate) too_long: bool,
}

impl RowCells {
    pub(crate) fn clear(&mut self, number: u64) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
        self.notes.clear();
        self.too_long = false;
    }

    /// Adds a cell; an empty one is nothing, and an error if the column lies beyond the last there can be.
    pub(crate) fn push(&mut self, column: u32, text: &str) -> Result<(), ExchangeError> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS || self.cells.len() > MAX_COLUMNS as usize {
            return Err(SheetError::Beyond { row: self.number }.into());
        }
        if self.text.len() + text.len() > MAX_RECORD {
            self.too_long = true;
            return Ok(());
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.cells.push(Cell { column, start, end: self.text.len() });
        Ok(())
    }

    /// Notes something, as long as there are no more notes than cells can be.
    pub(crate) fn note(&mut self, note: Note) {
        if self.notes.len() < MAX_COLUMNS as usize {
            self.notes.push(note);
        }
    }

    pub(crate) fn get(&self, column: u32) -> Option<&str> {
        let cell = self.cells.iter().rev().find(|cell| cell.column == column)?;
        Some(&self.text[cell.start..cell.end])
    }

    /// Whether no cell holds anything but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.notes.is_empty() && !self.too_long
    }

    /// The cells as a record. `width`: how many columns the table has; what stands beyond follows without gaps.
    pub(crate) fn fill(&mut self, record: &mut Record, width: Option<usize>) {
        record.clear();
        if !self.cells.is_sorted_by(|a, b| a.column < b.column) {
            // The last cell of a column counts.
            self.cells.reverse();
            self.cells.sort_by_key(|cell| cell.column);
            self.cells.dedup_by_key(|cell| cell.column);
        }
        let width = width.unwrap_or(MAX_COLUMNS as usize);
        for cell in &self.cells {
            let gap = (cell.column as usize).min(width);
            while record.len() < gap {
                record.push("");
            }
            record.push(&self.text[cell.start..cell.end]);
        }
    }
}

/// A block of cells that counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merge {
    /// From 1.
    pub(crate) row: u64,
    /// From 0.
    pub(crate) column: u32,
    /// The last row it covers.
    pub(crate) last: u64,
}

/// Gives what stands in a merged cell to each row that it covers.
#[derive(Debug, Default)]
pub(crate) struct Merges {
    /// By row, then column.
    all: Vec<Merge>,
    active: Vec<(u32, u64, String)>,
}

/// How many blocks are looked at; a table with more is laid out in no sensible way.
pub(crate) const MAX_MERGES: usize = 100_000;

impl Merges {
    /// Of those that cover several rows.
    pub(crate) fn new(mut all: Vec<Merge>) -> Self {
        all.retain(|merge| merge.last > merge.row);
        all.sort_by_key(|merge| (merge.row, merge.column));
        Self { all, active: Vec::new() }
    }

    /// Adds blocks that begin in the row at hand; those before it are done with.
    pub(crate) fn extend(&mut self, more: &mut Vec<Merge>) {
        self.all.clear();
        self.all.append(more);
    }

    /// Fills the gaps that merged cells leave in a row.
    pub(crate) fn apply(&mut self, row: &mut RowCells) -> Result<(), ExchangeError> {
        if (self.all.is_empty() && self.active.is_empty()) || row.is_blank() {
            return Ok(());
        }
        self.active.retain(|(_, last, _)| *last >= row.number);
        for (column, _, text) in &self.active {
            if row.get(*column).is_none() {
                row.push(*column, text)?;
            }
        }
        let first = self.all.partition_point(|merge| merge.row < row.number);
        for merge in self.all[first..].iter().take_while(|merge| merge.row == row.number) {
            if let Some(text) = row.get(merge.column).filter(|text| text.len() <= MAX_RECORD / 256)
                && self.active.len() < 256
            {
                self.active.push((merge.column, merge.last, text.to_owned()));
            }
        }
        Ok(())
    }
}
