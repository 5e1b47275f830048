//! SIGKILL at random points of imports and edits leaves the old or the new state, never anything between.

use super::{common::Rolo, contents, machine, problems, table};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// SplitMix64: the same kills in every run, as far as a machine's timing lets them be.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below.max(1)
    }
}

/// When to kill. A commit is over in a millisecond or two, so time alone would seldom hit it: the files' sizes tell when
/// it is under way.
#[derive(Clone, Copy, Debug)]
enum When {
    /// This long after the start.
    After(Duration),
    /// The write-ahead log has grown to this many bytes: in the middle of a commit.
    Wal(u64),
    /// The book itself has grown to this many bytes: in the middle of a checkpoint, or while it is made.
    Grown(u64),
}

/// A command and the two states that it may leave.
struct Trial {
    rolo: Rolo,
    args: Vec<String>,
    /// The book before; `None` where there is none.
    before: Option<Vec<u8>>,
    /// The only contents that are right.
    states: [Vec<String>; 2],
    took: Duration,
    /// Bytes of the write-ahead log, and of the book, at the end of an undisturbed run.
    wal: u64,
    size: u64,
}

#[derive(Default)]
struct Seen {
    killed: usize,
    /// Killed with the write-ahead log begun.
    writing: usize,
    old: usize,
    new: usize,
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |meta| meta.len())
}

