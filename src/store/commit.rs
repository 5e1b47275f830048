//! The gateway: the only way into a book. A batch of edits is applied and appended to the log in one transaction.
#![allow(clippy::disallowed_methods)]

use super::entropy::Entropy;
use super::error::{Result, StoreError};
use super::log::Label;
use super::sql::{self, Place};
use super::tx::Tx;
use super::{device, open};
use crate::clock::Clock;
use crate::model::edit::{At, Blind};
use crate::model::ids::{Device, Gid};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// What a batch is, beside its edits.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// What it is for.
    pub label: Label,
    /// The person.
    pub author: String,
    /// Which face or operation.
    pub origin: String,
    /// The batch that it takes back: device and `seq`.
    pub undoes: Option<(Device, i64)>,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The batch's number in this book's log (of its first row); 0 if there was nothing to write.
    pub batch: i64,
    /// How many edits it holds.
    pub edits: i64,
}

/// The connection that writes.
pub struct Store {
    pub(super) conn: Connection,
    pub(super) gate: open::Gate,
    pub(super) path: PathBuf,
    pub(super) device: Device,
    pub(super) device_n: i64,
    pub(super) book: [u8; 16],
    pub(super) clock: Clock,
    pub(super) entropy: Entropy,
    pub(super) state: PathBuf,
    /// What this version is taken not to know, in tests of mixed versions.
    pub(super) blind: Blind,
}

impl Store {
    /// Opens a book to write, making it if there is none; the device's identity lies in `state`.
    pub fn open(path: &Path, state: &Path, clock: Clock) -> Result<Self> {
        Self::open_with(path, state, clock, Entropy::default())
    }

    /// The same with random numbers from elsewhere.
    pub fn open_with(path: &Path, state: &Path, clock: Clock, entropy: Entropy) -> Result<Self> {
        Self::open_as(path, state, clock, entropy, &[])
    }

    /// The same as an older version that doesn't know some kinds and fields.
    #[doc(hidden)]
    pub fn open_as(path: &Path, state: &Path, clock: Clock, entropy: Entropy, blind: Blind) -> Result<Self> {
        let (conn, gate) = open::gated(path)?;
        let book: [u8; 16] =
            conn.query_row("select value from meta where key='book'", [], |row| row.get(0))?;
        let device = device::identity(&conn, path, state, &book, &entropy)?;
        let mut store = Self {
            conn,
            gate,
            path: path.to_owned(),
            device,
            device_n: 0,
            book,
            clock,
            entropy,
            state: state.to_owned(),
            blind,
        };
        store.catch_up_once()?;
        Ok(store)
    }

    /// The book's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// This device.
    pub const fn device(&self) -> Device {
        self.device
    }

    /// The book's id.
    pub const fn book(&self) -> [u8; 16] {
        self.book
    }

    /// Sets the clock: time goes on in a simulation.
    #[cfg(feature = "simulation")]
    #[doc(hidden)]
    pub const fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// The connection, whose writes outside `write` are all rolled back.
    pub const fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Runs `work` in one transaction; what it pushes becomes one batch. An error, or nothing pushed, leaves the book as
    /// it was.
    pub fn write<R, E: From<StoreError>>(
        &mut self,
        meta: &Meta,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<(R, Receipt), E> {
        self.transact(meta, true, work)
    }

    /// The same for the first batch of a book, which may be large: what it writes goes into the file once, and not into the
    /// write-ahead log before, unless somebody else has the book open. Nobody can read the book meanwhile.
    pub fn write_first<R, E: From<StoreError>>(
        &mut self,
        meta: &Meta,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<(R, Receipt), E> {
        let alone = open::leave_wal(&self.conn);
        let done = self.transact(meta, true, work);
        if alone {
            // If that fails, the next one to open the book does it.
            let _ = open::to_wal(&self.conn);
        }
        done
    }

    /// The same, but takes everything back at the end: what a dry run would have done.
    pub fn rehearse<R, E: From<StoreError>>(
        &mut self,
        meta: &Meta,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<(R, Receipt), E> {
        self.transact(meta, false, work)
    }

    /// Appends a row without edits: something that happened and is to be remembered, such as an export.
    pub fn note(&mut self, meta: &Meta) -> Result<Receipt> {
        self.transact(meta, true, |tx| {
            tx.keep_empty = true;
            Ok(())
        })
        .map(|((), receipt)| receipt)
    }

    fn transact<R, E: From<StoreError>>(
        &mut self,
        meta: &Meta,
        keep: bool,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<(R, Receipt), E> {
        let _writing = self.gate.open();
        self.conn.execute_batch("begin immediate").map_err(StoreError::from)?;
        let done = (|| {
            self.follow_identity()?;
            self.device_n = device_row(&self.conn, self.device, &meta.author)?;
            let mut tx = Tx::new(self, meta)?;
            let result = work(&mut tx)?;
            let receipt = tx.finish()?;
            Ok((result, receipt))
        })();
        let wrote = done.as_ref().is_ok_and(|(_, receipt): &(R, Receipt)| receipt.batch > 0);
        let end = self.conn.execute_batch(if keep && wrote { "commit" } else { "rollback" });
        match end {
            Err(error) if done.is_ok() => {
                // A commit that fails (a full disk) must not leave the transaction open.
                let _ = self.conn.execute_batch("rollback");
                Err(StoreError::from(error).into())
            }
            _ => done,
        }
    }
}

/// The local number of a device, made at its first row.
pub(super) fn device_row(conn: &Connection, device: Device, name: &str) -> Result<i64> {
    let id = device.to_be_bytes();
    let known = || -> Result<Option<i64>> {
        let mut statement = conn.prepare_cached("select n from device where id=?1")?;
        let mut rows = statement.query([&id[..]])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    };
    if let Some(n) = known()? {
        return Ok(n);
    }
    conn.prepare_cached("insert into device(id, name) values (?1, ?2)")?.execute((&id[..], name))?;
    Ok(conn.last_insert_rowid())
}

/// How the log names what lies at a place.
pub fn at(conn: &Connection, place: Place) -> Result<At> {
    let missing = || StoreError::NoRecord(format!("{} {}", place.kind.record().name, place.id));
    let id = sql::gid_of(conn, place)?.ok_or_else(missing)?;
    let owner = match place.kind.record().key {
        crate::model::schema::Key::Top => None,
        crate::model::schema::Key::Child(owner, _) => {
            Some(Gid::Uid(sql::uid_of(conn, owner, place.id)?.ok_or_else(missing)?))
        }
    };
    Ok(At { kind: place.kind, id, owner })
}
