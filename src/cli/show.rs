//! `rolo show`

use super::context::{Ctx, Format};
use super::fail::Result;
use super::labelled;
use super::log::{Besides, event_lines};
use crate::i18n;
use crate::ops::{Book, ContactOut, Event, Exit, TimelineFilter};
use crate::text::safe_line;
use std::io::Write;

/// How many events a card shows.
const EVENTS: usize = 20;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Handle, exact name, e-mail, phone, or a filter that matches one contact
    #[arg(required = true)]
    who: Vec<String>,
}

/// Shows everything about one contact.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let book = ctx.book()?;
    let id = ctx.resolve(&book, &args.who.join(" "))?;
    show(ctx, &book, id)
}

/// Writes the card of a contact.
pub fn show(ctx: &mut Ctx, book: &Book, id: i64) -> Result {
    match ctx.format {
        Format::Csv | Format::Tsv => {
            super::list::write(ctx, book, &[id], None)?;
        }
        Format::Json | Format::Jsonl => {
            let contact = book.contact(id)?;
            let timeline =
                book.timeline(&TimelineFilter { contacts: Some(vec![id]), ..Default::default() })?;
            let mut value = serde_json::to_value(&contact)?;
            if let Some(map) = value.as_object_mut() {
                let deals = book.deals(Some(id))?;
                if !deals.is_empty() {
                    map.insert("deals".into(), serde_json::to_value(&deals)?);
                }
                map.insert("timeline".into(), serde_json::to_value(&timeline)?);
            }
            ctx.json_out(&value)?;
        }
        Format::Table => {
            let contact = book.contact(id)?;
            let filter =
                TimelineFilter { contacts: Some(vec![id]), limit: Some(EVENTS + 1), ..Default::default() };
            let timeline = book.timeline(&filter)?;
            card(ctx, book, id, &contact, &timeline)?;
        }
    }
    Ok(Exit::Done)
}

fn card(ctx: &mut Ctx, book: &Book, id: i64, contact: &ContactOut, timeline: &[Event]) -> Result<()> {
    let handle = book.handle(id)?;
    let rows = book.rows(&[id])?;
    let name = rows.first().map(|row| row.title_name().to_owned()).unwrap_or_default();
    let (bold, plain) = if ctx.colored() { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let star = if contact.starred { "  ★" } else { "" };
    writeln!(ctx.out, "{bold}{}{plain}{star}  {handle}", safe_line(&name))?;
    let company = contact.company.as_ref().map_or("", |company| company.name.as_str());
    let work: Vec<&str> = [contact.title.as_str(), contact.department.as_str(), company]
        .into_iter()
        .filter(|text| !text.is_empty() && *text != name)
        .collect();
    if !work.is_empty() {
        writeln!(ctx.out, "{}", safe_line(&work.join(" · ")))?;
    }
    let lines = lines(ctx, book, id, contact)?;
    labelled::write(ctx, &lines)?;
    if !timeline.is_empty() {
        let head = ctx.t("show-timeline", &[]);
        writeln!(ctx.out, "\n{bold}{head}{plain}")?;
        event_lines(ctx, &timeline[..timeline.len().min(EVENTS)], Besides::Contact(id))?;
        if timeline.len() > EVENTS {
            ctx.say("show-more", &[("handle", handle.as_str().into())]);
        }
    }
    Ok(())
}

/// The lines of the card: what it is and what stands there. The same label is shown once.
fn lines(ctx: &Ctx, book: &Book, id: i64, contact: &ContactOut) -> Result<Vec<(String, String)>> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut put = |key: &str, text: String| {
        if !text.is_empty() {
            lines.push((labelled::label(&ctx.lang, key), text));
        }
    };
    if contact.kind == "company" {
        put("kind", ctx.t("kind-company", &[]));
    }
    for (kind, method) in contact.methods() {
        let dot = if method.preferred { "  ●" } else { "" };
        let service = if method.service.is_empty() { String::new() } else { format!("{}  ", method.service) };
        let gap = if method.label.is_empty() { "" } else { "  " };
        put(kind, format!("{service}{}{gap}{}{dot}", method.value, i18n::purpose(&ctx.lang, &method.label)));
    }
    for address in &contact.addresses {
        let town = [address.postcode.as_str(), &address.city, &address.region];
        let town = town.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let parts = [&address.street, &address.extended, &address.po_box, &town, &address.country];
        let text = parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.replace('\n', ", "));
        let text = text.collect::<Vec<_>>().join(", ");
        let gap = if address.label.is_empty() { "" } else { "  " };
        put("address", format!("{text}{gap}{}", i18n::purpose(&ctx.lang, &address.label)));
    }
    put("birthday", i18n::day(&ctx.lang, &contact.birthday));
    for date in &contact.dates {
        put(if date.label.is_empty() { "date" } else { &date.label }, i18n::day(&ctx.lang, &date.date));
    }
    put("tags", contact.tags.join(", "));
    for (key, text) in contact.texts() {
        match key {
            "kind" | "name" | "title" | "department" | "note" => {}
            "keep_in_touch" => put(key, i18n::stored_span(&ctx.lang, text)),
            _ => put(key, text.to_owned()),
        }
    }
    for (key, value) in &contact.fields {
        put(key, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    for link in &contact.links {
        put(&link.relation, link.name.clone());
    }
    for consent in &contact.consents {
        let said = i18n::consent(&ctx.lang, &consent.status, &consent.at, &consent.expires);
        let parts = [&said, &consent.purpose, &consent.channel, &consent.basis, &consent.evidence];
        let parts = parts.map(String::as_str).into_iter().filter(|part| !part.is_empty());
        put("consent", parts.collect::<Vec<_>>().join(" · "));
    }
    if contact.archived {
        put("archived", ctx.t("yes", &[]));
    }
    if contact.kind == "company" {
        let people = book.people_of(id)?;
        let names: Vec<String> = people.iter().map(|row| row.title_name().to_owned()).collect();
        put("people", names.join("\n"));
    }
    for deal in book.deals(Some(id))? {
        let amount = i18n::amount(&deal.amount, &deal.currency);
        let parts = [deal.title.as_str(), &amount, &deal.stage, &deal.handle];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        put("deals", parts.join("  "));
    }
    put("note", contact.note.clone());
    for extra in &contact.extras {
        if let Some(value) = extra.shown() {
            put(&extra.name, value);
        }
    }
    let mut previous = String::new();
    for (label, _) in &mut lines {
        if *label == previous {
            label.clear();
        } else {
            previous.clone_from(label);
        }
    }
    Ok(lines)
}
