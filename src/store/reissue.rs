//! Rows that do not count any more, and rows that are written anew: when two devices went on under one id, when somebody
//! who was removed had written more than counts, when a book that several devices wrote begins to be shared.
#![allow(clippy::disallowed_methods)]

use super::aside::{set_aside, set_waiting_aside};
use super::commit::Store;
use super::error::Result;
use super::known::{read_deps, write_deps};
use super::{device, log, replay, version};
use crate::model::ids::Device;
use crate::model::row::Row;
use rusqlite::Connection;
use std::collections::HashMap;

/// Where rows went: `(device, seq)` as they were called, and as they are called now.
type Moved = HashMap<(Device, i64), (Device, i64)>;

/// What became of rows that were to be written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anew {
    /// They are here under other names already.
    Nothing,
    /// What they build on is not here yet.
    Waits,
    /// They are this device's first ones under this id, which it has from now on.
    As(Device),
}

impl Store {
    /// Sets the limits to what counts of devices, all that there are: rows beyond are taken out of the book, and nothing
    /// waits for them. True if the book changed.
    pub fn limit(&mut self, limits: &[(Device, i64)]) -> Result<bool> {
        let have: HashMap<Device, i64> = self.vector()?.into_iter().collect();
        let beyond: Vec<(Device, i64)> = limits
            .iter()
            .copied()
            .filter(|(device, last)| have.get(device).is_some_and(|seq| seq > last))
            .collect();
        let known = limits_of(&self.conn)?;
        let same = known.len() == limits.len();
        if same && beyond.is_empty() && limits.iter().all(|(device, last)| known.get(device) == Some(last)) {
            return Ok(false);
        }
        self.anew(|store| {
            store.conn.execute_batch("delete from local_state where key like 'limit:%'")?;
            for (device, last) in limits {
                store
                    .conn
                    .prepare_cached("insert or replace into local_state values (?1, ?2)")?
                    .execute((limit_key(*device), last))?;
            }
            for (device, last) in &beyond {
                set_aside(&store.conn, *device, *last)?;
            }
            // Rows beyond that have not been applied yet will never be.
            limits.iter().try_for_each(|(device, last)| set_waiting_aside(&store.conn, *device, *last))?;
            if beyond.is_empty() { Ok(()) } else { replay::rebuild(&store.conn, store.book, store.blind) }
        })?;
        Ok(!beyond.is_empty())
    }

    /// Writes this device's rows after `last` anew, under a new id: somebody else goes on under the old one.
    pub fn reissue(&mut self, last: i64) -> Result<Device> {
        let old = self.device;
        let new = device::renew(&self.path, &self.state, &self.book, &self.entropy)?;
        self.anew(|store| {
            let rows = log::rows_from(&store.conn, old, last + 1, usize::MAX)?;
            let deps = known_by(&store.conn, old, last)?;
            let moved =
                rows.iter().enumerate().map(|(at, row)| ((old, row.seq), (new, at as i64 + 1))).collect();
            store
                .conn
                .prepare_cached("insert or replace into local_state values (?1, ?2)")?
                .execute((ended_key(old), last))?;
            store.put_as(new, (old, last), rows, &moved, &deps)
        })?;
        self.device = new;
        Ok(new)
    }

