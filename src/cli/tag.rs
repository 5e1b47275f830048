//! `rolo tag`

use super::context::Ctx;
use super::fail::Result;
use super::table::Table;
use super::whom::Among;
use crate::ops::{Book, Exit};

/// Arguments of `tag`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Tag,
}

#[derive(Debug, clap::Subcommand)]
enum Tag {
    /// Give contacts a tag
    Add(Which),
    /// Take a tag from contacts
    Remove(Which),
    /// All tags and how many contacts have each
    #[command(visible_alias = "ls")]
    List,
    /// Call a tag something else
    Rename {
        /// The tag
        from: String,
        /// Its new name
        to: String,
    },
    /// Take a tag from all contacts and forget it
    #[command(visible_alias = "rm")]
    Delete {
        /// The tag
        tag: String,
    },
    /// Make several tags one
    Merge {
        /// The tags, the one that stays last
        #[arg(required = true, num_args = 2..)]
        tags: Vec<String>,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The tag; several with commas between
    tag: String,
    /// Words (matched exactly) and filters
    #[arg(required = true)]
    query: Vec<String>,
    /// Words match fuzzily
    #[arg(long)]
    fuzzy: bool,
}

fn names(text: &str) -> Vec<String> {
    text.split([',', '，']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Tags, untags, and looks after the tags.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let mut book = ctx.book()?;
    let done = match args.command {
        Tag::Add(which) | Tag::Remove(which) if names(&which.tag).is_empty() => {
            return Err(ctx.usage("usage-no-tag", &[]));
        }
        Tag::List => return list(ctx, &book),
        Tag::Add(which) => {
            let ids = Among::Contacts.all(&book, &which.query, which.fuzzy)?;
            if ids.is_empty() {
                return none(ctx);
            }
            ctx.confirm_many("ask-tag", ids.len())?;
            book.tag(&ids, &names(&which.tag))?
        }
        Tag::Remove(which) => {
            let ids = Among::Contacts.all(&book, &which.query, which.fuzzy)?;
            if ids.is_empty() {
                return none(ctx);
            }
            ctx.confirm_many("ask-untag", ids.len())?;
            book.untag(&ids, &names(&which.tag))?
        }
        Tag::Rename { from, to } => book.rename_tag(&from, &to)?,
        Tag::Delete { tag } => {
            let count = book.tags()?.iter().find(|known| known.name == tag).map_or(0, |known| known.count);
            ctx.confirm_many("ask-delete-tag", count)?;
            book.delete_tag(&tag)?
        }
        Tag::Merge { mut tags } => {
            let into = tags.pop().unwrap_or_default();
            book.merge_tags(&tags, &into)?
        }
    };
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}

fn none(ctx: &Ctx) -> Result {
    ctx.say("nothing-found", &[]);
    Ok(Exit::Nothing)
}

fn list(ctx: &mut Ctx, book: &Book) -> Result {
    let tags = book.tags()?;
    if ctx.json() {
        ctx.json_all(&tags)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::of_things(ctx, &["name", "count"]);
    for tag in tags {
        table.row(vec![tag.name, tag.count.to_string()]);
    }
    if table.is_empty() {
        ctx.say("no-tags", &[]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}
