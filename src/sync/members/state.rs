//! Who is a member and what counts: what a set of statements comes to.

use super::statement::{InviteId, Keys, MemberId, Role};
use crate::model::ids::Device;
use crate::sync::crypto::BoxPublic;
use crate::sync::hex;
use crate::sync::names::Epoch;
use crate::sync::segment::Frontier;
use std::collections::{BTreeMap, BTreeSet};

/// So long after its time an invitation is taken back, ms: a cloud may take as long to bring what was written in time.
const ON_THEIR_WAY: i64 = 7 * 24 * 60 * 60 * 1000;

/// Whether a row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Ok,
    /// Its writer could only read by the membership that it names, or has been made a reader before it.
    Reader,
    /// The device or the membership is not known (yet): the row waits.
    Unknown,
    /// Its writer had been removed.
    Removed {
        /// The device's last row that counts.
        last: i64,
    },
}

/// The statement that something comes from: a device and a number in its chain.
pub type Source = (Device, u64);

/// A time in which a member had one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which.
    pub role: Role,
    /// The statement that gave it.
    pub from: Source,
    /// How it ended.
    pub end: Option<End>,
}

/// The end of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Out altogether, not only into another role.
    pub removed: bool,
    /// The last row of each device that counts, if rows stopped counting; of other devices none does.
    pub rows: Option<BTreeMap<Device, i64>>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What they are called: as they signed on first, else as they were invited.
    pub name: String,
    /// Their roles, oldest first; never empty.
    pub spans: Vec<Span>,
    /// Where they stand in the order of admins; the founder is 0.
    pub rank: Option<u64>,
}

impl Member {
    /// What they may do now; `None` once they are out.
    pub fn role(&self) -> Option<Role> {
        self.spans.last().filter(|span| span.end.is_none()).map(|span| span.role)
    }
}

/// A device of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Whose.
    pub member: MemberId,
    /// Its keys.
    pub keys: Keys,
    /// The person, as they signed on.
    pub author: String,
    /// What its owner calls it.
    pub name: String,
    /// The statement that let it in.
    pub from: Source,
    /// By which invitation.
    pub invite: Option<InviteId>,
    /// Whether an admin has settled that this is who came in; until then it can't speak as an admin.
    pub admitted: bool,
    /// The id that took its place.
    pub replaced_by: Option<Device>,
    /// The last of its rows that counts, if two devices went on under its id.
    pub ended: Option<i64>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// For a further device of this member.
    pub member: Option<MemberId>,
    /// As what.
    pub role: Role,
    /// For whom.
    pub name: String,
    /// Until when, ms since 1970.
    pub expires: i64,
    /// Of the code.
    pub keys: Keys,
    /// Whose keys came with it.
    pub epochs: BTreeSet<Epoch>,
    /// The statement.
    pub from: Source,
    /// Who came in: the joining's hash and the device.
    pub used: Option<([u8; 32], Device)>,
    /// Whether an admin has settled that.
    pub admitted: bool,
    /// Taken back.
    pub revoked: bool,
}

/// An epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochInfo {
    /// Of its key.
    pub commitment: [u8; 32],
    /// Who got it.
    pub recipients: BTreeSet<BoxPublic>,
}

/// What all statements come to. Every peer that has the same set has the same state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Everybody who ever was one.
    pub members: BTreeMap<MemberId, Member>,
    /// All devices that ever came in.
    pub devices: BTreeMap<Device, DeviceInfo>,
    /// All invitations.
    pub invites: BTreeMap<InviteId, Invite>,
    /// All epochs.
    pub epochs: BTreeMap<Epoch, EpochInfo>,
    /// How far each chain has been read.
    pub frontier: Frontier,
    /// The hash of the last statement of each chain.
    pub ends: BTreeMap<Device, [u8; 32]>,
    /// Devices that came in by a code that somebody else had used, or that was taken back, and those that took their place: they
    /// are there, and yet no devices of this book. None of their rows counts.
    pub strays: BTreeSet<Device>,
    /// Those of them whose code was taken back.
    pub uninvited: BTreeSet<Device>,
    /// Statements that lack what they build on.
    pub waiting: usize,
    /// Devices in whose chains two statements have the same number.
    pub forked: BTreeSet<Device>,
    /// Statements whose signers might not say so, or that came too late.
    pub void: usize,
}

impl State {
    /// What a device may do now.
    pub fn role(&self, device: Device) -> Option<Role> {
        self.members.get(&self.devices.get(&device)?.member)?.role()
    }

    /// Whether a row counts, by the membership that its segment names: its writer must have been able to write by that, and a
    /// removal or the step down to a reader fixes the last row of each device.
    pub fn accepts(&self, device: Device, seq: i64, named: &Frontier) -> Verdict {
        let Some(info) = self.devices.get(&device) else { return Verdict::Unknown };
        if let Some(last) = info.ended.filter(|last| seq > *last) {
            return Verdict::Removed { last };
        }
        let known = |(device, n): (&Device, &u64)| self.frontier.holds(*device, *n);
        let Some(member) = self.members.get(&info.member).filter(|_| named.0.iter().all(known)) else {
            return Verdict::Unknown;
        };
        if !named.holds(info.from.0, info.from.1) {
            return Verdict::Reader;
        }
        let named_spans = || member.spans.iter().filter(|span| named.holds(span.from.0, span.from.1));
        let Some(span) = named_spans().next_back() else { return Verdict::Reader };
        if !span.role.writes() {
            return Verdict::Reader;
        }
        // Rows stop counting where writing stops, which may be a span or two later: an admin first made a writer.
        let later = member.spans.iter().skip_while(|other| other.from != span.from);
        let end = later.take_while(|span| span.role.writes()).find_map(|span| {
            let end = span.end.as_ref()?;
            end.rows.as_ref().map(|rows| (end.removed, rows))
        });
        match end {
            Some((removed, rows)) => {
                let last = rows.get(&device).copied().unwrap_or_default();
                match (seq <= last, removed) {
                    (true, _) => Verdict::Ok,
                    (false, true) => Verdict::Removed { last },
                    (false, false) => Verdict::Reader,
                }
            }
            None => Verdict::Ok,
        }
    }

