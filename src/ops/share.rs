//! Sharing a book: places, members, syncs. The engine is in `sync`; here it meets the book.

use super::share_status::{Last, MemberOut, Team};
use super::{Book, Candidate, OpError, Result, Session};
use crate::model::ids::Device;
use crate::store::{Store, version};
use crate::sync::SyncError;
use crate::sync::code::Code;
use crate::sync::engine::{Engine, Warning};
use crate::sync::files::{Disk, Files};
use crate::sync::keyring::Keyring;
use crate::sync::members::{MemberId, Role, State, short_id};
use crate::sync::remote;
use crate::sync::trust::{Me, Offer, Trust};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SyncReport {
    /// Transactions put into the place.
    pub sent: usize,
    /// Transactions taken from it.
    pub received: usize,
    /// Transactions that lack what they build on.
    pub waiting: usize,
    /// Fields of which somebody should choose a value.
    pub conflicts: usize,
    /// How long it took.
    pub seconds: f64,
    /// What to hear of.
    pub warnings: Vec<ShareWarning>,
}

/// Something that somebody should hear of: a kind with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareWarning {
    /// `bad-file`, `missing`, `set-back`, `forked`, `ignored`, `refused`, `clock`, `read-only`, `removed`, `code-taken`, `copy`,
    /// `new-identity`; of a status also `place-missing`, `place-unreadable`, `place-other`, `place-unreachable`.
    pub kind: String,
    /// The device's name, or the file's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Numbers or reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// What to type.
    pub code: String,
    /// Where.
    pub place: String,
    /// As what.
    pub role: String,
    /// Until when.
    pub expires: String,
}

/// A sync's tools, and the lock that keeps a second one out.
struct Open<'a> {
    engine: Engine<'a>,
    _lock: File,
}

pub(super) fn files() -> Arc<dyn Files> {
    Arc::new(Disk)
}

pub(super) fn lock(path: &Path) -> Result<File> {
    let path = path.with_extension("lock");
    let io = |source| OpError::Io { path: path.clone(), source };
    if let Some(folder) = path.parent() {
        crate::store::open::private::folder(folder).map_err(io)?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpError::SyncRuns),
        Err(std::fs::TryLockError::Error(source)) => Err(io(source)),
    }
}

pub(super) fn me(session: &Session, device: Device) -> Me {
    Me { device, author: session.author.clone(), name: session.device.clone() }
}

pub(super) fn role_name(role: Option<Role>) -> String {
    match role {
        Some(Role::Admin) => "admin",
        Some(Role::Writer) => "writer",
        Some(Role::Reader) => "reader",
        None => "",
    }
    .to_owned()
}

/// The role with this name.
pub fn role_named(name: &str) -> Option<Role> {
    Some(match name {
        "admin" => Role::Admin,
        "writer" => Role::Writer,
        "reader" => Role::Reader,
        _ => return None,
    })
}

/// The one member whom a name, or a short id, means.
fn the_member(state: &State, name: &str) -> Result<MemberId> {
    let found = state.named(name);
    match found[..] {
        [member] => Ok(member),
        [] => Err(OpError::NotFound { who: name.to_owned(), kind: "member" }),
        _ => {
            let candidate = |id: &MemberId| {
                let devices = state.devices.values().filter(|info| info.member == *id);
                let devices: Vec<&str> = devices.map(|info| info.name.as_str()).collect();
                Candidate { handle: short_id(id), name: name.to_owned(), about: devices.join(", ") }
            };
            Err(OpError::Ambiguous {
                who: name.to_owned(),
                candidates: found.iter().map(candidate).collect(),
            })
        }
    }
}

impl Book {
    /// Where the keys of this book lie. A book that isn't there is not shared, and not made by asking.
    pub(super) fn keyring_path(&mut self) -> Result<PathBuf> {
        if !self.exists() {
            return Err(OpError::NotShared);
        }
        let path = self.path.clone();
        let state = self.session.state_dir.clone();
        let book = self.store()?.book();
        let keyring = Keyring::path(&state, &book, &path);
        if !keyring.exists()
            && let Some(old) = Keyring::left_behind(&*files(), &state, &book)?
        {
            std::fs::rename(&old, &keyring).map_err(|source| OpError::Io { path: old, source })?;
        }
        Ok(keyring)
    }

