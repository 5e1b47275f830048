//! What an import does to a book: matching, three-way updates, what is kept, what comes back.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;

/// The counts of an import, in the order of the report.
fn counts(report: &Value) -> Vec<u64> {
    ["read", "created", "updated", "unchanged", "skipped", "rejected", "doubtful"]
        .iter()
        .map(|key| report[*key].as_u64().unwrap_or_else(|| panic!("no {key} in {report}")))
        .collect()
}

fn import(rolo: &Rolo, name: &str, text: &str, flags: &[&str]) -> Vec<u64> {
    let file = rolo.file(name, text);
    let mut args = vec!["import", file.as_str(), "--format", "json"];
    args.extend(flags);
    let ran = rolo.run(&args);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{} {}", ran.out, ran.err));
    let counts = counts(&report);
    assert_eq!(
        counts[0],
        counts[1..6].iter().sum::<u64>(),
        "read is the sum of what became of the rows: {report}"
    );
    counts
}

fn contact(rolo: &Rolo, who: &str) -> Value {
    rolo.json(&["show", who])
}

const FIRST: &str = "First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,Labels,Notes,Shoe Size\n\
    Ann,Lee,Acme Corp,VP,* Work,ann@acme.example,+1 212-555-0100,vip ::: * myContacts,likes tea,38\n\
    伟,王,华为科技,工程师,,wangwei@163.example,+86 138 0013 8000,客户,,\n";

#[test]
fn the_same_file_again_changes_nothing_and_undo_takes_the_import_back() {
    let rolo = Rolo::new();
    assert_eq!(import(&rolo, "a.csv", FIRST, &["--dry-run"]), [2, 2, 0, 0, 0, 0, 0]);
    assert_eq!(rolo.ok(&["count"]).trim(), "0", "a dry run writes nothing");
    assert_eq!(import(&rolo, "a.csv", FIRST, &[]), [2, 2, 0, 0, 0, 0, 0]);
    assert_eq!(import(&rolo, "a.csv", FIRST, &[]), [2, 0, 0, 2, 0, 0, 0]);
    // Without the trace of the last import, by matching alone.
    assert_eq!(
        import(&rolo, "b.csv", &FIRST.replace("Shoe Size", "Shoesize"), &["--on-match", "fill"])[1],
        0
    );
    let wang = contact(&rolo, "王伟");
    assert_eq!((&wang["given"], &wang["family"]), (&"伟".into(), &"王".into()));
    assert_eq!(contact(&rolo, "Ann Lee")["extras"][0]["value"], "38");
    rolo.ok(&["undo"]);
    rolo.ok(&["undo"]);
    assert_eq!(rolo.ok(&["count"]).trim(), "0");
    assert_eq!(rolo.ok(&["company", "list"]).trim(), "");
    rolo.ok(&["redo"]);
    assert_eq!(rolo.ok(&["count"]).trim(), "2");
}

