//! Imports of the past, to be taken back whenever.

use super::Result;
use crate::ops::Book;
use crate::ops::Label;
use crate::store::{log, undo};

/// An import that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastImport {
    /// Its number: what `undo` takes.
    pub batch: i64,
    /// When, ms since 1970.
    pub at: i64,
    /// What it was called.
    pub label: Label,
    /// Who did it.
    pub author: String,
    /// How many edits it made.
    pub edits: i64,
    /// Whether it was taken back.
    pub undone: bool,
}

impl Book {
    /// The latest imports, newest first, those that were taken back included.
    pub fn imports(&self, limit: usize) -> Result<Vec<PastImport>> {
        let conn = self.reader()?;
        let mut found = Vec::new();
        for step in undo::steps(conn)?.into_iter().rev().filter(|step| step.edits && step.undoes.is_none()) {
            if found.len() == limit {
                break;
            }
            let rows = log::batch(conn, step.n)?;
            if let Some(first) = rows.first().filter(|row| row.origin == "import") {
                found.push(PastImport {
                    batch: step.n,
                    at: first.millis(),
                    label: first.label.clone(),
                    author: first.author.clone(),
                    edits: rows.iter().map(|row| row.lines).sum(),
                    undone: step.undone,
                });
            }
        }
        Ok(found)
    }
}
