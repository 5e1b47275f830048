//! Applies one edit to the tables. Only `commit` and `replay` call it.
#![allow(clippy::disallowed_methods)]

use super::derive::{self, NameCache, Norm, Prepared, hidden};
use super::error::{Result, StoreError};
use super::hays;
use super::sql::{self, Place, first_field};
use crate::model::edit::{At, Edit, New, NewId};
use crate::model::ids::{Gid, derived_v7, named_v8};
use crate::model::phone::Normaliser;
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use rusqlite::{CachedStatement, Connection};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;

/// The pseudo field under which the bin is stamped.
pub const BIN_FIELD: i64 = -1;

/// Applies the edits of one row after the other.
pub struct Applier<'a> {
    conn: &'a Connection,
    book: [u8; 16],
    tx: i64,
    millis: i64,
    seed: [u8; 16],
    index: i64,
    next: [i64; RECORDS.len()],
    inserts: Vec<Option<CachedStatement<'a>>>,
    entries: hays::Writer,
    names: NameCache,
    dirty: BTreeSet<i64>,
    country: Option<String>,
    phones: Normaliser,
    /// How many texts were taken out of the full-text index.
    forgotten: Cell<usize>,
}

/// After so many texts, taking each out of the index without a trace costs more than rewriting the index at the end,
/// which leaves no trace either.
const FORGOTTEN_MANY: usize = 500;

/// What a new record inherits from where it is made.
struct Birth<'n> {
    index: i64,
    prepared: Option<&'n Prepared>,
}

impl<'a> Applier<'a> {
    /// For the row `tx` with this time and seed.
    pub fn new(conn: &'a Connection, book: [u8; 16], tx: i64, millis: i64, seed: [u8; 16]) -> Result<Self> {
        Ok(Self {
            conn,
            book,
            tx,
            millis,
            seed,
            index: 0,
            next: [0; RECORDS.len()],
            inserts: RECORDS.iter().map(|_| None).collect(),
            entries: hays::Writer::default(),
            names: NameCache::default(),
            dirty: BTreeSet::new(),
            country: derive::country(conn)?,
            phones: Normaliser::default(),
            forgotten: Cell::new(0),
        })
    }

    /// How many Creates the row has had so far.
    pub const fn creates(&self) -> i64 {
        self.index
    }

    /// Goes on with the next part.
    pub fn next_row(&mut self, tx: i64, seed: [u8; 16]) {
        self.tx = tx;
        self.seed = seed;
        self.index = 0;
    }

    /// Goes on with another batch (replay).
    pub fn next_batch(&mut self, tx: i64, millis: i64, seed: [u8; 16]) {
        self.next_row(tx, seed);
        self.millis = millis;
    }

    /// Applies an edit; for a Create, where the record lies.
    pub fn apply(&mut self, edit: &Edit) -> Result<Option<Place>> {
        match edit {
            Edit::Create { owner, new } => {
                let index = self.index;
                self.index += new.count();
                self.create(*owner, new, &Birth { index, prepared: None }).map(Some)
            }
            Edit::Set { at, field, after, .. } => {
                let place = self.place(at)?;
                self.set(place, *field, after)?;
                Ok(Some(place))
            }
            Edit::Delete(at) => self.bin(at, Some(self.millis)),
            Edit::Restore(at) => self.bin(at, None),
            Edit::Drop(at) => {
                let place = self.place(at)?;
                self.drop(place)?;
                Ok(None)
            }
        }
    }

    /// Applies an import's Create.
    pub fn create_prepared(&mut self, prepared: &Prepared) -> Result<Place> {
        let index = self.index;
        self.index += prepared.new.count();
        self.create(None, &prepared.new, &Birth { index, prepared: Some(prepared) })
    }

    /// Makes anew what depends on what the edits changed.
    pub fn finish(&mut self) -> Result<()> {
        for id in std::mem::take(&mut self.dirty) {
            derive::contact(self.conn, id, &mut self.entries)?;
        }
        self.entries.flush(self.conn)?;
        if self.forgotten.take() >= FORGOTTEN_MANY {
            self.conn.execute_batch(
                "insert into words(words) values ('optimize'); insert into words(words, rank) values ('secure-delete', 1)",
            )?;
        }
        Ok(())
    }

