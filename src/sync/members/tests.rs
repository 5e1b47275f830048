//! One outcome whatever the order: each case at first, then random histories of admins that speak at once.

use super::*;
use crate::sync::tests::{BOOK, NOW, Place as Files, Random, copy, me, offer};
use crate::sync::trust::{Put, Trust};
use std::collections::BTreeMap;

/// A founder, two more admins in that order, and a writer; devices 1 to 4.
struct Team {
    files: Files,
    ann: Trust,
    bob: Trust,
    cai: Trust,
    dee: Trust,
}

fn team() -> Team {
    let mut files = Files::default();
    let mut ann = files.found(1, "Ann");
    let mut bob = files.add(&mut ann, Role::Admin, 2, "Bob");
    let mut cai = files.add(&mut ann, Role::Admin, 3, "Cai");
    let mut dee = files.add(&mut ann, Role::Writer, 4, "Dee");
    for one in [&mut ann, &mut bob, &mut cai, &mut dee] {
        files.read_by(one);
    }
    Team { files, ann, bob, cai, dee }
}

fn whose(trust: &mut Trust, device: Device) -> MemberId {
    trust.state().devices[&device].member
}

fn remove(by: &mut Trust, device: Device, last: i64) -> Vec<Put> {
    let member = whose(by, device);
    by.remove(member, BTreeMap::from([(device, last)]), NOW).unwrap()
}

impl Team {
    /// What everything that was said comes to, read in several orders by somebody who has all keys, with a look in between.
    fn outcome(&self, puts: &[Vec<Put>]) -> State {
        let all: Vec<Put> = self.files.0.iter().cloned().chain(puts.concat()).collect();
        let mut keys = EpochKeys::new();
        for one in [&self.ann, &self.bob, &self.cai, &self.dee] {
            keys.extend(one.keyring.keys.clone());
        }
        let mut outcome = None;
        let mut random = Random(all.len() as u64);
        for round in 0..12 {
            let mut order = all.clone();
            if round == 1 {
                order.reverse();
            }
            for at in (1..order.len()).rev().filter(|_| round > 1) {
                order.swap(at, random.below(at + 1));
            }
            let mut reader = Trust::with(copy(&self.dee)).unwrap();
            reader.keyring.keys = keys.clone();
            for (name, bytes) in &order {
                reader.take(name, bytes).unwrap();
                if random.below(3) == 0 {
                    reader.state();
                }
            }
            let state = reader.state().clone();
            assert_eq!(*outcome.get_or_insert_with(|| state.clone()), state, "order {round}");
        }
        outcome.unwrap()
    }
}

fn roles(state: &State) -> [Option<Role>; 4] {
    [1, 2, 3, 4].map(|device| state.role(device))
}

const ADMIN: Option<Role> = Some(Role::Admin);
const WRITER: Option<Role> = Some(Role::Writer);

#[test]
fn of_two_who_remove_each_other_the_senior_one_stays() {
    let mut team = team();
    let (a, b) = (remove(&mut team.ann, 2, 5), remove(&mut team.bob, 1, 5));
    let state = team.outcome(&[a, b]);
    assert_eq!(roles(&state), [ADMIN, None, ADMIN, WRITER]);
    let mut team = self::team();
    let (b, c) = (remove(&mut team.bob, 3, 5), remove(&mut team.cai, 2, 5));
    assert_eq!(roles(&team.outcome(&[b, c])), [ADMIN, ADMIN, None, WRITER]);
}

#[test]
fn a_junior_admin_removes_a_senior_one_who_does_not_object() {
    let mut team = team();
    let said = remove(&mut team.cai, 1, 7);
    let state = team.outcome(&[said]);
    assert_eq!(roles(&state), [None, ADMIN, ADMIN, WRITER]);
    assert_eq!(state.accepts(1, 7, &state.frontier), Verdict::Ok);
    assert_eq!(state.accepts(1, 8, &state.frontier), Verdict::Removed { last: 7 });
}

