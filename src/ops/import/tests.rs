//! Inspection, rehearsal and undo through the public face of the room.

use super::super::tests::book;
use super::*;
use crate::exchange::{DateOrder, Format, Known, WarningKind, Why};
use crate::ops::{Change, Find, UndoOut};
use proptest::prelude::*;

fn input(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input {
        name: name.to_owned(),
        bytes: Box::new(std::io::Cursor::new(bytes.into())),
        size: None,
        folder: None,
    }
}

fn run(book: &mut Book, text: &str, options: &ImportOptions) -> ImportReport {
    book.import(vec![input("people.csv", text)], options, &mut ()).unwrap()
}

fn names(book: &Book) -> Vec<String> {
    let ids = book.find(&book.parse("").unwrap(), &Find::default()).unwrap().ids;
    book.rows(&ids).unwrap().into_iter().map(|row| row.name).collect()
}

#[test]
fn a_file_is_told_by_its_columns_its_names_or_its_cells() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    let inspect =
        |bytes: &[u8], options: &ImportOptions| book.inspect(vec![input("x", bytes)], options).unwrap();
    let usual = ImportOptions::default();

    let google = "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Labels,Shoe Size\nAnn,Lee,Work,a@x.example,,38\n";
    let found = inspect(google.as_bytes(), &usual);
    assert_eq!((found.format, found.profile.as_str(), found.header_line), (Format::Csv, "google", 1));
    assert!(matches!(&found.evidence, Evidence::Columns(names) if names.contains(&"First Name".to_owned())));
    assert_eq!(found.encoding, Some(("UTF-8", Known::Valid)));
    let shoe = found.columns.iter().find(|column| column.name == "Shoe Size").unwrap();
    assert_eq!(
        (shoe.kept, shoe.why, shoe.confidence, shoe.samples.as_slice()),
        (true, Why::Unmapped, 0, &["38".to_owned()][..])
    );
    let email = found.columns.iter().find(|column| column.name == "E-mail 1 - Value").unwrap();
    assert!(email.confidence >= 95 && email.why == Why::Profile, "{email:?}");

    // The names are known ones, the encoding is not Unicode, the separator is no comma, days come first.
    let (gbk, ..) = encoding_rs::GBK
        .encode("姓名;邮箱;生日\n王伟;w@x.example;03/04/1980\n李娜娜;l@x.example;25/04/1981\n");
    let found = inspect(&gbk, &usual);
    assert!(matches!(&found.evidence, Evidence::Names(names) if names.len() == 3), "{found:?}");
    assert_eq!((found.encoding, found.delimiter), (Some(("GBK", Known::Guessed)), Some(b';')));
    let date = found.date.unwrap();
    assert_eq!(
        (found.date_order, date.text.as_str(), date.read.as_deref()),
        (Some(DateOrder::Dmy), "03/04/1980", Some("1980-04-03"))
    );

    // No names at all, UTF-16.
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(
        "Ann Lee\ta@x.example\t+1 212-555-0100\nBob\tb@x.example\t+1 212-555-0101\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let found = inspect(&utf16, &usual);
    assert_eq!((&found.evidence, found.header_line, found.delimiter), (&Evidence::Content, 0, Some(b'\t')));
    assert_eq!(found.encoding, Some(("UTF-16LE", Known::Mark)));
    assert_eq!(found.columns.iter().map(|column| column.why).collect::<Vec<_>>(), [Why::Content; 3]);

    // A column whose name promises what its cells don't keep.
    let found = inspect(b"Name,E-mail\nAnn,yes\nBob,no\n", &usual);
    assert!(found.columns[1].confidence < 50, "{found:?}");
    let found = inspect(b"[{\"name\":\"Ann\"}]", &usual);
    assert_eq!((found.format, found.evidence, found.columns.len()), (Format::Json, Evidence::Beginning, 0));
    let from = ImportOptions { read: Options { from: Some("google".into()), ..Options::default() }, ..usual };
    assert_eq!(inspect(b"Name,E-mail\nAnn,a@x.example\n", &from).evidence, Evidence::Given);
}

