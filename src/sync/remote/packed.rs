//! The shared file's bytes: an SQLite file with one row a file of the shared folder. It is made and read in memory, so that nothing
//! ever lies beside it and nobody ever writes in it.
#![allow(clippy::disallowed_methods)]

use crate::sync::error::{Result, SyncError};
use rusqlite::{Connection, MAIN_DB};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

/// In the file's header: a shared file is told from a book.
const APPLICATION_ID: i32 = crate::store::open::SHARED_ID;

/// The layout that is written.
const FORMAT: i32 = 1;

/// No table but this one is read: another could make SQLite compute without end.
const TABLE: &str =
    "CREATE TABLE part (name text primary key not null, bytes blob not null) without rowid, strict";

/// Names and bytes; names that this version can't read are passed on.
pub(super) type Parts = BTreeMap<String, Arc<[u8]>>;

/// What the first bytes of a file say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// A shared file.
    Shared,
    /// A book.
    Book,
    /// Something else, or cut short.
    Else,
}

pub(super) fn is(bytes: &[u8]) -> Is {
    let id = bytes.get(68..72).and_then(|id| id.try_into().ok()).map(i32::from_be_bytes);
    match id {
        Some(APPLICATION_ID) if bytes.starts_with(b"SQLite format 3\0") => Is::Shared,
        Some(crate::store::open::APPLICATION_ID) if bytes.starts_with(b"SQLite format 3\0") => Is::Book,
        _ => Is::Else,
    }
}

/// Reads a shared file.
pub(super) fn read(mut bytes: Vec<u8>) -> Result<Parts> {
    let damaged = SyncError::Damaged("the shared file does not read; its sync tool may still be writing it");
    // Another program may have put it into WAL mode; what is in memory has no WAL.
    for at in [18, 19] {
        match bytes.get_mut(at) {
            Some(mode) => *mode = 1,
            None => return Err(damaged),
        }
    }
    let conn = {
        let mut conn = Connection::open_in_memory()?;
        let length = bytes.len();
        conn.deserialize_read_exact(MAIN_DB, Cursor::new(bytes), length, true)?;
        conn
    };
    parts(&conn).map_err(|error| match error {
        SyncError::Sql(_) => damaged,
        other => other,
    })
}

fn parts(conn: &Connection) -> Result<Parts> {
    conn.execute_batch("pragma cell_size_check=on; pragma trusted_schema=off")?;
    let format: i32 = conn.query_row("pragma user_version", [], |row| row.get(0))?;
    if format > FORMAT {
        return Err(SyncError::Newer { found: format as u64, known: FORMAT as u64 });
    }
    let tables: Vec<String> = conn
        .prepare("select sql from sqlite_schema where name='part' limit 2")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if tables != [TABLE] {
        return Err(SyncError::Damaged("the shared file has other tables than rolo makes"));
    }
    let mut all = Parts::new();
    let mut statement = conn.prepare("select name, bytes from part order by name")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        // A crafted file could lead round in circles.
        if all.last_key_value().is_some_and(|(last, _)| *last >= name) {
            return Err(SyncError::Damaged("the shared file is out of order"));
        }
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        all.insert(name, bytes.into());
    }
    Ok(all)
}

/// Writes one.
pub(super) fn write(parts: &Parts) -> Result<Vec<u8>> {
    let mut conn = Connection::open_in_memory()?;
    conn.execute_batch(&format!(
        "pragma application_id={APPLICATION_ID}; pragma user_version={FORMAT}; {TABLE}"
    ))?;
    let tx = conn.transaction()?;
    {
        let mut insert = tx.prepare("insert into part values (?1, ?2)")?;
        for (name, bytes) in parts {
            insert.execute((name, &bytes[..]))?;
        }
    }
    tx.commit()?;
    Ok(conn.serialize(MAIN_DB)?.to_vec())
}
