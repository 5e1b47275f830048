//! Applies one edit to the tables. Only `commit` and `replay` call it.
#![allow(clippy::disallowed_methods)]

use super::bulk::Waiting;
use super::derive::{self, NameCache, Norm, Prepared, hidden};
use super::error::{Result, StoreError};
use super::hays;
use super::known::{Known, Stand};
use super::sql::{self, Place, first_field};
use super::words::words_of;
use crate::model::edit::{At, Edit, New, NewId};
use crate::model::ids::{Device, Gid, derived_v7, named_v8};
use crate::model::phone::Normaliser;
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use rusqlite::{CachedStatement, Connection};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// The pseudo field under which the bin is stamped.
pub const BIN_FIELD: i64 = -1;

/// What whoever wrote a row had of what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    All,
    /// Not everything.
    Part,
    /// Not everything, and others whose rows are here had this row before they wrote: it comes out of turn, because its device did
    /// not count for a while.
    Late,
}

/// Applies the edits of one row after the other.
pub struct Applier<'a> {
    pub(super) conn: &'a Connection,
    pub(super) book: [u8; 16],
    /// The row that the edits stand in.
    pub(super) row: Stand,
    pub(super) seed: [u8; 16],
    index: i64,
    /// New edits of this device: what they name must be there.
    pub(super) strict: bool,
    /// Whoever wrote the row had everything that is here: it replaces whatever it touches.
    pub(super) all_known: bool,
    /// Others whose rows are here already had this one.
    pub(super) late: bool,
    pub(super) known: Known,
    /// Records that need a look at everything that was ever said about them.
    pub(super) hard: BTreeSet<(usize, Gid)>,
    /// Rows whose labels may name somebody who was erased.
    pub(super) unlabel: BTreeSet<i64>,
    pub(super) holds: Holds,
    next: [i64; RECORDS.len()],
    inserts: Vec<Option<CachedStatement<'a>>>,
    /// Children of an import's new records that are not in their tables yet.
    waiting: Option<RefCell<Waiting<'a>>>,
    pub(super) entries: hays::Writer,
    pub(super) names: NameCache,
    pub(super) dirty: BTreeSet<i64>,
    /// The contact that was touched last, by the row that is being applied, and whether what is derived of it was to follow.
    pub(super) last_touched: Option<(i64, bool)>,
    pub(super) country: Option<String>,
    pub(super) phones: Normaliser,
    /// How many texts were taken out of the full-text index.
    pub(super) forgotten: Cell<usize>,
}

/// Whether tables hold anything that only a book of several devices needs: most books' edits need not ask.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holds {
    pub(super) siblings: bool,
    pub(super) gone: bool,
    pub(super) dangling: bool,
}

impl Holds {
    fn read(conn: &Connection) -> Result<Self> {
        let any = |tables: &[&str]| -> Result<bool> {
            for table in tables {
                let sql = format!("select exists (select 1 from {table})");
                if conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        Ok(Self {
            siblings: any(&["sibling", "review"])?,
            gone: any(&["gone"])?,
            dangling: any(&["dangling"])?,
        })
    }
}

/// What a new record inherits from where it is made.
struct Birth<'n> {
    index: i64,
    prepared: Option<&'n Prepared>,
}

impl<'a> Applier<'a> {
    /// For a row with this seed; `strict` for new edits of this device.
    pub fn new(
        conn: &'a Connection,
        book: [u8; 16],
        row: Stand,
        seed: [u8; 16],
        strict: bool,
    ) -> Result<Self> {
        Ok(Self {
            conn,
            book,
            row,
            seed,
            index: 0,
            strict,
            all_known: strict,
            late: false,
            known: Known::default(),
            hard: BTreeSet::new(),
            unlabel: BTreeSet::new(),
            holds: Holds::read(conn)?,
            next: [0; RECORDS.len()],
            inserts: RECORDS.iter().map(|_| None).collect(),
            waiting: None,
            entries: hays::Writer::default(),
            names: NameCache::default(),
            dirty: BTreeSet::new(),
            last_touched: None,
            country: derive::country(conn)?,
            phones: Normaliser::default(),
            forgotten: Cell::new(0),
        })
    }

    /// How many Creates the row has had so far.
    pub const fn creates(&self) -> i64 {
        self.index
    }

