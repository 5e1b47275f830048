//! Records that are no contacts, from the JSON lines of a whole book.

use super::super::Result;
use crate::exchange::Reason;
use crate::model::edit::{New, NewId, read_new};
use crate::model::ids::{Gid, named_v8};
use crate::model::schema::{Key, Kind, Type};
use crate::model::value::Value;
use crate::store::{Tx, sql};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Takes records in, and knows which contact of this book each contact of the file is.
#[derive(Default)]
pub(super) struct Records {
    /// The file's id of a contact -> this book's, where they differ.
    same: HashMap<[u8; 16], Gid>,
    /// What refers to something that has not come yet.
    waiting: Vec<(Kind, Option<Gid>, New)>,
}

impl Records {
    /// The contact with this id in the file is this one.
    pub(super) fn same(&mut self, id: Option<&str>, tx: &Tx<'_>, contact: i64) -> Result<()> {
        if let Some(Gid::Uid(uid)) = id.and_then(Gid::parse)
            && let Some(own) = sql::uid_of(tx.conn(), Kind::Contact, contact)?
            && own != uid
        {
            self.same.insert(uid, Gid::Uid(own));
        }
        Ok(())
    }

    /// The contact of this book that a file's id names.
    pub(super) fn contact(&self, tx: &Tx<'_>, id: &str) -> Result<Option<Gid>> {
        let Some(Gid::Uid(uid)) = Gid::parse(id) else { return Ok(None) };
        if let Some(own) = self.same.get(&uid) {
            return Ok(Some(*own));
        }
        Ok(sql::id_of(tx.conn(), Kind::Contact, &uid)?.map(|_| Gid::Uid(uid)))
    }

    /// Takes one record; true if it was not there yet.
    pub(super) fn take(
        &mut self,
        tx: &mut Tx<'_>,
        map: &Map<String, Json>,
    ) -> Result<std::result::Result<bool, Reason>> {
        let name = map.get("record").and_then(Json::as_str).unwrap_or_default();
        let wrong = |key: &str, expected| Ok(Err(Reason::WrongType { key: key.to_owned(), expected }));
        let Some(kind) = Kind::named(name) else {
            return wrong("record", "a kind of record that this version knows");
        };
        let mut new = match read_new(kind, map) {
            Ok(new) => new,
            Err(_) => return wrong(name, "the fields of such a record"),
        };
        let owner = match kind.record().key {
            Key::Top => None,
            Key::Child(..) => {
                let of = map.get("of").and_then(Json::as_str).unwrap_or_default();
                match self.contact(tx, of)? {
                    Some(owner) => Some(owner),
                    None => return wrong("of", "the id of a contact that is there"),
                }
            }
        };
        if let (NewId::Given(Gid::Uid(uid)), Key::Top) = (&new.id, kind.record().key)
            && sql::id_of(tx.conn(), kind, uid)?.is_some()
        {
            return Ok(Ok(false));
        }
        if let Some(column) = match kind {
            Kind::Tag => Some("name"),
            Kind::Field | Kind::Setting => Some("key"),
            _ => None,
        } {
            let text = new.get(column).and_then(Value::as_text).unwrap_or_default().to_owned();
            if super::super::draft::named(tx.conn(), kind, column, &text)?.is_some() {
                return Ok(Ok(false));
            }
            new.id = id_of(tx, kind, &new, text)?;
        }
        if let Key::Child(..) = kind.record().key {
            new.id = NewId::Derived;
            if self.child_there(tx, kind, owner, &new)? {
                return Ok(Ok(false));
            }
        }
        for child in &mut new.children {
            child.id = NewId::Derived;
        }
        if self.resolve(tx, &mut new)? {
            self.put(tx, owner, new)?;
        } else {
            self.waiting.push((kind, owner, new));
        }
        Ok(Ok(true))
    }

