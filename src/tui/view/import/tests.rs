//! Each step of the wizard as text, at the sizes that people have.

use crate::model::progress::Progress;
use crate::tui::message::Effect;
use crate::tui::message::Message;
use crate::tui::state::State;
use crate::tui::state::data::Notice;
use crate::tui::state::import::data::Past;
use crate::tui::state::import::tests::{answer, opened};
use crate::tui::state::tests::{keys, people, typed};
use crate::tui::view::tests::screen;

/// The steps in their order, each with how one comes to it.
fn steps() -> Vec<(&'static str, State)> {
    let mut all = Vec::new();
    let mut state = people();
    keys(&mut state, "I");
    all.push(("file", state));
    let mut state = people();
    keys(&mut state, "I");
    let effects = keys(&mut state, "f2");
    let Some(Effect::PastImports(ticket)) = effects.last() else { panic!("{effects:?}") };
    let past = |batch, undone| Past {
        batch,
        at: 1_789_000_000_000,
        what: Notice::good("screen-failed").text("what", "Imported people.csv"),
        undone,
    };
    state.update(Message::Past(*ticket, vec![past(9, true), past(4, false)]));
    all.push(("past", state));
    all.push(("about", opened()));
    let mut state = opened();
    keys(&mut state, "enter =");
    typed(&mut state, "stage=customer");
    let effects = keys(&mut state, "enter");
    answer(&mut state, &effects);
    keys(&mut state, "down space");
    all.push(("columns", state));
    let mut state = opened();
    keys(&mut state, "enter enter");
    typed(&mut state, "e");
    all.push(("target", state));
    let mut state = opened();
    keys(&mut state, "enter tab down space");
    all.push(("options", state));
    let mut state = opened();
    let effects = keys(&mut state, "r");
    let Some(Effect::Import { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
    let progress = Progress { read: 42_000, bytes: 3 << 20, total: Some(10 << 20), seconds: 1.5 };
    state.update(Message::Progress(*ticket, progress));
    all.push(("reading", state));
    let mut state = opened();
    let effects = keys(&mut state, "r");
    answer(&mut state, &effects);
    all.push(("rehearsal", state));
    let mut state = opened();
    for pressed in ["r", "enter"] {
        let effects = keys(&mut state, pressed);
        answer(&mut state, &effects);
    }
    all.push(("report", state));
    all
}

#[test]
fn every_step_at_the_usual_sizes() {
    for (name, mut state) in steps() {
        for (width, height) in [(80, 24), (140, 40)] {
            state.update(Message::Resize(width, height));
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), screen(&state, false));
        }
    }
}

#[test]
fn chinese_and_the_smallest_screen() {
    for (name, mut state) in steps() {
        state.words.switch();
        state.update(Message::Resize(80, 24));
        let text = screen(&state, true);
        assert!(!text.contains("import-"), "a message is missing: {text}");
        if name == "columns" {
            insta::assert_snapshot!("columns_chinese_80x24", text);
        }
        for size in [(40, 12), (300, 100), (41, 13)] {
            state.update(Message::Resize(size.0, size.1));
            let text = screen(&state, false);
            if size == (40, 12) && matches!(name, "columns" | "options" | "rehearsal") {
                insta::assert_snapshot!(format!("{name}_chinese_40x12"), text);
            }
        }
    }
}
