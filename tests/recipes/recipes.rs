//! What each recipe is tried with, and what must come of it.

use crate::common::Rolo;
use crate::fixtures::*;
use serde_json::{Value, json};

/// One way to try the commands under a heading of the README, in a home of its own.
pub struct Recipe {
    /// The heading.
    pub heading: &'static str,
    /// What is different from other tries.
    pub case: &'static str,
    /// The files that lie there.
    pub files: fn() -> Vec<(&'static str, Vec<u8>)>,
    /// How each command ends, and what it says among other things.
    pub told: &'static [(i32, &'static str)],
    /// What must be so in the end.
    pub then: fn(&Rolo),
}

fn text(name: &'static str, text: &str) -> (&'static str, Vec<u8>) {
    (name, text.as_bytes().to_vec())
}

fn show(rolo: &Rolo, who: &str) -> Value {
    rolo.json(&["show", who])
}

fn read(rolo: &Rolo, name: &str) -> String {
    std::fs::read_to_string(rolo.path(name)).unwrap()
}

/// The values of a contact's `emails`, `phones` and the like.
fn values(contact: &Value, key: &str) -> Vec<String> {
    let list = contact[key].as_array().cloned().unwrap_or_default();
    list.iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
}

/// Ann Lee and 王伟 are there once, with what all of the systems know of them.
fn both(rolo: &Rolo) {
    let mut people = rolo.names(&["kind:person"]);
    people.sort();
    assert_eq!(people.len(), 2, "{people:?}");
    let ann = show(rolo, "ann@lantern.example");
    assert_eq!((&ann["given"], &ann["family"]), (&"Ann".into(), &"Lee".into()), "{ann}");
    assert_eq!(values(&ann, "emails")[0], "ann@lantern.example", "{ann}");
    assert_eq!(values(&ann, "phones"), ["+1 212-555-0100"], "{ann}");
    assert!(ann["company"]["name"].as_str().unwrap().starts_with("Lantern Books"), "{ann}");
    let wang = show(rolo, "+86 138 0013 8000");
    assert!(wang["name"].as_str().unwrap().starts_with("王伟"), "{wang}");
}

/// The company and the deal of Ann Lee are records, and linked.
fn deal(rolo: &Rolo, day: &str) {
    let deals = rolo.json(&["deal", "list"]);
    assert_eq!(deals.as_array().unwrap().len(), 1, "{deals}");
    let deal = &deals[0];
    assert_eq!((&deal["amount"], &deal["won"]), (&"12400".into(), &true.into()), "{deal}");
    assert_eq!(deal["expected_close"], day, "{deal}");
    let companies = rolo.json(&["company", "list"]);
    let ids: Vec<&Value> = companies.as_array().unwrap().iter().map(|company| &company["id"]).collect();
    assert!(ids.contains(&&deal["company"]["id"]), "{deal}\n{companies}");
}

