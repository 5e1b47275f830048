//! `rolo share`

use super::context::{Ctx, Format};
use super::fail::{Fail, Result};
use super::table::Table;
use crate::config;
use crate::i18n;
use crate::ops::{Book, Choice, Exit, OpError, ShareStatus, ShareWarning, SyncReport, role_named};
use chrono::DateTime;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `share`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Share this book at a place that others can reach
    Init {
        /// A file whose name ends in .rolo, or a folder; without it, which of them suits this book
        place: Option<PathBuf>,
    },
    /// Make a code that lets one device in
    Invite {
        /// What they may do: reader, writer (unless told otherwise) or admin; further devices have their owner's role
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// For whom; for your own further devices, your own name
        #[arg(long = "for", default_value = "", value_name = "NAME")]
        name: String,
        /// How many days the code is good for
        #[arg(long, default_value_t = 7, value_name = "N")]
        days: i64,
    },
    /// Make a book out of a shared one
    Join {
        /// The shared file or folder
        place: PathBuf,
        /// The code that you were given; none if the place of this book has moved
        code: Option<String>,
    },
    /// Take back a code that nobody has used yet
    Revoke {
        /// The code
        code: String,
    },
    /// Send and receive
    Sync,
    /// How sharing stands
    Status,
    /// What was changed by several people at the same time
    Conflicts,
    /// Choose between values that several people gave
    Resolve {
        /// The contact, or the id of the conflict
        who: String,
        /// The field, as conflicts shows it; the id of a conflict needs none
        field: Option<String>,
        /// This value
        #[arg(long, value_name = "V", conflicts_with = "shown")]
        value: Option<String>,
        /// The one that is shown
        #[arg(long)]
        shown: bool,
    },
    /// Who shares this book
    Members,
    /// Change what a member may do
    Role {
        /// The member, or their id
        name: String,
        /// reader, writer or admin
        role: String,
    },
    /// Take a member out; what they have, they keep
    Remove {
        /// The member, or their id
        name: String,
    },
    /// Stop sharing on this device; the book stays
    Leave,
    /// Write this device's keys into a file, sealed with a pass-phrase
    Keys {
        /// The file; the pass-phrase is ROLO_PASSPHRASE or the first line of stdin
        to: PathBuf,
    },
    /// Make a book out of a shared one with keys that were backed up
    Restore {
        /// The shared file or folder
        place: PathBuf,
        /// The file with the keys
        keys: PathBuf,
    },
}

/// Shares.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    match args.command {
        Command::Join { place, code: Some(code) } => return join(ctx, &place, &code),
        Command::Join { place, code: None } => return follow(ctx, &place),
        Command::Restore { place, keys } => return restore(ctx, &place, &keys),
        Command::Init { place: None } => return recommend(ctx),
        _ => {}
    }
    let mut book = ctx.book()?;
    match args.command {
        Command::Init { place: Some(place) } => {
            named(ctx, &ctx.settings.author)?;
            let report = book.share_init(&place)?;
            let shown = place.display().to_string();
            ctx.say("share-made", &[("place", shown.as_str().into())]);
            ctx.say("share-made-next", &[("place", shown.as_str().into())]);
            synced(ctx, &report)
        }
        Command::Invite { role, name, days } => invite(ctx, &mut book, role.as_deref(), &name, days),
        Command::Sync => {
            let report = book.share_sync()?;
            synced(ctx, &report)
        }
        Command::Status => {
            let status = book.share_status()?;
            show_status(ctx, &status)
        }
        Command::Conflicts => conflicts(ctx, &book),
        Command::Resolve { who, field, value, shown } => {
            resolve(ctx, &mut book, &who, field.as_deref(), value, shown)
        }
        Command::Members => members(ctx, &mut book),
        Command::Role { name, role } => {
            let role = role_named(&role)
                .ok_or_else(|| ctx.usage("error-role", &[("role", role.as_str().into())]))?;
            let (called, report) = book.share_change(&name, Some(role))?;
            ctx.say("share-role-changed", &[("name", called.as_str().into())]);
            synced(ctx, &report)
        }
        Command::Remove { name } => {
            // Nobody is asked about what can't be done.
            let called = book.share_member(&name)?;
            ctx.confirm(&ctx.t("share-remove-ask", &[("name", called.as_str().into())]))?;
            let (called, report) = book.share_change(&name, None)?;
            ctx.say("share-removed", &[("name", called.as_str().into())]);
            synced(ctx, &report)
        }
        Command::Leave => {
            if !book.is_shared()? {
                return Err(OpError::NotShared.into());
            }
            ctx.confirm(&ctx.t("share-leave-ask", &[]))?;
            book.share_leave()?;
            ctx.say("share-left", &[]);
            Ok(Exit::Done)
        }
        Command::Keys { to } => keys(ctx, &mut book, &to),
        Command::Revoke { code } => {
            book.share_revoke(&code)?;
            ctx.say("share-revoked", &[]);
            Ok(Exit::Done)
        }
        Command::Init { place: None } | Command::Join { .. } | Command::Restore { .. } => Ok(Exit::Done),
    }
}

