//! State tests: messages in, state and effects out.

use super::data::{Detail as Contact, Event, Line, Row};
use super::*;
use crate::config::{Dates, Language};
use crate::model::draft::ContactDraft;
use crate::tui::action::TABLE;
use crate::tui::keymap::Key;
use crate::tui::message::Write;

/// A screen with three people, all answers given.
pub(in crate::tui) fn people() -> State {
    let words = Words::new(Language::En, Dates::Words);
    let mut state = State::new("team".into(), (140, 40), words);
    let effects = state.begin();
    let rows = vec![
        row(1, "Ann Lee", "Acme Corp"),
        row(2, "王伟", "华为科技"),
        row(3, "Søren Østergaard", "Initech"),
    ];
    let mut more = state.update(Message::FirstPage(rows.clone()));
    more.extend(state.update(Message::Empty(false)));
    answer(&mut state, &effects, rows.clone());
    answer(&mut state, &more, rows);
    state.update(Message::Undoable(Some(Notice::good("screen-added").text("name", "Ann Lee"))));
    state
}

fn row(id: i64, name: &str, company: &str) -> Row {
    let last = (id == 1).then_some(1_789_000_000_000);
    let email = format!("p{id}@acme.example");
    Row {
        id,
        name: name.into(),
        company: company.into(),
        email,
        last,
        starred: id == 1,
        overdue: id == 3,
        ..Row::default()
    }
}

/// Answers a search with these rows and each question for details.
fn answer(state: &mut State, effects: &[Effect], rows: Vec<Row>) -> Vec<Effect> {
    let mut more = Vec::new();
    for effect in effects {
        if let Effect::Search { ticket, .. } = effect {
            let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
            let found = Found {
                total: ids.len(),
                ids: ids.into(),
                rows: rows.clone(),
                of: Some(3),
                terms: Vec::new(),
            };
            more.extend(state.update(Message::Found(*ticket, Ok(found))));
        }
    }
    for effect in effects.iter().cloned().chain(more.clone()) {
        if let Effect::Detail(ticket, id) = effect {
            state.update(Message::Detail(ticket, Some(Box::new((contact(id), vec![event()])))));
        }
    }
    more
}

fn contact(id: i64) -> Contact {
    let line = |name: &'static str, value: &str, note: &str| Line {
        label: data::Label::Field(name.into()),
        value: value.into(),
        note: note.into(),
        preferred: name == "email" && note == "work",
        reads: if matches!(name, "birthday" | "created" | "updated") {
            data::Reads::Day
        } else {
            data::Reads::Text
        },
        clash: Vec::new(),
    };
    let lines = vec![
        line("email", "ann@acme.example", "work"),
        line("email", "ann.lee@home.example", "home"),
        line("phone", "+1 212-555-0100", "mobile"),
        line("tags", "vip, newsletter", ""),
        line("note", "Met at the fair.\nLikes tea.", ""),
    ];
    let name = ["Ann Lee", "王伟", "Søren Østergaard"][usize::try_from(id - 1).unwrap()].to_owned();
    Contact {
        id,
        handle: "k7m2".into(),
        name,
        about: "VP · Acme Corp".into(),
        starred: id == 1,
        archived: false,
        lines,
    }
}

fn event() -> Event {
    Event {
        id: 21,
        kind: "call".into(),
        at: 1_789_000_000_000,
        when: "2026-09-09 20:26".into(),
        duration: Some(12),
        direction: "out".into(),
        body: "Agreed on the pilot".into(),
        people: vec!["Bob".into()],
        ..Event::default()
    }
}

pub(in crate::tui) fn keys(state: &mut State, keys: &str) -> Vec<Effect> {
    let keys = keys.split_whitespace().map(|key| Key::parse(key).unwrap_or_else(|| panic!("{key}")));
    keys.flat_map(|key| state.update(Message::Key(key))).collect()
}

pub(in crate::tui) fn typed(state: &mut State, text: &str) -> Vec<Effect> {
    text.chars()
        .flat_map(|c| {
            state.update(Message::Key(Key {
                code: crossterm::event::KeyCode::Char(c),
                mods: crossterm::event::KeyModifiers::NONE,
            }))
        })
        .collect()
}

fn writes(effects: &[Effect]) -> Vec<&Write> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Write(_, write) = effect { Some(write) } else { None })
        .collect()
}

