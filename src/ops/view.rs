//! Contacts with all that they own, as faces and exports see them: few by their keys, many by spans of keys on all cores.

mod order;

use self::order::{Place, in_order, once};
use super::{Book, OpError, Result};
use crate::exchange::json::{
    AddressOut, CompanyOut, ConsentOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut,
};
use crate::model::ids::Gid;
use crate::model::schema::Kind;
use crate::store::read::Made;
use crate::store::{read, sql};
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, Row};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// An instant as RFC 3339 in UTC.
pub(super) fn instant(millis: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(millis)
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        .unwrap_or_default()
}

/// From so many contacts on several connections read.
const MANY: usize = 4_096;
/// How many are read together.
const CHUNK: usize = 1_024;
/// Chunks that may wait to be taken.
const WAITING: usize = 4;
/// A span of keys in which fewer than one of so many are wanted is read key by key.
const SPARSE: i64 = 8;

impl Book {
    /// Everything about one contact but its timeline.
    pub fn contact(&self, id: i64) -> Result<ContactOut> {
        let mut found = None;
        self.contacts(&[id], &mut |out| {
            found = Some(out);
            Ok(())
        })?;
        found.ok_or_else(|| OpError::NotFound { who: id.to_string(), kind: "contact" })
    }

    /// Everything about many contacts, in the order of `ids`.
    pub fn contacts(&self, ids: &[i64], each: &mut dyn FnMut(ContactOut) -> Result<()>) -> Result<()> {
        self.contact_chunks(ids, |outs| outs, &mut |outs: Vec<ContactOut>| {
            outs.into_iter().try_for_each(&mut *each)
        })
    }

    /// The same, some contacts at a time: `work` is done to each chunk on a thread of its own, and what comes of it is
    /// handed to `each` in order.
    pub fn contact_chunks<T: Send>(
        &self,
        ids: &[i64],
        work: impl Fn(Vec<ContactOut>) -> T + Sync,
        each: &mut dyn FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let conn = self.reader()?;
        let shared = Shared::new(conn, ids.len() >= MANY)?;
        let threads = thread::available_parallelism().map_or(1, usize::from).min(4);
        if ids.len() < MANY || threads < 2 || conn.path().is_none_or(str::is_empty) {
            for chunk in ids.chunks(CHUNK) {
                each(work(some(conn, &shared, chunk)?))?;
            }
            return Ok(());
        }
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (work, shared, next, stop) = (&work, &shared, &next, &stop);
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel(WAITING);
            for _ in 0..threads {
                let book = self.reopen()?;
                let sender = sender.clone();
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(chunk) = ids.chunks(CHUNK).nth(number) else { break };
                        let done = book.reader().and_then(|conn| some(conn, shared, chunk)).map(work);
                        if sender.send((number, done)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let (mut turn, mut early) = (0, BTreeMap::new());
            let take = || -> Result<()> {
                for (number, done) in receiver {
                    early.insert(number, done);
                    while let Some(done) = early.remove(&turn) {
                        turn += 1;
                        each(done?)?;
                    }
                }
                Ok(())
            };
            let done = take();
            // The receiver is gone by now, so nobody waits to send.
            stop.store(true, Ordering::Relaxed);
            done
        })
    }
}

/// Everything about one contact, as this connection sees it: within a transaction, too.
pub(super) fn contact_in(conn: &Connection, id: i64) -> Result<ContactOut> {
    let missing = || OpError::NotFound { who: id.to_string(), kind: "contact" };
    some(conn, &Shared::new(conn, false)?, &[id])?.pop().ok_or_else(missing)
}

/// What contacts refer to by local key.
struct Shared {
    tags: HashMap<i64, String>,
    /// Key and type.
    fields: HashMap<i64, (String, String)>,
    /// Id and name of companies, if many contacts are wanted.
    companies: HashMap<i64, (String, String)>,
    /// Root -> those that were merged into it.
    members: HashMap<i64, Vec<i64>>,
    /// Member -> root.
    roots: HashMap<i64, i64>,
}