#[test]
fn a_newer_export_changes_what_changed_there_and_leaves_what_changed_here() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &[]);
    rolo.ok(&["edit", "Ann Lee", "--set", "title=CEO", "--add", "phone=+1 212-555-0199"]);
    let second = FIRST
        .replace("Acme Corp,VP", "Initech,President")
        .replace("likes tea", "likes coffee")
        .replace("工程师", "");
    let file = rolo.file("b.csv", &second);
    let ran = rolo.run(&["import", &file, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(counts(&report), [2, 0, 1, 1, 0, 0, 0], "{report}");
    let conflict = report["warnings"].as_array().unwrap().iter().find(|w| w["column"] == "title").unwrap();
    assert_eq!((&conflict["line"], &conflict["value"]), (&2.into(), &"President".into()));
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!(ann["title"], "CEO", "the book's value stays");
    assert_eq!(ann["company"]["name"], "Initech");
    assert_eq!(ann["note"], "likes coffee");
    assert_eq!(ann["phones"].as_array().unwrap().len(), 2, "numbers are added, never replaced");
    assert_eq!(contact(&rolo, "王伟")["title"], "工程师", "an empty cell clears nothing");
    assert_eq!(import(&rolo, "b.csv", &second, &[]), [2, 0, 0, 2, 0, 0, 0]);
    // The third export only changes what it changed since the second.
    let third = second.replace("President", "CEO").replace("likes coffee", "likes water");
    assert_eq!(import(&rolo, "c.csv", &third, &[]), [2, 0, 1, 1, 0, 0, 0]);
    assert_eq!(contact(&rolo, "Ann Lee")["note"], "likes water");
    let cleared = third.replace("likes water", "");
    import(&rolo, "d.csv", &cleared, &["--empty", "clear"]);
    assert!(contact(&rolo, "Ann Lee")["note"].is_null());
}

#[test]
fn another_source_fills_what_is_missing_and_changes_nothing() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &[]);
    let other = "Name;Title;Email;Phone;City\nAnn Lee;Intern;ANN@acme.example;555-0000;Paris\n";
    assert_eq!(import(&rolo, "o.csv", other, &[]), [1, 0, 1, 0, 0, 0, 0]);
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!(ann["title"], "VP");
    assert_eq!(ann["addresses"][0]["city"], "Paris");
    assert_eq!(ann["emails"].as_array().unwrap().len(), 1, "the same address in capitals is the same");
    assert_eq!(import(&rolo, "o.csv", other, &["--on-match", "skip"]), [1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(import(&rolo, "o.csv", other, &["--on-match", "add"])[1], 1);
}

#[test]
fn what_counts_as_the_same_contact() {
    for (row, created, doubtful, why) in [
        ("Ann Lee,,ann@acme.example,", 0, 0, "an e-mail"),
        ("A. Lee,,ann@acme.example,", 0, 0, "an e-mail and a name that may be the same"),
        ("Bob Stone,,ann@acme.example,", 1, 1, "a shared e-mail under another name"),
        ("Ann Lee,,,+1 (212) 555-0100", 0, 0, "a phone with a similar name"),
        ("Bob Stone,,,+1 212 555 0100", 1, 0, "never a phone alone"),
        ("Ann Lee,Acme Corp,,", 0, 0, "name and company"),
        ("Ann Lee,,,", 1, 0, "never a name alone"),
        ("Ann Lee,Initech,,", 1, 0, "the same name at another company"),
        ("Carl,,info@acme.example,", 1, 0, "an office's address"),
    ] {
        let rolo = Rolo::new();
        import(&rolo, "a.csv", FIRST, &[]);
        rolo.ok(&["add", "Office", "--email", "info@acme.example"]);
        let text = format!("Name,Company,Email,Phone\n{row}\n");
        let found = import(&rolo, "m.csv", &text, &[]);
        assert_eq!((found[1], found[6]), (created, doubtful), "{why}: {row}");
    }
}

#[test]
fn the_systems_own_id_comes_first() {
    let rolo = Rolo::new();
    let first =
        "No,Name,Email\n1,Ann Lee,ann@x.example\n2,Bob Stone,bob@x.example\n2,Bob Stone,bob2@x.example\n";
    assert_eq!(import(&rolo, "a.csv", first, &["--key", "No"]), [3, 2, 1, 0, 0, 0, 0]);
    assert_eq!(contact(&rolo, "Bob Stone")["emails"].as_array().unwrap().len(), 2);
    let renamed = "No,Name,Email\n1,Anna Leeds,anna@y.example\n";
    assert_eq!(import(&rolo, "b.csv", renamed, &["--key", "No"]), [1, 0, 1, 0, 0, 0, 0]);
    assert_eq!(contact(&rolo, "Anna Leeds")["emails"].as_array().unwrap().len(), 2);
    let gone = import(&rolo, "c.csv", renamed, &["--key", "No", "--missing", "tag"]);
    assert_eq!(gone[3], 1);
    assert_eq!(rolo.names(&["tag:missing"]), ["Bob Stone"]);
}

#[test]
fn a_contact_in_the_bin_stays_there() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &[]);
    rolo.ok(&["delete", "Ann Lee"]);
    let changed = FIRST.replace("likes tea", "likes milk");
    assert_eq!(import(&rolo, "b.csv", &changed, &[]), [2, 0, 0, 1, 1, 0, 0]);
    assert_eq!(rolo.ok(&["count"]).trim(), "1");
}

