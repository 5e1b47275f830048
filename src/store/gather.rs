//! Everything that the log says about a record, and what becomes of it where someone was erased.
#![allow(clippy::disallowed_methods)]

use super::apply::Applier;
use super::error::Result;
use super::known::{Known, Stand};
use super::log::{self, Line};
use super::sql::{self, Place};
use super::undo::made_id_of;
use crate::model::edit::{Blind, Edit};
use crate::model::ids::Gid;
use crate::model::resolve::{RowRef, Rows};
use crate::model::schema::{Key, Kind};
use rusqlite::Connection;
use std::collections::HashMap;
use std::rc::Rc;

/// The lines of one row, and which of them are about which record.
pub(super) struct RowLines {
    pub(super) lines: Vec<Line>,
    about: HashMap<Gid, Vec<usize>>,
}

impl RowLines {
    /// The lines about a record, by number.
    pub(super) fn about(&self, gid: &Gid) -> &[usize] {
        self.about.get(gid).map_or(&[], Vec::as_slice)
    }
}

/// About so many lines are remembered.
const LINES_MAX: usize = 400_000;

/// Rows of the log, read once.
pub(super) struct Reader {
    book: [u8; 16],
    blind: Blind,
    rows: HashMap<i64, Rc<RowLines>>,
    lines: usize,
}

impl Reader {
    pub(super) fn new(book: [u8; 16], blind: Blind) -> Self {
        Self { book, blind, rows: HashMap::new(), lines: 0 }
    }

    pub(super) fn row(&mut self, conn: &Connection, n: i64) -> Result<Rc<RowLines>> {
        if let Some(row) = self.rows.get(&n) {
            return Ok(Rc::clone(row));
        }
        let head = log::row(conn, n)?;
        let lines = log::edits_as(conn, n, self.blind)?;
        let stand = Stand { n: head.n, device: 0, seq: head.seq, hlc: head.hlc, id: head.device };
        let mut about: HashMap<Gid, Vec<usize>> = HashMap::new();
        for (at, Line { index, edit, .. }) in lines.iter().enumerate() {
            if let Some(gid) = about_whom(self.book, &stand, &head.seed, *index, edit) {
                about.entry(gid).or_default().push(at);
            }
        }
        if self.lines + lines.len() > LINES_MAX {
            self.rows.clear();
            self.lines = 0;
        }
        self.lines += lines.len();
        let row = Rc::new(RowLines { lines, about });
        self.rows.insert(n, Rc::clone(&row));
        Ok(row)
    }
}

/// Which record of its own a line of a row is about; `index` counts what the row made before it.
pub(super) fn about_whom(
    book: [u8; 16],
    row: &Stand,
    seed: &[u8; 16],
    index: i64,
    edit: &Edit,
) -> Option<Gid> {
    match edit {
        Edit::Create { owner: Some(owner), .. } => Some(*owner),
        Edit::Create { owner: None, new } => Some(made_id_of(book, row, seed, index, new)),
        edit => edit.at().map(|at| at.owner.unwrap_or(at.id)),
    }
}

/// The rows with these numbers, and which of them knew which.
pub(super) fn rows(conn: &Connection, known: &Known, numbers: &[i64]) -> Result<Rows> {
    let stands: Vec<_> = numbers.iter().map(|n| known.stand(conn, *n)).collect::<Result<_>>()?;
    let rows = stands.iter().map(|row| RowRef { device: row.id, seq: row.seq, hlc: row.hlc }).collect();
    let mut knows = Vec::with_capacity(stands.len());
    for a in &stands {
        knows.push(stands.iter().map(|b| known.knows(conn, a, b)).collect::<Result<Vec<bool>>>()?);
    }
    Ok(Rows { rows, knows })
}

