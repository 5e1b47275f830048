//! `rolo export`

use super::context::Ctx;
use super::fail::{Fail, Result};
use crate::ops::{
    CalendarWords, DirectoryWords, Exit, ExportFormat, ExportOptions, OpError, Records, may_write,
};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What there is.
const FORMATS: &[(&str, ExportFormat)] = &[
    ("csv", ExportFormat::Csv),
    ("tsv", ExportFormat::Tsv),
    ("google", ExportFormat::Google),
    ("google-old", ExportFormat::GoogleOld),
    ("xlsx", ExportFormat::Xlsx),
    ("vcard", ExportFormat::Vcard),
    ("vcard3", ExportFormat::Vcard3),
    ("jcard", ExportFormat::Jcard),
    ("jscontact", ExportFormat::Jscontact),
    ("json", ExportFormat::Json),
    ("jsonl", ExportFormat::Jsonl),
    ("ldif", ExportFormat::Ldif),
    ("abook", ExportFormat::Abook),
    ("ics", ExportFormat::Ics),
    ("html", ExportFormat::Html),
    ("markdown", ExportFormat::Markdown),
];

/// Endings of files that are not called as their format.
const ENDINGS: &[(&str, &str)] = &[("vcf", "vcard"), ("md", "markdown"), ("htm", "html")];

fn all() -> String {
    FORMATS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters; without any, the whole book
    query: Vec<String>,
    /// csv, google, outlook, mailchimp, hubspot, salesforce, zoho, xlsx, vcard, json, jsonl, ldif, ics, html, ..., or a system of `import --profiles`
    #[arg(long = "as", value_name = "FORMAT", value_parser = known)]
    target: Option<String>,
    /// The file to write; stdout without it
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Which records: contacts unless said otherwise, companies, deals, notes, interactions, tasks
    #[arg(long, value_name = "KIND", value_parser = RECORDS.map(|(name, _)| name))]
    records: Option<String>,
    /// Which columns, for csv
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    columns: Option<Vec<String>>,
}

/// What `--records` takes; nothing for what is a contact.
const RECORDS: [(&str, Option<Records>); 6] = [
    ("contacts", None),
    ("companies", None),
    ("deals", Some(Records::Deals)),
    ("notes", Some(Records::Notes)),
    ("interactions", Some(Records::Interactions)),
    ("tasks", Some(Records::Tasks)),
];

fn known(text: &str) -> std::result::Result<String, String> {
    match text {
        // What is no format is a system; which ones there are is asked when the user's own are known.
        _ if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') => {
            Ok(text.to_owned())
        }
        _ => Err(all()),
    }
}

impl Args {
    /// What was asked for, or what the file's name says.
    fn wanted(&self, ctx: &Ctx) -> String {
        let ending = self.to.as_ref().and_then(|path| path.extension()).and_then(|ending| ending.to_str());
        let ending = ending.map(str::to_lowercase).unwrap_or_default();
        let ending =
            ENDINGS.iter().find(|(short, _)| *short == ending).map_or(ending.as_str(), |(_, name)| name);
        let by_name = FORMATS.iter().find(|(name, _)| *name == ending && !ending.starts_with("google"));
        let by_name = by_name.map(|(name, _)| (*name).to_owned());
        let by_format = ctx.json().then(|| match ctx.format {
            super::context::Format::Jsonl => "jsonl".to_owned(),
            _ => "json".to_owned(),
        });
        self.target.clone().or(by_format).or(by_name).unwrap_or_else(|| "csv".to_owned())
    }
}

/// Exports contacts.
pub fn run(ctx: &mut Ctx, mut args: Args) -> Result {
    let records = args.records.clone().unwrap_or_default();
    if let Some((_, Some(what))) = RECORDS.iter().find(|(name, _)| *name == records) {
        return run_records(ctx, &args, &records, *what);
    }
    if records == "companies" {
        let words = std::mem::take(&mut args.query);
        if !words.is_empty() {
            args.query.push(format!("({})", words.join(" ")));
        }
        args.query.push("kind:company".to_owned());
    }
    let wanted = args.wanted(ctx);
    let wanted = ENDINGS.iter().find(|(short, _)| *short == wanted).map_or(wanted.as_str(), |(_, name)| name);
    let own = ["csv", "tsv", "xlsx"].contains(&wanted);
    if args.columns.is_some() && !own {
        return Err(ctx.usage("export-columns", &[("format", wanted.into())]));
    }
    let Some((_, format)) = FORMATS.iter().find(|(name, _)| *name == wanted) else {
        return run_system(ctx, &args, wanted);
    };
    let format = *format;
    let to = args.to.filter(|path| path != Path::new("-"));
    if format == ExportFormat::Xlsx && to.is_none() && ctx.term.out {
        return Err(ctx.usage("export-binary", &[("format", "XLSX".into())]));
    }
    let mut book = ctx.named_book()?;
    let query = ctx.query(&book, &args.query)?;
    let text = args.query.join(" ");
    let query = (!args.query.is_empty()).then_some((&query, text.as_str()));
    let options = ExportOptions {
        format,
        columns: args.columns,
        bom: false,
        calendar: calendar_words(ctx),
        directory: directory_words(ctx),
    };
    let count =
        into(to.as_deref(), &ctx.settings.book, &mut ctx.out, |out| book.export(query, &options, out))?;
    tell(ctx, count, to.as_deref());
    Ok(Exit::Done)
}

fn tell(ctx: &Ctx, count: usize, to: Option<&Path>) {
    say_where(ctx, &ctx.t("exported", &[("n", count.into())]), to);
}

