//! Adding, changing and deleting contacts.

use super::change::{Change, apply};
use super::draft::{self, complete};
use super::{Book, Done, Label, OpError, Receipt, Result, Row, meant};
use crate::model::draft::ContactDraft;
use crate::model::edit::NewId;
use crate::model::ids::{Gid, named_v8};
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::model::when;
use crate::store::{Place, StoreError, Tx, read, sql};

/// A contact that was made.
#[derive(Clone, Debug)]
pub struct Added {
    /// Local key.
    pub id: i64,
    /// Global id.
    pub uid: String,
    /// What to type for it.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// The batch.
    pub receipt: Receipt,
}

pub(super) const fn contact(id: i64) -> Place {
    Place { kind: Kind::Contact, id, n: 0 }
}

pub(super) fn uid(tx: &Tx<'_>, id: i64) -> Result<Gid> {
    let missing = || OpError::NotFound { who: id.to_string(), kind: "contact" };
    Ok(Gid::Uid(sql::uid_of(tx.conn(), Kind::Contact, id)?.ok_or_else(missing)?))
}

/// What is done with contacts: the name of the only one, or how many there are.
fn label(book: &Book, what: &str, ids: &[i64], more: Option<String>) -> Result<Label> {
    let [id] = ids else {
        return Ok(Label::new(what, std::iter::once(ids.len().to_string()).chain(more)));
    };
    let name = book.rows(&[*id])?.first().map(|row| row.title_name().to_owned()).unwrap_or_default();
    Ok(Label::about(what, name, more))
}

impl Book {
    /// Adds a contact.
    pub fn add(&mut self, draft: ContactDraft) -> Result<Added> {
        self.add_all(vec![draft])?.pop().ok_or(OpError::Nameless)
    }

    /// Adds a contact and gives it values by the names that people type, in one batch.
    pub fn add_with(&mut self, mut draft: ContactDraft, changes: &[Change]) -> Result<Added> {
        if changes.is_empty() {
            return self.add(draft);
        }
        check(&mut draft, None, false)?;
        meant::draft(&draft, None)?;
        let label = Label::new("add", [draft.get("name").unwrap_or_default()]);
        let (id, receipt) = self.write(label, |tx| {
            let id = add(tx, &draft)?;
            for change in changes {
                apply(tx, id, change)?;
            }
            Ok(id)
        })?;
        let row = self.rows(&[id])?.pop().unwrap_or_default();
        Ok(Added { id, name: row.title_name().to_owned(), uid: row.uid, handle: row.handle, receipt })
    }

    /// Changes contacts, in one batch; a value that can't be changes nothing.
    pub fn edit(&mut self, ids: &[i64], changes: &[Change]) -> Result<Done> {
        let takes = changes.iter().any(|change| match change {
            Change::Set { value, .. } => value.trim().is_empty(),
            Change::Remove { .. } => true,
            Change::Add { .. } => false,
        });
        self.many("edit", ids, |tx, id| {
            for change in changes {
                apply(tx, id, change)?;
            }
            if takes && is_nameless(tx, id)? { Err(OpError::Nameless) } else { Ok(()) }
        })
    }

    /// Stars contacts, or takes their stars away.
    pub fn star(&mut self, ids: &[i64], on: bool) -> Result<Done> {
        self.many(if on { "star" } else { "unstar" }, ids, |tx, id| {
            tx.set(contact(id), "starred", Value::flag(on))?;
            Ok(())
        })
    }

    /// Archives contacts, or takes them back into lists.
    pub fn archive(&mut self, ids: &[i64], on: bool) -> Result<Done> {
        self.many(if on { "archive" } else { "unarchive" }, ids, |tx, id| {
            tx.set(contact(id), "archived", Value::flag(on))?;
            Ok(())
        })
    }

    /// Puts contacts into the bin.
    pub fn delete(&mut self, ids: &[i64]) -> Result<Done> {
        self.many("delete", ids, |tx, id| Ok(tx.delete(contact(id)).map(drop)?))
    }

    /// Takes contacts out of the bin.
    pub fn restore(&mut self, ids: &[i64]) -> Result<Done> {
        self.many("restore", ids, bring_back)
    }

