//! What scripts and people read.

use super::*;
use serde_json::json;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_sync_says_in_json_what_it_did() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    ann.ok(&["add", "Cid Ray"]);
    ann.ok(&["add", "Dora Fox"]);
    let report = ann.sync();
    for key in ["sent", "received", "waiting", "conflicts", "seconds"] {
        assert!(report.get(key).is_some_and(Value::is_number), "{key}: {report}");
    }
    assert_eq!((&report["sent"], &report["received"]), (&json!(2), &json!(0)));
    let report = bob.sync();
    assert_eq!((&report["sent"], &report["received"]), (&json!(0), &json!(2)));
    let report = bob.sync();
    assert_eq!((&report["sent"], &report["received"]), (&json!(0), &json!(0)));
}

#[test]
fn the_status_says_in_json_how_things_stand() {
    for (name, kind) in [(FILE, "file"), (FOLDER, "folder")] {
        let team = Team::of(name, &["Ann", "Bob"]);
        let (ann, bob) = team.two();
        bob.ok(&["add", "Cid Ray"]);
        bob.sync();
        ann.ok(&["add", "Dora Fox"]);
        let status = ann.json(&["share", "status"]);
        for key in [
            "place",
            "kind",
            "book",
            "me",
            "last_sync",
            "unsent",
            "waiting",
            "conflicts",
            "members",
            "devices",
            "warnings",
        ] {
            assert!(keys(&status).contains(&key), "{key}: {status}");
        }
        assert_eq!(status["place"], team.place());
        assert_eq!(status["kind"], kind);
        assert_eq!(status["me"], "Ann");
        assert_eq!(status["unsent"], 1);
        assert_eq!(status["warnings"], json!([]));
        for member in status["members"].as_array().unwrap() {
            assert!(["name", "role"].iter().all(|key| keys(member).contains(key)), "{member}");
        }
        for device in status["devices"].as_array().unwrap() {
            let wanted = ["name", "author", "last_seen", "behind"];
            assert!(wanted.iter().all(|key| keys(device).contains(key)), "{device}");
        }
    }
}

#[test]
fn conflicts_have_the_keys_that_scripts_rely_on() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    assert_eq!(ann.json(&["share", "conflicts"]), json!([]));
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    team.settle();
    let conflict = &ann.conflicts()[0];
    assert_eq!(keys(conflict), ["id", "name", "field", "shown", "others", "key"]);
    assert_eq!(keys(&conflict["shown"]), ["value", "author", "at"]);
    assert_eq!(keys(&conflict["others"][0]), ["value", "author", "at"]);
    assert_eq!(conflict["id"], ann.shows("Ann Lee", "id"));
    assert_eq!(conflict["name"], "Ann Lee");
    // By its id, too.
    ann.ok(&["share", "resolve", conflict["id"].as_str().unwrap(), "title", "--shown"]);
    assert_eq!(ann.json(&["share", "conflicts"]), json!([]));
}

#[test]
fn a_book_that_is_not_shared_says_how_to_share_it() {
    let team = Team::of(FILE, &["Ann"]);
    let bob = team.device("Bob");
    bob.ok(&["add", "Cid Ray"]);
    for args in [vec!["sync"], vec!["status"], vec!["members"], vec!["invite"], vec!["leave", "--yes"]] {
        let said = bob.fails(2, &[&["share"][..], &args].concat());
        assert!(said.contains("not shared") && said.contains("rolo share init"), "{said}");
    }
    assert_eq!(bob.json(&["share", "conflicts"]), json!([]));
    let advice = bob.json(&["share", "init"]);
    assert_eq!(advice["kind"], "file");
    assert!(bob.ok(&["share", "init"]).contains("rolo share init"));
}

#[test]
fn a_status_before_the_first_sync_knows_its_place() {
    for (name, kind) in [(FILE, "shared file"), (FOLDER, "shared folder")] {
        let team = Team::alone(name, "Ann");
        let text = team.all[0].ok(&["share", "status"]);
        assert!(text.contains(kind) && text.contains(team.place()), "{text}");
    }
}

