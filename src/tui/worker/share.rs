//! What operations say about sharing, as the screen shows it, and the longer things that are done about it.

use super::convert::failed_with_hint;
use super::files::{carried_folders, expand, tilde};
use crate::ops::{Book, Conflict, MemberOut, Result, ShareWarning, SyncReport};
use crate::tui::state::data::Notice;
use crate::tui::state::share::conflicts::{Claim, Clash};
use crate::tui::state::share::data::{Device, Invitation, Member, Proposal, ShareAnswer, Status};
use chrono::DateTime;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// How long a code is good, days.
const DAYS: i64 = 7;

/// Names of books that say nothing to others.
const USUAL: [&str; 4] = ["book", "contacts", "default", "rolo"];

/// ms since 1970 of a time as operations write it.
pub(super) fn millis(at: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(at).ok().map(|at| at.timestamp_millis())
}

/// Something about somebody was done.
pub(super) fn said(key: &'static str, name: &str) -> Notice {
    Notice::good(key).text("name", name)
}

/// What a sync did.
pub(super) fn synced(report: &SyncReport) -> Notice {
    Notice::good("share-synced").number("sent", report.sent).number("received", report.received)
}

/// The book is shared there.
pub(super) fn made(place: &Path) -> Notice {
    Notice::good("screen-share-made").text("place", tilde(place))
}

/// How sharing stands, or what there is to propose.
pub(super) fn look(book: &mut Book) -> Result<ShareAnswer> {
    if !book.is_shared()? {
        return Ok(ShareAnswer::Proposal(proposal(book)?));
    }
    let status = book.share_status()?;
    let mut devices: Vec<Device> = status
        .devices
        .into_iter()
        // What those lack who were taken out is no concern any more.
        .filter(|device| device.mine || !device.is_out)
        .map(|device| Device {
            name: device.name,
            author: device.author,
            seen: millis(&device.last_seen),
            behind: device.behind,
            lacks: device.lacks,
            mine: device.mine,
        })
        .collect();
    // This one first, then whoever was heard from last.
    devices.sort_by_key(|device| (!device.mine, std::cmp::Reverse(device.seen)));
    let mut warnings: Vec<Notice> = status.warnings.iter().map(warning).collect();
    if !status.erasing.is_empty() {
        warnings.push(Notice::warning("share-status-erasing").text("names", status.erasing.join(", ")));
    }
    let members = status.members.into_iter();
    Ok(ShareAnswer::Status(Box::new(Status {
        place: tilde(Path::new(&status.place)),
        kind: status.kind,
        members: members
            .map(|MemberOut { name, role, devices, id }| Member { name, role, devices, id })
            .collect(),
        devices,
        warnings,
    })))
}

fn warning(warning: &ShareWarning) -> Notice {
    let arg = warning.args.first().map_or("", String::as_str);
    Notice::warning(format!("share-warning-{}", warning.kind)).text("about", &warning.about).text("arg", arg)
}

fn proposal(book: &Book) -> Result<Proposal> {
    let advice = book.share_recommend()?;
    let folder = advice.kind == "folder";
    if book.lies_carried_about() {
        let place = tilde(book.path());
        return Ok(Proposal { folder, size: advice.bytes, place, carried: true });
    }
    let folders = carried_folders();
    let place = folders.first().map(|found| tilde(&found.join(suggested(book.path(), folder))));
    Ok(Proposal { folder, size: advice.bytes, place: place.unwrap_or_default(), carried: false })
}

/// What the place is called: as the book, unless that is called as all are.
fn suggested(book: &Path, folder: bool) -> String {
    let stem = book.file_stem().and_then(OsStr::to_str).unwrap_or("team");
    let stem = if USUAL.contains(&stem) { "team" } else { stem };
    if folder { stem.to_owned() } else { format!("{stem}.rolo") }
}

/// Where a book is shared if somebody says `place`: a folder that holds other things gets something of its own.
pub(super) fn within(book: &Book, place: &str) -> PathBuf {
    let place = expand(Path::new(place));
    let in_use = std::fs::read_dir(&place).is_ok_and(|mut found| found.next().is_some());
    if !in_use || place.join("FORMAT").exists() {
        return place;
    }
    let folder = book.share_recommend().is_ok_and(|advice| advice.kind == "folder");
    place.join(suggested(book.path(), folder))
}

/// Makes a code.
pub(super) fn invite(book: &mut Book, name: &str, role: &str) -> Result<Invitation> {
    let made = book.share_invite(crate::ops::role_named(role), name, DAYS)?;
    Ok(Invitation {
        name: name.to_owned(),
        role: made.role,
        code: made.code,
        place: tilde(Path::new(&made.place)),
        expires: millis(&made.expires).unwrap_or_default(),
    })
}

/// Makes the screen's book out of a shared one; it must not be there yet.
pub(super) fn join(book: &Book, place: &str, code: &str, name: &str) -> std::result::Result<(), Notice> {
    if book.exists() {
        return Err(Notice::bad("screen-join-book-there"));
    }
    let place = expand(Path::new(place));
    let session = crate::ops::Session { author: name.to_owned(), ..book.session().clone() };
    Book::share_join(book.path(), session, &place, code).map(drop).map_err(failed_with_hint)
}

/// A field that several people changed at once.
pub(super) fn clash(conflict: Conflict) -> Clash {
    let claims = std::iter::once(conflict.shown).chain(conflict.others);
    let claims =
        claims.map(|claimed| Claim { at: millis(&claimed.at), value: claimed.value, author: claimed.author });
    Clash { claims: claims.collect(), id: conflict.key, name: conflict.name, field: conflict.field }
}

/// Moves a book out of where it is carried about into a folder of books, and shares it where it lay; gives back where it lies.
pub(super) fn move_out(book: &mut Book, books: &Path) -> Result<PathBuf> {
    let stem = book.path().file_stem().and_then(OsStr::to_str).unwrap_or("team").to_owned();
    let names = std::iter::once(stem.clone()).chain((2..).map(|n| format!("{stem}-{n}")));
    let mut free = names.map(|name| books.join(format!("{name}.rolo"))).skip_while(|path| path.exists());
    let to = free.next().unwrap_or_else(|| books.join("team.rolo"));
    book.share_move(&to)?;
    Ok(to)
}
