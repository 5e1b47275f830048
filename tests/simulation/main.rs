//! The simulation that proves sharing: devices, books, disks and clouds with all their faults, everything from one seed. At the end
//! of each history all devices show the same book, which is what a small reference says.
//!
//! `ROLO_SIMULATIONS=2000` runs so many histories, `ROLO_SEED=17` that one alone. A history that fails is made shorter, and what is left
//! of it is printed.

// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod history;
mod judge;
mod reference;
mod truth;
mod work;
mod world;

use history::{Command, History};
use rolo::model::sabotage::{self, Bug};
use rolo::sync::files::faults::At;
use rolo::sync::luck;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use work::Step;
use world::{Seen, World};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many histories the tests run by themselves: what two cores do in a minute.
const HISTORIES: u64 = 50;

/// A bug that is switched on must show within so many.
const CAUGHT_WITHIN: u64 = 200;

/// What a history with these commands comes to.
fn run(history: &History, commands: &[Command], bug: Option<Bug>) -> Result<Seen, String> {
    let done = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(history);
        sabotage::switch(bug);
        world.run(commands);
        world.heal()?;
        judge::judge(&mut world)?;
        let lacks = world.seen.lacks();
        // What is left of a history that is made shorter need not have them all.
        if commands.len() == history.commands.len() && !lacks.is_empty() {
            return Err(format!("a history without {}", lacks.join(", ")));
        }
        Ok(world.seen)
    }));
    sabotage::switch(None);
    luck::seed(None);
    done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
    })
}

/// What kind of failure it is: its first words.
fn kind(why: &str) -> String {
    why.chars().take(60).take_while(|c| !"[;(".contains(*c)).filter(|c| !c.is_ascii_hexdigit()).collect()
}

