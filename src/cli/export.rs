//! `rolo export`

use super::context::Ctx;
use super::fail::{Fail, Result};
use crate::ops::{CalendarWords, DirectoryWords, Exit, ExportFormat, ExportOptions, OpError};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// Formats of the contract that come in later versions.
const LATER: &[&str] = &["outlook", "mailchimp", "vcard", "vcard3", "xlsx"];

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters; without any, the whole book
    query: Vec<String>,
    /// csv, google, json, jsonl, ldif, abook, ics, html, markdown
    #[arg(long = "as", value_name = "FORMAT", value_parser = known)]
    target: Option<String>,
    /// The file to write; stdout without it
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Which columns, for csv
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    columns: Option<Vec<String>>,
}

fn known(text: &str) -> std::result::Result<String, String> {
    match text {
        "csv" | "tsv" | "google" | "json" | "jsonl" | "ldif" | "abook" | "ics" | "html" | "markdown" => {
            Ok(text.to_owned())
        }
        "md" => Ok("markdown".to_owned()),
        "htm" => Ok("html".to_owned()),
        _ if LATER.contains(&text) => Ok(text.to_owned()),
        _ => Err("csv, google, json, jsonl, ldif, abook, ics, html, markdown".to_owned()),
    }
}

impl Args {
    /// What was asked for, or what the file's name says.
    fn wanted(&self, ctx: &Ctx) -> String {
        let ending = self.to.as_ref().and_then(|path| path.extension()).and_then(|ending| ending.to_str());
        let by_name = ending.and_then(|ending| known(&ending.to_lowercase()).ok());
        let by_format = ctx.json().then(|| match ctx.format {
            super::context::Format::Jsonl => "jsonl".to_owned(),
            _ => "json".to_owned(),
        });
        self.target.clone().or(by_format).or(by_name).unwrap_or_else(|| "csv".to_owned())
    }
}

/// Exports contacts.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let wanted = args.wanted(ctx);
    let format = match wanted.as_str() {
        "csv" => ExportFormat::Csv,
        "tsv" => ExportFormat::Tsv,
        "google" => ExportFormat::Google,
        "json" => ExportFormat::Json,
        "jsonl" => ExportFormat::Jsonl,
        "ldif" => ExportFormat::Ldif,
        "abook" => ExportFormat::Abook,
        "ics" => ExportFormat::Ics,
        "html" => ExportFormat::Html,
        "markdown" => ExportFormat::Markdown,
        later => return Err(ctx.usage("export-later", &[("format", later.into())])),
    };
    let mut book = ctx.book()?;
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
    let to = args.to.filter(|path| path != Path::new("-"));
    let count = match &to {
        None => book.export(query, &options, &mut ctx.out)?,
        Some(path) => {
            let fail = |source| Fail::Op(OpError::Io { path: path.clone(), source });
            let mut file = Whole::new(path).map_err(fail)?;
            let count = book.export(query, &options, &mut file.out).map_err(|error| match error {
                OpError::Io { source, .. } => fail(source),
                other => Fail::Op(other),
            })?;
            file.finish(path).map_err(fail)?;
            count
        }
    };
    let what = ctx.t("exported", &[("n", count.into())]);
    match &to {
        Some(path) => {
            let path = path.to_string_lossy();
            ctx.say("exported-to", &[("what", what.as_str().into()), ("path", path.as_ref().into())]);
        }
        None if !ctx.term.out => ctx.line(&what),
        None => {}
    }
    Ok(Exit::Done)
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

/// A file that appears under its name when all of it is written; a link of that name is replaced, not followed.
struct Whole {
    out: BufWriter<tempfile::NamedTempFile>,
}

impl Whole {
    fn new(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { out: BufWriter::new(tempfile::NamedTempFile::new_in(folder)?) })
    }

    fn finish(self, path: &Path) -> io::Result<()> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}