#[test]
fn what_a_removed_admin_says_later_does_not_count_however_it_is_dated() {
    let mut team = team();
    // Bob knows the team as it was, and goes on as if he had heard of nothing.
    let mut old = Trust::with(copy(&team.bob)).unwrap();
    team.files.read_by(&mut old);
    let said = remove(&mut team.ann, 2, 5);
    let before = team.outcome(std::slice::from_ref(&said));
    let member = whose(&mut old, 4);
    let (code, invited) = old.invite(&offer(Role::Admin, "Eve"), NOW).unwrap();
    let later = [
        old.set_role(member, Role::Admin, BTreeMap::new(), NOW).unwrap(),
        invited.clone(),
        old.begin_epoch(NOW).unwrap(),
        remove(&mut old, 3, 0),
        remove(&mut old, 1, 0),
    ]
    .concat();
    let after = team.outcome(&[said.clone(), later]);
    assert_eq!(roles(&after), roles(&before));
    assert_eq!((&after.invites, &after.epochs), (&before.invites, &before.epochs));
    assert!(after.void >= 5, "{}", after.void);
    // Nor can Eve come in by his code.
    let mut place = team.files.0.clone();
    place.extend(invited);
    let mut eve = Trust::join(BOOK, &code, &place, &me(66, "Eve"), NOW).unwrap();
    team.files.put(eve.1.clone());
    assert_eq!(eve.0.role(), ADMIN, "she thinks so");
    assert_eq!(team.outcome(&[said]).role(66), None);
}

#[test]
fn invitations_of_who_is_removed_let_nobody_in_any_more() {
    let mut team = team();
    let used = team.files.invite(&mut team.bob, Role::Writer, "Eli");
    let open = team.files.invite(&mut team.bob, Role::Writer, "Eve");
    team.files.join(&used, 5, "Eli");
    team.files.duties(&mut team.bob, NOW);
    team.files.read_by(&mut team.ann);
    let said = remove(&mut team.ann, 2, 5);
    team.files.put(said);
    let late = Trust::join(BOOK, &open, &team.files.0, &me(66, "Eve"), NOW);
    assert!(late.is_err());
    let state = team.outcome(&[]);
    assert_eq!((state.role(5), state.role(66)), (WRITER, None));
}

#[test]
fn three_who_remove_each_other_in_a_circle_have_one_outcome() {
    let mut team = team();
    let said = [remove(&mut team.ann, 2, 1), remove(&mut team.bob, 3, 1), remove(&mut team.cai, 1, 1)];
    // Ann's counts first; so Bob's doesn't, and Cai, against whom Ann said nothing, removes her.
    assert_eq!(roles(&team.outcome(&said)), [None, None, ADMIN, WRITER]);
}

#[test]
fn a_code_used_twice_lets_in_whom_an_admin_admitted() {
    let mut team = team();
    let code = team.files.invite(&mut team.ann, Role::Writer, "Eli");
    let join = |device| Trust::join(BOOK, &code, &team.files.0, &me(device, "Eli"), NOW).unwrap().1;
    let (one, two, three) = (join(5), join(6), join(7));
    // Before anyone has spoken, all agree on one of them.
    let all = [one.clone(), two.clone(), three.clone()];
    let state = team.outcome(&all);
    let first = [5, 6, 7].into_iter().filter(|device| state.role(*device).is_some()).collect::<Vec<_>>();
    assert_eq!(first.len(), 1);
    // Ann has heard of one only, and not of the one that came first by the rule.
    let (heard, other) = if first == [5] { (&two, 6) } else { (&one, 5) };
    for (name, bytes) in heard {
        team.ann.take(name, bytes).unwrap();
    }
    let said = team.ann.duties(NOW).unwrap();
    assert_eq!(said.len(), 1);
    let state = team.outcome(&[all.concat(), said.clone()]);
    let inside = [5, 6, 7].into_iter().filter(|device| state.role(*device).is_some()).collect::<Vec<_>>();
    assert_eq!(inside, [other]);
    let strays = |state: &State| state.strays.iter().copied().collect::<Vec<_>>();
    let outside: Vec<_> = [5, 6, 7].into_iter().filter(|device| *device != other).collect();
    assert_eq!(strays(&state), outside);
    // Whose invitation or joining has not come yet is none.
    assert_eq!(strays(&team.outcome(std::slice::from_ref(heard))), Vec::<u64>::new());
    // Two admins at once admit two: the senior one's word holds.
    for (name, bytes) in &three {
        team.bob.take(name, bytes).unwrap();
    }
    team.files.read_by(&mut team.bob);
    let his = team.bob.duties(NOW).unwrap();
    let state = team.outcome(&[all.concat(), said, his]);
    let inside = [5, 6, 7].into_iter().filter(|device| state.role(*device).is_some()).collect::<Vec<_>>();
    assert_eq!(inside, [other]);
}

