//! What other systems export goes in whole, comes back as it went out, and is followed from export to export.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod later;
mod written;

use common::Rolo;
use serde_json::Value;

fn import(rolo: &Rolo, files: &[&str]) -> Value {
    let mut args = vec!["import"];
    args.extend(files);
    args.extend(["--format", "json"]);
    let ran = rolo.run(&args);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err))
}

/// created, updated, unchanged, skipped, rejected
fn counts(report: &Value) -> Vec<u64> {
    let counts = ["created", "updated", "unchanged", "skipped", "rejected"];
    let counts: Vec<u64> = counts.iter().map(|key| report[*key].as_u64().unwrap()).collect();
    assert_eq!(report["read"].as_u64().unwrap(), counts.iter().sum::<u64>(), "{report}");
    counts
}

/// A table's cells by row and column, without the order of rows.
fn cells(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    rows.sort();
    (header, rows)
}

/// (system, its table)
const TABLES: [(&str, &str); 12] = [
    (
        "outlook",
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,Business Street 3,Business City,Business Postal Code,Business Country/Region,Business Fax,Business Phone,Business Phone 2,Home Phone,Mobile Phone,Other Phone,Anniversary,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,Gender,Hobby,Initials,Manager's Name,Notes,Priority,Private,Sensitivity,Spouse,User 1,Web Page,Shoe Size\n\
         Dr.,Ann,M.,Lee,Jr.,\"Acme, \"\"Inc\"\"\",R&D,VP,\"1 Main St\",Floor 2,Door 3,Springfield,12345,USA,+1 212 555 0101,+1 212-555-0100,+1 212-555-0102,,+86 138 0013 8000,555,6/1/2010,3/14/1980,friends;vip,ann@acme.example,SMTP,Ann Lee (ann@acme.example),ann@home.example,SMTP,Ann,Unspecified,tea,AL,Bob Stone,\"likes\nlong \"\"walks\"\"\",Normal,False,Normal,Carl,x,https://ann.example,38\n\
         ,伟,,王,,华为科技,,工程师,,,,深圳,,,,,,,138 0013 8001,,,,,wang@example.cn,SMTP,王伟,,,,Unspecified,,,,'=备注,Normal,False,Normal,,,,\n",
    ),
    (
        "outlook-com",
        "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,Home Phone,Business Phone,Mobile Phone,IMAddress,Job Title,Company,Company Yomi,Business Street,Business City,Personal Web Page,Schools,Web Page,Birthday,Notes\n\
         Ann,,Lee,,,Annie,An,Li,ann@acme.example,a2@acme.example,1 555 0100,1 555 0101,1 555 0102,ann.im,VP,Acme,Akume,1 Main St,Springfield,https://me.example,MIT,https://acme.example,3/14/1980,note\n",
    ),
    (
        "thunderbird",
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home County,Home Post Code,Home Country,Job Title,Department,Organisation,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Notes\n\
         Ann,Lee,Ann Lee,Annie,ann@acme.example,ann@home.example,ann.im,020 1,020 2,020 3,020 4,07 5,1 High St,Flat 2,London,Essex,E1 1AA,UK,VP,R&D,Acme,https://a.example,https://b.example,1980,3,14,one,二,\"a\nb\"\n",
    ),
    (
        "linkedin",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
         Ann,Lee,https://www.linkedin.com/in/ann,,\"Stripe, Inc.\",\"Engineer \"\"Platform\"\"\",12 Mar 2024\n\
         Neha,K,https://www.linkedin.com/in/neha,neha@x.example,Razorpay,,07 Feb 2022\n",
    ),
    (
        "hubspot",
        "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company Name,Job Title,Lifecycle Stage,Contact owner,Create Date,Lead Status,City,State/Region,Postal Code,Country/Region,Street Address,Website URL,Industry,Unsubscribed from all email,höbbela,Associated Company,Associated Company IDs,Associated Deal IDs\n\
         101,Ann,Lee,ann@acme.example,+1 212-555-0100,+1 212-555-0101,Acme,VP,customer,Pat Doe,2023-05-17 14:30,Open,Springfield,IL,12345,USA,1 Main St,https://acme.example,Tools,,rot,Acme,77,900;901\n\
         102,伟,王,wang@example.cn,,,华为科技,,lead,,2024-01-02 09:05,,,,,,,,,true,,华为科技,78,\n",
    ),
    (
        "salesforce",
        "Id,IsDeleted,AccountId,LastName,FirstName,Salutation,OtherStreet,OtherCity,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,Phone,Fax,MobilePhone,HomePhone,OtherPhone,AssistantPhone,Email,Title,Department,AssistantName,LeadSource,Birthdate,Description,OwnerId,CreatedDate,HasOptedOutOfEmail\n\
         003A,0,001A,Lee,Ann,Ms.,2 Side St,Chicago,1 Main St,Springfield,IL,12345,USA,+1 212-555-0100,+1 212-555-0109,+1 212-555-0101,+1 212-555-0102,+1 212-555-0103,+1 212-555-0104,ann@acme.example,VP,R&D,Carl,Web,1980-03-14,\"a \"\"b\"\"\",005X,2024-05-01T14:30:00.000Z,0\n",
    ),
    (
        "zoho",
        "Record Id,Contact Owner,Contact Owner.id,First Name,Last Name,Account Name,Account Name.id,Email,Secondary Email,Phone,Mobile,Mailing Street,Mailing City,Mailing State,Mailing Zip,Description,Tag,Created Time\n\
         zcrm_48,Pat,zcrm_1,Ann,Lee,Ridge Property Group,zcrm_77,ann@ridge.example,a2@ridge.example,614-555-0100,614-555-0101,22 Elm St,Columbus,OH,43210,\"Wants, the \"\"driveway\"\"\",\"north,vip\",2024-05-01 14:30:00\n",
    ),
    (
        "dynamics",
        "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,First Name,Last Name,Job Title,Company Name,Email,Email Address 2,Business Phone,Mobile Phone,Address 1: Street 1,Address 1: Street 2,Address 1: Street 3,Address 1: City,Address 1: ZIP/Postal Code,Birthday,Do not allow Bulk Emails,Owner,Annual Income\n\
         8d1e0f2a-0000-4000-8000-000000000001,abc+/=,5/1/2024 2:30 PM,Ann,Lee,VP,Acme,ann@acme.example,a2@acme.example,555-0100,555-0101,1 Main St,Floor 2,Door 3,Springfield,12345,3/14/1980,Do Not Allow,Pat,\"$120,000\"\n\
         8d1e0f2a-0000-4000-8000-000000000002,abd,5/2/2024 2:30 PM,Bob,Stone,,,bob@acme.example,,,,,,,,,,Allow,,\n",
    ),
    (
        "mailchimp",
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n\
         ann@acme.example,Ann,Lee,2,2015-03-16 14:40:47,10.0.0.1,2015-03-16 14:41:00,2015-03-16 14:41:00,1,e1,\"a, b\",\"\"\"Café, north\"\",\"\"VIP\"\"\"\n\
         wang@example.cn,伟,王,3,,,2016-01-01 00:00:00,2016-01-01 00:00:00,2,e2,,\n",
    ),
    (
        "mailchimp-unsubscribed",
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,UNSUB_TIME,UNSUB_REASON,LEID,EUID,NOTES,TAGS\n\
         ann@acme.example,Ann,Lee,2,2015-03-16 14:40:47,2015-03-16 14:41:00,2017-01-01 10:00:00,2017-01-01 10:00:00,NORMAL,1,e1,,\n",
    ),
    (
        "fxiaoke",
        "姓名,客户名称,职务,部门,手机,电话,邮件,微信,地址,生日,负责人,创建时间,生命状态,备注\n\
         王小明,华为科技有限公司,经理,研发部,+86 138 0013 8000,0755-12345678,wang@example.cn,wx_wang,深圳市南山区科技路1号,1980-03-14,李四,2024-05-01 10:00,正常,\"多行\n备注\"\n",
    ),
    (
        "google-outlook",
        "First Name,Last Name,Web Page,Birthday,Notes,E-mail Address,E-mail 2 Address,Primary Phone,Home Phone,Mobile Phone,Home Street,Home City,Home Country,Business Street,Business City,Business Country,Company,Job Title,Categories,User 1\n\
         Ann,Lee,https://a.example,1980-03-14,note,ann@acme.example,a2@acme.example,1,22,333,1 Side St,Paris,France,1 Main St,Springfield,USA,Acme,VP,vip;myContacts,u\n",
    ),
];

