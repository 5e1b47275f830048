//! `rolo book`

use super::context::Ctx;
use super::fail::{Fail, Result};
use super::table::Table;
use crate::config;
use crate::ops::{Exit, OpError};
use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `book`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Book>,
}

#[derive(Debug, clap::Subcommand)]
enum Book {
    /// The books that have a name
    #[command(visible_alias = "ls")]
    List,
    /// Where the book lies
    Path,
    /// Make a named book
    New {
        /// One word: `work`
        name: String,
    },
}

/// Lists books, says where they lie, makes one.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    match args.command.unwrap_or(Book::List) {
        Book::Path => writeln!(ctx.out, "{}", ctx.settings.book.display())?,
        Book::List => list(ctx)?,
        Book::New { name } => {
            if !config::is_book_name(OsStr::new(&name)) {
                return Err(Fail::Usage(ctx.t("usage-book-name", &[("name", name.as_str().into())]), None));
            }
            let path = config::book_path(&ctx.settings.folders, Some(OsStr::new(&name)));
            if path.exists() {
                return Err(OpError::Exists { kind: "book", name }.into());
            }
            ctx.open(&path)?.create()?;
            ctx.say(
                "book-made",
                &[("name", name.as_str().into()), ("path", path.to_string_lossy().as_ref().into())],
            );
        }
    }
    Ok(Exit::Done)
}

fn list(ctx: &mut Ctx) -> Result<()> {
    let folders = &ctx.settings.folders;
    let mut books: Vec<(String, PathBuf)> = Vec::new();
    let default = config::default_book(folders);
    if default.exists() {
        books.push(("default".to_owned(), default));
    }
    if let Ok(entries) = std::fs::read_dir(config::books_folder(folders)) {
        let mut named: Vec<(String, PathBuf)> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ext| ext == "rolo"))
            .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
            .collect();
        named.sort();
        books.extend(named);
    }
    let mut table = Table::of_things(ctx, &["name", "current", "path"]);
    for (name, path) in books {
        let current = if path == ctx.settings.book { "*" } else { "" };
        table.row(vec![name, current.to_owned(), path.display().to_string()]);
    }
    if table.is_empty() {
        ctx.say("no-books", &[("path", ctx.settings.book.to_string_lossy().as_ref().into())]);
    }
    table.write(ctx)
}
