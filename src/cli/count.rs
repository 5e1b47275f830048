//! `rolo count`

use super::context::Ctx;
use super::fail::Result;
use crate::ops::Exit;
use std::io::Write;

/// Arguments of `count`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters; without any, all contacts
    query: Vec<String>,
}

/// Prints the number alone.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let book = ctx.book()?;
    let query = ctx.query(&book, &args.query)?;
    let count = book.count(&query, false)?;
    if ctx.json() { ctx.json_out(&serde_json::json!({ "count": count }))? } else { writeln!(ctx.out, "{count}")? }
    Ok(Exit::Done)
}
