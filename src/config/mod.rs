//! Settings: defaults < `config.toml` < environment < flags, and where files live.

mod env;
mod file;

pub use env::{Env, Folders};
pub use file::{BOOK_KEYS, File, KEYS, follow_book, unknown, write};

use crate::clock::Clock;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Languages of messages and screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// The language that a tag or a locale (`zh_CN.UTF-8`) names, if rolo speaks it.
    pub fn of(text: &str) -> Option<Self> {
        let bare = text.split(['.', '@']).next().unwrap_or_default();
        match bare.split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Even into a pipe.
    Always,
    /// Not at all.
    Never,
}

/// How days are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// As the language does: `14 Sep 2026`, `2026年9月14日`.
    #[default]
    Words,
    /// `2026-09-14`.
    Iso,
}

/// What the command line says about settings.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--book`.
    pub book: Option<OsString>,
    /// `--lang`.
    pub lang: Option<Language>,
    /// `--author`.
    pub author: Option<String>,
    /// `--color`.
    pub color: Option<Color>,
}

/// The settings that hold for this process.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where files lie.
    pub folders: Folders,
    /// The book to open.
    pub book: PathBuf,
    /// Whether somebody said which book it is.
    pub named_book: bool,
    /// The language of messages.
    pub lang: Language,
    /// Who makes changes.
    pub author: String,
    /// Whether somebody said so; otherwise the system's name of the user stands in.
    pub named_author: bool,
    /// What this machine is called.
    pub host: String,
    /// When to use colours.
    pub color: Color,
    /// How days are written.
    pub dates: Dates,
    /// The editor's command, if one is set.
    pub editor: Option<OsString>,
    /// The clock.
    pub clock: Clock,
    /// A guess for a new book, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// `TERM=dumb`.
    pub dumb: bool,
    /// Whether the locale writes UTF-8; one that isn't set does.
    pub utf8: bool,
    /// Where the screen appends times to, and what they are counted from.
    pub trace: Option<(PathBuf, std::time::Instant)>,
}

/// What is wrong in a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No TOML; the message is the parser's.
    Syntax {
        /// In English.
        message: String,
    },
    /// A key that means nothing.
    UnknownKey {
        /// As written.
        key: String,
        /// The one that was meant.
        nearest: Option<String>,
    },
    /// A value that is no text.
    NotText {
        /// Its key.
        key: String,
    },
    /// A value that the key can't have.
    BadValue {
        /// The key.
        key: String,
        /// As written.
        value: String,
        /// What it can be.
        expected: &'static str,
    },
}

/// Settings that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A mistake in the file.
    #[error("{path}:{line}: {problem:?}")]
    File {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What.
        problem: Problem,
    },
    /// The same from a flag, a variable, or `config set`.
    #[error("{origin}: {problem:?}")]
    Given {
        /// The flag's or variable's name.
        origin: &'static str,
        /// What.
        problem: Problem,
    },
    /// A file that can't be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl ConfigError {
    /// The line of the mistake, 0 if it isn't in a file.
    pub const fn line(&self) -> usize {
        match self {
            Self::File { line, .. } => *line,
            _ => 0,
        }
    }
}

/// Checks and reads one setting's value.
fn read_value<T>(key: &str, value: &str, expected: &'static str, read: Option<T>) -> Result<T, Problem> {
    read.ok_or_else(|| Problem::BadValue { key: key.to_owned(), value: value.to_owned(), expected })
}

fn color(value: &str) -> Result<Color, Problem> {
    let found = match value {
        "auto" => Some(Color::Auto),
        "always" => Some(Color::Always),
        "never" => Some(Color::Never),
        _ => None,
    };
    read_value("color", value, "auto, always, never", found)
}

fn dates(value: &str) -> Result<Dates, Problem> {
    let found = match value {
        "words" => Some(Dates::Words),
        "iso" => Some(Dates::Iso),
        _ => None,
    };
    read_value("dates", value, "words, iso", found)
}

fn lang(value: &str) -> Result<Language, Problem> {
    read_value("lang", value, "en, zh-CN", Language::of(value))
}

/// Checks a value before `config set` writes it.
pub fn check(key: &str, value: &str) -> Result<(), Problem> {
    match key {
        "color" => color(value).map(drop),
        "dates" => dates(value).map(drop),
        "lang" => lang(value).map(drop),
        _ if KEYS.contains(&key) => Ok(()),
        _ => Err(unknown(key, KEYS)),
    }
}

fn is_utf8(locale: &str) -> bool {
    let lower = locale.to_ascii_lowercase();
    lower.contains("utf-8") || lower.contains("utf8")
}

