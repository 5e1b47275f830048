//! What the environment says, read in one place and handed down, so that tests can set all of it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

/// Where files of each sort lie.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// Books.
    pub data: PathBuf,
    /// `config.toml`.
    pub config: PathBuf,
    /// Device identities and drafts.
    pub state: PathBuf,
    /// Files that may vanish.
    pub temp: PathBuf,
}

/// The variables that rolo looks at. Empty ones count as unset.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// Where files lie by the rules of the system (XDG, Apple, Windows).
    pub folders: Folders,
    /// `ROLO_BOOK`: a path or a name.
    pub book: Option<OsString>,
    /// `ROLO_LANG`.
    pub lang: Option<String>,
    /// `ROLO_NOW`: the time that it is, RFC 3339.
    pub now: Option<String>,
    /// `ROLO_AUTHOR`.
    pub author: Option<String>,
    /// The name of the user at the system.
    pub user: Option<String>,
    /// What this machine is called.
    pub host: Option<String>,
    /// The locale for messages: `LC_ALL`, `LC_MESSAGES`, `LANG`.
    pub messages: Option<String>,
    /// The locale for everything else: `LC_ALL`, `LC_TELEPHONE`, `LANG`.
    pub region: Option<String>,
    /// `NO_COLOR` is set to something.
    pub no_color: bool,
    /// `TERM` is `dumb`.
    pub dumb: bool,
    /// `VISUAL`, `EDITOR`.
    pub editor: Option<OsString>,
    /// The locale for characters: `LC_ALL`, `LC_CTYPE`, `LANG`.
    pub characters: Option<String>,
    /// `ROLO_TRACE`: a file that the screen appends times to, counted from when the environment was read.
    pub trace: Option<(OsString, Instant)>,
}

impl Env {
    /// Reads the environment of this process.
    pub fn read() -> Self {
        let os = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let text = |name: &str| os(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            folders: folders(),
            book: os("ROLO_BOOK"),
            lang: text("ROLO_LANG"),
            now: text("ROLO_NOW"),
            author: text("ROLO_AUTHOR"),
            user: text("USER").or_else(|| text("LOGNAME")).or_else(|| text("USERNAME")),
            host: std::fs::read_to_string("/proc/sys/kernel/hostname")
                .ok()
                .map(|name| name.trim().to_owned())
                .or_else(|| text("COMPUTERNAME"))
                .or_else(|| text("HOSTNAME")),
            messages: text("LC_ALL").or_else(|| text("LC_MESSAGES")).or_else(|| text("LANG")),
            region: text("LC_ALL").or_else(|| text("LC_TELEPHONE")).or_else(|| text("LANG")),
            no_color: os("NO_COLOR").is_some(),
            dumb: text("TERM").is_some_and(|term| term == "dumb"),
            editor: os("VISUAL").or_else(|| os("EDITOR")),
            characters: text("LC_ALL").or_else(|| text("LC_CTYPE")).or_else(|| text("LANG")),
            trace: os("ROLO_TRACE").map(|path| (path, Instant::now())),
        }
    }
}

fn folders() -> Folders {
    let temp = std::env::temp_dir();
    match directories::ProjectDirs::from("", "", "rolo") {
        Some(dirs) => Folders {
            data: dirs.data_dir().to_owned(),
            config: dirs.config_dir().to_owned(),
            state: dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned(),
            temp,
        },
        // No home folder at all: what is there to write lies in the current one.
        None => Folders { data: ".rolo".into(), config: ".rolo".into(), state: ".rolo".into(), temp },
    }
}

/// The country in a locale such as `de_AT.UTF-8`: `AT`.
pub fn country_of(locale: &str) -> Option<String> {
    let bare = locale.split(['.', '@']).next().unwrap_or_default();
    let country = bare.split(['_', '-']).next_back().filter(|part| part.len() == 2 && bare.len() > 2)?;
    country.chars().all(|c| c.is_ascii_alphabetic()).then(|| country.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_a_country_or_none() {
        for (locale, country) in [
            ("de_AT.UTF-8", Some("AT")),
            ("zh_Hans_CN.UTF-8", Some("CN")),
            ("en_GB@euro", Some("GB")),
            ("C.UTF-8", None),
            ("POSIX", None),
            ("en", None),
            ("", None),
        ] {
            assert_eq!(country_of(locale).as_deref(), country, "{locale}");
        }
    }
}