#[test]
fn refused_rows_come_back_with_their_reason_and_go_in_when_mended() {
    let rolo = Rolo::new();
    let text = "Name,Email\nAnn,a@x.example\n,\n,,surplus\nBob,b@x.example,x,y\n\"Carl,c@x.example\nDora,d@x.example\n";
    let refused = rolo.path("refused.csv");
    let refused = refused.to_str().unwrap();
    let file = rolo.file("a.csv", text);
    let strict = rolo.run(&["import", &file, "--strict"]);
    assert_eq!(strict.code, 3, "{}", strict.err);
    assert_eq!(rolo.ok(&["count"]).trim(), "0", "all or nothing");
    let ran = rolo.run(&["import", &file, "--rejects", refused, "--format", "json"]);
    assert_eq!(ran.code, 3);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["created"], 2, "{report}");
    let text = std::fs::read_to_string(refused).unwrap();
    assert!(text.starts_with("Name,Email,rolo_reason\n"), "{text}");
    assert!(text.contains("line 6"), "the line where the quote opened: {text}");
    let chinese = rolo.run(&["import", &file, "--rejects", refused, "--lang", "zh-CN", "--match", "id"]);
    assert_eq!(chinese.code, 3, "{}", chinese.err);
    assert!(std::fs::read_to_string(refused).unwrap().contains("第 6 行："), "in the language in force");
    let mended = text.replace(",x,y", "").replace("\"Carl", "Carl");
    let lines: Vec<&str> = mended.lines().filter(|line| !line.contains("surplus")).collect();
    let again = import(&rolo, "mended.csv", &(lines.join("\n") + "\n"), &[]);
    assert_eq!(again[5], 0, "{mended}");
}

#[test]
fn json_lines_of_a_whole_book_make_the_same_book_elsewhere() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &["--map", "Shoe Size=field:shoe_size"]);
    rolo.ok(&["add", "Bob Stone", "--company", "Acme Corp", "--birthday", "--05-17", "--tag", "vip"]);
    rolo.ok(&["add", "Old Friend"]);
    rolo.ok(&["delete", "Old Friend"]);
    rolo.ok(&[
        "edit",
        "Bob Stone",
        "--set",
        "address.home.city=Paris",
        "--set",
        "starred=yes",
        "--set",
        "im.WeChat=bob88",
    ]);
    rolo.ok(&[
        "log",
        "call",
        "Ann Lee",
        "Bob Stone",
        "Agreed on the pilot",
        "--duration",
        "15m",
        "--amount",
        "120.50",
    ]);
    let lines = |rolo: &Rolo| -> Vec<String> {
        let text = rolo.ok(&["export", "--as", "jsonl"]);
        let mut lines: Vec<String> = text
            .lines()
            .map(|line| {
                let mut json: Value = serde_json::from_str(line).unwrap();
                // When something last changed is when this book took it in; a setting's id comes from the book's.
                json.as_object_mut().unwrap().remove("updated");
                if json["record"] == "setting" {
                    json.as_object_mut().unwrap().remove("id");
                }
                json.to_string()
            })
            .collect();
        lines.sort();
        lines
    };
    let other = Rolo::new();
    let file = other.file("all.jsonl", rolo.ok(&["export", "--as", "jsonl"]));
    let report = other.json(&["import", &file]);
    assert_eq!(report["rejected"], 0, "{report}");
    let (here, there) = (lines(&rolo), lines(&other));
    for line in &here {
        assert!(there.contains(line), "lost: {line}\nthere: {there:#?}");
    }
    assert_eq!(here.len(), there.len());
    let again = counts(&other.json(&["import", &file]));
    assert_eq!((again[1], again[2]), (0, 0), "the same file again changes nothing: {again:?}");
    assert_eq!(
        other.ok(&["list", "--columns", "name,company"]),
        rolo.ok(&["list", "--columns", "name,company"])
    );
    assert_eq!(other.json(&["timeline"])[0]["with"].as_array().unwrap().len(), 2);
    other.ok(&["check"]);
}

