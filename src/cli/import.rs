//! `rolo import`

mod mappings;
mod plan;

use super::context::{Ctx, Format};
use super::fail::{Fail, Result};
use super::table::Table;
use crate::config::profiles_folder;
use crate::i18n::{Lang, reason, warning, wording};
use crate::model::phone::country_code;
use crate::ops::import::{date_order_named, match_named, on_match_named};
use crate::ops::{
    Exit, ImportOptions, ImportReport, Input, MatchBy, Missing, OpError, Profiles, Progress, ReadOptions,
    StoreError, WarningKind, Watch, may_write, parse_rule,
};
use crate::text::{is_visible, safe_line};
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// How many warnings a person sees without `-v`.
const SHOWN: usize = 10;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files to import; `-` is stdin
    #[arg(required_unless_present_any = ["profiles", "template", "mappings", "forget"])]
    files: Vec<PathBuf>,
    /// The system that the file came from; found out unless given
    #[arg(long, value_name = "SYSTEM")]
    from: Option<String>,
    /// What a column is: `"Lead Status=field:lead_status"`, `Org=company`, `Junk=skip`, `"Full Name=split name"`,
    /// `"City, State=split address.city, address.region"`, `"First+Last=name"`
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = rule)]
    map: Vec<(String, String)>,
    /// A value for all rows: `stage=customer`
    #[arg(long, value_name = "FIELD=VALUE", value_parser = super::edit::assignment)]
    set: Vec<(String, String)>,
    /// The mapping to read by, saved with --save; or a known system (the same as --from)
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    profile: Option<String>,
    /// List the known systems
    #[arg(long)]
    profiles: bool,
    /// Keep what is said about columns, matching and tags as a mapping for tables of this shape
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    /// List the saved mappings
    #[arg(long)]
    mappings: bool,
    /// Remove a saved mapping
    #[arg(long, value_name = "NAME")]
    forget: Option<String>,
    /// What counts as the same contact, in this order
    #[arg(long = "match", value_name = "BY", value_delimiter = ',', value_parser = ["id", "email", "phone", "name"])]
    match_by: Vec<String>,
    /// What happens to a contact that is there
    #[arg(long, value_name = "HOW", value_parser = ["update", "fill", "skip", "add"])]
    on_match: Option<String>,
    /// The column with the system's own id
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// Whether an empty cell clears what the source gave before
    #[arg(long, value_name = "HOW", value_parser = ["keep", "clear"], default_value = "keep")]
    empty: String,
    /// What happens to contacts that the source no longer has
    #[arg(long, value_name = "HOW", value_parser = ["report", "tag", "archive"])]
    missing: Option<String>,
    /// The file's encoding: utf-8, gbk, big5, windows-1252, ...
    #[arg(long, value_name = "E")]
    encoding: Option<String>,
    /// What separates cells: one character, or `tab`
    #[arg(long, value_name = "D", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// Which sheet of a spreadsheet, by its name or number
    #[arg(long, value_name = "S")]
    sheet: Option<String>,
    /// Which row has the column names, from 1; 0 if none has
    #[arg(long, value_name = "N")]
    header_row: Option<usize>,
    /// How to read 03/04/2025
    #[arg(long, value_name = "ORDER", value_parser = ["dmy", "mdy", "ymd"])]
    date_order: Option<String>,
    /// The country whose national phone numbers a new book holds
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// A tag for every contact of the file
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Say how the file is read, too
    #[arg(long)]
    plan: bool,
    /// Import nothing if a row is refused
    #[arg(long)]
    strict: bool,
    /// Where refused rows go, with the reason
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Write a table to fill in and to import: FILE.xlsx or FILE.csv
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    template: Option<PathBuf>,
}

fn delimiter(text: &str) -> std::result::Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        _ if matches!(text, "tab" | "\\t") => Ok(b'\t'),
        _ => Err(", ; | tab".to_owned()),
    }
}

fn rule(text: &str) -> std::result::Result<(String, String), String> {
    parse_rule(text).ok_or_else(|| "COLUMN=FIELD".to_owned())
}

impl Args {
    fn options(&self, ctx: &Ctx) -> ImportOptions {
        let match_by: Vec<MatchBy> = self.match_by.iter().filter_map(|by| match_named(by)).collect();
        let standard = ImportOptions::default();
        ImportOptions {
            read: ReadOptions {
                encoding: self.encoding.clone(),
                delimiter: self.delimiter,
                header_row: self.header_row,
                from: self.from.clone(),
                map: self.map.clone(),
                set: self.set.clone(),
                date_order: self.date_order.as_deref().and_then(date_order_named),
                key: self.key.clone(),
                sheet: self.sheet.clone(),
                ..ReadOptions::default()
            },
            match_by: if match_by.is_empty() { standard.match_by } else { match_by },
            on_match: self.on_match.as_deref().and_then(on_match_named).unwrap_or_default(),
            empty_clears: self.empty == "clear",
            missing: match self.missing.as_deref() {
                Some("report") => Missing::Report,
                Some("tag") => Missing::Tag("missing".to_owned()),
                Some("archive") => Missing::Archive,
                _ => Missing::Ignore,
            },
            tags: self.tag.clone(),
            dry_run: self.dry_run,
            strict: self.strict,
            rejects: self.rejects.clone(),
            wording: wording(Lang::new(ctx.settings.lang, ctx.settings.dates)),
            ..standard
        }
    }
}

