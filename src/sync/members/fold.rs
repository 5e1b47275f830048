//! From a set of statements to one state, in whatever order they came.
//!
//! **One walk** goes through all chains at once: a statement's turn comes when those before it in its chain and those that its
//! writer had seen have had theirs; of several, the most senior admin's goes first (the founder, then in the order in which people
//! became admins). A statement counts if its signer was an admin by what it had seen itself.
//!
//! **What ends an admin's word** must hold wherever the walk puts their later statements, or someone who was removed could claim
//! to have spoken before. So each removal (or step down) is *committed*: it fixes how far each chain of its target counts, and the walk
//! starts again. Of those that could be committed the most senior signer's goes first, but none before one that it had seen and
//! that is aimed at its own signer. So where two remove each other at once, the senior one stays; an admin can be removed by a junior one, but
//! not if the senior one objects. Who came in by an invitation is committed in the same way, so that a code that
//! was used twice lets in whom an admin admitted, whoever turns up later; until then the joining with the smallest hash counts.
//!
//! What is committed and doesn't stand in the last walk is struck and all begins anew without it. Each round commits or strikes one
//! statement for good, so this ends, and its outcome depends on the set alone.

use super::Known;
use super::join::{By, Join};
use super::state::{DeviceInfo, End, EpochInfo, Invite, Member, Source, Span, State};
use super::statement::{Act, InviteId, Keys, MemberId, Role, Statement};
use crate::model::ids::Device;
use std::collections::{BTreeMap, BTreeSet};

/// What the walks before have settled.
#[derive(Default)]
struct Settled {
    /// Removals, by hash, with the role that they end and how far each chain of the member counts.
    removals: BTreeMap<[u8; 32], Removal>,
    /// In which order.
    order: Vec<[u8; 32]>,
    /// Who came in, and the statement that says so.
    admitted: BTreeMap<InviteId, ([u8; 32], [u8; 32])>,
    /// The last statement of a device that a later removal can't cut off, because it was committed itself.
    kept: BTreeMap<Device, u64>,
    /// Branches that removals name, where a chain has several.
    branches: BTreeSet<[u8; 32]>,
}

#[derive(Clone)]
struct Removal {
    member: MemberId,
    span: Source,
    chains: BTreeMap<Device, u64>,
}

impl Settled {
    /// How far a device's chain counts under a role; `None` for as far as it goes.
    fn end(&self, member: &MemberId, span: Source, device: Device) -> Option<u64> {
        let ends = self.removals.values().filter(|removal| removal.member == *member && removal.span == span);
        ends.map(|removal| removal.chains.get(&device).copied().unwrap_or_default()).min()
    }
}

/// A statement that could be committed.
struct Candidate<'a> {
    statement: &'a Statement,
    rank: u64,
    /// Whom it is aimed at, and the role it ends; `None` for an admission.
    target: Option<(MemberId, Source)>,
}

/// Folds everything that is known.
pub(super) fn fold(known: &Known) -> State {
    let mut struck = BTreeSet::new();
    loop {
        let mut settled = Settled::default();
        let last = loop {
            let walk = Walk::run(known, &settled, &struck);
            let best = walk.best();
            if best.is_empty() {
                break walk;
            }
            let next: Vec<Commit> = best.iter().map(|one| commit(known, &settled, &walk, one)).collect();
            next.into_iter().for_each(|one| settled.add(one));
        };
        let fallen = settled.order.iter().find(|hash| !last.stood.contains(*hash));
        match fallen {
            Some(hash) => struck.insert(*hash),
            None => return last.finish(),
        };
    }
}

/// A statement on its way into what is settled.
struct Commit {
    hash: [u8; 32],
    by: Source,
    what: What,
}

enum What {
    Admission(InviteId, [u8; 32]),
    Removal(Removal, BTreeSet<[u8; 32]>),
}

impl Settled {
    fn add(&mut self, Commit { hash, by: (device, n), what }: Commit) {
        self.order.push(hash);
        let kept = self.kept.entry(device).or_default();
        *kept = n.max(*kept);
        match what {
            What::Admission(invite, join) => {
                self.admitted.insert(invite, (join, hash));
            }
            What::Removal(removal, branches) => {
                self.removals.insert(hash, removal);
                self.branches.extend(branches);
            }
        }
    }
}

