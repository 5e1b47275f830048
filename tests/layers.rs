//! Holds the rooms of the house apart: who may import whom, how long a file may be, where the book may be written.
//!
//! A violation is mended by moving code, never by adding an arrow for it alone.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// room -> what of ours it may import, as paths: a deeper path allows only what lies under it. What lies in the room
/// itself is always allowed, except for the rooms inside `tui`, which are listed one by one.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["cli", "tui", "config"]),
    ("cli", &["ops", "config", "model", "search::query", "text", "i18n", "clock"]),
    ("tui", &["ops", "config", "model", "search::query", "text", "i18n", "clock"]),
    // Words for what the faces show: kinds of errors and labels come in, text goes out.
    ("i18n", &["ops", "config", "model", "search::query", "text"]),
    ("config", &["text", "clock"]),
    ("ops", &["store", "search", "exchange", "sync", "model", "text", "clock"]),
    ("sync", &["store", "model", "text", "clock"]),
    ("store", &["model", "text", "clock"]),
    ("search", &["model", "text", "clock"]),
    ("exchange", &["model", "text", "clock"]),
    ("model", &[]),
    ("text", &[]),
    ("clock", &[]),
];

/// What stands outside the table, file by file, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    // `rolo` without a command, and `rolo demo` on a terminal, open the screen: `open_screen` is the one place.
    ("src/cli/mod.rs", "tui"),
];

