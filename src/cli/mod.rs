//! The command line: arguments -> operation -> output. One file a command.

mod add;
mod book;
mod check;
mod columns;
mod company;
mod completions;
mod config;
mod context;
mod count;
mod deal;
mod delete;
mod demo;
mod edit;
mod editor;
mod export;
mod fail;
mod fields;
mod help;
mod history;
mod import;
mod interaction;
mod labelled;
mod list;
mod log;
mod long;
mod mistakes;
mod negated;
mod privacy;
mod query;
mod share;
mod show;
mod table;
mod tag;
mod template;
mod when;
mod whom;

pub use context::Ctx;
pub use fail::Fail;

use crate::config::{Color, Env, Flags, Language, Settings};
use crate::i18n::Lang;
use crate::ops::Exit;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use context::{Format, Terminal};
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};

/// A local-first contact manager for the terminal.
///
/// Without a command it opens the screen.
#[derive(Debug, Parser)]
#[command(
    name = "rolo",
    version,
    propagate_version = false,
    max_term_width = 100,
    disable_help_subcommand = false
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
struct Global {
    /// Another book: a file, or the name of one (also ROLO_BOOK)
    #[arg(long, global = true, value_name = "FILE|NAME")]
    book: Option<OsString>,
    /// How to write data
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_parser = ["auto", "always", "never"])]
    color: Option<String>,
    /// The language of messages
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
    lang: Option<Language>,
    /// Who makes the change, for the history
    #[arg(long, global = true, value_name = "NAME")]
    author: Option<String>,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Don't ask
    #[arg(short, long, global = true)]
    yes: bool,
}

fn language(text: &str) -> Result<Language, String> {
    let known = matches!(text.to_ascii_lowercase().as_str(), "en" | "zh" | "zh-cn" | "zh_cn" | "zh-hans");
    Language::of(text).filter(|_| known).ok_or_else(|| "en, zh-CN".to_owned())
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a contact and print its id
    Add(Box<add::Args>),
    /// List contacts
    #[command(visible_alias = "ls")]
    List(list::Args),
    /// Print how many contacts there are
    Count(count::Args),
    /// Show everything about one contact
    Show(show::Args),
    /// Change contacts
    Edit(edit::Args),
    /// Put contacts into the bin
    #[command(visible_alias = "rm")]
    Delete(delete::Args),
    /// What was deleted
    Bin(delete::BinArgs),
    /// Tag contacts, and look after the tags
    Tag(tag::Args),
    /// Look after custom fields
    Field(fields::Args),
    /// Log a call, a meeting, a note, ...
    Log(log::Args),
    /// What happened, newest first
    Timeline(log::TimelineArgs),
    /// Companies and who works there
    Company(company::Args),
    /// Deals of imported systems
    Deal(deal::Args),
    /// Share the book with other devices and people
    Share(share::Args),
    /// Look after people's privacy
    Privacy(privacy::Args),
    /// Look after what was logged
    Interaction(interaction::Args),
    /// Import contacts from files
    Import(Box<import::Args>),
    /// Export contacts
    Export(export::Args),
    /// Who changed what, when
    History(history::Args),
    /// Take back the latest change, or the one with this number
    Undo(history::UndoArgs),
    /// Do again what was taken back
    Redo,
    /// Complete an address for a mail program
    Query(query::Args),
    /// Examine the whole book
    Check,
    /// Show and change settings
    Config(config::Args),
    /// Books by name
    Book(book::Args),
    /// Print completions for a shell
    Completions(completions::Args),
    /// Try rolo on a throw-away book with sample people
    Demo(demo::Args),
}

fn flags(global: &Global) -> Flags {
    Flags {
        book: global.book.clone(),
        lang: global.lang,
        author: global.author.clone(),
        color: global.color.as_deref().map(|color| match color {
            "always" => Color::Always,
            "never" => Color::Never,
            _ => Color::Auto,
        }),
    }
}

/// Runs the command line and returns what the process ends with.
pub fn run(args: Vec<OsString>, env: &Env) -> i32 {
    catch_panics();
    let args = negated::negated(args);
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return unparsed(&args, env, &error),
    };
    let settings = match Settings::resolve(env, &flags(&cli.global)) {
        Ok(settings) => settings,
        Err(error) => return unsettled(&cli, env, error),
    };
    let lang = Lang::new(settings.lang, settings.dates);
    let mut ctx = Ctx {
        settings,
        lang,
        format: cli.global.format.unwrap_or_default(),
        quiet: cli.global.quiet,
        verbose: cli.global.verbose,
        yes: cli.global.yes,
        term: Terminal::find(),
        out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
    };
    let named = ctx.settings.named_book.then(|| ctx.settings.book.clone());
    let was_there = named.as_deref().is_none_or(std::path::Path::exists);
    let result = dispatch(&mut ctx, cli.command);
    // A mistyped name would otherwise be a second book that nobody knows of.
    if let Some(path) = named.filter(|path| !was_there && path.exists()) {
        ctx.say("book-made-at", &[("path", path.to_string_lossy().as_ref().into())]);
    }
    // What was written before a failure is data, too, and comes before the message.
    let flushed = ctx.out.flush().map_err(Fail::from);
    let code = match result.and_then(|exit| flushed.map(|()| exit)) {
        Ok(exit) => exit as i32,
        Err(fail) => {
            fail.report(&ctx.lang);
            fail.code()
        }
    };
    // A broken pipe would be met again when the buffer is dropped; nothing is left in it that matters.
    let (_, _unwritten) = ctx.out.into_parts();
    code
}

