//! What others have put into the place: where they stand, and their rows.

use super::{CHUNK, Engine, Outcome, Warning, store_error, tolerate, vector};
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::sync::error::{Result, SyncError};
use crate::sync::head::{Fork, Head};
use crate::sync::keyring::Standing;
use crate::sync::members::Verdict;
use crate::sync::names::Name;
use crate::sync::segment::Header;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A clock further ahead than this is worth a warning, ms.
const AHEAD: i64 = 10 * 60 * 1000;

impl Engine<'_> {
    pub(super) fn take_heads(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let mut newest: BTreeMap<Device, Vec<&Name>> = BTreeMap::new();
        for name in names {
            if let Name::Head { device, .. } = name {
                newest.entry(*device).or_default().push(name);
            }
        }
        for (device, mut names) in newest {
            names.sort();
            for name in names.into_iter().rev() {
                let opened = self.remote.get(name).and_then(|bytes| self.trust.open_head(name, &bytes));
                match opened {
                    Ok((_, head)) => {
                        self.judge_head(device, &head, out);
                        out.heads.insert(device, head);
                        break;
                    }
                    Err(SyncError::Unknown(_) | SyncError::NoKey(_)) => break,
                    Err(error) => tolerate(error, |error| Self::bad(out, name, error))?,
                }
            }
        }
        self.doubt_own_clock(out);
        Ok(())
    }

    /// Where the clocks of several are ahead, and of most, it is this one that is behind.
    fn doubt_own_clock(&self, out: &mut Outcome) {
        let others = out.heads.keys().filter(|device| **device != self.me.device).count();
        let lead = |warning: &Warning| if let Warning::Clock(_, lead) = warning { Some(*lead) } else { None };
        let leads: Vec<i64> = out.warnings.iter().filter_map(lead).collect();
        if leads.len() > 1 && leads.len() * 2 > others {
            out.warnings.retain(|warning| lead(warning).is_none());
            // Whoever was heard from last tells it best.
            out.warnings.extend(leads.into_iter().max().map(Warning::OwnClock));
        }
    }

    fn judge_head(&mut self, device: Device, head: &Head, out: &mut Outcome) {
        if device == self.me.device {
            return;
        }
        // Where it is settled that a device existed twice, its heads say nothing new about that.
        let ended = self.trust.state().devices.get(&device).is_some_and(|info| info.ended.is_some());
        match self.trust.keyring.see(device, head) {
            Standing::New | Standing::Same => {}
            _ if ended => {}
            Standing::Older => out.warnings.push(Warning::SetBack(device)),
            Standing::Forked => out.warnings.push(Warning::Forked(device)),
        }
        if head.at - self.now > AHEAD {
            out.warnings.push(Warning::Clock(device, head.at - self.now));
        }
    }

    pub(super) fn take_rows(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let have: HashMap<Device, i64> = vector(self.store)?.into_iter().collect();
        let mut doubled = self.doubled(&have, out);
        let mut rows: Vec<Row> = Vec::new();
        let mut size = 0;
        let mut ignored: BTreeMap<Device, BTreeSet<i64>> = BTreeMap::new();
        let mut wanted: Vec<&Name> = names
            .iter()
            .filter(|name| match name {
                Name::Segment { device, last, .. } => {
                    *last > have.get(device).copied().unwrap_or(0) && *device != self.me.device
                }
                _ => false,
            })
            .collect();
        wanted.sort();
        for name in wanted {
            let opened = self.remote.get(name).and_then(|bytes| self.trust.open_rows(name, &bytes));
            let (header, found) = match opened {
                Ok(opened) => opened,
                // Who that is may be told by a statement that is still on its way.
                Err(SyncError::Unknown(_) | SyncError::NoKey(_)) => continue,
                Err(error) => {
                    tolerate(error, |error| Self::bad(out, name, error))?;
                    continue;
                }
            };
            let meets = have.get(&header.device).is_some_and(|have| *have >= header.first - 1);
            let counts = self.trust.verdict(header.device, header.first, &header.members) == Verdict::Ok;
            if meets && counts && !self.goes_on(&header, &found) {
                doubled.insert(header.device);
            }
            let mut aside: Vec<Row> = Vec::new();
            for row in found {
                match self.trust.verdict(header.device, row.seq, &header.members) {
                    Verdict::Ok => {
                        size += row.text.len() + 200;
                        rows.push(row);
                    }
                    Verdict::Unknown => {}
                    Verdict::Reader | Verdict::Removed { .. } => {
                        // Beyond the end of an identity rows were written anew under another one: nobody's are lost.
                        if !self.is_ended(header.device, row.seq) {
                            ignored.entry(header.device).or_default().insert(row.seq);
                        }
                        aside.push(row);
                    }
                }
            }
            self.store.keep_aside(&aside).map_err(store_error)?;
            // Whole batches only: a chunk may end between two parts, the rest waits in the book.
            if size >= CHUNK {
                self.receive(std::mem::take(&mut rows), out)?;
                size = 0;
            }
        }
        self.receive(rows, out)?;
        self.note_forks(names, &doubled, out);
        self.tell_ignored(ignored, out);
        Ok(())
    }

    /// Whether a row lies beyond the last one of an identity that counts.
    fn is_ended(&mut self, device: Device, seq: i64) -> bool {
        let info = self.trust.state().devices.get(&device);
        info.and_then(|info| info.ended).is_some_and(|last| seq > last)
    }

    /// Warns of rows that do not count, once: they lie in the place for good.
    fn tell_ignored(&mut self, ignored: BTreeMap<Device, BTreeSet<i64>>, out: &mut Outcome) {
        for (device, rows) in ignored {
            let told = self.trust.keyring.ignored.entry(device).or_default();
            let news = rows.range(told.saturating_add(1)..).count();
            if news > 0 {
                out.warnings.push(Warning::Ignored(device, news));
            }
            *told = rows.last().copied().unwrap_or_default().max(*told);
        }
    }

    /// The devices whose heads tell of other rows than are here under the same numbers.
    fn doubled(&self, have: &HashMap<Device, i64>, out: &Outcome) -> BTreeSet<Device> {
        let differs = |device: Device, head: &Head| {
            have.get(&device).is_some_and(|have| *have >= head.seq)
                && head.seq > 0
                && self.store.hash_of(device, head.seq).is_ok_and(|here| here != head.hash)
        };
        out.heads.iter().filter(|(device, head)| differs(**device, head)).map(|(device, _)| *device).collect()
    }

    /// Whether a segment's rows are those that are here, or follow them.
    fn goes_on(&self, header: &Header, rows: &[Row]) -> bool {
        self.fork_in(header, rows).is_none() && self.follows(header)
    }

    /// Whether what comes before a segment is here.
    fn follows(&self, header: &Header) -> bool {
        self.store.hash_of(header.device, header.first - 1).ok() == Some(header.before)
    }

    /// The first row that is here and that a segment has otherwise.
    fn fork_in(&self, header: &Header, rows: &[Row]) -> Option<Fork> {
        // What is here of a device has no gaps.
        let here = rows.iter().map_while(|row| Some((row, self.store.hash_of(header.device, row.seq).ok()?)));
        let mut others = here.filter(|(row, here)| row.hash != *here);
        others.next().map(|(row, hash)| Fork { seq: row.seq, hash })
    }

    /// Notes from where on devices have other rows in the place than here. Where they differ before a segment begins, another
    /// one tells it, or nobody can.
    fn note_forks(&mut self, names: &[Name], doubled: &BTreeSet<Device>, out: &mut Outcome) {
        for name in names {
            let Name::Segment { device, .. } = name else { continue };
            if !doubled.contains(device) || *device == self.me.device {
                continue;
            }
            let opened = self.remote.get(name).and_then(|bytes| self.trust.open_rows(name, &bytes));
            let Ok((header, mut rows)) = opened else { continue };
            rows.retain(|row| self.trust.verdict(*device, row.seq, &header.members) == Verdict::Ok);
            if !self.follows(&header) {
                continue;
            }
            if let Some(fork) = self.fork_in(&header, &rows) {
                let first = out.forks.entry(*device).or_insert(fork);
                if fork.seq < first.seq {
                    *first = fork;
                }
            }
        }
    }

    fn receive(&mut self, rows: Vec<Row>, out: &mut Outcome) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let received = self.store.receive(rows).map_err(store_error)?;
        out.received += received.applied;
        out.warnings.extend(received.refused.into_iter().map(|(device, seq)| Warning::Refused(device, seq)));
        let forked: BTreeSet<Device> = received.forked.into_iter().map(|(device, _)| device).collect();
        out.warnings.extend(forked.into_iter().map(Warning::Forked));
        Ok(())
    }
}
