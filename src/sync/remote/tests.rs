//! Places as they are found: with what sync tools leave behind, after crashes at every step, and under a cloud that does its worst.

use super::copies::is_copy;
use super::*;
use crate::sync::files::cloud::{Cloud, Faults, Memory};
use crate::sync::files::faults::{At, Crashing};
use crate::sync::files::{Disk, TEMPORARY};
use crate::sync::names::short_hash;
use crate::sync::tests::{BOOK, Random};
use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization;

/// A segment's name and bytes; remotes don't look inside.
fn segment(device: Device, first: i64) -> (Name, Vec<u8>) {
    let bytes = format!("rows of {device} from {first}: {}", "x".repeat(300)).into_bytes();
    let (length, hash) = (bytes.len() as u64, short_hash(&bytes));
    (Name::Segment { device, first, last: first + 4, length, hash }, bytes)
}

fn statement(device: Device, n: u64) -> (Name, Vec<u8>) {
    let bytes = format!("statement {n} of {device}").into_bytes();
    (Name::Statement { device, n, hash: short_hash(&bytes) }, bytes)
}

const KINDS: [&str; 2] = ["/place/team", "/place/team.rolo"];

fn made(files: Arc<dyn Files>, path: &str, own: Device) -> Box<dyn Remote> {
    let mut remote = create(files, Path::new(path), own, BOOK).unwrap();
    remote.flush().unwrap();
    remote
}

fn held(remote: &mut dyn Remote) -> Vec<Name> {
    let names = remote.list().unwrap();
    names.into_iter().filter(|name| *name != Name::Format).collect()
}

#[test]
fn both_kinds_of_place_keep_what_they_are_given() {
    let home = tempfile::tempdir().unwrap();
    for (path, is_file) in [("team", false), ("team.rolo", true)] {
        let path = home.path().join(path);
        assert!(matches!(open(Arc::new(Disk), &path, 1), Err(SyncError::NotShared(_))));
        let mut one = made(Arc::new(Disk), path.to_str().unwrap(), 1);
        assert_eq!(path.is_file(), is_file);
        let (name, bytes) = segment(1, 1);
        one.put(&name, &bytes).unwrap();
        one.put(&statement(1, 1).0, &statement(1, 1).1).unwrap();
        one.flush().unwrap();
        let (mut other, format) = open(Arc::new(Disk), &path, 2).unwrap();
        assert_eq!(format, Format::of(BOOK));
        assert_eq!(held(&mut *other), [statement(1, 1).0, name]);
        assert_eq!(other.get(&name).unwrap(), bytes);
        other.delete(&name).unwrap();
        other.delete(&name).unwrap();
        other.flush().unwrap();
        assert_eq!(held(&mut *one), [statement(1, 1).0]);
        assert!(one.get(&name).is_err());
        assert!(one.put(&name, b"other bytes").is_err(), "a name says what it holds");
        assert!(matches!(create(Arc::new(Disk), &path, 3, [1; 16]), Err(SyncError::OtherBook(_))));
        assert!(create(Arc::new(Disk), &path, 3, BOOK).is_ok());
    }
    let beside: Vec<_> =
        std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "nothing lies beside: {beside:?}");
}

#[test]
fn what_others_leave_in_a_folder_is_neither_seen_nor_touched() {
    let disk = Arc::new(Memory::default());
    let mut remote = made(disk.clone(), "/place/team", 1);
    let (name, bytes) = segment(1, 1);
    remote.put(&name, &bytes).unwrap();
    let path = PathBuf::from("/place/team").join(name.to_string());
    let text = path.to_str().unwrap();
    for other in [
        "/place/team/desktop.ini".to_owned(),
        "/place/team/FORMAT.sync-conflict-20261125-101010-ABCDEFG".to_owned(),
        "/place/team/d/0000000000000001/seg/~$x.seg".to_owned(),
        "/place/team/d/.DS_Store".to_owned(),
        "/place/team/d/somebody/seg/x.seg".to_owned(),
        text.replace(".seg", " (1).seg"),
        text.replace(".seg", ".sync-conflict-20261125-101010-ABCDEFG.seg"),
        text.replace(".seg", ".seg.tmp"),
    ] {
        disk.set(Path::new(&other), b"x");
    }
    let before = disk.all();
    assert_eq!(held(&mut *remote), [name]);
    remote.flush().unwrap();
    assert_eq!(disk.all(), before);
}