#[test]
fn each_system_gets_its_own_table_back_and_the_same_file_again_changes_nothing() {
    for (system, table) in TABLES {
        let rolo = Rolo::new();
        let file = rolo.file("in.csv", table);
        let first = import(&rolo, &[&file]);
        let (header, rows) = cells(table);
        assert_eq!(counts(&first), [rows.len() as u64, 0, 0, 0, 0], "{system}: {first}");
        let again = import(&rolo, &[&file]);
        assert_eq!(counts(&again), [0, 0, rows.len() as u64, 0, 0], "{system}: {again}");
        assert_eq!(again["batch"], 0, "{system}: nothing is written");
        let out = rolo.ok(&["export", "--as", system]);
        let (names, back) = cells(&out);
        assert_eq!(names, header, "{system}: the columns in their order");
        let restored = |row: &Vec<String>| -> Vec<String> {
            row.iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell).to_owned()).collect()
        };
        let (rows, back): (Vec<_>, Vec<_>) =
            (rows.iter().map(restored).collect(), back.iter().map(restored).collect());
        for (wanted, found) in rows.iter().zip(&back) {
            for ((name, wanted), found) in header.iter().zip(wanted).zip(found) {
                assert_eq!(found, wanted, "{system}: {name}");
            }
        }
        assert_eq!(back.len(), rows.len(), "{system}");
        // What goes out comes in again as the same people.
        let file = rolo.file("out.csv", &out);
        let third = import(&rolo, &[&file]);
        assert_eq!(counts(&third)[0], 0, "{system}: {third}");
        assert_eq!(counts(&third)[1], 0, "{system}: {third}");
    }
}

