//! One device's view of a shared book: its keyring and what it knows of the members. Makes the files that others trust, and opens
//! theirs. Reads and writes no files itself: what it makes are names and bytes.
//!
//! In this order, so that no crash uses a number of a chain twice: make the files, save the keyring, put them into the place. What is not
//! put after all, or is overwritten there, `lacking` finds at the next sync.

use super::code::{Code, CodeKeys};
use super::crypto::{BoxKey, SealKey, SignKey};
use super::error::{CodeError, Result, SyncError};
use super::head::{self, Head};
use super::keyring::{Keyring, Tip};
use super::members::{
    Act, Body, By, Claim, EpochKeys, Grant, Join, Keys, MemberId, Members, Place, Role, SealedJoin,
    SealedStatement, State, Statement, Verdict, commitment, read_keys, write_keys,
};
use super::names::{Epoch, Name};
use super::segment::{self, Frontier};
use crate::model::ids::Device;
use crate::model::row::Row;
use std::collections::{BTreeMap, BTreeSet};

/// A file to be put into the place.
pub type Put = (Name, Vec<u8>);

/// Who signs on: what others see of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// This device.
    pub device: Device,
    /// The person.
    pub author: String,
    /// What its owner calls the device.
    pub name: String,
}

/// What an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// As what.
    pub role: Role,
    /// For whom; if a member is called so, it is for a further device of theirs.
    pub name: String,
    /// Until when, ms since 1970.
    pub expires: i64,
}

/// Keyring and members.
pub struct Trust {
    /// To be saved after every call that changes it.
    pub keyring: Keyring,
    members: Members,
    /// Files of which the key is not there yet.
    sealed: BTreeMap<Name, Vec<u8>>,
}

impl Trust {
    /// Begins sharing: the first member, the first epoch.
    pub fn found(book: [u8; 16], me: &Me, now: i64) -> Result<(Self, Vec<Put>)> {
        let mut keyring = Keyring::new(book, me.device, me.device, [0; 32])?;
        let epoch = Epoch { number: 1, device: me.device };
        let key = SealKey::generate()?;
        let act = Act::Init {
            author: me.author.clone(),
            keys: keys(&keyring.sign, &keyring.open),
            commitment: commitment(&book, epoch, &key),
        };
        let place = Place { device: me.device, n: 1, before: [0; 32] };
        let body = Body { at: now, seen: BTreeMap::new(), act };
        let (name, bytes, first) = Statement::write(&book, place, body, &[], (epoch, &key), &keyring.sign)?;
        keyring.anchor = first.hash;
        keyring.keys.insert(epoch, key);
        keyring.own.insert(name, bytes.clone());
        Ok((Self::with(keyring)?, vec![(name, bytes)]))
    }

    /// What a keyring knows, and the files that this device made itself; those of the place are still to be taken in.
    pub fn with(keyring: Keyring) -> Result<Self> {
        let members = Members::new(keyring.anchor, keyring.founder);
        let own = keyring.own.clone();
        let mut trust = Self { keyring, members, sealed: BTreeMap::new() };
        for (name, bytes) in &own {
            trust.take(name, bytes)?;
        }
        Ok(trust)
    }

    /// What a place lacks of this device's own statements, joinings and keys. Files of keys always come along, because their names
    /// don't say whether they are whole; putting what is there changes nothing.
    pub fn lacking(&self, there: &[Name]) -> Vec<Put> {
        let there: BTreeSet<&Name> = there.iter().collect();
        let unsure = |name: &Name| matches!(name, Name::Key(_)) || !there.contains(name);
        let own = self.keyring.own.iter().filter(|(name, _)| unsure(name));
        own.map(|(name, bytes)| (*name, bytes.clone())).collect()
    }

