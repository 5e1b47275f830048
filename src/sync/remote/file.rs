//! A shared file: all that a shared folder holds, in one file that a sync tool carries about. It is read whole, merged with, and
//! replaced whole. Of two devices that replace it at once one is overwritten; what it had put there it puts again at its next sync,
//! because each device looks for what the place lacks of its own.

use super::copies::{self, is_copy};
use super::packed::{self, Is, Parts};
use super::{Format, Notice, Remote};
use crate::model::ids::Device;
use crate::sync::error::{Result, SyncError};
use crate::sync::files::{self, Files, Kind, TEMPORARY};
use crate::sync::names::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No shared file is larger, bytes: larger books are for folders.
const MOST: usize = 1 << 30;

/// How copies that were merged in end.
const ASIDE: &str = ".set-aside";

/// One file in which a book is shared.
pub struct SharedFile {
    files: Arc<dyn Files>,
    path: PathBuf,
    own: Device,
    /// As it was read last.
    base: Option<Parts>,
    /// What its bytes hashed to then.
    hash: Option<blake3::Hash>,
    puts: BTreeMap<Name, Arc<[u8]>>,
    deletes: BTreeSet<Name>,
    /// Conflicted copies that hold more than the file itself or the same; all are merged in by the next write.
    copies: BTreeMap<PathBuf, Parts>,
    /// Copies that were set aside are to go.
    forget: bool,
    notices: Vec<Notice>,
}

impl SharedFile {
    /// For the file at `path`; `own` is the device that writes, with one process at a time.
    pub fn new(files: Arc<dyn Files>, path: &Path, own: Device) -> Self {
        Self {
            files,
            own,
            path: path.to_owned(),
            base: None,
            hash: None,
            puts: BTreeMap::new(),
            deletes: BTreeSet::new(),
            copies: BTreeMap::new(),
            forget: false,
            notices: Vec::new(),
        }
    }

