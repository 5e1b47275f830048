//! Files that could be imported.

use crate::tui::state::data::Offer;
use std::path::{Path, PathBuf};

/// Entries of a folder that are looked at.
const LOOKED: usize = 5000;
/// Files that are offered.
const OFFERED: usize = 6;
const ENDINGS: [&str; 5] = ["csv", "tsv", "json", "jsonl", "ndjson"];

/// A path as typed, `~` being the home folder.
pub(super) fn expand(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

fn is_importable(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Files and folders whose path begins so, folders with a slash behind; files that can be imported first.
pub(super) fn complete(typed: &str) -> Vec<String> {
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
    found.into_iter().take(OFFERED).map(|(_, offer)| offer).collect()
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
