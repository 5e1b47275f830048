//! Spreadsheets through the real binary: there and back, the table to fill in, what is refused.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use calamine::{Data, Reader, Xlsx, open_workbook};
use common::Rolo;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::process::Stdio;

fn counts(rolo: &Rolo, args: &[&str]) -> (Vec<u64>, Vec<String>) {
    let mut all = vec!["import", "--format", "json"];
    all.extend(args);
    let ran = rolo.run(&all);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{} {}", ran.out, ran.err));
    let number = |key: &&str| report[*key].as_u64().unwrap();
    let warnings = report["warnings"].as_array().unwrap().iter();
    let counts = ["read", "created", "updated", "unchanged", "rejected"].iter().map(number).collect();
    (counts, warnings.map(|warning| warning["message"].as_str().unwrap().to_owned()).collect())
}

const PEOPLE: &str = r#"[
    {"kind":"company","name":"星云科技有限公司","phones":["+86 10 5555 0131"],"size":"200"},
    {"name":"王伟","given":"伟","family":"王","company":"星云科技有限公司","phones":[{"value":"13800138000","label":"mobile","preferred":true}],
     "ims":[{"service":"WeChat","value":"wangwei_xy"}],"birthday":"1988-03-09","tags":["客户","a;b"],"note":"=SUM(A1)\n第二行","starred":true},
    {"name":"Ann Lee","given":"Ann","family":"Lee","emails":["ann@x.example",{"value":"lee@x.example","label":"home"}],
     "addresses":[{"label":"home","street":"'=x","city":"Paris","postcode":"00420"}],"dates":[{"label":"met","date":"2020-02-29"},{"label":"anniversary","date":"--05-17"}],
     "fields":{"age":46,"code":"007","since":"2019-05-06"},"links":[{"relation":"spouse","name":"Bob"}],"stage":"lead","keep_in_touch":"1 month"}]"#;

#[test]
fn a_book_goes_to_a_spreadsheet_and_comes_back_whole() {
    let (one, two) = (Rolo::new(), Rolo::new());
    one.ok(&["field", "add", "age", "--type", "number"]);
    let file = one.file("people.json", PEOPLE);
    one.ok(&["import", &file]);
    let sheet = one.path("out.xlsx");
    let sheet = sheet.to_str().unwrap();
    one.ok(&["export", "--to", sheet]);
    assert_eq!(counts(&one, &[sheet]).0, [3, 0, 0, 3, 0], "what came from here changes nothing here");
    two.ok(&["field", "add", "age", "--type", "number"]);
    let (found, warnings) = counts(&two, &[sheet]);
    assert_eq!(found, [3, 3, 0, 0, 0], "{warnings:?}");
    // A company that someone names is known by its name, and its id is made from that and the book.
    let rows = |rolo: &Rolo| -> Vec<String> {
        let text = rolo.ok(&["export", "--as", "csv"]);
        text.lines().map(|line| line.split_once(',').map_or(line, |(_, rest)| rest).to_owned()).collect()
    };
    assert_eq!(rows(&one), rows(&two));
    assert_eq!(counts(&two, &[sheet]).0, [3, 0, 0, 3, 0], "the same file again");
    let mut book: Xlsx<_> = open_workbook(sheet).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let phones =
        range.rows().flatten().filter(|cell| matches!(cell, Data::String(text) if text == "13800138000"));
    assert_eq!(phones.count(), 1, "a phone is text");
    assert!(range.rows().flatten().any(|cell| *cell == Data::Float(46.0)), "a number is a number");
}

#[test]
fn a_spreadsheet_comes_and_goes_through_pipes() {
    let rolo = Rolo::new();
    let file = rolo.file("people.json", PEOPLE);
    rolo.ok(&["import", &file]);
    let output = rolo.command(&["export", "--as", "xlsx"]).output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"PK\x03\x04"));
    rolo.file("piped.xlsx", &output.stdout);
    let input = std::fs::File::open(rolo.path("piped.xlsx")).unwrap();
    let other = Rolo::new();
    let output = other.command(&["import", "-"]).stdin(Stdio::from(input)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(other.ok(&["count"]).trim(), rolo.ok(&["count"]).trim());
}