    fn engine(&mut self) -> Result<Open<'_>> {
        let keyring_path = self.keyring_path()?;
        let lock = lock(&keyring_path)?;
        let files = files();
        let mut keyring = Keyring::load(&*files, &keyring_path)?.ok_or(OpError::NotShared)?;
        let at = self.path.canonicalize().unwrap_or_else(|_| self.path.clone()).display().to_string();
        if keyring.at != at {
            keyring.at = at;
            keyring.save(&*files, &keyring_path)?;
        }
        let (session, now) = (self.session.clone(), self.session.clock.millis());
        let store = self.store()?;
        let me = me(&session, store.device());
        let place = PathBuf::from(&keyring.place);
        let head = (keyring.device, keyring.head);
        let remote = remote::reopen(files.clone(), &place, me.device, store.book(), head)?;
        let trust = Trust::with(keyring)?;
        let engine = Engine { store, trust, remote, files, keyring: keyring_path, me, now };
        Ok(Open { engine, _lock: lock })
    }

    /// Makes a place out of this book.
    pub fn share_init(&mut self, place: &Path) -> Result<SyncReport> {
        self.store()?;
        let keyring_path = self.keyring_path()?;
        if keyring_path.exists() {
            return Err(OpError::Shared);
        }
        let place = absolute(place)?;
        // A mistyped folder of a cloud would be a new one that nothing carries about.
        if place.parent().is_some_and(|folder| !folder.exists()) {
            return Err(OpError::Io { path: place, source: std::io::ErrorKind::NotFound.into() });
        }
        let lock = lock(&keyring_path)?;
        let files = files();
        let (session, now) = (self.session.clone(), self.session.clock.millis());
        let store = self.store()?;
        // A book that was restored or copied before has rows of older identities, for which nobody could vouch.
        store.adopt()?;
        let me = me(&session, store.device());
        let taken = match remote::open(files.clone(), &place, me.device) {
            Ok(_) => true,
            Err(SyncError::NotShared(_)) => false,
            Err(error) => return Err(error.into()),
        };
        if taken {
            return Err(OpError::PlaceTaken(place));
        }
        let remote = remote::create(files.clone(), &place, me.device, store.book())?;
        let (mut trust, puts) = Trust::found(store.book(), &me, now)?;
        trust.keyring.place = place.display().to_string();
        let mut engine = Engine { store, trust, remote, files, keyring: keyring_path, me, now };
        let made = engine.publish(&puts).and_then(|()| engine.remote.flush());
        if made.is_err() {
            // Nobody has seen anything yet: the book is as unshared as before.
            let _ = std::fs::remove_file(&engine.keyring);
        }
        drop(engine);
        drop(lock);
        made?;
        self.share_sync()
    }

    /// Makes a code that lets one device in. A further device of a member has that member's role, whatever is asked for; without
    /// any it is a writer's.
    pub fn share_invite(&mut self, role: Option<Role>, name: &str, days: i64) -> Result<Invitation> {
        let mut open = self.engine()?;
        let engine = &mut open.engine;
        engine.hear()?;
        let expires = engine.now + days.clamp(0, 3650) * 24 * 60 * 60 * 1000;
        let known = engine.trust.member_called(name);
        let (name, role) = known.unwrap_or_else(|| (name.to_owned(), role.unwrap_or(Role::Writer)));
        let offer = Offer { role, name, expires };
        let (code, puts) = engine.trust.invite(&offer, engine.now)?;
        engine.publish(&puts)?;
        engine.remote.flush()?;
        Ok(Invitation {
            code: code.to_string(),
            place: engine.trust.keyring.place.clone(),
            role: role_name(Some(role)),
            expires: super::view::instant(expires),
        })
    }

    /// Takes back a code that nobody has used yet.
    pub fn share_revoke(&mut self, code: &str) -> Result<()> {
        let code = Code::parse(code).map_err(SyncError::from)?;
        // Whoever has come in by it meanwhile is let in, and stays.
        self.share_sync()?;
        let mut open = self.engine()?;
        let engine = &mut open.engine;
        engine.hear()?;
        let invite = code.keys(&engine.store.book())?.id;
        let open = |invite: &crate::sync::members::Invite| !invite.revoked && invite.used.is_none();
        if !engine.trust.state().invites.get(&invite).is_some_and(open) {
            return Err(OpError::NotFound { who: code.to_string(), kind: "code" });
        }
        let puts = engine.trust.revoke(invite, engine.now)?;
        engine.publish(&puts)?;
        Ok(engine.remote.flush()?)
    }

    /// Sends and receives.
    pub fn share_sync(&mut self) -> Result<SyncReport> {
        let began = Instant::now();
        let (outcome, kind, names, team, reads_only, now) = {
            let mut open = self.engine()?;
            let outcome = open.engine.sync()?;
            let place = PathBuf::from(&open.engine.trust.keyring.place);
            let kind = if remote::is_file(&*open.engine.files, &place)? { "file" } else { "folder" };
            let reads_only = open.engine.trust.role() == Some(Role::Reader);
            let state = open.engine.trust.state();
            (outcome, kind, names(state), Team::of(state), reads_only, open.engine.now)
        };
        let warnings: Vec<ShareWarning> =
            outcome.warnings.iter().map(|warning| said(warning, &names)).collect();
        let heads = outcome.heads.iter().map(|(device, head)| {
            let mine = self.store.as_ref().map(Store::device).and_then(|me| head.seen.get(&me)).copied();
            (*device, (head.seq, head.at, head.name.clone(), head.author.clone(), mine.unwrap_or(0)))
        });
        let last = Last {
            at: now,
            kind: kind.to_owned(),
            heads: heads.collect(),
            warnings: warnings.clone(),
            erasing: outcome.erasing.iter().map(|device| called(device, &names)).collect(),
            team,
            reads_only,
        };
        last.keep(self.store()?)?;
        Ok(SyncReport {
            sent: outcome.sent,
            received: outcome.received,
            waiting: outcome.waiting,
            conflicts: self.conflicts()?.len(),
            seconds: began.elapsed().as_secs_f64(),
            warnings,
        })
    }

    /// What the others call this member; nothing if it is none.
    pub fn share_own_name(&mut self) -> Result<Option<String>> {
        let mut open = self.engine()?;
        open.engine.hear()?;
        let me = open.engine.me.device;
        let state = open.engine.trust.state();
        let member = state.devices.get(&me).and_then(|info| state.members.get(&info.member));
        Ok(member.map(|member| member.name.clone()).filter(|name| !name.is_empty()))
    }

    /// Who is in.
    pub fn share_members(&mut self) -> Result<Vec<MemberOut>> {
        let mut open = self.engine()?;
        open.engine.hear()?;
        Ok(Team::of(open.engine.trust.state()).members)
    }

    /// Sends and receives, and says what the member is called whom a name or a short id means, if it is this device's to change
    /// that.
    pub fn share_member(&mut self, name: &str) -> Result<String> {
        self.share_sync()?;
        let mut open = self.engine()?;
        open.engine.hear()?;
        open.engine.trust.must_be_admin()?;
        let state = open.engine.trust.state();
        let member = the_member(state, name)?;
        Ok(state.members.get(&member).map(|member| member.name.clone()).unwrap_or_default())
    }

    /// Takes a member out, or gives them another role; what they had, they keep.
    pub fn share_change(&mut self, name: &str, role: Option<Role>) -> Result<(String, SyncReport)> {
        let called = self.share_member(name)?;
        {
            let mut open = self.engine()?;
            let engine = &mut open.engine;
            engine.hear()?;
            let member = the_member(engine.trust.state(), name)?;
            let last: BTreeMap<Device, i64> = version::vector(engine.store.conn())?.into_iter().collect();
            let puts = match role {
                None => engine.trust.remove(member, last, engine.now)?,
                Some(role) => engine.trust.set_role(member, role, last, engine.now)?,
            };
            engine.publish(&puts)?;
            engine.remote.flush()?;
        }
        Ok((called, self.share_sync()?))
    }

    /// Ends this device's part: the book stays, and is nobody else's.
    pub fn share_leave(&mut self) -> Result<()> {
        if let Err(OpError::Sync(SyncError::NotShared(_))) = self.share_sync() {
            // The place is gone: there is nobody to tell.
            let path = self.keyring_path()?;
            return std::fs::remove_file(&path).map_err(|source| OpError::Io { path, source });
        }
        let mut open = self.engine()?;
        let engine = &mut open.engine;
        engine.hear()?;
        let last: BTreeMap<Device, i64> = version::vector(engine.store.conn())?.into_iter().collect();
        let puts = engine.trust.leave(last, engine.now)?;
        engine.publish(&puts)?;
        engine.remote.flush()?;
        let path = engine.keyring.clone();
        std::fs::remove_file(&path).map_err(|source| OpError::Io { path, source })
    }

    /// The keys of this device, sealed under a pass-phrase.
    pub fn share_keys(&mut self, passphrase: &str) -> Result<String> {
        let path = self.keyring_path()?;
        let keyring = Keyring::load(&*files(), &path)?.ok_or(OpError::NotShared)?;
        Ok(keyring.export(passphrase)?)
    }
}

