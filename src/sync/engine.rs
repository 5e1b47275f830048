//! One sync: takes in what others have put into the place, puts there what they lack of this device.

use super::error::{Result, SyncError};
use super::files::Files;
use super::head::{self, Head};
use super::keyring::{LastHead, Standing, Tip};
use super::members::{Role, Verdict};
use super::names::{Name, ShortHash, shorten};
use super::remote::{Notice, Remote};
use super::segment::Frontier;
use super::trust::{Me, Put, Trust};
use super::wire;
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::store::reissue::Anew;
use crate::store::{Store, log};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// About so many bytes of rows are taken in at once.
const CHUNK: usize = 32 << 20;

/// So many small segments are put together into larger ones.
const SMALL_MANY: usize = 32;

/// A segment up to this size is small, bytes.
const SMALL: u64 = 64 << 10;

/// How many of its heads a device leaves in the place.
const HEADS: usize = 3;

/// A clock further ahead than this is worth a warning, ms.
const AHEAD: i64 = 10 * 60 * 1000;

/// What lies in the place of a device: first and last row, length, bytes.
type Segment<'n> = (i64, i64, u64, &'n Name);

/// Something that somebody should hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A file that can't be read or is not what it says: ignored, asked for again.
    BadFile(String, String),
    /// Rows that are known of and that nobody has put into the place: device, first and last.
    Missing(Device, i64, i64),
    /// The place was set back, or somebody took files of this device away.
    SetBack(Device),
    /// The device exists twice.
    Forked(Device),
    /// Rows of somebody who may only read, or may no longer write.
    Ignored(Device, usize),
    /// Rows that don't follow the one before them.
    Refused(Device, i64),
    /// A clock is ahead by so many ms.
    Clock(Device, i64),
    /// This device may only read: what is changed here stays here.
    ReadOnly(usize),
    /// This device's owner was removed: so many of its changes stay here.
    Removed(usize),
    /// A conflicted copy was merged in and set aside.
    Copy(PathBuf),
    /// This device took a new identity: its book had been set back or copied.
    NewIdentity,
}

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows put into the place.
    pub sent: usize,
    /// Rows taken from it.
    pub received: usize,
    /// Rows that lack what they build on.
    pub waiting: usize,
    /// What to hear of.
    pub warnings: Vec<Warning>,
    /// Devices that may still hold what was erased.
    pub erasing: Vec<Device>,
    /// The newest head of each device.
    pub heads: BTreeMap<Device, Head>,
}

/// What a sync works with.
pub struct Engine<'a> {
    /// The book.
    pub store: &'a mut Store,
    /// Keys and members.
    pub trust: Trust,
    /// Where files lie.
    pub remote: Box<dyn Remote>,
    /// Files of this device, the keyring among them.
    pub files: Arc<dyn Files>,
    /// Where the keyring lies.
    pub keyring: PathBuf,
    /// This device and who works with it.
    pub me: Me,
    /// Now, ms since 1970.
    pub now: i64,
}

