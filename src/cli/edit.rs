//! `rolo edit`

use super::context::Ctx;
use super::fail::Result;
use super::whom::Among;
use crate::ops::{Change, Exit};

/// Arguments of `edit`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One contact; with --all, words (matched exactly) and filters
    #[arg(required = true)]
    who: Vec<String>,
    /// Give a field a value; an empty one clears it
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Add a value: `email=a@b.example`, `phone.mobile=...`, `tag=vip`
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    add: Vec<(String, String)>,
    /// Take a value away; without a value, all of them
    #[arg(long, value_name = "FIELD[=VALUE]")]
    remove: Vec<String>,
    /// Change every contact that matches
    #[arg(long)]
    all: bool,
    /// With --all: words match fuzzily
    #[arg(long, requires = "all")]
    fuzzy: bool,
}

/// Reads `FIELD=VALUE`.
pub fn assignment(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => Ok((field.trim().to_owned(), value.to_owned())),
        _ => Err("FIELD=VALUE".to_owned()),
    }
}

/// Changes contacts by flags, or one of them in the editor.
pub fn run(ctx: &mut Ctx, args: Args, among: Among) -> Result {
    let mut book = ctx.book()?;
    let set = args.set.into_iter().map(|(field, value)| Change::Set { field, value });
    let add = args.add.into_iter().map(|(field, value)| Change::Add { field, value });
    let remove = args.remove.into_iter().map(|text| {
        let (field, value) = text.split_once('=').unwrap_or((&text, ""));
        Change::Remove { field: field.to_owned(), value: value.to_owned() }
    });
    // Values go before others are added: `--remove email --add email=...` replaces them.
    let changes: Vec<Change> = remove.chain(set).chain(add).collect();
    let ids = if args.all {
        if changes.is_empty() {
            return Err(ctx.usage("usage-edit-all", &[]));
        }
        let ids = among.all(&book, &args.who, args.fuzzy)?;
        if ids.is_empty() {
            ctx.say("nothing-found", &[]);
            return Ok(Exit::Nothing);
        }
        ctx.confirm_many("ask-edit", ids.len())?;
        ids
    } else {
        vec![among.one(ctx, &book, &args.who.join(" "))?]
    };
    if changes.is_empty() {
        return super::editor::edit(ctx, &mut book, ids[0]);
    }
    let done = book.edit(&ids, &changes)?;
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}
