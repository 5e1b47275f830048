//! Tells when something changes in the shared place, where the system can tell that.

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How files end that are about to get another name.
const TEMPORARY: &str = ".rolo-tmp";

/// A place that is watched until this is dropped.
pub(super) struct Watch {
    /// Which.
    pub(super) place: PathBuf,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches a shared folder with what lies in it, or the folder of a shared file; nothing where that can't be done.
    pub(super) fn new(place: &Path, tell: impl Fn() + Send + 'static) -> Option<Self> {
        let file = if place.is_dir() { None } else { Some(stem(place)?) };
        let (folder, mode) = match &file {
            None => (place, RecursiveMode::Recursive),
            // A file that is replaced by another one can't be watched itself; copies in conflict lie beside it.
            Some(_) => (place.parent()?, RecursiveMode::NonRecursive),
        };
        let heard = move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| is_news(&event, file.as_ref())) {
                tell();
            }
        };
        let mut watcher = notify::recommended_watcher(heard).ok()?;
        watcher.watch(folder, mode).ok()?;
        Some(Self { place: place.to_owned(), _watcher: watcher })
    }
}

/// What the names of a shared file and of its copies begin with.
fn stem(place: &Path) -> Option<OsString> {
    place.file_stem().map(OsString::from)
}

/// Whether there may be something new to read. Reading is none, or each sync would be followed by another.
fn is_news(event: &Event, stem: Option<&OsString>) -> bool {
    let written = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    };
    let concerns = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let ours = stem.is_none_or(|stem| name.starts_with(&*stem.to_string_lossy()));
        ours && !name.ends_with(TEMPORARY)
    };
    // An event that names no file says that some were missed.
    written && (event.paths.is_empty() || event.paths.iter().any(concerns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, ModifyKind, RenameMode};

    #[test]
    fn only_what_may_bring_something_counts() {
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        let created = EventKind::Create(CreateKind::File);
        let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::To));
        let team = OsString::from("team");
        for (event, stem, news) in [
            (event(created, "/s/d/1/seg/1-2.seg"), None, true),
            (event(renamed, "/s/d/1/head/7.head"), None, true),
            (event(created, "/s/d/1/seg/.1-2.seg.00.rolo-tmp"), None, false),
            (event(EventKind::Access(AccessKind::Open(AccessMode::Any)), "/s/d/1/seg/1-2.seg"), None, false),
            (event(EventKind::Access(AccessKind::Close(AccessMode::Write)), "/s/FORMAT"), None, true),
            (event(renamed, "/Dropbox/team.rolo"), Some(&team), true),
            (event(created, "/Dropbox/team (Bob's conflicted copy).rolo"), Some(&team), true),
            (event(created, "/Dropbox/holiday.jpg"), Some(&team), false),
            (Event::new(EventKind::Other), Some(&team), true),
        ] {
            assert_eq!(is_news(&event, stem), news, "{event:?}");
        }
    }
}