impl Shared {
    fn new(conn: &Connection, many: bool) -> Result<Self> {
        let pairs = |sql: &str| -> Result<Vec<(i64, String, String)>> {
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        let tags = pairs("select id, ifnull(name, ''), '' from tag")?;
        let fields = pairs("select id, ifnull(key, ''), ifnull(type, '') from field")?;
        let mut roots = HashMap::new();
        let mut members: HashMap<i64, Vec<i64>> = HashMap::new();
        // Ordered, it would read every contact instead of the index of the few.
        let mut statement = conn.prepare_cached("select id, root from contact where root<>id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, root) = (row.get(0)?, row.get(1)?);
            roots.insert(id, root);
            members.entry(root).or_default().push(id);
        }
        members.values_mut().for_each(|members| members.sort_unstable());
        let mut companies = HashMap::new();
        if many {
            let mut statement = conn.prepare_cached(
                "select c.id, r.uid, ifnull(r.name, '') from contact c join contact r on r.id=c.root where c.kind='company'",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                companies.insert(row.get(0)?, (uuid(row, 1)?, row.get(2)?));
            }
        }
        Ok(Self {
            tags: tags.into_iter().map(|(id, name, _)| (id, name)).collect(),
            fields: fields.into_iter().map(|(id, key, kind)| (id, (key, kind))).collect(),
            companies,
            members,
            roots,
        })
    }

    /// Id and name of a contact.
    fn named(&self, conn: &Connection, id: i64) -> Result<(String, String)> {
        if let Some(found) = self.companies.get(&id) {
            return Ok(found.clone());
        }
        let mut statement = conn.prepare_cached(
            "select r.uid, ifnull(r.name, '') from contact c join contact r on r.id=c.root where c.id=?1",
        )?;
        let mut rows = statement.query([id])?;
        Ok(match rows.next()? {
            Some(row) => (uuid(row, 0)?, row.get(1)?),
            None => Default::default(),
        })
    }
}

fn uuid(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    row.get::<_, [u8; 16]>(at).map(|uid| Gid::Uid(uid).to_string())
}

/// Text of a column; empty if there is none.
fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(row.get_ref(at)?.as_str_or_null().ok().flatten().unwrap_or_default().to_owned())
}

/// Which rows of a table are read.
enum Which {
    /// From one key to another.
    Span(i64, i64),
    /// A JSON array of keys.
    List(String),
}

impl Which {
    /// Calls `take` with each row of `select` (which has a condition already) whose `column` is among the keys, in order of the keys.
    fn each(
        &self,
        conn: &Connection,
        select: &str,
        (column, order): (&str, &str),
        mut take: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let condition = match self {
            Self::Span(..) => "between ?1 and ?2",
            Self::List(_) => "in (select value from json_each(?1))",
        };
        let sql = format!("{select} and {column} {condition} order by {column}{order}");
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = match self {
            Self::Span(low, high) => statement.query((low, high))?,
            Self::List(list) => statement.query([list])?,
        };
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }
}

/// Contacts that are being put together.
struct Making<'a> {
    conn: &'a Connection,
    shared: &'a Shared,
    /// Keys in order, and where each one's contact is among `outs`.
    places: Vec<(i64, usize)>,
    outs: Vec<Option<ContactOut>>,
    /// The numbers of the preferred e-mail and phone.
    preferred: Vec<[Option<i64>; 2]>,
}

fn some(conn: &Connection, shared: &Shared, ids: &[i64]) -> Result<Vec<ContactOut>> {
    let (Some(low), Some(high)) = (ids.iter().min().copied(), ids.iter().max().copied()) else {
        return Ok(Vec::new());
    };
    let mut places: Vec<(i64, usize)> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    places.sort_unstable();
    let outs = ids.iter().map(|_| None).collect();
    let mut making = Making { conn, shared, places, outs, preferred: vec![[None; 2]; ids.len()] };
    let dense = ids.len() > 64 && high.saturating_sub(low) / SPARSE < ids.len() as i64;
    let which = if dense { Which::Span(low, high) } else { Which::List(read::list(ids.iter().copied())) };
    making.contacts(&which)?;
    making.children(&which, false)?;
    if !shared.members.is_empty() {
        let members: Vec<i64> =
            ids.iter().filter_map(|id| shared.members.get(id)).flatten().copied().collect();
        if !members.is_empty() {
            making.children(&Which::List(read::list(members)), true)?;
        }
    }
    let finished = |mut out: ContactOut| {
        out.tags.sort_by_cached_key(|tag| crate::text::fold(tag));
        out.tags.dedup();
        out
    };
    Ok(making.outs.into_iter().flatten().map(finished).collect())
}

