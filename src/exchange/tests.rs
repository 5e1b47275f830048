//! Whole files through `open`: the ugly ones, and what must come back as it went out.

use std::io::Cursor;

use proptest::prelude::*;

use super::csv_out::{Shape, Style, Writer};
use super::json::{AddressOut, CompanyOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
use super::rejects::Rejects;
use super::*;
use crate::model::draft::{DateDraft, MethodDraft};

fn source(bytes: &[u8], options: &Options) -> Result<Source, ExchangeError> {
    open(Box::new(Cursor::new(bytes.to_vec())), "file", options)
}

fn rows(bytes: &[u8]) -> Vec<Row> {
    source(bytes, &Options::default()).unwrap().map(Result::unwrap).collect()
}

fn contacts(bytes: &[u8]) -> Vec<ContactDraft> {
    let contact = |row: Row| match row.item {
        RowItem::Contact(draft) => Some(*draft),
        _ => None,
    };
    rows(bytes).into_iter().filter_map(contact).collect()
}

fn names(bytes: &[u8]) -> Vec<String> {
    contacts(bytes).iter().map(|draft| draft.get("name").unwrap_or("").to_owned()).collect()
}

fn bad(rows: &[Row]) -> Vec<(u64, Reason)> {
    rows.iter()
        .filter_map(|row| match &row.item {
            RowItem::Bad(reason) => Some((row.line, reason.clone())),
            _ => None,
        })
        .collect()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

const PLAIN: &str =
    "姓名,邮箱,公司\n王伟,wang@example.cn,北京科技有限公司\n李娜,li@example.cn,上海贸易公司\n";

#[test]
fn one_table_reads_the_same_in_every_encoding_separator_and_line_end() {
    let gbk = encoding_rs::GBK.encode(PLAIN).0.into_owned();
    let big5 = encoding_rs::BIG5
        .encode("姓名,電話\n陳大文,0912345678\n林美麗,0987654321\n張三豐,0911222333\n")
        .0
        .into_owned();
    let marked = [b"\xef\xbb\xbf".as_slice(), PLAIN.as_bytes()].concat();
    for bytes in [
        PLAIN.as_bytes().to_vec(),
        marked,
        gbk,
        utf16(PLAIN, true),
        utf16(PLAIN, false),
        utf16(&format!("\u{feff}{PLAIN}"), true),
        PLAIN.replace('\n', "\r\n").into_bytes(),
        PLAIN.replace('\n', "\r").into_bytes(),
        PLAIN.replace(',', ";").into_bytes(),
        PLAIN.replace(',', "\t").into_bytes(),
        PLAIN.replace(',', "|").into_bytes(),
        PLAIN.trim_end().as_bytes().to_vec(),
    ] {
        let drafts = contacts(&bytes);
        assert_eq!(drafts.len(), 2, "{bytes:?}");
        assert_eq!(drafts[0].get("name"), Some("王伟"), "{bytes:?}");
        assert_eq!(drafts[0].company, "北京科技有限公司");
        assert_eq!(drafts[1].methods[0].value, "li@example.cn");
    }
    assert_eq!(names(&big5), ["陳大文", "林美麗", "張三豐"]);
    let latin = b"Name,City\nJos\xe9 Garc\xeda,M\xe1laga\nFran\xe7ois,Orl\xe9ans\n";
    assert_eq!(names(latin)[0], "José García");
    let options = Options { encoding: Some("shift_jis".into()), ..Options::default() };
    let japanese = encoding_rs::SHIFT_JIS.encode("Name,Company\n山田,東京\n").0.into_owned();
    let row = source(&japanese, &options).unwrap().next().unwrap().unwrap();
    let RowItem::Contact(draft) = row.item else { panic!() };
    assert_eq!(draft.company, "東京");
}

#[test]
fn one_bad_row_of_a_small_table_leaves_the_names_of_the_others() {
    let mut bytes = "Name,Email,Note\n王伟,w@x.example,你好\nBad".as_bytes().to_vec();
    bytes.extend(b"\xff\xfe,bad@x.example,\n");
    assert_eq!(names(&bytes)[0], "王伟");
}

#[test]
fn text_that_is_ascii_for_long_still_gets_its_encoding() {
    let mut bytes = b"Name,Email\n".to_vec();
    for number in 0..20_000 {
        bytes.extend(format!("Person Number{number},p{number}@example.com\n").bytes());
    }
    bytes.extend(encoding_rs::GBK.encode("王小明,wang@example.cn\n欧阳娜娜,ou@example.cn\n").0.iter());
    let mut source = source(&bytes, &Options::default()).unwrap();
    let last = source.by_ref().map(Result::unwrap).last().unwrap();
    let RowItem::Contact(draft) = last.item else { panic!() };
    assert_eq!(draft.get("name"), Some("欧阳娜娜"));
    assert_eq!(last.line, 20_003);
    assert!(
        source.warnings().iter().any(|w| w.kind == WarningKind::GuessedEncoding),
        "{:?}",
        source.warnings()
    );
}

#[test]
fn an_unclosed_quote_costs_its_own_line_and_no_other() {
    for (text, line, column, left) in [
        ("Name,Email,Note\nAnn,a@x.org,\"oops\nBob,b@x.org,ok\nCid,c@x.org,ok\n", 2, 3, vec!["Bob", "Cid"]),
        (
            "Name,Email,Note\nAnn,a@x.org,ok\n\"Bob,b@x.org,\nCid,\"c@x.org\",ok\nDot,d@x.org,\n",
            3,
            1,
            vec!["Ann", "Cid", "Dot"],
        ),
        (
            "Name,Email,Note\nAnn,a@x.org,\"one\ntwo\"\nBob,\"b@x.org,ok\nCid,c@x.org,ok\n",
            4,
            2,
            vec!["Ann", "Cid"],
        ),
        // The quote that ends it is another cell's last one.
        (
            "Name,Email,Note\nAnn,a@x.org,\"no\nBob,b@x.org,\nCid,c@x.org,\nDot,d@x.org,12\"\nEve,e@x.org,\n",
            2,
            3,
            vec!["Bob", "Cid", "Dot", "Eve"],
        ),
    ] {
        let rows = rows(text.as_bytes());
        let bad = bad(&rows);
        assert_eq!(bad.len(), 1, "{text}: {bad:?}");
        assert_eq!(bad[0].1, Reason::UnclosedQuote { line, column }, "{text}");
        assert_eq!(names(text.as_bytes()), left, "{text}");
    }
    let mut long = String::from("Name,Email\nAnn,\"a@x.org\n");
    for number in 0..100_000 {
        long.push_str(&format!("Person {number},p{number}@x.org\n"));
    }
    let rows = rows(long.as_bytes());
    assert_eq!(rows.len(), 100_001);
    assert_eq!(bad(&rows), [(2, Reason::UnclosedQuote { line: 2, column: 2 })]);
}

#[test]
fn quotes_within_cells_survive() {
    let drafts = contacts(b"Name,Note\n\"Stephen \"\"Steve\"\" King\",x\n\"Al \"Scar\" Capone\",5\" disk\n");
    assert_eq!(drafts[0].get("name"), Some("Stephen \"Steve\" King"));
    assert_eq!(drafts[1].get("name"), Some("Al \"Scar\" Capone"));
    assert_eq!(drafts[1].get("note"), Some("5\" disk"));
}

#[test]
fn ragged_rows_lose_nothing() {
    let rows = rows(b"Name,Email,Phone\nAnn\nBob,b@x.org,1,,,\nCid,c@x.org,1,surplus\n,,\nDot,d@x.org\n\n");
    assert_eq!(bad(&rows), [(4, Reason::TooManyCells { got: 4, expected: 3 })]);
    assert_eq!(rows.iter().filter(|row| matches!(row.item, RowItem::Contact(_))).count(), 3);
    assert_eq!(rows.iter().filter(|row| matches!(row.item, RowItem::Blank)).count(), 1);
}

#[test]
fn columns_with_the_same_name_are_kept_apart() {
    let text = b"Name,Email,Email,Shoe,Shoe,\nAnn,a@x.org,b@x.org,38,39,kept\n";
    let source = source(text, &Options::default()).unwrap();
    let columns: Vec<&str> = source.plan().unwrap().columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(columns, ["Name", "Email", "Email (2)", "Shoe", "Shoe (2)", "Column 6"]);
    let doubled = source.warnings().iter().filter(|w| w.kind == WarningKind::DuplicateColumn).count();
    assert_eq!(doubled, 2);
    let unmapped = source.warnings().iter().find(|w| w.kind == WarningKind::Unmapped).unwrap();
    assert_eq!(unmapped.column, "Shoe, Shoe (2), Column 6");
    let draft = contacts(text).remove(0);
    assert_eq!(draft.methods.iter().map(|m| m.value.as_str()).collect::<Vec<_>>(), ["a@x.org", "b@x.org"]);
    assert_eq!(draft.extras.iter().map(|e| e.value.as_str()).collect::<Vec<_>>(), ["38", "39", "kept"]);
}

#[test]
fn nul_and_malformed_bytes_are_reported_where_they_stand() {
    let rows = rows("Name,Note\nAn\0n,x\nBob,y\n".as_bytes());
    assert_eq!(rows[0].warnings[0].kind, WarningKind::Nul);
    let RowItem::Contact(draft) = &rows[0].item else { panic!() };
    assert_eq!(draft.get("name"), Some("Ann"));
    assert!(rows[1].warnings.is_empty());

    let mut bytes = "Name,Note\n王伟,好\n李娜,".as_bytes().to_vec();
    bytes.extend(b"\xff\n");
    bytes.extend("陈静,再见\n".bytes());
    let rows = super::tests::rows(&bytes);
    let places: Vec<(u64, &str)> =
        rows.iter().flat_map(|r| r.warnings.iter().map(|w| (w.line, w.value.as_str()))).collect();
    assert_eq!(places, [(3, "1")]);
    assert_eq!(names(&bytes), ["王伟", "李娜", "陈静"]);
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    let zip = b"PK\x03\x04....xl/workbook.xml....";
    let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let kind = |bytes: &[u8]| source(bytes, &Options::default()).err().map(|error| format!("{error}"));
    assert_eq!(kind(b"").as_deref(), Some("the file is empty"));
    assert_eq!(kind(b" \r\n\n").as_deref(), Some("the file is empty"));
    assert_eq!(kind(b"\xef\xbb\xbf").as_deref(), Some("the file is empty"));
    assert_eq!(kind(zip).as_deref(), Some("the ZIP archive is damaged or incomplete"));
    assert_eq!(kind(b"SQLite format 3\0....").as_deref(), Some("SQLite files can't be read yet"));
    assert_eq!(kind(b"%PDF-1.7\n").as_deref(), Some("PDF files can't be read yet"));
    assert_eq!(kind(&noise).as_deref(), Some("this is a binary file of no known format"));
    assert!(matches!(
        source(b"Name\nAnn\n", &Options { encoding: Some("klingon".into()), ..Options::default() }),
        Err(ExchangeError::UnknownEncoding { .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_folder_is_called_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::open(folder.path()).unwrap();
    assert!(matches!(open(Box::new(file), "x", &Options::default()), Err(ExchangeError::Directory)));
}

#[test]
fn a_hundred_thousand_columns_are_read() {
    let mut text: String = (0..100_000).map(|n| format!("c{n},")).collect();
    text.push_str("Email\n");
    for row in 0..3 {
        text.extend((0..100_000).map(|n| if n % 1000 == 0 { format!("v{row},") } else { ",".to_owned() }));
        text.push_str("a@x.org\n");
    }
    let drafts = contacts(text.as_bytes());
    assert_eq!(drafts.len(), 3);
    assert_eq!(drafts[2].extras.len(), 100);
    assert_eq!(drafts[2].methods[0].value, "a@x.org");
    let same = format!("{}Name\n{}Ann\n", "x,".repeat(100_000), "1,".repeat(100_000));
    assert_eq!(contacts(same.as_bytes())[0].extras.len(), 100_000);
}

#[test]
fn rolos_own_table_is_one_whatever_characters_it_holds() {
    let cell = "\u{17}".repeat(60);
    let text = format!("Rolo ID,Name,Field: ;;;;\n0198c5a2-0000-7000-8000-000000000000,M{cell},{cell}\n");
    let draft = contacts(text.as_bytes()).remove(0);
    assert_eq!(draft.get("name"), Some(format!("M{cell}").as_str()));
    assert_eq!(draft.values, [(";;;;".to_owned(), cell)]);
}

#[test]
fn headers_are_found_wherever_they_stand() {
    let preamble = "\u{feff}Notes:\r\n\"Some, words\"\r\n\r\nFirst Name,Last Name,URL,Email Address,Company\r\nPriya,Sharma,https://x.org,,\"Stripe, Inc.\"\r\n";
    let draft = contacts(preamble.as_bytes()).remove(0);
    assert_eq!((draft.get("given"), draft.company.as_str()), (Some("Priya"), "Stripe, Inc."));
    let kept = rows(b"Feld,Wert\nName,Email\nPhone,Company\n");
    assert_eq!(kept.len(), 2, "rows before a likelier header are no preamble");
    let bare = contacts(b"Ann Lee,ann@x.org,+1 212 555 0100\nBob Ray,bob@x.org,+1 212 555 0101\n");
    assert_eq!(bare.len(), 2);
    assert_eq!(bare[0].get("name"), Some("Ann Lee"));
    assert_eq!(bare[0].methods.len(), 2);
    assert!(rows(b"Name,Email\n").is_empty());
    let third = Options { header_row: Some(3), ..Options::default() };
    let mut source = super::tests::source(b"x,y\n1,2\nWho,Email\nAnn,a@x.org\n", &third).unwrap();
    assert_eq!(source.plan().unwrap().columns[0].name, "Who");
    assert_eq!(source.next().unwrap().unwrap().line, 4);
    let far = Options { header_row: Some(9), ..Options::default() };
    assert!(matches!(super::tests::source(b"a\nb\n", &far), Err(ExchangeError::NoHeaderRow { row: 9 })));
}

#[test]
fn a_mapping_by_hand_wins_and_its_mistakes_are_named() {
    let map = |pairs: &[(&str, &str)]| Options {
        map: pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        ..Options::default()
    };
    let text = b"Name,Lead Status,Nr\nAnn,hot,7\n";
    let options = Options { key: Some("Nr".into()), ..map(&[("lead status", "field:lead_status")]) };
    let row = source(text, &options).unwrap().next().unwrap().unwrap();
    let RowItem::Contact(draft) = row.item else { panic!() };
    assert_eq!(draft.values, [("lead_status".to_owned(), "hot".to_owned())]);
    assert_eq!(draft.external_id.as_deref(), Some("7"));
    let Err(ExchangeError::UnknownColumn { nearest, .. }) = source(text, &map(&[("Lead Statsu", "note")]))
    else {
        panic!()
    };
    assert_eq!(nearest.as_deref(), Some("Lead Status"));
    assert!(matches!(source(text, &map(&[("Nr", "nonsense")])), Err(ExchangeError::BadRule { .. })));
    let from = Options { from: Some("lotus".into()), ..Options::default() };
    assert!(matches!(source(text, &from), Err(ExchangeError::UnknownProfile { .. })));
}

const GOOGLE: &str = "First Name,Middle Name,Last Name,File As,Organization Name,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 7 - Label,E-mail 7 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Country,Event 1 - Label,Event 1 - Value,Relation 1 - Label,Relation 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value,Hobby\n\
Ann,,Lee,\"Lee, Ann\",Acme,--05-17,\"a\nb\",Friends ::: Chess club ::: * starred ::: * myContacts,* Work,ann@x.org ::: ann@y.org,Home,ann@z.org,Mobile,+44 20 7946 0018,Home,\"1 High St\nLondon\nUK\",1 High St,London,UK,Anniversary,2015-06-01,Spouse,Bob,Team,Blue,Go\n";

#[test]
fn googles_columns_find_their_fields() {
    let draft = contacts(GOOGLE.as_bytes()).remove(0);
    let method = |kind: &str, label: &str, value: &str, preferred| MethodDraft {
        kind: kind.into(),
        label: label.into(),
        value: value.into(),
        preferred,
        ..MethodDraft::default()
    };
    assert_eq!(
        draft.methods,
        [
            method("email", "work", "ann@x.org", true),
            method("email", "work", "ann@y.org", false),
            method("email", "home", "ann@z.org", false),
            method("phone", "mobile", "+44 20 7946 0018", false),
        ]
    );
    assert_eq!(draft.get("name"), Some("Ann Lee"));
    assert_eq!(draft.get("note"), Some("a\nb"));
    assert_eq!(draft.get("starred"), Some("true"));
    assert_eq!(draft.tags, ["Friends", "Chess club"]);
    assert_eq!(draft.company, "Acme");
    let date = |label: &str, date: &str| DateDraft {
        label: label.into(),
        date: date.into(),
        ..DateDraft::default()
    };
    assert_eq!(draft.dates, [date("birthday", "--05-17"), date("anniversary", "2015-06-01")]);
    assert_eq!((draft.addresses.len(), draft.addresses[0].label.as_str()), (1, "home"));
    assert_eq!((draft.links[0].relation.as_str(), draft.links[0].name.as_str()), ("spouse", "Bob"));
    assert_eq!(draft.values, [("Team".to_owned(), "Blue".to_owned())]);
    let extras: Vec<(&str, &str, &str)> =
        draft.extras.iter().map(|e| (e.source.as_str(), e.name.as_str(), e.value.as_str())).collect();
    assert_eq!(extras, [("google", "File As", "Lee, Ann"), ("google", "Hobby", "Go")]);
}

#[test]
fn dates_are_read_in_the_order_that_their_column_shows() {
    let dates = |text: &str| -> Vec<String> {
        contacts(text.as_bytes()).iter().map(|draft| draft.dates[0].date.clone()).collect()
    };
    assert_eq!(dates("Name,Birthday\nAnn,03/04/1980\nBob,25/12/1990\n"), ["1980-04-03", "1990-12-25"]);
    assert_eq!(dates("Name,Birthday\nAnn,03/04/1980\nBob,12/25/1990\n"), ["1980-03-04", "1990-12-25"]);
    let rows = rows(b"Name,Birthday\nAnn,03/04/1980\nBob,sometime\n");
    let kinds: Vec<WarningKind> = rows.iter().flat_map(|r| r.warnings.iter().map(|w| w.kind)).collect();
    assert_eq!(kinds, [WarningKind::AmbiguousDate, WarningKind::NoDate]);
    assert_eq!(dates("Name,Birthday\nAnn,03/04/1980\n"), ["03/04/1980"]);
}

#[test]
fn rejects_are_mended_and_read_again() {
    let text = "Name,Email,Shoe\nAnn,a@x.org,38\nBob,b@x.org,39,surplus\n,,40\nCid,\"c@x.org,41\n";
    let mut source = source(text.as_bytes(), &Options::default()).unwrap();
    let mut out = Vec::new();
    let mut rejects = Rejects::new(&mut out, &source).unwrap();
    for row in source.by_ref() {
        let row = row.unwrap();
        if let RowItem::Bad(reason) = &row.item {
            rejects.write(&row.raw, &reason.to_string()).unwrap();
        }
    }
    rejects.finish().unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Name,Email,Shoe,rolo_reason");
    assert_eq!(lines[1], "Bob,b@x.org,39,surplus,4 cells where there are 3 columns");
    assert_eq!(lines[2], ",,40,\"no name, company, e-mail or phone\"");
    assert_eq!(lines[3], "Cid,\"\"\"c@x.org\",41,\"unclosed quote, opened at line 5, column 2\"");
    let mended =
        text.replace(",surplus", "").replace("\n,,40", "\nZoe,,40").replace("\"\"\"c@x.org\"", "c@x.org");
    let drafts = contacts(mended.as_bytes());
    assert_eq!(drafts.len(), 3, "{mended}");
    assert!(
        drafts.iter().all(|draft| draft.extras.len() == 1 && draft.extras[0].name == "Shoe"),
        "{drafts:?}"
    );
}

#[test]
fn json_comes_as_array_object_or_lines() {
    let one = r#"{"name":"Ann","emails":["a@x.org",{"value":"b@x.org","label":"home","preferred":true,"verified":"yes"}],
        "company":"Acme","birthday":"--05-17","tags":["a","b"],"fields":{"n":3},"starred":true,"shoe":{"size":38}}"#;
    let flat = one.replace('\n', " ");
    for text in
        [one.to_owned(), format!("[{one}]"), format!(" [\n {one} ] \n"), flat.clone(), format!("{flat}\n\n")]
    {
        let draft = contacts(text.as_bytes()).remove(0);
        assert_eq!(draft.get("name"), Some("Ann"), "{text}");
        assert_eq!(draft.methods.len(), 2);
        assert!(draft.methods[1].preferred);
        assert_eq!(draft.company, "Acme");
        assert_eq!(draft.dates[0].date, "--05-17");
        assert_eq!(draft.values, [("n".to_owned(), "3".to_owned())]);
        let extras: Vec<(&str, &str)> =
            draft.extras.iter().map(|e| (e.name.as_str(), e.value.as_str())).collect();
        assert_eq!(extras, [("emails[1].verified", "yes"), ("shoe", "{\"size\":38}")]);
    }
    let rows = rows(b"{\"name\":\"Ann\"}\n{\"name\":\n{\"record\":\"task\",\"id\":\"1\"}\n[1]\n{\"name\":[1]}\n{\"name\":\"Bob\"}\n");
    assert!(matches!(rows[0].item, RowItem::Contact(_)));
    assert!(matches!(&rows[1].item, RowItem::Bad(Reason::NoJson { .. })) && rows[1].line == 2);
    assert!(matches!(&rows[2].item, RowItem::Record(map) if map["record"] == "task"));
    assert!(matches!(&rows[3].item, RowItem::Bad(Reason::WrongType { .. })));
    assert_eq!(rows[4].line, 5);
    assert!(matches!(&rows[4].item, RowItem::Bad(Reason::WrongType { key, .. }) if key == "name"));
    assert!(matches!(rows[5].item, RowItem::Contact(_)));
}

#[test]
fn a_broken_array_is_fatal_and_says_where() {
    for (text, line, column) in [
        ("[{\"name\":\"Ann\"},\n {\"name\" \"Bob\"}]", 2, 10),
        ("[{\"name\":\"Ann\"}\n {\"name\":\"Bob\"}]", 2, 2),
        ("[{\"name\":\"Ann\"},\n", 2, 1),
        ("[{\"name\":\"Ann\"}]\nx", 2, 1),
        ("[{\"name\":\"Ann\"", 1, 14),
    ] {
        let last = source(text.as_bytes(), &Options::default()).unwrap().last().unwrap();
        let Err(ExchangeError::BrokenJson { line: at, column: place, .. }) = last else {
            panic!("{text}: {last:?}")
        };
        assert_eq!((at, place), (line, column), "{text}");
    }
}

fn written(contacts: &[ContactOut], style: Style) -> Vec<u8> {
    let mut shape = Shape::new(style, None);
    contacts.iter().for_each(|contact| shape.see(contact));
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, &shape, b',', false).unwrap();
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
    out
}

#[test]
fn googles_own_file_comes_back() {
    let draft = contacts(GOOGLE.as_bytes()).remove(0);
    let method = |m: &MethodDraft| MethodOut {
        value: m.value.clone(),
        label: m.label.clone(),
        preferred: m.preferred,
        ..MethodOut::default()
    };
    let of = |kind: &str| draft.methods.iter().filter(|m| m.kind == kind).map(method).collect::<Vec<_>>();
    let mut out = ContactOut {
        kind: "person".into(),
        company: Some(CompanyOut { id: String::new(), name: draft.company.clone() }),
        emails: of("email"),
        phones: of("phone"),
        birthday: "--05-17".into(),
        tags: draft.tags.clone(),
        starred: true,
        ..ContactOut::default()
    };
    for (name, text) in &draft.fields {
        if let Some(place) = out.text_mut(name) {
            text.clone_into(place);
        }
    }
    out.addresses = vec![AddressOut {
        label: "home".into(),
        street: "1 High St".into(),
        city: "London".into(),
        country: "UK".into(),
        ..AddressOut::default()
    }];
    out.dates =
        vec![DateOut { label: "anniversary".into(), date: "2015-06-01".into(), ..DateOut::default() }];
    out.links = vec![LinkOut { relation: "spouse".into(), name: "Bob".into(), ..LinkOut::default() }];
    out.fields.insert("Team".into(), "Blue".into());
    out.extras = draft
        .extras
        .iter()
        .map(|e| ExtraOut {
            source: e.source.clone(),
            name: e.name.clone(),
            value: e.value.clone(),
            ..ExtraOut::default()
        })
        .collect();
    let bytes = written(&[out], Style::Google);
    let mut again = contacts(&bytes).remove(0);
    let mut draft = draft;
    draft.fields.sort();
    again.fields.sort();
    assert_eq!(again, draft, "{}", String::from_utf8_lossy(&bytes));
}

#[test]
fn formulas_are_defused_and_come_back() {
    let evil = [
        "=1+1",
        "+86 138 0013 8000",
        "+1-212-555-0100",
        "-5.50",
        "+1-1",
        "-2/3",
        "-x",
        "@y",
        "'=z",
        "''+q",
        "'plain",
    ];
    let list: Vec<ContactOut> = evil
        .iter()
        .map(|text| ContactOut { name: "Ann".into(), note: (*text).into(), ..ContactOut::default() })
        .collect();
    let bytes = written(&list, Style::Csv);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains(",=1"), "{text}");
    for (cell, stands) in [
        ("+1-1", "'+1-1"),
        ("-2/3", "'-2/3"),
        ("+1-212-555-0100", "+1-212-555-0100"),
        ("-5.50", "-5.50"),
        ("--05-17", "--05-17"),
    ] {
        assert_eq!(super::csv_out::defused(cell), stands);
    }
    let notes: Vec<String> =
        contacts(&bytes).iter().map(|d| d.get("note").unwrap_or("").to_owned()).collect();
    assert_eq!(notes, evil);
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z'\" .-]{0,8}[a-z]",
        "[王李张陈伟娜静敏]{2,4}",
        "[=+@'-][a-z,;\"]{1,6}[a-z]",
        Just("Łukasz \"Ł\" Żak".to_owned()),
    ]
}

fn maybe() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), word()]
}

