//! Mappings that were saved: how tables of a shape are imported, as TOML files in a folder, one a mapping.

use super::{ImportOptions, MatchBy, OnMatch, OpError, Result};
use crate::exchange::mapping::{check_rule, parse_rule};
use crate::exchange::{DateOrder, ExchangeError, Shape};
use serde::Deserialize;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The longest name, in characters.
const NAME_MAX: usize = 64;
/// A file longer than this is no mapping.
const FILE_MAX: u64 = 1 << 20;

/// How tables with these columns are imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Its name (its file's without the ending), the table's columns, and what was said about them.
    pub shape: Shape,
    /// The day on which it was saved, ISO 8601.
    pub saved: String,
    /// The file's encoding, where it isn't found out.
    pub encoding: Option<String>,
    /// What separates cells, where it isn't found out.
    pub delimiter: Option<u8>,
    /// Which row has the column names, where it isn't found out.
    pub header_row: Option<usize>,
    /// Which sheet of a workbook, where it isn't found out.
    pub sheet: Option<String>,
    /// What counts as the same contact, unless as usual.
    pub match_by: Option<Vec<MatchBy>>,
    /// What happens then, unless as usual.
    pub on_match: Option<OnMatch>,
    /// Whether empty cells clear.
    pub empty_clears: bool,
    /// Tags for every contact.
    pub tags: Vec<String>,
}

/// The file as it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    saved: String,
    columns: Vec<String>,
    from: Option<String>,
    map: Vec<String>,
    set: Vec<String>,
    date_order: Option<String>,
    key: Option<String>,
    encoding: Option<String>,
    delimiter: Option<String>,
    header_row: Option<usize>,
    sheet: Option<String>,
    r#match: Option<Vec<String>>,
    on_match: Option<String>,
    empty: Option<String>,
    tags: Vec<String>,
}

const BY: [(&str, MatchBy); 4] =
    [("id", MatchBy::Id), ("email", MatchBy::Email), ("phone", MatchBy::Phone), ("name", MatchBy::Name)];
const ON: [(&str, OnMatch); 4] =
    [("update", OnMatch::Update), ("fill", OnMatch::Fill), ("skip", OnMatch::Skip), ("add", OnMatch::Add)];
const ORDERS: [(&str, DateOrder); 3] =
    [("dmy", DateOrder::Dmy), ("mdy", DateOrder::Mdy), ("ymd", DateOrder::Ymd)];

fn by_word<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}

/// The word for a way to match: `id`, `email`, `phone`, `name`.
pub fn match_word(by: MatchBy) -> &'static str {
    word_of(&BY, &by)
}

/// The word for what happens to a contact that is there: `update`, `fill`, `skip`, `add`.
pub fn on_match_word(on: OnMatch) -> &'static str {
    word_of(&ON, &on)
}

/// The word for an order of dates: `dmy`, `mdy`, `ymd`.
pub fn date_order_word(order: DateOrder) -> &'static str {
    word_of(&ORDERS, &order)
}

/// What a word of `match_word` stands for.
pub fn match_named(word: &str) -> Option<MatchBy> {
    by_word(&BY, word)
}

/// What a word of `on_match_word` stands for.
pub fn on_match_named(word: &str) -> Option<OnMatch> {
    by_word(&ON, word)
}

/// What a word of `date_order_word` stands for.
pub fn date_order_named(word: &str) -> Option<DateOrder> {
    by_word(&ORDERS, word)
}

impl Mapping {
    /// What the options say about tables with these columns, under a name.
    pub fn of(name: &str, columns: Vec<String>, options: &ImportOptions, day: String) -> Self {
        let usual = ImportOptions::default();
        Self {
            shape: Shape {
                name: name.trim().to_owned(),
                columns,
                from: options.read.from.clone().filter(|from| from != "auto"),
                map: options.read.map.clone(),
                set: options.read.set.clone(),
                date_order: options.read.date_order,
                key: options.read.key.clone(),
            },
            saved: day,
            encoding: options.read.encoding.clone(),
            delimiter: options.read.delimiter,
            header_row: options.read.header_row,
            sheet: options.read.sheet.clone(),
            match_by: (options.match_by != usual.match_by).then(|| options.match_by.clone()),
            on_match: (options.on_match != usual.on_match).then_some(options.on_match),
            empty_clears: options.empty_clears,
            tags: options.tags.clone(),
        }
    }

