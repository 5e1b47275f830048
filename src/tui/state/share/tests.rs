//! Sharing by messages: what is asked of the worker, and what its answers lead to.

use super::conflicts::{Claim, Clash};
use super::data::{Device, Member, Phase, Sharing};
use super::*;
use crate::tui::message::{Message, Write};
use crate::tui::state::State;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::tests::{keys, people, typed};

/// A book that three people share, two days after the last sync of one.
pub(in crate::tui) fn status() -> Status {
    let member = |name: &str, role: &str, devices| {
        let id = format!("{:08x}", name.len() + role.len());
        Member { name: name.into(), role: role.into(), devices, id }
    };
    let device = |name: &str, author: &str, seen, behind, lacks| Device {
        name: name.into(),
        author: author.into(),
        seen,
        behind,
        lacks,
        mine: name == "laptop",
    };
    let now = 1_795_341_600_000;
    Status {
        place: "~/Dropbox/team.rolo".into(),
        kind: "file".into(),
        members: vec![member("Ann", "admin", 1), member("Bob", "writer", 1), member("王伟", "reader", 1)],
        devices: vec![
            device("laptop", "Ann", Some(now), 0, 0),
            device("desktop", "Bob", Some(now - 7_200_000), 0, 2),
            device("手机", "王伟", None, 0, 5),
        ],
        warnings: vec![
            Notice::warning("share-warning-clock").text("about", "Bob (desktop)").text("arg", "17"),
        ],
    }
}

/// Two fields with two values each.
pub(in crate::tui) fn clashes() -> Vec<Clash> {
    let claim = |value: &str, author: &str| Claim {
        value: value.into(),
        author: author.into(),
        at: Some(1_795_341_600_000 - 3_600_000),
    };
    let clash = |id: &str, name: &str, field: &str, claims| Clash {
        id: id.into(),
        name: name.into(),
        field: field.into(),
        claims,
    };
    vec![
        clash(
            "1",
            "Ann Lee",
            "title",
            vec![claim("VP Marketing", "Ann"), claim("Chief Marketing Officer", "Bob")],
        ),
        clash("2", "王伟", "deleted", vec![claim("no", ""), claim("yes", "Bob")]),
    ]
}

fn asked(effects: &[Effect]) -> Option<(Ticket, ShareAsk)> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Share(ticket, ask) => Some((*ticket, ask.clone())),
        _ => None,
    })
}

fn answer(state: &mut State, effects: &[Effect], answer: Result<ShareAnswer, Notice>) -> Vec<Effect> {
    let (ticket, _) = asked(effects).unwrap();
    state.update(Message::Shared(ticket, Box::new(answer)))
}

/// With the overlay open on a shared book.
pub(in crate::tui) fn shared() -> State {
    let mut state = people();
    let sharing = Sharing { last: Some(1_795_341_600_000 - 120_000), ..Sharing::default() };
    state.update(Message::Sharing(Some(Box::new(sharing))));
    let effects = keys(&mut state, "P");
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Look));
    answer(&mut state, &effects, Ok(ShareAnswer::Status(Box::new(status()))));
    state
}

