//! Operations through the public face of the room.

use super::*;
use crate::model::draft::{ContactDraft, DateDraft, MethodDraft};
use std::path::Path;

fn session(folder: &Path) -> Session {
    Session {
        author: "Tester".into(),
        origin: "test",
        clock: Clock::fixed(DateTime::parse_from_rfc3339("2026-11-22T10:00:00+00:00").unwrap()),
        state_dir: folder.join("state"),
        country: Some("US".into()),
        device: String::new(),
    }
}

pub(super) fn book(folder: &Path) -> Book {
    Book::open(&folder.join("book.rolo"), session(folder)).unwrap()
}

fn person(name: &str, email: &str, phone: &str, company: &str, tags: &[&str]) -> ContactDraft {
    let mut draft = ContactDraft { company: company.into(), ..ContactDraft::default() };
    draft.set("name", name);
    for (kind, value) in [("email", email), ("phone", phone)] {
        if !value.is_empty() {
            draft.methods.push(MethodDraft {
                kind: kind.into(),
                value: value.into(),
                ..MethodDraft::default()
            });
        }
    }
    draft.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    draft
}

fn sample(folder: &Path) -> Book {
    let mut book = book(folder);
    book.add(person("Ann Lee", "ann@acme.example", "212-555-0100", "Acme Corp", &["vip"])).unwrap();
    book.add(person("Søren Østergaard", "soren@initech.example", "", "Initech", &["cold"])).unwrap();
    book.add(person("王伟", "", "138 0013 8000", "华为科技", &["vip", "客户"])).unwrap();
    book
}

fn names(book: &Book, query: &str) -> Vec<String> {
    let query = book.parse(query).unwrap();
    let ids = book.find(&query, &Find::default()).unwrap().ids;
    book.rows(&ids).unwrap().into_iter().map(|row| row.name).collect()
}

#[test]
fn the_filter_language_finds_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let ann = book.resolve("Ann Lee").unwrap();
    book.log(&Entry {
        kind: "call".into(),
        who: vec![ann],
        body: "about the 合同 pilot".into(),
        ..Entry::default()
    })
    .unwrap();
    book.edit(&[ann], &[Change::Set { field: "address.home.city".into(), value: "Paris".into() }]).unwrap();
    book.edit(&[ann], &[Change::Set { field: "birthday".into(), value: "--11-25".into() }]).unwrap();
    for (query, expected) in [
        ("", &["Ann Lee", "Søren Østergaard", "王伟"][..]),
        ("soren", &["Søren Østergaard"]),
        ("wangwei", &["王伟"]),
        ("ww", &["王伟"]),
        ("王", &["王伟"]),
        ("5550100", &["Ann Lee"]),
        ("huawei", &["王伟"]),
        ("tag:vip", &["Ann Lee", "王伟"]),
        ("tag:vip not tag:客户", &["Ann Lee"]),
        ("city:paris", &["Ann Lee"]),
        ("tag:cold or wangwei", &["Søren Østergaard", "王伟"]),
        ("company:acme", &["Ann Lee"]),
        ("has:email", &["Ann Lee", "Søren Østergaard"]),
        ("no:email", &["王伟"]),
        ("quiet:90d", &["Søren Østergaard", "王伟"]),
        ("last:today", &["Ann Lee"]),
        ("last:30d..", &["Ann Lee"]),
        ("text:合同", &["Ann Lee"]),
        ("text:pil", &["Ann Lee"]),
        ("birthday:7d", &["Ann Lee"]),
        ("birthday:today", &[]),
        ("phone:2125550100", &["Ann Lee"]),
        ("created:2026-11-22", &["Ann Lee", "Søren Østergaard", "王伟"]),
        ("created:2026-11-23..", &[]),
        ("kind:company", &["Acme Corp", "Initech", "华为科技"]),
        ("标签：vip", &["Ann Lee", "王伟"]),
        ("name:\"ann lee\"", &["Ann Lee"]),
        ("name=ann", &[]),
    ] {
        let mut found = names(&book, query);
        found.sort();
        let mut expected: Vec<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
    assert!(matches!(book.parse("colour:red"), Err(OpError::Query { .. })));
}

