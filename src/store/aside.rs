//! Rows that do not count, because their device was there twice or its owner was removed: they are kept beside the log.
#![allow(clippy::disallowed_methods)]

use super::commit::Store;
use super::error::Result;
use super::known::Stand;
use super::{gather, log, receive, sql};
use crate::model::edit::{At, Edit};
use crate::model::ids::{Device, Gid};
use crate::model::row::Row;
use crate::model::schema::Kind;
use rusqlite::Connection;
use std::collections::HashMap;

/// Takes rows of a device after `last` out of the log and from those that wait; they are kept beside it.
pub(super) fn set_aside(conn: &Connection, device: Device, last: i64) -> Result<()> {
    let rows = log::rows_from(conn, device, last + 1, usize::MAX)?;
    for row in rows {
        conn.prepare_cached("insert or ignore into local_fork values (?,?,?,?)")?.execute((
            &device.to_be_bytes()[..],
            row.seq,
            receive::pack(&row)?,
            &row.hash[..],
        ))?;
    }
    let id = &device.to_be_bytes()[..];
    conn.prepare_cached("delete from tx where device=(select n from device where id=?1) and seq>?2")?
        .execute((id, last))?;
    set_waiting_aside(conn, device, last)
}

/// The same for rows that wait for others and will never be applied.
pub(super) fn set_waiting_aside(conn: &Connection, device: Device, last: i64) -> Result<()> {
    let key = (&device.to_be_bytes()[..], last);
    conn.prepare_cached(
        "insert or ignore into local_fork select device, seq, body, x'' from local_waiting where device=?1 and seq>?2",
    )?
    .execute(key)?;
    conn.prepare_cached("delete from local_waiting where device=?1 and seq>?2")?.execute(key)?;
    Ok(())
}

/// Keeps a row that never came into the log, if it erases somebody.
pub(super) fn keep(conn: &Connection, row: &Row) -> Result<()> {
    if erases_in(row).is_empty() {
        return Ok(());
    }
    let sql = "insert into local_fork select ?1, ?2, ?3, x'' \
               where not exists (select 1 from local_fork where device=?1 and seq=?2 and (hash=?4 or hash=x''))";
    let key = (&row.device.to_be_bytes()[..], row.seq, receive::pack(row)?, &row.hash[..]);
    conn.prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// Whom a row erases.
fn erases_in(row: &Row) -> Vec<At> {
    if !row.text.contains("\"erase\"") {
        return Vec::new();
    }
    let lines = row.text.lines().filter_map(|line| Edit::read(line).ok());
    lines.filter_map(|edit| if let Edit::Erase(at) = edit { Some(at) } else { None }).collect()
}

/// Replaces what rows aside say about records that were erased by its hash, and all labels: one may name them.
pub(super) fn scrub(conn: &Connection, book: [u8; 16], gone: &HashMap<Gid, Kind>) -> Result<()> {
    let mut statement = conn.prepare_cached("select device, seq, hash, body from local_fork")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<(Vec<u8>, i64, Vec<u8>, Vec<u8>)>>>()?;
    for (device, seq, hash, body) in rows {
        let Some(mut row) = receive::unpack(&body) else { continue };
        let text = without(&row, book, gone);
        let label = log::erased_label(&row.salt, &row.label);
        if text.is_none() && label.is_none() {
            continue;
        }
        row.text = text.unwrap_or(row.text);
        row.label = label.unwrap_or(row.label);
        conn.prepare_cached("update local_fork set body=?4 where device=?1 and seq=?2 and hash=?3")?
            .execute((device, seq, hash, receive::pack(&row)?))?;
    }
    Ok(())
}

/// A row's lines with those about these records replaced; `None` if there are none.
fn without(row: &Row, book: [u8; 16], gone: &HashMap<Gid, Kind>) -> Option<String> {
    let stand = Stand { n: 0, device: 0, seq: row.seq, hlc: row.hlc, id: row.device };
    let (mut text, mut any, mut index) = (String::with_capacity(row.text.len()), false, 0);
    for (at, line) in row.text.lines().enumerate() {
        // What a newer version wrote is left to it.
        if let Ok((edit, _)) = Edit::read_any(line, &[]) {
            let creates = edit.creates();
            let about = gather::about_whom(book, &stand, &row.seed, index, &edit)
                .and_then(|gid| gone.get(&gid).map(|kind| (*kind, gid)));
            index += creates;
            if about.is_some() && !matches!(edit, Edit::Erase(_) | Edit::Erased { .. }) {
                text.push_str(&log::erased_line(&row.salt, at as u64, line, creates, about));
                text.push('\n');
                any = true;
                continue;
            }
        }
        text.push_str(line);
        text.push('\n');
    }
    any.then_some(text)
}

impl Store {
    /// Keeps erasures in rows that do not count: see `erasures_aside`.
    pub fn keep_aside(&mut self, rows: &[Row]) -> Result<()> {
        let _writing = self.gate.open();
        rows.iter().try_for_each(|row| keep(&self.conn, row))
    }

    /// Whom rows erase that do not count, because these devices were there twice and only what they wrote up to the given row is
    /// theirs, as long as no row that counts says the same. What others had of these people is gone for good: so it is to be gone
    /// everywhere.
    pub fn erasures_aside(&self, ended: &[(Device, i64)]) -> Result<Vec<At>> {
        let mut statement = self
            .conn
            .prepare_cached("select body from local_fork where device=?1 and seq>?2 order by seq, hash")?;
        let mut gone = self
            .conn
            .prepare_cached("select exists (select 1 from gone where kind=?1 and gid=?2 and erased=1)")?;
        let mut found = Vec::new();
        for (device, last) in ended {
            let rows = statement
                .query_map((&device.to_be_bytes()[..], last), |row| row.get::<_, Vec<u8>>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for at in rows.iter().filter_map(|body| receive::unpack(body)).flat_map(|row| erases_in(&row)) {
                if !found.contains(&at)
                    && !gone.query_row((at.kind as i64, sql::gid_blob(&at.id)), |row| row.get(0))?
                {
                    found.push(at);
                }
            }
        }
        Ok(found)
    }
}

/// Rows of a device that are kept aside.
#[cfg(any(test, feature = "simulation"))]
pub fn kept_aside(conn: &Connection, device: Device, seq: i64) -> Result<Vec<Row>> {
    let mut statement = conn.prepare_cached("select body from local_fork where device=?1 and seq=?2")?;
    let rows = statement.query_map((&device.to_be_bytes()[..], seq), |row| row.get::<_, Vec<u8>>(0))?;
    let bodies = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(bodies.iter().filter_map(|body| receive::unpack(body)).collect())
}
