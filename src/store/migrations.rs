//! The one ordered table of what made the schema what it is. A step never changes once it has landed.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::open::APPLICATION_ID;
use rusqlite::Connection;
use std::path::Path;

/// (version it leads to, SQL).
const STEPS: &[(i64, &str)] = &[(1, include_str!("v1.sql")), (3, include_str!("v3.sql"))];

/// The newest version.
pub const NEWEST: i64 = STEPS[STEPS.len() - 1].0;

/// The rules by which derived columns are made; a book with another number is rebuilt.
pub const DERIVED: i64 = 2;

/// Brings a book to the newest version, in one transaction, whoever else tries at the same time.
pub fn migrate(conn: &Connection, path: &Path) -> Result<()> {
    let version = |conn: &Connection| -> Result<i64> {
        Ok(conn.query_row("pragma user_version", [], |row| row.get(0))?)
    };
    let found = version(conn)?;
    if found == NEWEST {
        return Ok(());
    }
    conn.execute_batch("begin immediate")?;
    let done = (|| {
        let found = version(conn)?;
        if found > NEWEST {
            return Err(StoreError::Newer { path: path.to_owned(), found, known: NEWEST });
        }
        if found == 0 {
            let tables: i64 = conn.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
            if tables > 0 {
                return Err(StoreError::NotABook(path.to_owned()));
            }
        }
        for (to, sql) in STEPS.iter().filter(|(to, _)| *to > found) {
            conn.execute_batch(sql)?;
            conn.execute_batch(&format!("pragma user_version={to}"))?;
        }
        if found == 0 {
            let mut id = [0u8; 16];
            getrandom::fill(&mut id).map_err(|error| StoreError::Damaged(error.to_string()))?;
            conn.execute_batch(&format!("pragma application_id={APPLICATION_ID}"))?;
            conn.execute(
                "insert into meta values ('book', ?1), ('derived_version', ?2)",
                (&id[..], DERIVED),
            )?;
        }
        let rules: i64 =
            conn.query_row("select value from meta where key='derived_version'", [], |row| row.get(0))?;
        if rules != DERIVED {
            super::derive::all(conn)?;
            conn.execute("update meta set value=?1 where key='derived_version'", [DERIVED])?;
        }
        Ok(())
    })();
    conn.execute_batch(if done.is_ok() { "commit" } else { "rollback" })?;
    done
}
