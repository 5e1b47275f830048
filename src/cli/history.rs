//! `rolo history`, `rolo undo` and `rolo redo`

use super::context::{Ctx, Format};
use super::fail::Result;
use super::table::Table;
use super::when;
use crate::i18n::{self, label};
use crate::ops::{BatchOut, EditOut, Exit, UndoOut};
use crate::text::safe_line;
use chrono::DateTime;
use serde_json::{Value, json};
use std::io::Write;

/// How many batches are shown to a person who named no limit.
const SHOWN: usize = 50;

/// How many of the things that an undo left alone are named.
const KEPT: usize = 10;

/// Arguments of `history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One contact; without, the whole book
    who: Vec<String>,
    /// From when on: `2026-09-01`, `last week`, `30d`
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// At most so many batches
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Shows who changed what, when, from what to what.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let book = ctx.book()?;
    let who = match args.who.is_empty() {
        true => None,
        false => Some(match book.resolve_in_bin(&args.who.join(" ")) {
            Ok(id) => id,
            Err(_) => ctx.resolve(&book, &args.who.join(" "))?,
        }),
    };
    let everything = who.is_none() && args.since.is_none() && args.limit.is_none();
    let since = args.since.map(|text| when::since(ctx, &text)).transpose()?;
    let limit = args.limit.or_else(|| (ctx.format == Format::Table).then_some(SHOWN + 1));
    let mut batches = book.history(who, since, limit)?;
    let more = args.limit.is_none() && ctx.format == Format::Table && batches.len() > SHOWN;
    if more {
        batches.truncate(SHOWN);
    }
    match ctx.format {
        Format::Json | Format::Jsonl => {
            let values: Vec<Value> = batches.iter().map(|batch| value(ctx, batch)).collect::<Result<_>>()?;
            ctx.json_all(&values)?;
        }
        Format::Table if who.is_some() || ctx.verbose => detailed(ctx, &batches)?,
        _ => brief(ctx, &batches)?,
    }
    if batches.is_empty() && !ctx.json() {
        ctx.say(if everything { "history-empty" } else { "nothing-found" }, &[]);
    }
    if more {
        ctx.say("history-more", &[("n", SHOWN.into())]);
    }
    Ok(Exit::Done)
}

/// A batch with its label in words, in the order of keys that scripts rely on.
fn value(ctx: &Ctx, batch: &BatchOut) -> Result<Value> {
    let mut value = json!({
        "batch": batch.batch,
        "device": batch.device,
        "at": batch.at,
        "author": batch.author,
        "label": label(&ctx.lang, &batch.label),
    });
    if let (Some(map), Value::Object(rest)) = (value.as_object_mut(), serde_json::to_value(batch)?) {
        for (key, found) in rest {
            map.entry(key).or_insert(found);
        }
    }
    Ok(value)
}

fn at(ctx: &Ctx, batch: &BatchOut) -> String {
    match DateTime::parse_from_rfc3339(&batch.at) {
        Ok(at) if ctx.format == Format::Table => {
            i18n::instant(&ctx.lang, &ctx.settings.clock.local(at.timestamp_millis()))
        }
        _ => batch.at.clone(),
    }
}

fn words(ctx: &Ctx, batch: &BatchOut) -> String {
    let text = label(&ctx.lang, &batch.label);
    match (batch.undoes, batch.undone) {
        (Some(_), _) if batch.label.what == "redo" => {
            ctx.t("history-redoes", &[("what", text.as_str().into())])
        }
        (Some(number), _) => {
            ctx.t("history-undoes", &[("what", text.as_str().into()), ("batch", number.to_string().into())])
        }
        (_, true) => ctx.t("history-undone", &[("what", text.as_str().into())]),
        _ => text,
    }
}

fn brief(ctx: &mut Ctx, batches: &[BatchOut]) -> Result<()> {
    let mut table = Table::new(ctx, &["batch", "at", "author", "edits", "label"]);
    for batch in batches {
        table.row(vec![
            batch.batch.to_string(),
            at(ctx, batch),
            batch.author.clone(),
            batch.count.to_string(),
            words(ctx, batch),
        ]);
    }
    table.write(ctx)
}