#[test]
fn half_written_and_altered_files_are_noticed_and_put_again() {
    let disk = Arc::new(Memory::default());
    let mut remote = made(disk.clone(), "/place/team", 1);
    let (name, bytes) = segment(1, 1);
    remote.put(&name, &bytes).unwrap();
    let path = PathBuf::from("/place/team").join(name.to_string());
    let mut flipped = bytes.clone();
    flipped[7] ^= 4;
    for wrong in [&bytes[..100], &flipped, b"", &[&bytes[..], b"x"].concat()] {
        disk.set(&path, wrong);
        assert!(remote.get(&name).unwrap_err().is_bad_file());
        remote.put(&name, &bytes).unwrap();
        assert_eq!(remote.get(&name).unwrap(), bytes);
    }
    let huge = Name::Head { device: 1, n: 1, hash: [0; 16] };
    disk.set(&PathBuf::from("/place/team").join(huge.to_string()), &vec![0; 2 << 20]);
    assert!(remote.get(&huge).is_err());
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_place() {
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().unwrap();
    let outside = home.path().join("outside");
    std::fs::create_dir_all(outside.join("seg")).unwrap();
    let place = home.path().join("team");
    let mut remote = made(Arc::new(Disk), place.to_str().unwrap(), 1);
    let (name, bytes) = segment(1, 1);
    // The file itself, and a folder on the way, lead elsewhere.
    std::fs::create_dir_all(place.join("d")).unwrap();
    symlink(&outside, place.join("d/0000000000000001")).unwrap();
    std::fs::write(outside.join("seg").join(name.to_string().rsplit('/').next().unwrap()), &bytes).unwrap();
    assert_eq!(held(&mut *remote), []);
    assert!(
        remote.get(&name).is_err() && remote.put(&name, &bytes).is_err() && remote.delete(&name).is_err()
    );
    let (other, bytes) = segment(2, 1);
    let folder = place.join("d/0000000000000002/seg");
    std::fs::create_dir_all(&folder).unwrap();
    let secret = home.path().join("secret");
    std::fs::write(&secret, &bytes).unwrap();
    symlink(&secret, place.join(other.to_string())).unwrap();
    assert_eq!(held(&mut *remote), []);
    assert!(remote.get(&other).is_err() && remote.put(&other, &bytes).is_err());
    assert_eq!(std::fs::read_dir(outside.join("seg")).unwrap().count(), 1);
    // The place itself may be a link: `~/Dropbox` often is.
    symlink(&place, home.path().join("link")).unwrap();
    assert!(open(Arc::new(Disk), &home.path().join("link"), 1).is_ok());
    // A shared file may not: the link would be replaced, and the file stay as it is.
    let file = home.path().join("team.rolo");
    made(Arc::new(Disk), file.to_str().unwrap(), 1);
    symlink(&file, home.path().join("link.rolo")).unwrap();
    assert!(open(Arc::new(Disk), &home.path().join("link.rolo"), 1).is_err());
}

/// What a device does at a sync: puts what the place lacks of its own, in this order, and takes an old file away.
fn sync(remote: &mut dyn Remote, own: &[(Name, Vec<u8>)], old: &Name) -> Result<()> {
    let there = remote.list()?;
    for (name, bytes) in own {
        if !there.contains(name) || remote.get(name).is_err() {
            remote.put(name, bytes)?;
        }
    }
    remote.delete(old)?;
    remote.flush()
}

#[test]
fn after_a_crash_at_any_step_the_place_is_whole_and_the_next_sync_finishes() {
    for path in KINDS {
        let (theirs, old) = (segment(2, 1), segment(1, 100));
        let own = [segment(1, 1), statement(1, 1), segment(1, 6)];
        let mut tried = 0;
        'steps: for step in 0.. {
            for at in [At::Before, At::Middle, At::After] {
                for power_cut in [false, true] {
                    let disk = Arc::new(Memory::default());
                    let mut first = made(disk.clone(), path, 1);
                    for (name, bytes) in [&theirs, &old] {
                        first.put(name, bytes).unwrap();
                    }
                    first.flush().unwrap();
                    let crashing = Arc::new(Crashing::new(disk.clone(), step, at));
                    let done = open(crashing.clone(), Path::new(path), 1)
                        .and_then(|(mut remote, _)| sync(&mut *remote, &own, &old.0));
                    if done.is_ok() && !crashing.has_stopped() {
                        break 'steps;
                    }
                    tried += 1;
                    if power_cut {
                        disk.power_cut();
                    }
                    // Whoever looks now sees whole files alone, and nothing of others is lost.
                    let (mut remote, _) = open(disk.clone(), Path::new(path), 3).unwrap();
                    let seen = held(&mut *remote);
                    assert!(seen.contains(&theirs.0), "step {step} {at:?}");
                    for name in &seen {
                        remote.get(name).unwrap();
                    }
                    let (mut again, _) = open(disk.clone(), Path::new(path), 1).unwrap();
                    sync(&mut *again, &own, &old.0).unwrap();
                    let mut wanted: Vec<Name> = own.iter().map(|(name, _)| *name).chain([theirs.0]).collect();
                    wanted.sort_unstable();
                    assert_eq!(held(&mut *again), wanted, "step {step} {at:?}");
                    let left = disk
                        .all()
                        .into_iter()
                        .filter(|(path, _)| path.to_str().unwrap().ends_with(TEMPORARY));
                    // Where `FORMAT` lies others write, too: what a crash left there stays.
                    let left = left.filter(|(path, _)| !path.to_str().unwrap().contains("FORMAT")).count();
                    assert!(left == 0, "step {step} {at:?}: what a crash left behind is swept away");
                }
            }
        }
        assert!(tried >= if path.ends_with(".rolo") { 24 } else { 90 }, "{path}: {tried} crashes");
    }
}

