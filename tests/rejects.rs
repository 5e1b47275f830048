//! Refused rows in their file: each whole, under its own columns, and none that isn't refused any more.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;

fn read(rolo: &Rolo, name: &str) -> String {
    std::fs::read_to_string(rolo.path(name)).unwrap()
}

#[test]
fn a_row_that_is_refused_again_keeps_its_cells() {
    let rolo = Rolo::new();
    let file = rolo.file("a.csv", "Name,Email,Phone\nAnn,ann@x.example,1\nBob,bob@x.example,1,2,3\n");
    assert_eq!(rolo.run(&["import", &file, "--rejects", "r1.csv"]).code, 3);
    assert_eq!(rolo.run(&["import", "r1.csv", "--rejects", "r2.csv"]).code, 3);
    let rows = read(&rolo, "r2.csv");
    let row = rows.lines().nth(1).unwrap();
    assert!(row.starts_with("Bob,bob@x.example,1,2,3,") && row.matches("cells").count() == 1, "{rows}");
    assert_eq!(rows.lines().next(), Some("Name,Email,Phone,rolo_reason"));
}

#[test]
fn rows_of_tables_with_other_columns_go_into_files_of_their_own() {
    let rolo = Rolo::new();
    let a = rolo.file("a.csv", "Name,Email\nAnn,ann@x.example,2\n");
    let b = rolo.file("b.csv", "Email,Title,Name\nbob@x.example,CEO,Bob,3\n");
    let ran = rolo.run(&["import", &a, &b, "--rejects", "r.csv"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("r.csv") && ran.err.contains("r-2.csv"), "{}", ran.err);
    assert!(read(&rolo, "r.csv").starts_with("Name,Email,rolo_reason\nAnn,"), "{}", read(&rolo, "r.csv"));
    assert!(read(&rolo, "r-2.csv").starts_with("Email,Title,Name,rolo_reason\nbob@x.example,"));
    // Nobody's file is written over for that.
    rolo.run(&["import", &a, &b, "--rejects", "r.csv"]);
    assert!(read(&rolo, "r-3.csv").starts_with("Email,Title,Name,rolo_reason\n"));
}

#[test]
fn what_is_refused_no_more_is_in_no_file() {
    let rolo = Rolo::new();
    let bad = rolo.file("a.csv", "Name,Email\nAnn,ann@x.example,2\n");
    rolo.run(&["import", &bad, "--rejects", "r.csv"]);
    assert!(rolo.path("r.csv").exists());
    let good = rolo.file("a.csv", "Name,Email\nAnn,ann@x.example\n");
    rolo.ok(&["import", &good, "--rejects", "r.csv", "--dry-run"]);
    assert!(rolo.path("r.csv").exists(), "a dry run changes nothing");
    rolo.ok(&["import", &good, "--rejects", "r.csv"]);
    assert!(!rolo.path("r.csv").exists());
}

#[test]
fn a_line_of_json_that_is_no_object_has_no_empty_place_in_its_reason() {
    let rolo = Rolo::new();
    let file = rolo.file("a.jsonl", "{\"name\":\"Ann\"}\n[1]\n");
    let ran = rolo.run(&["import", &file]);
    assert!(ran.err.contains("line 2: expected"), "{}", ran.err);
}

#[test]
fn a_strict_import_that_takes_nothing_leaves_its_refused_rows_all_the_same() {
    let rolo = Rolo::new();
    let file = rolo
        .file("a.csv", "Name,Email\nAnn,ann@x.example.com\nBob,bob@x.example.com,1\nCy,cy@x.example.com,2\n");
    let ran = rolo.run(&["import", &file, "--strict", "--rejects", "r.csv"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert_eq!(rolo.ok(&["count"]).trim(), "0");
    let rows = read(&rolo, "r.csv");
    assert!(rows.contains("\nBob,") && rows.contains("\nCy,"), "{rows}");
}