pub(super) fn absolute(place: &Path) -> Result<PathBuf> {
    std::path::absolute(place).map_err(|source| OpError::Io { path: place.to_owned(), source })
}

fn names(state: &crate::sync::members::State) -> HashMap<Device, String> {
    state
        .devices
        .iter()
        .map(|(device, info)| {
            let name = if info.name.is_empty() {
                info.author.clone()
            } else {
                format!("{} ({})", info.author, info.name)
            };
            (*device, name)
        })
        .collect()
}

fn called(device: &Device, names: &HashMap<Device, String>) -> String {
    names.get(device).cloned().unwrap_or_else(|| format!("{device:016x}"))
}

/// A span in minutes (0), hours (1) or days (2), several of them.
const fn in_units(millis: i64) -> (usize, i64) {
    const MINUTE: i64 = 60_000;
    match millis / MINUTE {
        minutes @ ..120 => (0, minutes),
        minutes @ 120..2_880 => (1, (minutes + 30) / 60),
        minutes => (2, (minutes + 720) / 1_440),
    }
}

fn said(warning: &Warning, names: &HashMap<Device, String>) -> ShareWarning {
    let of = |device: &Device| called(device, names);
    let (kind, about, args) = match warning {
        Warning::BadFile(name, why) => ("bad-file", name.clone(), vec![why.clone()]),
        Warning::Missing(device, first, last) => {
            ("missing", of(device), vec![(last - first + 1).to_string()])
        }
        Warning::SetBack(device) => ("set-back", of(device), Vec::new()),
        Warning::Forked(device) => ("forked", of(device), Vec::new()),
        Warning::Ignored(device, count) => ("ignored", of(device), vec![count.to_string()]),
        Warning::Refused(device, seq) => ("refused", of(device), vec![seq.to_string()]),
        Warning::Clock(device, lead) => {
            let (unit, count) = in_units(*lead);
            (["clock", "clock-hours", "clock-days"][unit], of(device), vec![count.to_string()])
        }
        Warning::OwnClock(lead) => {
            let (unit, count) = in_units(*lead);
            let kind = ["own-clock", "own-clock-hours", "own-clock-days"][unit];
            (kind, String::new(), vec![count.to_string()])
        }
        Warning::ReadOnly(count) => ("read-only", String::new(), vec![count.to_string()]),
        Warning::Removed(count) => ("removed", String::new(), vec![count.to_string()]),
        Warning::CodeTaken(count) => ("code-taken", String::new(), vec![count.to_string()]),
        Warning::Copy(path) => ("copy", path.display().to_string(), Vec::new()),
        Warning::NewIdentity => ("new-identity", String::new(), Vec::new()),
    };
    ShareWarning { kind: kind.to_owned(), about, args }
}
