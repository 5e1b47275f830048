//! What the same data does when it comes again: after an undo, with other flags, in another spelling, from several files.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;

/// Created, updated, unchanged, skipped, rejected.
fn counts(rolo: &Rolo, files: &[&str], flags: &[&str]) -> [u64; 5] {
    let args = [&["import", "--format", "json"], files, flags].concat();
    let ran = rolo.run(&args);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    ["created", "updated", "unchanged", "skipped", "rejected"].map(|key| report[key].as_u64().unwrap())
}

/// What an import says about its rows.
fn said(rolo: &Rolo, files: &[&str], flags: &[&str]) -> String {
    let args = [&["import"], files, flags].concat();
    let ran = rolo.run(&args);
    format!("{}{}", ran.out, ran.err)
}

fn contact(rolo: &Rolo, who: &str) -> Value {
    rolo.json(&["show", who])
}

fn phones(rolo: &Rolo, who: &str) -> Vec<String> {
    let found = contact(rolo, who);
    let phones = found["phones"].as_array().cloned().unwrap_or_default();
    phones.iter().map(|phone| phone["value"].as_str().unwrap().to_owned()).collect()
}

fn hubspot(title: &str) -> String {
    format!("Record ID,First Name,Last Name,Email,Job Title\n101,Ann,Lee,ann@x.example.com,{title}\n")
}

#[test]
fn what_an_undo_took_back_comes_again_with_the_same_file() {
    let card = |title: &str| {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ann Lee\r\nTITLE:{title}\r\nEND:VCARD\r\n")
    };
    for (name, first, second) in
        [("a.csv", hubspot("Owner"), hubspot("CEO")), ("a.vcf", card("Owner"), card("CEO"))]
    {
        let rolo = Rolo::new();
        let first = rolo.file(&format!("jan-{name}"), first);
        let second = rolo.file(&format!("feb-{name}"), second);
        assert_eq!(counts(&rolo, &[&first], &[]), [1, 0, 0, 0, 0]);
        assert_eq!(counts(&rolo, &[&second], &[]), [0, 1, 0, 0, 0]);
        rolo.ok(&["undo"]);
        assert_eq!(contact(&rolo, "Ann Lee")["title"], "Owner");
        assert_eq!(counts(&rolo, &[&first], &[]), [0, 0, 1, 0, 0], "{name}: nothing else was said since");
        assert_eq!(counts(&rolo, &[&second], &[]), [0, 1, 0, 0, 0], "{name}");
        assert_eq!(contact(&rolo, "Ann Lee")["title"], "CEO");
        assert_eq!(counts(&rolo, &[&second], &[]), [0, 0, 1, 0, 0], "{name}");
        rolo.ok(&["undo"]);
        rolo.ok(&["redo"]);
        assert_eq!(counts(&rolo, &[&second], &[]), [0, 0, 1, 0, 0], "{name}: done again");
    }
}

#[test]
fn empty_cells_clear_in_a_row_that_was_imported_without_that_before() {
    let rolo = Rolo::new();
    let full = rolo.file("full.csv", hubspot("Owner"));
    let empty = rolo.file("empty.csv", hubspot(""));
    counts(&rolo, &[&full], &[]);
    counts(&rolo, &[&empty], &[]);
    assert_eq!(contact(&rolo, "Ann Lee")["title"], "Owner");
    assert_eq!(counts(&rolo, &[&empty], &["--empty", "clear"]), [0, 1, 0, 0, 0]);
    assert_eq!(contact(&rolo, "Ann Lee")["title"], Value::Null);
}