const CONTACTS: &str = "Record ID,First Name,Last Name,Email,Job Title,Associated Company,Associated Company IDs,Lifecycle Stage\n\
    1,Ann,Lee,ann@acme.example,VP,Acme,1,customer\n\
    2,Bob,Stone,bob@acme.example,,Acme,1,lead\n\
    3,Cid,Ray,cid@other.example,,Acme,2,lead\n";
const COMPANIES: &str = "Record ID,Company name,Company owner,Company Domain Name,Phone Number,Industry\n\
    1,Acme,Pat,acme.example,+1 212-555-0100,Tools\n\
    2,Acme,Pat,other.example,,Food\n";
const DEALS: &str = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Pipeline,Associated Company,Associated Company IDs,Associated Contact,Associated Contact IDs\n\
    9,Pilot,Closed Won,2026-05-01 14:30,\"$12,400.00\",Pat,Sales,Acme,1,Ann Lee (ann@acme.example);Bob Stone,1;2\n\
    10,Renewal,Negotiation,2026-12-24,8000,Pat,Sales,Acme,2,,3\n";

/// What must be there however the files came.
fn check_hubspot(rolo: &Rolo, order: &str) {
    let deals = rolo.json(&["deal", "list"]);
    let find =
        |title: &str| deals.as_array().unwrap().iter().find(|deal| deal["title"] == title).unwrap().clone();
    let pilot = find("Pilot");
    assert_eq!(pilot["amount"], "12400", "{order}");
    assert_eq!(pilot["won"], true, "{order}");
    assert_eq!(pilot["expected_close"], "2026-05-01", "{order}");
    assert_eq!(pilot["extras"]["Pipeline"], "Sales", "{order}");
    let mut names: Vec<&str> =
        pilot["contacts"].as_array().unwrap().iter().map(|who| who["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ann Lee", "Bob Stone"], "{order}");
    assert_eq!(find("Renewal")["contacts"][0]["name"], "Cid Ray", "{order}");
    let companies = rolo.json(&["company", "list"]);
    let companies = companies.as_array().unwrap();
    assert_eq!(companies.len(), 2, "two of one name, no double: {order}: {companies:?}");
    let of = |who: &str| rolo.json(&["show", who])["company"]["id"].clone();
    assert_eq!(of("Ann Lee"), of("Bob Stone"), "{order}");
    assert_ne!(of("Ann Lee"), of("Cid Ray"), "{order}: the id decides, not the name");
    assert_eq!(pilot["company"]["id"], of("Ann Lee"), "{order}");
    assert_eq!(find("Renewal")["company"]["id"], of("Cid Ray"), "{order}");
    let tools = companies.iter().find(|company| company["industry"] == "Tools").unwrap();
    assert_eq!(tools["id"], of("Ann Lee"), "{order}");
    assert_eq!(rolo.json(&["show", "Ann Lee"])["deals"][0]["title"], "Pilot", "{order}");
}

#[test]
fn companies_and_deals_are_linked_whatever_order_they_come_in() {
    let files = [("contacts.csv", CONTACTS), ("companies.csv", COMPANIES), ("deals.csv", DEALS)];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        for together in [true, false] {
            let rolo = Rolo::new();
            let paths: Vec<String> = order.iter().map(|at| rolo.file(files[*at].0, files[*at].1)).collect();
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            if together {
                import(&rolo, &paths);
            } else {
                paths.iter().for_each(|path| drop(import(&rolo, &[path])));
            }
            let what = format!("{order:?} {together}");
            check_hubspot(&rolo, &what);
            rolo.ok(&["check"]);
            let again = import(&rolo, &paths);
            assert_eq!(counts(&again), [0, 0, 7, 0, 0], "{what}: {again}");
            assert_eq!(again["batch"], 0, "{what}");
        }
    }
}