prop_compose! {
    fn some_method(service: bool)(value in word(), label in maybe(), preferred: bool, name in word()) -> MethodOut {
        MethodOut { value, label, preferred, service: if service { name } else { String::new() }, normal: String::new() }
    }
}

prop_compose! {
    pub(super) fn some_contact()(
        name in word(), given in word(), family in maybe(), title in maybe(), company in maybe(), note in "[ -~\n]{0,20}[a-z]",
        emails in prop::collection::vec(some_method(false), 0..3), phones in prop::collection::vec(some_method(false), 0..3),
        ims in prop::collection::vec(some_method(true), 0..2), socials in prop::collection::vec(some_method(true), 0..2),
        tags in prop::collection::hash_set("[a-z][a-z;, ]{0,5}[a-z]", 0..3), street in word(), city in maybe(),
        field in word(), flags: (bool, bool), birthday in prop_oneof![Just(String::new()), Just("1980-02-29".to_owned()), Just("--05-17".to_owned())],
        relation in word(), stage in maybe(),
    ) -> ContactOut {
        ContactOut {
            id: "0198c0de-0000-7000-8000-000000000001".into(),
            name, given, family, title, note, emails, phones, ims, socials, stage, birthday,
            company: (!company.is_empty()).then(|| CompanyOut { id: String::new(), name: company.clone() }),
            tags: tags.into_iter().collect(),
            addresses: vec![AddressOut { label: "home".into(), street, city, ..AddressOut::default() }],
            dates: vec![DateOut { label: "met".into(), date: "2020-01-02".into(), calendar: String::new() }],
            fields: [("lead status".to_owned(), Value::String(field))].into_iter().collect(),
            links: vec![LinkOut { relation: relation.clone(), id: String::new(), name: relation }],
            extras: vec![ExtraOut { source: "csv".into(), name: "Shoe size".into(), params: String::new(), value: company }]
                .into_iter().filter(|extra| !extra.value.is_empty()).collect(),
            starred: flags.0,
            archived: flags.1,
            created: "2026-01-02T03:04:05Z".into(),
            ..ContactOut::default()
        }
    }
}

