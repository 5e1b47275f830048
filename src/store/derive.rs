//! Derived columns: sort key, search text, normal forms. In neither log nor dump; made anew whenever what they are
//! made of changes, or all at once when `migrations::DERIVED` says that the rules did.
#![allow(clippy::disallowed_methods)]

use super::error::Result;
use super::hays::{self, Derived, Listing, Text};
use super::read::{Made, MadeOrder};
use super::sql;
use crate::model::edit::{Edit, New, NewId};
use crate::model::phone::Normaliser;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::model::{email, phone};
use crate::text;
use crate::text::hay::{Class, HayBuilder};
use rusqlite::Connection;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

/// What a list shows first and in which order.
pub mod hidden {
    /// In lists.
    pub const SHOWN: i64 = 0;
    /// A company that exists only because someone works there.
    pub const IMPLIED: i64 = 1;
    /// Archived.
    pub const ARCHIVED: i64 = 2;
    /// In the bin.
    pub const BIN: i64 = 3;
    /// Merged into another.
    pub const MERGED: i64 = 4;
    /// No longer even in the bin.
    pub const PURGED: i64 = 5;
}

/// What a method is compared by: an e-mail's key, a phone's E.164 form or its digits; `None` for other types. What is left of
/// a number that a spreadsheet has rounded is nobody's, so that nothing is found by it.
pub fn key(kind: &str, value: &str, country: Option<&str>, phones: &mut Normaliser) -> Option<String> {
    match kind {
        "email" => Some(email::email_key(value)),
        "phone" if phone::is_rounded(value) => Some(String::new()),
        "phone" => Some(phones.e164(value, country).unwrap_or_else(|| phone::digits(value))),
        _ => None,
    }
}

/// What a method is found by.
#[derive(Clone, Debug, Default)]
pub struct Norm {
    /// The normal form, or `None` where it is the value itself or there is none.
    pub text: Option<String>,
    /// `hash` of the normal form or the value; `None` for types that nothing is looked up by.
    pub hash: Option<i64>,
}

impl Norm {
    /// Of a method with this type and value.
    pub fn new(kind: &str, value: &str, country: Option<&str>, phones: &mut Normaliser) -> Self {
        Self::of(kind, value, key(kind, value, country, phones))
    }

    fn of(kind: &str, value: &str, key: Option<String>) -> Self {
        let text = key.filter(|key| key != value && !key.is_empty());
        let hash = matches!(kind, "email" | "phone").then(|| hash(text.as_deref().unwrap_or(value)));
        Self { text, hash }
    }
}

