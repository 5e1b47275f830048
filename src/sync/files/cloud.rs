//! Files in memory, and a cloud that carries them between devices the way sync tools do: late, in any order, in pieces, twice, with
//! flipped bits and conflicted copies. Everything follows from a seed.

use super::{Entry, Files, Kind, TEMPORARY};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Bytes = Arc<Vec<u8>>;

#[derive(Clone)]
struct Node {
    bytes: Bytes,
    /// On the disk, should the power fail.
    synced: bool,
}

#[derive(Default)]
struct Tree {
    live: BTreeMap<PathBuf, Node>,
    /// The names that would be there after a power cut.
    durable: BTreeMap<PathBuf, Bytes>,
    folders: BTreeSet<PathBuf>,
    /// Changed here, and not by the cloud.
    dirty: BTreeSet<PathBuf>,
}

/// Files in memory that know what a power cut would leave of them.
#[derive(Default)]
pub struct Memory(Mutex<Tree>);

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_found() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl Memory {
    /// The power fails: names that were not made last are as before, and files that were not are cut in half.
    pub fn power_cut(&self) {
        let tree = &mut *lock(&self.0);
        let was = std::mem::take(&mut tree.live);
        let halved = |path: &PathBuf, bytes: &Bytes| {
            let safe =
                was.values().find(|node| Arc::ptr_eq(&node.bytes, bytes)).is_none_or(|node| node.synced);
            let kept = if safe { bytes.to_vec() } else { bytes[..bytes.len() / 2].to_vec() };
            (path.clone(), Node { bytes: Arc::new(kept), synced: true })
        };
        let left: BTreeMap<PathBuf, Node> =
            tree.durable.iter().map(|(path, bytes)| halved(path, bytes)).collect();
        tree.durable = left.iter().map(|(path, node)| (path.clone(), node.bytes.clone())).collect();
        tree.live = left;
    }

    /// Puts bytes there past everything, as a sync tool or an attacker does.
    pub fn set(&self, path: &Path, bytes: &[u8]) {
        let tree = &mut *lock(&self.0);
        let node = Node { bytes: Arc::new(bytes.to_vec()), synced: true };
        tree.folders.extend(path.ancestors().skip(1).map(Path::to_owned));
        tree.durable.insert(path.to_owned(), node.bytes.clone());
        tree.live.insert(path.to_owned(), node);
    }

    /// Takes a file away in the same manner.
    pub fn unset(&self, path: &Path) {
        let tree = &mut *lock(&self.0);
        tree.live.remove(path);
        tree.durable.remove(path);
    }

    /// All files with their bytes.
    pub fn all(&self) -> Vec<(PathBuf, Vec<u8>)> {
        lock(&self.0).live.iter().map(|(path, node)| (path.clone(), node.bytes.to_vec())).collect()
    }

    fn get(&self, path: &Path) -> Option<Bytes> {
        lock(&self.0).live.get(path).map(|node| node.bytes.clone())
    }
}

impl Files for Memory {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let bytes = self.get(path).ok_or_else(not_found)?;
        if bytes.len() > most {
            Err(io::Error::from(io::ErrorKind::FileTooLarge))
        } else {
            Ok(bytes.to_vec())
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let tree = lock(&self.0);
        if !tree.folders.contains(folder) {
            return Err(not_found());
        }
        let below = |path: &PathBuf, kind| {
            let name = path.file_name()?.to_str()?.to_owned();
            (path.parent() == Some(folder)).then_some(Entry { name, kind })
        };
        let files = tree.live.keys().filter_map(|path| below(path, Kind::File));
        Ok(files.chain(tree.folders.iter().filter_map(|path| below(path, Kind::Folder))).collect())
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        let tree = lock(&self.0);
        let file = tree.live.contains_key(path).then_some(Kind::File);
        Ok(file.or_else(|| tree.folders.contains(path).then_some(Kind::Folder)))
    }

    fn make_folder(&self, path: &Path, _: bool) -> io::Result<()> {
        lock(&self.0).folders.extend(path.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn write_new(&self, path: &Path, bytes: &[u8], _: bool) -> io::Result<()> {
        let tree = &mut *lock(&self.0);
        if !path.parent().is_some_and(|folder| tree.folders.contains(folder)) {
            return Err(not_found());
        }
        if tree.live.contains_key(path) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists));
        }
        tree.live.insert(path.to_owned(), Node { bytes: Arc::new(bytes.to_vec()), synced: false });
        tree.dirty.insert(path.to_owned());
        Ok(())
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        lock(&self.0).live.get_mut(path).ok_or_else(not_found)?.synced = true;
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let tree = &mut *lock(&self.0);
        tree.durable.retain(|path, _| path.parent() != Some(folder));
        let here = tree.live.iter().filter(|(path, _)| path.parent() == Some(folder));
        tree.durable.extend(here.map(|(path, node)| (path.clone(), node.bytes.clone())));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let tree = &mut *lock(&self.0);
        let node = tree.live.remove(from).ok_or_else(not_found)?;
        tree.live.insert(to.to_owned(), node);
        tree.dirty.extend([from.to_owned(), to.to_owned()]);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let tree = &mut *lock(&self.0);
        tree.live.remove(path).ok_or_else(not_found)?;
        tree.dirty.insert(path.to_owned());
        Ok(())
    }
}