pub const RECIPES: &[Recipe] = &[
    Recipe {
        heading: "First steps",
        case: "an empty home",
        files: Vec::new,
        told: &[
            (0, "demo.rolo"),
            (0, "Ann Lee"),
            (0, "Ann Lee"),
            (0, "+1 212-555-0100"),
            (0, "undo"),
            (0, "undo"),
            (0, "Wants the winter blend"),
            (0, "Ann Lee"),
        ],
        then: |rolo| {
            assert_eq!(show(rolo, "Ann Lee")["title"], "Owner");
            assert!(!rolo.ok(&["timeline", "Ann Lee"]).contains("winter blend"), "the call was taken back");
        },
    },
    Recipe {
        heading: "Import",
        case: "a dry run, a run, and back",
        files: || vec![text("contacts.csv", GOOGLE)],
        told: &[(0, "Nothing was changed"), (0, "2 created"), (0, "Took back")],
        then: |rolo| assert_eq!(rolo.ok(&["count"]).trim(), "0"),
    },
    Recipe {
        heading: "Google",
        case: "the new table",
        files: || vec![text("contacts.csv", GOOGLE)],
        told: &[(0, "2 created"), (0, "friends.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!(ann["birthday"], "--05-17");
            assert_eq!(ann["tags"], json!(["friends"]));
            assert_eq!(
                values(&ann, "emails"),
                ["ann@lantern.example", "ann@home.example", "a2@home.example"]
            );
            assert_eq!(ann["dates"], json!([{"label": "anniversary", "date": "2010-06-01"}]));
            let back = read(rolo, "friends.csv");
            assert!(back.contains("friends ::: * myContacts") && !back.contains('王'), "{back}");
        },
    },
    Recipe {
        heading: "Google",
        case: "the table before",
        files: || vec![text("contacts.csv", GOOGLE_OLD)],
        told: &[(0, "2 created"), (0, "friends.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["title"], &ann["birthday"]), (&"Owner".into(), &"1979-05-17".into()));
            assert_eq!(ann["ims"][0]["service"], "Skype");
            assert_eq!(ann["links"][0]["name"], "Bob Lee");
        },
    },
    Recipe {
        heading: "Google",
        case: "its Outlook CSV",
        files: || vec![text("contacts.csv", GOOGLE_OUTLOOK)],
        told: &[(0, "2 created"), (0, "friends.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["birthday"], &ann["tags"]), (&"1979-05-17".into(), &json!(["friends"])));
            assert_eq!(show(rolo, "+86 138 0013 8000").get("birthday"), None);
        },
    },
    Recipe {
        heading: "Outlook",
        case: "in English, Windows-1252",
        files: || vec![text("contacts.csv", OUTLOOK)],
        told: &[(0, "2 created"), (0, "for-outlook.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["birthday"], &ann["prefix"]), (&"1979-03-04".into(), &"Dr.".into()));
            assert_eq!((ann.get("gender"), ann.get("dates")), (None, None), "fillers are nothing: {ann}");
            assert_eq!(ann["tags"], json!(["friends", "vip"]));
            let back = read(rolo, "for-outlook.csv");
            assert!(back.starts_with('\u{feff}') && back.contains("3/4/1979"), "{back}");
            assert!(back.contains("Unspecified"), "what its table always has: {back}");
        },
    },
    Recipe {
        heading: "Outlook",
        case: "in Chinese, GBK",
        files: || vec![("contacts.csv", gbk(OUTLOOK_CHINESE))],
        told: &[(0, "2 created"), (0, "for-outlook.csv")],
        then: |rolo| {
            both(rolo);
            assert_eq!(show(rolo, "ann@lantern.example")["birthday"], "1979-03-04");
            assert_eq!(show(rolo, "ann@lantern.example")["tags"], json!(["客户", "朋友"]));
            let wang = show(rolo, "+86 138 0013 8000");
            assert_eq!((wang.get("gender"), wang.get("birthday")), (None, None), "{wang}");
            assert_eq!(wang["addresses"][0]["city"], "深圳");
            let back = read(rolo, "for-outlook.csv");
            assert!(back.starts_with("\u{feff}英文称谓,名,") && back.contains("1979/3/4"), "{back}");
        },
    },
    Recipe {
        heading: "Outlook",
        case: "in German, Windows-1252",
        files: || vec![("contacts.csv", latin(OUTLOOK_GERMAN))],
        told: &[(0, "2 created"), (0, "for-outlook.csv")],
        then: |rolo| {
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["birthday"], ann.get("dates")), (&"1979-03-04".into(), None), "{ann}");
            assert_eq!((&ann["prefix"], ann.get("gender")), (&"Frau".into(), None), "{ann}");
            let home = &ann["addresses"][0];
            assert_eq!((&home["city"], &home["country"]), (&"Köln".into(), &"Deutschland".into()), "{ann}");
            assert_eq!(show(rolo, "Jörg Weiß")["company"]["name"], "Müller AG");
            assert!(read(rolo, "for-outlook.csv").contains(",4.3.1979,Keine Angabe,"));
        },
    },
    Recipe {
        heading: "Outlook.com",
        case: "its table",
        files: || vec![text("contacts.csv", OUTLOOK_COM)],
        told: &[(0, "2 created"), (0, "for-outlook-com.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["nickname"], &ann["birthday"]), (&"Annie".into(), &"1979-03-04".into()));
            assert_eq!(values(&ann, "urls").len(), 2);
        },
    },
    Recipe {
        heading: "Thunderbird",
        case: "in English",
        files: || vec![text("personal.csv", THUNDERBIRD)],
        told: &[(0, "2 created"), (0, "for-thunderbird.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["birthday"], &ann["nickname"]), (&"1979-03-04".into(), &"Annie".into()));
            assert_eq!(ann["addresses"][0]["extended"], "Flat 2");
            assert!(read(rolo, "for-thunderbird.csv").contains(",1979,3,4,blue,likes tea"));
        },
    },
    Recipe {
        heading: "Thunderbird",
        case: "in German",
        files: || vec![text("personal.csv", THUNDERBIRD_GERMAN)],
        told: &[(0, "2 created"), (0, "for-thunderbird.csv")],
        then: |rolo| {
            both(rolo);
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["birthday"], &ann["title"]), (&"1979-03-04".into(), &"Owner".into()));
            let home = &ann["addresses"][0];
            assert_eq!((&home["city"], &home["extended"]), (&"London".into(), &"Wohnung 2".into()), "{ann}");
            assert_eq!(ann["addresses"][1]["city"], "Köln");
            let back = read(rolo, "for-thunderbird.csv");
            assert!(back.contains(",Arbeitstitel,") && !back.contains("Birth Year"), "{back}");
        },
    },
    Recipe {
        heading: "LinkedIn",
        case: "its note first, both kinds of dates",
        files: || vec![text("Connections.csv", LINKEDIN)],
        told: &[(0, "2 created"), (0, "Ann Lee")],
        then: |rolo| {
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!(ann["company"]["name"], "Lantern Books, Inc.");
            assert_eq!(ann["title"], "Owner \"and\" buyer");
            assert_eq!(ann["dates"], json!([{"label": "connected", "date": "2024-03-12"}]));
            assert_eq!(ann["socials"][0]["value"], "https://www.linkedin.com/in/ann-lee");
            assert_eq!(show(rolo, "Neha")["dates"][0]["date"], "2022-02-07");
            assert_eq!(rolo.names(&["tag:linkedin"]).len(), 2, "an empty row is nobody");
        },
    },
    Recipe {
        heading: "HubSpot",
        case: "contacts, companies, deals",
        files: || {
            vec![
                text("contacts.csv", HUBSPOT_CONTACTS),
                text("companies.csv", HUBSPOT_COMPANIES),
                text("deals.csv", HUBSPOT_DEALS),
            ]
        },
        told: &[
            (0, "4 created"),
            (0, "Winter order"),
            (0, "Winter order"),
            (0, "for-hubspot.csv"),
            (0, "companies-for-hubspot.csv"),
        ],
        then: |rolo| {
            deal(rolo, "2026-05-01");
            assert_eq!(rolo.json(&["deal", "list"])[0]["contacts"][0]["name"], "Ann Lee");
            assert_eq!(rolo.json(&["company", "list"])[0]["industry"], "Retail");
            let back = read(rolo, "for-hubspot.csv");
            assert!(
                back.contains("101,Ann,Lee,ann@lantern.example") && back.contains(",Lantern Books,77"),
                "{back}"
            );
            assert!(read(rolo, "companies-for-hubspot.csv").contains("77,Lantern Books,lantern.example"));
        },
    },
    Recipe {
        heading: "Salesforce",
        case: "Data Loader, names in capitals",
        files: || {
            vec![
                text("contacts.csv", SALESFORCE_CONTACTS),
                text("accounts.csv", SALESFORCE_ACCOUNTS),
                text("opportunities.csv", SALESFORCE_OPPORTUNITIES),
            ]
        },
        told: SALESFORCE_TOLD,
        then: |rolo| {
            both(rolo);
            deal(rolo, "2026-05-01");
            assert_eq!(rolo.json(&["deal", "list"])[0]["contacts"][0]["name"], "Ann Lee");
            let back = read(rolo, "for-salesforce.csv");
            assert!(back.trim_start_matches('\u{feff}').starts_with("ID,ACCOUNTID,LASTNAME"), "{back}");
            assert!(back.contains("0035e1,0015e7,Lee,Ann"), "{back}");
        },
    },
    Recipe {
        heading: "Salesforce",
        case: "reports",
        files: || {
            vec![
                text("contacts.csv", SALESFORCE_REPORT_CONTACTS),
                text("accounts.csv", SALESFORCE_REPORT_ACCOUNTS),
                text("opportunities.csv", SALESFORCE_REPORT_OPPORTUNITIES),
            ]
        },
        told: SALESFORCE_TOLD,
        then: |rolo| {
            both(rolo);
            deal(rolo, "2026-05-21");
            let back = read(rolo, "for-salesforce.csv");
            assert!(!back.contains("Id,"), "its own names, and no second id: {back}");
        },
    },
    Recipe {
        heading: "Dynamics 365",
        case: "a workbook",
        files: || vec![("Contacts.xlsx", dynamics())],
        told: &[(0, "2 created"), (0, "for-dynamics.csv")],
        then: |rolo| {
            both(rolo);
            assert_eq!(show(rolo, "ann@lantern.example")["birthday"], "1979-03-04");
            let back = read(rolo, "for-dynamics.csv");
            assert!(
                back.contains("8d1e0f2a-0000-4000-8000-000000000001,abc+/=,5/1/2024 2:30 PM,Ann"),
                "{back}"
            );
        },
    },
    Recipe {
        heading: "Zoho",
        case: "five tables",
        files: || {
            vec![
                text("Contacts.csv", ZOHO_CONTACTS),
                text("Accounts.csv", ZOHO_ACCOUNTS),
                text("Leads.csv", ZOHO_LEADS),
                text("Deals.csv", ZOHO_DEALS),
                text("Notes.csv", ZOHO_NOTES),
            ]
        },
        told: &[
            (0, "6 created"),
            (0, "Ann Lee"),
            (0, "wants the winter blend"),
            (0, "for-zoho.csv"),
            (0, "leads-for-zoho.csv"),
        ],
        then: |rolo| {
            deal(rolo, "2026-05-01");
            assert_eq!(show(rolo, "ann@lantern.example")["tags"], json!(["north", "vip"]));
            assert_eq!(show(rolo, "Bob Stone")["stage"], "lead");
            let people = read(rolo, "for-zoho.csv");
            assert!(
                people.contains("zcrm_48") && !people.contains("zcrm_60"),
                "no lead among them: {people}"
            );
            let leads = read(rolo, "leads-for-zoho.csv");
            let leads = leads.trim_start_matches('\u{feff}');
            assert!(leads.starts_with("Record Id,Lead Owner,Lead Owner.id,Company,First Name"), "{leads}");
            assert!(
                leads.contains("zcrm_60,Pat,zcrm_1,Tidewater,Bob") && !leads.contains("Stage"),
                "{leads}"
            );
        },
    },
    Recipe {
        heading: "纷享销客",
        case: "three workbooks",
        files: || {
            vec![
                ("联系人.xlsx", fxiaoke_contacts()),
                ("客户.xlsx", fxiaoke_accounts()),
                ("商机.xlsx", fxiaoke_deals()),
            ]
        },
        told: &[(0, "4 created"), (0, "冬季订单"), (0, "导入.csv")],
        then: |rolo| {
            both(rolo);
            deal(rolo, "2026-05-01");
            assert_eq!(rolo.json(&["deal", "list"])[0]["contacts"][0]["name"], "王伟");
            assert_eq!(show(rolo, "ann@lantern.example").get("ims"), None, "-- is nothing");
            assert_eq!(show(rolo, "+86 138 0013 8000")["ims"][0]["value"], "wx_wang");
            let huawei = rolo.json(&["company", "show", "华为科技有限公司"]);
            assert_eq!(huawei["industry"], "通信");
        },
    },
    Recipe {
        heading: "Mailchimp",
        case: "the three files of an audience",
        files: || {
            vec![
                text("subscribed.csv", MAILCHIMP_SUBSCRIBED),
                text("unsubscribed.csv", MAILCHIMP_UNSUBSCRIBED),
                text("cleaned.csv", MAILCHIMP_CLEANED),
            ]
        },
        told: &[(0, "3 created"), (0, "does not want")],
        then: |rolo| {
            let out = read(rolo, "audience.csv");
            assert!(
                out.contains("ann@lantern.example") && !out.contains("wang@") && !out.contains("gone@"),
                "{out}"
            );
            assert_eq!(show(rolo, "ann@lantern.example")["tags"], json!(["Café, north", "newsletter"]));
            let dump = rolo.ok(&["export", "--as", "jsonl"]);
            for status in ["granted", "withdrawn", "denied"] {
                let mut consents = dump.lines().filter(|line| line.starts_with("{\"record\":\"consent\""));
                assert!(consents.any(|line| line.contains(status)), "{status}: {dump}");
            }
        },
    },
    Recipe {
        heading: "Phones",
        case: "Apple",
        files: || vec![text("contacts.vcf", APPLE)],
        told: &[(0, "2 created"), (0, "for-the-phone.vcf")],
        then: |rolo| {
            both(rolo);
            assert_eq!(show(rolo, "ann@lantern.example")["birthday"], "--05-17", "a year left out is none");
            assert!(read(rolo, "for-the-phone.vcf").contains("item1.X-ABLabel:_$!<HomePage>!$_"));
        },
    },
    Recipe {
        heading: "Phones",
        case: "Android",
        files: || vec![text("contacts.vcf", ANDROID)],
        told: &[(0, "2 created"), (0, "for-the-phone.vcf")],
        then: |rolo| {
            both(rolo);
            assert!(read(rolo, "for-the-phone.vcf").contains("VERSION:3.0\r\n"));
        },
    },
    Recipe {
        heading: "Calls",
        case: "SMS Backup & Restore",
        files: || vec![text("contacts.vcf", ANDROID), text("calls-20260914.xml", CALLS)],
        told: &[(0, "2 created"), (0, "2 created"), (0, "missed")],
        then: |rolo| {
            both(rolo);
            let timeline = rolo.json(&["timeline", "Ann Lee"]);
            assert_eq!(timeline.as_array().unwrap().len(), 2, "both numbers are hers: {timeline}");
        },
    },
    Recipe {
        heading: "khard and vdirsyncer",
        case: "a folder of cards",
        files: || {
            vec![
                text(".contacts/family/5d0a2f44-1.vcf", CARD),
                text(".contacts/family/5d0a2f44-2.vcf", CARD_TWO),
            ]
        },
        told: &[(0, "2 created"), (0, "all.vcf")],
        then: |rolo| {
            assert_eq!(rolo.names(&[]).len(), 2);
            let back = read(rolo, "all.vcf");
            assert!(back.contains("X-SHOE-SIZE:38") && back.contains("UID:urn:uuid:5d0a2f44"), "{back}");
        },
    },
    Recipe {
        heading: "abook",
        case: "its file",
        files: || vec![text(".abook/addressbook", ABOOK)],
        told: &[(0, "2 created"), (0, "addressbook")],
        then: |rolo| {
            assert_eq!(show(rolo, "ann@lantern.example")["fields"]["shoe"], "38");
            let lines =
                |text: &str| text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(lines(&read(rolo, "addressbook")), lines(ABOOK));
        },
    },
    Recipe {
        heading: "LDIF",
        case: "a directory",
        files: || vec![text("people.ldif", LDIF)],
        told: &[(0, "2 created"), (0, "for-the-directory.ldif")],
        then: |rolo| {
            assert_eq!(show(rolo, "王伟")["given"], "伟");
            assert_eq!(read(rolo, "for-the-directory.ldif"), LDIF);
        },
    },
    Recipe {
        heading: "Monica and knotter",
        case: "an account and a book",
        files: || vec![text("monica.json", MONICA), text("knotter.json", KNOTTER)],
        told: &[(0, "3 created"), (0, "Likes tea")],
        then: |rolo| {
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!(
                (&ann["links"][0]["relation"], &ann["links"][0]["name"]),
                (&"spouse".into(), &"Bob".into())
            );
            assert_eq!(show(rolo, "Ada Lovelace")["timeline"][0]["body"], "Sent notes");
        },
    },
    Recipe {
        heading: "Any other table",
        case: "tables of all kinds",
        files: || {
            vec![
                text(
                    "clients.csv",
                    "Name;Mobil 1;E-mail;Lead Status;Schuhgröße\nAnn Lee;+1 212-555-0100;ann@lantern.example;Open;38\n",
                ),
                text("clients.tsv", "Client No\tName\tE-mail\n7\tAnn Lee\tann@lantern.example\n8\t\t\n"),
                text("list.csv", "Full Name,\"City, State\"\n\"Reed, Tom\",\"Austin, TX\"\n"),
                text("names.csv", "First,Last\nBob,Stone\n"),
                ("clients.xlsx", sheets()),
            ]
        },
        told: &[
            (0, "1 created"),
            (3, "1 unchanged"),
            (0, "1 created"),
            (0, "1 created"),
            (0, "newsletter"),
            (0, "1 created"),
            (0, "to-fill-in.xlsx"),
        ],
        then: |rolo| {
            let ann = show(rolo, "ann@lantern.example");
            assert_eq!((&ann["fields"]["lead_status"], &ann["tags"]), (&"Open".into(), &json!(["clients"])));
            assert_eq!(values(&ann, "emails"), ["ann@lantern.example"]);
            let tom = show(rolo, "Tom Reed");
            assert_eq!(
                (&tom["addresses"][0]["city"], &tom["addresses"][0]["region"]),
                (&"Austin".into(), &"TX".into())
            );
            assert_eq!(show(rolo, "Bob Stone")["stage"], "customer");
            assert_eq!(rolo.names(&["from2024"]), ["From2024"], "that sheet, not the first");
            assert!(rolo.path("to-fill-in.xlsx").exists());
        },
    },
    Recipe {
        heading: "From scripts",
        case: "a cron job",
        files: || vec![text("leads.csv", LEADS)],
        told: &[
            (3, "\"rejected\": 1"),
            (0, ""),
            (0, "audience.csv"),
            (0, "tom@reed.example"),
            (0, "\"edits\": 1"),
        ],
        then: |rolo| {
            assert_eq!(show(rolo, "ann@lantern.example")["fields"]["lead_status"], "Open");
            let bad = read(rolo, "bad.csv");
            assert!(bad.contains(",,Lost,"), "the row as it was, with the reason: {bad}");
            assert!(read(rolo, "audience.csv").contains("tom@reed.example"));
        },
    },
    Recipe {
        heading: "Everything",
        case: "a book with two",
        files: || vec![text(BOOK, PEOPLE)],
        told: &[
            (0, "everything.jsonl"),
            (0, "0 rejected"),
            (0, "vip.csv"),
            (0, "all.xlsx"),
            (0, "deals.csv"),
            (0, "birthdays.ics"),
            (0, "directory.html"),
        ],
        then: |rolo| {
            let of = |book: &str| rolo.ok(&["--book", book, "export", "--as", "jsonl"]);
            let here = rolo.ok(&["export", "--as", "jsonl"]);
            let people = |text: &str| -> Vec<String> {
                text.lines()
                    .filter(|line| line.starts_with("{\"record\":\"contact\""))
                    .map(str::to_owned)
                    .collect()
            };
            assert_eq!(people(&of("copy.rolo")), people(&here), "nothing is lost");
            let vip = read(rolo, "vip.csv");
            assert!(vip.contains("'=1+1") && vip.contains("+1 212-555-0100"), "{vip}");
            assert!(read(rolo, "birthdays.ics").contains("DTSTART;VALUE=DATE:"));
            assert!(read(rolo, "directory.html").contains("王伟"));
            assert!(rolo.path("all.xlsx").exists());
        },
    },
];

const SALESFORCE_TOLD: &[(i32, &str)] =
    &[(0, "4 created"), (0, "Winter order"), (0, "for-salesforce.csv"), (0, "accounts-for-salesforce.csv")];
