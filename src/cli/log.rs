//! `rolo log` and `rolo timeline`

use super::columns;
use super::context::{Ctx, Format};
use super::fail::Result;
use super::table::Table;
use super::when;
use crate::i18n::{self, label};
use crate::model::value::parse_decimal;
use crate::ops::{Book, Entry, Event, Exit, Find, Label, OpError, TimelineFilter, minutes};
use crate::text::{fold, safe_line};
use std::io::Write;

/// Arguments of `log`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "rolo log call ann \"agreed on the pilot\" --duration 15m\nrolo log \"call @ann @bob about pricing\""
)]
pub struct Args {
    /// KIND WHO... [TEXT], or all of it as one text with @names
    #[arg(required = true, value_name = "KIND WHO... [TEXT]")]
    words: Vec<String>,
    /// When it was; now unless said otherwise
    #[arg(long, value_name = "T")]
    at: Option<String>,
    /// How long it took: `15m`, `1h30m`
    #[arg(long, value_name = "SPAN")]
    duration: Option<String>,
    /// They came to us
    #[arg(long = "in", conflicts_with = "outgoing")]
    incoming: bool,
    /// We went to them
    #[arg(long = "out")]
    outgoing: bool,
    /// A line that says what it was about
    #[arg(long)]
    subject: Option<String>,
    /// What came of it
    #[arg(long, value_name = "O")]
    outcome: Option<String>,
    /// A sum of money
    #[arg(long, value_name = "120.50", allow_hyphen_values = true)]
    amount: Option<String>,
    /// Its currency
    #[arg(long, value_name = "EUR", requires = "amount")]
    currency: Option<String>,
}

fn bad(field: &str, value: &str, expected: &str) -> OpError {
    OpError::BadValue { field: field.to_owned(), value: value.to_owned(), expected: expected.to_owned() }
}

/// Logs an interaction.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let mut book = ctx.book()?;
    let mut entry = match args.words.as_slice() {
        [line] => {
            let entry = book.parse_log_line(line)?;
            Entry { kind: kind_named(&entry.kind), ..entry }
        }
        [kind, rest @ ..] => spoken(ctx, &book, kind, rest)?,
        [] => Entry::default(),
    };
    if entry.who.is_empty() {
        return Err(ctx.usage("usage-log-who", &[]));
    }
    entry.at = args.at.map(|text| when::instant(ctx, &text)).transpose()?;
    entry.duration = match args.duration {
        Some(text) => Some(minutes(&text).ok_or_else(|| bad("duration", &text, "span"))?),
        None => None,
    };
    entry.amount = match args.amount {
        Some(text) => Some(parse_decimal(&text).ok_or_else(|| bad("amount", &text, "number"))?),
        None => None,
    };
    entry.currency = args.currency.unwrap_or_default().to_uppercase();
    entry.direction = if args.incoming {
        "in"
    } else if args.outgoing {
        "out"
    } else {
        ""
    }
    .to_owned();
    entry.subject = args.subject.unwrap_or_default();
    entry.outcome = args.outcome.unwrap_or_default();
    let logged = book.log(&entry)?;
    if ctx.json() {
        let value = serde_json::json!({ "id": logged.uid, "handle": logged.handle });
        ctx.json_out(&value)?;
    }
    let what = Label::new("log", [entry.kind, logged.names.join(", ")]);
    let mut said = format!("{} ({})", label(&ctx.lang, &what), logged.handle);
    // How a time was understood is seen here or, too late, in the timeline.
    if let Some(at) = entry.at {
        said = format!("{said}, {}", i18n::instant(&ctx.lang, &ctx.settings.clock.local(at)));
        if at > ctx.settings.clock.millis() {
            said = format!("{said}: {}", ctx.t("log-ahead", &[]));
        }
    }
    ctx.done_text(&said);
    Ok(Exit::Done)
}

