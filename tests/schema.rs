//! Holds the one table of records and fields against the tables that SQLite really has.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rolo::model::schema::{Key, RECORDS, Type};
use rolo::store::{open, sql};
use std::collections::BTreeSet;

/// A column: its name and its type as SQL writes it.
fn columns(conn: &rusqlite::Connection, table: &str) -> Vec<(String, String)> {
    let mut statement = conn.prepare("select name, type from pragma_table_info(?1) order by cid").unwrap();
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get::<_, String>(1)?.to_lowercase())));
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

const fn sql_type(ty: Type) -> &'static str {
    match ty {
        Type::Flag | Type::Int | Type::Decimal | Type::Instant | Type::Ref(_) => "integer",
        Type::Position => "real",
        _ => "text",
    }
}

#[test]
fn every_record_has_its_table_with_its_fields() {
    let conn = open::nothing().unwrap();
    for record in &RECORDS {
        let head: Vec<&str> = match record.key {
            Key::Top => vec!["id", "uid", "tx", "i", "created", "updated", "deleted"],
            Key::Child(_, owner) => vec![owner, "n", "tx", "i", "deleted"],
        };
        let derived = sql::derived_columns(record.kind);
        let found = columns(&conn, record.name);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..head.len()], head, "{}", record.name);
        // Fields go by name in SQL and log; their columns stand so that those that are mostly unset come last.
        let fields = record.fields.iter().map(|field| field.name);
        let wanted: BTreeSet<&str> = fields.chain(derived.iter().copied()).collect();
        assert_eq!(names[head.len()..].iter().copied().collect::<BTreeSet<_>>(), wanted, "{}", record.name);
        assert_eq!(names.len(), head.len() + wanted.len(), "{} has a column twice", record.name);
        for field in record.fields {
            let (_, ty) = found.iter().find(|(name, _)| name == field.name).unwrap();
            assert_eq!(ty, sql_type(field.ty), "{}.{}", record.name, field.name);
        }
    }
}

#[test]
fn every_table_is_a_record_or_one_of_the_book_s_own() {
    // The log and what is derived from it; `local_*` stays on this device.
    let own = [
        "meta", "device", "tx", "stamp", "touched", "birth", "sibling", "hay", "line", "version", "seen",
        "wrote", "gone", "dangling", "review", "stray",
    ];
    let conn = open::nothing().unwrap();
    let mut statement = conn.prepare("select name from sqlite_schema where type='table' order by 1").unwrap();
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
    let full_text = |name: &str| {
        tables.iter().any(|table| {
            table != name && name.strip_prefix(table.as_str()).is_some_and(|rest| rest.starts_with('_'))
        })
    };
    let unknown: BTreeSet<&str> = tables
        .iter()
        .map(String::as_str)
        .filter(|name| !RECORDS.iter().any(|record| record.name == *name))
        .filter(|name| !own.contains(name) && !name.starts_with("local_") && !name.starts_with("sqlite_"))
        .filter(|name| !full_text(name))
        .collect();
    assert_eq!(unknown, BTreeSet::from(["words"]), "no record declares these tables");
    for record in &RECORDS {
        assert!(tables.iter().any(|table| table == record.name), "{} has no table", record.name);
    }
}
