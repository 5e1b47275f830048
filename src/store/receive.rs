//! Takes in what other devices wrote: rows of the log, in whatever order they come.
//!
//! A row is applied when everything that its writer had is here, and all parts of its batch. Until then it waits. What
//! it does depends on the set of rows alone, not on the order in which they came.
#![allow(clippy::disallowed_methods)]

use super::apply::{Applier, Sight};
use super::bulk::Indexes;
use super::commit::Store;
use super::derive::{self, Prepared};
use super::error::{Result, StoreError};
use super::known::{Stand, read_deps};
use super::{aside, log, packed, sql, version};
use crate::model::edit::{Blind, Edit, New, NewId};
use crate::model::ids::Device;
use crate::model::phone::Normaliser;
use crate::model::row::Row;
use crate::model::schema::Kind;
use crate::model::value::Value;
use rayon::prelude::*;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap};

/// More text than this in a new book is worth building the large indexes at the end, bytes.
const LARGE: usize = 1 << 20;

/// How far another device's clock may be ahead before it counts as wrong, ms.
const AHEAD_MAX: i64 = 10 * 60 * 1000;

/// What became of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// How many were applied.
    pub applied: usize,
    /// How many were here already.
    pub known: usize,
    /// How many wait for others, those that waited before among them.
    pub waiting: usize,
    /// Rows that do not follow the one before them: damaged, or not what their device wrote.
    pub refused: Vec<(Device, i64)>,
    /// Rows whose number is taken by another row of the same device.
    pub forked: Vec<(Device, i64)>,
    /// The greatest lead of another clock, ms, if it is beyond all measure.
    pub ahead: Option<i64>,
}

impl Store {
    /// Takes in rows of other devices, in one transaction.
    pub fn receive(&mut self, rows: Vec<Row>) -> Result<Received> {
        let _writing = self.gate.open();
        self.conn.execute_batch("begin immediate")?;
        let done = Receiver::new(self).and_then(|mut receiver| receiver.run(rows));
        let end = self.conn.execute_batch(if done.is_ok() { "commit" } else { "rollback" });
        match end {
            Err(error) if done.is_ok() => {
                let _ = self.conn.execute_batch("rollback");
                Err(error.into())
            }
            _ => done,
        }
    }

    /// How far each device's rows are here.
    pub fn vector(&self) -> Result<Vec<(Device, i64)>> {
        version::vector(&self.conn)
    }

    /// Takes this version for an older one that doesn't know some kinds and fields. For tests of mixed versions.
    pub fn pretend_older(&mut self, blind: Blind) {
        self.blind = blind;
    }
}

/// Applies rows in order; also what `replay` does with all of them.
pub(super) struct Playing<'a> {
    conn: &'a Connection,
    book: [u8; 16],
    blind: Blind,
    applier: Option<Applier<'a>>,
    /// How far each device's rows are here, by local number.
    version: HashMap<i64, i64>,
    /// How far each device's rows were there for others who wrote what is here, by local number.
    told: HashMap<i64, i64>,
    shown: Shown,
}

/// The names that companies and tags show, by kind and local key.
type Shown = HashMap<(Kind, i64), String>;

/// A line that was read, and what is derived from it if it makes a contact.
enum Read {
    Edit(Edit, bool),
    Contact(Box<Prepared>, bool),
    Unreadable,
}

/// Fewer lines than this are read on one core.
const MANY: usize = 256;

/// Reads the lines of a row, on all cores if they are many.
fn read_lines<'t>(text: &'t str, blind: Blind, country: Option<&str>) -> Vec<(&'t str, Read)> {
    let lines: Vec<&str> = text.lines().collect();
    let read = |phones: &mut Normaliser, line: &'t str| (line, read_line(line, blind, country, phones));
    if lines.len() < MANY {
        let mut phones = Normaliser::default();
        return lines.into_iter().map(|line| read(&mut phones, line)).collect();
    }
    lines.into_par_iter().with_min_len(64).map_init(Normaliser::default, read).collect()
}