    /// Comes in by a code. `files` are the statements, joinings and keys of the place. Nothing is changed if the code does
    /// not let in.
    pub fn join(book: [u8; 16], code: &Code, files: &[Put], me: &Me, now: i64) -> Result<(Self, Vec<Put>)> {
        let code = code.keys(&book)?;
        let mut grants = files.iter().filter_map(|(name, bytes)| {
            let sealed = SealedStatement::read(&book, name, bytes).ok()?;
            let ours = Grant::invite(sealed.open) == Some(code.id);
            ours.then(|| Grant::open(&book, sealed.open, &code.seal).ok()).flatten()
        });
        let grant = grants.next_back().ok_or(CodeError::Wrong)?;
        let mut keyring = Keyring::new(book, me.device, grant.founder, grant.anchor)?;
        keyring.keys = grant.keys;
        keyring.older.push(code.open.clone());
        let mut trust = Self::with(keyring)?;
        for (name, bytes) in files {
            match trust.take(name, bytes) {
                Err(error) if !error.is_bad_file() => return Err(error),
                _ => {}
            }
        }
        trust.lets_in(&code, now)?;
        let claim = Claim {
            by: By::Invite(code.id),
            device: me.device,
            keys: keys(&trust.keyring.sign, &trust.keyring.open),
            author: me.author.clone(),
            name: me.name.clone(),
            at: now,
            last: None,
        };
        let put = trust.come_in(claim, &code.sign)?;
        Ok((trust, vec![put]))
    }

    fn lets_in(&mut self, code: &CodeKeys, now: i64) -> Result<()> {
        let invite = self.members.state().invites.get(&code.id).ok_or(CodeError::Revoked)?;
        let refused = if invite.used.is_some() {
            CodeError::Used
        } else if invite.expires < now {
            CodeError::Expired
        } else if invite.revoked {
            CodeError::Revoked
        } else {
            return Ok(());
        };
        Err(refused.into())
    }

    fn come_in(&mut self, claim: Claim, voucher: &SignKey) -> Result<Put> {
        let device = claim.device;
        let (epoch, key) = self.sealing()?;
        let (name, bytes, join) =
            Join::write(&self.keyring.book, claim, voucher, (epoch, &key), &self.keyring.sign)?;
        self.members.join(join);
        self.keyring.own.insert(name, bytes.clone());
        if self.members.state().devices.contains_key(&device) {
            Ok((name, bytes))
        } else {
            Err(SyncError::Unknown(format!("device {device:016x}")))
        }
    }

    /// Takes a statement, a joining or a file of keys in; true if it was news. Other files are not its business.
    pub fn take(&mut self, name: &Name, bytes: &[u8]) -> Result<bool> {
        let book = self.keyring.book;
        let done = match name {
            Name::Key(_) => {
                let own: Vec<&BoxKey> =
                    std::iter::once(&self.keyring.open).chain(&self.keyring.older).collect();
                let found = read_keys(&book, name, bytes, &own)?;
                return Ok(self.add_keys(found) && self.retry());
            }
            Name::Statement { .. } => {
                let sealed = SealedStatement::read(&book, name, bytes)?;
                let key = self.keyring.keys.get(&sealed.epoch);
                key.map(|key| sealed.open(key)).transpose()?.map(|one| self.members.state_more(one))
            }
            Name::Join { .. } => {
                let sealed = SealedJoin::read(&book, name, bytes)?;
                let key = self.keyring.keys.get(&sealed.epoch);
                key.map(|key| sealed.open(key)).transpose()?.map(|one| self.members.join(one))
            }
            _ => return Ok(false),
        };
        if done.is_none() {
            self.sealed.insert(*name, bytes.to_vec());
        }
        Ok(done.unwrap_or_default())
    }

    /// Keeps keys that are new, and those that a statement commits to where another was kept.
    fn add_keys(&mut self, found: EpochKeys) -> bool {
        let mut news = false;
        for (epoch, key) in found {
            let right = self.members.state().epochs.get(&epoch).map(|epoch| epoch.commitment);
            let fits =
                |key: &SealKey| right.is_none_or(|right| commitment(&self.keyring.book, epoch, key) == right);
            if fits(&key) && self.keyring.keys.get(&epoch).is_none_or(|old| !fits(old)) {
                self.keyring.keys.insert(epoch, key);
                news = true;
            }
        }
        news
    }

    /// Tries again what could not be opened.
    fn retry(&mut self) -> bool {
        let mut news = false;
        for (name, bytes) in std::mem::take(&mut self.sealed) {
            news |= self.take(&name, &bytes).unwrap_or_default();
        }
        news
    }

    /// Who is a member and what counts.
    pub fn state(&mut self) -> &State {
        self.members.state()
    }

    /// What this device may do now.
    pub fn role(&mut self) -> Option<Role> {
        let device = self.keyring.device;
        self.members.state().role(device)
    }

    /// How many statements and joinings can't be opened for want of a key.
    pub fn unopened(&self) -> usize {
        self.sealed.len()
    }

