//! What two people change at the same time.

use super::*;
use serde_json::json;

/// Bob makes her CEO, a second later Ann makes her CTO; both know of both.
fn both_set_the_title(kind: &str) -> Team {
    let team = Team::of(kind, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    team.settle();
    team
}

#[test]
fn the_same_field_shows_the_later_value_and_keeps_the_other() {
    for kind in KINDS {
        let team = both_set_the_title(kind);
        for device in &team.all {
            assert_eq!(device.shows("Ann Lee", "title"), "CTO");
            let [conflict] = &device.conflicts()[..] else { panic!("one conflict") };
            assert_eq!(conflict["field"], "title");
            assert_eq!(conflict["shown"]["author"], "Ann");
            assert_eq!(conflict["others"][0]["value"], "CEO");
            assert_eq!(conflict["others"][0]["author"], "Bob");
        }
        team.agree();
    }
}

#[test]
fn whoever_chooses_chooses_for_all() {
    for (kind, args, title) in [
        (FILE, vec!["--value", "CEO"], "CEO"),
        (FOLDER, vec!["--value", "CTO"], "CTO"),
        (FOLDER, vec!["--shown"], "CTO"),
    ] {
        let team = both_set_the_title(kind);
        let (ann, bob) = team.two();
        ann.fails(2, &["share", "resolve", "Ann Lee", "title"]);
        ann.fails(1, &["share", "resolve", "Ann Lee", "note", "--shown"]);
        bob.ok(&[&["share", "resolve", "Ann Lee", "title"][..], &args].concat());
        assert!(bob.conflicts().is_empty());
        team.agree();
        assert!(ann.conflicts().is_empty(), "{:?}", ann.conflicts());
        assert_eq!(ann.shows("Ann Lee", "title"), title);
    }
}

/// An e-mail address, a phone number, a tag and a call, each changed by two people at once.
fn four_conflicts() -> Team {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["edit", "Ann Lee", "--add", "phone=+1 212-555-0100", "--add", "tag=customer"]);
    ann.ok(&["log", "call", "Ann Lee", "Wants a quote"]);
    team.settle();
    let call = ann.json(&["timeline"])[0]["handle"].as_str().unwrap().to_owned();
    for (device, n) in [(ann, "1"), (bob, "2")] {
        device.ok(&["edit", "Ann Lee", "--set", &format!("email={n}@lantern.example.com")]);
        device.ok(&["edit", "Ann Lee", "--set", &format!("phone=+1 212-555-010{n}")]);
        device.ok(&["tag", "rename", "customer", &format!("customer {n}")]);
        device.ok(&["interaction", "edit", &call, "--set", &format!("outcome=Said {n}")]);
    }
    team.agree();
    assert_eq!(ann.conflicts().len(), 4, "{:?}", ann.conflicts());
    team
}

#[test]
fn each_conflict_has_an_id() {
    let team = four_conflicts();
    let (ann, bob) = team.two();
    let table = ann.ok(&["share", "conflicts"]);
    for conflict in bob.conflicts() {
        let key = conflict["key"].as_str().unwrap();
        assert!(table.contains(key), "{table}");
        ann.ok(&["share", "resolve", key, "--shown"]);
    }
    team.agree();
    assert!(bob.conflicts().is_empty());
}

#[test]
fn each_conflict_answers_to_its_names() {
    let team = four_conflicts();
    let ann = &team.all[0];
    let several = ann.fails(2, &["share", "resolve", "Ann Lee", "method.value", "--shown"]);
    assert!(several.contains("email") && several.contains("phone"), "{several}");
    let said = ann.fails(2, &["share", "resolve", "Ann Lee", "email", "--value", "3@lantern.example.com"]);
    assert!(said.contains("1@lantern.example.com") && said.contains("2@lantern.example.com"), "{said}");
    ann.ok(&["share", "resolve", "Ann Lee", "email", "--value", "1@lantern.example.com"]);
    assert!(ann.ok(&["show", "Ann Lee"]).contains("1@lantern.example.com"));
    ann.ok(&["share", "resolve", "Ann Lee", "method.value", "--value", "+1 212-555-0101"]);
    for name in ann.conflicts() {
        let (name, field) = (name["name"].as_str().unwrap(), name["field"].as_str().unwrap());
        ann.ok(&["share", "resolve", name, field, "--shown"]);
    }
    ann.fails(1, &["share", "resolve", "Ann Lee", "email", "--shown"]);
    team.agree();
    assert!(team.all[1].conflicts().is_empty());
}

