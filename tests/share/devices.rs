//! Devices whose clocks are wrong, whose disks were set back or copied, that never meet, or that sync at once.

use super::*;
use std::collections::BTreeSet;

/// Every change of a device's history: (device, number) must never stand for two.
fn rows(device: &Device) -> BTreeSet<String> {
    let history = device.json(&["history"]);
    let all = history.as_array().unwrap().iter();
    // What was exported is a note of this device alone until it syncs again.
    let all = all.filter(|batch| !batch["label"].as_str().unwrap().starts_with("Exported"));
    all.map(|batch| format!("{} {} {}", batch["device"], batch["at"], batch["label"])).collect()
}

#[test]
fn clocks_years_apart_refuse_nothing_and_are_named() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        bob.off.set(5 * 365 * DAY);
        bob.ok(&["edit", "Ann Lee", "--set", "title=From the future"]);
        bob.sync();
        let report = ann.sync();
        assert_eq!(warned(&report), ["clock-days"], "{report}");
        assert_eq!(ann.shows("Ann Lee", "title"), "From the future");
        // Whoever has seen it can change it, whatever their clock says.
        ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
        team.agree();
        assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
        assert!(bob.conflicts().is_empty(), "{:?}", bob.conflicts());
        // Ann's clock is not led astray.
        ann.ok(&["add", "Cid Ray"]);
        let created = ann.shows("Cid Ray", "created");
        assert!(created.as_str().unwrap().starts_with("2027-01-15"), "{created}");
    }
}

#[test]
fn where_all_others_are_ahead_it_is_ones_own_clock_that_is_behind() {
    let team = Team::of(FOLDER, &["Ann", "Bob", "Cid"]);
    let [_, _, cid] = &team.all[..] else { panic!() };
    cid.off.set(-5 * DAY);
    team.all[0].ok(&["add", "Dee Moe"]);
    team.all[1].ok(&["add", "Eve Fox"]);
    team.all[0].sync();
    team.all[1].sync();
    let report = cid.sync();
    assert_eq!(warned(&report), ["own-clock-days"], "{report}");
    let said = cid.run(&["share", "sync"]).err;
    assert!(said.contains("this computer's clock seems to be 5 days behind"), "{said}");
}

#[test]
fn a_clock_that_is_behind_loses_nothing() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.off.set(-10 * 365 * DAY);
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    team.settle();
    assert_eq!(ann.shows("Ann Lee", "title"), "CEO", "Bob had seen what it was");
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    bob.ok(&["edit", "Ann Lee", "--set", "title=Owner"]);
    team.agree();
    assert_eq!(ann.shows("Ann Lee", "title"), "CTO");
    assert_eq!(ann.conflicts()[0]["others"][0]["value"], "Owner");
}

#[test]
fn a_few_minutes_are_not_worth_a_word() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    for (off, kinds) in [(9 * MINUTE, vec![]), (11 * MINUTE, vec!["clock"])] {
        bob.off.set(off);
        bob.ok(&["add", "Somebody"]);
        bob.sync();
        assert_eq!(warned(&ann.sync()), kinds, "{off} s");
    }
}

#[test]
fn a_back_up_that_was_put_back_uses_no_number_twice() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        let old = std::fs::read(bob.book()).unwrap();
        bob.ok(&["add", "Cid Ray"]);
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        bob.sync();
        ann.sync();
        std::fs::write(bob.book(), old).unwrap();
        assert_eq!(bob.names(), ["Ann Lee"]);
        bob.ok(&["add", "Elif Kaya"]);
        let report = bob.sync();
        assert!(warned(&report).contains(&"new-identity"), "{report}");
        assert_eq!(bob.names(), ["Ann Lee", "Cid Ray", "Elif Kaya"]);
        assert_eq!(bob.shows("Ann Lee", "title"), "CEO");
        team.agree();
        assert_eq!(rows(ann), rows(bob));
        assert_eq!(ann.names(), ["Ann Lee", "Cid Ray", "Elif Kaya"]);
        assert!(ann.conflicts().is_empty());
        assert_eq!(warned(&bob.sync()), Vec::<&str>::new(), "only once");
        // The new identity is as good as the old one.
        bob.ok(&["add", "Femi Obi"]);
        team.agree();
        assert_eq!(ann.names().len(), 4);
        let members = ann.json(&["share", "members"]);
        assert_eq!(members.as_array().unwrap().len(), 2, "{members}");
    }
}

#[test]
fn the_founder_can_put_a_back_up_back_too() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        let old = std::fs::read(ann.book()).unwrap();
        ann.ok(&["add", "Cid Ray"]);
        ann.sync();
        std::fs::write(ann.book(), old).unwrap();
        ann.ok(&["add", "Dora Fox"]);
        ann.sync();
        team.agree();
        assert_eq!(bob.names(), ["Ann Lee", "Cid Ray", "Dora Fox"]);
        // Still an admin.
        let code = team.code(&[]);
        let femi = team.device("Femi");
        femi.ok(&["share", "join", team.place(), &code]);
        assert_eq!(femi.names(), ["Ann Lee", "Cid Ray", "Dora Fox"]);
    }
}

#[test]
fn three_devices_that_never_meet_end_up_with_the_same_book() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob", "Cid"]);
        let (ann, bob, cid) = team.three();
        for round in 0..3 {
            for (device, title) in [(ann, "CTO"), (cid, "CEO"), (bob, "Owner")] {
                device.sync();
                device.ok(&["add", &format!("{title} {round}")]);
                device.ok(&["edit", "Ann Lee", "--set", &format!("title={title} {round}")]);
                device.sync();
            }
        }
        team.agree();
        assert_eq!(ann.names().len(), 10);
        assert_eq!(ann.shows("Ann Lee", "title"), "Owner 2");
        assert!(ann.conflicts().is_empty(), "each had seen the one before: {:?}", ann.conflicts());
        // Offline for weeks.
        ann.ok(&["edit", "Ann Lee", "--set", "title=From the road"]);
        for device in [bob, cid] {
            team.clock.set(team.clock.get() + 20 * DAY);
            device.ok(&["edit", "Ann Lee", "--set", "city=Oslo"]);
            device.sync();
        }
        team.agree();
        assert_eq!(bob.shows("Ann Lee", "title"), "From the road");
    }
}

