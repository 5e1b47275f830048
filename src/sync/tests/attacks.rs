//! What somebody can do who writes into the place, with and without a key: each is noticed.

use super::*;
use crate::sync::head::{Head, missing};
use crate::sync::keyring::Standing;
use crate::sync::members::{Keys, Verdict};
use crate::sync::names::{Name, short_hash};
use crate::sync::segment::{self, Frontier, Sealed};
use crate::sync::{SyncError, head};
use std::collections::BTreeMap;

struct Team {
    place: Place,
    ann: Trust,
    bob: Trust,
}

fn team() -> Team {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let bob = place.add(&mut ann, Role::Writer, 2, "Bob");
    Team { place, ann, bob }
}

fn a_head(n: u64, seq: i64) -> Head {
    Head {
        n,
        seq,
        hash: [seq as u8; 32],
        seen: BTreeMap::from([(1, 10)]),
        forks: BTreeMap::new(),
        members: BTreeMap::new(),
        at: NOW,
        name: "Bob's laptop".to_owned(),
        author: "Bob".to_owned(),
        app: "rolo 0.1.0".to_owned(),
    }
}

/// The name that fits altered bytes: whoever can write files can name them.
fn renamed(name: &Name, bytes: &[u8]) -> Name {
    let hash = short_hash(bytes);
    match *name {
        Name::Segment { device, first, last, .. } => {
            Name::Segment { device, first, last, length: bytes.len() as u64, hash }
        }
        Name::Head { device, n, .. } => Name::Head { device, n, hash },
        Name::Statement { device, n, .. } => Name::Statement { device, n, hash },
        Name::Join { device, .. } => Name::Join { device, hash },
        other => other,
    }
}

#[test]
fn every_byte_of_a_segment_and_a_head_counts() {
    let mut team = team();
    let rows = edits(2, 1, 3, &mut Random(1));
    let segment = team.bob.seal_rows(&rows, [0; 32]).unwrap();
    let head = team.bob.seal_head(&a_head(1, 3)).unwrap();
    assert_eq!(team.ann.open_rows(&segment.0, &segment.1).unwrap().1.len(), 3);
    assert_eq!(team.ann.open_head(&head.0, &head.1).unwrap(), (2, a_head(1, 3)));
    for (name, bytes) in [&segment, &head] {
        let mut opens = |name: &Name, bytes: &[u8]| match name {
            Name::Segment { .. } => team.ann.open_rows(name, bytes).is_ok(),
            _ => team.ann.open_head(name, bytes).is_ok(),
        };
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1 << (at % 8);
            assert!(!opens(name, &wrong), "byte {at} under its name");
            assert!(!opens(&renamed(name, &wrong), &wrong), "byte {at} under a name that fits");
            let short = &bytes[..at];
            assert!(!opens(name, short) && !opens(&renamed(name, short), short), "cut at {at}");
        }
        let long = [&bytes[..], &[0]].concat();
        assert!(!opens(name, &long) && !opens(&renamed(name, &long), &long));
    }
}

#[test]
fn nothing_readable_lies_in_the_place() {
    let mut team = team();
    let rows = edits(2, 1, 3, &mut Random(1));
    let segment = team.bob.seal_rows(&rows, [0; 32]).unwrap();
    let head = team.bob.seal_head(&a_head(1, 3)).unwrap();
    team.place.put(vec![segment, head]);
    let words: [&[u8]; 9] =
        [b"Ann", b"Bob", b"laptop", b"title", b"set", b"edit", b"rolo 0", b"invite", b"author"];
    for (name, bytes) in &team.place.0 {
        for word in words {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{name}: {word:?}");
        }
    }
}

