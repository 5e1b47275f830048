//! `rolo deal`

use super::context::{Ctx, Format};
use super::fail::Result;
use super::labelled;
use super::table::Table;
use crate::i18n;
use crate::ops::{Book, Deal, Exit};
use crate::text::safe_line;
use std::io::Write;

/// Arguments of `deal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Deals, the next to close first
    #[command(visible_alias = "ls")]
    List {
        /// Only those of this contact or company
        who: Vec<String>,
    },
    /// Everything about one deal
    Show {
        /// Its handle, id or title
        #[arg(required = true)]
        deal: Vec<String>,
    },
}

/// Shows deals.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let book = ctx.book()?;
    match args.command.unwrap_or(Command::List { who: Vec::new() }) {
        Command::List { who } => list(ctx, &book, &who.join(" ")),
        Command::Show { deal } => show(ctx, &book.deal(&deal.join(" "))?),
    }
}

fn list(ctx: &mut Ctx, book: &Book, who: &str) -> Result {
    let of = if who.is_empty() { None } else { Some(ctx.resolve(book, who)?) };
    let deals = book.deals(of)?;
    if ctx.json() {
        ctx.json_all(&deals)?;
        return Ok(Exit::Done);
    }
    rows(ctx, deals)
}

fn rows(ctx: &mut Ctx, deals: Vec<Deal>) -> Result {
    let people = ctx.format == Format::Table;
    let keys = if people {
        &["id", "title", "stage", "amount", "expected_close", "company", "contacts"][..]
    } else {
        &[
            "id",
            "title",
            "stage",
            "amount",
            "currency",
            "probability",
            "expected_close",
            "closed",
            "won",
            "company",
            "contacts",
            "owner",
            "note",
            "external_id",
        ]
    };
    let mut table = Table::new(ctx, keys);
    for deal in deals {
        let company = deal.company.map(|company| company.name).unwrap_or_default();
        let names: Vec<String> = deal.contacts.into_iter().map(|person| person.name).collect();
        table.row(if people {
            let amount = i18n::amount(&deal.amount, &deal.currency);
            let close = i18n::day(&ctx.lang, &deal.expected_close);
            vec![deal.handle, deal.title, deal.stage, amount, close, company, names.join(", ")]
        } else {
            let percent = deal.probability.map(|percent| percent.to_string()).unwrap_or_default();
            let won = if deal.won { "true" } else { "" };
            vec![
                deal.id,
                deal.title,
                deal.stage,
                deal.amount,
                deal.currency,
                percent,
                deal.expected_close,
                deal.closed,
                won.to_owned(),
                company,
                names.join(";"),
                deal.owner,
                deal.note,
                deal.external_id,
            ]
        });
    }
    if table.is_empty() {
        ctx.say("nothing-found", &[]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}

fn show(ctx: &mut Ctx, deal: &Deal) -> Result {
    if ctx.json() {
        ctx.json_out(deal)?;
        return Ok(Exit::Done);
    }
    if ctx.format != Format::Table {
        return rows(ctx, vec![deal.clone()]);
    }
    writeln!(ctx.out, "{}  {}", safe_line(&deal.title), deal.handle)?;
    let mut lines: Vec<(&str, String)> = Vec::new();
    let state = |key: &str| format!("{}  {}", deal.stage, ctx.t(key, &[])).trim().to_owned();
    let stage = match (deal.won, deal.closed.is_empty()) {
        (true, _) => state("deal-won"),
        (false, false) => state("deal-lost"),
        _ => deal.stage.clone(),
    };
    let day = |text: &str| i18n::day(&ctx.lang, text.get(..10).unwrap_or(text));
    lines.push(("stage", stage));
    lines.push(("amount", i18n::amount(&deal.amount, &deal.currency)));
    lines.push(("probability", deal.probability.map(|percent| format!("{percent}%")).unwrap_or_default()));
    lines.push(("expected_close", day(&deal.expected_close)));
    lines.push(("closed", day(&deal.closed)));
    lines.push(("company", deal.company.as_ref().map(|company| company.name.clone()).unwrap_or_default()));
    for person in &deal.contacts {
        let role = if person.role.is_empty() { String::new() } else { format!("  {}", person.role) };
        lines.push(("contacts", format!("{}{role}", person.name)));
    }
    lines.push(("owner", deal.owner.clone()));
    lines.push(("note", deal.note.clone()));
    for (name, value) in &deal.extras {
        lines.push((name, value.as_str().unwrap_or_default().to_owned()));
    }
    let lines: Vec<(String, String)> = lines
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| (labelled::label(&ctx.lang, key), text))
        .collect();
    labelled::write(ctx, &lines)?;
    Ok(Exit::Done)
}
