//! Takes a batch back by a new batch: the log only ever grows.
//!
//! What was changed since stays: a field that has another value than the batch gave it, or the same one because somebody
//! said so since, and a record that somebody has worked with. Both are reported.

use super::commit::{Meta, Receipt, Store};
use super::error::{Result, StoreError};
use super::known::{Known, Stand};
use super::log::{self, Head, Line};
use super::sql::{self, Place};
use super::tx::Tx;
use crate::model::edit::{At, Edit, New, NewId, read_field};
use crate::model::ids::{Device, Gid, derived_v7, named_v8};
use crate::model::schema::{Key, Kind, RECORDS, Type};
use crate::model::value::Value;
use rusqlite::Connection;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Something that an undo left as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Which record.
    pub place: Place,
    /// Which field; `None` for the whole record.
    pub field: Option<&'static str>,
}

/// What an undo did.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The batch that takes it back.
    pub receipt: Receipt,
    /// What it could not take back.
    pub kept: Vec<Kept>,
}

/// One batch as far as undoing is concerned.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number (of its first row).
    pub n: i64,
    /// Who wrote it.
    pub device: Device,
    /// Its name: the `seq` of its first row.
    pub seq: i64,
    /// Whether it takes another back (an undo), or takes back an undo (then it does something again), and so on.
    pub undoing: bool,
    /// What it takes back.
    pub undoes: Option<(Device, i64)>,
    /// The batch that it takes back or does again in the end; its own number if it does neither.
    pub root: i64,
    /// Whether it is taken back: what was done again counts as done.
    pub undone: bool,
    /// Whether it changed anything: an export is in the log, too, but there is nothing to take back.
    pub edits: bool,
    /// Nobody's own doing: the settings of a new book, an erasure that a sync took over.
    pub unasked: bool,
}

/// All batches, oldest first.
pub fn steps(conn: &Connection) -> Result<Vec<Step>> {
    steps_before(conn, i64::MAX)
}

fn steps_before(conn: &Connection, end: i64) -> Result<Vec<Step>> {
    let heads = {
        let mut statement = conn.prepare_cached(
            "select tx.n, d.id, tx.seq, tx.undoes, tx.lines>0 or tx.parts<>1, tx.origin in ('new', 'sync') from tx join device d on d.n=tx.device where part=0 and tx.n<?1 order by tx.n",
        )?;
        let rows = statement.query_map([end], |row| {
            let undoes: Option<String> = row.get(3)?;
            Ok((row.get(0)?, u64::from_be_bytes(row.get(1)?), row.get(2)?, undoes, row.get(4)?, row.get(5)?))
        })?;
        rows.collect::<rusqlite::Result<Vec<(i64, Device, i64, Option<String>, bool, bool)>>>()?
    };
    let mut steps: Vec<Step> = Vec::with_capacity(heads.len());
    let mut by_name: HashMap<(Device, i64), usize> = HashMap::new();
    // Whether what was done last about a batch that was taken back took it back or did it again.
    let mut taken_back: HashMap<i64, bool> = HashMap::new();
    for (n, device, seq, undoes, edits, unasked) in heads {
        let undoes = undoes.as_deref().and_then(|name| {
            let (device, seq) = name.split_once('.')?;
            Some((u64::from_str_radix(device, 16).ok()?, seq.parse().ok()?))
        });
        // Older versions have written rows that take nothing back.
        let target = undoes.filter(|_| edits).and_then(|name| by_name.get(&name).copied());
        let undoing = target.is_some_and(|at| !steps[at].undoing);
        let root = target.map_or(n, |at| steps[at].root);
        if target.is_some() {
            taken_back.insert(root, undoing);
        }
        by_name.insert((device, seq), steps.len());
        steps.push(Step { n, device, seq, undoing, undoes, root, undone: false, edits, unasked });
    }
    for step in &mut steps {
        step.undone = taken_back.get(&step.root).is_some_and(|undoing| *undoing != step.undoing);
    }
    Ok(steps)
}