#[test]
fn a_segment_counts_only_where_it_was_written_for() {
    let mut team = team();
    let rows = edits(2, 11, 5, &mut Random(2));
    let (name, bytes) = team.bob.seal_rows(&rows, [0; 32]).unwrap();
    let (length, hash) = (bytes.len() as u64, short_hash(&bytes));
    // Another place, another range, another device: the header says otherwise.
    for wrong in [
        Name::Segment { device: 1, first: 11, last: 15, length, hash },
        Name::Segment { device: 2, first: 16, last: 20, length, hash },
        Name::Segment { device: 2, first: 11, last: 14, length, hash },
        Name::Head { device: 2, n: 1, hash },
    ] {
        assert!(team.ann.open_rows(&wrong, &bytes).is_err(), "{wrong}");
    }
    assert!(team.ann.open_rows(&name, &bytes).is_ok());
    // Another book, though key and signer are right.
    let keys = team.ann.state().devices[&2].keys;
    let epoch = *team.ann.keyring.keys.keys().next().unwrap();
    let key = team.ann.keyring.keys[&epoch].clone();
    let opened = |book: &[u8; 16]| Sealed::read(book, &name, &bytes).unwrap().open(&keys.sign, &key);
    assert!(opened(&BOOK).is_ok());
    assert!(matches!(opened(&[1; 16]), Err(SyncError::Signature)));
    // Another epoch's key.
    let other = crate::sync::crypto::SealKey::generate().unwrap();
    let sealed = Sealed::read(&BOOK, &name, &bytes).unwrap();
    assert!(matches!(sealed.open(&keys.sign, &other), Err(SyncError::Sealed)));
    // A segment is no head.
    assert!(head::Sealed::read(&BOOK, &Name::Head { device: 2, n: 1, hash }, &bytes).is_err());
}

#[test]
fn each_row_has_the_hash_of_its_chain_so_that_it_fits_no_other() {
    let mut team = team();
    // The same rows after others: a copy of the device may have written what comes before.
    let mut rows = edits(2, 11, 5, &mut Random(2));
    for before in [[0; 32], [5; 32]] {
        log::chain(&mut rows, &before);
        let (name, bytes) = team.bob.seal_rows(&rows, before).unwrap();
        assert_eq!(team.ann.open_rows(&name, &bytes).unwrap().1, rows);
    }
    // Rows that end elsewhere than they say.
    let (name, bytes) = team.bob.seal_rows(&rows, [0; 32]).unwrap();
    assert!(matches!(team.ann.open_rows(&name, &bytes), Err(SyncError::Damaged(_))));
}

#[test]
fn a_header_cannot_be_changed_by_a_member_who_has_the_key() {
    // Bob has the epoch's key and signs with his own: he can't speak for Ann, nor lend her rows another membership.
    let mut team = team();
    let rows = edits(1, 1, 2, &mut Random(3));
    let epoch = *team.bob.keyring.keys.keys().next().unwrap();
    let key = team.bob.keyring.keys[&epoch].clone();
    let forged =
        segment::seal(&BOOK, &rows, [0; 32], Frontier::default(), (epoch, &key), &team.bob.keyring.sign)
            .unwrap();
    assert!(matches!(team.ann.open_rows(&forged.0, &forged.1), Err(SyncError::Signature)));
    let head = head::seal(&BOOK, 1, &a_head(9, 9), (epoch, &key), &team.bob.keyring.sign).unwrap();
    assert!(matches!(team.ann.open_head(&head.0, &head.1), Err(SyncError::Signature)));
    // And rows of another device under his own header don't get past it.
    let text = edits(1, 1, 2, &mut Random(3));
    let (_, bytes) =
        segment::seal(&BOOK, &text, [0; 32], Frontier::default(), (epoch, &key), &team.bob.keyring.sign)
            .unwrap();
    let name =
        Name::Segment { device: 2, first: 1, last: 2, length: bytes.len() as u64, hash: short_hash(&bytes) };
    assert!(team.ann.open_rows(&name, &bytes).is_err());
}

