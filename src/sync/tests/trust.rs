//! A team from the first member to the last, through the files that they would find in their place.

use super::*;
use crate::sync::members::Verdict;
use crate::sync::names::Name;
use crate::sync::{CodeError, SyncError};
use std::collections::BTreeMap;

fn refused(place: &Place, code: &Code, now: i64) -> Option<CodeError> {
    match Trust::join(BOOK, code, &place.0, &me(99, "Eve"), now) {
        Ok(_) => None,
        Err(SyncError::Code(error)) => Some(error),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn five_people_join_and_read_each_other() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let mut team: Vec<Trust> = ["Bob", "Cai", "Dee", "Eli"]
        .iter()
        .zip(2..)
        .map(|(who, n)| place.add(&mut ann, Role::Writer, n, who))
        .collect();
    team.insert(0, ann);
    let segments: Vec<Put> = team
        .iter_mut()
        .map(|one| {
            let rows = edits(one.keyring.device, 1, 4, &mut Random(one.keyring.device));
            one.seal_rows(&rows, [0; 32]).unwrap()
        })
        .collect();
    for one in &mut team {
        place.read_by(one);
        for (name, bytes) in &segments {
            let (header, rows) = one.open_rows(name, bytes).unwrap();
            assert_eq!(rows.len(), 4);
            assert_eq!(one.verdict(header.device, 4, &header.members), Verdict::Ok);
        }
        assert_eq!(one.unopened(), 0);
    }
    let states: Vec<_> = team.iter_mut().map(|one| one.state().clone()).collect();
    assert!(states.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(states[0].members.len(), 5);
}

#[test]
fn a_code_says_why_it_does_not_let_in() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let code = place.invite(&mut ann, Role::Writer, "Bob");
    assert_eq!(refused(&place, &Code::generate().unwrap(), NOW), Some(CodeError::Wrong));
    assert_eq!(refused(&place, &code, NOW + 8 * DAY), Some(CodeError::Expired));
    assert_eq!(refused(&place, &code, NOW + 6 * DAY), None);
    place.join(&code, 2, "Bob");
    assert_eq!(refused(&place, &code, NOW), Some(CodeError::Used));
    let taken_back = place.invite(&mut ann, Role::Writer, "Cai");
    let id = taken_back.keys(&BOOK).unwrap().id;
    let puts = ann.revoke(id, NOW).unwrap();
    place.put(puts);
    assert_eq!(refused(&place, &taken_back, NOW), Some(CodeError::Revoked));
    let mut later = Place::default();
    let mut ann = later.found(1, "Ann");
    let old = later.invite(&mut ann, Role::Writer, "Dee");
    // Some days later: somebody may have joined in time whose files are on their way.
    later.duties(&mut ann, NOW + 8 * DAY);
    assert_eq!(refused(&later, &old, NOW), None);
    later.duties(&mut ann, NOW + 15 * DAY);
    assert_eq!(
        refused(&later, &old, NOW),
        Some(CodeError::Revoked),
        "a clock that was set back doesn't help"
    );
    let other = Place::default();
    assert_eq!(refused(&other, &code, NOW), Some(CodeError::Wrong));
}

#[test]
fn who_is_removed_reads_nothing_new_and_writes_nothing_more() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let mut bob = place.add(&mut ann, Role::Writer, 2, "Bob");
    let mut cai = place.add(&mut ann, Role::Writer, 3, "Cai");
    let named = bob.state().frontier.clone();
    let member = ann.state().devices[&2].member;
    let puts = ann.remove(member, BTreeMap::from([(2, 40)]), NOW).unwrap();
    place.put(puts);
    for one in [&mut bob, &mut cai] {
        place.read_by(one);
    }
    let new = ann.seal_rows(&edits(1, 1, 1, &mut Random(1)), [0; 32]).unwrap();
    assert!(matches!(bob.open_rows(&new.0, &new.1), Err(SyncError::NoKey(_))));
    assert!(cai.open_rows(&new.0, &new.1).is_ok());
    for one in [&mut ann, &mut bob, &mut cai] {
        assert_eq!(one.verdict(2, 40, &named), Verdict::Ok);
        assert_eq!(one.verdict(2, 41, &named), Verdict::Removed { last: 40 });
        assert_eq!(one.role(), one.role());
    }
    assert_eq!(bob.role(), None, "he can read that he is out");
    assert!(matches!(bob.invite(&offer(Role::Admin, "Eve"), NOW), Err(SyncError::NotAllowed)));
    // Everything that was there before, somebody new reads.
    let code = place.invite(&mut ann, Role::Writer, "Dee");
    let mut dee = place.join(&code, 4, "Dee");
    assert!(dee.open_rows(&new.0, &new.1).is_ok());
    let old = cai.keyring.keys.len();
    assert_eq!(dee.keyring.keys.len(), old);
}

#[test]
fn a_key_of_an_epoch_reaches_whoever_joins_by_an_older_code() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    place.add(&mut ann, Role::Writer, 2, "Bob");
    let code = place.invite(&mut ann, Role::Writer, "Cai");
    let member = ann.state().devices[&2].member;
    let puts = ann.remove(member, BTreeMap::new(), NOW).unwrap();
    place.put(puts);
    let new = ann.seal_rows(&edits(1, 1, 1, &mut Random(1)), [0; 32]).unwrap();
    let mut cai = place.join(&code, 3, "Cai");
    assert!(cai.open_rows(&new.0, &new.1).is_ok());
    place.duties(&mut ann, NOW);
    assert!(!ann.state().wants_epoch());
}