impl Settings {
    /// Puts together what the file, the environment and the flags say.
    pub fn resolve(env: &Env, flags: &Flags) -> Result<Self, ConfigError> {
        let path = config_path(&env.folders);
        let file = File::read(&path)?;
        let from_file = |key: &'static str| {
            file.get(key).map(|value| (value, ConfigErrorPlace { path: path.clone(), line: file.line(key) }))
        };
        let clock = Clock::from_setting(env.now.as_deref()).map_err(|_| ConfigError::Given {
            origin: "ROLO_NOW",
            problem: Problem::BadValue {
                key: "ROLO_NOW".into(),
                value: env.now.clone().unwrap_or_default(),
                expected: "2026-09-14T09:30:00+02:00",
            },
        })?;
        let lang = match (flags.lang, env.lang.as_deref(), from_file("lang")) {
            (Some(lang), ..) => lang,
            (_, Some(text), _) => {
                self::lang(text).map_err(|problem| ConfigError::Given { origin: "ROLO_LANG", problem })?
            }
            (_, _, Some((text, place))) => self::lang(text).map_err(|problem| place.refuse(problem))?,
            _ => env.messages.as_deref().and_then(Language::of).unwrap_or_default(),
        };
        let color = match (flags.color, from_file("color")) {
            (Some(color), _) => color,
            _ if env.no_color => Color::Never,
            (_, Some((text, place))) => self::color(text).map_err(|problem| place.refuse(problem))?,
            _ => Color::Auto,
        };
        let dates = match from_file("dates") {
            Some((text, place)) => self::dates(text).map_err(|problem| place.refuse(problem))?,
            None => Dates::default(),
        };
        let author = flags.author.clone().or_else(|| env.author.clone());
        let author = author.or_else(|| file.get("author").map(str::to_owned));
        let book =
            flags.book.clone().or_else(|| env.book.clone()).or_else(|| file.get("book").map(OsString::from));
        Ok(Self {
            book: book_path(&env.folders, book.as_deref()),
            named_book: book.is_some(),
            lang,
            named_author: author.is_some(),
            author: author.or_else(|| env.user.clone()).unwrap_or_default(),
            host: env.host.clone().unwrap_or_default(),
            color,
            dates,
            editor: env.editor.clone().or_else(|| file.get("editor").map(OsString::from)),
            clock,
            country: env.region.as_deref().and_then(env::country_of),
            dumb: env.dumb,
            utf8: env.characters.as_deref().is_none_or(is_utf8),
            trace: env.trace.clone().map(|(path, began)| (path.into(), began)),
            folders: env.folders.clone(),
        })
    }
}

struct ConfigErrorPlace {
    path: PathBuf,
    line: usize,
}

impl ConfigErrorPlace {
    fn refuse(self, problem: Problem) -> ConfigError {
        ConfigError::File { path: self.path, line: self.line, problem }
    }
}

/// Where `config.toml` lies.
pub fn config_path(folders: &Folders) -> PathBuf {
    folders.config.join("config.toml")
}

/// The folder of mappings that were saved while importing.
pub fn mappings_folder(folders: &Folders) -> PathBuf {
    folders.config.join("mappings")
}

/// The folder of the user's own profiles of systems to import from.
pub fn profiles_folder(folders: &Folders) -> PathBuf {
    folders.config.join("profiles")
}

/// The folder of named books.
pub fn books_folder(folders: &Folders) -> PathBuf {
    folders.data.join("books")
}

/// The book when none is named.
pub fn default_book(folders: &Folders) -> PathBuf {
    folders.data.join("book.rolo")
}

/// Whether a text names a book rather than a file: one word without separator or dot.
pub fn is_book_name(text: &OsStr) -> bool {
    text.to_str().is_some_and(|text| !text.is_empty() && !text.contains(['/', '\\', '.', ':']))
}

/// The file that `--book` and its like mean.
pub fn book_path(folders: &Folders, given: Option<&OsStr>) -> PathBuf {
    match given {
        None => default_book(folders),
        Some(name) if name == "default" => default_book(folders),
        Some(name) if is_book_name(name) => {
            let mut file = name.to_owned();
            file.push(".rolo");
            books_folder(folders).join(file)
        }
        Some(path) => Path::new(path).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(folder: &Path) -> Env {
        let folders = Folders {
            data: folder.join("data"),
            config: folder.to_owned(),
            state: folder.join("state"),
            temp: folder.to_owned(),
        };
        Env { folders, user: Some("os".into()), ..Env::default() }
    }

    #[test]
    fn flags_win_over_the_environment_over_the_file_over_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let mut env = env(folder.path());
        let settle = |env: &Env, flags: &Flags| Settings::resolve(env, flags).unwrap();
        let none = Flags::default();
        assert_eq!((settle(&env, &none).author.as_str(), settle(&env, &none).lang), ("os", Language::En));
        env.messages = Some("zh_CN.UTF-8".into());
        env.region = Some("zh_CN.UTF-8".into());
        assert_eq!(settle(&env, &none).lang, Language::ZhCn);
        assert_eq!(settle(&env, &none).country.as_deref(), Some("CN"));
        std::fs::write(
            folder.path().join("config.toml"),
            "author='file'\nlang='en'\nbook='work'\ncolor='always'",
        )
        .unwrap();
        let from_file = settle(&env, &none);
        assert_eq!(
            (from_file.author.as_str(), from_file.lang, from_file.color),
            ("file", Language::En, Color::Always)
        );
        assert_eq!(from_file.book, folder.path().join("data/books/work.rolo"));
        env.author = Some("env".into());
        env.book = Some("x/y.rolo".into());
        env.no_color = true;
        let from_env = settle(&env, &none);
        assert_eq!(
            (from_env.author.as_str(), from_env.color, from_env.book.to_str()),
            ("env", Color::Never, Some("x/y.rolo"))
        );
        let flags = Flags {
            author: Some("flag".into()),
            book: Some("default".into()),
            color: Some(Color::Always),
            lang: Some(Language::ZhCn),
        };
        let from_flags = settle(&env, &flags);
        assert_eq!((from_flags.author.as_str(), from_flags.color), ("flag", Color::Always));
        assert_eq!(from_flags.book, folder.path().join("data/book.rolo"));
    }

    #[test]
    fn a_bad_value_names_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), "\ncolor = \"blue\"\n").unwrap();
        let error = Settings::resolve(&env(folder.path()), &Flags::default()).unwrap_err();
        assert_eq!(error.line(), 2);
        let env = Env { now: Some("yesterday".into()), ..env(&folder.path().join("none")) };
        assert!(matches!(
            Settings::resolve(&env, &Flags::default()),
            Err(ConfigError::Given { origin: "ROLO_NOW", .. })
        ));
    }
}
