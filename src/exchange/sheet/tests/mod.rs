//! Workbooks of every kind through `open`: made by code, byte by byte where no library writes what must be read.

mod build;
mod hostile;
mod read;
mod written;

use std::io::Cursor;

use crate::exchange::{ExchangeError, Options, Row, RowItem, SheetError, Source, open};
use crate::model::draft::ContactDraft;

fn source(bytes: &[u8], options: &Options) -> Result<Source, ExchangeError> {
    open(Box::new(Cursor::new(bytes.to_vec())), "file", options)
}

fn rows(bytes: &[u8]) -> Vec<Row> {
    source(bytes, &Options::default()).unwrap().map(Result::unwrap).collect()
}

fn contacts(bytes: &[u8]) -> Vec<ContactDraft> {
    let contact = |row: Row| match row.item {
        RowItem::Contact(draft) => Some(*draft),
        _ => None,
    };
    rows(bytes).into_iter().filter_map(contact).collect()
}

/// The cells of all rows, and the numbers of the rows.
fn cells(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
    let cells = |row: Row| match row.raw {
        crate::exchange::Raw::Cells(record) => (row.line, record.iter().map(str::to_owned).collect()),
        crate::exchange::Raw::Text(text) => (row.line, vec![text]),
    };
    rows(bytes).into_iter().map(cells).collect()
}

/// What a workbook is refused with, when it is opened or while it is read.
fn refused(bytes: &[u8]) -> Option<SheetError> {
    let found = source(bytes, &Options::default()).and_then(|source| source.collect::<Result<Vec<_>, _>>());
    match found {
        Err(ExchangeError::Sheet(error)) => Some(error),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    }
}