#[test]
fn google_columns_come_back_in_a_google_export() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &[]);
    let out = rolo.ok(&["export", "--as", "google"]);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let header = reader.headers().unwrap().clone();
    let cell = |record: &csv::StringRecord, name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .and_then(|at| record.get(at))
            .unwrap_or_default()
            .to_owned()
    };
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let ann = rows.iter().find(|row| cell(row, "First Name") == "Ann").unwrap();
    for (column, value) in [
        ("Last Name", "Lee"),
        ("Organization Name", "Acme Corp"),
        ("Organization Title", "VP"),
        ("E-mail 1 - Value", "ann@acme.example"),
        ("Phone 1 - Value", "+1 212-555-0100"),
        ("Notes", "likes tea"),
        ("Shoe Size", "38"),
    ] {
        assert_eq!(cell(ann, column), value, "{column}");
    }
    assert!(cell(ann, "Labels").contains("vip"));
    let again = import(&rolo, "back.csv", &out, &[]);
    assert_eq!((again[1], again[5]), (0, 0), "{out}");
}

#[test]
fn a_row_with_the_id_of_an_earlier_one_adds_and_never_goes_back_and_forth() {
    let rolo = Rolo::new();
    let rows = "Client No,Full Name,Mail\n1,Ann Lee,ann@l.example\n1,Ann Again,other@l.example\n";
    let key = ["--key", "Client No"];
    assert_eq!(import(&rolo, "a.csv", rows, &key), [2, 1, 1, 0, 0, 0, 0]);
    for _ in 0..2 {
        assert_eq!(import(&rolo, "a.csv", rows, &key), [2, 0, 0, 2, 0, 0, 0]);
        assert_eq!(contact(&rolo, "Ann Lee")["emails"].as_array().unwrap().len(), 2);
    }
    let said = rolo.run(&["import", rolo.path("a.csv").to_str().unwrap(), "--key", "Client No"]).err;
    assert!(said.contains("line 3") && said.contains("name"), "what was left out is told: {said}");
    // The same of rows that are one contact by their address.
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@l.example"]);
    let rows = "Name,Email,Title\nAnn Lee,ann@l.example,CTO\nAnn Lee,ann@l.example,CEO\n";
    import(&rolo, "b.csv", rows, &[]);
    for _ in 0..2 {
        assert_eq!(import(&rolo, "b.csv", rows, &[])[2], 0);
        assert_eq!(contact(&rolo, "Ann Lee")["title"], "CTO");
    }
}

#[test]
fn how_a_card_was_laid_out_and_the_ids_of_tags_come_through_json() {
    let (rolo, other) = (Rolo::new(), Rolo::new());
    let card = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Ann Lee\r\nN:Lee;Ann\r\nTEL;CELL;PREF:+1 212-555-0100\r\nCATEGORIES:Test\r\nEND:VCARD\r\n";
    rolo.ok(&["import", &rolo.file("a.vcf", card)]);
    let lines = rolo.ok(&["export", "--as", "jsonl"]);
    other.ok(&["import", &other.file("all.jsonl", &lines)]);
    let tag = |text: &str| text.lines().find(|line| line.contains("\"record\":\"tag\"")).map(str::to_owned);
    assert_eq!(tag(&other.ok(&["export", "--as", "jsonl"])), tag(&lines));
    assert!(contact(&rolo, "Ann Lee")["extras"].to_string().contains("#card"));
    assert_eq!(contact(&other, "Ann Lee")["extras"], contact(&rolo, "Ann Lee")["extras"]);
    let third = Rolo::new();
    third.ok(&["import", &third.file("a.json", rolo.ok(&["export", "--as", "json"]))]);
    assert_eq!(contact(&third, "Ann Lee")["extras"], contact(&rolo, "Ann Lee")["extras"]);
}

#[test]
fn a_table_is_no_systems_for_one_name_and_what_no_column_says_is_told() {
    let rolo = Rolo::new();
    let plain = "First Name,Last Name,E-mail,Phone,Company,Lead Status,Birthday\nAnn,Lee,ann@x.example,abc,Acme,Open,\n";
    let ran = rolo.run(&["import", &rolo.file("a.csv", plain)]);
    assert!(ran.err.contains(": Lead Status"), "{}", ran.err);
    assert!(ran.err.contains("Phone: abc"), "kept, and told: {}", ran.err);
    let ann = contact(&rolo, "Ann Lee");
    assert!(ann["stage"].is_null(), "{ann}");
    assert_eq!(ann["phones"][0]["value"], "abc");
    let leads = "Lead ID,First Name,Last Name,Company / Account\n00Q1,Bob,Stone,Acme\n";
    let ran = rolo.run(&["import", &rolo.file("b.csv", leads)]);
    assert!(ran.err.contains("stage is lead"), "{}", ran.err);
}

