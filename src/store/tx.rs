//! A transaction that gathers a batch: its edits are applied as they come, and their lines packed into parts of the log.
#![allow(clippy::disallowed_methods)]

use super::apply::{Applier, Sight};
use super::bulk::Indexes;
use super::commit::{Meta, Receipt, Store, at};
use super::error::{Result, StoreError};
use super::known::Stand;
use super::log::{self, Packed};
use super::sql::{self, Place};
use super::version;
use crate::model::edit::{At, Edit, New};
use crate::model::ids::Gid;
use crate::model::value::Value;
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::HashMap;
use std::thread::JoinHandle;

/// When the lines gathered so far become a part of their own, bytes.
const PART: usize = 2 << 20;

/// More text than this of a table's column names is not worth remembering.
const COLUMNS_MAX: usize = 64 << 10;

/// A transaction that gathers a batch.
pub struct Tx<'a> {
    store: &'a Store,
    meta: &'a Meta,
    applier: Applier<'a>,
    lines: String,
    count: i64,
    row: Row,
    edits: i64,
    first: i64,
    /// Those that are built at the end.
    indexes: Indexes,
    /// A batch without edits gets its row all the same.
    pub(super) keep_empty: bool,
    /// The Creates of the row of the log that was looked at last, by their number.
    rows: RefCell<Option<(i64, HashMap<i64, Edit>)>>,
    /// The part before the one that is being gathered, while a thread packs it.
    packing: Option<Packing>,
    /// The hash of the last row that was written.
    before: Vec<u8>,
    /// What of others is here that this device's last row did not know yet; for the first part.
    deps: String,
    /// Edits that somebody wants to look at.
    kept: Option<Kept>,
}

/// Some of a batch's edits, for whoever wants to show them.
pub struct Kept {
    most: usize,
    wanted: fn(&Edit) -> bool,
    edits: Vec<Edit>,
    total: u64,
}

/// A part on its way into the log.
struct Packing {
    n: i64,
    parts: i64,
    lines: i64,
    creates: i64,
    thread: JoinHandle<Result<Packed>>,
}

/// The row of the log that is being gathered.
struct Row {
    n: i64,
    seq: i64,
    batch: i64,
    part: i64,
    hlc: i64,
    seed: [u8; 16],
    salt: [u8; 16],
}

/// Writes the row without its edits, so that what they make can be named while the batch goes on.
fn open_row(conn: &Connection, device: i64, row: &Row) -> Result<()> {
    conn.prepare_cached(
        "insert into tx values (?,?,?,?,?,0,?,'','','','',null,'',?,?,0,0,zeroblob(0),zeroblob(0))",
    )?
    .execute(rusqlite::params![
        row.n,
        device,
        row.seq,
        row.batch,
        row.part,
        row.hlc,
        &row.seed[..],
        &row.salt[..]
    ])?;
    Ok(())
}

impl<'a> Tx<'a> {
    pub(super) fn new(store: &'a Store, meta: &'a Meta) -> Result<Self> {
        let conn = &store.conn;
        let n = log::last(conn)? + 1;
        let mut statement =
            conn.prepare_cached("select seq, hash from tx where device=?1 order by seq desc limit 1")?;
        let mut rows = statement.query([store.device_n])?;
        let (seq, before) = match rows.next()? {
            Some(row) => (row.get::<_, i64>(0)? + 1, row.get(1)?),
            None => (1, Vec::new()),
        };
        let newest: i64 = conn
            .prepare_cached("select ifnull(max(value), 0) from local_state where key='hlc'")?
            .query_row([], |row| row.get(0))?;
        let hlc = (store.clock.millis() << 16).max(newest + 1);
        let row = Row {
            n,
            seq,
            batch: seq,
            part: 0,
            hlc,
            seed: store.entropy.bytes()?,
            salt: store.entropy.bytes()?,
        };
        let stand = Stand { n, device: store.device_n, seq, hlc, id: store.device };
        let applier = Applier::new(conn, store.book, stand, row.seed, true)?;
        let deps = version::untold(conn, store.device_n)?;
        open_row(conn, store.device_n, &row)?;
        Ok(Self {
            store,
            meta,
            applier,
            lines: String::new(),
            count: 0,
            row,
            edits: 0,
            first: n,
            indexes: Indexes::default(),
            keep_empty: false,
            rows: RefCell::new(None),
            packing: None,
            before,
            deps,
            kept: None,
        })
    }