impl Trial {
    fn new(rolo: Rolo, args: &[&str]) -> Self {
        let mut trial = Self {
            before: std::fs::read(rolo.path("book.rolo")).ok(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            states: Default::default(),
            took: Duration::ZERO,
            wal: 0,
            size: 0,
            rolo,
        };
        trial.states[0] = trial.found();
        for _ in 0..2 {
            trial.reset();
            let started = Instant::now();
            let mut child = trial.spawn();
            while child.try_wait().unwrap().is_none() {
                trial.wal = trial.wal.max(size(&trial.wal_path()));
            }
            assert!(child.wait().unwrap().success(), "{args:?}");
            trial.took = trial.took.max(started.elapsed());
        }
        trial.size = size(&trial.book());
        trial.states[1] = trial.found();
        assert_ne!(trial.states[0], trial.states[1], "{args:?} changes nothing");
        trial
    }

    fn book(&self) -> PathBuf {
        self.rolo.path("book.rolo")
    }

    fn wal_path(&self) -> PathBuf {
        self.rolo.path("book.rolo-wal")
    }

    fn reset(&self) {
        for name in ["book.rolo", "book.rolo-wal", "book.rolo-shm"] {
            let _ = std::fs::remove_file(self.rolo.path(name));
        }
        if let Some(bytes) = &self.before {
            std::fs::write(self.book(), bytes).unwrap();
        }
    }

    /// What is in the book, without the settings that a new one gets before anything else.
    fn found(&self) -> Vec<String> {
        // A process that was killed while it made the book leaves none, or an empty file: both read as an empty book.
        if size(&self.book()) == 0 && size(&self.wal_path()) == 0 {
            return Vec::new();
        }
        let mut lines = contents(&self.book());
        lines.retain(|line| !line.starts_with("setting "));
        lines
    }

    fn spawn(&self) -> std::process::Child {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let mut command = self.rolo.command(&args);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn draw(&self, lot: &mut Lot) -> When {
        match lot.draw(3) {
            0 => When::Wal(1 + lot.draw(self.wal)),
            1 if self.before.as_ref().is_none_or(|bytes| (bytes.len() as u64) < self.size) => {
                let from = self.before.as_ref().map_or(0, |bytes| bytes.len() as u64);
                When::Grown(from + 1 + lot.draw(self.size - from))
            }
            _ => When::After(self.took.mul_f64(lot.draw(1000) as f64 / 1000.0)),
        }
    }

    fn kill(&self, when: When, seen: &mut Seen) {
        self.reset();
        let started = Instant::now();
        let mut child = self.spawn();
        let (book, wal) = (self.book(), self.wal_path());
        // Polled, not slept: what is to be hit lasts microseconds.
        while child.try_wait().unwrap().is_none() {
            let due = match when {
                When::After(delay) => started.elapsed() >= delay,
                When::Wal(bytes) => size(&wal) >= bytes,
                When::Grown(bytes) => size(&book) >= bytes,
            };
            if due {
                child.kill().unwrap();
                break;
            }
            std::thread::yield_now();
        }
        if child.wait().unwrap().signal() == Some(9) {
            seen.killed += 1;
            seen.writing += usize::from(size(&wal) > 0);
        }
        self.examine(when, seen);
    }

    fn examine(&self, when: When, seen: &mut Seen) {
        let args = &self.args;
        if self.book().exists() {
            let wrong = problems(&self.book());
            assert_eq!(wrong, Vec::<String>::new(), "{args:?} killed at {when:?}");
        }
        let found = self.found();
        if found == self.states[0] {
            seen.old += 1;
        } else if found == self.states[1] {
            seen.new += 1;
        } else {
            let gone: Vec<&String> = self.states[0].iter().filter(|line| !found.contains(line)).collect();
            panic!(
                "{args:?} killed at {when:?}: {} records, before {}, after {}; gone: {gone:?}",
                found.len(),
                self.states[0].len(),
                self.states[1].len()
            );
        }
    }

    /// Kills until `kills` processes have died of it. The book that each leaves takes the next command.
    fn run(&self, kills: usize, seed: u64) -> Seen {
        let mut lot = Lot(seed);
        let mut seen = Seen::default();
        for attempt in 0..kills * 10 {
            if seen.killed == kills {
                break;
            }
            self.kill(self.draw(&mut lot), &mut seen);
            if attempt % 25 == 0 {
                self.rolo.ok(&["add", "After the crash"]);
                assert_eq!(problems(&self.book()), Vec::<String>::new());
            }
        }
        assert_eq!(seen.killed, kills, "{:?}: too many runs ended before they were killed", self.args);
        seen
    }
}

/// Runs trials and asks that the kills were where they matter.
fn check(trials: &[(Trial, usize)]) {
    let mut all = Seen::default();
    for (at, (trial, kills)) in trials.iter().enumerate() {
        let started = Instant::now();
        let seen = trial.run(*kills, 0x5eed + at as u64);
        println!(
            "{:?} ({:?} a run): {} killed, {} of them writing; {} old, {} new; {:?}",
            trial.args,
            trial.took,
            seen.killed,
            seen.writing,
            seen.old,
            seen.new,
            started.elapsed()
        );
        all.writing += seen.writing;
        all.old += seen.old;
        all.new += seen.new;
    }
    assert!(all.writing > 10, "only {} kills met a write", all.writing);
    // How many of each there are is a matter of the machine's load.
    assert!(all.old > 0 && all.new > 0, "one-sided: {} old, {} new", all.old, all.new);
}

#[test]
fn an_import_that_is_killed_has_happened_or_has_not() {
    let into_new = || {
        let rolo = machine();
        let file = rolo.file("new.csv", table("new", 2000));
        Trial::new(rolo, &["import", &file])
    };
    let into_old = || {
        let rolo = machine();
        rolo.ok(&["import", &rolo.file("old.csv", table("old", 200))]);
        // A third of the rows is there already and gets another title, the others are new.
        let more =
            table("old", 200).replace("Engineer", "Director") + table("new", 400).split_once('\n').unwrap().1;
        let file = rolo.file("old.csv", more);
        Trial::new(rolo, &["import", &file])
    };
    check(&[(into_new(), 15), (into_old(), 25)]);
}

#[test]
fn an_edit_that_is_killed_has_happened_or_has_not() {
    let book = || {
        let rolo = machine();
        rolo.ok(&["import", &rolo.file("old.csv", table("old", 30))]);
        rolo
    };
    let undoing = |rolo: Rolo| {
        rolo.ok(&["tag", "add", "vip", "kind:person", "--yes"]);
        rolo
    };
    check(&[
        (
            Trial::new(
                book(),
                &["add", "Ann Lee", "--email", "ann@acme.example", "--company", "Acme", "--tag", "vip"],
            ),
            65,
        ),
        (Trial::new(book(), &["tag", "add", "vip", "kind:person", "--yes"]), 65),
        (Trial::new(undoing(book()), &["undo"]), 65),
        (Trial::new(book(), &["undo"]), 65),
    ]);
}
