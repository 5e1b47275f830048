//! Conflicted copies of a shared file: which files are some, and what they add to the file itself.

use super::packed::Parts;
use crate::model::ids::Device;
use crate::sync::names::Name;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization;

/// What sync tools call a conflict, as stems in lower case: in the languages of Dropbox, and Nextcloud, whose file name is in the
/// user's language, too. Danish has `modstridende kopi`.
const CONFLICT: [&str; 9] =
    ["conflict", "conflit", "konflikt", "конфликт", "modstridende", "冲突", "衝突", "競合", "충돌"];

/// Whether a name is one that sync tools give to a conflicted copy of `own`: `team (Ann's conflicted copy 2026-11-25).rolo`
/// (Dropbox, Nextcloud; also in other languages), `team.sync-conflict-20261125-101010-ABCDEFG.rolo` (Syncthing, which adds that at the end
/// where it takes the ending for none), `team (1).rolo` (Google Drive), `team 2.rolo` (iCloud), `team-DESKTOP-4711.rolo` (OneDrive).
pub(super) fn is_copy(own: &str, name: &str) -> bool {
    if name.strip_prefix(own).and_then(|rest| rest.strip_prefix(".sync-conflict-")).is_some_and(is_machine) {
        return true;
    }
    let (stem, ending) = own.rsplit_once('.').map_or((own, ""), |(stem, _)| (stem, &own[stem.len()..]));
    let Some(middle) = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(ending)) else {
        return false;
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Some systems take letters apart: what is `충돌` elsewhere.
    let said: String = middle.nfc().flat_map(char::to_lowercase).collect();
    CONFLICT.iter().any(|word| said.contains(word))
        || middle.strip_prefix(" (").and_then(|rest| rest.strip_suffix(')')).is_some_and(number)
        || middle.strip_prefix(' ').is_some_and(number)
        || middle.strip_prefix('-').is_some_and(is_machine)
}

/// Whether it is a machine's name, or a date and a device as Syncthing writes them.
fn is_machine(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() >= 4 && text.bytes().all(letter)
}

/// Adds what the copies hold beyond `all`. What a device has put together into larger segments or replaced by newer heads stays
/// gone: otherwise it would take that away and the others bring it back, each time in a further conflicted copy. So a team that
/// merges the same copies at once ends with the same file.
pub(super) fn add(all: &mut Parts, copies: &BTreeMap<PathBuf, Parts>) {
    if copies.is_empty() {
        return;
    }
    let held = Held::of(all);
    for (name, bytes) in copies.values().flatten() {
        match (all.get_mut(name), Name::parse(name)) {
            // A half-written part does not displace a whole one.
            (Some(old), Some(name)) => {
                if name.check(old).is_err() && name.check(bytes).is_ok() {
                    *old = bytes.clone();
                }
            }
            (None, Some(parsed)) if held.supersedes(&parsed) => {}
            (None, _) => drop(all.insert(name.clone(), bytes.clone())),
            (Some(_), None) => {}
        }
    }
}

/// What a file holds of each device, whole.
struct Held {
    /// The number of the newest head.
    heads: HashMap<Device, u64>,
    /// Runs of rows, in order, those that touch put together: first and last.
    runs: HashMap<Device, Vec<(i64, i64)>>,
}

impl Held {
    fn of(parts: &Parts) -> Self {
        let (mut heads, mut segments) = (HashMap::new(), HashMap::<Device, Vec<(i64, i64)>>::new());
        for (name, bytes) in parts {
            match Name::parse(name) {
                Some(name @ Name::Head { device, n, .. }) if name.check(bytes).is_ok() => {
                    let newest = heads.entry(device).or_insert(n);
                    *newest = n.max(*newest);
                }
                Some(name @ Name::Segment { device, first, last, .. }) if name.check(bytes).is_ok() => {
                    segments.entry(device).or_default().push((first, last));
                }
                _ => {}
            }
        }
        let joined = |mut segments: Vec<(i64, i64)>| {
            segments.sort_unstable();
            let mut runs: Vec<(i64, i64)> = Vec::new();
            for (first, last) in segments {
                match runs.last_mut() {
                    Some(run) if first - 1 <= run.1 => run.1 = last.max(run.1),
                    _ => runs.push((first, last)),
                }
            }
            runs
        };
        let runs = segments.into_iter().map(|(device, segments)| (device, joined(segments))).collect();
        Self { heads, runs }
    }

    fn supersedes(&self, name: &Name) -> bool {
        match name {
            Name::Head { device, n, .. } => self.heads.get(device).is_some_and(|newest| newest > n),
            Name::Segment { device, first, last, .. } => {
                let runs = self.runs.get(device).map_or(&[][..], |runs| runs);
                runs.iter().any(|run| run.0 <= *first && *last <= run.1)
            }
            _ => false,
        }
    }
}
