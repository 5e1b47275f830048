//! Who changed what, when, from what to what; and taking it back.

use super::view::instant;
use super::{Book, Label, OpError, Receipt, Result};
use crate::model::edit::{At, Edit, New};
use crate::model::ids::Gid;
use crate::model::schema::{Key, Kind, Type};
use crate::model::value::{Value, format_decimal};
use crate::store::undo::{self, Step};
use crate::store::{Place, log, sql};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;

/// A batch as the history shows it.
#[derive(Clone, Debug, Serialize)]
pub struct BatchOut {
    /// Its number in this book: what `undo` takes.
    pub batch: i64,
    /// Who wrote it: 16 hexadecimal digits.
    pub device: String,
    /// RFC 3339.
    pub at: String,
    /// The person.
    pub author: String,
    /// The face or operation.
    #[serde(skip)]
    pub origin: String,
    /// What it was for; the faces put it into words.
    #[serde(skip)]
    pub label: Label,
    /// The number of the batch that it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<i64>,
    /// Whether it was taken back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undone: bool,
    /// How many edits it has.
    pub count: i64,
    /// At most as many as were asked for.
    pub edits: Vec<EditOut>,
}

/// One edit of a batch.
#[derive(Clone, Debug, Serialize)]
pub struct EditOut {
    /// `create`, `set`, `delete`, `restore`, `drop`.
    pub action: &'static str,
    /// The kind of record.
    pub kind: &'static str,
    /// Its global id.
    pub id: String,
    /// The contact that it is about, by its present name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Which field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// What stood there; for what is taken away, the record in short.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What stands there since; for a Create, the record in short.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// Something that an undo left as it is.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct KeptOut {
    /// The contact or other record.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// The field that has moved on; `None` if the whole record stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
}

/// What an undo or redo did.
#[derive(Clone, Debug)]
pub struct UndoOut {
    /// The batch that does it; none was written where everything has moved on.
    pub receipt: Receipt,
    /// The batch that was taken back.
    pub batch: i64,
    /// What that was.
    pub label: Label,
    /// What moved on since and stays.
    pub kept: Vec<KeptOut>,
}

/// How many edits of a batch a history shows unless asked for more.
const EDITS: usize = 1000;