fn read(map: &[(&str, &str)], set: &[(&str, &str)]) -> ImportOptions {
    let owned =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    ImportOptions {
        read: Options { map: owned(map), set: owned(set), ..Options::default() },
        ..ImportOptions::default()
    }
}

#[test]
fn every_transform_does_what_the_plan_says() {
    let text = "Full Name,First,Last,Place,Stage,Dept,Team,Status\n\
                \"Lee, Ann Mary\",,,\"San Francisco, CA 94105\",lead,Sales,West,old\n\
                ,Bob,Ray,Berlin,,,East,new\n";
    let map = [
        ("First+Last", "nickname by \"-\""),
        ("full name", "split name"),
        ("Place", "split address.city, address.region, address.postcode"),
        ("Dept+Team", "department by \" / \""),
        ("Status", "field:status"),
    ];
    let options = read(&map, &[("stage", "customer"), ("tags", "fair")]);
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let report = run(&mut book, text, &options);
    assert_eq!((report.created, report.rejected), (2, 0), "{report:?}");
    let contact = |who: &str| book.contact(book.resolve(who).unwrap()).unwrap();
    let ann = serde_json::to_value(contact("Ann Mary Lee")).unwrap();
    assert_eq!(
        (&ann["given"], &ann["family"], &ann["stage"]),
        (&"Ann".into(), &"Lee".into(), &"customer".into()),
        "{ann}"
    );
    let address = &ann["addresses"][0];
    assert_eq!(
        (&address["city"], &address["region"], &address["postcode"]),
        (&"San Francisco".into(), &"CA".into(), &"94105".into())
    );
    assert_eq!(
        (&ann["department"], &ann["tags"][0], &ann["fields"]["status"]),
        (&"Sales / West".into(), &"fair".into(), &"old".into())
    );
    // What the file itself says where all rows get a value is kept.
    assert_eq!((&ann["extras"][0]["name"], &ann["extras"][0]["value"]), (&"Stage".into(), &"lead".into()));
    let bob = serde_json::to_value(contact("Bob-Ray")).unwrap();
    assert_eq!(
        (&bob["nickname"], &bob["department"], &bob["addresses"][0]["city"]),
        (&"Bob-Ray".into(), &"East".into(), &"Berlin".into())
    );
    // The same plan for the same rows changes nothing, another plan does.
    assert_eq!(run(&mut book, text, &options).unchanged, 2);
}

#[test]
fn a_wrong_rule_names_the_column_and_what_may_have_been_meant() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    let fails = |options: &ImportOptions| match book
        .inspect(vec![input("x", "Full Name,E-mail\nAnn,a@x.example\n")], options)
    {
        Err(OpError::Exchange { source, .. }) => source,
        other => panic!("{other:?}"),
    };
    let column = fails(&read(&[("Ful Name", "name")], &[]));
    assert!(
        matches!(column, ExchangeError::UnknownColumn { nearest: Some(near), .. } if near == "Full Name")
    );
    let part = fails(&read(&[("Full Name+Mail", "name")], &[]));
    assert!(matches!(part, ExchangeError::UnknownColumn { name, .. } if name == "Mail"));
    for (left, right) in [("Full Name", "nme"), ("Full Name", "split given, nme")] {
        let ExchangeError::BadRule { column, source } = fails(&read(&[(left, right)], &[])) else {
            panic!("{right}")
        };
        assert_eq!(column, left);
        assert!(
            matches!(*source, ExchangeError::UnknownTarget { nearest: Some(near), .. } if near == "name")
        );
    }
    let several = fails(&read(&[("Full Name+E-mail", "split name")], &[]));
    assert!(
        matches!(several, ExchangeError::BadRule { source, .. } if matches!(*source, ExchangeError::SplitsSeveral))
    );
    assert!(matches!(fails(&read(&[], &[("stge", "x")])), ExchangeError::BadRule { .. }));
}