/// Others have to know who it is that changes something.
fn named(ctx: &Ctx, author: &str) -> Result<()> {
    if author.trim().is_empty() { Err(ctx.usage("error-share-author", &[])) } else { Ok(()) }
}

fn recommend(ctx: &mut Ctx) -> Result {
    let book = ctx.book()?;
    let advice = book.share_recommend()?;
    if ctx.json() {
        ctx.json_out(&advice)?;
        return Ok(Exit::Done);
    }
    let size = format!("{:.1} MB", advice.bytes as f64 / 1e6);
    let text = ctx.t(&format!("share-advice-{}", advice.kind), &[("size", size.as_str().into())]);
    writeln!(ctx.out, "{text}")?;
    Ok(Exit::Done)
}

fn join(ctx: &mut Ctx, place: &std::path::Path, code: &str) -> Result {
    let path = ctx.settings.book.clone();
    let mut session = ctx.session();
    // The others know them by the name that they were invited under, not by the system's.
    let invited = match ctx.settings.named_author {
        true => String::new(),
        false => Book::share_invited(&session, place, code)?,
    };
    let renamed = !invited.is_empty() && invited != session.author;
    if renamed {
        session.author.clone_from(&invited);
    }
    named(ctx, &session.author)?;
    let report = Book::share_join(&path, session, place, code)?;
    ctx.say("share-joined", &[("path", path.display().to_string().as_str().into())]);
    if renamed {
        config::write(&config::config_path(&ctx.settings.folders), "author", Some(&invited))?;
        ctx.say("share-called", &[("name", invited.as_str().into())]);
    }
    synced(ctx, &report)
}

/// The book is a member already; only its place is another one now.
fn follow(ctx: &mut Ctx, place: &std::path::Path) -> Result {
    let mut book = ctx.book()?;
    if !book.is_shared()? {
        return Err(ctx.usage("error-join-code", &[]));
    }
    let report = book.share_follow(place)?;
    ctx.say("share-followed", &[("place", place.display().to_string().as_str().into())]);
    synced(ctx, &report)
}

/// A new book with the keys of a device that is gone.
fn restore(ctx: &mut Ctx, place: &std::path::Path, keys: &std::path::Path) -> Result {
    let path = ctx.settings.book.clone();
    let io = |source| Fail::Op(OpError::Io { path: keys.to_owned(), source });
    let text = std::fs::read_to_string(keys).map_err(io)?;
    let passphrase = passphrase(ctx)?;
    let mut session = ctx.session();
    let report = Book::share_restore(&path, session.clone(), place, &text, &passphrase)?;
    ctx.say("share-joined", &[("path", path.display().to_string().as_str().into())]);
    // On a new machine nothing else says who this is; to the others it is who it was.
    if !ctx.settings.named_author
        && let Some(name) = Book::open(&path, session.clone())?.share_own_name()?
    {
        config::write(&config::config_path(&ctx.settings.folders), "author", Some(&name))?;
        ctx.say("share-called", &[("name", name.as_str().into())]);
        session.author = name;
        Book::open(&path, session)?.share_sync()?;
    }
    synced(ctx, &report)
}

