//! Files that are no books, or can't be read or written: refused in words, and left as they are.

use super::common::{Ran, Rolo};
use super::{contents, machine, problems, table};
use rusqlite::Connection;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};

const READS: &[&[&str]] = &[&["list"], &["count"], &["check"], &["history"], &["query", "a"]];
const WRITES: &[&[&str]] = &[&["add", "Bob"], &["undo"], &["log", "note", "old3 Person", "hello"]];

fn book(rolo: &Rolo) -> std::path::PathBuf {
    rolo.path("book.rolo")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every command fails with 4 and words, and not a byte changes.
fn refused(rolo: &Rolo, word: &str, what: &str) {
    let before = fs::read(book(rolo)).unwrap();
    for args in READS.iter().chain(WRITES) {
        let said = rolo.fails(4, args);
        assert!(said.contains(word) && said.starts_with("rolo: "), "{what}: {args:?}: {said}");
        assert!(!said.contains("bug"), "{what}: {args:?}: {said}");
    }
    assert!(fs::read(book(rolo)).unwrap() == before, "{what}: the file has changed");
    let beside: Vec<String> = fs::read_dir(rolo.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("book.rolo-"))
        .collect();
    assert_eq!(beside, Vec::<String>::new(), "{what}");
}

#[test]
fn a_newer_book_is_refused_and_untouched() {
    let rolo = machine();
    rolo.ok(&["add", "Ann"]);
    let conn = Connection::open(book(&rolo)).unwrap();
    conn.execute_batch("pragma user_version=99; pragma journal_mode=delete").unwrap();
    drop(conn);
    refused(&rolo, "newer rolo (format 99", "a newer book");
}

#[test]
fn files_that_are_no_books_are_refused_and_untouched() {
    let rolo = machine();
    let conn = Connection::open(book(&rolo)).unwrap();
    conn.execute_batch("create table t(a); insert into t values (1)").unwrap();
    drop(conn);
    refused(&rolo, "is no rolo book", "another program's database");
    let conn = Connection::open(book(&rolo)).unwrap();
    conn.execute_batch("pragma application_id=1").unwrap();
    drop(conn);
    refused(&rolo, "is no rolo book", "another program's marked database");
    fs::write(book(&rolo), "Dear diary,\n").unwrap();
    refused(&rolo, "is no rolo book", "a short text");
    fs::write(book(&rolo), "Dear diary, ".repeat(1000)).unwrap();
    refused(&rolo, "is no rolo book", "a long text");
    fs::write(book(&rolo), [0u8; 8192]).unwrap();
    refused(&rolo, "is no rolo book", "zeros");
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("pragma application_id=0x726f6c73; pragma user_version=1; create table part(a)")
        .unwrap();
    fs::write(book(&rolo), &*conn.serialize("main").unwrap()).unwrap();
    refused(&rolo, "is a shared file", "a file that a book is shared in");
    assert!(rolo.fails(4, &["list"]).contains("rolo share join"));
    fs::remove_file(book(&rolo)).unwrap();
    fs::create_dir(book(&rolo)).unwrap();
    for args in READS.iter().chain(WRITES) {
        let said = rolo.fails(4, args);
        assert!(said.contains("is no rolo book") || said.contains("is a folder"), "{args:?}: {said}");
    }
}

/// Whatever is cut off or overwritten: an answer or an error with 4, never a panic, and `check` notices.
#[test]
fn a_truncated_or_overwritten_book_is_noticed() {
    let rolo = machine();
    rolo.ok(&["import", &rolo.file("old.csv", table("old", 200))]);
    let whole = fs::read(book(&rolo)).unwrap();
    let page = 4096;
    let mut ruins: Vec<(String, Vec<u8>)> = Vec::new();
    for part in [50, 100, page, page + 1, whole.len() / 2, whole.len() - page, whole.len() - 1] {
        ruins.push((format!("cut to {part}"), whole[..part].to_vec()));
    }
    for at in (1..whole.len() / page).step_by(7) {
        let mut ruin = whole.clone();
        ruin[at * page..(at + 1) * page].fill(0xa5);
        ruins.push((format!("page {at} overwritten"), ruin));
    }
    for (what, ruin) in ruins {
        fs::write(book(&rolo), &ruin).unwrap();
        for args in READS.iter().chain(WRITES) {
            let ran = rolo.run(args);
            assert!(matches!(ran.code, 0 | 1 | 4), "{what}: {args:?} ended with {}: {}", ran.code, ran.err);
            assert!(!ran.err.contains("bug"), "{what}: {args:?}: {}", ran.err);
            let _ = fs::write(book(&rolo), &ruin);
            let _ = fs::remove_file(rolo.path("book.rolo-wal"));
            let _ = fs::remove_file(rolo.path("book.rolo-shm"));
        }
        let ran = rolo.run(&["check"]);
        assert!(matches!(ran.code, 1 | 4), "{what}: check ended with {}: {}{}", ran.code, ran.out, ran.err);
    }
}

/// Runs as somebody whom permissions bind: root may do anything.
fn bound(rolo: &Rolo, args: &[&str]) -> Ran {
    let mut command = rolo.command(args);
    if fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0) {
        command.uid(65534).gid(65534);
    }
    let out = command.stdin(Stdio::null()).output().unwrap();
    Ran {
        code: out.status.code().unwrap_or(-1),
        out: String::from_utf8(out.stdout).unwrap(),
        err: String::from_utf8(out.stderr).unwrap(),
    }
}

