//! The companies, tags and custom fields that rows name.

use super::super::{Result, draft};
use crate::model::edit::{New, NewId};
use crate::model::ids::{Gid, named_key, named_v8};
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::derive::Prepared;
use crate::store::{Tx, sql};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Companies, tags and fields that rows name: each is looked up, or made, once.
pub(super) struct Names {
    /// As written -> as the rows refer to it.
    pub(super) known: [HashMap<String, Value>; 3],
    pub(super) by_key: HashMap<(Kind, String), Value>,
    /// Names of companies by id.
    pub(super) called: HashMap<Gid, String>,
    /// There was no company when the import began.
    pub(super) no_companies: bool,
}

/// More names than this are looked up again.
const NAMES_MAX: usize = 200_000;

impl Names {
    pub(super) fn get(&mut self, tx: &mut Tx<'_>, kind: Kind, name: &str) -> Result<Value> {
        let slot = match kind {
            Kind::Tag => 0,
            Kind::Field => 1,
            _ => 2,
        };
        if let Some(value) = self.known[slot].get(name) {
            return Ok(value.clone());
        }
        let key = (kind, named_key(name));
        let value = match self.by_key.get(&key) {
            Some(value) => value.clone(),
            None => match kind {
                Kind::Tag => draft::tag(tx, name)?,
                Kind::Field => draft::field(tx, name)?,
                _ if self.no_companies => self.company(tx, name)?,
                _ => draft::company(tx, name)?,
            },
        };
        if self.known[slot].len() > NAMES_MAX {
            self.known[slot].clear();
        }
        self.by_key.insert(key, value.clone());
        self.known[slot].insert(name.to_owned(), value.clone());
        Ok(value)
    }

    /// What the company that a row names is called, which may differ in case from how the row writes it.
    pub(super) fn shown<'n>(&'n mut self, tx: &Tx<'_>, company: &'n Value) -> Result<&'n str> {
        let gid = match company {
            Value::Named(name) => return Ok(name),
            Value::Ref(gid) => *gid,
            _ => return Ok(""),
        };
        if self.called.len() > NAMES_MAX {
            self.called.clear();
        }
        Ok(match self.called.entry(gid) {
            Entry::Occupied(name) => name.into_mut(),
            Entry::Vacant(place) => {
                let sql = "select ifnull(name, '') from contact where substr(uid,9)=?1 and uid=?2";
                let uid = if let Gid::Uid(uid) = gid { uid } else { [0; 16] };
                let mut statement = tx.conn().prepare_cached(sql)?;
                let mut rows = statement.query((&uid[8..], &uid[..]))?;
                place.insert(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or_default())
            }
        })
    }

    /// Rows that name this company from now on mean the one that was just made, whatever its id.
    pub(super) fn remember(&mut self, tx: &Tx<'_>, id: i64, name: &str) -> Result<()> {
        let uid = sql::uid_of(tx.conn(), Kind::Contact, id)?.unwrap_or_default();
        let value = if uid == named_v8(&tx.book(), Kind::Contact.record().name, name) {
            Value::Named(name.to_owned())
        } else {
            Value::Ref(Gid::Uid(uid))
        };
        self.by_key.entry((Kind::Contact, named_key(name))).or_insert(value);
        Ok(())
    }

    /// An implied company where none of that name can be.
    fn company(&mut self, tx: &mut Tx<'_>, name: &str) -> Result<Value> {
        let new = New::of(Kind::Contact)
            .with_id(NewId::Named(name.to_owned()))
            .with("kind", Value::text("company"))
            .with("name", Value::text(name))
            .with("implied", Value::flag(true));
        tx.push_prepared(&Prepared::new(new, None, Vec::new()))?;
        Ok(Value::Named(name.to_owned()))
    }
}
