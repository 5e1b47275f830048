//! Deals, notes and companies as the tables of other systems, and Google's table in the format that it came in.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;
use std::collections::BTreeMap;

fn import(rolo: &Rolo, name: &str, text: impl AsRef<[u8]>) -> Vec<u64> {
    let file = rolo.file(name, text);
    let ran = rolo.run(&["import", &file, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    let counts = ["created", "updated", "unchanged", "skipped", "rejected"];
    counts.iter().map(|key| report[*key].as_u64().unwrap()).collect()
}

/// A table's rows by the names of its columns.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|found| row(found.unwrap())).collect()
}

fn header(text: &str) -> String {
    text.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned()
}

const CONTACTS: &str = "Record ID,First Name,Last Name,Email,Associated Company,Associated Company IDs\n\
    1,Ann,Lee,ann@acme.example,Acme,1\n2,Bob,Stone,bob@acme.example,Acme,1\n3,Cid,Ray,,Other,2\n";
const COMPANIES: &str = "Record ID,Company name,Company owner,Industry\n1,Acme,Pat,Tools\n2,Other,Pat,Food\n";
const DEALS: &str = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Pipeline,Associated Company,Associated Company IDs,Associated Contact,Associated Contact IDs\n\
    9,Pilot,Closed Won,2026-05-01,12400.5,Pat,Sales,Acme,1,Ann Lee (ann@acme.example);Bob Stone (bob@acme.example),1;2\n\
    10,\"Renewal, \"\"big\"\"\",Negotiation,2026-12-24,8000,Pat,Sales,Other,2,Cid Ray,3\n\
    11,Nobody's,Closed Lost,2026-01-02,,,Sales,,,,\n";

fn hubspot() -> Rolo {
    let rolo = Rolo::new();
    import(&rolo, "contacts.csv", CONTACTS);
    import(&rolo, "companies.csv", COMPANIES);
    import(&rolo, "deals.csv", DEALS);
    rolo
}

#[test]
fn deals_go_out_as_they_came_in_and_come_in_again_as_the_same() {
    let rolo = hubspot();
    let out = rolo.ok(&["export", "--records", "deals", "--as", "hubspot"]);
    assert_eq!(header(&out), header(DEALS), "the columns of the last table in their order");
    assert_eq!(rows(&out), rows(DEALS));
    assert_eq!(import(&rolo, "out.csv", &out), [0, 0, 3, 0, 0]);
    // Into a new book, with the companies and the people.
    let other = Rolo::new();
    for (records, name) in [("deals", "d.csv"), ("companies", "co.csv"), ("contacts", "c.csv")] {
        let text = rolo.ok(&["export", "--records", records, "--as", "hubspot"]);
        import(&other, name, text);
    }
    let shown = |rolo: &Rolo| -> Vec<Value> {
        let list = rolo.json(&["deal", "list"]);
        let without_ids = |deal: &Value| {
            let mut deal = deal.clone();
            let map = deal.as_object_mut().unwrap();
            map.remove("id");
            for who in map.get_mut("contacts").and_then(Value::as_array_mut).into_iter().flatten() {
                who.as_object_mut().unwrap().remove("id");
            }
            map.get_mut("company").and_then(Value::as_object_mut).map(|company| company.remove("id"));
            deal
        };
        list.as_array().unwrap().iter().map(without_ids).collect()
    };
    assert_eq!(shown(&other), shown(&rolo));
    // Only those with somebody whom the query finds.
    let some = rows(&rolo.ok(&["export", "ann", "--records", "deals", "--as", "hubspot"]));
    assert_eq!(some.iter().map(|row| row["Deal Name"].as_str()).collect::<Vec<_>>(), ["Pilot"]);
}

#[test]
fn deals_of_one_system_go_out_as_another_takes_them() {
    let rolo = hubspot();
    let out = rows(&rolo.ok(&["export", "--records", "deals", "--as", "zoho"]));
    let pilot = &out[0];
    for (column, value) in [
        ("Record Id", ""),
        ("Deal Name", "Pilot"),
        ("Stage", "Closed Won"),
        ("Closing Date", "5/1/2026"),
        ("Amount", "12400.5"),
        ("Account Name", "Acme"),
        ("Contact Name", "Ann Lee;Bob Stone"),
    ] {
        assert_eq!(pilot[column], value, "{column}");
    }
    // What was lost is lost there, too.
    let zoho = Rolo::new();
    import(&zoho, "z.csv", rolo.ok(&["export", "--records", "deals", "--as", "zoho"]));
    let deals = zoho.json(&["deal", "list"]);
    let lost = deals.as_array().unwrap().iter().find(|deal| deal["title"] == "Nobody's").unwrap();
    assert!(lost["won"] == false && lost["closed"].is_string(), "{lost}");
    for (system, title, stage) in [("salesforce", "Name", "StageName"), ("fxiaoke", "商机名称", "商机阶段")]
    {
        let text = rolo.ok(&["export", "--records", "deals", "--as", system]);
        let out = rows(&text);
        assert_eq!((out[0][title].as_str(), out.len()), ("Pilot", 3), "{system}");
        assert!(!out[0][stage].is_empty(), "{system}");
        let back = Rolo::new();
        import(&back, "back.csv", &text);
        let deals = back.json(&["deal", "list"]);
        let deals = deals.as_array().unwrap();
        let pilot = deals.iter().find(|deal| deal["title"] == "Pilot").unwrap();
        assert!(pilot["won"] == true && pilot["expected_close"] == "2026-05-01", "{system}: {pilot}");
        assert_eq!(text.starts_with('\u{feff}'), system == "fxiaoke", "Chinese needs a mark for Excel");
    }
}

#[test]
fn notes_go_out_as_zoho_has_them() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@x.example"]);
    rolo.ok(&["log", "note", "Ann Lee", "likes tea,\n\"green\""]);
    rolo.ok(&["log", "call", "Ann Lee", "said =1+1"]);
    let out = rows(&rolo.ok(&["export", "--records", "notes", "--as", "zoho"]));
    assert_eq!(out.len(), 1, "{out:?}");
    assert_eq!(
        (out[0]["Note Content"].as_str(), out[0]["Parent Name"].as_str()),
        ("likes tea,\n\"green\"", "Ann Lee")
    );
    let text = rolo.ok(&["export", "--records", "interactions", "--as", "zoho-notes", "--to", "notes.csv"]);
    assert!(text.is_empty());
    let text = std::fs::read_to_string(rolo.path("notes.csv")).unwrap();
    assert_eq!(rows(&text).len(), 2, "{text}");
    let other = Rolo::new();
    other.ok(&["add", "Ann Lee", "--email", "ann@x.example"]);
    assert_eq!(import(&other, "notes.csv", &text), [2, 0, 0, 0, 0]);
    assert_eq!(import(&other, "notes.csv", &text), [0, 0, 2, 0, 0]);
    let bodies = |rolo: &Rolo| -> Vec<String> {
        let shown = rolo.json(&["show", "Ann Lee"]);
        let events = shown["timeline"].as_array().unwrap();
        let mut all: Vec<String> = events
            .iter()
            .map(|event| {
                format!(
                    "{}{}",
                    event["subject"].as_str().unwrap_or_default(),
                    event["body"].as_str().unwrap_or_default()
                )
            })
            .collect();
        all.sort();
        all
    };
    assert_eq!(bodies(&other), bodies(&rolo));
    // Who has no such table is named, with those that do.
    for args in [
        ["export", "--records", "notes", "--as", "vcard"].as_slice(),
        &["export", "--records", "tasks", "--as", "zoho"],
        &["export", "--records", "deals", "--as", "linkedin"],
        &["export", "--records", "planets", "--as", "zoho"],
    ] {
        let said = rolo.fails(2, args);
        assert!(!said.contains("bug") && !said.is_empty(), "{said}");
    }
    assert!(rolo.fails(2, &["export", "--records", "deals", "--as", "linkedin"]).contains("hubspot-deals"));
}