/// What the normal form of a method is looked up by; two of a hundred thousand may share one, so that the text is
/// compared, too.
pub fn hash(norm: &str) -> i64 {
    let hash = blake3::hash(norm.as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    i64::from(i32::from_le_bytes([a, b, c, d]))
}

/// The key that a list is ordered by: the name, or what else identifies a contact without one.
pub fn sort_key(name: &str, fallback: &str) -> String {
    text::sort_key(if name.is_empty() { fallback } else { name })
}

/// Gathers the search text of one contact.
pub struct Hay {
    builder: HayBuilder,
}

impl Hay {
    /// Begins with the name and what stands beside it.
    pub fn new(name: &str, nickname: &str, company: &str, title: &str) -> Self {
        let mut builder = HayBuilder::new();
        let mut named = |class: Class, text: &str| {
            if !text.is_empty() {
                builder.push(class, text);
                if !text.is_ascii() {
                    for key in text::pinyin_keys(text) {
                        builder.push(Class::Pinyin, &key);
                    }
                }
            }
        };
        named(Class::Name, name);
        named(Class::Nickname, nickname);
        if !company.is_empty() {
            builder.push(Class::Company, company);
            likely(&mut builder, company);
        }
        if !title.is_empty() {
            builder.push(Class::Title, title);
        }
        Self { builder }
    }

    /// Adds a way to reach them; `norm` as `norm` gave it.
    pub fn method(&mut self, kind: &str, value: &str, norm: Option<&str>) {
        match kind {
            "email" => {
                self.builder.push(Class::Email, norm.unwrap_or(value));
            }
            "phone" => {
                let full = phone::digits(norm.unwrap_or(value));
                let typed = phone::digits(value);
                // `0171 ...` is what people remember where the normal form says +49171...
                if !full.ends_with(&typed) && typed.len() >= 3 {
                    self.builder.push(Class::Phone, &typed);
                }
                self.builder.push(Class::Phone, &full);
            }
            "im" | "social" => {
                self.builder.push(Class::Other, value);
            }
            _ => {}
        }
    }

    /// Adds a tag.
    pub fn tag(&mut self, name: &str) {
        self.builder.push(Class::Tag, name);
        likely(&mut self.builder, name);
    }

    /// The text.
    pub fn finish(mut self) -> String {
        self.builder.finish()
    }
}

fn likely(builder: &mut HayBuilder, text: &str) {
    if let Some((full, initials)) = text::pinyin_likely(text) {
        builder.push(Class::Pinyin, &full);
        builder.push(Class::Pinyin, &initials);
    }
}

/// What the full-text index is fed with.
pub fn full_text(text: &str) -> String {
    text::separate_cjk(text)
}

/// A contact that an import makes: its line and its derived columns, ready made on another thread.
#[derive(Debug)]
pub struct Prepared {
    /// The record, all references by name.
    pub new: New,
    /// Its line of the log.
    pub line: String,
    /// Its sort key.
    pub sort: String,
    /// Its search text, and what lists show of it.
    pub derived: Derived,
    /// What each child is found by (methods only), in order.
    pub norms: Vec<Norm>,
    /// Fingerprint of the imported row, for its identity.
    pub fp: Option<i64>,
    /// Its note's full text.
    pub words: Option<String>,
}

impl Prepared {
    /// Makes the derived columns of a new contact; `keys` as `key` gives them for its methods, in order.
    pub fn new(new: New, fp: Option<i64>, keys: Vec<Option<String>>) -> Self {
        let text = |field: &str| new.get(field).and_then(Value::as_text).unwrap_or_default();
        let mut keys = keys.into_iter();
        let company = match new.get("company") {
            Some(Value::Named(name)) => name.as_str(),
            _ => "",
        };
        let name = text("name");
        let mut hay = Hay::new(name, text("nickname"), company, text("title"));
        let mut listing = Listing {
            company: text("kind") == "company",
            starred: is_set(new.get("starred")),
            archived: is_set(new.get("archived")),
            ..Listing::default()
        };
        listing.set(Text::Name, name);
        listing.set(Text::Company, company);
        listing.set(Text::Title, text("title"));
        listing.set(Text::KeepInTouch, text("keep_in_touch"));
        let mut norms = Vec::with_capacity(new.children.len());
        let mut tags = BTreeSet::new();
        let mut fallback = "";
        for (at, child) in new.children.iter().enumerate() {
            let mut found = Norm::default();
            match child.kind {
                Kind::Method => {
                    let kind = child.get("type").and_then(Value::as_text).unwrap_or_default();
                    let value = child.get("value").and_then(Value::as_text).unwrap_or_default();
                    found = Norm::of(kind, value, keys.next().flatten());
                    hay.method(kind, value, found.text.as_deref());
                    reach(&mut listing, kind, value, |field| {
                        new.get(field) == Some(&Value::Own(at as i64 + 1))
                    });
                    if fallback.is_empty() {
                        fallback = value;
                    }
                }
                Kind::Tagging => {
                    if let Some(Value::Named(tag)) = child.get("tag") {
                        tags.insert(tag.as_str());
                    }
                }
                _ => {}
            }
            norms.push(found);
        }
        tags.into_iter().for_each(|tag| hay.tag(tag));
        let words = new.get("note").and_then(Value::as_text).map(full_text);
        let sort = sort_key(name, if company.is_empty() { fallback } else { company });
        let hidden = if is_set(new.get("implied")) { hidden::IMPLIED } else { hidden::SHOWN };
        let derived = Derived { hidden, last: None, hay: hay.finish(), listing };
        let edit = Edit::Create { owner: None, new };
        let mut line = String::with_capacity(512);
        edit.write(&mut line);
        let Edit::Create { new, .. } = edit else { unreachable!("made two lines above") };
        Self { new, line, sort, derived, norms, fp, words }
    }

    /// Whether the record's id is made from its name.
    pub const fn is_named(&self) -> bool {
        matches!(self.new.id, NewId::Named(_))
    }
}

fn is_set(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Int(on)) if *on != 0)
}

/// Takes a method into a listing: the first of its kind, unless another is preferred (`is` says so of a field).
fn reach(listing: &mut Listing, kind: &str, value: &str, is: impl Fn(&str) -> bool) {
    let (which, field) = match kind {
        "email" => (Text::Email, "preferred_email"),
        "phone" => (Text::Phone, "preferred_phone"),
        _ => return,
    };
    if listing.lacks(which) || is(field) {
        listing.set(which, value);
    }
}