/// What it would mean to commit a candidate.
fn commit(known: &Known, settled: &Settled, walk: &Walk<'_>, candidate: &Candidate<'_>) -> Commit {
    let Candidate { statement, target, .. } = candidate;
    let what = match (&statement.body.act, target) {
        (Act::Admit { invite, join }, _) => What::Admission(*invite, *join),
        (_, target) => {
            let (member, span) = target.unwrap_or_default();
            let past = walk.pasts.get(&statement.hash);
            let devices = walk.state.devices.iter().filter(|(_, info)| info.member == member);
            let mut branches = BTreeSet::new();
            let mut chains = BTreeMap::new();
            for (device, _) in devices {
                let seen = past.and_then(|past| past.get(device)).copied().unwrap_or_default();
                let kept = settled.kept.get(device).copied().unwrap_or_default();
                chains.insert(*device, seen.max(kept));
                known.branch(*device, statement, &mut branches);
            }
            What::Removal(Removal { member, span, chains }, branches)
        }
    };
    Commit { hash: statement.hash, by: (statement.place.device, statement.place.n), what }
}

/// One walk through all chains.
struct Walk<'a> {
    known: &'a Known,
    settled: &'a Settled,
    struck: &'a BTreeSet<[u8; 32]>,
    state: State,
    /// The last statement of each chain that had its turn.
    done: BTreeMap<Device, &'a Statement>,
    /// What each statement builds on, itself included: how far in each chain.
    pasts: BTreeMap<[u8; 32], BTreeMap<Device, u64>>,
    candidates: Vec<Candidate<'a>>,
    /// Committed statements that counted.
    stood: BTreeSet<[u8; 32]>,
    admins: u64,
}

impl<'a> Walk<'a> {
    fn run(known: &'a Known, settled: &'a Settled, struck: &'a BTreeSet<[u8; 32]>) -> Self {
        let mut walk = Self {
            known,
            settled,
            struck,
            state: State::default(),
            done: BTreeMap::new(),
            pasts: BTreeMap::new(),
            candidates: Vec::new(),
            stood: BTreeSet::new(),
            admins: 0,
        };
        walk.begin();
        while let Some(next) = walk.next() {
            walk.turn(next);
        }
        walk
    }

    /// The founding statement, which is known by its hash.
    fn begin(&mut self) {
        let Some(first) = self.known.founding() else { return };
        let Act::Init { author, keys, commitment } = &first.body.act else { return };
        let (device, id) = (first.place.device, self.known.founder_id());
        if first.place.n != 1 || !self.known.signed(first, &keys.sign) {
            return;
        }
        let span = Span { role: Role::Admin, from: (device, 1), end: None };
        self.state.members.insert(id, Member { name: author.clone(), spans: vec![span], rank: Some(0) });
        self.admins = 1;
        let info = DeviceInfo {
            member: id,
            keys: *keys,
            author: author.clone(),
            name: String::new(),
            from: (device, 1),
            invite: None,
            admitted: true,
            replaced_by: None,
            ended: None,
        };
        self.state.devices.insert(device, info);
        let recipients = BTreeSet::from([keys.open]);
        let epoch = crate::sync::names::Epoch { number: 1, device };
        self.state.epochs.insert(epoch, EpochInfo { commitment: *commitment, recipients });
        self.pasts.insert(first.hash, BTreeMap::from([(device, 1)]));
        self.done.insert(device, first);
        self.take_places(device);
    }

