//! What makes many records at once quick: indexes that are built once, at the end.
#![allow(clippy::disallowed_methods)]

use super::error::Result;
use super::open;
use rusqlite::Connection;

/// Indexes that nothing asks while a book is filled for the first time.
const LARGE: [&str; 5] = ["contact_sort", "contact_company", "method_hash", "identity_ext", "tagging_tag"];

/// The page cache while they are gone, KiB.
const CACHE: u32 = 16 << 10;

/// The large indexes while they are gone: name and SQL of each.
#[derive(Debug, Default)]
pub(super) struct Indexes(Vec<(String, String)>);

impl Indexes {
    /// Takes them away, within the transaction that is open.
    pub(super) fn drop(conn: &Connection) -> Result<Self> {
        let names = LARGE.join("','");
        let sql = format!("select name, sql from sqlite_schema where type='index' and name in ('{names}')");
        let found = conn
            .prepare(&sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        for (name, _) in &found {
            conn.execute_batch(&format!("drop index {name}"))?;
        }
        // Pages are filled one after the other: more of them in memory would only be more memory.
        conn.execute_batch(&open::cache_size(CACHE))?;
        Ok(Self(found))
    }

    /// Builds them again, if they are gone.
    pub(super) fn build(&mut self, conn: &Connection) -> Result<()> {
        let indexes = std::mem::take(&mut self.0);
        for (_, sql) in &indexes {
            conn.execute_batch(sql)?;
        }
        if !indexes.is_empty() {
            conn.execute_batch(&open::cache_size(open::WRITER_CACHE))?;
        }
        Ok(())
    }
}
