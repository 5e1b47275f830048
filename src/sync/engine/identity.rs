//! Who this device is, where its book was set back or its disk copied: it goes on under a new id, and nothing that it wrote is lost.

use super::{Engine, Outcome, Warning, store_error, vector};
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::store::log;
use crate::store::reissue::Anew;
use crate::sync::error::Result;
use crate::sync::keyring::Tip;
use crate::sync::members::Role;
use crate::sync::names::{Name, ShortHash};
use std::collections::{BTreeSet, HashMap};

impl Engine<'_> {
    /// A book that was set back, or whose device has another identity now, goes on under its new one.
    pub(super) fn settle_identity(&mut self, out: &mut Outcome) -> Result<()> {
        if self.trust.keyring.device == self.me.device {
            return Ok(());
        }
        self.go_on(out)
    }

    /// Goes on under this device's new id; what it wrote under the old one stays as it is, but for what was written anew by a sync
    /// that was interrupted before it could say so: that would be there twice.
    fn go_on(&mut self, out: &mut Outcome) -> Result<()> {
        let old = self.trust.keyring.device;
        if let Some(last) = self.store.reissued_after(old).map_err(store_error)? {
            return self.announce(Some(last), out);
        }
        let keyring = &mut self.trust.keyring;
        let last = vector(self.store)?.into_iter().find(|(device, _)| *device == old);
        if let Some((_, last)) = last.filter(|(_, last)| *last > keyring.published) {
            // The rest of them is sent under the old id, too.
            keyring.published = last;
            keyring.tip = self.store.hash_of(old, last).map_err(store_error)?;
        }
        self.announce(None, out)
    }

    /// Tells the others of the new id, and after which row the old one counts no more.
    fn announce(&mut self, last: Option<i64>, out: &mut Outcome) -> Result<()> {
        let puts = self.trust.replace_device(&self.me, last, self.now)?;
        self.publish(&puts)?;
        out.warnings.push(Warning::NewIdentity);
        Ok(())
    }

    /// If somebody else goes on under this device's id (a copied disk), what was written here since is written anew under
    /// another.
    pub(super) fn settle_fork(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        // The other one noticed it first, and has said up to where the old id counts.
        if let Some(last) = self.trust.state().devices.get(&me).and_then(|info| info.ended) {
            return self.go_on_anew(last, out);
        }
        let is_own = |name: &&Name| matches!(name, Name::Segment { device, .. } if *device == me);
        let mut own: Vec<&Name> = names.iter().filter(is_own).collect();
        own.sort();
        let doubled = self.is_doubled(names)?;
        let known = &mut self.trust.keyring.known;
        let there: BTreeSet<ShortHash> = own.iter().filter_map(|name| name.hash()).collect();
        known.retain(|hash| there.contains(hash));
        let (mut last, mut others): (Option<i64>, Vec<Row>) = (None, Vec::new());
        for name in own {
            let hash = name.hash().unwrap_or_default();
            if !doubled && self.trust.keyring.known.contains(&hash) {
                continue;
            }
            let Ok((header, rows)) =
                self.remote.get(name).and_then(|bytes| self.trust.open_rows(name, &bytes))
            else {
                continue;
            };
            // Where the other one went another way before this, an earlier segment tells it; one that is still on its way is waited for.
            if self.store.hash_of(me, header.first - 1).ok() != Some(header.before) {
                others.extend(rows);
                continue;
            }
            let same = rows.iter().take_while(|row| self.is_here(row.seq, &row.hash)).count();
            match rows.get(same) {
                None => drop(self.trust.keyring.known.insert(hash)),
                Some(row) => {
                    last = Some(last.map_or(row.seq - 1, |last: i64| last.min(row.seq - 1)));
                    others.extend(rows.into_iter().skip(same));
                }
            }
        }
        let Some(last) = last else { return Ok(()) };
        self.store.keep_aside(&others).map_err(store_error)?;
        self.go_on_anew(last, out)
    }

    /// The same where only others still have what the other one wrote, and say so in their heads.
    pub(super) fn settle_told_fork(&mut self, out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        // Whoever may not write has no say in what counts.
        let state = self.trust.state();
        let writes = |device: Device| state.role(device).is_some_and(Role::writes);
        let heads = out.heads.iter().filter(|(device, _)| writes(**device));
        let told = heads.filter_map(|(_, head)| head.forks.get(&me));
        let first = told
            .filter(|fork| {
                fork.seq > 0 && self.store.hash_of(me, fork.seq).is_ok_and(|here| here != fork.hash)
            })
            .map(|fork| fork.seq)
            .min();
        first.map_or(Ok(()), |first| self.go_on_anew(first - 1, out))
    }

    /// Takes a new identity, under which everything after `last` is written anew.
    fn go_on_anew(&mut self, last: i64, out: &mut Outcome) -> Result<()> {
        self.me.device = self.store.reissue(last).map_err(store_error)?;
        self.announce(Some(last), out)
    }

    /// What this device had written under a former id, a copy of it may have ended before: it was set back meanwhile, so that
    /// the copy is the only one under that id and knows only what it wrote itself. Rows that count no more are written anew
    /// by whoever wrote them.
    pub(super) fn settle_left(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        if !self.trust.role().is_some_and(Role::writes) {
            return Ok(());
        }
        for (of, tip) in self.trust.keyring.left.clone() {
            let ended = self.trust.state().devices.get(&of).and_then(|info| info.ended);
            let Some(last) = ended else { continue };
            if tip.seq > last {
                // What is still on its way is waited for.
                let Some(rows) = self.left_rows(names, of, last, tip)? else { continue };
                match self.store.reissue_former(of, last, rows).map_err(store_error)? {
                    Anew::Waits => continue,
                    Anew::Nothing => {}
                    Anew::As(new) => {
                        self.me.device = new;
                        self.go_on(out)?;
                    }
                }
            }
            self.trust.keyring.left.remove(&of);
        }
        Ok(())
    }

    /// The rows of a former id after `last` up to the one that was its last: here or in the place, where those that the copy wrote
    /// under the same numbers may lie, too. The chain of hashes tells which are which.
    fn left_rows(&mut self, names: &[Name], of: Device, last: i64, tip: Tip) -> Result<Option<Vec<Row>>> {
        let Ok(begin) = self.store.hash_of(of, last) else { return Ok(None) };
        let mut found: HashMap<[u8; 32], ([u8; 32], Row)> = HashMap::new();
        let here = log::rows_from(self.store.conn(), of, last + 1, usize::MAX);
        let mut before = begin;
        for row in here.map_err(store_error)? {
            let hash = row.hash;
            found.insert(hash, (before, row));
            before = hash;
        }
        if !found.contains_key(&tip.hash) {
            for name in names {
                let Name::Segment { device, last: upto, .. } = name else { continue };
                if *device != of || *upto <= last {
                    continue;
                }
                let Ok((header, rows)) =
                    self.remote.get(name).and_then(|bytes| self.trust.open_rows(name, &bytes))
                else {
                    continue;
                };
                let mut before = header.before;
                for row in rows {
                    let hash = row.hash;
                    found.insert(hash, (before, row));
                    before = hash;
                }
            }
        }
        let (mut rows, mut at) = (Vec::new(), tip.hash);
        while at != begin {
            let Some((before, row)) = found.remove(&at) else { return Ok(None) };
            rows.push(row);
            at = before;
        }
        rows.reverse();
        Ok(Some(rows))
    }

    /// Whether this device's row with that number is the one with this hash.
    fn is_here(&self, seq: i64, hash: &[u8; 32]) -> bool {
        #[cfg(feature = "simulation")]
        if crate::model::sabotage::on(crate::model::sabotage::Bug::Hash) {
            return true;
        }
        self.store.hash_of(self.me.device, seq).is_ok_and(|here| here == *hash)
    }

    /// Whether a head of this device tells of rows that are not here.
    fn is_doubled(&mut self, names: &[Name]) -> Result<bool> {
        let me = self.me.device;
        for name in names.iter().filter(|name| matches!(name, Name::Head { device, .. } if *device == me)) {
            let Ok((_, head)) = self.remote.get(name).and_then(|bytes| self.trust.open_head(name, &bytes))
            else {
                continue;
            };
            if head.seq > 0 && !self.is_here(head.seq, &head.hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Rows that stopped counting, because their writer was removed or exists twice, leave the book.
    pub(super) fn settle_limits(&mut self) -> Result<()> {
        let state = self.trust.state();
        // Also of devices of which nothing is here: rows that others wrote knew of some.
        let mut devices: BTreeSet<Device> =
            vector(self.store)?.into_iter().map(|(device, _)| device).collect();
        devices.extend(state.devices.keys());
        devices.extend(&state.strays);
        devices.remove(&self.me.device);
        let limits: Vec<(Device, i64)> = devices
            .into_iter()
            .filter_map(|device| {
                Some((device, if state.strays.contains(&device) { 0 } else { state.limit(device)? }))
            })
            .collect();
        self.store.limit(&limits).map_err(store_error)?;
        Ok(())
    }
}