#[test]
fn who_is_a_name_a_handle_an_address_or_a_filter_and_never_a_guess() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let ann = book.resolve("ann lee").unwrap();
    let (handle, uid) = (book.handle(ann).unwrap(), book.uid(ann).unwrap());
    for who in
        [&handle, &uid, "ANN@acme.example", "+1 (212) 555-0100", "212 555 0100", "email:ann@", "company:acme"]
    {
        assert_eq!(book.resolve(who).unwrap(), ann, "{who}");
    }
    for who in ["ann", "lee", "", "tag:nobody", "@"] {
        assert!(matches!(book.resolve(who), Err(OpError::NotFound { .. })), "{who}");
    }
    assert!(
        matches!(book.resolve("tag:vip"), Err(OpError::Ambiguous { candidates, .. }) if candidates.total == 2)
    );
    book.add(person("Ann Lee", "other@x.example", "", "", &[])).unwrap();
    assert!(matches!(book.resolve("Ann Lee"), Err(OpError::Ambiguous { .. })));
}

#[test]
fn an_edit_writes_what_it_changed_and_keeps_what_came_in_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let ann = book.resolve("Ann Lee").unwrap();
    let base = book.draft(ann).unwrap();
    let mut edited = base.clone();
    edited.set("title", "CEO");
    edited.set("nickname", "Annie");
    let set = |field: &str, value: &str| Change::Set { field: field.into(), value: value.into() };
    let add = |field: &str, value: &str| Change::Add { field: field.into(), value: value.into() };
    let mut other = self::book(folder.path());
    let meanwhile = [
        set("note", "x"),
        set("company", "CliCo"),
        set("nickname", "Nan"),
        add("email", "new@x.example"),
        add("tag", "new"),
    ];
    other.edit(&[ann], &meanwhile).unwrap();
    let revised = book.revise(ann, &Revision { base, edited, restore: false, warned: false }).unwrap();
    assert_eq!(revised.overridden, ["nickname"]);
    let out = book.contact(ann).unwrap();
    assert_eq!((out.title.as_str(), out.nickname.as_str(), out.note.as_str()), ("CEO", "Annie", "x"));
    assert_eq!(out.company.map(|company| company.name).as_deref(), Some("CliCo"));
    assert_eq!((out.emails.len(), out.tags.join(" ")), (2, "new vip".to_owned()));
}

#[test]
fn what_who_typed_it_was_warned_of_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let odd = person("Ann", "ann at home", "", "", &[]);
    assert!(matches!(book.add(odd.clone()), Err(OpError::BadValue { .. })));
    let ann = book.add_warned(odd).unwrap().id;
    let base = book.draft(ann).unwrap();
    let mut edited = base.clone();
    edited.methods[0].value = "ann, at work".into();
    let mut revision = Revision { base, edited, restore: false, warned: false };
    assert!(matches!(book.revise(ann, &revision), Err(OpError::BadValue { .. })));
    revision.warned = true;
    book.revise(ann, &revision).unwrap();
    assert_eq!(book.contact(ann).unwrap().emails[0].value, "ann, at work");
    revision.base = book.draft(ann).unwrap();
    revision.edited = revision.base.clone();
    let date = |date: &str| DateDraft { label: "birthday".into(), date: date.into(), ..DateDraft::default() };
    revision.edited.dates = vec![date("in spring"), date("31 May 1980")];
    book.revise(ann, &revision).unwrap();
    let dates: Vec<_> = book.draft(ann).unwrap().dates.into_iter().map(|date| date.date).collect();
    assert_eq!(dates, ["in spring", "1980-05-31"]);
}