impl Engine<'_> {
    /// Saves the keyring, then puts files: in this order no number of a chain is used twice.
    pub fn publish(&mut self, puts: &[Put]) -> Result<()> {
        self.trust.keyring.save(&*self.files, &self.keyring)?;
        for (name, bytes) in puts {
            self.remote.put(name, bytes)?;
        }
        Ok(())
    }

    /// Takes in and sends.
    pub fn sync(&mut self) -> Result<Outcome> {
        let mut out = Outcome::default();
        let names = self.remote.list()?;
        self.take_trust(&names, &mut out)?;
        self.settle_identity(&mut out)?;
        self.settle_fork(&names, &mut out)?;
        self.settle_left(&names, &mut out)?;
        self.settle_limits()?;
        self.take_heads(&names, &mut out)?;
        self.take_rows(&names, &mut out)?;
        self.settle_erasures()?;
        // What lies there under its name may be damaged all the same.
        let own = &self.trust.keyring.own;
        let mut puts: Vec<Put> = own.iter().map(|(name, bytes)| (*name, bytes.clone())).collect();
        puts.retain(|(name, bytes)| !names.contains(name) || self.differs(name, bytes));
        puts.extend(self.trust.duties(self.now)?);
        self.publish(&puts)?;
        let (names, rewritten) = self.rewrite_erased(names)?;
        self.send(&names, &mut out)?;
        self.send_head(&names, &mut out)?;
        self.remote.flush()?;
        self.trust.keyring.save(&*self.files, &self.keyring)?;
        self.settle_erased(rewritten, &mut out)?;
        for notice in self.remote.notices() {
            let Notice::Merged(copy, _) = notice;
            out.warnings.push(Warning::Copy(copy));
        }
        let have: BTreeMap<Device, i64> = vector(self.store)?.into_iter().collect();
        for (device, first, last) in head::missing(&out.heads, &have) {
            if device != self.me.device {
                out.warnings.push(Warning::Missing(device, first, last));
            }
        }
        out.waiting = crate::store::receive::waiting(self.store.conn()).map_err(store_error)?;
        Ok(out)
    }

    fn differs(&mut self, name: &Name, bytes: &[u8]) -> bool {
        self.remote.get(name).map_or(true, |there| there != bytes)
    }

    fn bad(out: &mut Outcome, name: &Name, error: &SyncError) {
        out.warnings.push(Warning::BadFile(name.to_string(), error.to_string()));
    }

    /// Members, joinings and keys, in whatever order they lie there.
    pub fn take_trust(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        for name in names {
            if !matches!(name, Name::Key(_) | Name::Statement { .. } | Name::Join { .. }) {
                continue;
            }
            let taken = self.remote.get(name).and_then(|bytes| self.trust.take(name, &bytes));
            if let Err(error) = taken {
                tolerate(error, |error| Self::bad(out, name, error))?;
            }
        }
        Ok(())
    }

    /// A book that was set back, or whose device has another identity now, goes on under its new one.
    fn settle_identity(&mut self, out: &mut Outcome) -> Result<()> {
        if self.trust.keyring.device == self.me.device {
            return Ok(());
        }
        self.go_on(out)
    }

    /// Goes on under this device's new id; what it wrote under the old one stays as it is.
    fn go_on(&mut self, out: &mut Outcome) -> Result<()> {
        let keyring = &mut self.trust.keyring;
        let old = keyring.device;
        let last = vector(self.store)?.into_iter().find(|(device, _)| *device == old);
        if let Some((_, last)) = last.filter(|(_, last)| *last > keyring.published) {
            // The rest of them is sent under the old id, too.
            keyring.published = last;
            keyring.tip = self.store.hash_of(old, last).map_err(store_error)?;
        }
        let puts = self.trust.replace_device(&self.me, None, self.now)?;
        self.publish(&puts)?;
        out.warnings.push(Warning::NewIdentity);
        Ok(())
    }

    /// If somebody else goes on under this device's id (a copied disk), what was written here since is written anew under
    /// another.
    fn settle_fork(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
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
            let mut before = if header.first > 1 { header.before.to_vec() } else { Vec::new() };
            let same = rows.iter().take_while(|row| {
                before = log::hash_of(&before, row).to_vec();
                self.store.hash_of(me, row.seq).is_ok_and(|hash| hash[..] == before)
            });
            let same = same.count();
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

    /// Takes a new identity, under which everything after `last` is written anew.
    fn go_on_anew(&mut self, last: i64, out: &mut Outcome) -> Result<()> {
        self.me.device = self.store.reissue(last).map_err(store_error)?;
        let puts = self.trust.replace_device(&self.me, Some(last), self.now)?;
        self.publish(&puts)?;
        out.warnings.push(Warning::NewIdentity);
        Ok(())
    }

    /// What this device had written under a former id, a copy of it may have ended before: it was set back meanwhile, so that
    /// the copy is the only one under that id and knows only what it wrote itself. Rows that count no more are written anew
    /// by whoever wrote them.
    fn settle_left(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
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
                for mut row in rows {
                    let first = row.seq == 1;
                    row.hash = log::hash_of(if first { &[] } else { &before }, &row);
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

    /// Whether a head of this device tells of rows that are not here.
    fn is_doubled(&mut self, names: &[Name]) -> Result<bool> {
        let me = self.me.device;
        for name in names.iter().filter(|name| matches!(name, Name::Head { device, .. } if *device == me)) {
            let Ok((_, head)) = self.remote.get(name).and_then(|bytes| self.trust.open_head(name, &bytes))
            else {
                continue;
            };
            #[cfg(feature = "simulation")]
            if crate::model::sabotage::on(crate::model::sabotage::Bug::Hash) {
                continue;
            }
            if head.seq > 0 && self.store.hash_of(me, head.seq).ok() != Some(head.hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Rows that stopped counting, because their writer was removed or exists twice, leave the book.
    fn settle_limits(&mut self) -> Result<()> {
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

    fn take_heads(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
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
        Ok(())
    }

    fn judge_head(&mut self, device: Device, head: &Head, out: &mut Outcome) {
        if device == self.me.device {
            return;
        }
        match self.trust.keyring.see(device, head) {
            Standing::New | Standing::Same => {}
            Standing::Older => out.warnings.push(Warning::SetBack(device)),
            Standing::Forked => out.warnings.push(Warning::Forked(device)),
        }
        if head.at - self.now > AHEAD {
            out.warnings.push(Warning::Clock(device, head.at - self.now));
        }
    }

    fn take_rows(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let have: HashMap<Device, i64> = vector(self.store)?.into_iter().collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut size = 0;
        let mut ignored: BTreeMap<Device, usize> = BTreeMap::new();
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
            for row in found {
                match self.trust.verdict(header.device, row.seq, &header.members) {
                    Verdict::Ok => {
                        size += row.text.len() + 200;
                        rows.push(row);
                    }
                    Verdict::Unknown => {}
                    Verdict::Reader | Verdict::Removed { .. } => {
                        *ignored.entry(header.device).or_default() += 1;
                    }
                }
            }
            // Whole batches only: a chunk may end between two parts, the rest waits in the book.
            if size >= CHUNK {
                self.receive(std::mem::take(&mut rows), out)?;
                size = 0;
            }
        }
        self.receive(rows, out)?;
        out.warnings.extend(ignored.into_iter().map(|(device, count)| Warning::Ignored(device, count)));
        Ok(())
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

    /// Puts this device's rows there that are not, and those that somebody has taken away.
    fn send(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        let last =
            vector(self.store)?.into_iter().find(|(device, _)| *device == me).map_or(0, |(_, seq)| seq);
        let unsent = usize::try_from(last - self.trust.keyring.published).unwrap_or_default();
        let kept = match self.trust.role() {
            Some(role) if role.writes() => None,
            Some(_) if unsent == 0 => return Ok(()),
            Some(_) => Some(Warning::ReadOnly(unsent)),
            None => Some(Warning::Removed(unsent)),
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
    /// has it is taken away, if `here`, its last row in this book, is far enough to put it there again: what nobody could is whole
    /// elsewhere, maybe.
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
            let mine = *last > seen && *last <= here;
            if mine && self.remote.get(name).is_err_and(|error| error.is_bad_file()) {
                self.remote.delete(name)?;
            } else {
                own.push((*first, *last, *length, name));
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
    fn send_head(&mut self, names: &[Name], out: &mut Outcome) -> Result<()> {
        let me = self.me.device;
        let mut seen: BTreeMap<Device, i64> = vector(self.store)?.into_iter().collect();
        seen.remove(&me);
        let seq = self.trust.keyring.published;
        let members = self.trust.state().frontier.0.clone();
        let news = out.heads.get(&me).is_none_or(|head| {
            head.seq != seq || head.seen != seen || head.members != members || head.name != self.me.name
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

/// A file's own fault is reported, anything else ends the sync.
fn tolerate(error: SyncError, report: impl FnOnce(&SyncError)) -> Result<()> {
    let gone =
        matches!(&error, SyncError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound);
    if gone || error.is_bad_file() {
        report(&error);
        return Ok(());
    }
    Err(error)
}

fn vector(store: &Store) -> Result<Vec<(Device, i64)>> {
    store.vector().map_err(store_error)
}

pub(super) fn store_error(error: crate::store::StoreError) -> SyncError {
    SyncError::Store(Box::new(error))
}

/// The beginning of a hash, as people compare it.
pub fn short(hash: &[u8; 32]) -> String {
    shorten(hash).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