pub(super) fn sorted(mut draft: ContactDraft) -> ContactDraft {
    draft.fields.sort();
    draft.methods.sort_by(|a, b| a.kind.cmp(&b.kind));
    draft
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_neither_panic_nor_hang(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(source) = source(&bytes, &Options::default()) {
            prop_assert!(source.take(2000).count() < 2000);
        }
    }

    #[test]
    fn arbitrary_tables_account_for_every_line(text in "([a-z\"',;\u{0}\t]{0,12}(\n|\r\n|\r)){0,12}[\"a-z,]{0,6}") {
        let options = Options { header_row: Some(0), delimiter: Some(b','), ..Options::default() };
        if let Ok(source) = source(text.as_bytes(), &options) {
            let kept: usize = source.map(|row| match row.unwrap().raw {
                Raw::Cells(record) => record.iter().flat_map(str::chars).filter(char::is_ascii_lowercase).count(),
                Raw::Text(_) => 0,
            }).sum();
            prop_assert_eq!(kept, text.chars().filter(char::is_ascii_lowercase).count());
        }
    }

    #[test]
    fn json_gives_back_what_it_took(list in prop::collection::vec(some_contact(), 1..4)) {
        let lines: String = list.iter().map(|c| serde_json::to_string(c).unwrap() + "\n").collect();
        let array = serde_json::to_string_pretty(&list).unwrap();
        let wanted: Vec<ContactDraft> = list.into_iter().map(|c| sorted(c.into())).collect();
        for text in [lines, array] {
            let read: Vec<ContactDraft> = contacts(text.as_bytes()).into_iter().map(sorted).collect();
            prop_assert_eq!(&read, &wanted);
        }
    }

    #[test]
    fn csv_gives_back_what_it_took(list in prop::collection::vec(some_contact(), 1..4)) {
        let bytes = written(&list, Style::Csv);
        let wanted: Vec<ContactDraft> = list.into_iter().map(|c| sorted(c.into())).collect();
        let read: Vec<ContactDraft> = contacts(&bytes).into_iter().map(sorted).collect();
        prop_assert_eq!(read, wanted, "{}", String::from_utf8_lossy(&bytes));
    }
}