#[test]
fn a_choice_can_be_taken_back() {
    let team = both_set_the_title(FOLDER);
    let (ann, bob) = team.two();
    bob.ok(&["share", "resolve", "Ann Lee", "title", "--value", "CEO"]);
    bob.ok(&["undo"]);
    team.agree();
    assert_eq!(ann.shows("Ann Lee", "title"), "CTO");
}

#[test]
fn different_fields_of_one_contact_are_no_conflict() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    bob.ok(&["edit", "Ann Lee", "--set", "city=Oslo"]);
    team.agree();
    assert_eq!(ann.shows("Ann Lee", "title"), "CTO");
    assert!(ann.ok(&["show", "Ann Lee"]).contains("Oslo"));
    assert!(ann.conflicts().is_empty());
}

#[test]
fn an_edit_that_the_delete_had_not_seen_brings_the_contact_back() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["delete", "Ann Lee"]);
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        bob.ok(&["log", "call", "Ann Lee", "Wants a quote"]);
        team.settle();
        for device in &team.all {
            assert_eq!(device.names(), ["Ann Lee"]);
            assert_eq!(device.shows("Ann Lee", "title"), "CEO");
            let [note] = &device.conflicts()[..] else { panic!("one note") };
            assert_eq!((&note["field"], &note["shown"]["value"]), (&json!("deleted"), &json!("no")));
            assert_eq!(
                (&note["others"][0]["value"], &note["others"][0]["author"]),
                (&json!("yes"), &json!("Ann"))
            );
        }
        ann.ok(&["share", "resolve", "Ann Lee", "deleted", "--shown"]);
        team.agree();
        assert!(bob.conflicts().is_empty(), "{:?}", bob.conflicts());
        assert_eq!(bob.names(), ["Ann Lee"]);
    }
}

#[test]
fn what_comes_back_was_changed_when_and_by_whom_it_was_whatever_came_with_it() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob", "Cid"]);
        let (ann, bob, cid) = team.three();
        ann.ok(&["delete", "Ann Lee", "--yes"]);
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        let edited = team.clock.get();
        cid.ok(&["add", "Other"]);
        bob.sync();
        cid.sync();
        // Ann's device receives both at once.
        team.agree();
        for device in &team.all {
            let updated = device.shows("Ann Lee", "updated");
            let updated = chrono::DateTime::parse_from_rfc3339(updated.as_str().unwrap()).unwrap();
            assert_eq!(updated.timestamp(), edited, "{kind}");
            let history = device.json(&["history", "Ann Lee"]);
            let authors: Vec<&str> =
                history.as_array().unwrap().iter().map(|batch| batch["author"].as_str().unwrap()).collect();
            assert!(!authors.contains(&"Cid"), "{history}");
        }
    }
}

#[test]
fn the_delete_can_be_chosen_after_all() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["delete", "Ann Lee"]);
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    team.settle();
    bob.ok(&["share", "resolve", "Ann Lee", "deleted", "--value", "yes"]);
    team.agree();
    assert!(ann.names().is_empty());
    assert!(ann.conflicts().is_empty(), "{:?}", ann.conflicts());
    assert!(ann.ok(&["bin", "list"]).contains("Ann Lee"));
}

#[test]
fn a_delete_that_had_seen_the_edit_holds() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    team.settle();
    ann.ok(&["delete", "Ann Lee"]);
    team.agree();
    assert!(bob.names().is_empty());
    assert!(bob.conflicts().is_empty());
}

#[test]
fn adding_a_tag_wins_over_taking_it_away() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["tag", "add", "vip", "Ann Lee"]);
        team.settle();
        ann.ok(&["tag", "remove", "vip", "Ann Lee"]);
        bob.ok(&["tag", "remove", "vip", "Ann Lee"]);
        bob.ok(&["tag", "add", "vip", "Ann Lee"]);
        team.agree();
        assert_eq!(ann.shows("Ann Lee", "tags"), json!(["vip"]));
        assert!(ann.conflicts().is_empty());
    }
}

