//! A shared folder: each file has one writer, appears whole under its name and is never changed.

use super::{Remote, most};
use crate::model::ids::Device;
use crate::sync::error::{Result, SyncError};
use crate::sync::files::{self, Files, Kind, TEMPORARY};
use crate::sync::names::Name;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder in which a book is shared.
pub struct Folder {
    files: Arc<dyn Files>,
    root: PathBuf,
    own: Device,
    /// Folders that were made, or found to be there and no links.
    ready: BTreeSet<PathBuf>,
}

/// Below `d/<device>`.
const OF_A_DEVICE: [&str; 4] = ["seg", "head", "join", "snap"];

impl Folder {
    /// For the folder at `root`; `own` is the device that writes.
    pub fn new(files: Arc<dyn Files>, root: &Path, own: Device) -> Self {
        Self { files, root: root.to_owned(), own, ready: BTreeSet::new() }
    }

    /// What lies in a folder of the place; nothing if it isn't there. Links are not followed.
    fn entries(&self, below: &str, wanted: Kind) -> Result<Vec<String>> {
        let path = self.root.join(below);
        match self.files.list(&path) {
            Ok(all) => {
                Ok(all.into_iter().filter(|entry| entry.kind == wanted).map(|entry| entry.name).collect())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(SyncError::io(&path)(error)),
        }
    }

    fn names(&self, below: &str, all: &mut Vec<Name>) -> Result<()> {
        let files = self.entries(below, Kind::File)?;
        let full = |file: String| if below.is_empty() { file } else { format!("{below}/{file}") };
        all.extend(files.into_iter().filter_map(|file| Name::parse(&full(file))));
        Ok(())
    }

    /// The folders from the place down to a file, without the place itself.
    fn above(&self, name: &Name) -> Vec<PathBuf> {
        let path = self.root.join(name.to_string());
        let inside = |folder: &&Path| folder.starts_with(&self.root) && *folder != self.root;
        let mut all: Vec<PathBuf> = path.ancestors().skip(1).take_while(inside).map(Path::to_owned).collect();
        all.reverse();
        all
    }

    /// Whether the way to a file leads through real folders alone.
    fn no_links(&self, name: &Name) -> Result<()> {
        for folder in self.above(name).iter().filter(|folder| !self.ready.contains(*folder)) {
            if self.files.kind(folder).map_err(SyncError::io(folder))? == Some(Kind::Other) {
                return Err(link(folder));
            }
        }
        Ok(())
    }

    /// Has the folders for a file there; in those that only this device writes to it removes what a crash has left behind.
    fn prepare(&mut self, name: &Name) -> Result<()> {
        if self.ready.insert(self.root.clone()) {
            self.files.make_folder(&self.root, false).map_err(SyncError::io(&self.root))?;
        }
        let folders = self.above(name);
        for (at, folder) in folders.iter().enumerate() {
            if self.ready.contains(folder) {
                continue;
            }
            match self.files.kind(folder).map_err(SyncError::io(folder))? {
                Some(Kind::Folder) => {}
                Some(_) => return Err(link(folder)),
                None => {
                    self.files.make_folder(folder, false).map_err(SyncError::io(folder))?;
                    let parent = folder.parent().unwrap_or(&self.root);
                    self.files.sync_folder(parent).map_err(SyncError::io(parent))?;
                }
            }
            if at + 1 == folders.len() && name.owner() == Some(self.own) && !matches!(name, Name::Key(_)) {
                self.sweep(folder)?;
            }
            self.ready.insert(folder.clone());
        }
        Ok(())
    }

    fn sweep(&self, folder: &Path) -> Result<()> {
        for entry in self.files.list(folder).map_err(SyncError::io(folder))? {
            if entry.kind == Kind::File && entry.name.ends_with(TEMPORARY) {
                let path = folder.join(&entry.name);
                self.files.remove(&path).map_err(SyncError::io(&path))?;
            }
        }
        Ok(())
    }
}

fn link(path: &Path) -> SyncError {
    let source = io::Error::new(io::ErrorKind::NotADirectory, "a link, or no folder");
    SyncError::Io { path: path.to_owned(), source }
}

impl Remote for Folder {
    fn list(&mut self) -> Result<Vec<Name>> {
        let mut all = Vec::new();
        self.names("", &mut all)?;
        self.names("keys", &mut all)?;
        for above in ["members", "erased"] {
            for device in self.entries(above, Kind::Folder)? {
                self.names(&format!("{above}/{device}"), &mut all)?;
            }
        }
        for device in self.entries("d", Kind::Folder)? {
            let below = self.entries(&format!("d/{device}"), Kind::Folder)?;
            for kind in below.iter().filter(|kind| OF_A_DEVICE.contains(&kind.as_str())) {
                self.names(&format!("d/{device}/{kind}"), &mut all)?;
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    fn get(&mut self, name: &Name) -> Result<Vec<u8>> {
        self.no_links(name)?;
        let path = self.root.join(name.to_string());
        if self.files.kind(&path).map_err(SyncError::io(&path))? == Some(Kind::Other) {
            return Err(link(&path));
        }
        let bytes = self.files.read(&path, most(name)).map_err(SyncError::io(&path))?;
        name.check(&bytes)?;
        Ok(bytes)
    }

    fn put(&mut self, name: &Name, bytes: &[u8]) -> Result<()> {
        name.check(bytes)?;
        self.prepare(name)?;
        let path = self.root.join(name.to_string());
        let there = match self.files.kind(&path).map_err(SyncError::io(&path))? {
            None => false,
            Some(Kind::Other) => return Err(link(&path)),
            // Written by us before, unless that was cut short or a sync tool damaged it since.
            Some(_) => self.files.read(&path, most(name)).is_ok_and(|old| old == bytes),
        };
        if there {
            // Whoever wrote it may have been stopped before its name was on the disk.
            let folder = path.parent().unwrap_or(&self.root);
            return self.files.sync_folder(folder).map_err(SyncError::io(folder));
        }
        files::replace(&*self.files, &path, bytes, false).map_err(SyncError::io(&path))
    }

    fn delete(&mut self, name: &Name) -> Result<()> {
        self.no_links(name)?;
        let path = self.root.join(name.to_string());
        match self.files.remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(SyncError::io(&path)(error)),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
