//! What a list shows of a contact, and the handles that name it.

use super::{Book, Result};
use crate::model::ids::{self, HANDLE_MAX};
use crate::model::schema::Kind;
use crate::store::{hays, lines, read, sql};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;

/// A contact in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Local key; means nothing outside this process.
    #[serde(skip)]
    pub id: i64,
    /// Global id.
    pub uid: String,
    /// What to type for it.
    pub handle: String,
    /// `person` or `company`.
    pub kind: String,
    /// Display name; may be empty.
    pub name: String,
    /// Where they work.
    pub company: String,
    /// Job title.
    pub title: String,
    /// The preferred e-mail, or the first.
    pub email: String,
    /// The preferred phone, or the first.
    pub phone: String,
    /// The last interaction, ms since 1970.
    pub last: Option<i64>,
    /// When it was made, ms since 1970.
    pub created: i64,
    /// When it last changed, ms since 1970.
    pub updated: i64,
    /// Starred.
    pub starred: bool,
    /// Archived.
    pub archived: bool,
    /// How often to keep in touch, as typed; empty if nobody said.
    pub keep_in_touch: String,
}

impl Row {
    /// What to call it: the name, or what else there is.
    pub fn title_name(&self) -> &str {
        [&self.name, &self.company, &self.email, &self.phone]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or(self.handle.as_str(), String::as_str)
    }
}

/// A company in a list.
#[derive(Clone, Debug, Serialize)]
pub struct CompanyRow {
    /// The contact.
    #[serde(flatten)]
    pub row: Row,
    /// How many people work there.
    pub people: usize,
    /// Whether it is there only because someone works there.
    pub implied: bool,
}

