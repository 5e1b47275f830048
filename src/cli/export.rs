//! `rolo export`

use super::context::Ctx;
use super::fail::{Fail, Result};
use crate::ops::{Exit, ExportFormat, ExportOptions, OpError};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// Formats of the contract that come in later versions.
const LATER: &[&str] = &["ics", "ldif", "html"];

/// What there is.
const FORMATS: &[(&str, ExportFormat)] = &[
    ("csv", ExportFormat::Csv),
    ("tsv", ExportFormat::Tsv),
    ("google", ExportFormat::Google),
    ("xlsx", ExportFormat::Xlsx),
    ("vcard", ExportFormat::Vcard),
    ("vcard3", ExportFormat::Vcard3),
    ("jcard", ExportFormat::Jcard),
    ("jscontact", ExportFormat::Jscontact),
    ("json", ExportFormat::Json),
    ("jsonl", ExportFormat::Jsonl),
];

fn all() -> String {
    FORMATS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters; without any, the whole book
    query: Vec<String>,
    /// csv, google, outlook, mailchimp, hubspot, salesforce, zoho, xlsx, vcard, json, jsonl, or another system of `import --profiles`
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
        let by_name = ending
            .map(str::to_lowercase)
            .map(|ending| if ending == "vcf" { "vcard".to_owned() } else { ending });
        let by_name =
            by_name.filter(|ending| ending != "google" && FORMATS.iter().any(|(name, _)| name == ending));
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
    let Some((_, format)) = FORMATS.iter().find(|(name, _)| *name == wanted) else {
        if LATER.contains(&wanted.as_str()) {
            let known = all();
            return Err(ctx.usage(
                "export-later",
                &[("format", wanted.as_str().into()), ("known", known.as_str().into())],
            ));
        }
        return run_system(ctx, &args, &wanted);
    };
    let format = *format;
    let to = args.to.filter(|path| path != Path::new("-"));
    if format == ExportFormat::Xlsx && to.is_none() && ctx.term.out {
        return Err(ctx.usage("export-binary", &[("format", "XLSX".into())]));
    }
    let mut book = ctx.book()?;
    let query = ctx.query(&book, &args.query)?;
    let text = args.query.join(" ");
    let query = (!args.query.is_empty()).then_some((&query, text.as_str()));
    let options = ExportOptions { format, columns: args.columns, bom: false };
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
    tell(ctx, count, to.as_deref());
    Ok(Exit::Done)
}

fn tell(ctx: &Ctx, count: usize, to: Option<&Path>) {
    let what = ctx.t("exported", &[("n", count.into())]);
    match to {
        Some(path) => {
            let path = path.to_string_lossy();
            ctx.say("exported-to", &[("what", what.as_str().into()), ("path", path.as_ref().into())]);
        }
        None if !ctx.term.out => ctx.line(&what),
        None => {}
    }
}

/// Exports contacts as a system's own table, and says who has no place in it.
fn run_system(ctx: &mut Ctx, args: &Args, system: &str) -> Result {
    let profiles = super::import::profiles(ctx)?;
    let mut book = ctx.book()?;
    let query = ctx.query(&book, &args.query)?;
    let text = args.query.join(" ");
    let query = (!args.query.is_empty()).then_some((&query, text.as_str()));
    let to = args.to.as_deref().filter(|path| *path != Path::new("-"));
    let done = match to {
        None => book.export_system(query, system, &profiles, &mut ctx.out)?,
        Some(path) => {
            let fail = |source| Fail::Op(OpError::Io { path: path.to_owned(), source });
            let mut file = Whole::new(path).map_err(fail)?;
            let done =
                book.export_system(query, system, &profiles, &mut file.out).map_err(|error| match error {
                    OpError::Io { source, .. } => fail(source),
                    other => Fail::Op(other),
                })?;
            file.finish(path).map_err(fail)?;
            done
        }
    };
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

/// A file that appears under its name when all of it is written; a link of that name is replaced, not followed.
pub(super) struct Whole {
    pub(super) out: BufWriter<tempfile::NamedTempFile>,
}

impl Whole {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { out: BufWriter::new(tempfile::NamedTempFile::new_in(folder)?) })
    }

    pub(super) fn finish(self, path: &Path) -> io::Result<()> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}