    fn place(&self, at: &At) -> Result<Place> {
        let missing = || StoreError::NoRecord(format!("{} {}", at.kind.record().name, at.id));
        let owner = match (at.kind.record().key, at.owner) {
            (Key::Child(kind, _), Some(Gid::Uid(uid))) => {
                Some(sql::id_of(self.conn, kind, &uid)?.ok_or_else(missing)?)
            }
            _ => None,
        };
        sql::place_of(self.conn, at.kind, &at.id, owner)?.ok_or_else(missing)
    }

    fn create(&mut self, owner: Option<Gid>, new: &New, birth: &Birth<'_>) -> Result<Place> {
        match new.kind.record().key {
            Key::Top => self.create_top(new, birth),
            Key::Child(kind, column) => {
                let missing = || StoreError::NoRecord(format!("the owner of a {}", new.kind.record().name));
                let uid = owner.and_then(|gid| gid.uid()).ok_or_else(missing)?;
                let id = sql::id_of(self.conn, kind, &uid)?.ok_or_else(missing)?;
                let next = format!(
                    "select ifnull(max(n), 0) + 1 from \"{}\" where \"{column}\"=?1",
                    new.kind.record().name
                );
                let n: i64 = self.conn.prepare_cached(&next)?.query_row([id], |row| row.get(0))?;
                self.create_child(id, n, new, birth, None)?;
                let place = Place { kind: new.kind, id, n };
                self.touch(place, true)?;
                Ok(place)
            }
        }
    }

    fn create_top(&mut self, new: &New, birth: &Birth<'_>) -> Result<Place> {
        let record = new.kind.record();
        let uid = match &new.id {
            NewId::Derived => derived_v7(self.millis, &self.seed, birth.index),
            NewId::Given(Gid::Uid(uid)) => *uid,
            NewId::Given(gid) => return Err(StoreError::NoRecord(gid.to_string())),
            NewId::Named(name) => named_v8(&self.book, record.name, name),
        };
        if new.id != NewId::Derived
            && let Some(id) = sql::id_of(self.conn, new.kind, &uid)?
        {
            self.conn.prepare_cached("insert or ignore into birth values (?,?,?,?)")?.execute((
                new.kind as i64,
                id,
                self.tx,
                birth.index,
            ))?;
            return Ok(Place { kind: new.kind, id, n: 0 });
        }
        let id = self.next_id(new.kind)?;
        if let NewId::Named(name) = &new.id {
            self.names.put(new.kind, name, id);
        }
        let fields = self.resolve(new, birth.index)?;
        let first = first_field(record);
        let after = first + record.fields.len();
        let (tx, millis) = (self.tx, self.millis);
        let statement = self.insert(new.kind)?;
        statement.raw_bind_parameter(1, id)?;
        statement.raw_bind_parameter(2, &uid[..])?;
        statement.raw_bind_parameter(3, tx)?;
        statement.raw_bind_parameter(4, birth.index)?;
        if let Some(created) = new.created.filter(|created| *created != millis) {
            statement.raw_bind_parameter(5, created)?;
        }
        for (field, (at, value)) in new.fields.iter().enumerate() {
            bind(statement, first + at + 1, value, fields.get(field).copied().flatten())?;
        }
        if new.kind == Kind::Contact {
            let implied = new.get("implied").is_some();
            statement.raw_bind_parameter(after + 1, id)?;
            statement.raw_bind_parameter(after + 2, if implied { hidden::IMPLIED } else { hidden::SHOWN })?;
            statement.raw_bind_parameter(
                after + 3,
                birth.prepared.map_or("", |prepared| prepared.sort.as_str()),
            )?;
        }
        statement.raw_execute()?;
        statement.clear_bindings();
        let place = Place { kind: new.kind, id, n: 0 };
        self.create_children(place, new, birth)?;
        match birth.prepared {
            Some(prepared) => self.derived_of(id, &uid, prepared)?,
            None => self.created(place, new)?,
        }
        Ok(place)
    }

    fn create_children(&mut self, place: Place, new: &New, birth: &Birth<'_>) -> Result<()> {
        let mut index = birth.index + 1;
        let mut n = 0;
        let mut kind = None;
        for (at, child) in new.children.iter().enumerate() {
            n = if kind == Some(child.kind) { n + 1 } else { 1 };
            kind = Some(child.kind);
            let norm = birth.prepared.map(|prepared| &prepared.norms[at]);
            let born = Birth { index, prepared: birth.prepared };
            self.create_child(place.id, n, child, &born, norm)?;
            index += child.count();
        }
        Ok(())
    }

