//! Devices, their books and the cloud between them, and what commands do to them.

mod faults;
mod team;

use super::history::Random;
use super::history::{Command, History, REPLICAS};
use super::truth::{Set, Truth};
use super::work::{Step, meta, pick, run};
use chrono::DateTime;
use rolo::clock::Clock;
use rolo::model::edit::{Blind, Edit, New};
use rolo::model::schema::Kind;
use rolo::model::value::Value;
use rolo::store::entropy::Entropy;
use rolo::store::{Result as StoreResult, Store};
use rolo::sync::SyncError;
use rolo::sync::engine::{Engine, Outcome};
use rolo::sync::files::cloud::{Cloud, Faults, Memory};
use rolo::sync::files::faults::{At, Crashing};
use rolo::sync::files::{Files, TEMPORARY};
use rolo::sync::keyring::Keyring;
use rolo::sync::luck;
use rolo::sync::members::Role;
use rolo::sync::names::Name;
use rolo::sync::remote;
use rolo::sync::trust::{Me, Offer, Trust};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use team::{Template, engine};
use tempfile::TempDir;

const BOOK: [u8; 16] = [0x51; 16];

/// What the cloud carries.
const ROOT: &str = "/cloud";

/// Where each device keeps its keys: outside.
const KEYS: &str = "/home/keys";

const START: i64 = 1_790_000_000_000;

const DAY: i64 = 86_400_000;

/// How often the cloud errs on its way.
const FAULTS: Faults = Faults { partial: 3, flipped: 3, duplicate: 2, delay: 15 };

/// What versions don't know: this one, the one before, and the one before that.
const VERSIONS: [Blind; 3] =
    [&[], &["interaction", "participant"], &["interaction", "participant", "contact.title"]];

/// What happened in a history.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) crash: usize,
    pub(super) partial: usize,
    pub(super) flipped: usize,
    pub(super) deleted: usize,
    pub(super) copy: usize,
    pub(super) duplicate: usize,
    pub(super) delay: usize,
    pub(super) reorder: usize,
    pub(super) clock: usize,
    pub(super) restored: usize,
    pub(super) lost: usize,
    pub(super) cloned: usize,
    pub(super) versions: usize,
    pub(super) identities: usize,
    pub(super) syncs: usize,
    pub(super) writes: usize,
}

impl Seen {
    /// The faults that did not happen.
    pub(super) fn lacks(&self) -> Vec<&'static str> {
        let all = [
            ("crash", self.crash),
            ("duplicate", self.duplicate),
            ("reorder", self.reorder),
            ("delay", self.delay),
            ("partial file", self.partial),
            ("flipped bit", self.flipped),
            ("deleted segment", self.deleted),
            ("conflicted copy", self.copy),
            ("clock off by years", self.clock),
            ("restored back-up", self.restored),
            ("lost state", self.lost),
            ("cloned device", self.cloned),
            ("versions", self.versions),
        ];
        all.into_iter().filter(|(_, count)| *count == 0).map(|(name, _)| name).collect()
    }
}

/// A book's files.
#[derive(Clone, Default)]
struct Saved {
    book: Vec<u8>,
    wal: Vec<u8>,
}

pub(super) struct Replica {
    store: Option<Store>,
    folder: PathBuf,
    name: String,
    /// How far its clock is off, ms.
    off: i64,
    version: usize,
    backup: Option<Saved>,
    /// For how many turns the cloud does not reach it.
    offline: u8,
    pub(super) has: Set,
}