/// Chinese words for kinds, as people begin a line with them.
const KINDS: [(&str, &[&str]); 9] = [
    ("call", &["电话", "打电话", "通话", "来电"]),
    ("email", &["邮件", "电子邮件", "写信"]),
    ("meeting", &["会面", "会议", "开会", "见面"]),
    ("message", &["消息", "短信", "微信"]),
    ("note", &["记录", "备注", "笔记"]),
    ("visit", &["拜访", "来访"]),
    ("purchase", &["购买", "采购", "下单"]),
    ("request", &["请求", "询问"]),
    ("feedback", &["反馈"]),
];

/// The kind that a word names; kinds of one's own stand for themselves.
fn kind_named(word: &str) -> String {
    let known = KINDS.iter().find(|(_, words)| words.contains(&word));
    known.map_or_else(|| word.to_lowercase(), |(kind, _)| (*kind).to_owned())
}

/// `KIND WHO... [TEXT]`: everyone but the last must be somebody; the last one may be the text.
fn spoken(ctx: &Ctx, book: &Book, kind: &str, rest: &[String]) -> Result<Entry> {
    let mut entry = Entry { kind: kind_named(kind), ..Entry::default() };
    for (at, word) in rest.iter().enumerate() {
        let last = at > 0 && at + 1 == rest.len();
        if !last {
            entry.who.push(ctx.resolve(book, word)?);
            continue;
        }
        if word == "-" {
            entry.body = std::io::read_to_string(std::io::stdin().lock())
                .map_err(|source| OpError::Io { path: "-".into(), source })?
                .trim_end()
                .to_owned();
            continue;
        }
        match book.resolve(word) {
            Ok(id) if names(book, id, word)? => entry.who.push(id),
            _ => entry.body.clone_from(word),
        }
    }
    Ok(entry)
}

/// Whether a word that found a contact names it, rather than being a text that happens to match.
fn names(book: &Book, id: i64, word: &str) -> Result<bool> {
    let rows = book.rows(&[id])?;
    let Some(row) = rows.first() else { return Ok(false) };
    let folded = fold(word);
    let handle = word.len() >= 4 && row.uid.ends_with(word) || word.starts_with(&row.handle);
    let address = word.contains('@') && !word.contains(char::is_whitespace);
    let phone = word.chars().all(|c| c.is_ascii_digit() || "+-() .".contains(c));
    Ok(fold(&row.name) == folded || fold(&row.company) == folded || handle || address || phone)
}

