//! What the place lacks of this device: rows, the large segments that they are put together into, and where it stands.

use super::{CHUNK, Engine, Outcome, Warning, store_error, vector};
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::store::log;
use crate::sync::error::Result;
use crate::sync::head::Head;
use crate::sync::keyring::LastHead;
use crate::sync::names::Name;
use crate::sync::segment::Frontier;
use crate::sync::wire;
use std::collections::BTreeMap;

/// So many small segments are put together into larger ones.
const SMALL_MANY: usize = 32;

/// A segment up to this size is small, bytes.
const SMALL: u64 = 64 << 10;

/// How many of its heads a device leaves in the place.
const HEADS: usize = 3;

/// What lies in the place of a device: first and last row, length, bytes.
type Segment<'n> = (i64, i64, u64, &'n Name);

impl Engine<'_> {
    /// Puts this device's rows there that are not, and those that somebody has taken away.
    pub(super) fn send(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        let last =
            vector(self.store)?.into_iter().find(|(device, _)| *device == me).map_or(0, |(_, seq)| seq);
        let beyond = |store: &crate::store::Store, counts: i64| -> Result<usize> {
            let changes = store.changes_after(me, counts).map_err(store_error)?;
            Ok(usize::try_from(changes).unwrap_or_default())
        };
        let unsent = beyond(self.store, self.trust.keyring.published)?;
        let kept = match self.trust.role() {
            Some(role) if role.writes() => None,
            Some(_) if unsent == 0 => return Ok(()),
            Some(_) => Some(Warning::ReadOnly(unsent)),
            None if self.trust.state().uninvited.contains(&me) => {
                Some(Warning::Removed(beyond(self.store, 0)?))
            }
            None if self.trust.state().strays.contains(&me) => {
                Some(Warning::CodeTaken(beyond(self.store, 0)?))
            }
            // Some may have been sent and yet count nowhere.
            None => {
                let counts = self.trust.state().limit(me).unwrap_or(0);
                Some(Warning::Removed(beyond(self.store, counts)?))
            }
        };
        if let Some(warning) = kept {
            out.warnings.push(warning);
            return Ok(());
        }
        self.send_former(names, out)?;
        let mut own = self.segments_of(me, last, names, out)?;
        let mut old = self.contained(&own);
        own.retain(|(.., name)| !old.contains(*name));
        let (mut gaps, mut next) = gaps(&own);
        let small: Vec<&Segment<'_>> = own.iter().filter(|(.., length, _)| *length < SMALL).collect();
        if small.len() >= SMALL_MANY {
            // From the first small one on, all is packed anew.
            let from = small[0].0;
            old.extend(own.iter().filter(|(first, ..)| *first >= from).map(|(.., name)| **name));
            next = next.min(from);
            gaps.retain(|(first, _)| *first < from);
        }
        if next <= last {
            gaps.push((next, last));
        }
        for (first, upto) in gaps {
            out.sent += self.send_range(me, (first, upto), None)?;
        }
        for name in old {
            self.remote.delete(&name)?;
        }
        Ok(())
    }

    /// Puts what the place has lost of the devices whose place this one took there again: nobody else could.
    fn send_former(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let former: Vec<Device> = self.trust.keyring.former.keys().copied().collect();
        for of in former {
            let here = vector(self.store)?.into_iter().find(|(device, _)| *device == of);
            let Some((_, last)) = here.filter(|(_, last)| *last > self.seen_by_all(of, out)) else {
                continue;
            };
            let last = self.trust.state().limit(of).map_or(last, |limit| limit.min(last));
            let (mut gaps, next) = gaps(&self.segments_of(of, last, names, out)?);
            gaps.push((next, last));
            for (first, upto) in gaps {
                self.send_range(of, (first, upto.min(last)), None)?;
            }
        }
        Ok(())
    }

    /// What lies there of this device, or of one whose place it took: first and last row, length. What is damaged before everyone
    /// has it is as good as not there. It is taken away if `here`, its last row in this book, is far enough to put all of it there
    /// again: what nobody could is whole elsewhere, maybe.
    fn segments_of<'n>(
        &mut self,
        me: Device,
        here: i64,
        names: &'n [Name],
        out: &Outcome,
    ) -> Result<Vec<Segment<'n>>> {
        let seen = self.seen_by_all(me, out);
        let mut own = Vec::new();
        for name in names {
            let Name::Segment { device, first, last, length, .. } = name else { continue };
            if *device != me {
                continue;
            }
            let damaged = *last > seen && self.remote.get(name).is_err_and(|error| error.is_bad_file());
            if !damaged {
                own.push((*first, *last, *length, name));
            } else if *last <= here {
                self.remote.delete(name)?;
            }
        }
        own.sort();
        Ok(own)
    }

    /// Those whose rows a longer one has, too: small ones that were put together, and that a sync tool has brought back or an
    /// interrupted sync has left.
    fn contained(&mut self, own: &[Segment<'_>]) -> Vec<Name> {
        let mut widest: Option<&Segment<'_>> = None;
        let mut pairs = Vec::new();
        let mut sorted: Vec<&Segment<'_>> = own.iter().collect();
        sorted.sort_by_key(|(first, last, ..)| (*first, -last));
        for one in sorted {
            match widest {
                Some(wide) if one.1 <= wide.1 => {
                    if (one.0, one.1) != (wide.0, wide.1) {
                        pairs.push((one.3, wide.3));
                    }
                }
                _ => widest = Some(one),
            }
        }
        // A copy of this device may have written other rows under the same numbers: nothing is taken away before that is told.
        let mut ours: BTreeMap<&Name, bool> = BTreeMap::new();
        let mut ours = |name| {
            let known =
                |name: &Name| name.hash().is_some_and(|hash| self.trust.keyring.known.contains(&hash));
            *ours.entry(name).or_insert_with(|| known(name) && self.remote.get(name).is_ok())
        };
        pairs.into_iter().filter(|(one, wide)| ours(wide) && ours(one)).map(|(one, _)| *one).collect()
    }

    /// The last row of a device that all others have, by what they say.
    fn seen_by_all(&mut self, of: Device, out: &Outcome) -> i64 {
        let me = self.me.device;
        let state = self.trust.state();
        let others = state.devices.iter().filter(|(device, info)| {
            **device != me && info.replaced_by.is_none() && state.role(**device).is_some()
        });
        let seen = others.map(|(device, _)| out.heads.get(device).and_then(|head| head.seen.get(&of)));
        seen.map(|seq| seq.copied().unwrap_or(0)).min().unwrap_or(i64::MAX)
    }

    /// Puts these rows of this device, or of one whose place it took, there, by the membership of today unless another is given;
    /// returns how many are new there.
    pub(super) fn send_range(
        &mut self,
        of: Device,
        (first, last): (i64, i64),
        by: Option<&Frontier>,
    ) -> Result<usize> {
        let own = of == self.me.device;
        let published = self.trust.keyring.published;
        let mut at = first;
        let mut sent = 0;
        while at <= last {
            let rows = log::rows_from(self.store.conn(), of, at, CHUNK).map_err(store_error)?;
            let rows: Vec<Row> = rows.into_iter().take_while(|row| row.seq <= last).collect();
            let Some(end) = rows.last().map(|row| row.seq) else { break };
            let mut before = self.store.hash_of(of, at - 1).map_err(store_error)?;
            let mut puts = Vec::new();
            for run in wire::runs(&rows) {
                puts.push(match by {
                    None => self.trust.seal_rows(run, before)?,
                    Some(members) => self.trust.seal_rows_by(run, before, members.clone())?,
                });
                before = run.last().map_or(before, |row| row.hash);
            }
            if own {
                sent += rows.iter().filter(|row| row.seq > published).count();
                if end >= published {
                    self.trust.keyring.tip = before;
                }
                self.trust.keyring.published = self.trust.keyring.published.max(end);
                self.trust.keyring.known.extend(puts.iter().filter_map(|(name, _)| name.hash()));
                self.store.published(end).map_err(store_error)?;
            }
            self.publish(&puts)?;
            at = end + 1;
        }
        Ok(sent)
    }

    /// Says where this device stands, if that is news.
    pub(super) fn send_head(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        let mut seen: BTreeMap<Device, i64> = vector(self.store)?.into_iter().collect();
        seen.remove(&me);
        let seq = self.trust.keyring.published;
        let members = self.trust.state().frontier.0.clone();
        let forks = out.forks.clone();
        let news = out.heads.get(&me).is_none_or(|head| {
            head.forks != forks
                || head.seq != seq
                || head.seen != seen
                || head.members != members
                || head.name != self.me.name
        });
        if !news {
            return Ok(());
        }
        let hash = if seq > 0 { self.store.hash_of(me, seq).map_err(store_error)? } else { [0; 32] };
        self.trust.keyring.head += 1;
        let head = Head {
            n: self.trust.keyring.head,
            seq,
            hash,
            seen,
            forks,
            members,
            at: self.now,
            name: self.me.name.clone(),
            author: self.me.author.clone(),
            app: concat!("rolo ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        self.trust.keyring.heads.insert(me, LastHead { n: head.n, seq, hash });
        let put = self.trust.seal_head(&head)?;
        self.publish(&[put])?;
        let mut own: Vec<&Name> =
            names.iter().filter(|name| matches!(name, Name::Head { device, .. } if *device == me)).collect();
        own.sort();
        let spare = (own.len() + 1).saturating_sub(HEADS);
        for name in own.into_iter().take(spare) {
            self.remote.delete(name)?;
        }
        out.heads.insert(me, head);
        Ok(())
    }
}

/// The runs of rows that segments lack, and the row after the last.
fn gaps(segments: &[Segment<'_>]) -> (Vec<(i64, i64)>, i64) {
    let (mut gaps, mut next) = (Vec::new(), 1);
    for (first, upto, ..) in segments {
        if *first > next {
            gaps.push((next, first - 1));
        }
        next = next.max(upto + 1);
    }
    (gaps, next)
}
