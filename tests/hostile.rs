//! Files that nobody would write on purpose. Each is read, or refused with words that say where; never a panic, never a
//! loss, and every row is accounted for.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Ran, Rolo};
use serde_json::Value;

/// What an import of a file must come to.
#[derive(Clone, Copy)]
struct Expected {
    code: i32,
    /// Contacts afterwards.
    contacts: u64,
    rejected: u64,
    /// What the report or the error says, among other things.
    says: &'static str,
}

const fn expect(code: i32, contacts: u64, rejected: u64, says: &'static str) -> Expected {
    Expected { code, contacts, rejected, says }
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
    units.iter().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!lost);
    bytes.into_owned()
}

const CHINESE: &str = "姓名,公司,电子邮件,备注\n王伟,北京科技有限公司,wangwei@example.cn,在上海的会议上认识的\n李娜,上海贸易公司,lina@example.cn,喜欢喝茶\n张敏,广州电子厂,zhangmin@example.cn,下周打电话\n";
const TWO: &str = "Name,Email\nAnn Lee,ann@example.com\nZoë Müller,zoe@example.com\n";

fn files() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let wide = |rows: &str| {
        let head: Vec<String> = (0..100_000).map(|n| format!("Column {n}")).collect();
        format!("Name,{}\n{rows}", head.join(",")).into_bytes()
    };
    let deep = |depth: usize| {
        format!("[{{\"name\":\"Ann\",\"fields\":{}{}}}]", "[".repeat(depth), "]".repeat(depth))
    };
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "unclosed.csv",
            text("Name,Email\nAnn,ann@example.com\nBob,\"bob@example.com\nCid,cid@example.com\n"),
            expect(3, 2, 1, "unclosed quote, opened at line 3, column 2"),
        ),
        (
            "ragged.csv",
            text(
                "Name,Email,Phone\nAnn\nBob,bob@example.com\nCid,c@example.com,5,6,7\nDan,d@example.com,,,\n",
            ),
            expect(3, 3, 1, "5 cells where there are 3 columns"),
        ),
        (
            "twice.csv",
            text("Name,Email,Email,Name\nAnn,a@example.com,b@example.com,Annie\n"),
            expect(0, 1, 0, "Email"),
        ),
        (
            "nul.csv",
            text("Name,Email\nAn\0n,ann@example.com\n\0\0\0,x\0@example.com\n"),
            expect(0, 2, 0, "NUL"),
        ),
        (
            "invalid.csv",
            b"Name,Email\nAnn,ann@example.com\nB\xffb\xc3,bob@example.com\n".to_vec(),
            expect(0, 2, 0, ""),
        ),
        ("utf16le-mark.csv", utf16(TWO, false, true), expect(0, 2, 0, "")),
        ("utf16be-mark.csv", utf16(TWO, true, true), expect(0, 2, 0, "")),
        ("utf16le.csv", utf16(TWO, false, false), expect(0, 2, 0, "")),
        ("utf16be.csv", utf16(TWO, true, false), expect(0, 2, 0, "")),
        ("utf16le-odd.csv", [utf16(TWO.trim_end(), false, true), vec![b'x']].concat(), expect(0, 2, 0, "")),
        ("mark.csv", text(&format!("\u{feff}{TWO}")), expect(0, 2, 0, "")),
        ("gbk.csv", encoded("gbk", CHINESE), expect(0, 3, 0, "")),
        (
            "big5.csv",
            encoded(
                "big5",
                "姓名,公司,電子郵件,備註\n王偉,台北科技公司,w@example.tw,在會議上認識的朋友\n陳美玲,高雄貿易公司,c@example.tw,喜歡喝茶\n",
            ),
            expect(0, 2, 0, ""),
        ),
        (
            "shift-jis.csv",
            encoded(
                "shift_jis",
                "Name,Company,E-mail,Notes\n山田太郎,東京電気,yamada@example.jp,会議で会いました\n佐藤花子,大阪商事,sato@example.jp,お茶が好きです\n",
            ),
            expect(0, 2, 0, ""),
        ),
        (
            "latin.csv",
            encoded("windows-1252", "Name;E-Mail\nJürgen Groß;j@example.de\nRenée Faÿ;r@example.fr\n"),
            expect(0, 2, 0, ""),
        ),
        ("wide.csv", wide("Ann\nBob,x,y\n"), expect(0, 2, 0, "")),
        ("empty.csv", Vec::new(), expect(3, 0, 0, "empty")),
        ("blank.csv", text("\n \n\t\n"), expect(3, 0, 0, "empty")),
        ("mark-only.csv", text("\u{feff}"), expect(3, 0, 0, "empty")),
        ("header.csv", text("Name,Email,Phone\n"), expect(0, 0, 0, "")),
        (
            "header-open.csv",
            text("Name,Email,\"Phone\n"),
            expect(3, 0, 1, "unclosed quote, opened at line 1, column 3"),
        ),
        (
            "elf.csv",
            [
                b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0".to_vec(),
                (0..=255).cycle().take(5000).collect(),
            ]
            .concat(),
            expect(3, 0, 0, "binary"),
        ),
        (
            "picture.csv",
            [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), vec![0, 1, 2, 3, 0xff, 0xfe]].concat(),
            expect(3, 0, 0, "binary"),
        ),
        ("zip.csv", b"PK\x03\x04\x14\0\0\0\x08\0abc\0\0\x01".to_vec(), expect(3, 0, 0, "")),
        ("cr.csv", text("Name,Email\rAnn,ann@example.com\rBob,bob@example.com\r"), expect(0, 2, 0, "")),
        (
            "mixed-ends.csv",
            text("Name,Email\r\nAnn,ann@example.com\nBob,bob@example.com\r\n\r\n\nCid,c@example.com"),
            expect(0, 3, 0, ""),
        ),
        (
            "one-line.csv",
            [b"Name,Notes\nAnn,".to_vec(), vec![b'x'; 5 << 20], b"\nBob,short\n".to_vec()].concat(),
            expect(0, 2, 0, ""),
        ),
        ("one-cell.csv", vec![b'x'; 5 << 20], expect(-1, 0, 0, "")),
        (
            "quotes.csv",
            text(
                "Name,Email\n\"Ann \"the boss\" Lee\",ann@example.com\nB\"ob,bob@example.com\n\"\"\"\",q@example.com\n",
            ),
            expect(0, 3, 0, "\"line\": 2"),
        ),
        ("many-separators.csv", text(&format!("Name,Email\n{}\n", ",".repeat(200_000))), expect(0, 0, 0, "")),
        ("nobody.csv", text("Name,Email,Notes\n,,only a note\nAnn,,\n"), expect(3, 1, 1, "\"line\": 2")),
        ("deep.json", text(&deep(5)), expect(3, 0, 1, "fields")),
        ("deeper.json", text(&deep(200_000)), expect(3, 0, 0, "line 1, column")),
        ("cut.json", text("[{\"name\":\"Ann\"},\n{\"name\":\"Bob\""), expect(3, 0, 0, "line 2, column")),
        // A number stands for its digits, one e-mail for a list of one.
        ("scalar.json", text("{\"name\":1,\"emails\":\"x\"}"), expect(0, 1, 0, "")),
        ("nothing.json", text("[]"), expect(0, 0, 0, "")),
        (
            "broken.jsonl",
            text(
                "{\"name\":\"Ann\"}\n{\"name\":\n\n[1]\nnull\n{\"name\":\"Bob\",\"tags\":7}\n{\"name\":\"Cid\"}\n{\"record\":\"moon\"}\n",
            ),
            expect(3, 2, 5, "\"line\": 2"),
        ),
        (
            "deep.jsonl",
            text(&format!("{{\"name\":\"Ann\"}}\n{}\n", "[".repeat(100_000))),
            expect(3, 1, 1, "\"line\": 2"),
        ),
    ]
}

