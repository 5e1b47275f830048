//! Whole screens as text, at the sizes that people have.

use super::*;
use crate::clock::Clock;
use crate::tui::message::{Effect, Message};
use crate::tui::state::data::{Label, Line, Notice, Reads};
use crate::tui::state::tests::{keys, people, typed};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn look(ascii: bool) -> Look {
    let now = chrono::DateTime::parse_from_rfc3339("2026-11-22T10:00:00Z").unwrap();
    Look { theme: Theme::new(true, ascii), clock: Clock::fixed(now) }
}

pub(super) fn screen(state: &State, ascii: bool) -> String {
    let mut terminal = Terminal::new(TestBackend::new(state.size.0, state.size.1)).unwrap();
    terminal.draw(|frame| draw(frame, state, look(ascii))).unwrap();
    terminal.backend().to_string()
}

pub(super) fn at(width: u16, height: u16) -> State {
    let mut state = people();
    state.update(Message::Resize(width, height));
    state
}

#[test]
fn people_at_the_usual_sizes() {
    for (width, height) in [(80, 24), (140, 40), (40, 12)] {
        insta::assert_snapshot!(format!("people_{width}x{height}"), screen(&at(width, height), false));
    }
    insta::assert_snapshot!("people_ascii", screen(&at(80, 24), true));
}

#[test]
fn overlays_at_the_smallest_size() {
    for (name, pressed) in
        [("palette", ":"), ("help", "?"), ("log", "i"), ("tag", "t"), ("confirm", "space space d")]
    {
        let mut state = at(40, 12);
        keys(&mut state, pressed);
        insta::assert_snapshot!(format!("{name}_40x12"), screen(&state, false));
    }
}

#[test]
fn chinese() {
    let mut state = at(80, 24);
    keys(&mut state, "L :");
    typed(&mut state, "标签");
    insta::assert_snapshot!("chinese_palette_80x24", screen(&state, false));
}

#[test]
fn every_size_and_overlay_draws() {
    for (width, height) in [(1, 1), (39, 11), (40, 12), (99, 19), (100, 13), (300, 100)] {
        for pressed in
            ["", ":", "?", "i", "t", "a", "e", "I", "P", "c", "/", "tab", "tab tab", "space space d"]
        {
            let mut state = at(width, height);
            keys(&mut state, pressed);
            assert!(!screen(&state, false).is_empty());
        }
    }
}

#[test]
fn a_box_leaves_no_half_of_a_wide_character() {
    let mut terminal = Terminal::new(TestBackend::new(10, 1)).unwrap();
    terminal
        .draw(|frame| {
            frame.buffer_mut().set_string(0, 0, "王伟王伟", Style::new());
            clear(frame, Rect::new(3, 0, 3, 1));
            assert_eq!(frame.buffer_mut()[(2, 0)].symbol(), " ");
            assert_eq!(frame.buffer_mut()[(0, 0)].symbol(), "王");
        })
        .unwrap();
}

#[test]
fn hints_keep_half_of_the_line_from_what_could_be_undone() {
    let mut state = at(40, 12);
    let long = "Imported a file with a very long name indeed.csv";
    state.update(Message::Undoable(Some(Notice::good("screen-failed").text("what", long))));
    let text = screen(&state, false);
    let last = text.lines().last().unwrap_or_default();
    assert!(last.contains("/ search  a add") && last.contains("u undoes: Impo"), "{last}");
}

#[test]
fn a_change_that_takes_long_is_seen_to_be_under_way() {
    let mut state = at(80, 24);
    let effects = keys(&mut state, "S");
    let Some(Effect::Write(ticket, _)) = effects.first() else { panic!("{effects:?}") };
    let text = screen(&state, false);
    assert!(text.lines().last().is_some_and(|line| line.contains("Saving…")), "{text}");
    state.update(Message::Written(*ticket, Err(Notice::bad("screen-failed").text("what", "no room"))));
    let text = screen(&state, false);
    assert!(!text.contains("Saving…") && text.contains("no room"), "{text}");
}