impl Replica {
    pub(super) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    pub(super) fn store_mut(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    fn book(&self) -> PathBuf {
        self.folder.join("book.rolo")
    }

    fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// What was committed of the book, as it lies on the disk.
    fn saved(&self) -> Saved {
        let wal = std::fs::read(self.folder.join("book.rolo-wal")).unwrap_or_default();
        Saved { book: std::fs::read(self.book()).unwrap(), wal }
    }

    fn put_book(&self, saved: &Saved) {
        let _ = std::fs::remove_file(self.folder.join("book.rolo-shm"));
        std::fs::write(self.book(), &saved.book).unwrap();
        std::fs::write(self.folder.join("book.rolo-wal"), &saved.wal).unwrap();
    }
}

pub(super) struct World {
    _home: TempDir,
    pub(super) replicas: Vec<Replica>,
    pub(super) cloud: Cloud,
    place: PathBuf,
    pub(super) truth: Truth,
    /// Rows that went with a disk before anybody else had them.
    pub(super) lost: Set,
    pub(super) seen: Seen,
    random: Random,
    /// Stores that were opened so far: each draws other random numbers.
    opened: u64,
    pub(super) seed: u64,
    now: i64,
    /// The shared file as it was before.
    older: Option<Vec<u8>>,
    /// What faults took from the place of each device's own: path and bytes.
    trash: Vec<(PathBuf, Vec<u8>)>,
    cloned: bool,
}

fn clock(millis: i64) -> Clock {
    Clock::fixed(DateTime::from_timestamp_millis(millis).unwrap().fixed_offset())
}

/// Where nothing waits for a disk, if there is such a place.
fn quick_folder() -> TempDir {
    let shm = Path::new("/dev/shm");
    let make = tempfile::Builder::new().prefix("rolo-simulation-").tempdir_in(shm);
    make.or_else(|_| tempfile::tempdir()).unwrap()
}

fn place(file: bool) -> PathBuf {
    Path::new(ROOT).join(if file { "team.rolo" } else { "team" })
}

impl World {
    pub(super) fn new(history: &History) -> Self {
        let template = Template::of(history.file);
        luck::seed(Some(history.seed + 1));
        let home = quick_folder();
        let cloud = template.cloud.lock().unwrap().copied(history.seed + 1, FAULTS);
        let mut world = Self {
            replicas: Vec::new(),
            cloud,
            place: place(history.file),
            truth: Truth::default(),
            lost: Set::default(),
            seen: Seen { versions: 1, ..Seen::default() },
            random: Random(history.seed),
            opened: 0,
            seed: history.seed,
            now: START,
            older: None,
            trash: Vec::new(),
            cloned: false,
            _home: home,
        };
        world.older = world.cloud.files(0).read(&world.place, 1 << 30).ok();
        for at in 0..REPLICAS {
            let folder = world._home.path().join(at.to_string());
            std::fs::create_dir_all(folder.join("state/devices")).unwrap();
            let replica = Replica {
                store: None,
                folder,
                name: format!("device {at}"),
                off: 0,
                version: history.behind[at],
                backup: Some(template.books[at].clone()),
                offline: 0,
                has: Set::default(),
            };
            replica.put_book(&template.books[at]);
            world.replicas.push(replica);
            world.put_identity(at, &template.identities[at]);
            world.open(at);
        }
        world
    }

    fn identity_file(&self, at: usize) -> PathBuf {
        let replica = &self.replicas[at];
        rolo::store::device::file(&replica.book(), &replica.state(), &BOOK)
    }

    fn put_identity(&self, at: usize, bytes: &[u8]) {
        std::fs::write(self.identity_file(at), bytes).unwrap();
    }

    fn entropy(&mut self) -> Entropy {
        self.opened += 1;
        Entropy::seeded(self.seed.wrapping_mul(1 << 40).wrapping_add((self.opened + 100) << 24))
    }

    fn open(&mut self, at: usize) {
        let entropy = self.entropy();
        let replica = &self.replicas[at];
        let clock = clock(self.now + replica.off);
        let blind = VERSIONS[replica.version];
        let store = Store::open_as(&replica.book(), &replica.state(), clock, entropy, blind).unwrap();
        let has = self.truth.has(store.conn());
        self.replicas[at].has = has;
        self.replicas[at].store = Some(store);
    }

    pub(super) fn run(&mut self, commands: &[Command]) {
        for command in commands {
            self.now += 41_000;
            self.command(command);
        }
        let done = self.cloud.done();
        self.seen.partial += done.partial;
        self.seen.flipped += done.flipped;
        self.seen.duplicate += done.duplicate;
        self.seen.delay += done.delay;
        self.seen.reorder += done.reorder;
        self.seen.copy += done.conflicts;
    }

    /// From now on the cloud carries everything as it is.
    pub(super) fn without_faults(&mut self) {
        self.cloud.set_faults(Faults::default());
    }

    /// Cuts the segments short that lie at a device of an identity.
    pub(super) fn cut_segments(&mut self, who: usize, of: u64) -> usize {
        let folder = format!("/d/{of:016x}/");
        let cut = self.files_of(who, |path| {
            path.to_string_lossy().contains(&folder) && path.extension().is_some_and(|ending| ending == "seg")
        });
        for (path, bytes) in &cut {
            self.cloud.files(who).alter(path, Some(&bytes[..bytes.len() / 2]));
        }
        cut.len()
    }

