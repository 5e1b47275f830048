//! Rebuilds the tables from the log, and the canonical dump that two equal books share.
#![allow(clippy::disallowed_methods)]

use super::error::Result;
use super::receive::{self, Playing};
use super::{log, migrations, sql};
use crate::model::edit::Blind;
use crate::model::ids::Gid;
use crate::model::schema::{Key, RECORDS};
use crate::model::value::Value;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::Path;

/// Copies the log of `from` into an empty book in memory and applies all of it.
pub fn replay(from: &Connection) -> Result<Connection> {
    let to = Connection::open_in_memory()?;
    super::open::prepare(&to)?;
    migrations::migrate(&to, Path::new(":memory:"))?;
    let book: [u8; 16] = from.query_row("select value from meta where key='book'", [], |row| row.get(0))?;
    to.execute_batch("begin")?;
    to.execute("update meta set value=?1 where key='book'", [&book[..]])?;
    copy(from, &to, "device", 3)?;
    copy(from, &to, "tx", 19)?;
    play_all(&to, book, &[])?;
    to.execute_batch("commit")?;
    Ok(to)
}

/// Applies every row of a log to tables that hold nothing yet.
fn play_all(conn: &Connection, book: [u8; 16], blind: Blind) -> Result<()> {
    let mut playing = Playing::new(conn, book, blind)?;
    for row in log::since(conn, 0)? {
        let stand = receive::stand(conn, &row)?;
        let deps = receive::deps_of(conn, row.n)?;
        playing.row(stand, row.seed, &deps, &log::body(conn, row.n)?)?;
    }
    playing.finish()
}

/// Makes all tables anew from the log, within the transaction that is open.
pub(super) fn rebuild(conn: &Connection, book: [u8; 16], blind: Blind) -> Result<()> {
    let derived = [
        "stamp",
        "sibling",
        "touched",
        "wrote",
        "birth",
        "gone",
        "dangling",
        "review",
        "seen",
        "stray",
        "version",
        "local_parked",
        "hay",
        "line",
    ];
    for table in RECORDS.iter().map(|record| record.name).chain(derived) {
        conn.execute_batch(&format!("delete from \"{table}\""))?;
    }
    conn.execute_batch("insert into words(words) values ('delete-all')")?;
    play_all(conn, book, blind)
}

fn copy(from: &Connection, to: &Connection, table: &str, columns: usize) -> Result<()> {
    let marks = vec!["?"; columns].join(",");
    let mut insert = to.prepare(&format!("insert into {table} values ({marks})"))?;
    let mut select = from.prepare(&format!("select * from {table} order by 1"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        for at in 0..columns {
            insert.raw_bind_parameter(at + 1, row.get::<_, rusqlite::types::Value>(at)?)?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

/// Every live record with the values it shows, by global id, a line each, in a fixed order: equal books have equal dumps.
/// Without stamps, times of change, derived columns and log.
pub fn dump(conn: &Connection) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for record in &RECORDS {
        let (columns, live) = match record.key {
            Key::Top => (format!("id, 0, deleted, {}", sql::CREATED), "1".to_owned()),
            Key::Child(_, owner) => (format!("\"{owner}\", n, deleted, null"), "deleted is null".to_owned()),
        };
        let fields: String = record.fields.iter().map(|field| format!(", \"{}\"", field.name)).collect();
        let mut statement =
            conn.prepare(&format!("select {columns}{fields} from \"{}\" c where {live}", record.name))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let place = sql::Place { kind: record.kind, id: row.get(0)?, n: row.get(1)? };
            let at = super::commit::at(conn, place)?;
            let mut line = format!("{} {}", record.name, at.id);
            if let Some(owner) = at.owner {
                line.push_str(&format!(" of {owner}"));
            }
            if row.get_ref(2)? != ValueRef::Null {
                line.push_str(" deleted");
            }
            // What is made from its name may be made more than once, and then the time is that of any Create that stands.
            let named = matches!(at.id, Gid::Uid(uid) if uid[6] >> 4 == 8);
            if let (Some(created), false) = (row.get::<_, Option<i64>>(3)?, named) {
                line.push_str(&format!(" created={created}"));
            }
            for (index, field) in record.fields.iter().enumerate() {
                let value = sql::read_value(conn, field.ty, place.id, row.get_ref(4 + index)?)?;
                if !matches!(value, Value::Null) {
                    line.push_str(&format!(" {}={value:?}", field.name));
                }
            }
            lines.push(line);
        }
    }
    lines.extend(siblings(conn)?);
    lines.sort();
    Ok(lines)
}

/// The values that lost against concurrent ones, a line each.
fn siblings(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare(
        "select s.kind, s.id, s.n, s.field, s.value, hex(d.id), t.seq from sibling s join tx t on t.n=s.tx join device d on d.n=t.device",
    )?;
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let record = &RECORDS[row.get::<_, u8>(0)? as usize];
        let place = sql::Place { kind: record.kind, id: row.get(1)?, n: row.get(2)? };
        let at = super::commit::at(conn, place)?;
        let field: i64 = row.get(3)?;
        let name =
            usize::try_from(field).ok().and_then(|at| record.fields.get(at)).map_or("bin", |of| of.name);
        let (value, device, seq): (String, String, i64) = (row.get(4)?, row.get(5)?, row.get(6)?);
        lines.push(format!("sibling {} {} {name}={value} by {device}.{seq}", record.name, at.id));
    }
    Ok(lines)
}

/// What is wrong with a book, a line each: what its own tables tell, and the tables against what the log says.
pub fn check(conn: &Connection) -> Result<Vec<String>> {
    let mut wrong = check_tables(conn)?;
    if wrong.is_empty() {
        let rebuilt = replay(conn)?;
        compare(&dump(conn)?, &dump(&rebuilt)?, &mut wrong);
    }
    Ok(wrong)
}

/// What a book's own tables tell of what is wrong: SQLite's own check, the log's chain, references, the search text.
pub fn check_tables(conn: &Connection) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut statement = conn.prepare("pragma integrity_check")?;
    let found = statement.query_map([], |row| row.get::<_, String>(0))?;
    for line in found {
        let line = line?;
        if line != "ok" {
            wrong.push(format!("file: {line}"));
        }
    }
    wrong.extend(log::verify(conn)?);
    if !wrong.is_empty() {
        return Ok(wrong);
    }
    for record in &RECORDS {
        for field in record.fields {
            let crate::model::schema::Type::Ref(kind) = field.ty else { continue };
            let Key::Top = kind.record().key else { continue };
            let sql = format!(
                "select count(*) from \"{0}\" where \"{1}\" is not null and \"{1}\" not in (select id from \"{2}\")",
                record.name,
                field.name,
                kind.record().name
            );
            let count: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
            if count > 0 {
                wrong.push(format!("{}.{}: {count} point at nothing", record.name, field.name));
            }
        }
    }
    let contacts: i64 = conn.query_row("select count(*) from contact", [], |row| row.get(0))?;
    let found = super::hays::count(conn)?;
    if usize::try_from(contacts) != Ok(found) {
        wrong.push(format!("search text: {contacts} contacts have {found}"));
    }
    Ok(wrong)
}

fn compare(here: &[String], there: &[String], wrong: &mut Vec<String>) {
    use std::collections::BTreeSet;
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (here.iter().collect(), there.iter().collect());
    for line in a.difference(&b).take(20) {
        wrong.push(format!("not what the log says: {line}"));
    }
    for line in b.difference(&a).take(20) {
        wrong.push(format!("only in the log: {line}"));
    }
}