#[test]
fn json_names_what_it_does_not_know() {
    let rolo = Rolo::new();
    let ran = rolo.feed(&["add", "-"], "{\"name\":\"E3\",\"bogus\":1}");
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("(1): bogus"), "{}", ran.err);
    let text = "[{\"name\":\"E4\",\"bogus\":1,\"birthday\":\"foo\"},{\"name\":\"E5\",\"bogus\":2}]";
    let ran = rolo.run(&["import", &rolo.file("a.json", text)]);
    assert_eq!(ran.err.matches("bogus").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("line 1: birthday: foo"), "{}", ran.err);
    assert_eq!(contact(&rolo, "E4")["birthday"], "foo");
    let ran = rolo.feed(&["add", "-"], "{\"name\":\"E6\"}\n{\"name\":\"E7\",\"birthday\":\"foo\"}\n");
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("line 2") && ran.err.contains("birthday") && ran.err.contains("foo"),
        "{}",
        ran.err
    );
}

#[test]
fn a_fill_is_remembered_by_the_next_update() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@x.example"]);
    let rows = |title: &str| format!("Name,Email,Title\nAnn Lee,ann@x.example,{title}\n");
    import(&rolo, "a.csv", &rows("CTO"), &["--on-match", "fill"]);
    rolo.ok(&["edit", "Ann Lee", "--set", "title=Boss"]);
    let ran = rolo.run(&["import", &rolo.file("b.csv", rows("CEO"))]);
    assert!(ran.err.contains("title") && ran.err.contains("CEO"), "{}", ran.err);
    assert_eq!(contact(&rolo, "Ann Lee")["title"], "Boss");
}

#[test]
fn what_was_asked_for_wrongly_is_wrong_usage() {
    let rolo = Rolo::new();
    let file = rolo.file("a.csv", "Name,Company\nAnn,Acme\n");
    for flags in [
        ["--encoding", "foo"],
        ["--map", "Nope=name"],
        ["--map", "Company=bogus"],
        ["--key", "Nope"],
        ["--set", "nope=1"],
        ["--sheet", "2"],
        ["--header-row", "99"],
        ["--country", "Narnia"],
        ["--country", "XX"],
    ] {
        rolo.fails(2, &["import", &file, flags[0], flags[1]]);
    }
    assert_eq!(rolo.ok(&["count"]), "0\n");
}