    fn who(&self, who: usize) -> usize {
        who % self.replicas.len()
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Work(who, step) => {
                let who = self.who(*who);
                if self.knows(who, step) {
                    self.write(who, |store| run(store, step).map(|receipt| receipt.batch));
                }
            }
            Command::Erase(who, which) => {
                let who = self.who(*who);
                self.write(who, |store| {
                    let done = store.write(&meta(), |tx| -> StoreResult<()> {
                        if let Some(place) = pick(tx.conn(), Kind::Contact, *which) {
                            let at = tx.at(place)?;
                            // What has its id from its name could never be made again.
                            if at.id.uid().is_some_and(|uid| uid[6] >> 4 == 7) {
                                tx.push(Edit::Erase(at))?;
                            }
                        }
                        Ok(())
                    });
                    done.map(|(_, receipt)| receipt.batch)
                });
            }
            Command::Import(who, count) => {
                let who = self.who(*who);
                self.write(who, |store| {
                    let done = store.write(&meta(), |tx| -> StoreResult<()> {
                        for at in 0..*count {
                            let method = New::of(Kind::Method)
                                .with("type", Value::text("email"))
                                .with("value", Value::text(format!("i{at}@acme.example")));
                            let mut new =
                                New::of(Kind::Contact).with("name", Value::text(format!("imported {at}")));
                            new.children.push(method);
                            tx.create(new)?;
                        }
                        Ok(())
                    });
                    done.map(|(_, receipt)| receipt.batch)
                });
            }
            Command::Sync(who) => {
                let who = self.who(*who);
                drop(self.sync(who));
            }
            Command::Carry(who, files) => {
                let who = self.who(*who);
                self.carry(who, *files);
            }
            Command::Crash { who, step, at, power } => {
                let who = self.who(*who);
                self.crash_somewhere(who, *step, *at, *power);
            }
            Command::Offline(who, turns) => {
                let who = self.who(*who);
                self.replicas[who].offline = *turns;
                self.seen.delay += 1;
            }
            Command::Partial(who, which) => self.damage(*who, *which, |bytes, random| {
                bytes.truncate(random.below(bytes.len()));
            }),
            Command::Flipped(who, which) => self.damage(*who, *which, |bytes, random| {
                let (at, bit) = (random.below(bytes.len()), random.below(8));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }),
            Command::Deleted(who, which) => self.delete(*who, *which),
            Command::Copy(who, which) => self.look_alike(*who, *which, " (conflicted copy 7)"),
            Command::Duplicate(who, which) => self.look_alike(*who, *which, " (1)"),
            Command::Clock(who, days) => {
                let who = self.who(*who);
                self.replicas[who].off = days * DAY;
                self.seen.clock += usize::from(days.abs() > 700);
            }
            Command::Backup(who) => {
                let who = self.who(*who);
                self.replicas[who].backup = Some(self.replicas[who].saved());
                // A moment at which there is none leaves the one before.
                self.older = self.cloud.files(who).read(&self.place, 1 << 30).ok().or(self.older.take());
            }
            Command::Restore { who, all } => {
                let who = self.who(*who);
                if *all { self.join_anew(who) } else { self.restore(who) }
            }
            Command::Clone(who) => self.clone_replica(*who),
            Command::Upgrade(who) => {
                let who = self.who(*who);
                self.upgrade(who, self.replicas[who].version.saturating_sub(1));
            }
        }
    }

    /// Whether a device's version can do that.
    fn knows(&self, who: usize, step: &Step) -> bool {
        let version = self.replicas[who].version;
        match step {
            Step::Log(..) | Step::EditInteraction(..) | Step::Undo(_) => version == 0,
            Step::Title(..) | Step::Bulk(_) => version < 2,
            _ => true,
        }
    }

    pub(super) fn upgrade(&mut self, who: usize, version: usize) {
        let replica = &mut self.replicas[who];
        if version < replica.version {
            replica.version = version;
            replica.store_mut().pretend_older(VERSIONS[version]);
            replica.store_mut().catch_up().unwrap();
        }
    }

    fn write(&mut self, who: usize, work: impl FnOnce(&mut Store) -> StoreResult<i64>) {
        let now = clock(self.now + self.replicas[who].off);
        let replica = &mut self.replicas[who];
        let store = replica.store.as_mut().unwrap();
        store.set_clock(now);
        let batch = work(store).unwrap_or_else(|error| panic!("device {who} can't work: {error}"));
        if batch > 0 {
            self.seen.writes += 1;
            self.truth.wrote(store.conn(), batch, &mut replica.has);
        }
    }

