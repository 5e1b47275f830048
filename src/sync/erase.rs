//! What a sync does about people who were erased: this device's files are sealed anew without them, and it is told which
//! devices have not done so yet.
//!
//! A device that has taken an erasure in writes its own files anew before it says so in its head. So a head that has seen the
//! row which erases says that nothing is left of it, there or in the place.

use super::engine::{Engine, Outcome, store_error};
use super::error::{Result, SyncError};
use super::names::Name;
use std::collections::BTreeSet;

impl Engine<'_> {
    /// Seals anew what lies there of this device with lines of people who were erased since; returns what lies there then.
    pub(super) fn rewrite_erased(&mut self, names: Vec<Name>) -> Result<Vec<Name>> {
        let me = self.me.device;
        let rows = self.store.scrubbed().map_err(store_error)?;
        let rows: BTreeSet<i64> = rows.into_iter().filter(|row| row.0 == me).map(|row| row.1).collect();
        let mut stale: BTreeSet<(i64, i64)> = BTreeSet::new();
        for name in &names {
            if let Name::Segment { device, first, last, .. } = name
                && *device == me
                && rows.range(first..=last).next().is_some()
            {
                stale.insert((*first, *last));
            }
        }
        for (from, to) in &stale {
            let there = |name: &&Name| matches!(name, Name::Segment { device, first, last, .. } if (device, first, last) == (&me, from, to));
            let old: Vec<Name> = names.iter().filter(there).copied().collect();
            let mut members = None;
            for name in &old {
                match self.remote.get(name).and_then(|bytes| self.trust.open_rows(name, &bytes)) {
                    Ok((header, _)) => members = Some(header.members),
                    // A damaged one is only taken away: what is missing is sent as anything is that was lost.
                    Err(error) if error.is_bad_file() => {}
                    Err(SyncError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            if let Some(members) = members {
                self.send_range(me, (*from, *to), Some(&members))?;
            }
            for name in &old {
                self.remote.delete(name)?;
            }
        }
        if stale.is_empty() { Ok(names) } else { self.remote.list() }
    }

    /// Forgets what is done, and says who may still hold somebody who was erased.
    pub(super) fn settle_erased(&mut self, out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        let (own, others): (Vec<_>, Vec<_>) =
            self.store.scrubbed().map_err(store_error)?.into_iter().partition(|row| row.0 == me);
        self.store.scrubbed_there(&own).map_err(store_error)?;
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