#[test]
fn a_mapping_is_found_again_by_the_shape_of_the_header() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let said =
        ImportOptions { on_match: OnMatch::Fill, tags: vec!["news".into()], ..read(&[("Wer", "name")], &[]) };
    let columns = ["Wer", "Wo", "E-mail", "Tel", "X"].map(str::to_owned).to_vec();
    let mapping = Mapping::of("news", columns, &said, "2026-11-22".into());
    let with = ImportOptions { mappings: vec![mapping], ..ImportOptions::default() };
    // Another order, a column more.
    let text = "E-mail,X,Wo,Wer,Tel,Neu\na@x.example,1,Bonn,Ann Lee,,\n";
    let found = book.inspect(vec![input("x", text)], &with).unwrap();
    assert_eq!(found.saved, Some(("news".into(), "2026-11-22".into())));
    assert_eq!((found.on_match, found.tags.as_slice()), (OnMatch::Fill, &["news".to_owned()][..]));
    let report = run(&mut book, text, &with);
    assert_eq!((report.created, names(&book)), (1, vec!["Ann Lee".to_owned()]));
    // Too different, or without a column that it speaks of.
    for text in ["E-mail,Wer,A,B,C\na@x.example,Ann,1,2,3\n", "E-mail,X,Wo,Tel\na@x.example,,,\n"] {
        assert_eq!(book.inspect(vec![input("x", text)], &with).unwrap().saved, None, "{text}");
    }
}

#[test]
fn a_rehearsal_tells_field_by_field_what_would_change() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let first = "Name,E-mail,Title,Tags\nAnn Lee,ann@x.example,VP,vip\nBob Ray,bob@x.example,CTO,\n";
    run(&mut book, first, &ImportOptions::default());
    let second = "Name,E-mail,Title,Tags\nAnn Lee,ann@x.example,CEO,vip;fair\nBob Ray,bob@x.example,CTO,\n\
                  Zoe,ann@x.example,,\nCid,cid@x.example,,\nDan,cid@x.example,,\n,,,x\n";
    let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = run(&mut book, second, &options);
    assert_eq!(
        (report.created, report.updated, report.unchanged, report.rejected, report.doubtful),
        (3, 1, 1, 1, 2)
    );
    let change = |contact: &str, field: &str, before: &str, after: &str| FieldChange {
        contact: contact.into(),
        field: field.into(),
        before: before.into(),
        after: after.into(),
    };
    assert_eq!(
        report.changes,
        [change("Ann Lee", "title", "VP", "CEO"), change("Ann Lee", "tag", "", "fair")]
    );
    assert_eq!(report.changes_total, 2);
    let fresh: Vec<_> =
        report.fresh.iter().map(|new| (new.line, new.name.as_str(), new.doubtful.as_deref())).collect();
    assert_eq!(fresh, [(4, "Zoe", Some("Ann Lee")), (5, "Cid", None), (6, "Dan", Some("#5"))]);
    assert_eq!(report.refused.iter().map(|row| row.line).collect::<Vec<_>>(), [7]);
    assert_eq!(names(&book), ["Ann Lee", "Bob Ray"], "nothing was written");
}

fn undo(book: &mut Book, batch: i64) -> UndoOut {
    book.undo(Some(batch)).unwrap()
}