#[test]
fn the_table_to_fill_in_is_understood_when_it_is_filled_in() {
    for (language, name, company, kind) in
        [("en_US.UTF-8", "Ann Lee", "Acme", "company"), ("zh_CN.UTF-8", "王小伟", "星云科技", "公司")]
    {
        let mut rolo = Rolo::new();
        rolo.env("LANG", language);
        let path = rolo.path("t.xlsx");
        let path = path.to_str().unwrap();
        rolo.ok(&["import", "--template", path]);
        rolo.fails(2, &["import", "--template", path]);
        rolo.ok(&["import", "--template", path, "--yes"]);
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let sheets = book.sheet_names();
        let header: Vec<String> = book
            .worksheet_range_at(0)
            .unwrap()
            .unwrap()
            .rows()
            .next()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        let guide = book.worksheet_range_at(1).unwrap().unwrap();
        let mut filled = Workbook::new();
        let table = filled.add_worksheet().set_name(&sheets[0]).unwrap();
        for (at, (title, example)) in
            header.iter().zip(guide.rows().skip(1).map(|row| row[2].to_string())).enumerate()
        {
            table.write(0, at as u16, title).unwrap();
            table.write(1, at as u16, if at == 0 { name } else { &example }).unwrap();
        }
        table.write(1, 1, "").unwrap();
        table.write(2, 0, company).unwrap();
        table.write(2, 1, kind).unwrap();
        filled.add_worksheet().set_name(&sheets[1]).unwrap().write(0, 0, "read me").unwrap();
        filled.save(rolo.path("filled.xlsx")).unwrap();
        let (found, warnings) = counts(&rolo, &[rolo.path("filled.xlsx").to_str().unwrap()]);
        assert_eq!(found, [2, 2, 0, 0, 0], "{warnings:?}");
        assert!(warnings.is_empty(), "{warnings:?}");
        let person = rolo.json(&["show", name]);
        assert_eq!(person["phones"].as_array().unwrap().len(), 2, "{person}");
        assert_eq!(person["emails"].as_array().unwrap().len(), 2, "{person}");
        assert!(
            person["birthday"] == "1980-05-17" && person["starred"] == true && person["stage"].is_string(),
            "{person}"
        );
        assert!(person["extras"].is_null(), "{person}");
        assert_eq!(rolo.json(&["show", company])["kind"], "company");
        // The same columns as text.
        let csv = rolo.path("t.csv");
        rolo.ok(&["import", "--template", csv.to_str().unwrap()]);
        let text = std::fs::read_to_string(&csv).unwrap();
        assert_eq!(text.trim_start_matches('\u{feff}').trim_end(), header.join(","));
    }
    let rolo = Rolo::new();
    rolo.fails(2, &["import", "--template", "t.doc"]);
}

#[test]
fn sheets_are_chosen_and_refused_rows_come_as_csv() {
    let rolo = Rolo::new();
    let mut book = Workbook::new();
    let first = book.add_worksheet().set_name("People").unwrap();
    for (at, text) in (0..).zip(["Name", "Email", "Shoe"]) {
        first.write(0, at, text).unwrap();
    }
    first.write(1, 0, "Ann").unwrap();
    first.write(3, 2, 38).unwrap();
    let second = book.add_worksheet().set_name("Others").unwrap();
    second.write(0, 0, "Name").unwrap();
    second.write(1, 0, "Bob").unwrap();
    book.save(rolo.path("b.xlsx")).unwrap();
    let ran = rolo.run(&["import", "b.xlsx", "--rejects", "bad.csv"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("line 4: no name") && ran.err.contains("Others"), "{}", ran.err);
    let bad = std::fs::read_to_string(rolo.path("bad.csv")).unwrap();
    assert!(bad.starts_with("Name,Email,Shoe,rolo_reason\n,,38,"), "{bad}");
    rolo.ok(&["import", "b.xlsx", "--sheet", "2"]);
    assert_eq!(rolo.names(&[]), ["Ann", "Bob"]);
    let error = rolo.fails(2, &["import", "b.xlsx", "--sheet", "Nobody"]);
    assert!(error.contains("Nobody") && error.contains("People, Others"), "{error}");
    // A mapping remembers its sheet: the next workbook of that shape is read there, and a table is read as it is.
    rolo.ok(&["undo"]);
    let columns = ["Name", "Spare time"];
    let mut later = Workbook::new();
    later.add_worksheet().set_name("People").unwrap().write(0, 0, "Name").unwrap();
    let sheet = later.add_worksheet().set_name("Others").unwrap();
    for (at, (head, cell)) in (0..).zip(columns.into_iter().zip(["Cem", "chess"])) {
        sheet.write(0, at, head).unwrap();
        sheet.write(1, at, cell).unwrap();
    }
    later.save(rolo.path("c.xlsx")).unwrap();
    let mapped = ["--map", "Spare time=interests"];
    rolo.ok(
        &[&["import", "c.xlsx", "--sheet", "Others", "--save", "club", "--dry-run"], &mapped[..]].concat()
    );
    rolo.ok(&["import", "c.xlsx"]);
    let table = rolo.file("c.csv", "Name,Spare time\nDeniz,go\n");
    rolo.ok(&["import", &table]);
    let interests = rolo.ok(&["list", "--columns", "name,interests", "--format", "csv"]);
    assert!(interests.contains("Cem,chess") && interests.contains("Deniz,go"), "{interests}");
    let csv = rolo.file("a.csv", "Name\nAnn\n");
    assert!(rolo.fails(2, &["import", &csv, "--sheet", "1"]).contains("--sheet"));
}