    fn put(&self, tx: &mut Tx<'_>, owner: Option<Gid>, new: New) -> Result<()> {
        match owner {
            Some(owner) => tx.create_under(owner, new)?,
            None => tx.create(new)?,
        };
        Ok(())
    }

    /// Whether a contact has a child with these very fields.
    fn child_there(&self, tx: &Tx<'_>, kind: Kind, owner: Option<Gid>, new: &New) -> Result<bool> {
        let Some(Gid::Uid(uid)) = owner else { return Ok(false) };
        let Some(id) = sql::id_of(tx.conn(), Kind::Contact, &uid)? else { return Ok(false) };
        let record = kind.record();
        let text = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_owned();
        Ok(super::super::contacts::owned(tx, id, kind)?.iter().any(|raw| {
            let texts = record.fields.iter().filter(|field| !matches!(field.ty, Type::Ref(_)));
            texts
                .filter(|field| !matches!(field.ty, Type::Instant | Type::Int | Type::Position))
                .all(|field| raw.text(field.name) == text(new.get(field.name)))
        }))
    }

    /// Points references at this book's records; false if one is not there (yet).
    fn resolve(&self, tx: &Tx<'_>, new: &mut New) -> Result<bool> {
        let mut all = true;
        let record = new.kind.record();
        for (at, value) in &mut new.fields {
            if let (Type::Ref(kind), Value::Ref(Gid::Uid(uid))) = (record.fields[*at].ty, &*value) {
                let own = if kind == Kind::Contact { self.same.get(uid).copied() } else { None };
                if let Some(own) = own {
                    *value = Value::Ref(own);
                } else if sql::id_of(tx.conn(), kind, uid)?.is_none() {
                    all = false;
                }
            }
        }
        for child in &mut new.children {
            all &= self.resolve(tx, child)?;
        }
        Ok(all)
    }

    /// Takes in what waited; what still refers to nothing comes without that reference. Returns the ids that are nowhere.
    pub(super) fn finish(&mut self, tx: &mut Tx<'_>) -> Result<Vec<String>> {
        let mut dangling = Vec::new();
        let mut waiting = std::mem::take(&mut self.waiting);
        loop {
            let before = waiting.len();
            let mut still = Vec::new();
            for (kind, owner, mut new) in waiting {
                if self.resolve(tx, &mut new)? {
                    self.put(tx, owner, new)?;
                } else {
                    still.push((kind, owner, new));
                }
            }
            waiting = still;
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
        for (_, owner, mut new) in waiting {
            cut(tx, &mut new, &mut dangling)?;
            self.put(tx, owner, new)?;
        }
        Ok(dangling)
    }
}

/// Where a record that has a name gets its id from. A tag and a field keep the one that they came with; one that this book
/// would have made itself, and that of a setting, which must be the same on every device, is made from the name.
fn id_of(tx: &Tx<'_>, kind: Kind, new: &New, name: String) -> Result<NewId> {
    Ok(match &new.id {
        NewId::Given(Gid::Uid(uid))
            if kind != Kind::Setting
                && *uid != named_v8(&tx.book(), kind.record().name, &name)
                && sql::id_of(tx.conn(), kind, uid)?.is_none()
                && !tx.is_erased(kind, uid)? =>
        {
            new.id.clone()
        }
        _ => NewId::Named(name),
    })
}

fn cut(tx: &Tx<'_>, new: &mut New, dangling: &mut Vec<String>) -> Result<()> {
    let record = new.kind.record();
    let mut kept = Vec::new();
    for (at, value) in new.fields.drain(..) {
        if let (Type::Ref(kind), Value::Ref(gid)) = (record.fields[at].ty, &value)
            && sql::place_of(tx.conn(), kind, gid, None)?.is_none()
        {
            dangling.push(gid.to_string());
            continue;
        }
        kept.push((at, value));
    }
    new.fields = kept;
    for child in &mut new.children {
        cut(tx, child, dangling)?;
    }
    new.children.retain(|child| child.kind != Kind::Participant || child.get("contact").is_some());
    Ok(())
}