    /// Whether it says how the bytes of a file become cells.
    pub(super) fn says_how_to_read(&self) -> bool {
        self.encoding.is_some()
            || self.delimiter.is_some()
            || self.header_row.is_some()
            || self.sheet.is_some()
    }

    /// Puts that into the options; whether it is anything new. `sheets` are those of the file, if it is a workbook.
    pub(super) fn read_so(&self, read: &mut crate::exchange::Options, sheets: Option<&[String]>) -> bool {
        let how = |read: &crate::exchange::Options| {
            (read.encoding.clone(), read.delimiter, read.header_row, read.sheet.clone())
        };
        let before = how(read);
        read.encoding = read.encoding.take().or_else(|| self.encoding.clone());
        read.delimiter = read.delimiter.or(self.delimiter);
        read.header_row = read.header_row.or(self.header_row);
        // A table with the same columns may come as a workbook today and as CSV tomorrow.
        let sheet = self.sheet.clone().filter(|sheet| sheets.is_some_and(|names| names.contains(sheet)));
        read.sheet = read.sheet.take().or(sheet);
        before != how(read)
    }

    /// Puts what isn't about reading into the options of an import whose file it was found for.
    pub(super) fn settle(&self, options: &mut ImportOptions) {
        if let Some(by) = &self.match_by {
            options.match_by.clone_from(by);
        }
        options.on_match = self.on_match.unwrap_or(options.on_match);
        options.empty_clears |= self.empty_clears;
        options.tags.extend(self.tags.iter().cloned());
    }

    /// Puts all of it into the options, whatever the file's columns are; what the options say about reading wins.
    pub fn force(&self, options: &mut ImportOptions) {
        let read = &mut options.read;
        self.shape.under(read);
        self.read_so(read, self.sheet.as_ref().map(std::slice::from_ref));
        self.settle(options);
    }