    fn carry(&mut self, who: usize, files: u8) {
        if self.replicas[who].offline > 0 {
            self.replicas[who].offline -= 1;
            return;
        }
        for _ in 0..files {
            if !self.cloud.step(who) {
                break;
            }
        }
    }

    /// Syncs; what the place itself is at fault for is no failure.
    pub(super) fn sync(&mut self, who: usize) -> Result<Outcome, SyncError> {
        let files: Arc<dyn Files> = self.cloud.files(who);
        let done = self.sync_with(who, files);
        let files = 1 + self.random.below(8) as u8;
        self.carry(who, files);
        if let Err(error) = &done {
            let gone = |kind| kind == std::io::ErrorKind::NotFound;
            let tolerated = error.is_bad_file()
                || matches!(error, SyncError::NotShared(_) | SyncError::NoKey(_) | SyncError::Unknown(_))
                || matches!(error, SyncError::Io { source, .. } if gone(source.kind()));
            assert!(tolerated, "device {who} can't sync: {error}");
        }
        done
    }

    fn sync_with(&mut self, who: usize, files: Arc<dyn Files>) -> Result<Outcome, SyncError> {
        let now = self.now + self.replicas[who].off;
        let replica = &mut self.replicas[who];
        let (name, store) = (replica.name.clone(), replica.store.as_mut().unwrap());
        store.set_clock(clock(now));
        let device = store.device();
        let done = engine(store, files, &self.place, &name, now).and_then(|mut engine| engine.sync());
        self.seen.syncs += 1;
        self.seen.identities += usize::from(replica.store().device() != device);
        let has = self.truth.has(replica.store().conn());
        replica.has = has;
        done
    }

    /// Who has which rows, and which wait.
    pub(super) fn stands(&self) -> String {
        let mut text = String::new();
        for (at, replica) in self.replicas.iter().enumerate() {
            let store = replica.store();
            text.push_str(&format!("\n  device {at} = {:016x} has", store.device()));
            for (device, seq) in store.vector().unwrap() {
                text.push_str(&format!(" {:04x}:{seq}", device >> 48));
            }
            let mut statement = store
                .conn()
                .prepare(
                    "select hex(device), min(seq), max(seq), count(*) from local_waiting group by device",
                )
                .unwrap();
            let waiting = statement.query_map([], |row| {
                let (device, first, last, count): (String, i64, i64, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(format!("{}:{first}-{last} ({count})", &device[..4]))
            });
            let waiting: Vec<String> = waiting.unwrap().map(|row| row.unwrap()).collect();
            text.push_str(&format!("; waiting {waiting:?}"));
        }
        let files = self.files_of(0, |path| path.extension().is_some_and(|ending| ending == "seg"));
        let names = files.iter().map(|(path, bytes)| {
            let text = path.to_string_lossy();
            let parts: Vec<&str> = text.split('/').collect();
            let name = Name::parse(&parts[3..].join("/"));
            let good = name.is_some_and(|name| name.check(bytes).is_ok());
            let (device, file) = (parts[4], parts[6].split('-').take(2).collect::<Vec<_>>().join("-"));
            format!("{}/{file}{}", &device[..4], if good { "" } else { " BAD" })
        });
        let names: Vec<String> = names.collect();
        text.push_str(&format!("\n  segments at device 0: {names:?}"));
        text
    }

    /// All faults end: everything is carried, all have the newest version, and everybody syncs until there is nothing more to say.
    pub(super) fn heal(&mut self) -> Result<(), String> {
        self.cloud.set_faults(Faults::default());
        for who in 0..self.replicas.len() {
            self.replicas[who].offline = 0;
            self.upgrade(who, 0);
        }
        self.mend();
        if self.seen.crash == 0 {
            // Whenever it was to crash, the place could not even be read.
            self.cloud.settle();
            self.crash_somewhere(0, 2, At::Middle, false);
        }
        let mut last = Vec::new();
        for _ in 0..14 {
            self.now += 60_000;
            let mut busy = self.cloud.settle();
            last.clear();
            for who in 0..self.replicas.len() {
                match self.sync(who) {
                    Ok(out) => {
                        busy |= out.sent + out.received > 0;
                        last.push(format!("{who}: {} {} {:?}", out.sent, out.received, out.warnings));
                    }
                    Err(error) => {
                        busy = true;
                        last.push(format!("{who}: {error}"));
                    }
                }
            }
            busy |= self.cloud.settle();
            if !busy {
                return Ok(());
            }
        }
        Err(format!("the devices never come to rest: {last:#?}; {}", self.stands()))
    }
}