#[test]
fn an_edit_of_what_was_deleted_meanwhile_is_refused_until_it_is_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let ann = book.resolve("Ann Lee").unwrap();
    let base = book.draft(ann).unwrap();
    let mut edited = base.clone();
    edited.set("title", "CEO");
    book.delete(&[ann]).unwrap();
    let mut revision = Revision { base, edited, restore: false, warned: false };
    assert!(matches!(book.revise(ann, &revision), Err(OpError::InBin(name)) if name == "Ann Lee"));
    revision.restore = true;
    book.revise(ann, &revision).unwrap();
    assert_eq!(
        (names(&book, "ann"), book.contact(ann).unwrap().title.as_str()),
        (vec!["Ann Lee".into()], "CEO")
    );
    // One batch: what takes it back takes all of it back.
    book.undo(None).unwrap();
    assert_eq!(book.bin().unwrap().len(), 1);
}

#[test]
fn an_edited_text_changes_what_was_edited_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let ann = book.resolve("Ann Lee").unwrap();
    let text = book.to_toml(ann).unwrap();
    let base = book.from_toml(&text).unwrap();
    let revise = |book: &mut Book, edited| {
        book.revise(ann, &Revision { base: base.clone(), edited, restore: false, warned: false })
            .unwrap()
            .done
            .receipt
            .edits
    };
    assert_eq!(revise(&mut book, base.clone()), 0, "{text}");
    let changed = text.replace("title = \"\"", "title = \"CEO\"").replace(
        "emails = [\n",
        "emails = [\n  { value = \"new@x.example\", label = \"home\", preferred = true },\n",
    );
    let draft = book.from_toml(&changed).unwrap();
    assert!(revise(&mut book, draft) > 0);
    let out = book.contact(ann).unwrap();
    assert_eq!(out.title, "CEO");
    assert_eq!(out.emails.len(), 2);
    assert!(out.emails[0].value == "new@x.example" && out.emails[0].preferred);
    assert!(matches!(book.from_toml("name = \"x\"\nshoe = 3\n"), Err(OpError::Text { line: 2, .. })));
    assert!(matches!(book.from_toml("name = \"x\"\ntitle = \n"), Err(OpError::Text { line: 2, .. })));
    book.undo(None).unwrap();
    assert_eq!(book.contact(ann).unwrap().emails.len(), 1);
}

#[test]
fn undo_and_redo_walk_the_history_of_this_device() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let ids = book.find(&book.parse("tag:vip").unwrap(), &Find::default()).unwrap().ids;
    book.tag(&ids, &["new".into()]).unwrap();
    book.delete(&ids).unwrap();
    assert_eq!(names(&book, "").len(), 1);
    assert_eq!(book.undo(None).unwrap().label.what, "delete");
    assert_eq!(book.undo(None).unwrap().label.what, "tag");
    assert!(names(&book, "tag:new").is_empty());
    assert_eq!(book.redo().unwrap().label.what, "tag");
    assert_eq!(names(&book, "tag:new").len(), 2);
    assert_eq!(book.redo().unwrap().label.what, "delete");
    assert!(matches!(book.redo(), Err(OpError::NothingToRedo)));
    assert_eq!(names(&book, "").len(), 1);
    while book.undo(None).is_ok() {}
    assert!(names(&book, "").is_empty());
    assert_eq!(book.check().unwrap(), Vec::<String>::new());
    let history = book.history(None, None, None).unwrap();
    assert!(history.iter().any(|batch| batch.label.what == "undo" && batch.undoes.is_some()));
}

#[test]
fn another_handle_sees_what_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = sample(folder.path());
    let mut other = book.reopen().unwrap();
    assert_eq!(other.changed().unwrap(), None);
    assert_eq!(other.changed().unwrap(), None);
    let added = book.add(person("Bob", "", "", "", &[])).unwrap();
    let changes = other.changed().unwrap().unwrap();
    assert!(!changes.all && changes.contacts.contains(&added.id));
    assert_eq!(other.changed().unwrap(), None);
}