impl Making<'_> {
    /// Where a contact is, if it is wanted. `merged`: only those that were merged into one that is.
    fn place(&self, id: i64, merged: bool) -> Option<usize> {
        let key = match (merged, self.shared.roots.get(&id)) {
            (false, None) => id,
            (true, Some(root)) => *root,
            _ => return None,
        };
        self.places.binary_search_by_key(&key, |(id, _)| *id).ok().map(|at| self.places[at].1)
    }

    fn contacts(&mut self, which: &Which) -> Result<()> {
        let record = Kind::Contact.record();
        let names: Vec<String> =
            record.fields.iter().map(|field| format!(", c.\"{}\"", field.name)).collect();
        let select = format!(
            "select c.id, c.uid, {}, {}, c.last, c.deleted is not null{} from contact c where true",
            sql::CREATED,
            sql::UPDATED,
            names.concat()
        );
        let field = |name: &str| record.field(name).map_or(0, |at| at + FIRST);
        let (starred, archived, implied) = (field("starred"), field("archived"), field("implied"));
        let (company, preferred) = (field("company"), [field("preferred_email"), field("preferred_phone")]);
        const FIRST: usize = 6;
        let mut near = (i64::MIN, String::new());
        which.each(self.conn, &select, ("c.id", ""), |row| {
            let id = row.get(0)?;
            let Ok(at) = self.places.binary_search_by_key(&id, |(id, _)| *id) else { return Ok(()) };
            let at = self.places[at].1;
            let mut out = ContactOut { id: uuid(row, 1)?, deleted: row.get(5)?, ..ContactOut::default() };
            let (created, updated): (i64, i64) = (row.get(2)?, row.get(3)?);
            // An import makes many at the same time.
            for (slot, millis) in [(&mut out.created, created), (&mut out.updated, updated)] {
                if near.0 != millis {
                    near = (millis, instant(millis));
                }
                slot.clone_from(&near.1);
            }
            out.last = row.get::<_, Option<i64>>(4)?.map(instant).unwrap_or_default();
            for (index, field) in record.fields.iter().enumerate() {
                if let Ok(Some(value)) = row.get_ref(FIRST + index)?.as_str_or_null()
                    && let Some(slot) = out.text_mut(field.name)
                {
                    value.clone_into(slot);
                }
            }
            if out.kind.is_empty() {
                "person".clone_into(&mut out.kind);
            }
            let flag = |at: usize| row.get::<_, Option<i64>>(at).map(|on| on.is_some_and(|on| on != 0));
            (out.starred, out.archived, out.implied) = (flag(starred)?, flag(archived)?, flag(implied)?);
            if let Some(company) = row.get::<_, Option<i64>>(company)? {
                let (id, name) = self.shared.named(self.conn, company)?;
                out.company = (!id.is_empty()).then_some(CompanyOut { id, name });
            }
            self.preferred[at] = [row.get(preferred[0])?, row.get(preferred[1])?];
            self.outs[at] = Some(out);
            Ok(())
        })
    }

    /// What belongs to contacts, in the order that people see: by position, then as it was made.
    fn children(&mut self, which: &Which, merged: bool) -> Result<()> {
        self.methods(which, merged)?;
        self.addresses(which, merged)?;
        let (conn, shared) = (self.conn, self.shared);
        let dates = "label, date, calendar from date";
        self.each(
            which,
            merged,
            dates,
            |row| {
                Ok(DateOut {
                    label: text(row, MADE)?,
                    date: text(row, MADE + 1)?,
                    calendar: text(row, MADE + 2)?,
                })
            },
            |out, date| {
                if date.label == "birthday" && date.calendar.is_empty() && out.birthday.is_empty() {
                    out.birthday = date.date;
                } else {
                    out.dates.push(date);
                }
            },
        )?;
        self.each(
            which,
            merged,
            "tag from tagging",
            |row| Ok(row.get::<_, Option<i64>>(MADE)?),
            |out, tag| {
                out.tags.extend(tag.and_then(|tag| shared.tags.get(&tag)).cloned());
            },
        )?;
        self.each(
            which,
            merged,
            "field, value from value",
            |row| {
                let field = row.get::<_, Option<i64>>(MADE)?.and_then(|field| shared.fields.get(&field));
                field.map(|(key, kind)| Ok((key, typed(kind, &text(row, MADE + 1)?)))).transpose()
            },
            |out, value| {
                // Of two that devices gave it at once the later one is shown.
                out.fields.extend(value.map(|(key, value)| (key.clone(), value)));
            },
        )?;
        self.each(
            which,
            merged,
            "relation, \"to\", name from link",
            |row| {
                let to: Option<i64> = row.get(MADE + 1)?;
                let (id, name) = to.map(|to| shared.named(conn, to)).transpose()?.unwrap_or_default();
                let name = if name.is_empty() { text(row, MADE + 2)? } else { name };
                Ok(LinkOut { relation: text(row, MADE)?, id, name })
            },
            |out, link| out.links.push(link),
        )?;
        self.each(
            which,
            merged,
            "source, name, params, value from extra",
            |row| {
                Ok(ExtraOut {
                    source: text(row, MADE)?,
                    name: text(row, MADE + 1)?,
                    params: text(row, MADE + 2)?,
                    value: text(row, MADE + 3)?,
                })
            },
            |out, extra| out.extras.push(extra),
        )?;
        let consents = "purpose, channel, status, basis, at, expires, evidence from consent";
        self.each(
            which,
            merged,
            consents,
            |row| {
                Ok(ConsentOut {
                    purpose: text(row, MADE)?,
                    channel: text(row, MADE + 1)?,
                    status: text(row, MADE + 2)?,
                    basis: text(row, MADE + 3)?,
                    at: row.get::<_, Option<i64>>(MADE + 4)?.map(instant).unwrap_or_default(),
                    expires: text(row, MADE + 5)?,
                    evidence: text(row, MADE + 6)?,
                })
            },
            |out, consent| out.consents.push(consent),
        )?;
        let select =
            "select contact, due from task where done is null and deleted is null and due is not null";
        // The table is in no order of contacts; it is small, or there is an index.
        which.each(conn, select, ("contact", ", due"), |row| {
            let id = row.get(0)?;
            let at = self.place(id, merged);
            if let Some(out) = at.and_then(|at| self.outs[at].as_mut()) {
                let due = text(row, 1)?;
                if out.next.is_empty() || due < out.next {
                    out.next = due;
                }
            }
            Ok(())
        })
    }

    /// Reads what contacts own (`columns_from`: columns and table) and puts it to them in the order in which it was made, which is
    /// the same on every device.
    fn each<T: PartialEq>(
        &mut self,
        which: &Which,
        merged: bool,
        columns_from: &str,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
        mut put: impl FnMut(&mut ContactOut, T),
    ) -> Result<()> {
        let select = format!("select contact, tx, i, {columns_from} where deleted is null");
        let mut found: Vec<(Place, T)> = Vec::new();
        which.each(self.conn, &select, ("contact", ", n"), |row| {
            let Some(at) = self.place(row.get(0)?, merged) else { return Ok(()) };
            let made = Made { tx: row.get(1)?, i: row.get(2)? };
            found.push((Place { at, position: None, made }, read(row)?));
            Ok(())
        })?;
        in_order(self.conn, &mut found)?;
        once(&mut found, |kept, again| kept == again);
        for (place, one) in found {
            if let Some(out) = &mut self.outs[place.at] {
                put(out, one);
            }
        }
        Ok(())
    }

    fn methods(&mut self, which: &Which, merged: bool) -> Result<()> {
        let select = "select contact, n, type, service, label, value, norm, position, tx, i from method where deleted is null";
        let mut found: Vec<(Place, (Kindred, MethodOut))> = Vec::new();
        which.each(self.conn, select, ("contact", ", n"), |row| {
            let Some(at) = self.place(row.get(0)?, merged) else { return Ok(()) };
            let kind = Kindred::of(row.get_ref(2)?.as_str_or_null().ok().flatten().unwrap_or_default());
            let n = Some(row.get::<_, i64>(1)?);
            let preferred = match kind {
                Kindred::Email => self.preferred[at][0] == n,
                Kindred::Phone => self.preferred[at][1] == n,
                _ => false,
            };
            let normal = if kind == Kindred::Phone { text(row, 6)? } else { String::new() };
            let method = MethodOut {
                value: text(row, 5)?,
                label: text(row, 4)?,
                preferred: preferred && !merged,
                service: text(row, 3)?,
                normal,
            };
            let made = Made { tx: row.get(8)?, i: row.get(9)? };
            found.push((Place { at, position: row.get(7)?, made }, (kind, method)));
            Ok(())
        })?;
        in_order(self.conn, &mut found)?;
        once(&mut found, |(kind, kept), (other, again)| {
            let same = kind == other
                && (&kept.value, &kept.label, &kept.service) == (&again.value, &again.label, &again.service);
            kept.preferred |= same && again.preferred;
            same
        });
        for (place, (kind, method)) in found {
            let Some(out) = &mut self.outs[place.at] else { continue };
            match kind {
                Kindred::Email => out.emails.push(method),
                Kindred::Phone => out.phones.push(method),
                Kindred::Url => out.urls.push(method),
                Kindred::Im => out.ims.push(method),
                Kindred::Social => out.socials.push(method),
            }
        }
        Ok(())
    }

    fn addresses(&mut self, which: &Which, merged: bool) -> Result<()> {
        let select = "select contact, position, label, street, extended, po_box, city, region, postcode, country, tx, i \
                      from address where deleted is null";
        let mut found: Vec<(Place, AddressOut)> = Vec::new();
        which.each(self.conn, select, ("contact", ", n"), |row| {
            let Some(at) = self.place(row.get(0)?, merged) else { return Ok(()) };
            let address = AddressOut {
                label: text(row, 2)?,
                street: text(row, 3)?,
                extended: text(row, 4)?,
                po_box: text(row, 5)?,
                city: text(row, 6)?,
                region: text(row, 7)?,
                postcode: text(row, 8)?,
                country: text(row, 9)?,
            };
            let made = Made { tx: row.get(10)?, i: row.get(11)? };
            found.push((Place { at, position: row.get(1)?, made }, address));
            Ok(())
        })?;
        in_order(self.conn, &mut found)?;
        once(&mut found, |kept, again| kept == again);
        for (place, address) in found {
            if let Some(out) = &mut self.outs[place.at] {
                out.addresses.push(address);
            }
        }
        Ok(())
    }
}

/// The first column of what a contact owns; those before it say whose it is and when it was made.
const MADE: usize = 3;

/// Which list of a contact a method belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kindred {
    Email,
    Phone,
    Url,
    Im,
    Social,
}

impl Kindred {
    fn of(kind: &str) -> Self {
        match kind {
            "phone" => Self::Phone,
            "url" => Self::Url,
            "im" => Self::Im,
            "social" => Self::Social,
            _ => Self::Email,
        }
    }
}

/// A custom field's value as JSON: numbers and flags as such where they are.
fn typed(kind: &str, value: &str) -> serde_json::Value {
    match kind {
        "number" => match serde_json::from_str::<serde_json::Number>(value) {
            Ok(number) if number.to_string() == value => serde_json::Value::Number(number),
            _ => value.into(),
        },
        "yes/no" => match value {
            "true" => true.into(),
            "false" => false.into(),
            _ => value.into(),
        },
        _ => value.into(),
    }
}