fn dispatch(ctx: &mut Ctx, command: Option<Command>) -> fail::Result {
    let Some(command) = command else { return screen(ctx) };
    match command {
        Command::Add(args) => add::run(ctx, *args),
        Command::List(args) => list::run(ctx, args),
        Command::Count(args) => count::run(ctx, args),
        Command::Show(args) => show::run(ctx, args),
        Command::Edit(args) => edit::run(ctx, args, whom::Among::Contacts),
        Command::Delete(args) => delete::run(ctx, args, whom::Among::Contacts),
        Command::Bin(args) => delete::bin(ctx, args),
        Command::Tag(args) => tag::run(ctx, args),
        Command::Field(args) => fields::run(ctx, args),
        Command::Log(args) => log::run(ctx, args),
        Command::Timeline(args) => log::timeline(ctx, args),
        Command::Company(args) => company::run(ctx, args),
        Command::Deal(args) => deal::run(ctx, args),
        Command::Share(args) => share::run(ctx, args),
        Command::Privacy(args) => privacy::run(ctx, args),
        Command::Interaction(args) => interaction::run(ctx, args),
        Command::Import(args) => import::run(ctx, *args),
        Command::Export(args) => export::run(ctx, args),
        Command::History(args) => history::run(ctx, args),
        Command::Undo(args) => history::undo(ctx, args),
        Command::Redo => history::redo(ctx),
        Command::Query(args) => query::run(ctx, args),
        Command::Check => check::run(ctx),
        Command::Config(args) => config::run(ctx, args),
        Command::Book(args) => book::run(ctx, args),
        Command::Completions(args) => completions::run(ctx, args),
        Command::Demo(args) => demo::run(ctx, args),
    }
}

/// Opens the screen on the book.
fn screen(ctx: &mut Ctx) -> fail::Result {
    if !(ctx.term.asks && ctx.term.out) {
        return Err(Fail::Usage(ctx.t("error-no-terminal", &[]), Some(ctx.t("hint-no-terminal", &[]))));
    }
    open_screen(ctx, &ctx.settings.book.clone())
}

/// The one place where the command line starts the other face.
fn open_screen(ctx: &mut Ctx, book: &std::path::Path) -> fail::Result {
    use crate::tui::{ScreenError, Start};
    // Before the screen is drawn over what stands there.
    if crate::ops::Book::is_behind(book) {
        ctx.say("book-behind", &[]);
    }
    crate::tui::run(Start::new(&ctx.settings, book)).map_err(|error| match error {
        ScreenError::Book(error) => error.into(),
        ScreenError::Terminal(error) => error.into(),
    })
}

/// Help, version and mistakes in the arguments: clap's words, the texts about commands in the user's language.
fn unparsed(args: &[OsString], env: &Env, error: &clap::Error) -> i32 {
    let said = args.iter().skip_while(|arg| *arg != "--lang").nth(1).and_then(|arg| arg.to_str());
    let said = said.or_else(|| args.iter().find_map(|arg| arg.to_str()?.strip_prefix("--lang=")));
    let settings = Settings::resolve(env, &Flags { lang: said.and_then(Language::of), ..Flags::default() });
    let language = settings.map(|settings| settings.lang).unwrap_or_default();
    if language == Language::En {
        // A closed pipe is no error.
        let _ = error.print();
    } else {
        say_unparsed(args, error, &Lang::new(language, Default::default()));
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done as i32,
        _ => Exit::Usage as i32,
    }
}

/// The same in a language that clap doesn't speak.
fn say_unparsed(args: &[OsString], error: &clap::Error, lang: &Lang) {
    let help =
        matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    let translated =
        help.then(|| help::translated(command(), lang)).and_then(|all| all.try_get_matches_from(args).err());
    let _ = match &translated {
        Some(page) if error.use_stderr() => {
            io::stderr().lock().write_all(mistakes::page(&page.render().to_string(), lang).as_bytes())
        }
        Some(page) => {
            io::stdout().lock().write_all(mistakes::page(&page.render().to_string(), lang).as_bytes())
        }
        None if mistakes::report(error, lang) => Ok(()),
        None => error.print(),
    };
}

/// `config` must work on settings that don't read, or nobody could mend them with it.
fn unsettled(cli: &Cli, env: &Env, error: crate::config::ConfigError) -> i32 {
    let language =
        cli.global.lang.or_else(|| env.messages.as_deref().and_then(Language::of)).unwrap_or_default();
    let lang = Lang::new(language, Default::default());
    if let Some(Command::Config(args)) = &cli.command
        && let Some(code) = config::mend(args, env, &lang)
    {
        return code;
    }
    let fail = Fail::Config(error);
    fail.report(&lang);
    fail.code()
}

/// A panic is a bug: it ends the process with a short message and 70, not with a trace.
fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        if crate::model::guard::is_guarded() {
            return;
        }
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let payload = info.payload();
        let what = payload.downcast_ref::<&str>().copied();
        let what = what.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic");
        let _ = writeln!(io::stderr().lock(), "rolo: this is a bug in rolo: {what} ({place})");
        std::process::exit(Exit::Bug as i32);
    }));
}

/// The whole command line, for completions.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests;
