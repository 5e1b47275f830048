//! Random histories: several admins change the members at once, hear of each other late and in part, and are removed while they speak.

use super::*;
use crate::sync::members::{EpochKeys, MemberId, State, Verdict};
use std::collections::BTreeMap;

struct Actor {
    trust: Trust,
    heard: Vec<bool>,
}

struct World {
    place: Place,
    actors: Vec<Actor>,
}

/// Three admins and two more, made once: codes cost time on purpose.
fn beginning() -> (Place, Vec<Trust>) {
    let mut place = Place::default();
    let mut ann = place.found(1, "Ann");
    let mut all: Vec<Trust> = vec![];
    for (device, role) in [(2, Role::Admin), (3, Role::Admin), (4, Role::Writer), (5, Role::Reader)] {
        all.push(place.add(&mut ann, role, device, &format!("member {device}")));
    }
    all.insert(0, ann);
    for trust in &mut all {
        place.read_by(trust);
    }
    (place, all)
}

impl World {
    fn hear(&mut self, who: usize, random: &mut Random, all: bool) {
        let actor = &mut self.actors[who];
        actor.heard.resize(self.place.0.len(), false);
        for (at, (name, bytes)) in self.place.0.iter().enumerate() {
            if !actor.heard[at] && (all || random.below(3) == 0) {
                actor.trust.take(name, bytes).unwrap();
                actor.heard[at] = true;
            }
        }
    }

    fn act(&mut self, who: usize, random: &mut Random) {
        let trust = &mut self.actors[who].trust;
        let members: Vec<MemberId> = trust.state().members.keys().copied().collect();
        let member = members[random.below(members.len())];
        let last: BTreeMap<Device, i64> = (1..6).map(|device| (device, random.below(20) as i64)).collect();
        let role = [Role::Admin, Role::Writer, Role::Reader][random.below(3)];
        // Whatever is not allowed is refused before it is said.
        let _ = match random.below(8) {
            0..3 => trust.remove(member, last, NOW),
            3..6 => trust.set_role(member, role, last, NOW),
            6 => trust.leave(last, NOW),
            _ => trust.begin_epoch(NOW),
        };
        let there: Vec<_> = self.place.0.iter().map(|(name, _)| *name).collect();
        let mut said = trust.lacking(&there);
        said.retain(|(name, _)| !there.contains(name));
        self.place.put(said);
    }

    /// What it all comes to, read in this order.
    fn outcome(&self, order: &[usize], keys: &EpochKeys, random: &mut Random) -> State {
        let mut reader = Trust::with(copy(&self.actors[4].trust)).unwrap();
        reader.keyring.keys = keys.clone();
        for at in order {
            let (name, bytes) = &self.place.0[*at];
            reader.take(name, bytes).unwrap();
            if random.below(8) == 0 {
                reader.state();
            }
        }
        assert_eq!(reader.unopened(), 0);
        reader.state().clone()
    }
}

#[test]
fn whatever_admins_say_at_once_has_one_outcome() {
    let (place, team) = beginning();
    let (mut removals, mut voids, mut admins) = (0, 0, [0; 4]);
    for seed in 0..60 {
        let mut random = Random(seed);
        let actors = team.iter().map(|trust| {
            let mut trust = Trust::with(copy(trust)).unwrap();
            place.read_by(&mut trust);
            Actor { trust, heard: vec![true; place.0.len()] }
        });
        let mut world = World { actors: actors.collect(), place: Place(place.0.clone()) };
        for _ in 0..12 {
            let who = random.below(5);
            if random.below(2) == 0 {
                world.hear(who, &mut random, false);
            }
            world.act(who, &mut random);
        }
        let mut keys = EpochKeys::new();
        for actor in &world.actors {
            keys.extend(actor.trust.keyring.keys.clone());
        }
        let mut order: Vec<usize> = (0..world.place.0.len()).collect();
        let state = world.outcome(&order, &keys, &mut random);
        for round in 0..6 {
            for at in (1..order.len()).rev() {
                order.swap(at, random.below(at + 1));
            }
            assert_eq!(world.outcome(&order, &keys, &mut random), state, "seed {seed}, order {round}");
        }
        // Those who took part see the same, as far as they can open what was said.
        for who in 0..5 {
            world.hear(who, &mut random, true);
            let trust = &mut world.actors[who].trust;
            if trust.unopened() == 0 {
                assert_eq!(*trust.state(), state, "seed {seed}, actor {who}");
            }
        }
        assert_eq!(state.waiting, 0, "seed {seed}");
        let everything = &state.frontier;
        for device in 1..6 {
            let verdict = state.accepts(device, 1_000, everything);
            let writes = state.role(device).is_some_and(Role::writes);
            assert_eq!(verdict == Verdict::Ok, writes, "seed {seed}: {device} {verdict:?}");
        }
        let still = state.members.values().filter(|member| member.role() == Some(Role::Admin)).count();
        admins[still.min(3)] += 1;
        removals += state.members.values().filter(|member| member.role().is_none()).count();
        voids += state.void;
    }
    // The histories are what they are meant to be: people were removed, and some spoke too late.
    assert!(removals > 60 && voids > 60, "{removals} removals, {voids} void, admins {admins:?}");
}