#[test]
fn a_later_export_changes_what_changed_there_and_undo_takes_it_back() {
    let rolo = Rolo::new();
    let paths = [rolo.file("c.csv", CONTACTS), rolo.file("d.csv", DEALS)];
    import(&rolo, &[&paths[0], &paths[1]]);
    let later = CONTACTS.replace("example,VP,", "example,CEO,").replace("2,Bob,Stone", "2,Robert,Stone");
    let deals = DEALS.replace("Negotiation,2026-12-24,8000", "Contract,2026-12-24,8500");
    let report = import(&rolo, &[&rolo.file("c2.csv", &later), &rolo.file("d2.csv", &deals)]);
    assert_eq!(counts(&report), [0, 3, 2, 0, 0], "{report}");
    let history = rolo.json(&["history"]);
    let edits = history[0]["edits"].as_array().unwrap();
    let mut sets: Vec<(String, String, String)> = edits
        .iter()
        .filter(|edit| edit["action"] == "set" && edit["field"] != "base")
        .map(|edit| {
            ["field", "before", "after"].map(|key| edit[key].as_str().unwrap_or_default().to_owned()).into()
        })
        .collect();
    sets.sort();
    let said = |field: &str| sets.iter().filter(|(name, ..)| name == field).cloned().collect::<Vec<_>>();
    assert_eq!(said("title"), [("title".into(), "VP".into(), "CEO".into())], "{sets:?}");
    assert_eq!(said("given"), [("given".into(), "Bob".into(), "Robert".into())], "{sets:?}");
    assert_eq!(said("stage"), [("stage".into(), "Negotiation".into(), "Contract".into())], "{sets:?}");
    assert_eq!(said("amount"), [("amount".into(), "8000".into(), "8500".into())], "{sets:?}");
    assert_eq!(sets.len(), 5, "and the name that follows from its parts: {sets:?}");
    rolo.ok(&["undo"]);
    assert_eq!(rolo.json(&["deal", "show", "Renewal"])["stage"], "Negotiation");
    rolo.ok(&["undo"]);
    assert_eq!(rolo.json(&["deal", "list"]).as_array().unwrap().len(), 0);
    assert_eq!(rolo.ok(&["count"]).trim(), "0");
}

#[test]
fn notes_find_their_contact_company_or_deal() {
    let rolo = Rolo::new();
    let contacts = "Record Id,Contact Owner,First Name,Last Name,Account Name,Account Name.id,Email,Mobile\n\
        zcrm_1,Pat,Ann,Lee,Ridge,zcrm_7,ann@ridge.example,\n";
    let deals = "Record Id,Deal Name,Account Name,Account Name.id,Contact Name,Stage,Closing Date,Amount\n\
        zcrm_9,Driveway,Ridge,zcrm_7,Ann Lee,Closed Lost,\"Sep 12, 2026\",\"95,570.69\"\n\
        zcrm_10,Roof,Nobody Ltd,,Zed Unknown,Proposal,10/01/2026,5\n";
    let notes = "Record Id,Note Owner,Note Title,Note Content,Parent ID.id,Parent ID,Created Time\n\
        zcrm_20,Pat,Call,\"said, \"\"yes\"\"\",zcrm_1,Ann Lee,2026-05-01 14:30:00\n\
        zcrm_21,Pat,Visit,nice yard,zcrm_7,Ridge,2026-05-02 10:00:00\n\
        zcrm_22,Pat,,on the deal,zcrm_9,Driveway,2026-05-03 10:00:00\n";
    let paths = [rolo.file("n.csv", notes), rolo.file("d.csv", deals), rolo.file("c.csv", contacts)];
    let report = import(&rolo, &[&paths[0], &paths[1], &paths[2]]);
    assert_eq!(counts(&report), [6, 0, 0, 0, 0], "{report}");
    let dangling: Vec<&Value> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|warning| warning["value"] == "Zed Unknown")
        .collect();
    assert_eq!(dangling.len(), 1, "nobody is made up from a name, and it is said: {report}");
    let ann = rolo.json(&["show", "Ann Lee"]);
    assert_eq!(ann["timeline"][0]["body"], "said, \"yes\"");
    assert_eq!(ann["timeline"][0]["at"].as_str().map(|at| &at[..16]), Some("2026-05-01T14:30"));
    let ridge = rolo.json(&["company", "show", "Ridge"]);
    let bodies: Vec<&str> =
        ridge["timeline"].as_array().unwrap().iter().map(|event| event["body"].as_str().unwrap()).collect();
    assert!(bodies.contains(&"nice yard") && bodies.contains(&"on the deal"), "{ridge}");
    let lost = rolo.json(&["deal", "show", "Driveway"]);
    assert_eq!((&lost["won"], &lost["amount"]), (&false.into(), &"95570.69".into()));
    assert!(lost["closed"].as_str().unwrap().starts_with("2026-09-12"), "{lost}");
    // Who comes later is linked then.
    let late = "Record Id,First Name,Last Name,Account Name,Email\nzcrm_99,Zed,Unknown,Nobody Ltd,zed@nobody.example\n";
    import(&rolo, &[&rolo.file("late.csv", late)]);
    assert_eq!(rolo.json(&["deal", "show", "Roof"])["contacts"][0]["name"], "Zed Unknown");
}