fn invite(ctx: &mut Ctx, book: &mut Book, role: Option<&str>, name: &str, days: i64) -> Result {
    let known = |role| role_named(role).ok_or_else(|| ctx.usage("error-role", &[("role", role.into())]));
    let role = role.map(known).transpose()?;
    let invitation = book.share_invite(role, name, days)?;
    if ctx.json() {
        ctx.json_out(&invitation)?;
        return Ok(Exit::Done);
    }
    writeln!(ctx.out, "{}", invitation.code)?;
    ctx.say(
        "share-invited",
        &[
            ("place", invitation.place.as_str().into()),
            ("code", invitation.code.as_str().into()),
            ("expires", local(ctx, &invitation.expires).as_str().into()),
        ],
    );
    Ok(Exit::Done)
}

/// What a sync did; what it warns of goes to stderr.
fn synced(ctx: &mut Ctx, report: &SyncReport) -> Result {
    if ctx.json() {
        ctx.json_out(report)?;
        return Ok(Exit::Done);
    }
    let (sent, received) = (report.sent.into(), report.received.into());
    ctx.say("share-synced", &[("sent", sent), ("received", received)]);
    if report.waiting > 0 {
        ctx.say("share-waiting", &[("n", report.waiting.into())]);
    }
    if report.conflicts > 0 {
        ctx.say("share-conflicts", &[("n", report.conflicts.into())]);
    }
    warn(ctx, &report.warnings);
    Ok(Exit::Done)
}

/// A time as people read it where they are; programs get it as it is.
fn local(ctx: &Ctx, at: &str) -> String {
    match DateTime::parse_from_rfc3339(at) {
        Ok(at) if ctx.format == Format::Table => {
            i18n::instant(&ctx.lang, &ctx.settings.clock.local(at.timestamp_millis()))
        }
        _ => at.to_owned(),
    }
}

fn warn(ctx: &Ctx, warnings: &[ShareWarning]) {
    for warning in warnings {
        let arg = warning.args.first().map_or("", String::as_str);
        // One of something is said otherwise than many.
        let arg = arg.parse::<i64>().map_or_else(|_| arg.into(), Into::into);
        let args = [("about", warning.about.as_str().into()), ("arg", arg)];
        ctx.say(&format!("share-warning-{}", warning.kind), &args);
    }
}

fn show_status(ctx: &mut Ctx, status: &ShareStatus) -> Result {
    if ctx.json() {
        ctx.json_out(status)?;
        return Ok(Exit::Done);
    }
    let kind = ctx.t(&format!("share-kind-{}", status.kind), &[]);
    let never = ctx.t("share-never", &[]);
    let last = if status.last_sync.is_empty() { never.clone() } else { local(ctx, &status.last_sync) };
    let lines = [
        ctx.t(
            "share-status-place",
            &[("place", status.place.as_str().into()), ("kind", kind.as_str().into())],
        ),
        ctx.t("share-status-sync", &[("at", last.as_str().into()), ("n", status.unsent.max(0).into())]),
    ];
    for line in lines {
        writeln!(ctx.out, "{line}")?;
    }
    let mut table = Table::new(ctx, &["name", "author", "last-seen", "behind", "lacks"]);
    for device in &status.devices {
        let seen = if device.last_seen.is_empty() { never.clone() } else { local(ctx, &device.last_seen) };
        let author = if device.is_out && ctx.format == Format::Table {
            ctx.t("share-device-out", &[("name", device.author.as_str().into())])
        } else {
            device.author.clone()
        };
        table.row(vec![
            device.name.clone(),
            author,
            seen,
            device.behind.to_string(),
            device.lacks.to_string(),
        ]);
    }
    table.write(ctx)?;
    if status.waiting > 0 {
        ctx.say("share-waiting", &[("n", status.waiting.into())]);
    }
    if status.conflicts > 0 {
        ctx.say("share-conflicts", &[("n", status.conflicts.into())]);
    }
    if !status.erasing.is_empty() {
        ctx.say("share-status-erasing", &[("names", status.erasing.join(", ").as_str().into())]);
    }
    warn(ctx, &status.warnings);
    Ok(Exit::Done)
}

