//! Cards, directories, calendars and workbooks that nobody would write on purpose, through the real binary: read or refused
//! with words, the good ones beside them kept; exports that have nowhere to go.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

#[path = "../src/exchange/sheet/tests/build.rs"]
#[allow(dead_code)]
mod build;

use common::Rolo;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// A good card of each format, which must come in whatever stands before it.
const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Good One\r\nEND:VCARD\r\n";
const ENTRY: &str = "\n\ndn: cn=Good One\ncn: Good One\n";
const EVENT: &str = "BEGIN:VEVENT\nUID:good\nDTSTART;VALUE=DATE:19800517\nRRULE:FREQ=YEARLY\nSUMMARY:Good One's birthday\nEND:VEVENT\n";

/// What is to come of a file: how many contacts and refused rows, and whether `Good One` is among them.
type Expected = (u64, u64, bool);

/// So many refused pieces that nobody counts them.
const MANY: u64 = u64::MAX;

fn cards() -> Vec<(&'static str, String, Expected)> {
    let nested = |depth: usize| {
        let begin = "BEGIN:VCARD\r\nFN:n\r\nAGENT:\r\n".repeat(depth);
        begin + &"END:VCARD\r\n".repeat(depth)
    };
    let million = 1_000_000;
    vec![
        // Cards that lie in each other deeper than any agent does.
        ("nested.vcf", nested(100_000) + CARD, (2, MANY, true)),
        (
            "folded.vcf",
            format!("BEGIN:VCARD\r\nFN:Ann\r\nNOTE:x{}\r\nEND:VCARD\r\n{CARD}", "\r\n y".repeat(million)),
            (2, 0, true),
        ),
        (
            "folded-qp.vcf",
            format!(
                "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Ann\r\nNOTE;ENCODING=QUOTED-PRINTABLE:x{}\r\nEND:VCARD\r\n{CARD}",
                "=\r\ny".repeat(million)
            ),
            (2, 0, true),
        ),
        ("unterminated.vcf", "BEGIN:VCARD\r\nFN:Ann\r\n".repeat(100_000) + CARD, (1, 100_000, true)),
        (
            "no-end.vcf",
            format!("{CARD}BEGIN:VCARD\r\nFN:Ann\r\nNOTE:{}", "x\r\n".repeat(million)),
            (1, 1, true),
        ),
        (
            "long-line.vcf",
            format!("BEGIN:VCARD\r\nFN:Ann\r\nNOTE:{}\r\nEND:VCARD\r\n{CARD}", "x".repeat(5 << 20)),
            (2, 0, true),
        ),
        (
            "long-name.vcf",
            format!("BEGIN:VCARD\r\nFN:Ann\r\n{}:x\r\nEND:VCARD\r\n{CARD}", "X".repeat(5 << 20)),
            (2, 0, true),
        ),
        (
            "many-params.vcf",
            format!("BEGIN:VCARD\r\nFN:Ann\r\nTEL{}:1\r\nEND:VCARD\r\n{CARD}", ";TYPE=home".repeat(500_000)),
            (2, 0, true),
        ),
        (
            "many-lines.vcf",
            format!("BEGIN:VCARD\r\nFN:Ann\r\n{}END:VCARD\r\n{CARD}", "TEL:1\r\n".repeat(200_000)),
            (2, 0, true),
        ),
    ]
}

