//! What a book must survive: processes that are killed, two of them at once, full disks, files that are no books.
#![cfg(unix)]
// Locks and foreign files are made past the gateway.
#![allow(clippy::disallowed_methods)]
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

mod files;
mod kills;
mod month;
mod writers;

use common::Rolo;
use rolo::clock::Clock;
use rolo::ops::{Book, Session};
use rolo::store::{open, replay};
use std::path::Path;
use std::sync::LazyLock;

/// A table that the Google-like column names map without options; everybody has an e-mail of their own.
fn table(tag: &str, rows: usize) -> String {
    let mut csv = String::from("First Name,Last Name,Company,Job Title,Email,Mobile Phone,Notes,Tags\n");
    for row in 0..rows {
        csv.push_str(&format!(
            "{tag}{row},Person,Firm {},Engineer,{tag}{row}@example.com,+1 212 555 {:04},\"met in {tag}, room {row}\",{tag}\n",
            row % 50,
            row % 10_000,
        ));
    }
    csv
}

fn session(folder: &Path) -> Session {
    Session {
        author: "tester".to_owned(),
        origin: "cli",
        clock: Clock::from_setting(Some("2026-09-14T12:00:00Z")).unwrap(),
        state_dir: folder.join("state"),
        country: None,
        device: String::new(),
    }
}

/// What `rolo check` finds wrong.
fn problems(book: &Path) -> Vec<String> {
    Book::open(book, session(book.parent().unwrap())).unwrap().check().unwrap()
}

static IDS: LazyLock<regex::Regex> = LazyLock::new(|| {
    let ids = [
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"[0-9a-f]{16}\.\d+\.\d+",
        r"Uid\(\[[0-9, ]+\]\)",
        r"device: \d+",
    ];
    regex::Regex::new(&ids.join("|")).unwrap()
});

/// The canonical dump, with the ids that are drawn by lot taken out so that two runs compare.
fn contents(book: &Path) -> Vec<String> {
    let mut lines: Vec<String> = replay::dump(&open::reader(book).unwrap())
        .unwrap()
        .iter()
        .map(|line| IDS.replace_all(line, "#").into_owned())
        .collect();
    lines.sort();
    lines
}

/// A machine whose book is `book.rolo` in its home folder.
fn machine() -> Rolo {
    let mut rolo = Rolo::new();
    let book = rolo.path("book.rolo").to_str().unwrap().to_owned();
    rolo.env("ROLO_BOOK", &book);
    rolo
}
