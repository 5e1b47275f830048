//! Merges: the edges between contacts, and the roots that they give.
#![allow(clippy::disallowed_methods)]

use super::apply::Applier;
use super::error::Result;
use super::sql::{self, Place};
use crate::model::schema::Kind;
use std::collections::BTreeSet;

impl Applier<'_> {
    /// An edge of a merge appeared, or (`there` false) is about to go: the roots of all it connects are found anew.
    pub(super) fn joined(&mut self, place: Place, there: bool) -> Result<()> {
        let ends: Vec<Option<i64>> = self
            .conn
            .prepare_cached("select a, b from same where id=?1")?
            .query_row([place.id], |row| Ok(vec![row.get(0)?, row.get(1)?]))?;
        for end in ends.into_iter().flatten() {
            let members = self.component(end, if there { 0 } else { place.id })?;
            let mut smallest: Option<([u8; 16], i64)> = None;
            for id in &members {
                if let Some(uid) = sql::uid_of(self.conn, Kind::Contact, *id)? {
                    smallest = Some(smallest.map_or((uid, *id), |least| least.min((uid, *id))));
                }
            }
            let Some((_, root)) = smallest else { continue };
            for id in members {
                self.conn.prepare_cached("update contact set root=?2 where id=?1")?.execute((id, root))?;
                self.dirty.insert(id);
            }
        }
        Ok(())
    }

    fn component(&self, from: i64, without: i64) -> Result<BTreeSet<i64>> {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        let mut statement = self.conn.prepare_cached(
            "select a, b from same where (a=?1 or b=?1) and id<>?2 and deleted is null and ifnull(different, 0)=0",
        )?;
        while let Some(at) = open.pop() {
            let mut rows = statement.query((at, without))?;
            while let Some(row) = rows.next()? {
                for end in [row.get::<_, Option<i64>>(0)?, row.get(1)?].into_iter().flatten() {
                    if seen.insert(end) {
                        open.push(end);
                    }
                }
            }
        }
        Ok(seen)
    }
}
