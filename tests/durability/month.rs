//! Undo after a month of work on an imported book.

use super::{machine, problems, table};

#[test]
fn an_import_undone_after_a_month_keeps_whoever_was_worked_with() {
    let mut rolo = machine();
    rolo.ok(&["add", "Old Friend", "--email", "old3@example.com", "--phone", "+1 212 555 9999"]);
    rolo.ok(&["import", &rolo.file("old.csv", table("old", 40))]);
    let at = |rolo: &mut super::Rolo, day: u32| {
        rolo.env("ROLO_NOW", &format!("2026-10-{day:02}T09:00:00Z"));
    };
    let import = rolo.json(&["history"])[0]["batch"].to_string();
    at(&mut rolo, 1);
    rolo.ok(&["edit", "old5@example.com", "--set", "title=Chief"]);
    at(&mut rolo, 4);
    rolo.ok(&["log", "call", "old6@example.com", "about the offer"]);
    at(&mut rolo, 9);
    rolo.ok(&["tag", "add", "vip", "old7@example.com"]);
    at(&mut rolo, 12);
    rolo.ok(&["edit", "old8@example.com", "--add", "phone.home=+442071838750"]);
    at(&mut rolo, 14);
    rolo.ok(&["delete", "old9@example.com"]);
    at(&mut rolo, 16);
    // Changed and changed back: nothing of it stands.
    rolo.ok(&["edit", "old10@example.com", "--set", "title=Chief"]);
    rolo.ok(&["undo"]);
    at(&mut rolo, 20);
    rolo.ok(&["add", "New Friend", "--company", "Firm 11"]);
    at(&mut rolo, 30);
    let undone = rolo.run(&["undo", &import]);
    assert_eq!(undone.code, 0, "{}", undone.err);
    let mut names = rolo.names(&["kind:person"]);
    names.sort();
    let kept = ["New Friend", "Old Friend", "old5 Person", "old6 Person", "old7 Person", "old8 Person"];
    assert_eq!(names, kept, "{}", undone.err);
    for name in ["old5", "old6", "old7", "old8"] {
        assert!(undone.err.contains(name), "{name} is not named as kept: {}", undone.err);
    }
    assert_eq!(rolo.json(&["show", "old5@example.com"])["title"], "Chief");
    assert_eq!(rolo.json(&["timeline", "old6@example.com"])[0]["body"], "about the offer");
    assert_eq!(rolo.json(&["show", "old8@example.com"])["phones"].as_array().unwrap().len(), 2);
    assert_eq!(rolo.json(&["show", "New Friend"])["company"]["name"], "Firm 11");
    // What the import filled into a contact that was there before is gone again, what was there stays.
    let friend = rolo.json(&["show", "Old Friend"]);
    assert_eq!((friend["title"].as_str(), friend["tags"].as_array()), (None, None), "{friend}");
    assert_eq!(friend["phones"].as_array().unwrap().len(), 1, "{friend}");
    assert_eq!(problems(&rolo.path("book.rolo")), Vec::<String>::new());
    // And all of it comes back.
    rolo.ok(&["redo"]);
    assert_eq!(rolo.names(&["kind:person"]).len(), 41);
    assert_eq!(rolo.json(&["show", "old5@example.com"])["title"], "Chief");
    assert_eq!(problems(&rolo.path("book.rolo")), Vec::<String>::new());
}