fn others() -> Vec<(&'static str, String, Expected)> {
    let million = 1_000_000;
    let calendar = |body: String| format!("BEGIN:VCALENDAR\n{body}{EVENT}END:VCALENDAR\n");
    vec![
        (
            "folded.ldif",
            format!("dn: cn=Ann\ncn: Ann\nx-long: x{}{ENTRY}", "\n y".repeat(million)),
            (2, 0, true),
        ),
        (
            "folded-long.ldif",
            format!("dn: cn=Ann\ncn: Ann\nx-long: x{}{ENTRY}", "\n yy".repeat(million)),
            (1, 1, true),
        ),
        (
            "long-line.ldif",
            format!("dn: cn=Ann\ncn: Ann\nx-long: {}{ENTRY}", "x".repeat(5 << 20)),
            (1, 1, true),
        ),
        (
            "unterminated.ldif",
            format!("dn: cn=Ann\ncn: Ann\nmail:: {}", "QUJD".repeat(100_000)),
            (1, 0, false),
        ),
        ("comments.ldif", format!("# c{}{ENTRY}", "\n  y".repeat(10_000)), (1, 0, true)),
        (
            "folded.ics",
            calendar(format!(
                "BEGIN:VEVENT\nUID:1\nDTSTART:20260101\nCONTACT:Ann\nSUMMARY:x{}\nEND:VEVENT\n",
                "\n yy".repeat(million)
            )),
            (1, 1, true),
        ),
        (
            "nested.ics",
            calendar("BEGIN:VEVENT\n".repeat(100_000) + &"END:VEVENT\n".repeat(100_000)),
            (1, 0, true),
        ),
        (
            "long-line.ics",
            calendar(format!("BEGIN:VEVENT\nUID:1\nSUMMARY:{}\nEND:VEVENT\n", "x".repeat(5 << 20))),
            (1, 1, true),
        ),
        (
            "unterminated.ics",
            format!("BEGIN:VCALENDAR\n{EVENT}{}", "BEGIN:VEVENT\nSUMMARY:x\n".repeat(100_000)),
            (1, 0, true),
        ),
        (
            "long-line.abook",
            format!("[0]\nname=Ann\nnotes={}\n[1]\nname=Good One\n", "x".repeat(5 << 20)),
            (1, 1, true),
        ),
    ]
}