    /// The statement that would be next in a chain.
    fn follower(&self, device: Device) -> Option<&'a Statement> {
        let keys = self.state.devices.get(&device)?.keys;
        let (n, before) = self.done.get(&device).map_or((0, [0; 32]), |last| (last.place.n, last.hash));
        let fits = |statement: &&Statement| {
            statement.place.before == before && self.known.signed(statement, &keys.sign)
        };
        let all = self.known.at(device, n.checked_add(1)?).filter(fits);
        all.min_by_key(|statement| (!self.settled.branches.contains(&statement.hash), statement.hash))
    }

    fn next(&self) -> Option<&'a Statement> {
        let followers = self.state.devices.keys().filter_map(|device| self.follower(*device));
        let ready = followers.filter(|statement| {
            statement
                .body
                .seen
                .iter()
                .all(|(device, (n, _))| *device == statement.place.device || self.had_turn(*device, *n))
        });
        ready.min_by_key(|statement| (self.rank(statement.place.device), statement.place.device))
    }

    /// Whether a chain has been walked as far as that, or can't be because it goes on otherwise.
    fn had_turn(&self, device: Device, n: u64) -> bool {
        let reached = self.done.get(&device).map_or(0, |last| last.place.n);
        let cut = || {
            let Some(info) = self.state.devices.get(&device) else { return false };
            let spans = self.state.members.get(&info.member).map_or(&[][..], |member| &member.spans);
            let ended =
                spans.iter().filter_map(|span| self.settled.end(&info.member, span.from, device)).max();
            ended.is_some_and(|end| reached >= end)
        };
        let forked = || {
            self.state.devices.contains_key(&device)
                && self.follower(device).is_none()
                && self.known.at(device, n).next().is_some()
        };
        reached >= n || cut() || forked()
    }

    fn rank(&self, device: Device) -> u64 {
        let member = self.state.devices.get(&device).and_then(|info| self.state.members.get(&info.member));
        member.and_then(|member| member.rank).unwrap_or(u64::MAX)
    }

    /// Gives a statement its turn.
    fn turn(&mut self, statement: &'a Statement) {
        let place = statement.place;
        let mut past = BTreeMap::from([(place.device, place.n)]);
        let before = self.done.get(&place.device).map(|last| last.hash);
        let seen = statement.body.seen.iter().filter_map(|(device, (n, _))| {
            past.insert(*device, *n.max(past.get(device).unwrap_or(&0)));
            self.known
                .at(*device, *n)
                .find(|other| self.pasts.contains_key(&other.hash))
                .map(|other| other.hash)
        });
        let roots: Vec<[u8; 32]> = seen.chain(before).collect();
        for root in roots {
            for (device, n) in self.pasts.get(&root).into_iter().flatten() {
                let last = past.entry(*device).or_default();
                *last = (*n).max(*last);
            }
        }
        if !self.apply(statement, &past) {
            self.state.void += 1;
        }
        self.pasts.insert(statement.hash, past);
        self.done.insert(place.device, statement);
    }

    /// Whether a device spoke with a role that let it: the latest that it had seen itself be given.
    fn spoke_as(&self, statement: &Statement, past: &BTreeMap<Device, u64>) -> Option<(MemberId, Span)> {
        let device = statement.place.device;
        let info = self.state.devices.get(&device)?;
        let member = self.state.members.get(&info.member)?;
        let saw = |from: &Source| past.get(&from.0).is_some_and(|n| *n >= from.1);
        let span = member.spans.iter().rfind(|span| saw(&span.from))?;
        let end = self.settled.end(&info.member, span.from, device);
        let in_time = end.is_none_or(|end| statement.place.n <= end) && saw(&info.from);
        in_time.then(|| (info.member, span.clone()))
    }

    /// Whether the statement counted.
    fn apply(&mut self, statement: &'a Statement, past: &BTreeMap<Device, u64>) -> bool {
        let Some((speaker, span)) = self.spoke_as(statement, past) else { return false };
        let device = statement.place.device;
        let act = &statement.body.act;
        if matches!(act, Act::Newer) {
            return true;
        }
        if let Act::Leave { last } = act {
            return self.end_role(statement, speaker, None, last);
        }
        let admitted = self.state.devices.get(&device).is_some_and(|info| info.admitted);
        if span.role != Role::Admin || !admitted {
            return false;
        }
        match act {
            Act::Init { .. } | Act::Newer | Act::Leave { .. } => false,
            Act::Invite { .. } => self.invite(statement),
            Act::Admit { invite, join } => self.admit(statement, invite, join),
            Act::Revoke { invite } => self.revoke(invite),
            Act::Remove { member, last } => self.end_role(statement, *member, None, last),
            Act::Role { member, role, last } => self.change_role(statement, *member, *role, last),
            Act::Epoch { id, commitment, recipients } => {
                let free = id.device == device && !self.state.epochs.contains_key(id);
                if free {
                    let recipients = recipients.clone();
                    self.state.epochs.insert(*id, EpochInfo { commitment: *commitment, recipients });
                }
                free
            }
        }
    }

    fn invite(&mut self, statement: &Statement) -> bool {
        let Act::Invite { id, member, role, name, expires, keys, epochs } = &statement.body.act else {
            return false;
        };
        let whose = member.as_ref().map(|member| self.state.members.get(member).and_then(Member::role));
        if self.state.invites.contains_key(id) || self.state.members.contains_key(id) || whose == Some(None) {
            return false;
        }
        let from = (statement.place.device, statement.place.n);
        let invite = Invite {
            member: *member,
            role: *role,
            name: name.clone(),
            expires: *expires,
            keys: *keys,
            epochs: epochs.clone(),
            from,
            used: None,
            admitted: false,
            revoked: false,
        };
        let join = self.joining(id, &invite);
        self.state.invites.insert(*id, invite);
        if let Some(join) = join {
            self.come_in(*id, join);
        }
        true
    }

    /// Who comes in by an invitation: whom an admin admitted, else the one with the smallest hash.
    fn joining(&self, id: &InviteId, invite: &Invite) -> Option<&'a Join> {
        let fits = |join: &&Join| {
            join.claim.at <= invite.expires
                && !self.state.devices.contains_key(&join.claim.device)
                && self.known.vouched(join, &invite.keys.sign)
        };
        let mut all = self.known.joins().filter(|join| join.claim.by == By::Invite(*id)).filter(fits);
        match self.settled.admitted.get(id) {
            Some((hash, _)) => all.find(|join| join.hash == *hash),
            None => all.min_by_key(|join| join.hash),
        }
    }

    fn come_in(&mut self, id: InviteId, join: &'a Join) {
        let Some(invite) = self.state.invites.get_mut(&id) else { return };
        let admitted = self.settled.admitted.get(&id).is_some_and(|(hash, _)| *hash == join.hash);
        invite.used = Some((join.hash, join.claim.device));
        invite.admitted = admitted;
        let (from, role, member) = (invite.from, invite.role, invite.member.unwrap_or(id));
        let name = if invite.name.is_empty() { &join.claim.author } else { &invite.name };
        if !self.state.members.contains_key(&member) {
            let rank = (role == Role::Admin).then_some(self.admins);
            self.admins += u64::from(rank.is_some());
            let spans = vec![Span { role, from, end: None }];
            self.state.members.insert(member, Member { name: name.clone(), spans, rank });
        }
        self.device(join, member, from, Some(id), admitted);
    }

    fn device(
        &mut self,
        join: &Join,
        member: MemberId,
        from: Source,
        invite: Option<InviteId>,
        admitted: bool,
    ) {
        let claim = &join.claim;
        let keys: Keys = claim.keys;
        let (author, name) = (claim.author.clone(), claim.name.clone());
        let info =
            DeviceInfo { member, keys, author, name, from, invite, admitted, replaced_by: None, ended: None };
        self.state.devices.insert(claim.device, info);
        self.take_places(claim.device);
    }

    /// Ids that took this one's place; two copies of one disk may both have found that they needed one.
    fn take_places(&mut self, old: Device) {
        let Some(info) = self.state.devices.get(&old).cloned() else { return };
        let all = self.known.joins().filter(|join| join.claim.by == By::Device(old));
        let mut new: Vec<&Join> = all.filter(|join| self.known.vouched(join, &info.keys.sign)).collect();
        new.sort_by_key(|join| join.hash);
        for join in new {
            if !self.state.devices.contains_key(&join.claim.device) {
                self.device(join, info.member, info.from, info.invite, info.admitted);
                if let Some(old) = self.state.devices.get_mut(&old) {
                    old.replaced_by.get_or_insert(join.claim.device);
                    if let Some(last) = join.claim.last {
                        old.ended = Some(old.ended.map_or(last, |ended| ended.min(last)));
                    }
                }
            }
        }
    }

    fn admit(&mut self, statement: &'a Statement, id: &InviteId, join: &[u8; 32]) -> bool {
        let Some(invite) = self.state.invites.get(id).filter(|invite| !invite.revoked) else { return false };
        if let Some((admitted, by)) = self.settled.admitted.get(id) {
            if *by == statement.hash && invite.used.is_some() {
                self.stood.insert(*by);
            }
            return admitted == join && invite.used.is_some();
        }
        let known = self.known.joins().find(|other| other.hash == *join);
        let fits = known.is_some_and(|known| {
            known.claim.by == By::Invite(*id)
                && known.claim.at <= invite.expires
                && self.known.vouched(known, &invite.keys.sign)
                && self.state.devices.get(&known.claim.device).is_none_or(|info| info.invite == Some(*id))
        });
        if fits && !self.struck.contains(&statement.hash) {
            let rank = self.rank(statement.place.device);
            self.candidates.push(Candidate { statement, rank, target: None });
        }
        fits
    }

    fn revoke(&mut self, id: &InviteId) -> bool {
        let Some(invite) = self.state.invites.get_mut(id).filter(|invite| !invite.admitted) else {
            return false;
        };
        invite.revoked = true;
        if let Some((_, device)) = invite.used.take() {
            self.put_out(*id, device);
        }
        true
    }

    /// Forgets who came in by an invitation that has been taken back before anyone admitted them.
    fn put_out(&mut self, id: InviteId, device: Device) {
        self.state.devices.retain(|other, info| *other != device && info.invite != Some(id));
        self.state.members.remove(&id);
    }

    fn change_role(
        &mut self,
        statement: &'a Statement,
        id: MemberId,
        role: Role,
        last: &BTreeMap<Device, i64>,
    ) -> bool {
        let Some(now) = self.state.members.get(&id).and_then(Member::role) else { return false };
        if now == Role::Admin && role != Role::Admin {
            return self.end_role(statement, id, Some(role), last);
        }
        if now.writes() && !role.writes() {
            return self.end_role(statement, id, Some(role), last);
        }
        self.new_role(statement, id, role);
        true
    }

    /// Ends a member's role; what that comes to is committed first and done in the walks after.
    fn end_role(
        &mut self,
        statement: &'a Statement,
        id: MemberId,
        then: Option<Role>,
        last: &BTreeMap<Device, i64>,
    ) -> bool {
        let Some(span) = self.state.members.get(&id).and_then(|member| member.spans.last()) else {
            return false;
        };
        if span.end.is_some() || self.struck.contains(&statement.hash) {
            return false;
        }
        let (from, wrote) = (span.from, span.role.writes());
        let Some(removal) = self.settled.removals.get(&statement.hash) else {
            let rank = self.rank(statement.place.device);
            self.candidates.push(Candidate { statement, rank, target: Some((id, from)) });
            return true;
        };
        if (removal.member, removal.span) != (id, from) {
            return false;
        }
        self.stood.insert(statement.hash);
        let stops = wrote && !then.is_some_and(Role::writes);
        let end = End { removed: then.is_none(), rows: stops.then(|| last.clone()) };
        if let Some(span) = self.state.members.get_mut(&id).and_then(|member| member.spans.last_mut()) {
            span.end = Some(end);
        }
        self.take_back_invites_of(id);
        if let Some(role) = then {
            self.new_role(statement, id, role);
        }
        true
    }

    fn new_role(&mut self, statement: &Statement, id: MemberId, role: Role) {
        let Some(member) = self.state.members.get_mut(&id) else { return };
        if role == Role::Admin && member.rank.is_none() {
            member.rank = Some(self.admins);
            self.admins += 1;
        }
        let from = (statement.place.device, statement.place.n);
        if let Some(span) = member.spans.last_mut().filter(|span| span.end.is_none()) {
            span.end = Some(End { removed: false, rows: None });
        }
        member.spans.push(Span { role, from, end: None });
    }

    /// Codes that someone gave who is no admin any more let nobody in, unless an admin has admitted them.
    fn take_back_invites_of(&mut self, id: MemberId) {
        let devices =
            self.state.devices.iter().filter(|(_, info)| info.member == id).map(|(device, _)| *device);
        let devices: BTreeSet<Device> = devices.collect();
        let theirs = self.state.invites.iter().filter(|(_, invite)| devices.contains(&invite.from.0));
        let open: Vec<InviteId> =
            theirs.filter(|(_, invite)| !invite.admitted && !invite.revoked).map(|(id, _)| *id).collect();
        for invite in open {
            self.revoke(&invite);
        }
    }

    /// What is committed next: one removal, or, where there is none, one admission for each invitation.
    fn best(&self) -> Vec<&Candidate<'a>> {
        let sees = |one: &Candidate<'_>, other: &Candidate<'_>| {
            let place = other.statement.place;
            let past = self.pasts.get(&one.statement.hash).and_then(|past| past.get(&place.device));
            one.statement.hash != other.statement.hash && past.is_some_and(|n| *n >= place.n)
        };
        let speaker =
            |one: &Candidate<'_>| self.state.devices.get(&one.statement.place.device).map(|info| info.member);
        let held_up = |one: &Candidate<'_>| {
            self.candidates.iter().any(|other| {
                let aimed = other.target.is_some_and(|(member, _)| Some(member) == speaker(one));
                aimed && sees(one, other)
            })
        };
        let mut free: Vec<&Candidate<'a>> = self.candidates.iter().filter(|one| !held_up(one)).collect();
        free.sort_by_key(|one| {
            let place = one.statement.place;
            (one.target.is_none(), one.rank, place.device, place.n)
        });
        if free.first().is_some_and(|first| first.target.is_some()) {
            free.truncate(1);
        }
        let mut settled = BTreeSet::new();
        free.retain(|one| match &one.statement.body.act {
            Act::Admit { invite, .. } => settled.insert(*invite),
            _ => true,
        });
        free
    }

    fn finish(mut self) -> State {
        self.state.frontier.0 = self.done.iter().map(|(device, last)| (*device, last.place.n)).collect();
        self.state.ends = self.done.iter().map(|(device, last)| (*device, last.hash)).collect();
        let reached = |device: Device| self.done.get(&device).map_or(0, |last| last.place.n);
        self.state.waiting = self.known.places().filter(|(device, n)| *n > reached(*device)).count();
        let twice = |(device, n): &(Device, u64)| {
            let keys = self.state.devices.get(device).map(|info| info.keys);
            let signed = |other: &&Statement| keys.is_some_and(|keys| self.known.signed(other, &keys.sign));
            self.known.at(*device, *n).filter(signed).count() > 1
        };
        let forked = self.known.places().filter(twice).map(|(device, _)| device).collect();
        self.state.forked = forked;
        let uninvited = self.joined_by(&BTreeSet::new(), |walk, id, join| {
            let invite = walk.state.invites.get(id);
            let gone = invite.filter(|invite| invite.revoked && invite.used.is_none());
            // Whoever saw them join before may have their rows, and others have built on those.
            gone.is_some_and(|invite| walk.known.vouched(join, &invite.keys.sign))
        });
        self.state.strays = self.joined_by(&uninvited, |walk, id, join| {
            let used = walk.state.invites.get(id).and_then(|invite| invite.used);
            used.is_some_and(|(hash, _)| hash != join.hash)
        });
        self.state.uninvited = uninvited;
        self.state
    }

    /// Some devices, and those outside that came in by an invitation in this way or took the place of one of all these.
    fn joined_by(
        &self,
        some: &BTreeSet<Device>,
        by: impl Fn(&Self, &InviteId, &Join) -> bool,
    ) -> BTreeSet<Device> {
        let mut found = some.clone();
        loop {
            let before = found.len();
            for join in self.known.joins() {
                let one = match &join.claim.by {
                    By::Invite(id) => by(self, id, join),
                    By::Device(of) => found.contains(of),
                };
                if one && !self.state.devices.contains_key(&join.claim.device) {
                    found.insert(join.claim.device);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }
}
