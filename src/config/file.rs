//! `config.toml`: flat keys, read with the line of every mistake, and changed line by line so that comments stay.

use super::{ConfigError, Problem};
use crate::text::edit_distance;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use toml::de::DeTable;

/// The keys that there are.
pub const KEYS: &[&str] = &["author", "book", "color", "dates", "editor", "lang"];
/// Settings that belong to the book rather than to the user; they don't stand in the file.
pub const BOOK_KEYS: &[&str] = &["country", "name"];

/// What the file says; nothing where it is silent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    values: Vec<(String, String, usize)>,
}

impl File {
    /// Reads the file; none there is the same as an empty one.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::Io { path: path.to_owned(), source }),
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut values = Vec::new();
        for (key, value, span) in entries(text, path)? {
            let line = line_of(text, span.start);
            let refuse = |problem| ConfigError::File { path: path.to_owned(), line, problem };
            if !KEYS.contains(&key.as_str()) {
                return Err(refuse(unknown(&key, KEYS)));
            }
            let value = value.ok_or_else(|| refuse(Problem::NotText { key: key.clone() }))?;
            values.push((key, value, line));
        }
        Ok(Self { values })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(name, ..)| name == key).map(|(_, value, _)| value.as_str())
    }

    /// The line that sets a key, from 1; 0 if none does.
    pub fn line(&self, key: &str) -> usize {
        self.values.iter().find(|(name, ..)| name == key).map_or(0, |(_, _, line)| *line)
    }
}

/// An unknown key, and the one of those known that was meant.
pub fn unknown<'k>(key: &str, known: impl IntoIterator<Item = &'k &'k str>) -> Problem {
    let nearest = known.into_iter().map(|known| (edit_distance(key, known), *known)).min();
    let nearest = nearest.filter(|(distance, _)| *distance <= 2).map(|(_, known)| known.to_owned());
    Problem::UnknownKey { key: key.to_owned(), nearest }
}

type Entry = (String, Option<String>, Range<usize>);

/// Keys with their values as text (none if it is a table or a list), and where the key stands.
fn entries(text: &str, path: &Path) -> Result<Vec<Entry>, ConfigError> {
    let table = DeTable::parse(text).map_err(|error| ConfigError::File {
        path: path.to_owned(),
        line: error.span().map_or(0, |span| line_of(text, span.start)),
        problem: Problem::Syntax { message: error.message().to_owned() },
    })?;
    let mut entries: Vec<Entry> = table
        .get_ref()
        .iter()
        .map(|(key, value)| {
            let text = value.get_ref().as_str().map(str::to_owned);
            (key.get_ref().to_string(), text, key.span().start..value.span().end)
        })
        .collect();
    entries.sort_by_key(|(_, _, span)| span.start);
    Ok(entries)
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Sets a key in the text of a file, or takes it out; the rest stays as it is.
fn changed(text: &str, path: &Path, key: &str, value: Option<&str>) -> Result<String, ConfigError> {
    let line = value.map(|value| format!("{key} = {}", toml::Value::String(value.to_owned())));
    let span = entries(text, path)?.into_iter().find(|(name, ..)| name == key).map(|(_, _, span)| span);
    let mut text = text.to_owned();
    match (span, line) {
        (Some(span), Some(line)) => text.replace_range(span, &line),
        (Some(span), None) => {
            let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at + 1);
            text.replace_range(span.start..end, "");
        }
        (None, Some(line)) => {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&line);
            text.push('\n');
        }
        (None, None) => {}
    }
    Ok(text)
}

/// Lets the settings go on with a book that lies elsewhere now, if they named the place where it lay.
pub fn follow_book(path: &Path, from: &Path, to: &Path) -> Result<(), ConfigError> {
    match File::read(path)?.get("book") {
        Some(named) if Path::new(named) == from => write(path, "book", Some(&to.to_string_lossy())),
        _ => Ok(()),
    }
}

/// Sets a key in the file, or takes it out; makes the file if there is none.
pub fn write(path: &Path, key: &str, value: Option<&str>) -> Result<(), ConfigError> {
    let io = |source| ConfigError::Io { path: path.to_owned(), source };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(io(error)),
    };
    let text = changed(&text, path, key, value)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(io)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(io)?;
    // A link, as people who keep their settings elsewhere have it, stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    file.persist(target).map_err(|error| io(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> (usize, Problem) {
        match File::parse(text, Path::new("config.toml")) {
            Err(ConfigError::File { line, problem, .. }) => (line, problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn mistakes_name_their_line_and_the_nearest_key() {
        let (line, found) = problem("# mine\nlang = \"en\"\nauthr = \"Ann\"\n");
        assert_eq!(line, 3);
        assert_eq!(found, Problem::UnknownKey { key: "authr".into(), nearest: Some("author".into()) });
        assert_eq!(problem("\n\nlang = zh").0, 3);
        assert_eq!(problem("lang = 3"), (1, Problem::NotText { key: "lang".into() }));
        assert!(matches!(problem("[colour]\nx=1").1, Problem::UnknownKey { .. }));
    }

    #[test]
    fn setting_a_key_leaves_everything_else_alone() {
        let path = Path::new("config.toml");
        let text = "# who I am\nauthor = \"Ann\" # always\n\nlang=\"en\"\n";
        let set = changed(text, path, "author", Some("Bob \"B\" 王")).unwrap();
        assert_eq!(File::parse(&set, path).unwrap().get("author"), Some("Bob \"B\" 王"));
        assert!(
            set.starts_with("# who I am\nauthor = ") && set.contains(" # always\n\nlang=\"en\"\n"),
            "{set}"
        );
        assert_eq!(changed(text, path, "lang", None).unwrap(), "# who I am\nauthor = \"Ann\" # always\n\n");
        assert_eq!(changed("a", path, "x", Some("1")).unwrap_err().line(), 1);
        assert!(
            changed(text, path, "book", Some("work")).unwrap().ends_with("lang=\"en\"\nbook = \"work\"\n")
        );
    }
}
