//! Puts a record into the tables as everything that was ever said about it makes it (`model::resolve`).
#![allow(clippy::disallowed_methods)]

use super::apply::{Applier, BIN_FIELD, bind, named_after};
use super::aside;
use super::error::Result;
use super::gather::{self, Reader};
use super::known::Stand;
use super::sql::{self, Place, first_field};
use super::words::words_of;
use crate::model::edit::Blind;
use crate::model::ids::Gid;
use crate::model::resolve::{Outcome, Register, Said, State, resolve};
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use std::collections::{BTreeMap, HashMap};

impl Applier<'_> {
    /// Looks at all records that could not be changed edit by edit. The row that is being applied must be in the log.
    pub fn settle(&mut self, blind: Blind) -> Result<()> {
        if self.hard.is_empty() {
            return Ok(());
        }
        let mut reader = Reader::new(self.book, blind);
        let (strict, row) = (std::mem::replace(&mut self.strict, false), self.row);
        let mut erased = HashMap::new();
        for (kind, gid) in std::mem::take(&mut self.hard) {
            let kind = RECORDS[kind].kind;
            if self.settle_one(kind, gid, &mut reader)? {
                erased.insert(gid, kind);
            }
        }
        (self.strict, self.row) = (strict, row);
        if erased.is_empty() { Ok(()) } else { aside::scrub(self.conn, self.book, &erased) }
    }

    /// True if the record was erased.
    fn settle_one(&mut self, kind: Kind, gid: Gid, reader: &mut Reader) -> Result<bool> {
        let there = match gid.uid() {
            Some(uid) => sql::id_of(self.conn, kind, &uid)?.map(|id| Place { kind, id, n: 0 }),
            None => None,
        };
        let numbers = self.all_rows(kind, gid, there)?;
        self.speak_for(&numbers)?;
        let rows = gather::rows(self.conn, &self.known, &numbers)?;
        let texts = numbers.iter().map(|n| reader.row(self.conn, *n)).collect::<Result<Vec<_>>>()?;
        let said: Vec<Said<'_>> = texts
            .iter()
            .enumerate()
            .flat_map(|(row, text)| {
                text.about(&gid).iter().map(move |at| {
                    let line = &text.lines[*at];
                    Said { row, line: *at as i64, index: line.index, edit: &line.edit }
                })
            })
            .collect();
        match resolve(kind, gid, &rows, &said) {
            Outcome::There(state) => self.rewrite(there, &state, &numbers).map(|()| false),
            outcome => {
                let erased = outcome == Outcome::Erased;
                if let Some(place) = there {
                    self.drop(place)?;
                }
                self.put_gone(kind, gid, erased, &numbers)?;
                if erased {
                    for (row, n) in texts.iter().zip(&numbers) {
                        gather::scrub(self.conn, row, *n, kind, &gid)?;
                    }
                }
                Ok(erased)
            }
        }
    }

    /// From here on what is done is done by the last of these rows: of all that were received it is not the last, mostly.
    fn speak_for(&mut self, numbers: &[i64]) -> Result<()> {
        let mut last: Option<Stand> = None;
        for n in numbers {
            let row = self.known.stand(self.conn, *n)?;
            if last.is_none_or(|last| row.rank() > last.rank()) {
                last = Some(row);
            }
        }
        self.row = last.unwrap_or(self.row);
        self.last_touched = None;
        Ok(())
    }

    /// Marks a record and the contacts that it is about as changed by each of these rows.
    pub(super) fn touch_by(&mut self, place: Place, numbers: &[i64]) -> Result<()> {
        let row = self.row;
        for n in numbers {
            // The row that is being written is not in the log yet.
            self.row = if *n == row.n { row } else { self.known.stand(self.conn, *n)? };
            self.last_touched = None;
            self.touch(place)?;
        }
        self.row = row;
        self.last_touched = None;
        Ok(())
    }

    fn rewrite(&mut self, there: Option<Place>, state: &State, numbers: &[i64]) -> Result<()> {
        let place = match there {
            Some(place) => place,
            None => self.put_empty(state, numbers)?,
        };
        let words = words_of(self.conn, place)?;
        if place.kind == Kind::Same && there.is_some() {
            self.joined(place, false)?;
        }
        self.forget(place.kind, place.id, Some(0))?;
        let key = (place.kind as i64, place.id);
        self.conn.prepare_cached("delete from birth where kind=?1 and id=?2")?.execute(key)?;
        for birth in &state.births[1..] {
            self.conn.prepare_cached("insert or ignore into birth values (?,?,?,?)")?.execute((
                key.0,
                key.1,
                numbers[birth.row],
                birth.line,
            ))?;
        }
        let own = self.put_children(place, state, numbers)?;
        self.put_record(place, state, numbers, &own)?;
        self.keep_rows(place, numbers)?;
        self.review(place, state, numbers)?;
        let now = words_of(self.conn, place)?;
        self.words_changed(place, &words, &now)?;
        self.touch_by(place, numbers)?;
        if place.kind == Kind::Contact {
            self.dirty.insert(place.id);
        }
        self.shown_elsewhere(place, None)?;
        if there.is_none() && self.holds.dangling {
            self.appeared(place, state.gid)?;
        }
        Ok(())
    }

    /// Makes the row of a record that wasn't there.
    fn put_empty(&mut self, state: &State, numbers: &[i64]) -> Result<Place> {
        let record = state.kind.record();
        let id = self.next_id(state.kind)?;
        let uid = state.gid.uid().unwrap_or_default();
        let more =
            if state.kind == Kind::Contact { (", root, hidden, sort", ", ?1, 0, ''") } else { ("", "") };
        let sql = format!(
            "insert into \"{}\"(id, uid, tx, i{}) values (?1, ?2, ?3, ?4{})",
            record.name, more.0, more.1
        );
        let birth = state.births[0];
        self.conn.prepare_cached(&sql)?.execute((id, &uid[..], numbers[birth.row], birth.line))?;
        Ok(Place { kind: state.kind, id, n: 0 })
    }

    /// Notes that rows say something about a record: also those of Creates that were taken back, which no other table
    /// knows of.
    pub(super) fn keep_rows(&self, place: Place, numbers: &[i64]) -> Result<()> {
        for n in numbers {
            if place.kind == Kind::Contact {
                let sql = "insert or ignore into touched select id, ?2 from contact where id=?1 and tx<>?2";
                self.conn.prepare_cached(sql)?.execute((place.id, n))?;
            } else {
                let sql = "insert or ignore into wrote values (?,?,?)";
                self.conn.prepare_cached(sql)?.execute((place.kind as i64, place.id, n))?;
            }
        }
        Ok(())
    }

    /// Brings what belongs to a record to what it is; returns the number under it of each, by id.
    fn put_children(
        &mut self,
        place: Place,
        state: &State,
        numbers: &[i64],
    ) -> Result<HashMap<(Kind, Gid), i64>> {
        let mut numbered = HashMap::new();
        for record in place.kind.children() {
            let Key::Child(_, column) = record.key else { continue };
            let mut here: BTreeMap<Gid, i64> = BTreeMap::new();
            for n in
                self.ids(&format!("select n from \"{}\" where \"{column}\"=?1", record.name), place.id)?
            {
                if let Some(gid) = sql::gid_of(self.conn, Place { kind: record.kind, id: place.id, n })? {
                    here.insert(gid, n);
                }
            }
            let mut next = here.values().max().copied().unwrap_or(0) + 1;
            self.forget(record.kind, place.id, None)?;
            for child in state.children.iter().filter(|child| child.kind == record.kind) {
                let known = here.remove(&child.gid);
                let n = known.unwrap_or(next);
                let at = Place { kind: record.kind, id: place.id, n };
                if known.is_none() {
                    next += 1;
                    let sql = format!(
                        "insert into \"{}\"(\"{column}\", n, tx, i) values (?1, ?2, 0, 0)",
                        record.name
                    );
                    self.conn.prepare_cached(&sql)?.execute((place.id, n))?;
                }
                self.put_record(at, child, numbers, &HashMap::new())?;
                self.review(at, child, numbers)?;
                if record.kind == Kind::Method {
                    self.renorm(at)?;
                }
                numbered.insert((record.kind, child.gid), n);
                if known.is_none() && self.holds.dangling {
                    self.appeared(at, child.gid)?;
                }
            }
            for n in here.into_values() {
                let sql = format!("delete from \"{}\" where \"{column}\"=?1 and n=?2", record.name);
                self.conn.prepare_cached(&sql)?.execute((place.id, n))?;
            }
        }
        Ok(numbered)
    }

    /// Writes where a record was made, its fields, and who set them.
    fn put_record(
        &mut self,
        place: Place,
        state: &State,
        numbers: &[i64],
        own: &HashMap<(Kind, Gid), i64>,
    ) -> Result<()> {
        let record = place.kind.record();
        let birth = state.births[0];
        let (tx, i) = self.birth_of(state, numbers[birth.row], birth.line)?;
        let deleted = match state.bin.deleted {
            Some(row) => Some(self.known.stand(self.conn, numbers[row])?.hlc >> 16),
            None => None,
        };
        let top = place.n == 0;
        let fields: String = record
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| format!(", \"{}\"=?{}", field.name, at + 7))
            .collect();
        let created = if top { ", created=?6" } else { "" };
        let sql = format!(
            "update \"{}\" set tx=?3, i=?4, deleted=?5{created}{fields} where {}",
            record.name,
            sql::place_where(record)
        );
        let mut keys = Vec::with_capacity(state.fields.len());
        for (field, register) in &state.fields {
            keys.push((*field, self.key_of(place, *field, &register.value, state, own)?));
        }
        debug_assert!(first_field(record) > 0);
        let made_at = self.known.stand(self.conn, numbers[birth.row])?.hlc >> 16;
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.raw_bind_parameter(1, place.id)?;
        statement.raw_bind_parameter(2, place.n)?;
        statement.raw_bind_parameter(3, tx)?;
        statement.raw_bind_parameter(4, i)?;
        statement.raw_bind_parameter(5, deleted)?;
        if top {
            statement.raw_bind_parameter(6, state.created.filter(|created| *created != made_at))?;
        }
        for at in 0..record.fields.len() {
            statement.raw_bind_parameter(at + 7, rusqlite::types::Null)?;
        }
        for ((field, key), register) in keys.iter().zip(state.fields.values()) {
            bind(&mut statement, field + 7, &register.value, *key)?;
        }
        statement.raw_execute()?;
        drop(statement);
        for (field, register) in &state.fields {
            self.put_register(place, *field, register, numbers)?;
        }
        Ok(())
    }

    /// Where a record says that it was made; a child that was brought back keeps its first Create.
    fn birth_of(&self, state: &State, row: i64, line: i64) -> Result<(i64, i64)> {
        match state.gid {
            Gid::Born { device, seq, index } => Ok((named_after(self.conn, device, seq)?, index)),
            Gid::Uid(_) => Ok((row, line)),
        }
    }

    fn key_of(
        &mut self,
        place: Place,
        field: usize,
        value: &Value,
        state: &State,
        own: &HashMap<(Kind, Gid), i64>,
    ) -> Result<Option<i64>> {
        let Type::Ref(kind) = place.kind.record().fields[field].ty else { return Ok(None) };
        match value {
            Value::Own(child) => {
                let gid = state.own.iter().find(|(at, _)| at == child).map(|(_, gid)| *gid);
                Ok(gid.and_then(|gid| own.get(&(kind, gid)).copied()))
            }
            value => self.key(kind, value, place, field),
        }
    }

    fn put_register(
        &mut self,
        place: Place,
        field: usize,
        register: &Register,
        numbers: &[i64],
    ) -> Result<()> {
        if let Some(by) = register.by {
            self.conn.prepare_cached("insert or replace into stamp values (?,?,?,?,?)")?.execute((
                place.kind as i64,
                place.id,
                place.n,
                field as i64,
                numbers[by],
            ))?;
        }
        for (row, value) in &register.others {
            self.put_sibling(place, field, numbers[*row], value)?;
        }
        Ok(())
    }

    /// Writes what is to be said of the bin, and what somebody should look at.
    fn review(&mut self, place: Place, state: &State, numbers: &[i64]) -> Result<()> {
        let key = (place.kind as i64, place.id, place.n);
        if let Some(by) = state.bin.by {
            self.conn.prepare_cached("insert or replace into stamp values (?,?,?,?,?)")?.execute((
                key.0,
                key.1,
                key.2,
                BIN_FIELD,
                numbers[by],
            ))?;
        }
        for (row, deleted) in &state.bin.others {
            self.holds.siblings = true;
            self.conn.prepare_cached("insert or replace into sibling values (?,?,?,?,?,?)")?.execute((
                key.0,
                key.1,
                key.2,
                BIN_FIELD,
                numbers[*row],
                if *deleted { "true" } else { "false" },
            ))?;
        }
        let deletes = state.bin.overruled.iter().map(|row| (*row, "delete"));
        for (row, what) in deletes.chain(state.overruled.iter().map(|row| (*row, "undo"))) {
            self.holds.siblings = true;
            self.conn.prepare_cached("insert or replace into review values (?,?,?,?,?)")?.execute((
                key.0,
                key.1,
                key.2,
                numbers[row],
                what,
            ))?;
        }
        Ok(())
    }
}