fn detailed(ctx: &mut Ctx, batches: &[BatchOut]) -> Result<()> {
    let (bold, plain) = if ctx.colored() { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    for batch in batches {
        let head = format!("{}  {}  {}  {}", batch.batch, at(ctx, batch), batch.author, words(ctx, batch));
        writeln!(ctx.out, "{bold}{}{plain}", safe_line(&head))?;
        for edit in &batch.edits {
            let line = edit_line(ctx, edit);
            writeln!(ctx.out, "    {}", safe_line(&line))?;
        }
    }
    Ok(())
}

/// What a field is called, or the kind of a record as a whole.
fn what_changed(ctx: &Ctx, field: Option<&str>, kind: &str) -> String {
    let (key, name) = match field {
        Some(field) => (format!("field-{}", field.replace('_', "-")), field),
        None => (format!("record-{kind}"), kind),
    };
    ctx.lang.maybe(&key, &[]).unwrap_or_else(|| name.to_owned())
}

/// `Ann Lee  title: VP → CEO`
fn edit_line(ctx: &Ctx, edit: &EditOut) -> String {
    let what = what_changed(ctx, edit.field, edit.kind);
    let who = if edit.contact.is_empty() { String::new() } else { format!("{}  ", edit.contact) };
    let nothing = "—";
    let or = |text: &str| if text.is_empty() { nothing.to_owned() } else { text.to_owned() };
    match edit.action {
        "set" => format!("{who}{what}: {} → {}", or(&edit.before), or(&edit.after)),
        "create" => format!("{who}+ {what} {}", edit.after),
        "delete" | "drop" => format!("{who}- {what} {}", edit.before),
        _ => format!("{who}{} {what} {}", edit.action, edit.after),
    }
}

/// Arguments of `undo`.
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// A number that `rolo history` shows; without, the latest change made on this device
    seq: Option<i64>,
}

/// Takes back a batch.
pub fn undo(ctx: &mut Ctx, args: UndoArgs) -> Result {
    let done = ctx.book()?.undo(args.seq)?;
    report(ctx, &done, "undone", "redo-with")
}

/// Does again what the latest undo took back.
pub fn redo(ctx: &mut Ctx) -> Result {
    let done = ctx.book()?.redo()?;
    report(ctx, &done, "redone", "undo-with")
}

fn report(ctx: &mut Ctx, done: &UndoOut, key: &str, back: &str) -> Result {
    let what = label(&ctx.lang, &done.label);
    if ctx.json() {
        let value =
            json!({ "batch": done.receipt.batch, "undoes": done.batch, "label": what, "kept": done.kept });
        ctx.json_out(&value)?;
    }
    // Everything in it has changed since: saying that it was taken back would be wrong.
    let moved_on = done.receipt.edits == 0 && !done.kept.is_empty();
    let said = match (moved_on, key) {
        (true, "redone") => "redo-nothing",
        (true, _) => "undo-nothing",
        _ => key,
    };
    let text = ctx.t(said, &[("what", what.as_str().into())]);
    if moved_on {
        ctx.line(&text);
    } else {
        ctx.line(&format!("{text} · {}", ctx.t(back, &[])));
    }
    let shown = if ctx.verbose { done.kept.len() } else { done.kept.len().min(KEPT) };
    for kept in &done.kept[..shown] {
        let field = what_changed(ctx, kept.field, kept.kind);
        ctx.say("undo-kept", &[("name", kept.name.as_str().into()), ("field", field.into())]);
    }
    if shown < done.kept.len() {
        ctx.say("undo-kept-more", &[("n", (done.kept.len() - shown).into())]);
    }
    if moved_on {
        // The next plain undo comes to the same change again.
        ctx.say("hint-nothing-to-undo", &[]);
    }
    Ok(if moved_on { Exit::Conflict } else { Exit::Done })
}
