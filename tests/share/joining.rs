//! Beginning and coming in.

use super::*;

#[test]
fn a_code_that_was_taken_back_lets_nobody_in() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann"]);
        let ann = &team.all[0];
        let code = team.code(&["--for", "Bob"]);
        ann.ok(&["share", "revoke", &code]);
        let bob = team.device("Bob");
        bob.fails(4, &["share", "join", team.place(), &code]);
        assert!(!bob.book().exists());
        ann.fails(1, &["share", "revoke", &code]);
        assert_eq!(ann.json(&["share", "members"]).as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_mistyped_folder_is_not_made_anew() {
    for name in ["Dropbx/team.rolo", "Dropbx/team"] {
        let rolo = Rolo::new();
        rolo.ok(&["add", "Ann"]);
        let place = rolo.path(name);
        let said = rolo.fails(3, &["share", "init", place.to_str().unwrap()]);
        assert!(said.contains("no folder") && said.contains("Dropbx"), "{said}");
        assert!(!rolo.path("Dropbx").exists());
        assert!(rolo.fails(2, &["share", "status"]).contains("not shared"));
    }
}

/// All that lies in a device's home: nothing that a failed join leaves behind is missed.
fn everything(device: &Device) -> Vec<PathBuf> {
    files(&device.rolo.path(""), "")
}

/// A join that must not let in, says why, and leaves nothing behind.
fn refused(team: &Team, code: &str, why: &str) {
    let there = std::fs::metadata(&team.place).map(|meta| meta.len()).unwrap();
    let before = files(team.place.parent().unwrap(), "");
    let cid = team.device("Cid");
    let said = cid.fails(4, &["share", "join", team.place(), code]);
    assert!(said.contains(why), "{said}");
    assert_eq!(everything(&cid), Vec::<PathBuf>::new());
    assert_eq!(files(team.place.parent().unwrap(), ""), before);
    assert_eq!(std::fs::metadata(&team.place).unwrap().len(), there);
}

/// A code with one letter changed.
fn mistyped(code: &str) -> String {
    let other = if code.starts_with('A') { "B" } else { "A" };
    format!("{other}{}", &code[1..])
}

#[test]
fn a_code_that_does_not_let_in_says_why_and_changes_nothing() {
    for kind in KINDS {
        let mut team = Team::alone(kind, "Ann");
        let code = team.code(&[]);
        refused(&team, &mistyped(&code), "not typed as it was given");
        refused(&team, "HELLO", "check it for typing mistakes");
        let other = Team::alone(kind, "Zoe");
        refused(&team, &other.code(&[]), "no invitation with that code");
        let bob = team.device("Bob");
        bob.ok(&["share", "join", team.place(), &code]);
        team.all.push(bob);
        refused(&team, &code, "has been used");
        let late = team.code(&["--days", "1"]);
        team.clock.set(team.clock.get() + 2 * DAY);
        refused(&team, &late, "has expired");
        // Also after an admin's device has seen that its time is over and taken it back.
        team.all[0].sync();
        let cid = team.device("Cid");
        cid.fails(4, &["share", "join", team.place(), &late]);
        team.agree();
    }
}

#[test]
fn a_code_of_an_admin_who_is_out_does_not_let_in() {
    for kind in KINDS {
        let mut team = Team::alone(kind, "Ann");
        team.let_in("Bob", &["--role", "admin"]);
        team.settle();
        let code = team.all[1].ok(&["share", "invite", "--for", "Cid"]).trim().to_owned();
        team.all[0].ok(&["share", "remove", "Bob", "--yes"]);
        refused(&team, &code, "taken back");
    }
}

#[test]
fn a_code_is_read_in_any_case_and_without_hyphens() {
    let team = Team::alone(FOLDER, "Ann");
    let code = team.code(&[]).to_lowercase().replace('-', " ");
    let bob = team.device("Bob");
    bob.ok(&["share", "join", team.place(), &code]);
    assert_eq!(bob.names(), ["Ann Lee"]);
}

#[test]
fn joining_needs_nobody_else_and_the_rest_hears_of_it() {
    for kind in KINDS {
        let mut team = Team::alone(kind, "Ann");
        team.let_in("Bob", &[]);
        // Ann's device hasn't synced since: Bob writes all the same, and it counts.
        team.all[1].ok(&["add", "Cid Ray"]);
        team.all[1].sync();
        team.all[0].sync();
        assert_eq!(team.all[0].names(), ["Ann Lee", "Cid Ray"]);
        team.agree();
    }
}

#[test]
fn a_second_device_of_the_same_person_is_no_second_member() {
    let mut team = Team::of(FILE, &["Ann", "Bob"]);
    team.let_in("Bob", &[]);
    team.agree();
    let members = team.all[0].json(&["share", "members"]);
    let bob = members.as_array().unwrap().iter().find(|member| member["name"] == "Bob").unwrap();
    assert_eq!((members.as_array().unwrap().len(), &bob["devices"]), (2, &serde_json::json!(2)));
}

#[test]
fn a_second_device_of_an_admin_is_an_admins() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann", "Bob"]);
        let invited = team.all[0].json(&["share", "invite", "--for", "Ann"]);
        assert_eq!(invited["role"], "admin");
        let second = team.device("Ann");
        second.ok(&["share", "join", team.place(), invited["code"].as_str().unwrap()]);
        team.all.push(second);
        team.agree();
        let code = team.all[2].ok(&["share", "invite", "--for", "Cid"]);
        let cid = team.device("Cid");
        cid.ok(&["share", "join", team.place(), code.trim()]);
        team.all.push(cid);
        team.agree();
        let invited = team.all[0].json(&["share", "invite", "--for", "Dora"]);
        assert_eq!(invited["role"], "writer");
    }
}

