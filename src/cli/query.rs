//! `rolo query`: address completion for mail programs. Runs at every key, so it does nothing that isn't needed.

use super::context::Ctx;
use super::fail::Result;
use crate::ops::Exit;
use crate::text::safe_line;
use std::io::Write;

/// At most so many lines.
const LIMIT: usize = 100;

/// Whose format to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum As {
    /// A line that is a message, then `address TAB name TAB comment`
    #[default]
    Mutt,
    /// `address TAB name`
    Aerc,
    /// `address TAB name TAB label`, as `khard email --parsable`
    Khard,
}

/// Arguments of `query`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The beginning of a name, address or company
    #[arg(required = true)]
    text: Vec<String>,
    /// For which program
    #[arg(long = "as", value_enum, default_value = "mutt")]
    target: As,
}

/// Prints addresses.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let hits = ctx.book()?.address_query(&args.text.join(" "), LIMIT)?;
    if ctx.json() {
        ctx.json_all(&hits)?;
        return Ok(if hits.is_empty() { Exit::Nothing } else { Exit::Done });
    }
    if args.target == As::Mutt {
        let message = ctx.t("query-found", &[("n", hits.len().into())]);
        writeln!(ctx.out, "{message}")?;
    }
    for hit in &hits {
        let (email, name) = (safe_line(&hit.email), safe_line(&hit.name));
        match args.target {
            As::Mutt => writeln!(ctx.out, "{email}\t{name}\t{}", safe_line(&hit.comment))?,
            As::Aerc => writeln!(ctx.out, "{email}\t{name}")?,
            As::Khard => writeln!(ctx.out, "{email}\t{name}\t{}", safe_line(&hit.label))?,
        }
    }
    Ok(if hits.is_empty() && args.target != As::Aerc { Exit::Nothing } else { Exit::Done })
}
