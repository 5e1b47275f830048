//! What the cells of a row become, whatever system they came from.

use crate::exchange::testing::rows;
use crate::exchange::{RowItem, WarningKind};
use crate::model::draft::ContactDraft;

/// The e-mails or phones of a contact: label, value.
fn methods<'d>(draft: &'d ContactDraft, kind: &str) -> Vec<(&'d str, &'d str)> {
    let own = draft.methods.iter().filter(|method| method.kind == kind);
    own.map(|method| (method.label.as_str(), method.value.as_str())).collect()
}

/// The contacts of a table, blank and refused rows left out.
fn contacts(text: &str) -> Vec<ContactDraft> {
    let contact = |item| if let RowItem::Contact(draft) = item { Some(*draft) } else { None };
    rows(text.as_bytes()).into_iter().filter_map(|row| contact(row.item)).collect()
}

#[test]
fn the_lines_below_a_salesforce_report_are_nobody_and_are_told() {
    let footer = "\n\"Grand Totals (2 records)\"\n\"Confidential Information - Do Not Distribute\"\n\
        \"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n";
    for table in [
        "Last Name,First Name,Account Name,Mailing State/Province\nLee,Ann,Acme,OH\n王,伟,华为科技,\n",
        "Lead ID,First Name,Last Name,Company / Account\n00Q1,Ann,Lee,Acme\n00Q2,伟,王,\n",
        // A report of few columns could be anybody's.
        "First Name,Last Name,Phone\nAnn,Lee,1\n伟,王,2\n",
    ] {
        let all = rows(format!("{table}{footer}").as_bytes());
        let kept = all.iter().filter(|row| matches!(row.item, RowItem::Contact(_))).count();
        assert_eq!((all.len(), kept), (5, 2), "{table}");
        let told = all.iter().flat_map(|row| &row.warnings).filter(|w| w.kind == WarningKind::Footer);
        let told: Vec<&str> = told.map(|warning| warning.value.as_str()).collect();
        assert_eq!(told[0], "Grand Totals (2 records)", "{table}");
        assert_eq!(told.len(), 3, "{table}");
    }
    let deals = "Opportunity ID,Opportunity Name,Stage,Amount\n006A,Pilot,Open,\"USD 12,400.00\"\n\
        Grand Totals (1 record),,,\"USD 12,400.00\"\n";
    let all = rows(deals.as_bytes());
    assert!(matches!(all[0].item, RowItem::Other(_)) && matches!(all[1].item, RowItem::Blank), "{all:?}");
    // Who is called like that has more to say.
    let named = "Last Name,Mailing State/Province\nConfidential Information - Do Not Distribute,OH\n";
    assert_eq!(contacts(named).len(), 1);
}

#[test]
fn addresses_stand_alone_whatever_stood_around_them() {
    let table = "Name,Email,Work Email\n,Cid Fox <cid@x.example>,\nBob Ray,<bob@x.example>,\nDan,mailto:dan@x.example,\n\
        Ann Lee,\"\"\"Lee, Ann\"\" <ann@x.example>\",Sales desk <desk@x.example>\nEve,Front desk <eve@x.example>,\n\
        Fay,\"\"\"Ray, Fay\"\" <fay@x.example>, ray@x.example\",\nGus,gus@x.example <gus@x.example>,h @x.example\n";
    let all = contacts(table);
    let found: Vec<_> =
        all.iter().map(|draft| (draft.get("name").unwrap(), methods(draft, "email"))).collect();
    assert_eq!(
        found,
        [
            ("Cid Fox", vec![("", "cid@x.example")]),
            ("Bob Ray", vec![("", "bob@x.example")]),
            ("Dan", vec![("", "dan@x.example")]),
            ("Ann Lee", vec![("", "ann@x.example"), ("work", "desk@x.example")]),
            ("Eve", vec![("Front desk", "eve@x.example")]),
            ("Fay", vec![("Ray, Fay", "fay@x.example"), ("", "ray@x.example")]),
            ("Gus", vec![("", "gus@x.example"), ("work", "h @x.example")]),
        ]
    );
    assert_eq!((all[0].get("given"), all[0].get("family")), (Some("Cid"), Some("Fox")));
    let kept = &all[3].extras[0];
    assert_eq!((kept.name.as_str(), kept.value.as_str()), ("E-mail 2 Display Name", "Sales desk"));
    // rolo's own table has each value as it is in the book.
    let own = "Rolo ID,Name,Email 1 - Value\n0198c5a2-0000-7000-8000-000000000000,Cid,Cid <cid@x.example>\n";
    assert_eq!(methods(&contacts(own)[0], "email"), [("", "Cid <cid@x.example>")]);
}

