//! What becomes of files that lie about in a cloud.

use super::*;

#[test]
fn a_place_that_is_gone_changes_nothing_and_loses_nothing() {
    for kind in KINDS {
        let team = Team::in_folder(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
        let cloud = team.place.parent().unwrap();
        let (gone, away) = match kind {
            FILE => (cloud.to_owned(), cloud.with_file_name("away")),
            _ => (team.place.clone(), cloud.join("away")),
        };
        std::fs::rename(&gone, &away).unwrap();
        let said = ann.fails(4, &["share", "sync"]);
        assert!(said.contains("there is no shared book at") && said.contains("share join"), "{said}");
        assert!(!gone.exists(), "an empty place would be a second one");
        assert_eq!(ann.json(&["share", "status"])["unsent"], 1);
        std::fs::rename(&away, &gone).unwrap();
        team.agree();
        assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
    }
}

/// What tells a place: the file itself, or the folder's FORMAT.
fn mark(team: &Team) -> PathBuf {
    if team.place.is_dir() { team.place.join("FORMAT") } else { team.place.clone() }
}

#[test]
fn what_tells_a_place_is_put_back_if_somebody_deletes_it() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann", "Bob"]);
        std::fs::remove_file(mark(&team)).unwrap();
        team.all[1].ok(&["add", "Cid Ray"]);
        if kind == FILE {
            // What all begins with only Ann's device can put there.
            let said = team.all[1].fails(4, &["share", "sync"]);
            assert!(said.contains("has to sync first"), "{said}");
        } else {
            team.all[1].sync();
        }
        assert!(mark(&team).exists(), "{kind}");
        team.agree();
        assert_eq!(team.all[0].names(), ["Ann Lee", "Cid Ray"]);
        team.let_in("Dora", &[]);
        team.agree();
        assert_eq!(team.all[2].names(), ["Ann Lee", "Cid Ray"]);
    }
}

#[test]
fn what_does_not_read_is_not_written_over_and_moved_away_it_is_put_back() {
    for kind in KINDS {
        let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
        for damage in [&half as &dyn Fn(&[u8]) -> Vec<u8>, &|_| Vec::new(), &|_| b"Dear all".to_vec()] {
            let team = Team::of(kind, &["Ann", "Bob"]);
            let (ann, bob) = team.two();
            ann.ok(&["add", "Cid Ray"]);
            let mark = mark(&team);
            let damaged = damage(&std::fs::read(&mark).unwrap());
            std::fs::write(&mark, &damaged).unwrap();
            for device in &team.all {
                let said = device.fails(4, &["share", "sync"]);
                assert!(said.contains("move that file away") && said.contains("sync tool"), "{said}");
            }
            assert!(std::fs::read(&mark).unwrap() == damaged, "a sync tool may be about to finish it");
            std::fs::rename(&mark, mark.with_extension("away")).unwrap();
            team.agree();
            assert_eq!(bob.names(), ["Ann Lee", "Cid Ray"], "{kind}");
        }
    }
}

#[test]
fn a_place_that_was_moved_is_found_again_by_a_join_without_a_code() {
    for kind in KINDS {
        let mut team = Team::in_folder(kind, &["Ann", "Bob"]);
        let to = team.place.with_file_name(kind.replace("team", "crm"));
        let new = to.to_str().unwrap().to_owned();
        std::fs::rename(&team.place, &to).unwrap();
        let stranger = team.device("Zoe");
        assert!(stranger.fails(2, &["share", "join", &new]).contains("code"));
        let other = Team::alone(kind, "Zoe");
        for device in &team.all {
            let said = device.fails(4, &["share", "sync"]);
            assert!(said.contains("share join NEWPLACE"), "{said}");
            assert!(!team.place.exists(), "a second place would part them");
            device.fails(4, &["share", "join", other.place()]);
            device.ok(&["share", "join", &new]);
            assert_eq!(device.json(&["share", "status"])["place"], new);
        }
        team.place = to;
        team.all[0].ok(&["add", "Cid Ray"]);
        team.agree();
        assert_eq!(team.all[1].names(), ["Ann Lee", "Cid Ray"]);
        assert_eq!(other.all[0].names(), ["Ann Lee"]);
    }
}

