//! One sync: takes in what others have put into the place, puts there what they lack of this device.

mod erase;
mod identity;
mod send;
mod take;

use super::error::{Result, SyncError};
use super::files::Files;
use super::head::{self, Fork, Head};
use super::names::{Name, shorten};
use super::remote::{Notice, Remote};
use super::trust::{Me, Put, Trust};
use crate::model::ids::Device;
use crate::store::Store;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// About so many bytes of rows are taken in at once.
const CHUNK: usize = 32 << 20;

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
    /// This device's own clock is behind by so many ms, or all others are ahead.
    OwnClock(i64),
    /// This device may only read: what is changed here stays here.
    ReadOnly(usize),
    /// This device's owner was removed: so many of its changes stay here.
    Removed(usize),
    /// Somebody else came in by the code that this device joined with: so many of its changes stay here.
    CodeTaken(usize),
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
    /// The first row that is here and that the place has otherwise, by device.
    pub forks: BTreeMap<Device, Fork>,
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
        if self.trust.state().members.is_empty() {
            self.put_back_own(&names)?;
            return Err(SyncError::NoKey("any".to_owned()));
        }
        self.settle_identity(&mut out)?;
        self.settle_fork(&names, &mut out)?;
        self.settle_left(&names, &mut out)?;
        self.take_heads(&names, &mut out)?;
        self.settle_told_fork(&mut out)?;
        self.settle_limits()?;
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
        self.trust.keyring.sent = self.trust.keyring.published;
        self.trust.keyring.save(&*self.files, &self.keyring)?;
        self.settle_erased(rewritten, &mut out)?;
        for notice in self.remote.notices() {
            let Notice::Merged(copy, _) = notice;
            out.warnings.push(Warning::Copy(copy));
        }
        self.tell_missing(&mut out)?;
        out.waiting = crate::store::receive::waiting(self.store.conn()).map_err(store_error)?;
        Ok(out)
    }

    /// The statement that all begins with is gone from the place, and only its writer can put it there again. What this device has said
    /// goes back all the same: others may lack it.
    fn put_back_own(&mut self, names: &[Name]) -> Result<()> {
        let puts = self.trust.lacking(names);
        self.publish(&puts)?;
        self.remote.flush()
    }

    /// Warns of rows that somebody knows of and that are not here. Those that count for nobody are not waited for.
    fn tell_missing(&mut self, out: &mut Outcome) -> Result<()> {
        let have: BTreeMap<Device, i64> = vector(self.store)?.into_iter().collect();
        let me = self.me.device;
        let state = self.trust.state();
        let counts = |device: Device, last: i64| match state.limit(device) {
            _ if state.strays.contains(&device) => 0,
            limit => limit.map_or(last, |limit| limit.min(last)),
        };
        let lacking = head::missing(&out.heads, &have).into_iter().filter(|(device, ..)| *device != me);
        let lacking = lacking.map(|(device, first, last)| (device, first, counts(device, last)));
        let lacking = lacking.filter(|(_, first, last)| first <= last);
        out.warnings.extend(lacking.map(|(device, first, last)| Warning::Missing(device, first, last)));
        Ok(())
    }

    fn differs(&mut self, name: &Name, bytes: &[u8]) -> bool {
        self.remote.get(name).map_or(true, |there| there != bytes)
    }

    fn bad(out: &mut Outcome, name: &Name, error: &SyncError) {
        out.warnings.push(Warning::BadFile(name.to_string(), error.to_string()));
    }

    /// Takes in what has been said of members, and neither sends nor receives anything else.
    pub fn hear(&mut self) -> Result<()> {
        let names = self.remote.list()?;
        self.take_trust(&names, &mut Outcome::default())
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