/// Deals, notes and the rest of a book without what only this book knows: the order of its device's clock.
fn told(rolo: &Rolo, record: &str) -> Vec<Value> {
    let whole = rolo.ok(&["export", "--as", "jsonl"]);
    let lines = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut all: Vec<Value> = lines.filter(|line| line["record"] == record).collect();
    for found in &mut all {
        let map = found.as_object_mut().unwrap();
        // What another system brought is kept by the whole book's JSONL alone.
        ["system", "external_id", "base", "extras"].iter().for_each(|key| drop(map.shift_remove(*key)));
        map.retain(|key, _| key != "created");
        map.sort_keys();
    }
    all.sort_by_key(|found| found["id"].to_string());
    all
}

#[test]
fn deals_and_notes_go_out_as_plain_csv_and_come_back_as_they_were() {
    let rolo = hubspot();
    rolo.ok(&["add", "Eve; Night", "--email", "eve@x.example"]);
    rolo.ok(&["log", "note", "Ann Lee", "Eve; Night", "likes; tea,\n\"green\" =1+1"]);
    rolo.ok(&[
        "log",
        "call",
        "Bob Stone",
        "about it",
        "--duration",
        "15m",
        "--in",
        "--at",
        "2026-05-01T14:30:00Z",
    ]);
    let deals = rolo.ok(&["export", "--records", "deals", "--as", "csv"]);
    assert_eq!(rolo.ok(&["export", "--records", "deals"]), deals, "as contacts are, if nothing else is said");
    let pilot = &rows(&deals)[0];
    for (column, value) in [
        ("Deal", "Pilot"),
        ("Stage", "Closed Won"),
        ("Amount", "12400.5"),
        ("Won", "true"),
        ("Expected Close", "2026-05-01"),
        ("Company", "Acme"),
        ("Contacts", "Ann Lee;Bob Stone"),
        ("Contact Emails", "ann@acme.example;bob@acme.example"),
    ] {
        assert_eq!(pilot[column], value, "{column}");
    }
    let notes = rolo.ok(&["export", "--records", "notes", "--as", "csv"]);
    assert_eq!(rows(&notes).iter().map(|row| row["Interaction"].as_str()).collect::<Vec<_>>(), ["note"]);
    let all = rolo.ok(&["export", "--records", "interactions", "--to", "all.csv"]);
    assert_eq!(all, "");
    let all = std::fs::read_to_string(rolo.path("all.csv")).unwrap();
    // Nothing is new in the book itself.
    for (name, text, count) in [("d.csv", &deals, 3), ("n.csv", &notes, 1), ("i.csv", &all, 2)] {
        assert_eq!(import(&rolo, name, text), [0, 0, count, 0, 0], "{name}");
    }
    // Another book gets the people first or last: who isn't there yet is waited for.
    let contacts = rolo.ok(&["export", "--as", "csv"]);
    let files = [("c.csv", contacts.as_str()), ("d.csv", deals.as_str()), ("i.csv", all.as_str())];
    for order in [[0, 1, 2], [1, 2, 0]] {
        let other = Rolo::new();
        for at in order {
            let (name, text) = files[at];
            assert_eq!(import(&other, name, text)[4], 0, "{name}");
        }
        if order[0] == 0 {
            for record in ["deal", "interaction"] {
                assert_eq!(told(&other, record), told(&rolo, record), "{record}");
            }
        }
        let sent = |rolo: &Rolo, records: &str| rolo.ok(&["export", "--records", records, "--as", "csv"]);
        assert_eq!(rows(&sent(&other, "interactions")), rows(&all), "{order:?}");
        let without = |text: &str| -> Vec<BTreeMap<String, String>> {
            let mut all = rows(text);
            // A company that only a deal names gets an id of its own until its row comes.
            all.iter_mut().for_each(|row| drop(row.remove("Company ID")));
            all
        };
        assert_eq!(without(&sent(&other, "deals")), without(&deals), "{order:?}");
    }
}

