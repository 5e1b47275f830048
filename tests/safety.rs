//! What nobody wants to happen by a slip: a book overwritten, an undo that only says it did something, a name lost.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;

fn book(rolo: &Rolo) -> String {
    rolo.path("data/rolo/book.rolo").to_str().unwrap().to_owned()
}

#[test]
fn no_file_takes_the_place_of_a_book() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@acme.example"]);
    let book = book(&rolo);
    let other = rolo.path("other.rolo").to_str().unwrap().to_owned();
    rolo.ok(&["--book", &other, "add", "Bob"]);
    let refused = rolo.file("bad.csv", "Name,Birthday\n,\nCy,1990-01-01\n,x\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&book, rolo.path("link.rolo")).unwrap();
    let link = rolo.path("link.rolo").to_str().unwrap().to_owned();
    for to in [&book, &other, &link, &format!("{book}-wal")] {
        assert!(rolo.fails(2, &["export", "--to", to]).contains("not overwritten"), "{to}");
        assert!(rolo.fails(2, &["export", "--as", "hubspot", "--to", to]).contains("not overwritten"));
        assert!(rolo.fails(2, &["import", &refused, "--rejects", to]).contains("not overwritten"));
    }
    let mistyped = rolo.path("new.rolo").to_str().unwrap().to_owned();
    assert!(
        rolo.fails(2, &["--book", &mistyped, "export", "--as", "csv", "--to", &mistyped])
            .contains("not overwritten")
    );
    assert_eq!(rolo.names(&[]), ["Ann Lee"]);
    assert_eq!(rolo.ok(&["--book", &other, "count"]), "1\n");
    // Any other file of that name is written anew, as a job that exports every night expects.
    let file = rolo.file("out.csv", "old");
    rolo.ok(&["export", "--to", &file]);
    assert!(std::fs::read_to_string(&file).unwrap().contains("Ann Lee"));
}

