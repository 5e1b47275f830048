//! Sharing as it is drawn: the title line at any width, the overlays at the sizes that people have.

use super::tests::{at, screen};
use super::*;
use crate::tui::message::{Effect, Message, Ticket};
use crate::tui::state::data::Notice;
use crate::tui::state::share::data::{Invitation, Phase, Proposal, ShareAnswer, Sharing};
use crate::tui::state::share::tests::{clashes, in_conflict, shared, status};
use crate::tui::state::tests::{keys, typed};

/// 2026-11-22T10:00:00Z, the time of these screens.
const NOW: i64 = 1_795_341_600_000;

fn resized(mut state: State, width: u16, height: u16) -> State {
    state.update(Message::Resize(width, height));
    state
}

fn sharing() -> Sharing {
    Sharing { last: Some(NOW - 120_000), ..Sharing::default() }
}

fn title(width: u16, sharing: Option<Sharing>) -> String {
    let mut state = at(width, 24);
    state.update(Message::Sharing(sharing.map(Box::new)));
    let text = screen(&state, false);
    text.lines().next().unwrap_or_default().trim_matches('"').trim_end().to_owned()
}

#[test]
fn the_title_line_says_how_sharing_stands_and_shrinks() {
    let ends = |width, sharing, end: &str| {
        let title = title(width, Some(sharing));
        assert!(title.ends_with(end), "{width}: {title:?} does not end with {end:?}");
    };
    assert!(title(80, None).ends_with("   team"), "a book that isn't shared is only named");
    ends(80, sharing(), "   team · synced 2min ago");
    ends(80, Sharing { last: Some(NOW - 5000), ..sharing() }, "team · synced just now");
    ends(80, Sharing { phase: Phase::Syncing, ..sharing() }, "team · syncing…");
    let offline = Sharing {
        phase: Phase::Offline(Notice::warning("screen-failed").text("what", "gone")),
        last: Some(NOW - 3 * 86_400_000),
        unsent: 4,
        conflicts: 2,
        ..sharing()
    };
    let whole = "team · ⚠ 2 conflicts · 4 changes not sent · offline · last synced 3d ago";
    ends(120, offline.clone(), whole);
    ends(80, offline.clone(), "team · ⚠ 2 · ↑4 · offline · last synced 3d ago");
    ends(40, offline, "⚠ 2 · ↑4 · offline");
    let failed = Phase::Failed(Notice::warning("screen-failed").text("what", "damaged"));
    ends(40, Sharing { phase: failed, ..sharing() }, "team · ⚠ not synced");
    ends(80, Sharing { last: None, ..sharing() }, "team · never synced");
}

fn answered(state: &mut State, effects: &[Effect], answer: ShareAnswer) {
    let found: Option<Ticket> = effects.iter().rev().find_map(|effect| match effect {
        Effect::Share(ticket, _) => Some(*ticket),
        _ => None,
    });
    state.update(Message::Shared(found.unwrap(), Box::new(Ok(answer))));
}

fn proposed(width: u16, height: u16, carried: bool) -> State {
    let mut state = at(width, height);
    let effects = keys(&mut state, "P");
    let place = if carried { "~/Dropbox/book.rolo" } else { "~/Dropbox/team.rolo" };
    let proposal = Proposal { folder: false, size: 300_000, place: place.into(), carried };
    answered(&mut state, &effects, ShareAnswer::Proposal(proposal));
    state
}

fn invited() -> State {
    let mut state = shared();
    keys(&mut state, "i");
    typed(&mut state, "Bob");
    let effects = keys(&mut state, "enter enter");
    let invitation = Invitation {
        name: "Bob".into(),
        role: "writer".into(),
        code: "K7M2P-9QXFA-0B3TD-VW8ZC".into(),
        place: "~/Dropbox/team.rolo".into(),
        expires: NOW + 7 * 86_400_000,
    };
    answered(&mut state, &effects, ShareAnswer::Invited(Box::new(invitation)));
    state
}

