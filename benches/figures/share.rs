//! Sharing: a second device joins, what an edit costs in the place, how quick others' edits are taken in, and a sync with
//! nothing to do among many devices.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rolo::store::replay;
use rusqlite::Connection;

use crate::sample::{Sample, Unit};
use crate::table::{Goal, Peer, Table};
use crate::workbench::{Workbench, grouped, remove};
use crate::{Error, process};

/// How many devices share a book in the last figure.
const DEVICES: usize = 50;

/// So many edits one by one, each a row of its own.
const EDITS: usize = 100;

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let bench = &*bench;
    large(bench, table)?;
    many(bench, table)?;
    replays(bench, table)
}

/// A person's rolo on a book of theirs.
fn person(bench: &Workbench, book: &Path, name: &str) -> Command {
    let mut command = bench.rolo(book);
    command.env("ROLO_AUTHOR", name);
    command
}

fn run(command: &mut Command) -> Result<(), Error> {
    process::time(command).map(drop)
}

/// A code that lets one device in.
fn code(bench: &Workbench, book: &Path, name: &str) -> Result<String, Error> {
    let output =
        person(bench, book, "Ann").args(["share", "invite", "--for", name]).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?.trim().to_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn large(bench: &Workbench, table: &mut Table) -> Result<(), Error> {
    let rows = bench.options.rows;
    let (ann, bob, place) = (bench.path("ann.rolo"), bench.path("bob.rolo"), bench.path("team"));
    fs::copy(bench.book(rows)?, &ann)?;
    run(person(bench, &ann, "Ann").arg("share").arg("init").arg(&place))?;
    let mut joins = Vec::new();
    for _ in 0..=bench.options.runs {
        remove(&bob);
        let code = code(bench, &ann, "Bob")?;
        joins.push(process::time(person(bench, &bob, "Bob").arg("share").arg("join").arg(&place).arg(code))?);
    }
    joins.remove(0);
    let joined = Sample::new(joins, Unit::Ms)?;
    let goal = Goal::at_most("under 5 s", joined.median(), 5000.0);
    table.add(format!("share join, {} contacts", grouped(rows)), &joined, &Peer::None, goal);

    for at in 0..EDITS {
        let title = format!("title={}", ["Owner", "CEO", "Buyer", "Head of sales"][at % 4]);
        run(person(bench, &bob, "Bob").args(["add", &format!("Somebody {at}"), "--set", &title]))?;
    }
    run(person(bench, &bob, "Bob").args(["share", "sync"]))?;
    let made = segments(&place)?;
    for at in 0..EDITS {
        let who = format!("Somebody {at}");
        run(person(bench, &bob, "Bob").args(["edit", &who, "--set", "department=Sales"]))?;
    }
    run(person(bench, &bob, "Bob").args(["share", "sync"]))?;
    let each = (segments(&place)? - made) as f64 / EDITS as f64;
    table.add(
        format!("an edit in the shared folder, over {EDITS} of one segment"),
        &Sample::new(vec![each], Unit::Bytes)?,
        &Peer::None,
        Goal::at_most("at most 200 bytes", each, 200.0),
    );

    // The first ten thousand contacts or so, in one go.
    run(person(bench, &ann, "Ann").args(["share", "sync"]))?;
    let before = segments(&place)?;
    run(person(bench, &bob, "Bob").args(["edit", "tag:friends", "--all", "--set", "title=Friend", "--yes"]))?;
    let count =
        process::lines(person(bench, &bob, "Bob").args(["list", "title=Friend", "--format", "tsv"]), None)?;
    run(person(bench, &bob, "Bob").args(["share", "sync"]))?;
    let each = (segments(&place)? - before) as f64 / count.max(1) as f64;
    table.add(
        format!("an edit in a bulk of {}", grouped(count)),
        &Sample::new(vec![each], Unit::Bytes)?,
        &Peer::None,
        Goal::at_most("at most 60 bytes", each, 60.0),
    );
    let took = process::time(person(bench, &ann, "Ann").args(["share", "sync"]))?;
    let each = took * 10_000.0 / count.max(1) as f64;
    table.add(
        format!("share sync that takes in {} edits, for 10,000 of them", grouped(count)),
        &Sample::new(vec![each], Unit::Ms)?,
        &Peer::None,
        Goal::at_most("under 500 ms", each, 500.0),
    );
    for book in [&ann, &bob] {
        remove(book);
    }
    remove(&place);
    Ok(())
}

/// The bytes of all segments in a shared folder.
fn segments(place: &Path) -> Result<u64, Error> {
    let mut bytes = 0;
    for device in fs::read_dir(place.join("d"))? {
        let Ok(files) = fs::read_dir(device?.path().join("seg")) else { continue };
        for file in files {
            bytes += file?.metadata()?.len();
        }
    }
    Ok(bytes)
}

fn many(bench: &Workbench, table: &mut Table) -> Result<(), Error> {
    let (ann, place) = (bench.path("many.rolo"), bench.path("many"));
    run(person(bench, &ann, "Ann").args(["add", "Somebody"]))?;
    run(person(bench, &ann, "Ann").arg("share").arg("init").arg(&place))?;
    for at in 1..DEVICES {
        let (name, book) = (format!("Person {at}"), bench.path(&format!("many-{at}.rolo")));
        let code = code(bench, &ann, &name)?;
        run(person(bench, &book, &name).arg("share").arg("join").arg(&place).arg(code))?;
        run(person(bench, &book, &name).args(["add", &format!("Known to {name}")]))?;
        run(person(bench, &book, &name).args(["share", "sync"]))?;
        remove(&book);
    }
    run(person(bench, &ann, "Ann").args(["share", "sync"]))?;
    let mut nothing = Vec::new();
    for _ in 0..=bench.options.runs {
        nothing.push(process::time(person(bench, &ann, "Ann").args(["share", "sync"]))?);
    }
    nothing.remove(0);
    let sample = Sample::new(nothing, Unit::Ms)?;
    let goal = Goal::at_most("under 50 ms", sample.median(), 50.0);
    table.add(format!("share sync with nothing new, {DEVICES} devices"), &sample, &Peer::None, goal);
    remove(&ann);
    remove(&place);
    Ok(())
}

/// How quick the log becomes tables: everything derived from it included.
fn replays(bench: &Workbench, table: &mut Table) -> Result<(), Error> {
    let book = bench.book(bench.options.rows)?;
    let (creates, made) = replay_of(bench, &book, "sum(creates)")?;
    let rate = creates as f64 / made.median() * 1000.0;
    table.add(
        format!("replay of {} creates: {} a second", grouped(creates), grouped(rate as usize)),
        &made,
        &Peer::None,
        Goal::Met("at least 100,000 a second".to_owned(), Some(rate >= 100_000.0)),
    );
    // The same book with a field of everyone changed afterwards: what that adds is what the changes take.
    let changed = bench.path("changed.rolo");
    remove(&changed);
    fs::copy(&book, &changed)?;
    run(bench.rolo(&changed).args(["edit", "kind:person", "--all", "--set", "department=Sales", "--yes"]))?;
    let (lines, both) = replay_of(bench, &changed, "sum(lines)")?;
    let (before, _) = replay_of(bench, &book, "sum(lines)")?;
    let more = both.median() - made.median();
    let rate = (lines - before) as f64 / more * 1000.0;
    table.add(
        format!(
            "replay of {} field changes more: {} a second",
            grouped(lines - before),
            grouped(rate as usize)
        ),
        &both,
        &Peer::None,
        Goal::Met("at least 40,000 a second".to_owned(), Some(rate >= 40_000.0)),
    );
    remove(&changed);
    Ok(())
}

/// How long a book's log takes to become tables, and how much of `what` it has.
fn replay_of(bench: &Workbench, book: &Path, what: &str) -> Result<(usize, Sample), Error> {
    let conn = Connection::open(book)?;
    let count: i64 = conn.query_row(&format!("select {what} from tx"), [], |row| row.get(0))?;
    let mut times = Vec::new();
    for _ in 0..bench.options.runs.min(3) {
        let start = Instant::now();
        drop(replay::replay(&conn)?);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok((usize::try_from(count)?, Sample::new(times, Unit::Ms)?))
}