#[test]
fn who_comes_second_with_a_code_hears_that_it_was_used() {
    let mut team = Team::alone(FOLDER, "Ann");
    let code = team.code(&[]);
    // Two clouds, in each of which nobody has used it yet.
    let other = team.place.with_file_name("other");
    copy(&team.place, &other);
    let (bob, cid) = (team.device("Bob"), team.device("Cid"));
    bob.ok(&["share", "join", team.place(), &code]);
    team.all[0].sync();
    cid.ok(&["share", "join", other.to_str().unwrap(), &code]);
    cid.ok(&["add", "Dora Fox"]);
    copy(&team.place, &other);
    let report = cid.sync();
    assert_eq!(warned(&report), ["code-taken"], "{report}");
    assert_eq!(report["warnings"][0]["args"], serde_json::json!(["1"]));
    let said = cid.says(&["share", "sync"]);
    assert!(said.contains("came in by the code") && !said.contains("no longer a member"), "{said}");
    copy(&other, &team.place);
    team.all.push(bob);
    team.agree();
    assert_eq!(team.all[0].names(), ["Ann Lee"]);
}

#[test]
fn joining_where_a_book_is_changes_neither() {
    let team = Team::alone(FILE, "Ann");
    let bob = team.device("Bob");
    bob.ok(&["add", "Somebody Else"]);
    let code = team.code(&[]);
    let said = bob.fails(2, &["share", "join", team.place(), &code]);
    assert!(said.contains("there is a book") && said.contains("--book"), "{said}");
    assert_eq!(bob.names(), ["Somebody Else"]);
    // The code is as good as before, and another file takes it.
    let path = bob.rolo.path("team.rolo");
    bob.ok(&["share", "join", team.place(), &code, "--book", path.to_str().unwrap()]);
    assert_eq!(bob.names(), ["Somebody Else"]);
    let list = bob.ok(&["list", "--book", path.to_str().unwrap()]);
    assert!(list.contains("Ann Lee"), "{list}");
}

