use proptest::prelude::*;

use super::*;
use crate::exchange::json::ContactOut;
use crate::exchange::testing::{contacts, opened, out_of, rows, write_all};
use crate::exchange::{Format, Reason, RowItem};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft};

fn abook(list: &[ContactOut]) -> String {
    let mut out = Vec::new();
    write_all(&mut Writer::new(&mut out), list);
    String::from_utf8(out).unwrap()
}

const FILE: &str = "# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n\n[0]\nname=Ann Lee\nemail=ann@acme.example,ann@home.example\n\
address=1 High St\naddress2=Flat 2\ncity=London\nstate=Greater London\nzip=N1\ncountry=UK\nphone=555-0101\nworkphone=555-0100\nfax=555-0102\nmobile=555-0104\n\
nick=annie\nurl=https://ann.example\nnotes=likes = tea\nanniversary=--06-01\ngroups=friends,vip\nteam=Blue\n\n\n[1]\ncustom1=x\nemail=bob@x.example\nname=Bob\nbirthday=1980-05-17\n\n";

#[test]
fn an_address_book_comes_in_whole_and_goes_out_as_it_was() {
    let list = contacts(FILE.as_bytes());
    let ann = &list[0];
    assert_eq!((ann.get("name"), ann.get("note")), (Some("Ann Lee"), Some("likes = tea")));
    let methods: Vec<String> =
        ann.methods.iter().map(|m| format!("{} {} {}", m.kind, m.label, m.value)).collect();
    assert_eq!(
        methods,
        [
            "email  ann@acme.example",
            "email  ann@home.example",
            "phone home 555-0101",
            "phone work 555-0100",
            "phone fax 555-0102",
            "phone mobile 555-0104",
            "url  https://ann.example"
        ]
    );
    assert_eq!((ann.addresses[0].extended.as_str(), ann.tags.len()), ("Flat 2", 2));
    assert_eq!(ann.values, [("team".to_owned(), "Blue".to_owned())]);
    assert_eq!(list[1].dates[0].date, "1980-05-17");
    let out = abook(&list.into_iter().map(out_of).collect::<Vec<_>>());
    let lines =
        |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&out), lines(FILE));
    assert_eq!(opened(FILE.as_bytes()).unwrap().format(), Format::Abook);
}

#[test]
fn broken_entries_are_refused_by_line() {
    let found = rows(b"[0]\nname=Ann\n\n[1]\nname=Bob\nno value here\n[2]\nnotes=nobody\n[3]\n=x\n");
    let said: Vec<(u64, Option<Reason>)> = found
        .iter()
        .map(|row| (row.line, if let RowItem::Bad(reason) = &row.item { Some(reason.clone()) } else { None }))
        .collect();
    assert_eq!(
        said,
        [
            (1, None),
            (4, Some(Reason::NoAttribute { line: 6, text: "no value here".into() })),
            (7, Some(Reason::NoName)),
            (9, Some(Reason::NoAttribute { line: 10, text: "=x".into() })),
        ]
    );
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z][a-zA-Z0-9=#\\[ .-]{0,9}[a-z]", "[王李张陈伟]{2,4}"]
}