    /// Goes on with the next row.
    pub fn next_row(&mut self, row: Stand, seed: [u8; 16], sight: Sight) {
        self.row = row;
        self.seed = seed;
        self.index = 0;
        self.last_touched = None;
        self.all_known = sight == Sight::All;
        self.late = sight == Sight::Late;
    }

    /// From now on children of an import's new records are inserted many at a time.
    pub(super) fn gather(&mut self) {
        self.waiting = Some(RefCell::new(Waiting::new(self.conn)));
    }

    /// Inserts the children that wait.
    pub(super) fn insert_waiting(&mut self) -> Result<()> {
        self.waiting.as_mut().map_or(Ok(()), |waiting| waiting.get_mut().insert())
    }

    /// The same before somebody reads the tables.
    pub(super) fn insert_before_reading(&self) {
        if let Some(waiting) = &self.waiting {
            waiting.borrow_mut().insert_before_reading();
        }
    }

    /// When the row was written, ms since 1970.
    pub(super) const fn millis(&self) -> i64 {
        self.row.hlc >> 16
    }

    /// Applies an edit; for a Create that made something, where the record lies.
    pub fn apply(&mut self, edit: &Edit) -> Result<Option<Place>> {
        self.insert_waiting()?;
        let index = self.index;
        self.index += edit.creates();
        let apart = !self.all_known || (!self.strict && !self.hard.is_empty());
        if apart && !self.is_clean(edit, index)? {
            return Ok(None);
        }
        match self.apply_clean(edit, index) {
            // What it is about may still come: its row was written anew under another name, and nothing says to wait for that.
            Err(StoreError::NoRecord(_)) if !self.strict && !self.is_clean(edit, index)? => Ok(None),
            Ok(Some(place)) if self.late => {
                self.made_late(place)?;
                Ok(Some(place))
            }
            done => done,
        }
    }

    fn apply_clean(&mut self, edit: &Edit, index: i64) -> Result<Option<Place>> {
        match edit {
            Edit::Create { owner, new } => self.create(*owner, new, &Birth { index, prepared: None }),
            Edit::Set { at, field, after, .. } => {
                let place = self.place(at)?;
                self.set(place, *field, after)?;
                Ok(Some(place))
            }
            Edit::Delete(at) => self.bin(at, Some(self.millis())),
            Edit::Restore(at) => self.bin(at, None),
            Edit::Drop { at, made } => {
                let place = self.place(at)?;
                self.take_back(place, at.id, *made)?;
                Ok(None)
            }
            Edit::Erase(at) => self.erase(at).map(|()| None),
            Edit::Erased { of: Some((kind, gid)), .. } => {
                super::erased::told(self.conn, *kind, gid)?;
                Ok(None)
            }
            Edit::Erased { .. } | Edit::Unknown { .. } => Ok(None),
        }
    }

    /// Whether something was said about a record before the Create that makes it came: then it is looked at as a whole.
    pub fn is_awaited(&mut self, new: &New) -> Result<bool> {
        if !self.holds.gone || new.id != NewId::Derived {
            return Ok(false);
        }
        let gid = Gid::Uid(derived_v7(self.millis(), &self.seed, self.index));
        let awaited = self.gone_rows(new.kind, gid)?.is_some();
        if awaited {
            self.look_at(new.kind, gid)?;
            self.index += new.count();
        }
        Ok(awaited)
    }

    /// Applies an import's Create.
    pub fn create_prepared(&mut self, prepared: &Prepared) -> Result<Place> {
        let index = self.index;
        self.index += prepared.new.count();
        let missing = || StoreError::Damaged("a new record is there already".to_owned());
        self.create(None, &prepared.new, &Birth { index, prepared: Some(prepared) })?.ok_or_else(missing)
    }

    /// Makes anew what depends on what the edits changed.
    pub fn finish(&mut self) -> Result<()> {
        self.insert_waiting()?;
        for id in std::mem::take(&mut self.dirty) {
            derive::contact(self.conn, id, &mut self.entries)?;
        }
        self.entries.flush(self.conn)?;
        self.forget_labels()?;
        if self.forgotten.take() >= super::words::FORGOTTEN_MANY {
            self.conn.execute_batch(
                "insert into words(words) values ('optimize'); insert into words(words, rank) values ('secure-delete', 1)",
            )?;
        }
        Ok(())
    }

