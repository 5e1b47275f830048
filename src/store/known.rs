//! Who knew what: the version vectors of the rows of the log, and the order in which rows win.

use super::error::{Result, StoreError};
use crate::model::ids::Device;
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::HashMap;

/// A row of the log, as far as the order of rows goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its number in this book.
    pub n: i64,
    /// Who wrote it, by the device's local number.
    pub device: i64,
    /// Its number among that device's rows.
    pub seq: i64,
    /// Hybrid logical time.
    pub hlc: i64,
    /// Who wrote it, by id.
    pub id: Device,
}

impl Stand {
    /// Among values that know nothing of each other, the one that is shown is the greatest.
    pub fn rank(&self) -> (i64, Device, i64) {
        #[cfg(feature = "simulation")]
        if crate::model::sabotage::on(crate::model::sabotage::Bug::TieBreak) {
            return (-self.hlc, !self.id, self.seq);
        }
        (self.hlc, self.id, self.seq)
    }
}

/// More rows than this are not remembered.
const ROWS_MAX: usize = 200_000;

/// Rows by number and by device, `(seq of the row that said so, seq that it had seen)`.
type Seen = HashMap<(i64, i64), Vec<(i64, i64)>>;

/// Answers from the log, remembering what it was asked.
#[derive(Default)]
pub struct Known {
    rows: RefCell<HashMap<i64, Stand>>,
    seen: RefCell<Seen>,
}

impl Known {
    /// The row with this number.
    pub fn stand(&self, conn: &Connection, n: i64) -> Result<Stand> {
        if let Some(stand) = self.rows.borrow().get(&n) {
            return Ok(*stand);
        }
        let stand = conn
            .prepare_cached(
                "select tx.n, tx.device, seq, hlc, d.id from tx join device d on d.n=tx.device where tx.n=?1",
            )?
            .query_row([n], |row| {
                Ok(Stand {
                    n: row.get(0)?,
                    device: row.get(1)?,
                    seq: row.get(2)?,
                    hlc: row.get(3)?,
                    id: u64::from_be_bytes(row.get(4)?),
                })
            })
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => StoreError::Damaged(format!("no row {n} in the log")),
                other => other.into(),
            })?;
        let mut rows = self.rows.borrow_mut();
        if rows.len() >= ROWS_MAX {
            rows.clear();
        }
        rows.insert(n, stand);
        Ok(stand)
    }

    /// Whether whoever wrote `a` had `b` before them.
    pub fn knows(&self, conn: &Connection, a: &Stand, b: &Stand) -> Result<bool> {
        if a.device == b.device {
            return Ok(b.seq <= a.seq);
        }
        let key = (a.device, b.device);
        let mut seen = self.seen.borrow_mut();
        let list = match seen.entry(key) {
            std::collections::hash_map::Entry::Occupied(list) => list.into_mut(),
            std::collections::hash_map::Entry::Vacant(slot) => {
                let mut statement = conn
                    .prepare_cached("select seq, upto from seen where device=?1 and other=?2 order by seq")?;
                let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
                slot.insert(rows.collect::<rusqlite::Result<_>>()?)
            }
        };
        let at = list.partition_point(|(seq, _)| *seq <= a.seq);
        Ok(at > 0 && list[at - 1].1 >= b.seq)
    }

    /// Whether whoever wrote row `a` had row `b`, both by number.
    pub fn has(&self, conn: &Connection, a: &Stand, b: i64) -> Result<bool> {
        Ok(a.n == b || self.knows(conn, a, &self.stand(conn, b)?)?)
    }

    /// Notes that `device` said in its row `seq` that it had `other`'s rows up to `upto`.
    pub(super) fn note(&self, device: i64, other: i64, seq: i64, upto: i64) {
        if let Some(list) = self.seen.borrow_mut().get_mut(&(device, other)) {
            list.push((seq, upto));
        }
    }
}

/// Reads `deps`: what a device had seen of others since its row before.
pub fn read_deps(text: &str) -> Result<Vec<(Device, i64)>> {
    let wrong = || StoreError::Damaged(format!("deps {text:?}"));
    let entries = text.split_ascii_whitespace().map(|entry| {
        let (device, seq) = entry.split_once(':').ok_or_else(wrong)?;
        let seq = seq.parse::<i64>().map_err(|_| wrong())?;
        if device.len() != 16 || seq < 1 {
            return Err(wrong());
        }
        Ok((u64::from_str_radix(device, 16).map_err(|_| wrong())?, seq))
    });
    entries.collect()
}

/// Writes `deps`.
pub fn write_deps(entries: &[(Device, i64)]) -> String {
    let words: Vec<String> = entries.iter().map(|(device, seq)| format!("{device:016x}:{seq}")).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deps_come_back_as_they_were_written_and_nothing_else_is_taken() {
        let entries = vec![(5, 17), (u64::MAX, 1)];
        assert_eq!(read_deps(&write_deps(&entries)).unwrap(), entries);
        assert!(read_deps("").unwrap().is_empty());
        for wrong in
            ["5:1", "000000000000000g:1", "0000000000000005", "0000000000000005:0", "0000000000000005:x"]
        {
            assert!(read_deps(wrong).is_err(), "{wrong}");
        }
    }
}