impl Book {
    /// Batches, newest first; of one contact, if given, with the edits that are about it.
    pub fn history(
        &self,
        who: Option<i64>,
        since: Option<i64>,
        limit: Option<usize>,
    ) -> Result<Vec<BatchOut>> {
        let conn = self.reader()?;
        let steps = undo::steps(conn)?;
        let wanted = who.map(|id| rows_about(conn, id)).transpose()?;
        let mut by_name: HashMap<(u64, i64), i64> = HashMap::new();
        for step in &steps {
            by_name.insert((step.device, step.seq), step.n);
        }
        let mut names = Names::new(self.book_id()?);
        let mut all = Vec::new();
        for step in steps.iter().rev() {
            if limit.is_some_and(|limit| all.len() >= limit) {
                break;
            }
            let rows = log::batch(conn, step.n)?;
            let Some(first) = rows.first() else { continue };
            if since.is_some_and(|since| first.millis() < since) {
                break;
            }
            if wanted.as_ref().is_some_and(|wanted| !rows.iter().any(|row| wanted.contains(&row.n))) {
                continue;
            }
            let mut edits = Vec::new();
            'rows: for row in &rows {
                for line in log::edits(conn, row.n)? {
                    if edits.len() >= EDITS {
                        break 'rows;
                    }
                    let edit = names.edit(conn, row, line.index, &line.edit)?;
                    if who.is_none_or(|who| names.is_about(conn, row, &line, who)) {
                        edits.push(edit);
                    }
                }
            }
            all.push(BatchOut {
                batch: step.n,
                device: format!("{:016x}", step.device),
                at: instant(first.millis()),
                author: first.author.clone(),
                origin: first.origin.clone(),
                label: first.label.clone(),
                undoes: step.undoes.and_then(|name| by_name.get(&name).copied()),
                undone: step.undone,
                count: rows.iter().map(|row| row.lines).sum(),
                edits,
            });
        }
        Ok(all)
    }

    /// Who changed a contact last.
    pub fn last_author(&self, contact: i64) -> Result<Option<String>> {
        let conn = self.reader()?;
        let mut statement = conn.prepare_cached(
            "select n from tx where n in (select tx from touched where contact=?1 union \
             select tx from contact where id=?1) order by hlc desc, n desc limit 1",
        )?;
        let mut rows = statement.query([contact])?;
        let Some(n) = rows.next()?.map(|row| row.get::<_, i64>(0)).transpose()? else { return Ok(None) };
        Ok(Some(log::row(conn, n)?.author.clone()))
    }

    fn book_id(&self) -> Result<[u8; 16]> {
        Ok(self.reader()?.query_row("select value from meta where key='book'", [], |row| row.get(0))?)
    }

    /// What a plain undo would take back: number and label.
    pub fn undoable(&mut self) -> Result<Option<(i64, Label)>> {
        self.peek(undo::undoable)
    }

    /// What a plain redo would do again: number of the undo and label of what it took back.
    pub fn redoable(&mut self) -> Result<Option<(i64, Label)>> {
        self.peek(undo::redoable)
    }

    fn peek(
        &mut self,
        which: fn(&Connection, u64) -> crate::store::Result<Option<Step>>,
    ) -> Result<Option<(i64, Label)>> {
        if !self.exists() {
            return Ok(None);
        }
        let store = self.store()?;
        match which(store.conn(), store.device())? {
            Some(step) => Ok(Some((step.n, label_of(store.conn(), &step)?))),
            None => Ok(None),
        }
    }

    /// Takes back a batch by its number, or this device's latest.
    pub fn undo(&mut self, batch: Option<i64>) -> Result<UndoOut> {
        if !self.exists() {
            return Err(OpError::NothingToUndo);
        }
        let Some(n) = batch else { return self.undo_latest() };
        let missing = || OpError::NotFound { who: n.to_string(), kind: "batch" };
        let store = self.store()?;
        let step = undo::steps(store.conn())?.into_iter().find(|step| step.n == n).ok_or_else(missing)?;
        if step.undone {
            return Err(OpError::AlreadyUndone(n));
        }
        let done = self.take_back(&step, "undo")?;
        if done.receipt.batch == 0 { Err(OpError::MovedOn(n)) } else { Ok(done) }
    }

    /// Takes back this device's latest batch. One of which nothing is left (whom it was about was erased, all is as it was
    /// before) is passed over; one that others went on with is not.
    fn undo_latest(&mut self) -> Result<UndoOut> {
        let mut end = i64::MAX;
        loop {
            let store = self.store()?;
            let step = undo::undoable_before(store.conn(), store.device(), end)?;
            let step = step.ok_or(OpError::NothingToUndo)?;
            let done = self.take_back(&step, "undo")?;
            if done.receipt.batch > 0 || !done.kept.is_empty() {
                return Ok(done);
            }
            end = step.n;
        }
    }

    /// Does again what the latest undo took back.
    pub fn redo(&mut self) -> Result<UndoOut> {
        if !self.exists() {
            return Err(OpError::NothingToRedo);
        }
        let store = self.store()?;
        let step = undo::redoable(store.conn(), store.device())?.ok_or(OpError::NothingToRedo)?;
        let done = self.take_back(&step, "redo")?;
        if done.receipt.batch == 0 && done.kept.is_empty() { Err(OpError::NothingToRedo) } else { Ok(done) }
    }

    /// The contact that a batch took out of the bin; none if there are several.
    pub fn brought_back(&self, batch: i64) -> Result<Option<i64>> {
        let conn = self.reader()?;
        let mut found = None;
        for row in log::batch(conn, batch)? {
            for line in log::edits(conn, row.n)? {
                let Edit::Restore(At { kind: Kind::Contact, id: Gid::Uid(uid), owner: None }) = &line.edit
                else {
                    continue;
                };
                if found.replace(*uid).is_some() {
                    return Ok(None);
                }
            }
        }
        Ok(found.map(|uid| sql::id_of(conn, Kind::Contact, &uid)).transpose()?.flatten())
    }

    fn take_back(&mut self, step: &Step, what: &str) -> Result<UndoOut> {
        let store = self.store()?;
        let label = label_of(store.conn(), step)?;
        if label.what == "erase" {
            return Err(OpError::Erased);
        }
        let words: Vec<String> =
            std::iter::once(label.what.clone()).chain(label.args.iter().cloned()).collect();
        let meta = self.meta(Label::new(what, words));
        let store = self.store()?;
        let undone = undo::undo(store, &meta, step.n)?;
        let mut kept = Vec::new();
        let mut told = undone.kept;
        // Tags, fields and companies that only stay because somebody who stays has them go without saying.
        let mut silent = Vec::new();
        for place in &told {
            silent.push(goes_without_saying(store.conn(), place.place)?);
        }
        if undone.receipt.edits > 0 || silent.contains(&false) {
            let mut silent = silent.into_iter();
            told.retain(|_| !silent.next().unwrap_or(false));
        }
        for place in told.iter().take(EDITS) {
            kept.push(KeptOut {
                name: name_of(store.conn(), place.place)?,
                kind: place.place.kind.record().name,
                field: place.field,
            });
        }
        Ok(UndoOut { receipt: undone.receipt, batch: step.n, label, kept })
    }
}