#[test]
fn typing_searches_each_key_and_stale_answers_are_dropped() {
    let mut state = people();
    keys(&mut state, "down down /");
    let effects = typed(&mut state, "wa");
    let asked: Vec<_> = effects
        .iter()
        .filter_map(|effect| {
            if let Effect::Search { ticket, text, .. } = effect {
                Some((*ticket, text.as_str()))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(asked.iter().map(|(_, text)| *text).collect::<Vec<_>>(), ["w", "wa"]);
    let found = |ids: &[i64]| Ok(Found { ids: ids.to_vec().into(), total: ids.len(), ..Found::default() });
    state.update(Message::Found(asked[0].0, found(&[1, 2, 3])));
    assert!(state.awaits(), "the answer to the first key is stale");
    state.update(Message::Found(asked[1].0, found(&[2, 3])));
    assert_eq!(state.list.current(), Some(2), "the best answer gets the cursor");
    keys(&mut state, "down enter");
    assert!(!state.search.active);
    keys(&mut state, "esc");
    assert_eq!((state.search.text(), state.list.current()), ("", Some(3)));
}

#[test]
fn leaving_clears_the_search_first() {
    for keys_pressed in ["ctrl-c", "enter ctrl-c", "enter q", "enter tab q q"] {
        let mut state = people();
        keys(&mut state, "/");
        typed(&mut state, "ann");
        let effects = keys(&mut state, keys_pressed);
        assert!(!effects.contains(&Effect::Quit), "{keys_pressed}");
        assert_eq!((state.search.text(), state.search.active), ("", false), "{keys_pressed}");
        assert_eq!(keys(&mut state, "q"), [Effect::Quit], "{keys_pressed}");
    }
}

#[test]
fn a_mistake_leaves_the_list_as_it_was() {
    let mut state = people();
    keys(&mut state, "/");
    let effects = typed(&mut state, "x");
    let Some(Effect::Search { ticket, .. }) = effects.first() else { panic!("{effects:?}") };
    let mistake =
        Mistake { start: 0, end: 1, notice: Notice::bad("screen-failed").text("what", "no such field") };
    state.update(Message::Found(*ticket, Err(mistake.clone())));
    assert_eq!((state.list.ids.len(), state.search.mistake.as_ref()), (3, Some(&mistake)));
    // What is listed is not what was asked for, so it must not be taken for that.
    keys(&mut state, "enter *");
    assert!(state.list.marks.is_empty() && state.notice.is_some());
}

#[test]
fn all_found_are_those_of_what_is_typed_though_the_list_does_not_show_them_yet() {
    let mut state = people();
    keys(&mut state, "/");
    let effects = typed(&mut state, "w");
    let more = keys(&mut state, "enter *");
    assert!(state.list.marks.is_empty());
    let asked = effects.iter().chain(&more).rev().find_map(|effect| match effect {
        Effect::Search { ticket, .. } => Some(*ticket),
        _ => None,
    });
    let ticket = asked.unwrap();
    let mut late =
        state.update(Message::Found(ticket, Ok(Found { ids: vec![2].into(), total: 1, ..Found::default() })));
    late.retain(|effect| matches!(effect, Effect::Search { .. }));
    answer(&mut state, &late, vec![row(2, "王伟", "")]);
    assert_eq!(state.list.targets(), [2]);
    assert_eq!(state.list.marks.len(), 1);
}

#[test]
fn actions_work_on_the_marked() {
    let mut state = people();
    assert_eq!(
        writes(&keys(&mut state, "d")),
        [&Write::Delete(vec![1])],
        "one is undone easily, so nothing is asked"
    );
    keys(&mut state, "space space");
    assert_eq!(writes(&keys(&mut state, "d")), Vec::<&Write>::new());
    assert_eq!(writes(&keys(&mut state, "y")), [&Write::Delete(vec![1, 2])]);
    assert!(state.list.marks.is_empty());
    keys(&mut state, "* t");
    let effects = typed(&mut state, "vip, -cold");
    assert!(
        effects.iter().any(
            |effect| matches!(effect, Effect::Complete(_, data::Completing::Tag, word) if word == "vip")
        )
    );
    let effects = keys(&mut state, "enter");
    let expected = Write::Tag { ids: vec![1, 2, 3], add: vec!["vip".into()], remove: vec!["cold".into()] };
    assert_eq!(writes(&effects), [&expected]);
}

fn form(state: &mut State, key: &str, draft: ContactDraft) {
    let effects = keys(state, key);
    let Some(Effect::Draft(ticket, _)) = effects.first() else { panic!("{effects:?}") };
    state.update(Message::Draft(*ticket, Box::new(draft), Vec::new()));
}

#[test]
fn a_form_that_was_changed_asks_before_it_goes_and_survives_a_refusal() {
    let mut state = people();
    form(&mut state, "a", ContactDraft::default());
    keys(&mut state, "esc");
    assert!(state.overlays.is_empty(), "nothing was typed, nothing is asked");
    form(&mut state, "a", ContactDraft::default());
    typed(&mut state, "Bob Smith");
    keys(&mut state, "esc n");
    assert_eq!(state.overlays.len(), 1, "no means that one goes on");
    let effects = keys(&mut state, "ctrl-s");
    let Some(Effect::Write(ticket, Write::Add(draft))) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(draft.get("name"), Some("Bob Smith"));
    state.update(Message::Written(*ticket, Err(Notice::bad("screen-failed").text("what", "busy"))));
    assert_eq!(state.overlays.len(), 1, "what was typed is not lost when writing fails");
    assert!(keys(&mut state, "ctrl-c").is_empty(), "leaving asks first");
    assert_eq!(keys(&mut state, "y"), [Effect::Quit]);
}

#[test]
fn a_form_hands_on_what_it_began_with_and_brings_back_who_was_deleted_only_when_saved_again() {
    let mut state = people();
    let mut draft = ContactDraft { company: "Acme".into(), ..ContactDraft::default() };
    draft.set("name", "Ann");
    form(&mut state, "e", draft);
    typed(&mut state, " May");
    let save = |state: &mut State, expected: bool| {
        let effects = keys(state, "ctrl-s");
        let Some(Effect::Write(ticket, Write::Revise { base, edited, restore, .. })) = effects.last() else {
            panic!("{effects:?}")
        };
        assert_eq!((base.get("name"), edited.get("name")), (Some("Ann"), Some("Ann May")));
        assert_eq!((edited.company.as_str(), *restore), ("Acme", expected));
        *ticket
    };
    let ticket = save(&mut state, false);
    let in_bin = Notice::warning(super::form::IN_BIN).text("who", "Ann");
    state.update(Message::Written(ticket, Err(in_bin)));
    assert_eq!(state.overlays.len(), 1, "what was typed is there still");
    save(&mut state, true);
}

#[test]
fn what_an_earlier_screen_was_left_with_opens_again_and_is_not_lost_until_somebody_says_so() {
    let mut state = people();
    let mut base = ContactDraft { kind: "person".into(), ..ContactDraft::default() };
    base.set("name", "Ann");
    form(&mut state, "e", base.clone());
    assert_eq!(state.unsaved(), None);
    typed(&mut state, " May");
    let unsaved = state.unsaved();
    let Some(Unsaved::Contact(typed_there)) = &unsaved else { panic!("{unsaved:?}") };
    assert_eq!((typed_there.id, &typed_there.base), (Some(1), &base));

    let mut state = State::new("b".into(), (80, 24), Words::new(Language::En, Dates::Words));
    state.resume = unsaved.clone();
    let effects = state.begin();
    assert_eq!(state.unsaved(), unsaved, "it ends again before the form has its rows");
    let Some(Effect::Draft(ticket, None)) = effects.last() else { panic!("{effects:?}") };
    keys(&mut state, "f1");
    state.update(Message::Draft(*ticket, Box::default(), Vec::new()));
    keys(&mut state, "esc");
    assert_eq!(state.unsaved(), unsaved);
    keys(&mut state, "esc n");
    let effects = keys(&mut state, "ctrl-s");
    let Some(Write::Revise { id: 1, base: began, edited, .. }) = writes(&effects).last().copied() else {
        panic!("{effects:?}")
    };
    assert_eq!((began.as_ref(), edited.get("name")), (&base, Some("Ann May")));
}

#[test]
fn a_quick_log_that_an_earlier_screen_was_left_with_opens_again() {
    let mut state = people();
    keys(&mut state, "i");
    assert_eq!(state.unsaved(), None);
    typed(&mut state, "about the pilot");
    keys(&mut state, "up");
    typed(&mut state, "Pilot");
    let unsaved = state.unsaved();
    let mut state = people();
    state.resume = unsaved.clone();
    state.begin();
    assert_eq!(state.unsaved(), unsaved);
    let effects = keys(&mut state, "ctrl-s");
    let Some(Write::Log(entry)) = writes(&effects).first().copied() else { panic!("{effects:?}") };
    assert_eq!((entry.ids.as_slice(), entry.text.as_str()), (&[1][..], "about the pilot"));
    assert_eq!((entry.subject.as_str(), entry.kind.as_str()), ("Pilot", "call"));
}

#[test]
fn in_the_timeline_keys_are_about_what_was_logged() {
    let mut state = people();
    keys(&mut state, "enter enter");
    assert_eq!(writes(&keys(&mut state, "d")), [&Write::DeleteEvent(21)]);
    keys(&mut state, "e");
    assert!(writes(&keys(&mut state, "ctrl-s")).is_empty(), "nothing was changed");
    assert!(state.overlays.is_empty());
    keys(&mut state, "e");
    typed(&mut state, "!");
    keys(&mut state, "shift-tab shift-tab");
    typed(&mut state, "5 EUR");
    let effects = keys(&mut state, "ctrl-s");
    let changes = vec![("amount", "5 EUR".to_owned()), ("body", "Agreed on the pilot!".to_owned())];
    assert_eq!(writes(&effects), [&Write::EditEvent(21, changes)]);
    keys(&mut state, "esc esc");
    let mut state = people();
    state.timeline.events.clear();
    keys(&mut state, "enter enter");
    assert!(keys(&mut state, "d e").is_empty(), "the contact is not meant");
    assert!(state.overlays.is_empty() && state.notice.is_some());
}

#[test]
fn a_form_warns_of_an_odd_email_and_an_odd_date_and_takes_them() {
    let mut state = people();
    form(&mut state, "a", ContactDraft::default());
    let row = |state: &State, wanted: &super::form::What| {
        let Some(Overlay::Form(form)) = state.overlays.last() else { panic!("{:?}", state.overlays) };
        (form.fields.rows.iter().position(|row| row.what == *wanted).unwrap(), form.fields.at)
    };
    let go = |state: &mut State, wanted: super::form::What| {
        while row(state, &wanted).0 != row(state, &wanted).1 {
            keys(state, "down");
        }
    };
    let (email, date) = (super::form::What::Method("email", None), super::form::What::Date(None));
    go(&mut state, email.clone());
    typed(&mut state, "ann at home");
    go(&mut state, date.clone());
    typed(&mut state, "next spring");
    let warning = |state: &State, at: usize| {
        let Some(Overlay::Form(form)) = state.overlays.last() else { panic!("{:?}", state.overlays) };
        form.fields.rows[at].warning.as_ref().map(|warning| warning.key.clone())
    };
    let at = row(&state, &date).0;
    assert_eq!(warning(&state, at), Some("screen-odd-date".into()));
    let effects = keys(&mut state, "ctrl-s");
    let Some(Write::Add(draft)) = writes(&effects).first().copied() else { panic!("{effects:?}") };
    assert_eq!(draft.methods[0].value, "ann at home", "odd, but it is not ours to refuse");
    assert_eq!(draft.dates[0].date, "next spring");
}

#[test]
fn editing_keeps_what_the_form_does_not_show_and_the_parts_of_a_name_follow() {
    let mut state = people();
    let mut draft = ContactDraft {
        external_id: Some("x1".into()),
        tags: vec!["Lee, Ann".into()],
        ..ContactDraft::default()
    };
    for (field, value) in [("name", "王伟"), ("given", "伟"), ("family", "王")] {
        draft.set(field, value);
    }
    form(&mut state, "e", draft);
    keys(&mut state, "backspace");
    typed(&mut state, "芳");
    let effects = keys(&mut state, "ctrl-s");
    let Some(Write::Revise { id: 1, edited: saved, .. }) = writes(&effects).first().copied() else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (saved.get("name"), saved.get("given"), saved.get("family")),
        (Some("王芳"), Some("芳"), Some("王"))
    );
    assert_eq!(
        (saved.external_id.as_deref(), saved.tags.as_slice()),
        (Some("x1"), &["Lee, Ann".to_owned()][..])
    );
}

#[test]
fn what_is_pasted_onto_the_list_is_searched_not_obeyed() {
    let mut state = people();
    let effects = state.update(Message::Paste("dddq\n\u{1b}[31m".into()));
    assert!(writes(&effects).is_empty());
    assert_eq!(state.search.text(), "dddq [31m");
}

#[test]
fn no_key_panics_anywhere() {
    let all: Vec<Key> = TABLE.iter().flat_map(|entry| entry.keys).filter_map(|key| Key::parse(key)).collect();
    for first in &all {
        for second in &all {
            let mut state = people();
            for key in [first, second, second, first] {
                state.update(Message::Key(*key));
            }
        }
    }
}

#[test]
fn a_change_elsewhere_asks_again_and_keeps_the_cursor() {
    let mut state = people();
    keys(&mut state, "down");
    let effects = state.update(Message::Changed(Some(vec![2])));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Search { .. })));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Detail(_, 2))));
    answer(&mut state, &effects, vec![row(5, "Aaron", ""), row(2, "王伟", "")]);
    assert_eq!(state.list.current(), Some(2));
}