    fn parse(name: &str, path: &Path, text: &str) -> Result<Self> {
        let bad = |line: usize, message: String| OpError::Exchange {
            path: path.display().to_string(),
            source: ExchangeError::BadMapping { line, message },
        };
        let line_of = |word: &str| text.lines().position(|line| line.contains(word)).map_or(1, |at| at + 1);
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            bad(line, error.message().to_owned())
        })?;
        let known = |word: &str, key: &str| bad(line_of(key), format!("{key}: {word}"));
        let pair = |rule: &String| {
            parse_rule(rule).ok_or_else(|| bad(line_of(rule), format!("{rule}: no =, or nothing before it")))
        };
        let map = file.map.iter().map(pair).collect::<Result<Vec<_>>>()?;
        for (left, right) in &map {
            check_rule(right).map_err(|error| bad(line_of(left), format!("{left}: {error}")))?;
        }
        let set = file.set.iter().map(|rule| match rule.split_once('=') {
            Some((field, value)) => Ok((field.trim().to_owned(), value.to_owned())),
            None => Err(bad(line_of(rule), format!("{rule}: no ="))),
        });
        let set = set.collect::<Result<Vec<_>>>()?;
        for (field, _) in &set {
            check_rule(field).map_err(|error| bad(line_of(field), error.to_string()))?;
        }
        let date_order =
            file.date_order.map(|word| date_order_named(&word).ok_or_else(|| known(&word, "date_order")));
        let on_match =
            file.on_match.map(|word| on_match_named(&word).ok_or_else(|| known(&word, "on_match")));
        let by = |word: &String| match_named(word).ok_or_else(|| known(word, "match"));
        let match_by = file.r#match.map(|words| words.iter().map(by).collect::<Result<Vec<_>>>());
        let delimiter = file.delimiter.map(|word| match word.as_bytes() {
            [byte] if byte.is_ascii() => Ok(*byte),
            _ if word == "tab" => Ok(b'\t'),
            _ => Err(known(&word, "delimiter")),
        });
        let empty_clears = match file.empty.as_deref() {
            None | Some("keep") => false,
            Some("clear") => true,
            Some(word) => return Err(known(word, "empty")),
        };
        Ok(Self {
            shape: Shape {
                name: name.to_owned(),
                columns: file.columns,
                from: file.from,
                map,
                set,
                date_order: date_order.transpose()?,
                key: file.key,
            },
            saved: file.saved,
            encoding: file.encoding,
            delimiter: delimiter.transpose()?,
            header_row: file.header_row,
            sheet: file.sheet,
            match_by: match_by.transpose()?,
            on_match: on_match.transpose()?,
            empty_clears,
            tags: file.tags,
        })
    }

    fn text(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let list = |items: Vec<String>| {
            let items: String = items.iter().map(|item| format!("  {},\n", quoted(item))).collect();
            if items.is_empty() { "[]".to_owned() } else { format!("[\n{items}]") }
        };
        let rules = |pairs: &[(String, String)]| {
            list(pairs.iter().map(|(left, right)| format!("{left}={right}")).collect())
        };
        let mut text =
            "# How rolo imports tables with these columns; `rolo import --mappings` lists such files.\n"
                .to_owned();
        let mut line = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                // Writing into a string can't fail.
                let _ = writeln!(text, "{key} = {value}");
            }
        };
        let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        line("saved", Some(quoted(&self.saved)));
        line("columns", Some(list(self.shape.columns.clone())));
        line("from", self.shape.from.as_deref().map(quoted));
        line("map", (!self.shape.map.is_empty()).then(|| rules(&self.shape.map)));
        line("set", (!self.shape.set.is_empty()).then(|| rules(&self.shape.set)));
        line("date_order", self.shape.date_order.map(|order| quoted(date_order_word(order))));
        line("key", self.shape.key.as_deref().map(quoted));
        line("encoding", self.encoding.as_deref().map(quoted));
        let delimiter =
            |byte: u8| if byte == b'\t' { "tab".to_owned() } else { char::from(byte).to_string() };
        line("delimiter", self.delimiter.map(|byte| quoted(&delimiter(byte))));
        line("header_row", self.header_row.map(|row| row.to_string()));
        line("sheet", self.sheet.as_deref().map(quoted));
        let words = |by: &Vec<MatchBy>| list(by.iter().map(|by| match_word(*by).to_owned()).collect());
        line("match", self.match_by.as_ref().map(words));
        line("on_match", self.on_match.map(|on| quoted(on_match_word(on))));
        line("empty", self.empty_clears.then(|| quoted("clear")));
        line("tags", some(&self.tags).map(list));
        text
    }

    /// Writes it into the folder, whole or not at all; one of the same name is replaced.
    pub fn save(&self, folder: &Path) -> Result<PathBuf> {
        let path = path(folder, &self.shape.name)?;
        let io = |source| OpError::Io { path: path.clone(), source };
        std::fs::create_dir_all(folder).map_err(io)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
        file.write_all(self.text().as_bytes()).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        file.persist(&path).map_err(|error| io(error.error))?;
        Ok(path)
    }

    /// The mapping of this name; nothing if there is none.
    pub fn load(folder: &Path, name: &str) -> Result<Option<Self>> {
        let Ok(path) = path(folder, name) else { return Ok(None) };
        let io = |source| OpError::Io { path: path.clone(), source };
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
            Ok(meta) if meta.len() > FILE_MAX => return Err(io(ErrorKind::FileTooLarge.into())),
            Ok(_) => {}
        }
        let text = std::fs::read_to_string(&path).map_err(io)?;
        Self::parse(name.trim(), &path, &text).map(Some)
    }

    /// All that there are, oldest first, and what is wrong with those that can't be read.
    pub fn all(folder: &Path) -> Result<(Vec<Self>, Vec<OpError>)> {
        let io = |source| OpError::Io { path: folder.to_owned(), source };
        let entries = match std::fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
            entries => entries.map_err(io)?,
        };
        let mut names: Vec<String> = Vec::new();
        for entry in entries {
            let file = PathBuf::from(entry.map_err(io)?.file_name());
            let stem = file.file_stem().and_then(|stem| stem.to_str());
            if let (Some(stem), true) = (stem, file.extension().is_some_and(|ending| ending == "toml")) {
                names.push(stem.to_owned());
            }
        }
        names.sort();
        let (mut all, mut broken) = (Vec::new(), Vec::new());
        for name in names {
            match Self::load(folder, &name) {
                Ok(found) => all.extend(found),
                Err(error) => broken.push(error),
            }
        }
        all.sort_by(|a, b| a.saved.cmp(&b.saved));
        Ok((all, broken))
    }

    /// Removes the mapping of this name.
    pub fn forget(folder: &Path, name: &str) -> Result<()> {
        let missing = || OpError::NotFound { who: name.to_owned(), kind: "mapping" };
        let path = path(folder, name).map_err(|_| missing())?;
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(missing()),
            other => other.map_err(|source| OpError::Io { path, source }),
        }
    }
}