fn overlay(state: &State) -> &Share {
    let found = state.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Share(share) => Some(&**share),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn an_unshared_book_is_shared_where_one_says_and_the_first_is_invited() {
    let mut state = people();
    let effects = keys(&mut state, "P");
    let proposal =
        Proposal { folder: false, size: 70_000, place: "~/Dropbox/team.rolo".into(), carried: false };
    answer(&mut state, &effects, Ok(ShareAnswer::Proposal(proposal)));
    typed(&mut state, "x");
    let effects = keys(&mut state, "backspace enter");
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Init("~/Dropbox/team.rolo".into())));
    assert!(asked(&keys(&mut state, "enter")).is_none(), "it is under way already");
    let effects = answer(&mut state, &effects, Err(Notice::bad("screen-failed").text("what", "no room")));
    assert!(effects.is_empty() && overlay(&state).said.is_some(), "the place can be mended");
    let effects = keys(&mut state, "enter");
    let done = Notice::good("screen-share-made").text("place", "~/Dropbox/team.rolo");
    let effects = answer(&mut state, &effects, Ok(ShareAnswer::Done(done)));
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Look), "how it stands now");
    answer(&mut state, &effects, Ok(ShareAnswer::Status(Box::new(status()))));
    assert_eq!(state.context(), Context::Share);
    assert!(overlay(&state).said.is_some(), "what was done stays to be read");

    keys(&mut state, "i");
    typed(&mut state, "Bob");
    let effects = keys(&mut state, "enter right enter");
    let invite = ShareAsk::Invite { name: "Bob".into(), role: "reader".into() };
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(invite));
    let made = Invitation {
        code: "K7M2P-9QXFA".into(),
        place: "/mnt/our team/x.rolo".into(),
        ..Invitation::default()
    };
    answer(&mut state, &effects, Ok(ShareAnswer::Invited(Box::new(made))));
    let effects = keys(&mut state, "y");
    assert_eq!(effects, [Effect::Copy("rolo share join '/mnt/our team/x.rolo' K7M2P-9QXFA".into())]);
    let effects = keys(&mut state, "esc");
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Look));
}

#[test]
fn a_member_is_taken_out_only_after_a_yes() {
    let mut state = shared();
    let effects = keys(&mut state, "d");
    assert!(effects.is_empty() && state.overlays.len() == 1, "the cursor is on no member");
    // The warning comes first, then Ann, then Bob.
    keys(&mut state, "j j j");
    assert!(keys(&mut state, "d n").is_empty());
    let effects = keys(&mut state, "d y");
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Remove("Bob".into())));
    assert_eq!(overlay(&state).busy(), Some(&ShareAsk::Remove("Bob".into())));
    assert!(asked(&keys(&mut state, "s")).is_none(), "one thing at a time");
    answer(&mut state, &effects, Err(Notice::bad("screen-failed").text("what", "only an admin may do that")));
    assert!(overlay(&state).busy().is_none() && overlay(&state).said.is_some());
    let effects = keys(&mut state, "r up enter");
    let role = ShareAsk::Role { name: "Bob".into(), role: "admin".into() };
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(role), "the one before writer, around");
}

#[test]
fn what_a_sync_brought_is_looked_at_again_and_a_refused_answer_is_not_ours() {
    let mut state = shared();
    let syncing = Sharing { phase: Phase::Syncing, ..Sharing::default() };
    assert!(state.update(Message::Sharing(Some(Box::new(syncing)))).is_empty());
    let rest = Box::new(Sharing { last: Some(5), ..Sharing::default() });
    let effects = state.update(Message::Sharing(Some(rest.clone())));
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Look));
    answer(&mut state, &effects, Ok(ShareAnswer::Status(Box::new(status()))));
    assert!(state.update(Message::Sharing(Some(rest))).is_empty(), "nothing is new");
    let stale = Message::Shared(9999, Box::new(Ok(ShareAnswer::Proposal(Proposal::default()))));
    state.update(stale);
    assert!(matches!(overlay(&state).page, Page::Status(_)));
}

#[test]
fn syncing_by_a_key_says_what_came_of_it() {
    let mut state = people();
    assert!(keys(&mut state, "ctrl-s").is_empty());
    assert_eq!(state.notice, Some(Notice::warning("screen-share-not")));
    state.update(Message::Sharing(Some(Box::default())));
    let effects = keys(&mut state, "ctrl-s");
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Sync));
    let done = Notice::good("share-synced").number("sent", 1).number("received", 0);
    answer(&mut state, &effects, Ok(ShareAnswer::Done(done.clone())));
    assert_eq!(state.notice, Some(done));
}

