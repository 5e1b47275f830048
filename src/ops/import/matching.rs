//! What counts as the same contact, asked of the book as it was before the import.

use super::super::rows::handle;
use super::super::{Book, Result, draft};
use super::{ImportOptions, MatchBy, given};
use crate::exchange;
use crate::model::draft::ContactDraft;
use crate::model::email;
use crate::model::ids::Gid;
use crate::model::phone::Normaliser;
use crate::model::schema::Kind;
use crate::store::derive;
use crate::store::sql;
use crate::text;
use rusqlite::Connection;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// What the book has for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Nothing.
    None,
    /// This contact.
    One(i64),
    /// It lies in the bin.
    InBin,
    /// One that shares an address under another name.
    Doubtful,
    /// Any of several.
    Several,
}

/// Asks the book.
pub(super) struct Matcher<'a> {
    conn: &'a Connection,
    by: &'a [MatchBy],
    /// Addresses and numbers of this file so far, with a hash of the name that they came under, and the line.
    seen: Seen,
    /// Contacts that rows of nothing but a name stood for already: another such row is somebody else.
    met: HashSet<i64>,
    /// Those among which the last `find` could not decide.
    doubt: Vec<i64>,
    /// Other files come in with this one, whose rows are known, too.
    several: bool,
    /// Fingerprints of imported rows with their contacts, sorted, once they were asked for.
    fingerprints: Option<Vec<(i64, i64)>>,
    /// Makes those hashes; its secret is new each time, so that no file can be made to collide.
    hashes: RandomState,
}

/// What came first under each hash. In parts, so that growing never holds more than one of them twice.
#[derive(Default)]
struct Seen {
    parts: [HashMap<u64, (u32, u32), BuildHasherDefault<Hashed>>; 16],
    count: usize,
}

impl Seen {
    fn first(&mut self, hash: u64, what: (u32, u32)) -> (u32, u32) {
        let part = &mut self.parts[(hash >> 32) as usize % 16];
        match part.entry(hash) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(place) => {
                self.count += 1;
                *place.insert(what)
            }
        }
    }
}

/// Keys that are hashes already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Systems that say nothing of where a row comes from: any table, any card.
const ANYWHERE: [&str; 3] = ["csv", exchange::vcard::SYSTEM, exchange::json::SYSTEM];

/// The most addresses of one file that are remembered.
const SEEN_MAX: usize = 4_000_000;

/// So many of those that a contact may be are named.
const DOUBTED: usize = 3;

/// What each of a draft's methods is compared by, as `derive::key` has it.
pub(super) type Keys = Vec<Option<String>>;

/// The keys of a draft.
pub(super) fn keys(draft: &ContactDraft, country: Option<&str>, phones: &mut Normaliser) -> Keys {
    draft.methods.iter().map(|method| derive::key(&method.kind, &method.value, country, phones)).collect()
}

fn of_type<'k>(
    draft: &'k ContactDraft,
    keys: &'k [Option<String>],
    kind: &'k str,
) -> impl Iterator<Item = &'k str> {
    let methods = draft.methods.iter().zip(keys).filter(move |(method, _)| method.kind == kind);
    methods.filter_map(|(_, key)| key.as_deref())
}

pub(super) fn short_hash(parts: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes()).update(b"\x1f");
    }
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

/// Whether nothing but the name says who it is.
fn is_bare(draft: &ContactDraft) -> bool {
    let reached = draft.methods.iter().any(|method| matches!(method.kind.as_str(), "email" | "phone"));
    draft.external_id.is_none() && !reached
}

/// Ties the fingerprint of a row to the source's values that it left: once these are others (an undo, another device), the row is known no
/// longer.
pub(super) fn seal(base: &str) -> i64 {
    if base.is_empty() { 0 } else { short_hash(&[base]) as i64 }
}