#[test]
fn mailchimp_takes_only_who_can_and_wants_to_be_written_to() {
    let rolo = Rolo::new();
    let gone = TABLES.iter().find(|(system, _)| *system == "mailchimp-unsubscribed").unwrap().1;
    import(&rolo, &[&rolo.file("gone.csv", gone)]);
    rolo.ok(&["add", "Bob Stone", "--email", "bob@x.example", "--tag", "a \"b\", c"]);
    rolo.ok(&["add", "No Mail", "--phone", "+86 138 0013 8000"]);
    rolo.ok(&["add", "王伟", "--email", "wang@example.cn", "--phone", "+86 138 0013 8001"]);
    let ran = rolo.run(&["export", "--as", "mailchimp"]);
    let (header, rows) = cells(&ran.out);
    assert_eq!(&header[..5], ["Email Address", "First Name", "Last Name", "Phone Number", "TAGS"]);
    let mails: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(mails, ["bob@x.example", "wang@example.cn"], "{}", ran.err);
    assert_eq!(rows[0][4], "\"a \"\"b\"\", c\"");
    assert_eq!(rows[1][3], "+86 138 0013 8001", "a number is no formula");
    assert!(ran.err.contains("without an e-mail") && ran.err.contains("does not want"), "{}", ran.err);
    // And back: tags and all.
    let other = Rolo::new();
    import(&other, &[&other.file("m.csv", &ran.out)]);
    assert_eq!(other.json(&["show", "Bob Stone"])["tags"], serde_json::json!(["a \"b\", c"]));
    assert!(rolo.ok(&["export", "--as", "outlook"]).starts_with('\u{feff}'));
}

#[test]
fn what_a_system_has_no_column_for_comes_back_all_the_same() {
    let rolo = Rolo::new();
    let people = r#"{"name":"Ann Lee","given":"Ann","family":"Lee","pronouns":"she","company":"Acme","title":"VP","tags":["vip","x;y"],
        "emails":[{"value":"a@x.example","label":"home"},{"value":"b@x.example","label":"work","preferred":true},{"value":"c@x.example"},{"value":"d@x.example"}],
        "phones":[{"value":"+1 212 555 0100","label":"work"},{"value":"+1 212 555 0101","label":"mobile"},{"value":"+1 212 555 0102"},{"value":"+1 212 555 0103","label":"boat"},{"value":"+1 212 555 0104","label":"boat"}],
        "ims":[{"value":"ann","service":"WeChat"}],"addresses":[{"label":"home","street":"1 Side St","city":"Paris"},{"label":"barn","street":"2","po_box":"7"}],
        "dates":[{"label":"first met","date":"2020-01-02"}],"birthday":"--03-14","fields":{"shoe":"38"},"note":"=1+1\nnew line"}
        {"name":"王伟","given":"伟","family":"王","phones":[{"value":"+86 138 0013 8000"}]}
        {"name":"Madonna","note":"one name"}"#;
    let added = rolo.feed(&["add", "-"], people);
    assert_eq!(added.code, 0, "{}", added.err);
    for system in
        ["outlook", "hubspot", "salesforce", "zoho", "dynamics", "thunderbird", "fxiaoke", "google-outlook"]
    {
        let out = rolo.ok(&["export", "--as", system]);
        let other = Rolo::new();
        let report = import(&other, &[&other.file("x.csv", &out)]);
        assert_eq!(counts(&report), [3, 0, 0, 0, 0], "{system}: {report}\n{out}");
        let ann = other.json(&["show", "Ann Lee"]);
        let values = |key: &str| -> Vec<String> {
            let mut values: Vec<String> = ann[key]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["value"].as_str().unwrap().to_owned())
                .collect();
            values.sort();
            values
        };
        assert_eq!(
            values("emails"),
            ["a@x.example", "b@x.example", "c@x.example", "d@x.example"],
            "{system}"
        );
        assert_eq!(ann["emails"][0]["value"], "b@x.example", "{system}: the preferred one first");
        assert_eq!(values("phones").len(), 5, "{system}: {ann}");
        assert_eq!(ann["ims"][0]["value"], "ann", "{system}");
        assert_eq!(ann["addresses"].as_array().unwrap().len(), 2, "{system}: {ann}");
        assert_eq!(ann["birthday"], "--03-14", "{system}");
        assert_eq!(ann["dates"][0]["date"], "2020-01-02", "{system}");
        assert_eq!(ann["fields"]["shoe"], "38", "{system}");
        assert_eq!(ann["pronouns"], "she", "{system}");
        assert_eq!(ann["note"], "=1+1\nnew line", "{system}: what would be a formula is itself again");
        assert_eq!(ann["tags"], serde_json::json!(["vip", "x;y"]), "{system}");
        assert_eq!((&ann["company"]["name"], &ann["title"]), (&"Acme".into(), &"VP".into()), "{system}");
        let wang = other.json(&["show", "王伟"]);
        assert_eq!(wang["phones"][0]["value"], "+86 138 0013 8000", "{system}");
        assert_eq!(other.json(&["show", "Madonna"])["note"], "one name", "{system}");
    }
}