impl Applier<'_> {
    /// What is noted of a record that isn't there: whether it was erased, and the rows that say anything about it.
    pub(super) fn gone_rows(&self, kind: Kind, gid: Gid) -> Result<Option<(bool, Vec<i64>)>> {
        if !self.holds.gone {
            return Ok(None);
        }
        let mut statement =
            self.conn.prepare_cached("select erased, rows from gone where kind=?1 and gid=?2")?;
        let mut rows = statement.query((kind as i64, sql::gid_blob(&gid)))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let numbers: String = row.get(1)?;
        Ok(Some((row.get(0)?, numbers.split(' ').filter_map(|n| n.parse().ok()).collect())))
    }

    pub(super) fn put_gone(&mut self, kind: Kind, gid: Gid, erased: bool, rows: &[i64]) -> Result<()> {
        #[cfg(feature = "simulation")]
        if crate::model::sabotage::on(crate::model::sabotage::Bug::Tombstone) {
            return Ok(());
        }
        self.holds.gone = true;
        let rows: Vec<String> = rows.iter().map(i64::to_string).collect();
        self.conn.prepare_cached("insert or replace into gone values (?,?,?,?)")?.execute((
            kind as i64,
            sql::gid_blob(&gid),
            erased,
            rows.join(" "),
        ))?;
        Ok(())
    }

    /// Notes the rows of a record of its own that is about to go, and forgets where they stood until now.
    pub(super) fn remember_gone(&mut self, place: Place, erased: bool) -> Result<()> {
        let Some(gid) = sql::gid_of(self.conn, place)? else { return Ok(()) };
        let mut rows = self.all_rows(place.kind, gid, Some(place))?;
        rows.push(self.row.n);
        rows.sort_unstable();
        rows.dedup();
        let was = self.gone_rows(place.kind, gid)?.is_some_and(|(erased, _)| erased);
        self.put_gone(place.kind, gid, erased || was, &rows)?;
        let key = (place.kind as i64, place.id);
        self.conn.prepare_cached("delete from birth where kind=?1 and id=?2")?.execute(key)?;
        if place.kind == Kind::Contact {
            self.conn.prepare_cached("delete from touched where contact=?1")?.execute([place.id])?;
            self.last_touched = None;
        } else {
            self.conn.prepare_cached("delete from wrote where kind=?1 and id=?2")?.execute(key)?;
        }
        Ok(())
    }

    /// Every row that says anything about a record, there or not.
    pub(super) fn all_rows(&self, kind: Kind, gid: Gid, place: Option<Place>) -> Result<Vec<i64>> {
        let mut rows = match place {
            Some(place) => self.rows_about(place)?,
            None => Vec::new(),
        };
        if let Some((_, gone)) = self.gone_rows(kind, gid)? {
            rows.extend(gone);
        }
        rows.sort_unstable();
        rows.dedup();
        Ok(rows)
    }

    /// A record that was gone is made again; false if it can't be told here what it is then.
    pub(super) fn back(&mut self, kind: Kind, uid: [u8; 16]) -> Result<bool> {
        let gid = Gid::Uid(uid);
        let Some((erased, mut rows)) = self.gone_rows(kind, gid)? else { return Ok(true) };
        if !rows.contains(&self.row.n) {
            rows.push(self.row.n);
            self.put_gone(kind, gid, erased, &rows)?;
        }
        if erased {
            self.hard.insert((kind as usize, gid));
            return Ok(false);
        }
        // Made, taken back, made again by the redo: nothing else was ever said.
        if !self.all_known || rows.len() > 3 {
            self.hard.insert((kind as usize, gid));
        }
        Ok(self.all_known)
    }

    /// Removes a record for good.
    pub(super) fn erase(&mut self, at: &crate::model::edit::At) -> Result<()> {
        if !matches!(at.kind.record().key, Key::Top) {
            return Ok(());
        }
        let place = match at.id.uid() {
            Some(uid) => sql::id_of(self.conn, at.kind, &uid)?.map(|id| Place { kind: at.kind, id, n: 0 }),
            None => None,
        };
        let mut rows = self.all_rows(at.kind, at.id, place)?;
        rows.push(self.row.n);
        if let Some(place) = place {
            self.rows_that_name(place)?;
            self.let_go(place)?;
            self.drop(place)?;
        }
        rows.dedup();
        super::erased::erases(self.conn, self.row.n)?;
        self.put_gone(at.kind, at.id, true, &rows)?;
        self.hard.insert((at.kind as usize, at.id));
        Ok(())
    }
}

impl Applier<'_> {
    /// Notes the rows whose labels may name a contact: those about what it took part in, and those that hold its name.
    fn rows_that_name(&mut self, place: Place) -> Result<()> {
        if place.kind != Kind::Contact {
            return Ok(());
        }
        let meetings: Vec<i64> = self
            .conn
            .prepare_cached("select distinct interaction from participant where contact=?1")?
            .query_map([place.id], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for id in meetings {
            let rows = self.rows_about(Place { kind: Kind::Interaction, id, n: 0 })?;
            self.unlabel.extend(rows.into_iter().filter(|n| *n != self.row.n));
        }
        let names: Vec<Option<String>> = self
            .conn
            .prepare_cached(
                "select name from contact where id=?1 union select nickname from contact where id=?1",
            )?
            .query_map([place.id], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for name in names.into_iter().flatten().filter(|name| !name.is_empty()) {
            // As it stands in a label, which is JSON.
            let text = serde_json::Value::from(name).to_string();
            let text = text.trim_matches('"');
            let rows: Vec<i64> = self
                .conn
                .prepare_cached("select n from tx where instr(label, ?1)>0 and n<>?2")?
                .query_map((text, self.row.n), |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            self.unlabel.extend(rows);
        }
        Ok(())
    }

    /// Takes the labels away that may name somebody who was erased.
    pub(super) fn forget_labels(&mut self) -> Result<()> {
        for n in std::mem::take(&mut self.unlabel) {
            if log::forget_label(self.conn, n)? {
                super::erased::scrubbed(self.conn, n)?;
            }
        }
        Ok(())
    }
}

/// Replaces what a row says about a record by its hash; the chain holds as before.
pub(super) fn scrub(conn: &Connection, row: &RowLines, n: i64, kind: Kind, gid: &Gid) -> Result<bool> {
    let about: Vec<usize> = row
        .about(gid)
        .iter()
        .copied()
        .filter(|at| !matches!(row.lines[*at].edit, Edit::Erase(_) | Edit::Erased { .. }))
        .collect();
    if about.is_empty() {
        return Ok(false);
    }
    log::erase_lines(conn, n, (kind, *gid), |at| {
        about.binary_search(&at).ok().map(|_| row.lines.get(at).map_or(0, |line| line.edit.creates()))
    })?;
    super::erased::scrubbed(conn, n)?;
    Ok(true)
}
