//! `rolo company`

use super::context::{Ctx, Format};
use super::fail::Result;
use super::table::Table;
use super::whom::Among;
use super::{add, delete, edit};
use crate::ops::Exit;

/// Arguments of `company`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Company>,
}

#[derive(Debug, clap::Subcommand)]
enum Company {
    /// Add a company and print its id
    Add(Box<add::Args>),
    /// Companies and how many people work there
    #[command(visible_alias = "ls")]
    List {
        /// Words and filters
        query: Vec<String>,
    },
    /// Everything about one company
    Show {
        /// Its name or handle
        #[arg(required = true)]
        who: Vec<String>,
    },
    /// Change a company
    Edit(edit::Args),
    /// Put companies into the bin
    #[command(visible_alias = "rm")]
    Delete(delete::Args),
}

/// Looks after companies.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    match args.command.unwrap_or(Company::List { query: Vec::new() }) {
        Company::Add(args) => add::run_as(ctx, *args, "company"),
        Company::List { query } => list(ctx, &query),
        Company::Show { who } => {
            let book = ctx.book()?;
            let id = Among::Companies.one(ctx, &book, &who.join(" "))?;
            super::show::show(ctx, &book, id)
        }
        Company::Edit(args) => edit::run(ctx, args, Among::Companies),
        Company::Delete(args) => delete::run(ctx, args, Among::Companies),
    }
}

fn list(ctx: &mut Ctx, words: &[String]) -> Result {
    let book = ctx.book()?;
    let query = ctx.query(&book, words)?;
    let companies = book.companies((!words.is_empty()).then_some(&query))?;
    if ctx.json() {
        let ids: Vec<i64> = companies.iter().map(|company| company.row.id).collect();
        let mut counts = companies.iter();
        let mut values = Vec::with_capacity(ids.len());
        book.contacts(&ids, &mut |contact| {
            let mut value = serde_json::to_value(&contact).unwrap_or_default();
            if let (Some(map), Some(company)) = (value.as_object_mut(), counts.next()) {
                map.insert("people".into(), company.people.into());
                if company.implied {
                    map.insert("implied".into(), true.into());
                }
            }
            values.push(value);
            Ok(())
        })?;
        ctx.json_all(&values)?;
        return Ok(Exit::Done);
    }
    let people = ctx.format == Format::Table;
    let mut table = Table::new(ctx, &["id", "name", "people", "email", "phone"]);
    for company in companies {
        let row = company.row;
        let id = if people { row.handle } else { row.uid };
        table.row(vec![id, row.name, company.people.to_string(), row.email, row.phone]);
    }
    if table.is_empty() {
        ctx.say("nothing-found", &[]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}
