//! The full text of notes and interactions, kept in step with what they say.
#![allow(clippy::disallowed_methods)]

use super::apply::Applier;
use super::derive;
use super::error::Result;
use super::sql::Place;
use crate::model::schema::Kind;
use rusqlite::Connection;

/// After so many texts, taking each out of the index without a trace costs more than rewriting the index at the end,
/// which leaves no trace either.
pub(super) const FORGOTTEN_MANY: usize = 500;

impl Applier<'_> {
    pub(super) fn words_changed(&self, place: Place, before: &str, after: &str) -> Result<()> {
        if before == after {
            return Ok(());
        }
        let rowid = words_row(place.kind, place.id);
        if !before.is_empty() {
            self.forgotten.set(self.forgotten.get() + 1);
            if self.forgotten.get() == FORGOTTEN_MANY {
                self.conn.execute_batch("insert into words(words, rank) values ('secure-delete', 0)")?;
            }
            self.conn
                .prepare_cached("insert into words(words, rowid, text) values ('delete', ?1, ?2)")?
                .execute((rowid, derive::full_text(before)))?;
        }
        if !after.is_empty() {
            self.index_words(place.kind, place.id, &derive::full_text(after))?;
        }
        Ok(())
    }

    pub(super) fn index_words(&self, kind: Kind, id: i64, text: &str) -> Result<()> {
        self.conn
            .prepare_cached("insert into words(rowid, text) values (?1, ?2)")?
            .execute((words_row(kind, id), text))?;
        Ok(())
    }
}

/// The row of the full-text index that a contact's note or an interaction has.
pub const fn words_row(kind: Kind, id: i64) -> i64 {
    id * 2 + if matches!(kind, Kind::Interaction) { 1 } else { 0 }
}

/// Whether a field is part of what the full-text index holds.
pub(super) fn has_words(kind: Kind, field: &str) -> bool {
    match kind {
        Kind::Contact => field == "note",
        Kind::Interaction => matches!(field, "subject" | "body" | "outcome"),
        _ => false,
    }
}

/// What the full-text index holds of a record.
pub fn words_of(conn: &Connection, place: Place) -> Result<String> {
    let sql = match place.kind {
        Kind::Contact => "select note from contact where id=?1",
        Kind::Interaction => {
            "select trim(ifnull(subject, '') || char(10) || ifnull(body, '') || char(10) || ifnull(outcome, ''), char(10)) \
             from interaction where id=?1"
        }
        _ => return Ok(String::new()),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([place.id])?;
    Ok(match rows.next()? {
        Some(row) => row.get::<_, Option<String>>(0)?.unwrap_or_default(),
        None => String::new(),
    })
}