#[test]
fn sharing_at_the_usual_sizes() {
    for (width, height) in [(80, 24), (140, 40), (40, 12)] {
        let draw = |name: &str, state: State| {
            let text = screen(&resized(state, width, height), false);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), text);
        };
        draw("share", shared());
        draw("share_propose", proposed(width, height, false));
        draw("share_invited", invited());
        draw("conflicts", in_conflict());
        let mut first = at(width, height);
        first.update(Message::Empty(true));
        keys(&mut first, "P");
        typed(&mut first, "~/Dropbox/team.rolo");
        draw("join", first);
    }
}

#[test]
fn sharing_in_chinese_and_ascii_and_what_is_asked() {
    let mut state = resized(shared(), 80, 24);
    state.words.switch();
    insta::assert_snapshot!("share_chinese", screen(&state, false));
    let mut state = resized(in_conflict(), 80, 24);
    state.words.switch();
    insta::assert_snapshot!("conflicts_chinese", screen(&state, true));
    let mut state = resized(shared(), 40, 12);
    keys(&mut state, "i tab");
    insta::assert_snapshot!("share_invite_40x12", screen(&state, false));
    insta::assert_snapshot!("share_carried", screen(&proposed(80, 24, true), false));
}

#[test]
fn every_line_of_sharing_can_be_reached_at_the_smallest_size() {
    let mut state = resized(shared(), 40, 12);
    let mut seen = screen(&state, false);
    for _ in 0..12 {
        keys(&mut state, "down");
        seen.push_str(&screen(&state, false));
    }
    for part in ["~/Dropbox/team.rolo", "minutes ahead", "Bob", "writer", "手机", "5 changes"] {
        assert!(seen.contains(part), "{part} is nowhere");
    }
}

#[test]
fn no_conflicts_say_so_and_a_field_shows_what_else_was_said() {
    let mut state = at(80, 24);
    let effects = keys(&mut state, "c");
    let Some(Effect::Conflicts(ticket)) = effects.last() else { panic!("{effects:?}") };
    state.update(Message::Conflicts(*ticket, Vec::new()));
    assert!(screen(&state, false).contains("Nobody contradicts anybody"));
    keys(&mut state, "esc");
    if let Some(shown) = &mut state.detail.shown {
        shown.lines[0].clash = vec!["ann@new.example (Bob)".into()];
    }
    let text = screen(&state, false);
    assert!(text.contains("⚠ ann@new.example (Bob)"), "{text}");
}

#[test]
fn many_values_are_reached_by_going_right() {
    let mut state = resized(in_conflict(), 40, 12);
    let mut rows = clashes();
    let more: Vec<_> = ["CTO", "CFO"]
        .into_iter()
        .map(|value| {
            let mut claim = rows[0].claims[1].clone();
            claim.value = value.into();
            claim
        })
        .collect();
    rows[0].claims.extend(more);
    let effects = state.update(Message::Changed(None));
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::Conflicts(ticket) => Some(*ticket),
        _ => None,
    });
    state.update(Message::Conflicts(ticket.unwrap(), rows));
    assert!(!screen(&state, false).contains("CFO"));
    keys(&mut state, "right right");
    let text = screen(&state, false);
    assert!(text.contains("CFO") && text.contains("VP Marketing"), "{text}");
}

#[test]
fn sharing_draws_at_every_size() {
    for (width, height) in [(1, 1), (40, 12), (41, 13), (99, 19), (300, 100)] {
        for state in [shared(), invited(), in_conflict(), proposed(80, 24, true), proposed(80, 24, false)] {
            let mut state = resized(state, width, height);
            assert!(!screen(&state, true).is_empty());
            keys(&mut state, "i");
            assert!(!screen(&state, false).is_empty());
        }
    }
    assert_eq!(status().devices.len(), 3);
}