#[test]
fn the_same_name_is_one_tag() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["add", "Cid Ray"]);
    ann.ok(&["tag", "add", "vip", "Ann Lee"]);
    bob.ok(&["tag", "add", "vip", "Cid Ray"]);
    bob.ok(&["tag", "add", "vip", "Ann Lee"]);
    team.agree();
    assert_eq!(ann.json(&["tag", "list"]).as_array().unwrap().len(), 1);
    assert_eq!(ann.ok(&["count", "tag=vip"]).trim(), "2");
    assert_eq!(ann.shows("Ann Lee", "tags"), json!(["vip"]), "not twice");
}

/// A line without the order of its phones, which is not the same on both devices if both added one at once.
fn unordered(line: String) -> String {
    let mut value: Value = serde_json::from_str(&line).unwrap();
    if let Some(phones) = value["phones"].as_array_mut() {
        phones.sort_by_key(Value::to_string);
    }
    value.to_string()
}

#[test]
fn phones_that_both_add_are_all_there() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["edit", "Ann Lee", "--add", "phone=+1 212-555-0100"]);
        team.settle();
        ann.ok(&["edit", "Ann Lee", "--add", "phone=+1 212-555-0101"]);
        bob.ok(&["edit", "Ann Lee", "--add", "phone=+1 212-555-0102"]);
        bob.ok(&["edit", "Ann Lee", "--remove", "phone=+1 212-555-0100"]);
        team.agree_but(unordered);
        let phones = |device: &Device| -> Vec<String> {
            let all = device.shows("Ann Lee", "phones");
            all.as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
        };
        for device in &team.all {
            let mut both = phones(device);
            both.sort();
            assert_eq!(both, ["+1 212-555-0101", "+1 212-555-0102"]);
        }
    }
}

#[test]
fn the_same_company_made_twice_is_one() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["add", "Cid Ray", "--company", "Tidewater Café"]);
        bob.ok(&["add", "Dora Fox", "--company", "Tidewater Café"]);
        bob.ok(&["company", "add", "Orchard Supply"]);
        ann.ok(&["edit", "Ann Lee", "--set", "company=Orchard Supply"]);
        team.agree();
        let companies = ann.json(&["company", "list"]);
        assert_eq!(companies.as_array().unwrap().len(), 2, "{companies}");
        assert_eq!(ann.shows("Cid Ray", "company")["id"], ann.shows("Dora Fox", "company")["id"]);
    }
}

#[test]
fn the_same_custom_field_made_twice_refuses_nothing() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["field", "add", "beans", "--name", "Beans"]);
    bob.ok(&["field", "add", "beans", "--name", "Which beans"]);
    ann.ok(&["edit", "Ann Lee", "--set", "beans=house blend"]);
    bob.ok(&["add", "Cid Ray", "--set", "beans=decaf"]);
    team.agree();
    for device in &team.all {
        let dump = device.dump().join("\n");
        assert!(dump.contains("house blend") && dump.contains("decaf"), "{dump}");
        assert_eq!(device.json(&["field", "list"]).as_array().unwrap().len(), 1);
        assert_eq!(device.ok(&["count", "beans:decaf"]).trim(), "1");
    }
}

