//! Files of other programs in and out: cards beside what parsing them alone takes, the same file a second time, exports,
//! and ten times as much.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use calcard::{Entry, Parser};

use crate::sample::{Contender, Sample, Unit, alternate};
use crate::table::{Goal, Peer, Table};
use crate::workbench::{Workbench, grouped, remove};
use crate::{Error, process};

/// A format, and the time in milliseconds that writing 100,000 contacts may take.
const EXPORTS: [(&str, Option<f64>); 4] =
    [("csv", Some(1000.0)), ("vcard", Some(1500.0)), ("xlsx", Some(4000.0)), ("jsonl", None)];
/// The contacts that the limits are meant for.
const LIMITED: usize = 100_000;

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let rows = bench.options.rows;
    cards(bench, rows, table)?;
    again(bench, rows, table)?;
    exports(bench, rows, table)?;
    if bench.options.full { more(bench, rows, table) } else { Ok(()) }
}

/// How long calcard takes to parse a file, in milliseconds, and how many cards that were.
fn parse(file: &Path) -> Result<(f64, usize), Error> {
    let start = Instant::now();
    let text = std::fs::read_to_string(file)?;
    let mut parser = Parser::new(&text);
    let mut cards = 0;
    loop {
        match parser.entry() {
            Entry::VCard(card) => {
                black_box(card);
                cards += 1;
            }
            Entry::Eof => break,
            _ => return Err("calcard found something else than a card".into()),
        }
    }
    Ok((process::milliseconds(start.elapsed()), cards))
}

fn cards(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let (file, book) = (&bench.vcards(rows)?, &bench.path("fresh.rolo"));
    let mut contenders: Vec<Contender<'_>> = vec![
        Box::new(move || import(bench, book, file, true)),
        Box::new(move || match parse(file)? {
            (took, cards) if cards == rows => Ok(took),
            (_, cards) => Err(format!("calcard read {cards} cards of {rows}").into()),
        }),
    ];
    let samples = alternate(bench.options.runs, &mut contenders)?;
    remove(book);
    let [rolo, calcard] = samples.as_slice() else { return Ok(()) };
    let goal = Goal::at_most("at most 4 times calcard", rolo.median(), 4.0 * calcard.median());
    let what = format!("import of {} vCards", grouped(rows));
    table.add(what, rolo, &Peer::Measured("calcard alone, parsing", calcard), goal);
    Ok(())
}

/// One import, in milliseconds; `fresh`: into a new book.
fn import(bench: &Workbench, book: &Path, file: &Path, fresh: bool) -> Result<f64, Error> {
    if fresh {
        remove(book);
    }
    let took = process::time(bench.rolo(book).arg("import").arg(file))?;
    if book.is_file() { Ok(took) } else { Err("rolo import made no book".into()) }
}

fn again(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let (file, book) = (&bench.google(rows)?, &bench.path("fresh.rolo"));
    let mut contenders: Vec<Contender<'_>> = vec![
        Box::new(move || import(bench, book, file, true)),
        Box::new(move || import(bench, book, file, false)),
    ];
    let samples = alternate(bench.options.runs, &mut contenders)?;
    remove(book);
    let [first, second] = samples.as_slice() else { return Ok(()) };
    let goal = Goal::at_most("at most as long as the first", second.median(), first.median());
    let what = format!("the same {} contacts (Google CSV) again, nothing changes", grouped(rows));
    table.add(what, second, &Peer::Measured("rolo's first import", first), goal);
    Ok(())
}

fn exports(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let book = &bench.book(rows)?;
    let mut contenders: Vec<Contender<'_>> = Vec::new();
    for (format, _) in EXPORTS {
        let to = bench.path(&format!("export.{format}"));
        contenders.push(Box::new(move || {
            remove(&to);
            let took = process::time(bench.rolo(book).args(["export", "--as", format, "--to"]).arg(&to))?;
            if to.is_file() {
                Ok(took)
            } else {
                Err(format!("rolo export --as {format} wrote nothing").into())
            }
        }));
    }
    let samples = alternate(bench.options.runs, &mut contenders)?;
    for ((format, limit), sample) in EXPORTS.into_iter().zip(&samples) {
        let goal = match limit {
            Some(limit) if rows == LIMITED => {
                Goal::at_most(format!("under {} s", limit / 1000.0), sample.median(), limit)
            }
            Some(limit) => {
                let words = format!("under {} s for {}", limit / 1000.0, grouped(LIMITED));
                Goal::Met(words, None)
            }
            None => Goal::None,
        };
        let whole = if format == "jsonl" { ", every record" } else { "" };
        table.add(
            format!("export of {} contacts as {format}{whole}", grouped(rows)),
            sample,
            &Peer::None,
            goal,
        );
    }
    Ok(())
}

/// Ten times the file beside the file itself; its memory is among the figures of `import`.
fn more(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let (small, large) = (bench.google(rows)?, bench.google(rows * 10)?);
    let book = bench.path("fresh.rolo");
    let (mut one, mut ten) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        one.push(import(bench, &book, &small, true)?);
        ten.push(import(bench, &book, &large, true)?);
    }
    remove(&book);
    let (one, ten) = (Sample::new(one, Unit::Ms)?, Sample::new(ten, Unit::Ms)?);
    let what = format!("import of {} contacts (Google CSV)", grouped(rows * 10));
    let goal = Goal::at_most(format!("within 12 times {}", grouped(rows)), ten.median(), 12.0 * one.median());
    table.add(what, &ten, &Peer::Measured("a tenth of them", &one), goal);
    Ok(())
}
