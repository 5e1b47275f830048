//! People who were erased: gone from every book, from every log and from what lies in the place.

use super::*;

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The files below a folder that hold this text.
fn holds(folder: &Path, text: &str) -> Vec<PathBuf> {
    let has = |path: &PathBuf| memchr::memmem::find(&std::fs::read(path).unwrap(), text.as_bytes()).is_some();
    files(folder).into_iter().filter(has).collect()
}

/// What somebody who joins now, with nothing but the place, gets to know: tables and history.
fn newcomer(team: &mut Team, author: &str) -> String {
    team.let_in(author, &[]);
    let device = team.all.pop().unwrap();
    let all =
        [device.ok(&["export", "--as", "jsonl"]), device.ok(&["history", "--format", "jsonl"])].concat();
    device.ok(&["check"]);
    // Everything that its log says, packed or not.
    let log = device.ok(&["history", "--limit", "1000", "--format", "jsonl"]);
    let numbers = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["n"].to_string());
    numbers.fold(all, |all, n| all + &device.run(&["history", &n, "--format", "json"]).out)
}

#[test]
fn who_is_erased_is_erased_everywhere() {
    for kind in KINDS {
        let mut team = Team::of(kind, &["Ann", "Bob"]);
        {
            let (ann, bob) = team.two();
            ann.ok(&["add", "Zebedee Quill", "--email", "zeb@quill.example", "--title", "Keeper of owls"]);
            ann.ok(&["log", "call", "Zebedee Quill", "told a sorrowful tale"]);
            ann.ok(&["log", "meeting", "Zebedee Quill", "Ann Lee", "a talk of three"]);
            team.settle();
            bob.ok(&["edit", "Zebedee Quill", "--set", "nickname=Zebby"]);
            team.settle();
            // Before: whoever joins reads all of it.
        }
        let before = newcomer(&mut team, "Early");
        assert!(
            before.contains("Zebedee") && before.contains("sorrowful") && before.contains("Zebby"),
            "{before}"
        );
        let (ann, bob) = team.two();
        let report = ann.says(&["privacy", "erase", "Zebedee Quill", "--yes"]);
        assert!(report.contains("1 contact, 1 interaction.") && report.contains("share status"), "{report}");
        ann.sync();
        // Bob, and Early who never came back, have not yet.
        let waiting = ann.json(&["share", "status"])["erasing"].clone();
        let waiting: Vec<&str> =
            waiting.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(waiting.len(), 2, "{waiting:?}");
        assert!(waiting.iter().any(|name| name.starts_with("Bob")), "{waiting:?}");
        ann.ok(&["share", "remove", "Early", "--yes"]);
        bob.ok(&["edit", "Zebedee Quill", "--set", "title=Owl at large"]);
        team.settle();
        for device in &team.all {
            assert_eq!(device.names(), ["Ann Lee"]);
            device.ok(&["check"]);
            let home = device.book().parent().unwrap().to_owned();
            for word in ["Zebedee", "sorrowful", "Zebby", "zeb@quill", "at large"] {
                assert_eq!(holds(&home, word), Vec::<PathBuf>::new(), "{word}");
            }
        }
        assert_eq!(ann.json(&["share", "status"])["erasing"], serde_json::json!([]), "{kind}");
        let late = newcomer(&mut team, "Late");
        for word in ["Zebedee", "sorrowful", "Zebby", "zeb@quill", "at large"] {
            assert!(!late.contains(word), "{kind} {word}: {late}");
        }
        assert!(late.contains("a talk of three"), "what was logged with others stays: {late}");
    }
}

