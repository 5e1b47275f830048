//! Erasing people: out of the tables, the history and, in a shared book, out of everybody's files. Nothing takes it back.

use super::contacts::contact;
use super::{Book, Done, Label, OpError, Result};
use crate::model::edit::Edit;
use crate::model::schema::Kind;
use crate::store::{Place, Tx};
use rusqlite::params_from_iter;
use serde::Serialize;

/// What erasing somebody takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erasure {
    /// Contacts: those merged with the ones named count, too.
    pub contacts: usize,
    /// What was logged with them alone.
    pub interactions: usize,
    /// Tasks about them.
    pub tasks: usize,
    /// What was logged with others, too: it stays, without them, and its text may still name them.
    pub with_others: usize,
}

/// What is to be erased, by local key.
#[derive(Default)]
struct Found {
    contacts: Vec<i64>,
    interactions: Vec<i64>,
    tasks: Vec<i64>,
    edges: Vec<i64>,
    with_others: usize,
}

fn marks(ids: &[i64]) -> String {
    vec!["?"; ids.len()].join(",")
}

fn ids(conn: &rusqlite::Connection, sql: &str, of: &[i64]) -> Result<Vec<i64>> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map(params_from_iter(of), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Everything about these contacts and those that are merged with them.
fn found(conn: &rusqlite::Connection, of: &[i64]) -> Result<Found> {
    let roots = format!(
        "select id from contact where root in (select root from contact where id in ({}))",
        marks(of)
    );
    let contacts = ids(conn, &roots, of)?;
    let these = marks(&contacts);
    let sql = format!("select distinct interaction from participant where contact in ({these})");
    let all = ids(conn, &sql, &contacts)?;
    let others = format!(
        "select exists (select 1 from participant where interaction=?1 and contact not in ({these}))"
    );
    let mut others = conn.prepare(&others)?;
    let (mut alone, mut with_others) = (Vec::new(), 0);
    for id in all {
        let shared: bool =
            others.query_row(params_from_iter(std::iter::once(&id).chain(&contacts)), |row| row.get(0))?;
        if shared {
            with_others += 1;
        } else {
            alone.push(id);
        }
    }
    let tasks = ids(conn, &format!("select id from task where contact in ({these})"), &contacts)?;
    let both: Vec<i64> = [&contacts[..], &contacts].concat();
    let edges = ids(conn, &format!("select id from same where a in ({these}) or b in ({these})"), &both)?;
    Ok(Found { contacts, interactions: alone, tasks, edges, with_others })
}

impl Book {
    /// What erasing these contacts would take away.
    pub fn erasure(&self, ids: &[i64]) -> Result<Erasure> {
        let found = found(self.reader()?, ids)?;
        Ok(Erasure {
            contacts: found.contacts.len(),
            interactions: found.interactions.len(),
            tasks: found.tasks.len(),
            with_others: found.with_others,
        })
    }

    /// Erases people with everything that is about them alone, from tables and history. Companies are no persons: their names
    /// make their ids, so that they can only be deleted.
    pub fn erase(&mut self, ids: &[i64]) -> Result<Done> {
        let company = "select exists (select 1 from contact where id=?1 and kind='company')";
        for id in ids {
            if self.reader()?.query_row(company, [id], |row| row.get(0))? {
                return Err(OpError::Company);
            }
        }
        // It would stay on this device alone, and be gone for everybody on the day that this member may write.
        if self.is_shared()? && super::share_status::Last::of(self.store()?)?.reads_only {
            return Err(OpError::ReadsOnly);
        }
        let label = Label::new("erase", [ids.len().to_string()]);
        let (count, receipt) = self.write(label.clone(), |tx| {
            let found = found(tx.conn(), ids)?;
            for (kind, ids) in [
                (Kind::Same, &found.edges),
                (Kind::Task, &found.tasks),
                (Kind::Interaction, &found.interactions),
            ] {
                ids.iter().try_for_each(|id| erase(tx, Place { kind, id: *id, n: 0 }))?;
            }
            found.contacts.iter().try_for_each(|id| erase(tx, contact(*id)))?;
            Ok(ids.len())
        })?;
        self.store()?.empty_wal()?;
        Ok(Done { receipt, count, label })
    }
}

fn erase(tx: &mut Tx<'_>, place: Place) -> Result<()> {
    let at = tx.at(place)?;
    Ok(tx.push(Edit::Erase(at)).map(drop)?)
}