#[test]
fn the_first_start_goes_when_someone_is_there() {
    let mut state = State::new("b".into(), (80, 24), Words::new(Language::En, Dates::Words));
    state.begin();
    let effects = state.update(Message::Empty(true));
    assert_eq!(effects, [Effect::FindOffers]);
    keys(&mut state, "a");
    assert_eq!(state.overlays.len(), 2);
    state.update(Message::Empty(false));
    assert!(matches!(state.overlays.as_slice(), [Overlay::Form(_)]));
}

#[test]
fn a_letter_soon_after_esc_is_both() {
    let mut state = people();
    keys(&mut state, ": alt-i");
    assert!(matches!(state.overlays.as_slice(), [Overlay::QuickLog(_)]), "{:?}", state.overlays);
    // Where text is typed it must not throw the text away.
    keys(&mut state, "alt-y");
    assert!(matches!(state.overlays.as_slice(), [Overlay::QuickLog(_)]));
}

#[test]
fn what_is_pressed_right_after_adding_is_about_whom_was_added() {
    let mut state = people();
    let effects = keys(&mut state, "S");
    let Some(Effect::Write(ticket, _)) = effects.first() else { panic!("{effects:?}") };
    let written =
        Written { notice: Notice::good("screen-added").text("name", "Bob"), made: Some(9), back: None };
    state.update(Message::Written(*ticket, Ok(written)));
    let effects = keys(&mut state, "e");
    assert!(matches!(effects.first(), Some(Effect::Draft(_, Some(9)))), "{effects:?}");
    keys(&mut state, "esc");
    let effects = keys(&mut state, "d");
    let deletes = |effects: &[Effect], id: i64| {
        effects.iter().any(|effect| matches!(effect, Effect::Write(_, Write::Delete(ids)) if *ids == [id]))
    };
    assert!(deletes(&effects, 9), "{effects:?}");
    assert_eq!(state.list.chosen(), Some(1), "it is gone now");
    keys(&mut state, "down");
    let effects = keys(&mut state, "d");
    assert!(deletes(&effects, 2), "{effects:?}");
}