#[test]
fn refused_rows_do_not_take_the_place_of_what_is_read() {
    let rolo = Rolo::new();
    let text = "Name,Birthday\nAnn,1990-01-01\n,x\n";
    let file = rolo.file("in.csv", text);
    assert!(rolo.fails(2, &["import", &file, "--rejects", &file]).contains("not overwritten"));
    assert!(rolo.fails(2, &["import", &file, "--rejects", "in.csv"]).contains("not overwritten"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert!(rolo.fails(2, &["import", &file, "--rejects", "-"]).contains("--rejects"));
    // A place that can't be written is told before the first row, also where no row will be refused.
    let good = rolo.file("good.csv", "Name\nAnn\n");
    assert!(rolo.fails(3, &["import", &good, "--rejects", "nowhere/bad.csv"]).contains("nowhere/bad.csv"));
    assert_eq!(rolo.ok(&["count"]), "0\n");
}

#[test]
fn an_undo_that_takes_nothing_back_says_so() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann"]);
    rolo.ok(&["edit", "Ann", "--set", "title=one"]);
    rolo.ok(&["edit", "Ann", "--set", "title=two"]);
    let batches = rolo.json(&["history"]);
    let first_edit = batches[1]["batch"].as_i64().unwrap().to_string();
    let said = rolo.fails(5, &["undo", &first_edit]);
    assert!(said.contains("changed since") && !said.contains("Took back"), "{said}");
    // Nothing was written, and it can be tried again.
    assert_eq!(rolo.json(&["history"]), batches);
    rolo.fails(5, &["undo", &first_edit]);
    rolo.ok(&["undo"]);
    rolo.ok(&["undo", &first_edit]);
    assert!(rolo.json(&["show", "Ann"]).get("title").is_none());
}

#[test]
fn an_undo_names_only_some_of_much_that_it_left_alone() {
    let rolo = Rolo::new();
    let rows: String = (0..30).map(|n| format!("Somebody {},Old\n", char::from(b'a' + n))).collect();
    let file = rolo.file("many.csv", format!("Name,Title\n{rows}"));
    rolo.ok(&["import", &file]);
    rolo.ok(&["edit", "title=Old", "--all", "--set", "title=New", "--yes"]);
    rolo.ok(&["edit", "title=New", "--all", "--set", "department=Sales", "--yes"]);
    let edit = rolo.json(&["history"])[1]["batch"].as_i64().unwrap().to_string();
    rolo.ok(&["edit", "title=New", "--all", "--set", "title=Newer", "--yes"]);
    let said = rolo.fails(5, &["undo", &edit]);
    assert!(said.contains(&format!("Nothing of {edit}")), "{said}");
    rolo.ok(&["undo"]);
    rolo.ok(&["edit", "somebody title=New", "--all", "--set", "title=Last", "--yes"]);
    rolo.ok(&["edit", "Somebody a", "--set", "title=New"]);
    let ran = rolo.run(&["undo", &edit]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.err.matches("Left alone, as it has changed since").count(), 10, "{}", ran.err);
    assert!(ran.err.contains("19 more"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_looked_into_is_no_empty_book() {
    use std::os::unix::fs::PermissionsExt;
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann"]);
    let folder = rolo.path("data/rolo");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may look into everything.
    let locked = std::fs::read_dir(&folder).is_err();
    let ran = rolo.run(&["list"]);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    if locked {
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains("permission"), "{}", ran.err);
    }
}

#[test]
fn a_mistyped_book_is_told_apart_from_an_empty_one() {
    let rolo = Rolo::new();
    let said = rolo.run(&["--book", "typo", "list"]);
    assert_eq!(said.code, 0);
    assert!(said.err.contains("no book at") && said.err.contains("typo.rolo"), "{}", said.err);
    let made = rolo.run(&["--book", "typo", "add", "Ann"]);
    assert!(made.err.contains("Made the book"), "{}", made.err);
    assert!(!rolo.run(&["--book", "typo", "add", "Bob"]).err.contains("Made the book"));
}

#[test]
fn a_damaged_book_is_examined_all_the_same() {
    let rolo = Rolo::new();
    let rows: String = (0..2000).map(|n| format!("Somebody {n},s{n}@example.com\n")).collect();
    let file = rolo.file("many.csv", format!("Name,E-mail\n{rows}"));
    rolo.ok(&["import", &file]);
    let path = book(&rolo);
    let mut bytes = std::fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    // The first pages say what else there is.
    for page in (30..pages).step_by(3) {
        bytes[page * 4096..page * 4096 + 2048].fill(0xA5);
    }
    std::fs::write(&path, &bytes).unwrap();
    let ran = rolo.run(&["check"]);
    assert_eq!(ran.code, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.out.lines().count() > 1 && ran.out.contains("file: "), "{}", ran.out);
}

#[test]
fn the_last_thing_to_call_somebody_by_stays() {
    let rolo = Rolo::new();
    let id = rolo.ok(&["add", "Ann"]).trim().to_owned();
    assert!(rolo.fails(2, &["edit", &id, "--set", "name="]).contains("needs a name"));
    rolo.ok(&["edit", &id, "--add", "email=ann@example.com"]);
    rolo.ok(&["edit", &id, "--set", "name="]);
    assert!(rolo.fails(2, &["edit", &id, "--remove", "email"]).contains("needs a name"));
}

#[test]
fn a_part_of_a_name_is_enough_where_only_one_has_it() {
    let rolo = Rolo::new();
    let ann = rolo.ok(&["add", "Ann Lee"]).trim().to_owned();
    rolo.ok(&["add", "Hannah Bell", "--company", "Ann's Flowers"]);
    rolo.ok(&["add", "Bob", "--set", "note=knows Lee"]);
    assert_eq!(rolo.json(&["show", "ann"])["id"], ann.as_str());
    rolo.ok(&["log", "call", "@ann", "hello"]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["timeline"][0]["body"], "hello");
    assert_eq!(rolo.feed(&["log", "note", "ann", "-"], "from a pipe\n").code, 0);
    assert!(rolo.ok(&["timeline", "Ann Lee"]).contains("from a pipe"));
    rolo.fails(1, &["show", "an"]);
    rolo.fails(1, &["show", "flowers"]);
    rolo.ok(&["add", "Ann Zhou"]);
    let said = rolo.fails(2, &["show", "ann"]);
    assert!(said.contains("Ann Lee") && said.contains("Ann Zhou"), "{said}");
}

#[test]
fn until_a_day_includes_it() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann"]);
    let said = rolo.run(&["log", "call", "Ann", "early", "--at", "2026-09-14 09:00"]).err;
    assert!(said.contains("14 Sep"), "{said}");
    let said = rolo.run(&["log", "call", "Ann", "late", "--at", "2026-09-15 09:00"]).err;
    assert!(said.contains("still to come"), "{said}");
    for until in ["today", "2026-09-14", "2026-09-14 10:00", "last week"] {
        let found = rolo.ok(&["timeline", "--until", until]);
        assert_eq!(found.contains("early"), until != "last week", "{until}: {found}");
        assert!(!found.contains("late"), "{until}: {found}");
    }
    assert!(rolo.run(&["timeline", "--until", "2020"]).err.contains("othing"));
}
