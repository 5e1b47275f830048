//! How sharing stands: what the last sync saw, and who is in.

use super::share::{ShareWarning, files, role_name};
use super::{Book, OpError, Result};
use crate::model::ids::Device;
use crate::store::{Store, receive};
use crate::sync::SyncError;
use crate::sync::keyring::Keyring;
use crate::sync::members::{State, short_id};
use crate::sync::names::Name;
use crate::sync::remote;
use crate::sync::trust::Trust;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Key under which the book keeps what the last sync saw.
const LAST: &str = "share";

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberOut {
    /// What they are called.
    pub name: String,
    /// `admin`, `writer`, `reader`; empty once they are out.
    pub role: String,
    /// How many devices they have.
    pub devices: usize,
    /// What tells those of one name apart.
    #[serde(default)]
    pub id: String,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceOut {
    /// What its owner calls it.
    pub name: String,
    /// Who works with it.
    pub author: String,
    /// When it last said where it stands.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_seen: String,
    /// How many of its transactions are not here yet.
    pub behind: i64,
    /// How many of ours it has not seen yet.
    pub lacks: i64,
    /// Whether it is this one.
    #[serde(skip)]
    pub mine: bool,
    /// Whether whoever has it was taken out, or has left.
    #[serde(rename = "out", skip_serializing_if = "std::ops::Not::not")]
    pub is_out: bool,
}

/// How sharing stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ShareStatus {
    /// Where.
    pub place: String,
    /// `file` or `folder`.
    pub kind: String,
    /// The book's id.
    pub book: String,
    /// Who this is.
    pub me: String,
    /// When this device last synced.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_sync: String,
    /// Transactions that others lack.
    pub unsent: i64,
    /// Transactions that lack what they build on.
    pub waiting: usize,
    /// Fields of which somebody should choose a value.
    pub conflicts: usize,
    /// Who is in.
    pub members: Vec<MemberOut>,
    /// Their devices.
    pub devices: Vec<DeviceOut>,
    /// What the last sync warned of.
    pub warnings: Vec<ShareWarning>,
    /// Devices that may still hold what was erased.
    pub erasing: Vec<String>,
}

/// What the last sync saw, kept in the book.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Last {
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) heads: BTreeMap<Device, (i64, i64, String, String, i64)>,
    pub(super) warnings: Vec<ShareWarning>,
    #[serde(default)]
    pub(super) erasing: Vec<String>,
    /// Who was in: what is shown while the place is out of reach.
    #[serde(default)]
    pub(super) team: Team,
    /// Whether this member could only read.
    #[serde(default)]
    pub(super) reads_only: bool,
}

/// Who shares a book, and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Team {
    pub(super) members: Vec<MemberOut>,
    devices: Vec<TeamDevice>,
}

/// A device that no other one has replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TeamDevice {
    id: Device,
    name: String,
    author: String,
    is_out: bool,
    /// The last of its rows that counts, if not all do.
    limit: Option<i64>,
}

impl Team {
    pub(super) fn of(state: &State) -> Self {
        let present = || state.devices.iter().filter(|(_, info)| info.replaced_by.is_none());
        let devices = |id: &[u8; 16]| present().filter(|(_, info)| info.member == *id).count();
        let members = state.members.iter().filter(|(_, member)| member.role().is_some());
        Self {
            members: members
                .map(|(id, member)| MemberOut {
                    name: member.name.clone(),
                    role: role_name(member.role()),
                    devices: devices(id),
                    id: short_id(id),
                })
                .collect(),
            devices: present()
                .map(|(id, info)| TeamDevice {
                    id: *id,
                    name: info.name.clone(),
                    author: info.author.clone(),
                    is_out: state.role(*id).is_none(),
                    limit: state.limit(*id),
                })
                .collect(),
        }
    }
}

