//! Contacts that arrive as JSON on a pipe, to be added as they are: no matching, no mapping.

use super::contacts::{add, check};
use super::{Added, Book, Label, OpError, Result, meant};
use crate::exchange::{self, RowItem, Warning};
use crate::model::draft::ContactDraft;
use std::io::Read;

/// What came in.
#[derive(Debug, Default)]
pub struct Intake {
    /// Contacts, each with the line that it begins at.
    pub drafts: Vec<(usize, ContactDraft)>,
    /// What is to be said about them.
    pub warnings: Vec<Warning>,
}

/// Reads JSON objects: one, several in a row, one a line, or an array of them. A mistake in one refuses them all.
pub fn read_json(input: impl Read + Send + 'static) -> Result<Intake> {
    let wrap = |source| OpError::Exchange { path: "-".to_owned(), source };
    let mut source = match exchange::open(Box::new(input), "-", &exchange::Options::default()) {
        Err(exchange::ExchangeError::Empty) => return Ok(Intake::default()),
        other => other.map_err(wrap)?,
    };
    if !source.is_native() {
        return Err(OpError::Text { line: 1, message: "this is no JSON".to_owned() });
    }
    let mut drafts = Vec::new();
    // Dates that don't read are refused when the contacts are checked; what else a row says concerns its text.
    for row in source.by_ref() {
        let row = row.map_err(wrap)?;
        let line = usize::try_from(row.line).unwrap_or_default();
        match row.item {
            RowItem::Contact(draft) => drafts.push((line, *draft)),
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
    Ok(Intake { drafts, warnings: source.warnings().to_vec() })
}

/// Names the line of an object that is wrong.
pub(super) fn at_line<T>(line: usize, result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        OpError::BadValue { .. }
        | OpError::UnknownField { .. }
        | OpError::Nameless
        | OpError::Exists { .. }
        | OpError::When(_)
            if line > 0 =>
        {
            OpError::Line { line, source: Box::new(error) }
        }
        other => other,
    })
}

impl Book {
    /// Adds several in one batch; a mistake in one of them adds none.
    pub fn add_all(&mut self, drafts: Vec<ContactDraft>) -> Result<Vec<Added>> {
        self.add_lines(drafts.into_iter().map(|draft| (0, draft)).collect())
    }

    /// Adds several in one batch, each with the line that it came from, which a mistake in it names; 0 if there is none.
    pub fn add_lines(&mut self, mut drafts: Vec<(usize, ContactDraft)>) -> Result<Vec<Added>> {
        for (line, draft) in &mut drafts {
            at_line(*line, check(draft, None, false).and_then(|()| meant::draft(draft, None)))?;
        }
        self.add_checked(&drafts)
    }

    /// Adds one as it is filled in, an e-mail, a phone or a date that doesn't read as one included: who typed it was warned.
    pub fn add_warned(&mut self, mut draft: ContactDraft) -> Result<Added> {
        check(&mut draft, None, true)?;
        meant::visible(&draft, None)?;
        self.add_checked(&[(0, draft)])?.pop().ok_or(OpError::Nameless)
    }

    fn add_checked(&mut self, drafts: &[(usize, ContactDraft)]) -> Result<Vec<Added>> {
        let name = drafts.first().and_then(|(_, draft)| draft.get("name")).unwrap_or_default().to_owned();
        let label = match drafts.len() {
            1 => Label::new("add", [name]),
            count => Label::new("add-many", [count.to_string()]),
        };
        let (ids, receipt) = self.write(label, |tx| {
            drafts.iter().map(|(line, draft)| at_line(*line, add(tx, draft))).collect::<Result<Vec<i64>>>()
        })?;
        let rows = self.rows(&ids)?;
        Ok(rows
            .into_iter()
            .map(|row| Added {
                id: row.id,
                name: row.title_name().to_owned(),
                uid: row.uid,
                handle: row.handle,
                receipt,
            })
            .collect())
    }

    /// Makes the book's file if there is none yet.
    pub fn create(&mut self) -> Result<()> {
        self.store().map(drop)
    }
}