/// The fewest letters of a handle that name just this record.
pub(super) fn handle(conn: &Connection, kind: Kind, uid: &[u8; 16]) -> Result<String> {
    let name = kind.record().name;
    let mut letters = 4;
    for (order, side) in [("<", "desc"), (">", "asc")] {
        let sql = format!(
            "select uid from \"{name}\" where substr(uid,9) {order} ?1 order by substr(uid,9) {side} limit 1"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query([&uid[8..]])?;
        if let Some(row) = rows.next()? {
            let other: [u8; 16] = row.get(0)?;
            letters = letters.max(ids::shared_letters(uid, &other) + 1);
        }
    }
    Ok(ids::handle(uid, letters.min(HANDLE_MAX)))
}

/// The records of a kind whose handle begins with `text`, at most two.
pub(super) fn by_handle(conn: &Connection, kind: Kind, text: &str) -> Result<Vec<i64>> {
    let Some((low, high)) = ids::handle_range(text) else { return Ok(Vec::new()) };
    let sql =
        format!("select id from \"{}\" where substr(uid,9) between ?1 and ?2 limit 2", kind.record().name);
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map((&low[..], &high[..]), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Looking one contact up takes as long as unpacking the lines of so many.
const LINES_PER_ROW: usize = 2_500;

/// Fewer rows are looked up, however small the book.
const LINES_MIN: usize = 16;

/// From so many contacts on it is quicker to read the ends of all ids than to look for each one's neighbours.
const MANY: usize = 500;

fn handles(conn: &Connection, wanted: usize) -> Result<Option<ids::Handles>> {
    if wanted < MANY {
        return Ok(None);
    }
    let mut statement = conn.prepare_cached("select uid from contact")?;
    let mut tails = Vec::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        tails.push(ids::tail(row.get_ref(0)?.as_blob().unwrap_or_default()));
    }
    Ok(Some(ids::Handles::new(&tails)))
}

impl Book {
    /// What to type for a contact.
    pub fn handle(&self, id: i64) -> Result<String> {
        let conn = self.reader()?;
        match sql::uid_of(conn, Kind::Contact, id)? {
            Some(uid) => handle(conn, Kind::Contact, &uid),
            None => Ok(String::new()),
        }
    }

    /// The global id of a contact.
    pub fn uid(&self, id: i64) -> Result<String> {
        let uid = sql::uid_of(self.reader()?, Kind::Contact, id)?;
        Ok(uid.map(|uid| ids::Gid::Uid(uid).to_string()).unwrap_or_default())
    }

    /// The lines of a list, in the order of `ids`; keys that name nothing are left out.
    pub fn rows(&self, ids: &[i64]) -> Result<Vec<Row>> {
        let mut all = Vec::with_capacity(ids.len());
        let handles = handles(self.reader()?, ids.len())?;
        for chunk in ids.chunks(8192) {
            self.some_rows(chunk, handles.as_ref(), &mut all)?;
        }
        Ok(all)
    }

    fn some_rows(&self, ids: &[i64], handles: Option<&ids::Handles>, all: &mut Vec<Row>) -> Result<()> {
        let conn = self.reader()?;
        let keys = read::list(ids.iter().copied());
        let mut statement = conn.prepare_cached(&format!(
            "select c.id, c.uid, c.kind, c.name, k.name, c.title, c.last, {}, {}, c.starred, c.archived, \
             c.keep_in_touch, c.preferred_email, c.preferred_phone \
             from contact c left join contact k on k.id=c.company where c.id in (select value from json_each(?1))",
            sql::CREATED,
            sql::UPDATED
        ))?;
        let mut rows = statement.query([&keys])?;
        let mut found: HashMap<i64, Row> = HashMap::with_capacity(ids.len());
        let mut preferred: HashMap<(i64, i64), ()> = HashMap::new();
        while let Some(row) = rows.next()? {
            let text = |at: usize| -> rusqlite::Result<String> {
                Ok(row.get_ref(at)?.as_str_or_null().ok().flatten().unwrap_or_default().to_owned())
            };
            let id: i64 = row.get(0)?;
            let uid: [u8; 16] = row.get(1)?;
            let kind = text(2)?;
            for at in [12, 13] {
                if let Some(n) = row.get::<_, Option<i64>>(at)? {
                    preferred.insert((id, n), ());
                }
            }
            found.insert(
                id,
                Row {
                    id,
                    uid: ids::Gid::Uid(uid).to_string(),
                    handle: match handles {
                        Some(handles) => {
                            let mut text = String::new();
                            handles.push(ids::tail(&uid), &mut text);
                            text
                        }
                        None => handle(conn, Kind::Contact, &uid)?,
                    },
                    kind: if kind.is_empty() { "person".to_owned() } else { kind },
                    name: text(3)?,
                    company: text(4)?,
                    title: text(5)?,
                    last: row.get(6)?,
                    created: row.get::<_, Option<i64>>(7)?.unwrap_or_default(),
                    updated: row.get::<_, Option<i64>>(8)?.unwrap_or_default(),
                    starred: row.get::<_, Option<i64>>(9)?.is_some_and(|on| on != 0),
                    archived: row.get::<_, Option<i64>>(10)?.is_some_and(|on| on != 0),
                    keep_in_touch: text(11)?,
                    ..Row::default()
                },
            );
        }
        let members = read::members(conn, ids)?;
        for method in read::children(conn, Kind::Method, &members)? {
            let Some(row) = found.get_mut(&method.root) else { continue };
            let slot = match method.text("type") {
                "email" => &mut row.email,
                "phone" => &mut row.phone,
                _ => continue,
            };
            if slot.is_empty() || preferred.contains_key(&(method.place.id, method.place.n)) {
                method.text("value").clone_into(slot);
            }
        }
        all.extend(ids.iter().filter_map(|id| found.remove(id)));
        Ok(())
    }

    /// Whether it is quicker to read what lists show of all contacts (`lines`) than to look these up (`rows`).
    pub fn lines_pay(&self, wanted: usize) -> Result<bool> {
        Ok(wanted >= LINES_MIN && hays::at_most(self.reader()?)? / LINES_PER_ROW <= wanted)
    }

    /// What lists show of these contacts, read at once; see `lines_pay`.
    pub fn lines(&self, ids: &[i64]) -> Result<lines::Lines> {
        Ok(lines::Lines::of(self.reader()?, ids)?)
    }

    /// The first lines of the list of all contacts by name, as quick in a large book as in a small one.
    pub fn first_page(&self, limit: usize) -> Result<Vec<Row>> {
        let mut statement = self
            .reader()?
            .prepare_cached("select id from contact where hidden=0 order by sort, id limit ?1")?;
        let ids = statement.query_map([limit as i64], |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
        self.rows(&ids)
    }

    /// The keys of all contacts that lists show, by name.
    pub fn order(&self) -> Result<Vec<i64>> {
        let mut statement =
            self.reader()?.prepare_cached("select id from contact where hidden=0 order by sort, id")?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Companies, those that exist only because someone works there among them, by name.
    pub fn companies(&self, query: Option<&crate::search::query::Query>) -> Result<Vec<CompanyRow>> {
        let conn = self.reader()?;
        let wanted: Option<std::collections::HashSet<i64>> = match query {
            Some(query) => {
                Some(self.find_with(query, &super::Find::default(), true)?.ids.into_iter().collect())
            }
            None => None,
        };
        let mut statement = conn.prepare_cached(
            "select c.id, ifnull(c.implied, 0), (select count(*) from contact p where p.company=c.id and p.hidden in (0, 2)) \
             from contact c where c.hidden in (0, 1) and c.kind='company' order by c.sort, c.id",
        )?;
        let found =
            statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? != 0, row.get(2)?)))?;
        let found: Vec<(i64, bool, i64)> = found.collect::<rusqlite::Result<_>>()?;
        let found: Vec<_> = found
            .into_iter()
            .filter(|(id, ..)| wanted.as_ref().is_none_or(|wanted| wanted.contains(id)))
            .collect();
        let ids: Vec<i64> = found.iter().map(|(id, ..)| *id).collect();
        let rows = self.rows(&ids)?;
        Ok(rows
            .into_iter()
            .zip(found)
            .map(|(row, (_, implied, people))| CompanyRow { row, people: people.max(0) as usize, implied })
            .collect())
    }

    /// Who works at a company, by name.
    pub fn people_of(&self, company: i64) -> Result<Vec<Row>> {
        let mut statement = self.reader()?.prepare_cached(
            "select id from contact where company=?1 and hidden in (0, 2) order by sort, id",
        )?;
        let ids = statement.query_map([company], |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
        self.rows(&ids)
    }
}