#[test]
fn whoever_is_not_admitted_yet_writes_but_does_not_govern() {
    let mut team = team();
    let code = team.files.invite(&mut team.ann, Role::Admin, "Eli");
    let mut eli = team.files.join(&code, 5, "Eli");
    assert!(eli.invite(&offer(Role::Writer, "Eve"), NOW).is_err());
    let state = team.outcome(&[]);
    assert_eq!(state.accepts(5, 1, &state.frontier), Verdict::Ok);
    team.files.duties(&mut team.ann, NOW);
    team.files.read_by(&mut eli);
    assert!(eli.invite(&offer(Role::Writer, "Eve"), NOW).is_ok());
}

#[test]
fn a_member_invited_while_another_admin_removes_the_inviter() {
    let mut team = team();
    let (_, invited) = team.ann.invite(&offer(Role::Writer, "Eli"), NOW).unwrap();
    let said = remove(&mut team.bob, 1, 1);
    let state = team.outcome(&[invited.clone(), said]);
    assert!(state.invites.values().all(|invite| invite.name != "Eli" || invite.revoked));
    // Had Bob seen the invitation and its use, it would have stayed.
    let mut team = self::team();
    let eli = team.files.add(&mut team.ann, Role::Writer, 5, "Eli");
    assert_eq!(eli.keyring.device, 5);
    team.files.read_by(&mut team.bob);
    let said = remove(&mut team.bob, 1, 1);
    assert_eq!(team.outcome(&[said]).role(5), WRITER);
}

#[test]
fn a_reader_s_rows_do_not_count_and_a_step_down_fixes_the_last_row() {
    let mut team = team();
    let then = team.dee.state().frontier.clone();
    let member = whose(&mut team.ann, 4);
    let down = team.ann.set_role(member, Role::Reader, BTreeMap::from([(4, 10)]), NOW).unwrap();
    let state = team.outcome(std::slice::from_ref(&down));
    assert_eq!(state.accepts(4, 10, &then), Verdict::Ok);
    assert_eq!(state.accepts(4, 11, &then), Verdict::Reader, "she names the time before");
    assert_eq!(state.accepts(4, 10, &state.frontier), Verdict::Reader, "by what she names she was a reader");
    let up = team.ann.set_role(member, Role::Writer, BTreeMap::new(), NOW).unwrap();
    let again = team.outcome(&[down, up]);
    assert_eq!(again.accepts(4, 11, &again.frontier), Verdict::Ok);
    assert_eq!(again.accepts(4, 11, &state.frontier), Verdict::Reader);
    assert_eq!(again.accepts(4, 11, &then), Verdict::Reader);
    assert_eq!(state.accepts(4, 11, &again.frontier), Verdict::Unknown, "that membership has not arrived");
    assert_eq!(state.accepts(9, 1, &then), Verdict::Unknown);
    // Before a member was invited they could not write either.
    let mut early = then.clone();
    early.0.insert(1, 1);
    assert_eq!(again.accepts(4, 1, &early), Verdict::Reader);
}

#[test]
fn an_admin_made_a_writer_keeps_writing_and_stops_governing() {
    let mut team = team();
    let then = team.bob.state().frontier.clone();
    let member = whose(&mut team.ann, 2);
    let down = team.ann.set_role(member, Role::Writer, BTreeMap::from([(2, 3)]), NOW).unwrap();
    let (_, his) = team.bob.invite(&offer(Role::Writer, "Eve"), NOW).unwrap();
    let state = team.outcome(&[down.clone(), his]);
    assert_eq!(state.accepts(2, 99, &then), Verdict::Ok);
    assert_eq!(state.accepts(2, 99, &state.frontier), Verdict::Ok);
    assert!(state.invites.values().all(|invite| invite.name != "Eve"));
    // Later he is removed: that is what fixes his rows.
    let out = remove(&mut team.ann, 2, 50);
    let state = team.outcome(&[down, out]);
    assert_eq!(state.accepts(2, 50, &then), Verdict::Ok);
    assert_eq!(state.accepts(2, 51, &then), Verdict::Removed { last: 50 });
}