/// Reading all of them is quicker than an index that every import has to write. With `several` also those of rows that a later file of
/// the same import went over.
fn fingerprints(conn: &Connection, several: bool) -> Result<Vec<(i64, i64)>> {
    let mut statement =
        conn.prepare("select fp, contact, base from identity where fp is not null and deleted is null")?;
    let mut rows = statement.query([])?;
    let mut found: Vec<(i64, i64)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (fp, contact): (i64, i64) = (row.get(0)?, row.get(1)?);
        let base = row.get_ref(2)?.as_str_or_null().ok().flatten().unwrap_or_default();
        found.push((fp ^ seal(base), contact));
        if several {
            found.extend(given::rows(base).into_iter().map(|fp| (fp, contact)));
        }
    }
    found.sort_unstable();
    Ok(found)
}

impl<'a> Matcher<'a> {
    pub(super) fn new(book: &'a Book, options: &'a ImportOptions, several: bool) -> Result<Self> {
        Ok(Self { several, ..Self::within(book.reader()?, options) })
    }

    /// The same, asked of the book as the import has it by now.
    pub(super) fn within(conn: &'a Connection, options: &'a ImportOptions) -> Self {
        Self {
            conn,
            by: &options.match_by,
            seen: Seen::default(),
            met: HashSet::new(),
            doubt: Vec::new(),
            several: false,
            fingerprints: None,
            hashes: RandomState::new(),
        }
    }

    /// The contact whose last imported row was the same to the letter.
    pub(super) fn by_fingerprint(&mut self, fp: i64) -> Result<Option<i64>> {
        let known = match self.fingerprints.take() {
            Some(known) => known,
            None => fingerprints(self.conn, self.several)?,
        };
        let known = self.fingerprints.insert(known);
        let first = known.partition_point(|(other, _)| *other < fp);
        let mut statement = self.conn.prepare_cached(
            "select k.root from contact k join contact r on r.id=k.root where k.id=?1 and r.hidden<3",
        )?;
        for (_, contact) in known[first..].iter().take_while(|(other, _)| *other == fp) {
            if let Some(row) = statement.query([contact])?.next()? {
                return Ok(Some(row.get(0)?));
            }
        }
        Ok(None)
    }

    /// The one contact that a draft is.
    pub(super) fn find(
        &mut self,
        draft: &ContactDraft,
        keys: &[Option<String>],
        system: &str,
    ) -> Result<Match> {
        for by in self.by {
            let (found, named) = match by {
                MatchBy::Id => (self.by_id(draft, system)?, false),
                MatchBy::Email => (self.by_email(draft, keys)?, true),
                MatchBy::Phone => (self.by_phone(draft, keys)?, true),
                MatchBy::Name => (self.by_name(draft)?, false),
            };
            let (live, binned): (Vec<i64>, Vec<i64>) = {
                let mut live = Vec::new();
                let mut binned = Vec::new();
                for id in found {
                    match self.hidden(id)? {
                        0..=2 => live.push(id),
                        3 => binned.push(id),
                        _ => {}
                    }
                }
                (live, binned)
            };
            if live.is_empty() {
                if binned.is_empty() || (named && !self.any_similar(draft, &binned)?) {
                    continue;
                }
                return Ok(Match::InBin);
            }
            if !named {
                if let [id] = live[..] {
                    return Ok(Match::One(id));
                }
                self.doubt = live;
                return Ok(Match::Several);
            }
            let mut similar = Vec::new();
            for id in &live {
                if self.same_person(draft, *id)? {
                    similar.push(*id);
                }
            }
            match (by, similar.as_slice()) {
                (_, [id]) => return Ok(Match::One(*id)),
                (_, [_, _, ..]) => {
                    self.doubt = similar;
                    return Ok(Match::Several);
                }
                (MatchBy::Email, []) => {
                    self.doubt = live;
                    return Ok(Match::Doubtful);
                }
                // A number alone says nothing: a switchboard, a household.
                (_, []) => {}
            }
        }
        let by_name = self.by.contains(&MatchBy::Name);
        Ok(if by_name {
            self.named_alone(draft, system)?.map_or(Match::None, Match::One)
        } else {
            Match::None
        })
    }