    fn create_child(
        &mut self,
        owner: i64,
        n: i64,
        new: &New,
        birth: &Birth<'_>,
        norm: Option<&Norm>,
    ) -> Result<()> {
        let record = new.kind.record();
        let (tx, i) = match &new.id {
            NewId::Given(Gid::Born { device, seq, index }) => {
                let sql = "select tx.n from tx join device d on d.n=tx.device where d.id=?1 and tx.seq=?2";
                let tx = self
                    .conn
                    .prepare_cached(sql)?
                    .query_row((&device.to_be_bytes()[..], seq), |row| row.get::<_, i64>(0))?;
                (tx, *index)
            }
            _ => (self.tx, birth.index),
        };
        let fields = self.resolve(new, birth.index)?;
        let first = first_field(record);
        let after = first + record.fields.len();
        let derived = match (new.kind, norm) {
            (Kind::Method, Some(norm)) => Cow::Borrowed(norm),
            (Kind::Method, None) => {
                let text = |field| new.get(field).and_then(Value::as_text).unwrap_or_default();
                let country = self.country.as_deref();
                Cow::Owned(Norm::new(text("type"), text("value"), country, &mut self.phones))
            }
            _ => Cow::Owned(Norm::default()),
        };
        let statement = self.insert(new.kind)?;
        statement.raw_bind_parameter(1, owner)?;
        statement.raw_bind_parameter(2, n)?;
        statement.raw_bind_parameter(3, tx)?;
        statement.raw_bind_parameter(4, i)?;
        for (field, (at, value)) in new.fields.iter().enumerate() {
            bind(statement, first + at + 1, value, fields.get(field).copied().flatten())?;
        }
        match new.kind {
            Kind::Method => {
                statement.raw_bind_parameter(after + 1, derived.text.as_deref())?;
                statement.raw_bind_parameter(after + 2, derived.hash)?;
            }
            Kind::Identity => {
                statement.raw_bind_parameter(after + 1, birth.prepared.and_then(|prepared| prepared.fp))?;
            }
            _ => {}
        }
        statement.raw_execute()?;
        statement.clear_bindings();
        Ok(())
    }

    /// The local keys of the record's references, `None` for plain values; empty if it has none.
    fn resolve(&mut self, new: &New, index: i64) -> Result<Vec<Option<i64>>> {
        let record = new.kind.record();
        if !new.fields.iter().any(|(at, _)| matches!(record.fields[*at].ty, Type::Ref(_))) {
            return Ok(Vec::new());
        }
        new.fields
            .iter()
            .map(|(at, value)| match (record.fields[*at].ty, value) {
                (Type::Ref(_), Value::Own(child)) => {
                    debug_assert!(index >= 0);
                    Ok(Some(own_number(new, *child)))
                }
                (Type::Ref(kind), Value::Named(name)) => {
                    let missing = || StoreError::NoRecord(format!("{} {name}", kind.record().name));
                    self.names.get(self.conn, &self.book, kind, name)?.ok_or_else(missing).map(Some)
                }
                (Type::Ref(kind), Value::Ref(gid)) => self.target(kind, gid, None),
                _ => Ok(None),
            })
            .collect()
    }

    /// The local key of a referenced record; `owner` where it is a sibling child.
    fn target(&self, kind: Kind, gid: &Gid, owner: Option<i64>) -> Result<Option<i64>> {
        let place = sql::place_of(self.conn, kind, gid, owner)?;
        let missing = || StoreError::NoRecord(format!("{} {gid}", kind.record().name));
        let place = place.ok_or_else(missing)?;
        Ok(Some(if place.n == 0 { place.id } else { place.n }))
    }