#[test]
fn who_comes_back_from_the_bin_gets_the_cursor_once_the_list_has_them() {
    let mut state = people();
    let effects = state.update(Message::Changed(Some(vec![3])));
    answer(&mut state, &effects, vec![row(1, "Ann Lee", ""), row(2, "王伟", "")]);
    let effects = keys(&mut state, "u");
    let Some(Effect::Write(ticket, Write::Undo)) = effects.first() else { panic!("{effects:?}") };
    let written = Written { notice: Notice::good("screen-undid"), made: None, back: Some(3) };
    state.update(Message::Written(*ticket, Ok(written)));
    assert_eq!(state.list.chosen(), Some(1), "nothing is done to whom nobody sees");
    let effects = state.update(Message::Changed(Some(vec![3])));
    answer(&mut state, &effects, vec![row(1, "Ann Lee", ""), row(2, "王伟", ""), row(3, "Bob", "")]);
    assert_eq!(state.list.current(), Some(3));
}

#[test]
fn what_was_typed_into_the_tags_is_not_thrown_away_by_a_key() {
    let mut state = people();
    keys(&mut state, "t esc");
    assert!(state.overlays.is_empty());
    keys(&mut state, "t");
    typed(&mut state, "vip");
    keys(&mut state, "esc");
    assert!(matches!(state.overlays.last(), Some(Overlay::Confirm(_))));
}

#[test]
fn a_change_of_many_contacts_says_how_far_it_is_and_can_be_stopped() {
    let mut state = people();
    let effects = keys(&mut state, "* d y");
    let Some(Effect::Write(ticket, _)) = effects.iter().find(|effect| matches!(effect, Effect::Write(..)))
    else {
        panic!("{effects:?}")
    };
    // Nothing is said of what is over before anybody could read it.
    assert_eq!((state.is_writing(), state.bulk), (true, None));
    state.update(Message::Bulk(512, 100_000));
    assert_eq!(state.bulk, Some((512, 100_000)));
    assert_eq!(keys(&mut state, "esc"), [Effect::CancelWrite]);
    state.update(Message::Written(*ticket, Err(Notice::bad("error-cancelled"))));
    assert_eq!((state.is_writing(), state.bulk), (false, None));
    // What comes late says nothing about the next one.
    state.update(Message::Bulk(768, 100_000));
    assert_eq!(state.bulk, None);
}