#[test]
fn the_status_says_that_the_place_is_missing_or_damaged_and_who_was_in() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let bob = &team.all[1];
        let before = bob.json(&["share", "status"]);
        let kinds = |status: &Value| warned(status).into_iter().map(str::to_owned).collect::<Vec<_>>();
        std::fs::write(mark(&team), "half").unwrap();
        let status = bob.json(&["share", "status"]);
        assert_eq!(kinds(&status), ["place-unreadable"], "{status}");
        assert_eq!((&status["members"], &status["devices"]), (&before["members"], &before["devices"]));
        std::fs::remove_file(mark(&team)).unwrap();
        let status = bob.json(&["share", "status"]);
        assert_eq!(kinds(&status), ["place-missing"], "{status}");
        assert_eq!((&status["members"], &status["devices"]), (&before["members"], &before["devices"]));
        let said = bob.says(&["share", "status"]);
        assert!(said.contains("there is no shared book at"), "{said}");
    }
}

#[test]
fn what_could_not_be_put_there_counts_as_not_sent() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
        // A folder where a file is to be written stands for a disk that is full or read-only, which root would not notice.
        let own = ann.json(&["history"])[0]["device"].as_str().unwrap().to_owned();
        let way = match kind {
            FILE => team.place.with_file_name(format!(".team.rolo.{own}.rolo-tmp")),
            _ => team.place.join("d").join(&own).join("seg"),
        };
        let away = way.with_file_name("away");
        if kind == FILE {
            std::fs::create_dir(&way).unwrap();
        } else {
            std::fs::rename(&way, &away).unwrap();
            std::fs::write(&way, "").unwrap();
        }
        ann.fails(4, &["share", "sync"]);
        assert_eq!(ann.json(&["share", "status"])["unsent"], 1, "{kind}");
        if kind == FILE {
            std::fs::remove_dir(&way).unwrap();
        } else {
            std::fs::remove_file(&way).unwrap();
            std::fs::rename(&away, &way).unwrap();
        }
        ann.sync();
        assert_eq!(ann.json(&["share", "status"])["unsent"], 0, "{kind}");
        bob.sync();
        assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
    }
}

#[test]
fn a_place_of_another_book_is_not_mixed_in() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        let other = Team::alone(kind, "Zoe");
        other.all[0].ok(&["add", "Zoe's Friend"]);
        other.all[0].sync();
        let away = team.place.with_file_name("away");
        std::fs::rename(&team.place, &away).unwrap();
        std::fs::rename(&other.place, &team.place).unwrap();
        let said = team.all[0].fails(4, &["share", "sync"]);
        assert!(said.contains("holds another book"), "{said}");
        assert_eq!(team.all[0].names(), ["Ann Lee"]);
        std::fs::rename(&team.place, &other.place).unwrap();
        std::fs::rename(&away, &team.place).unwrap();
        other.agree();
        team.agree();
    }
}

/// Damages the newest segment in the folder, which is Ann's, before Bob has seen it.
fn damaged(damage: impl Fn(&Path)) -> Team {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    let before = files(&team.place, ".seg");
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    ann.sync();
    let new: Vec<PathBuf> =
        files(&team.place, ".seg").into_iter().filter(|path| !before.contains(path)).collect();
    let [segment] = &new[..] else { panic!("{new:?}") };
    damage(segment);
    let report = bob.sync();
    assert!(warned(&report).contains(&"missing"), "{report}");
    assert_eq!(bob.shows("Ann Lee", "title"), "VP");
    bob.ok(&["check"]);
    team
}