    /// The key of an epoch, if it is the one that a statement commits to.
    fn key(&mut self, epoch: Epoch) -> Result<SealKey> {
        let right = self.members.state().epochs.get(&epoch).map(|epoch| epoch.commitment);
        let key = self.keyring.keys.get(&epoch);
        key.filter(|key| right == Some(commitment(&self.keyring.book, epoch, key)))
            .cloned()
            .ok_or_else(|| SyncError::NoKey(epoch.to_string()))
    }

    /// What is written now is sealed with this.
    fn sealing(&mut self) -> Result<(Epoch, SealKey)> {
        if let Some(epoch) = self.members.state().epoch()
            && let Ok(key) = self.key(epoch)
        {
            return Ok((epoch, key));
        }
        // A member whom the newest key has not reached yet writes under the newest that they have.
        let known: Vec<Epoch> = self.keyring.keys.keys().rev().copied().collect();
        let usable = known.into_iter().find_map(|epoch| Some((epoch, self.key(epoch).ok()?)));
        usable.ok_or_else(|| SyncError::NoKey("any".to_owned()))
    }

    fn say(&mut self, act: Act, open: &[u8], now: i64) -> Result<Put> {
        let (place, seen) = self.members.next(self.keyring.device);
        let (epoch, key) = self.sealing()?;
        let body = Body { at: now, seen, act };
        let (name, bytes, one) =
            Statement::write(&self.keyring.book, place, body, open, (epoch, &key), &self.keyring.sign)?;
        self.members.state_more(one);
        self.keyring.own.insert(name, bytes.clone());
        Ok((name, bytes))
    }

    /// Whether this device speaks as an admin, and the others know it.
    /// Whether this device may let in, take out and give roles; an error that says why not.
    pub fn must_be_admin(&mut self) -> Result<()> {
        let device = self.keyring.device;
        let admitted = self.state().devices.get(&device).is_some_and(|info| info.admitted);
        match self.role() {
            Some(Role::Admin) if admitted => Ok(()),
            Some(Role::Admin) => Err(SyncError::NotAdmitted),
            _ => Err(SyncError::NotAllowed),
        }
    }

    /// Whom a name means: a member who is called so or, for whoever says it, themselves under the name that they work by.
    pub fn member_called(&mut self, name: &str) -> Option<(String, Role)> {
        let device = self.keyring.device;
        let state = self.members.state();
        let mine = state.devices.get(&device).filter(|info| !name.is_empty() && info.author == name);
        let id = state.named(name).first().copied().or(mine.map(|info| info.member))?;
        let member = state.members.get(&id)?;
        Some((member.name.clone(), member.role()?))
    }

    /// Makes a code that lets one device in.
    pub fn invite(&mut self, offer: &Offer, now: i64) -> Result<(Code, Vec<Put>)> {
        self.must_be_admin()?;
        let code = Code::generate()?;
        let keys_of_code = code.keys(&self.keyring.book)?;
        let member =
            if offer.name.is_empty() { None } else { self.state().named(&offer.name).first().copied() };
        let epochs: Vec<Epoch> = self.keyring.keys.keys().copied().collect();
        let mut keys_so_far = EpochKeys::new();
        for epoch in epochs {
            if let Ok(key) = self.key(epoch) {
                keys_so_far.insert(epoch, key);
            }
        }
        let act = Act::Invite {
            id: keys_of_code.id,
            member,
            role: offer.role,
            name: offer.name.clone(),
            expires: offer.expires,
            keys: keys(&keys_of_code.sign, &keys_of_code.open),
            epochs: keys_so_far.keys().copied().collect(),
        };
        let (anchor, founder) = (self.keyring.anchor, self.keyring.founder);
        let grant = Grant { anchor, founder, keys: keys_so_far };
        let open = grant.seal(&self.keyring.book, &keys_of_code.id, &keys_of_code.seal)?;
        let put = self.say(act, &open, now)?;
        Ok((code, vec![put]))
    }

    /// Takes an invitation back that nobody was admitted by.
    pub fn revoke(&mut self, invite: [u8; 16], now: i64) -> Result<Vec<Put>> {
        self.must_be_admin()?;
        Ok(vec![self.say(Act::Revoke { invite }, &[], now)?])
    }

