//! What is kept to be read of many contacts at once: their search texts, and what a list shows of them (read in `lines`).

use super::blocks::{self, Entry, Fresh, Table};
use super::error::Result;
use crate::model::ids;
use rusqlite::Connection;
use std::ops::ControlFlow;

/// Flags: `hidden`. Text: the haystack.
pub(super) static HAY: Table = Table { name: "hay", span: 1024, tails: true };
/// Text: name, company, title, e-mail, phone, keep-in-touch, each with a NUL behind it.
pub(super) static LINE: Table = Table { name: "line", span: LINES, tails: false };
/// How many contacts' lines share a block.
pub(super) const LINES: i64 = 256;
pub(super) const TEXTS: usize = 6;

pub(super) const COMPANY: u8 = 1;
pub(super) const STARRED: u8 = 2;
pub(super) const ARCHIVED: u8 = 4;

/// One contact's search text.
#[derive(Clone, Copy, Debug)]
pub struct Hay<'a> {
    /// Its local key.
    pub contact: i64,
    /// As `text::hay` lays it out.
    pub text: &'a [u8],
    /// When its last interaction was, in ms since 1970; `i64::MIN` if there was none.
    pub last: i64,
}

/// What a list shows of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Whether it is a company.
    pub company: bool,
    /// Starred.
    pub starred: bool,
    /// Archived.
    pub archived: bool,
    /// Name, company, title, e-mail, phone, keep-in-touch, each as it is shown; no NUL.
    pub texts: [String; TEXTS],
}

/// Where each text of a listing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Text {
    Name,
    Company,
    Title,
    Email,
    Phone,
    KeepInTouch,
}

impl Listing {
    /// Sets a text.
    pub fn set(&mut self, which: Text, text: &str) {
        text.clone_into(&mut self.texts[which as usize]);
    }

    /// Whether a text is still empty.
    pub fn lacks(&self, which: Text) -> bool {
        self.texts[which as usize].is_empty()
    }
}

/// What is derived of one contact.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// See `derive::hidden`.
    pub hidden: i64,
    /// The last interaction, ms since 1970.
    pub last: Option<i64>,
    /// The search text.
    pub hay: String,
    /// What lists show.
    pub listing: Listing,
}

/// Changes of both that wait to be written.
pub struct Writer {
    hays: blocks::Writer,
    lines: blocks::Writer,
}

impl Default for Writer {
    fn default() -> Self {
        Self { hays: blocks::Writer::new(&HAY), lines: blocks::Writer::new(&LINE) }
    }
}

impl Writer {
    /// Notes what a contact's entries are to be.
    pub fn put(&mut self, conn: &Connection, id: i64, uid: &[u8; 16], derived: &Derived) -> Result<()> {
        let last = derived.last.unwrap_or(i64::MIN);
        let text = derived.hay.clone().into_bytes();
        let hay = Fresh { flags: derived.hidden as u8, last, tail: ids::tail(uid), text };
        self.hays.put(conn, id, Some(hay))?;
        let listing = &derived.listing;
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = flag(listing.company, COMPANY)
            | flag(listing.starred, STARRED)
            | flag(listing.archived, ARCHIVED);
        let mut text = Vec::with_capacity(listing.texts.iter().map(|text| text.len() + 1).sum());
        listing.texts.iter().for_each(|one| push_text(&mut text, one));
        self.lines.put(conn, id, Some(Fresh { flags, last, tail: 0, text }))
    }

    /// Notes that a contact is gone.
    pub fn remove(&mut self, conn: &Connection, id: i64) -> Result<()> {
        self.hays.put(conn, id, None)?;
        self.lines.put(conn, id, None)
    }

    /// Writes all that waits.
    pub fn flush(&mut self, conn: &Connection) -> Result<()> {
        self.hays.flush(conn)?;
        self.lines.flush(conn)
    }
}

/// A NUL would end the text, and nothing shows one.
fn push_text(bytes: &mut Vec<u8>, text: &str) {
    let from = bytes.len();
    bytes.extend_from_slice(text.as_bytes());
    bytes[from..].iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
    bytes.push(0);
}

pub(super) const fn hay<'a>(entry: &Entry<'a>) -> Hay<'a> {
    Hay { contact: entry.id, text: entry.text, last: entry.last }
}

/// Bits of the values of `hidden` in a list such as `0,2`.
pub(super) fn places(shown: &str) -> u64 {
    shown.split(',').filter_map(|place| place.trim().parse::<u32>().ok()).fold(0, |bits, at| bits | 1 << at)
}