#[test]
fn two_devices_that_write_a_shared_file_at_once_lose_nothing_for_long() {
    let disk = Arc::new(Memory::default());
    let path = Path::new(KINDS[1]);
    let mut one = made(disk.clone(), KINDS[1], 1);
    let (mut two, _) = open(disk.clone(), path, 2).unwrap();
    two.list().unwrap();
    let (mine, theirs) = (segment(1, 1), segment(2, 1));
    one.put(&mine.0, &mine.1).unwrap();
    two.put(&theirs.0, &theirs.1).unwrap();
    one.flush().unwrap();
    // Two read before one wrote, but looks again before it writes.
    two.flush().unwrap();
    assert_eq!(held(&mut *one), [mine.0, theirs.0]);
    // And where a sync tool put the older file back, the next sync puts again what is missing.
    let older = made(Arc::new(Memory::default()), KINDS[1], 1).list().map(|_| ()).is_ok();
    assert!(older);
    let empty = Arc::new(Memory::default());
    made(empty.clone(), KINDS[1], 1);
    disk.set(path, &empty.all()[0].1);
    assert_eq!(held(&mut *two), []);
    for (remote, own) in [(&mut one, &mine), (&mut two, &theirs)] {
        sync(&mut **remote, std::slice::from_ref(own), &segment(9, 1).0).unwrap();
    }
    assert_eq!(held(&mut *two), [mine.0, theirs.0]);
}