fn import(rolo: &Rolo, file: &str, more: &[&str]) -> (Ran, Value) {
    let mut args = vec!["import", file, "--format", "json"];
    args.extend(more);
    let ran = rolo.run(&args);
    let report = serde_json::from_str(&ran.out).unwrap_or(Value::Null);
    (ran, report)
}

/// One process's own numbers, which no two runs share.
fn comparable(mut report: Value) -> Value {
    if let Some(map) = report.as_object_mut() {
        // A dry run has no batch, and says more than a run.
        for key in ["batch", "seconds", "plan", "changes", "changes_total", "new"] {
            map.remove(key);
        }
    }
    report
}

fn counts(report: &Value) -> [u64; 6] {
    ["read", "created", "updated", "unchanged", "skipped", "rejected"]
        .map(|key| report[key].as_u64().unwrap())
}

/// Holds one file against what every import owes its user.
fn judge(name: &str, bytes: &[u8], expected: Expected) -> Vec<String> {
    let rolo = Rolo::new();
    let file = rolo.file(name, bytes);
    let mut wrong = Vec::new();
    let mut claim = |holds: bool, what: &str, seen: &dyn std::fmt::Debug| {
        if !holds {
            let seen: String = format!("{seen:?}").chars().take(300).collect();
            wrong.push(format!("{name}: {what}: {seen}"));
        }
    };
    let (dry, foretold) = import(&rolo, &file, &["--dry-run"]);
    claim(!rolo.path("data").join("rolo").join("book.rolo").exists(), "the dry run made a book", &"");
    let (ran, report) = import(&rolo, &file, &[]);
    let said = format!("{}{}", ran.out, ran.err);
    claim(!said.contains("panicked") && !said.contains("bug"), "a panic", &said);
    claim(expected.code < 0 || ran.code == expected.code, "exit code", &(ran.code, &ran.err));
    claim(matches!(ran.code, 0 | 3), "exit code", &(ran.code, &ran.err));
    claim(said.contains(expected.says), "does not say where", &(expected.says, &said));
    claim(dry.code == ran.code, "the dry run ended otherwise", &(dry.code, ran.code, &dry.err));
    claim(
        comparable(foretold.clone()) == comparable(report.clone()),
        "the dry run said otherwise",
        &(&foretold, &report),
    );
    if report.is_null() {
        claim(ran.code == 3 && ran.err.starts_with("rolo: "), "neither report nor error", &ran.err);
        claim(ran.err.contains(name), "the error does not name the file", &ran.err);
    } else {
        let [read, created, updated, unchanged, skipped, rejected] = counts(&report);
        claim(read == created + updated + unchanged + skipped + rejected, "rows got lost", &report);
        claim(expected.code < 0 || rejected == expected.rejected, "rejected", &report);
        let (again, second) = import(&rolo, &file, &[]);
        claim(again.code == ran.code, "the second time", &again.err);
        let [again_read, created, updated, _, _, again_rejected] = counts(&second);
        claim((created, updated) == (0, 0), "the second time changed something", &second);
        claim((again_read, again_rejected) == (read, rejected), "the second time read otherwise", &second);
    }
    let count = rolo.run(&["count"]);
    claim(expected.code < 0 || count.out.trim() == expected.contacts.to_string(), "contacts", &count.out);
    let check = rolo.run(&["check"]);
    claim(check.code == 0, "the book is not whole", &(check.out, check.err));
    wrong
}