/// Inside the screen: what its rooms must not know.
const SCREEN: &[(&str, &[&str])] = &[
    // The state is changed by messages alone; it can be tested without a book and without a terminal.
    ("src/tui/state/", &["ops", "store", "tui::view", "tui::worker", "tui::terminal"]),
    // Drawing reads the state and asks nobody.
    ("src/tui/view/", &["ops", "store", "tui::worker", "tui::terminal"]),
    ("src/tui/widgets/", &["ops", "store", "tui::worker", "tui::view", "tui::terminal"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// `src/x/y.rs` as everyone writes it, and its text.
fn code() -> Vec<(String, String)> {
    let files = sources(&root().join("src"));
    assert!(files.len() > 50, "the sources are not where this test looks");
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The module that a file is: `src/ops/import/mod.rs` is `[ops, import]`.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// The text without comments: what they name is no import.
fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every path of ours that a file names from the root, `super::` resolved and groups spelt out.
fn imports(file: &str, text: &str) -> BTreeSet<Vec<String>> {
    let text = without_comments(text);
    let here = module(file);
    let mut found = BTreeSet::new();
    let start = regex::Regex::new(r"\b(?:crate|rolo)::|\b(?:super::)+").unwrap();
    for head in start.find_iter(&text) {
        let base = match head.as_str() {
            "crate::" | "rolo::" => Vec::new(),
            supers => {
                let up = supers.matches("super::").count();
                // Inside an inline `mod tests` the first `super` is the file itself; one step too many is harmless,
                // because paths that stay in the room are always allowed.
                here[..here.len().saturating_sub(up)].to_vec()
            }
        };
        found.extend(paths(&text[head.end()..]).into_iter().map(|path| [base.clone(), path].concat()));
    }
    found.retain(|path| !path.is_empty());
    found
}

/// What follows `crate::`: one path, or several in braces.
fn paths(text: &str) -> Vec<Vec<String>> {
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut all = Vec::new();
        let mut from = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                '}' | ',' if depth == 0 => {
                    all.extend(paths(group[from..at].trim()));
                    from = at + 1;
                    if c == '}' {
                        return all;
                    }
                }
                _ => {}
            }
        }
        return all;
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return Vec::new();
    }
    let tails = rest.strip_prefix("::").map(paths).unwrap_or_default();
    if tails.is_empty() {
        return vec![vec![name.to_owned()]];
    }
    tails.into_iter().map(|tail| [vec![name.to_owned()], tail].concat()).collect()
}

fn under(path: &[String], allowed: &str) -> bool {
    allowed.split("::").zip(path).filter(|(a, b)| a == b).count() == allowed.split("::").count()
}

#[test]
fn rooms_import_only_along_the_arrows() {
    let mut wrong = Vec::new();
    for (file, text) in code() {
        let Some(room) = module(&file).first().cloned() else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{file}: the room {room} has no arrows in this test"));
            continue;
        };
        for path in imports(&file, &text) {
            let excepted = EXCEPTIONS.iter().any(|(name, to)| *name == file && under(&path, to));
            let known = ARROWS.iter().any(|(name, _)| *name == path[0]);
            if path[0] != room && known && !excepted && !allowed.iter().any(|to| under(&path, to)) {
                wrong.push(format!("{file} imports {}", path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "against the arrows of the architecture:\n{}", wrong.join("\n"));
}

#[test]
fn inside_the_screen_only_the_worker_knows_the_book() {
    let book = regex::Regex::new(r"\bBook\b").unwrap();
    let mut wrong = Vec::new();
    for (file, text) in code() {
        for (_, forbidden) in SCREEN.iter().filter(|(folder, _)| file.starts_with(folder)) {
            for path in imports(&file, &text) {
                if forbidden.iter().any(|to| under(&path, to)) {
                    wrong.push(format!("{file} imports {}", path.join("::")));
                }
            }
        }
        // `tui/mod.rs` opens the book and hands it to the worker.
        let free = file.starts_with("src/tui/worker/") || file == "src/tui/mod.rs";
        if file.starts_with("src/tui/") && !free {
            let named = imports(&file, &text)
                .iter()
                .any(|path| path.last().is_some_and(|last| book.is_match(last)) && path[0] == "ops");
            if named {
                wrong.push(format!("{file} names Book"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// 400 lines are the aim and 600 the rule for new code; a file that has passed 700 has taken in a second subject that
/// wants a module of its own. Tables of data are no code.
#[test]
fn no_file_is_too_long_to_read_at_a_sitting() {
    const MOST: usize = 700;
    let long: Vec<String> = code()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split these: {}", long.join(", "));
}

/// Clippy keeps writing inside the gateway; this holds the list it goes by, and who may step around it.
#[test]
fn only_the_gateway_and_its_helpers_may_write() {
    const WRITES: &[&str] = &[
        "rusqlite::Connection::execute",
        "rusqlite::Connection::execute_batch",
        "rusqlite::Statement::execute",
        "rusqlite::Statement::raw_execute",
        "rusqlite::Statement::insert",
        "rusqlite::Connection::transaction",
        "rusqlite::Connection::unchecked_transaction",
        "rusqlite::Connection::savepoint",
    ];
    const CLOCKS: &[&str] = &["chrono::Utc::now", "chrono::Local::now"];
    const MAY: &[&str] = &[
        "src/clock.rs",
        "src/store/apply.rs",
        "src/store/aside.rs",
        "src/store/blocks.rs",
        "src/store/bulk.rs",
        "src/store/change.rs",
        "src/store/commit.rs",
        "src/store/derive.rs",
        "src/store/erased.rs",
        "src/store/foreign.rs",
        "src/store/gather.rs",
        "src/store/joined.rs",
        "src/store/local.rs",
        "src/store/log.rs",
        "src/store/migrations.rs",
        "src/store/open.rs",
        "src/store/receive.rs",
        "src/store/reissue.rs",
        "src/store/replay.rs",
        "src/store/rewrite.rs",
        "src/store/tx.rs",
        "src/store/version.rs",
        "src/store/words.rs",
        // Makes the shared file's bytes in memory; no book is near.
        "src/sync/remote/packed.rs",
    ];
    let list = fs::read_to_string(root().join("clippy.toml")).unwrap();
    let list: toml::Table = list.parse().unwrap();
    let named: Vec<&str> = list["disallowed-methods"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry.get("path")?.as_str())
        .collect();
    for method in WRITES.iter().chain(CLOCKS) {
        assert!(named.contains(method), "clippy.toml does not forbid {method}");
    }
    for (file, text) in code() {
        // Tests may make what the gateway would never write.
        let own = text.split("#[cfg(test)]").next().unwrap_or_default();
        let steps_around = own.contains("clippy::disallowed_methods");
        let tests = file.ends_with("tests.rs");
        assert!(!steps_around || tests || MAY.contains(&file.as_str()), "{file} allows itself to write");
    }
}

/// The test of the test: a reader of imports that sees nothing would let everything pass.
#[test]
fn imports_are_found_however_they_are_written() {
    let text = "use crate::store::{self, open, sql::{Place, id_of}};\nuse super::super::text;\n// use crate::cli;\nfn f() { crate::ops::x(); rolo::tui::run() }\nuse crate::{exchange::Raw, search};";
    let found: Vec<String> =
        imports("src/model/when/lexer.rs", text).into_iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "exchange::Raw",
            "model::text",
            "ops::x",
            "search",
            "store::open",
            "store::self",
            "store::sql::Place",
            "store::sql::id_of",
            "tui::run"
        ]
    );
}
