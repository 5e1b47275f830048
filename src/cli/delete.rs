//! `rolo delete` and `rolo bin`

use super::context::Ctx;
use super::fail::Result;
use super::table::Table;
use super::whom::Among;
use crate::ops::Exit;

/// Arguments of `delete`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Handle, exact name, e-mail, phone, or a filter that matches one contact
    #[arg(required = true)]
    who: Vec<String>,
}

/// Puts contacts into the bin.
pub fn run(ctx: &mut Ctx, args: Args, among: Among) -> Result {
    let mut book = ctx.book()?;
    let mut ids = Vec::new();
    for who in &args.who {
        let id = among.one(ctx, &book, who)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ctx.confirm_many("ask-delete", ids.len())?;
    let done = book.delete(&ids)?;
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}

/// Arguments of `bin`.
#[derive(Debug, clap::Args)]
pub struct BinArgs {
    #[command(subcommand)]
    command: Option<Bin>,
}

#[derive(Debug, clap::Subcommand)]
enum Bin {
    /// What lies in the bin, latest first
    List,
    /// Take contacts out of the bin
    Restore {
        /// Handle, exact name, e-mail or phone
        #[arg(required = true)]
        who: Vec<String>,
    },
    /// Empty the bin
    Empty,
}

/// Lists the bin, restores from it, empties it.
pub fn bin(ctx: &mut Ctx, args: BinArgs) -> Result {
    let mut book = ctx.book()?;
    let done = match args.command.unwrap_or(Bin::List) {
        Bin::List => {
            let rows = book.bin()?;
            if ctx.json() {
                let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
                super::list::write(ctx, &book, &ids, None)?;
                return Ok(Exit::Done);
            }
            let mut table = Table::new(ctx, &["id", "name", "company", "email", "phone"]);
            let people = ctx.format == super::context::Format::Table;
            for row in rows {
                let name = if people { row.title_name() } else { &row.name }.to_owned();
                let id = if people { row.handle } else { row.uid };
                table.row(vec![id, name, row.company, row.email, row.phone]);
            }
            if table.is_empty() {
                ctx.say("bin-empty", &[]);
            }
            table.write(ctx)?;
            return Ok(Exit::Done);
        }
        Bin::Restore { who } => {
            let ids =
                who.iter().map(|who| book.resolve_in_bin(who)).collect::<crate::ops::Result<Vec<i64>>>()?;
            book.restore(&ids)?
        }
        Bin::Empty => {
            let count = book.bin()?.len();
            if count == 0 {
                ctx.say("bin-empty", &[]);
                return Ok(Exit::Done);
            }
            ctx.confirm_many("ask-empty-bin", count)?;
            book.empty_bin()?
        }
    };
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}
