//! LDIF, abook, calendars and directories through the real binary: what comes in goes out again, and a second import
//! changes nothing.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;

/// Imports a file; the counts of created, updated, unchanged and rejected.
fn import(rolo: &Rolo, name: &str, text: impl AsRef<[u8]>) -> [u64; 4] {
    let file = rolo.file(name, text);
    let ran = rolo.run(&["import", &file, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    ["created", "updated", "unchanged", "rejected"].map(|key| report[key].as_u64().unwrap())
}

const LDIF: &str = "version: 1\n\ndn: cn=Ann Lee,mail=ann@acme.example\nobjectclass: top\nobjectclass: person\ngivenName: Ann\nsn: Lee\ncn: Ann Lee\n\
    mail: ann@acme.example\nmozillaSecondEmail: ann@home.example\nmodifytimestamp: 1700000000\ntelephoneNumber: +1 212 555 0100\nfax: 555-0102\n\
    mozillaHomeLocalityName: London\nl: Paris\nc: FR\ntitle: VP\ntitle: CTO\no: Acme Corp\nbirthyear: 1980\nbirthmonth: 05\nbirthday: 17\n\
    mozillaCustom1: blue\njpegPhoto:: /9j/4AAQ\ndescription:: 5aSa6KGMCuWkh+azqA==\n\n\
    dn:: Y249546L5Lyf\nobjectClass: person\nuid: ww\ncn:: 546L5Lyf\nsn:: 546L\ngivenName:: 5Lyf\nmobile: +86 138 0013 8000\n";

#[test]
fn ldif_goes_out_as_it_came_in() {
    let rolo = Rolo::new();
    assert_eq!(import(&rolo, "a.ldif", LDIF), [2, 0, 0, 0]);
    assert_eq!(import(&rolo, "a.ldif", LDIF), [0, 0, 2, 0]);
    assert_eq!(rolo.ok(&["export", "--as", "ldif"]), LDIF);
    // A later dump of the same directory changes what changed there, whatever the order.
    let later = LDIF
        .replace("title: VP\n", "title: CEO\n")
        .replace("\ncn: Ann Lee", "")
        .replace("sn: Lee", "sn: Lee\ncn: Ann Lee");
    assert_eq!(import(&rolo, "b.ldif", later), [0, 1, 1, 0]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["title"], "CEO");
    // A new book takes in what this one gave out.
    let other = Rolo::new();
    assert_eq!(import(&other, "c.ldif", rolo.ok(&["export", "--as", "ldif"])), [2, 0, 0, 0]);
    assert_eq!(other.ok(&["export", "--as", "ldif"]), rolo.ok(&["export", "--as", "ldif"]));
}

#[test]
fn groups_of_a_directory_are_tags_and_refused_entries_come_back_mended() {
    let rolo = Rolo::new();
    let text = format!(
        "{LDIF}\ndn: cn=Friends\nobjectClass: groupOfNames\ncn: Friends\nmember: cn=Ann Lee,mail=ann@acme.example\nmember: cn=Eve,mail=eve@x.example\n\ndn: cn=Zed\nchangetype: delete\n"
    );
    assert_eq!(import(&rolo, "a.ldif", &text), [3, 1, 0, 1]);
    assert_eq!(import(&rolo, "a.ldif", &text), [0, 0, 4, 1]);
    assert_eq!(rolo.names(&["tag:friends"]), ["Ann Lee", "Eve"]);
    let file = rolo.path("a.ldif");
    let rejects = rolo.path("bad.ldif");
    let ran = rolo.run(&["import", file.to_str().unwrap(), "--rejects", rejects.to_str().unwrap()]);
    assert!(ran.code == 3 && ran.err.contains("changetype delete"), "{}", ran.err);
    let mended = std::fs::read_to_string(&rejects).unwrap().replace("changetype: delete", "cn: Zed");
    assert_eq!(import(&rolo, "mended.ldif", mended), [1, 0, 0, 0]);
}

const ABOOK: &str = "# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n\n[0]\nname=Ann Lee\nemail=ann@acme.example,ann@home.example\n\
    city=London\nphone=555-0101\nmobile=555-0104\nnick=annie\nnotes=likes = tea\nanniversary=--06-01\ngroups=friends,vip\nteam=Blue\n\n[1]\nshoe=38\nname=王伟\nemail=ww@x.example\n";

#[test]
fn abooks_file_goes_out_as_it_came_in() {
    let rolo = Rolo::new();
    assert_eq!(import(&rolo, "addressbook", ABOOK), [2, 0, 0, 0]);
    assert_eq!(import(&rolo, "addressbook", ABOOK), [0, 0, 2, 0]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["fields"]["team"], "Blue");
    let out = rolo.ok(&["export", "--as", "abook"]);
    let lines =
        |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&out), lines(ABOOK));
    let to = rolo.path("book.ldif");
    rolo.ok(&["export", "--to", to.to_str().unwrap()]);
    assert!(
        std::fs::read_to_string(&to).unwrap().starts_with("version: 1\n"),
        "the file's name says what to write"
    );
}