/// Whether what `contact` makes may be another when a field of a record changes.
pub(super) fn depends_on(kind: Kind, field: &str) -> bool {
    const FIELDS: [&str; 12] = [
        "name",
        "nickname",
        "title",
        "company",
        "kind",
        "implied",
        "archived",
        "purged",
        "starred",
        "keep_in_touch",
        "preferred_email",
        "preferred_phone",
    ];
    kind != Kind::Contact || FIELDS.contains(&field)
}

/// Makes the derived columns of one contact anew from the tables, and notes its entries.
pub fn contact(conn: &Connection, id: i64, entries: &mut hays::Writer) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "select c.name, c.nickname, c.title, k.name, c.root, c.deleted, c.implied, c.archived, c.purged, c.uid, \
         c.kind, c.starred, c.keep_in_touch, c.preferred_email, c.preferred_phone, c.sort, c.hidden, c.last \
         from contact c left join contact k on k.id=c.company where c.id=?1",
    )?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(()) };
    let flag = |at: usize| row.get::<_, Option<i64>>(at).map(|flag| flag.is_some_and(|flag| flag != 0));
    let text =
        |at: usize| -> rusqlite::Result<String> { Ok(row.get::<_, Option<String>>(at)?.unwrap_or_default()) };
    let (name, company) = (text(0)?, text(3)?);
    let title = text(2)?;
    let mut hay = Hay::new(&name, &text(1)?, &company, &title);
    let mut listing = Listing {
        company: text(10)? == "company",
        starred: flag(11)?,
        archived: flag(7)?,
        ..Listing::default()
    };
    for (which, value) in [
        (Text::Name, &name),
        (Text::Company, &company),
        (Text::Title, &title),
        (Text::KeepInTouch, &text(12)?),
    ] {
        listing.set(which, value);
    }
    let preferred: [Option<i64>; 2] = [row.get(13)?, row.get(14)?];
    let root: i64 = row.get(4)?;
    // A contact that nobody was merged into, as nearly all are, is asked for by its own key: no table is made to hold just that.
    let alone: bool = conn
        .prepare_cached("select not exists (select 1 from contact where root=?1 and root<>id)")?
        .query_row([id], |row| row.get(0))?;
    let of =
        if alone { "=?1" } else { "in (select ?1 union select id from contact where root=?1 and root<>id)" };
    let mut fallback = company;
    for method in methods(conn, id, of)? {
        hay.method(&method.kind, &method.value, method.norm.as_deref());
        reach(&mut listing, &method.kind, &method.value, |field| {
            method.contact == id && preferred[usize::from(field == "preferred_phone")] == Some(method.n)
        });
        if fallback.is_empty() {
            fallback = method.value;
        }
    }
    let sql = format!(
        "select t.name from tagging g join tag t on t.id=g.tag \
         where g.contact {of} and g.deleted is null and t.name is not null"
    );
    let mut tags = conn.prepare_cached(&sql)?;
    let tags: BTreeSet<String> = tags.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    tags.iter().for_each(|tag| hay.tag(tag));
    let state = if root != id {
        hidden::MERGED
    } else if row.get::<_, Option<i64>>(5)?.is_some() {
        if row.get::<_, Option<i64>>(8)?.is_some() { hidden::PURGED } else { hidden::BIN }
    } else if flag(7)? {
        hidden::ARCHIVED
    } else if flag(6)? {
        hidden::IMPLIED
    } else {
        hidden::SHOWN
    };
    let sql = format!(
        "select max(x.at) from participant p join interaction x on x.id=p.interaction \
         where p.contact {of} and x.deleted is null and p.deleted is null"
    );
    let last: Option<i64> = conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?;
    let sort = sort_key(&name, &fallback);
    // Writing what is there already would take its place in the order out and put it back.
    let before: (Option<String>, Option<i64>, Option<i64>) = (row.get(15)?, row.get(16)?, row.get(17)?);
    if before != (Some(sort.clone()), Some(state), last) {
        conn.prepare_cached("update contact set sort=?2, hidden=?3, last=?4 where id=?1")?
            .execute((id, sort, state, last))?;
    }
    let derived = Derived { hidden: state, last, hay: hay.finish(), listing };
    entries.put(conn, id, &row.get(9)?, &derived)
}

/// A way to reach somebody, as it lies in its table.
struct Method {
    kind: String,
    value: String,
    norm: Option<String>,
    contact: i64,
    n: i64,
    position: Option<f64>,
    made: Made,
}

