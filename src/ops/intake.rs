//! Contacts that arrive as JSON on a pipe, to be added as they are: no matching, no mapping.

use super::{Book, OpError, Result};
use crate::exchange::{self, RowItem};
use crate::model::draft::ContactDraft;
use std::io::Read;

/// Reads JSON objects: one, several in a row, one a line, or an array of them. A mistake in one refuses them all.
pub fn read_json(input: impl Read + Send + 'static) -> Result<Vec<ContactDraft>> {
    let wrap = |source| OpError::Exchange { path: "-".to_owned(), source };
    let source = match exchange::open(Box::new(input), "-", &exchange::Options::default()) {
        Err(exchange::ExchangeError::Empty) => return Ok(Vec::new()),
        other => other.map_err(wrap)?,
    };
    if !source.is_native() {
        return Err(OpError::Text { line: 1, message: "this is no JSON".to_owned() });
    }
    let mut drafts = Vec::new();
    for row in source {
        let row = row.map_err(wrap)?;
        let line = usize::try_from(row.line).unwrap_or_default();
        match row.item {
            RowItem::Contact(draft) => drafts.push(*draft),
            RowItem::Blank => {}
            RowItem::Bad(reason) => return Err(OpError::Text { line, message: reason.to_string() }),
            RowItem::Other(record) => {
                let name = record.kind.record().name;
                return Err(OpError::Text { line, message: format!("{name:?} is no contact; use import") });
            }
            RowItem::Record(map) => {
                let name = map.get("record").and_then(|name| name.as_str()).unwrap_or_default();
                return Err(OpError::Text { line, message: format!("{name:?} is no contact; use import") });
            }
        }
    }
    Ok(drafts)
}

impl Book {
    /// Makes the book's file if there is none yet.
    pub fn create(&mut self) -> Result<()> {
        self.store().map(drop)
    }
}
