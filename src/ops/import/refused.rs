//! Rows that were refused, on their way into files of their own: one for each kind of table, or a row would come under columns
//! that aren't its own.

use super::super::{OpError, Result};
use crate::exchange::rejects::{Rejects, kind_of};
use crate::exchange::{Raw, Source};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A new file in the folder of the one that will be written.
pub(super) fn beside(path: &Path) -> Result<NamedTempFile> {
    let failed = |source| OpError::Io { path: path.to_owned(), source };
    if path.is_dir() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)
}

/// Rows that can stand in one file, and that.
struct Alike {
    kind: Vec<String>,
    rejects: Rejects<BufWriter<File>>,
    file: NamedTempFile,
}

/// All that were refused, if anybody wants them.
pub(super) struct Refused<'a> {
    path: Option<&'a Path>,
    files: Vec<Alike>,
}

impl<'a> Refused<'a> {
    pub(super) const fn new(path: Option<&'a Path>) -> Self {
        Self { path, files: Vec::new() }
    }

    /// Adds a row of a source.
    pub(super) fn write(&mut self, source: &Source, raw: &Raw, reason: &str) -> Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let failed = |source| OpError::Io { path: path.to_owned(), source };
        let kind = kind_of(source);
        if let Some(there) = self.files.iter_mut().find(|there| there.kind == kind) {
            return there.rejects.write(raw, reason).map_err(failed);
        }
        let file = beside(path)?;
        let out = BufWriter::new(file.reopen().map_err(failed)?);
        let mut rejects = Rejects::new(out, source).map_err(failed)?;
        rejects.write(raw, reason).map_err(failed)?;
        self.files.push(Alike { kind, rejects, file });
        Ok(())
    }

    /// The files, whole.
    pub(super) fn finish(self) -> Result<Vec<NamedTempFile>> {
        let finished = self.files.into_iter().map(|Alike { rejects, file, .. }| {
            let path = file.path().to_owned();
            rejects.finish().map_err(|source| OpError::Io { path, source })?;
            Ok(file)
        });
        finished.collect()
    }
}

/// Puts refused rows where they were wanted. Those of another kind of table go beside, into a file that nobody has. What an
/// earlier import has left there is no longer refused if nothing is.
pub(super) fn keep(files: Vec<NamedTempFile>, path: &Path) -> Result<Vec<PathBuf>> {
    let failed = |source| OpError::Io { path: path.to_owned(), source };
    let mut files = files.into_iter();
    let Some(first) = files.next() else {
        if path.symlink_metadata().is_ok_and(|found| found.is_file()) {
            std::fs::remove_file(path).map_err(failed)?;
        }
        return Ok(Vec::new());
    };
    first.persist(path).map_err(|error| failed(error.error))?;
    let mut kept = vec![path.to_owned()];
    let mut numbered = (2..).map(|number| numbered(path, number));
    for mut file in files {
        for beside in &mut numbered {
            match file.persist_noclobber(&beside) {
                Ok(_) => {
                    kept.push(beside);
                    break;
                }
                Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => file = error.file,
                Err(error) => return Err(failed(error.error)),
            }
        }
    }
    Ok(kept)
}

/// `bad-2.csv` for `bad.csv`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
