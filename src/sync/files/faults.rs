//! Files that stop at a chosen step: what a crash leaves behind can be looked at, for every step there is.

use super::{Entry, Files, Kind};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// How far the step comes at which it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Nothing of it is done.
    Before,
    /// A file is written by half; other steps are not done.
    Middle,
    /// All of it is done, but nobody hears of it.
    After,
}

/// Passes everything on until its time has come; then nothing goes any more, as after a crash.
pub struct Crashing<F> {
    inner: F,
    left: AtomicI64,
    at: At,
    steps: AtomicU64,
}

fn stopped() -> io::Error {
    io::Error::other("stopped here")
}

impl<F: Files> Crashing<F> {
    /// Stops at the `step`-th step that changes something, from 0.
    pub fn new(inner: F, step: u64, at: At) -> Self {
        let left = AtomicI64::new(i64::try_from(step).unwrap_or(i64::MAX));
        Self { inner, left, at, steps: AtomicU64::new(0) }
    }

    /// How many steps that change something have begun.
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Whether it has stopped.
    pub fn has_stopped(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }

    fn step(
        &self,
        whole: impl FnOnce() -> io::Result<()>,
        half: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        self.steps.fetch_add(1, Ordering::SeqCst);
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            1.. => whole(),
            0 => {
                match self.at {
                    At::Before => {}
                    At::Middle => half()?,
                    At::After => whole()?,
                }
                Err(stopped())
            }
            _ => Err(stopped()),
        }
    }

    fn alive(&self) -> io::Result<()> {
        if self.has_stopped() { Err(stopped()) } else { Ok(()) }
    }
}

impl<F: Files> Files for Crashing<F> {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        self.alive()?;
        self.inner.read(path, most)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.alive()?;
        self.inner.list(folder)
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        self.alive()?;
        self.inner.kind(path)
    }

    fn make_folder(&self, path: &Path, private: bool) -> io::Result<()> {
        self.step(|| self.inner.make_folder(path, private), || Ok(()))
    }

    fn write_new(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        let half = &bytes[..bytes.len() / 2];
        self.step(|| self.inner.write_new(path, bytes, private), || self.inner.write_new(path, half, private))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.step(|| self.inner.sync_file(path), || Ok(()))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step(|| self.inner.sync_folder(path), || Ok(()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| self.inner.rename(from, to), || Ok(()))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(|| self.inner.remove(path), || Ok(()))
    }
}

impl<F: Files + ?Sized> Files for std::sync::Arc<F> {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        (**self).read(path, most)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        (**self).list(folder)
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        (**self).kind(path)
    }

    fn make_folder(&self, path: &Path, private: bool) -> io::Result<()> {
        (**self).make_folder(path, private)
    }

    fn write_new(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        (**self).write_new(path, bytes, private)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        (**self).sync_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        (**self).sync_folder(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        (**self).rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        (**self).remove(path)
    }
}
