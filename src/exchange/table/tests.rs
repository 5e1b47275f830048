//! What the cells of a row become, whatever system they came from.

use crate::exchange::testing::rows;
use crate::exchange::{RowItem, WarningKind};
use crate::model::draft::ContactDraft;

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