#[test]
fn what_can_not_be_written_is_said_so() {
    let rolo = machine();
    rolo.ok(&["import", &rolo.file("old.csv", table("old", 20))]);
    for (path, bits) in [("", 0o755), ("state", 0o777), ("state/rolo", 0o777), ("state/rolo/devices", 0o777)]
    {
        fs::set_permissions(rolo.path(path), Permissions::from_mode(bits)).unwrap();
    }
    // A file that may be read, in a folder that may not be written.
    fs::set_permissions(book(&rolo), Permissions::from_mode(0o444)).unwrap();
    let before = fs::read(book(&rolo)).unwrap();
    for args in WRITES {
        let ran = bound(&rolo, args);
        assert_eq!(ran.code, 4, "{args:?}: {}", ran.err);
        assert!(ran.err.contains("book.rolo can't be written"), "{args:?}: {}", ran.err);
    }
    // It can still be read: an archived book on a medium that can't be written.
    let ran = bound(&rolo, &["count"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "20\n"), "{}", ran.err);
    // A file that may not even be read.
    fs::set_permissions(book(&rolo), Permissions::from_mode(0o000)).unwrap();
    for args in READS.iter().chain(WRITES) {
        let ran = bound(&rolo, args);
        assert_eq!(ran.code, 4, "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains("permission denied") || ran.err.contains("can't be"),
            "{args:?}: {}",
            ran.err
        );
    }
    fs::set_permissions(book(&rolo), Permissions::from_mode(0o600)).unwrap();
    assert!(fs::read(book(&rolo)).unwrap() == before);
    assert_eq!(problems(&book(&rolo)), Vec::<String>::new());
    // A folder in which no book can be made.
    fs::create_dir(rolo.path("closed")).unwrap();
    fs::set_permissions(rolo.path("closed"), Permissions::from_mode(0o555)).unwrap();
    for path in ["closed/new.rolo", "closed/deeper/new.rolo"] {
        let ran = bound(&rolo, &["--book", rolo.path(path).to_str().unwrap(), "add", "Bob"]);
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains("closed"), "{}", ran.err);
    }
}

#[test]
fn a_book_is_private_whatever_the_umask() {
    for umask in ["000", "077", "022"] {
        let rolo = Rolo::new();
        let ran = rolo.through_shell(&format!("umask {umask}"), &["add", "Ann"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let path = rolo.ok(&["book", "path"]);
        let path = Path::new(path.trim());
        assert_eq!(mode(path), 0o600, "umask {umask}");
        assert_eq!(mode(path.parent().unwrap()), 0o700, "umask {umask}");
        let devices = rolo.path("state/rolo/devices");
        assert_eq!(mode(&devices), 0o700, "umask {umask}");
        for entry in fs::read_dir(devices).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600, "umask {umask}");
        }
        // While somebody has it open, the files beside it are there.
        let _open = Connection::open(path).and_then(|conn| {
            conn.query_row("select count(*) from contact", [], |_| Ok(()))?;
            Ok(conn)
        });
        let ran = rolo.through_shell(&format!("umask {umask}"), &["add", "Bob"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        for beside in ["wal", "shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(format!("-{beside}"));
            assert_eq!(mode(Path::new(&name)), 0o600, "umask {umask}, {beside}");
        }
    }
}

#[test]
fn a_full_disk_is_said_so_and_the_book_stays_whole() {
    for fill in [400, 2000] {
        let rolo = machine();
        rolo.ok(&["import", &rolo.file("old.csv", table("old", 20))]);
        let before = contents(&book(&rolo));
        let file = rolo.file("new.csv", table("new", 3000));
        let size = fs::metadata(book(&rolo)).unwrap().len() / 512;
        // The file may grow to some blocks more: the write-ahead log hits it in the middle of the commit.
        let limit = size + fill;
        let setup = format!("trap '' XFSZ; ulimit -f {limit}");
        let out = rolo.through_shell(&setup, &["import", &file]).output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(4), "{err}");
        assert!(err.contains("can't be read or written") && err.contains("as it was before"), "{err}");
        assert!(!err.contains("bug"), "{err}");
        assert_eq!(contents(&book(&rolo)), before);
        assert_eq!(problems(&book(&rolo)), Vec::<String>::new());
        // Without the trap the system ends the process where it stands.
        let killed = rolo.through_shell(&format!("ulimit -f {limit}"), &["import", &file]).output().unwrap();
        assert!(killed.status.signal().is_some() || killed.status.code() == Some(4), "{killed:?}");
        assert_eq!(contents(&book(&rolo)), before);
        assert_eq!(problems(&book(&rolo)), Vec::<String>::new());
        // With room again it goes on.
        rolo.ok(&["import", &file]);
        assert_eq!(rolo.ok(&["count"]), "3020\n");
    }
}

#[test]
fn a_new_book_on_a_full_disk_leaves_nothing_that_is_in_the_way() {
    let rolo = machine();
    let out = rolo.through_shell("trap '' XFSZ; ulimit -f 8", &["add", "Ann"]).output().unwrap();
    let err = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(4), "{err}");
    assert!(!err.contains("bug"), "{err}");
    assert_eq!(rolo.ok(&["count"]), "0\n");
    rolo.ok(&["add", "Ann"]);
    assert_eq!(problems(&book(&rolo)), Vec::<String>::new());
}