#[test]
fn a_damaged_segment_is_reported_and_put_there_again() {
    let cut = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let flipped = |path: &Path| {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    let emptied = |path: &Path| std::fs::write(path, "").unwrap();
    for damage in [&cut as &dyn Fn(&Path), &flipped, &emptied] {
        let team = damaged(damage);
        let (ann, bob) = team.two();
        assert!(warned(&bob.sync()).contains(&"bad-file"));
        ann.sync();
        let report = bob.sync();
        assert_eq!(warned(&report), Vec::<&str>::new());
        assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
        team.agree();
    }
}

#[test]
fn whatever_file_is_damaged_is_put_there_again() {
    let mut team = Team::of(FOLDER, &["Ann", "Bob"]);
    let of_both: Vec<PathBuf> =
        std::fs::read_dir(team.place.join("d")).unwrap().map(|entry| entry.unwrap().path()).collect();
    team.let_in("Cid", &[]);
    team.settle();
    team.all[0].ok(&["share", "remove", "Cid", "--yes"]);
    team.all.pop();
    team.settle();
    // Nobody is there any more to put Cid's files there again.
    let theirs = |path: &PathBuf| {
        !path.starts_with(team.place.join("d")) && !path.ends_with("FORMAT")
            || of_both.iter().any(|folder| path.starts_with(folder))
    };
    for path in files(&team.place, "").into_iter().filter(theirs) {
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    team.all[0].ok(&["add", "Dora Fox"]);
    team.settle();
    team.let_in("Elif", &[]);
    team.settle();
    for device in &team.all {
        let report = device.sync();
        assert_eq!(warned(&report), Vec::<&str>::new(), "{report}");
        assert_eq!(device.names(), ["Ann Lee", "Dora Fox"]);
    }
    team.agree();
}

#[test]
fn a_deleted_segment_is_put_there_again() {
    let team = damaged(|path| std::fs::remove_file(path).unwrap());
    let (ann, bob) = team.two();
    ann.sync();
    bob.sync();
    assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
    team.agree();
}

#[test]
fn everything_that_lay_in_the_place_comes_back_from_those_who_wrote_it() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    for path in files(&team.place, "") {
        if !path.ends_with("FORMAT") {
            std::fs::remove_file(path).unwrap();
        }
    }
    team.all[1].ok(&["add", "Cid Ray"]);
    team.agree();
    let mut team = team;
    team.let_in("Dora", &[]);
    assert_eq!(team.all[2].names(), ["Ann Lee", "Cid Ray"]);
    team.agree();
}

#[test]
fn small_segments_are_put_together_and_stay_so_when_a_sync_tool_brings_them_back() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, _) = team.two();
    let (mut kept, mut before) = (Vec::new(), 0);
    for n in 0.. {
        ann.ok(&["add", &format!("Person {n}")]);
        ann.sync();
        let now = files(&team.place, ".seg");
        if now.len() < before {
            break;
        }
        assert!(n < 100, "they are never put together: {}", now.len());
        before = now.len();
        kept = now.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect();
    }
    let together = files(&team.place, ".seg");
    for (file, bytes) in &kept {
        std::fs::write(file, bytes).unwrap();
    }
    ann.sync();
    assert_eq!(files(&team.place, ".seg"), together, "the same ones are left, none is written once more");
    team.agree();
}

#[test]
fn a_shared_file_that_an_older_one_replaced_is_filled_again() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    let before = std::fs::read(&team.place).unwrap();
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    ann.sync();
    // Bob's machine was slower: its upload overwrites what Ann has put there.
    std::fs::write(&team.place, before).unwrap();
    bob.ok(&["add", "Cid Ray"]);
    bob.sync();
    assert_eq!(bob.shows("Ann Lee", "title"), "VP");
    team.agree();
    assert_eq!(bob.shows("Ann Lee", "title"), "CTO");
    assert_eq!(ann.names(), ["Ann Lee", "Cid Ray"]);
}

