//! The index in memory alone: how long it takes to fill, and each key of a query typed into it, without screen or disk.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rolo::search::{Index, Session, Term};
use rolo::store::hays;
use rusqlite::Connection;

use crate::sample::{Sample, Unit};
use crate::table::{Goal, Peer, Table};
use crate::tui::TYPED;
use crate::workbench::{Workbench, grouped};
use crate::{Error, process};

/// About what a list shows, and some more on either side.
const SHOWN: usize = 200;
const MILLION: usize = 1_000_000;

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let mut sizes = vec![bench.options.rows];
    if bench.options.full {
        sizes.push(MILLION);
    }
    for rows in sizes {
        one(bench, rows, table)?;
    }
    Ok(())
}

fn one(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let book = Connection::open(bench.book(rows)?)?;
    let hays = hays::each(&book, "0,1,2", Vec::new, |all: &mut Vec<(i64, Vec<u8>)>, hay| {
        all.push((hay.contact, hay.text.to_vec()));
        ControlFlow::Continue(())
    })?
    .concat();
    if hays.len() < rows {
        return Err(format!("{} of {rows} contacts can be searched", hays.len()).into());
    }
    let mut filled = Vec::new();
    let mut index = Index::builder().finish();
    for _ in 0..bench.options.runs {
        let start = Instant::now();
        let mut builder = Index::builder();
        hays.iter().for_each(|(id, hay)| builder.push(*id, hay, 0));
        index = builder.finish();
        filled.push(process::milliseconds(start.elapsed()));
    }
    let contacts = grouped(rows);
    let add = |table: &mut Table, what: String, values, unit| -> Result<(), Error> {
        table.add(what, &Sample::new(values, unit)?, &Peer::None, Goal::None);
        Ok(())
    };
    add(table, format!("index filled from {contacts} haystacks"), filled, Unit::Ms)?;
    add(table, format!("index of {contacts} contacts"), vec![index.bytes() as f64], Unit::Megabytes)?;
    let (narrowed, whole) = keys(&index, bench.options.runs)?;
    add(table, format!("index: one key typed, {contacts} contacts"), narrowed, Unit::Ms)?;
    add(table, format!("index: a whole query at once, {contacts} contacts"), whole, Unit::Ms)
}

/// Types each query letter by letter into a session, then searches for the whole of it in a new one.
fn keys(index: &Index, runs: usize) -> Result<(Vec<f64>, Vec<f64>), Error> {
    let (mut narrowed, mut whole) = (Vec::new(), Vec::new());
    for query in TYPED.iter().cycle().take(TYPED.len() * runs) {
        let mut session = Session::new();
        for (at, letter) in query.char_indices() {
            narrowed.push(search(&mut session, index, &query[..at + letter.len_utf8()])?);
        }
        whole.push(search(&mut Session::new(), index, query)?);
    }
    Ok((narrowed, whole))
}

fn search(session: &mut Session, index: &Index, query: &str) -> Result<f64, Error> {
    let words: Vec<Term> = query.split_whitespace().map(word).collect();
    let start = Instant::now();
    session.search(index, &words, SHOWN, &AtomicBool::new(false)).ok_or("a search was cancelled")?;
    Ok(process::milliseconds(start.elapsed()))
}

fn word(text: &str) -> Term {
    Term { text: text.to_owned(), exact: false, span: Default::default() }
}