/// Hands out the haystacks whose `hidden` is among `shown` (`0,2`) in order of their contacts. Each part of the book (some
/// thousand contacts) goes to a value that `make` makes, on any thread; they come back in order. `Break` ends a part.
pub fn each<T: Send>(
    conn: &Connection,
    shown: &str,
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, Hay<'_>) -> ControlFlow<()> + Sync,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    each_in_steps(conn, shown, 1, make, take, |parts| all = parts)?;
    Ok(all)
}

/// The same in so many steps, the values of each handed on before the next begins: what is made of them need not be
/// twice in memory.
pub fn each_in_steps<T: Send>(
    conn: &Connection,
    shown: &str,
    steps: usize,
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, Hay<'_>) -> ControlFlow<()> + Sync,
    mut done: impl FnMut(Vec<T>),
) -> Result<()> {
    let shown = places(shown);
    let count = blocks::count(conn, &HAY)?;
    for step in 0..steps {
        let numbers = count * step / steps..count * (step + 1) / steps;
        done(blocks::each(conn, &HAY, std::slice::from_ref(&numbers), &make, |value, block, packed| {
            for entry in blocks::entries(&HAY, block, packed.open()?, &[])? {
                if shown >> (entry.flags & 63) & 1 == 1 && take(value, hay(&entry)).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })?);
    }
    Ok(())
}

/// The shown haystacks of these contacts (sorted, each once), in order; those that are hidden or gone are left out.
pub fn some(conn: &Connection, ids: &[i64], mut take: impl FnMut(Hay<'_>)) -> Result<()> {
    let mut statement = conn.prepare_cached("select body from hay where block=?1")?;
    let mut unpacker = blocks::Unpacker::default();
    for group in ids.chunk_by(|a, b| HAY.block_of(*a) == HAY.block_of(*b)) {
        let block = HAY.block_of(group[0]);
        let mut rows = statement.query([block])?;
        let Some(row) = rows.next()? else { continue };
        let body = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        let raw = unpacker.unpack(&HAY, block, body)?;
        for entry in blocks::entries(&HAY, block, raw, &[])? {
            if entry.flags == 0 && group.binary_search(&entry.id).is_ok() {
                take(hay(&entry));
            }
        }
    }
    Ok(())
}

/// How many contacts have a haystack.
pub fn count(conn: &Connection) -> Result<usize> {
    let counts = blocks::each(
        conn,
        &HAY,
        std::slice::from_ref(&(0..blocks::count(conn, &HAY)?)),
        || 0,
        |count, block, packed| {
            *count += blocks::entries(&HAY, block, packed.open()?, &[])?.count();
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(counts.into_iter().sum())
}

/// About how many contacts there are, without looking at each: at least as many as there are.
pub fn at_most(conn: &Connection) -> Result<usize> {
    let last: i64 =
        conn.prepare_cached("select ifnull(max(id), 0) from contact")?.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(last).unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::super::lines::Lines;
    use super::*;
    use crate::store::open;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn derived(hidden: i64, name: &str) -> Derived {
        let mut listing = Listing { starred: hidden == 2, ..Listing::default() };
        listing.set(Text::Name, name);
        listing.set(Text::Email, &format!("{name}@x.example"));
        Derived { hidden, last: (hidden != 1).then_some(7), hay: format!("\u{1}{name}"), listing }
    }

    fn written(conn: &Connection, shown: &str) -> Vec<(i64, String, i64)> {
        let each = each(conn, shown, Vec::new, |all, hay| {
            all.push((hay.contact, String::from_utf8_lossy(hay.text).into_owned(), hay.last));
            ControlFlow::Continue(())
        });
        each.unwrap().concat()
    }

    fn raw(folder: &tempfile::TempDir) -> Connection {
        let path = folder.path().join("book.rolo");
        drop(open::writer(&path).unwrap());
        Connection::open(path).unwrap()
    }

    fn uid(id: i64) -> [u8; 16] {
        (id as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_0123_4567_89ab_cdef).to_be_bytes()
    }

    #[test]
    fn every_contact_comes_once_and_in_order_however_many_threads_and_steps_read() {
        let folder = tempfile::tempdir().unwrap();
        let conn = raw(&folder);
        let mut writer = Writer::default();
        let count = 20_000;
        for id in 1..=count {
            writer.put(&conn, id, &uid(id), &derived(id % 3, &format!("name{id}"))).unwrap();
        }
        writer.flush(&conn).unwrap();
        let reader = open::reader(&folder.path().join("book.rolo")).unwrap();
        let wanted: Vec<_> =
            (1..=count).filter(|id| id % 3 != 1).map(|id| (id, format!("\u{1}name{id}"), 7)).collect();
        assert_eq!(written(&reader, "0,2"), wanted);
        let mut steps = 0;
        let mut stepped = Vec::new();
        let take = |all: &mut Vec<i64>, hay: Hay<'_>| {
            all.push(hay.contact);
            ControlFlow::Continue(())
        };
        each_in_steps(&reader, "0,2", 5, Vec::new, take, |parts| {
            steps += 1;
            stepped.extend(parts.concat());
        })
        .unwrap();
        assert_eq!(stepped, wanted.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
        assert_eq!((steps, super::count(&reader).unwrap()), (5, count as usize));
        let lines = Lines::of(&reader, &(-1..=count).collect::<Vec<_>>()).unwrap();
        for id in 1..=count {
            let line = lines.get(id).unwrap();
            assert_eq!(
                (line.tail(), line.is_starred(), line.last()),
                (ids::tail(&uid(id)), id % 3 == 2, (id % 3 != 1).then_some(7))
            );
            let name = format!("name{id}");
            assert_eq!(line.texts(), [name.as_str(), "", "", &format!("{name}@x.example"), "", ""]);
        }
        assert!(lines.get(0).is_none() && lines.get(count + 1).is_none() && lines.get(-1).is_none());
        let mut few = Vec::new();
        some(&reader, &[3, 4, 600, 15_000, 99_999], |hay| few.push(hay.contact)).unwrap();
        assert_eq!(few, [3, 600, 15_000]);
        let stopped = each(
            &reader,
            "0",
            || 0,
            |seen, _| {
                *seen += 1;
                ControlFlow::Break(())
            },
        );
        assert!(stopped.unwrap().iter().all(|seen| *seen == 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever order changes come in, and however they are put together, the blocks hold what a map would.
        #[test]
        fn blocks_hold_what_was_put_last(
            rounds in prop::collection::vec(prop::collection::vec((0..2000i64, 0..3i64, prop::option::of("[a-z王\0]{0,12}")), 0..60), 1..6)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let conn = raw(&folder);
            let mut wanted = BTreeMap::new();
            for round in rounds {
                let mut writer = Writer::default();
                for (id, hidden, name) in round {
                    match name {
                        Some(name) => {
                            let name = name.replace('\0', "");
                            writer.put(&conn, id, &uid(id), &derived(hidden, &name)).unwrap();
                            wanted.insert(id, (hidden, name));
                        }
                        None => {
                            writer.remove(&conn, id).unwrap();
                            wanted.remove(&id);
                        }
                    }
                }
                writer.flush(&conn).unwrap();
            }
            let shown: Vec<_> = wanted
                .iter()
                .map(|(id, (hidden, name))| (*id, format!("\u{1}{name}"), if *hidden == 1 { i64::MIN } else { 7 }))
                .collect();
            prop_assert_eq!(written(&conn, "0,1,2"), shown);
            let lines = Lines::of(&conn, &(0..2000).collect::<Vec<_>>()).unwrap();
            for id in 0..2000 {
                prop_assert_eq!(lines.get(id).map(|line| line.texts()[0]), wanted.get(&id).map(|(_, name)| name.as_str()));
            }
        }
    }

    #[test]
    fn a_damaged_block_is_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let conn = raw(&folder);
        let mut writer = Writer::default();
        (1..=300).for_each(|id| writer.put(&conn, id, &uid(id), &derived(0, "ann")).unwrap());
        writer.flush(&conn).unwrap();
        let body: Vec<u8> = conn.query_row("select body from hay", [], |row| row.get(0)).unwrap();
        let mut bodies = vec![Vec::new(), vec![1, 2], vec![0xff; 64], body[..body.len() / 2].to_vec()];
        bodies.extend((0..body.len().min(200)).map(|at| {
            let mut bent = body.clone();
            bent[at] ^= 0x55;
            bent
        }));
        for bent in bodies {
            conn.execute("update hay set body=?1", [bent]).unwrap();
            let _ = each(&conn, "0", || (), |_, _| ControlFlow::Continue(()));
        }
        conn.execute("update hay set body=x'ffff'", []).unwrap();
        assert!(count(&conn).is_err());
        for number in [-1, 1 << 40, i64::MAX] {
            conn.execute("update hay set block=?1", [number]).unwrap();
            assert!(count(&conn).is_err());
            let search = super::super::lines::each_with_lines(&conn, "0", || (), |(), _| true);
            assert!(search.is_err() && Lines::of(&conn, &[1, i64::MAX]).is_err());
        }
    }
}
