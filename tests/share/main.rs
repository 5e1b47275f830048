//! Several devices that share a book, played with the real binary: separate homes, clocks that the test sets, one place.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

mod devices;
mod erasing;
mod invited;
mod joining;
mod members;
mod merging;
mod output;
mod places;

use common::{Ran, Rolo};
use serde_json::Value;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

/// Both kinds of place.
const FILE: &str = "team.rolo";
const FOLDER: &str = "team";
const KINDS: [&str; 2] = [FILE, FOLDER];

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// Seconds since 1970 that all histories begin at.
const BEGIN: i64 = 1_800_000_000;

fn time(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap().to_rfc3339()
}

/// A device of somebody: each command that it runs is a second later than the one before, whoever ran that.
struct Device {
    rolo: Rolo,
    clock: Rc<Cell<i64>>,
    /// By how many seconds this clock is wrong.
    off: Cell<i64>,
}

impl Device {
    fn new(author: &str, clock: &Rc<Cell<i64>>) -> Self {
        let mut rolo = Rolo::new();
        rolo.env("ROLO_AUTHOR", author);
        Self { rolo, clock: clock.clone(), off: Cell::new(0) }
    }

    fn command(&self, args: &[&str]) -> Command {
        self.clock.set(self.clock.get() + 1);
        let mut command = self.rolo.command(args);
        command.env("ROLO_NOW", time(self.clock.get() + self.off.get()));
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).stdin(Stdio::null()).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs what must succeed and returns what it prints on stdout.
    fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}\n{}\n{}", ran.out, ran.err);
        ran.out
    }

    /// Runs what must succeed and returns what it says on stderr.
    fn says(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}\n{}\n{}", ran.out, ran.err);
        ran.err
    }

    /// Runs what must fail so and returns its message.
    fn fails(&self, code: i32, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, code, "{args:?}\n{}\n{}", ran.out, ran.err);
        ran.err
    }

    fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.extend(["--format", "json"]);
        serde_json::from_str(&self.ok(&all)).unwrap()
    }

    fn sync(&self) -> Value {
        self.json(&["share", "sync"])
    }

    fn conflicts(&self) -> Vec<Value> {
        self.json(&["share", "conflicts"]).as_array().unwrap().clone()
    }

    /// What `show` says of a field.
    fn shows(&self, who: &str, field: &str) -> Value {
        self.json(&["show", who])[field].clone()
    }

    fn names(&self) -> Vec<String> {
        let list = self.json(&["list"]);
        let mut all: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap_or_default().to_owned())
            .collect();
        all.sort();
        all
    }

    /// The whole book as sorted lines.
    fn dump(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.ok(&["export", "--as", "jsonl"]).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    fn book(&self) -> PathBuf {
        self.rolo.path("data/rolo/book.rolo")
    }
}

/// The kinds of what a sync warned of.
fn warned(report: &Value) -> Vec<&str> {
    let all = report["warnings"].as_array().unwrap();
    all.iter().map(|warning| warning["kind"].as_str().unwrap()).collect()
}

/// A place and those who share it; the first one founded it.
struct Team {
    _home: tempfile::TempDir,
    place: PathBuf,
    clock: Rc<Cell<i64>>,
    all: Vec<Device>,
}

impl Team {
    /// People who share a book with one contact, Ann Lee (VP), that all of them have.
    fn of(kind: &str, people: &[&str]) -> Self {
        Self::at(kind, people)
    }

    /// The same, with the place in a folder of its own.
    fn in_folder(kind: &str, people: &[&str]) -> Self {
        Self::at(&format!("cloud/{kind}"), people)
    }

    fn at(place: &str, people: &[&str]) -> Self {
        let mut team = Self::alone(place, people[0]);
        for name in &people[1..] {
            team.let_in(name, &[]);
        }
        for device in &team.all {
            device.sync();
        }
        team
    }

    fn alone(place: &str, author: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join(place);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let clock = Rc::new(Cell::new(BEGIN));
        let first = Device::new(author, &clock);
        first.ok(&["add", "Ann Lee", "--title", "VP", "--email", "ann@lantern.example.com"]);
        first.ok(&["share", "init", place.to_str().unwrap()]);
        Self { _home: home, place, clock, all: vec![first] }
    }

    fn place(&self) -> &str {
        self.place.to_str().unwrap()
    }

    fn device(&self, author: &str) -> Device {
        Device::new(author, &self.clock)
    }

    fn code(&self, more: &[&str]) -> String {
        let mut args = vec!["share", "invite"];
        args.extend(more);
        self.all[0].ok(&args).trim().to_owned()
    }

    fn let_in(&mut self, author: &str, more: &[&str]) {
        let code = self.code(&[&["--for", author], more].concat());
        let device = self.device(author);
        device.ok(&["share", "join", self.place(), &code]);
        self.all.push(device);
    }

    fn two(&self) -> (&Device, &Device) {
        (&self.all[0], &self.all[1])
    }

    fn three(&self) -> (&Device, &Device, &Device) {
        (&self.all[0], &self.all[1], &self.all[2])
    }

    /// Everyone syncs until nothing is on its way any more.
    fn settle(&self) {
        for _ in 0..2 {
            for device in &self.all {
                device.sync();
            }
        }
    }

    /// After everyone has synced: all books are sound and the same, and nothing waits.
    fn agree(&self) {
        self.agree_but(|line| line);
    }

    /// The same, apart from what is made alike first.
    fn agree_but(&self, alike: impl Fn(String) -> String) {
        self.settle();
        let dump = |device: &Device| device.dump().into_iter().map(&alike).collect();
        let dumps: Vec<Vec<String>> = self.all.iter().map(dump).collect();
        let conflicts = |device: &Device| {
            let mut all: Vec<String> = device.conflicts().iter().map(Value::to_string).collect();
            all.sort();
            all
        };
        for (device, dump) in self.all.iter().zip(&dumps) {
            device.ok(&["check"]);
            assert_eq!(*dump, dumps[0]);
            assert_eq!(conflicts(device), conflicts(&self.all[0]));
            assert_eq!(device.json(&["share", "status"])["waiting"], 0);
        }
    }
}

/// All files below a folder whose name ends so.
fn files(below: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
