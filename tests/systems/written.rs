//! Tables are written so that spreadsheets and the systems take them.

use super::{cells, counts, import};
use crate::common::Rolo;
use serde_json::Value;

/// What a spreadsheet would run, and what only looks like it.
const RUN: [&str; 8] = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x"];

#[test]
fn what_a_spreadsheet_would_run_is_defused_and_comes_back_and_phones_survive() {
    for system in ["csv", "google", "outlook", "mailchimp", "hubspot", "salesforce", "zoho"] {
        let rolo = Rolo::new();
        let people: Vec<Value> = RUN
            .iter()
            .enumerate()
            .map(|(at, cell)| {
                serde_json::json!({"name": format!("Nr {at}"), "given": "Nr", "family": at.to_string(), "title": format!("{cell}x"),
                    "emails": [{"value": format!("n{at}@x.example")}], "phones": [{"value": format!("+86 138 0013 800{at}")}],
                    "note": format!("{cell} note"), "fields": {"key": format!("{cell}z")}})
            })
            .collect();
        let added = rolo.feed(&["add", "-"], &Value::from(people).to_string());
        assert_eq!(added.code, 0, "{}", added.err);
        let out = rolo.ok(&["export", "--as", system]);
        let (_, rows) = cells(&out);
        for cell in rows.iter().flatten() {
            let number = cell
                .strip_prefix(['+', '-'])
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == ' '));
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{system}: {cell:?}");
        }
        assert!(out.contains("+86 138 0013 8000"), "{system}: {out}");
        let other = Rolo::new();
        let report = import(&other, &[&other.file("x", &out)]);
        assert_eq!(counts(&report), [8, 0, 0, 0, 0], "{system}: {report}\n{out}");
        for (at, cell) in RUN.iter().enumerate() {
            let there = other.json(&["show", &format!("n{at}@x.example")]);
            assert_eq!(there["phones"][0]["value"], format!("+86 138 0013 800{at}"), "{system}: {there}");
            assert_eq!(there["title"], format!("{cell}x").trim(), "{system}: {there}");
            assert_eq!(there["note"], format!("{cell} note"), "{system}: {there}");
            assert_eq!(there["fields"]["key"], format!("{cell}z"), "{system}: {there}");
        }
    }
}

#[test]
fn what_goes_to_a_system_with_chinese_in_it_begins_with_a_mark_for_spreadsheets() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@x.example"]);
    rolo.ok(&["add", "王伟", "--email", "wang@x.example"]);
    for system in
        ["google", "outlook", "outlook-com", "mailchimp", "hubspot", "salesforce", "zoho", "fxiaoke"]
    {
        let out = rolo.ok(&["export", "--as", system]);
        assert!(out.starts_with('\u{feff}') && out.contains("王"), "{system}: {out}");
    }
    let plain = rolo.ok(&["export", "ann", "--as", "hubspot"]);
    assert!(
        plain.starts_with("Record ID") || plain.starts_with("First Name"),
        "no mark where none is needed: {plain}"
    );
}

/// A book with what a table brings.
fn book_of(table: &str) -> Rolo {
    let rolo = Rolo::new();
    import(&rolo, &[&rolo.file("in.csv", table)]);
    rolo
}

#[test]
fn an_address_stands_in_the_columns_that_the_system_has_for_one() {
    let zoho = "Record Id,Contact Owner,First Name,Last Name,Email,Mailing Street,Mailing City,Mailing State,Mailing Zip\n\
        zcrm_1,Pat,Jo,Homeowner,jo@x.example,22 Elm St,Columbus,OH,43210\n";
    let rolo = book_of(zoho);
    for (system, street, city) in [
        ("dynamics", "Address 1: Street 1", "Address 1: City"),
        ("salesforce", "MailingStreet", "MailingCity"),
        ("hubspot", "Street Address", "City"),
    ] {
        let out = rolo.ok(&["export", "--as", system]);
        let (names, rows) = cells(&out);
        let cell = |name: &str| rows[0][names.iter().position(|own| own == name).unwrap()].clone();
        assert_eq!((cell(street), cell(city)), ("22 Elm St".into(), "Columbus".into()), "{system}: {out}");
        let other = book_of(&out);
        let jo = other.json(&["show", "Jo Homeowner"]);
        let address = &jo["addresses"][0];
        for (part, text) in
            [("street", "22 Elm St"), ("city", "Columbus"), ("region", "OH"), ("postcode", "43210")]
        {
            assert_eq!(address[part], text, "{system}: {jo}");
        }
        let lost = |extra: &Value| ["Columbus", "43210"].contains(&extra["value"].as_str().unwrap());
        assert!(!jo["extras"].as_array().is_some_and(|extras| extras.iter().any(lost)), "{system}: {jo}");
        // Under another label it is the same one here.
        let again = import(&rolo, &[&rolo.file("out.csv", &out)]);
        assert_eq!(rolo.json(&["show", "Jo Homeowner"])["addresses"].as_array().unwrap().len(), 1, "{again}");
    }
    // What is more than the system has columns for is counted on from those.
    let two = r#"{"name":"Ann Lee","emails":["ann@x.example"],"addresses":[{"label":"work","street":"1 Main St","city":"Rome"},
        {"label":"home","street":"2 Side St","city":"Oslo"},{"label":"barn","street":"3 Mud Rd","city":"Bonn","postcode":"53111"}]}"#;
    let many = Rolo::new();
    many.feed(&["add", "-"], two);
    let out = many.ok(&["export", "--as", "dynamics"]);
    let ann = book_of(&out).json(&["show", "Ann Lee"]);
    let cities: Vec<&str> = ann["addresses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|address| address["city"].as_str().unwrap())
        .collect();
    assert_eq!(cities, ["Rome", "Oslo", "Bonn"], "{ann}");
}

