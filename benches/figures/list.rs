//! `rolo list WORDS` beside `fzf --filter WORDS` on the same contacts as lines.

use std::fs::File;
use std::process::Stdio;
use std::time::Instant;

use crate::sample::{Contender, alternate};
use crate::table::{Goal, Peer, Table};
use crate::workbench::{Workbench, grouped};
use crate::{Error, process};

/// One to twelve letters, two words, diacritics left out, and Han characters.
const QUERIES: &[&str] = &[
    "s",
    "st",
    "ste",
    "garc",
    "soren",
    "müller",
    "anderss",
    "christop",
    "alexander",
    "technologie",
    "maria silva",
    "王",
];

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let bench = &*bench;
    let rows = bench.options.rows;
    let (book, lines) = (&bench.book(rows)?, &bench.lines(rows)?);
    let fzf = process::find("fzf");
    for query in QUERIES {
        let mut contenders: Vec<Contender<'_>> =
            vec![Box::new(move || process::time(bench.rolo(book).args(["list", query])))];
        if let Some(fzf) = &fzf {
            contenders.push(Box::new(move || {
                let mut command = bench.command(fzf);
                command.arg("--filter").arg(query).stdin(File::open(lines)?);
                command.stdout(Stdio::null()).stderr(Stdio::null());
                let start = Instant::now();
                command.status()?;
                Ok(process::milliseconds(start.elapsed()))
            }));
        }
        let found = process::lines(bench.rolo(book).args(["list", query]), None)?;
        let theirs = match &fzf {
            Some(fzf) => {
                process::lines(bench.command(fzf).arg("--filter").arg(query), Some(File::open(lines)?))?
            }
            None => 0,
        };
        if found == 0 && theirs > 0 {
            return Err(format!("rolo list {query} finds nothing, fzf {theirs} lines").into());
        }
        let (found, theirs) = (grouped(found), grouped(theirs));
        let what = format!("rolo list {query}, {} contacts (lines: {found}, fzf {theirs})", grouped(rows));
        let asked = "at least 5 times as fast as fzf";
        match alternate(bench.options.runs, &mut contenders)?.as_slice() {
            [ours, theirs] => {
                let goal = Goal::at_most(asked, ours.median(), theirs.median() / 5.0);
                table.add(what, ours, &Peer::Measured("fzf --filter", theirs), goal);
            }
            [ours, ..] => table.add(what, ours, &Peer::Missing("fzf"), Goal::Met(asked.to_owned(), None)),
            [] => {}
        }
    }
    Ok(())
}