fn import(rolo: &Rolo, file: &str) -> Value {
    let ran = rolo.run(&["import", file, "--format", "json"]);
    assert!(matches!(ran.code, 0 | 3), "{file}: {} {}", ran.code, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{file}: {} {}", ran.out, ran.err))
}

fn judge(files: Vec<(&'static str, String, Expected)>) {
    let mut wrong = Vec::new();
    for (name, text, (contacts, rejected, good)) in files {
        let rolo = Rolo::new();
        let report = import(&rolo, &rolo.file(name, text));
        let count: u64 = rolo.ok(&["count"]).trim().parse().unwrap();
        let refused = report["rejected"].as_u64().unwrap();
        let refused = if rejected == MANY && refused > 1000 { MANY } else { refused };
        let found = (count, refused, rolo.run(&["show", "Good One"]).code == 0);
        if found != (contacts, rejected, good) {
            wrong.push(format!("{name}: {found:?}, not {:?}", (contacts, rejected, good)));
        }
        rolo.ok(&["check"]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn cards_of_ill_will_never_take_a_good_one_with_them() {
    judge(cards());
}

#[test]
fn directories_and_calendars_of_ill_will_never_take_a_good_entry_with_them() {
    judge(others());
}

#[test]
fn xml_of_ill_will_is_refused_with_the_line() {
    let deep = format!("<calls>\n{}", "<a>".repeat(1_000_000));
    let bomb = format!(
        "<?xml version='1.0'?>\n<!DOCTYPE calls [<!ENTITY a \"{}\">]>\n<calls><call number=\"&a;\"/></calls>",
        "x".repeat(100_000)
    );
    let long = format!("<calls>\n<call number='{}'/></calls>", "1".repeat(20 << 20));
    let comment = format!("<calls>\n<!-- {}", "-".repeat(5 << 20));
    for (name, text) in [("deep.xml", deep), ("bomb.xml", bomb), ("long.xml", long), ("open.xml", comment)] {
        let rolo = Rolo::new();
        let said = rolo.fails(3, &["import", &rolo.file(name, text)]);
        assert!(said.contains(name) && said.contains("line ") && !said.contains("bug"), "{name}: {said}");
        assert_eq!(rolo.ok(&["count"]), "0\n");
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<std::path::PathBuf> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path);
        }
    }
    all
}

#[test]
fn nothing_is_read_or_written_where_a_card_points() {
    const SECRET: &str = "root:x:0:0:the-secret";
    let rolo = Rolo::new();
    let secret = rolo.file("secret.txt", SECRET);
    let cards = format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee\r\nPHOTO;VALUE=uri:file://{secret}\r\nLOGO;VALUE=uri:{secret}\r\nSOUND:../secret.txt\r\n\
         KEY;VALUE=uri:file://localhost{secret}\r\nSOURCE:file://{secret}\r\nUID:../../../evil\r\nEND:VCARD\r\n\
         BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bob Stone\r\nPHOTO:{secret}\r\nUID:{secret}\r\nRELATED:file://{secret}\r\nEND:VCARD\r\n\
         BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Cid\r\nPHOTO;JPEG:secret.txt\r\nUID:/etc/cron.d/evil\r\nEND:VCARD\r\n"
    );
    let entry = format!("dn: cn=Dan\ncn: Dan\njpegPhoto:< file://{secret}\ndescription:< file://{secret}\n");
    let table = format!("Name,Photo,Notes\nEve,{secret},=WEBSERVICE(\"file://{secret}\")\n");
    let input = ["in.vcf", "in.ldif", "in.csv"];
    for (name, text) in input.iter().zip([cards, entry, table]) {
        rolo.file(name, text);
        assert_eq!(import(&rolo, name)["rejected"], 0);
    }
    let formats = [
        "vcard",
        "vcard3",
        "jcard",
        "jscontact",
        "json",
        "jsonl",
        "ldif",
        "abook",
        "csv",
        "html",
        "markdown",
        "ics",
        "xlsx",
    ];
    for format in formats {
        rolo.ok(&["export", "--as", format, "--to", &format!("out.{format}")]);
    }
    rolo.ok(&["show", "Ann Lee"]);
    let mut names = BTreeSet::new();
    for path in files(&rolo.path("")) {
        let bytes = std::fs::read(&path).unwrap();
        let inside = String::from_utf8_lossy(&bytes).contains(SECRET);
        assert_eq!(inside, path.ends_with("secret.txt"), "{}", path.display());
        let name = path.strip_prefix(rolo.path("")).unwrap().to_str().unwrap().to_owned();
        if !name.starts_with("data/") && !name.starts_with("state/") {
            names.insert(name);
        }
    }
    let outputs = formats.iter().map(|format| format!("out.{format}"));
    let wanted: BTreeSet<String> =
        outputs.chain(input.map(str::to_owned)).chain(["secret.txt".to_owned()]).collect();
    assert_eq!(names, wanted, "and no other file was made");
    // What the card says comes back as it was, an address that nobody followed.
    let back = std::fs::read_to_string(rolo.path("out.vcard")).unwrap().replace("\r\n ", "");
    assert!(back.contains(&format!("file://{secret}")) && back.contains("UID:../../../evil"), "{back}");
}

#[test]
fn encodings_that_change_within_a_file_lose_no_row() {
    // Most of it is UTF-8: some rows that aren't make it nothing else.
    let most: String = (0..20).map(|n| format!("张敏{n},z{n}@example.cn\n")).collect();
    let (gbk, _, _) = encoding_rs::GBK.encode("王伟,w@example.cn\n");
    let bytes = [
        "Name,Email\nZoë Müller,zoe@example.com\n".as_bytes(),
        b"J\xfcrgen,j@example.de\n",
        &gbk,
        "李娜,lina@example.cn\n".as_bytes(),
        b"\xff\xfe,odd@example.com\n",
        most.as_bytes(),
    ]
    .concat();
    let rolo = Rolo::new();
    let report = import(&rolo, &rolo.file("mixed.csv", bytes));
    assert_eq!((&report["created"], &report["rejected"]), (&25.into(), &0.into()), "{report}");
    let names = rolo.names(&[]);
    assert!(names.contains(&"Zoë Müller".to_owned()) && names.contains(&"李娜".to_owned()), "{names:?}");
    let said: Vec<u64> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["line"].as_u64().unwrap())
        .collect();
    assert!([3, 4, 6].iter().all(|line| said.contains(line)), "each line that was odd is named: {report}");
}

#[test]
fn workbooks_that_claim_or_unpack_to_far_more_than_they_are() {
    let far = build::xlsx(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>Ann</t></is></c></row>"#,
        "",
        "",
        "",
    );
    assert!(far.len() < 1600, "{}", far.len());
    let bomb = build::workbook("", &[("S", "")])
        .bomb(
            "xl/worksheets/sheet1.xml",
            r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>"#,
            "<row><c><v>1</v></c></row>",
            (512 << 20) / 26,
            "</sheetData></worksheet>",
        )
        .finish();
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    let rolo = Rolo::new();
    // There is no name in that row, only a cell without a column of a name.
    let report = import(&rolo, &rolo.file("far.xlsx", far));
    assert_eq!(
        report["read"].as_u64().unwrap(),
        report["rejected"].as_u64().unwrap() + report["created"].as_u64().unwrap()
    );
    let said = rolo.fails(3, &["import", &rolo.file("bomb.xlsx", bomb)]);
    assert!(said.contains("bomb.xlsx") && !said.contains("bug"), "{said}");
    rolo.ok(&["check"]);
}

#[cfg(unix)]
#[test]
fn a_link_at_the_path_of_an_export_is_replaced_and_not_followed() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@x.example"]);
    for format in ["csv", "vcard", "xlsx", "jsonl", "hubspot"] {
        rolo.file("target.txt", "precious");
        let link = rolo.path("out.file");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink("target.txt", &link).unwrap();
        rolo.ok(&["export", "--as", format, "--to", "out.file"]);
        assert_eq!(std::fs::read_to_string(rolo.path("target.txt")).unwrap(), "precious", "{format}");
        assert!(!std::fs::symlink_metadata(&link).unwrap().is_symlink(), "{format}");
    }
    // A link to a file that isn't there makes none.
    std::os::unix::fs::symlink("nowhere.txt", rolo.path("dangling.csv")).unwrap();
    rolo.ok(&["export", "--to", "dangling.csv"]);
    assert!(!rolo.path("nowhere.txt").exists());
    // Nor are refused rows written through a link.
    std::os::unix::fs::symlink("target.txt", rolo.path("bad.csv")).unwrap();
    let file = rolo.file("in.csv", "Name,Email\n,\"x\nBob,b@x.example\n");
    rolo.run(&["import", &file, "--rejects", "bad.csv"]);
    assert_eq!(std::fs::read_to_string(rolo.path("target.txt")).unwrap(), "precious");
}

