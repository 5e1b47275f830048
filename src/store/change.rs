//! What an edit does to a record that is there: fields, bin, taking a Create back.
#![allow(clippy::disallowed_methods)]

use super::apply::{Applier, BIN_FIELD, bind};
use super::derive::{self, Norm};
use super::error::Result;
use super::hays;
use super::sql::{self, Place};
use super::words::{has_words, words_of};
use crate::model::edit::{At, New};
use crate::model::ids::Gid;
use crate::model::schema::{Key, Kind, Type};
use crate::model::value::Value;

impl Applier<'_> {
    pub(super) fn set(&mut self, place: Place, field: usize, after: &Value) -> Result<()> {
        let record = place.kind.record();
        let ty = record.fields[field].ty;
        if !self.wins(place, field, after)? {
            return self.touch(place);
        }
        if self.holds.dangling {
            self.conn
                .prepare_cached("delete from dangling where kind=?1 and id=?2 and n=?3 and field=?4")?
                .execute((place.kind as i64, place.id, place.n, field as i64))?;
        }
        let key = match ty {
            Type::Ref(kind) => self.key(kind, after, place, field)?,
            _ => None,
        };
        let spoken = has_words(place.kind, record.fields[field].name);
        let words = if spoken { words_of(self.conn, place)? } else { String::new() };
        if place.kind == Kind::Participant {
            self.touch(place)?;
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
        self.touch_for(place, derive::depends_on(place.kind, record.fields[field].name))?;
        self.takes_part(place)?;
        if spoken {
            let now = words_of(self.conn, place)?;
            self.words_changed(place, &words, &now)?;
        }
        self.shown_elsewhere(place, Some(record.fields[field].name))
    }

    /// All that was said of a meeting is part of the history of whoever takes part in it, whether it came before or after that.
    pub(super) fn takes_part(&mut self, place: Place) -> Result<()> {
        if place.kind != Kind::Participant {
            return Ok(());
        }
        let meeting = Place { kind: Kind::Interaction, id: place.id, n: 0 };
        let rows = self.rows_about(meeting)?;
        self.touch_by(meeting, &rows)
    }

    /// Marks the contacts that show something of what changed: a tag's name, a company's, a merge, a setting.
    pub(super) fn shown_elsewhere(&mut self, place: Place, field: Option<&str>) -> Result<()> {
        match place.kind {
            Kind::Tag => self.dirty_where("select contact from tagging where tag=?1", place.id),
            Kind::Contact if field.is_none_or(|field| field == "name") => {
                self.dirty_where("select id from contact where company=?1", place.id)
            }
            Kind::Same => self.joined(place, true),
            Kind::Setting => self.setting_changed(),
            _ => Ok(()),
        }
    }

    pub(super) fn renorm(&mut self, place: Place) -> Result<()> {
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
            self.row.n,
        ))?;
        Ok(())
    }

    pub(super) fn bin(&mut self, at: &At, when: Option<i64>) -> Result<Option<Place>> {
        let place = self.place(at)?;
        let record = place.kind.record();
        let sql = format!("update \"{}\" set deleted=?3 where {}", record.name, sql::place_where(record));
        self.touch(place)?;
        self.conn.prepare_cached(&sql)?.execute((place.id, place.n, when))?;
        self.stamp(place, BIN_FIELD)?;
        if self.holds.siblings {
            self.conn
                .prepare_cached("delete from sibling where kind=?1 and id=?2 and n=?3 and field=?4")?
                .execute((place.kind as i64, place.id, place.n, BIN_FIELD))?;
            self.conn
                .prepare_cached("delete from review where kind=?1 and id=?2 and n=?3 and what='delete'")?
                .execute((place.kind as i64, place.id, place.n))?;
        }
        self.touch(place)?;
        if place.kind != Kind::Contact {
            self.shown_elsewhere(place, None)?;
        }
        Ok(Some(place))
    }

    /// Takes one Create of a record back; the last one takes the record with it.
    pub(super) fn take_back(&mut self, place: Place, gid: Gid, made: Option<Gid>) -> Result<()> {
        if place.n > 0 {
            return self.drop(place);
        }
        let more: Option<(i64, i64)> = {
            let mut statement = self.conn.prepare_cached(
                "select tx, i from birth where kind=?1 and id=?2 order by tx desc, i desc limit 1",
            )?;
            let mut rows = statement.query((place.kind as i64, place.id))?;
            rows.next()?.map(|row| Ok::<_, rusqlite::Error>((row.get(0)?, row.get(1)?))).transpose()?
        };
        if more.is_none() {
            return self.drop(place);
        }
        let named = match made {
            Some(Gid::Born { device, seq, index }) => {
                sql::row_named(self.conn, device, seq)?.map(|n| (n, index))
            }
            _ => more,
        };
        self.touch(place)?;
        if let Some((tx, _)) = named {
            self.keep_rows(place, &[tx])?;
        }
        let gone = match named {
            Some((tx, i)) => self
                .conn
                .prepare_cached("delete from birth where kind=?1 and id=?2 and tx=?3 and i=?4")?
                .execute((place.kind as i64, place.id, tx, i))?,
            None => 0,
        };
        // The Create that the record shows was taken back, or one that brought something along.
        if gone == 0 || place.kind == Kind::Contact {
            self.hard.insert((place.kind as usize, gid));
        }
        Ok(())
    }

    pub(super) fn drop(&mut self, place: Place) -> Result<()> {
        let record = place.kind.record();
        self.touch(place)?;
        let words = words_of(self.conn, place)?;
        self.words_changed(place, &words, "")?;
        if place.kind == Kind::Same {
            self.joined(place, false)?;
        }
        if !self.strict {
            self.let_go(place)?;
        }
        if place.n == 0 {
            self.remember_gone(place, false)?;
            for child in place.kind.children() {
                if let Key::Child(_, column) = child.key {
                    let sql = format!("delete from \"{}\" where \"{column}\"=?1", child.name);
                    self.conn.prepare_cached(&sql)?.execute([place.id])?;
                    self.forget(child.kind, place.id, None)?;
                }
            }
            self.recount(place.kind);
        }
        let sql = format!("delete from \"{}\" where {}", record.name, sql::place_where(record));
        self.conn.prepare_cached(&sql)?.execute((place.id, place.n))?;
        self.forget(place.kind, place.id, Some(place.n))?;
        match place.kind {
            Kind::Contact => {
                self.dirty.remove(&place.id);
                self.last_touched = None;
                self.entries.remove(self.conn, place.id)?;
            }
            Kind::Setting => self.setting_changed()?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn forget(&self, kind: Kind, id: i64, n: Option<i64>) -> Result<()> {
        for table in ["stamp", "sibling", "review", "dangling"] {
            if (table == "dangling" && !self.holds.dangling) || (table == "review" && !self.holds.siblings) {
                continue;
            }
            let sql = format!("delete from {table} where kind=?1 and id=?2 and (?3 is null or n=?3)");
            self.conn.prepare_cached(&sql)?.execute((kind as i64, id, n))?;
        }
        Ok(())
    }

    /// Marks the record that a change is about, and the contacts: their history, their derived columns, their time of
    /// change.
    pub(super) fn touch(&mut self, place: Place) -> Result<()> {
        self.touch_for(place, true)
    }

    /// The same; what is derived is left as it is unless it `shows` what changed.
    fn touch_for(&mut self, place: Place, shows: bool) -> Result<()> {
        let (top, about): (Kind, Vec<i64>) = match place.kind.record().key {
            Key::Child(Kind::Contact, _) => (Kind::Contact, vec![place.id]),
            Key::Child(owner, _) => {
                (owner, self.ids("select contact from participant where interaction=?1", place.id)?)
            }
            Key::Top => match place.kind {
                Kind::Contact => (Kind::Contact, vec![place.id]),
                Kind::Interaction => {
                    let sql = "select contact from participant where interaction=?1";
                    (Kind::Interaction, self.ids(sql, place.id)?)
                }
                Kind::Task => {
                    let sql = "select contact from task where id=?1 and contact is not null";
                    (Kind::Task, self.ids(sql, place.id)?)
                }
                kind => (kind, Vec::new()),
            },
        };
        if top != Kind::Contact {
            let sql = format!(
                "insert or ignore into wrote select ?1, id, ?3 from \"{}\" where id=?2 and tx<>?3",
                top.record().name
            );
            self.conn.prepare_cached(&sql)?.execute((top as i64, place.id, self.row.n))?;
        }
        for id in about {
            // What one row changes of a contact is mostly said line after line.
            if self.last_touched.is_some_and(|(last, shown)| last == id && (shown || !shows)) {
                continue;
            }
            let found: Option<(i64, i64)> = {
                let mut statement = self.conn.prepare_cached("select root, tx from contact where id=?1")?;
                let mut rows = statement.query([id])?;
                rows.next()?.map(|row| Ok::<_, rusqlite::Error>((row.get(0)?, row.get(1)?))).transpose()?
            };
            if shows {
                self.dirty.insert(id);
            }
            let Some((root, made)) = found else { continue };
            if shows && root != id {
                self.dirty.insert(root);
            }
            if made != self.row.n {
                self.conn
                    .prepare_cached("insert or ignore into touched values (?1, ?2)")?
                    .execute((id, self.row.n))?;
            }
            self.changed_now(id)?;
            self.last_touched = Some((id, shows));
        }
        Ok(())
    }

    /// Notes when a contact was changed last.
    fn changed_now(&self, id: i64) -> Result<()> {
        self.conn
            .prepare_cached(
                "update contact set updated=max(ifnull(updated, (select hlc >> 16 from tx where n=contact.tx)), ?2) \
                 where id=?1",
            )?
            .execute((id, self.millis()))?;
        Ok(())
    }

    pub(super) fn ids(&self, sql: &str, id: i64) -> Result<Vec<i64>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let ids = statement.query_map([id], |row| row.get::<_, Option<i64>>(0))?;
        Ok(ids.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    pub(super) fn dirty_where(&mut self, sql: &str, id: i64) -> Result<()> {
        let ids = self.ids(sql, id)?;
        self.dirty.extend(ids);
        Ok(())
    }

    pub(super) fn setting_changed(&mut self) -> Result<()> {
        let country = derive::country(self.conn)?;
        if country == self.country {
            return Ok(());
        }
        self.country = country;
        self.entries = hays::Writer::default();
        derive::all(self.conn)
    }

    /// A record that is there is made once more: it stands while any of its Creates does.
    pub(super) fn born_again(&mut self, place: Place, uid: [u8; 16], new: &New, index: i64) -> Result<()> {
        self.conn.prepare_cached("insert or ignore into birth values (?,?,?,?)")?.execute((
            place.kind as i64,
            place.id,
            self.row.n,
            index,
        ))?;
        let sql = format!("select tx from \"{}\" where id=?1", place.kind.record().name);
        let first: i64 = self.conn.prepare_cached(&sql)?.query_row([place.id], |row| row.get(0))?;
        let first = self.known.stand(self.conn, first)?;
        if place.kind == Kind::Contact {
            // Whichever Create came first here: what is shown must not depend on that.
            self.changed_now(place.id)?;
        }
        let explicit = place.kind == Kind::Contact && new.get("implied").is_none() && {
            let sql = "select implied is not null from contact where id=?1";
            self.conn.prepare_cached(sql)?.query_row([place.id], |row| row.get::<_, bool>(0))?
        };
        if first.rank() > self.row.rank() || explicit || !new.children.is_empty() {
            self.hard.insert((place.kind as usize, Gid::Uid(uid)));
        }
        Ok(())
    }
}