    /// The connection inside the transaction, to read what the edits so far have made.
    pub fn conn(&self) -> &'a Connection {
        self.applier.insert_before_reading();
        &self.store.conn
    }

    /// How many edits were pushed.
    pub const fn edits(&self) -> i64 {
        self.edits
    }

    /// Keeps the first so many of the wanted edits that `push` gets from now on, and counts all of them.
    pub fn keep_edits(&mut self, most: usize, wanted: fn(&Edit) -> bool) {
        self.kept = Some(Kept { most, wanted, edits: Vec::new(), total: 0 });
    }

    /// Keeps none until `go_on_keeping` gets back what this returns.
    pub fn pause_keeping(&mut self) -> Option<Kept> {
        self.kept.take()
    }

    /// Goes on where `pause_keeping` paused.
    pub fn go_on_keeping(&mut self, kept: Option<Kept>) {
        self.kept = kept;
    }

    /// What was kept, and how many edits were wanted.
    pub fn kept_edits(&mut self) -> (Vec<Edit>, u64) {
        self.kept.take().map_or((Vec::new(), 0), |kept| (kept.edits, kept.total))
    }

    /// The batch's time, ms since 1970.
    pub const fn millis(&self) -> i64 {
        self.row.hlc >> 16
    }

    /// The book's id.
    pub const fn book(&self) -> [u8; 16] {
        self.store.book
    }

    /// The number that the batch will have in the log.
    pub const fn batch(&self) -> i64 {
        self.first
    }

    /// Applies an edit and adds its line to the batch; for a Create, where the record now lies.
    pub fn push(&mut self, edit: Edit) -> Result<Option<Place>> {
        let place = self.applier.apply(&edit)?;
        if let Some(kept) = &mut self.kept
            && (kept.wanted)(&edit)
        {
            kept.total += 1;
            if kept.edits.len() < kept.most {
                kept.edits.push(edit.clone());
            }
        }
        edit.write(&mut self.lines);
        self.line_done()?;
        Ok(place)
    }

    /// The same for an import's Create, whose line and derived columns another thread has made.
    pub fn push_prepared(&mut self, prepared: &super::derive::Prepared) -> Result<Place> {
        let place = self.applier.create_prepared(prepared)?;
        self.lines.push_str(&prepared.line);
        self.line_done()?;
        Ok(place)
    }

    /// Says that many records will be made in a book that has none: the large indexes are built once, at the end, which
    /// is quicker and packs them tighter.
    pub fn bulk(&mut self) -> Result<()> {
        self.indexes = Indexes::drop(self.conn())?;
        self.applier.gather();
        Ok(())
    }

    /// Notes which imported row an identity of a contact was last brought up to date by. Local: neither in log nor dump.
    pub fn remember_fingerprint(&mut self, identity: Place, fp: Option<i64>) -> Result<()> {
        let sql = "update identity set fp=?3 where contact=?1 and n=?2";
        self.conn().prepare_cached(sql)?.execute((identity.id, identity.n, fp))?;
        Ok(())
    }

    /// Notes which columns a system's table had last. Local: neither in log nor dump.
    pub fn remember_columns(&mut self, profile: &str, names: &[&str]) -> Result<()> {
        let text = serde_json::to_string(names).map_err(|error| StoreError::Damaged(error.to_string()))?;
        if text.len() <= COLUMNS_MAX {
            self.conn()
                .prepare_cached("insert or replace into local_state values (?1, ?2)")?
                .execute((format!("columns:{profile}"), text))?;
        }
        Ok(())
    }

    /// Builds the indexes that `bulk` has put off, because something is to be looked up.
    pub fn index(&mut self) -> Result<()> {
        self.applier.insert_waiting()?;
        self.indexes.build(self.store.conn())
    }

    /// The edit that made what is called the `index`-th Create of row `n`, of this batch or an older one.
    pub fn line_of(&mut self, n: i64, index: i64) -> Result<Option<Edit>> {
        if self.packing.as_ref().is_some_and(|packing| packing.n == n) {
            self.settle()?;
        }
        if n == self.row.n {
            let mut at = 0;
            for line in self.lines.lines() {
                let edit = Edit::read(line).map_err(|error| StoreError::Damaged(error.to_string()))?;
                if let Edit::Create { new, .. } = &edit {
                    if at == index {
                        return Ok(Some(edit));
                    }
                    at += new.count();
                }
            }
            return Ok(None);
        }
        let mut cache = self.rows.borrow_mut();
        if cache.as_ref().is_none_or(|(of, _)| *of != n) {
            let made = log::edits(self.conn(), n)?.into_iter().map(|line| (line.index, line.edit));
            let creates = made.filter(|(_, edit)| matches!(edit, Edit::Create { .. }));
            *cache = Some((n, creates.collect()));
        }
        Ok(cache.as_ref().and_then(|(_, lines)| lines.get(&index).cloned()))
    }

    fn line_done(&mut self) -> Result<()> {
        self.lines.push('\n');
        self.count += 1;
        self.edits += 1;
        if self.lines.len() >= PART { self.end_part(false) } else { Ok(()) }
    }

    /// Makes a record of its own.
    pub fn create(&mut self, new: New) -> Result<Place> {
        let missing = || StoreError::NoRecord("a new record".to_owned());
        self.push(Edit::Create { owner: None, new })?.ok_or_else(missing)
    }

    /// Makes a child.
    pub fn create_under(&mut self, owner: Gid, new: New) -> Result<Place> {
        let missing = || StoreError::NoRecord(owner.to_string());
        self.push(Edit::Create { owner: Some(owner), new })?.ok_or_else(missing)
    }

    /// How the log names what lies at a place.
    pub fn at(&self, place: Place) -> Result<At> {
        at(self.conn(), place)
    }

    /// Sets a field; false if it already has that value.
    pub fn set(&mut self, place: Place, field: &str, after: Value) -> Result<bool> {
        let record = place.kind.record();
        let Some(field) = record.field(field) else {
            return Err(StoreError::NoRecord(format!("{}.{field}", record.name)));
        };
        let before = sql::value_at(self.conn(), place, field)?;
        let after = match after {
            Value::Named(name) => {
                let crate::model::schema::Type::Ref(kind) = record.fields[field].ty else {
                    return Err(StoreError::NoRecord(name));
                };
                Value::Ref(Gid::Uid(crate::model::ids::named_v8(&self.store.book, kind.record().name, &name)))
            }
            other => other,
        };
        if before == after {
            return Ok(false);
        }
        let at = self.at(place)?;
        self.push(Edit::Set { at, field, before, after })?;
        Ok(true)
    }

    /// Puts what lies at a place into the bin; false if it is there.
    pub fn delete(&mut self, place: Place) -> Result<bool> {
        let done = !self.deleted(place)?;
        if done {
            let at = self.at(place)?;
            self.push(Edit::Delete(at))?;
        }
        Ok(done)
    }

    /// Takes it out again; false if it isn't there.
    pub fn restore(&mut self, place: Place) -> Result<bool> {
        let done = self.deleted(place)?;
        if done {
            let at = self.at(place)?;
            self.push(Edit::Restore(at))?;
        }
        Ok(done)
    }

    fn deleted(&self, place: Place) -> Result<bool> {
        let record = place.kind.record();
        let sql =
            format!("select deleted is not null from \"{}\" where {}", record.name, sql::place_where(record));
        Ok(self.conn().prepare_cached(&sql)?.query_row((place.id, place.n), |row| row.get(0))?)
    }

    fn end_part(&mut self, last: bool) -> Result<()> {
        self.settle()?;
        let row = &self.row;
        let parts = if last { row.part + 1 } else { 0 };
        let label = self.meta.label.write();
        let undoes = self.meta.undoes.map(|(device, seq)| log::batch_name(device, seq));
        let app = concat!("rolo ", env!("CARGO_PKG_VERSION"));
        let (author, origin) = (&*self.meta.author, &*self.meta.origin);
        let deps = std::mem::take(&mut self.deps);
        let texts = [&*deps, author, origin, &label, undoes.as_deref().unwrap_or_default(), app];
        let (device, seq, batch) = (self.store.device, row.seq, row.batch);
        let head = log::head_text(device, seq, batch, row.part, parts, row.hlc, texts, &row.seed, &row.salt);
        let (n, salt, before) = (row.n, row.salt, std::mem::take(&mut self.before));
        let (lines, creates) = (std::mem::take(&mut self.count), self.applier.creates());
        self.conn()
            .prepare_cached(
                "update tx set author=?2, origin=?3, label=?4, undoes=?5, app=?6, deps=?7 where n=?1",
            )?
            .execute(rusqlite::params![n, author, origin, label, undoes, app, deps])?;
        if !deps.is_empty() {
            version::say(self.conn(), self.store.device_n, seq, &deps)?;
        }
        if last && self.lines.len() < PART / 16 {
            let packed = log::seal(&before, &head, &salt, &self.lines)?;
            self.lines.clear();
            return self.packed(n, parts, lines, creates, packed);
        }
        // A large batch goes on being applied meanwhile; its parts are packed one after the other, as each needs the
        // hash of the one before.
        let room = if last { 0 } else { PART + PART / 8 };
        let text = std::mem::replace(&mut self.lines, String::with_capacity(room));
        let thread = std::thread::Builder::new()
            .name("rolo-log".to_owned())
            .spawn(move || log::seal(&before, &head, &salt, &text))
            .map_err(StoreError::io(&self.store.path))?;
        self.packing = Some(Packing { n, parts, lines, creates, thread });
        if last {
            return Ok(());
        }
        self.row = Row {
            n: row.n + 1,
            seq: row.seq + 1,
            batch: row.batch,
            part: row.part + 1,
            hlc: row.hlc,
            seed: self.store.entropy.bytes()?,
            salt: self.store.entropy.bytes()?,
        };
        let (n, seq, hlc) = (self.row.n, self.row.seq, self.row.hlc);
        let stand = Stand { n, device: self.store.device_n, seq, hlc, id: self.store.device };
        self.applier.next_row(stand, self.row.seed, Sight::All);
        open_row(self.conn(), self.store.device_n, &self.row)
    }

    /// Writes the part that a thread has packed, if there is one.
    fn settle(&mut self) -> Result<()> {
        let Some(Packing { n, parts, lines, creates, thread }) = self.packing.take() else { return Ok(()) };
        let packed = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        self.packed(n, parts, lines, creates, packed)
    }

    fn packed(&mut self, n: i64, parts: i64, lines: i64, creates: i64, packed: Packed) -> Result<()> {
        self.conn()
            .prepare_cached("update tx set parts=?2, lines=?3, creates=?4, body=?5, hash=?6 where n=?1")?
            .execute(rusqlite::params![n, parts, lines, creates, packed.body, &packed.hash[..]])?;
        self.before = packed.hash.to_vec();
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Receipt> {
        if self.edits == 0 && !self.keep_empty {
            return Ok(Receipt { batch: 0, edits: 0 });
        }
        self.applier.insert_waiting()?;
        if self.applier.hard.is_empty() {
            self.applier.finish()?;
            self.end_part(true)?;
            self.index()?;
            self.settle()?;
        } else {
            // What must be looked at as a whole is read from the log, this row included.
            self.end_part(true)?;
            self.settle()?;
            self.applier.settle(self.store.blind)?;
            self.applier.finish()?;
            self.index()?;
        }
        version::wrote(self.conn(), self.store.device_n, self.row.seq)?;
        self.conn()
            .prepare_cached("insert or replace into local_state values ('hlc', ?1)")?
            .execute([self.row.hlc])?;
        Ok(Receipt { batch: self.first, edits: self.edits })
    }
}