#[test]
fn whoever_only_asked_is_not_kept_from_joining() {
    for kind in KINDS {
        let team = Team::alone(kind, "Ann");
        let mut bob = team.device("Bob");
        bob.rolo.env("LANG", "de_DE.UTF-8");
        for asks in [&["share", "status"][..], &["share", "sync"], &["share", "members"]] {
            bob.fails(2, asks);
            assert_eq!(everything(&bob), Vec::<PathBuf>::new(), "{asks:?}");
        }
        // A book that was made and never used, but for what it was made with, is not in the way.
        bob.fails(2, &["share", "init", team.place()]);
        let other = Team::alone(kind, "Zoe");
        bob.fails(4, &["share", "join", team.place(), &other.code(&[])]);
        assert!(bob.book().exists());
        bob.ok(&["share", "join", team.place(), &team.code(&[])]);
        assert_eq!(bob.names(), ["Ann Lee"]);
        let beside = std::fs::read_dir(bob.book().parent().unwrap()).unwrap();
        let left: Vec<_> = beside.map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_str().unwrap().contains("unused")), "{left:?}");
        // One that was used is.
        let cid = team.device("Cid");
        cid.ok(&["add", "Somebody"]);
        cid.ok(&["undo"]);
        cid.fails(2, &["share", "join", team.place(), &team.code(&[])]);
    }
}

#[test]
fn a_book_is_shared_once() {
    for kind in KINDS {
        let team = Team::alone(kind, "Ann");
        let elsewhere = team.place.with_file_name("other.rolo");
        let said = team.all[0].fails(2, &["share", "init", elsewhere.to_str().unwrap()]);
        assert!(said.contains("shared already"), "{said}");
        assert!(!elsewhere.exists());
    }
}

#[test]
fn a_place_that_is_taken_is_left_as_it_is() {
    for kind in KINDS {
        let team = Team::alone(kind, "Ann");
        let before: Vec<_> =
            files(team.place.parent().unwrap(), "").iter().map(|path| std::fs::read(path).unwrap()).collect();
        let bob = team.device("Bob");
        bob.ok(&["add", "Somebody Else"]);
        let said = bob.fails(2, &["share", "init", team.place()]);
        assert!(said.contains("holds a shared book already"), "{said}");
        let after: Vec<_> =
            files(team.place.parent().unwrap(), "").iter().map(|path| std::fs::read(path).unwrap()).collect();
        assert!(before == after);
        bob.fails(2, &["share", "sync"]);
    }
}

#[test]
fn a_file_that_is_something_else_is_no_place() {
    let team = Team::alone(FILE, "Ann");
    let bob = team.device("Bob");
    bob.ok(&["add", "Somebody Else"]);
    let letter = bob.rolo.file("letter.rolo", "Dear all");
    for place in [letter.as_str(), bob.book().to_str().unwrap()] {
        let before = std::fs::read(place).unwrap();
        let ran = bob.run(&["share", "init", place]);
        assert_ne!(ran.code, 0, "{place}");
        assert!(std::fs::read(place).unwrap() == before);
        assert_ne!(bob.run(&["share", "join", place, &team.code(&[]), "--book", "new.rolo"]).code, 0);
        assert!(!bob.rolo.path("new.rolo").exists());
    }
    bob.fails(2, &["share", "status"]);
}

#[test]
fn who_joins_from_another_country_changes_nothing_for_the_others() {
    for kind in KINDS {
        let team = Team::alone(kind, "Ann");
        team.all[0].ok(&["config", "set", "country", "US"]);
        team.all[0].sync();
        let mut bob = team.device("Bob");
        bob.rolo.env("LANG", "de_DE.UTF-8");
        let report = bob.json(&["share", "join", team.place(), &team.code(&[])]);
        assert_eq!(report["sent"], 0, "{report}");
        team.all[0].sync();
        for device in [&team.all[0], &bob] {
            assert_eq!(device.ok(&["config", "get", "country"]).trim(), "US");
        }
    }
}
