//! `rolo interaction`

use super::context::Ctx;
use super::edit::assignment;
use super::fail::Result;
use super::log::{self, TimelineArgs};
use crate::ops::Exit;

/// Arguments of `interaction`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Interaction,
}

#[derive(Debug, clap::Subcommand)]
enum Interaction {
    /// Log one, as `rolo log` does
    Add(log::Args),
    /// What happened, as `rolo timeline` shows it
    #[command(visible_alias = "ls")]
    List(TimelineArgs),
    /// Everything about one
    Show {
        /// Its id, as the timeline shows it
        id: String,
    },
    /// Change one
    Edit {
        /// Its id, as the timeline shows it
        id: String,
        /// Give a field a value: `outcome=won`, `at=yesterday`
        #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment, required = true)]
        set: Vec<(String, String)>,
    },
    /// Delete some
    #[command(visible_alias = "rm")]
    Delete {
        /// Their ids, as the timeline shows them
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

/// Looks after what was logged.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let mut book = ctx.book()?;
    let done = match args.command {
        Interaction::Add(args) => return log::run(ctx, args),
        Interaction::List(args) => return log::timeline(ctx, args),
        Interaction::Show { id } => {
            let event = book.interaction(book.resolve_interaction(&id)?)?;
            if ctx.json() {
                ctx.json_out(&event)?
            } else {
                log::card(ctx, &event)?
            }
            return Ok(Exit::Done);
        }
        Interaction::Edit { id, set } => {
            let id = book.resolve_interaction(&id)?;
            book.edit_interaction(id, &set)?
        }
        Interaction::Delete { ids } => {
            let ids =
                ids.iter().map(|id| book.resolve_interaction(id)).collect::<crate::ops::Result<Vec<_>>>()?;
            ctx.confirm_many("ask-delete-interactions", ids.len())?;
            book.delete_interactions(&ids)?
        }
    };
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}
