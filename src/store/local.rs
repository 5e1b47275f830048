//! What of a book is this device's alone, and a book's beginning on a device that joins.
#![allow(clippy::disallowed_methods)]

use super::commit::Store;
use super::entropy::Entropy;
use super::error::{Result, StoreError};
use super::{device, open};
use crate::clock::Clock;
use crate::model::ids::Device;
use std::path::Path;

impl Store {
    /// Makes a book of its own for a device that shares the book with this id; there must be none at the path.
    pub fn join(path: &Path, state: &Path, clock: Clock, entropy: Entropy, book: [u8; 16]) -> Result<Self> {
        let (conn, gate) = open::gated(path)?;
        let fresh: bool = conn.query_row("select not exists (select 1 from tx)", [], |row| row.get(0))?;
        if !fresh {
            return Err(StoreError::Damaged("there is a book already".to_owned()));
        }
        let writing = gate.open();
        conn.execute("update meta set value=?1 where key='book'", [&book[..]])?;
        drop((writing, conn));
        // Whoever was called so at this path before may have joined, too, with other keys.
        device::renew(path, state, &book, &entropy)?;
        Self::open_with(path, state, clock, entropy)
    }

    /// Notes, outside the book, that others may have seen this device's rows up to `seq`.
    pub fn published(&self, seq: i64) -> Result<()> {
        device::published(&self.path, &self.state, &self.book, seq)
    }

    /// The hash of a device's row; zeros before the first.
    pub fn hash_of(&self, device: Device, seq: i64) -> Result<[u8; 32]> {
        if seq < 1 {
            return Ok([0; 32]);
        }
        let sql = "select hash from tx where device=(select n from device where id=?1) and seq=?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((&device.to_be_bytes()[..], seq))?;
        let missing = || StoreError::NoRecord(format!("row {seq} of {device:016x}"));
        Ok(rows.next()?.ok_or_else(missing)?.get(0)?)
    }

    /// How many of a device's rows after this one change anything: that something was exported is noted in the log, too.
    pub fn changes_after(&self, device: Device, seq: i64) -> Result<i64> {
        let sql = "select count(*) from tx where device=(select n from device where id=?1) and seq>?2 and (lines>0 or parts<>1)";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row((&device.to_be_bytes()[..], seq), |row| row.get(0))?)
    }

    /// Keeps something that is this device's alone: neither in log nor dump.
    pub fn keep_local(&mut self, key: &str, value: &str) -> Result<()> {
        let _writing = self.gate.open();
        self.conn.execute("insert or replace into local_state values (?1, ?2)", (key, value))?;
        Ok(())
    }
}