#[test]
fn what_both_give_a_contact_for_the_first_time_is_shown_alike() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob", "Cid"]);
        let [ann, bob, cid] = [0, 1, 2].map(|at| &team.all[at]);
        ann.ok(&["field", "add", "lead"]);
        team.settle();
        for (device, lead, birthday) in [(ann, "web", "1980-01-01"), (bob, "fair", "1981-01-01")] {
            device.ok(&["edit", "Ann Lee", "--set", &format!("lead={lead}")]);
            device.ok(&["edit", "Ann Lee", "--set", &format!("birthday={birthday}")]);
            device.ok(&["edit", "Ann Lee", "--add", "email=new@x.example", "--add", "phone=+1 212-555-0107"]);
        }
        team.agree();
        for device in &team.all {
            assert_eq!(device.shows("Ann Lee", "fields")["lead"], "fair", "the later one, on each");
            assert_eq!(device.shows("Ann Lee", "birthday"), "1980-01-01");
            for way in ["emails", "phones"] {
                let ways = device.shows("Ann Lee", way);
                let same =
                    |value: &&Value| ways.as_array().unwrap().iter().filter(|one| one == value).count();
                assert!(ways.as_array().unwrap().iter().all(|one| same(&one) == 1), "{way}: {ways}");
            }
        }
        cid.ok(&["edit", "Ann Lee", "--set", "lead=final"]);
        team.agree();
        for device in &team.all {
            assert_eq!(device.shows("Ann Lee", "fields")["lead"], "final");
            assert_eq!(device.ok(&["count", "lead:fair or lead:web"]).trim(), "0");
        }
    }
}

#[test]
fn plain_undo_takes_back_ones_own_only() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    team.settle();
    bob.ok(&["tag", "add", "vip", "Ann Lee"]);
    team.settle();
    ann.ok(&["undo"]);
    team.agree();
    assert_eq!(bob.shows("Ann Lee", "title"), "VP");
    assert_eq!(bob.shows("Ann Lee", "tags"), json!(["vip"]), "Bob's tag is Bob's to take back");
}

#[test]
fn what_another_changed_since_is_left_alone_by_undo() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    team.settle();
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    team.settle();
    let ran = ann.run(&["undo"]);
    assert!(ran.err.contains("title"), "{}", ran.err);
    team.agree();
    assert_eq!(ann.shows("Ann Lee", "title"), "CEO");
}

#[test]
fn another_devices_change_can_be_taken_back_by_number() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    team.settle();
    let history = ann.json(&["history"]);
    let of_bob = history.as_array().unwrap().iter().find(|batch| batch["author"] == "Bob").unwrap();
    ann.ok(&["undo", &of_bob["batch"].to_string()]);
    team.agree();
    assert_eq!(bob.shows("Ann Lee", "title"), "VP");
    assert!(bob.conflicts().is_empty());
}

#[test]
fn an_import_of_a_thousand_arrives_whole_and_can_be_taken_back() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        let rows: String =
            (0..1000).map(|n| format!("Person {n},p{n}@lantern.example.com,+1 212-555-{n:04}\n")).collect();
        let path = ann.rolo.file("people.csv", format!("Name,Email,Phone\n{rows}"));
        ann.ok(&["import", &path]);
        team.agree();
        assert_eq!(bob.ok(&["count"]).trim(), "1001");
        bob.ok(&["edit", "Person 7", "--set", "title=CEO"]);
        ann.ok(&["undo", "--yes"]);
        team.agree();
        assert_eq!(bob.names(), ["Ann Lee", "Person 7"], "what Bob changed in the meantime comes back");
    }
}

#[test]
fn an_undo_that_takes_nothing_back_can_be_said_again_once_it_can() {
    for number in [None, Some("1")] {
        let team = Team::of(FILE, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        team.settle();
        let undo: Vec<&str> = ["undo"].into_iter().chain(number).collect();
        let before = ann.json(&["history"]);
        ann.fails(5, &undo);
        assert_eq!(ann.json(&["history"]), before, "nothing was written");
        bob.ok(&["undo"]);
        team.settle();
        ann.ok(&undo);
        team.agree();
        assert!(bob.names().is_empty());
    }
}

#[test]
fn what_another_chose_since_is_left_alone_by_undo_though_it_is_ones_own_value() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["edit", "Ann Lee", "--set", "note=hers"]);
    bob.ok(&["edit", "Ann Lee", "--set", "note=his"]);
    team.settle();
    bob.ok(&["share", "resolve", "Ann Lee", "note", "--value", "hers"]);
    team.settle();
    assert!(ann.fails(5, &["undo"]).contains("note"));
    team.agree();
    assert_eq!(ann.shows("Ann Lee", "note"), "hers");
    bob.ok(&["undo"]);
    team.agree();
    assert_eq!(ann.shows("Ann Lee", "note"), "his");
}

