//! `rolo list`

use super::context::{Ctx, Format};
use super::fail::{Fail, Result};
use super::{columns, long};
use crate::ops::{Book, ContactOut, Exit, Find, OpError, Sort};
use std::io::{self, Write};
use std::path::PathBuf;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters: `acme tag:vip -city:paris quiet:90d`
    query: Vec<String>,
    /// Which columns: `name,email,city`
    #[arg(long, value_name = "A,B")]
    columns: Vec<String>,
    /// By which field; `:desc` for the largest or latest first
    #[arg(long, value_name = "FIELD[:desc]", value_parser = sort)]
    sort: Option<Sort>,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Reads `last:desc`.
fn sort(text: &str) -> std::result::Result<Sort, String> {
    // A custom field may be said as `field:KEY`.
    let (field, order) = match text.rsplit_once(':') {
        None | Some(("field", _)) => (text, "asc"),
        Some(parts) => parts,
    };
    let descending = match order {
        "asc" => false,
        "desc" => true,
        _ => return Err("FIELD, FIELD:asc, FIELD:desc".to_owned()),
    };
    Ok(Sort { field: field.to_owned(), descending })
}

/// Lists contacts.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let book = ctx.book()?;
    let query = ctx.query(&book, &args.query)?;
    let chosen = match args.columns.as_slice() {
        [] => None,
        texts => Some(columns::parse(&book, &texts.join(","))?),
    };
    if chosen.as_ref().is_some_and(Vec::is_empty) {
        return Err(ctx.usage("usage-columns", &[]));
    }
    let plain = args.limit.is_none() && args.sort.is_none() && is_long(ctx, chosen.as_deref());
    let (found, lines) = if plain {
        book.find_lines(&query)?
    } else {
        (book.find(&query, &Find { limit: args.limit, sort: args.sort, exact: false })?, None)
    };
    match lines.filter(|_| !found.ids.is_empty()) {
        Some(lines) => long::write(ctx, &lines, &found.ids, &columns_of(chosen))?,
        None => write(ctx, &book, &found.ids, chosen)?,
    }
    if found.ids.is_empty() && ctx.format == Format::Table && args.limit != Some(0) {
        match book.exists() && !book.is_empty()? {
            true => ctx.say("nothing-found", &[]),
            false => ctx.say_empty(&book),
        }
    } else if found.ids.len() < found.total && ctx.term.out {
        ctx.say("list-more", &[("shown", found.ids.len().into()), ("total", found.total.into())]);
    }
    Ok(Exit::Done)
}

/// Those that were asked for, or those that lists have by themselves.
fn columns_of(chosen: Option<Vec<String>>) -> Vec<String> {
    chosen.unwrap_or_else(|| columns::DEFAULT.iter().map(|name| (*name).to_owned()).collect())
}

/// Whether what is to be written can come from the lines that the book keeps.
fn is_long(ctx: &Ctx, chosen: Option<&[String]>) -> bool {
    ctx.format == Format::Table && chosen.is_none_or(long::takes)
}

/// Writes contacts in the format that was asked for.
pub fn write(ctx: &mut Ctx, book: &Book, ids: &[i64], chosen: Option<Vec<String>>) -> Result<()> {
    if ctx.json() && chosen.is_none() {
        return json(ctx, book, ids);
    }
    let long = is_long(ctx, chosen.as_deref());
    let columns = columns_of(chosen);
    if ctx.json() {
        let objects = columns::objects(ctx, book, ids, &columns)?;
        return ctx.json_all(&objects);
    }
    if long && book.lines_pay(ids.len())? {
        return long::write(ctx, &book.lines(ids)?, ids, &columns);
    }
    columns::table(ctx, book, ids, &columns)?.write(ctx)
}

/// Whole contacts, one after the other, so that a large book needs no memory.
fn json(ctx: &mut Ctx, book: &Book, ids: &[i64]) -> Result<()> {
    let array = ctx.format == Format::Json;
    let out = &mut ctx.out;
    let mut first = true;
    let mut put = |contact: &ContactOut| -> io::Result<()> {
        if array {
            out.write_all(if first { b"[\n" } else { b",\n" })?;
        }
        first = false;
        serde_json::to_writer(&mut *out, contact)?;
        if array { Ok(()) } else { writeln!(out) }
    };
    book.contacts(ids, &mut |contact| {
        put(&contact).map_err(|source| OpError::Io { path: PathBuf::from("stdout"), source })
    })?;
    if array {
        out.write_all(if first { b"[]\n" } else { b"\n]\n" })?;
    }
    Ok::<_, Fail>(())
}
