//! Address completion for a mail program, as a whole process.

use std::fs;
use std::path::PathBuf;

use crate::sample::{Contender, alternate};
use crate::table::{Goal, Peer, Table};
use crate::workbench::{Workbench, grouped};
use crate::{Error, process};

/// What is typed into the mail program.
const TYPED: &str = "ste";
/// The peers keep text files; this many contacts is what they are still used with.
const SMALL: usize = 10_000;
/// khard takes seconds.
const SLOW_RUNS: usize = 3;

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let bench = &*bench;
    let large = bench.book(bench.options.rows)?;
    if process::lines(bench.rolo(&large).args(["query", TYPED]), None)? == 0 {
        return Err(format!("rolo query {TYPED} prints nothing").into());
    }
    let rolo = |book: PathBuf| -> Contender<'_> {
        Box::new(move || process::time(bench.rolo(&book).args(["query", TYPED])))
    };
    let samples = alternate(bench.options.runs, &mut [rolo(large)])?;
    for sample in &samples {
        let goal = Goal::at_most("under 40 ms", sample.median(), 40.0);
        table.add(
            format!("rolo query {TYPED}, {} contacts", grouped(bench.options.rows)),
            sample,
            &Peer::None,
            goal,
        );
    }
    let small = bench.book(SMALL)?;
    let what = format!("rolo query {TYPED}, {} contacts", grouped(SMALL));
    for (peer, runs, contender) in
        [("abook", bench.options.runs, abook(bench)?), ("khard", SLOW_RUNS, khard(bench)?)]
    {
        let Some(contender) = contender else {
            let samples = alternate(runs, &mut [rolo(small.clone())])?;
            samples
                .iter()
                .for_each(|sample| table.add(what.clone(), sample, &Peer::Missing(peer), Goal::None));
            continue;
        };
        if let [ours, theirs] = alternate(runs, &mut [rolo(small.clone()), contender])?.as_slice() {
            table.add(what.clone(), ours, &Peer::Measured(peer, theirs), Goal::None);
        }
    }
    Ok(())
}

fn abook(bench: &Workbench) -> Result<Option<Contender<'_>>, Error> {
    let Some(program) = process::find("abook") else { return Ok(None) };
    let file = bench.abook(SMALL)?;
    Ok(Some(Box::new(move || {
        process::time(bench.command(&program).arg("--datafile").arg(&file).args(["--mutt-query", TYPED]))
    })))
}

fn khard(bench: &Workbench) -> Result<Option<Contender<'_>>, Error> {
    let Some(program) = process::find("khard") else { return Ok(None) };
    let cards = bench.cards(SMALL)?;
    let config = bench.path("khard.conf");
    fs::write(&config, format!("[addressbooks]\n[[book]]\npath = {}\n", cards.display()))?;
    Ok(Some(Box::new(move || {
        process::time(bench.command(&program).arg("-c").arg(&config).args(["email", "--parsable", TYPED]))
    })))
}