#[test]
fn files_may_come_in_any_order() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let mut bob = place.add(&mut ann, Role::Admin, 2, "Bob");
    for round in 0..3 {
        let cai = place.add(&mut bob, Role::Writer, 10 + round, "Cai");
        let member = bob.state().devices[&cai.keyring.device].member;
        let puts = bob.remove(member, BTreeMap::new(), NOW).unwrap();
        place.put(puts);
    }
    place.read_by(&mut ann);
    let wanted = ann.state().clone();
    assert_eq!(wanted.epochs.len(), 4);
    let mut random = Random(8);
    for _ in 0..20 {
        // Statements before the keys that they are sealed under, and before what they build on.
        let mut reader = Trust::with(copy(&ann)).unwrap();
        reader.keyring.keys.retain(|epoch, _| epoch.number == 1);
        let mut puts = place.0.clone();
        for at in (1..puts.len()).rev() {
            puts.swap(at, random.below(at + 1));
        }
        for (name, bytes) in &puts {
            reader.take(name, bytes).unwrap();
        }
        assert_eq!(*reader.state(), wanted);
        assert_eq!((reader.unopened(), reader.keyring.keys.len()), (0, 4));
    }
}

#[test]
fn two_copies_of_a_disk_both_go_on_as_devices_of_their_member() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let mut bob = place.add(&mut ann, Role::Writer, 2, "Bob");
    let mut clone = Trust::with(copy(&bob)).unwrap();
    place.read_by(&mut clone);
    for (trust, device) in [(&mut bob, 20), (&mut clone, 21)] {
        let puts = trust.replace_device(&me(device, "Bob"), None, NOW).unwrap();
        place.put(puts);
    }
    place.read_by(&mut ann);
    for (trust, device) in [(&mut bob, 20), (&mut clone, 21)] {
        place.read_by(trust);
        let (name, bytes) = trust.seal_rows(&edits(device, 1, 1, &mut Random(device)), [0; 32]).unwrap();
        let (header, _) = ann.open_rows(&name, &bytes).unwrap();
        assert_eq!(ann.verdict(device, 1, &header.members), Verdict::Ok);
    }
    // One removal is for all of them, also for ids that are made later.
    let member = ann.state().devices[&20].member;
    let puts = ann.remove(member, BTreeMap::from([(20, 1)]), NOW).unwrap();
    place.put(puts);
    let puts = clone.replace_device(&me(22, "Bob"), None, NOW).unwrap();
    place.put(puts);
    place.read_by(&mut ann);
    let named = ann.state().frontier.clone();
    assert_eq!(ann.verdict(20, 1, &named), Verdict::Ok);
    for device in [21, 22] {
        assert_eq!(ann.verdict(device, 1, &named), Verdict::Removed { last: 0 });
    }
    // And a device that vouches for itself is nobody.
    let mut eve = Place::default().found(66, "Eve");
    let epoch = *ann.keyring.keys.keys().next().unwrap();
    eve.keyring.keys = ann.keyring.keys.clone();
    let claim = crate::sync::members::Claim {
        by: crate::sync::members::By::Device(1),
        device: 66,
        keys: crate::sync::members::Keys { sign: eve.keyring.sign.public(), open: eve.keyring.open.public() },
        author: "Ann".to_owned(),
        name: String::new(),
        at: NOW,
        last: None,
    };
    let key = ann.keyring.keys[&epoch].clone();
    let join =
        crate::sync::members::Join::write(&BOOK, claim, &eve.keyring.sign, (epoch, &key), &eve.keyring.sign);
    let (name, bytes, _) = join.unwrap();
    ann.take(&name, &bytes).unwrap();
    assert_eq!(ann.verdict(66, 1, &named), Verdict::Unknown);
}

#[test]
fn a_second_device_is_the_same_member() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    place.add(&mut ann, Role::Writer, 2, "Bob");
    place.add(&mut ann, Role::Admin, 3, "Bob");
    let state = ann.state().clone();
    assert_eq!(state.members.len(), 2);
    assert_eq!(state.devices[&2].member, state.devices[&3].member);
    assert_eq!(state.role(3), Some(Role::Writer), "the member's role holds");
}

#[test]
fn only_admins_say_who_is_a_member() {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let mut bob = place.add(&mut ann, Role::Writer, 2, "Bob");
    let member = ann.state().devices[&1].member;
    assert!(matches!(bob.invite(&offer(Role::Admin, "Eve"), NOW), Err(SyncError::NotAllowed)));
    assert!(matches!(bob.remove(member, BTreeMap::new(), NOW), Err(SyncError::NotAllowed)));
    assert!(matches!(bob.begin_epoch(NOW), Err(SyncError::NotAllowed)));
    assert!(bob.duties(NOW).unwrap().is_empty());
    let none = BTreeMap::new;
    assert!(matches!(ann.leave(none(), NOW), Err(SyncError::LastAdmin)), "she is the last admin");
    assert!(matches!(ann.remove(member, none(), NOW), Err(SyncError::LastAdmin)));
    assert!(matches!(ann.set_role(member, Role::Reader, none(), NOW), Err(SyncError::LastAdmin)));
    let puts = bob.leave(BTreeMap::from([(2, 5)]), NOW).unwrap();
    place.put(puts);
    place.read_by(&mut ann);
    assert_eq!(ann.state().role(2), None);
    assert!(ann.state().wants_epoch());
    place.duties(&mut ann, NOW);
    assert!(!ann.state().wants_epoch());
    let keys = place.0.iter().filter(|(name, _)| matches!(name, Name::Key(_))).count();
    assert_eq!(keys, 1);
}