#[test]
fn hostile_files_are_read_or_refused_and_every_row_is_accounted_for() {
    let files = files();
    // Two at a time: most of it is starting processes.
    let half = files.len() / 2;
    let judged = |files: &[(&str, Vec<u8>, Expected)]| -> Vec<String> {
        files.iter().flat_map(|(name, bytes, expected)| judge(name, bytes, *expected)).collect()
    };
    let wrong = std::thread::scope(|scope| {
        let other = scope.spawn(|| judged(&files[half..]));
        let mut wrong = judged(&files[..half]);
        wrong.extend(other.join().unwrap());
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_encodings_hold_arrives_as_it_was_written() {
    for (name, bytes) in [
        ("gbk.csv", encoded("gbk", CHINESE)),
        ("utf8.csv", CHINESE.as_bytes().to_vec()),
        ("utf16.csv", utf16(CHINESE, false, true)),
        ("utf16be.csv", utf16(CHINESE, true, false)),
    ] {
        let rolo = Rolo::new();
        let file = rolo.file(name, bytes);
        rolo.ok(&["import", &file]);
        let mut names = rolo.names(&[]);
        names.sort();
        assert_eq!(names, ["张敏", "李娜", "王伟"], "{name}");
        let shown = rolo.json(&["show", "王伟"]);
        assert_eq!(shown["company"]["name"], "北京科技有限公司", "{name}: {shown}");
        assert_eq!(shown["note"], "在上海的会议上认识的", "{name}: {shown}");
    }
}

#[test]
fn what_is_no_file_is_said_so() {
    let rolo = Rolo::new();
    std::fs::create_dir(rolo.path("folder")).unwrap();
    let folder = rolo.path("folder");
    assert!(rolo.fails(3, &["import", folder.to_str().unwrap()]).contains("folder"));
    assert!(rolo.fails(3, &["import", "not-there.csv"]).contains("not-there.csv: no such file"));
    let bytes = TWO;
    rolo.file("real.csv", bytes);
    // All or nothing: one file that can't be read keeps the others out, too.
    assert!(rolo.fails(3, &["import", "real.csv", "not-there.csv"]).contains("not-there.csv"));
    assert_eq!(rolo.ok(&["count"]), "0\n");
    assert!(rolo.fails(3, &["import", "real.csv", "folder"]).contains("folder"));
    assert_eq!(rolo.ok(&["count"]), "0\n");
    let ran = rolo.feed(&["import", "-"], "");
    assert_eq!(ran.code, 3, "{}", ran.err);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("real.csv", rolo.path("link.csv")).unwrap();
        std::os::unix::fs::symlink("nowhere", rolo.path("dangling.csv")).unwrap();
        std::os::unix::fs::symlink("loop.csv", rolo.path("loop.csv")).unwrap();
        assert!(rolo.fails(3, &["import", "dangling.csv"]).contains("dangling.csv: no such file"));
        assert!(rolo.fails(3, &["import", "loop.csv"]).contains("loop.csv"));
        rolo.ok(&["import", "link.csv"]);
        assert_eq!(rolo.ok(&["count"]), "2\n");
    }
    rolo.ok(&["check"]);
}

#[test]
fn refused_rows_can_be_mended_and_imported_again() {
    let rolo = Rolo::new();
    let file = rolo.file("ugly.csv", "Name,Email,Shoe Size\nAnn,ann@example.com,38\nBob,bob@example.com,44,,,oops\n,,41\nDan,\"dan@example.com\n");
    let refused = rolo.path("refused.csv");
    let (ran, report) = import(&rolo, &file, &["--rejects", refused.to_str().unwrap(), "--dry-run"]);
    assert_eq!((ran.code, refused.exists()), (3, false), "a dry run writes nothing");
    let (_, done) = import(&rolo, &file, &["--rejects", refused.to_str().unwrap()]);
    assert_eq!(comparable(report), comparable(done.clone()));
    assert_eq!(counts(&done), [4, 1, 0, 0, 0, 3]);
    let text = std::fs::read_to_string(&refused).unwrap();
    assert!(text.starts_with("Name,Email,Shoe Size,") && text.contains("oops"), "{text}");
    for line in ["line 3", "line 4", "line 5"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let mended = text.replace(",,,oops,", ",").replace("\n,,41,", "\nCid,,41,");
    assert_ne!(mended, text);
    let mended = rolo.file("mended.csv", mended);
    let (ran, report) = import(&rolo, &mended, &[]);
    let names = rolo.names(&["--sort", "name"]);
    assert!(names.starts_with(&["Ann".into(), "Bob".into(), "Cid".into()]), "{names:?} {text} {}", ran.err);
    assert_eq!(counts(&report)[0], 3, "{text}");
    assert_eq!(rolo.json(&["show", "Bob"])["emails"][0]["value"], "bob@example.com");

    let lines = rolo.file("ugly.jsonl", "{\"name\":\"Eve\",\"tags\":7}\n{\"name\":\"Fay\"\n");
    let refused = rolo.path("refused.jsonl");
    let (ran, _) = import(&rolo, &lines, &["--rejects", refused.to_str().unwrap()]);
    assert_eq!(ran.code, 3);
    let text = std::fs::read_to_string(&refused).unwrap();
    let mended = rolo
        .file("mended.jsonl", text.replace("\"tags\":7", "\"tags\":[\"x\"]").replace("\"Fay\"", "\"Fay\"}"));
    let (ran, report) = import(&rolo, &mended, &[]);
    assert_eq!((ran.code, counts(&report)[1]), (0, 2), "{text} {}", ran.err);
    rolo.ok(&["check"]);
}

#[test]
fn nothing_from_a_file_reaches_the_terminal_raw() {
    let rolo = Rolo::new();
    let evil = "\u{1b}[31mRed\u{1b}[0m \u{202e}gnp.exe\u{202c} zero\u{200b}width\u{2066}iso\u{2069} bell\u{7} c1\u{9b}31m back\u{8}\u{8} tab\tend";
    let head = "Name,Email,Company,Title,Phone,Tags,Notes,City,Mystery\u{1b}[2J";
    let row = format!(
        "{evil},evil@example.com,Corp {evil},Boss {evil},{evil},tag{evil},note {evil},city {evil},x {evil}"
    );
    let file = rolo.file("evil\u{1b}[31m.csv", format!("{head}\n{row}\n,,,,,,,,{evil}\n"));
    let raw = |text: &str| {
        text.chars().find(|c| {
            let control = c.is_control() && *c != '\n';
            control || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        })
    };
    let ran = rolo.run(&["-v", "import", &file]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert_eq!((raw(&ran.out), raw(&ran.err)), (None, None), "{:?} {:?}", ran.out, ran.err);
    rolo.ok(&["log", "note", "evil@example.com", evil]);
    rolo.ok(&["edit", "evil@example.com", "--set", &format!("nickname={evil}")]);
    let commands: &[&[&str]] = &[
        &["list"],
        &["list", "--columns", "name,company,title,email,phone,tags,city"],
        &["show", "evil@example.com"],
        &["timeline"],
        &["company", "list"],
        &["tag", "list"],
        &["history"],
        &["history", "evil@example.com"],
        &["show", evil],
        &["undo"],
        &["query", "evil"],
        &["delete", "evil@example.com"],
        &["bin"],
        &["check"],
    ];
    for args in commands {
        let ran = rolo.run(args);
        // mutt's and aerc's columns are divided by tabs.
        let out = if args[0] == "query" { ran.out.replace('\t', " ") } else { ran.out.clone() };
        assert_eq!((raw(&out), raw(&ran.err)), (None, None), "{args:?}: {:?} {:?}", ran.out, ran.err);
        assert!(ran.code != 70, "{args:?}: {}", ran.err);
    }
}