/// Arguments of `timeline`.
#[derive(Debug, clap::Args)]
pub struct TimelineArgs {
    /// One contact, or words and filters; without any, everyone
    #[arg(value_name = "WHO")]
    query: Vec<String>,
    /// From when on: `2026-09-01`, `last week`, `30d`
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// Up to when
    #[arg(long, value_name = "T")]
    until: Option<String>,
    /// Only these: call, email, meeting, ...
    #[arg(long, value_name = "K")]
    kind: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Shows what happened, newest first.
pub fn timeline(ctx: &mut Ctx, args: TimelineArgs) -> Result {
    let book = ctx.book()?;
    let contacts = if args.query.is_empty() {
        None
    } else {
        let query = ctx.query(&book, &args.query)?;
        match book.resolve(&args.query.join(" ")) {
            Ok(id) => Some(vec![id]),
            Err(_) => Some(book.find(&query, &Find::default())?.ids),
        }
    };
    let everything =
        args.since.is_none() && args.until.is_none() && args.kind.is_none() && args.limit.is_none();
    let filter = TimelineFilter {
        contacts,
        since: args.since.map(|text| when::since(ctx, &text)).transpose()?,
        until: args.until.map(|text| when::until(ctx, &text)).transpose()?,
        kind: args.kind.map(|word| kind_named(&word)),
        limit: args.limit,
    };
    let events = book.timeline(&filter)?;
    if events.is_empty() && ctx.format == Format::Table {
        ctx.say(if everything { "timeline-empty" } else { "nothing-found" }, &[]);
        return Ok(Exit::Done);
    }
    write(ctx, &events)?;
    Ok(Exit::Done)
}

/// Writes events in the format that was asked for.
pub fn write(ctx: &mut Ctx, events: &[Event]) -> Result<()> {
    match ctx.format {
        Format::Json | Format::Jsonl => ctx.json_all(events),
        Format::Table => event_lines(ctx, events, Besides::Everyone),
        Format::Csv | Format::Tsv => {
            let keys = [
                "id",
                "at",
                "kind",
                "with",
                "direction",
                "duration",
                "subject",
                "body",
                "outcome",
                "amount",
                "currency",
                "author",
            ];
            let mut table = Table::new(ctx, &keys);
            for event in events {
                let with: Vec<&str> = event.with.iter().map(|person| person.name.as_str()).collect();
                table.row(vec![
                    event.id.clone(),
                    columns::instant(ctx, event.at),
                    event.kind.clone(),
                    with.join("; "),
                    event.direction.clone(),
                    event.duration.map(|minutes| minutes.to_string()).unwrap_or_default(),
                    event.subject.clone(),
                    event.body.clone(),
                    event.outcome.clone(),
                    event.amount.clone(),
                    event.currency.clone(),
                    event.author.clone(),
                ]);
            }
            table.write(ctx)
        }
    }
}

/// Whose names an event's line needn't say.
#[derive(Clone, Copy, Debug)]
pub enum Besides {
    /// Everybody is named.
    Everyone,
    /// This contact is known from the context.
    Contact(i64),
}

/// Writes events for people, one a line.
pub fn event_lines(ctx: &mut Ctx, events: &[Event], besides: Besides) -> Result<()> {
    let mut table = Table::new(ctx, &["id", "at", "kind", "with", "text"]);
    for event in events {
        let known = |key: i64| matches!(besides, Besides::Contact(id) if id == key);
        let names: Vec<&str> = event
            .with
            .iter()
            .filter(|person| !known(person.key))
            .map(|person| person.name.as_str())
            .collect();
        let at = ctx.settings.clock.local(event.at);
        table.row(vec![
            event.handle.clone(),
            i18n::instant(&ctx.lang, &at),
            kind(ctx, event),
            names.join(", "),
            gist(ctx, event),
        ]);
    }
    table.write(ctx)
}

/// The kind of an event in the user's language, with its direction.
fn kind(ctx: &Ctx, event: &Event) -> String {
    let name = ctx.lang.maybe(&format!("kind-{}", event.kind), &[]).unwrap_or_else(|| event.kind.clone());
    match event.direction.as_str() {
        "in" => format!("{name} ←"),
        "out" => format!("{name} →"),
        _ => name,
    }
}

/// What an event was about, on one line.
fn gist(ctx: &Ctx, event: &Event) -> String {
    let body =
        event.body.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ");
    let duration = event.duration.map(|minutes| i18n::duration(&ctx.lang, minutes)).unwrap_or_default();
    let amount =
        if event.amount.is_empty() { String::new() } else { i18n::amount(&event.amount, &event.currency) };
    let parts = [event.subject.clone(), body, event.outcome.clone(), duration, amount];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// One event with everything about it.
pub fn card(ctx: &mut Ctx, event: &Event) -> Result<()> {
    let at = ctx.settings.clock.local(event.at);
    let head = format!("{}  {}  {}", event.handle, i18n::instant(&ctx.lang, &at), kind(ctx, event));
    writeln!(ctx.out, "{}", safe_line(&head))?;
    for person in &event.with {
        writeln!(ctx.out, "  {}  {}", person.handle, safe_line(&person.name))?;
    }
    for text in [gist(ctx, &Event { body: String::new(), ..event.clone() }), event.body.clone()] {
        for line in crate::text::safe_text(&text).lines() {
            writeln!(ctx.out, "  {line}")?;
        }
    }
    Ok(())
}