fn say_where(ctx: &Ctx, what: &str, to: Option<&Path>) {
    match to {
        Some(path) => {
            let path = path.to_string_lossy();
            ctx.say("exported-to", &[("what", what.into()), ("path", path.as_ref().into())]);
        }
        None if !ctx.term.out => ctx.line(what),
        None => {}
    }
}

/// Exports contacts as a system's own table, and says who has no place in it.
fn run_system(ctx: &mut Ctx, args: &Args, system: &str) -> Result {
    let profiles = super::import::profiles(ctx)?;
    let mut book = ctx.named_book()?;
    let query = ctx.query(&book, &args.query)?;
    let text = args.query.join(" ");
    let query = (!args.query.is_empty()).then_some((&query, text.as_str()));
    let to = args.to.as_deref().filter(|path| *path != Path::new("-"));
    let done =
        into(to, &ctx.settings.book, &mut ctx.out, |out| book.export_system(query, system, &profiles, out))?;
    tell(ctx, done.count, to);
    for (key, count) in [
        ("export-companies", done.companies),
        ("export-no-email", done.no_email),
        ("export-no-consent", done.no_consent),
    ] {
        if count > 0 {
            ctx.say(key, &[("n", count.into()), ("system", system.into())]);
        }
    }
    Ok(Exit::Done)
}

/// Exports deals, notes and the like as a system's own table.
fn run_records(ctx: &mut Ctx, args: &Args, records: &str, what: Records) -> Result {
    let system = &args.wanted(ctx);
    if args.columns.is_some() {
        return Err(ctx.usage("export-columns-records", &[("records", records.into())]));
    }
    let profiles = super::import::profiles(ctx)?;
    let mut book = ctx.named_book()?;
    let query = ctx.query(&book, &args.query)?;
    let text = args.query.join(" ");
    let query = (!args.query.is_empty()).then_some((&query, text.as_str()));
    let to = args.to.as_deref().filter(|path| *path != Path::new("-"));
    let count = into(to, &ctx.settings.book, &mut ctx.out, |out| {
        book.export_records(what, query, system, &profiles, out)
    })?;
    let said = ctx.t("exported-records", &[("n", count.into()), ("records", records.into())]);
    say_where(ctx, &said, to);
    Ok(Exit::Done)
}

/// Writes to a file that appears when all of it is there, or to stdout.
fn into<T>(
    to: Option<&Path>,
    book: &Path,
    stdout: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> crate::ops::Result<T>,
) -> std::result::Result<T, Fail> {
    // A shell may have pointed its standard output at a file, beside which nothing can be made.
    let to = to.filter(|path| !["-", "/dev/stdout"].iter().any(|out| *path == Path::new(out)));
    let Some(path) = to else { return Ok(write(stdout)?) };
    may_write(book, path, &[])?;
    let fail = |source| Fail::Op(OpError::Io { path: path.to_owned(), source });
    let mut file = Whole::new(path).map_err(fail)?;
    let done = write(&mut file.out).map_err(|error| match error {
        OpError::Io { source, .. } => fail(source),
        other => Fail::Op(other),
    })?;
    file.finish(path).map_err(fail)?;
    Ok(done)
}

/// The patterns of a calendar's titles: the book puts the names in.
fn calendar_words(ctx: &Ctx) -> CalendarWords {
    CalendarWords {
        birthday: ctx.t("calendar-birthday", &[("name", "{name}".into())]),
        day: ctx.t("calendar-day", &[("name", "{name}".into()), ("label", "{label}".into())]),
        calendar: ctx.t("calendar-title", &[]),
    }
}

/// Fields and labels in the language in force.
fn directory_words(ctx: &Ctx) -> DirectoryWords {
    let term = |key: String, word: &str| ctx.lang.maybe(&key, &[]).map(|said| (word.to_owned(), said));
    let fields = ["nickname", "email", "phone", "url", "im", "social", "address", "date", "tags", "note"];
    let labels = ["work", "home", "mobile", "other", "fax", "birthday", "anniversary", "chinese"];
    let terms = fields
        .iter()
        .filter_map(|word| term(format!("screen-field-{word}"), word))
        .chain(labels.iter().filter_map(|word| term(format!("screen-label-{word}"), word)));
    DirectoryWords {
        language: ctx.lang.language().tag().to_owned(),
        title: ctx.t("directory-title", &[]),
        terms: terms.collect(),
    }
}

/// A file that appears under its name when all of it is written; a link of that name is replaced, not followed. What is no file at
/// all (a pipe, `/dev/stdout`) is written to as it goes.
pub(super) struct Whole {
    pub(super) out: BufWriter<Sink>,
}

/// Where a file is written.
pub(super) enum Sink {
    /// Beside its place, until it is whole.
    Beside(tempfile::NamedTempFile),
    Straight(File),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file) => file.write(bytes),
            Self::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file) => file.flush(),
            Self::Straight(file) => file.flush(),
        }
    }
}

impl Whole {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let special = path.metadata().is_ok_and(|found| !found.is_file());
        let sink = if special {
            Sink::Straight(File::options().write(true).open(path)?)
        } else {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            Sink::Beside(tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?)
        };
        Ok(Self { out: BufWriter::new(sink) })
    }

    /// A new file is for its owner alone; one that takes another's place may be read by whom that one could be read by.
    pub(super) fn finish(self, path: &Path) -> io::Result<()> {
        let file = match self.out.into_inner().map_err(io::IntoInnerError::into_error)? {
            Sink::Straight(mut file) => return file.flush(),
            Sink::Beside(file) => file,
        };
        if let Some(old) = path.symlink_metadata().ok().filter(fs::Metadata::is_file) {
            file.as_file().set_permissions(old.permissions())?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}