#[test]
fn undoing_an_import_later_keeps_what_was_worked_with_since() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let before =
        run(&mut book, "Name,E-mail,Title\nOld Friend,old@x.example,VP\n", &ImportOptions::default());
    let text = "Name,E-mail,Title,Company,Tags\nAnn Lee,ann@x.example,,Acme,vip\nBob Ray,bob@x.example,,Acme,vip\n\
                Old Friend,old@x.example,CEO,Initech,\nCid,cid@x.example,,Globex,rare\n";
    let imported = run(&mut book, text, &ImportOptions::default());
    assert_eq!((imported.created, imported.updated), (3, 1));
    // A month goes by: one is edited, one is tagged with a tag of the import, one gets a phone that the import knew nothing of.
    let set = |field: &str, value: &str| Change::Set { field: field.into(), value: value.into() };
    let id = book.resolve("Bob Ray").unwrap();
    book.edit(&[id], &[set("note", "met again")]).unwrap();
    let old = book.resolve("Old Friend").unwrap();
    book.edit(&[old], &[Change::Add { field: "phone".into(), value: "+1 212-555-0100".into() }]).unwrap();
    let undone = undo(&mut book, imported.batch);
    assert_eq!(
        names(&book),
        ["Bob Ray", "Old Friend"],
        "what nobody touched is gone, what was edited is kept"
    );
    let kept: Vec<_> = undone.kept.iter().map(|kept| (kept.name.as_str(), kept.kind)).collect();
    assert_eq!(kept, [("Bob Ray", "contact")], "only what people know is reported");
    let bob = serde_json::to_value(book.contact(id).unwrap()).unwrap();
    assert_eq!(
        (&bob["note"], &bob["tags"][0], &bob["company"]["name"]),
        (&"met again".into(), &"vip".into(), &"Acme".into())
    );
    let old = serde_json::to_value(book.contact(old).unwrap()).unwrap();
    assert_eq!(
        (&old["title"], &old["phones"][0]["value"], &old["company"]),
        (&"VP".into(), &"+1 212-555-0100".into(), &serde_json::Value::Null)
    );
    assert!(
        book.tags().unwrap().iter().all(|tag| tag.name != "rare"),
        "a tag that nobody has any more goes, too"
    );
    assert!(matches!(book.undo(Some(imported.batch)), Err(OpError::AlreadyUndone(_))));
    // Doing it again brings back who went, and leaves who stayed.
    book.redo().unwrap();
    assert_eq!(names(&book), ["Ann Lee", "Bob Ray", "Cid", "Old Friend"]);
    // Of the import before it nothing is left to be taken back: the one whom it brought was worked with.
    assert!(matches!(book.undo(Some(before.batch)), Err(OpError::MovedOn(batch)) if batch == before.batch));
}