    /// After which of its rows this book went on under a new id, if what came after them was written anew: whoever was
    /// interrupted before telling the others still has to.
    pub fn reissued_after(&self, of: Device) -> Result<Option<i64>> {
        let mut statement = self.conn.prepare_cached("select value from local_state where key=?1")?;
        let mut rows = statement.query([ended_key(of)])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// Writes rows anew that this device had written under an id that it has no more, and of which only those up to `last` count:
    /// all that came after it, in order. They are the first ones under a new id, because under the present one they would seem
    /// to have seen what was written under it.
    pub fn reissue_former(&mut self, of: Device, last: i64, rows: Vec<Row>) -> Result<Anew> {
        let mut known: HashMap<Device, i64> = known_by(&self.conn, of, last)?.into_iter().collect();
        let mut moved = Moved::new();
        let (mut lacking, mut first) = (Vec::new(), Vec::new());
        for row in rows {
            // Should this device have been copied since, the other one may have been first.
            let there = self.written_anew(&row)?;
            let deps = read_deps(&row.deps)?.into_iter().chain(there);
            for (device, upto) in deps {
                let seq = known.entry(device).or_default();
                *seq = upto.max(*seq);
            }
            match there {
                Some(name) => drop(moved.insert((of, row.seq), name)),
                None => {
                    if lacking.is_empty() {
                        first = known.iter().map(|(device, seq)| (*device, *seq)).collect();
                        first.sort_unstable();
                    }
                    lacking.push(row);
                }
            }
        }
        if lacking.is_empty() {
            return Ok(Anew::Nothing);
        }
        let here: HashMap<Device, i64> = self.vector()?.into_iter().collect();
        let limits = limits_of(&self.conn)?;
        for (device, upto) in known {
            let upto = limits.get(&device).map_or(upto, |limit| upto.min(*limit));
            if here.get(&device).copied().unwrap_or(0) < upto {
                return Ok(Anew::Waits);
            }
        }
        let new = device::renew(&self.path, &self.state, &self.book, &self.entropy)?;
        moved.extend(lacking.iter().enumerate().map(|(at, row)| ((of, row.seq), (new, at as i64 + 1))));
        self.anew(|store| store.put_as(new, (of, last), lacking, &moved, &first))?;
        self.device = new;
        Ok(Anew::As(new))
    }

    /// Puts rows there as the first ones of this device's new id; those of `of` after `last` leave the book.
    fn put_as(
        &self,
        new: Device,
        (of, last): (Device, i64),
        rows: Vec<Row>,
        moved: &Moved,
        known: &[(Device, i64)],
    ) -> Result<()> {
        set_aside(&self.conn, of, last)?;
        put(&self.conn, rows, moved, Some(known))?;
        self.conn
            .prepare_cached("insert or replace into local_state values (?1, ?2)")?
            .execute((renewed_key(self.device), format!("{new:016x}")))?;
        replay::rebuild(&self.conn, self.book, self.blind)
    }

    /// The name under which a row was written anew, if it was: it keeps its seed.
    fn written_anew(&self, row: &Row) -> Result<Option<(Device, i64)>> {
        let sql = "select d.id, tx.seq from tx join device d on d.n=tx.device where tx.seed=?1 and d.id<>?2 limit 1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((&row.seed[..], &row.device.to_be_bytes()[..]))?;
        let name = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(Device, i64)> {
            Ok((u64::from_be_bytes(row.get(0)?), row.get(1)?))
        };
        Ok(rows.next()?.map(name).transpose()?)
    }

    /// Goes on under this device's present id, should another process or thread have given it a new one since this was
    /// opened: what is written under the old one counts for nobody.
    pub(super) fn follow_identity(&mut self) -> Result<()> {
        let mut statement = self.conn.prepare_cached("select value from local_state where key=?1")?;
        let mut device = self.device;
        // Ids are never used again, so this ends.
        loop {
            let new: Option<String> = {
                let mut rows = statement.query([renewed_key(device)])?;
                rows.next()?.map(|row| row.get(0)).transpose()?
            };
            match new.and_then(|text| Device::from_str_radix(&text, 16).ok()) {
                Some(new) => device = new,
                None => break,
            }
        }
        drop(statement);
        self.device = device;
        Ok(())
    }

    /// Makes all rows this device's own, if there are others: nobody else knows them yet who could vouch for them.
    pub fn adopt(&mut self) -> Result<bool> {
        let me = self.device;
        if self.vector()?.iter().all(|(device, _)| *device == me) {
            return Ok(false);
        }
        self.anew(|store| {
            let mut rows = Vec::new();
            for head in log::since(&store.conn, 0)? {
                rows.extend(log::rows_from(&store.conn, head.device, head.seq, 1)?.into_iter().take(1));
            }
            let moved: Moved = rows
                .iter()
                .enumerate()
                .map(|(at, row)| ((row.device, row.seq), (me, at as i64 + 1)))
                .collect();
            store.conn.execute_batch("delete from tx; delete from local_waiting")?;
            put(&store.conn, rows, &moved, None)?;
            replay::rebuild(&store.conn, store.book, store.blind)
        })?;
        Ok(true)
    }

    /// Reads what was put aside, if this version may know more of it than the one that put it aside. True if there was
    /// something.
    pub fn catch_up(&mut self) -> Result<bool> {
        let parked: bool =
            self.conn.query_row("select exists (select 1 from local_parked)", [], |row| row.get(0))?;
        if parked {
            self.anew(|store| {
                replay::rebuild(&store.conn, store.book, store.blind)?;
                store
                    .conn
                    .prepare_cached("insert or replace into local_state values ('parked_by', ?1)")?
                    .execute([env!("CARGO_PKG_VERSION")])?;
                Ok(())
            })?;
        }
        Ok(parked)
    }

    /// The same, once for each version of this program.
    pub(super) fn catch_up_once(&mut self) -> Result<()> {
        let open: bool = self.conn.query_row(
            "select exists (select 1 from local_parked) and \
             not exists (select 1 from local_state where key='parked_by' and value=?1)",
            [env!("CARGO_PKG_VERSION")],
            |row| row.get(0),
        )?;
        if open {
            self.catch_up()?;
        }
        Ok(())
    }

    /// Runs `work` in one transaction.
    fn anew(&mut self, work: impl FnOnce(&Self) -> Result<()>) -> Result<()> {
        let _writing = self.gate.open();
        self.conn.execute_batch("begin immediate")?;
        let done = work(self);
        let end = self.conn.execute_batch(if done.is_ok() { "commit" } else { "rollback" });
        done?;
        Ok(end?)
    }
}

/// Under which key the book keeps the id that came after this one.
fn renewed_key(device: Device) -> String {
    format!("renewed:{device:016x}")
}

/// Under which key the book keeps after which row this device's id ended.
fn ended_key(device: Device) -> String {
    format!("ended:{device:016x}")
}

fn limit_key(device: Device) -> String {
    format!("limit:{device:016x}")
}

/// The last row that counts of devices whose rows stopped counting.
pub(super) fn limits_of(conn: &Connection) -> Result<HashMap<Device, i64>> {
    let mut statement = conn.prepare_cached("select key, value from local_state where key like 'limit:%'")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let mut limits = HashMap::new();
    for row in rows {
        let (key, last) = row?;
        if let Ok(device) = u64::from_str_radix(key.trim_start_matches("limit:"), 16) {
            limits.insert(device, last);
        }
    }
    Ok(limits)
}

/// What a device's row after `last` had seen: no more than it said itself, or values that it had never seen would count as
/// replaced.
fn known_by(conn: &Connection, device: Device, last: i64) -> Result<Vec<(Device, i64)>> {
    let mut statement = conn.prepare_cached(
        "select o.id, max(s.upto) from seen s join device o on o.n=s.other \
         where s.device=(select n from device where id=?1) and s.seq<=?2 group by o.id",
    )?;
    let rows = statement.query_map((&device.to_be_bytes()[..], last + 1), |row| {
        Ok((u64::from_be_bytes(row.get(0)?), row.get(1)?))
    })?;
    let mut known = rows.collect::<rusqlite::Result<Vec<(Device, i64)>>>()?;
    if last > 0 {
        known.push((device, last));
    }
    known.sort_unstable();
    Ok(known)
}

/// Adds rows under other names. The first says that it had seen `known`, the others what they said before; with none, nobody else
/// wrote anything that they could have seen.
fn put(conn: &Connection, rows: Vec<Row>, moved: &Moved, known: Option<&[(Device, i64)]>) -> Result<()> {
    let mut before = Vec::new();
    for mut row in rows {
        let renamed = |device: Device, seq: i64| moved.get(&(device, seq)).copied();
        let Some((device, seq)) = renamed(row.device, row.seq) else { continue };
        let batch = renamed(row.device, row.batch).map_or(row.batch, |(_, seq)| seq);
        if let Some((of, seq)) = row.undoes.split_once('.')
            && let (Ok(of), Ok(seq)) = (u64::from_str_radix(of, 16), seq.parse())
            && let Some((of, seq)) = renamed(of, seq)
        {
            row.undoes = log::batch_name(of, seq);
        }
        row.text = renamed_text(&row.text, &renamed);
        (row.device, row.seq, row.batch) = (device, seq, batch);
        match known {
            Some(known) if before.is_empty() => row.deps = write_deps(known),
            Some(_) => {}
            None => row.deps.clear(),
        }
        row.hash = log::hash_of(&before, &row);
        before = row.hash.to_vec();
        let n = version::number(conn, device)?;
        let creates = row.creates;
        log::insert(conn, n, &row, creates)?;
    }
    Ok(())
}

/// Renames the children that a row's lines speak of: `"device.seq.index"`.
fn renamed_text(text: &str, renamed: &dyn Fn(Device, i64) -> Option<(Device, i64)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        let (before, quoted) = rest.split_at(at + 1);
        out.push_str(before);
        let id = quoted.split('"').next().unwrap_or_default();
        let mut parts = id.splitn(3, '.');
        let found = (|| {
            let device = parts.next().filter(|text| text.len() == 16)?;
            let device = u64::from_str_radix(device, 16).ok()?;
            let seq = parts.next()?.parse().ok()?;
            let index: i64 = parts.next()?.parse().ok()?;
            let (device, seq) = renamed(device, seq)?;
            Some(format!("{device:016x}.{seq}.{index}"))
        })();
        match found {
            Some(new) => {
                out.push_str(&new);
                rest = &quoted[id.len()..];
            }
            None => rest = quoted,
        }
    }
    out.push_str(rest);
    out
}