#[test]
fn a_cell_of_phones_is_cut_only_where_each_side_is_a_number() {
    for (cell, numbers) in [
        ("+1 212-555-0105, +1 212-555-0106", vec!["+1 212-555-0105", "+1 212-555-0106"]),
        ("555-0100 / 555-0102", vec!["555-0100", "555-0102"]),
        ("2125550100/2125550102", vec!["2125550100", "2125550102"]),
        ("555-0100; 555-0102、555-0103", vec!["555-0100", "555-0102", "555-0103"]),
        ("13800138000，13900139000", vec!["13800138000", "13900139000"]),
        ("030/1234567", vec!["030/1234567"]),
        ("02303 / 123456", vec!["02303 / 123456"]),
        ("+49 39200 / 123456", vec!["+49 39200 / 123456"]),
        ("555-0100, ext. 12345", vec!["555-0100, ext. 12345"]),
        ("555-0100,12345", vec!["555-0100,12345"]),
        ("+1 212 555 0100,,123456#", vec!["+1 212 555 0100,,123456#"]),
        ("+1 212 555 0100,,1234567", vec!["+1 212 555 0100,,1234567"]),
        ("1.23457E+11", vec!["1.23457E+11"]),
    ] {
        let draft = contacts(&format!("Name;Phone\nAnn;\"{cell}\"\n")).remove(0);
        let found: Vec<&str> = methods(&draft, "phone").into_iter().map(|(_, value)| value).collect();
        assert_eq!(found, numbers, "{cell}");
    }
}

#[test]
fn an_address_beside_its_city_or_postcode_is_the_street() {
    for (table, street, city, postcode) in [
        ("Name,Address,City,Zip\nAnn,22 Elm St,Columbus,43210\n", "22 Elm St", "Columbus", "43210"),
        ("姓名,地址,邮编\n王伟,科技路1号,518000\n", "科技路1号", "", "518000"),
        ("氏名,郵便番号,住所\n山田太郎,100-0001,東京都千代田区1-1\n", "東京都千代田区1-1", "", "100-0001"),
    ] {
        let draft = contacts(table).remove(0);
        let address = &draft.addresses[0];
        let parts = (address.street.as_str(), address.city.as_str(), address.postcode.as_str());
        assert_eq!(parts, (street, city, postcode), "{table}");
        assert!(draft.extras.is_empty(), "{table}");
    }
    // Google has both: what the whole says beyond its parts is kept.
    let google = "First Name,E-mail 1 - Value,Address 1 - Formatted,Address 1 - Street,Address 1 - City\n\
        Ann,a@x.example,\"1 High St\nLondon\nUK\",1 High St,London\n";
    let draft = contacts(google).remove(0);
    assert_eq!((draft.addresses[0].street.as_str(), draft.extras.len()), ("1 High St", 1));
}

#[test]
fn a_control_z_at_the_end_is_the_end() {
    for text in ["Name\r\nAnn\r\n\u{1a}", "Name\r\nAnn\u{1a}", "Name\nAnn\n\u{1a}\u{1a}"] {
        let all = contacts(text);
        assert_eq!((all.len(), all[0].get("name")), (1, Some("Ann")), "{text:?}");
        assert_eq!(rows(text.as_bytes()).len(), 1, "{text:?}");
    }
    // Elsewhere it is a character like others.
    assert_eq!(contacts("Name\nA\u{1a}n\n\u{1a}n\n").len(), 2);
}