#[test]
fn conflicted_copies_are_merged_in_and_set_aside() {
    for name in [
        "team (Bob's conflicted copy 2026-11-26).rolo",
        "team (Bob 的冲突副本 2026-11-26).rolo",
        "team.sync-conflict-20261126-101500-ABCDEFG.rolo",
        "team.rolo.sync-conflict-20261126-101500-ABCDEFG",
    ] {
        let team = Team::of(FILE, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        let before = std::fs::read(&team.place).unwrap();
        bob.ok(&["add", "Cid Ray"]);
        bob.sync();
        let copy = team.place.with_file_name(name);
        std::fs::rename(&team.place, &copy).unwrap();
        std::fs::write(&team.place, before).unwrap();
        ann.ok(&["add", "Dora Fox"]);
        let report = ann.sync();
        assert_eq!(warned(&report), ["copy"], "{report}");
        assert_eq!(ann.names(), ["Ann Lee", "Cid Ray", "Dora Fox"]);
        assert!(!copy.exists());
        assert!(copy.with_file_name(format!("{name}.set-aside")).exists());
        assert_eq!(warned(&ann.sync()), Vec::<&str>::new(), "only once");
        team.agree();
    }
}

#[test]
fn a_copy_of_another_book_is_left_alone() {
    let team = Team::of(FILE, &["Ann"]);
    let other = Team::alone(FILE, "Zoe");
    let copy = team.place.with_file_name("team (conflicted copy).rolo");
    std::fs::copy(&other.place, &copy).unwrap();
    team.all[0].ok(&["add", "Cid Ray"]);
    assert_eq!(warned(&team.all[0].sync()), Vec::<&str>::new());
    assert!(copy.exists());
    assert_eq!(team.all[0].names(), ["Ann Lee", "Cid Ray"]);
}

#[test]
fn what_others_put_into_the_folder_is_ignored() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let segment = files(&team.place, ".seg").remove(0);
    let conflict = segment.with_extension("sync-conflict-20261126-101500-ABCDEFG.seg");
    std::fs::copy(&segment, &conflict).unwrap();
    std::fs::write(team.place.join("desktop.ini"), "[.ShellClassInfo]").unwrap();
    team.all[0].ok(&["add", "Cid Ray"]);
    assert_eq!(warned(&team.all[0].sync()), Vec::<&str>::new());
    assert_eq!(warned(&team.all[1].sync()), Vec::<&str>::new());
    team.agree();
    assert!(conflict.exists() && team.place.join("desktop.ini").exists());
}

#[test]
fn nothing_of_the_book_can_be_read_in_the_place() {
    for kind in KINDS {
        let team = Team::of(kind, &["Ann", "Bob"]);
        for path in files(team.place.parent().unwrap(), "") {
            let bytes = std::fs::read(&path).unwrap();
            for secret in ["Ann Lee", "lantern.example.com", "Bob"] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", path.display());
            }
        }
    }
}

#[test]
fn a_book_that_is_worked_in_where_a_cloud_carries_it_about_says_so_once() {
    let team = Team::of(FILE, &["Ann"]);
    let ann = &team.all[0];
    assert!(!ann.says(&["list"]).contains("carries about"));
    std::fs::create_dir(ann.rolo.path("Dropbox")).unwrap();
    let path = ann.rolo.path("Dropbox/mine.rolo");
    let at = ["--book", path.to_str().unwrap()];
    ann.ok(&[&["add", "Cid Ray"][..], &at].concat());
    assert_eq!(ann.says(&[&["list", "--format", "json"][..], &at].concat()), "");
    let said = ann.says(&[&["list"][..], &at].concat());
    assert!(said.contains("carries about") && said.contains("rolo share init"), "{said}");
    assert_eq!(ann.says(&[&["list"][..], &at].concat()), "", "once");
}
