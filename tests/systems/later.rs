//! A later export of a system is matched by the system's own ids, and only what changed there changes.

use super::{counts, import};
use crate::common::Rolo;

/// A later export of one system: its table, what another day says instead, and the fields that change by it.
struct Later {
    system: &'static str,
    table: &'static str,
    changes: &'static [(&'static str, &'static str)],
    fields: &'static [(&'static str, &'static str, &'static str)],
}

/// In each, all changes but the system's own id: nothing else could tell that it is the same.
const LATER: &[Later] = &[
    Later {
        system: "hubspot",
        table: "Record ID,First Name,Last Name,Email,Job Title,Lifecycle Stage,Create Date\n101,Ann,Lee,ann@acme.example,VP,lead,2023-05-17 14:30\n102,伟,王,wang@example.cn,,lead,2023-05-17 14:30\n",
        changes: &[("Lee,ann@acme.example,VP", "Stone,stone@home.example,CEO")],
        fields: &[("family", "Lee", "Stone"), ("name", "Ann Lee", "Ann Stone"), ("title", "VP", "CEO")],
    },
    Later {
        system: "salesforce",
        table: "CONTACT ID,FIRST NAME,LAST NAME,TITLE,ACCOUNT NAME,EMAIL\n003A,Ann,Lee,VP,Acme,ann@acme.example\n003B,伟,王,,华为科技,\n",
        changes: &[("Lee,VP,Acme,ann@acme.example", "Stone,CEO,Acme,stone@home.example")],
        fields: &[("family", "Lee", "Stone"), ("name", "Ann Lee", "Ann Stone"), ("title", "VP", "CEO")],
    },
    Later {
        system: "zoho",
        table: "\"Record Id\",\"Contact Owner\",\"First Name\",\"Last Name\",\"Email\",\"Title\"\n\"zcrm_1\",\"Pat\",\"Ann\",\"Lee\",\"ann@acme.example\",\"VP\"\n\"zcrm_2\",\"Pat\",\"伟\",\"王\",\"\",\"\"\n",
        changes: &[("\"Lee\",\"ann@acme.example\",\"VP\"", "\"Stone\",\"stone@home.example\",\"CEO\"")],
        fields: &[("family", "Lee", "Stone"), ("name", "Ann Lee", "Ann Stone"), ("title", "VP", "CEO")],
    },
    Later {
        system: "dynamics",
        table: "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,First Name,Last Name,Job Title,Email\n8d1e,a=,5/1/2024 2:30 PM,Ann,Lee,VP,ann@acme.example\n8d2e,b=,5/1/2024 2:30 PM,伟,王,,\n",
        changes: &[(
            "a=,5/1/2024 2:30 PM,Ann,Lee,VP,ann@acme.example",
            "c=,6/1/2024 2:30 PM,Ann,Stone,CEO,stone@home.example",
        )],
        // Dynamics takes back only rows whose sum and time are its latest ones.
        fields: &[
            ("family", "Lee", "Stone"),
            ("name", "Ann Lee", "Ann Stone"),
            ("title", "VP", "CEO"),
            ("value", "5/1/2024 2:30 PM", "6/1/2024 2:30 PM"),
            ("value", "a=", "c="),
        ],
    },
    Later {
        system: "mailchimp",
        table: "Email Address,First Name,Last Name,MEMBER_RATING,CONFIRM_TIME,LEID,EUID,TAGS\nann@acme.example,Ann,Lee,2,2015-03-16 14:41:00,1,e1,\nwang@example.cn,伟,王,2,2015-03-16 14:41:00,2,e2,\n",
        changes: &[("ann@acme.example,Ann,Lee", "stone@home.example,Ann,Stone")],
        fields: &[("family", "Lee", "Stone"), ("name", "Ann Lee", "Ann Stone")],
    },
    Later {
        system: "linkedin",
        table: "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAnn,Lee,https://www.linkedin.com/in/ann,,Acme,VP,12 Mar 2024\nAnn,Lee,https://www.linkedin.com/in/ann-2,,Acme,Clerk,12 Mar 2024\n",
        changes: &[(
            "Ann,Lee,https://www.linkedin.com/in/ann,,Acme,VP",
            "Ann,Stone,https://www.linkedin.com/in/ann,,Globex,CEO",
        )],
        fields: &[
            ("company", "Acme", "Globex"),
            ("family", "Lee", "Stone"),
            ("name", "Ann Lee", "Ann Stone"),
            ("title", "VP", "CEO"),
        ],
    },
    Later {
        system: "fxiaoke",
        table: "联系人ID,姓名,客户名称,职务,邮件,负责人\n1,王小明,华为科技,经理,wang@example.cn,李四\n2,赵六,华为科技,,,李四\n",
        changes: &[("王小明,华为科技,经理,wang@example.cn", "王小名,华为科技,总监,ming@home.example")],
        fields: &[("given", "小明", "小名"), ("name", "王小明", "王小名"), ("title", "经理", "总监")],
    },
    Later {
        system: "hubspot",
        table: "Record ID,Company name,Company owner,Company Domain Name,Industry\n1,Acme,Pat,acme.example,Tools\n2,Acme,Pat,other.example,Food\n",
        changes: &[("2,Acme,Pat,other.example,Food", "2,Globex,Pat,globex.example,Drinks")],
        fields: &[("industry", "Food", "Drinks"), ("name", "Acme", "Globex")],
    },
    Later {
        system: "salesforce",
        table: "Id,Name,Type,BillingCity,Industry,Website\n001A,Acme,Customer,Paris,Tools,https://acme.example\n001B,Acme,Customer,Rome,Food,\n",
        changes: &[("001A,Acme,Customer,Paris,Tools", "001A,Globex,Customer,Paris,Drinks")],
        fields: &[("industry", "Tools", "Drinks"), ("name", "Acme", "Globex")],
    },
    Later {
        system: "zoho",
        table: "Record Id,Account Owner,Account Name,Industry,Billing City\nzcrm_7,Pat,Acme,Tools,Paris\nzcrm_8,Pat,Ridge,,Rome\n",
        changes: &[("zcrm_7,Pat,Acme,Tools", "zcrm_7,Pat,Globex,Drinks")],
        fields: &[("industry", "Tools", "Drinks"), ("name", "Acme", "Globex")],
    },
    Later {
        system: "fxiaoke",
        table: "客户名称,客户编号,客户级别,行业\n华为科技,KH1,重点,通信\n星云科技,KH2,普通,\n",
        changes: &[("华为科技,KH1,重点,通信", "华为技术,KH1,重点,软件")],
        fields: &[("industry", "通信", "软件"), ("name", "华为科技", "华为技术")],
    },
    Later {
        system: "hubspot",
        table: "Record ID,Deal Name,Deal Stage,Close Date,Amount\n9,Pilot,Open,2026-05-01 14:30,12400\n10,Pilot,Open,2026-06-01 14:30,8000\n",
        changes: &[("10,Pilot,Open,2026-06-01 14:30,8000", "10,Renewal,Contract,2026-06-01 14:30,9000")],
        fields: &[("amount", "8000", "9000"), ("stage", "Open", "Contract"), ("title", "Pilot", "Renewal")],
    },
    Later {
        system: "salesforce",
        table: "Id,Name,StageName,Amount,CloseDate\n006A,Pilot,Open,12400.0,2026-05-01\n006B,Pilot,Open,8000.0,2026-06-01\n",
        changes: &[("006B,Pilot,Open,8000.0", "006B,Renewal,Contract,9000.0")],
        fields: &[("amount", "8000", "9000"), ("stage", "Open", "Contract"), ("title", "Pilot", "Renewal")],
    },
    Later {
        system: "zoho",
        table: "Record Id,Deal Name,Stage,Closing Date,Amount\nzcrm_9,Pilot,Open,2026-05-01,\"$12,400.00\"\nzcrm_10,Pilot,Open,2026-06-01,8000\n",
        changes: &[("zcrm_10,Pilot,Open,2026-06-01,8000", "zcrm_10,Renewal,Contract,2026-06-01,9000")],
        fields: &[("amount", "8000", "9000"), ("stage", "Open", "Contract"), ("title", "Pilot", "Renewal")],
    },
    Later {
        system: "fxiaoke",
        table: "商机编号,商机名称,商机金额,销售阶段,预计成交日期\nSJ1,试点,12400,洽谈,2026-05-01\nSJ2,试点,8000,洽谈,2026-06-01\n",
        changes: &[("SJ2,试点,8000,洽谈", "SJ2,续约,9000,签约")],
        fields: &[("amount", "8000", "9000"), ("stage", "洽谈", "签约"), ("title", "试点", "续约")],
    },
    Later {
        system: "zoho",
        table: "Record Id,Note Title,Note Content,Created Time\nzcrm_20,Call,said yes,2026-05-01 14:30:00\nzcrm_21,Call,said no,2026-05-01 14:30:00\n",
        changes: &[("zcrm_20,Call,said yes", "zcrm_20,Visit,said maybe")],
        fields: &[("body", "said yes", "said maybe"), ("subject", "Call", "Visit")],
    },
    Later {
        system: "vcard",
        table: "BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Ann Lee\nN:Lee;Ann;;;\nTITLE:VP\nEMAIL:ann@acme.example\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nUID:u2\nFN:王伟\nEND:VCARD\n",
        changes: &[(
            "FN:Ann Lee\nN:Lee;Ann;;;\nTITLE:VP\nEMAIL:ann@acme.example",
            "FN:Ann Stone\nN:Stone;Ann;;;\nTITLE:CEO\nEMAIL:stone@home.example",
        )],
        fields: &[("family", "Lee", "Stone"), ("name", "Ann Lee", "Ann Stone"), ("title", "VP", "CEO")],
    },
    Later {
        system: "knotter",
        table: r#"{"metadata":{"exported_at":1,"app_version":"0.3.0","schema_version":9,"format_version":1},"contacts":[{"id":"3b1f","display_name":"Ann Lee","emails":["ann@acme.example"],"tags":[],"interactions":[]},{"id":"4","display_name":"Bob","emails":[],"tags":[],"interactions":[]}]}"#,
        changes: &[(
            "Ann Lee\",\"emails\":[\"ann@acme.example",
            "Ann Stone\",\"emails\":[\"stone@home.example",
        )],
        fields: &[("family", "Lee", "Stone"), ("name", "Ann Lee", "Ann Stone")],
    },
];