#[test]
fn three_values_of_one_field_are_all_kept() {
    let team = Team::of(FOLDER, &["Ann", "Bob", "Cid"]);
    let (ann, bob, cid) = team.three();
    for (device, title) in [(ann, "CTO"), (bob, "CEO"), (cid, "Owner")] {
        device.ok(&["edit", "Ann Lee", "--set", &format!("title={title}")]);
    }
    team.agree();
    let conflict = &ann.conflicts()[0];
    let mut values: Vec<&str> =
        conflict["others"].as_array().unwrap().iter().map(|other| other["value"].as_str().unwrap()).collect();
    values.sort_unstable();
    assert_eq!((conflict["shown"]["value"].as_str().unwrap(), values), ("Owner", vec!["CEO", "CTO"]));
}

#[test]
fn two_syncs_of_one_book_at_once_do_not_disturb_each_other() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        for n in 0..20 {
            ann.ok(&["add", &format!("Person {n}")]);
        }
        let running: Vec<Child> = (0..4).map(|_| ann.spawn(&["share", "sync"])).collect();
        let mut done = 0;
        for child in running {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => done += 1,
                Some(code) => assert!(said.contains("under way"), "{code}: {said}"),
                None => panic!("{said}"),
            }
        }
        assert!(done > 0, "one of them does it");
        bob.sync();
        assert_eq!(bob.names().len(), 21);
        team.agree();
    }
}

#[test]
fn two_devices_that_sync_at_once_lose_nothing() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        for round in 0..4 {
            for device in &team.all {
                device.ok(&["add", &format!("Person {round}")]);
            }
            let running: Vec<Child> =
                team.all.iter().map(|device| device.spawn(&["share", "sync"])).collect();
            for child in running {
                let output = child.wait_with_output().unwrap();
                assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            }
        }
        team.agree();
        assert_eq!(team.all[0].names().len(), 9);
    }
}

/// A copy of a device's disk. Both are used in turn at the same path, as a disk is that was put into another machine.
struct Twins<'a> {
    device: &'a Device,
    asleep: tempfile::TempDir,
}

impl<'a> Twins<'a> {
    fn of(device: &'a Device) -> Self {
        let asleep = tempfile::tempdir().unwrap();
        copy(&device.rolo.path(""), asleep.path());
        Self { device, asleep }
    }

    /// The other one's turn.
    fn swap(&self) {
        for folder in ["data", "state"] {
            let (here, there) = (self.device.rolo.path(folder), self.asleep.path().join(folder));
            let between = self.asleep.path().join("between");
            std::fs::rename(&here, &between).unwrap();
            std::fs::rename(&there, &here).unwrap();
            std::fs::rename(&between, &there).unwrap();
        }
    }
}

#[test]
fn whom_a_copied_disk_erased_stays_erased_though_its_rows_count_no_more() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        bob.ok(&["add", "Zebedee Quill", "--title", "Keeper of owls"]);
        let twins = Twins::of(bob);
        // The copy erases, tells it, and is never seen again.
        bob.ok(&["privacy", "erase", "Zebedee Quill", "--yes"]);
        bob.sync();
        ann.sync();
        twins.swap();
        bob.ok(&["add", "Dora Fox"]);
        assert!(warned(&bob.sync()).contains(&"new-identity"), "{kind}");
        team.agree();
        for device in [ann, bob] {
            assert_eq!(device.names(), ["Ann Lee", "Dora Fox"], "{kind}");
            device.ok(&["check"]);
        }
        // Plain undo takes back what Bob did himself.
        bob.ok(&["undo"]);
        assert_eq!(bob.names(), ["Ann Lee"], "{kind}");
        bob.ok(&["redo"]);
        assert_eq!(bob.names(), ["Ann Lee", "Dora Fox"], "{kind}");
    }
}

#[test]
fn a_cloned_disk_goes_on_as_two_devices_and_loses_nothing() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        let twins = Twins::of(bob);
        bob.ok(&["add", "Of the first"]);
        bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
        bob.sync();
        twins.swap();
        bob.ok(&["add", "Of the second"]);
        bob.ok(&["edit", "Ann Lee", "--set", "city=Oslo"]);
        let report = bob.sync();
        assert!(warned(&report).contains(&"new-identity"), "{report}");
        ann.sync();
        bob.ok(&["add", "Second again"]);
        bob.sync();
        twins.swap();
        bob.ok(&["add", "First again"]);
        team.agree();
        let all = ["Ann Lee", "First again", "Of the first", "Of the second", "Second again"];
        assert_eq!(ann.names(), all);
        assert_eq!(ann.shows("Ann Lee", "title"), "CEO");
        assert!(ann.ok(&["show", "Ann Lee"]).contains("Oslo"));
        twins.swap();
        team.agree();
        assert_eq!(bob.names(), all);
        // What was written anew is nobody's that may not write, and nothing is waited for.
        for _ in 0..2 {
            for device in [ann, bob] {
                assert_eq!(warned(&device.sync()), Vec::<&str>::new(), "{kind}");
            }
            twins.swap();
            assert_eq!(warned(&bob.sync()), Vec::<&str>::new(), "{kind}");
        }
    }
}
