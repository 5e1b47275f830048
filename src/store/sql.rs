//! SQL made from the table of records, and values on their way in and out.

use super::error::{Result, StoreError};
use crate::model::ids::{Device, Gid};
use crate::model::schema::{Key, Kind, RECORDS, Record, Type};
use crate::model::value::Value;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::sync::LazyLock;

/// Where a record lies in this book: `id` of its own or of its owner, and `n` among the owner's (0 for its own).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Its kind.
    pub kind: Kind,
    /// Its own key, or its owner's.
    pub id: i64,
    /// Its number under its owner, from 1; 0 for a record of its own.
    pub n: i64,
}

/// When the record `c` was made, ms since 1970, as SQL.
pub const CREATED: &str = "ifnull(c.created, (select hlc >> 16 from tx where n=c.tx))";

/// When the record `c` was last changed, ms since 1970, as SQL.
pub const UPDATED: &str = "ifnull(c.updated, (select hlc >> 16 from tx where n=c.tx))";

/// How many columns stand before the fields of a kind.
pub fn first_field(record: &Record) -> usize {
    match record.key {
        Key::Top => 7,
        Key::Child(..) => 5,
    }
}

/// `insert` with every column that is in the log, then the derived ones of contacts, methods and identities.
pub fn insert(kind: Kind) -> &'static str {
    static SQL: LazyLock<Vec<String>> = LazyLock::new(|| RECORDS.iter().map(insert_sql).collect());
    &SQL[kind as usize]
}

/// The derived columns at the end of a kind's table.
pub const fn derived_columns(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Contact => &["root", "hidden", "sort", "last"],
        Kind::Method => &["norm", "hash"],
        Kind::Identity => &["fp"],
        _ => &[],
    }
}

fn insert_sql(record: &Record) -> String {
    let head: &[&str] = match record.key {
        Key::Top => &["id", "uid", "tx", "i", "created", "updated", "deleted"],
        Key::Child(_, owner) => &[owner, "n", "tx", "i", "deleted"],
    };
    let fields = record.fields.iter().map(|field| field.name);
    let names: Vec<String> = head
        .iter()
        .copied()
        .chain(fields)
        .chain(derived_columns(record.kind).iter().copied())
        .map(|name| format!("\"{name}\""))
        .collect();
    let marks = vec!["?"; names.len()].join(",");
    format!("insert into \"{}\" ({}) values ({marks})", record.name, names.join(","))
}

/// `where` that picks a place: `?1` id, `?2` n (for children).
pub fn place_where(record: &Record) -> String {
    match record.key {
        Key::Top => "id=?1 and ?2=0".to_owned(),
        Key::Child(_, owner) => format!("\"{owner}\"=?1 and n=?2"),
    }
}

/// Reads the global id of a record of its own.
pub fn uid_of(conn: &Connection, kind: Kind, id: i64) -> Result<Option<[u8; 16]>> {
    let sql = format!("select uid from \"{}\" where id=?1", kind.record().name);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    Ok(match rows.next()? {
        Some(row) => Some(row.get(0)?),
        None => None,
    })
}

/// The local key of a record of its own.
pub fn id_of(conn: &Connection, kind: Kind, uid: &[u8; 16]) -> Result<Option<i64>> {
    let sql = format!("select id from \"{}\" where substr(uid,9)=?1 and uid=?2", kind.record().name);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((&uid[8..], &uid[..]))?;
    Ok(match rows.next()? {
        Some(row) => Some(row.get(0)?),
        None => None,
    })
}