    /// A row of a known system that gives neither an id nor any address is the one contact that came from there just so, under the same
    /// name: otherwise whoever writes a note there has two afterwards.
    fn named_alone(&mut self, draft: &ContactDraft, system: &str) -> Result<Option<i64>> {
        let name = draft.get("name").unwrap_or_default();
        if !is_bare(draft) || name.is_empty() || ANYWHERE.contains(&system) {
            return Ok(None);
        }
        let mut statement = self.conn.prepare_cached(
            "select c.id, c.name from contact c where c.hidden in (0, 2) and c.sort=?1 \
             and exists (select 1 from identity x where x.contact=c.id and x.system=?2 and x.deleted is null \
             and ifnull(x.ext, '')='') \
             and not exists (select 1 from method m where m.contact=c.id and m.hash is not null and m.deleted is null)",
        )?;
        let mut rows = statement.query((text::sort_key(name), system))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let theirs: Option<String> = row.get(1)?;
            if text::fold(&theirs.unwrap_or_default()) == text::fold(name) {
                found.push(row.get(0)?);
            }
        }
        Ok(match found[..] {
            [id] if self.met.insert(id) => Some(id),
            _ => None,
        })
    }

    /// Notes that a row is this contact.
    pub(super) fn meet(&mut self, draft: &ContactDraft, id: i64) {
        if is_bare(draft) {
            self.met.insert(id);
        }
    }

    /// The names of those among which the last `find` could not decide; of several with their handles, because they may be called the
    /// same.
    pub(super) fn doubted(&self, found: Match) -> Result<String> {
        let mut statement =
            self.conn.prepare_cached("select ifnull(name, ''), uid from contact where id=?1")?;
        let mut names = Vec::new();
        for id in self.doubt.iter().take(DOUBTED) {
            let (name, uid): (String, [u8; 16]) =
                statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            names.push(match found {
                Match::Several => format!("{name} ({})", handle(self.conn, Kind::Contact, &uid)?),
                _ => name,
            });
        }
        if self.doubt.len() > DOUBTED {
            names.push("…".to_owned());
        }
        Ok(names.join(", "))
    }

    /// Those among which the last `find` could not decide.
    pub(super) fn doubt(&self) -> &[i64] {
        &self.doubt
    }

    /// Whom a refused row is about: those that any of its cells is an id or an address of.
    pub(super) fn about<'c>(&self, cells: impl Iterator<Item = &'c str>, system: &str) -> Result<Vec<i64>> {
        let mut found = Vec::new();
        for cell in cells.map(str::trim).filter(|cell| !cell.is_empty()) {
            found.extend(self.by_ext(cell, system)?);
            if cell.contains('@') {
                found.extend(self.by_key(&email::email_key(cell))?);
            }
        }
        Ok(found)
    }

    fn by_ext(&self, ext: &str, system: &str) -> Result<Vec<i64>> {
        let mut statement = self.conn.prepare_cached(
            "select distinct k.root from identity x join contact k on k.id=x.contact \
             where x.system=?1 and x.ext=?2 and x.deleted is null",
        )?;
        let found = statement.query_map((system, ext), |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// The line at which this file brought one of the draft's addresses under another name before.
    pub(super) fn shared_in_file(
        &mut self,
        draft: &ContactDraft,
        keys: &[Option<String>],
        line: u64,
    ) -> Option<u32> {
        // Half of a hash is enough to tell two names apart, and lines beyond are as good as any.
        let name = self.hashes.hash_one(text::fold(draft.get("name").unwrap_or_default())) as u32;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let mut shared = None;
        for (method, key) in draft.methods.iter().zip(keys) {
            let Some(key) = key.as_deref().filter(|key| !key.is_empty()) else { continue };
            if (method.kind == "email" && email::is_shared_key(key)) || self.seen.count >= SEEN_MAX {
                continue;
            }
            let (before, at) = self.seen.first(self.hashes.hash_one(key), (name, line));
            if before != name {
                shared = shared.or(Some(at));
            }
        }
        shared
    }

    fn hidden(&self, id: i64) -> Result<i64> {
        let mut statement = self.conn.prepare_cached("select hidden from contact where id=?1")?;
        Ok(statement.query_row([id], |row| row.get(0))?)
    }

    fn by_id(&self, draft: &ContactDraft, system: &str) -> Result<Vec<i64>> {
        if let Some(ext) = &draft.external_id {
            let found = self.by_ext(ext, system)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let Some(Gid::Uid(uid)) = draft.id.as_deref().and_then(Gid::parse) else { return Ok(Vec::new()) };
        let Some(id) = sql::id_of(self.conn, Kind::Contact, &uid)? else { return Ok(Vec::new()) };
        let mut statement = self.conn.prepare_cached("select root from contact where id=?1")?;
        Ok(vec![statement.query_row([id], |row| row.get(0))?])
    }

    fn by_key(&self, key: &str) -> Result<Vec<i64>> {
        let mut statement = self.conn.prepare_cached(
            "select distinct k.root from method m join contact k on k.id=m.contact \
             where m.hash=?1 and ifnull(m.norm, m.value)=?2 and m.type in ('email', 'phone') and m.deleted is null limit 50",
        )?;
        let found = statement.query_map((derive::hash(key), key), |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn by_email(&self, draft: &ContactDraft, keys: &[Option<String>]) -> Result<Vec<i64>> {
        let mut found = Vec::new();
        for key in of_type(draft, keys, "email").filter(|key| !email::is_shared_key(key)) {
            found.extend(self.by_key(key)?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn by_phone(&self, draft: &ContactDraft, keys: &[Option<String>]) -> Result<Vec<i64>> {
        let mut found = Vec::new();
        for key in of_type(draft, keys, "phone").filter(|key| key.len() >= 5) {
            found.extend(self.by_key(key)?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn by_name(&self, draft: &ContactDraft) -> Result<Vec<i64>> {
        let name = draft.get("name").unwrap_or_default();
        if draft.kind == "company" {
            return Ok(draft::company_named(self.conn, name)?.into_iter().collect());
        }
        if name.is_empty() || draft.company.trim().is_empty() {
            return Ok(Vec::new());
        }
        let (name, company) = (text::fold(name), text::fold(draft.company.trim()));
        let mut statement = self.conn.prepare_cached(
            "select c.root, c.name, k.name from contact c join contact k on k.id=c.company \
             where c.hidden in (0, 2, 3, 4) and c.sort=?1",
        )?;
        let mut rows = statement.query([text::sort_key(draft.get("name").unwrap_or_default())])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let same = |at: usize, wanted: &str| -> rusqlite::Result<bool> {
                Ok(text::fold(row.get_ref(at)?.as_str_or_null().ok().flatten().unwrap_or_default()) == wanted)
            };
            if same(1, &name)? && same(2, &company)? {
                found.push(row.get(0)?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn any_similar(&self, draft: &ContactDraft, ids: &[i64]) -> Result<bool> {
        for id in ids {
            if self.same_person(draft, *id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a contact that shares an address may be called what the draft says: a similar name, the same given name,
    /// or no name on one side.
    fn same_person(&self, draft: &ContactDraft, id: i64) -> Result<bool> {
        let mut statement = self.conn.prepare_cached("select name, given from contact where id=?1")?;
        let (name, given): (Option<String>, Option<String>) =
            statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (name, given) = (name.unwrap_or_default(), given.unwrap_or_default());
        let theirs = draft.get("name").unwrap_or_default();
        if name.is_empty() || theirs.is_empty() || text::similar_names(&name, theirs) {
            return Ok(true);
        }
        let own = draft.get("given").unwrap_or_default();
        Ok(!given.is_empty() && text::fold(&given) == text::fold(own))
    }
}
