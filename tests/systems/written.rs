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