#[test]
fn a_cancelled_import_changes_nothing() {
    struct After(u64, std::cell::Cell<u64>);
    impl Watch for After {
        fn progress(&mut self, _: &Progress) {}
        fn cancelled(&self) -> bool {
            self.1.set(self.1.get() + 1);
            self.1.get() > self.0
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    run(&mut book, "Name\nOld\n", &ImportOptions::default());
    let text: String =
        std::iter::once("Name\n".to_owned()).chain((0..5000).map(|n| format!("Person {n}\n"))).collect();
    for after in [0, 1, 7, 30] {
        let mut watch = After(after, std::cell::Cell::new(0));
        let ended = book.import(vec![input("x", text.as_str())], &ImportOptions::default(), &mut watch);
        assert!(matches!(ended, Err(OpError::Store(StoreError::Cancelled))), "{ended:?}");
        assert_eq!(names(&book), ["Old"]);
        assert_eq!(
            book.history(None, None, None)
                .unwrap()
                .iter()
                .filter(|batch| batch.label.what == "import")
                .count(),
            1
        );
    }
}

#[test]
fn what_a_new_company_brings_is_no_change_though_somebody_worked_there_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let text = "Company,Name,Phone\nAcme,Ann Lee,\nAcme,,+49 30 1234567\n";
    let report = run(&mut book, text, &ImportOptions { dry_run: true, ..ImportOptions::default() });
    assert_eq!((report.created, report.updated, report.changes_total), (2, 0, 0), "{:?}", report.changes);
    assert_eq!(report.fresh.iter().map(|new| new.name.as_str()).collect::<Vec<_>>(), ["Ann Lee", "Acme"]);
}

/// Tables as people's files have them: columns that clash, cells that are odd, rows that are ragged.
fn ugly() -> impl Strategy<Value = String> {
    let column = prop::sample::select(vec![
        "Name", "E-mail", "E-mail", "Phone", "Company", "Tags", "Birthday", "Notes", "ID", "Odd", "City",
    ]);
    let cell = prop_oneof![
        Just(String::new()),
        "[A-C][a-c]{1,3}( [A-C][a-c]{1,3})?",
        "[ab]@x\\.example",
        "\\+1 212-555-010[0-3]",
        Just("03/04/1980".to_owned()),
        Just("\"a, b\"".to_owned()),
        Just("\"".to_owned()),
        Just("王伟".to_owned()),
        Just("=1+1".to_owned()),
    ];
    let columns = prop::collection::vec(column, 1..7);
    let rows = prop::collection::vec(prop::collection::vec(cell, 0..9), 0..12);
    (columns, rows).prop_map(|(columns, rows)| {
        let lines = rows.iter().map(|row| row.join(","));
        std::iter::once(columns.join(",")).chain(lines).collect::<Vec<_>>().join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_rehearsal_counts_what_the_import_does(first in ugly(), second in ugly(), on in 0usize..4) {
        let on_match = [OnMatch::Update, OnMatch::Fill, OnMatch::Skip, OnMatch::Add][on];
        let folder = tempfile::tempdir().unwrap();
        let mut book = book(folder.path());
        for text in [&first, &second, &first] {
            let mut counts = Vec::new();
            for dry_run in [true, false] {
                let options = ImportOptions { dry_run, on_match, ..ImportOptions::default() };
                let report = book.import(vec![input("x", text.as_str())], &options, &mut ());
                counts.push(report.map(|report| {
                    prop_assert_eq!(
                        report.read,
                        report.created + report.updated + report.unchanged + report.skipped + report.rejected
                    );
                    if dry_run {
                        prop_assert_eq!(report.updated == 0, report.changes.is_empty(), "{:?}", report.changes);
                        prop_assert!(report.fresh.len() as u64 <= report.created);
                        prop_assert_eq!(report.fresh.iter().filter(|new| new.doubtful.is_some()).count() as u64, report.doubtful);
                    }
                    Ok(serde_json::to_value(&report).map(|mut value| {
                        for key in ["batch", "seconds"] {
                            value[key] = serde_json::Value::Null;
                        }
                        value
                    }).unwrap())
                }).map_err(|error| error.to_string()));
            }
            let [dry, real] = [counts.remove(0), counts.remove(0)];
            prop_assert_eq!(dry.map(|report| report.unwrap()), real.map(|report| report.unwrap()));
        }
    }
}

#[test]
fn one_number_in_two_columns_is_one_and_what_no_one_can_dial_is_told() {
    let imported = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut book = book(folder.path());
        let report = run(&mut book, text, &ImportOptions::default());
        let id = book.find(&book.parse("").unwrap(), &Find::default()).unwrap().ids[0];
        (book.contact(id).unwrap(), report)
    };
    let phones = |out: &crate::exchange::json::ContactOut| -> Vec<[String; 3]> {
        out.phones.iter().map(|p| [&p.label, &p.value, &p.normal].map(String::clone)).collect()
    };
    let (ann, _) = imported("Name,Phone,Mobile\nAnn,+45 20 12 34 56,004520123456\n");
    assert_eq!(phones(&ann), [["mobile", "+45 20 12 34 56", "+4520123456"]]);
    assert!(ann.extras.is_empty(), "{ann:?}");
    // A label of its own is not lost, and a fax is another thing.
    let (ann, _) = imported("Name,Mobile,Work Phone,Fax\nAnn,+45 20 12 34 56,0045 20123456,+4520123456\n");
    let wanted = [["mobile", "+45 20 12 34 56", "+4520123456"], ["fax", "+4520123456", ""]];
    assert_eq!(phones(&ann), wanted);
    let extras: Vec<_> = ann.extras.iter().map(|e| (e.name.as_str(), e.value.as_str())).collect();
    assert_eq!(extras, [("Work Phone", "0045 20123456")]);
    let (ann, report) = imported("Name,Phone,Email\nAnn,1.23457E+11,h @x.example\n");
    assert_eq!(phones(&ann), [["", "1.23457E+11", ""]]);
    let kinds: Vec<WarningKind> = report.notes.iter().map(|note| note.warning.kind).collect();
    assert_eq!(kinds, [WarningKind::NoPhone, WarningKind::NoEmail]);
}
