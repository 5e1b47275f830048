//! What can be said of sharing without touching the shared place: nothing here waits for a network.

use super::share::files;
use super::share_status::Last;
use super::{Book, Result};
use crate::store::open::SHARED_ID;
use crate::store::receive;
use crate::sync::keyring::Keyring;
use crate::sync::remote;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A book up to this size is best shared as one file: the whole of it travels at each sync, bytes.
const FILE_MOST: u64 = 8 << 20;

/// Key under which the book keeps that its owner was told where it lies.
const CARRIED: &str = "carried-about";

/// Entries of a folder that are looked at.
const LOOKED: usize = 1000;

/// Where a book may best be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// `file` or `folder`.
    pub kind: &'static str,
    /// The size of the book, bytes.
    pub bytes: u64,
}

/// How sharing stands, by what this device knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareGlance {
    /// Where.
    pub place: PathBuf,
    /// When this device last synced, ms since 1970.
    pub last_sync: Option<i64>,
    /// Transactions that others lack.
    pub unsent: i64,
    /// Transactions that lack what they build on.
    pub waiting: usize,
    /// Fields of which somebody should choose a value.
    pub conflicts: usize,
}

/// The folders right below this one that a sync tool carries about.
pub fn carried_folders(home: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(home) else { return Vec::new() };
    let folders = entries.take(LOOKED).flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let carried =
        |path: &PathBuf| remote::synced_by(path).is_some_and(|synced| synced != remote::Synced::Network);
    let mut found: Vec<PathBuf> = folders.filter(carried).collect();
    found.sort();
    found
}

/// Whether a book is shared there: a shared file, or the folder of one. Looks at no more than the beginning.
pub fn is_shared_place(path: &Path) -> bool {
    if path.is_dir() {
        return path.join("FORMAT").is_file() && (path.join("members").is_dir() || path.join("d").is_dir());
    }
    let is_file = path.metadata().is_ok_and(|found| found.is_file());
    is_file && matches!(crate::store::open::header(path), Ok(Some((SHARED_ID, _))))
}

impl Book {
    /// Whether this book is shared.
    pub fn is_shared(&mut self) -> Result<bool> {
        Ok(self.exists() && self.keyring_path()?.is_file())
    }

    /// Whether this book lies where a sync tool or the network carries it about.
    pub fn lies_carried_about(&self) -> bool {
        self.exists() && remote::synced_by(&self.path).is_some()
    }

    /// Whether this book lies where a sync tool or the network carries it about and nobody was told of it yet; says so once.
    pub fn is_carried_about(&mut self) -> bool {
        if !self.lies_carried_about() {
            return false;
        }
        let Ok(store) = self.store() else { return false };
        let sql = "select exists (select 1 from local_state where key=?1)";
        let told = store.conn().query_row(sql, [CARRIED], |row| row.get(0)).unwrap_or(true);
        // Where that can't be noted, it isn't said at all rather than each time.
        !told && store.keep_local(CARRIED, "told").is_ok()
    }

    /// Which kind of place suits this book.
    pub fn share_recommend(&self) -> Result<Recommendation> {
        let bytes = std::fs::metadata(&self.path).map_or(0, |meta| meta.len());
        Ok(Recommendation { kind: if bytes > FILE_MOST { "folder" } else { "file" }, bytes })
    }

    /// How sharing stands by what is known here; nothing if the book isn't shared.
    pub fn share_glance(&mut self) -> Result<Option<ShareGlance>> {
        if !self.exists() {
            return Ok(None);
        }
        let path = self.keyring_path()?;
        let Some(keyring) = Keyring::load(&*files(), &path)? else { return Ok(None) };
        let store = self.store()?;
        let unsent = super::share_status::unsent(store, &keyring)?;
        let waiting = receive::waiting(store.conn())?;
        let at = Last::of(store)?.at;
        Ok(Some(ShareGlance {
            place: PathBuf::from(&keyring.place),
            last_sync: (at > 0).then_some(at),
            unsent,
            waiting,
            conflicts: self.conflicts()?.len(),
        }))
    }
}