    fn insert(&mut self, kind: Kind) -> Result<&mut CachedStatement<'a>> {
        let slot = &mut self.inserts[kind as usize];
        if slot.is_none() {
            *slot = Some(self.conn.prepare_cached(sql::insert(kind))?);
        }
        slot.as_mut().ok_or_else(|| StoreError::Damaged("no statement".to_owned()))
    }

    fn next_id(&mut self, kind: Kind) -> Result<i64> {
        let next = &mut self.next[kind as usize];
        if *next == 0 {
            let sql = format!("select ifnull(max(id), 0) + 1 from \"{}\"", kind.record().name);
            *next = self.conn.query_row(&sql, [], |row| row.get(0))?;
        }
        *next += 1;
        Ok(*next - 1)
    }

    fn derived_of(&mut self, id: i64, uid: &[u8; 16], prepared: &Prepared) -> Result<()> {
        self.entries.put(self.conn, id, uid, &prepared.derived)?;
        if let Some(words) = &prepared.words {
            self.index_words(Kind::Contact, id, words)?;
        }
        Ok(())
    }

    fn created(&mut self, place: Place, new: &New) -> Result<()> {
        match place.kind {
            Kind::Contact => {
                self.dirty.insert(place.id);
                self.words_changed(place, "", &words_of(self.conn, place)?)
            }
            Kind::Interaction => {
                self.touch(place, false)?;
                self.words_changed(place, "", &words_of(self.conn, place)?)
            }
            Kind::Same => self.joined(place, true),
            Kind::Setting => self.setting_changed(),
            Kind::Task => self.touch(place, false),
            _ => {
                let _ = new;
                Ok(())
            }
        }
    }

    fn set(&mut self, place: Place, field: usize, after: &Value) -> Result<()> {
        let record = place.kind.record();
        let ty = record.fields[field].ty;
        let key = match (ty, after) {
            (Type::Ref(kind), Value::Ref(gid)) => self.target(kind, gid, Some(place.id))?,
            (Type::Ref(kind), Value::Named(name)) => {
                let missing = || StoreError::NoRecord(format!("{} {name}", kind.record().name));
                Some(self.names.get(self.conn, &self.book, kind, name)?.ok_or_else(missing)?)
            }
            _ => None,
        };
        let words = words_of(self.conn, place)?;
        if place.kind == Kind::Participant {
            self.touch(place, false)?;
        }
        let sql = format!(
            "update \"{}\" set \"{}\"=?3 where {}",
            record.name,
            record.fields[field].name,
            sql::place_where(record)
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.raw_bind_parameter(1, place.id)?;
        statement.raw_bind_parameter(2, place.n)?;
        bind(&mut statement, 3, after, key)?;
        statement.raw_execute()?;
        drop(statement);
        if place.kind == Kind::Method {
            self.renorm(place)?;
        }
        self.stamp(place, field as i64)?;
        self.touch(place, false)?;
        let now = words_of(self.conn, place)?;
        self.words_changed(place, &words, &now)?;
        match place.kind {
            Kind::Tag => self.dirty_where("select contact from tagging where tag=?1", place.id),
            Kind::Contact if matches!(record.fields[field].name, "name") => {
                self.dirty_where("select id from contact where company=?1", place.id)
            }
            Kind::Same => self.joined(place, true),
            Kind::Setting => self.setting_changed(),
            _ => Ok(()),
        }
    }

    fn renorm(&mut self, place: Place) -> Result<()> {
        let (kind, value): (Option<String>, Option<String>) = self
            .conn
            .prepare_cached("select type, value from method where contact=?1 and n=?2")?
            .query_row((place.id, place.n), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (kind, value) = (kind.unwrap_or_default(), value.unwrap_or_default());
        let norm = Norm::new(&kind, &value, self.country.as_deref(), &mut self.phones);
        self.conn
            .prepare_cached("update method set norm=?3, hash=?4 where contact=?1 and n=?2")?
            .execute((place.id, place.n, norm.text, norm.hash))?;
        Ok(())
    }

    fn stamp(&self, place: Place, field: i64) -> Result<()> {
        self.conn.prepare_cached("insert or replace into stamp values (?,?,?,?,?)")?.execute((
            place.kind as i64,
            place.id,
            place.n,
            field,
            self.tx,
        ))?;
        Ok(())
    }

    fn bin(&mut self, at: &At, when: Option<i64>) -> Result<Option<Place>> {
        let place = self.place(at)?;
        let record = place.kind.record();
        let sql = format!("update \"{}\" set deleted=?3 where {}", record.name, sql::place_where(record));
        self.touch(place, false)?;
        self.conn.prepare_cached(&sql)?.execute((place.id, place.n, when))?;
        self.stamp(place, BIN_FIELD)?;
        self.touch(place, false)?;
        match place.kind {
            Kind::Tag => self.dirty_where("select contact from tagging where tag=?1", place.id)?,
            Kind::Same => self.joined(place, true)?,
            Kind::Setting => self.setting_changed()?,
            _ => {}
        }
        Ok(Some(place))
    }

    fn drop(&mut self, place: Place) -> Result<()> {
        let record = place.kind.record();
        if place.n == 0 && self.unbear(place)? {
            return Ok(());
        }
        self.touch(place, false)?;
        let words = words_of(self.conn, place)?;
        self.words_changed(place, &words, "")?;
        if place.kind == Kind::Same {
            self.joined(place, false)?;
        }
        if place.n == 0 {
            self.names.clear();
            for child in place.kind.children() {
                if let Key::Child(_, column) = child.key {
                    let sql = format!("delete from \"{}\" where \"{column}\"=?1", child.name);
                    self.conn.prepare_cached(&sql)?.execute([place.id])?;
                    self.forget(child.kind, place.id, None)?;
                }
            }
            self.next[place.kind as usize] = 0;
        }
        let sql = format!("delete from \"{}\" where {}", record.name, sql::place_where(record));
        self.conn.prepare_cached(&sql)?.execute((place.id, place.n))?;
        self.forget(place.kind, place.id, Some(place.n))?;
        match place.kind {
            Kind::Contact => {
                self.dirty.remove(&place.id);
                self.entries.remove(self.conn, place.id)?;
                self.conn.prepare_cached("delete from touched where contact=?1")?.execute([place.id])?;
            }
            Kind::Setting => self.setting_changed()?,
            _ => {}
        }
        Ok(())
    }

    /// Takes back one of several Creates of the same record; false if it was the only one.
    fn unbear(&self, place: Place) -> Result<bool> {
        let more: Option<(i64, i64)> = {
            let mut statement = self.conn.prepare_cached(
                "select tx, i from birth where kind=?1 and id=?2 order by tx desc, i desc limit 1",
            )?;
            let mut rows = statement.query((place.kind as i64, place.id))?;
            match rows.next()? {
                Some(row) => Some((row.get(0)?, row.get(1)?)),
                None => None,
            }
        };
        let Some((tx, i)) = more else { return Ok(false) };
        self.conn
            .prepare_cached("delete from birth where kind=?1 and id=?2 and tx=?3 and i=?4")?
            .execute((place.kind as i64, place.id, tx, i))?;
        Ok(true)
    }

    fn forget(&self, kind: Kind, id: i64, n: Option<i64>) -> Result<()> {
        for table in ["stamp", "sibling"] {
            let sql = format!("delete from {table} where kind=?1 and id=?2 and (?3 is null or n=?3)");
            self.conn.prepare_cached(&sql)?.execute((kind as i64, id, n))?;
        }
        Ok(())
    }

    /// Marks the contacts that a change is about: their history, their derived columns, their time of change.
    fn touch(&mut self, place: Place, _new: bool) -> Result<()> {
        let about: Vec<i64> = match place.kind.record().key {
            Key::Child(Kind::Contact, _) => vec![place.id],
            Key::Child(..) => self.ids("select contact from participant where interaction=?1", place.id)?,
            Key::Top => match place.kind {
                Kind::Contact => vec![place.id],
                Kind::Interaction => {
                    self.ids("select contact from participant where interaction=?1", place.id)?
                }
                Kind::Task => {
                    self.ids("select contact from task where id=?1 and contact is not null", place.id)?
                }
                _ => Vec::new(),
            },
        };
        for id in about {
            let root: Option<i64> = {
                let mut statement = self.conn.prepare_cached("select root from contact where id=?1")?;
                let mut rows = statement.query([id])?;
                rows.next()?.map(|row| row.get(0)).transpose()?
            };
            self.dirty.insert(id);
            if let Some(root) = root.filter(|root| *root != id) {
                self.dirty.insert(root);
            }
            self.conn
                .prepare_cached(
                    "insert or ignore into touched select id, ?2 from contact where id=?1 and tx<>?2",
                )?
                .execute((id, self.tx))?;
            self.conn
                .prepare_cached("update contact set updated=max(ifnull(updated, 0), ?2) where id=?1")?
                .execute((id, self.millis))?;
        }
        Ok(())
    }

    fn ids(&self, sql: &str, id: i64) -> Result<Vec<i64>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let ids = statement.query_map([id], |row| row.get::<_, Option<i64>>(0))?;
        Ok(ids.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn dirty_where(&mut self, sql: &str, id: i64) -> Result<()> {
        let ids = self.ids(sql, id)?;
        self.dirty.extend(ids);
        Ok(())
    }

    fn setting_changed(&mut self) -> Result<()> {
        let country = derive::country(self.conn)?;
        if country == self.country {
            return Ok(());
        }
        self.country = country;
        self.entries = hays::Writer::default();
        derive::all(self.conn)
    }

    fn words_changed(&self, place: Place, before: &str, after: &str) -> Result<()> {
        if before == after {
            return Ok(());
        }
        let rowid = words_row(place.kind, place.id);
        if !before.is_empty() {
            self.forgotten.set(self.forgotten.get() + 1);
            if self.forgotten.get() == FORGOTTEN_MANY {
                self.conn.execute_batch("insert into words(words, rank) values ('secure-delete', 0)")?;
            }
            self.conn
                .prepare_cached("insert into words(words, rowid, text) values ('delete', ?1, ?2)")?
                .execute((rowid, derive::full_text(before)))?;
        }
        if !after.is_empty() {
            self.index_words(place.kind, place.id, &derive::full_text(after))?;
        }
        Ok(())
    }

    fn index_words(&self, kind: Kind, id: i64, text: &str) -> Result<()> {
        self.conn
            .prepare_cached("insert into words(rowid, text) values (?1, ?2)")?
            .execute((words_row(kind, id), text))?;
        Ok(())
    }

    /// An edge of a merge appeared, or (`there` false) is about to go: the roots of all it connects are found anew.
    fn joined(&mut self, place: Place, there: bool) -> Result<()> {
        let ends: Vec<Option<i64>> = self
            .conn
            .prepare_cached("select a, b from same where id=?1")?
            .query_row([place.id], |row| Ok(vec![row.get(0)?, row.get(1)?]))?;
        for end in ends.into_iter().flatten() {
            let members = self.component(end, if there { 0 } else { place.id })?;
            let mut smallest: Option<([u8; 16], i64)> = None;
            for id in &members {
                if let Some(uid) = sql::uid_of(self.conn, Kind::Contact, *id)? {
                    smallest = Some(smallest.map_or((uid, *id), |least| least.min((uid, *id))));
                }
            }
            let Some((_, root)) = smallest else { continue };
            for id in members {
                self.conn.prepare_cached("update contact set root=?2 where id=?1")?.execute((id, root))?;
                self.dirty.insert(id);
            }
        }
        Ok(())
    }

    fn component(&self, from: i64, without: i64) -> Result<BTreeSet<i64>> {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        let mut statement = self.conn.prepare_cached(
            "select a, b from same where (a=?1 or b=?1) and id<>?2 and deleted is null and ifnull(different, 0)=0",
        )?;
        while let Some(at) = open.pop() {
            let mut rows = statement.query((at, without))?;
            while let Some(row) = rows.next()? {
                for end in [row.get::<_, Option<i64>>(0)?, row.get(1)?].into_iter().flatten() {
                    if seen.insert(end) {
                        open.push(end);
                    }
                }
            }
        }
        Ok(seen)
    }
}

/// The number under its owner of the record's `child`-th Create, counted from itself as 0.
fn own_number(new: &New, child: i64) -> i64 {
    let mut n = 0;
    let mut kind = None;
    for (at, sibling) in new.children.iter().enumerate() {
        n = if kind == Some(sibling.kind) { n + 1 } else { 1 };
        kind = Some(sibling.kind);
        if at as i64 + 1 == child {
            return n;
        }
    }
    0
}

fn bind(statement: &mut CachedStatement<'_>, at: usize, value: &Value, key: Option<i64>) -> Result<()> {
    match (value, key) {
        (_, Some(key)) => statement.raw_bind_parameter(at, key)?,
        (Value::Text(text), _) => statement.raw_bind_parameter(at, text.as_str())?,
        (Value::Int(number), _) => statement.raw_bind_parameter(at, *number)?,
        (Value::Real(number), _) => statement.raw_bind_parameter(at, *number)?,
        _ => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
    }
    Ok(())
}

/// The row of the full-text index that a contact's note or an interaction has.
pub const fn words_row(kind: Kind, id: i64) -> i64 {
    id * 2 + if matches!(kind, Kind::Interaction) { 1 } else { 0 }
}

/// What the full-text index holds of a record.
pub fn words_of(conn: &Connection, place: Place) -> Result<String> {
    let sql = match place.kind {
        Kind::Contact => "select note from contact where id=?1",
        Kind::Interaction => {
            "select trim(ifnull(subject, '') || char(10) || ifnull(body, '') || char(10) || ifnull(outcome, ''), char(10)) \
             from interaction where id=?1"
        }
        _ => return Ok(String::new()),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([place.id])?;
    Ok(match rows.next()? {
        Some(row) => row.get::<_, Option<String>>(0)?.unwrap_or_default(),
        None => String::new(),
    })
}
