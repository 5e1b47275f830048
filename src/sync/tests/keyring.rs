//! The keyring: private, whole after any crash, and given back by its pass-phrase alone.

use super::*;
use crate::sync::SyncError;
use crate::sync::files::cloud::Memory;
use crate::sync::files::faults::{At, Crashing};
use crate::sync::files::{Disk, TEMPORARY};
use crate::sync::keyring::{Keyring, LastHead};
use std::path::Path;
use std::sync::Arc;

fn keyring() -> Keyring {
    let mut place = Place::default();
    let mut trust = place.found(1, "Ann");
    trust.begin_epoch(NOW).unwrap();
    let mut keyring = trust.keyring;
    keyring.place = "/home/ann/Dropbox/\"team\".rolo".to_owned();
    keyring.heads.insert(u64::MAX, LastHead { n: 3, seq: 9, hash: [4; 32] });
    keyring.published = 17;
    keyring.older.push(keyring.open.clone());
    keyring
}

fn same(one: &Keyring, other: &Keyring) -> bool {
    let keys = |of: &Keyring| of.keys.iter().map(|(epoch, key)| (*epoch, *key.bytes())).collect::<Vec<_>>();
    (one.book, &one.place, one.device, one.sign.bytes(), one.open.bytes(), one.anchor, one.founder)
        == (
            other.book,
            &other.place,
            other.device,
            other.sign.bytes(),
            other.open.bytes(),
            other.anchor,
            other.founder,
        )
        && keys(one) == keys(other)
        && (&one.heads, one.published, one.head, one.older.len())
            == (&other.heads, other.published, other.head, other.older.len())
}

#[test]
fn it_reads_back_and_is_for_its_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = Keyring::path(home.path(), &BOOK, Path::new("/no/such/book.rolo"));
    assert!(Keyring::load(&Disk, &path).unwrap().is_none());
    let keyring = keyring();
    keyring.save(&Disk, &path).unwrap();
    keyring.save(&Disk, &path).unwrap();
    assert!(same(&Keyring::load(&Disk, &path).unwrap().unwrap(), &keyring));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
    let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "nothing temporary is left");
    std::fs::write(&path, b"{\"rolo\":").unwrap();
    assert!(matches!(Keyring::load(&Disk, &path), Err(SyncError::Damaged(_))));
}

#[test]
fn after_a_crash_at_any_step_it_is_the_old_one_or_the_new_one() {
    let (old, mut new) = (keyring(), keyring());
    new.published = 99;
    let path = Path::new("/state/sharing/x.keys");
    let mut outcomes = [false; 2];
    for step in 0..100 {
        for at in [At::Before, At::Middle, At::After] {
            for power_cut in [false, true] {
                let disk = Arc::new(Memory::default());
                old.save(&*disk, path).unwrap();
                let crashing = Crashing::new(disk.clone(), step, at);
                let done = new.save(&crashing, path).is_ok();
                if done {
                    assert!(step >= 5, "all steps were tried");
                    assert!(outcomes == [true, true]);
                    return;
                }
                if power_cut {
                    disk.power_cut();
                }
                let left = Keyring::load(&*disk, path).unwrap().unwrap();
                let is_new = same(&left, &new);
                assert!(is_new || same(&left, &old), "step {step} {at:?}");
                outcomes[usize::from(is_new)] = true;
                let others = disk.all().into_iter().filter(|(other, _)| other != path);
                for (name, _) in others {
                    assert!(name.to_str().unwrap().ends_with(TEMPORARY), "{name:?}");
                }
            }
        }
    }
    panic!("it never got done");
}

#[test]
fn a_back_up_says_what_it_is_and_opens_with_its_pass_phrase_alone() {
    let keyring = keyring();
    let text = keyring.export("correct horse battery").unwrap();
    assert!(text.starts_with("rolo key back-up 1\n") && text.contains("pass-phrase"));
    assert!(!text.contains("Dropbox"));
    assert!(same(&Keyring::import(&text, "correct horse battery").unwrap(), &keyring));
    assert!(same(&Keyring::import(&text.replace('\n', "\r\n"), "correct horse battery").unwrap(), &keyring));
    assert!(matches!(Keyring::import(&text, "correct horse"), Err(SyncError::Passphrase)));
    let flipped = text.replace("m=65536", "m=65537");
    assert!(matches!(Keyring::import(&flipped, "correct horse battery"), Err(SyncError::Passphrase)));
    for wrong in [
        String::new(),
        text[..text.len() - 10].to_owned(),
        text.replace("m=65536", "m=4294967295"),
        text.replace("t=3", "t=4294967295"),
        text.replace("salt=", "salt=zz"),
        "rolo key back-up 1\n".to_owned(),
        format!("{text}\u{fffd}"),
    ] {
        assert!(Keyring::import(&wrong, "correct horse battery").is_err());
    }
}
