//! What a sync does about people who were erased: this device's files are sealed anew without them, and it is told which
//! devices have not done so yet.
//!
//! A device that has taken an erasure in writes its own files anew before it says so in its head. So a head that has seen the
//! row which erases says that nothing is left of it, there or in the place.

use super::{Engine, Outcome, store_error};
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::store::log;
use crate::sync::error::{Result, SyncError};
use crate::sync::members::Role;
use crate::sync::names::Name;
use crate::sync::segment::Frontier;
use std::collections::{BTreeMap, BTreeSet};

/// What lies in the place of a run of rows as they were before somebody was erased.
#[derive(Default)]
struct Stale {
    names: Vec<Name>,
    /// By which membership they were sealed, where that can be read.
    members: Option<Frontier>,
}

impl Engine<'_> {
    /// Erases whom a copy of a device had erased in rows that do not count any more, or somebody in rows that are lost: who had taken
    /// them in before has nothing left of these people, and all are to show the same.
    pub(super) fn settle_erasures(&mut self) -> Result<()> {
        if !self.trust.role().is_some_and(Role::writes) {
            return Ok(());
        }
        let state = self.trust.state();
        let ended: Vec<(Device, i64)> = state
            .devices
            .iter()
            .filter(|(device, info)| {
                let binding = info.ended.is_some() && state.limit(**device) == info.ended;
                binding && state.role(**device).is_some_and(Role::writes)
            })
            .filter_map(|(device, info)| Some((*device, info.ended?)))
            .collect();
        let mut again = self.store.erased_elsewhere().map_err(store_error)?;
        if !ended.is_empty() {
            again.extend(self.store.erasures_aside(&ended).map_err(store_error)?);
        }
        if again.is_empty() {
            return Ok(());
        }
        self.store.erase_again(again, &self.me.author).map_err(store_error)
    }

    /// Seals anew what lies there of this device with lines of people who were erased since; returns what lies there then, and
    /// whether there was anything.
    pub(super) fn rewrite_erased(&mut self, names: Vec<Name>) -> Result<(Vec<Name>, bool)> {
        let me = self.me.device;
        let rows = self.store.scrubbed().map_err(store_error)?;
        if !rows.is_empty() {
            self.remote.forget_copies();
        }
        let rows: BTreeSet<i64> = rows.into_iter().filter(|row| row.0 == me).map(|row| row.1).collect();
        let mut stale: BTreeMap<(i64, i64), Stale> = BTreeMap::new();
        for name in &names {
            let Name::Segment { device, first, last, .. } = name else { continue };
            if *device != me || rows.range(first..=last).next().is_none() {
                continue;
            }
            let (mut is_stale, mut members) = (true, None);
            match self.remote.get(name).and_then(|bytes| self.trust.open_rows(name, &bytes)) {
                Ok((header, found)) => {
                    is_stale = self.holds_erased(&found, &rows)?;
                    members = Some(header.members);
                }
                // A damaged one is only taken away: what is missing is sent as anything is that was lost.
                Err(error) if error.is_bad_file() => {}
                Err(SyncError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            if is_stale {
                let stale = stale.entry((*first, *last)).or_default();
                stale.names.push(*name);
                stale.members = members.or(stale.members.take());
            }
        }
        if stale.is_empty() {
            return Ok((names, false));
        }
        for (range, stale) in stale {
            if let Some(members) = stale.members {
                self.send_range(me, range, Some(&members))?;
            }
            for name in &stale.names {
                self.remote.delete(name)?;
            }
        }
        Ok((self.remote.list()?, true))
    }

    /// Whether rows that lie in the place have lines that were erased from the same rows here.
    fn holds_erased(&self, there: &[Row], erased: &BTreeSet<i64>) -> Result<bool> {
        for row in there.iter().filter(|row| erased.contains(&row.seq)) {
            let here = log::rows_from(self.store.conn(), row.device, row.seq, 1).map_err(store_error)?;
            if here.first().is_none_or(|here| here.seq != row.seq || here.text != row.text) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Forgets what is done, and says who may still hold somebody who was erased. What was `rewritten` just now is looked at once
    /// more by the next sync: in a shared file another device may have been first.
    pub(super) fn settle_erased(&mut self, rewritten: bool, out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        let (own, others): (Vec<_>, Vec<_>) =
            self.store.scrubbed().map_err(store_error)?.into_iter().partition(|row| row.0 == me);
        if !rewritten {
            self.store.scrubbed_there(&own).map_err(store_error)?;
        }
        let erasing = self.store.erasing().map_err(store_error)?;
        let state = self.trust.state();
        for (device, info) in &state.devices {
            let here = info.replaced_by.is_none() && info.ended.is_none() && state.role(*device).is_some();
            let seen =
                |by: u64| out.heads.get(device).and_then(|head| head.seen.get(&by)).copied().unwrap_or(0);
            let holds = if here {
                erasing.iter().any(|(by, seq)| by != device && seen(*by) < *seq)
            } else {
                // Nobody is left who could write its files anew.
                others.iter().any(|(of, _)| of == device)
            };
            if holds && *device != me {
                out.erasing.push(*device);
            }
        }
        if out.erasing.is_empty() {
            self.store.erased_everywhere(&erasing).map_err(store_error)?;
            self.store.scrubbed_there(&others).map_err(store_error)?;
        }
        Ok(())
    }
}