    pub(super) fn place(&self, at: &At) -> Result<Place> {
        let missing = || StoreError::NoRecord(format!("{} {}", at.kind.record().name, at.id));
        let owner = match (at.kind.record().key, at.owner) {
            (Key::Child(kind, _), Some(Gid::Uid(uid))) => {
                Some(sql::id_of(self.conn, kind, &uid)?.ok_or_else(missing)?)
            }
            _ => None,
        };
        sql::place_of(self.conn, at.kind, &at.id, owner)?.ok_or_else(missing)
    }

    fn create(&mut self, owner: Option<Gid>, new: &New, birth: &Birth<'_>) -> Result<Option<Place>> {
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
                self.touch(place)?;
                self.takes_part(place)?;
                if self.holds.dangling
                    && let Some(gid) = sql::gid_of(self.conn, place)?
                {
                    self.appeared(place, gid)?;
                }
                Ok(Some(place))
            }
        }
    }

    fn create_top(&mut self, new: &New, birth: &Birth<'_>) -> Result<Option<Place>> {
        let record = new.kind.record();
        let uid = match &new.id {
            NewId::Derived => derived_v7(self.millis(), &self.seed, birth.index),
            NewId::Given(Gid::Uid(uid)) => *uid,
            NewId::Given(gid) => return Err(StoreError::NoRecord(gid.to_string())),
            NewId::Named(name) => named_v8(&self.book, record.name, name),
        };
        if new.id != NewId::Derived {
            if let Some(id) = sql::id_of(self.conn, new.kind, &uid)? {
                let place = Place { kind: new.kind, id, n: 0 };
                self.born_again(place, uid, new, birth.index)?;
                return Ok(Some(place));
            }
            if self.holds.gone && !self.back(new.kind, uid)? {
                return Ok(None);
            }
        }
        let id = self.next_id(new.kind)?;
        if let NewId::Named(name) = &new.id {
            self.names.put(new.kind, name, id);
        }
        let fields = self.resolve(new, Place { kind: new.kind, id, n: 0 })?;
        let first = first_field(record);
        let after = first + record.fields.len();
        let (tx, millis) = (self.row.n, self.millis());
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
            None => self.created(place)?,
        }
        if self.holds.dangling {
            self.appeared(place, Gid::Uid(uid))?;
        }
        Ok(Some(place))
    }

    fn create_children(&mut self, place: Place, new: &New, birth: &Birth<'_>) -> Result<()> {
        let mut n = 0;
        let mut kind = None;
        for (at, (index, child)) in new.numbered(birth.index).enumerate() {
            n = if kind == Some(child.kind) { n + 1 } else { 1 };
            kind = Some(child.kind);
            let norm = birth.prepared.map(|prepared| &prepared.norms[at]);
            let born = Birth { index, prepared: birth.prepared };
            self.create_child(place.id, n, child, &born, norm)?;
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
                (named_after(self.conn, *device, *seq)?, *index)
            }
            _ => (self.row.n, birth.index),
        };
        let fields = self.resolve(new, Place { kind: new.kind, id: owner, n })?;
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
        if let (Some(waiting), true) = (&mut self.waiting, birth.prepared.is_some()) {
            let mut row = waiting.get_mut().row(new.kind);
            row.int(1, owner);
            row.int(2, n);
            row.int(3, tx);
            row.int(4, i);
            for (field, (at, value)) in new.fields.iter().enumerate() {
                row.value(first + at + 1, value, fields.get(field).copied().flatten());
            }
            if let (Kind::Method, Some(text)) = (new.kind, &derived.text) {
                row.text(after + 1, text);
            }
            match new.kind {
                Kind::Method => derived.hash.into_iter().for_each(|hash| row.int(after + 2, hash)),
                Kind::Identity => birth
                    .prepared
                    .and_then(|prepared| prepared.fp)
                    .into_iter()
                    .for_each(|fp| row.int(after + 1, fp)),
                _ => {}
            }
            return row.done();
        }
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
    fn resolve(&mut self, new: &New, place: Place) -> Result<Vec<Option<i64>>> {
        let record = new.kind.record();
        if !new.fields.iter().any(|(at, _)| matches!(record.fields[*at].ty, Type::Ref(_))) {
            return Ok(Vec::new());
        }
        new.fields
            .iter()
            .map(|(at, value)| match (record.fields[*at].ty, value) {
                (Type::Ref(_), Value::Own(child)) => Ok(Some(own_number(new, *child))),
                (Type::Ref(kind), value) => self.key(kind, value, place, *at),
                _ => Ok(None),
            })
            .collect()
    }

    /// The local key of a referenced record; what isn't there is noted, or an error in a new edit.
    pub(super) fn key(
        &mut self,
        kind: Kind,
        value: &Value,
        from: Place,
        field: usize,
    ) -> Result<Option<i64>> {
        let (gid, name) = match value {
            Value::Ref(gid) => (*gid, gid.to_string()),
            Value::Named(name) => {
                if let Some(id) = self.names.get(self.conn, &self.book, kind, name)? {
                    return Ok(Some(id));
                }
                (Gid::Uid(named_v8(&self.book, kind.record().name, name)), name.clone())
            }
            _ => return Ok(None),
        };
        let owner = matches!(kind.record().key, Key::Child(..)).then_some(from.id);
        match sql::place_of(self.conn, kind, &gid, owner)? {
            Some(place) if place.n == 0 => Ok(Some(place.id)),
            Some(place) => Ok(Some(place.n)),
            None if self.strict => Err(StoreError::NoRecord(format!("{} {name}", kind.record().name))),
            None => self.dangle(from, field, kind, gid).map(|()| None),
        }
    }

    fn insert(&mut self, kind: Kind) -> Result<&mut CachedStatement<'a>> {
        let slot = &mut self.inserts[kind as usize];
        if slot.is_none() {
            *slot = Some(self.conn.prepare_cached(sql::insert(kind))?);
        }
        slot.as_mut().ok_or_else(|| StoreError::Damaged("no statement".to_owned()))
    }

    pub(super) fn next_id(&mut self, kind: Kind) -> Result<i64> {
        let next = &mut self.next[kind as usize];
        if *next == 0 {
            let sql = format!("select ifnull(max(id), 0) + 1 from \"{}\"", kind.record().name);
            *next = self.conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
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

    pub(super) fn created(&mut self, place: Place) -> Result<()> {
        match place.kind {
            Kind::Contact => {
                self.dirty.insert(place.id);
                self.words_changed(place, "", &words_of(self.conn, place)?)
            }
            Kind::Interaction => {
                self.touch(place)?;
                self.words_changed(place, "", &words_of(self.conn, place)?)
            }
            Kind::Same => self.joined(place, true),
            Kind::Setting => self.setting_changed(),
            Kind::Task => self.touch(place),
            _ => Ok(()),
        }
    }

    /// A kind's record may be gone: keys are counted anew.
    pub(super) fn recount(&mut self, kind: Kind) {
        self.next[kind as usize] = 0;
        self.names.clear();
    }
}

/// The number under its owner of the record's `child`-th Create, counted from itself as 0.
fn own_number(new: &New, child: i64) -> i64 {
    let mut n = 0;
    let mut kind = None;
    for (index, sibling) in new.numbered(0) {
        n = if kind == Some(sibling.kind) { n + 1 } else { 1 };
        kind = Some(sibling.kind);
        if index == child {
            return n;
        }
    }
    0
}

pub(super) fn bind(
    statement: &mut CachedStatement<'_>,
    at: usize,
    value: &Value,
    key: Option<i64>,
) -> Result<()> {
    match (value, key) {
        (_, Some(key)) => statement.raw_bind_parameter(at, key)?,
        (Value::Text(text), _) => statement.raw_bind_parameter(at, text.as_str())?,
        (Value::Int(number), _) => statement.raw_bind_parameter(at, *number)?,
        (Value::Real(number), _) => statement.raw_bind_parameter(at, *number)?,
        _ => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
    }
    Ok(())
}

/// What the `tx` of a child is to be that is named after this row, which the log need not have: see `sql::birth_named`.
pub(super) fn named_after(conn: &Connection, device: Device, seq: i64) -> Result<i64> {
    if let Some(n) = sql::birth_named(conn, device, seq)? {
        return Ok(n);
    }
    conn.prepare_cached("insert into stray(device, seq) values (?1, ?2)")?
        .execute((&device.to_be_bytes()[..], seq))?;
    Ok(-conn.last_insert_rowid())
}