#[test]
fn an_address_with_a_part_that_the_system_has_no_column_for_comes_back_as_the_same() {
    let rolo = book_of(
        "Name,Email,Work Street,Work Street 2,Work City\nJo,jo@x.example,22 Elm St,Floor 2,Columbus\n",
    );
    for system in ["hubspot", "salesforce", "zoho", "dynamics", "outlook", "google", "mailchimp"] {
        let out = rolo.ok(&["export", "--as", system]);
        import(&rolo, &[&rolo.file("out.csv", &out)]);
        let jo = rolo.json(&["show", "Jo"]);
        assert_eq!(jo["addresses"].as_array().unwrap().len(), 1, "{system}: {jo}\n{out}");
    }
}

#[test]
fn mailchimps_birthdays_are_birthdays() {
    let table = "Email Address,First Name,Last Name,Birthday,MEMBER_RATING,LEID,EUID\nann@x.example,Ann,Lee,05/17,2,1,e1\n";
    let rolo = book_of(table);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["birthday"], "--05-17");
    assert_eq!(cells(&rolo.ok(&["export", "--as", "mailchimp"])), cells(table), "as Mailchimp writes it");
    let rolo = Rolo::new();
    rolo.ok(&["add", "Bob Ray", "--email", "bob@x.example", "--birthday", "1980-05-06"]);
    let bob = book_of(&rolo.ok(&["export", "--as", "mailchimp"])).json(&["show", "Bob Ray"]);
    assert_eq!((&bob["birthday"], bob.get("extras")), (&"1980-05-06".into(), None), "{bob}");
}

#[test]
fn googles_occupation_comes_back_where_it_was() {
    let table = "Name,Given Name,Family Name,Occupation,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name,Organization 1 - Title\n\
        Ann Lee,Ann,Lee,Baker,* myContacts,Home,ann@x.example,Acme,VP\nBob Ray,Bob,Ray,Smith,* myContacts,,,,\n";
    let rolo = book_of(table);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["title"], "VP");
    assert_eq!(cells(&rolo.ok(&["export", "--as", "google"])), cells(table));
}

#[test]
fn a_page_with_what_parts_pages_in_it_stays_one() {
    let pages = ["https://a.example.com/page;v=1?a=1,2", "http://b.example.com", "c.example.com/x"];
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@x.example.com"]);
    for page in pages {
        rolo.ok(&["edit", "Ann Lee", "--add", &format!("url={page}")]);
    }
    for system in ["outlook", "google-outlook", "hubspot", "zoho", "salesforce", "mailchimp"] {
        let again = book_of(&rolo.ok(&["export", "--as", system]));
        let ann = again.json(&["show", "Ann Lee"]);
        let urls: Vec<&str> =
            ann["urls"].as_array().into_iter().flatten().map(|url| url["value"].as_str().unwrap()).collect();
        assert_eq!(urls, pages, "{system}: {ann}");
    }
}

#[test]
fn a_deal_s_stage_may_name_its_pipeline() {
    let rolo = book_of(
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner\n\
        1,A,Closed Won,Sales Pipeline,1,2024-05-06 00:00,Sam\n\
        2,B,Closed won (Sales Pipeline),Sales Pipeline,1,2024-05-06 00:00,Sam\n\
        3,C,Open (closed won),Sales Pipeline,1,2024-05-06 00:00,Sam\n",
    );
    let deals = rolo.json(&["deal", "list"]);
    let mut won: Vec<(&str, bool)> = deals
        .as_array()
        .unwrap()
        .iter()
        .map(|deal| (deal["title"].as_str().unwrap(), deal["won"].as_bool().unwrap_or(false)))
        .collect();
    won.sort();
    assert_eq!(won, [("A", true), ("B", true), ("C", false)]);
}
