//! How far each device's rows are here, and what of that this device has told.
#![allow(clippy::disallowed_methods)]

use super::error::Result;
use super::known::{read_deps, write_deps};
use crate::model::ids::Device;
use rusqlite::Connection;
use std::collections::HashMap;

/// What is here of others that this device's rows have not said yet, as `deps`.
pub(super) fn untold(conn: &Connection, me: i64) -> Result<String> {
    #[cfg(feature = "simulation")]
    if crate::model::sabotage::on(crate::model::sabotage::Bug::Deps) {
        return Ok(String::new());
    }
    let told_by: Option<i64> = {
        let mut statement = conn.prepare_cached("select value from local_state where key='told_by'")?;
        let mut rows = statement.query([])?;
        rows.next()?.map(|row| row.get(0)).transpose()?
    };
    // A device with a new identity has told nothing.
    let told = if told_by == Some(me) { "told" } else { "0" };
    let sql = format!(
        "select d.id, v.seq from version v join device d on d.n=v.device where v.device<>?1 and v.seq>{told} order by d.id"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([me], |row| Ok((u64::from_be_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(write_deps(&rows.collect::<rusqlite::Result<Vec<_>>>()?))
}

/// Notes what a row's `deps` say.
pub(super) fn say(conn: &Connection, device: i64, seq: i64, deps: &str) -> Result<Vec<(i64, i64)>> {
    let mut said = Vec::new();
    for (other, upto) in read_deps(deps)? {
        let other = number(conn, other)?;
        conn.prepare_cached("insert or ignore into seen values (?,?,?,?)")?
            .execute((device, other, seq, upto))?;
        said.push((other, upto));
    }
    Ok(said)
}

/// How far each device's rows were there for any other that wrote what is here, by local number.
pub(super) fn told(conn: &Connection) -> Result<HashMap<i64, i64>> {
    let mut statement = conn.prepare_cached("select other, max(upto) from seen group by other")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The local number of a device, known or not.
pub(super) fn number(conn: &Connection, device: Device) -> Result<i64> {
    super::commit::device_row(conn, device, "")
}

/// Notes this device's last row, which has told all that is here.
pub(super) fn wrote(conn: &Connection, me: i64, seq: i64) -> Result<()> {
    reached(conn, me, seq)?;
    conn.prepare_cached("update version set told=seq where told<>seq")?.execute([])?;
    conn.prepare_cached("insert or replace into local_state values ('told_by', ?1)")?.execute([me])?;
    Ok(())
}

/// Notes that a device's rows are here up to `seq`.
pub(super) fn reached(conn: &Connection, device: i64, seq: i64) -> Result<()> {
    conn.prepare_cached(
        "insert into version values (?1, ?2, 0) on conflict(device) do update set seq=excluded.seq",
    )?
    .execute((device, seq))?;
    Ok(())
}

/// How far each device's rows are here, by device.
pub fn vector(conn: &Connection) -> Result<Vec<(Device, i64)>> {
    let mut statement = conn.prepare_cached(
        "select d.id, v.seq from version v join device d on d.n=v.device where v.seq>0 order by d.id",
    )?;
    let rows = statement.query_map([], |row| Ok((u64::from_be_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