/// What a contact shows of those that it and the ones merged with it have (`of` says whose in SQL): its own first, then by position;
/// those that nobody has ordered in the order in which they were made, not in that in which they came, so that it is the same on
/// every device.
fn methods(conn: &Connection, id: i64, of: &str) -> Result<Vec<Method>> {
    let sql = format!(
        "select type, value, norm, contact, n, position, tx, i from method where contact {of} and deleted is null"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([id], |row| {
        Ok(Method {
            kind: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
            value: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            norm: row.get(2)?,
            contact: row.get(3)?,
            n: row.get(4)?,
            position: row.get(5)?,
            made: Made { tx: row.get(6)?, i: row.get(7)? },
        })
    })?;
    let mut found: Vec<Method> = rows.collect::<rusqlite::Result<_>>()?;
    let lies_so = |pair: &[Method]| {
        let [a, b] = pair else { return true };
        let unordered = a.position.is_none() && b.position.is_none();
        unordered && a.contact == b.contact && a.made.tx == b.made.tx && a.made.i <= b.made.i
    };
    if found.windows(2).all(lies_so) {
        return Ok(found);
    }
    let order = MadeOrder::of(conn, found.iter().map(|method| method.made))?;
    let mut uids: HashMap<i64, [u8; 16]> = HashMap::new();
    for method in &found {
        if let Entry::Vacant(uid) = uids.entry(method.contact) {
            uid.insert(sql::uid_of(conn, Kind::Contact, method.contact)?.unwrap_or_default());
        }
    }
    found.sort_by(|a, b| {
        let rank = |method: &Method| method.position.unwrap_or(f64::MAX);
        (a.contact != id)
            .cmp(&(b.contact != id))
            .then(rank(a).total_cmp(&rank(b)))
            .then(uids.get(&a.contact).cmp(&uids.get(&b.contact)))
            .then_with(|| order.compare(a.made, b.made))
    });
    Ok(found)
}

/// Makes every derived column anew.
pub fn all(conn: &Connection) -> Result<()> {
    let country = country(conn)?;
    let mut phones = Normaliser::default();
    let mut changed = Vec::new();
    let mut select = conn.prepare("select contact, n, type, value, norm, hash from method")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, value): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        let (kind, value) = (kind.unwrap_or_default(), value.unwrap_or_default());
        let norm = Norm::new(&kind, &value, country.as_deref(), &mut phones);
        let before: (Option<String>, Option<i64>) = (row.get(4)?, row.get(5)?);
        if before != (norm.text.clone(), norm.hash) {
            changed.push((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, norm));
        }
    }
    let mut update = conn.prepare("update method set norm=?3, hash=?4 where contact=?1 and n=?2")?;
    for (contact, n, norm) in changed {
        update.execute((contact, n, norm.text, norm.hash))?;
    }
    // In the order of their keys, in which the blocks lie: each is packed once.
    let ids: Vec<i64> = conn
        .prepare("select id from contact order by id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    conn.execute_batch("delete from hay; delete from line")?;
    let mut entries = hays::Writer::default();
    for id in ids {
        contact(conn, id, &mut entries)?;
    }
    entries.flush(conn)
}

/// The country that national phone numbers of this book are read by.
pub fn country(conn: &Connection) -> Result<Option<String>> {
    setting(conn, "country")
}

/// One of the book's settings.
pub fn setting(conn: &Connection, key: &str) -> Result<Option<String>> {
    let mut statement = conn
        .prepare_cached("select value from setting where key=?1 and deleted is null and value is not null")?;
    let mut rows = statement.query([key])?;
    Ok(match rows.next()? {
        Some(row) => row.get(0)?,
        None => None,
    })
}

/// Names of records whose id was made from them, so that an import looks each up once.
#[derive(Default)]
pub struct NameCache {
    known: [HashMap<String, i64>; crate::model::schema::RECORDS.len()],
}

/// More names than this are not remembered, so that an import's memory does not grow with its file.
const NAMES_MAX: usize = 100_000;

impl NameCache {
    /// The local key of the record with the id that this name gives.
    pub fn get(&mut self, conn: &Connection, book: &[u8; 16], kind: Kind, name: &str) -> Result<Option<i64>> {
        if let Some(id) = self.known[kind as usize].get(name) {
            return Ok(Some(*id));
        }
        let uid = crate::model::ids::named_v8(book, kind.record().name, name);
        let id = sql::id_of(conn, kind, &uid)?;
        if let Some(id) = id {
            self.put(kind, name, id);
        }
        Ok(id)
    }

    /// Remembers one.
    pub fn put(&mut self, kind: Kind, name: &str, id: i64) {
        let known = &mut self.known[kind as usize];
        if known.len() >= NAMES_MAX {
            known.clear();
        }
        known.insert(name.to_owned(), id);
    }

    /// Forgets all: a record may be gone.
    pub fn clear(&mut self) {
        self.known.iter_mut().for_each(HashMap::clear);
    }
}