#[test]
fn a_calendar_holds_birthdays_and_a_directory_reads_in_either_language() {
    let rolo = Rolo::new();
    rolo.ok(&[
        "add",
        "Ann Lee",
        "--birthday",
        "1980-05-17",
        "--email",
        "ann@x.example",
        "--phone",
        "+1 212-555-0100",
    ]);
    rolo.ok(&["add", "王伟", "--birthday", "--02-29"]);
    let text = rolo.ok(&["export", "--as", "ics"]);
    assert!(text.contains("\r\nSUMMARY:Ann Lee: birthday\r\n") && text.contains("BYMONTHDAY=-1"), "{text}");
    assert_eq!(text, rolo.ok(&["export", "--as", "ics"]), "a calendar takes it in again as the same");
    assert_eq!(import(&rolo, "a.ics", &text), [0, 0, 2, 0]);
    let page = rolo.ok(&["export", "--as", "html", "--lang", "zh-CN"]);
    assert!(
        page.contains("<h2 id=\"i1\">W</h2>") && page.contains("lang=\"zh-CN\"") && page.contains("生日"),
        "{page}"
    );
    assert!(page.contains("mailto:ann@x.example"), "{page}");
    let text = rolo.ok(&["export", "--as", "markdown"]);
    assert!(text.starts_with("# Contacts\n\n## A\n\n### Ann Lee\n"), "{text}");
}

#[test]
fn files_that_are_no_contacts_say_what_to_do() {
    let rolo = Rolo::new();
    for (name, bytes, says) in [
        ("a.gz", b"\x1f\x8b\x08\x00".to_vec(), "gunzip"),
        ("a.pdf", b"%PDF-1.7\n".to_vec(), "CSV or vCard"),
        ("a.db", b"SQLite format 3\0".to_vec(), "--book"),
        ("a.html", b"<!DOCTYPE html><p>x".to_vec(), "page"),
        ("a.gpx", b"<?xml version='1.0'?><gpx></gpx>".to_vec(), "<gpx>"),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><calls/>".to_vec(), "document type"),
        ("cut.xml", b"<calls><call number='1' date='1'".to_vec(), "line 1"),
    ] {
        let file = rolo.file(name, bytes);
        let said = rolo.fails(3, &["import", &file]);
        assert!(said.contains(says) && said.contains(name), "{said}");
    }
}

#[test]
fn a_small_binary_file_is_no_table() {
    let rolo = Rolo::new();
    let index =
        b"\x03\x02\0\0\0etag: \"5f\"\0{\"name\":\"ann\",\"vers\":\"0.1.0\",\"deps\":[],\"cksum\":\"77\"}\n\0"
            .to_vec();
    let code = [b"B\r\r\n\0\0\0\0".to_vec(), b"\x04\x05\x06\0\x02d, text that, goes on\nand, on\n".repeat(8)]
        .concat();
    for (name, bytes) in
        [("index", index), ("code.pyc", code), ("numbers", b"RIFF\x24\x08\0\0WAVEfmt \x10, data".to_vec())]
    {
        let file = rolo.file(name, bytes);
        let said = rolo.fails(3, &["import", &file]);
        assert!(said.contains("binary") && said.contains(name), "{said}");
    }
    // NULs that strayed into a text leave it one.
    for (name, text) in [
        ("stray.csv", "Name,Email\nAn\0n,ann@x.example\n"),
        ("first.csv", "Name\0,Email\nAnn,ann@x.example\n"),
    ] {
        let file = rolo.file(name, text);
        rolo.ok(&["import", &file]);
    }
    assert_eq!(rolo.names(&[]), ["Ann"]);
}

#[test]
fn a_folder_without_cards_says_what_to_do() {
    let rolo = Rolo::new();
    std::fs::create_dir(rolo.path("tables")).unwrap();
    std::fs::write(rolo.path("tables").join("a.csv"), "Name\nAnn\n").unwrap();
    let said = rolo.fails(3, &["import", "tables"]);
    assert!(
        said.contains("tables") && said.contains(".vcf") && said.contains("rolo import FOLDER/FILE.csv"),
        "{said}"
    );
    let said = rolo.fails(3, &["import", "tables", "--lang", "zh-CN"]);
    assert!(said.contains("名片") && said.contains("rolo import"), "{said}");
}

#[test]
fn what_stands_behind_the_last_name_of_a_table_is_no_column() {
    let rolo = Rolo::new();
    let header = "First Name,Last Name,Display Name,Primary Email,Birth Year,Birth Month,Birth Day,Notes,";
    for (name, end) in [("bare.csv", ""), ("quoted.csv", "\"\""), ("padded.csv", " "), ("tab.csv", "\t")] {
        let file = rolo.file(name, format!("{header}\nAnn,Lee,Ann Lee,ann@x.example,1979,3,4,tea,{end}\n"));
        let report = rolo.json(&["import", &file]);
        assert_eq!(report["warnings"], serde_json::json!([]), "{name}");
    }
    let shown = rolo.ok(&["export", "--as", "json"]);
    assert!(!shown.contains("Column"), "{shown}");
}

