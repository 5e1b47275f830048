//! Reads records in bulk: a contact with all that it owns is a handful of queries however many are asked for.

use super::error::Result;
use super::sql::Place;
use crate::model::schema::{Key, Kind};
use rusqlite::Connection;
use rusqlite::types::Value as Sql;
use std::cmp::Ordering;
use std::collections::HashMap;

/// One record as it lies in its table.
#[derive(Clone, Debug)]
pub struct Raw {
    /// Where.
    pub place: Place,
    /// For what a contact owns: the contact that is shown for it, which is another one after a merge.
    pub root: i64,
    /// Its fields, in the order of `Record::fields`.
    pub values: Vec<Sql>,
}

impl Raw {
    /// A field as text; empty if it has none.
    pub fn text(&self, field: &str) -> &str {
        match self.get(field) {
            Some(Sql::Text(text)) => text,
            _ => "",
        }
    }

    /// A field as a number or a local key.
    pub fn int(&self, field: &str) -> Option<i64> {
        match self.get(field) {
            Some(Sql::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    fn get(&self, field: &str) -> Option<&Sql> {
        self.values.get(self.place.kind.record().field(field)?)
    }
}

/// Local keys as the parameter of `json_each`.
pub fn list(ids: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("[");
    for id in ids {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&id.to_string());
    }
    text.push(']');
    text
}

/// How SQL asks for the keys of a list, and with what: of a single one without a table of its own, which costs more than all the
/// rest. The parameter is `?1`.
fn among(list: &str) -> (&'static str, Sql) {
    match list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map(str::parse) {
        Some(Ok(key)) => ("=?1", Sql::Integer(key)),
        _ => ("in (select value from json_each(?1))", Sql::Text(list.to_owned())),
    }
}

/// For each shown contact itself and those merged into it: member -> shown.
pub fn members(conn: &Connection, roots: &[i64]) -> Result<HashMap<i64, i64>> {
    let mut members: HashMap<i64, i64> = roots.iter().map(|id| (*id, *id)).collect();
    let (among, keys) = among(&list(roots.iter().copied()));
    let sql = format!("select id, root from contact where root<>id and root {among}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([keys])?;
    while let Some(row) = rows.next()? {
        members.insert(row.get(0)?, row.get(1)?);
    }
    Ok(members)
}

/// Records of their own by local key, in no order; those in the bin, too.
pub fn tops(conn: &Connection, kind: Kind, ids: &str) -> Result<Vec<Raw>> {
    let record = kind.record();
    let fields: String = record.fields.iter().map(|field| format!(", \"{}\"", field.name)).collect();
    let (among, keys) = among(ids);
    let sql = format!("select id{fields} from \"{}\" where id {among}", record.name);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([keys], |row| {
        let id = row.get(0)?;
        let values = (0..record.fields.len()).map(|at| row.get(at + 1)).collect::<rusqlite::Result<_>>()?;
        Ok(Raw { place: Place { kind, id, n: 0 }, root: id, values })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The live children of these owners (for contacts as `members` gives them), in the order that people see.
pub fn children(conn: &Connection, kind: Kind, members: &HashMap<i64, i64>) -> Result<Vec<Raw>> {
    let record = kind.record();
    let Key::Child(_, owner) = record.key else { return Ok(Vec::new()) };
    let fields: String = record.fields.iter().map(|field| format!(", \"{}\"", field.name)).collect();
    let (among, keys) = among(&list(members.keys().copied()));
    let sql = format!(
        "select \"{owner}\", n, tx, i{fields} from \"{}\" where deleted is null and \"{owner}\" {among}",
        record.name
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([keys], |row| {
        let (id, n) = (row.get(0)?, row.get(1)?);
        let values = (0..record.fields.len()).map(|at| row.get(at + 4)).collect::<rusqlite::Result<_>>()?;
        let raw = Raw { place: Place { kind, id, n }, root: members.get(&id).copied().unwrap_or(id), values };
        Ok((raw, Made { tx: row.get(2)?, i: row.get(3)? }))
    })?;
    let mut rows: Vec<(Raw, Made)> = rows.collect::<rusqlite::Result<_>>()?;
    let order = MadeOrder::of(conn, rows.iter().map(|(_, made)| *made))?;
    let position = record.field("position");
    let rank = |raw: &Raw| match position.and_then(|at| raw.values.get(at)) {
        Some(Sql::Real(number)) => *number,
        _ => f64::MAX,
    };
    rows.sort_by(|(a, made_a), (b, made_b)| {
        let own = |raw: &Raw| (raw.root, raw.place.id != raw.root);
        own(a)
            .cmp(&own(b))
            .then(rank(a).total_cmp(&rank(b)))
            .then(a.place.id.cmp(&b.place.id))
            .then_with(|| order.compare(*made_a, *made_b))
            .then(a.place.n.cmp(&b.place.n))
    });
    Ok(rows.into_iter().map(|(raw, _)| raw).collect())
}

/// Which row of the log made something, and as its how manieth Create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The row's local number.
    pub tx: i64,
    /// The Create's number.
    pub i: i64,
}

/// The order in which things were made. Local numbers say in which they came, which is another one on each device.
#[derive(Debug)]
pub struct MadeOrder(HashMap<i64, (i64, Vec<u8>, i64)>);

impl MadeOrder {
    /// The order of these.
    pub fn of(conn: &Connection, all: impl Iterator<Item = Made>) -> Result<Self> {
        let mut rows = HashMap::new();
        let mut first = None;
        for made in all {
            // Mostly all come from one row.
            if *first.get_or_insert(made.tx) != made.tx {
                rows.insert(made.tx, (0, Vec::new(), 0));
            }
        }
        if rows.is_empty() {
            return Ok(Self(rows));
        }
        rows.extend(first.map(|tx| (tx, (0, Vec::new(), 0))));
        let sql = "select t.hlc, d.id, t.seq from tx t join device d on d.n=t.device where t.n=?1";
        let mut statement = conn.prepare_cached(sql)?;
        // What first made it is not in the log: see the table `stray`.
        let mut stray = conn.prepare_cached("select 0, device, seq from stray where n=-?1")?;
        for (tx, place) in &mut rows {
            let statement = if *tx < 0 { &mut stray } else { &mut statement };
            if let Some(row) = statement.query([tx])?.next()? {
                *place = (row.get(0)?, row.get(1)?, row.get(2)?);
            }
        }
        Ok(Self(rows))
    }

    /// Which of two was made first.
    pub fn compare(&self, a: Made, b: Made) -> Ordering {
        if a.tx == b.tx {
            return a.i.cmp(&b.i);
        }
        self.0.get(&a.tx).cmp(&self.0.get(&b.tx)).then(a.i.cmp(&b.i))
    }
}

/// One text column of many records by local key.
pub fn names(conn: &Connection, kind: Kind, column: &str, ids: &str) -> Result<HashMap<i64, String>> {
    let (among, keys) = among(ids);
    let sql = format!("select id, ifnull(\"{column}\", '') from \"{}\" where id {among}", kind.record().name);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([keys], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
