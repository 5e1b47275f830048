//! The screen in a pseudo-terminal: first frame, search ready, each key, memory.

use crate::sample::{Sample, Unit};
use crate::screen::Screen;
use crate::table::{Goal, Peer, Table};
use crate::workbench::{Workbench, grouped};
use crate::{Error, process};

/// One to twelve letters and two words; names, initials, pinyin, Han characters, digits.
pub const TYPED: &[&str] = &[
    "s",
    "ww",
    "ste",
    "soren",
    "wangwei",
    "stefan",
    "王伟",
    "anderson",
    "christopher",
    "construction",
    "maria garcia",
    "acme tex",
    "2125550",
];
const SMALL: usize = 1_000;
const MILLION: usize = 1_000_000;

/// Takes these figures.
pub fn measure(bench: &mut Workbench, table: &mut Table) -> Result<(), Error> {
    let bench = &*bench;
    let mut sizes = vec![SMALL, bench.options.rows];
    if bench.options.full {
        sizes.push(MILLION);
    }
    starts(bench, &sizes, table)?;
    for rows in sizes.into_iter().skip(1) {
        keys(bench, rows, table)?;
    }
    Ok(())
}

/// Starts on all sizes in turns; the first turn is a warm-up.
fn starts(bench: &Workbench, sizes: &[usize], table: &mut Table) -> Result<(), Error> {
    let mut frames = vec![Vec::new(); sizes.len()];
    let mut searches = vec![Vec::new(); sizes.len()];
    for turn in 0..=bench.options.runs {
        for (index, rows) in sizes.iter().enumerate() {
            let screen = Screen::open(bench, &bench.book(*rows)?)?;
            let (frame, search) = (screen.wait("first_frame_us", 1)?, screen.wait("search_ready_us", 1)?);
            screen.close()?;
            if turn > 0 {
                frames[index].push(frame);
                searches[index].push(search);
            }
        }
    }
    let mut smallest = None;
    for (rows, values) in sizes.iter().zip(frames) {
        let frame = Sample::new(values, Unit::Ms)?;
        let median = frame.median();
        let base: f64 = *smallest.get_or_insert(median);
        let met = median < 50.0 && median <= (base * 1.2).max(base + 5.0);
        let asked = format!("under 50 ms, within 1.2 times or 5 ms of {} contacts", grouped(SMALL));
        let what = format!("first frame, {} contacts", grouped(*rows));
        table.add(what, &frame, &Peer::None, Goal::Met(asked, Some(met)));
    }
    for (rows, values) in sizes.iter().zip(searches).skip(1) {
        let search = Sample::new(values, Unit::Ms)?;
        let (asked, limit) = if *rows > 100_000 { ("under 2 s", 2000.0) } else { ("under 200 ms", 200.0) };
        let goal = Goal::at_most(asked, search.median(), limit);
        table.add(
            format!("search ready after start, {} contacts", grouped(*rows)),
            &search,
            &Peer::None,
            goal,
        );
    }
    Ok(())
}

/// Types each query letter by letter, waiting for the frame that shows its results, and takes it back likewise.
fn keys(bench: &Workbench, rows: usize, table: &mut Table) -> Result<(), Error> {
    let mut screen = Screen::open(bench, &bench.book(rows)?)?;
    screen.wait("search_ready_us", 1)?;
    screen.send("/")?;
    screen.settle();
    let (mut typed, mut deleted) = (Vec::new(), Vec::new());
    for query in TYPED {
        for letter in query.chars() {
            typed.push(screen.key(&letter.to_string())?);
        }
        for _ in query.chars() {
            deleted.push(screen.key("\x7f")?);
        }
    }
    let memory = screen.pid().and_then(process::high_water);
    screen.close()?;
    let contacts = grouped(rows);
    let typed = Sample::new(typed, Unit::Ms)?;
    let goal = if rows > 100_000 {
        Goal::at_most("median under 50 ms", typed.median(), 50.0)
    } else {
        let met = typed.median() < 8.0 && typed.max() < 16.0;
        Goal::Met("median under 8 ms, worst under 16 ms".to_owned(), Some(met))
    };
    table.add(format!("one key typed, {contacts} contacts"), &typed, &Peer::None, goal);
    let deleted = Sample::new(deleted, Unit::Ms)?;
    table.add(format!("one letter taken back, {contacts} contacts"), &deleted, &Peer::None, Goal::None);
    if let Some(memory) = memory {
        let goal =
            if rows > 100_000 { Goal::None } else { Goal::at_most("under 100 MB", memory as f64, 100e6) };
        let sample = Sample::new(vec![memory as f64], Unit::Megabytes)?;
        table.add(
            format!("memory of the screen after that, {contacts} contacts, peak"),
            &sample,
            &Peer::None,
            goal,
        );
    }
    Ok(())
}