impl Last {
    pub(super) fn of(store: &Store) -> Result<Self> {
        let mut statement = store.conn().prepare_cached("select value from local_state where key=?1")?;
        let mut rows = statement.query([LAST])?;
        let text: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    pub(super) fn keep(&self, store: &mut Store) -> Result<()> {
        let text = serde_json::to_string(self).unwrap_or_default();
        Ok(store.keep_local(LAST, &text)?)
    }

    /// The devices of a team as they stood then; `have` says how far the rows of each are here.
    fn devices(&self, team: Team, me: Device, have: &HashMap<Device, i64>) -> Vec<DeviceOut> {
        let here = |device: Device| have.get(&device).copied().unwrap_or(0);
        let out = |device: TeamDevice| {
            let head = self.heads.get(&device.id);
            let last = head.map_or(0, |(seq, ..)| device.limit.map_or(*seq, |limit| limit.min(*seq)));
            let seen = head.map_or(0, |head| head.4);
            let asked = device.id != me && !device.is_out;
            DeviceOut {
                name: head.map_or(device.name, |(_, _, name, ..)| name.clone()),
                author: device.author,
                last_seen: head.map_or_else(String::new, |(_, at, ..)| super::view::instant(*at)),
                behind: (last - here(device.id)).max(0),
                lacks: if asked { (here(me) - seen).max(0) } else { 0 },
                mine: device.id == me,
                is_out: device.is_out,
            }
        };
        team.devices.into_iter().map(out).collect()
    }
}

/// Members as the place has them; which book lies there is looked at first.
fn read_members(trust: &mut Trust, place: &Path, me: Device) -> std::result::Result<(), SyncError> {
    let (mut remote, format) = remote::open(files(), place, me)?;
    if format.book != trust.keyring.book {
        return Err(SyncError::OtherBook(place.to_owned()));
    }
    for name in remote.list()? {
        if let (true, Ok(bytes)) = (is_trust(&name), remote.get(&name)) {
            // What is damaged there the next sync names.
            let _ = trust.take(&name, &bytes);
        }
    }
    Ok(())
}

/// Why the place can't be used.
fn out_of_reach(error: &SyncError, place: &Path) -> ShareWarning {
    let (kind, args) = match error {
        SyncError::NotShared(_) => ("place-missing", Vec::new()),
        SyncError::Unreadable(_) => ("place-unreadable", Vec::new()),
        SyncError::OtherBook(_) => ("place-other", Vec::new()),
        other => ("place-unreachable", vec![other.to_string()]),
    };
    ShareWarning { kind: kind.to_owned(), about: place.display().to_string(), args }
}

/// How many changes of this device the place has not got; of one whose book was set back, all under its new id.
pub(super) fn unsent(store: &Store, keyring: &Keyring) -> Result<i64> {
    let sent = if keyring.device == store.device() { keyring.sent } else { 0 };
    Ok(store.changes_after(store.device(), sent)?)
}

pub(super) const fn is_trust(name: &Name) -> bool {
    matches!(name, Name::Key(_) | Name::Statement { .. } | Name::Join { .. })
}

impl Book {
    /// How sharing stands, by what the last sync saw.
    pub fn share_status(&mut self) -> Result<ShareStatus> {
        let keyring_path = self.keyring_path()?;
        let keyring = Keyring::load(&*files(), &keyring_path)?.ok_or(OpError::NotShared)?;
        let me = self.session.author.clone();
        let conflicts = self.conflicts()?.len();
        let store = self.store()?;
        let (device, book) = (store.device(), store.book());
        let have: HashMap<Device, i64> = store.vector()?.into_iter().collect();
        let waiting = receive::waiting(store.conn())?;
        let last = Last::of(store)?;
        let unsent = unsent(store, &keyring)?;
        let place = keyring.place.clone();
        let path = PathBuf::from(&place);
        let mut trust = Trust::with(keyring)?;
        let mut warnings = last.warnings.clone();
        let team = match read_members(&mut trust, &path, device) {
            Ok(()) => Team::of(trust.state()),
            Err(error) => {
                warnings.insert(0, out_of_reach(&error, &path));
                // Before the first sync of this version what this device said itself is all that is known.
                let known = !last.team.members.is_empty();
                if known { last.team.clone() } else { Team::of(trust.state()) }
            }
        };
        let kind = match &*last.kind {
            "" if remote::is_file(&*files(), &path)? => "file".to_owned(),
            "" => "folder".to_owned(),
            kind => kind.to_owned(),
        };
        Ok(ShareStatus {
            place,
            kind,
            book: format!("{:032x}", u128::from_be_bytes(book)),
            me,
            last_sync: if last.at > 0 { super::view::instant(last.at) } else { String::new() },
            unsent,
            waiting,
            conflicts,
            members: team.members.clone(),
            devices: last.devices(team, device, &have),
            warnings,
            erasing: last.erasing.clone(),
        })
    }
}