#[test]
fn the_files_in_the_place_are_written_anew_without_whoever_was_erased() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["add", "Zebedee Quill", "--title", "Keeper of owls"]);
    team.settle();
    bob.ok(&["edit", "Zebedee Quill", "--set", "nickname=Zebby"]);
    team.settle();
    ann.ok(&["privacy", "erase", "Zebedee Quill", "--yes"]);
    team.settle();
    // A copy of the place in which nobody ever said that he is erased: what is left there is all that a newcomer gets.
    let code = team.code(&["--for", "Cid"]);
    let copy = ann.rolo.path("copy");
    for file in files(&team.place) {
        let to = copy.join(file.strip_prefix(&team.place).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&file, to).unwrap();
    }
    let first = |file: &PathBuf| -> Option<u64> {
        let name = file.file_name()?.to_str()?.strip_suffix(".seg")?;
        name.split('-').next()?.parse().ok()
    };
    let last = files(&copy).into_iter().filter_map(|file| Some((first(&file)?, file))).max().unwrap();
    assert!(last.0 > 2, "the erasure is the last that Ann did: {last:?}");
    std::fs::remove_file(last.1).unwrap();
    let cid = team.device("Cid");
    cid.ok(&["share", "join", copy.to_str().unwrap(), &code]);
    assert_eq!(cid.names(), ["Ann Lee"]);
    let home = cid.book().parent().unwrap().to_owned();
    let everything = files(&home);
    assert!(!everything.is_empty());
    for word in ["Zebedee", "Zebby", "Keeper"] {
        assert_eq!(holds(&home, word), Vec::<PathBuf>::new(), "{word}");
    }
}

#[test]
fn what_a_sync_tool_brings_back_of_them_is_taken_away_again() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, _) = team.two();
    ann.ok(&["add", "Zebedee Quill", "--title", "Keeper of owls"]);
    team.settle();
    let before: Vec<(PathBuf, Vec<u8>)> =
        files(&team.place).into_iter().map(|file| (file.clone(), std::fs::read(&file).unwrap())).collect();
    ann.ok(&["privacy", "erase", "Zebedee Quill", "--yes"]);
    ann.sync();
    let segment = |file: &Path| file.extension().is_some_and(|ending| ending == "seg");
    let gone: Vec<_> = before.iter().filter(|(file, _)| segment(file) && !file.exists()).collect();
    assert!(!gone.is_empty(), "what told of him was sealed anew");
    // Another machine was first: the place is as it was, without what Ann's sync had made.
    for file in files(&team.place) {
        if segment(&file) {
            std::fs::remove_file(file).unwrap();
        }
    }
    for (file, bytes) in &before {
        std::fs::write(file, bytes).unwrap();
    }
    ann.sync();
    for (file, _) in gone {
        assert!(!file.exists(), "{}", file.display());
    }
    team.agree();
}

#[test]
fn copies_of_a_shared_file_that_were_set_aside_go_with_them() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["add", "Zebedee Quill"]);
    team.settle();
    let copy = team.place.with_file_name("team (Bob's conflicted copy 2026-11-26).rolo");
    let aside = team.place.with_file_name("team (Bob's conflicted copy 2026-11-26).rolo.set-aside");
    std::fs::copy(&team.place, &copy).unwrap();
    bob.sync();
    assert!(!copy.exists() && aside.exists(), "merged in and kept");
    bob.sync();
    assert!(aside.exists(), "as long as nobody is erased");
    ann.ok(&["privacy", "erase", "Zebedee Quill", "--yes"]);
    ann.sync();
    assert!(!aside.exists(), "it holds lines of his");
    team.agree();
}

#[test]
fn nothing_brings_an_erased_person_back_but_a_new_entry() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    let copy = ann.ok(&["export", "Ann Lee", "--as", "jsonl"]);
    ann.fails(2, &["privacy", "erase", "Ann Lee"]);
    ann.ok(&["privacy", "erase", "Ann Lee", "--yes"]);
    ann.fails(1, &["show", "Ann Lee"]);
    let undo = ann.run(&["undo"]);
    assert!(undo.code != 0 && !undo.out.contains("Ann Lee"), "{}{}", undo.out, undo.err);
    team.settle();
    assert!(bob.names().is_empty());
    // From a file that still has her she comes as somebody new, and the rest of the file with her.
    let file = ann.rolo.file("copy.jsonl", format!("{copy}{{\"name\":\"Cid Ray\"}}\n"));
    ann.ok(&["import", &file]);
    team.agree();
    assert_eq!(bob.names(), ["Ann Lee", "Cid Ray"]);
}

#[test]
fn companies_are_not_erased() {
    let team = Team::of(FOLDER, &["Ann"]);
    let ann = &team.all[0];
    ann.ok(&["edit", "Ann Lee", "--set", "company=Quill"]);
    let error = ann.fails(2, &["privacy", "erase", "Quill", "--yes"]);
    assert!(error.contains("company") && error.contains("rolo delete"), "{error}");
}