#[test]
fn conflicted_copies_are_known_by_their_names() {
    let korean: String = "team (Ann의 충돌된 사본 2026-11-27).rolo".nfd().collect();
    for name in [
        "team (Ann's conflicted copy 2026-11-27).rolo",
        "team (conflicted copy 2026-11-27 101010).rolo",
        "team (Ann 的冲突副本 2026-11-27).rolo",
        "team (Ann 的衝突複本 2026-11-27).rolo",
        "team (In Konflikt stehende Kopie von Ann 2026-11-27).rolo",
        "team (copie en conflit de Ann 2026-11-27).rolo",
        "team (Copia en conflicto de Ann 2026-11-27).rolo",
        "team (Copia in conflitto di Ann 2026-11-27).rolo",
        "team (Cópia em conflito de Ann 2026-11-27).rolo",
        "team (Конфликтующая копия с Ann 2026-11-27).rolo",
        "team (Ann の競合コピー 2026-11-27).rolo",
        &korean,
        "team.sync-conflict-20261127-101010-ABCDEFG.rolo",
        "team.rolo.sync-conflict-20261127-101010-ABCDEFG",
        "team (1).rolo",
        "team 2.rolo",
        "team-DESKTOP-4711.rolo",
    ] {
        assert!(is_copy("team.rolo", name), "{name}");
    }
    for name in [
        "team.rolo",
        "team-old.rolo",
        "team (old).rolo",
        "team (backup 2026-11-27).rolo",
        "team - Kopie.rolo",
        "team 副本.rolo",
        "team.rolo.bak",
        "team.rolo.sync-conflict-20261127-101010-ABCDEFG.set-aside",
        "team (Ann 的冲突副本 2026-11-27).rolo.set-aside",
        "teams (1).rolo",
        "crm (Ann's conflicted copy 2026-11-27).rolo",
    ] {
        assert!(!is_copy("team.rolo", name), "{name}");
    }
}

#[test]
fn conflicted_copies_of_the_same_book_are_merged_in_and_set_aside() {
    let disk = Arc::new(Memory::default());
    let file = |own: &(Name, Vec<u8>), book: [u8; 16]| {
        let other = Arc::new(Memory::default());
        let mut remote = create(other.clone(), Path::new(KINDS[1]), own.0.owner().unwrap(), book).unwrap();
        remote.put(&own.0, &own.1).unwrap();
        remote.flush().unwrap();
        other.all()[0].1.clone()
    };
    let (a, b, c) = (segment(1, 1), segment(2, 1), segment(3, 1));
    disk.set(Path::new("/place/team.rolo"), &file(&a, BOOK));
    disk.set(Path::new("/place/team (Bob's conflicted copy 2026-11-25).rolo"), &file(&b, BOOK));
    disk.set(Path::new("/place/team (1).rolo"), &file(&c, [9; 16]));
    disk.set(Path::new("/place/team 2.rolo"), b"half a file");
    let (mut remote, _) = open(disk.clone(), Path::new(KINDS[1]), 1).unwrap();
    assert_eq!(held(&mut *remote), [a.0, b.0]);
    assert_eq!(remote.get(&b.0).unwrap(), b.1);
    remote.flush().unwrap();
    let names: Vec<String> = disk
        .all()
        .into_iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "team (1).rolo",
            "team (Bob's conflicted copy 2026-11-25).rolo.set-aside",
            "team 2.rolo",
            "team.rolo"
        ],
        "what is of another book, or no whole file, stays where it is"
    );
    assert_eq!(remote.notices().len(), 1);
    assert_eq!(held(&mut *open(disk, Path::new(KINDS[1]), 1).unwrap().0), [a.0, b.0]);
}

