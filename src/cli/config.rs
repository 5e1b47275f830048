//! `rolo config`

use super::context::{Ctx, Terminal};
use super::fail::{Fail, Result};
use super::table::Table;
use crate::config::{self, Color, ConfigError, Dates, Env, Folders, Problem};
use crate::i18n::Lang;
use crate::ops::Exit;
use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Config>,
}

#[derive(Debug, clap::Subcommand)]
enum Config {
    /// Show one setting, or all of them
    Get {
        /// author, book, color, dates, editor, lang; of the book: country, name
        key: Option<String>,
    },
    /// Change a setting
    Set {
        /// author, book, color, dates, editor, lang; of the book: country, name
        key: String,
        /// The value; an empty one takes the setting away
        value: String,
    },
    /// Where the settings lie
    Path,
    /// Open the settings in the editor
    Edit,
}

/// Shows and changes settings.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let path = config::config_path(&ctx.settings.folders);
    match args.command.unwrap_or(Config::Get { key: None }) {
        Config::Path => writeln!(ctx.out, "{}", path.display())?,
        Config::Edit => {
            if ctx.settings.editor.is_none() && !ctx.term.asks {
                let hint = Some(ctx.t("hint-config-set", &[]));
                return Err(Fail::Usage(ctx.t("usage-edit-nothing", &[]), hint));
            }
            edit(ctx.settings.editor.as_deref(), &path, &ctx.lang)?;
        }
        Config::Get { key: None } => {
            let mut table = Table::new(ctx, &["key", "value"]);
            for key in config::KEYS.iter().chain(config::BOOK_KEYS) {
                table.row(vec![(*key).to_owned(), value(ctx, key)?]);
            }
            table.write(ctx)?;
        }
        Config::Get { key: Some(key) } => {
            let value = value(ctx, &key)?;
            if ctx.json() {
                ctx.json_out(&value)?
            } else {
                writeln!(ctx.out, "{value}")?
            }
            return Ok(if value.is_empty() { Exit::Nothing } else { Exit::Done });
        }
        Config::Set { key, value } if config::BOOK_KEYS.contains(&key.as_str()) => {
            let done = ctx.book()?.set_setting(&key, &value)?;
            ctx.done(&done.label, &done.receipt)?;
        }
        Config::Set { key, value } => {
            set(&ctx.settings.folders, &key, &value)?;
            ctx.say("config-set", &[("key", key.as_str().into()), ("value", value.as_str().into())]);
        }
    }
    Ok(Exit::Done)
}

fn set(folders: &Folders, key: &str, value: &str) -> std::result::Result<(), ConfigError> {
    let given = |problem| ConfigError::Given { origin: "config set", problem };
    if !config::KEYS.contains(&key) {
        return Err(given(unknown(key)));
    }
    if !value.is_empty() {
        config::check(key, value).map_err(given)?;
    }
    config::write(&config::config_path(folders), key, (!value.is_empty()).then_some(value))
}

fn unknown(key: &str) -> Problem {
    config::unknown(key, config::KEYS.iter().chain(config::BOOK_KEYS))
}

/// The value that holds, wherever it comes from.
fn value(ctx: &Ctx, key: &str) -> Result<String> {
    let settings = &ctx.settings;
    Ok(match key {
        "author" => settings.author.clone(),
        "book" => settings.book.display().to_string(),
        "lang" => settings.lang.tag().to_owned(),
        "color" => match settings.color {
            Color::Auto => "auto",
            Color::Always => "always",
            Color::Never => "never",
        }
        .to_owned(),
        "dates" => match settings.dates {
            Dates::Words => "words",
            Dates::Iso => "iso",
        }
        .to_owned(),
        "editor" => {
            settings.editor.as_ref().map(|editor| editor.to_string_lossy().into_owned()).unwrap_or_default()
        }
        key if config::BOOK_KEYS.contains(&key) => ctx.book()?.setting(key)?.unwrap_or_default(),
        key => return Err(ConfigError::Given { origin: "config get", problem: unknown(key) }.into()),
    })
}

/// Opens the file in the editor; what is wrong in it afterwards is told.
fn edit(editor: Option<&OsStr>, path: &PathBuf, lang: &Lang) -> Result<()> {
    make(path)?;
    super::editor::launch(editor, path, lang)?;
    config::File::read(path)?;
    Ok(())
}

/// Makes an empty file with the keys in comments, if there is none.
fn make(path: &PathBuf) -> std::result::Result<(), ConfigError> {
    if path.exists() {
        return Ok(());
    }
    let io = |source| ConfigError::Io { path: path.clone(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let text = "# author = \"Ann Lee\"\n# book = \"work\"\n# color = \"auto\"   # always, never\n\
                # dates = \"words\"  # iso\n# editor = \"vim\"\n# lang = \"en\"      # zh-CN\n";
    std::fs::write(path, text).map_err(io)
}

/// Runs what works even if the settings don't read: `path`, `set` and `edit`. Other commands return nothing.
pub fn mend(args: &Args, env: &Env, lang: &Lang) -> Option<i32> {
    match &args.command {
        Some(Config::Path) => {
            let path = config::config_path(&env.folders);
            Some(match writeln!(std::io::stdout().lock(), "{}", path.display()) {
                Ok(()) => Exit::Done as i32,
                Err(error) => Fail::Output(error).code(),
            })
        }
        Some(Config::Set { key, value }) if !config::BOOK_KEYS.contains(&key.as_str()) => {
            Some(told(set(&env.folders, key, value).map_err(Fail::Config), lang))
        }
        Some(Config::Edit) if env.editor.is_some() || Terminal::find().asks => {
            Some(told(edit(env.editor.as_deref(), &config::config_path(&env.folders), lang), lang))
        }
        _ => None,
    }
}

/// What the process ends with; a failure is said.
fn told(result: Result<()>, lang: &Lang) -> i32 {
    match result {
        Ok(()) => Exit::Done as i32,
        Err(fail) => {
            fail.report(lang);
            fail.code()
        }
    }
}
