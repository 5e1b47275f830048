//! Files in memory, and a cloud that carries them between devices the way sync tools do: late, in any order, in pieces, twice, with
//! flipped bits and conflicted copies. Everything follows from a seed.

use super::{Entry, Files, Kind, TEMPORARY};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Bytes = Arc<Vec<u8>>;

#[derive(Clone)]
struct Node {
    bytes: Bytes,
    /// On the disk, should the power fail.
    synced: bool,
}

#[derive(Clone, Default)]
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

    /// Puts other bytes there, or takes the file away, as a user, a virus scanner or a failing disk does: whoever carries files
    /// about carries that on.
    pub fn alter(&self, path: &Path, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => self.set(path, bytes),
            None => self.unset(path),
        }
        lock(&self.0).dirty.insert(path.to_owned());
    }

    /// The same files a second time.
    pub fn copied(&self) -> Self {
        Self(Mutex::new(lock(&self.0).clone()))
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
        // What lies in a folder or below comes right after it, without the folder's own name.
        let below = |path: &PathBuf, kind| {
            let mut inside = path.strip_prefix(folder).ok()?.components();
            let name = inside.next()?.as_os_str().to_str()?.to_owned();
            inside.next().is_none().then_some(Entry { name, kind })
        };
        let after = || (Bound::Excluded(folder), Bound::Unbounded);
        let inside = |path: &&PathBuf| path.starts_with(folder);
        let files = tree.live.range::<Path, _>(after()).map(|(path, _)| path).take_while(inside);
        let folders = tree.folders.range::<Path, _>(after()).take_while(inside);
        let files = files.filter_map(|path| below(path, Kind::File));
        Ok(files.chain(folders.filter_map(|path| below(path, Kind::Folder))).collect())
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

/// What the cloud has done to files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Files of which a part arrived.
    pub partial: usize,
    /// Files that arrived with a bit flipped.
    pub flipped: usize,
    /// Second copies.
    pub duplicate: usize,
    /// Deliveries that were put off.
    pub delay: usize,
    /// Deliveries that overtook an older one.
    pub reorder: usize,
    /// Conflicted copies.
    pub conflicts: usize,
}

#[derive(Clone)]
struct Device {
    files: Arc<Memory>,
    /// Which version of each path it has.
    base: BTreeMap<PathBuf, u64>,
    /// Paths of which it has another version than the server.
    behind: BTreeSet<PathBuf>,
}

/// A cloud between devices, each with a folder of its own in memory.
pub struct Cloud {
    devices: Vec<Device>,
    /// Version and bytes; `None` for what was deleted.
    server: BTreeMap<PathBuf, (u64, Option<Bytes>)>,
    /// Nothing outside this folder is carried.
    root: PathBuf,
    faults: Faults,
    rng: u64,
    done: Done,
}

impl Cloud {
    /// Between so many devices.
    pub fn new(devices: usize, seed: u64, faults: Faults) -> Self {
        let device =
            |_| Device { files: Arc::new(Memory::default()), base: BTreeMap::new(), behind: BTreeSet::new() };
        let devices = (0..devices).map(device).collect();
        let rng = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let (server, root) = (BTreeMap::new(), PathBuf::from("/"));
        Self { devices, server, root, faults, rng, done: Done::default() }
    }

    /// Carries only what lies in a folder.
    pub fn within(mut self, root: &Path) -> Self {
        root.clone_into(&mut self.root);
        self
    }

    /// The same cloud and files a second time, with other luck.
    pub fn copied(&self, seed: u64, faults: Faults) -> Self {
        let device = |one: &Device| Device { files: Arc::new(one.files.copied()), ..one.clone() };
        let devices = self.devices.iter().map(device).collect();
        let rng = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let (server, root) = (self.server.clone(), self.root.clone());
        Self { devices, server, root, faults, rng, done: Done::default() }
    }

    /// A device's files.
    pub fn files(&self, device: usize) -> Arc<Memory> {
        self.devices[device].files.clone()
    }

    /// A further device, with a copy of another one's disk.
    pub fn clone_device(&mut self, device: usize) -> usize {
        let one = &self.devices[device];
        let copy = Device { files: Arc::new(one.files.copied()), ..one.clone() };
        self.devices.push(copy);
        self.devices.len() - 1
    }

    /// A device begins anew, with an empty disk: everything is carried down to it again.
    pub fn renew_device(&mut self, device: usize) {
        let there = self.server.iter().filter(|(_, (_, bytes))| bytes.is_some());
        let behind = there.map(|(path, _)| path.clone()).collect();
        self.devices[device] = Device { files: Arc::new(Memory::default()), base: BTreeMap::new(), behind };
    }

    /// How many conflicted copies it has made.
    pub const fn conflicts(&self) -> usize {
        self.done.conflicts
    }

    /// What it has done to files so far.
    pub const fn done(&self) -> Done {
        self.done
    }