#[cfg(unix)]
#[test]
fn an_export_to_a_full_disk_says_so_and_leaves_no_half_file() {
    let rolo = Rolo::new();
    let rows: String =
        (0..5000).map(|n| format!("Person {n},p{n}@example.com,{}\n", "note ".repeat(20))).collect();
    rolo.ok(&["import", &rolo.file("in.csv", format!("Name,Email,Notes\n{rows}"))]);
    for format in ["csv", "vcard", "json", "xlsx", "ldif", "hubspot"] {
        rolo.file("out.file", "what was there");
        let before = files(&rolo.path(""));
        let args = ["export", "--as", format, "--to", "out.file"];
        let out = rolo.through_shell("trap '' XFSZ; ulimit -f 100", &args).output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(3), "{format}: {err}");
        assert!(err.contains("out.file") && !err.contains("bug"), "{format}: {err}");
        assert_eq!(std::fs::read_to_string(rolo.path("out.file")).unwrap(), "what was there", "{format}");
        assert_eq!(files(&rolo.path("")), before, "{format}: no half file is left");
    }
    if Path::new("/dev/full").exists() {
        let out = rolo.through_shell("exec >/dev/full", &["export", "--as", "csv"]).output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr);
        assert!(
            out.status.code() != Some(0) && !err.is_empty() && !err.contains("bug"),
            "{:?} {err}",
            out.status
        );
    }
    assert_eq!(rolo.ok(&["count"]), "5000\n");
    rolo.ok(&["check"]);
}