/// Whether a record is only there because others name it.
fn goes_without_saying(conn: &Connection, place: Place) -> Result<bool> {
    Ok(match place.kind {
        Kind::Tag | Kind::Field => true,
        Kind::Contact => {
            let sql = "select implied is not null from contact where id=?1";
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query([place.id])?;
            rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or(false)
        }
        _ => false,
    })
}

/// What a batch was for; for a redo and an undo, what the batch at the end of the chain was for.
fn label_of(conn: &Connection, step: &Step) -> Result<Label> {
    let label = log::batch(conn, step.n)?.into_iter().next().map(|row| row.label).unwrap_or_default();
    if matches!(label.what.as_str(), "undo" | "redo") {
        let mut args = label.args.into_iter();
        return Ok(Label { what: args.next().unwrap_or_default(), args: args.collect() });
    }
    Ok(label)
}

/// The rows of the log that are about a contact, those merged into it included.
fn rows_about(conn: &Connection, id: i64) -> Result<Vec<i64>> {
    let mut statement = conn.prepare_cached(
        "select tx from contact where root=?1 or id=?1 \
         union select b.tx from birth b join contact c on c.id=b.id where b.kind=?2 and (c.root=?1 or c.id=?1) \
         union select t.tx from touched t join contact c on c.id=t.contact where c.root=?1 or c.id=?1 \
         union select x.tx from participant p join interaction x on x.id=p.interaction join contact c on c.id=p.contact \
         where c.root=?1 or c.id=?1",
    )?;
    let found = statement.query_map((id, Kind::Contact as i64), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A name for a record, as good as it gets.
fn name_of(conn: &Connection, place: Place) -> Result<String> {
    let (kind, id) = match place.kind.record().key {
        Key::Top => (place.kind, place.id),
        Key::Child(owner, _) => (owner, place.id),
    };
    let column = match kind {
        Kind::Interaction => "coalesce(subject, body, kind)",
        Kind::Task | Kind::Deal => "title",
        Kind::Field | Kind::Setting => "key",
        Kind::Same => "null",
        _ => "name",
    };
    let sql = format!("select {column} from \"{}\" where id=?1", kind.record().name);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    Ok(match rows.next()? {
        Some(row) => row.get::<_, Option<String>>(0)?.unwrap_or_default(),
        None => String::new(),
    })
}

/// Names of records, each looked up once.
pub(super) struct Names {
    book: [u8; 16],
    contacts: HashMap<Gid, String>,
    /// What the batch that the row of the log with this number takes back had made.
    taken_back: Option<(i64, HashMap<Gid, Edit>)>,
}

impl Names {
    /// Of a book.
    pub(super) fn new(book: [u8; 16]) -> Self {
        Self { book, contacts: HashMap::new(), taken_back: None }
    }

    /// The name of a record that has one, by global id.
    pub(super) fn of(&mut self, conn: &Connection, kind: Kind, gid: Gid) -> Result<String> {
        if let Some(name) = self.contacts.get(&gid) {
            return Ok(name.clone());
        }
        let name = match sql::place_of(conn, kind, &gid, None)? {
            Some(place) => name_of(conn, place)?,
            None => String::new(),
        };
        self.contacts.insert(gid, name.clone());
        Ok(name)
    }

    fn edit(&mut self, conn: &Connection, row: &log::Head, index: i64, edit: &Edit) -> Result<EditOut> {
        let blank = |action, kind: Kind, id: Gid| EditOut {
            action,
            kind: kind.record().name,
            id: id.to_string(),
            contact: String::new(),
            field: None,
            before: String::new(),
            after: String::new(),
        };
        let mut out = match edit {
            Edit::Create { owner, new } => {
                let gid = undo::made_id(self.book, row, index, new);
                let mut out = blank("create", new.kind, gid);
                out.after = self.summary(conn, new)?;
                out.contact = match (owner, new.kind) {
                    (Some(owner), _) => self.of(conn, Kind::Contact, *owner)?,
                    (None, Kind::Contact) => {
                        new.get("name").and_then(Value::as_text).unwrap_or_default().to_owned()
                    }
                    _ => self.participants(conn, new)?,
                };
                return Ok(out);
            }
            Edit::Set { at, field, before, after } => {
                let mut out = blank("set", at.kind, at.id);
                let field = &at.kind.record().fields[*field];
                out.field = Some(field.name);
                out.before = self.show(conn, field.ty, before)?;
                out.after = self.show(conn, field.ty, after)?;
                out
            }
            Edit::Delete(at) => EditOut { before: self.record(conn, at)?, ..blank("delete", at.kind, at.id) },
            Edit::Restore(at) => {
                EditOut { after: self.record(conn, at)?, ..blank("restore", at.kind, at.id) }
            }
            Edit::Drop { at, .. } => {
                EditOut { before: self.dropped(conn, row, at)?, ..blank("drop", at.kind, at.id) }
            }
            Edit::Erase(at) => blank("erase", at.kind, at.id),
            Edit::Erased { .. } | Edit::Unknown { .. } => blank("hidden", Kind::Contact, Gid::Uid([0; 16])),
        };
        if let Some(at) = edit.at() {
            out.contact = self.about(conn, at)?;
        }
        Ok(out)
    }

    fn about(&mut self, conn: &Connection, at: &At) -> Result<String> {
        match (at.owner, at.kind) {
            (Some(owner), _) => self.of(conn, Kind::Contact, owner),
            (None, kind) => self.of(conn, kind, at.id),
        }
    }

    fn participants(&mut self, conn: &Connection, new: &New) -> Result<String> {
        let mut names = Vec::new();
        for child in &new.children {
            if let Some(Value::Ref(gid)) = child.get("contact") {
                names.push(self.of(conn, Kind::Contact, *gid)?);
            }
        }
        Ok(names.join(", "))
    }

    /// A record that is in the bin, or was taken out of it, in short; nothing if it is gone.
    fn record(&mut self, conn: &Connection, at: &At) -> Result<String> {
        let Some(place) = undo::place(conn, at)? else { return Ok(String::new()) };
        let mut values = Vec::new();
        for field in 0..at.kind.record().fields.len() {
            values.push((field, sql::value_at(conn, place, field)?));
        }
        Ok(self.values(conn, at.kind, &values)?.join(", "))
    }

    /// A record that an undo took away, in short, as it was made.
    fn dropped(&mut self, conn: &Connection, row: &log::Head, at: &At) -> Result<String> {
        let made = match self.taken_back.take() {
            Some((n, made)) if n == row.n => made,
            _ => undo::creates_of(conn, self.book, row)?.unwrap_or_default(),
        };
        let text = match made.get(&at.id) {
            Some(Edit::Create { new, .. }) => self.summary(conn, new)?,
            _ => String::new(),
        };
        self.taken_back = Some((row.n, made));
        Ok(text)
    }

    /// Values that are set, with the names of their fields.
    fn values(&mut self, conn: &Connection, kind: Kind, values: &[(usize, Value)]) -> Result<Vec<String>> {
        let mut parts = Vec::new();
        for (at, value) in values {
            let field = &kind.record().fields[*at];
            if !matches!(field.name, "implied" | "position") {
                let text = self.show(conn, field.ty, value)?;
                if !text.is_empty() {
                    parts.push(format!("{}={text}", field.name));
                }
            }
        }
        Ok(parts)
    }

    /// A new record in short: what identifies it, then what it brings.
    fn summary(&mut self, conn: &Connection, new: &New) -> Result<String> {
        let mut parts = self.values(conn, new.kind, &new.fields)?;
        for child in &new.children {
            let text = self.summary(conn, child)?;
            parts.push(format!("{}({text})", child.kind.record().name));
        }
        Ok(parts.join(", "))
    }

    /// A value as people read it.
    pub(super) fn show(&mut self, conn: &Connection, ty: Type, value: &Value) -> Result<String> {
        Ok(match (ty, value) {
            (_, Value::Null) => String::new(),
            (_, Value::Text(text)) => text.clone(),
            (Type::Flag, Value::Int(on)) => if *on == 0 { "no" } else { "yes" }.to_owned(),
            (Type::Decimal, Value::Int(units)) => format_decimal(*units),
            (Type::Instant, Value::Int(millis)) => instant(*millis),
            (_, Value::Int(number)) => number.to_string(),
            (_, Value::Real(number)) => number.to_string(),
            (Type::Ref(kind), Value::Ref(gid)) => {
                let name = self.of(conn, kind, *gid)?;
                if name.is_empty() { gid.to_string() } else { name }
            }
            (_, Value::Ref(gid)) => gid.to_string(),
            (_, Value::Named(name)) => name.clone(),
            (_, Value::Own(_)) => String::new(),
        })
    }

    /// Whether an edit is about a contact, itself or one of those merged into it.
    fn is_about(&mut self, conn: &Connection, row: &log::Head, line: &log::Line, who: i64) -> bool {
        let is = |gid: &Gid| -> bool {
            let Some(uid) = gid.uid() else { return false };
            let Ok(Some(id)) = sql::id_of(conn, Kind::Contact, &uid) else { return false };
            id == who
                || conn
                    .prepare_cached("select root from contact where id=?1")
                    .and_then(|mut statement| statement.query_row([id], |row| row.get::<_, i64>(0)))
                    .is_ok_and(|root| root == who)
        };
        match &line.edit {
            Edit::Create { owner: Some(owner), .. } => is(owner),
            Edit::Create { owner: None, new } => match new.kind {
                Kind::Contact => is(&undo::made_id(self.book, row, line.index, new)),
                _ => new
                    .children
                    .iter()
                    .any(|child| matches!(child.get("contact"), Some(Value::Ref(gid)) if is(gid))),
            },
            edit => edit.at().is_some_and(|at| match at.kind {
                Kind::Interaction | Kind::Participant => true,
                _ => is(&at.owner.unwrap_or(at.id)),
            }),
        }
    }
}