#[test]
fn tables_show_times_as_people_read_them() {
    let team = Team::of(FILE, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    let text = ann.ok(&["share", "status"]);
    assert!(text.contains("15 Jan 2027 08:00") && !text.contains("2027-01-15T"), "{text}");
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    team.settle();
    let text = ann.ok(&["share", "conflicts"]);
    assert!(text.contains("field") && !text.contains("becomes"), "{text}");
    assert!(text.contains("CTO (Ann)") && text.contains("CEO (Bob)"), "{text}");
}

#[test]
fn it_speaks_chinese() {
    let team = Team::of(FOLDER, &["Ann", "Bob"]);
    let (ann, bob) = team.two();
    bob.ok(&["edit", "Ann Lee", "--set", "title=CEO"]);
    ann.ok(&["edit", "Ann Lee", "--set", "title=CTO"]);
    team.settle();
    let said = ann.says(&["share", "sync", "--lang", "zh-CN"]);
    assert!(said.contains("已发送") && said.contains("多人同时更改"), "{said}");
    let text = ann.ok(&["share", "status", "--lang", "zh-CN"]);
    assert!(text.contains("共享文件夹") && text.contains("2027年1月15日"), "{text}");
    let text = ann.ok(&["share", "conflicts", "--lang", "zh-CN"]);
    assert!(text.contains("字段"), "{text}");
    let text = ann.ok(&["share", "members", "--lang", "zh-CN"]);
    assert!(text.contains("管理员") && text.contains("可写"), "{text}");
    let cid = team.device("Cid");
    let said = cid.fails(4, &["share", "join", team.place(), "HELLO", "--lang", "zh-CN"]);
    assert!(said.contains("邀请码输入有误"), "{said}");
    ann.ok(&["share", "remove", "Bob", "--yes"]);
    let said = bob.says(&["share", "sync", "--lang", "zh-CN"]);
    assert!(said.contains("不再是成员"), "{said}");
}

#[cfg(unix)]
#[test]
fn keys_lie_where_only_their_owner_reads_them() {
    use std::os::unix::fs::PermissionsExt;
    let team = Team::of(FILE, &["Ann"]);
    let ann = &team.all[0];
    let found = files(&ann.rolo.path("state"), ".keys");
    assert_eq!(found.len(), 1);
    let to = ann.rolo.path("keys.txt");
    let mut command = ann.command(&["share", "keys", to.to_str().unwrap()]);
    assert!(command.env("ROLO_PASSPHRASE", "correct horse").output().unwrap().status.success());
    for path in [&found[0], &to] {
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600,
            "{}",
            path.display()
        );
    }
    let text = std::fs::read_to_string(&to).unwrap();
    assert!(text.starts_with("rolo key back-up"), "{text}");
    // The machine is lost: all that is left are the place and the file.
    let lost = team.device("Ann");
    let restore = |device: &Device, passphrase: &str| {
        let mut command = device.command(&["share", "restore", team.place(), to.to_str().unwrap()]);
        command.env("ROLO_PASSPHRASE", passphrase).output().unwrap()
    };
    let wrong = restore(&lost, "correct mule");
    assert!(!wrong.status.success() && !lost.book().exists(), "{}", String::from_utf8_lossy(&wrong.stderr));
    let done = restore(&lost, "correct horse");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(lost.names(), ["Ann Lee"]);
    // Where nobody has said who this is, the others know it.
    let nameless = team.device("Ann");
    let mut again = nameless.command(&["share", "restore", team.place(), to.to_str().unwrap()]);
    let done = again.env_remove("ROLO_AUTHOR").env("ROLO_PASSPHRASE", "correct horse").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let author = nameless.command(&["config", "get", "author"]).env_remove("ROLO_AUTHOR").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&author.stdout).trim(), "Ann");
    // Another book beside it, under a name that is looked for from where one is.
    let mut beside =
        lost.command(&["--book", "./beside.rolo", "share", "restore", team.place(), to.to_str().unwrap()]);
    let beside = beside.env("ROLO_PASSPHRASE", "correct horse").output().unwrap();
    assert!(beside.status.success(), "{}", String::from_utf8_lossy(&beside.stderr));
    assert!(lost.ok(&["--book", "./beside.rolo", "list"]).contains("Ann Lee"));
    lost.ok(&["add", "Cid Ray"]);
    lost.ok(&["share", "invite", "--for", "Bob"]);
    lost.sync();
    ann.sync();
    assert_eq!(ann.names(), ["Ann Lee", "Cid Ray"], "both go on");
    ann.ok(&["check"]);
    // Never over another file.
    let again = command.output().unwrap();
    let said = String::from_utf8_lossy(&again.stderr);
    assert_eq!(again.status.code(), Some(2), "{said}");
    assert!(said.contains("keys.txt") && said.contains("another name"), "{said}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), text);
    // Without a pass-phrase, and nobody to ask for one.
    let other = ann.rolo.path("other.txt");
    let said = ann.fails(2, &["share", "keys", other.to_str().unwrap()]);
    assert!(said.contains("ROLO_PASSPHRASE") && !other.exists(), "{said}");
}
