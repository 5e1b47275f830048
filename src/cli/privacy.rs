//! `rolo privacy`

use super::context::Ctx;
use super::fail::Result;
use crate::ops::{Erasure, Exit};

/// Arguments of `privacy`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Erase people for good, from the history and the files of a shared book, too
    #[command(after_help = "rolo privacy erase \"Ann Lee\"")]
    Erase {
        /// Handle, exact name, e-mail or phone
        #[arg(required = true)]
        who: Vec<String>,
    },
}

/// Erases people.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let Command::Erase { who } = args.command;
    let mut book = ctx.book()?;
    let mut ids = Vec::new();
    for who in &who {
        // Whoever lies in the bin is there as well.
        let id = match ctx.resolve(&book, who) {
            Ok(id) => id,
            Err(error) => book.resolve_in_bin(who).map_err(|_| error)?,
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let erasure = book.erasure(&ids)?;
    let what = counted(ctx, &erasure);
    let what = [("what", what.as_str().into())];
    ctx.confirm(&ctx.t("ask-erase", &what))?;
    book.erase(&ids)?;
    if ctx.json() {
        ctx.json_out(&erasure)?;
        return Ok(Exit::Done);
    }
    ctx.say("erased", &what);
    if erasure.with_others > 0 {
        ctx.say("erased-with-others", &[("n", erasure.with_others.into())]);
    }
    if book.is_shared()? {
        ctx.say("erased-shared", &[]);
    }
    Ok(Exit::Done)
}

/// How much is erased; what there is none of goes without saying.
fn counted(ctx: &Ctx, erasure: &Erasure) -> String {
    let counts = [
        ("erase-contacts", erasure.contacts),
        ("erase-interactions", erasure.interactions),
        ("erase-tasks", erasure.tasks),
    ];
    let said = counts.into_iter().filter(|(_, count)| *count > 0);
    let said: Vec<String> = said.map(|(key, count)| ctx.t(key, &[("n", count.into())])).collect();
    said.join(&ctx.t("list-separator", &[]))
}