#[test]
fn tasks_go_out_as_plain_csv_and_come_back_as_they_were() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@acme.example"]);
    let todo = |uid: &str, more: &str| format!("BEGIN:VTODO\r\nUID:{uid}\r\n{more}END:VTODO\r\n");
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{}{}{}END:VCALENDAR\r\n",
        todo(
            "a",
            "SUMMARY:Call; \"Ann\"\r\nDUE;VALUE=DATE:20270301\r\nDESCRIPTION:two\\nlines, =1+1\r\n\
             ATTENDEE;CN=Ann Lee:mailto:ann@acme.example\r\n"
        ),
        todo("b", "SUMMARY:送合同\r\nDUE:20270302T103000Z\r\nRRULE:FREQ=WEEKLY\r\n"),
        todo("c", "SUMMARY:Done\r\nSTATUS:COMPLETED\r\nCOMPLETED:20260301T080000Z\r\n"),
    );
    assert_eq!(import(&rolo, "t.ics", &calendar)[4], 0);
    let tasks = rolo.ok(&["export", "--records", "tasks", "--as", "csv"]);
    let found = rows(&tasks);
    assert_eq!(found.len(), 3);
    assert!(
        found.iter().any(|row| row["Task"] == "送合同" && row["Due"].starts_with("2027-03-02")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|row| row["Note"].contains("two\nlines") && row["Contacts"] == "Ann Lee"),
        "{found:?}"
    );
    assert!(found.iter().any(|row| row["Done At"].starts_with("2026-03-01")), "{found:?}");
    // Nothing is new in the book itself, and in another one they are the same.
    assert_eq!(import(&rolo, "t.csv", &tasks), [0, 0, 3, 0, 0]);
    let other = Rolo::new();
    import(&other, "c.csv", rolo.ok(&["export", "--as", "csv"]));
    assert_eq!(import(&other, "t.csv", &tasks), [3, 0, 0, 0, 0]);
    assert_eq!(told(&other, "task"), told(&rolo, "task"));
    // What can't be chosen is not passed over in silence.
    let refused = rolo.run(&["export", "--records", "tasks", "--columns", "title"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--columns"), "{}", refused.err);
}

#[test]
fn companies_alone_go_out_in_any_format() {
    let rolo = hubspot();
    let out = rows(&rolo.ok(&["export", "--records", "companies", "--as", "hubspot"]));
    assert_eq!(out.iter().map(|row| row["Company name"].as_str()).collect::<Vec<_>>(), ["Acme", "Other"]);
    let cards = rolo.ok(&["export", "cid or ann or acme", "--records", "companies", "--as", "vcard"]);
    assert!(cards.contains("FN:Acme") && !cards.contains("FN:Ann"), "{cards}");
}

const GOOGLE_OLD: &str = "Name,Given Name,Additional Name,Family Name,Yomi Name,Birthday,Location,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Organization 1 - Symbol,Relation 1 - Type,Relation 1 - Value,Website 1 - Type,Website 1 - Value\n\
    Ann Mary Lee,Ann,Mary,Lee,,1980-05-17,Paris,\"likes, tea\",vip ::: * myContacts,* Work,ann@x.example,Home,lee@x.example,Mobile,+1 212-555-0100,,Acme,VP,ACM,Spouse,Bob,Home Page,https://a.example\n\
    王伟,伟,,王,,--03-09,,,* myContacts,,,,,,,,,,,,,,\n";

#[test]
fn googles_older_table_goes_out_as_it_came_in() {
    let rolo = Rolo::new();
    assert_eq!(import(&rolo, "old.csv", GOOGLE_OLD)[0], 2);
    for format in ["google", "google-old"] {
        let out = rolo.ok(&["export", "--as", format]);
        assert_eq!(header(&out), header(GOOGLE_OLD), "{format}");
        assert_eq!(rows(&out), rows(GOOGLE_OLD), "{format}");
        assert_eq!(import(&rolo, "out.csv", &out), [0, 0, 2, 0, 0], "{format}");
    }
    // What the table had no column for gets one, at the end.
    rolo.ok(&["edit", "Ann Mary Lee", "--set", "nickname=Annie", "--add", "phone.home=555-0123"]);
    let out = rolo.ok(&["export", "--as", "google"]);
    assert!(header(&out).starts_with(&header(GOOGLE_OLD)), "{out}");
    let ann = &rows(&out)[0];
    assert_eq!(
        (ann["Nickname"].as_str(), ann["Phone 2 - Value"].as_str(), ann["Phone 2 - Type"].as_str()),
        ("Annie", "555-0123", "Home")
    );
    // A book that never saw it writes the format of today, unless the older one is asked for.
    let other = Rolo::new();
    other.ok(&["add", "Ann Lee", "--email", "ann@x.example", "--company", "Acme"]);
    assert!(header(&other.ok(&["export", "--as", "google"])).starts_with("First Name,"));
    let old = other.ok(&["export", "--as", "google-old"]);
    assert!(header(&old).starts_with("Name,Given Name,"), "{old}");
    assert_eq!(rows(&old)[0]["Organization 1 - Name"], "Acme");
    assert_eq!(import(&other, "old.csv", &old)[0], 0);
}

#[test]
fn the_time_of_a_close_date_comes_back_as_long_as_its_day_holds() {
    let rolo = Rolo::new();
    let table = "Record ID,Deal Name,Deal Stage,Close Date,Amount\n\
        9,Pilot,Open,2026-05-01 14:30,100\n10,Renewal,Closed Won,2026-06-01 00:00,200\n";
    assert_eq!(import(&rolo, "deals.csv", table), [2, 0, 0, 0, 0]);
    assert_eq!(rolo.json(&["deal", "show", "Pilot"])["expected_close"], "2026-05-01");
    let days = |rolo: &Rolo| -> Vec<String> {
        let out = rows(&rolo.ok(&["export", "--records", "deals", "--as", "hubspot"]));
        out.iter().map(|row| row["Close Date"].clone()).collect()
    };
    assert_eq!(days(&rolo), ["2026-05-01 14:30", "2026-06-01"]);
    assert_eq!(import(&rolo, "deals.csv", table), [0, 0, 2, 0, 0]);
    for later in ["2026-05-08 09:00", "2026-05-09"] {
        let text = table.replace("2026-05-01 14:30", later);
        assert_eq!(import(&rolo, "later.csv", text), [0, 1, 1, 0, 0], "{later}");
        assert_eq!(days(&rolo), [later, "2026-06-01"]);
    }
}