/// The batch that a plain undo takes back: the latest of this device that still stands.
pub fn undoable(conn: &Connection, device: Device) -> Result<Option<Step>> {
    undoable_before(conn, device, i64::MAX)
}

/// The latest such batch before the one with this number.
pub fn undoable_before(conn: &Connection, device: Device, n: i64) -> Result<Option<Step>> {
    let mine = |step: &Step| step.n < n && step.device == device && step.edits && !step.unasked;
    for step in steps(conn)?.into_iter().rev() {
        if mine(&step) && !step.undoing && !step.undone && !is_unseen(conn, step.n)? {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

/// Whether a batch only notes what a source said: an import that changed nothing that people see. A large one is not looked
/// through for that.
fn is_unseen(conn: &Connection, n: i64) -> Result<bool> {
    const SMALL: i64 = 256;
    let rows = log::batch(conn, n)?;
    let [row] = &rows[..] else { return Ok(false) };
    if row.lines > SMALL {
        return Ok(false);
    }
    let notes = |edit: &Edit| match edit {
        Edit::Create { new, .. } => new.kind == Kind::Identity,
        edit => edit.at().is_some_and(|at| at.kind == Kind::Identity),
    };
    Ok(log::edits(conn, row.n)?.iter().all(|line| notes(&line.edit)))
}

/// The undo that a plain redo takes back: the latest of this device, as long as nothing else was done after it.
pub fn redoable(conn: &Connection, device: Device) -> Result<Option<Step>> {
    let steps = steps(conn)?;
    let mine = steps.into_iter().rev().filter(|step| step.device == device);
    let mut found = None;
    for step in mine {
        if step.undoing && !step.undone {
            found = Some(step);
            break;
        }
        // Past a redo the search goes on: what it did again stands, older undos may follow. Past anything else it ends.
        if step.undoes.is_none() && step.edits && !step.unasked {
            break;
        }
    }
    Ok(found)
}

/// Takes a batch back. Where nothing of it can be taken back, nothing is written.
pub fn undo(store: &mut Store, meta: &Meta, n: i64) -> Result<Undone> {
    let mut meta = meta.clone();
    let rows = log::batch(store.conn(), n)?;
    let first = rows.first().ok_or_else(|| StoreError::NoRecord(format!("batch {n}")))?;
    meta.undoes = Some((first.device, first.batch));
    let (kept, receipt) = store.write(&meta, |tx| -> Result<Vec<Kept>> {
        // The row that is being written stands in the log already; what it undoes is looked at as it was before.
        let steps = steps_before(tx.conn(), tx.batch())?;
        let mut work = Work::new(tx, &steps, &rows)?;
        for row in rows.iter().rev() {
            for line in log::edits(tx.conn(), row.n)?.iter().rev() {
                work.take_back(tx, row, line)?;
            }
        }
        Ok(work.kept)
    })?;
    Ok(Undone { receipt, kept })
}

struct Work {
    /// The rows of the batch, and of those that did the same again.
    rows: HashSet<i64>,
    /// What the batch takes back or does again in the end.
    root: i64,
    /// The batches that still have an effect, by number, and what each does in the end.
    standing: Vec<(i64, i64)>,
    known: Known,
    /// The fields that rows of the log set, as far as that was asked.
    sets: HashMap<i64, HashSet<(Gid, usize)>>,
    kept: Vec<Kept>,
    /// The Creates of the batch that the undone undo took back, by the id of what they make.
    again: Option<HashMap<Gid, Edit>>,
}

impl Work {
    fn new(tx: &Tx<'_>, steps: &[Step], rows: &[Head]) -> Result<Self> {
        let mut all: HashSet<i64> = rows.iter().map(|row| row.n).collect();
        let me = rows.first().and_then(|first| steps.iter().find(|step| step.n == first.n));
        if let Some(me) = me {
            let again = |step: &&Step| step.root == me.root && step.undoing == me.undoing && step.n != me.n;
            for step in steps.iter().filter(again) {
                all.extend(log::batch(tx.conn(), step.n)?.iter().map(|row| row.n));
            }
        }
        let stand = |step: &&Step| !step.undoing && !step.undone;
        Ok(Self {
            rows: all,
            root: me.map_or(0, |me| me.root),
            standing: steps.iter().filter(stand).map(|step| (step.n, step.root)).collect(),
            known: Known::default(),
            sets: HashMap::new(),
            kept: Vec::new(),
            again: None,
        })
    }

    fn take_back(&mut self, tx: &mut Tx<'_>, row: &Head, line: &Line) -> Result<()> {
        match &line.edit {
            Edit::Create { owner, new } => self.uncreate(tx, row, line.index, *owner, new),
            Edit::Set { at, field, before, after } => self.unset(tx, at, *field, before, after),
            Edit::Delete(at) => self.unbin(tx, at, true),
            Edit::Restore(at) => self.unbin(tx, at, false),
            Edit::Drop { at, .. } => self.create_again(tx, row, at),
            Edit::Erase(_) | Edit::Erased { .. } | Edit::Unknown { .. } => Ok(()),
        }
    }

    fn keep(&mut self, place: Place, field: Option<&'static str>) {
        let kept = Kept { place, field };
        if !self.kept.contains(&kept) || self.kept.len() > 1000 {
            self.kept.push(kept);
        }
    }

    fn uncreate(
        &mut self,
        tx: &mut Tx<'_>,
        row: &Head,
        index: i64,
        owner: Option<Gid>,
        new: &New,
    ) -> Result<()> {
        let gid = made_id(tx.book(), row, index, new);
        let at = At { kind: new.kind, id: gid, owner };
        let Some(place) = place(tx.conn(), &at)? else { return Ok(()) };
        if !made_more_than_once(tx.conn(), place)? && self.worked_with(tx.conn(), place)? {
            self.keep(place, None);
            return Ok(());
        }
        let made = self.standing_create(tx.conn(), place, row)?;
        tx.push(Edit::Drop { at, made }).map(drop)
    }

    /// Which of a record's Creates is the undone batch's: its own, or that of the redo that did it again.
    fn standing_create(&self, conn: &Connection, place: Place, row: &Head) -> Result<Option<Gid>> {
        if place.n > 0 {
            return Ok(None);
        }
        let sql = format!(
            "select tx, i from birth where kind=?1 and id=?2 union select tx, i from \"{}\" where id=?2 order by tx",
            place.kind.record().name
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let found =
            statement.query_map((place.kind as i64, place.id), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let creates: Vec<(i64, i64)> = found.collect::<rusqlite::Result<_>>()?;
        let mut chosen = creates.last().copied();
        for (n, index) in &creates {
            if self.rows.contains(n) || does_again(conn, *n, (row.device, row.batch))? {
                chosen = Some((*n, *index));
            }
        }
        Ok(match chosen {
            Some((n, index)) => {
                let head = log::row(conn, n)?;
                Some(Gid::Born { device: head.device, seq: head.seq, index })
            }
            None => None,
        })
    }

    fn unset(&mut self, tx: &mut Tx<'_>, at: &At, field: usize, before: &Value, after: &Value) -> Result<()> {
        let name = at.kind.record().fields[field].name;
        let Some(place) = place(tx.conn(), at)? else { return Ok(()) };
        let now = sql::value_at(tx.conn(), place, field)?;
        if now == *before {
            return Ok(());
        }
        // What somebody else said meanwhile was only kept because of this batch: it is what remains.
        let other = self.other_said(tx.conn(), place, field)?;
        let before = other.as_ref().unwrap_or(before);
        let gone = match (at.kind.record().fields[field].ty, before) {
            (Type::Ref(kind), Value::Ref(gid)) => {
                sql::place_of(tx.conn(), kind, gid, Some(place.id))?.is_none()
            }
            _ => false,
        };
        if now != *after || gone || self.said_since(tx, at, place, field)? {
            self.keep(place, Some(name));
            return Ok(());
        }
        tx.push(Edit::Set { at: *at, field, before: now, after: before.clone() }).map(drop)
    }

    /// The latest of the values that others gave a field at the same time as the batch.
    fn other_said(&self, conn: &Connection, place: Place, field: usize) -> Result<Option<Value>> {
        let mut statement = conn.prepare_cached(
            "select s.tx, s.value from sibling s join tx t on t.n=s.tx join device d on d.n=t.device \
             where s.kind=?1 and s.id=?2 and s.n=?3 and s.field=?4 order by t.hlc desc, d.id desc",
        )?;
        let mut rows = statement.query((place.kind as i64, place.id, place.n, field as i64))?;
        while let Some(row) = rows.next()? {
            if !self.rows.contains(&row.get(0)?) {
                let text: String = row.get(1)?;
                return Ok(read_field(place.kind.record().fields[field].ty, &text).ok());
            }
        }
        Ok(None)
    }

    fn unbin(&mut self, tx: &mut Tx<'_>, at: &At, deleted: bool) -> Result<()> {
        let Some(place) = place(tx.conn(), at)? else { return Ok(()) };
        let record = at.kind.record();
        let sql =
            format!("select deleted is not null from \"{}\" where {}", record.name, sql::place_where(record));
        let now: bool = tx.conn().prepare_cached(&sql)?.query_row((place.id, place.n), |row| row.get(0))?;
        if now != deleted {
            return Ok(());
        }
        let by: Option<i64> = stamps(tx.conn(), place, Some(super::apply::BIN_FIELD))?.pop();
        if let Some(by) = by
            && !self.rows.contains(&by)
            && let Some(root) = self.stands(tx.conn(), by)?
            && !self.is_before(tx.conn(), root, self.root)?
        {
            self.keep(place, None);
            return Ok(());
        }
        tx.push(if deleted { Edit::Restore(*at) } else { Edit::Delete(*at) }).map(drop)
    }

    /// Undoing an undo: what it dropped is made again, under the ids that it had.
    fn create_again(&mut self, tx: &mut Tx<'_>, row: &Head, at: &At) -> Result<()> {
        if self.again.is_none() {
            let Some(creates) = creates_of(tx.conn(), tx.book(), row)? else { return Ok(()) };
            self.again = Some(creates);
        }
        let Some(edit) = self.again.as_ref().and_then(|all| all.get(&at.id)) else {
            return Err(StoreError::Damaged(format!("nothing says how {} was made", at.id)));
        };
        let mut edit = edit.clone();
        if let Edit::Create { new, .. } = &mut edit {
            leave_out_gone(tx, new)?;
        }
        tx.push(edit).map(drop)
    }

    /// What the batch of a row of the log does in the end, if it still has an effect. The row that is being written has none.
    fn stands(&self, conn: &Connection, n: i64) -> Result<Option<i64>> {
        let mut statement = conn.prepare_cached(
            "select f.n from tx t join tx f on f.device=t.device and f.seq=t.batch where t.n=?1",
        )?;
        let mut rows = statement.query([n])?;
        let Some(first) = rows.next()?.map(|row| row.get(0)).transpose()? else { return Ok(None) };
        let found = self.standing.binary_search_by_key(&first, |(n, _)| *n);
        Ok(found.ok().map(|at| self.standing[at].1))
    }

    /// Whether whoever wrote row `later` had row `n` before them.
    fn is_before(&self, conn: &Connection, n: i64, later: i64) -> Result<bool> {
        if n == 0 || later == 0 {
            return Ok(false);
        }
        self.known.has(conn, &self.known.stand(conn, later)?, n)
    }

    /// Whether somebody has said since what a field shows, be it the value that the batch gave it.
    fn said_since(&mut self, tx: &Tx<'_>, at: &At, place: Place, field: usize) -> Result<bool> {
        let conn = tx.conn();
        let Some(by) = stamps(conn, place, Some(field as i64))?.pop() else { return Ok(false) };
        if self.rows.contains(&by) || by >= tx.batch() {
            return Ok(false);
        }
        if let Some(root) = self.stands(conn, by)? {
            // What is older than the batch has only been done again since.
            return Ok(!self.is_before(conn, root, self.root)?);
        }
        // What was said last has been taken back: then it is as whoever came before that has said.
        for n in rows_since(conn, place)? {
            if !self.rows.contains(&n)
                && let Some(root) = self.stands(conn, n)?
                && self.is_before(conn, self.root, root)?
                && self.sets(conn, n)?.contains(&(at.id, field))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The fields that a row of the log sets.
    fn sets(&mut self, conn: &Connection, n: i64) -> Result<&HashSet<(Gid, usize)>> {
        match self.sets.entry(n) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(slot) => {
                let lines = log::edits(conn, n)?.into_iter();
                let sets = lines.filter_map(|line| match line.edit {
                    Edit::Set { at, field, .. } => Some((at.id, field)),
                    _ => None,
                });
                Ok(slot.insert(sets.collect()))
            }
        }
    }

    /// Whether anything outside the batch changed a record or refers to it.
    fn worked_with(&self, conn: &Connection, place: Place) -> Result<bool> {
        let mut later = stamps(conn, place, None)?;
        if place.kind == Kind::Contact {
            later.extend(rows_since(conn, place)?);
        }
        for n in later {
            if !self.rows.contains(&n) && self.stands(conn, n)?.is_some() {
                return Ok(true);
            }
        }
        referred_to(conn, place)
    }
}

/// What a record named may be gone by now, because somebody else took it back: then it is made without.
fn leave_out_gone(tx: &Tx<'_>, new: &mut New) -> Result<()> {
    let record = new.kind.record();
    let mut there = Vec::with_capacity(new.fields.len());
    for (field, value) in &new.fields {
        let target = match (record.fields[*field].ty, value) {
            (Type::Ref(kind), Value::Ref(gid)) if kind.record().key == Key::Top => Some((kind, *gid)),
            (Type::Ref(kind), Value::Named(name)) => {
                Some((kind, Gid::Uid(named_v8(&tx.book(), kind.record().name, name))))
            }
            _ => None,
        };
        there.push(match target {
            Some((kind, gid)) => sql::place_of(tx.conn(), kind, &gid, None)?.is_some(),
            None => true,
        });
    }
    let mut there = there.into_iter();
    new.fields.retain(|_| there.next().unwrap_or(true));
    for child in &mut new.children {
        leave_out_gone(tx, child)?;
    }
    Ok(())
}

/// Whether the batch of row `n` does another one again: it undoes an undo of it, or does such a redo again.
fn does_again(conn: &Connection, n: i64, batch: (Device, i64)) -> Result<bool> {
    let mut at = log::row(conn, n)?.undoes;
    while let Some((device, seq)) = at {
        if (device, seq) == batch {
            return Ok(true);
        }
        at = match sql::row_named(conn, device, seq)? {
            Some(n) => log::row(conn, n)?.undoes,
            None => None,
        };
    }
    Ok(false)
}

/// The rows that stamped a place (and, for a record of its own, its children).
fn stamps(conn: &Connection, place: Place, field: Option<i64>) -> Result<Vec<i64>> {
    let mut statement = conn.prepare_cached(
        "select tx from stamp where kind=?1 and id=?2 and n=?3 and (?4 is null or field=?4)",
    )?;
    let rows = statement.query_map((place.kind as i64, place.id, place.n, field), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The rows that changed the record of its own at a place, or what belongs to it, after it was made.
fn rows_since(conn: &Connection, place: Place) -> Result<Vec<i64>> {
    let top = match place.kind.record().key {
        Key::Top => place.kind,
        Key::Child(owner, _) => owner,
    };
    let mut statement = conn.prepare_cached(
        "select tx from touched where contact=?2 and ?1=?3 union select tx from wrote where kind=?1 and id=?2",
    )?;
    let rows = statement.query_map((top as i64, place.id, Kind::Contact as i64), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a record lives on when one of its Creates is taken back.
fn made_more_than_once(conn: &Connection, place: Place) -> Result<bool> {
    let sql = "select exists (select 1 from birth where kind=?1 and id=?2 and ?3=0)";
    Ok(conn.prepare_cached(sql)?.query_row((place.kind as i64, place.id, place.n), |row| row.get(0))?)
}

/// Whether another record points at this one.
fn referred_to(conn: &Connection, place: Place) -> Result<bool> {
    for record in &RECORDS {
        for field in record.fields {
            if field.ty != Type::Ref(place.kind) {
                continue;
            }
            // A preferred method that goes away is no reason to keep it.
            if matches!(place.kind.record().key, Key::Child(..)) {
                continue;
            }
            let sql =
                format!("select exists (select 1 from \"{}\" where \"{}\"=?1)", record.name, field.name);
            if conn.prepare_cached(&sql)?.query_row([place.id], |row| row.get::<_, bool>(0))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Where the record lies that an edit is about, if it is there.
pub fn place(conn: &Connection, at: &At) -> Result<Option<Place>> {
    let owner = match (at.kind.record().key, at.owner) {
        (Key::Child(kind, _), Some(Gid::Uid(uid))) => match sql::id_of(conn, kind, &uid)? {
            Some(id) => Some(id),
            None => return Ok(None),
        },
        _ => None,
    };
    sql::place_of(conn, at.kind, &at.id, owner)
}

/// The id of what a Create makes, as the `index`-th of its row.
pub fn made_id(book: [u8; 16], row: &Head, index: i64, new: &New) -> Gid {
    let stand = Stand { n: row.n, device: 0, seq: row.seq, hlc: row.hlc, id: row.device };
    made_id_of(book, &stand, &row.seed, index, new)
}

/// The same from a row's place and seed.
pub fn made_id_of(book: [u8; 16], row: &Stand, seed: &[u8; 16], index: i64, new: &New) -> Gid {
    match (&new.id, new.kind.record().key) {
        (NewId::Given(gid), _) => *gid,
        (NewId::Named(name), _) => Gid::Uid(named_v8(&book, new.kind.record().name, name)),
        (NewId::Derived, Key::Top) => Gid::Uid(derived_v7(row.hlc >> 16, seed, index)),
        (NewId::Derived, Key::Child(..)) => Gid::Born { device: row.id, seq: row.seq, index },
    }
}

/// The Creates of the batch that `undo` takes back, with their ids spelt out; `None` if the log does not have it any more.
pub fn creates_of(conn: &Connection, book: [u8; 16], undo: &Head) -> Result<Option<HashMap<Gid, Edit>>> {
    let Some((device, seq)) = undo.undoes else { return Ok(Some(HashMap::new())) };
    let Some(n) = sql::row_named(conn, device, seq)? else { return Ok(None) };
    let mut all = HashMap::new();
    for row in log::batch(conn, n)? {
        for Line { index, edit, .. } in log::edits(conn, row.n)? {
            if let Edit::Create { owner, mut new } = edit {
                let gid = made_id(book, &row, index, &new);
                spell_out(&mut new, book, &row, index);
                new.created = new.created.or(Some(row.millis()));
                all.insert(gid, Edit::Create { owner, new });
            }
        }
    }
    Ok(Some(all))
}

fn spell_out(new: &mut New, book: [u8; 16], row: &Head, index: i64) {
    if new.id == NewId::Derived {
        new.id = NewId::Given(made_id(book, row, index, new));
    }
    let mut at = index + 1;
    for child in &mut new.children {
        let count = child.count();
        spell_out(child, book, row, at + child.gap);
        at += child.gap + count;
    }
}