#[test]
fn ctrl_c_during_an_import_changes_nothing() {
    // Stopped while it works, and while it waits for rows that never come.
    for (signal, piped) in [("INT", false), ("TERM", false), ("INT", true)] {
        let rolo = machine();
        rolo.ok(&["import", &rolo.file("old.csv", table("old", 20))]);
        let before = contents(&book(&rolo));
        let file = rolo.file("new.csv", table("new", 20_000));
        let mut command = rolo.command(&["import", if piped { "-" } else { &file }]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let other = Connection::open(book(&rolo)).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        let may_write = || other.execute_batch("begin immediate; rollback").is_ok();
        if piped {
            // More than a pipe holds: once this is written, it has begun to read. The pipe stays open.
            std::io::Write::write_all(&mut pipe, table("new", 3000).as_bytes()).unwrap();
            assert!(may_write(), "nobody may have to wait for whoever writes into the pipe");
        } else {
            // It has begun as soon as nobody else may write.
            while may_write() {
                assert!(child.try_wait().unwrap().is_none(), "it ended before it began");
                std::thread::yield_now();
            }
        }
        drop(other);
        let kill =
            Command::new("/bin/sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status().unwrap();
        assert!(kill.success());
        // Whoever writes into the pipe may never come to an end: Ctrl-C must not wait for that.
        let started = std::time::Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(started.elapsed().as_secs() < 60, "SIG{signal} is not heard");
            std::thread::yield_now();
        }
        drop(pipe);
        let out = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(130), "{err}");
        assert!(err.contains("nothing was changed"), "{err}");
        assert_eq!(contents(&book(&rolo)), before);
        assert_eq!(problems(&book(&rolo)), Vec::<String>::new());
    }
}

/// Plays another program when the test runs itself as one.
const LOOKS: &str = "ROLO_TEST_LOOKS_INTO";

#[test]
fn an_open_book_stays_locked_whatever_its_own_process_looks_at() {
    if let Some(path) = std::env::var_os(LOOKS) {
        // Only where nobody has it open could it have the book for itself, and throw the write-ahead log away when it closes.
        let conn = rusqlite::Connection::open(path).unwrap();
        conn.busy_timeout(std::time::Duration::ZERO).unwrap();
        conn.pragma_update(None, "locking_mode", "exclusive").unwrap();
        let looked = conn.query_row("select count(*) from contact", [], |row| row.get::<_, i64>(0));
        assert!(looked.is_err(), "the book is open and not locked");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.rolo");
    let ann = rolo::model::draft::ContactDraft {
        fields: vec![("name", "Ann Lee".to_owned())],
        ..rolo::model::draft::ContactDraft::default()
    };
    let mut book = super::Book::open(&path, super::session(folder.path())).unwrap();
    book.add(ann.clone()).unwrap();
    // What the faces do while the book is open: they look at it, open it again, and close that.
    assert!(!super::Book::is_behind(&path));
    assert!(super::Book::open(&path, super::session(folder.path())).unwrap().exists());
    let wal = folder.path().join("book.rolo-wal");
    assert!(wal.exists());
    let me = std::env::current_exe().unwrap();
    let name = "files::an_open_book_stays_locked_whatever_its_own_process_looks_at";
    let looked = std::process::Command::new(me).args([name, "--exact"]).env(LOOKS, &path).output().unwrap();
    assert!(looked.status.success(), "{looked:?}");
    assert!(wal.exists());
    book.add(ann).unwrap();
    drop(book);
    let conn = rusqlite::Connection::open(&path).unwrap();
    let count: i64 = conn.query_row("select count(*) from contact", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 2);
}