    /// From now on, with other faults.
    pub const fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
    }

    fn random(&mut self, below: usize) -> usize {
        self.rng ^= self.rng << 13;
        self.rng ^= self.rng >> 7;
        self.rng ^= self.rng << 17;
        (self.rng >> 11) as usize % below.max(1)
    }

    fn chance(&mut self, percent: u32) -> bool {
        percent > 0 && self.random(100) < percent as usize
    }

    fn pick(&mut self, paths: &BTreeSet<PathBuf>) -> PathBuf {
        let at = self.random(paths.len());
        paths.iter().nth(at).cloned().unwrap_or_default()
    }

    /// Carries one change of a device up, or one down to it; false if there is nothing to carry.
    pub fn step(&mut self, device: usize) -> bool {
        self.step_up(device) || self.step_down(device)
    }

    /// Carries one change of a device up; false if there is none.
    pub fn step_up(&mut self, device: usize) -> bool {
        let files = self.devices[device].files.clone();
        let up: BTreeSet<PathBuf> = {
            let tree = &mut *lock(&files.0);
            let root = &self.root;
            tree.dirty.retain(|path| path.starts_with(root));
            if tree.dirty.is_empty() {
                return false;
            }
            tree.dirty.clone()
        };
        let path = self.pick(&up);
        self.upload(device, &path);
        true
    }

    fn step_down(&mut self, device: usize) -> bool {
        let behind = std::mem::take(&mut self.devices[device].behind);
        if behind.is_empty() {
            return false;
        }
        let path = self.pick(&behind);
        self.done.reorder += usize::from(behind.first() != Some(&path));
        self.devices[device].behind = behind;
        self.download(device, &path);
        true
    }

    /// What the cloud keeps of a file of a device: not what it broke on its way down, but what the device itself has done to it.
    pub fn kept(&self, device: usize, path: &Path) -> Option<Vec<u8>> {
        let files = &self.devices[device].files;
        let theirs = self.server.get(path).and_then(|(_, bytes)| bytes.clone());
        let own = lock(&files.0).dirty.contains(path);
        let kept = if own { files.get(path).or(theirs) } else { theirs.or_else(|| files.get(path)) };
        kept.map(|bytes| bytes.to_vec())
    }

    /// Brings an older version of a file back for all, as somebody does who looks into the cloud's trash.
    pub fn restore(&mut self, path: &Path, bytes: Vec<u8>) {
        let version = self.server.get(path).map_or(0, |(version, _)| *version) + 1;
        for device in &mut self.devices {
            lock(&device.files.0).dirty.remove(path);
            device.base.remove(path);
        }
        self.put(path, version, Some(Arc::new(bytes)), usize::MAX);
    }

    /// Looks at a device's files again, as sync tools do when the machine was switched off: what differs from the server is carried,
    /// down if the server has it, else up.
    pub fn rescan(&mut self, device: usize) {
        let files = self.devices[device].files.clone();
        let here: BTreeMap<PathBuf, Bytes> = {
            let tree = lock(&files.0);
            let inside = tree.live.iter().filter(|(path, _)| path.starts_with(&self.root));
            inside.map(|(path, node)| (path.clone(), node.bytes.clone())).collect()
        };
        for (path, (_, bytes)) in &self.server {
            if here.get(path) != bytes.as_ref() {
                self.devices[device].base.remove(path);
                self.devices[device].behind.insert(path.clone());
                lock(&files.0).dirty.remove(path);
            }
        }
        let new = here.into_keys().filter(|path| !self.server.contains_key(path));
        lock(&files.0).dirty.extend(new);
    }

    /// Carries everything everywhere, without faults; true if there was anything.
    pub fn settle(&mut self) -> bool {
        let faults = std::mem::take(&mut self.faults);
        let (mut busy, mut any) = (true, false);
        while busy {
            busy = false;
            for device in 0..self.devices.len() {
                busy |= self.step(device);
            }
            any |= busy;
        }
        self.faults = faults;
        any
    }

    /// Notes a version on the server, which all devices but one lack.
    fn put(&mut self, path: &Path, version: u64, bytes: Option<Bytes>, by: usize) {
        self.server.insert(path.to_owned(), (version, bytes));
        for (at, device) in self.devices.iter_mut().enumerate() {
            if at == by {
                device.behind.remove(path);
                device.base.insert(path.to_owned(), version);
            } else {
                device.behind.insert(path.to_owned());
            }
        }
    }

    fn has(&mut self, device: usize, path: &Path, version: u64) {
        self.devices[device].base.insert(path.to_owned(), version);
        self.devices[device].behind.remove(path);
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
            self.has(device, path, current.unwrap_or_default());
            return;
        }
        if current == base || theirs.is_some_and(|(_, bytes)| bytes.is_none()) {
            let version = current.unwrap_or_default() + 1;
            self.put(path, version, bytes, device);
            return;
        }
        // Somebody else was first: ours gets another name, and theirs comes down later.
        let Some(bytes) = bytes else { return };
        self.done.conflicts += 1;
        let copy = renamed(path, &format!(" (conflicted copy {})", self.done.conflicts));
        files.set(&copy, &bytes);
        files.unset(path);
        self.devices[device].behind.insert(path.to_owned());
        self.put(&copy, 1, Some(bytes), device);
    }

    fn download(&mut self, device: usize, path: &Path) {
        let faults = self.faults;
        if self.chance(faults.delay) {
            self.done.delay += 1;
            return;
        }
        let Some((version, bytes)) = self.server.get(path).cloned() else { return };
        let files = self.devices[device].files.clone();
        let Some(bytes) = bytes else {
            files.unset(path);
            self.has(device, path, version);
            return;
        };
        if self.chance(faults.duplicate) {
            self.done.duplicate += 1;
            files.set(&renamed(path, " (1)"), &bytes);
        }
        if self.chance(faults.partial) {
            self.done.partial += 1;
            files.set(path, &bytes[..self.random(bytes.len())]);
            return;
        }
        if self.chance(faults.flipped) && !bytes.is_empty() {
            self.done.flipped += 1;
            let mut wrong = bytes.to_vec();
            let at = self.random(wrong.len());
            wrong[at] ^= 1 << self.random(8);
            files.set(path, &wrong);
            return;
        }
        files.set(path, &bytes);
        self.has(device, path, version);
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