#[test]
fn a_stranger_with_a_key_of_their_own_is_nobody() {
    let mut team = team();
    let mut eve = Place::default().found(66, "Eve");
    let (name, bytes) = eve.seal_rows(&edits(66, 1, 1, &mut Random(4)), [0; 32]).unwrap();
    assert!(matches!(team.ann.open_rows(&name, &bytes), Err(SyncError::Unknown(_))));
    // Her founding statement beside ours changes nothing, and hides nothing.
    let before = team.ann.state().clone();
    let (_, puts) = Trust::found(BOOK, &me(1, "Eve"), NOW).unwrap();
    for (name, bytes) in &puts {
        assert!(team.ann.take(name, bytes).is_err());
    }
    assert_eq!(*team.ann.state(), before);
    assert_eq!(before.accepts(66, 1, &before.frontier), Verdict::Unknown);
}

#[test]
fn whoever_keeps_the_place_cannot_pretend_to_be_the_team() {
    let mut team = team();
    let code = team.place.invite(&mut team.ann, Role::Writer, "Cai");
    // The invitation is replaced by one of Eve's, under the same id, with her own book behind it.
    let keys = code.keys(&BOOK).unwrap();
    let mut place = Place::default();
    let mut eve = place.found(66, "Eve");
    place.invite(&mut eve, Role::Writer, "Cai");
    let forged: Vec<Put> = place
        .0
        .iter()
        .map(|(name, bytes)| {
            let mut bytes = bytes.clone();
            // The open part lies behind the header: the invitation's id is put over Eve's.
            let at = 4 + 8 + 1 + 32 + 9 + 2;
            if matches!(name, Name::Statement { n: 2, .. }) {
                bytes[at..at + 16].copy_from_slice(&keys.id);
            }
            (renamed(name, &bytes), bytes)
        })
        .collect();
    let sealed = crate::sync::members::SealedStatement::read(&BOOK, &forged[1].0, &forged[1].1).unwrap();
    assert_eq!(sealed.open[..16], keys.id, "the forgery is what it is meant to be");
    let joined = Trust::join(BOOK, &code, &forged, &me(9, "Cai"), NOW);
    assert!(matches!(joined.err(), Some(SyncError::Code(crate::sync::CodeError::Wrong))));
    assert!(Trust::join(BOOK, &code, &team.place.0, &me(9, "Cai"), NOW).is_ok());
}

#[test]
fn statements_joinings_and_keys_are_as_whole_as_segments() {
    let mut team = team();
    team.place.invite(&mut team.ann, Role::Writer, "Cai");
    let puts = team.ann.begin_epoch(NOW).unwrap();
    team.place.put(puts);
    let mut random = Random(5);
    for (name, bytes) in &team.place.0.clone() {
        for _ in 0..200 {
            let mut wrong = bytes.clone();
            let at = random.below(wrong.len());
            wrong[at] ^= 1 << random.below(8);
            if random.below(3) == 0 {
                wrong.truncate(at);
            }
            let mut reader = Trust::with(team.bob_keyring()).unwrap();
            for (other, bytes) in team.place.0.iter().filter(|(other, _)| other != name) {
                reader.take(other, bytes).unwrap();
            }
            let without = reader.state().clone();
            let name = renamed(name, &wrong);
            // Either it doesn't open, or nobody signed it. A file of keys may still hold this reader's key untouched: the key is good,
            // because a statement commits to it.
            let _ = reader.take(&name, &wrong);
            let state = reader.state();
            assert_eq!((&state.members, &state.devices), (&without.members, &without.devices), "{name}");
            assert_eq!((&state.invites, &state.frontier), (&without.invites, &without.frontier), "{name}");
        }
    }
}

impl Team {
    /// Bob's keyring a second time.
    fn bob_keyring(&self) -> crate::sync::keyring::Keyring {
        let old = &self.bob.keyring;
        let mut new =
            crate::sync::keyring::Keyring::new(old.book, old.device, old.founder, old.anchor).unwrap();
        (new.sign, new.open, new.older) = (old.sign.clone(), old.open.clone(), old.older.clone());
        new.keys = old.keys.clone();
        new
    }
}

