//! What is different about edits whose writer had not seen everything that is here: registers with several values, and
//! records that must be looked at as a whole (`rewrite`).
#![allow(clippy::disallowed_methods)]

use super::apply::{Applier, BIN_FIELD};
use super::error::{Result, StoreError};
use super::sql::{self, Place};
use super::undo::made_id_of;
use crate::model::edit::{Edit, NewId, write_field};
use crate::model::ids::{Device, Gid};
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;

impl Applier<'_> {
    /// Whether an edit can be applied by itself. If not, its record is noted to be looked at as a whole.
    pub(super) fn is_clean(&mut self, edit: &Edit, index: i64) -> Result<bool> {
        match edit {
            Edit::Erased { .. } | Edit::Unknown { .. } | Edit::Erase(_) => Ok(true),
            Edit::Create { owner: None, new } => {
                if new.id == NewId::Derived && !self.holds.gone {
                    return Ok(true);
                }
                let gid = made_id_of(self.book, &self.row, &self.seed, index, new);
                if new.id == NewId::Derived && self.gone_rows(new.kind, gid)?.is_some() {
                    return self.look_at(new.kind, gid);
                }
                self.is_easy(new.kind, gid)
            }
            Edit::Create { owner: Some(owner), new } => {
                let Key::Child(top, _) = new.kind.record().key else { return Ok(true) };
                let Some(id) = self.top(top, *owner)? else { return Ok(false) };
                if self.late {
                    return self.look_at(top, *owner);
                }
                if new.id == NewId::Derived && self.may_change(Place { kind: top, id, n: 0 })? {
                    return Ok(true);
                }
                self.look_at(top, *owner)
            }
            Edit::Set { at, .. } | Edit::Delete(at) | Edit::Restore(at) | Edit::Drop { at, .. } => {
                let (top, owner) = match (at.kind.record().key, at.owner) {
                    (Key::Child(kind, _), Some(owner)) => (kind, owner),
                    _ => (at.kind, at.id),
                };
                let Some(id) = self.top(top, owner)? else { return Ok(false) };
                if self.late {
                    return self.look_at(top, owner);
                }
                let whole = Place { kind: top, id, n: 0 };
                let Some(place) = sql::place_of(self.conn, at.kind, &at.id, Some(id))? else {
                    return self.look_at(top, owner);
                };
                let easy = match edit {
                    Edit::Set { .. } => {
                        self.may_change(whole)? && (place.n == 0 || self.may_change(place)?)
                    }
                    Edit::Drop { made, .. } => self.knows_all_of(whole)? && self.is_only(place, *made)?,
                    _ => self.knows_all_of(whole)?,
                };
                if easy { Ok(true) } else { self.look_at(top, owner) }
            }
        }
    }

    /// Whether nothing is known of the record that needs a look at all of it.
    fn is_easy(&mut self, kind: Kind, gid: Gid) -> Result<bool> {
        if self.hard.contains(&(kind as usize, gid)) {
            return self.look_at(kind, gid);
        }
        Ok(true)
    }

    /// The local key of a record of its own, unless it is to be looked at as a whole or gone.
    fn top(&mut self, kind: Kind, gid: Gid) -> Result<Option<i64>> {
        if self.hard.contains(&(kind as usize, gid)) {
            self.look_at(kind, gid)?;
            return Ok(None);
        }
        let Some(uid) = gid.uid() else { return Err(StoreError::NoRecord(gid.to_string())) };
        if let Some(id) = sql::id_of(self.conn, kind, &uid)? {
            return Ok(Some(id));
        }
        if self.gone_rows(kind, gid)?.is_some() {
            self.look_at(kind, gid)?;
            return Ok(None);
        }
        if !self.strict {
            // Whatever makes it finds that this was said of it.
            self.put_gone(kind, gid, false, &[self.row.n])?;
            self.hard.insert((kind as usize, gid));
            return Ok(None);
        }
        Err(StoreError::NoRecord(format!("{} {gid}", kind.record().name)))
    }

    /// After a row out of turn has made something: those that knew of it may have said more of it than can be told here.
    pub(super) fn made_late(&mut self, place: Place) -> Result<()> {
        let top = Place { kind: owner_kind(place.kind), id: place.id, n: 0 };
        if self.late
            && let Some(gid) = sql::gid_of(self.conn, top)?
        {
            self.hard.insert((top.kind as usize, gid));
        }
        Ok(())
    }

    /// Notes that a record is to be looked at as a whole, and that this row says something about it.
    pub(super) fn look_at(&mut self, kind: Kind, gid: Gid) -> Result<bool> {
        self.hard.insert((kind as usize, gid));
        let there = match gid.uid() {
            Some(uid) => sql::id_of(self.conn, kind, &uid)?,
            None => None,
        };
        match there {
            Some(id) => self.touch(Place { kind, id, n: 0 })?,
            None => {
                if let Some((erased, mut rows)) = self.gone_rows(kind, gid)? {
                    if erased {
                        self.unlabel.insert(self.row.n);
                    }
                    if !rows.contains(&self.row.n) {
                        rows.push(self.row.n);
                        self.put_gone(kind, gid, erased, &rows)?;
                    }
                }
            }
        }
        Ok(false)
    }

    /// Whether a change of a record says nothing about its bin: it isn't in it, or whoever changes it knew that.
    fn may_change(&self, place: Place) -> Result<bool> {
        let record = place.kind.record();
        let sql =
            format!("select deleted is not null from \"{}\" where {}", record.name, sql::place_where(record));
        let binned: bool =
            self.conn.prepare_cached(&sql)?.query_row((place.id, place.n), |row| row.get(0))?;
        if binned && !self.knows_stamp(place, BIN_FIELD)? {
            return Ok(false);
        }
        if !self.holds.siblings {
            return Ok(true);
        }
        let sql = "select not exists (select 1 from sibling where kind=?1 and id=?2 and n=?3 and field=-1) \
                   and not exists (select 1 from review where kind=?1 and id=?2 and n=?3)";
        let key = (place.kind as i64, place.id, place.n);
        Ok(self.conn.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
    }

    fn stamped(&self, place: Place, field: i64) -> Result<Option<i64>> {
        let sql = "select tx from stamp where kind=?1 and id=?2 and n=?3 and field=?4";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((place.kind as i64, place.id, place.n, field))?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    fn knows_stamp(&self, place: Place, field: i64) -> Result<bool> {
        match self.stamped(place, field)? {
            Some(row) => self.known.has(self.conn, &self.row, row),
            None => Ok(true),
        }
    }

    /// Whether whoever writes this knew every row that says anything about a record.
    fn knows_all_of(&self, place: Place) -> Result<bool> {
        for row in self.rows_about(place)? {
            if !self.known.has(self.conn, &self.row, row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a record was made once, by the Create that is taken back.
    fn is_only(&self, place: Place, made: Option<Gid>) -> Result<bool> {
        if place.n > 0 {
            return Ok(true);
        }
        let sql = "select exists (select 1 from birth where kind=?1 and id=?2)";
        let key = (place.kind as i64, place.id);
        if self.conn.prepare_cached(sql)?.query_row(key, |row| row.get(0))? {
            return Ok(false);
        }
        let Some(Gid::Born { device, seq, index }) = made else { return Ok(true) };
        let sql = format!("select tx, i from \"{}\" where id=?1", place.kind.record().name);
        let base: (i64, i64) =
            self.conn.prepare_cached(&sql)?.query_row([place.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(sql::row_named(self.conn, device, seq)?.map(|n| (n, index)) == Some(base))
    }

    /// Every row that says anything about a record of its own and what belongs to it, and perhaps some that don't.
    pub(super) fn rows_about(&self, place: Place) -> Result<Vec<i64>> {
        let table = place.kind.record().name;
        let more = if place.kind == Kind::Contact {
            "select tx from touched where contact=?2 and ?1=?1"
        } else {
            "select tx from wrote where kind=?1 and id=?2"
        };
        let sql = format!(
            "select tx from \"{table}\" where id=?2 union select tx from birth where kind=?1 and id=?2 union {more}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map((place.kind as i64, place.id), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a new value is the one to show. Keeps whichever of two loses without having been seen.
    pub(super) fn wins(&mut self, place: Place, field: usize, after: &Value) -> Result<bool> {
        let key = (place.kind as i64, place.id, place.n, field as i64);
        if self.all_known {
            if self.holds.siblings {
                let sql = "delete from sibling where kind=?1 and id=?2 and n=?3 and field=?4";
                self.conn.prepare_cached(sql)?.execute(key)?;
            }
            return Ok(true);
        }
        let Some(holder) = self.stamped(place, field as i64)? else { return Ok(true) };
        let wins = if self.known.has(self.conn, &self.row, holder)? {
            true
        } else {
            let theirs = self.known.stand(self.conn, holder)?;
            let wins = self.row.rank() > theirs.rank();
            let (loser, value) =
                if wins { (holder, self.shown(place, field)?) } else { (self.row.n, after.clone()) };
            self.put_sibling(place, field, loser, &value)?;
            wins
        };
        let best = self.forget_seen_siblings(key)?;
        if wins && best.is_some_and(|best| best > self.row.rank()) {
            // A clock that runs behind: what it replaces had won against this one.
            let top = Place { kind: owner_kind(place.kind), id: place.id, n: 0 };
            if let Some(gid) = sql::gid_of(self.conn, top)? {
                self.hard.insert((top.kind as usize, gid));
            }
        }
        Ok(wins)
    }

    /// Drops the losing values that this row has seen; of the others, the rank of the greatest.
    fn forget_seen_siblings(&self, key: (i64, i64, i64, i64)) -> Result<Option<(i64, Device, i64)>> {
        let mut best = None;
        if !self.holds.siblings {
            return Ok(best);
        }
        let sql = "select tx from sibling where kind=?1 and id=?2 and n=?3 and field=?4";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows: Vec<i64> = statement.query_map(key, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for row in rows {
            if row == self.row.n {
                continue;
            }
            if !self.known.has(self.conn, &self.row, row)? {
                best = best.max(Some(self.known.stand(self.conn, row)?.rank()));
            } else {
                self.conn
                    .prepare_cached(
                        "delete from sibling where kind=?1 and id=?2 and n=?3 and field=?4 and tx=?5",
                    )?
                    .execute((key.0, key.1, key.2, key.3, row))?;
            }
        }
        Ok(best)
    }

    /// Keeps a value that lost.
    pub(super) fn put_sibling(&mut self, place: Place, field: usize, row: i64, value: &Value) -> Result<()> {
        self.holds.siblings = true;
        let value = match value {
            Value::Named(name) => match place.kind.record().fields[field].ty {
                Type::Ref(kind) => {
                    Value::Ref(Gid::Uid(crate::model::ids::named_v8(&self.book, kind.record().name, name)))
                }
                _ => Value::Null,
            },
            other => other.clone(),
        };
        let text = write_field(place.kind.record().fields[field].ty, &value);
        self.conn.prepare_cached("insert or replace into sibling values (?,?,?,?,?,?)")?.execute((
            place.kind as i64,
            place.id,
            place.n,
            field as i64,
            row,
            text,
        ))?;
        Ok(())
    }

    /// What a field shows, also where it names something that isn't here.
    fn shown(&self, place: Place, field: usize) -> Result<Value> {
        let value = sql::value_at(self.conn, place, field)?;
        if !value.is_null() || !self.holds.dangling {
            return Ok(value);
        }
        let sql = "select gid from dangling where kind=?1 and id=?2 and n=?3 and field=?4";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((place.kind as i64, place.id, place.n, field as i64))?;
        Ok(match rows.next()? {
            Some(row) => sql::gid_read(&row.get::<_, Vec<u8>>(0)?).map_or(Value::Null, Value::Ref),
            None => Value::Null,
        })
    }

    /// Notes a reference to what isn't here.
    pub(super) fn dangle(&mut self, from: Place, field: usize, target: Kind, gid: Gid) -> Result<()> {
        self.holds.dangling = true;
        if self.holds.gone && self.gone_rows(target, gid)?.is_some_and(|(erased, _)| erased) {
            self.unlabel.insert(self.row.n);
        }
        self.conn.prepare_cached("insert or replace into dangling values (?,?,?,?,?,?)")?.execute((
            from.kind as i64,
            from.id,
            from.n,
            field as i64,
            target as i64,
            sql::gid_blob(&gid),
        ))?;
        Ok(())
    }

    /// Fills in the references to a record that was not there.
    pub(super) fn appeared(&mut self, place: Place, gid: Gid) -> Result<()> {
        let found: Vec<(i64, i64, i64, i64)> = self
            .conn
            .prepare_cached("select kind, id, n, field from dangling where target=?1 and gid=?2")?
            .query_map((place.kind as i64, sql::gid_blob(&gid)), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (kind, id, n, field) in found {
            // A child is named by its siblings alone.
            if place.n > 0 && id != place.id {
                continue;
            }
            let record = &RECORDS[kind as usize];
            let name = record.fields[field as usize].name;
            let sql =
                format!("update \"{}\" set \"{name}\"=?3 where {}", record.name, sql::place_where(record));
            let key = if place.n > 0 { place.n } else { place.id };
            self.conn.prepare_cached(&sql)?.execute((id, n, key))?;
            self.conn
                .prepare_cached("delete from dangling where kind=?1 and id=?2 and n=?3 and field=?4")?
                .execute((kind, id, n, field))?;
            self.pointed(Place { kind: record.kind, id, n })?;
        }
        Ok(())
    }

    /// A reference of a record changed by itself: what is derived from it is made anew.
    fn pointed(&mut self, from: Place) -> Result<()> {
        match (from.kind, from.kind.record().key) {
            (Kind::Same, _) => self.joined(from, true),
            (Kind::Contact, _) | (_, Key::Child(Kind::Contact, _)) => {
                self.dirty.insert(from.id);
                Ok(())
            }
            (Kind::Participant, _) => {
                self.dirty_where("select contact from participant where interaction=?1", from.id)
            }
            _ => Ok(()),
        }
    }

    /// Turns the references to a record that goes into ones to what isn't here.
    pub(super) fn let_go(&mut self, place: Place) -> Result<()> {
        let Some(gid) = sql::gid_of(self.conn, place)? else { return Ok(()) };
        for record in &RECORDS {
            for (field, of) in record.fields.iter().enumerate() {
                if of.ty != Type::Ref(place.kind) {
                    continue;
                }
                let (id, n) = match record.key {
                    Key::Top => ("id", "0"),
                    Key::Child(_, owner) => (owner, "n"),
                };
                let (key, within) =
                    if place.n > 0 { (place.n, " and id=?2") } else { (place.id, " and ?2=?2") };
                let sql =
                    format!("select \"{id}\", {n} from \"{}\" where \"{}\"=?1{within}", record.name, of.name);
                let found: Vec<(i64, i64)> = self
                    .conn
                    .prepare_cached(&sql)?
                    .query_map((key, place.id), |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect::<rusqlite::Result<_>>()?;
                for (id, n) in found {
                    let from = Place { kind: record.kind, id, n };
                    if record.kind == Kind::Same {
                        // The roots of what it has joined must not be looked for in what goes.
                        self.joined(from, false)?;
                    } else {
                        self.pointed(from)?;
                    }
                    self.dangle(from, field, place.kind, gid)?;
                    let sql = format!(
                        "update \"{}\" set \"{}\"=null where {}",
                        record.name,
                        of.name,
                        sql::place_where(record)
                    );
                    self.conn.prepare_cached(&sql)?.execute((id, n))?;
                }
            }
        }
        Ok(())
    }
}

/// The kind of the record that one of this kind belongs to; itself, if to none.
fn owner_kind(kind: Kind) -> Kind {
    match RECORDS[kind as usize].key {
        Key::Child(owner, _) => owner,
        Key::Top => kind,
    }
}
