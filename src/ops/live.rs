//! Keeping an open screen fresh: what other processes (and this one) changed since the last look.

use super::{Book, Result};
use crate::search::Index;
use crate::store::{hays, log, read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// More changed contacts than this are as good as all.
const MANY: usize = 5_000;

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
        let count: i64 = conn.query_row("select ifnull(max(contact), 0) from hay", [], |row| row.get(0))?;
        let room = || {
            let mut builder = Index::builder();
            builder.reserve(usize::try_from(count).unwrap_or_default());
            builder
        };
        let parts = hays::each(conn, "0", room, |builder, hay| {
            builder.push(hay.contact, hay.text, hay.last);
            if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let mut builder = Index::builder();
        parts.into_iter().for_each(|part| builder.join(part));
        Ok(builder.finish())
    }

    /// Brings an index up to date.
    pub fn refresh_index(&self, index: &mut Index, changes: &Changes) -> Result<()> {
        if changes.all {
            *index = self.load_index(&AtomicBool::new(false))?;
            return Ok(());
        }
        let mut statement =
            self.reader()?.prepare_cached("select text, last from hay where contact=?1 and hidden=0")?;
        for id in &changes.contacts {
            let mut rows = statement.query([id])?;
            match rows.next()? {
                Some(row) => {
                    if let Ok(hay) = row.get_ref(0)?.as_bytes() {
                        index.upsert(*id, hay, row.get::<_, Option<i64>>(1)?.unwrap_or(i64::MIN));
                    }
                }
                None => {
                    index.remove(*id);
                }
            }
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
                Edit::Drop(at) if at.owner.is_none() => return Ok(everything),
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
