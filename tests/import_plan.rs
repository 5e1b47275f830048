//! The plan of an import on the command line: what a dry run says, how columns are changed, mappings that are kept.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;

const PEOPLE: &str = "Full Name;Mail;City, State;Dept;Team;DOB;Junk\n\
    \"Lee, Ann\";ann@x.example;Boston, MA;Sales;West;03/04/1980;a\n\
    王伟;w@x.example;北京;研发;;13/05/1979;b\n\
    ;;;;;;c\n";

const RULES: [&str; 10] = [
    "--map",
    "Full Name=split name",
    "--map",
    "City, State=split address.city, address.region",
    "--map",
    "Dept+Team=department by ' / '",
    "--map",
    "Junk=skip",
    "--set",
    "stage=customer",
];

fn run(rolo: &Rolo, args: &[&str]) -> (i32, Value) {
    let ran = rolo.run(&[args, &["--format", "json"]].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{} {}", ran.out, ran.err)))
}

#[test]
fn a_dry_run_says_what_the_file_is_where_columns_go_and_what_would_change() {
    let rolo = Rolo::new();
    let file = rolo.file("people.csv", PEOPLE);
    let args = [&["import", &file, "--dry-run"], &RULES[..]].concat();
    let ran = rolo.run(&args);
    assert_eq!(ran.code, 3, "{}", ran.err);
    for said in [
        "people.csv: CSV",
        "UTF-8 · separated by ; · column names at line 1 · 7 columns",
        "stage is customer in all rows",
        "03/04/1980 in DOB is 1980-04-03",
        "Lee, Ann | 王伟",
        "department by \" / \" (Dept + Team)",
        "left out",
    ] {
        assert!(ran.out.contains(said), "{said} is not in\n{}", ran.out);
    }
    assert!(ran.err.contains("line 4: no name") && ran.err.contains("Nothing was changed"), "{}", ran.err);
    assert_eq!(rolo.ok(&["count"]).trim(), "0");

    let (_, dry) = run(&rolo, &args);
    let column = &dry["plan"][0]["columns"][1];
    assert_eq!(
        (&column["name"], &column["target"], &column["why"]),
        (&"Mail".into(), &"email".into(), &"name".into())
    );
    assert_eq!((&dry["new"][0]["line"], &dry["new"][0]["name"]), (&2.into(), &"Ann Lee".into()));
    let (code, real) = run(&rolo, &[&["import", &file], &RULES[..]].concat());
    assert_eq!(code, 3);
    for key in ["read", "created", "updated", "unchanged", "skipped", "rejected", "doubtful"] {
        assert_eq!(dry[key], real[key], "{key}");
    }
    assert!(real.get("plan").is_none(), "a plain import says what the contract names and no more");
    let ann = rolo.json(&["show", "Ann Lee"]);
    assert_eq!(
        (&ann["department"], &ann["stage"], &ann["given"]),
        (&"Sales / West".into(), &"customer".into(), &"Ann".into())
    );
    assert_eq!(
        (&ann["addresses"][0]["city"], &ann["addresses"][0]["region"]),
        (&"Boston".into(), &"MA".into())
    );

    let file = rolo.file("people.csv", PEOPLE.replace("West", "East"));
    let (_, dry) = run(&rolo, &[&["import", &file, "--dry-run"], &RULES[..]].concat());
    assert_eq!(dry["changes_total"], 1);
    let change = &dry["changes"][0];
    assert_eq!((&change["contact"], &change["field"]), (&"Ann Lee".into(), &"department".into()));
    assert_eq!((&change["before"], &change["after"]), (&"Sales / West".into(), &"Sales / East".into()));
}

#[test]
fn a_saved_mapping_is_used_listed_overruled_and_forgotten() {
    let rolo = Rolo::new();
    let file = rolo.file("people.csv", PEOPLE);
    let dry = ["import", &file, "--dry-run", "--save", "people", "--on-match", "fill"];
    rolo.run(&[&dry[..], &RULES[..]].concat());
    let list = rolo.json(&["import", "--mappings"]);
    assert_eq!((&list[0]["name"], &list[0]["saved"]), (&"people".into(), &"2026-09-14".into()));

    let (_, found) = run(&rolo, &["import", &file, "--dry-run"]);
    let plan = &found["plan"][0];
    assert_eq!(
        (&plan["mapping"], &plan["on_match"], &plan["set"][0]["field"]),
        (&"people".into(), &"fill".into(), &"stage".into())
    );
    let (_, found) = run(&rolo, &["import", &file, "--dry-run", "--on-match", "skip", "--map", "Junk=note"]);
    let plan = &found["plan"][0];
    assert_eq!(
        (&plan["on_match"], &plan["columns"][6]["target"]),
        (&"skip".into(), &"note".into()),
        "flags win"
    );
    let (_, found) = run(&rolo, &["import", &file, "--dry-run", "--from", "auto"]);
    assert_eq!(found["plan"][0]["mapping"], Value::Null, "--from looks for none");
    let ran = rolo.run(&["import", &file, "--profile", "people"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["stage"], "customer");
    let ran = rolo.run(&["import", &file]);
    assert!(ran.err.contains("Read by mapping people, saved on 2026-09-14"), "{}", ran.err);

    // A broken one is named with its line, and keeps no other file out.
    let path = rolo.path("config/rolo/mappings/broken.toml");
    std::fs::write(&path, "saved = \"2026-01-01\"\nmap = [\"A=nme\"]\n").unwrap();
    let said = rolo.fails(3, &["import", "--mappings"]);
    assert!(said.contains("broken.toml, line 2") && said.contains("nme"), "{said}");
    assert!(rolo.fails(3, &["import", &file]).contains("broken.toml, line 2"));
    assert!(rolo.fails(3, &["import", &file, "--profile", "broken"]).contains("broken.toml, line 2"));
    rolo.ok(&["import", "--forget", "people"]);
    assert!(rolo.fails(1, &["import", "--forget", "people"]).contains("no mapping people"));
    assert!(
        rolo.fails(2, &["import", &file, "--profile", "people"])
            .contains("neither a mapping nor a known system")
    );
}

#[test]
fn a_wrong_rule_names_its_column_and_what_was_meant() {
    let rolo = Rolo::new();
    let file = rolo.file("people.csv", PEOPLE);
    for (args, said) in [
        (["--map", "Full Nam=name"], "did you mean Full Name?"),
        (["--map", "Full Name=nme"], "Full Name: a column can't become nme\n  did you mean name?"),
        (["--map", "Full Name=split nme, given"], "Full Name: a column can't become nme"),
        (
            ["--map", "Full Name=split given"],
            "Full Name: split given: a column is split into two fields or more",
        ),
        (["--map", "Dept+Tea=note"], "no column Tea"),
        (["--map", "Dept+Team=split name"], "several columns can be joined"),
        (["--set", "stge=x"], "did you mean stage?"),
    ] {
        let err = rolo.fails(2, &[&["import", &file], &args[..]].concat());
        assert!(err.contains(said), "{args:?}: {err}");
    }
    assert!(!rolo.path("data/rolo/book.rolo").exists(), "a mistake makes no book");
}

#[test]
fn a_mapping_remembers_how_the_file_is_read() {
    let rolo = Rolo::new();
    // Latin letters with marks: what windows-1250 says is guessed to be windows-1252 by so little text.
    let table = |name: &[u8]| [b"Name;E-mail\n".as_slice(), name, b";a@x.example\n"].concat();
    let first = rolo.file("first.csv", table(b"\xa3ukasz"));
    rolo.ok(&["import", &first, "--encoding", "windows-1250", "--save", "polish"]);
    assert_eq!(rolo.names(&[]), ["Łukasz"]);
    rolo.ok(&["undo"]);
    let next = rolo.file("next.csv", table(b"Micha\xb3"));
    let ran = rolo.run(&["import", &next, "--plan"]);
    assert!(ran.out.contains("windows-1250"), "{}{}", ran.out, ran.err);
    assert_eq!((ran.code, rolo.names(&[])), (0, vec!["Michał".to_owned()]), "{}", ran.err);
    // What is said now wins.
    let dry = rolo.ok(&["import", &next, "--dry-run", "--encoding", "windows-1252"]);
    assert!(dry.contains("windows-1252"), "{dry}");
}

#[test]
fn folders_and_workbooks_are_told_in_the_plan() {
    let rolo = Rolo::new();
    let folder = rolo.path("cards");
    std::fs::create_dir(&folder).unwrap();
    for (file, text) in [("1.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n"), ("2.vcf", "nothing\n")] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let folder = folder.to_str().unwrap();
    let ran = rolo.run(&["import", folder, "--dry-run"]);
    assert!(ran.out.contains("a folder of 2 cards"), "{}{}", ran.out, ran.err);
    let (code, dry) = run(&rolo, &["import", folder, "--dry-run"]);
    assert_eq!((code, &dry["plan"].as_array().unwrap().len()), (3, &1), "one for the folder, not one a card");
    assert_eq!((&dry["plan"][0]["cards"], &dry["plan"][0]["file"]), (&2.into(), &folder.into()));

    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, person) in [("Old", "Ann Old"), ("New", "Bob New")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_string(0, 0, "Name").unwrap();
        sheet.write_string(1, 0, person).unwrap();
    }
    let path = rolo.path("people.xlsx");
    book.save(&path).unwrap();
    let path = path.to_str().unwrap();
    let (_, dry) = run(&rolo, &["import", path, "--dry-run"]);
    assert_eq!((&dry["plan"][0]["sheet"], &dry["new"][0]["name"]), (&"Old".into(), &"Ann Old".into()));
    assert_eq!(dry["plan"][0]["sheets"], serde_json::json!(["Old", "New"]));
    let out = rolo.ok(&["import", path, "--dry-run", "--sheet", "New"]);
    assert!(out.contains("sheet New (2 of 2)"), "{out}");
}

#[test]
fn a_column_that_loses_its_field_to_another_is_named_with_those_that_are_kept() {
    let rolo = Rolo::new();
    let file =
        rolo.file("a.csv", "Full Name,First,Last,Junk,E-mail\n\"Lee, Ann\",Ann,Lee,j1,ann@x.example.com\n");
    let ran = rolo.run(&["import", &file, "--map", "First+Last=name", "--dry-run"]);
    let said = format!("{}{}", ran.out, ran.err);
    let kept = said
        .lines()
        .find(|line| line.contains("Junk") && line.contains("kept as they are"))
        .unwrap_or_default();
    assert!(kept.contains("Full Name"), "{said}");
}
