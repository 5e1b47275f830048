//! Deals: reading them. Imports bring them.

use super::rows::{by_handle, handle};
use super::view::instant;
use super::{Book, Candidates, OpError, Result};
use crate::model::ids::Gid;
use crate::model::schema::Kind;
use crate::model::value::format_decimal;
use crate::store::{read, sql};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Somebody in a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct DealPerson {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
}

/// A deal as faces see it. Empty values are left out of the JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Deal {
    /// Its local key.
    #[serde(skip)]
    pub key: i64,
    pub id: String,
    #[serde(skip)]
    pub handle: String,
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
    /// With a point.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub amount: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub currency: String,
    /// In percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expected_close: String,
    /// RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub closed: String,
    pub won: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<DealPerson>,
    pub contacts: Vec<DealPerson>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub system: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub external_id: String,
    /// What an import brought and no field holds, by the names of its columns.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extras: Map<String, Json>,
}

/// What `extras` of a record holds: pairs of name and value.
fn extras(text: &str) -> Map<String, Json> {
    let pairs: Vec<(String, String)> = serde_json::from_str(text).unwrap_or_default();
    pairs.into_iter().map(|(name, value)| (name, value.into())).collect()
}

impl Book {
    /// Deals by the day that they are expected to close, open ones first; of a contact or a company, if given.
    pub fn deals(&self, of: Option<i64>) -> Result<Vec<Deal>> {
        let conn = self.reader()?;
        let about = match of {
            None => "?1 is null",
            Some(_) => {
                "d.id in (select m.deal from member m join contact k on k.id=m.contact where k.root=?1 and \
                 m.deleted is null and m.deal is not null union select x.id from deal x join contact k on k.id=x.company \
                 where k.root=?1)"
            }
        };
        let mut statement = conn.prepare_cached(&format!(
            "select d.id from deal d where d.deleted is null and {about} \
             order by d.closed is not null, ifnull(d.expected_close, '9'), d.title, d.id"
        ))?;
        let found = statement.query_map([of], |row| row.get(0))?;
        let ids: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
        let mut deals = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            deals.extend(self.some_deals(chunk)?);
        }
        Ok(deals)
    }

    fn some_deals(&self, ids: &[i64]) -> Result<Vec<Deal>> {
        let conn = self.reader()?;
        let keys = read::list(ids.iter().copied());
        let tops = read::tops(conn, Kind::Deal, &keys)?;
        let mut statement = conn.prepare_cached(
            "select m.deal, k.root, ifnull(m.role, '') from member m join contact k on k.id=m.contact \
             where m.deleted is null and m.deal in (select value from json_each(?1)) order by m.deal, k.root, m.n",
        )?;
        let rows = statement.query_map([&keys], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let members: Vec<(i64, i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
        let mut people: HashMap<i64, (String, String)> = HashMap::new();
        let wanted =
            tops.iter().filter_map(|raw| raw.int("company")).chain(members.iter().map(|(_, who, _)| *who));
        let mut statement = conn.prepare_cached(
            "select c.id, r.uid, ifnull(r.name, '') from contact c join contact r on r.id=c.root \
             where c.id in (select value from json_each(?1))",
        )?;
        let mut rows = statement.query([read::list(wanted)])?;
        while let Some(row) = rows.next()? {
            let uid: [u8; 16] = row.get(1)?;
            people.insert(row.get(0)?, (Gid::Uid(uid).to_string(), row.get(2)?));
        }
        let person = |key: i64, role: &str| {
            let (id, name) = people.get(&key).cloned().unwrap_or_default();
            DealPerson { id, name, role: role.to_owned() }
        };
        let mut found: HashMap<i64, Deal> = HashMap::new();
        for raw in tops {
            let key = raw.place.id;
            let text = |field: &str| raw.text(field).to_owned();
            let uid = sql::uid_of(conn, Kind::Deal, key)?.unwrap_or_default();
            let own = members.iter().filter(|(deal, ..)| *deal == key);
            let deal = Deal {
                key,
                id: Gid::Uid(uid).to_string(),
                handle: handle(conn, Kind::Deal, &uid)?,
                title: text("title"),
                stage: text("stage"),
                amount: raw.int("amount").map(format_decimal).unwrap_or_default(),
                currency: text("currency"),
                probability: raw.int("probability"),
                expected_close: text("expected_close"),
                closed: raw.int("closed").map(instant).unwrap_or_default(),
                won: raw.int("won").is_some_and(|on| on != 0),
                company: raw.int("company").map(|company| person(company, "")),
                contacts: own.map(|(_, who, role)| person(*who, role)).collect(),
                owner: text("owner"),
                note: text("note"),
                system: text("system"),
                external_id: text("external_id"),
                extras: extras(raw.text("extras")),
            };
            found.insert(key, deal);
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The deal with this handle, id or title.
    pub fn deal(&self, who: &str) -> Result<Deal> {
        let conn = self.reader()?;
        let who = who.trim();
        let mut statement = conn
            .prepare_cached("select id from deal where deleted is null and fold(title)=fold(?1) limit 2")?;
        let named = statement.query_map([who], |row| row.get(0))?;
        let mut found: Vec<i64> = named.collect::<rusqlite::Result<_>>()?;
        if found.is_empty() {
            found = match Gid::parse(who) {
                Some(Gid::Uid(uid)) => sql::id_of(conn, Kind::Deal, &uid)?.into_iter().collect(),
                _ => by_handle(conn, Kind::Deal, who)?,
            };
        }
        let missing = || OpError::NotFound { who: who.to_owned(), kind: "deal" };
        match found[..] {
            [id] => self.some_deals(&[id])?.pop().ok_or_else(missing),
            [] => Err(missing()),
            _ => Err(OpError::Ambiguous { who: who.to_owned(), candidates: Candidates::default() }),
        }
    }
}