fn read_line(line: &str, blind: Blind, country: Option<&str>, phones: &mut Normaliser) -> Read {
    match Edit::read_any(line, blind) {
        Ok((Edit::Create { owner: None, new }, partial))
            if new.kind == Kind::Contact && new.id == NewId::Derived && is_plain(&new) =>
        {
            let keys = new.children.iter().filter(|child| child.kind == Kind::Method).map(|child| {
                let text = |field| child.get(field).and_then(Value::as_text).unwrap_or_default();
                derive::key(text("type"), text("value"), country, phones)
            });
            let keys = keys.collect();
            Read::Contact(Box::new(Prepared::new(new, None, keys)), partial)
        }
        Ok((edit, partial)) => Read::Edit(edit, partial),
        Err(_) => Read::Unreadable,
    }
}

/// Whether all that a contact shows is in its line, in the order in which it is shown: it names no others by their ids, is
/// in lists, and nobody has ordered what it has.
fn is_plain(new: &New) -> bool {
    let by_id = |new: &New| new.fields.iter().any(|(_, value)| matches!(value, Value::Ref(_)));
    let hidden = ["archived", "purged"].iter().any(|field| new.get(field).is_some());
    let ordered = |child: &New| child.kind == Kind::Method && child.get("position").is_some();
    !hidden && !by_id(new) && !new.children.iter().any(|child| by_id(child) || ordered(child))
}

impl<'a> Playing<'a> {
    pub(super) fn new(conn: &'a Connection, book: [u8; 16], blind: Blind) -> Result<Self> {
        let mut statement = conn.prepare_cached("select device, seq from version")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let version = rows.collect::<rusqlite::Result<_>>()?;
        let told = version::told(conn)?;
        Ok(Self { conn, book, blind, applier: None, version, told, shown: Shown::new() })
    }

    /// Applies a row that is in the log.
    pub(super) fn row(&mut self, stand: Stand, seed: [u8; 16], deps: &str, text: &str) -> Result<()> {
        let said = version::say(self.conn, stand.device, stand.seq, deps)?;
        let applier = match &mut self.applier {
            Some(applier) => applier,
            none => none.insert(Applier::new(self.conn, self.book, stand, seed, false)?),
        };
        for (other, upto) in said {
            applier.known.note(stand.device, other, stand.seq, upto);
            let told = self.told.entry(other).or_default();
            *told = upto.max(*told);
        }
        let mut sight = Sight::All;
        if self.told.get(&stand.device).is_some_and(|upto| *upto >= stand.seq) {
            sight = Sight::Late;
        } else {
            for (device, seq) in &self.version {
                let newest = Stand { n: 0, device: *device, seq: *seq, hlc: 0, id: 0 };
                if !applier.known.knows(self.conn, &stand, &newest)? {
                    sight = Sight::Part;
                    break;
                }
            }
        }
        applier.next_row(stand, seed, sight);
        for (at, (raw, line)) in
            read_lines(text, self.blind, applier.country.as_deref()).into_iter().enumerate()
        {
            apply_line(applier, self.conn, (&stand, at as i64), raw, line, &mut self.shown)?;
        }
        self.version.insert(stand.device, stand.seq);
        version::reached(self.conn, stand.device, stand.seq)
    }

    /// Looks at what could not be applied edit by edit, and makes anew what is derived.
    pub(super) fn finish(mut self) -> Result<()> {
        if let Some(applier) = &mut self.applier {
            applier.settle(self.blind)?;
            applier.finish()?;
        }
        Ok(())
    }
}

