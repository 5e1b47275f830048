//! `rolo add`

use super::context::{Ctx, Format};
use super::fail::{Fail, Result};
use crate::i18n::warning;
use crate::model::draft::{ContactDraft, DateDraft, MethodDraft};
use crate::ops::{self, Added, Change, Exit, Intake};
use std::io::Write;

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name; `-` reads JSON objects from stdin
    name: Vec<String>,
    /// An e-mail address (several times for several)
    #[arg(long, short, value_name = "E")]
    email: Vec<String>,
    /// A phone number, as it is written
    #[arg(long, short, value_name = "P")]
    phone: Vec<String>,
    /// Where they work
    #[arg(long, short, value_name = "C")]
    company: Option<String>,
    /// The job title
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// A tag
    #[arg(long, short, value_name = "T")]
    tag: Vec<String>,
    /// The birthday; the year may be missing
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    birthday: Option<String>,
    /// A note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Any field: `city=Paris`, `email.home=a@b.example`, a custom one
    #[arg(long, value_name = "FIELD=VALUE", value_parser = super::edit::assignment)]
    set: Vec<(String, String)>,
    /// What it is
    #[arg(long, value_parser = ["person", "company"], default_value = "person")]
    kind: String,
}

impl Args {
    /// Whether something is said of the one contact beside its name.
    const fn says_more(&self) -> bool {
        !self.email.is_empty()
            || !self.phone.is_empty()
            || self.company.is_some()
            || self.title.is_some()
            || !self.tag.is_empty()
            || self.birthday.is_some()
            || self.note.is_some()
            || !self.set.is_empty()
    }
}

/// Adds a contact of a kind that is known from the command.
pub fn run_as(ctx: &mut Ctx, args: Args, kind: &str) -> Result {
    run(ctx, Args { kind: kind.to_owned(), ..args })
}

/// Adds a contact, or those on stdin.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    if args.name.len() == 1 && args.name[0] == "-" {
        if args.says_more() {
            return Err(Fail::Usage(ctx.t("usage-add-stdin", &[]), Some(ctx.t("hint-add-stdin", &[]))));
        }
        return from_stdin(ctx, &args.kind);
    }
    let mut draft = ContactDraft { kind: args.kind.clone(), ..ContactDraft::default() };
    draft.set("name", args.name.join(" ").trim());
    draft.set("title", args.title.unwrap_or_default());
    draft.set("note", args.note.unwrap_or_default());
    draft.company = args.company.unwrap_or_default();
    for (kind, values) in [("email", args.email), ("phone", args.phone)] {
        let methods =
            values.into_iter().map(|value| MethodDraft { kind: kind.into(), value, ..Default::default() });
        draft.methods.extend(methods);
    }
    draft.tags = args.tag;
    if let Some(date) = args.birthday {
        draft.dates.push(DateDraft { label: "birthday".into(), date, ..DateDraft::default() });
    }
    let changes: Vec<Change> =
        args.set.into_iter().map(|(field, value)| Change::Set { field, value }).collect();
    let added = ctx.book()?.add_with(draft, &changes)?;
    report(ctx, std::slice::from_ref(&added))
}

/// Adds what comes as JSON; where that doesn't say what it is, it is of this kind.
fn from_stdin(ctx: &mut Ctx, kind: &str) -> Result {
    let Intake { mut drafts, warnings } = ops::read_json(std::io::stdin())?;
    for (_, draft) in drafts.iter_mut().filter(|(_, draft)| draft.kind.is_empty()) {
        kind.clone_into(&mut draft.kind);
    }
    if drafts.is_empty() {
        ctx.say("nothing-changed", &[]);
        return Ok(Exit::Done);
    }
    let added = ctx.book()?.add_lines(drafts)?;
    for found in &warnings {
        ctx.line(&warning(&ctx.lang, found));
    }
    report(ctx, &added)
}

/// Ids on stdout for programs, words on stderr for people.
fn report(ctx: &mut Ctx, added: &[Added]) -> Result {
    match ctx.format {
        Format::Json | Format::Jsonl => {
            let objects: Vec<_> = added
                .iter()
                .map(|one| serde_json::json!({ "id": one.uid, "handle": one.handle, "name": one.name }))
                .collect();
            match objects.as_slice() {
                [one] => ctx.json_out(one)?,
                all => ctx.json_all(all)?,
            }
        }
        _ if ctx.term.out && !ctx.quiet => {}
        _ => {
            for one in added {
                writeln!(ctx.out, "{}", one.uid)?;
            }
        }
    }
    match added {
        [one] => ctx.done_text(
            &ctx.t("added", &[("name", one.name.as_str().into()), ("handle", one.handle.as_str().into())]),
        ),
        all => ctx.done_text(&ctx.t("added-many", &[("n", all.len().into())])),
    }
    Ok::<_, Fail>(Exit::Done)
}