fn conflicts(ctx: &mut Ctx, book: &Book) -> Result {
    let found = book.conflicts()?;
    if ctx.json() {
        ctx.json_all(&found)?;
        return Ok(Exit::Done);
    }
    if found.is_empty() && ctx.format == Format::Table {
        ctx.say("share-no-conflicts", &[]);
    }
    let mut table = Table::new(ctx, &["id", "name", "which", "shown", "others"]);
    for conflict in found {
        let say = |claimed: &crate::ops::Claimed| match claimed.author.as_str() {
            "" => claimed.value.clone(),
            author => format!("{} ({author})", claimed.value),
        };
        let others: Vec<String> = conflict.others.iter().map(say).collect();
        table.row(vec![
            conflict.key.clone(),
            conflict.name.clone(),
            conflict.called.clone(),
            say(&conflict.shown),
            others.join(" | "),
        ]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}

fn resolve(
    ctx: &mut Ctx,
    book: &mut Book,
    who: &str,
    field: Option<&str>,
    value: Option<String>,
    shown: bool,
) -> Result {
    let choice = match (value, shown) {
        (Some(value), _) => Choice::Value(value),
        (None, true) => Choice::Shown,
        (None, false) => return Err(ctx.usage("error-share-choice", &[])),
    };
    let conflict = match book.conflict_called(who, field, &choice)? {
        Some(conflict) => Some(conflict),
        None => {
            let id = ctx.resolve(book, who)?;
            book.conflict_called(&book.contact(id)?.id, field, &choice)?
        }
    };
    let said = || [who].into_iter().chain(field).collect::<Vec<_>>().join(" ");
    let conflict = conflict.ok_or_else(|| OpError::NotFound { who: said(), kind: "conflict" })?;
    let done = book.resolve_conflict(&conflict, &choice)?;
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}

fn members(ctx: &mut Ctx, book: &mut Book) -> Result {
    let found = book.share_members()?;
    if ctx.json() {
        ctx.json_all(&found)?;
        return Ok(Exit::Done);
    }
    // Members of one name are told apart by their ids, which role and remove take, too.
    let mut table = Table::new(ctx, &["name", "role", "devices", "id"]);
    for member in found {
        let role = match ctx.format {
            Format::Table => ctx.t(&format!("share-role-{}", member.role), &[]),
            _ => member.role,
        };
        table.row(vec![member.name, role, member.devices.to_string(), member.id]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}

/// The pass-phrase of a back-up of keys: from the environment, or asked for without showing it, or the first line of stdin.
fn passphrase(ctx: &Ctx) -> Result<String> {
    let text = match std::env::var("ROLO_PASSPHRASE") {
        Ok(text) => text,
        Err(_) if ctx.term.asks => rpassword::prompt_password(ctx.t("share-passphrase", &[]))?,
        Err(_) => ctx.prompt("").map_err(|error| match error {
            Fail::Interrupted => ctx.usage("error-share-no-passphrase", &[]),
            other => other,
        })?,
    };
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() { Err(ctx.usage("error-share-passphrase", &[])) } else { Ok(text.to_owned()) }
}

fn keys(ctx: &mut Ctx, book: &mut Book, to: &std::path::Path) -> Result {
    let name = to.display().to_string();
    let taken = || Fail::Op(OpError::Exists { kind: "file", name: name.clone() });
    // Before anybody types a pass-phrase in vain.
    if to.exists() {
        return Err(taken());
    }
    let text = book.share_keys(&passphrase(ctx)?)?;
    let io = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AlreadyExists => taken(),
        _ => Fail::Op(OpError::Io { path: to.to_owned(), source }),
    };
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(to).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
    ctx.say("share-keys-written", &[("path", name.as_str().into())]);
    Ok(Exit::Done)
}