#[test]
fn several_files_with_the_same_person_change_nothing_the_second_time() {
    let rolo = Rolo::new();
    let (jan, feb) = (rolo.file("jan.csv", hubspot("Owner")), rolo.file("feb.csv", hubspot("CEO")));
    assert_eq!(counts(&rolo, &[&jan, &feb], &[]), [1, 1, 0, 0, 0]);
    for _ in 0..3 {
        assert_eq!(counts(&rolo, &[&jan, &feb], &[]), [0, 0, 2, 0, 0]);
        assert_eq!(contact(&rolo, "Ann Lee")["title"], "CEO");
    }
    // Another first file: the last one still has the last word, and then it is quiet again.
    let march = rolo.file("mar.csv", hubspot("Chair"));
    assert_eq!(counts(&rolo, &[&march, &feb], &[]), [0, 2, 0, 0, 0]);
    assert_eq!(contact(&rolo, "Ann Lee")["title"], "CEO");
    assert_eq!(counts(&rolo, &[&march, &feb], &[]), [0, 0, 2, 0, 0]);
    // By itself an older file is what the source says now.
    assert_eq!(counts(&rolo, &[&jan], &[]), [0, 1, 0, 0, 0]);
}

#[test]
fn nobody_whose_row_is_in_the_file_is_missing() {
    let book = |rolo: &Rolo| {
        let rows = "Record ID,First Name,Last Name,Email\n1,Ann,Lee,ann@x.example\n2,Bob,Ray,bob@x.example\n3,Cid,Orr,cid@x.example\n";
        let file = rolo.file("a.csv", rows);
        counts(rolo, &[&file], &[]);
    };
    let archived = |rolo: &Rolo| rolo.json(&["list", "archived:yes"]).as_array().unwrap().len();
    // Ann's row has a cell too many, Cid's is gone.
    let rolo = Rolo::new();
    book(&rolo);
    let refused = rolo.file(
        "b.csv",
        "Record ID,First Name,Last Name,Email\n1,Ann,Lee,,ann@x.example\n2,Bob,Ray,bob@x.example\n",
    );
    let text = said(&rolo, &[&refused], &["--missing", "archive"]);
    assert!(text.contains("Cid Orr is no longer") && !text.contains("Ann Lee is no longer"), "{text}");
    assert_eq!(archived(&rolo), 1);
    // Nothing in a refused row says whose it is.
    let rolo = Rolo::new();
    book(&rolo);
    let unknown =
        rolo.file("c.csv", "Record ID,First Name,Last Name,Email\n,Ann,Lee,,?\n2,Bob,Ray,bob@x.example\n");
    let text = said(&rolo, &[&unknown], &["--missing", "archive"]);
    assert!(text.contains("nobody was taken as missing"), "{text}");
    assert_eq!(archived(&rolo), 0);
    for how in ["skip", "add"] {
        let rolo = Rolo::new();
        book(&rolo);
        let changed = rolo.file(
            "d.csv",
            "Record ID,First Name,Last Name,Email\n1,Ann,Lee-Ray,ann@x.example\n2,Bob,Ray,bob@x.example\n",
        );
        let text = said(&rolo, &[&changed], &["--missing", "report", "--on-match", how]);
        assert!(text.contains("Cid Orr is no longer"), "{how}: {text}");
        assert!(!text.contains("Ann Lee is") && !text.contains("Bob Ray is"), "{how}: {text}");
    }
    // Of several files none is named: it is missing in all of them.
    let rolo = Rolo::new();
    book(&rolo);
    let (one, two) = (
        rolo.file("1.csv", "Record ID,First Name,Last Name,Email\n1,Ann,Lee,ann@x.example\n"),
        rolo.file("2.csv", "Record ID,First Name,Last Name,Email\n2,Bob,Ray,bob@x.example\n"),
    );
    let text = said(&rolo, &[&one, &two], &["--missing", "report"]);
    assert!(text.lines().any(|line| line.trim() == "Cid Orr is no longer in the file"), "{text}");
}

