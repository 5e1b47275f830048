//! Whole screens as text, at the sizes that people have.

use super::*;
use crate::clock::Clock;
use crate::tui::message::Message;
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

fn at(width: u16, height: u16) -> State {
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
        for pressed in ["", ":", "?", "i", "t", "a", "e", "I", "/", "tab", "tab tab", "space space d"] {
            let mut state = at(width, height);
            keys(&mut state, pressed);
            assert!(!screen(&state, false).is_empty());
        }
    }
}
