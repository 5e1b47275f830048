//! Who had what when they wrote: kept by the simulation itself, whatever the rows say of it.

use rolo::model::ids::Device;
use rusqlite::Connection;
use std::collections::HashMap;

/// A set of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(Vec<u64>);

impl Set {
    pub(super) fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn add(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn take(&mut self, at: usize) -> bool {
        let had = self.has(at);
        if had {
            self.0[at / 64] &= !(1 << (at % 64));
        }
        had
    }

    pub(super) fn all(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|at| self.has(*at))
    }
}

/// What a row is called. It keeps its seed if it is written anew under another name.
pub(super) type RowName = ([u8; 16], Device, i64);

#[derive(Default)]
pub(super) struct Truth {
    rows: HashMap<RowName, usize>,
    pub(super) names: Vec<RowName>,
    /// What the writer of each had.
    pub(super) pasts: Vec<Set>,
    by_seed: HashMap<[u8; 16], usize>,
}

impl Truth {
    /// The rows of a book.
    fn read(conn: &Connection, after: i64) -> Vec<RowName> {
        let sql =
            "select tx.seed, d.id, tx.seq from tx join device d on d.n=tx.device where tx.n>?1 order by tx.n";
        let mut statement = conn.prepare_cached(sql).unwrap();
        let rows = statement.query_map([after], |row| {
            Ok((row.get::<_, [u8; 16]>(0)?, u64::from_be_bytes(row.get(1)?), row.get::<_, i64>(2)?))
        });
        rows.unwrap().map(|row| row.unwrap()).collect()
    }

    /// Notes what somebody has just written who had `has`.
    pub(super) fn wrote(&mut self, conn: &Connection, batch: i64, has: &mut Set) {
        for name in Self::read(conn, batch - 1) {
            let at = self.put(name, has.clone());
            has.add(at);
        }
    }

    fn put(&mut self, name: RowName, past: Set) -> usize {
        let at = self.names.len();
        self.rows.insert(name, at);
        self.by_seed.insert(name.0, at);
        self.names.push(name);
        self.pasts.push(past);
        at
    }

    /// What a book has now. Rows that were written anew knew what they had known, among them each other; what a sync wrote itself
    /// (erasures that somebody else had made) knew all that came before it.
    pub(super) fn has(&mut self, conn: &Connection) -> Set {
        let mut has = Set::default();
        let mut moved: Vec<(usize, usize)> = Vec::new();
        for name in Self::read(conn, 0) {
            let at = match self.rows.get(&name) {
                Some(at) => *at,
                None => {
                    let Some(old) = self.by_seed.get(&name.0).copied() else {
                        has.add(self.put(name, has.clone()));
                        continue;
                    };
                    let mut past = self.pasts[old].clone();
                    for (from, to) in &moved {
                        if past.take(*from) {
                            past.add(*to);
                        }
                    }
                    let at = self.put(name, past);
                    moved.push((old, at));
                    at
                }
            };
            has.add(at);
        }
        has
    }

    pub(super) fn row(&self, name: &RowName) -> Option<usize> {
        self.rows.get(name).copied()
    }
}
