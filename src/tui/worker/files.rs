//! Files that could be imported.

use crate::ops::{OpError, Result};
use crate::tui::state::data::{Notice, Offer};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Entries of a folder that are looked at.
const LOOKED: usize = 5000;
/// Files that are offered.
const OFFERED: usize = 6;
const ENDINGS: [&str; 14] = [
    "csv", "tsv", "json", "jsonl", "ndjson", "vcf", "vcard", "xlsx", "xls", "ods", "ldif", "ldi", "abook",
    "ics",
];
/// Where programs that keep contacts in the terminal keep them, below the home folder.
const KEPT: [&str; 5] = [
    ".abook/addressbook",
    ".config/abook/addressbook",
    ".local/share/abook/addressbook",
    ".contacts",
    ".local/share/contacts",
];

/// A path as typed, `~` being the home folder.
pub(super) fn expand(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The same the other way round, for people to read.
pub(super) fn tilde(path: &Path) -> String {
    let home = std::env::home_dir().filter(|home| home.parent().is_some());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => Path::new("~").join(rest).display().to_string(),
        None => path.display().to_string(),
    }
}

/// The folders in the home folder that something carries to other machines.
pub(super) fn carried_folders() -> Vec<PathBuf> {
    let Some(home) = std::env::home_dir() else { return Vec::new() };
    let mut found = crate::ops::carried_folders(&home);
    found.extend(crate::ops::carried_folders(&home.join("Library/CloudStorage")));
    found
}

/// Folders and shared files whose path begins so; where nothing is typed yet, places in which a book is shared, if wanted.
pub(super) fn complete_place(typed: &str, shared: bool) -> Vec<String> {
    if typed.is_empty() {
        let mut found: Vec<String> = Vec::new();
        for folder in carried_folders() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            if shared {
                let places = entries.take(LOOKED).flatten().map(|entry| entry.path());
                found
                    .extend(places.filter(|path| crate::ops::is_shared_place(path)).map(|path| tilde(&path)));
            } else {
                found.push(format!("{}/", tilde(&folder)));
            }
        }
        found.sort();
        return found;
    }
    below(typed).into_iter().filter(|path| path.ends_with('/') || path.ends_with(".rolo")).collect()
}

fn is_importable(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Copies refused rows to where someone wants them; what lies there stays.
pub(super) fn hand_over(from: &Path, to: &Path) -> Result<Notice> {
    let to = expand(to);
    let io = |path: &Path, source| OpError::Io { path: path.to_owned(), source };
    let mut rows = File::open(from).map_err(|error| io(from, error))?;
    // Nothing is overwritten, and no link is followed.
    let mut out = File::create_new(&to).map_err(|error| io(&to, error))?;
    if let Err(error) = std::io::copy(&mut rows, &mut out).and_then(|_| out.sync_all()) {
        // Half a file helps nobody.
        let _ = std::fs::remove_file(&to);
        return Err(io(&to, error));
    }
    Ok(Notice::good("import-rejects").text("path", to.display().to_string()))
}

/// Files and folders whose path begins so; where nothing is typed yet, those that lie about come first. Folders with a slash behind; files that can be imported first.
pub(super) fn complete(typed: &str) -> Vec<String> {
    let mut all = if typed.is_empty() { offers() } else { Vec::new() };
    let mut found: Vec<String> = all.drain(..).map(|offer| offer.path.display().to_string()).collect();
    found.extend(below(typed));
    found
}

fn below(typed: &str) -> Vec<String> {
    let split = typed.rfind('/').map_or(0, |at| at + 1);
    let (folder, name) = typed.split_at(split);
    let place = if folder.is_empty() { PathBuf::from(".") } else { expand(Path::new(folder)) };
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    let mut found: Vec<(u8, String)> = Vec::new();
    for entry in entries.take(LOOKED).flatten() {
        let Ok(file) = entry.file_name().into_string() else { continue };
        let hidden = file.starts_with('.') && !name.starts_with('.');
        if hidden || !file.to_lowercase().starts_with(&name.to_lowercase()) {
            continue;
        }
        let is_folder = entry.path().is_dir();
        let class = match (is_folder, is_importable(Path::new(&file))) {
            (false, true) => 0,
            (true, _) => 1,
            _ => 2,
        };
        found.push((class, format!("{folder}{file}{}", if is_folder { "/" } else { "" })));
    }
    found.sort();
    found.into_iter().take(200).map(|(_, path)| path).collect()
}

/// Files in the home and download folders that look as if someone wants to import them, newest first.
pub(super) fn offers() -> Vec<Offer> {
    let mut folders = Vec::new();
    if let Some(dirs) = directories::UserDirs::new() {
        folders.extend(dirs.download_dir().map(Path::to_owned));
        folders.push(dirs.home_dir().join("Downloads"));
        folders.push(dirs.home_dir().to_owned());
    }
    folders.dedup();
    let mut found = Vec::new();
    let mut kept: Vec<Offer> = Vec::new();
    if let Some(dirs) = directories::UserDirs::new() {
        kept.extend(KEPT.iter().filter_map(|place| address_book(&dirs.home_dir().join(place))));
    }
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.take(LOOKED).flatten() {
            let path = entry.path();
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_file() && meta.len() > 0 && is_importable(&path) {
                found.push((meta.modified().ok(), Offer { path, size: meta.len() }));
            }
        }
    }
    found.sort_by_key(|(modified, _)| std::cmp::Reverse(*modified));
    let found = found.into_iter().take(OFFERED).map(|(_, offer)| offer).chain(kept);
    found.map(|offer| Offer { path: below_home(offer.path), ..offer }).collect()
}

/// A path with `~` for the home folder, as `expand` reads it.
fn below_home(path: PathBuf) -> PathBuf {
    let rest = std::env::home_dir().and_then(|home| Some(path.strip_prefix(home).ok()?.to_owned()));
    rest.map_or(path, |rest| Path::new("~").join(rest))
}

/// An address book of another program: a file, or a folder of cards, perhaps one below.
fn address_book(path: &Path) -> Option<Offer> {
    let meta = path.metadata().ok()?;
    match meta.is_dir() {
        true => folder_of_cards(path, 1).map(|path| Offer { path, size: 0 }),
        false => Some(Offer { path: path.to_owned(), size: meta.len() }),
    }
}

fn folder_of_cards(path: &Path, deeper: usize) -> Option<PathBuf> {
    let entries: Vec<PathBuf> =
        std::fs::read_dir(path).ok()?.take(LOOKED).flatten().map(|entry| entry.path()).collect();
    let is_card = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("vcf"));
    if entries.iter().any(is_card) {
        return Some(path.to_owned());
    }
    let below = entries.into_iter().filter(|path| deeper > 0 && path.is_dir());
    below.filter_map(|path| folder_of_cards(&path, deeper - 1)).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_to_import_are_completed_before_folders_and_others() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["People.csv", "page.html", ".people.json", "b.csv"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("pictures")).unwrap();
        let base = format!("{}/", folder.path().display());
        let found = |typed: &str| {
            let found = complete(&format!("{base}{typed}"));
            found.iter().map(|path| path[base.len()..].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("p"), ["People.csv", "pictures/", "page.html"]);
        assert_eq!(found("."), [".people.json"]);
        assert_eq!(found("none/"), Vec::<String>::new());
    }
}
