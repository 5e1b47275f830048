//! What makes many records at once quick: indexes that are built once, at the end, and rows that go in together.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::{open, sql};
use crate::model::schema::{Kind, RECORDS};
use crate::model::value::Value;
use rusqlite::{CachedStatement, Connection};

/// Indexes that nothing asks while a book is filled for the first time.
const LARGE: [&str; 5] = ["contact_sort", "contact_company", "method_hash", "identity_ext", "tagging_tag"];

/// The page cache while they are gone, KiB.
const CACHE: u32 = 16 << 10;

/// The large indexes while they are gone: name and SQL of each.
#[derive(Debug, Default)]
pub(super) struct Indexes(Vec<(String, String)>);

impl Indexes {
    /// Takes them away, within the transaction that is open.
    pub(super) fn drop(conn: &Connection) -> Result<Self> {
        let names = LARGE.join("','");
        let sql = format!("select name, sql from sqlite_schema where type='index' and name in ('{names}')");
        let found = conn
            .prepare(&sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        for (name, _) in &found {
            conn.execute_batch(&format!("drop index {name}"))?;
        }
        // Pages are filled one after the other: more of them in memory would only be more memory.
        conn.execute_batch(&open::cache_size(CACHE))?;
        Ok(Self(found))
    }

    /// Builds them again, if they are gone.
    pub(super) fn build(&mut self, conn: &Connection) -> Result<()> {
        let indexes = std::mem::take(&mut self.0);
        for (_, sql) in &indexes {
            conn.execute_batch(sql)?;
        }
        if !indexes.is_empty() {
            conn.execute_batch(&open::cache_size(open::WRITER_CACHE))?;
        }
        Ok(())
    }
}

/// So many rows go in with one statement: what a statement costs beside its rows is shared by them, and each row's place is
/// found from the one before.
const MANY: usize = 32;

/// A value that waits; texts lie in their queue's.
#[derive(Clone, Copy)]
enum Slot {
    Null,
    Int(i64),
    Real(f64),
    Text(usize, usize),
}

/// Rows of one kind that wait.
struct Queue<'a> {
    kind: Kind,
    columns: usize,
    slots: Vec<Slot>,
    text: String,
    /// The statement for `MANY` rows, and which of its parameters hold something.
    many: Option<(CachedStatement<'a>, Vec<bool>)>,
}

impl<'a> Queue<'a> {
    fn new(kind: Kind) -> Self {
        let columns = sql::insert(kind).matches('?').count();
        Self { kind, columns, slots: Vec::new(), text: String::new(), many: None }
    }

    fn insert(&mut self, conn: &'a Connection) -> Result<()> {
        let rows = self.slots.len() / self.columns;
        if rows == MANY {
            let (statement, held) = match &mut self.many {
                Some(many) => many,
                none => {
                    // Whatever fails takes the whole transaction with it: no page is to be kept for the statement alone.
                    let one = sql::insert(self.kind).replacen("insert", "insert or fail", 1);
                    let row = one.rfind('(').map_or("", |at| &one[at..]);
                    let sql = format!("{one}{}", format!(",{row}").repeat(MANY - 1));
                    none.insert((conn.prepare_cached(&sql)?, vec![false; self.slots.len()]))
                }
            };
            put(statement, &self.slots, &self.text, Some(held))?;
        } else if rows > 0 {
            let mut statement = conn.prepare_cached(sql::insert(self.kind))?;
            for slots in self.slots.chunks_exact(self.columns) {
                put(&mut statement, slots, &self.text, None)?;
            }
        }
        self.slots.clear();
        self.text.clear();
        Ok(())
    }
}

fn put(
    statement: &mut CachedStatement<'_>,
    slots: &[Slot],
    text: &str,
    mut held: Option<&mut Vec<bool>>,
) -> Result<()> {
    for (at, slot) in slots.iter().enumerate() {
        let was =
            held.as_mut().is_none_or(|held| std::mem::replace(&mut held[at], !matches!(slot, Slot::Null)));
        match *slot {
            Slot::Null if was => statement.raw_bind_parameter(at + 1, rusqlite::types::Null)?,
            Slot::Null => {}
            Slot::Int(number) => statement.raw_bind_parameter(at + 1, number)?,
            Slot::Real(number) => statement.raw_bind_parameter(at + 1, number)?,
            Slot::Text(from, to) => statement.raw_bind_parameter(at + 1, &text[from..to])?,
        }
    }
    Ok(statement.raw_execute().map(drop)?)
}

/// Children that wait to be inserted together, while a book is filled for the first time. Whoever reads the tables lets them in
/// first.
pub(super) struct Waiting<'a> {
    conn: &'a Connection,
    queues: Vec<Option<Queue<'a>>>,
    /// What went wrong where nobody could be told.
    failed: Option<StoreError>,
}

impl<'a> Waiting<'a> {
    pub(super) fn new(conn: &'a Connection) -> Self {
        Self { conn, queues: RECORDS.iter().map(|_| None).collect(), failed: None }
    }

    /// Begins a row, to be filled.
    pub(super) fn row(&mut self, kind: Kind) -> Filling<'_, 'a> {
        let queue = self.queues[kind as usize].get_or_insert_with(|| Queue::new(kind));
        let from = queue.slots.len();
        queue.slots.resize(from + queue.columns, Slot::Null);
        Filling { conn: self.conn, queue, from }
    }

    /// Inserts all that waits.
    pub(super) fn insert(&mut self) -> Result<()> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.queues.iter_mut().flatten().try_for_each(|queue| queue.insert(self.conn)),
        }
    }

    /// The same for whoever can't say what went wrong: the next one who can does.
    pub(super) fn insert_before_reading(&mut self) {
        if self.failed.is_none() {
            self.failed = self.insert().err();
        }
    }
}

/// A row that waits, while its columns are filled; they count from 1.
pub(super) struct Filling<'w, 'a> {
    conn: &'a Connection,
    queue: &'w mut Queue<'a>,
    from: usize,
}

impl Filling<'_, '_> {
    pub(super) fn int(&mut self, at: usize, value: i64) {
        self.queue.slots[self.from + at - 1] = Slot::Int(value);
    }

    pub(super) fn text(&mut self, at: usize, value: &str) {
        let from = self.queue.text.len();
        self.queue.text.push_str(value);
        self.queue.slots[self.from + at - 1] = Slot::Text(from, self.queue.text.len());
    }

    pub(super) fn value(&mut self, at: usize, value: &Value, key: Option<i64>) {
        match (value, key) {
            (_, Some(key)) => self.int(at, key),
            (Value::Text(text), _) => self.text(at, text),
            (Value::Int(number), _) => self.int(at, *number),
            (Value::Real(number), _) => self.queue.slots[self.from + at - 1] = Slot::Real(*number),
            _ => {}
        }
    }

    /// The row is whole: once there are enough, they are inserted.
    pub(super) fn done(self) -> Result<()> {
        if self.queue.slots.len() == MANY * self.queue.columns {
            self.queue.insert(self.conn)
        } else {
            Ok(())
        }
    }
}