/// Shows progress on a terminal and notices Ctrl-C.
struct Screen<'a> {
    ctx: &'a Ctx,
    stop: Arc<AtomicBool>,
    shown: bool,
}

impl Watch for Screen<'_> {
    fn progress(&mut self, progress: &Progress) {
        if !self.ctx.term.err || self.ctx.quiet {
            return;
        }
        let counts = [("count", progress.read.into()), ("rate", progress.rate().into())];
        let mut line = self.ctx.t("import-progress", &counts);
        if let Some(share) = progress.share() {
            line = format!("{:>3.0}%  {line}", share * 100.0);
        }
        if let Some(left) = progress.left() {
            let left = self.ctx.t("import-left", &[("left", format!("{left}s").into())]);
            line = format!("{line}  {left}");
        }
        self.shown = true;
        let _ = write!(io::stderr().lock(), "\r\u{1b}[K{line}");
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// A source that may keep its reader waiting for ever, such as a terminal or a pipe: read on a thread of its own, so that
/// Ctrl-C need not wait with it.
struct Waiting {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: io::Cursor<Vec<u8>>,
    stop: Arc<AtomicBool>,
}

impl Waiting {
    fn on(mut source: impl Read + Send + 'static, stop: Arc<AtomicBool>) -> Self {
        let (sender, blocks) = mpsc::sync_channel(4);
        std::thread::spawn(move || {
            loop {
                let mut block = vec![0; 1 << 16];
                let read = match source.read(&mut block) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let last = !matches!(read, Ok(1..));
                let sent = sender.send(read.map(|length| {
                    block.truncate(length);
                    block
                }));
                if last || sent.is_err() {
                    break;
                }
            }
        });
        Self { blocks, block: io::Cursor::default(), stop }
    }
}

impl Read for Waiting {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.block.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            match self.blocks.recv_timeout(Duration::from_millis(50)) {
                Ok(block) => self.block = io::Cursor::new(block?),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => {
                    return Err(io::Error::other("stopped"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// The systems that come with rolo and the user's own.
pub fn profiles(ctx: &Ctx) -> Result<Arc<Profiles>> {
    let folder = profiles_folder(&ctx.settings.folders);
    let fail = |source| OpError::Exchange { path: folder.display().to_string(), source };
    Ok(Profiles::with_folder(&folder).map_err(fail)?)
}

fn list_profiles(ctx: &mut Ctx, profiles: &Profiles) -> Result {
    let mut table = Table::of_things(ctx, &["name", "about"]);
    for profile in profiles.all() {
        table.row(vec![profile.name.clone(), profile.title.clone()]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}

/// A country's code as the book keeps it.
fn country_named(text: &str) -> Result<String> {
    let code = text.trim().to_uppercase();
    if country_code(&code) == Some(code.as_str()) {
        return Ok(code);
    }
    let value = text.to_owned();
    Err(OpError::BadValue { field: "country".into(), value, expected: "country".into() }.into())
}

/// Imports files in one batch.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let profiles = profiles(ctx)?;
    if args.profiles {
        return list_profiles(ctx, &profiles);
    }
    if let Some(path) = &args.template {
        return super::template::write(ctx, path);
    }
    if args.mappings {
        return mappings::list(ctx);
    }
    if let Some(name) = &args.forget {
        return mappings::forget(ctx, name);
    }
    let mut options = args.options(ctx);
    options.read.profiles = Some(profiles);
    mappings::find(ctx, &args, &mut options)?;
    if let Some(country) = &args.country {
        ctx.settings.country = Some(country_named(country)?);
    }
    let bad_tag = args.tag.iter().find(|tag| !is_visible(tag));
    if let Some(value) = bad_tag.cloned() {
        return Err(OpError::BadValue { field: "tag".into(), value, expected: "visible".into() }.into());
    }
    if let Some(path) = &args.rejects {
        if path.as_os_str() == "-" {
            return Err(ctx.usage("usage-rejects-stdout", &[]));
        }
        may_write(&ctx.settings.book, path, &args.files)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Without the handler Ctrl-C ends the process, and the transaction with it: just as safe, only less polite.
        let _ = signal_hook::flag::register(signal, Arc::clone(&stop));
    }
    let inputs = args.files.iter().map(|path| match path.to_str() {
        Some("-") => {
            let bytes = Box::new(Waiting::on(io::stdin(), Arc::clone(&stop)));
            Ok(vec![Input { name: "-".to_owned(), bytes, size: None, folder: None }])
        }
        _ => Input::all(path),
    });
    let inputs: Vec<Input> = inputs.collect::<crate::ops::Result<Vec<_>>>()?.into_iter().flatten().collect();
    let mut book = ctx.book()?;
    let mut screen = Screen { ctx, stop, shown: false };
    let report = book.import(inputs, &options, &mut screen);
    if screen.shown {
        let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
    }
    let report = report.map_err(|error| match error {
        OpError::Store(StoreError::Cancelled) => Fail::Interrupted,
        other => Fail::Op(other),
    })?;
    tell(ctx, &args, &report)?;
    mappings::save(ctx, &args, &options, &report)?;
    Ok(if report.rejected > 0 { Exit::Data } else { Exit::Done })
}

fn tell(ctx: &mut Ctx, args: &Args, report: &ImportReport) -> Result<()> {
    if ctx.json() {
        let value = value(ctx, args, report)?;
        ctx.json_out(&value)?;
    } else {
        if (args.dry_run || args.plan || ctx.verbose) && ctx.format == Format::Table && !ctx.quiet {
            plan::write(ctx, report)?;
        } else {
            mappings::used(ctx, report);
        }
        notes(ctx, report);
    }
    let counts = [
        ("read", report.read.into()),
        ("created", report.created.into()),
        ("updated", report.updated.into()),
        ("unchanged", report.unchanged.into()),
        ("skipped", report.skipped.into()),
        ("rejected", report.rejected.into()),
    ];
    let text = ctx.t("import-done", &counts);
    match (args.dry_run, report.batch) {
        (true, _) => {
            ctx.line(&text);
            ctx.say("import-dry", &[]);
        }
        (false, 0) => ctx.line(&text),
        // What was only noted is nothing that anybody wants back.
        _ if report.created + report.updated == 0 => ctx.line(&text),
        _ => ctx.done_text(&text),
    }
    if ctx.quiet && report.rejected > 0 {
        // Without a word nobody knows why it ends with 3.
        let _ =
            writeln!(io::stderr().lock(), "{}", ctx.t("import-refused", &[("n", report.rejected.into())]));
    }
    if report.doubtful > 0 {
        ctx.say("import-doubtful", &[("n", report.doubtful.into())]);
    }
    for path in &report.rejects {
        ctx.say("import-rejects", &[("path", path.to_string_lossy().as_ref().into())]);
    }
    if args.rejects.is_none() && report.rejected > 0 {
        ctx.say("import-no-rejects", &[]);
    }
    Ok(())
}

/// The report with its warnings in words.
fn value(ctx: &Ctx, args: &Args, report: &ImportReport) -> Result<Value> {
    let refused = report
        .refused
        .iter()
        .map(|row| json!({ "line": row.line, "column": "", "value": "", "message": reason(&ctx.lang, &row.reason) }));
    let noted = report.notes.iter().map(|note| {
        let found = &note.warning;
        // Of a doubtful row it is not a column but whom it may be: the message says so.
        let doubtful = matches!(found.kind, WarningKind::Doubtful | WarningKind::Several);
        let column = if doubtful { "" } else { &found.column };
        json!({ "line": found.line, "column": column, "value": found.value, "message": warning(&ctx.lang, found) })
    });
    let warnings: Vec<Value> = refused.chain(noted).collect();
    let mut value = serde_json::to_value(report)?;
    if let Some(map) = value.as_object_mut() {
        let (batch, seconds) = (map.remove("batch"), map.remove("seconds"));
        map.insert("warnings".into(), warnings.into());
        map.insert("batch".into(), batch.unwrap_or_default());
        map.insert("seconds".into(), seconds.unwrap_or_default());
        if args.dry_run || args.plan || ctx.verbose {
            map.insert("plan".into(), report.inspections.iter().map(plan::json).collect());
        }
        if args.dry_run {
            map.insert("changes".into(), serde_json::to_value(&report.changes)?);
            map.insert("changes_total".into(), report.changes_total.into());
            map.insert("new".into(), serde_json::to_value(&report.fresh)?);
        }
    }
    Ok(value)
}

/// What was said about rows, on stderr.
fn notes(ctx: &Ctx, report: &ImportReport) {
    let refused = report.refused.iter().map(|row| (&row.file, row.line, reason(&ctx.lang, &row.reason)));
    let noted =
        report.notes.iter().map(|note| (&note.file, note.warning.line, warning(&ctx.lang, &note.warning)));
    let several = report.plans.len() > 1;
    let limit = if ctx.verbose { usize::MAX } else { SHOWN };
    for (file, line, message) in refused.chain(noted).take(limit) {
        let message = match line {
            0 => message,
            _ => ctx
                .t("import-line", &[("line", line.to_string().into()), ("message", message.as_str().into())]),
        };
        // What is about all of them names none.
        let file = if several && !file.is_empty() { format!("{}: ", safe_line(file)) } else { String::new() };
        ctx.line(&format!("{file}{message}"));
    }
    let all = report.rejected + report.notes_total;
    let shown = (report.refused.len() + report.notes.len()).min(limit) as u64;
    if all > shown {
        ctx.say("import-more", &[("n", (all - shown).into())]);
    }
}
