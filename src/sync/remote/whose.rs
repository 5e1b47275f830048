//! Whether a file lies where a sync tool or the network carries it about: a book must not be worked in there.

use std::path::Path;

/// Who carries files about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synced {
    /// Dropbox.
    Dropbox,
    /// Microsoft OneDrive.
    OneDrive,
    /// Google Drive.
    GoogleDrive,
    /// Apple iCloud Drive.
    ICloud,
    /// Nextcloud or ownCloud.
    Nextcloud,
    /// Syncthing.
    Syncthing,
    /// Another tool, below the folder in which macOS keeps them.
    Cloud,
    /// A network file system.
    Network,
}

/// Files that tools leave in the folder that they sync.
const MARKERS: [(&str, Synced); 7] = [
    (".stfolder", Synced::Syncthing),
    (".dropbox.cache", Synced::Dropbox),
    (".dropbox", Synced::Dropbox),
    (".nextcloudsync.log", Synced::Nextcloud),
    (".owncloudsync.log", Synced::Nextcloud),
    (".sync-exclude.lst", Synced::Nextcloud),
    (".tmp.drivedownload", Synced::GoogleDrive),
];

/// By whom the files at a path are carried about, if by anyone known.
pub fn synced_by(path: &Path) -> Option<Synced> {
    // What is to be made is judged by the folder that it will lie in.
    let there = path.ancestors().find_map(|folder| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        folder.canonicalize().ok()
    })?;
    for folder in there.ancestors() {
        let marked = MARKERS.iter().find(|(marker, _)| folder.join(marker).symlink_metadata().is_ok());
        if let Some((_, who)) = marked {
            return Some(*who);
        }
        if let Some(who) = folder.file_name().and_then(|name| name.to_str()).and_then(by_name) {
            return Some(who);
        }
        if folder.ends_with("Library/Mobile Documents") {
            return Some(Synced::ICloud);
        }
        if folder.ends_with("Library/CloudStorage") {
            return Some(Synced::Cloud);
        }
    }
    on_network(&there).then_some(Synced::Network)
}

/// The folders that the tools make.
fn by_name(name: &str) -> Option<Synced> {
    // `OneDrive - Company`, `Dropbox (Company)`, `GoogleDrive-ann@acme.example`.
    let begins = |tool: &str| {
        name.strip_prefix(tool).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '(']))
    };
    match name {
        _ if begins("Dropbox") => Some(Synced::Dropbox),
        _ if begins("OneDrive") => Some(Synced::OneDrive),
        _ if begins("Google Drive") || begins("GoogleDrive") => Some(Synced::GoogleDrive),
        "iCloud Drive" | "iCloudDrive" => Some(Synced::ICloud),
        _ if begins("Nextcloud") || begins("ownCloud") => Some(Synced::Nextcloud),
        _ => None,
    }
}

/// `f_type` of statfs(2): NFS, SMB, CIFS, SMB2, AFS, Ceph, Coda, NCP.
#[cfg(target_os = "linux")]
const NETWORK: [u32; 8] =
    [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x5346_414f, 0x00c3_6400, 0x7375_7245, 0x564c];

#[cfg(target_os = "linux")]
fn on_network(path: &Path) -> bool {
    rustix::fs::statfs(path).is_ok_and(|found| NETWORK.contains(&(found.f_type as u32)))
}

#[cfg(not(target_os = "linux"))]
fn on_network(path: &Path) -> bool {
    // A share on Windows: `\\server\share`, with or without the prefix of canonical paths.
    let text = path.to_string_lossy();
    text.starts_with(r"\\?\UNC\") || (text.starts_with(r"\\") && !text.starts_with(r"\\?\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_known_by_their_folders_and_their_marks() {
        let home = tempfile::tempdir().unwrap();
        for (name, who) in [
            ("Dropbox", Some(Synced::Dropbox)),
            ("Dropbox (Acme)", Some(Synced::Dropbox)),
            ("OneDrive - Acme", Some(Synced::OneDrive)),
            ("GoogleDrive-ann@acme.example", Some(Synced::GoogleDrive)),
            ("Nextcloud", Some(Synced::Nextcloud)),
            ("Library/Mobile Documents", Some(Synced::ICloud)),
            ("Library/CloudStorage/Box", Some(Synced::Cloud)),
            ("Documents", None),
            ("Dropboxes", None),
        ] {
            let folder = home.path().join(name).join("team");
            std::fs::create_dir_all(&folder).unwrap();
            assert_eq!(synced_by(&folder.join("book.rolo")), who, "{name}");
        }
        let plain = home.path().join("Documents");
        std::fs::create_dir(plain.join(".stfolder")).unwrap();
        assert_eq!(synced_by(&plain.join("team/not/there/yet.rolo")), Some(Synced::Syncthing));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_judged_by_where_it_leads() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("Dropbox")).unwrap();
        std::os::unix::fs::symlink(home.path().join("Dropbox"), home.path().join("d")).unwrap();
        assert_eq!(synced_by(&home.path().join("d/team.rolo")), Some(Synced::Dropbox));
    }
}