#[test]
fn a_report_has_all_its_keys_and_a_quiet_one_says_what_was_refused() {
    let rolo = Rolo::new();
    let file = rolo.file("a.jsonl", "{\"name\":[1]}\n");
    let ran = rolo.run(&["import", &file, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let warning = &report["warnings"][0];
    assert_eq!(
        (&report["batch"], &warning["column"], &warning["value"]),
        (&0.into(), &"".into(), &"".into())
    );
    let said = rolo.fails(3, &["import", &file, "-q"]);
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn what_was_taken_away_here_is_not_brought_back_by_the_next_export() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &[]);
    rolo.ok(&[
        "edit",
        "Ann Lee",
        "--remove",
        "phone=+1 212-555-0100",
        "--remove",
        "email=ann@acme.example",
        "--remove",
        "tag=vip",
    ]);
    rolo.ok(&["edit", "Ann Lee", "--add", "email=ann@home.example"]);
    let second = FIRST.replace("Acme Corp,VP", "Acme Corp,President").replace("vip :::", "vip ::: golf :::");
    // Nothing but name and company is left to know her by.
    assert_eq!(import(&rolo, "b.csv", &second, &[])[1..4], [0, 1, 1]);
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!(ann["title"], "President");
    assert_eq!(ann["emails"].as_array().unwrap().len(), 1, "{ann}");
    assert_eq!(ann["phones"], Value::Null, "{ann}");
    assert_eq!(ann["tags"], serde_json::json!(["golf"]), "only what is new there comes");
    // Also the time after, when only the book knows what the source once gave.
    let third = second.replace("President", "Chair");
    assert_eq!(import(&rolo, "c.csv", &third, &[])[1..4], [0, 1, 1]);
    assert_eq!(contact(&rolo, "Ann Lee")["phones"], Value::Null);
}

#[test]
fn empty_cells_clear_numbers_and_tags_too_where_that_is_wanted() {
    let rolo = Rolo::new();
    import(&rolo, "a.csv", FIRST, &[]);
    rolo.ok(&["edit", "Ann Lee", "--add", "phone=+1 212-555-0199"]);
    let second = FIRST.replace("+1 212-555-0100,vip ::: * myContacts,likes tea", ",,");
    assert_eq!(import(&rolo, "b.csv", &second, &["--empty", "clear"])[1..4], [0, 1, 1]);
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!((&ann["note"], &ann["tags"]), (&Value::Null, &Value::Null), "{ann}");
    assert_eq!(ann["phones"].as_array().unwrap().len(), 1, "what was added here stays: {ann}");
    assert_eq!(ann["phones"][0]["value"], "+1 212-555-0199");
    assert_eq!(ann["emails"][0]["value"], "ann@acme.example");
}

#[test]
fn what_another_source_says_otherwise_is_told() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@x.example", "--title", "Old", "--company", "Acme"]);
    let file = rolo.file("up.csv", "Email,Title,Company,Note\nann@x.example,New,Beta,hi\n");
    let ran = rolo.run(&["import", &file, "--match", "email", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(counts(&report), [1, 0, 1, 0, 0, 0, 0], "{report}");
    let told = report["warnings"].to_string();
    assert!(
        told.contains("title New") && told.contains("company Beta") && told.contains("Ann Lee"),
        "{told}"
    );
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!((&ann["title"], &ann["note"]), (&"Old".into(), &"hi".into()));
}

#[test]
fn several_files_in_one_go_are_the_same_people() {
    let google =
        "First Name,Last Name,E-mail 1 - Value,Notes\nAnn,Lee,ann@x.example,tea\nAnn,Leigh,twin@x.example,\n";
    let hubspot = "Record ID,First Name,Last Name,Email,Job Title\n7,Ann,Lee,ann@x.example,CEO\n8,Bob,Ray,bob@x.example,\n9,Bob,Ray,bob@x.example,\n";
    let [once, apart] = [Rolo::new(), Rolo::new()];
    let files = [once.file("g.csv", google), once.file("h.csv", hubspot)];
    let run = |flags: &[&str]| {
        let args = [&["import", files[0].as_str(), &files[1], "--format", "json"], flags].concat();
        let report: Value = serde_json::from_str(&once.run(&args).out).unwrap();
        counts(&report)
    };
    // Rows of one file are each other's only by their ids.
    assert_eq!(run(&["--dry-run"])[..4], [5, 4, 1, 0]);
    assert_eq!(run(&[])[..4], [5, 4, 1, 0]);
    assert_eq!(run(&[])[..4], [5, 0, 0, 5], "and again nothing changes");
    import(&apart, "g.csv", google, &[]);
    import(&apart, "h.csv", hubspot, &[]);
    for rolo in [&once, &apart] {
        assert_eq!(rolo.ok(&["count"]).trim(), "4");
        assert_eq!(contact(rolo, "Ann Lee")["title"], "CEO");
    }
    once.ok(&["undo"]);
    assert_eq!(once.ok(&["count"]).trim(), "0", "one batch");
}

#[test]
fn a_name_alone_is_known_again_by_its_own_source_only() {
    let rolo = Rolo::new();
    let google = |note: &str| {
        format!(
            "First Name,Last Name,Organization Name,E-mail 1 - Value,Notes\nAnn,Lee,,,{note}\nBob,Ray,,,\nBob,Ray,,,\n"
        )
    };
    assert_eq!(import(&rolo, "a.csv", &google("")[..], &[])[1], 3);
    assert_eq!(import(&rolo, "b.csv", &google("likes tea"), &[])[1..4], [0, 1, 2]);
    // Elsewhere a name alone is nobody.
    assert_eq!(import(&rolo, "c.csv", "Name,City\nAnn Lee,Rome\n", &[])[1], 1);
    // The same rows with another tag are the same people.
    assert_eq!(import(&rolo, "c.csv", "Name,City\nAnn Lee,Rome\n", &["--tag", "fair"])[1..4], [0, 1, 0]);
    assert_eq!(rolo.ok(&["count", "tag:fair"]).trim(), "1");
}

#[test]
fn who_opted_out_stays_out_whatever_comes_after() {
    let hubspot =
        "Record ID,First Name,Last Name,Email,Unsubscribed from all email\n9,Bob,Ray,bob@x.example,true\n";
    let mailchimp = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID\n\
        bob@x.example,Bob,Ray,2,,,2015-03-16 14:40:47,1,abc\n";
    let confirmed = mailchimp.replace("2,,,", "2,,2015-03-16 14:40:47,");
    let out = |rolo: &Rolo| rolo.ok(&["export", "--as", "mailchimp"]).contains("bob@x.example");
    for files in [[hubspot, mailchimp], [mailchimp, hubspot], [hubspot, &confirmed], [&confirmed, hubspot]] {
        let rolo = Rolo::new();
        for (at, file) in files.iter().enumerate() {
            import(&rolo, &format!("{at}.csv"), file, &[]);
        }
        assert!(!out(&rolo), "{files:?}");
        let shown = rolo.ok(&["show", "Bob Ray"]);
        assert!(shown.contains("withdrawn"), "{shown}");
        // In whatever file the contact goes to another book.
        for format in
            ["json", "jsonl", "vcard", "vcard3", "jcard", "jscontact", "csv", "xlsx", "ldif", "abook"]
        {
            let other = Rolo::new();
            let file = other.path(&format!("out.{format}"));
            let file = file.to_str().unwrap();
            rolo.ok(&["export", "Bob Ray", "--as", format, "--to", file]);
            other.ok(&["import", file]);
            assert!(!out(&other), "{format}: {}", other.ok(&["list", "--format", "json"]));
        }
    }
    let rolo = Rolo::new();
    import(&rolo, "m.csv", &confirmed, &[]);
    assert!(out(&rolo), "or nobody would be told from anybody");
}

#[test]
fn how_the_lines_of_a_note_end_is_no_change() {
    let rolo = Rolo::new();
    let table = |end: &str| {
        let lines = ["tea", "coffee", "water"].join(end);
        format!("Name,Email,Notes,Address\nAnn Lee,ann@x.example,\"{lines}\",\"1 High St{end}Floor 2\"\n")
    };
    assert_eq!(import(&rolo, "crlf.csv", &table("\r\n"), &[])[1], 1);
    for (name, end) in [("lf.csv", "\n"), ("crlf.csv", "\r\n"), ("lf.csv", "\n")] {
        assert_eq!(import(&rolo, name, &table(end), &[]), [1, 0, 0, 1, 0, 0, 0], "{name}");
    }
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!(ann["note"], "tea\ncoffee\nwater");
    assert_eq!(ann["addresses"].as_array().unwrap().len(), 1, "{ann}");
    // A note that was typed so is the same as one that comes so.
    rolo.ok(&["edit", "Ann Lee", "--set", "note=tea\r\ncoffee"]);
    let typed = table("\n").replace("tea\ncoffee\nwater", "tea\ncoffee");
    let ran = rolo.run(&["import", &rolo.file("typed.csv", &typed), "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["unchanged"], &report["warnings"]), (&1.into(), &serde_json::json!([])), "{report}");
}

#[test]
fn a_company_that_people_of_the_same_import_name_is_one_in_a_book_that_has_others() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Cid Ray", "--company", "Orchard"]);
    let people = rolo.file("people.csv", "Name,Company,Email\nAnn Lee,Tidewater,ann@x.example\n");
    let hubspot = "Record ID,Company name,Company Domain Name,Phone Number\n7,Tidewater,tidewater.example,+1 212-555-0100\n";
    let companies = rolo.file("companies.csv", hubspot);
    rolo.ok(&["import", &people, &companies]);
    let all = rolo.json(&["company", "list"]);
    assert_eq!(all.as_array().unwrap().len(), 2, "{all}");
    assert_eq!(rolo.json(&["company", "show", "Tidewater"])["phones"][0]["value"], "+1 212-555-0100");
}