/// Applies one line. What this version can't read, and what speaks of records that it can't see, is put aside.
fn apply_line(
    applier: &mut Applier<'_>,
    conn: &Connection,
    (row, at): (&Stand, i64),
    line: &str,
    read: Read,
    shown: &mut Shown,
) -> Result<()> {
    let park = || -> Result<()> {
        conn.prepare_cached("insert or replace into local_parked values (?,?,?)")?
            .execute((row.n, at, line))?;
        Ok(())
    };
    let done = match read {
        Read::Unreadable => return park(),
        Read::Edit(edit, partial) => {
            if partial {
                park()?;
            }
            applier.apply(&edit).map(drop)
        }
        Read::Contact(prepared, partial) => {
            if partial {
                park()?;
            }
            if applier.is_awaited(&prepared.new)? {
                return Ok(());
            }
            applier.create_prepared(&prepared).and_then(|place| {
                applier.made_late(place)?;
                if !shows_as_named(applier, &prepared.new, shown)? {
                    applier.dirty.insert(place.id);
                }
                Ok(())
            })
        }
    };
    match done {
        Ok(()) => Ok(()),
        Err(StoreError::NoRecord(_)) => park(),
        Err(other) => Err(other),
    }
}

/// Whether the company and the tags that a record names are called as it names them.
fn shows_as_named(applier: &mut Applier<'_>, new: &New, shown: &mut Shown) -> Result<bool> {
    let company = new.get("company").map(|value| (Kind::Contact, value));
    let tags = new.children.iter().filter(|child| child.kind == Kind::Tagging);
    let tags = tags.filter_map(|child| Some((Kind::Tag, child.get("tag")?)));
    for (kind, value) in company.into_iter().chain(tags) {
        let Value::Named(name) = value else { continue };
        let Some(id) = applier.names.get(applier.conn, &applier.book, kind, name)? else { return Ok(false) };
        let there = match shown.entry((kind, id)) {
            std::collections::hash_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::hash_map::Entry::Vacant(slot) => {
                let sql =
                    format!("select name from \"{}\" where id=?1 and deleted is null", kind.record().name);
                let mut statement = applier.conn.prepare_cached(&sql)?;
                let mut rows = statement.query([id])?;
                let name = rows.next()?.map(|row| row.get::<_, Option<String>>(0)).transpose()?.flatten();
                slot.insert(name.unwrap_or_default())
            }
        };
        if there != name {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Receiver<'a> {
    store: &'a Store,
    conn: &'a Connection,
    playing: Playing<'a>,
    /// Rows that are not applied yet, by device and number.
    open: BTreeMap<Device, BTreeMap<i64, Row>>,
    /// How far each device's rows are here, and the hash of the last.
    heads: HashMap<Device, (i64, i64, Vec<u8>)>,
    out: Received,
    newest: i64,
    /// The last row that counts of devices whose rows stopped counting.
    limits: HashMap<Device, i64>,
    /// The large indexes, while a new book is filled.
    indexes: Indexes,
}

impl<'a> Receiver<'a> {
    fn new(store: &'a Store) -> Result<Self> {
        let conn = &store.conn;
        Ok(Self {
            store,
            conn,
            playing: Playing::new(conn, store.book, store.blind)?,
            open: BTreeMap::new(),
            heads: HashMap::new(),
            out: Received::default(),
            newest: 0,
            limits: super::reissue::limits_of(conn)?,
            indexes: Indexes::default(),
        })
    }

    fn run(&mut self, rows: Vec<Row>) -> Result<Received> {
        self.load_waiting()?;
        for row in rows {
            self.take(row)?;
        }
        let bytes: usize = self.open.values().flat_map(BTreeMap::values).map(|row| row.text.len()).sum();
        let fresh: bool = self
            .conn
            .prepare_cached("select not exists (select 1 from contact)")?
            .query_row([], |row| row.get(0))?;
        if fresh && bytes > LARGE {
            self.indexes = Indexes::drop(self.conn)?;
        }
        while self.step()? {}
        self.indexes.build(self.conn)?;
        self.keep_waiting()?;
        let playing = std::mem::replace(
            &mut self.playing,
            Playing {
                conn: self.conn,
                book: self.store.book,
                blind: self.store.blind,
                applier: None,
                version: HashMap::new(),
                told: HashMap::new(),
                shown: Shown::new(),
            },
        );
        playing.finish()?;
        if self.newest > 0 {
            self.conn
                .prepare_cached(
                    "insert into local_state values ('hlc', ?1) on conflict(key) do update set value=max(value, ?1)",
                )?
                .execute([self.newest])?;
        }
        Ok(std::mem::take(&mut self.out))
    }

    fn head(&mut self, device: Device) -> Result<(i64, i64, Vec<u8>)> {
        if let Some(head) = self.heads.get(&device) {
            return Ok(head.clone());
        }
        let n = version::number(self.conn, device)?;
        let mut statement =
            self.conn.prepare_cached("select seq, hash from tx where device=?1 order by seq desc limit 1")?;
        let mut rows = statement.query([n])?;
        let head = match rows.next()? {
            Some(row) => (n, row.get(0)?, row.get(1)?),
            None => (n, 0, Vec::new()),
        };
        self.heads.insert(device, head.clone());
        Ok(head)
    }

    fn take(&mut self, row: Row) -> Result<()> {
        let (n, seq, _) = self.head(row.device)?;
        if self.limits.get(&row.device).is_some_and(|last| row.seq > *last) {
            return aside::keep(self.conn, &row);
        }
        if row.seq < 1 {
            self.out.refused.push((row.device, row.seq));
            return Ok(());
        }
        if row.seq > seq {
            self.open.entry(row.device).or_default().insert(row.seq, row);
            return Ok(());
        }
        self.out.known += 1;
        let hash = |seq: i64| -> Result<Vec<u8>> {
            let mut statement = self.conn.prepare_cached("select hash from tx where device=?1 and seq=?2")?;
            let mut rows = statement.query((n, seq))?;
            Ok(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or_default())
        };
        if log::hash_of(&hash(row.seq - 1)?, &row)[..] != hash(row.seq)?[..] {
            self.out.forked.push((row.device, row.seq));
        }
        Ok(())
    }

    /// Applies the next batch that everything is here for; false if there is none.
    fn step(&mut self) -> Result<bool> {
        let devices: Vec<Device> = self.open.keys().copied().collect();
        let mut any = false;
        for device in devices {
            while let Some(last) = self.ready(device)? {
                let (n, mut seq, mut before) = self.head(device)?;
                while seq < last {
                    let Some(mut row) = self.open.get_mut(&device).and_then(|rows| rows.remove(&(seq + 1)))
                    else {
                        break;
                    };
                    let hash = log::hash_of(&before, &row);
                    #[cfg(feature = "simulation")]
                    if crate::model::sabotage::on(crate::model::sabotage::Bug::Hash) {
                        row.hash = hash;
                    }
                    if row.hash != [0; 32] && row.hash != hash {
                        self.out.refused.push((device, row.seq));
                        self.open.remove(&device);
                        return Ok(true);
                    }
                    row.hash = hash;
                    self.apply(n, &row)?;
                    seq += 1;
                    before = hash.to_vec();
                    self.heads.insert(device, (n, seq, before.clone()));
                    any = true;
                }
            }
        }
        Ok(any)
    }

    /// The last row of the device's next batch, if everything is here that it builds on.
    fn ready(&mut self, device: Device) -> Result<Option<i64>> {
        let (_, seq, _) = self.head(device)?;
        let Some(rows) = self.open.get(&device) else { return Ok(None) };
        let mut deps = Vec::new();
        let mut at = seq + 1;
        let last = loop {
            let Some(row) = rows.get(&at) else { return Ok(None) };
            deps.extend(read_deps(&row.deps).unwrap_or_default());
            if row.ends_batch() {
                break at;
            }
            at += 1;
        };
        for (other, upto) in deps {
            let upto = self.limits.get(&other).map_or(upto, |last| upto.min(*last));
            if other != device && self.head(other)?.1 < upto {
                return Ok(None);
            }
        }
        Ok(Some(last))
    }

    fn apply(&mut self, device: i64, row: &Row) -> Result<()> {
        // What an edit touches is looked up by them.
        if !row.text.lines().all(|line| line.starts_with("{\"new\":")) {
            self.indexes.build(self.conn)?;
        }
        let n = log::insert(self.conn, device, row, row.creates)?;
        if !row.author.is_empty() {
            self.conn
                .prepare_cached("update device set name=?2 where n=?1 and name=''")?
                .execute((device, &row.author))?;
        }
        let stand = Stand { n, device, seq: row.seq, hlc: row.hlc, id: row.device };
        let deps = if read_deps(&row.deps).is_ok() { &*row.deps } else { "" };
        self.playing.row(stand, row.seed, deps, &row.text)?;
        self.out.applied += 1;
        let lead = (row.hlc >> 16) - self.store.clock.millis();
        if lead <= AHEAD_MAX {
            self.newest = self.newest.max(row.hlc);
        } else {
            self.out.ahead = Some(self.out.ahead.map_or(lead, |most| most.max(lead)));
        }
        Ok(())
    }

    fn load_waiting(&mut self) -> Result<()> {
        let mut statement = self.conn.prepare_cached("select body from local_waiting")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(row) = unpack(&row.get::<_, Vec<u8>>(0)?) {
                self.open.entry(row.device).or_default().insert(row.seq, row);
            }
        }
        Ok(())
    }

    fn keep_waiting(&mut self) -> Result<()> {
        self.conn.prepare_cached("delete from local_waiting")?.execute([])?;
        let mut insert = self.conn.prepare_cached("insert or replace into local_waiting values (?,?,?)")?;
        for row in self.open.values().flat_map(BTreeMap::values) {
            insert.execute((&row.device.to_be_bytes()[..], row.seq, pack(row)?))?;
            self.out.waiting += 1;
        }
        Ok(())
    }
}

/// How many rows wait for others.
pub fn waiting(conn: &Connection) -> Result<usize> {
    let count: i64 =
        conn.prepare_cached("select count(*) from local_waiting")?.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

pub(super) fn pack(row: &Row) -> Result<Vec<u8>> {
    let json = serde_json::json!([
        format!("{:016x}", row.device),
        row.seq,
        row.batch,
        row.part,
        row.parts,
        row.hlc,
        row.deps,
        row.author,
        row.origin,
        row.label,
        row.undoes,
        row.app,
        row.seed,
        row.salt,
        row.creates,
        row.text,
        row.hash,
    ]);
    packed::pack(json.to_string().as_bytes()).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The most that a row that waits may unpack to: as JSON, what it says is longer.
const WAITING_MAX: usize = 8 * log::BODY_MAX;

pub(super) fn unpack(bytes: &[u8]) -> Option<Row> {
    type Packed = (
        (String, i64, i64, i64, i64, i64, String, String),
        (String, String, String, String, [u8; 16], [u8; 16], i64, String, Vec<u8>),
    );
    let text = packed::unpack(bytes, WAITING_MAX).ok()?;
    let list: Vec<serde_json::Value> = serde_json::from_slice(&text).ok()?;
    let (head, tail) = list.split_at_checked(8)?;
    let value = serde_json::Value::Array(vec![head.to_vec().into(), tail.to_vec().into()]);
    let ((device, seq, batch, part, parts, hlc, deps, author), rest): Packed =
        serde_json::from_value(value).ok()?;
    let (origin, label, undoes, app, seed, salt, creates, text, hash) = rest;
    Some(Row {
        device: u64::from_str_radix(&device, 16).ok()?,
        seq,
        batch,
        part,
        parts,
        hlc,
        deps,
        author,
        origin,
        label,
        undoes,
        app,
        seed,
        salt,
        creates,
        text,
        hash: hash.try_into().ok()?,
    })
}

/// Where a row stands, by its number.
pub(super) fn stand(conn: &Connection, row: &log::Head) -> Result<Stand> {
    let device = version::number(conn, row.device)?;
    Ok(Stand { n: row.n, device, seq: row.seq, hlc: row.hlc, id: row.device })
}

/// The deps of a row.
pub(super) fn deps_of(conn: &Connection, n: i64) -> Result<String> {
    Ok(conn.prepare_cached("select deps from tx where n=?1")?.query_row([n], |row| row.get(0))?)
}

/// Whether a row is here.
pub fn has(conn: &Connection, device: Device, seq: i64) -> Result<bool> {
    Ok(sql::row_named(conn, device, seq)?.is_some())
}