    /// What lies in the bin, latest first.
    pub fn bin(&self) -> Result<Vec<Row>> {
        let mut statement = self
            .reader()?
            .prepare_cached("select id from contact where hidden=3 order by deleted desc, id")?;
        let ids = statement.query_map([], |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
        self.rows(&ids)
    }

    /// Empties the bin: what is in it is no longer listed anywhere. The log keeps it, so an undo brings it back.
    pub fn empty_bin(&mut self) -> Result<Done> {
        let ids: Vec<i64> = self.bin()?.into_iter().map(|row| row.id).collect();
        self.many("empty-bin", &ids, |tx, id| {
            tx.set(contact(id), "purged", Value::flag(true))?;
            Ok(())
        })
    }

    /// Runs `work` on each contact in one batch, and marks an implied company as a company of its own.
    pub(super) fn many(
        &mut self,
        what: &str,
        ids: &[i64],
        work: impl FnMut(&mut Tx<'_>, i64) -> Result<()>,
    ) -> Result<Done> {
        self.many_with(what, None, ids, work)
    }

    /// The same, with more to be said in the label.
    pub(super) fn many_with(
        &mut self,
        what: &str,
        more: Option<String>,
        ids: &[i64],
        mut work: impl FnMut(&mut Tx<'_>, i64) -> Result<()>,
    ) -> Result<Done> {
        let label = label(self, what, ids, more)?;
        let mut bulk = self.bulk.take();
        let done = self.write(label.clone(), |tx| {
            let mut count = 0;
            for (at, id) in ids.iter().enumerate() {
                if at % STEP == 0
                    && let Some(bulk) = &mut bulk
                    && !bulk(at, ids.len())
                {
                    return Err(StoreError::Cancelled.into());
                }
                let before = tx.edits();
                work(tx, *id)?;
                if tx.edits() > before {
                    count += 1;
                    explicit(tx, *id)?;
                }
            }
            Ok(count)
        });
        self.bulk = bulk;
        let (count, receipt) = done?;
        Ok(Done { receipt, count, label })
    }
}

/// Whether nothing is left that a contact could be called by.
fn is_nameless(tx: &Tx<'_>, id: i64) -> Result<bool> {
    let sql = "select ifnull(name, '')='' and ifnull(nickname, '')='' and company is null and not exists \
               (select 1 from method where contact=?1 and deleted is null) from contact where id=?1";
    Ok(tx.conn().prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// After so many contacts it is told how a change of many goes on.
const STEP: usize = 256;

/// Takes a contact out of the bin, one that was emptied since, too.
pub(super) fn bring_back(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.set(contact(id), "purged", Value::Null)?;
    Ok(tx.restore(contact(id)).map(drop)?)
}

/// An implied company that somebody works with is a contact in its own right.
pub(super) fn explicit(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let implied = "select implied is not null from contact where id=?1";
    if tx.conn().prepare_cached(implied)?.query_row([id], |row| row.get::<_, bool>(0))? {
        tx.set(contact(id), "implied", Value::Null)?;
    }
    Ok(())
}

/// Checks what a face gives and brings it into the stored form; what `known` has already may stay as it is. Where whoever typed
/// it was `warned`, a date that doesn't read stays as it was typed: people have odd data.
pub(super) fn check(draft: &mut ContactDraft, known: Option<&ContactDraft>, warned: bool) -> Result<()> {
    for (field, value) in &mut draft.fields {
        if known.and_then(|known| known.get(field)) == Some(value) {
            continue;
        }
        let record = Kind::Contact.record();
        let Some(at) = record.field(field) else {
            return Err(OpError::UnknownField { name: (*field).to_owned(), nearest: None });
        };
        if let Value::Text(text) = draft::scalar(field, record.fields[at].ty, value)? {
            *value = text;
        }
    }
    for date in draft.dates.iter_mut().filter(|date| known.is_none_or(|known| !known.dates.contains(date))) {
        match parse_date(&date.label, &date.date) {
            Ok(read) => date.date = read,
            Err(_) if warned => {}
            Err(error) => return Err(error),
        }
    }
    complete(draft);
    let nameless = draft.get("name").is_none()
        && draft.get("nickname").is_none()
        && draft.company.trim().is_empty()
        && draft.methods.is_empty();
    if nameless { Err(OpError::Nameless) } else { Ok(()) }
}

pub(super) fn parse_date(field: &str, text: &str) -> Result<String> {
    when::parse_date(text, None).ok_or_else(|| OpError::BadValue {
        field: field.to_owned(),
        value: text.to_owned(),
        expected: "date".to_owned(),
    })
}

/// Makes a contact from a checked draft.
pub(super) fn add(tx: &mut Tx<'_>, draft: &ContactDraft) -> Result<i64> {
    for (key, value) in &draft.values {
        super::fields::check_value(tx.conn(), key, value)?;
    }
    let mut new = draft::record(draft.clone());
    if draft.kind == "company" {
        let name = draft.get("name").unwrap_or_default();
        if let Some(id) = draft::company_named(tx.conn(), name)? {
            let implied: bool =
                tx.conn().query_row("select implied is not null from contact where id=?1", [id], |row| {
                    row.get(0)
                })?;
            if !implied {
                return Err(OpError::Exists { kind: "company", name: name.to_owned() });
            }
            explicit(tx, id)?;
            super::edit::fill(tx, id, draft)?;
            return Ok(id);
        }
        if new.id == NewId::Derived
            && sql::id_of(tx.conn(), Kind::Contact, &named_v8(&tx.book(), "contact", name))?.is_none()
        {
            new.id = NewId::Named(name.to_owned());
        }
    }
    if let NewId::Given(Gid::Uid(uid)) = &new.id
        && (sql::id_of(tx.conn(), Kind::Contact, uid)?.is_some() || tx.is_erased(Kind::Contact, uid)?)
    {
        new.id = NewId::Derived;
    }
    draft::settle(tx, &mut new)?;
    Ok(tx.create(new)?.id)
}

/// What a contact owns of a kind, those that were merged into it included.
pub(super) fn owned(tx: &Tx<'_>, id: i64, kind: Kind) -> Result<Vec<read::Raw>> {
    Ok(read::children(tx.conn(), kind, &read::members(tx.conn(), &[id])?)?)
}