/// What the cloud does to files on their way; each with a chance of so many in 100.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Only a part arrives at first.
    pub partial: u32,
    /// It arrives with a bit flipped at first.
    pub flipped: u32,
    /// A second copy appears under a name like `x (1).seg`.
    pub duplicate: u32,
    /// It is put off.
    pub delay: u32,
}

struct Device {
    files: Arc<Memory>,
    /// Which version of each path it has.
    base: BTreeMap<PathBuf, u64>,
}

/// A cloud between devices, each with a folder of its own in memory.
pub struct Cloud {
    devices: Vec<Device>,
    /// Version and bytes; `None` for what was deleted.
    server: BTreeMap<PathBuf, (u64, Option<Bytes>)>,
    faults: Faults,
    rng: u64,
    conflicts: usize,
}

impl Cloud {
    /// Between so many devices.
    pub fn new(devices: usize, seed: u64, faults: Faults) -> Self {
        let device = |_| Device { files: Arc::new(Memory::default()), base: BTreeMap::new() };
        let devices = (0..devices).map(device).collect();
        let rng = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self { devices, server: BTreeMap::new(), faults, rng, conflicts: 0 }
    }

    /// A device's files.
    pub fn files(&self, device: usize) -> Arc<Memory> {
        self.devices[device].files.clone()
    }

    /// How many conflicted copies it has made.
    pub const fn conflicts(&self) -> usize {
        self.conflicts
    }

    fn random(&mut self, below: usize) -> usize {
        self.rng ^= self.rng << 13;
        self.rng ^= self.rng >> 7;
        self.rng ^= self.rng << 17;
        (self.rng >> 11) as usize % below.max(1)
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random(100) < percent as usize
    }

    /// Carries one change of a device up, or one down to it; false if there is nothing to carry.
    pub fn step(&mut self, device: usize) -> bool {
        let up: Vec<PathBuf> = lock(&self.devices[device].files.0).dirty.iter().cloned().collect();
        if !up.is_empty() {
            let path = up[self.random(up.len())].clone();
            self.upload(device, &path);
            return true;
        }
        let here = &self.devices[device];
        let newer =
            |(path, (version, _)): &(&PathBuf, &(u64, Option<Bytes>))| here.base.get(*path) != Some(version);
        let down: Vec<PathBuf> = self.server.iter().filter(newer).map(|(path, _)| path.clone()).collect();
        if down.is_empty() {
            return false;
        }
        let path = down[self.random(down.len())].clone();
        self.download(device, &path);
        true
    }

    /// Carries everything everywhere, without faults.
    pub fn settle(&mut self) {
        let faults = std::mem::take(&mut self.faults);
        let mut busy = true;
        while busy {
            busy = false;
            for device in 0..self.devices.len() {
                busy |= self.step(device);
            }
        }
        self.faults = faults;
    }

    fn upload(&mut self, device: usize, path: &Path) {
        let files = self.devices[device].files.clone();
        lock(&files.0).dirty.remove(path);
        if path.to_str().is_some_and(|path| path.ends_with(TEMPORARY)) {
            return;
        }
        let bytes = files.get(path);
        let theirs = self.server.get(path).cloned();
        let base = self.devices[device].base.get(path).copied();
        let current = theirs.as_ref().map(|(version, _)| *version);
        if theirs.as_ref().is_some_and(|(_, theirs)| *theirs == bytes) {
            self.devices[device].base.insert(path.to_owned(), current.unwrap_or_default());
            return;
        }
        if current == base || theirs.is_some_and(|(_, bytes)| bytes.is_none()) {
            let version = current.unwrap_or_default() + 1;
            self.server.insert(path.to_owned(), (version, bytes));
            self.devices[device].base.insert(path.to_owned(), version);
            return;
        }
        // Somebody else was first: ours gets another name, and theirs comes down later.
        let Some(bytes) = bytes else { return };
        self.conflicts += 1;
        let copy = renamed(path, &format!(" (conflicted copy {})", self.conflicts));
        files.set(&copy, &bytes);
        files.unset(path);
        self.server.insert(copy.clone(), (1, Some(bytes)));
        self.devices[device].base.insert(copy, 1);
    }

    fn download(&mut self, device: usize, path: &Path) {
        let faults = self.faults;
        if self.chance(faults.delay) {
            return;
        }
        let Some((version, bytes)) = self.server.get(path).cloned() else { return };
        let files = self.devices[device].files.clone();
        let Some(bytes) = bytes else {
            files.unset(path);
            self.devices[device].base.insert(path.to_owned(), version);
            return;
        };
        if self.chance(faults.duplicate) {
            files.set(&renamed(path, " (1)"), &bytes);
        }
        if self.chance(faults.partial) {
            files.set(path, &bytes[..self.random(bytes.len())]);
            return;
        }
        if self.chance(faults.flipped) && !bytes.is_empty() {
            let mut wrong = bytes.to_vec();
            let at = self.random(wrong.len());
            wrong[at] ^= 1 << self.random(8);
            files.set(path, &wrong);
            return;
        }
        files.set(path, &bytes);
        self.devices[device].base.insert(path.to_owned(), version);
    }
}

fn renamed(path: &Path, more: &str) -> PathBuf {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let ending = path.extension().and_then(|ending| ending.to_str());
    path.with_file_name(match ending {
        Some(ending) => format!("{stem}{more}.{ending}"),
        None => format!("{stem}{more}"),
    })
}