    /// Gives a member another role. `last` is the last row of each of their devices that this one has taken in.
    pub fn set_role(
        &mut self,
        member: MemberId,
        role: Role,
        last: BTreeMap<Device, i64>,
        now: i64,
    ) -> Result<Vec<Put>> {
        self.must_be_admin()?;
        self.must_know(member)?;
        if role != Role::Admin && self.is_last_admin(member) {
            return Err(SyncError::LastAdmin);
        }
        Ok(vec![self.say(Act::Role { member, role, last }, &[], now)?])
    }

    /// Takes a member out and begins an epoch that they have no key of. `last` as for `set_role`.
    pub fn remove(&mut self, member: MemberId, last: BTreeMap<Device, i64>, now: i64) -> Result<Vec<Put>> {
        self.must_be_admin()?;
        self.must_know(member)?;
        self.must_not_desert(member)?;
        let mut puts = vec![self.say(Act::Remove { member, last }, &[], now)?];
        // Who removes themselves leaves that to the others.
        if self.must_be_admin().is_ok() {
            puts.extend(self.begin_epoch(now)?);
        }
        Ok(puts)
    }

    fn must_know(&mut self, member: MemberId) -> Result<()> {
        let known = self.state().members.get(&member).is_some_and(|member| member.role().is_some());
        if known { Ok(()) } else { Err(SyncError::Unknown(super::hex::write(&member))) }
    }

    fn is_last_admin(&mut self, member: MemberId) -> bool {
        let members = &self.state().members;
        let is_admin = |id: &MemberId| members.get(id).is_some_and(|one| one.role() == Some(Role::Admin));
        is_admin(&member) && !members.keys().any(|id| *id != member && is_admin(id))
    }

    /// Without an admin nobody could ever be let in or taken out again: the last one can't go while others are there.
    fn must_not_desert(&mut self, member: MemberId) -> Result<()> {
        let others = self.state().members.iter().any(|(id, one)| *id != member && one.role().is_some());
        if others && self.is_last_admin(member) { Err(SyncError::LastAdmin) } else { Ok(()) }
    }

    /// Goes. The last admin can't. `last` is the last row of each of the member's devices.
    pub fn leave(&mut self, last: BTreeMap<Device, i64>, now: i64) -> Result<Vec<Put>> {
        let device = self.keyring.device;
        if let Some(member) = self.state().devices.get(&device).map(|info| info.member) {
            self.must_not_desert(member)?;
        }
        Ok(vec![self.say(Act::Leave { last }, &[], now)?])
    }

    /// Begins an epoch: a new key, wrapped for all who are members now.
    pub fn begin_epoch(&mut self, now: i64) -> Result<Vec<Put>> {
        self.must_be_admin()?;
        let (book, device) = (self.keyring.book, self.keyring.device);
        let last = self.state().epochs.keys().map(|epoch| epoch.number).max().unwrap_or_default();
        let number = last.checked_add(1).ok_or(SyncError::Damaged("there are no more epochs"))?;
        let (id, key) = (Epoch { number, device }, SealKey::generate()?);
        let recipients: BTreeSet<_> = self.state().recipients(now);
        let file = write_keys(&book, (id, &key), &recipients, &self.keyring.keys, &self.keyring.sign)?;
        let commitment = commitment(&book, id, &key);
        // Said under the key before, which everybody has who has the new one.
        self.keyring.own.insert(file.0, file.1.clone());
        let said = self.say(Act::Epoch { id, commitment, recipients }, &[], now)?;
        self.keyring.keys.insert(id, key);
        Ok(vec![file, said])
    }

    /// What an admin's device does unasked: settles who came in, takes back what is over, begins an epoch where somebody outside
    /// has the key or a member lacks it. Nothing from others.
    pub fn duties(&mut self, now: i64) -> Result<Vec<Put>> {
        let mut puts = Vec::new();
        if self.must_be_admin().is_err() {
            return Ok(puts);
        }
        for (invite, join) in self.state().to_admit() {
            puts.push(self.say(Act::Admit { invite, join }, &[], now)?);
        }
        for invite in self.state().to_revoke(now) {
            puts.push(self.say(Act::Revoke { invite }, &[], now)?);
        }
        if self.state().wants_epoch() {
            puts.extend(self.begin_epoch(now)?);
        }
        Ok(puts)
    }

