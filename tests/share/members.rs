//! Who may do what.

use super::*;
use serde_json::json;

#[test]
fn a_readers_changes_stay_at_home() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann"]);
        team.let_in("Bob", &["--role", "reader"]);
        let (ann, bob) = team.two();
        ann.ok(&["add", "Cid Ray"]);
        ann.sync();
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        let report = bob.sync();
        assert_eq!(warned(&report), ["read-only"], "{report}");
        assert_eq!(bob.names(), ["Ann Lee", "Cid Ray"], "a reader reads");
        assert_eq!(bob.shows("Ann Lee", "title"), "CEO");
        ann.sync();
        assert_eq!(ann.shows("Ann Lee", "title"), "VP");
        assert_eq!(bob.json(&["share", "status"])["unsent"], 1);
        ann.ok(&["check"]);
        bob.ok(&["check"]);
    }
}

#[test]
fn a_reader_erases_nobody() {
    let mut team = Team::of(FOLDER, &["Ann"]);
    team.let_in("Bob", &["--role", "reader"]);
    let (ann, bob) = team.two();
    bob.sync();
    let said = bob.fails(2, &["privacy", "erase", "Ann Lee", "--yes"]);
    assert!(said.contains("you may only read"), "{said}");
    ann.ok(&["share", "role", "Bob", "writer"]);
    team.agree();
    assert_eq!(ann.names(), ["Ann Lee"]);
}

#[test]
fn an_export_is_no_change_that_waits_to_be_sent() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, _) = team.two();
    team.settle();
    ann.ok(&["export", "--as", "jsonl"]);
    assert_eq!(ann.json(&["share", "status"])["unsent"], 0);
    ann.ok(&["add", "Cid Ray"]);
    assert_eq!(ann.json(&["share", "status"])["unsent"], 1);
}

#[test]
fn a_reader_who_becomes_a_writer_sends_from_then_on() {
    let mut team = Team::of(FOLDER, &["Ann"]);
    team.let_in("Bob", &["--role", "reader"]);
    let (ann, bob) = team.two();
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    bob.sync();
    ann.ok(&["share", "role", "Bob", "writer"]);
    bob.ok(&["add", "Cid Ray"]);
    team.agree();
    assert_eq!(ann.names(), ["Ann Lee", "Cid Ray"]);
    assert_eq!(ann.shows("Ann Lee", "title"), "CEO", "what was kept at home comes along");
}

#[test]
fn a_writer_who_becomes_a_reader_keeps_what_counted() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        bob.ok(&["add", "Cid Ray"]);
        team.settle();
        ann.ok(&["share", "role", "Bob", "reader"]);
        team.settle();
        bob.ok(&["add", "Dora Fox"]);
        assert_eq!(warned(&bob.sync()), ["read-only"]);
        ann.sync();
        assert_eq!(ann.names(), ["Ann Lee", "Cid Ray"]);
        ann.ok(&["check"]);
    }
}

#[test]
fn only_admins_look_after_members() {
    let mut team = Team::of(FILE, &["Ann", "Bob", "Cid"]);
    let (_, bob, _) = team.three();
    for args in [
        vec!["share", "invite"],
        vec!["share", "remove", "Cid", "--yes"],
        vec!["share", "role", "Cid", "reader"],
    ] {
        let said = bob.fails(2, &args);
        assert!(said.contains("only an admin"), "{said}");
    }
    team.all[0].ok(&["share", "role", "Bob", "admin"]);
    team.settle();
    let code = team.all[1].ok(&["share", "invite"]).trim().to_owned();
    let dora = team.device("Dora");
    dora.ok(&["share", "join", team.place(), &code]);
    team.all.push(dora);
    team.all[1].ok(&["share", "remove", "Cid", "--yes"]);
    team.all.remove(2);
    team.agree();
    let members = team.all[0].json(&["share", "members"]);
    let mut names: Vec<&str> =
        members.as_array().unwrap().iter().map(|member| member["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ann", "Bob", "Dora"]);
}

#[test]
fn who_is_removed_keeps_what_they_had_and_reads_and_writes_no_more() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann", "Bob", "Cid"]);
        let (ann, bob, _) = team.three();
        bob.ok(&["add", "Earlier"]);
        team.settle();
        ann.ok(&["share", "remove", "Bob", "--yes"]);
        ann.ok(&["add", "Secret"]);
        ann.sync();
        bob.ok(&["add", "Later"]);
        let report = bob.sync();
        assert!(warned(&report).contains(&"removed"), "{report}");
        assert!(!warned(&report).contains(&"read-only"), "{report}");
        let said = bob.says(&["share", "sync"]);
        assert!(said.contains("no longer a member") && said.contains("1 change of yours"), "{said}");
        assert_eq!(bob.names(), ["Ann Lee", "Earlier", "Later"], "no Secret");
        bob.fails(2, &["share", "invite"]);
        let bob = team.all.remove(1);
        team.agree();
        assert_eq!(team.all[0].names(), ["Ann Lee", "Earlier", "Secret"], "what counted still counts");
        assert_eq!(team.all[1].names(), team.all[0].names());
        // A new device of the others is let in as ever.
        team.let_in("Dora", &[]);
        team.agree();
        bob.ok(&["check"]);
        let status = team.all[0].json(&["share", "status"]);
        assert_eq!(status["members"].as_array().unwrap().len(), 3, "{status}");
    }
}

