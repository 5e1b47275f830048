//! Keeping an open screen fresh: what other processes (and this one) changed since the last look.

use super::{Book, Result};
use crate::search::{Index, IndexBuilder};
use crate::store::{hays, log, read};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// More changed contacts than this are as good as all.
const MANY: usize = 5_000;

/// Contacts that one part of an index mostly has at most.
const PART: usize = 4 << 10;

/// An index is read in so many steps, so that little of it is twice in memory.
const STEPS: usize = 8;

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Local keys of contacts that were made, changed or went away.
    pub contacts: Vec<i64>,
    /// Too much to tell: look at everything again.
    pub all: bool,
}

impl Book {
    /// What changed since the last call; `None` if nothing did. Cheap enough to ask several times a second.
    pub fn changed(&mut self) -> Result<Option<Changes>> {
        if self.reader.get().is_some_and(|conn| conn.path().is_none_or(str::is_empty)) {
            if !self.exists() {
                return Ok(None);
            }
            self.reader = std::cell::OnceCell::new();
            self.seen = None;
            if self.reader()?.path().is_none_or(str::is_empty) {
                return Ok(None);
            }
            return Ok(Some(Changes { contacts: Vec::new(), all: true }));
        }
        let conn = self.reader()?;
        let version: i64 = conn.query_row("pragma data_version", [], |row| row.get(0))?;
        let before = self.seen;
        if before.is_some_and(|(seen, _)| seen == version) {
            return Ok(None);
        }
        let last = log::last(conn)?;
        let found = match before {
            Some((_, since)) if since < last => Some(changed_since(conn, since)?),
            _ => None,
        };
        self.seen = Some((version, last));
        Ok(found)
    }

    /// All search texts, ready to be searched; `cancel` ends it early with what was read so far.
    pub fn load_index(&self, cancel: &AtomicBool) -> Result<Index> {
        let conn = self.reader()?;
        let count = hays::at_most(conn)?;
        let mut whole = Index::builder();
        whole.reserve(count);
        let part = || {
            let mut part = Index::builder();
            part.reserve(PART);
            part
        };
        let take = |builder: &mut IndexBuilder, hay: hays::Hay<'_>| {
            builder.push(hay.contact, hay.text, hay.last);
            if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        hays::each_in_steps(conn, "0", STEPS, part, take, |parts| {
            parts.into_iter().for_each(|part| whole.join(part));
        })?;
        Ok(whole.finish())
    }

    /// Brings an index up to date.
    pub fn refresh_index(&self, index: &mut Index, changes: &Changes) -> Result<()> {
        if changes.all {
            *index = self.load_index(&AtomicBool::new(false))?;
            return Ok(());
        }
        let mut ids = changes.contacts.clone();
        ids.sort_unstable();
        ids.dedup();
        let mut gone: HashSet<i64> = ids.iter().copied().collect();
        hays::some(self.reader()?, &ids, |hay| {
            gone.remove(&hay.contact);
            index.upsert(hay.contact, hay.text, hay.last);
        })?;
        for id in gone {
            index.remove(id);
        }
        Ok(())
    }
}

/// The contacts that rows of the log after `since` made or changed. A contact that is gone can't be named any more, so a
/// row that drops one counts as everything, and so does one that changes what many show: a tag, a merge, a setting.
fn changed_since(conn: &rusqlite::Connection, since: i64) -> Result<Changes> {
    use crate::model::edit::Edit;
    use crate::model::schema::Kind;
    let everything = Changes { contacts: Vec::new(), all: true };
    let mut statement = conn.prepare_cached("select ifnull(sum(lines), 0) from tx where n>?1")?;
    let lines: i64 = statement.query_row([since], |row| row.get(0))?;
    if lines > MANY as i64 {
        return Ok(everything);
    }
    for row in log::since(conn, since)? {
        for line in log::edits(conn, row.n)? {
            match line.edit {
                Edit::Drop { at, .. } if at.owner.is_none() => return Ok(everything),
                Edit::Erase(_) => return Ok(everything),
                Edit::Set { at, .. } | Edit::Delete(at) | Edit::Restore(at) => {
                    if matches!(at.kind, Kind::Tag | Kind::Same | Kind::Setting) {
                        return Ok(everything);
                    }
                }
                Edit::Create { new, .. } if matches!(new.kind, Kind::Same | Kind::Setting) => {
                    return Ok(everything);
                }
                _ => {}
            }
        }
    }
    let mut statement = conn.prepare_cached(
        "select contact from touched where tx>?1 union select id from contact where tx>?1 \
         union select e.id from contact c join touched t on t.contact=c.id and t.tx>?1 join contact e on e.company=c.id",
    )?;
    let found = statement.query_map([since], |row| row.get(0))?;
    let contacts: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
    if contacts.len() > MANY {
        return Ok(everything);
    }
    let roots: Vec<i64> = {
        let mut statement = conn.prepare_cached(
            "select distinct root from contact where id in (select value from json_each(?1))",
        )?;
        let found = statement.query_map([read::list(contacts.iter().copied())], |row| row.get(0))?;
        found.collect::<rusqlite::Result<_>>()?
    };
    let mut all = contacts;
    all.extend(roots);
    all.sort_unstable();
    all.dedup();
    Ok(Changes { contacts: all, all: false })
}
