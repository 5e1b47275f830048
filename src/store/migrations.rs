//! The one ordered table of what made the schema what it is. A step never changes once it has landed.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::open::APPLICATION_ID;
use rusqlite::Connection;
use std::path::Path;

/// (version it leads to, SQL).
const STEPS: &[(i64, &str)] = &[
    (1, include_str!("v1.sql")),
    (2, include_str!("v2.sql")),
    (3, include_str!("v3.sql")),
    (4, include_str!("v4.sql")),
    (5, include_str!("v5.sql")),
    (6, include_str!("v6.sql")),
];

/// The newest version.
pub const NEWEST: i64 = STEPS[STEPS.len() - 1].0;

/// The rules by which derived columns are made; a book with another number is rebuilt.
pub const DERIVED: i64 = 6;

/// By which rules a book's derived columns were made.
fn rules(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("select value from meta where key='derived_version'", [], |row| row.get(0))?)
}

/// Brings a book to the newest version, in one transaction, whoever else tries at the same time.
pub fn migrate(conn: &Connection, path: &Path) -> Result<()> {
    let version = |conn: &Connection| -> Result<i64> {
        Ok(conn.query_row("pragma user_version", [], |row| row.get(0))?)
    };
    let found = version(conn)?;
    if found == NEWEST && rules(conn)? == DERIVED {
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
            if *to == 4 && found > 0 {
                super::log::rehash(conn)?;
            }
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
        if rules(conn)? != DERIVED {
            super::derive::all(conn)?;
            conn.execute("update meta set value=?1 where key='derived_version'", [DERIVED])?;
        }
        Ok(())
    })();
    conn.execute_batch(if done.is_ok() { "commit" } else { "rollback" })?;
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_book_of_each_older_version_becomes_one_of_the_newest() {
        for older in STEPS.iter().map(|(to, _)| *to).filter(|to| *to < NEWEST) {
            let conn = Connection::open_in_memory().unwrap();
            for (_, sql) in STEPS.iter().filter(|(to, _)| *to <= older) {
                conn.execute_batch(sql).unwrap();
            }
            conn.execute_batch(&format!(
                "pragma user_version={older}; insert or ignore into meta values ('derived_version', 1); insert into deal(id, uid, tx, i, title) values (1, x'00', 1, 0, 'kept')"
            ))
            .unwrap();
            migrate(&conn, Path::new(":memory:")).unwrap();
            let version: i64 = conn.query_row("pragma user_version", [], |row| row.get(0)).unwrap();
            assert_eq!(version, NEWEST);
            let sql = "select title, external_id, waiting from deal";
            let row = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            let (title, ext, waiting): (String, Option<String>, Option<String>) = row.unwrap();
            assert_eq!((title.as_str(), ext, waiting), ("kept", None, None));
        }
    }

    #[test]
    fn other_rules_make_derived_columns_anew() {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn, Path::new(":memory:")).unwrap();
        conn.execute_batch("update meta set value=1 where key='derived_version'").unwrap();
        migrate(&conn, Path::new(":memory:")).unwrap();
        assert_eq!(rules(&conn).unwrap(), DERIVED);
    }

    #[test]
    fn an_older_book_can_be_read_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.rolo");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(STEPS[0].1).unwrap();
        conn.execute_batch(&format!(
            "pragma application_id={APPLICATION_ID}; pragma user_version=1; \
             insert into meta values ('book', zeroblob(16)), ('derived_version', {DERIVED})"
        ))
        .unwrap();
        drop(conn);
        assert!(!super::super::open::is_behind(&path), "small enough for nobody to wait");
        fs::File::options().append(true).open(&path).unwrap().set_len(9 << 20).unwrap();
        assert!(super::super::open::is_behind(&path));
        let reader = super::super::open::reader(&path).unwrap();
        let deals: i64 = reader.query_row("select count(waiting) from deal", [], |row| row.get(0)).unwrap();
        assert_eq!(deals, 0);
    }
}