#[test]
fn copies_that_were_set_aside_go_when_somebody_was_erased() {
    let disk = Arc::new(Memory::default());
    let file = |book: [u8; 16]| {
        let other = Arc::new(Memory::default());
        create(other.clone(), Path::new(KINDS[1]), 1, book).unwrap().flush().unwrap();
        other.all()[0].1.clone()
    };
    for name in [
        "team.rolo",
        "team (1).rolo.set-aside",
        "team (1).rolo.set-aside-2",
        "team 2.rolo",
        "team-old.rolo.set-aside",
        "team (2).rolo.set-aside-mine",
    ] {
        disk.set(&Path::new("/place").join(name), &file(BOOK));
    }
    disk.set(Path::new("/place/team (3).rolo.set-aside"), &file([9; 16]));
    let (mut remote, _) = open(disk.clone(), Path::new(KINDS[1]), 1).unwrap();
    remote.forget_copies();
    remote.flush().unwrap();
    let left: Vec<String> = disk
        .all()
        .into_iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        left,
        ["team (2).rolo.set-aside-mine", "team (3).rolo.set-aside", "team-old.rolo.set-aside", "team.rolo"],
        "what somebody named, and what is of another book, stays"
    );
}

#[test]
fn a_copy_does_not_bring_back_what_its_device_has_put_together_since() {
    let part = |device: Device, first: i64, last: i64| {
        let bytes = format!("rows {first} to {last} of {device}").into_bytes();
        (Name::Segment { device, first, last, length: bytes.len() as u64, hash: short_hash(&bytes) }, bytes)
    };
    let head = |device: Device, n: u64| {
        let bytes = format!("head {n} of {device}").into_bytes();
        (Name::Head { device, n, hash: short_hash(&bytes) }, bytes)
    };
    let file = |parts: &[(Name, Vec<u8>)]| {
        let other = Arc::new(Memory::default());
        let mut remote = create(other.clone(), Path::new(KINDS[1]), 1, BOOK).unwrap();
        for (name, bytes) in parts {
            remote.put(name, bytes).unwrap();
        }
        remote.flush().unwrap();
        other.all()[0].1.clone()
    };
    let now = [part(1, 1, 4), part(1, 5, 9), head(1, 5), part(2, 4, 6)];
    let damaged = part(3, 1, 9);
    let old =
        [part(1, 1, 2), part(1, 4, 8), head(1, 4), part(1, 9, 12), part(2, 3, 5), head(2, 1), part(3, 1, 3)];
    let disk = Arc::new(Memory::default());
    disk.set(Path::new(KINDS[1]), &file(&[&now[..], std::slice::from_ref(&damaged)].concat()));
    // What is damaged in the file covers nothing.
    let mut there = super::packed::read(disk.all()[0].1.clone()).unwrap();
    *there.get_mut(&damaged.0.to_string()).unwrap() = b"half".as_slice().into();
    disk.set(Path::new(KINDS[1]), &super::packed::write(&there).unwrap());
    disk.set(Path::new("/place/team (conflicted copy).rolo"), &file(&old));
    // Two devices that merge the same copy at once come to the same file.
    let two = Arc::new(disk.copied());
    let mut files = Vec::new();
    for (disk, own) in [(disk, 1), (two, 2)] {
        let (mut remote, _) = open(disk.clone(), Path::new(KINDS[1]), own).unwrap();
        let mut expected: Vec<Name> = now.iter().chain([&damaged]).map(|part| part.0).collect();
        expected.extend([&old[3], &old[4], &old[5], &old[6]].map(|part| part.0));
        expected.sort_unstable();
        assert_eq!(held(&mut *remote), expected);
        remote.flush().unwrap();
        assert_eq!(held(&mut *remote), expected);
        files.push(disk.read(Path::new(KINDS[1]), 1 << 20).unwrap());
    }
    assert_eq!(files[0], files[1]);
}