#[test]
fn a_profile_of_one_s_own_is_taken_from_the_config_folder() {
    let rolo = Rolo::new();
    let listed = rolo.ok(&["import", "--profiles"]);
    assert!(listed.contains("hubspot-deals") && listed.contains("HubSpot: Deals"), "{listed}");
    let folder =
        std::path::PathBuf::from(rolo.ok(&["config", "path"]).trim()).parent().unwrap().join("profiles");
    std::fs::create_dir_all(&folder).unwrap();
    let own = "name = \"intranet\"\ntitle = \"Our directory\"\ndetect = [[\"Badge\"]]\n\n[columns]\nexternal_id = [\"Badge\"]\nname = [\"Who\"]\nemail = [\"Mailbox\"]\n";
    std::fs::write(folder.join("intranet.toml"), own).unwrap();
    assert!(rolo.ok(&["import", "--profiles"]).contains("Our directory"));
    import(&rolo, &[&rolo.file("p.csv", "Badge,Who,Mailbox\n7,Ann Lee,ann@x.example\n")]);
    import(&rolo, &[&rolo.file("p2.csv", "Badge,Who,Mailbox\n7,Ann Smith,smith@x.example\n")]);
    assert_eq!(rolo.names(&[]), ["Ann Smith"], "known by its badge");
    std::fs::write(folder.join("bad.toml"), "name = \"bad\"\n[columns]\nnmae = [\"X\"]\n").unwrap();
    let said = rolo.fails(3, &["import", &rolo.file("p.csv", "Badge,Who\n7,Ann\n")]);
    assert!(said.contains("bad.toml") && said.contains("line 3") && said.contains("nmae"), "{said}");
}

#[test]
fn dates_are_read_and_written_as_the_language_of_the_columns_writes_them() {
    let tables = [
        (
            "Vorname,Nachname,Geburtstag,Jahrestag,E-Mail-Adresse,Straße geschäftlich,Geschlecht,Priorität,Privat\nAnn,Lee,4.3.1979,0.0.00,a@x.example,,Keine Angabe,Normal,Falsch\n",
            "4.3.1979",
        ),
        (
            "Prénom,Nom,Anniversaire,Anniversaire de mariage ou fête,Adresse de messagerie,Rue (bureau),Sexe,Priorité\nAnn,Lee,4/3/1979,00/00/00,a@x.example,,Non spécifié,Normale\n",
            "4/3/1979",
        ),
        (
            "Nombre,Apellidos,Birthday,Anniversary,E-mail Address,Calle del trabajo,Género\nAnn,Lee,4/3/1979,0/0/00,a@x.example,,Sin especificar\n",
            "4/3/1979",
        ),
        (
            "Primeiro nome,Último nome,Aniversário,Endereço de E-mail,Rua comercial,Gênero\nAnn,Lee,4/3/1979,a@x.example,,Não especificado\n",
            "4/3/1979",
        ),
        (
            "名字,姓氏,生日,紀念日,電子郵件地址,商務 - 街,性別\nAnn,Lee,1979/3/4,0/0/00,a@x.example,,未指定\n",
            "1979/3/4",
        ),
        (
            "First Name,Last Name,Birthday,Anniversary,E-mail Address,Business Street,Gender,Priority\nAnn,Lee,3/4/1979,0/0/00,a@x.example,,Unspecified,Normal\n",
            "3/4/1979",
        ),
    ];
    for (table, written) in tables {
        let rolo = Rolo::new();
        import(&rolo, &[&rolo.file("x", table)]);
        let ann = rolo.json(&["show", "Ann Lee"]);
        assert_eq!(ann["birthday"], "1979-03-04", "{table}{ann}");
        for nothing in ["gender", "dates", "extras"] {
            assert_eq!(ann.get(nothing), None, "{table}{ann}");
        }
        let out = rolo.ok(&["export", "--as", "outlook"]);
        let (header, rows) = cells(&out);
        let (names, all) = cells(table);
        assert_eq!(header, names, "its own columns and no others");
        assert!(rows[0].contains(&written.to_owned()), "{table}{out}");
        let fillers = all[0].iter().filter(|cell| !cell.starts_with('0'));
        fillers.for_each(|cell| assert!(rows[0].contains(cell), "{cell}: {out}"));
    }
}

