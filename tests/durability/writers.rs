//! Several processes at one book: whoever was told that it is done finds it done.

use super::{machine, problems, table};
use rusqlite::Connection;
use std::process::{Child, Stdio};
use std::time::Instant;

/// A connection that holds the write lock.
fn lock(book: &std::path::Path) -> Connection {
    let conn = Connection::open(book).unwrap();
    conn.execute_batch("begin immediate").unwrap();
    conn
}

fn spawn(rolo: &super::Rolo, args: &[&str]) -> Child {
    rolo.command(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn done(child: Child) -> String {
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn two_processes_that_write_at_once_lose_nothing() {
    let rolo = machine();
    // The book is not there yet: who makes it is a race, too.
    let add = |who: usize| {
        let rolo = &rolo;
        move || {
            let names = (0..50).map(|n| format!("Writer{who} Number{n}"));
            names
                .map(|name| (rolo.ok(&["add", &name, "--company", "Shared", "--tag", "both"]), name))
                .collect::<Vec<_>>()
        }
    };
    let told = std::thread::scope(|scope| {
        let other = scope.spawn(add(1));
        let mut all = add(2)();
        all.extend(other.join().unwrap());
        all
    });
    let list = rolo.json(&["list"]);
    let here: std::collections::HashMap<&str, &str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| (contact["id"].as_str().unwrap(), contact["name"].as_str().unwrap()))
        .collect();
    assert_eq!(here.len(), 100);
    for (id, name) in &told {
        assert_eq!(here.get(id.trim()), Some(&name.as_str()));
    }
    assert_eq!(rolo.json(&["company", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(problems(&rolo.path("book.rolo")), Vec::<String>::new());
}

#[test]
fn an_import_and_edits_at_once_lose_nothing() {
    let rolo = machine();
    rolo.ok(&["import", &rolo.file("old.csv", table("old", 100))]);
    let import = spawn(&rolo, &["import", &rolo.file("new.csv", table("new", 1500))]);
    for row in 0..30 {
        rolo.ok(&["edit", &format!("old{row}@example.com"), "--set", &format!("title=Chief {row}")]);
    }
    done(import);
    assert_eq!(rolo.ok(&["count"]), "1600\n");
    for row in 0..30 {
        assert_eq!(rolo.names(&[&format!("title=\"Chief {row}\"")]), [format!("old{row} Person")]);
    }
    assert_eq!(problems(&rolo.path("book.rolo")), Vec::<String>::new());
    // Each of them can be taken back on its own.
    let batches = rolo.json(&["history"]);
    let import =
        batches.as_array().unwrap().iter().find(|batch| batch["label"].as_str().unwrap().contains("new.csv"));
    rolo.ok(&["undo", &import.unwrap()["batch"].to_string()]);
    assert_eq!(rolo.ok(&["count"]), "100\n");
    assert_eq!(rolo.names(&["title=\"Chief 7\""]), ["old7 Person"]);
}

#[test]
fn two_imports_of_one_file_at_once_are_one_import() {
    let rolo = machine();
    rolo.ok(&["add", "Somebody Else"]);
    let file = rolo.file("new.csv", table("new", 400));
    let both = [spawn(&rolo, &["import", &file]), spawn(&rolo, &["import", &file])];
    for import in both {
        done(import);
    }
    assert_eq!(rolo.ok(&["count"]), "401\n");
    assert_eq!(problems(&rolo.path("book.rolo")), Vec::<String>::new());
}

#[test]
fn a_lock_held_for_a_moment_is_waited_for() {
    let rolo = machine();
    rolo.ok(&["add", "Ann"]);
    let held = lock(&rolo.path("book.rolo"));
    let mut add = spawn(&rolo, &["add", "Bob"]);
    // Readers wait for nobody.
    assert_eq!(rolo.ok(&["count"]), "1\n");
    assert!(add.try_wait().unwrap().is_none(), "it didn't wait");
    held.execute_batch("rollback").unwrap();
    done(add);
    assert_eq!(rolo.ok(&["count"]), "2\n");
}

#[test]
fn a_lock_held_too_long_is_said_in_words() {
    let rolo = machine();
    rolo.ok(&["add", "Ann"]);
    let held = lock(&rolo.path("book.rolo"));
    let started = Instant::now();
    let said = rolo.fails(4, &["add", "Bob"]);
    assert!(said.contains("another rolo is writing") && said.contains("try again"), "{said}");
    assert!(started.elapsed().as_secs() >= 2, "it didn't wait");
    drop(held);
    assert_eq!(rolo.names(&[]), ["Ann"]);
}
