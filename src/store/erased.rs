//! What is still to be done once somebody was erased: what of this device's rows lies in a shared place as it was before, and
//! which others have not seen the erasure yet. Both are notes in `local_state`; the log itself is done with it.
#![allow(clippy::disallowed_methods)]

use super::commit::{Meta, Store};
use super::error::Result;
use super::log::Label;
use super::tx::Tx;
use crate::model::edit::{At, Edit};
use crate::model::ids::{Device, Gid};
use crate::model::schema::Kind;
use rusqlite::Connection;

/// A row whose lines were replaced; its local number follows.
const SCRUBBED: &str = "scrubbed:";
/// A row that erases somebody; its local number follows.
const ERASES: &str = "erases:";

/// Somebody whose lines came in erased; kind and id follow.
const TOLD: &str = "told:";

/// The device and number of a row of the log.
pub type Numbered = (Device, i64);

fn note(conn: &Connection, kind: &str, n: i64) -> Result<()> {
    conn.prepare_cached("insert or ignore into local_state values (?1, '')")?
        .execute([format!("{kind}{n}")])?;
    Ok(())
}

/// Notes that a row's lines were replaced.
pub(super) fn scrubbed(conn: &Connection, n: i64) -> Result<()> {
    note(conn, SCRUBBED, n)
}

/// Notes that a row erases somebody.
pub(super) fn erases(conn: &Connection, n: i64) -> Result<()> {
    note(conn, ERASES, n)
}

fn is_gone(conn: &Connection, kind: Kind, gid: &Gid) -> Result<bool> {
    let sql = "select exists (select 1 from gone where kind=?1 and gid=?2 and erased=1)";
    Ok(conn.prepare_cached(sql)?.query_row((kind as i64, super::sql::gid_blob(gid)), |row| row.get(0))?)
}

/// Notes that lines about somebody came in erased, if nothing here says by whom.
pub(super) fn told(conn: &Connection, kind: Kind, gid: &Gid) -> Result<()> {
    if !is_gone(conn, kind, gid)? {
        conn.prepare_cached("insert or ignore into local_state values (?1, '')")?
            .execute([format!("{TOLD}{} {gid}", kind.record().name)])?;
    }
    Ok(())
}

fn noted(conn: &Connection, kind: &str) -> Result<Vec<Numbered>> {
    let mut statement = conn.prepare_cached(
        "select d.id, tx.seq from local_state s join tx on tx.n=cast(substr(s.key, length(?1) + 1) as integer) \
         join device d on d.n=tx.device where s.key>=?1 and s.key<?1||'~' order by 1, 2",
    )?;
    let rows = statement.query_map([kind], |row| Ok((u64::from_be_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Tx<'_> {
    /// Whether a record with this id was erased: nothing can be made under it any more.
    pub fn is_erased(&self, kind: Kind, uid: &[u8; 16]) -> Result<bool> {
        is_gone(self.conn(), kind, &Gid::Uid(*uid))
    }
}

impl Store {
    /// Rows of any device whose lines were replaced by their hashes since they were last forgotten.
    pub fn scrubbed(&self) -> Result<Vec<Numbered>> {
        noted(&self.conn, SCRUBBED)
    }

    /// Rows that erase somebody and that, as far as is known here, not all devices have seen.
    pub fn erasing(&self) -> Result<Vec<Numbered>> {
        noted(&self.conn, ERASES)
    }

    /// Forgets that rows of a device were replaced: what lies in the shared place is as they are now.
    pub fn scrubbed_there(&mut self, rows: &[Numbered]) -> Result<()> {
        self.forget(SCRUBBED, rows)
    }

    /// Forgets erasures that all devices have seen.
    pub fn erased_everywhere(&mut self, rows: &[Numbered]) -> Result<()> {
        self.forget(ERASES, rows)
    }

    /// Whom somebody has erased of whom nothing here says so, although it was asked before: the row that erases them has gone
    /// with a disk.
    pub fn erased_elsewhere(&mut self) -> Result<Vec<At>> {
        let notes = {
            let mut statement = self
                .conn
                .prepare_cached("select key, value from local_state where key>=?1 and key<?1||'~'")?;
            let rows = statement.query_map([TOLD], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<(String, String)>>>()?
        };
        let _writing = self.gate.open();
        let mut found = Vec::new();
        for (key, asked) in notes {
            let name = key.trim_start_matches(TOLD).split_once(' ');
            let whom = name.and_then(|(kind, gid)| Some((Kind::named(kind)?, Gid::parse(gid)?)));
            match whom {
                Some((kind, gid)) if !is_gone(&self.conn, kind, &gid)? => {
                    let mut statement =
                        self.conn.prepare_cached("update local_state set value='asked' where key=?1")?;
                    statement.execute([&key])?;
                    found.extend((!asked.is_empty()).then_some(At { kind, id: gid, owner: None }));
                }
                _ => {
                    self.conn.prepare_cached("delete from local_state where key=?1")?.execute([&key])?;
                }
            }
        }
        Ok(found)
    }

    /// Erases what a row erased that does not count.
    pub fn erase_again(&mut self, whom: Vec<At>, author: &str) -> Result<()> {
        let count = whom.iter().filter(|at| at.kind == Kind::Contact).count();
        let meta = Meta {
            label: Label::new("erase", [count.to_string()]),
            author: author.to_owned(),
            origin: "sync".to_owned(),
            undoes: None,
        };
        self.write(&meta, |tx| -> Result<()> {
            whom.into_iter().try_for_each(|at| tx.push(Edit::Erase(at)).map(drop))
        })?;
        self.empty_wal()
    }

    fn forget(&mut self, kind: &str, rows: &[Numbered]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let numbers = rows.iter().map(|(device, seq)| super::sql::row_named(&self.conn, *device, *seq));
        let numbers: Vec<i64> = numbers.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        let _writing = self.gate.open();
        for n in numbers {
            let mut statement = self.conn.prepare_cached("delete from local_state where key=?1")?;
            statement.execute([format!("{kind}{n}")])?;
        }
        Ok(())
    }

    /// Puts what the write-ahead log holds into the book and empties it: pages of the state before lie there still. Where a
    /// reader keeps that from being done now, the next one to close the book does it.
    pub fn empty_wal(&self) -> Result<()> {
        let done = self.conn.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, i64>(0));
        done.map(drop).map_err(Into::into)
    }
}