#[test]
fn a_pair_of_columns_is_a_name_and_its_id_and_what_stands_twice_is_kept() {
    let rolo = Rolo::new();
    let notes = "Record Id,Note Content,Parent ID,Parent ID.id\nzcrm_5,on hold,Ann Lee,zcrm_9\n";
    import(&rolo, &[&rolo.file("notes", notes)]);
    assert!(rolo.ok(&["export", "--as", "jsonl"]).contains("Ann Lee"), "whom it waits for is still known");
    let contacts = "Record Id,Contact Owner,First Name,Last Name,CONTACTID\nzcrm_9,Pat,Ann,Lee,old-9\n";
    import(&rolo, &[&rolo.file("contacts", contacts)]);
    let ann = rolo.json(&["show", "Ann Lee"]);
    assert_eq!(ann["timeline"][0]["body"], "on hold", "{ann}");
    let out = rolo.ok(&["export", "--as", "zoho"]);
    assert!(out.contains("zcrm_9,Pat,Ann,Lee,old-9"), "both ids come back: {out}");
}

#[test]
fn columns_of_one_name_come_back_under_that_name_each_with_its_own() {
    for (system, table) in [
        (
            "outlook",
            "Aniversário,Primeiro nome,Último nome,Rua comercial,Aniversário,Endereço de E-mail\n1/6/2010,Ann,Lee,,4/3/1979,a@x.example\n",
        ),
        (
            "thunderbird",
            "Prénom,Nom,Nom à afficher,Adresse privée,Ville,Code postal,Pays,Adresse professionnelle,Ville,Code postal,Pays,Mois\nAnn,Lee,Ann Lee,Rue 1,Nice,06000,France,Rue 2,Paris,75001,France,\n",
        ),
    ] {
        let rolo = Rolo::new();
        import(&rolo, &[&rolo.file("x", table)]);
        let out = rolo.ok(&["export", "--as", system]);
        assert_eq!(out.trim_start_matches('\u{feff}'), table, "{system}");
    }
}

#[test]
fn of_several_companies_the_first_is_the_contact_s_and_all_come_back() {
    let rolo = Rolo::new();
    let table = "Record ID,First Name,Last Name,Email,Create Date,Associated Company,Associated Company IDs\n\
        1,Ann,Lee,ann@acme.example,2023-05-17 14:30,Acme;Globex,77;78\n";
    import(&rolo, &[&rolo.file("contacts", table)]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["company"]["name"], "Acme");
    let (_, rows) = cells(&rolo.ok(&["export", "--as", "hubspot"]));
    assert_eq!(rows, cells(table).1);
    let companies = "Record ID,Company name,Company owner\n77,Acme,Pat\n78,Globex,Pat\n";
    import(&rolo, &[&rolo.file("companies", companies)]);
    assert_eq!(rolo.json(&["company", "list"]).as_array().unwrap().len(), 2, "nobody is called Acme;Globex");
}