/// With the conflicts open.
pub(in crate::tui) fn in_conflict() -> State {
    let mut state = people();
    let effects = keys(&mut state, "c");
    let Some(Effect::Conflicts(ticket)) = effects.last() else { panic!("{effects:?}") };
    state.update(Message::Conflicts(*ticket, clashes()));
    state
}

#[test]
fn one_key_takes_the_other_value_and_the_shown_one_can_be_kept() {
    let resolved = |effects: &[Effect]| -> Option<(String, String, Option<String>)> {
        effects.iter().find_map(|effect| match effect {
            Effect::Write(_, Write::Resolve { id, field, value }) => {
                Some((id.clone(), field.clone(), value.clone()))
            }
            _ => None,
        })
    };
    let mut state = in_conflict();
    let effects = keys(&mut state, "space");
    let other = Some("Chief Marketing Officer".to_owned());
    assert_eq!(resolved(&effects), Some(("1".into(), "title".into(), other)));
    let effects = keys(&mut state, "left enter");
    assert_eq!(resolved(&effects), Some(("1".into(), "title".into(), None)));
    let effects = keys(&mut state, "j tab tab enter");
    assert_eq!(resolved(&effects), Some(("2".into(), "deleted".into(), Some("yes".into()))));
    // What was settled goes; the cursor stays on its field.
    let effects = state.update(Message::Changed(None));
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::Conflicts(ticket) => Some(*ticket),
        _ => None,
    });
    state.update(Message::Conflicts(ticket.unwrap(), clashes().split_off(1)));
    let Some(Overlay::Conflicts(conflicts)) = state.overlays.last() else { panic!() };
    assert_eq!(conflicts.current().map(|clash| clash.name.as_str()), Some("王伟"));
    let effects = keys(&mut state, "u");
    assert!(matches!(effects[..], [Effect::Write(_, Write::Undo)]), "{effects:?}");
    keys(&mut state, "esc");
    assert!(state.overlays.is_empty());
}

#[test]
fn a_shared_book_is_joined_from_the_first_start() {
    let mut state = people();
    state.who.name = "Bob".into();
    state.update(Message::Empty(true));
    keys(&mut state, "j j enter");
    assert!(matches!(state.overlays.last(), Some(Overlay::Join(_))));
    typed(&mut state, "~/Dropbox/team.rolo");
    let effects = keys(&mut state, "enter enter enter");
    assert!(asked(&effects).is_none(), "without a code nobody is let in");
    let Some(Overlay::Join(join)) = state.overlays.last() else { panic!() };
    assert_eq!((join.at, join.error.as_ref().map(|error| &*error.key)), (1, Some("screen-join-no-code")));
    typed(&mut state, "K7M2P");
    let effects = keys(&mut state, "enter enter");
    let join =
        ShareAsk::Join { place: "~/Dropbox/team.rolo".into(), code: "K7M2P".into(), name: "Bob".into() };
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(join));
    assert!(keys(&mut state, "enter").is_empty(), "once");
    answer(&mut state, &effects, Err(Notice::bad("screen-failed").text("what", "used")));
    let effects = keys(&mut state, "enter");
    let effects = answer(&mut state, &effects, Ok(ShareAnswer::Joined("Bob".into())));
    assert_eq!(effects, [Effect::Joined("Bob".into())]);
}

#[test]
fn a_book_that_is_carried_about_offers_once_to_be_shared() {
    let mut state = people();
    let effects = state.update(Message::CarriedAbout);
    let carried = Proposal { carried: true, place: "~/Dropbox/book.rolo".into(), ..Proposal::default() };
    answer(&mut state, &effects, Ok(ShareAnswer::Proposal(carried)));
    typed(&mut state, "x");
    let effects = keys(&mut state, "enter");
    assert_eq!(asked(&effects).map(|(_, ask)| ask), Some(ShareAsk::Move));
    let effects = answer(&mut state, &effects, Ok(ShareAnswer::Moved("/data/book.rolo".into())));
    assert_eq!(effects, [Effect::Moved("/data/book.rolo".into())]);
}
