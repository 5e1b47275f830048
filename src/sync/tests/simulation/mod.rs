//! The simulation that proves sharing: devices, books, disks and clouds with all their faults, everything from one seed. At the end
//! of each history all devices show the same book, which is what a small reference says.
//!
//! `ROLO_SIMULATIONS=2000` runs so many histories, `ROLO_SEED=17` that one alone. A history that fails is made shorter, and what is left
//! of it is printed.

mod history;
mod judge;
mod reference;
mod truth;
mod world;

use super::luck;
use crate::model::sabotage::{self, Bug};
use history::{Command, History};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use world::{Seen, World};

/// How many histories the tests run by themselves.
const HISTORIES: u64 = 200;

/// What a history with these commands comes to.
fn run(history: &History, commands: &[Command], bug: Option<Bug>) -> Result<Seen, String> {
    let done = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(history);
        sabotage::switch(bug);
        world.run(commands);
        world.heal()?;
        judge::judge(&mut world)?;
        Ok(world.seen)
    }));
    sabotage::switch(None);
    luck::seed(None);
    done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
    })
}

/// Leaves out what the failure does not need.
fn shrink(history: &History, bug: Option<Bug>) -> Vec<Command> {
    let mut commands = history.commands.clone();
    let mut size = commands.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < commands.len() {
            let mut fewer = commands.clone();
            fewer.drain(at..(at + size).min(commands.len()));
            if run(history, &fewer, bug).is_err() {
                commands = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    commands
}

/// The first seed that fails of those from `from` on, on all cores.
fn first_failure(from: u64, count: u64, bug: Option<Bug>, seen: &Mutex<Vec<Seen>>) -> Option<(u64, String)> {
    let next = AtomicU64::new(from);
    let failed: Mutex<Option<(u64, String)>> = Mutex::new(None);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= from + count || failed.lock().unwrap().is_some() {
                        return;
                    }
                    let history = History::of(seed);
                    match run(&history, &history.commands, bug) {
                        Ok(one) => seen.lock().unwrap().push(one),
                        Err(why) => {
                            let mut failed = failed.lock().unwrap();
                            if failed.as_ref().is_none_or(|(other, _)| seed < *other) {
                                *failed = Some((seed, why));
                            }
                        }
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn silent() {
    // What fails is told once it is short.
    std::panic::set_hook(Box::new(|_| {}));
}

#[test]
fn whatever_happens_all_devices_show_the_book_that_the_reference_says() {
    let (from, count) = match number("ROLO_SEED") {
        Some(seed) => (seed, 1),
        None => (0, number("ROLO_SIMULATIONS").unwrap_or(HISTORIES)),
    };
    let (began, seen) = (Instant::now(), Mutex::new(Vec::new()));
    if let Some((seed, why)) = first_failure(from, count, None, &seen) {
        let history = History::of(seed);
        let left = shrink(&history, None);
        let short = run(&history, &left, None).err();
        panic!(
            "ROLO_SEED={seed} fails: {why}\n{} commands are enough for: {}\nfile: {}, behind: {:?}\n{left:#?}",
            left.len(),
            short.unwrap_or_default(),
            history.file,
            history.behind,
        );
    }
    let seen = seen.into_inner().unwrap();
    for one in &seen {
        assert_eq!(one.lacks(), Vec::<&str>::new(), "a history without some fault: {one:?}");
    }
    let sum = |what: fn(&Seen) -> usize| seen.iter().map(what).sum::<usize>();
    println!(
        "{count} histories from {from} in {:.1} s: {} writes, {} syncs, {} crashes, {} new identities",
        began.elapsed().as_secs_f64(),
        sum(|one| one.writes),
        sum(|one| one.syncs),
        sum(|one| one.crash),
        sum(|one| one.identities),
    );
}