#[test]
fn a_shared_file_is_no_book_and_nothing_else_is_a_shared_file() {
    let disk = Arc::new(Memory::default());
    let path = Path::new(KINDS[1]);
    made(disk.clone(), KINDS[1], 1);
    let good = disk.all()[0].1.clone();
    let mut book = good.clone();
    book[68..72].copy_from_slice(&crate::store::open::APPLICATION_ID.to_be_bytes());
    disk.set(path, &book);
    assert!(matches!(open(disk.clone(), path, 1), Err(SyncError::IsBook(_))));
    for wrong in [&b"hello"[..], b"", &good[..good.len() / 2], &good[..100], &[0; 4096]] {
        disk.set(path, wrong);
        assert!(open(disk.clone(), path, 1).is_err());
        assert!(create(disk.clone(), path, 1, BOOK).is_err());
        assert_eq!(disk.all()[0].1, wrong, "what may be half of a file is not written over");
    }
    // Whatever is altered in it, it is read, refused, or read without what was hit; never a panic.
    let mut remote = made(Arc::new(Memory::default()), "/x/t.rolo", 1);
    let mut random = Random(3);
    for _ in 0..400 {
        let mut wrong = good.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(wrong.len());
            wrong[at] = random.next() as u8;
        }
        disk.set(path, &wrong);
        if let Ok((mut opened, _)) = open(disk.clone(), path, 1) {
            for name in opened.list().unwrap_or_default() {
                let _ = opened.get(&name);
            }
        }
    }
    assert!(remote.list().is_ok());
}

#[test]
fn what_a_newer_version_puts_there_is_passed_on() {
    let disk = Arc::new(Memory::default());
    let path = Path::new(KINDS[1]);
    let mut remote = made(disk.clone(), KINDS[1], 1);
    let mut parts = packed::read(disk.all()[0].1.clone()).unwrap();
    parts.insert("photos/0000000000000002/1".to_owned(), Arc::from(&b"later"[..]));
    disk.set(path, &packed::write(&parts).unwrap());
    let (name, bytes) = segment(1, 1);
    remote.put(&name, &bytes).unwrap();
    remote.flush().unwrap();
    let parts = packed::read(disk.all()[0].1.clone()).unwrap();
    assert_eq!(&parts["photos/0000000000000002/1"][..], b"later");
    assert_eq!(parts.len(), 3);
    let newer = String::from_utf8(Format::of(BOOK).write()).unwrap().replace(":1,", ":2,");
    parts.clone().insert("FORMAT".to_owned(), newer.as_bytes().into());
    assert!(matches!(Format::read(newer.as_bytes()), Err(SyncError::Newer { found: 2, known: 1 })));
}

#[test]
fn under_a_cloud_that_does_its_worst_all_devices_end_with_all_files() {
    let faults = Faults { partial: 15, flipped: 10, duplicate: 10, delay: 30 };
    let mut conflicts = 0;
    for path in KINDS {
        for seed in 0..25 {
            let mut cloud = Cloud::new(3, seed, faults);
            let mut random = Random(seed);
            made(cloud.files(0), path, 1);
            cloud.settle();
            let mut own: [Vec<(Name, Vec<u8>)>; 3] = Default::default();
            for _ in 0..60 {
                let who = random.below(3);
                for _ in 0..random.below(6) {
                    cloud.step(random.below(3));
                }
                if random.below(2) == 0 {
                    own[who].push(segment(who as u64 + 1, own[who].len() as i64 * 5 + 1));
                }
                // A place that is half there is tried again later.
                if let Ok((mut remote, _)) = open(cloud.files(who), Path::new(path), who as u64 + 1) {
                    let _ = sync(&mut *remote, &own[who], &segment(9, 1).0);
                }
            }
            let mut wanted: Vec<Name> = own.iter().flatten().map(|(name, _)| *name).collect();
            wanted.sort_unstable();
            for _ in 0..6 {
                cloud.settle();
                for (who, own) in own.iter().enumerate() {
                    let (mut remote, _) = open(cloud.files(who), Path::new(path), who as u64 + 1).unwrap();
                    sync(&mut *remote, own, &segment(9, 1).0).unwrap();
                }
            }
            cloud.settle();
            for who in 0..3 {
                let (mut remote, _) = open(cloud.files(who), Path::new(path), 1).unwrap();
                assert_eq!(held(&mut *remote), wanted, "{path}, seed {seed}, device {who}");
                for name in &wanted {
                    remote.get(name).unwrap();
                }
            }
            conflicts += cloud.conflicts();
        }
    }
    assert!(conflicts > 20, "{conflicts} conflicted copies");
}