proptest! {
    #[test]
    fn a_contact_comes_back(name in value(), nick in value(), note in value(), field in value(), company in value(),
        mails in prop::collection::hash_set("[a-z]{1,5}@x[.]example", 0..4), more in prop::collection::vec("[0-9]{5}", 0..3),
        tags in prop::collection::hash_set("[a-z]{1,5}", 0..3), city in value(), day in prop_oneof![Just("1980-02-29"), Just("--05-17")]) {
        let method = |kind: &str, label: &str, value: String| MethodDraft { kind: kind.into(), label: label.into(), value, ..MethodDraft::default() };
        let date = |label: &str| DateDraft { label: label.into(), date: day.into(), ..DateDraft::default() };
        let draft = ContactDraft {
            fields: vec![("name", name), ("nickname", nick), ("note", note)],
            company,
            methods: mails.into_iter().map(|value| method("email", "", value))
                .chain(["home", "work", "fax", "mobile"].map(|label| method("phone", label, format!("1{}", label.len()))))
                .chain(more.into_iter().map(|value| method("phone", "", value)))
                .chain(["https://a.example", "https://b.example"].map(|url| method("url", "", url.into()))).collect(),
            addresses: vec![AddressDraft { street: "1 High St".into(), city, ..AddressDraft::default() }],
            dates: vec![date("birthday"), date("anniversary")],
            tags: tags.into_iter().collect(),
            values: vec![("lead status".into(), field)],
            ..ContactDraft::default()
        };
        let sorted = |mut draft: ContactDraft| { draft.methods.sort_by_key(|m| (m.kind.clone(), m.label.clone())); draft.fields.sort(); draft.dates.sort_by_key(|d| d.label.clone()); draft.tags.sort(); draft };
        let mut read = contacts(abook(&[out_of(draft.clone())]).as_bytes()).remove(0);
        read.extras.retain(|e| e.name != ORDER);
        prop_assert_eq!(sorted(read), sorted(draft));
    }

    #[test]
    fn an_entry_comes_back_key_by_key(list in prop::collection::vec((prop::sample::select(vec!["name", "email", "phone", "city", "notes", "nick", "url", "groups", "company", "job", "custom1", "x", "phone2", "anniversary"]), "[a-z][a-z0-9 ]{0,5}[a-z]"), 1..12)) {
        let mut file = String::from("[0]\nname=First\n");
        list.iter().for_each(|(key, value)| file.push_str(&format!("{key}={value}\n")));
        let out = abook(&contacts(file.as_bytes()).into_iter().map(out_of).collect::<Vec<_>>());
        // Lists of one key repeated become one list.
        let once = |key: &str| file.matches(&format!("\n{key}=")).count() < 2;
        prop_assume!(once("email") && once("groups"));
        let body = out.split_once("[0]\n").unwrap().1;
        let keys = |text: &str| text.lines().filter_map(|line| line.split_once('=')).map(|(key, _)| key.to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(keys(body), keys(&file));
        let sorted = |text: &str| { let mut lines: Vec<String> = text.lines().filter(|line| line.contains('=')).map(str::to_owned).collect(); lines.sort(); lines };
        prop_assert_eq!(sorted(body), sorted(&file));
    }
}

#[test]
fn a_key_that_comes_again_keeps_its_place() {
    let text = "[0]\nname=Ann\ncustom1=a\ncustom1=a\nx=b\n";
    let out = abook(&contacts(text.as_bytes()).into_iter().map(ContactOut::from).collect::<Vec<_>>());
    assert!(out.contains(text), "{out}");
}

#[test]
fn a_key_that_begins_like_a_section_goes_out_as_it_came_in() {
    let text = "# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n\n[0]\nname=Ann\nemail=a@x.example\nx=1\n[2=-\nname=b\n";
    let out = |text: &str| -> String {
        abook(&contacts(text.as_bytes()).into_iter().map(ContactOut::from).collect::<Vec<_>>())
    };
    let first = out(text);
    assert!(first.contains("\n[2=-\n"), "{first}");
    assert_eq!(out(&first), first);
    // With another value it would be a section.
    let mut contact = ContactOut { name: "Ann".into(), ..ContactOut::default() };
    contact.fields.insert("[2".into(), "x]".into());
    let back = contacts(abook(&[contact]).as_bytes()).remove(0);
    assert_eq!(back.values, [("[2".to_owned(), "x]".to_owned())]);
}

#[test]
fn a_key_with_an_odd_sign_in_it_keeps_its_place() {
    let text = "[0]\nodd\rkey=a\nname=Ann\nodd\rkey=b\nphone2=1\nphone2=2\nx=1\n";
    let out = |text: &str| -> String {
        abook(&contacts(text.as_bytes()).into_iter().map(ContactOut::from).collect::<Vec<_>>())
    };
    let first = out(text);
    assert!(first.contains("[0]\nodd key=a\nname=Ann\nodd key=b\nphone2=1\n"), "{first}");
    assert_eq!(out(&first), first);
}
