//! Folders of cards, as khard and vdirsyncer keep them: a file a card, perhaps in collections.

use super::{Folder, Input};
use crate::exchange::{ExchangeError, Format, Source};
use crate::ops::{OpError, Result};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file that is opened when it is read, and closed at its end.
struct Lazy {
    path: PathBuf,
    file: Option<File>,
    done: bool,
}

impl Read for Lazy {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.done {
            return Ok(0);
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::open(&self.path)?),
        };
        let count = file.read(into)?;
        if count == 0 && !into.is_empty() {
            self.done = true;
            self.file = None;
        }
        Ok(count)
    }
}

/// Whether a file of a folder of cards is one.
pub(super) fn is_card(source: &Source) -> bool {
    matches!(source.format(), Format::Vcard | Format::JsonCard)
}

/// The cards of a folder and of the folders in it, by name; hidden ones and other files are passed over.
pub(super) fn cards(path: &Path) -> Result<Vec<Input>> {
    let mut files = Vec::new();
    list(path, true, &mut files)?;
    if files.is_empty() {
        let path = path.display().to_string();
        return Err(OpError::Exchange { path, source: ExchangeError::NoCards });
    }
    let folder = Folder { path: path.display().to_string(), cards: files.len() };
    let input = |(file, size): (PathBuf, u64)| {
        let name = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().into_owned();
        let bytes = Box::new(Lazy { path: file, file: None, done: false });
        Input { name, bytes, size: Some(size), folder: Some(folder.clone()) }
    };
    Ok(files.into_iter().map(input).collect())
}

fn list(path: &Path, deeper: bool, files: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    let failed = |source| OpError::Io { path: path.to_owned(), source };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(entry.path());
        }
    }
    entries.sort();
    for entry in entries {
        // What vanishes meanwhile, or leads nowhere, is no card.
        let Ok(found) = std::fs::metadata(&entry) else { continue };
        let ending = entry.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if found.is_dir() && deeper {
            list(&entry, false, files)?;
        } else if found.is_file()
            && (ending.eq_ignore_ascii_case("vcf") || ending.eq_ignore_ascii_case("vcard"))
        {
            files.push((entry, found.len()));
        }
    }
    Ok(())
}
