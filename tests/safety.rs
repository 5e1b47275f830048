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
    rolo.fails(4, &["--book", &mistyped, "export", "--as", "csv", "--to", &mistyped]);
    assert!(!rolo.path("new.rolo").exists());
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
fn what_was_done_again_counts_as_done() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann"]);
    let marked = || -> Vec<i64> {
        let history = rolo.json(&["history"]);
        let marked = history.as_array().unwrap().iter().filter(|batch| batch["undone"] == true);
        marked.map(|batch| batch["batch"].as_i64().unwrap()).collect()
    };
    for _ in 0..2 {
        rolo.ok(&["undo", "1"]);
        assert!(marked().contains(&1) && rolo.names(&[]).is_empty());
        assert!(rolo.fails(1, &["undo", "1"]).contains("taken back already"));
        rolo.ok(&["redo"]);
        assert!(!marked().contains(&1));
        assert_eq!(rolo.names(&[]), ["Ann"]);
    }
    rolo.ok(&["undo"]);
    assert!(marked().contains(&1) && rolo.names(&[]).is_empty());
    // Neither the batch nor what did it again stands any more.
    assert!(rolo.fails(1, &["undo"]).contains("nothing to take back"));
    rolo.ok(&["redo"]);
    assert_eq!(rolo.names(&[]), ["Ann"]);
}

#[test]
fn several_undos_and_redos_of_one_field_follow_each_other() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann"]);
    let titles = ["one", "two", "three"];
    for title in titles {
        rolo.ok(&["edit", "Ann", "--set", &format!("title={title}")]);
    }
    let title = || rolo.json(&["show", "Ann"])["title"].clone();
    for _ in 0..2 {
        for expected in ["two", "one"] {
            rolo.ok(&["undo"]);
            assert_eq!(title(), expected);
        }
        rolo.ok(&["undo"]);
        assert!(title().is_null());
        for expected in titles {
            rolo.ok(&["redo"]);
            assert_eq!(title(), expected);
        }
    }
    // The same with the bin.
    rolo.ok(&["delete", "Ann", "--yes"]);
    rolo.ok(&["bin", "restore", "Ann"]);
    for _ in 0..2 {
        for (command, count) in [("undo", "0\n"), ("undo", "1\n"), ("redo", "0\n"), ("redo", "1\n")] {
            rolo.ok(&[command]);
            assert_eq!(rolo.ok(&["count"]), count, "{command}");
        }
    }
}

#[test]
fn a_value_that_was_chosen_again_since_is_left_alone_by_undo() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann"]);
    for title in ["one", "two", "one", "three"] {
        rolo.ok(&["edit", "Ann", "--set", &format!("title={title}")]);
    }
    rolo.ok(&["undo"]);
    rolo.fails(5, &["undo", "2"]);
    assert_eq!(rolo.json(&["show", "Ann"])["title"], "one");
    rolo.ok(&["undo", "4"]);
    rolo.ok(&["undo", "3"]);
    rolo.ok(&["undo", "2"]);
    assert!(rolo.json(&["show", "Ann"]).get("title").is_none());
}

#[test]
fn history_says_what_was_taken_away() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Bob", "--tag", "red", "--email", "x@x.example"]);
    rolo.ok(&["tag", "remove", "red", "Bob"]);
    rolo.ok(&["edit", "Bob", "--remove", "email=x@x.example"]);
    rolo.ok(&["edit", "Bob", "--add", "phone=+1 212 555 0100"]);
    rolo.ok(&["undo"]);
    let history = rolo.json(&["history", "Bob"]);
    let before = |batch: usize| history[batch]["edits"][0]["before"].as_str().unwrap().to_owned();
    assert!(before(0).contains("+1 212 555 0100"), "{history}");
    assert!(before(2).contains("x@x.example"), "{history}");
    assert_eq!(before(3), "tag=red");
    let shown = rolo.ok(&["history", "Bob"]);
    let gone: Vec<&str> = shown.lines().filter(|line| line.contains("Bob  - ")).collect();
    assert_eq!(gone.len(), 3, "{shown}");
    assert!(gone[1].ends_with("x@x.example") && gone[2].ends_with("red"), "{shown}");
}

#[test]
fn a_fields_new_type_is_told_how_many_values_do_not_fit() {
    let rolo = Rolo::new();
    rolo.ok(&["field", "add", "shoe"]);
    for (name, size) in [("Ann", "12"), ("Bob", "abc"), ("Cid", "abc")] {
        rolo.ok(&["add", name, "--set", &format!("shoe={size}")]);
    }
    let ran = rolo.run(&["field", "edit", "shoe", "--type", "number"]);
    assert!(ran.code == 0 && ran.err.contains("2 values do not fit shoe"), "{}", ran.err);
    assert_eq!(rolo.json(&["show", "Bob"])["fields"]["shoe"], "abc");
    let ran = rolo.run(&["field", "edit", "shoe", "--type", "text"]);
    assert!(!ran.err.contains("do not fit"), "{}", ran.err);
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
    let all_but_one = "somebody title=New -name=\"Somebody a\"";
    rolo.ok(&["edit", all_but_one, "--all", "--set", "title=Last", "--yes"]);
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