#[test]
fn a_number_written_another_way_is_the_same_number() {
    let file = |rolo: &Rolo, name: &str, phone: &str| {
        rolo.file(
            name,
            format!("First Name,Last Name,E-mail 1 - Value,Phone 1 - Value\nAnn,Lee,ann@x.example,{phone}\n"),
        )
    };
    for (country, first, second) in
        [("US", "+1 212-555-0100", "(212) 555-0100"), ("CN", "13800138000", "+86 138 0013 8000")]
    {
        let rolo = Rolo::new();
        let jan = file(&rolo, "jan.csv", first);
        let feb = file(&rolo, "feb.csv", second);
        counts(&rolo, &[&jan], &["--country", country]);
        counts(&rolo, &[&feb], &[]);
        assert_eq!(phones(&rolo, "Ann Lee"), [first]);
        let other = rolo.file("o.vcf", format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee\r\nEMAIL:ann@x.example\r\nTEL:{second}\r\nEND:VCARD\r\n"));
        counts(&rolo, &[&other], &[]);
        assert_eq!(phones(&rolo, "Ann Lee"), [first], "from another system");
        rolo.ok(&["edit", "Ann Lee", "--remove", &format!("phone={first}")]);
        let march = file(&rolo, "mar.csv", &second.replace(' ', "  "));
        counts(&rolo, &[&march], &[]);
        assert_eq!(phones(&rolo, "Ann Lee"), [""; 0], "what was taken away stays away");
    }
}

#[test]
fn a_label_follows_its_source_unless_it_was_changed_here() {
    let file = |rolo: &Rolo, name: &str, label: &str| {
        rolo.file(
            name,
            format!(
                "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value\nAnn,Lee,{label},ann@x.example\n"
            ),
        )
    };
    let label = |rolo: &Rolo| contact(rolo, "Ann Lee")["emails"][0]["label"].as_str().unwrap().to_owned();
    let rolo = Rolo::new();
    let (work, home, other) =
        (file(&rolo, "a.csv", "Work"), file(&rolo, "b.csv", "Home"), file(&rolo, "c.csv", "Other"));
    counts(&rolo, &[&work], &[]);
    let first = label(&rolo);
    assert_eq!(counts(&rolo, &[&home], &[]), [0, 1, 0, 0, 0]);
    assert_eq!(label(&rolo).to_lowercase(), "home");
    rolo.ok(&["undo"]);
    assert_eq!(label(&rolo), first);
    rolo.ok(&["edit", "Ann Lee", "--remove", "email=ann@x.example"]);
    rolo.ok(&["edit", "Ann Lee", "--add", "email.mine=ann@x.example"]);
    let text = said(&rolo, &[&other], &[]);
    assert_eq!(label(&rolo), "mine", "{text}");
    assert!(text.contains("method.label"), "{text}");
}

#[test]
fn what_was_taken_away_stays_away_when_json_comes_again() {
    let rolo = Rolo::new();
    let line = r#"{"id":"0198c5a0-0000-7000-8000-000000000001","kind":"person","name":"Ann Lee","title":"CEO","phones":[{"value":"+1 212-555-0100"}],"tags":["vip"]}"#;
    let file = rolo.file("a.jsonl", format!("{line}\n"));
    assert_eq!(counts(&rolo, &[&file], &[]), [1, 0, 0, 0, 0]);
    rolo.ok(&["tag", "remove", "vip", "Ann Lee"]);
    rolo.ok(&["edit", "Ann Lee", "--remove", "phone=+1 212-555-0100", "--set", "title="]);
    assert_eq!(counts(&rolo, &[&file], &[]), [0, 0, 1, 0, 0]);
    let ann = contact(&rolo, "Ann Lee");
    assert_eq!([&ann["phones"], &ann["tags"], &ann["title"]], [&Value::Null; 3], "{ann}");
}

#[test]
fn one_of_several_of_a_name_is_said_so() {
    let rolo = Rolo::new();
    let rows = "name,email\nAnn Lee,ann@x.example\nAnn Lee,ann@x.example\n";
    let first = rolo.file("a.csv", rows);
    counts(&rolo, &[&first], &[]);
    let second = rolo.file("b.csv", "name,email,title\nAnn Lee,ann@x.example,CEO\n");
    let text = said(&rolo, &[&second], &["--dry-run"]);
    assert!(text.contains("may be any of these") && text.contains("Ann Lee ("), "{text}");
    assert!(!text.contains("another name"), "{text}");
}

#[test]
fn the_lines_below_a_report_are_nobody() {
    for header in
        ["Contact ID,First Name,Last Name,Account Name,Email", "Code,First Name,Last Name,Company,Email"]
    {
        let rolo = Rolo::new();
        let text = format!(
            "{header}\n003A,Ann,Lee,Acme,ann@x.example\n\nCopyright © 2000-2026 salesforce.com inc. All rights reserved.,,,,\nCopyright (c) 2000-2026 salesforce.com inc. All rights reserved.,,,,\nConfidential Information - Do Not Distribute,,,,\nGenerated By: Bob Ray 14/09/2026 12:00,,,,\n"
        );
        let file = rolo.file("report.csv", text);
        assert_eq!(counts(&rolo, &[&file], &[])[0], 1, "{header}");
    }
}

/// The parts of a name.
fn parts(rolo: &Rolo, who: &str) -> [String; 3] {
    let found = contact(rolo, who);
    ["given", "middle", "family"].map(|part| found[part].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_whole_name_takes_no_parts_apart_that_are_known() {
    let rolo = Rolo::new();
    let apart = "Client No,Full Name,First Name,Last Name,Email\n\
        1,Maria Garcia Lopez,Maria,Garcia Lopez,m@x.example.com\n2,Kim Min Jun,Min Jun,Kim,k@x.example.com\n";
    let whole = |maria: &str| {
        format!(
            "Client No,Full Name,Email,City\n1,{maria},m@x.example.com,Madrid\n2,Kim Min Jun,k@x.example.com,Seoul\n"
        )
    };
    let key = ["--key", "Client No"];
    assert_eq!(counts(&rolo, &[&rolo.file("1.csv", apart)], &key), [2, 0, 0, 0, 0]);
    assert_eq!(counts(&rolo, &[&rolo.file("2.csv", whole("Maria Garcia Lopez"))], &key), [0, 2, 0, 0, 0]);
    assert_eq!(parts(&rolo, "m@x.example.com"), ["Maria", "", "Garcia Lopez"]);
    assert_eq!(parts(&rolo, "k@x.example.com"), ["Min Jun", "", "Kim"]);
    // Other systems that know only whole names, or take them apart otherwise.
    let display = "Display Name,Primary Email,Birth Year\nKim Min Jun,k@x.example.com,1980\n";
    counts(&rolo, &[&rolo.file("tb.csv", display)], &[]);
    let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Maria Garcia Lopez\nN:Lopez;Maria;Garcia;;\nEMAIL:m@x.example.com\nEND:VCARD\n";
    counts(&rolo, &[&rolo.file("m.vcf", card)], &[]);
    assert_eq!(parts(&rolo, "m@x.example.com"), ["Maria", "", "Garcia Lopez"]);
    assert_eq!(parts(&rolo, "k@x.example.com"), ["Min Jun", "", "Kim"]);
    // Another name is another name.
    assert_eq!(counts(&rolo, &[&rolo.file("3.csv", whole("Maria Soto"))], &key), [0, 1, 1, 0, 0]);
    assert_eq!(parts(&rolo, "m@x.example.com"), ["Maria", "", "Soto"]);
}

#[test]
fn parts_that_a_source_comes_to_know_replace_those_that_were_guessed() {
    let rolo = Rolo::new();
    let whole = "Client No,Full Name,Email\n1,Maria Garcia Lopez,m@x.example.com\n";
    let apart = "Client No,Full Name,First Name,Last Name,Email\n1,Maria Garcia Lopez,Maria,Garcia Lopez,m@x.example.com\n";
    let key = ["--key", "Client No"];
    counts(&rolo, &[&rolo.file("1.csv", whole)], &key);
    assert_eq!(parts(&rolo, "m@x.example.com"), ["Maria", "Garcia", "Lopez"]);
    assert_eq!(counts(&rolo, &[&rolo.file("2.csv", apart)], &key), [0, 1, 0, 0, 0]);
    assert_eq!(parts(&rolo, "m@x.example.com"), ["Maria", "", "Garcia Lopez"]);
    assert_eq!(counts(&rolo, &[&rolo.file("2.csv", apart)], &key), [0, 0, 1, 0, 0]);
}

#[test]
fn an_import_that_only_notes_what_a_source_says_is_not_what_undo_takes_back() {
    let rolo = Rolo::new();
    let table = |title: &str| {
        format!("Record ID,First Name,Last Name,Email,Job Title\n101,Ann,Lee,ann@x.example.com,{title}\n")
    };
    counts(&rolo, &[&rolo.file("1.csv", table("Owner"))], &[]);
    rolo.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    // The source has caught up with the book.
    let ran = said(&rolo, &[&rolo.file("2.csv", table("CEO"))], &[]);
    assert!(ran.contains("1 unchanged") && !ran.contains("undo"), "{ran}");
    rolo.ok(&["undo"]);
    assert_eq!(contact(&rolo, "Ann Lee")["title"], "Owner");
}

#[test]
fn a_dry_run_names_what_would_change_as_people_do() {
    let rolo = Rolo::new();
    let header = "Client No,Full Name,Email,Birthday,Shoe Size,Junk";
    let table = |row: &str| format!("{header}\n1,Ann Lee,{row}\n");
    let flags = ["--key", "Client No", "--map", "Shoe Size=field:shoes"];
    let first = rolo.file("1.csv", table("ann@x.example.com,1980-05-06,38,x"));
    counts(&rolo, &[&first], &flags);
    let second = rolo.file("2.csv", table(",1980-05-07,39,y"));
    let rehearsed = said(&rolo, &[&second], &[&flags[..], &["--empty", "clear", "--dry-run"]].concat());
    let line = |what: &str| {
        let found = rehearsed.lines().find(|line| line.starts_with("Ann Lee ") && line.contains(what));
        found.unwrap_or_else(|| panic!("{what}: {rehearsed}")).to_owned()
    };
    assert!(line("shoes").contains("38") && line("shoes").contains("39"), "{rehearsed}");
    assert!(line("birthday").contains("1980-05-06"), "{rehearsed}");
    assert!(line("e-mail").contains("ann@x.example.com"), "{rehearsed}");
    assert!(line("Junk").trim_end().ends_with('y'), "{rehearsed}");
    assert!(!rehearsed.contains(".value") && !rehearsed.contains('…'), "{rehearsed}");
}

#[test]
fn a_dry_run_names_the_deal_that_would_change() {
    let rolo = Rolo::new();
    let table = |stage: &str| {
        format!("Record ID,Deal Name,Deal Stage,Amount,Close Date\n1,Winter order,{stage},1,2024-05-06\n")
    };
    counts(&rolo, &[&rolo.file("1.csv", table("Open"))], &[]);
    let rehearsed = said(&rolo, &[&rolo.file("2.csv", table("Sent"))], &["--dry-run"]);
    let line = rehearsed.lines().find(|line| line.starts_with("Winter order")).unwrap_or_default();
    assert!(line.contains("deal stage") && line.contains("Open") && line.contains("Sent"), "{rehearsed}");
}

#[test]
fn who_was_missing_and_is_there_again_is_archived_no_more() {
    let rolo = Rolo::new();
    let header = "Record ID,First Name,Last Name,Email,Create Date\n";
    let ann = "1,Ann,Lee,ann@x.example.com,2024-05-06 00:00\n";
    let bob = "2,Bob,Ray,bob@x.example.com,2024-05-06 00:00\n";
    let archived = |who: &str| contact(&rolo, who)["archived"] == true;
    let both = rolo.file("1.csv", format!("{header}{ann}{bob}"));
    let one = rolo.file("2.csv", format!("{header}{ann}"));
    counts(&rolo, &[&both], &[]);
    said(&rolo, &[&one], &["--missing", "archive"]);
    assert!(archived("Bob Ray") && !archived("Ann Lee"));
    // Whom somebody archived by hand stays so.
    rolo.ok(&["edit", "Ann Lee", "--set", "archived=yes"]);
    let told = said(&rolo, &[&both], &["--missing", "archive"]);
    assert!(told.contains("Bob Ray is in the file again"), "{told}");
    assert!(!archived("Bob Ray") && archived("Ann Lee"));
}
