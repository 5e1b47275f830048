//! `rolo query`: address completion for mail programs. Runs at every key, so it does nothing that isn't needed.

use super::context::Ctx;
use super::fail::Result;
use crate::ops::{AddressHit, Exit};
use crate::text::{fold, safe_line};
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
    /// A line that is a message, then `address TAB name TAB type`, as `khard email --parsable`
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
    /// Leave out the line that is a message, for mutt and khard
    #[arg(long)]
    remove_first_line: bool,
}

/// Prints addresses.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let text = args.text.join(" ");
    let limit = if args.target == As::Khard { usize::MAX } else { LIMIT };
    let mut hits = ctx.book()?.address_query(&text, limit)?;
    if ctx.json() {
        ctx.json_all(&hits)?;
        return Ok(if hits.is_empty() { Exit::Nothing } else { Exit::Done });
    }
    match args.target {
        _ if args.remove_first_line => {}
        As::Mutt => writeln!(ctx.out, "{}", ctx.t("query-found", &[("n", hits.len().into())]))?,
        // Its own words in any language: there are scripts that look for them.
        As::Khard => writeln!(ctx.out, "searching for '{}' ...", safe_line(&text))?,
        As::Aerc => {}
    }
    if args.target == As::Khard {
        hits = as_khard(hits, &text);
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

/// What khard does to the addresses of each contact: sorted by type, then address; only those whose line holds all words,
/// or all of them if none does; `internet` where there is no type.
fn as_khard(hits: Vec<AddressHit>, text: &str) -> Vec<AddressHit> {
    let words: Vec<String> = text.split_whitespace().map(fold).collect();
    let mut found = Vec::with_capacity(hits.len());
    for own in hits.chunk_by(|a, b| (&a.name, &a.comment) == (&b.name, &b.comment)) {
        let mut own = own.to_vec();
        for hit in own.iter_mut().filter(|hit| hit.label.is_empty()) {
            "internet".clone_into(&mut hit.label);
        }
        own.sort_by_cached_key(|hit| (hit.label.to_lowercase(), hit.email.clone()));
        let matches = |hit: &&AddressHit| {
            let line = fold(&format!("{}\t{}\t{}", hit.email, hit.name, hit.label));
            words.iter().all(|word| line.contains(word.as_str()))
        };
        let some: Vec<AddressHit> = own.iter().filter(matches).cloned().collect();
        found.extend(if some.is_empty() { own } else { some });
    }
    found
}