#[test]
fn two_removals_at_once_end_with_a_key_that_neither_has() {
    let mut team = team();
    let (a, b) = (remove(&mut team.ann, 3, 1), remove(&mut team.bob, 4, 1));
    let state = team.outcome(&[a.clone(), b.clone()]);
    assert!(state.wants_epoch(), "each of the two new keys is known to one who is out");
    for (name, bytes) in a.iter().chain(&b) {
        team.ann.take(name, bytes).unwrap();
    }
    let c = team.ann.duties(NOW).unwrap();
    let state = team.outcome(&[a, b, c]);
    let epoch = state.epoch().unwrap();
    assert_eq!((epoch.number, state.wants_epoch()), (3, false));
    for (out, inside) in [(3, false), (4, false), (1, true), (2, true)] {
        let open = state.devices[&out].keys.open;
        assert_eq!(state.epochs[&epoch].recipients.contains(&open), inside);
    }
}

#[test]
fn a_chain_that_forks_is_reported_and_goes_one_way_for_all() {
    let mut team = team();
    let mut clone = Trust::with(copy(&team.bob)).unwrap();
    team.files.read_by(&mut clone);
    let (_, one) = team.bob.invite(&offer(Role::Writer, "One"), NOW).unwrap();
    let (_, two) = clone.invite(&offer(Role::Writer, "Two"), NOW).unwrap();
    let (_, three) = clone.invite(&offer(Role::Writer, "Three"), NOW).unwrap();
    let state = team.outcome(&[one.clone(), two.clone(), three.clone()]);
    assert_eq!(state.forked, [2].into());
    let named = |name: &str| state.invites.values().any(|invite| invite.name == name);
    assert!(named("One") != named("Two") && named("Two") == named("Three"));
    // Ann had seen one of the branches when she removed him: that is the one, even if the other's hash is smaller.
    for (seen, not) in [(&one, &two), (&two, &one)] {
        let mut ann = Trust::with(copy(&team.ann)).unwrap();
        team.files.read_by(&mut ann);
        for (name, bytes) in seen {
            ann.take(name, bytes).unwrap();
        }
        ann.state();
        let said = remove(&mut ann, 2, 1);
        team.ann.keyring.keys.extend(ann.keyring.keys.clone());
        let state = team.outcome(&[seen.clone(), not.clone(), said]);
        let theirs: Vec<&str> = state
            .invites
            .values()
            .filter(|invite| invite.from.0 == 2)
            .map(|invite| invite.name.as_str())
            .collect();
        assert_eq!(theirs, [if std::ptr::eq(seen, &one) { "One" } else { "Two" }]);
    }
}

#[test]
fn what_is_missing_holds_up_only_what_builds_on_it() {
    let mut team = team();
    let (_, first) = team.ann.invite(&offer(Role::Writer, "One"), NOW).unwrap();
    let (_, second) = team.ann.invite(&offer(Role::Writer, "Two"), NOW).unwrap();
    let (_, other) = team.bob.invite(&offer(Role::Writer, "Three"), NOW).unwrap();
    let state = team.outcome(&[second.clone(), other.clone()]);
    let named = |state: &State, name: &str| state.invites.values().any(|invite| invite.name == name);
    assert_eq!((named(&state, "Two"), named(&state, "Three"), state.waiting), (false, true, 1));
    let state = team.outcome(&[second, other, first]);
    assert_eq!((named(&state, "Two"), state.waiting), (true, 0));
}

#[test]
fn what_a_newer_version_says_is_passed_over() {
    let body = r#"{"at":1,"seen":{"18446744073709551615":[3,"00112233445566778899aabbccddeeff"]},"act":{"act":"frobnicate","of":{"1":2}}}"#;
    let body: Body = serde_json::from_str(body).unwrap();
    assert_eq!((body.act, body.seen.len()), (Act::Newer, 1));
}