/// Leaves out what the failure does not need.
fn shrink(history: &History, why: &str, bug: Option<Bug>) -> Vec<Command> {
    let why = kind(why);
    let mut commands = history.commands.clone();
    let mut size = commands.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < commands.len() {
            let mut fewer = commands.clone();
            fewer.drain(at..(at + size).min(commands.len()));
            if run(history, &fewer, bug).is_err_and(|other| kind(&other) == why) {
                commands = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    commands
}

/// Which seeds are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The first one that fails.
    First,
    /// All that fail; each is named as it is found.
    All,
}

/// The seeds that fail of those from `from` on, with their reasons, on all cores.
fn failures(
    (from, count): (u64, u64),
    wanted: Wanted,
    bug: Option<Bug>,
    seen: &Mutex<Vec<Seen>>,
) -> Vec<(u64, String)> {
    let next = AtomicU64::new(from);
    let failed = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let enough = wanted == Wanted::First && !failed.lock().unwrap().is_empty();
                    if seed >= from + count || enough {
                        return;
                    }
                    let history = History::of(seed);
                    match run(&history, &history.commands, bug) {
                        Ok(one) => seen.lock().unwrap().push(one),
                        Err(why) => {
                            if wanted == Wanted::All {
                                println!(
                                    "ROLO_SEED={seed} fails: {}\n",
                                    why.chars().take(3000).collect::<String>()
                                );
                            }
                            failed.lock().unwrap().push((seed, why));
                        }
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    failed
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_happens_all_devices_show_the_book_that_the_reference_says() {
    let (from, count) = match number("ROLO_SEED") {
        Some(seed) => (seed, 1),
        None => (0, number("ROLO_SIMULATIONS").unwrap_or(HISTORIES)),
    };
    // With this, all that fail are named, none is made shorter.
    if let Some(from) = number("ROLO_ALL_FROM") {
        let failed = failures((from, count), Wanted::All, None, &Mutex::default());
        assert_eq!(failed.len(), 0, "of {count} histories");
        return;
    }
    let (began, seen) = (Instant::now(), Mutex::new(Vec::new()));
    if let Some((seed, why)) = failures((from, count), Wanted::First, None, &seen).into_iter().next() {
        let history = History::of(seed);
        let left = shrink(&history, &why, None);
        let short = run(&history, &left, None).err();
        let list: Vec<String> = left.iter().map(|command| format!("{command:?}")).collect();
        panic!(
            "ROLO_SEED={seed} fails: {why}\n{} commands are enough for: {}\nfile: {}, behind: {:?}\n{}",
            left.len(),
            short.unwrap_or_default(),
            history.file,
            history.behind,
            list.join("\n"),
        );
    }
    let seen = seen.into_inner().unwrap();
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

#[test]
fn what_a_device_wrote_that_was_set_back_counts_although_a_copy_of_it_goes_on_under_its_id() {
    let add = |name: &str| Step::Add { name: name.to_owned(), company: None, tags: vec![1], methods: 1 };
    let work = |who: usize, name: &str| Command::Work(who, add(name));
    let begin = vec![work(3, "before"), Command::Sync(3), Command::Backup(3), Command::Clone(3)];
    let set_back = |carried| {
        let published =
            vec![work(3, "published"), work(3, "too"), Command::Sync(3), Command::Carry(3, carried)];
        [published, vec![Command::Restore { who: 3, all: false }, work(3, "after"), Command::Sync(3)]]
            .concat()
    };
    let rename = Command::Work(3, Step::Rename(0, "later".to_owned()));
    for seed in 0..12 {
        let history = History { seed, file: seed % 3 == 2, behind: [0; 5], commands: Vec::new() };
        // The copy has written nothing since, or something, and may have said so already.
        let copy = match seed % 4 {
            0 => vec![],
            1 => vec![work(5, "copy")],
            2 => vec![work(5, "copy"), Command::Sync(5)],
            _ => vec![work(5, "copy"), work(5, "once more"), Command::Sync(5), Command::Carry(5, 9)],
        };
        let set_back = set_back(if seed < 6 { 0 } else { 40 });
        let middle = if seed % 2 == 0 { [set_back, copy].concat() } else { [copy, set_back].concat() };
        let commands = [begin.clone(), middle, vec![rename.clone()]].concat();
        let seen = run(&history, &commands, None).unwrap_or_else(|why| panic!("{seed}: {why}"));
        assert!(seen.restored == 1 && seen.cloned == 1 && seen.identities > 1, "{seed}: {seen:?}");
    }
}

#[test]
fn a_device_that_stops_while_it_takes_a_new_id_leaves_nothing_there_twice() {
    let add = |name: &str| Step::Add { name: name.to_owned(), company: None, tags: vec![1], methods: 1 };
    let work = |who: usize, name: &str| Command::Work(who, add(name));
    let pass_on = |who: usize| [Command::Sync(who), Command::Carry(who, 40)];
    let mut forked = 0;
    for step in 0..24 {
        let history = History { seed: 0, file: false, behind: [0; 5], commands: Vec::new() };
        let mut world = World::new(&history);
        world.without_faults();
        let mut run = |commands: &[Command]| world.run(commands);
        run(&[work(3, "before")]);
        run(&pass_on(3));
        run(&[Command::Clone(3), work(3, "own"), work(5, "copy")]);
        // What the device wrote is known to others before it hears of its copy.
        for who in [3, 1, 5, 3] {
            run(&pass_on(who)[usize::from(who == 1)..]);
        }
        run(&[Command::Sync(1), Command::Crash { who: 3, step, at: At::Before, power: false }]);
        for who in [3, 1] {
            run(&pass_on(who));
        }
        run(&[Command::Sync(1)]);
        let conn = world.replicas[1].store().conn();
        let (all, different): (i64, i64) = conn
            .query_row("select count(*), count(distinct uid) from contact", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(all, different, "stopped at step {step}");
        forked += usize::from(world.replicas[3].store().device() != world.replicas[5].store().device());
        world.heal().and_then(|()| judge::judge(&mut world)).unwrap_or_else(|why| panic!("{step}: {why}"));
    }
    assert_eq!(forked, 24);
}

#[test]
fn what_two_copies_have_in_common_is_sent_again_where_all_that_held_it_is_damaged() {
    let work = |who: usize, name: &str| {
        let add = Step::Add { name: name.to_owned(), company: None, tags: vec![1], methods: 1 };
        Command::Work(who, add)
    };
    let history = History { seed: 0, file: false, behind: [0; 5], commands: Vec::new() };
    let mut world = World::new(&history);
    world.without_faults();
    let of = world.replicas[3].store().device();
    // What both have and what is each one's own lies in the same segments.
    world.run(&[work(3, "both"), Command::Clone(3), work(3, "own"), Command::Sync(3), Command::Carry(3, 40)]);
    world.run(&[work(5, "copy"), Command::Sync(5), Command::Carry(5, 40), Command::Carry(3, 40)]);
    world.run(&[Command::Sync(3), Command::Carry(3, 40)]);
    assert_ne!(world.replicas[3].store().device(), of);
    assert_eq!(world.cut_segments(3, of), 2);
    world.heal().and_then(|()| judge::judge(&mut world)).unwrap();
}

#[test]
fn each_bug_that_is_switched_on_is_caught() {
    for bug in [Bug::TieBreak, Bug::Deps, Bug::Hash, Bug::Tombstone, Bug::Counter] {
        let began = Instant::now();
        let caught = failures((0, CAUGHT_WITHIN), Wanted::First, Some(bug), &Mutex::default());
        let Some((seed, why)) = caught.into_iter().next() else {
            panic!("{bug:?} is not caught within {CAUGHT_WITHIN} histories");
        };
        let why: String = why.chars().take(150).collect();
        println!("{bug:?} is caught by {seed} after {:.1} s: {why}", began.elapsed().as_secs_f64());
    }
}