#[test]
fn a_later_export_of_each_system_is_matched_by_its_own_id_and_changes_what_changed() {
    for Later { system, table, changes, fields } in LATER {
        let rolo = Rolo::new();
        let first = import(&rolo, &[&rolo.file("day 1", table)]);
        assert_eq!(counts(&first), [2, 0, 0, 0, 0], "{system}: {first}\n{table}");
        let dump = || {
            let text = rolo.ok(&["export", "--as", "jsonl"]);
            let mut kinds: Vec<String> =
                text.lines().map(|line| line.split(',').next().unwrap().to_owned()).collect();
            kinds.retain(|kind| {
                ["contact", "deal", "interaction"].iter().any(|name| kind.ends_with(&format!("\"{name}\"")))
            });
            kinds
        };
        let before = dump();
        let mut later = (*table).to_owned();
        for (from, to) in *changes {
            assert!(later.contains(from), "{system}: {from}");
            later = later.replace(from, to);
        }
        let report = import(&rolo, &[&rolo.file("day 2", &later)]);
        assert_eq!(counts(&report), [0, 1, 1, 0, 0], "{system}: {report}\n{later}");
        let history = rolo.json(&["history"]);
        let mut sets: Vec<[String; 3]> = history[0]["edits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|edit| {
                edit["action"] == "set" && !matches!(edit["field"].as_str(), Some("base" | "extras"))
            })
            .map(|edit| {
                ["field", "before", "after"].map(|key| edit[key].as_str().unwrap_or_default().to_owned())
            })
            .collect();
        sets.sort();
        let company = |field: &str| field == "company";
        let wanted: Vec<[&str; 3]> = fields.iter().map(|(field, from, to)| [*field, *from, *to]).collect();
        assert_eq!(sets.len(), wanted.len(), "{system}: {sets:?}");
        for (set, wanted) in sets.iter().zip(&wanted) {
            assert_eq!(set[0], wanted[0], "{system}: {sets:?}");
            assert!(company(&set[0]) || set[1..] == wanted[1..], "{system}: {set:?} {wanted:?}");
        }
        // A company that is new came by its name; nobody else did.
        let made = fields.iter().filter(|(field, ..)| company(field)).count();
        assert_eq!(dump().len(), before.len() + made, "{system}: nobody is there twice");
        assert_eq!(counts(&import(&rolo, &[&rolo.file("day 3", &later)])), [0, 0, 2, 0, 0], "{system}");
    }
}