fn path(folder: &Path, name: &str) -> Result<PathBuf> {
    let name = name.trim();
    let odd = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    if name.is_empty() || name.starts_with('.') || name.contains(odd) || name.chars().count() > NAME_MAX {
        return Err(OpError::BadValue {
            field: "mapping".to_owned(),
            value: name.to_owned(),
            expected: "file-name".to_owned(),
        });
    }
    Ok(folder.join(format!("{name}.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Mapping {
        Mapping {
            shape: Shape {
                name: "news \"x\"".replace('"', "'"),
                columns: vec!["Full Name".into(), "E=mail \"2\"".into(), "城市".into()],
                from: Some("csv".into()),
                map: vec![
                    ("Full Name".into(), "split name".into()),
                    ("E=mail \"2\"".into(), "email.work".into()),
                ],
                set: vec![("stage".into(), "a=b".into())],
                date_order: Some(DateOrder::Dmy),
                key: None,
            },
            saved: "2026-11-22".into(),
            delimiter: Some(b'\t'),
            header_row: Some(3),
            sheet: Some("People".to_owned()),
            match_by: Some(vec![MatchBy::Id, MatchBy::Phone]),
            on_match: Some(OnMatch::Fill),
            empty_clears: true,
            tags: vec!["新闻".into()],
            ..Mapping::default()
        }
    }

    fn named(name: &str) -> Mapping {
        Mapping { shape: Shape { name: name.into(), ..Shape::default() }, ..Mapping::default() }
    }

    #[test]
    fn what_is_saved_reads_back_and_goes_when_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().join("mappings");
        assert_eq!(Mapping::all(folder).unwrap().0, []);
        for mapping in [sample(), named("plain")] {
            mapping.save(folder).unwrap();
            assert_eq!(Mapping::load(folder, &mapping.shape.name).unwrap(), Some(mapping));
        }
        let (all, broken) = Mapping::all(folder).unwrap();
        assert_eq!((all.len(), broken.len()), (2, 0));
        Mapping::forget(folder, "plain").unwrap();
        assert!(matches!(Mapping::forget(folder, "plain"), Err(OpError::NotFound { .. })));
        for name in ["", "../x", ".x", "a/b", "a\nb"] {
            assert!(named(name).save(folder).is_err(), "{name}");
        }
    }

    #[test]
    fn a_broken_file_names_itself_and_the_line() {
        let path = Path::new("mappings/x.toml");
        for (text, line) in [
            ("saved = 3", 1),
            ("saved = ''\nmap = ['Full Name=nmae']", 2),
            ("\n\nset = ['stge=x']", 3),
            ("\non_match = 'replace'", 2),
            ("match = [\n'id',\n]\nfroom = 'x'", 4),
            ("map = ['x'", 1),
        ] {
            let Err(OpError::Exchange { path, source: ExchangeError::BadMapping { line: found, .. } }) =
                Mapping::parse("x", path, text)
            else {
                panic!("{text}")
            };
            assert_eq!((path.as_str(), found), ("mappings/x.toml", line), "{text}");
        }
    }
}
