//! Who may do what: signed statements, one chain a device, folded into one [`State`] that is the same at every peer that has the
//! same statements. How: see [`fold`](self::State) in the source of this module.

mod fold;
mod join;
mod keyfile;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use join::{By, Claim, Join, Sealed as SealedJoin};
pub use keyfile::{EpochKeys, Grant, commitment, read as read_keys, write as write_keys};
pub use state::{DeviceInfo, End, EpochInfo, Invite, Member, Source, Span, State, Verdict, short_id};
pub use statement::{
    Act, Body, InviteId, Keys, MemberId, Place, Role, Sealed as SealedStatement, Seen, Statement,
};

use super::crypto::SignPublic;
use super::names::shorten;
use crate::model::ids::Device;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// All statements and joinings that have arrived.
pub struct Known {
    anchor: [u8; 32],
    founder: Device,
    chains: BTreeMap<(Device, u64), BTreeMap<[u8; 32], Statement>>,
    joins: BTreeMap<[u8; 32], Join>,
    /// Signatures that have been checked: the file's hash, the key, the outcome.
    checked: RefCell<BTreeMap<([u8; 32], SignPublic), bool>>,
}

impl Known {
    fn founding(&self) -> Option<&Statement> {
        self.chains.get(&(self.founder, 1))?.get(&self.anchor)
    }

    fn founder_id(&self) -> MemberId {
        shorten(&self.anchor)
    }

    fn at(&self, device: Device, n: u64) -> impl Iterator<Item = &Statement> {
        self.chains.get(&(device, n)).into_iter().flat_map(BTreeMap::values)
    }

    fn joins(&self) -> impl Iterator<Item = &Join> {
        self.joins.values()
    }

    fn places(&self) -> impl Iterator<Item = (Device, u64)> {
        self.chains.keys().copied()
    }

    fn signed(&self, statement: &Statement, by: &SignPublic) -> bool {
        let mut checked = self.checked.borrow_mut();
        *checked.entry((statement.hash, *by)).or_insert_with(|| statement.verify(by).is_ok())
    }

    fn vouched(&self, join: &Join, by: &SignPublic) -> bool {
        let mut checked = self.checked.borrow_mut();
        *checked.entry((join.hash, *by)).or_insert_with(|| join.verify(by).is_ok())
    }

    /// Adds the statements of a device up to the one that another statement had seen.
    fn branch(&self, device: Device, seen_by: &Statement, branches: &mut BTreeSet<[u8; 32]>) {
        let Some((n, short)) = seen_by.body.seen.get(&device) else { return };
        let mut next = self.at(device, *n).find(|other| shorten(&other.hash) == short.0);
        while let Some(statement) = next {
            branches.insert(statement.hash);
            let n = statement.place.n.saturating_sub(1);
            next = self.chains.get(&(device, n)).and_then(|all| all.get(&statement.place.before));
        }
    }
}

/// Statements and joinings, and what they come to.
pub struct Members {
    known: Known,
    state: State,
    stale: bool,
}

impl Members {
    /// Nothing is known but where trust begins: the hash of the founding statement.
    pub fn new(anchor: [u8; 32], founder: Device) -> Self {
        let (chains, joins) = (BTreeMap::new(), BTreeMap::new());
        let known = Known { anchor, founder, chains, joins, checked: RefCell::default() };
        Self { known, state: State::default(), stale: true }
    }

    /// Takes a statement in; false if it was there.
    pub fn state_more(&mut self, statement: Statement) -> bool {
        let place = (statement.place.device, statement.place.n);
        let new = self.known.chains.entry(place).or_default().insert(statement.hash, statement).is_none();
        self.stale |= new;
        new
    }

    /// Takes a joining in; false if it was there.
    pub fn join(&mut self, join: Join) -> bool {
        let new = self.known.joins.insert(join.hash, join).is_none();
        self.stale |= new;
        new
    }

    /// What all that is known comes to.
    pub fn state(&mut self) -> &State {
        if self.stale {
            self.state = fold::fold(&self.known);
            self.stale = false;
        }
        &self.state
    }

    /// The founder's device and the hash of their first statement.
    pub const fn anchor(&self) -> (Device, [u8; 32]) {
        (self.known.founder, self.known.anchor)
    }

    /// What the next statement of a device builds on: its place, and what has been read of the others.
    pub fn next(&mut self, device: Device) -> (Place, BTreeMap<Device, (u64, Seen)>) {
        let state = self.state();
        let mut place = Place { device, n: 1, before: [0; 32] };
        let mut seen = BTreeMap::new();
        for (other, hash) in &state.ends {
            let n = state.frontier.0.get(other).copied().unwrap_or_default();
            if *other == device {
                place = Place { device, n: n.saturating_add(1), before: *hash };
            } else {
                seen.insert(*other, (n, Seen(shorten(hash))));
            }
        }
        (place, seen)
    }
}