const ZOHO: &str = "Record Id,Contact Owner,First Name,Last Name,Email,Account Name,Email Opt Out\n";
const HUBSPOT: &str = "Record ID,First Name,Last Name,Email,Create Date,Unsubscribed from all email\n";

#[test]
fn an_opt_out_is_taken_back_by_who_said_it_and_by_nobody_else() {
    let rolo = Rolo::new();
    let zoho =
        |out: &str| rolo.file("zoho.csv", format!("{ZOHO}zcrm_1,P,Jo,Home,jo@x.example.com,A,{out}\n"));
    let hubspot = |out: &str| {
        rolo.file("hubspot.csv", format!("{HUBSPOT}7,Jo,Home,jo@x.example.com,2024-05-06 00:00,{out}\n"))
    };
    let withdrawn = || rolo.ok(&["show", "Jo Home"]).contains("withdrawn");
    let written = |system: &str| rolo.ok(&["export", "--as", system, "--to", "-"]);
    import(&rolo, &[&zoho("true")]);
    assert!(withdrawn() && written("zoho").contains(",true"));
    assert!(written("hubspot").trim_end().ends_with(",true"), "{}", written("hubspot"));
    // Another system knows nothing of it.
    import(&rolo, &[&hubspot("false")]);
    assert!(withdrawn());
    assert_eq!(counts(&import(&rolo, &[&zoho("false")])), [0, 1, 0, 0, 0]);
    assert!(!withdrawn());
    assert!(written("zoho").contains(",false"));
    assert_eq!(counts(&import(&rolo, &[&zoho("false")])), [0, 0, 1, 0, 0]);
    // Of two that said it, one is not enough.
    import(&rolo, &[&zoho("true")]);
    import(&rolo, &[&hubspot("true")]);
    import(&rolo, &[&hubspot("false")]);
    assert!(withdrawn());
    import(&rolo, &[&zoho("false")]);
    assert!(!withdrawn());
}

#[test]
fn an_address_that_somebody_opted_out_with_gets_no_newsletter_through_anybody() {
    let rolo = Rolo::new();
    let header = "Email Address,First Name,Last Name,UNSUB_TIME,UNSUB_REASON,LEID,EUID,TAGS\n";
    let row = "dana@x.example.com,Dana,Whit,2021-05-05 10:00:00,NORMAL,1,e1,\n";
    import(&rolo, &[&rolo.file("unsubscribed.csv", format!("{header}{row}"))]);
    rolo.ok(&["add", "Ned New", "--email", "Dana@X.example.com"]);
    rolo.ok(&["add", "Amy Old", "--email", "amy@x.example.com"]);
    let audience = rolo.ok(&["export", "--as", "mailchimp", "--to", "-"]);
    assert!(
        audience.contains("Amy") && !audience.contains("Dana") && !audience.contains("Ned"),
        "{audience}"
    );
}
