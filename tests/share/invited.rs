//! Codes that are used while they are taken back, members who are told apart, books that move.

use super::*;

/// What a cloud has brought of a folder: what is there already stays as it is.
fn bring(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            bring(&path, &target);
        } else if !target.exists() {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn a_code_that_was_used_is_not_taken_back() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann", "Bob"]);
        let code = team.code(&["--for", "Fay"]);
        let fay = team.device("Fay");
        fay.ok(&["share", "join", team.place(), &code]);
        fay.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        fay.sync();
        let (ann, bob) = team.two();
        bob.sync();
        assert!(ann.fails(1, &["share", "revoke", &code]).contains("used"));
        bob.ok(&["edit", "Ann Lee", "--set", "department=Sales"]);
        team.all.push(fay);
        team.agree();
        assert_eq!(team.all[0].shows("Ann Lee", "title"), "CEO");
        assert_eq!(team.all[2].shows("Ann Lee", "department"), "Sales");
    }
}

/// Fay joins by a code of one day; Ann's cloud brings that only after she has synced so many days later. What Fay's last sync warns
/// of.
fn joined_on_the_way(days: i64) -> (Team, Device, Value) {
    let team = Team::in_folder(FOLDER, &["Ann", "Bob"]);
    let code = team.code(&["--for", "Fay", "--days", "1"]);
    let beside = team.place.parent().unwrap();
    copy(&team.place, &beside.join("before"));
    let fay = team.device("Fay");
    fay.ok(&["share", "join", team.place(), &code]);
    fay.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    fay.sync();
    let (ann, bob) = team.two();
    bob.sync();
    bob.ok(&["edit", "Ann Lee", "--set", "department=Sales"]);
    std::fs::rename(&team.place, beside.join("all")).unwrap();
    std::fs::rename(beside.join("before"), &team.place).unwrap();
    team.clock.set(team.clock.get() + days * DAY);
    ann.sync();
    bring(&beside.join("all"), &team.place);
    team.settle();
    let report = fay.sync();
    (team, fay, report)
}

#[test]
fn whoever_joined_in_time_is_in_however_late_the_admin_hears_of_it() {
    let (mut team, fay, report) = joined_on_the_way(2);
    assert!(!warned(&report).contains(&"removed"), "{report}");
    team.all.push(fay);
    team.agree();
    assert_eq!(team.all[0].shows("Ann Lee", "title"), "CEO");
}

#[test]
fn what_somebody_wrote_by_a_code_that_was_taken_back_holds_nobody_up() {
    let (team, _fay, report) = joined_on_the_way(60);
    assert!(warned(&report).contains(&"removed"), "{report}");
    let (ann, bob) = team.two();
    // Bob had seen what Fay wrote, and has written since.
    bob.ok(&["add", "Cid"]);
    team.agree();
    assert_eq!(ann.names(), ["Ann Lee", "Cid"]);
    assert_eq!(ann.shows("Ann Lee", "department"), "Sales");
    assert_eq!(ann.shows("Ann Lee", "title"), "VP");
}

#[test]
fn members_of_one_name_are_told_apart() {
    let mut team = Team::of(FOLDER, &["Ann"]);
    let (one, two) = (team.code(&["--for", "Bob"]), team.code(&["--for", "Bob"]));
    for code in [one, two] {
        let bob = team.device("Bob");
        bob.ok(&["share", "join", team.place(), &code]);
        team.all.push(bob);
    }
    let ann = &team.all[0];
    ann.sync();
    let said = ann.fails(2, &["share", "role", "Bob", "reader"]);
    let members = ann.json(&["share", "members"]);
    let bobs: Vec<&str> = members
        .as_array()
        .unwrap()
        .iter()
        .filter(|member| member["name"] == "Bob")
        .map(|member| member["id"].as_str().unwrap())
        .collect();
    assert_eq!(bobs.len(), 2, "{members}");
    assert!(bobs.iter().all(|id| said.contains(id)), "{said}");
    // Nobody is asked about what can't be done.
    assert!(ann.fails(1, &["share", "remove", "nobody"]).contains("nobody"));
    ann.ok(&["--yes", "share", "remove", bobs[0]]);
    let left = ann.json(&["share", "members"]);
    assert_eq!(left.as_array().unwrap().len(), 2, "{left}");
    ann.ok(&["share", "role", "bob", "reader"]);
}

#[test]
fn a_book_that_was_moved_is_still_shared() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        let moved = bob.rolo.path("elsewhere.rolo");
        std::fs::rename(bob.book(), &moved).unwrap();
        let moved = moved.to_str().unwrap();
        bob.ok(&["--book", moved, "add", "Cid"]);
        bob.ok(&["--book", moved, "share", "sync"]);
        ann.sync();
        assert_eq!(ann.names(), ["Ann Lee", "Cid"]);
        assert_eq!(ann.shows("Ann Lee", "title"), "CEO");
        // A copy is no move: only one of them can be this device.
        let copied = bob.rolo.path("copy.rolo");
        std::fs::copy(moved, &copied).unwrap();
        assert!(bob.fails(2, &["--book", copied.to_str().unwrap(), "share", "sync"]).contains("not shared"));
    }
}

#[test]
fn who_comes_in_without_saying_their_name_bears_that_of_the_invitation() {
    let team = Team::of(FILE, &["Ann"]);
    let code = team.code(&["--for", "Bob Ray"]);
    let mut bob = team.device("");
    bob.rolo.env("USER", "rmiller");
    assert!(bob.says(&["share", "join", team.place(), &code]).contains("Bob Ray"));
    bob.ok(&["add", "Cid"]);
    bob.sync();
    let ann = &team.all[0];
    ann.sync();
    let history = ann.json(&["history"]);
    assert!(history.to_string().contains("Bob Ray") && !history.to_string().contains("rmiller"), "{history}");
    ann.ok(&["share", "role", "Bob Ray", "reader"]);
}
