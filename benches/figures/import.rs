//! Import of a Google CSV into a fresh book: time, memory, and how large the book and its log become.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::sample::{Contender, Sample, Unit, alternate};
use crate::table::{Goal, Peer, Table};
use crate::workbench::{Workbench, grouped, remove};
use crate::{Error, process};

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let rows = bench.options.rows;
    time(bench, rows, table)?;
    size(bench, rows, table)?;
    memory(bench, table)
}

fn time(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let file = bench.google(rows)?;
    let (book, plain) = (bench.path("fresh.rolo"), bench.path("fresh.db"));
    let (file, book, plain) = (&file, &book, &plain);
    let peer = process::find("sqlite3");
    let mut contenders: Vec<Contender<'_>> = vec![Box::new(move || {
        remove(book);
        let took = process::time(bench.rolo(book).arg("import").arg(file))?;
        if book.is_file() { Ok(took) } else { Err("rolo import made no book".into()) }
    })];
    if let Some(sqlite) = &peer {
        contenders.push(Box::new(move || {
            remove(plain);
            let import = format!(".import '{}' t", file.display());
            process::time(bench.command(sqlite).arg(plain).arg(".mode csv").arg(import))
        }));
    }
    let samples = alternate(bench.options.runs, &mut contenders)?;
    remove(book);
    remove(plain);
    let what = format!("import of {} contacts (Google CSV)", grouped(rows));
    let asked = "at most 2.5 times sqlite3 .import";
    match samples.as_slice() {
        [rolo, sqlite] => {
            let goal = Goal::at_most(asked, rolo.median(), 2.5 * sqlite.median());
            table.add(what, rolo, &Peer::Measured("sqlite3 .import", sqlite), goal);
        }
        [rolo, ..] => table.add(what, rolo, &Peer::Missing("sqlite3"), Goal::Met(asked.to_owned(), None)),
        [] => {}
    }
    Ok(())
}

fn size(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let file = bench.google(rows)?;
    let book = bench.book(rows)?;
    let (contacts, log) = contents(&book)?;
    if contacts < rows as i64 {
        return Err(format!("rolo import left {contacts} contacts of {rows}").into());
    }
    let (book, file) = (fs::metadata(&book)?.len() as f64, fs::metadata(&file)?.len() as f64);
    let sample = |bytes: f64, unit| Sample::new(vec![bytes], unit);
    let what = format!("the book after that, {:.2} times the CSV's {:.1} MB", book / file, file / 1e6);
    let goal = Goal::at_most("at most 3.5 times the CSV", book, 3.5 * file);
    table.add(what, &sample(book, Unit::Megabytes)?, &Peer::None, goal);
    let each = log as f64 / rows as f64;
    let goal = Goal::at_most("at most 120 bytes", each, 120.0);
    table.add("log a contact, in that book", &sample(each, Unit::Bytes)?, &Peer::None, goal);
    Ok(())
}

/// How many contacts there are, companies among them, and the bytes of all batches; moves what lies in the write-ahead
/// log into the book's own file first.
fn contents(book: &Path) -> Result<(i64, i64), Error> {
    let connection = Connection::open(book)?;
    connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    let sql = "select (select count(*) from contact), (select coalesce(sum(length(body)), 0) from tx)";
    Ok(connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// An import streams: ten times the file must not take ten times the memory.
fn memory(bench: &Workbench, table: &mut Table) -> Result<(), Error> {
    let mut sizes = vec![bench.options.rows / 10, bench.options.rows];
    if bench.options.full {
        sizes.push(bench.options.rows * 10);
    }
    let mut smallest: Option<f64> = None;
    for rows in sizes {
        let file = bench.google(rows)?;
        let book = bench.path("fresh.rolo");
        remove(&book);
        let peak = process::peak_memory(bench.rolo(&book).arg("import").arg(&file))?;
        remove(&book);
        let Some(peak) = peak else { return Err("memory: this system has no /proc".into()) };
        let peak = peak as f64;
        let goal = match smallest {
            None => Goal::None,
            Some(_) if rows >= 1_000_000 => Goal::at_most("under 300 MB", peak, 300e6),
            Some(smallest) => {
                Goal::Met(format!("does not grow with the file ({:.2} ×)", peak / smallest), None)
            }
        };
        smallest = smallest.or(Some(peak));
        let what = format!("memory of an import of {} contacts, peak", grouped(rows));
        table.add(what, &Sample::new(vec![peak], Unit::Megabytes)?, &Peer::None, goal);
    }
    Ok(())
}