#[test]
fn thunderbird_is_known_in_each_of_its_languages() {
    let headers = [
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Mobile Number,Home Address,Organisation,Birth Year,Birth Month,Birth Day",
        "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Mobil-Tel.-Nr.,Privat: Adresse,Organisation,Geburtsjahr,Geburtsmonat,Geburtstag",
        "Prénom,Nom,Nom à afficher,Surnom,Adresse électronique principale,Adresse électronique secondaire,Portable,Adresse privée,Société,Année de naissance,Mois,Jour",
        "Nombre,Apellidos,Nombre en pantalla,Apodo,Dirección de correo electrónico principal,Dirección de correo electrónico secundaria,Teléfono móvil,Dirección personal,Organización,Año de nacimiento,Mes de nacimiento,Día de nacimiento",
        "Primeiro nome,Último nome,Mostrar nome,Apelido,E-mail primário,E-mail secundário,Celular,Endereço de casa,Organização,Ano de nascimento,Mês de nascimento,Dia de nascimento",
        "Имя,Фамилия,Отображаемое имя,Псевдоним,Адрес электронной почты,Альтернативный адрес электронной почты,Номер сотового телефона,Адрес,Организация,Год рождения,Месяц рождения,День рождения",
        "名,姓,顯示名稱,暱稱,主要 Email,次要 Email,手機號碼,住家住址,Organization,生日 (年),生日 (月),生日 (日)",
        "名,姓,显示名称,昵称,主要电子邮件,次要电子邮件,移动电话号码,Home Address,单位,出生年,出生月,出生日",
    ];
    for header in headers {
        let rolo = Rolo::new();
        let table = format!(
            "{header},\nAnn,Lee,Ann Lee,Annie,a@x.example,b@x.example,+1 212-555-0100,1 High St,Acme,1979,3,4,\n"
        );
        let report = import(&rolo, &[&rolo.file("x", &table)]);
        assert_eq!(report["warnings"], serde_json::json!([]), "{header}");
        let ann = rolo.json(&["show", "Ann Lee"]);
        assert_eq!((&ann["given"], &ann["family"]), (&"Ann".into(), &"Lee".into()), "{header}: {ann}");
        assert_eq!(
            (&ann["nickname"], &ann["birthday"]),
            (&"Annie".into(), &"1979-03-04".into()),
            "{header}: {ann}"
        );
        assert_eq!(ann["emails"].as_array().unwrap().len(), 2, "{header}: {ann}");
        let phone = &ann["phones"][0];
        assert_eq!(
            (&phone["value"], &phone["label"]),
            (&"+1 212-555-0100".into(), &"mobile".into()),
            "{header}"
        );
        assert_eq!(ann["addresses"][0]["street"], "1 High St", "{header}: {ann}");
        assert_eq!(ann["company"]["name"], "Acme", "{header}: {ann}");
        assert_eq!(ann.get("extras"), None, "{header}: {ann}");
        let (names, rows) = cells(&rolo.ok(&["export", "--as", "thunderbird"]));
        assert_eq!(names.join(","), header, "its own columns");
        assert_eq!(rows[0].join(","), table.lines().nth(1).unwrap().trim_end_matches(','), "{header}");
    }
}

#[test]
fn hubspot_is_known_in_the_languages_of_its_portals() {
    let headers = [
        "Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Unternehmensname",
        "ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Nombre de la empresa",
        "ID d'enregistrement,Prénom,Nom,E-mail,Numéro de téléphone,Nom de l'entreprise",
        "ID do registro,Nome,Sobrenome,E-mail,Número de telefone,Nome da empresa",
        "记录 ID,名字,姓氏,电子邮件,电话号码,公司名称",
        "レコードID,名,姓,Eメール,電話番号,会社名",
    ];
    for header in headers {
        let rolo = Rolo::new();
        let row = |mail: &str| format!("{header}\n101,Ann,Lee,{mail},+1 212-555-0100,Acme\n");
        import(&rolo, &[&rolo.file("x", row("a@x.example"))]);
        let report = import(&rolo, &[&rolo.file("y", row("b@x.example").replace("Ann,Lee", "Anna,Stone"))]);
        assert_eq!(counts(&report), [0, 1, 0, 0, 0], "{header}: known by its id");
        let ann = rolo.json(&["show", "Anna Stone"]);
        assert_eq!(ann["emails"].as_array().unwrap().len(), 2, "{header}: {ann}");
        assert_eq!(
            (&ann["phones"][0]["value"], &ann["company"]["name"]),
            (&"+1 212-555-0100".into(), &"Acme".into())
        );
        let (names, _) = cells(&rolo.ok(&["export", "--as", "hubspot"]));
        assert_eq!(names[..6].join(","), header, "its own columns, and no second id");
        assert!(!names.contains(&"Record ID".to_owned()), "{names:?}");
    }
}

#[test]
fn what_salesforce_has_deleted_lands_in_the_bin_and_keeps_its_columns() {
    let rolo = Rolo::new();
    let table = "Id,IsDeleted,AccountId,LastName,FirstName,Name,Email\n\
        0031,false,,Lee,Ann,Ann Lee,ann@x.example\n0032,true,,Ray,Bob,Bob Ray,bob@x.example\n";
    let file = rolo.file("contacts.csv", table);
    rolo.ok(&["import", &file]);
    assert_eq!(rolo.names(&[]), ["Ann Lee"]);
    assert!(rolo.ok(&["bin"]).contains("Bob Ray"));
    let again = rolo.ok(&["import", &file, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!((&report["created"], &report["updated"]), (&0.into(), &0.into()), "{again}");
}