#[test]
fn a_place_that_was_set_back_is_noticed() {
    let mut team = team();
    let keyring = &mut team.ann.keyring;
    assert_eq!(keyring.see(2, &a_head(1, 3)), Standing::New);
    assert_eq!(keyring.see(2, &a_head(2, 7)), Standing::New);
    assert_eq!(keyring.see(2, &a_head(2, 7)), Standing::Same);
    assert_eq!(keyring.see(2, &a_head(1, 3)), Standing::Older);
    assert_eq!(keyring.see(2, &a_head(2, 8)), Standing::Forked, "two heads with one number");
    assert_eq!(keyring.see(2, &a_head(3, 6)), Standing::Forked, "rows were taken back");
    assert_eq!(keyring.see(2, &Head { hash: [9; 32], ..a_head(3, 7) }), Standing::Forked, "another chain");
    assert_eq!(keyring.heads[&2].seq, 7);
}

#[test]
fn rows_that_somebody_took_away_are_missed() {
    // Bob's segment 4..7 and his newest head were deleted, but Ann's head has seen them.
    let mut ann = a_head(5, 10);
    ann.seen = BTreeMap::from([(2, 7)]);
    let heads = BTreeMap::from([(1, ann), (2, a_head(1, 3))]);
    let have = BTreeMap::from([(1, 10), (2, 3)]);
    assert_eq!(missing(&heads, &have), [(2, 4, 7)]);
    assert_eq!(missing(&heads, &BTreeMap::from([(1, 10), (2, 7)])), []);
}

#[test]
fn keys_are_of_their_purpose() {
    // What signs a joining signs no statement, though both be of one device.
    let keys = |trust: &Trust| Keys { sign: trust.keyring.sign.public(), open: trust.keyring.open.public() };
    let team = team();
    let signature = team.bob.keyring.sign.sign("join proof", &[1; 32]);
    assert!(keys(&team.bob).sign.verify("statement", &[1; 32], &signature).is_err());
}

#[test]
fn a_member_cannot_speak_in_an_admin_s_name_nor_take_their_turn() {
    use crate::sync::members::{Act, Body, By, Claim, Join, Place as At, Statement};
    let mut team = team();
    let before = team.ann.state().clone();
    let epoch = *team.bob.keyring.keys.keys().next().unwrap();
    let key = team.bob.keyring.keys[&epoch].clone();
    let member = before.devices[&2].member;
    let at = At { device: 1, n: before.frontier.0[&1] + 1, before: before.ends[&1] };
    // Several, so that one of them has a smaller hash than what Ann says next.
    for now in 0..20 {
        let act = Act::Role { member, role: Role::Admin, last: BTreeMap::new() };
        let body = Body { at: now, seen: BTreeMap::new(), act };
        let sign = &team.bob.keyring.sign;
        let (name, bytes, _) = Statement::write(&BOOK, at, body, &[], (epoch, &key), sign).unwrap();
        team.place.put(vec![(name, bytes)]);
    }
    team.place.read_by(&mut team.ann);
    assert_eq!(team.ann.state().members, before.members);
    assert_eq!(team.ann.state().forked, before.forked, "what she did not sign is no fork");
    team.place.invite(&mut team.ann, Role::Writer, "Cai");
    team.place.read_by(&mut team.bob);
    assert_eq!(team.bob.state().invites.len(), before.invites.len() + 1);
    assert_eq!(team.bob.role(), Some(Role::Writer));
    // Nor come in once more by an invitation whose code he doesn't have.
    let open = *team.bob.state().invites.iter().find(|(_, invite)| invite.used.is_none()).unwrap().0;
    let keys = Keys { sign: team.bob.keyring.sign.public(), open: team.bob.keyring.open.public() };
    let claim = Claim {
        by: By::Invite(open),
        device: 77,
        keys,
        author: "Cai".to_owned(),
        name: String::new(),
        at: NOW,
        last: None,
    };
    let sign = &team.bob.keyring.sign;
    let (name, bytes, _) = Join::write(&BOOK, claim, sign, (epoch, &key), sign).unwrap();
    team.ann.take(&name, &bytes).unwrap();
    assert_eq!(team.ann.state().role(77), None);
}