    /// Takes a new id for this device, because its book was set back or copied; the old one vouches for it. Rows go on from 1.
    /// If another device goes on under the old one, `last` is the last row that both have. The keys follow from the old ones and
    /// the id: should the disk be copied before, both copies say the same.
    pub fn replace_device(&mut self, me: &Me, last: Option<i64>, now: i64) -> Result<Vec<Put>> {
        let old = (self.keyring.device, self.keyring.sign.clone(), self.keyring.open.clone());
        let mut new = Keyring::new(self.keyring.book, me.device, self.keyring.founder, self.keyring.anchor)?;
        new.sign = old.1.next(&me.device.to_be_bytes());
        new.open = old.2.next(&me.device.to_be_bytes());
        new.place = self.keyring.place.clone();
        new.at = self.keyring.at.clone();
        new.older = std::mem::take(&mut self.keyring.older);
        new.older.push(old.2);
        new.former = std::mem::take(&mut self.keyring.former);
        new.former.insert(old.0, old.1.clone());
        new.left = std::mem::take(&mut self.keyring.left);
        let tip = Tip { seq: self.keyring.published, hash: self.keyring.tip };
        // Otherwise what came after is written anew already.
        if last.is_none() && tip.seq > 0 && tip.hash != [0; 32] {
            new.left.insert(old.0, tip);
        }
        new.keys = std::mem::take(&mut self.keyring.keys);
        new.heads = std::mem::take(&mut self.keyring.heads);
        new.ignored = std::mem::take(&mut self.keyring.ignored);
        new.own = std::mem::take(&mut self.keyring.own);
        self.keyring = new;
        let claim = Claim {
            by: By::Device(old.0),
            device: me.device,
            keys: keys(&self.keyring.sign, &self.keyring.open),
            author: me.author.clone(),
            name: me.name.clone(),
            at: now,
            last,
        };
        Ok(vec![self.come_in(claim, &old.1)?])
    }

    /// Seals rows of this device, or of one whose place it took; `before` is the hash of the row before the first.
    pub fn seal_rows(&mut self, rows: &[Row], before: [u8; 32]) -> Result<Put> {
        let members = self.state().frontier.clone();
        self.seal_rows_by(rows, before, members)
    }

    /// The same by a membership that was: rows that are sealed anew count as they did.
    pub fn seal_rows_by(&mut self, rows: &[Row], before: [u8; 32], members: Frontier) -> Result<Put> {
        let (epoch, key) = self.sealing()?;
        let former = rows.first().and_then(|row| self.keyring.former.get(&row.device));
        let signer = former.unwrap_or(&self.keyring.sign);
        segment::seal(&self.keyring.book, rows, before, members, (epoch, &key), signer)
    }

    /// Opens a segment. Whether its rows count is another question: see `verdict`.
    pub fn open_rows(&mut self, name: &Name, bytes: &[u8]) -> Result<(segment::Header, Vec<Row>)> {
        let sealed = segment::Sealed::read(&self.keyring.book, name, bytes)?;
        let signer = self.signer(sealed.header.device)?;
        let key = self.key(sealed.header.epoch)?;
        let rows = sealed.open(&signer.sign, &key)?;
        Ok((sealed.header, rows))
    }

    /// Whether a row counts, by the membership that its segment names.
    pub fn verdict(&mut self, device: Device, seq: i64, named: &Frontier) -> Verdict {
        self.state().accepts(device, seq, named)
    }

    /// Seals this device's head.
    pub fn seal_head(&mut self, head: &Head) -> Result<Put> {
        let (epoch, key) = self.sealing()?;
        head::seal(&self.keyring.book, self.keyring.device, head, (epoch, &key), &self.keyring.sign)
    }

    /// Opens a device's head.
    pub fn open_head(&mut self, name: &Name, bytes: &[u8]) -> Result<(Device, Head)> {
        let sealed = head::Sealed::read(&self.keyring.book, name, bytes)?;
        let signer = self.signer(sealed.device)?;
        let key = self.key(sealed.epoch)?;
        Ok((sealed.device, sealed.open(&signer.sign, &key)?))
    }

    fn signer(&mut self, device: Device) -> Result<Keys> {
        let info = self.state().devices.get(&device).map(|info| info.keys);
        info.ok_or_else(|| SyncError::Unknown(format!("device {device:016x}")))
    }
}

fn keys(sign: &SignKey, open: &BoxKey) -> Keys {
    Keys { sign: sign.public(), open: open.public() }
}