    /// Reads the file and its conflicted copies again. A file that isn't there now leaves what was read of it before.
    fn refresh(&mut self) -> Result<()> {
        match self.files.read(&self.path, MOST) {
            Ok(bytes) => {
                let hash = blake3::hash(&bytes);
                if self.hash != Some(hash) {
                    match packed::is(&bytes) {
                        Is::Shared => {}
                        Is::Book => return Err(SyncError::IsBook(self.path.clone())),
                        // Never written over: it may be half of what a sync tool is about to finish.
                        Is::Else => return Err(SyncError::Unreadable(self.path.clone())),
                    }
                    let unreadable = |error| match error {
                        SyncError::Damaged(_) => SyncError::Unreadable(self.path.clone()),
                        other => other,
                    };
                    let parts = packed::read(bytes).map_err(unreadable)?;
                    self.same_book(&parts).map_err(unreadable)?;
                    self.base = Some(parts);
                    self.hash = Some(hash);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.hash = None,
            Err(error) => return Err(SyncError::io(&self.path)(error)),
        }
        self.find_copies()
    }

    fn book(parts: &Parts) -> Result<Format> {
        let bytes = parts.get("FORMAT").ok_or(SyncError::Damaged("the shared file has no FORMAT"))?;
        Format::read(bytes)
    }

    /// The book that lies here, or that is about to.
    fn which_book(&self) -> Result<Option<[u8; 16]>> {
        let format = match (&self.base, self.puts.get(&Name::Format)) {
            (Some(base), _) => Self::book(base)?,
            (None, Some(bytes)) => Format::read(bytes)?,
            (None, None) => return Ok(None),
        };
        Ok(Some(format.book))
    }

    /// Somebody may have put another file in the place of ours.
    fn same_book(&self, now: &Parts) -> Result<()> {
        let new = Self::book(now)?;
        let old = self.base.as_ref().map(Self::book).transpose()?;
        let fits = old.is_none_or(|old| old.book == new.book);
        if fits { Ok(()) } else { Err(SyncError::OtherBook(self.path.clone())) }
    }

    /// Copies of the file that sync tools made because two devices had changed it.
    fn find_copies(&mut self) -> Result<()> {
        self.copies = self.beside(is_copy)?;
        Ok(())
    }

    /// What lies beside the file under names that `fits` takes, given the file's own first, and holds the same book. What can't
    /// be read (yet) or is of another book is left alone.
    fn beside(&self, fits: impl Fn(&str, &str) -> bool) -> Result<BTreeMap<PathBuf, Parts>> {
        let mut found = BTreeMap::new();
        let Some(book) = self.which_book()? else { return Ok(found) };
        let folder = parent(&self.path);
        let Some(own) = self.path.file_name().and_then(|name| name.to_str()) else { return Ok(found) };
        let all = match self.files.list(folder) {
            // Made by the first write.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            listed => listed.map_err(SyncError::io(folder))?,
        };
        for entry in all.into_iter().filter(|entry| entry.kind == Kind::File && fits(own, &entry.name)) {
            let path = folder.join(&entry.name);
            if let Some(parts) = parts_of(&*self.files, &path, &book) {
                found.insert(path, parts);
            }
        }
        Ok(found)
    }

    /// All that is there, with what is to be put and without what is to be deleted.
    fn merged(&self) -> Parts {
        let mut all = self.base.clone().unwrap_or_default();
        copies::add(&mut all, &self.copies);
        for (name, bytes) in &self.puts {
            all.insert(name.to_string(), bytes.clone());
        }
        for name in &self.deletes {
            all.remove(&name.to_string());
        }
        all
    }

    fn set_aside(&mut self) -> Result<()> {
        let folder = parent(&self.path).to_owned();
        for path in std::mem::take(&mut self.copies).into_keys() {
            let mut to = path.clone().into_os_string();
            to.push(ASIDE);
            let mut free = PathBuf::from(&to);
            for n in 2.. {
                if self.files.kind(&free).map_err(SyncError::io(&free))?.is_none() {
                    break;
                }
                let mut next = to.clone();
                next.push(format!("-{n}"));
                free = PathBuf::from(next);
            }
            self.files.rename(&path, &free).map_err(SyncError::io(&path))?;
            self.notices.push(Notice::Merged(path, free));
        }
        self.files.sync_folder(&folder).map_err(SyncError::io(&folder))
    }

    /// Takes away all copies that were ever set aside. What they held is in the file.
    fn take_away(&mut self) -> Result<()> {
        self.forget = false;
        let old = self.beside(was_set_aside)?;
        for path in old.keys() {
            match self.files.remove(path) {
                // Another device was faster.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done.map_err(SyncError::io(path))?,
            }
        }
        if old.is_empty() {
            return Ok(());
        }
        let folder = parent(&self.path);
        self.files.sync_folder(folder).map_err(SyncError::io(folder))
    }
}

/// What a file holds, if it is a whole shared file of this book.
fn parts_of(files: &dyn Files, path: &Path, book: &[u8; 16]) -> Option<Parts> {
    let bytes = files.read(path, MOST).ok().filter(|bytes| packed::is(bytes) == Is::Shared)?;
    let parts = packed::read(bytes).ok()?;
    SharedFile::book(&parts).is_ok_and(|format| format.book == *book).then_some(parts)
}

/// Other shared files of the book in the folder in which one lay, its conflicted copies apart, that are as new as this device's head with
/// that number: not back-ups that somebody keeps. `None` if the folder is gone.
pub(super) fn others_beside(
    files: &dyn Files,
    path: &Path,
    book: &[u8; 16],
    (device, n): (Device, u64),
) -> Option<Vec<PathBuf>> {
    let folder = parent(path);
    let own = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_other = |name: &str| name != own && name.ends_with(".rolo") && !is_copy(own, name);
    let is_head = |name: &String| match Name::parse(name) {
        Some(Name::Head { device: of, n: number, .. }) => of == device && number >= n,
        _ => false,
    };
    let is_new = |parts: Parts| n == 0 || parts.keys().any(is_head);
    let all = files.list(folder).ok()?.into_iter();
    let named = all.filter(|entry| entry.kind == Kind::File && is_other(&entry.name));
    let paths = named.map(|entry| folder.join(entry.name));
    Some(paths.filter(|path| parts_of(files, path, book).is_some_and(is_new)).collect())
}

/// Whether a name is one under which a conflicted copy of `own` was set aside.
fn was_set_aside(own: &str, name: &str) -> bool {
    name.rsplit_once(ASIDE).is_some_and(|(copy, number)| {
        let numbered = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        is_copy(own, copy) && (number.is_empty() || number.strip_prefix('-').is_some_and(numbered))
    })
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Remote for SharedFile {
    fn list(&mut self) -> Result<Vec<Name>> {
        self.refresh()?;
        let mut all: Vec<Name> = self.merged().keys().filter_map(|name| Name::parse(name)).collect();
        all.sort_unstable();
        Ok(all)
    }

    fn get(&mut self, name: &Name) -> Result<Vec<u8>> {
        if self.base.is_none() {
            self.refresh()?;
        }
        let text = name.to_string();
        let in_copies = self.copies.values().filter_map(|parts| parts.get(&text));
        let all =
            self.puts.get(name).into_iter().chain(self.base.iter().filter_map(|parts| parts.get(&text)));
        let mut damaged = None;
        for bytes in all.chain(in_copies) {
            match name.check(bytes) {
                Ok(()) => return Ok(bytes.to_vec()),
                Err(error) => damaged = Some(error),
            }
        }
        let missing = || SyncError::io(&self.path)(io::Error::from(io::ErrorKind::NotFound));
        Err(damaged.unwrap_or_else(missing))
    }

    fn put(&mut self, name: &Name, bytes: &[u8]) -> Result<()> {
        name.check(bytes)?;
        self.deletes.remove(name);
        self.puts.insert(*name, bytes.into());
        Ok(())
    }

    fn delete(&mut self, name: &Name) -> Result<()> {
        self.puts.remove(name);
        self.deletes.insert(*name);
        Ok(())
    }

    fn forget_copies(&mut self) {
        self.forget = true;
    }

    fn flush(&mut self) -> Result<()> {
        if self.puts.is_empty() && self.deletes.is_empty() && self.copies.is_empty() && !self.forget {
            return Ok(());
        }
        // As late as can be: what others have put there since belongs in.
        self.refresh()?;
        let all = self.merged();
        if self.hash.is_none() || self.base.as_ref() != Some(&all) {
            let bytes = packed::write(&all)?;
            let folder = parent(&self.path);
            self.files.make_folder(folder, false).map_err(SyncError::io(folder))?;
            let name = self.path.file_name().unwrap_or_default().to_string_lossy();
            let temporary = folder.join(format!(".{name}.{:016x}{TEMPORARY}", self.own));
            files::replace_through(&*self.files, &temporary, &self.path, &bytes, false)
                .map_err(SyncError::io(&self.path))?;
            self.hash = Some(blake3::hash(&bytes));
        }
        self.base = Some(all);
        self.puts.clear();
        self.deletes.clear();
        if !self.copies.is_empty() {
            self.set_aside()?;
        }
        if self.forget { self.take_away() } else { Ok(()) }
    }

    fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}