/// The global id of what lies at a place.
pub fn gid_of(conn: &Connection, place: Place) -> Result<Option<Gid>> {
    let record = place.kind.record();
    let Key::Child(_, owner) = record.key else {
        return Ok(uid_of(conn, place.kind, place.id)?.map(Gid::Uid));
    };
    let sql = format!(
        "select ifnull(d.id, s.device), ifnull(t.seq, s.seq), c.i from \"{}\" c left join tx t on t.n=c.tx \
         left join device d on d.n=t.device left join stray s on s.n=-c.tx where c.\"{owner}\"=?1 and c.n=?2",
        record.name
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((place.id, place.n))?;
    Ok(match rows.next()? {
        Some(row) => {
            Some(Gid::Born { device: u64::from_be_bytes(row.get(0)?), seq: row.get(1)?, index: row.get(2)? })
        }
        None => None,
    })
}

/// Where the record with this global id lies.
pub fn place_of(conn: &Connection, kind: Kind, id: &Gid, owner: Option<i64>) -> Result<Option<Place>> {
    match (id, owner) {
        (Gid::Uid(uid), _) => Ok(id_of(conn, kind, uid)?.map(|id| Place { kind, id, n: 0 })),
        (Gid::Born { device, seq, index }, Some(owner)) => {
            let record = kind.record();
            let Key::Child(_, column) = record.key else { return Ok(None) };
            let sql = format!("select n from \"{}\" where \"{column}\"=?1 and i=?2 and tx=?3", record.name);
            let Some(tx) = birth_named(conn, *device, *seq)? else { return Ok(None) };
            let mut statement = conn.prepare_cached(&sql)?;
            let mut rows = statement.query((owner, index, tx))?;
            Ok(match rows.next()? {
                Some(row) => Some(Place { kind, id: owner, n: row.get(0)? }),
                None => None,
            })
        }
        (Gid::Born { .. }, None) => Ok(None),
    }
}

/// The number of the row that a device wrote as its `seq`-th.
pub fn row_named(conn: &Connection, device: Device, seq: i64) -> Result<Option<i64>> {
    let sql = "select tx.n from tx join device d on d.n=tx.device where d.id=?1 and tx.seq=?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query((&device.to_be_bytes()[..], seq))?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// What a child's `tx` is if it is named after this row: the row's number, or, where the log has it no more, that of a stray one.
/// `None` if nothing is named after it.
pub fn birth_named(conn: &Connection, device: Device, seq: i64) -> Result<Option<i64>> {
    if let Some(n) = row_named(conn, device, seq)? {
        return Ok(Some(n));
    }
    let mut statement = conn.prepare_cached("select -n from stray where device=?1 and seq=?2")?;
    let mut rows = statement.query((&device.to_be_bytes()[..], seq))?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// A global id as bytes: 16 of a UUID, 24 of a child.
pub fn gid_blob(gid: &Gid) -> Vec<u8> {
    match gid {
        Gid::Uid(uid) => uid.to_vec(),
        Gid::Born { device, seq, index } => {
            [device.to_be_bytes(), seq.to_be_bytes(), index.to_be_bytes()].concat()
        }
    }
}

/// Reads what `gid_blob` wrote.
pub fn gid_read(bytes: &[u8]) -> Option<Gid> {
    if let Ok(uid) = <[u8; 16]>::try_from(bytes) {
        return Some(Gid::Uid(uid));
    }
    let word = |at: usize| bytes.get(at..at + 8).and_then(|word| <[u8; 8]>::try_from(word).ok());
    match (word(0), word(8), word(16), bytes.len()) {
        (Some(device), Some(seq), Some(index), 24) => Some(Gid::Born {
            device: u64::from_be_bytes(device),
            seq: i64::from_be_bytes(seq),
            index: i64::from_be_bytes(index),
        }),
        _ => None,
    }
}

/// Reads a field's value; references become global ids. `owner` is the record whose row it is.
pub fn read_value(conn: &Connection, ty: Type, owner: i64, raw: ValueRef<'_>) -> Result<Value> {
    Ok(match (ty, raw) {
        (_, ValueRef::Null) => Value::Null,
        (Type::Ref(kind), ValueRef::Integer(key)) => {
            let place = match kind.record().key {
                Key::Top => Place { kind, id: key, n: 0 },
                Key::Child(..) => Place { kind, id: owner, n: key },
            };
            gid_of(conn, place)?.map_or(Value::Null, Value::Ref)
        }
        (_, ValueRef::Integer(number)) => Value::Int(number),
        (_, ValueRef::Real(number)) => Value::Real(number),
        (_, ValueRef::Text(text)) => Value::Text(
            String::from_utf8(text.to_vec()).map_err(|error| StoreError::Damaged(error.to_string()))?,
        ),
        (_, ValueRef::Blob(_)) => return Err(StoreError::Damaged("a blob in a field".to_owned())),
    })
}

/// The value of one field at a place.
pub fn value_at(conn: &Connection, place: Place, field: usize) -> Result<Value> {
    let record = place.kind.record();
    let sql = format!(
        "select \"{}\" from \"{}\" where {}",
        record.fields[field].name,
        record.name,
        place_where(record)
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((place.id, place.n))?;
    match rows.next()? {
        Some(row) => read_value(conn, record.fields[field].ty, place.id, row.get_ref(0)?),
        None => Ok(Value::Null),
    }
}