#[test]
fn of_two_birthdays_one_is_left_once_somebody_sets_it() {
    for (set, left) in [("birthday=1991-01-02", 1), ("birthday=", 0)] {
        let team = Team::of(FILE, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["edit", "Ann Lee", "--set", "birthday=1990-01-01"]);
        bob.ok(&["edit", "Ann Lee", "--set", "birthday=1991-01-01"]);
        team.settle();
        let birthdays = |device: &Device| {
            let others = device.shows("Ann Lee", "dates").as_array().map_or(0, Vec::len);
            usize::from(device.shows("Ann Lee", "birthday").is_string()) + others
        };
        assert_eq!(birthdays(ann), 2);
        ann.ok(&["edit", "Ann Lee", "--set", set]);
        team.agree();
        assert_eq!((birthdays(ann), birthdays(bob)), (left, left), "{set}");
    }
}

#[test]
fn a_tag_or_field_that_somebody_gives_while_it_is_deleted_is_there() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["add", "Bea Roy"]);
    ann.ok(&["tag", "add", "vip", "Ann Lee"]);
    ann.ok(&["field", "add", "shoe", "--type", "number"]);
    ann.ok(&["edit", "Ann Lee", "--set", "shoe=1"]);
    team.settle();
    ann.ok(&["tag", "delete", "vip", "--yes"]);
    ann.ok(&["field", "delete", "shoe", "--yes"]);
    bob.ok(&["tag", "add", "vip", "Bea Roy"]);
    bob.ok(&["edit", "Bea Roy", "--set", "shoe=2"]);
    team.agree();
    for device in [ann, bob] {
        assert_eq!(device.json(&["tag", "list"]), json!([{"name": "vip", "count": 1}]));
        assert_eq!(device.json(&["field", "list"])[0]["used"], 1);
        for query in ["tag:vip", "tag=vip", "shoe>1"] {
            assert_eq!(device.json(&["list", query])[0]["name"], "Bea Roy", "{query}");
        }
        assert_eq!(device.shows("Bea Roy", "tags"), json!(["vip"]));
    }
    // It can be renamed and deleted as any other.
    bob.ok(&["tag", "rename", "vip", "friend"]);
    team.agree();
    assert_eq!(ann.json(&["list", "tag:friend"])[0]["name"], "Bea Roy");
    ann.ok(&["tag", "delete", "friend", "--yes"]);
    ann.ok(&["field", "delete", "shoe", "--yes"]);
    team.agree();
    assert_eq!((bob.json(&["tag", "list"]), bob.json(&["field", "list"])), (json!([]), json!([])));
    assert_eq!(bob.shows("Bea Roy", "tags"), serde_json::Value::Null);
}

#[test]
fn what_is_taken_back_leaves_what_somebody_else_said_at_the_same_time() {
    for kind in KINDS {
        let team = both_set_the_title(kind);
        let (ann, bob) = team.two();
        ann.ok(&["undo"]);
        team.settle();
        for device in [ann, bob] {
            assert_eq!(device.shows("Ann Lee", "title"), "CEO");
            assert!(device.conflicts().is_empty(), "{:?}", device.conflicts());
        }
        ann.ok(&["redo"]);
        team.settle();
        assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
        team.agree();
    }
}

#[test]
fn what_somebody_uses_stays_though_its_maker_takes_it_back_meanwhile() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["add", "Bo Ray"]);
    team.settle();
    ann.ok(&["tag", "add", "hot", "Ann Lee"]);
    team.settle();
    ann.ok(&["undo"]);
    bob.ok(&["tag", "add", "hot", "Bo Ray"]);
    team.settle();
    ann.ok(&["field", "add", "colour"]);
    team.settle();
    ann.ok(&["undo"]);
    bob.ok(&["edit", "Bo Ray", "--set", "colour=red"]);
    team.settle();
    for device in [ann, bob] {
        let bo = device.json(&["show", "Bo Ray"]);
        assert_eq!((&bo["tags"], &bo["fields"]), (&json!(["hot"]), &json!({"colour": "red"})), "{bo}");
        assert!(device.json(&["show", "Ann Lee"])["tags"].is_null());
    }
    team.agree();
}