#[test]
fn what_a_removed_member_had_not_sent_does_not_count() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["add", "Unsent"]);
    ann.ok(&["share", "remove", "Bob", "--yes"]);
    bob.sync();
    ann.sync();
    assert_eq!(ann.names(), ["Ann Lee"]);
    assert_eq!(bob.names(), ["Ann Lee", "Unsent"]);
    // An invitation lets them in again, with a book of their own beside the old one.
    let code = team.code(&["--for", "Bob"]);
    let path = bob.rolo.path("again.rolo");
    bob.ok(&["share", "join", team.place(), &code, "--book", path.to_str().unwrap()]);
    bob.ok(&["add", "Back again", "--book", path.to_str().unwrap()]);
    bob.ok(&["share", "sync", "--book", path.to_str().unwrap()]);
    ann.sync();
    assert_eq!(ann.names(), ["Ann Lee", "Back again"]);
}

#[test]
fn what_somebody_had_sent_unseen_before_they_were_removed_is_told_once() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob", "Cid"]);
        let (ann, bob, cid) = team.three();
        // Ann's cloud brings what Bob has sent only after she has taken him out.
        let (then, late) = (team.place.with_file_name("then"), team.place.with_file_name("late"));
        if team.place.is_dir() {
            copy(&team.place, &then);
        } else {
            std::fs::copy(&team.place, &then).unwrap();
        }
        bob.ok(&["add", "Dora Fox"]);
        bob.sync();
        std::fs::rename(&team.place, &late).unwrap();
        std::fs::rename(&then, &team.place).unwrap();
        ann.ok(&["share", "remove", "Bob", "--yes"]);
        if team.place.is_dir() {
            copy(&late, &team.place);
        } else {
            std::fs::rename(&late, team.place.with_file_name("team (Bob's conflicted copy 2027-01-15).rolo"))
                .unwrap();
        }
        for device in [ann, cid] {
            let report = device.sync();
            assert!(warned(&report).contains(&"ignored"), "{kind}: {report}");
            for _ in 0..2 {
                assert_eq!(warned(&device.sync()), Vec::<&str>::new(), "{kind}");
            }
            let status = device.json(&["share", "status"]);
            let out: Vec<_> =
                status["devices"].as_array().unwrap().iter().filter(|one| one["out"] == true).collect();
            assert_eq!(out.len(), 1, "{status}");
            assert_eq!(
                (&out[0]["author"], &out[0]["behind"], &out[0]["lacks"]),
                (&json!("Bob"), &json!(0), &json!(0))
            );
            let table = device.ok(&["share", "status"]);
            assert!(table.contains("Bob (no longer a member)"), "{table}");
        }
        assert_eq!(ann.names(), ["Ann Lee"]);
    }
}

#[test]
fn who_leaves_keeps_the_book() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann", "Bob"]);
        let bob = &team.all[1];
        bob.ok(&["add", "Cid Ray"]);
        bob.fails(2, &["share", "leave"]);
        bob.ok(&["share", "leave", "--yes"]);
        assert_eq!(bob.names(), ["Ann Lee", "Cid Ray"]);
        bob.fails(2, &["share", "sync"]);
        let gone = team.all.remove(1);
        gone.ok(&["check"]);
        team.agree();
        let ann = &team.all[0];
        assert_eq!(ann.names(), ["Ann Lee", "Cid Ray"], "what was written before counts");
        let members = ann.json(&["share", "members"]);
        let id = &members[0]["id"];
        assert_eq!(members, json!([{"name": "Ann", "role": "admin", "devices": 1, "id": id}]));
    }
}

#[test]
fn the_last_admin_cannot_leave_the_others_alone() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    for args in [
        &["share", "leave", "--yes"][..],
        &["share", "remove", "Ann", "--yes"],
        &["share", "role", "Ann", "writer"],
        &["share", "role", "Ann", "reader"],
    ] {
        let said = ann.fails(2, args);
        assert!(said.contains("share role NAME admin"), "{said}");
    }
    ann.sync();
    ann.ok(&["share", "role", "Bob", "admin"]);
    bob.sync();
    ann.ok(&["share", "leave", "--yes"]);
    bob.sync();
    let code = bob.ok(&["share", "invite"]);
    assert!(!code.trim().is_empty());
}

#[test]
fn a_team_of_one_may_end() {
    for args in [&["share", "leave", "--yes"][..], &["share", "remove", "Ann", "--yes"]] {
        let team = Team::alone(FOLDER, "Ann");
        team.all[0].fails(2, &["share", "role", "Ann", "reader"]);
        team.all[0].ok(args);
    }
}

#[test]
fn nobody_of_that_name() {
    let team = Team::of(FILE, &["Ann"]);
    for args in [vec!["share", "remove", "Zoe", "--yes"], vec!["share", "role", "Zoe", "reader"]] {
        let said = team.all[0].fails(1, &args);
        assert!(said.contains("Zoe"), "{said}");
    }
    team.all[0].fails(2, &["share", "role", "Ann", "emperor"]);
    team.all[0].fails(2, &["share", "invite", "--role", "emperor"]);
}