#[test]
fn a_long_name_is_readable_somewhere_and_has_the_room_that_nobody_needs() {
    let mut state = at(140, 40);
    let long = "Wolfeschlegelsteinhausenbergerdorff 很长很长很长很长很长很长的名字 the Third of That Name";
    state.list.keep(vec![crate::tui::state::data::Row { id: 1, name: long.into(), ..Default::default() }]);
    if let Some(shown) = &mut state.detail.shown {
        shown.name = long.into();
        shown.about = "Vice President of Everything and of Some More · A Company With a Long Name Ltd".into();
    }
    let text = screen(&state, false);
    for part in ["的名字 the Third", "of That Name", "A Company With", "Name Ltd"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let row = text.lines().nth(3).unwrap_or_default();
    assert!(row.contains("Wolfeschlegelsteinhausenbergerdorff"), "{row}");
}

#[test]
fn help_begins_with_the_keys_of_where_it_was_asked_for() {
    for (pressed, first) in [("?", "People"), ("a f1", "Forms"), ("i f1", "Forms"), ("/ f1", "Search")] {
        let mut state = at(80, 24);
        keys(&mut state, pressed);
        let text = screen(&state, false);
        let line = text.lines().nth(1).unwrap_or_default();
        assert!(line.contains(first), "{pressed}: {line}");
    }
}

/// The form for a new contact, with its rows.
fn new_contact(state: &mut State) {
    let effects = keys(state, "a");
    let Some(Effect::Draft(ticket, None)) = effects.last() else { panic!("{effects:?}") };
    state.update(Message::Draft(*ticket, Box::default(), Vec::new()));
}

/// Answers the last question for completions.
fn complete(state: &mut State, effects: &[Effect], items: &[&str]) {
    let asked = effects.iter().rev().find_map(|effect| match effect {
        Effect::Complete(ticket, ..) => Some(*ticket),
        _ => None,
    });
    let items = items.iter().map(|item| (*item).to_owned()).collect();
    state.update(Message::Completions(asked.unwrap(), items));
}

#[test]
fn what_completes_a_field_hides_what_it_covers_and_stays_within_the_box() {
    let many: Vec<String> = (0..12).map(|n| format!("a rather long suggestion, number {n:02}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (width, height) in [(40, 12), (80, 24), (140, 40)] {
        for pressed in ["t", "I", "form"] {
            let mut state = at(width, height);
            let effects = if pressed == "form" {
                new_contact(&mut state);
                keys(&mut state, "down");
                typed(&mut state, "a")
            } else {
                keys(&mut state, pressed)
            };
            let before = screen(&state, false);
            complete(&mut state, &effects, &many);
            let after = screen(&state, false);
            let count = after.lines().filter(|line| line.contains("a rather long")).count();
            assert!(count >= 3, "{after}");
            for (before, after) in
                before.lines().zip(after.lines()).filter(|(_, after)| after.contains("a rather"))
            {
                let edges = |line: &str| {
                    let at = |c: char| c == '┃';
                    (line.find(at), line.chars().filter(|c| at(*c)).count())
                };
                assert_eq!(edges(before), edges(after), "{after}");
                assert!(!after.contains("title") && !after.contains("commas"), "{after}");
            }
        }
    }
}

#[test]
fn a_label_that_has_the_keys_is_seen() {
    let mut state = at(80, 24);
    new_contact(&mut state);
    keys(&mut state, "down down down");
    typed(&mut state, "ann@x.example");
    assert!(
        screen(&state, false).lines().any(|line| line.contains("ann@x.example") && line.contains("(label)"))
    );
    keys(&mut state, "tab");
    assert!(screen(&state, false).contains("(label)"));
    typed(&mut state, "w");
    assert!(!screen(&state, false).contains("(label)"));
}

#[test]
fn the_count_is_of_what_is_listed() {
    let mut state = at(80, 24);
    // Archived contacts are listed when asked for, but are none of those that the book is said to have.
    for (total, of, expected) in [(2, 0, "People · 2 "), (2, 3, "People · 2 of 3 "), (3, 3, "People · 3 ")]
    {
        (state.list.total, state.list.of) = (total, Some(of));
        let text = screen(&state, false);
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn all_of_the_entry_under_the_cursor_can_be_read() {
    let mut state = at(100, 24);
    let names = ["Maximilian Oberhuber", "Ann Lee", "王伟", "Søren Østergaard", "Bob Smith"];
    state.timeline.events[0].people = names.map(str::to_owned).to_vec();
    assert!(!screen(&state, false).contains("Smith"), "only what is selected is shown whole");
    keys(&mut state, "enter enter");
    let text = screen(&state, false);
    let clock = look(false).clock.local(state.timeline.events[0].at).format("%H:%M").to_string();
    for part in [clock.as_str(), "@Maximilian", "Østergaard", "@Bob", "Smith"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn nothing_is_hinted_at_that_does_nothing() {
    for (pressed, absent) in [("B", "choose"), ("c", "take it"), ("?", "choose")] {
        let mut state = at(80, 24);
        let effects = keys(&mut state, pressed);
        match effects.last() {
            Some(Effect::Bin(ticket)) => drop(state.update(Message::Bin(*ticket, Vec::new()))),
            Some(Effect::Conflicts(ticket)) => drop(state.update(Message::Conflicts(*ticket, Vec::new()))),
            _ => {}
        }
        let text = screen(&state, false);
        let hints = text.lines().last().unwrap_or_default();
        assert!(hints.contains("Esc") && !hints.contains(absent), "{pressed}: {hints}");
    }
}

#[test]
fn a_form_shows_that_it_goes_on_below() {
    let mut state = at(40, 12);
    new_contact(&mut state);
    keys(&mut state, "ctrl-o");
    let text = screen(&state, false);
    assert!(text.lines().nth(9).is_some_and(|line| line.contains("…┃")), "{text}");
}

#[test]
fn what_somebody_agreed_to_is_in_the_contact() {
    let mut state = at(240, 40);
    let contact = state.detail.shown.as_mut().unwrap();
    contact.lines.push(Line {
        label: Label::Field("consent".into()),
        value: "withdrawn".into(),
        note: String::new(),
        preferred: false,
        reads: Reads::Consent {
            at: "2026-09-14T10:00:00Z".into(),
            expires: String::new(),
            about: vec!["newsletter".into(), "email".into()],
        },
        clash: Vec::new(),
    });
    let shown = screen(&state, false);
    assert!(shown.contains("withdrawn, 14 Sep 2026 · newsletter · email"), "{shown}");
    keys(&mut state, "L");
    let shown = screen(&state, false).replace(' ', "");
    assert!(shown.contains("2026年9月14日·newsletter·email"), "{shown}");
}