    /// The last row of a device that counts, if its rows stopped counting.
    pub fn limit(&self, device: Device) -> Option<i64> {
        let info = self.devices.get(&device)?;
        let member = self.members.get(&info.member)?;
        let writing = member.spans.iter().rev().take_while(|span| !span.role.writes() || span.end.is_some());
        let ended =
            writing.filter(|span| span.role.writes()).find_map(|span| span.end.as_ref()?.rows.as_ref());
        let cut = ended.map(|rows| rows.get(&device).copied().unwrap_or_default());
        match (cut, info.ended) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// The keys that a new epoch is for: of all devices of those who are members, and of open invitations.
    pub fn recipients(&self, now: i64) -> BTreeSet<BoxPublic> {
        let devices = self.devices.values().filter(|info| {
            info.replaced_by.is_none()
                && self.members.get(&info.member).is_some_and(|member| member.role().is_some())
        });
        let open = |invite: &&Invite| !invite.revoked && invite.used.is_none() && invite.expires >= now;
        let invites = self.invites.values().filter(open).map(|invite| invite.keys.open);
        devices.map(|info| info.keys.open).chain(invites).collect()
    }

    /// Whether somebody has an epoch's key who is out now, or whose invitation was taken back.
    fn leaked(&self, epoch: &EpochInfo, id: Epoch) -> bool {
        let out =
            |info: &&DeviceInfo| self.members.get(&info.member).is_none_or(|member| member.role().is_none());
        let devices = self.devices.values().filter(out).any(|info| self.has_key(info, epoch, id));
        let invites = self.invites.values().filter(|invite| invite.revoked);
        devices || invites.into_iter().any(|invite| invite_has_key(invite, epoch, id))
    }

    fn has_key(&self, info: &DeviceInfo, epoch: &EpochInfo, id: Epoch) -> bool {
        let invite = info.invite.and_then(|invite| self.invites.get(&invite));
        epoch.recipients.contains(&info.keys.open)
            || invite.is_some_and(|invite| invite_has_key(invite, epoch, id))
    }

    /// The epoch that is written under: the latest of those whose key nobody outside has, if there is one.
    pub fn epoch(&self) -> Option<Epoch> {
        let tight = |id: &Epoch| self.epochs.get(id).is_some_and(|epoch| !self.leaked(epoch, *id));
        self.epochs.keys().copied().max_by_key(|id| (tight(id), *id))
    }

    /// Whether an admin should begin an epoch: somebody outside has the key, or a member lacks it.
    pub fn wants_epoch(&self) -> bool {
        let Some((id, epoch)) = self.epoch().and_then(|id| Some((id, self.epochs.get(&id)?))) else {
            return false;
        };
        let lacks = |info: &DeviceInfo| {
            info.replaced_by.is_none()
                && self.members.get(&info.member).is_some_and(|member| member.role().is_some())
                && !self.has_key(info, epoch, id)
                // A device that took another's place kept its keyring.
                && !self.devices.values().any(|old| old.member == info.member && self.has_key(old, epoch, id))
        };
        self.leaked(epoch, id) || self.devices.values().any(lacks)
    }

    /// Joinings that an admin should settle.
    pub fn to_admit(&self) -> Vec<(InviteId, [u8; 32])> {
        let open = self.invites.iter().filter(|(_, invite)| !invite.admitted && !invite.revoked);
        open.filter_map(|(id, invite)| invite.used.map(|(join, _)| (*id, join))).collect()
    }

    /// Invitations that an admin should take back, because their time is over: not at once, as somebody may have joined in time
    /// and their files be on their way.
    pub fn to_revoke(&self, now: i64) -> Vec<InviteId> {
        let over = |invite: &Invite| {
            !invite.revoked && invite.used.is_none() && invite.expires.saturating_add(ON_THEIR_WAY) < now
        };
        self.invites.iter().filter(|(_, invite)| over(invite)).map(|(id, _)| *id).collect()
    }

    /// The members that are called so, else those that are but for upper and lower case, else the one with this short id.
    pub fn named(&self, name: &str) -> Vec<MemberId> {
        let folded = name.to_lowercase();
        let fitting = |fits: &dyn Fn(&MemberId, &Member) -> bool| -> Vec<MemberId> {
            let active = self.members.iter().filter(|(_, member)| member.role().is_some());
            active.filter(|(id, member)| fits(id, member)).map(|(id, _)| *id).collect()
        };
        let mut found = fitting(&|_, member| member.name == name);
        if found.is_empty() {
            found = fitting(&|_, member| member.name.to_lowercase() == folded);
        }
        if found.is_empty() {
            found = fitting(&|id, _| short_id(id) == folded);
        }
        found
    }
}

/// What tells members of one name apart.
pub fn short_id(member: &MemberId) -> String {
    hex::write(&member[..4])
}

fn invite_has_key(invite: &Invite, epoch: &EpochInfo, id: Epoch) -> bool {
    epoch.recipients.contains(&invite.keys.open) || invite.epochs.contains(&id)
}