#[test]
fn a_table_of_rolos_own_comes_back_whatever_its_fields_are_called() {
    let rolo = Rolo::new();
    let line = serde_json::json!({"name": "Ann Lee", "fields": {";;;;;": ";;|;;", "\u{1}\u{2}\u{3}\u{4}": "\u{5}\u{6}\u{7}\u{8}".repeat(20), "||\t|": "|\t|"}});
    let file = rolo.file("a.jsonl", line.to_string());
    rolo.ok(&["import", &file]);
    let fields = |rolo: &Rolo| rolo.json(&["show", "Ann Lee"])["fields"].clone();
    for format in ["csv", "tsv"] {
        let text = rolo.ok(&["export", "--as", format]);
        let other = Rolo::new();
        assert_eq!(import(&other, "a.csv", &text), [1, 0, 0, 0], "{format}");
        assert_eq!(fields(&other), fields(&rolo), "{format}");
    }
}

#[test]
fn an_erasure_names_only_what_there_is() {
    let rolo = Rolo::new();
    let erased = |name: &str, lang: &str| rolo.run(&["privacy", "erase", name, "--yes", "--lang", lang]).err;
    for name in ["Ann Lee", "Bob Stone", "王伟"] {
        rolo.ok(&["add", name]);
    }
    rolo.ok(&["log", "note", "Bob Stone", "tea"]);
    assert!(erased("Ann Lee", "en").contains("Erased 1 contact. "));
    assert!(erased("Bob Stone", "en").contains("Erased 1 contact, 1 interaction. "));
    let said = erased("王伟", "zh-CN");
    assert!(said.contains("已抹除 1 位联系人。"), "{said}");
}

/// The bound is generous, because a debug build shares its machine: what it must catch is time that grows with the square.
#[test]
fn hostile_files_are_refused_in_time() {
    let rolo = Rolo::new();
    let folded = format!("dn: cn=A\ncn: A\ndescription: x\n{}mail: a@x.example\n", " y\n".repeat(1_000_000));
    let ics = format!("BEGIN:VCALENDAR\n{}SUMMARY:x\n", "BEGIN:VEVENT\n".repeat(300_000));
    for (name, text, rejected) in [
        ("long.ldif", format!("dn: cn=A\ncn: {}\n", "x".repeat(5 << 20)), Some(1)),
        ("folded.ldif", folded, Some(0)),
        ("long.abook", format!("[0]\nname=A\nnotes={}\n", "x".repeat(5 << 20)), Some(1)),
        ("huge.abook", format!("[0]\nname=A\nnotes={}\n[1]\nname=B\n", "x".repeat(17 << 20)), Some(1)),
        ("huge.ldif", format!("dn: cn=A\ncn: {}\n\ndn: cn=B\ncn: B\n", "x".repeat(17 << 20)), Some(1)),
        (
            "many.ldif",
            format!(
                "dn: cn=A\ncn: A\n{}",
                (0..50_000).map(|n| format!("mail: a{n}@x\n")).collect::<String>()
            ),
            Some(0),
        ),
        ("nul.ldif", "dn: cn=N\0\ncn: N\0ul\n".to_owned(), Some(0)),
        ("nested.ics", ics, Some(0)),
        ("deep.xml", format!("<calls>{}", "<a>".repeat(1_000_000)), None),
        ("endless.xml", format!("<calls><call number='{}", "1".repeat(20 << 20)), None),
        (
            "deep.json",
            format!(
                "{{\"metadata\":{{\"app_version\":\"1\",\"schema_version\":1}},\"contacts\":{}",
                "[".repeat(1_000_000)
            ),
            None,
        ),
    ] {
        let started = std::time::Instant::now();
        let file = rolo.file(name, text);
        let ran = rolo.run(&["import", &file, "--dry-run", "--format", "json"]);
        assert!(started.elapsed().as_secs() < 30, "{name}");
        match rejected {
            None => assert_eq!(ran.code, 3, "{name}: {}", ran.err),
            Some(count) => {
                let report: Value =
                    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{name}: {}", ran.err));
                assert_eq!(report["rejected"], count, "{name}: {report}");
            }
        }
    }
}

#[test]
fn query_answers_as_khard_does() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@home.example", "--company", "Acme"]);
    rolo.ok(&["edit", "Ann Lee", "--add", "email.work=ann@acme.example"]);
    let ran = rolo.run(&["query", "lee", "--as", "khard"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (
            0,
            "searching for 'lee' ...\nann@home.example\tAnn Lee\tinternet\nann@acme.example\tAnn Lee\twork\n"
        )
    );
    // Only the addresses that the words are in, if they are in any.
    assert_eq!(
        rolo.ok(&["query", "--as", "khard", "--remove-first-line", "ann@home"]),
        "ann@home.example\tAnn Lee\tinternet\n"
    );
    let ran = rolo.run(&["query", "--as", "khard", "no", "one"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, "searching for 'no one' ...\n"));
    let ran = rolo.run(&["query", "--as", "khard", "--remove-first-line", "no", "one"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}
